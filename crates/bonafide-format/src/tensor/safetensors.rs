//! Safetensors: a length, a JSON header, numbers.
//!
//! The format's own reader refuses more than it documents; this one reports all that it
//! refuses (a test holds the two against each other), and what it lets pass: other blanks
//! than spaces, members that no reader looks at, repeated names.

use std::ops::Range;

use bonafide_core::{Severity, ThreatId, excerpt};

use super::content::Examiner;
use crate::coverage::State;
use crate::facts::{Order, Tensor};
use crate::format::{Depth, Effect, Format, Likeness};
use crate::json::{Document, Node, QuirkKind, Value, parse};
use crate::route::Probe;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const SAFETENSORS: Format = Format {
    name: "safetensors",
    title: "safetensors",
    extensions: &["safetensors"],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe,
    inspect,
};

pub(crate) const RULES: &[&Rule] = &[
    &HEADER,
    &PADDING,
    &UNKNOWN_MEMBER,
    &DUPLICATE,
    &LAYOUT,
    &UNKNOWN_TYPE,
    &SCRIPT,
    &LINK,
    &LARGE_METADATA,
];

const HEADER: Rule = Rule {
    slug: "safetensors-header",
    title: "Header that no reader of safetensors should take",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "The reference reader refuses it, so it was written for another one, or to crash this one.",
    remediation: "Fetch the file again from its origin; if it is the same there, do not load it.",
    threats: &[ThreatId("ART-06")],
    cwe: &[20, 1284],
    cve: &[],
    atlas: &["AML.T0076"],
};

const PADDING: Rule = Rule {
    slug: "safetensors-padding",
    title: "Header with other blanks around it than spaces behind it",
    hazard: Hazard::Malformed,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "The format pads with spaces only. Other blanks can carry bits, and make other readers fail.",
    remediation: "Write the file anew with the safetensors library, and compare the tensors.",
    threats: &[ThreatId("ART-06")],
    cwe: &[20],
    cve: &[],
    atlas: &["AML.T0076"],
};

const UNKNOWN_MEMBER: Rule = Rule {
    slug: "safetensors-unknown-member",
    title: "Tensor is described by members that the format does not know",
    hazard: Hazard::Hidden,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "No reader looks at them, so they can carry anything.",
    remediation: "Write the file anew with the safetensors library, and compare the tensors.",
    threats: &[ThreatId("ART-06")],
    cwe: &[20, 506],
    cve: &[],
    atlas: &["AML.T0018.002"],
};

const DUPLICATE: Rule = Rule {
    slug: "safetensors-duplicate-name",
    title: "Name in the header that is there twice",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "One reader takes the first tensor of the name, another the last: what was examined need not \
        be what is loaded.",
    remediation: "Do not load the file. Write it anew from its origin.",
    threats: &[ThreatId("ART-06"), ThreatId("MDL-04")],
    cwe: &[436, 694],
    cve: &[],
    atlas: &["AML.T0076"],
};

const LAYOUT: Rule = Rule {
    slug: "safetensors-layout",
    title: "Tensors do not fill the file exactly",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "The format allows neither overlaps nor holes nor a tail, because they hide bytes and lead \
        readers beyond the data.",
    remediation: "Do not load the file. Write it anew from its origin.",
    threats: &[ThreatId("ART-06"), ThreatId("MDL-04")],
    cwe: &[20, 190, 787, 1284],
    cve: &[],
    atlas: &["AML.T0076"],
};

const UNKNOWN_TYPE: Rule = Rule {
    slug: "safetensors-unknown-type",
    title: "Type of number that is not known",
    hazard: Hazard::Malformed,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "Whether the shape fits the bytes cannot be said. The reference reader refuses the file.",
    remediation: "Check with which release of the library the file was written.",
    threats: &[ThreatId("ART-06")],
    cwe: &[20],
    cve: &[],
    atlas: &["AML.T0076"],
};

const SCRIPT: Rule = Rule {
    slug: "safetensors-script",
    title: "Metadata with a program in it",
    hazard: Hazard::Hidden,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "No trainer writes programs there. A page that shows the metadata, or a tool that evaluates \
        it, runs them.",
    remediation: "Do not show or evaluate the metadata; ask for the file without it.",
    threats: &[ThreatId("ART-01"), ThreatId("ART-06")],
    cwe: &[79, 94, 506],
    cve: &[],
    atlas: &["AML.T0018.002"],
};

const LINK: Rule = Rule {
    slug: "safetensors-link",
    title: "Metadata names an address in the network",
    hazard: Hazard::Hidden,
    severity: Severity::Low,
    confidence: Confidence::Possible,
    rationale: "A tool that follows it tells somebody that the model is used.",
    remediation: "Look at the address.",
    threats: &[ThreatId("ART-06")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0018.002"],
};

const LARGE_METADATA: Rule = Rule {
    slug: "safetensors-large-metadata",
    title: "Metadata of more than a megabyte",
    hazard: Hazard::Hidden,
    severity: Severity::Low,
    confidence: Confidence::Possible,
    rationale: "Some trainers write that much; it is also room for other things.",
    remediation: "Look at what the metadata says.",
    threats: &[ThreatId("ART-06")],
    cwe: &[770],
    cve: &[],
    atlas: &["AML.T0018.002"],
};

/// What the reference reader allows for a header.
const LONGEST_HEADER: u64 = 100_000_000;

/// Most values in a header: each costs some hundred bytes of memory here. The largest
/// real headers have about 300,000 tensors with eight each.
const MOST_VALUES: u64 = 4_000_000;

/// The length in front of the header.
const PREFIX: u64 = 8;

fn probe(probe: &Probe<'_>) -> Likeness {
    let Some((length, rest)) = probe.head.split_first_chunk::<8>() else {
        return Likeness::No;
    };
    let length = u64::from_le_bytes(*length);
    let mut visible = rest.iter().filter(|byte| !byte.is_ascii_whitespace());
    if !matches!(
        (visible.next(), visible.next()),
        (Some(b'{'), Some(b'"' | b'}'))
    ) {
        return Likeness::No;
    }
    if (2..=LONGEST_HEADER).contains(&length) && length <= probe.size.saturating_sub(PREFIX) {
        return Likeness::Certain;
    }
    // A length that lies.
    let says = |word: &[u8]| memchr::memmem::find(rest, word).is_some();
    if says(b"\"data_offsets\"") || says(b"\"__metadata__\"") {
        return Likeness::Possible;
    }
    Likeness::No
}

/// Bits of one number, by the name of its type (safetensors 0.8).
pub(crate) fn bits(dtype: &str) -> Option<u64> {
    Some(match dtype {
        "F4" => 4,
        "F6_E2M3" | "F6_E3M2" => 6,
        "BOOL" | "U8" | "I8" | "F8_E5M2" | "F8_E4M3" | "F8_E8M0" | "F8_E4M3FNUZ"
        | "F8_E5M2FNUZ" => 8,
        "I16" | "U16" | "F16" | "BF16" => 16,
        "I32" | "U32" | "F32" => 32,
        "C64" | "F64" | "I64" | "U64" => 64,
        _ => return None,
    })
}

/// Where the numbers of a tensor are, counted from the start of the data.
struct Extent<'n> {
    name: &'n str,
    range: Range<u64>,
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let length = visit.cursor(0).u64()?;
    let room = visit.size().saturating_sub(PREFIX);
    if length > LONGEST_HEADER || length > room {
        let message = format!("a header of {length} bytes is announced, and {room} are left");
        visit.report(&HEADER, Some(0..PREFIX), message);
        return Err(Stop::malformed(0, "the length of the header is wrong"));
    }
    let start = PREFIX + length;
    let header = visit.read(PREFIX..start)?;
    let marks = |byte: &&u8| matches!(byte, b',' | b'{' | b'[');
    if header.iter().filter(marks).count() as u64 > MOST_VALUES {
        return Err(Stop::Exhausted {
            what: "values in a header",
            limit: MOST_VALUES,
        });
    }
    let document = parse(&header).map_err(|stop| match stop {
        Stop::Malformed { at, message } => Stop::malformed(PREFIX + at, message),
        other => other,
    })?;
    blanks(visit, &header, &document);
    quirks(visit, &document);
    visit.cover(0..start, State::Scanned);

    if !matches!(document.root.value, Value::Object(_)) {
        return Err(Stop::malformed(PREFIX, "the header is not an object"));
    }
    let mut extents = Vec::with_capacity(document.root.members().len());
    for member in document.root.members() {
        let place = absolute(&member.value);
        if member.name == "__metadata__" {
            metadata(visit, &member.value);
        } else if let Some(extent) = tensor(visit, start, &member.name, &member.value) {
            extents.push(extent);
        } else {
            let name = excerpt(&member.name, 80);
            let message = format!("`{name}` is not described by a type, a shape and two offsets");
            visit.report_about(&HEADER, Some(place), &member.name, message);
        }
    }
    layout(visit, start, extents);
    Ok(())
}

/// Where a value of the header is in the file.
fn absolute(node: &Node<'_>) -> Range<u64> {
    node.range.start.saturating_add(PREFIX)..node.range.end.saturating_add(PREFIX)
}

/// The header starts with `{` and is filled with spaces.
fn blanks(visit: &mut Visit<'_>, header: &[u8], document: &Document<'_>) {
    if header.first() != Some(&b'{') {
        let message = "the header does not start with `{`";
        visit.report(&PADDING, Some(PREFIX..PREFIX + 1), message);
    }
    let end = usize::try_from(document.root.range.end).unwrap_or(usize::MAX);
    let rest = header.get(end..).unwrap_or_default();
    let Some(first) = rest.iter().position(|byte| *byte != b' ') else {
        return;
    };
    let at = PREFIX + (end + first) as u64;
    let (rule, what) = if rest.iter().all(u8::is_ascii_whitespace) {
        (&PADDING, "blanks other than spaces")
    } else {
        (&HEADER, "something else")
    };
    let message = format!("the header is filled with {what}");
    visit.report(rule, Some(at..PREFIX + header.len() as u64), message);
}

fn quirks(visit: &mut Visit<'_>, document: &Document<'_>) {
    for quirk in &document.quirks {
        let at = PREFIX + quirk.at;
        let what = match &quirk.kind {
            QuirkKind::DuplicateMember(name) => {
                let message = format!("`{}` is there twice", excerpt(name, 80));
                visit.report_about(&DUPLICATE, Some(at..at), name, message);
                continue;
            }
            QuirkKind::NotFinite => "a number that is not finite",
            QuirkKind::LoneSurrogate => "half a character",
            QuirkKind::ByteOrderMark => "a byte-order mark",
            QuirkKind::ControlCharacter => "a control character",
        };
        visit.report(&HEADER, Some(at..at), format!("the header has {what}"));
    }
}

/// Reads the description of a tensor; None if it is none.
fn tensor<'n>(
    visit: &mut Visit<'_>,
    start: u64,
    name: &'n str,
    node: &Node<'_>,
) -> Option<Extent<'n>> {
    let dtype = node.get("dtype")?.text()?;
    let shape = node.get("shape")?;
    let Value::Array(lengths) = &shape.value else {
        return None;
    };
    let lengths: Vec<u64> = lengths.iter().map(Node::unsigned).collect::<Option<_>>()?;
    let [from, to] = node.get("data_offsets")?.elements() else {
        return None;
    };
    let (from, to) = (from.unsigned()?, to.unsigned()?);
    for member in node.members() {
        if !matches!(&*member.name, "dtype" | "shape" | "data_offsets") {
            let (name, extra) = (excerpt(name, 80), excerpt(&member.name, 80));
            let message = format!("`{name}` has a member `{extra}`");
            let place = Some(absolute(&member.value));
            visit.report_about(&UNKNOWN_MEMBER, place, &member.name, message);
        }
    }
    let place = Some(absolute(node));
    let shown = excerpt(name, 80);
    let mut fits = false;
    match bits(dtype) {
        None => {
            let message = format!("`{shown}` is of type `{}`", excerpt(dtype, 40));
            visit.report_about(&UNKNOWN_TYPE, place, dtype, message);
        }
        Some(bits) => {
            let mut product = lengths.iter().copied().chain([bits]);
            let total = product.try_fold(1_u64, u64::checked_mul);
            let held = to.checked_sub(from);
            fits = total.is_some_and(|total| total % 8 == 0 && Some(total / 8) == held);
            if !fits {
                let needs = match total {
                    None => "more bytes than there can be".to_owned(),
                    Some(total) => format!("{total} bits"),
                };
                let message = format!("`{shown}` needs {needs}, its bytes are {from} to {to}");
                visit.report_about(&LAYOUT, place, name, message);
            }
        }
    }
    let range = start.saturating_add(from)..start.saturating_add(to);
    let numbers = visit.place(range, Order::RowMajor, false);
    visit.tensor(Tensor {
        place: numbers.filter(|_| fits),
        name: name.to_owned(),
        dtype: dtype.to_owned(),
        shape: lengths,
    });
    let range = from..to.max(from);
    Some(Extent { name, range })
}

/// Holds the places of the tensors against each other and against the file.
fn layout(visit: &mut Visit<'_>, start: u64, mut extents: Vec<Extent<'_>>) {
    let size = visit.size() - start;
    extents.sort_by_key(|extent| (extent.range.start, extent.range.end));
    let mut examiner = Examiner::default();
    let mut reached = 0_u64;
    for Extent { name, range } in extents {
        let wrong = if range.end > size {
            Some(format!("ends at {}, and the data at {size}", range.end))
        } else if range.start < reached {
            Some(format!(
                "starts {} bytes before the one in front of it ends",
                reached - range.start
            ))
        } else if range.start > reached {
            Some(format!(
                "leaves {} bytes in front of it",
                range.start - reached
            ))
        } else {
            None
        };
        let place = start.saturating_add(range.start)..start.saturating_add(range.end.min(size));
        if let Some(wrong) = wrong {
            let message = format!("`{}` {wrong}", excerpt(name, 80));
            visit.report_about(&LAYOUT, Some(place.clone()), name, message);
        }
        examiner.examine(visit, name, place.clone());
        visit.cover(place, State::Data);
        reached = reached.max(range.end);
    }
    if reached < size {
        let message = format!("{} bytes follow the last tensor", size - reached);
        visit.report(&LAYOUT, Some(start + reached..visit.size()), message);
    }
}

/// Texts about the file, which the library hands to whoever asks.
fn metadata(visit: &mut Visit<'_>, node: &Node<'_>) {
    /// More than any but one family of trainers writes.
    const LARGE: u64 = 1 << 20;

    let place = absolute(node);
    if matches!(node.value, Value::Null) {
        return;
    }
    if !matches!(node.value, Value::Object(_)) {
        let message = "`__metadata__` is not an object";
        visit.report(&HEADER, Some(place), message);
        return;
    }
    if place.end - place.start > LARGE {
        let message = format!("the metadata has {} bytes", place.end - place.start);
        visit.report(&LARGE_METADATA, Some(place), message);
    }
    for member in node.members() {
        let place = absolute(&member.value);
        let Some(text) = member.value.text() else {
            let message = format!("`{}` is not a text", excerpt(&member.name, 80));
            visit.report_about(&HEADER, Some(place), &member.name, message);
            continue;
        };
        match &*member.name {
            "license" | "licence" | "modelspec.license" => visit.facts().add_licence(text),
            "modelspec.architecture" | "architecture" => visit.facts().add_architecture(text),
            _ => {}
        }
        visit.facts().add_metadata(&member.name, text);
        for part in [&*member.name, text] {
            words(visit, &member.name, part, &place);
        }
        crate::payload::examine(visit, text.as_bytes(), place);
    }
}

/// Words that programs start with, and that no description of a model needs.
const PROGRAMS: &[&str] = &[
    "<script",
    "javascript:",
    "onerror=",
    "os.system(",
    "os.popen(",
    "__import__(",
    "subprocess.run(",
    "subprocess.popen(",
    "subprocess.call(",
    "subprocess.check_output(",
    "__reduce__",
    "eval(",
    "exec(",
    "#!/bin/",
    "/bin/sh -",
    "| sh\n",
    "|sh",
    "| bash",
    "|bash",
    "powershell -",
];

fn words(visit: &mut Visit<'_>, key: &str, text: &str, place: &Range<u64>) {
    let lower = text.to_ascii_lowercase();
    let about = excerpt(key, 80);
    // `medieval(` is no call of `eval`.
    let apart = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| lower.as_bytes().get(at));
        !before.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    let found = PROGRAMS
        .iter()
        .find(|word| memchr::memmem::find_iter(lower.as_bytes(), word.as_bytes()).any(apart));
    if let Some(word) = found {
        let message = format!("`{about}` has `{word}`");
        visit.report_about(&SCRIPT, Some(place.clone()), key, message);
    }
    if lower.contains("http://") || lower.contains("https://") {
        let message = format!("`{about}` has an address");
        visit.report_about(&LINK, Some(place.clone()), key, message);
    }
}

#[cfg(test)]
mod tests;
