//! Holding a document against the classes of the model.

use super::defect::{Found, SpdxDefectKind, quote};
use super::identifiers::{Identifiers, Target, identifier_member, individual};
use super::rule::{Class, Kind, Member, Presence, Value};
use super::shared::nearest;
use super::tables;
use super::value::{
    is_decimal, is_integer, is_iri, is_media_type, is_reference, is_time, is_version,
};
use super::violation::{Expected, Violation};
use crate::json::{Node, Object, Pointer};

/// Violations reported of one document.
pub const MOST_VIOLATIONS: usize = 200;

/// What the document does not keep of the rules, in the order of the text.
///
/// Rules are those of the JSON Schema of 3.0.1. What that cannot see, references that lead
/// nowhere or to another class, goes to `found`.
pub(super) fn validate(
    root: &Node<'_>,
    identifiers: &Identifiers<'_>,
    found: &mut Found,
) -> Vec<Violation> {
    let mut walk = Walk {
        identifiers,
        found,
        pointer: Pointer::root(),
        violations: Vec::new(),
        is_full: false,
    };
    walk.document(root);
    walk.violations
}

struct Walk<'w> {
    identifiers: &'w Identifiers<'w>,
    found: &'w mut Found,
    pointer: Pointer,
    violations: Vec<Violation>,
    is_full: bool,
}

/// Members that say what an object is, apart from those of its class.
const CONTEXT: &str = "@context";

impl Walk<'_> {
    fn report(&mut self, expected: Expected, found: impl Into<String>) {
        if self.is_full {
            return;
        }
        self.is_full = self.violations.len() == MOST_VIOLATIONS;
        self.violations.push(if self.is_full {
            Violation {
                pointer: nearest(&self.pointer),
                expected: Expected::FewerViolations,
                found: format!("more than {MOST_VIOLATIONS}"),
            }
        } else {
            Violation {
                pointer: nearest(&self.pointer),
                expected,
                found: found.into(),
            }
        });
    }

    fn at(&mut self, step: &str, inner: impl FnOnce(&mut Self)) {
        let mark = self.pointer.push(step);
        inner(self);
        self.pointer.pop(mark);
    }

    fn document(&mut self, root: &Node<'_>) {
        let Some(object) = root.object() else {
            return self.report(Expected::Kind("an object"), root.kind());
        };
        let Some(graph) = object.get("@graph") else {
            return self.object(object, None);
        };
        for (name, _) in object.iter() {
            if name != "@graph" && name != CONTEXT {
                let found = format!("`{}`", quote(name));
                self.at(name, |walk| walk.report(Expected::OnlyGraph, found));
            }
        }
        self.at("@graph", |walk| {
            let Some(list) = graph.list() else {
                return walk.report(Expected::Kind("a list"), graph.kind());
            };
            for (index, node) in list.iter().enumerate() {
                walk.at(&index.to_string(), |walk| match node.object() {
                    Some(object) => walk.object(object, None),
                    None => walk.report(Expected::Kind("an object"), node.kind()),
                });
            }
        });
    }

    /// An object of any class, or of one that is wanted.
    fn object(&mut self, object: &Object<'_>, wanted: Option<&'static Class>) {
        let Some(node) = object.get("type") else {
            return self.report(Expected::Member("type"), "none");
        };
        let Some(name) = node.text() else {
            return self.at("type", |walk| {
                walk.report(Expected::Kind("text"), node.kind());
            });
        };
        let vocabulary = tables::VOCABULARIES.contains(&name);
        if wanted.is_some_and(|wanted| wanted.name == "extension_Extension") {
            // Anybody may define an extension; its members are its own business.
            if !is_iri(name) && !vocabulary && Class::named(name).is_none() {
                self.class_name(name);
            }
            return;
        }
        match Class::named(name) {
            Some(class) if wanted.is_none_or(|wanted| class.is(wanted)) => {
                self.members(object, class);
            }
            None if vocabulary && wanted.is_none() => self.word(object),
            Some(_) | None => match wanted {
                Some(wanted) => self.at("type", |walk| {
                    walk.report(Expected::ClassOf(wanted.name), format!("`{}`", quote(name)));
                }),
                None => self.class_name(name),
            },
        }
    }

    fn class_name(&mut self, name: &str) {
        self.at("type", |walk| {
            walk.report(Expected::ClassName, format!("`{}`", quote(name)));
        });
    }

    /// An object that stands for a word of a vocabulary.
    fn word(&mut self, object: &Object<'_>) {
        for (name, node) in object.iter() {
            match name {
                "type" | CONTEXT => {}
                "@id" => self.identifier(node, Kind::Value, name),
                _ => self.unknown(name, "a word"),
            }
        }
    }

    fn unknown(&mut self, name: &str, class: &'static str) {
        let found = format!("`{}`", quote(name));
        self.at(name, |walk| {
            walk.report(Expected::KnownMember(class), found);
        });
    }

    fn members(&mut self, object: &Object<'_>, class: &'static Class) {
        let identifier = identifier_member(class);
        for (name, node) in object.iter() {
            if name == "type" || (name == CONTEXT && self.pointer.as_str().is_empty()) {
                continue;
            }
            if name == identifier {
                self.identifier(node, class.kind, name);
                continue;
            }
            match class.all_members().find(|member| member.name == name) {
                Some(member) => self.at(name, |walk| walk.member(node, member)),
                None => self.unknown(name, class.name),
            }
        }
        if class.kind == Kind::Element && object.get(identifier).is_none() {
            self.report(Expected::Member(identifier), "none");
        }
        for member in class.all_members() {
            let must_be = match member.presence {
                Presence::Optional | Presence::List(0) => false,
                Presence::Required | Presence::List(_) => true,
            };
            if must_be && object.get(member.name).is_none() {
                self.report(Expected::Member(member.name), "none");
            }
        }
    }

    fn identifier(&mut self, node: &Node<'_>, kind: Kind, name: &str) {
        let (good, expected) = match (node.text(), kind) {
            (Some(text), Kind::Element) => (is_iri(text), "an IRI"),
            (Some(text), _) => (is_reference(text), "an IRI or a blank node"),
            (None, _) => (false, "text"),
        };
        if !good {
            let found = describe(node);
            self.at(name, |walk| walk.report(Expected::Kind(expected), found));
        }
    }

    fn member(&mut self, node: &Node<'_>, member: &'static Member) {
        let Presence::List(least) = member.presence else {
            return self.value(node, member.value);
        };
        let Some(list) = node.list() else {
            return self.report(Expected::Kind("a list"), node.kind());
        };
        if list.len() < least {
            self.report(Expected::Size(least), format!("{}", list.len()));
        }
        for (index, node) in list.iter().enumerate() {
            self.at(&index.to_string(), |walk| walk.value(node, member.value));
        }
    }

    fn value(&mut self, node: &Node<'_>, value: Value) {
        let (good, expected) = match (value, node) {
            (Value::Object(class), Node::Object(object)) => {
                return self.object(object, Some(class));
            }
            (Value::Object(class), Node::Text(text)) => return self.reference(text, class),
            (Value::Object(class), _) => (false, Expected::ObjectOrReference(class.name)),
            (Value::Text, _) => (node.text().is_some(), Expected::Kind("text")),
            (Value::Word(words), _) => (
                node.text().is_some_and(|text| words.contains(&text)),
                Expected::Word(words),
            ),
            (Value::Time, _) => (
                node.text().is_some_and(is_time),
                Expected::Kind("a time in seconds, UTC"),
            ),
            (Value::Version, _) => (
                node.text().is_some_and(is_version),
                Expected::Kind("a version of three numbers"),
            ),
            (Value::MediaType, _) => (
                node.text().is_some_and(is_media_type),
                Expected::Kind("a media type"),
            ),
            (Value::Flag, _) => (matches!(node, Node::Bool(_)), Expected::Kind("a boolean")),
            (Value::Integer(least), _) => (
                is_integer(node, least),
                Expected::Kind(if least > 0 {
                    "a positive integer"
                } else {
                    "an integer from 0"
                }),
            ),
            (Value::Decimal, _) => (is_decimal(node), Expected::Kind("a decimal number")),
        };
        if !good {
            self.report(expected, describe(node));
        }
    }

    fn reference(&mut self, text: &str, wanted: &'static Class) {
        let wanted_name = wanted.name;
        if individual(text).is_some_and(|class| class.is(wanted)) {
            return;
        }
        if !is_reference(text) {
            let found = format!("`{}`", quote(text));
            return self.report(Expected::ObjectOrReference(wanted_name), found);
        }
        let id = || quote(text);
        match self.identifiers.target(text) {
            Target::Nowhere => {
                let kind = SpdxDefectKind::DanglingReference { id: id() };
                self.found.add(&self.pointer, kind);
            }
            Target::Here(Some(class)) if !class.is(wanted) => {
                let kind = SpdxDefectKind::ReferenceClass {
                    id: id(),
                    expected: wanted_name,
                    found: class.name,
                };
                self.found.add(&self.pointer, kind);
            }
            Target::Here(_) | Target::Elsewhere => {}
        }
    }
}

/// A value in a few words.
fn describe(node: &Node<'_>) -> String {
    match node {
        Node::Text(text) => format!("`{}`", quote(text)),
        Node::Number(number) => number.to_string(),
        other => other.kind().to_owned(),
    }
}
