//! Core ML models (Model.proto of coremltools).

mod weights;

use std::collections::BTreeSet;

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::facts::ReferenceKind;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::protobuf::{Message, Outline, Value, Wire, outline};
use crate::route::Probe;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::tensor::Examiner;
use crate::visit::Visit;

pub(crate) use weights::WEIGHTS;

pub(crate) const COREML: Format = Format {
    name: "coreml",
    title: "Core ML",
    extensions: &["mlmodel"],
    effect: Effect::Graph,
    depth: Depth::Structure,
    probe,
    inspect,
};

pub(crate) const RULES: &[&Rule] = &[&CUSTOM_CLASS, &LINKED];

const CUSTOM_CLASS: Rule = Rule {
    slug: "coreml-custom-class",
    title: "Layer or model that a class of the application computes",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "The model names the class; the system instantiates it with parameters out of the file.",
    remediation: "Find out which application supplies the class, and whether it is trusted.",
    threats: &[ThreatId("ART-05")],
    cwe: &[470, 829],
    cve: &[],
    atlas: &["AML.T0018.001"],
};

const LINKED: Rule = Rule {
    slug: "coreml-linked-model",
    title: "Model that is another file",
    hazard: Hazard::OutsideReference,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "What is loaded is looked for by name in the paths of the machine.",
    remediation: "Ship the model itself.",
    threats: &[ThreatId("ART-05")],
    cwe: &[426],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

/// Fields of a model that say which kind it is.
const KINDS: std::ops::RangeInclusive<u32> = 200..=3999;
const MOST: usize = 10_000;

/// Longest content that can be a message with something to say; longer ones are numbers.
const LONGEST_LEAF: u64 = 64 << 10;

/// How paths of weights start in a package.
const PACKAGE: &str = "@model_path/";

fn probe(probe: &Probe<'_>) -> Likeness {
    if !matches!(probe.head, [0x08, 1..=32, 0x12, ..]) {
        return Likeness::No;
    }
    let (fields, reach) = outline(probe.source, 0..probe.size, MOST);
    let kind = |number: u32| KINDS.contains(&number);
    let known = fields
        .iter()
        .all(|field| matches!(field.number, 1 | 2 | 10) || kind(field.number));
    let described = fields
        .iter()
        .any(|field| field.number == 2 && matches!(field.value, Value::Bytes(_)));
    let typed = fields
        .iter()
        .any(|field| kind(field.number) && matches!(field.value, Value::Bytes(_)));
    if reach == Outline::Whole && known && described && typed {
        return Likeness::Certain;
    }
    Likeness::No
}

struct Model<'r, 'v> {
    wire: Wire<'r, 'v>,
    content: Examiner,
    weights: BTreeSet<String>,
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let (wire, message) = Wire::new(visit);
    let mut model = Model {
        wire,
        content: Examiner::default(),
        weights: BTreeSet::new(),
    };
    let ended = model.model(message);
    model.wire.settle();
    ended
}

impl Model<'_, '_> {
    fn model(&mut self, mut message: Message) -> Result<(), Stop> {
        while let Some(field) = self.wire.next_of(&mut message, 0b100_0000_0110)? {
            match (field.number, field.value) {
                (1, Value::Varint(version)) => {
                    let facts = self.wire.visit.facts();
                    facts.add_metadata("coreml.specification-version", &version.to_string());
                }
                (10, Value::Varint(_)) => {}
                (2, Value::Bytes(content)) => self.description(content)?,
                (200 | 201, Value::Bytes(mut content)) => {
                    while let Some(field) = self.wire.next(&mut content)? {
                        match (field.number, field.value) {
                            (1, Value::Bytes(content)) => self.pipeline(content)?,
                            _ => self.wire.unknown(field),
                        }
                    }
                }
                (202, Value::Bytes(content)) => self.pipeline(content)?,
                (303 | 403 | 500, Value::Bytes(content)) => self.network(content)?,
                (555, Value::Bytes(content)) => self.custom(content, 1)?,
                (556, Value::Bytes(content)) => {
                    let text = "the model is another file, found by its name";
                    self.wire.visit.report(&LINKED, Some(content.range()), text);
                    self.any(content)?;
                }
                (number, Value::Bytes(content)) if KINDS.contains(&number) => self.any(content)?,
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    fn pipeline(&mut self, mut message: Message) -> Result<(), Stop> {
        while let Some(field) = self.wire.next(&mut message)? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => self.model(content)?,
                (2, Value::Bytes(content)) => self.wire.claim(content.range()),
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    fn description(&mut self, mut message: Message) -> Result<(), Stop> {
        while let Some(field) = self.wire.next(&mut message)? {
            match (field.number, field.value) {
                (100, Value::Bytes(mut metadata)) => {
                    while let Some(part) = self.wire.next(&mut metadata)? {
                        match (part.number, part.value) {
                            (3, Value::Bytes(content)) => {
                                let author = self.wire.text(content)?;
                                let facts = self.wire.visit.facts();
                                facts.add_metadata("coreml.author", &author);
                            }
                            (4, Value::Bytes(content)) => {
                                let licence = self.wire.text(content)?;
                                self.wire.visit.facts().add_licence(&licence);
                            }
                            (_, Value::Bytes(content)) => self.any(content)?,
                            _ => self.wire.unknown(part),
                        }
                    }
                }
                (_, Value::Bytes(content)) => self.any(content)?,
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    fn network(&mut self, mut message: Message) -> Result<(), Stop> {
        while let Some(field) = self.wire.next(&mut message)? {
            match (field.number, field.value) {
                (1, Value::Bytes(mut layer)) => {
                    while let Some(part) = self.wire.next(&mut layer)? {
                        match (part.number, part.value) {
                            (500, Value::Bytes(content)) => self.custom(content, 10)?,
                            (_, Value::Bytes(content)) => self.any(content)?,
                            _ => {}
                        }
                    }
                }
                (_, Value::Bytes(content)) => self.any(content)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// A class of the application, named in the field `name`.
    fn custom(&mut self, mut message: Message, name: u32) -> Result<(), Stop> {
        let at = message.range();
        let mut class = String::new();
        while let Some(field) = self.wire.next(&mut message)? {
            match field.value {
                Value::Bytes(content) if field.number == name => class = self.wire.text(content)?,
                Value::Bytes(content) => self.any(content)?,
                _ => {}
            }
        }
        let text = format!("the class `{}` computes a part", excerpt(&class, 80));
        self.wire
            .visit
            .report_about(&CUSTOM_CLASS, Some(at), &class, text);
        Ok(())
    }

    /// Messages of the many kinds that only compute: their leaves are texts and numbers.
    fn any(&mut self, mut message: Message) -> Result<(), Stop> {
        self.wire.visit.work(message.len())?;
        if self.wire.is_message(message) {
            while let Some(field) = self.wire.next(&mut message)? {
                if let Value::Bytes(content) = field.value {
                    self.any(content)?;
                }
            }
            return Ok(());
        }
        let at = message.range();
        if message.len() > LONGEST_LEAF {
            self.wire.data(message);
            self.content.examine(self.wire.visit, "weights", at);
            return Ok(());
        }
        let bytes = self.wire.bytes(message, 4096)?;
        let text = String::from_utf8_lossy(bytes);
        if let Some(path) = text.strip_prefix(PACKAGE) {
            let path = path.to_owned();
            let visit = &mut *self.wire.visit;
            // Every tensor of a program names the file anew.
            if !self.weights.insert(path.clone()) {
                return self.wire.constant(message);
            }
            visit.facts().add_reference(ReferenceKind::Weights, &path);
            if let Some(why) = crate::path::leads_outside(&path) {
                let text = format!("weights are in `{}`: {why}", excerpt(&path, 120));
                visit.report_about(&crate::path::OUTSIDE, Some(at), &path, text);
            }
        }
        self.wire.constant(message)
    }
}
