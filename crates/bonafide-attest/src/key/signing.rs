//! Private keys.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{EcdsaKeyPair, KeyPair};

use super::{Curve, KeyError, PublicKey};
use crate::pem_block;

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
        let public = PublicKey::from_point(curve, pair.public_key().as_ref())?;
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
