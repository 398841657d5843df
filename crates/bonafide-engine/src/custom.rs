//! Custom rules of a policy, run over the facts of an artifact.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use bonafide_attest::Examination;
use bonafide_checks::Facts;
use bonafide_core::{CheckResult, Finding, Level, MaterialSummary, RawName, Severity, Subject};
use bonafide_hash::EntryKind;
use bonafide_policy::{CustomRules, Policy};
use bonafide_rego::{
    Answer, CustomFinding, Entry, EntryPoint, Evaluation, Job, Limits, RegoError, Source, Task,
};
use serde_json::{Map, Value};

use crate::Work;
use crate::error::{EngineError, raw};
use crate::facts::{self, FACTS_SCHEMA};
use crate::verify::VerifyRequest;

/// Largest file of rules or data, in bytes.
const MOST_BYTES: u64 = 256 << 10;

/// What the custom rules of a policy gave.
#[derive(Default)]
pub(crate) struct Custom {
    /// One result for each code that was found, and one for each entry point that found nothing.
    pub(crate) results: Vec<CheckResult>,
    /// What could not be followed in the rules, or looked at nothing.
    pub(crate) warnings: Vec<String>,
    /// The files, as they were read.
    pub(crate) material: Vec<MaterialSummary>,
}

/// What the custom rules of the policy find; nothing is run if it has none.
pub(crate) fn results(
    request: &VerifyRequest,
    facts: &Facts<'_>,
    policy: &Policy,
    work: Work<'_>,
) -> Result<Custom, EngineError> {
    if policy.custom.is_empty() {
        return Ok(Custom::default());
    }
    let mut material = Vec::new();
    let (sources, data) = read(&policy.custom, &mut material, work)?;
    let job = Job {
        sources,
        data,
        schema: serde_json::from_str(FACTS_SCHEMA)?,
        task: Task::Evaluate(facts::document(request, facts)?),
        limits: Limits::DEFAULT,
    };
    let evaluation = match work
        .rules
        .run(&job)
        .map_err(|error| unusable(policy, error))?
    {
        Answer::Evaluated(evaluation) => evaluation,
        Answer::Checked(_) | Answer::Tested(..) => {
            return Err(EngineError::from(RegoError::Process {
                reason: "the answer is to another question".to_owned(),
            }));
        }
    };
    Ok(Custom {
        results: judge(&policy.custom, facts, &evaluation)?,
        warnings: evaluation.warnings,
        material,
    })
}

/// Reads the custom rules of a policy and holds them against the schema of the facts, without
/// running them. Gives what could not be followed in them.
pub(crate) fn check_rules(policy: &Policy, work: Work<'_>) -> Result<Vec<String>, EngineError> {
    if policy.custom.is_empty() {
        return Ok(Vec::new());
    }
    let (sources, data) = read(&policy.custom, &mut Vec::new(), work)?;
    let job = Job {
        sources,
        data,
        schema: serde_json::from_str(FACTS_SCHEMA)?,
        task: Task::Check,
        limits: Limits::DEFAULT,
    };
    match work
        .rules
        .run(&job)
        .map_err(|error| unusable(policy, error))?
    {
        Answer::Checked(warnings) => Ok(warnings),
        Answer::Evaluated(_) | Answer::Tested(..) => Err(EngineError::from(RegoError::Process {
            reason: "the answer is to another question".to_owned(),
        })),
    }
}

/// Rules that were stopped name no line of theirs: the one of the policy that brings them in is
/// shown instead.
fn unusable(policy: &Policy, error: RegoError) -> EngineError {
    match (&error, policy.custom.first()) {
        (RegoError::Limit { .. } | RegoError::Process { .. }, Some(rules)) => {
            policy.custom_error(rules, &error.to_string()).into()
        }
        _ => error.into(),
    }
}

/// Reads every file of rules and data.
fn read(
    packages: &[CustomRules],
    material: &mut Vec<MaterialSummary>,
    work: Work<'_>,
) -> Result<(Vec<Source>, Value), EngineError> {
    let mut sources = Vec::new();
    let mut data = Map::new();
    for package in packages {
        for path in &package.files {
            let bytes = bytes_of(path, "rules", material, work)?;
            let text = String::from_utf8(bytes).map_err(|error| {
                let at = error.utf8_error().valid_up_to();
                bad(path, format!("it is not UTF-8 at byte {at}"))
            })?;
            sources.push(Source {
                origin: raw(path).to_string(),
                package: Some(package.package.clone()),
                text,
            });
        }
        for path in &package.data {
            let bytes = bytes_of(path, "rule-data", material, work)?;
            let value: Value = serde_json::from_slice(&bytes)
                .map_err(|error| bad(path, format!("it is not JSON: {error}")))?;
            let Value::Object(members) = value else {
                return Err(bad(path, "it is no JSON object".to_owned()));
            };
            for (name, value) in members {
                // Which of two would count?
                if data.get(&name).is_some_and(|known| *known != value) {
                    let name = RawName::from(name.as_str());
                    return Err(bad(path, format!("another file says what `{name}` is")));
                }
                data.insert(name, value);
            }
        }
    }
    Ok((sources, Value::Object(data)))
}

fn bytes_of(
    path: &Path,
    kind: &'static str,
    material: &mut Vec<MaterialSummary>,
    work: Work<'_>,
) -> Result<Vec<u8>, EngineError> {
    let bytes = work.read(path, MOST_BYTES)?;
    material.push(MaterialSummary {
        source: raw(path),
        kind,
        digest: Examination::digest(&bytes),
    });
    Ok(bytes)
}

fn bad(path: &Path, reason: String) -> EngineError {
    EngineError::RuleFile {
        path: path.to_owned(),
        reason,
    }
}

/// Findings as results of controls, in the order of the policy's packages.
fn judge(
    packages: &[CustomRules],
    facts: &Facts<'_>,
    evaluation: &Evaluation,
) -> Result<Vec<CheckResult>, EngineError> {
    let names: HashMap<String, &RawName> = facts
        .tree
        .entries()
        .iter()
        .filter(|entry| matches!(entry.kind, EntryKind::File { .. }))
        .map(|entry| (entry.name.to_string(), &entry.name))
        .collect();
    let mut results = Vec::new();
    for package in packages {
        let mut entries = evaluation
            .entries
            .iter()
            .filter(|entry| entry.package == package.package)
            .peekable();
        // Whoever ran the rules has to have asked every package.
        if entries.peek().is_none() {
            return Err(EngineError::from(RegoError::Process {
                reason: format!("package `{}` was not asked", package.package),
            }));
        }
        for entry in entries {
            let level = match entry.entry {
                Entry::Deny => package.level,
                Entry::Warn => package.level.min(Level::Warn),
            };
            let mut by_code: BTreeMap<&str, Vec<&CustomFinding>> = BTreeMap::new();
            for finding in evaluation
                .findings
                .iter()
                .filter(|found| found.from == *entry)
            {
                by_code.entry(&finding.code).or_default().push(finding);
            }
            if by_code.is_empty() {
                results.push(nothing_found(entry, level, evaluation));
            }
            for (code, found) in by_code {
                results.push(found_by(entry, level, code, &found, &names));
            }
        }
    }
    Ok(results)
}

/// The result of an entry point that found nothing: a pass only if it judged anything.
fn nothing_found(entry: &EntryPoint, level: Level, evaluation: &Evaluation) -> CheckResult {
    let mut looked = evaluation
        .looked
        .iter()
        .filter(|looked| looked.of == *entry);
    let judged = looked.any(|looked| looked.count != Some(0));
    let reason = "none of its rules found anything in the artifact to judge";
    CheckResult {
        outcome: if judged { "pass" } else { "not-applicable" },
        reason: (!judged).then(|| reason.to_owned()),
        ..result(entry, level, entry.to_string())
    }
}

/// The result of all findings with one code.
fn found_by(
    entry: &EntryPoint,
    level: Level,
    code: &str,
    found: &[&CustomFinding],
    names: &HashMap<String, &RawName>,
) -> CheckResult {
    let first = found.first();
    let solution = first.and_then(|first| first.solution.as_deref());
    let severity = found.iter().filter_map(|finding| finding.severity).max();
    let findings = found
        .iter()
        .map(|finding| {
            let subject = match names.get(&finding.term) {
                Some(name) => Subject::File((*name).clone()),
                None => Subject::Artifact,
            };
            let message = bonafide_core::excerpt(&finding.message, MOST_CHARACTERS);
            let hint = finding
                .solution
                .as_deref()
                .filter(|own| Some(*own) != solution);
            let hint = hint.map(|hint| bonafide_core::excerpt(hint, MOST_CHARACTERS));
            Finding {
                hint,
                ..Finding::new(subject, message)
            }
        })
        .collect();
    let title = first.map_or("", |first| first.title.as_str());
    CheckResult {
        title: Cow::Owned(bonafide_core::excerpt(title, MOST_CHARACTERS)),
        severity: severity.map_or(DEFAULT, Severity::from),
        outcome: "fail",
        remediation: match solution {
            Some(solution) => Cow::Owned(bonafide_core::excerpt(solution, MOST_CHARACTERS)),
            None => Cow::Borrowed("Ask whoever wrote the rule: it says nothing of a remedy."),
        },
        findings,
        ..result(entry, level, format!("{}.{code}", entry.package))
    }
}

/// Most characters of a text of a rule that are printed.
const MOST_CHARACTERS: usize = 2_000;

/// Severity of a finding whose rule names none.
const DEFAULT: Severity = Severity::Medium;

fn result(entry: &EntryPoint, level: Level, name: String) -> CheckResult {
    CheckResult {
        title: Cow::Owned(format!("Custom rules `{entry}`")),
        check: Cow::Owned(name.clone()),
        control: name,
        level,
        effective_on: None,
        applies_to: None,
        out_of_scope: Vec::new(),
        demanded: true,
        outcome: "pass",
        reason: None,
        severity: DEFAULT,
        threats: Cow::Borrowed(&[]),
        demands: Cow::Owned(format!("`data.bonafide.{entry}` of the policy is empty.")),
        rationale: Cow::Borrowed("The policy brings this rule along."),
        cannot_prove: Cow::Borrowed("More than the rule asks for: whoever wrote it knows."),
        remediation: Cow::Borrowed("Ask whoever wrote the rule."),
        findings: Vec::new(),
        waived: Vec::new(),
        excused: Vec::new(),
    }
}

#[cfg(test)]
mod rate;
