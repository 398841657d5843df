//! How much of the facts each rule had to judge.
//!
//! A rule that goes through `input.components`, keeps those of a format that is never there,
//! and judges them, finds nothing and has judged nothing. So it is counted how many elements
//! get past what selects them. The selection is the beginning of the rule's body: from its
//! first statement through the first that goes through something (`some c in …`,
//! `c := …[_]`), and on through the plain conditions behind it; the last condition is the
//! judgement and no part of it. The text of the selection is put into a comprehension at the
//! end of the file, `count([1 | SELECTION])`, and run by an interpreter of its own.

use std::collections::BTreeMap;

use regorus::unstable::{AssignOp, Expr, Literal, LiteralStmt, Ref, RuleBody};

use crate::error::RegoError;
use crate::evaluate::{Looked, Which, place};
use crate::job::Limits;
use crate::load::RuleSet;

/// Beginning of the names of rules that count.
const NAME: &str = "bonafide_looked_at";

/// How to count what the body of a rule looks at.
#[derive(Debug, Clone)]
pub(crate) struct Measure {
    /// What it goes through; none if nothing.
    through: Option<String>,
    /// The text that selects.
    selection: String,
}

/// How to count what each body looks at.
pub(crate) fn measures(bodies: &[RuleBody]) -> Vec<Measure> {
    bodies
        .iter()
        .map(|body| measure(&body.query.stmts))
        .collect()
}

fn measure(statements: &[LiteralStmt]) -> Measure {
    let whole = Measure {
        through: None,
        selection: String::new(),
    };
    // What only puts the finding together stands at the end.
    let conditions = statements
        .iter()
        .rposition(|statement| !is_assignment(statement))
        .map_or(0, |last| last + 1);
    let Some((first, through)) = statements
        .iter()
        .enumerate()
        .find_map(|(index, statement)| Some((index, through(statement)?)))
    else {
        return whole;
    };
    let selecting = statements
        .iter()
        .enumerate()
        .skip(first + 1)
        .take_while(|(index, statement)| index + 1 < conditions && is_plain(statement))
        .count();
    let end = first + 1 + selecting;
    let (Some(begin), Some(last)) = (statements.first(), statements.get(first)) else {
        return whole;
    };
    let contents = last.span.source.get_contents();
    let until = match statements.get(end) {
        Some(next) => next.span.start,
        None => statements
            .last()
            .map_or(last.span.end, |last| last.span.end),
    };
    let range = usize::try_from(begin.span.start)
        .ok()
        .zip(usize::try_from(until).ok());
    let Some(text) = range.and_then(|(from, to)| contents.get(from..to)) else {
        return whole;
    };
    // The span of a text begins behind its quotation mark.
    let text = text.strip_suffix(['"', '`']).unwrap_or(text);
    let text = text.trim_end().trim_end_matches(';');
    let quote = range.and_then(|(from, _)| contents.get(..from)?.chars().next_back());
    let quote = quote.filter(|quote| matches!(quote, '"' | '`'));
    let text: String = quote.into_iter().chain(text.chars()).collect();
    Measure {
        through: Some(through),
        selection: text,
    }
}

fn is_assignment(statement: &LiteralStmt) -> bool {
    matches!(&statement.literal, Literal::Expr { expr, .. }
        if matches!(&**expr, Expr::AssignExpr { op: AssignOp::ColEq, .. }))
}

/// What a statement goes through, if it does.
fn through(statement: &LiteralStmt) -> Option<String> {
    match &statement.literal {
        Literal::SomeIn { collection, .. } => Some(shown(collection)),
        Literal::Expr { expr, .. } => match &**expr {
            Expr::AssignExpr { rhs, .. } => match &**rhs {
                Expr::RefBrack { refr, index, .. } => match &**index {
                    Expr::Var { .. } => Some(shown(refr)),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

fn shown(expr: &Ref<Expr>) -> String {
    let text = expr.span().text().lines().next().unwrap_or("");
    bonafide_core::excerpt(text, 80)
}

/// True for a condition that goes through nothing itself.
fn is_plain(statement: &LiteralStmt) -> bool {
    let goes = |expr: &Ref<Expr>| expr.span().text().contains("[_]");
    match &statement.literal {
        Literal::Expr { expr, .. } => !goes(expr),
        Literal::NotExpr { .. } => true,
        Literal::SomeVars { .. } | Literal::SomeIn { .. } | Literal::Every { .. } => false,
    }
}

/// Counts. What cannot be counted is said.
pub(crate) fn count(
    rules: &RuleSet,
    input: regorus::Value,
    limits: &Limits,
) -> Result<(Vec<Looked>, Vec<String>), RegoError> {
    let mut more: BTreeMap<String, String> = BTreeMap::new();
    let mut asked: Vec<(Looked, Option<String>)> = Vec::new();
    for (entry, definitions) in &rules.entries {
        for definition in definitions {
            for measure in &definition.measures {
                let path = measure.through.as_ref().map(|_| {
                    let name = format!("{NAME}_{}", asked.len());
                    let text = more.entry(definition.place.origin.clone()).or_default();
                    text.push_str(&format!("{name} := count([1 | {}\n])\n", measure.selection));
                    format!("data.bonafide.{}.{name}", entry.package)
                });
                let looked = Looked {
                    of: entry.clone(),
                    place: place(definition),
                    through: measure.through.clone(),
                    count: path.is_none().then_some(1),
                };
                asked.push((looked, path));
            }
        }
    }
    let unknown = |asked: Vec<(Looked, Option<String>)>| {
        let warning = "what the custom rules looked at could not be counted".to_owned();
        (
            asked.into_iter().map(|(looked, _)| looked).collect(),
            vec![warning],
        )
    };
    if more.is_empty() {
        let looked = asked.into_iter().map(|(looked, _)| looked);
        return Ok((looked.collect(), Vec::new()));
    }
    let Ok(mut engine) = rules.engine(limits, Which::Counting(&more)) else {
        return Ok(unknown(asked));
    };
    engine.set_input(input);
    for index in 0..asked.len() {
        let Some((looked, Some(path))) = asked.get_mut(index) else {
            continue;
        };
        let count = match engine.eval_rule(path.clone()) {
            Ok(count) => Some(count),
            // Whether there was time to count must not decide what the report says.
            Err(error) => match RegoError::of_interpreter(&error.into(), limits) {
                error @ RegoError::Limit { .. } => return Err(error),
                _ => None,
            },
        };
        looked.count = count.and_then(|count| count.as_u64().ok());
        if looked.count.is_none() {
            return Ok(unknown(asked));
        }
    }
    let looked = asked.into_iter().map(|(looked, _)| looked);
    Ok((looked.collect(), Vec::new()))
}
