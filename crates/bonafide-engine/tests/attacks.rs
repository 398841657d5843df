//! Attacks on documents about a model: what would have to be noticed, is it?

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop, loudly"
)]

use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use bonafide_core::{Algorithm, Budget, Report};
use bonafide_hash::{Silent, digest_bytes};
use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;

use bonafide_engine::bom::*;
use bonafide_engine::{
    AddedTrust, AttestRequest, KeyFile, PasswordSource, PolicyChoice, PolicySigners, VerifyRequest,
    Work, attest, verify,
};

/// Private keys made for these tests with `openssl genpkey -algorithm ed25519`, and their
/// public keys.
const SIGNERS: [(&str, &str, &str); 2] = [
    (
        "alice",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEICUX81H5WlfowyO7Ci3BqaWXiysriHaYOf9TMA4Ksj0I\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAE64PX07PX79qrGHzZehGLUh1P5+bziFHcoGEE73K+Ps=\n-----END PUBLIC KEY-----\n",
    ),
    (
        "bob",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIB5n6PsDu7M/bXYZPxi7uTxPR1O0zTliVEGccETaO8IS\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAphKqNfwk1PTg+DqocFoo2xVJv4jzEo3cGBD1SNKU4yA=\n-----END PUBLIC KEY-----\n",
    ),
];

const FILES: [(&str, &str); 3] = [
    ("a/__init__.py", "x = 1"),
    ("b/__init__.py", "x = 1"),
    ("model.safetensors", "weights"),
];

/// A model, and a document that lists all of it.
struct Scene {
    folder: TempDir,
    model: PathBuf,
    policy: PathBuf,
}

impl Scene {
    /// `more` is TOML, after the signers.
    fn new(more: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let model = folder.path().join("demo");
        for (name, content) in FILES {
            let path = model.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        let mut text = "[policy]\nname = \"test\"\nversion = \"1.0.0\"\nexpires = 2999-12-31\n\n[trust]\nkeys = [\n".to_owned();
        for (name, private, public) in SIGNERS {
            std::fs::write(folder.path().join(format!("{name}.key")), private).unwrap();
            std::fs::write(folder.path().join(format!("{name}.pub")), public).unwrap();
            writeln!(text, "{{ name = \"{name}\", file = \"{name}.pub\" }},").unwrap();
        }
        text.push_str("]\n");
        text.push_str(more);
        let policy = folder.path().join("policy.toml");
        std::fs::write(&policy, text).unwrap();
        Self {
            folder,
            model,
            policy,
        }
    }

    fn demanding(check: &str) -> Self {
        Self::new(&format!(
            "[[control]]\ncheck = \"{check}\"\nlevel = \"deny\"\n"
        ))
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    fn key(&self, signer: &str) -> KeyFile {
        KeyFile {
            path: self.folder.path().join(format!("{signer}.key")),
            password: PasswordSource::None,
        }
    }

    fn request(&self, document: Option<&Path>) -> VerifyRequest {
        VerifyRequest {
            target: self.model.clone(),
            policy: PolicyChoice::File(self.policy.clone()),
            policy_signers: PolicySigners::default(),
            signatures: Vec::new(),
            boms: document.into_iter().map(Path::to_owned).collect(),
            parents: Vec::new(),
            previous: None,
            roles: Default::default(),
            records_budget: Default::default(),
            claims: Vec::new(),
            trust: AddedTrust::default(),
            revocation_lists: Vec::new(),
            deny_lists: Vec::new(),
            advisories: Vec::new(),
            waivers: Vec::new(),
            purl: None,
            mode: None,
            digesting: bonafide_engine::Digesting::AsNeeded,
            program: None,
            clock: bonafide_engine::Clock::System,
            now: Timestamp::from_second(1_780_000_000).unwrap(),
        }
    }

    fn outcome(&self, document: Option<&Path>, check: &str) -> String {
        let report: Report = working(|work| verify(&self.request(document), work).unwrap());
        let report = serde_json::to_value(&report).unwrap();
        let checks = report["checks"].as_array().unwrap();
        let found = checks.iter().find(|known| known["check"] == check).unwrap();
        found["outcome"].as_str().unwrap().to_owned()
    }

    fn check(&self, document: &Path) -> CheckVerdict {
        let request = CheckRequest {
            document: document.to_owned(),
            model: Some(self.model.clone()),
            profile: PROFILES.first().unwrap().id,
            evidence: self.request(None),
        };
        working(|work| check(&request, work).unwrap().verdict)
    }

    fn sign(&self, document: &Path) {
        let request = SignBomRequest {
            document: document.to_owned(),
            output: document.to_owned(),
            private_key: self.key("alice"),
            key_id: None,
            earlier: EarlierSignature::Refuse,
        };
        let signed = sign(&request, &Budget::default()).unwrap();
        std::fs::write(document, signed.document).unwrap();
    }

    /// One line: a signed statement whose predicate is the document.
    fn statement(&self, signer: &str, document: &Value) -> Vec<u8> {
        let request = AttestRequest {
            target: self.model.clone(),
            output: self.folder.path().join("demo.intoto.json"),
            private_key: self.key(signer),
            predicate_type: "https://cyclonedx.org/bom".to_owned(),
            predicate: self.file("predicate.json", document.to_string().as_bytes()),
            subject_name: None,
            exclude: Vec::new(),
        };
        let attested = working(|work| attest(&request, work).unwrap());
        let envelope: Value = serde_json::from_slice(&attested.envelope).unwrap();
        let mut line = serde_json::to_vec(&envelope).unwrap();
        line.push(b'\n');
        line
    }
}

fn working<R>(run: impl FnOnce(Work<'_>) -> R) -> R {
    let budget = Budget::default();
    run(Work {
        workers: NonZeroUsize::MIN,
        budget: &budget,
        observer: &Silent,
        intake: &bonafide_engine::LIVE,
        rules: &bonafide_engine::InProcess,
    })
}

fn document(supplier: &str) -> Value {
    let files: Vec<Value> = FILES
        .iter()
        .map(|(name, content)| {
            let digest = digest_bytes(Algorithm::Sha256, content.as_bytes());
            json!({
                "type": "file", "name": name,
                "hashes": [{"alg": "SHA-256", "content": digest.hex()}],
            })
        })
        .collect();
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "metadata": {
            "timestamp": "2026-01-01T00:00:00Z",
            "component": {
                "type": "machine-learning-model", "bom-ref": "model", "name": "demo",
                "supplier": {"name": supplier}, "components": files,
            },
        },
    })
}

#[test]
fn one_of_two_equal_files_cannot_go_missing() {
    let scene = Scene::demanding("bom-file-missing");
    let path = scene.file("list.json", document("Acme").to_string().as_bytes());
    assert_eq!(scene.outcome(Some(&path), "bom-file-missing"), "pass");
    assert_eq!(scene.check(&path), CheckVerdict::NotContradicted);
    std::fs::remove_file(scene.model.join("b/__init__.py")).unwrap();
    assert_eq!(scene.outcome(Some(&path), "bom-file-missing"), "fail");
    assert_eq!(scene.check(&path), CheckVerdict::Contradicted);
}

#[cfg(unix)]
#[test]
fn a_link_is_neither_missing_nor_read() {
    let scene = Scene::demanding("bom-file-missing");
    let path = scene.file("list.json", document("Acme").to_string().as_bytes());
    let weights = scene.model.join("model.safetensors");
    std::fs::rename(&weights, scene.folder.path().join("blob")).unwrap();
    std::os::unix::fs::symlink("../blob", &weights).unwrap();
    assert_eq!(scene.outcome(Some(&path), "bom-file-missing"), "pass");
    assert_eq!(
        scene.outcome(Some(&path), "bom-digest-mismatch"),
        "inconclusive"
    );
}

#[test]
fn a_signature_inside_counts_wherever_the_document_lies() {
    for (name, named) in [
        ("demo.cdx.json", false),
        ("demo.cdx.json", true),
        ("x.json", true),
    ] {
        let scene = Scene::demanding("bom-unsigned");
        let path = scene.file(name, document("Acme").to_string().as_bytes());
        let given = named.then_some(&*path);
        assert_eq!(scene.outcome(given, "bom-unsigned"), "fail", "{name}");
        scene.sign(&path);
        assert_eq!(scene.outcome(given, "bom-unsigned"), "pass", "{name}");
        assert_eq!(scene.check(&path), CheckVerdict::NotContradicted, "{name}");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace("Acme", "Evil")).unwrap();
        assert_eq!(scene.outcome(given, "bom-unsigned"), "fail", "{name}");
        assert_eq!(scene.check(&path), CheckVerdict::Contradicted, "{name}");
    }
}

#[test]
fn nobody_speaks_for_the_neighbour_in_a_file_of_statements() {
    let scene = Scene::new(
        "[[control]]\ncheck = \"bom-unsigned\"\nlevel = \"deny\"\nsuppliers = { Acme = [\"alice\"] }\n",
    );
    let of_alice = scene.statement("alice", &document("Acme"));
    let mut other = document("Acme");
    other["metadata"]["component"]["version"] = "2".into();
    let of_bob = scene.statement("bob", &other);
    scene.file("demo.intoto.jsonl", &of_alice);
    assert_eq!(scene.outcome(None, "bom-unsigned"), "pass");
    scene.file("demo.intoto.jsonl", &of_bob);
    assert_eq!(scene.outcome(None, "bom-unsigned"), "fail");
    scene.file("demo.intoto.jsonl", &[of_bob, of_alice].concat());
    assert_eq!(scene.outcome(None, "bom-unsigned"), "fail");
}
