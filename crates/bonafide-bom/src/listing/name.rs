//! Names of files, as far as a document says any.

use crate::excerpt;

/// Longest path that is looked up, in bytes.
const LONGEST: usize = 4096;

/// A name that a file may have in the artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathClaim {
    /// Segments; never empty, none is `.` or `..`.
    segments: Vec<String>,
    /// Whether it starts at a root that we do not know (`/tmp/model/…`, a URL).
    anchored: bool,
    /// Whether it is the name of a file, or of something that may be one.
    file: bool,
}

impl PathClaim {
    /// A path: of a file component, of an occurrence, of a package URL.
    /// None if it is empty or leaves the place where it starts.
    #[must_use]
    pub fn path(text: &str) -> Option<Self> {
        Self::new(text, true)
    }

    /// A name that may be one of a file: it is if it looks like it.
    #[must_use]
    pub fn name(text: &str) -> Option<Self> {
        Self::new(text, looks_like_a_file(text))
    }

    /// The end of a URL's path.
    #[must_use]
    pub fn url(text: &str) -> Option<Self> {
        let path = match text.split_once("://") {
            Some((_, rest)) => rest.split_once('/')?.1,
            None if text.contains(':') => return None,
            None => text,
        };
        let path = path.split(['?', '#']).next()?;
        // A folder is no file.
        if path.ends_with('/') {
            return None;
        }
        let mut claim = Self::new(path, looks_like_a_file(path))?;
        claim.anchored |= text.contains("://");
        Some(claim)
    }

    fn new(text: &str, file: bool) -> Option<Self> {
        if text.len() > LONGEST || text.contains('\0') {
            return None;
        }
        let text = text.replace('\\', "/");
        let drive =
            matches!(text.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
        let segments: Vec<String> = text
            .split('/')
            .filter(|segment| !segment.is_empty() && *segment != ".")
            .map(ToOwned::to_owned)
            .collect();
        if segments.is_empty() || segments.iter().any(|segment| segment == "..") {
            return None;
        }
        Some(Self {
            segments,
            anchored: text.starts_with('/') || drive,
            file,
        })
    }

    /// The path as a whole, with `/`.
    #[must_use]
    pub fn whole(&self) -> String {
        self.segments.join("/")
    }

    /// Ends of the path, longest first, without the whole: what it may be called below a
    /// root that the document's author saw from further up. At most `most` segments.
    pub fn ends(&self, most: usize) -> impl Iterator<Item = String> + '_ {
        let first = self.segments.len().saturating_sub(most).max(1);
        (first..self.segments.len()).filter_map(|start| Some(self.segments.get(start..)?.join("/")))
    }

    /// Name of the file alone.
    #[must_use]
    pub fn base(&self) -> &str {
        self.segments.last().map_or("", String::as_str)
    }

    /// True if it has no folder in front.
    #[must_use]
    pub const fn is_bare(&self) -> bool {
        self.segments.len() == 1
    }

    /// True if it starts at a root that we do not know.
    #[must_use]
    pub const fn is_anchored(&self) -> bool {
        self.anchored
    }

    /// True if it is the name of a file.
    #[must_use]
    pub const fn is_file_name(&self) -> bool {
        self.file
    }

    /// The path, fit to print.
    #[must_use]
    pub fn shown(&self) -> String {
        excerpt(&self.whole(), 200)
    }
}

/// True for a name with an ending such as `.safetensors`; versions (`Qwen2.5`) have none.
fn looks_like_a_file(text: &str) -> bool {
    let base = text.rsplit(['/', '\\']).next().unwrap_or(text);
    base.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty()
            && (1..=12).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && ending
                .as_bytes()
                .first()
                .is_some_and(u8::is_ascii_alphabetic)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_paths_apart() {
        let path = PathClaim::path("./a//b\\c.bin").unwrap();
        assert_eq!(path.whole(), "a/b/c.bin");
        assert_eq!(path.ends(9).collect::<Vec<_>>(), ["b/c.bin", "c.bin"]);
        assert!(!path.is_anchored());
        assert!(PathClaim::path("C:\\x\\y.bin").unwrap().is_anchored());
        for bad in ["", "/", "a/../b", "..", ".", "a\0b"] {
            assert_eq!(PathClaim::path(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn tells_files_from_names() {
        for (name, file) in [
            ("model.safetensors", true),
            ("sub/config.json", true),
            ("Qwen2.5", false),
            ("demo", false),
            ("org/model", false),
            (".gitattributes", false),
            ("v1.0-beta.2", false),
        ] {
            assert_eq!(
                PathClaim::name(name).unwrap().is_file_name(),
                file,
                "{name}"
            );
        }
    }

    #[test]
    fn finds_the_path_of_a_url() {
        let url =
            PathClaim::url("https://hub.example/org/m/resolve/main/a/b.bin?download=true").unwrap();
        assert!(url.is_anchored() && url.is_file_name());
        assert_eq!(url.base(), "b.bin");
        assert_eq!(PathClaim::url("README.md").unwrap().whole(), "README.md");
        assert!(
            !PathClaim::url("https://hub.example/org/m")
                .unwrap()
                .is_file_name()
        );
        for none in [
            "https://hub.example",
            "https://hub.example/a/",
            "urn:uuid:1",
            "mailto:a@b",
        ] {
            assert_eq!(PathClaim::url(none), None, "{none}");
        }
    }
}
