//! Terms that a parent's licence imposes and a child's licence drops.

use super::catalogue::RELICENSED;
use super::expression::{Licence, LicenceSet, together};
use super::terms::{Term, Terms};

/// Something for a lawyer to look at: which licence of the parent, which of the child,
/// and the words of the parent's that the flag rests on. It is no finding of law.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum Conflict {
    /// The parent states no licence, so that nothing is known to be permitted.
    #[error("for a lawyer: the parent states no licence")]
    ParentUndeclared,
    /// The child states no licence, though the parent's terms go with it.
    #[error("for a lawyer: the parent is under {parent}, and the child states no licence")]
    ChildUndeclared {
        /// The parent's licence.
        parent: String,
    },
    /// The terms of the parent's licence are not known here.
    #[error("for a lawyer: the terms of the parent's licence {parent} are not known here")]
    ParentUnknown {
        /// The parent's licence.
        parent: String,
    },
    /// The parent imposes terms, and those of the child's licence are not known here.
    #[error(
        "for a lawyer: whether the child's licence {child} keeps the terms of the parent's, {parent} ({clause}), is not known here"
    )]
    ChildUnknown {
        /// The parent's licence.
        parent: String,
        /// The child's licence.
        child: String,
        /// Words of the parent's licence.
        clause: &'static str,
    },
    /// The parent is for non-commercial use, and the child does not say so.
    #[error(
        "for a lawyer: the parent's licence {parent} is for non-commercial use ({clause}), the child's, {child}, does not say so"
    )]
    NonCommercialDropped {
        /// The parent's licence.
        parent: String,
        /// The child's licence.
        child: String,
        /// Words of the parent's licence.
        clause: &'static str,
    },
    /// The parent's licence lets nobody pass on derived works, whatever the child says.
    #[error(
        "for a lawyer: the parent's licence {parent} does not let derived works be passed on ({clause})"
    )]
    DerivedFromNoDerivatives {
        /// The parent's licence.
        parent: String,
        /// Words of it.
        clause: &'static str,
    },
    /// The parent's licence goes with derived works, and the child is under another.
    #[error(
        "for a lawyer: the parent's licence {parent} asks that derived works come under it ({clause}), the child is under {child}"
    )]
    ShareAlikeDropped {
        /// The parent's licence.
        parent: String,
        /// The child's licence.
        child: String,
        /// Words of the parent's licence.
        clause: &'static str,
    },
    /// The parent's licence has restrictions of use to be passed on, and the child's has none.
    #[error(
        "for a lawyer: the parent's licence {parent} restricts uses and asks to pass that on ({clause}), the child's, {child}, does not"
    )]
    UseRestrictionDropped {
        /// The parent's licence.
        parent: String,
        /// The child's licence.
        child: String,
        /// Words of the parent's licence.
        clause: &'static str,
    },
    /// The child has restrictions of use, but by another licence than the parent's.
    #[error(
        "for a lawyer: the parent's licence {parent} restricts uses ({clause}), the child's, {child}, restricts them in other words"
    )]
    UseRestrictionChanged {
        /// The parent's licence.
        parent: String,
        /// The child's licence.
        child: String,
        /// Words of the parent's licence.
        clause: &'static str,
    },
    /// The parent's licence asks to keep notices, and the child's asks nothing.
    #[error(
        "for a lawyer: the parent's licence {parent} asks that notices are kept ({clause}), the child's, {child}, asks nothing"
    )]
    AttributionDropped {
        /// The parent's licence.
        parent: String,
        /// The child's licence.
        child: String,
        /// Words of the parent's licence.
        clause: &'static str,
    },
}

/// What of the parent's terms the child's licence drops, for something derived from the
/// parent. Whoever made the child could choose among the parent's alternatives: the one
/// with the fewest conflicts counts. Whoever takes the child chooses among its own: a
/// term is kept only if every alternative keeps it.
///
/// For a lawyer: an empty list is no statement that the licences agree.
#[must_use]
pub fn conflicts(parent: &LicenceSet, child: &LicenceSet) -> Vec<Conflict> {
    if parent.is_undeclared() {
        return vec![Conflict::ParentUndeclared];
    }
    parent
        .alternatives
        .iter()
        .map(|alternative| with_all(alternative, child))
        .min_by_key(Vec::len)
        .unwrap_or_default()
}

fn with_all(parents: &[Licence], child: &LicenceSet) -> Vec<Conflict> {
    let mut found = Vec::new();
    for parent in parents {
        if child.is_undeclared() {
            one_undeclared(parent, &mut found);
        } else {
            for alternative in &child.alternatives {
                one(parent, alternative, &mut found);
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn one_undeclared(parent: &Licence, found: &mut Vec<Conflict>) {
    let name = parent.to_string();
    if parent.terms.has(Term::Unknown) {
        found.push(Conflict::ParentUnknown { parent: name });
    } else if parent.terms != Terms::NONE {
        found.push(Conflict::ChildUndeclared {
            parent: name.clone(),
        });
        no_derivatives(parent, name, found);
    }
}

fn no_derivatives(parent: &Licence, name: String, found: &mut Vec<Conflict>) {
    if parent.terms.has(Term::NoDerivatives) {
        found.push(Conflict::DerivedFromNoDerivatives {
            parent: name,
            clause: parent.clause,
        });
    }
}

/// One licence of the parent against licences of the child that apply together.
fn one(licence: &Licence, children: &[Licence], found: &mut Vec<Conflict>) {
    let parent = licence.to_string();
    let clause = licence.clause;
    if licence.terms.has(Term::Unknown) {
        // The same unknown licence on both sides keeps its terms, whatever they are; a
        // word such as `other` names no licence twice.
        let same = children
            .iter()
            .any(|child| covers(licence, child) && !licence.says_nothing());
        if !same {
            found.push(Conflict::ParentUnknown { parent });
        }
        return;
    }
    no_derivatives(licence, parent.clone(), found);
    if children.iter().any(|child| covers(licence, child)) {
        return;
    }
    let kept = together(children);
    let child = children
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" AND ");
    let imposed = licence.terms;
    if kept.has(Term::Unknown) {
        if imposed != Terms::NONE {
            found.push(Conflict::ChildUnknown {
                parent,
                child,
                clause,
            });
        }
        return;
    }
    let names = || (parent.clone(), child.clone());
    if imposed.has(Term::NonCommercial) && !kept.has(Term::NonCommercial) {
        let (parent, child) = names();
        found.push(Conflict::NonCommercialDropped {
            parent,
            child,
            clause,
        });
    }
    if imposed.has(Term::UseRestricted) {
        let (parent, child) = names();
        found.push(if kept.has(Term::UseRestricted) {
            Conflict::UseRestrictionChanged {
                parent,
                child,
                clause,
            }
        } else {
            Conflict::UseRestrictionDropped {
                parent,
                child,
                clause,
            }
        });
    }
    if imposed.has(Term::ShareAlike) && !children.iter().any(|child| relicensed(licence, child)) {
        let (parent, child) = names();
        found.push(Conflict::ShareAlikeDropped {
            parent,
            child,
            clause,
        });
    }
    if imposed.has(Term::Attribution) && kept == Terms::NONE {
        found.push(Conflict::AttributionDropped {
            parent,
            child,
            clause,
        });
    }
}

/// True if the child's licence is the parent's. An exception that the child adds
/// permits more than the parent did; one that it leaves out permits less.
fn covers(parent: &Licence, child: &Licence) -> bool {
    parent.name == child.name
        && (child.exception.is_none() || child.exception == parent.exception)
        && (parent.or_later || !child.or_later)
}

fn relicensed(parent: &Licence, child: &Licence) -> bool {
    child.exception.is_none()
        && RELICENSED
            .iter()
            .any(|(from, to, _)| *from == parent.name && *to == child.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names of the variants, which is what the table is about.
    fn found(parent: &str, child: &str) -> Vec<String> {
        let list = conflicts(&LicenceSet::text(parent), &LicenceSet::text(child));
        for conflict in &list {
            assert!(conflict.to_string().starts_with("for a lawyer: "));
        }
        list.iter()
            .map(|conflict| {
                let debug = format!("{conflict:?}");
                debug.split(' ').next().unwrap_or_default().to_owned()
            })
            .collect()
    }

    #[test]
    fn flags_what_is_dropped() {
        for (parent, child, expected) in [
            ("apache-2.0", "mit", &[] as &[&str]),
            ("cc0-1.0", "mit", &[]),
            ("cc0-1.0", "", &[]),
            ("cc0-1.0", "other", &[]),
            ("mit", "llama3.1", &[]),
            ("mit", "cc-by-nc-nd-4.0", &[]),
            ("apache-2.0", "cc0-1.0", &["AttributionDropped"]),
            ("cc-by-nc-4.0", "apache-2.0", &["NonCommercialDropped"]),
            ("cc-by-nc-4.0", "cc-by-nc-4.0", &[]),
            ("cc-by-nc-4.0", "cc-by-nc-sa-4.0", &[]),
            ("cc-by-nc-sa-4.0", "cc-by-nc-4.0", &["ShareAlikeDropped"]),
            (
                "cc-by-nc-sa-4.0",
                "cc-by-sa-4.0",
                &["NonCommercialDropped", "ShareAlikeDropped"],
            ),
            (
                "cc-by-nd-4.0",
                "cc-by-nd-4.0",
                &["DerivedFromNoDerivatives"],
            ),
            (
                "cc-by-nc-nd-4.0",
                "mit",
                &["NonCommercialDropped", "DerivedFromNoDerivatives"],
            ),
            ("gpl-3.0", "gpl-3.0", &[]),
            ("gpl-3.0", "mit", &["ShareAlikeDropped"]),
            ("GPL-2.0-only", "GPL-3.0-only", &["ShareAlikeDropped"]),
            ("GPL-2.0-or-later", "GPL-3.0-only", &[]),
            (
                "GPL-3.0-only",
                "GPL-3.0-only WITH GCC-exception-3.1",
                &["ShareAlikeDropped"],
            ),
            ("GPL-3.0-only WITH GCC-exception-3.1", "GPL-3.0-only", &[]),
            ("cc-by-sa-3.0", "cc-by-sa-4.0", &[]),
            ("cc-by-sa-4.0", "gpl-3.0", &[]),
            ("cc-by-sa-4.0", "cc-by-sa-3.0", &["ShareAlikeDropped"]),
            ("llama3.1", "apache-2.0", &["UseRestrictionDropped"]),
            ("llama3.1", "llama3.1", &[]),
            ("llama3.1", "gemma", &["UseRestrictionChanged"]),
            ("creativeml-openrail-m", "mit", &["UseRestrictionDropped"]),
            ("gemma", "", &["ChildUndeclared"]),
            (
                "cc-by-nd-4.0",
                "",
                &["ChildUndeclared", "DerivedFromNoDerivatives"],
            ),
            ("mit", "other", &["ChildUndeclared"]),
            ("mit", "house rules", &["ChildUnknown"]),
            ("", "mit", &["ParentUndeclared"]),
            ("other", "mit", &["ParentUndeclared"]),
            ("unknown", "unknown", &["ParentUndeclared"]),
            ("house rules", "mit", &["ParentUnknown"]),
            ("house rules", "house rules", &[]),
            ("house rules", "", &["ParentUnknown"]),
            // The maker of the child takes the better one.
            ("GPL-3.0-only OR MIT", "MIT", &[]),
            ("CC-BY-NC-4.0 OR CC-BY-ND-4.0", "CC-BY-NC-4.0", &[]),
            ("GPL-3.0-only AND MIT", "MIT", &["ShareAlikeDropped"]),
            // Whoever takes the child may take the worse one.
            (
                "GPL-3.0-only",
                "GPL-3.0-only OR MIT",
                &["ShareAlikeDropped"],
            ),
            ("GPL-3.0-only", "GPL-3.0-only AND MIT", &[]),
            ("CC-BY-NC-4.0", "MIT AND PolyForm-Noncommercial-1.0.0", &[]),
        ] {
            assert_eq!(found(parent, child), expected, "{parent} → {child}");
        }
    }

    #[test]
    fn names_the_licences_and_the_words() {
        let list = conflicts(
            &LicenceSet::text("llama3.1"),
            &LicenceSet::text("apache-2.0"),
        );
        assert_eq!(
            list[0].to_string(),
            "for a lawyer: the parent's licence llama3.1 restricts uses and asks to pass that on (§1.b, §2: acceptable use policy, 700 million users, name), the child's, Apache-2.0, does not"
        );
    }
}
