//! A difference as a sentence.

use std::fmt;

use super::{Change, CompletenessOf, Difference, Names, Relation, SameBytes, SignatureChange};

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.subject, self.change)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added => formatter.write_str("added"),
            Self::Removed => formatter.write_str("removed"),
            Self::Renamed { from, to, bytes } => {
                write!(formatter, "{from} is now {to}, {bytes}")
            }
            Self::Moved { from, to } => {
                write!(formatter, "moved from {from} to {to}")
            }
            Self::Version { from, to } => step(formatter, "version", from, to),
            Self::PackageUrl { from, to } => step(formatter, "package URL", from, to),
            Self::DigestChanged {
                algorithm,
                of,
                from,
                to,
            } => {
                write!(formatter, "{algorithm} digest{} changed", Of(of.as_deref()))?;
                write!(formatter, " from {} to {}", from.join(", "), to.join(", "))
            }
            Self::DigestAdded {
                algorithm,
                of,
                digests,
            } => write!(
                formatter,
                "{algorithm} digest{} added: {}",
                Of(of.as_deref()),
                digests.join(", ")
            ),
            Self::DigestRemoved {
                algorithm,
                of,
                digests,
            } => write!(
                formatter,
                "{algorithm} digest{} removed: {}",
                Of(of.as_deref()),
                digests.join(", ")
            ),
            Self::Licences(names) => write!(formatter, "licences: {names}"),
            Self::Datasets(names) => write!(formatter, "datasets: {names}"),
            Self::Lineage { relation, names } => write!(formatter, "{relation}: {names}"),
            Self::Dependencies(names) => write!(formatter, "dependencies: {names}"),
            Self::Provisions(names) => write!(formatter, "provides: {names}"),
            Self::References(names) => write!(formatter, "references: {names}"),
            Self::Fact { name, from, to } => step(formatter, &format!("`{name}`"), from, to),
            Self::Signature(change) => formatter.write_str(match change {
                SignatureChange::Added => "a signature was added",
                SignatureChange::Removed => "the signature was removed",
                SignatureChange::Replaced => "another signature",
            }),
            Self::Subject { from, to } => step(formatter, "what it is about", from, to),
            Self::Completeness { of, from, to } => {
                let text = |list: &[String]| (!list.is_empty()).then(|| list.join(", "));
                let what = match of {
                    CompletenessOf::Assembly => "completeness of its parts",
                    CompletenessOf::Dependencies => "completeness of its dependencies",
                    CompletenessOf::Vulnerabilities => "completeness of its vulnerabilities",
                };
                step(formatter, what, &text(from), &text(to))
            }
            Self::Section {
                name,
                added,
                removed,
            } => write!(formatter, "{name}: {added} added, {removed} removed"),
            Self::Document { name, from, to } => step(formatter, &format!("`{name}`"), from, to),
        }
    }
}

fn step(
    formatter: &mut fmt::Formatter<'_>,
    what: &str,
    from: &Option<String>,
    to: &Option<String>,
) -> fmt::Result {
    match (from, to) {
        (Some(from), Some(to)) => write!(formatter, "{what} changed from {from} to {to}"),
        (None, Some(to)) => write!(formatter, "{what} added: {to}"),
        (Some(from), None) => write!(formatter, "{what} removed: {from}"),
        (None, None) => write!(formatter, "{what} changed"),
    }
}

struct Of<'t>(Option<&'t str>);

impl fmt::Display for Of<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(of) => write!(formatter, " of `{of}`"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for SameBytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Equal => "the bytes are the same",
            Self::Different => "the bytes are others",
            Self::Unknown => "whether the bytes are the same is not said",
        })
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Ancestor => "ancestors",
            Self::Descendant => "descendants",
            Self::Variant => "variants",
        })
    }
}

impl fmt::Display for Names {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        for (list, word) in [(&self.added, "added"), (&self.removed, "removed")] {
            if !list.is_empty() {
                parts.push(format!("{} {word}", list.join(", ")));
            }
        }
        if self.omitted > 0 {
            parts.push(format!("and {} more", self.omitted));
        }
        formatter.write_str(&parts.join("; "))
    }
}
