//! What statements say about their subjects: one module a predicate.
//!
//! Each reader takes what a policy needs into types and keeps the whole
//! predicate as JSON beside it. Numbers of that JSON beyond 64 bits are doubles.

mod bill_of_materials;
mod field;
mod resource;
mod scai;
mod simple_verification_result;
mod slsa_provenance;
mod test_result;
mod verification_summary;

#[cfg(test)]
mod tests;

use serde_json::Value;

pub use bill_of_materials::BillOfMaterials;
pub(crate) use field::Fields;
pub use field::{FieldDefect, FieldError};
pub use resource::{MOST_DIGESTS, ResourceDescriptor, SubjectDigest};
pub(crate) use resource::{Malformed, digest_set};
pub use scai::{AttributeAssertion, AttributeReport};
pub use simple_verification_result::SimpleVerificationResult;
pub use slsa_provenance::{ConfigurationSource, SlsaProvenanceV1, SlsaProvenanceV02};
pub use test_result::TestResult;
pub use verification_summary::{VerificationSummary, VerificationSummaryVersion};

use crate::oms;

/// Most entries of a list that is about files or tests.
pub(crate) const MOST_RESOURCES: usize = 16_384;

/// Most entries of a list of levels, properties or attributes.
pub(crate) const MOST_PROPERTIES: usize = 1_024;

/// A predicate, by its type.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Predicate {
    /// `https://slsa.dev/provenance/v1`.
    SlsaProvenanceV1(SlsaProvenanceV1),
    /// `https://slsa.dev/provenance/v0.2`.
    SlsaProvenanceV02(SlsaProvenanceV02),
    /// `https://slsa.dev/verification_summary/v1` and `/v0.2`.
    VerificationSummary(VerificationSummary),
    /// `https://in-toto.io/attestation/svr/v0.1`.
    SimpleVerificationResult(SimpleVerificationResult),
    /// `https://in-toto.io/attestation/test-result/v0.1`.
    TestResult(TestResult),
    /// `https://in-toto.io/attestation/scai/attribute-report/v0.2` and `/v0.3`.
    Scai(AttributeReport),
    /// `https://cyclonedx.org/bom`, with or without a version.
    CycloneDx(BillOfMaterials),
    /// `https://spdx.dev/Document`, with or without a version.
    Spdx(BillOfMaterials),
    /// `https://model_signing/signature/v1.0`: read by [`crate::oms`], not here.
    Model,
    /// Any other predicate, as it is.
    Opaque(Value),
}

/// The verdict that a statement states about its subjects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatedResult {
    /// `PASSED`.
    Passed,
    /// `WARNED`; only test results have it.
    Warned,
    /// `FAILED`.
    Failed,
}

impl Predicate {
    /// The verdict of a verification summary or a test result. Other predicates
    /// state none: that a property is listed is not a verdict on the rest.
    #[must_use]
    pub const fn result(&self) -> Option<StatedResult> {
        match self {
            Self::VerificationSummary(summary) => Some(summary.result),
            Self::TestResult(test) => Some(test.result),
            Self::SlsaProvenanceV1(_)
            | Self::SlsaProvenanceV02(_)
            | Self::SimpleVerificationResult(_)
            | Self::Scai(_)
            | Self::CycloneDx(_)
            | Self::Spdx(_)
            | Self::Model
            | Self::Opaque(_) => None,
        }
    }

    /// The whole predicate, for policies; none for [`Predicate::Model`].
    #[must_use]
    pub const fn raw(&self) -> Option<&Value> {
        match self {
            Self::SlsaProvenanceV1(provenance) => Some(&provenance.raw),
            Self::SlsaProvenanceV02(provenance) => Some(&provenance.raw),
            Self::VerificationSummary(summary) => Some(&summary.raw),
            Self::SimpleVerificationResult(result) => Some(&result.raw),
            Self::TestResult(test) => Some(&test.raw),
            Self::Scai(report) => Some(&report.raw),
            Self::CycloneDx(bill) | Self::Spdx(bill) => Some(&bill.raw),
            Self::Model => None,
            Self::Opaque(raw) => Some(raw),
        }
    }
}

/// How a row of the table is matched with a `predicateType`.
enum TypeName {
    /// Byte for byte.
    Exact(&'static str),
    /// Followed by nothing or by a version: `/v1.4`, `/1.4`, `/v3`.
    Versioned(&'static str),
}

type Reader = fn(Value) -> Result<Predicate, FieldError>;

/// Every predicate that is read. A further one is a module and a line here.
const READERS: [(TypeName, Reader); 12] = [
    (
        TypeName::Exact("https://slsa.dev/provenance/v1"),
        slsa_provenance::read_v1,
    ),
    (
        TypeName::Exact("https://slsa.dev/provenance/v0.2"),
        slsa_provenance::read_v02,
    ),
    (
        TypeName::Exact("https://slsa.dev/verification_summary/v1"),
        verification_summary::read_v1,
    ),
    (
        TypeName::Exact("https://slsa.dev/verification_summary/v0.2"),
        verification_summary::read_v02,
    ),
    (
        TypeName::Exact("https://in-toto.io/attestation/svr/v0.1"),
        simple_verification_result::read,
    ),
    (
        TypeName::Exact("https://in-toto.io/attestation/test-result/v0.1"),
        test_result::read,
    ),
    (
        TypeName::Exact("https://in-toto.io/attestation/scai/attribute-report/v0.2"),
        scai::read,
    ),
    (
        TypeName::Exact("https://in-toto.io/attestation/scai/attribute-report/v0.3"),
        scai::read,
    ),
    (
        TypeName::Exact("https://in-toto.io/attestation/scai/attribute-report"),
        scai::read,
    ),
    (
        TypeName::Versioned("https://cyclonedx.org/bom"),
        bill_of_materials::read_cyclonedx,
    ),
    (
        TypeName::Versioned("https://spdx.dev/Document"),
        bill_of_materials::read_spdx,
    ),
    (TypeName::Exact(oms::PREDICATE_TYPE), |_| {
        Ok(Predicate::Model)
    }),
];

impl TypeName {
    fn matches(&self, predicate_type: &str) -> bool {
        match self {
            Self::Exact(name) => predicate_type == *name,
            Self::Versioned(name) => predicate_type.strip_prefix(name).is_some_and(|rest| {
                rest.is_empty() || rest.strip_prefix('/').is_some_and(is_version)
            }),
        }
    }
}

/// `v1.4`, `1.4`, `v3`.
fn is_version(text: &str) -> bool {
    let number = text.strip_prefix('v').unwrap_or(text);
    number.len() <= 16
        && number
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Reads a predicate that is a JSON object.
pub(crate) fn read(predicate_type: &str, predicate: Value) -> Result<Predicate, FieldError> {
    let reader = READERS
        .iter()
        .find(|(name, _)| name.matches(predicate_type))
        .map(|(_, reader)| reader);
    match reader {
        Some(reader) => reader(predicate),
        None => Ok(Predicate::Opaque(predicate)),
    }
}
