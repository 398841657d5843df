//! `bonafide digest`: what the files are, without asking who says so.

use std::path::PathBuf;

use bonafide_attest::oms::Manifest;
use bonafide_core::{Algorithm, ArtifactName, Digest, RawName, Subtrees};
use bonafide_hash::{Tree, measure};
use bonafide_source::{SignatureKind, find_signatures};

use crate::Work;
use crate::error::EngineError;
use crate::listing;

/// What to digest.
#[derive(Debug, Clone)]
pub struct DigestRequest {
    /// A directory or a single file.
    pub target: PathBuf,
    /// At least one; the first is the hash of the root's resources.
    pub algorithms: Vec<Algorithm>,
    /// Bytes of a shard; none for whole files.
    pub shard_size: Option<std::num::NonZeroU64>,
}

/// The digests of an artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digests {
    /// Files or shards, in the order in which OMS lists them.
    pub files: Vec<FileDigest>,
    /// Why there is no root digest.
    pub without_root: Option<String>,
    /// OMS root digest, for the first algorithm.
    pub root: Option<Digest>,
    /// The root digest that the reference tool prints, where it differs.
    pub root_by_component: Option<Digest>,
    /// Files that OMS leaves out (`.git` and the like) and signature files.
    pub left_out: Vec<RawName>,
    /// Links and special files, which have no digest, with the reason.
    pub without_digest: Vec<(RawName, String)>,
}

/// The digests of one file or shard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDigest {
    /// `path` or `path:start:end`.
    pub name: String,
    /// One for each algorithm of the request.
    pub digests: Vec<Digest>,
}

/// Digests every file of the target.
pub fn digest(request: &DigestRequest, work: Work<'_>) -> Result<Digests, EngineError> {
    let tree = Tree::open(&request.target, work.budget)?;
    let signatures = find_signatures(&request.target, &[], work.budget)?
        .into_iter()
        .filter(|file| file.kind == SignatureKind::Signature)
        .filter_map(|file| ArtifactName::parse(file.inside?.as_bytes()).ok());
    let excluded = Subtrees::new(signatures);
    let listing = listing::list(&tree, &excluded)?;
    let serialization = listing::serialization(request.shard_size);
    let jobs = listing::jobs(
        &listing.files,
        serialization,
        &request.algorithms,
        work.budget,
    )?;
    let measurements = measure(&tree, jobs, &work.options())?;
    let mut files = Vec::with_capacity(measurements.len());
    let mut resources = Vec::with_capacity(measurements.len());
    for measurement in &measurements {
        let digests = (0..request.algorithms.len())
            .map(|which| listing::digest_of(measurement, which))
            .collect::<Result<Vec<_>, _>>()?;
        let Some(first) = digests.first() else {
            continue;
        };
        let resource = listing::resource(&tree, measurement, *first);
        files.push(FileDigest {
            name: resource.name(),
            digests,
        });
        resources.push(resource);
    }
    files.sort_by(|left, right| left.name.cmp(&right.name));
    let algorithm = request.algorithms.first().copied();
    let manifest = Manifest::new(
        String::new(),
        serialization,
        algorithm.unwrap_or(Algorithm::Sha256),
        Vec::new(),
        resources,
    );
    let (manifest, without_root) = match manifest {
        Ok(manifest) => (Some(manifest), None),
        Err(reason) => (None, Some(reason.to_string())),
    };
    Ok(Digests {
        files,
        root: manifest.as_ref().map(Manifest::root),
        root_by_component: manifest.as_ref().and_then(Manifest::root_by_component),
        without_root,
        left_out: listing.left_out,
        without_digest: listing.unsignable,
    })
}
