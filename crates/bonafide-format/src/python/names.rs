//! What the names of a program stand for: imports, assignments, and the detours by which a
//! program keeps a name out of sight (`getattr(os, "sys" + "tem")`).

use std::collections::{HashMap, HashSet};

use ruff_python_ast::{Expr, ExprCall, Number, Operator};

use super::effect::is_decoder;

/// Most things that one name is followed to.
const MOST_CANDIDATES: usize = 16;

/// Longest text that is put together.
const LONGEST: usize = 64 << 10;

/// Deepest expression that is followed.
const DEEPEST: usize = 60;

/// Builtins that matter.
const BUILTINS: &[&str] = &[
    "eval",
    "exec",
    "execfile",
    "compile",
    "__import__",
    "open",
    "getattr",
    "globals",
    "locals",
    "vars",
    "__builtins__",
    "bytes",
    "bytearray",
];

/// Names of one program, all its scopes together: whatever a name can stand for somewhere.
#[derive(Debug, Default)]
pub(crate) struct Names {
    aliases: HashMap<String, Vec<String>>,
    texts: HashMap<String, String>,
    /// Names that are not always the same text.
    unsure: HashSet<String>,
    /// Functions, classes and parameters of the program itself.
    pub(crate) local: HashSet<String>,
    /// Modules of which everything is imported.
    stars: Vec<String>,
    /// How often something new was found.
    pub(crate) changes: usize,
    /// Names that hold something that was decoded, unpacked or fetched.
    pub(crate) opaque: HashSet<String>,
    /// Names that hold a path below the home folder, or of the system.
    pub(crate) foreign: HashSet<String>,
    /// Names that are imported from modules which may be beside this one, with those
    /// modules and what they call it.
    pub(crate) siblings: HashMap<String, (String, String)>,
}

impl Names {
    pub(crate) fn alias(&mut self, name: &str, target: &str) {
        let targets = self.aliases.entry(name.to_owned()).or_default();
        if targets.iter().any(|known| known == target) {
            return;
        }
        if targets.len() < MOST_CANDIDATES {
            targets.push(target.to_owned());
            self.changes += 1;
        } else if is_grave(target)
            && let Some(harmless) = targets.iter_mut().find(|known| !is_grave(known))
        {
            // Harmless meanings do not crowd out the others.
            target.clone_into(harmless);
            self.changes += 1;
        }
    }

    /// Takes down that a name is not always the text that it was assigned.
    pub(crate) fn doubt(&mut self, name: &str) {
        self.unsure.insert(name.to_owned());
    }

    /// Takes down, when all names are known, whether a name is always the same text.
    pub(crate) fn compare(&mut self, name: &str, value: &Expr) {
        if self.texts.contains_key(name) && self.text(value).as_ref() != self.texts.get(name) {
            self.doubt(name);
        }
    }

    pub(crate) fn star(&mut self, module: &str) {
        if self.stars.len() < MOST_CANDIDATES {
            self.stars.push(module.to_owned());
        }
    }

    /// Takes down what is assigned to a name.
    pub(crate) fn assign(&mut self, name: &str, value: &Expr) {
        for target in self.resolve(value) {
            self.alias(name, &target);
        }
        // The first text stands; that there are others is told when all are known.
        if !self.texts.contains_key(name)
            && let Some(text) = self.text(value)
        {
            self.texts.insert(name.to_owned(), text);
            self.changes += 1;
        }
    }

    pub(crate) fn is_imported(&self, name: &str) -> bool {
        self.aliases.contains_key(name)
    }

    /// Everything that an expression can stand for.
    pub(crate) fn resolve(&self, expression: &Expr) -> Vec<String> {
        self.resolve_within(expression, DEEPEST)
    }

    fn resolve_within(&self, expression: &Expr, depth: usize) -> Vec<String> {
        let Some(depth) = depth.checked_sub(1) else {
            return Vec::new();
        };
        match expression {
            Expr::Name(name) => self.name(name.id.as_str()),
            Expr::Attribute(attribute) => {
                let name = attribute.attr.as_str();
                let bases = self.resolve_within(&attribute.value, depth);
                if !bases.is_empty() {
                    return join(bases, name);
                }
                match (name, &*attribute.value) {
                    // `print.__self__` is the module of builtins.
                    ("__self__", Expr::Name(owner))
                        if !self.local.contains(owner.id.as_str())
                            && crate::importable::is_builtin(owner.id.as_str()) =>
                    {
                        vec!["builtins".to_owned()]
                    }
                    _ => held(name).into_iter().collect(),
                }
            }
            Expr::Named(named) => self.resolve_within(&named.value, depth),
            Expr::Call(call) => self.call(call, depth),
            Expr::Subscript(subscript) => {
                // `__builtins__["eval"]`, `vars(os)["system"]`, `sys.modules["os"]`
                let Some(key) = self.text_within(&subscript.slice, depth) else {
                    return Vec::new();
                };
                let bases = self.resolve_within(&subscript.value, depth);
                if bases.is_empty() {
                    // `function.__globals__["os"]`
                    return held(&key).into_iter().collect();
                }
                let bases = bases.into_iter().flat_map(|base| match base.as_str() {
                    "sys.modules" => vec![key.clone()],
                    "namespace" => self.name(&key),
                    _ => {
                        let owner = base.strip_suffix(".__dict__").unwrap_or(&base);
                        vec![plain(&format!("{owner}.{key}"))]
                    }
                });
                bases.take(MOST_CANDIDATES).collect()
            }
            Expr::If(choice) => {
                let mut both = self.resolve_within(&choice.body, depth);
                both.extend(self.resolve_within(&choice.orelse, depth));
                both.truncate(MOST_CANDIDATES);
                both
            }
            Expr::BoolOp(operation) => {
                let values = operation.values.iter();
                let all = values.flat_map(|value| self.resolve_within(value, depth));
                all.take(MOST_CANDIDATES).collect()
            }
            _ => Vec::new(),
        }
    }

    fn name(&self, name: &str) -> Vec<String> {
        if let Some(targets) = self.aliases.get(name) {
            return targets.clone();
        }
        if self.local.contains(name) {
            return Vec::new();
        }
        match name {
            "__builtins__" | "builtins" => return vec!["builtins".to_owned()],
            _ if BUILTINS.contains(&name) => return vec![format!("builtins.{name}")],
            _ => {}
        }
        let stars = self.stars.iter();
        stars
            .map(|module| plain(&format!("{module}.{name}")))
            .collect()
    }

    fn call(&self, call: &ExprCall, depth: usize) -> Vec<String> {
        let functions = self.resolve_within(&call.func, depth);
        let argument = |index: usize| call.arguments.args.get(index);
        let mut found = Vec::new();
        for function in functions {
            match function.as_str() {
                "builtins.__import__" | "importlib.import_module" | "importlib.__import__" => {
                    found.extend(argument(0).and_then(|name| self.text_within(name, depth)));
                }
                "builtins.getattr" => {
                    let name = argument(1).and_then(|name| self.text_within(name, depth));
                    if let (Some(base), Some(name)) = (argument(0), name) {
                        found.extend(join(self.resolve_within(base, depth), &name));
                    }
                }
                "builtins.vars" => {
                    if let Some(base) = argument(0) {
                        found.extend(self.resolve_within(base, depth));
                    }
                }
                "builtins.globals" | "builtins.locals" => found.push("namespace".to_owned()),
                "operator.attrgetter" | "functools.partial" => {
                    if let Some(base) = argument(0) {
                        found.extend(self.resolve_within(base, depth));
                    }
                }
                // `__builtins__.get("eval")`, `os.__dict__.get("system")`
                other => {
                    let owner = other
                        .strip_suffix(".get")
                        .or_else(|| other.strip_suffix(".__getattribute__"))
                        .map(|owner| owner.strip_suffix(".__dict__").unwrap_or(owner));
                    let name = argument(0).and_then(|name| self.text_within(name, depth));
                    match (owner, name) {
                        (Some("namespace"), Some(name)) => found.extend(self.name(&name)),
                        (Some("sys.modules"), Some(name)) => found.push(name),
                        (Some("builtins"), Some(name)) => found.push(format!("builtins.{name}")),
                        (Some(owner), Some(name)) if other.contains("__") => {
                            found.push(plain(&format!("{owner}.{name}")));
                        }
                        _ => {}
                    }
                }
            }
        }
        found.truncate(MOST_CANDIDATES);
        found
    }

    /// The text that an expression is sure to be.
    pub(crate) fn text(&self, expression: &Expr) -> Option<String> {
        self.text_within(expression, DEEPEST)
    }

    fn text_within(&self, expression: &Expr, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        let text = match expression {
            Expr::StringLiteral(literal) => literal.value.to_str().to_owned(),
            Expr::BytesLiteral(literal) => {
                let bytes: Vec<u8> = literal.value.bytes().collect();
                String::from_utf8(bytes).ok()?
            }
            Expr::Name(name) if self.unsure.contains(name.id.as_str()) => return None,
            Expr::Name(name) => self.texts.get(name.id.as_str())?.clone(),
            Expr::BinOp(operation) if operation.op == Operator::Add => {
                let mut text = self.text_within(&operation.left, depth)?;
                text.push_str(&self.text_within(&operation.right, depth)?);
                text
            }
            Expr::FString(literal) => {
                let mut text = String::new();
                for element in literal.value.elements() {
                    match element {
                        ruff_python_ast::InterpolatedStringElement::Literal(literal) => {
                            text.push_str(&literal.value);
                        }
                        ruff_python_ast::InterpolatedStringElement::Interpolation(inner) => {
                            text.push_str(&self.text_within(&inner.expression, depth)?);
                        }
                    }
                }
                for part in &literal.value {
                    if let ruff_python_ast::FStringPart::Literal(literal) = part {
                        text.push_str(literal.as_str());
                    }
                }
                text
            }
            // `"metsys"[::-1]`
            Expr::Subscript(subscript) => {
                let Expr::Slice(slice) = &*subscript.slice else {
                    return None;
                };
                let step = slice.step.as_deref()?;
                let Expr::UnaryOp(minus) = step else {
                    return None;
                };
                if slice.lower.is_some()
                    || slice.upper.is_some()
                    || number(&minus.operand) != Some(1)
                {
                    return None;
                }
                self.text_within(&subscript.value, depth)?
                    .chars()
                    .rev()
                    .collect()
            }
            Expr::Call(call) => self.text_of_call(call, depth)?,
            _ => return None,
        };
        (text.len() <= LONGEST).then_some(text)
    }

    fn text_of_call(&self, call: &ExprCall, depth: usize) -> Option<String> {
        let first = call.arguments.args.first();
        match &*call.func {
            Expr::Name(name) if name.id.as_str() == "chr" => {
                let code = number(first?)?;
                return char::from_u32(code).map(String::from);
            }
            Expr::Name(name) if name.id.as_str() == "str" => {
                return self.text_within(first?, depth);
            }
            Expr::Name(name) if name.id.as_str() == "bytes" => {
                let codes = elements(first?)?
                    .iter()
                    .map(|code| number(code).and_then(char::from_u32));
                return codes.collect();
            }
            Expr::Attribute(attribute) => {
                let base = self.text_within(&attribute.value, depth);
                match (attribute.attr.as_str(), base) {
                    ("join", Some(between)) => {
                        let list = elements(first?)?;
                        let parts: Option<Vec<String>> = list
                            .iter()
                            .map(|part| self.text_within(part, depth))
                            .collect();
                        return Some(parts?.join(&between));
                    }
                    ("decode" | "encode" | "strip", Some(text)) => return Some(text),
                    ("lower", Some(text)) => return Some(text.to_lowercase()),
                    ("replace", Some(text)) => {
                        let from = self.text_within(first?, depth)?;
                        let to = self.text_within(call.arguments.args.get(1)?, depth)?;
                        // An empty pattern would make the text longer at each step.
                        return (!from.is_empty() && to.len() <= from.len())
                            .then(|| text.replace(&from, &to));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        let functions = self.resolve_within(&call.func, depth);
        let decoder = functions.iter().find(|function| is_decoder(function))?;
        let text = self.text_within(first?, depth)?;
        let bytes = match decoder.as_str() {
            "base64.b64decode"
            | "base64.decodebytes"
            | "binascii.a2b_base64"
            | "base64.standard_b64decode"
            | "base64.urlsafe_b64decode" => {
                let plain = text.trim().replace('-', "+").replace('_', "/");
                data_encoding::BASE64.decode(plain.as_bytes()).ok()?
            }
            "base64.b32decode" => data_encoding::BASE32.decode(text.as_bytes()).ok()?,
            "binascii.unhexlify"
            | "binascii.a2b_hex"
            | "base64.b16decode"
            | "builtins.bytes.fromhex"
            | "builtins.bytearray.fromhex" => {
                let plain = text.replace(' ', "");
                data_encoding::HEXLOWER_PERMISSIVE
                    .decode(plain.as_bytes())
                    .ok()?
            }
            "codecs.decode" => {
                let kind = self.text_within(call.arguments.args.get(1)?, depth)?;
                if !kind.replace(['-', '_'], "").eq_ignore_ascii_case("rot13") {
                    return None;
                }
                text.bytes().map(rotated).collect()
            }
            _ => return None,
        };
        String::from_utf8(bytes).ok()
    }
}

fn rotated(byte: u8) -> u8 {
    match byte {
        b'a'..=b'm' | b'A'..=b'M' => byte + 13,
        b'n'..=b'z' | b'N'..=b'Z' => byte - 13,
        other => other,
    }
}

fn number(expression: &Expr) -> Option<u32> {
    match expression {
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(value) => value.as_u64().and_then(|value| u32::try_from(value).ok()),
            _ => None,
        },
        _ => None,
    }
}

fn elements(expression: &Expr) -> Option<&[Expr]> {
    match expression {
        Expr::List(list) => Some(&list.elts),
        Expr::Tuple(tuple) => Some(&tuple.elts),
        _ => None,
    }
}

fn join(bases: Vec<String>, name: &str) -> Vec<String> {
    let joined = bases.into_iter().filter(|base| base.len() < 200);
    joined
        .map(|base| plain(&format!("{base}.{name}")))
        .collect()
}

/// True for what harmless names must not stand in front of.
fn is_grave(target: &str) -> bool {
    let root = target.split('.').next().unwrap_or(target);
    super::effect::MODULES.contains(&root) || super::effect::effect_of(target).is_some()
}

/// The module that something which nothing is known of holds by this name.
fn held(name: &str) -> Option<String> {
    let module = match name {
        "__builtins__" | "f_builtins" => "builtins",
        "_os" => "os",
        "_sys" => "sys",
        "os" | "sys" | "subprocess" | "builtins" | "posix" | "nt" | "pty" | "ctypes"
        | "importlib" => name,
        _ => return None,
    };
    Some(module.to_owned())
}

/// The name by which something is known: modules that other modules import are themselves.
fn plain(name: &str) -> String {
    let mut name = name
        .replace("__builtins__.", "builtins.")
        .replace(".__dict__", "");
    name = match name.strip_prefix("__builtin__.") {
        Some(rest) => format!("builtins.{rest}"),
        None => name,
    };
    for (long, short) in [
        ("posixpath.os.", "os."),
        ("os.path.os.", "os."),
        ("os.sys.", "sys."),
        ("io.open", "builtins.open"),
        ("codecs.open", "builtins.open"),
    ] {
        if let Some(rest) = name.strip_prefix(long) {
            name = format!("{short}{rest}");
        }
    }
    // `random._os.system`, `torch.os.system`: what other modules import is theirs too.
    if name == "asyncio.subprocess" || name.starts_with("asyncio.subprocess.") {
        return name;
    }
    for module in ["os", "subprocess", "sys", "builtins", "posix", "socket"] {
        for inner in [format!(".{module}."), format!("._{module}.")] {
            if let Some(at) = name.find(&inner) {
                let rest = name.get(at + inner.len()..).unwrap_or_default();
                return format!("{module}.{rest}");
            }
        }
    }
    name
}
