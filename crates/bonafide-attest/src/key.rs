//! Elliptic-curve keys of the OMS algorithm registry: P-256, P-384, P-521.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, KeyPair, ParsedPublicKey,
};
use bonafide_core::Digest;
use const_oid::ObjectIdentifier;
use data_encoding::HEXLOWER;
use der::{Decode, Encode};
use sha2::{Digest as _, Sha256};
use x509_cert::spki::{
    AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef,
};

use crate::pem_block::{self, PemError};

const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

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

    /// The name that `keyDetails` of a Sigstore bundle uses (sigstore_common.proto).
    pub(crate) const fn key_details(self) -> &'static str {
        match self {
            Self::P256 => "PKIX_ECDSA_P256_SHA_256",
            Self::P384 => "PKIX_ECDSA_P384_SHA_384",
            Self::P521 => "PKIX_ECDSA_P521_SHA_512",
        }
    }

    const fn verification(self) -> &'static EcdsaVerificationAlgorithm {
        match self {
            Self::P256 => &signature::ECDSA_P256_SHA256_ASN1,
            Self::P384 => &signature::ECDSA_P384_SHA384_ASN1,
            Self::P521 => &signature::ECDSA_P521_SHA512_ASN1,
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
        formatter.write_str(match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        })
    }
}

/// Why bytes are not a key that we can use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
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
    #[error("private key is encrypted")]
    Encrypted,
    /// Not a `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7).
    #[error("not a SubjectPublicKeyInfo: {detail}")]
    Malformed {
        /// What the parser met.
        detail: String,
    },
    /// A key type or curve that OMS does not register.
    #[error("key type {oid} is not supported; OMS v1.0 registers P-256, P-384 and P-521")]
    UnsupportedType {
        /// Algorithm or curve identifier.
        oid: String,
    },
    /// The point is not on the curve, or the private key does not parse.
    #[error("not a valid {curve} key")]
    Invalid {
        /// The curve that the key names.
        curve: Curve,
    },
    /// No curve takes the private key.
    #[error("not a P-256, P-384 or P-521 private key (PKCS#8 or SEC 1)")]
    NotAPrivateKey,
    /// The library refused to sign.
    #[error("signing failed")]
    SigningFailed,
}

/// A public key, checked to be on its curve.
#[derive(Debug, Clone)]
pub struct PublicKey {
    curve: Curve,
    der: Vec<u8>,
    parsed: ParsedPublicKey,
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for PublicKey {}

impl PublicKey {
    /// Reads the one `PUBLIC KEY` block of a PEM file.
    pub fn from_pem(text: &[u8]) -> Result<Self, KeyError> {
        let blocks = pem_block::blocks(text)?;
        let keys: Vec<_> = blocks
            .iter()
            .filter(|block| block.tag() != "EC PARAMETERS")
            .collect();
        match keys.as_slice() {
            [block] if block.tag() == "PUBLIC KEY" => Self::from_der(block.contents()),
            [block] => Err(KeyError::WrongBlock {
                expected: "PUBLIC KEY",
                found: block.tag().to_owned(),
            }),
            keys => Err(KeyError::NotOneKey { found: keys.len() }),
        }
    }

    /// Reads a DER `SubjectPublicKeyInfo`.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|error| KeyError::Malformed {
            detail: error.to_string(),
        })?;
        if info.algorithm.oid != EC_PUBLIC_KEY {
            return Err(KeyError::UnsupportedType {
                oid: info.algorithm.oid.to_string(),
            });
        }
        let named_curve = info
            .algorithm
            .parameters_oid()
            .map_err(|error| KeyError::Malformed {
                detail: error.to_string(),
            })?;
        let curve = Curve::ALL
            .into_iter()
            .find(|curve| curve.oid() == named_curve)
            .ok_or_else(|| KeyError::UnsupportedType {
                oid: named_curve.to_string(),
            })?;
        let point = info
            .subject_public_key
            .as_bytes()
            .ok_or(KeyError::Invalid { curve })?;
        Self::from_point(curve, point, der.to_vec())
    }

    fn from_point(curve: Curve, point: &[u8], der: Vec<u8>) -> Result<Self, KeyError> {
        let parsed = ParsedPublicKey::new(curve.verification(), point)
            .map_err(|_| KeyError::Invalid { curve })?;
        Ok(Self { curve, der, parsed })
    }

    /// The curve.
    #[must_use]
    pub const fn curve(&self) -> Curve {
        self.curve
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

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.parsed.verify_sig(message, signature).is_ok()
    }
}

/// A private key for signing.
pub struct SigningKey {
    pair: EcdsaKeyPair,
    public: PublicKey,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SigningKey")
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Reads `PRIVATE KEY` (PKCS#8) or `EC PRIVATE KEY` (SEC 1) from a PEM file.
    pub fn from_pem(text: &[u8]) -> Result<Self, KeyError> {
        let blocks = pem_block::blocks(text)?;
        let block = blocks
            .iter()
            .find(|block| block.tag() != "EC PARAMETERS")
            .ok_or(KeyError::NotAPrivateKey)?;
        match block.tag() {
            "ENCRYPTED PRIVATE KEY" => return Err(KeyError::Encrypted),
            "EC PRIVATE KEY" if block.headers().get("DEK-Info").is_some() => {
                return Err(KeyError::Encrypted);
            }
            "PRIVATE KEY" | "EC PRIVATE KEY" => {}
            found => {
                return Err(KeyError::WrongBlock {
                    expected: "PRIVATE KEY",
                    found: found.to_owned(),
                });
            }
        }
        Curve::ALL
            .into_iter()
            .find_map(|curve| {
                EcdsaKeyPair::from_private_key_der(curve.signing(), block.contents())
                    .ok()
                    .map(|pair| (curve, pair))
            })
            .ok_or(KeyError::NotAPrivateKey)
            .and_then(|(curve, pair)| Self::from_pair(curve, pair))
    }

    fn from_pair(curve: Curve, pair: EcdsaKeyPair) -> Result<Self, KeyError> {
        let point = pair.public_key().as_ref();
        let malformed = |error: der::Error| KeyError::Malformed {
            detail: error.to_string(),
        };
        let der = SubjectPublicKeyInfoOwned {
            algorithm: AlgorithmIdentifierOwned {
                oid: EC_PUBLIC_KEY,
                parameters: Some(der::Any::from(curve.oid())),
            },
            subject_public_key: der::asn1::BitString::from_bytes(point).map_err(malformed)?,
        }
        .to_der()
        .map_err(malformed)?;
        let public = PublicKey::from_point(curve, point, der)?;
        Ok(Self { pair, public })
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// An ASN.1 DER ECDSA signature over the message.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.pair
            .sign(&SystemRandom::new(), message)
            .map(|signature| signature.as_ref().to_vec())
            .map_err(|_| KeyError::SigningFailed)
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    Digest::sha256(Sha256::digest(bytes).into())
}
