//! From bytes to the reader of their format. Names decide nothing.

use std::ops::Range;

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::coverage::{Body, Ledger, State};
use crate::format::{FORMATS, Format, Likeness};
use crate::read::{ReadAt, Window};
use crate::rule::{Confidence, Hazard, Rule};
use crate::session::Session;
use crate::stop::Stop;
use crate::visit::Visit;

/// Bytes at the start that formats are told apart by.
const HEAD: u64 = 4096;

/// Bytes at the end, enough for the last record of a zip archive and its longest comment.
const TAIL: u64 = 22 + 65_535;

/// Longest run of zeros that aligns what comes after it: page sizes of all systems that
/// files are mapped on.
const LONGEST_PADDING: u64 = 64 << 10;

/// Most runs of unexplained bytes of one body that are inspected.
const MOST_GAPS: usize = 64;

pub(crate) const RULES: &[&Rule] = &[
    &MALFORMED,
    &UNEXPLAINED,
    &UNEXPLAINED_ACTIVE,
    &POLYGLOT,
    &MASQUERADE,
    &MASQUERADE_ACTIVE,
];

const MALFORMED: Rule = Rule {
    slug: "malformed",
    title: "File breaks the rules of its format",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "A loader may have read what comes before the damage, and run it, by the time it notices; and \
        what confuses one parser is read in another way by the next.",
    remediation: "Fetch the file again from its origin; if it is the same there, do not load it.",
    threats: &[ThreatId("ART-06")],
    cwe: &[20],
    cve: &[],
    atlas: &["AML.T0076"],
};

const UNEXPLAINED: Rule = Rule {
    slug: "unexplained-bytes",
    title: "Bytes that the format does not account for",
    hazard: Hazard::Hidden,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "What a format's own reader never looks at can carry anything, and changes nothing that a user \
        of the model would notice.",
    remediation: "Convert the model anew with the tool that wrote it, and compare the tensors.",
    threats: &[ThreatId("ART-06"), ThreatId("ART-01")],
    cwe: &[506],
    cve: &[],
    atlas: &["AML.T0018.002"],
};

const UNEXPLAINED_ACTIVE: Rule = Rule {
    slug: "hidden-payload",
    title: "Something that can run is hidden behind or between the data",
    hazard: Hazard::Hidden,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "The format has no use for it. It is there for another reader: a loader that goes by another \
        signature, or a program that cuts it out.",
    remediation: "Do not load the file. Convert the model anew from its origin.",
    threats: &[ThreatId("ART-01"), ThreatId("ART-06")],
    cwe: &[506, 434],
    cve: &[],
    atlas: &["AML.T0018.002"],
};

const POLYGLOT: Rule = Rule {
    slug: "polyglot",
    title: "File is valid as more than one format",
    hazard: Hazard::Hidden,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "Which of them is loaded depends on the loader, so what was examined need not be what runs.",
    remediation: "Do not load the file. Convert the model anew from its origin.",
    threats: &[ThreatId("ART-01"), ThreatId("ART-06")],
    cwe: &[434, 436],
    cve: &[],
    atlas: &["AML.T0076", "AML.T0018.002"],
};

const MASQUERADE: Rule = Rule {
    slug: "extension-mismatch",
    title: "Name says another format than the bytes",
    hazard: Hazard::Masquerade,
    severity: Severity::Low,
    confidence: Confidence::Certain,
    rationale: "Tools that go by names pass the file by, or read it as something else.",
    remediation: "Give the file the extension of its format.",
    threats: &[ThreatId("ART-01")],
    cwe: &[434, 436],
    cve: &["CVE-2025-1889"],
    atlas: &["AML.T0074"],
};

const MASQUERADE_ACTIVE: Rule = Rule {
    slug: "extension-hides-code",
    title: "Format that runs code under the name of one that does not",
    hazard: Hazard::Masquerade,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "Loaders that go by content load it and run what is in it; reviewers and scanners that go by \
        names take it for data.",
    remediation: "Do not load the file.",
    threats: &[ThreatId("ART-01")],
    cwe: &[434, 436],
    cve: &["CVE-2025-1889", "CVE-2025-10155"],
    atlas: &["AML.T0074", "AML.T0011.000"],
};

/// What formats are told apart by.
pub(crate) struct Probe<'a> {
    /// The first bytes, at most 4,096.
    pub(crate) head: &'a [u8],
    /// The last bytes, at most 65,557.
    pub(crate) tail: &'a [u8],
    /// How many bytes there are.
    pub(crate) size: u64,
    /// All of them, for a probe that has to look further in.
    pub(crate) source: &'a dyn ReadAt,
    /// Name by which a loader would know them. Only for formats that have no signature
    /// and that a loader takes by their names alone, such as Python modules.
    pub(crate) name: &'a str,
}

/// Inspects a file: as the format that is given, else as what it is.
pub(crate) fn file(
    session: &mut Session,
    source: &dyn ReadAt,
    name: &str,
    format: Option<&'static Format>,
) {
    let last = name.rsplit('/').next().unwrap_or(name);
    let Some(format) = format else {
        body(session, source, "", last, 0);
        return;
    };
    session.bodies.push(Body {
        path: String::new(),
        format: Some(format.name),
        size: source.size(),
        spans: Vec::new(),
    });
    let ledger = read_as(session, source, "", last, 0, &[format]);
    if let Some(body) = session.bodies.first_mut() {
        body.spans = ledger.into_spans();
    }
}

/// Inspects a body: the file itself, or something in it.
pub(crate) fn body(
    session: &mut Session,
    source: &dyn ReadAt,
    path: &str,
    name: &str,
    depth: usize,
) {
    let index = session.bodies.len();
    let mut ledger = Ledger::default();
    let size = source.size();
    let mut format = None;
    if index >= session.budget.bodies {
        session.leave_out();
        return;
    }
    // Keeps its place before the bodies inside of it.
    session.bodies.push(Body {
        path: path.to_owned(),
        format: None,
        size,
        spans: Vec::new(),
    });
    if depth > session.budget.depth {
        let reason = format!("nested more than {} deep", session.budget.depth);
        ledger.claim(0..size, &State::Skipped(reason));
    } else {
        match ends(source) {
            Err(error) => ledger.claim(0..size, &State::Skipped(error.to_string())),
            Ok((head, tail)) => {
                let probe = Probe {
                    head: &head,
                    tail: &tail,
                    size,
                    source,
                    name,
                };
                let found = candidates(&probe);
                format = found.first().map(|format| format.name);
                if found.is_empty() {
                    let reason = "the format is not known".to_owned();
                    ledger.claim(0..size, &State::Unsupported(reason));
                } else {
                    ledger = read_as(session, source, path, name, depth, &found);
                }
                masquerade(session, path, name, &found);
            }
        }
    }
    if let Some(body) = session.bodies.get_mut(index) {
        body.format = format;
        body.spans = ledger.into_spans();
    }
}

/// The start and the end of some bytes.
fn ends(source: &dyn ReadAt) -> Result<(Vec<u8>, Vec<u8>), crate::read::ReadError> {
    let size = source.size();
    let read = |range: Range<u64>| {
        let mut bytes = vec![0; usize::try_from(range.end - range.start).unwrap_or(0)];
        source.read_at(range.start, &mut bytes).map(|()| bytes)
    };
    // What is unpacked only in part has a beginning, but no end.
    let head = read(0..size.min(HEAD)).or_else(|_| read(0..size.saturating_sub(1).min(HEAD)))?;
    let tail = read(size.saturating_sub(TAIL)..size).unwrap_or_default();
    Ok((head, tail))
}

/// The formats that bytes are, the surest first. Without a signature there is one at most.
fn candidates(probe: &Probe<'_>) -> Vec<&'static Format> {
    let mut certain = Vec::new();
    let mut possible = None;
    for format in FORMATS {
        match (format.probe)(probe) {
            Likeness::No => {}
            Likeness::Certain => certain.push(*format),
            Likeness::Possible => possible = possible.or(Some(*format)),
        }
    }
    if certain.is_empty() {
        certain.extend(possible);
    }
    own_parts(probe, &mut certain);
    certain
}

/// Takes out what is a part of another format, whose own reader reads it: the archive at the
/// end of a TFLite file or llamafile, and the program that a llamafile is. An archive that
/// starts with the file, and everything else, stays a second format.
fn own_parts(probe: &Probe<'_>, certain: &mut Vec<&'static Format>) {
    let is = |certain: &[&'static Format], owner: &Format| {
        certain.iter().any(|format| format.name == owner.name)
    };
    let starts_as_archive = probe.head.starts_with(b"PK");
    let is_llamafile = is(certain, &crate::executable::LLAMAFILE);
    let has_archive = is_llamafile || is(certain, &crate::tflite::TFLITE);
    certain.retain(|format| {
        let is_archive = format.name == crate::container::ZIP.name && !starts_as_archive;
        let is_program = format.name == crate::executable::EXECUTABLE.name
            || format.name == crate::executable::SCRIPT.name;
        !(has_archive && is_archive || is_llamafile && is_program)
    });
}

/// Reads a body as each of its formats.
fn read_as(
    session: &mut Session,
    source: &dyn ReadAt,
    path: &str,
    name: &str,
    depth: usize,
    formats: &[&'static Format],
) -> Ledger {
    let size = source.size();
    let mut whole = Ledger::default();
    if let [first, second, ..] = formats {
        let mut visit = Visit::new(session, source, path, name, depth);
        let message = format!("the bytes are {} and {}", first.title, second.title);
        visit.report(&POLYGLOT, None, message);
    }
    for (number, format) in formats.iter().enumerate() {
        let mut visit = Visit::new(session, source, path, name, depth);
        let ended = (format.inspect)(&mut visit);
        let rest = match ended {
            Ok(()) => None,
            Err(Stop::Malformed { at, message }) => {
                let message = format!("not a whole {}: {message}", format.title);
                visit.report(&MALFORMED, Some(at..at), excerpt(&message, 500));
                Some(State::Skipped("it comes after the damage".to_owned()))
            }
            Err(Stop::Unsupported { what }) => Some(State::Unsupported(excerpt(&what, 200))),
            Err(stop @ (Stop::Read(_) | Stop::Exhausted { .. })) => {
                Some(State::Skipped(excerpt(&stop.to_string(), 200)))
            }
        };
        let mut ledger = visit.into_ledger();
        if let Some(rest) = rest {
            ledger.claim(0..size, &rest);
        } else if number == 0 {
            gaps(session, source, path, name, depth, &mut ledger);
        }
        // What one reader left out stays left out, whatever another one made of it.
        if number == 0 {
            whole = ledger;
        }
    }
    whole
}

/// Inspects what a reader did not account for.
fn gaps(
    session: &mut Session,
    source: &dyn ReadAt,
    path: &str,
    name: &str,
    depth: usize,
    ledger: &mut Ledger,
) {
    for (number, gap) in ledger.gaps(source.size()).into_iter().enumerate() {
        if number >= MOST_GAPS {
            let reason = "too many runs of bytes that the format does not account for";
            ledger.claim(gap, &State::Skipped(reason.to_owned()));
            continue;
        }
        let length = gap.end - gap.start;
        let filled = match first_filled(session, source, &gap) {
            Ok(filled) => filled,
            Err(stop) => {
                ledger.claim(gap, &State::Skipped(stop.to_string()));
                continue;
            }
        };
        if filled == gap.end && length <= LONGEST_PADDING {
            ledger.claim(gap, &State::Scanned);
            continue;
        }
        // What is behind many zeros is as hidden as what is behind none.
        let content = filled..gap.end;
        let active = has_active_format(&Window::new(source, content.clone()));
        let mut visit = Visit::new(session, source, path, name, depth);
        let rule = if active {
            &UNEXPLAINED_ACTIVE
        } else {
            &UNEXPLAINED
        };
        let message = format!("{length} bytes at {} belong to nothing", gap.start);
        visit.report(rule, Some(gap.clone()), message);
        if content.is_empty() {
            ledger.claim(gap, &State::Scanned);
            continue;
        }
        visit.part(
            &format!("bytes {}..{}", content.start, content.end),
            content,
        );
        ledger.claim(gap, &State::Scanned);
    }
}

/// Where the first byte is that is not zero; the end if there is none.
fn first_filled(session: &mut Session, source: &dyn ReadAt, gap: &Range<u64>) -> Result<u64, Stop> {
    const CHUNK: u64 = 64 << 10;
    /// Bytes that count as one step.
    const STEP: u64 = 16;

    let mut bytes = Vec::new();
    let mut at = gap.start;
    while at < gap.end {
        let length = (gap.end - at).min(CHUNK);
        session.work(length / STEP)?;
        bytes.resize(usize::try_from(length).unwrap_or(0), 0);
        source.read_at(at, &mut bytes)?;
        if let Some(found) = bytes.iter().position(|byte| *byte != 0) {
            return Ok(at + found as u64);
        }
        at += length;
    }
    Ok(gap.end)
}

fn has_active_format(source: &dyn ReadAt) -> bool {
    let Ok((head, tail)) = ends(source) else {
        return false;
    };
    let probe = Probe {
        head: &head,
        tail: &tail,
        size: source.size(),
        source,
        name: "",
    };
    candidates(&probe)
        .iter()
        .any(|format| format.effect.is_active())
}

/// True if bytes are of a format that can run, or that holds others.
pub(crate) fn is_active(bytes: &[u8]) -> bool {
    has_active_format(&bytes)
}

/// The format of bytes, and how sure that is, if it can run or hold something that can.
pub(crate) fn active_format(bytes: &[u8]) -> Option<(&'static Format, Likeness)> {
    let (head, tail) = ends(&bytes).ok()?;
    let probe = Probe {
        head: &head,
        tail: &tail,
        size: bytes.size(),
        source: &bytes,
        name: "",
    };
    let mut possible = None;
    for format in FORMATS {
        match (format.probe)(&probe) {
            Likeness::Certain if format.effect.is_active() => {
                return Some((format, Likeness::Certain));
            }
            Likeness::Possible if format.effect.is_active() => {
                possible = possible.or(Some((*format, Likeness::Possible)));
            }
            _ => {}
        }
    }
    possible
}

/// Reports a name that says another format than the bytes.
fn masquerade(session: &mut Session, path: &str, name: &str, found: &[&'static Format]) {
    let Some((_, extension)) = name.rsplit_once('.') else {
        return;
    };
    let extension = extension.to_ascii_lowercase();
    let claims = |format: &&Format| format.extensions.contains(&extension.as_str());
    let claimed: Vec<&Format> = FORMATS.iter().copied().filter(claims).collect();
    let (Some(expected), Some(is)) = (claimed.first(), found.first()) else {
        return;
    };
    if found.iter().any(claims) {
        return;
    }
    let inert = !claimed.iter().any(|format| format.effect.is_active());
    let rule = if inert && found.iter().any(|format| format.effect.is_active()) {
        &MASQUERADE_ACTIVE
    } else {
        &MASQUERADE
    };
    let message = format!(
        "the name says {}, the bytes are {}",
        expected.title, is.title
    );
    session.add(crate::defect::Defect {
        rule,
        body: path.to_owned(),
        range: None,
        about: Some(extension),
        message,
    });
}

#[cfg(test)]
mod tests {
    use bonafide_core::RawName;

    use crate::{Coverage, FileInspection, InspectionBudget, inspect};

    /// A safetensors file without tensors, and what comes behind it.
    fn with_tail(tail: &[u8]) -> FileInspection {
        let mut bytes = vec![2, 0, 0, 0, 0, 0, 0, 0, b'{', b'}'];
        bytes.extend_from_slice(tail);
        let name = RawName::from("model.safetensors");
        inspect(&name, &bytes, &InspectionBudget::DEFAULT)
    }

    #[test]
    fn payloads_are_found_behind_any_number_of_zeros() {
        const PICKLE: &[u8] = b"cos\nsystem\n(S'true'\ntR.";
        for zeros in [0, 1, 1000, 65_536, 65_537, 1_000_000] {
            let mut tail = vec![0; zeros];
            tail.extend_from_slice(PICKLE);
            let found = with_tail(&tail);
            let rules: Vec<&str> = found.defects.iter().map(|found| found.rule.slug).collect();
            assert!(rules.contains(&"hidden-payload"), "{zeros}: {rules:?}");
            assert!(rules.contains(&"pickle-dangerous-global"), "{zeros}");
            assert_eq!(found.coverage(), Coverage::Scanned, "{zeros}");
        }
    }

    #[test]
    fn zeros_alone_hide_nothing() {
        for zeros in [65_537, 1_000_000] {
            let found = with_tail(&vec![0; zeros]);
            let mut rules = found.defects.iter().map(|found| found.rule.slug);
            assert!(!rules.any(|rule| rule == "hidden-payload"), "{zeros}");
            assert_eq!(found.coverage(), Coverage::Scanned, "{zeros}");
        }
    }
}
