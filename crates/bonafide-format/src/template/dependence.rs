//! On what the text of a template depends: which of its names hold what somebody wrote,
//! and which conditions ask for certain words, a certain length or a certain day.

use std::collections::{BTreeMap, BTreeSet};

use super::fold::{Constant, Constants, fold};
use super::syntax::{Argument, Expression, Node, Shape, Step};
use super::text::{Marker, marker};

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
pub(super) enum Cause {
    /// A switch or tag that models are trained with.
    Control,
    /// A kind of part that a message can have: `'image' in content`.
    Part,
    /// How far the conversation is.
    Turn,
    /// The day, or chance.
    Time,
    /// What a message says is the key of a table.
    Key,
    /// How long a message is, or how it is written.
    Length,
    /// What a message says.
    Words(String),
}

/// What is known of the names of a template. It is gathered in rounds.
pub(super) struct Knowledge {
    pub(super) constants: Constants,
    /// Names that hold what somebody wrote.
    pub(super) content: BTreeSet<String>,
    /// Names that hold messages.
    pub(super) messages: BTreeSet<String>,
    /// Names whose values depend on something.
    causes: BTreeMap<String, Cause>,
    /// Parameters of macros.
    pub(super) macros: BTreeMap<String, Vec<String>>,
    /// What macros and names stand for, where it says something.
    pub(super) prose: BTreeMap<String, String>,
    /// The macro that is looked at; its names are its own.
    pub(super) scope: String,
}

impl Knowledge {
    pub(super) fn new() -> Self {
        Self {
            constants: Constants::new(),
            content: BTreeSet::new(),
            messages: MESSAGES.iter().map(|name| (*name).to_owned()).collect(),
            causes: BTreeMap::new(),
            macros: BTreeMap::new(),
            prose: BTreeMap::new(),
            scope: String::new(),
        }
    }

    /// The name that something is known by: names of a macro are its own.
    pub(super) fn scoped(&self, name: &str) -> String {
        if self.scope.is_empty() || name.contains('.') {
            return name.to_owned();
        }
        format!("{}/{name}", self.scope)
    }

    pub(super) fn is_named(&self, names: &BTreeSet<String>, name: &str) -> bool {
        names.contains(name) || (!self.scope.is_empty() && names.contains(&self.scoped(name)))
    }

    pub(super) fn scoped_all(&self, names: &[String]) -> Vec<String> {
        names.iter().map(|name| self.scoped(name)).collect()
    }

    fn cause_of_name(&self, name: &str) -> Option<&Cause> {
        let own = self.causes.get(&self.scoped(name));
        own.or_else(|| self.causes.get(name))
    }

    pub(super) fn writes_content(&self, node: &Node) -> bool {
        matches!(node, Node::Output(value) if self.is_content(value))
    }

    /// How often a loop over a value repeats, if the template alone decides it.
    pub(super) fn length(&self, over: &Expression) -> u64 {
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

    pub(super) fn assign(&mut self, targets: &[String], value: &Expression, cause: Option<&Cause>) {
        let content = self.is_content(value);
        let messages = self.is_messages(value);
        let depends = cause
            .filter(|cause| **cause > Cause::Control)
            .cloned()
            .max(self.cause(value));
        // Longer ones are not names that are put together.
        let constant = fold(value, &self.constants).filter(|constant| constant.size() <= 512);
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

    /// Takes down that something was put into a list or table for a cause.
    pub(super) fn changed(&mut self, value: &Expression, cause: Option<&Cause>) {
        let Some(cause) = cause.filter(|cause| **cause > Cause::Control) else {
            return;
        };
        if let Shape::Chain(base, steps) = &value.shape
            && let Shape::Name(name) = &base.shape
            && let [Step::Attribute(method), Step::Call(_), ..] = steps.as_slice()
            && matches!(
                method.as_str(),
                "append" | "update" | "insert" | "extend" | "pop" | "setdefault" | "clear"
            )
        {
            let name = self.scoped(name);
            let known = self.causes.get(&name);
            if known.is_none_or(|known| known < cause) {
                self.causes.insert(name, cause.clone());
            }
        }
    }

    /// What the truth of a condition depends on.
    pub(super) fn cause(&self, condition: &Expression) -> Option<Cause> {
        let mut cause = None;
        condition.each(&mut |part| cause = cause.take().max(self.cause_here(part, true)));
        cause
    }

    /// What a value chooses by: conditions in it, and comparisons used as numbers.
    pub(super) fn choice(&self, value: &Expression) -> Option<Cause> {
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
            // A name that stands for content here and for a text elsewhere is the content: what
            // counts is what it is held against.
            let held = |operand: &&Expression| !self.is_content(operand);
            let mut against: Vec<&Expression> = operands.iter().filter(held).collect();
            if against.is_empty() {
                against = operands.iter().collect();
            }
            for operand in against {
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
                // A table that is asked for what somebody wrote.
                Step::Item(item) if self.is_content(item) => {
                    cause = cause.max(Some(Cause::Key));
                    continue;
                }
                _ => continue,
            };
            let looks_up = name == "get"
                && arguments
                    .first()
                    .is_some_and(|key| self.is_content(&key.value));
            if looks_up {
                cause = cause.max(Some(Cause::Key));
            }
            let kind = matches!(step, Step::Test(..))
                && matches!(name, "upper" | "lower" | "divisibleby" | "odd" | "even");
            if kind && self.is_content_chain(base, before) {
                cause = cause.max(Some(Cause::Length));
            }
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
    pub(super) fn is_messages(&self, part: &Expression) -> bool {
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
    pub(super) fn is_content(&self, part: &Expression) -> bool {
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

    pub(super) fn is_content_chain(&self, base: &Expression, steps: &[Step]) -> bool {
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

    /// What the arguments of a macro are, its parameters are.
    pub(super) fn bind(&mut self, name: &str, arguments: &[Argument]) {
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
}

pub(super) fn is_comparison(operator: &str) -> bool {
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
