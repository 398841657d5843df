//! `bonafide sign`: an OMS v1.0 bundle over everything in the target.

use std::path::{Path, PathBuf};

use bonafide_attest::oms::{
    self, ALWAYS_EXCLUDED, Conformance, Manifest, Serialization, SignError, SignatureMaterial,
};
use bonafide_attest::{Certificate, SigningKey, TrustError, is_bundle};
use bonafide_core::{Algorithm, Budget, Digest, RawName};
use bonafide_hash::measure;
use bonafide_source::read_document;

use crate::Work;
use crate::error::{EngineError, Product, raw};
use crate::key_file::KeyFile;
use crate::listing;
use crate::signable::{Signable, refuse_overwriting, signable};

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
    /// Whether keys may sign that OMS v1.0 does not register.
    pub conformance: Conformance,
}

/// Private key, and for the method `certificate` the certificates.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// Method `key`.
    Key {
        /// PEM private key.
        private_key: KeyFile,
    },
    /// Method `certificate`.
    Certificate {
        /// PEM private key.
        private_key: KeyFile,
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
    let (output, target) = (&request.output, &request.target);
    refuse_overwriting(output, target, Product::Signature, is_bundle, work.budget)?;
    let (key, material) = credentials(&request.credentials, work.budget)?;
    let (Credentials::Key { private_key } | Credentials::Certificate { private_key, .. }) =
        &request.credentials;
    let Signable {
        tree,
        excluded,
        listing,
    } = signable(
        &request.target,
        &request.output,
        &request.exclude,
        private_key,
        work.budget,
    )?;
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
        bundle: oms::sign(&manifest, &key, &material, request.conformance)?,
        root: manifest.root(),
        resources: manifest.len(),
        left_out,
    })
}

/// The base name of the target as the user gave it (`.` is resolved first), which
/// the statement carries for people.
pub(crate) fn model_name(target: &Path) -> String {
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
    let read_certificates = |path: &PathBuf| {
        Certificate::from_pem(&read_document(path, budget.document_bytes)?).map_err(|error| {
            EngineError::Trust {
                path: path.clone(),
                source: TrustError::Certificate(error),
            }
        })
    };
    match credentials {
        Credentials::Key { private_key } => Ok((private_key.read(budget)?, SignatureMaterial::Key)),
        Credentials::Certificate {
            private_key,
            signing_certificate,
            certificate_chain,
        } => {
            let key = private_key.read(budget)?;
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
