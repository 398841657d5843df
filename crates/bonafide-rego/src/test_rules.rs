//! Tests of rules: rules whose names begin with `test_`, in files that end in `_test.rego`.

use serde::{Deserialize, Serialize};

use crate::error::RegoError;
use crate::error::anyhow_message::Message;
use crate::evaluate::Which;
use crate::job::Limits;
use crate::load::RuleSet;

/// What a test showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestOutcome {
    /// It is true.
    Pass,
    /// It is false or, mostly, undefined.
    Fail,
    /// It could not be carried out.
    Error(String),
}

/// A test and what it showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestResult {
    /// The file.
    pub origin: String,
    /// The line of the test.
    pub line: u32,
    /// Its name, with the package: `bonafide.acme_test.test_pickle`.
    pub name: String,
    /// What it showed.
    pub outcome: TestOutcome,
}

impl RuleSet {
    /// Runs every test that the files name, in their order.
    pub fn test(&self, limits: &Limits) -> Result<Vec<TestResult>, RegoError> {
        let mut engine = self
            .engine(limits, Which::Tests)
            .map_err(|error| RegoError::of_interpreter(&error, limits))?;
        let mut results = Vec::with_capacity(self.tests.len());
        for test in &self.tests {
            let name = format!("{}.{}", test.package, test.name);
            let outcome = match engine.eval_rule(format!("data.{name}")) {
                Ok(regorus::Value::Bool(true)) => TestOutcome::Pass,
                Ok(_) => TestOutcome::Fail,
                Err(error) => {
                    let error = RegoError::of_interpreter(&Message::from(error), limits);
                    if matches!(error, RegoError::Limit { .. }) {
                        return Err(error);
                    }
                    TestOutcome::Error(error.to_string())
                }
            };
            results.push(TestResult {
                origin: test.origin.clone(),
                line: test.line,
                name,
                outcome,
            });
        }
        Ok(results)
    }
}
