//! A summary in Markdown, for the page that a pipeline shows of a step.
//!
//! It is read where Markdown, HTML, mentions, emoji and links all work, and most of what it tells
//! comes from the artifact. Text that is not plain prose therefore stands in a code span, in
//! which nothing works: GitHub Flavored Markdown takes it as it is, and neither links nor
//! mentions are looked for in it. What could end the span or the cell is spelled out.

use bonafide_core::{CheckResult, Finding, Report, SignatureState, ThreatStanding, Verdict};

use crate::account::{
    SEVERITIES, THREAT_STANDINGS, Threats, concerns, consequence, counted, cut,
    findings_by_severity, follows, out_of_scope, remaining, requirement_standing, sentence, tally,
    threat_standing, undecided, visible, waived, waived_by, waiver_state, weight,
};

/// Most rows of a table, and most reasons. With the limits below the summary stays far below the
/// mebibyte that a step may write.
const MOST_ROWS: usize = 20;
const MOST_REASONS: usize = 10;
const MOST_NAMES: usize = 6;

/// Most characters of a piece of text.
const MOST_CHARACTERS: usize = 240;
const MOST_SENTENCES: usize = 600;

/// Longest run of backticks in a code span; longer ones are spelled out.
const MOST_BACKTICKS: usize = 3;

/// Where the rest can be read.
const WHOLE: &str = "the JSON report has them (`--output json=FILE`)";

pub(crate) fn render(report: &Report) -> String {
    let mut page = Page {
        text: String::new(),
    };
    page.verdict(report);
    page.findings(report);
    page.undecided(report);
    page.waivers(report);
    page.warnings(report);
    page.counts(report);
    page.evidence(report);
    page.text
}

struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn heading(&mut self, text: &str) {
        self.line("");
        self.line(&format!("### {text}"));
        self.line("");
    }

    fn table(&mut self, titles: &[&str]) {
        self.line(&format!("| {} |", titles.join(" | ")));
        self.line(&format!("|{}", "---|".repeat(titles.len())));
    }

    fn row(&mut self, cells: &[&str]) {
        self.line(&format!("| {} |", cells.join(" | ")));
    }

    /// Says how much is not shown, if anything is not.
    fn more(&mut self, count: usize, noun: &str) {
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            self.line("");
            self.line(&format!("{count} more {noun}{plural}: {WHOLE}."));
        }
    }

    fn verdict(&mut self, report: &Report) {
        let sign = match report.verdict {
            Verdict::Allow => "✅",
            Verdict::Deny => "❌",
            Verdict::Undecided => "❓",
            Verdict::NothingToVerify => "⬜",
        };
        let target = report.artifact.target.to_string();
        self.line(&format!(
            "## {sign} {}: {}",
            report.verdict,
            code(&target, MOST_CHARACTERS)
        ));
        self.line("");
        self.line(sentence(report.verdict));
        if let Some(consequence) = consequence(report) {
            self.line(&format!("**{consequence}**"));
        }
        self.line(&format!(
            "Policy {} {}, mode {}, judged at {}.",
            code(&report.policy.name, MOST_CHARACTERS),
            code(&report.policy.version, MOST_CHARACTERS),
            report.mode,
            report.evaluated_at
        ));
        self.line("");
        for reason in report.reasons.iter().take(MOST_REASONS) {
            self.line(&format!("- {}", prose(reason)));
        }
        let more = report.reasons.len().saturating_sub(MOST_REASONS);
        self.more(more, "reason");
    }

    /// The first findings, the worst first.
    fn findings(&mut self, report: &Report) {
        let concerns = concerns(report);
        let total: usize = concerns.iter().map(|(_, check)| check.findings.len()).sum();
        if total == 0 {
            return;
        }
        let severities = tally(findings_by_severity(report));
        self.heading(&format!("{} ({severities})", counted(total, "finding")));
        self.table(&["severity", "weight", "control", "where", "what", "evidence"]);
        let findings = SEVERITIES
            .iter()
            .flat_map(|severity| {
                let group = concerns.iter().map(|(_, check)| *check);
                group.filter(|check| check.severity == *severity)
            })
            .flat_map(|check| check.findings.iter().map(move |finding| (check, finding)));
        for (check, finding) in findings.take(MOST_ROWS) {
            self.row(&[
                &check.severity.to_string(),
                follows(check.level),
                &code(&check.control, MOST_CHARACTERS),
                &subject(finding),
                &prose(&finding.message),
                &digests(finding),
            ]);
        }
        self.more(total.saturating_sub(MOST_ROWS), "finding");
        self.remedies(report, &concerns);
    }

    /// Why each control matters and how to fix it, once whatever the number of findings.
    fn remedies(&mut self, report: &Report, concerns: &[(usize, &CheckResult)]) {
        let threats = Threats::of(report);
        self.heading("Why it matters and how to fix it");
        for (_, check) in concerns.iter().take(MOST_ROWS) {
            self.line(&format!(
                "- **{}** ({}, {})",
                code(&check.control, MOST_CHARACTERS),
                prose(&check.title),
                weight(check)
            ));
            self.line(&format!(
                "  - why: {}",
                sentences(&check.rationale, MOST_SENTENCES)
            ));
            self.line(&format!(
                "  - fix: {}",
                sentences(&check.remediation, MOST_SENTENCES)
            ));
            if !check.threats.is_empty() {
                let named: Vec<String> = check
                    .threats
                    .iter()
                    .take(MOST_NAMES)
                    .map(|threat| prose(&threats.named(threat.0)))
                    .collect();
                self.line(&format!("  - threats: {}", named.join("; ")));
            }
        }
        let more = concerns.len().saturating_sub(MOST_ROWS);
        self.more(more, "control");
    }

    fn undecided(&mut self, report: &Report) {
        let reasons = undecided(report);
        if reasons.is_empty() {
            return;
        }
        self.heading("Could not be decided");
        for (reason, checks) in reasons.iter().take(MOST_REASONS) {
            let mut names: Vec<String> = checks
                .iter()
                .take(MOST_NAMES)
                .map(|(_, check)| code(&check.control, MOST_CHARACTERS))
                .collect();
            let more = checks.len().saturating_sub(MOST_NAMES);
            if more > 0 {
                names.push(format!("and {more} more"));
            }
            self.line(&format!("- {}: {}", prose(reason), names.join(", ")));
        }
        let more = reasons.len().saturating_sub(MOST_REASONS);
        self.more(more, "reason");
    }

    fn waivers(&mut self, report: &Report) {
        let waived = waived_by(report);
        if report.waivers.is_empty() && waived.is_empty() {
            return;
        }
        let count = crate::account::waived(report);
        let findings = counted(count, "waived finding");
        self.heading(&format!("Waivers ({findings})"));
        self.table(&[
            "waiver", "state", "holds", "control", "about", "findings", "owner", "reason",
        ]);
        for waiver in report.waivers.iter().take(MOST_ROWS) {
            self.row(&[
                &code(&waiver.id, MOST_CHARACTERS),
                waiver_state(waiver.state),
                &format!(
                    "{}, until {}",
                    remaining(waiver.days_left),
                    code(&waiver.until, 40)
                ),
                &code(&waiver.control, MOST_CHARACTERS),
                &code(&waiver.subject, MOST_CHARACTERS),
                &waiver.findings.to_string(),
                &prose(&waiver.owner),
                &prose(&waiver.reason),
            ]);
        }
        let more = report.waivers.len().saturating_sub(MOST_ROWS);
        self.more(more, "waiver");
        if count == 0 {
            return;
        }
        self.line("");
        self.table(&["waived by", "control", "where", "what"]);
        let checks = report.checks.iter();
        let known = checks.flat_map(|check| check.waived.iter().map(move |known| (check, known)));
        for (check, known) in known.take(MOST_ROWS) {
            self.row(&[
                &code(&known.waiver, MOST_CHARACTERS),
                &code(&check.control, MOST_CHARACTERS),
                &subject(&known.finding),
                &prose(&known.finding.message),
            ]);
        }
        self.more(count.saturating_sub(MOST_ROWS), "waived finding");
    }

    fn warnings(&mut self, report: &Report) {
        if report.warnings.is_empty() {
            return;
        }
        self.heading("Warnings");
        for warning in report.warnings.iter().take(MOST_ROWS) {
            self.line(&format!("- {}", prose(warning)));
        }
        let more = report.warnings.len().saturating_sub(MOST_ROWS);
        self.more(more, "warning");
    }

    fn counts(&mut self, report: &Report) {
        self.heading("What was looked at");
        let controls = |outcome: &str| {
            let checks = report.checks.iter();
            checks.filter(|check| check.outcome == outcome).count()
        };
        self.table(&["what", "outcome"]);
        let outcomes = tally([
            (controls("pass"), "passed"),
            (controls("fail"), "failed"),
            (controls("inconclusive"), "undecided"),
            (controls("not-applicable"), "not applicable"),
        ]);
        self.row(&["controls", &outcomes]);
        let beside = tally([
            (waived(report), "waived"),
            (out_of_scope(report), "out of scope"),
        ]);
        if !beside.is_empty() {
            self.row(&["findings that do not count", &beside]);
        }
        let verified = report.signatures.iter();
        let verified = verified.filter(|known| known.state == SignatureState::Verified);
        let signatures = format!(
            "{} of {} verified",
            verified.count(),
            report.signatures.len()
        );
        self.row(&["signatures", &signatures]);
        self.row(&["documents", &report.documents.len().to_string()]);
        self.row(&["files", &report.artifact.files.to_string()]);
        if !report.threats.is_empty() {
            let of = |standing: ThreatStanding| {
                let threats = report.threats.iter();
                threats.filter(|threat| threat.standing == standing).count()
            };
            let threats =
                THREAT_STANDINGS.map(|standing| (of(standing), threat_standing(standing)));
            self.row(&["threats of the catalogue", &tally(threats)]);
        }
        for standard in report.standards.iter().take(MOST_ROWS) {
            let mut counts = std::collections::BTreeMap::new();
            for requirement in &standard.requirements {
                *counts.entry(requirement.standing).or_insert(0_usize) += 1;
            }
            let counts = counts
                .into_iter()
                .map(|(standing, count)| (count, requirement_standing(standing)));
            self.row(&[&code(&standard.id, 80), &tally(counts)]);
        }
    }

    fn evidence(&mut self, report: &Report) {
        self.line("");
        let tool = &report.tool;
        self.line(&format!(
            "Policy {}, {} {}. A signature proves origin and integrity. It does not prove that a \
             model is safe.",
            code(&report.policy.digest.to_string(), MOST_CHARACTERS),
            tool.name,
            tool.version
        ));
    }
}

fn subject(finding: &Finding) -> String {
    match &finding.subject {
        bonafide_core::Subject::Artifact => "the artifact".to_owned(),
        subject => code(&subject.to_string(), MOST_CHARACTERS),
    }
}

fn digests(finding: &Finding) -> String {
    let digests = [
        ("expected", &finding.expected),
        ("measured", &finding.measured),
    ];
    let digests: Vec<String> = digests
        .into_iter()
        .filter_map(|(word, digest)| digest.as_ref().map(|digest| (word, digest)))
        .map(|(word, digest)| format!("{word} {}", code(&digest.to_string(), MOST_CHARACTERS)))
        .collect();
    digests.join(", ")
}

/// Text in a code span: nothing in it is markup, a mention or a link. A pipe would end the cell
/// of a table even there, and is spelled out like an invisible character.
fn code(text: &str, most: usize) -> String {
    let shown = visible(text);
    let mut spelled = String::new();
    let is_long = longest_run(&shown) > MOST_BACKTICKS;
    for character in shown.chars().take(most.saturating_add(1)) {
        match character {
            '|' => spelled.push_str("\\u{7c}"),
            '`' if is_long => spelled.push_str("\\u{60}"),
            character => spelled.push(character),
        }
    }
    let text = cut(&spelled, most);
    if text.trim().is_empty() {
        return format!("({} blanks)", text.len());
    }
    let fence = "`".repeat(longest_run(&text).saturating_add(1));
    // One blank at each end is taken off again where both ends have one.
    let edges = ['`', ' '];
    let blank = if text.starts_with(edges) || text.ends_with(edges) {
        " "
    } else {
        ""
    };
    format!("{fence}{blank}{text}{blank}{fence}")
}

fn longest_run(text: &str) -> usize {
    let runs = text.split(|character| character != '`');
    runs.map(str::len).max().unwrap_or(0)
}

/// Plain words stay words; every other word stands in a code span. No backtick is left outside of
/// a span, so the spans cannot be taken apart.
fn prose(text: &str) -> String {
    sentences(text, MOST_CHARACTERS)
}

fn sentences(text: &str, most: usize) -> String {
    let text = cut(text, most);
    let words = text.split_whitespace().map(|word| {
        let bare = word.strip_suffix(['.', ',', ':', ';']).unwrap_or(word);
        let quoted = bare
            .strip_prefix('`')
            .and_then(|rest| rest.strip_suffix('`'));
        match quoted {
            _ if is_plain(word) => word.to_owned(),
            Some(inner) if !inner.is_empty() && !inner.contains('`') => {
                let end = word.get(bare.len()..).unwrap_or_default();
                format!("{}{end}", code(inner, most))
            }
            _ => code(word, most),
        }
    });
    let words: Vec<String> = words.collect();
    words.join(" ")
}

/// A word in which no renderer finds anything: letters, perhaps joined by a hyphen or an
/// apostrophe, in brackets or before a punctuation mark; or a short number.
fn is_plain(word: &str) -> bool {
    let letters = word.strip_suffix(['.', ',', ':', ';', '…']).unwrap_or(word);
    let letters = letters.strip_prefix('(').unwrap_or(letters);
    let letters = letters.strip_suffix(')').unwrap_or(letters);
    let is_word = letters
        .split(['-', '\''])
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let is_number = word.len() < 7 && word.bytes().all(|byte| byte.is_ascii_digit());
    is_word || is_number
}

#[cfg(test)]
mod tests {
    use super::{code, prose};

    #[test]
    fn nothing_ends_a_code_span_or_a_cell() {
        let table = [
            ("model.bin", "`model.bin`"),
            ("a|b", "`a\\u{7c}b`"),
            ("a\\|b", "`a\\\\u{7c}b`"),
            ("`rm`", "`` `rm` ``"),
            ("a````b", "`a\\u{60}\\u{60}\\u{60}\\u{60}b`"),
            ("a\nb", "`a\\nb`"),
            ("  ", "(2 blanks)"),
            (" a ", "`  a  `"),
        ];
        for (text, expected) in table {
            assert_eq!(code(text, 80), expected, "{text:?}");
        }
        assert_eq!(code("||||", 8), "`\\u{7c}\\u…`");
    }

    #[test]
    fn only_plain_words_are_outside_of_code_spans() {
        let table = [
            (
                "content differs from what was signed",
                "content differs from what was signed",
            ),
            ("it says `x.y`, here", "it says `x.y`, here"),
            (
                "mind the supply-chain (always).",
                "mind the supply-chain (always).",
            ),
            ("@all :+1: #1 GH-1", "`@all` `:+1:` `#1` `GH-1`"),
            ("see www.evil.example now", "see `www.evil.example` now"),
            ("[x](javascript:alert(1))", "`[x](javascript:alert(1))`"),
            ("<img src=x>", "`<img` `src=x>`"),
            ("an `open one", "an `` `open `` one"),
            ("- x", "`-` x"),
            ("1. x", "`1.` x"),
            ("&lt;b&gt;", "`&lt;b&gt;`"),
        ];
        for (text, expected) in table {
            assert_eq!(prose(text), expected, "{text:?}");
        }
    }
}
