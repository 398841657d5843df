//! What the walk over a document builds: the tree, or the places of everything in it.

use std::borrow::Cow;

use crate::json::{Node, Object, Pointer};

/// A value under construction; `at` is the byte where it starts in the text.
pub(super) trait Value<'a>: Sized {
    /// Text, a number or a boolean.
    fn scalar(at: usize, node: Node<'a>) -> Self;
    /// A list.
    fn list(at: usize, elements: Vec<Self>) -> Self;
    /// An object; names are unique.
    fn object(at: usize, members: Vec<(Cow<'a, str>, Self)>) -> Self;
}

impl<'a> Value<'a> for Node<'a> {
    fn scalar(_: usize, node: Node<'a>) -> Self {
        node
    }

    fn list(_: usize, mut elements: Vec<Self>) -> Self {
        elements.shrink_to_fit();
        Self::List(elements)
    }

    fn object(_: usize, mut members: Vec<(Cow<'a, str>, Self)>) -> Self {
        members.shrink_to_fit();
        Self::Object(Object::of(members))
    }
}

/// A value of which only the place is kept.
#[derive(Debug)]
pub(super) struct Place<'a> {
    at: usize,
    inner: Inner<'a>,
}

#[derive(Debug)]
enum Inner<'a> {
    Nothing,
    List(Vec<Place<'a>>),
    Object(Vec<(Cow<'a, str>, Place<'a>)>),
}

impl<'a> Value<'a> for Place<'a> {
    fn scalar(at: usize, _: Node<'a>) -> Self {
        let inner = Inner::Nothing;
        Self { at, inner }
    }

    fn list(at: usize, elements: Vec<Self>) -> Self {
        let inner = Inner::List(elements);
        Self { at, inner }
    }

    fn object(at: usize, members: Vec<(Cow<'a, str>, Self)>) -> Self {
        let inner = Inner::Object(members);
        Self { at, inner }
    }
}

impl Place<'_> {
    /// Where a pointer leads; none if nothing is there.
    pub(super) fn find(&self, pointer: &Pointer) -> Option<usize> {
        let mut place = self;
        let Some(steps) = pointer.as_str().strip_prefix('/') else {
            return pointer.as_str().is_empty().then_some(place.at);
        };
        for step in steps.split('/') {
            place = match &place.inner {
                Inner::Nothing => return None,
                Inner::List(elements) => {
                    let plain = step.bytes().all(|byte| byte.is_ascii_digit());
                    if !plain || (step != "0" && step.starts_with('0')) {
                        return None;
                    }
                    elements.get(step.parse::<usize>().ok()?)?
                }
                // No member of the mapped tree has `~` or `/` in its name.
                Inner::Object(members) => members
                    .iter()
                    .find_map(|(name, place)| (name == step).then_some(place))?,
            };
        }
        Some(place.at)
    }
}
