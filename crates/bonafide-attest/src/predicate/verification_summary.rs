//! What a verifier concluded: SLSA verification summary attestations (VSA).

use jiff::Timestamp;
use serde_json::Value;

use super::field::{FieldDefect, FieldError, Fields};
use super::resource::ResourceDescriptor;
use super::{MOST_PROPERTIES, MOST_RESOURCES, Predicate, StatedResult};
use crate::rejection::excerpt;

/// The word that stands for a level where verification failed.
const FAILED: &str = "FAILED";

/// Which edition of the format was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerificationSummaryVersion {
    /// `https://slsa.dev/verification_summary/v0.2`.
    V02,
    /// `https://slsa.dev/verification_summary/v1`.
    V1,
}

/// SLSA verification summary, v1 or v0.2.
#[derive(Debug, Clone, PartialEq)]
pub struct VerificationSummary {
    /// The edition.
    pub version: VerificationSummaryVersion,
    /// `verifier.id`. Never empty. Means something only together with the
    /// signer: accept pairs of the two.
    pub verifier: String,
    /// `verifier.version`.
    pub verifier_versions: Vec<(String, String)>,
    /// `timeVerified`; v0.2 always has it.
    pub time_verified: Option<Timestamp>,
    /// `resourceUri`: what the subject was to be verified as. Never empty; has
    /// to be compared with what was asked for.
    pub resource_uri: String,
    /// `policy`; its URI is always there.
    pub policy: ResourceDescriptor,
    /// `inputAttestations`.
    pub input_attestations: Vec<ResourceDescriptor>,
    /// `verificationResult`: passed or failed.
    pub result: StatedResult,
    /// `verifiedLevels`; of v0.2 the one `policy_level`.
    pub verified_levels: Vec<String>,
    /// `dependencyLevels`; none when the verifier says nothing on dependencies.
    pub dependency_levels: Option<Vec<(String, u64)>>,
    /// `slsaVersion`.
    pub slsa_version: Option<String>,
    /// The whole predicate.
    pub raw: Value,
}

pub(super) fn read_v1(raw: Value) -> Result<Predicate, FieldError> {
    let top = Fields::new(&raw, String::new())?;
    let verifier = top.object("verifier")?;
    let result = result(&top, "verificationResult")?;
    let verified_levels = top.texts("verifiedLevels", MOST_PROPERTIES)?;
    check_levels(&top, "verifiedLevels", result, &verified_levels)?;
    Ok(Predicate::VerificationSummary(VerificationSummary {
        version: VerificationSummaryVersion::V1,
        verifier: verifier.text("id")?,
        verifier_versions: verifier.optional_pairs("version", MOST_PROPERTIES)?,
        time_verified: top.optional_time("timeVerified")?,
        resource_uri: top.text("resourceUri")?,
        policy: policy(&top)?,
        input_attestations: input_attestations(&top, "inputAttestations")?,
        result,
        verified_levels,
        dependency_levels: top.optional_counts("dependencyLevels", MOST_PROPERTIES)?,
        slsa_version: top.optional_text("slsaVersion")?,
        raw,
    }))
}

pub(super) fn read_v02(raw: Value) -> Result<Predicate, FieldError> {
    let top = Fields::new(&raw, String::new())?;
    let result = result(&top, "verification_result")?;
    let verified_levels = vec![top.text("policy_level")?];
    check_levels(&top, "policy_level", result, &verified_levels)?;
    Ok(Predicate::VerificationSummary(VerificationSummary {
        version: VerificationSummaryVersion::V02,
        verifier: top.object("verifier")?.text("id")?,
        verifier_versions: Vec::new(),
        time_verified: Some(top.time("time_verified")?),
        resource_uri: top.text("resource_uri")?,
        policy: policy(&top)?,
        input_attestations: input_attestations(&top, "input_attestations")?,
        result,
        verified_levels,
        dependency_levels: top.optional_counts("dependency_levels", MOST_PROPERTIES)?,
        slsa_version: None,
        raw,
    }))
}

fn result(top: &Fields<'_>, name: &str) -> Result<StatedResult, FieldError> {
    match top.text(name)?.as_str() {
        "PASSED" => Ok(StatedResult::Passed),
        FAILED => Ok(StatedResult::Failed),
        other => Err(top.refuse(
            name,
            FieldDefect::Word {
                found: excerpt(other, 60),
                expected: "`PASSED` or `FAILED`",
            },
        )),
    }
}

/// `FAILED` among the levels says that verification failed; a policy that looks
/// at the result only, or at the levels only, must not come to the other end.
fn check_levels(
    top: &Fields<'_>,
    name: &str,
    result: StatedResult,
    levels: &[String],
) -> Result<(), FieldError> {
    if result == StatedResult::Passed && levels.iter().any(|level| level == FAILED) {
        return Err(top.refuse(
            name,
            FieldDefect::Contradiction {
                other: "verificationResult",
            },
        ));
    }
    Ok(())
}

fn policy(top: &Fields<'_>) -> Result<ResourceDescriptor, FieldError> {
    let fields = top.object("policy")?;
    fields.text("uri")?;
    ResourceDescriptor::read(&fields)
}

fn input_attestations(top: &Fields<'_>, name: &str) -> Result<Vec<ResourceDescriptor>, FieldError> {
    let list = top.optional_list(name, MOST_RESOURCES)?.unwrap_or_default();
    ResourceDescriptor::read_all(top, name, list)
}
