//! Where the artifact comes from.

use bonafide_core::Report;

use super::Page;
use crate::account::cut;

/// Most lines of the lineage that are shown.
const MOST_LINEAGE: usize = 30;

impl Page {
    /// The tree of the lineage, as far as it is short.
    pub(super) fn lineage(&mut self, report: &Report) {
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
            self.line(&format!("  not known: {}", cut(gap, 500)));
        }
        for note in &lineage.notes {
            self.line(&format!("  not drawn: {}", cut(note, 500)));
        }
    }
}
