//! What can be wrong with a catalogue and its crosswalk. A release with one of these is refused
//! by a test.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bonafide_core::{Reach, ThreatId};
use regex::Regex;

use crate::category::CategoryScope;
use crate::crosswalk::Mapping;
use crate::data::Catalogue;
use crate::framework::Framework;

/// Words that promise what no mapping can show.
const PROMISES: [&str; 6] = [
    "compliant",
    "complies",
    "certified",
    "certifies",
    "free of backdoors",
    "free of back doors",
];

/// The framework whose categories are public labels.
const CATEGORIES: &str = "iso-27090";

/// The list whose numbers change their meaning from year to year.
const BY_YEAR: &str = "owasp-llm";

/// One thing that is wrong with the data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Defect {
    /// A record lacks something.
    #[error("{record}: `{field}` is empty")]
    Empty {
        /// Which record.
        record: String,
        /// What it lacks.
        field: &'static str,
    },
    /// Not of the form `ABC-01`.
    #[error("`{id}` is no id of a threat; they look like `SIG-02`")]
    Id {
        /// As found.
        id: String,
    },
    /// Two records with one name.
    #[error("{record} is there twice")]
    Twice {
        /// Which record.
        record: String,
    },
    /// The first letters of an id belong to another group.
    #[error("{id}: in group `{group}`, but others of its letters are in `{other}`")]
    Group {
        /// The threat.
        id: String,
        /// Its group.
        group: String,
        /// That of the others.
        other: String,
    },
    /// A form of identifiers that is no regular expression.
    #[error("{framework}: `reference` is no regular expression: {reason}")]
    Pattern {
        /// The framework.
        framework: String,
        /// Why.
        reason: String,
    },
    /// A supersession by something that is superseded, or of something to itself.
    #[error("{framework}: `{reference}` is superseded by `{by}`, which is superseded, too")]
    Supersession {
        /// The framework.
        framework: String,
        /// The old identifier.
        reference: String,
        /// The new one.
        by: String,
    },
    /// A row that names no source.
    #[error("line {line}: no source")]
    NoSource {
        /// Line of the crosswalk.
        line: u64,
    },
    /// A row without a title.
    #[error("line {line}: no title")]
    NoTitle {
        /// Line of the crosswalk.
        line: u64,
    },
    /// A row that names no version of its framework.
    #[error("line {line}: `{framework}` without a version")]
    NoVersion {
        /// Line of the crosswalk.
        line: u64,
        /// The framework.
        framework: String,
    },
    /// An identifier that means something else in another year.
    #[error("line {line}: `{reference}` without its year; write `{reference}:{year}`")]
    NoYear {
        /// Line of the crosswalk.
        line: u64,
        /// The identifier.
        reference: String,
        /// The year.
        year: String,
    },
    /// A framework, or a version of it, that is not described.
    #[error("line {line}: there is no framework `{framework}` in version `{version}`")]
    UnknownFramework {
        /// Line of the crosswalk.
        line: u64,
        /// The framework.
        framework: String,
        /// The version.
        version: String,
    },
    /// A threat that is not in the catalogue.
    #[error("{by} names the threat `{threat}`, which is not in the catalogue")]
    UnknownThreat {
        /// Who names it.
        by: String,
        /// Its id.
        threat: String,
    },
    /// An identifier that does not look like one of its framework.
    #[error("line {line}: `{reference}` is no identifier of {framework}")]
    Reference {
        /// Line of the crosswalk.
        line: u64,
        /// The identifier.
        reference: String,
        /// The framework.
        framework: String,
    },
    /// An identifier that its version no longer has.
    #[error("line {line}: `{reference}` was superseded in {since} by `{by}`")]
    Superseded {
        /// Line of the crosswalk.
        line: u64,
        /// The identifier.
        reference: String,
        /// What stands for it.
        by: String,
        /// Since when.
        since: String,
    },
    /// A row that is there already.
    #[error("line {line}: says the same as line {first}")]
    SameRow {
        /// Line of the crosswalk.
        line: u64,
        /// Where it is said first.
        first: u64,
    },
    /// One identifier with two titles.
    #[error("line {line}: `{reference}` has another title in line {first}")]
    Title {
        /// Line of the crosswalk.
        line: u64,
        /// The identifier.
        reference: String,
        /// Where it has the other.
        first: u64,
    },
    /// A word that promises too much.
    #[error("{place}: `{word}` promises what no check can show")]
    Promise {
        /// Where.
        place: String,
        /// The word.
        word: &'static str,
    },
    /// A category whose scope is not what the crosswalk says.
    #[error("category `{category}`: its scope and the crosswalk disagree")]
    Scope {
        /// The category.
        category: String,
    },
    /// A threat that nothing speaks to, although it is said to be checked.
    #[error("{threat}: said to be checked, but no check names it")]
    NotChecked {
        /// The threat.
        threat: String,
    },
    /// A threat that a check speaks to, although it is said to be out of reach.
    #[error("{threat}: said to be out of reach, but the check `{check}` names it")]
    Reached {
        /// The threat.
        threat: String,
        /// The check.
        check: String,
    },
}

/// Everything that is wrong with a catalogue and a crosswalk.
#[must_use]
pub fn defects(catalogue: &Catalogue, mappings: &[Mapping]) -> Vec<Defect> {
    let mut defects = Vec::new();
    of_threats(catalogue, &mut defects);
    of_frameworks(catalogue, &mut defects);
    of_rows(catalogue, mappings, &mut defects);
    of_categories(catalogue, mappings, &mut defects);
    defects
}

/// Threats that somebody names and the catalogue does not have.
#[must_use]
pub fn unknown_threats(catalogue: &Catalogue, by: &str, named: &[ThreatId]) -> Vec<Defect> {
    let known = |id: &&ThreatId| catalogue.threats.iter().all(|threat| threat.id != id.0);
    let unknown = named.iter().filter(known);
    unknown
        .map(|id| Defect::UnknownThreat {
            by: by.to_owned(),
            threat: id.to_string(),
        })
        .collect()
}

/// Where the catalogue says another reach than follows from what the checks name.
#[must_use]
pub fn coverage_defects(catalogue: &Catalogue, checks: &[(&str, &[ThreatId])]) -> Vec<Defect> {
    let mut defects = Vec::new();
    for (slug, threats) in checks {
        defects.extend(unknown_threats(
            catalogue,
            &format!("check `{slug}`"),
            threats,
        ));
    }
    for threat in &catalogue.threats {
        let names = |(_, ids): &&(&str, &[ThreatId])| ids.iter().any(|id| id.0 == threat.id);
        match (threat.reach, checks.iter().find(names)) {
            (Reach::Checked, None) => defects.push(Defect::NotChecked {
                threat: threat.id.clone(),
            }),
            (Reach::OutOfReach, Some((slug, _))) => defects.push(Defect::Reached {
                threat: threat.id.clone(),
                check: (*slug).to_owned(),
            }),
            _ => {}
        }
    }
    defects
}

fn of_threats(catalogue: &Catalogue, defects: &mut Vec<Defect>) {
    let mut ids = BTreeSet::new();
    let mut groups: BTreeMap<&str, &str> = BTreeMap::new();
    for threat in &catalogue.threats {
        let empty = |field| Defect::Empty {
            record: threat.id.clone(),
            field,
        };
        if !ids.insert(&threat.id) {
            defects.push(Defect::Twice {
                record: threat.id.clone(),
            });
        }
        match threat.id.split_once('-') {
            Some((letters, number))
                if letters.len() == 3
                    && letters.bytes().all(|byte| byte.is_ascii_uppercase())
                    && number.len() == 2
                    && number.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                let other = *groups.entry(letters).or_insert(&threat.group);
                if other != threat.group {
                    defects.push(Defect::Group {
                        id: threat.id.clone(),
                        group: threat.group.clone(),
                        other: other.to_owned(),
                    });
                }
            }
            _ => defects.push(Defect::Id {
                id: threat.id.clone(),
            }),
        }
        for (field, text) in threat.texts() {
            if text.trim().is_empty() {
                defects.push(empty(field));
            }
            promises(&format!("{}, {field}", threat.id), text, defects);
        }
        if threat.stages.is_empty() {
            defects.push(empty("stages"));
        }
        if threat.stride.is_empty() {
            defects.push(empty("stride"));
        }
    }
}

fn of_frameworks(catalogue: &Catalogue, defects: &mut Vec<Defect>) {
    let mut seen = BTreeSet::new();
    for framework in &catalogue.frameworks {
        let record = name(framework);
        if !seen.insert((&framework.id, &framework.version)) {
            defects.push(Defect::Twice {
                record: record.clone(),
            });
        }
        // Date and form of identifiers may be unknown; the rest has to be said.
        for (field, text) in [
            ("id", &framework.id),
            ("version", &framework.version),
            ("name", &framework.name),
            ("short", &framework.short),
            ("owner", &framework.owner),
            ("url", &framework.url),
            ("licence", &framework.licence),
            ("status", &framework.status),
        ] {
            if text.trim().is_empty() {
                defects.push(Defect::Empty {
                    record: record.clone(),
                    field,
                });
            }
            promises(&format!("{record}, {field}"), text, defects);
        }
        let gone = |reference: &str| {
            let mut all = framework.superseded.iter();
            all.any(|old| old.reference == reference)
        };
        for old in &framework.superseded {
            if gone(&old.by) {
                defects.push(Defect::Supersession {
                    framework: record.clone(),
                    reference: old.reference.clone(),
                    by: old.by.clone(),
                });
            }
        }
    }
}

fn of_rows(catalogue: &Catalogue, mappings: &[Mapping], defects: &mut Vec<Defect>) {
    let mut forms = HashMap::new();
    for framework in &catalogue.frameworks {
        match Regex::new(&format!("^(?:{})$", framework.reference)) {
            Ok(form) => {
                forms.insert((framework.id.as_str(), framework.version.as_str()), form);
            }
            Err(error) => defects.push(Defect::Pattern {
                framework: name(framework),
                reason: error.to_string(),
            }),
        }
    }
    let threats: BTreeSet<&str> = catalogue
        .threats
        .iter()
        .map(|threat| threat.id.as_str())
        .collect();
    let mut rows = HashMap::new();
    let mut titles = HashMap::new();
    for row in mappings {
        let line = row.line;
        if row.source.trim().is_empty() {
            defects.push(Defect::NoSource { line });
        }
        if row.title.trim().is_empty() {
            defects.push(Defect::NoTitle { line });
        }
        for text in [&row.title, &row.source] {
            promises(&format!("line {line}"), text, defects);
        }
        if !threats.contains(row.threat.as_str()) {
            defects.push(Defect::UnknownThreat {
                by: format!("line {line}"),
                threat: row.threat.clone(),
            });
        }
        let (id, version, reference) = (&*row.framework, &*row.version, &*row.reference);
        // Labels stand for references where those are not public.
        let what = if reference.is_empty() {
            &*row.title
        } else {
            reference
        };
        if let Some(first) = rows.insert((&*row.threat, id, version, what), line) {
            defects.push(Defect::SameRow { line, first });
        }
        let (first, title) = *titles
            .entry((id, version, what))
            .or_insert((line, &*row.title));
        if title != row.title {
            defects.push(Defect::Title {
                line,
                reference: row.reference.clone(),
                first,
            });
        }
        if version.trim().is_empty() {
            defects.push(Defect::NoVersion {
                line,
                framework: row.framework.clone(),
            });
            continue;
        }
        let Some(framework) = catalogue.framework(id, version) else {
            defects.push(Defect::UnknownFramework {
                line,
                framework: row.framework.clone(),
                version: row.version.clone(),
            });
            continue;
        };
        let mut superseded = framework.superseded.iter();
        if let Some(old) = superseded.find(|old| old.reference == reference) {
            defects.push(Defect::Superseded {
                line,
                reference: row.reference.clone(),
                by: old.by.clone(),
                since: old.since.clone(),
            });
        }
        if id == BY_YEAR && !reference.contains(':') {
            defects.push(Defect::NoYear {
                line,
                reference: row.reference.clone(),
                year: row.version.clone(),
            });
        } else if forms
            .get(&(id, version))
            .is_some_and(|form| !form.is_match(reference))
        {
            defects.push(Defect::Reference {
                line,
                reference: row.reference.clone(),
                framework: name(framework),
            });
        }
    }
}

fn of_categories(catalogue: &Catalogue, mappings: &[Mapping], defects: &mut Vec<Defect>) {
    let mut seen = BTreeSet::new();
    for category in &catalogue.categories {
        let record = format!("category `{}`", category.id);
        if !seen.insert(&category.id) {
            defects.push(Defect::Twice {
                record: record.clone(),
            });
        }
        for (field, text) in [
            ("label", &category.label),
            ("attestation", &category.attestation),
        ] {
            if text.trim().is_empty() {
                defects.push(Defect::Empty {
                    record: record.clone(),
                    field,
                });
            }
            promises(&record, text, defects);
        }
        if category.exchange.is_empty() {
            defects.push(Defect::Empty {
                record: record.clone(),
                field: "exchange",
            });
        }
        let mapped = mappings
            .iter()
            .any(|row| row.framework == CATEGORIES && row.title == category.label);
        if mapped != (category.scope == CategoryScope::InScope) {
            defects.push(Defect::Scope {
                category: category.id.clone(),
            });
        }
    }
    // A label of the crosswalk that is no category would be one that nobody has read anywhere.
    let unknown: BTreeSet<&str> = mappings
        .iter()
        .filter(|row| row.framework == CATEGORIES)
        .map(|row| row.title.as_str())
        .filter(|label| {
            catalogue
                .categories
                .iter()
                .all(|known| known.label != *label)
        })
        .collect();
    defects.extend(unknown.into_iter().map(|label| Defect::Scope {
        category: label.to_owned(),
    }));
}

fn promises(place: &str, text: &str, defects: &mut Vec<Defect>) {
    let text = text.to_lowercase();
    let found = PROMISES.into_iter().filter(|word| text.contains(word));
    defects.extend(found.map(|word| Defect::Promise {
        place: place.to_owned(),
        word,
    }));
}

fn name(framework: &Framework) -> String {
    format!("{} {}", framework.id, framework.version)
}

#[cfg(test)]
mod tests;
