//! Datasets.

use super::{base, component, digests, licence, said};
use crate::json::Pointer;
use crate::profile::examined::{Dataset, Examined};
use crate::profile::judged::{Judged, counted, quote};
use crate::purl::HubReference;

/// What it is called, held against the model's README.
pub(in crate::profile) fn name(x: &Examined<'_>, dataset: &Dataset<'_>) -> Judged {
    let (name, place) = match dataset {
        Dataset::Component(located) => (located.component.name.as_deref(), located.at("name")),
        Dataset::Inline { pointer, data } => (data.name.as_deref(), pointer.member("name")),
    };
    let Some(name) = said(name) else {
        return Judged::missing_at(dataset.pointer(), "no name");
    };
    if x.is_dataset_of_card(base(name)) {
        return x.consistent(
            format!("{}, as the artifact's README says", quote(name)),
            vec![place],
        );
    }
    match dataset {
        Dataset::Component(located) => component::name(x, located),
        Dataset::Inline { .. } => x.declared(
            format!("{}; nothing else says so", quote(name)),
            vec![place],
        ),
    }
}

/// What it is.
pub(in crate::profile) fn description(x: &Examined<'_>, dataset: &Dataset<'_>) -> Judged {
    if let Dataset::Component(located) = dataset
        && let Some(text) = said(located.component.description.as_deref())
    {
        return x.declared(quote(text), vec![located.at("description")]);
    }
    for (place, data) in dataset.data() {
        if let Some(text) = said(data.description.as_deref()) {
            return x.declared(quote(text), vec![place.member("description")]);
        }
    }
    Judged::missing_at(dataset.pointer(), "no description")
}

/// What kind of data, and where it is.
pub(in crate::profile) fn content(x: &Examined<'_>, dataset: &Dataset<'_>) -> Judged {
    for (place, data) in dataset.data() {
        let contents = data.contents.as_ref();
        let held = contents.is_some_and(|contents| {
            contents.attachment.is_some()
                || contents.url.is_some()
                || !contents.properties.is_empty()
        });
        match (said(data.kind.as_deref()), held) {
            (Some(kind), true) => {
                let pointers = vec![place.member("type"), place.member("contents")];
                return x.declared(format!("{}, with its contents", quote(kind)), pointers);
            }
            (Some(kind), false) => {
                return x.declared(
                    format!("{}, without a word about its contents", quote(kind)),
                    vec![place.member("type")],
                );
            }
            (None, true) => {
                return x.declared("contents of no stated kind", vec![place.member("contents")]);
            }
            (None, false) => {}
        }
    }
    Judged::missing_at(dataset.pointer(), "neither kind nor contents")
}

/// What it is called outside of the document.
pub(in crate::profile) fn identifier(x: &Examined<'_>, dataset: &Dataset<'_>) -> Judged {
    if let Dataset::Component(located) = dataset {
        let judged = component::identifier(x, located);
        if judged.evidence != bonafide_core::assessment::Evidence::Missing {
            return judged;
        }
    }
    match address(dataset) {
        Some((url, place)) => x.declared(format!("only the address {}", quote(url)), vec![place]),
        None => Judged::missing_at(dataset.pointer(), "neither identifier nor address"),
    }
}

/// Where it can be found.
fn address<'d>(dataset: &'d Dataset<'_>) -> Option<(&'d str, Pointer)> {
    if let Dataset::Component(located) = dataset {
        let references = located.component.external_references.iter().enumerate();
        let kinds = ["distribution", "vcs", "source-distribution", "website"];
        for (index, reference) in references {
            let fits = reference
                .kind
                .as_deref()
                .is_some_and(|kind| kinds.contains(&kind));
            if let (true, Some(url)) = (fits, said(reference.url.as_deref())) {
                return Some((url, located.at("externalReferences").element(index)));
            }
        }
    }
    dataset.data().into_iter().find_map(|(place, data)| {
        let url = said(data.contents.as_ref()?.url.as_deref())?;
        Some((url, place.member("contents").member("url")))
    })
}

/// Digest of its bytes.
pub(in crate::profile) fn digest(x: &Examined<'_>, dataset: &Dataset<'_>) -> Judged {
    match dataset {
        Dataset::Component(located) => digests::value(x, located),
        Dataset::Inline { pointer, .. } => Judged::missing_at(
            pointer,
            "named in the model card only, where no digest can stand",
        ),
    }
}

/// Licence.
pub(in crate::profile) fn licence(x: &Examined<'_>, dataset: &Dataset<'_>) -> Judged {
    match dataset {
        Dataset::Component(located) => licence::of_component(x, located),
        Dataset::Inline { pointer, .. } => Judged::missing_at(
            pointer,
            "named in the model card only, where no licence can stand",
        ),
    }
}

/// Where it comes from.
pub(in crate::profile) fn provenance(x: &Examined<'_>, dataset: &Dataset<'_>) -> Judged {
    let address = address(dataset);
    if let Dataset::Component(located) = dataset {
        if let Some(pedigree) = located.component.pedigree.as_deref()
            && (!pedigree.ancestors.is_empty() || !pedigree.commits.is_empty())
        {
            return x.declared(
                "it has a pedigree; nothing else says so",
                vec![located.at("pedigree")],
            );
        }
        let package = located.package();
        let repository = package.and_then(|package| package.hub_repository()?.ok());
        let reference = address
            .as_ref()
            .and_then(|(url, _)| HubReference::parse(url).ok());
        if let (Some(repository), Some(reference)) = (repository, reference)
            && repository == reference.repository
        {
            return x.consistent(
                "package URL and address lead to the same repository",
                vec![located.at("purl")],
            );
        }
    }
    if let Some((url, place)) = address {
        return x.declared(format!("only the address {}", quote(url)), vec![place]);
    }
    if let Dataset::Component(located) = dataset
        && let Some(text) = said(located.component.purl.as_deref())
    {
        return x.declared(format!("only {}", quote(text)), vec![located.at("purl")]);
    }
    let governed = dataset.data().into_iter().find_map(|(place, data)| {
        let known = data.governance.as_ref()?;
        let named = known.owners.len() + known.stewards.len() + known.custodians.len();
        (named > 0).then(|| place.member("governance"))
    });
    match governed {
        Some(place) => x.declared("only who is responsible for it", vec![place]),
        None => Judged::missing_at(dataset.pointer(), "nothing about where it comes from"),
    }
}

/// How much of what it holds.
pub(in crate::profile) fn statistics(x: &Examined<'_>, dataset: &Dataset<'_>) -> Judged {
    const WORDS: [&str; 9] = [
        "size",
        "rows",
        "records",
        "count",
        "samples",
        "split",
        "statistics",
        "distribution",
        "columns",
    ];
    let telling = |name: Option<&str>| {
        let name = name.unwrap_or_default().to_lowercase();
        let mut words = name.split(|character: char| !character.is_alphanumeric());
        words.any(|word| WORDS.contains(&word))
    };
    for (place, data) in dataset.data() {
        if data.graphics.is_some() {
            return x.declared("graphics of it", vec![place.member("graphics")]);
        }
        let held = data.contents.as_ref();
        let properties = held.map_or(&[][..], |contents| &contents.properties);
        if let Some(index) = properties
            .iter()
            .position(|property| telling(property.name.as_deref()))
        {
            let place = place.member("contents").member("properties").element(index);
            return x.declared("a number in its properties", vec![place]);
        }
    }
    if let Dataset::Component(located) = dataset
        && let Some(index) = located
            .component
            .properties
            .iter()
            .position(|property| telling(property.name.as_deref()))
    {
        let place = located.at("properties").element(index);
        return x.declared("a number in its properties", vec![place]);
    }
    Judged::missing_at(dataset.pointer(), "nothing about its size or distribution")
}

/// How secret it is, and what in it is sensitive.
pub(in crate::profile) fn sensitivity(x: &Examined<'_>, dataset: &Dataset<'_>) -> Judged {
    for (place, data) in dataset.data() {
        if let Some(class) = said(data.classification.as_deref()) {
            return x.declared(
                format!("classified {}", quote(class)),
                vec![place.member("classification")],
            );
        }
        if !data.sensitive_data.is_empty() {
            return x.declared(
                counted(data.sensitive_data.len(), "sensitive item"),
                vec![place.member("sensitiveData")],
            );
        }
    }
    Judged::missing_at(
        dataset.pointer(),
        "neither a classification nor what is sensitive",
    )
}

/// What uses it.
pub(in crate::profile) fn relationship(x: &Examined<'_>, dataset: &Dataset<'_>) -> Judged {
    let located = match dataset {
        Dataset::Component(located) => located,
        Dataset::Inline { pointer, .. } => {
            return x.declared("named in a model's card", vec![pointer.clone()]);
        }
    };
    let Some(reference) = located.component.bom_ref.as_deref() else {
        return Judged::missing_at(&located.pointer, "nothing can refer to it");
    };
    let trained = x.trained_on(reference);
    if trained || x.related.contains(reference) {
        let what = if trained {
            "a model's card refers to it"
        } else {
            "it takes part in the dependency graph"
        };
        return x.consistent(what, vec![located.at("bom-ref")]);
    }
    Judged::missing_at(&located.pointer, "no model or dependency refers to it")
}
