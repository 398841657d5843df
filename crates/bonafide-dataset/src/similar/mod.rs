//! Records that are nearly the same, by MinHash and locality-sensitive hashing.
//!
//! The text of a record becomes a set of shingles, the set a signature of a few dozen
//! numbers (Broder 1997), and parts of the signature, its bands, the keys of buckets
//! (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3rd edition, section 3.4).
//! Records that share a bucket are candidates; two of them are linked if as many numbers
//! of their signatures agree as the threshold wants, and what is linked, over however
//! many steps, is a cluster. Signatures, bands and clusters are those of `datasketch`
//! (its `MinHash` and `MinHashLSH`, version 2.0) with the same parameters.
//!
//! What cannot be seen: a paraphrase has other words, so it has other shingles. With
//! [`SimilarOptions::DEFAULT`] two texts are found for certain only if they are much more
//! alike than the threshold; near it, half of them are. Some pairs are missed by chance.

mod bands;
mod buckets;
mod family;
mod join;
mod options;
mod scan;
mod shingles;
mod store;
#[cfg(test)]
mod tests;
mod twister;

use std::num::NonZeroUsize;

use crate::duplicates::{Duplicates, Extent, Gathered, Likeness, unusable_label};
use crate::spill::Table;
use crate::{Answer, DatasetBudget, DatasetError, Records, Roles};

pub use bands::{Bands, bands};
pub use options::{Family, Linked, Shingles, SimilarOptions};

use family::Permutations;
use scan::Tables;
use shingles::Shingler;

/// Finds records whose text is nearly the same: clusters, labels that contradict each
/// other in a cluster, and clusters over more than one split.
///
/// The shingles of all text columns ([`Roles::text`]) are one set. Records without any
/// are in no cluster, see [`Duplicates::empty`].
pub fn find(
    records: &dyn Records,
    roles: &Roles,
    options: &SimilarOptions<'_>,
    workers: NonZeroUsize,
    budget: &DatasetBudget,
) -> Result<Answer<Duplicates>, DatasetError> {
    let label = roles.label.as_deref();
    if roles.text.is_empty() {
        return Ok(Answer::Inconclusive(
            "there is no column with text".to_owned(),
        ));
    }
    if let Some(reason) = options
        .unusable()
        .or_else(|| unusable_label(records, label))
    {
        return Ok(Answer::Inconclusive(reason));
    }
    let ledger = crate::spill::Ledger::new(budget, workers);
    let keyed = crate::duplicates::Keyed::new();
    let tables = Tables::new(&ledger, options, workers);
    let scanned = scan::scan(records, roles, options, workers, &ledger, &keyed, &tables)?;
    let Tables {
        records: rows,
        bands,
        store,
    } = tables;
    let store = store.close(&ledger)?;
    let edges = Table::new(&ledger);
    let crowded = buckets::edges(&ledger, &bands, &store, &edges, options, workers)?;
    drop((bands, store));
    let clusters = join::clusters(&ledger, &rows, &edges, workers)?;
    drop((rows, edges));
    let count = clusters.all_rows();
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
        census: scanned.census,
        counters: scanned.counters,
        marks: scanned.marks,
    };
    let likeness = Likeness::Similar {
        jaccard: options.jaccard,
        permutations: options.permutations,
    };
    gathered.clusters(&clusters, likeness, count, scanned.empty, crowded)
}

/// Makes signatures of texts, one after the other.
#[derive(Debug)]
pub struct Signer {
    shingler: Shingler,
    permutations: Permutations,
    signature: Vec<u32>,
}

impl Signer {
    /// None if the options cannot be used.
    #[must_use]
    pub fn new(options: &SimilarOptions<'_>) -> Option<Self> {
        options.unusable().is_none().then(|| Self {
            shingler: Shingler::new(options.shingles),
            permutations: Permutations::new(options.family, options.permutations),
            signature: Vec::new(),
        })
    }

    /// The signature of a text; none if it has no shingles.
    pub fn sign(&mut self, text: &str) -> Option<&[u32]> {
        self.shingler.clear();
        self.shingler.add(text);
        let hashes = self.shingler.hashes();
        self.permutations.sign(hashes, &mut self.signature);
        (!hashes.is_empty()).then_some(&self.signature)
    }
}
