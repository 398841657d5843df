//! Envelopes and signatures, held against trust material.
//!
//! The one question asked here is: who says what, and how do we know? A
//! signature file goes in as bytes, together with the [`TrustStore`] and the
//! time to judge by; an [`Examination`] comes out. Nothing is read from disk,
//! clock or network.
//!
//! A rejected signature is a fact about the artifact, not an error of ours, so
//! [`examine`] has no error path.
//!
//! [`Verified`] values can be made only in this crate:
//!
//! ```compile_fail
//! let forged = bonafide_attest::Verified { value: "weights", signer: "mallory" };
//! ```
//!
//! # Where further schemes go
//!
//! A new way to prove who signed is a module in `examine/`; a new kind of signed
//! content is a variant of [`Content`].

pub mod attestation;
mod bundle;
mod certificate;
mod certificate_signature;
mod content;
mod deny_list;
mod distinguished_name;
mod dsse;
mod ecdsa_twin;
pub mod envelope;
mod examine;
mod identity;
pub mod jsf;
mod key;
mod name_constraints;
mod object;
pub mod oms;
mod path;
mod pem_block;
pub mod predicate;
mod rejection;
mod revocation;
mod sigstore;
pub mod statement;
pub mod strict;
mod time;
mod trust;
pub mod trusted_root;
mod verified;

pub use certificate::{Certificate, CertificateError};
pub use content::{Content, DocumentDeviation, Format, Method, Scheme, SignedBom};
pub use deny_list::{Denial, DeniedTarget, DenyEntry, DenyList, DenyListDocument, DenyListError};
pub use dsse::PAYLOAD_TYPE;
pub use examine::{Caution, Conclusion, Examination, examine, is_bundle};
pub use identity::{Claim, Identity, IdentityPattern, PatternError, TextPattern};
pub use key::{Curve, KeyError, KeyKind, Password, PublicKey, SigningKey};
pub use path::{CertificateDefect, MAX_DEPTH};
pub use rejection::{Category, Rejection, Unsupported, Untrusted};
pub use revocation::{
    ListDefect, RevocationDemand, RevocationGap, RevocationList, RevocationListError,
    RevocationReason,
};
pub use sigstore::{LogDemand, RootError, SigstoreRoot};
pub use time::{TimeSource, TrustedTime};
pub use trust::{DocumentSignatures, LeafPurpose, TrustError, TrustStore};
pub use verified::{LogEvidence, Signer, Support, Verified};
