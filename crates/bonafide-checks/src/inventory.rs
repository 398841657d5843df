//! What a document lists, laid over the tree: which file is meant, and whether it has
//! the digest that the document gives.
//!
//! A path that is there decides which file is meant; where none is, the digest does.
//! So a swapped pair of files is found, and a renamed one is not taken for a lost one.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use bonafide_attest::oms::{Manifest, Serialization, Unsigned, always_excluded};
use bonafide_bom::ClaimedDigest;
use bonafide_bom::listing::{Expectation, Listed, Listing, PathClaim, Shape, TreeDigest, TreeRule};
use bonafide_core::{Algorithm, Digest, RawName};

use crate::survey::{GapReason, OpenEntry, Survey};

/// A listing, held against the artifact.
#[derive(Debug, Default)]
pub struct Inventory {
    /// What became of each entry, in the order of [`Listing::entries`].
    pub presences: Vec<Presence>,
    /// What became of each digest of a tree, in the order of [`Listing::trees`].
    pub trees: Vec<TreePresence>,
    /// Files that the document does not mention.
    pub unlisted: Vec<RawName>,
    /// Entries of the tree that no document can list: links, fifos, what cannot be read.
    pub unlistable: Vec<RawName>,
}

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// The file has the digests.
    Equal {
        /// The file.
        file: RawName,
        /// How it was found.
        found: Found,
        /// The digests.
        digests: Vec<Digest>,
    },
    /// The file that is meant has another digest.
    Differs {
        /// The file.
        file: RawName,
        /// The digest that the document gives.
        expected: Digest,
        /// The one that was measured.
        measured: Digest,
    },
    /// No file has the name, nor any the digest.
    Missing,
    /// It has no name that a file could have, and no file has the digest.
    Unmatched {
        /// The digest that the document gives.
        expected: Digest,
    },
    /// The document gives no digest.
    NoDigest {
        /// The file that is meant, if it is here.
        file: Option<RawName>,
    },
    /// The document gives something that is no digest, one that is not computed here, or
    /// one that is of no file.
    Unusable {
        /// The file that is meant, if it is here.
        file: Option<RawName>,
        /// What it gives.
        claimed: ClaimedDigest,
    },
    /// Something has its name, but could not be read as a file.
    Unreadable {
        /// The file.
        file: RawName,
    },
    /// It is not here, and does not have to be.
    Absent,
}

/// How the file of an entry was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// By its path.
    Path,
    /// By its digest; it has another name than the document says, or the document says none.
    Digest,
}

/// What became of a digest of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TreePresence {
    /// The tree has it.
    Equal {
        /// The digest.
        digest: Digest,
    },
    /// The tree has another.
    Differs {
        /// The digest that the document gives.
        expected: Digest,
        /// The one that was measured.
        measured: Digest,
    },
    /// It could not be worked out.
    NotComputed {
        /// Why.
        reason: String,
    },
    /// It is about something else.
    Elsewhere,
}

impl Presence {
    /// The file of the artifact that is meant.
    #[must_use]
    pub const fn file(&self) -> Option<&RawName> {
        match self {
            Self::Equal { file, .. } | Self::Differs { file, .. } | Self::Unreadable { file } => {
                Some(file)
            }
            Self::NoDigest { file } | Self::Unusable { file, .. } => file.as_ref(),
            Self::Missing | Self::Unmatched { .. } | Self::Absent => None,
        }
    }

    /// The file of an entry that is meant to be called otherwise: it was found by its digest
    /// alone, although the document says the name of a file that has to be here.
    #[must_use]
    pub fn other_name(&self, entry: &Listed) -> Option<&RawName> {
        match self {
            Self::Equal {
                file,
                found: Found::Digest,
                ..
            } if entry.expectation == Expectation::Here && entry.names_a_file() => {
                // In another folder it is still called what it is.
                let base = file.as_bytes().rsplit(|byte| *byte == b'/').next();
                let same = |path: &PathClaim| base == Some(path.base().as_bytes());
                (!entry.paths.iter().any(same)).then_some(file)
            }
            _ => None,
        }
    }

    /// True when a digest that nobody can forge agrees.
    #[must_use]
    pub fn is_proof(&self) -> bool {
        matches!(self, Self::Equal { digests, .. }
            if digests.iter().any(|digest| digest.algorithm().is_strong()))
    }
}

impl Inventory {
    /// Lays a listing over the tree. `documents` are the files of the tree that are
    /// such documents themselves: none can list itself.
    #[must_use]
    pub fn of(listing: &Listing, survey: &Survey, documents: &HashSet<RawName>) -> Self {
        let files: Vec<&OpenEntry> = survey
            .open
            .iter()
            .filter(|entry| entry.size.is_some())
            .collect();
        let index = Index::of(&files, &listing.entries, documents);
        let mut presences: Vec<Presence> = listing
            .entries
            .iter()
            .map(|entry| index.presence(entry))
            .collect();
        find_links(&mut presences, &listing.entries, survey);
        set_aside(&mut presences, &listing.entries, &index);
        let trees = listing
            .trees
            .iter()
            .map(|tree| index.tree(tree))
            .collect::<Vec<_>>();
        let whole_tree = listing.trees.iter().zip(&trees).any(|(tree, presence)| {
            tree.files.is_empty() && matches!(presence, TreePresence::Equal { .. })
        });
        let mentioned: HashSet<&RawName> = presences.iter().filter_map(Presence::file).collect();
        let unlisted = files
            .iter()
            .filter(|entry| entry.gap.reason != GapReason::Signature && !whole_tree)
            .map(|entry| &entry.gap.name)
            .filter(|name| !mentioned.contains(name) && !documents.contains(*name))
            .cloned()
            .collect();
        let unlistable = survey
            .open
            .iter()
            .filter(|entry| entry.size.is_none())
            .map(|entry| entry.gap.name.clone())
            .collect();
        Self {
            presences,
            trees,
            unlisted,
            unlistable,
        }
    }

    /// Files whose bytes the document pins: their digest agrees, and is not a weak one.
    pub fn proven(&self) -> impl Iterator<Item = &RawName> {
        self.presences
            .iter()
            .filter(|presence| presence.is_proof())
            .filter_map(Presence::file)
    }
}

/// What has the name of a listed file but is no regular file is not missing: download
/// caches hold links. Its bytes are not looked at, so nothing is known of them.
fn find_links(presences: &mut [Presence], entries: &[Listed], survey: &Survey) {
    let links: HashMap<&[u8], &RawName> = survey
        .open
        .iter()
        .filter(|entry| entry.size.is_none())
        .map(|entry| (entry.gap.name.as_bytes(), &entry.gap.name))
        .collect();
    for (presence, entry) in presences.iter_mut().zip(entries) {
        if *presence != Presence::Missing {
            continue;
        }
        let mut names = entry.paths.iter().filter(|path| !path.is_anchored());
        if let Some(link) = names.find_map(|path| links.get(path.whole().as_bytes())) {
            *presence = Presence::Unreadable {
                file: (*link).clone(),
            };
        }
    }
}

/// Sets aside digests that are of no file. Some generators give a model the digest of a
/// list of its files that they do not write down. It is one of these, and not of changed
/// bytes, if the file that it would be of has the digest that another entry gives, or if
/// there is no file left that it could be of. That is no pass either: who lists all files
/// but one, and gives the digest of that one without its name, is not told from them.
fn set_aside(presences: &mut [Presence], entries: &[Listed], index: &Index<'_>) {
    let proven: HashSet<RawName> = presences
        .iter()
        .filter(|presence| presence.is_proof())
        .filter_map(Presence::file)
        .cloned()
        .collect();
    let all = index
        .files
        .iter()
        .filter(|file| file.gap.reason != GapReason::Signature)
        .filter(|file| !index.documents.contains(&file.gap.name))
        .all(|file| proven.contains(&file.gap.name));
    for (presence, entry) in presences.iter_mut().zip(entries) {
        let (file, expected) = match &*presence {
            Presence::Differs { file, expected, .. }
                if proven.contains(file)
                    && !entry.shapes.contains(&Shape::NestedFile)
                    && index.exact(entry).is_none() =>
            {
                (Some(file.clone()), *expected)
            }
            Presence::Unmatched { expected } if all && !proven.is_empty() => (None, *expected),
            _ => continue,
        };
        *presence = Presence::Unusable {
            file,
            claimed: ClaimedDigest::Known(expected),
        };
    }
}

/// Algorithms that have to be measured to hold listings against the tree.
#[must_use]
pub fn algorithms<'l>(listings: impl IntoIterator<Item = &'l Listing>) -> Vec<Algorithm> {
    let mut algorithms = vec![Algorithm::Sha256];
    for listing in listings {
        for entry in &listing.entries {
            for digest in entry.comparable() {
                if !algorithms.contains(&digest.algorithm()) {
                    algorithms.push(digest.algorithm());
                }
            }
        }
    }
    algorithms.sort();
    algorithms
}

/// The files, by all that they can be found by.
struct Index<'t> {
    files: &'t [&'t OpenEntry],
    /// Files that are such documents themselves.
    documents: &'t HashSet<RawName>,
    names: HashMap<&'t [u8], usize>,
    /// Files by the last segment of their names.
    bases: HashMap<&'t [u8], Vec<usize>>,
    digests: HashMap<Digest, Vec<usize>>,
    /// Files that an entry names as they are called.
    claimed: HashSet<usize>,
    /// Most segments of a name.
    depth: usize,
    /// Digests of the whole tree, once worked out.
    trees: RefCell<HashMap<TreeRule, Result<Digest, String>>>,
}

fn segments(name: &[u8]) -> usize {
    1 + name.iter().filter(|byte| **byte == b'/').count()
}

impl<'t> Index<'t> {
    fn of(files: &'t [&'t OpenEntry], entries: &[Listed], documents: &'t HashSet<RawName>) -> Self {
        let mut index = Self {
            files,
            documents,
            names: HashMap::new(),
            bases: HashMap::new(),
            digests: HashMap::new(),
            claimed: HashSet::new(),
            depth: 0,
            trees: RefCell::default(),
        };
        for (place, file) in files.iter().enumerate() {
            let name = file.gap.name.as_bytes();
            let base = name.rsplit(|byte| *byte == b'/').next().unwrap_or(name);
            index.names.insert(name, place);
            index.bases.entry(base).or_default().push(place);
            for digest in &file.digests {
                index.digests.entry(*digest).or_default().push(place);
            }
        }
        index.claimed = entries
            .iter()
            .filter(|entry| entry.expectation != Expectation::Elsewhere)
            .filter_map(|entry| index.exact(entry))
            .collect();
        // What is looked for later are files that no entry names; in front, if there are any.
        let claimed = &index.claimed;
        for places in index.bases.values_mut() {
            places.retain(|place| !claimed.contains(place));
        }
        for places in index.digests.values_mut() {
            places.sort_by_key(|place| claimed.contains(place));
            places.truncate(1);
        }
        index.depth = files
            .iter()
            .map(|file| segments(file.gap.name.as_bytes()))
            .max()
            .unwrap_or_default();
        index
    }

    fn named(&self, path: &str) -> Option<usize> {
        self.names.get(path.as_bytes()).copied()
    }

    /// The file that has one of the entry's names as it is written.
    fn exact(&self, entry: &Listed) -> Option<usize> {
        entry
            .paths
            .iter()
            .filter(|path| !path.is_anchored())
            .find_map(|path| self.named(&path.whole()))
    }

    /// The file that is meant by the names of an entry.
    fn by_path(&self, entry: &Listed) -> Option<usize> {
        if let Some(exact) = self.exact(entry) {
            return Some(exact);
        }
        let free = |place: &usize| !self.claimed.contains(place);
        let files = || entry.paths.iter().filter(|path| path.is_file_name());
        let below = files().find_map(|path| {
            let whole = path.is_anchored().then(|| path.whole());
            whole
                .into_iter()
                .chain(path.ends(self.depth))
                .find_map(|end| self.named(&end).filter(free))
        });
        below.or_else(|| {
            files()
                .filter(|path| path.is_bare())
                .find_map(|path| self.by_base(path))
        })
    }

    /// The only file of that name in any folder, if there is only one.
    fn by_base(&self, path: &PathClaim) -> Option<usize> {
        match self.bases.get(path.base().as_bytes())?.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// A file that has one of the digests, best one that no other entry names. What is
    /// listed as a file is not another file that is listed as well: of two equal files one
    /// could go missing.
    fn by_digest(&self, entry: &Listed, digests: &[Digest]) -> Option<usize> {
        let places = digests.iter().find_map(|digest| self.digests.get(digest))?;
        let is_file = entry.shapes.contains(&Shape::NestedFile)
            && entry.expectation == Expectation::Here
            && entry.names_a_file();
        let first = places.first().copied()?;
        (!is_file || !self.claimed.contains(&first)).then_some(first)
    }

    fn presence(&self, entry: &Listed) -> Presence {
        if entry.expectation == Expectation::Elsewhere {
            return Presence::Absent;
        }
        let digests = entry.comparable();
        let by_path = self.by_path(entry);
        let place = by_path.or_else(|| self.by_digest(entry, &digests));
        let file = place.and_then(|place| self.files.get(place));
        let name = || file.map(|file| file.gap.name.clone());
        let Some(first) = digests.first() else {
            return match entry.digests.first() {
                Some(claimed) => Presence::Unusable {
                    file: name(),
                    claimed: claimed.clone(),
                },
                None if file.is_none() && entry.expectation == Expectation::MayBeHere => {
                    Presence::Absent
                }
                None if file.is_none() && entry.names_a_file() => Presence::Missing,
                None => Presence::NoDigest { file: name() },
            };
        };
        let Some(file) = file else {
            return match entry.expectation {
                Expectation::Here if entry.names_a_file() => Presence::Missing,
                Expectation::Here => Presence::Unmatched { expected: *first },
                _ => Presence::Absent,
            };
        };
        let file_name = file.gap.name.clone();
        for expected in &digests {
            let measured = file
                .digests
                .iter()
                .find(|digest| digest.algorithm() == expected.algorithm());
            match measured {
                None => return Presence::Unreadable { file: file_name },
                Some(measured) if measured != expected => {
                    return Presence::Differs {
                        file: file_name,
                        expected: *expected,
                        measured: *measured,
                    };
                }
                Some(_) => {}
            }
        }
        Presence::Equal {
            file: file_name,
            found: if by_path.is_some() {
                Found::Path
            } else {
                Found::Digest
            },
            digests,
        }
    }

    fn tree(&self, tree: &TreeDigest) -> TreePresence {
        if tree.expectation == Expectation::Elsewhere {
            return TreePresence::Elsewhere;
        }
        let ClaimedDigest::Known(expected) = &tree.digest else {
            return TreePresence::NotComputed {
                reason: format!("the document gives {}", tree.digest),
            };
        };
        let files: Result<Vec<&OpenEntry>, String> = if tree.files.is_empty() {
            let unsigned = |entry: &&&OpenEntry| {
                entry.gap.reason != GapReason::Signature
                    && !self.documents.contains(&entry.gap.name)
            };
            Ok(self.files.iter().filter(unsigned).copied().collect())
        } else {
            tree.files
                .iter()
                .map(|name| {
                    let path = PathClaim::path(name);
                    let place = path.and_then(|path| self.named(&path.whole()));
                    place
                        .and_then(|place| self.files.get(place).copied())
                        .ok_or_else(|| bonafide_bom::excerpt(name, 200))
                })
                .collect()
        };
        let measured = match files {
            Ok(files) if tree.files.is_empty() => self
                .trees
                .borrow_mut()
                .entry(tree.rule)
                .or_insert_with(|| tree_digest(tree.rule, &files))
                .clone(),
            Ok(files) => tree_digest(tree.rule, &files),
            // A tree of data may be elsewhere.
            Err(_) if tree.expectation == Expectation::MayBeHere => return TreePresence::Elsewhere,
            Err(name) => Err(format!("`{name}` is not here")),
        };
        match measured {
            Err(reason) => TreePresence::NotComputed { reason },
            Ok(measured) if measured == *expected => TreePresence::Equal { digest: measured },
            // Of a dataset or a base model that lists no files: another tree.
            Ok(_) if tree.files.is_empty() && tree.expectation == Expectation::MayBeHere => {
                TreePresence::Elsewhere
            }
            Ok(measured) => TreePresence::Differs {
                expected: *expected,
                measured,
            },
        }
    }
}

/// The digest of files by a rule.
fn tree_digest(rule: TreeRule, files: &[&OpenEntry]) -> Result<Digest, String> {
    let mut rows = Vec::with_capacity(files.len());
    for file in files {
        let name = &file.gap.name;
        let path = str::from_utf8(name.as_bytes())
            .map_err(|_| format!("the name `{name}` is not UTF-8"))?;
        let digest = file
            .digests
            .iter()
            .find(|digest| digest.algorithm() == Algorithm::Sha256)
            .ok_or_else(|| format!("`{name}` could not be read"))?;
        rows.push((path, *digest, file.size.unwrap_or_default()));
    }
    rows.sort_unstable();
    match rule {
        TreeRule::AibomTree => {
            let rows: Vec<serde_json::Value> = rows
                .into_iter()
                .map(|(path, digest, size)| {
                    serde_json::json!({"path": path, "sha256": digest.hex(), "size": size})
                })
                .collect();
            let mut text = serde_json::Value::Array(rows).to_string();
            text.push('\n');
            Ok(bonafide_hash::digest_bytes(
                Algorithm::Sha256,
                text.as_bytes(),
            ))
        }
        TreeRule::OmsRoot => {
            let resources = rows
                .into_iter()
                .filter(|(path, ..)| always_excluded(path.as_bytes()).is_none())
                .map(|(path, digest, _)| Unsigned {
                    path: path.to_owned(),
                    range: None,
                    digest,
                })
                .collect();
            let manifest = Manifest::new(
                String::new(),
                Serialization::Files,
                Algorithm::Sha256,
                Vec::new(),
                resources,
            );
            manifest
                .map(|manifest| manifest.root())
                .map_err(|error| error.to_string())
        }
    }
}
