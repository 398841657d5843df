//! Public keys, and whether they made a signature.

use std::fmt;

use aws_lc_rs::signature::{
    self, ParsedPublicKey, RsaParameters, RsaPssSaltLength, UnparsedPublicKey,
};
use bonafide_core::Digest;
use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5912, rfc8410};
use data_encoding::HEXLOWER;
use der::{Any, Decode, Encode};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha256};
use x509_cert::spki::{
    AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef,
};

use super::{Curve, KeyError, KeyKind, sha256};
use crate::pem_block;
use crate::rejection::excerpt;

/// A public key, checked to be one: on its curve, of its order, of its size.
#[derive(Clone)]
pub struct PublicKey {
    /// The `SubjectPublicKeyInfo`, which is what identifies the key.
    der: Vec<u8>,
    material: Material,
}

#[derive(Clone)]
enum Material {
    EllipticCurve {
        curve: Curve,
        key: ParsedPublicKey,
    },
    Ed25519(Box<VerifyingKey>),
    /// An `RSAPublicKey` (RFC 8017 A.1.1) in DER.
    Rsa {
        bits: usize,
        key: Vec<u8>,
    },
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PublicKey")
            .field("kind", &self.kind())
            .field("fingerprint", &self.fingerprint())
            .finish_non_exhaustive()
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for PublicKey {}

impl PublicKey {
    /// Reads the one `PUBLIC KEY` or `RSA PUBLIC KEY` (PKCS#1) block of a PEM file.
    ///
    /// # Errors
    ///
    /// Anything else than one such block, and what [`Self::from_der`] refuses.
    pub fn from_pem(text: &[u8]) -> Result<Self, KeyError> {
        let blocks = pem_block::blocks(text)?;
        let keys: Vec<_> = blocks
            .iter()
            .filter(|block| block.tag() != "EC PARAMETERS")
            .collect();
        match keys.as_slice() {
            [block] if block.tag() == "PUBLIC KEY" => Self::from_der(block.contents()),
            [block] if block.tag() == "RSA PUBLIC KEY" => {
                let parameters = Some(Any::null());
                Self::from_der(&info(
                    rfc5912::RSA_ENCRYPTION,
                    parameters,
                    block.contents(),
                )?)
            }
            [block] => Err(KeyError::WrongBlock {
                expected: "PUBLIC KEY",
                found: excerpt(block.tag(), 60),
            }),
            keys => Err(KeyError::NotOneKey { found: keys.len() }),
        }
    }

    /// Reads a DER `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7).
    ///
    /// # Errors
    ///
    /// Other DER, algorithms and curves that are not supported, and keys that
    /// are not sound: see [`KeyError`].
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(malformed)?;
        let key = info.subject_public_key.as_bytes();
        let parameters = info.algorithm.parameters;
        let material = match info.algorithm.oid {
            rfc5912::ID_EC_PUBLIC_KEY => {
                let named = info.algorithm.parameters_oid().map_err(malformed)?;
                let curve = Curve::ALL
                    .into_iter()
                    .find(|curve| curve.oid() == named)
                    .ok_or_else(|| KeyError::UnsupportedType {
                        oid: named.to_string(),
                    })?;
                let point = key.unwrap_or_default();
                // A compressed point would give the same key a second fingerprint, past
                // which a deny-list could be slipped (RFC 5480 §2.2 makes it optional).
                if matches!(point.first(), Some(0x02 | 0x03)) {
                    return Err(KeyError::CompressedPoint);
                }
                elliptic_curve(curve, point)?
            }
            // RFC 8410 §3: the parameters must be absent.
            rfc8410::ID_ED_25519 if parameters.is_none() => ed25519(key.unwrap_or_default())?,
            // RFC 3279 §2.3.1: the parameters must be NULL.
            rfc5912::RSA_ENCRYPTION if parameters.is_some_and(|any| any.is_null()) => {
                rsa(key.unwrap_or_default())?
            }
            rfc8410::ID_ED_25519 | rfc5912::RSA_ENCRYPTION => {
                return Err(KeyError::Malformed {
                    detail: "algorithm parameters are not those of the key type".to_owned(),
                });
            }
            oid => {
                return Err(KeyError::UnsupportedType {
                    oid: oid.to_string(),
                });
            }
        };
        Ok(Self {
            der: der.to_vec(),
            material,
        })
    }

    /// The key of a point on a curve, in SEC 1 form.
    pub(super) fn from_point(curve: Curve, point: &[u8]) -> Result<Self, KeyError> {
        let parameters = Some(Any::from(curve.oid()));
        Ok(Self {
            der: info(rfc5912::ID_EC_PUBLIC_KEY, parameters, point)?,
            material: elliptic_curve(curve, point)?,
        })
    }

    /// The key of an Ed25519 point (RFC 8410 §4).
    pub(super) fn from_ed25519(point: &[u8]) -> Result<Self, KeyError> {
        Ok(Self {
            der: info(rfc8410::ID_ED_25519, None, point)?,
            material: ed25519(point)?,
        })
    }

    /// What kind of key it is.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        match &self.material {
            Material::EllipticCurve { curve, .. } => KeyKind::EllipticCurve(*curve),
            Material::Ed25519(_) => KeyKind::Ed25519,
            Material::Rsa { bits, .. } => KeyKind::Rsa { bits: *bits },
        }
    }

    /// The `SubjectPublicKeyInfo` in DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 of the DER form: the usual fingerprint of a public key.
    #[must_use]
    pub fn fingerprint(&self) -> Digest {
        sha256(&self.der)
    }

    /// The `hint` of OMS bundles: SHA-256 in hexadecimal of the PEM text with
    /// its final newline. The specification leaves the encoding open; this is
    /// what the reference tool writes and demands.
    #[must_use]
    pub fn hint(&self) -> String {
        let text = pem_block::encode("PUBLIC KEY", &self.der);
        HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
    }

    /// True when a bundle's hint means this key: SHA-256 over PEM text or DER.
    pub(crate) fn answers_to(&self, hint: &str) -> bool {
        hint == self.hint() || hint == self.fingerprint().hex()
    }

    /// True when this key made the signature.
    ///
    /// - Elliptic curves: ECDSA in ASN.1 DER with the curve's hash.
    /// - Ed25519: pure, and strict: small-order points and second encodings of
    ///   a signature fail (RFC 8032 leaves some of this to the verifier).
    /// - RSA: PKCS#1 v1.5 or PSS, each with SHA-256, SHA-384 or SHA-512. PSS
    ///   with MGF1 over the same hash, and a salt of the hash's length or the
    ///   longest one, which are what signers write.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.material {
            Material::EllipticCurve { key, .. } => key.verify_sig(message, signature).is_ok(),
            Material::Ed25519(key) => Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Material::Rsa { key, .. } => RSA.iter().any(|parameters| {
                UnparsedPublicKey::new(*parameters, key)
                    .verify(message, signature)
                    .is_ok()
            }),
        }
    }

    /// True when this key made the signature by ECDSA with SHA-256, whatever
    /// the curve: what model_signing 0.2 writes for P-384 and P-521. Never
    /// true for other kinds of keys.
    #[must_use]
    pub(crate) fn verifies_with_sha256(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.material {
            Material::EllipticCurve { curve, key } => {
                UnparsedPublicKey::new(curve.verification_with_sha256(), key.as_ref())
                    .verify(message, signature)
                    .is_ok()
            }
            Material::Ed25519(_) | Material::Rsa { .. } => false,
        }
    }

    /// True when this key made the signature of a DSSE envelope, `message`
    /// being the pre-authentication encoding.
    ///
    /// DSSE v1.0 leaves the hash to the key's owner. securesystemslib pairs
    /// curve and hash as [`Self::verifies`] does; cosign has signed with SHA-256
    /// on every curve. Both count; both are sound on these curves.
    #[must_use]
    pub fn verifies_dsse(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verifies(message, signature) || self.verifies_with_sha256(message, signature)
    }
}

/// The RSA signatures that count: no SHA-1, no modulus below 2,048 bits.
const RSA: [&RsaParameters; 9] = [
    &signature::RSA_PKCS1_2048_8192_SHA256,
    &signature::RSA_PSS_2048_8192_SHA256,
    &signature::RSA_PKCS1_2048_8192_SHA384,
    &signature::RSA_PKCS1_2048_8192_SHA512,
    &signature::RSA_PSS_2048_8192_SHA384,
    &signature::RSA_PSS_2048_8192_SHA512,
    &signature::RSA_PSS_2048_8192_SHA256.with_pss_salt_length(RsaPssSaltLength::Max),
    &signature::RSA_PSS_2048_8192_SHA384.with_pss_salt_length(RsaPssSaltLength::Max),
    &signature::RSA_PSS_2048_8192_SHA512.with_pss_salt_length(RsaPssSaltLength::Max),
];

fn elliptic_curve(curve: Curve, point: &[u8]) -> Result<Material, KeyError> {
    let invalid = KeyError::Invalid { kind: curve.name() };
    // SEC 1 §2.3.3; the library would also take a second SubjectPublicKeyInfo in its place.
    if !matches!(point.first(), Some(2..=4)) {
        return Err(invalid);
    }
    let key = ParsedPublicKey::new(curve.verification(), point).map_err(|_| invalid)?;
    Ok(Material::EllipticCurve { curve, key })
}

/// A point of small order verifies signatures that nobody made, and a second
/// encoding of a point would give one key two fingerprints.
fn ed25519(bytes: &[u8]) -> Result<Material, KeyError> {
    <&[u8; 32]>::try_from(bytes)
        .ok()
        .and_then(|bytes| VerifyingKey::from_bytes(bytes).ok())
        .filter(|key| !key.is_weak() && key.to_edwards().compress().as_bytes() == bytes)
        .map(|key| Material::Ed25519(Box::new(key)))
        .ok_or(KeyError::Invalid { kind: "Ed25519" })
}

fn rsa(key: &[u8]) -> Result<Material, KeyError> {
    let bits =
        RsaParameters::public_modulus_len(key).map_err(|_| KeyError::Invalid { kind: "RSA" })?;
    let parameters = &signature::RSA_PKCS1_2048_8192_SHA256;
    if !(parameters.min_modulus_len()..=parameters.max_modulus_len()).contains(&bits) {
        return Err(KeyError::RsaSize { bits });
    }
    Ok(Material::Rsa {
        bits: usize::try_from(bits).map_err(|_| KeyError::RsaSize { bits })?,
        key: key.to_vec(),
    })
}

pub(super) fn info(
    oid: ObjectIdentifier,
    parameters: Option<Any>,
    key: &[u8],
) -> Result<Vec<u8>, KeyError> {
    SubjectPublicKeyInfoOwned {
        algorithm: AlgorithmIdentifierOwned { oid, parameters },
        subject_public_key: der::asn1::BitString::from_bytes(key).map_err(malformed)?,
    }
    .to_der()
    .map_err(malformed)
}

fn malformed(error: impl fmt::Display) -> KeyError {
    KeyError::Malformed {
        detail: error.to_string(),
    }
}
