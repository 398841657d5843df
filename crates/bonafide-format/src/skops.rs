//! skops: a zip archive with `schema.json`, a tree of nodes that each say which type the
//! loader builds and how. What the user has to trust by name is judged here by the same lists
//! as what pickles import.

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::importable::{Origin, origin};
use crate::json::{Document, Node, path_text};
use crate::pickle::globals::{Effect, Judgement, classify};
use crate::rule::{Confidence, Hazard, Rule};
use crate::visit::Visit;

pub(crate) const RULES: &[&Rule] = &[&DANGEROUS, &INCONSISTENT, &UNKNOWN];

const DANGEROUS: Rule = Rule {
    slug: "skops-dangerous-type",
    title: "skops file that builds something which runs",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    rationale: "The loader imports the name and calls it with values from the file. In skops before 0.12 what it \
        shows to be trusted is not always what it calls.",
    remediation: "Do not load the file.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502, 351],
    cve: &["CVE-2025-54412"],
    atlas: &["AML.T0011.000", "AML.T0018.002"],
};

const INCONSISTENT: Rule = Rule {
    slug: "skops-inconsistent-node",
    title: "skops node that says one type and builds another",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "What the user is asked to trust is the type that is written first; what skops before 0.12 used is \
        the other one.",
    remediation: "Do not load the file.",
    threats: &[ThreatId("ART-01")],
    cwe: &[351, 502],
    cve: &["CVE-2025-54413"],
    atlas: &["AML.T0011.000"],
};

const UNKNOWN: Rule = Rule {
    slug: "skops-unknown-type",
    title: "skops file with a type or loader that is on no list",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "Building it runs code of the package that it is from.",
    remediation: "Find out what the type does when it is built, before it is trusted.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

/// Loaders that build values, whatever their type is said to be.
const LOADERS: &[&str] = &[
    "BytearrayNode",
    "BytesNode",
    "CachedNode",
    "ConstructorFromReduceNode",
    "DTypeNode",
    "DefaultDictNode",
    "DictNode",
    "FunctionNode",
    "JsonNode",
    "ListNode",
    "LossNode",
    "MaskedArrayNode",
    "MethodNode",
    "NdArrayNode",
    "ObjectNode",
    "OperatorFuncNode",
    "PartialNode",
    "QuantileForestNode",
    "RandomGeneratorNode",
    "RandomStateNode",
    "SetNode",
    "SliceNode",
    "SparseMatrixNode",
    "TreeNode",
    "TupleNode",
    "TypeNode",
    "_DictWithDeprecatedKeysNode",
];

/// Types of Python that hold values.
const VALUES: &[&str] = &[
    "NoneType",
    "bool",
    "bytearray",
    "bytes",
    "complex",
    "dict",
    "float",
    "frozenset",
    "int",
    "list",
    "object",
    "range",
    "set",
    "slice",
    "str",
    "tuple",
    "type",
];

/// Judges a document if it is a schema of skops.
pub(crate) fn analyse(visit: &mut Visit<'_>, document: &Document<'_>) {
    if document
        .root
        .get("__loader__")
        .and_then(Node::text)
        .is_none()
    {
        return;
    }
    if let Some(version) = document.root.get("_skops_version").and_then(Node::text) {
        visit.facts().add_producer(&format!("skops {version}"));
    }
    let mut nodes: Vec<(String, &Node<'_>)> = Vec::new();
    document.root.walk(&mut |path, value| {
        if value.get("__loader__").is_some() || value.get("__class__").is_some() {
            nodes.push((path_text(path), value));
        }
    });
    for (path, node) in nodes {
        let place = if path.is_empty() {
            String::new()
        } else {
            format!(" at `{}`", excerpt(&path, 120))
        };
        judge(visit, node, &place);
    }
}

fn judge(visit: &mut Visit<'_>, node: &Node<'_>, place: &str) {
    let text = |name: &str| node.get(name).and_then(Node::text).unwrap_or_default();
    let loader = text("__loader__");
    let (module, class) = (text("__module__"), text("__class__"));
    let range = Some(node.range.clone());
    if loader.is_empty() && !module.is_empty() {
        // The name of a type inside of the node that builds it.
        named(visit, node, module, class, loader, place);
        return;
    }
    if !LOADERS.contains(&loader) {
        if is_harmful(module, class) {
            named(visit, node, module, class, loader, place);
        }
        let message = format!("there is no loader `{}`{place}", excerpt(loader, 60));
        visit.report_about(&UNKNOWN, range, loader, message);
        return;
    }
    let content = |name: &str| node.at(&["content", name]);
    match loader {
        "CachedNode" => return,
        "OperatorFuncNode" => {
            let getter = matches!(class, "attrgetter" | "itemgetter");
            if module != "operator" || !(getter || class == "methodcaller") {
                let full = format!("{module}.{class}");
                let message = format!("calls `{}` through `operator`{place}", excerpt(&full, 100));
                visit.report_about(&DANGEROUS, range, &full, message);
            } else {
                accessed(visit, node, class, place);
            }
            return;
        }
        "FunctionNode" => {
            // Version 0 of the format has the name in the content.
            let inner = content("module_path").and_then(Node::text);
            let function = content("function").and_then(Node::text);
            if inner.is_some() || function.is_some() {
                let inner = inner.unwrap_or_default();
                let function = function.unwrap_or_default();
                named(visit, node, inner, function, loader, place);
                return;
            }
        }
        "MethodNode" => method(visit, node, place),
        _ => {}
    }
    named(visit, node, module, class, loader, place);
}

/// What attributes or methods a function of `operator` takes by their names.
fn accessed(visit: &mut Visit<'_>, node: &Node<'_>, class: &str, place: &str) {
    let mut names = Vec::new();
    if let Some(arguments) = node.get("attrs") {
        arguments.walk(&mut |_, value| {
            // Texts are JSON inside of JSON.
            let content = value.get("content").and_then(Node::text);
            names.extend(content.map(|text| text.trim_matches('"').to_owned()));
        });
    }
    let range = Some(node.range.clone());
    let reaches = |name: &&String| is_reaching(name);
    if let Some(name) = names.iter().find(reaches).filter(|_| class != "itemgetter") {
        let shown = excerpt(name, 80);
        let message = format!("takes `{shown}` through `operator.{class}`{place}");
        visit.report_about(&DANGEROUS, range, name, message);
    } else if class == "methodcaller" {
        let message = format!("calls a method by its name{place}");
        visit.report_about(&UNKNOWN, range, "operator.methodcaller", message);
    }
}

/// True for an attribute or method that leads out of a model: of a module, of the
/// interpreter, or named after what it runs.
fn is_reaching(name: &str) -> bool {
    let is_dangerous = |name: &str| matches!(classify("", name), Judgement::Dangerous { .. });
    is_dangerous(name) || is_dangerous(&format!("{name}.path"))
}

/// True for what is known to run, load, send or read something.
fn is_harmful(module: &str, name: &str) -> bool {
    classify(module, name).is_dangerous()
        || (origin(module) == Origin::Standard && !is_value(module, name, ""))
}

/// A bound method: of which object, and which.
fn method(visit: &mut Visit<'_>, node: &Node<'_>, place: &str) {
    let text = |path: &[&str]| node.at(path).and_then(Node::text).unwrap_or_default();
    let outer = (text(&["__module__"]), text(&["__class__"]));
    let inner = (
        text(&["content", "obj", "__module__"]),
        text(&["content", "obj", "__class__"]),
    );
    let name = text(&["content", "func"]);
    let range = Some(node.range.clone());
    if outer != inner {
        let (shown, built) = (
            format!("{}.{}", outer.0, outer.1),
            format!("{}.{}", inner.0, inner.1),
        );
        let message = format!(
            "says `{}` and takes the method of `{}`{place}",
            excerpt(&shown, 80),
            excerpt(&built, 80)
        );
        visit.report_about(&INCONSISTENT, range, &built, message);
    } else {
        let full = format!("{}.{}.{name}", inner.0, inner.1);
        let message = format!("takes the method `{}`{place}", excerpt(&full, 120));
        visit.report_about(&UNKNOWN, range, &full, message);
    }
}

/// A type or function by its name.
fn named(
    visit: &mut Visit<'_>,
    node: &Node<'_>,
    module: &str,
    name: &str,
    loader: &str,
    place: &str,
) {
    if is_value(module, name, loader) {
        return;
    }
    let full = format!("{module}.{name}");
    let range = Some(node.range.clone());
    let shown = excerpt(&full, 120);
    match classify(module, name) {
        Judgement::Allowed { .. } => {}
        Judgement::Dangerous { effect } => {
            let rule = match effect {
                Effect::OtherFile => &UNKNOWN,
                _ => &DANGEROUS,
            };
            let message = format!("builds `{shown}`, which {}{place}", effect.verb());
            visit.report_about(rule, range, &full, message);
        }
        Judgement::Unknown if is_estimator(module, name, loader) => {}
        Judgement::Unknown if origin(module) == Origin::Standard => {
            let message = format!("builds `{shown}` of Python itself{place}");
            visit.report_about(&DANGEROUS, range, &full, message);
        }
        Judgement::Unknown => {
            let message = format!("builds `{shown}`{place}");
            visit.report_about(&UNKNOWN, range, &full, message);
        }
    }
}

fn is_value(module: &str, name: &str, loader: &str) -> bool {
    match module {
        "builtins" => VALUES.contains(&name) && loader != "FunctionNode",
        "collections" => matches!(name, "OrderedDict" | "defaultdict"),
        "functools" => name == "partial" && loader == "PartialNode",
        "zoneinfo" => name == "ZoneInfo",
        _ => false,
    }
}

/// Classes of scikit-learn, and functions on arrays that are written in C.
fn is_estimator(module: &str, name: &str, loader: &str) -> bool {
    let package = module.split('.').next().unwrap_or_default();
    let is_class = name
        .trim_start_matches('_')
        .starts_with(|first: char| first.is_ascii_uppercase());
    match package {
        "sklearn" => is_class,
        "numpy" | "scipy" => {
            is_class
                || matches!(
                    loader,
                    "NdArrayNode"
                        | "DTypeNode"
                        | "SparseMatrixNode"
                        | "MaskedArrayNode"
                        | "RandomStateNode"
                        | "RandomGeneratorNode"
                        | "JsonNode"
                )
                || (matches!(loader, "FunctionNode" | "TypeNode")
                    && matches!(
                        module,
                        "numpy"
                            | "numpy.core"
                            | "numpy._core"
                            | "scipy.special"
                            | "scipy.special._ufuncs"
                    ))
        }
        _ => false,
    }
}
