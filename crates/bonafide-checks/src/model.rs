//! What the files of an artifact hold, as far as it was read.

use std::collections::{BTreeMap, BTreeSet};

use bonafide_core::{Digest, RawName};
use bonafide_format::{Coverage, FileInspection, State};

/// A regular file of the tree, inspected.
#[derive(Debug, Clone)]
pub struct ModelFile {
    /// Its name.
    pub name: RawName,
    /// What was found, or why it could not be read.
    pub inspected: Result<FileInspection, String>,
    /// SHA-256 of the bytes that were inspected, where it was taken in passing.
    pub digest: Option<Digest>,
}

impl ModelFile {
    /// Why it cannot be said that nothing more is in it; none if all of it was read.
    #[must_use]
    pub fn unread(&self) -> Option<String> {
        let inspection = match &self.inspected {
            Ok(inspection) => inspection,
            Err(reason) => return Some(reason.clone()),
        };
        if inspection.coverage() <= Coverage::Identified {
            return None;
        }
        let spans = inspection.bodies.iter().flat_map(|body| {
            let spans = body.spans.iter();
            spans.map(move |span| (body, span))
        });
        let mut reasons = spans.filter_map(|(body, span)| match &span.state {
            State::Unsupported(reason) | State::Skipped(reason) => {
                let length = span.range.end - span.range.start;
                let within = match body.path.as_str() {
                    "" => String::new(),
                    path => format!(" of `{path}`"),
                };
                Some(format!("{length} bytes{within} were not read: {reason}"))
            }
            _ => None,
        });
        let first = reasons.next()?;
        Some(match reasons.count() {
            0 => first,
            more => format!("{first}; and {more} more"),
        })
    }

    /// True if reading ended early, by an error or a limit, so that what was looked for may
    /// come later. A format without a reader is not meant.
    pub(crate) fn is_cut(&self) -> bool {
        match &self.inspected {
            Ok(inspection) => inspection.bodies.iter().any(|body| {
                let mut spans = body.spans.iter();
                spans.any(|span| matches!(span.state, State::Skipped(_)))
            }),
            Err(_) => true,
        }
    }
}

/// What a model is asked with: its tokenizer and its chat templates, by their digests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Language {
    /// Tokenizers, whatever the order and the blanks of their files.
    pub tokenizers: BTreeSet<Digest>,
    /// Chat templates by variant.
    pub templates: BTreeMap<String, BTreeSet<Digest>>,
}

impl Language {
    /// Of all files of an artifact together.
    #[must_use]
    pub fn of(files: &[ModelFile]) -> Self {
        let mut language = Self::default();
        let inspections = files.iter().filter_map(|file| file.inspected.as_ref().ok());
        for inspection in inspections {
            language.tokenizers.extend(inspection.facts.tokenizer);
            for (variant, digest) in &inspection.facts.templates {
                let known = language.templates.entry(variant.clone()).or_default();
                known.insert(*digest);
            }
        }
        language
    }
}
