//! What a control found, gathered by what it is about.

use std::collections::BTreeMap;

use bonafide_core::{CheckResult, Finding, Rule, Severity, Subject};

/// Findings of one control that break the same rule, are about the same thing, and are waived by
/// the same waiver or by none.
#[derive(Debug)]
pub(crate) struct Entry<'report> {
    pub(crate) subject: &'report Subject,
    pub(crate) rule: Option<&'static Rule>,
    /// Id of the waiver that covers them.
    pub(crate) waiver: Option<&'report str>,
    /// Never empty.
    pub(crate) findings: Vec<&'report Finding>,
}

impl Entry<'_> {
    /// Severity: of the rule where there is one, else of the check.
    pub(crate) fn severity(&self, check: &CheckResult) -> Severity {
        self.rule.map_or(check.severity, |rule| rule.severity)
    }

    /// What was found, at most `most` messages of at most 400 characters.
    pub(crate) fn messages(&self, most: usize) -> String {
        let mut text = String::new();
        for finding in self.findings.iter().take(most) {
            if !text.is_empty() {
                text.push_str("; ");
            }
            text.push_str(&bounded(&finding.message, 400));
        }
        let more = self.findings.len().saturating_sub(most);
        if more > 0 {
            text.push_str(&format!("; and {more} more"));
        }
        text
    }

    /// Advice for these very findings, each once.
    pub(crate) fn hints(&self) -> Vec<&str> {
        let mut hints: Vec<&str> = Vec::new();
        for hint in self
            .findings
            .iter()
            .filter_map(|finding| finding.hint.as_deref())
        {
            if hints.len() < 3 && !hints.contains(&hint) {
                hints.push(hint);
            }
        }
        hints
    }
}

/// Every entry of a control, by subject and rule; those that nobody answers for first.
pub(crate) fn entries(check: &CheckResult) -> Vec<Entry<'_>> {
    type Key<'report> = (Option<&'report str>, &'report Subject, Option<&'static str>);
    let open = check.findings.iter().map(|finding| (None, finding));
    let waived = check
        .waived
        .iter()
        .map(|waived| (Some(waived.waiver.as_str()), &waived.finding));
    let mut groups: BTreeMap<Key<'_>, Entry<'_>> = BTreeMap::new();
    for (waiver, finding) in open.chain(waived) {
        let key = (waiver, &finding.subject, finding.rule.map(|rule| rule.slug));
        let entry = groups.entry(key).or_insert_with(|| Entry {
            subject: &finding.subject,
            rule: finding.rule,
            waiver,
            findings: Vec::new(),
        });
        entry.findings.push(finding);
    }
    groups.into_values().collect()
}

/// The text, cut at that many characters; `…` says so.
pub(crate) fn bounded(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The same for a text that must not be empty.
pub(crate) fn bounded_or(text: &str, characters: usize, otherwise: &str) -> String {
    let text = if text.trim().is_empty() {
        otherwise
    } else {
        text
    };
    bounded(text, characters)
}
