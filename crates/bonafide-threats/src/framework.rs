//! A framework in one version: where it can be read, what may be shown of it, how sure it is.

use serde::{Deserialize, Serialize};

/// A framework, in a version.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// The one name, the same for all versions: `atlas`, `owasp-llm`.
    pub id: String,
    /// Version, year or date of the text.
    pub version: String,
    /// Its title.
    pub name: String,
    /// Its title with the version, for tables.
    pub short: String,
    /// Who issues it.
    pub owner: String,
    /// When it was issued, as far as that is known; else empty.
    pub date: String,
    /// Where it can be found.
    pub url: String,
    /// Under which licence, and what of it is here.
    pub licence: String,
    /// Draft, published, superseded: as last read.
    pub status: String,
    /// Form of its identifiers (a regular expression for the whole); empty where they are not
    /// public.
    pub reference: String,
    /// Identifiers of earlier versions that this one no longer has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub superseded: Vec<Supersession>,
    /// From when parts of it apply.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applies: Vec<Application>,
}

/// An identifier that was given up for another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Supersession {
    /// The identifier that is gone.
    pub reference: String,
    /// What stands for it now.
    pub by: String,
    /// In which version that happened.
    pub since: String,
}

/// From when a part of a law applies.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// The part, in our words.
    pub what: String,
    /// First day, as `YYYY-MM-DD`.
    pub from: String,
}
