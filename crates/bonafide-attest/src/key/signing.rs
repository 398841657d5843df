//! Private keys.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{EcdsaKeyPair, KeyPair};
use const_oid::db::rfc8410;
use der::Decode;
use ed25519_dalek::Signer;
use pkcs8::PrivateKeyInfoRef;
use zeroize::Zeroizing;

use super::encrypted::{Password, decrypt};
use super::{Curve, KeyError, PublicKey};
use crate::pem_block;
use crate::rejection::excerpt;

/// A private key for signing.
pub struct SigningKey {
    pair: Pair,
    public: PublicKey,
}

enum Pair {
    EllipticCurve(EcdsaKeyPair),
    /// Overwrites itself when it is dropped.
    Ed25519(Box<ed25519_dalek::SigningKey>),
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
    /// Reads `PRIVATE KEY` (PKCS#8), `ENCRYPTED PRIVATE KEY` (PKCS#8 with
    /// PBES2) or `EC PRIVATE KEY` (SEC 1) from a PEM file: P-256, P-384, P-521,
    /// and in PKCS#8 also Ed25519. A password for a key that is not encrypted
    /// is not used.
    ///
    /// The decoded key is overwritten in memory as soon as it has been read;
    /// `text` is the caller's to overwrite.
    ///
    /// # Errors
    ///
    /// [`KeyError::Encrypted`] without a password, [`KeyError::WrongPassword`],
    /// [`KeyError::DerivationCost`] before any work is done, and what is no
    /// private key or one of another kind.
    pub fn from_pem(text: &[u8], password: Option<&Password>) -> Result<Self, KeyError> {
        let block = pem_block::blocks(text)?
            .into_iter()
            .find(|block| block.tag() != "EC PARAMETERS")
            .ok_or(KeyError::NotAPrivateKey)?;
        if block.headers().get("DEK-Info").is_some() {
            return Err(KeyError::LegacyEncryption);
        }
        let tag = block.tag().to_owned();
        let contents = Zeroizing::new(block.into_contents());
        match tag.as_str() {
            "PRIVATE KEY" => Self::from_pkcs8(&contents),
            "EC PRIVATE KEY" => Self::elliptic_curve(&contents),
            "ENCRYPTED PRIVATE KEY" => {
                let password = password.ok_or(KeyError::Encrypted)?;
                Self::from_pkcs8(&decrypt(&contents, password)?)
            }
            _ => Err(KeyError::WrongBlock {
                expected: "PRIVATE KEY",
                found: excerpt(&tag, 60),
            }),
        }
    }

    fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        match PrivateKeyInfoRef::from_der(der) {
            Ok(info) if info.algorithm.oid == rfc8410::ID_ED_25519 => Self::ed25519(info),
            // What the stricter parser refuses may still be a key to the other.
            _ => Self::elliptic_curve(der),
        }
    }

    /// RFC 8410 §7. A public key beside the private one has to fit it.
    fn ed25519(info: PrivateKeyInfoRef<'_>) -> Result<Self, KeyError> {
        let pair = ed25519_dalek::SigningKey::try_from(info)
            .map_err(|_| KeyError::Invalid { kind: "Ed25519" })?;
        let public = PublicKey::from_ed25519(pair.verifying_key().as_bytes())?;
        Ok(Self {
            pair: Pair::Ed25519(Box::new(pair)),
            public,
        })
    }

    fn elliptic_curve(der: &[u8]) -> Result<Self, KeyError> {
        let (curve, pair) = Curve::ALL
            .into_iter()
            .find_map(|curve| {
                EcdsaKeyPair::from_private_key_der(curve.signing(), der)
                    .ok()
                    .map(|pair| (curve, pair))
            })
            .ok_or(KeyError::NotAPrivateKey)?;
        let public = PublicKey::from_point(curve, pair.public_key().as_ref())?;
        Ok(Self {
            pair: Pair::EllipticCurve(pair),
            public,
        })
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The signature over the message: ECDSA in ASN.1 DER with the curve's
    /// hash, which is random, or Ed25519, which is always the same.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match &self.pair {
            Pair::EllipticCurve(pair) => pair
                .sign(&SystemRandom::new(), message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| KeyError::SigningFailed),
            Pair::Ed25519(pair) => pair
                .try_sign(message)
                .map(|signature| signature.to_vec())
                .map_err(|_| KeyError::SigningFailed),
        }
    }
}

#[cfg(test)]
mod tests;
