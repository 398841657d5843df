//! What an object of a class may say.

/// A class of the model.
#[derive(Debug)]
pub(super) struct Class {
    /// Its name in a document.
    pub(super) name: &'static str,
    /// The class that it refines.
    pub(super) parent: Option<&'static Class>,
    /// What objects of it are.
    pub(super) kind: Kind,
    /// Members that it adds to those of its parent.
    pub(super) members: &'static [Member],
}

/// What objects of a class are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// There are none, only objects of classes that refine it.
    Abstract,
    /// Elements: they have a `spdxId`.
    Element,
    /// Values of elements: they may have an `@id`.
    Value,
}

/// A member of an object.
#[derive(Debug)]
pub(super) struct Member {
    /// Its name.
    pub(super) name: &'static str,
    /// How often it may be there.
    pub(super) presence: Presence,
    /// What it is.
    pub(super) value: Value,
}

/// How often a member may be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// At most once.
    Optional,
    /// Once.
    Required,
    /// As a list of at least so many; one that may be empty may be left out.
    List(usize),
}

/// A value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value {
    /// Any text.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A point in time, in seconds and UTC.
    Time,
    /// A version by the rules of Semantic Versioning 2.0.0.
    Version,
    /// A media type.
    MediaType,
    /// `true` or `false`.
    Flag,
    /// An integer from here on.
    Integer(i64),
    /// A number, or text of decimal digits.
    Decimal,
    /// An object of this class, or a reference to one.
    Object(&'static Class),
}

/// A member that may be there.
pub(super) const fn optional(name: &'static str, value: Value) -> Member {
    Member {
        name,
        presence: Presence::Optional,
        value,
    }
}

/// A member that must be there.
pub(super) const fn required(name: &'static str, value: Value) -> Member {
    Member {
        name,
        presence: Presence::Required,
        value,
    }
}

/// A member that is a list of at least so many values.
pub(super) const fn list(name: &'static str, least: usize, value: Value) -> Member {
    Member {
        name,
        presence: Presence::List(least),
        value,
    }
}

impl Class {
    /// The class and those that it refines, itself first.
    pub(super) fn line(&'static self) -> impl Iterator<Item = &'static Self> {
        std::iter::successors(Some(self), |class| class.parent)
    }

    /// Whether it is that class or refines it.
    pub(super) fn is(&'static self, other: &'static Self) -> bool {
        self.line().any(|class| class.name == other.name)
    }

    /// Every member that an object of it may have.
    pub(super) fn all_members(&'static self) -> impl Iterator<Item = &'static Member> {
        self.line().flat_map(|class| class.members)
    }

    /// The concrete class of that name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        let mut classes = super::tables::CLASSES.iter().copied().flatten();
        classes.find(|class| class.name == name).copied()
    }
}
