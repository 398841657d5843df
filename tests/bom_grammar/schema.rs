//! The official schemas.

use std::path::{Path, PathBuf};

use bonafide_bom::grammar::SpecVersion;
use serde_json::Value;

use crate::harness::vectors;

/// The folder of the schemas.
pub fn folder() -> Option<PathBuf> {
    Some(vectors()?.join("cyclonedx/schema"))
}

/// The file of a version. Later versions are strict to begin with.
pub fn file(version: SpecVersion) -> String {
    match version {
        SpecVersion::V1_3 => "bom-1.3-strict.schema.json".to_owned(),
        later => format!("bom-{later}.schema.json"),
    }
}

pub fn read(folder: &Path, file: &str) -> Value {
    let bytes = std::fs::read(folder.join(file)).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}
