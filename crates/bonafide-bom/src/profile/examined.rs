//! The document, laid out so that each element finds what it is about.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Bound;

use bonafide_core::Severity;
use bonafide_core::assessment::Evidence;

use super::evidence::{ArtifactFacts, ByteEvidence, Evaluation};
use super::judge::{base, plain};
use super::judged::Judged;
use crate::claimed_digest::ClaimedDigest;
use crate::document::Format;
use crate::excerpt;
use crate::json::Pointer;
use crate::listing::Listing;
use crate::purl::{PackageUrl, Purl};
use crate::view::{Bom, Component, Data};

/// A document that is being held against a profile.
#[derive(Debug)]
pub struct Examined<'e> {
    pub(super) evaluation: &'e Evaluation<'e>,
    pub(super) bom: &'e Bom<'e>,
    /// The subject and everything that is listed, outer ones first.
    pub(super) components: Vec<Located<'e>>,
    pub(super) datasets: Vec<Dataset<'e>>,
    /// Every bom-ref of components and services, wherever they are.
    pub(super) references: HashSet<&'e str>,
    /// Every bom-ref of data that a model card refers to.
    trained_on: HashSet<&'e str>,
    /// Every name of a component or dataset, plain; only where there are facts to compare.
    names: HashSet<String>,
    /// Every dataset that the artifact's README names, plain.
    in_card: HashSet<String>,
    models: usize,
    /// Every bom-ref that takes part in a dependency, on either side.
    pub(super) related: HashSet<&'e str>,
    digests: BTreeMap<Pointer, DigestEntry<'e>>,
    /// What contradicts what is said, apart from the rest: trifles cannot hide it.
    contradicting: BTreeMap<Pointer, Vec<Flaw>>,
    lessening: BTreeMap<Pointer, Vec<Flaw>>,
}

/// Most flaws at one place that are looked at; there may be many places with the same.
const MOST_FLAWS: usize = 100;

/// A component and where it is.
#[derive(Debug, Clone)]
pub(super) struct Located<'e> {
    pub(super) pointer: Pointer,
    pub(super) component: &'e Component<'e>,
}

impl Located<'_> {
    pub(super) fn at(&self, name: &str) -> Pointer {
        self.pointer.member(name)
    }

    pub(super) fn is(&self, kind: &str) -> bool {
        self.component.kind.as_deref() == Some(kind)
    }

    pub(super) fn package(&self) -> Option<PackageUrl> {
        Purl::parse(self.component.purl.as_deref()?).ok()
    }
}

/// A dataset: a component, or a few words in a model card.
#[derive(Debug)]
pub(super) enum Dataset<'e> {
    Component(Located<'e>),
    Inline {
        pointer: Pointer,
        data: &'e Data<'e>,
    },
}

impl<'e> Dataset<'e> {
    pub(super) const fn pointer(&self) -> &Pointer {
        match self {
            Self::Component(located) => &located.pointer,
            Self::Inline { pointer, .. } => pointer,
        }
    }

    /// What is said of its data, with the place.
    pub(super) fn data(&self) -> Vec<(Pointer, &'e Data<'e>)> {
        match self {
            Self::Component(located) => {
                let place = located.at("data");
                let all = located.component.data.iter().enumerate();
                all.map(|(index, data)| (place.element(index), data))
                    .collect()
            }
            Self::Inline { pointer, data } => vec![(pointer.clone(), *data)],
        }
    }
}

/// A digest that the document gives for some bytes.
#[derive(Debug)]
pub(super) struct DigestEntry<'e> {
    pub(super) digests: Vec<ClaimedDigest>,
    pub(super) place: DigestPlace,
    pub(super) bytes: Option<&'e ByteEvidence>,
}

/// What a digest hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DigestPlace {
    Component,
    Reference,
    Tree,
}

/// Something that is wrong at a place.
#[derive(Debug)]
struct Flaw {
    weight: Weight,
    message: String,
}

/// What a defect means for the element at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// What is said cannot be so.
    Contradicts,
    /// What is said says nothing.
    Voids,
    /// What is said is less than it should be.
    Weakens,
}

impl Weight {
    /// None for what the elements look at themselves.
    fn of(rule: &str, severity: Severity) -> Option<Self> {
        Some(match rule {
            "digests-weak" => return None,
            "name-placeholder" | "version-placeholder" | "serial-number-placeholder" => Self::Voids,
            "commit-abbreviated"
            | "revision-mutable"
            | "conformance-unassessed"
            | "conformance-unclaimed"
            | "complete-without-dependencies"
            | "address-local"
            | "address-holds-secret" => Self::Weakens,
            _ if severity == Severity::Low => Self::Weakens,
            _ => Self::Contradicts,
        })
    }
}

/// What is at a place and below it, of a map by places.
fn beneath<'m, T>(
    map: &'m BTreeMap<Pointer, T>,
    pointer: &Pointer,
) -> impl Iterator<Item = (&'m Pointer, &'m T)> {
    let prefix = format!("{}/", pointer.as_str());
    let from = Pointer::from_text(&prefix);
    map.get_key_value(pointer).into_iter().chain(
        map.range((Bound::Included(from), Bound::Unbounded))
            .take_while(move |(place, _)| place.as_str().starts_with(&prefix)),
    )
}

/// Flaws at a place and below it, not more than are looked at.
fn flaws_at<'m>(
    map: &'m BTreeMap<Pointer, Vec<Flaw>>,
    pointer: &Pointer,
) -> impl Iterator<Item = (&'m Pointer, &'m Flaw)> {
    beneath(map, pointer)
        .flat_map(|(place, flaws)| flaws.iter().map(move |flaw| (place, flaw)))
        .take(MOST_FLAWS)
}

impl<'e> Examined<'e> {
    pub(super) fn of(evaluation: &'e Evaluation<'e>) -> Self {
        let bom: &'e Bom<'e> = evaluation.document.bom.get();
        let mut components = Vec::new();
        if let Some(subject) = bom.subject() {
            let place = Pointer::root().member("metadata").member("component");
            collect(subject, place, &mut components);
        }
        let place = Pointer::root().member("components");
        for (index, component) in bom.components.iter().enumerate() {
            collect(component, place.element(index), &mut components);
        }
        let mut examined = Self {
            evaluation,
            bom,
            datasets: datasets(&components),
            references: references(bom),
            trained_on: trained_on(&components),
            names: HashSet::new(),
            in_card: HashSet::new(),
            models: 0,
            related: related(bom),
            components,
            digests: digests(evaluation, bom),
            contradicting: BTreeMap::new(),
            lessening: BTreeMap::new(),
        };
        examined.models = examined.models().count();
        examined.find_flaws();
        if let Some(facts) = evaluation.facts {
            examined.names = names(bom, &examined.datasets);
            let card = facts.card.iter().flat_map(|card| &card.datasets);
            examined.in_card = card.map(|name| plain(base(name))).collect();
        }
        examined
    }

    fn find_flaws(&mut self) {
        for found in self.evaluation.contradictions {
            if let Some(weight) = Weight::of(found.rule, found.severity) {
                let place = Pointer::from_text(&found.pointer);
                let flaws = match weight {
                    Weight::Contradicts => &mut self.contradicting,
                    Weight::Voids | Weight::Weakens => &mut self.lessening,
                };
                flaws.entry(place).or_default().push(Flaw {
                    weight,
                    message: found.message.clone(),
                });
            }
        }
        let document = self.evaluation.document;
        // Paths of XML elements are no pointers; those count for the format as a whole.
        if matches!(document.format, Format::CycloneDxXml(_)) {
            return;
        }
        for violation in &document.violations {
            let place = Pointer::from_text(&violation.path);
            self.contradicting.entry(place).or_default().push(Flaw {
                weight: Weight::Contradicts,
                message: format!(
                    "the format asks for {}, and {} is there",
                    excerpt(&violation.expected, 120),
                    excerpt(&violation.found, 120)
                ),
            });
        }
    }

    /// The evidence, unless something is wrong at one of the places or below.
    pub(super) fn settle(
        &self,
        evidence: Evidence,
        reason: impl Into<String>,
        pointers: Vec<Pointer>,
    ) -> Judged {
        let mut first: Option<(&Pointer, &Flaw)> = None;
        let mut count = 0;
        let mut voiding = None;
        let mut weakening = None;
        for pointer in &pointers {
            for found in flaws_at(&self.contradicting, pointer) {
                count += 1;
                first.get_or_insert(found);
            }
            for (_, flaw) in flaws_at(&self.lessening, pointer) {
                match flaw.weight {
                    Weight::Voids => voiding = voiding.or(Some(flaw)),
                    _ => weakening = weakening.or(Some(flaw)),
                }
            }
        }
        if let Some((place, flaw)) = first {
            let more = match count {
                1 => String::new(),
                count => format!(", and {} more", count - 1),
            };
            return Judged::new(
                Evidence::Contradicted,
                format!("{}{more}", flaw.message),
                vec![place.clone()],
            );
        }
        if let Some(flaw) = voiding {
            return Judged::new(Evidence::Missing, flaw.message.clone(), pointers);
        }
        match weakening {
            Some(flaw) if evidence == Evidence::Consistent => Judged::new(
                Evidence::Declared,
                format!("{}, but {}", reason.into(), flaw.message),
                pointers,
            ),
            _ => Judged::new(evidence, reason, pointers),
        }
    }

    pub(super) fn declared(&self, reason: impl Into<String>, pointers: Vec<Pointer>) -> Judged {
        self.settle(Evidence::Declared, reason, pointers)
    }

    pub(super) fn consistent(&self, reason: impl Into<String>, pointers: Vec<Pointer>) -> Judged {
        self.settle(Evidence::Consistent, reason, pointers)
    }

    /// What the document is about.
    pub(super) fn subject(&self) -> Option<&Located<'e>> {
        self.bom.subject().and(self.components.first())
    }

    /// Every model, with those inside of others.
    pub(super) fn models(&self) -> impl Iterator<Item = &Located<'e>> {
        let is_model = |located: &&Located<'e>| located.is("machine-learning-model");
        self.components.iter().filter(is_model)
    }

    /// Everything listed that is more than a file.
    pub(super) fn listed(&self) -> impl Iterator<Item = &Located<'e>> {
        let is_more = |located: &&Located<'e>| !located.is("file");
        self.components.iter().filter(is_more)
    }

    /// Digests that the document gives for the bytes of the component.
    pub(super) fn digests(
        &self,
        located: &Located<'_>,
    ) -> impl Iterator<Item = (&Pointer, &DigestEntry<'e>)> {
        beneath(&self.digests, &located.pointer)
    }

    /// The digest at a place.
    pub(super) fn digest_at(&self, pointer: &Pointer) -> Option<&DigestEntry<'e>> {
        self.digests.get(pointer)
    }

    /// Whether a model card refers to the element.
    pub(super) fn trained_on(&self, reference: &str) -> bool {
        self.trained_on.contains(reference)
    }

    /// Whether the document names something like this.
    pub(super) fn names(&self, name: &str) -> bool {
        self.names.contains(&plain(name))
    }

    /// Whether the artifact's README lists such a dataset.
    pub(super) fn is_dataset_of_card(&self, name: &str) -> bool {
        !self.in_card.is_empty() && self.in_card.contains(&plain(name))
    }

    /// What the artifact says about itself, if this is the component that stands for it:
    /// the subject, the only model, or the one from the repository of the folder.
    pub(super) fn facts(&self, located: &Located<'_>) -> Option<&'e ArtifactFacts> {
        let facts = self.evaluation.facts?;
        if !located.is("machine-learning-model") {
            return None;
        }
        let stands_for_it = match self.subject() {
            Some(subject) if subject.is("machine-learning-model") => {
                subject.pointer == located.pointer
            }
            _ => {
                let same_repository = || {
                    let package = located.package()?;
                    let repository = package.hub_repository()?.ok()?;
                    let snapshot = facts.snapshot.as_ref()?;
                    Some(repository == snapshot.repository)
                };
                self.models == 1 || same_repository() == Some(true)
            }
        };
        stands_for_it.then_some(facts)
    }
}

/// Nesting is bounded by the admission of the document.
fn collect<'e>(component: &'e Component<'e>, pointer: Pointer, list: &mut Vec<Located<'e>>) {
    let place = pointer.member("components");
    list.push(Located { pointer, component });
    for (index, inner) in component.components.iter().enumerate() {
        collect(inner, place.element(index), list);
    }
}

fn datasets<'e>(components: &[Located<'e>]) -> Vec<Dataset<'e>> {
    let mut found = Vec::new();
    for located in components {
        let kinds = || {
            located
                .component
                .data
                .iter()
                .map(|data| data.kind.as_deref())
        };
        let is_dataset = |kind: Option<&str>| matches!(kind, Some("dataset") | None);
        if located.is("data") && (kinds().next().is_none() || kinds().any(is_dataset)) {
            found.push(Dataset::Component(located.clone()));
        }
        let card = located.component.model_card.as_deref();
        let Some(parameters) = card.and_then(|card| card.model_parameters.as_ref()) else {
            continue;
        };
        let place = located
            .at("modelCard")
            .member("modelParameters")
            .member("datasets");
        for (index, data) in parameters.datasets.iter().enumerate() {
            if data.reference.is_none() {
                let pointer = place.element(index);
                found.push(Dataset::Inline { pointer, data });
            }
        }
    }
    found
}

/// Every component of the document, wherever it is: ancestors and makers as well.
fn everywhere<'e>(bom: &'e Bom<'e>, mut visit: impl FnMut(&'e Component<'e>)) {
    let targets = bom.declarations.as_deref();
    let targets = targets.and_then(|known| known.targets.as_ref());
    let mut waiting: Vec<&Component<'_>> = bom
        .subject()
        .into_iter()
        .chain(&bom.components)
        .chain(
            bom.formulation
                .iter()
                .flat_map(|formula| &formula.components),
        )
        .chain(targets.into_iter().flat_map(|known| &known.components))
        .collect();
    while let Some(component) = waiting.pop() {
        visit(component);
        waiting.extend(&component.components);
        if let Some(pedigree) = component.pedigree.as_deref() {
            waiting.extend(&pedigree.ancestors);
            waiting.extend(&pedigree.descendants);
            waiting.extend(&pedigree.variants);
        }
    }
}

fn names(bom: &Bom<'_>, datasets: &[Dataset<'_>]) -> HashSet<String> {
    let mut names = HashSet::new();
    everywhere(bom, |component| {
        names.extend(component.name.as_deref().map(|name| plain(base(name))));
    });
    for dataset in datasets {
        if let Dataset::Inline { data, .. } = dataset {
            names.extend(data.name.as_deref().map(|name| plain(base(name))));
        }
    }
    names
}

fn trained_on<'e>(components: &[Located<'e>]) -> HashSet<&'e str> {
    components
        .iter()
        .filter_map(|located| located.component.model_card.as_deref())
        .filter_map(|card| card.model_parameters.as_ref())
        .flat_map(|parameters| &parameters.datasets)
        .filter_map(|data| data.reference.as_deref())
        .collect()
}

fn references<'e>(bom: &'e Bom<'e>) -> HashSet<&'e str> {
    let mut all: HashSet<&str> = HashSet::new();
    everywhere(bom, |component| all.extend(component.bom_ref.as_deref()));
    let mut services: Vec<_> = bom.services.iter().collect();
    while let Some(service) = services.pop() {
        all.extend(service.bom_ref.as_deref());
        services.extend(&service.services);
    }
    all
}

fn related<'e>(bom: &'e Bom<'e>) -> HashSet<&'e str> {
    let mut related = HashSet::new();
    for dependency in &bom.dependencies {
        let needed = dependency.depends_on.iter().chain(&dependency.provides);
        let before = related.len();
        related.extend(needed.map(|reference| &**reference));
        if related.len() > before || !dependency.depends_on.is_empty() {
            related.extend(dependency.reference.as_deref());
        }
    }
    related
}

fn digests<'e>(
    evaluation: &'e Evaluation<'e>,
    bom: &Bom<'_>,
) -> BTreeMap<Pointer, DigestEntry<'e>> {
    let bytes: HashMap<&Pointer, &ByteEvidence> = evaluation
        .bytes
        .iter()
        .map(|part| (&part.pointer, &part.bytes))
        .collect();
    let listing = Listing::of(bom);
    let entries = listing.entries.into_iter().map(|entry| {
        let place = if entry.pointer.as_str().contains("/externalReferences/") {
            DigestPlace::Reference
        } else {
            DigestPlace::Component
        };
        (entry.pointer, entry.digests, place)
    });
    let trees = listing
        .trees
        .into_iter()
        .map(|tree| (tree.pointer, vec![tree.digest], DigestPlace::Tree));
    entries
        .chain(trees)
        .map(|(pointer, digests, place)| {
            let bytes = bytes.get(&pointer).copied();
            let entry = DigestEntry {
                digests,
                place,
                bytes,
            };
            (pointer, entry)
        })
        .collect()
}
