//! SARIF 2.1.0, within what GitHub code scanning takes and shows.
//!
//! The limits are those of GitHub's documentation ("SARIF support for code scanning"): 25,000
//! rules and 25,000 results in a run, of which the 5,000 worst are shown, 20 tags at a rule, 10 MB
//! when compressed. What is cut is counted in a notification of the run.

mod result;
mod rule;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use bonafide_core::{CheckResult, InspectedFile, Level, Report, Verdict, WaiverSummary};
use serde_json::{Value, json};

use crate::RenderError;
use crate::entry::{bounded, entries};
use crate::location::{Locations, base_name, path_reference, percent_encoded};
use result::Candidate;

/// The schema that the document follows.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Most results that GitHub takes.
const MOST_RESULTS: usize = 25_000;

/// Most results that GitHub shows.
const SHOWN_RESULTS: usize = 5_000;

/// Most rules that GitHub takes.
const MOST_RULES: usize = 25_000;

/// Most warnings and notes that become notifications.
const MOST_NOTIFICATIONS: usize = 200;

/// Bytes of names and messages over all results. Only these may be beyond compression, and GitHub
/// takes 10 MB.
const VOLUME: usize = 8_000_000;

/// What results are made with.
struct Context<'report> {
    locations: Locations<'report>,
    files: BTreeMap<&'report [u8], &'report InspectedFile>,
    waivers: BTreeMap<&'report str, &'report WaiverSummary>,
}

impl<'report> Context<'report> {
    fn of(report: &'report Report) -> Self {
        let files = report
            .inspection
            .iter()
            .flat_map(|inspection| &inspection.files);
        let waivers = report.waivers.iter();
        Self {
            locations: Locations::of(report),
            files: files.map(|file| (file.name.as_bytes(), file)).collect(),
            waivers: waivers.map(|waiver| (waiver.id.as_str(), waiver)).collect(),
        }
    }
}

pub(crate) fn render(report: &Report) -> Result<String, RenderError> {
    let mut text = serde_json::to_string_pretty(&document(report)?)?;
    text.push('\n');
    Ok(text)
}

fn document(report: &Report) -> Result<Value, RenderError> {
    let context = Context::of(report);
    let rules = rule::Rules::of(report, MOST_RULES);
    let mut candidates = Vec::new();
    let mut without_rule = 0;
    for check in &report.checks {
        let mut found: Vec<Candidate<'_>> = entries(check)
            .into_iter()
            .map(|entry| Candidate::found(check, entry))
            .collect();
        if check.outcome == "inconclusive" && check.level == Level::Deny {
            found.push(Candidate::undecided(check));
        }
        match rules.index(&check.check) {
            Some(index) => candidates.extend(found.into_iter().map(|candidate| (index, candidate))),
            None => without_rule += found.len(),
        }
    }
    // The worst first: what is cut, here or by GitHub, weighs least. The sort is stable.
    candidates.sort_by_key(|(_, candidate)| std::cmp::Reverse(candidate.weight()));
    let all = candidates.len().saturating_add(without_rule);
    let mut results = Vec::new();
    let mut volume: usize = 0;
    for (index, candidate) in candidates {
        let (result, weight) = candidate.result(&context, index);
        volume = volume.saturating_add(weight);
        if results.len() >= MOST_RESULTS || volume > VOLUME {
            break;
        }
        results.push(result);
    }
    let run = json!({
        "tool": {"driver": {
            "name": report.tool.name,
            "version": report.tool.version,
            "semanticVersion": report.tool.version,
            "rules": rules.written(),
        }},
        "automationDetails": {"id": category(report)},
        "invocations": [invocation(report, all, results.len())],
        "results": results,
        "properties": properties(report)?,
    });
    Ok(json!({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}))
}

/// What the uploads of several artifacts of one repository are told apart by. The directories of
/// a machine are no part of it.
fn category(report: &Report) -> String {
    let target = &report.artifact.target;
    let name = match &report.artifact.purl {
        Some(purl) => percent_encoded(purl.as_bytes()),
        None if target.as_bytes().starts_with(b"/") => base_name(target).map_or_else(
            || "artifact".to_owned(),
            |name| percent_encoded(name.as_bytes()),
        ),
        None => path_reference(target),
    };
    let name = name.trim_matches(['.', '/']);
    format!(
        "bonafide/{}/",
        if name.is_empty() { "artifact" } else { name }
    )
}

fn notification(id: &str, level: &str, text: &str) -> Value {
    json!({
        "descriptor": {"id": id},
        "level": level,
        "message": {"text": result::plain(&bounded(text, 1000))},
    })
}

/// The run: how it ended, what is wrong with its policy, what was not carried out, what was cut.
fn invocation(report: &Report, all: usize, written: usize) -> Value {
    let mut configuration: Vec<Value> = report
        .warnings
        .iter()
        .take(MOST_NOTIFICATIONS)
        .map(|warning| notification("policy-warning", "warning", warning))
        .collect();
    let more = report.warnings.len().saturating_sub(MOST_NOTIFICATIONS);
    if more > 0 {
        let text = format!("{more} more warnings are in the other forms of this report");
        configuration.push(notification("warnings-omitted", "warning", &text));
    }
    if written < all {
        let text = format!(
            "{} of {all} results are left out: GitHub takes {MOST_RESULTS} results and 10 MB; \
             all of them are in the JSON form of this report",
            all - written
        );
        configuration.push(notification("results-omitted", "error", &text));
    }
    if written > SHOWN_RESULTS {
        let text = format!(
            "GitHub shows the first {SHOWN_RESULTS} of {written} results, which are the worst"
        );
        configuration.push(notification("results-not-shown", "warning", &text));
    }
    let mut execution = Vec::new();
    if matches!(
        report.verdict,
        Verdict::Undecided | Verdict::NothingToVerify
    ) {
        execution.push(notification("verdict", "error", &report.reasons.join("; ")));
    }
    // Those that weigh `deny` are results.
    let undecided =
        |check: &&CheckResult| check.outcome == "inconclusive" && check.level != Level::Deny;
    for check in report
        .checks
        .iter()
        .filter(undecided)
        .take(MOST_NOTIFICATIONS)
    {
        let level = if check.level == Level::Warn {
            "warning"
        } else {
            "note"
        };
        let reason = check.reason.as_deref().unwrap_or("no reason is given");
        let text = format!("{} could not be checked: {reason}", check.control);
        execution.push(notification("not-checked", level, &text));
    }
    json!({
        "executionSuccessful": !matches!(report.verdict, Verdict::Undecided | Verdict::NothingToVerify),
        "exitCode": report.exit_code(),
        "exitCodeDescription": format!("{}, in mode {}", report.verdict, report.mode),
        "toolConfigurationNotifications": configuration,
        "toolExecutionNotifications": execution,
    })
}

/// What the verdict rests on.
fn properties(report: &Report) -> Result<Value, serde_json::Error> {
    Ok(json!({
        "verdict": serde_json::to_value(report.verdict)?,
        "mode": serde_json::to_value(report.mode)?,
        "reasons": report.reasons.iter().take(MOST_NOTIFICATIONS).collect::<Vec<_>>(),
        "evaluated-at": report.evaluated_at,
        "tool-digest": report.tool.digest,
        "artifact-root": report.artifact.root,
        "policy": {
            "name": report.policy.name,
            "version": report.policy.version,
            "digest": report.policy.digest,
        },
        "trust-material": report.policy.material,
    }))
}
