//! Mutants with our verdicts, for a third implementation to judge.

use bonafide_bom::grammar::{SpecVersion, validate};
use bonafide_bom::json::admit;
use serde_json::{Value, json};

use super::mutation::{Pool, mutated};
use super::official::{Kind, all};
use crate::fuzzing::random::Random;

/// Larger documents take the other implementation too long.
const MOST_BYTES: usize = 12_000;

/// Writes them to the directory in `BONAFIDE_MUTANTS`: one file each, and a list.
/// `.ci/bom_oracle.py` asks for it and reads it.
#[test]
#[ignore = "writes files for .ci/bom_oracle.py"]
fn mutants_are_written_for_another_implementation() {
    let target = std::env::var_os("BONAFIDE_MUTANTS").expect("BONAFIDE_MUTANTS is set");
    let target = std::path::Path::new(&target);
    let officials = all().expect("the vectors are there");
    let documents: Vec<(SpecVersion, Kind, String, Value)> = officials
        .iter()
        .filter_map(|official| {
            let bytes = official.bytes();
            let small = bytes.len() <= MOST_BYTES;
            small.then(|| {
                let document = serde_json::from_slice(&bytes).unwrap();
                (official.version, official.kind, official.name(), document)
            })
        })
        .collect();
    let mut pool = Pool::default();
    for (_, _, _, document) in &documents {
        pool.add(document);
    }
    let mut list = Vec::new();
    let mut write = |version: SpecVersion, origin: &str, change: &str, document: &Value| {
        let file = format!("{:05}.json", list.len());
        let bytes = serde_json::to_vec(document).unwrap();
        std::fs::write(target.join(&file), &bytes).unwrap();
        let violations = validate(&admit(&bytes, bytes.len()).unwrap(), version);
        list.push(json!({
            "file": file,
            "version": version.as_str(),
            "origin": origin,
            "change": change,
            "valid": violations.is_empty(),
            "violation": violations
                .first()
                .map(|violation| format!("{}: {violation}", violation.pointer)),
        }));
    };
    for (number, (version, kind, name, document)) in documents.iter().enumerate() {
        write(*version, name, "none", document);
        let mut random = Random::new(1_000_000 + number as u64);
        let each = if *kind == Kind::Valid { 12 } else { 2 };
        for _ in 0..each {
            let (change, mutant) = mutated(document, &pool, &mut random);
            write(*version, name, change, &mutant);
        }
    }
    let list = serde_json::to_vec_pretty(&list).unwrap();
    std::fs::write(target.join("verdicts.json"), list).unwrap();
}
