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

/// Every format. Those without a signature are asked in this order.
pub const FORMATS: &[&Format] = &[
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
    &crate::coreml::COREML,
    &crate::caffe::CAFFE,
    &crate::paddle::PROGRAM,
    &crate::paddle::PARAMETERS,
    &crate::onnx::ONNX,
    &crate::tensorflow::SAVED_MODEL,
    &crate::tensorflow::META_GRAPH,
    &crate::tensorflow::GRAPH,
    &crate::tensorflow::KERAS_METADATA,
    &crate::tensorflow::CHECKPOINT_INDEX,
    &crate::document::JSON,
];
