//! What an `ai_AIPackage` says of a model.

use super::component::Mapper;
use super::members::{Fit, each, properties, property, text};
use super::relations::Links;
use super::words;
use crate::json::{Node, Pointer};
use crate::view::{
    Component, Data, EnergyConsumption, EnergyMeasure, ModelCard, PerformanceMetric, Property, Text,
};

/// Activities that took energy: name here, name in CycloneDX.
const ACTIVITIES: [(&str, &str); 3] = [
    ("ai_trainingEnergyConsumption", "training"),
    ("ai_finetuningEnergyConsumption", "fine-tuning"),
    ("ai_inferenceEnergyConsumption", "inference"),
];

/// One member; gives back what the view does not hold.
pub(super) fn member<'a>(
    mapper: &mut Mapper<'_, 'a>,
    card: &mut ModelCard<'a>,
    name: &str,
    node: &Node<'a>,
) -> Option<Node<'a>> {
    match name {
        "ai_typeOfModel" => {
            if let [Node::Text(only)] = super::members::values(node) {
                let parameters = card.model_parameters.get_or_insert_default();
                parameters.architecture_family = Some(only.clone());
                return None;
            }
            properties(&mut card.properties, name, node)
        }
        "ai_hyperparameter" | "ai_metricDecisionThreshold" => {
            entries(mapper, &mut card.properties, name, node)
        }
        "ai_metric" => metrics(mapper, card, node),
        "ai_limitation" => {
            let considerations = card.considerations.get_or_insert_default();
            texts(&mut considerations.technical_limitations, node)
        }
        "ai_domain" => {
            let considerations = card.considerations.get_or_insert_default();
            texts(&mut considerations.use_cases, node)
        }
        "ai_energyConsumption" => energy(mapper, card, node),
        name if words::CARD_PROPERTIES.contains(&name) => {
            properties(&mut card.properties, name, node)
        }
        _ => Some(node.clone()),
    }
}

fn texts<'a>(list: &mut Vec<Text<'a>>, node: &Node<'a>) -> Option<Node<'a>> {
    each(node, |_, value| match value {
        Node::Text(text) => {
            list.push(text.clone());
            Fit::Whole
        }
        _ => Fit::NotWhole,
    })
}

/// Key and value of each entry.
fn dictionary<'a>(
    mapper: &mut Mapper<'_, 'a>,
    node: &Node<'a>,
    mut take: impl FnMut(Text<'a>, Option<Text<'a>>),
) -> Option<Node<'a>> {
    let graph = mapper.graph;
    each(node, |_, entry| {
        let Some((object, _)) = graph.object(entry, &Pointer::root()) else {
            return Fit::NotWhole;
        };
        let Some(key) = text(object, "key") else {
            return Fit::NotWhole;
        };
        let value = match object.get("value") {
            None => None,
            Some(Node::Text(value)) => Some(mapper.shared.text(value)),
            Some(_) => return Fit::NotWhole,
        };
        take(mapper.shared.text(key), value);
        match entry {
            Node::Text(_) => Fit::Whole,
            _ => Fit::of(object, &["type", "key", "value"]),
        }
    })
}

/// A property for each entry, with its key in the name.
pub(super) fn entries<'a>(
    mapper: &mut Mapper<'_, 'a>,
    list: &mut Vec<Property<'a>>,
    name: &str,
    node: &Node<'a>,
) -> Option<Node<'a>> {
    dictionary(mapper, node, |key, value| {
        list.push(Property {
            name: Some(format!("spdx:{name}:{key}").into()),
            value,
            ..Property::default()
        });
    })
}

fn metrics<'a>(
    mapper: &mut Mapper<'_, 'a>,
    card: &mut ModelCard<'a>,
    node: &Node<'a>,
) -> Option<Node<'a>> {
    let mut list = Vec::new();
    let left = dictionary(mapper, node, |key, value| {
        list.push(PerformanceMetric {
            kind: Some(key),
            value,
            ..PerformanceMetric::default()
        });
    });
    if !list.is_empty() {
        let analysis = card.quantitative_analysis.get_or_insert_default();
        analysis.performance_metrics.append(&mut list);
    }
    left
}

/// Energy in kilowatt hours has a place in the view; another unit has none, and is not
/// converted: the number would be ours.
fn energy<'a>(
    mapper: &mut Mapper<'_, 'a>,
    card: &mut ModelCard<'a>,
    node: &Node<'a>,
) -> Option<Node<'a>> {
    let graph = mapper.graph;
    let Some((object, _)) = graph.object(node, &Pointer::root()) else {
        return Some(node.clone());
    };
    let mut whole = match node {
        Node::Text(_) => Fit::Whole,
        _ => Fit::of(
            object,
            &["type", ACTIVITIES[0].0, ACTIVITIES[1].0, ACTIVITIES[2].0],
        ),
    };
    for (name, activity) in ACTIVITIES {
        let Some(list) = object.get(name) else {
            continue;
        };
        let left = each(list, |_, entry| {
            let Some((object, _)) = graph.object(entry, &Pointer::root()) else {
                return Fit::NotWhole;
            };
            let quantity = object.get("ai_energyQuantity");
            let unit = object.get("ai_energyUnit").and_then(Node::text);
            match (quantity, unit) {
                (Some(Node::Number(number)), Some("kilowattHour")) => {
                    let considerations = card.considerations.get_or_insert_default();
                    let environment = considerations
                        .environmental_considerations
                        .get_or_insert_default();
                    environment.energy_consumptions.push(EnergyConsumption {
                        activity: Some(activity.into()),
                        activity_energy_cost: Some(EnergyMeasure {
                            value: Some(*number),
                            unit: Some("kWh".into()),
                            ..EnergyMeasure::default()
                        }),
                        ..EnergyConsumption::default()
                    });
                }
                (Some(Node::Number(number)), Some(unit)) => {
                    let value = format!("{number} {unit}");
                    card.properties.push(property(name, value.into()));
                }
                (Some(Node::Text(number)), Some(unit)) => {
                    let value = format!("{} {unit}", mapper.shared.text(number));
                    card.properties.push(property(name, value.into()));
                }
                _ => return Fit::NotWhole,
            }
            match entry {
                Node::Text(_) => Fit::Whole,
                _ => Fit::of(object, &["type", "ai_energyQuantity", "ai_energyUnit"]),
            }
        });
        if left.is_some() {
            whole = Fit::NotWhole;
        }
    }
    (whole == Fit::NotWhole).then(|| node.clone())
}

impl<'a> Mapper<'_, 'a> {
    /// Data that a model was made with. That it was trained or tested with it is kept beside.
    pub(super) fn data(&mut self, component: &mut Component<'a>, links: &Links<'a>) {
        let mut listed = std::collections::HashSet::new();
        for (kind, target, source) in &links.data {
            let id = self.shared.text(target);
            component.properties.push(property(kind, id));
            if !listed.insert(target) {
                continue;
            }
            let reference = Some(self.shared.text(target));
            let card = component.model_card.get_or_insert_default();
            let parameters = card.model_parameters.get_or_insert_default();
            let step = parameters.datasets.len().to_string();
            parameters.datasets.push(Data {
                reference,
                ..Data::default()
            });
            let steps = ["modelCard", "modelParameters", "datasets", &step];
            self.comes_from(&steps, source);
        }
    }
}
