//! The tree.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};

/// A JSON value. Text without escapes is borrowed from the document.
#[derive(Debug, Clone, PartialEq)]
pub enum Node<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number that a double holds exactly, or a fraction.
    Number(Number),
    /// Text, escapes resolved.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Node<'a>>),
    /// An object.
    Object(Object<'a>),
}

/// A number as it was written: `1` and `1.0` are equal, and print as they were.
#[derive(Debug, Clone, Copy)]
pub enum Number {
    /// Without fraction and exponent.
    Integer(i64),
    /// Any other.
    Fraction(f64),
}

/// The members of an object, in their order; names are unique.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Object<'a>(Vec<(Cow<'a, str>, Node<'a>)>);

impl Number {
    /// The number as a double, which is exact for everything that is admitted.
    #[must_use]
    pub const fn value(self) -> f64 {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "admission keeps it below 2^53")]
            Self::Integer(integer) => integer as f64,
            Self::Fraction(fraction) => fraction,
        }
    }

    /// The number if it is whole; JSON Schema counts `1.0` among the integers.
    #[must_use]
    pub fn whole(self) -> Option<i64> {
        match self {
            Self::Integer(integer) => Some(integer),
            #[expect(
                clippy::cast_possible_truncation,
                reason = "whole, and admission keeps it below 2^53"
            )]
            Self::Fraction(fraction) => (fraction.fract() == 0.0).then_some(fraction as i64),
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value()
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(integer) => fmt::Display::fmt(integer, formatter),
            Self::Fraction(fraction) => fmt::Display::fmt(fraction, formatter),
        }
    }
}

impl<'a> Node<'a> {
    /// Text of the node, if it is text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Elements, if it is a list.
    #[must_use]
    pub fn list(&self) -> Option<&[Node<'a>]> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    /// Members, if it is an object.
    #[must_use]
    pub const fn object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// A member of it, if it is an object that has one of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node<'a>> {
        self.object()?.get(name)
    }

    /// What it is, in a word, for messages.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

impl<'a> Object<'a> {
    /// The object of these members; whoever calls it has seen to it that names are unique.
    #[must_use]
    pub const fn of(members: Vec<(Cow<'a, str>, Node<'a>)>) -> Self {
        Self(members)
    }

    /// The member of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node<'a>> {
        self.iter()
            .find_map(|(known, node)| (known == name).then_some(node))
    }

    /// Takes the member of that name out.
    pub fn take(&mut self, name: &str) -> Option<Node<'a>> {
        let place = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(place).1)
    }

    /// Adds a member at the end, or replaces the one of the same name.
    pub fn set(&mut self, name: impl Into<Cow<'a, str>>, node: Node<'a>) {
        let name = name.into();
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, place)) => *place = node,
            None => self.0.push((name, node)),
        }
    }

    /// Adds a member at the end without a look at the others.
    pub(crate) fn push(&mut self, name: Cow<'a, str>, node: Node<'a>) {
        self.0.push((name, node));
    }

    /// Every member, in the order of the document.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Node<'a>)> {
        self.0.iter().map(|(name, node)| (&**name, node))
    }

    /// Every member with its name as it is held.
    pub(crate) fn members(&self) -> impl Iterator<Item = &(Cow<'a, str>, Node<'a>)> {
        self.0.iter()
    }

    /// True without members.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of members.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }
}

impl<'a> IntoIterator for Object<'a> {
    type Item = (Cow<'a, str>, Node<'a>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(Number::Integer(integer)) => serializer.serialize_i64(*integer),
            Self::Number(Number::Fraction(fraction)) => serializer.serialize_f64(*fraction),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(list) => serializer.collect_seq(list),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, node) in self.iter() {
            map.serialize_entry(name, node)?;
        }
        map.end()
    }
}
