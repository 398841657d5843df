//! Every kind of key: what it verifies, and what is refused before it is used.

use data_encoding::{BASE64, HEXLOWER};

use super::fixtures::{
    P384, P384_SHA256_SIGNATURE, P384_SHA384_SIGNATURE, P384_SHA512_SIGNATURE, RSA_1024, RSA_2048,
    RSA_2048_PKCS1, RSA_SHA1_SIGNATURE, RSA_SIGNATURES,
};
use super::*;

const MESSAGE: &[u8] = b"message";

/// RFC 8032 §7.1, test 2.
const ED25519: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const ED25519_MESSAGE: &[u8] = &[0x72];
const ED25519_SIGNATURE: &str = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                                 085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

fn hex(text: &str) -> Vec<u8> {
    HEXLOWER.decode(text.as_bytes()).unwrap()
}

fn base64(text: &str) -> Vec<u8> {
    BASE64.decode(text.as_bytes()).unwrap()
}

/// RFC 8410 §4: a `SubjectPublicKeyInfo` is these twelve bytes and the key.
fn ed25519(key: &[u8]) -> Result<PublicKey, KeyError> {
    PublicKey::from_der(&[&hex("302a300506032b6570032100"), key].concat())
}

#[test]
fn ed25519_verifies_the_vector_of_the_rfc() {
    let key = ed25519(&hex(ED25519)).unwrap();
    assert_eq!(key.kind(), KeyKind::Ed25519);
    assert_eq!(key.kind().key_details(), ["PKIX_ED25519"]);
    let signature = hex(ED25519_SIGNATURE);
    assert!(key.verifies(ED25519_MESSAGE, &signature));
    assert!(key.verifies_dsse(ED25519_MESSAGE, &signature));
    assert!(!key.verifies_with_sha256(ED25519_MESSAGE, &signature));
    assert!(!key.verifies(b"s", &signature));
    assert!(!key.verifies(ED25519_MESSAGE, &signature[..63]));
    for position in 0..signature.len() {
        let mut other = signature.clone();
        other[position] ^= 1;
        assert!(!key.verifies(ED25519_MESSAGE, &other), "{position}");
    }
}

/// S + L is the same scalar, written a second time (RFC 8032 §5.1.7 forbids it).
#[test]
fn a_second_encoding_of_an_ed25519_signature_fails() {
    let order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut signature = hex(ED25519_SIGNATURE);
    let mut carry = 0;
    for (byte, add) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = u8::try_from(sum & 0xff).unwrap();
        carry = sum >> 8;
    }
    assert_eq!(carry, 0);
    let key = ed25519(&hex(ED25519)).unwrap();
    assert!(!key.verifies(ED25519_MESSAGE, &signature));
}

/// All points of order 1, 2, 4 and 8. Under such a key a signature that nobody
/// made verifies, for a share of all messages.
#[test]
fn ed25519_keys_of_small_order_are_refused() {
    for point in [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    ] {
        assert_eq!(
            ed25519(&hex(point)),
            Err(KeyError::Invalid { kind: "Ed25519" }),
            "{point}"
        );
    }
}

/// The nineteen values from the prime 2²⁵⁵ − 19 up are second encodings of small numbers.
#[test]
fn second_encodings_of_ed25519_keys_are_refused() {
    for last in 0xed..=0xff_u8 {
        for top in [0x7f, 0xff] {
            let mut point = [0xff; 32];
            point[0] = last;
            point[31] = top;
            assert!(ed25519(&point).is_err(), "{last:x} {top:x}");
        }
    }
    // Some of the small numbers, written as they should be, are keys.
    let keys = (2..19_u8).filter(|first| {
        let mut point = [0; 32];
        point[0] = *first;
        ed25519(&point).is_ok()
    });
    assert!(keys.count() > 0);
}

#[test]
fn rsa_verifies_both_paddings() {
    let key = PublicKey::from_pem(RSA_2048.as_bytes()).unwrap();
    assert_eq!(key.kind(), KeyKind::Rsa { bits: 2048 });
    assert_eq!(key.kind().to_string(), "RSA with 2048 bits");
    let details = key.kind().key_details();
    assert!(details.contains(&"PKIX_RSA_PKCS1V15_2048_SHA256"));
    assert!(!details.iter().any(|name| name.contains("4096")));
    for (name, signature) in RSA_SIGNATURES {
        let signature = base64(signature);
        assert!(key.verifies(MESSAGE, &signature), "{name}");
        assert!(key.verifies_dsse(MESSAGE, &signature), "{name}");
        assert!(!key.verifies(b"massage", &signature), "{name}");
        assert!(!key.verifies_with_sha256(MESSAGE, &signature), "{name}");
    }
    assert!(!key.verifies(MESSAGE, &base64(RSA_SHA1_SIGNATURE)));
    assert!(!key.verifies(MESSAGE, b""));

    // The other PEM form is the same key.
    let other = PublicKey::from_pem(RSA_2048_PKCS1.as_bytes()).unwrap();
    assert_eq!(other, key);
    assert_eq!(other.hint(), key.hint());
}

#[test]
fn weak_rsa_keys_are_refused() {
    assert_eq!(
        PublicKey::from_pem(RSA_1024.as_bytes()),
        Err(KeyError::RsaSize { bits: 1024 })
    );
}

/// One key must have one fingerprint, so the encoding has no freedom.
#[test]
fn odd_encodings_of_keys_are_refused() {
    let rsa = PublicKey::from_pem(RSA_2048.as_bytes()).unwrap();
    let trailing = [rsa.der(), &[0]].concat();
    assert!(matches!(
        PublicKey::from_der(&trailing),
        Err(KeyError::Malformed { .. })
    ));
    // Ed25519 with parameters NULL.
    let with_null = [hex("302c300706032b65700500032100"), hex(ED25519)].concat();
    assert!(matches!(
        PublicKey::from_der(&with_null),
        Err(KeyError::Malformed { .. })
    ));
    // Ed25519 keys have 32 bytes.
    let short = [hex("3029300506032b6570032000"), hex(ED25519)[..31].to_vec()];
    assert_eq!(
        PublicKey::from_der(&short.concat()),
        Err(KeyError::Invalid { kind: "Ed25519" })
    );
    // The same point, compressed: `openssl ec -conv_form compressed`.
    let p384 = PublicKey::from_pem(P384.as_bytes()).unwrap();
    let point = &p384.der()[p384.der().len() - 97..];
    let compressed = [&[0x02 | (point[96] & 1)], &point[1..49]].concat();
    let compressed = public::info(
        const_oid::db::rfc5912::ID_EC_PUBLIC_KEY,
        Some(der::Any::from(Curve::P384.oid())),
        &compressed,
    );
    assert_eq!(
        PublicKey::from_der(&compressed.unwrap()),
        Err(KeyError::CompressedPoint)
    );
    // A whole SubjectPublicKeyInfo in the place of the point.
    let nested = public::info(
        const_oid::db::rfc5912::ID_EC_PUBLIC_KEY,
        Some(der::Any::from(Curve::P384.oid())),
        PublicKey::from_pem(P384.as_bytes()).unwrap().der(),
    );
    assert_eq!(
        PublicKey::from_der(&nested.unwrap()),
        Err(KeyError::Invalid { kind: "P-384" })
    );
    let nested = public::info(
        const_oid::db::rfc5912::RSA_ENCRYPTION,
        Some(der::Any::null()),
        rsa.der(),
    );
    assert_eq!(
        PublicKey::from_der(&nested.unwrap()),
        Err(KeyError::Invalid { kind: "RSA" })
    );
}

#[test]
fn other_key_types_are_named() {
    // `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1`
    let secp256k1 = "-----BEGIN PUBLIC KEY-----\n\
        MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEepYzcn7GzXH2Pm02bOaI3RGlXDDlJ+//\n\
        qe+p+zmASdRjNIi2MgMHnTNIa/VDbKBurJ4RJoIiDPji5lndZRatJw==\n\
        -----END PUBLIC KEY-----\n";
    assert_eq!(
        PublicKey::from_pem(secp256k1.as_bytes()),
        Err(KeyError::UnsupportedType {
            oid: "1.3.132.0.10".to_owned()
        })
    );
    // X25519 is for key agreement (RFC 8410 §3).
    let x25519 = [hex("302a300506032b656e032100"), hex(ED25519)].concat();
    assert_eq!(
        PublicKey::from_der(&x25519),
        Err(KeyError::UnsupportedType {
            oid: "1.3.101.110".to_owned()
        })
    );
}

#[test]
fn ecdsa_takes_the_hash_of_the_curve_and_for_envelopes_sha256() {
    let key = PublicKey::from_pem(P384.as_bytes()).unwrap();
    assert_eq!(key.kind(), KeyKind::EllipticCurve(Curve::P384));
    assert_eq!(key.kind().key_details(), ["PKIX_ECDSA_P384_SHA_384"]);
    // Signature, by the curve's hash, by SHA-256, in an envelope.
    for (signature, matched, sha256, dsse) in [
        (P384_SHA384_SIGNATURE, true, false, true),
        (P384_SHA256_SIGNATURE, false, true, true),
        (P384_SHA512_SIGNATURE, false, false, false),
    ] {
        let signature = base64(signature);
        assert_eq!(key.verifies(MESSAGE, &signature), matched);
        assert_eq!(key.verifies_with_sha256(MESSAGE, &signature), sha256);
        assert_eq!(key.verifies_dsse(MESSAGE, &signature), dsse);
        assert!(!key.verifies_dsse(b"massage", &signature));
    }
}
