//! The signature algorithms of JSF §5: names of JWA (RFC 7518) and RFC 8037.

use std::fmt;

use aws_lc_rs::digest;
use aws_lc_rs::signature::{self, RsaParameters, RsaPssSaltLength, VerificationAlgorithm};

use super::error::SignatureDefect;
use crate::rejection::excerpt;

/// An algorithm that we check. Its name fixes the kind of key, the hash and the encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsfAlgorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes.
    Ps256,
    /// RSASSA-PSS with SHA-384 and a salt of 48 bytes.
    Ps384,
    /// RSASSA-PSS with SHA-512 and a salt of 64 bytes.
    Ps512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// Pure EdDSA on Curve25519.
    Ed25519,
}

const LONGEST_SALT_SHA256: &RsaParameters =
    &signature::RSA_PSS_2048_8192_SHA256.with_pss_salt_length(RsaPssSaltLength::Max);
const LONGEST_SALT_SHA384: &RsaParameters =
    &signature::RSA_PSS_2048_8192_SHA384.with_pss_salt_length(RsaPssSaltLength::Max);
const LONGEST_SALT_SHA512: &RsaParameters =
    &signature::RSA_PSS_2048_8192_SHA512.with_pss_salt_length(RsaPssSaltLength::Max);

/// What sort of key an algorithm takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Elliptic curve secp256r1.
    P256,
    /// Elliptic curve secp384r1.
    P384,
    /// Elliptic curve secp521r1.
    P521,
    /// RSA, for PSS and PKCS #1 v1.5 alike.
    Rsa,
    /// Edwards curve 25519.
    Ed25519,
}

impl JsfAlgorithm {
    const ALL: [Self; 10] = [
        Self::Es256,
        Self::Es384,
        Self::Es512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ed25519,
    ];

    /// The name in `algorithm`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ed25519 => "Ed25519",
        }
    }

    /// What sort of key it takes.
    #[must_use]
    pub const fn key_kind(self) -> KeyKind {
        match self {
            Self::Es256 => KeyKind::P256,
            Self::Es384 => KeyKind::P384,
            Self::Es512 => KeyKind::P521,
            Self::Ps256 | Self::Ps384 | Self::Ps512 => KeyKind::Rsa,
            Self::Rs256 | Self::Rs384 | Self::Rs512 => KeyKind::Rsa,
            Self::Ed25519 => KeyKind::Ed25519,
        }
    }

    /// Names are compared as they stand: JWA names have one spelling.
    pub(super) fn named(name: &str) -> Result<Self, SignatureDefect> {
        if let Some(algorithm) = Self::ALL.into_iter().find(|known| known.name() == name) {
            return Ok(algorithm);
        }
        Err(match name {
            "HS256" | "HS384" | "HS512" => SignatureDefect::SharedSecret {
                name: name.to_owned(),
            },
            "Ed448" => SignatureDefect::Ed448,
            name if name.eq_ignore_ascii_case("none") => SignatureDefect::Unsigned,
            found => SignatureDefect::UnknownAlgorithm {
                found: excerpt(found, 100),
            },
        })
    }

    /// The exact length of a signature; an RSA one is as long as its key (RFC 7518 §3.4, RFC 8032 §5.1.6).
    pub(super) const fn value_length(self) -> Option<(usize, &'static str)> {
        match self {
            Self::Es256 | Self::Ed25519 => Some((64, "64")),
            Self::Es384 => Some((96, "96")),
            Self::Es512 => Some((132, "132")),
            _ => None,
        }
    }

    /// How the library calls it, with the hash to apply; none for Ed25519.
    pub(super) const fn verification(self) -> Option<Verification> {
        let (algorithm, hash): (&'static dyn VerificationAlgorithm, _) = match self {
            Self::Es256 => (&signature::ECDSA_P256_SHA256_FIXED, &digest::SHA256),
            Self::Es384 => (&signature::ECDSA_P384_SHA384_FIXED, &digest::SHA384),
            Self::Es512 => (&signature::ECDSA_P521_SHA512_FIXED, &digest::SHA512),
            Self::Ps256 => (&signature::RSA_PSS_2048_8192_SHA256, &digest::SHA256),
            Self::Ps384 => (&signature::RSA_PSS_2048_8192_SHA384, &digest::SHA384),
            Self::Ps512 => (&signature::RSA_PSS_2048_8192_SHA512, &digest::SHA512),
            Self::Rs256 => (&signature::RSA_PKCS1_2048_8192_SHA256, &digest::SHA256),
            Self::Rs384 => (&signature::RSA_PKCS1_2048_8192_SHA384, &digest::SHA384),
            Self::Rs512 => (&signature::RSA_PKCS1_2048_8192_SHA512, &digest::SHA512),
            Self::Ed25519 => return None,
        };
        Some(Verification { algorithm, hash })
    }

    /// The same as cdxgen takes it: PSS with the longest salt that fits the key.
    pub(super) fn dialect_verification(self) -> Option<Verification> {
        let algorithm: &'static dyn VerificationAlgorithm = match self {
            Self::Ps256 => LONGEST_SALT_SHA256,
            Self::Ps384 => LONGEST_SALT_SHA384,
            Self::Ps512 => LONGEST_SALT_SHA512,
            other => return other.verification(),
        };
        let hash = self.verification()?.hash;
        Some(Verification { algorithm, hash })
    }
}

/// How `aws-lc-rs` names an algorithm.
pub(super) struct Verification {
    pub(super) algorithm: &'static dyn VerificationAlgorithm,
    pub(super) hash: &'static digest::Algorithm,
}

impl fmt::Display for JsfAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Rsa => "RSA",
            Self::Ed25519 => "Ed25519",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_algorithm() {
        for algorithm in JsfAlgorithm::ALL {
            assert_eq!(JsfAlgorithm::named(algorithm.name()), Ok(algorithm));
            assert_eq!(
                algorithm.verification().is_none(),
                algorithm.key_kind() == KeyKind::Ed25519
            );
        }
    }

    #[test]
    fn each_refused_family_has_its_own_answer() {
        for name in ["HS256", "HS384", "HS512"] {
            let name = name.to_owned();
            assert_eq!(
                JsfAlgorithm::named(&name),
                Err(SignatureDefect::SharedSecret { name })
            );
        }
        for name in ["none", "None", "NONE", "nOnE"] {
            assert_eq!(JsfAlgorithm::named(name), Err(SignatureDefect::Unsigned));
        }
        assert_eq!(JsfAlgorithm::named("Ed448"), Err(SignatureDefect::Ed448));
        for name in [
            "", "es256", "ES256K", "EdDSA", "RS1", "ES256 ", "HS257", "urn:x",
        ] {
            let found = name.to_owned();
            assert_eq!(
                JsfAlgorithm::named(name),
                Err(SignatureDefect::UnknownAlgorithm { found })
            );
        }
    }
}
