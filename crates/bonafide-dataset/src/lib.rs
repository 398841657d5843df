//! Datasets: whether the records are those that were signed, and which deserve a look.
//!
//! Files come in through [`Files`] and become [`Records`]: batches of Arrow columns, one
//! shard at a time, on all workers, within a [`DatasetBudget`]. Analyses take records and
//! [`Roles`], which say what the columns are for.
//!
//! Two kinds of analysis are kept apart. Exact ones (record manifests, differences,
//! duplicates, hidden characters, hashes of content) answer for every record, and may
//! block. Statistical ones (doubtful labels, trigger candidates, shifts) give records and
//! features that a person should look at, and never proof of an attack or of its absence.

mod budget;
mod column;
pub mod content;
pub mod declared;
pub mod duplicates;
mod error;
mod examination;
mod examine;
mod files;
mod finding;
mod first_few;
pub mod labels;
pub mod manifest;
pub mod payload;
pub mod reader;
mod records;
mod roles;
mod scratch;
pub mod shift;
pub mod similar;
mod spill;
pub mod triggers;

pub use budget::DatasetBudget;
pub use column::{TextColumn, is_number, is_text, is_textual, number, whole_number};
pub use error::DatasetError;
pub use examination::{Analyses, Analysis, Earlier, Examination, ShardSummary, look};
pub use examine::{EarlierVersion, ExamineRequest, examine};
pub use files::{FileBytes, Files, InMemory, Listed};
pub use finding::{Answer, Sample};
pub use reader::{Dataset, JSON_TEXT, OpenOptions};
pub use records::{Batch, Columns, Memory, RecordId, Records, Shard, Visit};
pub use roles::Roles;
pub use scratch::{Scratch, Written};
