//! Reading members of an element: one value or a list, and what does not fit.

use crate::json::{Node, Object};
use crate::view::{Property, Text};

/// Fills an empty place with text. Gives back what is none, or comes too late.
pub(super) fn fill<'a>(place: &mut Option<Text<'a>>, node: &Node<'a>) -> Option<Node<'a>> {
    match node {
        Node::Text(text) if place.is_none() => {
            *place = Some(text.clone());
            None
        }
        other => Some(other.clone()),
    }
}

/// The values of a member. One that is no list is a list of one (JSON-LD 1.1 §4.3); the
/// rules of SPDX ask for the list, and say so elsewhere.
pub(super) fn values<'n, 'a>(node: &'n Node<'a>) -> &'n [Node<'a>] {
    match node {
        Node::List(list) => list,
        other => std::slice::from_ref(other),
    }
}

/// Reads each value. Gives back those that do not fit.
pub(super) fn each<'a>(
    node: &Node<'a>,
    mut read: impl FnMut(usize, &Node<'a>) -> Fit,
) -> Option<Node<'a>> {
    let mut rest = Vec::new();
    for (index, value) in values(node).iter().enumerate() {
        if read(index, value) == Fit::NotWhole {
            rest.push(value.clone());
        }
    }
    (!rest.is_empty()).then_some(Node::List(rest))
}

/// Whether the view holds all that a value says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It does.
    Whole,
    /// Something would be lost.
    NotWhole,
}

impl Fit {
    /// Whole if the object has no other members than these.
    pub(super) fn of(object: &Object<'_>, known: &[&str]) -> Self {
        if object.iter().all(|(name, _)| known.contains(&name)) {
            Self::Whole
        } else {
            Self::NotWhole
        }
    }
}

/// Adds a property for each value that is text or a number.
pub(super) fn properties<'a>(
    list: &mut Vec<Property<'a>>,
    name: &str,
    node: &Node<'a>,
) -> Option<Node<'a>> {
    each(node, |_, value| {
        let value = match value {
            Node::Text(text) => text.clone(),
            Node::Number(number) => number.to_string().into(),
            _ => return Fit::NotWhole,
        };
        list.push(property(name, value));
        Fit::Whole
    })
}

/// A property with the name of a member or relationship of SPDX.
pub(super) fn property<'a>(name: &str, value: Text<'a>) -> Property<'a> {
    Property {
        name: Some(format!("spdx:{name}").into()),
        value: Some(value),
        ..Property::default()
    }
}

/// A member that is text.
pub(super) fn text<'n, 'a>(object: &'n Object<'a>, name: &str) -> Option<&'n Text<'a>> {
    match object.get(name)? {
        Node::Text(text) => Some(text),
        _ => None,
    }
}
