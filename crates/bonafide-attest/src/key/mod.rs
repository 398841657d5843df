//! Keys: elliptic curves of the OMS algorithm registry (P-256, P-384, P-521),
//! Ed25519 and RSA.

mod encrypted;
#[cfg(test)]
pub(crate) mod fixtures;
mod public;
mod signing;
#[cfg(test)]
mod tests;

use std::fmt;

use aws_lc_rs::signature::{self, EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm};
use bonafide_core::Digest;
use const_oid::ObjectIdentifier;
use sha2::{Digest as _, Sha256};

use crate::pem_block::PemError;

pub use encrypted::Password;
pub use public::PublicKey;
pub use signing::SigningKey;

/// A curve, with the hash that OMS pairs with it (FIPS 186-5 strength match).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Curve {
    /// secp256r1 with SHA-256.
    P256,
    /// secp384r1 with SHA-384.
    P384,
    /// secp521r1 with SHA-512.
    P521,
}

impl Curve {
    const ALL: [Self; 3] = [Self::P256, Self::P384, Self::P521];

    pub(crate) const fn oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Self::P256 => "1.2.840.10045.3.1.7",
            Self::P384 => "1.3.132.0.34",
            Self::P521 => "1.3.132.0.35",
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    /// With the hash that goes with the curve.
    const fn verification(self) -> &'static EcdsaVerificationAlgorithm {
        match self {
            Self::P256 => &signature::ECDSA_P256_SHA256_ASN1,
            Self::P384 => &signature::ECDSA_P384_SHA384_ASN1,
            Self::P521 => &signature::ECDSA_P521_SHA512_ASN1,
        }
    }

    /// With SHA-256 whatever the curve.
    const fn verification_with_sha256(self) -> &'static EcdsaVerificationAlgorithm {
        match self {
            Self::P256 => &signature::ECDSA_P256_SHA256_ASN1,
            Self::P384 => &signature::ECDSA_P384_SHA256_ASN1,
            Self::P521 => &signature::ECDSA_P521_SHA256_ASN1,
        }
    }

    const fn signing(self) -> &'static EcdsaSigningAlgorithm {
        match self {
            Self::P256 => &signature::ECDSA_P256_SHA256_ASN1_SIGNING,
            Self::P384 => &signature::ECDSA_P384_SHA384_ASN1_SIGNING,
            Self::P521 => &signature::ECDSA_P521_SHA512_ASN1_SIGNING,
        }
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What kind of key it is, as far as signing depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// ECDSA (FIPS 186-5).
    EllipticCurve(Curve),
    /// Pure Ed25519 (RFC 8032).
    Ed25519,
    /// RSA (RFC 8017), for PKCS#1 v1.5 and PSS.
    Rsa {
        /// Bits of the modulus: 2,048 to 8,192.
        bits: usize,
    },
}

impl KeyKind {
    /// The names that `keyDetails` of a Sigstore bundle may use for such a key
    /// (`PublicKeyDetails` in sigstore_common.proto). An RSA key has several,
    /// because the name says the padding as well; of a size that the table
    /// does not list, only the deprecated ones, which say no size.
    #[must_use]
    pub const fn key_details(self) -> &'static [&'static str] {
        match self {
            Self::EllipticCurve(Curve::P256) => &["PKIX_ECDSA_P256_SHA_256"],
            Self::EllipticCurve(Curve::P384) => &["PKIX_ECDSA_P384_SHA_384"],
            Self::EllipticCurve(Curve::P521) => &["PKIX_ECDSA_P521_SHA_512"],
            Self::Ed25519 => &["PKIX_ED25519"],
            Self::Rsa { bits: 2048 } => &[
                "PKIX_RSA_PKCS1V15_2048_SHA256",
                "PKIX_RSA_PSS_2048_SHA256",
                "PKIX_RSA_PKCS1V5",
                "PKIX_RSA_PSS",
            ],
            Self::Rsa { bits: 3072 } => &[
                "PKIX_RSA_PKCS1V15_3072_SHA256",
                "PKIX_RSA_PSS_3072_SHA256",
                "PKIX_RSA_PKCS1V5",
                "PKIX_RSA_PSS",
            ],
            Self::Rsa { bits: 4096 } => &[
                "PKIX_RSA_PKCS1V15_4096_SHA256",
                "PKIX_RSA_PSS_4096_SHA256",
                "PKIX_RSA_PKCS1V5",
                "PKIX_RSA_PSS",
            ],
            Self::Rsa { .. } => &["PKIX_RSA_PKCS1V5", "PKIX_RSA_PSS"],
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EllipticCurve(curve) => curve.fmt(formatter),
            Self::Ed25519 => formatter.write_str("Ed25519"),
            Self::Rsa { bits } => write!(formatter, "RSA with {bits} bits"),
        }
    }
}

/// Why bytes are not a key that we can use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The point is not in the uncompressed form, which everybody writes.
    #[error("elliptic-curve point is not in uncompressed form")]
    CompressedPoint,
    /// The file is not PEM.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// A PEM file of something else.
    #[error("PEM block is `{found}`, not `{expected}`")]
    WrongBlock {
        /// What was looked for.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// Several keys, or none, where one is named.
    #[error("PEM file holds {found} keys; exactly one is expected")]
    NotOneKey {
        /// How many it holds.
        found: usize,
    },
    /// The private key is encrypted.
    #[error("private key is encrypted, and no password was given")]
    Encrypted,
    /// The private key is encrypted as OpenSSL did before PKCS#8: one round of MD5.
    #[error("private key is encrypted in the legacy form (`DEK-Info`), which is not supported")]
    LegacyEncryption,
    /// Encrypted by a scheme that we do not decrypt.
    #[error(
        "private key is not encrypted by PBES2 with PBKDF2 (SHA-2) or scrypt, and AES: {detail}"
    )]
    UnsupportedEncryption {
        /// What was met.
        detail: String,
    },
    /// The file asks for more work or memory than any password needs.
    #[error("encrypted key asks for {found} {what}, more than {limit}")]
    DerivationCost {
        /// Of what.
        what: &'static str,
        /// How much it asks for.
        found: u64,
        /// How much there may be.
        limit: u64,
    },
    /// Decrypting gave no private key.
    #[error("password does not decrypt the private key")]
    WrongPassword,
    /// Not a `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7).
    #[error("not a SubjectPublicKeyInfo: {detail}")]
    Malformed {
        /// What the parser met.
        detail: String,
    },
    /// A key type or curve that no scheme here uses.
    #[error("key type {oid} is not supported; P-256, P-384, P-521, Ed25519 and RSA are")]
    UnsupportedType {
        /// Algorithm or curve identifier.
        oid: String,
    },
    /// The bytes are no key of the kind that they name: a point beside its
    /// curve, an Ed25519 point of small order or in another than its one encoding.
    #[error("not a valid {kind} key")]
    Invalid {
        /// `P-256`, `Ed25519`, `RSA`.
        kind: &'static str,
    },
    /// An RSA key that is too weak, or larger than anybody needs.
    #[error("RSA key has {bits} bits; 2048 to 8192 are supported")]
    RsaSize {
        /// Bits of the modulus.
        bits: u32,
    },
    /// No curve takes the private key.
    #[error("not a P-256, P-384, P-521 or Ed25519 private key (PKCS#8 or SEC 1)")]
    NotAPrivateKey,
    /// The library refused to sign.
    #[error("signing failed")]
    SigningFailed,
}

pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    Digest::sha256(Sha256::digest(bytes).into())
}
