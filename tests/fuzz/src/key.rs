//! Public keys and certificates as files: what a user or a policy points to.

use bonafide_attest::{Certificate, PublicKey, SigningKey, TrustStore};

use super::shown;

/// Any bytes as DER and as PEM.
///
/// - A key that was read is read the same again from its own DER.
/// - It does not take an empty or a constant signature.
/// - A refusal can be printed.
pub fn key(input: &[u8]) {
    for read in [PublicKey::from_der(input), PublicKey::from_pem(input)] {
        match read {
            Ok(key) => is_a_key(&key),
            Err(error) => shown::text(&error.to_string()),
        }
    }
    match SigningKey::from_pem(input, None) {
        Ok(key) => is_a_key(key.public()),
        Err(error) => shown::text(&error.to_string()),
    }
    match Certificate::from_pem(input) {
        Ok(certificates) => certificates.iter().for_each(is_a_certificate),
        Err(error) => shown::text(&error.to_string()),
    }
    match Certificate::from_der(input) {
        Ok(certificate) => is_a_certificate(&certificate),
        Err(error) => shown::text(&error.to_string()),
    }
    let mut trust = TrustStore::new();
    for outcome in [
        trust.add_key("any", input),
        trust.add_authorities("any", input),
    ] {
        if let Err(error) = outcome {
            shown::text(&error.to_string());
        }
    }
}

fn is_a_key(key: &PublicKey) {
    assert_eq!(PublicKey::from_der(key.der()).as_ref(), Ok(key));
    shown::text(&key.kind().to_string());
    assert_eq!(key.hint().len(), 64);
    for signature in [
        &[][..],
        &[0; 64],
        &[0; 256],
        &[0x30, 0x06, 2, 1, 1, 2, 1, 1],
    ] {
        assert!(!key.verifies(b"message", signature), "a key of no worth");
        assert!(
            !key.verifies_dsse(b"message", signature),
            "a key of no worth"
        );
    }
}

pub(super) fn is_a_certificate(certificate: &Certificate) {
    shown::text(&certificate.subject());
    shown::text(&certificate.issuer());
    for name in certificate.names() {
        shown::text(name);
    }
    match certificate.public_key() {
        Ok(key) => is_a_key(&key),
        Err(error) => shown::text(&error.to_string()),
    }
}
