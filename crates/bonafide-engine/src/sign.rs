//! `bonafide sign`: an OMS v1.0 bundle over everything in the target.

use std::path::{Path, PathBuf};

use bonafide_attest::oms::{
    self, ALWAYS_EXCLUDED, Manifest, Serialization, SignError, SignatureMaterial,
};
use bonafide_attest::{Certificate, SigningKey, TrustError, is_bundle};
use bonafide_checks::misleading;
use bonafide_core::{Algorithm, ArtifactName, Budget, Digest, RawName, Subtrees};
use bonafide_hash::{Tree, TreeKind, measure};
use bonafide_source::{name_below, read_document};

use crate::Work;
use crate::error::{EngineError, raw};
use crate::listing;

/// What to sign, and with what.
#[derive(Debug, Clone)]
pub struct SignRequest {
    /// A directory or a single file.
    pub target: PathBuf,
    /// Where the bundle will be written: left out of the signature if it lies
    /// in the target.
    pub output: PathBuf,
    /// The signer.
    pub credentials: Credentials,
    /// The hash of the resources.
    pub algorithm: Algorithm,
    /// Bytes of a shard; none for whole files.
    pub shard_size: Option<std::num::NonZeroU64>,
    /// Names below the target that are not signed, with everything below them.
    pub exclude: Vec<String>,
}

/// Private key, and for the method `certificate` the certificates.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// Method `key`.
    Key {
        /// PEM private key.
        private_key: PathBuf,
    },
    /// Method `certificate`.
    Certificate {
        /// PEM private key.
        private_key: PathBuf,
        /// PEM certificate of that key.
        signing_certificate: PathBuf,
        /// PEM certificates above it.
        certificate_chain: Vec<PathBuf>,
    },
}

/// A signature that is ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The bundle, as JSON text.
    pub bundle: Vec<u8>,
    /// OMS root digest.
    pub root: Digest,
    /// Files or shards that are signed.
    pub resources: usize,
    /// Files of the target that are not.
    pub left_out: Vec<RawName>,
}

/// Signs an artifact. Refuses what a verifier would have to deny: links,
/// special files, names that cannot be used.
pub fn sign(request: &SignRequest, work: Work<'_>) -> Result<Signed, EngineError> {
    refuse_overwriting(&request.output, work.budget)?;
    let (key, material) = credentials(&request.credentials, work.budget)?;
    let tree = Tree::open(&request.target, work.budget)?;
    let excluded = exclusions(request, &tree)?;
    let left_out = Subtrees::new(excluded.iter().cloned());
    let listing = listing::list(&tree, &left_out)?;
    // Directories are among the names: two of them can become one as well.
    let names = tree
        .entries()
        .iter()
        .filter_map(|entry| entry.parsed.as_ref().ok());
    let signed = names.filter(|name| left_out.containing(name.as_str().as_bytes()).is_none());
    let refused = listing.unsignable.into_iter().chain(misleading(signed));
    if let Some((name, reason)) = refused.into_iter().next() {
        return Err(EngineError::Unsignable { name, reason });
    }
    refuse_private_key(request, &listing.files)?;
    let serialization = listing::serialization(request.shard_size);
    let jobs = listing::jobs(
        &listing.files,
        serialization,
        &[request.algorithm],
        work.budget,
    )?;
    let resources = measure(&tree, jobs, &work.options())?
        .iter()
        .map(|measurement| {
            let digest = listing::digest_of(measurement, 0)?;
            Ok(listing::resource(&tree, measurement, digest))
        })
        .collect::<Result<Vec<_>, EngineError>>()?;
    let recorded = ALWAYS_EXCLUDED
        .iter()
        .map(|name| (*name).to_owned())
        .chain(excluded.iter().map(|name| name.as_str().to_owned()))
        .collect();
    let manifest = Manifest::new(
        model_name(&request.target),
        serialization,
        request.algorithm,
        recorded,
        resources,
    )?;
    let mut left_out = listing.left_out;
    if matches!(serialization, Serialization::Shards { .. }) {
        let empty = listing.files.into_iter().filter(|(_, size)| *size == 0);
        left_out.extend(empty.map(|(name, _)| name));
    }
    Ok(Signed {
        bundle: oms::sign(&manifest, &key, &material)?,
        root: manifest.root(),
        resources: manifest.len(),
        left_out,
    })
}

/// What stays out beyond the format's own: what the user names, and the output.
fn exclusions(request: &SignRequest, tree: &Tree) -> Result<Vec<ArtifactName>, EngineError> {
    let mut names = Vec::with_capacity(request.exclude.len() + 1);
    for text in &request.exclude {
        let name = exclusion(text.as_bytes())?;
        if tree.entry(text.as_bytes()).is_none() {
            return Err(EngineError::Exclusion {
                name: name.to_raw(),
                reason: "nothing has this name".to_owned(),
            });
        }
        names.push(name);
    }
    if tree.kind() == TreeKind::Directory
        && let Some(output) = name_below(&request.output, &request.target)
        // The target itself is no place for the output; writing says so.
        && !output.as_bytes().is_empty()
    {
        names.push(exclusion(output.as_bytes())?);
    }
    Ok(names)
}

/// A name as OMS v1.0 §6.2.1 lets it be excluded: the verifier refuses others.
fn exclusion(text: &[u8]) -> Result<ArtifactName, EngineError> {
    let refused = |reason: String| EngineError::Exclusion {
        name: RawName::new(text),
        reason,
    };
    if text.iter().any(|byte| matches!(byte, b'*' | b'?' | b'[')) {
        return Err(refused(
            "OMS v1.0 knows no patterns, and takes `*`, `?` and `[` for one".to_owned(),
        ));
    }
    ArtifactName::parse(text).map_err(|error| refused(error.to_string()))
}

/// An older signature may be replaced; a model file or a key, never.
fn refuse_overwriting(output: &Path, budget: &Budget) -> Result<(), EngineError> {
    let is_file = output.metadata().is_ok_and(|known| known.is_file());
    if is_file {
        let known = read_document(output, budget.document_bytes)?;
        if !known.is_empty() && !is_bundle(&known) {
            return Err(EngineError::WouldOverwrite {
                path: output.to_owned(),
            });
        }
    }
    Ok(())
}

/// A private key that lies among the files would be published with them.
fn refuse_private_key(request: &SignRequest, files: &[(RawName, u64)]) -> Result<(), EngineError> {
    let (Credentials::Key { private_key } | Credentials::Certificate { private_key, .. }) =
        &request.credentials;
    match name_below(private_key, &request.target) {
        Some(name) if files.iter().any(|(file, _)| *file == name) => Err(EngineError::Unsignable {
            name,
            reason: "it is the private key".to_owned(),
        }),
        _ => Ok(()),
    }
}

/// The base name of the target as the user gave it (`.` is resolved first), which
/// the statement carries for people.
fn model_name(target: &Path) -> String {
    let resolved = target.canonicalize().ok();
    let name = target
        .file_name()
        .or_else(|| resolved.as_deref().and_then(Path::file_name));
    name.map_or_else(
        || "model".to_owned(),
        |name| raw(Path::new(name)).to_string(),
    )
}

fn credentials(
    credentials: &Credentials,
    budget: &Budget,
) -> Result<(SigningKey, SignatureMaterial), EngineError> {
    let read_key = |path: &PathBuf| {
        SigningKey::from_pem(&read_document(path, budget.document_bytes)?).map_err(|source| {
            EngineError::Key {
                path: path.clone(),
                source,
            }
        })
    };
    let read_certificates = |path: &PathBuf| {
        Certificate::from_pem(&read_document(path, budget.document_bytes)?).map_err(|error| {
            EngineError::Trust {
                path: path.clone(),
                source: TrustError::Certificate(error),
            }
        })
    };
    match credentials {
        Credentials::Key { private_key } => Ok((read_key(private_key)?, SignatureMaterial::Key)),
        Credentials::Certificate {
            private_key,
            signing_certificate,
            certificate_chain,
        } => {
            let key = read_key(private_key)?;
            let mut leaves = read_certificates(signing_certificate)?;
            let found = leaves.len();
            let (Some(leaf), 1) = (leaves.pop(), found) else {
                return Err(EngineError::CertificateCount {
                    path: signing_certificate.clone(),
                    found,
                });
            };
            let mut chain = Vec::new();
            for path in certificate_chain {
                chain.extend(read_certificates(path)?);
            }
            if leaf.public_key().map_err(SignError::Certificate)? != *key.public() {
                return Err(SignError::CertificateKeyMismatch {
                    subject: leaf.subject(),
                }
                .into());
            }
            let leaf = Box::new(leaf);
            Ok((key, SignatureMaterial::Certificate { leaf, chain }))
        }
    }
}
