//! How a run of tests ended: in-toto test result.

use serde_json::Value;

use super::field::{FieldDefect, FieldError, Fields};
use super::resource::ResourceDescriptor;
use super::{MOST_RESOURCES, Predicate, StatedResult};
use crate::rejection::excerpt;

/// Test result v0.1 (`https://in-toto.io/attestation/test-result/v0.1`).
#[derive(Debug, Clone, PartialEq)]
pub struct TestResult {
    /// `result`, as stated: whether failed tests count is the producer's choice.
    pub result: StatedResult,
    /// `configuration`: what the run was set up with.
    pub configuration: Vec<ResourceDescriptor>,
    /// `url` of the run.
    pub url: Option<String>,
    /// `passedTests`.
    pub passed: Vec<String>,
    /// `warnedTests`.
    pub warned: Vec<String>,
    /// `failedTests`.
    pub failed: Vec<String>,
    /// The whole predicate.
    pub raw: Value,
}

pub(super) fn read(raw: Value) -> Result<Predicate, FieldError> {
    let top = Fields::new(&raw, String::new())?;
    let result = match top.text("result")?.as_str() {
        "PASSED" => StatedResult::Passed,
        "WARNED" => StatedResult::Warned,
        "FAILED" => StatedResult::Failed,
        other => {
            return Err(top.refuse(
                "result",
                FieldDefect::Word {
                    found: excerpt(other, 60),
                    expected: "`PASSED`, `WARNED` or `FAILED`",
                },
            ));
        }
    };
    let configuration = top.list("configuration", MOST_RESOURCES)?;
    Ok(Predicate::TestResult(TestResult {
        result,
        configuration: ResourceDescriptor::read_all(&top, "configuration", configuration)?,
        url: top.optional_text("url")?,
        passed: top.optional_texts("passedTests", MOST_RESOURCES)?,
        warned: top.optional_texts("warnedTests", MOST_RESOURCES)?,
        failed: top.optional_texts("failedTests", MOST_RESOURCES)?,
        raw,
    }))
}
