//! A report for people: the verdict first, then what is wrong and how to fix
//! it, then what was looked at, down to every file that no signature covers.
//!
//! Names in a report come from the artifact; they arrive escaped
//! (`bonafide_core::RawName`), so none can move the cursor or reorder a line.

use std::fmt::Write as _;

use anstyle::Style;
use bonafide_core::{
    CheckResult, DocumentSummary, Finding, Grade, Level, Report, SignatureState, SignatureSummary,
    Verdict,
};

use crate::style::{BOLD, CYAN, GREEN, RED, YELLOW, paint};
use crate::{Colour, human_bytes};

/// Most lines of the lineage that a report shows.
const MOST_LINEAGE: usize = 30;

/// Most files that are not clean, and most findings of one, that a report shows.
const MOST_FILES: usize = 20;
const MOST_FINDINGS: usize = 5;

pub(crate) fn render(report: &Report, colour: Colour) -> String {
    let mut page = Page {
        text: String::new(),
        colour,
    };
    page.verdict(report);
    for check in by_weight(&report.checks) {
        page.findings(check);
    }
    page.undecided(report);
    page.signatures(report);
    page.lineage(report);
    page.documents(report);
    page.inspection(report);
    page.checks(report);
    page.circumstances(report);
    page.text
}

/// Failed checks, the ones that deny first, then by severity; ties keep the
/// order of the table.
fn by_weight(checks: &[CheckResult]) -> Vec<&CheckResult> {
    let mut failed: Vec<&CheckResult> = checks
        .iter()
        .filter(|check| check.outcome == "fail")
        .collect();
    failed.sort_by_key(|check| std::cmp::Reverse((check.level, check.severity)));
    failed
}

struct Page {
    text: String,
    colour: Colour,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn paint(&self, style: Style, text: &str) -> String {
        paint(self.colour, style, text)
    }

    fn heading(&mut self, text: &str) {
        let painted = self.paint(BOLD, text);
        self.line("");
        self.line(&painted);
    }

    fn verdict(&mut self, report: &Report) {
        let style = match report.verdict {
            Verdict::Allow => GREEN,
            Verdict::Deny => RED,
            Verdict::Undecided | Verdict::NothingToVerify => YELLOW,
        };
        let verdict = self.paint(style, &report.verdict.to_string());
        self.line(&format!("{verdict}  {}", report.artifact.target));
        for reason in &report.reasons {
            self.line(&format!("  {reason}"));
        }
        let warnings = report
            .checks
            .iter()
            .filter(|check| check.level == Level::Warn && check.outcome == "fail")
            .count();
        if warnings > 0 {
            let plural = if warnings == 1 { "" } else { "s" };
            self.line(&format!("  with {warnings} warning{plural}"));
        }
    }

    /// What a check found, once with its reason and remedy, whatever the number.
    fn findings(&mut self, check: &CheckResult) {
        let (style, word) = match check.level {
            Level::Deny => (RED, "denied"),
            Level::Warn => (YELLOW, "warning"),
            Level::Audit => (CYAN, "note"),
        };
        let label = self.paint(style, &format!("{word}[{}]", check.check));
        let title = self.paint(BOLD, &check.title);
        self.line("");
        self.line(&format!("{label} {title}"));
        for finding in &check.findings {
            self.finding(finding);
        }
        self.paragraph("why", &check.rationale);
        self.paragraph("fix", &check.remediation);
        let threats: Vec<String> = check.threats.iter().map(ToString::to_string).collect();
        self.line(&format!(
            "  severity {}, threats {}",
            check.severity,
            threats.join(", ")
        ));
    }

    /// Checks that could not be carried out, those with the same reason together.
    fn undecided(&mut self, report: &Report) {
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for check in report
            .checks
            .iter()
            .filter(|check| check.outcome == "inconclusive")
        {
            let reason = check.reason.as_deref().unwrap_or_default();
            match reasons.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, checks)) => checks.push(&check.check),
                None => reasons.push((reason, vec![&check.check])),
            }
        }
        for (reason, checks) in reasons {
            let label = self.paint(YELLOW, "undecided");
            self.line("");
            self.line(&format!("{label} {reason}"));
            self.paragraph("checks", &checks.join(", "));
        }
    }

    fn finding(&mut self, finding: &Finding) {
        self.line(&format!("  {}: {}", finding.subject, finding.message));
        if let Some(expected) = &finding.expected {
            self.line(&format!("    signed    {expected}"));
        }
        if let Some(measured) = &finding.measured {
            self.line(&format!("    measured  {measured}"));
        }
        if let Some(hint) = &finding.hint {
            self.paragraph("  hint", hint);
        }
    }

    /// Wrapped at 88 columns; the text is ours, so words are short.
    fn paragraph(&mut self, label: &str, text: &str) {
        let indent = label.len() + 4;
        let mut line = format!("  {label}: ");
        let mut width = indent;
        for (index, word) in text.split_whitespace().enumerate() {
            let length = word.chars().count();
            if index > 0 && width + 1 + length > 88 {
                self.line(line.trim_end());
                line = " ".repeat(indent);
                width = indent;
            } else if index > 0 {
                line.push(' ');
                width += 1;
            }
            line.push_str(word);
            width += length;
        }
        self.line(&line);
    }

    /// The tree of the lineage, as far as it is short.
    fn lineage(&mut self, report: &Report) {
        let Some(lineage) = &report.lineage else {
            return;
        };
        self.heading("Lineage");
        let tree = crate::lineage::tree(&lineage.graph, self.colour);
        // Artifacts and links; what is known of each is for the command that draws them.
        let is_branch = |line: &str| {
            let text = line.trim_start_matches(['│', ' ']);
            text.starts_with(['├', '└'])
        };
        let mut lines = tree
            .lines()
            .skip(1)
            .filter(|line| !line.is_empty())
            .enumerate()
            .filter(|(place, line)| *place < 2 || is_branch(line))
            .map(|(place, line)| match place {
                0 => line.to_owned(),
                _ => format!("  {line}"),
            });
        for line in lines.by_ref().take(MOST_LINEAGE) {
            self.line(&line);
        }
        let more = lines.count();
        if more > 0 {
            self.line(&format!("  and {more} more lines: see `bonafide lineage`"));
        }
        for relative in &lineage.relatives {
            let verdict = match (relative.verdict, &relative.reason) {
                (_, Some(_)) => "could not be examined".to_owned(),
                (Some(verdict), None) => verdict.to_string(),
                (None, None) => "not judged".to_owned(),
            };
            self.line(&format!(
                "  {} ({}): {verdict}",
                relative.name, relative.found
            ));
        }
        for gap in &lineage.gaps {
            self.line(&format!("  not known: {gap}"));
        }
        for note in &lineage.notes {
            self.line(&format!("  not drawn: {note}"));
        }
    }

    fn signatures(&mut self, report: &Report) {
        self.heading("Signatures");
        if report.signatures.is_empty() {
            self.line("  none found");
        }
        for signature in &report.signatures {
            self.signature(signature, report.artifact.files);
        }
    }

    fn signature(&mut self, signature: &SignatureSummary, files: u64) {
        let (style, state) = match signature.state {
            SignatureState::Verified => (GREEN, "verified"),
            SignatureState::Untrusted => (RED, "not trusted"),
            SignatureState::CertificateNotValid => (RED, "certificate does not hold"),
            SignatureState::Denied => (RED, "denied"),
            SignatureState::Rejected => (RED, "rejected"),
            SignatureState::Unsupported => (YELLOW, "not checked"),
        };
        let state = self.paint(style, state);
        let line = signature.line.map(|line| format!(", line {line}"));
        self.line(&format!(
            "  {}{}: {state}",
            signature.source,
            line.unwrap_or_default()
        ));
        if let Some(reason) = &signature.reason {
            let category = signature.category.map(|category| format!(" ({category})"));
            self.line(&format!("    {reason}{}", category.unwrap_or_default()));
        }
        let says = signature
            .stated_result
            .map(|result| format!("says that it {result}"));
        let content = signature
            .content
            .clone()
            .filter(|content| content.contains(':'));
        let kind = [
            Some(signature.scheme.clone()),
            signature.serialization.clone(),
            content,
            says,
        ];
        let kind: Vec<String> = kind
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect();
        if !kind.is_empty() {
            self.line(&format!("    {}", kind.join(", ")));
        }
        if let Some(signer) = &signature.signer {
            let by = match signature.signer_grade {
                Some(Grade::Verified | Grade::Measured) => "signed by",
                Some(Grade::Claimed) | None => "claims to be signed by",
            };
            self.line(&format!("    {by} {signer}"));
        }
        for cosigner in &signature.cosigners {
            self.line(&format!("    and by {cosigner}"));
        }
        if !signature.claims.is_empty() {
            self.line(&format!("    built by {}", signature.claims.join(", ")));
        }
        for time in &signature.times {
            self.line(&format!(
                "    signed no later than {}, {}",
                time.time, time.source
            ));
        }
        if let Some(entries) = signature.log_entries {
            let places: Vec<String> = signature
                .log_indices
                .iter()
                .map(|index| format!("number {index}"))
                .collect();
            let entries = match (entries, places.is_empty()) {
                (1, false) => places.join(", "),
                (1, true) => "1 entry".to_owned(),
                (entries, true) => format!("{entries} entries"),
                (entries, false) => format!("{entries} entries, {}", places.join(", ")),
            };
            self.line(&format!("    in the transparency log: {entries}"));
        }
        if signature.state == SignatureState::Verified {
            if let Some(root) = &signature.root {
                self.line(&format!("    root digest {root}"));
            }
            match signature.bound_by {
                Some("root") => self.line("    is about the artifact by its root digest alone"),
                None if signature.root.is_none() && signature.content.is_some() => {
                    self.line("    is about something else");
                    return;
                }
                _ => {}
            }
            self.line(&format!(
                "    covers {} of {files} files",
                signature.covered
            ));
            for gap in &signature.gaps {
                self.line(&format!("    does not cover {}: {}", gap.name, gap.reason));
            }
            if let Some(omitted) = signature.gaps_omitted {
                self.line(&format!("    and {omitted} more"));
            }
        }
    }

    /// What is in the files: how many are clean, and what the others show.
    fn inspection(&mut self, report: &Report) {
        let Some(inspection) = &report.inspection else {
            return;
        };
        self.heading("Files");
        let clean: Vec<String> = inspection
            .clean
            .iter()
            .map(|(title, count)| format!("{title} × {count}"))
            .collect();
        if !clean.is_empty() {
            self.paragraph("read, nothing found", &clean.join(", "));
        }
        for file in inspection.files.iter().take(MOST_FILES) {
            let title = file.title.unwrap_or("unknown format");
            let coverage = file.coverage.word();
            self.line(&format!("  {}: {title}, {coverage}", file.name));
            for finding in file.findings.iter().take(MOST_FINDINGS) {
                let rule = finding.rule.slug;
                self.line(&format!("    {rule}: {}", finding.message));
            }
            let more = file.findings.len().saturating_sub(MOST_FINDINGS);
            if more > 0 {
                self.line(&format!("    and {more} more"));
            }
        }
        let more = inspection.files.len().saturating_sub(MOST_FILES);
        if more > 0 {
            self.line(&format!("  and {more} more files: see `bonafide inspect`"));
        }
    }

    fn documents(&mut self, report: &Report) {
        if report.documents.is_empty() {
            return;
        }
        self.heading("Documents");
        for document in &report.documents {
            self.document(document);
        }
    }

    fn document(&mut self, document: &DocumentSummary) {
        let (style, state) = match (&document.reason, document.violations) {
            (Some(_), _) => (RED, "cannot be read"),
            (None, 0) => (GREEN, "valid"),
            (None, _) => (RED, "breaks the rules of its format"),
        };
        let state = self.paint(style, state);
        self.line(&format!("  {}: {state}", document.source));
        if let Some(reason) = &document.reason {
            self.line(&format!("    {reason}"));
            return;
        }
        if let Some(format) = &document.format {
            let about = document.about.as_ref();
            let about = about.map(|about| format!(", about {about}"));
            let supplier = document.supplier.as_ref();
            let supplier = supplier.map(|supplier| format!(", supplied by {supplier} (claimed)"));
            self.line(&format!(
                "    {format}{}{}",
                about.unwrap_or_default(),
                supplier.unwrap_or_default()
            ));
        }
        if document.signatures.is_empty() {
            self.line("    not signed by anybody who is trusted: all of it is a claim");
        }
        for signature in &document.signatures {
            self.line(&format!(
                "    signed by {} ({})",
                signature.signer, signature.way
            ));
        }
        let counts = [
            (document.verified, "verified"),
            (document.differing, "different"),
            (document.missing, "missing"),
            (document.not_compared, "not compared"),
        ];
        let counts: Vec<String> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        let counts = if counts.is_empty() {
            "none of them here".to_owned()
        } else {
            counts.join(", ")
        };
        let plural = if document.listed == 1 { "" } else { "s" };
        self.line(&format!(
            "    lists {} part{plural}: {counts}",
            document.listed
        ));
        if document.unlisted > 0 {
            let plural = if document.unlisted == 1 { "" } else { "s" };
            self.line(&format!(
                "    does not list {} file{plural} of the artifact",
                document.unlisted
            ));
        }
        if document.contradictions > 0 {
            let plural = if document.contradictions == 1 {
                ""
            } else {
                "s"
            };
            self.line(&format!(
                "    contradicts itself in {} place{plural}",
                document.contradictions
            ));
        }
    }

    fn checks(&mut self, report: &Report) {
        self.heading("Checks");
        for check in &report.checks {
            let (style, outcome) = match check.outcome {
                "pass" => (GREEN, "pass"),
                "fail" if check.level == Level::Deny => (RED, "FAIL"),
                "fail" => (YELLOW, "fail"),
                "inconclusive" => (YELLOW, "undecided"),
                _ => (Style::new(), "n/a"),
            };
            let level = match (check.demanded, check.level) {
                (false, _) => "not demanded",
                (true, Level::Deny) => "deny",
                (true, Level::Warn) => "warn",
                (true, Level::Audit) => "audit",
            };
            let outcome = self.paint(style, &format!("{outcome:<9}"));
            let mut line = format!("  {outcome}  {level:<12}  {}", check.check);
            match (&check.reason, check.findings.len()) {
                (Some(reason), _) if check.outcome == "not-applicable" => {
                    let _ = write!(line, " ({reason})");
                }
                (_, 0) => {}
                (_, 1) => line.push_str(" (1 finding)"),
                (_, count) => {
                    let _ = write!(line, " ({count} findings)");
                }
            }
            self.line(&line);
            for name in &check.excused {
                self.line(&format!("             excused by the policy: {name}"));
            }
        }
    }

    fn circumstances(&mut self, report: &Report) {
        let artifact = &report.artifact;
        self.heading("Artifact");
        let plural = if artifact.files == 1 { "" } else { "s" };
        self.line(&format!(
            "  {}: {} file{plural}, {}; {} hashed",
            artifact.kind,
            artifact.files,
            human_bytes(artifact.bytes),
            human_bytes(artifact.bytes_hashed),
        ));
        for link in &artifact.links {
            self.line(&format!(
                "  link {} -> {} ({})",
                link.name, link.target, link.leads_to
            ));
        }
        for entry in &artifact.unreadable {
            self.line(&format!("  not read: {}: {}", entry.name, entry.reason));
        }

        let policy = &report.policy;
        self.heading("Policy");
        let source = match &policy.source {
            Some(path) => path.to_string(),
            None => "embedded; no policy was given".to_owned(),
        };
        self.line(&format!("  {} {} ({source})", policy.name, policy.version));
        self.line(&format!("  {}", policy.digest));
        if let Some(expires) = &policy.expires {
            self.line(&format!("  valid until {expires}"));
        }
        for name in &policy.trust {
            self.line(&format!("  trusts {name}"));
        }
        for name in &policy.trust_added {
            self.line(&format!("  trusts, added for this run only: {name}"));
        }
        for name in &policy.lists {
            self.line(&format!("  heeds {name}"));
        }
        if policy.trust.is_empty() && policy.trust_added.is_empty() {
            self.line("  trusts nobody");
        }
        self.line("");
        self.line(&format!(
            "{} {}, judged at {}",
            report.tool.name, report.tool.version, report.evaluated_at
        ));
    }
}
