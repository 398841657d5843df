//! What one document says that another does not, by meaning.
//!
//! Both are typed views, so versions and encodings of the format may differ. Components
//! are matched first (see the module `matching`): by package URL, then by their name
//! inside of the document together with their name, by type, group and name, by digest,
//! and last by their name inside of the document alone, because many generators
//! number it. References are compared by what they lead to. The order of lists means
//! nothing. Serial number, edition, time, tools and version of the format are about the
//! document and come as [`Change::Document`].
//!
//! Time is n log n in the size of both documents.

mod card;
mod component;
mod document;
mod matching;
mod sentence;
#[cfg(test)]
mod tests;
mod value;

use serde::Serialize;

use crate::json::Pointer;
use crate::view::{Bom, Component};

use matching::{Index, Match};

/// Longest text of a value in a difference, in characters.
const MOST_CHARACTERS: usize = 200;

/// Longest list of names in a difference; the rest is counted.
const MOST_NAMES: usize = 50;

/// Something that the two documents do not say alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Difference {
    /// Where in the first document; none where it has nothing of the kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer_a: Option<String>,
    /// Where in the second one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer_b: Option<String>,
    /// What it is about, in words, fit to print.
    pub subject: String,
    /// What is different.
    #[serde(flatten)]
    pub change: Change,
}

/// What is different. Every text is fit to print, and cut to 200 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Change {
    /// Only the second document has the component.
    Added,
    /// Only the first one has it.
    Removed,
    /// The component has another group, name or type.
    Renamed {
        /// Before.
        from: String,
        /// After.
        to: String,
        /// Whether a digest says that its bytes are the same.
        bytes: SameBytes,
    },
    /// It is part of something else.
    Moved {
        /// What it was part of.
        from: String,
        /// What it is part of.
        to: String,
    },
    /// Another version.
    Version {
        /// Before; none if there was none.
        from: Option<String>,
        /// After; none if there is none.
        to: Option<String>,
    },
    /// Another package URL, apart from its version.
    PackageUrl {
        /// Before.
        from: Option<String>,
        /// After.
        to: Option<String>,
    },
    /// Another digest by the same algorithm: the bytes are others.
    DigestChanged {
        /// Name of the hash function.
        algorithm: String,
        /// The file or address whose digest it is, where that is not the component.
        #[serde(skip_serializing_if = "Option::is_none")]
        of: Option<String>,
        /// Before.
        from: Vec<String>,
        /// After.
        to: Vec<String>,
    },
    /// A digest by an algorithm that was not used before.
    DigestAdded {
        /// Name of the hash function.
        algorithm: String,
        /// As above.
        #[serde(skip_serializing_if = "Option::is_none")]
        of: Option<String>,
        /// The digests.
        digests: Vec<String>,
    },
    /// A digest that is no longer there.
    DigestRemoved {
        /// Name of the hash function.
        algorithm: String,
        /// As above.
        #[serde(skip_serializing_if = "Option::is_none")]
        of: Option<String>,
        /// The digests.
        digests: Vec<String>,
    },
    /// Other licences.
    Licences(Names),
    /// Other data in the model card.
    Datasets(Names),
    /// Other components in the pedigree.
    Lineage {
        /// In which part of it.
        relation: Relation,
        /// Which.
        #[serde(flatten)]
        names: Names,
    },
    /// Other dependencies.
    Dependencies(Names),
    /// Other things that it provides.
    Provisions(Names),
    /// Other references to something outside.
    References(Names),
    /// Something else is said about it: of the model card, or any other member.
    Fact {
        /// Which member, with dots between names.
        name: String,
        /// Before; none if nothing was said.
        from: Option<String>,
        /// After; none if nothing is said.
        to: Option<String>,
    },
    /// A signature in the document came, went or is another one. It is not checked here.
    Signature(SignatureChange),
    /// The document is about something else.
    Subject {
        /// Before.
        from: Option<String>,
        /// After.
        to: Option<String>,
    },
    /// Other claims of completeness.
    Completeness {
        /// Of what.
        of: CompletenessOf,
        /// Before.
        from: Vec<String>,
        /// After.
        to: Vec<String>,
    },
    /// Entries of a list at the top that is compared as a whole.
    Section {
        /// The list: `services`, `vulnerabilities`, …
        name: &'static str,
        /// Entries that only the second document has.
        added: usize,
        /// Entries that only the first one has.
        removed: usize,
    },
    /// About the document itself: no difference in what it describes.
    Document {
        /// Which member.
        name: &'static str,
        /// Before.
        from: Option<String>,
        /// After.
        to: Option<String>,
    },
}

/// Whether two components have a digest in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SameBytes {
    /// One is the same, and none contradicts it.
    Equal,
    /// One is different.
    Different,
    /// There is no digest by the same algorithm.
    Unknown,
}

/// Names that came and went.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Names {
    /// Only in the second document; at most 50.
    pub added: Vec<String>,
    /// Only in the first one; at most 50.
    pub removed: Vec<String>,
    /// How many more there are than the lists hold.
    #[serde(skip_serializing_if = "is_zero")]
    pub omitted: usize,
}

/// A part of a pedigree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// What it was made from.
    Ancestor,
    /// What was made from it.
    Descendant,
    /// What is like it.
    Variant,
}

/// What became of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "signature")]
pub enum SignatureChange {
    /// There was none.
    Added,
    /// There is none any more.
    Removed,
    /// There is another one.
    Replaced,
}

/// What a claim of completeness is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CompletenessOf {
    /// The parts of a component, or the components of the document.
    Assembly,
    /// What it depends on.
    Dependencies,
    /// Its vulnerabilities.
    Vulnerabilities,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// What the second document says differently from the first one, in the order of the
/// documents: about the document, about components that both have, about dependencies,
/// about components that only the first has, and about those that only the second has.
#[must_use]
pub fn difference(a: &Bom<'_>, b: &Bom<'_>) -> Vec<Difference> {
    let (first, second) = (Index::of(a), Index::of(b));
    let matched = Match::of(&first, &second);
    let mut found = Found::default();
    document::compare(&mut found, a, b, &first, &second, &matched);
    for (left, right) in matched.pairs() {
        component::compare(&mut found, (&first, left), (&second, right), &matched);
    }
    document::compare_dependencies(&mut found, (a, &first), (b, &second), &matched);
    for entry in matched.only_in_first().filter_map(|at| first.entry(at)) {
        found.push(
            Some(&entry.pointer),
            None,
            label(entry.component),
            Change::Removed,
        );
    }
    for entry in matched.only_in_second().filter_map(|at| second.entry(at)) {
        found.push(
            None,
            Some(&entry.pointer),
            label(entry.component),
            Change::Added,
        );
    }
    found.0
}

/// Whether one of the differences is about more than the document itself.
#[must_use]
pub fn differs_in_meaning(differences: &[Difference]) -> bool {
    differences
        .iter()
        .any(|difference| !matches!(difference.change, Change::Document { .. }))
}

/// Differences as they are found.
#[derive(Default)]
struct Found(Vec<Difference>);

impl Found {
    fn push(&mut self, a: Option<&Pointer>, b: Option<&Pointer>, subject: String, change: Change) {
        let text = |pointer: &Pointer| pointer.as_str().to_owned();
        self.0.push(Difference {
            pointer_a: a.map(text),
            pointer_b: b.map(text),
            subject,
            change,
        });
    }
}

/// What a component is called in messages.
fn label(component: &Component<'_>) -> String {
    let kind = component.kind.as_deref().unwrap_or("component");
    let name = match (component.group.as_deref(), component.name.as_deref()) {
        (Some(group), Some(name)) => format!("{group}/{name}"),
        (None, Some(name)) => name.to_owned(),
        (_, None) => match component.purl.as_deref().or(component.bom_ref.as_deref()) {
            Some(other) => other.to_owned(),
            None => return format!("{} without a name", shown(kind)),
        },
    };
    format!("{} `{}`", shown(kind), shown(&name))
}

fn shown(text: &str) -> String {
    crate::excerpt(text, MOST_CHARACTERS)
}
