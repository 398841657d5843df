//! What data flows, through what.

use super::{each_model, said};
use crate::json::Pointer;
use crate::profile::examined::Examined;
use crate::profile::judged::{Judged, counted};
use crate::view::{Resource, Service};

/// Every service, with those inside of others.
fn services<'x>(x: &'x Examined<'_>) -> Vec<(Pointer, &'x Service<'x>)> {
    let mut found = Vec::new();
    let place = Pointer::root().member("services");
    let mut waiting: Vec<(Pointer, &Service<'_>)> = x
        .bom
        .services
        .iter()
        .enumerate()
        .rev()
        .map(|(index, service)| (place.element(index), service))
        .collect();
    while let Some((at, service)) = waiting.pop() {
        let place = at.member("services");
        for (index, inner) in service.services.iter().enumerate() {
            waiting.push((place.element(index), inner));
        }
        found.push((at, service));
    }
    found
}

/// What flows where: data of services, inputs and outputs of recipes.
pub(in crate::profile) fn data_flow(x: &Examined<'_>) -> Judged {
    let flowing: Vec<Pointer> = services(x)
        .into_iter()
        .filter(|(_, service)| {
            let mut data = service.data.iter();
            // `flow` stands next to what the view reads of data.
            data.any(|data| data.extra.get("flow").is_some())
        })
        .map(|(at, _)| at.member("data"))
        .collect();
    if !flowing.is_empty() {
        return x.declared(
            format!("data flows of {}", counted(flowing.len(), "service")),
            flowing,
        );
    }
    let mut resources = 0;
    let mut described = 0;
    let mut pointers = Vec::new();
    for (index, formula) in x.bom.formulation.iter().enumerate() {
        for (number, workflow) in formula.workflows.iter().enumerate() {
            let tasks = workflow.tasks.iter();
            let inner = tasks.flat_map(|task| task.inputs.iter().chain(&task.outputs));
            let all = workflow.inputs.iter().chain(&workflow.outputs).chain(inner);
            for resource in all {
                resources += 1;
                described += usize::from(leads(x, resource));
            }
            let place = Pointer::root()
                .member("formulation")
                .element(index)
                .member("workflows")
                .element(number);
            pointers.push(place.member("inputs"));
            pointers.push(place.member("outputs"));
        }
    }
    let told = format!("{} and outputs of recipes", counted(resources, "input"));
    if resources == 0 {
        Judged::missing("neither data of services nor inputs and outputs of a recipe")
    } else if described == resources {
        x.consistent(format!("{told}, each a listed element"), pointers)
    } else {
        x.declared(
            format!("{told}, {described} of them listed elements"),
            pointers,
        )
    }
}

fn leads(x: &Examined<'_>, resource: &Resource<'_>) -> bool {
    let places = [&resource.resource, &resource.source, &resource.target];
    places.into_iter().flatten().any(|place| {
        let reference = place.reference.as_deref();
        reference.is_some_and(|reference| x.references.contains(reference))
    })
}

/// What data is used, and how secret it is.
pub(in crate::profile) fn data_usage(x: &Examined<'_>) -> Judged {
    let classified: Vec<Pointer> = services(x)
        .into_iter()
        .filter(|(_, service)| {
            let mut data = service.data.iter();
            data.any(|data| said(data.classification.as_deref()).is_some())
        })
        .map(|(at, _)| at.member("data"))
        .collect();
    if !classified.is_empty() {
        return x.declared(
            format!(
                "classified data of {}",
                counted(classified.len(), "service")
            ),
            classified,
        );
    }
    let sensitive = x.datasets.iter().flat_map(|dataset| dataset.data());
    let sensitive: Vec<Pointer> = sensitive
        .filter(|(_, data)| {
            said(data.classification.as_deref()).is_some() || !data.sensitive_data.is_empty()
        })
        .map(|(at, _)| at)
        .collect();
    if sensitive.is_empty() {
        Judged::missing("no data is classified, neither of services nor of datasets")
    } else {
        x.declared(counted(sensitive.len(), "classified dataset"), sensitive)
    }
}

/// What the system is for.
pub(in crate::profile) fn application_area(x: &Examined<'_>) -> Judged {
    each_model(x, |x, located| {
        let judged = super::model::use_cases(x, located);
        if judged.evidence != bonafide_core::assessment::Evidence::Missing {
            return judged;
        }
        let card = located.component.model_card.as_deref();
        let users = card
            .and_then(|card| card.considerations.as_ref())
            .map_or(0, |known| known.users.len());
        if users == 0 {
            return Judged::missing_at(&located.pointer, "neither use cases nor users");
        }
        let place = located
            .at("modelCard")
            .member("considerations")
            .member("users");
        x.declared(counted(users, "kind of user"), vec![place])
    })
}
