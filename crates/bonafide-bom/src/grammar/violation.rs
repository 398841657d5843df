//! What a document does not keep.

use std::fmt;

use super::format::Format;
use super::pattern::Pattern;
use super::rule::Bounds;
use crate::json::Pointer;

/// A rule that a document does not keep.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found}")]
#[non_exhaustive]
pub struct Violation {
    /// Where in the document.
    pub pointer: Pointer,
    /// What the rule asks for.
    pub expected: Expected,
    /// What is there, in a few words; text of the document is escaped and cut.
    pub found: String,
}

/// What a rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// Another kind of value; the word comes with its article.
    Kind(&'static str),
    /// A number within bounds.
    Number(Bounds),
    /// Text of a format.
    Format(Format),
    /// Text with a pattern.
    Pattern(Pattern),
    /// Text of so many characters.
    Length(usize, Option<usize>),
    /// One of the words of a list, by version.
    Word(
        &'static [(super::SpecVersion, &'static [&'static str])],
        super::SpecVersion,
    ),
    /// An identifier that `license.id` may be.
    LicenceId,
    /// A list of so many elements.
    Size(usize, Option<usize>),
    /// No element twice.
    Unique,
    /// A member that must be there.
    Member(&'static str),
    /// No member that the definition of that name does not know.
    KnownMember(&'static str),
    /// Exactly one of these groups of members.
    ExactlyOne(&'static [&'static [&'static str]]),
    /// At least one of these members.
    AtLeastOne(&'static [&'static str]),
    /// Not both of these members.
    NotBoth(&'static str, &'static str),
    /// The first member only where the second is true.
    OnlyWith(&'static str, &'static str),
    /// One of several forms, and it has none.
    Alternative,
    /// One of several forms, and it has more than one.
    OneAlternative,
    /// No more depth than a document may have.
    Depth,
    /// Fewer violations: the walk ended here, and there may be any number more.
    FewerViolations,
}

impl fmt::Display for Expected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Kind(kind) => formatter.write_str(kind),
            Self::Number(bounds) => write_bounds(formatter, bounds),
            Self::Format(format) => formatter.write_str(format.meaning()),
            Self::Pattern(pattern) => formatter.write_str(pattern.meaning()),
            Self::Length(least, most) => {
                formatter.write_str("text of ")?;
                write_count(formatter, least, most, "character")
            }
            Self::Word(words, version) => write_words(formatter, words, version),
            Self::LicenceId => formatter.write_str("an SPDX identifier"),
            Self::Size(least, most) => {
                formatter.write_str("a list of ")?;
                write_count(formatter, least, most, "element")
            }
            Self::Unique => formatter.write_str("no element twice"),
            Self::Member(name) => write!(formatter, "a member `{name}`"),
            Self::KnownMember(definition) => write!(formatter, "only members of `{definition}`"),
            Self::ExactlyOne(groups) => {
                formatter.write_str("exactly one of ")?;
                write_all(formatter, groups.iter().map(|group| group.join("` with `")))
            }
            Self::AtLeastOne(names) => {
                formatter.write_str("at least one of ")?;
                write_all(formatter, names.iter())
            }
            Self::NotBoth(one, other) => write!(formatter, "not both `{one}` and `{other}`"),
            Self::OnlyWith(member, flag) => {
                write!(formatter, "`{member}` only where `{flag}` is true")
            }
            Self::Alternative => formatter.write_str("one of the forms that are allowed here"),
            Self::OneAlternative => formatter.write_str("only one of the forms allowed here"),
            Self::Depth => formatter.write_str("less depth"),
            Self::FewerViolations => formatter.write_str("fewer violations"),
        }
    }
}

fn write_all(
    formatter: &mut fmt::Formatter<'_>,
    names: impl Iterator<Item: fmt::Display>,
) -> fmt::Result {
    for (index, name) in names.enumerate() {
        let before = if index == 0 { "" } else { ", " };
        write!(formatter, "{before}`{name}`")?;
    }
    Ok(())
}

/// Words beyond this many are counted only.
const SHOWN: usize = 16;

fn write_words(
    formatter: &mut fmt::Formatter<'_>,
    words: &[(super::SpecVersion, &[&str])],
    version: super::SpecVersion,
) -> fmt::Result {
    let known = || {
        let groups = words.iter().filter(move |(since, _)| *since <= version);
        groups.flat_map(|(_, words)| words.iter())
    };
    let count = known().count();
    if count > 1 {
        formatter.write_str("one of ")?;
    }
    write_all(formatter, known().take(SHOWN))?;
    match count.checked_sub(SHOWN) {
        None | Some(0) => Ok(()),
        Some(more) => write!(formatter, " and {more} more"),
    }
}

fn write_bounds(formatter: &mut fmt::Formatter<'_>, bounds: Bounds) -> fmt::Result {
    match (bounds.least, bounds.most) {
        (Some(least), Some(most)) => write!(formatter, "a number from {least} to {most}"),
        (Some(least), None) => write!(formatter, "a number from {least}"),
        (None, Some(most)) => write!(formatter, "a number up to {most}"),
        (None, None) => formatter.write_str("a number"),
    }
}

fn write_count(
    formatter: &mut fmt::Formatter<'_>,
    least: usize,
    most: Option<usize>,
    what: &str,
) -> fmt::Result {
    match most {
        None if least == 1 => write!(formatter, "at least one {what}"),
        None => write!(formatter, "at least {least} {what}s"),
        Some(1) if least == 1 => write!(formatter, "one {what}"),
        Some(most) => write!(formatter, "{least} to {most} {what}s"),
    }
}
