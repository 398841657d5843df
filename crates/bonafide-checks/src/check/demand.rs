//! What a policy demands of the content of a predicate: a place in it, and what has to
//! stand there.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Most demands of a control, and most values of a list in one.
const MOST: usize = 1_000;

/// Longest pointer, in bytes.
const MOST_POINTER: usize = 1_000;

/// Most characters of a predicate that a finding shows.
const SHOWN: usize = 80;

/// Below it every whole number is a double of its own.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// A place in a JSON document (RFC 6901).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pointer(String);

impl Pointer {
    /// What stands there.
    pub(super) fn of<'a>(&self, document: &'a Value) -> Option<&'a Value> {
        document.pointer(&self.0)
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Pointer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.len() > MOST_POINTER || text.chars().any(char::is_control) {
            return Err(D::Error::custom(
                "pointer is too long or holds control characters",
            ));
        }
        if !text.starts_with('/') {
            return Err(D::Error::custom(
                "not a JSON pointer (RFC 6901); it starts with `/`, as in `/result`",
            ));
        }
        let mut parts = text.split('~');
        parts.next();
        if parts.any(|part| !part.starts_with(['0', '1'])) {
            return Err(D::Error::custom(
                "in a JSON pointer (RFC 6901) `~` is written `~0`, and `/` within a name `~1`",
            ));
        }
        Ok(Self(text))
    }
}

/// A place in a predicate, and all that has to hold there.
#[derive(Debug)]
pub(super) struct Demand {
    pointer: Pointer,
    conditions: Vec<Condition>,
}

/// What has to hold of a value.
#[derive(Debug)]
enum Condition {
    Equals(Value),
    OneOf(Vec<Value>),
    Contains(Vec<Value>),
    Minimum(f64),
    Maximum(f64),
    Present,
    Absent,
}

/// A demand as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    pointer: Pointer,
    equals: Option<Value>,
    one_of: Option<Vec<Value>>,
    contains: Option<Vec<Value>>,
    minimum: Option<f64>,
    maximum: Option<f64>,
    present: Option<bool>,
}

impl<'de> Deserialize<'de> for Demand {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        let mut conditions = Vec::new();
        conditions.extend(written.equals.map(Condition::Equals));
        for (name, list) in [("one-of", &written.one_of), ("contains", &written.contains)] {
            if list
                .as_ref()
                .is_some_and(|list| list.is_empty() || list.len() > MOST)
            {
                return Err(D::Error::custom(format!(
                    "`{name}` is empty, or has more than {MOST} values"
                )));
            }
        }
        conditions.extend(written.one_of.map(Condition::OneOf));
        conditions.extend(written.contains.map(Condition::Contains));
        for bound in [written.minimum, written.maximum].into_iter().flatten() {
            if !bound.is_finite() {
                return Err(D::Error::custom("not a finite number"));
            }
        }
        conditions.extend(written.minimum.map(Condition::Minimum));
        conditions.extend(written.maximum.map(Condition::Maximum));
        match written.present {
            Some(true) => conditions.push(Condition::Present),
            Some(false) if !conditions.is_empty() => {
                return Err(D::Error::custom(
                    "`present = false` goes with no other condition",
                ));
            }
            Some(false) => conditions.push(Condition::Absent),
            None => {}
        }
        if conditions.is_empty() {
            return Err(D::Error::custom(
                "nothing is demanded: add `equals`, `one-of`, `contains`, `minimum`, `maximum` or `present`",
            ));
        }
        Ok(Self {
            pointer: written.pointer,
            conditions,
        })
    }
}

/// A list of demands, as long as it may be.
#[derive(Debug, Default)]
pub(super) struct Demands(Vec<Demand>);

impl<'de> Deserialize<'de> for Demands {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let demands = Vec::<Demand>::deserialize(deserializer)?;
        if demands.len() > MOST {
            return Err(D::Error::custom(format!("more than {MOST} demands")));
        }
        Ok(Self(demands))
    }
}

impl Demands {
    /// The first demand that the predicate does not meet, in words.
    pub(super) fn unmet(&self, predicate: &Value) -> Option<String> {
        self.0.iter().find_map(|demand| demand.unmet(predicate))
    }
}

impl Demand {
    fn unmet(&self, predicate: &Value) -> Option<String> {
        let found = self.pointer.of(predicate);
        self.conditions.iter().find_map(|condition| {
            let problem = match (condition, found) {
                (Condition::Absent, None) => return None,
                (_, None) => "is not there".to_owned(),
                (Condition::Absent, Some(_)) => "is there, and must not be".to_owned(),
                (condition, Some(value)) => condition.problem(value)?,
            };
            Some(format!("its `{}` {problem}", self.pointer))
        })
    }
}

impl Condition {
    /// What is wrong with a value.
    fn problem(&self, found: &Value) -> Option<String> {
        match self {
            Self::Equals(expected) => (!equal(found, expected))
                .then(|| format!("is {}, not {}", shown(found), shown(expected))),
            Self::OneOf(list) => (!list.iter().any(|expected| equal(found, expected)))
                .then(|| format!("is {}, none of {}", shown(found), listed(list))),
            Self::Contains(list) => {
                let missing: Vec<&Value> = list
                    .iter()
                    .filter(|wanted| !contains(found, wanted))
                    .collect();
                let first = missing.first()?;
                Some(match missing.len() {
                    1 => format!("does not name {}", shown(first)),
                    count => format!("does not name {} and {} more", shown(first), count - 1),
                })
            }
            Self::Minimum(least) => match number(found) {
                Some(number) if number >= *least => None,
                Some(_) => Some(format!("is {}, less than {least}", shown(found))),
                None => Some(format!("is {}, which is no number", shown(found))),
            },
            Self::Maximum(most) => match number(found) {
                Some(number) if number <= *most => None,
                Some(_) => Some(format!("is {}, more than {most}", shown(found))),
                None => Some(format!("is {}, which is no number", shown(found))),
            },
            // `null` is how JSON writes that there is nothing.
            Self::Present => found.is_null().then(|| "is null".to_owned()),
            Self::Absent => None,
        }
    }
}

/// True for the same value. A policy may write `1` where the predicate has `1.0`.
fn equal(left: &Value, right: &Value) -> bool {
    if left == right {
        return true;
    }
    match (left, right) {
        (Value::Number(left), Value::Number(right)) if left.is_f64() || right.is_f64() => {
            match (left.as_f64(), right.as_f64()) {
                (Some(left), Some(right)) => {
                    left.abs() < MOST_EXACT && left.total_cmp(&right).is_eq()
                }
                _ => false,
            }
        }
        _ => false,
    }
}

/// True if a list has the value, or an object a member of that name.
fn contains(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Array(list), _) => list.iter().any(|value| equal(value, wanted)),
        (Value::Object(members), Value::String(name)) => members.contains_key(name),
        _ => false,
    }
}

/// A number, or a text that is one: in-toto advises against fractions in JSON, so scores are
/// often written as texts.
fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => {
            // Not `inf`, `nan` or `1e400`, which the parser knows as well.
            let plain = text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
            plain.then(|| text.parse().ok()).flatten()
        }
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

/// A value for people; it comes from whoever signed.
fn shown(value: &Value) -> String {
    match value {
        Value::Array(list) => format!("a list of {}", list.len()),
        Value::Object(members) => format!("an object of {}", members.len()),
        Value::String(text) => format!("`{}`", bonafide_core::excerpt(text, SHOWN)),
        other => other.to_string(),
    }
}

fn listed(list: &[Value]) -> String {
    const FEW: usize = 5;
    let mut text: Vec<String> = list.iter().take(FEW).map(shown).collect();
    if list.len() > FEW {
        text.push(format!("{} more", list.len() - FEW));
    }
    text.join(", ")
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::panic,
        reason = "a test that cannot go on should stop, loudly"
    )]

    use serde_json::json;

    use super::*;

    fn unmet(demand: Value, predicate: &Value) -> Option<String> {
        let demands: Demands = serde_json::from_value(json!([demand])).unwrap();
        demands.unmet(predicate)
    }

    #[test]
    fn what_is_demanded_has_to_be_there() {
        let predicate = json!({
            "result": "PASSED", "score": 0.98, "text": "0.98", "count": 3, "whole": 3.0,
            "none": null, "ids": ["A", "B"], "named": {"A": {"why": "x"}}, "a/b": 1, "a~b": 2,
            "odd": "inf", "large": 9_007_199_254_740_993_i64,
        });
        let met = [
            json!({"pointer": "/result", "equals": "PASSED"}),
            json!({"pointer": "/result", "one-of": ["WARNED", "PASSED"]}),
            json!({"pointer": "/score", "minimum": 0.98, "maximum": 1}),
            json!({"pointer": "/text", "minimum": 0.9}),
            json!({"pointer": "/count", "equals": 3}),
            json!({"pointer": "/count", "equals": 3.0}),
            json!({"pointer": "/whole", "equals": 3}),
            json!({"pointer": "/ids", "contains": ["B", "A"]}),
            json!({"pointer": "/named", "contains": ["A"]}),
            json!({"pointer": "/named/A/why", "present": true}),
            json!({"pointer": "/a~1b", "equals": 1}),
            json!({"pointer": "/a~0b", "equals": 2}),
            json!({"pointer": "/ids/1", "equals": "B"}),
            json!({"pointer": "/gone", "present": false}),
        ];
        for demand in met {
            assert_eq!(unmet(demand.clone(), &predicate), None, "{demand}");
        }
        let not_met = [
            (
                json!({"pointer": "/result", "equals": "passed"}),
                "is `PASSED`, not `passed`",
            ),
            (
                json!({"pointer": "/result", "one-of": ["X", "Y"]}),
                "is `PASSED`, none of `X`, `Y`",
            ),
            (
                json!({"pointer": "/score", "minimum": 0.99}),
                "is 0.98, less than 0.99",
            ),
            (
                json!({"pointer": "/score", "maximum": 0.5}),
                "is 0.98, more than 0.5",
            ),
            (
                json!({"pointer": "/odd", "minimum": 0}),
                "is `inf`, which is no number",
            ),
            (
                json!({"pointer": "/result", "minimum": 0}),
                "is `PASSED`, which is no number",
            ),
            (
                json!({"pointer": "/large", "equals": 9_007_199_254_740_992.0}),
                "not",
            ),
            (json!({"pointer": "/none", "present": true}), "is null"),
            (
                json!({"pointer": "/none", "present": false}),
                "is there, and must not be",
            ),
            (json!({"pointer": "/gone", "equals": 1}), "is not there"),
            (json!({"pointer": "/gone", "present": true}), "is not there"),
            (
                json!({"pointer": "/result/x", "present": true}),
                "is not there",
            ),
            (
                json!({"pointer": "/ids", "contains": ["C", "D"]}),
                "does not name `C` and 1 more",
            ),
            (
                json!({"pointer": "/result", "contains": ["PASSED"]}),
                "does not name `PASSED`",
            ),
            (json!({"pointer": "/count", "equals": "3"}), "is 3, not `3`"),
        ];
        for (demand, expected) in not_met {
            let found = unmet(demand.clone(), &predicate).unwrap_or_else(|| panic!("{demand}"));
            assert!(found.contains(expected), "{demand}: {found}");
        }
    }

    #[test]
    fn a_demand_that_demands_nothing_is_refused() {
        for demand in [
            json!({"pointer": "/result"}),
            json!({"pointer": "result", "present": true}),
            json!({"pointer": "", "present": true}),
            json!({"pointer": "/a~2", "present": true}),
            json!({"pointer": "/a~", "present": true}),
            json!({"pointer": "/a", "one-of": []}),
            json!({"pointer": "/a", "contains": []}),
            json!({"pointer": "/a", "present": false, "equals": 1}),
            json!({"pointer": "/a", "minimum": "1"}),
            json!({"pointer": "/a", "equal": 1}),
            json!({"equals": 1}),
        ] {
            let read = serde_json::from_value::<Demand>(demand.clone());
            assert!(read.is_err(), "{demand}");
        }
    }
}
