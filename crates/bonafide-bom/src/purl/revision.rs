//! How firmly a version names one state of something.

use std::fmt;

use bonafide_core::{Algorithm, Digest};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

/// Fewest digits that git itself abbreviates a commit to (`core.abbrev`).
const FEWEST_DIGITS: usize = 7;

/// Which state of a repository or package is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Revision {
    /// A whole git commit id (SHA-1): one state, as far as SHA-1 goes.
    Commit([u8; 20]),
    /// A whole commit id of a git repository with SHA-256 objects.
    Commit256([u8; 32]),
    /// A digest of the content, as OCI references have it.
    Digest(Digest),
    /// The beginning of a commit id, lower case: others may share it.
    Abbreviated(String),
    /// A branch or tag: what it names may be another state tomorrow.
    Mutable(String),
    /// A version of a registry that is no repository; nothing in it ties it to bytes.
    Release(String),
    /// Nothing is said.
    Absent,
}

impl Revision {
    /// What a revision of a git repository says: 40 or 64 hexadecimal digits are a
    /// commit, 7 and more an abbreviation, anything else a name that can move.
    #[must_use]
    pub fn of_git(text: &str) -> Self {
        if text.is_empty() {
            return Self::Absent;
        }
        if text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok();
            let bytes = bytes.as_deref();
            if let Some(commit) = bytes.and_then(|bytes| bytes.try_into().ok()) {
                return Self::Commit(commit);
            }
            if let Some(commit) = bytes.and_then(|bytes| bytes.try_into().ok()) {
                return Self::Commit256(commit);
            }
            if (FEWEST_DIGITS..40).contains(&text.len()) {
                return Self::Abbreviated(text.to_ascii_lowercase());
            }
        }
        Self::Mutable(text.to_owned())
    }

    /// What the version of an OCI package says: `sha256:<hex>` or a tag. None if it
    /// begins like a digest and is not one.
    pub(super) fn of_oci(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::Absent);
        }
        let Some((algorithm, hex)) = text.split_once(':') else {
            return Some(Self::Mutable(text.to_owned()));
        };
        let algorithm: Algorithm = algorithm.parse().ok()?;
        Digest::from_hex(algorithm, hex).ok().map(Self::Digest)
    }

    /// The commit as hexadecimal, if it is a whole one.
    #[must_use]
    pub fn commit(&self) -> Option<String> {
        match self {
            Self::Commit(commit) => Some(HEXLOWER.encode(commit)),
            Self::Commit256(commit) => Some(HEXLOWER.encode(commit)),
            _ => None,
        }
    }

    /// True if it can name one state only: a whole commit or a digest.
    #[must_use]
    pub const fn is_pinned(&self) -> bool {
        matches!(self, Self::Commit(_) | Self::Commit256(_) | Self::Digest(_))
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commit(commit) => write!(formatter, "commit {}", HEXLOWER.encode(commit)),
            Self::Commit256(commit) => write!(formatter, "commit {}", HEXLOWER.encode(commit)),
            Self::Digest(digest) => fmt::Display::fmt(digest, formatter),
            Self::Abbreviated(text) => write!(formatter, "abbreviated commit {text}"),
            Self::Mutable(text) => {
                write!(formatter, "branch or tag {}", crate::excerpt(text, 100))
            }
            Self::Release(text) => write!(formatter, "version {}", crate::excerpt(text, 100)),
            Self::Absent => formatter.write_str("no revision"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_commits_from_names() {
        let sha1 = "043f2f5a9df0c2d9a4c86d5e11c4a1a2b3c4d5e6";
        for (text, pinned, shown) in [
            (sha1, true, format!("commit {sha1}")),
            (&*sha1.to_uppercase(), true, format!("commit {sha1}")),
            (
                &"ab".repeat(32),
                true,
                format!("commit {}", "ab".repeat(32)),
            ),
            ("EF3c5c9c", false, "abbreviated commit ef3c5c9c".to_owned()),
            (
                &sha1[..39],
                false,
                format!("abbreviated commit {}", &sha1[..39]),
            ),
            (
                &"a".repeat(41),
                false,
                format!("branch or tag {}", "a".repeat(41)),
            ),
            ("beef", false, "branch or tag beef".to_owned()),
            ("main", false, "branch or tag main".to_owned()),
            ("4.1", false, "branch or tag 4.1".to_owned()),
            ("a\u{1b}[1m", false, "branch or tag a\\u{1b}[1m".to_owned()),
            ("", false, "no revision".to_owned()),
        ] {
            let revision = Revision::of_git(text);
            assert_eq!(revision.is_pinned(), pinned, "{text}");
            assert_eq!(revision.commit().is_some(), pinned, "{text}");
            assert_eq!(revision.to_string(), shown);
        }
    }

    #[test]
    fn a_damaged_digest_is_no_tag() {
        let digest = format!("sha256:{}", "ab".repeat(32));
        assert!(matches!(
            Revision::of_oci(&digest),
            Some(Revision::Digest(_))
        ));
        assert_eq!(Revision::of_oci(""), Some(Revision::Absent));
        assert!(matches!(Revision::of_oci("v1"), Some(Revision::Mutable(_))));
        for bad in [
            "sha256:abcd",
            "md5:d41d8cd98f00b204e9800998ecf8427e",
            ":",
            "sha256:",
        ] {
            assert_eq!(Revision::of_oci(bad), None, "{bad}");
        }
    }
}
