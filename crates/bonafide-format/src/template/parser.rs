//! The parser of Jinja templates.
//!
//! It takes what any renderer of chat templates takes: the statements of Jinja, of its
//! extensions (`do`, `break`, `continue`) and `generation` of transformers. A statement
//! that it does not know is kept as the expressions in it, so that nothing is overlooked.

use super::lexer::{Kind, Token};
use super::syntax::{Argument, Expression, Node, Shape, Step, Unreadable};

/// Deepest nesting of brackets and of blocks. Real templates stay below 20.
const DEEPEST: usize = 48;

/// Longest chain of members, calls and filters. Real ones have about ten.
const LONGEST_CHAIN: usize = 200;

/// Reads the tokens of a template; what comes before an error is kept.
pub(super) fn parse(source: &str, tokens: &[Token]) -> (Vec<Node>, Option<Unreadable>) {
    let mut parser = Parser {
        source,
        tokens,
        at: 0,
        depth: 0,
    };
    let mut nodes = Vec::new();
    let error = match parser.nodes(&mut nodes) {
        Err(error) => Some(error),
        Ok(None) => None,
        Ok(Some(_)) => Some(parser.error("a block ends that did not start")),
    };
    (nodes, error)
}

/// Statements that end a body, or divide one.
const ENDS: &[&str] = &[
    "else",
    "elif",
    "endif",
    "endfor",
    "endset",
    "endmacro",
    "endcall",
    "endfilter",
    "endblock",
    "endgeneration",
    "endwith",
    "endautoescape",
    "endtrans",
    "endraw",
    "pluralize",
];

struct Parser<'s> {
    source: &'s str,
    tokens: &'s [Token],
    at: usize,
    depth: usize,
}

impl<'s> Parser<'s> {
    fn peek(&self) -> Option<&'s Token> {
        self.tokens.get(self.at)
    }

    fn kind(&self, ahead: usize) -> Option<&'s Kind> {
        Some(&self.tokens.get(self.at + ahead)?.kind)
    }

    fn text(&self, token: &Token) -> &'s str {
        self.source.get(token.range.clone()).unwrap_or_default()
    }

    fn word(&self) -> Option<&'s str> {
        let token = self.peek()?;
        (token.kind == Kind::Name).then(|| self.text(token))
    }

    fn position(&self) -> usize {
        self.peek()
            .map_or(self.source.len(), |token| token.range.start)
    }

    /// Where the last token that was taken ends.
    fn reached(&self) -> usize {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(0, |token| token.range.end)
    }

    fn error(&self, message: &'static str) -> Unreadable {
        Unreadable {
            at: self.position(),
            message,
        }
    }

    fn takes(&mut self, operator: &'static str) -> bool {
        let there = self.kind(0) == Some(&Kind::Operator(operator));
        self.at += usize::from(there);
        there
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let there = self.word() == Some(word);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, operator: &'static str) -> Result<(), Unreadable> {
        if self.takes(operator) {
            return Ok(());
        }
        Err(self.error("a bracket or sign is missing"))
    }

    fn name(&mut self) -> Result<String, Unreadable> {
        match self.word() {
            Some(word) => {
                self.at += 1;
                Ok(word.to_owned())
            }
            None => Err(self.error("a name is missing")),
        }
    }

    fn end_of_statement(&mut self) -> Result<(), Unreadable> {
        if self.kind(0) == Some(&Kind::StatementEnd) {
            self.at += 1;
            return Ok(());
        }
        Err(self.error("a statement does not end where it should"))
    }

    fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Unreadable>,
    ) -> Result<T, Unreadable> {
        if self.depth >= DEEPEST {
            return Err(self.error("it is nested too deeply"));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Reads parts up to a statement that ends or divides the body; its name is taken.
    fn nodes(&mut self, nodes: &mut Vec<Node>) -> Result<Option<&'s str>, Unreadable> {
        while let Some(token) = self.peek() {
            self.at += 1;
            match token.kind {
                Kind::Text => nodes.push(Node::Text(token.range.clone())),
                Kind::OutputStart => {
                    let value = self.tuple()?;
                    if self.kind(0) != Some(&Kind::OutputEnd) {
                        return Err(self.error("an expression does not end where it should"));
                    }
                    self.at += 1;
                    nodes.push(Node::Output(value));
                }
                Kind::StatementStart => {
                    let Some(word) = self.word() else {
                        return Err(self.error("a statement has no name"));
                    };
                    self.at += 1;
                    if ENDS.contains(&word) {
                        return Ok(Some(word));
                    }
                    let node = self.deeper(|parser| parser.statement(word))?;
                    nodes.push(node);
                }
                _ => return Err(self.error("a token is out of place")),
            }
        }
        Ok(None)
    }

    /// Reads a body, and the statement that ends it.
    fn body(&mut self, end: &'static str) -> Result<Vec<Node>, Unreadable> {
        let mut nodes = Vec::new();
        if self.nodes(&mut nodes)? != Some(end) {
            return Err(self.error("a block has another end, or none"));
        }
        // `{% endblock name %}`.
        if self.word().is_some() {
            self.at += 1;
        }
        self.end_of_statement()?;
        Ok(nodes)
    }

    fn statement(&mut self, word: &str) -> Result<Node, Unreadable> {
        match word {
            "if" => self.branches(),
            "for" => self.repetition(),
            "set" => self.assignment(),
            "macro" => {
                let name = self.name()?;
                self.expect("(")?;
                let parameters = self.arguments()?;
                self.end_of_statement()?;
                let body = self.body("endmacro")?;
                Ok(Node::Macro {
                    name,
                    parameters,
                    body,
                })
            }
            "call" => self.block("endcall"),
            "filter" => self.block("endfilter"),
            "block" => self.block("endblock"),
            "generation" => self.block("endgeneration"),
            "with" => self.block("endwith"),
            "autoescape" => self.block("endautoescape"),
            "raw" => self.block("endraw"),
            "trans" => self.block("endtrans"),
            "include" => self.load("include"),
            "import" => self.load("import"),
            "from" => self.load("from"),
            "extends" => self.load("extends"),
            _ => Ok(Node::Statement(self.loose()?)),
        }
    }

    fn load(&mut self, kind: &'static str) -> Result<Node, Unreadable> {
        let value = self.expression()?;
        // `as name`, `ignore missing`, `with context`, the names that are taken.
        while !matches!(self.kind(0), None | Some(Kind::StatementEnd)) {
            self.at += 1;
        }
        self.end_of_statement()?;
        Ok(Node::Load(kind, value))
    }

    fn block(&mut self, end: &'static str) -> Result<Node, Unreadable> {
        let head = self.loose()?;
        Ok(Node::Block(head, self.body(end)?))
    }

    /// The expressions up to the end of a statement, whatever stands between them.
    fn loose(&mut self) -> Result<Vec<Expression>, Unreadable> {
        let mut found = Vec::new();
        while !matches!(self.kind(0), None | Some(Kind::StatementEnd)) {
            if matches!(
                self.kind(0),
                Some(Kind::Operator("," | "=" | ")" | ":" | "|"))
            ) {
                self.at += 1;
            } else {
                found.push(self.expression()?);
            }
        }
        self.end_of_statement()?;
        Ok(found)
    }

    fn branches(&mut self) -> Result<Node, Unreadable> {
        let mut branches = Vec::new();
        let mut condition = Some(self.tuple()?);
        loop {
            self.end_of_statement()?;
            let mut body = Vec::new();
            let end = self.nodes(&mut body)?;
            branches.push((condition.take(), body));
            match end {
                Some("elif") => condition = Some(self.tuple()?),
                Some("else") => {}
                Some("endif") => {
                    self.end_of_statement()?;
                    return Ok(Node::If(branches));
                }
                _ => return Err(self.error("`if` has another end, or none")),
            }
        }
    }

    fn repetition(&mut self) -> Result<Node, Unreadable> {
        let targets = self.targets()?;
        if !self.takes_word("in") {
            return Err(self.error("`in` is missing"));
        }
        // A condition after the list filters it.
        let over = self.row()?;
        let filter = if self.takes_word("if") {
            Some(self.expression()?)
        } else {
            None
        };
        self.takes_word("recursive");
        self.end_of_statement()?;
        let mut body = Vec::new();
        let mut otherwise = Vec::new();
        let mut end = self.nodes(&mut body)?;
        if end == Some("else") {
            self.end_of_statement()?;
            end = self.nodes(&mut otherwise)?;
        }
        if end != Some("endfor") {
            return Err(self.error("`for` has another end, or none"));
        }
        self.end_of_statement()?;
        Ok(Node::For {
            targets,
            over,
            filter,
            body,
            otherwise,
        })
    }

    /// `a`, `a, b`, `(a, b)`, `a.b`.
    fn targets(&mut self) -> Result<Vec<String>, Unreadable> {
        let mut targets = Vec::new();
        loop {
            if self.takes("(") || self.takes(")") || self.takes(",") {
                continue;
            }
            match self.word() {
                None | Some("in") => break,
                Some(word) => {
                    self.at += 1;
                    let mut target = word.to_owned();
                    while self.takes(".") {
                        target.push('.');
                        target.push_str(&self.name()?);
                    }
                    targets.push(target);
                }
            }
        }
        Ok(targets)
    }

    fn assignment(&mut self) -> Result<Node, Unreadable> {
        let targets = self.targets()?;
        if self.takes("=") {
            let value = Some(self.tuple()?);
            self.end_of_statement()?;
            return Ok(Node::Set {
                targets,
                value,
                body: Vec::new(),
            });
        }
        // `{% set x | filter %}…{% endset %}`.
        let mut steps = Vec::new();
        let start = self.position();
        while self.takes("|") {
            steps.push(self.filter()?);
        }
        let base = Expression {
            shape: Shape::Constant,
            range: start..start,
        };
        let value = (!steps.is_empty()).then(|| Expression {
            shape: Shape::Chain(Box::new(base), steps),
            range: start..self.reached(),
        });
        self.end_of_statement()?;
        let body = self.body("endset")?;
        Ok(Node::Set {
            targets,
            value,
            body,
        })
    }

    /// Expressions with commas between them.
    fn tuple(&mut self) -> Result<Expression, Unreadable> {
        self.commas(Self::expression)
    }

    /// The same without conditions, as after `in`.
    fn row(&mut self) -> Result<Expression, Unreadable> {
        self.commas(|parser| parser.deeper(|parser| parser.operation(0)))
    }

    fn commas(
        &mut self,
        read: fn(&mut Self) -> Result<Expression, Unreadable>,
    ) -> Result<Expression, Unreadable> {
        let start = self.position();
        let first = read(self)?;
        if self.kind(0) != Some(&Kind::Operator(",")) {
            return Ok(first);
        }
        let mut elements = vec![first];
        while self.takes(",") {
            if matches!(
                self.kind(0),
                None | Some(Kind::OutputEnd | Kind::StatementEnd | Kind::Operator(")" | "]"))
            ) {
                break;
            }
            elements.push(read(self)?);
        }
        Ok(Expression {
            shape: Shape::Sequence(elements),
            range: start..self.reached(),
        })
    }

    fn expression(&mut self) -> Result<Expression, Unreadable> {
        self.deeper(|parser| {
            let start = parser.position();
            let then = parser.operation(0)?;
            if !parser.takes_word("if") {
                return Ok(then);
            }
            let condition = parser.operation(0)?;
            let other = if parser.takes_word("else") {
                Some(Box::new(parser.expression()?))
            } else {
                None
            };
            Ok(Expression {
                shape: Shape::Conditional(Box::new(then), Box::new(condition), other),
                range: start..parser.reached(),
            })
        })
    }

    /// The operator that comes next, if it binds at this level, and its tokens.
    fn operator(&self, level: usize) -> Option<(&'static str, usize)> {
        let word = self.word();
        let sign = match self.kind(0) {
            Some(Kind::Operator(sign)) => *sign,
            _ => "",
        };
        match level {
            0 => (word == Some("or")).then_some(("or", 1)),
            1 => (word == Some("and")).then_some(("and", 1)),
            2 => match (word, sign) {
                (Some("in"), _) => Some(("in", 1)),
                (Some("not"), _) => {
                    let next = self.tokens.get(self.at + 1)?;
                    (self.text(next) == "in").then_some(("not in", 2))
                }
                (_, "==" | "!=" | "<" | ">" | "<=" | ">=") => Some((sign, 1)),
                _ => None,
            },
            3 => matches!(sign, "+" | "-").then_some((sign, 1)),
            4 => (sign == "~").then_some((sign, 1)),
            5 => matches!(sign, "*" | "/" | "//" | "%").then_some((sign, 1)),
            _ => (sign == "**").then_some((sign, 1)),
        }
    }

    fn operation(&mut self, level: usize) -> Result<Expression, Unreadable> {
        const TIGHTEST: usize = 6;

        if level > TIGHTEST {
            return self.unary();
        }
        let start = self.position();
        if level == 2 && self.takes_word("not") {
            let operand = self.deeper(|parser| parser.operation(2))?;
            return Ok(Expression {
                shape: Shape::Unary(Box::new(operand)),
                range: start..self.reached(),
            });
        }
        let first = self.operation(level + 1)?;
        let mut operators = Vec::new();
        let mut operands = vec![first];
        while let Some((operator, length)) = self.operator(level) {
            self.at += length;
            operators.push(operator);
            operands.push(self.operation(level + 1)?);
        }
        if operators.is_empty()
            && let Some(only) = operands.pop()
        {
            return Ok(only);
        }
        Ok(Expression {
            shape: Shape::Operation(operands, operators),
            range: start..self.reached(),
        })
    }

    fn unary(&mut self) -> Result<Expression, Unreadable> {
        let start = self.position();
        if self.takes("-") || self.takes("+") {
            let operand = self.deeper(Self::unary)?;
            return Ok(Expression {
                shape: Shape::Unary(Box::new(operand)),
                range: start..self.reached(),
            });
        }
        let base = self.primary()?;
        let mut steps = Vec::new();
        while let Some(step) = self.step()? {
            if steps.len() >= LONGEST_CHAIN {
                return Err(self.error("a chain is too long"));
            }
            steps.push(step);
        }
        if steps.is_empty() {
            return Ok(base);
        }
        Ok(Expression {
            shape: Shape::Chain(Box::new(base), steps),
            range: start..self.reached(),
        })
    }

    fn primary(&mut self) -> Result<Expression, Unreadable> {
        let Some(token) = self.peek() else {
            return Err(self.error("an expression is missing"));
        };
        let start = token.range.start;
        let shape = match &token.kind {
            Kind::String(first) => {
                // Adjacent strings are one.
                let mut text = first.clone();
                self.at += 1;
                while let Some(Kind::String(next)) = self.kind(0) {
                    text.push_str(next);
                    self.at += 1;
                }
                Shape::String(text)
            }
            Kind::Integer(number) => {
                self.at += 1;
                Shape::Integer(*number)
            }
            Kind::Float => {
                self.at += 1;
                Shape::Constant
            }
            Kind::Name => {
                self.at += 1;
                match self.text(token) {
                    "true" | "false" | "none" | "True" | "False" | "None" => Shape::Constant,
                    "if" | "else" | "elif" | "in" | "is" | "and" | "or" => {
                        self.at -= 1;
                        return Err(self.error("an expression is missing"));
                    }
                    name => Shape::Name(name.to_owned()),
                }
            }
            Kind::Operator("(") => {
                self.at += 1;
                if self.takes(")") {
                    Shape::Sequence(Vec::new())
                } else {
                    let inner = self.tuple()?;
                    self.expect(")")?;
                    return Ok(inner);
                }
            }
            Kind::Operator("[") => {
                self.at += 1;
                Shape::Sequence(self.elements("]")?)
            }
            Kind::Operator("{") => {
                self.at += 1;
                Shape::Sequence(self.elements("}")?)
            }
            _ => return Err(self.error("an expression is missing")),
        };
        Ok(Expression {
            shape,
            range: start..self.reached(),
        })
    }

    /// Elements, or keys and values, up to the closing bracket.
    fn elements(&mut self, end: &'static str) -> Result<Vec<Expression>, Unreadable> {
        let mut elements = Vec::new();
        while !self.takes(end) {
            elements.push(self.expression()?);
            let more = self.takes(",") || (end == "}" && self.takes(":"));
            if !more {
                self.expect(end)?;
                break;
            }
        }
        Ok(elements)
    }

    fn step(&mut self) -> Result<Option<Step>, Unreadable> {
        if self.takes(".") {
            if let Some(Kind::Integer(index)) = self.kind(0) {
                let range = self.position()..self.position();
                self.at += 1;
                return Ok(Some(Step::Item(Expression {
                    shape: Shape::Integer(*index),
                    range,
                })));
            }
            return Ok(Some(Step::Attribute(self.name()?)));
        }
        if self.takes("[") {
            return self.subscript().map(Some);
        }
        if self.takes("(") {
            return Ok(Some(Step::Call(self.arguments()?)));
        }
        if self.takes("|") {
            return self.filter().map(Some);
        }
        if self.takes_word("is") {
            self.takes_word("not");
            let name = self.name()?;
            let mut arguments = Vec::new();
            if self.takes("(") {
                arguments = self.arguments()?;
            } else if self.starts_operand() {
                let value = self.deeper(Self::primary)?;
                arguments.push(Argument { name: None, value });
            }
            return Ok(Some(Step::Test(name, arguments)));
        }
        Ok(None)
    }

    /// True before what a test takes without brackets: `is divisibleby 3`.
    fn starts_operand(&self) -> bool {
        match self.kind(0) {
            Some(Kind::String(_) | Kind::Integer(_) | Kind::Float) => true,
            Some(Kind::Operator(sign)) => matches!(*sign, "[" | "{"),
            Some(Kind::Name) => !matches!(
                self.word(),
                Some("else" | "or" | "and" | "if" | "is" | "in" | "not" | "recursive")
            ),
            _ => false,
        }
    }

    fn filter(&mut self) -> Result<Step, Unreadable> {
        let mut name = self.name()?;
        while self.takes(".") {
            name.push('.');
            name.push_str(&self.name()?);
        }
        let arguments = if self.takes("(") {
            self.arguments()?
        } else {
            Vec::new()
        };
        Ok(Step::Filter(name, arguments))
    }

    fn subscript(&mut self) -> Result<Step, Unreadable> {
        let start = self.position();
        let mut parts = Vec::new();
        let mut slice = false;
        while !self.takes("]") {
            if self.takes(":") || self.takes(",") {
                slice = true;
            } else {
                parts.push(self.expression()?);
            }
        }
        match parts.pop() {
            Some(only) if !slice && parts.is_empty() => Ok(Step::Item(only)),
            last => {
                parts.extend(last);
                Ok(Step::Slice(parts, start..self.reached()))
            }
        }
    }

    /// Arguments up to the closing bracket; also the parameters of a macro.
    fn arguments(&mut self) -> Result<Vec<Argument>, Unreadable> {
        let mut arguments = Vec::new();
        while !self.takes(")") {
            // `*list` and `**table`.
            if !self.takes("**") {
                self.takes("*");
            }
            let named = self.word().is_some() && self.kind(1) == Some(&Kind::Operator("="));
            let name = if named {
                let name = self.name()?;
                self.at += 1;
                Some(name)
            } else {
                None
            };
            let value = self.expression()?;
            arguments.push(Argument { name, value });
            if !self.takes(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(arguments)
    }
}
