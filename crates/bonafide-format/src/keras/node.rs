//! What the loader makes of one node of a configuration.

use bonafide_core::excerpt;

use super::names::{CLASSES, FUNCTIONS, contains};
use super::rules::{
    FILE_READ, LAMBDA, OUTSIDE_MODULE, UNKNOWN_CLASS, UNSAFE_FUNCTION, UNSAFE_LAYER,
};
use crate::importable::{Origin, is_builtin, origin};
use crate::json::{Node, Value};
use crate::rule::Rule;

/// What is wrong with a node.
#[derive(Debug)]
pub(super) struct Judgement {
    pub(super) rule: &'static Rule,
    /// Exact name by which a policy can excuse it.
    pub(super) about: String,
    pub(super) message: String,
}

/// Packages of layers that are made to be loaded by configuration. Their code is theirs:
/// a person decides.
const EXTENSIONS: &[&str] = &[
    "autokeras",
    "keras_contrib",
    "keras_cv",
    "keras_hub",
    "keras_nlp",
    "keras_tuner",
    "larq",
    "official",
    "qkeras",
    "spektral",
    "tensorflow_addons",
    "tensorflow_decision_forests",
    "tensorflow_hub",
    "tensorflow_model_optimization",
    "tensorflow_probability",
    "tensorflow_recommenders",
    "tensorflow_text",
];

/// Values that are written as nodes and are not looked up.
const VALUES: &[&str] = &[
    "__bytes__",
    "__ellipsis__",
    "__keras_tensor__",
    "__numpy__",
    "__slice__",
    "__tensor__",
    "__tuple__",
    "__typespec__",
    "TensorShape",
    "CompositeTensor",
    "TypeSpec",
];

/// Modules of Keras that hold functions which do something to the machine.
const UNSAFE_MODULES: &[&str] = &[
    "callbacks",
    "config",
    "datasets",
    "distribution",
    "export",
    "models",
    "preprocessing",
    "saving",
    "trainers",
    "utils",
    "visualization",
    "wrappers",
];

/// Prefixes of operations of TensorFlow that touch nothing outside of the graph, as the
/// layers of functional models name them.
const TENSOR_OPERATIONS: &[&str] = &[
    "__operators__.",
    "bitwise.",
    "compat.v1.",
    "data_structures.",
    "dtypes.",
    "experimental.numpy.",
    "image.",
    "initializers.",
    "keras.backend.",
    "linalg.",
    "losses.",
    "math.",
    "nn.",
    "quantization.",
    "ragged.",
    "random.",
    "sets.",
    "signal.",
    "sparse.",
    "strings.",
];

/// Operations of TensorFlow that run Python, or read, write or load something.
const ACTIVE_OPERATIONS: &[&str] = &[
    "io.",
    "raw_ops.",
    "py_func",
    "numpy_function",
    "read_file",
    "write_file",
    "load_op_library",
    "load_library",
    "saved_model.",
    "train.",
    "debugging.",
    "summary.",
    "print",
    "eval",
    "WriteFile",
    "ReadFile",
    "MatchingFiles",
    "PyFunc",
    "EagerPyFunc",
    "Save",
    "Restore",
    "python.",
];

/// True for what the loader looks up.
pub(super) fn is_node(node: &Node<'_>) -> bool {
    node.get("class_name").and_then(Node::text).is_some() && node.get("config").is_some()
}

/// Class of a node that is a layer or an operation, for the facts.
pub(super) fn layer<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    let name = node.get("class_name").and_then(Node::text)?;
    let is_layer = node.get("inbound_nodes").is_some() || node.get("build_config").is_some();
    is_layer.then_some(name)
}

/// Text in a node that is marshalled code or a pickle: the constants of a Lambda layer.
pub(super) fn code<'n>(node: &'n Node<'_>) -> Vec<&'n str> {
    let class = node
        .get("class_name")
        .and_then(Node::text)
        .unwrap_or_default();
    if !matches!(class, "Lambda" | "__lambda__" | "TorchModuleWrapper") {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Some(config) = node.get("config") {
        config.walk(&mut |_, value| {
            if let Some(text) = value.text()
                && text.len() >= 24
            {
                found.push(text);
            }
        });
    }
    found
}

/// What is wrong with a node.
pub(super) fn judge(node: &Node<'_>) -> Vec<Judgement> {
    let text = |name: &str| node.get(name).and_then(Node::text);
    let class = text("class_name").unwrap_or_default();
    let module = text("module").unwrap_or_default();
    let config = node.get("config");
    let mut found = Vec::new();
    match class {
        "Lambda" => found.push(lambda(config)),
        "__lambda__" => found.push(judgement(
            &LAMBDA,
            "__lambda__",
            "a lambda carries bytecode",
        )),
        "function" => found.extend(function(module, config, text("registered_name"))),
        "TorchModuleWrapper" | "TFSMLayer" | "JaxLayer" | "FlaxLayer" => {
            let message = format!("the layer {class} loads what it wraps");
            found.push(judgement(&UNSAFE_LAYER, class, message));
        }
        "TFOpLambda" | "SlicingOpLambda" => {
            found.extend(tensor_operation(class, config, "function"))
        }
        "TensorFlowOpLayer" => found.extend(tensor_operation(class, config, "node_def")),
        _ => found.extend(lookup(class, module, text("registered_name"))),
    }
    found.extend(vocabulary(class, config));
    found
}

fn judgement(rule: &'static Rule, about: &str, message: impl Into<String>) -> Judgement {
    Judgement {
        rule,
        about: about.to_owned(),
        message: message.into(),
    }
}

/// A Lambda layer has bytecode, or the name of a function that the user has to register.
fn lambda(config: Option<&Node<'_>>) -> Judgement {
    let function = config.and_then(|config| config.get("function"));
    match function.map(|function| &function.value) {
        Some(Value::String(name)) if is_identifier(name) && !is_builtin(name) => judgement(
            &UNKNOWN_CLASS,
            &format!("Lambda {name}"),
            format!(
                "a Lambda layer calls `{}`, which is not in the file",
                excerpt(name, 60)
            ),
        ),
        // A node of its own, judged as such.
        Some(Value::Object(_))
            if function.is_some_and(|function| {
                function.get("class_name").and_then(Node::text) == Some("function")
            }) =>
        {
            judgement(
                &UNKNOWN_CLASS,
                "Lambda",
                "a Lambda layer calls a function by its name",
            )
        }
        _ => judgement(&LAMBDA, "Lambda", "a Lambda layer carries bytecode"),
    }
}

fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
        && name.len() <= 80
}

/// A function by its name, which older loaders import from the module.
fn function(module: &str, config: Option<&Node<'_>>, registered: Option<&str>) -> Vec<Judgement> {
    let mut names: Vec<&str> = config.and_then(Node::text).into_iter().collect();
    // Loaders that are given a list of objects look up this one.
    names.extend(registered.filter(|name| *name != "function"));
    names.dedup();
    let judged: Vec<Judgement> = names
        .iter()
        .filter_map(|name| named_function(module, name))
        .collect();
    if names.is_empty() {
        return vec![judgement(
            &UNKNOWN_CLASS,
            "function",
            "a function has no name",
        )];
    }
    judged
}

fn named_function(module: &str, name: &str) -> Option<Judgement> {
    let full = if module.is_empty() {
        name.to_owned()
    } else {
        format!("{module}.{name}")
    };
    let shown = excerpt(&full, 120);
    if let Some(inner) = inside_keras(module) {
        if contains(FUNCTIONS, name) && !is_unsafe_module(inner) {
            return None;
        }
        let message = format!("the configuration calls `{shown}`");
        let rule = if is_unsafe_module(inner) {
            &UNSAFE_FUNCTION
        } else {
            &UNKNOWN_CLASS
        };
        return Some(judgement(rule, &full, message));
    }
    if matches!(module, "" | "builtins" | "__main__") {
        // Keras looks among its own functions first.
        if contains(FUNCTIONS, name) {
            return None;
        }
        let leading = name.rsplit_once('.').map(|(module, _)| module);
        if is_builtin(name) || leading.is_some_and(|module| origin(module) != Origin::Other) {
            let message = format!("the configuration calls `{shown}`");
            return Some(judgement(&OUTSIDE_MODULE, &full, message));
        }
    }
    Some(elsewhere(module, &full, &shown))
}

/// A class by its name.
fn lookup(class: &str, module: &str, registered: Option<&str>) -> Option<Judgement> {
    if VALUES.contains(&class) && (module.is_empty() || module.starts_with("tensorflow.python.")) {
        return None;
    }
    let full = if module.is_empty() {
        class.to_owned()
    } else {
        format!("{module}.{class}")
    };
    let shown = excerpt(&full, 120);
    let inner = inside_keras(module);
    if module.is_empty() || inner.is_some() {
        // `Custom>Adam` is how TensorFlow 2.11 writes its own optimizers.
        let own = class.strip_prefix("Custom>").unwrap_or(class);
        if contains(CLASSES, own) {
            return registered_instead(class, registered);
        }
        if inner.is_some_and(is_unsafe_module) {
            let message = format!("the configuration looks up `{shown}`");
            return Some(judgement(&UNSAFE_FUNCTION, &full, message));
        }
        let leading = class.rsplit_once('.').map(|(module, _)| module);
        if leading.is_some_and(|module| origin(module) != Origin::Other) {
            let message = format!("the configuration looks up `{shown}`");
            return Some(judgement(&OUTSIDE_MODULE, &full, message));
        }
    }
    Some(elsewhere(module, &full, &shown))
}

/// What the user registered goes before what Keras has.
fn registered_instead(class: &str, registered: Option<&str>) -> Option<Judgement> {
    let registered = registered?;
    let plain = registered
        .rsplit_once('>')
        .map_or(registered, |(_, name)| name);
    let same = registered == class || (plain == class && registered.starts_with("Custom>"));
    (!same && !registered.is_empty()).then(|| {
        let message = format!(
            "`{}` is looked up as `{}` first",
            excerpt(class, 80),
            excerpt(registered, 80)
        );
        judgement(&UNKNOWN_CLASS, registered, message)
    })
}

/// Something that is not of Keras.
fn elsewhere(module: &str, full: &str, shown: &str) -> Judgement {
    let package = module.split('.').next().unwrap_or_default();
    let is_named = !matches!(module, "" | "__main__");
    // `builtins` stands for functions of the user too; those of Python were told apart before.
    let is_user = module == "builtins" && !is_builtin(full.rsplit('.').next().unwrap_or_default());
    if is_named && !is_user && !EXTENSIONS.contains(&package) && origin(module) != Origin::Other {
        let message = format!("the configuration imports `{shown}`");
        return judgement(&OUTSIDE_MODULE, full, message);
    }
    let message = format!("`{shown}` is not of Keras");
    judgement(&UNKNOWN_CLASS, full, message)
}

/// What is left of a module after the root of Keras; none if it is another one.
fn inside_keras(module: &str) -> Option<&str> {
    for root in [
        "tensorflow.python.keras",
        "tensorflow.keras",
        "tf_keras",
        "keras_core",
        "keras",
    ] {
        if let Some(rest) = module.strip_prefix(root) {
            if rest.is_empty() {
                return Some("");
            }
            if let Some(rest) = rest.strip_prefix('.') {
                return Some(rest);
            }
        }
    }
    None
}

/// True for modules of Keras in which nothing is a part of a model, except the classes
/// that are listed.
fn is_unsafe_module(inner: &str) -> bool {
    /// Folders that say nothing.
    const LEVELS: &[&str] = &["src", "api", "_tf_keras", "keras", "python", "engine"];

    let mut parts = inner.split('.').skip_while(|part| LEVELS.contains(part));
    let first = parts.next().unwrap_or_default();
    UNSAFE_MODULES.contains(&first.trim_start_matches('_'))
        || inner
            .split('.')
            .any(|part| part.ends_with("_utils") || part.ends_with("_lib"))
}

/// An operation of TensorFlow as a layer.
fn tensor_operation(class: &str, config: Option<&Node<'_>>, key: &str) -> Option<Judgement> {
    let named = config?.get(key)?;
    let mut names = Vec::new();
    match &named.value {
        Value::String(text) if key == "function" => names.push(text.to_string()),
        // The definition of a node, as text of protobuf or as JSON.
        Value::String(text) => names.extend(operation_of(text)),
        _ => names.extend(named.get("op").and_then(Node::text).map(str::to_owned)),
    }
    for name in names {
        let active = |prefix: &&str| {
            name.starts_with(prefix.trim_end_matches('.')) || name.contains(&format!(".{prefix}"))
        };
        let shown = excerpt(&name, 80);
        if ACTIVE_OPERATIONS.iter().any(active) {
            let message = format!("the layer {class} runs `{shown}`");
            return Some(judgement(&UNSAFE_LAYER, &name, message));
        }
        let known = !name.contains('.')
            || TENSOR_OPERATIONS
                .iter()
                .any(|prefix| name.starts_with(prefix));
        if !known {
            let message = format!("the layer {class} runs `{shown}`");
            return Some(judgement(&UNKNOWN_CLASS, &name, message));
        }
    }
    None
}

/// The operation in the definition of a node: `op: "ReadFile"` or `"op": "ReadFile"`.
fn operation_of(text: &str) -> Option<String> {
    let start = text.find("op: \"").map(|at| at + 5);
    let start = start.or_else(|| text.find("\"op\": \"").map(|at| at + 7));
    let start = start.or_else(|| text.find("\"op\":\"").map(|at| at + 6))?;
    let rest = text.get(start..)?;
    Some(rest.split('"').next()?.to_owned())
}

/// A vocabulary that is text is the path of a file.
fn vocabulary(class: &str, config: Option<&Node<'_>>) -> Option<Judgement> {
    let config = config?;
    let key = match class {
        "StringLookup" | "IntegerLookup" | "IndexLookup" | "TextVectorization" => "vocabulary",
        "Hashing" | "Normalization" => return None,
        _ => "vocabulary_file",
    };
    let path = config.get(key)?.text().filter(|path| !path.is_empty())?;
    let message = format!("{} reads `{}`", excerpt(class, 60), excerpt(path, 120));
    Some(judgement(&FILE_READ, path, message))
}
