//! The shape of a check: a value that says everything about itself.

use bonafide_core::{Outcome, RawName, Severity, ThreatId};
use bonafide_dataset::Analysis;
use serde::de::DeserializeOwned;

use crate::facts::Facts;

/// When a check has weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// When the policy names it.
    #[default]
    Optional,
    /// Only when the policy names it; else it is not carried out. It asks for something to
    /// be there, which is nobody's fault unless somebody asked.
    OnDemand,
    /// Always, unless the policy gives it less: it judges what somebody asked for by
    /// other means (a role, a deny-list), and applies to nothing otherwise.
    Always,
}

/// Evidence that is gathered only where a check asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// One way to look at the records of a dataset.
    Records(Analysis),
    /// The records against signed manifests; gathered where there are some.
    SignedRecords,
    /// What the numbers of tensors show by themselves.
    Sanity,
    /// The weights against those of models that they are said to be made from.
    Claims,
}

/// A check, declared once; everything that names or explains it is derived.
#[derive(Debug)]
pub struct Check {
    /// The one name: file, policy key, documentation anchor, fixture folder.
    pub slug: &'static str,
    /// Short, names the defect.
    pub title: &'static str,
    /// How much harm the defect can do.
    pub severity: Severity,
    /// Threats that it speaks to.
    pub threats: &'static [ThreatId],
    /// What has to hold for a pass.
    pub demands: &'static str,
    /// Why a reader should care.
    pub rationale: &'static str,
    /// What a pass does not show.
    pub cannot_prove: &'static str,
    /// How to fix the defect.
    pub remediation: &'static str,
    /// When it has weight.
    pub standing: Standing,
    /// Evidence that is gathered only where a check asks for it, because it costs a pass
    /// over all records or weights.
    pub needs: &'static [Need],
    /// What a policy may set.
    pub parameters: &'static [Parameter],
    /// Reads the parameters and returns the check, ready to run.
    pub prepare: fn(serde_json::Value) -> Result<Prepared, ParameterError>,
}

/// The default of a parameter that has none.
pub const REQUIRED: &str = "none, it has to be given";

/// A parameter of a check, for documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Key in the policy.
    pub name: &'static str,
    /// Type in words: `list of globs`.
    pub kind: &'static str,
    /// Value when the policy is silent.
    pub default: &'static str,
    /// What it does.
    pub effect: &'static str,
}

/// The parameters of a check that takes none; any key is an error.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoParameters {}

/// A check with its parameters.
pub type Prepared = Box<dyn Fn(&Facts<'_>) -> Judgement + Send + Sync>;

/// What a check says, and what the policy's parameters made it overlook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The outcome.
    pub outcome: Outcome,
    /// Files that would be findings had the policy not excused them.
    pub excused: Vec<RawName>,
}

impl From<Outcome> for Judgement {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            excused: Vec::new(),
        }
    }
}

/// A parameter that the check does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParameterError {
    /// Keys and indices that lead to the bad value, outermost first.
    pub path: Vec<String>,
    /// What is wrong with it.
    pub message: String,
}

/// Makes a check's `prepare` from its parameter type and its `run`.
pub(crate) fn prepare<P>(
    parameters: serde_json::Value,
    run: fn(&Facts<'_>, &P) -> Judgement,
) -> Result<Prepared, ParameterError>
where
    P: DeserializeOwned + Send + Sync + 'static,
{
    let parameters: P = serde_path_to_error::deserialize(parameters).map_err(|error| {
        let path = error
            .path()
            .iter()
            .filter_map(|segment| match segment {
                serde_path_to_error::Segment::Map { key } => Some(key.clone()),
                serde_path_to_error::Segment::Seq { index } => Some(index.to_string()),
                _ => None,
            })
            .collect();
        ParameterError {
            path,
            message: error.into_inner().to_string(),
        }
    })?;
    Ok(Box::new(move |facts| run(facts, &parameters)))
}
