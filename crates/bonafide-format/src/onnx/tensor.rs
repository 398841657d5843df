//! Tensors: numbers in the message, or in another file.

use std::collections::BTreeMap;
use std::ops::Range;

use bonafide_core::excerpt;

use crate::facts::{Order, ReferenceKind, Tensor};
use crate::format::Likeness;
use crate::onnx::model::{Model, once};
use crate::onnx::rules;
use crate::protobuf::{ENTRY, Kind, Message, Outline, Schema, Value, outline};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

static SEGMENT: Schema = Schema(&[(1, Kind::Number), (2, Kind::Number)]);

/// Most fields of a tensor that a probe looks at.
const MOST_FIELDS: usize = 10_000;

/// Most dimensions that are kept.
const MOST_DIMENSIONS: usize = 64;

/// Most external tensors that are kept.
const MOST_EXTERNAL: usize = 200_000;

/// Longest list of packed integers that is counted.
const LONGEST_COUNTED: u64 = 1 << 20;

/// Keys that describe an external tensor; runtimes add numbered ones of their own.
const KEYS: &[&str] = &["location", "offset", "length", "checksum", "basepath"];
const PREPACKED: &str = "prepacked_";

/// By this name the runtime marks tensors that it holds in memory itself.
const MEMORY: &str = "_ORT_MEM_ADDR_";

/// Names and sizes in bits, by the number of the type.
const TYPES: &[(&str, u64)] = &[
    ("undefined", 0),
    ("float32", 32),
    ("uint8", 8),
    ("int8", 8),
    ("uint16", 16),
    ("int16", 16),
    ("int32", 32),
    ("int64", 64),
    ("string", 0),
    ("bool", 8),
    ("float16", 16),
    ("float64", 64),
    ("uint32", 32),
    ("uint64", 64),
    ("complex64", 64),
    ("complex128", 128),
    ("bfloat16", 16),
    ("float8e4m3fn", 8),
    ("float8e4m3fnuz", 8),
    ("float8e5m2", 8),
    ("float8e5m2fnuz", 8),
    ("uint4", 4),
    ("int4", 4),
    ("float4e2m1", 4),
    ("float8e8m0", 8),
    ("uint2", 2),
    ("int2", 2),
];

const STRING: u64 = 8;

/// What has been read of one tensor.
#[derive(Debug, Default)]
struct Draft {
    name: String,
    kind: Option<u64>,
    shape: Vec<u64>,
    raw: Option<Message>,
    /// Bytes of numbers of a fixed width.
    fixed: u64,
    /// Numbers of a variable width; none if they were too many to be counted.
    varints: Option<u64>,
    texts: u64,
    external: Vec<(String, String)>,
    is_external: bool,
}

impl Model<'_, '_> {
    pub(crate) fn tensor(&mut self, mut message: Message) -> Result<(), Stop> {
        self.wire.visit.work(1)?;
        let whole = message.range();
        let mut draft = Draft {
            varints: Some(0),
            ..Draft::default()
        };
        while let Some(field) = self
            .wire
            .next_of(&mut message, const { once(&[2, 3, 8, 9, 12, 14]) })?
        {
            match (field.number, field.value) {
                (1, Value::Varint(length)) => draft.dimension(length),
                (1, Value::Bytes(content)) => {
                    for length in self.wire.varints(content)? {
                        draft.dimension(length);
                    }
                }
                (2, Value::Varint(kind)) => draft.kind = Some(kind),
                (3, Value::Bytes(content)) => self.wire.plain(content, &SEGMENT)?,
                (4 | 10, Value::Bytes(content)) => {
                    draft.fixed = draft.fixed.saturating_add(content.len());
                    self.wire.data(content);
                }
                (4, Value::Fixed32(_)) => draft.fixed = draft.fixed.saturating_add(4),
                (10, Value::Fixed64(_)) => draft.fixed = draft.fixed.saturating_add(8),
                (5 | 7 | 11, Value::Varint(_)) => draft.add_varints(Some(1)),
                (5 | 7 | 11, Value::Bytes(content)) => {
                    self.wire.data(content);
                    let count = if content.len() <= LONGEST_COUNTED {
                        let bytes = self.wire.bytes(content, LONGEST_COUNTED)?;
                        let ends = bytes.iter().filter(|byte| **byte & 0x80 == 0);
                        Some(ends.count() as u64)
                    } else {
                        None
                    };
                    draft.add_varints(count);
                }
                (6, Value::Bytes(content)) => {
                    draft.texts += 1;
                    self.wire.constant(content)?;
                }
                (8, Value::Bytes(content)) => draft.name = self.wire.text(content)?,
                (9, Value::Bytes(content)) => {
                    draft.raw = Some(content);
                    self.wire.data(content);
                }
                (12, Value::Bytes(content)) => self.wire.constant(content)?,
                (13, Value::Bytes(content)) => {
                    let entry = self.wire.entry(content)?;
                    draft.external.push(entry);
                }
                (14, Value::Varint(location)) => draft.is_external = location == 1,
                (16, Value::Bytes(content)) => self.wire.plain(content, &ENTRY)?,
                _ => self.wire.unknown(field),
            }
        }
        if let Some(raw) = draft.raw {
            let range = raw.range();
            self.content.examine(self.wire.visit, &draft.name, range);
        }
        self.conclude_tensor(draft, whole);
        Ok(())
    }

    pub(crate) fn sparse_tensor(&mut self, mut message: Message) -> Result<(), Stop> {
        while let Some(field) = self.wire.next_of(&mut message, const { once(&[1, 2]) })? {
            match (field.number, field.value) {
                (1 | 2, Value::Bytes(content)) => self.tensor(content)?,
                (3, Value::Varint(_)) => {}
                (3, Value::Bytes(content)) => self.wire.data(content),
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    fn conclude_tensor(&mut self, draft: Draft, at: Range<u64>) {
        let number = draft.kind.unwrap_or(0);
        let kind = usize::try_from(number)
            .ok()
            .and_then(|number| TYPES.get(number));
        let mut place = None;
        if !draft.external.is_empty() || draft.is_external {
            self.external
                .add(self.wire.visit, &draft, kind.map(|kind| kind.1), &at);
        } else if let Some(why) = draft.misfit(kind) {
            let text = format!("tensor `{}`: {why}", excerpt(&draft.name, 80));
            self.wire.visit.report(&rules::TENSOR_SIZE, Some(at), text);
        } else if let Some(raw) = draft.raw
            && kind.is_some_and(|(_, bits)| *bits > 0)
        {
            // ONNX fixes the order of bytes, whatever machine wrote them.
            place = self.wire.visit.place(raw.range(), Order::RowMajor, false);
        }
        let dtype = kind.map_or_else(|| format!("type {number}"), |kind| kind.0.to_owned());
        self.wire.visit.tensor(Tensor {
            place,
            name: draft.name,
            dtype,
            shape: draft.shape,
        });
    }
}

/// There is no signature: all has to fit, also the numbers to the shape.
pub(crate) fn probe(probe: &Probe<'_>) -> Likeness {
    if !matches!(probe.head, [0x08 | 0x0a | 0x10, _, ..]) {
        return Likeness::No;
    }
    let (fields, reach) = outline(probe.source, 0..probe.size, MOST_FIELDS);
    if reach != Outline::Whole {
        return Likeness::No;
    }
    let (mut kind, mut elements, mut raw, mut numbers) = (0, Some(1_u64), None, false);
    for field in &fields {
        match (field.number, field.value) {
            (1, Value::Varint(length)) => {
                elements = elements.and_then(|product| product.checked_mul(length));
            }
            (2, Value::Varint(number)) if kind == 0 => kind = number,
            (9, Value::Bytes(content)) if raw.is_none() => raw = Some(content.len()),
            (4 | 6 | 10, Value::Bytes(_)) | (5 | 7 | 11, Value::Bytes(_) | Value::Varint(_)) => {
                numbers = true;
            }
            (8 | 12, Value::Bytes(_)) => {}
            _ => return Likeness::No,
        }
    }
    let bits = usize::try_from(kind).ok().and_then(|kind| TYPES.get(kind));
    let wanted = match (bits, elements) {
        (Some((_, bits)), Some(elements)) if kind > 0 => elements.checked_mul(*bits),
        _ => return Likeness::No,
    };
    let fits = match raw {
        Some(length) => !numbers && wanted.map(|bits| bits.div_ceil(8)) == Some(length),
        None => numbers,
    };
    if fits {
        Likeness::Possible
    } else {
        Likeness::No
    }
}

impl Draft {
    fn dimension(&mut self, length: u64) {
        if self.shape.len() < MOST_DIMENSIONS {
            self.shape.push(length);
        }
    }

    fn add_varints(&mut self, count: Option<u64>) {
        self.varints = match (self.varints, count) {
            (Some(sum), Some(count)) => Some(sum.saturating_add(count)),
            _ => None,
        };
    }

    /// How many numbers the shape says there are; none if there is no such shape.
    fn elements(&self) -> Option<u64> {
        let mut product = 1_u64;
        for length in &self.shape {
            if i64::try_from(*length).is_err() {
                return None;
            }
            product = product.checked_mul(*length)?;
        }
        Some(product)
    }

    /// Why what is there does not fit the shape.
    fn misfit(&self, kind: Option<&(&str, u64)>) -> Option<String> {
        let Some(elements) = self.elements() else {
            return Some("its shape is negative or has more numbers than there can be".to_owned());
        };
        if self.kind == Some(STRING) {
            return (self.texts != elements)
                .then(|| format!("{} texts for {elements} elements", self.texts));
        }
        let Some((_, bits @ 1..)) = kind else {
            return None;
        };
        let Some(wanted) = elements.checked_mul(*bits).map(|bits| bits.div_ceil(8)) else {
            return Some("its shape has more numbers than there can be".to_owned());
        };
        let varints = self.varints.unwrap_or(u64::MAX);
        if let Some(raw) = self.raw {
            let found = raw.len();
            if self.fixed > 0 || varints > 0 || self.texts > 0 {
                return Some("it has its numbers twice".to_owned());
            }
            return (found != wanted)
                .then(|| format!("{found} bytes for a shape that takes {wanted}"));
        }
        if self.fixed > 0 {
            return (self.fixed != wanted)
                .then(|| format!("{} bytes for a shape that takes {wanted}", self.fixed));
        }
        // Types of less than a byte are put into the numbers of a byte together.
        let numbers = if *bits < 8 { wanted } else { elements };
        match self.varints {
            Some(found) if found != numbers => {
                Some(format!("{found} numbers for a shape of {numbers}"))
            }
            _ => None,
        }
    }
}

/// A file that holds tensors of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExternalFile {
    /// Its path, from the folder of the file that names it.
    pub(crate) location: String,
    /// Where the tensors are: in order, and apart.
    pub(crate) ranges: Vec<Range<u64>>,
    /// Reported if it is not there.
    pub(crate) rule: &'static crate::rule::Rule,
}

/// Tensors in other files.
#[derive(Debug, Default)]
pub(crate) struct External {
    files: BTreeMap<String, Vec<Range<u64>>>,
    count: usize,
}

impl External {
    fn add(&mut self, visit: &mut Visit<'_>, draft: &Draft, bits: Option<u64>, at: &Range<u64>) {
        let shown = excerpt(&draft.name, 80);
        let mut location = None;
        let (mut offset, mut length) = (Some(0), None);
        let mut wrong = None;
        for (key, value) in &draft.external {
            match key.as_str() {
                "location" => location = Some(value),
                "offset" => offset = place(value, &mut wrong),
                "length" => length = place(value, &mut wrong),
                other if KEYS.contains(&other) || other.starts_with(PREPACKED) => {}
                other => {
                    let key = excerpt(other, 80);
                    let text = format!("tensor `{shown}` has the key `{key}`");
                    visit.report_about(&rules::EXTERNAL_KEY, Some(at.clone()), other, text);
                }
            }
        }
        let Some(location) = location else {
            if draft.is_external {
                let text = format!("tensor `{shown}` is in another file without a name");
                visit.report(&rules::EXTERNAL_RANGE, Some(at.clone()), text);
            }
            return;
        };
        if location.contains(MEMORY) {
            let text = format!("tensor `{shown}` is at `{}`", excerpt(location, 120));
            visit.report_about(&rules::MEMORY_ADDRESS, Some(at.clone()), location, text);
            return;
        }
        visit
            .facts()
            .add_reference(ReferenceKind::Weights, location);
        let why = crate::path::leads_outside(location);
        let why = why.or(location.is_empty().then_some("it is empty"));
        if let Some(why) = why {
            let path = excerpt(location, 120);
            let text = format!("tensor `{shown}` is in `{path}`: {why}");
            visit.report_about(&crate::path::OUTSIDE, Some(at.clone()), location, text);
        }
        let elements = draft.elements();
        let wanted = match (elements, bits) {
            (Some(elements), Some(bits @ 1..)) => elements.checked_mul(bits),
            _ => None,
        };
        let wanted = wanted.map(|bits| bits.div_ceil(8));
        if let (Some(wanted), Some(length)) = (wanted, length)
            && wanted != length
        {
            wrong = Some(format!("{length} bytes for a shape that takes {wanted}"));
        } else if elements.is_none() {
            wrong = Some("its shape is no shape".to_owned());
        }
        let length = length.or(wanted);
        let end = match (offset, length) {
            (Some(offset), Some(length)) => offset.checked_add(length).map(|end| offset..end),
            _ => None,
        };
        if let Some(wrong) = wrong {
            let text = format!("tensor `{shown}`: {wrong}");
            visit.report(&rules::EXTERNAL_RANGE, Some(at.clone()), text);
        } else if let Some(range) = end
            && why.is_none()
            && self.count < MOST_EXTERNAL
        {
            self.count += 1;
            self.files.entry(location.clone()).or_default().push(range);
        }
    }

    /// Reports what overlaps, and takes down what the other files have to hold.
    pub(crate) fn conclude(self, visit: &mut Visit<'_>) {
        for (location, mut ranges) in self.files {
            ranges.sort_by_key(|range| (range.start, range.end));
            ranges.dedup();
            let mut joined: Vec<Range<u64>> = Vec::new();
            let mut overlaps = 0_u64;
            for range in ranges {
                match joined.last_mut() {
                    Some(last) if range.start < last.end => {
                        overlaps += 1;
                        last.end = last.end.max(range.end);
                    }
                    Some(last) if range.start == last.end => last.end = range.end,
                    _ => joined.push(range),
                }
            }
            if overlaps > 0 {
                let path = excerpt(&location, 120);
                let text = format!("{overlaps} tensors in `{path}` share bytes with others");
                visit.report_about(&rules::EXTERNAL_OVERLAP, None, &location, text);
            }
            visit.links().external.push(ExternalFile {
                location,
                ranges: joined,
                rule: &rules::EXTERNAL_ABSENT,
            });
        }
    }
}

/// An offset or length, which is written as text.
fn place(value: &str, wrong: &mut Option<String>) -> Option<u64> {
    let number = value.parse::<u64>().ok();
    let number = number.filter(|number| i64::try_from(*number).is_ok());
    if number.is_none() {
        let value = excerpt(value, 40);
        *wrong = Some(format!("`{value}` is no offset or length"));
    }
    number
}
