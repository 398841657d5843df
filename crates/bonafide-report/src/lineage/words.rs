//! Words and names, fit to print.

use bonafide_core::lineage::{EdgeEvidence, NodeDigest, RevisionPin, Testimony};
use bonafide_core::{Grade, RawName, excerpt};

/// Text of a document with misleading characters escaped, cut to so many characters.
pub(super) fn shown(text: &str, characters: usize) -> String {
    spelled(excerpt(text, characters))
}

/// A name with what XML cannot hold spelled out as well, because pictures are XML.
pub(super) fn visible(name: &RawName) -> String {
    spelled(name.to_string())
}

fn spelled(name: String) -> String {
    if !name.contains(['\u{fffe}', '\u{ffff}']) {
        return name;
    }
    name.replace('\u{fffe}', "\\u{fffe}")
        .replace('\u{ffff}', "\\u{ffff}")
}

/// `1 link`, `2 links`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// The word for a grade of a digest or a time.
pub(super) const fn graded(grade: Grade) -> &'static str {
    match grade {
        Grade::Claimed => "claimed",
        Grade::Verified => "signed",
        Grade::Measured => "measured",
    }
}

/// A digest with its first twelve digits.
pub(super) fn short(digest: &NodeDigest) -> String {
    let hex: String = digest.digest.hex().chars().take(12).collect();
    format!("{}:{hex}…", digest.digest.algorithm())
}

/// How a parent is referred to.
pub(super) fn pin(pin: &RevisionPin) -> String {
    match pin {
        RevisionPin::None => "no version".to_owned(),
        RevisionPin::Mutable(name) => format!("version {}, which can change", shown(name, 60)),
        RevisionPin::Abbreviated(commit) => format!("abbreviated commit {}", shown(commit, 60)),
        RevisionPin::Commit(commit) => format!("commit {}", shown(commit, 80)),
        RevisionPin::Digest(digest) => format!("digest {digest}"),
    }
}

/// One piece of evidence: what it does, where it is, what it says.
pub(super) fn testimony(evidence: &EdgeEvidence) -> String {
    let does = match &evidence.testimony {
        Testimony::Proof(proof) => format!(
            "proven by {} in {}, which names the measured {}",
            shown(proof.signer(), 200),
            shown(proof.statement(), 200),
            proof.material()
        ),
        Testimony::Claim { signer: None } => "claimed".to_owned(),
        Testimony::Claim {
            signer: Some(signer),
        } => {
            format!("claimed, signed by {}", shown(signer, 200))
        }
        Testimony::Contradiction => "contradicted".to_owned(),
        Testimony::Hint => "hinted at".to_owned(),
    };
    let place = match &evidence.pointer {
        Some(pointer) if !pointer.is_empty() => {
            format!("{} at {}", visible(&evidence.source), shown(pointer, 200))
        }
        _ => visible(&evidence.source),
    };
    let says = shown(&evidence.says, 300);
    let says = if says.is_empty() {
        says
    } else {
        format!(": {says}")
    };
    let pin = match &evidence.pin {
        RevisionPin::None => String::new(),
        some => format!(" ({})", pin(some)),
    };
    format!("{does}, {place}{says}{pin}")
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn escapes_before_it_cuts() {
        assert_eq!(shown("abc", 3), "abc");
        assert_eq!(shown("abcd", 3), "abc…");
        assert_eq!(shown("a\u{202e}b", 20), "a\\u{202e}b");
        assert_eq!(shown("a\u{202e}b", 5), "a…");
        assert_eq!(shown("\u{1b}[2J", 20), "\\u{1b}[2J");
        assert_eq!(shown("\u{ffff}", 20), "\\u{ffff}");
    }
}
