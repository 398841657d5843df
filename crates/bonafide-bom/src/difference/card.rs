//! What the model cards of two components say differently.

use crate::json::{Node, Object};
use crate::view::{Data, Member, ModelCard, PerformanceMetric, QuantitativeAnalysis};

use super::matching::Index;
use super::value::{Divergence, compare as compare_values};

/// Data of a model card by what it is: the component that it refers to, or what it
/// says itself.
pub(super) fn datasets(index: &Index<'_, '_>, card: Option<&ModelCard<'_>>) -> Vec<String> {
    let parameters = card.and_then(|card| card.model_parameters.as_ref());
    let data = parameters.map_or(&[][..], |parameters| &parameters.datasets);
    data.iter().map(|data| dataset(index, data)).collect()
}

fn dataset(index: &Index<'_, '_>, data: &Data<'_>) -> String {
    if let Some(reference) = data.reference.as_deref() {
        let component = index
            .resolve(reference)
            .and_then(|at| index.entry(at))
            .map(|entry| entry.component);
        return component.map_or_else(|| format!("reference {reference}"), super::component::name);
    }
    let contents = data.contents.as_ref();
    let address = contents.and_then(|contents| contents.url.as_deref());
    match (data.name.as_deref(), address) {
        (Some(name), Some(address)) => format!("{name} ({address})"),
        (Some(name), None) => name.to_owned(),
        (None, Some(address)) => address.to_owned(),
        (None, None) => super::value::canonical(&data.write()),
    }
}

/// Everything else of the cards.
pub(super) fn compare(a: Option<&ModelCard<'_>>, b: Option<&ModelCard<'_>>) -> Vec<Divergence> {
    let mut found = Vec::new();
    if a == b {
        return found;
    }
    let (left, right) = (a.map(rest), b.map(rest));
    compare_values("modelCard", left.as_ref(), right.as_ref(), &mut found);
    found.retain(|divergence| divergence.from != divergence.to);
    found
}

/// A card without its data, and with each measurement under the name of what it measures,
/// so that another value is another value, and not another measurement.
fn rest<'a>(card: &ModelCard<'a>) -> Node<'a> {
    let mut card = card.clone();
    if let Some(parameters) = &mut card.model_parameters {
        parameters.datasets.clear();
    }
    let mut measurements = Vec::new();
    if let Some(analysis) = &mut card.quantitative_analysis {
        measurements = std::mem::take(&mut analysis.performance_metrics);
    }
    card.quantitative_analysis
        .take_if(|analysis| *analysis == QuantitativeAnalysis::default());
    let mut node = card.write();
    if let Node::Object(object) = &mut node
        && !measurements.is_empty()
    {
        measurements.sort_by_key(what);
        let mut named = Object::default();
        for group in measurements.chunk_by(|one, other| what(one) == what(other)) {
            let (Some(first), values) = (group.first(), group.iter().map(value)) else {
                continue;
            };
            let node = match group.len() {
                1 => value(first),
                _ => Node::List(values.collect()),
            };
            named.push(what(first).into(), node);
        }
        object.set("performance", Node::Object(named));
    }
    node
}

fn what(measurement: &PerformanceMetric<'_>) -> String {
    let kind = measurement.kind.as_deref().unwrap_or("unnamed");
    match measurement.slice.as_deref() {
        Some(slice) => format!("{kind} ({slice})"),
        None => kind.to_owned(),
    }
}

fn value<'a>(measurement: &PerformanceMetric<'a>) -> Node<'a> {
    let mut rest = measurement.clone();
    rest.kind = None;
    rest.slice = None;
    match &measurement.value {
        Some(value) if measurement.confidence_interval.is_none() && rest.extra.is_empty() => {
            Node::Text(value.clone())
        }
        _ => rest.write(),
    }
}
