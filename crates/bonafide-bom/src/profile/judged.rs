//! What was found about one element.

use bonafide_core::assessment::Evidence;

use crate::excerpt;
use crate::json::Pointer;

/// Longest piece of a document in a reason, in characters.
const EXCERPT: usize = 80;

/// Most places that are kept for one element.
const PLACES: usize = 8;

/// What stands behind an element, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// What stands behind it.
    pub evidence: Evidence,
    /// One sentence: what, and why no better.
    pub reason: String,
    /// Where in the document; at most eight.
    pub pointers: Vec<Pointer>,
}

impl Judged {
    pub(super) fn new(
        evidence: Evidence,
        reason: impl Into<String>,
        mut pointers: Vec<Pointer>,
    ) -> Self {
        pointers.truncate(PLACES);
        Self {
            evidence,
            reason: reason.into(),
            pointers,
        }
    }

    pub(super) fn missing(reason: impl Into<String>) -> Self {
        Self::new(Evidence::Missing, reason, Vec::new())
    }

    /// What is missing at a place.
    pub(super) fn missing_at(pointer: &Pointer, reason: impl Into<String>) -> Self {
        Self::new(Evidence::Missing, reason, vec![pointer.clone()])
    }
}

/// The worst of several parts, with their number; `nothing` if there is none.
pub(super) fn worst(parts: impl IntoIterator<Item = Judged>, noun: &str, nothing: &str) -> Judged {
    let mut total = 0_usize;
    let mut alike = 0_usize;
    let mut worst: Option<Judged> = None;
    let mut differ = false;
    for part in parts {
        total += 1;
        match &mut worst {
            Some(known) if part.evidence > known.evidence => {}
            Some(known) if part.evidence == known.evidence => {
                alike += 1;
                differ |= part.reason != known.reason;
                let room = PLACES.saturating_sub(known.pointers.len());
                known.pointers.extend(part.pointers.into_iter().take(room));
            }
            _ => {
                alike = 1;
                differ = false;
                worst = Some(part);
            }
        }
    }
    match worst {
        None => Judged::missing(nothing),
        Some(only) if total == 1 => only,
        Some(first) => {
            let count = if alike == total {
                format!("all {total}")
            } else {
                format!("{alike} of {total}")
            };
            let example = if differ { "for example " } else { "" };
            Judged {
                reason: format!("{count} {noun}s: {example}{}", first.reason),
                ..first
            }
        }
    }
}

/// Text of the document as a sentence may hold it.
pub(super) fn quote(text: &str) -> String {
    format!("`{}`", excerpt(text, EXCERPT))
}

/// `1 model`, `2 models`, `2 addresses`, `2 properties`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        return format!("1 {noun}");
    }
    match noun.strip_suffix('y') {
        Some(stem) => format!("{count} {stem}ies"),
        None if noun.ends_with('s') => format!("{count} {noun}es"),
        None => format!("{count} {noun}s"),
    }
}
