//! Protocol Buffers on the wire: read field by field, nothing built, every byte accounted for.
//!
//! The encoding has no signature and no order. What tells messages apart is which fields
//! they have, so each format says which it knows; what it does not know stays unclaimed,
//! and is inspected as something hidden.

use std::ops::Range;

use bonafide_core::{Severity, ThreatId};

use crate::coverage::State;
use crate::cursor::Cursor;
use crate::read::ReadAt;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const RULES: &[&Rule] = &[&REPEATED, &UNKNOWN];

const REPEATED: Rule = Rule {
    slug: "protobuf-repeated-field",
    title: "Field that a message has once is there twice",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "One reader takes the last, another merges both: what was examined need not be what is loaded. \
        No writer does this.",
    remediation: "Do not load the file. Convert the model anew from its origin.",
    threats: &[ThreatId("ART-06")],
    cwe: &[436, 694],
    cve: &[],
    atlas: &["AML.T0076"],
};

const UNKNOWN: Rule = Rule {
    slug: "protobuf-unknown-field",
    title: "Field that the published format does not have",
    hazard: Hazard::Hidden,
    severity: Severity::Low,
    confidence: Confidence::Possible,
    rationale: "Loaders pass it by. A newer version of the format may have it.",
    remediation: "Compare with the version of the format that the file says it is of.",
    threats: &[ThreatId("ART-06")],
    cwe: &[20],
    cve: &[],
    atlas: &[],
};

/// Deepest nesting; the reference implementations stop at the same.
const DEEPEST: u32 = 100;

/// Longest text that is looked at.
const LONGEST_TEXT: u64 = 4096;

/// Shortest unknown content that is left to be inspected as something hidden.
const SHORTEST_HIDDEN: u64 = 32;

/// Longest constant that is examined in memory.
const LONGEST_CONSTANT: u64 = 32 << 20;

/// Shortest constant that can do anything.
const SHORTEST_CONSTANT: u64 = 12;

/// Content of a message, or of any field with a length, as far as it was not read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Message {
    at: u64,
    end: u64,
    depth: u32,
    /// Fields below 64 that were there.
    seen: u64,
}

impl Message {
    pub(crate) const fn new(range: Range<u64>) -> Self {
        Self {
            at: range.start,
            end: range.end,
            depth: 0,
            seen: 0,
        }
    }

    pub(crate) const fn range(&self) -> Range<u64> {
        self.at..self.end
    }

    pub(crate) const fn len(&self) -> u64 {
        self.end.saturating_sub(self.at)
    }

    pub(crate) const fn start(&self) -> u64 {
        self.at
    }
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    Varint(u64),
    Fixed64(u64),
    Fixed32(u32),
    Bytes(Message),
}

/// A field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) number: u32,
    pub(crate) value: Value,
    /// Where its tag is.
    pub(crate) at: u64,
    /// Where the next one is.
    pub(crate) end: u64,
}

impl Field {
    pub(crate) const fn end(&self) -> u64 {
        self.end
    }
}

/// Reads the next field of a message, and goes behind it.
fn next(cursor: &mut Cursor<'_>, message: &mut Message) -> Result<Option<Field>, Stop> {
    if message.at >= message.end {
        return Ok(None);
    }
    let at = message.at;
    cursor.seek(at);
    let tag = varint(cursor, message.end)?;
    let number = u32::try_from(tag >> 3)
        .ok()
        .filter(|number| (1..1 << 29).contains(number))
        .ok_or_else(|| Stop::malformed(at, "a field has a number that there is not"))?;
    let room = |cursor: &Cursor<'_>| message.end.saturating_sub(cursor.position());
    let short = || Stop::malformed(at, "a field ends behind its message");
    let value = match tag & 7 {
        0 => Value::Varint(varint(cursor, message.end)?),
        1 if room(cursor) >= 8 => Value::Fixed64(cursor.u64()?),
        5 if room(cursor) >= 4 => Value::Fixed32(cursor.u32()?),
        2 => {
            let length = varint(cursor, message.end)?;
            if length > room(cursor) {
                return Err(short());
            }
            let from = cursor.position();
            message.at = from + length;
            return Ok(Some(Field {
                number,
                value: Value::Bytes(Message {
                    at: from,
                    end: from + length,
                    depth: message.depth + 1,
                    seen: 0,
                }),
                at,
                end: from + length,
            }));
        }
        1 | 5 => return Err(short()),
        _ => {
            return Err(Stop::malformed(
                at,
                "a field is of a kind that there is not",
            ));
        }
    };
    message.at = cursor.position();
    Ok(Some(Field {
        number,
        value,
        at,
        end: message.at,
    }))
}

/// A number in groups of seven bits, the lowest first.
fn varint(cursor: &mut Cursor<'_>, end: u64) -> Result<u64, Stop> {
    let at = cursor.position();
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        if cursor.position() >= end {
            return Err(Stop::malformed(at, "a number ends behind its message"));
        }
        let byte = cursor.byte()?;
        let bits = u64::from(byte & 0x7f);
        if shift == 63 && bits > 1 {
            break;
        }
        value |= bits << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(Stop::malformed(at, "a number has more than 64 bits"))
}

/// The fields of one message without what is in them, for probes: at most `most`, and
/// whether they end where the message does.
pub(crate) fn outline(
    source: &dyn ReadAt,
    range: Range<u64>,
    most: usize,
) -> (Vec<Field>, Outline) {
    let mut cursor = Cursor::new(source, range.start);
    let mut message = Message::new(range);
    let mut fields = Vec::new();
    while fields.len() < most {
        match next(&mut cursor, &mut message) {
            Ok(Some(field)) => fields.push(field),
            Ok(None) => return (fields, Outline::Whole),
            Err(_) => return (fields, Outline::Broken),
        }
    }
    (fields, Outline::More)
}

/// How far an [`outline`] goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outline {
    /// To the end of the message.
    Whole,
    /// As far as was asked for.
    More,
    /// To something that is no field.
    Broken,
}

/// What is known of a field that no reader looks into.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// Numbers, one or packed.
    Number,
    /// Text or bytes that no loader acts on, but that may hold something else.
    Text,
    Message(&'static Schema),
}

/// Fields of a message that is only checked and accounted for.
#[derive(Debug)]
pub(crate) struct Schema(pub(crate) &'static [(u32, Kind)]);

/// Keys and values: metadata, bindings.
pub(crate) static ENTRY: Schema = Schema(&[(1, Kind::Text), (2, Kind::Text)]);

/// Reads messages of one body. What is understood is claimed when it has been read.
pub(crate) struct Wire<'r, 'v> {
    pub(crate) visit: &'r mut Visit<'v>,
    cursor: Cursor<'v>,
    /// Claimed, but not yet told to the visit.
    pending: Range<u64>,
}

impl<'r, 'v> Wire<'r, 'v> {
    /// Lets `read` read the whole body as one message.
    pub(crate) fn new(visit: &'r mut Visit<'v>) -> (Self, Message) {
        let message = Message::new(0..visit.size());
        let cursor = visit.cursor(0);
        let wire = Self {
            visit,
            cursor,
            pending: 0..0,
        };
        (wire, message)
    }

    /// Tells the visit what was read. Has to be called at the end, whatever the end was.
    pub(crate) fn settle(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        self.visit.cover(pending, State::Scanned);
    }

    /// The next field. Its tag, and what is no content of a length, are claimed.
    pub(crate) fn next(&mut self, message: &mut Message) -> Result<Option<Field>, Stop> {
        if message.depth > DEEPEST {
            return Err(Stop::malformed(
                message.at,
                "messages are nested too deeply",
            ));
        }
        let field = next(&mut self.cursor, message)?;
        if let Some(field) = field {
            let end = match field.value {
                Value::Bytes(content) => content.at,
                _ => message.at,
            };
            self.claim(field.at..end);
        }
        Ok(field)
    }

    /// The same, and reports it if `singular` has its number and it was there before.
    pub(crate) fn next_of(
        &mut self,
        message: &mut Message,
        singular: u64,
    ) -> Result<Option<Field>, Stop> {
        let field = self.next(message)?;
        if let Some(field) = field {
            let bit = 1_u64.checked_shl(field.number).unwrap_or(0);
            if message.seen & singular & bit != 0 {
                let text = format!("field {} is there twice", field.number);
                self.visit
                    .report(&REPEATED, Some(field.at..message.at), text);
            }
            message.seen |= bit;
        }
        Ok(field)
    }

    /// Claims bytes as read and understood.
    pub(crate) fn claim(&mut self, range: Range<u64>) {
        if range.start == self.pending.end {
            self.pending.end = range.end;
        } else {
            self.settle();
            self.pending = range;
        }
    }

    /// Claims content as numbers.
    pub(crate) fn data(&mut self, content: Message) {
        self.visit.cover(content.range(), State::Data);
    }

    /// The bytes of some content; no more than `limit` of them.
    pub(crate) fn bytes(&mut self, content: Message, limit: u64) -> Result<&[u8], Stop> {
        self.cursor.seek(content.at);
        let length = usize::try_from(content.len().min(limit)).unwrap_or(0);
        self.cursor.bytes(length)
    }

    /// Text, cut if it is very long; claimed.
    pub(crate) fn text(&mut self, content: Message) -> Result<String, Stop> {
        self.claim(content.range());
        let bytes = self.bytes(content, LONGEST_TEXT)?;
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    /// Packed numbers of a variable width; claimed. Only a few are wanted.
    pub(crate) fn varints(&mut self, content: Message) -> Result<Vec<u64>, Stop> {
        const MOST: usize = 64;
        self.claim(content.range());
        self.cursor.seek(content.at);
        let mut numbers = Vec::new();
        while self.cursor.position() < content.end && numbers.len() < MOST {
            numbers.push(varint(&mut self.cursor, content.end)?);
        }
        Ok(numbers)
    }

    /// A constant, which may be a payload; claimed.
    pub(crate) fn constant(&mut self, content: Message) -> Result<(), Stop> {
        self.claim(content.range());
        if content.len() < SHORTEST_CONSTANT {
            return Ok(());
        }
        if content.len() > LONGEST_CONSTANT {
            let name = format!("constant at {}", content.at);
            self.visit.part(&name, content.range());
            return Ok(());
        }
        let bytes = self.bytes(content, LONGEST_CONSTANT)?.to_vec();
        self.visit.work(content.len())?;
        crate::payload::examine(self.visit, &bytes, content.range());
        Ok(())
    }

    /// A field that the format does not have.
    pub(crate) fn unknown(&mut self, field: Field) {
        let length = match field.value {
            Value::Bytes(content) if content.len() >= SHORTEST_HIDDEN => return,
            Value::Bytes(content) => {
                self.claim(content.range());
                content.len()
            }
            _ => 0,
        };
        let text = format!("field {} with {length} bytes of content", field.number);
        self.visit.report(&UNKNOWN, Some(field.at..field.at), text);
    }

    /// A message that is only checked and accounted for.
    pub(crate) fn plain(&mut self, mut message: Message, schema: &Schema) -> Result<(), Stop> {
        while let Some(field) = self.next(&mut message)? {
            let known = schema.0.iter().find(|(number, _)| *number == field.number);
            match (known.map(|(_, kind)| kind), field.value) {
                (Some(Kind::Number), Value::Bytes(content)) => self.data(content),
                (Some(Kind::Number), _) => {}
                (Some(Kind::Text), Value::Bytes(content)) => self.constant(content)?,
                (Some(Kind::Message(schema)), Value::Bytes(content)) => {
                    self.plain(content, schema)?;
                }
                _ => self.unknown(field),
            }
        }
        Ok(())
    }

    /// True for content that reads as fields up to its end. Whatever it is, nothing is kept.
    pub(crate) fn is_message(&mut self, content: Message) -> bool {
        let mut rest = Message::new(content.range());
        let mut any = false;
        while let Ok(field) = next(&mut self.cursor, &mut rest) {
            if field.is_none() {
                return any;
            }
            any = true;
        }
        false
    }

    /// A message that no rule is about, of whatever fields: its leaves are examined as
    /// constants.
    pub(crate) fn opaque(&mut self, mut message: Message) -> Result<(), Stop> {
        self.visit.work(message.len())?;
        if message.depth >= DEEPEST || !self.is_message(message) {
            return self.constant(message);
        }
        while let Some(field) = self.next(&mut message)? {
            if let Value::Bytes(content) = field.value {
                self.opaque(content)?;
            }
        }
        Ok(())
    }

    /// A key and its value.
    pub(crate) fn entry(&mut self, mut message: Message) -> Result<(String, String), Stop> {
        let (mut key, mut value) = (String::new(), String::new());
        while let Some(field) = self.next_of(&mut message, 0b110)? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => key = self.text(content)?,
                (2, Value::Bytes(content)) => value = self.text(content)?,
                _ => self.unknown(field),
            }
        }
        Ok((key, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(bytes: &[u8]) -> (Vec<Field>, Outline) {
        outline(&bytes, 0..bytes.len() as u64, 100)
    }

    #[test]
    fn every_kind_of_field_is_read_to_its_end() {
        let bytes = [
            &[0x08, 0x96, 0x01][..],
            &[0x15, 1, 0, 0, 0],
            &[0x19, 2, 0, 0, 0, 0, 0, 0, 0],
            &[0x22, 2, b'o', b'k'],
            // A number with more groups than it needs.
            &[0x28, 0x81, 0x80, 0x00],
        ]
        .concat();
        let (found, reach) = fields(&bytes);
        assert_eq!(reach, Outline::Whole);
        let values: Vec<_> = found
            .iter()
            .map(|field| (field.number, field.value))
            .collect();
        assert_eq!(
            values[..3],
            [
                (1, Value::Varint(150)),
                (2, Value::Fixed32(1)),
                (3, Value::Fixed64(2))
            ]
        );
        assert!(matches!(values[3], (4, Value::Bytes(content)) if content.range() == (19..21)));
        assert_eq!(values[4], (5, Value::Varint(1)));
    }

    #[test]
    fn what_is_no_field_is_told() {
        for bytes in [
            // Groups, kinds that there are not, the number zero.
            &[0x0b, 0x0c][..],
            &[0x0e],
            &[0x02, 0],
            // Ends in the middle.
            &[0x08],
            &[0x08, 0x80],
            &[0x0d, 0, 0],
            &[0x09, 0, 0],
            &[0x0a, 2, b'a'],
            // More than 64 bits.
            &[
                0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02,
            ],
            &[
                0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01,
            ],
        ] {
            assert_eq!(fields(bytes).1, Outline::Broken, "{bytes:?}");
        }
    }

    /// Messages in messages, deeper than any stack should go, cost an error and no more.
    #[test]
    fn nesting_ends() {
        fn content(number: u8, inner: &[u8]) -> Vec<u8> {
            let mut outer = vec![number << 3 | 2];
            let mut length = inner.len();
            while length > 0x7f {
                outer.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
                length >>= 7;
            }
            outer.push(u8::try_from(length).unwrap());
            outer.extend_from_slice(inner);
            outer
        }

        // A graph in an attribute of a node of a graph, and so on.
        let mut graph = Vec::new();
        for _ in 0..2000 {
            graph = content(1, &content(5, &content(6, &graph)));
        }
        let start = [0x08, 8, 0x42, 2, 0x10, 17];
        let model = [&start[..], &content(7, &graph)].concat();
        let budget = crate::budget::InspectionBudget::DEFAULT;
        let name = bonafide_core::RawName::from("m.onnx");
        let found = crate::inspection::inspect(&name, &model, &budget);
        assert_eq!(found.format(), Some("onnx"));
        let slugs: Vec<_> = found
            .defects
            .iter()
            .map(|defect| defect.rule.slug)
            .collect();
        assert_eq!(slugs, ["malformed"]);
    }
}
