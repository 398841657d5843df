//! How attestations hang on the artifact: by the digests of their subjects.
//!
//! Names of subjects are for people (in-toto attestation v1, "Subject"), so every
//! regular file is hashed with the algorithms that subjects name, and what has the
//! digest is what the statement is about. Known only after hashing.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bonafide_attest::Content;
use bonafide_attest::oms::{Manifest, Serialization, Unsigned, always_excluded};
use bonafide_attest::predicate::{Predicate, SubjectDigest};
use bonafide_attest::statement::Statement;
use bonafide_core::{Algorithm, Digest, RawName};
use bonafide_hash::{Measurement, Tree, TreeKind};

use crate::facts::SignatureFacts;
use crate::survey::{Absence, Binding, BoundResource, Gap, GapReason, OpenEntry, Place, Survey};

/// A verified statement or blob signature, and what of the artifact it is about.
#[derive(Debug)]
pub struct Attachment {
    /// Index of the signature in [`crate::Facts::signatures`].
    pub signature: usize,
    /// How many files have the digest of a subject.
    pub files: usize,
    /// How many of them show that it is this artifact: all empty files have one
    /// digest, so they do only where the artifact has no others.
    pub ties: usize,
    /// The subject whose digest is the OMS root digest of the artifact. That hashes
    /// no names, so it says less than a digest of each file.
    pub root: Option<Digest>,
    /// Digests of subjects. Names are not kept: all files may have one digest, and
    /// many attestations may be about all of them.
    digests: HashSet<Digest>,
    /// Properties of its own file that the signature leaves out.
    left_out: Vec<String>,
}

impl Attachment {
    /// True when the statement is about something else.
    #[must_use]
    pub const fn is_loose(&self) -> bool {
        self.ties == 0 && self.root.is_none()
    }

    /// Entries of the tree that no subject is about, in the order of the tree. Worked
    /// out anew each time, from what all attachments share.
    pub fn gaps<'a>(&'a self, survey: &'a Survey) -> impl Iterator<Item = Arc<Gap>> + 'a {
        survey.open.iter().filter_map(|entry| {
            if self.is_about(entry) {
                self.left_out_of(entry)
            } else {
                Some(Arc::clone(&entry.gap))
            }
        })
    }

    /// What remains of a file that it is about.
    fn left_out_of(&self, entry: &OpenEntry) -> Option<Arc<Gap>> {
        (!self.left_out.is_empty()).then(|| {
            Arc::new(Gap {
                name: entry.gap.name.clone(),
                reason: GapReason::PartlySigned(self.left_out.clone()),
            })
        })
    }

    fn is_about(&self, entry: &OpenEntry) -> bool {
        self.digest_of(entry).is_some()
    }

    /// The digest of a subject that the file has.
    fn digest_of(&self, entry: &OpenEntry) -> Option<Digest> {
        entry
            .digests
            .iter()
            .find(|digest| self.digests.contains(digest))
            .copied()
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

impl Survey {
    /// Binds statements and blob signatures to what was measured: the second half of
    /// the survey, after hashing.
    pub fn settle(
        &mut self,
        tree: &Tree,
        signatures: &[SignatureFacts],
        measurements: &[Measurement],
    ) {
        self.note_digests(measurements);
        let roots = self.roots(tree, measurements);
        for (index, signature) in signatures.iter().enumerate() {
            let Some(content) = signature.verified().map(|verified| verified.get()) else {
                continue;
            };
            if content.manifest().is_some() {
                continue;
            }
            let attachment = self.attach(index, signature, content, &roots);
            if vouches(content) {
                let binding = self.binding(tree, signature, content, &attachment);
                self.bindings.extend(binding);
            }
            self.attachments.push(attachment);
        }
        self.roots = roots.into_iter().collect();
        self.roots.sort();
    }

    /// Keeps the digests of the files with their entries.
    fn note_digests(&mut self, measurements: &[Measurement]) {
        let jobs: HashMap<&RawName, usize> = self
            .whole_files
            .iter()
            .filter_map(|&job| Some((&measurements.get(job)?.job.name, job)))
            .collect();
        for entry in &mut self.open {
            entry.job = jobs.get(&entry.gap.name).copied();
            entry.digests = entry
                .job
                .and_then(|job| measurements.get(job))
                // What could not be read has no digest, so nothing is bound to it.
                .and_then(|measurement| measurement.digests.as_ref().ok())
                .map(|digests| digests.iter().map(|digest| *digest.get()).collect())
                .unwrap_or_default();
        }
    }

    fn attach(
        &self,
        index: usize,
        signature: &SignatureFacts,
        content: &Content,
        roots: &HashSet<Digest>,
    ) -> Attachment {
        let digests = digests(signature, content);
        let root = digests
            .iter()
            .find(|digest| roots.contains(digest))
            .copied();
        let mut attachment = Attachment {
            signature: index,
            files: 0,
            ties: 0,
            root,
            digests: digests.into_iter().collect(),
            left_out: match content {
                Content::Document(bom) => bom.excludes.clone(),
                _ => Vec::new(),
            },
        };
        let about = self.open.iter().filter(|entry| attachment.is_about(entry));
        let (files, full) = about.fold((0, 0), |(files, full), entry| {
            (files + 1, full + usize::from(entry.has_bytes()))
        });
        let all_empty = !self.open.iter().any(OpenEntry::has_bytes);
        attachment.files = files;
        attachment.ties = match content {
            // It was put beside its blob, and is about that one whatever it holds.
            Content::Message(_) => files,
            _ if all_empty => files,
            _ => full,
        };
        attachment
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
    fn roots(&self, tree: &Tree, measurements: &[Measurement]) -> HashSet<Digest> {
        let mut roots: HashSet<Digest> = self
            .bindings
            .iter()
            .filter(|binding| holds(binding, measurements))
            .filter_map(|binding| binding.root)
            .collect();
        if tree.kind() == TreeKind::Directory
            && let Some(manifest) = self.manifest_as_it_is()
        {
            roots.insert(manifest.root());
            roots.extend(manifest.root_by_component());
        }
        roots
    }

    /// OMS root digest (SHA-256) of the files as they are, whatever anybody signed; once
    /// [`Survey::settle`] has run and if every file was hashed.
    #[must_use]
    pub fn root_as_it_is(&self) -> Option<Digest> {
        self.manifest_as_it_is().map(|manifest| manifest.root())
    }

    /// True if [`Survey::root_as_it_is`] tells whether this file is there and what it holds.
    #[must_use]
    pub fn is_in_root(&self, name: &RawName) -> bool {
        let position = self
            .open
            .binary_search_by(|entry| entry.gap.name.as_bytes().cmp(name.as_bytes()));
        let signature = position
            .ok()
            .and_then(|position| self.open.get(position))
            .is_some_and(|entry| entry.gap.reason == GapReason::Signature);
        !signature && always_excluded(name.as_bytes()).is_none()
    }

    /// What a signer of the files as they are would sign. None when there is anything
    /// that such a manifest cannot name: a link, a fifo, a file that could not be read
    /// or whose name is not UTF-8 would be missing from its root without a trace.
    fn manifest_as_it_is(&self) -> Option<Manifest> {
        let mut resources = Vec::new();
        for entry in &self.open {
            entry.size?;
            let digest = entry
                .digests
                .iter()
                .find(|digest| digest.algorithm() == Algorithm::Sha256)?;
            let name = &entry.gap.name;
            let path = str::from_utf8(name.as_bytes()).ok()?;
            let is_left_out = entry.gap.reason == GapReason::Signature
                || always_excluded(name.as_bytes()).is_some();
            if !is_left_out {
                resources.push(Unsigned {
                    path: path.to_owned(),
                    range: None,
                    digest: *digest,
                });
            }
        }
        Manifest::new(
            String::new(),
            Serialization::Files,
            Algorithm::Sha256,
            Vec::new(),
            resources,
        )
        .ok()
    }

    /// The entry of a regular file.
    fn file(&self, name: &[u8]) -> Option<&OpenEntry> {
        let position = self
            .open
            .binary_search_by(|entry| entry.gap.name.as_bytes().cmp(name))
            .ok()?;
        self.open.get(position).filter(|entry| entry.size.is_some())
    }

    /// What a signature by digest covers: a statement about a directory many files, any
    /// other one.
    fn binding(
        &self,
        tree: &Tree,
        signature: &SignatureFacts,
        content: &Content,
        attachment: &Attachment,
    ) -> Option<Binding> {
        if let Content::Statement(statement) = content
            && tree.kind() == TreeKind::Directory
        {
            return (attachment.files > 0).then(|| self.binding_by_name(statement, attachment));
        }
        self.binding_of_one(tree, signature, content, attachment)
    }

    /// What a signature over the bytes of one file covers. No copy of them under another
    /// name is meant: it is the file that the signature was put beside or stands in, if
    /// that has the bytes.
    fn binding_of_one(
        &self,
        tree: &Tree,
        signature: &SignatureFacts,
        content: &Content,
        attachment: &Attachment,
    ) -> Option<Binding> {
        let own = match content {
            Content::Message(_) => self.blob(tree, signature),
            _ => signature
                .inside
                .as_ref()
                .and_then(|name| self.file(name.as_bytes())),
        };
        // Where it lies beside a file, it is that file which has to be the signed one.
        let about = match own {
            Some(entry) => Some(entry).filter(|entry| attachment.is_about(entry)),
            None => self.open.iter().find(|entry| attachment.is_about(entry)),
        };
        let (entry, resource) = match (about, own, content) {
            (Some(entry), ..) => (Some(entry), entry.bound(attachment.digest_of(entry)?)),
            // No file has the signed bytes, not even the one beside it.
            (None, Some(entry), Content::Message(digest)) => (Some(entry), entry.bound(*digest)),
            (None, None, Content::Message(digest)) => (
                None,
                BoundResource {
                    name: signature.source.clone(),
                    range: None,
                    digest: Some(*digest),
                    place: Place::Missing(Absence::NoDigest),
                },
            ),
            // A statement about something else binds nothing.
            _ => return None,
        };
        let name = entry.map(|entry| &entry.gap.name);
        let gaps: Vec<Arc<Gap>> = self
            .open
            .iter()
            .filter_map(|open| {
                if Some(&open.gap.name) == name {
                    attachment.left_out_of(open)
                } else {
                    Some(Arc::clone(&open.gap))
                }
            })
            .collect();
        Some(Binding {
            signature: attachment.signature,
            // What is signed in part is not covered.
            covered: u64::from(about.is_some() && attachment.left_out.is_empty()),
            resources: vec![resource],
            gaps,
            root: None,
        })
    }

    /// What a statement covers of a directory when it stands in for a manifest. There
    /// names count as well: without them files could trade places, or go missing.
    fn binding_by_name(&self, statement: &Statement, attachment: &Attachment) -> Binding {
        let mut listed = HashSet::new();
        let mut covered = HashSet::new();
        let mut resources = Vec::new();
        for subject in &statement.subjects {
            let Some(name) = &subject.name else {
                continue;
            };
            listed.insert(name);
            let entry = self.file(name.as_bytes());
            let known: Vec<Digest> = subject
                .digests
                .iter()
                .filter_map(|digest| digest.known().copied())
                .collect();
            let fits =
                |entry: &OpenEntry| known.iter().all(|digest| entry.digests.contains(digest));
            if !known.is_empty() && entry.is_some_and(fits) {
                covered.insert(name);
            }
            // All that it says of the file has to be true; of one whose digests are all
            // too weak nothing is known.
            let digests = if known.is_empty() {
                vec![None]
            } else {
                known.into_iter().map(Some).collect()
            };
            resources.extend(digests.into_iter().map(|digest| BoundResource {
                name: name.clone(),
                range: None,
                digest,
                place: match entry {
                    Some(entry) => Place::Found {
                        job: entry.job,
                        file: name.clone(),
                    },
                    None => Place::Missing(Absence::NoEntry),
                },
            }));
        }
        let gaps = self
            .open
            .iter()
            .filter(|entry| !listed.contains(&entry.gap.name))
            .map(|entry| Arc::clone(&entry.gap))
            .collect();
        Binding {
            signature: attachment.signature,
            covered: u64::try_from(covered.len()).unwrap_or(u64::MAX),
            resources,
            gaps,
            root: None,
        }
    }

    /// The file that a blob signature was put beside.
    fn blob(&self, tree: &Tree, signature: &SignatureFacts) -> Option<&OpenEntry> {
        if tree.kind() == TreeKind::File {
            return self.open.iter().find(|entry| entry.size.is_some());
        }
        let inside = signature.inside.as_ref()?.as_bytes();
        ENDINGS
            .iter()
            .filter_map(|ending| inside.strip_suffix(ending.as_bytes()))
            .find_map(|stem| self.file(stem))
    }
}

impl OpenEntry {
    fn has_bytes(&self) -> bool {
        self.size.is_some_and(|size| size > 0)
    }

    /// The file as one that was signed with this digest.
    fn bound(&self, digest: Digest) -> BoundResource {
        BoundResource {
            name: self.gap.name.clone(),
            range: None,
            digest: Some(digest),
            place: Place::Found {
                job: self.job,
                file: self.gap.name.clone(),
            },
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

/// Endings that a signature file adds to the name of its blob.
const ENDINGS: [&str; 4] = [".sigstore.json", ".sigstore", ".sig", ".intoto.json"];

#[cfg(test)]
mod tests;
