//! The bundle-verification cases of sigstore-conformance: 70 bundles, good and bad,
//! each against its artifact as a file and as a digest.
//!
//! The cases are not part of this repository; `fixtures/vectors.toml` says where
//! they come from. Without them this test says so, and passes. The official suite
//! itself can be run against the hidden command `bonafide verify-bundle`.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use bonafide_engine::{
    Algorithm, Budget, BundleArtifact, BundleRequest, BundleRoot, BundleSigner, Conclusion,
    DigestRequest, IdentityPattern, Silent, TextPattern, Work, digest, verify_bundle,
};
use jiff::Timestamp;

use crate::harness::{bonafide, vectors};

/// Who signs the cases that do not say otherwise (`test/conftest.py` of the suite).
const IDENTITY: &str = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const ISSUER: &str = "https://token.actions.githubusercontent.com";

struct Case {
    name: String,
    bundle: PathBuf,
    artifact: PathBuf,
    key: Option<PathBuf>,
    identity: String,
    issuer: String,
    trusted_root: Option<PathBuf>,
}

impl Case {
    fn is_good(&self) -> bool {
        !self.name.ends_with("_fail")
    }

    fn request(&self, artifact: BundleArtifact) -> BundleRequest {
        BundleRequest {
            bundle: self.bundle.clone(),
            signer: match &self.key {
                Some(key) => BundleSigner::Key(key.clone()),
                None => BundleSigner::Identity(Box::new(IdentityPattern {
                    label: "signer".to_owned(),
                    issuer: self.issuer.clone(),
                    subject: TextPattern::exact(&self.identity).unwrap(),
                    claims: Vec::new(),
                    roots: Vec::new(),
                })),
            },
            root: self
                .trusted_root
                .clone()
                .map_or(BundleRoot::PublicGood, BundleRoot::File),
            artifact,
            now: Timestamp::now(),
        }
    }
}

fn cases(vectors: &Path) -> Vec<Case> {
    let folder = vectors.join("sigstore-conformance/bundle-verify");
    let mut cases: Vec<Case> = folder
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| {
            let own = |name: &str| Some(path.join(name)).filter(|path| path.exists());
            let text = |name: &str, default: &str| match own(name) {
                Some(path) => std::fs::read_to_string(path).unwrap().trim().to_owned(),
                None => default.to_owned(),
            };
            Case {
                name: path.file_name().unwrap().to_str().unwrap().to_owned(),
                bundle: path.join("bundle.sigstore.json"),
                artifact: own("artifact").unwrap_or_else(|| folder.join("a.txt")),
                key: own("key.pub"),
                identity: text("identity", IDENTITY),
                issuer: text("issuer", ISSUER),
                trusted_root: own("trusted_root.json"),
            }
        })
        .collect();
    cases.sort_by(|left, right| left.name.cmp(&right.name));
    cases
}

#[test]
fn all_cases_of_the_conformance_suite_end_as_they_should() {
    let Some(vectors) = vectors() else { return };
    let budget = Budget::default();
    let work = Work {
        workers: NonZeroUsize::MIN,
        budget: &budget,
        observer: &Silent,
        intake: &bonafide_engine::LIVE,
        rules: &bonafide_engine::InProcess,
    };
    let cases = cases(&vectors);
    assert_eq!(cases.len(), 70);
    assert_eq!(cases.iter().filter(|case| case.is_good()).count(), 21);
    let mut wrong = Vec::new();
    for case in &cases {
        let digests = digest(
            &DigestRequest {
                target: case.artifact.clone(),
                algorithms: vec![Algorithm::Sha256],
                shard_size: None,
            },
            work,
        )
        .unwrap();
        for artifact in [
            BundleArtifact::File(case.artifact.clone()),
            BundleArtifact::Digest(digests.files[0].digests[0]),
        ] {
            let outcome = verify_bundle(&case.request(artifact.clone()), work);
            let verified = matches!(outcome, Ok(Conclusion::Verified(_)));
            if verified != case.is_good() {
                wrong.push(format!("{} {artifact:?}: {outcome:?}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What tells an artifact from another one: whatever else is held against a good
/// bundle, it is refused.
#[test]
fn good_cases_are_refused_for_another_artifact() {
    let Some(vectors) = vectors() else { return };
    let budget = Budget::default();
    let work = Work {
        workers: NonZeroUsize::MIN,
        budget: &budget,
        observer: &Silent,
        intake: &bonafide_engine::LIVE,
        rules: &bonafide_engine::InProcess,
    };
    let other = vectors.join("sigstore-conformance/statement.json");
    let zero = format!("sha256:{}", "0".repeat(64)).parse().unwrap();
    for case in cases(&vectors).iter().filter(|case| case.is_good()) {
        for artifact in [
            BundleArtifact::File(other.clone()),
            BundleArtifact::Digest(zero),
        ] {
            let outcome = verify_bundle(&case.request(artifact), work).unwrap();
            let category = outcome.category().map(|category| category.name());
            assert_eq!(category, Some("payload"), "{}", case.name);
        }
    }
}

/// The protocol of the suite, once for each kind of case.
#[test]
fn the_hidden_command_speaks_the_protocol_of_the_suite() {
    let Some(vectors) = vectors() else { return };
    for case in &cases(&vectors) {
        let path = |path: &Path| path.display().to_string();
        let mut arguments = vec![
            "verify-bundle".to_owned(),
            "--bundle".to_owned(),
            path(&case.bundle),
        ];
        match &case.key {
            Some(key) => arguments.extend(["--key".to_owned(), path(key)]),
            None => arguments.extend([
                "--certificate-identity".to_owned(),
                case.identity.clone(),
                "--certificate-oidc-issuer".to_owned(),
                case.issuer.clone(),
            ]),
        }
        if let Some(root) = &case.trusted_root {
            arguments.extend(["--trusted-root".to_owned(), path(root)]);
        }
        arguments.push(path(&case.artifact));
        let run = bonafide(&arguments);
        assert_eq!(run.code == 0, case.is_good(), "{}: {run:?}", case.name);
        assert!(run.stdout.is_empty(), "{}: {run:?}", case.name);
        assert!(!run.stderr.is_empty(), "{}: {run:?}", case.name);
    }
}
