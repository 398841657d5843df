//! From a tree to the digests that a manifest lists: shared by `sign` and `digest`.

use std::num::NonZeroU64;

use bonafide_attest::oms::{Serialization, Unsigned, always_excluded};
use bonafide_core::{Algorithm, Budget, Digest, RawName, Subtrees};
use bonafide_hash::{EntryKind, Job, Measurement, Tree, TreeKind};

use crate::error::EngineError;

/// The files that a manifest of the tree would list, and what it leaves out.
pub(crate) struct Listing {
    /// Regular files with their sizes, by name.
    pub(crate) files: Vec<(RawName, u64)>,
    /// Files that are left out, each by the name that leaves it out.
    pub(crate) left_out: Vec<RawName>,
    /// Links, special files and bad names among the rest, with the reason.
    pub(crate) unsignable: Vec<(RawName, String)>,
}

/// Sorts the entries of a tree; `excluded` are names whose subtrees stay out.
pub(crate) fn list(tree: &Tree, excluded: &Subtrees) -> Result<Listing, EngineError> {
    list_but(tree, excluded, |name| always_excluded(name).is_some())
}

/// The same, with a rule of the caller's for what stays out by its name.
pub(crate) fn list_but(
    tree: &Tree,
    excluded: &Subtrees,
    stays_out: impl Fn(&[u8]) -> bool,
) -> Result<Listing, EngineError> {
    let mut listing = Listing {
        files: Vec::new(),
        left_out: Vec::new(),
        unsignable: Vec::new(),
    };
    for entry in tree.entries() {
        let name = entry.name.as_bytes();
        let is_directory = matches!(entry.kind, EntryKind::Directory);
        if stays_out(name) || excluded.containing(name).is_some() {
            if !is_directory {
                listing.left_out.push(entry.name.clone());
            }
            continue;
        }
        if let Err(error) = &entry.parsed {
            listing
                .unsignable
                .push((entry.name.clone(), error.to_string()));
            continue;
        }
        match &entry.kind {
            EntryKind::File { size, .. } => listing.files.push((entry.name.clone(), *size)),
            EntryKind::Directory => {}
            EntryKind::Link { target, .. } => listing.unsignable.push((
                entry.name.clone(),
                format!("it is a symbolic link to `{target}`"),
            )),
            EntryKind::Special(_) => listing
                .unsignable
                .push((entry.name.clone(), "it is not a regular file".to_owned())),
            EntryKind::Unreadable(failure) => {
                return Err(EngineError::Unreadable {
                    name: entry.name.clone(),
                    failure: failure.clone(),
                });
            }
        }
    }
    Ok(listing)
}

pub(crate) fn serialization(shard_size: Option<NonZeroU64>) -> Serialization {
    match shard_size {
        None => Serialization::Files,
        Some(size) => Serialization::Shards { size: size.get() },
    }
}

/// What has to be hashed: whole files, or the shards of files that are not empty.
pub(crate) fn jobs(
    files: &[(RawName, u64)],
    serialization: Serialization,
    algorithms: &[Algorithm],
    budget: &Budget,
) -> Result<Vec<Job>, EngineError> {
    if let Serialization::Shards { size } = serialization {
        let shards = files.iter().fold(0_u64, |sum, (_, length)| {
            sum.saturating_add(length.div_ceil(size))
        });
        if shards > budget.entries {
            return Err(EngineError::TooManyShards {
                size,
                shards,
                limit: budget.entries,
            });
        }
    }
    let job = |name: &RawName, range| Job {
        name: name.clone(),
        range,
        algorithms: algorithms.to_vec(),
    };
    Ok(match serialization {
        Serialization::Files => files.iter().map(|(name, _)| job(name, None)).collect(),
        Serialization::Shards { size } => files
            .iter()
            .flat_map(|(name, length)| {
                let starts =
                    std::iter::successors(Some(0), move |start: &u64| start.checked_add(size));
                starts
                    .take_while(move |start| start < length)
                    .map(move |start| {
                        job(name, Some(start..start.saturating_add(size).min(*length)))
                    })
            })
            .collect(),
    })
}

/// Digest number `which` of a measurement, or the reason why there is none.
pub(crate) fn digest_of(measurement: &Measurement, which: usize) -> Result<Digest, EngineError> {
    let unreadable = |failure| EngineError::Unreadable {
        name: measurement.job.name.clone(),
        failure,
    };
    let digests = measurement
        .digests
        .as_ref()
        .map_err(|failure| unreadable(failure.clone()))?;
    digests
        .get(which)
        .map(|digest| *digest.get())
        .ok_or_else(|| unreadable(bonafide_hash::ReadFailure::NotAFile))
}

/// The name that a manifest gives to a measured file or shard.
///
/// A single file is called `.`: OMS v1.0 §6.4 wants its base name, but every
/// released verifier of the reference tool accepts only `.`.
pub(crate) fn resource(tree: &Tree, measurement: &Measurement, digest: Digest) -> Unsigned {
    let path = match tree.kind() {
        TreeKind::File => ".".to_owned(),
        TreeKind::Directory => {
            String::from_utf8_lossy(measurement.job.name.as_bytes()).into_owned()
        }
    };
    Unsigned {
        path,
        range: measurement.job.range.clone(),
        digest,
    }
}
