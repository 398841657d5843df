//! Signatures on certificates and revocation lists: which algorithm fits which key.

use aws_lc_rs::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5912, rfc8410};
use der::asn1::BitString;
use der::{AnyRef, Decode, Encode, Reader, SliceReader};
use x509_cert::spki::{
    AlgorithmIdentifierOwned, AlgorithmIdentifierRef, SubjectPublicKeyInfoOwned,
};

use crate::key::Curve;

/// True when the holder of `key` signed `message`.
pub(crate) fn verifies(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    message: &[u8],
    signature: &BitString,
) -> bool {
    let Some(algorithm) = verification(algorithm, &key.algorithm) else {
        return false;
    };
    // A bit string with unused bits is no signature: the count of unused bits is
    // not signed, so it must not be free to vary.
    let (Some(key), Some(signature)) = (key.subject_public_key.as_bytes(), signature.as_bytes())
    else {
        return false;
    };
    UnparsedPublicKey::new(algorithm, key)
        .verify(message, signature)
        .is_ok()
}

/// The algorithm that fits the signature and the signer's key. SHA-1 and RSA
/// below 2,048 bits are not among them.
fn verification(
    signature: &AlgorithmIdentifierOwned,
    key: &AlgorithmIdentifierOwned,
) -> Option<&'static dyn VerificationAlgorithm> {
    if key.oid == rfc5912::RSA_ENCRYPTION {
        return match signature.oid {
            rfc5912::SHA_256_WITH_RSA_ENCRYPTION => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
            rfc5912::SHA_384_WITH_RSA_ENCRYPTION => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
            rfc5912::SHA_512_WITH_RSA_ENCRYPTION => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
            rfc5912::ID_RSASSA_PSS => pss(&signature.parameters.as_ref()?.to_der().ok()?),
            _ => None,
        };
    }
    if key.oid == rfc8410::ID_ED_25519 && signature.oid == rfc8410::ID_ED_25519 {
        return Some(&signature::ED25519);
    }
    if key.oid != rfc5912::ID_EC_PUBLIC_KEY {
        return None;
    }
    let named_curve = key
        .parameters
        .as_ref()?
        .decode_as::<ObjectIdentifier>()
        .ok()?;
    let curve = [Curve::P256, Curve::P384, Curve::P521]
        .into_iter()
        .find(|known| known.oid() == named_curve)?;
    Some(match (curve, signature.oid) {
        (Curve::P256, rfc5912::ECDSA_WITH_SHA_256) => &signature::ECDSA_P256_SHA256_ASN1,
        (Curve::P256, rfc5912::ECDSA_WITH_SHA_384) => &signature::ECDSA_P256_SHA384_ASN1,
        (Curve::P256, rfc5912::ECDSA_WITH_SHA_512) => &signature::ECDSA_P256_SHA512_ASN1,
        (Curve::P384, rfc5912::ECDSA_WITH_SHA_256) => &signature::ECDSA_P384_SHA256_ASN1,
        (Curve::P384, rfc5912::ECDSA_WITH_SHA_384) => &signature::ECDSA_P384_SHA384_ASN1,
        (Curve::P384, rfc5912::ECDSA_WITH_SHA_512) => &signature::ECDSA_P384_SHA512_ASN1,
        (Curve::P521, rfc5912::ECDSA_WITH_SHA_256) => &signature::ECDSA_P521_SHA256_ASN1,
        (Curve::P521, rfc5912::ECDSA_WITH_SHA_384) => &signature::ECDSA_P521_SHA384_ASN1,
        (Curve::P521, rfc5912::ECDSA_WITH_SHA_512) => &signature::ECDSA_P521_SHA512_ASN1,
        _ => return None,
    })
}

/// RSASSA-PSS (RFC 4055 §3.1) with one hash throughout and a salt of its length:
/// the only form that certificate authorities use, and the only one that the
/// cryptography below offers. The defaults of the ASN.1 are SHA-1 and a salt of
/// 20 bytes, so an absent field means refusal.
fn pss(parameters: &[u8]) -> Option<&'static dyn VerificationAlgorithm> {
    let mut reader = fields(parameters)?;
    let hash = AlgorithmIdentifierRef::from_der(explicit(&mut reader, 0)?).ok()?;
    let mask = AlgorithmIdentifierRef::from_der(explicit(&mut reader, 1)?).ok()?;
    let salt = u16::from_der(explicit(&mut reader, 2)?).ok()?;
    // DER leaves out a trailer field of 1; some encoders write it all the same.
    if !reader.is_finished() && u8::from_der(explicit(&mut reader, 3)?).ok()? != 1 {
        return None;
    }
    reader.finish().ok()?;
    let mask_hash = mask
        .parameters?
        .decode_as::<AlgorithmIdentifierRef<'_>>()
        .ok()?;
    if mask.oid != rfc5912::ID_MGF_1
        || mask_hash.oid != hash.oid
        || !without_parameters(&hash)
        || !without_parameters(&mask_hash)
    {
        return None;
    }
    match (hash.oid, salt) {
        (rfc5912::ID_SHA_256, 32) => Some(&signature::RSA_PSS_2048_8192_SHA256),
        (rfc5912::ID_SHA_384, 48) => Some(&signature::RSA_PSS_2048_8192_SHA384),
        (rfc5912::ID_SHA_512, 64) => Some(&signature::RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}

/// What is inside a SEQUENCE.
fn fields(der: &[u8]) -> Option<SliceReader<'_>> {
    let sequence = AnyRef::from_der(der).ok()?;
    if der::Tagged::tag(&sequence) != der::Tag::Sequence {
        return None;
    }
    SliceReader::new(sequence.value()).ok()
}

/// What is inside the next field, if it is tagged `[number] EXPLICIT`.
fn explicit<'a>(reader: &mut SliceReader<'a>, number: u32) -> Option<&'a [u8]> {
    let field: AnyRef<'a> = reader.decode().ok()?;
    let tag = der::Tag::ContextSpecific {
        constructed: true,
        number: der::TagNumber(number),
    };
    (der::Tagged::tag(&field) == tag).then(|| field.value())
}

/// RFC 4055 §2.1: NULL and nothing mean the same here.
fn without_parameters(algorithm: &AlgorithmIdentifierRef<'_>) -> bool {
    algorithm
        .parameters
        .is_none_or(|parameters| parameters.is_null())
}
