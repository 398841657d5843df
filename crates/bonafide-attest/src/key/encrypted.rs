//! Encrypted private keys: PKCS#8 with PBES2 (RFC 8018 §6.2, RFC 7914 §7).

use std::fmt;

use der::{Decode, asn1::OctetStringRef};
use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::pkcs5::{self, EncryptionScheme, pbes2};
use zeroize::Zeroizing;

use super::KeyError;

/// What decrypts a private key. It is overwritten in memory when it is
/// dropped, and nothing prints it.
#[derive(Clone)]
pub struct Password(Zeroizing<Vec<u8>>);

impl Password {
    /// A password as it is.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The first line of a password file, without its line end, as OpenSSL's
    /// `-passin file:` takes it.
    #[must_use]
    pub fn first_line(text: Vec<u8>) -> Self {
        let mut text = Zeroizing::new(text);
        if let Some(end) = text.iter().position(|byte| *byte == b'\n') {
            text.truncate(end);
        }
        if text.last() == Some(&b'\r') {
            text.pop();
        }
        Self(text)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password")
    }
}

/// Most rounds of PBKDF2: seconds. RFC 8018 §4.2 names this number for
/// especially critical keys; common are 2,048 to 600,000.
const MOST_ROUNDS: u64 = 10_000_000;

/// Most memory of scrypt in bytes, `128 · r · (N + p)` (RFC 7914 §2 and §5).
/// OpenSSL writes keys that need 16 MiB.
const MOST_MEMORY: u64 = 256 << 20;

/// Most work of scrypt, `N · r · p`: eight times that of `N` = 2¹⁷, `r` = 8, `p` = 1.
const MOST_WORK: u64 = 1 << 23;

/// The PKCS#8 `PrivateKeyInfo` inside, still to be parsed. What the file asks
/// of the key derivation is looked at before it is begun, because the file may
/// come from anybody.
pub(super) fn decrypt(der: &[u8], password: &Password) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let unsupported = |detail: String| KeyError::UnsupportedEncryption { detail };
    let info = EncryptedPrivateKeyInfoRef::from_der(der)
        .map_err(|error| unsupported(error.to_string()))?;
    let parameters = match &info.encryption_algorithm {
        EncryptionScheme::Pbes2(parameters) => parameters,
        other => return Err(unsupported(format!("scheme {}", other.oid()))),
    };
    affordable(&parameters.kdf)?;
    let data: &OctetStringRef = info.encrypted_data;
    let mut buffer = Zeroizing::new(data.as_bytes().to_vec());
    let length = parameters
        .decrypt_in_place(password.0.as_slice(), &mut buffer)
        .map_err(|error| match error {
            pkcs5::Error::DecryptFailed => KeyError::WrongPassword,
            error => unsupported(error.to_string()),
        })?
        .len();
    buffer.truncate(length);
    // What comes out is not authenticated: a wrong password can leave good padding.
    if pkcs8::PrivateKeyInfoRef::from_der(&buffer).is_err() {
        return Err(KeyError::WrongPassword);
    }
    Ok(buffer)
}

fn affordable(derivation: &pbes2::Kdf) -> Result<(), KeyError> {
    let limit = |what: &'static str, found: u64, limit: u64| {
        if found > limit {
            return Err(KeyError::DerivationCost { what, found, limit });
        }
        Ok(())
    };
    match derivation {
        pbes2::Kdf::Pbkdf2(parameters) => {
            if parameters.prf == pbes2::Pbkdf2Prf::HmacWithSha1 {
                return Err(KeyError::UnsupportedEncryption {
                    detail: "PBKDF2 with HMAC-SHA-1".to_owned(),
                });
            }
            limit(
                "rounds of PBKDF2",
                parameters.iteration_count.into(),
                MOST_ROUNDS,
            )
        }
        pbes2::Kdf::Scrypt(parameters) => {
            let cost = parameters.cost_parameter;
            let block = u64::from(parameters.block_size);
            let parallel = u64::from(parameters.parallelization);
            // RFC 7914 §2: N is a power of two, larger than 1.
            if cost < 2 || !cost.is_power_of_two() || block == 0 || parallel == 0 {
                return Err(KeyError::UnsupportedEncryption {
                    detail: format!("scrypt with N = {cost}, r = {block}, p = {parallel}"),
                });
            }
            let memory = cost
                .saturating_add(parallel)
                .saturating_mul(block)
                .saturating_mul(128);
            limit("bytes of memory for scrypt", memory, MOST_MEMORY)?;
            let work = cost.saturating_mul(block).saturating_mul(parallel);
            limit("blocks of work for scrypt", work, MOST_WORK)
        }
        other => Err(KeyError::UnsupportedEncryption {
            detail: format!("key derivation {}", other.oid()),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrypt(cost: u64, block: u16, parallel: u16) -> Result<(), KeyError> {
        affordable(&pbes2::Kdf::Scrypt(pbes2::ScryptParams {
            salt: pbes2::Salt::new(b"salt").unwrap(),
            cost_parameter: cost,
            block_size: block,
            parallelization: parallel,
            key_length: None,
        }))
    }

    #[test]
    fn usual_scrypt_parameters_are_affordable_and_no_others() {
        for (cost, block, parallel) in [(1 << 14, 8, 1), (1 << 17, 8, 1), (1 << 15, 8, 8)] {
            assert_eq!(scrypt(cost, block, parallel), Ok(()));
        }
        for (cost, block, parallel) in [
            (1 << 18, 8, 1),
            (1 << 63, u16::MAX, u16::MAX),
            (2, u16::MAX, u16::MAX),
        ] {
            let error = scrypt(cost, block, parallel).unwrap_err();
            assert!(
                matches!(error, KeyError::DerivationCost { limit, .. } if limit == MOST_MEMORY),
                "{error}"
            );
        }
        let error = scrypt(1 << 16, 8, 17).unwrap_err();
        assert!(
            matches!(error, KeyError::DerivationCost { limit, .. } if limit == MOST_WORK),
            "{error}"
        );
        for cost in [0, 1, 3] {
            assert!(scrypt(cost, 8, 1).is_err(), "{cost}");
        }
    }
}
