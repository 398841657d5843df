//! Record manifests, record lists and inclusion proofs.

use std::sync::LazyLock;

use bonafide_dataset::DatasetBudget;
use bonafide_dataset::manifest::{Known, Manifest, Proof};

use super::shown;
use super::world::corpus;

fn genuine(target: &str) -> Vec<u8> {
    let seeds = corpus(target);
    let found = seeds
        .into_iter()
        .find(|(name, _)| name.starts_with("genuine"));
    found.expect("a genuine seed").1
}

static MANIFEST: LazyLock<Manifest> =
    LazyLock::new(|| Manifest::parse(&genuine("record_manifest")).unwrap());

static LIST: LazyLock<Vec<u8>> = LazyLock::new(|| genuine("record_list"));

static PROOF: LazyLock<Proof> = LazyLock::new(|| Proof::parse(&genuine("record_proof")).unwrap());

/// Any bytes as a manifest: what is read says the same when it is written and read again,
/// and the list of the genuine one belongs to it only if it says the same of the records.
pub fn record_manifest(input: &[u8]) {
    let manifest = match Manifest::parse(input) {
        Ok(manifest) => manifest,
        Err(error) => return shown::path(&error.to_string()),
    };
    assert_eq!(Manifest::parse(&manifest.to_json()).as_ref(), Ok(&manifest));
    if Known::read(&manifest, &*LIST, &DatasetBudget::DEFAULT).is_ok() {
        assert_eq!(manifest.records, MANIFEST.records);
        assert_eq!(manifest.list, MANIFEST.list);
    }
}

/// Any bytes as the list of the genuine manifest: none but the genuine ones are it.
pub fn record_list(input: &[u8]) {
    let read = Known::read(&MANIFEST, &input, &DatasetBudget::DEFAULT);
    assert_eq!(read.is_ok(), input == *LIST);
}

/// Any bytes as a proof: what holds under the genuine root says what the genuine one says.
pub fn record_proof(input: &[u8]) {
    let proof = match Proof::parse(input) {
        Ok(proof) => proof,
        Err(error) => return shown::path(&error.to_string()),
    };
    assert_eq!(Proof::parse(&proof.to_json()).as_ref(), Ok(&proof));
    match proof.verify(&MANIFEST.root, &PROOF.record_hash) {
        Ok(()) => assert_eq!(proof, *PROOF),
        Err(failure) => shown::text(&failure.to_string()),
    }
}
