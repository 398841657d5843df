//! Judges the tree of a template: what it reaches for, and on what its text depends.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use bonafide_core::excerpt;

use super::fold::{Constant, Constants, fold};
use super::rules;
use super::syntax::{Argument, Expression, Node, Shape, Step};
use super::text::{Marker, Sign, is_prose, marker, signs, words};
use crate::rule::Rule;

/// Rounds in which what depends on what is gathered. Each takes one more step back.
const ROUNDS: usize = 3;

/// Most findings of a template: one is enough to judge.
const MOST: usize = 200;

/// Names that hold messages in the templates of every family.
const MESSAGES: &[&str] = &[
    "messages",
    "message",
    "msg",
    "m",
    "conversation",
    "history",
    "chat",
];

/// Members of a message that somebody wrote.
const CONTENT: &[&str] = &[
    "content",
    "text",
    "reasoning_content",
    "reasoning",
    "thinking",
    "parts",
];

/// What tells the time.
const CLOCKS: &[&str] = &[
    "strftime_now",
    "now",
    "datetime",
    "date_string",
    "current_date",
    "today",
    "time",
];

/// What makes a branch be taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// A switch or tag that models are trained with.
    Control,
    /// A kind of part that a message can have: `'image' in content`.
    Part,
    /// How far the conversation is.
    Turn,
    /// The day, or chance.
    Time,
    /// How long a message is.
    Length,
    /// What a message says.
    Words(String),
}

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
        constants: Constants::new(),
        content: BTreeSet::new(),
        messages: MESSAGES.iter().map(|name| (*name).to_owned()).collect(),
        causes: BTreeMap::new(),
        macros: BTreeMap::new(),
        scope: String::new(),
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
    constants: Constants,
    /// Names that hold what somebody wrote.
    content: BTreeSet<String>,
    /// Names that hold messages.
    messages: BTreeSet<String>,
    /// Names whose values depend on something.
    causes: BTreeMap<String, Cause>,
    /// Parameters of macros.
    macros: BTreeMap<String, Vec<String>>,
    /// The macro that is looked at; its names are its own.
    scope: String,
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
                        inherited = inherited.max(self.cause(condition));
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
                        self.is_named(&self.content, target) || target.contains("content")
                    });
                    let least = if replaces { 1 } else { 3 };
                    self.value_of(value, cause, least);
                    self.assign(targets, value, cause);
                }
                self.nodes(body, cause, repetitions);
                let written = body.iter().any(|node| self.writes_content(node));
                if written {
                    let names = self.scoped_all(targets);
                    self.content.extend(names);
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
                self.macros.insert(name.clone(), names.collect());
                for parameter in parameters {
                    self.expression(&parameter.value);
                }
                let outer = std::mem::replace(&mut self.scope, name.clone());
                self.nodes(body, cause, repetitions);
                self.scope = outer;
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

    /// The name that something is known by: names of a macro are its own.
    fn scoped(&self, name: &str) -> String {
        if self.scope.is_empty() || name.contains('.') {
            return name.to_owned();
        }
        format!("{}/{name}", self.scope)
    }

    fn is_named(&self, names: &BTreeSet<String>, name: &str) -> bool {
        names.contains(name) || (!self.scope.is_empty() && names.contains(&self.scoped(name)))
    }

    fn scoped_all(&self, names: &[String]) -> Vec<String> {
        names.iter().map(|name| self.scoped(name)).collect()
    }

    fn cause_of_name(&self, name: &str) -> Option<&Cause> {
        let own = self.causes.get(&self.scoped(name));
        own.or_else(|| self.causes.get(name))
    }

    fn writes_content(&self, node: &Node) -> bool {
        matches!(node, Node::Output(value) if self.is_content(value))
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
        if self.is_content(over) {
            let names = self.scoped_all(targets);
            self.content.extend(names);
        } else if self.is_messages(over) {
            let names = self.scoped_all(targets);
            self.messages.extend(names);
        }
        let mut inner = cause.cloned().max(self.cause(over));
        if let Some(filter) = filter {
            self.expression(filter);
            inner = inner.max(self.cause(filter));
        }
        let repetitions = repetitions.saturating_mul(self.length(over));
        if repetitions > LONGEST_LOOP {
            self.report(&rules::EXHAUSTION, &over.range, || {
                format!("loops repeat {repetitions} times")
            });
        }
        self.nodes(body, inner.as_ref(), repetitions);
        self.nodes(otherwise, inner.as_ref(), repetitions);
    }

    /// How often a loop over a value repeats, if the template alone decides it.
    fn length(&self, over: &Expression) -> u64 {
        if let Shape::Chain(base, steps) = &over.shape
            && let (Shape::Name(name), [Step::Call(arguments), ..]) =
                (&base.shape, steps.as_slice())
            && name == "range"
        {
            let numbers = arguments.iter().filter_map(|argument| {
                match fold(&argument.value, &self.constants)? {
                    Constant::Number(number) => Some(number),
                    _ => None,
                }
            });
            return numbers.max().unwrap_or(1).max(1);
        }
        1
    }

    fn assign(&mut self, targets: &[String], value: &Expression, cause: Option<&Cause>) {
        let content = self.is_content(value);
        let messages = self.is_messages(value);
        let depends = cause
            .filter(|cause| **cause > Cause::Control)
            .cloned()
            .max(self.cause(value));
        let constant = fold(value, &self.constants);
        for target in targets {
            let target = &self.scoped(target);
            if content {
                self.content.insert(target.clone());
            } else if messages {
                self.messages.insert(target.clone());
            }
            if let Some(depends) = &depends {
                let known = self.causes.get(target);
                if known.is_none_or(|known| known < depends) {
                    self.causes.insert(target.clone(), depends.clone());
                }
            }
            match &constant {
                Some(constant) if targets.len() == 1 => {
                    self.constants.insert(target.clone(), constant.clone());
                }
                _ => {}
            }
        }
        // `namespace(flag='x' in content)`.
        if let (Shape::Chain(base, steps), [target]) = (&value.shape, targets)
            && matches!(&base.shape, Shape::Name(name) if name == "namespace")
            && let [Step::Call(arguments)] = steps.as_slice()
        {
            for argument in arguments {
                if let Some(name) = &argument.name {
                    self.assign(&[format!("{target}.{name}")], &argument.value, cause);
                }
            }
        }
    }

    /// What an emitted or assigned value adds by itself.
    fn value(&mut self, value: &Expression, cause: Option<&Cause>) {
        self.value_of(value, cause, 1);
    }

    /// The same, for texts of so many words at least.
    fn value_of(&mut self, value: &Expression, cause: Option<&Cause>, least: usize) {
        let own = self.choice(value);
        let cause = cause.cloned().max(own);
        let mut literals = Vec::new();
        emitted(value, &mut literals);
        for (text, range) in literals {
            if words(text) >= least || is_prose(text) {
                self.emits(text, range, cause.as_ref());
            }
        }
    }

    /// Judges text that is emitted for a cause.
    fn emits(&mut self, text: &str, range: &Range<usize>, cause: Option<&Cause>) {
        let Some(cause) = cause else { return };
        let shown = || excerpt(text.trim(), 80);
        let prose = is_prose(text);
        match cause {
            Cause::Words(trigger) if prose => {
                let trigger = excerpt(trigger, 40);
                self.report(&rules::HIDDEN_BRANCH, range, || {
                    format!("where a message has `{trigger}` it adds `{}`", shown())
                });
            }
            Cause::Length if prose => self.report(&rules::HIDDEN_BRANCH, range, || {
                format!("where a message has a certain length it adds `{}`", shown())
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
            Cause::Part if prose => self.report(&rules::CONTENT_BRANCH, range, || {
                format!("where a message has a certain part it adds `{}`", shown())
            }),
            Cause::Turn if prose => self.report(&rules::CONTENT_BRANCH, range, || {
                format!("from a certain message on it adds `{}`", shown())
            }),
            _ => {}
        }
    }

    /// What the truth of a condition depends on.
    fn cause(&self, condition: &Expression) -> Option<Cause> {
        let mut cause = None;
        condition.each(&mut |part| cause = cause.take().max(self.cause_here(part, true)));
        cause
    }

    /// What a value chooses by: conditions in it, and comparisons used as numbers.
    fn choice(&self, value: &Expression) -> Option<Cause> {
        let mut cause = None;
        value.each(&mut |part| cause = cause.take().max(self.cause_here(part, false)));
        cause
    }

    /// What one part of a condition or value depends on, leaving out the parts of it.
    fn cause_here(&self, part: &Expression, condition: bool) -> Option<Cause> {
        match &part.shape {
            Shape::Name(name) if condition => self.cause_of_name(name).cloned(),
            Shape::Chain(base, steps) => {
                let mut cause = None;
                if condition
                    && let (Shape::Name(name), Some(Step::Attribute(member))) =
                        (&base.shape, steps.first())
                {
                    cause = self.causes.get(&format!("{name}.{member}")).cloned();
                }
                cause.max(self.cause_of_chain(base, steps, condition))
            }
            Shape::Conditional(_, condition, _) => {
                let mut cause = None;
                condition.each(&mut |part| cause = cause.take().max(self.cause_here(part, true)));
                cause
            }
            Shape::Operation(operands, operators) if operators.iter().any(|o| is_comparison(o)) => {
                self.cause_of_comparison(operands)
            }
            _ => None,
        }
    }

    fn cause_of_comparison(&self, operands: &[Expression]) -> Option<Cause> {
        let content = operands.iter().any(|operand| self.is_content(operand));
        let clock = operands.iter().any(|operand| self.is_clock(operand));
        let mut cause = None;
        let numbers = operands.iter().any(|operand| {
            matches!(fold(operand, &self.constants), Some(Constant::Number(number)) if number > 2)
        });
        if content {
            for operand in operands {
                cause = cause.max(self.cause_of_literals(operand));
            }
            if numbers && cause.is_none() {
                cause = Some(Cause::Length);
            }
        }
        let compares = operands
            .iter()
            .any(|operand| fold(operand, &self.constants).is_some());
        if clock && compares {
            cause = cause.max(Some(Cause::Time));
        }
        if numbers && operands.iter().any(|operand| self.is_turn(operand)) {
            cause = cause.max(Some(Cause::Turn));
        }
        cause
    }

    /// The heaviest literal in something that content is held against.
    fn cause_of_literals(&self, part: &Expression) -> Option<Cause> {
        let mut cause = None;
        part.each(&mut |inner| {
            // The keys that lead to the content are no literals that it is held against.
            let found = match &inner.shape {
                Shape::String(text) if CONTENT.contains(&text.as_str()) => None,
                Shape::String(_) | Shape::Name(_) | Shape::Operation(..) => {
                    fold(inner, &self.constants)
                }
                _ => None,
            };
            if let Some(found) = found {
                cause = cause.take().max(cause_of_text(&found.text()));
            }
        });
        cause
    }

    fn cause_of_chain(&self, base: &Expression, steps: &[Step], condition: bool) -> Option<Cause> {
        /// Methods, filters and tests that ask what a text has.
        const ASK: &[&str] = &[
            "startswith",
            "endswith",
            "find",
            "rfind",
            "index",
            "rindex",
            "count",
            "__contains__",
            "search",
            "match",
            "regex",
            "in",
            "eq",
            "equalto",
            "sameas",
            "contains",
            "regex_search",
            "regex_match",
            "selectattr",
            "rejectattr",
            "select",
            "reject",
            "groupby",
            "fullmatch",
        ];
        /// Those that take a text apart: the parts tell the same.
        const CUT: &[&str] = &[
            "split",
            "rsplit",
            "partition",
            "rpartition",
            "replace",
            "strip",
            "removeprefix",
        ];

        let mut cause = None;
        for (index, step) in steps.iter().enumerate() {
            let mut before = steps.get(..index).unwrap_or_default();
            let (name, arguments): (&str, &[Argument]) = match step {
                Step::Filter(name, arguments) | Step::Test(name, arguments) => (name, arguments),
                Step::Call(arguments) => match before.split_last() {
                    Some((Step::Attribute(name), rest)) => {
                        before = rest;
                        (name, arguments)
                    }
                    _ => continue,
                },
                _ => continue,
            };
            if name == "random" || name == "shuffle" {
                cause = cause.max(Some(Cause::Time));
            }
            let asks = ASK.contains(&name) || (condition && CUT.contains(&name));
            let selects = matches!(name, "selectattr" | "rejectattr" | "groupby")
                && arguments
                    .iter()
                    .any(|argument| names_content(&argument.value));
            if asks && (selects || self.is_content_chain(base, before)) {
                for argument in arguments {
                    cause = cause.max(self.cause_of_literals(&argument.value));
                }
            }
        }
        cause
    }

    /// True for how many messages there are, and where in them it is.
    fn is_turn(&self, part: &Expression) -> bool {
        let mut turn = false;
        part.each(&mut |inner| {
            if let Shape::Chain(base, steps) = &inner.shape
                && let Shape::Name(name) = &base.shape
            {
                let last = steps.last();
                let counts = matches!(last, Some(Step::Filter(name, _)) if name == "length" || name == "count");
                let place = matches!(last, Some(Step::Attribute(name)) if name.starts_with("index"));
                turn |= (counts && self.is_named(&self.messages, name)) || (place && name == "loop");
            }
        });
        turn
    }

    fn is_clock(&self, part: &Expression) -> bool {
        let mut clock = false;
        part.each(&mut |inner| {
            if let Shape::Name(name) = &inner.shape {
                clock |= CLOCKS.contains(&name.as_str())
                    || self.cause_of_name(name) == Some(&Cause::Time);
            }
        });
        clock
    }

    /// True for messages, or one of them.
    fn is_messages(&self, part: &Expression) -> bool {
        match &part.shape {
            Shape::Name(name) => self.is_named(&self.messages, name),
            Shape::Chain(base, steps) => {
                self.is_messages(base)
                    && steps.iter().all(|step| match step {
                        Step::Item(item) => fold(item, &self.constants)
                            .is_none_or(|index| matches!(index, Constant::Number(_))),
                        Step::Slice(..) | Step::Filter(..) => true,
                        _ => false,
                    })
            }
            Shape::Operation(operands, _) => {
                operands.iter().any(|operand| self.is_messages(operand))
            }
            Shape::Conditional(then, _, other) => {
                self.is_messages(then)
                    || other.as_ref().is_some_and(|other| self.is_messages(other))
            }
            _ => false,
        }
    }

    /// True for anything that was made from what somebody wrote.
    fn is_content(&self, part: &Expression) -> bool {
        match &part.shape {
            Shape::Name(name) => self.is_named(&self.content, name) || name.contains("content"),
            Shape::Chain(base, steps) => self.is_content_chain(base, steps),
            Shape::Sequence(parts) | Shape::Operation(parts, _) => {
                parts.iter().any(|part| self.is_content(part))
            }
            Shape::Unary(operand) => self.is_content(operand),
            Shape::Conditional(then, _, other) => {
                self.is_content(then) || other.as_ref().is_some_and(|other| self.is_content(other))
            }
            _ => false,
        }
    }

    fn is_content_chain(&self, base: &Expression, steps: &[Step]) -> bool {
        /// Filters that make one text of all messages.
        const FLATTEN: &[&str] = &[
            "string", "tojson", "join", "list", "map", "pprint", "e", "escape", "safe", "sum",
        ];

        let mut content = self.is_content(base);
        let mut messages = self.is_messages(base);
        if let Shape::Name(name) = &base.shape
            && let Some(Step::Attribute(member)) = steps.first()
        {
            content |= self.content.contains(&format!("{name}.{member}"));
        }
        for (index, step) in steps.iter().enumerate() {
            let called = matches!(steps.get(index + 1), Some(Step::Call(_)));
            match step {
                Step::Attribute(name) if called => {
                    if messages && matches!(name.as_str(), "values" | "items" | "pop" | "get") {
                        let key = match steps.get(index + 1) {
                            Some(Step::Call(arguments)) => arguments.first(),
                            _ => None,
                        };
                        content |= key.is_none_or(|key| self.is_content_key(&key.value));
                    }
                }
                Step::Attribute(name) => {
                    content =
                        is_content_name(name) || (index == 0 && content && base_is_namespace(base));
                }
                Step::Item(item) => match fold(item, &self.constants) {
                    Some(Constant::Text(key)) => {
                        content = is_content_name(&key) || (messages && key == "value");
                    }
                    Some(_) => {}
                    None => content |= messages && !self.is_place(item),
                },
                Step::Filter(name, arguments) => {
                    let whole = messages && FLATTEN.contains(&name.as_str());
                    let plucked = arguments
                        .iter()
                        .any(|argument| names_content(&argument.value));
                    content |= plucked || (whole && name != "map" && name != "list");
                }
                Step::Test(..) => messages = false,
                Step::Call(arguments) => {
                    // A macro that is given content gives some back.
                    content |= index == 0
                        && arguments
                            .iter()
                            .any(|argument| self.is_content(&argument.value));
                }
                Step::Slice(..) => {}
            }
        }
        content
    }

    /// True for a key that may be that of the content.
    fn is_content_key(&self, key: &Expression) -> bool {
        match fold(key, &self.constants) {
            Some(key) => is_content_name(&key.text()),
            None => true,
        }
    }

    /// True for an index that is a number of the loop or of the list.
    fn is_place(&self, item: &Expression) -> bool {
        let mut place = matches!(item.shape, Shape::Unary(_) | Shape::Operation(..));
        item.each(&mut |part| {
            if let Shape::Chain(base, _) = &part.shape {
                place |= matches!(&base.shape, Shape::Name(name) if name == "loop" || name == "ns");
            }
            if let Shape::Name(name) = &part.shape {
                place |= name.contains("ind") || name.contains("idx") || name == "i";
            }
        });
        place
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
                    if let Some(Constant::Text(text)) = fold(part, &self.constants) {
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
            .filter_map(|operand| match fold(operand, &self.constants) {
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
                fold(part, &self.constants),
                Some(Constant::Number(u64::MAX))
            )
        {
            self.report(&rules::EXHAUSTION, &part.range, || {
                "a number is raised without bound".to_owned()
            });
        }
    }

    fn steps(&mut self, whole: &Expression, base: &Expression, steps: &[Step]) {
        if let Some(Constant::Text(text)) = fold(whole, &self.constants) {
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
            self.bind(name, arguments);
            let length = self.length(whole);
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
                    let name = fold(item, &self.constants)
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
                if name == "replace" && self.is_content_chain(base, before) {
                    self.rewrite(arguments, &whole.range);
                }
            }
            if let Step::Filter(name, arguments) = step {
                let before = steps.get(..index).unwrap_or_default();
                if name == "replace" && self.is_content_chain(base, before) {
                    self.rewrite(arguments, &whole.range);
                }
            }
        }
    }

    /// What the arguments of a macro are, its parameters are.
    fn bind(&mut self, name: &str, arguments: &[Argument]) {
        let Some(parameters) = self.macros.get(name).cloned() else {
            return;
        };
        for (index, argument) in arguments.iter().enumerate() {
            let parameter = argument
                .name
                .clone()
                .or_else(|| parameters.get(index).cloned());
            let Some(parameter) = parameter.filter(|parameter| !parameter.is_empty()) else {
                continue;
            };
            let parameter = format!("{name}/{parameter}");
            if self.is_content(&argument.value) {
                self.content.insert(parameter);
            } else if self.is_messages(&argument.value) {
                self.messages.insert(parameter);
            }
        }
    }

    fn rewrite(&mut self, arguments: &[Argument], range: &Range<usize>) {
        let text = |index: usize| {
            let argument = arguments.get(index)?;
            Some(fold(&argument.value, &self.constants)?.text())
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
            if fold(&argument.value, &self.constants).is_none() {
                self.escape(range, "a computed name");
            }
        }
        if matches!(
            filter,
            "center" | "indent" | "ljust" | "rjust" | "zfill" | "batch" | "slice"
        ) {
            let width = arguments.iter().find_map(|argument| {
                match fold(&argument.value, &self.constants) {
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

fn is_comparison(operator: &str) -> bool {
    matches!(
        operator,
        "==" | "!=" | "<" | ">" | "<=" | ">=" | "in" | "not in"
    )
}

fn is_content_name(name: &str) -> bool {
    CONTENT.contains(&name) || name.contains("content")
}

fn base_is_namespace(base: &Expression) -> bool {
    matches!(&base.shape, Shape::Name(name) if name == "ns" || name.contains("state"))
}

fn names_content(value: &Expression) -> bool {
    matches!(&value.shape, Shape::String(text) if is_content_name(text))
}

fn cause_of_text(text: &str) -> Option<Cause> {
    match marker(text) {
        Marker::Blank => None,
        Marker::Control => Some(Cause::Control),
        Marker::Part => Some(Cause::Part),
        Marker::Word => Some(Cause::Words(text.to_owned())),
    }
}

/// The literals that a value can put into the output.
fn emitted<'e>(value: &'e Expression, found: &mut Vec<(&'e str, &'e Range<usize>)>) {
    match &value.shape {
        Shape::String(text) => found.push((text, &value.range)),
        Shape::Sequence(parts) => parts.iter().for_each(|part| emitted(part, found)),
        Shape::Operation(parts, operators) => {
            if !operators.iter().any(|operator| is_comparison(operator)) {
                parts.iter().for_each(|part| emitted(part, found));
            }
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
