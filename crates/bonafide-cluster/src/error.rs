//! Why a part of the cluster could not do its work.

use std::path::PathBuf;

/// What went wrong, and where.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// An address that is none.
    #[error("`{given}` is not HOST:PORT: {reason}")]
    Address {
        /// What was given.
        given: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// An address that others reach, without a way to tell who they are.
    #[error(
        "`{host}` is not a loopback address, and nothing would authenticate the other side; \
         give --tls-certificate, --tls-key and --tls-authority, or say \
         --danger-no-authentication on a network that is yours alone"
    )]
    Exposed {
        /// The host.
        host: String,
    },
    /// A certificate or key cannot be used.
    #[error("cannot use `{}` for TLS: {reason}", .file.display())]
    Tls {
        /// Which file.
        file: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A file or folder of the dataset cannot be read, or is not what its name says.
    #[error("cannot use `{}`: {reason}", .file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// No Parquet file was found.
    #[error("there is no Parquet file in `{}`", .root.display())]
    NoShards {
        /// Where was looked.
        root: PathBuf,
    },
    /// A column that was asked for is not there.
    #[error("there is no column `{name}`; there are {}", .columns.join(", "))]
    NoSuchColumn {
        /// What was asked for.
        name: String,
        /// What there is; at most a hundred.
        columns: Vec<String>,
    },
    /// A column has two uses.
    #[error("column `{name}` cannot be {one} and {other} at once")]
    TwoUses {
        /// Which.
        name: String,
        /// One use.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// Values of a column that cannot be compared here as they are elsewhere.
    #[error(
        "column `{name}` holds {kind}; only text, bytes, whole numbers and truth values are \
         compared on a cluster{}", more(.hint)
    )]
    Kind {
        /// Which column.
        name: String,
        /// What it holds, in Arrow's words.
        kind: String,
        /// What to do about it.
        hint: &'static str,
    },
    /// Nothing is left to compare.
    #[error("no column is left to compare records by")]
    NothingToCompare,
    /// A column means different things in different files.
    #[error("column `{name}` holds {one} in one split and {other} in another")]
    Mixed {
        /// Which.
        name: String,
        /// In one.
        one: &'static str,
        /// In the other.
        other: &'static str,
    },
    /// The engine failed.
    #[error("{what}: {reason}")]
    Engine {
        /// What was done.
        what: &'static str,
        /// What the engine says.
        reason: String,
    },
    /// There was no answer in time.
    #[error("no answer from the cluster within {seconds} s ({what})")]
    TimedOut {
        /// What was waited for.
        what: &'static str,
        /// The limit.
        seconds: u64,
    },
    /// An answer that does not have the form that was asked for.
    #[error("the cluster's answer has no usable `{column}`")]
    Answer {
        /// Which column of it.
        column: String,
    },
}

fn more(hint: &str) -> String {
    match hint {
        "" => String::new(),
        hint => format!("; {hint}"),
    }
}

impl ClusterError {
    /// What the engine says about `what`.
    pub(crate) fn engine<E: std::fmt::Display>(what: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self::Engine {
            what,
            reason: error.to_string(),
        }
    }
}
