//! Listings and measurements in a form that can be kept, and read again elsewhere.
//!
//! What is read back is not trusted to be sound: names are parsed anew, the order that
//! look-ups rely on is checked.

use std::collections::BTreeMap;

use bonafide_core::{Algorithm, ArtifactName, Digest, Measured, RawName, RecordedName};
use serde::{Deserialize, Serialize};

use crate::{
    Entry, EntryKind, FileIdentity, Job, LinkEnd, Measurement, ReadFailure, SpecialKind, Tree,
    TreeKind,
};

/// Why a record cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordingDefect {
    /// Hexadecimal that is none.
    #[error("a name is neither text nor bytes in hexadecimal")]
    Name,
    /// Not in the order of their names, or one twice.
    #[error("`{name}` is not in its place")]
    Order {
        /// The first name that is not.
        name: RawName,
    },
    /// A file is listed as one, and only as one.
    #[error("a single file has {entries} entries")]
    NotOneFile {
        /// How many there are.
        entries: usize,
    },
    /// More entries than a walk would list.
    #[error("there are more than {limit} entries")]
    TooManyEntries {
        /// Most entries.
        limit: u64,
    },
    /// No digest, or not one by that algorithm.
    #[error("a {algorithm} digest of `{name}` is none")]
    Digest {
        /// The file.
        name: RawName,
        /// The algorithm, as recorded.
        algorithm: String,
    },
}

/// A listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RecordedTree {
    kind: RecordedTreeKind,
    entries: Vec<RecordedEntry>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RecordedTreeKind {
    Directory,
    File,
}

impl RecordedTreeKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Directory => "a directory",
            Self::File => "a file",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RecordedEntry {
    name: RecordedName,
    #[serde(rename = "is")]
    kind: RecordedKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum RecordedKind {
    File {
        size: u64,
    },
    Directory,
    Link {
        target: RecordedName,
        leads_to: RecordedEnd,
    },
    Special(RecordedSpecial),
    Unreadable(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RecordedEnd {
    File(RecordedName),
    Directory(RecordedName),
    Outside,
    Broken,
    Loop,
    Special(RecordedName),
    Unreadable(RecordedName),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RecordedSpecial {
    Fifo,
    Socket,
    CharacterDevice,
    BlockDevice,
    Other,
}

impl RecordedTree {
    /// Takes down what a walk found. Where files lie on the disk is left out: it is another
    /// place on every machine.
    #[must_use]
    pub fn of(tree: &Tree) -> Self {
        Self {
            kind: match tree.kind() {
                TreeKind::Directory => RecordedTreeKind::Directory,
                TreeKind::File => RecordedTreeKind::File,
            },
            entries: tree
                .entries()
                .iter()
                .map(|entry| RecordedEntry {
                    name: (&entry.name).into(),
                    kind: RecordedKind::of(&entry.kind),
                })
                .collect(),
        }
    }

    /// How this listing differs from an earlier one: name, what it was, what it is. A single
    /// file may bear another name.
    #[must_use]
    pub fn differences(&self, earlier: &Self) -> Vec<(RawName, String, String)> {
        if self.kind != earlier.kind {
            let words = |tree: &Self| tree.kind.word().to_owned();
            return vec![(RawName::from(""), words(earlier), words(self))];
        }
        let index = |tree: &Self| -> BTreeMap<RecordedName, RecordedKind> {
            let entries = tree.entries.iter();
            let entries = entries.map(|entry| match tree.kind {
                RecordedTreeKind::Directory => (entry.name.clone(), entry.kind.clone()),
                RecordedTreeKind::File => (RecordedName::Text(String::new()), entry.kind.clone()),
            });
            entries.collect()
        };
        let (before, now) = (index(earlier), index(self));
        let words = |kind: Option<&RecordedKind>| {
            kind.map_or_else(|| "nothing".to_owned(), RecordedKind::words)
        };
        let names: std::collections::BTreeSet<&RecordedName> =
            before.keys().chain(now.keys()).collect();
        names
            .into_iter()
            .filter(|name| before.get(name) != now.get(name))
            .map(|name| {
                let raw = name.raw().unwrap_or_else(|| RawName::from(""));
                (raw, words(before.get(name)), words(now.get(name)))
            })
            .collect()
    }

    /// The listing again, without anything behind it.
    ///
    /// # Errors
    ///
    /// Names that are none or not in their order, and more than `most` of them.
    pub fn into_tree(self, most: u64) -> Result<Tree, RecordingDefect> {
        if u64::try_from(self.entries.len()).map_or(true, |count| count > most) {
            return Err(RecordingDefect::TooManyEntries { limit: most });
        }
        let kind = match self.kind {
            RecordedTreeKind::Directory => TreeKind::Directory,
            RecordedTreeKind::File => TreeKind::File,
        };
        let entries: Vec<Entry> = self
            .entries
            .into_iter()
            .map(|entry| {
                let name = entry.name.raw().ok_or(RecordingDefect::Name)?;
                Ok(Entry {
                    parsed: ArtifactName::parse(name.as_bytes()),
                    kind: entry.kind.into_kind()?,
                    name,
                })
            })
            .collect::<Result<_, RecordingDefect>>()?;
        let mut pairs = entries.iter().zip(entries.iter().skip(1));
        if let Some((_, later)) = pairs.find(|(earlier, later)| earlier.name >= later.name) {
            let name = later.name.clone();
            return Err(RecordingDefect::Order { name });
        }
        let is_file = |entry: &Entry| matches!(entry.kind, EntryKind::File { .. });
        if kind == TreeKind::File && !matches!(entries.as_slice(), [only] if is_file(only)) {
            let entries = entries.len();
            return Err(RecordingDefect::NotOneFile { entries });
        }
        Ok(Tree::recorded(kind, entries))
    }
}

impl RecordedKind {
    fn of(kind: &EntryKind) -> Self {
        match kind {
            EntryKind::File { size, .. } => Self::File { size: *size },
            EntryKind::Directory => Self::Directory,
            EntryKind::Link { target, leads_to } => Self::Link {
                target: target.into(),
                leads_to: match leads_to {
                    LinkEnd::File(name) => RecordedEnd::File(name.into()),
                    LinkEnd::Directory(name) => RecordedEnd::Directory(name.into()),
                    LinkEnd::Outside => RecordedEnd::Outside,
                    LinkEnd::Broken => RecordedEnd::Broken,
                    LinkEnd::Loop => RecordedEnd::Loop,
                    LinkEnd::Special(name) => RecordedEnd::Special(name.into()),
                    LinkEnd::Unreadable(name) => RecordedEnd::Unreadable(name.into()),
                },
            },
            EntryKind::Special(special) => Self::Special(match special {
                SpecialKind::Fifo => RecordedSpecial::Fifo,
                SpecialKind::Socket => RecordedSpecial::Socket,
                SpecialKind::CharacterDevice => RecordedSpecial::CharacterDevice,
                SpecialKind::BlockDevice => RecordedSpecial::BlockDevice,
                SpecialKind::Other => RecordedSpecial::Other,
            }),
            EntryKind::Unreadable(failure) => Self::Unreadable(failure.to_string()),
        }
    }

    /// For people.
    fn words(&self) -> String {
        let shown = |name: &RecordedName| {
            let name = name.raw();
            name.map_or_else(|| "?".to_owned(), |name| name.to_string())
        };
        match self {
            Self::File { size } => format!("a file of {size} bytes"),
            Self::Directory => "a directory".to_owned(),
            Self::Link { target, .. } => format!("a link to `{}`", shown(target)),
            Self::Special(_) => "neither file nor directory".to_owned(),
            Self::Unreadable(reason) => {
                format!("unreadable: {}", RawName::from(reason.as_str()))
            }
        }
    }

    fn into_kind(self) -> Result<EntryKind, RecordingDefect> {
        let raw = |name: RecordedName| name.raw().ok_or(RecordingDefect::Name);
        Ok(match self {
            Self::File { size } => EntryKind::File {
                size,
                identity: FileIdentity::recorded(size),
            },
            Self::Directory => EntryKind::Directory,
            Self::Link { target, leads_to } => EntryKind::Link {
                target: raw(target)?,
                leads_to: match leads_to {
                    RecordedEnd::File(name) => LinkEnd::File(raw(name)?),
                    RecordedEnd::Directory(name) => LinkEnd::Directory(raw(name)?),
                    RecordedEnd::Outside => LinkEnd::Outside,
                    RecordedEnd::Broken => LinkEnd::Broken,
                    RecordedEnd::Loop => LinkEnd::Loop,
                    RecordedEnd::Special(name) => LinkEnd::Special(raw(name)?),
                    RecordedEnd::Unreadable(name) => LinkEnd::Unreadable(raw(name)?),
                },
            },
            Self::Special(special) => EntryKind::Special(match special {
                RecordedSpecial::Fifo => SpecialKind::Fifo,
                RecordedSpecial::Socket => SpecialKind::Socket,
                RecordedSpecial::CharacterDevice => SpecialKind::CharacterDevice,
                RecordedSpecial::BlockDevice => SpecialKind::BlockDevice,
                RecordedSpecial::Other => SpecialKind::Other,
            }),
            Self::Unreadable(text) => EntryKind::Unreadable(ReadFailure::Recorded { text }),
        })
    }
}

/// What hashing a file, or a range of one, gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RecordedMeasurement {
    name: RecordedName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    range: Option<(u64, u64)>,
    /// Hexadecimal, by algorithm.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    digests: BTreeMap<String, String>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
}

impl RecordedMeasurement {
    /// Takes down a measurement.
    #[must_use]
    pub fn of(measurement: &Measurement) -> Self {
        let job = &measurement.job;
        let (digests, failure) = match &measurement.digests {
            Ok(digests) => (
                digests
                    .iter()
                    .map(|digest| {
                        let digest = digest.get();
                        (digest.algorithm().name().to_owned(), digest.hex())
                    })
                    .collect(),
                None,
            ),
            Err(failure) => (BTreeMap::new(), Some(failure.to_string())),
        };
        Self {
            name: (&job.name).into(),
            range: job.range.as_ref().map(|range| (range.start, range.end)),
            digests,
            failure,
        }
    }

    /// By what it is looked up: the file, and the range of it.
    ///
    /// # Errors
    ///
    /// The name is none.
    pub fn key(&self) -> Result<(RawName, Option<(u64, u64)>), RecordingDefect> {
        Ok((self.name.raw().ok_or(RecordingDefect::Name)?, self.range))
    }

    /// Why the file could not be read, if that is so.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// The digests, strong and weak ones.
    ///
    /// # Errors
    ///
    /// An algorithm or a digest that is none.
    pub fn digests(&self) -> Result<Vec<Digest>, RecordingDefect> {
        let known = || Algorithm::ALL.into_iter().chain(Algorithm::WEAK);
        self.digests
            .iter()
            .map(|(name, hex)| {
                known()
                    .find(|algorithm| algorithm.name() == name)
                    .and_then(|algorithm| Digest::from_hex(algorithm, hex).ok())
                    .ok_or_else(|| RecordingDefect::Digest {
                        name: self.name.raw().unwrap_or_else(|| RawName::from("")),
                        algorithm: name.clone(),
                    })
            })
            .collect()
    }

    /// The answer to a job from what was recorded of its file and range; none if a digest
    /// that it asks for was not taken.
    #[must_use]
    pub fn answer(job: Job, digests: &[Digest], failure: Option<&str>) -> Option<Measurement> {
        if let Some(text) = failure {
            let text = text.to_owned();
            return Some(Measurement {
                job,
                digests: Err(ReadFailure::Recorded { text }),
            });
        }
        let digests = job
            .algorithms
            .iter()
            .map(|algorithm| {
                let mut digests = digests.iter();
                let digest = digests.find(|digest| digest.algorithm() == *algorithm);
                digest.copied().map(Measured::from_bytes)
            })
            .collect::<Option<Vec<_>>>()?;
        Some(Measurement {
            job,
            digests: Ok(digests),
        })
    }
}

#[cfg(test)]
mod tests {
    use bonafide_core::Budget;

    use super::*;

    #[test]
    fn a_listing_comes_back_without_its_content() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path();
        std::fs::create_dir(root.join("sub")).unwrap();
        std::fs::write(root.join("sub/b"), "1234").unwrap();
        std::os::unix::fs::symlink("sub/b", root.join("link")).unwrap();
        std::os::unix::fs::symlink("/etc", root.join("out")).unwrap();
        let tree = Tree::open(root, &Budget::DEFAULT).unwrap();
        let recorded = RecordedTree::of(&tree);
        let text = serde_json::to_string(&recorded).unwrap();
        let read: RecordedTree = serde_json::from_str(&text).unwrap();
        assert_eq!(read, recorded);
        let again = read.into_tree(10).unwrap();
        assert_eq!(again.kind(), TreeKind::Directory);
        assert_eq!(RecordedTree::of(&again), recorded);
        let name = RawName::from("sub/b");
        assert_eq!(again.read_document(&name, 9), Err(ReadFailure::Absent));
        assert!(recorded.clone().into_tree(3).is_err());
        let mut swapped = recorded;
        swapped.entries.swap(0, 1);
        let refused = swapped.into_tree(10).map(|_| ());
        assert!(matches!(refused, Err(RecordingDefect::Order { .. })));
    }

    #[test]
    fn weak_digests_and_failures_are_kept() {
        let job = Job {
            name: RawName::from("a"),
            range: Some(1..3),
            algorithms: vec![Algorithm::Sha1, Algorithm::Sha256],
        };
        let digests: Vec<Measured<Digest>> = job
            .algorithms
            .iter()
            .map(|algorithm| Measured::from_bytes(crate::digest_bytes(*algorithm, b"x")))
            .collect();
        let measurement = Measurement {
            job: job.clone(),
            digests: Ok(digests),
        };
        let recorded = RecordedMeasurement::of(&measurement);
        assert_eq!(recorded.key().unwrap(), (RawName::from("a"), Some((1, 3))));
        let known = recorded.digests().unwrap();
        assert_eq!(
            RecordedMeasurement::answer(job.clone(), &known, None),
            Some(measurement)
        );
        let more = Job {
            algorithms: vec![Algorithm::Blake3],
            ..job
        };
        assert_eq!(RecordedMeasurement::answer(more, &known, None), None);
    }
}
