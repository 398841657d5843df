//! Published advisories, and what they say of the packages that a file asks for.

use bonafide_core::RawName;
use bonafide_format::{Advisories, hold_against, inspect};

use super::{BUDGET, oracle};

/// Ways to ask for a package.
const REQUIREMENTS: &str = "torch==2.5.1\nkeras>=3,<4\nnumpy\ntransformers~=4.40\npillow!=9.*\n\
    scikit_learn==1.0rc1\nonnx===1.17.0+local\npkg==1!2.0.post1.dev2\n";

/// An advisory with each kind of event.
const ADVISORY: &str = r#"{"id": "GHSA-1", "aliases": ["CVE-2025-32434"], "summary": "loads code",
    "modified": "2026-01-02T00:00:00Z", "affected": [
    {"package": {"ecosystem": "PyPI", "name": "torch"}, "versions": ["2.5.0", "2.5.1"],
     "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.6.0"}]}]},
    {"package": {"ecosystem": "PyPI", "name": "keras"},
     "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "3.0.0"}, {"last_affected": "3.8.0"}]}]}]}"#;

/// Any text as advisories for known requirements, and as requirements under a known
/// advisory: what is found, and a refusal, can be printed.
pub fn advisories(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    match Advisories::parse(text) {
        Ok(advisories) => {
            is_fit(REQUIREMENTS, &advisories);
            let mut twice = Advisories::default();
            twice.add(text).unwrap();
            assert_eq!(twice.len(), advisories.len());
        }
        Err(error) => oracle::is_fit(&error.to_string(), 1_000),
    }
    is_fit(text, &Advisories::parse(ADVISORY).unwrap());
}

fn is_fit(requirements: &str, advisories: &Advisories) {
    let count = advisories.len();
    assert_eq!(advisories.is_empty(), count == 0);
    oracle::is_fit(advisories.snapshot().unwrap_or_default(), 1_000);
    let name = RawName::from("requirements.txt");
    let file = inspect(&name, &requirements.as_bytes(), &BUDGET);
    let held = || {
        let mut files = [file.clone()];
        hold_against(&mut files, advisories);
        files
    };
    let [with] = held();
    oracle::inspection(&with, &BUDGET);
    assert!(with.defects.len() >= file.defects.len());
    assert_eq!(held(), [with], "another time, another result");
}
