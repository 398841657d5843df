//! The vectors of JSF 0.82 itself (appendix A), made by its reference
//! implementation. They are no CycloneDX documents, so only the envelope is opened.

use super::*;

fn open(name: &str) -> Result<Envelope, JsfError> {
    let text = file(&format!("specification/{name}.json"));
    Envelope::open(Document::read(&text)?)
}

fn embedded(signature: &DocumentSignature) -> bool {
    signature.verifies(signature.embedded_key().unwrap())
}

#[test]
fn every_vector_with_its_key_verifies() {
    for (name, form, count) in [
        ("p256-es256-jwk", Form::Single, 1),
        ("p384-es384-jwk", Form::Single, 1),
        ("p521-es512-jwk", Form::Single, 1),
        ("r2048-rs256-jwk", Form::Single, 1),
        ("r2048-ps256-jwk", Form::Single, 1),
        ("ed25519-ed25519-jwk", Form::Single, 1),
        ("p256-es256-excl-jwk", Form::Single, 1),
        ("p256-es256+ed25519-ed25519-mult-jwk", Form::Multiple, 2),
        ("p256-es256+p384-es384-mult-jwk", Form::Multiple, 2),
        ("p256-es256+ed25519-ed25519-chai-jwk", Form::Chain, 2),
        ("p256-es256+p384-es384-chai-excl-jwk", Form::Chain, 2),
    ] {
        let envelope = open(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(envelope.form, form, "{name}");
        assert_eq!(envelope.signatures.len(), count, "{name}");
        assert!(envelope.signatures.iter().all(embedded), "{name}");
        let excludes: &[&str] = match name.contains("excl") {
            true => &["myUnsignedData"],
            false => &[],
        };
        assert_eq!(envelope.excludes, excludes, "{name}");
    }
}

#[test]
fn vectors_that_only_name_their_keys_verify_under_the_keys_of_the_others() {
    let elliptic = open("p256-es256-jwk").unwrap();
    let elliptic = elliptic.signatures[0].embedded_key().unwrap();
    let rsa = open("r2048-rs256-jwk").unwrap();
    let rsa = rsa.signatures[0].embedded_key().unwrap();

    let envelope = open("p256-es256-kid").unwrap();
    assert_eq!(envelope.signatures[0].key_id(), Some("example.com:p256"));
    assert!(envelope.signatures[0].verifies(elliptic));
    assert!(!envelope.signatures[0].verifies(rsa));

    let envelope = open("p256-es256+r2048-rs256-chai-excl-kid").unwrap();
    assert_eq!(envelope.form, Form::Chain);
    assert!(envelope.signatures[0].verifies(elliptic));
    assert!(envelope.signatures[1].verifies(rsa));
    assert!(!envelope.signatures[1].verifies(elliptic));
}

#[test]
fn extensions_are_refused_by_name() {
    assert_eq!(
        open("p256-es256+p384-es384-chai-excl-exts-jwk")
            .err()
            .unwrap(),
        JsfError::Extension {
            name: "otherExt".to_owned()
        }
    );
}
