//! Custom rules of a policy, run over the facts of an artifact.

use bonafide_checks::Facts;
use bonafide_core::CheckResult;
use bonafide_policy::Policy;

use crate::Work;
use crate::error::EngineError;
use crate::verify::VerifyRequest;

/// What the custom rules of the policy find; empty if it has none.
pub(crate) fn results(
    _request: &VerifyRequest,
    _facts: &Facts<'_>,
    _policy: &Policy,
    _work: Work<'_>,
) -> Result<Vec<CheckResult>, EngineError> {
    Ok(Vec::new())
}
