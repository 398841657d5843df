//! From a CycloneDX document and a key to the document with its signature in it.
//!
//! What is written is the form `single` with the public key (JSF §5). The rest of the
//! document stays byte for byte as it is: the signature becomes its last property, and
//! the canonical form makes place and white space irrelevant.

use std::ops::Range;

use data_encoding::BASE64URL_NOPAD;
use der::Decode;
use der::asn1::Uint;
use serde::Serialize;
use serde_json::ser::PrettyFormatter;
use serde_json::{Serializer, Value, json};

use super::algorithm::JsfAlgorithm;
use super::canonical::{Document, Member, canonical};
use super::error::{JsfError, JsonDefect};
use super::jwk;
use super::signature::{Covered, Extent};
use super::signer::MOST_KEY_ID;
use super::{Form, SIGNATURE, SignedDocument};
use crate::key::{KeyError, SigningKey};
use crate::rejection::excerpt;

/// Widest indentation that is taken over; wider ones belong to no printer.
const MOST_INDENTATION: usize = 16;

/// What becomes of a signature that the document already has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EarlierSignature {
    /// It stays, and nothing is signed.
    #[default]
    Refuse,
    /// It is taken out, with every signer in it, before the document is signed.
    Replace,
}

/// How to sign a document.
#[derive(Debug, Clone, Default)]
pub struct SignatureRequest {
    /// A name for the key, which is signed with the document.
    pub key_id: Option<String>,
    /// What becomes of an earlier signature.
    pub earlier: EarlierSignature,
}

/// Why a document was not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignDocumentError {
    /// Not a document that could carry a signature.
    #[error("document cannot be signed: {0}")]
    Document(#[from] JsfError),
    /// CycloneDX JSON has `signature` since 1.4.
    #[error("CycloneDX {found} has no `signature`; 1.4 is the first version that does")]
    SpecVersion {
        /// As found, cut to 20 characters.
        found: String,
    },
    /// It already has a signature, and nobody asked to replace it.
    #[error("document already has a signature")]
    AlreadySigned,
    /// A name of the key that no reader takes.
    #[error("key id has {found} bytes; from 1 to {MOST_KEY_ID} are allowed")]
    KeyId {
        /// How many bytes.
        found: usize,
    },
    /// A kind of key that does not sign documents.
    #[error("documents are not signed with {kind} keys")]
    KeyKind {
        /// What the key is.
        kind: crate::key::KeyKind,
    },
    /// The key cannot sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// What was written does not verify; it is not handed out.
    #[error("the signature that was made does not verify")]
    SelfCheck,
}

impl From<JsonDefect> for SignDocumentError {
    fn from(defect: JsonDefect) -> Self {
        Self::Document(JsfError::Json(defect))
    }
}

/// Signs a document with Ed25519, ES256, ES384 or ES512, as the key tells (JSF §6).
///
/// The caller caps the size of the document. Nothing else than the property `signature`
/// is added, and nothing else than an earlier one is taken out.
///
/// # Errors
///
/// A document that is not CycloneDX 1.4 or later in strict I-JSON, that is already signed
/// ([`EarlierSignature::Refuse`]), a key id of no or too many bytes, or a key that
/// cannot sign. The result has been verified before it is returned.
pub fn sign(
    bytes: &[u8],
    key: &SigningKey,
    request: &SignatureRequest,
) -> Result<Vec<u8>, SignDocumentError> {
    if let Some(id) = &request.key_id
        && !(1..=MOST_KEY_ID).contains(&id.len())
    {
        return Err(SignDocumentError::KeyId { found: id.len() });
    }
    let mut members = Document::read(bytes)?.members;
    check_format(&members)?;
    let earlier = members
        .iter()
        .position(|member| member.name == SIGNATURE)
        .map(|index| members.remove(index).source);
    if earlier.is_some() && request.earlier == EarlierSignature::Refuse {
        return Err(SignDocumentError::AlreadySigned);
    }
    let kind = key.public().kind();
    let (algorithm, public_key) =
        jwk::of_signer(key.public()).ok_or(SignDocumentError::KeyKind { kind })?;
    let mut core = json!({"algorithm": algorithm.name(), "publicKey": public_key});
    if let (Some(object), Some(id)) = (core.as_object_mut(), &request.key_id) {
        object.insert("keyId".to_owned(), Value::from(id.as_str()));
    }
    let value = sign_core(&members, &core, algorithm, key)?;
    if let Some(object) = core.as_object_mut() {
        object.insert("value".to_owned(), Value::from(value));
    }
    let signed = insert(bytes, &members, earlier, &core);
    let document = SignedDocument::parse(&signed)?;
    let [signature] = document.signatures() else {
        return Err(SignDocumentError::SelfCheck);
    };
    if !signature.verifies(key.public().der()) {
        return Err(SignDocumentError::SelfCheck);
    }
    Ok(signed)
}

fn check_format(members: &[Member<'_>]) -> Result<(), SignDocumentError> {
    match super::text(members, "bomFormat")? {
        Some(format) if format == "CycloneDX" => (),
        found => {
            return Err(JsfError::NotCycloneDx {
                found: found.map_or_else(
                    || "missing".to_owned(),
                    |format| format!("`{}`", excerpt(&format, 100)),
                ),
            }
            .into());
        }
    }
    let name = "specVersion";
    let version = super::text(members, name)?.ok_or(JsfError::Identity { name })?;
    let minor = version
        .strip_prefix("1.")
        .and_then(|minor| minor.parse::<u8>().ok());
    match minor {
        Some(minor) if minor >= 4 => Ok(()),
        _ => Err(SignDocumentError::SpecVersion {
            found: excerpt(&version, 20),
        }),
    }
}

/// The `value` over the document and the signature's own description.
fn sign_core(
    members: &[Member<'_>],
    core: &Value,
    algorithm: JsfAlgorithm,
    key: &SigningKey,
) -> Result<String, SignDocumentError> {
    let mut covered = Covered::new(Form::Single, Extent::Whole);
    for member in members {
        covered.add(member);
    }
    covered.push(Vec::new(), canonical(core.to_string().as_bytes())?);
    let mut message = Vec::new();
    covered.signed_text(0, |piece| message.extend_from_slice(piece));
    let signature = key.sign(&message)?;
    let signature = match algorithm {
        JsfAlgorithm::Ed25519 => signature,
        _ => {
            let length = algorithm.value_length().map_or(0, |(length, _)| length);
            fixed(&signature, length).ok_or(KeyError::SigningFailed)?
        }
    };
    Ok(BASE64URL_NOPAD.encode(&signature))
}

/// From ASN.1 DER to the two numbers in their full size (RFC 7518 §3.4).
fn fixed(der: &[u8], length: usize) -> Option<Vec<u8>> {
    let numbers = Vec::<Uint>::from_der(der).ok()?;
    let [r, s] = numbers.as_slice() else {
        return None;
    };
    let mut fixed = Vec::with_capacity(length);
    for number in [r, s] {
        let bytes = number.as_bytes();
        let padding = (length / 2).checked_sub(bytes.len())?;
        fixed.extend(std::iter::repeat_n(0, padding));
        fixed.extend_from_slice(bytes);
    }
    Some(fixed)
}

/// The text with the signature as its last property, in the style of the first one.
fn insert(
    bytes: &[u8],
    members: &[Member<'_>],
    earlier: Option<Range<usize>>,
    core: &Value,
) -> Vec<u8> {
    let piece = |range: Range<usize>| bytes.get(range).unwrap_or_default();
    let mut places: Vec<Range<usize>> =
        members.iter().map(|member| member.source.clone()).collect();
    places.sort_by_key(|place| place.start);
    let first = places.first().map_or(0, |place| place.start);
    let open = bytes.iter().position(|byte| *byte == b'{').unwrap_or(0) + 1;
    // What stands before the first name stands before the signature too.
    let gap = match &earlier {
        Some(taken) => piece(open..first.min(taken.start)),
        None => piece(open..first),
    };
    let end = |range: &Range<usize>| range.end;
    let last = places.last().map_or(open, end);
    let tail = earlier.as_ref().map_or(last, |taken| taken.end.max(last));

    let mut text = piece(0..open).to_vec();
    let mut previous: Option<Range<usize>> = None;
    for place in places {
        match &previous {
            None => text.extend_from_slice(gap),
            // The comma with its white space, unless the earlier signature stood between.
            Some(before) => match &earlier {
                Some(taken) if before.end <= taken.start && taken.end <= place.start => {
                    text.extend_from_slice(piece(taken.end..place.start));
                }
                _ => text.extend_from_slice(piece(before.end..place.start)),
            },
        }
        text.extend_from_slice(piece(place.clone()));
        previous = Some(place);
    }
    text.push(b',');
    text.extend_from_slice(gap);
    text.extend_from_slice(b"\"signature\":");
    text.extend(written(core, gap));
    text.extend_from_slice(piece(tail..bytes.len()));
    text
}

/// The signature object: on lines of its own where the document has lines.
fn written(core: &Value, gap: &[u8]) -> Vec<u8> {
    let indentation = gap
        .iter()
        .rposition(|byte| *byte == b'\n')
        .and_then(|newline| gap.get(newline + 1..))
        .filter(|indentation| (1..=MOST_INDENTATION).contains(&indentation.len()));
    let Some(indentation) = indentation else {
        return core.to_string().into_bytes();
    };
    let mut pretty = Vec::new();
    let formatter = PrettyFormatter::with_indent(indentation);
    // Writing to memory does not fail.
    if core
        .serialize(&mut Serializer::with_formatter(&mut pretty, formatter))
        .is_err()
    {
        return core.to_string().into_bytes();
    }
    let mut text = b" ".to_vec();
    for byte in pretty {
        text.push(byte);
        if byte == b'\n' {
            text.extend_from_slice(indentation);
        }
    }
    text
}
