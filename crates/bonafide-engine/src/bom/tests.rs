//! Documents of directories: what they list, what they leave out, how they are signed and
//! compared.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use bonafide_attest::{TrustStore, examine};
use bonafide_bom::listing::Listing;
use bonafide_bom::view::Bom;
use bonafide_core::{Algorithm, Budget};
use bonafide_hash::{Silent, digest_bytes};
use jiff::Timestamp;
use tempfile::TempDir;

use super::*;
use crate::{EngineError, KeyFile, PasswordSource, Work};

/// `openssl genpkey -algorithm ed25519`, as in the tests of keys.
const PRIVATE: &str = "\
-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEICUX81H5WlfowyO7Ci3BqaWXiysriHaYOf9TMA4Ksj0I
-----END PRIVATE KEY-----
";
const PUBLIC: &str = "\
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAE64PX07PX79qrGHzZehGLUh1P5+bziFHcoGEE73K+Ps=
-----END PUBLIC KEY-----
";

const FILES: [(&str, &str); 5] = [
    (
        "README.md",
        "---\nlicense: mit\nbase_model: acme/base\ndatasets: acme/data\npipeline_tag: fill-mask\n---\n# Demo\n",
    ),
    (
        "config.json",
        r#"{"model_type":"bert","architectures":["BertForMaskedLM"]}"#,
    ),
    ("model.safetensors", "weights"),
    ("sub/é.txt", ""),
    (".gitattributes", "* text"),
];

fn model(folder: &Path) -> PathBuf {
    let root = folder.join("demo");
    for (name, content) in FILES {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    root
}

fn request(target: &Path, output: &Path) -> GenerateRequest {
    GenerateRequest {
        target: target.to_owned(),
        output: output.to_owned(),
        kind: None,
        name: None,
        version: None,
        origin: None,
        algorithms: vec![Algorithm::Sha512, Algorithm::Sha256],
        specification: SpecVersion::V1_6,
        lifecycle: None,
        serial: SerialNumber::OfContent,
        now: Timestamp::from_second(1_780_000_000).unwrap(),
        tool_version: "0.1.0".to_owned(),
    }
}

fn run(request: &GenerateRequest) -> Result<Generated, EngineError> {
    let budget = Budget::default();
    let work = Work {
        workers: NonZeroUsize::MIN,
        budget: &budget,
        observer: &Silent,
        intake: &crate::LIVE,
        rules: &crate::InProcess,
    };
    generate(request, work)
}

fn names(list: &[bonafide_core::RawName]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

#[test]
fn lists_every_file_with_what_was_measured() {
    let folder = TempDir::new().unwrap();
    let root = model(folder.path());
    std::fs::write(root.join("model.sig"), "{}").unwrap();
    let output = root.join("bom.cdx.json");
    let generated = run(&request(&root, &output)).unwrap();
    // `.gitattributes` too: a loader finds it like any other file.
    assert_eq!(generated.files, 5);
    assert_eq!(names(&generated.left_out), ["model.sig"]);
    assert!(generated.passed_over.is_empty() && generated.unread.is_empty());

    let node = bonafide_bom::json::admit(generated.document.as_bytes(), 1 << 20).unwrap();
    let bom = Bom::of(node);
    let listing = Listing::of(&bom);
    for (name, content) in FILES.iter().take(4) {
        for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
            let digest = digest_bytes(algorithm, content.as_bytes());
            let listed = listing.entries.iter().any(|entry| {
                entry.comparable().contains(&digest)
                    && entry.paths.iter().any(|path| path.whole() == *name)
            });
            assert!(listed, "{name} {algorithm}");
        }
    }
    let subject = bom.subject().unwrap();
    assert_eq!(subject.name.as_deref(), Some("demo"));
    assert_eq!(subject.version, None);
    assert_eq!(subject.purl, None);
    let aggregate = bom.compositions.first().unwrap().aggregate.as_deref();
    assert_eq!(aggregate, Some("complete"));

    // The same again, also when the document lies among the files.
    std::fs::write(&output, &generated.document).unwrap();
    let again = run(&request(&root, &output)).unwrap();
    assert_eq!(again.document, generated.document);
    assert_eq!(names(&again.left_out), ["bom.cdx.json", "model.sig"]);
}

#[test]
fn links_are_not_followed_and_make_the_list_incomplete() {
    let folder = TempDir::new().unwrap();
    let root = model(folder.path());
    std::fs::write(folder.path().join("secret"), "secret").unwrap();
    std::os::unix::fs::symlink("../secret", root.join("more.safetensors")).unwrap();
    let generated = run(&request(&root, &folder.path().join("out.json"))).unwrap();
    let (name, reason) = generated.passed_over.first().unwrap();
    assert_eq!(name.to_string(), "more.safetensors");
    assert!(reason.contains("symbolic link"), "{reason}");
    assert!(generated.document.contains("\"incomplete\""));
    assert!(!generated.document.contains("\"complete\""));
    assert!(!generated.document.contains("more.safetensors"));
    assert!(!generated.document.contains("root-sha256"));
}

#[test]
fn words_that_cannot_be_read_are_named_and_left_out() {
    let folder = TempDir::new().unwrap();
    let root = model(folder.path());
    std::fs::write(root.join("README.md"), "---\nlicense: &a [*a]\n---\n").unwrap();
    std::fs::write(root.join("config.json"), "{").unwrap();
    let generated = run(&request(&root, &folder.path().join("out.json"))).unwrap();
    let unread: Vec<String> = generated
        .unread
        .iter()
        .map(|(name, _)| name.to_string())
        .collect();
    assert_eq!(unread, ["README.md", "config.json"]);
    assert_eq!(generated.files, 5);
    assert!(!generated.document.contains("modelCard"));
    assert!(!generated.document.contains("licenses"));
    // A text for people alone is nothing to complain of.
    std::fs::write(root.join("README.md"), "# Demo\n").unwrap();
    std::fs::write(root.join("config.json"), "{}").unwrap();
    let generated = run(&request(&root, &folder.path().join("out.json"))).unwrap();
    assert_eq!(generated.unread, []);
}

#[test]
fn the_cache_of_the_hub_tells_repository_and_commit() {
    let folder = TempDir::new().unwrap();
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let snapshot = folder
        .path()
        .join("models--acme--demo/snapshots")
        .join(commit);
    std::fs::create_dir_all(&snapshot).unwrap();
    std::fs::rename(model(folder.path()), snapshot.join("inner")).unwrap();
    std::fs::write(snapshot.join("config.json"), "{}").unwrap();
    let output = folder.path().join("out.json");
    let generated = run(&request(&snapshot, &output)).unwrap();
    let purl = format!("\"purl\": \"pkg:huggingface/acme/demo@{commit}\"");
    assert!(generated.document.contains(&purl), "{}", generated.document);
    // A folder in it is not that commit.
    let generated = run(&request(&snapshot.join("inner"), &output)).unwrap();
    assert!(!generated.document.contains(commit));
}

#[test]
fn nothing_is_guessed_about_files_of_no_known_kind() {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("x");
    std::fs::create_dir(&root).unwrap();
    std::fs::write(root.join("notes.txt"), "x").unwrap();
    let output = folder.path().join("out.json");
    let mut request = request(&root, &output);
    assert!(matches!(
        run(&request),
        Err(EngineError::UnknownArtifact { .. })
    ));
    request.kind = Some(ArtifactKind::Dataset);
    assert!(
        run(&request)
            .unwrap()
            .document
            .contains("\"type\": \"data\"")
    );
    // A file of a model is no place for the document.
    std::fs::write(&output, "weights").unwrap();
    assert!(matches!(
        run(&request),
        Err(EngineError::WouldOverwrite { .. })
    ));
}

#[test]
fn a_single_file_is_described_by_its_name() {
    let folder = TempDir::new().unwrap();
    let root = model(folder.path());
    let output = folder.path().join("out.json");
    let generated = run(&request(&root.join("model.safetensors"), &output)).unwrap();
    assert_eq!(generated.files, 1);
    let bom = Bom::of(bonafide_bom::json::admit(generated.document.as_bytes(), 1 << 20).unwrap());
    let files = &bom.subject().unwrap().components;
    assert_eq!(
        files.first().unwrap().name.as_deref(),
        Some("model.safetensors")
    );
}

fn sign_request(document: &Path, key: &Path) -> SignBomRequest {
    SignBomRequest {
        document: document.to_owned(),
        output: document.to_owned(),
        private_key: KeyFile {
            path: key.to_owned(),
            password: PasswordSource::None,
        },
        key_id: Some("release".to_owned()),
        earlier: EarlierSignature::Refuse,
    }
}

#[test]
fn what_is_written_is_signed_verified_and_compared() {
    let folder = TempDir::new().unwrap();
    let root = model(folder.path());
    let budget = Budget::default();
    let key = folder.path().join("key.pem");
    std::fs::write(&key, PRIVATE).unwrap();
    let before = folder.path().join("before.cdx.json");
    std::fs::write(&before, run(&request(&root, &before)).unwrap().document).unwrap();

    let mut demand = sign_request(&before, &key);
    let signed = sign(&demand, &budget).unwrap().document;
    let mut trust = TrustStore::new();
    trust.add_key("us", PUBLIC.as_bytes()).unwrap();
    let examinations = examine(&signed, &trust, Timestamp::UNIX_EPOCH);
    let conclusion = examinations.first().unwrap().conclusion.to_string();
    assert_eq!(conclusion, "verified");
    std::fs::write(&before, &signed).unwrap();
    assert!(matches!(
        sign(&demand, &budget),
        Err(EngineError::SignDocument(_))
    ));
    demand.earlier = EarlierSignature::Replace;
    assert_eq!(sign(&demand, &budget).unwrap().document, signed);

    std::fs::write(root.join("model.safetensors"), "Weights").unwrap();
    std::fs::rename(root.join("sub/é.txt"), root.join("sub/ö.txt")).unwrap();
    let after = folder.path().join("after.cdx.json");
    let mut next = request(&root, &after);
    next.specification = SpecVersion::V1_7;
    next.algorithms.clear();
    std::fs::write(&after, run(&next).unwrap().document).unwrap();
    let differences = super::difference(&before, &after, &budget).unwrap();
    assert!(differs_in_meaning(&differences));
    let has = |wanted: &str| {
        differences
            .iter()
            .any(|one| one.to_string().contains(wanted))
    };
    assert!(
        has("file `model.safetensors`: SHA-256 digest changed"),
        "{differences:#?}"
    );
    assert!(
        has("is now file `sub/ö.txt`, the bytes are the same"),
        "{differences:#?}"
    );
    assert!(has("`specVersion` changed from 1.6 to 1.7"));
    assert!(has("SHA-512 digest removed"));
    assert!(has("the document: the signature was removed"));
    assert!(!has("added\n") && !has(": removed\n"));
    let same = super::difference(&after, &after, &budget).unwrap();
    assert_eq!(same, []);
}

#[test]
fn what_is_not_valid_is_neither_signed_nor_compared() {
    let folder = TempDir::new().unwrap();
    let budget = Budget::default();
    let key = folder.path().join("key.pem");
    std::fs::write(&key, PRIVATE).unwrap();
    let path = folder.path().join("bad.cdx.json");
    for (text, valid) in [
        (
            r#"{"bomFormat":"CycloneDX","specVersion":"1.6","unknown":1}"#,
            false,
        ),
        (r#"{"bomFormat":"CycloneDX","specVersion":"9.9"}"#, false),
        (r#"{"bomFormat":"CycloneDX","specVersion":"1.6"}"#, true),
    ] {
        std::fs::write(&path, text).unwrap();
        let signed = sign(&sign_request(&path, &key), &budget);
        assert_eq!(signed.is_ok(), valid, "{text}: {signed:?}");
        let compared = super::difference(&path, &path, &budget);
        assert_eq!(compared.is_ok(), valid, "{text}: {compared:?}");
    }
}

/// `bonafide attest --predicate-type https://cyclonedx.org/bom` over the files of the model.
#[test]
fn what_is_written_travels_as_a_predicate_too() {
    let folder = TempDir::new().unwrap();
    let root = model(folder.path());
    let budget = Budget::default();
    let key = folder.path().join("key.pem");
    std::fs::write(&key, PRIVATE).unwrap();
    let predicate = folder.path().join("bom.cdx.json");
    std::fs::write(
        &predicate,
        run(&request(&root, &predicate)).unwrap().document,
    )
    .unwrap();
    let work = Work {
        workers: NonZeroUsize::MIN,
        budget: &budget,
        observer: &Silent,
        intake: &crate::LIVE,
        rules: &crate::InProcess,
    };
    let request = crate::AttestRequest {
        target: root.clone(),
        predicate_type: "https://cyclonedx.org/bom".to_owned(),
        predicate,
        private_key: KeyFile {
            path: key,
            password: PasswordSource::None,
        },
        output: folder.path().join("demo.intoto.json"),
        exclude: Vec::new(),
        subject_name: None,
    };
    let attested = crate::attest(&request, work).unwrap();
    assert_eq!(attested.subjects, 4);
    let mut trust = TrustStore::new();
    trust.add_key("us", PUBLIC.as_bytes()).unwrap();
    let examinations = examine(&attested.envelope, &trust, Timestamp::UNIX_EPOCH);
    let bonafide_attest::Conclusion::Verified(verified) = &examinations.first().unwrap().conclusion
    else {
        panic!("{examinations:?}");
    };
    let predicate = &verified.get().statement().unwrap().predicate;
    assert!(matches!(
        predicate,
        bonafide_attest::predicate::Predicate::CycloneDx(_)
    ));
}

#[test]
fn versions_and_encodings_are_compared_by_what_they_say() {
    let folder = TempDir::new().unwrap();
    let digest = "ab".repeat(32);
    let json = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.4","version":1,"components":[
            {{"type":"library","name":"l","version":"1","purl":"pkg:pypi/l@1","licenses":[{{"license":{{"id":"MIT"}}}}]}},
            {{"type":"file","bom-ref":"f","name":"a.bin","hashes":[{{"alg":"SHA-256","content":"{digest}"}}]}}],
            "dependencies":[{{"ref":"f","dependsOn":[]}}]}}"#
    );
    let xml = |name: &str| {
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.7" version="1">
  <components>
    <component type="file" bom-ref="x"><name>{name}</name><hashes><hash alg="SHA-256">{}</hash></hashes></component>
    <component type="library"><name>l</name><version>1</version><licenses><license><id>MIT</id></license></licenses><purl>pkg:pypi/l@1</purl></component>
  </components>
</bom>"#,
            digest.to_uppercase()
        )
    };
    let (a, b, c) = (
        folder.path().join("a.cdx.json"),
        folder.path().join("b.cdx.xml"),
        folder.path().join("c.cdx.xml"),
    );
    std::fs::write(&a, json).unwrap();
    std::fs::write(&b, xml("a.bin")).unwrap();
    std::fs::write(&c, xml("b.bin")).unwrap();
    let sentences = |a: &Path, b: &Path| -> Vec<String> {
        let found = super::difference(a, b, &Budget::default()).unwrap();
        found.iter().map(ToString::to_string).collect()
    };
    let version = "the document: `specVersion` changed from 1.4 to 1.7";
    assert_eq!(sentences(&a, &b), [version]);
    assert_eq!(
        sentences(&a, &c),
        [
            version,
            "file `a.bin`: file `a.bin` is now file `b.bin`, the bytes are the same"
        ]
    );
}
