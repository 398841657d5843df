//! From outcomes to a verdict.
//!
//! What could not be checked counts against the artifact: a demand at level
//! `deny` that is inconclusive leaves the verdict undecided, which is no pass.

use std::borrow::Cow;

use bonafide_checks::{CHECKS, Check, Facts, Judgement, Standing};
use bonafide_core::{
    CheckResult, Finding, Level, Mode, Outcome, Severity, StandardSummary, Subject, Verdict,
    WaiverSummary,
};
use bonafide_hash::EntryKind;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::control::Control;
use crate::layer::NoMatch;
use crate::policy::{Policy, today};
use crate::scope::View;
use crate::{standing, waiving};

/// What a run is, apart from the facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circumstances<'a> {
    /// The clock of the run.
    pub now: Timestamp,
    /// What the user says that the target is (package URL).
    pub purl: Option<&'a str>,
    /// What becomes of the verdict, if the user says so.
    pub mode: Option<Mode>,
    /// What the custom rules of the policy found.
    pub custom: Vec<CheckResult>,
}

/// The verdict and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The verdict.
    pub verdict: Verdict,
    /// What becomes of it.
    pub mode: Mode,
    /// One line a reason.
    pub reasons: Vec<String>,
    /// Every check of the table, demanded or not.
    pub checks: Vec<CheckResult>,
    /// Every waiver that was at hand.
    pub waivers: Vec<WaiverSummary>,
    /// What is wrong with policy or waivers without making them unusable.
    pub warnings: Vec<String>,
    /// Provisions that the policy names.
    pub standards: Vec<StandardSummary>,
}

/// Name of the result about files to which no control applies that has weight.
pub const NO_CONTROL: &str = "no-control";

/// Runs every check and applies the policy. Checks that the policy does not
/// name run as well, without weight, so that nothing goes unseen; but for those that ask
/// for something to be there.
#[must_use]
pub fn decide(policy: &Policy, facts: &Facts<'_>, run: Circumstances<'_>) -> Decision {
    let view = View::of(facts, run.purl);
    let today = today(run.now);
    let mut warnings = Vec::new();
    let mut checks = Vec::with_capacity(CHECKS.len());
    for check in CHECKS.iter().copied() {
        let mut named = false;
        let of_check = policy.controls.iter();
        for control in of_check.filter(|control| control.check.slug == check.slug) {
            named = true;
            checks.push(held_against(control, &view, today, &mut warnings));
        }
        if !named {
            checks.push(unnamed(check, facts));
        }
    }
    checks.extend(run.custom);
    checks.extend(no_control(policy, &view, today));
    let waivers = waiving::apply(&policy.waivers, &mut checks, &view, today, &mut warnings);
    if !policy
        .controls
        .iter()
        .any(|control| control.level > Level::Audit)
        && !policy.custom.iter().any(|rules| rules.level > Level::Audit)
    {
        warnings.push("no control of the policy weighs more than `audit`".to_owned());
    }
    let standards = standing::summaries(policy, &checks);
    let (verdict, reasons) = weigh(&checks, facts);
    Decision {
        verdict,
        mode: run.mode.or(policy.mode).unwrap_or_default(),
        reasons,
        checks,
        waivers,
        warnings,
        standards,
    }
}

/// What a control of the policy finds.
fn held_against(
    control: &Control,
    view: &View<'_>,
    today: Date,
    warnings: &mut Vec<String>,
) -> CheckResult {
    let level = control.level_on(today);
    let judgement = if control.scope.is_about_nothing(view) {
        let scope = control.scope.description().unwrap_or_default();
        Outcome::NotApplicable(format!("the policy asks this of others: {scope}")).into()
    } else {
        (control.prepared)(view.facts)
    };
    let mut result = result(control.check, level, true, judgement);
    result.control.clone_from(&control.id);
    if let Some(reason) = &control.reason {
        // Who wrote the policy knows better than we why it is there.
        result.rationale = Cow::Owned(format!("{reason} {}", control.check.rationale));
    }
    result.applies_to = control.scope.description().map(str::to_owned);
    result.effective_on = control
        .effective_on
        .filter(|day| today < *day)
        .map(|day| day.to_string());
    if result.applies_to.is_none() {
        return result;
    }
    let (inside, outside) = std::mem::take(&mut result.findings)
        .into_iter()
        .partition(|finding| control.scope.takes(&finding.subject, view));
    result.findings = inside;
    result.out_of_scope = outside;
    if result.outcome == "fail" && result.findings.is_empty() {
        result.outcome = "pass";
    }
    if result.outcome == "pass" && !control.scope.has_component(view) {
        result.outcome = "not-applicable";
        result.reason = Some("nothing that is here is in its scope".to_owned());
    }
    if result.outcome == "not-applicable" && !control.scope.has_component(view) {
        let scope = result.applies_to.as_deref().unwrap_or_default();
        warnings.push(format!(
            "control `{}` looked at nothing: it applies to {scope}",
            control.id
        ));
    }
    result
}

/// A check that the policy does not name.
fn unnamed(check: &'static Check, facts: &Facts<'_>) -> CheckResult {
    let demanded = check.standing == Standing::Always;
    if check.standing == Standing::OnDemand {
        let judgement = Outcome::NotApplicable("the policy does not ask for it".to_owned()).into();
        return result(check, Level::Audit, demanded, judgement);
    }
    match (check.prepare)(serde_json::Value::Object(serde_json::Map::new())) {
        Ok(prepared) => result(check, standing_level(check), demanded, prepared(facts)),
        Err(error) => {
            let reason = format!("its defaults are unusable: {error}");
            let judgement = Outcome::Inconclusive(reason).into();
            result(check, standing_level(check), demanded, judgement)
        }
    }
}

/// Files that every control with weight leaves out. None if no control has a scope: then
/// none can be left out.
fn no_control(policy: &Policy, view: &View<'_>, today: Date) -> Option<CheckResult> {
    let weighty = || {
        let controls = policy.controls.iter();
        controls.filter(|control| control.level_on(today) > Level::Audit)
    };
    let everything = |control: &Control| control.scope.description().is_none();
    let custom = policy.custom.iter().any(|rules| rules.level > Level::Audit);
    if weighty().next().is_none() || weighty().any(everything) || custom {
        return None;
    }
    let entries = view.facts.tree.entries().iter();
    let findings = entries
        .filter(|entry| !matches!(entry.kind, EntryKind::Directory))
        .map(|entry| Subject::File(entry.name.clone()))
        .filter(|file| !weighty().any(|control| control.scope.takes(file, view)))
        .map(|file| Finding::new(file, "no control of the policy applies to it"))
        .collect();
    let outcome = Outcome::from_findings(findings);
    let (level, demanded) = match policy.no_match {
        NoMatch::Deny => (Level::Deny, true),
        NoMatch::Warn => (Level::Warn, true),
        NoMatch::Allow => (Level::Audit, false),
    };
    let (outcome, findings) = match outcome {
        Outcome::Fail(findings) => ("fail", findings),
        _ => ("pass", Vec::new()),
    };
    Some(CheckResult {
        control: NO_CONTROL.to_owned(),
        check: Cow::Borrowed(NO_CONTROL),
        title: Cow::Borrowed("No control of the policy applies"),
        level,
        effective_on: None,
        applies_to: None,
        out_of_scope: Vec::new(),
        demanded,
        outcome,
        reason: None,
        severity: Severity::High,
        threats: Cow::Borrowed(&[]),
        demands: Cow::Borrowed(
            "Every file of the artifact is in the scope of a control that denies or warns.",
        ),
        rationale: Cow::Borrowed(
            "A file that every control leaves out is let through without anybody having looked.",
        ),
        cannot_prove: Cow::Borrowed("That the controls which apply ask the right things."),
        remediation: Cow::Borrowed(
            "Widen `applies-to` of a control, or add a control without it. `no-match` of the policy says what such \
             files weigh.",
        ),
        findings,
        waived: Vec::new(),
        excused: Vec::new(),
    })
}

/// What a check weighs that the policy does not name.
fn standing_level(check: &Check) -> Level {
    match check.standing {
        Standing::Always => Level::Deny,
        Standing::Optional | Standing::OnDemand => Level::Audit,
    }
}

fn result(
    check: &'static Check,
    level: Level,
    demanded: bool,
    judgement: Judgement,
) -> CheckResult {
    let (outcome, reason, findings) = match judgement.outcome {
        Outcome::Pass => ("pass", None, Vec::new()),
        Outcome::Fail(findings) => ("fail", None, findings),
        Outcome::Inconclusive(reason) => ("inconclusive", Some(reason), Vec::new()),
        Outcome::NotApplicable(reason) => ("not-applicable", Some(reason), Vec::new()),
    };
    CheckResult {
        control: check.slug.to_owned(),
        check: Cow::Borrowed(check.slug),
        title: Cow::Borrowed(check.title),
        level,
        effective_on: None,
        applies_to: None,
        out_of_scope: Vec::new(),
        demanded,
        outcome,
        reason,
        severity: check.severity,
        threats: Cow::Borrowed(check.threats),
        demands: Cow::Borrowed(check.demands),
        rationale: Cow::Borrowed(check.rationale),
        cannot_prove: Cow::Borrowed(check.cannot_prove),
        remediation: Cow::Borrowed(check.remediation),
        findings,
        waived: Vec::new(),
        excused: judgement.excused,
    }
}

fn weigh(checks: &[CheckResult], facts: &Facts<'_>) -> (Verdict, Vec<String>) {
    let only_directories = facts
        .tree
        .entries()
        .iter()
        .all(|entry| matches!(entry.kind, EntryKind::Directory));
    // With a signature, absent files are missing files.
    if only_directories && facts.signatures.is_empty() {
        return (
            Verdict::NothingToVerify,
            vec!["the target holds no files and no signature".to_owned()],
        );
    }
    let demanded = |outcome: &'static str| {
        checks
            .iter()
            .filter(move |check| check.level == Level::Deny && check.outcome == outcome)
    };
    let mut denied: Vec<String> = demanded("fail").map(denial).collect();
    if !denied.is_empty() {
        denied.extend(waived(checks).map(|waived| format!("besides, {waived}")));
        return (Verdict::Deny, denied);
    }
    // Several checks often wait for the same thing; it is said once.
    let mut undecided: Vec<String> = Vec::new();
    for check in demanded("inconclusive") {
        let reason = check.reason.clone().unwrap_or_default();
        if !undecided.contains(&reason) {
            undecided.push(reason);
        }
    }
    if !undecided.is_empty() {
        undecided.extend(waived(checks).map(|waived| format!("besides, {waived}")));
        return (Verdict::Undecided, undecided);
    }
    let mut reasons = match waived(checks) {
        None => vec!["every demand of the policy is met".to_owned()],
        Some(waived) => vec![
            format!("allowed with {waived}"),
            "every other demand of the policy is met".to_owned(),
        ],
    };
    let not_yet: Vec<&str> = checks
        .iter()
        .filter(|check| check.effective_on.is_some() && check.outcome == "fail")
        .map(|check| check.control.as_str())
        .collect();
    if !not_yet.is_empty() {
        reasons.push(format!(
            "not yet effective, and not passed: {}",
            not_yet.join(", ")
        ));
    }
    if facts.survey.bindings.is_empty() {
        reasons.push("no signature is verified: the policy does not demand one".to_owned());
    }
    let beside: Vec<&str> = checks
        .iter()
        .filter(|check| {
            !check.demanded && check.outcome != "pass" && check.outcome != "not-applicable"
        })
        .map(|check| check.check.as_ref())
        .collect();
    if !beside.is_empty() {
        reasons.push(format!(
            "not demanded by the policy, and not passed: {}",
            beside.join(", ")
        ));
    }
    (Verdict::Allow, reasons)
}

/// Why a control denies.
fn denial(check: &CheckResult) -> String {
    let count = check.findings.len();
    let plural = if count == 1 { "" } else { "s" };
    format!("{}: {count} finding{plural}", shown(check))
}

/// A control, with its check where that has another name.
fn shown(check: &CheckResult) -> String {
    if check.control == check.check {
        check.control.clone()
    } else {
        format!("{} ({})", check.control, check.check)
    }
}

/// What somebody answers for, of what would otherwise deny.
fn waived(checks: &[CheckResult]) -> Option<String> {
    let mut count = 0_usize;
    let mut waivers: Vec<&str> = Vec::new();
    for check in checks.iter().filter(|check| check.level == Level::Deny) {
        for waived in &check.waived {
            count += 1;
            if !waivers.contains(&waived.waiver.as_str()) {
                waivers.push(&waived.waiver);
            }
        }
    }
    let plural = if count == 1 { "" } else { "s" };
    (count > 0).then(|| format!("{count} waived finding{plural}: {}", waivers.join(", ")))
}
