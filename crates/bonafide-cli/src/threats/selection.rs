//! Which threats are asked for, and what of each is shown.

use std::borrow::Cow;

use bonafide_checks::{CHECKS, Check};
use bonafide_core::{RawName, Rule};
use bonafide_threats::{
    AddedMappings, Category, CategoryScope, Mapping, Threat, catalogue, crosswalk,
};

use super::ThreatsArguments;

/// Where the crosswalk keeps the categories of ISO/IEC 27090.
const CATEGORIES: &str = "iso-27090";

/// Where it keeps the permalinks of the OWASP AI Exchange.
const EXCHANGE: &str = "owasp-ai-exchange";

pub(super) struct Selection<'a> {
    threats: Vec<&'static Threat>,
    frameworks: Vec<Wanted<'a>>,
    categories: Vec<&'static Category>,
    added: &'a [AddedMappings],
}

/// A framework, in one version or in all.
struct Wanted<'a> {
    framework: &'a str,
    version: Option<&'a str>,
}

/// What a user may call a category.
enum Kind {
    Category(&'static Category),
    /// A permalink that the crosswalk maps threats to.
    Exchange(String),
}

impl<'a> Selection<'a> {
    /// Every threat, with every mapping.
    pub(super) fn all(added: &'a [AddedMappings]) -> Self {
        Self {
            threats: catalogue().threats.iter().collect(),
            frameworks: Vec::new(),
            categories: catalogue().categories.iter().collect(),
            added,
        }
    }

    /// What the arguments ask for, or what is wrong with them. Values of one option widen the
    /// selection, different options narrow it.
    pub(super) fn of(
        arguments: &'a ThreatsArguments,
        added: &'a [AddedMappings],
    ) -> Result<Self, String> {
        let mut selection = Self::all(added);
        for name in &arguments.framework {
            selection.frameworks.push(framework(name, added)?);
        }
        let mut kinds = Vec::new();
        for name in &arguments.category {
            kinds.push(kind(name)?);
        }
        let mut checks = Vec::new();
        for name in &arguments.check {
            checks.push(bonafide_checks::find(name).ok_or_else(|| {
                format!(
                    "there is no check `{}`; `bonafide checks` lists them",
                    RawName::from(name.as_str())
                )
            })?);
        }
        if !kinds.is_empty() {
            let all = catalogue().categories.iter();
            let asked = |category: &&Category| kinds.iter().any(|kind| kind.is(category));
            selection.categories = all.filter(asked).collect();
        }
        let stages: Vec<_> = arguments
            .stage
            .iter()
            .map(|stage| (*stage).into())
            .collect();
        let mut threats = std::mem::take(&mut selection.threats);
        threats.retain(|threat| {
            let severities = &arguments.severity;
            (stages.is_empty() || threat.stages.iter().any(|stage| stages.contains(stage)))
                && (severities.is_empty()
                    || severities
                        .iter()
                        .any(|name| threat.severity == (*name).into()))
                && (kinds.is_empty() || kinds.iter().any(|kind| kind.has(threat)))
                && (checks.is_empty() || checks.iter().any(|check| speaks(check, threat)))
                && (selection.frameworks.is_empty() || !selection.mappings(threat).is_empty())
        });
        selection.threats = threats;
        Ok(selection)
    }

    pub(super) fn threats(&self) -> &[&'static Threat] {
        &self.threats
    }

    /// True if mappings to some frameworks only are shown.
    pub(super) const fn is_about_frameworks(&self) -> bool {
        !self.frameworks.is_empty()
    }

    /// Categories that are shown.
    pub(super) fn categories(&self) -> &[&'static Category] {
        &self.categories
    }

    /// Files with mappings that the user gave.
    pub(super) const fn added(&self) -> &'a [AddedMappings] {
        self.added
    }

    /// Categories that were asked for by name, and that the catalogue has no threat of.
    pub(super) fn without_threats(&self) -> impl Iterator<Item = &'static Category> {
        let asked = self.categories.len() < catalogue().categories.len();
        let categories = self.categories.iter().copied();
        categories.filter(move |category| asked && category.scope == CategoryScope::Attested)
    }

    /// What a threat maps to, as far as that is asked for: ours, then the user's.
    pub(super) fn mappings(&self, threat: &Threat) -> Vec<Cow<'static, Mapping>> {
        let ours = crosswalk()
            .iter()
            .filter(|row| row.threat == threat.id)
            .map(Cow::Borrowed);
        let categories: Vec<&str> = categories_of(threat)
            .map(|category| category.id.as_str())
            .collect();
        let theirs = self
            .added
            .iter()
            .flat_map(|file| file.of_threat(&threat.id, &categories))
            .map(Cow::Owned);
        ours.chain(theirs)
            .filter(|row| self.frameworks.is_empty() || self.wants(row))
            .collect()
    }

    fn wants(&self, row: &Mapping) -> bool {
        self.frameworks.iter().any(|wanted| {
            wanted.framework == row.framework
                && wanted.version.is_none_or(|version| version == row.version)
        })
    }
}

impl Kind {
    fn is(&self, other: &Category) -> bool {
        match self {
            Self::Category(category) => category.id == other.id,
            Self::Exchange(reference) => other.exchange.contains(reference),
        }
    }

    fn has(&self, threat: &Threat) -> bool {
        match self {
            Self::Category(category) => categories_of(threat).any(|other| other.id == category.id),
            Self::Exchange(reference) => crosswalk().iter().any(|row| {
                row.threat == threat.id && row.framework == EXCHANGE && row.reference == *reference
            }),
        }
    }
}

/// Checks that speak to a threat, in the order of their table.
pub(super) fn checks_of(threat: &Threat) -> impl Iterator<Item = &'static Check> {
    let all = CHECKS.iter().copied();
    all.filter(move |check| speaks(check, threat))
}

/// Rules about model files that speak to a threat.
pub(super) fn rules_of(threat: &Threat) -> impl Iterator<Item = &'static Rule> {
    let all = bonafide_engine::rules();
    all.filter(move |rule| rule.threats.iter().any(|id| id.0 == threat.id))
}

/// Categories of ISO/IEC 27090 that a threat belongs to.
pub(super) fn categories_of(threat: &Threat) -> impl Iterator<Item = &'static Category> {
    let all = catalogue().categories.iter();
    all.filter(move |category| {
        crosswalk().iter().any(|row| {
            row.framework == CATEGORIES && row.threat == threat.id && row.title == category.label
        })
    })
}

/// Title and version of a framework, for readers.
pub(super) fn shown(row: &Mapping) -> Cow<'static, str> {
    match catalogue().framework(&row.framework, &row.version) {
        Some(framework) => Cow::Borrowed(framework.short.as_str()),
        None => Cow::Owned(format!(
            "{} {}",
            RawName::from(row.framework.as_str()),
            RawName::from(row.version.as_str())
        )),
    }
}

fn speaks(check: &Check, threat: &Threat) -> bool {
    check.threats.iter().any(|id| id.0 == threat.id)
}

fn framework<'a>(name: &'a str, added: &'a [AddedMappings]) -> Result<Wanted<'a>, String> {
    let ours = catalogue().frameworks.iter();
    let theirs = added.iter();
    let known: Vec<(&str, &str)> = ours
        .map(|framework| (framework.id.as_str(), framework.version.as_str()))
        .chain(theirs.map(|file| (file.framework.as_str(), file.version.as_str())))
        .collect();
    if known.iter().any(|(id, _)| *id == name) {
        return Ok(Wanted {
            framework: name,
            version: None,
        });
    }
    let split = name.rsplit_once('@');
    if let Some((id, version)) = split.filter(|pair| known.contains(pair)) {
        return Ok(Wanted {
            framework: id,
            version: Some(version),
        });
    }
    let known: Vec<String> = known
        .iter()
        .map(|(id, version)| RawName::from(format!("{id}@{version}").as_str()).to_string())
        .collect();
    Err(format!(
        "there is no framework `{}`; known are {}",
        RawName::from(name),
        known.join(", ")
    ))
}

fn kind(name: &str) -> Result<Kind, String> {
    let mut categories = catalogue().categories.iter();
    let named = categories
        .find(|category| category.id == name || category.label.eq_ignore_ascii_case(name));
    if let Some(category) = named {
        return Ok(Kind::Category(category));
    }
    let permalink = if name.starts_with("go/") {
        name.to_owned()
    } else {
        format!("go/{name}")
    };
    let mut rows = crosswalk().iter();
    if rows.any(|row| row.framework == EXCHANGE && row.reference == permalink) {
        return Ok(Kind::Exchange(permalink));
    }
    let mut categories = catalogue().categories.iter();
    if let Some(category) = categories.find(|category| category.exchange.contains(&permalink)) {
        return Ok(Kind::Category(category));
    }
    let known: Vec<&str> = catalogue()
        .categories
        .iter()
        .map(|category| category.id.as_str())
        .collect();
    Err(format!(
        "there is no category `{}`; publicly named are {}, and permalinks of the OWASP AI Exchange such as `go/datapoison` are understood",
        RawName::from(name),
        known.join(", ")
    ))
}
