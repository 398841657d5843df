//! `recordSet`: records, their fields, and where each field's values come from.

use crate::json::Pointer;

/// A `RecordSet`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordSet {
    /// Where it is.
    pub pointer: Pointer,
    /// `@id`; in 0.8 the name.
    pub id: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// `dataType`, in the names of the specification: `Split` where the records are the
    /// splits of the dataset, `Enumeration` where they are values that others refer to.
    pub data_types: Vec<String>,
    /// Texts in `data`, which has the records themselves: names of splits, labels.
    pub inline: Vec<String>,
    /// True if there is a `data`.
    pub is_inline: bool,
    /// Its fields; those inside a field follow it.
    pub fields: Vec<Field>,
}

/// A `Field`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Where it is.
    pub pointer: Pointer,
    /// `@id`; in 0.8 the names of record set and fields down to it, with `/` between.
    pub id: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// `dataType`, in the names of the specification: `Text`, `Int64`; those of other
    /// vocabularies as they are written.
    pub data_types: Vec<String>,
    /// `repeated` or `isArray`: it has several values in each record.
    pub repeated: bool,
    /// What is taken out of its source.
    pub extract: Option<Extract>,
    /// Fields around it.
    pub depth: usize,
    /// What `source`, `references` and `parentField` name.
    pub references: Vec<Reference>,
    /// Which of [`Field::references`] are of its own `source`, as their number: those come
    /// first.
    pub sources: usize,
}

/// What a field takes out of its source (`extract`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extract {
    /// `column`; in 0.8 `csvColumn`, too.
    Column(String),
    /// `jsonPath`.
    JsonPath(String),
    /// `fileProperty`: its content, its name.
    FileProperty(String),
}

/// A part of the document that a field refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Where it is said.
    pub pointer: Pointer,
    /// As what it is named.
    pub kind: ReferenceKind,
    /// The `@id` that is named; none if the source names nothing.
    pub id: Option<String>,
}

/// As what a part of the document is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceKind {
    /// `fileObject`.
    FileObject,
    /// `fileSet`.
    FileSet,
    /// `field`.
    Field,
    /// `recordSet`.
    RecordSet,
    /// Any part: `distribution` of 0.8, or just an `@id`.
    Any,
}
