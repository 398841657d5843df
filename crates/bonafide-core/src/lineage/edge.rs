//! One link of the graph, what each source says of it, and what that is worth.

use std::collections::BTreeSet;

use serde::{Serialize, Serializer};

use super::node::none;
use super::{EdgeIndex, NodeIndex, Relation, RevisionPin, escaped, escaped_option};
use crate::{Digest, Measured, RawName};

/// Most pieces of evidence of one kind that an edge keeps.
const KEPT: usize = 16;

/// What is known of an edge. The order is that of precedence: where sources
/// disagree, the last one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EdgeGrade {
    /// There is a link, and nobody says enough about it to be held to it.
    Unknown,
    /// A document says so.
    Claimed,
    /// A verified signer says so, of the very bytes of the parent that were measured.
    Proven,
    /// Something that is known does not go with it.
    Contradicted,
}

impl EdgeGrade {
    /// `unknown`, `claimed`, `proven` or `contradicted`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Claimed => "claimed",
            Self::Proven => "proven",
            Self::Contradicted => "contradicted",
        }
    }
}

/// What a statement with a verified signature says about a child and one of its materials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedMaterial {
    /// Digest of the statement's subject.
    pub subject: Digest,
    /// Digest of the material, as the statement gives it.
    pub material: Digest,
    /// Who signed; verified.
    pub signer: String,
    /// Which statement, for example its predicate type.
    pub statement: String,
}

/// Why a signed statement does not prove an edge.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// The material is something else.
    #[error("the statement names the material {stated}, the parent is {measured}")]
    OtherMaterial {
        /// What the statement says.
        stated: Digest,
        /// What was measured.
        measured: Digest,
    },
    /// Nobody signed it.
    #[error("the statement has no signer")]
    NoSigner,
}

/// The proof of an edge: a signed statement whose material is what we measured.
///
/// Its fields are private and [`MaterialProof::new`] compares the digests, so
/// that no claim becomes a proof by mistake. [`super::Lineage::add_edge`] holds
/// it against the digests of both ends once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct MaterialProof {
    subject: Digest,
    material: Digest,
    #[serde(serialize_with = "escaped")]
    signer: String,
    #[serde(serialize_with = "escaped")]
    statement: String,
}

impl MaterialProof {
    /// Holds the material of a verified statement against the parent's bytes.
    pub fn new(signed: SignedMaterial, parent: &Measured<Digest>) -> Result<Self, ProofError> {
        let measured = *parent.get();
        if signed.material != measured {
            return Err(ProofError::OtherMaterial {
                stated: signed.material,
                measured,
            });
        }
        if signed.signer.trim().is_empty() {
            return Err(ProofError::NoSigner);
        }
        Ok(Self {
            subject: signed.subject,
            material: signed.material,
            signer: signed.signer,
            statement: signed.statement,
        })
    }

    /// Digest of the child, as the statement names its subject.
    #[must_use]
    pub const fn subject(&self) -> &Digest {
        &self.subject
    }

    /// Digest of the parent: stated and measured.
    #[must_use]
    pub const fn material(&self) -> &Digest {
        &self.material
    }

    /// Who signed.
    #[must_use]
    pub fn signer(&self) -> &str {
        &self.signer
    }

    /// Which statement.
    #[must_use]
    pub fn statement(&self) -> &str {
        &self.statement
    }
}

/// What a source does for an edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "testimony")]
pub enum Testimony {
    /// Proves it.
    Proof(MaterialProof),
    /// Claims it.
    Claim {
        /// Who signed the document, where somebody did and it was verified.
        #[serde(serialize_with = "escaped_option")]
        signer: Option<String>,
    },
    /// Shows that it is wrong.
    Contradiction,
    /// Speaks of it without saying what it is, or of what.
    Hint,
}

impl Testimony {
    /// The grade that it gives to an edge when nothing else is known.
    #[must_use]
    pub const fn grade(&self) -> EdgeGrade {
        match self {
            Self::Proof(_) => EdgeGrade::Proven,
            Self::Claim { .. } => EdgeGrade::Claimed,
            Self::Contradiction => EdgeGrade::Contradicted,
            Self::Hint => EdgeGrade::Unknown,
        }
    }
}

/// What one source says about one edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct EdgeEvidence {
    /// The document.
    pub source: RawName,
    /// Where in it, for example a JSON pointer.
    #[serde(serialize_with = "escaped_option")]
    pub pointer: Option<String>,
    /// What it says, or what is wrong with it, in a few words.
    #[serde(serialize_with = "escaped")]
    pub says: String,
    /// How exactly it says which version of the parent it means.
    pub pin: RevisionPin,
    /// What it does for the edge.
    #[serde(flatten)]
    pub testimony: Testimony,
}

/// A link from an artifact to one that it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineageEdge {
    child: NodeIndex,
    parent: NodeIndex,
    relation: Relation,
    grade: EdgeGrade,
    evidence: Vec<EdgeEvidence>,
    omitted: usize,
}

impl LineageEdge {
    pub(super) const fn new(child: NodeIndex, parent: NodeIndex, relation: Relation) -> Self {
        Self {
            child,
            parent,
            relation,
            grade: EdgeGrade::Unknown,
            evidence: Vec::new(),
            omitted: 0,
        }
    }

    /// Adds what a source says. The grade only rises in the order of
    /// [`EdgeGrade`], also by evidence for which there is no more room.
    pub(super) fn add(&mut self, evidence: EdgeEvidence) {
        let grade = evidence.testimony.grade();
        self.grade = self.grade.max(grade);
        if self.evidence.contains(&evidence) {
            return;
        }
        let alike = self
            .evidence
            .iter()
            .filter(|known| known.testimony.grade() == grade)
            .count();
        if alike < KEPT {
            self.evidence.push(evidence);
        } else {
            self.omitted = self.omitted.saturating_add(1);
        }
    }

    /// The artifact that comes from the other one.
    #[must_use]
    pub const fn child(&self) -> NodeIndex {
        self.child
    }

    /// The artifact that it comes from.
    #[must_use]
    pub const fn parent(&self) -> NodeIndex {
        self.parent
    }

    /// In what way.
    #[must_use]
    pub const fn relation(&self) -> Relation {
        self.relation
    }

    /// What is known of it, all sources together.
    #[must_use]
    pub const fn grade(&self) -> EdgeGrade {
        self.grade
    }

    /// What each source says, in the order in which they were read.
    #[must_use]
    pub fn evidence(&self) -> &[EdgeEvidence] {
        &self.evidence
    }

    /// Pieces of evidence that were counted and not kept.
    #[must_use]
    pub const fn omitted(&self) -> usize {
        self.omitted
    }

    /// The proofs.
    pub fn proofs(&self) -> impl Iterator<Item = &MaterialProof> {
        self.evidence
            .iter()
            .filter_map(|evidence| match &evidence.testimony {
                Testimony::Proof(proof) => Some(proof),
                _ => None,
            })
    }

    /// What speaks against it.
    pub fn contradictions(&self) -> impl Iterator<Item = &EdgeEvidence> {
        self.evidence
            .iter()
            .filter(|evidence| evidence.testimony == Testimony::Contradiction)
    }

    /// Verified signers of what proves it or, where nothing does, of what claims it.
    #[must_use]
    pub fn signers(&self) -> BTreeSet<&str> {
        let proven: BTreeSet<&str> = self.proofs().map(MaterialProof::signer).collect();
        if !proven.is_empty() {
            return proven;
        }
        self.evidence
            .iter()
            .filter_map(|evidence| match &evidence.testimony {
                Testimony::Claim { signer } => signer.as_deref(),
                _ => None,
            })
            .collect()
    }

    /// The most exact reference to the parent that any source gives.
    #[must_use]
    pub fn pin(&self) -> &RevisionPin {
        self.evidence
            .iter()
            .map(|evidence| &evidence.pin)
            .max()
            .unwrap_or(&RevisionPin::None)
    }

    /// The edge as it is printed, with its own number and the ids of its ends.
    pub(super) fn view<'edge>(
        &'edge self,
        index: EdgeIndex,
        child: &'edge str,
        parent: &'edge str,
    ) -> impl Serialize + 'edge {
        EdgeView {
            index,
            child,
            parent,
            relation: self.relation,
            grade: self.grade,
            signers: Signers(self),
            pin: self.pin(),
            evidence: &self.evidence,
            omitted: self.omitted,
        }
    }
}

struct Signers<'edge>(&'edge LineageEdge);

impl Serialize for Signers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.signers().into_iter().map(RawName::from))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct EdgeView<'edge> {
    index: EdgeIndex,
    #[serde(serialize_with = "escaped")]
    child: &'edge str,
    #[serde(serialize_with = "escaped")]
    parent: &'edge str,
    relation: Relation,
    grade: EdgeGrade,
    signers: Signers<'edge>,
    pin: &'edge RevisionPin,
    evidence: &'edge [EdgeEvidence],
    #[serde(skip_serializing_if = "none")]
    omitted: usize,
}
