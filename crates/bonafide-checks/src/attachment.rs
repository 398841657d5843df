//! How attestations hang on the artifact: by the digests of their subjects.
//!
//! Names of subjects are for people (in-toto attestation v1, "Subject"), so every
//! regular file is hashed with the algorithms that subjects name, and what has the
//! digest is what the statement is about. Known only after hashing.

use std::collections::{HashMap, HashSet};

use bonafide_attest::Content;
use bonafide_attest::oms::{Manifest, Serialization, Unsigned, always_excluded};
use bonafide_attest::predicate::{Predicate, SubjectDigest};
use bonafide_attest::statement::Statement;
use bonafide_core::{Algorithm, Digest, RawName};
use bonafide_hash::{EntryKind, Measurement, Tree, TreeKind};

use crate::facts::SignatureFacts;
use crate::survey::{Absence, Binding, BoundResource, Gap, GapReason, Place, Survey};

/// A verified statement or blob signature, and what of the artifact it is about.
#[derive(Debug)]
pub struct Attachment {
    /// Index of the signature in [`crate::Facts::signatures`].
    pub signature: usize,
    /// Files that have the digest of a subject.
    pub files: Vec<RawName>,
    /// How many of them show that it is this artifact: all empty files have one
    /// digest, so they do only where the artifact has no others.
    pub ties: usize,
    /// The subject whose digest is the OMS root digest of the artifact. That hashes
    /// no names, so it says less than a digest of each file.
    pub root: Option<Digest>,
    /// Entries of the tree that no subject is about.
    pub gaps: Vec<Gap>,
}

impl Attachment {
    /// True when the statement is about something else.
    #[must_use]
    pub const fn is_loose(&self) -> bool {
        self.ties == 0 && self.root.is_none()
    }
}

/// Digests by which the content of a signature can be bound to files.
pub(crate) fn digests(signature: &SignatureFacts, content: &Content) -> Vec<Digest> {
    match content {
        Content::Model(_) => Vec::new(),
        Content::Message(digest) => vec![*digest],
        // It signs the file that it stands in.
        Content::Document(_) => vec![signature.digest],
        Content::Statement(statement) => statement
            .subjects
            .iter()
            .flat_map(|subject| &subject.digests)
            .filter_map(|digest| match digest {
                SubjectDigest::Known(digest) => Some(*digest),
                _ => None,
            })
            .collect(),
    }
}

/// True for what is said of the artifact by whoever made it: whose word is a
/// signature over the bytes, not an opinion on them.
#[must_use]
pub fn vouches(content: &Content) -> bool {
    match content {
        Content::Model(_) | Content::Message(_) | Content::Document(_) => true,
        Content::Statement(statement) => matches!(
            statement.predicate,
            Predicate::SlsaProvenanceV1(_) | Predicate::SlsaProvenanceV02(_)
        ),
    }
}

/// What has been measured, by digest.
struct Measured<'a> {
    tree: &'a Tree,
    files: HashMap<Digest, Vec<RawName>>,
    jobs: HashMap<RawName, usize>,
    roots: HashSet<Digest>,
}

impl Survey {
    /// Binds statements and blob signatures to what was measured: the second half of
    /// the survey, after hashing.
    pub fn settle(
        &mut self,
        tree: &Tree,
        signatures: &[SignatureFacts],
        measurements: &[Measurement],
    ) {
        let mut measured = Measured::of(self, tree, measurements);
        measured.roots = self.roots(&measured, measurements);
        for (index, signature) in signatures.iter().enumerate() {
            let Some(content) = signature.verified().map(|verified| verified.get()) else {
                continue;
            };
            if content.manifest().is_some() {
                continue;
            }
            let attachment = self.attach(index, signature, content, &measured);
            if vouches(content) {
                self.bindings
                    .extend(binding(signature, content, &attachment, &measured));
            }
            self.attachments.push(attachment);
        }
        self.roots = measured.roots.into_iter().collect();
        self.roots.sort();
    }

    fn attach(
        &self,
        index: usize,
        signature: &SignatureFacts,
        content: &Content,
        measured: &Measured<'_>,
    ) -> Attachment {
        let digests = digests(signature, content);
        let files: HashSet<&RawName> = digests
            .iter()
            .filter_map(|digest| measured.files.get(digest))
            .flatten()
            .collect();
        let root = digests
            .iter()
            .find(|digest| measured.roots.contains(digest))
            .copied();
        let left_out = match content {
            Content::Document(bom) if !bom.excludes.is_empty() => Some(&bom.excludes),
            _ => None,
        };
        let gaps = self
            .open
            .iter()
            .filter_map(|gap| match left_out {
                Some(properties) if files.contains(&gap.name) => Some(Gap {
                    name: gap.name.clone(),
                    reason: GapReason::PartlySigned(properties.clone()),
                }),
                _ => (!files.contains(&gap.name)).then(|| gap.clone()),
            })
            .collect();
        let ties = match content {
            // It was put beside its blob, and is about that one whatever it holds.
            Content::Message(_) => files.len(),
            _ => measured.ties(&files),
        };
        let mut files: Vec<RawName> = files.into_iter().cloned().collect();
        files.sort();
        Attachment {
            signature: index,
            files,
            ties,
            root,
            gaps,
        }
    }

    /// Every file that was hashed whole, with its digests, and those that could not
    /// be read; for lists that name files by digest.
    pub fn hashed<'a>(
        &'a self,
        measurements: &'a [Measurement],
    ) -> impl Iterator<Item = &'a Measurement> {
        self.whole_files
            .iter()
            .filter_map(|job| measurements.get(*job))
    }

    /// OMS root digests of the artifact: of each verified manifest that holds, and of
    /// the files as they are.
    fn roots(&self, measured: &Measured<'_>, measurements: &[Measurement]) -> HashSet<Digest> {
        let mut roots: HashSet<Digest> = self
            .bindings
            .iter()
            .filter(|binding| holds(binding, measurements))
            .filter_map(|binding| binding.root)
            .collect();
        if measured.tree.kind() != TreeKind::Directory {
            return roots;
        }
        let skipped: HashSet<&RawName> = self
            .open
            .iter()
            .filter(|gap| gap.reason == GapReason::Signature)
            .map(|gap| &gap.name)
            .collect();
        // What has no digest would be missing from the root without a trace.
        let nameless = self
            .open
            .iter()
            .any(|gap| matches!(gap.reason, GapReason::NotAFile | GapReason::DirectoryLink));
        if nameless {
            return roots;
        }
        let resources = measured
            .files
            .iter()
            .filter(|(digest, _)| digest.algorithm() == Algorithm::Sha256)
            .flat_map(|(digest, names)| names.iter().map(move |name| (digest, name)))
            .filter(|(_, name)| {
                !skipped.contains(name) && always_excluded(name.as_bytes()).is_none()
            })
            .filter_map(|(digest, name)| {
                Some(Unsigned {
                    path: String::from_utf8(name.as_bytes().to_vec()).ok()?,
                    range: None,
                    digest: *digest,
                })
            })
            .collect();
        if let Ok(manifest) = Manifest::new(
            String::new(),
            Serialization::Files,
            Algorithm::Sha256,
            Vec::new(),
            resources,
        ) {
            roots.insert(manifest.root());
            roots.extend(manifest.root_by_component());
        }
        roots
    }
}

impl<'a> Measured<'a> {
    fn of(survey: &Survey, tree: &'a Tree, measurements: &[Measurement]) -> Self {
        let mut files: HashMap<Digest, Vec<RawName>> = HashMap::new();
        let mut jobs = HashMap::new();
        for &job in &survey.whole_files {
            let Some(measurement) = measurements.get(job) else {
                continue;
            };
            jobs.insert(measurement.job.name.clone(), job);
            // What could not be read has no digest, so nothing is bound to it.
            for digest in measurement.digests.iter().flatten() {
                files
                    .entry(*digest.get())
                    .or_default()
                    .push(measurement.job.name.clone());
            }
        }
        Self {
            tree,
            files,
            jobs,
            roots: HashSet::new(),
        }
    }

    /// How many of the files cannot be mistaken for those of another artifact.
    fn ties(&self, files: &HashSet<&RawName>) -> usize {
        let full: HashSet<&RawName> = self
            .tree
            .entries()
            .iter()
            .filter(|entry| matches!(entry.kind, EntryKind::File { size: 1.., .. }))
            .map(|entry| &entry.name)
            .collect();
        if full.is_empty() {
            files.len()
        } else {
            files.intersection(&full).count()
        }
    }
}

/// True when every file of a manifest is there with the bytes that were signed.
pub(crate) fn holds(binding: &Binding, measurements: &[Measurement]) -> bool {
    binding.resources.iter().all(|resource| {
        let (Place::Found { job: Some(job), .. }, Some(expected)) =
            (&resource.place, resource.digest)
        else {
            return false;
        };
        measurements
            .get(*job)
            .and_then(|measurement| measurement.digests.as_ref().ok())
            .is_some_and(|digests| digests.iter().any(|digest| *digest.get() == expected))
    })
}

/// What a signature over files by their digests covers.
fn binding(
    signature: &SignatureFacts,
    content: &Content,
    attachment: &Attachment,
    measured: &Measured<'_>,
) -> Option<Binding> {
    if let Content::Statement(statement) = content
        && measured.tree.kind() == TreeKind::Directory
    {
        return (!attachment.files.is_empty())
            .then(|| binding_by_name(statement, attachment, measured));
    }
    let expected = digests(signature, content);
    let mut resources: Vec<BoundResource> = attachment
        .files
        .iter()
        .map(|name| BoundResource {
            name: name.clone(),
            range: None,
            digest: expected
                .iter()
                .find(|digest| {
                    measured
                        .files
                        .get(digest)
                        .is_some_and(|names| names.contains(name))
                })
                .copied(),
            place: Place::Found {
                job: measured.jobs.get(name).copied(),
                file: name.clone(),
            },
        })
        .collect();
    let mut gaps = attachment.gaps.clone();
    if resources.is_empty() {
        // A statement about something else binds nothing. A blob signature was put
        // beside one file: if not that file, then none has the signed bytes.
        let Content::Message(digest) = content else {
            return None;
        };
        let name = blob(signature, measured);
        gaps.retain(|gap| Some(&gap.name) != name.as_ref());
        let place = match &name {
            Some(name) => Place::Found {
                job: measured.jobs.get(name).copied(),
                file: name.clone(),
            },
            None => Place::Missing(Absence::NoDigest),
        };
        resources.push(BoundResource {
            name: name.unwrap_or_else(|| signature.source.clone()),
            range: None,
            digest: Some(*digest),
            place,
        });
    }
    Some(Binding {
        signature: attachment.signature,
        covered: covered(attachment),
        resources,
        gaps,
        root: None,
    })
}

/// What a statement covers of a directory when it stands in for a manifest. There
/// names count as well: without them files could trade places, or go missing.
fn binding_by_name(
    statement: &Statement,
    attachment: &Attachment,
    measured: &Measured<'_>,
) -> Binding {
    let mut listed = HashSet::new();
    let mut resources = Vec::new();
    for subject in &statement.subjects {
        let digest = subject.digests.iter().find_map(SubjectDigest::known);
        let (Some(name), Some(digest)) = (&subject.name, digest) else {
            continue;
        };
        listed.insert(name.clone());
        resources.push(BoundResource {
            name: name.clone(),
            range: None,
            digest: Some(*digest),
            place: match measured.jobs.get(name) {
                Some(job) => Place::Found {
                    job: Some(*job),
                    file: name.clone(),
                },
                None => Place::Missing(Absence::NoEntry),
            },
        });
    }
    let by_digest: HashSet<&RawName> = attachment.files.iter().collect();
    let nameless = by_digest.iter().filter(|name| !listed.contains(**name));
    let gaps = attachment
        .gaps
        .iter()
        .filter(|gap| !listed.contains(&gap.name))
        .cloned()
        .chain(nameless.map(|name| Gap {
            name: (*name).clone(),
            reason: GapReason::Unlisted,
        }))
        .collect();
    let covered = resources
        .iter()
        .filter(|resource| by_digest.contains(&resource.name))
        .count();
    Binding {
        signature: attachment.signature,
        covered: u64::try_from(covered).unwrap_or(u64::MAX),
        resources,
        gaps,
        root: None,
    }
}

/// Number of files that it covers wholly.
pub(crate) fn covered(attachment: &Attachment) -> u64 {
    let partly = attachment
        .gaps
        .iter()
        .filter(|gap| matches!(gap.reason, GapReason::PartlySigned(_)))
        .count();
    u64::try_from(attachment.files.len().saturating_sub(partly)).unwrap_or(u64::MAX)
}

/// Endings that a signature file adds to the name of its blob.
const ENDINGS: [&str; 4] = [".sigstore.json", ".sigstore", ".sig", ".intoto.json"];

/// The file that a blob signature was put beside.
fn blob(signature: &SignatureFacts, measured: &Measured<'_>) -> Option<RawName> {
    if measured.tree.kind() == TreeKind::File {
        let mut entries = measured.tree.entries().iter();
        let file = entries.find(|entry| matches!(entry.kind, EntryKind::File { .. }))?;
        return Some(file.name.clone());
    }
    let inside = signature.inside.as_ref()?.as_bytes();
    ENDINGS
        .iter()
        .filter_map(|ending| inside.strip_suffix(ending.as_bytes()))
        .find_map(|stem| {
            let entry = measured.tree.entry(stem)?;
            matches!(entry.kind, EntryKind::File { .. }).then(|| entry.name.clone())
        })
}
