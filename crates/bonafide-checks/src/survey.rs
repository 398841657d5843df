//! How manifests and tree fit together: where each signed resource is found,
//! what has to be hashed for it, and which files nobody signed.
//!
//! Made before anything is hashed, because it decides what is. Only manifests
//! of trusted signers take part.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use bonafide_attest::Content;
use bonafide_attest::oms::{OmsManifest, Resource, ResourceName, Serialization, always_excluded};
use bonafide_core::{Algorithm, ArtifactName, Digest, NameError, RawName, Subtrees};
use bonafide_hash::{Entry, EntryKind, Job, LinkEnd, ReadFailure, Tree, TreeKind};

use crate::attachment::{self, Attachment};
use crate::facts::SignatureFacts;

/// All bindings of one artifact, and the hashing that they need.
#[derive(Debug, Default)]
pub struct Survey {
    /// One for each signature that is verified, in the order of the signatures.
    pub bindings: Vec<Binding>,
    /// One for each verified statement or blob signature, once [`Survey::settle`] has run.
    pub attachments: Vec<Attachment>,
    /// OMS root digests of the artifact, once [`Survey::settle`] has run: of each verified
    /// manifest that holds, and of the files as they are if they are hashed whole.
    pub roots: Vec<Digest>,
    /// What has to be hashed; shared between bindings. Whoever measures takes it out.
    pub jobs: Vec<Job>,
    /// Indices in `jobs` of whole files that are hashed to be found by their digest.
    pub(crate) whole_files: Vec<usize>,
    /// Every entry but directories, by name; what all attachments share.
    pub(crate) open: Vec<OpenEntry>,
}

/// An entry of the tree, and what is measured of it.
#[derive(Debug)]
pub(crate) struct OpenEntry {
    /// As if nothing covered it.
    pub(crate) gap: Arc<Gap>,
    /// Bytes of a regular file; none for anything else.
    pub(crate) size: Option<u64>,
    /// Index of the job that hashes it whole; [`Survey::settle`] finds it.
    pub(crate) job: Option<usize>,
    /// Its digests, once known.
    pub(crate) digests: Vec<Digest>,
}

/// One verified manifest, laid over the tree.
#[derive(Debug)]
pub struct Binding {
    /// Index of the signature in [`crate::Facts::signatures`].
    pub signature: usize,
    /// Every resource of the manifest, in its order.
    pub resources: Vec<BoundResource>,
    /// Files and links of the tree that the manifest does not cover.
    pub gaps: Vec<Arc<Gap>>,
    /// Number of files of the tree that it covers.
    pub covered: u64,
    /// OMS root digest, if it is a manifest.
    pub root: Option<Digest>,
}

/// A signed file or shard, and where it is.
#[derive(Debug)]
pub struct BoundResource {
    /// The signed name (without the range of a shard).
    pub name: RawName,
    /// Bytes of the file, for shards.
    pub range: Option<Range<u64>>,
    /// The signed digest; none when its hash is too weak to be computed.
    pub digest: Option<Digest>,
    /// Where it was found.
    pub place: Place,
}

/// Where a signed resource was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In this file; `job` is the index in [`Survey::jobs`], absent without a usable digest.
    Found {
        /// Index of the hashing job.
        job: Option<usize>,
        /// The file, after a link that the signer allowed.
        file: RawName,
    },
    /// The file does not have the bytes that were signed: its size shows it.
    WrongSize {
        /// Bytes that the signed shards reach to.
        signed: u64,
        /// Bytes that the file has.
        size: u64,
    },
    /// It is not there.
    Missing(Absence),
    /// It is a link that leaves the root; nothing was read.
    Escapes,
    /// It cannot be looked up under that name.
    Unsafe(NameError),
    /// It is there, but could not be read.
    Unreadable(ReadFailure),
}

/// Why a signed file is missing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Absence {
    /// Nothing has the name.
    #[error("it is signed, but is not there")]
    NoEntry,
    /// A directory has the name.
    #[error("it is signed as a file, but is a directory here")]
    Directory,
    /// A fifo, socket or device has the name.
    #[error("it is signed as a file, but is not a regular file here")]
    Special,
    /// A link has the name, and the signer did not follow links.
    #[error("it is signed as a file, but is a symbolic link here")]
    Link,
    /// A blob was signed that none of the files is.
    #[error("no file has the digest that it signs")]
    NoDigest,
    /// A link has the name and leads to no file.
    #[error("it is a symbolic link that leads to no file")]
    DeadLink,
    /// The signature is over a single file, the target a directory of several.
    #[error(
        "the signature is over a single file, but the target is a directory with {files} files"
    )]
    SingleFile {
        /// Files in the directory, signature files not counted.
        files: usize,
    },
}

/// An entry that a manifest does not cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The entry.
    pub name: RawName,
    /// Why.
    pub reason: GapReason,
}

/// Why a manifest does not cover an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GapReason {
    /// It is a signature file that is verified.
    #[error("signature file")]
    Signature,
    /// It carries its own signature, which leaves these properties out.
    #[error("its own signature leaves out `{}`", .0.join("`, `"))]
    PartlySigned(Vec<String>),
    /// It is a link to a directory, which no signature reaches through.
    #[error("symbolic link to a directory")]
    DirectoryLink,
    /// It was found as a signature file, but proves nothing: it may hold anything.
    #[error("signature file that is not verified")]
    UnverifiedSignature,
    /// It is no regular file, nor a link to one; checks of their own speak of it.
    #[error("not a regular file")]
    NotAFile,
    /// OMS never signs it.
    #[error("the format leaves out `{0}`")]
    Format(&'static str),
    /// The signer chose to leave it out.
    #[error("the signer leaves out `{0}`")]
    Signer(ArtifactName),
    /// Shards have no digest for an empty file.
    #[error("empty, and shards do not cover empty files")]
    EmptyUnderShards,
    /// Nobody mentions it.
    #[error("not listed")]
    Unlisted,
}

impl Survey {
    /// Lays every verified manifest over the tree.
    #[must_use]
    ///
    /// Files are also hashed with the algorithms in `also`.
    pub fn of(tree: &Tree, signatures: &[SignatureFacts], also: &[Algorithm]) -> Self {
        let mut planner = Planner {
            tree,
            signature_files: signature_files(signatures),
            jobs: Vec::new(),
            index: HashMap::new(),
        };
        let bindings = signatures
            .iter()
            .enumerate()
            .filter_map(|(index, facts)| Some((index, facts.manifest()?)))
            .map(|(index, manifest)| planner.bind(index, manifest))
            .collect();
        let mut wanted: Vec<Algorithm> = signatures
            .iter()
            .filter_map(|facts| Some((facts, facts.verified()?.get())))
            .flat_map(|(facts, content)| attachment::digests(facts, content))
            .map(|digest| digest.algorithm())
            .chain(also.iter().copied())
            .collect();
        wanted.sort();
        wanted.dedup();
        let whole_files = planner.whole_files(&wanted);
        let (gaps, _) = planner.gaps(None, &HashSet::new());
        let open = gaps
            .into_iter()
            .map(|gap| OpenEntry {
                size: match tree.entry(gap.name.as_bytes()).map(|entry| &entry.kind) {
                    Some(EntryKind::File { size, .. }) => Some(*size),
                    _ => None,
                },
                gap,
                job: None,
                digests: Vec::new(),
            })
            .collect();
        Self {
            bindings,
            attachments: Vec::new(),
            roots: Vec::new(),
            jobs: planner.jobs,
            whole_files,
            open,
        }
    }

    /// What the signature with the widest cover leaves uncovered; signature files
    /// that are verified do not count.
    ///
    /// One signature has to cover everything. Were the covers of several added up,
    /// a file could be brought in from another artifact of the same signer,
    /// together with its signature.
    pub(crate) fn uncovered(&self) -> Vec<&Gap> {
        let relevant = |binding: &'_ Binding| {
            let gaps = binding.gaps.iter();
            gaps.filter(|gap| gap.reason != GapReason::Signature)
                .count()
        };
        let widest = self.bindings.iter().min_by_key(|binding| relevant(binding));
        widest
            .into_iter()
            .flat_map(|binding| &binding.gaps)
            .map(AsRef::as_ref)
            .filter(|gap| gap.reason != GapReason::Signature)
            .collect()
    }
}

/// Names of signature files in the tree, and what they are: a file that holds several
/// is a verified signature only if all of them are.
fn signature_files(signatures: &[SignatureFacts]) -> HashMap<RawName, GapReason> {
    let mut files = HashMap::new();
    for signature in signatures {
        let Some(name) = &signature.inside else {
            continue;
        };
        let reason = match signature.verified().map(|verified| verified.get()) {
            None => GapReason::UnverifiedSignature,
            // It holds what nobody whom we trust has signed.
            Some(_) if signature.examination.strangers > 0 => GapReason::UnverifiedSignature,
            // A file of the artifact like any other: that its own signature holds does not
            // say that it belongs here.
            Some(Content::Document(_)) => continue,
            Some(_) => GapReason::Signature,
        };
        let known = files.entry(name.clone()).or_insert(GapReason::Signature);
        if *known == GapReason::Signature {
            *known = reason;
        }
    }
    files
}

/// A file and the bytes of it that are to be hashed.
type JobKey = (RawName, Option<(u64, u64)>);

struct Planner<'a> {
    tree: &'a Tree,
    /// Names of signature files in the tree, and what they are.
    signature_files: HashMap<RawName, GapReason>,
    jobs: Vec<Job>,
    index: HashMap<JobKey, usize>,
}

impl Planner<'_> {
    fn bind(&mut self, signature: usize, manifest: &OmsManifest) -> Binding {
        let ends = shard_ends(manifest);
        let the_file = self.the_file();
        let mut listed: HashSet<RawName> = HashSet::with_capacity(manifest.resources.len());
        let mut resources = Vec::with_capacity(manifest.resources.len());
        for resource in &manifest.resources {
            let (name, place) = self.locate(resource, manifest, &ends, &the_file);
            listed.insert(name.clone());
            resources.push(BoundResource {
                name,
                range: resource.range.clone(),
                digest: resource.digest,
                place,
            });
        }
        let (gaps, covered) = self.gaps(Some(manifest), &listed);
        Binding {
            signature,
            resources,
            gaps,
            covered,
            root: Some(manifest.root),
        }
    }

    /// Jobs that hash every regular file with the algorithms of subjects.
    fn whole_files(&mut self, algorithms: &[Algorithm]) -> Vec<usize> {
        if algorithms.is_empty() {
            return Vec::new();
        }
        let files: Vec<RawName> = self
            .tree
            .entries()
            .iter()
            .filter(|entry| matches!(entry.kind, EntryKind::File { .. }))
            .map(|entry| entry.name.clone())
            .collect();
        files
            .into_iter()
            .map(|file| {
                algorithms
                    .iter()
                    .fold(0, |_, algorithm| self.job(&file, None, *algorithm))
            })
            .collect()
    }

    /// The name under which a resource is looked up, and what is there.
    fn locate(
        &mut self,
        resource: &Resource,
        manifest: &OmsManifest,
        ends: &HashMap<RawName, u64>,
        the_file: &Result<RawName, Absence>,
    ) -> (RawName, Place) {
        let name = match &resource.name {
            ResourceName::File { raw, parsed } => match parsed {
                Ok(_) => raw.clone(),
                Err(error) => return (raw.clone(), Place::Unsafe(error.clone())),
            },
            ResourceName::TheFile => match the_file {
                Ok(name) => name.clone(),
                Err(absence) => return (resource.name.raw(), Place::Missing(absence.clone())),
            },
        };
        let place = match self.file_behind(&name, manifest.allow_symlinks) {
            Err(place) => place,
            Ok((file, size)) => match ends.get(&resource.name.raw()) {
                Some(&signed) if signed != size => Place::WrongSize { signed, size },
                _ => Place::Found {
                    job: resource
                        .digest
                        .map(|digest| self.job(&file, resource.range.clone(), digest.algorithm())),
                    file,
                },
            },
        };
        (name, place)
    }

    /// The one file of a single-file model: the target itself, or the only file
    /// beside the signature in a directory.
    fn the_file(&self) -> Result<RawName, Absence> {
        let files: Vec<&Entry> = self
            .tree
            .entries()
            .iter()
            .filter(|entry| !matches!(entry.kind, EntryKind::Directory))
            .filter(|entry| {
                self.tree.kind() == TreeKind::File || !self.is_verified_signature(entry)
            })
            .collect();
        match files.as_slice() {
            [only] => Ok(only.name.clone()),
            [] => Err(Absence::NoEntry),
            files => Err(Absence::SingleFile { files: files.len() }),
        }
    }

    /// The regular file that a signed name stands for, with its size.
    fn file_behind(&self, name: &RawName, links: bool) -> Result<(RawName, u64), Place> {
        let missing = |absence| Err(Place::Missing(absence));
        match self.tree.entry(name.as_bytes()).map(|entry| &entry.kind) {
            None => missing(Absence::NoEntry),
            Some(EntryKind::File { size, .. }) => Ok((name.clone(), *size)),
            Some(EntryKind::Directory) => missing(Absence::Directory),
            Some(EntryKind::Special(_)) => missing(Absence::Special),
            Some(EntryKind::Unreadable(failure)) => Err(Place::Unreadable(failure.clone())),
            Some(EntryKind::Link { leads_to, .. }) => match leads_to {
                LinkEnd::Outside => Err(Place::Escapes),
                _ if !links => missing(Absence::Link),
                // OMS v1.0 §6.1.1: the signer followed links, so the verifier does,
                // inside the root and to files only.
                LinkEnd::File(target) => self.file_behind(target, false),
                _ => missing(Absence::DeadLink),
            },
        }
    }

    fn job(&mut self, file: &RawName, range: Option<Range<u64>>, algorithm: Algorithm) -> usize {
        let key = (
            file.clone(),
            range.as_ref().map(|range| (range.start, range.end)),
        );
        let next = self.jobs.len();
        let index = *self.index.entry(key).or_insert(next);
        if index == next {
            self.jobs.push(Job {
                name: file.clone(),
                range,
                algorithms: Vec::new(),
            });
        }
        if let Some(job) = self.jobs.get_mut(index)
            && !job.algorithms.contains(&algorithm)
        {
            job.algorithms.push(algorithm);
        }
        index
    }

    fn is_verified_signature(&self, entry: &Entry) -> bool {
        matches!(entry.kind, EntryKind::File { .. })
            && self.signature_files.get(&entry.name) == Some(&GapReason::Signature)
    }

    /// Every entry but directories that the manifest does not list, and the number
    /// of files that it does.
    fn gaps(
        &self,
        manifest: Option<&OmsManifest>,
        listed: &HashSet<RawName>,
    ) -> (Vec<Arc<Gap>>, u64) {
        let excluded = manifest.map_or(&[][..], |manifest| manifest.excluded.as_slice());
        let by_signer = Subtrees::new(excluded.iter().cloned());
        let mut gaps = Vec::new();
        let mut covered = 0;
        for entry in self.tree.entries() {
            let is_file = match &entry.kind {
                EntryKind::Directory => continue,
                EntryKind::File { .. } => true,
                EntryKind::Link { leads_to, .. } => matches!(leads_to, LinkEnd::File(_)),
                EntryKind::Special(_) | EntryKind::Unreadable(_) => false,
            };
            if listed.contains(&entry.name) {
                covered += u64::from(is_file);
                continue;
            }
            let reason = if is_file {
                self.reason(entry, manifest, &by_signer)
            } else if matches!(
                &entry.kind,
                EntryKind::Link {
                    leads_to: LinkEnd::Directory(_),
                    ..
                }
            ) {
                GapReason::DirectoryLink
            } else {
                GapReason::NotAFile
            };
            gaps.push(Arc::new(Gap {
                name: entry.name.clone(),
                reason,
            }));
        }
        (gaps, covered)
    }

    /// Why a file is not covered.
    fn reason(
        &self,
        entry: &Entry,
        manifest: Option<&OmsManifest>,
        by_signer: &Subtrees,
    ) -> GapReason {
        let name = entry.name.as_bytes();
        if self.is_verified_signature(entry) {
            GapReason::Signature
        } else if let Some(reason) = self
            .signature_files
            .get(&entry.name)
            .filter(|reason| **reason != GapReason::Signature)
        {
            reason.clone()
        } else if let Some(known) = manifest.and_then(|_| always_excluded(name)) {
            GapReason::Format(known)
        } else if let Some(excluded) = by_signer.containing(name) {
            GapReason::Signer(excluded.clone())
        } else if manifest
            .is_some_and(|manifest| matches!(manifest.serialization, Serialization::Shards { .. }))
            && matches!(entry.kind, EntryKind::File { size: 0, .. })
        {
            GapReason::EmptyUnderShards
        } else {
            GapReason::Unlisted
        }
    }
}

/// How far the signed shards of each file reach.
fn shard_ends(manifest: &OmsManifest) -> HashMap<RawName, u64> {
    let mut ends = HashMap::new();
    for resource in &manifest.resources {
        if let Some(range) = &resource.range {
            let end = ends.entry(resource.name.raw()).or_insert(0);
            *end = range.end.max(*end);
        }
    }
    ends
}
