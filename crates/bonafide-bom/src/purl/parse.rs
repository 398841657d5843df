//! From text to the parts of a package URL (ECMA-427 §5, §6).

use std::collections::BTreeMap;

use super::checksum::{Checksum, ChecksumError};
use super::escape::{EscapeError, decode, stray};
use super::package::PackageUrl;
use super::revision::Revision;

/// Longest package URL that is read.
pub const MOST_BYTES: usize = 8192;

/// A part of a package URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `huggingface`, `oci`, …
    Type,
    /// What stands between the type and the name.
    Namespace,
    /// The name.
    Name,
    /// What follows `@`.
    Version,
    /// What follows `?`.
    Qualifiers,
    /// What follows `#`.
    Subpath,
}

impl std::fmt::Display for Part {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Type => "type",
            Self::Namespace => "namespace",
            Self::Name => "name",
            Self::Version => "version",
            Self::Qualifiers => "qualifiers",
            Self::Subpath => "subpath",
        })
    }
}

/// Why text is not a package URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PurlError {
    /// Longer than [`MOST_BYTES`].
    #[error("a package URL of {size} bytes, more than {MOST_BYTES}")]
    Size {
        /// Bytes of the text.
        size: usize,
    },
    /// It does not begin with `pkg:`.
    #[error("does not begin with `pkg:`")]
    Scheme,
    /// A character that no URL has unescaped: a space, a control character, not ASCII, …
    #[error("`{character}` at byte {at} is no character of a URL and must be escaped")]
    Character {
        /// The character, fit to print.
        character: String,
        /// Its place in the text.
        at: usize,
    },
    /// A character that separates parts stands where it must be escaped.
    #[error("`{character}` in the {part} must be escaped")]
    Separator {
        /// `?`, `#` or `@`.
        character: char,
        /// Where it stands.
        part: Part,
    },
    /// A part that must be there is empty.
    #[error("has no {part}")]
    Missing {
        /// The part.
        part: Part,
    },
    /// Not letters, digits, `.` and `-`, beginning with a letter (ECMA-427 §5.6.2).
    #[error("the type `{found}` is not made of letters, digits, `.` and `-`")]
    Type {
        /// The type, cut.
        found: String,
    },
    /// A `%` that starts no escape, or bytes that are not UTF-8.
    #[error("bad percent escape in the {part}")]
    Escape {
        /// Where it stands.
        part: Part,
    },
    /// An escape stands for a control character.
    #[error("escaped control character in the {part}")]
    Control {
        /// Where it stands.
        part: Part,
    },
    /// `.`, `..` or an escaped `/` in a part that is a path: it would name something else.
    #[error("the {part} has the segment `{segment}`")]
    Segment {
        /// Where it stands.
        part: Part,
        /// The segment, cut.
        segment: String,
    },
    /// A qualifier that is not `name=value`, or whose name is none (ECMA-427 §5.6.6).
    #[error("`{found}` is not a qualifier")]
    Qualifier {
        /// The qualifier, cut.
        found: String,
    },
    /// The same qualifier twice.
    #[error("the qualifier `{name}` comes twice")]
    RepeatedQualifier {
        /// Its name.
        name: String,
    },
    /// The qualifier `checksum` is no list of checksums.
    #[error(transparent)]
    Checksum(#[from] ChecksumError),
    /// A version that begins like a digest and is none.
    #[error("the version `{found}` is not a digest")]
    Digest {
        /// The version, cut.
        found: String,
    },
}

/// The reader of package URLs.
#[derive(Debug, Clone, Copy)]
pub struct Purl;

impl Purl {
    /// Reads a package URL strictly: what two readers could take differently is refused.
    ///
    /// # Errors
    ///
    /// [`PurlError`] for the first thing that is wrong.
    pub fn parse(text: &str) -> Result<PackageUrl, PurlError> {
        if text.len() > MOST_BYTES {
            return Err(PurlError::Size { size: text.len() });
        }
        let rest = match text.split_at_checked(4) {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("pkg:") => rest,
            _ => return Err(PurlError::Scheme),
        };
        if let Some((at, character)) = stray(text) {
            return Err(PurlError::Character {
                character: crate::excerpt(&character.to_string(), 10),
                at,
            });
        }
        // `pkg://` is read as `pkg:` (ECMA-427 §5.6.1).
        let rest = rest.trim_start_matches('/');
        let (rest, subpath) = split(rest, '#', Part::Subpath)?;
        let (rest, qualifiers) = split(rest, '?', Part::Qualifiers)?;
        let (package_type, rest) = rest.split_once('/').unwrap_or((rest, ""));
        let package_type = checked_type(package_type)?;
        let rest = rest.trim_start_matches('/');
        let (path, version) = match rest.rsplit_once('@') {
            Some((path, version)) => (path, version),
            None => (rest, ""),
        };
        if path.contains('@') {
            return Err(PurlError::Separator {
                character: '@',
                part: Part::Name,
            });
        }
        let (namespace, name) = path.rsplit_once('/').unwrap_or(("", path));
        let name = decoded(name, Part::Name)?;
        if name.is_empty() {
            return Err(PurlError::Missing { part: Part::Name });
        }
        if name == "." || name == ".." {
            return Err(PurlError::Segment {
                part: Part::Name,
                segment: name,
            });
        }
        let version = decoded(version, Part::Version)?;
        let qualifiers = match qualifiers {
            Some(text) => read_qualifiers(text)?,
            None => BTreeMap::new(),
        };
        let checksums = match qualifiers.get("checksum") {
            Some(list) => Checksum::list(list)?,
            None => Vec::new(),
        };
        let mut package = PackageUrl {
            namespace: segments(namespace, Part::Namespace)?,
            name,
            version: Some(version).filter(|version| !version.is_empty()),
            subpath: segments(subpath.unwrap_or_default(), Part::Subpath)?,
            package_type,
            qualifiers,
            checksums,
            text: text.to_owned(),
        };
        package.fold_case();
        if package.package_type == "oci"
            && let Some(version) = &package.version
            && Revision::of_oci(version).is_none()
        {
            return Err(PurlError::Digest {
                found: crate::excerpt(version, 100),
            });
        }
        Ok(package)
    }
}

/// Cuts off what follows the separator, which may stand there once.
fn split(text: &str, separator: char, part: Part) -> Result<(&str, Option<&str>), PurlError> {
    let Some((before, after)) = text.split_once(separator) else {
        return Ok((text, None));
    };
    let again = ['#', '?']
        .into_iter()
        .find(|character| after.contains(*character));
    match again {
        Some(character) => Err(PurlError::Separator { character, part }),
        None => Ok((before, Some(after))),
    }
}

fn checked_type(text: &str) -> Result<String, PurlError> {
    if text.is_empty() {
        return Err(PurlError::Missing { part: Part::Type });
    }
    let starts = text.starts_with(|first: char| first.is_ascii_alphabetic());
    let made = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    if !starts || !made {
        return Err(PurlError::Type {
            found: crate::excerpt(text, 100),
        });
    }
    Ok(text.to_ascii_lowercase())
}

fn decoded(text: &str, part: Part) -> Result<String, PurlError> {
    decode(text).map_err(|error| match error {
        EscapeError::Escape => PurlError::Escape { part },
        EscapeError::Control => PurlError::Control { part },
    })
}

/// The segments of a path. Empty ones count for nothing (ECMA-427 §5.6.3, §5.6.7);
/// those that lead elsewhere are refused, though the standard lets a reader drop them.
fn segments(text: &str, part: Part) -> Result<Vec<String>, PurlError> {
    let pieces = text.split('/').filter(|piece| !piece.is_empty());
    pieces
        .map(|piece| {
            let segment = decoded(piece, part)?;
            if segment == "." || segment == ".." || segment.contains(['/', '\\']) {
                return Err(PurlError::Segment {
                    part,
                    segment: crate::excerpt(&segment, 100),
                });
            }
            Ok(segment)
        })
        .collect()
}

fn read_qualifiers(text: &str) -> Result<BTreeMap<String, String>, PurlError> {
    let mut qualifiers = BTreeMap::new();
    let mut names = std::collections::BTreeSet::new();
    for piece in text.split('&') {
        let refused = || PurlError::Qualifier {
            found: crate::excerpt(piece, 100),
        };
        let (name, value) = piece.split_once('=').ok_or_else(refused)?;
        let made = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
        if !made || !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return Err(refused());
        }
        let name = name.to_ascii_lowercase();
        if !names.insert(name.clone()) {
            return Err(PurlError::RepeatedQualifier {
                name: crate::excerpt(&name, 100),
            });
        }
        let value = decoded(value, Part::Qualifiers)?;
        // "A qualifier without value is as if it were not there" (ECMA-427 §5.6.6).
        if !value.is_empty() {
            qualifiers.insert(name, value);
        }
    }
    Ok(qualifiers)
}
