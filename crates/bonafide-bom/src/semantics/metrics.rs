//! Numbers: measurements, their bounds, energy.

use super::defects::{Found, quote};
use super::kind::DefectKind;
use crate::json::{Node, Pointer};
use crate::view::{EnergyConsumption, ModelCard, PerformanceMetric, Property};

/// Longest text that is read as a number.
const LONGEST: usize = 64;

/// Providers and consumers round; one part in a hundred is not a contradiction.
const TOLERANCE: f64 = 0.01;

/// Last parts of names that the `cdx:ai-ml` taxonomy gives to counts and lengths.
const COUNTS: [&str; 8] = [
    ":parameter:count",
    ":hyperparameter:context_length",
    ":hyperparameter:hidden_size",
    ":hyperparameter:intermediate_size",
    ":hyperparameter:vocab_size",
    ":hyperparameter:num_hidden_layers",
    ":hyperparameter:num_attention_heads",
    ":hyperparameter:max_position_embeddings",
];

pub(super) fn of_card(card: &ModelCard<'_>, at: &Pointer, found: &mut Found) {
    if let Some(analysis) = &card.quantitative_analysis {
        let list = at
            .member("quantitativeAnalysis")
            .member("performanceMetrics");
        for (index, metric) in analysis.performance_metrics.iter().enumerate() {
            of_metric(metric, &list.element(index), found);
        }
    }
    let environment = card
        .considerations
        .as_ref()
        .and_then(|known| known.environmental_considerations.as_ref());
    if let Some(environment) = environment {
        let list = at
            .member("considerations")
            .member("environmentalConsiderations");
        let list = list.member("energyConsumptions");
        for (index, consumption) in environment.energy_consumptions.iter().enumerate() {
            negative(consumption, &list.element(index), found);
            sum(consumption, &list.element(index), found);
        }
    }
    of_properties(&card.properties, at, found);
}

/// A number as people write it, and whether it is a percentage.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Quantity {
    number: f64,
    percent: bool,
}

impl Quantity {
    /// Percent signs, signs of approximation and separators of thousands are let through.
    fn of(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let text = text.trim().trim_start_matches(['~', '≈', '±', '+']);
        let (text, percent) = match text.strip_suffix('%') {
            Some(rest) => (rest.trim_end(), true),
            None => (text, false),
        };
        let plain: String = text
            .chars()
            .filter(|character| {
                !matches!(character, ',' | '_' | '\'' | ' ' | '\u{a0}' | '\u{202f}')
            })
            .collect();
        let digit = plain.bytes().any(|byte| byte.is_ascii_digit());
        let number: f64 = plain.parse().ok()?;
        (digit && number.is_finite()).then_some(Self { number, percent })
    }

    /// True if this is above the other. Where one is a percentage and the other has no sign,
    /// the other may be a share of one or a percentage without its sign; above one it is no
    /// share, and up to one this must be above by either meaning.
    fn above(self, other: Self) -> bool {
        let plainly = self.number > other.number;
        let (plain, scaled) = if self.percent == other.percent {
            return plainly;
        } else if self.percent {
            (other.number, self.number > 100.0 * other.number)
        } else {
            (self.number, 100.0 * self.number > other.number)
        };
        plainly && (plain.abs() > 1.0 || scaled)
    }
}

/// A bound that is a number, with its text.
fn bound<'b>(text: &'b str, at: &Pointer, found: &mut Found) -> Option<(Quantity, &'b str)> {
    let quantity = Quantity::of(text);
    if quantity.is_none() {
        let bound = quote(text);
        found.add(at, DefectKind::BoundNotNumeric { bound });
    }
    quantity.map(|quantity| (quantity, text))
}

fn of_metric(metric: &PerformanceMetric<'_>, at: &Pointer, found: &mut Found) {
    let value = metric.value.as_deref();
    let quantity = value.and_then(Quantity::of);
    if let (Some(value), None) = (value, quantity) {
        let value = quote(value);
        found.add(&at.member("value"), DefectKind::MetricNotNumeric { value });
    }
    let Some(interval) = &metric.confidence_interval else {
        return;
    };
    let at = at.member("confidenceInterval");
    let lower = interval.lower_bound.as_deref();
    let lower = lower.and_then(|text| bound(text, &at.member("lowerBound"), found));
    let upper = interval.upper_bound.as_deref();
    let upper = upper.and_then(|text| bound(text, &at.member("upperBound"), found));
    let shown = |bound: Option<(Quantity, &str)>| {
        bound.map_or_else(|| "∞".to_owned(), |(_, text)| quote(text))
    };
    if let (Some((low, _)), Some((high, _))) = (lower, upper)
        && low.above(high)
    {
        let kind = DefectKind::IntervalReversed {
            lower: shown(lower),
            upper: shown(upper),
        };
        found.add(&at, kind);
        return;
    }
    if let (Some(value), Some(quantity)) = (value, quantity)
        && (lower.is_some_and(|(low, _)| low.above(quantity))
            || upper.is_some_and(|(high, _)| quantity.above(high)))
    {
        let kind = DefectKind::IntervalMissesValue {
            value: quote(value),
            lower: lower.map_or_else(|| "-∞".to_owned(), |(_, text)| quote(text)),
            upper: shown(upper),
        };
        found.add(&at, kind);
    }
}

fn negative(consumption: &EnergyConsumption<'_>, at: &Pointer, found: &mut Found) {
    for (member, measure) in [
        ("activityEnergyCost", &consumption.activity_energy_cost),
        ("co2CostEquivalent", &consumption.co2_cost_equivalent),
        ("co2CostOffset", &consumption.co2_cost_offset),
    ] {
        let value = measure.as_ref().and_then(|measure| measure.value);
        if let Some(value) = value.map(crate::json::Number::value)
            && value < 0.0
        {
            let at = at.member(member).member("value");
            found.add(&at, DefectKind::EnergyNegative { value });
        }
    }
}

/// What the providers gave to an activity is what it cost.
fn sum(consumption: &EnergyConsumption<'_>, at: &Pointer, found: &mut Found) {
    let providers = consumption
        .extra
        .get("energyProviders")
        .and_then(Node::list);
    let provided = providers.unwrap_or_default().iter().map(|provider| {
        match provider
            .get("energyProvided")
            .and_then(|energy| energy.get("value"))
        {
            Some(Node::Number(number)) => Some(number.value()),
            _ => None,
        }
    });
    let (Some(provided), Some(used)) = (
        provided.collect::<Option<Vec<f64>>>(),
        consumption
            .activity_energy_cost
            .as_ref()
            .and_then(|cost| cost.value),
    ) else {
        return;
    };
    let total: f64 = provided.iter().sum();
    let used = used.value();
    if !provided.is_empty() && used >= 0.0 && (total - used).abs() > TOLERANCE * used.max(total) {
        let kind = DefectKind::EnergySumDiffers {
            provided: total,
            used,
        };
        found.add(&at.member("energyProviders"), kind);
    }
}

/// Properties of the taxonomy that count something.
pub(super) fn of_properties(properties: &[Property<'_>], at: &Pointer, found: &mut Found) {
    for (index, property) in properties.iter().enumerate() {
        let (Some(name), Some(value)) = (property.name.as_deref(), property.value.as_deref())
        else {
            continue;
        };
        let counts = name.starts_with("cdx:ai-ml:") && COUNTS.iter().any(|end| name.ends_with(end));
        if counts && !is_count(value) {
            let kind = DefectKind::PropertyNotNumeric {
                name: quote(name),
                value: quote(value),
            };
            found.add(
                &at.member("properties").element(index).member("value"),
                kind,
            );
        }
    }
}

/// `7B` is how people count parameters.
fn is_count(text: &str) -> bool {
    let text = text.trim();
    let plain = text.strip_suffix(['K', 'k', 'M', 'B', 'T']).unwrap_or(text);
    Quantity::of(plain).is_some_and(|quantity| quantity.number > 0.0 && !quantity.percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_as_people_write_them() {
        for good in ["1", "-0.5", "94.28%", "1,234,567", "1e-3", "~3", "12 345"] {
            assert!(Quantity::of(good).is_some(), "{good}");
        }
        for bad in ["", "inf", "NaN", "high", "94.28 (acc)", "1..2", "%"] {
            assert!(Quantity::of(bad).is_none(), "{bad}");
        }
        assert!(is_count("7B") && is_count("1.5M") && is_count("32000"));
        assert!(!is_count("0") && !is_count("-1") && !is_count("many"));
    }

    #[test]
    fn a_percentage_is_held_against_either_meaning() {
        let of = |text| Quantity::of(text).unwrap();
        assert!(!of("94%").above(of("0.95")));
        assert!(!of("0.95").above(of("96%")));
        assert!(!of("94%").above(of("95")));
        assert!(of("94%").above(of("0.5")));
        assert!(of("94%").above(of("58.2")));
        assert!(!of("58.2").above(of("94%")));
        assert!(of("96%").above(of("95%")));
    }
}
