//! Files of tensors: their layout, what is said beside the numbers, and what is hidden in them.

pub(crate) mod content;
mod ggml;
mod gguf;
mod npy;
mod safetensors;

pub(crate) use content::Examiner;
pub(crate) use ggml::GGML;
pub(crate) use gguf::{GGUF, Split};
pub(crate) use npy::NPY;
pub(crate) use safetensors::{SAFETENSORS, bits};

/// The rules of all these formats.
pub(crate) mod rules {
    pub(crate) use super::content::RULES as CONTENT;
    pub(crate) use super::gguf::RULES as GGUF;
    pub(crate) use super::npy::RULES as NPY;
    pub(crate) use super::safetensors::RULES as SAFETENSORS;
}
