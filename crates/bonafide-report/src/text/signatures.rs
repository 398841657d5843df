//! Signatures: who signed, how that is known, and what is covered.

use bonafide_core::{Report, SignatureState};

use super::Page;
use crate::account::{signature, signature_gaps, signature_state};
use crate::style::{GREEN, RED, YELLOW};

/// Most files that are listed as not covered by a signature.
const MOST_GAPS: usize = 50;

impl Page {
    pub(super) fn signatures(&mut self, report: &Report) {
        self.heading("Signatures");
        if report.signatures.is_empty() {
            self.line("  none found");
        }
        for known in &report.signatures {
            let style = match known.state {
                SignatureState::Verified => GREEN,
                SignatureState::Unsupported => YELLOW,
                _ => RED,
            };
            let state = self.paint(style, signature_state(known.state));
            let line = known.line.map(|line| format!(", line {line}"));
            self.line(&format!(
                "  {}{}: {state}",
                known.source,
                line.unwrap_or_default()
            ));
            for line in signature(known, report.artifact.files) {
                self.line(&format!("    {line}"));
            }
            let (gaps, omitted) = signature_gaps(known);
            for gap in gaps.iter().take(MOST_GAPS) {
                self.line(&format!("    {gap}"));
            }
            let more = gaps.len().saturating_sub(MOST_GAPS).saturating_add(omitted);
            self.more("    ", more, "file");
        }
    }
}
