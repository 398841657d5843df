//! Clusters out of a table of keyed rows: counted, and the greatest described.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use super::Cluster;
use super::census::greatest;
use super::groups::{Counting, Groups};
use super::key::spread;
use super::row::{Row, label, record, split, was_added};
use super::top::Top;
use crate::spill::{Ledger, PARTITIONS, Table, each};
use crate::{DatasetError, Records, Sample};

/// How much of the clusters is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    /// Clusters of each list.
    pub(crate) clusters: usize,
    /// Members of each cluster.
    pub(crate) members: usize,
    /// Whether an earlier version was given.
    pub(crate) growth: bool,
}

/// Rank (what it is ordered by, then size, then the place from the end), and key.
type Ranked = (u64, u64, u64, [u64; 2]);

/// The clusters of a table.
pub(crate) struct Clusters {
    pub(crate) clusters: u64,
    pub(crate) clustered: u64,
    largest: Top<Ranked>,
    conflicts: Top<Ranked>,
    leaks: Top<Ranked>,
    growth: Top<Ranked>,
}

/// Labels of a described cluster that are counted in memory; beyond that in a table.
const LABELS: usize = 2_000;

/// What a shown cluster is made of.
#[derive(Default)]
pub(crate) struct Detail {
    total: u64,
    added: u64,
    members: BinaryHeap<u64>,
    labels: HashMap<u64, (u64, u64)>,
    splits: BTreeMap<u8, u64>,
    crowded: bool,
}

/// The described clusters.
pub(crate) type Details = HashMap<[u64; 2], Detail>;

impl Clusters {
    fn new(most: usize) -> Self {
        Self {
            clusters: 0,
            clustered: 0,
            largest: Top::new(most),
            conflicts: Top::new(most),
            leaks: Top::new(most),
            growth: Top::new(most),
        }
    }

    /// Groups the rows of a table.
    pub(crate) fn of(
        ledger: &Ledger,
        table: &Table<'_, 4>,
        extent: Extent,
        workers: NonZeroUsize,
    ) -> Result<Self, DatasetError> {
        let state = || {
            let groups = Groups::new(ledger, Counting::Several);
            (groups, Self::new(extent.clusters))
        };
        let states = each(workers, PARTITIONS, state, |(groups, own), partition| {
            groups.of(table, partition, &mut |group| {
                own.clusters += 1;
                own.clustered += group.count;
                let rank = (group.count, u64::MAX - group.first);
                own.largest.add((rank.0, rank.0, rank.1, group.key));
                if group.conflict {
                    own.conflicts.add((rank.0, rank.0, rank.1, group.key));
                }
                if group.leak {
                    own.leaks.add((rank.0, rank.0, rank.1, group.key));
                }
                if group.added > 0 {
                    own.growth.add((group.added, rank.0, rank.1, group.key));
                }
                Ok(())
            })
        })?;
        let mut all = Self::new(extent.clusters);
        for (_, own) in states {
            all.clusters += own.clusters;
            all.clustered += own.clustered;
            all.largest.merge(own.largest);
            all.conflicts.merge(own.conflicts);
            all.leaks.merge(own.leaks);
            all.growth.merge(own.growth);
        }
        Ok(all)
    }

    /// Ends the counting: lists of keys, each with how many there are.
    pub(crate) fn lists(self) -> [(u64, Vec<[u64; 2]>); 4] {
        [self.largest, self.conflicts, self.leaks, self.growth].map(|top| {
            let (total, ranked) = top.finish();
            (total, ranked.into_iter().map(|(.., key)| key).collect())
        })
    }
}

/// Reads the members of the clusters that are shown.
pub(crate) fn describe(
    ledger: &Ledger,
    table: &Table<'_, 4>,
    wanted: &BTreeSet<[u64; 2]>,
    extent: Extent,
    workers: NonZeroUsize,
) -> Result<Details, DatasetError> {
    let mut partitions: Vec<BTreeSet<[u64; 2]>> = vec![BTreeSet::new(); PARTITIONS];
    for key in wanted {
        let [high, _] = key;
        if let Some(keys) = partitions.get_mut(table.partition(*high)) {
            keys.insert(*key);
        }
    }
    let all = Mutex::new(Details::new());
    each(
        workers,
        PARTITIONS,
        || (),
        |(), partition| {
            let Some(keys) = partitions.get(partition).filter(|keys| !keys.is_empty()) else {
                return Ok(());
            };
            let mut details: Details = keys.iter().map(|key| (*key, Detail::default())).collect();
            let seconds: Vec<u64> = keys.iter().map(|[_, low]| *low).collect();
            table.read(partition, |rows| {
                for row in rows {
                    let [high, low, ..] = *row;
                    if seconds.contains(&low)
                        && let Some(detail) = details.get_mut(&[high, low])
                    {
                        detail.add(row, extent.members);
                    }
                }
                Ok(true)
            })?;
            for (key, detail) in &mut details {
                if detail.crowded {
                    detail.labels = crowded(ledger, table, partition, *key)?;
                }
            }
            all.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend(details);
            Ok(())
        },
    )?;
    Ok(all.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The labels of a cluster with more labels than fit in memory: those with most members.
fn crowded(
    ledger: &Ledger,
    table: &Table<'_, 4>,
    partition: usize,
    key: [u64; 2],
) -> Result<HashMap<u64, (u64, u64)>, DatasetError> {
    let counts = Table::<4>::new(ledger);
    let mut writer = counts.writer();
    table.read(partition, |rows| {
        for [high, low, place, mark] in rows {
            let label = label(*mark);
            if [*high, *low] == key && label != 0 {
                writer.push(&counts, [spread(label), label, *place, 1])?;
            }
        }
        Ok(true)
    })?;
    writer.finish(&counts)?;
    let (_, greatest) = greatest(ledger, &counts, NonZeroUsize::MIN)?.finish();
    Ok(greatest
        .into_iter()
        .map(|(count, first, label)| (label, (count, first)))
        .collect())
}

impl Detail {
    fn add(&mut self, row: &Row, members: usize) {
        let [_, _, place, mark] = *row;
        self.total += 1;
        self.added += u64::from(was_added(place));
        if self.members.len() < members {
            self.members.push(place);
        } else if let Some(mut last) = self.members.peek_mut()
            && place < *last
        {
            *last = place;
        }
        let (label, split) = (label(mark), split(mark));
        if label != 0 && !self.crowded {
            let (count, _) = self.labels.entry(label).or_default();
            *count += 1;
            if self.labels.len() > LABELS {
                self.crowded = true;
                self.labels = HashMap::new();
            }
        }
        if split != 0 {
            *self.splits.entry(split).or_default() += 1;
        }
    }

    /// The labels of its members.
    pub(crate) fn labels(&self) -> impl Iterator<Item = u64> {
        self.labels.keys().copied()
    }

    /// The cluster with names for everything.
    pub(crate) fn named(
        &self,
        records: &dyn Records,
        called: impl Fn(u64) -> String,
        splits: &[String],
        extent: Extent,
    ) -> Cluster {
        let mut members: Vec<u64> = self.members.iter().copied().collect();
        members.sort_unstable();
        let labels = self
            .labels
            .iter()
            .map(|(label, (count, _))| (called(*label), *count));
        let split = |number: u8| usize::from(number).checked_sub(1);
        Cluster {
            members: Sample {
                total: self.total,
                shown: members
                    .into_iter()
                    .map(|place| records.name(record(place)))
                    .collect(),
            },
            labels: labels.collect(),
            splits: self
                .splits
                .iter()
                .filter_map(|(number, count)| Some((splits.get(split(*number)?)?.clone(), *count)))
                .collect(),
            added: extent.growth.then_some(self.added),
        }
    }
}
