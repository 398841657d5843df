//! What differs between two versions of a dataset, record by record.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::document::{Manifest, Previous};
use crate::finding::Sample;
use crate::records::RecordId;

/// Records that differ between two versions. Every record of the old version is either
/// unchanged, moved, relabelled, changed or removed; every one of the new version
/// unchanged, moved, relabelled, changed or added. Copies of a record count one by one.
/// Examples are those that come first in their dataset.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Difference {
    /// Records of the old version.
    pub old_records: u64,
    /// Records of the new version.
    pub new_records: u64,
    /// Records that are the same, in the same split.
    pub unchanged: u64,
    /// Records that only the new version has.
    pub added: Sample<String>,
    /// Records that only the old version has.
    pub removed: Sample<String>,
    /// Records with the same key and other content: old name and new name.
    pub changed: Sample<(String, String)>,
    /// Records with the same content and key, and another label.
    pub relabelled: Sample<Relabelled>,
    /// Records that are the same, in another split: old name and new name.
    pub moved: Sample<(String, String)>,
    /// From which labels to which, with how many records, of those that were relabelled;
    /// most records first.
    pub label_flows: Sample<LabelFlow>,
    /// Columns that were added, removed, or got another type, in words.
    pub columns: Vec<String>,
}

/// A record that has another label than before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Relabelled {
    /// Its name in the old version.
    pub old: String,
    /// Its name in the new version.
    pub new: String,
    /// The label before, as far as the manifest lists it.
    pub from: Option<String>,
    /// The label after, as far as the manifest lists it.
    pub to: Option<String>,
}

/// Records that went from one label to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct LabelFlow {
    /// The label before, as far as the manifest lists it.
    pub from: Option<String>,
    /// The label after, as far as the manifest lists it.
    pub to: Option<String>,
    /// How many.
    pub records: u64,
}

/// One record that differs. Numbers of shards are those of the old and of the new manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Only the new version has it.
    Added {
        /// Where.
        new: RecordId,
    },
    /// Only the old version has it.
    Removed {
        /// Where.
        old: RecordId,
    },
    /// The same key, other content.
    Changed {
        /// Where it was.
        old: RecordId,
        /// Where it is.
        new: RecordId,
    },
    /// The same content and key, another label.
    Relabelled {
        /// Where it was.
        old: RecordId,
        /// Where it is.
        new: RecordId,
    },
    /// The same record in another split.
    Moved {
        /// Where it was.
        old: RecordId,
        /// Where it is.
        new: RecordId,
    },
}

impl Difference {
    /// True if both versions have the same records in the same splits, in whatever order.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.unchanged == self.old_records && self.unchanged == self.new_records
    }

    /// What the manifest of the new version says of the old one.
    #[must_use]
    pub fn since(&self, old: &Manifest) -> Previous {
        Previous {
            digest: old.digest(),
            root: old.root,
            added: self.added.total,
            removed: self.removed.total,
            changed: self.changed.total,
            relabelled: self.relabelled.total,
            moved: self.moved.total,
        }
    }
}

/// Columns of all shards by name, with their types.
pub(super) fn columns<'a>(
    all: impl Iterator<Item = (&'a str, &'a str)>,
) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut columns: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, kind) in all {
        let kinds = columns.entry(name).or_default();
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    for kinds in columns.values_mut() {
        kinds.sort_unstable();
    }
    columns
}

/// Most columns that are named.
const MOST_COLUMNS: usize = 100;

/// What differs between columns, in words.
pub(super) fn column_changes(
    old: &BTreeMap<&str, Vec<&str>>,
    new: &BTreeMap<&str, Vec<&str>>,
) -> Vec<String> {
    let shown = |name: &str| bonafide_core::excerpt(name, 100);
    let kinds = |kinds: &[&str]| bonafide_core::excerpt(&kinds.join(" or "), 200);
    let mut changes = Vec::new();
    for (name, before) in old {
        match new.get(name) {
            None => changes.push(format!("column `{}` is gone", shown(name))),
            Some(after) if after != before => changes.push(format!(
                "column `{}` was {} and is {}",
                shown(name),
                kinds(before),
                kinds(after)
            )),
            Some(_) => {}
        }
    }
    for (name, kind) in new {
        if !old.contains_key(name) {
            let (name, kind) = (shown(name), kinds(kind));
            changes.push(format!("column `{name}` ({kind}) is new"));
        }
    }
    let more = changes.len().saturating_sub(MOST_COLUMNS);
    if more > 0 {
        changes.truncate(MOST_COLUMNS);
        changes.push(format!("and {more} columns more"));
    }
    changes
}
