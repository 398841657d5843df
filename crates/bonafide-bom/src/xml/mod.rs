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

use crate::excerpt;
use crate::grammar::SpecVersion;
use crate::json::{Node, Pointer, Position};
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
        pointer: innermost(leftover.pointer, &root),
        kind: leftover.kind,
        namespace: leftover.namespace,
        name: leftover.name,
        text: leftover.text,
        position: positions.at(leftover.at),
    });
    let leftovers = leftovers.collect();
    Ok(XmlDocument {
        version,
        root,
        violations: violations.collect(),
        unlisted_violations: reader.unlisted_violations,
        leftovers,
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

/// As far as the pointer leads: a dependency inside a dependency is not where it stood.
fn innermost(pointer: Pointer, root: &Node<'_>) -> Pointer {
    let mut pointer = pointer;
    while pointer.resolve(root).is_none() {
        let outer = pointer.as_str().rsplit_once('/');
        pointer = Pointer::from_text(outer.map_or("", |(outer, _)| outer));
    }
    pointer
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

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: usize = 1 << 26;

    fn bom(content: &str) -> String {
        format!("<bom xmlns=\"{NAMESPACE}1.6\">\n{content}\n</bom>")
    }

    fn component(content: &str) -> String {
        bom(&format!(
            "<components><component type=\"library\">{content}</component></components>"
        ))
    }

    fn json(text: &str) -> String {
        let document = read(text.as_bytes(), LIMIT).unwrap();
        assert!(document.violations.is_empty(), "{:?}", document.violations);
        serde_json::to_string(&document.root).unwrap()
    }

    /// The first violation.
    fn violation(text: &str) -> String {
        let document = read(text.as_bytes(), LIMIT).unwrap();
        document.violations.first().map_or_else(
            || panic!("no violation in {text}"),
            |violation| violation.to_string(),
        )
    }

    fn refusal(bytes: &[u8]) -> XmlError {
        read(bytes, LIMIT).unwrap_err()
    }

    #[test]
    fn names_and_forms_are_those_of_json() {
        for (content, expected) in [
            (
                "<metadata><tools><tool><name>a</name></tool></tools></metadata>",
                r#""metadata":{"tools":[{"name":"a"}]}"#,
            ),
            (
                "<metadata><tools><components/></tools></metadata>",
                r#""metadata":{"tools":{"components":[]}}"#,
            ),
            (
                r#"<dependencies><dependency ref="a"><dependency ref="b"><dependency ref="c"/></dependency>
                   <provides ref="d"/></dependency></dependencies>"#,
                r#""dependencies":[{"ref":"a","dependsOn":["b"],"provides":["d"]},{"ref":"b","dependsOn":["c"]}]"#,
            ),
            (
                r#"<compositions><composition><aggregate/><assemblies><assembly ref="a"/></assemblies>
                   </composition></compositions>"#,
                r#""compositions":[{"aggregate":"not_specified","assemblies":["a"]}]"#,
            ),
            (
                "<vulnerabilities><vulnerability><cwes><cwe>7</cwe></cwes><analysis><responses>
                 <response>update</response></responses></analysis></vulnerability></vulnerabilities>",
                r#""vulnerabilities":[{"cwes":[7],"analysis":{"response":["update"]}}]"#,
            ),
            (
                r#"<properties><property name="a">&lt;<!-- --> b</property><property name="c"/></properties>"#,
                r#""properties":[{"name":"a","value":"< b"},{"name":"c"}]"#,
            ),
        ] {
            let found = json(&bom(content));
            let expected = format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6",{expected}}}"#);
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn licences_and_data_have_their_own_forms() {
        let text = component(
            r#"<name>a</name><licenses><expression bom-ref="l">MIT</expression></licenses>
               <modified>1</modified><evidence><copyright><text>b</text></copyright></evidence>"#,
        );
        assert!(json(&text).ends_with(
            r#""components":[{"type":"library","name":"a","licenses":[{"bom-ref":"l","expression":"MIT"}],"modified":true,"evidence":{"copyright":[{"text":"b"}]}}]}"#
        ));
        let text = bom(
            r#"<services><service><name>a</name><data><dataflow name="b"><classification
               flow="inbound">PII</classification><source><url>c</url></source></dataflow></data>
               </service></services>"#,
        );
        assert!(json(&text).ends_with(
            r#""services":[{"name":"a","data":[{"name":"b","flow":"inbound","classification":"PII","source":["c"]}]}]}"#
        ));
    }

    #[test]
    fn violations_say_where_and_what() {
        for (text, expected) in [
            (
                component("<version>1</version><name>a</name>"),
                "/bom/components/component[1]: expected `supplier` or ",
            ),
            (
                component(""),
                "found the end of the element, line 2 column 13",
            ),
            (
                component("<name>a</name><scope>some</scope>"),
                "/bom/components/component[1]/scope: expected one of required, optional, excluded, found `some`",
            ),
            (
                component("<name>a<b/></name>"),
                "/name: expected text without elements, found `b`",
            ),
            (
                component("x<name>a</name>"),
                "expected no text between elements, found `x`",
            ),
            (
                bom("<metadata timestamp=\"x\"/>"),
                "/bom/metadata/@timestamp: expected no such attribute, found `timestamp`, line 2 column 11",
            ),
            (
                bom("<metadata><timestamp>2026-02-30T00:00:00Z</timestamp></metadata>"),
                "expected a date and time such as 2026-01-31T12:00:00Z, found `2026-02-30T00:00:00Z`",
            ),
            (
                bom("<dependencies><dependency/></dependencies>"),
                "/bom/dependencies/dependency[1]: expected an attribute `ref`, found none",
            ),
            (
                bom("<services><service bom-ref=\"a\"><name>a</name></service>
                     <service bom-ref=\"a\"><name>b</name></service></services>"),
                "/bom/services/service[2]/@bom-ref: expected a `bom-ref` that comes once, found `a` again, line 3",
            ),
            (
                bom(
                    "<f:a xmlns:f=\"f\"><bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"/></f:a>",
                ),
                "expected no document inside the document",
            ),
            (bom("<x xmlns=\"\"/>"), "found `x` of ``"),
            (bom("<other/>"), "/bom: expected `metadata` or "),
        ] {
            let found = violation(&text);
            assert!(found.contains(expected), "{found}");
        }
    }

    #[test]
    fn the_same_text_is_judged_by_the_version() {
        let text = component("<name>a</name>");
        let older = text.replace("1.6", "1.3");
        assert!(violation(&older).contains("expected `version`"));
        assert!(read(text.as_bytes(), LIMIT).unwrap().violations.is_empty());
    }

    #[test]
    fn what_json_has_no_place_for_is_kept_beside() {
        let text = component(
            "<name>a</name><s:Signature xmlns:s=\"urn:s\"><s:Value>b</s:Value></s:Signature>",
        )
        .replace("<components>", "<components note=\"c\">");
        let document = read(text.as_bytes(), LIMIT).unwrap();
        assert!(document.violations.is_empty());
        let [attribute, element] = document.leftovers.as_slice() else {
            panic!("{:?}", document.leftovers);
        };
        assert_eq!(attribute.kind, LeftoverKind::Attribute);
        assert_eq!(attribute.pointer.as_str(), "/components");
        assert_eq!(attribute.text, "note=\"c\"");
        assert_eq!(element.kind, LeftoverKind::Element);
        assert_eq!(
            (&*element.namespace, &*element.name),
            ("urn:s", "Signature")
        );
        assert_eq!(element.pointer.as_str(), "/components/0");
        assert!(element.text.starts_with("<s:Signature") && element.text.ends_with("Signature>"));
        assert_eq!(element.position.line, 2);
    }

    #[test]
    fn leftovers_point_into_the_tree() {
        let provider = |text: &str| {
            format!(
                "<energyConsumptions><energyConsumption>
                 <activity>training</activity><energyProviders><organization><name>a</name>{text}
                 </organization><energySource>wind</energySource><energyProvided><value>1</value>
                 <unit>kWh</unit></energyProvided></energyProviders><activityEnergyCost>
                 <value>1.5</value><unit>kWh</unit></activityEnergyCost></energyConsumption>
                 </energyConsumptions>"
            )
        };
        let text = component(&format!(
            "<name>a</name><modelCard><considerations><environmentalConsiderations>{}{}
             </environmentalConsiderations></considerations></modelCard>",
            provider(""),
            provider("<f:x xmlns:f=\"f\"/>")
        ));
        let document = read(text.as_bytes(), LIMIT).unwrap();
        assert!(document.violations.is_empty(), "{:?}", document.violations);
        assert_eq!(
            document.leftovers[0].pointer.as_str(),
            "/components/0/modelCard/considerations/environmentalConsiderations/energyConsumptions/1/energyProviders/0/organization"
        );
        let text = bom(
            r#"<dependencies><dependency ref="a"><dependency ref="b"><dependency
            ref="c" f:x="" xmlns:f="f"/></dependency></dependency></dependencies>"#,
        );
        let document = read(text.as_bytes(), LIMIT).unwrap();
        assert_eq!(
            document.leftovers[0].pointer.as_str(),
            "/dependencies/0/dependsOn/0"
        );
    }

    #[test]
    fn pointers_lead_to_elements_and_attributes() {
        let text =
            component("<name>a</name>\n<licenses><license><id>MIT</id></license></licenses>");
        let at = |pointer: &str| {
            let position = locate(text.as_bytes(), [&Pointer::from_text(pointer)])[0]?;
            Some((position.line, position.column))
        };
        assert_eq!(at(""), Some((1, 1)));
        assert_eq!(at("/components"), Some((2, 1)));
        assert_eq!(at("/components/0/type"), Some((2, 24)));
        assert_eq!(at("/components/0/name"), Some((2, 39)));
        assert_eq!(at("/components/0/licenses/0/license/id"), Some((3, 20)));
        for nowhere in [
            "/x",
            "/components/1",
            "/components/00",
            "components",
            "/components/0/name/x",
        ] {
            assert_eq!(at(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn refuses_what_is_not_such_a_document() {
        let utf16: Vec<u8> = "<bom/>".bytes().flat_map(|byte| [byte, 0]).collect();
        let latin = format!("<?xml version='1.0' encoding='ISO-8859-1'?>{}", bom(""));
        let entity = format!("<!DOCTYPE bom [<!ENTITY a \"b\">]>{}", bom("&a;"));
        for (bytes, expected) in [
            (b"".as_slice(), "not XML"),
            (b"<bom>", "not XML"),
            (b"{}", "not XML"),
            (b"<bom>\xff</bom>", "not UTF-8, line 1 column 6"),
            (&utf16, "in UTF-16"),
            (latin.as_bytes(), "in ISO-8859-1"),
            (entity.as_bytes(), "document type"),
            (b"<bom/>", "outermost element is `bom` of ``"),
            (
                b"<bom xmlns='http://cyclonedx.org/schema/bom/1.2'/>",
                "CycloneDX 1.2 in XML",
            ),
            (
                b"<bom xmlns='http://cyclonedx.org/schema/bom/2.0'/>",
                "CycloneDX 2.0 in XML",
            ),
            (
                b"<bom xmlns='http://cyclonedx.org/schema/bom/1.6' a='' a=''/>",
                "not XML",
            ),
        ] {
            let error = refusal(bytes).to_string();
            assert!(error.contains(expected), "{error}");
        }
        assert!(matches!(
            read(b"<bom/>", 5),
            Err(XmlError::Size { size: 6, limit: 5 })
        ));
        let marked = format!(
            "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>{}",
            bom("")
        );
        assert!(
            read(marked.as_bytes(), LIMIT)
                .unwrap()
                .violations
                .is_empty()
        );
    }

    #[test]
    fn hostile_shapes_end_early() {
        let deep = bom(&"<a>".repeat(1_000_000));
        assert!(matches!(refusal(deep.as_bytes()), XmlError::Depth { .. }));
        let deep = component(&"<components><component>".repeat(100_000));
        assert!(matches!(refusal(deep.as_bytes()), XmlError::Depth { .. }));
        let attributes: String = (0..1_000_000).map(|n| format!(" a{n}=''")).collect();
        let wide = bom(&format!("<a{attributes}/>"));
        assert!(matches!(
            refusal(wide.as_bytes()),
            XmlError::Attributes { .. }
        ));
        let names: String = (0..30).map(|n| format!(" xmlns:n{n}='n'")).collect();
        let scopes = bom(&format!(
            "<a{names}>{}</a>",
            "<a xmlns:m=''/>".repeat(100_000)
        ));
        assert!(matches!(
            refusal(scopes.as_bytes()),
            XmlError::Namespaces { .. }
        ));
        let equal = bom(&"=".repeat(9_000_000));
        assert!(matches!(refusal(equal.as_bytes()), XmlError::Nodes { .. }));
    }

    #[test]
    fn the_deepest_document_is_read() {
        let levels = crate::json::MOST_DEPTH / 2;
        let inner = "<components><component type=\"library\"><name>a</name>".repeat(levels - 1);
        let ends = "</component></components>".repeat(levels - 1);
        let document = bom(&format!("{inner}{ends}"));
        let document = read(document.as_bytes(), LIMIT).unwrap();
        assert!(document.violations.is_empty());
        let text = serde_json::to_string(&document.root).unwrap();
        assert!(crate::json::admit(text.as_bytes(), LIMIT).is_ok());
    }

    #[test]
    fn violations_and_leftovers_are_capped_and_counted() {
        let text = bom(&"<a/>".repeat(20_000));
        let document = read(text.as_bytes(), LIMIT).unwrap();
        assert_eq!(document.violations.len(), MOST_VIOLATIONS);
        assert_eq!(document.unlisted_violations, 20_000 - MOST_VIOLATIONS);
        assert_eq!(document.leftovers.len(), MOST_LEFTOVERS);
        assert_eq!(document.unlisted_leftovers, 20_000 - MOST_LEFTOVERS);
    }
}
