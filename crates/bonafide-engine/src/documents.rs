//! Documents about a target: found, read, held against what was measured.

use std::path::Path;

use bonafide_attest::predicate::Predicate;
use bonafide_attest::{Examination, TrustStore, examine, jsf};
use bonafide_bom::listing::Listing;
use bonafide_bom::semantics::Circumstances;
use bonafide_bom::{Described, ReadError, looks_like_one};
use bonafide_checks::{
    DocumentFacts, DocumentRole, Inventory, SignatureFacts, Survey, names_of_documents,
};
use bonafide_core::{Algorithm, Claimed, RawName};
use bonafide_hash::{Measurement, digest_bytes};
use bonafide_source::{BomOrigin, SignatureKind};
use jiff::Timestamp;

use crate::Work;
use crate::error::{EngineError, raw};
use crate::verify::VerifyRequest;

/// Digests of a document's own bytes that a signature may be over.
const OVER_DOCUMENTS: [Algorithm; 3] = [Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512];

/// A document, as its bytes were found.
pub(crate) struct DocumentSource {
    source: RawName,
    inside: Option<RawName>,
    role: DocumentRole,
    /// The bytes, or why there are none.
    bytes: Result<Vec<u8>, String>,
    /// Signatures that lie beside it.
    signatures: Vec<SignatureFacts>,
}

/// Every document that comes with the target: files, and predicates of signed statements.
pub(crate) fn collect(
    request: &VerifyRequest,
    signatures: &[SignatureFacts],
    store: &TrustStore,
    work: Work<'_>,
) -> Result<Vec<DocumentSource>, EngineError> {
    let mut sources = Vec::new();
    for file in work.boms(&request.target, &request.boms)? {
        let bytes = match (work.read_bom(&file), file.origin) {
            (Ok(bytes), BomOrigin::Found) if !looks_like_one(&bytes) => continue,
            (Ok(bytes), _) => Ok(bytes),
            (Err(error), BomOrigin::Found) => Err(error.to_string()),
            (Err(error), BomOrigin::Named) => return Err(error.into()),
        };
        let mut own = beside(&file.path, signatures, store, request.now, work)?;
        own.extend(within(&file.path, &bytes, signatures, store, request.now));
        sources.push(DocumentSource {
            source: raw(&file.path),
            inside: file.inside,
            role: if work.is_one_file(&file.path, &request.target) {
                DocumentRole::Artifact
            } else {
                DocumentRole::Description
            },
            bytes,
            signatures: own,
        });
    }
    for signature in signatures {
        let statement = signature
            .verified()
            .and_then(|verified| verified.get().statement());
        let Some(Predicate::CycloneDx(bill) | Predicate::Spdx(bill)) =
            statement.map(|statement| &statement.predicate)
        else {
            continue;
        };
        sources.push(DocumentSource {
            source: signature.source.clone(),
            inside: None,
            role: DocumentRole::Description,
            bytes: serde_json::to_vec(&bill.raw).map_err(|error| error.to_string()),
            signatures: Vec::new(),
        });
    }
    Ok(sources)
}

/// Signatures beside a document, as beside any file; those that were examined with the
/// artifact are known.
fn beside(
    path: &Path,
    known: &[SignatureFacts],
    store: &TrustStore,
    now: Timestamp,
    work: Work<'_>,
) -> Result<Vec<SignatureFacts>, EngineError> {
    let mut found = Vec::new();
    for file in work.signatures(path, &[])? {
        let source = raw(&file.path);
        let is_known = known.iter().any(|signature| signature.source == source);
        if is_known || file.kind == SignatureKind::Document {
            continue;
        }
        // It was found by its name; what cannot be read proves nothing.
        let Ok(bytes) = work.read_signature(&file) else {
            continue;
        };
        let digest = Examination::digest(&bytes);
        for examination in examine(&bytes, store, now) {
            found.push(SignatureFacts {
                source: source.clone(),
                inside: file.inside.clone(),
                digest,
                examination,
            });
        }
    }
    Ok(found)
}

/// The signature inside of a document, unless it was examined with the artifact: those of
/// documents that lie elsewhere are not.
fn within(
    path: &Path,
    bytes: &Result<Vec<u8>, String>,
    known: &[SignatureFacts],
    store: &TrustStore,
    now: Timestamp,
) -> Vec<SignatureFacts> {
    let source = raw(path);
    let is_known = known.iter().any(|signature| signature.source == source);
    let Some(bytes) = bytes
        .as_ref()
        .ok()
        .filter(|bytes| !is_known && jsf::is_signed_document(bytes))
    else {
        return Vec::new();
    };
    let digest = Examination::digest(bytes);
    examine(bytes, store, now)
        .into_iter()
        .map(|examination| SignatureFacts {
            source: source.clone(),
            inside: None,
            digest,
            examination,
        })
        .collect()
}

/// What the documents say.
pub(crate) fn describe(sources: &[DocumentSource]) -> Vec<DocumentFacts<'_>> {
    sources
        .iter()
        .map(|source| {
            let content = match &source.bytes {
                Ok(bytes) => bonafide_bom::read(bytes, bytes.len()),
                Err(reason) => Err(ReadError::Unreadable {
                    reason: reason.clone(),
                }),
            };
            let bytes = source.bytes.as_deref().unwrap_or_default();
            DocumentFacts {
                source: source.source.clone(),
                inside: source.inside.clone(),
                role: source.role,
                digest: digest_bytes(Algorithm::Sha256, bytes),
                digests: OVER_DOCUMENTS
                    .map(|algorithm| digest_bytes(algorithm, bytes))
                    .to_vec(),
                listing: content
                    .as_ref()
                    .map_or_else(|_| Listing::default(), Described::listing),
                content: content.map(Claimed::by_document),
                defects: Vec::new(),
                inventory: Inventory::default(),
                own_signatures: source.signatures.clone(),
                proofs: Vec::new(),
            }
        })
        .collect()
}

/// Holds the documents against the artifact and its signatures.
pub(crate) fn settle(
    documents: &mut [DocumentFacts<'_>],
    sources: &[DocumentSource],
    signatures: &[SignatureFacts],
    survey: &Survey,
    measurements: &[Measurement],
    now: Timestamp,
) {
    let names = names_of_documents(documents);
    let circumstances = Circumstances {
        now,
        artifact_changed: None,
    };
    for (document, source) in documents.iter_mut().zip(sources) {
        if document.describes_the_artifact() {
            document.inventory = Inventory::of(&document.listing, survey, &names);
        }
        document.find_proofs(
            signatures,
            |signature, name| survey.manifest_holds(signature, name, measurements),
            |signature| {
                let mut attachments = survey.attachments.iter();
                attachments.any(|known| known.signature == signature && !known.is_loose())
            },
        );
        let bytes = source.bytes.as_deref().unwrap_or_default();
        document.defects = document
            .described()
            .map(|described| described.contradictions(bytes, &circumstances))
            .unwrap_or_default();
    }
}
