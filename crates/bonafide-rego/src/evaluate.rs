//! Running rules over facts.

use std::num::NonZeroU32;
use std::time::Instant;

use bonafide_core::Severity;
use regorus::Engine;
use regorus::utils::limits::ExecutionTimerConfig;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::anyhow_message::Message;
use crate::error::{Fault, Limit, RegoError};
use crate::job::Limits;
use crate::load::{Definition, RuleSet};
use crate::measure;

/// Most findings of a run.
const MOST_FINDINGS: usize = 100_000;

/// Longest text of a finding, in bytes.
const LONGEST_TEXT: usize = 16_384;

/// Longest code, in bytes.
const LONGEST_CODE: usize = 64;

/// What a policy asks of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Entry {
    /// What denies.
    Deny,
    /// What is printed as a warning.
    Warn,
}

impl Entry {
    /// `deny` or `warn`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Warn => "warn",
        }
    }
}

/// An entry point: a package, and what is asked of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EntryPoint {
    /// The package below `bonafide`.
    pub package: String,
    /// What is asked.
    pub entry: Entry,
}

impl EntryPoint {
    pub(crate) fn new(package: &str, name: &str) -> Self {
        Self {
            package: package.to_owned(),
            entry: if name == "deny" {
                Entry::Deny
            } else {
                Entry::Warn
            },
        }
    }

    fn path(&self) -> String {
        format!("data.bonafide.{}.{}", self.package, self.entry.word())
    }
}

impl std::fmt::Display for EntryPoint {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.package, self.entry.word())
    }
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CustomFinding {
    /// Where it comes from.
    pub from: EntryPoint,
    /// The rule's own name for the defect.
    pub code: String,
    /// The defect, in general.
    pub title: String,
    /// What is wrong here.
    pub message: String,
    /// What it is about: the name of a component, or anything else for the artifact.
    pub term: String,
    /// How bad it is, if the rule says.
    pub severity: Option<Rank>,
    /// What to do about it, if the rule says.
    pub solution: Option<String>,
}

/// A severity, as rules write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rank {
    /// `low`.
    Low,
    /// `medium`.
    Medium,
    /// `high`.
    High,
    /// `critical`.
    Critical,
}

impl From<Rank> for Severity {
    fn from(rank: Rank) -> Self {
        match rank {
            Rank::Low => Self::Low,
            Rank::Medium => Self::Medium,
            Rank::High => Self::High,
            Rank::Critical => Self::Critical,
        }
    }
}

/// How much of the facts a rule had to judge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// The entry point that the rule is part of.
    pub of: EntryPoint,
    /// Where the rule stands, as `FILE:LINE`.
    pub place: String,
    /// What it goes through: `input.components`; none if it judges the artifact as a whole.
    pub through: Option<String>,
    /// How many of them got as far as its judgement; none if that could not be counted.
    pub count: Option<u64>,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Every finding, sorted.
    pub findings: Vec<CustomFinding>,
    /// Every entry point that was asked, sorted.
    pub entries: Vec<EntryPoint>,
    /// What each rule looked at, in the order of the files.
    pub looked: Vec<Looked>,
    /// What could not be followed in the rules, or looked at nothing.
    pub warnings: Vec<String>,
}

/// A finding, as rules write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    code: String,
    title: String,
    msg: String,
    term: String,
    severity: Option<Rank>,
    solution: Option<String>,
}

impl RuleSet {
    /// Runs every entry point over the facts.
    pub fn evaluate(&self, facts: &Value, limits: &Limits) -> Result<Evaluation, RegoError> {
        let started = Instant::now();
        let failed = |error: Message| RegoError::of_interpreter(&error, limits);
        let input = regorus::Value::from(facts.clone());
        let mut engine = self.engine(limits, Which::Rules).map_err(failed)?;
        engine.set_input(input.clone());
        let mut findings = Vec::new();
        for (entry, definitions) in &self.entries {
            let found = engine
                .eval_rule(entry.path())
                .map_err(|error| located(entry, definitions, failed(error.into())))?;
            collect(entry, definitions, &found, &mut findings)?;
            if started.elapsed() > limits.time {
                return Err(RegoError::Limit {
                    limit: Limit::Time,
                    allowed: format!("{} s", limits.time.as_secs_f64()),
                });
            }
        }
        findings.sort();
        // What counts cannot change what was found: it is counted by an engine of its own.
        let (looked, counted) = measure::count(self, input, limits)?;
        let mut warnings = self.warnings().to_vec();
        warnings.extend(counted);
        warnings.extend(looked.iter().filter_map(looked_at_nothing));
        Ok(Evaluation {
            findings,
            entries: self.entries.keys().cloned().collect(),
            looked,
            warnings,
        })
    }

    /// An interpreter with the rules, or with the tests as well.
    pub(crate) fn engine(&self, limits: &Limits, which: Which<'_>) -> Result<Engine, Message> {
        let mut engine = Engine::new();
        engine.set_strict_builtin_errors(true);
        // Nothing may reach the standard error of the process; the text is dropped.
        engine.set_gather_prints(true);
        engine.set_execution_timer_config(ExecutionTimerConfig {
            limit: limits.time,
            check_interval: NonZeroU32::new(64).unwrap_or(NonZeroU32::MIN),
        });
        for source in &self.sources {
            let mut text = source.text.clone();
            match which {
                Which::Rules if source.is_test() => continue,
                Which::Counting(_) if source.is_test() => continue,
                Which::Counting(more) => {
                    if let Some(more) = more.get(&source.origin) {
                        text.push('\n');
                        text.push_str(more);
                    }
                }
                Which::Rules | Which::Tests => {}
            }
            engine.add_policy(source.origin.clone(), text)?;
        }
        engine.add_data(regorus::Value::from(self.data.clone()))?;
        Ok(engine)
    }
}

/// Which files an interpreter gets.
#[derive(Clone, Copy)]
pub(crate) enum Which<'a> {
    /// Those without tests.
    Rules,
    /// All.
    Tests,
    /// Those without tests, and more text for each.
    Counting(&'a std::collections::BTreeMap<String, String>),
}

fn looked_at_nothing(looked: &Looked) -> Option<String> {
    let through = looked.through.as_ref()?;
    (looked.count == Some(0)).then(|| {
        format!(
            "`{}` at {} looked at nothing: no element of `{through}` got as far as what it judges",
            looked.of, looked.place
        )
    })
}

/// Makes findings of what an entry point gave.
fn collect(
    entry: &EntryPoint,
    definitions: &[Definition],
    found: &regorus::Value,
    findings: &mut Vec<CustomFinding>,
) -> Result<(), RegoError> {
    let set = found
        .as_set()
        .map_err(|_| no_finding(entry, definitions, None, "it did not give a set"))?;
    if findings.len().saturating_add(set.len()) > MOST_FINDINGS {
        return Err(no_finding(
            entry,
            definitions,
            None,
            &format!("it gave more than {MOST_FINDINGS} findings"),
        ));
    }
    for value in set.iter() {
        let refuse =
            |code: Option<&str>, reason: &str| no_finding(entry, definitions, code, reason);
        let value = serde_json::to_value(value)
            .map_err(|error| refuse(None, &format!("it gave what is no finding: {error}")))?;
        let code = value.get("code").and_then(Value::as_str).map(str::to_owned);
        let code = code.as_deref();
        if !value.is_object() {
            return Err(refuse(
                None,
                &format!("it gave {}, which is no finding", kind(&value)),
            ));
        }
        let written: Written = serde_json::from_value(value.clone())
            .map_err(|error| refuse(code, &format!("it gave what is no finding: {error}")))?;
        let texts = [&written.title, &written.msg, &written.term];
        let texts = texts.into_iter().chain(&written.solution);
        for text in texts {
            if text.len() > LONGEST_TEXT {
                return Err(refuse(
                    code,
                    &format!(
                        "it gave a text of {} bytes, and {LONGEST_TEXT} are allowed",
                        text.len()
                    ),
                ));
            }
        }
        if !is_code(&written.code) {
            let shown = bonafide_core::excerpt(&written.code, 80);
            return Err(refuse(
                code,
                &format!(
                    "`{shown}` is no code: letters, digits, `.`, `-` and `_`, {LONGEST_CODE} at most"
                ),
            ));
        }
        if written.title.trim().is_empty() || written.msg.trim().is_empty() {
            return Err(refuse(code, "it gave a finding without `title` or `msg`"));
        }
        findings.push(CustomFinding {
            from: entry.clone(),
            code: written.code,
            title: written.title,
            message: written.msg,
            term: written.term,
            severity: written.severity,
            solution: written.solution,
        });
    }
    Ok(())
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}

fn is_code(code: &str) -> bool {
    (1..=LONGEST_CODE).contains(&code.len())
        && code.starts_with(|first: char| first.is_ascii_alphanumeric())
        && code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
}

/// The error of a rule that gives what is no finding: at the rule with that code, or at the
/// first of the entry point, with the lines of all.
fn no_finding(
    entry: &EntryPoint,
    definitions: &[Definition],
    code: Option<&str>,
    reason: &str,
) -> RegoError {
    let by_code = definitions
        .iter()
        .find(|definition| code.is_some() && definition.code.as_deref() == code);
    let message = format!("`{entry}`: {reason}");
    let mut fault = match by_code.or(definitions.first()) {
        Some(definition) => Fault {
            message,
            ..definition.place.clone()
        },
        None => Fault::of_file("rules", message),
    };
    if by_code.is_none() && definitions.len() > 1 {
        let places: Vec<String> = definitions
            .iter()
            .map(|definition| format!("{}:{}", definition.place.origin, definition.place.line))
            .collect();
        fault.help = Some(format!("its rules are at {}", places.join(", ")));
    }
    RegoError::NoFinding {
        fault: Box::new(fault),
    }
}

/// The interpreter does not always say where it failed: then the rules of the entry point
/// are named.
fn located(entry: &EntryPoint, definitions: &[Definition], error: RegoError) -> RegoError {
    let RegoError::Evaluation { fault } = error else {
        return error;
    };
    if fault.line > 0 {
        return RegoError::Evaluation { fault };
    }
    match no_finding(entry, definitions, None, &fault.message) {
        RegoError::NoFinding { fault } => RegoError::Evaluation { fault },
        other => other,
    }
}

/// The place of a rule, for people.
pub(crate) fn place(definition: &Definition) -> String {
    format!("{}:{}", definition.place.origin, definition.place.line)
}
