//! TensorFlow Lite (schema.fbs, file identifier `TFL3`).

use std::ops::Range;

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::coverage::State;
use crate::facts::Tensor;
use crate::flatbuffer::{Buffer, Kind, OPAQUE, Schema, Table};
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::tensor::Examiner;
use crate::visit::Visit;

pub(crate) const TFLITE: Format = Format {
    name: "tflite",
    title: "TensorFlow Lite",
    extensions: &["tflite"],
    effect: Effect::Graph,
    depth: Depth::Structure,
    probe,
    inspect,
};

pub(crate) const RULES: &[&Rule] = &[&CUSTOM_OPERATOR, &BUFFER, &ASSOCIATED];

const CUSTOM_OPERATOR: Rule = Rule {
    slug: "tflite-custom-operator",
    title: "Operator that the runtime does not supply",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "Its program is a library that has to be linked to the runtime; what it does cannot be seen here.",
    remediation: "Find out which library supplies the operator, and whether it is trusted.",
    threats: &[ThreatId("ART-05")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0018.001"],
};

const BUFFER: Rule = Rule {
    slug: "tflite-buffer-reference",
    title: "Tensor or operator that refers to what is not there",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "A runtime that does not check the number reads or writes outside of its lists.",
    remediation: "Do not load the model. Convert it anew from its origin.",
    threats: &[ThreatId("ART-06")],
    cwe: &[125, 787],
    cve: &[],
    atlas: &["AML.T0076"],
};

const ASSOCIATED: Rule = Rule {
    slug: "tflite-associated-files",
    title: "Archive of associated files behind the model",
    hazard: Hazard::Hidden,
    severity: Severity::Low,
    confidence: Confidence::Possible,
    rationale: "The metadata of TensorFlow Lite puts labels and vocabularies there. Tools that take the file for \
        an archive see nothing of the model.",
    remediation: "Look at what the archive holds.",
    threats: &[ThreatId("ART-06")],
    cwe: &[434],
    cve: &[],
    atlas: &[],
};

static QUANTIZATION: Schema = Schema(&[
    Kind::Numbers(4),
    Kind::Numbers(4),
    Kind::Numbers(4),
    Kind::Numbers(8),
    Kind::Number,
    Kind::Table(&OPAQUE),
]);
static INDICES: Schema = Schema(&[Kind::Number]);
static AXIS: Schema = Schema(&[
    Kind::Number,
    Kind::Number,
    Kind::Number,
    Kind::Table(&INDICES),
    Kind::Number,
    Kind::Table(&INDICES),
]);
static SPARSITY: Schema = Schema(&[Kind::Numbers(4), Kind::Numbers(4), Kind::Tables(&AXIS)]);
static VARIANT: Schema = Schema(&[Kind::Numbers(4), Kind::Number, Kind::Number]);
static TENSOR: Schema = Schema(&[
    Kind::Numbers(4),
    Kind::Number,
    Kind::Number,
    Kind::Text,
    Kind::Table(&QUANTIZATION),
    Kind::Number,
    Kind::Table(&SPARSITY),
    Kind::Numbers(4),
    Kind::Number,
    Kind::Tables(&VARIANT),
]);
static OPERATOR: Schema = Schema(&[
    Kind::Number,
    Kind::Numbers(4),
    Kind::Numbers(4),
    Kind::Number,
    Kind::Table(&OPAQUE),
    Kind::Numbers(1),
    Kind::Number,
    Kind::Numbers(1),
    Kind::Numbers(4),
    Kind::Number,
    Kind::Number,
    Kind::Number,
    Kind::Table(&OPAQUE),
]);
static GRAPH: Schema = Schema(&[
    Kind::Tables(&TENSOR),
    Kind::Numbers(4),
    Kind::Numbers(4),
    Kind::Tables(&OPERATOR),
    Kind::Text,
]);
static CODE: Schema = Schema(&[Kind::Number, Kind::Text]);
static METADATA: Schema = Schema(&[Kind::Text]);
static NAMED: Schema = Schema(&[Kind::Text]);
static SIGNATURE: Schema = Schema(&[Kind::Tables(&NAMED), Kind::Tables(&NAMED), Kind::Text]);
static MODEL: Schema = Schema(&[
    Kind::Number,
    Kind::Tables(&CODE),
    Kind::Tables(&GRAPH),
    Kind::Text,
    Kind::Number,
    Kind::Numbers(4),
    Kind::Tables(&METADATA),
    Kind::Tables(&SIGNATURE),
]);

/// The number of operators that are named by a text.
const CUSTOM: u64 = 32;

/// Operators that come with the runtime's own library, although they are custom.
const SUPPLIED: &[&str] = &[
    "TFLite_Detection_PostProcess",
    "NumericVerify",
    "Mfcc",
    "AudioSpectrogram",
    "Convolution2DTransposeBias",
    "MaxPoolingWithArgmax2D",
    "MaxUnpooling2D",
    "VarHandle",
    "AssignVariable",
    "ReadVariable",
];

/// Operators of TensorFlow proper, run by its delegate.
const FLEX: &str = "Flex";

const TYPES: &[&str] = &[
    "float32",
    "float16",
    "int32",
    "uint8",
    "int64",
    "string",
    "bool",
    "int16",
    "complex64",
    "int8",
    "float64",
    "complex128",
    "uint64",
    "resource",
    "variant",
    "uint32",
    "uint16",
    "int4",
    "bfloat16",
];

fn probe(probe: &Probe<'_>) -> Likeness {
    match probe.head.get(4..8) {
        Some(b"TFL3") => Likeness::Certain,
        _ => Likeness::No,
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let mut buffer = Buffer::new(visit);
    let ended = read(&mut buffer);
    let end = buffer.settle();
    ended?;
    associated(visit, end)
}

fn read(buffer: &mut Buffer<'_, '_>) -> Result<(), Stop> {
    let model = buffer.root()?;
    let version = buffer.number::<4>(model, 0)?;
    let facts = buffer.visit.facts();
    facts.add_metadata("tflite.version", &version.to_string());
    if let Some(text) = buffer.text(model, 3)?.filter(|text| !text.is_empty()) {
        buffer.visit.facts().add_producer(&text);
    }
    let codes = codes(buffer, model)?;
    let buffers = buffers(buffer, model)?;
    buffer.walk(model, &MODEL)?;
    for graph in buffer.children(model, 2)? {
        for tensor in buffer.children(graph, 0)? {
            let name = buffer.text(tensor, 3)?.unwrap_or_default();
            let shape = buffer.numbers(tensor, 0)?;
            let kind = usize::try_from(buffer.number::<1>(tensor, 1)?).unwrap_or(usize::MAX);
            let place = buffer.number::<4>(tensor, 2)?;
            if place >= buffers.max(1) {
                let text = format!("tensor `{}` is in buffer {place}", excerpt(&name, 80));
                buffer.visit.report(&BUFFER, None, text);
            }
            let dtype = TYPES.get(kind).copied().unwrap_or("unknown").to_owned();
            buffer.visit.tensor(Tensor {
                name,
                dtype,
                shape,
                place: None,
            });
        }
        for operator in buffer.children(graph, 3)? {
            let code = buffer.number::<4>(operator, 0)?;
            match usize::try_from(code).ok().and_then(|code| codes.get(code)) {
                Some(name) => buffer.visit.facts().add_operator(name),
                None => {
                    let text = format!("an operator is of kind {code}, which there is not");
                    buffer.visit.report(&BUFFER, None, text);
                }
            }
        }
    }
    Ok(())
}

/// Names of the operators, and what is to be said of them.
fn codes(buffer: &mut Buffer<'_, '_>, model: Table) -> Result<Vec<String>, Stop> {
    let mut names = Vec::new();
    for code in buffer.children(model, 1)? {
        let number = buffer
            .number::<1>(code, 0)?
            .max(buffer.number::<4>(code, 3)?);
        if number != CUSTOM {
            names.push(format!("builtin {number}"));
            continue;
        }
        let name = buffer.text(code, 1)?.unwrap_or_default();
        if let Some(operator) = name.strip_prefix(FLEX) {
            crate::tensorflow::judge_operator(buffer.visit, operator);
        } else if !SUPPLIED.contains(&name.as_str()) {
            let text = format!("`{}` is an operator of its own", excerpt(&name, 80));
            buffer
                .visit
                .report_about(&CUSTOM_OPERATOR, None, &name, text);
        }
        names.push(name);
    }
    Ok(names)
}

/// Claims the numbers of tensors; how many buffers there are.
fn buffers(buffer: &mut Buffer<'_, '_>, model: Table) -> Result<u64, Stop> {
    let mut examiner = Examiner::default();
    let mut count = 0_u64;
    let mut places: Vec<Range<u64>> = Vec::new();
    for table in buffer.children(model, 4)? {
        count += 1;
        if let Some(range) = buffer.vector(table, 0, 1)? {
            places.push(range);
            continue;
        }
        // Of models above 2 GB: behind the tables.
        let offset = buffer.number::<8>(table, 1)?;
        let size = buffer.number::<8>(table, 2)?;
        if offset > 1 {
            let end = offset
                .checked_add(size)
                .filter(|end| *end <= buffer.visit.size());
            match end {
                Some(end) => places.push(offset..end),
                None => {
                    let text = format!("buffer {count} has {size} bytes at {offset}");
                    buffer.visit.report(&BUFFER, None, text);
                }
            }
        }
    }
    places.sort_by_key(|range| range.start);
    for range in places {
        buffer.data(range.clone());
        let name = format!("at {}", range.start);
        examiner.examine(buffer.visit, &name, range);
    }
    Ok(count)
}

/// The archive that the metadata puts behind the model.
fn associated(visit: &mut Visit<'_>, end: u64) -> Result<(), Stop> {
    let head = visit.read(end..visit.size().min(end + 64))?;
    let Some(gap) = memchr::memmem::find(&head, b"PK\x03\x04") else {
        return Ok(());
    };
    let start = end + gap as u64;
    let range = start..visit.size();
    visit.report(
        &ASSOCIATED,
        Some(range.clone()),
        "an archive of associated files is behind the model",
    );
    let mut archive = visit.read(range.clone())?;
    rebase(&mut archive, start);
    visit.member("associated files", &archive);
    visit.cover(end..range.end, State::Scanned);
    Ok(())
}

/// Tools append the archive with places counted from the start of the model (APPNOTE 4.3.12
/// and 4.3.16). Counts them from the start of the archive, if they lead to its directory.
fn rebase(archive: &mut [u8], start: u64) {
    const END: &[u8] = b"PK\x05\x06";
    const ENTRY: &[u8] = b"PK\x01\x02";

    let number = |bytes: &[u8], at: usize| {
        let found = bytes.get(at..)?.first_chunk::<4>()?;
        Some(u32::from_le_bytes(*found))
    };
    let Some(end) = memchr::memmem::rfind(archive, END) else {
        return;
    };
    let (Some(size), Some(directory)) = (number(archive, end + 12), number(archive, end + 16))
    else {
        return;
    };
    let Some(first) = u64::from(directory).checked_sub(start) else {
        return;
    };
    if first + u64::from(size) != end as u64 {
        return;
    }
    lower_at(archive, end + 16, start);
    let mut at = usize::try_from(first).unwrap_or(usize::MAX);
    loop {
        let Some(entry) = archive.get(at..).and_then(|rest| rest.first_chunk::<46>()) else {
            return;
        };
        if !entry.starts_with(ENTRY) || at >= end {
            return;
        }
        let lengths = [28, 30, 32].map(|field| match entry.get(field..field + 2) {
            Some([low, high]) => usize::from(u16::from_le_bytes([*low, *high])),
            _ => 0,
        });
        let place = at + 42;
        at += 46 + lengths.iter().sum::<usize>();
        lower_at(archive, place, start);
    }
}

/// Takes `by` from the place that is written at `at`.
fn lower_at(archive: &mut [u8], at: usize, by: u64) {
    let Some(bytes) = archive
        .get_mut(at..)
        .and_then(|rest| rest.first_chunk_mut::<4>())
    else {
        return;
    };
    let place = u64::from(u32::from_le_bytes(*bytes)).checked_sub(by);
    if let Some(place) = place.and_then(|place| u32::try_from(place).ok()) {
        *bytes = place.to_le_bytes();
    }
}
