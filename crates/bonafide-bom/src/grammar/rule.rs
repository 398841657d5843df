//! What the tables are made of.
//!
//! A [`Definition`] is one named rule. What a later version added carries the version
//! that added it; what a later version changed is a [`Rule::Revised`]. Whatever
//! carries no version has been so since 1.3, or since its definition first appeared.

use super::format::Format;
use super::pattern::Pattern;
use crate::version::SpecVersion;

/// One rule with the name that the specification gives it, or that we gave it
/// because there it is written inside another one.
#[derive(Debug)]
pub struct Definition {
    /// Its name.
    pub name: &'static str,
    /// What it asks for.
    pub rule: Rule,
}

/// What a value must be.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// `true` or `false`.
    Boolean,
    /// A whole number; `1.0` is one.
    Integer(Bounds),
    /// Any number.
    Number(Bounds),
    /// Text.
    Text(Text),
    /// One of these words, by the version that added them.
    Word(&'static [(SpecVersion, &'static [&'static str])]),
    /// An identifier of the SPDX licence list, or of its list of exceptions.
    LicenceId,
    /// A list.
    List(List),
    /// An object.
    Object(Shape),
    /// An object whose other members depend on the word in one of them.
    Tagged(&'static Tagged),
    /// What that definition asks for.
    Refer(&'static Definition),
    /// Exactly one of these.
    OneOf(&'static [Rule]),
    /// One of these, or several.
    AnyOf(&'static [Rule]),
    /// Another rule from each of these versions on, oldest first.
    Revised(&'static [(SpecVersion, Rule)]),
}

/// The smallest and the largest number, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The smallest.
    pub least: Option<i64>,
    /// The largest.
    pub most: Option<i64>,
}

/// What a text must look like. Lengths count characters.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// The format.
    pub format: Option<Format>,
    /// The pattern.
    pub pattern: Option<Pattern>,
    /// Fewest characters.
    pub least: usize,
    /// Most characters.
    pub most: Option<usize>,
}

/// What a list must hold.
#[derive(Debug, Clone, Copy)]
pub struct List {
    /// What each element must be.
    pub element: &'static Rule,
    /// May two elements be equal?
    pub repetition: Repetition,
    /// Fewest elements.
    pub least: usize,
    /// Most elements.
    pub most: Option<usize>,
}

/// May two elements of a list be equal?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repetition {
    /// They may.
    Allowed,
    /// They must not (`uniqueItems`).
    Refused,
}

/// What an object must have.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The members that it may have.
    pub members: &'static [Member],
    /// Rules about which members go together.
    pub demands: &'static [(SpecVersion, Demand)],
    /// From which version on other members are refused; never, if none.
    pub closed: Option<SpecVersion>,
    /// From which version on it must be an object. Some rules of 1.4 forget to say so,
    /// and anything else passes.
    pub object: SpecVersion,
}

/// One member of an object.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// What its value must be.
    pub rule: Rule,
    /// The version that added it.
    pub since: SpecVersion,
    /// In which versions it must be there.
    pub required: Required,
}

/// In which versions a member must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Required {
    /// In none.
    Never,
    /// From this one on.
    Since(SpecVersion),
    /// In those before this one.
    Before(SpecVersion),
}

/// A rule about which members go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// Exactly one of these groups is there with all its members.
    ExactlyOne(&'static [&'static [&'static str]]),
    /// At least one of these members is there.
    AtLeastOne(&'static [&'static str]),
    /// These two members are not both there.
    NotBoth(&'static str, &'static str),
    /// The first is there only if the second is there and not `false`.
    OnlyWith(&'static str, &'static str),
}

/// An object whose other members depend on the word in one of them.
#[derive(Debug)]
pub struct Tagged {
    /// The member with the word; it must be there.
    pub tag: &'static str,
    /// The words, and what an object with that word must have.
    pub cases: &'static [(&'static str, Shape)],
}

impl Definition {
    pub(super) const fn of(name: &'static str, rule: Rule) -> Self {
        Self { name, rule }
    }

    pub(super) const fn object(name: &'static str, shape: Shape) -> Self {
        Self::of(name, Rule::Object(shape))
    }
}

impl Shape {
    /// These members and no others, in every version.
    pub(super) const fn of(members: &'static [Member]) -> Self {
        Self {
            members,
            demands: &[],
            closed: Some(SpecVersion::V1_3),
            object: SpecVersion::V1_3,
        }
    }

    pub(super) const fn demanding(self, demands: &'static [(SpecVersion, Demand)]) -> Self {
        Self { demands, ..self }
    }

    /// Other members are refused from that version on.
    pub(super) const fn closed_since(self, version: SpecVersion) -> Self {
        Self {
            closed: Some(version),
            ..self
        }
    }

    /// Other members are never refused.
    pub(super) const fn open(self) -> Self {
        Self {
            closed: None,
            ..self
        }
    }

    /// Before that version anything that is no object passes.
    pub(super) const fn object_since(self, version: SpecVersion) -> Self {
        Self {
            object: version,
            ..self
        }
    }
}

impl Member {
    pub(super) const fn since(self, since: SpecVersion) -> Self {
        Self { since, ..self }
    }

    pub(super) const fn required(self) -> Self {
        self.required_since(SpecVersion::V1_3)
    }

    pub(super) const fn required_since(self, version: SpecVersion) -> Self {
        Self {
            required: Required::Since(version),
            ..self
        }
    }

    pub(super) const fn required_before(self, version: SpecVersion) -> Self {
        Self {
            required: Required::Before(version),
            ..self
        }
    }

    /// Is it known in that version?
    #[must_use]
    pub fn is_known(&self, version: SpecVersion) -> bool {
        self.since <= version
    }

    /// Must it be there in that version?
    #[must_use]
    pub fn is_required(&self, version: SpecVersion) -> bool {
        self.is_known(version)
            && match self.required {
                Required::Never => false,
                Required::Since(since) => since <= version,
                Required::Before(before) => version < before,
            }
    }
}

/// A member that has been there from the start and may be missing.
pub(super) const fn member(name: &'static str, rule: Rule) -> Member {
    Member {
        name,
        rule,
        since: SpecVersion::V1_3,
        required: Required::Never,
    }
}

const ANY_TEXT: Text = Text {
    format: None,
    pattern: None,
    least: 0,
    most: None,
};

const ANY_NUMBER: Bounds = Bounds {
    least: None,
    most: None,
};

/// `true` or `false`.
pub(super) const BOOLEAN: Rule = Rule::Boolean;
/// Any text.
pub(super) const TEXT: Rule = Rule::Text(ANY_TEXT);
/// A point in time.
pub(super) const DATE_TIME: Rule = formatted(Format::DateTime);
/// A day.
pub(super) const DATE: Rule = formatted(Format::Date);
/// A reference to a resource.
pub(super) const IRI_REFERENCE: Rule = formatted(Format::IriReference);
/// An e-mail address.
pub(super) const EMAIL: Rule = formatted(Format::IdnEmail);
/// Any number.
pub(super) const NUMBER: Rule = Rule::Number(ANY_NUMBER);
/// Any whole number.
pub(super) const INTEGER: Rule = Rule::Integer(ANY_NUMBER);

/// Text of a format.
pub(super) const fn formatted(format: Format) -> Rule {
    Rule::Text(Text {
        format: Some(format),
        ..ANY_TEXT
    })
}

/// Text with a pattern.
pub(super) const fn matching(pattern: Pattern) -> Rule {
    Rule::Text(Text {
        pattern: Some(pattern),
        ..ANY_TEXT
    })
}

/// A reference with a pattern.
pub(super) const fn reference_matching(pattern: Pattern) -> Rule {
    Rule::Text(Text {
        format: Some(Format::IriReference),
        pattern: Some(pattern),
        ..ANY_TEXT
    })
}

/// Text with at least one character.
pub(super) const SOME_TEXT: Rule = Rule::Text(Text {
    least: 1,
    ..ANY_TEXT
});

/// Text of so many characters.
pub(super) const fn text_of(least: usize, most: usize) -> Rule {
    Rule::Text(Text {
        least,
        most: Some(most),
        ..ANY_TEXT
    })
}

/// A whole number of at least so much.
pub(super) const fn integer_from(least: i64) -> Rule {
    Rule::Integer(Bounds {
        least: Some(least),
        most: None,
    })
}

/// A whole number between these.
pub(super) const fn integer_between(least: i64, most: i64) -> Rule {
    Rule::Integer(Bounds {
        least: Some(least),
        most: Some(most),
    })
}

/// A number between these.
pub(super) const fn number_between(least: i64, most: i64) -> Rule {
    Rule::Number(Bounds {
        least: Some(least),
        most: Some(most),
    })
}

/// One of these words.
pub(super) const fn word(words: &'static [(SpecVersion, &'static [&'static str])]) -> Rule {
    Rule::Word(words)
}

/// A list.
pub(super) const fn list(element: &'static Rule) -> Rule {
    Rule::List(List {
        element,
        repetition: Repetition::Allowed,
        least: 0,
        most: None,
    })
}

/// A list without equal elements.
pub(super) const fn unique(element: &'static Rule) -> Rule {
    Rule::List(List {
        element,
        repetition: Repetition::Refused,
        least: 0,
        most: None,
    })
}

/// A list that is not empty.
pub(super) const fn at_least_one(element: &'static Rule) -> Rule {
    Rule::List(List {
        element,
        repetition: Repetition::Allowed,
        least: 1,
        most: None,
    })
}

/// A list of exactly one.
pub(super) const fn single(element: &'static Rule) -> Rule {
    Rule::List(List {
        element,
        repetition: Repetition::Allowed,
        least: 1,
        most: Some(1),
    })
}

/// What the definition asks for.
pub(super) const fn refer(definition: &'static Definition) -> Rule {
    Rule::Refer(definition)
}

/// Exactly one of these.
pub(super) const fn one_of(rules: &'static [Rule]) -> Rule {
    Rule::OneOf(rules)
}

/// One of these, or several.
pub(super) const fn any_of(rules: &'static [Rule]) -> Rule {
    Rule::AnyOf(rules)
}

/// Another rule from each version on.
pub(super) const fn revised(rules: &'static [(SpecVersion, Rule)]) -> Rule {
    Rule::Revised(rules)
}
