//! Changes to the signature, to what is signed, and to the certificate of the signer.

use bonafide_attest::Category;
use bonafide_attest::Category::{
    Certificate, Key, LogEntry, Payload, Signature, Structure, Timestamp, Unsupported,
};
use serde_json::{Value, json};

use super::der;
use super::malleable::other_signature;
use super::mutant::{Class, Mutants};
use super::specimen::{Log, Specimen};

const PAYLOAD: &str = "/dsseEnvelope/payload";
const SIGNATURES: [&str; 2] = [
    "/dsseEnvelope/signatures/0/sig",
    "/messageSignature/signature",
];
const CERTIFICATES: [&str; 2] = [
    "/verificationMaterial/certificate/rawBytes",
    "/verificationMaterial/x509CertificateChain/certificates/0/rawBytes",
];

/// The signature. A token is over it, and a time is needed before anything else of a
/// keyless signature can be judged.
pub fn signature(mutants: &mut Mutants<'_>, donors: &[Specimen]) {
    let specimen = mutants.specimen;
    let expected = if specimen.is_timestamped() && !specimen.is_by_key() {
        Timestamp
    } else {
        Signature
    };
    for pointer in SIGNATURES {
        mutants.damage(Class::Signature, &[expected], pointer, 32);
        mutants.replace(Class::Signature, &[expected], pointer, "empty", "");
        // The twin of the signature is one too, but neither logged nor timestamped.
        let twin = mutants
            .bytes(pointer)
            .and_then(|signature| other_signature(&signature));
        if let Some(twin) = twin {
            let expected: &[Category] = &[LogEntry, Timestamp];
            mutants.replace_bytes(Class::Signature, expected, pointer, "its twin", &twin);
        }
        for donor in donors {
            if let Some(other) = donor.document.pointer(pointer) {
                let label = format!("of {}", donor.name);
                // Another signature of the same key is none that was logged, or that
                // the token is over.
                let expected: &[Category] = if specimen.is_by_key() && donor.is_by_key() {
                    &[Signature, LogEntry, Timestamp]
                } else {
                    &[expected]
                };
                mutants.replace(Class::Signature, expected, pointer, &label, other.clone());
            }
        }
    }
}

/// The payload as bytes, and its type.
pub fn payload(mutants: &mut Mutants<'_>, donors: &[Specimen]) {
    let specimen = mutants.specimen;
    mutants.damage(Class::Payload, &[Signature], PAYLOAD, 64);
    mutants.replace(Class::Payload, &[Signature], PAYLOAD, "empty", "");
    for donor in donors {
        if let Some(other) = donor.document.pointer(PAYLOAD) {
            let label = format!("of {}", donor.name);
            mutants.replace(Class::Payload, &[Signature], PAYLOAD, &label, other.clone());
        }
    }
    for (label, text) in [
        ("empty", ""),
        ("capitals", "Application/vnd.in-toto+json"),
        ("with a space", "application/vnd.in-toto+json "),
        (
            "with a parameter",
            "application/vnd.in-toto+json; charset=utf-8",
        ),
        ("with a line break", "application/vnd.in-toto+json\n"),
        ("plain text", "text/plain"),
        ("JSON", "application/json"),
        ("of a plain envelope", "application/vnd.dsse+json"),
    ] {
        mutants.replace(
            Class::Payload,
            &[Payload],
            "/dsseEnvelope/payloadType",
            label,
            text,
        );
    }
    let digest = "/messageSignature/messageDigest";
    let bytes = format!("{digest}/digest");
    if let Some(good) = mutants.bytes(&bytes) {
        for position in (0..good.len()).step_by(4) {
            let mut flipped = good.clone();
            flipped[position] ^= 0x20;
            let label = format!("byte {position} flipped");
            mutants.replace_bytes(Class::Payload, &[Signature], &bytes, &label, &flipped);
        }
        mutants.replace_bytes(Class::Payload, &[Payload], &bytes, "short", &good[1..]);
        mutants.replace_bytes(Class::Payload, &[Payload], &bytes, "empty", &[]);
        let long = [&good[..], &[0]].concat();
        mutants.replace_bytes(Class::Payload, &[Payload], &bytes, "long", &long);
        for name in [
            "SHA2_512", "SHA2_384", "SHA2_256", "SHA1", "SHA3_256", "sha256", "",
        ] {
            let pointer = format!("{digest}/algorithm");
            mutants.replace(Class::Payload, &[Payload], &pointer, name, name);
        }
    }
    if specimen.log == Log::Second {
        // An entry of version 2 is over the signed bytes; nothing else names the digest.
        mutants.remove(Class::Payload, &[Payload], digest);
    }
}

/// What the statement says, changed by somebody who does not have the key.
pub fn statement(mutants: &mut Mutants<'_>) {
    let Some(payload) = mutants.bytes(PAYLOAD) else {
        return;
    };
    let statement: Value = serde_json::from_slice(&payload).unwrap();
    let mut put = |class: Class, label: &str, change: &dyn Fn(&mut Value)| {
        let mut changed = statement.clone();
        change(&mut changed);
        let bytes = serde_json::to_vec(&changed).unwrap();
        mutants.replace_bytes(class, &[Signature], PAYLOAD, label, &bytes);
    };
    let other = json!({"name": "other", "digest": {"sha256": "0".repeat(64)}});
    let subject = Class::Subject;
    put(subject, "other digest", &|it| {
        it["subject"][0]["digest"]["sha256"] = json!("0".repeat(64));
    });
    put(subject, "digest in capitals", &|it| {
        let text = it["subject"][0]["digest"]["sha256"].as_str().unwrap();
        it["subject"][0]["digest"]["sha256"] = json!(text.to_uppercase());
    });
    put(subject, "digest cut short", &|it| {
        it["subject"][0]["digest"]["sha256"] = json!("00");
    });
    put(subject, "another digest beside it", &|it| {
        it["subject"][0]["digest"]["sha512"] = json!("0".repeat(128));
    });
    put(subject, "no digest", &|it| {
        it["subject"][0]["digest"] = json!({})
    });
    put(subject, "digest null", &|it| {
        it["subject"][0]["digest"] = Value::Null
    });
    put(subject, "other name", &|it| {
        it["subject"][0]["name"] = json!("other")
    });
    put(subject, "one more, at the end", &|it| {
        it["subject"].as_array_mut().unwrap().push(other.clone());
    });
    put(subject, "one more, at the start", &|it| {
        it["subject"]
            .as_array_mut()
            .unwrap()
            .insert(0, other.clone());
    });
    put(subject, "replaced", &|it| it["subject"] = json!([other]));
    put(subject, "none", &|it| it["subject"] = json!([]));
    put(subject, "null", &|it| it["subject"] = Value::Null);
    put(subject, "removed", &|it| {
        super::mutant::remove(it, "/subject")
    });
    put(subject, "1,025 of them", &|it| {
        it["subject"] = json!(vec![other.clone(); 1_025])
    });
    let predicate = Class::Predicate;
    for name in [
        "",
        "https://model_signing/signature/v1.0",
        "https://model_signing/Digests/v0.1",
        "https://slsa.dev/provenance/v1",
        "https://slsa.dev/provenance/v0.2",
        "https://slsa.dev/verification_summary/v1",
        "https://example.test/other",
    ] {
        put(predicate, &format!("type `{name}`"), &|it| {
            it["predicateType"] = json!(name)
        });
    }
    put(predicate, "type removed", &|it| {
        super::mutant::remove(it, "/predicateType")
    });
    put(predicate, "type null", &|it| {
        it["predicateType"] = Value::Null
    });
    put(predicate, "emptied", &|it| it["predicate"] = json!({}));
    put(predicate, "null", &|it| it["predicate"] = Value::Null);
    put(predicate, "removed", &|it| {
        super::mutant::remove(it, "/predicate")
    });
    put(predicate, "a list", &|it| {
        it["predicate"] = json!([it["predicate"].clone()])
    });
    put(predicate, "a member more", &|it| {
        it["predicate"]["more"] = json!(true)
    });
    put(predicate, "first member removed", &|it| {
        let members = it["predicate"].as_object_mut().unwrap();
        let first = members.keys().next().unwrap().clone();
        members.remove(&first);
    });
    let kind = Class::Payload;
    put(kind, "other statement type", &|it| {
        it["_type"] = json!("https://in-toto.io/Statement/v0.1");
    });
    put(kind, "in a list", &|it| *it = json!([it.clone()]));
    put(kind, "a member more", &|it| it["more"] = json!(1));
    // The same document in other bytes.
    let pretty = serde_json::to_vec_pretty(&statement).unwrap();
    mutants.replace_bytes(kind, &[Signature], PAYLOAD, "printed otherwise", &pretty);
    let spaced = [&payload[..], b"\n"].concat();
    mutants.replace_bytes(kind, &[Signature], PAYLOAD, "and a line break", &spaced);
}

/// The certificate of the signer. Every part of it is below the authority's signature.
pub fn certificate(mutants: &mut Mutants<'_>, donors: &[Specimen]) {
    let specimen = mutants.specimen;
    let class = Class::Certificate;
    for pointer in CERTIFICATES {
        let Some(good) = mutants.bytes(pointer) else {
            continue;
        };
        for damage in der::damaged(&good) {
            let label = format!("element {} {}", damage.path, damage.part);
            mutants.replace_bytes(class, &[Certificate], pointer, &label, &damage.bytes);
        }
        let (_, shorter) = good.split_last().unwrap();
        mutants.replace_bytes(class, &[Certificate], pointer, "cut short", shorter);
        mutants.replace_bytes(class, &[Certificate], pointer, "empty", &[]);
        let longer = [&good[..], &[0]].concat();
        mutants.replace_bytes(class, &[Certificate], pointer, "with a byte more", &longer);
        identity(mutants, pointer, &good);
        for donor in donors {
            for from in CERTIFICATES {
                if let Some(other) = donor.document.pointer(from) {
                    // Somebody else's certificate, of the same authority: it did not sign
                    // this, was not valid at that time, or has a key that signs no digests.
                    let expected: &[Category] = &[Signature, Certificate, Structure];
                    let label = format!("of {}", donor.name);
                    mutants.replace(class, expected, pointer, &label, other.clone());
                }
            }
        }
    }
    let material = "/verificationMaterial";
    if specimen.has("/verificationMaterial/certificate") {
        mutants.change(class, &[Key], "a key instead", |document| {
            let material = document
                .pointer_mut(material)
                .unwrap()
                .as_object_mut()
                .unwrap();
            material.remove("certificate");
            material.insert("publicKey".to_owned(), json!({"hint": "somebody"}));
        });
        // In version 0.3 a chain is how model signatures by other authorities travel,
        // and those are never logged.
        mutants.change(class, &[Unsupported], "in a chain", |document| {
            let material = document
                .pointer_mut(material)
                .unwrap()
                .as_object_mut()
                .unwrap();
            let certificate = material.remove("certificate").unwrap();
            let chain = json!({"certificates": [certificate]});
            material.insert("x509CertificateChain".to_owned(), chain);
        });
    }
    if specimen.is_by_key() {
        for donor in donors {
            if let Some(other) = donor.document.pointer("/verificationMaterial/certificate") {
                let label = format!("certificate of {} instead", donor.name);
                mutants.change(
                    class,
                    &[Signature, Certificate, Structure],
                    &label,
                    |document| {
                        let material = document
                            .pointer_mut(material)
                            .unwrap()
                            .as_object_mut()
                            .unwrap();
                        material.remove("publicKey");
                        material.insert("certificate".to_owned(), other.clone());
                    },
                );
            }
        }
    }
}

/// Names in the certificate, one letter changed.
fn identity(mutants: &mut Mutants<'_>, pointer: &str, good: &[u8]) {
    for text in [
        "https://", "example", "github", "@", "refs/", ".test", ".com",
    ] {
        let found = good.windows(text.len()).enumerate();
        let places = found.filter(|(_, window)| *window == text.as_bytes());
        for (position, _) in places {
            let mut changed = good.to_vec();
            changed[position] ^= 0x01;
            let label = format!("`{text}` at {position}");
            mutants.replace_bytes(Class::Identity, &[Certificate], pointer, &label, &changed);
        }
    }
}
