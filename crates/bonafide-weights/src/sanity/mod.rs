//! Whether the numbers of each tensor are sound.
//!
//! The numbers are looked at as they are stored: which bits are no finite number, which are
//! zero, and whether all are the same needs no arithmetic. What is usual in models and so is
//! not reported is in `usual`; everything that is reported is a fact about the bytes.
//!
//! Of blocks of ggml only the scales are looked at: a block whose scale is not finite counts
//! with all of its numbers, and one whose scales are zero is zero. Rows are those of the first
//! dimension, where they lie together (not in Fortran's order), from sixteen numbers on.

mod collector;
mod duplicate;
mod element;
mod judge;
mod kernel;
mod layout;
mod partial;
mod scan;
mod usual;

use serde::{Deserialize, Serialize};

pub use collector::{Collector, Stream};
pub use scan::scan;

/// What the numbers of a model show without any other model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Sanity {
    /// Tensors whose numbers were looked at.
    pub tensors: u64,
    /// Numbers in them.
    pub numbers: u128,
    /// What is wrong, ordered by file and tensor.
    pub anomalies: Vec<TensorAnomaly>,
    /// Anomalies beyond those that are listed.
    pub omitted: u64,
    /// Tensors and files whose numbers were not looked at: name, why.
    pub unread: Vec<(String, String)>,
}

/// Something wrong with a tensor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct TensorAnomaly {
    /// The file.
    pub file: String,
    /// The tensor, as printed.
    pub tensor: String,
    /// What is wrong.
    pub anomaly: Anomaly,
}

/// What may be wrong with a tensor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Anomaly {
    /// Numbers that are not a number.
    NotANumber {
        /// How many.
        count: u64,
    },
    /// Numbers that are infinite.
    Infinite {
        /// How many.
        count: u64,
    },
    /// Every number is zero.
    AllZero,
    /// Every number is the same, and not zero, where that is not usual (a matrix).
    Constant {
        /// The number.
        value: f64,
    },
    /// Rows of a matrix that are zero throughout.
    DeadRows {
        /// How many.
        count: u64,
        /// Of so many.
        of: u64,
    },
    /// The same bytes as another tensor of the model, with which it does not share storage.
    Duplicate {
        /// The other one.
        of: String,
    },
    /// Its shape or type is not what the configuration says.
    Misfit {
        /// What is wrong.
        message: String,
    },
}

#[cfg(test)]
mod tests;
