//! Sigstore trust material: which authorities and logs a `trusted_root.json` names.
//!
//! A trusted root (sigstore_trustroot.proto, message `TrustedRoot`) lists
//! certificate authorities, transparency logs, certificate logs and timestamp
//! authorities with their keys and the time in which each may be used. A client
//! trust configuration (message `ClientTrustConfig`) wraps one, together with
//! addresses for signing that verifying never needs.
//!
//! [`summarize`] reads either for people to look at. It judges nothing: an
//! authority whose time is over still vouches for what it issued before.

mod document;

use std::borrow::Cow;

use bonafide_core::Digest;
use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5912, rfc8410};
use data_encoding::{BASE64, HEXLOWER};
use der::asn1::UintRef;
use der::{Decode, Encode, Reader, SliceReader};
use jiff::Timestamp;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use x509_cert::Certificate;
use x509_cert::spki::SubjectPublicKeyInfoRef;

use crate::key::{Curve, sha256};
use crate::object::{Few, Object};
use crate::rejection::excerpt;

use document::{
    AuthorityDocument, Document, Head, LogDocument, MOST_ENTRIES, RangeDocument, TrustConfig,
    Unrepeated,
};

/// The trusted root of the public-good instance, as this release carries it.
///
/// From `sigstore-trust-root`, which takes it from
/// <https://tuf-repo-cdn.sigstore.dev/>.
pub const EMBEDDED_TRUSTED_ROOT: &str = sigstore_trust_root::SIGSTORE_PRODUCTION_TRUSTED_ROOT;

/// Where the embedded trusted root is published.
pub const EMBEDDED_ORIGIN: &str = "https://tuf-repo-cdn.sigstore.dev";

/// SHA-256 of [`EMBEDDED_TRUSTED_ROOT`]. A test holds it, so that nobody takes
/// over another root without giving [`EMBEDDED_REFRESHED`] its date.
pub const EMBEDDED_SHA256: &str =
    "sha256:6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66";

/// When the embedded trusted root was last compared with the published one
/// (changelog of `sigstore-trust-root` 0.15.1).
pub const EMBEDDED_REFRESHED: jiff::civil::Date = jiff::civil::date(2026, 10, 23);

/// Media type of a client trust configuration.
pub const TRUST_CONFIG_MEDIA_TYPE: &str =
    "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json";

/// Media types of a trusted root: the one written today, its older spelling,
/// and the newer one of sigstore_trustroot.proto.
const TRUSTED_ROOT_MEDIA_TYPES: [&str; 3] = [
    "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    "application/vnd.dev.sigstore.trustedroot.v0.1+json",
    "application/vnd.dev.sigstore.trustedroot.v0.2+json",
];

/// Largest document in bytes; the largest published one has 32 thousand.
const MOST_BYTES: usize = 4 << 20;

/// Why a document is not trust material.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustedRootError {
    /// Larger than any trusted root.
    #[error("trust material has {found} bytes, more than {limit}")]
    TooLarge {
        /// How many it has.
        found: usize,
        /// How many it may have.
        limit: usize,
    },
    /// Not JSON, a repeated member, or not of the expected shape.
    #[error("malformed trust material: {detail}")]
    Malformed {
        /// What the parser met, with line and column.
        detail: String,
    },
    /// Neither a trusted root nor a client trust configuration.
    #[error(
        "media type is `{found}`, neither that of a Sigstore trusted root nor that of a client trust configuration"
    )]
    MediaType {
        /// As found, cut to 100 characters.
        found: String,
    },
    /// One of its entries is unusable.
    #[error("{entry}: {detail}")]
    Entry {
        /// Which one: `tlogs 2`, `certificateAuthorities 1`, counted from 1.
        entry: String,
        /// What is wrong with it.
        detail: String,
    },
}

/// What trust material names, with printable texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TrustedRootSummary {
    /// Media type of the trusted root.
    pub media_type: String,
    /// SHA-256 of the bytes of the trusted root, without a configuration around it.
    pub sha256: Digest,
    /// What the document is.
    pub container: Container,
    /// Issuers of signing certificates (Fulcio).
    pub certificate_authorities: Vec<Authority>,
    /// Logs of signatures (Rekor).
    pub transparency_logs: Vec<Log>,
    /// Logs of certificates (RFC 6962).
    pub certificate_logs: Vec<Log>,
    /// Issuers of timestamps (RFC 3161).
    pub timestamp_authorities: Vec<Authority>,
    /// Members at the top that this release does not read.
    pub unread_members: Vec<String>,
}

/// What stands around a trusted root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Container {
    /// Nothing: the document is the trusted root.
    TrustedRoot,
    /// A client trust configuration.
    ClientTrustConfig,
}

/// An issuer of certificates or timestamps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Authority {
    /// Organization and common name, as the document gives them.
    pub subject: String,
    /// Address, as the document gives it.
    pub uri: Option<String>,
    /// Its chain, the root last.
    pub certificates: Vec<CertificateEntry>,
    /// When it may be used; without one, always.
    pub validity: Option<Validity>,
}

/// A certificate of an authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CertificateEntry {
    /// Subject, in RFC 4514 text.
    pub subject: String,
    /// Kind of its key, read from the key.
    pub key: String,
    /// First and last second of the certificate itself.
    pub validity: Validity,
    /// SHA-256 of its DER form.
    pub fingerprint: Digest,
}

/// A log of signatures or certificates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Log {
    /// Address, as the document gives it.
    pub uri: String,
    /// Kind of its key, read from the key.
    pub key: String,
    /// `keyDetails`, as the document gives it.
    pub key_details: String,
    /// SHA-256 of the key's bytes as they stand in the document.
    pub fingerprint: Digest,
    /// `logId`, in lower-case hexadecimal digits.
    pub id: String,
    /// When its key may be used; without one, always.
    pub validity: Option<Validity>,
}

/// A time with both ends included (sigstore_common.proto, message `TimeRange`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Validity {
    /// First instant.
    pub start: Timestamp,
    /// Last instant, if it has one.
    pub end: Option<Timestamp>,
}

/// Where a time stands against the present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It has not begun.
    Future,
    /// It has begun and not ended.
    Present,
    /// It has ended.
    Past,
}

impl Validity {
    /// Where this stands at `now`.
    #[must_use]
    pub fn phase(&self, now: Timestamp) -> Phase {
        if now < self.start {
            Phase::Future
        } else if self.end.is_some_and(|end| now > end) {
            Phase::Past
        } else {
            Phase::Present
        }
    }
}

/// Whole days since the embedded trusted root was refreshed; 0 if `now` is earlier.
#[must_use]
pub fn embedded_age_in_days(now: Timestamp) -> u64 {
    let refreshed = EMBEDDED_REFRESHED
        .to_zoned(jiff::tz::TimeZone::UTC)
        .map_or(now, |midnight| midnight.timestamp());
    let seconds = now.as_second().saturating_sub(refreshed.as_second());
    u64::try_from(seconds).unwrap_or(0) / 86_400
}

/// The bytes of the trusted root in `json`: the document itself, or the member
/// `trustedRoot` of a client trust configuration, as it stands there.
///
/// Refused are documents over 4 MiB, documents in which any object has a member
/// twice, and a media type that is none of the two kinds. What is in the trusted
/// root is not looked at.
pub fn unwrap_trust_config(json: &[u8]) -> Result<Cow<'_, [u8]>, TrustedRootError> {
    unwrap(json).map(|(_, bytes)| Cow::Borrowed(bytes))
}

/// Reads a trusted root, or the one in a client trust configuration.
///
/// Every key and certificate must be readable, and every list is short; the
/// first entry that is not so is the error.
pub fn summarize(json: &[u8]) -> Result<TrustedRootSummary, TrustedRootError> {
    let (container, bytes) = unwrap(json)?;
    let Object(document): Object<Document> = parse(bytes)?;
    if !TRUSTED_ROOT_MEDIA_TYPES.contains(&document.media_type.as_str()) {
        return Err(media_type(&document.media_type));
    }
    Ok(TrustedRootSummary {
        media_type: excerpt(&document.media_type, 100),
        sha256: sha256(bytes),
        container,
        certificate_authorities: authorities(
            "certificateAuthorities",
            document.certificate_authorities,
        )?,
        transparency_logs: logs("tlogs", document.tlogs)?,
        certificate_logs: logs("ctlogs", document.ctlogs)?,
        timestamp_authorities: authorities("timestampAuthorities", document.timestamp_authorities)?,
        unread_members: unread_members(bytes)?,
    })
}

fn unwrap(json: &[u8]) -> Result<(Container, &[u8]), TrustedRootError> {
    if json.len() > MOST_BYTES {
        return Err(TrustedRootError::TooLarge {
            found: json.len(),
            limit: MOST_BYTES,
        });
    }
    let _: Unrepeated = parse(json)?;
    let Object(head): Object<Head> = parse(json)?;
    if head.media_type == TRUST_CONFIG_MEDIA_TYPE {
        let Object(config): Object<TrustConfig<'_>> = parse(json)?;
        return Ok((
            Container::ClientTrustConfig,
            config.trusted_root.get().as_bytes(),
        ));
    }
    if TRUSTED_ROOT_MEDIA_TYPES.contains(&head.media_type.as_str()) {
        return Ok((Container::TrustedRoot, json));
    }
    Err(media_type(&head.media_type))
}

fn parse<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, TrustedRootError> {
    serde_json::from_slice(json).map_err(|error| TrustedRootError::Malformed {
        detail: excerpt(&error.to_string(), 300),
    })
}

fn media_type(found: &str) -> TrustedRootError {
    TrustedRootError::MediaType {
        found: excerpt(found, 100),
    }
}

/// Members of the trusted root that [`Document`] has no field for.
fn unread_members(json: &[u8]) -> Result<Vec<String>, TrustedRootError> {
    const READ: [&str; 5] = [
        "mediaType",
        "tlogs",
        "certificateAuthorities",
        "ctlogs",
        "timestampAuthorities",
    ];
    let members: std::collections::BTreeMap<String, IgnoredAny> = parse(json)?;
    Ok(members
        .keys()
        .filter(|name| !READ.contains(&name.as_str()))
        .map(|name| excerpt(name, 100))
        .collect())
}

fn authorities(
    list: &str,
    documents: Few<Object<AuthorityDocument>, MOST_ENTRIES>,
) -> Result<Vec<Authority>, TrustedRootError> {
    each(list, documents, |document: AuthorityDocument| {
        let chain = document.cert_chain.0.certificates.0;
        if chain.is_empty() {
            return Err("its certificate chain is empty".to_owned());
        }
        let certificates = chain
            .iter()
            .map(|Object(entry)| certificate(&entry.raw_bytes))
            .collect::<Result<_, _>>()?;
        let subject = document
            .subject
            .map_or_else(String::new, |Object(subject)| {
                let parts = [subject.organization, subject.common_name];
                let parts: Vec<String> = parts.into_iter().flatten().collect();
                excerpt(&parts.join(", "), 200)
            });
        Ok(Authority {
            subject,
            uri: document.uri.map(|uri| excerpt(&uri, 200)),
            certificates,
            validity: range(document.valid_for)?,
        })
    })
}

fn logs(
    list: &str,
    documents: Few<Object<LogDocument>, MOST_ENTRIES>,
) -> Result<Vec<Log>, TrustedRootError> {
    each(list, documents, |document: LogDocument| {
        let Object(key) = document.public_key;
        let bytes = base64("publicKey.rawBytes", &key.raw_bytes)?;
        let id = base64("logId.keyId", &document.log_id.0.key_id)?;
        if id.is_empty() || id.len() > 64 {
            return Err(format!("`logId.keyId` has {} bytes", id.len()));
        }
        Ok(Log {
            uri: excerpt(&document.base_url, 200),
            key: key_kind(&bytes, &key.key_details)?,
            key_details: excerpt(&key.key_details, 100),
            fingerprint: sha256(&bytes),
            id: HEXLOWER.encode(&id),
            validity: range(key.valid_for)?,
        })
    })
}

/// Reads every entry of a list, and names the one that cannot be read.
fn each<D, T>(
    list: &str,
    Few(documents): Few<Object<D>, MOST_ENTRIES>,
    read: impl Fn(D) -> Result<T, String>,
) -> Result<Vec<T>, TrustedRootError> {
    documents
        .into_iter()
        .enumerate()
        .map(|(index, Object(document))| {
            read(document).map_err(|detail| TrustedRootError::Entry {
                entry: format!("{list} {}", index.saturating_add(1)),
                detail,
            })
        })
        .collect()
}

fn base64(field: &str, text: &str) -> Result<Vec<u8>, String> {
    BASE64
        .decode(text.as_bytes())
        .map_err(|_| format!("`{field}` is not canonical base64"))
}

fn range(document: Option<Object<RangeDocument>>) -> Result<Option<Validity>, String> {
    let Some(Object(RangeDocument { start, end })) = document else {
        return Ok(None);
    };
    if end.is_some_and(|end| end < start) {
        return Err("`validFor` ends before it starts".to_owned());
    }
    Ok(Some(Validity { start, end }))
}

fn certificate(text: &str) -> Result<CertificateEntry, String> {
    let der = base64("rawBytes", text)?;
    let malformed = |error: der::Error| format!("not a DER certificate: {error}");
    let certificate = Certificate::from_der(&der).map_err(malformed)?;
    let tbs = certificate.tbs_certificate();
    let key = tbs.subject_public_key_info().to_der().map_err(malformed)?;
    let instant = |time: x509_cert::time::Time| {
        let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
        Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
    };
    let validity = tbs.validity();
    Ok(CertificateEntry {
        subject: excerpt(&tbs.subject().to_string(), 300),
        key: key_kind(&key, "")?,
        validity: Validity {
            start: instant(validity.not_before),
            end: Some(instant(validity.not_after)),
        },
        fingerprint: sha256(&der),
    })
}

/// What kind of key these bytes are. `PKCS1_…` of sigstore_common.proto are bare
/// RSA keys (RFC 8017 appendix A.1.1), all others `SubjectPublicKeyInfo`.
fn key_kind(bytes: &[u8], details: &str) -> Result<String, String> {
    if details.starts_with("PKCS1_") {
        return rsa(bytes);
    }
    let info = SubjectPublicKeyInfoRef::from_der(bytes)
        .map_err(|error| format!("not a DER public key: {error}"))?;
    let key = info
        .subject_public_key
        .as_bytes()
        .ok_or_else(|| "public key has unused bits".to_owned())?;
    match info.algorithm.oid {
        rfc5912::ID_EC_PUBLIC_KEY => {
            let curve = info
                .algorithm
                .parameters
                .and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok())
                .ok_or_else(|| "elliptic-curve key names no curve".to_owned())?;
            let known = [Curve::P256, Curve::P384, Curve::P521]
                .into_iter()
                .find(|known| known.oid() == curve);
            Ok(known.map_or_else(|| format!("curve {curve}"), |known| known.to_string()))
        }
        rfc8410::ID_ED_25519 => Ok("Ed25519".to_owned()),
        rfc5912::RSA_ENCRYPTION => rsa(key),
        other => Ok(format!("algorithm {other}")),
    }
}

fn rsa(bytes: &[u8]) -> Result<String, String> {
    let malformed = |error: der::Error| format!("not an RSA public key: {error}");
    let mut reader = SliceReader::new(bytes).map_err(malformed)?;
    let modulus = reader
        .sequence(|inner| {
            let modulus = UintRef::decode(inner)?;
            UintRef::decode(inner)?;
            Ok::<_, der::Error>(modulus)
        })
        .map_err(malformed)?;
    let digits = modulus.as_bytes();
    let leading = digits.first().map_or(0, |first| first.leading_zeros());
    let bits = digits.len().saturating_mul(8);
    let bits = bits.saturating_sub(usize::try_from(leading).unwrap_or(0));
    Ok(format!("RSA-{bits}"))
}

#[cfg(test)]
mod tests;
