//! What a `dataset_DatasetPackage` says of data.

use super::component::Mapper;
use super::graph::Element;
use super::members::{fill, property};
use super::model::entries;
use crate::json::Node;
use crate::view::{Component, Data};

fn data<'d, 'a>(component: &'d mut Component<'a>) -> Option<&'d mut Data<'a>> {
    if component.data.is_empty() {
        component.data.push(Data::default());
    }
    component.data.first_mut()
}

/// One member; gives back what the view does not hold.
pub(super) fn member<'a>(
    mapper: &mut Mapper<'_, 'a>,
    component: &mut Component<'a>,
    name: &str,
    node: &Node<'a>,
) -> Option<Node<'a>> {
    if component.kind.as_deref() != Some("data") {
        return Some(node.clone());
    }
    match name {
        "dataset_confidentialityLevel" => match data(component) {
            Some(data) => fill(&mut data.classification, node),
            None => Some(node.clone()),
        },
        "dataset_hasSensitivePersonalInformation" => {
            let Node::Text(answer) = node else {
                return Some(node.clone());
            };
            if answer == "yes"
                && let Some(data) = data(component)
            {
                data.sensitive_data.push("personal information".into());
            }
            component.properties.push(property(name, answer.clone()));
            None
        }
        "dataset_sensor" => entries(mapper, &mut component.properties, name, node),
        _ => Some(node.clone()),
    }
}

/// Every package of data is a dataset.
pub(super) fn finish<'a>(element: &Element<'a>, component: &mut Component<'a>) {
    let is_dataset = element
        .class
        .is_some_and(|class| class.name == "dataset_DatasetPackage");
    let name = component.name.clone();
    if is_dataset && let Some(data) = data(component) {
        data.kind = Some("dataset".into());
        data.name = name;
    }
}
