//! What a document does not keep of the rules of SPDX.

use std::fmt;

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
    /// Another kind of value; the words come with their article.
    Kind(&'static str),
    /// One of the words of a list.
    Word(&'static [&'static str]),
    /// A list of at least so many elements.
    Size(usize),
    /// A member that must be there.
    Member(&'static str),
    /// No member that the class of that name does not know.
    KnownMember(&'static str),
    /// The name of a class.
    ClassName,
    /// An object of the class of that name, or of one that refines it.
    ClassOf(&'static str),
    /// An object of the class of that name, or a reference to one.
    ObjectOrReference(&'static str),
    /// Nothing beside `@context` and `@graph`.
    OnlyGraph,
    /// Fewer violations: the walk ended here, and there may be any number more.
    FewerViolations,
}

/// Words beyond this many are counted only.
const SHOWN: usize = 16;

impl fmt::Display for Expected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Kind(kind) => formatter.write_str(kind),
            Self::Word(words) => {
                formatter.write_str("one of ")?;
                for (index, word) in words.iter().take(SHOWN).enumerate() {
                    let before = if index == 0 { "" } else { ", " };
                    write!(formatter, "{before}`{word}`")?;
                }
                match words.len().checked_sub(SHOWN) {
                    None | Some(0) => Ok(()),
                    Some(more) => write!(formatter, " and {more} more"),
                }
            }
            Self::Size(1) => formatter.write_str("a list of at least one element"),
            Self::Size(least) => write!(formatter, "a list of at least {least} elements"),
            Self::Member(name) => write!(formatter, "a member `{name}`"),
            Self::KnownMember(class) => write!(formatter, "only members of `{class}`"),
            Self::ClassName => formatter.write_str("the name of a class of SPDX 3.0.1"),
            Self::ClassOf(class) => write!(formatter, "an object of the class `{class}`"),
            Self::ObjectOrReference(class) => {
                write!(
                    formatter,
                    "an object of the class `{class}` or the identifier of one"
                )
            }
            Self::OnlyGraph => formatter.write_str("only `@context` and `@graph`"),
            Self::FewerViolations => formatter.write_str("fewer violations"),
        }
    }
}
