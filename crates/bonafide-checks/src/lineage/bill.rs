//! What a bill of materials says: pedigree, datasets, dependencies, formulation.

use std::collections::{HashMap, HashSet};

use bonafide_bom::ClaimedDigest;
use bonafide_bom::listing::TreeRule;
use bonafide_bom::view::{
    Bom, Component, Data, Hash, LicenseChoice, Pedigree, Resource, ResourceReference,
};
use bonafide_core::{
    Grade, Mention, NodeKind, NodeTime, RawName, Relation, RevisionPin, TimeEvent,
};
use jiff::Timestamp;
use jiff::civil::Date;

use super::account::{Account, Force, LISTED, Link, Origin, Slot, add};
use super::reference::{Reference, Standing};

/// Most files of one component that are kept.
const MOST_FILES: usize = 4_096;

/// Properties of a model that tell how data was used, with the reference to it: what SPDX
/// says and a model card has no room for.
const TRAINED_ON: &str = "spdx:trainedOn";
const TESTED_ON: &str = "spdx:testedOn";

/// What a document is, besides what it says.
pub(super) struct Bill<'b> {
    /// Where it was found.
    pub(super) source: &'b RawName,
    /// Who signed it.
    pub(super) signer: Option<String>,
}

impl Account {
    /// Takes in a bill of materials about the artifact.
    pub(super) fn hear_bill(&mut self, bill: &Bill<'_>, bom: &Bom<'_>) {
        let mut reader = Reader {
            account: self,
            bill,
            slots: HashMap::new(),
            parts: HashMap::new(),
            heard: HashSet::new(),
        };
        reader.read(bom);
    }
}

struct Reader<'r, 'b, 'a> {
    account: &'r mut Account,
    bill: &'r Bill<'r>,
    /// Artifacts by their references in the document.
    slots: HashMap<&'b str, Slot>,
    /// Models and data by their references, with where they stand.
    parts: HashMap<&'b str, (&'b Component<'a>, String)>,
    /// Components whose own words were taken in, by where they stand.
    heard: HashSet<String>,
}

impl<'b, 'a> Reader<'_, 'b, 'a> {
    fn read(&mut self, bom: &'b Bom<'a>) {
        self.collect(bom);
        let subject = subject(bom);
        if let Some((component, pointer)) = &subject {
            if let Some(reference) = component.bom_ref.as_deref() {
                self.slots.insert(reference, 0);
            }
            self.describe(0, component, pointer);
            self.hear(0, component, pointer);
        }
        let mut parts: Vec<(&'b Component<'a>, String)> = self.parts.values().cloned().collect();
        parts.sort_by(|one, other| one.1.cmp(&other.1));
        for (component, pointer) in parts {
            if self.says_something(component)
                && let Some(slot) = self.component(component, &pointer)
            {
                self.hear(slot, component, &pointer);
            }
        }
        self.loose(bom);
        self.dependencies(bom);
        self.formulation(bom);
    }

    /// Finds the models and data that other parts of the document refer to.
    fn collect(&mut self, bom: &'b Bom<'a>) {
        if let Some(component) = bom.subject() {
            self.collect_one(component, "/metadata/component");
        }
        self.collect_all(&bom.components, "/components");
        for (index, formula) in bom.formulation.iter().enumerate() {
            self.collect_all(
                &formula.components,
                &format!("/formulation/{index}/components"),
            );
        }
    }

    fn collect_all(&mut self, components: &'b [Component<'a>], pointer: &str) {
        for (index, component) in components.iter().enumerate() {
            if is_part(component) || !component.components.is_empty() {
                self.collect_one(component, &format!("{pointer}/{index}"));
            }
        }
    }

    /// Nesting is bounded by the admission of the document.
    fn collect_one(&mut self, component: &'b Component<'a>, pointer: &str) {
        if is_part(component)
            && let Some(reference) = component.bom_ref.as_deref()
        {
            self.parts
                .entry(reference)
                .or_insert_with(|| (component, pointer.to_owned()));
        }
        self.collect_all(&component.components, &format!("{pointer}/components"));
    }

    /// Models and data without a reference that say where they come from.
    fn loose(&mut self, bom: &'b Bom<'a>) {
        for (index, component) in bom.components.iter().enumerate() {
            let pointer = format!("/components/{index}");
            if component.bom_ref.is_none()
                && is_part(component)
                && self.says_something(component)
                && let Some(slot) = self.component(component, &pointer)
            {
                self.hear(slot, component, &pointer);
            }
        }
    }

    fn says_something(&self, component: &Component<'_>) -> bool {
        component.pedigree.is_some() || datasets(component).next().is_some()
    }

    /// The artifact that a component is.
    fn component(&mut self, component: &'b Component<'a>, pointer: &str) -> Option<Slot> {
        let reference = component.bom_ref.as_deref();
        if let Some(slot) = reference.and_then(|reference| self.slots.get(reference)) {
            return Some(*slot);
        }
        let names = names(component);
        let slot = match names.first() {
            Some(best) => self.account.named(best)?,
            None => self.account.thing()?,
        };
        if let Some(reference) = reference {
            self.slots.insert(reference, slot);
        }
        self.describe(slot, component, pointer);
        Some(slot)
    }

    /// What a component is.
    fn describe(&mut self, slot: Slot, component: &Component<'_>, pointer: &str) {
        for name in names(component) {
            self.account.call(slot, &name);
        }
        let grade = self
            .bill
            .signer
            .as_ref()
            .map_or(Grade::Claimed, |_| Grade::Verified);
        let source = self.bill.source.to_string();
        let Some(thing) = self.account.get_mut(slot) else {
            return;
        };
        thing.be(kind(component));
        if let Some(name) = component.name.as_deref() {
            thing.name.get_or_insert_with(|| name.to_owned());
        }
        if let Some(version) = component.version.as_deref() {
            thing.version.get_or_insert_with(|| version.to_owned());
        }
        if let Some(purl) = component.purl.as_deref() {
            thing.identify(purl);
        }
        for choice in &component.licenses {
            if let Some(text) = licence(choice) {
                thing.license(text);
            }
        }
        for digest in digests(component) {
            add(&mut thing.digests, digest);
        }
        let room = MOST_FILES.saturating_sub(thing.files.len());
        for file in component.components.iter().take(room) {
            if let Some(name) = file.name.as_deref()
                && file.kind.as_deref() == Some("file")
            {
                let known = file.hashes.iter().filter_map(known);
                thing
                    .files
                    .extend(known.map(|digest| (name.to_owned(), digest)));
            }
        }
        let released = component
            .release_notes
            .as_ref()
            .and_then(|notes| time(notes.timestamp.as_deref()?));
        let committed = component
            .pedigree
            .as_ref()
            .and_then(|pedigree| committed(pedigree));
        for (event, time) in [
            (TimeEvent::Published, released),
            (TimeEvent::Built, committed),
        ] {
            if let Some(time) = time {
                add(
                    &mut thing.times,
                    NodeTime {
                        event,
                        time,
                        grade,
                        source: source.clone(),
                    },
                );
            }
        }
        thing.mention(Mention {
            source: self.bill.source.clone(),
            pointer: Some(pointer.to_owned()),
        });
    }

    /// What a component says of where it comes from.
    fn hear(&mut self, slot: Slot, component: &'b Component<'a>, pointer: &str) {
        if !self.heard.insert(pointer.to_owned()) {
            return;
        }
        for (index, data) in datasets(component) {
            let at = format!("{pointer}/modelCard/modelParameters/datasets/{index}");
            self.dataset(slot, component, data, &at);
        }
        if let Some(pedigree) = &component.pedigree {
            self.pedigree(slot, component, pedigree, &format!("{pointer}/pedigree"));
        }
    }

    /// Nesting is bounded by the admission of the document.
    fn pedigree(
        &mut self,
        slot: Slot,
        component: &'b Component<'a>,
        pedigree: &'b Pedigree<'a>,
        pointer: &str,
    ) {
        for (step, list) in [
            ("ancestors", &pedigree.ancestors),
            ("descendants", &pedigree.descendants),
            ("variants", &pedigree.variants),
        ] {
            for (index, other) in list.iter().enumerate() {
                let at = format!("{pointer}/{step}/{index}");
                let Some(of_other) = self.component(other, &at) else {
                    return;
                };
                let name = shown(other);
                match step {
                    "ancestors" => {
                        let relation = made_from(kind(component), kind(other));
                        let says = format!("names `{name}` as an ancestor");
                        self.link(slot, of_other, relation, &at, says, &revision(other));
                    }
                    "descendants" => {
                        let relation = made_from(kind(other), kind(component));
                        let says = format!("names `{name}` as a descendant");
                        self.link(of_other, slot, relation, &at, says, &RevisionPin::None);
                    }
                    _ => {
                        let says = format!("names `{name}` as a variant");
                        self.link(
                            slot,
                            of_other,
                            Relation::Unknown,
                            &at,
                            says,
                            &revision(other),
                        );
                    }
                }
                self.hear(of_other, other, &at);
            }
        }
    }

    fn dataset(
        &mut self,
        slot: Slot,
        component: &'b Component<'a>,
        data: &'b Data<'a>,
        pointer: &str,
    ) {
        let (parent, name, pin) = if let Some(reference) = data.reference.as_deref() {
            let Some((other, at)) = self.parts.get(reference).cloned() else {
                // That it leads nowhere is a defect of the document.
                return;
            };
            let Some(parent) = self.component(other, &at) else {
                return;
            };
            (parent, shown(other), revision(other))
        } else {
            let url = data
                .contents
                .as_ref()
                .and_then(|contents| contents.url.as_deref());
            let Some(text) = url.or(data.name.as_deref()) else {
                return;
            };
            let mention = self.mention(pointer);
            let Some((parent, pin)) = self.account.mentioned(text, NodeKind::Dataset, mention)
            else {
                return;
            };
            if let (Some(thing), Some(name)) = (self.account.get_mut(parent), data.name.as_deref())
            {
                thing.name.get_or_insert_with(|| name.to_owned());
            }
            let name = data.name.as_deref().unwrap_or(text);
            (parent, bonafide_bom::excerpt(name, 120), pin)
        };
        for relation in uses(component, data) {
            let says = format!("names the dataset `{name}`");
            self.link(slot, parent, relation, pointer, says, &pin);
        }
    }

    /// What models and data need of one another; programs are left out.
    fn dependencies(&mut self, bom: &'b Bom<'a>) {
        for (index, dependency) in bom.dependencies.iter().enumerate() {
            let Some(child) = dependency
                .reference
                .as_deref()
                .and_then(|text| self.part(text))
            else {
                continue;
            };
            for (place, text) in dependency.depends_on.iter().enumerate() {
                let Some((component, _)) = self.parts.get(text.as_ref()) else {
                    continue;
                };
                let (name, pin) = (shown(component), revision(component));
                let Some(parent) = self.part(text) else {
                    continue;
                };
                let at = format!("/dependencies/{index}/dependsOn/{place}");
                let says = format!("says that it depends on `{name}`");
                self.link(child, parent, Relation::DependsOn, &at, says, &pin);
            }
        }
    }

    /// The model or data with this reference in the document.
    fn part(&mut self, reference: &str) -> Option<Slot> {
        if let Some(slot) = self.slots.get(reference) {
            return Some(*slot);
        }
        let (component, pointer) = self.parts.get(reference).cloned()?;
        self.component(component, &pointer)
    }

    fn formulation(&mut self, bom: &'b Bom<'a>) {
        for (formula, recipe) in bom.formulation.iter().enumerate() {
            for (number, workflow) in recipe.workflows.iter().enumerate() {
                let at = format!("/formulation/{formula}/workflows/{number}");
                self.step(&workflow.inputs, &workflow.outputs, &at);
                for (index, task) in workflow.tasks.iter().enumerate() {
                    self.step(&task.inputs, &task.outputs, &format!("{at}/tasks/{index}"));
                }
            }
        }
    }

    /// Whatever went in is a parent of what came out: of the artifact, if nothing is named.
    fn step(&mut self, inputs: &'b [Resource<'a>], outputs: &'b [Resource<'a>], pointer: &str) {
        let parents = self.resources(inputs, pointer, "inputs");
        if parents.is_empty() {
            return;
        }
        let mut children = self.resources(outputs, pointer, "outputs");
        if children.is_empty() {
            children.push((0, String::new(), RevisionPin::None));
        }
        for (child, _, _) in children.iter().take(LISTED) {
            for (parent, at, pin) in &parents {
                if parent == child {
                    continue;
                }
                let relation = made_from(self.kind_of(*child), self.kind_of(*parent));
                let says = "names it as what went in".to_owned();
                self.link(*child, *parent, relation, at, says, pin);
            }
        }
    }

    fn kind_of(&self, slot: Slot) -> NodeKind {
        let thing = self.account.things.get(slot);
        thing
            .and_then(|thing| thing.kind)
            .unwrap_or(NodeKind::Unknown)
    }

    fn resources(
        &mut self,
        list: &'b [Resource<'a>],
        pointer: &str,
        step: &str,
    ) -> Vec<(Slot, String, RevisionPin)> {
        let mut found = Vec::new();
        for (index, resource) in list.iter().enumerate() {
            for reference in [&resource.resource, &resource.source, &resource.target]
                .into_iter()
                .flatten()
            {
                let at = format!("{pointer}/{step}/{index}");
                if let Some((slot, pin)) = self.resource(reference, &at) {
                    found.push((slot, at, pin));
                    break;
                }
            }
        }
        found
    }

    fn resource(
        &mut self,
        reference: &'b ResourceReference<'a>,
        pointer: &str,
    ) -> Option<(Slot, RevisionPin)> {
        if let Some(text) = reference.reference.as_deref() {
            let pin = match self.parts.get(text) {
                Some((component, _)) => revision(component),
                None => RevisionPin::None,
            };
            return Some((self.part(text)?, pin));
        }
        let url = reference.external_reference.as_ref()?.url.as_deref()?;
        // Only what is known to be a model or data.
        let known = Reference::of(url, NodeKind::Unknown);
        if known.standing != Standing::Repository || known.kind == NodeKind::Software {
            return None;
        }
        let mention = self.mention(pointer);
        self.account.mentioned(url, NodeKind::Unknown, mention)
    }

    fn mention(&self, pointer: &str) -> Mention {
        Mention {
            source: self.bill.source.clone(),
            pointer: Some(pointer.to_owned()),
        }
    }

    fn link(
        &mut self,
        child: Slot,
        parent: Slot,
        relation: Relation,
        pointer: &str,
        says: String,
        pin: &RevisionPin,
    ) {
        self.account.link(Link {
            child,
            parent,
            relation,
            source: self.bill.source.clone(),
            pointer: Some(pointer.to_owned()),
            says,
            pin: pin.clone(),
            force: Force::Claim,
            signer: self.bill.signer.clone(),
            origin: Origin::Document,
        });
    }
}

/// What the document is about: its subject or, where that is a shell around one model,
/// the model.
fn subject<'b, 'a>(bom: &'b Bom<'a>) -> Option<(&'b Component<'a>, String)> {
    let stated = bom.subject();
    if let Some(component) = stated.filter(|component| is_part(component)) {
        return Some((component, "/metadata/component".to_owned()));
    }
    let is_model =
        |component: &Component<'_>| component.kind.as_deref() == Some("machine-learning-model");
    let mut models = bom
        .components
        .iter()
        .enumerate()
        .filter(|(_, component)| is_model(component));
    match (models.next(), models.next()) {
        (Some((index, only)), None) => Some((only, format!("/components/{index}"))),
        _ => stated.map(|component| (component, "/metadata/component".to_owned())),
    }
}

fn is_part(component: &Component<'_>) -> bool {
    matches!(
        component.kind.as_deref(),
        Some("machine-learning-model" | "data")
    )
}

fn kind(component: &Component<'_>) -> NodeKind {
    match component.kind.as_deref() {
        Some("machine-learning-model") => NodeKind::Model,
        Some("data") => {
            let other = component.data.iter().any(|data| {
                data.kind
                    .as_deref()
                    .is_some_and(|kind| !matches!(kind, "dataset" | "other"))
            });
            if other {
                NodeKind::Unknown
            } else {
                NodeKind::Dataset
            }
        }
        Some(
            "library" | "framework" | "application" | "operating-system" | "container" | "platform",
        ) => NodeKind::Software,
        _ => NodeKind::Unknown,
    }
}

/// Every name of a component, best first.
fn names(component: &Component<'_>) -> Vec<Reference> {
    let kind = kind(component);
    let mut names = Vec::new();
    let mut push = |reference: Reference| {
        if !names.contains(&reference) {
            names.push(reference);
        }
    };
    if let Some(purl) = component.purl.as_deref() {
        push(Reference::of(purl, kind));
    }
    if let (Some(group), Some(name)) = (component.group.as_deref(), component.name.as_deref()) {
        push(Reference::of(&format!("{group}/{name}"), kind));
    } else if let Some(name) = component.name.as_deref() {
        push(Reference::of(name, kind));
    }
    if names.iter().all(|name| name.standing < Standing::Package) {
        let places = component.external_references.iter().filter(|reference| {
            matches!(
                reference.kind.as_deref(),
                Some("distribution" | "vcs" | "model-card" | "website")
            )
        });
        for place in places
            .filter_map(|reference| reference.url.as_deref())
            .take(8)
        {
            let reference = Reference::of(place, kind);
            if reference.standing == Standing::Repository && reference.path.is_none() {
                names.insert(0, reference);
                break;
            }
        }
    }
    names
}

/// How exactly a component says which state it is.
fn revision(component: &Component<'_>) -> RevisionPin {
    let by_name = names(component).into_iter().map(|name| name.pin);
    let by_version = component
        .version
        .as_deref()
        .map(|version| super::reference::pin(&bonafide_bom::purl::Revision::of_git(version)));
    let by_digest = digests(component)
        .into_iter()
        .filter(|digest| digest.algorithm().is_strong())
        .map(RevisionPin::Digest);
    by_name
        .chain(by_version)
        .chain(by_digest)
        .max()
        .unwrap_or_default()
}

fn known(hash: &Hash<'_>) -> Option<bonafide_core::Digest> {
    ClaimedDigest::from(hash).known()
}

/// Digests of a component: of its bytes, or of its tree.
fn digests(component: &Component<'_>) -> Vec<bonafide_core::Digest> {
    let root = component.properties.iter().filter_map(|property| {
        if property.name.as_deref() != Some(TreeRule::OmsRoot.property()) {
            return None;
        }
        let value = property.value.as_deref()?;
        ClaimedDigest::of("SHA-256", value.strip_prefix("sha256:").unwrap_or(value)).known()
    });
    component
        .hashes
        .iter()
        .filter_map(known)
        .chain(root)
        .take(LISTED)
        .collect()
}

fn datasets<'b, 'a>(component: &'b Component<'a>) -> impl Iterator<Item = (usize, &'b Data<'a>)> {
    component
        .model_card
        .as_ref()
        .and_then(|card| card.model_parameters.as_ref())
        .into_iter()
        .flat_map(|parameters| parameters.datasets.iter().enumerate())
}

/// What a model used data for.
fn uses(component: &Component<'_>, data: &Data<'_>) -> Vec<Relation> {
    let said = |wanted: &str| {
        component.properties.iter().any(|property| {
            property.name.as_deref() == Some(wanted)
                && data.reference.is_some()
                && property.value.as_deref() == data.reference.as_deref()
        })
    };
    match (said(TRAINED_ON), said(TESTED_ON)) {
        (true, true) => vec![Relation::TrainedOn, Relation::TestedOn],
        (false, true) => vec![Relation::TestedOn],
        (_, false) => vec![Relation::TrainedOn],
    }
}

/// The relation of two artifacts of which nothing more is said than that one is made
/// from the other.
pub(super) const fn made_from(child: NodeKind, parent: NodeKind) -> Relation {
    match (child, parent) {
        (NodeKind::Dataset, NodeKind::Model | NodeKind::Adapter) => Relation::GeneratedFrom,
        (NodeKind::Dataset, _) => Relation::DerivedFrom,
        (_, NodeKind::Dataset) => Relation::TrainedOn,
        (NodeKind::Adapter, NodeKind::Model) => Relation::AdaptedFrom,
        (_, NodeKind::Tokenizer) => Relation::UsesTokenizer,
        (_, NodeKind::Template) => Relation::UsesTemplate,
        (_, NodeKind::Evaluation) => Relation::EvaluatedBy,
        (_, NodeKind::Software) => Relation::DependsOn,
        _ => Relation::DerivedFrom,
    }
}

fn licence<'b>(choice: &'b LicenseChoice<'_>) -> Option<&'b str> {
    let licence = choice.license.as_ref();
    choice
        .expression
        .as_deref()
        .or_else(|| licence?.id.as_deref())
        .or_else(|| licence?.name.as_deref())
}

/// When the last commit was made: what they led to is not older.
fn committed(pedigree: &Pedigree<'_>) -> Option<Timestamp> {
    let commits = pedigree.commits.iter();
    commits
        .filter_map(|commit| {
            let person = commit.committer.as_ref().or(commit.author.as_ref())?;
            time(person.timestamp.as_deref()?)
        })
        .max()
}

/// A time, or the first moment of a date.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let date: Date = text.parse().ok()?;
    Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
}

fn shown(component: &Component<'_>) -> String {
    let name = component.name.as_deref().or(component.purl.as_deref());
    bonafide_bom::excerpt(name.unwrap_or_default(), 120)
}
