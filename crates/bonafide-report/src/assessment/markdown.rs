//! The assessment as Markdown tables.

use std::fmt::Write as _;

use bonafide_core::assessment::{Assessment, Evidence};

use super::{contradicted, tally};

pub(super) fn render(assessment: &Assessment) -> String {
    let mut page = String::new();
    let profile = &assessment.profile;
    let subject = assessment.subject.as_deref().unwrap_or("a document");
    let _ = writeln!(page, "# {}: {}\n", cell(subject), profile.name);
    if let Some(warning) = contradicted(assessment) {
        let _ = writeln!(page, "**{warning}**\n");
    }
    let _ = writeln!(
        page,
        "Evidence: **{} of 100** ({}). {}.\n\n{}. {}",
        assessment.score.percent(),
        tally(&assessment.tally),
        cell(&assessment.format),
        profile.title,
        profile.caveat,
    );
    for cluster in &assessment.clusters {
        let _ = writeln!(
            page,
            "\n## {}: {} of 100\n\n| element | | evidence | why |\n|---|---|---|---|",
            cluster.title,
            cluster.score.percent()
        );
        for row in &cluster.rows {
            let evidence = match row.evidence {
                Evidence::Contradicted => "**contradicted**",
                Evidence::Missing if !row.counts() => "does not apply",
                other => other.word(),
            };
            let _ = writeln!(
                page,
                "| {} | {} | {evidence} | {} |",
                row.id,
                row.title,
                cell(&row.reason)
            );
        }
    }
    page
}

/// Text of documents, kept from ending a cell or becoming markup.
fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '|' | '*' | '_' | '[' | ']' | '<' | '>' | '\\' | '#' | '~' | '`' | '&' | '!' => {
                let _ = write!(safe, "&#{};", u32::from(character));
            }
            '\n' | '\r' => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}
