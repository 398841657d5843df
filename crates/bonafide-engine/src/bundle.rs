//! One bundle against one artifact, without a policy: what the conformance suite
//! of Sigstore asks of a client (its `docs/cli_protocol.md`).

use std::path::PathBuf;

use bonafide_attest::{
    Conclusion, Content, IdentityPattern, Rejection, SigstoreRoot, TrustStore, examine,
};
use bonafide_core::{Algorithm, Digest};
use bonafide_hash::{EntryKind, Job, Tree, TreeKind, measure};
use bonafide_source::read_document;
use jiff::Timestamp;

use crate::Work;
use crate::error::EngineError;

/// What to verify with what.
#[derive(Debug, Clone)]
pub struct BundleRequest {
    /// The bundle.
    pub bundle: PathBuf,
    /// Who has to have signed.
    pub signer: BundleSigner,
    /// Which Sigstore deployment has to vouch for it.
    pub root: BundleRoot,
    /// What has to have been signed.
    pub artifact: BundleArtifact,
    /// The clock by which validity is judged.
    pub now: Timestamp,
}

/// Who has to have signed.
#[derive(Debug, Clone)]
pub enum BundleSigner {
    /// The holder of this public key (PEM).
    Key(PathBuf),
    /// This identity.
    Identity(Box<IdentityPattern>),
}

/// Which Sigstore deployment has to vouch for the signature.
#[derive(Debug, Clone)]
pub enum BundleRoot {
    /// The public-good instance, as this release embeds it.
    PublicGood,
    /// Its staging instance, likewise.
    Staging,
    /// A trusted root, or a client trust configuration.
    File(PathBuf),
}

/// What has to have been signed.
#[derive(Debug, Clone)]
pub enum BundleArtifact {
    /// The content of this file.
    File(PathBuf),
    /// Whatever has this digest.
    Digest(Digest),
}

/// Verifies one bundle. Anything but [`Conclusion::Verified`] is a refusal.
pub fn verify_bundle(request: &BundleRequest, work: Work<'_>) -> Result<Conclusion, EngineError> {
    let trust = trust(request, work)?;
    let bytes = read_document(&request.bundle, work.budget.document_bytes)?;
    let examined = examine(&bytes, &trust, request.now);
    let [examination] =
        <[_; 1]>::try_from(examined).map_err(|several| EngineError::NotOneBundle {
            path: request.bundle.clone(),
            found: several.len(),
        })?;
    let Conclusion::Verified(verified) = &examination.conclusion else {
        return Ok(examination.conclusion);
    };
    let signed = digests(verified.get());
    let is_about_it = match &request.artifact {
        BundleArtifact::Digest(digest) => signed.contains(digest),
        BundleArtifact::File(path) => {
            let tree = Tree::open(path, work.budget)?;
            if tree.kind() != TreeKind::File {
                return Err(EngineError::NotOneFile { path: path.clone() });
            }
            let mut algorithms: Vec<Algorithm> = signed.iter().map(Digest::algorithm).collect();
            algorithms.sort();
            algorithms.dedup();
            let jobs = tree
                .entries()
                .iter()
                .filter(|entry| matches!(entry.kind, EntryKind::File { .. }))
                .map(|entry| Job {
                    name: entry.name.clone(),
                    range: None,
                    algorithms: algorithms.clone(),
                })
                .collect();
            let mut is_signed = false;
            for measurement in measure(&tree, jobs, &work.options())? {
                let digests = measurement
                    .digests
                    .map_err(|failure| EngineError::Unreadable {
                        name: measurement.job.name.clone(),
                        failure,
                    })?;
                is_signed |= digests.iter().any(|digest| signed.contains(digest.get()));
            }
            is_signed
        }
    };
    if is_about_it {
        return Ok(examination.conclusion);
    }
    Ok(Conclusion::Rejected(Rejection::MessageDigest {
        detail: "it is not the digest of the artifact".to_owned(),
    }))
}

fn trust(request: &BundleRequest, work: Work<'_>) -> Result<TrustStore, EngineError> {
    let mut trust = TrustStore::new();
    trust.add_root(match &request.root {
        BundleRoot::PublicGood => {
            SigstoreRoot::embedded("public-good").map_err(EngineError::EmbeddedRoot)?
        }
        BundleRoot::Staging => SigstoreRoot::staging().map_err(EngineError::EmbeddedRoot)?,
        BundleRoot::File(path) => {
            let json = read_document(path, work.budget.document_bytes)?;
            SigstoreRoot::from_json("trusted root", &json).map_err(|source| EngineError::Trust {
                path: path.clone(),
                source: source.into(),
            })?
        }
    });
    match &request.signer {
        BundleSigner::Identity(pattern) => trust.add_identity((**pattern).clone()),
        BundleSigner::Key(path) => {
            let pem = read_document(path, work.budget.document_bytes)?;
            trust
                .add_key("key", &pem)
                .map_err(|source| EngineError::Trust {
                    path: path.clone(),
                    source,
                })?;
        }
    }
    Ok(trust)
}

/// The digests of whatever the bundle is about; for a model, its root digest.
fn digests(content: &Content) -> Vec<Digest> {
    match content {
        Content::Model(manifest) => vec![manifest.root],
        Content::Message(digest) => vec![*digest],
        // It signs itself, so it is about no other artifact.
        Content::Document(_) => Vec::new(),
        Content::Statement(statement) => statement
            .subjects
            .iter()
            .flat_map(|subject| &subject.digests)
            .filter_map(|digest| digest.known().copied())
            .collect(),
    }
}
