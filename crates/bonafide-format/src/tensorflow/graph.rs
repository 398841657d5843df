//! Graphs, the functions of their libraries, and their nodes.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use bonafide_core::excerpt;

use crate::protobuf::{Kind, Message, Schema, Value, Wire};
use crate::stop::Stop;
use crate::tensorflow::operator::{self, Node, Scope};
use crate::tensorflow::rules;

/// Most constants of a graph that are kept, to know what path an operator gets.
const MOST_CONSTANTS: usize = 100_000;

/// Most functions, and most operators of other libraries, that are kept.
const MOST_FUNCTIONS: usize = 100_000;
const MOST_UNKNOWN: usize = 1000;

/// Most inputs and texts of a node that are kept.
const MOST_OF_NODE: usize = 64;

static VERSIONS: Schema = Schema(&[(1, Kind::Number), (2, Kind::Number), (3, Kind::Number)]);
static DEBUG: Schema = Schema(&[(1, Kind::Text), (2, Kind::Text)]);
static GRADIENT: Schema = Schema(&[(1, Kind::Text), (2, Kind::Text)]);

/// A graph, being read, and what is known of it so far.
pub(crate) struct Graph<'r, 'v> {
    pub(crate) wire: Wire<'r, 'v>,
    control: BTreeMap<String, u64>,
    /// Functions of the libraries, which nodes can call by their names.
    functions: HashSet<String>,
    /// Operators that TensorFlow does not have, and where they are first.
    unknown: BTreeMap<String, Range<u64>>,
    pub(crate) content: crate::tensor::Examiner,
}

/// What shows only when all nodes of one graph or function are known.
#[derive(Default)]
struct Local {
    /// Texts of constants, and what passes its input on.
    constants: BTreeMap<String, String>,
    passes: BTreeMap<String, String>,
    savers: Vec<(Node, Range<u64>)>,
}

impl<'r, 'v> Graph<'r, 'v> {
    pub(crate) fn new(wire: Wire<'r, 'v>) -> Self {
        Self {
            wire,
            control: BTreeMap::new(),
            functions: HashSet::new(),
            unknown: BTreeMap::new(),
            content: crate::tensor::Examiner::default(),
        }
    }

    /// Reports what belongs to the whole.
    pub(crate) fn conclude(mut self) {
        self.wire.settle();
        for (operator, at) in &self.unknown {
            if !self.functions.contains(operator) {
                operator::report_unknown(self.wire.visit, operator, Some(at.clone()));
            }
        }
        if !self.control.is_empty() {
            let each: Vec<String> = self
                .control
                .iter()
                .map(|(name, count)| format!("{count} {}", excerpt(name, 40)))
                .collect();
            let text = format!("the graph has {}", each.join(", "));
            self.wire.visit.report(&rules::CONTROL_FLOW, None, text);
        }
    }

    pub(crate) fn graph(&mut self, mut message: Message) -> Result<(), Stop> {
        let mut local = Local::default();
        let ended = self.graph_fields(&mut message, &mut local);
        self.judge_savers(local);
        ended
    }

    fn graph_fields(&mut self, message: &mut Message, local: &mut Local) -> Result<(), Stop> {
        while let Some(field) = self.wire.next_of(message, 0b11100)? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => self.node(content, Scope::Graph, local)?,
                (2, Value::Bytes(content)) => self.library(content)?,
                (3, Value::Varint(_)) => {}
                (4, Value::Bytes(content)) => self.wire.plain(content, &VERSIONS)?,
                (5, Value::Bytes(content)) => self.wire.opaque(content)?,
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    pub(crate) fn library(&mut self, mut message: Message) -> Result<(), Stop> {
        while let Some(field) = self.wire.next(&mut message)? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => {
                    let mut local = Local::default();
                    let ended = self.function(content, &mut local);
                    self.judge_savers(local);
                    ended?;
                }
                (2 | 3, Value::Bytes(content)) => self.wire.plain(content, &GRADIENT)?,
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    fn function(&mut self, mut message: Message, local: &mut Local) -> Result<(), Stop> {
        // The signature comes first in what TensorFlow writes; elsewhere nothing is excused.
        let mut scope = Scope::Function;
        while let Some(field) = self.wire.next_of(&mut message, 0b10)? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => {
                    let name = self.signature(content)?;
                    if operator::is_saver_function(&name) {
                        scope = Scope::Saver;
                    }
                    if self.functions.len() < MOST_FUNCTIONS {
                        self.functions.insert(name);
                    }
                }
                (3, Value::Bytes(content)) => self.node(content, scope, local)?,
                (5, Value::Bytes(content)) => self.attribute(content, None)?,
                (4 | 6, Value::Bytes(content)) => self.wire.plain(content, &DEBUG)?,
                (7 | 8, Value::Bytes(content)) => self.wire.opaque(content)?,
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    /// The name of a function; the rest describes its arguments.
    fn signature(&mut self, mut message: Message) -> Result<String, Stop> {
        let mut name = String::new();
        while let Some(field) = self.wire.next(&mut message)? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => name = self.wire.text(content)?,
                (_, Value::Bytes(content)) => self.wire.opaque(content)?,
                _ => {}
            }
        }
        Ok(name)
    }

    fn node(&mut self, mut message: Message, scope: Scope, local: &mut Local) -> Result<(), Stop> {
        self.wire.visit.work(1)?;
        let at = message.range();
        let mut node = Node::default();
        while let Some(field) = self.wire.next_of(&mut message, 0b10110)? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => node.name = self.wire.text(content)?,
                (2, Value::Bytes(content)) => node.operator = self.wire.text(content)?,
                (3, Value::Bytes(content)) => {
                    if node.inputs.len() < MOST_OF_NODE {
                        let input = self.wire.text(content)?;
                        node.inputs.push(input);
                    } else {
                        self.wire.claim(content.range());
                    }
                }
                (4, Value::Bytes(content)) => self.wire.claim(content.range()),
                (5, Value::Bytes(content)) => self.attribute(content, Some(&mut node))?,
                (6 | 7, Value::Bytes(content)) => self.wire.opaque(content)?,
                _ => self.wire.unknown(field),
            }
        }
        operator::judge(self.wire.visit, &node, scope, &at);
        if !operator::is_known(&node.operator) && self.unknown.len() < MOST_UNKNOWN {
            let name = node.operator.clone();
            self.unknown.entry(name).or_insert_with(|| at.clone());
        }
        if operator::is_control_flow(&node.operator) {
            *self.control.entry(node.operator.clone()).or_default() += 1;
        }
        local.add(node, at);
        Ok(())
    }

    /// Operators of the saver that are given a path which the graph itself holds.
    fn judge_savers(&mut self, local: Local) {
        for (node, at) in &local.savers {
            let Some(path) = node.inputs.first().and_then(|input| local.text_of(input)) else {
                continue;
            };
            if operator::is_foreign_path(path) {
                let text = format!(
                    "`{}` is given the path `{}`",
                    excerpt(&node.operator, 40),
                    excerpt(path, 120)
                );
                let operator = &node.operator;
                self.wire
                    .visit
                    .report_about(&rules::FILE, Some(at.clone()), operator, text);
            }
        }
    }
}

impl Local {
    fn add(&mut self, mut node: Node, at: Range<u64>) {
        if self.constants.len() + self.passes.len() + self.savers.len() >= MOST_CONSTANTS {
            return;
        }
        match node.operator.as_str() {
            "Const" => {
                if let Some(text) = node.texts.pop() {
                    self.constants.insert(node.name, text);
                }
            }
            "Identity" | "PlaceholderWithDefault" | "StringJoin" => {
                if let Some(input) = node.inputs.into_iter().next() {
                    self.passes.insert(node.name, input);
                }
            }
            operator if operator::takes_path(operator) => self.savers.push((node, at)),
            _ => {}
        }
    }

    /// The text of a constant, through nodes that pass it on.
    fn text_of(&self, input: &str) -> Option<&str> {
        let mut name = input;
        for _ in 0..8 {
            name = name.split(':').next().unwrap_or(name);
            if let Some(text) = self.constants.get(name) {
                return Some(text);
            }
            name = self.passes.get(name)?;
        }
        None
    }
}
