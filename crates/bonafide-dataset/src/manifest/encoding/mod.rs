//! Canonical bytes of values: the same whatever way Arrow stores them, and never the same for
//! two values (`docs/record-manifest.md`).

mod flat;
mod nested;
mod schema;
mod value;

pub(super) use schema::{Schema, fingerprint};
pub(super) use value::{TooLong, Values, encoder};

/// First byte of a value.
pub(super) mod tag {
    pub(in crate::manifest) const NULL: u8 = 0x00;
    pub(in crate::manifest) const FALSE: u8 = 0x01;
    pub(in crate::manifest) const TRUE: u8 = 0x02;
    pub(in crate::manifest) const POSITIVE: u8 = 0x03;
    pub(in crate::manifest) const NEGATIVE: u8 = 0x04;
    pub(in crate::manifest) const FLOAT: u8 = 0x05;
    pub(in crate::manifest) const TEXT: u8 = 0x06;
    pub(in crate::manifest) const BYTES: u8 = 0x07;
    pub(in crate::manifest) const DATE: u8 = 0x08;
    pub(in crate::manifest) const INSTANT: u8 = 0x09;
    pub(in crate::manifest) const LOCAL_TIME: u8 = 0x0a;
    pub(in crate::manifest) const TIME_OF_DAY: u8 = 0x0b;
    pub(in crate::manifest) const DURATION: u8 = 0x0c;
    pub(in crate::manifest) const INTERVAL: u8 = 0x0d;
    pub(in crate::manifest) const DECIMAL: u8 = 0x0e;
    pub(in crate::manifest) const LIST: u8 = 0x0f;
    pub(in crate::manifest) const STRUCTURE: u8 = 0x10;
    pub(in crate::manifest) const MAP: u8 = 0x11;
}

/// First byte of what is hashed, which says what the hash is of.
pub(super) mod domain {
    pub(in crate::manifest) const LEAF: u8 = 0x00;
    pub(in crate::manifest) const NODE: u8 = 0x01;
    pub(in crate::manifest) const CONTENT: u8 = 0x02;
    pub(in crate::manifest) const KEY: u8 = 0x03;
    pub(in crate::manifest) const LABEL: u8 = 0x04;
    pub(in crate::manifest) const SCHEMA: u8 = 0x05;
}

/// Appends a length or count: unsigned LEB128, shortest form.
pub(super) fn append_length(out: &mut Vec<u8>, length: usize) {
    let mut left = length;
    loop {
        let [low, ..] = left.to_le_bytes();
        left >>= 7;
        if left == 0 {
            return out.push(low & 0x7f);
        }
        out.push(low | 0x80);
    }
}

/// Appends a text.
pub(super) fn append_text(out: &mut Vec<u8>, text: &str) {
    out.push(tag::TEXT);
    append_length(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

/// Appends bytes.
pub(super) fn append_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(tag::BYTES);
    append_length(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// Appends a whole number that is not negative.
pub(super) fn append_count(out: &mut Vec<u8>, count: u64) {
    out.push(tag::POSITIVE);
    out.extend_from_slice(&count.to_le_bytes());
}

/// Appends the name of a field; its value comes next.
pub(super) fn append_name(out: &mut Vec<u8>, name: &str) {
    append_length(out, name.len());
    out.extend_from_slice(name.as_bytes());
}
