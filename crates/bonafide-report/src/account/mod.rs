//! What every page tells of a report, in the same order and by the same words.
//!
//! Nothing is decided here: controls are put in order, counted and named.

mod documents;
mod signatures;

use std::borrow::Cow;
use std::collections::HashMap;

use bonafide_core::{
    CheckResult, Finding, Level, Mode, RawName, Reach, Report, RequirementClass,
    RequirementStanding, Rule, Severity, ThreatStanding, ThreatSummary, Verdict, WaiverState,
};

pub(crate) use documents::{document, document_state};
pub(crate) use signatures::{signature, signature_gaps, signature_state};

/// Severities, the worst first.
pub(crate) const SEVERITIES: [Severity; 4] = [
    Severity::Critical,
    Severity::High,
    Severity::Medium,
    Severity::Low,
];

/// Most rules of a control whose reason and remedy are told.
const MOST_RULES: usize = 12;

/// Where what a page leaves out can be read.
pub(crate) const WHOLE: &str = "see `--output json`";

/// Text with characters that a reader would not see, or that reorder what a reader sees,
/// spelled out like in [`RawName`]. A backslash stays: text that was made visible before does
/// not change.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => shown.push('\\'),
            // Not for XML.
            '\u{FFFE}' | '\u{FFFF}' => shown.extend(character.escape_unicode()),
            ' '..='~' => shown.push(character),
            _ => shown.push_str(&RawName::from(&*character.encode_utf8(&mut [0; 4])).to_string()),
        }
    }
    Cow::Owned(shown)
}

/// At most so many characters of a text, made visible; `…` says that it was cut.
pub(crate) fn cut(text: &str, most: usize) -> String {
    // Nothing becomes shorter when it is made visible, so the rest cannot matter.
    let end = text
        .char_indices()
        .nth(most.saturating_add(1))
        .map_or(text.len(), |(place, _)| place);
    let shown = visible(text.get(..end).unwrap_or(text));
    match shown.char_indices().nth(most) {
        None => shown.into_owned(),
        Some((place, _)) => format!("{}…", shown.get(..place).unwrap_or_default()),
    }
}

/// `1 file`, `2 files`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// The parts of a list that are not empty, with how many there are of each.
pub(crate) fn tally<'a>(counts: impl IntoIterator<Item = (usize, &'a str)>) -> String {
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    counts.join(", ")
}

/// Failed controls with their place in the report: the worst first, of those the ones that
/// deny; ties keep the order of the report.
pub(crate) fn concerns(report: &Report) -> Vec<(usize, &CheckResult)> {
    let mut failed: Vec<(usize, &CheckResult)> = report
        .checks
        .iter()
        .enumerate()
        .filter(|(_, check)| check.outcome == "fail")
        .collect();
    failed.sort_by_key(|(_, check)| std::cmp::Reverse((check.severity, check.level)));
    failed
}

/// Findings of failed controls by severity, in the order of [`SEVERITIES`].
pub(crate) fn findings_by_severity(report: &Report) -> [(usize, &'static str); 4] {
    SEVERITIES.map(|severity| {
        let count = concerns(report)
            .iter()
            .filter(|(_, check)| check.severity == severity)
            .map(|(_, check)| check.findings.len())
            .sum();
        (count, severity_word(severity))
    })
}

/// Findings that somebody answers for.
pub(crate) fn waived(report: &Report) -> usize {
    report.checks.iter().map(|check| check.waived.len()).sum()
}

/// Findings that are outside of what their control applies to.
pub(crate) fn out_of_scope(report: &Report) -> usize {
    let checks = report.checks.iter();
    checks.map(|check| check.out_of_scope.len()).sum()
}

/// Controls that could not be carried out, those with the same reason together; reasons that
/// leave the verdict undecided come first.
pub(crate) fn undecided(report: &Report) -> Vec<(&str, Vec<(usize, &CheckResult)>)> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut reasons: Vec<(&str, Vec<(usize, &CheckResult)>)> = Vec::new();
    for (number, check) in report.checks.iter().enumerate() {
        if check.outcome != "inconclusive" {
            continue;
        }
        let reason = check.reason.as_deref().unwrap_or("no reason is given");
        let place = *places.entry(reason).or_insert_with(|| {
            reasons.push((reason, Vec::new()));
            reasons.len() - 1
        });
        if let Some((_, checks)) = reasons.get_mut(place) {
            checks.push((number, check));
        }
    }
    reasons.sort_by_key(|(_, checks)| {
        let weight = checks.iter().map(|(_, check)| check.level).max();
        std::cmp::Reverse(weight)
    });
    reasons
}

/// Rules that findings break, each once, in their order; what a rule says is nearer to a finding
/// than what its check says. Tells as well how many more there are.
pub(crate) fn rules(findings: &[Finding]) -> (Vec<&'static Rule>, usize) {
    let mut known: Vec<&'static Rule> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut more = 0;
    for rule in findings.iter().filter_map(|finding| finding.rule) {
        if !seen.insert(rule.slug) {
            continue;
        }
        if known.len() < MOST_RULES {
            known.push(rule);
        } else {
            more += 1;
        }
    }
    (known, more)
}

/// Titles of threats by their ids.
pub(crate) struct Threats<'r>(HashMap<&'r str, (usize, &'r ThreatSummary)>);

impl<'r> Threats<'r> {
    pub(crate) fn of(report: &'r Report) -> Self {
        let threats = report.threats.iter().enumerate();
        Self(
            threats
                .map(|(place, threat)| (threat.id.as_str(), (place, threat)))
                .collect(),
        )
    }

    /// Place in the report, and what is known of it.
    pub(crate) fn get(&self, id: &str) -> Option<(usize, &'r ThreatSummary)> {
        self.0.get(id).copied()
    }

    /// Id and title, if there is one.
    pub(crate) fn named(&self, id: &str) -> String {
        match self.get(id) {
            Some((_, threat)) => format!("{id} {}", visible(&threat.title)),
            None => id.to_owned(),
        }
    }
}

/// Findings waived in this run by the waiver's id, with the control.
pub(crate) fn waived_by(report: &Report) -> HashMap<&str, Vec<(&CheckResult, &Finding)>> {
    let mut waived: HashMap<&str, Vec<(&CheckResult, &Finding)>> = HashMap::new();
    for check in &report.checks {
        for known in &check.waived {
            let entry = waived.entry(known.waiver.as_str()).or_default();
            entry.push((check, &known.finding));
        }
    }
    waived
}

/// Waived findings whose waiver the report does not describe: nothing is left out silently.
pub(crate) fn waived_by_nobody<'r>(
    report: &'r Report,
    waived: &HashMap<&'r str, Vec<(&'r CheckResult, &'r Finding)>>,
) -> Vec<&'r str> {
    let known: std::collections::HashSet<&str> = report
        .waivers
        .iter()
        .map(|waiver| waiver.id.as_str())
        .collect();
    let mut unknown: Vec<&str> = waived
        .keys()
        .copied()
        .filter(|id| !known.contains(id))
        .collect();
    unknown.sort_unstable();
    unknown
}

/// How long a waiver holds.
pub(crate) fn remaining(days: i64) -> String {
    let plural = if days.unsigned_abs() == 1 { "" } else { "s" };
    match days {
        0 => "last day".to_owned(),
        1.. => format!("{days} day{plural} left"),
        _ => format!("{} day{plural} ago", days.unsigned_abs()),
    }
}

/// What the mode makes of the verdict, where it is more than the verdict itself.
pub(crate) fn consequence(report: &Report) -> Option<String> {
    let code = report.exit_code();
    match report.mode {
        Mode::Enforce => None,
        Mode::Warn if code != report.verdict.exit_code() => Some(format!(
            "mode warn: the artifact is let through with this warning, exit code {code}"
        )),
        Mode::Audit if code != report.verdict.exit_code() => Some(format!(
            "mode audit: the verdict is told, not enforced, exit code {code}"
        )),
        Mode::Warn | Mode::Audit => None,
    }
}

/// The verdict in a sentence.
pub(crate) const fn sentence(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allow => "Every demand of the policy is met.",
        Verdict::Deny => "At least one demand of the policy is violated.",
        Verdict::Undecided => {
            "No demand is shown to be violated, but not every demand could be checked."
        }
        Verdict::NothingToVerify => "There is nothing here that could be verified.",
    }
}

pub(crate) const fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
    }
}

/// What a control weighs.
pub(crate) const fn weight(check: &CheckResult) -> &'static str {
    match (check.demanded, check.level) {
        (false, _) => "not demanded",
        (true, Level::Deny) => "deny",
        (true, Level::Warn) => "warn",
        (true, Level::Audit) => "audit",
    }
}

/// What follows from findings of a control.
pub(crate) const fn follows(level: Level) -> &'static str {
    match level {
        Level::Deny => "denied",
        Level::Warn => "warning",
        Level::Audit => "note",
    }
}

/// The outcome of a control.
pub(crate) fn outcome(check: &CheckResult) -> &'static str {
    match check.outcome {
        "pass" if !check.waived.is_empty() => "waived",
        "inconclusive" => "undecided",
        "not-applicable" => "n/a",
        other => other,
    }
}

/// What of a control is not the rule: how often it found something, what it applies to, from
/// when on it weighs more.
pub(crate) fn remarks(check: &CheckResult) -> Vec<String> {
    let mut remarks = Vec::new();
    if !check.findings.is_empty() {
        remarks.push(counted(check.findings.len(), "finding"));
    }
    if let (Some(reason), "not-applicable") = (&check.reason, check.outcome) {
        remarks.push(cut(reason, 300));
    }
    if !check.waived.is_empty() {
        remarks.push(format!("{} waived", check.waived.len()));
    }
    if let Some(scope) = &check.applies_to {
        remarks.push(format!("applies to {}", cut(scope, 200)));
    }
    if !check.out_of_scope.is_empty() {
        let count = counted(check.out_of_scope.len(), "finding");
        remarks.push(format!("{count} out of scope"));
    }
    if let Some(day) = &check.effective_on {
        remarks.push(format!("weighs deny from {} on", visible(day)));
    }
    remarks
}

/// Id of a control, and of its check where that is another.
pub(crate) fn identity(check: &CheckResult) -> String {
    if check.control == check.check {
        return visible(&check.control).into_owned();
    }
    format!(
        "{}, check {}",
        visible(&check.control),
        visible(&check.check)
    )
}

/// What a run shows of a threat.
pub(crate) const fn threat_standing(standing: ThreatStanding) -> &'static str {
    match standing {
        ThreatStanding::Found => "found",
        ThreatStanding::Undecided => "undecided",
        ThreatStanding::Evidence => "checks passed",
        ThreatStanding::Waived => "waived",
        ThreatStanding::NotChecked => "not checked",
    }
}

/// What matters most to a reader first.
pub(crate) const THREAT_STANDINGS: [ThreatStanding; 5] = [
    ThreatStanding::Found,
    ThreatStanding::Undecided,
    ThreatStanding::Waived,
    ThreatStanding::Evidence,
    ThreatStanding::NotChecked,
];

/// How far the tool can speak to a threat.
pub(crate) const fn threat_reach(reach: Reach) -> &'static str {
    match reach {
        Reach::Checked => "checked",
        Reach::Attested => "attested only",
        Reach::OutOfReach => "out of reach",
    }
}

pub(crate) const fn waiver_state(state: WaiverState) -> &'static str {
    match state {
        WaiverState::Used => "in force",
        WaiverState::Unused => "not used",
        WaiverState::Expired => "expired",
    }
}

/// What a run is for a provision.
pub(crate) const fn requirement_standing(standing: RequirementStanding) -> &'static str {
    match standing {
        RequirementStanding::Supported => "supported",
        RequirementStanding::Contradicted => "contradicted",
        RequirementStanding::Undecided => "undecided",
        RequirementStanding::Waived => "waived",
        RequirementStanding::NoEvidence => "no evidence",
    }
}

/// How a provision can be shown.
pub(crate) const fn requirement_class(class: RequirementClass) -> &'static str {
    match class {
        RequirementClass::Automated => "automated",
        RequirementClass::Attestation => "attestation",
        RequirementClass::Document => "document",
        RequirementClass::Outside => "outside",
    }
}

#[cfg(test)]
mod tests {
    use super::{cut, remaining, visible};

    #[test]
    fn text_that_was_made_visible_does_not_change() {
        let hostile = "a\\b\n\u{1b}[2J\u{202e}é\u{ffff}";
        let once = visible(hostile).into_owned();
        assert_eq!(once, "a\\b\\n\\u{1b}[2J\\u{202e}é\\u{ffff}");
        assert_eq!(visible(&once), once);
    }

    #[test]
    fn a_cut_text_says_so_and_is_no_longer_than_asked() {
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "abc…");
        assert_eq!(cut("\u{202e}abc", 4), "\\u{2…");
        assert_eq!(cut("ééé", 2), "éé…");
    }

    #[test]
    fn days_are_counted_in_words() {
        let table = [
            (2, "2 days left"),
            (1, "1 day left"),
            (0, "last day"),
            (-1, "1 day ago"),
            (-9, "9 days ago"),
        ];
        for (days, expected) in table {
            assert_eq!(remaining(days), expected);
        }
    }
}
