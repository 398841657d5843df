//! What a model card says, held against the model's own files.

use bonafide_core::assessment::Evidence;

use super::{alike, base, said};
use crate::excerpt;
use crate::json::Pointer;
use crate::model_card::ModelConfiguration;
use crate::profile::examined::{Examined, Located};
use crate::profile::judged::{Judged, counted, quote};
use crate::view::{Considerations, ModelParameters};

fn parameters<'l>(located: &'l Located<'_>) -> Option<&'l ModelParameters<'l>> {
    let card = located.component.model_card.as_deref()?;
    card.model_parameters.as_ref()
}

fn at(located: &Located<'_>, name: &str) -> Pointer {
    located
        .at("modelCard")
        .member("modelParameters")
        .member(name)
}

/// What the model is said to do, held against the README.
pub(in crate::profile) fn task(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    let known = parameters(located);
    let Some(task) = known.and_then(|known| said(known.task.as_deref())) else {
        return Judged::missing_at(&located.pointer, "no task");
    };
    let place = at(located, "task");
    let card = x.facts(located).and_then(|facts| facts.card.as_ref());
    match card.and_then(|card| card.pipeline_tag.as_deref()) {
        Some(tag) if alike(tag, task) => x.consistent(
            format!("{}, as the artifact's README says", quote(task)),
            vec![place],
        ),
        Some(tag) => Judged::new(
            Evidence::Contradicted,
            format!(
                "{}, but the artifact's README says {}",
                quote(task),
                quote(tag)
            ),
            vec![place],
        ),
        None => x.declared(
            format!("{}; nothing else says so", quote(task)),
            vec![place],
        ),
    }
}

/// The architecture, held against `config.json`.
pub(in crate::profile) fn architecture(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    let Some(known) = parameters(located) else {
        return Judged::missing_at(&located.pointer, "no architecture");
    };
    let named = said(known.model_architecture.as_deref())
        .map(|name| (name, at(located, "modelArchitecture")))
        .or_else(|| {
            let family = said(known.architecture_family.as_deref())?;
            Some((family, at(located, "architectureFamily")))
        });
    let Some((name, place)) = named else {
        return Judged::missing_at(&located.pointer, "no architecture");
    };
    let facts = x.facts(located);
    let Some(configuration) = facts.and_then(|facts| facts.configuration.as_ref()) else {
        return x.declared(
            format!("{}; nothing else says so", quote(name)),
            vec![place],
        );
    };
    if names_architecture(configuration, name) {
        return x.consistent(format!("{}, as config.json says", quote(name)), vec![place]);
    }
    match configuration.architectures.first() {
        // Only names of classes are so exact that another one is another model.
        Some(class) if is_class_name(name) => Judged::new(
            Evidence::Contradicted,
            format!("{}, but config.json says {}", quote(name), quote(class)),
            vec![place],
        ),
        _ => x.declared(
            format!("{}; config.json does not say so", quote(name)),
            vec![place],
        ),
    }
}

fn names_architecture(configuration: &ModelConfiguration, name: &str) -> bool {
    let kind = configuration.model_type.as_deref();
    configuration
        .architectures
        .iter()
        .map(String::as_str)
        .chain(kind)
        .any(|known| alike(known, name))
}

/// `LlamaForCausalLM`, `BertModel`: a name of a class of Transformers.
fn is_class_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && (name.contains("For") || name.ends_with("Model"))
}

/// Everything about how the model is built: task and architecture, or properties.
pub(in crate::profile) fn properties(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    let said_so = [architecture(x, located), task(x, located)];
    let stated: Vec<Judged> = said_so
        .into_iter()
        .filter(|judged| judged.evidence != Evidence::Missing)
        .collect();
    if let Some(worst) = stated.into_iter().min_by_key(|judged| judged.evidence) {
        return worst;
    }
    let card = located.component.model_card.as_deref();
    let in_card = card.map_or(&[][..], |card| &card.properties);
    let (list, place) = if in_card.is_empty() {
        (&located.component.properties[..], located.at("properties"))
    } else {
        (in_card, located.at("modelCard").member("properties"))
    };
    let about: Vec<Pointer> = list
        .iter()
        .enumerate()
        .filter(|(_, property)| {
            let name = property.name.as_deref().unwrap_or_default().to_lowercase();
            ["ai-ml", "model", "parameter", "architecture", "tensor"]
                .iter()
                .any(|word| name.contains(word))
        })
        .map(|(index, _)| place.element(index))
        .collect();
    if about.is_empty() {
        return Judged::missing_at(&located.pointer, "neither task nor architecture");
    }
    x.declared(
        format!(
            "{}; neither task nor architecture in the model card",
            counted(about.len(), "property")
        ),
        about,
    )
}

/// Forms of what goes in and what comes out.
pub(in crate::profile) fn inputs_and_outputs(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    let known = parameters(located);
    let inputs = known.map_or(0, |known| known.inputs.len());
    let outputs = known.map_or(0, |known| known.outputs.len());
    match (inputs, outputs) {
        (0, 0) => Judged::missing_at(&located.pointer, "neither inputs nor outputs"),
        (0, _) => Judged::missing_at(&located.pointer, "outputs, and no inputs"),
        (_, 0) => Judged::missing_at(&located.pointer, "inputs, and no outputs"),
        _ => x.declared(
            format!(
                "{} and {}",
                counted(inputs, "input"),
                counted(outputs, "output")
            ),
            vec![at(located, "inputs"), at(located, "outputs")],
        ),
    }
}

/// How it was trained: approach, data, recipe, ancestors.
pub(in crate::profile) fn training(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    let known = parameters(located);
    let mut said_so = Vec::new();
    let mut pointers = Vec::new();
    let approach = known.and_then(|known| known.approach.as_ref());
    if approach.is_some_and(|approach| said(approach.kind.as_deref()).is_some()) {
        said_so.push("how it learnt");
        pointers.push(at(located, "approach"));
    }
    let datasets = known.map_or(&[][..], |known| &known.datasets);
    if !datasets.is_empty() {
        said_so.push("data");
        pointers.push(at(located, "datasets"));
    }
    let pedigree = located.component.pedigree.as_deref();
    let ancestors = pedigree.map_or(&[][..], |pedigree| &pedigree.ancestors);
    if !ancestors.is_empty() {
        said_so.push("ancestors");
        pointers.push(located.at("pedigree").member("ancestors"));
    }
    if !x.bom.formulation.is_empty() {
        said_so.push("a recipe");
        pointers.push(Pointer::root().member("formulation"));
    }
    if said_so.is_empty() {
        return Judged::missing_at(
            &located.pointer,
            "neither approach nor data nor recipe nor ancestors",
        );
    }
    let told = format!("it tells of {}", said_so.join(", "));
    let card = x.facts(located).and_then(|facts| facts.card.as_ref());
    if let Some(card) = card {
        // A name in the README that the document leaves out.
        let stated = card.base_model.iter().chain(&card.datasets);
        let forgotten = stated.clone().find(|name| !x.names(base(name)));
        if let Some(name) = forgotten {
            return x.declared(
                format!(
                    "{told}, but not of {}, which the artifact's README names",
                    quote(name)
                ),
                pointers,
            );
        }
        if stated.count() > 0 {
            return x.consistent(
                format!("{told}, and of everything that the artifact's README names"),
                pointers,
            );
        }
    }
    let leads = datasets
        .iter()
        .filter_map(|data| data.reference.as_deref())
        .collect::<Vec<_>>();
    if !leads.is_empty()
        && leads
            .iter()
            .all(|reference| x.references.contains(reference))
    {
        return x.consistent(
            format!("{told}; every dataset that it refers to is described"),
            pointers,
        );
    }
    x.declared(format!("{told}; nothing else says so"), pointers)
}

/// Names of the data that it was made with.
pub(in crate::profile) fn datasets(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    let known = parameters(located);
    let datasets = known.map_or(&[][..], |known| &known.datasets);
    if datasets.is_empty() {
        return Judged::missing_at(&located.pointer, "no dataset");
    }
    let place = at(located, "datasets");
    let card = x.facts(located).and_then(|facts| facts.card.as_ref());
    let in_card = card.map_or(&[][..], |card| &card.datasets);
    let forgotten = in_card.iter().find(|name| !x.names(base(name)));
    let count = counted(datasets.len(), "dataset");
    if let Some(name) = forgotten {
        return x.declared(
            format!(
                "{count}, without {}, which the artifact's README names",
                quote(name)
            ),
            vec![place],
        );
    }
    if !in_card.is_empty() {
        return x.consistent(
            format!("{count}, with all that the artifact's README names"),
            vec![place],
        );
    }
    let described = datasets.iter().all(|data| {
        let reference = data.reference.as_deref();
        reference.is_some_and(|reference| x.references.contains(reference))
    });
    if described {
        x.consistent(
            format!("{count}, each described as a component"),
            vec![place],
        )
    } else {
        x.declared(format!("{count}; nothing else says so"), vec![place])
    }
}

/// A list of texts of the considerations.
fn considered(
    x: &Examined<'_>,
    located: &Located<'_>,
    list: impl Fn(&Considerations<'_>) -> (usize, &'static str),
    what: &str,
) -> Judged {
    let card = located.component.model_card.as_deref();
    let known = card.and_then(|card| card.considerations.as_ref());
    match known.map(list) {
        Some((count, member)) if count > 0 => {
            let place = located
                .at("modelCard")
                .member("considerations")
                .member(member);
            x.declared(counted(count, what), vec![place])
        }
        _ => Judged::missing_at(&located.pointer, format!("no {what}")),
    }
}

/// What it is for.
pub(in crate::profile) fn use_cases(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    considered(
        x,
        located,
        |known| (known.use_cases.len(), "useCases"),
        "use case",
    )
}

/// What it cannot do.
pub(in crate::profile) fn limitations(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    considered(
        x,
        located,
        |known| (known.technical_limitations.len(), "technicalLimitations"),
        "limitation",
    )
}

/// Ethical risks and fairness.
pub(in crate::profile) fn ethics(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    considered(
        x,
        located,
        |known| match known.ethical_considerations.len() {
            0 => (known.fairness_assessments.len(), "fairnessAssessments"),
            count => (count, "ethicalConsiderations"),
        },
        "ethical consideration",
    )
}

/// Energy that it took, with quantity and unit.
pub(in crate::profile) fn energy(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    considered(
        x,
        located,
        |known| {
            let environment = known.environmental_considerations.as_ref();
            let count = environment.map_or(0, |known| {
                let measured = |cost: &&crate::view::EnergyConsumption<'_>| {
                    let cost = cost.activity_energy_cost.as_ref();
                    cost.is_some_and(|cost| cost.value.is_some())
                };
                known.energy_consumptions.iter().filter(measured).count()
            });
            (count, "environmentalConsiderations")
        },
        "energy consumption",
    )
}

/// A property that `config.json` states as well.
pub(in crate::profile) fn configured(
    x: &Examined<'_>,
    located: &Located<'_>,
    names: &[&str],
    read: impl Fn(&ModelConfiguration) -> Option<u64>,
) -> Judged {
    let Some((value, place)) = super::property::find(x, located, names) else {
        return Judged::missing_at(&located.pointer, "not stated");
    };
    let facts = x.facts(located);
    let configuration = facts.and_then(|facts| facts.configuration.as_ref());
    match configuration.and_then(read) {
        Some(number) if value.trim().parse() == Ok(number) => x.consistent(
            format!("{}, as config.json says", quote(value)),
            vec![place],
        ),
        Some(number) => Judged::new(
            Evidence::Contradicted,
            format!("{}, but config.json says {number}", excerpt(value, 60)),
            vec![place],
        ),
        None => x.declared(
            format!("{}; nothing else says so", quote(value)),
            vec![place],
        ),
    }
}
