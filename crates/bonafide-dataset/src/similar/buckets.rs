//! Signatures that share a band, and which of them are linked.

use std::num::NonZeroUsize;

use xxhash_rust::xxh3::xxh3_64;

use super::options::{Linked, SimilarOptions};
use super::store::Store;
use crate::DatasetError;
use crate::spill::{Ledger, PARTITIONS, Table, Writer, each};

/// Buckets of up to so many signatures are compared each with each. In a larger one, each
/// is compared with so many leaders: those before it that are like no other leader.
const EACH: usize = 128;

/// Levels to which a partition is parted; what is then too large is one bucket.
const LEVELS: u32 = 4;

/// What one worker needs.
struct Work<'w> {
    store: &'w Store<'w>,
    edges: &'w Table<'w, 4>,
    writer: Writer<4>,
    linked: Linked,
    /// The part of the numbers of a signature that has to agree.
    jaccard: f64,
    /// Numbers of a signature.
    width: usize,
    most: usize,
    rows: Vec<[u64; 2]>,
    members: Vec<Member>,
    signatures: Vec<u32>,
    crowded: u64,
}

/// A signature in a bucket. Ordered by what does not depend on who read it when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Member {
    order: u64,
    key: [u64; 2],
    number: u64,
    /// Where its numbers are, of those that were read.
    start: usize,
}

/// Writes a row for each two signatures that are linked: their keys. Gives the number of
/// buckets in which not each was compared with each.
pub(crate) fn edges(
    ledger: &Ledger,
    bands: &Table<'_, 2>,
    store: &Store<'_>,
    edges: &Table<'_, 4>,
    options: &SimilarOptions<'_>,
    workers: NonZeroUsize,
) -> Result<u64, DatasetError> {
    let most = usize::try_from(ledger.share() / 64).unwrap_or(usize::MAX);
    let state = || Work {
        store,
        edges,
        writer: edges.writer(),
        linked: options.linked,
        jaccard: options.jaccard,
        width: options.permutations as usize,
        most: most.max(4_096),
        rows: Vec::new(),
        members: Vec::new(),
        signatures: Vec::new(),
        crowded: 0,
    };
    let states = each(workers, PARTITIONS, state, |work, partition| {
        work.partition(bands, partition, 0)?;
        bands.clear(partition);
        Ok(())
    })?;
    let mut crowded = 0;
    for work in states {
        work.writer.finish(edges)?;
        crowded += work.crowded;
    }
    Ok(crowded)
}

impl Work<'_> {
    fn partition(
        &mut self,
        bands: &Table<'_, 2>,
        partition: usize,
        level: u32,
    ) -> Result<(), DatasetError> {
        let count = usize::try_from(bands.rows(partition)).unwrap_or(usize::MAX);
        if count < 2 {
            return Ok(());
        }
        if count > self.most {
            return self.part(bands, partition, level);
        }
        let mut rows = std::mem::take(&mut self.rows);
        rows.clear();
        bands.read(partition, |chunk| {
            rows.extend_from_slice(chunk);
            Ok(true)
        })?;
        rows.sort_unstable();
        let same = |one: &[u64; 2], other: &[u64; 2]| one.first() == other.first();
        for bucket in rows.chunk_by(same).filter(|bucket| bucket.len() > 1) {
            self.bucket(bucket)?;
        }
        self.rows = rows;
        Ok(())
    }

    /// Parts a partition that is too large, by the next bits of the hash.
    fn part(
        &mut self,
        bands: &Table<'_, 2>,
        partition: usize,
        level: u32,
    ) -> Result<(), DatasetError> {
        let below = bands.below().filter(|_| level < LEVELS);
        let below = below.ok_or_else(|| DatasetError::OverBudget {
            file: "records".into(),
            at: String::new(),
            reason: format!(
                "{} different records share a band of their signatures; `memory` allows {}",
                bands.rows(partition),
                self.most
            ),
        })?;
        let mut writer = below.writer();
        bands.read(partition, |rows| {
            rows.iter().try_for_each(|row| writer.push(&below, *row))?;
            Ok(true)
        })?;
        writer.finish(&below)?;
        for partition in 0..PARTITIONS {
            self.partition(&below, partition, level + 1)?;
            below.clear(partition);
        }
        Ok(())
    }

    fn bucket(&mut self, rows: &[[u64; 2]]) -> Result<(), DatasetError> {
        if self.linked == Linked::Candidates {
            return self.chain(rows);
        }
        let mut members = std::mem::take(&mut self.members);
        let mut signatures = std::mem::take(&mut self.signatures);
        members.clear();
        signatures.clear();
        // Workers that do not know of each other store a signature twice, so a bucket may
        // have fewer members than rows.
        let small = rows.len() <= 2 * EACH;
        for [_, number] in rows {
            let start = signatures.len();
            let key = match small {
                true => self.store.get(*number, &mut signatures)?,
                false => self.store.key(*number)?,
            };
            members.push(Member {
                order: 0,
                key,
                number: *number,
                start,
            });
        }
        members.sort_unstable();
        members.dedup_by_key(|member| member.key);
        match members.len() {
            0 | 1 => {}
            2..=EACH if small => self.compare(&members, &signatures)?,
            2..=EACH => {
                signatures.clear();
                for member in &mut members {
                    member.start = signatures.len();
                    self.store.get(member.number, &mut signatures)?;
                }
                self.compare(&members, &signatures)?;
            }
            _ => {
                self.crowded += 1;
                self.order(&mut members, &mut signatures)?;
                self.lead(&members)?;
            }
        }
        self.members = members;
        self.signatures = signatures;
        Ok(())
    }

    /// All that share the bucket are linked.
    fn chain(&mut self, rows: &[[u64; 2]]) -> Result<(), DatasetError> {
        let mut last = None;
        for [_, number] in rows {
            let key = self.store.key(*number)?;
            if let Some(last) = last.replace(key) {
                self.link(last, key)?;
            }
        }
        Ok(())
    }

    /// Compares each with each; what is connected already needs no comparison.
    fn compare(&mut self, members: &[Member], signatures: &[u32]) -> Result<(), DatasetError> {
        let rows: Vec<(&Member, &[u32])> = members
            .iter()
            .filter_map(|member| {
                let end = member.start + self.width;
                Some((member, signatures.get(member.start..end)?))
            })
            .collect();
        let mut cluster: Vec<usize> = (0..rows.len()).collect();
        for (later, (other, two)) in rows.iter().enumerate() {
            for (earlier, (one, first)) in rows.iter().enumerate().take(later) {
                let (Some(from), Some(to)) =
                    (cluster.get(later).copied(), cluster.get(earlier).copied())
                else {
                    continue;
                };
                if from != to && alike(first, two, self.jaccard) {
                    self.link(one.key, other.key)?;
                    for number in cluster.iter_mut().filter(|number| **number == from) {
                        *number = to;
                    }
                }
            }
        }
        Ok(())
    }

    /// Orders by the content of the signatures.
    fn order(&self, members: &mut [Member], signature: &mut Vec<u32>) -> Result<(), DatasetError> {
        let mut bytes = Vec::new();
        for member in members.iter_mut() {
            signature.clear();
            self.store.get(member.number, signature)?;
            bytes.clear();
            bytes.extend(signature.iter().flat_map(|word| word.to_le_bytes()));
            member.order = xxh3_64(&bytes);
        }
        members.sort_unstable();
        Ok(())
    }

    /// Compares each with the leaders so far.
    fn lead(&mut self, members: &[Member]) -> Result<(), DatasetError> {
        let mut leaders: Vec<([u64; 2], Vec<u32>)> = Vec::new();
        for member in members {
            let mut signature = Vec::new();
            let key = self.store.get(member.number, &mut signature)?;
            let mut led = false;
            for (leader, numbers) in &leaders {
                if alike(numbers, &signature, self.jaccard) {
                    led = true;
                    self.writer.push(self.edges, edge(*leader, key))?;
                }
            }
            if !led && leaders.len() < EACH {
                leaders.push((key, signature));
            }
        }
        Ok(())
    }

    fn link(&mut self, one: [u64; 2], other: [u64; 2]) -> Result<(), DatasetError> {
        if one == other {
            return Ok(());
        }
        self.writer.push(self.edges, edge(one, other))
    }
}

const fn edge([one, two]: [u64; 2], [three, four]: [u64; 2]) -> [u64; 4] {
    [one, two, three, four]
}

/// True if as large a part of the numbers agrees as is wanted.
#[expect(
    clippy::cast_precision_loss,
    reason = "there are at most 1,024 numbers"
)]
fn alike(one: &[u32], other: &[u32], jaccard: f64) -> bool {
    let same = one.iter().zip(other).filter(|(one, other)| one == other);
    same.count() as f64 / one.len() as f64 >= jaccard
}
