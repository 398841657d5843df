//! One X.509 certificate revocation list (RFC 5280 §5.1), read entry by entry so
//! that a large one costs little more memory than its bytes.

use std::fmt;

use const_oid::db::rfc5280;
use der::asn1::{BitString, GeneralizedTime};
use der::{AnyRef, Decode, Reader, SliceReader, Tag, Tagged};
use jiff::Timestamp;
use x509_cert::crl::RevokedCert;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::crl::IssuingDistributionPoint;
use x509_cert::ext::pkix::name::{GeneralName, GeneralNames};
use x509_cert::name::Name;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

use super::{ListDefect, RevocationReason};
use crate::certificate::Certificate;
use crate::distinguished_name;
use crate::pem_block::{self, PemError};
use crate::rejection::excerpt;
use crate::time::timestamp;

/// Largest list in bytes of DER; the largest of public authorities have about ten million.
const MOST_BYTES: usize = 16 << 20;

/// Largest file: base64 takes a third more, and a file may hold several lists.
const MOST_FILE_BYTES: usize = 32 << 20;

/// Most entries of one list; with the shortest ones, the limit in bytes comes first.
const MOST_ENTRIES: usize = 1_000_000;

/// Most extensions of a list or an entry; real ones have three or four.
const MOST_EXTENSIONS: usize = 64;

/// Longest serial number (RFC 5280 §4.1.2.2), with a byte for the sign.
const SERIAL_BYTES: usize = 21;

/// Why a file is not a revocation list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RevocationListError {
    /// The file is neither DER nor PEM.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// A PEM block of something else.
    #[error("PEM block is `{found}`, not `X509 CRL`")]
    WrongBlock {
        /// What is there.
        found: String,
    },
    /// Not a list in DER, or one that contradicts itself.
    #[error("not a DER revocation list: {detail}")]
    Malformed {
        /// What the parser met.
        detail: String,
    },
    /// Version 1, which cannot say what kind of list it is.
    #[error("revocation list is not of version 2")]
    NotVersion2,
    /// Larger than any list that we read.
    #[error("revocation list has {found} {what}, more than {limit}")]
    TooLarge {
        /// `bytes`, `entries` or `extensions`.
        what: &'static str,
        /// How many, as far as they were counted.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// The same extension twice (RFC 5280 §4.2 forbids it).
    #[error("revocation list has extension {oid} twice")]
    DuplicateExtension {
        /// The extension.
        oid: String,
    },
}

/// A serial number without leading zeros, kept without an allocation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Serial {
    length: u8,
    bytes: [u8; SERIAL_BYTES],
}

impl Serial {
    fn new(serial: &[u8]) -> Option<Self> {
        let mut bytes = [0; SERIAL_BYTES];
        bytes.get_mut(..serial.len())?.copy_from_slice(serial);
        let length = u8::try_from(serial.len()).ok()?;
        Some(Self { length, bytes })
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.bytes.get(..usize::from(self.length));
        formatter.write_str(&data_encoding::HEXLOWER.encode(bytes.unwrap_or_default()))
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// One revoked certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) serial: Serial,
    /// When it was revoked.
    pub(crate) date: Timestamp,
    /// From when on it was bad: earlier than the revocation where the issuer says so.
    pub(crate) since: Timestamp,
    /// None is `removeFromCRL`, which takes a revocation back.
    pub(crate) reason: Option<RevocationReason>,
    /// Which of the list's `holders` issued the certificate; none is the list's own issuer.
    holder: Option<u32>,
}

/// A parsed list. Parsing proves nothing; only the signature of an issuer in a path does.
#[derive(Debug, Clone)]
pub struct RevocationList {
    signed_part: Vec<u8>,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
    issuer: Name,
    issuer_text: String,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    /// In order of serial number.
    entries: Vec<Entry>,
    /// `certificateIssuer` extensions in DER, which hold names.
    holders: Vec<Vec<u8>>,
    defect: Option<ListDefect>,
}

impl RevocationList {
    /// Reads a file: one list in DER, or `X509 CRL` blocks in PEM.
    ///
    /// Lists of a kind that cannot be used (delta, indirect, partial, with unknown
    /// critical extensions) are read all the same: what they would have said is
    /// unknown then, which is not the same as nothing.
    pub fn read(bytes: &[u8]) -> Result<Vec<Self>, RevocationListError> {
        limit("bytes", bytes.len(), MOST_FILE_BYTES)?;
        // A SEQUENCE whose length takes several bytes; text does not begin like this.
        if let [0x30, 0x80..=0xff, ..] = bytes {
            return Ok(vec![Self::from_der(bytes)?]);
        }
        pem_block::blocks(bytes)?
            .iter()
            .map(|block| match block.tag() {
                "X509 CRL" => Self::from_der(block.contents()),
                found => Err(RevocationListError::WrongBlock {
                    found: excerpt(found, 100),
                }),
            })
            .collect()
    }

    /// Reads one list in DER.
    pub fn from_der(der: &[u8]) -> Result<Self, RevocationListError> {
        limit("bytes", der.len(), MOST_BYTES)?;
        let outer = sequence(AnyRef::from_der(der).map_err(malformed)?)?;
        let mut reader = SliceReader::new(outer).map_err(malformed)?;
        let signed_part = reader.tlv_bytes().map_err(malformed)?;
        let algorithm: AlgorithmIdentifierOwned = reader.decode().map_err(malformed)?;
        let signature: BitString = reader.decode().map_err(malformed)?;
        reader.finish().map_err(malformed)?;
        let body = Body::read(signed_part)?;
        // RFC 5280 §5.1.1.2: the algorithm outside must be the one inside.
        if body.algorithm != algorithm {
            return Err(contradiction("it names two signature algorithms"));
        }
        Ok(Self {
            signed_part: signed_part.to_vec(),
            algorithm,
            signature,
            issuer_text: excerpt(&body.issuer.to_string(), 300),
            issuer: body.issuer,
            this_update: body.this_update,
            next_update: body.next_update,
            entries: body.entries,
            holders: body.holders,
            defect: body.defect,
        })
    }

    /// Name of its issuer (RFC 4514 text), escaped for printing. Not proven.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer_text
    }

    /// When it was issued.
    #[must_use]
    pub const fn this_update(&self) -> Timestamp {
        self.this_update
    }

    /// When the next one is due; RFC 5280 demands it, but not every issuer says it.
    #[must_use]
    pub const fn next_update(&self) -> Option<Timestamp> {
        self.next_update
    }

    /// Number of entries.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// True when nothing is listed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Why a list of this kind cannot be used, whoever signed it.
    #[must_use]
    pub const fn defect(&self) -> Option<&ListDefect> {
        self.defect.as_ref()
    }

    /// True when it may list the certificate. A wrong no would be a silent pass, so
    /// names are compared by meaning, and an indirect list concerns everybody.
    pub(super) fn concerns(&self, certificate: &Certificate) -> bool {
        self.defect == Some(ListDefect::Indirect)
            || distinguished_name::same(&self.issuer, certificate.issuer_name())
    }

    pub(super) fn is_signed_by(&self, issuer: &Certificate) -> bool {
        issuer.signed(&self.algorithm, &self.signed_part, &self.signature)
    }

    /// Every entry about a certificate; more than one is unusual, but none may hide.
    pub(super) fn entries_of(&self, certificate: &Certificate) -> impl Iterator<Item = &Entry> {
        let issuer = certificate.issuer_name();
        self.entries_numbered(certificate.serial())
            .iter()
            .filter(move |entry| match entry.holder {
                None => distinguished_name::same(&self.issuer, issuer),
                Some(holder) => self.holder_is(holder, issuer),
            })
    }

    fn holder_is(&self, holder: u32, issuer: &Name) -> bool {
        let der = usize::try_from(holder)
            .ok()
            .and_then(|holder| self.holders.get(holder));
        let names = der.and_then(|der| GeneralNames::from_der(der).ok());
        // Names that cannot be read may be those of the issuer in question.
        names.is_none_or(|names| {
            names.iter().any(|name| match name {
                GeneralName::DirectoryName(name) => distinguished_name::same(name, issuer),
                _ => false,
            })
        })
    }

    /// Every entry with this serial number, whoever issued the certificate.
    pub(super) fn entries_numbered(&self, serial: &[u8]) -> &[Entry] {
        let Some(serial) = Serial::new(serial) else {
            return &[];
        };
        let start = self.entries.partition_point(|entry| entry.serial < serial);
        let end = self.entries.partition_point(|entry| entry.serial <= serial);
        self.entries.get(start..end).unwrap_or_default()
    }
}

/// The signed part.
struct Body {
    algorithm: AlgorithmIdentifierOwned,
    issuer: Name,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    entries: Vec<Entry>,
    holders: Vec<Vec<u8>>,
    defect: Option<ListDefect>,
}

impl Body {
    fn read(der: &[u8]) -> Result<Self, RevocationListError> {
        let content = sequence(AnyRef::from_der(der).map_err(malformed)?)?;
        let mut reader = SliceReader::new(content).map_err(malformed)?;
        // RFC 5280 §5.1.2.1: version 2 is written as 1; version 1 is not written.
        if next_tag(&reader) != Some(Tag::Integer) {
            return Err(RevocationListError::NotVersion2);
        }
        if reader.decode::<u8>().map_err(malformed)? != 1 {
            return Err(RevocationListError::NotVersion2);
        }
        let algorithm = reader.decode().map_err(malformed)?;
        let issuer: Name = reader.decode().map_err(malformed)?;
        let this_update = timestamp(reader.decode::<Time>().map_err(malformed)?);
        let next_update = match next_tag(&reader) {
            Some(Tag::UtcTime | Tag::GeneralizedTime) => {
                Some(timestamp(reader.decode::<Time>().map_err(malformed)?))
            }
            _ => None,
        };
        let entries = match next_tag(&reader) {
            Some(Tag::Sequence) => Entries::read(reader.decode().map_err(malformed)?)?,
            _ => Entries::default(),
        };
        let defect = if reader.is_finished() {
            None
        } else {
            read_extensions(reader.decode().map_err(malformed)?)?
        };
        reader.finish().map_err(malformed)?;
        Ok(Self {
            algorithm,
            issuer,
            this_update,
            next_update,
            entries: entries.sorted,
            holders: entries.holders,
            defect: graver(defect, entries.defect),
        })
    }
}

/// What stands in a list, and what stands against it.
#[derive(Default)]
struct Entries {
    sorted: Vec<Entry>,
    holders: Vec<Vec<u8>>,
    defect: Option<ListDefect>,
}

impl Entries {
    fn read(list: AnyRef<'_>) -> Result<Self, RevocationListError> {
        let mut reader = SliceReader::new(list.value()).map_err(malformed)?;
        let mut entries = Self::default();
        while !reader.is_finished() {
            limit("entries", entries.sorted.len() + 1, MOST_ENTRIES)?;
            let revoked: RevokedCert = reader.decode().map_err(malformed)?;
            entries.add(&revoked)?;
        }
        entries.sorted.sort_unstable();
        Ok(entries)
    }

    fn add(&mut self, revoked: &RevokedCert) -> Result<(), RevocationListError> {
        let serial = Serial::new(revoked.serial_number.as_bytes())
            .ok_or_else(|| contradiction("a serial number is too long"))?;
        let date = timestamp(revoked.revocation_date);
        let mut since = date;
        let mut reason_given = Some(RevocationReason::Unspecified);
        let extensions = revoked.crl_entry_extensions.as_deref().unwrap_or_default();
        unique(extensions)?;
        for extension in extensions {
            let value = extension.extn_value.as_bytes();
            match extension.extn_id {
                rfc5280::ID_CE_CRL_REASONS => {
                    reason_given = reason(value)?;
                    if reason_given.is_none() {
                        self.note(ListDefect::RemovalInBaseList);
                    }
                }
                rfc5280::ID_CE_INVALIDITY_DATE => {
                    let time = GeneralizedTime::from_der(value).map_err(malformed)?;
                    since = date.min(timestamp(Time::GeneralTime(time)));
                }
                rfc5280::ID_CE_CERTIFICATE_ISSUER => {
                    GeneralNames::from_der(value).map_err(malformed)?;
                    self.holders.push(value.to_vec());
                    self.note(ListDefect::Indirect);
                }
                oid if extension.critical => self.note(ListDefect::CriticalEntryExtension {
                    oid: oid.to_string(),
                }),
                _ => {}
            }
        }
        // It holds for the entries behind it, too, until the next one (RFC 5280 §5.3.3).
        let last = self.holders.len().checked_sub(1);
        self.sorted.push(Entry {
            serial,
            date,
            since,
            reason: reason_given,
            holder: last.and_then(|last| u32::try_from(last).ok()),
        });
        Ok(())
    }

    fn note(&mut self, defect: ListDefect) {
        self.defect = graver(self.defect.take(), Some(defect));
    }
}

/// None is `removeFromCRL`.
fn reason(value: &[u8]) -> Result<Option<RevocationReason>, RevocationListError> {
    let value = AnyRef::from_der(value).map_err(malformed)?;
    let [code] = value.value() else {
        return Err(contradiction("a reason is not one byte long"));
    };
    if value.tag() != Tag::Enumerated {
        return Err(contradiction("a reason is not an ENUMERATED"));
    }
    Ok(Some(match code {
        1 => RevocationReason::KeyCompromise,
        2 => RevocationReason::CaCompromise,
        3 => RevocationReason::AffiliationChanged,
        4 => RevocationReason::Superseded,
        5 => RevocationReason::CessationOfOperation,
        6 => RevocationReason::CertificateHold,
        8 => return Ok(None),
        9 => RevocationReason::PrivilegeWithdrawn,
        10 => RevocationReason::AaCompromise,
        _ => RevocationReason::Unspecified,
    }))
}

/// What the extensions of the list make of it.
fn read_extensions(field: AnyRef<'_>) -> Result<Option<ListDefect>, RevocationListError> {
    let expected = Tag::ContextSpecific {
        constructed: true,
        number: der::TagNumber(0),
    };
    if field.tag() != expected {
        return Err(contradiction("there is something behind the entries"));
    }
    let extensions = Vec::<Extension>::from_der(field.value()).map_err(malformed)?;
    unique(&extensions)?;
    let mut defect = None;
    for extension in &extensions {
        let found = match extension.extn_id {
            // Which key signed is known from the path; numbers order lists that we do not compare.
            rfc5280::ID_CE_AUTHORITY_KEY_IDENTIFIER | rfc5280::ID_CE_CRL_NUMBER => None,
            rfc5280::ID_CE_DELTA_CRL_INDICATOR => Some(ListDefect::Delta),
            rfc5280::ID_CE_ISSUING_DISTRIBUTION_POINT => scope(extension.extn_value.as_bytes())?,
            oid if extension.critical => Some(ListDefect::CriticalExtension {
                oid: oid.to_string(),
            }),
            _ => None,
        };
        defect = graver(defect, found);
    }
    Ok(defect)
}

/// Every scope but the whole is refused: to know that a part is the part that
/// matters, it would have to be matched with what the certificate says of itself.
fn scope(value: &[u8]) -> Result<Option<ListDefect>, RevocationListError> {
    let point = IssuingDistributionPoint::from_der(value).map_err(malformed)?;
    Ok(Some(if point.indirect_crl {
        ListDefect::Indirect
    } else {
        ListDefect::Partial
    }))
}

/// The first defect, except that an indirect list is one before all else: it
/// concerns issuers whose name it does not bear.
fn graver(first: Option<ListDefect>, second: Option<ListDefect>) -> Option<ListDefect> {
    match (first, second) {
        (_, Some(ListDefect::Indirect)) => Some(ListDefect::Indirect),
        (first, second) => first.or(second),
    }
}

fn unique(extensions: &[Extension]) -> Result<(), RevocationListError> {
    limit("extensions", extensions.len(), MOST_EXTENSIONS)?;
    for (index, extension) in extensions.iter().enumerate() {
        let mut earlier = extensions.iter().take(index);
        if earlier.any(|other| other.extn_id == extension.extn_id) {
            return Err(RevocationListError::DuplicateExtension {
                oid: extension.extn_id.to_string(),
            });
        }
    }
    Ok(())
}

fn sequence(value: AnyRef<'_>) -> Result<&[u8], RevocationListError> {
    if value.tag() != Tag::Sequence {
        return Err(contradiction("it is not a SEQUENCE"));
    }
    Ok(value.value())
}

fn next_tag(reader: &SliceReader<'_>) -> Option<Tag> {
    Tag::peek(reader).ok()
}

fn limit(what: &'static str, found: usize, limit: usize) -> Result<(), RevocationListError> {
    if found > limit {
        return Err(RevocationListError::TooLarge { what, found, limit });
    }
    Ok(())
}

fn malformed(error: der::Error) -> RevocationListError {
    RevocationListError::Malformed {
        detail: error.to_string(),
    }
}

fn contradiction(detail: &str) -> RevocationListError {
    RevocationListError::Malformed {
        detail: detail.to_owned(),
    }
}
