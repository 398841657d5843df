//! What a record is judged by: tokens of its text, and its numbers.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::column::{TextColumn, is_number, number};
use crate::roles::Roles;

/// Longest token in bytes; what is longer is cut.
const TOKEN_BYTES: usize = 64;
/// Most numbers of a record: an image of 3 × 256 × 256.
pub(crate) const NUMBERS: usize = 196_608;

/// How encoded images and sounds begin, whose bytes are no pixels: PNG, JPEG, GIF, RIFF
/// (WebP, WAVE), TIFF, FLAC, Ogg.
const ENCODED: &[&[u8]] = &[
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"II*\0",
    b"MM\0*",
    b"fLaC",
    b"OggS",
];

/// The columns of a batch that a record is judged by.
pub(crate) struct Judged<'a> {
    texts: Vec<TextColumn<'a>>,
    numbers: Vec<(&'a str, &'a ArrayRef)>,
    label: Option<TextColumn<'a>>,
}

impl<'a> Judged<'a> {
    pub(crate) fn of(batch: &'a RecordBatch, roles: &'a Roles) -> Self {
        let named = |names: &'a [String]| {
            names
                .iter()
                .filter_map(|name| Some((name.as_str(), batch.column_by_name(name)?)))
        };
        let bytes = roles.bytes.as_slice();
        Self {
            texts: named(&roles.text)
                .filter_map(|(_, column)| TextColumn::of(column))
                .collect(),
            numbers: named(&roles.features).chain(named(bytes)).collect(),
            label: roles
                .label
                .as_ref()
                .and_then(|name| TextColumn::of(batch.column_by_name(name)?)),
        }
    }

    /// The label of a record.
    pub(crate) fn label(&self, index: usize) -> Option<String> {
        let label = self.label.as_ref()?.get(index)?;
        Some(label.into_owned())
    }

    /// Calls with the tokens of each text of a record, at most `most` of all texts
    /// together.
    pub(crate) fn tokens(&self, index: usize, most: usize, mut each: impl FnMut(&[&str])) {
        let mut left = most;
        for text in &self.texts {
            let Some(text) = text.get(index) else {
                continue;
            };
            // What is far beyond the last token that counts need not be gone through.
            let end = text.floor_char_boundary(left.saturating_mul(2 * TOKEN_BYTES));
            let lower = text.get(..end).unwrap_or_default().to_lowercase();
            let tokens: Vec<&str> = Tokens { rest: &lower }.take(left).collect();
            left -= tokens.len();
            each(&tokens);
            if left == 0 {
                break;
            }
        }
    }

    /// The numbers of a record, in the order of columns and lists; `NaN` for null. None if
    /// there are too many.
    pub(crate) fn numbers(&self, index: usize) -> Option<Vec<f64>> {
        let mut values = Vec::new();
        for (_, column) in &self.numbers {
            push(column, index, &mut values)?;
        }
        Some(values)
    }

    /// How the numbers of a record are called: `width`, `pixels[17]`, in the order of
    /// [`Judged::numbers`].
    pub(crate) fn number_names(&self, index: usize) -> NumberNames<'a> {
        let mut columns = Vec::new();
        for (name, column) in &self.numbers {
            let mut values = Vec::new();
            if push(column, index, &mut values).is_none() {
                break;
            }
            columns.push((*name, is_number(column.data_type()), values.len()));
        }
        NumberNames { columns }
    }
}

/// How the numbers of one record are called.
pub(crate) struct NumberNames<'a> {
    /// Name of each column, whether it has a single number, and how many it has.
    columns: Vec<(&'a str, bool, usize)>,
}

impl NumberNames<'_> {
    pub(crate) fn name(&self, number: usize) -> String {
        let mut place = number;
        for (name, single, numbers) in &self.columns {
            let shown = bonafide_core::excerpt(name, 60);
            match place.checked_sub(*numbers) {
                None if *single => return shown,
                None => return format!("{shown}[{place}]"),
                Some(rest) => place = rest,
            }
        }
        format!("number {number}")
    }
}

/// Numbers of one value; none if there are too many.
fn push(column: &ArrayRef, index: usize, values: &mut Vec<f64>) -> Option<()> {
    let nested = |list: ArrayRef, values: &mut Vec<f64>| {
        (0..list.len()).try_for_each(|at| push(&list, at, values))
    };
    let raw = |bytes: &[u8], values: &mut Vec<f64>| {
        if ENCODED.iter().any(|start| bytes.starts_with(start)) {
            return Some(());
        }
        if values.len() + bytes.len() > NUMBERS {
            return None;
        }
        values.extend(bytes.iter().map(|&byte| f64::from(byte)));
        Some(())
    };
    let missing = index >= column.len() || column.is_null(index);
    match column.data_type() {
        kind if is_number(kind) => values.push(number(column, index).unwrap_or(f64::NAN)),
        _ if missing => {}
        DataType::List(_) => nested(column.as_list::<i32>().value(index), values)?,
        DataType::LargeList(_) => nested(column.as_list::<i64>().value(index), values)?,
        DataType::FixedSizeList(..) => {
            nested(column.as_fixed_size_list().value(index), values)?;
        }
        DataType::Binary => raw(column.as_binary::<i32>().value(index), values)?,
        DataType::LargeBinary => raw(column.as_binary::<i64>().value(index), values)?,
        DataType::BinaryView => raw(column.as_binary_view().value(index), values)?,
        DataType::FixedSizeBinary(_) => raw(column.as_fixed_size_binary().value(index), values)?,
        _ => {}
    }
    (values.len() <= NUMBERS).then_some(())
}

/// Tokens of a text: letters, digits and underlines in a row; two or more ASCII marks of
/// another kind in a row; every other character that is no white space on its own, so
/// that invisible characters and symbols are tokens too.
struct Tokens<'a> {
    rest: &'a str,
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Kind {
    Space,
    Word,
    Mark,
    Single,
}

fn kind(character: char) -> Kind {
    match character {
        c if c.is_alphanumeric() || c == '_' => Kind::Word,
        c if c.is_whitespace() || c.is_ascii_control() => Kind::Space,
        c if c.is_ascii() => Kind::Mark,
        _ => Kind::Single,
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        loop {
            let first = kind(self.rest.chars().next()?);
            let mut end = self.rest.len();
            for (taken, (at, character)) in self.rest.char_indices().enumerate() {
                let over = taken > 0 && (first == Kind::Single || kind(character) != first);
                if over || at >= TOKEN_BYTES {
                    end = at;
                    break;
                }
            }
            let (token, rest) = self.rest.split_at_checked(end)?;
            self.rest = rest;
            match first {
                Kind::Space => {}
                Kind::Mark if token.len() < 2 => {}
                _ => return Some(token),
            }
        }
    }
}

/// Fixed, so that the same data gives the same answer on every run.
const SEED: u64 = 0x626f_6e61_6669_6465;

/// Hash of a token.
pub(crate) fn token_hash(token: &str) -> u64 {
    xxh3_64_with_seed(token.as_bytes(), SEED)
}

/// Hash of tokens in a row, from the hash of those before and the hash of the next.
pub(crate) const fn phrase_hash(before: u64, next: u64) -> u64 {
    mixed(before.rotate_left(23) ^ next)
}

/// Hash of a number at a place. Zero and minus zero are the same.
pub(crate) fn number_hash(place: usize, value: f64) -> u64 {
    let bits = if value == 0.0 { 0 } else { value.to_bits() };
    mixed(mixed(place as u64 ^ SEED) ^ bits)
}

/// Spreads the bits (the finaliser of MurmurHash3).
pub(crate) const fn mixed(mut value: u64) -> u64 {
    value ^= value >> 33;
    value = value.wrapping_mul(0xff51_afd7_ed55_8ccd);
    value ^= value >> 33;
    value = value.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    value ^ (value >> 33)
}
