//! Which specification a document says it follows.

use crate::excerpt;
use crate::json::Node;
use crate::version::SpecVersion;

/// A specification whose rules are known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Specification {
    /// CycloneDX.
    CycloneDx(SpecVersion),
}

/// Why the rules of a document are not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpecificationError {
    /// The document does not say that it is a CycloneDX BOM.
    #[error("not a CycloneDX BOM: {found}")]
    NotBom {
        /// What is there instead, in a few words.
        found: String,
    },
    /// A BOM that does not say of which version.
    #[error("a CycloneDX BOM without a `specVersion`")]
    NoVersion,
    /// A version before 1.3.
    #[error("CycloneDX {version} is older than 1.3, the oldest whose JSON is supported")]
    TooOld {
        /// The version.
        version: &'static str,
    },
    /// A version, or a draft of one, that is not supported.
    #[error("CycloneDX {version} is not supported; 1.3 to 1.7 are")]
    Unsupported {
        /// The version, cut and escaped.
        version: String,
    },
}

/// The specification that the document says it follows.
///
/// # Errors
///
/// [`SpecificationError`] if it names none, or one that is not supported.
pub fn specification(document: &Node<'_>) -> Result<Specification, SpecificationError> {
    let version = document.get("specVersion");
    match document.get("bomFormat").map(Node::text) {
        Some(Some("CycloneDX")) => {}
        Some(Some(other)) => {
            return Err(SpecificationError::NotBom {
                found: format!("`bomFormat` is `{}`", excerpt(other, 40)),
            });
        }
        Some(None) => {
            return Err(SpecificationError::NotBom {
                found: "`bomFormat` is not text".to_owned(),
            });
        }
        // From 2.0 on the member has another name.
        None if document.get("specFormat").and_then(Node::text) == Some("CycloneDX") => {
            return Err(SpecificationError::Unsupported {
                version: version
                    .and_then(Node::text)
                    .map_or_else(|| "2.0".to_owned(), |version| excerpt(version, 40)),
            });
        }
        None => {
            return Err(SpecificationError::NotBom {
                found: match document {
                    Node::Object(_) => "no `bomFormat`".to_owned(),
                    other => other.kind().to_owned(),
                },
            });
        }
    }
    let Some(text) = version.and_then(Node::text) else {
        return Err(SpecificationError::NoVersion);
    };
    if let Ok(version) = text.parse() {
        return Ok(Specification::CycloneDx(version));
    }
    let old = ["1.0", "1.1", "1.2"];
    Err(match old.into_iter().find(|version| *version == text) {
        Some(version) => SpecificationError::TooOld { version },
        None => SpecificationError::Unsupported {
            version: excerpt(text, 40),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::admit;

    #[test]
    fn documents_are_told_apart() {
        for (text, expected) in [
            (r#"{"bomFormat":"CycloneDX","specVersion":"1.3"}"#, "1.3"),
            (r#"{"specVersion":"1.7","bomFormat":"CycloneDX"}"#, "1.7"),
            (
                r#"{"bomFormat":"CycloneDX","specVersion":"1.2"}"#,
                "CycloneDX 1.2 is older than 1.3, the oldest whose JSON is supported",
            ),
            (
                r#"{"bomFormat":"CycloneDX","specVersion":"1.8"}"#,
                "CycloneDX 1.8 is not supported; 1.3 to 1.7 are",
            ),
            (
                r#"{"specFormat":"CycloneDX","specVersion":"2.0"}"#,
                "CycloneDX 2.0 is not supported; 1.3 to 1.7 are",
            ),
            (
                r#"{"bomFormat":"CycloneDX","specVersion":1.6}"#,
                "a CycloneDX BOM without a `specVersion`",
            ),
            (
                r#"{"bomFormat":"cyclonedx","specVersion":"1.6"}"#,
                "not a CycloneDX BOM: `bomFormat` is `cyclonedx`",
            ),
            (
                r#"{"bomFormat":null,"specFormat":"CycloneDX"}"#,
                "not a CycloneDX BOM: `bomFormat` is not text",
            ),
            (
                r#"{"specVersion":"1.6"}"#,
                "not a CycloneDX BOM: no `bomFormat`",
            ),
            ("[]", "not a CycloneDX BOM: a list"),
        ] {
            let document = admit(text.as_bytes(), 1000).unwrap();
            let found = match specification(&document) {
                Ok(Specification::CycloneDx(version)) => version.to_string(),
                Err(error) => error.to_string(),
            };
            assert_eq!(found, expected, "{text}");
        }
    }
}
