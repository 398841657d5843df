//! `bonafide bom diff`.

use std::path::Path;

use bonafide_bom::difference::{self, Difference};
use bonafide_bom::{Described, Document, read};
use bonafide_core::Budget;
use bonafide_source::read_document;

use crate::error::EngineError;

/// What the second document says differently, whatever the formats of the two.
///
/// # Errors
///
/// One of them cannot be read, is no bill of materials, or breaks rules of its format:
/// what such a document says cannot be told from what it does not.
pub fn difference(a: &Path, b: &Path, budget: &Budget) -> Result<Vec<Difference>, EngineError> {
    let (first, second) = (
        read_document(a, budget.document_bytes)?,
        read_document(b, budget.document_bytes)?,
    );
    let (first, second) = (valid(a, &first, budget)?, valid(b, &second, budget)?);
    Ok(difference::difference(first.bom.get(), second.bom.get()))
}

/// A bill of materials that keeps the rules of its format.
pub(super) fn valid<'a>(
    path: &Path,
    bytes: &'a [u8],
    budget: &Budget,
) -> Result<Box<Document<'a>>, EngineError> {
    let limit = usize::try_from(budget.document_bytes).unwrap_or(usize::MAX);
    let described = read(bytes, limit).map_err(|source| EngineError::Bom {
        path: path.to_owned(),
        source,
    })?;
    let Described::Bom(document) = described else {
        return Err(EngineError::NotABom {
            path: path.to_owned(),
        });
    };
    match document.violations.first() {
        None => Ok(document),
        Some(first) => Err(EngineError::InvalidBom {
            path: path.to_owned(),
            detail: format!(
                "{} ({}): {} expected, {} found",
                bonafide_bom::excerpt(&first.path, 200),
                first.position,
                first.expected,
                first.found
            ),
        }),
    }
}
