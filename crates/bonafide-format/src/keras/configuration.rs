//! Where in a document a configuration of Keras is.

use bonafide_core::excerpt;

use super::node::{self, Judgement};
use super::rules::{OWN_CLASS, UNKNOWN_CLASS};
use crate::json::{Document, Node, Step, Value, parse, path_text};
use crate::payload::examine;
use crate::visit::Visit;

/// How often text in text is read as JSON again.
const DEEPEST_TEXT: usize = 3;

/// Who builds what a configuration names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loader {
    /// Keras, out of its own formats: it has to find every class.
    Keras,
    /// TensorFlow, out of a saved model: for a class that it does not find among those of
    /// the program, it takes the functions in the graph.
    SavedModel,
}

/// Judges a document if it is a configuration of Keras, or has one in it.
pub(crate) fn analyse(visit: &mut Visit<'_>, document: &Document<'_>) {
    configuration(visit, document, Loader::Keras);
}

/// The same for one that is in a saved model of TensorFlow.
pub(crate) fn analyse_saved(visit: &mut Visit<'_>, document: &Document<'_>) {
    configuration(visit, document, Loader::SavedModel);
}

fn configuration(visit: &mut Visit<'_>, document: &Document<'_>, loader: Loader) {
    if is_configuration(&document.root) {
        versions(visit, &document.root);
        tree(visit, &document.root, &[], loader);
    }
}

/// What tells a configuration from other JSON: a node at the root, or one anywhere that is
/// written as Keras 3 does.
fn is_configuration(root: &Node<'_>) -> bool {
    let is_root = node::is_node(root)
        || root.get("model_config").is_some()
        || root.get("optimizer_config").is_some()
        || (root.get("keras_version").is_some() && root.get("date_saved").is_some());
    if is_root {
        return true;
    }
    let mut found = false;
    root.walk(&mut |_, value| {
        found |= node::is_node(value)
            && (value.get("module").is_some() || value.get("registered_name").is_some());
    });
    found
}

fn versions(visit: &mut Visit<'_>, root: &Node<'_>) {
    for key in ["keras_version", "backend"] {
        if let Some(text) = root.get(key).and_then(Node::text) {
            visit.facts().add_metadata(key, text);
            if key == "keras_version" {
                visit.facts().add_producer(&format!("keras {text}"));
            }
        }
    }
    if let Some(name) = root.at(&["config", "name"]).and_then(Node::text) {
        visit.facts().add_architecture(name);
    }
}

/// Judges every node of a tree. `outer` leads to the text that the tree was written in.
fn tree(visit: &mut Visit<'_>, root: &Node<'_>, outer: &[String], loader: Loader) {
    let mut found: Vec<(String, &Node<'_>)> = Vec::new();
    let mut texts: Vec<(String, &Node<'_>)> = Vec::new();
    root.walk(&mut |path, value| match &value.value {
        // The path is made only for what is looked at: most of a tree is numbers.
        Value::Object(_) if node::is_node(value) => found.push((path_text(path), value)),
        Value::String(text) if is_json(path, text) => texts.push((path_text(path), value)),
        _ => {}
    });
    for (path, value) in found {
        let place = place(outer, &path);
        for Judgement {
            rule,
            about,
            message,
        } in node::judge(value)
        {
            let range = outer.is_empty().then(|| value.range.clone());
            let is_own = loader == Loader::SavedModel && rule.slug == UNKNOWN_CLASS.slug;
            let rule = if is_own { &OWN_CLASS } else { rule };
            visit.report_about(rule, range, &about, format!("{message}{place}"));
        }
        if let Some(name) = node::layer(value) {
            visit.facts().add_operator(name);
        }
        for code in node::code(value) {
            examine(visit, code.as_bytes(), value.range.clone());
        }
    }
    if outer.len() >= DEEPEST_TEXT {
        return;
    }
    for (path, value) in texts {
        let text = value.text().unwrap_or_default();
        if let Ok(document) = parse(text.as_bytes()) {
            let mut outer = outer.to_vec();
            outer.push(path);
            tree(visit, &document.root, &outer, loader);
        }
    }
}

/// True for text that a layer, or a loader after this one, may take for a configuration.
fn is_json(_: &[Step<'_>], text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && text.contains("class_name")
}

/// Where a node is, for people.
fn place(outer: &[String], path: &str) -> String {
    let mut whole = outer.join(" > ");
    if !whole.is_empty() && !path.is_empty() {
        whole.push_str(" > ");
    }
    whole.push_str(path);
    if whole.is_empty() {
        return String::new();
    }
    format!(" at `{}`", excerpt(&whole, 160))
}
