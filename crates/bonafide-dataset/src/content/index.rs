//! The index itself: addresses, hashes, times, revisions.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use arrow_array::ArrayRef;
use bonafide_core::excerpt;
use data_encoding::HEXLOWER;

use super::at_hand::{AtHand, Found};
use super::hash::{Sha256, parse};
use super::time::{Said, Times};
use super::{Capture, ContentIndex, ContentOptions};
use crate::first_few::FirstFew;
use crate::payload::bytes_at;
use crate::{
    Answer, Batch, Columns, DatasetBudget, DatasetError, Files, RecordId, Records, Roles,
    TextColumn,
};

/// How far records that point elsewhere are bound to what they point to.
///
/// `content` is what was downloaded: a folder of files, or tar shards. The content of a
/// record is the file whose name, with or without extension, is the record's key
/// ([`Roles::key`]), or else its hash in hexadecimal, or else the last part of its
/// address. Descriptions that download tools put beside (`.json`, `.txt`) are no content
/// by key. Content that was scaled or encoded anew has another hash than what was indexed;
/// that is a mismatch, as it should be.
///
/// Without a column of addresses, times or revisions there is no answer.
pub fn find(
    records: &dyn Records,
    roles: &Roles,
    options: &ContentOptions,
    content: Option<&dyn Files>,
    workers: NonZeroUsize,
    budget: &DatasetBudget,
) -> Result<Answer<ContentIndex>, DatasetError> {
    if roles.url.is_none() && roles.time.is_none() && roles.revision.is_none() {
        let reason = "no column has addresses, times of capture or revisions";
        return Ok(Answer::Inconclusive(reason.to_owned()));
    }
    let at_hand = content.map(|files| AtHand::of(files, budget)).transpose()?;
    let look = Look {
        roles,
        at_hand: at_hand.as_ref(),
    };
    let used = [
        &roles.url,
        &roles.content_hash,
        &roles.time,
        &roles.revision,
        &roles.key,
    ];
    let all = each(
        records,
        workers,
        used.into_iter().flatten(),
        || State::new(options.shown),
        |state, batch| look.batch(state, batch),
    )?
    .into_iter()
    .reduce(State::merge)
    .unwrap_or_else(|| State::new(options.shown));
    let capture = match (&roles.time, all.times) {
        (Some(column), Some((earliest, latest))) => Some(Capture {
            column: column.clone(),
            earliest,
            latest,
            before_latest: before(records, column, latest, options, workers)?,
            records: all.records,
            unknown: all.unknown.named(records, |name, ()| name),
        }),
        // No record has a time; both ends are where counting starts.
        (Some(column), None) => Some(Capture {
            column: column.clone(),
            earliest: 0,
            latest: 0,
            before_latest: options.windows.iter().map(|window| (*window, 0)).collect(),
            records: all.records,
            unknown: all.unknown.named(records, |name, ()| name),
        }),
        (None, _) => None,
    };
    Ok(Answer::Known(ContentIndex {
        addressed: all.addressed,
        without_hash: all.without_hash.named(records, |name, ()| name),
        malformed_hash: all.malformed_hash.named(records, |name, text| (name, text)),
        matching: all.matching,
        mismatching: all.mismatching.named(records, |name, ()| name),
        absent: all.absent,
        ambiguous: all.ambiguous,
        capture,
        without_revision: roles
            .revision
            .as_ref()
            .map(|_| all.without_revision.named(records, |name, ()| name)),
    }))
}

/// How many records are in the last part of the time, for each length of it. The latest
/// has to be known for that, so the column is read a second time.
fn before(
    records: &dyn Records,
    column: &String,
    latest: i64,
    options: &ContentOptions,
    workers: NonZeroUsize,
) -> Result<Vec<(u64, u64)>, DatasetError> {
    let windows = &options.windows;
    let counts = each(
        records,
        workers,
        std::iter::once(column),
        || vec![0_u64; windows.len()],
        |counts, batch| {
            let Some(array) = batch.records.column_by_name(column) else {
                return Ok(());
            };
            let times = Times::of(array);
            for row in 0..array.len() {
                let Said::At(seconds) = times.get(row) else {
                    continue;
                };
                let age = latest.abs_diff(seconds);
                for (window, count) in windows.iter().zip(counts.iter_mut()) {
                    *count += u64::from(age <= *window);
                }
            }
            Ok(())
        },
    )?;
    let sums = windows.iter().enumerate().map(|(place, window)| {
        let of_workers = counts.iter().filter_map(|counts| counts.get(place));
        (*window, of_workers.sum())
    });
    Ok(sums.collect())
}

/// Scans columns, with a state for each worker.
fn each<'n, S: Send>(
    records: &dyn Records,
    workers: NonZeroUsize,
    columns: impl Iterator<Item = &'n String>,
    make: impl Fn() -> S,
    visit: impl Fn(&mut S, &Batch) -> Result<(), DatasetError> + Sync,
) -> Result<Vec<S>, DatasetError> {
    let states: Vec<Mutex<S>> = (0..workers.get()).map(|_| Mutex::new(make())).collect();
    let asked = Columns::Named(columns.cloned().collect());
    records.scan(workers, &asked, &|worker, batch| match states.get(worker) {
        Some(state) => visit(
            &mut state.lock().unwrap_or_else(PoisonError::into_inner),
            &batch,
        ),
        None => Ok(()),
    })?;
    let states = states.into_iter();
    Ok(states
        .map(|state| state.into_inner().unwrap_or_else(PoisonError::into_inner))
        .collect())
}

/// What one worker found.
struct State {
    records: u64,
    addressed: u64,
    without_hash: FirstFew<()>,
    malformed_hash: FirstFew<String>,
    matching: u64,
    mismatching: FirstFew<()>,
    absent: u64,
    ambiguous: u64,
    /// Earliest and latest.
    times: Option<(i64, i64)>,
    unknown: FirstFew<()>,
    without_revision: FirstFew<()>,
}

impl State {
    fn new(shown: usize) -> Self {
        Self {
            records: 0,
            addressed: 0,
            without_hash: FirstFew::new(shown),
            malformed_hash: FirstFew::new(shown),
            matching: 0,
            mismatching: FirstFew::new(shown),
            absent: 0,
            ambiguous: 0,
            times: None,
            unknown: FirstFew::new(shown),
            without_revision: FirstFew::new(shown),
        }
    }

    fn merge(mut self, other: Self) -> Self {
        self.records = self.records.saturating_add(other.records);
        self.addressed = self.addressed.saturating_add(other.addressed);
        self.without_hash.merge(other.without_hash);
        self.malformed_hash.merge(other.malformed_hash);
        self.matching = self.matching.saturating_add(other.matching);
        self.mismatching.merge(other.mismatching);
        self.absent = self.absent.saturating_add(other.absent);
        self.ambiguous = self.ambiguous.saturating_add(other.ambiguous);
        self.times = match (self.times, other.times) {
            (Some(one), Some(two)) => Some((one.0.min(two.0), one.1.max(two.1))),
            (one, two) => one.or(two),
        };
        self.unknown.merge(other.unknown);
        self.without_revision.merge(other.without_revision);
        self
    }
}

/// What is looked at.
struct Look<'l> {
    roles: &'l Roles,
    at_hand: Option<&'l AtHand<'l>>,
}

impl Look<'_> {
    fn batch(&self, state: &mut State, batch: &Batch) -> Result<(), DatasetError> {
        let column = |role: &Option<String>| {
            let name = role.as_ref()?;
            batch.records.column_by_name(name)
        };
        let addresses = column(&self.roles.url).and_then(TextColumn::of);
        let keys = column(&self.roles.key).and_then(TextColumn::of);
        let hashes = column(&self.roles.content_hash);
        let hash_texts = hashes.and_then(TextColumn::of);
        let times = column(&self.roles.time).map(Times::of);
        let revisions = column(&self.roles.revision).and_then(TextColumn::of);
        for row in 0..batch.records.num_rows() {
            let id = RecordId {
                shard: u32::try_from(batch.shard).unwrap_or(u32::MAX),
                record: batch.first.saturating_add(row as u64),
            };
            state.records = state.records.saturating_add(1);
            let value = |column: &Option<TextColumn<'_>>| {
                let value = column.as_ref()?.get(row)?.trim().to_owned();
                (!value.is_empty()).then_some(value)
            };
            if let Some(address) = value(&addresses) {
                state.addressed = state.addressed.saturating_add(1);
                match hash_of(hashes, value(&hash_texts), row) {
                    Hash::None => state.without_hash.add(id, || ()),
                    Hash::Malformed(text) => state.malformed_hash.add(id, || excerpt(&text, 80)),
                    Hash::Of(hash) => {
                        let key = value(&keys);
                        self.content(state, id, key.as_deref(), hash, &address)?;
                    }
                }
            }
            if self.roles.time.is_some() {
                match times.as_ref().map(|times| times.get(row)) {
                    Some(Said::At(seconds)) => {
                        let (earliest, latest) = state.times.unwrap_or((seconds, seconds));
                        state.times = Some((earliest.min(seconds), latest.max(seconds)));
                    }
                    _ => state.unknown.add(id, || ()),
                }
            }
            if self.roles.revision.is_some() && value(&revisions).is_none() {
                state.without_revision.add(id, || ());
            }
        }
        Ok(())
    }

    fn content(
        &self,
        state: &mut State,
        id: RecordId,
        key: Option<&str>,
        hash: Sha256,
        address: &str,
    ) -> Result<(), DatasetError> {
        let Some(at_hand) = self.at_hand else {
            state.absent = state.absent.saturating_add(1);
            return Ok(());
        };
        let counter = match at_hand.find(key, &HEXLOWER.encode(&hash), address) {
            Some(Found::One(piece)) => match at_hand.hash(piece)? {
                Some(found) if found == hash => &mut state.matching,
                Some(_) => {
                    state.mismatching.add(id, || ());
                    return Ok(());
                }
                None => &mut state.absent,
            },
            Some(Found::Several) => &mut state.ambiguous,
            None => &mut state.absent,
        };
        *counter = counter.saturating_add(1);
        Ok(())
    }
}

enum Hash {
    None,
    Malformed(String),
    Of(Sha256),
}

/// The hash of a record: as text, or as 32 bytes.
fn hash_of(column: Option<&ArrayRef>, text: Option<String>, row: usize) -> Hash {
    if let Some(text) = text {
        return parse(&text).map_or(Hash::Malformed(text), Hash::Of);
    }
    match column.and_then(|column| bytes_at(column, row)) {
        None | Some([]) => Hash::None,
        Some(bytes) => match bytes.try_into() {
            Ok(hash) => Hash::Of(hash),
            Err(_) => Hash::Malformed(format!("{} bytes", bytes.len())),
        },
    }
}
