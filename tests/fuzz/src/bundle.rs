//! Signature files of every kind, as they lie beside a model.

use std::sync::LazyLock;

use bonafide_attest::envelope::{Document, RawEnvelope, is_envelope, read_envelopes};
use bonafide_attest::oms::Deviation;
use bonafide_attest::{Conclusion, Content, Examination, Verified, examine, is_bundle};
use data_encoding::BASE64;
use serde_json::json;

use super::shown;
use super::world::{TRUST, corpus, now};

/// What is said, and who says it.
#[derive(Debug, PartialEq)]
struct Said {
    content: Content,
    label: String,
    key: String,
}

/// What the genuine seeds prove.
static GENUINE: LazyLock<Vec<Said>> = LazyLock::new(|| {
    let mut genuine = Vec::new();
    for (name, bytes) in corpus("bundle") {
        if !name.starts_with("genuine-") {
            continue;
        }
        for examination in examine(&bytes, &TRUST, now()) {
            match &examination.conclusion {
                Conclusion::Verified(verified) => genuine.extend(said(verified)),
                other => panic!("{name} does not verify; `corpus.py` makes seeds anew: {other:?}"),
            }
        }
    }
    genuine
});

/// One for each signer. The certificates that were offered and not used are no
/// part of it: nobody signed how many there are.
fn said(verified: &Verified<Content>) -> Vec<Said> {
    let mut content = verified.get().clone();
    if let Content::Model(manifest) = &mut content {
        manifest
            .deviations
            .retain(|deviation| !matches!(deviation, Deviation::UnusedCertificates { .. }));
    }
    verified
        .signers()
        .map(|signer| Said {
            content: content.clone(),
            label: signer.label().to_owned(),
            key: signer.key().to_string(),
        })
        .collect()
}

/// Any signature file, held against the signers of the fixtures.
///
/// - What verifies was said by that signer in a genuine seed.
/// - The conclusion is the same each time.
/// - What can be shown of it can be printed.
/// - An envelope that is written again in its plainest form is the same envelope.
pub fn bundle(input: &[u8]) {
    let examinations = examine(input, &TRUST, now());
    assert!(!examinations.is_empty(), "no examination");
    let again = examine(input, &TRUST, now());
    assert_eq!(
        format!("{examinations:?}"),
        format!("{again:?}"),
        "two conclusions"
    );
    for examination in &examinations {
        shown::examination(examination);
        is_genuine(input, examination);
    }
    envelopes(input);
}

/// True when any signature in the file is one of a trusted signer.
pub fn bundle_verifies(input: &[u8]) -> bool {
    examine(input, &TRUST, now())
        .iter()
        .any(|examination| matches!(examination.conclusion, Conclusion::Verified(_)))
}

fn is_genuine(input: &[u8], examination: &Examination) {
    let Conclusion::Verified(verified) = &examination.conclusion else {
        return;
    };
    assert!(
        is_bundle(input),
        "verified, but has not the shape of a signature"
    );
    for said in said(verified) {
        assert!(GENUINE.contains(&said), "nobody signed this: {said:?}");
    }
}

fn envelopes(input: &[u8]) {
    let documents = match read_envelopes(input) {
        Ok(documents) => documents,
        Err(error) => return shown::text(&error.to_string()),
    };
    let single_bundle = matches!(documents.as_slice(), [Document::Bundle { .. }]);
    assert_eq!(
        is_envelope(input),
        !single_bundle,
        "the look of a file misleads"
    );
    for document in documents {
        if let Document::Envelope(envelope) = document {
            if let Err(error) = envelope.statement() {
                shown::text(&error.to_string());
            }
            let plain = plain(&envelope);
            let expected = Document::Envelope(RawEnvelope {
                line: 1,
                ..envelope
            });
            assert_eq!(read_envelopes(&plain), Ok(vec![expected]));
        }
    }
}

fn plain(envelope: &RawEnvelope) -> Vec<u8> {
    let signatures: Vec<_> = envelope
        .signatures
        .iter()
        .map(|signature| json!({"keyid": signature.key_id, "sig": BASE64.encode(&signature.signature)}))
        .collect();
    let document = json!({
        "payload": BASE64.encode(&envelope.payload),
        "payloadType": envelope.payload_type,
        "signatures": signatures,
    });
    document.to_string().into_bytes()
}
