//! Published advisories in the format of OSV (1.7), as somebody saved them: a snapshot, which
//! knows nothing of what was published since.

use std::collections::BTreeMap;

use bonafide_core::{Severity, ThreatId, excerpt};

use super::normalised;
use super::version::{Specifiers, Version};
use crate::defect::Defect;
use crate::facts::Dependency;
use crate::inspection::FileInspection;
use crate::json::{Node, parse_text};
use crate::rule::{Confidence, Hazard, Rule};

pub(super) const VULNERABLE: Rule = Rule {
    slug: "vulnerable-dependency",
    title: "Package is asked for in a version with a published vulnerability",
    hazard: Hazard::VulnerableDependency,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "The model is loaded with it, and the vulnerability is public.",
    remediation: "Ask for the version in which it is fixed, if the model runs with it.",
    threats: &[ThreatId("DEP-02")],
    cwe: &[1395],
    cve: &[],
    atlas: &["AML.T0010.001"],
};

pub(super) const POSSIBLY_VULNERABLE: Rule = Rule {
    slug: "possibly-vulnerable-dependency",
    title: "Package may be installed in a version with a published vulnerability",
    hazard: Hazard::VulnerableDependency,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "The versions that are asked for include vulnerable ones. Which is installed is not said.",
    remediation: "Ask for the version in which it is fixed, or for later ones only.",
    threats: &[ThreatId("DEP-02")],
    cwe: &[1395],
    cve: &[],
    atlas: &["AML.T0010.001"],
};

/// Advisories for packages of PyPI.
#[derive(Debug, Clone, Default)]
pub struct Advisories {
    list: Vec<Advisory>,
    /// By normalised name of the package: advisory and entry in it.
    by_package: BTreeMap<String, Vec<(usize, usize)>>,
}

/// One advisory.
#[derive(Debug, Clone)]
pub struct Advisory {
    /// Its identifier: `GHSA-…`, `PYSEC-…`.
    pub id: String,
    /// Others for the same vulnerability, such as a CVE.
    pub aliases: Vec<String>,
    /// What it says, in one line.
    pub summary: String,
    /// When it was last changed, as it writes it (RFC 3339).
    pub modified: String,
    /// When it was published.
    pub published: String,
    affected: Vec<Affected>,
}

#[derive(Debug, Clone, Default)]
struct Affected {
    versions: Vec<String>,
    ranges: Vec<Vec<Event>>,
}

#[derive(Debug, Clone)]
enum Event {
    /// From this version on; none is from the start.
    Introduced(Option<Version>),
    Fixed(Version),
    LastAffected(Version),
}

/// Why a text is no snapshot of advisories.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdvisoryError {
    /// It is no JSON.
    #[error("the advisories are not JSON: {0}")]
    Json(String),
    /// It has no advisory in it.
    #[error("there is no advisory in the text")]
    Empty,
}

impl Advisories {
    /// Reads a text: one advisory, an array of them, or one after the other (JSON Lines).
    ///
    /// # Errors
    ///
    /// If the text is not JSON, or has no advisory in it.
    pub fn parse(text: &str) -> Result<Self, AdvisoryError> {
        let mut advisories = Self::default();
        advisories.add(text)?;
        Ok(advisories)
    }

    /// Adds those of another text.
    ///
    /// # Errors
    ///
    /// If the text is not JSON, or has no advisory in it.
    pub fn add(&mut self, text: &str) -> Result<(), AdvisoryError> {
        let mut rest = text;
        let mut found = 0;
        while !rest.trim_ascii_start().is_empty() {
            // One value; the next one may follow on a line of its own.
            let document = parse_text(rest);
            let document = document.map_err(|stop| AdvisoryError::Json(stop.to_string()))?;
            let elements = document.root.elements();
            if elements.is_empty() {
                found += self.take(&document.root);
            }
            for element in elements {
                found += self.take(element);
            }
            let end = usize::try_from(document.end).unwrap_or(rest.len());
            rest = rest.get(end..).unwrap_or_default();
        }
        if found == 0 {
            return Err(AdvisoryError::Empty);
        }
        Ok(())
    }

    /// How many advisories there are for packages of PyPI.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True if there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// When the latest of them was changed: the snapshot is at least as old as this, as far
    /// as it can tell.
    #[must_use]
    pub fn snapshot(&self) -> Option<&str> {
        self.list
            .iter()
            .map(|advisory| advisory.modified.as_str())
            .max()
    }

    /// Takes an advisory; counts it, also if it is of no interest.
    fn take(&mut self, node: &Node<'_>) -> usize {
        let text = |key: &str| {
            let text = node.get(key).and_then(Node::text);
            excerpt(text.unwrap_or_default(), 300)
        };
        let id = text("id");
        let affected = node.get("affected").map_or(&[][..], Node::elements);
        if id.is_empty() {
            return 0;
        }
        // Withdrawn: it was a mistake.
        if node.get("withdrawn").and_then(Node::text).is_some() {
            return 1;
        }
        let index = self.list.len();
        let mut kept = Vec::new();
        for entry in affected {
            let ecosystem = entry.at(&["package", "ecosystem"]).and_then(Node::text);
            let name = entry.at(&["package", "name"]).and_then(Node::text);
            let (Some("PyPI"), Some(name)) = (ecosystem, name) else {
                continue;
            };
            let place = (index, kept.len());
            self.by_package
                .entry(normalised(name))
                .or_default()
                .push(place);
            kept.push(Affected::read(entry));
        }
        if kept.is_empty() {
            return 1;
        }
        let aliases = node.get("aliases").map_or(&[][..], Node::elements);
        let aliases = aliases.iter().filter_map(Node::text);
        self.list.push(Advisory {
            id,
            aliases: aliases.map(|alias| excerpt(alias, 100)).collect(),
            summary: text("summary"),
            modified: text("modified"),
            published: text("published"),
            affected: kept,
        });
        1
    }

    fn of(&self, package: &str) -> impl Iterator<Item = (&Advisory, &Affected)> {
        let places = self.by_package.get(package).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|(advisory, entry)| {
            let advisory = self.list.get(*advisory)?;
            Some((advisory, advisory.affected.get(*entry)?))
        })
    }
}

impl Affected {
    fn read(entry: &Node<'_>) -> Self {
        let versions = entry.get("versions").map_or(&[][..], Node::elements);
        let versions = versions.iter().filter_map(Node::text).map(str::to_owned);
        let ranges = entry.get("ranges").map_or(&[][..], Node::elements);
        // Ranges of commits say nothing of versions.
        let ranges = ranges.iter().filter(|range| {
            let kind = range.get("type").and_then(Node::text);
            matches!(kind, Some("ECOSYSTEM" | "SEMVER"))
        });
        Self {
            versions: versions.collect(),
            ranges: ranges.map(events).collect(),
        }
    }

    fn includes(&self, version: &Version) -> bool {
        let listed = self.versions.iter().any(|listed| {
            Version::parse(listed).is_some_and(|listed| {
                listed.partial_cmp(version) == Some(std::cmp::Ordering::Equal)
            })
        });
        listed || self.ranges.iter().any(|events| within(events, version))
    }

    /// Versions that are certainly affected, as far as they are named.
    fn named(&self) -> impl Iterator<Item = Version> {
        let listed = self
            .versions
            .iter()
            .filter_map(|version| Version::parse(version));
        let bounds = self
            .ranges
            .iter()
            .flatten()
            .filter_map(|event| match event {
                Event::Introduced(version) => version.clone(),
                Event::LastAffected(version) => Some(version.clone()),
                Event::Fixed(_) => None,
            });
        listed.chain(bounds)
    }

    /// The first version after this one in which it is fixed; after any, if none is given.
    fn fixed(&self, after: Option<&Version>) -> Option<&Version> {
        let fixed = self
            .ranges
            .iter()
            .flatten()
            .filter_map(|event| match event {
                Event::Fixed(version) if after.is_none_or(|after| version > after) => Some(version),
                _ => None,
            });
        fixed.min_by(|one, other| one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal))
    }
}

fn events(range: &Node<'_>) -> Vec<Event> {
    let events = range.get("events").map_or(&[][..], Node::elements);
    let read = |event: &Node<'_>| {
        let text = |key: &str| event.get(key).and_then(Node::text);
        if let Some(version) = text("introduced") {
            return Some(Event::Introduced(if version == "0" {
                None
            } else {
                Some(Version::parse(version)?)
            }));
        }
        if let Some(version) = text("fixed") {
            return Some(Event::Fixed(Version::parse(version)?));
        }
        Some(Event::LastAffected(Version::parse(text("last_affected")?)?))
    };
    events.iter().filter_map(read).collect()
}

/// The evaluation that the format prescribes: the last event at or before the version counts.
fn within(events: &[Event], version: &Version) -> bool {
    let mut latest: Option<(&Version, bool)> = None;
    let mut from_start = false;
    for event in events {
        let (at, affected) = match event {
            Event::Introduced(None) => {
                from_start = true;
                continue;
            }
            Event::Introduced(Some(at)) => (at, true),
            Event::Fixed(at) => (at, false),
            Event::LastAffected(at) => (at, false),
        };
        let passed = match event {
            Event::LastAffected(_) => version > at,
            _ => version >= at,
        };
        if passed && latest.is_none_or(|(known, _)| at >= known) {
            latest = Some((at, affected));
        }
    }
    latest.map_or(from_start, |(_, affected)| affected)
}

/// What a snapshot of advisories says of the packages that a file asks for.
pub(crate) fn vulnerable(file: &FileInspection, advisories: &Advisories) -> Vec<Defect> {
    let mut defects = Vec::new();
    let snapshot = advisories.snapshot().unwrap_or("an unknown day");
    for dependency in &file.facts.dependencies {
        for (advisory, affected) in advisories.of(&dependency.name) {
            let Some((rule, what)) = judged(dependency, affected) else {
                continue;
            };
            let other = advisory
                .aliases
                .iter()
                .find(|alias| alias.starts_with("CVE-"));
            let other = other.map_or(String::new(), |alias| format!(" ({alias})"));
            let message = format!(
                "`{}` {what}: {}{other}, {}; by a snapshot of {snapshot}",
                dependency.name, advisory.id, advisory.summary
            );
            defects.push(Defect {
                rule,
                body: String::new(),
                range: dependency.range.clone(),
                about: Some(format!("{} {}", advisory.id, dependency.name)),
                message,
            });
        }
    }
    defects
}

fn judged(dependency: &Dependency, affected: &Affected) -> Option<(&'static Rule, String)> {
    if let Some(version) = dependency.version.as_deref().and_then(Version::parse) {
        if !affected.includes(&version) {
            return None;
        }
        let fixed = match affected.fixed(Some(&version)) {
            Some(fixed) => format!("fixed in {fixed}"),
            None => "not fixed".to_owned(),
        };
        return Some((&VULNERABLE, format!("{version}, {fixed}")));
    }
    let fixed = affected.fixed(None);
    let admits = match Specifiers::parse(&dependency.requirement) {
        // Not by PEP 440: nothing can be ruled out.
        None => true,
        Some(specifiers) => {
            let mut named = affected.named();
            let bounded =
                named.any(|version| affected.includes(&version) && specifiers.admit(&version));
            bounded || dependency.requirement.is_empty()
        }
    };
    let versions = if dependency.requirement.is_empty() {
        "any version".to_owned()
    } else {
        format!("`{}`", dependency.requirement)
    };
    let fixed = fixed.map_or("not fixed".to_owned(), |fixed| format!("fixed in {fixed}"));
    admits.then(|| (&POSSIBLY_VULNERABLE, format!("in {versions}, {fixed}")))
}

#[cfg(test)]
mod tests {
    use bonafide_core::RawName;

    use super::*;
    use crate::{InspectionBudget, inspect};

    const TORCH: &str = r#"{"id": "GHSA-1", "aliases": ["CVE-2025-32434"], "summary": "loads code",
        "modified": "2026-01-02T00:00:00Z", "affected": [{"package": {"ecosystem": "PyPI", "name": "Torch"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.6.0"}]}],
        "versions": ["2.5.0", "2.5.1"]}]}"#;
    const KERAS: &str = r#"{"id": "GHSA-2", "modified": "2025-01-01T00:00:00Z", "affected": [
        {"package": {"ecosystem": "PyPI", "name": "keras"}, "ranges": [{"type": "ECOSYSTEM", "events":
        [{"introduced": "3.0.0"}, {"last_affected": "3.8.0"}, {"introduced": "3.9.0"}, {"fixed": "3.9.2"}]}]}]}"#;

    fn found(requirements: &str, advisories: &Advisories) -> Vec<(&'static str, String)> {
        let name = RawName::from("requirements.txt");
        let file = inspect(&name, &requirements.as_bytes(), &InspectionBudget::DEFAULT);
        let defects = vulnerable(&file, advisories).into_iter();
        defects
            .map(|defect| (defect.rule.slug, defect.message))
            .collect()
    }

    #[test]
    fn pinned_versions_are_held_against_ranges() {
        let advisories = Advisories::parse(&format!("[{TORCH}, {KERAS}]")).unwrap();
        assert_eq!(advisories.snapshot(), Some("2026-01-02T00:00:00Z"));
        for (line, rule) in [
            ("torch==2.5.1", Some("vulnerable-dependency")),
            ("torch==2.5.1+cu118", Some("vulnerable-dependency")),
            ("torch==2.6.0", None),
            ("torch>=2.6", None),
            ("torch>=2.5", Some("possibly-vulnerable-dependency")),
            ("torch", Some("possibly-vulnerable-dependency")),
            ("keras==2.15", None),
            ("keras==3.8", Some("vulnerable-dependency")),
            ("keras==3.8.1", None),
            ("keras==3.9.1", Some("vulnerable-dependency")),
            ("numpy==1.0", None),
        ] {
            let found = found(line, &advisories);
            let slugs: Vec<_> = found.iter().map(|(slug, _)| *slug).collect();
            assert_eq!(slugs, rule.into_iter().collect::<Vec<_>>(), "{line}");
        }
        let message = &found("torch==2.5.1", &advisories)[0].1;
        for part in ["GHSA-1", "CVE-2025-32434", "fixed in 2.6.0", "2026-01-02"] {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn texts_are_one_advisory_or_several_or_none() {
        assert_eq!(Advisories::parse(TORCH).unwrap().len(), 1);
        let lines = format!("{}\n{}\n", TORCH.replace('\n', ""), KERAS.replace('\n', ""));
        assert_eq!(Advisories::parse(&lines).unwrap().len(), 2);
        let withdrawn = TORCH.replacen('{', "{\"withdrawn\": \"2026-01-01T00:00:00Z\", ", 1);
        assert!(Advisories::parse(&withdrawn).unwrap().is_empty());
        assert_eq!(Advisories::parse("[]").unwrap_err(), AdvisoryError::Empty);
        assert!(matches!(
            Advisories::parse("{"),
            Err(AdvisoryError::Json(_))
        ));
    }
}
