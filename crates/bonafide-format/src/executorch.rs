//! ExecuTorch programs (program.fbs, file identifier `ET12` and its like).

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::coverage::State;
use crate::flatbuffer::{Buffer, Kind, Schema};
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const EXECUTORCH: Format = Format {
    name: "executorch",
    title: "ExecuTorch program",
    extensions: &["pte"],
    effect: Effect::Graph,
    depth: Depth::Structure,
    probe,
    inspect,
};

pub(crate) const RULES: &[&Rule] = &[&SEGMENT, &DELEGATE];

const SEGMENT: Rule = Rule {
    slug: "executorch-segment",
    title: "Segment of a program that is not in the file",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "A runtime that does not check the place reads outside of the file.",
    remediation: "Do not load the program. Export it anew.",
    threats: &[ThreatId("ART-06")],
    cwe: &[125],
    cve: &[],
    atlas: &["AML.T0076"],
};

const DELEGATE: Rule = Rule {
    slug: "executorch-delegate",
    title: "Part of the program is compiled for a backend",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Low,
    confidence: Confidence::Certain,
    rationale: "The backend loads it as it is. What it computes cannot be read from the program.",
    remediation: "Export it anew from a model that can be examined.",
    threats: &[ThreatId("ART-05")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0018.001"],
};

static BYTES: Schema = Schema(&[Kind::Numbers(1)]);
static OPERATOR: Schema = Schema(&[Kind::Text, Kind::Text]);
static SPECIFICATION: Schema = Schema(&[Kind::Text, Kind::Numbers(1)]);
static PROCESSED: Schema = Schema(&[Kind::Number, Kind::Number]);
static DELEGATED: Schema = Schema(&[
    Kind::Text,
    Kind::Table(&PROCESSED),
    Kind::Tables(&SPECIFICATION),
]);
static INSTRUCTION: Schema = Schema(&[Kind::Number, Kind::Table(&NUMBERS)]);
static NUMBERS: Schema = Schema(&[Kind::Number]);
static CHAIN: Schema = Schema(&[
    Kind::Numbers(4),
    Kind::Numbers(4),
    Kind::Tables(&INSTRUCTION),
]);
static PLAN: Schema = Schema(&[
    Kind::Text,
    Kind::Number,
    Kind::Tables(&NUMBERS),
    Kind::Numbers(4),
    Kind::Numbers(4),
    Kind::Tables(&CHAIN),
    Kind::Tables(&OPERATOR),
    Kind::Tables(&DELEGATED),
    Kind::Numbers(8),
]);
static SEGMENT_TABLE: Schema = Schema(&[Kind::Number, Kind::Number]);
static SUBSEGMENT: Schema = Schema(&[Kind::Number, Kind::Numbers(8)]);
static PROGRAM: Schema = Schema(&[
    Kind::Number,
    Kind::Tables(&PLAN),
    Kind::Tables(&BYTES),
    Kind::Tables(&BYTES),
    Kind::Tables(&SEGMENT_TABLE),
    Kind::Table(&SUBSEGMENT),
    Kind::Tables(&SUBSEGMENT),
]);

fn probe(probe: &Probe<'_>) -> Likeness {
    match probe.head.get(4..8) {
        Some([b'E', b'T', high, low]) if high.is_ascii_digit() && low.is_ascii_digit() => {
            Likeness::Certain
        }
        _ => Likeness::No,
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let mut buffer = Buffer::new(visit);
    let ended = read(&mut buffer);
    buffer.settle();
    let program = ended?;
    // Values of a plan are unions that are not followed.
    visit.cover(0..program, State::Identified);
    Ok(())
}

/// Reads the program; where it ends and its segments start.
fn read(buffer: &mut Buffer<'_, '_>) -> Result<u64, Stop> {
    let size = buffer.visit.size();
    let (end, base) = header(buffer.visit)?;
    let program = buffer.root()?;
    for plan in buffer.children(program, 1)? {
        for operator in buffer.children(plan, 6)? {
            let name = buffer.text(operator, 0)?.unwrap_or_default();
            buffer.visit.facts().add_operator(&name);
        }
        for delegate in buffer.children(plan, 7)? {
            let name = buffer.text(delegate, 0)?.unwrap_or_default();
            let text = format!("a part is compiled for `{}`", excerpt(&name, 80));
            buffer.visit.report_about(&DELEGATE, None, &name, text);
        }
    }
    for segment in buffer.children(program, 4)? {
        let offset = buffer.number::<8>(segment, 0)?;
        let length = buffer.number::<8>(segment, 1)?;
        let start = base.checked_add(offset);
        let range = start.and_then(|start| Some(start..start.checked_add(length)?));
        match range.filter(|range| range.end <= size && (base > 0 || length == 0)) {
            Some(range) => buffer.visit.cover(range, State::Data),
            None => {
                let text = format!("a segment has {length} bytes at {offset}");
                buffer.visit.report(&SEGMENT, None, text);
            }
        }
    }
    buffer.walk(program, &PROGRAM)?;
    Ok(end)
}

/// The header that says where the program ends and where its segments are.
fn header(visit: &mut Visit<'_>) -> Result<(u64, u64), Stop> {
    let size = visit.size();
    let mut cursor = visit.cursor(8);
    if cursor.remaining() < 24 || cursor.array::<4>()? != *b"eh00" {
        return Ok((size, 0));
    }
    let length = u64::from(cursor.u32()?);
    let program = cursor.u64()?;
    let base = cursor.u64()?;
    visit.cover(8..8_u64.saturating_add(length.min(64)), State::Scanned);
    if program > size || base > size || (base > 0 && base < program) {
        let text = format!("a program of {program} bytes, segments at {base}, {size} in all");
        visit.report(&SEGMENT, Some(8..32), text);
        return Err(Stop::malformed(8, "the header does not fit the file"));
    }
    Ok((program, base))
}
