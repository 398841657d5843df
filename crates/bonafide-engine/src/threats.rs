//! What the controls of a run show of the threats of the catalogue.

use std::collections::{BTreeMap, BTreeSet};

use bonafide_core::{CheckResult, Finding, MappingSummary, Subject, ThreatStanding, ThreatSummary};
use bonafide_threats::{Mapping, Threat, catalogue, crosswalk};

/// Every threat of the catalogue, in its order.
pub(crate) fn summaries(checks: &[CheckResult]) -> Vec<ThreatSummary> {
    let waived = waived(checks);
    let mut speaking: BTreeMap<&str, Vec<(&CheckResult, ThreatStanding)>> = BTreeMap::new();
    for result in checks {
        let standing = standing(result, &waived);
        let named: BTreeSet<&str> = result.threats.iter().map(|threat| threat.0).collect();
        for id in named {
            speaking.entry(id).or_default().push((result, standing));
        }
    }
    let threats = catalogue().threats.iter();
    threats
        .map(|threat| {
            let results = speaking.get(threat.id.as_str());
            summary(threat, results.map_or(&[], Vec::as_slice))
        })
        .collect()
}

fn summary(threat: &Threat, results: &[(&CheckResult, ThreatStanding)]) -> ThreatSummary {
    let standings = results.iter().map(|(_, standing)| *standing);
    let standing = standings
        .max_by_key(|standing| weight(*standing))
        .unwrap_or(ThreatStanding::NotChecked);
    let mut seen = BTreeSet::new();
    let controls = results.iter().map(|(result, _)| &result.control);
    let controls = controls.filter(|control| seen.insert(*control)).cloned();
    let mappings = match standing {
        ThreatStanding::Found | ThreatStanding::Undecided => mappings(&threat.id),
        ThreatStanding::Evidence | ThreatStanding::Waived | ThreatStanding::NotChecked => {
            Vec::new()
        }
    };
    ThreatSummary {
        id: threat.id.clone(),
        title: threat.title.clone(),
        group: threat.group.clone(),
        stages: threat.stages.iter().map(ToString::to_string).collect(),
        severity: threat.severity,
        reach: threat.reach,
        standing,
        controls: controls.collect(),
        limit: threat.limit.clone(),
        mappings,
    }
}

/// Whichever tells worse things of a threat outweighs the others.
const fn weight(standing: ThreatStanding) -> u8 {
    match standing {
        ThreatStanding::NotChecked => 0,
        ThreatStanding::Evidence => 1,
        ThreatStanding::Waived => 2,
        ThreatStanding::Undecided => 3,
        ThreatStanding::Found => 4,
    }
}

/// A finding of a check, wherever it is told.
type Told<'a> = (&'a str, &'a Subject, &'a str);

/// Findings that somebody answers for, in any control.
fn waived(checks: &[CheckResult]) -> BTreeSet<Told<'_>> {
    let each = checks.iter().flat_map(|result| {
        let all = result.waived.iter();
        all.map(|waived| told(result, &waived.finding))
    });
    each.collect()
}

fn told<'a>(result: &'a CheckResult, finding: &'a Finding) -> Told<'a> {
    (&result.check, &finding.subject, &finding.message)
}

/// What one control shows of the threats of its check.
fn standing(result: &CheckResult, waived: &BTreeSet<Told<'_>>) -> ThreatStanding {
    // What lies outside of the control's scope does not count for the verdict. It is there all the
    // same, and a threat that was seen is not one that was looked for in vain.
    let mut outside = result.out_of_scope.iter();
    if outside.any(|finding| !waived.contains(&told(result, finding))) {
        return ThreatStanding::Found;
    }
    match result.outcome {
        "fail" => ThreatStanding::Found,
        "pass" if !result.waived.is_empty() || !result.out_of_scope.is_empty() => {
            ThreatStanding::Waived
        }
        "pass" => ThreatStanding::Evidence,
        "not-applicable" => ThreatStanding::NotChecked,
        // `inconclusive`, and whatever else is no pass.
        _ => ThreatStanding::Undecided,
    }
}

fn mappings(threat: &str) -> Vec<MappingSummary> {
    let rows = crosswalk().iter().filter(|row| row.threat == threat);
    rows.map(shown).collect()
}

fn shown(row: &Mapping) -> MappingSummary {
    let framework = catalogue().framework(&row.framework, &row.version);
    MappingSummary {
        framework: framework.map_or_else(
            || format!("{} {}", row.framework, row.version),
            |framework| framework.short.clone(),
        ),
        reference: row.reference.clone(),
        title: row.title.clone(),
        relation: row.relation.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use bonafide_core::{Level, Severity, ThreatId, WaivedFinding};

    use super::*;

    fn result(control: &str, outcome: &'static str, threats: &'static [ThreatId]) -> CheckResult {
        CheckResult {
            control: control.to_owned(),
            check: Cow::Borrowed("some-check"),
            title: Cow::Borrowed("Something"),
            level: Level::Deny,
            effective_on: None,
            applies_to: None,
            out_of_scope: Vec::new(),
            demanded: true,
            outcome,
            reason: None,
            severity: Severity::High,
            threats: Cow::Borrowed(threats),
            demands: Cow::Borrowed(""),
            rationale: Cow::Borrowed(""),
            cannot_prove: Cow::Borrowed(""),
            remediation: Cow::Borrowed(""),
            findings: Vec::new(),
            waived: Vec::new(),
            excused: Vec::new(),
        }
    }

    fn finding() -> Finding {
        Finding::new(Subject::Artifact, "is bad")
    }

    fn waiver() -> WaivedFinding {
        WaivedFinding {
            waiver: "W-1".to_owned(),
            finding: finding(),
        }
    }

    fn of(checks: &[CheckResult], id: &str) -> ThreatSummary {
        let all = summaries(checks);
        all.into_iter().find(|threat| threat.id == id).unwrap()
    }

    const SIG_02: &[ThreatId] = &[ThreatId("SIG-02")];

    #[test]
    fn every_threat_is_told_in_the_order_of_the_catalogue() {
        let ids: Vec<String> = summaries(&[]).into_iter().map(|threat| threat.id).collect();
        let known = catalogue().threats.iter().map(|threat| threat.id.clone());
        assert_eq!(ids, known.collect::<Vec<_>>());
        let all = summaries(&[]);
        assert!(all.iter().all(|threat| {
            threat.standing == ThreatStanding::NotChecked
                && threat.mappings.is_empty()
                && threat.controls.is_empty()
                && !threat.limit.is_empty()
        }));
    }

    #[test]
    fn the_worst_standing_wins() {
        let passed = || result("a", "pass", SIG_02);
        let waived = || CheckResult {
            waived: vec![waiver()],
            ..result("b", "pass", SIG_02)
        };
        let undecided = || result("c", "inconclusive", SIG_02);
        let failed = || CheckResult {
            findings: vec![finding()],
            ..result("d", "fail", SIG_02)
        };
        let idle = || result("e", "not-applicable", SIG_02);
        for (checks, expected) in [
            (vec![idle()], ThreatStanding::NotChecked),
            (vec![passed(), idle()], ThreatStanding::Evidence),
            (vec![waived(), passed()], ThreatStanding::Waived),
            (
                vec![passed(), undecided(), waived()],
                ThreatStanding::Undecided,
            ),
            (
                vec![passed(), failed(), undecided(), waived()],
                ThreatStanding::Found,
            ),
            (
                vec![result("f", "unheard-of", SIG_02)],
                ThreatStanding::Undecided,
            ),
        ] {
            let summary = of(&checks, "SIG-02");
            assert_eq!(summary.standing, expected);
            let controls: Vec<&str> = checks.iter().map(|check| check.control.as_str()).collect();
            assert_eq!(summary.controls, controls);
            assert_eq!(of(&checks, "SIG-03").standing, ThreatStanding::NotChecked);
        }
    }

    #[test]
    fn mappings_are_told_where_something_was_found_or_left_open() {
        for (outcome, told) in [
            ("fail", true),
            ("inconclusive", true),
            ("pass", false),
            ("not-applicable", false),
        ] {
            let summary = of(&[result("a", outcome, SIG_02)], "SIG-02");
            assert_eq!(!summary.mappings.is_empty(), told, "{outcome}");
        }
        let summary = of(&[result("a", "fail", SIG_02)], "SIG-02");
        let rows = crosswalk().iter().filter(|row| row.threat == "SIG-02");
        assert_eq!(summary.mappings.len(), rows.count());
        let label = summary.mappings.first().unwrap();
        assert_eq!(label.framework, "ISO/IEC FDIS 27090");
        assert_eq!(label.reference, "");
        assert_eq!(label.relation, "in category");
    }

    #[test]
    fn findings_outside_of_a_scope_are_no_evidence() {
        let outside = CheckResult {
            out_of_scope: vec![finding()],
            ..result("weights", "pass", SIG_02)
        };
        let summary = of(std::slice::from_ref(&outside), "SIG-02");
        assert_eq!(summary.standing, ThreatStanding::Found);
        // Unless another control of the check has them waived.
        let elsewhere = CheckResult {
            waived: vec![waiver()],
            ..result("rest", "pass", SIG_02)
        };
        let summary = of(&[outside, elsewhere], "SIG-02");
        assert_eq!(summary.standing, ThreatStanding::Waived);
    }

    #[test]
    fn one_control_is_named_once() {
        let twice: &[ThreatId] = &[ThreatId("SIG-02"), ThreatId("SIG-02")];
        let checks = [result("a", "pass", twice), result("a", "pass", twice)];
        assert_eq!(of(&checks, "SIG-02").controls, ["a"]);
    }
}
