//! Which objects of a document have an identifier, and of what class they are.

use std::collections::{HashMap, HashSet};

use super::defect::{Found, SpdxDefectKind, quote};
use super::rule::{Class, Kind};
use super::tables;
use crate::json::{Node, Object, Pointer};

/// Listed licences and exceptions have their address for an identifier, and are named
/// without being in the document.
pub(super) const LICENCES: &str = "https://spdx.org/licenses/";
/// What the model itself defines, by its whole name.
pub(super) const TERMS: &str = "https://spdx.org/rdf/3.0.1/terms/";

/// Every object that has an identifier.
#[derive(Default)]
pub(super) struct Identifiers<'n> {
    known: HashMap<&'n str, Option<&'static Class>>,
    /// What `import` says to be elsewhere.
    elsewhere: HashSet<&'n str>,
}

/// What a reference leads to.
pub(super) enum Target {
    /// An object of this class, if it is a known one.
    Here(Option<&'static Class>),
    /// Something that is known to be elsewhere.
    Elsewhere,
    /// Nothing.
    Nowhere,
}

/// The identifier of an object that is more than a reference.
pub(super) fn identifier<'n>(object: &'n Object<'_>) -> Option<&'n str> {
    if object.len() < 2 {
        return None;
    }
    let named = object.get("spdxId").or_else(|| object.get("@id"))?;
    named.text()
}

/// The reference that an object is, if it is nothing else (JSON-LD 1.1 §3.3).
pub(super) fn reference<'n>(object: &'n Object<'_>) -> Option<&'n str> {
    let mut members = object.iter();
    match (members.next()?, members.next()) {
        (("@id" | "spdxId", node), None) => node.text(),
        _ => None,
    }
}

/// The class of an object, if it is a known one.
pub(super) fn class_of(object: &Object<'_>) -> Option<&'static Class> {
    Class::named(object.get("type")?.text()?)
}

impl<'n> Identifiers<'n> {
    /// Finds them, wherever they are.
    pub(super) fn of(root: &'n Node<'_>, found: &mut Found) -> Self {
        let mut identifiers = Self::default();
        identifiers.visit(root, &mut Pointer::root(), found);
        identifiers
    }

    /// Depth is bounded by admission.
    fn visit(&mut self, node: &'n Node<'_>, pointer: &mut Pointer, found: &mut Found) {
        match node {
            Node::Object(object) => {
                self.object(object, pointer, found);
                for (name, node) in object.iter() {
                    if matches!(node, Node::Object(_) | Node::List(_)) {
                        let mark = pointer.push(name);
                        self.visit(node, pointer, found);
                        pointer.pop(mark);
                    }
                }
            }
            Node::List(list) => {
                for (index, node) in list.iter().enumerate() {
                    if matches!(node, Node::Object(_) | Node::List(_)) {
                        let mark = pointer.push(&index.to_string());
                        self.visit(node, pointer, found);
                        pointer.pop(mark);
                    }
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, object: &'n Object<'_>, pointer: &Pointer, found: &mut Found) {
        if let Some(id) = identifier(object) {
            let class = class_of(object);
            if self.known.contains_key(id) {
                let id = quote(id);
                found.add(pointer, SpdxDefectKind::DuplicateIdentifier { id });
            } else {
                self.known.insert(id, class);
            }
        }
        if let Some(id) = object.get("externalSpdxId").and_then(Node::text) {
            self.elsewhere.insert(id);
        }
    }

    /// Where a reference leads.
    pub(super) fn target(&self, id: &str) -> Target {
        if let Some(class) = self.known.get(id) {
            return Target::Here(*class);
        }
        if self.elsewhere.contains(id) || id.starts_with(LICENCES) || id.starts_with(TERMS) {
            return Target::Elsewhere;
        }
        match individual(id) {
            Some(class) => Target::Here(Some(class)),
            None => Target::Nowhere,
        }
    }
}

/// The class of something that the model itself defines.
pub(super) fn individual(name: &str) -> Option<&'static Class> {
    let mut individuals = tables::INDIVIDUALS.iter();
    individuals.find_map(|(known, class)| (*known == name).then_some(*class))
}

/// The member that holds the identifier of objects of a class.
pub(super) const fn identifier_member(class: &Class) -> &'static str {
    match class.kind {
        Kind::Element => "spdxId",
        Kind::Abstract | Kind::Value => "@id",
    }
}
