//! JSON, of whatever kind: each analyser looks for what it knows, whatever the file is called.

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::json::{Document, Node, QuirkKind, Value, parse};
use crate::route::Probe;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const JSON: Format = Format {
    name: "json",
    title: "JSON",
    extensions: &["json"],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe,
    inspect,
};

pub(crate) const RULES: &[&Rule] = &[&DUPLICATE_MEMBER, &EXTENDED];

const EXTENDED: Rule = Rule {
    slug: "json-extended",
    title: "JSON with comments or commas that JSON does not have",
    hazard: Hazard::Malformed,
    severity: Severity::Low,
    confidence: Confidence::Certain,
    rationale: "Editors take it; strict readers stop there, and so do the loaders of models.",
    remediation: "Remove the comments if a loader has to read the file.",
    threats: &[ThreatId("ART-06")],
    cwe: &[436],
    cve: &[],
    atlas: &["AML.T0076"],
};

const DUPLICATE_MEMBER: Rule = Rule {
    slug: "json-duplicate-member",
    title: "Member of an object that is there twice",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "One reader takes the first, another the last: what a reviewer saw need not be what is loaded.",
    remediation: "Ask for a file without repeated members.",
    threats: &[ThreatId("ART-06"), ThreatId("ART-02")],
    cwe: &[436, 694],
    cve: &[],
    atlas: &["AML.T0076"],
};

/// Looks for what it knows in any document.
type Analyser = fn(&mut Visit<'_>, &Document<'_>);

/// Every analyser. A new one is one module and one line.
const ANALYSERS: &[Analyser] = &[
    crate::relation::shards::analyse,
    crate::relation::configuration::analyse,
    crate::keras::analyse,
    crate::boosting::analyse,
    crate::skops::analyse,
    crate::template::analyse,
    crate::tokenizer::analyse,
    super::configuration::analyse,
    super::instantiation::analyse,
    super::agent::analyse,
    super::notebook::analyse,
    super::secret::analyse,
    crate::dependency::analyse,
];

/// Shows a document to every analyser, also one that was written in another notation.
pub(crate) fn analyse(visit: &mut Visit<'_>, document: &Document<'_>) {
    for analyser in ANALYSERS {
        analyser(visit, document);
    }
}

fn probe(probe: &Probe<'_>) -> Likeness {
    let text = probe
        .head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(probe.head);
    let text = after_comments(text);
    let mut visible = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    match (visible.next(), visible.next()) {
        (Some(b'{'), Some(b'"' | b'}' | b'/')) => Likeness::Possible,
        (Some(b'['), Some(b'{' | b'[' | b'"' | b']' | b'-' | b'0'..=b'9')) => Likeness::Possible,
        _ => Likeness::No,
    }
}

/// The text after the comments that it starts with, as settings of editors have them.
fn after_comments(text: &[u8]) -> &[u8] {
    let mut rest = text.trim_ascii_start();
    loop {
        let end = if rest.starts_with(b"//") {
            memchr::memchr(b'\n', rest)
        } else if rest.starts_with(b"/*") {
            memchr::memmem::find(rest, b"*/").map(|at| at + 2)
        } else {
            return rest;
        };
        let Some(after) = end.and_then(|end| rest.get(end..)) else {
            return rest;
        };
        rest = after.trim_ascii_start();
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let bytes = visit.read_all()?;
    super::secret::scan(visit, &bytes, 0, 0);
    match parse(&bytes) {
        Ok(document) => whole(visit, &bytes, &document),
        Err(stop @ Stop::Exhausted { .. }) => Err(stop),
        Err(stop) => match plain(&bytes).map(|plain| (parse(&plain).map(|read| read.end), plain)) {
            // Only if all of it is JSON but for the comments.
            Some((Ok(end), plain)) if end == plain.len() as u64 => {
                let message = "there are comments or commas that JSON does not have";
                visit.report(&EXTENDED, None, message);
                let document = parse(&plain)?;
                whole(visit, &plain, &document)
            }
            _ => Err(stop),
        },
    }
}

fn whole(visit: &mut Visit<'_>, bytes: &[u8], document: &Document<'_>) -> Result<(), Stop> {
    quirks(visit, document, 0);
    visit.cover(0..document.end, State::Scanned);
    analyse(visit, document);
    lines(visit, bytes, document)
}

fn quirks(visit: &mut Visit<'_>, document: &Document<'_>, offset: u64) {
    for quirk in &document.quirks {
        if let QuirkKind::DuplicateMember(name) = &quirk.kind {
            let at = offset + quirk.at;
            let message = format!("`{}` is there twice", excerpt(name, 80));
            visit.report(&DUPLICATE_MEMBER, Some(at..at), message);
        }
    }
}

/// JSON Lines: one value on each line. A loader of JSON fails at the second, so it is only
/// taken for that if each line is a whole value of the kind of the first.
fn lines(visit: &mut Visit<'_>, bytes: &[u8], first: &Document<'_>) -> Result<(), Stop> {
    let one_line = |from: u64, to: u64| {
        let range = usize::try_from(from).ok().zip(usize::try_from(to).ok());
        let text = range.and_then(|(from, to)| bytes.get(from..to));
        text.is_some_and(|text| !text.contains(&b'\n'))
    };
    let named_json = visit.name().to_ascii_lowercase().ends_with(".json");
    if named_json || !one_line(first.root.range.start, first.root.range.end) {
        return Ok(());
    }
    let mut start = first.end;
    while start < bytes.len() as u64 {
        let rest = usize::try_from(start)
            .ok()
            .and_then(|start| bytes.get(start..));
        let rest = rest.unwrap_or_default();
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if !matches!(line.trim_ascii_start().first(), Some(b'{' | b'[')) {
            return Ok(());
        }
        let mut document = parse(line).map_err(|stop| stop.further(start))?;
        quirks(visit, &document, start);
        further(&mut document.root, start);
        analyse(visit, &document);
        let end = start + document.end;
        let ended = document.end == line.len() as u64;
        visit.cover(start..end, State::Scanned);
        if !ended {
            return Ok(());
        }
        let blanks = rest.get(line.len()..).unwrap_or_default();
        let blanks = blanks
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count() as u64;
        visit.cover(end..end + blanks, State::Scanned);
        start = end + blanks;
    }
    Ok(())
}

/// Moves the ranges of a tree to where its text stands in the body.
fn further(node: &mut Node<'_>, offset: u64) {
    node.range = node.range.start + offset..node.range.end + offset;
    match &mut node.value {
        Value::Array(elements) => {
            for element in elements {
                further(element, offset);
            }
        }
        Value::Object(members) => {
            for member in members {
                further(&mut member.value, offset);
            }
        }
        _ => {}
    }
}

/// The same text with blanks in place of comments and of commas before a closing bracket,
/// as settings of editors have them. None if there are none.
fn plain(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut plain = bytes.to_vec();
    let mut changed = false;
    let mut comma = None;
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        match (byte, bytes.get(at + 1)) {
            (b'"', _) => {
                comma = None;
                at += 1;
                while let Some(inside) = bytes.get(at).filter(|inside| **inside != b'"') {
                    at += if *inside == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            (b'/', Some(b'/' | b'*')) => {
                let rest = bytes.get(at..).unwrap_or_default();
                let length = if rest.starts_with(b"//") {
                    memchr::memchr(b'\n', rest).unwrap_or(rest.len())
                } else {
                    memchr::memmem::find(rest.get(2..)?, b"*/")? + 4
                };
                plain.get_mut(at..at + length)?.fill(b' ');
                changed = true;
                at += length;
            }
            (b',', _) => {
                comma = Some(at);
                at += 1;
            }
            (b']' | b'}', _) => {
                if let Some(place) = comma.take().and_then(|comma| plain.get_mut(comma)) {
                    *place = b' ';
                    changed = true;
                }
                at += 1;
            }
            (blank, _) => {
                if !blank.is_ascii_whitespace() {
                    comma = None;
                }
                at += 1;
            }
        }
    }
    changed.then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_last_commas_become_blanks() {
        let text = br#"{ // one
            "a//b": [1, 2, /* three */ ], "c\"/*": "d", }"#;
        let plain = plain(text).unwrap();
        assert_eq!(plain.len(), text.len());
        let document = parse(&plain).unwrap();
        assert_eq!(document.end, text.len() as u64);
        assert_eq!(document.root.get("a//b").unwrap().elements().len(), 2);
        assert_eq!(document.root.get("c\"/*").unwrap().text(), Some("d"));
        assert!(super::plain(b"{\"a\": \"// no\"}").is_none());
    }
}
