//! CycloneDX in XML, versions 1.3 to 1.7, read into the tree that JSON is read into.
//!
//! Documents are held against tables that say what the XML schemas say: order and number
//! of elements, attributes, types of text, unique `bom-ref`. The same walk maps them:
//! an attribute or element becomes the member of its name, a wrapper of repeated
//! elements a list, text with attributes an object; names and forms that differ in JSON
//! are said in the tables. `bomFormat` and `specVersion` are added; defaults of the
//! schema are not, except where an element is there and empty.
//!
//! What JSON has no place for is kept in [`XmlDocument::leftovers`]: elements and
//! attributes of other namespaces (XML signatures among them), attributes that the
//! schemas allow anywhere, text in mixed content, and what the schemas let come again
//! though JSON has it once. Not kept are comments, processing instructions, declarations
//! of namespaces and the location of schemas (`xsi:schemaLocation`).
//!
//! A dependency inside a dependency becomes an object beside it: JSON keeps them flat.
//!
//! Stricter than the schemas are: document types, more than [`MOST_ATTRIBUTES`]
//! attributes or [`MOST_DEPTH`](crate::json::MOST_DEPTH) levels, numbers of 2^53 and
//! more, `xsi:type` and `xsi:nil`, and a document inside foreign content.

mod admission;
mod automaton;
mod lexical;
mod reading;
mod simple;
mod structure;
mod tables;
mod value;
mod violation;

use roxmltree::{Document, ParsingOptions};

pub use admission::MOST_ATTRIBUTES;
pub use simple::ValueRule;
pub use violation::{End, XmlError, XmlExpectation, XmlViolation};

use crate::json::{Node, Pointer, Position};
use crate::text::excerpt;
use crate::version::SpecVersion;
use reading::Reader;
use tables::BOM;
use value::{Place, Value};

/// Most violations that are listed; more are counted.
pub const MOST_VIOLATIONS: usize = 200;

/// Most leftovers that are listed; more are counted.
pub const MOST_LEFTOVERS: usize = 10_000;

/// How the namespace of every version begins.
const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/";

/// A document, and what is wrong with it.
#[derive(Debug)]
pub struct XmlDocument<'a> {
    /// The version that its namespace names.
    pub version: SpecVersion,
    /// What the document would be in JSON. With violations, what could be made of it.
    pub root: Node<'a>,
    /// Rules that it does not keep, in the order of the text.
    pub violations: Vec<XmlViolation>,
    /// How many more there are.
    pub unlisted_violations: usize,
    /// What JSON has no place for.
    pub leftovers: Vec<Leftover<'a>>,
    /// How much more of that there is.
    pub unlisted_leftovers: usize,
}

/// Something in the document that has no place in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover<'a> {
    /// The value in the tree that it belongs to.
    pub pointer: Pointer,
    /// What it is.
    pub kind: LeftoverKind,
    /// Its namespace; empty without one.
    pub namespace: String,
    /// Its local name; empty for text.
    pub name: String,
    /// Its source text, with tags and all.
    pub text: &'a str,
    /// Where it starts.
    pub position: Position,
}

/// What has no place in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftoverKind {
    /// An element with all that is in it.
    Element,
    /// An attribute.
    Attribute,
    /// Text between elements.
    Text,
}

/// Reads a document of at most `limit` bytes.
///
/// # Errors
///
/// [`XmlError`] for everything that is not an XML document of CycloneDX 1.3 to 1.7, and
/// for what would take too much time or memory to read. A document that breaks rules of
/// its version is read: see [`XmlDocument::violations`].
pub fn read(bytes: &[u8], limit: usize) -> Result<XmlDocument<'_>, XmlError> {
    let text = admission::admit(bytes, limit)?;
    let document = parse(text)?;
    let (version, root, mut reader) = start::<Node<'_>>(text, &document)?;
    let root = reader.document(root, &BOM);
    let mut offsets: Vec<usize> = reader.violations.iter().map(|one| one.at).collect();
    offsets.extend(reader.leftovers.iter().map(|one| one.at));
    let positions = Positions::of(bytes, offsets);
    // What is missing is noticed at the end of an element, and said of its start.
    reader.violations.sort_by_key(|violation| violation.at);
    let violations = reader.violations.into_iter().map(|violation| XmlViolation {
        path: violation.path,
        position: positions.at(violation.at),
        expected: violation.expected,
        found: violation.found,
    });
    let leftovers = reader.leftovers.into_iter().map(|leftover| Leftover {
        pointer: leftover.pointer,
        kind: leftover.kind,
        namespace: leftover.namespace,
        name: leftover.name,
        text: leftover.text,
        position: positions.at(leftover.at),
    });
    Ok(XmlDocument {
        version,
        root,
        violations: violations.collect(),
        unlisted_violations: reader.unlisted_violations,
        leftovers: leftovers.collect(),
        unlisted_leftovers: reader.unlisted_leftovers,
    })
}

/// Where in the text of a document that [`read`] takes pointers into its tree lead: to
/// the start of the element or attribute that the value comes from. None where nothing is
/// there, or if the text is not such a document. The text is read once, whatever the
/// number of pointers.
#[must_use]
pub fn locate<'p>(
    bytes: &[u8],
    pointers: impl IntoIterator<Item = &'p Pointer>,
) -> Vec<Option<Position>> {
    let mut pointers = pointers.into_iter().peekable();
    if pointers.peek().is_none() {
        return Vec::new();
    }
    let places = |pointers: &mut dyn Iterator<Item = &'p Pointer>| -> Option<Vec<Option<usize>>> {
        let text = admission::admit(bytes, bytes.len()).ok()?;
        let document = parse(text).ok()?;
        let (_, root, mut reader) = start::<Place<'_>>(text, &document).ok()?;
        let root = reader.document(root, &BOM);
        Some(pointers.map(|pointer| root.find(pointer)).collect())
    };
    let places = places(&mut pointers).unwrap_or_else(|| pointers.map(|_| None).collect());
    let positions = Positions::of(bytes, places.iter().copied().flatten().collect());
    places
        .into_iter()
        .map(|place| place.map(|at| positions.at(at)))
        .collect()
}

fn parse(text: &str) -> Result<Document<'_>, XmlError> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: admission::MOST_NODES,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => XmlError::Nodes {
            limit: admission::MOST_NODES,
        },
        error => XmlError::Syntax {
            detail: excerpt(&error.to_string(), 200),
        },
    })
}

type Start<'a, 'd, V> = (SpecVersion, roxmltree::Node<'d, 'a>, Reader<'a, 'd, V>);

/// Finds out which version it is.
fn start<'a, 'd, V: Value<'a>>(
    text: &'a str,
    document: &'d Document<'a>,
) -> Result<Start<'a, 'd, V>, XmlError> {
    let root = document.root_element();
    let name = root.tag_name();
    let namespace = name.namespace().unwrap_or_default();
    let version = namespace
        .strip_prefix(NAMESPACE)
        .filter(|_| name.name() == "bom")
        .ok_or_else(|| XmlError::Root {
            name: excerpt(name.name(), 100),
            namespace: excerpt(namespace, 100),
        })?;
    let version: SpecVersion = version.parse().map_err(|_| XmlError::Version {
        version: excerpt(version, 20),
    })?;
    Ok((version, root, Reader::new(text, version, namespace)))
}

/// Lines and columns of some bytes, found in one pass.
struct Positions(Vec<(usize, Position)>);

impl Positions {
    fn of(bytes: &[u8], mut offsets: Vec<usize>) -> Self {
        offsets.sort_unstable();
        offsets.dedup();
        let mut known = Vec::with_capacity(offsets.len());
        let (mut at, mut line, mut line_start) = (0, 1, 0);
        for offset in offsets {
            for (index, byte) in bytes.iter().enumerate().take(offset).skip(at) {
                if *byte == b'\n' {
                    line += 1;
                    line_start = index + 1;
                }
            }
            at = offset;
            let column = 1 + offset - line_start;
            known.push((offset, Position { line, column }));
        }
        Self(known)
    }

    fn at(&self, offset: usize) -> Position {
        let place = self.0.binary_search_by_key(&offset, |(known, _)| *known);
        place
            .ok()
            .and_then(|place| self.0.get(place))
            .map_or(Position { line: 1, column: 1 }, |(_, position)| *position)
    }
}
