//! Whether a document is SPDX, and of a version that is read.

use crate::excerpt;
use crate::json::Node;

/// The one context of 3.0.1.
const CONTEXT: &str = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld";
/// How every published context of SPDX 3 ends.
const CONTEXT_FILE: &str = "spdx-context.jsonld";

/// What a document says that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognition {
    /// SPDX 3.0.1, which [`read`](super::read) reads.
    Version3_0_1,
    /// SPDX, but not read, and why.
    Refused(SpdxError),
}

/// Why a document is not read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpdxError {
    /// Nothing says that it is SPDX.
    #[error("not an SPDX document")]
    NotSpdx,
    /// SPDX 2: its licences and files could be read, but it knows neither models nor data.
    #[error(
        "`{version}` is not supported; SPDX 3.0.1 is, and CycloneDX, which both describe \
         models and datasets where SPDX 2 does not"
    )]
    Version2 {
        /// The version as written, cut.
        version: String,
    },
    /// Another version 3.
    #[error("SPDX {version} is not supported; 3.0.1 is")]
    Version3 {
        /// The version as its context names it, cut.
        version: String,
    },
    /// Terms of its own besides the context of SPDX. They could give any name of the
    /// document another meaning (JSON-LD 1.1 §4.1).
    #[error("`@context` has more than the context of SPDX 3.0.1, and is not evaluated")]
    OwnTerms,
    /// `@graph` is no list.
    #[error("`@graph` is {found}, not a list")]
    Graph {
        /// What it is.
        found: &'static str,
    },
    /// More than [`MOST_ELEMENTS`](super::MOST_ELEMENTS).
    #[error("more than {limit} elements")]
    Elements {
        /// Most of them.
        limit: usize,
    },
    /// More than [`MOST_SHARED`](super::MOST_SHARED): a few long texts that thousands of
    /// elements refer to.
    #[error("elements share more than {limit} bytes of text, each use counted")]
    Shared {
        /// Most bytes.
        limit: usize,
    },
}

/// What the document says that it is; nothing if it does not say that it is SPDX.
#[must_use]
pub fn recognise(root: &Node<'_>) -> Option<Recognition> {
    if let Some(version) = root.get("spdxVersion") {
        let version = version.text().unwrap_or("SPDX 2");
        return Some(Recognition::Refused(SpdxError::Version2 {
            version: excerpt(version, 40),
        }));
    }
    match root.get("@context")? {
        Node::Text(context) => of_address(context),
        Node::List(contexts) => {
            let mut texts = contexts.iter().filter_map(Node::text);
            let first = texts.find_map(of_address)?;
            Some(match first {
                Recognition::Version3_0_1 => Recognition::Refused(SpdxError::OwnTerms),
                refused @ Recognition::Refused(_) => refused,
            })
        }
        _ => None,
    }
}

fn of_address(context: &str) -> Option<Recognition> {
    if context == CONTEXT {
        return Some(Recognition::Version3_0_1);
    }
    let folder = context.strip_suffix(CONTEXT_FILE)?;
    // `https://spdx.org/rdf/3.0.0/`, `https://spdx.github.io/spdx-spec/v3.0.1/rdf/`
    let version = folder
        .split('/')
        .map(|part| part.strip_prefix('v').unwrap_or(part))
        .find(|part| part.starts_with(|first: char| first.is_ascii_digit()))
        .unwrap_or(context);
    Some(Recognition::Refused(SpdxError::Version3 {
        version: if version == "3.0.1" {
            format!("3.0.1 with the context `{}`", excerpt(context, 100))
        } else {
            excerpt(version, 40)
        },
    }))
}
