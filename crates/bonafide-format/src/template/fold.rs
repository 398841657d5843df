//! What an expression is, as far as the template alone says it: `'__cl' ~ 'ass__'`.

use std::collections::BTreeMap;

use super::syntax::{Argument, Expression, Shape, Step};

/// Longest text that is put together.
const LONGEST: usize = 4096;

/// A value that the template alone decides.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Constant {
    Text(String),
    Number(u64),
    List(Vec<Constant>),
}

/// What names stand for, as far as it was found so far.
pub(super) type Constants = BTreeMap<String, Constant>;

impl Constant {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::List(elements) => join(elements, ", "),
        }
    }

    pub(super) fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len() + 1,
            Self::Number(_) => 20,
            Self::List(elements) => elements.iter().map(Self::size).sum::<usize>() + 1,
        }
    }
}

fn join(elements: &[Constant], between: &str) -> String {
    let texts: Vec<String> = elements.iter().map(Constant::text).collect();
    texts.join(between)
}

/// The value of an expression; none if it depends on anything else, or grows too long.
pub(super) fn fold(expression: &Expression, names: &Constants) -> Option<Constant> {
    let folded = match &expression.shape {
        Shape::String(text) => Constant::Text(text.clone()),
        Shape::Integer(number) => Constant::Number(*number),
        Shape::Name(name) => names.get(name)?.clone(),
        Shape::Sequence(elements) => Constant::List(
            elements
                .iter()
                .map(|element| fold(element, names))
                .collect::<Option<_>>()?,
        ),
        Shape::Operation(operands, operators) => operation(operands, operators, names)?,
        Shape::Chain(base, steps) => chain(base, steps, names)?,
        Shape::Constant | Shape::Unary(_) | Shape::Conditional(..) => return None,
    };
    (folded.size() <= LONGEST).then_some(folded)
}

fn operation(
    operands: &[Expression],
    operators: &[&'static str],
    names: &Constants,
) -> Option<Constant> {
    let (first, rest) = operands.split_first()?;
    let mut value = fold(first, names)?;
    for (operator, operand) in operators.iter().zip(rest) {
        let right = fold(operand, names)?;
        value = match (*operator, value, right) {
            ("+", Constant::Number(left), Constant::Number(right)) => {
                Constant::Number(left.saturating_add(right))
            }
            ("-", Constant::Number(left), Constant::Number(right)) => {
                Constant::Number(left.checked_sub(right)?)
            }
            ("*", Constant::Number(left), Constant::Number(right)) => {
                Constant::Number(left.saturating_mul(right))
            }
            ("**", Constant::Number(left), Constant::Number(right)) => {
                let exponent = u32::try_from(right).unwrap_or(u32::MAX);
                Constant::Number(left.saturating_pow(exponent))
            }
            ("/" | "//", Constant::Number(left), Constant::Number(right)) => {
                Constant::Number(left.checked_div(right)?)
            }
            ("*", Constant::Text(text), Constant::Number(count))
            | ("*", Constant::Number(count), Constant::Text(text)) => {
                let count = usize::try_from(count).ok()?;
                if text.len().checked_mul(count)? > LONGEST {
                    return None;
                }
                Constant::Text(text.repeat(count))
            }
            ("%", Constant::Text(text), right) => Constant::Text(percent(&text, &flat(right))),
            ("+" | "~", left, right) => Constant::Text(left.text() + &right.text()),
            _ => return None,
        };
        if value.size() > LONGEST {
            return None;
        }
    }
    Some(value)
}

fn flat(value: Constant) -> Vec<Constant> {
    match value {
        Constant::List(elements) => elements,
        other => vec![other],
    }
}

fn chain(base: &Expression, steps: &[Step], names: &Constants) -> Option<Constant> {
    let mut steps = steps.iter().peekable();
    let mut value = match (&base.shape, steps.peek()) {
        // `dict(__class__=x)` has the names of its arguments.
        (Shape::Name(name), Some(Step::Call(arguments))) if name == "dict" => {
            steps.next();
            let keys = arguments
                .iter()
                .filter_map(|argument| argument.name.clone());
            Constant::List(keys.map(Constant::Text).collect())
        }
        _ => fold(base, names)?,
    };
    while let Some(step) = steps.next() {
        value = match step {
            Step::Filter(name, arguments) => apply(value, name, arguments, names)?,
            Step::Attribute(name) => match steps.next() {
                Some(Step::Call(arguments)) => apply_method(value, name, arguments, names)?,
                _ => return None,
            },
            Step::Item(index) => {
                let Constant::Number(index) = fold(index, names)? else {
                    return None;
                };
                let index = usize::try_from(index).ok()?;
                match value {
                    Constant::Text(text) => Constant::Text(text.chars().nth(index)?.to_string()),
                    Constant::List(elements) => elements.get(index)?.clone(),
                    Constant::Number(_) => return None,
                }
            }
            // Only the slice that turns around is worth the trouble: `[::-1]`.
            Step::Slice(parts, _) => match (value, parts.as_slice()) {
                (
                    Constant::Text(text),
                    [
                        Expression {
                            shape: Shape::Unary(_),
                            ..
                        },
                    ],
                ) => Constant::Text(text.chars().rev().collect()),
                (value, []) => value,
                _ => return None,
            },
            Step::Call(_) | Step::Test(..) => return None,
        };
        if value.size() > LONGEST {
            return None;
        }
    }
    Some(value)
}

fn constants(arguments: &[Argument], names: &Constants) -> Option<Vec<Constant>> {
    let value = |argument: &Argument| fold(&argument.value, names);
    arguments.iter().map(value).collect()
}

fn apply(
    value: Constant,
    filter: &str,
    arguments: &[Argument],
    names: &Constants,
) -> Option<Constant> {
    let arguments = constants(arguments, names)?;
    let first = arguments.first().map(Constant::text);
    let text = value.text();
    Some(Constant::Text(match filter {
        "join" => join(&flat(value), &first.unwrap_or_default()),
        "lower" => text.to_lowercase(),
        "upper" => text.to_uppercase(),
        "trim" => text.trim().to_owned(),
        "reverse" => text.chars().rev().collect(),
        "replace" => text.replace(&first?, &arguments.get(1)?.text()),
        "format" => percent(&text, &arguments),
        "string" | "safe" | "e" | "escape" => text,
        "list" | "default" | "d" => return Some(value),
        "first" => return flat(value).into_iter().next(),
        "last" => return flat(value).into_iter().next_back(),
        _ => return None,
    }))
}

fn apply_method(
    value: Constant,
    method: &str,
    arguments: &[Argument],
    names: &Constants,
) -> Option<Constant> {
    let arguments = constants(arguments, names)?;
    let first = arguments.first();
    let text = value.text();
    Some(Constant::Text(match method {
        "join" => join(&flat(first?.clone()), &text),
        "lower" => text.to_lowercase(),
        "upper" => text.to_uppercase(),
        "strip" => text.trim().to_owned(),
        "replace" => text.replace(&first?.text(), &arguments.get(1)?.text()),
        "format" => braces(&text, &arguments),
        "split" => {
            let between = first?.text();
            if between.is_empty() {
                return None;
            }
            let parts = text.split(&between);
            return Some(Constant::List(
                parts.map(|part| Constant::Text(part.to_owned())).collect(),
            ));
        }
        _ => return None,
    }))
}

fn shown(value: &Constant, as_character: bool) -> String {
    match value {
        Constant::Number(code) if as_character => u32::try_from(*code)
            .ok()
            .and_then(char::from_u32)
            .map(String::from)
            .unwrap_or_default(),
        other => other.text(),
    }
}

/// `'%s%c' % (…)`.
fn percent(format: &str, arguments: &[Constant]) -> String {
    let mut text = String::new();
    let mut arguments = arguments.iter();
    let mut characters = format.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            text.push(character);
            continue;
        }
        match characters.find(|letter| letter.is_alphabetic() || *letter == '%') {
            Some('%') | None => text.push('%'),
            Some(letter) => {
                if let Some(argument) = arguments.next() {
                    text.push_str(&shown(argument, letter == 'c'));
                }
            }
        }
        if text.len() > LONGEST {
            break;
        }
    }
    text
}

/// `'{}{0}{:c}'.format(…)`.
fn braces(format: &str, arguments: &[Constant]) -> String {
    let mut text = String::new();
    let mut next = 0_usize;
    let mut rest = format;
    while let Some((before, inner)) = rest.split_once('{') {
        text.push_str(before);
        let Some((field, after)) = inner.split_once('}') else {
            rest = inner;
            break;
        };
        rest = after;
        let (number, style) = field.split_once(':').unwrap_or((field, ""));
        let index = number.parse().unwrap_or(next);
        next += 1;
        if let Some(argument) = arguments.get(index) {
            text.push_str(&shown(argument, style.ends_with('c')));
        }
        if text.len() > LONGEST {
            break;
        }
    }
    text.push_str(rest);
    text
}
