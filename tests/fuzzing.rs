//! The fuzz targets on stable Rust: every seed of their corpora, and mutants of
//! them, always the same ones.
//!
//! `BONAFIDE_FUZZ_ITERATIONS` makes more mutants of each target, and
//! `BONAFIDE_FUZZ_SEED` other ones; a failure names the seed that makes its
//! input, which one iteration from that seed makes again.

mod mutant;
pub mod random;
mod token;

#[path = "fuzz/src/lib.rs"]
mod targets;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bonafide_attest::is_bundle;
use data_encoding::BASE64;

use bonafide_format::FORMATS;
use targets::{FAMILIES, TARGETS, Target, bundle_verifies, chain_verifies, corpus};

/// Mutants of each target in an ordinary run of the tests.
const ITERATIONS: u64 = 750;

/// The same of a family of models, of which there are many, and each mutant is
/// inspected a dozen times.
const ITERATIONS_OF_MODELS: u64 = 200;

/// Where the seeds of mutants start in an ordinary run.
const FIRST_SEED: u64 = 1;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz")
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|error| panic!("{variable}: {error}")),
    )
}

/// Runs one input, and says what it was if it breaks a promise.
fn run(name: &str, target: Target, origin: &str, input: &[u8]) -> Duration {
    let start = Instant::now();
    if catch_unwind(AssertUnwindSafe(|| target(input))).is_err() {
        panic!(
            "target {name}, {origin}, {} bytes, in base64:\n{}",
            input.len(),
            BASE64.encode(input)
        );
    }
    start.elapsed()
}

#[test]
fn every_seed_keeps_the_promises() {
    for (name, target) in TARGETS {
        for (file, input) in corpus(name) {
            run(name, target, &format!("seed file {file}"), &input);
        }
        // Which no corpus needs a file for.
        for input in [
            &b""[..],
            b"{}",
            b"[]",
            b"null",
            b"0",
            b"\"\"",
            b"\xff",
            b"-----BEGIN ",
        ] {
            run(name, target, "built-in seed", input);
        }
    }
}

type Verifies = fn(&[u8]) -> bool;

/// The names of the seeds are true, or the oracle would be worth nothing.
#[test]
fn genuine_seeds_verify_and_forged_ones_do_not() {
    let verifiers: [(&str, Verifies); 2] = [
        ("bundle", bundle_verifies),
        ("certificate_path", chain_verifies),
    ];
    for (name, verifies) in verifiers {
        let mut genuine = 0;
        for (file, input) in corpus(name) {
            let kind = file.split('-').next().unwrap();
            if kind == "found" {
                continue;
            }
            assert!(matches!(kind, "genuine" | "forged"), "{name}: {file}");
            assert_eq!(verifies(&input), kind == "genuine", "{name}: {file}");
            genuine += usize::from(kind == "genuine");
        }
        assert!(genuine > 1, "{name}: {genuine} genuine seeds");
    }
}

fn is_model(name: &str) -> bool {
    let folder = name.strip_prefix("model_");
    FAMILIES.iter().any(|family| Some(family.folder) == folder)
}

#[test]
fn no_mutant_breaks_a_promise() {
    mutants(|name| !is_model(name), ITERATIONS);
}

#[test]
fn no_mutant_of_a_model_breaks_a_promise() {
    mutants(is_model, ITERATIONS_OF_MODELS);
}

fn mutants(is_meant: fn(&str) -> bool, iterations: u64) {
    let first = number("BONAFIDE_FUZZ_SEED").unwrap_or(FIRST_SEED);
    let asked = number("BONAFIDE_FUZZ_ITERATIONS");
    for (name, target) in TARGETS.into_iter().filter(|(name, _)| is_meant(name)) {
        let seeds: Vec<Vec<u8>> = corpus(name).into_iter().map(|(_, seed)| seed).collect();
        let start = Instant::now();
        let mut slowest = (Duration::ZERO, 0, 0);
        for seed in first..first + asked.unwrap_or(iterations) {
            let input = mutant::mutant(seed, &seeds);
            let time = run(name, target, &format!("BONAFIDE_FUZZ_SEED={seed}"), &input);
            slowest = slowest.max((time, seed, input.len()));
        }
        if asked.is_some() {
            let (time, seed, length) = slowest;
            eprintln!(
                "{name}: {:?}; slowest {time:?} with seed {seed}, {length} bytes",
                start.elapsed()
            );
        }
    }
}

/// Mutants that all fail in the first line of a parser would show nothing.
#[test]
fn mutants_differ_and_the_same_seed_makes_the_same() {
    for (name, _) in TARGETS {
        let seeds: Vec<Vec<u8>> = corpus(name).into_iter().map(|(_, seed)| seed).collect();
        let made = |seed| mutant::mutant(seed, &seeds);
        let distinct: BTreeSet<Vec<u8>> = (0..100).map(made).collect();
        assert!(
            distinct.len() > 90,
            "{name}: {} distinct of 100",
            distinct.len()
        );
        assert!((0..100).all(|seed| made(seed) == made(seed)), "{name}");
        let fresh = distinct
            .iter()
            .filter(|input| !seeds.contains(input))
            .count();
        assert!(fresh > 90, "{name}: {fresh} mutants of 100 are no seeds");
    }
    let seeds: Vec<Vec<u8>> = corpus("bundle").into_iter().map(|(_, seed)| seed).collect();
    let mutants: Vec<Vec<u8>> = (0..300).map(|seed| mutant::mutant(seed, &seeds)).collect();
    let shaped = mutants.iter().filter(|input| is_bundle(input)).count();
    assert!(
        (60..240).contains(&shaped),
        "{shaped} of 300 have the shape of a signature"
    );
}

#[test]
fn the_same_targets_are_fuzzed_with_nightly() {
    let names: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let files = |place: &str| -> BTreeSet<String> {
        folder()
            .join(place)
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(files("corpus"), names, "folders of corpora");
    assert_eq!(files("fuzz_targets"), names, "files of targets");
    let manifest = std::fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let binaries: BTreeSet<String> = manifest["bin"]
        .as_array()
        .unwrap()
        .iter()
        .map(|binary| binary["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(binaries, names, "binaries of the manifest");
    for name in &names {
        let file = folder().join(format!("fuzz_targets/{name}.rs"));
        let text = std::fs::read_to_string(file).unwrap();
        assert!(
            text.contains(&format!("bonafide_fuzz::{name}(input)")),
            "{name}"
        );
        assert!(corpus(name).len() > 5, "{name} has hardly any seeds");
    }
}

/// A format that no target is forced to read would only be fuzzed by chance.
#[test]
fn each_format_is_fuzzed_in_a_family_of_models() {
    let formats: BTreeSet<&str> = FORMATS.iter().map(|format| format.name).collect();
    let fuzzed: BTreeSet<&str> = FAMILIES
        .iter()
        .flat_map(|family| family.formats)
        .copied()
        .collect();
    assert_eq!(fuzzed, formats);
    let folders: BTreeSet<String> = folder()
        .join("../../fixtures/models")
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let families: BTreeSet<String> = FAMILIES
        .iter()
        .map(|family| family.folder.to_owned())
        .collect();
    assert_eq!(families, folders);
    for family in FAMILIES {
        let target = format!("model_{}", family.folder);
        assert!(TARGETS.iter().any(|(name, _)| *name == target), "{target}");
        assert!(!family.names.is_empty(), "{target}");
    }
}
