//! X.509 certificates (RFC 5280), as far as signing models needs them.

use bonafide_core::Digest;
use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5280, rfc5912};
use der::asn1::BitString;
use der::{AnyRef, Decode, Encode, Reader, SliceReader};
use jiff::Timestamp;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    BasicConstraints, ExtendedKeyUsage, KeyUsage, NameConstraints, SubjectAltName,
};
use x509_cert::name::Name;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use crate::certificate_signature;
use crate::ecdsa_twin;
use crate::key::{KeyError, PublicKey, sha256};
use crate::name_constraints;
use crate::pem_block::{self, PemError};
use crate::time::timestamp;

/// Why bytes are not a certificate that we can use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// The file is not PEM.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// A PEM block of something else.
    #[error("PEM block is `{found}`, not `CERTIFICATE`")]
    WrongBlock {
        /// What is there.
        found: String,
    },
    /// Not a certificate in DER.
    #[error("not a DER certificate: {detail}")]
    Malformed {
        /// What the parser met.
        detail: String,
    },
    /// Larger than any certificate that names a signer.
    #[error("certificate has {found} {what}, more than {limit}")]
    TooLarge {
        /// `bytes` or `extensions`.
        what: &'static str,
        /// How many.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Its key is of a kind that cannot sign models.
    #[error("certificate's key cannot be used: {0}")]
    UnusableKey(Box<KeyError>),
    /// Its key is written in one of several ways, so that it would have several fingerprints.
    #[error("certificate's key is not written in the usual way: {detail}")]
    UnusualKey {
        /// What is unusual.
        detail: &'static str,
    },
    /// The same extension twice (RFC 5280 §4.2 forbids it).
    #[error("certificate has extension {oid} twice")]
    DuplicateExtension {
        /// The extension.
        oid: String,
    },
}

/// Largest certificate in bytes; real ones have one or two thousand.
const MOST_BYTES: usize = 64 << 10;

/// Most extensions; real ones have about ten.
const MOST_EXTENSIONS: usize = 64;

/// First byte of a point that is written whole (SEC 1 §2.3.3).
const UNCOMPRESSED: u8 = 4;

/// What a certificate says its key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyUses {
    /// KeyUsage is present.
    pub(crate) restricted: bool,
    pub(crate) digital_signature: bool,
    pub(crate) certificate_signing: bool,
    pub(crate) list_signing: bool,
}

/// A parsed certificate. Parsing proves nothing; only a path to a trusted authority does.
#[derive(Debug, Clone)]
pub struct Certificate {
    der: Vec<u8>,
    inner: x509_cert::Certificate,
    signed_part: Vec<u8>,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    pub(crate) constraints: Option<BasicConstraints>,
    pub(crate) key_uses: KeyUses,
    /// None when the extension is absent.
    pub(crate) extended_uses: Option<Vec<ObjectIdentifier>>,
    /// Critical extensions, and name constraints, that we do not evaluate.
    pub(crate) unevaluated: Vec<ObjectIdentifier>,
    /// None when there are none, or when they are among the unevaluated.
    pub(crate) name_constraints: Option<NameConstraints>,
    names: Vec<String>,
    pub(crate) alternative_names: Vec<GeneralName>,
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

/// Extensions that [`crate::path`] evaluates, or that restrict nothing when
/// every certificate policy is acceptable.
const EVALUATED: [ObjectIdentifier; 7] = [
    rfc5280::ID_CE_BASIC_CONSTRAINTS,
    rfc5280::ID_CE_KEY_USAGE,
    rfc5280::ID_CE_EXT_KEY_USAGE,
    rfc5280::ID_CE_SUBJECT_ALT_NAME,
    rfc5280::ID_CE_SUBJECT_KEY_IDENTIFIER,
    rfc5280::ID_CE_AUTHORITY_KEY_IDENTIFIER,
    rfc5280::ID_CE_CERTIFICATE_POLICIES,
];

impl Certificate {
    /// Reads every `CERTIFICATE` block of a PEM file.
    pub fn from_pem(text: &[u8]) -> Result<Vec<Self>, CertificateError> {
        pem_block::blocks(text)?
            .iter()
            .map(|block| match block.tag() {
                "CERTIFICATE" => Self::from_der(block.contents()),
                found => Err(CertificateError::WrongBlock {
                    found: found.to_owned(),
                }),
            })
            .collect()
    }

    /// Reads one DER certificate.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        limit("bytes", der.len(), MOST_BYTES)?;
        let inner = x509_cert::Certificate::from_der(der).map_err(malformed)?;
        let tbs = inner.tbs_certificate();
        let extensions = tbs.extensions().map_or(&[][..], Vec::as_slice);
        limit("extensions", extensions.len(), MOST_EXTENSIONS)?;
        for (index, extension) in extensions.iter().enumerate() {
            let earlier = extensions.iter().take(index);
            if earlier
                .into_iter()
                .any(|other| other.extn_id == extension.extn_id)
            {
                return Err(CertificateError::DuplicateExtension {
                    oid: extension.extn_id.to_string(),
                });
            }
        }
        usual_key(tbs.subject_public_key_info())?;
        // Constraints that we cannot read, or not evaluate, are refused, critical or not.
        let name_constraints = tbs
            .get_extension::<NameConstraints>()
            .ok()
            .flatten()
            .map(|(_, constraints)| constraints)
            .filter(name_constraints::are_supported);
        let unevaluated = extensions
            .iter()
            .filter(|extension| {
                if extension.extn_id == name_constraints::OID {
                    name_constraints.is_none()
                } else {
                    extension.critical && !EVALUATED.contains(&extension.extn_id)
                }
            })
            .map(|extension| extension.extn_id)
            .collect();
        let key_usage = tbs.get_extension::<KeyUsage>().map_err(malformed)?;
        let key_uses = key_usage.map_or(
            KeyUses {
                restricted: false,
                digital_signature: false,
                certificate_signing: false,
                list_signing: false,
            },
            |(_, usage)| KeyUses {
                restricted: true,
                digital_signature: usage.digital_signature(),
                certificate_signing: usage.key_cert_sign(),
                list_signing: usage.crl_sign(),
            },
        );
        let alternative_names = tbs
            .get_extension::<SubjectAltName>()
            .map_err(malformed)?
            .map(|(_, names)| names.0)
            .unwrap_or_default();
        Ok(Self {
            signed_part: signed_part(der)?,
            issuer: tbs.issuer().to_der().map_err(malformed)?,
            subject: tbs.subject().to_der().map_err(malformed)?,
            constraints: tbs
                .get_extension::<BasicConstraints>()
                .map_err(malformed)?
                .map(|(_, constraints)| constraints),
            key_uses,
            extended_uses: tbs
                .get_extension::<ExtendedKeyUsage>()
                .map_err(malformed)?
                .map(|(_, uses)| uses.0),
            unevaluated,
            name_constraints,
            names: alternative_names.iter().filter_map(name_text).collect(),
            alternative_names,
            der: der.to_vec(),
            inner,
        })
    }

    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    /// Subject in RFC 4514 text, escaped for printing.
    #[must_use]
    pub fn subject(&self) -> String {
        printable(&self.inner.tbs_certificate().subject().to_string())
    }

    /// Issuer in RFC 4514 text, escaped for printing.
    #[must_use]
    pub fn issuer(&self) -> String {
        printable(&self.inner.tbs_certificate().issuer().to_string())
    }

    /// Subject alternative names of the kinds that name a signer.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// SHA-256 of the DER form.
    #[must_use]
    pub fn fingerprint(&self) -> Digest {
        sha256(&self.der)
    }

    /// The key of the certificate, if it is of a kind that we can use.
    pub fn public_key(&self) -> Result<PublicKey, CertificateError> {
        let info = self.inner.tbs_certificate().subject_public_key_info();
        let der = info.to_der().map_err(malformed)?;
        PublicKey::from_der(&der).map_err(|error| CertificateError::UnusableKey(Box::new(error)))
    }

    /// First and last second of validity.
    pub(crate) fn validity(&self) -> (Timestamp, Timestamp) {
        let validity = self.inner.tbs_certificate().validity();
        (
            timestamp(validity.not_before),
            timestamp(validity.not_after),
        )
    }

    /// Serial number, without leading zeros.
    pub(crate) fn serial(&self) -> &[u8] {
        self.inner.tbs_certificate().serial_number().as_bytes()
    }

    /// The same certificate with other bytes, where its signature allows that.
    pub(crate) fn twins(&self) -> Vec<Vec<u8>> {
        let Ok(algorithm) = self.inner.signature_algorithm().to_der() else {
            return Vec::new();
        };
        ecdsa_twin::twins(&self.signed_part, &algorithm, self.inner.signature())
    }

    /// Issuer names and subject names by which a deny-list may mean this
    /// certificate: as printed and in full, alternative names with and without their kind.
    pub(crate) fn denial_names(&self) -> (Vec<String>, Vec<String>) {
        let issuers = vec![self.issuer(), self.issuer_name().to_string()];
        let mut subjects = vec![self.subject(), self.subject_name().to_string()];
        subjects.extend(self.names.iter().cloned());
        for name in &self.alternative_names {
            if let GeneralName::Rfc822Name(text)
            | GeneralName::DnsName(text)
            | GeneralName::UniformResourceIdentifier(text) = name
            {
                subjects.push(text.as_str().to_owned());
            }
        }
        (issuers, subjects)
    }

    pub(crate) fn issuer_name(&self) -> &Name {
        self.inner.tbs_certificate().issuer()
    }

    pub(crate) fn subject_name(&self) -> &Name {
        self.inner.tbs_certificate().subject()
    }

    /// SHA-256 of the DER `SubjectPublicKeyInfo`, whatever kind of key it is.
    pub(crate) fn key_fingerprint(&self) -> Option<Digest> {
        let info = self.inner.tbs_certificate().subject_public_key_info();
        info.to_der().ok().map(|der| sha256(&der))
    }

    pub(crate) fn is_issued_by_name_of(&self, issuer: &Self) -> bool {
        self.issuer == issuer.subject
    }

    /// Issuer and subject have the same name (RFC 5280 §6.1), whoever signed it.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    pub(crate) fn is_self_signed(&self) -> bool {
        self.is_self_issued() && self.is_signed_by(self)
    }

    /// True when the issuer's key made the signature on this certificate.
    pub(crate) fn is_signed_by(&self, issuer: &Self) -> bool {
        // RFC 5280 §4.1.1.2: the algorithm outside must be the one inside.
        if self.inner.signature_algorithm() != self.inner.tbs_certificate().signature() {
            return false;
        }
        issuer.signed(
            self.inner.signature_algorithm(),
            &self.signed_part,
            self.inner.signature(),
        )
    }

    /// True when the key of this certificate made the signature.
    pub(crate) fn signed(
        &self,
        algorithm: &AlgorithmIdentifierOwned,
        message: &[u8],
        signature: &BitString,
    ) -> bool {
        let key = self.inner.tbs_certificate().subject_public_key_info();
        certificate_signature::verifies(key, algorithm, message, signature)
    }
}

fn limit(what: &'static str, found: usize, limit: usize) -> Result<(), CertificateError> {
    if found > limit {
        return Err(CertificateError::TooLarge { what, found, limit });
    }
    Ok(())
}

/// Deny-lists name keys by the digest of their DER form, so there must be one only.
/// RFC 5480 §2.2 leaves compressed points to choice; no authority uses them. RSA
/// keys have NULL as their parameters (RFC 3279 §2.3.1).
fn usual_key(info: &SubjectPublicKeyInfoOwned) -> Result<(), CertificateError> {
    let parameters = info.algorithm.parameters.as_ref();
    let unusual = |detail| Err(CertificateError::UnusualKey { detail });
    match info.algorithm.oid {
        rfc5912::ID_EC_PUBLIC_KEY
            if info.subject_public_key.raw_bytes().first() != Some(&UNCOMPRESSED) =>
        {
            unusual("the point is not uncompressed")
        }
        rfc5912::RSA_ENCRYPTION if !parameters.is_some_and(der::Any::is_null) => {
            unusual("the parameters are not NULL")
        }
        _ => Ok(()),
    }
}

fn malformed(error: der::Error) -> CertificateError {
    CertificateError::Malformed {
        detail: error.to_string(),
    }
}

/// Escaped so that it can stand between quotes and brackets in a report.
fn printable(text: &str) -> String {
    let text = crate::rejection::excerpt(text, 300);
    text.replace('"', "\\\"").replace(']', "\\]")
}

/// The bytes that the issuer signed, taken as they stand: encoding the parsed
/// form again could differ from what was signed.
fn signed_part(der: &[u8]) -> Result<Vec<u8>, CertificateError> {
    let outer = AnyRef::from_der(der).map_err(malformed)?;
    let mut reader = SliceReader::new(outer.value()).map_err(malformed)?;
    Ok(reader.tlv_bytes().map_err(malformed)?.to_vec())
}

fn name_text(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::Rfc822Name(text) => Some(format!("email:{}", printable(text.as_str()))),
        GeneralName::DnsName(text) => Some(format!("dns:{}", printable(text.as_str()))),
        GeneralName::UniformResourceIdentifier(text) => {
            Some(format!("uri:{}", printable(text.as_str())))
        }
        _ => None,
    }
}
