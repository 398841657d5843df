//! Version control addresses: `git+https://host/path@revision#subpath` (SPDX 2.3 §7.7,
//! package-url `vcs_url`) and the web pages of well-known forges.

use super::escape::{decode, stray};
use super::parse::MOST_BYTES;
use super::revision::Revision;

/// Where a source lies, at which revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VcsReference {
    /// The repository, without revision, user and `.git`; scheme and host in lower case.
    pub repository: String,
    /// The revision.
    pub revision: Revision,
    /// A path in the repository.
    pub path: Option<String>,
}

/// Why text is not a version control address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VcsReferenceError {
    /// Too long, with characters that no URL has, or with a bad escape.
    #[error("not a URL")]
    Url,
    /// Neither `git+…` nor a page of a forge that names a revision.
    #[error("`{found}` is not an address of a git repository")]
    Scheme {
        /// What is there, cut.
        found: String,
    },
    /// `.` or `..` in the path.
    #[error("the path leads out of the repository")]
    Path,
}

impl VcsReference {
    /// Reads `git+https://…[@revision][#path]`, `git://…`, and
    /// `https://HOST/…/commit|tree|blob/REVISION[/path]` as GitHub and GitLab have it.
    ///
    /// # Errors
    ///
    /// [`VcsReferenceError`].
    pub fn parse(text: &str) -> Result<Self, VcsReferenceError> {
        if text.len() > MOST_BYTES || stray(text).is_some() {
            return Err(VcsReferenceError::Url);
        }
        let unknown = || VcsReferenceError::Scheme {
            found: crate::excerpt(text, 100),
        };
        let (scheme, rest) = text.split_once("://").ok_or_else(unknown)?;
        let scheme = scheme.to_ascii_lowercase();
        let (transport, is_git) = match scheme.as_str() {
            "git" => ("git", true),
            _ => match scheme.strip_prefix("git+") {
                Some(transport) => (transport, true),
                None => (scheme.as_str(), false),
            },
        };
        if !matches!(transport, "https" | "http" | "ssh" | "git") {
            return Err(unknown());
        }
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (host, path) = rest.split_once('/').ok_or_else(unknown)?;
        // A user such as `git@` says nothing about which repository it is.
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let host = host.to_ascii_lowercase();
        if host.is_empty() {
            return Err(unknown());
        }
        let address = |path: &str| {
            let path = path.trim_end_matches('/');
            let path = path.strip_suffix(".git").unwrap_or(path);
            format!("{transport}://{host}/{path}")
        };
        if is_git {
            let (path, revision) = path.rsplit_once('@').unwrap_or((path, ""));
            if path.trim_matches('/').is_empty() {
                return Err(unknown());
            }
            return Ok(Self {
                repository: address(path),
                revision: Revision::of_git(&decoded(revision)?),
                path: inner_path(fragment)?,
            });
        }
        let path = path.split('?').next().unwrap_or_default();
        if path.trim_end_matches('/').ends_with(".git") {
            return Ok(Self {
                repository: address(path),
                revision: Revision::Absent,
                path: None,
            });
        }
        let segments: Vec<&str> = path.split('/').collect();
        let view = segments
            .iter()
            .skip(2)
            .position(|segment| matches!(*segment, "commit" | "tree" | "blob"))
            .and_then(|place| place.checked_add(2))
            .ok_or_else(unknown)?;
        let (names, rest) = segments.split_at_checked(view).ok_or_else(unknown)?;
        // GitLab puts `-` between the repository and its pages.
        let names = names.strip_suffix(&["-"]).unwrap_or(names);
        let [_, revision, path @ ..] = rest else {
            return Err(unknown());
        };
        if revision.is_empty() || names.iter().any(|name| name.is_empty()) {
            return Err(unknown());
        }
        Ok(Self {
            repository: address(&names.join("/")),
            revision: Revision::of_git(&decoded(revision)?),
            path: inner_path(&path.join("/"))?,
        })
    }
}

fn decoded(text: &str) -> Result<String, VcsReferenceError> {
    decode(text).map_err(|_| VcsReferenceError::Url)
}

fn inner_path(text: &str) -> Result<Option<String>, VcsReferenceError> {
    let path = decoded(text.trim_matches('/'))?;
    if path
        .split(['/', '\\'])
        .any(|segment| matches!(segment, "." | ".."))
    {
        return Err(VcsReferenceError::Path);
    }
    Ok(Some(path).filter(|path| !path.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        for (url, repository, shown, path) in [
            (
                format!("git+https://GitHub.com/o/r.git@{commit}"),
                "https://github.com/o/r",
                format!("commit {commit}"),
                None,
            ),
            (
                format!("git+ssh://git@github.com/o/r@{commit}#a/b"),
                "ssh://github.com/o/r",
                format!("commit {commit}"),
                Some("a/b"),
            ),
            (
                "git+https://github.com/o/r@v1.0".into(),
                "https://github.com/o/r",
                "branch or tag v1.0".into(),
                None,
            ),
            (
                "git+https://github.com/o/r".into(),
                "https://github.com/o/r",
                "no revision".into(),
                None,
            ),
            (
                format!("https://github.com/o/r/commit/{commit}"),
                "https://github.com/o/r",
                format!("commit {commit}"),
                None,
            ),
            (
                "https://github.com/o/r/tree/main/a/b".into(),
                "https://github.com/o/r",
                "branch or tag main".into(),
                Some("a/b"),
            ),
            (
                format!("https://gitlab.com/g/s/r/-/commit/{commit}"),
                "https://gitlab.com/g/s/r",
                format!("commit {commit}"),
                None,
            ),
            (
                "https://example.org/r/x.git".into(),
                "https://example.org/r/x",
                "no revision".into(),
                None,
            ),
        ] {
            let reference = VcsReference::parse(&url).unwrap();
            assert_eq!(reference.repository, repository, "{url}");
            assert_eq!(reference.revision.to_string(), shown, "{url}");
            assert_eq!(reference.path.as_deref(), path, "{url}");
        }
    }

    #[test]
    fn refuses_what_is_no_repository() {
        for bad in [
            "",
            "git+",
            "git+https:/x",
            "git+file:///etc/passwd",
            "svn+https://h/r@1",
            "https://github.com/o/r",
            "https://github.com/o/r/commit/",
            "https://github.com/o/r/commit",
            "git+https://github.com/",
            "git+https:///o/r",
            "git+https://h/r@ab%zz",
            "git+https://h/r@a#../x",
            "git+https://h/r@a#%2e%2e/x",
            "git+https://h/a b@c",
        ] {
            assert!(VcsReference::parse(bad).is_err(), "{bad}");
        }
        assert!(VcsReference::parse(&format!("git+https://h/{}", "@".repeat(100_000))).is_err());
    }
}
