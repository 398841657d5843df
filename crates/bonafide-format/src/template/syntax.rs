//! The tree of a Jinja template.

use std::ops::Range;

/// Why a template could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable {
    /// Offset in the template.
    pub(super) at: usize,
    pub(super) message: &'static str,
}

/// An expression, with the bytes that it is written in.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expression {
    pub(super) shape: Shape,
    pub(super) range: Range<usize>,
}

/// What an expression is made of. Chains and rows of operators are lists, so that the tree
/// is no deeper than its brackets.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    String(String),
    Integer(u64),
    /// `true`, `none`, a float: nothing that a rule is about.
    Constant,
    Name(String),
    /// List, tuple or dictionary, keys and values in turn.
    Sequence(Vec<Expression>),
    /// `base.name[item](…)|filter is test`.
    Chain(Box<Expression>, Vec<Step>),
    /// `not x`, `-x`.
    Unary(Box<Expression>),
    /// Operands of one precedence, and the operators between them.
    Operation(Vec<Expression>, Vec<&'static str>),
    /// `then if condition else other`.
    Conditional(Box<Expression>, Box<Expression>, Option<Box<Expression>>),
}

/// One step of a chain.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Attribute(String),
    Item(Expression),
    /// Start, stop and step, those that are written; the text tells `[::-1]`.
    Slice(Vec<Expression>, Range<usize>),
    Call(Vec<Argument>),
    Filter(String, Vec<Argument>),
    Test(String, Vec<Argument>),
}

/// An argument of a call.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Argument {
    pub(super) name: Option<String>,
    pub(super) value: Expression,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Text(Range<usize>),
    Output(Expression),
    /// Branches with their conditions; the one without is `else`.
    If(Vec<(Option<Expression>, Vec<Node>)>),
    For {
        targets: Vec<String>,
        over: Expression,
        filter: Option<Expression>,
        body: Vec<Node>,
        otherwise: Vec<Node>,
    },
    /// Assigns a value, or what its body gives.
    Set {
        targets: Vec<String>,
        value: Option<Expression>,
        body: Vec<Node>,
    },
    Macro {
        name: String,
        parameters: Vec<Argument>,
        body: Vec<Node>,
    },
    /// `include`, `import`, `from`, `extends`.
    Load(&'static str, Expression),
    /// Any other block.
    Block(Vec<Expression>, Vec<Node>),
    /// Any other statement.
    Statement(Vec<Expression>),
}

impl Expression {
    /// Shows this expression and all in it, from the outside in.
    pub(super) fn each<'e>(&'e self, see: &mut dyn FnMut(&'e Expression)) {
        see(self);
        match &self.shape {
            Shape::Sequence(parts) | Shape::Operation(parts, _) => {
                for part in parts {
                    part.each(see);
                }
            }
            Shape::Unary(operand) => operand.each(see),
            Shape::Conditional(then, condition, other) => {
                then.each(see);
                condition.each(see);
                if let Some(other) = other {
                    other.each(see);
                }
            }
            Shape::Chain(base, steps) => {
                base.each(see);
                for part in steps.iter().flat_map(Step::parts) {
                    part.each(see);
                }
            }
            Shape::String(_) | Shape::Integer(_) | Shape::Constant | Shape::Name(_) => {}
        }
    }
}

impl Step {
    /// The expressions in it.
    pub(super) fn parts(&self) -> Vec<&Expression> {
        match self {
            Self::Attribute(_) => Vec::new(),
            Self::Item(item) => vec![item],
            Self::Slice(parts, _) => parts.iter().collect(),
            Self::Call(arguments) | Self::Filter(_, arguments) | Self::Test(_, arguments) => {
                arguments.iter().map(|argument| &argument.value).collect()
            }
        }
    }
}
