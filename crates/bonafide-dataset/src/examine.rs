//! One look at a dataset, by all the ways that somebody asks for.

use std::num::NonZeroUsize;

use bonafide_core::{Look, RawName, ReadAt};

use crate::content::{self, ContentOptions};
use crate::duplicates::{self, Added, DuplicateOptions};
use crate::labels::{self, LabelOptions};
use crate::manifest::{Change, Manifest, ManifestOptions, diff_each, make};
use crate::payload::{self, PayloadOptions};
use crate::scratch::Scratch;
use crate::shift::{self, Shift};
use crate::similar::{self, SimilarOptions};
use crate::triggers::{self, TriggerOptions};
use crate::{
    Analyses, Analysis, Answer, Batch, Dataset, DatasetBudget, DatasetError, Earlier, Examination,
    Files, RecordId, Records, Roles, ShardSummary, look,
};

/// Most files without records that are named.
const MOST_SKIPPED: usize = 100;

/// An earlier version to compare with.
#[derive(Clone, Copy)]
pub struct EarlierVersion<'e> {
    /// Its record manifest.
    pub manifest: &'e Manifest,
    /// The list that belongs to it.
    pub list: &'e dyn ReadAt,
}

/// What to find out, and with what.
#[derive(Clone, Copy)]
pub struct ExamineRequest<'e> {
    /// Ways to look.
    pub analyses: &'e Analyses,
    /// What the columns are for, as far as the caller says.
    pub roles: &'e Roles,
    /// An earlier version; or why there is none although somebody named one.
    pub earlier: Option<Result<EarlierVersion<'e>, &'e str>>,
    /// What it may cost.
    pub budget: &'e DatasetBudget,
    /// Threads.
    pub workers: NonZeroUsize,
}

/// Looks at the records of a dataset. What could not be done is in the answer, way by way.
///
/// # Errors
///
/// Columns that the caller names and that are not there.
pub fn examine(
    dataset: &Dataset<'_>,
    files: &dyn Files,
    request: &ExamineRequest<'_>,
) -> Result<Examination, DatasetError> {
    let roles = Roles::of(dataset, request.roles)?;
    let mut examination = Examination {
        shards: dataset.shards().iter().map(summary).collect(),
        skipped: dataset
            .skipped()
            .iter()
            .take(MOST_SKIPPED)
            .map(|(name, reason)| (name.to_string(), reason.clone()))
            .collect(),
        ..Examination::default()
    };
    let mut failures = Vec::new();
    let asked = |analysis: Analysis| request.analyses.contains(&analysis);
    let (workers, budget) = (request.workers, request.budget);
    let added = request.earlier.map(|earlier| match earlier {
        Ok(earlier) => AddedSince::earlier(dataset, &earlier, workers, budget)
            .map_err(|error| error.to_string()),
        Err(reason) => Err(reason.to_owned()),
    });
    if let (Some(Ok(added)), Some(Ok(earlier))) = (&added, request.earlier) {
        examination.earlier = Some(Earlier {
            manifest: earlier.manifest.digest().hex(),
            records: earlier.manifest.records,
            added: added.count,
        });
    }
    let is_added = |batch: &Batch| match &added {
        Some(Ok(added)) => added.of(batch),
        _ => vec![false; batch.records.num_rows()],
    };
    // Growth is asked for only where it can be told.
    let growth: Option<Added<'_>> = match &added {
        Some(Ok(_)) => Some(&is_added),
        _ => None,
    };
    if asked(Analysis::Duplicates) {
        let options = DuplicateOptions {
            added: growth,
            ..DuplicateOptions::default()
        };
        let found = duplicates::find(dataset, &roles, &options, workers, budget);
        examination.duplicates = kept(&mut failures, Analysis::Duplicates, found);
    }
    if asked(Analysis::Similar) {
        let options = SimilarOptions {
            added: growth,
            ..SimilarOptions::default()
        };
        let found = similar::find(dataset, &roles, &options, workers, budget);
        examination.similar = kept(&mut failures, Analysis::Similar, found);
    }
    if asked(Analysis::Payload) {
        let options = PayloadOptions::default();
        let found = payload::find(dataset, &roles, &options, workers, budget);
        let in_files = payload::find_in_files(files, &options, workers, budget);
        let found = found.and_then(|found| {
            let in_files = in_files?;
            Ok(match found {
                Answer::Known(mut found) => {
                    found.found.extend(in_files.found);
                    found.found.sort_by_key(|payload| payload.kind);
                    found.unexamined.extend(in_files.unexamined);
                    Answer::Known(found)
                }
                inconclusive => inconclusive,
            })
        });
        examination.payload = kept(&mut failures, Analysis::Payload, found);
    }
    if asked(Analysis::Content) {
        let options = ContentOptions::default();
        let found = content::find(dataset, &roles, &options, Some(files), workers, budget);
        examination.content = kept(&mut failures, Analysis::Content, found);
    }
    if asked(Analysis::Labels) || asked(Analysis::Triggers) {
        let options = LabelOptions::default();
        match labels::find(dataset, &roles, &options, workers, budget) {
            Ok(Answer::Known(found)) => {
                if asked(Analysis::Triggers) {
                    let options = TriggerOptions::default();
                    let candidates =
                        triggers::find(dataset, &roles, &found, &options, workers, budget);
                    examination.triggers = kept(&mut failures, Analysis::Triggers, candidates);
                }
                if asked(Analysis::Labels) {
                    examination.labels = Look::Known(found.doubtful);
                }
            }
            unknown => {
                let reason = match unknown {
                    Err(error) => {
                        failures.push((Analysis::Labels, error.to_string()));
                        error.to_string()
                    }
                    Ok(Answer::Inconclusive(reason)) => reason,
                    Ok(Answer::Known(_)) => String::new(),
                };
                if asked(Analysis::Labels) {
                    examination.labels = Look::Unable(reason.clone());
                }
                if asked(Analysis::Triggers) {
                    examination.triggers = Look::Unable(reason);
                }
            }
        }
    }
    // Without an earlier version these are not asked for; with one that cannot be used they
    // are, and cannot be answered.
    if let Some(added) = &added
        && asked(Analysis::Delta)
    {
        examination.delta = match added {
            Err(reason) => Look::Unable(reason.clone()),
            Ok(_) => {
                let options = TriggerOptions::default();
                let found = triggers::added(dataset, &roles, &is_added, &options, workers, budget);
                kept(&mut failures, Analysis::Delta, found)
            }
        };
    }
    if asked(Analysis::Shift) {
        examination.shift = match (&added, request.earlier) {
            (Some(Ok(_)), Some(Ok(earlier))) => {
                shifts(dataset, &roles, earlier.manifest, workers, budget)
            }
            (Some(Err(reason)), _) => Look::Unable(reason.clone()),
            _ => Look::Unable(
                "there is no earlier version to compare with (`--previous`)".to_owned(),
            ),
        };
    }
    if let Some(Err(reason)) = &added {
        failures.push((Analysis::Delta, reason.clone()));
    }
    examination.failures = failures;
    examination.roles = roles;
    Ok(examination)
}

/// The answer as it is kept; an error is taken down besides.
fn kept<T>(
    failures: &mut Vec<(Analysis, String)>,
    analysis: Analysis,
    answer: Result<Answer<T>, DatasetError>,
) -> Look<T> {
    if let Err(error) = &answer {
        failures.push((analysis, error.to_string()));
    }
    look(answer)
}

fn summary(shard: &crate::Shard) -> ShardSummary {
    let columns = shard.schema.fields().iter();
    ShardSummary {
        name: shard.name.to_string(),
        format: shard.format.to_owned(),
        split: shard.split.clone(),
        columns: columns
            .map(|field| {
                let name = RawName::from(field.name().as_str()).to_string();
                (name, field.data_type().to_string())
            })
            .collect(),
        declared: shard.declared,
    }
}

/// Shares now against those that the manifest of the earlier version counts.
fn shifts(
    dataset: &Dataset<'_>,
    roles: &Roles,
    earlier: &Manifest,
    workers: NonZeroUsize,
    budget: &DatasetBudget,
) -> Look<Vec<Shift>> {
    let now = match shift::populations(dataset, roles, workers, budget) {
        Ok(now) => now,
        Err(error) => return Look::Unable(error.to_string()),
    };
    let label = earlier.label.iter().cloned();
    let counted = earlier.populations.iter().cloned();
    let splits = std::iter::once(earlier.splits.clone());
    let before: Vec<_> = label.chain(counted).chain(splits).collect();
    Look::Known(shift::between(&before, &now))
}

/// Which records an earlier version did not have: a bit for each.
struct AddedSince {
    shards: Vec<Vec<u64>>,
    count: u64,
}

impl AddedSince {
    /// By the manifests of both, so that copies of a record count one by one: the eleventh
    /// of what was there ten times was added.
    fn earlier(
        dataset: &Dataset<'_>,
        earlier: &EarlierVersion<'_>,
        workers: NonZeroUsize,
        budget: &DatasetBudget,
    ) -> Result<Self, DatasetError> {
        let mut list = Scratch::new(budget)?;
        let options = ManifestOptions::default();
        // What a record's key and label are has to mean the same in both.
        let roles = &earlier.manifest.roles;
        let now = make(dataset, roles, &options, workers, budget, &mut list)?;
        let list = list.finish()?;
        let mut added = Self {
            shards: vec![Vec::new(); dataset.shards().len()],
            count: 0,
        };
        let old = (earlier.manifest, earlier.list);
        diff_each(old, (&now, &list), budget, &mut |change| {
            match change {
                Change::Added { new }
                | Change::Changed { new, .. }
                | Change::Relabelled { new, .. } => {
                    let shard = usize::try_from(new.shard).unwrap_or(usize::MAX);
                    added.set(shard, new.record);
                }
                Change::Removed { .. } | Change::Moved { .. } => {}
            }
            Ok(())
        })?;
        Ok(added)
    }

    fn set(&mut self, shard: usize, record: u64) {
        let Some(words) = self.shards.get_mut(shard) else {
            return;
        };
        let place = usize::try_from(record / 64).unwrap_or(usize::MAX);
        if place >= words.len() {
            words.resize(place.saturating_add(1), 0);
        }
        if let Some(word) = words.get_mut(place) {
            *word |= 1 << (record % 64);
            self.count += 1;
        }
    }

    fn has(&self, id: RecordId) -> bool {
        let shard = usize::try_from(id.shard).ok();
        let place = usize::try_from(id.record / 64).ok();
        let words = shard.and_then(|shard| self.shards.get(shard));
        let word = words.zip(place).and_then(|(words, place)| words.get(place));
        word.is_some_and(|word| word >> (id.record % 64) & 1 == 1)
    }

    fn of(&self, batch: &Batch) -> Vec<bool> {
        let shard = u32::try_from(batch.shard).unwrap_or(u32::MAX);
        let rows = 0..batch.records.num_rows() as u64;
        rows.map(|row| {
            let record = batch.first.saturating_add(row);
            self.has(RecordId { shard, record })
        })
        .collect()
    }
}
