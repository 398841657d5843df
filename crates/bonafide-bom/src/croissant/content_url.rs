//! `contentUrl`: where a file is, and which revision of a repository is meant.

use std::fmt;

use bonafide_core::{ArtifactName, NameError};

/// Where the bytes of a file are said to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// Relative to the document, or to the container that the file is in.
    Path {
        /// The path, without `.` and empty components.
        path: ArtifactName,
        /// The same with percent escapes resolved, where there are any.
        unescaped: Option<ArtifactName>,
    },
    /// Elsewhere.
    Web {
        /// The URL as it was found.
        url: String,
        /// The path inside a repository on a hub, if the URL has its form.
        repository_path: Option<ArtifactName>,
        /// The last component of the path.
        file_name: Option<ArtifactName>,
    },
    /// Nowhere that may be looked at.
    Unusable(UnusableUrl),
}

/// Why a `contentUrl` is not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnusableUrl {
    /// Empty text.
    Empty,
    /// A path of the machine that reads it.
    Absolute,
    /// A `file:` URL, which is a path of the machine that reads it.
    FileScheme,
    /// Leaves its folder with `..`, as it is or once percent escapes are resolved.
    Traversal,
    /// Cannot be the name of a file.
    Name(NameError),
}

impl fmt::Display for UnusableUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("it is empty"),
            Self::Absolute => formatter.write_str("it is an absolute path"),
            Self::FileScheme => formatter.write_str("it is a `file:` URL"),
            Self::Traversal => formatter.write_str("it leaves its folder with `..`"),
            Self::Name(error) => fmt::Display::fmt(error, formatter),
        }
    }
}

/// Which state of a repository a URL names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revision {
    /// A whole commit identifier, SHA-1 or SHA-256.
    Commit(String),
    /// A branch, tag, other reference or abbreviation, all of which can be moved.
    Reference(String),
    /// None: whatever the default branch holds today.
    Unstated,
}

/// Schemes that need no `//` to be one.
const OPAQUE: [&str; 4] = ["data", "doi", "urn", "hdl"];

/// What comes between repository and revision in the URLs of hubs.
const MARKERS: [&str; 6] = ["tree", "blob", "resolve", "raw", "commit", "commits"];

impl Location {
    /// Reads a `contentUrl`.
    pub(super) fn read(text: &str) -> Self {
        if text.is_empty() {
            return Self::Unusable(UnusableUrl::Empty);
        }
        let Some((scheme, rest)) = scheme(text) else {
            return Self::path(text);
        };
        if scheme.eq_ignore_ascii_case("file") {
            return Self::Unusable(UnusableUrl::FileScheme);
        }
        let address = rest.strip_prefix("//");
        let inside = address
            .and_then(|address| before(address, ['?', '#']).split_once('/'))
            .map_or("", |(_, path)| path);
        Self::Web {
            url: text.to_owned(),
            repository_path: repository_path(inside),
            file_name: inside
                .rsplit('/')
                .next()
                .and_then(|last| ArtifactName::parse(unescape(last).as_bytes()).ok())
                .filter(|name| !name.as_str().contains('/')),
        }
    }

    fn path(text: &str) -> Self {
        let unescaped = unescape(text);
        let path = match path(text) {
            Ok(path) => path,
            Err(unusable) => return Self::Unusable(unusable),
        };
        // A reader that takes the text for a URL resolves escapes, one that takes it for
        // a path does not: it must stay in its folder for both.
        if unescaped == text {
            return Self::Path {
                path,
                unescaped: None,
            };
        }
        match self::path(&unescaped) {
            Ok(unescaped) => Self::Path {
                path,
                unescaped: Some(unescaped),
            },
            Err(unusable) => Self::Unusable(unusable),
        }
    }
}

impl Revision {
    /// The revision in the URL of a repository: `…/tree/<revision>` of hubs,
    /// `…@<revision>` of package URLs and pip, `#<revision>`, `?ref=<revision>`.
    pub(super) fn read(url: &str) -> Self {
        let (url, fragment) = url.split_once('#').unwrap_or((url, ""));
        let (url, query) = url.split_once('?').unwrap_or((url, ""));
        let path = url.split_once("://").map_or(url, |(_, rest)| rest);
        let path = path.split_once('/').map_or("", |(_, path)| path);
        let mut segments = path.split('/');
        let marked = segments
            .by_ref()
            .find(|segment| MARKERS.contains(segment))
            .and_then(|_| segments.next());
        let queried = query.split('&').find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            matches!(name, "ref" | "rev" | "revision").then_some(value)
        });
        let versioned = path.rsplit_once('@').map(|(_, revision)| revision);
        let found = [marked, versioned, queried, Some(fragment)]
            .into_iter()
            .flatten()
            .find(|revision| !revision.is_empty());
        match found.map(unescape) {
            None => Self::Unstated,
            Some(revision)
                if matches!(revision.len(), 40 | 64)
                    && revision.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
            {
                Self::Commit(revision.to_ascii_lowercase())
            }
            Some(revision) => Self::Reference(revision),
        }
    }
}

/// Scheme and rest, if it is a URL and not a path with a colon in it.
fn scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let mut letters = scheme.bytes();
    let shaped = letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte));
    let is_one = rest.starts_with("//")
        || scheme.eq_ignore_ascii_case("file")
        || OPAQUE
            .iter()
            .any(|known| known.eq_ignore_ascii_case(scheme));
    (shaped && is_one).then_some((scheme, rest))
}

/// A path below its folder; `.` and empty components say nothing and are left out.
fn path(text: &str) -> Result<ArtifactName, UnusableUrl> {
    let drive =
        matches!(text.as_bytes(), [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic());
    if drive || text.starts_with(['/', '\\']) {
        return Err(UnusableUrl::Absolute);
    }
    if text.split(['/', '\\']).any(|component| component == "..") {
        return Err(UnusableUrl::Traversal);
    }
    let components: Vec<&str> = text
        .split('/')
        .filter(|component| !matches!(*component, "" | "."))
        .collect();
    ArtifactName::parse(components.join("/").as_bytes()).map_err(UnusableUrl::Name)
}

/// What follows `/resolve/<revision>/` and its like.
fn repository_path(path: &str) -> Option<ArtifactName> {
    let mut segments = path.split('/');
    segments.find(|segment| matches!(*segment, "resolve" | "raw" | "blob"))?;
    segments.next()?;
    let rest: Vec<&str> = segments.collect();
    ArtifactName::parse(unescape(&rest.join("/")).as_bytes()).ok()
}

fn before(text: &str, marks: [char; 2]) -> &str {
    text.split(marks).next().unwrap_or(text)
}

/// Percent escapes resolved (RFC 3986 §2.1); text that is not UTF-8 afterwards stays.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = match (first, after) {
            (b'%', [high, low, ..]) => digit(*high).zip(digit(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                bytes.push(high << 4 | low);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_their_folder() {
        for (text, expected) in [
            ("data/train.csv", "data/train.csv"),
            ("./data//train.csv", "data/train.csv"),
            ("a:b.csv", "a:b.csv"),
            ("data/…", "data/…"),
            ("a..b/c..", "a..b/c.."),
        ] {
            let Location::Path { path, .. } = Location::read(text) else {
                panic!("{text}");
            };
            assert_eq!(path.as_str(), expected);
        }
        for (text, expected) in [
            ("", UnusableUrl::Empty),
            ("/etc/passwd", UnusableUrl::Absolute),
            ("//host/share", UnusableUrl::Absolute),
            ("\\\\host\\share", UnusableUrl::Absolute),
            ("C:\\data.csv", UnusableUrl::Absolute),
            ("c:/data.csv", UnusableUrl::Absolute),
            ("%2fetc/passwd", UnusableUrl::Absolute),
            ("file:///etc/passwd", UnusableUrl::FileScheme),
            ("FILE:data.csv", UnusableUrl::FileScheme),
            ("../data.csv", UnusableUrl::Traversal),
            ("a/../../b", UnusableUrl::Traversal),
            ("a\\..\\b", UnusableUrl::Traversal),
            ("a/%2e%2E/b", UnusableUrl::Traversal),
            (".", UnusableUrl::Name(NameError::Empty)),
            (
                "a\u{0}b",
                UnusableUrl::Name(NameError::Control {
                    code: 0,
                    position: 1,
                }),
            ),
        ] {
            assert_eq!(Location::read(text), Location::Unusable(expected), "{text}");
        }
    }

    #[test]
    fn urls_give_names_to_look_for() {
        for (url, repository_path, file_name) in [
            (
                "https://example.org/a/b%20c.zip?x=/y#z",
                None,
                Some("b c.zip"),
            ),
            ("https://example.org", None, None),
            ("https://example.org/a/", None, None),
            ("https://example.org/a/..", None, None),
            ("https://example.org/%2Fetc%2Fpasswd", None, None),
            ("doi:10.1000/182", None, None),
            ("s3://bucket/key.tar", None, Some("key.tar")),
            (
                "https://huggingface.co/datasets/o/n/resolve/main/data/a.parquet",
                Some("data/a.parquet"),
                Some("a.parquet"),
            ),
        ] {
            let Location::Web {
                repository_path: found,
                file_name: last,
                ..
            } = Location::read(url)
            else {
                panic!("{url}");
            };
            assert_eq!(
                found.as_ref().map(ArtifactName::as_str),
                repository_path,
                "{url}"
            );
            assert_eq!(last.as_ref().map(ArtifactName::as_str), file_name, "{url}");
        }
    }

    #[test]
    fn only_a_whole_commit_is_fixed() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        for url in [
            format!("https://huggingface.co/datasets/o/n/tree/{commit}"),
            format!("https://github.com/o/n/commit/{commit}"),
            format!("git+https://github.com/o/n.git@{commit}"),
            format!("https://github.com/o/n#{}", commit.to_uppercase()),
            format!("https://github.com/o/n?ref={commit}"),
        ] {
            assert_eq!(
                Revision::read(&url),
                Revision::Commit(commit.into()),
                "{url}"
            );
        }
        for (url, reference) in [
            (
                "https://huggingface.co/datasets/o/n/tree/refs%2Fconvert%2Fparquet",
                "refs/convert/parquet",
            ),
            ("https://github.com/o/n/tree/main", "main"),
            ("https://github.com/o/n.git@v1.0", "v1.0"),
            ("https://github.com/o/n/tree/0123456", "0123456"),
        ] {
            assert_eq!(Revision::read(url), Revision::Reference(reference.into()));
        }
        for url in [
            "https://huggingface.co/datasets/o/n",
            "",
            "https://u@h/o/n",
            "o/n",
        ] {
            assert_eq!(Revision::read(url), Revision::Unstated, "{url}");
        }
    }
}
