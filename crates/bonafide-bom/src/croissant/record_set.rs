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
    /// What `source`, `references` and `parentField` name.
    pub references: Vec<Reference>,
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
