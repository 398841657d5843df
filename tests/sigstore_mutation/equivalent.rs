//! Changes that leave a bundle as good as it was: to its spelling, and to what nobody
//! signs. It has to verify still, and to say the same; what was put in must not come out.

use std::collections::BTreeSet;

use bonafide_attest::{
    Category, Conclusion, Content, LogEvidence, Support, TimeSource, Verified, examine,
};
use data_encoding::BASE64;
use serde_json::{Value, json};

use super::der;
use super::malleable::other_signature;
use super::mutant::{Class, Tally, remove};
use super::shape::is_number;
use super::specimen::{Log, Specimen, now};
use super::text;

const ENTRY: &str = "/verificationMaterial/tlogEntries/0";
const NOTE: &str = "/verificationMaterial/tlogEntries/0/inclusionProof/checkpoint/envelope";
const SET: &str = "/verificationMaterial/tlogEntries/0/inclusionPromise/signedEntryTimestamp";
const TOKENS: &str = "/verificationMaterial/timestampVerificationData/rfc3161Timestamps";
const TOKEN: &str =
    "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp";

/// Copies of a bundle that are worth what it is worth.
pub struct Equivalents<'a> {
    specimen: &'a Specimen,
    list: Vec<(String, Vec<u8>)>,
}

impl<'a> Equivalents<'a> {
    pub fn of(specimen: &'a Specimen) -> Self {
        let mut equivalents = Self {
            specimen,
            list: Vec::new(),
        };
        equivalents.spelling();
        equivalents.unsigned();
        equivalents.second_version();
        equivalents.other_signatures();
        equivalents
    }

    fn change(&mut self, label: &str, change: impl FnOnce(&mut Value)) {
        let mut document = self.specimen.document.clone();
        change(&mut document);
        if document != self.specimen.document {
            let bytes = serde_json::to_vec(&document).unwrap();
            self.list.push((label.to_owned(), bytes));
        }
    }

    fn replace(&mut self, pointer: &str, value: impl Into<Value>) {
        if self.specimen.has(pointer) {
            let value = value.into();
            self.change(&format!("{pointer} {value}"), |document| {
                *document.pointer_mut(pointer).unwrap() = value;
            });
        }
    }

    fn remove(&mut self, pointer: &str) {
        if self.specimen.has(pointer) {
            let label = format!("{pointer} removed");
            self.change(&label, |document| remove(document, pointer));
        }
    }

    /// The same document, written otherwise.
    fn spelling(&mut self) {
        let document = &self.specimen.document;
        for (label, bytes) in [
            ("compact", serde_json::to_vec(document).unwrap()),
            ("pretty", serde_json::to_vec_pretty(document).unwrap()),
            ("backwards", text::backwards(document)),
            ("escaped", text::escaped(document)),
            (
                "among line breaks",
                format!("\r\n\t {document}\n\n").into_bytes(),
            ),
        ] {
            self.list.push((label.to_owned(), bytes));
        }
        for (pointer, value) in text::values(document) {
            if is_number(&pointer) {
                let number: u64 = value.as_str().unwrap().parse().unwrap();
                self.replace(&pointer, number);
                self.replace(&pointer, format!("00{number}"));
            }
        }
        if self.specimen.document["mediaType"]
            == json!("application/vnd.dev.sigstore.bundle.v0.3+json")
        {
            self.replace(
                "/mediaType",
                "application/vnd.dev.sigstore.bundle+json;version=0.3",
            );
        } else if self.specimen.has("/verificationMaterial/certificate") {
            self.replace(
                "/mediaType",
                "application/vnd.dev.sigstore.bundle.v0.3+json",
            );
        }
    }

    /// What stands beside what is signed.
    fn unsigned(&mut self) {
        if self.specimen.has("/dsseEnvelope/signatures/0") {
            for key_id in [json!("somebody"), json!(""), Value::Null] {
                self.change(&format!("key id {key_id}"), |document| {
                    document["dsseEnvelope"]["signatures"][0]["keyid"] = key_id;
                });
            }
        }
        if self.specimen.is_by_key() && self.specimen.has("/messageSignature") {
            self.replace("/verificationMaterial/publicKey/hint", "somebody");
            self.remove("/verificationMaterial/publicKey/hint");
        }
        if !self.specimen.is_timestamped() {
            for data in [json!({}), json!({"rfc3161Timestamps": []}), Value::Null] {
                self.change(&format!("timestamps {data}"), |document| {
                    document["verificationMaterial"]["timestampVerificationData"] = data;
                });
            }
        }
        // What is there twice proves nothing twice.
        for list in [TOKENS, "/verificationMaterial/tlogEntries"] {
            if let Some(first) = self.specimen.document.pointer(&format!("{list}/0")) {
                self.replace(list, vec![first.clone(); 2]);
                self.replace(list, vec![first.clone(); 32]);
            }
        }
        // Lines of witnesses may follow, and the name in a line is a hint like the four
        // bytes behind it: which key it is, the signature tells.
        if let Some(note) = self.specimen.document.pointer(NOTE).and_then(Value::as_str) {
            let (head, signatures) = note.split_once("\n\n").unwrap();
            let witness = "\u{2014} witness.example.test AAAAAAECAwQ=";
            self.replace(NOTE, format!("{head}\n\n{signatures}{witness}\n"));
            self.replace(NOTE, format!("{head}\n\n{witness}\n{signatures}"));
            let names: Vec<&str> = signatures.split(' ').collect();
            if names.len() == 3 {
                let (mark, signature) = (names[0], names[2]);
                self.replace(
                    NOTE,
                    format!("{head}\n\n{mark} other.example.test {signature}"),
                );
            }
        }
        // A chain may bring along what no path needs.
        let chain = "/verificationMaterial/x509CertificateChain/certificates";
        if let Some(Value::Array(list)) = self.specimen.document.pointer(chain) {
            let more = [&list[..], &list[..1]].concat();
            self.replace(chain, more);
        }
    }

    /// Rekor version 2 signs its checkpoint, and nothing of what an entry says besides.
    fn second_version(&mut self) {
        if self.specimen.log != Log::Second {
            return;
        }
        let zeros = BASE64.encode(&[0; 32]);
        let proof = format!("{ENTRY}/inclusionProof");
        self.replace(&format!("{ENTRY}/logId/keyId"), zeros.clone());
        self.replace(&format!("{proof}/rootHash"), zeros);
        for number in ["0", "1", "4711", "9223372036854775807"] {
            self.replace(&format!("{proof}/logIndex"), number);
            self.replace(&format!("{proof}/treeSize"), number);
            self.change(&format!("integrated time {number}"), |document| {
                if number != "9223372036854775807" {
                    document.pointer_mut(ENTRY).unwrap()["integratedTime"] = json!(number);
                }
            });
        }
        self.remove(&format!("{proof}/logIndex"));
    }

    /// Each signature of ECDSA has a twin that is as good. Where nobody holds one against
    /// another copy of itself, the twin will do.
    fn other_signatures(&mut self) {
        if let Some(promise) = self.specimen.document.pointer(SET).and_then(Value::as_str) {
            let promise = BASE64.decode(promise.as_bytes()).unwrap();
            self.replace(SET, BASE64.encode(&other_signature(&promise).unwrap()));
        }
    }

    /// Holds each against the bundle as it was.
    pub fn judge(&self, wrong: &mut Vec<String>) -> usize {
        for (label, bytes) in &self.list {
            let name = format!("{}: {label}", self.specimen.name);
            match verified(bytes, self.specimen) {
                Ok(verified) if verified == self.specimen.verified => {}
                Ok(verified) => wrong.push(format!(
                    "{name}: {:?}, not {:?}",
                    verified.support(),
                    self.specimen.verified.support()
                )),
                Err(conclusion) => wrong.push(format!("{name}: {conclusion}")),
            }
        }
        self.list.len()
    }
}

/// What the only signature in these bytes proves, or why it proves nothing.
fn verified(bytes: &[u8], specimen: &Specimen) -> Result<Verified<Content>, String> {
    let mut examinations = examine(bytes, &specimen.trust, now());
    assert_eq!(examinations.len(), 1);
    match examinations.remove(0).conclusion {
        Conclusion::Verified(verified) => Ok(*verified),
        other => Err(format!("{other:?}").chars().take(300).collect()),
    }
}

/// Damage to the parts of a token that its authority does not sign: the token is refused,
/// or proves the same time.
pub fn unsigned_parts_of_tokens(specimen: &Specimen, tally: &mut Tally, step: usize) -> usize {
    let Some(token) = specimen.document.pointer(TOKEN).and_then(Value::as_str) else {
        return 0;
    };
    let token = BASE64.decode(token.as_bytes()).unwrap();
    let mut same = 0;
    let damaged = der::damaged(&token);
    let unsigned = damaged
        .iter()
        .filter(|damage| der::is_unsigned(&token, damage));
    for damage in unsigned.step_by(step) {
        let mut document = specimen.document.clone();
        *document.pointer_mut(TOKEN).unwrap() = json!(BASE64.encode(&damage.bytes));
        let bytes = serde_json::to_vec(&document).unwrap();
        let name = format!("{}: element {} {}", specimen.name, damage.path, damage.part);
        for examination in examine(&bytes, &specimen.trust, now()) {
            match &examination.conclusion {
                Conclusion::Verified(verified) => {
                    assert_eq!(**verified, specimen.verified, "{name}");
                    same += 1;
                }
                conclusion => {
                    tally.count(Class::Timestamp, &name, &[Category::Timestamp], conclusion);
                }
            }
        }
    }
    same
}

/// What a bundle still proves when some of its evidence is taken away: the rest.
pub fn with_less(specimen: &Specimen) {
    let without = |pointer: &str| {
        let mut document = specimen.document.clone();
        remove(&mut document, pointer);
        let bytes = serde_json::to_vec(&document).unwrap();
        verified(&bytes, specimen).unwrap_or_else(|other| panic!("{}: {other}", specimen.name))
    };
    let sources = |support: &Support| -> BTreeSet<&'static str> {
        let name = |source: &TimeSource| match source {
            TimeSource::Clock => "clock",
            TimeSource::TransparencyLog => "log",
            TimeSource::TimestampAuthority { .. } => "authority",
        };
        support
            .times
            .iter()
            .map(|time| name(&time.source))
            .collect()
    };
    let whole = specimen.verified.support();
    if specimen.is_by_key() && !specimen.is_timestamped() {
        // A key that the verifier holds needs no log.
        let bare = without("/verificationMaterial/tlogEntries");
        assert_eq!(*bare.support(), Support::default(), "{}", specimen.name);
        assert_eq!(bare.signer(), specimen.verified.signer());
    }
    let twice_timed = specimen.is_promised() && specimen.is_timestamped();
    // Both times may be the same, and are one then.
    if twice_timed && !specimen.is_by_key() && whole.times.len() == 2 {
        assert_eq!(
            sources(whole),
            BTreeSet::from(["log", "authority"]),
            "{} {whole:?}",
            specimen.name
        );
        let indices = &whole.log.as_ref().unwrap().indices;
        assert_eq!(indices.len(), 1);
        // Without the promise nobody signs the log's time and place.
        let unpromised = without(&format!("{ENTRY}/inclusionPromise"));
        assert_eq!(sources(unpromised.support()), BTreeSet::from(["authority"]));
        let log = LogEvidence {
            entries: 1,
            indices: Vec::new(),
        };
        assert_eq!(unpromised.support().log, Some(log), "{}", specimen.name);
        let untimed = without("/verificationMaterial/timestampVerificationData");
        assert_eq!(sources(untimed.support()), BTreeSet::from(["log"]));
        assert_eq!(untimed.support().log, whole.log);
    }
    if specimen.log == Log::Second {
        let indices = whole.log.as_ref().map(|log| log.indices.len());
        assert_eq!(indices, Some(0), "{}", specimen.name);
    }
}
