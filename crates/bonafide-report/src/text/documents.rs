//! Documents about the artifact, and what of them was found to be so.

use bonafide_core::Report;

use super::Page;
use crate::account::{document, document_state};
use crate::style::{GREEN, RED};

impl Page {
    pub(super) fn documents(&mut self, report: &Report) {
        if report.documents.is_empty() {
            return;
        }
        self.heading("Documents");
        for known in &report.documents {
            let sound = known.reason.is_none() && known.violations == 0;
            let style = if sound { GREEN } else { RED };
            let state = self.paint(style, document_state(known));
            self.line(&format!("  {}: {state}", known.source));
            for line in document(known) {
                self.line(&format!("    {line}"));
            }
        }
    }
}
