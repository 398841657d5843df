//! Every bundle of `fixtures/sigstore` against what its index says.

use bonafide_attest::predicate::SubjectDigest;
use bonafide_attest::{Category, Conclusion, Content, Examination, Signer, Verified, examine};
use bonafide_core::Digest;

use super::specimen::{Entry, Specimen, index, now, private_root, trust_signer, with_root};
use crate::harness::fixture;

/// Ours, for a category of the index.
fn category(name: &str) -> Category {
    match name {
        "media-type" => Category::MediaType,
        "structure" => Category::Structure,
        "certificate" => Category::Certificate,
        "sct" => Category::CertificateTimestamp,
        "timestamp" => Category::Timestamp,
        "inclusion-promise" => Category::InclusionPromise,
        "inclusion-proof" => Category::InclusionProof,
        "checkpoint" => Category::Checkpoint,
        "log-entry" => Category::LogEntry,
        "signature" => Category::Signature,
        "payload" => Category::Payload,
        "predicate" => Category::Predicate,
        "subject" => Category::Subject,
        "identity" => Category::Identity,
        other => panic!("unknown category {other}"),
    }
}

/// Where we say it in other words than the index.
const OTHERWISE: [(&str, Category); 6] = [
    // A chain in version 0.3 is how model signatures by other authorities travel (OMS v1.0
    // §4.1). It may well be one; that it is logged is what we cannot check.
    ("chain-in-v0.3", Category::Unsupported),
    // The index has one category for a payload that is no statement, we have three: of
    // another payload type, of another statement type, or no JSON object.
    ("oms-other-statement-type", Category::StatementType),
    ("statement-of-other-type", Category::StatementType),
    ("statement-cut-short", Category::Structure),
    ("statement-in-list", Category::Structure),
    // The manifest of a model is read as one document, so a missing part is its shape.
    ("oms-without-serialization", Category::Structure),
];

/// Holds as a signature, and is about another artifact.
const OF_OTHER_ARTIFACT: &str = "statement-of-other-artifact";

/// True when the content is about the artifact that the index names. Of a model, the
/// files are compared by whoever measures them.
fn is_about(verified: &Verified<Content>, entry: &Entry) -> bool {
    let path = fixture(&entry.artifact);
    let digest = || -> Digest { Examination::digest(&std::fs::read(&path).unwrap()) };
    match verified.get() {
        Content::Model(_) => path.is_dir(),
        Content::Document(_) => false,
        Content::Message(signed) => *signed == digest(),
        Content::Statement(statement) => {
            let digest = SubjectDigest::Known(digest());
            statement
                .subjects
                .iter()
                .any(|subject| subject.digests.contains(&digest))
        }
    }
}

pub fn accepted(specimens: &[Specimen]) {
    let index = index("bundles.json");
    assert_eq!(index.len(), 21);
    for specimen in specimens {
        let entry = &index[&format!("{}.sigstore.json", specimen.name)];
        let name = &specimen.name;
        assert!(is_about(&specimen.verified, entry), "{name}");
        match specimen.verified.signer() {
            Signer::Key { label, .. } => {
                assert!(entry.key.is_some(), "{name}");
                assert_eq!(label, "signer");
            }
            Signer::Identity { identity, root, .. } => {
                assert_eq!(Some(&identity.subject), entry.identity.as_ref(), "{name}");
                assert_eq!(Some(&identity.issuer), entry.issuer.as_ref(), "{name}");
                assert_eq!(root, "private");
                // Nothing but a proven time makes a certificate of ten minutes hold.
                let times = &specimen.verified.support().times;
                assert!(!times.is_empty(), "{name}");
            }
            other => panic!("{name}: {other}"),
        }
        let log = specimen.verified.support().log.as_ref().unwrap();
        assert_eq!(log.entries, 1, "{name}");
    }
}

pub fn rejected() {
    let root = private_root();
    let index = index("rejected.json");
    assert!(index.len() >= 90, "{}", index.len());
    let mut wrong = Vec::new();
    for (file, entry) in &index {
        let name = file.strip_suffix(".sigstore.json").unwrap();
        let mut trust = with_root(&root);
        trust_signer(&mut trust, "rejected", entry);
        let bytes = std::fs::read(fixture("sigstore/rejected").join(file)).unwrap();
        let mut examinations = examine(&bytes, &trust, now());
        assert_eq!(examinations.len(), 1, "{name}");
        let conclusion = examinations.remove(0).conclusion;
        if name == OF_OTHER_ARTIFACT {
            let Conclusion::Verified(verified) = conclusion else {
                panic!("{name}: {conclusion:?}");
            };
            assert!(!is_about(&verified, entry), "{name}");
            continue;
        }
        let expected = OTHERWISE
            .iter()
            .find(|(other, _)| *other == name)
            .map_or_else(
                || category(entry.category.as_deref().unwrap()),
                |(_, category)| *category,
            );
        if conclusion.category() != Some(expected) {
            wrong.push(format!("{name}: not {expected}: {conclusion:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (name, _) in OTHERWISE {
        assert!(
            index.contains_key(&format!("{name}.sigstore.json")),
            "{name}"
        );
    }
}
