//! Private keys in every form, and the forms that are refused.

use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;

use super::super::fixtures::{
    ED25519_ABSURD, ED25519_ENCRYPTED, ED25519_PRIVATE, ED25519_PUBLIC, P256_LEGACY, P256_PBES1,
    P256_PRIVATE, P256_PUBLIC, P256_SCRYPT, P256_SEC1, P256_SHA1, RSA_PRIVATE,
};
use super::*;

fn secret() -> Password {
    Password::new(b"secret".to_vec())
}

fn read(pem: &str, password: Option<&Password>) -> Result<SigningKey, KeyError> {
    SigningKey::from_pem(pem.as_bytes(), password)
}

#[test]
fn every_form_is_the_same_key() {
    for (pem, public) in [
        (ED25519_PRIVATE, ED25519_PUBLIC),
        (ED25519_ENCRYPTED, ED25519_PUBLIC),
        (P256_PRIVATE, P256_PUBLIC),
        (P256_SEC1, P256_PUBLIC),
        (P256_SCRYPT, P256_PUBLIC),
    ] {
        let key = read(pem, Some(&secret())).unwrap();
        let public = PublicKey::from_pem(public.as_bytes()).unwrap();
        assert_eq!(*key.public(), public, "{pem}");
        let signature = key.sign(b"message").unwrap();
        assert!(public.verifies(b"message", &signature), "{pem}");
        assert!(!public.verifies(b"massage", &signature), "{pem}");
    }
}

/// RFC 8032 §7.1, test 2, in the PKCS#8 of RFC 8410 §7.
#[test]
fn ed25519_signs_the_vector_of_the_rfc() {
    let der = HEXLOWER
        .decode(
            b"302e020100300506032b6570042204204ccd089b28ff96da9db6c346ec114e0f\
              5b8a319f35aba624da8cf6ed4fb8a6fb",
        )
        .unwrap();
    let key = SigningKey::from_pkcs8(&der).unwrap();
    assert_eq!(
        HEXLOWER.encode(&key.sign(&[0x72]).unwrap()),
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    );
}

#[test]
fn encrypted_keys_need_their_password() {
    for pem in [ED25519_ENCRYPTED, P256_SCRYPT] {
        assert_eq!(read(pem, None).err(), Some(KeyError::Encrypted));
    }
    // One wrong password in 256 leaves good padding, and must fail all the same.
    for attempt in 0..600 {
        let wrong = Password::new(format!("secret{attempt}").into_bytes());
        assert_eq!(
            read(ED25519_ENCRYPTED, Some(&wrong)).err(),
            Some(KeyError::WrongPassword),
            "{attempt}"
        );
    }
    let wrong = Password::new(Vec::new());
    assert_eq!(
        read(P256_SCRYPT, Some(&wrong)).err(),
        Some(KeyError::WrongPassword)
    );
}

#[test]
fn password_files_end_with_their_first_line() {
    for text in ["secret", "secret\n", "secret\r\n", "secret\nmore\n"] {
        let password = Password::first_line(text.as_bytes().to_vec());
        assert!(read(ED25519_ENCRYPTED, Some(&password)).is_ok(), "{text:?}");
    }
    // Spaces belong to a password.
    let password = Password::first_line(b"secret \n".to_vec());
    assert!(read(ED25519_ENCRYPTED, Some(&password)).is_err());
}

#[test]
fn passwords_and_private_keys_are_not_printed() {
    assert_eq!(format!("{:?}", secret()), "Password");
    let key = read(ED25519_PRIVATE, None).unwrap();
    let printed = format!("{key:?}");
    assert!(printed.contains("Ed25519"), "{printed}");
    assert!(printed.len() < 300, "{printed}");
}

/// Seventeen million rounds are refused without one of them being run.
#[test]
fn absurd_derivations_are_refused_at_once() {
    let started = Instant::now();
    assert_eq!(
        read(ED25519_ABSURD, Some(&secret())).err(),
        Some(KeyError::DerivationCost {
            what: "rounds of PBKDF2",
            found: 16_777_217,
            limit: 10_000_000
        })
    );
    assert!(started.elapsed() < Duration::from_millis(500));
}

/// The parameters of scrypt in a good key, replaced: N (two bytes), r, p.
#[test]
fn absurd_scrypt_parameters_are_refused_at_once() {
    let block = pem_block::blocks(P256_SCRYPT.as_bytes()).unwrap().remove(0);
    let der = block.contents();
    // INTEGER 16384, INTEGER 8, INTEGER 1
    let good = [2, 2, 0x40, 0, 2, 1, 8, 2, 1, 1];
    let place = der.windows(good.len()).position(|part| part == good);
    let place = place.unwrap();
    let read_with = |parameters: [u8; 10]| {
        let mut der = der.to_vec();
        der[place..place + good.len()].copy_from_slice(&parameters);
        read(
            &pem_block::encode("ENCRYPTED PRIVATE KEY", &der),
            Some(&secret()),
        )
        .err()
    };
    assert_eq!(read_with(good), None);
    let started = Instant::now();
    // Zero, no power of two, r = 0, p = 0; as numbers that are not the shortest encoding too.
    for parameters in [
        [2, 2, 0, 0, 2, 1, 8, 2, 1, 1],
        [2, 2, 0x40, 1, 2, 1, 8, 2, 1, 1],
        [2, 2, 0x40, 0, 2, 1, 0, 2, 1, 1],
        [2, 2, 0x40, 0, 2, 1, 8, 2, 1, 0],
    ] {
        assert!(
            matches!(
                read_with(parameters),
                Some(KeyError::UnsupportedEncryption { .. })
            ),
            "{parameters:?}"
        );
    }
    assert!(matches!(
        read_with([2, 2, 0x40, 0, 2, 1, 8, 2, 1, 0x7f]),
        Some(KeyError::DerivationCost {
            what: "blocks of work for scrypt",
            ..
        })
    ));
    assert!(started.elapsed() < Duration::from_millis(500));
}

#[test]
fn other_encryption_is_named() {
    let error = |pem: &str| read(pem, Some(&secret())).unwrap_err();
    assert_eq!(error(P256_LEGACY), KeyError::LegacyEncryption);
    for (pem, expected) in [(P256_SHA1, "HMAC-SHA-1"), (P256_PBES1, "")] {
        let text = match error(pem) {
            KeyError::UnsupportedEncryption { detail } => detail,
            other => panic!("{other:?}"),
        };
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn what_is_no_private_key_is_refused() {
    let error = |pem: &str| read(pem, None).unwrap_err();
    assert_eq!(error(RSA_PRIVATE), KeyError::NotAPrivateKey);
    assert!(matches!(error(P256_PUBLIC), KeyError::WrongBlock { .. }));
    assert!(matches!(error("text"), KeyError::Pem(_)));
    // Ed25519 with a public key that is not its own (RFC 8410 §7, version 1).
    let der = HEXLOWER
        .decode(
            b"3051020101300506032b6570042204204ccd089b28ff96da9db6c346ec114e0f\
              5b8a319f35aba624da8cf6ed4fb8a6fb812100\
              d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        )
        .unwrap();
    assert_eq!(
        SigningKey::from_pkcs8(&der).err(),
        Some(KeyError::Invalid { kind: "Ed25519" })
    );
}
