//! What is kept of all records that differ: how many, and the first of them.

use std::collections::{BinaryHeap, HashMap};

use bonafide_core::RawName;

use super::counts::hash_of;
use super::difference::{Change, Difference, LabelFlow, Relabelled};
use super::encoding::{append_count, append_text, tag};
use super::side::{Item, SideShard};
use crate::finding::Sample;
use crate::records::RecordId;
use crate::shift::Population;

/// Examples that are shown of each kind of change.
const SHOWN: usize = 100;

/// Pairs of labels that are counted apart.
const MOST_FLOWS: usize = 10_000;

/// The smallest of many.
#[derive(Debug)]
pub(super) struct First<T: Ord> {
    total: u64,
    kept: BinaryHeap<T>,
}

impl<T: Ord> Default for First<T> {
    fn default() -> Self {
        Self {
            total: 0,
            kept: BinaryHeap::new(),
        }
    }
}

impl<T: Ord> First<T> {
    pub(super) fn push(&mut self, one: T) {
        self.total += 1;
        self.kept.push(one);
        if self.kept.len() > SHOWN {
            self.kept.pop();
        }
    }

    /// All that are kept, in their order.
    pub(super) fn sample<S>(self, shown: impl Fn(T) -> S) -> Sample<S> {
        Sample {
            total: self.total,
            shown: self.kept.into_sorted_vec().into_iter().map(shown).collect(),
        }
    }
}

/// Hash of a label.
type Label = [u8; 16];

/// Changes, as they come.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) unchanged: u64,
    added: First<RecordId>,
    removed: First<RecordId>,
    changed: First<(RecordId, RecordId)>,
    moved: First<(RecordId, RecordId)>,
    relabelled: First<(RecordId, RecordId, Label, Label)>,
    flows: HashMap<(Label, Label), u64>,
    /// Flows that did not fit.
    other_flows: u64,
    labels: HashMap<Label, String>,
}

impl Told {
    /// Knows the labels that are listed on either side.
    pub(super) fn new(labels: [Option<&Population>; 2]) -> Self {
        let mut told = Self::default();
        for text in labels
            .into_iter()
            .flatten()
            .flat_map(|all| all.values.keys())
        {
            for value in readings(text) {
                told.labels.insert(hash_of(&value).1, text.clone());
            }
        }
        told
    }

    pub(super) fn take(&mut self, change: Change, old: Option<&Item>, new: Option<&Item>) {
        match change {
            Change::Added { new } => self.added.push(new),
            Change::Removed { old } => self.removed.push(old),
            Change::Changed { old, new } => self.changed.push((old, new)),
            Change::Moved { old, new } => self.moved.push((old, new)),
            Change::Relabelled { old: one, new: two } => {
                let from = old.map(|item| item.label).unwrap_or_default();
                let to = new.map(|item| item.label).unwrap_or_default();
                self.relabelled.push((one, two, from, to));
                let full = self.flows.len() >= MOST_FLOWS;
                match self.flows.get_mut(&(from, to)) {
                    Some(records) => *records += 1,
                    None if full => self.other_flows += 1,
                    None => {
                        self.flows.insert((from, to), 1);
                    }
                }
            }
        }
    }

    fn label(&self, hash: &Label) -> Option<String> {
        self.labels.get(hash).cloned()
    }

    pub(super) fn finish(
        mut self,
        old: &[SideShard<'_>],
        new: &[SideShard<'_>],
        columns: Vec<String>,
    ) -> Difference {
        let relabelled = std::mem::take(&mut self.relabelled);
        let relabelled = relabelled.sample(|(one, two, from, to)| Relabelled {
            old: name(old, one),
            new: name(new, two),
            from: self.label(&from),
            to: self.label(&to),
        });
        let mut flows: Vec<LabelFlow> = self
            .flows
            .iter()
            .map(|((from, to), records)| LabelFlow {
                from: self.label(from),
                to: self.label(to),
                records: *records,
            })
            .collect();
        let order = |flow: &LabelFlow| {
            let most = std::cmp::Reverse(flow.records);
            (most, flow.from.clone(), flow.to.clone())
        };
        flows.sort_by_cached_key(order);
        let total = flows.len() as u64 + self.other_flows;
        flows.truncate(SHOWN);
        let pair = |(one, two)| (name(old, one), name(new, two));
        Difference {
            old_records: old.iter().map(|shard| shard.records).sum(),
            new_records: new.iter().map(|shard| shard.records).sum(),
            unchanged: self.unchanged,
            added: self.added.sample(|id| name(new, id)),
            removed: self.removed.sample(|id| name(old, id)),
            changed: self.changed.sample(pair),
            moved: self.moved.sample(pair),
            relabelled,
            label_flows: Sample {
                total,
                shown: flows,
            },
            columns,
        }
    }
}

/// The record as it is printed.
pub(super) fn name(shards: &[SideShard<'_>], id: RecordId) -> String {
    let shard = usize::try_from(id.shard).ok();
    match shard.and_then(|shard| shards.get(shard)) {
        Some(shard) => format!("{}#{}", RawName::from(shard.name), id.record),
        None => format!("{}#{}", id.shard, id.record),
    }
}

/// Canonical forms of all values that are written like this.
fn readings(text: &str) -> Vec<Vec<u8>> {
    let mut value = Vec::new();
    append_text(&mut value, text);
    let mut readings = vec![value];
    if let Ok(number) = text.parse::<u64>() {
        let mut value = Vec::new();
        append_count(&mut value, number);
        readings.push(value);
    }
    if let Some(number) = text.parse::<i64>().ok().filter(|number| *number < 0) {
        readings.push([&[tag::NEGATIVE], number.to_le_bytes().as_slice()].concat());
    }
    if let Ok(number) = text.parse::<f64>()
        && !number.is_nan()
    {
        let bits = number.to_bits().to_le_bytes();
        readings.push([&[tag::FLOAT], bits.as_slice()].concat());
    }
    match text {
        "false" => readings.push(vec![tag::FALSE]),
        "true" => readings.push(vec![tag::TRUE]),
        _ => {}
    }
    readings
}
