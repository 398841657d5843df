//! Two versions, each known by its manifest and record list.

use std::collections::{BTreeMap, HashMap};

use bonafide_core::{Digest, ReadAt};

use super::difference::{Change, Difference, column_changes, columns};
use super::document::Manifest;
use super::entry::Entry;
use super::group::settle;
use super::list::RecordList;
use super::parse::KIND;
use super::side::{ITEM, Item, Side, SideShard};
use super::sort::Sorter;
use super::told::Told;
use crate::budget::DatasetBudget;
use crate::error::DatasetError;
use crate::records::RecordId;
use crate::roles::Roles;

/// Takes every record that differs, ordered by key hash.
pub type VisitChange<'v> = dyn FnMut(Change) -> Result<(), DatasetError> + 'v;

/// What differs between two versions; needs their manifests and lists, and no data.
pub fn diff(
    old: (&Manifest, &dyn ReadAt),
    new: (&Manifest, &dyn ReadAt),
    budget: &DatasetBudget,
) -> Result<Difference, DatasetError> {
    diff_each(old, new, budget, &mut |_| Ok(()))
}

/// The same, and every record that differs goes to `visit`.
pub fn diff_each(
    old: (&Manifest, &dyn ReadAt),
    new: (&Manifest, &dyn ReadAt),
    budget: &DatasetBudget,
    visit: &mut VisitChange<'_>,
) -> Result<Difference, DatasetError> {
    comparable(&old.0.roles, &new.0.roles)?;
    let old_list = RecordList::open(old.0, old.1)?;
    let new_list = RecordList::open(new.0, new.1)?;
    let mut told = Told::new([old.0.label.as_ref(), new.0.label.as_ref()]);
    let (old_side, new_side) = ((old.0, &old_list), (new.0, &new_list));
    run(&old_side, &new_side, budget, &mut told, visit)?;
    let (before, after) = (columns_of(old.0), columns_of(new.0));
    let changes = column_changes(&before, &after);
    Ok(told.finish(&old_side.shards(), &new_side.shards(), changes))
}

/// Columns of all shards, by name.
pub(super) fn columns_of(manifest: &Manifest) -> BTreeMap<&str, Vec<&str>> {
    let listed = manifest.schemas.values().flatten();
    columns(listed.map(|column| (column.name.as_str(), column.kind.as_str())))
}

/// Key and content mean the same on both sides.
fn comparable(old: &Roles, new: &Roles) -> Result<(), DatasetError> {
    let said = |column: &Option<String>| match column {
        Some(column) => format!("`{}`", bonafide_core::excerpt(column, 100)),
        None => "none".to_owned(),
    };
    for (what, old, new) in [
        ("key", &old.key, &new.key),
        ("label", &old.label, &new.label),
    ] {
        if old != new {
            return Err(DatasetError::Document {
                kind: KIND,
                reason: format!(
                    "it cannot be compared: its {what} column is {}, and the other's is {}",
                    said(old),
                    said(new)
                ),
            });
        }
    }
    Ok(())
}

/// Finds every record that differs.
pub(super) fn run(
    old: &dyn Side,
    new: &dyn Side,
    budget: &DatasetBudget,
    told: &mut Told,
    visit: &mut VisitChange<'_>,
) -> Result<(), DatasetError> {
    let (old_shards, new_shards) = (old.shards(), new.shards());
    let mut sorter = Sorter::<ITEM>::new(budget);
    told.unchanged += gather(old, new, &old_shards, &new_shards, &mut sorter)?;
    let old_splits = Splits::of(&old_shards, &new_shards);
    let split_of = |item: &Item| {
        let shards = if item.is_new {
            &new_shards
        } else {
            &old_shards
        };
        let shard = usize::try_from(item.id.shard).ok();
        let shard = shard.and_then(|shard| shards.get(shard));
        old_splits.number(shard.and_then(|shard| shard.split))
    };
    let most = budget.memory / 4 / (2 * size_of::<Item>() as u64);
    let most = usize::try_from(most).unwrap_or(usize::MAX).max(1_024);
    let mut group: Vec<Item> = Vec::new();
    let mut close = |group: &mut Vec<Item>| {
        let same = settle(group, &split_of, &mut |change, before, after| {
            told.take(change, before, after);
            visit(change)
        })?;
        told.unchanged += same;
        group.clear();
        Ok::<(), DatasetError>(())
    };
    sorter.finish(|packed| {
        let Some(item) = Item::unpack(packed) else {
            return Ok(());
        };
        if group.first().is_some_and(|first| first.key != item.key) {
            close(&mut group)?;
        }
        if group.len() >= most {
            return Err(DatasetError::OverBudget {
                file: "record list".into(),
                at: String::new(),
                reason: format!(
                    "more than {most} records that differ have one key or content (`memory`)"
                ),
            });
        }
        group.push(item);
        Ok(())
    })?;
    close(&mut group)
}

/// Splits of both sides by number.
struct Splits<'a> {
    numbers: HashMap<Option<&'a str>, u32>,
}

impl<'a> Splits<'a> {
    fn of(old: &[SideShard<'a>], new: &[SideShard<'a>]) -> Self {
        let mut numbers = HashMap::new();
        for shard in old.iter().chain(new) {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            numbers.entry(shard.split).or_insert(next);
        }
        Self { numbers }
    }

    fn number(&self, split: Option<&str>) -> u32 {
        self.numbers.get(&split).copied().unwrap_or(u32::MAX)
    }
}

/// Puts what may differ into the sorter, and gives how many records certainly do not: whole
/// shards that are on both sides, and records at the same place of shards of one name.
/// Taking equal records of one split from both sides changes nothing of the answer.
fn gather(
    old: &dyn Side,
    new: &dyn Side,
    old_shards: &[SideShard<'_>],
    new_shards: &[SideShard<'_>],
    sorter: &mut Sorter<'_, ITEM>,
) -> Result<u64, DatasetError> {
    let mut same: HashMap<(Digest, u64, Option<&str>), Vec<usize>> = HashMap::new();
    for (index, shard) in old_shards.iter().enumerate().rev() {
        let place = same.entry((shard.root, shard.records, shard.split));
        place.or_default().push(index);
    }
    let mut unchanged = 0;
    let mut old_left: BTreeMap<usize, &SideShard<'_>> = old_shards.iter().enumerate().collect();
    let mut new_left: Vec<(usize, &SideShard<'_>)> = Vec::new();
    for (index, shard) in new_shards.iter().enumerate() {
        let found = same.get_mut(&(shard.root, shard.records, shard.split));
        match found.and_then(Vec::pop) {
            Some(matched) => {
                old_left.remove(&matched);
                unchanged += shard.records;
            }
            None => new_left.push((index, shard)),
        }
    }
    let by_name: HashMap<&str, usize> = old_left
        .iter()
        .map(|(index, shard)| (shard.name, *index))
        .collect();
    for (index, shard) in new_left {
        let twin = by_name
            .get(shard.name)
            .and_then(|old| Some((*old, *old_left.get(old)?)))
            .filter(|(_, twin)| twin.split == shard.split);
        match twin {
            None => push_all(new, true, index, 0, shard.records, sorter)?,
            Some((matched, twin)) => {
                old_left.remove(&matched);
                let common = shard.records.min(twin.records);
                unchanged += side_by_side((old, matched), (new, index), common, sorter)?;
                push_all(old, false, matched, common, twin.records, sorter)?;
                push_all(new, true, index, common, shard.records, sorter)?;
            }
        }
    }
    for (index, shard) in old_left {
        push_all(old, false, index, 0, shard.records, sorter)?;
    }
    Ok(unchanged)
}

fn item(is_new: bool, shard: usize, record: u64, entry: &Entry) -> [u8; ITEM] {
    let item = Item {
        key: entry.key,
        record: entry.record,
        is_new,
        id: RecordId {
            shard: u32::try_from(shard).unwrap_or(u32::MAX),
            record,
        },
        label: entry.label,
        content: entry.content,
    };
    item.pack()
}

fn push_all(
    side: &dyn Side,
    is_new: bool,
    shard: usize,
    from: u64,
    end: u64,
    sorter: &mut Sorter<'_, ITEM>,
) -> Result<(), DatasetError> {
    side.entries(shard, from, end, &mut |record, entry| {
        sorter.push(item(is_new, shard, record, &entry))
    })
}

/// Records at a time.
const STEP: u64 = 16_384;

fn side_by_side(
    old: (&dyn Side, usize),
    new: (&dyn Side, usize),
    records: u64,
    sorter: &mut Sorter<'_, ITEM>,
) -> Result<u64, DatasetError> {
    let mut unchanged = 0;
    let mut before = Vec::new();
    let mut start = 0;
    while start < records {
        let end = records.min(start + STEP);
        before.clear();
        old.0.entries(old.1, start, end, &mut |_, entry| {
            before.push(entry);
            Ok(())
        })?;
        let mut left = before.iter();
        new.0.entries(new.1, start, end, &mut |record, entry| {
            let Some(twin) = left.next() else {
                return sorter.push(item(true, new.1, record, &entry));
            };
            if twin.record == entry.record {
                unchanged += 1;
                return Ok(());
            }
            sorter.push(item(false, old.1, record, twin))?;
            sorter.push(item(true, new.1, record, &entry))
        })?;
        start = end;
    }
    Ok(unchanged)
}
