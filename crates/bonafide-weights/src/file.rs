//! One file of weights, as the readers of formats give it.

use bonafide_core::ReadAt;
use bonafide_format::Tensor;

/// A file of weights: its bytes, and where the tensors are in them.
#[derive(Debug)]
pub struct WeightFile<'a> {
    /// Name of the file, as printed.
    pub name: String,
    /// Its bytes.
    pub source: &'a dyn ReadAt,
    /// Its tensors.
    pub tensors: &'a [Tensor],
}
