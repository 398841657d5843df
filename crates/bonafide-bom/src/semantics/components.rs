//! Rules about each component, in one walk over all of them.

use std::collections::HashMap;

use super::defects::{Found, quote};
use super::kind::DefectKind;
use super::{digests, evidence, identifiers, licences, metrics, packages, revisions};
use crate::json::Pointer;
use crate::view::{Bom, Component, Place, Placed};

/// The first version in which a model or data can be described.
const DESCRIBED_SINCE: [&str; 3] = ["1.5", "1.6", "1.7"];

pub(super) fn examine(bom: &Bom<'_>, found: &mut Found) {
    let describes = bom
        .spec_version
        .as_deref()
        .is_some_and(|version| DESCRIBED_SINCE.contains(&version));
    let mut comparison = digests::Comparison::default();
    bom.walk(|placed| {
        let Placed {
            component, pointer, ..
        } = placed;
        digests::of_list(&component.hashes, pointer, found);
        digests::of_nothing(component, pointer, found);
        comparison.add(&placed, found);
        packages::examine(component, pointer, found);
        identifiers::examine(component, pointer, found);
        licences::examine(&component.licenses, pointer, found);
        evidence::examine(component, pointer, found);
        revisions::of_commits(component, pointer, found);
        references(component, pointer, found);
        model_card(component, pointer, found);
        data(component, pointer, found);
        metrics::of_properties(&component.properties, pointer, found);
        if describes && matches!(placed.place, Place::Subject | Place::Inventory) {
            undescribed(component, pointer, found);
        }
    });
    references_of_document(bom, found);
}

/// What stands outside is pinned and hashed as what stands inside.
fn references(component: &Component<'_>, pointer: &Pointer, found: &mut Found) {
    for (index, reference) in component.external_references.iter().enumerate() {
        let at = || pointer.member("externalReferences").element(index);
        if !reference.hashes.is_empty() {
            digests::of_list(&reference.hashes, &at(), found);
        }
        revisions::of_address(reference, at, found);
    }
}

fn references_of_document(bom: &Bom<'_>, found: &mut Found) {
    let list = Pointer::root().member("externalReferences");
    for (index, reference) in bom.external_references.iter().enumerate() {
        digests::of_list(&reference.hashes, &list.element(index), found);
    }
}

/// Only a model has a model card.
fn model_card(component: &Component<'_>, pointer: &Pointer, found: &mut Found) {
    let Some(card) = &component.model_card else {
        return;
    };
    let at = pointer.member("modelCard");
    let kind = component.kind.as_deref().unwrap_or_default();
    if kind != "machine-learning-model" {
        let kind = quote(kind);
        found.add(&at, DefectKind::ModelCardMisplaced { kind });
    }
    metrics::of_card(card, &at, found);
}

/// Only data has `data`.
fn data(component: &Component<'_>, pointer: &Pointer, found: &mut Found) {
    let kind = component.kind.as_deref().unwrap_or_default();
    if !component.data.is_empty() && kind != "data" {
        let kind = quote(kind);
        found.add(&pointer.member("data"), DefectKind::DataMisplaced { kind });
    }
}

/// A model without card, and data of which nothing is said.
fn undescribed(component: &Component<'_>, pointer: &Pointer, found: &mut Found) {
    match component.kind.as_deref() {
        Some("machine-learning-model") if component.model_card.is_none() => {
            found.add(pointer, DefectKind::ModelUndescribed);
        }
        Some("data")
            if component.data.is_empty()
                && component.hashes.is_empty()
                && component.components.is_empty()
                && component.external_references.is_empty()
                && component.purl.is_none() =>
        {
            found.add(pointer, DefectKind::DataUndescribed);
        }
        _ => {}
    }
}

/// What later rules ask about an element by its name.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Substance {
    /// It is a model or data.
    pub(super) is_made_of_files: bool,
    /// It has parts or digests of its own.
    pub(super) has_substance: bool,
}

/// Of every component whose name is asked for.
pub(super) fn substances<'b>(
    bom: &Bom<'_>,
    mut asked: HashMap<&'b str, Substance>,
) -> HashMap<&'b str, Substance> {
    bom.walk(|placed| {
        let component = placed.component;
        let name = component.bom_ref.as_deref().unwrap_or_default();
        if let Some(substance) = asked.get_mut(name) {
            substance.is_made_of_files |= matches!(
                component.kind.as_deref(),
                Some("machine-learning-model" | "data")
            );
            substance.has_substance |=
                !component.components.is_empty() || !component.hashes.is_empty();
        }
    });
    asked
}
