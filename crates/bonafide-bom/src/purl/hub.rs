//! Repositories of the Hugging Face Hub and the addresses of their content.

use std::fmt;

use super::escape::{decode, stray};
use super::parse::MOST_BYTES;
use super::revision::Revision;

/// Longest owner or name of a repository.
const LONGEST_NAME: usize = 96;

/// What a repository of the Hub holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HubKind {
    /// A model.
    Model,
    /// A dataset.
    Dataset,
    /// An application.
    Space,
}

impl HubKind {
    /// The kind that a first segment of a path stands for: `datasets`, `spaces`, `models`.
    pub(super) fn of_segment(segment: &str) -> Option<Self> {
        match segment {
            "datasets" => Some(Self::Dataset),
            "spaces" => Some(Self::Space),
            "models" => Some(Self::Model),
            _ => None,
        }
    }

    pub(super) fn of_repository_url(url: &str) -> Self {
        after_host(url)
            .and_then(|path| path.split('/').next())
            .and_then(Self::of_segment)
            .unwrap_or(Self::Model)
    }
}

/// A repository of the Hub: its kind and `owner/name`, or `name` alone for the oldest ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HubRepository {
    /// What it holds.
    pub kind: HubKind,
    /// `owner/name` or `name`.
    pub name: String,
}

/// An address on the Hub, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubReference {
    /// The repository.
    pub repository: HubRepository,
    /// The revision.
    pub revision: Revision,
    /// The file or folder in it.
    pub path: Option<String>,
}

/// Why text is not an address on the Hub.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HubReferenceError {
    /// Another host, or not `https`.
    #[error("not an address at huggingface.co")]
    Elsewhere,
    /// Too long, with characters that no URL has, or with a bad escape.
    #[error("not a URL")]
    Url,
    /// Not `owner/name` of letters, digits, `-`, `_` and `.`.
    #[error("`{found}` is not the name of a repository on the Hub")]
    Repository {
        /// What is there, cut.
        found: String,
    },
    /// A page of the site that is no content of a repository.
    #[error("`{found}` is not a view of a repository's content")]
    View {
        /// What follows the repository, cut.
        found: String,
    },
    /// `.` or `..` in the path.
    #[error("the path leads out of the repository")]
    Path,
}

impl HubRepository {
    /// A repository of one or two names, checked as the Hub checks them.
    ///
    /// # Errors
    ///
    /// [`HubReferenceError::Repository`] if the Hub gives nobody such a name.
    pub fn new(kind: HubKind, parts: &[&str]) -> Result<Self, HubReferenceError> {
        if !matches!(parts.len(), 1 | 2) || !parts.iter().all(|part| is_name(part)) {
            return Err(HubReferenceError::Repository {
                found: crate::excerpt(&parts.join("/"), 100),
            });
        }
        Ok(Self {
            kind,
            name: parts.join("/"),
        })
    }

    /// Reads `owner/name` or `name`, as `base_model` of a model card has it.
    ///
    /// # Errors
    ///
    /// [`HubReferenceError::Repository`].
    pub fn parse(kind: HubKind, text: &str) -> Result<Self, HubReferenceError> {
        if text.len() > 2 * LONGEST_NAME + 1 {
            return Err(HubReferenceError::Repository {
                found: crate::excerpt(text, 100),
            });
        }
        Self::new(kind, &text.split('/').collect::<Vec<_>>())
    }
}

impl fmt::Display for HubRepository {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.kind {
            HubKind::Model => "",
            HubKind::Dataset => "datasets/",
            HubKind::Space => "spaces/",
        })?;
        formatter.write_str(&self.name)
    }
}

impl HubReference {
    /// Reads `https://huggingface.co/owner/name[/tree|blob|resolve|raw/REVISION/PATH]`,
    /// `…/commit/ID`, and the same below `datasets/` and `spaces/`; `hf.co` is the same host.
    ///
    /// # Errors
    ///
    /// [`HubReferenceError`].
    pub fn parse(url: &str) -> Result<Self, HubReferenceError> {
        if url.len() > MOST_BYTES {
            return Err(HubReferenceError::Url);
        }
        let path = after_host(url).ok_or(HubReferenceError::Elsewhere)?;
        if stray(url).is_some() {
            return Err(HubReferenceError::Url);
        }
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let segments = path
            .trim_end_matches('/')
            .split('/')
            .map(|segment| decode(segment).map_err(|_| HubReferenceError::Url))
            .collect::<Result<Vec<_>, _>>()?;
        let mut segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let mut kind = HubKind::Model;
        if let Some(known) = segments
            .first()
            .and_then(|first| HubKind::of_segment(first))
        {
            kind = known;
            segments.remove(0);
        }
        let is_view =
            |segment: &str| matches!(segment, "tree" | "blob" | "resolve" | "raw" | "commit");
        let names = segments
            .iter()
            .take(2)
            .enumerate()
            .take_while(|(place, segment)| *place == 0 || !is_view(segment))
            .count();
        let (names, rest) = segments.split_at_checked(names).unwrap_or_default();
        let repository = HubRepository::new(kind, names)?;
        let (revision, path) = match rest {
            [] => (Revision::Absent, None),
            ["tree" | "blob" | "resolve" | "raw", revision, path @ ..] => {
                if path.iter().any(|segment| {
                    matches!(*segment, "" | "." | "..") || segment.contains(['/', '\\'])
                }) {
                    return Err(HubReferenceError::Path);
                }
                let path = (!path.is_empty()).then(|| path.join("/"));
                (Revision::of_git(revision), path)
            }
            ["commit", revision] => (Revision::of_git(revision), None),
            _ => {
                return Err(HubReferenceError::View {
                    found: crate::excerpt(&rest.join("/"), 100),
                });
            }
        };
        Ok(Self {
            repository,
            revision,
            path,
        })
    }
}

/// The path of an address at the Hub; user information and ports are another host's ways.
fn after_host(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    let known = ["huggingface.co", "hf.co"]
        .iter()
        .any(|known| host.eq_ignore_ascii_case(known));
    (known && scheme.eq_ignore_ascii_case("https")).then_some(path)
}

/// The Hub's own rule for owners and names.
fn is_name(text: &str) -> bool {
    let made = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let edge = |text: &str| text.starts_with(['-', '.']) || text.ends_with(['-', '.']);
    made && !text.is_empty()
        && text.len() <= LONGEST_NAME
        && !edge(text)
        && !text.contains("--")
        && !text.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    #[test]
    fn reads_addresses() {
        for (url, repository, revision, path) in [
            ("https://huggingface.co/gpt2", "gpt2", "no revision", None),
            ("https://hf.co/org/model/", "org/model", "no revision", None),
            (
                "https://huggingface.co/org/model/resolve/0123456789abcdef0123456789abcdef01234567/a/b%20c.bin?download=true",
                "org/model",
                "commit 0123456789abcdef0123456789abcdef01234567",
                Some("a/b c.bin"),
            ),
            (
                "https://huggingface.co/org/model/tree/main",
                "org/model",
                "branch or tag main",
                None,
            ),
            (
                "https://huggingface.co/gpt2/blob/main/config.json",
                "gpt2",
                "branch or tag main",
                Some("config.json"),
            ),
            (
                "https://huggingface.co/datasets/org/data/tree/refs%2Fconvert%2Fparquet",
                "datasets/org/data",
                "branch or tag refs/convert/parquet",
                None,
            ),
            (
                "https://huggingface.co/datasets/imdb",
                "datasets/imdb",
                "no revision",
                None,
            ),
            (
                "https://huggingface.co/org/model/commit/0123abc",
                "org/model",
                "abbreviated commit 0123abc",
                None,
            ),
        ] {
            let reference = HubReference::parse(url).unwrap();
            assert_eq!(reference.repository.to_string(), repository, "{url}");
            assert_eq!(reference.revision.to_string(), revision, "{url}");
            assert_eq!(reference.path.as_deref(), path, "{url}");
        }
        let pinned = format!("https://huggingface.co/o/m/commit/{COMMIT}");
        assert!(HubReference::parse(&pinned).unwrap().revision.is_pinned());
    }

    #[test]
    fn refuses_other_places() {
        use HubReferenceError as E;
        let long = format!("https://huggingface.co/{}", "a/".repeat(5000));
        for (url, expected) in [
            ("http://huggingface.co/org/model", E::Elsewhere),
            (
                "https://huggingface.co.evil.example/org/model",
                E::Elsewhere,
            ),
            (
                "https://huggingface.co@evil.example/org/model",
                E::Elsewhere,
            ),
            ("https://evil@huggingface.co/org/model", E::Elsewhere),
            ("https://huggingface.co", E::Elsewhere),
            ("", E::Elsewhere),
            ("https://huggingface.co/or g/model", E::Url),
            ("https://huggingface.co/org/mod%zzel", E::Url),
            ("https://huggingface.co/org/m%00", E::Url),
            (&long, E::Url),
            (
                "https://huggingface.co/org/model/resolve/main/../x",
                E::Path,
            ),
            (
                "https://huggingface.co/org/model/resolve/main/a%2F..%2Fb",
                E::Path,
            ),
            (
                "https://huggingface.co/org/model/discussions/1",
                E::View {
                    found: "discussions/1".into(),
                },
            ),
            (
                "https://huggingface.co/org/model/tree",
                E::View {
                    found: "tree".into(),
                },
            ),
            (
                "https://huggingface.co/",
                E::Repository {
                    found: String::new(),
                },
            ),
            (
                "https://huggingface.co/../model",
                E::Repository {
                    found: "../model".into(),
                },
            ),
            (
                "https://huggingface.co/o--r/model",
                E::Repository {
                    found: "o--r/model".into(),
                },
            ),
        ] {
            assert_eq!(HubReference::parse(url), Err(expected), "{url}");
        }
    }

    #[test]
    fn reads_names_of_cards() {
        assert!(HubRepository::parse(HubKind::Model, "meta-llama/Llama-3.1-8B").is_ok());
        for bad in [
            "",
            "/",
            "a/b/c",
            "./model",
            "/models/llama",
            "a b",
            "C:\\x",
            "-a/b",
        ] {
            assert!(HubRepository::parse(HubKind::Model, bad).is_err(), "{bad}");
        }
        assert!(HubRepository::parse(HubKind::Model, &"x".repeat(100_000)).is_err());
    }
}
