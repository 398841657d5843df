//! The one table of formats. A new one is one module and one line below.

use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

/// A format, declared once.
#[derive(Debug)]
pub struct Format {
    /// The one name: `pickle`, `pytorch-zip`.
    pub name: &'static str,
    /// For people: `Python pickle`.
    pub title: &'static str,
    /// Extensions, in lower case, that say this format and hardly another one. Empty for
    /// those that have none of their own (`bin`, `data` and `model` are anybody's).
    pub extensions: &'static [&'static str],
    /// What an ordinary loader does with it.
    pub effect: Effect,
    /// How far it is read here.
    pub depth: Depth,
    /// Tells whether bytes are of it.
    pub(crate) probe: fn(&Probe<'_>) -> Likeness,
    /// Reads it.
    pub(crate) inspect: fn(&mut Visit<'_>) -> Result<(), Stop>,
}

/// What an ordinary loader does with a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Reads numbers and text.
    Data,
    /// Builds a graph of known operators.
    Graph,
    /// Unpacks other files.
    Container,
    /// Runs what it says.
    Code,
}

impl Effect {
    /// True for what can run, or hold something that can.
    #[must_use]
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Container | Self::Code)
    }
}

/// How far a format is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Depth {
    /// Every byte is accounted for.
    Whole,
    /// Structure, and what a loader executes; some parts are taken as they are.
    Structure,
    /// Told apart, and nothing more.
    Identified,
}

/// How sure a probe is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    /// Not this format.
    No,
    /// No signature, but the grammar fits. The first such format of the table is taken.
    Possible,
    /// The signature is there.
    Certain,
}

/// Every format. Those without a signature are asked in this order; the last takes whatever
/// nothing else does.
pub const FORMATS: &[&Format] = &[
    &crate::executable::LLAMAFILE,
    &crate::executable::EXECUTABLE,
    &crate::executable::SCRIPT,
    &crate::executable::COMPILED_PYTHON,
    &crate::executable::MARSHAL,
    &crate::tensor::SAFETENSORS,
    &crate::tensor::GGUF,
    &crate::tensor::GGML,
    &crate::tensor::NPY,
    &crate::tflite::TFLITE,
    &crate::executorch::EXECUTORCH,
    &crate::identified::TENSORRT,
    &crate::identified::RKNN,
    &crate::identified::MXNET,
    &crate::identified::CNTK,
    &crate::identified::TORCH7,
    &crate::identified::ORT,
    &crate::identified::FASTTEXT,
    &crate::coreml::COREML,
    &crate::coreml::WEIGHTS,
    &crate::caffe::CAFFE,
    &crate::paddle::PROGRAM,
    &crate::paddle::PARAMETERS,
    &crate::onnx::ONNX,
    &crate::container::ZIP,
    &crate::container::TAR,
    &crate::container::SEVEN_ZIP,
    &crate::container::RAR,
    &crate::container::GZIP,
    &crate::container::BZIP2,
    &crate::container::XZ,
    &crate::container::LZ4,
    &crate::container::ZSTANDARD,
    &crate::container::SNAPPY,
    &crate::container::ZLIB,
    &crate::container::JOBLIB,
    &crate::container::LZMA,
    &crate::pickle::PICKLE,
    &crate::hdf5::HDF5,
    &crate::rds::RDS,
    &crate::boosting::BINARY,
    &crate::boosting::LIGHTGBM,
    &crate::boosting::CATBOOST,
    &crate::boosting::UBJSON,
    &crate::document::LFS_POINTER,
    &crate::document::MEDIA,
    &crate::tokenizer::TIKTOKEN,
    &crate::tokenizer::SENTENCEPIECE,
    &crate::tensorflow::SAVED_MODEL,
    &crate::tensorflow::META_GRAPH,
    &crate::tensorflow::GRAPH,
    &crate::tensorflow::KERAS_METADATA,
    &crate::tensorflow::CHECKPOINT_INDEX,
    &crate::onnx::TENSOR,
    &crate::tokenizer::MERGES,
    &crate::xml::XML,
    &crate::msgpack::MSGPACK,
    &crate::dependency::REQUIREMENTS,
    &crate::dependency::MANIFEST,
    &crate::python::PYTHON,
    &crate::document::YAML,
    &crate::document::JSON,
    &crate::template::JINJA,
    &crate::document::TEXT,
];
