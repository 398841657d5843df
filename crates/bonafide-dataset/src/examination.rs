//! Everything that is found out about a dataset, in one value.

use std::collections::BTreeSet;
use std::fmt;

use bonafide_core::Look;
use serde::{Deserialize, Serialize};

use crate::content::ContentIndex;
use crate::duplicates::Duplicates;
use crate::labels::DoubtfulLabels;
use crate::payload::HiddenPayloads;
use crate::shift::Shift;
use crate::triggers::TriggerCandidates;
use crate::{Answer, DatasetError, Roles};

/// A way to look at records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Analysis {
    /// Equal records, labels that contradict each other, leakage between splits.
    Duplicates,
    /// The same for nearly equal records.
    Similar,
    /// Characters, markup and files that hide something.
    Payload,
    /// Hashes and times of content that is elsewhere.
    Content,
    /// Labels that the rest of the records would not give.
    Labels,
    /// Features that go with doubtful labels.
    Triggers,
    /// Features of the records that an earlier version did not have.
    Delta,
    /// Shares that moved since an earlier version.
    Shift,
}

impl Analysis {
    /// All of them, cheap and exact ones first.
    pub const ALL: [Self; 8] = [
        Self::Duplicates,
        Self::Similar,
        Self::Payload,
        Self::Content,
        Self::Labels,
        Self::Triggers,
        Self::Delta,
        Self::Shift,
    ];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Duplicates => "duplicates",
            Self::Similar => "similar",
            Self::Payload => "payload",
            Self::Content => "content",
            Self::Labels => "labels",
            Self::Triggers => "triggers",
            Self::Delta => "delta",
            Self::Shift => "shift",
        }
    }

    /// True if it needs an earlier version to compare with.
    #[must_use]
    pub const fn needs_previous(self) -> bool {
        matches!(self, Self::Delta | Self::Shift)
    }
}

impl fmt::Display for Analysis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Ways to look.
pub type Analyses = BTreeSet<Analysis>;

/// The answer of an analysis as it is kept.
#[must_use]
pub fn look<T>(answer: Result<Answer<T>, DatasetError>) -> Look<T> {
    match answer {
        Ok(Answer::Known(result)) => Look::Known(result),
        Ok(Answer::Inconclusive(reason)) => Look::Unable(reason),
        Err(error) => Look::Unable(error.to_string()),
    }
}

/// A shard, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ShardSummary {
    /// Its name, as printed.
    pub name: String,
    /// Its format.
    pub format: String,
    /// The split that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// Its columns, with their types.
    pub columns: Vec<(String, String)>,
    /// How many records it declares, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<u64>,
}

/// The earlier version that a dataset was compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Earlier {
    /// SHA-256 of its record manifest, in hexadecimal.
    pub manifest: String,
    /// Records that it had.
    pub records: u64,
    /// Records that are there now and were not.
    pub added: u64,
}

/// Everything that was found out about a dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Examination {
    /// Where the records are.
    pub shards: Vec<ShardSummary>,
    /// Files that hold no records, with why: at most a hundred.
    pub skipped: Vec<(String, String)>,
    /// What the columns were taken for.
    pub roles: Roles,
    /// What the records were compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<Earlier>,
    /// Equal records.
    pub duplicates: Look<Duplicates>,
    /// Nearly equal records.
    pub similar: Look<Duplicates>,
    /// Hidden things.
    pub payload: Look<HiddenPayloads>,
    /// Content elsewhere.
    pub content: Look<ContentIndex>,
    /// Doubtful labels.
    pub labels: Look<DoubtfulLabels>,
    /// Features that go with doubtful labels.
    pub triggers: Look<TriggerCandidates>,
    /// Features of added records.
    pub delta: Look<TriggerCandidates>,
    /// Shares that moved.
    pub shift: Look<Vec<Shift>>,
    /// Ways to look that met an error, with it: what they say is not known, for whatever
    /// reason the data has or the machine.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<(Analysis, String)>,
}
