//! Signs any payload with a key that this target trusts, so that its reader,
//! which sees nothing unsigned, can be reached at all.

use std::sync::LazyLock;

use bonafide_attest::{Conclusion, Content, PAYLOAD_TYPE, TrustStore, examine};
use data_encoding::BASE64;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};

use super::shown;
use super::world::now;

/// Known to everybody, and trusted nowhere but here.
static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_bytes(&[7; 32]));

static TRUST: LazyLock<TrustStore> = LazyLock::new(|| {
    // RFC 8410 §4: what stands before the 32 bytes of the key.
    let head = [
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
    ];
    let der = [&head[..], KEY.verifying_key().as_bytes()].concat();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        BASE64.encode(&der)
    );
    let mut trust = TrustStore::new();
    trust.add_key("sealed", pem.as_bytes()).unwrap();
    trust
});

/// What a payload comes to once it is signed: the same in a bundle and in a bare
/// envelope, but that models come in bundles only. None when it is refused.
pub(super) fn examined(payload: &[u8]) -> Option<Content> {
    let envelope = envelope(payload);
    let bundle = json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"publicKey": {"hint": ""}, "tlogEntries": []},
        "dsseEnvelope": envelope,
    });
    let bundled = concluded(&bundle);
    let bare = concluded(&envelope);
    let expected = match &bundled {
        Some(Content::Model(_)) => &None,
        other => other,
    };
    assert_eq!(expected, &bare, "bundle and envelope say different things");
    bundled
}

fn envelope(payload: &[u8]) -> Value {
    let head = format!(
        "DSSEv1 {} {PAYLOAD_TYPE} {} ",
        PAYLOAD_TYPE.len(),
        payload.len()
    );
    let message = [head.as_bytes(), payload].concat();
    json!({
        "payload": BASE64.encode(payload),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"sig": BASE64.encode(&KEY.sign(&message).to_bytes())}],
    })
}

fn concluded(document: &Value) -> Option<Content> {
    let mut examinations = examine(document.to_string().as_bytes(), &TRUST, now());
    assert_eq!(
        examinations.len(),
        1,
        "one document, several: {examinations:?}"
    );
    let examination = examinations.remove(0);
    shown::examination(&examination);
    match examination.conclusion {
        Conclusion::Verified(verified) => {
            assert_eq!(verified.signer().label(), "sealed");
            Some(verified.get().clone())
        }
        // The signature is good, so only what is signed can be at fault.
        Conclusion::Rejected(_) => None,
        other => panic!("not for its payload: {other:?}"),
    }
}
