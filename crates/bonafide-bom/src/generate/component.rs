//! The artifact itself.

use super::lineage::{self, Dataset, hexadecimal, package_url};
use super::object::{list, of, property, set_list, text};
use super::{ArtifactKind, Inventory, file, licence, parameters, root_property};
use crate::json::{Node, Object};

/// What the document calls the artifact.
pub(super) fn reference(inventory: &Inventory) -> String {
    match (&inventory.repository, &inventory.commit) {
        (Some(repository), Some(commit)) => package_url(repository, Some(commit)),
        _ => match inventory.kind {
            ArtifactKind::Model => "model".to_owned(),
            ArtifactKind::Dataset => "dataset".to_owned(),
        },
    }
}

pub(super) fn write<'a>(
    inventory: &'a Inventory,
    subject: &str,
    datasets: &[Dataset<'a>],
) -> Node<'a> {
    let mut component = Object::default();
    component.set(
        "type",
        text(match inventory.kind {
            ArtifactKind::Model => "machine-learning-model",
            ArtifactKind::Dataset => "data",
        }),
    );
    component.set("bom-ref", text(subject.to_owned()));
    name(&mut component, inventory);
    set_list(&mut component, "licenses", licences(inventory));
    if let (Some(repository), Some(commit)) = (&inventory.repository, &inventory.commit) {
        component.set("purl", text(package_url(repository, Some(commit))));
    }
    if let Some(pedigree) = lineage::pedigree(inventory) {
        component.set("pedigree", pedigree);
    }
    if let (Some(repository), Some(commit)) = (&inventory.repository, &inventory.commit) {
        let commit = hexadecimal(commit);
        let url = format!("https://huggingface.co/{repository}/tree/{commit}");
        let source = of([("type", text("vcs")), ("url", text(url))]);
        component.set("externalReferences", list([source]));
    }
    set_list(&mut component, "components", file::write(&inventory.files));
    match inventory.kind {
        ArtifactKind::Model => {
            if let Some(card) = parameters::write(inventory, datasets) {
                component.set("modelCard", card);
            }
        }
        ArtifactKind::Dataset => component.set("data", list([data(inventory)])),
    }
    set_list(&mut component, "properties", properties(inventory));
    set_list(&mut component, "tags", tags(inventory));
    Node::Object(component)
}

/// By the repository, if it is known; otherwise by what the caller calls it. A commit is
/// a version; a version that the caller states is one as well.
fn name<'a>(component: &mut Object<'a>, inventory: &'a Inventory) {
    match inventory
        .repository
        .as_ref()
        .map(|repository| repository.name.split_once('/').ok_or(&repository.name))
    {
        Some(Ok((group, name))) => {
            component.set("group", text(group));
            component.set("name", text(name));
        }
        Some(Err(name)) => component.set("name", text(name.as_str())),
        None => component.set("name", text(inventory.name.as_str())),
    }
    match (&inventory.version, &inventory.commit) {
        (Some(version), _) => component.set("version", text(version.as_str())),
        (None, Some(commit)) => component.set("version", text(hexadecimal(commit))),
        (None, None) => {}
    }
}

fn licences(inventory: &Inventory) -> Vec<Node<'_>> {
    match (inventory.kind, &inventory.card, &inventory.dataset_card) {
        (ArtifactKind::Model, Some(card), _) => licence::write(
            &card.license,
            card.license_name.as_deref(),
            card.license_link.as_deref(),
        ),
        (ArtifactKind::Dataset, _, Some(card)) => {
            licence::write(&card.license, card.license_name.as_deref(), None)
        }
        _ => Vec::new(),
    }
}

/// What the data is; the front matter of a dataset has little that the standard names.
fn data(inventory: &Inventory) -> Node<'_> {
    let mut data = Object::default();
    data.set("type", text("dataset"));
    let card = inventory.dataset_card.as_ref();
    if let Some(name) = card.and_then(|card| card.pretty_name.as_deref()) {
        data.set("name", text(name));
    }
    Node::Object(data)
}

fn properties(inventory: &Inventory) -> Vec<Node<'_>> {
    let mut properties: Vec<Node<'_>> = inventory.root.iter().map(root_property).collect();
    if let (ArtifactKind::Dataset, Some(card)) = (inventory.kind, &inventory.dataset_card) {
        for (name, values) in [
            ("bonafide:card:language", &card.language),
            ("bonafide:card:size-category", &card.size_categories),
            ("bonafide:card:task-category", &card.task_categories),
        ] {
            let values = values.iter().filter(|value| !value.is_empty());
            properties.extend(values.map(|value| property(name, text(value.as_str()))));
        }
    }
    properties
}

fn tags(inventory: &Inventory) -> Vec<Node<'_>> {
    let stated: &[String] = match inventory.kind {
        ArtifactKind::Model => inventory.card.as_ref().map_or(&[], |card| &card.tags),
        ArtifactKind::Dataset => inventory
            .dataset_card
            .as_ref()
            .map_or(&[], |card| &card.tags),
    };
    let mut seen = std::collections::HashSet::new();
    let new = stated.iter().filter(|tag| seen.insert(tag.as_str()));
    new.map(|tag| text(tag.as_str())).collect()
}
