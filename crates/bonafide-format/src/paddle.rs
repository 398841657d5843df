//! PaddlePaddle: programs (framework.proto) and parameters as `save_inference_model` writes them.

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::coverage::State;
use crate::facts::Tensor;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::protobuf::{Message, Outline, Value, Wire, outline};
use crate::read::ReadAt;
use crate::route::Probe;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::tensor::Examiner;
use crate::visit::Visit;

pub(crate) const PROGRAM: Format = Format {
    name: "paddle-program",
    title: "PaddlePaddle program",
    extensions: &["pdmodel"],
    effect: Effect::Graph,
    depth: Depth::Structure,
    probe: is_program,
    inspect: program,
};

pub(crate) const PARAMETERS: Format = Format {
    name: "paddle-parameters",
    title: "PaddlePaddle parameters",
    extensions: &["pdiparams"],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe: is_parameters,
    inspect: parameters,
};

pub(crate) const RULES: &[&Rule] = &[&PYTHON];

const PYTHON: Rule = Rule {
    slug: "paddle-python-operator",
    title: "Operator that calls a Python function",
    hazard: Hazard::CodeInGraph,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "It calls a function of the process by a number that the program chooses.",
    remediation: "Do not load the model.",
    threats: &[ThreatId("ART-05"), ThreatId("ART-01")],
    cwe: &[94],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

const PYTHON_OPERATORS: &[&str] = &["py_func", "py_layer", "pylayer"];

/// Bytes of a number, by the number of its type.
const TYPES: &[(u8, &str, u64)] = &[
    (0, "bool", 1),
    (1, "int16", 2),
    (2, "int32", 4),
    (3, "int64", 8),
    (4, "float16", 2),
    (5, "float32", 4),
    (6, "float64", 8),
    (20, "uint8", 1),
    (21, "int8", 1),
    (22, "bfloat16", 2),
    (23, "complex64", 8),
    (24, "complex128", 16),
];

/// Version, level of detail, version of the tensor, and how long its description is.
const HEADER: usize = 20;
const LONGEST_DESCRIPTION: u64 = 1024;

fn content_of(source: &dyn ReadAt, message: Message, number: u32) -> Option<Message> {
    let (fields, reach) = outline(source, message.range(), 100_000);
    let found = fields.iter().find(|field| field.number == number)?;
    match found.value {
        Value::Bytes(content) if reach != Outline::Broken => Some(content),
        _ => None,
    }
}

/// A program starts with a block, a block with its number and that of its parent.
fn is_program(probe: &Probe<'_>) -> Likeness {
    let whole = Message::new(0..probe.size);
    let block = matches!(probe.head, [0x0a, ..])
        .then(|| content_of(probe.source, whole, 1))
        .flatten();
    let Some(block) = block else {
        return Likeness::No;
    };
    let (fields, _) = outline(probe.source, block.range(), 3);
    let numbers: Vec<_> = fields
        .iter()
        .map(|field| (field.number, matches!(field.value, Value::Bytes(_))))
        .collect();
    match numbers.as_slice() {
        [(1, false), (2, false), (3 | 4, true)] => Likeness::Certain,
        _ => Likeness::No,
    }
}

fn program(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let (mut wire, message) = Wire::new(visit);
    let ended = blocks(&mut wire, message);
    wire.settle();
    ended
}

fn blocks(wire: &mut Wire<'_, '_>, mut message: Message) -> Result<(), Stop> {
    while let Some(field) = wire.next(&mut message)? {
        match (field.number, field.value) {
            (1, Value::Bytes(mut block)) => {
                while let Some(part) = wire.next(&mut block)? {
                    match (part.number, part.value) {
                        (4, Value::Bytes(content)) => operator(wire, content)?,
                        (3, Value::Bytes(content)) => wire.opaque(content)?,
                        (1 | 2 | 5, Value::Varint(_)) => {}
                        _ => wire.unknown(part),
                    }
                }
            }
            (2..=5, Value::Bytes(content)) => wire.opaque(content)?,
            _ => wire.unknown(field),
        }
    }
    Ok(())
}

fn operator(wire: &mut Wire<'_, '_>, mut message: Message) -> Result<(), Stop> {
    let at = message.range();
    while let Some(field) = wire.next_of(&mut message, 0b1000)? {
        match (field.number, field.value) {
            (3, Value::Bytes(content)) => {
                let name = wire.text(content)?;
                wire.visit.facts().add_operator(&name);
                if PYTHON_OPERATORS.contains(&name.as_str()) {
                    let text = format!("`{}` calls a Python function", excerpt(&name, 40));
                    wire.visit
                        .report_about(&PYTHON, Some(at.clone()), &name, text);
                }
            }
            (_, Value::Bytes(content)) => wire.opaque(content)?,
            (5, Value::Varint(_)) => {}
            _ => wire.unknown(field),
        }
    }
    Ok(())
}

fn is_parameters(probe: &Probe<'_>) -> Likeness {
    let Some((header, description)) = probe.head.split_at_checked(HEADER) else {
        return Likeness::No;
    };
    let (zeros, length) = header.split_at(HEADER - 4);
    match (length, description) {
        ([2..=128, 0, 0, 0], [0x08, kind, 0x10 | 0x12, ..])
            if zeros.iter().all(|byte| *byte == 0)
                && TYPES.iter().any(|(known, _, _)| known == kind) =>
        {
            Likeness::Certain
        }
        _ => Likeness::No,
    }
}

fn parameters(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let mut cursor = visit.cursor(0);
    let mut examiner = Examiner::default();
    let mut count = 0_u64;
    while cursor.remaining() > 0 {
        visit.work(1)?;
        let at = cursor.position();
        if cursor.u32()? != 0 {
            return Err(Stop::malformed(at, "a parameter is of another version"));
        }
        for _ in 0..cursor.u64()?.min(cursor.remaining()) {
            let length = cursor.u64()?;
            cursor.skip(length)?;
        }
        if cursor.u32()? != 0 {
            return Err(Stop::malformed(at, "a tensor is of another version"));
        }
        let length = u64::from(cursor.u32()?);
        if length > LONGEST_DESCRIPTION {
            return Err(Stop::malformed(
                at,
                "the description of a tensor is too long",
            ));
        }
        let start = cursor.position();
        cursor.skip(length)?;
        let (fields, _) = outline(visit.source(), start..start + length, 64);
        let mut kind = 0;
        let mut shape = Vec::new();
        for field in fields {
            match (field.number, field.value) {
                (1, Value::Varint(number)) => kind = number,
                (2, Value::Varint(number)) => shape.push(number),
                _ => {}
            }
        }
        let known = TYPES.iter().find(|known| u64::from(known.0) == kind);
        let bytes = shape
            .iter()
            .try_fold(known.map_or(1, |known| known.2), |product, axis| {
                product.checked_mul(*axis)
            });
        let (Some((_, dtype, _)), Some(bytes)) = (known, bytes) else {
            return Err(Stop::malformed(at, "a tensor has no such type or shape"));
        };
        let data = cursor.position();
        visit.cover(at..data, State::Scanned);
        cursor.skip(bytes)?;
        visit.cover(data..data + bytes, State::Data);
        let name = format!("parameter {count}");
        examiner.examine(visit, &name, data..data + bytes);
        count += 1;
        visit.tensor(Tensor {
            place: None,
            name,
            dtype: (*dtype).to_owned(),
            shape,
        });
    }
    Ok(())
}
