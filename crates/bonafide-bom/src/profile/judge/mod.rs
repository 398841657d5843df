//! How elements are judged, one file for each family. Profiles share them: what a list
//! calls an element does not change what can be known about it.

pub(super) mod component;
pub(super) mod dataset;
pub(super) mod declarations;
pub(super) mod digests;
pub(super) mod document;
pub(super) mod graph;
pub(super) mod licence;
pub(super) mod measurements;
pub(super) mod model;
pub(super) mod property;
pub(super) mod references;
pub(super) mod services;

use super::examined::{Dataset, Examined, Located};
use super::judged::{Judged, worst};

/// The worst of all models.
pub(super) fn each_model(
    x: &Examined<'_>,
    judge: impl Fn(&Examined<'_>, &Located<'_>) -> Judged,
) -> Judged {
    worst(
        x.models().map(|model| judge(x, model)),
        "model",
        "the document lists no model",
    )
}

/// The worst of everything listed that is more than a file.
pub(super) fn each_listed(
    x: &Examined<'_>,
    judge: impl Fn(&Examined<'_>, &Located<'_>) -> Judged,
) -> Judged {
    worst(
        x.listed().map(|located| judge(x, located)),
        "component",
        "the document lists no component",
    )
}

/// The worst of all datasets.
pub(super) fn each_dataset(
    x: &Examined<'_>,
    judge: impl Fn(&Examined<'_>, &Dataset<'_>) -> Judged,
) -> Judged {
    worst(
        x.datasets.iter().map(|dataset| judge(x, dataset)),
        "dataset",
        "the document names no dataset",
    )
}

/// What the document is about.
pub(super) fn subject(
    x: &Examined<'_>,
    judge: impl Fn(&Examined<'_>, &Located<'_>) -> Judged,
) -> Judged {
    match x.subject() {
        Some(subject) => judge(x, subject),
        None => Judged::missing("the document does not say what it is about"),
    }
}

/// Words that stand where nothing is known.
const NOTHING: [&str; 9] = [
    "noassertion",
    "none",
    "unknown",
    "n/a",
    "null",
    "undefined",
    "tbd",
    "todo",
    "-",
];

/// The text, if it says something.
pub(super) fn said(text: Option<&str>) -> Option<&str> {
    let text = text?.trim();
    let nothing = NOTHING.iter().any(|word| text.eq_ignore_ascii_case(word));
    (!text.is_empty() && !nothing).then_some(text)
}

/// A name without case and separators.
pub(super) fn plain(text: &str) -> String {
    let kept = text.chars().filter(|character| character.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// True if two names differ in no more than case and separators.
pub(super) fn alike(one: &str, other: &str) -> bool {
    let (one, other) = (plain(one), plain(other));
    !one.is_empty() && one == other
}

/// The last part of `owner/name`.
pub(super) fn base(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
