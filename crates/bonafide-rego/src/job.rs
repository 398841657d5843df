//! What somebody wants of rules, as it travels to whoever runs them.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::RegoError;
use crate::evaluate::Evaluation;
use crate::load::RuleSet;
use crate::test_rules::TestResult;

/// One file of rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its name in errors; what ends in `_test.rego` holds tests.
    pub origin: String,
    /// The package that it has to be in: `acme` for `bonafide.acme`; any if none is given.
    pub package: Option<String>,
    /// Its text.
    pub text: String,
}

impl Source {
    /// True if it holds tests and no rules for a run.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.origin.ends_with("_test.rego")
    }
}

/// What rules may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Time for all of it.
    pub time: Duration,
    /// Address space of the process that runs it, in bytes; [`InProcess`] cannot keep it.
    pub memory: u64,
}

impl Limits {
    /// Two seconds and 256 MB.
    pub const DEFAULT: Self = Self {
        time: Duration::from_secs(2),
        memory: 256_000_000,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What to do with rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Read them and hold them against the schema.
    Check,
    /// The same, then run them over these facts.
    Evaluate(Value),
    /// The same, then run the tests.
    Test,
}

/// Rules, and what to do with them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Files of rules.
    pub sources: Vec<Source>,
    /// What they find below `data`.
    pub data: Value,
    /// JSON Schema of the facts.
    pub schema: Value,
    /// What to do.
    pub task: Task,
    /// What it may cost.
    pub limits: Limits,
}

/// What came of a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The rules can be used; with what could not be followed in them.
    Checked(Vec<String>),
    /// What they found.
    Evaluated(Evaluation),
    /// What each test showed; with what could not be followed in the rules.
    Tested(Vec<TestResult>, Vec<String>),
}

/// Whoever runs rules.
pub trait Evaluator: Sync {
    /// Does a job, or says why it cannot be done. Never fewer findings than there are.
    fn run(&self, job: &Job) -> Result<Answer, RegoError>;
}

/// Runs rules in the process of the caller.
///
/// The limit of time is looked at between statements: a builtin that runs for long is not
/// stopped (`numbers.range(1, 20000000)` takes half a gigabyte and most of a second). The
/// limit of memory is not kept at all. For rules of people whom you trust.
#[derive(Debug, Clone, Copy, Default)]
pub struct InProcess;

impl Evaluator for InProcess {
    fn run(&self, job: &Job) -> Result<Answer, RegoError> {
        answer(job)
    }
}

/// Does a job here and now: what a process that is there for it does.
pub fn answer(job: &Job) -> Result<Answer, RegoError> {
    let schema = crate::Schema::parse(&job.schema).map_err(|error| RegoError::Schema {
        reason: error.to_string(),
    })?;
    let rules = RuleSet::parse(&job.sources, &job.data, &schema)?;
    Ok(match &job.task {
        Task::Check => Answer::Checked(rules.warnings().to_vec()),
        Task::Evaluate(facts) => Answer::Evaluated(rules.evaluate(facts, &job.limits)?),
        Task::Test => Answer::Tested(rules.test(&job.limits)?, rules.warnings().to_vec()),
    })
}
