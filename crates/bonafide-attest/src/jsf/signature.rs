//! What a signature covers, and whether a key made it.

use std::cmp::Ordering;
use std::fmt;
use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest::{self, Digest};
use aws_lc_rs::signature::ParsedPublicKey;
use const_oid::db::rfc5912::{ID_EC_PUBLIC_KEY, RSA_ENCRYPTION};
use const_oid::db::rfc8410::ID_ED_25519;
use der::{AnyRef, Decode};
use ed25519_dalek::{Signature, VerifyingKey};
use x509_cert::spki::SubjectPublicKeyInfoRef;

use super::algorithm::{JsfAlgorithm, KeyKind, Verification};
use super::canonical::{Member, by_code_unit, write_string};
use super::jwk::{MODULUS_BITS, RsaPublicKey, bits};
use super::{Form, SIGNATURE};
use crate::key::Curve;

/// The canonical document, cut where its signature object stands.
///
/// Each signature covers another text, because its own description is part of
/// it; what they share is kept once.
pub(super) struct Covered {
    form: Form,
    /// Whether something of the document is left out.
    pub(super) extent: Extent,
    /// Properties that sort before `signature`, joined by commas.
    before: Vec<u8>,
    /// Properties that sort after it.
    after: Vec<u8>,
    complete: Vec<Vec<u8>>,
    unsigned: Vec<Vec<u8>>,
}

/// How much of a document its signatures cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// Every property.
    Whole,
    /// Without what `excludes` names.
    Part,
}

impl Covered {
    pub(super) const fn new(form: Form, extent: Extent) -> Self {
        Self {
            form,
            extent,
            before: Vec::new(),
            after: Vec::new(),
            complete: Vec::new(),
            unsigned: Vec::new(),
        }
    }

    /// Adds a property that is signed. They come in canonical order.
    pub(super) fn add(&mut self, member: &Member<'_>) {
        let side = match by_code_unit(&member.name, SIGNATURE) {
            Ordering::Less => &mut self.before,
            _ => &mut self.after,
        };
        if !side.is_empty() {
            side.push(b',');
        }
        write_string(&member.name, side);
        side.push(b':');
        side.extend_from_slice(&member.value);
    }

    /// Adds a signer: its object with and without `value`.
    pub(super) fn push(&mut self, complete: Vec<u8>, unsigned: Vec<u8>) {
        self.complete.push(complete);
        self.unsigned.push(unsigned);
    }

    /// The properties that are signed, as canonical JSON, without the signature.
    pub(super) fn document(&self) -> Vec<u8> {
        let comma: &[u8] = match (self.before.is_empty(), self.after.is_empty()) {
            (false, false) => b",",
            _ => b"",
        };
        [b"{", &*self.before, comma, &*self.after, b"}"].concat()
    }

    /// Hands out, piece by piece, the text that one signature covers.
    pub(super) fn signed_text(&self, index: usize, mut take: impl FnMut(&[u8])) {
        let unsigned = self.unsigned.get(index).map_or(&b""[..], |core| core);
        take(b"{");
        take(&self.before);
        if !self.before.is_empty() {
            take(b",");
        }
        take(b"\"");
        take(SIGNATURE.as_bytes());
        take(b"\":");
        match self.form {
            Form::Single => take(unsigned),
            // JSF §8: the others are gone, the brackets stay.
            Form::Multiple => {
                take(b"{\"signers\":[");
                take(unsigned);
                take(b"]}");
            }
            // JSF §9: the ones before stay whole, the ones behind are gone.
            Form::Chain => {
                take(b"{\"chain\":[");
                for earlier in self.complete.iter().take(index) {
                    take(earlier);
                    take(b",");
                }
                take(unsigned);
                take(b"]}");
            }
        }
        if !self.after.is_empty() {
            take(b",");
        }
        take(&self.after);
        take(b"}");
    }
}

/// One signature of a document. Whether the key behind it is trusted is another's question.
pub struct DocumentSignature {
    pub(super) algorithm: JsfAlgorithm,
    pub(super) key_id: Option<String>,
    pub(super) embedded_key: Option<Vec<u8>>,
    pub(super) certificate_path: Vec<Vec<u8>>,
    pub(super) value: Vec<u8>,
    pub(super) covered: Arc<Covered>,
    pub(super) index: usize,
    pub(super) digest: OnceLock<Digest>,
    /// Of what the dialect of cdxgen covers.
    pub(super) dialect_digest: OnceLock<Digest>,
}

impl DocumentSignature {
    /// The algorithm, which fixes the kind of key.
    #[must_use]
    pub const fn algorithm(&self) -> JsfAlgorithm {
        self.algorithm
    }

    /// The signer's name for the key: a hint where to look, and hostile text.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// DER `SubjectPublicKeyInfo` of the key that the document carries.
    #[must_use]
    pub fn embedded_key(&self) -> Option<&[u8]> {
        self.embedded_key.as_deref()
    }

    /// DER certificates, the signer's first; empty when there are none. They
    /// are neither parsed nor checked, nor is the path (JSF §6 leaves it to RFC 5280).
    #[must_use]
    pub fn certificate_path(&self) -> &[Vec<u8>] {
        &self.certificate_path
    }

    /// True when this key made this signature over the document.
    ///
    /// The key is a DER `SubjectPublicKeyInfo`. A key of another kind than the
    /// algorithm's, an RSA key outside 2048 to 8192 bits or an unreadable one gives false.
    /// The document is hashed once, however many keys are tried; only Ed25519,
    /// whose hash takes the key in, reads it anew for each key.
    #[must_use]
    pub fn verifies(&self, spki_der: &[u8]) -> bool {
        let Some(key) = Key::read(self.algorithm, spki_der) else {
            return false;
        };
        match key {
            Key::Digested(key, hash) => {
                let digest = self.digest.get_or_init(|| self.digest(hash));
                key.verify_digest_sig(digest, &self.value).is_ok()
            }
            Key::Ed25519(key) => {
                let mut message = Vec::new();
                self.covered
                    .signed_text(self.index, |piece| message.extend_from_slice(piece));
                Signature::from_slice(&self.value)
                    .is_ok_and(|signature| key.verify_strict(&message, &signature).is_ok())
            }
        }
    }

    /// True when this key made this signature in the dialect that cdxgen writes: over the
    /// canonical document without its whole `signature`.
    ///
    /// That is not JSF. Neither the name of the algorithm, nor `keyId`, nor `publicKey`,
    /// nor the other signers are signed, so they may say anything; only the key that is
    /// given here is proven. The dialect has no `excludes`, so a document that uses
    /// them is none of it; and for PSS it takes the longest salt, where JSF takes that of
    /// the hash.
    #[must_use]
    pub fn verifies_in_cdxgen_dialect(&self, spki_der: &[u8]) -> bool {
        if self.covered.extent == Extent::Part {
            return false;
        }
        match Key::of_dialect(self.algorithm, spki_der) {
            None => false,
            Some(Key::Digested(key, hash)) => {
                let digest = self.dialect_digest.get_or_init(|| {
                    let mut context = digest::Context::new(hash);
                    context.update(&self.covered.document());
                    context.finish()
                });
                key.verify_digest_sig(digest, &self.value).is_ok()
            }
            Some(Key::Ed25519(key)) => Signature::from_slice(&self.value).is_ok_and(|signature| {
                key.verify_strict(&self.covered.document(), &signature)
                    .is_ok()
            }),
        }
    }

    fn digest(&self, hash: &'static digest::Algorithm) -> Digest {
        let mut context = digest::Context::new(hash);
        self.covered
            .signed_text(self.index, |piece| context.update(piece));
        context.finish()
    }
}

impl fmt::Debug for DocumentSignature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DocumentSignature")
            .field("algorithm", &self.algorithm)
            .field("key_id", &self.key_id)
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}

/// A key made ready for one algorithm.
enum Key {
    Digested(ParsedPublicKey, &'static digest::Algorithm),
    Ed25519(VerifyingKey),
}

impl Key {
    /// None unless the key is exactly of the kind that the algorithm takes.
    fn read(algorithm: JsfAlgorithm, spki_der: &[u8]) -> Option<Self> {
        Self::for_use(algorithm, algorithm.verification(), spki_der)
    }

    /// The same, with what cdxgen takes for the algorithm.
    fn of_dialect(algorithm: JsfAlgorithm, spki_der: &[u8]) -> Option<Self> {
        Self::for_use(algorithm, algorithm.dialect_verification(), spki_der)
    }

    fn for_use(
        algorithm: JsfAlgorithm,
        verification: Option<Verification>,
        spki_der: &[u8],
    ) -> Option<Self> {
        let info = SubjectPublicKeyInfoRef::from_der(spki_der).ok()?;
        let bytes = info.subject_public_key.as_bytes()?;
        let oid = info.algorithm.oid;
        let parameters = info.algorithm.parameters;
        let curve = match algorithm.key_kind() {
            KeyKind::P256 => Curve::P256,
            KeyKind::P384 => Curve::P384,
            KeyKind::P521 => Curve::P521,
            KeyKind::Rsa => {
                // RFC 3279 §2.3.1: the parameters are NULL.
                let right = oid == RSA_ENCRYPTION && parameters == Some(AnyRef::NULL);
                let modulus = RsaPublicKey::from_der(bytes).ok()?.modulus;
                let sized = MODULUS_BITS.contains(&bits(modulus.as_bytes()));
                return (right && sized).then(|| Self::digested(verification?, bytes))?;
            }
            KeyKind::Ed25519 => {
                // RFC 8410 §3: the parameters are absent.
                let right = oid == ID_ED_25519 && parameters.is_none();
                let key = VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
                return right.then_some(Self::Ed25519(key));
            }
        };
        let right = oid == ID_EC_PUBLIC_KEY && info.algorithm.parameters_oid() == Ok(curve.oid());
        right.then(|| Self::digested(verification?, bytes))?
    }

    fn digested(named: Verification, bytes: &[u8]) -> Option<Self> {
        let key = ParsedPublicKey::new(named.algorithm, bytes).ok()?;
        Some(Self::Digested(key, named.hash))
    }
}
