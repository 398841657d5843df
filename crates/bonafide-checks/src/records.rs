//! What is known of the records of a dataset, and of the numbers of a model.

use bonafide_core::{Finding, Look, Outcome, RawName, Subject};
use bonafide_dataset::manifest::RecordComparison;
use bonafide_dataset::{Examination, Sample};
use bonafide_weights::{ClaimStanding, Comparison, Sanity};
use serde::{Deserialize, Serialize};

use crate::declaration::Judgement;
use crate::facts::Facts;

/// The records of the artifact, as far as somebody asked for them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RecordFacts {
    /// What was found in them.
    pub examination: Look<Examination>,
    /// Each record manifest that a trusted signer vouches for, against the records.
    pub manifests: Vec<SignedRecords>,
}

/// A signed record manifest against the records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SignedRecords {
    /// Number of the signature in [`Facts::signatures`].
    pub signature: usize,
    /// SHA-256 of the manifest, in hexadecimal.
    pub digest: String,
    /// Digest of the manifest of the version before, if it says that there was one.
    pub previous: Option<String>,
    /// When it says that it was made, in seconds since 1970.
    pub created: Option<i64>,
    /// How the records stand to it.
    pub comparison: Look<RecordComparison>,
}

/// The numbers of the artifact, as far as somebody asked for them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct WeightFacts {
    /// What they show by themselves.
    pub sanity: Look<Sanity>,
    /// Against each model at hand that it is said to be made from.
    pub comparisons: Vec<WeightComparison>,
}

/// The artifact's numbers against those of models that it is said to be made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct WeightComparison {
    /// The others, as printed.
    pub bases: Vec<String>,
    /// What the numbers show.
    pub comparison: Look<Comparison>,
    /// What is said of how the artifact was made, against that.
    pub claims: Vec<ClaimStanding>,
}

impl Facts<'_> {
    /// The outcome of a check that looks at one part of the examination of the records.
    pub(crate) fn over_records<T>(
        &self,
        part: impl FnOnce(&Examination) -> &Look<T>,
        judge: impl FnOnce(&Examination, &T) -> Vec<Finding>,
    ) -> Judgement {
        let examination = match &self.records.examination {
            Look::Known(examination) => examination,
            Look::Unable(reason) => return Outcome::Inconclusive(reason.clone()).into(),
            Look::NotAsked => return not_asked(),
        };
        if examination.shards.is_empty() {
            let reason = "no file of it holds records that can be read";
            return Outcome::Inconclusive(reason.to_owned()).into();
        }
        match part(examination) {
            Look::Known(found) => Outcome::from_findings(judge(examination, found)).into(),
            Look::Unable(reason) => Outcome::Inconclusive(reason.clone()).into(),
            Look::NotAsked => not_asked(),
        }
    }
}

/// A check that runs without its evidence never passes.
pub(crate) fn not_asked() -> Judgement {
    Outcome::Inconclusive("the evidence for it was not gathered".to_owned()).into()
}

/// A finding about the file that a record is in: `train.parquet#17` is in `train.parquet`.
pub(crate) fn about_record(record: &str, message: String) -> Finding {
    let file = record.rsplit_once('#').map_or(record, |(file, _)| file);
    Finding::new(Subject::File(RawName::from(file)), message)
}

/// The first few of a sample, and how many there are: `a, b, c and 7 more`.
pub(crate) fn listed<T>(sample: &Sample<T>, most: usize, say: impl Fn(&T) -> String) -> String {
    let shown: Vec<String> = sample.shown.iter().take(most).map(say).collect();
    let more = sample.total.saturating_sub(shown.len() as u64);
    match more {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A share for people, such as `12.5 %`.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    format!("{:.1} %", 100.0 * share(part, whole))
}

/// A share from 0 to 1; 0 of nothing.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts above 2^53 need no exact share"
)]
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    match whole {
        0 => 0.0,
        whole => part as f64 / whole as f64,
    }
}
