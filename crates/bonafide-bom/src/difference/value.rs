//! Values of the documents as text that is equal when they are equal.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::json::{Node, Object};

use super::{MOST_NAMES, Names, shown};

/// The value with its members sorted. Lists keep their order.
pub(super) fn canonical(node: &Node<'_>) -> String {
    let mut text = String::new();
    write(node, &mut text);
    text
}

/// Nesting is bounded by the admission of the document.
fn write(node: &Node<'_>, out: &mut String) {
    match node {
        Node::Null => out.push_str("null"),
        Node::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Node::Number(number) => {
            // Writing to a string does not fail. `1` and `1.0` are one number.
            let _ = write!(out, "{}", number.value());
        }
        Node::Text(text) => {
            let _ = write!(out, "{text:?}");
        }
        Node::List(list) => {
            out.push('[');
            for (place, element) in list.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write(element, out);
            }
            out.push(']');
        }
        Node::Object(object) => {
            out.push('{');
            for (place, (name, member)) in sorted(object).into_iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                let _ = write!(out, "{name:?}:");
                write(member, out);
            }
            out.push('}');
        }
    }
}

fn sorted<'n, 'a>(object: &'n Object<'a>) -> BTreeMap<&'n str, &'n Node<'a>> {
    object.iter().collect()
}

/// A value of which one document says something else than the other.
pub(super) struct Divergence {
    pub(super) name: String,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
}

/// Compares two values member by member. Lists are compared without their order: what
/// only one of them has is shown. Names of elements inside of the document mean nothing
/// by themselves, so `bom-ref` is passed over.
pub(super) fn compare(
    name: &str,
    a: Option<&Node<'_>>,
    b: Option<&Node<'_>>,
    found: &mut Vec<Divergence>,
) {
    match (a, b) {
        (Some(Node::Object(left)), Some(Node::Object(right))) => {
            let (left, right) = (sorted(left), sorted(right));
            let mut names: Vec<&str> = left.keys().chain(right.keys()).copied().collect();
            names.sort_unstable();
            names.dedup();
            for member in names.into_iter().filter(|member| *member != "bom-ref") {
                let inner = match name {
                    "" => member.to_owned(),
                    _ => format!("{name}.{member}"),
                };
                let sides = (left.get(member).copied(), right.get(member).copied());
                compare(&inner, sides.0, sides.1, found);
            }
        }
        (Some(Node::List(left)), Some(Node::List(right))) => {
            let elements = |list: &[Node<'_>]| list.iter().map(element).collect::<Vec<_>>();
            let (removed, added) = apart(elements(left), elements(right));
            if !removed.is_empty() || !added.is_empty() {
                found.push(Divergence {
                    name: shown(name),
                    from: (!removed.is_empty()).then(|| shown(&removed.join(", "))),
                    to: (!added.is_empty()).then(|| shown(&added.join(", "))),
                });
            }
        }
        (a, b) => {
            let text = |node: Option<&Node<'_>>| node.map(element);
            let (from, to) = (text(a), text(b));
            if from != to {
                found.push(Divergence {
                    name: shown(name),
                    from: from.as_deref().map(shown),
                    to: to.as_deref().map(shown),
                });
            }
        }
    }
}

/// Text as it is, anything else as JSON without names of elements.
fn element(node: &Node<'_>) -> String {
    match node {
        Node::Text(text) => text.clone().into_owned(),
        other => canonical(&without_reference(other)),
    }
}

fn without_reference<'a>(node: &Node<'a>) -> Node<'a> {
    match node {
        Node::Object(object) => {
            let members = object.members().filter(|(name, _)| name != "bom-ref");
            Node::Object(Object::of(
                members
                    .map(|(name, member)| (name.clone(), without_reference(member)))
                    .collect(),
            ))
        }
        Node::List(list) => Node::List(list.iter().map(without_reference).collect()),
        other => other.clone(),
    }
}

/// What only the first list has, and what only the second; sorted. What is in a list
/// twice counts twice.
pub(super) fn apart(mut a: Vec<String>, mut b: Vec<String>) -> (Vec<String>, Vec<String>) {
    a.sort_unstable();
    b.sort_unstable();
    let (mut only_a, mut only_b) = (Vec::new(), Vec::new());
    let (mut left, mut right) = (a.into_iter().peekable(), b.into_iter().peekable());
    loop {
        match (left.peek(), right.peek()) {
            (Some(one), Some(other)) if one == other => {
                left.next();
                right.next();
            }
            (Some(one), Some(other)) if one < other => only_a.extend(left.next()),
            (_, Some(_)) => only_b.extend(right.next()),
            (Some(_), None) => only_a.extend(left.next()),
            (None, None) => return (only_a, only_b),
        }
    }
}

/// The same as names for a message; none if there is no difference.
pub(super) fn names(mut a: Vec<String>, mut b: Vec<String>) -> Option<Names> {
    for list in [&mut a, &mut b] {
        list.sort_unstable();
        list.dedup();
    }
    let (removed, added) = apart(a, b);
    if removed.is_empty() && added.is_empty() {
        return None;
    }
    let mut omitted = 0;
    let mut cut = |list: Vec<String>| -> Vec<String> {
        omitted += list.len().saturating_sub(MOST_NAMES);
        list.iter()
            .take(MOST_NAMES)
            .map(|name| shown(name))
            .collect()
    };
    let (added, removed) = (cut(added), cut(removed));
    Some(Names {
        added,
        removed,
        omitted,
    })
}
