//! A set of names that each stand for everything below them.

use std::cmp::Ordering;

use crate::ArtifactName;

/// Names of files and directories, each with everything below it.
///
/// A look-up costs one search whatever the number of names and however deep the
/// name that is looked up: both may come from an attacker.
#[derive(Debug, Clone, Default)]
pub struct Subtrees {
    /// Sorted by component; no name lies below another one.
    roots: Vec<ArtifactName>,
}

impl Subtrees {
    /// Collects names; those that lie below others add nothing.
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = ArtifactName>) -> Self {
        let mut sorted: Vec<ArtifactName> = names.into_iter().collect();
        sorted.sort_by(|left, right| {
            by_component(left.as_str().as_bytes(), right.as_str().as_bytes())
        });
        let mut roots: Vec<ArtifactName> = Vec::with_capacity(sorted.len());
        for name in sorted {
            // Everything below a name follows it directly in this order.
            if !roots.last().is_some_and(|root| name.is_within(root)) {
                roots.push(name);
            }
        }
        Self { roots }
    }

    /// The name in the set that `name` is, or lies below.
    #[must_use]
    pub fn containing(&self, name: &[u8]) -> Option<&ArtifactName> {
        let after = self
            .roots
            .partition_point(|root| by_component(root.as_str().as_bytes(), name).is_le());
        let root = self.roots.get(after.checked_sub(1)?)?;
        let rest = name.strip_prefix(root.as_str().as_bytes())?;
        matches!(rest.first(), None | Some(b'/')).then_some(root)
    }
}

/// Component by component, which is by byte with `/` before every other byte.
fn by_component(left: &[u8], right: &[u8]) -> Ordering {
    let rank = |byte: &u8| {
        if *byte == b'/' {
            0
        } else {
            u16::from(*byte) + 1
        }
    };
    left.iter().map(rank).cmp(right.iter().map(rank))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> Subtrees {
        Subtrees::new(
            names
                .iter()
                .map(|name| ArtifactName::parse(name.as_bytes()).unwrap()),
        )
    }

    #[test]
    fn finds_what_a_walk_over_all_names_would_find() {
        let names = ["a", "a/b", "a-b", "b/c", "b/c/d", "b.c", "é", "x/y/z", "0"];
        let probes = [
            "a", "a/b", "a/z", "ab", "a-b", "a-b/c", "a-", "b", "b/c", "b/cd", "b/c/e", "b.c/x",
            "é/f", "x", "x/y", "x/y/z", "x/y/zz", "00", "", "/",
        ];
        for count in 0..=names.len() {
            let names = &names[..count];
            let set = set(names);
            for probe in probes {
                let expected = names.iter().any(|name| {
                    probe
                        .strip_prefix(name)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                });
                assert_eq!(
                    set.containing(probe.as_bytes()).is_some(),
                    expected,
                    "{names:?} {probe}"
                );
            }
        }
    }
}
