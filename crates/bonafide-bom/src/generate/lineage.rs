//! What the artifact was made from, as files in it say.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::object::{list, of, property, text};
use super::{ArtifactKind, Inventory};
use crate::json::{Node, Object};
use crate::model_card::BaseModelRelation;
use crate::purl::{HubKind, HubRepository, Revision};

/// A dataset that a card names.
pub(super) struct Dataset<'a> {
    pub(super) reference: String,
    name: &'a str,
}

/// Datasets of the model card, each once.
pub(super) fn datasets(inventory: &Inventory) -> Vec<Dataset<'_>> {
    let mut found: Vec<Dataset<'_>> = Vec::new();
    let names = inventory.card.iter().flat_map(|card| &card.datasets);
    let mut seen = std::collections::HashSet::new();
    for name in names.filter(|name| !name.is_empty()) {
        if seen.insert(name.as_str()) {
            found.push(Dataset {
                reference: format!("data:{name}"),
                name,
            });
        }
    }
    found
}

/// A dataset as a component of the document. Nothing but its name is known.
pub(super) fn data<'a>(dataset: &Dataset<'a>) -> Node<'a> {
    let mut component = Object::default();
    component.set("type", text("data"));
    component.set("bom-ref", text(dataset.reference.clone()));
    identify(&mut component, HubKind::Dataset, dataset.name, None);
    let content = of([("type", text("dataset")), ("name", text(dataset.name))]);
    component.set("data", list([content]));
    Node::Object(component)
}

/// Group, name, version and package URL of what a card calls by one name. A version only
/// where somebody names a whole commit.
pub(super) fn identify<'a>(
    component: &mut Object<'a>,
    kind: HubKind,
    name: &'a str,
    commit: Option<&[u8; 20]>,
) {
    let Ok(repository) = HubRepository::parse(kind, name) else {
        // A path on somebody's machine, or a name of another place.
        component.set("name", text(name));
        return;
    };
    match name.split_once('/') {
        Some((group, name)) => {
            component.set("group", text(group));
            component.set("name", text(name));
        }
        None => component.set("name", text(name)),
    }
    if let Some(commit) = commit {
        component.set("version", text(hexadecimal(commit)));
    }
    component.set("purl", text(package_url(&repository, commit)));
}

pub(super) fn hexadecimal(commit: &[u8; 20]) -> String {
    data_encoding::HEXLOWER.encode(commit)
}

/// The names of repositories have no character that a package URL escapes.
pub(super) fn package_url(repository: &HubRepository, commit: Option<&[u8; 20]>) -> String {
    let mut purl = format!("pkg:huggingface/{repository}");
    if let Some(commit) = commit {
        purl.push('@');
        purl.push_str(&hexadecimal(commit));
    }
    purl
}

/// Something that the artifact was made from, with who says so.
struct Ancestor {
    commit: Option<[u8; 20]>,
    /// A branch, tag or part of a commit, which is no version.
    revision: Option<String>,
    relation: Option<Cow<'static, str>>,
    sources: Vec<&'static str>,
}

/// The pedigree, if a file names an ancestor.
pub(super) fn pedigree(inventory: &Inventory) -> Option<Node<'_>> {
    let mut ancestors: Vec<(&str, Ancestor)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut note = |name, revision: &Revision, relation: Option<Cow<'static, str>>, source| {
        add(
            &mut ancestors,
            &mut places,
            name,
            revision,
            relation,
            source,
        );
    };
    match inventory.kind {
        ArtifactKind::Model => {
            if let Some(card) = &inventory.card {
                let relation = card.base_model_relation.as_ref().map(relation);
                for name in &card.base_model {
                    note(name, &Revision::Absent, relation.clone(), "README.md");
                }
            }
            if let Some(adapter) = &inventory.adapter
                && let Some(name) = &adapter.base_model
            {
                let revision = adapter.revision.as_deref().map(Revision::of_git);
                let revision = revision.unwrap_or(Revision::Absent);
                note(
                    name,
                    &revision,
                    Some("adapter".into()),
                    "adapter_config.json",
                );
            }
            if let Some(recipe) = &inventory.merge {
                for source in &recipe.sources {
                    let relation = Some("merge".into());
                    note(
                        &source.model,
                        &source.revision,
                        relation,
                        "mergekit_config.yml",
                    );
                }
            }
        }
        ArtifactKind::Dataset => {
            for source in inventory
                .dataset_card
                .iter()
                .flat_map(|card| &card.source_datasets)
            {
                // The Hub's own words: `original`, `extended`, `extended|NAME`.
                let name = source.strip_prefix("extended|").unwrap_or(source);
                if !matches!(name, "original" | "extended") {
                    note(name, &Revision::Absent, None, "README.md");
                }
            }
        }
    }
    if ancestors.is_empty() {
        return None;
    }
    let written = ancestors
        .into_iter()
        .map(|(name, ancestor)| write(inventory.kind, name, ancestor));
    Some(of([("ancestors", list(written))]))
}

fn add<'a>(
    ancestors: &mut Vec<(&'a str, Ancestor)>,
    places: &mut BTreeMap<&'a str, usize>,
    name: &'a str,
    revision: &Revision,
    relation: Option<Cow<'static, str>>,
    source: &'static str,
) {
    if name.is_empty() {
        return;
    }
    let (commit, revision) = match revision {
        Revision::Commit(commit) => (Some(*commit), None),
        Revision::Absent => (None, None),
        Revision::Abbreviated(text) | Revision::Mutable(text) | Revision::Release(text) => {
            (None, Some(text.clone()))
        }
        other => (None, other.commit()),
    };
    let known = places
        .get(name)
        .and_then(|place| ancestors.get_mut(*place))
        .map(|(_, known)| known)
        // Two files that name other states of it name two ancestors.
        .filter(|known| {
            let agree = |one: bool, other: bool, same: bool| !one || !other || same;
            agree(
                known.commit.is_some(),
                commit.is_some(),
                known.commit == commit,
            ) && agree(
                known.revision.is_some(),
                revision.is_some(),
                known.revision == revision,
            )
        });
    match known {
        Some(known) => {
            known.commit = known.commit.or(commit);
            known.revision = known.revision.take().or(revision);
            known.relation = known.relation.take().or(relation);
            if !known.sources.contains(&source) {
                known.sources.push(source);
            }
        }
        None => {
            places.insert(name, ancestors.len());
            let ancestor = Ancestor {
                commit,
                revision,
                relation,
                sources: vec![source],
            };
            ancestors.push((name, ancestor));
        }
    }
}

fn relation(relation: &BaseModelRelation) -> Cow<'static, str> {
    match relation {
        BaseModelRelation::Adapter => "adapter".into(),
        BaseModelRelation::Finetune => "finetune".into(),
        BaseModelRelation::Merge => "merge".into(),
        BaseModelRelation::Quantized => "quantized".into(),
        BaseModelRelation::Other(word) => word.clone().into(),
    }
}

fn write(kind: ArtifactKind, name: &str, ancestor: Ancestor) -> Node<'_> {
    let mut component = Object::default();
    let (word, hub) = match kind {
        ArtifactKind::Model => ("machine-learning-model", HubKind::Model),
        ArtifactKind::Dataset => ("data", HubKind::Dataset),
    };
    component.set("type", text(word));
    identify(&mut component, hub, name, ancestor.commit.as_ref());
    let mut properties = Vec::new();
    if let Some(relation) = ancestor.relation {
        properties.push(property("bonafide:lineage:relation", Node::Text(relation)));
    }
    if let Some(revision) = ancestor.revision {
        properties.push(property("bonafide:lineage:revision", text(revision)));
    }
    for source in ancestor.sources {
        properties.push(property("bonafide:lineage:source", text(source)));
    }
    component.set("properties", list(properties));
    Node::Object(component)
}
