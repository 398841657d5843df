//! Judges the tree of a template: what it reaches for, and on what its text depends.

use std::collections::BTreeSet;
use std::ops::Range;

use bonafide_core::excerpt;

use super::dependence::{Cause, Knowledge, is_comparison};
use super::fold::{Constant, fold};
use super::rules;
use super::syntax::{Argument, Expression, Node, Shape, Step};
use super::text::{Marker, Sign, is_prose, marker, signs, words};
use crate::rule::Rule;

/// Rounds in which what depends on what is gathered. Each takes one more step back.
const ROUNDS: usize = 3;

/// Most findings of a template: one is enough to judge.
const MOST: usize = 200;

/// Something that was found.
pub(super) struct Finding {
    pub(super) rule: &'static Rule,
    pub(super) range: Range<usize>,
    pub(super) message: String,
}

/// Judges a template.
pub(super) fn judge(source: &str, nodes: &[Node]) -> Vec<Finding> {
    let mut judge = Judge {
        source,
        findings: Vec::new(),
        reported: BTreeSet::new(),
        known: Knowledge::new(),
        round: 0,
    };
    for round in 0..=ROUNDS {
        judge.round = round;
        judge.nodes(nodes, None, 1);
    }
    judge.findings
}

struct Judge<'s> {
    source: &'s str,
    findings: Vec<Finding>,
    reported: BTreeSet<(&'static str, usize)>,
    known: Knowledge,
    round: usize,
}

impl Judge<'_> {
    /// Reports in the last round, when all that is to be known is known.
    fn report(
        &mut self,
        rule: &'static Rule,
        range: &Range<usize>,
        message: impl FnOnce() -> String,
    ) {
        if self.round < ROUNDS || self.findings.len() >= MOST {
            return;
        }
        if self.reported.insert((rule.slug, range.start)) {
            self.findings.push(Finding {
                rule,
                range: range.clone(),
                message: message(),
            });
        }
    }

    fn nodes(&mut self, nodes: &[Node], cause: Option<&Cause>, repetitions: u64) {
        for node in nodes {
            self.node(node, cause, repetitions);
        }
    }

    fn node(&mut self, node: &Node, cause: Option<&Cause>, repetitions: u64) {
        match node {
            Node::Text(range) => {
                let text = self.source.get(range.clone()).unwrap_or_default();
                self.literal(text, range);
                self.emits(text, range, cause);
            }
            Node::Output(value) => {
                self.expression(value);
                self.value(value, cause);
            }
            Node::If(branches) => {
                let mut inherited = cause.cloned();
                for (condition, body) in branches {
                    if let Some(condition) = condition {
                        self.expression(condition);
                        inherited = inherited.max(self.known.cause(condition));
                    }
                    self.nodes(body, inherited.as_ref(), repetitions);
                }
            }
            Node::For {
                targets,
                over,
                filter,
                body,
                otherwise,
            } => self.repetition(
                targets,
                over,
                filter.as_ref(),
                (body, otherwise),
                cause,
                repetitions,
            ),
            Node::Set {
                targets,
                value,
                body,
            } => {
                if let Some(value) = value {
                    self.expression(value);
                    // One word that is kept for later is a state; one that takes the
                    // place of what somebody wrote is a text.
                    let replaces = targets.iter().any(|target| {
                        self.known.is_named(&self.known.content, target)
                            || target.contains("content")
                    });
                    let least = if replaces { 1 } else { 3 };
                    self.value_of(value, cause, least);
                    self.known.assign(targets, value, cause);
                    let text = fold(value, &self.known.constants).map(|value| value.text());
                    if let ([target], Some(text)) =
                        (targets.as_slice(), text.filter(|text| is_prose(text)))
                    {
                        self.known.prose.insert(target.clone(), excerpt(&text, 300));
                    }
                }
                if let [target] = targets.as_slice() {
                    self.keep(target, body);
                }
                self.nodes(body, cause, repetitions);
                let written = body.iter().any(|node| self.known.writes_content(node));
                if written {
                    let names = self.known.scoped_all(targets);
                    self.known.content.extend(names);
                }
            }
            Node::Macro {
                name,
                parameters,
                body,
            } => {
                let names = parameters
                    .iter()
                    .map(|parameter| match &parameter.value.shape {
                        _ if parameter.name.is_some() => parameter.name.clone().unwrap_or_default(),
                        Shape::Name(name) => name.clone(),
                        _ => String::new(),
                    });
                self.known.macros.insert(name.clone(), names.collect());
                for parameter in parameters {
                    self.expression(&parameter.value);
                }
                self.keep(name, body);
                let outer = std::mem::replace(&mut self.known.scope, name.clone());
                self.nodes(body, cause, repetitions);
                self.known.scope = outer;
            }
            Node::Load(kind, value) => {
                self.expression(value);
                self.report(&rules::INCLUDE, &value.range, || {
                    format!("it has an `{kind}`")
                });
            }
            Node::Block(values, body) => {
                for value in values {
                    self.expression(value);
                    self.value(value, cause);
                }
                self.nodes(body, cause, repetitions);
            }
            Node::Statement(values) => {
                for value in values {
                    self.expression(value);
                    self.value(value, cause);
                }
            }
        }
    }

    /// Takes down the first text of a body that says something, under the body's name.
    fn keep(&mut self, name: &str, body: &[Node]) {
        let text = body.iter().find_map(|node| {
            match node {
                Node::Text(range) => self.source.get(range.clone()).map(str::to_owned),
                Node::Output(value) => {
                    let mut literals = Vec::new();
                    emitted(value, &mut literals);
                    let first = literals.into_iter().find(|(text, _)| is_prose(text));
                    first.map(|(text, _)| text.to_owned())
                }
                _ => None,
            }
            .filter(|text| is_prose(text))
        });
        if let Some(text) = text {
            self.known
                .prose
                .insert(name.to_owned(), excerpt(&text, 300));
        }
    }

    fn repetition(
        &mut self,
        targets: &[String],
        over: &Expression,
        filter: Option<&Expression>,
        (body, otherwise): (&[Node], &[Node]),
        cause: Option<&Cause>,
        repetitions: u64,
    ) {
        self.expression(over);
        if self.known.is_content(over) {
            let names = self.known.scoped_all(targets);
            self.known.content.extend(names);
        } else if self.known.is_messages(over) {
            let names = self.known.scoped_all(targets);
            self.known.messages.extend(names);
        }
        let mut inner = cause.cloned().max(self.known.cause(over));
        if let Some(filter) = filter {
            self.expression(filter);
            inner = inner.max(self.known.cause(filter));
        }
        let repetitions = repetitions.saturating_mul(self.known.length(over));
        if repetitions > LONGEST_LOOP {
            self.report(&rules::EXHAUSTION, &over.range, || {
                format!("loops repeat {repetitions} times")
            });
        }
        self.nodes(body, inner.as_ref(), repetitions);
        self.nodes(otherwise, inner.as_ref(), repetitions);
    }

    /// What an emitted or assigned value adds by itself.
    fn value(&mut self, value: &Expression, cause: Option<&Cause>) {
        self.value_of(value, cause, 1);
    }

    /// The same, for texts of so many words at least.
    fn value_of(&mut self, value: &Expression, cause: Option<&Cause>, least: usize) {
        let own = self.known.choice(value);
        let cause = cause.cloned().max(own);
        let mut literals = Vec::new();
        emitted(value, &mut literals);
        self.known.changed(value, cause.as_ref());
        // Texts that are kept under a name: of a macro, or of a variable.
        let mut named = Vec::new();
        value.each(&mut |part| {
            if let Shape::Name(name) = &part.shape
                && let Some(text) = self.known.prose.get(name)
            {
                named.push((text.clone(), part.range.clone()));
            }
        });
        for (text, range) in &named {
            self.emits(text, range, cause.as_ref());
        }
        for (text, range) in literals {
            if words(text) >= least || is_prose(text) {
                self.emits(text, range, cause.as_ref());
            }
        }
    }

    /// Judges text that is emitted for a cause.
    fn emits(&mut self, text: &str, range: &Range<usize>, cause: Option<&Cause>) {
        let Some(cause) = cause.filter(|_| self.round == ROUNDS) else {
            return;
        };
        let shown = || excerpt(text.trim(), 80);
        let prose = is_prose(text);
        match cause {
            Cause::Words(trigger) if prose => {
                let trigger = excerpt(trigger, 40);
                self.report(&rules::HIDDEN_BRANCH, range, || {
                    format!("where a message has `{trigger}` it adds `{}`", shown())
                });
            }
            Cause::Key if prose => self.report(&rules::HIDDEN_BRANCH, range, || {
                format!("by what a message says it adds `{}`", shown())
            }),
            Cause::Length if prose => self.report(&rules::HIDDEN_BRANCH, range, || {
                format!(
                    "where a message has a certain length or form it adds `{}`",
                    shown()
                )
            }),
            Cause::Time if prose => self.report(&rules::HIDDEN_BRANCH, range, || {
                format!("on certain days, or by chance, it adds `{}`", shown())
            }),
            Cause::Words(trigger) if words(text) > 0 => {
                let trigger = excerpt(trigger, 40);
                self.report(&rules::CONTENT_BRANCH, range, || {
                    format!("where a message has `{trigger}` it adds `{}`", shown())
                });
            }
            Cause::Time if words(text) > 0 => self.report(&rules::TIME, range, || {
                format!("on certain days, or by chance, it adds `{}`", shown())
            }),
            Cause::Control if prose => self.report(&rules::CONTENT_BRANCH, range, || {
                format!("where a message has a certain marker it adds `{}`", shown())
            }),
            Cause::Part if prose => self.report(&rules::CONTENT_BRANCH, range, || {
                format!("where a message has a certain part it adds `{}`", shown())
            }),
            Cause::Turn if prose => self.report(&rules::CONTENT_BRANCH, range, || {
                format!("from a certain message on it adds `{}`", shown())
            }),
            _ => {}
        }
    }

    /// Looks at an expression and all in it for what needs no context.
    fn expression(&mut self, whole: &Expression) {
        let mut parts = Vec::new();
        whole.each(&mut |part| parts.push(part));
        for part in parts {
            match &part.shape {
                Shape::String(text) => {
                    self.literal(text, &part.range);
                    self.escape_in_text(text, &part.range);
                }
                Shape::Name(name) => self.escape_in_name(name, &part.range),
                Shape::Operation(..) => {
                    if let Some(Constant::Text(text)) = fold(part, &self.known.constants) {
                        self.escape_in_text(&text, &part.range);
                    }
                    self.multiplication(part);
                }
                Shape::Chain(base, steps) => self.steps(part, base, steps),
                _ => {}
            }
        }
    }

    /// `'a' * 10 ** 9`.
    fn multiplication(&mut self, part: &Expression) {
        let Shape::Operation(operands, operators) = &part.shape else {
            return;
        };
        let texts = operands.iter().any(|operand| {
            matches!(
                operand.shape,
                Shape::String(_) | Shape::Sequence(_) | Shape::Chain(..) | Shape::Name(_)
            )
        });
        let most = operands
            .iter()
            .filter_map(|operand| match fold(operand, &self.known.constants) {
                Some(Constant::Number(number)) => Some(number),
                _ => None,
            })
            .max();
        if operators.contains(&"*")
            && texts
            && let Some(count) = most.filter(|count| *count > LONGEST_LOOP)
        {
            self.report(&rules::EXHAUSTION, &part.range, || {
                format!("something is repeated {count} times")
            });
        }
        if operators.contains(&"**")
            && matches!(
                fold(part, &self.known.constants),
                Some(Constant::Number(u64::MAX))
            )
        {
            self.report(&rules::EXHAUSTION, &part.range, || {
                "a number is raised without bound".to_owned()
            });
        }
    }

    fn steps(&mut self, whole: &Expression, base: &Expression, steps: &[Step]) {
        if let Some(Constant::Text(text)) = fold(whole, &self.known.constants) {
            self.escape_in_text(&text, &whole.range);
        }
        if let (Shape::Name(name), Some(Step::Attribute(member))) = (&base.shape, steps.first()) {
            let reaches = matches!(
                (name.as_str(), member.as_str()),
                ("request", "application" | "environ") | ("config", "from_object" | "from_pyfile")
            );
            if reaches {
                self.escape(&whole.range, &format!("{name}.{member}"));
            }
        }
        if let (Shape::Name(name), Some(Step::Call(arguments))) = (&base.shape, steps.first()) {
            self.known.bind(name, arguments);
            let length = self.known.length(whole);
            if name == "range" && length > LONGEST_LOOP {
                self.report(&rules::EXHAUSTION, &whole.range, || {
                    format!("a range of {length}")
                });
            }
        }
        for (index, step) in steps.iter().enumerate() {
            let called = matches!(steps.get(index + 1), Some(Step::Call(_)));
            match step {
                Step::Attribute(name) => self.escape_in_name(name, &whole.range),
                // What a template calls it calls by name.
                Step::Item(item) if called => {
                    let name = fold(item, &self.known.constants)
                        .map_or("a computed name".to_owned(), |name| name.text());
                    self.escape(&item.range, &name);
                }
                Step::Filter(name, arguments) | Step::Test(name, arguments) => {
                    self.filter(name, arguments, &whole.range);
                }
                _ => {}
            }
            if let (Step::Attribute(name), Some(Step::Call(arguments))) =
                (step, steps.get(index + 1))
            {
                let before = steps.get(..index).unwrap_or_default();
                if name == "replace" && self.known.is_content_chain(base, before) {
                    self.rewrite(arguments, &whole.range);
                }
            }
            if let Step::Filter(name, arguments) = step {
                let before = steps.get(..index).unwrap_or_default();
                if name == "replace" && self.known.is_content_chain(base, before) {
                    self.rewrite(arguments, &whole.range);
                }
            }
        }
    }

    fn rewrite(&mut self, arguments: &[Argument], range: &Range<usize>) {
        let text = |index: usize| {
            let argument = arguments.get(index)?;
            Some(fold(&argument.value, &self.known.constants)?.text())
        };
        let (Some(from), Some(to)) = (text(0), text(1)) else {
            return;
        };
        let message = || format!("`{}` becomes `{}`", excerpt(&from, 40), excerpt(&to, 80));
        if is_prose(&to) && marker(&from) == Marker::Word {
            self.report(&rules::HIDDEN_BRANCH, range, message);
        } else if marker(&from) == Marker::Word && from != to && words(&from) > 0 {
            self.report(&rules::REWRITE, range, message);
        }
    }

    /// Filters that look up names: the name has to be a plain one, written out.
    fn filter(&mut self, filter: &str, arguments: &[Argument], range: &Range<usize>) {
        let looks_up = |argument: &&Argument| match filter {
            "attr" => argument.name.is_none(),
            "map" | "sort" | "unique" | "min" | "max" | "sum" => {
                argument.name.as_deref() == Some("attribute")
            }
            _ => false,
        };
        for argument in arguments.iter().filter(looks_up) {
            if fold(&argument.value, &self.known.constants).is_none() {
                self.escape(range, "a computed name");
            }
        }
        if matches!(
            filter,
            "center" | "indent" | "ljust" | "rjust" | "zfill" | "batch" | "slice"
        ) {
            let width = arguments.iter().find_map(|argument| {
                match fold(&argument.value, &self.known.constants) {
                    Some(Constant::Number(width)) if width > LONGEST_LOOP => Some(width),
                    _ => None,
                }
            });
            if let Some(width) = width {
                self.report(&rules::EXHAUSTION, range, || {
                    format!("`{filter}` fills {width} columns")
                });
            }
        }
    }

    fn escape(&mut self, range: &Range<usize>, name: &str) {
        self.report(&rules::ESCAPE, range, || {
            format!("it reaches for `{}`", excerpt(name, 80))
        });
    }

    fn escape_in_name(&mut self, name: &str, range: &Range<usize>) {
        if is_inside(name) {
            self.escape(range, name);
        }
    }

    /// Strings name attributes where `attr`, subscripts and `map` take them.
    fn escape_in_text(&mut self, text: &str, range: &Range<usize>) {
        let names = text.split(|c: char| !(c == '_' || c.is_alphanumeric()));
        for name in names.filter(|name| is_inside(name)) {
            self.escape(range, name);
        }
        let written = self.source.get(range.clone()).unwrap_or_default();
        let hidden = ["\\x5f", "\\x5F", "\\u005f", "\\u005F", "\\137"];
        if hidden.iter().any(|hidden| written.contains(hidden)) {
            self.escape(range, "an underscore that is written as a number");
        }
    }

    /// Looks at a text for what it is by itself.
    fn literal(&mut self, text: &str, range: &Range<usize>) {
        if self.round < ROUNDS {
            return;
        }
        for sign in signs(text) {
            let rule = match sign {
                Sign::Active => &rules::EXFILTRATION,
                Sign::Url => &rules::URL,
                Sign::Deception => &rules::INSTRUCTION,
                Sign::Invisible => &rules::INVISIBLE,
                Sign::Encoded => &rules::ENCODED,
            };
            self.report(rule, range, || {
                format!("it has `{}`", excerpt(text.trim(), 120))
            });
        }
    }
}

/// The longest range of Jinja's own sandbox.
const LONGEST_LOOP: u64 = 100_000;

/// Names of Python's inside, by which templates leave their renderer.
pub(super) fn is_inside(name: &str) -> bool {
    /// Those without underscores on both sides.
    const OTHERS: &[&str] = &[
        "mro",
        "_TemplateReference__context",
        "gi_frame",
        "gi_code",
        "f_globals",
        "f_builtins",
        "f_locals",
        "f_back",
        "cr_frame",
        "ag_frame",
        "tb_frame",
        "func_globals",
        "im_func",
        "func_code",
        "_module",
        "_load_unlocked",
        "get_flashed_messages",
        "_mutable_sequence_types",
    ];

    (name.len() > 4
        && name.starts_with("__")
        && name.ends_with("__")
        && name.bytes().any(|b| b.is_ascii_lowercase()))
        || OTHERS.contains(&name)
}

/// The literals that a value can put into the output.
fn emitted<'e>(value: &'e Expression, found: &mut Vec<(&'e str, &'e Range<usize>)>) {
    match &value.shape {
        Shape::String(text) => found.push((text, &value.range)),
        Shape::Sequence(parts) => parts.iter().for_each(|part| emitted(part, found)),
        Shape::Operation(parts, operators)
            if !operators.iter().any(|operator| is_comparison(operator)) =>
        {
            parts.iter().for_each(|part| emitted(part, found));
        }
        Shape::Conditional(then, _, other) => {
            emitted(then, found);
            if let Some(other) = other {
                emitted(other, found);
            }
        }
        Shape::Chain(base, steps) => {
            // The text of an error is shown to the caller, not to the model.
            if matches!(&base.shape, Shape::Name(name) if name == "raise_exception") {
                return;
            }
            emitted(base, found);
            for step in steps {
                if let Step::Call(arguments) | Step::Filter(_, arguments) = step {
                    arguments
                        .iter()
                        .for_each(|argument| emitted(&argument.value, found));
                }
            }
        }
        _ => {}
    }
}
