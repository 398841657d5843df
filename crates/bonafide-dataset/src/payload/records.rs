//! All records.

use std::collections::{BTreeSet, HashMap};
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::column::Plan;
use super::{HiddenPayload, HiddenPayloads, PayloadKind, PayloadOptions};
use crate::first_few::FirstFew;
use crate::{Answer, Batch, Columns, DatasetBudget, DatasetError, RecordId, Records, Roles};

/// Looks for what hides in the values of every record.
///
/// Text is looked at for tag characters, variation selectors, characters without width,
/// characters of direction, controls and markup; bytes for being what their column or the
/// name beside them says; columns of paths and the column with addresses for what leads
/// outside. A record counts once for each kind, with what is found first in the order of
/// the columns.
///
/// The budget's caps are those of the readers that `records` come from: a batch and its
/// values are within them, and nothing is kept but what is shown.
pub fn find(
    records: &dyn Records,
    roles: &Roles,
    options: &PayloadOptions,
    workers: NonZeroUsize,
    budget: &DatasetBudget,
) -> Result<Answer<HiddenPayloads>, DatasetError> {
    let mut unexamined = BTreeSet::new();
    let mut nested = 0_usize;
    let mut plans: HashMap<usize, Vec<(String, Plan)>> = HashMap::new();
    for (number, shard) in records.shards().iter().enumerate() {
        nested = nested.saturating_add(shard.schema.fields().len());
        if shard.schema.fields().len() > budget.columns {
            return Err(DatasetError::OverBudget {
                file: shard.name.clone(),
                at: String::new(),
                reason: format!(
                    "{} columns, and `columns` allows {}",
                    shard.schema.fields().len(),
                    budget.columns
                ),
            });
        }
        let fields = shard.schema.fields().iter();
        let of_shard = fields
            .filter_map(|field| {
                let url = roles.url.as_deref();
                let plan = Plan::of(field.name(), field.data_type(), url, &mut unexamined)?;
                Some((field.name().clone(), plan))
            })
            .collect();
        plans.insert(number, of_shard);
    }
    if nested == 0 {
        return Ok(Answer::Inconclusive("there is no column".to_owned()));
    }
    let states: Vec<Mutex<State>> = (0..workers.get())
        .map(|_| Mutex::new(State::new(options)))
        .collect();
    records.scan(workers, &Columns::All, &|worker, batch| {
        if let Some(state) = states.get(worker)
            && let Some(plans) = plans.get(&batch.shard)
        {
            lock(state).look(&batch, plans);
        }
        Ok(())
    })?;
    let mut all = State::new(options);
    for state in states {
        all.merge(state.into_inner().unwrap_or_else(PoisonError::into_inner));
    }
    let found = PayloadKind::ALL
        .into_iter()
        .zip(all.found)
        .filter(|(_, found)| found.total() > 0)
        .map(|(kind, found)| HiddenPayload {
            kind,
            records: found.named(records, |name, shown| (name, shown)),
        })
        .collect();
    Ok(Answer::Known(HiddenPayloads {
        records: all.records,
        found,
        unexamined: unexamined.into_iter().collect(),
    }))
}

/// A worker that panicked has spoiled nothing that a count depends on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What one worker found.
#[derive(Debug)]
struct State {
    records: u64,
    found: Vec<FirstFew<String>>,
    ignored: Vec<PayloadKind>,
}

impl State {
    fn new(options: &PayloadOptions) -> Self {
        Self {
            records: 0,
            found: PayloadKind::ALL
                .iter()
                .map(|_| FirstFew::new(options.shown))
                .collect(),
            ignored: options.ignored.clone(),
        }
    }

    fn look(&mut self, batch: &Batch, plans: &[(String, Plan)]) {
        let rows = batch.records.num_rows();
        self.records = self.records.saturating_add(rows as u64);
        // For each record, which kinds it has already.
        let mut marks: HashMap<usize, u16> = HashMap::new();
        let schema = batch.records.schema();
        for (name, plan) in plans {
            let Some((place, _)) = schema.column_with_name(name) else {
                continue;
            };
            let Some(column) = batch.records.columns().get(place) else {
                continue;
            };
            plan.look(column, &mut |row, kind, shown| {
                let mark = marks.entry(row).or_default();
                let bit = 1 << kind.index();
                if *mark & bit != 0 || self.ignored.contains(&kind) {
                    return;
                }
                *mark |= bit;
                let id = RecordId {
                    shard: u32::try_from(batch.shard).unwrap_or(u32::MAX),
                    record: batch.first.saturating_add(row as u64),
                };
                if let Some(found) = self.found.get_mut(kind.index()) {
                    found.add(id, || shown);
                }
            });
        }
    }

    fn merge(&mut self, other: Self) {
        self.records = self.records.saturating_add(other.records);
        for (found, others) in self.found.iter_mut().zip(other.found) {
            found.merge(others);
        }
    }
}
