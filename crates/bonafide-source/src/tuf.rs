//! Trust material over the network, by The Update Framework (TUF 1.0).
//!
//! This is all the network code there is, and nothing that verifies an artifact
//! calls it. The workflow of the specification (§5: the chain of roots, then
//! timestamp, snapshot, targets, then the target) is that of `sigstore-tuf`.
//! What stands here is what a library leaves to its caller: where to fetch
//! from, how much and how long, what is remembered, and what went wrong in words.

mod address;
mod cache;
mod failure;
mod transport;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use sigstore_tuf::metadata::Role;
use sigstore_tuf::{TrustedMetadataSet, Updater, UpdaterConfig};

pub use address::Address;
pub use failure::{Refusal, TufError};

use cache::Cache;
use transport::{Shared, Transport};

/// Where the public-good instance of Sigstore publishes its trust material.
pub const PUBLIC_GOOD_ADDRESS: &str = "https://tuf-repo-cdn.sigstore.dev";

/// The root of trust of [`PUBLIC_GOOD_ADDRESS`], version 16 of 2026: from there
/// on, every newer root is signed by the one before it. Byte for byte the file
/// that `sigstore-trust-root` 0.15.1 carries.
pub const PUBLIC_GOOD_ROOT: &[u8] = include_bytes!("tuf/public_good_root.json");

/// The target that holds the trusted root in every Sigstore repository.
pub const TRUSTED_ROOT_TARGET: &str = "trusted_root.json";

/// Largest target in bytes; the largest published trusted root has 32 thousand.
const MOST_TARGET_BYTES: u64 = 4 << 20;

/// Largest initial root in bytes.
pub const MOST_ROOT_BYTES: u64 = 512_000;

/// What to fetch, and within which bounds.
#[derive(Debug, Clone, Copy)]
pub struct Refresh<'a> {
    /// The repository.
    pub address: &'a Address,
    /// Its root metadata, got in a way that is trusted.
    pub root: &'a [u8],
    /// Where versions seen before are kept; made if it is not there.
    pub cache: &'a Path,
    /// The time to judge expiry by.
    pub now: Timestamp,
    /// How long all of it may take.
    pub limit: Duration,
}

/// A verified target, and the metadata that vouches for it.
#[derive(Debug, Clone)]
pub struct Refreshed {
    /// The bytes of [`TRUSTED_ROOT_TARGET`].
    pub target: Vec<u8>,
    /// Root, timestamp, snapshot and targets.
    pub roles: Vec<RoleState>,
}

/// One of the four top-level documents, as it is trusted now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleState {
    /// `root`, `timestamp`, `snapshot` or `targets`.
    pub role: &'static str,
    /// Its version.
    pub version: u64,
    /// Until when it holds.
    pub expires: Timestamp,
}

/// Brings the metadata up to date and fetches [`TRUSTED_ROOT_TARGET`].
///
/// Every document is verified before it is kept, a cached one anew on each
/// call. What the cache has seen is the floor: nothing older is accepted. A
/// cache that cannot be read or written is an error, since then nothing would
/// be remembered.
///
/// At most 32 new roots are followed, redirects and proxies to a loopback
/// address never. One document has at most 5 MB, the target 4 MiB.
pub fn refresh(request: &Refresh<'_>) -> Result<Refreshed, TufError> {
    TrustedMetadataSet::from_root(request.root).map_err(|error| TufError::InitialRoot {
        detail: failure::in_words(&error),
    })?;
    let cache = Arc::new(Cache::new(request.cache));
    let transport = Arc::new(Transport::new(request.address)?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| TufError::Setup {
            what: "network",
            detail: error.to_string(),
        })?;
    let outcome = runtime.block_on(async {
        tokio::time::timeout(
            request.limit,
            update(Shared(Arc::clone(&transport)), Arc::clone(&cache), request),
        )
        .await
    });
    // Looking up a name cannot be broken off; nobody waits for it.
    runtime.shutdown_background();
    // Before any other reason: an unreadable cache remembers nothing.
    if let Some(error) = cache.failure() {
        return Err(error);
    }
    match outcome {
        Ok(Ok(refreshed)) => Ok(refreshed),
        Ok(Err(error)) => Err(failure::explain(error, request.address)),
        Err(_) => Err(TufError::TimedOut {
            address: request.address.to_string(),
            seconds: request.limit.as_secs(),
            file: failure::printable(&transport.asked()),
        }),
    }
}

async fn update(
    repository: Shared,
    cache: Arc<Cache>,
    request: &Refresh<'_>,
) -> Result<Refreshed, sigstore_tuf::Error> {
    let mut config = UpdaterConfig::default();
    config.target_max_length = MOST_TARGET_BYTES;
    let mut updater = Updater::new(repository, request.root)?
        .with_config(config)
        .with_store(cache);
    updater.refresh(request.now).await?;
    let target = updater.get_target(TRUSTED_ROOT_TARGET, request.now).await?;
    let trusted = updater.trusted();
    let roles = [
        Some(state("root", trusted.root())),
        trusted.timestamp().map(|role| state("timestamp", role)),
        trusted.snapshot().map(|role| state("snapshot", role)),
        trusted
            .targets_role("targets")
            .map(|role| state("targets", role)),
    ];
    Ok(Refreshed {
        target,
        roles: roles.into_iter().flatten().collect(),
    })
}

fn state(name: &'static str, role: &impl Role) -> RoleState {
    RoleState {
        role: name,
        version: role.version(),
        expires: role.expires(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_root_stands_for_itself() {
        let trusted = TrustedMetadataSet::from_root(PUBLIC_GOOD_ROOT).unwrap();
        assert_eq!(trusted.root().version, 16);
        assert_eq!(trusted.root().role("root").unwrap().threshold, 3);
        assert!(Address::parse(PUBLIC_GOOD_ADDRESS).is_ok());
    }

    #[test]
    fn a_changed_embedded_root_does_not() {
        let text = std::str::from_utf8(PUBLIC_GOOD_ROOT).unwrap();
        let later = text.replacen("2027-04-22", "2037-04-22", 1);
        assert_ne!(later, text);
        assert!(TrustedMetadataSet::from_root(later.as_bytes()).is_err());
    }
}
