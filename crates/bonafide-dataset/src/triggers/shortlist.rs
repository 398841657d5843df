//! A close look at the features with the highest scores: where else they are, how they are
//! called, and which records have them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use super::counts::{Counts, Key};
use super::found::{Found, reported};
use super::{Candidate, Search, features};
use crate::error::DatasetError;
use crate::labels::features::Judged;
use crate::labels::{LabelFindings, gather};
use crate::records::Batch;

/// Records that are remembered of each feature.
pub(super) const REMEMBERED: usize = 64;

/// Labels and, for each class, what its suspected records look like.
type Labelled<'a> = (&'a LabelFindings, &'a [Vec<f64>]);

/// Features whose score reaches the threshold and that are not common elsewhere.
pub(super) fn candidates(
    search: &Search<'_>,
    counts: &Counts,
    labels: Option<(&LabelFindings, &Vec<Vec<f64>>)>,
) -> Result<Vec<Candidate>, DatasetError> {
    let labels: Option<Labelled<'_>> = labels.map(|(labels, looks)| (labels, looks.as_slice()));
    let mut scored: Vec<(f64, Key)> = counts
        .features
        .iter()
        .map(|(key, count)| (counts.score(key, count), *key))
        .filter(|(score, _)| *score > 0.0 && *score >= search.options.threshold)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    scored.truncate(search.options.shortlist);
    if scored.is_empty() {
        return Ok(Vec::new());
    }
    let mut classes_of: HashMap<u64, Vec<u32>> = HashMap::new();
    for (_, (class, feature)) in &scored {
        classes_of.entry(*feature).or_default().push(*class);
    }
    let seen: Mutex<BTreeMap<Key, Seen>> = Mutex::default();
    let classes = labels.map_or(0, |(labels, _)| labels.classes.len());
    let visit = |_: usize, batch: Batch| {
        let positions = (search.place)(&batch);
        let judged = Judged::of(&batch.records, search.roles);
        let wanted = |hash: u64| classes_of.contains_key(&hash);
        let mut inside = Vec::new();
        let mut outside = Vec::new();
        for (index, position) in positions.into_iter().enumerate() {
            match position {
                Some(position) if position.inside => {
                    let named = features::named(&judged, index, search.options, wanted);
                    inside.push((position.class, gather::id(&batch, index), named));
                }
                // Where else a feature is counts only if there are classes.
                Some(position) if classes > 0 => {
                    let mut hashes = features::hashes(&judged, index, search.options);
                    hashes.retain(|hash| wanted(*hash));
                    outside.push((position.class, hashes));
                }
                _ => {}
            }
        }
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        for (class, record, named) in inside {
            for (hash, kind, name) in named {
                let of = classes_of.get(&hash);
                if of.is_some_and(|classes| classes.contains(&class)) {
                    let of = seen.entry((class, hash)).or_default();
                    of.name(kind, &name);
                    of.remember(record);
                }
            }
        }
        for (class, hash) in outside
            .iter()
            .flat_map(|(class, hashes)| hashes.iter().map(|hash| (*class, *hash)))
        {
            for of in classes_of.get(&hash).into_iter().flatten() {
                let of = seen.entry((*of, hash)).or_default();
                of.elsewhere.resize(classes, 0);
                if let Some(count) = of.elsewhere.get_mut(class as usize) {
                    *count += 1;
                }
            }
        }
        Ok(())
    };
    search
        .records
        .scan(search.workers, &search.columns, &visit)?;
    let mut seen = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut found = Vec::new();
    for (score, key) in scored {
        let (Some(count), Some(of)) = (counts.features.get(&key), seen.remove(&key)) else {
            continue;
        };
        let Some((kind, feature)) = of.named else {
            continue;
        };
        let share = counts.sizes.get(key.0 as usize).map_or(0.0, |size| {
            f64::from(count.inside) / size.inside.load(Ordering::Relaxed) as f64
        });
        let common = labels.map_or(0.0, |(_, looks)| {
            looks
                .get(key.0 as usize)
                .map_or(0.0, |looks| share_elsewhere(counts, looks, &of.elsewhere))
        });
        if labels.is_some() && common >= search.options.common * share {
            continue;
        }
        found.push(Found {
            feature,
            kind,
            label: labels.and_then(|(labels, _)| labels.classes.get(key.0 as usize).cloned()),
            score,
            inside: u64::from(count.inside),
            outside: u64::from(count.outside.load(Ordering::Relaxed)),
            records: of.records,
        });
    }
    Ok(reported(found, search))
}

/// Share of the records that have a feature, in the classes that suspected records look
/// like, each as much as it is looked like.
fn share_elsewhere(counts: &Counts, looks: &[f64], elsewhere: &[u64]) -> f64 {
    let sizes = counts.sizes.iter();
    let sizes = sizes.map(|size| size.outside.load(Ordering::Relaxed));
    looks
        .iter()
        .zip(elsewhere)
        .zip(sizes)
        .filter(|(_, size)| *size > 0)
        .map(|((looks, has), size)| looks * *has as f64 / size as f64)
        .sum()
}

/// What the last pass saw of a feature.
#[derive(Default)]
struct Seen {
    named: Option<(super::FeatureKind, String)>,
    records: BTreeSet<crate::records::RecordId>,
    elsewhere: Vec<u64>,
}

impl Seen {
    /// The first name by order, should two features have the same hash.
    fn name(&mut self, kind: super::FeatureKind, name: &str) {
        let known = self.named.as_ref();
        if known.is_none_or(|(of, known)| (kind, name) < (*of, known.as_str())) {
            self.named = Some((kind, name.to_owned()));
        }
    }

    /// The first records by order, whatever comes first.
    fn remember(&mut self, record: crate::records::RecordId) {
        self.records.insert(record);
        if self.records.len() > REMEMBERED {
            self.records.pop_last();
        }
    }
}
