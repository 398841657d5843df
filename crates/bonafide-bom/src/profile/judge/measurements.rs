//! How well a model does, and how well it resists.

use std::collections::HashSet;

use bonafide_core::assessment::Evidence;

use super::{each_model, plain, said};
use crate::json::Pointer;
use crate::profile::examined::{Examined, Located};
use crate::profile::judged::{Judged, counted, quote};
use crate::view::PerformanceMetric;

/// Words of measurements that are about attacks and misuse.
const SECURITY: [&str; 9] = [
    "adversarial",
    "attack",
    "backdoor",
    "extraction",
    "injection",
    "jailbreak",
    "poisoning",
    "robustness",
    "security",
];

fn metrics<'l>(located: &'l Located<'_>) -> &'l [PerformanceMetric<'l>] {
    let card = located.component.model_card.as_deref();
    let analysis = card.and_then(|card| card.quantitative_analysis.as_ref());
    analysis.map_or(&[][..], |analysis| &analysis.performance_metrics)
}

fn is_about_security(metric: &PerformanceMetric<'_>) -> bool {
    let words = [metric.kind.as_deref(), metric.slice.as_deref()];
    let text = words
        .map(Option::unwrap_or_default)
        .join(" ")
        .to_lowercase();
    SECURITY.iter().any(|word| text.contains(word))
}

fn place(located: &Located<'_>) -> Pointer {
    located
        .at("modelCard")
        .member("quantitativeAnalysis")
        .member("performanceMetrics")
}

/// Measurements about attacks.
pub(in crate::profile) fn security(x: &Examined<'_>) -> Judged {
    let judged = each_model(x, |x, located| {
        let about: Vec<Pointer> = metrics(located)
            .iter()
            .enumerate()
            .filter(|(_, metric)| is_about_security(metric))
            .map(|(index, _)| place(located).element(index))
            .collect();
        if about.is_empty() {
            return Judged::missing_at(&located.pointer, "no measurement about attacks");
        }
        x.declared(counted(about.len(), "measurement"), about)
    });
    if judged.evidence != Evidence::Missing {
        return judged;
    }
    let other = super::references::anywhere(x, &["pentest-report", "adversary-model"]);
    if other.evidence == Evidence::Missing {
        judged
    } else {
        other
    }
}

/// Measurements of a model, held against those in its README.
pub(in crate::profile) fn of_model(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    let metrics = metrics(located);
    let about: Vec<_> = metrics
        .iter()
        .filter(|metric| !is_about_security(metric))
        .collect();
    if about.is_empty() {
        return Judged::missing_at(&located.pointer, "no measurement of how well it does");
    }
    let pointers = vec![place(located)];
    let card = x.facts(located).and_then(|facts| facts.card.as_ref());
    let known = card
        .iter()
        .flat_map(|card| &card.results)
        .flat_map(|result| {
            let metrics = result.metrics.iter();
            metrics.filter_map(|metric| Some((metric.kind.as_deref()?, metric.value.as_deref()?)))
        });
    let known: HashSet<(String, String)> = known
        .map(|(kind, value)| (plain(kind), number(value)))
        .collect();
    let mut confirmed = 0;
    for metric in &about {
        let (Some(kind), Some(value)) =
            (said(metric.kind.as_deref()), said(metric.value.as_deref()))
        else {
            continue;
        };
        confirmed += usize::from(known.contains(&(plain(kind), number(value))));
    }
    let count = counted(about.len(), "measurement");
    if confirmed == about.len() {
        x.consistent(format!("{count}, as the artifact's README says"), pointers)
    } else if confirmed > 0 {
        x.declared(
            format!("{count}, {confirmed} of which the artifact's README has too"),
            pointers,
        )
    } else {
        let first = about.iter().find_map(|metric| said(metric.kind.as_deref()));
        let first = first.map_or(String::new(), |kind| format!(", such as {}", quote(kind)));
        x.declared(format!("{count}{first}; nothing else says so"), pointers)
    }
}

/// One text for `0.91` and `0.910`.
fn number(text: &str) -> String {
    let text = text.trim();
    match text.parse::<f64>() {
        Ok(number) => number.to_string(),
        Err(_) => text.to_owned(),
    }
}

/// How well the system does.
pub(in crate::profile) fn operational(x: &Examined<'_>) -> Judged {
    let judged = each_model(x, of_model);
    if judged.evidence != Evidence::Missing {
        return judged;
    }
    let other = super::references::anywhere(x, &["quality-metrics"]);
    if other.evidence == Evidence::Missing {
        judged
    } else {
        other
    }
}
