//! Payloads that are manifests of models, or should be.

use std::collections::BTreeSet;

use bonafide_attest::Content;
use bonafide_attest::oms::{ManifestHash, OmsManifest, ResourceName, Serialization};
use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::seal;

/// Any bytes as the payload of a model signature; and again with the root digest
/// put right, behind which no chance change would ever get.
///
/// What is accepted lists each file or shard once and without a hole, lists
/// nothing that it excludes, and has the root digest that it should have.
pub fn oms_statement(input: &[u8]) {
    for payload in [Some(input.to_vec()), with_right_root(input)] {
        if let Some(Content::Model(manifest)) = payload.and_then(|payload| seal::examined(&payload))
        {
            is_sound(&manifest);
        }
    }
}

/// The document with the one subject that its resources ask for (OMS v1.0 §6.5).
fn with_right_root(input: &[u8]) -> Option<Vec<u8>> {
    let mut document: Value = serde_json::from_slice(input).ok()?;
    let mut hasher = Sha256::new();
    for resource in document.get("predicate")?.get("resources")?.as_array()? {
        let digest = resource.get("digest")?.as_str()?;
        hasher.update(HEXLOWER.decode(digest.as_bytes()).ok()?);
    }
    let root = HEXLOWER.encode(&hasher.finalize());
    let digest = document.get_mut("subject")?.get_mut(0)?.get_mut("digest")?;
    digest
        .as_object_mut()?
        .insert("sha256".to_owned(), root.into());
    serde_json::to_vec(&document).ok()
}

/// Name, and first and last byte of a shard.
type Listed = (Vec<u8>, Option<(u64, u64)>);

fn is_sound(manifest: &OmsManifest) {
    assert!(!manifest.resources.is_empty(), "a manifest of nothing");
    let mut hasher = Sha256::new();
    let mut seen: BTreeSet<Listed> = BTreeSet::new();
    for resource in &manifest.resources {
        let range = resource
            .range
            .as_ref()
            .map(|range| (range.start, range.end));
        let raw = resource.name.raw();
        assert!(
            seen.insert((raw.as_bytes().to_vec(), range)),
            "{raw} is listed twice"
        );
        if let Some(digest) = &resource.digest {
            hasher.update(digest.bytes());
        }
        if let ResourceName::File {
            parsed: Ok(name), ..
        } = &resource.name
        {
            for excluded in &manifest.excluded {
                assert!(!name.is_within(excluded), "{name} is listed and excluded");
            }
        }
    }
    if matches!(manifest.hash, ManifestHash::Strong(_)) {
        assert_eq!(
            manifest.root.bytes(),
            hasher.finalize().as_slice(),
            "root digest"
        );
    }
    match manifest.serialization {
        Serialization::Files => assert!(seen.iter().all(|(_, range)| range.is_none())),
        Serialization::Shards { size } => joins(&seen, size),
    }
}

/// In this order the shards of a file follow each other.
fn joins(shards: &BTreeSet<Listed>, size: u64) {
    let mut previous: Option<(&[u8], u64)> = None;
    for (name, range) in shards {
        let (start, end) = range.expect("a shard has a range");
        assert!(
            start <= end && end - start <= size,
            "a shard of {start} to {end}"
        );
        let before = match previous {
            Some((file, end)) if file == name => end,
            _ => 0,
        };
        assert_eq!(start, before, "a hole in {}", name.escape_ascii());
        previous = Some((name, end));
    }
}
