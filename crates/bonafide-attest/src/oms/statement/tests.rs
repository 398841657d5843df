//! Each way in which a statement can be wrong, by its category.

use serde_json::{Value, json};

use super::*;

const DIGEST: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

fn resources(names: &[&str]) -> Value {
    names
        .iter()
        .map(|name| json!({"name": name, "digest": DIGEST, "algorithm": "sha256"}))
        .collect()
}

/// A good statement over these resources, with the root digest that fits.
fn statement(resources: &Value, serialization: &Value) -> Value {
    let mut hasher = Sha256::new();
    for resource in resources.as_array().unwrap() {
        let digest = resource["digest"].as_str().unwrap();
        hasher.update(HEXLOWER.decode(digest.as_bytes()).unwrap_or_default());
    }
    let root = Digest::sha256(hasher.finalize().into());
    json!({
        "_type": STATEMENT_TYPE,
        "subject": [{"name": "model", "digest": {"sha256": root.hex()}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": {"resources": resources, "serialization": serialization},
    })
}

fn files() -> Value {
    json!({"method": "files", "hash_type": "sha256", "allow_symlinks": false, "ignore_paths": [".git"]})
}

fn shards(size: Value) -> Value {
    json!({"method": "shards", "hash_type": "sha256", "allow_symlinks": false, "shard_size": size})
}

fn parsed(statement: &Value) -> Result<OmsManifest, Rejection> {
    parse(statement.to_string().as_bytes())
}

#[test]
fn good_statements_are_read_and_departures_named() {
    let manifest = parsed(&statement(&resources(&["a", "b/c"]), &files())).unwrap();
    assert_eq!(manifest.resources.len(), 2);
    assert_eq!(manifest.deviations, []);

    let manifest = parsed(&statement(&resources(&["a/x", "a-b"]), &files())).unwrap();
    assert_eq!(manifest.deviations, [Deviation::ComponentOrder]);

    let names = ["f:0:10", "f:10:20", "f:20:21"];
    let manifest = parsed(&statement(&resources(&names), &shards(json!(10)))).unwrap();
    assert_eq!(manifest.deviations, []);

    let manifest = parsed(&statement(&resources(&names), &shards(json!(10.0)))).unwrap();
    assert_eq!(manifest.deviations, [Deviation::FloatShardSize]);

    // By number, as the reference tool lists; by text, as the specification orders.
    let by_number = ["f:0:8", "f:8:16", "f:16:20"];
    let manifest = parsed(&statement(&resources(&by_number), &shards(json!(8)))).unwrap();
    assert_eq!(manifest.deviations, [Deviation::ComponentOrder]);
    let by_text = ["f:0:8", "f:16:20", "f:8:16"];
    let manifest = parsed(&statement(&resources(&by_text), &shards(json!(8)))).unwrap();
    assert_eq!(manifest.deviations, []);

    // The path may hold colons; the last two numbers are the range.
    let manifest = parsed(&statement(&resources(&["a:1:2:0:8"]), &shards(json!(8)))).unwrap();
    assert_eq!(manifest.resources[0].name.raw(), RawName::from("a:1:2"));
}

#[test]
fn each_way_to_be_wrong_has_its_category() {
    let good = || statement(&resources(&["a", "b"]), &files());
    let with = |pointer: &str, value: Value| {
        let mut statement = good();
        *statement.pointer_mut(pointer).unwrap() = value;
        parsed(&statement).unwrap_err()
    };
    let over = |names: &[&str], serialization: Value| {
        parsed(&statement(&resources(names), &serialization)).unwrap_err()
    };
    let cases: Vec<(&str, Rejection)> = vec![
        (
            "StatementType",
            with("/_type", json!("https://in-toto.io/Statement/v0.1")),
        ),
        (
            "PredicateType",
            with("/predicateType", json!("https://slsa.dev/provenance/v1")),
        ),
        (
            "PredicateType",
            with(
                "/predicateType",
                json!("https://model_signing/signature/v1.1"),
            ),
        ),
        ("SubjectCount", with("/subject", json!([]))),
        ("Subject ", with("/subject/0/name", json!(""))),
        (
            "Subject ",
            with("/subject/0/digest", json!({"sha512": DIGEST})),
        ),
        (
            "RootDigest",
            with("/subject/0/digest/sha256", json!(DIGEST)),
        ),
        ("Malformed", with("/predicate", json!({}))),
        (
            "Malformed",
            with("/predicate/serialization/allow_symlinks", json!("no")),
        ),
        (
            "Malformed",
            with("/predicate/serialization/ignore_paths", json!(".git")),
        ),
        (
            "Serialization",
            with("/predicate/serialization/method", json!("lines")),
        ),
        (
            "Serialization",
            with("/predicate/serialization/hash_type", json!("crc32")),
        ),
        (
            "Resource ",
            with("/predicate/resources/0/algorithm", json!("blake3")),
        ),
        (
            "Resource ",
            with(
                "/predicate/resources/0/digest",
                json!(DIGEST.to_uppercase()),
            ),
        ),
        (
            "Resource ",
            with("/predicate/resources/0/digest", json!("abcd")),
        ),
        ("Order", over(&["b", "a"], files())),
        ("DuplicateResource", over(&["a", "a"], files())),
        ("NoResources", over(&[], files())),
        ("Resource ", over(&["a"], shards(json!(8)))),
        ("Resource ", over(&["a:0:08"], shards(json!(8)))),
        ("Resource ", over(&["a:+0:8"], shards(json!(8)))),
        ("Resource ", over(&["a:8:8"], shards(json!(8)))),
        (
            "Resource ",
            over(&["a:0:99999999999999999999"], shards(json!(8))),
        ),
        ("ShardLayout", over(&["a:8:16"], shards(json!(8)))),
        ("ShardLayout", over(&["a:0:8", "a:9:16"], shards(json!(8)))),
        ("ShardLayout", over(&["a:0:8", "a:4:12"], shards(json!(8)))),
        ("ShardLayout", over(&["a:0:7", "a:7:15"], shards(json!(8)))),
        ("ShardLayout", over(&["a:0:9"], shards(json!(8)))),
        ("Serialization", over(&["a:0:8"], shards(json!(0)))),
        ("Serialization", over(&["a:0:8"], shards(json!(-8)))),
        ("Serialization", over(&["a:0:8"], shards(json!(8.5)))),
        ("Serialization", over(&["a:0:8"], shards(json!(1e300)))),
    ];
    for (category, rejection) in &cases {
        let debug = format!("{rejection:?}");
        assert!(debug.starts_with(category), "{category}: {debug}");
    }
}

#[test]
fn exclusions_that_hide_are_refused_and_ordinary_ones_kept() {
    let with = |paths: Value| {
        let mut serialization = files();
        serialization["ignore_paths"] = paths;
        parsed(&statement(&resources(&["a", "b/c"]), &serialization))
    };
    assert_eq!(with(json!(["notes", "b/d"])).unwrap().excluded.len(), 2);
    for path in [
        ".", "./", "", "*.py", "a?", "[a]", "/", "/etc", "..", "x/../..", "b", "b/c", "a", "x//y",
        "x\n",
    ] {
        let rejection = with(json!([path])).unwrap_err();
        assert!(
            matches!(rejection, Rejection::Exclusion { .. }),
            "{path:?}: {rejection:?}"
        );
    }
}

#[test]
fn repeated_keys_are_refused_wherever_they_matter() {
    let good = statement(&resources(&["a"]), &files()).to_string();
    assert!(parse(good.as_bytes()).is_ok());
    for key in [
        "\"_type\"",
        "\"subject\"",
        "\"predicate\"",
        "\"resources\"",
        "\"hash_type\"",
        "\"sha256\":",
    ] {
        let (before, after) = good.split_once(key).unwrap();
        let value = match key {
            "\"sha256\":" => format!("\"sha256\":\"{DIGEST}\","),
            key => format!("{key}:\"x\","),
        };
        let doubled = format!("{before}{value}{key}{after}");
        assert!(parse(doubled.as_bytes()).is_err(), "{key}");
    }
}
