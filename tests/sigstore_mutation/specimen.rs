//! Bundles that verify, with the trust under which they do.

use std::collections::BTreeMap;
use std::path::Path;

use bonafide_attest::{
    Conclusion, Content, IdentityPattern, LogDemand, SigstoreRoot, TextPattern, TrustStore,
    Verified, examine,
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::harness::fixture;

/// When the run is said to take place: a day after the private instance signed, and
/// after everything that is published in the vectors.
pub fn now() -> Timestamp {
    "2026-11-01T00:00:00Z".parse().unwrap()
}

/// What an index of `fixtures/sigstore` says of a bundle.
#[derive(Debug, Clone, Deserialize)]
pub struct Entry {
    pub artifact: String,
    pub identity: Option<String>,
    pub issuer: Option<String>,
    pub key: Option<String>,
    pub category: Option<String>,
}

/// The entries of `bundles.json` or `rejected.json`, by file name.
pub fn index(name: &str) -> BTreeMap<String, Entry> {
    let text = std::fs::read(fixture("sigstore").join(name)).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// The trusted root of the private instance.
pub fn private_root() -> Value {
    let text = std::fs::read(fixture("sigstore/trusted_root.json")).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// A trust store with one root, as JSON.
pub fn with_root(root: &Value) -> TrustStore {
    let mut trust = TrustStore::new();
    let json = serde_json::to_vec(root).unwrap();
    trust.add_root(SigstoreRoot::from_json("private", &json).unwrap());
    trust
}

/// Trusts whom the index names.
pub fn trust_signer(trust: &mut TrustStore, folder: &str, entry: &Entry) {
    if let Some(key) = &entry.key {
        let path = fixture("sigstore").join(folder).join(key);
        trust
            .add_key("signer", &std::fs::read(path).unwrap())
            .unwrap();
    } else {
        trust.add_identity(exactly(
            entry.issuer.as_deref().unwrap(),
            entry.identity.as_deref().unwrap(),
        ));
    }
}

/// One signer, by issuer and subject.
pub fn exactly(issuer: &str, subject: &str) -> IdentityPattern {
    IdentityPattern {
        label: "signer".to_owned(),
        issuer: issuer.to_owned(),
        subject: TextPattern::exact(subject).unwrap(),
        claims: Vec::new(),
        roots: Vec::new(),
    }
}

/// What its first log entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// Rekor version 1: signs index and time in its promise.
    First,
    /// Rekor version 2: signs its checkpoint only.
    Second,
    /// Not logged.
    None,
}

/// A good bundle.
pub struct Specimen {
    pub name: String,
    pub bytes: Vec<u8>,
    pub document: Value,
    pub trust: TrustStore,
    pub log: Log,
    /// What it comes to as it is.
    pub verified: Verified<Content>,
}

impl Specimen {
    /// Examines the bundle, which has to verify.
    pub fn new(name: &str, bytes: Vec<u8>, trust: TrustStore) -> Self {
        let mut examinations = examine(&bytes, &trust, now());
        assert_eq!(examinations.len(), 1, "{name}");
        let Conclusion::Verified(verified) = examinations.remove(0).conclusion else {
            panic!("{name}: {:?}", examine(&bytes, &trust, now()));
        };
        let document: Value = serde_json::from_slice(&bytes).unwrap();
        let version = document
            .pointer("/verificationMaterial/tlogEntries/0/kindVersion")
            .map(|version| (version["kind"].as_str(), version["version"].as_str()));
        let log = match version {
            None => Log::None,
            Some((Some("hashedrekord"), Some("0.0.2"))) => Log::Second,
            Some(_) => Log::First,
        };
        Self {
            name: name.to_owned(),
            bytes,
            document,
            trust,
            log,
            verified: *verified,
        }
    }

    /// Its signature, and the log that has it.
    pub fn logged(&self) -> (Option<&Value>, Option<&Value>) {
        let at = |pointer| self.document.pointer(pointer);
        let signature = at("/messageSignature/signature").or(at("/dsseEnvelope/signatures/0/sig"));
        let log = at("/verificationMaterial/tlogEntries/0/logId/keyId");
        (signature, log)
    }

    pub fn has(&self, pointer: &str) -> bool {
        self.document.pointer(pointer).is_some()
    }

    /// Signed by a key that the verifier holds, not by a certificate.
    pub fn is_by_key(&self) -> bool {
        self.has("/verificationMaterial/publicKey")
    }

    pub fn is_timestamped(&self) -> bool {
        self.has("/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0")
    }

    /// An RFC 6962 log promised to include it.
    pub fn is_promised(&self) -> bool {
        self.has("/verificationMaterial/tlogEntries/0/inclusionPromise")
    }
}

/// Every good bundle of the private instance.
pub fn fixtures() -> Vec<Specimen> {
    let root = private_root();
    index("bundles.json")
        .iter()
        .map(|(name, entry)| {
            let mut trust = with_root(&root);
            trust_signer(&mut trust, "bundles", entry);
            let bytes = std::fs::read(fixture("sigstore/bundles").join(name)).unwrap();
            let short = name.strip_suffix(".sigstore.json").unwrap();
            Specimen::new(short, bytes, trust)
        })
        .collect()
}

/// The identity that the conformance suite expects where a case names none.
const SUITE_IDENTITY: &str = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const SUITE_ISSUER: &str = "https://token.actions.githubusercontent.com";

/// The positive cases of the conformance suite, and the bundles of the reference tool.
pub fn published(vectors: &Path) -> Vec<Specimen> {
    let mut specimens = Vec::new();
    let cases = vectors.join("sigstore-conformance/bundle-verify");
    let mut folders: Vec<_> = cases
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir() && !path.to_str().unwrap().ends_with("_fail"))
        .collect();
    folders.sort();
    for folder in folders {
        let text = |name: &str, otherwise: &str| match std::fs::read_to_string(folder.join(name)) {
            Ok(text) => text.trim().to_owned(),
            Err(_) => otherwise.to_owned(),
        };
        let bytes = std::fs::read(folder.join("bundle.sigstore.json")).unwrap();
        let mut trust = TrustStore::new();
        // The suite allows what version 0.1 allowed: a promise is enough.
        if !String::from_utf8_lossy(&bytes).contains("inclusionProof") {
            trust.demand_log(LogDemand::InclusionPromise);
        }
        trust.add_root(match std::fs::read(folder.join("trusted_root.json")) {
            Ok(json) => SigstoreRoot::from_json("suite", &json).unwrap(),
            Err(_) => SigstoreRoot::embedded("public-good").unwrap(),
        });
        match std::fs::read(folder.join("key.pub")) {
            Ok(pem) => trust.add_key("signer", &pem).unwrap(),
            Err(_) => trust.add_identity(exactly(
                &text("issuer", SUITE_ISSUER),
                &text("identity", SUITE_IDENTITY),
            )),
        }
        let name = folder.file_name().unwrap().to_str().unwrap();
        specimens.push(Specimen::new(name, bytes, trust));
    }
    let reference = vectors.join("oms-reference");
    for version in ["v0.3.1", "v1.0.0", "v1.0.1", "v1.1.0"] {
        let mut trust = TrustStore::new();
        trust.add_root(SigstoreRoot::embedded("public-good").unwrap());
        trust.add_identity(exactly(
            "https://sigstore.verify.ibm.com/oauth2",
            "stefanb@us.ibm.com",
        ));
        let name = format!("{version}-sigstore");
        let bytes = std::fs::read(reference.join(&name).join("model.sig")).unwrap();
        specimens.push(Specimen::new(&name, bytes, trust));
    }
    specimens
}
