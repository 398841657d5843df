//! XML (1.0, fifth edition), as models are written in it: PMML and OpenVINO's IR. A document
//! type declaration is where entities are defined, which read files, send requests or grow
//! without bound; no model needs one, so nothing of it is read.

mod kinds;

use bonafide_core::{Severity, ThreatId, excerpt};
use roxmltree::{Document, Error, ParsingOptions};

use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const XML: Format = Format {
    name: "xml",
    title: "XML",
    extensions: &["xml", "pmml"],
    effect: Effect::Graph,
    depth: Depth::Whole,
    probe,
    inspect,
};

pub(crate) const RULES: &[&Rule] = &[
    &DOCUMENT_TYPE,
    &EXTERNAL_TYPE,
    &kinds::CUSTOM_CODE,
    &kinds::PROGRAM,
];

const DOCUMENT_TYPE: Rule = Rule {
    slug: "xml-document-type",
    title: "XML with a document type declaration",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "Entities that it defines make a loader read files of the machine, fetch addresses, or run out of \
        memory. No format of models uses one.",
    remediation: "Do not load the file. Ask for one without the declaration.",
    threats: &[ThreatId("ART-06")],
    cwe: &[611, 776],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

const EXTERNAL_TYPE: Rule = Rule {
    slug: "xml-external-type",
    title: "XML that names a document type elsewhere",
    hazard: Hazard::Malformed,
    severity: Severity::Low,
    confidence: Confidence::Certain,
    rationale: "A careless loader fetches the type from its address. Property lists and drawings name one by \
        habit.",
    remediation: "Nothing, if the loader fetches no types; else remove the declaration.",
    threats: &[ThreatId("ART-06")],
    cwe: &[611],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

/// Most attributes of an element: they are compared with each other.
const MOST_ATTRIBUTES: usize = 1000;

/// Most declarations of namespaces in a document: each is known to all elements below it.
const MOST_NAMESPACES: usize = 1000;

/// Most elements and texts of a document.
const MOST_NODES: u32 = 8_000_000;

fn probe(probe: &Probe<'_>) -> Likeness {
    let head = probe.head;
    if matches!(head, [0xff, 0xfe, b'<', 0, ..] | [0xfe, 0xff, 0, b'<', ..]) {
        return Likeness::Possible;
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text = text.trim_ascii_start();
    let is_element = match text {
        [b'<', b'?', b'x', b'm', b'l', after, ..] => after.is_ascii_whitespace(),
        [b'<', b'!', b'D', b'O', b'C', b'T', b'Y', b'P', b'E', ..] => true,
        [b'<', b'P', b'M', b'M', b'L', after, ..] => after.is_ascii_whitespace() || *after == b'>',
        [b'<', b'n', b'e', b't', after, ..] => after.is_ascii_whitespace(),
        _ => false,
    };
    // Pages of the web are not for this reader.
    let lower: Vec<u8> = text.iter().take(64).map(u8::to_ascii_lowercase).collect();
    if is_element && !lower.starts_with(b"<!doctype html") {
        return Likeness::Possible;
    }
    Likeness::No
}

/// Where the document names one of the types that everybody knows, without defining
/// anything itself.
fn external_type(text: &str) -> Option<u64> {
    /// Beginnings of public identifiers: property lists, drawings.
    const KNOWN: [&str; 3] = [
        "-//Apple//DTD PLIST",
        "-//Apple Computer//DTD PLIST",
        "-//W3C//DTD SVG",
    ];

    let at = text.find("<!DOCTYPE")?;
    let declaration = text.get(at..)?;
    let declaration = declaration.get(..declaration.find('>')?)?;
    let (_, public) = declaration.split_once(" PUBLIC \"")?;
    let is_known = KNOWN.iter().any(|known| public.starts_with(known));
    let defines = declaration.contains('[') || text.contains("<!ENTITY");
    (is_known && !defines).then_some(at as u64)
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let bytes = visit.read_all()?;
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Stop::unsupported("XML in UTF-16"));
    }
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) if is_latin(&bytes) => {
            let what = format!(
                "XML in an encoding of single bytes (at {})",
                error.valid_up_to()
            );
            return Err(Stop::unsupported(what));
        }
        Err(error) => {
            return Err(Stop::malformed(
                error.valid_up_to() as u64,
                "the text is not UTF-8",
            ));
        }
    };
    bounded(text)?;
    visit.work(bytes.len() as u64)?;
    let external = external_type(text);
    if let Some(at) = external {
        let message = "the document names a type elsewhere, and defines nothing itself";
        visit.report(&EXTERNAL_TYPE, Some(at..at), message);
    }
    let options = ParsingOptions {
        // Without definitions of its own there is nothing that could expand.
        allow_dtd: external.is_some(),
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    let document = match Document::parse_with_options(text, options) {
        Ok(document) => document,
        Err(Error::DtdDetected) => {
            let at = memchr::memmem::find(&bytes, b"<!DOCTYPE").unwrap_or(0) as u64;
            let message = match memchr::memmem::find(&bytes, b"<!ENTITY") {
                Some(_) => "the document defines entities",
                None => "the document has a type declaration",
            };
            visit.report(&DOCUMENT_TYPE, Some(at..at), message);
            return Err(Stop::unsupported("XML with a document type declaration"));
        }
        Err(Error::NodesLimitReached) => {
            return Err(Stop::Exhausted {
                what: "nodes of a document",
                limit: u64::from(MOST_NODES),
            });
        }
        Err(error) => {
            let at = offset(text, error.pos());
            return Err(Stop::malformed(at, excerpt(&error.to_string(), 200)));
        }
    };
    kinds::analyse(visit, &document);
    visit.cover_all();
    Ok(())
}

/// True if the declaration names an encoding that is not UTF-8.
fn is_latin(bytes: &[u8]) -> bool {
    let head = bytes.get(..200).unwrap_or(bytes);
    let end = memchr::memmem::find(head, b"?>").unwrap_or(0);
    let declaration = head.get(..end).unwrap_or_default().to_ascii_lowercase();
    memchr::memmem::find(&declaration, b"encoding").is_some()
        && memchr::memmem::find(&declaration, b"utf-8").is_none()
}

/// Refuses what would cost more than its length to read.
fn bounded(text: &str) -> Result<(), Stop> {
    let bytes = text.as_bytes();
    let mut attributes = 0;
    for at in memchr::memchr3_iter(b'<', b'=', b'>', bytes) {
        match bytes.get(at) {
            Some(b'=') => attributes += 1,
            _ => attributes = 0,
        }
        if attributes > MOST_ATTRIBUTES {
            return Err(Stop::Exhausted {
                what: "attributes of an element",
                limit: MOST_ATTRIBUTES as u64,
            });
        }
    }
    if memchr::memmem::find_iter(bytes, b"xmlns")
        .nth(MOST_NAMESPACES)
        .is_some()
    {
        return Err(Stop::Exhausted {
            what: "namespaces",
            limit: MOST_NAMESPACES as u64,
        });
    }
    Ok(())
}

/// Offset of a row and column, both counted from one.
fn offset(text: &str, place: roxmltree::TextPos) -> u64 {
    let before: usize = text
        .split_inclusive('\n')
        .take((place.row as usize).saturating_sub(1))
        .map(str::len)
        .sum();
    (before as u64).saturating_add(u64::from(place.col).saturating_sub(1))
}
