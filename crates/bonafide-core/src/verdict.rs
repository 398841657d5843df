//! The answer, and the exit code that carries it to a pipeline.

use std::fmt;

use serde::Serialize;

/// What the policy makes of all outcomes together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every demand of the policy is met.
    Allow,
    /// At least one demand is violated.
    Deny,
    /// No demand is shown to be violated, but at least one could not be checked.
    Undecided,
    /// There was no file to verify.
    NothingToVerify,
}

impl Verdict {
    /// Exit code of the command: 0 allow, 1 deny, 2 could not decide, 3 nothing to verify.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Allow => 0,
            Self::Deny => 1,
            Self::Undecided => 2,
            Self::NothingToVerify => 3,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Allow => "ALLOW",
            Self::Deny => "DENY",
            Self::Undecided => "UNDECIDED",
            Self::NothingToVerify => "NOTHING TO VERIFY",
        })
    }
}

/// What becomes of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// It is the exit code.
    #[default]
    Enforce,
    /// It is printed with a warning, and the exit code lets the artifact through.
    Warn,
    /// It is printed, and the exit code lets the artifact through.
    Audit,
}

impl fmt::Display for Mode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Enforce => "enforce",
            Self::Warn => "warn",
            Self::Audit => "audit",
        })
    }
}

/// A word that is no mode.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no mode; known are `enforce`, `warn` and `audit`")]
pub struct UnknownMode(pub String);

impl std::str::FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "enforce" => Ok(Self::Enforce),
            "warn" => Ok(Self::Warn),
            "audit" => Ok(Self::Audit),
            _ => Err(UnknownMode(text.to_owned())),
        }
    }
}
