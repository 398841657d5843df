//! From TOML to nodes.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::node::{Content, Key, MOST_DEPTH, Node};
use crate::problem::Problem;

/// Reads a document.
pub(crate) fn read(text: &str, problems: &mut Vec<Problem>) -> Option<Node> {
    match DeTable::parse(text) {
        Ok(root) => Some(Node {
            span: 0..0,
            content: table(root.get_ref(), 0, problems),
        }),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            problems.push(Problem::new(span, error.message()));
            None
        }
    }
}

fn table(table: &DeTable<'_>, depth: usize, problems: &mut Vec<Problem>) -> Content {
    let entries = table.iter().map(|(key, value)| {
        let key = Key {
            text: key.get_ref().to_string(),
            span: key.span(),
        };
        (key, node(value, depth + 1, problems))
    });
    Content::Table(entries.collect())
}

fn node(value: &Spanned<DeValue<'_>>, depth: usize, problems: &mut Vec<Problem>) -> Node {
    let span = value.span();
    if depth > MOST_DEPTH {
        let message = format!("more than {MOST_DEPTH} levels of lists and tables");
        problems.push(Problem::new(span.clone(), message));
        return Node {
            span,
            content: Content::Nothing,
        };
    }
    let content = match value.get_ref() {
        DeValue::String(text) => Content::Text(text.to_string()),
        DeValue::Integer(integer) => {
            let digits = integer.as_str().replace('_', "");
            match i64::from_str_radix(&digits, integer.radix()) {
                Ok(integer) => Content::Integer(integer),
                Err(_) => {
                    let message = format!("integer `{}` is out of range", integer.as_str());
                    problems.push(Problem::new(span.clone(), message));
                    Content::Nothing
                }
            }
        }
        DeValue::Float(float) => match float.as_str().replace('_', "").parse::<f64>() {
            Ok(number) if number.is_finite() => Content::Float(number),
            _ => {
                let message = format!("number `{}` is not finite", float.as_str());
                problems.push(Problem::new(span.clone(), message));
                Content::Nothing
            }
        },
        DeValue::Boolean(flag) => Content::Flag(*flag),
        DeValue::Datetime(moment) => Content::Moment(moment.to_string()),
        DeValue::Array(array) => Content::List(
            array
                .iter()
                .map(|element| node(element, depth + 1, problems))
                .collect(),
        ),
        DeValue::Table(inner) => table(inner, depth, problems),
    };
    Node { span, content }
}
