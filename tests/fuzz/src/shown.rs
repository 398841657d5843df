//! What ends up on a terminal: no control characters, and never much of it.

use bonafide_attest::{Conclusion, Content, Examination, Rejection};

/// Most characters of an error that names no file.
const MOST: usize = 1_000;

/// Most characters of an error that names files: two names of 4,096 bytes, each
/// of which may be shown as an escape of up to eight.
const MOST_WITH_NAMES: usize = MOST + 2 * 8 * 4_096;

/// Panics for a text that nobody should print.
pub(super) fn text(text: &str) {
    at_most(text, MOST);
}

/// Panics for a place in a document that nobody should print; it is as long as the
/// names in the document are.
pub(super) fn path(text: &str) {
    at_most(text, usize::MAX);
}

/// Panics for licences that nobody should print: many names, each of them cut.
pub(super) fn licence(text: &str) {
    at_most(text, usize::MAX);
}

fn at_most(text: &str, most: usize) {
    let control = text.chars().find(|character| character.is_control());
    assert!(control.is_none(), "text with {control:?}: {text:?}");
    let length = text.chars().count();
    assert!(length <= most, "text of {length} characters: {text:?}");
}

/// Panics if anything that a report shows of an examination is unfit for it.
pub(super) fn examination(examination: &Examination) {
    if let Some(scheme) = &examination.scheme {
        text(&scheme.to_string());
    }
    if let Some(claim) = &examination.claimed_signer {
        text(claim.get());
    }
    for caution in &examination.cautions {
        text(&caution.to_string());
    }
    conclusion(&examination.conclusion);
}

fn conclusion(conclusion: &Conclusion) {
    let most = match conclusion {
        Conclusion::Rejected(rejection) if names_files(rejection) => MOST_WITH_NAMES,
        _ => MOST,
    };
    at_most(&conclusion.to_string(), most);
    let Conclusion::Verified(verified) = conclusion else {
        return;
    };
    for signer in verified.signers() {
        text(&signer.to_string());
    }
    for time in &verified.support().times {
        text(&time.to_string());
    }
    if let Content::Model(manifest) = verified.get() {
        for deviation in &manifest.deviations {
            text(&deviation.to_string());
        }
    }
}

fn names_files(rejection: &Rejection) -> bool {
    matches!(
        rejection,
        Rejection::DuplicateResource { .. }
            | Rejection::Order { .. }
            | Rejection::Resource { .. }
            | Rejection::ShardLayout { .. }
            | Rejection::Exclusion { .. }
    )
}
