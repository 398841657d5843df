//! Whom the targets trust, and where the seeds are.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use bonafide_attest::{IdentityPattern, SigstoreRoot, TextPattern, TrustStore};
use jiff::Timestamp;

/// A file of the repository. Every package of it lies two folders down.
pub(super) fn read(path: &str) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The seeds of a target, by name. What the fuzzer found on this machine lies
/// beside them under the SHA-1 of its bytes, and is left out.
pub fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fuzz/corpus")
        .join(target);
    let is_found =
        |name: &str| name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut seeds: Vec<(String, Vec<u8>)> = folder
        .read_dir()
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .filter(|(name, _)| !is_found(name))
        .map(|(name, path)| (name, std::fs::read(path).unwrap()))
        .collect();
    seeds.sort();
    seeds
}

/// A time at which every genuine seed holds.
pub(super) fn now() -> Timestamp {
    "2026-10-01T00:00:00Z".parse().unwrap()
}

/// The signers of the fixtures, but not the rogues among them.
pub(super) static TRUST: LazyLock<TrustStore> = LazyLock::new(|| {
    let mut trust = TrustStore::new();
    for (label, path) in [
        ("publisher", "fixtures/supply-chain/keys/publisher.pub.pem"),
        ("data", "fixtures/supply-chain/keys/data.pub.pem"),
        ("p256", "fixtures/checks/keys/signer-p256.pub.pem"),
        ("p384", "fixtures/checks/keys/signer-p384.pub.pem"),
        ("p521", "fixtures/checks/keys/signer-p521.pub.pem"),
        ("evaluator", "fixtures/checks/keys/evaluator.pub.pem"),
        ("second", "fixtures/checks/keys/second-evaluator.pub.pem"),
        (
            "managed",
            "fixtures/sigstore/bundles/managed-key-rekor1.pub",
        ),
    ] {
        trust.add_key(label, &read(path)).unwrap();
    }
    for (label, path) in [
        ("supply chain", "fixtures/supply-chain/keys/ca-root.pem"),
        ("checks", "fixtures/checks/keys/ca-root.pem"),
    ] {
        trust.add_authorities(label, &read(path)).unwrap();
    }
    let root = read("fixtures/sigstore/trusted_root.json");
    trust.add_root(SigstoreRoot::from_json("private", &root).unwrap());
    for (label, subject, issuer) in [
        (
            "publisher by mail",
            "publisher@example.test",
            "https://accounts.example.test",
        ),
        (
            "evaluator by mail",
            "evaluator@example.test",
            "https://accounts.example.test",
        ),
        (
            "release workflow",
            "https://github.com/example/digits/.github/workflows/release.yml@refs/tags/v1.0.0",
            "https://token.actions.githubusercontent.com",
        ),
    ] {
        trust.add_identity(IdentityPattern {
            label: label.to_owned(),
            subject: TextPattern::exact(subject).unwrap(),
            issuer: issuer.to_owned(),
            claims: Vec::new(),
            roots: Vec::new(),
        });
    }
    trust
});
