//! The checks as rules, with help.

use std::collections::{BTreeMap, BTreeSet};

use bonafide_core::{CheckResult, Confidence, Finding, Level, Report, Severity};
use serde_json::{Value, json};

use crate::entry::{bounded, bounded_or};

/// Most tags that GitHub takes at a rule.
const MOST_TAGS: usize = 20;

/// Longest short and full description that GitHub takes, in characters; one is the ellipsis.
const LONGEST: usize = 1023;

/// The rules of a run.
pub(super) struct Rules<'report> {
    /// The controls of each check; several may share one.
    checks: Vec<Vec<&'report CheckResult>>,
    indices: BTreeMap<&'report str, usize>,
}

impl<'report> Rules<'report> {
    /// Every check of the report, in its order. Where there are too many, those that have a result
    /// come before those that have none.
    pub(super) fn of(report: &'report Report, most: usize) -> Self {
        let silent = |check: &&CheckResult| {
            check.findings.is_empty() && check.waived.is_empty() && check.outcome != "inconclusive"
        };
        let mut ordered: Vec<&CheckResult> = report.checks.iter().collect();
        if ordered.len() > most {
            ordered.sort_by_key(silent);
        }
        let mut rules = Self {
            checks: Vec::new(),
            indices: BTreeMap::new(),
        };
        for check in ordered {
            let known = rules.indices.get(&*check.check).copied();
            if let Some(controls) = known.and_then(|index| rules.checks.get_mut(index)) {
                controls.push(check);
            } else if rules.checks.len() < most {
                rules.indices.insert(&check.check, rules.checks.len());
                rules.checks.push(vec![check]);
            }
        }
        rules
    }

    /// Place of a check among the rules.
    pub(super) fn index(&self, check: &str) -> Option<usize> {
        self.indices.get(check).copied()
    }

    pub(super) fn written(&self) -> Vec<Value> {
        self.checks
            .iter()
            .filter_map(|controls| rule(controls))
            .collect()
    }
}

/// SARIF's levels.
pub(super) const fn level(level: Level) -> &'static str {
    match level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Audit => "note",
    }
}

/// GitHub reads above 9.0 as critical, from 7.0 as high, from 4.0 as medium, below as low.
const fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    }
}

/// How sure the least sure of the findings is. A check that names no rule compares bytes.
const fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Certain => "very-high",
        Confidence::Likely => "high",
        Confidence::Possible => "medium",
    }
}

fn findings<'report>(
    controls: &'report [&'report CheckResult],
) -> impl Iterator<Item = &'report Finding> {
    controls.iter().flat_map(|check| {
        let waived = check.waived.iter().map(|waived| &waived.finding);
        check.findings.iter().chain(waived)
    })
}

fn rule(controls: &[&CheckResult]) -> Option<Value> {
    let check = controls.first()?;
    let weight = controls.iter().map(|check| check.level).max()?;
    let rules = || findings(controls).filter_map(|finding| finding.rule);
    let worst = rules()
        .map(|rule| rule.severity)
        .fold(check.severity, Ord::max);
    let confidence = rules()
        .map(|rule| rule.confidence)
        .min()
        .unwrap_or(Confidence::Certain);
    let mut properties = json!({
        "tags": tags(controls),
        "precision": precision(confidence),
        "problem.severity": if weight == Level::Audit { "recommendation" } else { level(weight) },
    });
    // What the policy gives no weight is not to stop a merge: GitHub goes by this number, and
    // without it by the level.
    if weight != Level::Audit
        && let Some(properties) = properties.as_object_mut()
    {
        properties.insert(
            "security-severity".to_owned(),
            security_severity(worst).into(),
        );
    }
    let title = bounded_or(&check.title, LONGEST, &check.check);
    Some(json!({
        "id": bounded_or(&check.check, 255, "check"),
        "name": pascal_case(&check.check),
        "shortDescription": {"text": title},
        "fullDescription": {"text": bounded_or(&check.demands, LONGEST, &title)},
        "defaultConfiguration": {"level": level(weight)},
        "help": {"text": help(check), "markdown": help_markdown(check)},
        "properties": properties,
    }))
}

/// `security`, the threats, and the weaknesses of the rules that were broken.
fn tags(controls: &[&CheckResult]) -> Vec<String> {
    let threats = controls.iter().flat_map(|check| check.threats.iter());
    let weaknesses = findings(controls)
        .filter_map(|finding| finding.rule)
        .flat_map(|rule| rule.cwe);
    let weaknesses: BTreeSet<u32> = weaknesses.copied().collect();
    let mut tags = vec!["security".to_owned(), "supply-chain".to_owned()];
    let named = threats.map(ToString::to_string).chain(
        weaknesses
            .iter()
            .map(|number| format!("external/cwe/cwe-{number:03}")),
    );
    for tag in named {
        if tags.len() < MOST_TAGS && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// What there is to say about a check: heading and text.
fn paragraphs(check: &CheckResult) -> Vec<(&'static str, String)> {
    let threats: Vec<String> = check.threats.iter().map(ToString::to_string).collect();
    let mut paragraphs = vec![
        ("What is demanded", check.demands.to_string()),
        ("Why it matters", check.rationale.to_string()),
        ("How to fix it", check.remediation.to_string()),
        ("What a pass does not show", check.cannot_prove.to_string()),
        ("Threats that it speaks to", threats.join(", ")),
    ];
    paragraphs.retain(|(_, text)| !text.trim().is_empty());
    if paragraphs.is_empty() {
        paragraphs.push(("Check", bounded_or(&check.title, LONGEST, &check.check)));
    }
    for (_, text) in &mut paragraphs {
        *text = bounded(text, 4000);
    }
    paragraphs
}

fn help(check: &CheckResult) -> String {
    let paragraphs = paragraphs(check).into_iter();
    let lines: Vec<String> = paragraphs
        .map(|(heading, text)| format!("{heading}: {text}"))
        .collect();
    lines.join("\n")
}

fn help_markdown(check: &CheckResult) -> String {
    let paragraphs = paragraphs(check).into_iter();
    let blocks: Vec<String> = paragraphs
        .map(|(heading, text)| format!("**{heading}**\n\n{}", markdown(&text)))
        .collect();
    blocks.join("\n\n")
}

/// Text as Markdown that shows just that text, but for code spans, which our own texts are
/// written with. Custom rules bring texts of others: no link, image, heading or HTML comes of it.
fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '[' | ']' | '*' | '_' | '#' | '|' | '~' | '!' | '\\' => {
                escaped.push('\\');
                escaped.push(character);
            }
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}

/// `digest-mismatch` as `DigestMismatch`, which is how SARIF wants names.
fn pascal_case(slug: &str) -> String {
    let words = slug.split(|character: char| !character.is_ascii_alphanumeric());
    let name: String = words
        .filter_map(|word| {
            let mut characters = word.chars();
            let first = characters.next()?.to_ascii_uppercase();
            Some(format!("{first}{}", characters.as_str()))
        })
        .collect();
    bounded_or(&name, 254, "Check")
}
