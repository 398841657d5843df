//! What a program does, and when: at import, when its classes are used, or when somebody
//! calls it.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::ops::Range;

use ruff_python_ast::visitor::{Visitor, walk_decorator, walk_expr, walk_parameters, walk_stmt};
use ruff_python_ast::{
    Decorator, Expr, ExprCall, IpyEscapeKind, Parameters, Stmt, StmtClassDef, StmtFunctionDef,
};
use ruff_text_size::Ranged;

use super::effect::{Effect, MODULES, effect_of, effect_of_method, is_decoder};
use super::names::Names;
use super::place;

/// When something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Moment {
    /// When the module is imported.
    Import,
    /// When a model, tokenizer or handler of the module is built or called.
    Use,
    /// When somebody calls the function.
    Call,
}

/// Something that a program does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Act {
    pub(crate) effect: Effect,
    /// The name that is called.
    pub(crate) name: String,
    pub(crate) moment: Moment,
    /// It is not called there, but kept or handed on, or all that is known is a method.
    pub(crate) mention: bool,
    /// What runs is decoded, unpacked or fetched first.
    pub(crate) hidden: bool,
    /// Function that it is in; empty for the module itself.
    pub(crate) function: String,
    pub(crate) range: Range<u64>,
}

/// What a program is and does.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) acts: Vec<Act>,
    /// Classes that build data sets for the `datasets` library.
    pub(crate) data_sets: Vec<(String, Range<u64>)>,
    /// Functions and classes.
    pub(crate) definitions: usize,
    /// Constants that may be something else in disguise.
    pub(crate) constants: Vec<(Vec<u8>, Range<u64>)>,
    /// Functions of modules beside it that importing it calls.
    pub(crate) sibling_calls: Vec<(String, String)>,
}

/// Parts of the names of base classes whose instances a loader builds and calls.
const LOADED_BASES: &[&str] = &[
    "Module",
    "PreTrained",
    "PretrainedConfig",
    "PreTrainedConfig",
    "ProcessorMixin",
    "FeatureExtractionMixin",
    "ImageProcess",
    "FeatureExtractor",
    "TokenizerFast",
    "Tokenizer",
    "Pipeline",
    "ModelMixin",
    "ConfigMixin",
    "BaseHandler",
    "PythonModel",
    "DatasetBuilder",
    "BasedBuilder",
    "Layer",
];

/// Methods that a loader, or an ordinary user of the class, calls.
const LOADED_METHODS: &[&str] = &[
    "__init__",
    "__new__",
    "__call__",
    "__post_init__",
    "__setstate__",
    "__reduce__",
    "__reduce_ex__",
    "__getstate__",
    "__del__",
    "__init_subclass__",
    "__set_name__",
    "from_pretrained",
    "from_config",
    "_from_config",
    "from_dict",
    "post_init",
    "forward",
    "call",
    "generate",
    "encode",
    "tokenize",
    "_tokenize",
    "build",
    "initialize",
    "preprocess",
    "inference",
    "postprocess",
    "handle",
    "load_context",
    "predict",
    "_info",
    "_split_generators",
    "_generate_examples",
];

/// Functions that call, now or later, what they are given.
const CALLERS: &[&str] = &[
    "map",
    "filter",
    "sorted",
    "reduce",
    "partial",
    "register",
    "Thread",
    "Process",
    "Timer",
    "submit",
    "apply_async",
    "start_new_thread",
    "call_soon",
    "run",
    "signal",
    "any",
    "all",
    "next",
    "list",
    "iter",
];

const MOST_ACTS: usize = 2000;

/// Most constants that are kept, and the shortest that can be a program.
const MOST_CONSTANTS: usize = 1000;
const SHORTEST_CONSTANT: usize = 16;

/// Examines the statements of a program.
pub(crate) fn examine(body: &[Stmt]) -> Program {
    let mut names = Names::default();
    // Each round follows what the one before it found further down.
    for _ in 0..MOST_ROUNDS {
        let before = names.changes;
        collect(&mut names, body, Round::Follow);
        if names.changes == before {
            break;
        }
    }
    let before = names.changes;
    collect(&mut names, body, Round::Follow);
    let unfinished = names.changes != before;
    collect(&mut names, body, Round::Compare);
    let mut walker = Walker::new(&names);
    if unfinished {
        // What these names stand for was not found out.
        walker.mention(Effect::Reflection, "names of names", 0..0);
    }
    for statement in body {
        walker.visit_stmt(statement);
    }
    walker.finish()
}

/// Most rounds in which names are followed. Real programs need two or three.
const MOST_ROUNDS: usize = 12;

/// What a round through the assignments is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Round {
    /// Names are followed to what they stand for.
    Follow,
    /// Names that are now this text and now another are told.
    Compare,
}

fn collect(names: &mut Names, body: &[Stmt], round: Round) {
    let mut collector = Collector {
        names,
        round,
        in_class: false,
    };
    for statement in body {
        collector.visit_stmt(statement);
    }
}

/// Takes down what names stand for.
struct Collector<'n> {
    names: &'n mut Names,
    round: Round,
    /// What is defined in a class is not found without it.
    in_class: bool,
}

impl<'a> Visitor<'a> for Collector<'_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.name.as_str();
                    match &alias.asname {
                        Some(short) => self.names.alias(short.as_str(), name),
                        None => {
                            let root = name.split('.').next().unwrap_or(name);
                            self.names.alias(root, root);
                        }
                    }
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map_or("", |module| module.as_str());
                // `from .a import b`, or `from a import b` where `a` is found beside it.
                for alias in import.names.iter().filter(|_| import.level <= 1) {
                    let short = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    let found = (module.to_owned(), alias.name.as_str().to_owned());
                    if !module.is_empty() {
                        self.names.siblings.insert(short.to_owned(), found);
                    }
                }
                // `from .os import x` is a module of the repository.
                if import.level == 0 {
                    for alias in &import.names {
                        let name = alias.name.as_str();
                        if name == "*" {
                            self.names.star(module);
                            continue;
                        }
                        let short = alias.asname.as_ref().map_or(name, |short| short.as_str());
                        let whole = match module {
                            "io" | "codecs" if name == "open" => "builtins.open".to_owned(),
                            _ => format!("{module}.{name}"),
                        };
                        self.names.alias(short, &whole);
                    }
                } else {
                    for alias in &import.names {
                        let short = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                        // Nobody's own module has those.
                        if !matches!(short, "exec" | "eval" | "__import__" | "compile") {
                            self.names.local.insert(short.to_owned());
                        }
                    }
                }
            }
            Stmt::FunctionDef(function) => {
                if !self.in_class {
                    self.names.local.insert(function.name.as_str().to_owned());
                }
                let before = std::mem::replace(&mut self.in_class, false);
                walk_stmt(self, statement);
                self.in_class = before;
                return;
            }
            Stmt::ClassDef(class) => {
                self.names.local.insert(class.name.as_str().to_owned());
                let before = std::mem::replace(&mut self.in_class, true);
                walk_stmt(self, statement);
                self.in_class = before;
                return;
            }
            Stmt::AugAssign(assignment) => {
                if let Expr::Name(name) = &*assignment.target {
                    self.names.doubt(name.id.as_str());
                }
            }
            Stmt::Delete(deletion) => {
                for target in &deletion.targets {
                    if let (Expr::Name(name), Round::Compare) = (target, self.round) {
                        self.names.local.remove(name.id.as_str());
                    }
                }
            }
            Stmt::Assign(assignment) => {
                for target in &assignment.targets {
                    self.assign(target, &assignment.value);
                }
            }
            Stmt::AnnAssign(assignment) => {
                if let Some(value) = &assignment.value {
                    self.assign(&assignment.target, value);
                }
            }
            Stmt::For(each) => {
                if let Expr::List(_) | Expr::Tuple(_) = &*each.iter {
                    for value in parts(&each.iter) {
                        self.assign(&each.target, value);
                    }
                }
            }
            Stmt::With(with) => {
                for item in &with.items {
                    if let Some(target) = &item.optional_vars {
                        self.assign(target, &item.context_expr);
                    }
                }
            }
            _ => {}
        }
        walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Named(named) = expression {
            self.assign(&named.target, &named.value);
        }
        walk_expr(self, expression);
    }
}

impl Collector<'_> {
    fn assign(&mut self, target: &Expr, value: &Expr) {
        match target {
            Expr::Name(name) => {
                let name = name.id.as_str();
                if self.round == Round::Compare {
                    self.names.compare(name, value);
                    return;
                }
                self.names.assign(name, value);
                if is_opaque(self.names, value) {
                    self.names.opaque.insert(name.to_owned());
                }
                if place::is_foreign(self.names, value) {
                    self.names.foreign.insert(name.to_owned());
                }
            }
            Expr::Tuple(_) | Expr::List(_) => {
                for (target, value) in parts(target).iter().zip(parts(value)) {
                    self.assign(target, value);
                }
            }
            _ => {}
        }
    }
}

fn parts(expression: &Expr) -> &[Expr] {
    match expression {
        Expr::List(list) => &list.elts,
        Expr::Tuple(tuple) => &tuple.elts,
        _ => &[],
    }
}

/// True if something in an expression decodes, unpacks or fetches.
fn is_opaque(names: &Names, expression: &Expr) -> bool {
    struct Search<'n> {
        names: &'n Names,
        found: bool,
    }
    impl<'a> Visitor<'a> for Search<'_> {
        fn visit_expr(&mut self, expression: &'a Expr) {
            if self.found {
                return;
            }
            match expression {
                Expr::Name(name) => self.found = self.names.opaque.contains(name.id.as_str()),
                Expr::Call(call) => {
                    let resolved = self.names.resolve(&call.func);
                    self.found = resolved
                        .iter()
                        .any(|name| is_decoder(name) || effect_of(name) == Some(Effect::Network));
                    // `"".join(chr(c) for c in …)`
                    if let Expr::Name(name) = &*call.func {
                        self.found |= name.id.as_str() == "chr";
                    }
                }
                _ => {}
            }
            if !self.found {
                walk_expr(self, expression);
            }
        }
    }
    let mut search = Search {
        names,
        found: false,
    };
    search.visit_expr(expression);
    search.found
}

/// A function, or the module itself.
#[derive(Debug, Default)]
struct Scope {
    name: String,
    /// Runs when instances of the class are built or used by a loader.
    loaded: bool,
    /// Only runs when the file is started as a program.
    started: bool,
    /// Names of functions and classes that it calls.
    calls: HashSet<String>,
}

struct Walker<'n> {
    names: &'n Names,
    scopes: Vec<Scope>,
    /// Functions by name; methods by theirs, and by `Class.method`.
    functions: HashMap<String, Vec<usize>>,
    /// Acts with the scope that each is in.
    acts: Vec<(usize, Act)>,
    current: usize,
    /// Classes that are open, with whether a loader uses their instances.
    classes: Vec<(String, bool)>,
    program: Program,
    in_reduce: bool,
    /// Within annotations names are types.
    in_annotation: bool,
}

impl<'n> Walker<'n> {
    fn new(names: &'n Names) -> Self {
        Self {
            names,
            scopes: vec![Scope::default()],
            functions: HashMap::new(),
            acts: Vec::new(),
            current: 0,
            classes: Vec::new(),
            program: Program::default(),
            in_reduce: false,
            in_annotation: false,
        }
    }

    fn calls(&mut self, name: &str) {
        if let Some(scope) = self.scopes.get_mut(self.current) {
            scope.calls.insert(name.to_owned());
        }
    }

    fn act(&mut self, effect: Effect, name: &str, hidden: bool, range: Range<u64>) {
        self.add(effect, name, false, hidden, range);
    }

    /// Takes down that something is kept or handed on, by which it may be called.
    fn mention(&mut self, effect: Effect, name: &str, range: Range<u64>) {
        self.add(effect, name, true, false, range);
    }

    fn add(&mut self, effect: Effect, name: &str, mention: bool, hidden: bool, range: Range<u64>) {
        if self.acts.len() >= MOST_ACTS {
            return;
        }
        let function = self
            .scopes
            .get(self.current)
            .map(|scope| scope.name.clone());
        let act = Act {
            effect,
            name: name.to_owned(),
            moment: Moment::Call,
            mention,
            hidden,
            function: function.unwrap_or_default(),
            range,
        };
        self.acts.push((self.current, act));
    }

    fn constant(&mut self, constant: Vec<u8>, range: Range<u64>) {
        let constants = &mut self.program.constants;
        if constant.len() >= SHORTEST_CONSTANT && constants.len() < MOST_CONSTANTS {
            constants.push((constant, range));
        }
    }

    /// Goes into a scope of its own.
    fn inside(&mut self, scope: Scope, keys: &[String], see: impl FnOnce(&mut Self)) {
        let index = self.scopes.len();
        self.scopes.push(scope);
        for key in keys {
            self.functions.entry(key.clone()).or_default().push(index);
        }
        let outer = std::mem::replace(&mut self.current, index);
        see(self);
        self.current = outer;
    }

    fn function(&mut self, function: &StmtFunctionDef) {
        self.program.definitions += 1;
        // Decorators, defaults and annotations are evaluated where the function is defined.
        for decorator in &function.decorator_list {
            self.visit_decorator(decorator);
        }
        self.visit_parameters(&function.parameters);
        if let Some(returns) = &function.returns {
            self.visit_expr(returns);
        }
        let name = function.name.as_str();
        let mut keys = vec![name.to_owned()];
        let mut shown = name.to_owned();
        let mut loaded = name == "get_class" || name == "_load_pyfunc";
        if let Some((class, class_loaded)) = self.classes.last() {
            shown = format!("{class}.{name}");
            keys.push(shown.clone());
            loaded = LOADED_METHODS.contains(&name)
                && (*class_loaded
                    || matches!(name, "__reduce__" | "__reduce_ex__" | "__setstate__"));
            if matches!(name, "__init__" | "__new__" | "__post_init__" | "__call__") {
                keys.push(class.clone());
            }
            // A subclass of this one is made at import, if there is one.
            if matches!(
                name,
                "__init_subclass__" | "__set_name__" | "__class_getitem__"
            ) {
                self.calls(&shown);
            }
        }
        let reduce = matches!(name, "__reduce__" | "__reduce_ex__");
        let started = self
            .scopes
            .get(self.current)
            .is_some_and(|scope| scope.started);
        let scope = Scope {
            name: shown,
            loaded,
            started,
            calls: HashSet::new(),
        };
        let classes = std::mem::take(&mut self.classes);
        let before = std::mem::replace(&mut self.in_reduce, reduce);
        self.inside(scope, &keys, |walker| {
            for statement in &function.body {
                walker.visit_stmt(statement);
            }
        });
        self.in_reduce = before;
        self.classes = classes;
    }

    fn class(&mut self, class: &StmtClassDef) {
        self.program.definitions += 1;
        for decorator in &class.decorator_list {
            self.visit_decorator(decorator);
        }
        let mut loaded = matches!(class.name.as_str(), "EndpointHandler" | "ModelHandler");
        let mut builder = false;
        if let Some(arguments) = &class.arguments {
            for argument in &arguments.args {
                self.visit_expr(argument);
                let last = match argument {
                    Expr::Name(name) => name.id.as_str(),
                    Expr::Attribute(attribute) => attribute.attr.as_str(),
                    _ => "",
                };
                loaded |= LOADED_BASES.iter().any(|part| last.contains(part));
                builder |= last.ends_with("DatasetBuilder") || last.ends_with("BasedBuilder");
                // A base of the program that is used so.
                loaded |= self
                    .classes
                    .iter()
                    .any(|(name, loaded)| name == last && *loaded);
            }
            for keyword in &arguments.keywords {
                self.visit_expr(&keyword.value);
                if let (Some("metaclass"), Expr::Name(name)) = (
                    keyword.arg.as_ref().map(|name| name.as_str()),
                    &keyword.value,
                ) {
                    self.calls(name.id.as_str());
                }
            }
        }
        if builder {
            let name = class.name.as_str().to_owned();
            self.program.data_sets.push((name, bytes(class)));
        }
        self.classes.push((class.name.as_str().to_owned(), loaded));
        for statement in &class.body {
            self.visit_stmt(statement);
        }
        self.classes.pop();
    }

    fn call(&mut self, call: &ExprCall) {
        let range = bytes(call);
        // Functions of the program itself.
        match &*call.func {
            Expr::Name(name) => self.calls(name.id.as_str()),
            Expr::Attribute(attribute) => {
                let owner = match &*attribute.value {
                    Expr::Name(name) => Some(name.id.as_str()),
                    _ => None,
                };
                if !owner.is_some_and(|owner| self.names.is_imported(owner)) {
                    let method = attribute.attr.as_str();
                    self.calls(method);
                    if let Some(owner) = owner {
                        self.calls(&format!("{owner}.{method}"));
                    }
                }
            }
            _ => {}
        }
        let last = match &*call.func {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => "",
        };
        let mut arguments: Vec<&Expr> = call.arguments.args.iter().collect();
        arguments.extend(call.arguments.keywords.iter().map(|keyword| &keyword.value));
        if CALLERS.contains(&last) {
            for argument in &arguments {
                if let Expr::Name(name) = argument {
                    self.calls(name.id.as_str());
                }
            }
        }
        if place::writes(self.names, call) && place::is_foreign(self.names, &call.func) {
            self.act(Effect::Foreign, last, false, range.clone());
        }
        // What is called, and what is handed on to be called.
        let called = self.names.resolve(&call.func);
        for name in &called {
            self.named(name, call, &range);
        }
        self.reflected(call, &called, &range);
        for argument in arguments {
            if matches!(argument, Expr::Name(_) | Expr::Attribute(_)) {
                for name in self.names.resolve(argument) {
                    if let Some(effect @ (Effect::Process | Effect::Evaluation)) = effect_of(&name)
                    {
                        let builds_type = name.starts_with("types.") || last == "isinstance";
                        if !builds_type {
                            self.act(effect, &name, false, range.clone());
                        }
                    }
                }
            }
        }
        // `getattr(os, chosen)(…)`
        if let Expr::Call(inner) = &*call.func
            && self
                .names
                .resolve(&inner.func)
                .iter()
                .any(|name| name == "builtins.getattr")
            && let [base, name, ..] = &*inner.arguments.args
            && self.names.text(name).is_none()
        {
            for base in self.names.resolve(base) {
                if matches!(base.as_str(), "os" | "subprocess" | "builtins" | "posix") {
                    self.act(
                        Effect::Evaluation,
                        &format!("{base}.*"),
                        true,
                        range.clone(),
                    );
                }
            }
        }
        if last == "__subclasses__" && climbs(&call.func) {
            self.act(Effect::Evaluation, "object.__subclasses__", true, range);
        }
    }

    /// A call of which only the name of the method is known, or that hands on a module.
    fn reflected(&mut self, call: &ExprCall, called: &[String], range: &Range<u64>) {
        let own = |names: &Names, method: &str| names.local.contains(method);
        if called.is_empty()
            && let Expr::Attribute(attribute) = &*call.func
        {
            let method = attribute.attr.as_str();
            let shared = self.functions.contains_key(method) || own(self.names, method);
            if let Some(effect) = effect_of_method(method)
                && !shared
            {
                self.mention(effect, method, range.clone());
            }
        }
        let is = |wanted: &[&str]| called.iter().any(|name| wanted.contains(&name.as_str()));
        let by_name = is(&["builtins.getattr", "builtins.hasattr", "builtins.setattr"]);
        if by_name
            && let [_, name, ..] = &*call.arguments.args
            && let Some(name) = self.names.text(name)
        {
            // `getattr(module, "system")`, whatever the module is.
            if is(&["builtins.getattr"])
                && let Some(effect @ (Effect::Process | Effect::Evaluation)) =
                    effect_of_method(&name)
            {
                self.mention(effect, &name, range.clone());
            }
            return;
        }
        if is(&[
            "builtins.isinstance",
            "builtins.print",
            "importlib.reload",
            "unittest.mock.patch.object",
        ]) {
            return;
        }
        let keywords = call.arguments.keywords.iter().map(|keyword| &keyword.value);
        for argument in call.arguments.args.iter().chain(keywords) {
            if matches!(argument, Expr::Name(_) | Expr::Attribute(_)) {
                for name in self.names.resolve(argument) {
                    if MODULES.contains(&name.as_str()) {
                        self.mention(Effect::Reflection, &name, range.clone());
                    }
                }
            }
        }
        for keyword in &call.arguments.keywords {
            let trusts = keyword
                .arg
                .as_ref()
                .is_some_and(|name| name == "trust_remote_code");
            let yes = matches!(&keyword.value, Expr::BooleanLiteral(literal) if literal.value);
            if trusts && yes {
                self.mention(Effect::Loading, "trust_remote_code", range.clone());
            }
        }
    }

    /// A call of an importable name.
    fn named(&mut self, name: &str, call: &ExprCall, range: &Range<u64>) {
        let first = call.arguments.args.first();
        let opaque = |names: &Names| {
            call.arguments
                .args
                .iter()
                .any(|argument| is_opaque(names, argument))
        };
        match name {
            "builtins.open" => {
                let mode = call.arguments.args.get(1).or_else(|| {
                    let keywords = call.arguments.keywords.iter();
                    let named = |name: &str| name == "mode";
                    keywords
                        .filter(|keyword| {
                            keyword.arg.as_ref().is_some_and(|arg| named(arg.as_str()))
                        })
                        .map(|keyword| &keyword.value)
                        .next()
                });
                let starred = call.arguments.args.iter().any(Expr::is_starred_expr);
                let mode = match mode {
                    Some(mode) => self.names.text(mode),
                    None => (!starred).then(String::new),
                };
                // A mode that is not known may be any.
                let known = mode.is_some();
                if mode.is_none_or(|mode| mode.contains(['w', 'a', 'x', '+'])) {
                    let foreign =
                        known && first.is_some_and(|path| place::is_foreign(self.names, path));
                    let effect = if foreign {
                        Effect::Foreign
                    } else {
                        Effect::Writing
                    };
                    self.act(effect, name, false, range.clone());
                }
            }
            "builtins.compile" => {
                if opaque(self.names) {
                    self.act(Effect::Evaluation, name, true, range.clone());
                } else {
                    self.mention(Effect::Evaluation, name, range.clone());
                }
            }
            "os.items" | "os.values" | "os.copy" | "os.keys" | "subprocess.items"
            | "subprocess.values" | "builtins.items" | "builtins.values" | "sys.modules.values"
            | "sys.modules.items" => self.mention(Effect::Reflection, name, range.clone()),
            "builtins.__import__" | "importlib.import_module" | "importlib.__import__" => {
                if first.is_none_or(|name| self.names.text(name).is_none()) {
                    self.act(Effect::Import, name, false, range.clone());
                }
            }
            "types.FunctionType" | "types.CodeType" => {
                // Functions are copied for honest reasons; marshalled ones are not.
                if opaque(self.names) {
                    self.act(Effect::Evaluation, name, true, range.clone());
                }
            }
            name => {
                if let Some(effect) = effect_of(name) {
                    let effect = match effect {
                        Effect::Native if place::is_own_library(self.names, call) => {
                            Effect::OwnNative
                        }
                        Effect::Writing
                            if call
                                .arguments
                                .args
                                .iter()
                                .any(|path| place::is_foreign(self.names, path)) =>
                        {
                            Effect::Foreign
                        }
                        other => other,
                    };
                    let hidden = matches!(
                        effect,
                        Effect::Evaluation | Effect::Process | Effect::Deserialisation
                    ) && opaque(self.names)
                        && name != "pickle.loads";
                    let effect = if hidden && effect == Effect::Deserialisation {
                        if !name.starts_with("marshal.") {
                            self.act(effect, name, false, range.clone());
                            return;
                        }
                        effect
                    } else {
                        effect
                    };
                    self.act(
                        effect,
                        name,
                        hidden && effect == Effect::Evaluation,
                        range.clone(),
                    );
                }
            }
        }
    }

    /// True for an assignment to a variable that makes the next program run something else.
    fn is_environment(&self, targets: &[Expr]) -> bool {
        targets.iter().any(|target| {
            let Expr::Subscript(subscript) = target else {
                return false;
            };
            let key = self.names.text(&subscript.slice).unwrap_or_default();
            let steers = key.starts_with("LD_")
                || key.starts_with("DYLD_")
                || matches!(
                    key.as_str(),
                    "PATH" | "PYTHONPATH" | "PYTHONSTARTUP" | "PYTHONHOME" | "BASH_ENV" | "ENV"
                );
            let owners = self.names.resolve(&subscript.value);
            steers && owners.iter().any(|owner| owner == "os.environ")
        })
    }

    /// When each act happens.
    fn finish(mut self) -> Program {
        let started: Vec<usize> = vec![0];
        let import = self.reached(started);
        let mut called = BTreeSet::new();
        for scope in import.iter().filter_map(|index| self.scopes.get(*index)) {
            let siblings = |name: &String| self.names.siblings.get(name);
            called.extend(scope.calls.iter().filter_map(siblings));
        }
        self.program.sibling_calls = called.into_iter().cloned().collect();
        let loaded = (0..self.scopes.len())
            .filter(|index| self.scopes.get(*index).is_some_and(|scope| scope.loaded));
        let used = self.reached(loaded.collect());
        for (scope, mut act) in std::mem::take(&mut self.acts) {
            act.moment = if import.contains(&scope) {
                Moment::Import
            } else if used.contains(&scope) {
                Moment::Use
            } else {
                Moment::Call
            };
            self.program.acts.push(act);
        }
        self.program
    }

    /// Scopes that run when these do.
    fn reached(&self, from: Vec<usize>) -> BTreeSet<usize> {
        let mut reached: BTreeSet<usize> = from.iter().copied().collect();
        let mut seen: HashSet<&str> = HashSet::new();
        let mut queue: VecDeque<usize> = from.into();
        while let Some(index) = queue.pop_front() {
            let calls = self.scopes.get(index).map(|scope| &scope.calls);
            for name in calls.into_iter().flatten() {
                if !seen.insert(name) {
                    continue;
                }
                for next in self.functions.get(name).into_iter().flatten() {
                    if reached.insert(*next) {
                        queue.push_back(*next);
                    }
                }
            }
        }
        reached
    }
}

impl<'a> Visitor<'a> for Walker<'_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::ClassDef(class) => self.class(class),
            Stmt::If(choice) if is_main(&choice.test) => {
                let scope = Scope {
                    name: "__main__".to_owned(),
                    started: true,
                    ..Scope::default()
                };
                self.inside(scope, &[], |walker| {
                    for statement in &choice.body {
                        walker.visit_stmt(statement);
                    }
                });
                for clause in &choice.elif_else_clauses {
                    for statement in &clause.body {
                        self.visit_stmt(statement);
                    }
                }
            }
            // Kept under another name, by which it is followed.
            Stmt::Assign(assignment)
                if self.classes.is_empty()
                    && matches!(&*assignment.value, Expr::Name(_) | Expr::Attribute(_))
                    && assignment.targets.iter().all(Expr::is_name_expr) => {}
            Stmt::Assign(assignment)
                if assignment.targets.iter().any(|target| {
                    matches!(target, Expr::Attribute(attribute) if attribute.attr.as_str() == "__code__")
                }) =>
            {
                self.mention(Effect::Evaluation, "__code__", bytes(assignment));
                walk_stmt(self, statement);
            }
            Stmt::Assign(assignment) if self.is_environment(&assignment.targets) => {
                self.mention(Effect::Process, "os.environ", bytes(assignment));
                walk_stmt(self, statement);
            }
            Stmt::IpyEscapeCommand(command) => {
                let text: String = command.value.chars().take(80).collect();
                if matches!(command.kind, IpyEscapeKind::Shell | IpyEscapeKind::ShCap) {
                    self.act(Effect::Process, &text, false, bytes(command));
                }
            }
            // `run = lambda: …` is a function by that name.
            Stmt::Assign(assignment) if matches!(&*assignment.value, Expr::Lambda(_)) => {
                if let (Some(Expr::Name(name)), Expr::Lambda(lambda)) =
                    (assignment.targets.first(), &*assignment.value)
                {
                    let name = name.id.as_str().to_owned();
                    let scope = Scope {
                        name: name.clone(),
                        ..Scope::default()
                    };
                    self.inside(scope, &[name], |walker| walker.visit_expr(&lambda.body));
                } else {
                    walk_stmt(self, statement);
                }
            }
            _ => walk_stmt(self, statement),
        }
    }

    fn visit_decorator(&mut self, decorator: &'a Decorator) {
        if let Expr::Name(name) = &decorator.expression {
            self.calls(name.id.as_str());
        }
        // A function without a name is called there and then.
        if let Expr::Lambda(lambda) = &decorator.expression {
            self.visit_expr(&lambda.body);
            return;
        }
        for name in self.names.resolve(&decorator.expression) {
            if let Some(effect @ (Effect::Process | Effect::Evaluation)) = effect_of(&name) {
                self.act(effect, &name, false, bytes(decorator));
            }
        }
        walk_decorator(self, decorator);
    }

    fn visit_annotation(&mut self, annotation: &'a Expr) {
        let before = std::mem::replace(&mut self.in_annotation, true);
        self.visit_expr(annotation);
        self.in_annotation = before;
    }

    fn visit_parameters(&mut self, parameters: &'a Parameters) {
        walk_parameters(self, parameters);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Call(call) => {
                self.call(call);
                match &*call.func {
                    Expr::Lambda(lambda) => self.visit_expr(&lambda.body),
                    // What is called was judged as such.
                    Expr::Name(_) => {}
                    Expr::Attribute(attribute) => {
                        if !matches!(&*attribute.value, Expr::Name(_) | Expr::Attribute(_)) {
                            self.visit_expr(&attribute.value);
                        }
                    }
                    other => self.visit_expr(other),
                }
                self.visit_arguments(&call.arguments);
                return;
            }
            Expr::BytesLiteral(literal) => {
                let constant: Vec<u8> = literal.value.bytes().collect();
                self.constant(constant, bytes(expression));
            }
            Expr::StringLiteral(literal) => {
                let constant = literal.value.to_str().as_bytes().to_vec();
                self.constant(constant, bytes(expression));
            }
            Expr::Lambda(lambda) => {
                // Called by whoever is given it.
                let scope = Scope {
                    name: "lambda".to_owned(),
                    ..Scope::default()
                };
                self.inside(scope, &[], |walker| walker.visit_expr(&lambda.body));
                return;
            }
            Expr::Name(_) | Expr::Attribute(_) if !self.in_annotation => {
                for name in self.names.resolve(expression) {
                    match effect_of(&name) {
                        Some(effect @ (Effect::Process | Effect::Evaluation)) if self.in_reduce => {
                            self.act(effect, &name, false, bytes(expression));
                        }
                        Some(effect @ (Effect::Process | Effect::Evaluation))
                            if !name.starts_with("types.") =>
                        {
                            self.mention(effect, &name, bytes(expression));
                        }
                        _ => {}
                    }
                }
                // `os` of `os.path` is no value of its own.
                if let Expr::Attribute(attribute) = expression
                    && !matches!(&*attribute.value, Expr::Name(_) | Expr::Attribute(_))
                {
                    self.visit_expr(&attribute.value);
                }
                return;
            }
            _ => {}
        }
        walk_expr(self, expression);
    }
}

/// `__name__ == "__main__"`
fn is_main(test: &Expr) -> bool {
    let Expr::Compare(comparison) = test else {
        return false;
    };
    matches!(&*comparison.left, Expr::Name(name) if name.id.as_str() == "__name__")
        && matches!(&*comparison.ops, [ruff_python_ast::CmpOp::Eq])
}

/// True for a way up to `object`: `().__class__.__base__`.
fn climbs(expression: &Expr) -> bool {
    let mut here = expression;
    for _ in 0..20 {
        here = match here {
            Expr::Attribute(attribute) => {
                if matches!(
                    attribute.attr.as_str(),
                    "__base__" | "__bases__" | "__mro__" | "mro"
                ) {
                    return true;
                }
                &attribute.value
            }
            Expr::Subscript(subscript) => &subscript.value,
            Expr::Call(call) => &call.func,
            _ => return false,
        };
    }
    false
}

/// Bytes of the source that something is written in.
fn bytes(node: &impl Ranged) -> Range<u64> {
    let range = node.range();
    u64::from(range.start().to_u32())..u64::from(range.end().to_u32())
}
