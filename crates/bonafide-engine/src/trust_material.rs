//! The trust material of Sigstore: what is in force, and how to get newer.
//!
//! Verifying uses the trusted root that the user names, else the embedded one.
//! It never uses what an update has left somewhere: what decides about trust is
//! said on the command line or in the policy.

use std::path::{Path, PathBuf};

use bonafide_attest::trusted_root::{
    EMBEDDED_ORIGIN, EMBEDDED_REFRESHED, EMBEDDED_TRUSTED_ROOT, TrustedRootError,
    TrustedRootSummary, embedded_age_in_days, summarize,
};
use bonafide_source::{DocumentError, read_document};
use jiff::Timestamp;

#[cfg(feature = "online")]
pub use online::{Change, Repository, RoleState, TrustUpdate, TrustUpdateRequest, update_trust};

/// Largest file of trust material in bytes.
const MOST_BYTES: u64 = 4 << 20;

/// Trust material, and where it comes from.
#[derive(Debug, Clone)]
pub struct TrustMaterial {
    /// Where it comes from.
    pub origin: TrustOrigin,
    /// What it names.
    pub summary: TrustedRootSummary,
}

/// Where trust material comes from.
#[derive(Debug, Clone)]
pub enum TrustOrigin {
    /// This release carries it.
    Embedded {
        /// Where it is published.
        published_at: &'static str,
        /// When it was last compared with that.
        refreshed: jiff::civil::Date,
        /// Whole days since then.
        age_in_days: u64,
    },
    /// The user has named it.
    File {
        /// Which file.
        path: PathBuf,
    },
}

/// Why there is no trust material to show or to write.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrustMaterialError {
    /// The file cannot be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The file is no trust material.
    #[error("{}: cannot be used as trust material", crate::error::raw(path))]
    Unusable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: TrustedRootError,
    },
    /// The embedded root is no trust material; a test holds that it is.
    #[error("the embedded trust material cannot be used")]
    Embedded(#[source] TrustedRootError),
    /// There is no update.
    #[cfg(feature = "online")]
    #[error(transparent)]
    Update(#[from] bonafide_source::tuf::TufError),
    /// The update is vouched for, but it is no trusted root.
    #[cfg(feature = "online")]
    #[error("{address}: publishes something that is no trusted root")]
    NoTrustedRoot {
        /// The repository.
        address: String,
        /// Why.
        source: TrustedRootError,
    },
    /// The update cannot be written.
    #[cfg(feature = "online")]
    #[error(transparent)]
    Output(#[from] bonafide_source::OutputError),
}

impl TrustMaterialError {
    /// What the user can do about it, where that is not obvious.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Unusable { .. } => Some(
                "give a Sigstore `trusted_root.json`, or a client trust configuration that holds one",
            ),
            #[cfg(feature = "online")]
            Self::Update(error) => error.hint(),
            #[cfg(feature = "online")]
            Self::NoTrustedRoot { .. } => {
                Some("it may need a newer release of this command; nothing was written")
            }
            _ => None,
        }
    }
}

/// Reads trust material for people to look at: a file, or without one what this
/// release carries.
pub fn trust_material(
    file: Option<&Path>,
    now: Timestamp,
) -> Result<TrustMaterial, TrustMaterialError> {
    match file {
        None => Ok(TrustMaterial {
            origin: TrustOrigin::Embedded {
                published_at: EMBEDDED_ORIGIN,
                refreshed: EMBEDDED_REFRESHED,
                age_in_days: embedded_age_in_days(now),
            },
            summary: summarize(EMBEDDED_TRUSTED_ROOT.as_bytes())
                .map_err(TrustMaterialError::Embedded)?,
        }),
        Some(path) => {
            let bytes = read_document(path, MOST_BYTES)?;
            let summary = summarize(&bytes).map_err(|source| TrustMaterialError::Unusable {
                path: path.to_owned(),
                source,
            })?;
            Ok(TrustMaterial {
                origin: TrustOrigin::File {
                    path: path.to_owned(),
                },
                summary,
            })
        }
    }
}

#[cfg(feature = "online")]
mod online {
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use bonafide_attest::trusted_root::summarize;
    use bonafide_core::Digest;
    pub use bonafide_source::tuf::RoleState;
    use bonafide_source::tuf::{
        Address, MOST_ROOT_BYTES, PUBLIC_GOOD_ADDRESS, PUBLIC_GOOD_ROOT, Refresh, refresh,
    };
    use bonafide_source::{read_document, write_atomically};
    use jiff::Timestamp;

    use super::{MOST_BYTES, TrustMaterialError};

    /// A repository of trust material, and where trust in it begins.
    #[derive(Debug, Clone)]
    pub enum Repository {
        /// The public-good instance of Sigstore, from the root that is embedded.
        PublicGood,
        /// Another one.
        Other {
            /// Its address.
            url: String,
            /// A file with its root metadata.
            root: PathBuf,
        },
    }

    impl Repository {
        /// Its address, with or without a trailing `/`.
        #[must_use]
        pub fn url(&self) -> &str {
            match self {
                Self::PublicGood => PUBLIC_GOOD_ADDRESS,
                Self::Other { url, .. } => url,
            }
        }
    }

    /// What to bring up to date.
    #[derive(Debug, Clone)]
    pub struct TrustUpdateRequest {
        /// From where.
        pub repository: Repository,
        /// Directory that holds one cache for each repository.
        pub caches: PathBuf,
        /// The cache itself, instead of the one named after the repository.
        pub cache: Option<PathBuf>,
        /// Where to write the trusted root, instead of into the cache.
        pub output: Option<PathBuf>,
        /// The time to judge expiry by.
        pub now: Timestamp,
        /// How long all of it may take.
        pub limit: Duration,
    }

    /// Trust material that was fetched, verified and written.
    #[derive(Debug, Clone)]
    pub struct TrustUpdate {
        /// The repository.
        pub address: String,
        /// Where the trusted root was written.
        pub path: PathBuf,
        /// What that did.
        pub change: Change,
        /// SHA-256 of the trusted root.
        pub sha256: Digest,
        /// The metadata that vouches for it.
        pub roles: Vec<RoleState>,
    }

    /// What an update did to the file that it writes.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Change {
        /// There was none.
        New,
        /// It had another content.
        Replaced,
        /// It had this content.
        Unchanged,
    }

    /// Fetches the trusted root of a repository, verifies it and writes it. On any
    /// error the file that was there before stays as it is.
    pub fn update_trust(request: &TrustUpdateRequest) -> Result<TrustUpdate, TrustMaterialError> {
        let address = Address::parse(request.repository.url())?;
        let root = match &request.repository {
            Repository::PublicGood => PUBLIC_GOOD_ROOT.to_vec(),
            Repository::Other { root, .. } => read_document(root, MOST_ROOT_BYTES)?,
        };
        let cache = match &request.cache {
            Some(cache) => cache.clone(),
            None => request.caches.join(address.directory_name()?),
        };
        let path = match &request.output {
            Some(path) => path.clone(),
            None => cache.join("trusted_root.json"),
        };
        let refreshed = refresh(&Refresh {
            address: &address,
            root: &root,
            cache: &cache,
            now: request.now,
            limit: request.limit,
        })?;
        // Vouched for, but it must also be what the user will hand to us.
        let summary =
            summarize(&refreshed.target).map_err(|source| TrustMaterialError::NoTrustedRoot {
                address: address.to_string(),
                source,
            })?;
        let change = change(&path, &refreshed.target);
        if change != Change::Unchanged {
            write_atomically(&path, &refreshed.target)?;
        }
        Ok(TrustUpdate {
            address: address.to_string(),
            path,
            change,
            sha256: summary.sha256,
            roles: refreshed.roles,
        })
    }

    fn change(path: &Path, bytes: &[u8]) -> Change {
        match read_document(path, MOST_BYTES) {
            Ok(found) if found == bytes => Change::Unchanged,
            Ok(_) => Change::Replaced,
            Err(_) if path.exists() => Change::Replaced,
            Err(_) => Change::New,
        }
    }
}
