//! JSON, of whatever kind: each analyser looks for what it knows, whatever the file is called.

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::format::{Depth, Effect, Format, Likeness};
use crate::json::{Document, QuirkKind, parse};
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

pub(crate) const RULES: &[&Rule] = &[&DUPLICATE_MEMBER];

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
    crate::template::analyse,
];

fn probe(probe: &Probe<'_>) -> Likeness {
    let text = probe
        .head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(probe.head);
    let mut visible = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    match (visible.next(), visible.next()) {
        (Some(b'{'), Some(b'"' | b'}')) => Likeness::Possible,
        (Some(b'['), Some(b'{' | b'[' | b'"' | b']' | b'-' | b'0'..=b'9')) => Likeness::Possible,
        _ => Likeness::No,
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let bytes = visit.read_all()?;
    let document = parse(&bytes)?;
    for quirk in &document.quirks {
        if let QuirkKind::DuplicateMember(name) = &quirk.kind {
            let message = format!("`{}` is there twice", excerpt(name, 80));
            visit.report(&DUPLICATE_MEMBER, Some(quirk.at..quirk.at), message);
        }
    }
    visit.cover(0..document.end, crate::coverage::State::Scanned);
    for analyser in ANALYSERS {
        analyser(visit, &document);
    }
    Ok(())
}
