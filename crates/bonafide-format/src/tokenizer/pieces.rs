//! SentencePiece models: `ModelProto` of `sentencepiece_model.proto`.

use std::collections::HashMap;
use std::ops::Range;

use bonafide_core::{Algorithm, Digest, excerpt};
use sha2::{Digest as _, Sha256};

use super::{Tokenizer, rules};
use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const SENTENCEPIECE: Format = Format {
    name: "sentencepiece",
    title: "SentencePiece model",
    extensions: &["spm"],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe,
    inspect,
};

/// Kinds of pieces (`ModelProto.SentencePiece.Type`).
const NORMAL: u64 = 1;
const UNKNOWN: u64 = 2;
const CONTROL: u64 = 3;
const USER_DEFINED: u64 = 4;

/// A model begins with a piece: field 1, in it its text (field 1), then its score as a
/// float (field 2). No other format of models does.
fn probe(probe: &Probe<'_>) -> Likeness {
    let mut fields = Fields::new(probe.head, 0);
    let Some(Ok((1, Content::Bytes(range)))) = fields.next() else {
        return Likeness::No;
    };
    let Some(piece) = slice(probe.head, &range) else {
        return Likeness::No;
    };
    let mut inner = Fields::new(piece, 0);
    let text = match inner.next() {
        Some(Ok((1, Content::Bytes(range)))) => slice(piece, &range),
        _ => None,
    };
    let named = text.is_some_and(|text| !text.is_empty() && std::str::from_utf8(text).is_ok());
    if named && matches!(inner.next(), Some(Ok((2, Content::Fixed(4))))) {
        return Likeness::Possible;
    }
    Likeness::No
}

fn slice<'b>(bytes: &'b [u8], range: &Range<u64>) -> Option<&'b [u8]> {
    bytes.get(usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?)
}

/// What a field holds.
enum Content {
    Number(u64),
    /// So many bytes of a number of fixed length.
    Fixed(u64),
    Bytes(Range<u64>),
}

/// The fields of a message, with their numbers. Ranges are those of the bytes given.
struct Fields<'b> {
    bytes: &'b [u8],
    at: usize,
    /// Where the bytes are in the file, for errors.
    base: u64,
}

impl<'b> Fields<'b> {
    fn new(bytes: &'b [u8], base: u64) -> Self {
        Self { bytes, at: 0, base }
    }

    fn wrong(&self, message: &str) -> Stop {
        Stop::malformed(self.base + self.at as u64, message)
    }

    fn number(&mut self) -> Result<u64, Stop> {
        let mut value = 0_u64;
        for shift in (0..70).step_by(7) {
            let Some(byte) = self.bytes.get(self.at) else {
                return Err(self.wrong("a number is cut"));
            };
            self.at += 1;
            value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(self.wrong("a number is longer than ten bytes"))
    }

    fn field(&mut self) -> Result<(u64, Content), Stop> {
        let key = self.number()?;
        let length = match key & 7 {
            0 => return Ok((key >> 3, Content::Number(self.number()?))),
            1 => 8,
            2 => self.number()?,
            5 => 4,
            _ => return Err(self.wrong("a field has no kind that there is")),
        };
        let left = (self.bytes.len() - self.at) as u64;
        if length > left {
            return Err(self.wrong("a field is longer than what is left"));
        }
        let start = self.at as u64;
        self.at += usize::try_from(length).unwrap_or(0);
        let content = if key & 7 == 2 {
            Content::Bytes(start..start + length)
        } else {
            Content::Fixed(length)
        };
        Ok((key >> 3, content))
    }
}

impl Iterator for Fields<'_> {
    type Item = Result<(u64, Content), Stop>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.bytes.len() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.at = self.bytes.len();
        }
        Some(field)
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let bytes = visit.read_all()?;
    let mut numbers: HashMap<&str, u64> = HashMap::new();
    let mut tokenizer = Tokenizer::default();
    let mut count = 0_u64;
    let mut reached = 0;
    let mut fields = Fields::new(&bytes, 0);
    while let Some(field) = fields.next() {
        let (number, content) = field?;
        let end = fields.at as u64;
        visit.cover(reached..end, State::Scanned);
        reached = end;
        let Content::Bytes(range) = content else {
            return Err(Stop::malformed(reached, "a model has no such field"));
        };
        let inner = slice(&bytes, &range).unwrap_or_default();
        match number {
            1 => {
                let (text, kind) = piece(inner, range.start)?;
                let place = Some(range.clone());
                if let Some(first) = numbers.insert(text, count) {
                    let message =
                        format!("`{}` is piece {first} and piece {count}", excerpt(text, 60));
                    visit.report_about(&rules::REMAPPED, place, text, message);
                } else if matches!(kind, NORMAL | USER_DEFINED) && matches!(text, "<s>" | "</s>") {
                    let message = format!("`{text}` is no control piece");
                    visit.report_about(&rules::DEMOTED, place, text, message);
                } else if kind == CONTROL
                    && text.chars().filter(char::is_ascii_alphabetic).count() >= 3
                    && text.chars().all(|c| c.is_ascii_alphabetic() || c == '▁')
                {
                    let message = format!("`{}` is a control piece", excerpt(text, 60));
                    visit.report_about(&rules::SPECIAL_WORD, place, text, message);
                }
                if matches!(kind, CONTROL | USER_DEFINED | UNKNOWN)
                    && tokenizer.tokens.len() < 20_000
                {
                    tokenizer.tokens.insert(text.to_owned(), count);
                }
                tokenizer.see(text, count);
                count += 1;
            }
            3 | 5 => normaliser(visit, inner, range.start)?,
            _ => {}
        }
    }
    if let Ok(digest) = Digest::new(Algorithm::Sha256, Sha256::digest(&bytes).as_slice()) {
        visit.facts().tokenizer = Some(digest);
    }
    visit.facts().add_metadata("vocabulary", &count.to_string());
    visit.links().tokenizer = Some(tokenizer);
    Ok(())
}

/// The text of a piece, and its kind.
fn piece(bytes: &[u8], base: u64) -> Result<(&str, u64), Stop> {
    let mut text = "";
    let mut kind = NORMAL;
    for field in Fields::new(bytes, base) {
        match field? {
            (1, Content::Bytes(range)) => {
                text = std::str::from_utf8(slice(bytes, &range).unwrap_or_default())
                    .map_err(|_| Stop::malformed(base, "a piece is not UTF-8"))?;
            }
            (3, Content::Number(number)) => kind = number,
            _ => {}
        }
    }
    Ok((text, kind))
}

/// `NormalizerSpec`: a name, and a compiled table of replacements. The names are those
/// that SentencePiece compiles itself; under another one the table is somebody's own.
fn normaliser(visit: &mut Visit<'_>, bytes: &[u8], base: u64) -> Result<(), Stop> {
    for field in Fields::new(bytes, base) {
        if let (1, Content::Bytes(range)) = field? {
            let name = String::from_utf8_lossy(slice(bytes, &range).unwrap_or_default());
            visit.facts().add_metadata("normaliser", &name);
        }
    }
    Ok(())
}
