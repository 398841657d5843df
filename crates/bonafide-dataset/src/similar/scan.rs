//! From records to signatures and the keys of their bands.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::family::Permutations;
use super::options::SimilarOptions;
use super::shingles::Shingler;
use super::store::Writing;
use super::{Bands, bands};
use crate::duplicates::{Census, Counter, Domain, Keyed, Marks, SPLIT, spread};
use crate::spill::{Ledger, Table, Writer, held};
use crate::{Batch, Columns, DatasetError, Records, Roles, TextColumn};

/// What a scan fills.
pub(crate) struct Tables<'l> {
    /// A row for each record: key of its signature, place, mark.
    pub(crate) records: Table<'l, 4>,
    /// A row for each band of each signature: hash of the band, number of the signature.
    pub(crate) bands: Table<'l, 2>,
    /// The signatures.
    pub(crate) store: Writing,
}

impl<'l> Tables<'l> {
    pub(crate) fn new(
        ledger: &'l Ledger,
        options: &SimilarOptions<'_>,
        workers: NonZeroUsize,
    ) -> Self {
        Self {
            records: Table::new(ledger),
            bands: Table::new(ledger),
            store: Writing::new(options.permutations, workers.get()),
        }
    }
}

/// What else a scan gives.
pub(crate) struct Scanned<'a> {
    pub(crate) census: Census<'a>,
    pub(crate) counters: Vec<Counter>,
    pub(crate) marks: Marks<'a>,
    pub(crate) empty: u64,
}

/// What one worker has in its hands.
struct Hands {
    records: Writer<4>,
    bands: Writer<2>,
    counter: Counter,
    shingler: Shingler,
    signature: Vec<u32>,
    bytes: Vec<u8>,
    /// Keys of signatures that were seen lately, each at the place that it says: a flood
    /// of equal records goes no further than this.
    seen: Vec<[u64; 2]>,
    empty: u64,
}

/// What is the same for all workers.
struct Plan<'a> {
    permutations: Permutations,
    bands: Bands,
    secret: u64,
    ledger: &'a Ledger,
    keyed: &'a Keyed,
    tables: &'a Tables<'a>,
}

pub(crate) fn scan<'a>(
    records: &'a dyn Records,
    roles: &'a Roles,
    options: &SimilarOptions<'a>,
    workers: NonZeroUsize,
    ledger: &'a Ledger,
    keyed: &'a Keyed,
    tables: &Tables<'_>,
) -> Result<Scanned<'a>, DatasetError> {
    let label = roles.label.as_deref();
    let census = Census::new(ledger, keyed);
    let marks = Marks::new(records, label, options.added);
    let [secret, _] = keyed.key(Domain::Number, b"bands");
    let plan = Plan {
        permutations: Permutations::new(options.family, options.permutations),
        bands: bands(options.jaccard, options.permutations),
        secret,
        ledger,
        keyed,
        tables,
    };
    let places = usize::try_from(ledger.share() / 128).unwrap_or(usize::MAX);
    let seen = places.clamp(1 << 8, 1 << 17).next_power_of_two();
    let hands: Vec<Mutex<Hands>> = (0..workers.get())
        .map(|_| {
            Mutex::new(Hands {
                records: tables.records.writer(),
                bands: tables.bands.writer(),
                counter: census.counter(),
                shingler: Shingler::new(options.shingles),
                signature: Vec::new(),
                bytes: Vec::new(),
                seen: vec![[0; 2]; seen],
                empty: 0,
            })
        })
        .collect();
    let columns = match options.added {
        // Whoever tells what was added may look at every column.
        Some(_) => Columns::All,
        None => Columns::Named(
            roles
                .text
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
        let marks = marks.of(&census, &mut hands.counter, &batch)?;
        hands.take(worker, &plan, &texts(&batch, &roles.text), &marks)
    })?;
    let (mut counters, mut empty) = (Vec::new(), 0);
    for hands in hands {
        let hands = hands.into_inner().unwrap_or_else(PoisonError::into_inner);
        hands.records.finish(&tables.records)?;
        hands.bands.finish(&tables.bands)?;
        counters.push(hands.counter);
        empty += hands.empty;
    }
    Ok(Scanned {
        census,
        counters,
        marks,
        empty,
    })
}

fn texts<'b>(batch: &'b Batch, names: &[String]) -> Vec<TextColumn<'b>> {
    names
        .iter()
        .filter_map(|name| TextColumn::of(batch.records.column_by_name(name)?))
        .collect()
}

impl Hands {
    fn take(
        &mut self,
        worker: usize,
        plan: &Plan<'_>,
        texts: &[TextColumn<'_>],
        marks: &[(u64, u64)],
    ) -> Result<(), DatasetError> {
        for (index, (place, mark)) in marks.iter().enumerate() {
            self.shingler.clear();
            for text in texts.iter().filter_map(|column| column.get(index)) {
                self.shingler.add(&text);
            }
            if self.shingler.hashes().is_empty() {
                self.empty += 1;
                continue;
            }
            let hashes = self.shingler.hashes();
            plan.permutations.sign(hashes, &mut self.signature);
            self.bytes.clear();
            for number in &self.signature {
                self.bytes.extend(number.to_le_bytes());
            }
            let key = plan.keyed.key(Domain::Record, &self.bytes);
            let [high, low] = key;
            let row = [high, low, *place, *mark];
            self.records.push(&plan.tables.records, row)?;
            if !self.remember(key) {
                self.band(worker, plan, key)?;
            }
        }
        Ok(())
    }

    /// True if the key was seen lately.
    fn remember(&mut self, key: [u64; 2]) -> bool {
        let [_, low] = key;
        let mask = self.seen.len() as u64 - 1;
        let place = usize::try_from(low & mask).unwrap_or(0);
        let Some(known) = self.seen.get_mut(place) else {
            return false;
        };
        std::mem::replace(known, key) == key
    }

    /// Stores the signature, and a row for each of its bands.
    fn band(&mut self, worker: usize, plan: &Plan<'_>, key: [u64; 2]) -> Result<(), DatasetError> {
        let store = &plan.tables.store;
        let number = store.add(plan.ledger, worker, key, &self.signature)?;
        let bands = self.bytes.chunks_exact(plan.bands.rows * 4);
        for (band, bytes) in (0..plan.bands.bands as u64).zip(bands) {
            // Which hash it is matters little: who shares a bucket is compared.
            let seed = plan.secret ^ spread(band + 1);
            let hash = spread(xxh3_64_with_seed(bytes, seed));
            self.bands.push(&plan.tables.bands, [hash, number])?;
        }
        Ok(())
    }
}
