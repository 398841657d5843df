//! Operators that do more than compute.

use std::ops::Range;

use bonafide_core::excerpt;

use crate::rule::Rule;
use crate::tensorflow::{names, rules};
use crate::visit::Visit;

const PYTHON: &[&str] = &["PyFunc", "PyFuncStateless", "EagerPyFunc"];

const FILE: &[&str] = &[
    "ReadFile",
    "WriteFile",
    "MatchingFiles",
    "WholeFileReader",
    "WholeFileReaderV2",
    "MatchingFilesDataset",
    "DeleteFile",
    "CopyFile",
    "FileSystemSetConfiguration",
    "CreateSummaryFileWriter",
    "CreateSummaryDbWriter",
    "SaveDataset",
    "SaveDatasetV2",
    "DatasetToTFRecord",
    "ExperimentalDatasetToTFRecord",
    "SnapshotDataset",
    "SnapshotDatasetV2",
    "SqlDataset",
    "ExperimentalSqlDataset",
    "WriteRawProtoSummary",
    // The memory region that it takes its value from is a file.
    "ImmutableConst",
];

const READER: &[&str] = &[
    "TextLineReader",
    "TextLineReaderV2",
    "TFRecordReader",
    "TFRecordReaderV2",
    "FixedLengthRecordReader",
    "FixedLengthRecordReaderV2",
    "LMDBReader",
    "LMDBDataset",
    "ExperimentalLMDBDataset",
    "TextLineDataset",
    "TFRecordDataset",
    "TFRecordDatasetV2",
    "FixedLengthRecordDataset",
    "FixedLengthRecordDatasetV2",
    "CSVDataset",
    "CSVDatasetV2",
    "ExperimentalCSVDataset",
    "LoadDataset",
    "CacheDataset",
    "CacheDatasetV2",
    "InitializeTableFromDataset",
];

const NETWORK: &[&str] = &[
    "RemoteCall",
    "Rpc",
    "TryRpc",
    "RpcCall",
    "RpcClient",
    "RpcServer",
    "RpcServerStart",
    "RpcServerRegister",
    "DataServiceDataset",
    "DataServiceDatasetV2",
    "DataServiceDatasetV3",
    "DataServiceDatasetV4",
    "RegisterDataset",
    "RegisterDatasetV2",
    "BigQueryReader",
    "GenerateBigQueryReaderPartitions",
    "GcsConfigureCredentials",
    "GcsConfigureBlockCache",
];

const NATIVE: &[&str] = &[
    "TRTEngineOp",
    "XlaCustomCall",
    "XlaCustomCallV2",
    "RemoteFusedGraphExecute",
    "NeuronOp",
];

/// What the saver is made of.
const CHECKPOINT: &[&str] = &[
    "Save",
    "SaveSlices",
    "SaveV2",
    "Restore",
    "RestoreSlice",
    "RestoreV2",
    "MergeV2Checkpoints",
    "LoadAndRemapMatrix",
];

const CONTROL_FLOW: &[&str] = &[
    "If", "While", "Case", "For", "Switch", "Merge", "Enter", "LoopCond",
];

/// Operators whose targets are written as URLs among their attributes or inputs.
const WATCHERS: &[&str] = &[
    "DebugIdentity",
    "DebugIdentityV2",
    "DebugIdentityV3",
    "DebugNanCount",
    "DebugNumericSummary",
    "DebugNumericSummaryV2",
];

/// A node, as far as rules look at it.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) operator: String,
    pub(crate) inputs: Vec<String>,
    /// Texts of its attributes and of its constant.
    pub(crate) texts: Vec<String>,
}

/// Where a node is: part of the saver, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Graph,
    /// A function that only saves or restores.
    Saver,
    Function,
}

/// True for functions that the saver of TensorFlow 2 is made of.
pub(crate) fn is_saver_function(name: &str) -> bool {
    let name = name.strip_prefix("__inference_").unwrap_or(name);
    let name = name.trim_start_matches('_');
    name.starts_with("traced_save") || name.starts_with("traced_restore")
}

fn is_saver_name(name: &str) -> bool {
    name.split('/').any(|part| {
        part.strip_prefix("save").is_some_and(|rest| {
            rest.is_empty()
                || rest
                    .strip_prefix('_')
                    .is_some_and(|number| number.bytes().all(|digit| digit.is_ascii_digit()))
        }) || part == "checkpoint_initializer"
            || part.strip_prefix("checkpoint_initializer_").is_some()
    })
}

/// Judges one node.
pub(crate) fn judge(visit: &mut Visit<'_>, node: &Node, scope: Scope, at: &Range<u64>) {
    let operator = node.operator.as_str();
    visit.facts().add_operator(operator);
    let mut report = |rule: &'static Rule, what: &str| {
        let text = format!(
            "`{}` {what} (node `{}`)",
            excerpt(operator, 80),
            excerpt(&node.name, 80)
        );
        visit.report_about(rule, Some(at.clone()), operator, text);
    };
    if PYTHON.contains(&operator) {
        report(&rules::PYTHON, "calls a Python function");
    } else if FILE.contains(&operator) {
        report(&rules::FILE, "reads, writes or lists files");
    } else if READER.contains(&operator) {
        // Without a file to keep it in, a cache is in memory.
        report(&rules::READER, "reads records from files");
    } else if NETWORK.contains(&operator) {
        report(&rules::NETWORK, "talks to other machines");
    } else if NATIVE.contains(&operator) {
        report(&rules::NATIVE, "is a compiled program");
    } else if CHECKPOINT.contains(&operator) {
        if scope != Scope::Saver && !is_saver_name(&node.name) {
            report(&rules::CHECKPOINT, "is not in the part of the saver");
        }
    } else if operator == "PrintV2" || WATCHERS.contains(&operator) {
        let target = node.texts.iter().find(|text| is_target(text));
        if let Some(target) = target {
            let rule = if target.starts_with("grpc") {
                &rules::NETWORK
            } else {
                &rules::FILE
            };
            report(rule, "writes what it sees to a place that the graph names");
        }
    } else if operator == "ImmutableConst" {
        // A frozen graph whose constants are mapped has them in a package of its own.
        let is_package = |text: &String| text.starts_with("memmapped_package://");
        let rule = if node.texts.iter().any(is_package) {
            &rules::READER
        } else {
            &rules::FILE
        };
        report(rule, "maps a file into memory");
    }
}

/// True for what TensorFlow has without another library.
pub(crate) fn is_known(operator: &str) -> bool {
    let lists = [PYTHON, FILE, READER, NETWORK, NATIVE, CHECKPOINT, WATCHERS];
    names::contains(operator) || lists.iter().any(|list| list.contains(&operator))
}

/// Reports an operator that is not known.
pub(crate) fn report_unknown(visit: &mut Visit<'_>, operator: &str, at: Option<Range<u64>>) {
    let shown = excerpt(operator, 80);
    let text = format!("`{shown}` is of a library that is not TensorFlow's");
    visit.report_about(&rules::CUSTOM, at, operator, text);
}

fn is_target(text: &str) -> bool {
    text.starts_with("file://") || text.starts_with("grpc://") || text.starts_with("http")
}

/// True for branches and loops.
pub(crate) fn is_control_flow(operator: &str) -> bool {
    let plain = operator.strip_prefix("Stateless").unwrap_or(operator);
    CONTROL_FLOW.contains(&plain)
}

/// A text that names a file outside of the model, where the saver has a name that it is given.
pub(crate) fn is_foreign_path(text: &str) -> bool {
    crate::path::leads_outside(text).is_some() && text.len() > 1
}

/// True for operators that write or read the file of their first input.
pub(crate) fn takes_path(operator: &str) -> bool {
    CHECKPOINT.contains(&operator)
}
