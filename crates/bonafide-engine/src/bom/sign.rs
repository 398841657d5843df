//! `bonafide bom sign`: a signature inside of the document (JSF).

use std::path::PathBuf;

use bonafide_attest::jsf::{self, EarlierSignature, SignatureRequest};
use bonafide_bom::{Format, looks_like_one};
use bonafide_core::Budget;
use bonafide_source::read_document;

use super::difference::valid;
use crate::error::{EngineError, Product};
use crate::key_file::KeyFile;
use crate::signable::refuse_overwriting;

/// Which document to sign, and with what.
#[derive(Debug, Clone)]
pub struct SignBomRequest {
    /// A CycloneDX document in JSON.
    pub document: PathBuf,
    /// Where the signed document will be written; it may be the same.
    pub output: PathBuf,
    /// The signer.
    pub private_key: KeyFile,
    /// A name for the key, which is signed with the document.
    pub key_id: Option<String>,
    /// What becomes of a signature that is already there.
    pub earlier: EarlierSignature,
}

/// A document that is ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBom {
    /// Its bytes.
    pub document: Vec<u8>,
}

/// Signs a document that keeps the rules of its format.
///
/// # Errors
///
/// The document is not valid CycloneDX in JSON, is signed already, or the key cannot sign;
/// something else than a document stands where the output goes.
pub fn sign(request: &SignBomRequest, budget: &Budget) -> Result<SignedBom, EngineError> {
    refuse_overwriting(
        &request.output,
        &request.document,
        Product::Bom,
        looks_like_one,
        budget,
    )?;
    let key = request.private_key.read(budget)?;
    let bytes = read_document(&request.document, budget.document_bytes)?;
    let document = valid(&request.document, &bytes, budget)?;
    if !matches!(document.format, Format::CycloneDxJson(_)) {
        return Err(EngineError::InvalidBom {
            path: request.document.clone(),
            detail: format!(
                "signatures in documents are of JSON, and this is {}",
                document.format
            ),
        });
    }
    let demand = SignatureRequest {
        key_id: request.key_id.clone(),
        earlier: request.earlier,
    };
    Ok(SignedBom {
        document: jsf::sign(&bytes, &key, &demand)?,
    })
}
