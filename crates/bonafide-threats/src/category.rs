//! The categories of ISO/IEC 27090 that are publicly named.

use serde::{Deserialize, Serialize};

/// A category, by the label that is public.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Our name for it: `data-poisoning`.
    pub id: String,
    /// The public label.
    pub label: String,
    /// Permalinks of the OWASP AI Exchange about the same, without the host.
    pub exchange: Vec<String>,
    /// Whether the catalogue has threats of it.
    pub scope: CategoryScope,
    /// What an attestation that is bound to the digest can show of it.
    pub attestation: String,
}

/// Whether the catalogue has threats of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CategoryScope {
    /// It has.
    InScope,
    /// It has none: only an attestation can speak to it.
    Attested,
}
