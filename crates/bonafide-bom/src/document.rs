//! One way in for every format.

use std::fmt;

use bonafide_core::{Claimed, Severity};

use crate::croissant::{self, Croissant, CroissantError, Gravity, Recognition};
use crate::grammar::{self, SpecVersion, Specification, SpecificationError};
use crate::json::{AdmissionError, Node, Pointer, Position, admit, locate};
use crate::listing::Listing;
use crate::semantics::{self, Circumstances, Defect};
use crate::spdx::{self, Sources, SpdxDefect, SpdxError};
use crate::view::Bom;
use crate::xml::{self, XmlError};

/// The format of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// CycloneDX in JSON.
    CycloneDxJson(SpecVersion),
    /// CycloneDX in XML.
    CycloneDxXml(SpecVersion),
    /// SPDX 3.0.1 in JSON-LD.
    Spdx3,
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CycloneDxJson(version) => write!(formatter, "CycloneDX {version}, JSON"),
            Self::CycloneDxXml(version) => write!(formatter, "CycloneDX {version}, XML"),
            Self::Spdx3 => formatter.write_str("SPDX 3.0.1, JSON-LD"),
        }
    }
}

/// A bill of materials that could be read: valid or not.
#[derive(Debug)]
pub struct Document<'a> {
    /// Its format.
    pub format: Format,
    /// Rules of the format that it does not keep, in the order of the document.
    pub violations: Vec<RuleViolation>,
    /// What it claims; a claim all the more if it is not valid.
    pub bom: Claimed<Bom<'a>>,
    /// Defects that are seen in the tree, before the view takes it.
    unresolved: Vec<Defect>,
    /// Of SPDX: where parts of the view come from, and what cannot be right in it.
    spdx: Option<(Sources, Vec<SpdxDefect>)>,
    bytes: &'a [u8],
}

/// A rule of its format that a document does not keep.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RuleViolation {
    /// Where, as a JSON Pointer (or the path of an XML element), fit to print.
    pub path: String,
    /// Where, in the text.
    pub position: Position,
    /// What was expected.
    pub expected: String,
    /// What is there.
    pub found: String,
}

/// Any document about an artifact.
#[derive(Debug)]
pub enum Described<'a> {
    /// A bill of materials.
    Bom(Box<Document<'a>>),
    /// Metadata of a dataset.
    Croissant(Box<Croissant<'a>>),
}

/// Why a document says nothing to us.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Not JSON that everybody reads alike.
    #[error(transparent)]
    Json(#[from] AdmissionError),
    /// Its bytes could not be had.
    #[error("{reason}")]
    Unreadable {
        /// What happened.
        reason: String,
    },
    /// Not XML of a version that we read.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// SPDX that we do not read.
    #[error(transparent)]
    Spdx(#[from] SpdxError),
    /// A version that we do not read.
    #[error(transparent)]
    Specification(#[from] SpecificationError),
    /// Not Croissant.
    #[error(transparent)]
    Croissant(#[from] CroissantError),
}

/// Something in a document that cannot be right, whatever it is about.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Contradiction {
    /// Stable name of the rule.
    pub rule: &'static str,
    /// How much harm it can do.
    #[serde(serialize_with = "word")]
    pub severity: Severity,
    /// Where, as a JSON Pointer, fit to print.
    pub pointer: String,
    /// Where, in the text.
    pub position: Position,
    /// One sentence.
    pub message: String,
}

fn word<S: serde::Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(severity)
}

/// Reads a document of at most `limit` bytes, of whatever format it is.
///
/// # Errors
///
/// [`ReadError`] if it cannot be read in one way only, or is none of the formats that are
/// known. A document that breaks rules of its format is read.
pub fn read(bytes: &[u8], limit: usize) -> Result<Described<'_>, ReadError> {
    if bytes.trim_ascii_start().starts_with(b"<") || bytes.starts_with(b"\xef\xbb\xbf<") {
        return read_xml(bytes, limit).map(|document| Described::Bom(Box::new(document)));
    }
    let root = admit(bytes, limit)?;
    match croissant::recognise(&root) {
        Recognition::Croissant(_) => {
            let dataset = croissant::read(root)?;
            return Ok(Described::Croissant(Box::new(dataset)));
        }
        Recognition::Dataset | Recognition::Other => {}
    }
    if spdx::recognise(&root).is_some() {
        let document = read_spdx(root, bytes)?;
        return Ok(Described::Bom(Box::new(document)));
    }
    let Specification::CycloneDx(version) = grammar::specification(&root)?;
    let violations = grammar::validate(&root, version);
    let positions = locate(bytes, violations.iter().map(|violation| &violation.pointer));
    let violations = violations
        .iter()
        .zip(positions)
        .map(|(violation, position)| RuleViolation {
            path: violation.pointer.to_string(),
            position,
            expected: violation.expected.to_string(),
            found: violation.found.clone(),
        })
        .collect();
    let document = Document::new(Format::CycloneDxJson(version), violations, root, bytes);
    Ok(Described::Bom(Box::new(document)))
}

fn read_spdx<'a>(root: Node<'a>, bytes: &'a [u8]) -> Result<Document<'a>, SpdxError> {
    let document = spdx::read(root)?;
    let violations = &document.violations;
    let positions = locate(bytes, violations.iter().map(|violation| &violation.pointer));
    let violations = violations
        .iter()
        .zip(positions)
        .map(|(violation, position)| RuleViolation {
            path: violation.pointer.to_string(),
            position,
            expected: violation.expected.to_string(),
            found: violation.found.clone(),
        })
        .collect();
    Ok(Document {
        format: Format::Spdx3,
        violations,
        bom: Claimed::by_document(document.bom),
        unresolved: Vec::new(),
        spdx: Some((document.sources, document.defects)),
        bytes,
    })
}

fn read_xml(bytes: &[u8], limit: usize) -> Result<Document<'_>, ReadError> {
    let document = xml::read(bytes, limit)?;
    let mut violations: Vec<RuleViolation> = document
        .violations
        .iter()
        .map(|violation| RuleViolation {
            path: violation.path.clone(),
            position: violation.position,
            expected: violation.expected.to_string(),
            found: violation.found.clone(),
        })
        .collect();
    if let (true, Some(last)) = (document.unlisted_violations > 0, violations.last().cloned()) {
        violations.push(RuleViolation {
            expected: "fewer violations".to_owned(),
            found: format!("{} more", document.unlisted_violations),
            ..last
        });
    }
    let format = Format::CycloneDxXml(document.version);
    Ok(Document::new(format, violations, document.root, bytes))
}

/// Whether bytes look like a document of any format that is read here, without reading
/// all of them: what a file is that was found by its name.
#[must_use]
pub fn looks_like_one(bytes: &[u8]) -> bool {
    const WORDS: [&[u8]; 6] = [
        b"bomFormat",
        b"specFormat",
        b"cyclonedx.org/schema/bom",
        b"spdx.org/rdf",
        b"spdxVersion",
        b"mlcommons.org/croissant",
    ];
    WORDS
        .iter()
        .any(|word| bytes.windows(word.len()).any(|window| window == *word))
}

impl<'a> Document<'a> {
    fn new(
        format: Format,
        violations: Vec<RuleViolation>,
        root: Node<'a>,
        bytes: &'a [u8],
    ) -> Self {
        Self {
            format,
            violations,
            unresolved: semantics::unresolved(&root),
            bom: Claimed::by_document(Bom::of(root)),
            spdx: None,
            bytes,
        }
    }

    /// The bytes that it was read from.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// What in it cannot be right, in the order of the text.
    #[must_use]
    pub fn contradictions(&self, circumstances: &Circumstances) -> Vec<Contradiction> {
        let of_view = semantics::contradictions(self.bom.get(), circumstances);
        let all = || self.unresolved.iter().chain(&of_view);
        let positions = self.locate(all().map(|defect| &defect.pointer));
        let mut found: Vec<Contradiction> = all()
            .zip(positions)
            .map(|(defect, position)| Contradiction {
                rule: defect.kind.slug(),
                severity: defect.kind.severity(),
                position,
                pointer: defect.pointer.to_string(),
                message: defect.kind.to_string(),
            })
            .collect();
        if let Some((_, defects)) = &self.spdx {
            let positions = locate(self.bytes, defects.iter().map(|defect| &defect.pointer));
            found.extend(
                defects
                    .iter()
                    .zip(positions)
                    .map(|(defect, position)| Contradiction {
                        rule: defect.kind.slug(),
                        severity: defect.kind.severity(),
                        position,
                        pointer: defect.pointer.to_string(),
                        message: defect.kind.to_string(),
                    }),
            );
        }
        found.sort_by(|one, other| (one.position, one.rule).cmp(&(other.position, other.rule)));
        found
    }

    /// Where in the text pointers lead.
    #[must_use]
    pub fn locate<'p>(&self, pointers: impl IntoIterator<Item = &'p Pointer>) -> Vec<Position> {
        match self.format {
            Format::CycloneDxJson(_) => locate(self.bytes, pointers),
            Format::Spdx3 => {
                let of_view = |pointer: &Pointer| match &self.spdx {
                    Some((sources, _)) => sources.of(pointer),
                    None => pointer.clone(),
                };
                let pointers: Vec<Pointer> = pointers.into_iter().map(of_view).collect();
                locate(self.bytes, &pointers)
            }
            Format::CycloneDxXml(_) => xml::locate(self.bytes, pointers)
                .into_iter()
                .map(|position| position.unwrap_or(Position { line: 1, column: 1 }))
                .collect(),
        }
    }
}

impl Described<'_> {
    /// What the document is, in a few words.
    #[must_use]
    pub fn format(&self) -> String {
        match self {
            Self::Bom(document) => document.format.to_string(),
            Self::Croissant(dataset) => format!("Croissant {}", dataset.format),
        }
    }

    /// What bytes it is about.
    #[must_use]
    pub fn listing(&self) -> Listing {
        match self {
            Self::Bom(document) => Listing::of(document.bom.get()),
            Self::Croissant(dataset) => Listing::of_dataset(dataset),
        }
    }

    /// What in it cannot be right. `bytes` are those that it was read from.
    #[must_use]
    pub fn contradictions(
        &self,
        bytes: &[u8],
        circumstances: &Circumstances,
    ) -> Vec<Contradiction> {
        match self {
            Self::Bom(document) => document.contradictions(circumstances),
            Self::Croissant(dataset) => {
                let defects = dataset.defects();
                let positions = locate(bytes, defects.iter().map(|located| &located.pointer));
                defects
                    .iter()
                    .zip(positions)
                    .map(|(located, position)| Contradiction {
                        rule: located.defect.slug(),
                        severity: match located.defect.gravity() {
                            Gravity::Note => Severity::Low,
                            Gravity::Weak => Severity::Medium,
                            Gravity::Wrong => Severity::High,
                        },
                        position,
                        pointer: located.pointer.to_string(),
                        message: located.defect.to_string(),
                    })
                    .collect()
            }
        }
    }
}
