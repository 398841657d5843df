//! What is wrong with a document, and why some cannot be read at all.

use std::fmt;

use super::MOST_ATTRIBUTES;
use super::simple::ValueRule;
use crate::json::{MOST_DEPTH, Position};

/// Why bytes are not an XML document of CycloneDX 1.3 to 1.7.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum XmlError {
    /// Larger than the reader takes.
    #[error("the document has {size} bytes, more than {limit}")]
    Size {
        /// Bytes of the document.
        size: usize,
        /// Most bytes.
        limit: usize,
    },
    /// Another encoding than UTF-8, by its first bytes or by its own word.
    #[error("the document is in {encoding}, not in UTF-8")]
    Encoding {
        /// Its name, cut to 100 characters.
        encoding: String,
    },
    /// Bytes that are no UTF-8.
    #[error("not UTF-8, {position}")]
    Utf8 {
        /// Of the first such byte.
        position: Position,
    },
    /// A document type declaration; entities could make any text of it.
    #[error("a document type declaration, {position}")]
    DocumentType {
        /// Where it starts.
        position: Position,
    },
    /// More than [`MOST_DEPTH`] elements inside each other.
    #[error("nested deeper than {MOST_DEPTH}, {position}")]
    Depth {
        /// Where the limit was passed.
        position: Position,
    },
    /// More than [`MOST_ATTRIBUTES`] attributes of one element.
    #[error("an element with more than {MOST_ATTRIBUTES} attributes, {position}")]
    Attributes {
        /// Of the element.
        position: Position,
    },
    /// So many declarations of namespaces that to look one up is slow.
    #[error("too many declarations of namespaces, {position}")]
    Namespaces {
        /// Where the limit was passed.
        position: Position,
    },
    /// More tags or texts than are read.
    #[error("more than {limit} tags, attributes or texts")]
    Nodes {
        /// Most of them.
        limit: u32,
    },
    /// Not well-formed (XML 1.0, Namespaces in XML 1.0).
    #[error("not XML: {detail}")]
    Syntax {
        /// What the parser met, with line and column.
        detail: String,
    },
    /// Another document.
    #[error("not a CycloneDX document: the outermost element is `{name}` of `{namespace}`")]
    Root {
        /// Local name of the outermost element, cut to 100 characters.
        name: String,
        /// Its namespace, cut to 100 characters; empty without one.
        namespace: String,
    },
    /// A version of CycloneDX before 1.3, or none that is known.
    #[error("CycloneDX {version} in XML is not supported; 1.3 to 1.7 are")]
    Version {
        /// The version, cut to 20 characters.
        version: String,
    },
}

impl XmlError {
    /// Where in the text, if it is known apart from the message.
    #[must_use]
    pub const fn position(&self) -> Option<Position> {
        match self {
            Self::Utf8 { position }
            | Self::DocumentType { position }
            | Self::Depth { position }
            | Self::Attributes { position }
            | Self::Namespaces { position } => Some(*position),
            _ => None,
        }
    }
}

/// A rule that the document does not keep.
#[derive(Debug, Clone)]
pub struct XmlViolation {
    /// The element or attribute, as a path of names; `[n]` counts among those of its name.
    /// For what should not be there it is the element around.
    pub path: String,
    /// Where it starts.
    pub position: Position,
    /// What should be there.
    pub expected: XmlExpectation,
    /// What is there, cut to 150 characters.
    pub found: String,
}

impl fmt::Display for XmlViolation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            position,
            expected,
            found,
        } = self;
        write!(
            formatter,
            "{path}: expected {expected}, found {found}, {position}"
        )
    }
}

/// What should have been there.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum XmlExpectation {
    /// One of these elements.
    Element {
        /// Their names, in the order of the schema.
        names: Vec<&'static str>,
        /// Whether the element around it could end instead.
        end: End,
    },
    /// Text of a certain form.
    Value(ValueRule),
    /// An attribute that must not be missing.
    Attribute {
        /// Its name.
        name: &'static str,
    },
    /// Nothing: there is no such attribute.
    NoAttribute,
    /// Nothing but elements.
    NoText,
    /// Nothing at all.
    Nothing,
    /// Nothing but text.
    NoElement,
    /// A `bom-ref` that no other element has.
    UniqueReference,
    /// No document inside a document.
    NoDocument,
}

/// Whether the element around could end here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It could.
    Allowed,
    /// Something is missing.
    TooEarly,
}

impl fmt::Display for XmlExpectation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Element { names, end } => {
                let mut choices: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
                if *end == End::Allowed {
                    choices.push("no further element".to_owned());
                }
                formatter.write_str(&choices.join(" or "))
            }
            Self::Value(rule) => fmt::Display::fmt(rule, formatter),
            Self::Attribute { name } => write!(formatter, "an attribute `{name}`"),
            Self::NoAttribute => formatter.write_str("no such attribute"),
            Self::NoText => formatter.write_str("no text between elements"),
            Self::Nothing => formatter.write_str("an empty element"),
            Self::NoElement => formatter.write_str("text without elements"),
            Self::UniqueReference => formatter.write_str("a `bom-ref` that comes once"),
            Self::NoDocument => formatter.write_str("no document inside the document"),
        }
    }
}
