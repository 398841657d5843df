//! What is told of a document about the artifact.

use bonafide_core::DocumentSummary;

use super::{counted, cut, tally, visible};

/// Whether it can be read and keeps to its format.
pub(crate) const fn document_state(document: &DocumentSummary) -> &'static str {
    match (&document.reason, document.violations) {
        (Some(_), _) => "cannot be read",
        (None, 0) => "valid",
        (None, _) => "breaks the rules of its format",
    }
}

/// Everything that is known of it, a line each.
pub(crate) fn document(document: &DocumentSummary) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(reason) = &document.reason {
        return vec![cut(reason, 1_000)];
    }
    if let Some(format) = &document.format {
        let about = document.about.as_ref();
        let about = about.map(|about| format!(", about {}", visible(about)));
        let supplier = document.supplier.as_ref();
        let supplier =
            supplier.map(|supplier| format!(", supplied by {} (claimed)", visible(supplier)));
        lines.push(format!(
            "{}{}{}",
            visible(format),
            about.unwrap_or_default(),
            supplier.unwrap_or_default()
        ));
    }
    if document.signatures.is_empty() {
        lines.push("not signed by anybody who is trusted: all of it is a claim".to_owned());
    }
    for signature in &document.signatures {
        lines.push(format!(
            "signed by {} ({})",
            visible(&signature.signer),
            signature.way
        ));
    }
    let counts = tally([
        (document.verified, "verified"),
        (document.differing, "different"),
        (document.missing, "missing"),
        (document.not_compared, "not compared"),
    ]);
    let counts = if counts.is_empty() {
        "none of them here".to_owned()
    } else {
        counts
    };
    lines.push(format!(
        "lists {}: {counts}",
        counted(document.listed, "part")
    ));
    if document.unlisted > 0 {
        let files = counted(document.unlisted, "file");
        lines.push(format!("does not list {files} of the artifact"));
    }
    if document.contradictions > 0 {
        let places = counted(document.contradictions, "place");
        lines.push(format!("contradicts itself in {places}"));
    }
    lines
}
