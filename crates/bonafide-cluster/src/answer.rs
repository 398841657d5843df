//! What a scan answers, and how it is read from the engine's batches.

use std::collections::BTreeMap;

use bonafide_dataset::shift::Population;
use bonafide_dataset::{Answer, Sample};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::ScalarValue;
use serde::{Deserialize, Serialize};

use crate::ClusterError;

/// What a scan found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Scan {
    /// Parquet files that were read.
    pub files: u64,
    /// Names that are no Parquet files, with why; at most a hundred.
    pub skipped: Vec<(String, String)>,
    /// Columns by which records were compared.
    pub compared: Vec<String>,
    /// Equal records.
    pub duplicates: Answer<Equal>,
    /// Records by split, and by each attribute: at most a thousand values of each.
    pub populations: Vec<Population>,
}

/// Records that are equal: the same numbers as those of
/// [`bonafide_dataset::duplicates::Duplicates`]. Rows have no numbers on a cluster, so
/// that members are counted and not named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Equal {
    /// Records that were compared.
    pub records: u64,
    /// Those of them in which all values that were compared are null. They are equal.
    pub empty: u64,
    /// Clusters of two or more.
    pub clusters: u64,
    /// Records that are in such clusters.
    pub clustered: u64,
    /// All of them, largest first, then by what they are equal in.
    pub largest: Sample<Found>,
    /// Those with more than one label, in the same order.
    pub conflicts: Sample<Found>,
    /// Those in more than one split, in the same order.
    pub leaks: Sample<Found>,
    /// Records by label, as far as there are labels: at most a thousand labels, those with
    /// most records.
    pub labels: BTreeMap<String, u64>,
}

/// Records that are equal to each other.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Found {
    /// What they are equal in, by column: text and bytes as `sha256:` and hexadecimal
    /// digits, other values as text, none for null.
    pub equal: BTreeMap<String, Option<String>>,
    /// How many they are.
    pub records: u64,
    /// How many have each label. All clusters that are shown have at most 65,536 labels
    /// together; those with most records where there are more.
    pub labels: BTreeMap<String, u64>,
    /// How many are in each split, within the same limit.
    pub splits: BTreeMap<String, u64>,
}

/// One row of an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    batch: &'a RecordBatch,
    index: usize,
}

/// The rows of an answer, in order.
pub(crate) fn rows(batches: &[RecordBatch]) -> impl Iterator<Item = Row<'_>> {
    batches
        .iter()
        .flat_map(|batch| (0..batch.num_rows()).map(move |index| Row { batch, index }))
}

impl Row<'_> {
    fn value(&self, column: &str) -> Result<ScalarValue, ClusterError> {
        self.batch
            .column_by_name(column)
            .and_then(|values| ScalarValue::try_from_array(values, self.index).ok())
            .ok_or_else(|| unusable(column))
    }

    /// A count.
    pub(crate) fn number(&self, column: &str) -> Result<u64, ClusterError> {
        match self.value(column)? {
            ScalarValue::Int64(Some(number)) => u64::try_from(number).map_err(|_| unusable(column)),
            ScalarValue::UInt64(Some(number)) => Ok(number),
            _ => Err(unusable(column)),
        }
    }

    /// Text, or null.
    pub(crate) fn text(&self, column: &str) -> Result<Option<String>, ClusterError> {
        match self.value(column)? {
            ScalarValue::Utf8(text)
            | ScalarValue::LargeUtf8(text)
            | ScalarValue::Utf8View(text) => Ok(text),
            ScalarValue::Null => Ok(None),
            _ => Err(unusable(column)),
        }
    }
}

fn unusable(column: &str) -> ClusterError {
    ClusterError::Answer {
        column: column.to_owned(),
    }
}
