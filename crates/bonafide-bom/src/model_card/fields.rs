//! Taking known fields out of an object, leaving what has another shape.

use std::borrow::Cow;

use crate::json::{Node, Object, Pointer};

/// A field that is there with another shape than its documentation says. Its value stays
/// in `extra`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: expected {expected}, found {found}")]
pub struct FieldDefect {
    /// Where in the document.
    pub pointer: Pointer,
    /// What should be there.
    pub expected: &'static str,
    /// What is there.
    pub found: &'static str,
}

/// An object whose fields are taken one by one.
pub(super) struct Fields {
    object: Object<'static>,
    defects: Vec<FieldDefect>,
}

impl Fields {
    pub(super) const fn new(object: Object<'static>) -> Self {
        Self {
            object,
            defects: Vec::new(),
        }
    }

    /// What was not taken, and what had the wrong shape.
    pub(super) fn finish(self) -> (Object<'static>, Vec<FieldDefect>) {
        (self.object, self.defects)
    }

    /// A field that is looked at and stays.
    pub(super) fn look(&self, name: &str) -> Option<&Node<'static>> {
        self.object.get(name)
    }

    pub(super) fn take<T>(
        &mut self,
        name: &str,
        expected: &'static str,
        read: impl Fn(&Node<'static>) -> Option<T>,
    ) -> Option<T> {
        let node = self.object.get(name)?;
        match read(node) {
            Some(value) => {
                self.object.take(name);
                Some(value)
            }
            // `null` says as much as no field; it stays, so that nothing is lost.
            None if *node == Node::Null => None,
            None => {
                self.defects.push(FieldDefect {
                    pointer: Pointer::root().member(name),
                    expected,
                    found: node.kind(),
                });
                None
            }
        }
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.take(name, "text", text)
    }

    pub(super) fn texts(&mut self, name: &str) -> Vec<String> {
        self.take(name, "text or a list of texts", texts)
            .unwrap_or_default()
    }

    pub(super) fn count(&mut self, name: &str) -> Option<u64> {
        self.take(name, "a whole number", count)
    }
}

/// Text, or a number or boolean that YAML makes of it: they print as they were written.
pub(super) fn text(node: &Node<'_>) -> Option<String> {
    match node {
        Node::Text(text) => Some(text.clone().into_owned()),
        Node::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub(super) fn texts(node: &Node<'_>) -> Option<Vec<String>> {
    match node {
        Node::List(list) => list.iter().map(text).collect(),
        _ => text(node).map(|text| vec![text]),
    }
}

pub(super) fn count(node: &Node<'_>) -> Option<u64> {
    match node {
        Node::Number(number) => number.whole().and_then(|whole| whole.try_into().ok()),
        _ => None,
    }
}

/// The text of a member.
pub(super) fn member(node: &Node<'_>, name: &str) -> Option<String> {
    node.get(name).and_then(text)
}

/// A copy that borrows nothing. As deep as admission lets documents be.
pub(super) fn owned(node: &Node<'_>) -> Node<'static> {
    match node {
        Node::Null => Node::Null,
        Node::Bool(value) => Node::Bool(*value),
        Node::Number(number) => Node::Number(*number),
        Node::Text(text) => Node::Text(Cow::Owned(text.clone().into_owned())),
        Node::List(list) => Node::List(list.iter().map(owned).collect()),
        Node::Object(object) => Node::Object(owned_object(object)),
    }
}

pub(super) fn owned_object(object: &Object<'_>) -> Object<'static> {
    let members = object
        .iter()
        .map(|(name, node)| (Cow::Owned(name.to_owned()), owned(node)));
    Object::of(members.collect())
}
