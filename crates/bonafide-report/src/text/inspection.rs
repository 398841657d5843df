//! What is in the files: how many are clean, and what the others show.

use bonafide_core::Report;

use super::Page;
use crate::account::cut;

/// Most files that are not clean, and most findings of one, that are shown.
const MOST_FILES: usize = 20;
const MOST_FINDINGS: usize = 5;

impl Page {
    /// What is in the files: how many are clean, and what the others show.
    pub(super) fn inspection(&mut self, report: &Report) {
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
                self.line(&format!("    {rule}: {}", cut(&finding.message, 500)));
            }
            let omitted = file.omitted.values().copied().fold(0, u64::saturating_add);
            let unlisted = file.findings.len().saturating_sub(MOST_FINDINGS);
            let more = omitted.saturating_add(u64::try_from(unlisted).unwrap_or(u64::MAX));
            if more > 0 {
                self.line(&format!("    and {more} more"));
            }
        }
        let more = inspection.files.len().saturating_sub(MOST_FILES);
        if more > 0 {
            self.line(&format!("  and {more} more files: see `bonafide inspect`"));
        }
    }
}
