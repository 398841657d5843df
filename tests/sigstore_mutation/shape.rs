//! Changes to the document itself: media type, members, kinds of values, lengths of lists.

use bonafide_attest::Category::{LogEntry, MediaType, Structure};
use data_encoding::BASE64;
use serde_json::{Value, json};

use super::mutant::{Class, Mutants};
use super::specimen::Specimen;
use super::text;

const ENTRIES: &str = "/verificationMaterial/tlogEntries";

/// Media types that no version has.
pub fn media_type(mutants: &mut Mutants<'_>) {
    for text in [
        "",
        "application/json",
        "application/vnd.dev.sigstore.bundle+json",
        "application/vnd.dev.sigstore.bundle+json;version=0.0",
        "application/vnd.dev.sigstore.bundle+json;version=0.30",
        "application/vnd.dev.sigstore.bundle+json;version=0.4",
        "application/vnd.dev.sigstore.bundle+json; version=0.3",
        "application/vnd.dev.sigstore.bundle+json;version=0.3;version=0.1",
        "application/vnd.dev.sigstore.bundle+json;version=\"0.3\"",
        "application/vnd.dev.sigstore.bundle.v0.1+json",
        "application/vnd.dev.sigstore.bundle.v0.3",
        "application/vnd.dev.sigstore.bundle.v0.3+json ",
        " application/vnd.dev.sigstore.bundle.v0.3+json",
        "application/vnd.dev.sigstore.bundle.v0.3+json\0",
        "application/vnd.dev.sigstore.bundle.v0.4+json",
        "application/vnd.dev.sigstore.bundle.v1+json",
        "Application/vnd.dev.sigstore.bundle.v0.3+json",
        "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    ] {
        let label = format!("`{text}`");
        mutants.replace(Class::MediaType, &[MediaType], "/mediaType", &label, text);
    }
    mutants.remove(Class::MediaType, &[Structure], "/mediaType");
}

/// Members that nobody knows, that come twice, or that hold another kind of value.
pub fn members(mutants: &mut Mutants<'_>) {
    let document = mutants.specimen.document.clone();
    for (pointer, value) in text::values(&document) {
        match value {
            Value::Object(object) => {
                let label = format!("{pointer} with a member more");
                mutants.change(Class::Structure, &[Structure], &label, |document| {
                    document.pointer_mut(&pointer).unwrap()["more"] = json!("x");
                });
                for name in object.keys() {
                    for (what, second) in [("the same", &object[name]), ("null", &Value::Null)] {
                        let label = format!("{pointer}/{name} twice, then {what}");
                        mutants.add(Class::Structure, &[Structure], &label, || {
                            text::with_repetition(&document, &pointer, name, second)
                        });
                    }
                }
                // What derived readers take for the members in their order.
                let list: Vec<Value> = object.values().cloned().collect();
                mutants.replace(Class::Structure, &[Structure], &pointer, "as a list", list);
                mutants.replace(Class::Structure, &[Structure], &pointer, "as text", "x");
            }
            Value::Array(_) => {
                mutants.replace(Class::Structure, &[Structure], &pointer, "as text", "x");
                mutants.replace(
                    Class::Structure,
                    &[Structure],
                    &pointer,
                    "as an object",
                    json!({}),
                );
            }
            _ => {
                for (label, other) in [
                    ("as true", json!(true)),
                    ("as a fraction", json!(1.5)),
                    ("as a negative number", json!(-1)),
                    ("as a list", json!([value])),
                    ("as an object", json!({"value": value})),
                ] {
                    mutants.replace(Class::Structure, &[Structure], &pointer, label, other);
                }
                if is_base64(&pointer) {
                    spelling(mutants, &pointer, value.as_str().unwrap());
                } else if is_number(&pointer) {
                    for text in [
                        "",
                        " 1",
                        "1 ",
                        "+1",
                        "-1",
                        "1.0",
                        "1e3",
                        "0x1",
                        "9223372036854775808",
                    ] {
                        let label = format!("`{text}`");
                        mutants.replace(Class::Structure, &[Structure], &pointer, &label, text);
                    }
                }
            }
        }
    }
}

/// The member that a pointer leads to, or whose element.
fn name(pointer: &str) -> &str {
    let is_number = |name: &&str| name.bytes().all(|byte| byte.is_ascii_digit());
    let mut names = pointer.rsplit('/').skip_while(is_number);
    names.next().unwrap_or_default()
}

fn is_base64(pointer: &str) -> bool {
    matches!(
        name(pointer),
        "rawBytes"
            | "keyId"
            | "signedEntryTimestamp"
            | "rootHash"
            | "hashes"
            | "canonicalizedBody"
            | "signedTimestamp"
            | "payload"
            | "sig"
            | "signature"
            | "digest"
    )
}

pub fn is_number(pointer: &str) -> bool {
    matches!(name(pointer), "logIndex" | "treeSize" | "integratedTime")
}

/// The same bytes in a spelling that RFC 4648 does not have, or allows nobody to write.
fn spelling(mutants: &mut Mutants<'_>, pointer: &str, text: &str) {
    let bytes = BASE64.decode(text.as_bytes()).unwrap();
    let mut spellings = vec![
        ("not base64", format!("!{text}")),
        ("with a space", format!("{text} ")),
        (
            "with a line break",
            format!("{}\n{}", &text[..4], &text[4..]),
        ),
        (
            "without its last character",
            text[..text.len() - 1].to_owned(),
        ),
        ("with more padding", format!("{text}====")),
        ("with something behind", format!("{text}AAA")),
        (
            "in the alphabet of URLs",
            text.replace('+', "-").replace('/', "_"),
        ),
        ("as data", format!("data:;base64,{text}")),
    ];
    let unpadded = text.trim_end_matches('=');
    if unpadded.len() < text.len() {
        spellings.push(("without padding", unpadded.to_owned()));
        // The last character has bits that no byte uses; here they are not zero.
        let mut stray = unpadded.as_bytes().to_vec();
        let last = stray.last_mut().unwrap();
        *last = match *last {
            b'Z' | b'z' | b'9' => *last - 1,
            other => other + 1,
        };
        let stray = format!(
            "{}{}",
            String::from_utf8(stray).unwrap(),
            &text[unpadded.len()..]
        );
        if BASE64.decode(stray.as_bytes()).is_err() {
            spellings.push(("with stray bits", stray));
        }
    }
    for (label, other) in spellings {
        if other != text {
            assert!(BASE64.decode(other.as_bytes()).ok() != Some(bytes.clone()));
            mutants.replace(Class::Structure, &[Structure], pointer, label, other);
        }
    }
}

/// What has to be there, and what must not be there twice.
pub fn presence(mutants: &mut Mutants<'_>, donors: &[Specimen]) {
    let class = Class::Structure;
    let specimen = mutants.specimen;
    let only: &[_] = &[Structure];
    for pointer in [
        "/verificationMaterial",
        "/verificationMaterial/certificate",
        "/verificationMaterial/certificate/rawBytes",
        "/verificationMaterial/x509CertificateChain",
        "/verificationMaterial/x509CertificateChain/certificates",
        "/verificationMaterial/publicKey",
        "/verificationMaterial/tlogEntries/0/logId/keyId",
        "/verificationMaterial/tlogEntries/0/kindVersion",
        "/verificationMaterial/tlogEntries/0/kindVersion/kind",
        "/verificationMaterial/tlogEntries/0/kindVersion/version",
        "/verificationMaterial/tlogEntries/0/canonicalizedBody",
        "/verificationMaterial/tlogEntries/0/inclusionPromise/signedEntryTimestamp",
        "/verificationMaterial/tlogEntries/0/inclusionProof/treeSize",
        "/verificationMaterial/tlogEntries/0/inclusionProof/rootHash",
        "/verificationMaterial/tlogEntries/0/inclusionProof/checkpoint/envelope",
        "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp",
        "/messageSignature",
        "/messageSignature/signature",
        "/messageSignature/messageDigest/algorithm",
        "/messageSignature/messageDigest/digest",
        "/dsseEnvelope",
        "/dsseEnvelope/payload",
        "/dsseEnvelope/payloadType",
        "/dsseEnvelope/signatures",
        "/dsseEnvelope/signatures/0",
        "/dsseEnvelope/signatures/0/sig",
    ] {
        mutants.remove(class, only, pointer);
        mutants.replace(class, only, pointer, "null", Value::Null);
    }
    for donor in donors {
        for pointer in [
            "/messageSignature",
            "/dsseEnvelope",
            "/verificationMaterial/certificate",
            "/verificationMaterial/x509CertificateChain",
            "/verificationMaterial/publicKey",
        ] {
            if let (false, Some(other)) = (specimen.has(pointer), donor.document.pointer(pointer)) {
                let (parent, name) = pointer.rsplit_once('/').unwrap();
                let label = format!("and {pointer} of {}", donor.name);
                mutants.change(class, only, &label, |document| {
                    document.pointer_mut(parent).unwrap()[name] = other.clone();
                });
            }
        }
        if let Some(entry) = donor
            .document
            .pointer("/verificationMaterial/tlogEntries/0")
        {
            let mut entry = entry.clone();
            let label = format!("with an entry of no kind, of {}", donor.name);
            entry["kindVersion"]["kind"] = json!("other");
            add(mutants, ENTRIES, only, &label, entry);
        }
    }
    for (pointer, most) in [
        (ENTRIES, 32),
        (
            "/verificationMaterial/x509CertificateChain/certificates",
            16,
        ),
    ] {
        if let Some(first) = specimen.document.pointer(&format!("{pointer}/0")) {
            let many = vec![first.clone(); most + 1];
            mutants.replace(class, only, pointer, "too many", many);
        }
    }
    let signatures = "/dsseEnvelope/signatures";
    if let Some(one) = specimen.document.pointer("/dsseEnvelope/signatures/0") {
        for count in [2, 16, 17, 1_000] {
            let label = format!("{count} of them");
            mutants.replace(class, only, signatures, &label, vec![one.clone(); count]);
        }
    }
    mutants.replace(
        class,
        only,
        "/verificationMaterial/x509CertificateChain/certificates",
        "empty",
        json!([]),
    );
    if !specimen.is_by_key() && specimen.has("/verificationMaterial/certificate") {
        mutants.replace(class, &[LogEntry], ENTRIES, "empty", json!([]));
    }
}

/// Adds an element to a list that is there.
fn add(
    mutants: &mut Mutants<'_>,
    pointer: &str,
    expected: &[bonafide_attest::Category],
    label: &str,
    element: Value,
) {
    if mutants.specimen.has(pointer) {
        mutants.change(Class::Structure, expected, label, |document| {
            let list = document
                .pointer_mut(pointer)
                .unwrap()
                .as_array_mut()
                .unwrap();
            list.push(element);
        });
    }
}

/// Texts that are no JSON, or more than one document.
pub fn text(mutants: &mut Mutants<'_>) {
    let compact = serde_json::to_vec(&mutants.specimen.document).unwrap();
    let mut add = |label: &str, bytes: &dyn Fn() -> Vec<u8>| {
        mutants.add(Class::Structure, &[Structure], label, bytes);
    };
    for part in 0..16 {
        let length = compact.len() * part / 16;
        add(&format!("first {length} bytes"), &|| {
            compact[..length].to_vec()
        });
    }
    let (start, end) = (&compact[1..], &compact[..compact.len() - 1]);
    add("all but the last byte", &|| end.to_vec());
    for (label, before, after) in [
        ("with a brace more", &b""[..], &b"}"[..]),
        ("with text behind", b"", b" x"),
        ("with a NUL behind", b"", b"\0"),
        ("with an object behind", b"", b"{}"),
        ("with an object on the next line", b"", b"\n{}"),
        ("with a list on the next line", b"", b"\n[]"),
        ("in a list", b"[", b"]"),
        ("as a member", b"{\"bundle\":", b"}"),
        ("behind a byte order mark", b"\xef\xbb\xbf", b""),
        ("behind a comment", b"// bundle\n", b""),
    ] {
        add(label, &|| [before, &compact, after].concat());
    }
    add("with a comma at its end", &|| [end, b",}"].concat());
    add("in single quotes", &|| {
        let quote = |&byte: &u8| if byte == b'"' { b'\'' } else { byte };
        compact.iter().map(quote).collect()
    });
    add("in UTF-16", &|| {
        compact.iter().flat_map(|&byte| [byte, 0]).collect()
    });
    add("with a deep member", &|| {
        let deep = format!("{{\"more\":{}{},", "[".repeat(200_000), "]".repeat(200_000));
        [deep.as_bytes(), start].concat()
    });
}
