//! Trust material of Sigstore deployments.

use std::sync::LazyLock;

use bonafide_attest::trusted_root::{summarize, unwrap_trust_config};
use bonafide_attest::{Conclusion, SigstoreRoot, TrustStore, examine};
use serde_json::Value;

use super::shown;
use super::world::{now, read};

/// A signature with a certificate, a log entry and a timestamp.
static SIGNATURE: LazyLock<Vec<u8>> =
    LazyLock::new(|| read("fixtures/sigstore/bundles/oms-rekor1-tsa.sigstore.json"));

/// Any bytes as a trusted root.
///
/// - What can be used can be summed up, and the summary can be printed.
/// - Nobody is trusted because of a root alone.
/// - The conclusion under a root is the same each time.
pub fn trusted_root(input: &[u8]) {
    let root = match SigstoreRoot::from_json("any", input) {
        Ok(root) => root,
        Err(error) => return shown::text(&error.to_string()),
    };
    let summary = summarize(input).unwrap();
    printable(&serde_json::to_value(&summary).unwrap());
    let inner = unwrap_trust_config(input).unwrap();
    let alone = summarize(&inner).unwrap();
    assert_eq!(summary.sha256, alone.sha256);
    assert_eq!(
        summary.certificate_authorities,
        alone.certificate_authorities
    );

    let mut trust = TrustStore::new();
    trust.add_root(root);
    let examinations = examine(&SIGNATURE, &trust, now());
    let again = examine(&SIGNATURE, &trust, now());
    assert_eq!(format!("{examinations:?}"), format!("{again:?}"));
    for examination in &examinations {
        shown::examination(examination);
        assert!(!matches!(examination.conclusion, Conclusion::Verified(_)));
    }
}

fn printable(value: &Value) {
    match value {
        Value::String(text) => shown::text(text),
        Value::Array(list) => list.iter().for_each(printable),
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            shown::text(name);
            printable(value);
        }),
        _ => {}
    }
}
