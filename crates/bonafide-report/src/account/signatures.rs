//! What is told of a signature.

use bonafide_core::{Grade, SignatureState, SignatureSummary};

use super::{cut, visible};

/// How far it got, in words.
pub(crate) const fn signature_state(state: SignatureState) -> &'static str {
    match state {
        SignatureState::Verified => "verified",
        SignatureState::Untrusted => "not trusted",
        SignatureState::CertificateNotValid => "certificate does not hold",
        SignatureState::Denied => "denied",
        SignatureState::Rejected => "rejected",
        SignatureState::Unsupported => "not checked",
    }
}

/// Everything that is known of a signature but the files that it does not cover, a line each.
pub(crate) fn signature(signature: &SignatureSummary, files: u64) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(reason) = &signature.reason {
        let category = signature.category.map(|category| format!(" ({category})"));
        lines.push(format!(
            "{}{}",
            cut(reason, 1_000),
            category.unwrap_or_default()
        ));
    }
    let kind = kind(signature);
    if !kind.is_empty() {
        lines.push(kind);
    }
    if let Some(signer) = &signature.signer {
        let by = signed_by(signature.signer_grade);
        lines.push(format!("{by} {}", visible(signer)));
    }
    for cosigner in &signature.cosigners {
        lines.push(format!("and by {}", visible(cosigner)));
    }
    if !signature.claims.is_empty() {
        let claims = signature.claims.join(", ");
        lines.push(format!("built by {}", visible(&claims)));
    }
    for time in &signature.times {
        lines.push(format!(
            "signed no later than {}, {}",
            time.time,
            visible(&time.source)
        ));
    }
    lines.extend(log(signature));
    if signature.state == SignatureState::Verified {
        if let Some(root) = &signature.root {
            lines.push(format!("root digest {root}"));
        }
        if signature.bound_by == Some("root") {
            lines.push("is about the artifact by its root digest alone".to_owned());
        }
        lines.push(match covers(signature) {
            true => format!("covers {} of {files} files", signature.covered),
            false => "is about something else".to_owned(),
        });
    }
    lines
}

/// Files that it does not cover, and how many there are beyond those that the report lists.
pub(crate) fn signature_gaps(signature: &SignatureSummary) -> (Vec<String>, usize) {
    if signature.state != SignatureState::Verified || !covers(signature) {
        return (Vec::new(), 0);
    }
    let gaps = signature.gaps.iter();
    let lines = gaps.map(|gap| format!("does not cover {}: {}", gap.name, visible(&gap.reason)));
    (lines.collect(), signature.gaps_omitted.unwrap_or_default())
}

/// False where it is about something else than the artifact.
fn covers(signature: &SignatureSummary) -> bool {
    signature.bound_by.is_some() || signature.root.is_some() || signature.content.is_none()
}

fn log(signature: &SignatureSummary) -> Option<String> {
    let entries = signature.log_entries?;
    let places: Vec<String> = signature
        .log_indices
        .iter()
        .map(|index| format!("number {index}"))
        .collect();
    let entries = match (entries, places.is_empty()) {
        (1, false) => places.join(", "),
        (1, true) => "1 entry".to_owned(),
        (entries, true) => format!("{entries} entries"),
        (entries, false) => format!("{entries} entries, {}", places.join(", ")),
    };
    Some(format!("in the transparency log: {entries}"))
}

/// Scheme, serialization, type of the statement, and what it says.
fn kind(signature: &SignatureSummary) -> String {
    let says = signature
        .stated_result
        .map(|result| format!("says that it {result}"));
    let content = signature
        .content
        .clone()
        .filter(|content| content.contains(':'));
    let parts = [
        Some(signature.scheme.clone()),
        signature.serialization.clone(),
        content,
        says,
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .map(|part| visible(&part).into_owned())
        .collect();
    parts.join(", ")
}

/// How a signer is known.
const fn signed_by(grade: Option<Grade>) -> &'static str {
    match grade {
        Some(Grade::Verified | Grade::Measured) => "signed by",
        Some(Grade::Claimed) | None => "claims to be signed by",
    }
}
