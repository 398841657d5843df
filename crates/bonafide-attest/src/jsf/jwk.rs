//! JSON Web Keys, the public part that JSF §5 takes, as `SubjectPublicKeyInfo`.

use std::ops::RangeInclusive;

use aws_lc_rs::signature::ParsedPublicKey;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{ID_EC_PUBLIC_KEY, RSA_ENCRYPTION};
use const_oid::db::rfc8410::ID_ED_25519;
use data_encoding::BASE64URL_NOPAD;
use der::asn1::{BitString, Null, UintRef};
use der::{Any, Decode, Encode, Sequence};
use ed25519_dalek::VerifyingKey;
use serde_json::{Map, Value, json};
use x509_cert::spki::{
    AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef,
};

use super::algorithm::{JsfAlgorithm, KeyKind};
use super::error::KeyDefect;
use crate::key::{Curve, PublicKey};
use crate::rejection::excerpt;

/// Sizes of RSA modulus that the verifying library takes, in bits.
pub(super) const MODULUS_BITS: RangeInclusive<usize> = 2048..=8192;

/// RFC 8017 appendix A.1.1.
#[derive(Sequence)]
pub(super) struct RsaPublicKey<'a> {
    pub(super) modulus: UintRef<'a>,
    pub(super) public_exponent: UintRef<'a>,
}

/// A key that a document carries. It proves nothing by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EmbeddedKey {
    pub(super) kind: KeyKind,
    /// DER `SubjectPublicKeyInfo`.
    pub(super) der: Vec<u8>,
}

impl EmbeddedKey {
    /// Reads a `publicKey` object; it may have the members of its type and no others.
    pub(super) fn from_jwk(mut members: Map<String, Value>) -> Result<Self, KeyDefect> {
        let kind = text(&mut members, "kty")?;
        let key = match &*kind {
            "EC" => Self::elliptic(&mut members)?,
            "RSA" => Self::rsa(&mut members)?,
            "OKP" => Self::edwards(&mut members)?,
            found => {
                return Err(KeyDefect::UnknownType {
                    found: excerpt(found, 100),
                });
            }
        };
        match members.keys().next() {
            None => Ok(key),
            Some(name) => Err(KeyDefect::UnknownMember {
                name: excerpt(name, 100),
            }),
        }
    }

    /// RFC 7518 §6.2.1.
    fn elliptic(members: &mut Map<String, Value>) -> Result<Self, KeyDefect> {
        let (curve, kind, algorithm, size) = match &*text(members, "crv")? {
            "P-256" => (Curve::P256, KeyKind::P256, JsfAlgorithm::Es256, 32),
            "P-384" => (Curve::P384, KeyKind::P384, JsfAlgorithm::Es384, 48),
            "P-521" => (Curve::P521, KeyKind::P521, JsfAlgorithm::Es512, 66),
            found => return Err(unknown_curve(found)),
        };
        let mut point = vec![4];
        point.extend(coordinate(members, "x", size)?);
        point.extend(coordinate(members, "y", size)?);
        let on_curve = algorithm
            .verification()
            .is_some_and(|named| ParsedPublicKey::new(named.algorithm, &point).is_ok());
        let parameters = Any::from(curve.oid());
        Self::encoded(kind, on_curve, ID_EC_PUBLIC_KEY, Some(parameters), &point)
    }

    /// RFC 7518 §6.3.1, with the rule of JSF §4 for numbers.
    fn rsa(members: &mut Map<String, Value>) -> Result<Self, KeyDefect> {
        let modulus = integer(members, "n")?;
        let exponent = integer(members, "e")?;
        let found = bits(&modulus);
        if !MODULUS_BITS.contains(&found) {
            return Err(KeyDefect::ModulusSize { found });
        }
        let kind = KeyKind::Rsa;
        let der = UintRef::new(&modulus)
            .and_then(|modulus| {
                let public_exponent = UintRef::new(&exponent)?;
                RsaPublicKey {
                    modulus,
                    public_exponent,
                }
                .to_der()
            })
            .map_err(|_| KeyDefect::Invalid { kind })?;
        let usable = JsfAlgorithm::Rs256
            .verification()
            .is_some_and(|named| ParsedPublicKey::new(named.algorithm, &der).is_ok());
        Self::encoded(kind, usable, RSA_ENCRYPTION, Some(Any::from(Null)), &der)
    }

    /// RFC 8037 §2.
    fn edwards(members: &mut Map<String, Value>) -> Result<Self, KeyDefect> {
        match &*text(members, "crv")? {
            "Ed25519" => (),
            found => return Err(unknown_curve(found)),
        }
        let point = coordinate(members, "x", 32)?;
        let usable = <[u8; 32]>::try_from(&*point)
            .ok()
            .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
            .is_some_and(|key| !key.is_weak());
        Self::encoded(KeyKind::Ed25519, usable, ID_ED_25519, None, &point)
    }

    fn encoded(
        kind: KeyKind,
        usable: bool,
        oid: ObjectIdentifier,
        parameters: Option<Any>,
        key: &[u8],
    ) -> Result<Self, KeyDefect> {
        let invalid = |_| KeyDefect::Invalid { kind };
        if !usable {
            return Err(KeyDefect::Invalid { kind });
        }
        let der = SubjectPublicKeyInfoOwned {
            algorithm: AlgorithmIdentifierOwned { oid, parameters },
            subject_public_key: BitString::from_bytes(key).map_err(invalid)?,
        }
        .to_der()
        .map_err(invalid)?;
        Ok(Self { kind, der })
    }
}

/// The `publicKey` of a key that signs, and the algorithm that goes with it (RFC 7518
/// §6.2.1, RFC 8037 §2); none for kinds that do not sign here.
pub(super) fn of_signer(key: &PublicKey) -> Option<(JsfAlgorithm, Value)> {
    let info = SubjectPublicKeyInfoRef::from_der(key.der()).ok()?;
    let bytes = info.subject_public_key.as_bytes()?;
    let (algorithm, curve) = match key.kind() {
        crate::key::KeyKind::EllipticCurve(Curve::P256) => (JsfAlgorithm::Es256, "P-256"),
        crate::key::KeyKind::EllipticCurve(Curve::P384) => (JsfAlgorithm::Es384, "P-384"),
        crate::key::KeyKind::EllipticCurve(Curve::P521) => (JsfAlgorithm::Es512, "P-521"),
        crate::key::KeyKind::Ed25519 => {
            let x = BASE64URL_NOPAD.encode(bytes);
            let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": x});
            return Some((JsfAlgorithm::Ed25519, jwk));
        }
        crate::key::KeyKind::Rsa { .. } => return None,
    };
    // SEC 1 §2.3.3: 4, x, y; other forms are not let in as keys.
    let point = bytes.strip_prefix(&[4])?;
    let (x, y) = point.split_at_checked(point.len() / 2)?;
    let jwk = json!({
        "kty": "EC",
        "crv": curve,
        "x": BASE64URL_NOPAD.encode(x),
        "y": BASE64URL_NOPAD.encode(y),
    });
    Some((algorithm, jwk))
}

/// Bits of a number without leading zero bytes.
pub(super) fn bits(number: &[u8]) -> usize {
    let leading = number.first().map_or(0, |byte| byte.leading_zeros());
    (number.len() * 8).saturating_sub(usize::try_from(leading).unwrap_or_default())
}

fn unknown_curve(found: &str) -> KeyDefect {
    KeyDefect::UnknownCurve {
        found: excerpt(found, 100),
    }
}

fn text(members: &mut Map<String, Value>, name: &'static str) -> Result<String, KeyDefect> {
    match members.remove(name) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(KeyDefect::Member { name }),
    }
}

fn binary(members: &mut Map<String, Value>, name: &'static str) -> Result<Vec<u8>, KeyDefect> {
    let text = text(members, name)?;
    BASE64URL_NOPAD
        .decode(text.as_bytes())
        .map_err(|_| KeyDefect::Base64 { name })
}

fn coordinate(
    members: &mut Map<String, Value>,
    name: &'static str,
    expected: usize,
) -> Result<Vec<u8>, KeyDefect> {
    let bytes = binary(members, name)?;
    if bytes.len() != expected {
        return Err(KeyDefect::CoordinateLength {
            name,
            expected,
            found: bytes.len(),
        });
    }
    Ok(bytes)
}

fn integer(members: &mut Map<String, Value>, name: &'static str) -> Result<Vec<u8>, KeyDefect> {
    let bytes = binary(members, name)?;
    match bytes.first() {
        None | Some(0) => Err(KeyDefect::PaddedInteger { name }),
        Some(_) => Ok(bytes),
    }
}
