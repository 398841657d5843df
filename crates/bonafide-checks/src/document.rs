//! Documents about the artifact, and what of them is shown to be true.

use std::collections::HashSet;

use bonafide_attest::predicate::Predicate;
use bonafide_attest::{Content, Signer, Verified};
use bonafide_bom::listing::Listing;
use bonafide_bom::{Contradiction, Described, Document, ReadError};
use bonafide_core::{Algorithm, Claimed, Digest, RawName, Subject};

use crate::facts::SignatureFacts;
use crate::inventory::{Inventory, Presence, TreePresence};
use crate::survey::{Place, Survey};

/// A document, as it was found.
#[derive(Debug)]
pub struct DocumentFacts<'a> {
    /// Where it was found, as printed.
    pub source: RawName,
    /// Its name in the tree, when it lies there.
    pub inside: Option<RawName>,
    /// Whether it is what is verified.
    pub role: DocumentRole,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// All digests of its bytes that a signature may be over.
    pub digests: Vec<Digest>,
    /// What it says, or why it says nothing.
    pub content: Result<Claimed<Described<'a>>, ReadError>,
    /// Contradictions in it.
    pub defects: Vec<Contradiction>,
    /// What it lists.
    pub listing: Listing,
    /// What it lists, held against the artifact.
    pub inventory: Inventory,
    /// Signatures that lie beside it and are over nothing else.
    pub own_signatures: Vec<SignatureFacts>,
    /// Signatures over it by those whom we trust.
    pub proofs: Vec<Proof>,
}

/// What a document is to the artifact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentRole {
    /// It describes the artifact.
    Description,
    /// It is the artifact: the bytes that it is about are not here.
    Artifact,
}

/// A signature by somebody whom we trust, over a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Where the signature was found.
    pub source: RawName,
    /// Who signed.
    pub signer: Signer,
    /// How it is over the document.
    pub way: ProofWay,
}

/// How a signature is over a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofWay {
    /// Inside of it (JSF).
    Enveloped,
    /// Over its bytes.
    Blob,
    /// One of the files of a signed manifest.
    Manifest,
    /// It is a subject of a signed statement that vouches for its subjects.
    Subject,
    /// It is the predicate of a signed statement.
    Predicate,
}

impl ProofWay {
    /// A few words for reports.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Enveloped => "signature inside of the document",
            Self::Blob => "signature over its bytes",
            Self::Manifest => "listed in a signed manifest",
            Self::Subject => "subject of signed provenance",
            Self::Predicate => "predicate of a signed statement",
        }
    }
}

impl<'a> DocumentFacts<'a> {
    /// True if what it lists can be held against the artifact.
    #[must_use]
    pub fn describes_the_artifact(&self) -> bool {
        self.role == DocumentRole::Description
    }

    /// What a finding about the document is about.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject::Document(self.source.clone())
    }

    /// The bill of materials, if it is one and could be read.
    #[must_use]
    pub fn bom(&self) -> Option<&Document<'a>> {
        match self.described()? {
            Described::Bom(document) => Some(document),
            Described::Croissant(_) => None,
        }
    }

    /// What the document says.
    #[must_use]
    pub fn described(&self) -> Option<&Described<'a>> {
        self.content.as_ref().ok().map(Claimed::get)
    }

    /// True if it is a bill of materials, or should be one and cannot be read.
    #[must_use]
    pub fn is_bom(&self) -> bool {
        match &self.content {
            Ok(described) => matches!(described.get(), Described::Bom(_)),
            Err(_) => true,
        }
    }

    /// True if anything that it lists was found in the artifact by a digest.
    #[must_use]
    pub fn is_about_the_artifact(&self) -> bool {
        self.inventory.proven().next().is_some()
            || self
                .inventory
                .trees
                .iter()
                .any(|tree| matches!(tree, TreePresence::Equal { .. }))
    }

    /// True if a digest that it gives was held against bytes, whatever came of it.
    #[must_use]
    pub fn was_compared(&self) -> bool {
        let mut presences = self.inventory.presences.iter();
        let mut trees = self.inventory.trees.iter();
        presences.any(|presence| {
            matches!(
                presence,
                Presence::Equal { .. } | Presence::Differs { .. } | Presence::Unmatched { .. }
            )
        }) || trees.any(|tree| {
            matches!(
                tree,
                TreePresence::Equal { .. } | TreePresence::Differs { .. }
            )
        })
    }

    /// Finds the signatures over the document. `holds` tells whether the file of that name
    /// has the bytes that the manifest of a signature lists.
    pub fn find_proofs(
        &mut self,
        signatures: &[SignatureFacts],
        holds: impl Fn(usize, &RawName) -> bool,
        is_bound: impl Fn(usize) -> bool,
    ) {
        let of_artifact = signatures
            .iter()
            .enumerate()
            .filter_map(|(index, signature)| {
                let verified = signature.verified()?;
                let way = self.way(index, signature, verified, &holds)?;
                // A statement about another artifact says nothing of this one.
                if way == ProofWay::Predicate && !is_bound(index) {
                    return None;
                }
                Some((signature, verified, way))
            });
        let own = self.own_signatures.iter().filter_map(|signature| {
            let verified = signature.verified()?;
            let way = match verified.get() {
                Content::Message(digest) => self.digests.contains(digest).then_some(ProofWay::Blob),
                // A manifest of this one file, and of nothing else.
                Content::Model(manifest) => match manifest.resources.as_slice() {
                    [only] if only.range.is_none() => only
                        .digest
                        .is_some_and(|digest| self.digests.contains(&digest))
                        .then_some(ProofWay::Manifest),
                    _ => None,
                },
                Content::Statement(_) => self.way(0, signature, verified, |_, _| false),
                Content::Document(_) => self.way(0, signature, verified, |_, _| false),
            }?;
            Some((signature, verified, way))
        });
        self.proofs = of_artifact
            .chain(own)
            .map(|(signature, verified, way)| Proof {
                source: signature.source.clone(),
                signer: verified.signer().clone(),
                way,
            })
            .collect();
    }

    fn way(
        &self,
        index: usize,
        signature: &SignatureFacts,
        verified: &Verified<Content>,
        holds: impl Fn(usize, &RawName) -> bool,
    ) -> Option<ProofWay> {
        match verified.get() {
            // Properties that the signature leaves out are anybody's.
            Content::Document(signed) => (self.digests.contains(&signature.digest)
                && signed.excludes.is_empty())
            .then_some(ProofWay::Enveloped),
            Content::Message(digest) => self.digests.contains(digest).then_some(ProofWay::Blob),
            Content::Model(_) => self
                .inside
                .as_ref()
                .is_some_and(|name| holds(index, name))
                .then_some(ProofWay::Manifest),
            Content::Statement(statement) => {
                // A file may hold several statements, each by somebody else.
                if let Predicate::CycloneDx(bill) | Predicate::Spdx(bill) = &statement.predicate
                    && signature.source == self.source
                    && serde_json::to_vec(&bill.raw).is_ok_and(|bytes| {
                        bonafide_hash::digest_bytes(Algorithm::Sha256, &bytes) == self.digest
                    })
                {
                    return Some(ProofWay::Predicate);
                }
                let subjects = crate::attachment::digests(signature, verified.get());
                (crate::attachment::vouches(verified.get())
                    && subjects.iter().any(|digest| self.digests.contains(digest)))
                .then_some(ProofWay::Subject)
            }
        }
    }
}

/// Names of the files of the tree that are documents: none can list itself, or the
/// others that came with it.
pub fn names_of_documents(documents: &[DocumentFacts<'_>]) -> HashSet<RawName> {
    documents
        .iter()
        .filter(|document| document.content.is_ok())
        .filter_map(|document| document.inside.clone())
        .collect()
}

impl Survey {
    /// True if the file has the bytes that the manifest of the signature lists for it.
    #[must_use]
    pub fn manifest_holds(
        &self,
        signature: usize,
        name: &RawName,
        measurements: &[bonafide_hash::Measurement],
    ) -> bool {
        let binding = self
            .bindings
            .iter()
            .find(|binding| binding.signature == signature);
        let mut resources = binding
            .into_iter()
            .flat_map(|binding| &binding.resources)
            .filter(|resource| resource.name == *name)
            .peekable();
        resources.peek().is_some()
            && resources.all(|resource| {
                let Place::Found { job: Some(job), .. } = resource.place else {
                    return false;
                };
                let measured = measurements
                    .get(job)
                    .and_then(|measurement| measurement.digests.as_ref().ok());
                measured.is_some_and(|digests| {
                    digests
                        .iter()
                        .any(|digest| Some(*digest.get()) == resource.digest)
                })
            })
    }
}
