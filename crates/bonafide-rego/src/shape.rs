//! What can be known of a value without running anything.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::Part;

/// Where in the facts a value comes from, as far as it can be followed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shape {
    /// Not from the facts, or nobody can say.
    Opaque,
    /// One of these parts of the facts.
    Facts(BTreeSet<Part>),
    /// A list, a set or a table with such values.
    Each(Box<Shape>),
    /// A table that the rules made themselves.
    Record(BTreeMap<String, Shape>),
}

impl Shape {
    /// A list of such values.
    pub(crate) fn each(self) -> Self {
        Self::Each(Box::new(self))
    }

    /// What can be either.
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Facts(mut left), Self::Facts(right)) => {
                left.extend(right);
                Self::Facts(left)
            }
            (Self::Each(left), Self::Each(right)) => left.or(*right).each(),
            (left, right) if left == right => left,
            _ => Self::Opaque,
        }
    }
}
