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
//! One module a scheme, one line in `scheme.rs`: Sigstore (keyless) bundles,
//! in-toto attestations, raw DSSE and JSF are recognised by their shape today
//! and answered with [`Conclusion::Unsupported`].

mod bundle;
mod certificate;
mod certificate_signature;
mod deny_list;
mod distinguished_name;
mod dsse;
mod ecdsa_twin;
mod examine;
mod key;
mod name_constraints;
mod object;
pub mod oms;
mod path;
mod pem_block;
mod rejection;
mod revocation;
mod time;
mod trust;
mod verified;

pub use bundle::Scheme;
pub use certificate::{Certificate, CertificateError};
pub use deny_list::{Denial, DeniedTarget, DenyEntry, DenyList, DenyListDocument, DenyListError};
pub use dsse::PAYLOAD_TYPE;
pub use examine::{Caution, Conclusion, Examination, examine, is_bundle};
pub use key::{Curve, KeyError, PublicKey, SigningKey};
pub use path::{CertificateDefect, MAX_DEPTH};
pub use rejection::{Rejection, Unsupported, Untrusted};
pub use revocation::{
    ListDefect, RevocationDemand, RevocationGap, RevocationList, RevocationListError,
    RevocationReason,
};
pub use time::{TimeSource, TrustedTime};
pub use trust::{LeafPurpose, TrustError, TrustStore};
pub use verified::{Signer, Verified};
