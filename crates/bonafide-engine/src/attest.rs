//! `bonafide attest`: a signed statement of any kind about the target.

use std::path::PathBuf;

use bonafide_attest::attestation::{MOST_PREDICATE_BYTES, Statement, Subject, is_envelope, sign};
use bonafide_attest::oms::Serialization;
use bonafide_core::{Algorithm, RawName};
use bonafide_hash::{TreeKind, measure};
use bonafide_source::read_document;

use crate::Work;
use crate::error::{EngineError, Product};
use crate::key_file::KeyFile;
use crate::listing;
use crate::signable::{Signable, refuse_overwriting, signable};

/// What to attest, and with what.
#[derive(Debug, Clone)]
pub struct AttestRequest {
    /// A directory, each of whose files becomes a subject, or a single file.
    pub target: PathBuf,
    /// Where the attestation will be written: no subject, if it lies in the target.
    pub output: PathBuf,
    /// The signer.
    pub private_key: KeyFile,
    /// Absolute URI that says what the predicate means.
    pub predicate_type: String,
    /// JSON object.
    pub predicate: PathBuf,
    /// What to call a single file, instead of its base name.
    pub subject_name: Option<String>,
    /// Names below the target that are no subjects, with everything below them.
    pub exclude: Vec<String>,
}

/// An attestation that is ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attested {
    /// The envelope, as JSON text.
    pub envelope: Vec<u8>,
    /// Files that it is about.
    pub subjects: usize,
    /// Files of the target that it is not about.
    pub left_out: Vec<RawName>,
}

/// Attests something about an artifact: an in-toto Statement v1 in a raw DSSE
/// envelope. Refuses what [`crate::sign`] refuses to sign.
///
/// # Errors
///
/// What [`crate::sign`] refuses; a predicate or type that cannot be used; a
/// name for a subject where the target is a directory.
pub fn attest(request: &AttestRequest, work: Work<'_>) -> Result<Attested, EngineError> {
    let budget = work.budget;
    let (output, target) = (&request.output, &request.target);
    refuse_overwriting(output, target, Product::Attestation, is_envelope, budget)?;
    let key = request.private_key.read(budget)?;
    let largest = u64::try_from(MOST_PREDICATE_BYTES).unwrap_or(u64::MAX);
    let predicate = read_document(&request.predicate, largest)?;
    let Signable { tree, listing, .. } = signable(
        &request.target,
        &request.output,
        &request.exclude,
        &request.private_key,
        budget,
    )?;
    if tree.kind() == TreeKind::Directory && request.subject_name.is_some() {
        return Err(EngineError::SubjectName);
    }
    let jobs = listing::jobs(
        &listing.files,
        Serialization::Files,
        &[Algorithm::Sha256],
        budget,
    )?;
    let subjects = measure(&tree, jobs, &work.options())?
        .iter()
        .map(|measurement| {
            let digest = listing::digest_of(measurement, 0)?;
            // A name that is not UTF-8 has been refused.
            let own = String::from_utf8_lossy(measurement.job.name.as_bytes());
            let name = request.subject_name.clone();
            let name = name.unwrap_or_else(|| own.into_owned());
            Ok(Subject { name, digest })
        })
        .collect::<Result<Vec<_>, EngineError>>()?;
    let statement = Statement::new(subjects, &request.predicate_type, &predicate)?;
    let envelope = sign(&statement, &key)?;
    let size = u64::try_from(envelope.len()).unwrap_or(u64::MAX);
    if size > budget.document_bytes {
        return Err(EngineError::AttestationSize {
            size,
            limit: budget.document_bytes,
        });
    }
    Ok(Attested {
        envelope,
        subjects: statement.subjects(),
        left_out: listing.left_out,
    })
}
