//! What has to fit between the files of an artifact: an index and its shards, a tokenizer
//! and the embedding, a configuration and the programs that it names.

pub(crate) mod configuration;
pub(crate) mod shards;
pub(crate) mod splits;

use std::collections::HashMap;

use bonafide_core::{RawName, excerpt};

use crate::defect::Defect;
use crate::document::CodeLink;
use crate::inspection::FileInspection;
use crate::python::{PythonAct, SiblingCall};
use crate::rule::Rule;

/// What one file says that others have to fit. Each reader has its own field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Links {
    /// A file of a split GGUF model.
    pub(crate) split: Option<crate::tensor::Split>,
    /// The index of a model in several files.
    pub(crate) index: Option<shards::Index>,
    /// What a configuration says of the size of the model.
    pub(crate) sizes: Option<configuration::Sizes>,
    /// Files that tensors of an ONNX model are in.
    pub(crate) external: Vec<crate::onnx::ExternalFile>,
    /// Programs that a configuration names.
    pub(crate) code: Vec<CodeLink>,
    /// Programs that a Python module starts when it is used.
    pub(crate) python_acts: Vec<PythonAct>,
    /// Functions of modules beside it that importing a Python module calls.
    pub(crate) sibling_calls: Vec<SiblingCall>,
    /// A file of a tokenizer.
    pub(crate) tokenizer: Option<crate::tokenizer::Tokenizer>,
}

impl Links {
    /// Most entries that are kept of a list.
    const MOST: usize = 1000;

    /// Adds a program that a configuration names.
    pub(crate) fn add_code(&mut self, link: CodeLink) {
        if self.code.len() < Self::MOST {
            self.code.push(link);
        }
    }

    /// Adds a function of another module that importing a Python module calls.
    pub(crate) fn add_sibling_call(&mut self, call: SiblingCall) {
        if self.sibling_calls.len() < Self::MOST {
            self.sibling_calls.push(call);
        }
    }

    /// Adds something that a Python module does when it is used.
    pub(crate) fn add_python_act(&mut self, act: PythonAct) {
        if self.python_acts.len() < Self::MOST {
            self.python_acts.push(act);
        }
    }
}

/// A defect that shows only when several files are seen together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The file that it is reported at.
    pub file: RawName,
    /// What it is.
    pub defect: Defect,
}

/// Looks at all files of an artifact together.
type Relate = fn(&[FileInspection]) -> Vec<Misfit>;

/// Every relation. A new one is one module and one line.
const RELATIONS: &[Relate] = &[
    shards::relate,
    splits::relate,
    configuration::relate,
    crate::onnx::relation::absent,
    crate::document::relate_configuration,
    crate::tokenizer::relate,
    crate::python::relate,
];

/// Adds to each file what does not fit the others.
pub fn relate(files: &mut [FileInspection]) {
    let misfits: Vec<Misfit> = RELATIONS.iter().flat_map(|relate| relate(files)).collect();
    if !misfits.is_empty() {
        let mut by_name: HashMap<RawName, &mut FileInspection> = files
            .iter_mut()
            .map(|file| (file.name.clone(), file))
            .collect();
        for misfit in misfits {
            if let Some(file) = by_name.get_mut(&misfit.file) {
                file.defects.push(misfit.defect);
            }
        }
        files.iter_mut().for_each(FileInspection::sort);
    }
    crate::onnx::relation::explain(files);
}

/// A defect of the file of this name.
fn misfit(name: &RawName, rule: &'static Rule, about: Option<&str>, message: String) -> Misfit {
    Misfit {
        file: name.clone(),
        defect: Defect {
            rule,
            body: String::new(),
            range: None,
            about: about.map(|about| excerpt(about, 300)),
            message,
        },
    }
}

/// The folder of a file, with its slash: empty at the root.
fn folder(name: &RawName) -> &[u8] {
    let bytes = name.as_bytes();
    let end = bytes.iter().rposition(|byte| *byte == b'/');
    end.and_then(|end| bytes.get(..=end)).unwrap_or_default()
}
