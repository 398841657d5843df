//! From files to rules that can be run.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Engine;
use regorus::unstable::{Expr, Literal, Module, Ref, Rule, RuleHead, Span};
use serde_json::Value;

use crate::check::{Walker, name_of, path, refr_of, text_of};
use crate::error::anyhow_message::Message;
use crate::error::{Fault, RegoError};
use crate::evaluate::EntryPoint;
use crate::job::{Limits, Source};
use crate::measure::{Measure, measures};
use crate::schema::Schema;

/// Largest file of rules, in bytes.
const MOST_BYTES: usize = 256 << 10;

/// Most files of rules.
const MOST_FILES: usize = 64;

/// What a finding may and must have.
const REQUIRED: [&str; 4] = ["code", "title", "msg", "term"];
const OPTIONAL: [&str; 2] = ["severity", "solution"];

/// Rules that have been read and found usable.
pub struct RuleSet {
    pub(crate) sources: Vec<Source>,
    pub(crate) data: Value,
    /// Entry points, with where each of their rules stands.
    pub(crate) entries: BTreeMap<EntryPoint, Vec<Definition>>,
    /// Names of tests, by package.
    pub(crate) tests: Vec<Test>,
    warnings: Vec<String>,
}

/// A rule of an entry point.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    /// Where it stands.
    pub(crate) place: Fault,
    /// The code of its findings, where it is written out.
    pub(crate) code: Option<String>,
    /// How to count what it looks at.
    pub(crate) measures: Vec<Measure>,
}

/// A test, before it has run.
#[derive(Debug, Clone)]
pub(crate) struct Test {
    pub(crate) origin: String,
    pub(crate) package: String,
    pub(crate) name: String,
    pub(crate) line: u32,
}

impl std::fmt::Debug for RuleSet {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("RuleSet")
            .field("entries", &self.entries)
            .finish_non_exhaustive()
    }
}

impl RuleSet {
    /// Reads rules. Everything that would make them silent is an error.
    pub fn parse(sources: &[Source], data: &Value, schema: &Schema) -> Result<Self, RegoError> {
        bounded(sources)?;
        let mut faults = Vec::new();
        let mut engine = Engine::new();
        let mut read: Vec<&Source> = Vec::new();
        let mut names = BTreeSet::new();
        for source in sources {
            if !names.insert(&source.origin) {
                faults.push(Fault::of_file(&source.origin, "the file is named twice"));
                continue;
            }
            match engine.add_policy(source.origin.clone(), source.text.clone()) {
                Ok(_) => read.push(source),
                Err(error) => {
                    let Message(said) = Message::from(error);
                    faults.push(
                        Fault::of_interpreter(&said).unwrap_or_else(|| {
                            Fault::of_file(&source.origin, said.trim().to_owned())
                        }),
                    );
                }
            }
        }
        if !faults.is_empty() {
            return Err(RegoError::Unusable { faults });
        }
        let modules: Vec<Ref<Module>> = engine.get_modules().clone();
        let tests: Vec<bool> = read.iter().map(|source| source.is_test()).collect();
        let mut entries = BTreeMap::new();
        let mut listed = Vec::new();
        for (source, module) in read.iter().zip(&modules) {
            let package = package(source, module, &mut faults);
            if source.is_test() {
                listed.extend(list_tests(source, module));
            } else if let Some(package) = package {
                read_entries(&package, module, &mut entries, &mut faults);
            }
        }
        // Rules in the wrong package, or of the wrong kind, are no entry points for that reason.
        if faults.is_empty() {
            has_entries(&read, &modules, &entries, &mut faults);
        }
        let found = Walker::new(schema, &modules, tests).walk();
        faults.extend(found.faults);
        let warnings = found.warnings.iter().map(place_and_message).collect();
        if faults.is_empty() {
            check_data(data)?;
            // What the interpreter finds before it runs anything: unsafe variables and the like.
            let prepared = engine
                .add_data(regorus::Value::from(data.clone()))
                .and_then(|()| engine.eval_query("true".to_owned(), false));
            if let Err(error) = prepared {
                let said = Message::from(error);
                return Err(match RegoError::of_interpreter(&said, &Limits::DEFAULT) {
                    RegoError::Evaluation { fault } => RegoError::Unusable {
                        faults: vec![*fault],
                    },
                    other => other,
                });
            }
        }
        if !faults.is_empty() {
            faults.sort();
            return Err(RegoError::Unusable { faults });
        }
        Ok(Self {
            sources: sources.to_vec(),
            data: data.clone(),
            entries,
            tests: listed,
            warnings,
        })
    }

    /// What could not be followed in the rules.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// What the policy runs: `bonafide.PACKAGE.deny` and `.warn`.
    pub fn entry_points(&self) -> impl Iterator<Item = &EntryPoint> {
        self.entries.keys()
    }
}

fn bounded(sources: &[Source]) -> Result<(), RegoError> {
    if sources.len() > MOST_FILES {
        return Err(RegoError::TooManyFiles {
            count: sources.len(),
            limit: MOST_FILES,
        });
    }
    match sources.iter().find(|source| source.text.len() > MOST_BYTES) {
        Some(source) => Err(RegoError::TooLarge {
            origin: source.origin.clone(),
            size: source.text.len(),
            limit: MOST_BYTES,
        }),
        None => Ok(()),
    }
}

/// Data may not stand where the rules are.
fn check_data(data: &Value) -> Result<(), RegoError> {
    let reason = match data {
        Value::Object(members) if members.contains_key("bonafide") => {
            "`bonafide` at the top is where the rules are"
        }
        Value::Object(_) => return Ok(()),
        _ => "it is no table",
    };
    Err(RegoError::Data {
        reason: reason.to_owned(),
    })
}

pub(crate) fn place_and_message(fault: &Fault) -> String {
    format!(
        "{}:{}:{}: {}",
        fault.origin, fault.line, fault.column, fault.message
    )
}

/// The name of the package below `bonafide`, if it is the right one.
fn package(source: &Source, module: &Module, faults: &mut Vec<Fault>) -> Option<String> {
    let parts = path(&module.package.refr).unwrap_or_default();
    let name = match parts.as_slice() {
        [first, name] if first == "bonafide" => name.clone(),
        _ => {
            faults.push(
                Fault::at(
                    &module.package.span,
                    "rules have to be in a package `bonafide.NAME`",
                )
                .with_help("for example `package bonafide.acme`"),
            );
            return None;
        }
    };
    if source.is_test() {
        return Some(name);
    }
    match &source.package {
        Some(wanted) if *wanted != name => {
            faults.push(
                Fault::at(
                    &module.package.span,
                    format!("the policy names package `{wanted}`, and this is `{name}`"),
                )
                .with_help(format!("`package bonafide.{wanted}`")),
            );
            None
        }
        _ => Some(name),
    }
}

/// Finds `deny` and `warn`, and whatever has the name and is none.
fn read_entries(
    package: &str,
    module: &Module,
    entries: &mut BTreeMap<EntryPoint, Vec<Definition>>,
    faults: &mut Vec<Fault>,
) {
    for rule in &module.policy {
        let name = name_of(rule).unwrap_or_default();
        let entry = match name.as_str() {
            "deny" | "warn" => EntryPoint::new(package, &name),
            name if name.starts_with("test_") => {
                faults.push(
                    Fault::at(
                        rule.span(),
                        format!("`{name}` is a test outside of a file of tests"),
                    )
                    .with_help("tests are in files whose names end in `_test.rego`"),
                );
                continue;
            }
            _ => continue,
        };
        let plain = matches!(&**refr_of(rule), Expr::Var { .. });
        let (key, bodies) = match &**rule {
            Rule::Spec {
                head: RuleHead::Set { key: Some(key), .. },
                bodies,
                ..
            } if plain => (key, bodies),
            _ => {
                faults.push(
                    Fault::at(rule.span(), format!("`{name}` has to be a set of findings"))
                        .with_help(format!("`{name} contains finding if {{ … }}`")),
                );
                continue;
            }
        };
        let mut code = None;
        let written: Vec<&Ref<Expr>> = match &**key {
            Expr::Var { span, .. } => bodies
                .iter()
                .filter_map(|body| assigned(&body.query.stmts, span.text()))
                .collect(),
            _ => vec![key],
        };
        for value in written {
            code = code.or(check_finding(value, faults));
        }
        let mut place = Fault::at(rule.span(), String::new());
        place.width = 1;
        entries.entry(entry).or_default().push(Definition {
            place,
            code,
            measures: measures(bodies),
        });
    }
}

/// What a variable is set to by `:=`.
fn assigned<'a>(
    statements: &'a [regorus::unstable::LiteralStmt],
    name: &str,
) -> Option<&'a Ref<Expr>> {
    statements
        .iter()
        .find_map(|statement| match &statement.literal {
            Literal::Expr { expr, .. } => match &**expr {
                Expr::AssignExpr { lhs, rhs, .. } if lhs.span().text() == name => Some(rhs),
                _ => None,
            },
            _ => None,
        })
}

/// Holds a finding that is written out against what findings have. Gives its code.
fn check_finding(value: &Ref<Expr>, faults: &mut Vec<Fault>) -> Option<String> {
    let fields = match &**value {
        Expr::Object { fields, .. } => fields,
        Expr::String { span, .. } | Expr::RawString { span, .. } | Expr::Number { span, .. } => {
            faults.push(not_a_finding(span));
            return None;
        }
        _ => return None,
    };
    let mut code = None;
    let mut missing = REQUIRED.to_vec();
    for (span, key, value) in fields {
        let name = text_of(key)?;
        if !REQUIRED.contains(&name.as_str()) && !OPTIONAL.contains(&name.as_str()) {
            let known = REQUIRED.iter().chain(&OPTIONAL).copied();
            let fault = Fault::at(key.span(), format!("a finding has no `{name}`"));
            faults.push(match crate::schema::nearest(&name, known) {
                Some(nearest) => fault.with_help(format!("did you mean `{nearest}`?")),
                None => fault.with_help("it has `code`, `title`, `msg` and `term`, and may have `severity` and `solution`"),
            });
        }
        if missing.contains(&name.as_str()) || OPTIONAL.contains(&name.as_str()) {
            missing.retain(|other| *other != name);
        } else if REQUIRED.contains(&name.as_str()) {
            faults.push(Fault::at(span, format!("`{name}` is given twice")));
        }
        if name == "code" {
            code = text_of(value);
        }
    }
    if !missing.is_empty() {
        let plural = if missing.len() == 1 { "is" } else { "are" };
        faults.push(Fault::at(
            value.span(),
            format!("`{}` {plural} missing in the finding", missing.join("`, `")),
        ));
    }
    code
}

fn not_a_finding(span: &Span) -> Fault {
    Fault::at(span, "a finding is a table, and this is none")
        .with_help("`{\"code\": \"…\", \"title\": \"…\", \"msg\": \"…\", \"term\": \"…\"}`")
}

/// Each package needs an entry point: without one nobody would ask it anything.
fn has_entries(
    sources: &[&Source],
    modules: &[Ref<Module>],
    entries: &BTreeMap<EntryPoint, Vec<Definition>>,
    faults: &mut Vec<Fault>,
) {
    let mut seen = BTreeSet::new();
    for (source, module) in sources.iter().zip(modules) {
        let parts = path(&module.package.refr).unwrap_or_default();
        let (false, [_, name]) = (source.is_test(), parts.as_slice()) else {
            continue;
        };
        let has = entries.keys().any(|entry| entry.package == *name);
        if !has && seen.insert(name.clone()) {
            let names = module.policy.iter().filter_map(|rule| {
                let name = name_of(rule)?;
                let near = crate::schema::nearest(&name, ["deny", "warn"].into_iter())?;
                Some((rule.span().clone(), name, near))
            });
            let message = format!(
                "package `bonafide.{name}` has neither `deny` nor `warn`: it would find nothing"
            );
            faults.push(match names.into_iter().next() {
                Some((span, name, near)) => Fault::at(&span, message)
                    .with_help(format!("did you mean `{near}` by `{name}`?")),
                None => Fault::at(&module.package.span, message)
                    .with_help("add `deny contains finding if { … }`"),
            });
        }
    }
    if modules.iter().all(|module| module.policy.is_empty()) {
        let origin = sources
            .first()
            .map_or("rules", |source| source.origin.as_str());
        if seen.is_empty() {
            faults.push(Fault::of_file(origin, "there are no rules"));
        }
    }
}

/// Tests are taken from the text: one that fails is undefined, and no result names it.
fn list_tests(source: &Source, module: &Module) -> Vec<Test> {
    let package = path(&module.package.refr).unwrap_or_default().join(".");
    let mut tests: Vec<Test> = Vec::new();
    for rule in &module.policy {
        let Some(name) = name_of(rule).filter(|name| name.starts_with("test_")) else {
            continue;
        };
        if tests.iter().all(|test| test.name != name) {
            tests.push(Test {
                origin: source.origin.clone(),
                package: package.clone(),
                name,
                line: rule.span().line,
            });
        }
    }
    tests
}
