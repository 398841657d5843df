//! Records that are equal.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use arrow_array::ArrayRef;

use super::canonical::Values;
use super::key::{Domain, Keyed};
use super::marks::{Added, Marks, SPLIT};
use super::outcome::{Gathered, unusable_label};
use super::{Census, Counter, Duplicates, Extent, Likeness};
use crate::spill::{Ledger, Table, Writer, held};
use crate::{
    Answer, Batch, Columns, DatasetBudget, DatasetError, Records, Roles, TextColumn, is_text,
};

/// Which values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compared {
    /// Those of every column but label, key and split.
    #[default]
    Values,
    /// Those of the text columns.
    Text,
}

/// How duplicates are looked for, and how much of them is shown.
#[derive(Clone, Copy)]
pub struct DuplicateOptions<'a> {
    /// Which values are compared.
    pub by: Compared,
    /// Clusters that are shown of each kind.
    pub shown: usize,
    /// Members that are shown of each cluster.
    pub members: usize,
    /// Which records were added since the earlier version, if there is one.
    pub added: Option<Added<'a>>,
}

impl Default for DuplicateOptions<'_> {
    fn default() -> Self {
        Self {
            by: Compared::Values,
            shown: 50,
            members: 20,
            added: None,
        }
    }
}

impl std::fmt::Debug for DuplicateOptions<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("DuplicateOptions")
            .field("by", &self.by)
            .field("shown", &self.shown)
            .field("members", &self.members)
            .field("added", &self.added.map(|_| "…"))
            .finish()
    }
}

/// What one worker has in its hands.
struct Hands {
    writer: Writer<4>,
    counter: Counter,
    bytes: Vec<u8>,
    empty: u64,
}

/// Finds records that are equal: clusters, labels that contradict each other in a
/// cluster, clusters over more than one split, and how many records have each label.
///
/// A null equals a null and a column that a shard does not have. The split of a record is
/// what its column `split` says, else that of its shard.
pub fn find(
    records: &dyn Records,
    roles: &Roles,
    options: &DuplicateOptions<'_>,
    workers: NonZeroUsize,
    budget: &DatasetBudget,
) -> Result<Answer<Duplicates>, DatasetError> {
    let label = roles.label.as_deref();
    let compared = compared(records, roles, options.by);
    if compared.is_empty() {
        let reason = "there is no column to compare, label, key and split aside";
        return Ok(Answer::Inconclusive(reason.to_owned()));
    }
    if let Some(reason) = unusable_label(records, label) {
        return Ok(Answer::Inconclusive(reason));
    }
    let ledger = Ledger::new(budget, workers);
    let keyed = Keyed::new();
    let table = Table::new(&ledger);
    let census = Census::new(&ledger, &keyed);
    let marks = Marks::new(records, label, options.added);
    let hands: Vec<Mutex<Hands>> = (0..workers.get())
        .map(|_| {
            Mutex::new(Hands {
                writer: table.writer(),
                counter: census.counter(),
                bytes: Vec::new(),
                empty: 0,
            })
        })
        .collect();
    let columns = match options.added {
        // Whoever tells what was added may look at every column.
        Some(_) => Columns::All,
        None => Columns::Named(
            compared
                .iter()
                .map(String::as_str)
                .chain(label)
                .chain([SPLIT])
                .map(str::to_owned)
                .collect(),
        ),
    };
    records.scan(workers, &columns, &|worker, batch| {
        let mut hands = held(&hands, worker)?;
        let Hands {
            writer,
            counter,
            bytes,
            empty,
        } = &mut *hands;
        let marks = marks.of(&census, counter, &batch)?;
        let mut marks = marks.into_iter();
        keys(&keyed, &batch, &compared, bytes, empty, &mut |key| {
            let Some((place, mark)) = marks.next() else {
                return Ok(());
            };
            let [high, low] = key;
            writer.push(&table, [high, low, place, mark])
        })
    })?;
    let (mut counters, mut empty) = (Vec::new(), 0);
    for hands in hands {
        let hands = hands.into_inner().unwrap_or_else(PoisonError::into_inner);
        hands.writer.finish(&table)?;
        counters.push(hands.counter);
        empty += hands.empty;
    }
    let gathered = Gathered {
        records,
        ledger: &ledger,
        keyed: &keyed,
        label,
        workers,
        extent: Extent {
            clusters: options.shown,
            members: options.members,
            growth: options.added.is_some(),
        },
        census,
        counters,
        marks,
    };
    let count = table.all_rows();
    gathered.clusters(&table, Likeness::Equal, count, empty, 0)
}

/// The columns that are compared, ordered by name.
fn compared(records: &dyn Records, roles: &Roles, by: Compared) -> Vec<String> {
    let fields = records
        .shards()
        .iter()
        .flat_map(|shard| shard.schema.fields());
    let names: BTreeSet<String> = match by {
        Compared::Text => roles.text.iter().cloned().collect(),
        Compared::Values => fields
            .map(|field| field.name())
            .filter(|name| {
                Some(*name) != roles.label.as_ref()
                    && Some(*name) != roles.key.as_ref()
                    && *name != SPLIT
            })
            .cloned()
            .collect(),
    };
    names.into_iter().collect()
}

/// The key of each record of a batch.
fn keys(
    keyed: &Keyed,
    batch: &Batch,
    compared: &[String],
    bytes: &mut Vec<u8>,
    empty: &mut u64,
    take: &mut dyn FnMut([u64; 2]) -> Result<(), DatasetError>,
) -> Result<(), DatasetError> {
    let column = |name: &String| batch.records.column_by_name(name);
    let count = batch.records.num_rows();
    // One column of text is by far the most frequent; its values need no form.
    let single: Option<&ArrayRef> = match compared {
        [name] => column(name).filter(|column| is_text(column.data_type())),
        _ => None,
    };
    let text = single.and_then(TextColumn::of);
    let mut values = Vec::new();
    for (number, name) in (0_u32..).zip(compared) {
        if let Some(column) = column(name) {
            values.push((number, Values::of(column)?));
        }
    }
    for index in 0..count {
        if let Some(text) = text.as_ref().and_then(|text| text.get(index)) {
            take(keyed.key(Domain::Text, text.as_bytes()))?;
            continue;
        }
        bytes.clear();
        for (number, values) in &values {
            // What is null is left out, as what is not there.
            let before = bytes.len();
            bytes.extend(number.to_le_bytes());
            if !values.write(index, bytes)? {
                bytes.truncate(before);
            }
        }
        *empty += u64::from(bytes.is_empty());
        take(keyed.key(Domain::Record, bytes))?;
    }
    Ok(())
}
