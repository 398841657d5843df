//! The library's errors in our words, each in its category.

use sigstore_verify::{CertificateError, Error, TransparencyLogError};

use crate::path::CertificateDefect;
use crate::rejection::{Rejection, Untrusted, excerpt};
use crate::time::{TimeSource, TrustedTime};

/// Why a Sigstore bundle does not hold under one trusted root.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    /// Its authority or log is not of this root; another root may know it.
    Untrusted(Untrusted),
    /// Its certificate did not hold when it signed.
    Certificate(CertificateDefect),
    /// Wrong or malformed.
    Rejected(Rejection),
    /// The certificate names nobody.
    NoIdentity,
}

/// `source` says who vouches for the times in the bundle.
pub(crate) fn of_library(error: Error, source: &TimeSource) -> Failure {
    let rejected = Failure::Rejected;
    let text = excerpt(&error.to_string(), 300);
    match error {
        Error::SignatureInvalid(_) => rejected(Rejection::SignatureInvalid {
            key: "the signer's key".to_owned(),
        }),
        // Digest and subjects are given as the bundle has them, so what can differ
        // or be of an unknown kind is the log entry.
        Error::ArtifactMismatch(_) | Error::UnsupportedBundle(_) => {
            rejected(Rejection::LogEntry { detail: text })
        }
        Error::Certificate(error) => of_certificate(error, text, source),
        Error::TransparencyLog(error) => of_log(error, text),
        Error::Timestamp(_) => rejected(Rejection::Timestamp { detail: text }),
        Error::UnsupportedArtifact(_) => rejected(Rejection::UnsupportedContent { detail: text }),
        Error::Bundle(error) => of_structure(&error, text),
        // The root was usable when it was read; this is said when it has no certificate log.
        Error::InvalidTrustRoot(_) => {
            rejected(Rejection::SignedCertificateTimestamp { detail: text })
        }
        Error::Crypto(_) => rejected(Rejection::UnreadableMaterial {
            what: "key or certificate".to_owned(),
            detail: text,
        }),
        _ => rejected(Rejection::Malformed {
            document: "bundle",
            detail: text,
        }),
    }
}

fn of_structure(error: &sigstore_verify::bundle::Error, text: String) -> Failure {
    use sigstore_verify::bundle::Error as Structure;
    Failure::Rejected(match error {
        Structure::MissingInclusionProof(_) => Rejection::NoInclusionProof { entry: 1 },
        Structure::MissingInclusionPromise(_) => Rejection::InclusionPromise { detail: text },
        Structure::MissingSigningTimeEvidence => Rejection::NoLogEntry,
        Structure::MissingCheckpoint | Structure::CheckpointRootMismatch => {
            Rejection::Checkpoint { detail: text }
        }
        Structure::LogIndexOutOfRange { .. } => Rejection::InclusionProof { detail: text },
        _ => Rejection::Malformed {
            document: "bundle",
            detail: text,
        },
    })
}

fn of_certificate(error: CertificateError, detail: String, source: &TimeSource) -> Failure {
    let judged = |time| TrustedTime {
        time,
        source: source.clone(),
    };
    let subject = "the signing certificate".to_owned();
    match error {
        CertificateError::Malformed(_) => Failure::Rejected(Rejection::UnreadableMaterial {
            what: "certificate 1".to_owned(),
            detail,
        }),
        CertificateError::ChainInvalid(_) | CertificateError::NoValidAuthority { .. } => {
            Failure::Untrusted(Untrusted::UnknownSigstoreAuthority { detail })
        }
        CertificateError::NotYetValid { time, not_before } => {
            Failure::Certificate(CertificateDefect::NotYetValid {
                subject,
                not_before,
                judged: judged(time),
            })
        }
        CertificateError::Expired { time, not_after } => {
            Failure::Certificate(CertificateDefect::Expired {
                subject,
                not_after,
                judged: judged(time),
            })
        }
        CertificateError::Sct(_) => {
            Failure::Rejected(Rejection::SignedCertificateTimestamp { detail })
        }
        _ => Failure::Untrusted(Untrusted::UnknownSigstoreAuthority { detail }),
    }
}

fn of_log(error: TransparencyLogError, detail: String) -> Failure {
    match error {
        TransparencyLogError::UnknownLog { .. } => {
            Failure::Untrusted(Untrusted::UnknownLog { detail })
        }
        TransparencyLogError::InclusionProof(_) => {
            Failure::Rejected(Rejection::InclusionProof { detail })
        }
        TransparencyLogError::Checkpoint(_) => Failure::Rejected(Rejection::Checkpoint { detail }),
        TransparencyLogError::InclusionPromise(_) => {
            Failure::Rejected(Rejection::InclusionPromise { detail })
        }
        TransparencyLogError::IntegratedTime(_) => {
            Failure::Rejected(Rejection::IntegratedTime { detail })
        }
        _ => Failure::Rejected(Rejection::LogEntry { detail }),
    }
}
