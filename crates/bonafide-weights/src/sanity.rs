//! Whether the numbers of each tensor are sound.

use serde::{Deserialize, Serialize};

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
