//! Lists of globs over names below the root, as policies write them.

use bonafide_core::RawName;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::{Deserialize, Deserializer};

/// Most globs in a list, and characters in a glob.
const MOST: usize = 1_000;

/// Compiled globs.
#[derive(Debug, Default)]
pub struct Globs(Vec<GlobSet>);

impl Globs {
    /// True when there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when one of them matches the whole name.
    #[must_use]
    pub fn matches(&self, name: &RawName) -> bool {
        use std::os::unix::ffi::OsStrExt as _;
        let path = std::ffi::OsStr::from_bytes(name.as_bytes());
        self.0.iter().any(|glob| glob.is_match(path))
    }
}

/// One glob, so that an error names the entry of the list that is wrong.
struct OneGlob(GlobSet);

impl<'de> Deserialize<'de> for OneGlob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let refused = |reason: &str| serde::de::Error::custom(format!("invalid glob: {reason}"));
        if text.is_empty() || text.len() > MOST {
            return Err(refused("it is empty or too long"));
        }
        // `[!x]` would match a `/`, so that a glob for one directory reached into others.
        if text.replace("\\\\", "").replace("\\[", "").contains('[') {
            return Err(refused(
                "character classes are not supported; write `\\[` for a bracket",
            ));
        }
        GlobBuilder::new(&text)
            .literal_separator(true)
            .backslash_escape(true)
            .build()
            .and_then(|glob| GlobSetBuilder::new().add(glob).build())
            .map(Self)
            .map_err(|error| refused(&error.kind().to_string()))
    }
}

impl<'de> Deserialize<'de> for Globs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let globs = Vec::<OneGlob>::deserialize(deserializer)?;
        if globs.len() > MOST {
            return Err(serde::de::Error::custom(format!("more than {MOST} globs")));
        }
        Ok(Self(globs.into_iter().map(|glob| glob.0).collect()))
    }
}
