//! Whole documents against whole profiles.

mod changed;
mod facts;
mod generators;
mod tables;
mod whole;

use std::path::PathBuf;

use bonafide_core::assessment::{Assessment, Evidence};

use super::{
    ArtifactFacts, ByteEvidence, Evaluation, PROFILES, PartEvidence, Profile, SignatureEvidence,
    evaluate,
};
use crate::document::{Described, Document, read};
use crate::semantics::Circumstances;

const MOST_BYTES: usize = 16 << 20;

/// What is known besides the document.
#[derive(Clone)]
struct Known {
    bytes: Option<ByteEvidence>,
    signature: SignatureEvidence,
    facts: Option<ArtifactFacts>,
}

impl Known {
    const NOTHING: Self = Self {
        bytes: None,
        signature: SignatureEvidence::NotChecked,
        facts: None,
    };
}

fn fixture(name: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.join("../../fixtures/bom").join(name)
}

fn profile(name: &str) -> &'static Profile {
    let all = || PROFILES.iter();
    all().find(|profile| profile.id.name() == name).unwrap()
}

fn document(bytes: &[u8]) -> Box<Document<'_>> {
    match read(bytes, MOST_BYTES) {
        Ok(Described::Bom(document)) => document,
        other => panic!("{other:?}"),
    }
}

fn assess(bytes: &[u8], profile: &Profile, known: &Known) -> Assessment {
    let document = document(bytes);
    let listing = crate::listing::Listing::of(document.bom.get());
    let entries = listing.entries.iter().map(|entry| &entry.pointer);
    let trees = listing.trees.iter().map(|tree| &tree.pointer);
    let parts: Vec<PartEvidence> = known
        .bytes
        .iter()
        .flat_map(|bytes| {
            entries
                .clone()
                .chain(trees.clone())
                .map(|pointer| PartEvidence {
                    pointer: pointer.clone(),
                    bytes: bytes.clone(),
                })
        })
        .collect();
    let contradictions = document.contradictions(&Circumstances {
        now: "2027-01-01T00:00:00Z".parse().unwrap(),
        artifact_changed: None,
    });
    evaluate(
        profile,
        &Evaluation {
            document: &document,
            bytes: &parts,
            signature: &known.signature,
            contradictions: &contradictions,
            facts: known.facts.as_ref(),
        },
    )
}

/// The grades that differ, by element.
fn changes(before: &Assessment, after: &Assessment) -> Vec<(&'static str, Evidence)> {
    let pairs = before.rows().zip(after.rows());
    pairs
        .filter(|(one, other)| {
            assert_eq!(one.id, other.id);
            one.evidence != other.evidence
        })
        .map(|(_, row)| (row.id, row.evidence))
        .collect()
}

fn reason<'a>(assessment: &'a Assessment, id: &str) -> &'a str {
    let mut rows = assessment.rows();
    &rows.find(|row| row.id == id).unwrap().reason
}

fn base() -> Vec<u8> {
    std::fs::read(fixture("semantics/dependency-cycle/clean.cdx.json")).unwrap()
}
