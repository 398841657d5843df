//! From outcomes to a verdict.
//!
//! What could not be checked counts against the artifact: a demand at level
//! `deny` that is inconclusive leaves the verdict undecided, which is no pass.

use std::borrow::Cow;

use bonafide_checks::{CHECKS, Check, Facts, Judgement, Standing};
use bonafide_core::{CheckResult, Level, Mode, Outcome, StandardSummary, Verdict, WaiverSummary};
use bonafide_hash::EntryKind;
use jiff::Timestamp;

use crate::policy::Policy;

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

/// Runs every check and applies the policy. Checks that the policy does not
/// name run as well, without weight, so that nothing goes unseen; but for those that ask
/// for something to be there.
#[must_use]
pub fn decide(policy: &Policy, facts: &Facts<'_>, run: Circumstances<'_>) -> Decision {
    let mut checks = Vec::with_capacity(CHECKS.len());
    for check in CHECKS.iter().copied() {
        let control = policy
            .controls
            .iter()
            .find(|control| control.check.slug == check.slug);
        let (level, judgement) = match control {
            Some(control) => (control.level, (control.prepared)(facts)),
            None if check.standing == Standing::OnDemand => (
                Level::Audit,
                Outcome::NotApplicable("the policy does not ask for it".to_owned()).into(),
            ),
            None => match (check.prepare)(serde_json::Value::Object(serde_json::Map::new())) {
                Ok(prepared) => (standing_level(check), prepared(facts)),
                Err(error) => (
                    Level::Audit,
                    Outcome::Inconclusive(format!("its defaults are unusable: {error}")).into(),
                ),
            },
        };
        let demanded = control.is_some() || check.standing == Standing::Always;
        checks.push(result(check, level, demanded, judgement));
    }
    checks.extend(run.custom);
    let (verdict, reasons) = weigh(&checks, facts);
    Decision {
        verdict,
        mode: run.mode.unwrap_or_default(),
        reasons,
        checks,
        waivers: Vec::new(),
        warnings: Vec::new(),
        standards: Vec::new(),
    }
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
    let denied: Vec<String> = demanded("fail")
        .map(|check| {
            let count = check.findings.len();
            let plural = if count == 1 { "" } else { "s" };
            format!("{}: {count} finding{plural}", check.check)
        })
        .collect();
    if !denied.is_empty() {
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
        return (Verdict::Undecided, undecided);
    }
    let mut reasons = vec!["every demand of the policy is met".to_owned()];
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
