//! Keys of a GGUF file: what they say of the model, of its tokenizer, and where texts in
//! them are more than texts.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use bonafide_core::excerpt;

use super::reader::{Reader, Scalar, Sink, Type, value};
use super::rules::{ALIGNMENT, DUPLICATE_KEY, DUPLICATE_TOKEN, EMBEDDING, TOKEN_ID, VOCABULARY};
use super::{Split, not_allowed};
use crate::stop::Stop;
use crate::visit::Visit;

/// What the specification allows for a key.
const LONGEST_KEY: usize = 65_535;

/// What is read of one all the same.
const LONGEST_READ: u64 = 1 << 20;

/// Shorter texts of lists hold no payload. The longest tokens of real vocabularies have
/// 128 bytes, but for runs of one character.
const LONG_ELEMENT: usize = 256;

/// The same for texts of their own.
const LONG_TEXT: usize = 32;

/// Most identifiers of special tokens that are kept.
const MOST_IDENTIFIERS: usize = 256;

/// Unless a key says otherwise.
const ALIGNMENT_DEFAULT: u64 = 32;

/// What is known after the keys.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// Hashes of the names: the names themselves may be long, and many.
    seen: HashSet<u64>,
    alignment: Option<u64>,
    /// Lengths of the lists of the tokenizer.
    tokens: Option<u64>,
    scores: Option<u64>,
    kinds: Option<u64>,
    /// Hashes of the tokens.
    token_hashes: Vec<u64>,
    /// Keys that name a token, with the token.
    identifiers: Vec<(String, u64)>,
    vocabulary: Option<u64>,
    embedding: Option<u64>,
    split: (Option<u64>, Option<u64>, Option<u64>),
}

impl Keys {
    /// Reads one key and its value.
    pub(super) fn read(
        &mut self,
        visit: &mut Visit<'_>,
        reader: &mut Reader<'_>,
    ) -> Result<(), Stop> {
        let start = reader.cursor.position();
        let key = reader.text(LONGEST_READ)?.to_vec();
        let place = start..reader.cursor.position();
        let name = String::from_utf8_lossy(&key).into_owned();
        if key.is_empty() || key.len() > LONGEST_KEY || !key.is_ascii() {
            let what = match key.len() {
                0 => "an empty key".to_owned(),
                length if length > LONGEST_KEY => format!("a key of {length} bytes"),
                _ => format!("a key that is not ASCII: `{}`", excerpt(&name, 80)),
            };
            not_allowed(visit, place.clone(), &what);
        }
        if !self.seen.insert(hash(&key)) {
            let message = format!("`{}` is there twice", excerpt(&name, 80));
            visit.report_about(&DUPLICATE_KEY, Some(place.clone()), &name, message);
        }
        let kind = reader.kind()?;
        if name == "general.alignment"
            && kind
                != (Type::Number {
                    bytes: 4,
                    signed: false,
                })
        {
            let message = "`general.alignment` is not a number of four bytes";
            visit.report(&ALIGNMENT, Some(place.clone()), message);
        }
        let mut key = Key {
            name: &name,
            keys: self,
        };
        let length = value(visit, reader, kind, &mut key)?;
        match (&*name, length) {
            ("tokenizer.ggml.tokens", length) => self.tokens = length,
            ("tokenizer.ggml.scores", length) => self.scores = length,
            ("tokenizer.ggml.token_type", length) => self.kinds = length,
            _ => {}
        }
        Ok(())
    }

    /// Where tensors begin at multiples of.
    pub(super) fn alignment(&self) -> u64 {
        self.alignment
            .filter(|alignment| alignment.is_power_of_two())
            .unwrap_or(ALIGNMENT_DEFAULT)
    }

    /// Holds the keys against each other.
    pub(super) fn finish(&mut self, visit: &mut Visit<'_>, tensors: u64) {
        let split = match self.split {
            (Some(number), Some(count), all) => Some(Split {
                number,
                count,
                tensors: all,
                here: tensors,
            }),
            _ => None,
        };
        // Only of the file itself: one in an archive has no files beside it.
        if visit.path().is_empty() {
            visit.links().split = visit.links().split.or(split);
        }
        let Some(tokens) = self.tokens else {
            return;
        };
        for (list, length) in [("scores", self.scores), ("token types", self.kinds)] {
            if let Some(length) = length.filter(|length| *length != tokens) {
                let message = format!("{tokens} tokens have {length} {list}");
                visit.report(&VOCABULARY, None, message);
            }
        }
        for (key, identifier) in &self.identifiers {
            // Converters write -1 for a token that there is not.
            let none = [u64::MAX, u64::from(u32::MAX)].contains(identifier);
            if *identifier >= tokens && !none {
                let message = format!("`{}` is {identifier} of {tokens}", excerpt(key, 80));
                visit.report_about(&TOKEN_ID, None, key, message);
            }
        }
        let mut hashes = std::mem::take(&mut self.token_hashes);
        hashes.sort_unstable();
        let twice = hashes.windows(2).filter(|pair| pair.first() == pair.last());
        let twice = twice.count();
        if twice > 0 {
            let message = format!("{twice} of {tokens} tokens repeat another one");
            visit.report(&DUPLICATE_TOKEN, None, message);
        }
    }

    /// Holds the embedding of the tokens against the keys: a row of it has `length`
    /// numbers, and there are `rows`.
    pub(super) fn embedding(
        &self,
        visit: &mut Visit<'_>,
        place: Range<u64>,
        length: u64,
        rows: u64,
    ) {
        let tokens = self.tokens.max(self.vocabulary);
        if let Some(tokens) = tokens.filter(|tokens| *tokens > rows) {
            let message = format!("{tokens} tokens have {rows} rows");
            visit.report(&EMBEDDING, Some(place.clone()), message);
        }
        if let Some(wanted) = self.embedding.filter(|wanted| *wanted != length) {
            let message = format!("rows have {length} numbers, and should have {wanted}");
            visit.report(&EMBEDDING, Some(place), message);
        }
    }

    fn number(&mut self, visit: &mut Visit<'_>, key: &str, at: u64, number: u64) {
        match key {
            "general.alignment" => {
                if !number.is_power_of_two() {
                    let message = format!("the alignment is {number}");
                    visit.report(&ALIGNMENT, Some(at..at), message);
                }
                self.alignment = Some(number);
            }
            "split.no" => self.split.0 = Some(number),
            "split.count" => self.split.1 = Some(number),
            "split.tensors.count" => self.split.2 = Some(number),
            "general.file_type" | "general.quantization_version" => {
                visit.facts().add_metadata(key, &number.to_string());
            }
            _ if key.starts_with("tokenizer.ggml.") && key.ends_with("_token_id") => {
                if self.identifiers.len() < MOST_IDENTIFIERS {
                    self.identifiers.push((key.to_owned(), number));
                }
            }
            // The architecture is in front of these, and there is only one.
            _ => match key.split_once('.') {
                Some((_, "vocab_size")) => self.vocabulary = Some(number),
                Some((_, "embedding_length")) => self.embedding = Some(number),
                _ => {}
            },
        }
    }

    fn text(&mut self, visit: &mut Visit<'_>, key: &str, place: Range<u64>, text: &[u8]) {
        let template = key.starts_with("tokenizer.chat_template");
        let words = match std::str::from_utf8(text) {
            Ok(words) => std::borrow::Cow::Borrowed(words),
            Err(_) => {
                let what = format!("a text that is not UTF-8 as `{}`", excerpt(key, 80));
                not_allowed(visit, place.clone(), &what);
                String::from_utf8_lossy(text)
            }
        };
        if template || looks_like_template(&words) {
            let variant = key.strip_prefix("tokenizer.chat_template.");
            let variant = match variant {
                Some(variant) => variant,
                None if template => "default",
                None => key,
            };
            crate::template::examine(visit, &words, Some(place.clone()), variant);
        }
        match key {
            "general.architecture" => visit.facts().add_architecture(&words),
            "general.license" | "general.license.name" => visit.facts().add_licence(&words),
            _ if key.starts_with("general.") => visit.facts().add_metadata(key, &words),
            _ => {}
        }
        if text.len() >= LONG_TEXT && !template {
            crate::payload::examine(visit, text, place);
        }
    }

    /// A text of a list.
    fn element(&mut self, visit: &mut Visit<'_>, key: &str, place: Range<u64>, text: &[u8]) {
        if key == "tokenizer.ggml.tokens" {
            // Fillers may all be empty.
            if !text.is_empty() {
                self.token_hashes.push(hash(text));
            }
        } else if !key.starts_with("tokenizer.ggml.") {
            self.text(visit, key, place, text);
            return;
        }
        if text.len() >= LONG_ELEMENT {
            crate::payload::examine(visit, text, place);
        }
    }
}

/// A key that is being read.
struct Key<'k> {
    name: &'k str,
    keys: &'k mut Keys,
}

impl Sink for Key<'_> {
    fn value(&mut self, visit: &mut Visit<'_>, index: Option<u64>, at: u64, value: &Scalar<'_>) {
        match (value, index) {
            (Scalar::Number(number), _) => self.keys.number(visit, self.name, at, *number),
            (Scalar::Text(text), None) => {
                let place = at..at.saturating_add(8 + text.len() as u64);
                self.keys.text(visit, self.name, place, text);
            }
            (Scalar::Text(text), Some(_)) => {
                let place = at..at.saturating_add(8 + text.len() as u64);
                self.keys.element(visit, self.name, place, text);
            }
            (Scalar::Float | Scalar::Boolean, _) => {}
        }
    }
}

/// Statements or expressions of Jinja, opened and closed.
fn looks_like_template(text: &str) -> bool {
    let has = |open: &str, close: &str| {
        text.find(open)
            .and_then(|at| text.get(at..))
            .is_some_and(|rest| rest.contains(close))
    };
    text.len() > 4 && (has("{%", "%}") || has("{{", "}}"))
}

/// The same on every machine: no random keys.
fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
