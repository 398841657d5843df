//! Documents, what is seen in them, and exactly what is wrong with them.

mod documents;
mod hostile;
mod mapping;
mod rules;
mod twins;

use std::path::PathBuf;

use serde_json::Value;

use super::{SpdxDocument, SpdxError, read};
use crate::json::{Node, Pointer, admit};

/// More than any document of these tests has.
const LIMIT: usize = 256 << 20;

fn fixture(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/bom");
    std::fs::read(folder.join(name)).unwrap()
}

fn tree(bytes: &[u8]) -> Node<'_> {
    admit(bytes, LIMIT).unwrap()
}

fn document(bytes: &[u8]) -> SpdxDocument<'_> {
    read(tree(bytes)).unwrap()
}

/// A document of these elements, with creation information and a `SpdxDocument` that has
/// `urn:x:root` for its root.
fn graph(elements: &str) -> String {
    let comma = if elements.is_empty() { "" } else { "," };
    format!(
        r#"{{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
        {{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2026-11-22T07:00:00Z","createdBy":["urn:x:who"]}},
        {{"type":"Organization","spdxId":"urn:x:who","creationInfo":"_:c","name":"Who"}},
        {{"type":"SpdxDocument","spdxId":"urn:x:doc","creationInfo":"_:c","rootElement":["urn:x:root"],
          "profileConformance":["core","software","ai","dataset","security","build"]}}{comma}{elements}]}}"#
    )
}

/// An element of that class, with these members.
fn element(class: &str, id: &str, members: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    format!(r#"{{"type":"{class}","spdxId":"urn:x:{id}","creationInfo":"_:c"{comma}{members}}}"#)
}

fn relation(id: &str, from: &str, kind: &str, to: &str) -> String {
    let members =
        format!(r#""from":"urn:x:{from}","relationshipType":"{kind}","to":["urn:x:{to}"]"#);
    element("Relationship", id, &members)
}

/// The view as JSON.
fn view(document: &SpdxDocument<'_>) -> Value {
    serde_json::to_value(document.bom.to_node()).unwrap()
}

/// Violations and slugs of defects, with their pointers.
fn complaints(document: &SpdxDocument<'_>) -> Vec<String> {
    let violations = document.violations.iter();
    let violations = violations.map(|one| format!("{} {}", one.pointer.as_str(), one.expected));
    let defects = document.defects.iter();
    let defects = defects.map(|one| format!("{} {}", one.pointer.as_str(), one.kind.slug()));
    violations.chain(defects).collect()
}

fn refusal(text: &str) -> SpdxError {
    read(tree(text.as_bytes())).unwrap_err()
}

fn pointer(text: &str) -> Pointer {
    Pointer::from_text(text)
}
