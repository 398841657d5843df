//! How we know something: three grades, three types.
//!
//! [`Measured`] and [`Claimed`] live here. The third, `Verified`, has private
//! fields and is made only in `bonafide-attest`, where signatures are checked.

use serde::Serialize;

/// The grade of a piece of evidence, for reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// A document says it.
    Claimed,
    /// Somebody whose key or identity we checked says it.
    Verified,
    /// We computed it from the bytes.
    Measured,
}

/// Something that we computed from the bytes ourselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured<T>(T);

impl<T> Measured<T> {
    /// Marks a value as computed from bytes. Call this only where the bytes were read.
    pub const fn from_bytes(value: T) -> Self {
        Self(value)
    }

    /// The value.
    pub const fn get(&self) -> &T {
        &self.0
    }
}

/// Something that a document says and nobody has proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimed<T>(T);

impl<T> Claimed<T> {
    /// Marks a value as read from a document.
    pub const fn by_document(value: T) -> Self {
        Self(value)
    }

    /// The claim; whoever uses it decides with open eyes.
    pub const fn get(&self) -> &T {
        &self.0
    }
}
