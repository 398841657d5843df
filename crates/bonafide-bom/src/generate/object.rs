//! Pieces of JSON.

use std::borrow::Cow;

use crate::json::{Node, Number, Object};

pub(super) fn text<'a>(text: impl Into<Cow<'a, str>>) -> Node<'a> {
    Node::Text(text.into())
}

pub(super) const fn whole<'a>(number: i64) -> Node<'a> {
    Node::Number(Number::Integer(number))
}

pub(super) fn list<'a>(nodes: impl IntoIterator<Item = Node<'a>>) -> Node<'a> {
    Node::List(nodes.into_iter().collect())
}

pub(super) fn of<'a, const N: usize>(members: [(&'static str, Node<'a>); N]) -> Node<'a> {
    Node::Object(Object::of(
        members
            .into_iter()
            .map(|(name, node)| (Cow::Borrowed(name), node))
            .collect(),
    ))
}

/// A name-value pair.
pub(super) fn property<'a>(name: &'static str, value: Node<'a>) -> Node<'a> {
    of([("name", text(name)), ("value", value)])
}

/// Sets a list, if it has elements.
pub(super) fn set_list<'a>(object: &mut Object<'a>, name: &'static str, nodes: Vec<Node<'a>>) {
    if !nodes.is_empty() {
        object.set(name, Node::List(nodes));
    }
}
