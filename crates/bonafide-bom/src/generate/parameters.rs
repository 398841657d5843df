//! The model card: what the settings and the front matter say of a model.

use super::Inventory;
use super::lineage::Dataset;
use super::object::{list, of, property, set_list, text};
use crate::json::{Node, Object};
use crate::model_card::{ChatTemplate, EvaluationResult, Metric};

/// The card; without a single fact there is none.
pub(super) fn write<'a>(inventory: &'a Inventory, datasets: &[Dataset<'a>]) -> Option<Node<'a>> {
    let mut card = Object::default();
    let parameters = parameters(inventory, datasets);
    if !parameters.is_empty() {
        card.set("modelParameters", Node::Object(parameters));
    }
    let results = inventory.card.iter().flat_map(|card| &card.results);
    let metrics: Vec<Node<'a>> = results
        .flat_map(|result| {
            let measured = result.metrics.iter();
            measured.filter_map(|metric| performance(result, metric))
        })
        .collect();
    if !metrics.is_empty() {
        let analysis = of([("performanceMetrics", list(metrics))]);
        card.set("quantitativeAnalysis", analysis);
    }
    set_list(&mut card, "properties", properties(inventory));
    (!card.is_empty()).then_some(Node::Object(card))
}

fn parameters<'a>(inventory: &'a Inventory, datasets: &[Dataset<'a>]) -> Object<'a> {
    let mut parameters = Object::default();
    let configuration = inventory.configuration.as_ref();
    let task = inventory
        .card
        .as_ref()
        .and_then(|card| card.pipeline_tag.as_deref());
    let family = configuration.and_then(|known| known.model_type.as_deref());
    let architecture = configuration
        .and_then(|known| known.architectures.first())
        .map(String::as_str);
    for (name, value) in [
        ("task", task),
        ("architectureFamily", family),
        ("modelArchitecture", architecture),
    ] {
        if let Some(value) = value {
            parameters.set(name, text(value));
        }
    }
    let references = datasets
        .iter()
        .map(|data| of([("ref", text(data.reference.clone()))]));
    set_list(&mut parameters, "datasets", references.collect());
    parameters
}

/// A result of the `model-index` that has a name and a value.
fn performance<'a>(result: &'a EvaluationResult, metric: &'a Metric) -> Option<Node<'a>> {
    let kind = metric.kind.as_deref().or(metric.name.as_deref())?;
    let value = metric.value.as_deref()?;
    let mut written = Object::default();
    written.set("type", text(kind));
    written.set("value", text(value));
    let data = result.dataset_name.as_deref().or(result.dataset.as_deref());
    if let Some(data) = data {
        written.set("slice", text(data));
    }
    Some(Node::Object(written))
}

/// What the model card of the standard has no field for: names of the official taxonomy
/// (`cdx:ai-ml`) where it has one, otherwise our own.
fn properties(inventory: &Inventory) -> Vec<Node<'_>> {
    let mut properties = Vec::new();
    let mut add = |name: &'static str, value: Option<Node<'_>>| {
        if let Some(Node::Text(value)) = value
            && !value.is_empty()
        {
            properties.push(property(name, text(value.into_owned())));
        }
    };
    let number = |number: Option<u64>| number.map(|number| text(number.to_string()));
    if let Some(card) = &inventory.card {
        for language in &card.language {
            add("cdx:ai-ml:model:language", Some(text(language.as_str())));
        }
        add(
            "bonafide:card:library",
            card.library_name.as_deref().map(text),
        );
        add(
            "bonafide:card:new-version",
            card.new_version.as_deref().map(text),
        );
    }
    if let Some(known) = &inventory.configuration {
        for architecture in known.architectures.iter().skip(1) {
            let name = "bonafide:configuration:further-architecture";
            add(name, Some(text(architecture.as_str())));
        }
        add(
            "bonafide:configuration:dtype",
            known.dtype.as_deref().map(text),
        );
        for (name, value) in [
            (
                "cdx:ai-ml:model:hyperparameter:hidden_size",
                known.hidden_size,
            ),
            (
                "cdx:ai-ml:model:hyperparameter:vocab_size",
                known.vocab_size,
            ),
            ("bonafide:configuration:layers", known.num_hidden_layers),
        ] {
            add(name, number(value));
        }
        let transformers = known.transformers_version.as_deref();
        add(
            "bonafide:configuration:transformers",
            transformers.map(text),
        );
        if let Some(quantization) = &known.quantization {
            let name = "cdx:ai-ml:model:hyperparameter:quantization";
            add(name, quantization.method.as_deref().map(text));
            add(
                "bonafide:configuration:quantization-bits",
                number(quantization.bits),
            );
        }
    }
    if let Some(adapter) = &inventory.adapter {
        add(
            "cdx:ai-ml:model:parameter:tune_method",
            adapter.peft_type.as_deref().map(text),
        );
        add("bonafide:adapter:rank", number(adapter.rank));
    }
    if let Some(recipe) = &inventory.merge {
        add("bonafide:merge:method", recipe.method.as_deref().map(text));
    }
    if let Some(tokenizer) = &inventory.tokenizer {
        add(
            "cdx:ai-ml:model:tokenizer",
            tokenizer.tokenizer_class.as_deref().map(text),
        );
        let template = match tokenizer.chat_template {
            ChatTemplate::Absent => None,
            ChatTemplate::One(_) | ChatTemplate::Named(_) => Some(text("tokenizer_config.json")),
        };
        add("bonafide:tokenizer:chat-template-in", template);
    }
    properties
}
