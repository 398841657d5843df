//! The tables of formats and rules, in the forms that people and tools read.
//! `docs/models.md` holds what is made here, and a test compares them.

use std::fmt::Write as _;

use bonafide_checks::of_hazard;
use bonafide_core::{Rule, RuleSummary};
use bonafide_engine::{Depth, Effect, FORMATS, Format, rules};
use serde_json::{Value, json};

/// One line for each format.
pub(crate) fn formats() -> String {
    let width = FORMATS
        .iter()
        .map(|format| format.name.len())
        .max()
        .unwrap_or(0);
    FORMATS.iter().fold(String::new(), |mut text, format| {
        let (depth, effect) = (depth(format), effect(format));
        let _ = writeln!(
            text,
            "{:<width$}  {depth:<10}  {effect:<9}  {}",
            format.name, format.title
        );
        text
    })
}

/// A Markdown table of formats.
pub(crate) fn table_of_formats() -> String {
    let mut text = String::from(
        "| format | | read | what a loader does | extensions |\n|---|---|---|---|---|\n",
    );
    for format in FORMATS {
        let extensions: Vec<String> = format
            .extensions
            .iter()
            .map(|name| format!("`.{name}`"))
            .collect();
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} |",
            format.name,
            format.title,
            depth(format),
            effect(format),
            extensions.join(" ")
        );
    }
    text
}

/// Every format, for tools.
pub(crate) fn document_of_formats() -> Value {
    let formats: Vec<Value> = FORMATS
        .iter()
        .map(|format| {
            json!({
                "format": format.name,
                "title": format.title,
                "depth": format.depth,
                "effect": format.effect,
                "extensions": format.extensions,
            })
        })
        .collect();
    json!({ "schema-version": 1, "formats": formats })
}

const fn depth(format: &Format) -> &'static str {
    match format.depth {
        Depth::Whole => "whole",
        Depth::Structure => "structure",
        Depth::Identified => "identified",
    }
}

const fn effect(format: &Format) -> &'static str {
    match format.effect {
        Effect::Data => "data",
        Effect::Graph => "graph",
        Effect::Container => "container",
        Effect::Code => "code",
    }
}

/// One line for each rule.
pub(crate) fn list_of_rules() -> String {
    let width = rules().map(|rule| rule.slug.len()).max().unwrap_or(0);
    rules().fold(String::new(), |mut text, rule| {
        let severity = rule.severity.to_string();
        let _ = writeln!(
            text,
            "{:<width$}  {severity:<8}  {:<22}  {}",
            rule.slug,
            of_hazard(rule.hazard).slug,
            rule.title
        );
        text
    })
}

/// A Markdown table of rules.
pub(crate) fn table_of_rules() -> String {
    let mut text = String::from(
        "| rule | what is wrong | check | severity | sure | threats | known as |\n|---|---|---|---|---|---|---|\n",
    );
    for rule in rules() {
        let threats: Vec<String> = rule.threats.iter().map(ToString::to_string).collect();
        let weaknesses = rule.cwe.iter().map(|number| format!("CWE-{number}"));
        let others = rule
            .cve
            .iter()
            .chain(rule.atlas)
            .map(|name| (*name).to_owned());
        let known: Vec<String> = weaknesses.chain(others).collect();
        let check = of_hazard(rule.hazard).slug;
        let _ = writeln!(
            text,
            "| `{}` | {} | [`{check}`](checks.md#{check}) | {} | {} | {} | {} |",
            rule.slug,
            rule.title,
            rule.severity,
            rule.confidence,
            threats.join(", "),
            known.join(", ")
        );
    }
    text
}

/// Every rule, for tools.
pub(crate) fn document_of_rules() -> Value {
    let all: Vec<RuleSummary> = rules().map(RuleSummary).collect();
    json!({ "schema-version": 1, "rule-set": bonafide_engine::rule_set_digest(), "rules": all })
}

/// Everything about one rule.
pub(crate) fn explain(rule: &Rule) -> String {
    format!(
        "{}: {}\nseverity {}, confidence {}, check {}\n{}\n\nWhy it matters\n  {}\n\nHow to fix it\n  {}\n",
        rule.slug,
        rule.title,
        rule.severity,
        rule.confidence,
        of_hazard(rule.hazard).slug,
        names(rule),
        rule.rationale,
        rule.remediation
    )
}

/// Threats, weaknesses, vulnerabilities and techniques.
fn names(rule: &Rule) -> String {
    let threats = rule.threats.iter().map(ToString::to_string);
    let weaknesses = rule.cwe.iter().map(|number| format!("CWE-{number}"));
    let others = rule
        .cve
        .iter()
        .chain(rule.atlas)
        .map(|name| (*name).to_owned());
    let all: Vec<String> = threats.chain(weaknesses).chain(others).collect();
    all.join(", ")
}
