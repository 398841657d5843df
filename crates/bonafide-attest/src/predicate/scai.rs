//! What holds for an artifact and why: software supply chain attribute integrity (SCAI).

use serde_json::Value;

use super::field::{FieldDefect, FieldError, Fields};
use super::resource::ResourceDescriptor;
use super::{MOST_PROPERTIES, Predicate};

/// SCAI attribute report v0.2. The fields of v0.3 are read where they are the same.
#[derive(Debug, Clone, PartialEq)]
pub struct AttributeReport {
    /// `attributes`; never empty.
    pub attributes: Vec<AttributeAssertion>,
    /// `producer` of the subject.
    pub producer: Option<ResourceDescriptor>,
    /// The whole predicate.
    pub raw: Value,
}

/// One attribute of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct AttributeAssertion {
    /// `attribute`. Never empty.
    pub attribute: String,
    /// `target`: what it holds for, if not for the subject.
    pub target: Option<ResourceDescriptor>,
    /// `conditions` under which it holds; an object.
    pub conditions: Option<Value>,
    /// `evidence` for it; a pointer, which nobody has followed.
    pub evidence: Option<ResourceDescriptor>,
}

pub(super) fn read(raw: Value) -> Result<Predicate, FieldError> {
    let top = Fields::new(&raw, String::new())?;
    let list = top.list("attributes", MOST_PROPERTIES)?;
    if list.is_empty() {
        return Err(top.refuse("attributes", FieldDefect::Missing));
    }
    let attributes = top
        .objects("attributes", list)
        .map(|fields| assertion(&fields?))
        .collect::<Result<_, _>>()?;
    Ok(Predicate::Scai(AttributeReport {
        attributes,
        producer: ResourceDescriptor::read_optional(&top, "producer")?,
        raw,
    }))
}

fn assertion(fields: &Fields<'_>) -> Result<AttributeAssertion, FieldError> {
    fields.optional_object("conditions")?;
    Ok(AttributeAssertion {
        attribute: fields.text("attribute")?,
        target: ResourceDescriptor::read_optional(fields, "target")?,
        conditions: fields.value("conditions").cloned(),
        evidence: ResourceDescriptor::read_optional(fields, "evidence")?,
    })
}
