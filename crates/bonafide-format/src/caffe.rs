//! Caffe networks with their weights (caffe.proto).

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::format::{Depth, Effect, Format, Likeness};
use crate::protobuf::{Message, Outline, Value, Wire, outline};
use crate::route::Probe;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::tensor::Examiner;
use crate::visit::Visit;

pub(crate) const CAFFE: Format = Format {
    name: "caffe",
    title: "Caffe network",
    extensions: &["caffemodel"],
    effect: Effect::Graph,
    depth: Depth::Structure,
    probe,
    inspect,
};

pub(crate) const RULES: &[&Rule] = &[&PYTHON];

const PYTHON: Rule = Rule {
    slug: "caffe-python-layer",
    title: "Layer that a Python module computes",
    hazard: Hazard::CodeInGraph,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "The network names the module and the class; Caffe imports the one and instantiates the other.",
    remediation: "Do not load the network.",
    threats: &[ThreatId("ART-05"), ThreatId("ART-01")],
    cwe: &[470, 829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

const MOST: usize = 100_000;
const LAYER: u32 = 100;
const BLOBS: u32 = 7;
const PYTHON_PARAMETER: u32 = 130;

fn probe(probe: &Probe<'_>) -> Likeness {
    if !matches!(probe.head, [0x0a | 0x1a | 0x22 | 0xa2, ..]) {
        return Likeness::No;
    }
    let (fields, reach) = outline(probe.source, 0..probe.size, MOST);
    let known = fields
        .iter()
        .all(|field| matches!(field.number, 1 | 3..=8 | LAYER));
    let layer = fields.iter().find_map(|field| match field.value {
        Value::Bytes(content) if field.number == LAYER => Some(content),
        _ => None,
    });
    let Some(layer) = layer.filter(|_| known && reach == Outline::Whole) else {
        return Likeness::No;
    };
    let (inside, _) = outline(probe.source, layer.range(), 2);
    let numbers: Vec<u32> = inside.iter().map(|field| field.number).collect();
    if numbers == [1, 2] {
        return Likeness::Certain;
    }
    Likeness::No
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let (mut wire, message) = Wire::new(visit);
    let ended = network(&mut wire, message);
    wire.settle();
    ended
}

fn network(wire: &mut Wire<'_, '_>, mut message: Message) -> Result<(), Stop> {
    let mut examiner = Examiner::default();
    while let Some(field) = wire.next_of(&mut message, 0b10)? {
        match (field.number, field.value) {
            (LAYER, Value::Bytes(content)) => layer(wire, content, &mut examiner)?,
            (1..=8, Value::Bytes(content)) => wire.opaque(content)?,
            (1..=8, _) => {}
            _ => wire.unknown(field),
        }
    }
    Ok(())
}

fn layer(
    wire: &mut Wire<'_, '_>,
    mut message: Message,
    examiner: &mut Examiner,
) -> Result<(), Stop> {
    let at = message.range();
    let mut called = None;
    let mut kind = String::new();
    while let Some(field) = wire.next_of(&mut message, 0b110)? {
        match (field.number, field.value) {
            (2, Value::Bytes(content)) => {
                kind = wire.text(content)?;
                wire.visit.facts().add_operator(&kind);
            }
            (BLOBS, Value::Bytes(mut blob)) => {
                while let Some(part) = wire.next(&mut blob)? {
                    match (part.number, part.value) {
                        (5 | 6 | 8 | 9, Value::Bytes(content)) => {
                            wire.data(content);
                            examiner.examine(wire.visit, "blob", content.range());
                        }
                        (_, Value::Bytes(content)) => wire.opaque(content)?,
                        _ => {}
                    }
                }
            }
            (PYTHON_PARAMETER, Value::Bytes(mut content)) => {
                let (mut module, mut class) = (String::new(), String::new());
                while let Some(part) = wire.next(&mut content)? {
                    match (part.number, part.value) {
                        (1, Value::Bytes(content)) => module = wire.text(content)?,
                        (2, Value::Bytes(content)) => class = wire.text(content)?,
                        (_, Value::Bytes(content)) => wire.opaque(content)?,
                        _ => {}
                    }
                }
                called = Some(format!("{module}.{class}"));
            }
            (_, Value::Bytes(content)) => wire.opaque(content)?,
            _ => {}
        }
    }
    if called.is_some() || kind == "Python" {
        let called = called.unwrap_or_default();
        let text = format!("a layer is computed by `{}`", excerpt(&called, 120));
        wire.visit.report_about(&PYTHON, Some(at), &called, text);
    }
    Ok(())
}
