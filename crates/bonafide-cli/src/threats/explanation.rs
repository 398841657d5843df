//! Everything about one threat, for a terminal.

use std::fmt::Write as _;

use bonafide_core::RawName;
use bonafide_threats::{DISCLAIMER, Threat};

use super::list::reach;
use super::selection::{Selection, checks_of, rules_of, shown};
use crate::catalogue::wrapped;

pub(super) fn of(threat: &Threat, selection: &Selection<'_>) -> String {
    let stages: Vec<&str> = threat.stages.iter().map(|stage| stage.name()).collect();
    let stride: Vec<String> = threat.stride.iter().map(ToString::to_string).collect();
    let mut text = format!("{}: {}\n", threat.id, threat.title);
    let _ = writeln!(
        text,
        "severity {}, group {}, strikes in {}, STRIDE: {}",
        threat.severity,
        threat.group,
        stages.join(" and "),
        stride.join(", ")
    );
    for (heading, body) in sections(threat) {
        let _ = write!(text, "\n{heading}\n{}", wrapped(body));
    }
    let _ = write!(
        text,
        "\nReach: {}\n{}",
        reach(threat.reach),
        wrapped(&threat.extent)
    );
    text.push_str("\nChecks that speak to it\n");
    let mut any = false;
    for check in checks_of(threat) {
        any = true;
        let severity = check.severity.to_string();
        let _ = writeln!(text, "  {:<26}  {severity:<8}  {}", check.slug, check.title);
    }
    if !any {
        text.push_str("  none\n");
    }
    let rules: Vec<&str> = rules_of(threat).map(|rule| rule.slug).collect();
    if !rules.is_empty() {
        let _ = write!(
            text,
            "\nRules about model files ({})\n{}",
            rules.len(),
            wrapped(&rules.join(", "))
        );
    }
    text.push_str("\nMaps to\n");
    let mut last = String::new();
    for row in selection.mappings(threat) {
        let framework = shown(&row);
        if last != *framework {
            let _ = writeln!(text, "  {framework}");
            last = framework.into_owned();
        }
        let reference = RawName::from(row.reference.as_str()).to_string();
        let gap = if reference.is_empty() { "" } else { "  " };
        let _ = writeln!(
            text,
            "    {reference}{gap}{} ({}; {})",
            RawName::from(row.title.as_str()),
            row.relation,
            row.verification.words()
        );
    }
    let _ = write!(text, "\n{}", wrapped(DISCLAIMER));
    text
}

/// What is said of a threat, under headings.
pub(super) fn sections(threat: &Threat) -> [(&'static str, &str); 6] {
    [
        ("Causes", &threat.causes),
        ("Consequences", &threat.consequences),
        ("Detection", &threat.detection),
        ("Mitigation", &threat.mitigation),
        ("What can be looked at", &threat.evidence),
        ("What cannot be proven", &threat.limit),
    ]
}
