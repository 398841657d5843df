//! The table of checks in the forms that people and tools read. README and
//! `docs/checks.md` hold what is made here, and a test compares them.

use std::fmt::Write as _;

use bonafide_checks::{CHECKS, Check, REQUIRED};
use serde_json::{Value, json};

/// One line for each check.
pub(crate) fn list() -> String {
    let width = CHECKS
        .iter()
        .map(|check| check.slug.len())
        .max()
        .unwrap_or(0);
    CHECKS.iter().fold(String::new(), |mut text, check| {
        let severity = check.severity.to_string();
        let _ = writeln!(
            text,
            "{:<width$}  {severity:<8}  {}",
            check.slug, check.title
        );
        text
    })
}

/// Everything about one check.
pub(crate) fn explain(check: &Check) -> String {
    let mut text = format!("{}: {}\n", check.slug, check.title);
    let _ = writeln!(
        text,
        "severity {}, threats {}",
        check.severity,
        threats(check)
    );
    for (heading, body) in sections(check) {
        let _ = write!(text, "\n{heading}\n{}", wrapped(body));
    }
    text.push_str("\nParameters\n");
    if check.parameters.is_empty() {
        text.push_str("  none\n");
    }
    for parameter in check.parameters {
        let _ = writeln!(
            text,
            "  {}: {} (default: {})",
            parameter.name, parameter.kind, parameter.default
        );
        text.push_str(&wrapped(parameter.effect));
    }
    let _ = write!(
        text,
        "\nIn a policy\n  [[control]]\n  check = \"{}\"\n  level = \"deny\"\n",
        check.slug
    );
    for parameter in check.parameters {
        if parameter.default == REQUIRED {
            let _ = writeln!(text, "  {} = \"…\"", parameter.name);
        }
    }
    text
}

/// A Markdown table: name, title, severity, threats.
pub(crate) fn table() -> String {
    let mut text =
        String::from("| check | what is wrong | severity | threats |\n|---|---|---|---|\n");
    for check in CHECKS {
        let _ = writeln!(
            text,
            "| [`{0}`](docs/checks.md#{0}) | {1} | {2} | {3} |",
            check.slug,
            check.title,
            check.severity,
            threats(check)
        );
    }
    text
}

/// A Markdown page with everything about every check.
pub(crate) fn page() -> String {
    let mut text = String::from(
        "# Checks\n\n\
         Made by `bonafide checks --output markdown`; do not edit.\n\
         `bonafide explain CHECK` prints the same in a terminal.\n",
    );
    for check in CHECKS {
        let _ = write!(
            text,
            "\n## {}\n\n{}. Severity: {}. Threats: {}.\n",
            check.slug,
            check.title,
            check.severity,
            threats(check)
        );
        for (heading, body) in sections(check) {
            let _ = write!(text, "\n**{heading}.** {body}\n");
        }
        for parameter in check.parameters {
            let _ = write!(
                text,
                "\n**Parameter `{}`** ({}; default {}): {}.\n",
                parameter.name, parameter.kind, parameter.default, parameter.effect
            );
        }
    }
    text
}

/// Everything about every check, for tools.
pub(crate) fn document() -> Value {
    let checks: Vec<Value> = CHECKS
        .iter()
        .map(|check| {
            json!({
                "check": check.slug,
                "title": check.title,
                "severity": check.severity,
                "threats": check.threats,
                "demands": check.demands,
                "rationale": check.rationale,
                "cannot-prove": check.cannot_prove,
                "remediation": check.remediation,
                "parameters": check.parameters.iter().map(|parameter| json!({
                    "name": parameter.name,
                    "kind": parameter.kind,
                    "default": parameter.default,
                    "effect": parameter.effect,
                })).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "schema-version": 1, "checks": checks })
}

const fn sections(check: &Check) -> [(&'static str, &'static str); 4] {
    [
        ("Demands", check.demands),
        ("Why it matters", check.rationale),
        ("What a pass does not show", check.cannot_prove),
        ("How to fix a finding", check.remediation),
    ]
}

fn threats(check: &Check) -> String {
    let ids: Vec<String> = check.threats.iter().map(ToString::to_string).collect();
    ids.join(", ")
}

/// Wrapped at 88 columns with an indent of two.
pub(crate) fn wrapped(body: &str) -> String {
    let mut text = String::new();
    let mut width = 0;
    for word in body.split_whitespace() {
        let length = word.chars().count();
        if width == 0 || width + 1 + length > 88 {
            text.push_str(if width == 0 { "  " } else { "\n  " });
            width = 2;
        } else {
            text.push(' ');
            width += 1;
        }
        text.push_str(word);
        width += length;
    }
    text.push('\n');
    text
}
