//! Why a signed document cannot be judged.

use super::algorithm::{JsfAlgorithm, KeyKind};
use super::canonical::MOST_DEPTH;

/// The document, or its `signature`, is not what JSF 0.82 and CycloneDX allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsfError {
    /// Not strict I-JSON.
    #[error(transparent)]
    Json(#[from] JsonDefect),
    /// `bomFormat` is missing or names another format.
    #[error("`bomFormat` is {found}, not `CycloneDX`")]
    NotCycloneDx {
        /// As found, cut to 100 characters.
        found: String,
    },
    /// A property of the document that identifies it is missing or is no string.
    #[error("`{name}` has to be a string")]
    Identity {
        /// The property.
        name: &'static str,
    },
    /// There is no `signature` at the top.
    #[error("document has no `signature`")]
    NoSignature,
    /// The signature object is larger than any real one.
    #[error("`signature` has {found} bytes, more than {limit}")]
    TooLarge {
        /// Bytes of its canonical form.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Something of the signature object, outside its signers, has the wrong JSON type.
    #[error("`{place}` has to be {expected}")]
    WrongType {
        /// Path below the document.
        place: &'static str,
        /// In words.
        expected: &'static str,
    },
    /// `signers` and `chain` exclude each other (JSF §5).
    #[error("`signature` has both `signers` and `chain`")]
    MixedForms,
    /// JSF §6: there must be nothing undefined inside the signature object.
    #[error("`signature` has the undefined property `{name}`")]
    UnknownProperty {
        /// As found, cut to 100 characters.
        name: String,
    },
    /// JSF §5 demands at least one.
    #[error("`{place}` is empty")]
    Empty {
        /// `signers`, `chain`, `excludes` or `extensions`.
        place: &'static str,
    },
    /// More signatures than we check.
    #[error("`{place}` has {found} signatures, more than {limit}")]
    TooManySignatures {
        /// `signers` or `chain`.
        place: &'static str,
        /// How many.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Extensions have to be understood, and we understand none (JSF §5).
    #[error("signature extension `{name}` is not understood")]
    Extension {
        /// The first of them, cut to 100 characters.
        name: String,
    },
    /// An excluded name is given twice.
    #[error("`excludes` names `{name}` twice")]
    RepeatedExclude {
        /// As found, cut to 100 characters.
        name: String,
    },
    /// An excluded name is no property of the document.
    #[error("`excludes` names `{name}`, which the document does not have")]
    AbsentExclude {
        /// As found, cut to 100 characters.
        name: String,
    },
    /// The signature cannot be left out of itself.
    #[error("`excludes` names the signature")]
    ExcludedSignature,
    /// What says which document this is has to be signed.
    #[error("`excludes` names `{name}`, which identifies the document")]
    ExcludedIdentity {
        /// The property.
        name: &'static str,
    },
    /// One of the signatures is unusable.
    #[error("signature {position}: {defect}")]
    Signature {
        /// Counted from 1, in the order of the document.
        position: usize,
        /// What is wrong with it.
        defect: SignatureDefect,
    },
}

/// Why text is not JSON that can be signed: RFC 8259, narrowed by RFC 7493 (I-JSON).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonDefect {
    /// Not UTF-8.
    #[error("not UTF-8 at byte {position}")]
    Encoding {
        /// First bad byte.
        position: usize,
    },
    /// A mark before the first character, which RFC 8259 §8.1 forbids.
    #[error("document begins with a byte order mark")]
    ByteOrderMark,
    /// Something else was expected.
    #[error("not JSON: {expected} expected at byte {position}")]
    Syntax {
        /// In words.
        expected: &'static str,
        /// Where.
        position: usize,
    },
    /// A string with a bad escape or half a surrogate pair.
    #[error("string at byte {position} is malformed: {detail}")]
    Text {
        /// Its opening quote.
        position: usize,
        /// What the decoder met.
        detail: String,
    },
    /// The same name twice in an object.
    #[error("name `{name}` occurs twice in one object")]
    DuplicateName {
        /// As found, cut to 100 characters.
        name: String,
    },
    /// Nested deeper than we follow.
    #[error("nested deeper than {MOST_DEPTH} levels")]
    TooDeep,
    /// An integer beyond ±2^53, which readers round differently (RFC 7493 §2.2).
    #[error("integer `{literal}` is beyond ±2^53")]
    InexactInteger {
        /// As found, cut to 40 characters.
        literal: String,
    },
    /// A number that a double turns into infinity, or into zero though it is none.
    #[error("number `{literal}` does not fit a double")]
    NumberRange {
        /// As found, cut to 40 characters.
        literal: String,
    },
}

/// Why one signature of the document is unusable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureDefect {
    /// A required property is missing.
    #[error("`{name}` is missing")]
    Missing {
        /// The property.
        name: &'static str,
    },
    /// A property has the wrong JSON type.
    #[error("`{name}` has to be {expected}")]
    WrongType {
        /// The property.
        name: &'static str,
        /// In words.
        expected: &'static str,
    },
    /// JSF §6: there must be nothing undefined inside the signature object.
    #[error("undefined property `{name}`")]
    UnknownProperty {
        /// As found, cut to 100 characters.
        name: String,
    },
    /// `excludes` and `extensions` belong beside `signers` or `chain`, not into them (JSF §5).
    #[error("`{name}` is only allowed at the top of the signature object")]
    MisplacedOption {
        /// `excludes` or `extensions`.
        name: &'static str,
    },
    /// `HS256` and its like: whoever can check them can also make them.
    #[error("`{name}` is a shared-secret algorithm, which proves no signer")]
    SharedSecret {
        /// The algorithm.
        name: String,
    },
    /// The algorithm `none` of JWA (RFC 7518 §3.6), in any capitals.
    #[error("algorithm `none` signs nothing")]
    Unsigned,
    /// A registered algorithm that we cannot check.
    #[error("`Ed448` cannot be checked by this release")]
    Ed448,
    /// Any other algorithm.
    #[error("unknown algorithm `{found}`")]
    UnknownAlgorithm {
        /// As found, cut to 100 characters.
        found: String,
    },
    /// Not base64url without padding in its one canonical form.
    #[error("`{name}` is not canonical base64url")]
    Base64 {
        /// The property.
        name: &'static str,
    },
    /// The signature value has not the length that its algorithm prescribes.
    #[error("{algorithm} signature has {found} bytes, not {expected}")]
    ValueLength {
        /// The algorithm.
        algorithm: JsfAlgorithm,
        /// What it prescribes.
        expected: &'static str,
        /// How many there are.
        found: usize,
    },
    /// `keyId` is longer than any name of a key.
    #[error("`keyId` has {found} bytes, more than {limit}")]
    KeyIdLength {
        /// How many bytes.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// `publicKey` and `certificatePath` exclude each other (JSF §5).
    #[error("`publicKey` and `certificatePath` are both given")]
    TwoKeys,
    /// No certificate, or more than any path has.
    #[error("`certificatePath` has {found} certificates; from 1 to {limit} are allowed")]
    PathLength {
        /// How many.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// The embedded key is unusable.
    #[error("`publicKey`: {0}")]
    Key(#[from] KeyDefect),
    /// The embedded key is of another kind than the algorithm.
    #[error("{algorithm} does not go with a {found} key")]
    KeyMismatch {
        /// The algorithm.
        algorithm: JsfAlgorithm,
        /// What `publicKey` is.
        found: KeyKind,
    },
}

/// Why a JSON Web Key (RFC 7517, the part that JSF §5 takes) is unusable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyDefect {
    /// A required member is missing or is no string.
    #[error("`{name}` has to be a string")]
    Member {
        /// The member.
        name: &'static str,
    },
    /// A member that JSF does not take, such as a private one.
    #[error("undefined member `{name}`")]
    UnknownMember {
        /// As found, cut to 100 characters.
        name: String,
    },
    /// Not `EC`, `RSA` or `OKP`.
    #[error("unknown key type `{found}`")]
    UnknownType {
        /// As found, cut to 100 characters.
        found: String,
    },
    /// A curve that none of the algorithms uses.
    #[error("unknown curve `{found}`")]
    UnknownCurve {
        /// As found, cut to 100 characters.
        found: String,
    },
    /// Not base64url without padding in its one canonical form.
    #[error("`{name}` is not canonical base64url")]
    Base64 {
        /// The member.
        name: &'static str,
    },
    /// A coordinate has not the full size of its curve.
    #[error("`{name}` has {found} bytes, not {expected}")]
    CoordinateLength {
        /// `x` or `y`.
        name: &'static str,
        /// The full size.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A number that is empty or begins with a zero byte (JSF §4).
    #[error("`{name}` is empty or has leading zeros")]
    PaddedInteger {
        /// `n` or `e`.
        name: &'static str,
    },
    /// An RSA modulus of a size that nobody should use.
    #[error("RSA modulus has {found} bits; from 2048 to 8192 are allowed")]
    ModulusSize {
        /// How many bits.
        found: usize,
    },
    /// The numbers are no key: a point off its curve, an even exponent.
    #[error("not a valid {kind} key")]
    Invalid {
        /// What it claims to be.
        kind: KeyKind,
    },
}
