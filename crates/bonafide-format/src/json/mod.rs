//! JSON as the loaders of models take it, with everything kept that a strict reader
//! would refuse: members that are there twice, `NaN`, lone surrogates.
//!
//! Python's `json` takes the last of two equal members, other readers the first; so both
//! are in the tree, and the second is a [`Quirk`].

mod parse;

use std::borrow::Cow;
use std::ops::Range;

pub(crate) use parse::{parse, parse_text};

/// A value, with the bytes that it is written in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node<'a> {
    pub(crate) value: Value<'a>,
    pub(crate) range: Range<u64>,
}

/// What is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Boolean(bool),
    /// As written, so that nothing is rounded: also `NaN`, `Infinity`, `-Infinity`.
    Number(&'a str),
    String(Cow<'a, str>),
    Array(Vec<Node<'a>>),
    /// In the order in which they are written, repeated ones included.
    Object(Vec<Member<'a>>),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) value: Node<'a>,
}

/// Something that readers take in different ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quirk {
    /// Offset.
    pub(crate) at: u64,
    /// What it is.
    pub(crate) kind: QuirkKind,
}

/// What readers take in different ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum QuirkKind {
    /// A member is there twice.
    DuplicateMember(String),
    /// `NaN` or an infinity.
    NotFinite,
    /// Half of a character outside of the basic plane.
    LoneSurrogate,
    /// A byte-order mark at the start.
    ByteOrderMark,
    /// A control character in a string that should be escaped.
    ControlCharacter,
}

/// A document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Document<'a> {
    pub(crate) root: Node<'a>,
    pub(crate) quirks: Vec<Quirk>,
    /// Where the value and the blanks after it end.
    pub(crate) end: u64,
}

impl<'a> Node<'a> {
    /// The member of an object that Python would take: the last of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Node<'a>> {
        let found = self
            .members()
            .iter()
            .rev()
            .find(|member| member.name == name);
        Some(&found?.value)
    }

    /// The member down a path.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Node<'a>> {
        path.iter().try_fold(self, |node, name| node.get(name))
    }

    /// Members of an object; none for anything else.
    pub(crate) fn members(&self) -> &[Member<'a>] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// Elements of an array; none for anything else.
    pub(crate) fn elements(&self) -> &[Node<'a>] {
        match &self.value {
            Value::Array(elements) => elements,
            _ => &[],
        }
    }

    /// The text of a string.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// A number that is a whole one and not negative.
    pub(crate) fn unsigned(&self) -> Option<u64> {
        match &self.value {
            Value::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    /// True or false.
    pub(crate) fn boolean(&self) -> Option<bool> {
        match self.value {
            Value::Boolean(value) => Some(value),
            _ => None,
        }
    }

    /// Shows every value of the tree to `see`, from the outside in, with the names and
    /// indices that lead to it.
    pub(crate) fn walk<'n>(&'n self, see: &mut dyn FnMut(&[Step<'n>], &'n Node<'a>)) {
        let mut path = Vec::new();
        self.walk_from(&mut path, see);
    }

    fn walk_from<'n>(
        &'n self,
        path: &mut Vec<Step<'n>>,
        see: &mut dyn FnMut(&[Step<'n>], &'n Node<'a>),
    ) {
        see(path, self);
        for member in self.members() {
            path.push(Step::Member(&member.name));
            member.value.walk_from(path, see);
            path.pop();
        }
        for (index, element) in self.elements().iter().enumerate() {
            path.push(Step::Index(index));
            element.walk_from(path, see);
            path.pop();
        }
    }
}

/// One step from a value into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step<'n> {
    Member(&'n str),
    Index(usize),
}

/// The steps as a person writes them: `layers[3].config.module`. Not yet made printable.
pub(crate) fn path_text(path: &[Step<'_>]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Member(name) if text.is_empty() => text.push_str(name),
            Step::Member(name) => {
                text.push('.');
                text.push_str(name);
            }
            Step::Index(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}
