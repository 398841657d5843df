//! Manifests of strangers: read, and held against themselves.

use std::collections::BTreeMap;

use bonafide_core::{ArtifactName, Digest};

use super::document::{Manifest, VERSION, hash_in};
use super::encoding::fingerprint;
use super::entry::Layout;
use super::list::size_of_list;
use super::merkle::Tree;
use super::strict;
use crate::error::DatasetError;
use crate::shift::Population;

/// Most bytes of a manifest.
const LARGEST: usize = 256 << 20;

/// What the document is called in errors.
pub(super) const KIND: &str = "record manifest";

impl Manifest {
    /// Reads a manifest; whatever in it contradicts the rest is an error.
    pub fn parse(bytes: &[u8]) -> Result<Self, DatasetError> {
        let manifest: Self = strict::read(KIND, bytes, LARGEST)?;
        match manifest.contradiction() {
            None => Ok(manifest),
            Some(reason) => Err(DatasetError::Document { kind: KIND, reason }),
        }
    }

    /// What is wrong in it, if anything is.
    fn contradiction(&self) -> Option<String> {
        if self.version != VERSION {
            return Some(format!("version {}, not {VERSION}", self.version));
        }
        self.wrong_schema()
            .or_else(|| self.wrong_shards())
            .or_else(|| self.wrong_counts())
            .or_else(|| self.wrong_list())
    }

    fn wrong_schema(&self) -> Option<String> {
        for (digest, columns) in &self.schemas {
            let ascend = columns
                .windows(2)
                .all(|pair| matches!(pair, [one, next] if one.name < next.name));
            if !ascend {
                return Some(format!("columns of schema {digest} are not in order"));
            }
            let columns = columns.iter();
            let found = fingerprint(columns.map(|column| (&*column.name, &*column.kind)));
            if Digest::sha256(found) != *digest {
                return Some(format!(
                    "columns of schema {digest} have another fingerprint"
                ));
            }
        }
        let unused = self.schemas.keys().find(|digest| {
            let mut shards = self.shards.iter();
            self.schemas.len() > 1 && !shards.any(|shard| shard.schema == **digest)
        });
        unused.map(|digest| format!("no shard has the schema {digest}"))
    }

    fn wrong_shards(&self) -> Option<String> {
        let mut tree = Tree::default();
        let mut before: Option<&str> = None;
        for shard in &self.shards {
            let name = shard.name.as_str();
            let shown = bonafide_core::RawName::from(name);
            if let Err(reason) = check_name(name) {
                return Some(format!("shard `{shown}`: {reason}"));
            }
            if before.is_some_and(|before| before >= name) {
                return Some(format!("shard `{shown}` is repeated or not in order"));
            }
            before = Some(name);
            if !self.schemas.contains_key(&shard.schema) {
                return Some(format!("shard `{shown}` has a schema that is not listed"));
            }
            let labelled = sum(shard.labels.values());
            if labelled.is_none_or(|labelled| labelled > shard.records) {
                return Some(format!("shard `{shown}` has more labels than records"));
            }
            match shard.leaf() {
                Some(leaf) => tree.push(leaf),
                None => return Some(format!("shard `{shown}`: digests are not SHA-256")),
            }
        }
        if hash_in(&self.root) != Some(tree.root()) {
            return Some("its shards have another root than it says".to_owned());
        }
        None
    }

    fn wrong_counts(&self) -> Option<String> {
        let shards = self.shards.iter().map(|shard| &shard.records);
        if sum(shards) != Some(self.records) {
            return Some("its shards have other records than it says".to_owned());
        }
        let mut splits: BTreeMap<&str, u64> = BTreeMap::new();
        let mut without = 0_u64;
        for shard in &self.shards {
            let place = match &shard.split {
                Some(split) => splits.entry(split).or_default(),
                None => &mut without,
            };
            // Their sum was found to fit.
            *place = place.saturating_add(shard.records);
        }
        let listed = self.splits.values.iter();
        let agree = self.splits.column == "split"
            && self.splits.null == without
            && listed
                .clone()
                .all(|(split, records)| splits.get(split.as_str()) == Some(records));
        if !agree {
            return Some("its shards have other splits than it says".to_owned());
        }
        let all = self
            .label
            .iter()
            .chain([&self.splits])
            .chain(&self.populations);
        for population in all {
            if total(population) != Some(self.records) {
                let column = bonafide_core::excerpt(&population.column, 100);
                return Some(format!(
                    "the counts of `{column}` are not those of all records"
                ));
            }
        }
        let label = self.label.as_ref().map(|label| label.column.as_str());
        if label != self.roles.label.as_deref() {
            return Some("it counts labels of another column than its roles say".to_owned());
        }
        self.wrong_labels()
    }

    /// Labels of shards are labels of the dataset, and not more of them.
    fn wrong_labels(&self) -> Option<String> {
        let mut totals: BTreeMap<&str, u64> = BTreeMap::new();
        for (label, records) in self.shards.iter().flat_map(|shard| &shard.labels) {
            let total = totals.entry(label).or_default();
            *total = total.saturating_add(*records);
        }
        let most = |label: &str| self.label.as_ref().and_then(|all| all.values.get(label));
        let wrong = totals
            .into_iter()
            .find(|(label, total)| most(label).is_none_or(|most| total > most));
        wrong.map(|(label, _)| {
            let label = bonafide_core::excerpt(label, 100);
            format!("its shards have more records with the label `{label}` than it says")
        })
    }

    fn wrong_list(&self) -> Option<String> {
        let expected = size_of_list(self.layout(), self.shards.len() as u64, self.records);
        if expected != Some(self.list.size) {
            return Some(format!(
                "a record list of {} bytes is not one of {} records",
                self.list.size, self.records
            ));
        }
        let digests = [Some(&self.list.digest)]
            .into_iter()
            .chain([self.previous.as_ref().map(|previous| &previous.digest)])
            .chain([self.previous.as_ref().map(|previous| &previous.root)]);
        let mut digests = digests.flatten();
        match digests.all(|digest| hash_in(digest).is_some()) {
            true => None,
            false => Some("a digest in it is not SHA-256".to_owned()),
        }
    }

    /// How the entries of its list are stored.
    pub(super) const fn layout(&self) -> Layout {
        Layout {
            keyed: self.roles.key.is_some(),
        }
    }
}

/// A name of a shard: a file or folder below the root, or the root itself.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    match name.is_empty() {
        true => Ok(()),
        false => ArtifactName::parse(name.as_bytes())
            .map(|_| ())
            .map_err(|error| error.to_string()),
    }
}

fn sum<'a>(counts: impl IntoIterator<Item = &'a u64>) -> Option<u64> {
    counts
        .into_iter()
        .try_fold(0_u64, |sum, count| sum.checked_add(*count))
}

/// Records that a population counts.
fn total(population: &Population) -> Option<u64> {
    let listed = sum(population.values.values())?;
    listed
        .checked_add(population.others)?
        .checked_add(population.null)
}
