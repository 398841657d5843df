//! Recipes of mergekit: `mergekit_config.yml`, and the recipe of a mixture of experts.

use super::fields::{FieldDefect, Fields, member, text};
use super::{ModelCardError, yaml};
use crate::json::{Node, Object};
use crate::purl::Revision;

/// What a recipe says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MergeRecipe {
    /// `merge_method`.
    pub method: Option<String>,
    /// `base_model`.
    pub base_model: Option<MergeSource>,
    /// Every model and adapter that the recipe names, the base model among them, once
    /// each, in the order of the recipe. Where they are named stays in `extra`.
    pub sources: Vec<MergeSource>,
    /// Models that the tokenizer is taken from, where the recipe names one.
    pub tokenizer: Option<String>,
    /// `dtype`.
    pub dtype: Option<String>,
    /// Everything else, `models`, `slices`, `modules` and `experts` among it.
    pub extra: Object<'static>,
    /// Fields with another shape than documented; they are in `extra`.
    pub defects: Vec<FieldDefect>,
}

/// A model or adapter that goes into a merge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MergeSource {
    /// Name of a repository, or a path on the machine that merged.
    pub model: String,
    /// Which state of it.
    pub revision: Revision,
    /// A model, or an adapter on the model before it.
    pub role: MergeRole,
}

/// What a source of a merge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MergeRole {
    /// A model.
    Model,
    /// An adapter, put onto a model of the recipe.
    Adapter,
}

impl MergeRecipe {
    /// Reads a recipe.
    ///
    /// # Errors
    ///
    /// [`ModelCardError`]; several documents in one file (a recipe of several steps) are
    /// [`ModelCardError::Documents`].
    pub fn read(file: &[u8]) -> Result<Self, ModelCardError> {
        let object = match yaml::read(file)? {
            Node::Object(object) => object,
            other => {
                return Err(ModelCardError::Shape {
                    found: other.kind(),
                });
            }
        };
        let mut sources = Sources::default();
        let mut fields = Fields::new(object);
        let base_model = fields
            .look("base_model")
            .map(references)
            .unwrap_or_default();
        sources.add(&base_model);
        for (list, name) in [("models", "model"), ("experts", "source_model")] {
            let entries = fields.look(list).and_then(Node::list);
            for entry in entries.unwrap_or_default() {
                sources.named(entry, name);
            }
        }
        sources.slices(fields.look("slices"));
        let modules = fields.look("modules").and_then(Node::object);
        for (_, module) in modules.into_iter().flat_map(Object::iter) {
            sources.slices(module.get("slices"));
        }
        let tokenizer = fields.text("tokenizer_source").or_else(|| {
            fields
                .look("tokenizer")
                .and_then(|node| member(node, "source"))
        });
        let tokenizer = tokenizer.filter(|name| name != "union" && name != "base");
        let mut recipe = Self {
            method: fields.text("merge_method"),
            base_model: base_model.into_iter().next(),
            sources: sources.all,
            tokenizer,
            dtype: fields.text("dtype"),
            ..Self::default()
        };
        (recipe.extra, recipe.defects) = fields.finish();
        recipe.defects.extend(sources.defects);
        Ok(recipe)
    }
}

#[derive(Default)]
struct Sources {
    all: Vec<MergeSource>,
    known: std::collections::HashSet<MergeSource>,
    defects: Vec<FieldDefect>,
}

impl Sources {
    fn add(&mut self, sources: &[MergeSource]) {
        for source in sources {
            if self.known.insert(source.clone()) {
                self.all.push(source.clone());
            }
        }
    }

    fn named(&mut self, entry: &Node<'_>, name: &str) {
        if let Some(node) = entry.get(name) {
            self.add(&references(node));
        }
    }

    fn slices(&mut self, slices: Option<&Node<'_>>) {
        for slice in slices.and_then(Node::list).unwrap_or_default() {
            let sources = slice.get("sources").and_then(Node::list);
            for source in sources.unwrap_or_default() {
                self.named(source, "model");
            }
        }
    }
}

/// A model with the adapter on it: `model[@revision][+adapter[@revision]]`, or a map with
/// `model` and `lora`, each text or a map with `path` and `revision`.
fn references(node: &Node<'_>) -> Vec<MergeSource> {
    if let Some(text) = text(node) {
        let mut parts = text.splitn(2, '+');
        let model = parts.next().map(|model| source(model, MergeRole::Model));
        let adapter = parts.next().map(|lora| source(lora, MergeRole::Adapter));
        return model.into_iter().chain(adapter).collect();
    }
    let part = |name: &str, role: MergeRole| {
        let node = node.get(name)?;
        match text(node) {
            Some(text) => Some(source(&text, role)),
            None => Some(MergeSource {
                model: member(node, "path")?,
                revision: member(node, "revision")
                    .map_or(Revision::Absent, |revision| Revision::of_git(&revision)),
                role,
            }),
        }
    };
    let model = part("model", MergeRole::Model);
    model
        .into_iter()
        .chain(part("lora", MergeRole::Adapter))
        .collect()
}

fn source(text: &str, role: MergeRole) -> MergeSource {
    let (model, revision) = text.rsplit_once('@').unwrap_or((text, ""));
    MergeSource {
        model: model.to_owned(),
        revision: Revision::of_git(revision),
        role,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(recipe: &MergeRecipe) -> Vec<String> {
        let all = recipe.sources.iter();
        all.map(|source| format!("{:?} {} {}", source.role, source.model, source.revision))
            .collect()
    }

    #[test]
    fn names_every_parent() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        for (text, expected) in [
            (
                format!("models:\n  - model: org/a@{commit}\n    parameters: {{weight: 0.5}}\n  - model: org/b+org/lora@v1\nmerge_method: ties\nbase_model: org/base\ndtype: float16\ntokenizer_source: union\n"),
                vec!["Model org/base no revision".to_owned(), format!("Model org/a commit {commit}"), "Model org/b no revision".into(), "Adapter org/lora branch or tag v1".into()],
            ),
            (
                "slices:\n- sources:\n  - {model: a, layer_range: [0, 8]}\n- sources:\n  - {model: b, layer_range: [8, 16]}\n  - {model: a, layer_range: [8, 16]}\nmerge_method: passthrough\n".to_owned(),
                vec!["Model a no revision".into(), "Model b no revision".into()],
            ),
            (
                "models:\n- model: {model: {path: org/a, revision: main}, lora: {path: org/l}}\nmodules: {text: {slices: [{sources: [{model: c}]}]}}\n".to_owned(),
                vec!["Model org/a branch or tag main".into(), "Adapter org/l no revision".into(), "Model c no revision".into()],
            ),
            (
                "base_model: x\nexperts:\n- source_model: y\n  positive_prompts: [a]\n- source_model: z\n".to_owned(),
                vec!["Model x no revision".into(), "Model y no revision".into(), "Model z no revision".into()],
            ),
        ] {
            let recipe = MergeRecipe::read(text.as_bytes()).unwrap();
            assert_eq!(shown(&recipe), expected, "{text}");
        }
    }

    #[test]
    fn odd_recipes_are_read_or_refused() {
        for odd in [
            "models: 7",
            "models: [7, {model: [x]}]",
            "slices: {a: b}",
            "slices: [{sources: 7}]",
            "modules: []",
            "base_model: {path: x}",
            "experts: [[]]",
        ] {
            let recipe = MergeRecipe::read(odd.as_bytes()).unwrap();
            assert!(recipe.sources.is_empty(), "{odd}");
            assert!(!recipe.extra.is_empty(), "{odd}");
        }
        for bad in [
            "",
            "- a",
            "a: 1\n---\nb: 2",
            "models: &x []",
            "x: !!python/name:os.system",
        ] {
            assert!(MergeRecipe::read(bad.as_bytes()).is_err(), "{bad}");
        }
        let many: String = (0..15_000).map(|n| format!("- model: m{n}\n")).collect();
        let many = MergeRecipe::read(format!("models:\n{many}").as_bytes()).unwrap();
        assert_eq!(many.sources.len(), 15_000);
    }
}
