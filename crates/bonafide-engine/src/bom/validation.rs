//! `bonafide bom validate`: whether a document keeps the rules of its format, and where not.

use std::path::{Path, PathBuf};

use bonafide_bom::json::{Pointer, locate};
use bonafide_bom::semantics::Circumstances;
use bonafide_bom::{Contradiction, Described, RuleViolation, excerpt};
use bonafide_core::RawName;
use bonafide_source::read_document;
use jiff::Timestamp;
use jsonschema::{Retrieve, Uri};
use serde_json::Value;

use crate::Work;
use crate::error::{EngineError, raw};

/// Most places that a schema's errors are listed for.
const MOST: usize = 200;

/// Largest schema, in bytes.
const SCHEMA_BYTES: u64 = 16 << 20;

/// What to validate, and by what.
#[derive(Debug, Clone)]
pub struct ValidateRequest {
    /// The document.
    pub document: PathBuf,
    /// A JSON schema of the user's, in addition to the rules that are built in.
    pub schema: Option<PathBuf>,
    /// The clock by which times in the document are judged.
    pub now: Timestamp,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Validation {
    /// The document.
    pub document: RawName,
    /// Its format; none if it is none that is known.
    pub format: Option<String>,
    /// Why it cannot be read at all.
    pub unreadable: Option<String>,
    /// Rules of its format that it breaks.
    pub violations: Vec<RuleViolation>,
    /// Rules of the user's schema that it breaks; none without such a schema.
    pub schema_violations: Option<Vec<RuleViolation>>,
    /// What in it cannot be right, though the format allows it.
    pub contradictions: Vec<Contradiction>,
}

impl Validation {
    /// True if it can be read, and breaks no rule.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.unreadable.is_none()
            && self.violations.is_empty()
            && self.schema_violations.as_ref().is_none_or(Vec::is_empty)
    }
}

/// Reads a document and says what is wrong with it.
///
/// # Errors
///
/// [`EngineError`] if a file cannot be read, or the schema is none.
pub fn validate(request: &ValidateRequest, work: Work<'_>) -> Result<Validation, EngineError> {
    let bytes = read_document(&request.document, work.budget.document_bytes)?;
    let circumstances = Circumstances {
        now: request.now,
        artifact_changed: None,
    };
    let mut validation = Validation {
        document: raw(&request.document),
        format: None,
        unreadable: None,
        violations: Vec::new(),
        schema_violations: None,
        contradictions: Vec::new(),
    };
    match bonafide_bom::read(&bytes, bytes.len()) {
        Err(error) => validation.unreadable = Some(error.to_string()),
        Ok(described) => {
            validation.format = Some(described.format());
            validation.contradictions = described.contradictions(&bytes, &circumstances);
            if let Described::Bom(document) = described {
                validation.violations = document.violations;
            }
        }
    }
    if let Some(schema) = &request.schema {
        validation.schema_violations = Some(by_schema(&bytes, schema)?);
    }
    Ok(validation)
}

/// What a schema of the user's says.
fn by_schema(bytes: &[u8], path: &Path) -> Result<Vec<RuleViolation>, EngineError> {
    let unusable = |reason: String| EngineError::Schema {
        path: path.to_owned(),
        reason,
    };
    let schema = read_document(path, SCHEMA_BYTES)?;
    let schema: Value =
        serde_json::from_slice(&schema).map_err(|error| unusable(error.to_string()))?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .with_retriever(Beside(folder))
        .build(&schema)
        .map_err(|error| unusable(excerpt(&error.to_string(), 300)))?;
    let document: Value = match serde_json::from_slice(bytes) {
        Ok(document) => document,
        Err(error) => {
            return Err(unusable(format!(
                "it is for JSON, the document is not: {error}"
            )));
        }
    };
    let errors: Vec<_> = validator.iter_errors(&document).take(MOST).collect();
    let pointers: Vec<Pointer> = errors
        .iter()
        .map(|error| Pointer::from_text(error.instance_path().as_str()))
        .collect();
    let positions = locate(bytes, &pointers);
    Ok(errors
        .iter()
        .zip(pointers)
        .zip(positions)
        .map(|((error, pointer), position)| RuleViolation {
            path: pointer.to_string(),
            position,
            expected: format!(
                "what `{}` asks for",
                excerpt(&error.schema_path().to_string(), 200)
            ),
            found: excerpt(&error.to_string(), 300),
        })
        .collect())
}

/// Schemas that a schema refers to: files of the last name of the reference, in the same
/// folder. Nothing is fetched.
struct Beside(PathBuf);

impl Retrieve for Beside {
    fn retrieve(
        &self,
        uri: &Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let name = uri.path().as_str().rsplit('/').next().unwrap_or_default();
        if name.is_empty() || name == ".." || name == "." {
            return Err(format!("`{uri}` names no file").into());
        }
        let bytes = read_document(&self.0.join(name), SCHEMA_BYTES)?;
        Ok(serde_json::from_slice(&bytes)?)
    }
}
