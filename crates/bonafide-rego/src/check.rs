//! Reads rules without running them, and follows every path into the facts.
//!
//! Local variables, functions, rules, comprehensions and imports are followed. What leads
//! elsewhere than the schema of the facts knows is a fault; what cannot be followed, because
//! a name is made while the rules run, is a warning.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use regorus::unstable::{Expr, Literal, Module, Query, Ref, Rule, RuleBody, RuleHead, Span};

use crate::builtin;
use crate::error::Fault;
use crate::schema::{Elements, Member, Schema};
use crate::shape::Shape;

/// Most expressions that are looked at, each time anew for each way that leads there.
const MOST_STEPS: usize = 1_000_000;

/// Deepest nesting of functions that are followed.
const DEEPEST: usize = 64;

/// A rule by its package and its name.
pub(crate) type Key = (String, String);

/// Rules of one name.
pub(crate) struct Definition {
    /// The module that each is in, and the rule.
    pub(crate) rules: Vec<(usize, Ref<Rule>)>,
}

/// What reading the rules gave.
pub(crate) struct Findings {
    /// What is wrong.
    pub(crate) faults: BTreeSet<Fault>,
    /// What cannot be followed.
    pub(crate) warnings: BTreeSet<Fault>,
}

/// Whether what is wrong is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mood {
    Silent,
    Loud,
}

pub(crate) struct Walker<'a> {
    schema: &'a Schema,
    modules: &'a [Ref<Module>],
    packages: Vec<String>,
    tests: Vec<bool>,
    imports: Vec<HashMap<String, Vec<String>>>,
    pub(crate) definitions: BTreeMap<Key, Definition>,
    found: Findings,
    /// Variables, the innermost scope last.
    pub(crate) scopes: Vec<HashMap<String, Shape>>,
    module: usize,
    mood: Mood,
    steps: usize,
    depth: usize,
    values: BTreeMap<Key, Shape>,
    calls: BTreeMap<(Key, Vec<Shape>, Mood), Shape>,
    current: Option<Key>,
    uses: BTreeMap<Key, BTreeSet<Key>>,
}

impl<'a> Walker<'a> {
    pub(crate) fn new(schema: &'a Schema, modules: &'a [Ref<Module>], tests: Vec<bool>) -> Self {
        let packages: Vec<String> = modules
            .iter()
            .map(|module| path(&module.package.refr).unwrap_or_default().join("."))
            .collect();
        let mut definitions: BTreeMap<Key, Definition> = BTreeMap::new();
        for (index, (module, package)) in modules.iter().zip(&packages).enumerate() {
            for rule in &module.policy {
                let Some(name) = name_of(rule) else {
                    continue;
                };
                let definition = definitions.entry((package.clone(), name));
                let definition = definition.or_insert(Definition { rules: Vec::new() });
                definition.rules.push((index, rule.clone()));
            }
        }
        let imports = modules.iter().map(|module| imports(module)).collect();
        Self {
            schema,
            modules,
            packages,
            tests,
            imports,
            definitions,
            found: Findings {
                faults: BTreeSet::new(),
                warnings: BTreeSet::new(),
            },
            scopes: Vec::new(),
            module: 0,
            mood: Mood::Loud,
            steps: 0,
            depth: 0,
            values: BTreeMap::new(),
            calls: BTreeMap::new(),
            current: None,
            uses: BTreeMap::new(),
        }
    }

    /// Looks at everything.
    pub(crate) fn walk(mut self) -> Findings {
        for (index, module) in self.modules.iter().enumerate() {
            self.module = index;
            for import in &module.imports {
                let parts = path(&import.refr).unwrap_or_default();
                if parts.first().is_some_and(|first| first == "input") {
                    self.scopes.clear();
                    self.shape(&import.refr);
                }
            }
            for rule in &module.policy {
                self.current = name_of(rule).map(|name| (self.package(), name));
                self.scopes = vec![HashMap::new()];
                self.rule(rule);
            }
        }
        self.cycles();
        self.found
    }

    fn package(&self) -> String {
        self.packages.get(self.module).cloned().unwrap_or_default()
    }

    fn in_test(&self) -> bool {
        self.tests.get(self.module).copied().unwrap_or(false)
    }

    pub(crate) fn fault(&mut self, fault: Fault) {
        if self.mood == Mood::Loud {
            self.found.faults.insert(fault);
        }
    }

    fn warn(&mut self, fault: Fault) {
        if self.mood == Mood::Loud && !self.in_test() {
            self.found.warnings.insert(fault);
        }
    }

    /// One rule, with whatever parameters it may be called.
    fn rule(&mut self, rule: &Ref<Rule>) -> Shape {
        match &**rule {
            Rule::Default { value, .. } => self.shape(value),
            Rule::Spec { head, bodies, .. } => self.head(head, bodies, None),
        }
    }

    /// The value of a rule; of a function, called with arguments of these shapes.
    fn head(&mut self, head: &RuleHead, bodies: &[RuleBody], given: Option<&[Shape]>) -> Shape {
        let mut value: Option<Shape> = None;
        let mut open = 0;
        if let RuleHead::Func { args, .. } = head {
            self.scopes.push(HashMap::new());
            open += 1;
            for (index, argument) in args.iter().enumerate() {
                let shape = given.and_then(|given| given.get(index)).cloned();
                self.bind(argument, shape.unwrap_or(Shape::Opaque));
            }
        }
        // A rule without a body holds always.
        if bodies.is_empty() {
            value = Some(self.head_value(head));
        }
        for (index, body) in bodies.iter().enumerate() {
            self.scopes.push(HashMap::new());
            self.query(&body.query);
            let given = match &body.assign {
                Some(assign) => self.shape(&assign.value),
                None if index == 0 || !body.is_else => self.head_value(head),
                None => Shape::Opaque,
            };
            value = Some(match value {
                Some(value) => value.or(given),
                None => given,
            });
            self.scopes.pop();
        }
        for _ in 0..open {
            self.scopes.pop();
        }
        value.unwrap_or(Shape::Opaque)
    }

    fn head_value(&mut self, head: &RuleHead) -> Shape {
        match head {
            RuleHead::Compr { refr, assign, .. } => {
                let value = match assign {
                    Some(assign) => self.shape(&assign.value),
                    None => Shape::Opaque,
                };
                match &**refr {
                    Expr::Var { .. } => value,
                    Expr::RefBrack { index, .. } => {
                        self.shape(index);
                        value.each()
                    }
                    _ => Shape::Opaque,
                }
            }
            RuleHead::Set { key, .. } => match key {
                Some(key) => self.shape(key).each(),
                None => Shape::Opaque,
            },
            RuleHead::Func { assign, .. } => match assign {
                Some(assign) => self.shape(&assign.value),
                None => Shape::Opaque,
            },
        }
    }

    /// Binds what the statements bind, wherever they stand, then looks at each.
    fn query(&mut self, query: &Query) {
        let mood = std::mem::replace(&mut self.mood, Mood::Silent);
        // A variable may be used before the statement that binds it.
        for _ in 0..2 {
            for statement in &query.stmts {
                self.bind_statement(&statement.literal);
            }
        }
        self.mood = mood;
        for statement in &query.stmts {
            if let Some(modifier) = statement.with_mods.first()
                && !self.in_test()
            {
                self.fault(
                    Fault::at(&modifier.span, "`with` outside of a test")
                        .with_help("rules judge the facts as they are"),
                );
            }
            for modifier in &statement.with_mods {
                self.shape(&modifier.r#as);
            }
            self.statement(&statement.literal);
        }
    }

    fn statement(&mut self, literal: &Literal) {
        match literal {
            Literal::SomeVars { vars, .. } => {
                for variable in vars {
                    self.declare(variable, variable.text(), None);
                }
            }
            Literal::SomeIn {
                key,
                value,
                collection,
                ..
            } => {
                let elements = self.elements(collection);
                if let Some(key) = key {
                    self.bind(key, Shape::Opaque);
                }
                self.bind(value, elements);
            }
            Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => {
                self.shape(expr);
            }
            Literal::Every {
                key,
                value,
                domain,
                query,
                ..
            } => {
                let elements = self.elements(domain);
                self.scopes.push(HashMap::new());
                if let Some(key) = key {
                    self.declare(key, key.text(), Some(Shape::Opaque));
                }
                self.declare(value, value.text(), Some(elements));
                self.query(query);
                self.scopes.pop();
            }
        }
    }

    fn bind_statement(&mut self, literal: &Literal) {
        match literal {
            Literal::SomeVars { .. } | Literal::SomeIn { .. } => self.statement(literal),
            Literal::Expr { expr, .. } => {
                if let Expr::AssignExpr { op, lhs, rhs, .. } = &**expr {
                    self.assign(op, lhs, rhs);
                }
            }
            Literal::NotExpr { .. } | Literal::Every { .. } => {}
        }
    }

    /// What iterating over something gives.
    fn elements(&mut self, collection: &Ref<Expr>) -> Shape {
        let shape = self.shape(collection);
        self.each_of(&shape, collection.span(), None)
    }

    /// What any index leads to.
    fn each_of(&mut self, shape: &Shape, span: &Span, index: Option<&Span>) -> Shape {
        match shape {
            Shape::Opaque => Shape::Opaque,
            Shape::Each(inner) => (**inner).clone(),
            Shape::Record(members) => {
                let mut shapes = members.values().cloned();
                let first = shapes.next().unwrap_or(Shape::Opaque);
                shapes.fold(first, Shape::or)
            }
            Shape::Facts(parts) => match self.schema.elements(parts) {
                Ok(parts) => Shape::Facts(parts),
                Err(reason) => {
                    let shown = one_line(span);
                    let place = index.unwrap_or(span);
                    match reason {
                        Elements::Single => self.fault(
                            Fault::at(place, format!("`{shown}` is a single value, not a list")),
                        ),
                        Elements::Open => self.warn(Fault::at(
                            place,
                            format!("`{shown}` is what somebody else wrote: what is in it cannot be checked"),
                        )),
                        Elements::Fixed => self.warn(Fault::at(
                            place,
                            format!("which member of `{shown}` is meant is known only when the rule runs: it cannot be checked"),
                        )),
                    }
                    Shape::Opaque
                }
            },
        }
    }

    /// What a name leads to.
    pub(crate) fn member(&mut self, shape: &Shape, name: &str, of: &Span, place: &Span) -> Shape {
        let parts = match shape {
            Shape::Opaque => return Shape::Opaque,
            Shape::Each(inner) => return (**inner).clone(),
            Shape::Record(members) => {
                return members.get(name).cloned().unwrap_or(Shape::Opaque);
            }
            Shape::Facts(parts) => parts,
        };
        let of = one_line(of);
        match self.schema.member(parts, name) {
            Member::Known(parts) => return Shape::Facts(parts),
            Member::Open => self.warn(Fault::at(
                place,
                format!("`{of}` is what somebody else wrote: what is in it cannot be checked"),
            )),
            Member::Unknown(nearest, names) => {
                let fault = Fault::at(place, format!("`{of}` has no `{name}`"));
                self.fault(match nearest {
                    Some(nearest) => fault.with_help(format!("did you mean `{nearest}`?")),
                    None => fault.with_help(format!("it has `{}`", names.join("`, `"))),
                });
            }
            Member::List => self.fault(
                Fault::at(place, format!("`{of}` is a list and has no `{name}`"))
                    .with_help(format!("`some element in {of}` gives its elements")),
            ),
            Member::Single => self.fault(Fault::at(
                place,
                format!("`{of}` is a single value and has no `{name}`"),
            )),
        }
        Shape::Opaque
    }

    /// The shape of an expression; on the way everything in it is looked at.
    pub(crate) fn shape(&mut self, expr: &Ref<Expr>) -> Shape {
        self.steps += 1;
        if self.steps >= MOST_STEPS {
            if self.steps == MOST_STEPS {
                self.found.faults.insert(Fault::at(
                    expr.span(),
                    "the rules are too entangled to be checked",
                ));
            }
            return Shape::Opaque;
        }
        match &**expr {
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. } => Shape::Opaque,
            Expr::Var { span, .. } => self.variable(span),
            Expr::Array { items, .. } | Expr::Set { items, .. } => {
                let shapes: Vec<Shape> = items.iter().map(|item| self.shape(item)).collect();
                let mut shapes = shapes.into_iter();
                let first = shapes.next().unwrap_or(Shape::Opaque);
                shapes.fold(first, Shape::or).each()
            }
            Expr::Object { fields, .. } => {
                let mut members = BTreeMap::new();
                for (_, key, value) in fields {
                    self.shape(key);
                    let value = self.shape(value);
                    if let Some(name) = text_of(key) {
                        members.insert(name, value);
                    }
                }
                Shape::Record(members)
            }
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                self.scopes.push(HashMap::new());
                self.query(query);
                let shape = self.shape(term);
                self.scopes.pop();
                shape.each()
            }
            Expr::ObjectCompr {
                key, value, query, ..
            } => {
                self.scopes.push(HashMap::new());
                self.query(query);
                self.shape(key);
                let shape = self.shape(value);
                self.scopes.pop();
                shape.each()
            }
            Expr::Call { fcn, params, .. } => self.call(fcn, params),
            Expr::UnaryExpr { expr, .. } => {
                self.shape(expr);
                Shape::Opaque
            }
            Expr::RefDot { refr, field, .. } => match self.reference(expr) {
                Some(shape) => shape,
                None => {
                    let shape = self.shape(refr);
                    self.member(&shape, field.0.text(), refr.span(), &field.0)
                }
            },
            Expr::RefBrack { refr, index, .. } => match self.reference(expr) {
                Some(shape) => shape,
                None => self.bracket(refr, index),
            },
            Expr::BinExpr { lhs, rhs, .. } => self.shape(lhs).or(self.shape(rhs)),
            Expr::BoolExpr { lhs, rhs, .. } => {
                let left = self.shape(lhs);
                let right = self.shape(rhs);
                self.compare(&left, rhs);
                self.compare(&right, lhs);
                Shape::Opaque
            }
            Expr::ArithExpr { lhs, rhs, .. } => {
                self.shape(lhs);
                self.shape(rhs);
                Shape::Opaque
            }
            Expr::AssignExpr { op, lhs, rhs, .. } => {
                self.assign(op, lhs, rhs);
                Shape::Opaque
            }
            Expr::Membership {
                key,
                value,
                collection,
                ..
            } => {
                let elements = self.elements(collection);
                if let Some(key) = key {
                    self.shape(key);
                }
                self.shape(value);
                self.compare(&elements, value);
                Shape::Opaque
            }
        }
    }

    fn bracket(&mut self, refr: &Ref<Expr>, index: &Ref<Expr>) -> Shape {
        let shape = self.shape(refr);
        if let Some(name) = text_of(index) {
            return self.member(&shape, &name, refr.span(), index.span());
        }
        self.shape(index);
        self.each_of(&shape, refr.span(), Some(index.span()))
    }

    /// A text that a part of the facts never is, is compared with it in vain.
    fn compare(&mut self, shape: &Shape, other: &Ref<Expr>) {
        let (Shape::Facts(parts), Some(text)) = (shape, text_of(other)) else {
            return;
        };
        let Some(values) = self.schema.values(parts) else {
            return;
        };
        if !values.contains(&text) {
            let known: Vec<&str> = values.iter().map(String::as_str).collect();
            self.fault(
                Fault::at(other.span(), format!("it is never `{text}`"))
                    .with_help(format!("it is one of `{}`", known.join("`, `"))),
            );
        }
    }

    /// True if the name means something outside of all scopes.
    pub(crate) fn is_global(&self, name: &str) -> bool {
        if self.scopes.iter().any(|scope| scope.contains_key(name)) {
            return false;
        }
        name == "input"
            || name == "data"
            || self
                .imports
                .get(self.module)
                .is_some_and(|imports| imports.contains_key(name))
            || self
                .definitions
                .contains_key(&(self.package(), name.to_owned()))
    }

    fn variable(&mut self, span: &Span) -> Shape {
        let name = span.text();
        let local = self.scopes.iter().rev().find_map(|scope| scope.get(name));
        if let Some(shape) = local {
            return shape.clone();
        }
        if name == "input" {
            // Tests bring facts of their own.
            return if self.in_test() {
                Shape::Opaque
            } else {
                Shape::Facts(self.schema.root())
            };
        }
        let import = self.imports.get(self.module);
        if let Some(parts) = import.and_then(|imports| imports.get(name)).cloned() {
            return self.imported(&parts, span);
        }
        self.rule_value(&(self.package(), name.to_owned()))
    }

    /// What an import stands for. What is wrong with its path was said where it stands.
    fn imported(&mut self, parts: &[String], span: &Span) -> Shape {
        let Some((first, rest)) = parts.split_first() else {
            return Shape::Opaque;
        };
        if first == "data" {
            return self.data(rest);
        }
        let mood = std::mem::replace(&mut self.mood, Mood::Silent);
        let mut shape = match self.in_test() {
            true => Shape::Opaque,
            false => Shape::Facts(self.schema.root()),
        };
        for part in rest {
            shape = self.member(&shape, part, span, span);
        }
        self.mood = mood;
        shape
    }

    /// `data.…` and what imports of it lead to; none for any other reference.
    fn reference(&mut self, expr: &Expr) -> Option<Shape> {
        let (root, rest) = static_path(expr)?;
        if self.scopes.iter().any(|scope| scope.contains_key(&root)) {
            return None;
        }
        let mut parts = if root == "data" {
            Vec::new()
        } else {
            let imported = self.imports.get(self.module)?.get(&root)?;
            let (first, parts) = imported.split_first()?;
            (first == "data").then(|| parts.to_vec())?
        };
        parts.extend(rest);
        // Members of a rule's value are followed from its value.
        let is_rule = |parts: &[String]| {
            let (name, package) = parts.split_last()?;
            let key = (package.join("."), name.clone());
            self.definitions.contains_key(&key).then_some(())
        };
        let beyond = (1..parts.len()).any(|length| {
            parts
                .get(..length)
                .is_some_and(|parts| is_rule(parts).is_some())
        });
        if beyond {
            return None;
        }
        Some(self.data(&parts))
    }

    fn data(&mut self, parts: &[String]) -> Shape {
        let Some((name, package)) = parts.split_last() else {
            self.use_all("");
            return Shape::Opaque;
        };
        let key = (package.join("."), name.clone());
        if self.definitions.contains_key(&key) {
            return self.rule_value(&key);
        }
        // A whole package, or what lies above it.
        self.use_all(&parts.join("."));
        Shape::Opaque
    }

    fn use_all(&mut self, prefix: &str) {
        let keys: Vec<Key> = self
            .definitions
            .keys()
            .filter(|(package, _)| {
                let rest = package.strip_prefix(prefix);
                rest.is_some_and(|rest| {
                    prefix.is_empty() || rest.is_empty() || rest.starts_with('.')
                })
            })
            .cloned()
            .collect();
        for key in keys {
            self.used(&key);
        }
    }

    fn used(&mut self, key: &Key) {
        if let Some(current) = &self.current {
            self.uses
                .entry(current.clone())
                .or_default()
                .insert(key.clone());
        }
    }

    /// The value of a rule that is no function.
    fn rule_value(&mut self, key: &Key) -> Shape {
        let Some(definition) = self.definitions.get(key) else {
            return Shape::Opaque;
        };
        let rules = definition.rules.clone();
        self.used(key);
        if let Some(shape) = self.values.get(key) {
            return shape.clone();
        }
        // A rule that leads back to itself is a fault of its own.
        self.values.insert(key.clone(), Shape::Opaque);
        let shape = self.apart(key, |walker| {
            let mut value: Option<Shape> = None;
            for (module, rule) in &rules {
                walker.module = *module;
                let shape = walker.rule(rule);
                value = Some(match value {
                    Some(value) => value.or(shape),
                    None => shape,
                });
            }
            value.unwrap_or(Shape::Opaque)
        });
        self.values.insert(key.clone(), shape.clone());
        shape
    }

    /// Looks at another rule, with nothing of this one in sight, and without a word.
    fn apart(&mut self, key: &Key, look: impl FnOnce(&mut Self) -> Shape) -> Shape {
        if self.depth >= DEEPEST {
            return Shape::Opaque;
        }
        self.depth += 1;
        let scopes = std::mem::replace(&mut self.scopes, vec![HashMap::new()]);
        let mood = std::mem::replace(&mut self.mood, Mood::Silent);
        let module = self.module;
        let current = self.current.replace(key.clone());
        let shape = look(self);
        self.current = current;
        self.module = module;
        self.mood = mood;
        self.scopes = scopes;
        self.depth -= 1;
        shape
    }

    fn call(&mut self, function: &Ref<Expr>, arguments: &[Ref<Expr>]) -> Shape {
        let shapes: Vec<Shape> = arguments.iter().map(|given| self.shape(given)).collect();
        let Some(parts) = path(function) else {
            return Shape::Opaque;
        };
        let name = parts.join(".");
        let key = self.function(&parts);
        let Some(definition) = self.definitions.get(&key) else {
            self.builtin(&name, function.span(), arguments, &shapes);
            return Shape::Opaque;
        };
        let rules = definition.rules.clone();
        self.used(&key);
        let memory = (key.clone(), shapes, self.mood);
        if let Some(shape) = self.calls.get(&memory) {
            return shape.clone();
        }
        self.calls.insert(memory.clone(), Shape::Opaque);
        let mood = self.mood;
        let shape = self.apart(&key, |walker| {
            walker.mood = mood;
            let mut value: Option<Shape> = None;
            for (module, rule) in &rules {
                walker.module = *module;
                let Rule::Spec { head, bodies, .. } = &**rule else {
                    continue;
                };
                let shape = walker.head(head, bodies, Some(&memory.1));
                value = Some(match value {
                    Some(value) => value.or(shape),
                    None => shape,
                });
            }
            value.unwrap_or(Shape::Opaque)
        });
        self.calls.insert(memory, shape.clone());
        shape
    }

    /// The function of the rules that a name may mean.
    fn function(&self, parts: &[String]) -> Key {
        let imports = self.imports.get(self.module);
        let (first, rest) = match parts.split_first() {
            Some(split) => split,
            None => return Key::default(),
        };
        let imported = imports.and_then(|imports| imports.get(first));
        let mut whole: Vec<String> = match imported {
            Some(imported) => imported.clone(),
            None if rest.is_empty() => return (self.package(), first.clone()),
            None => vec![first.clone()],
        };
        whole.extend(rest.iter().cloned());
        match whole.split_first() {
            Some((data, path)) if data == "data" => match path.split_last() {
                Some((name, package)) => (package.join("."), name.clone()),
                None => Key::default(),
            },
            _ => Key::default(),
        }
    }

    fn builtin(&mut self, name: &str, span: &Span, arguments: &[Ref<Expr>], shapes: &[Shape]) {
        if let Some(why) = builtin::refusal(name) {
            self.fault(Fault::at(span, format!("`{name}` may not be called")).with_help(why));
            return;
        }
        if !builtin::exists(name) {
            let fault = Fault::at(span, format!("there is no function `{name}`"));
            self.fault(match builtin::nearest(name) {
                Some(nearest) => fault.with_help(format!("did you mean `{nearest}`?")),
                None => fault,
            });
            return;
        }
        match (name, arguments, shapes) {
            ("object.get", [of, key, ..], [shape, ..]) => self.get(of, key, shape),
            (
                "json.filter" | "json.remove" | "object.filter" | "object.remove",
                [of, ..],
                [Shape::Facts(_), ..],
            ) => {
                self.warn(Fault::at(
                    span,
                    format!(
                        "what `{name}` picks of `{}` cannot be checked",
                        one_line(of.span())
                    ),
                ));
            }
            _ => {}
        }
    }

    /// `object.get` gives its default for a name that is not there, so it hides a slip best.
    fn get(&mut self, of: &Ref<Expr>, key: &Ref<Expr>, shape: &Shape) {
        if let Some(name) = text_of(key) {
            self.member(shape, &name, of.span(), key.span());
            return;
        }
        if let Expr::Array { items, .. } = &**key {
            let mut shape = shape.clone();
            for item in items {
                shape = match text_of(item) {
                    Some(name) => self.member(&shape, &name, of.span(), item.span()),
                    None => self.each_of(&shape, of.span(), Some(item.span())),
                };
            }
            return;
        }
        if let Shape::Facts(_) = shape {
            self.each_of(shape, of.span(), Some(key.span()));
        }
    }

    /// Rules that lead back to themselves: the interpreter would not come to an end.
    fn cycles(&mut self) {
        let mut state: BTreeMap<&Key, bool> = BTreeMap::new();
        let mut circular: Vec<Key> = Vec::new();
        for start in self.uses.keys() {
            let mut walk: Vec<(&Key, usize)> = vec![(start, 0)];
            if state.contains_key(start) {
                continue;
            }
            state.insert(start, true);
            while let Some((key, followed)) = walk.pop() {
                let next = self
                    .uses
                    .get(key)
                    .and_then(|uses| uses.iter().nth(followed));
                let Some(next) = next else {
                    state.insert(key, false);
                    continue;
                };
                walk.push((key, followed + 1));
                match state.get(next) {
                    Some(true) => circular.push(next.clone()),
                    Some(false) => {}
                    None => {
                        state.insert(next, true);
                        walk.push((next, 0));
                    }
                }
            }
        }
        for key in circular {
            let rule = self
                .definitions
                .get(&key)
                .and_then(|known| known.rules.first());
            if let Some((_, rule)) = rule {
                let fault = Fault::at(rule.span(), format!("`{}` leads back to itself", key.1));
                self.found
                    .faults
                    .insert(fault.with_help("rules may not be recursive"));
            }
        }
    }
}

/// The first line of what stands there.
fn one_line(span: &Span) -> String {
    let text = span.text().lines().next().unwrap_or("");
    bonafide_core::excerpt(text, 80)
}

/// The text that an expression is.
pub(crate) fn text_of(expr: &Ref<Expr>) -> Option<String> {
    match &**expr {
        Expr::String { value, .. } | Expr::RawString { value, .. } => {
            value.as_string().ok().map(|text| text.to_string())
        }
        _ => None,
    }
}

/// A reference without anything that is known only at run time: where it begins, and names.
fn static_path(expr: &Expr) -> Option<(String, Vec<String>)> {
    let mut rest = Vec::new();
    let mut at = expr;
    loop {
        match at {
            Expr::Var { span, .. } => {
                rest.reverse();
                return Some((span.text().to_owned(), rest));
            }
            Expr::RefDot { refr, field, .. } => {
                rest.push(field.0.text().to_owned());
                at = refr;
            }
            Expr::RefBrack { refr, index, .. } => {
                rest.push(text_of(index)?);
                at = refr;
            }
            _ => return None,
        }
    }
}

/// The names of a static reference.
pub(crate) fn path(expr: &Expr) -> Option<Vec<String>> {
    let (root, rest) = static_path(expr)?;
    Some(std::iter::once(root).chain(rest).collect())
}

/// What imports stand for, by the name that they give.
fn imports(module: &Module) -> HashMap<String, Vec<String>> {
    let imports = module.imports.iter().filter_map(|import| {
        let parts = path(&import.refr)?;
        let first = parts.first()?;
        if first != "data" && first != "input" {
            return None;
        }
        let name = match &import.r#as {
            Some(name) => name.text().to_owned(),
            None => parts.last()?.clone(),
        };
        Some((name, parts))
    });
    imports.collect()
}

/// What a rule defines.
pub(crate) fn refr_of(rule: &Rule) -> &Ref<Expr> {
    match rule {
        Rule::Default { refr, .. } => refr,
        Rule::Spec { head, .. } => match head {
            RuleHead::Compr { refr, .. }
            | RuleHead::Set { refr, .. }
            | RuleHead::Func { refr, .. } => refr,
        },
    }
}

/// The first name of what a rule defines.
pub(crate) fn name_of(rule: &Rule) -> Option<String> {
    let mut at: &Expr = refr_of(rule);
    loop {
        match at {
            Expr::Var { span, .. } => return Some(span.text().to_owned()),
            Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } => at = refr,
            _ => return None,
        }
    }
}
