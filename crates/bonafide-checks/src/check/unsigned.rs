//! `without-signature`: what becomes of a comparison with what was signed where nothing is.

use bonafide_core::Outcome;
use serde::Deserialize;

use crate::declaration::Parameter;

/// Documentation of the parameter, shared by the checks that take it.
pub(super) const WITHOUT_SIGNATURE: Parameter = Parameter {
    name: "without-signature",
    kind: "`undecided` or `not-applicable`",
    default: "`undecided`",
    effect: "what the check says where no signature is there to judge, or to compare with. With `not-applicable` whoever delivers the \
             artifact is rid of the check by taking the signature away: only for policies that let \
             unsigned artifacts through",
};

/// What a check says where nothing is signed that it could judge or compare with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Unsigned {
    /// Nothing could be compared, which is no pass.
    #[default]
    Undecided,
    /// The policy does not mind.
    NotApplicable,
}

impl Unsigned {
    /// The outcome of a check that cannot be carried out because nothing is signed.
    pub(super) fn instead_of(self, outcome: Outcome) -> Outcome {
        match self {
            Self::Undecided => outcome,
            Self::NotApplicable => Outcome::NotApplicable(
                "nothing is signed, and the policy does not ask for a signature here".to_owned(),
            ),
        }
    }
}

/// The parameters of a check that takes `without-signature` alone.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Parameters {
    pub(super) without_signature: Unsigned,
}
