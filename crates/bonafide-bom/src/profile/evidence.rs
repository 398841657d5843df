//! What is known besides the document: what its claims are held against.
//!
//! Whoever has the artifact and the signatures fills these in. An empty list is an honest
//! answer: then no element that is about bytes is better than declared.

use crate::document::{Contradiction, Document};
use crate::json::Pointer;
use crate::model_card::{AdapterConfiguration, HubSnapshot, ModelCard, ModelConfiguration};

/// A document, and everything that is known about it.
#[derive(Debug, Clone, Copy)]
pub struct Evaluation<'e> {
    /// The document.
    pub document: &'e Document<'e>,
    /// What became of the digests of its listing
    /// ([`crate::listing::Listing::entries`] and `trees`); empty without the artifact.
    pub bytes: &'e [PartEvidence],
    /// What became of its signature.
    pub signature: &'e SignatureEvidence,
    /// All that [`Document::contradictions`] found.
    pub contradictions: &'e [Contradiction],
    /// What the artifact says about itself, if it is there.
    pub facts: Option<&'e ArtifactFacts>,
}

/// What became of one entry of the listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartEvidence {
    /// Where the entry is in the document.
    pub pointer: Pointer,
    /// What its bytes say.
    pub bytes: ByteEvidence,
}

/// What bytes say about a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ByteEvidence {
    /// They have it.
    Equal {
        /// How much that means.
        strength: DigestStrength,
    },
    /// They have another.
    Differs,
    /// They should be in the artifact, and are not.
    Missing,
    /// Nobody compared them.
    NotCompared {
        /// Why.
        reason: String,
    },
}

/// Whether somebody can make other bytes with the same digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigestStrength {
    /// Nobody can.
    Strong,
    /// MD5 and SHA-1.
    Weak,
}

/// What became of the signature of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureEvidence {
    /// It is valid and covers the whole document, and its signer is trusted.
    Verified {
        /// Who signed.
        signer: String,
    },
    /// It may be valid; whoever made it is not trusted.
    NotTrusted {
        /// Why not.
        reason: String,
    },
    /// It is wrong.
    Rejected {
        /// Why.
        reason: String,
    },
    /// There is none.
    None,
    /// Nobody looked.
    NotChecked,
}

/// What the artifact's own files say about it. They are claims as well, of somebody who
/// need not be the author of the document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ArtifactFacts {
    /// The front matter of its `README.md`.
    pub card: Option<ModelCard>,
    /// Its `config.json`.
    pub configuration: Option<ModelConfiguration>,
    /// Its `adapter_config.json`.
    pub adapter: Option<AdapterConfiguration>,
    /// The repository and commit that its folder is named after.
    pub snapshot: Option<HubSnapshot>,
}
