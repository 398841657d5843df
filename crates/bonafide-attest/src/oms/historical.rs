//! The format of `model_signing` 0.2.x: `https://model_signing/Digests/v0.1`.
//!
//! Files are the subjects of the statement, each with its SHA-256. Signatures by
//! key or certificate are over an encoding with two slips of that release: it
//! begins with `DSSEV1` instead of `DSSEv1`, and the payload stands in it as
//! Python prints a `bytes` value. OMS v1.0 §11.2 lets a verifier read it and
//! forbids (§10) to make it.

use std::collections::HashSet;

use bonafide_core::{Algorithm, ArtifactName, Digest, RawName};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{
    Deviation, ManifestHash, OmsManifest, Resource, ResourceName, STATEMENT_TYPE, Serialization,
};
use crate::dsse;
use crate::object::Object;
use crate::rejection::{Rejection, excerpt};
use crate::strict;

/// `predicateType` of the format.
pub const HISTORICAL_PREDICATE_TYPE: &str = "https://model_signing/Digests/v0.1";

/// Most files; a subject takes about 200 bytes, a document 64 MiB at most.
const MOST_SUBJECTS: usize = 1_000_000;

#[derive(Deserialize)]
struct StatementDocument {
    #[serde(rename = "_type")]
    statement_type: String,
    subject: Vec<Object<SubjectDocument>>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
}

#[derive(Deserialize)]
struct SubjectDocument {
    name: String,
    digest: Object<DigestDocument>,
}

#[derive(Deserialize)]
struct DigestDocument {
    sha256: Option<String>,
}

/// What such a release signed instead of the DSSE encoding of the payload.
pub(crate) fn pre_authentication_encoding(payload: &[u8]) -> Vec<u8> {
    let mut encoding = format!(
        "DSSEV1 {} {} {} ",
        dsse::PAYLOAD_TYPE.len(),
        dsse::PAYLOAD_TYPE,
        payload.len()
    )
    .into_bytes();
    encoding.reserve(payload.len());
    // Python prefers single quotes, unless only double ones save it an escape.
    let quote = if payload.contains(&b'\'') && !payload.contains(&b'"') {
        b'"'
    } else {
        b'\''
    };
    encoding.extend([b'b', quote]);
    for &byte in payload {
        match byte {
            b'\t' => encoding.extend(b"\\t"),
            b'\n' => encoding.extend(b"\\n"),
            b'\r' => encoding.extend(b"\\r"),
            b'\\' => encoding.extend(b"\\\\"),
            _ if byte == quote => encoding.extend([b'\\', byte]),
            b' '..=b'~' => encoding.push(byte),
            _ => encoding.extend(format!("\\x{byte:02x}").into_bytes()),
        }
    }
    encoding.push(quote);
    encoding
}

/// Reads a payload of this format whose signature has been verified.
pub(crate) fn parse(payload: &[u8]) -> Result<OmsManifest, Rejection> {
    let malformed = |detail: String| Rejection::Malformed {
        document: "statement",
        detail: excerpt(&detail, 200),
    };
    strict::scan(payload).map_err(|error| malformed(error.to_string()))?;
    let Object(document): Object<StatementDocument> =
        serde_json::from_slice(payload).map_err(|error| malformed(error.to_string()))?;
    if document.statement_type != STATEMENT_TYPE {
        return Err(Rejection::StatementType {
            found: excerpt(&document.statement_type, 100),
        });
    }
    if document.predicate_type != HISTORICAL_PREDICATE_TYPE {
        return Err(Rejection::PredicateType {
            found: excerpt(&document.predicate_type, 100),
        });
    }
    if document.subject.is_empty() || document.subject.len() > MOST_SUBJECTS {
        return Err(Rejection::SubjectCount {
            found: document.subject.len(),
        });
    }
    let mut seen = HashSet::with_capacity(document.subject.len());
    let mut root = Sha256::new();
    let mut resources = Vec::with_capacity(document.subject.len());
    let mut deviations = vec![Deviation::Historical];
    for Object(subject) in &document.subject {
        let raw = RawName::from(subject.name.as_str());
        if !seen.insert(subject.name.as_str()) {
            return Err(Rejection::DuplicateResource { name: raw });
        }
        let hex = subject.digest.0.sha256.as_deref().unwrap_or_default();
        let digest =
            Digest::from_hex(Algorithm::Sha256, hex).map_err(|error| Rejection::Resource {
                name: raw.clone(),
                detail: error.to_string(),
            })?;
        root.update(digest.bytes());
        let name = if subject.name == "." {
            deviations.push(Deviation::DotName);
            ResourceName::TheFile
        } else {
            ResourceName::File {
                parsed: ArtifactName::parse(subject.name.as_bytes()),
                raw,
            }
        };
        resources.push(Resource {
            name,
            range: None,
            digest: Some(digest),
        });
    }
    Ok(OmsManifest {
        root: Digest::sha256(root.finalize().into()),
        subject: RawName::from(""),
        serialization: Serialization::Files,
        hash: ManifestHash::Strong(Algorithm::Sha256),
        allow_symlinks: false,
        excluded: Vec::new(),
        resources,
        deviations,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_as_python_prints_them() {
        // Each right-hand side is `str(value)` of CPython 3.11.
        for (payload, printed) in [
            (&b"plain"[..], "b'plain'"),
            (b"say \"hi\"", "b'say \"hi\"'"),
            (b"it's", "b\"it's\""),
            (b"it's \"x\"", "b'it\\'s \"x\"'"),
            (b"a\n\t\r\\", "b'a\\n\\t\\r\\\\'"),
            (b"\x00\x7f\xc3\xa9", "b'\\x00\\x7f\\xc3\\xa9'"),
            (b"", "b''"),
        ] {
            let expected = format!(
                "DSSEV1 28 application/vnd.in-toto+json {} {printed}",
                payload.len()
            );
            let encoding = pre_authentication_encoding(payload);
            assert_eq!(String::from_utf8(encoding).unwrap(), expected);
        }
    }

    fn statement(subjects: &str) -> Vec<u8> {
        format!(
            r#"{{"_type":"{STATEMENT_TYPE}","subject":[{subjects}],"predicateType":"{HISTORICAL_PREDICATE_TYPE}","predicate":{{"unused":""}}}}"#
        )
        .into_bytes()
    }

    #[test]
    fn subjects_are_the_files() {
        let one = "00".repeat(32);
        let subject = |name: &str| format!(r#"{{"name":"{name}","digest":{{"sha256":"{one}"}}}}"#);
        let manifest = parse(&statement(&format!("{},{}", subject("b"), subject("a")))).unwrap();
        assert_eq!(manifest.resources.len(), 2);
        assert_eq!(manifest.deviations, [Deviation::Historical]);

        let twice = format!("{},{}", subject("b"), subject("b"));
        for (subjects, category) in [
            (String::new(), "subject"),
            (twice, "predicate"),
            (
                r#"{"name":"a","digest":{"md5":"00"}}"#.to_owned(),
                "predicate",
            ),
            (
                r#"{"name":"a","name":"b","digest":{}}"#.to_owned(),
                "structure",
            ),
        ] {
            let rejection = parse(&statement(&subjects)).unwrap_err();
            assert_eq!(rejection.category().name(), category, "{rejection}");
        }
    }
}
