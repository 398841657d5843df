//! The front matter of a model's `README.md` (Hugging Face, "Model cards").

use super::fields::{FieldDefect, Fields, member, text};
use super::{ModelCardError, front_matter};
use crate::json::{Node, Object};
use crate::license::{Licence, LicenceSet};

/// What a model card says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ModelCard {
    /// `license`: ids of the Hub.
    pub license: Vec<String>,
    /// `license_name`: what it is called where `license` is `other`.
    pub license_name: Option<String>,
    /// `license_link`.
    pub license_link: Option<String>,
    /// `base_model`: names of repositories.
    pub base_model: Vec<String>,
    /// `base_model_relation`: how it was derived.
    pub base_model_relation: Option<BaseModelRelation>,
    /// `datasets`.
    pub datasets: Vec<String>,
    /// `language`.
    pub language: Vec<String>,
    /// `tags`.
    pub tags: Vec<String>,
    /// `metrics`: names only.
    pub metrics: Vec<String>,
    /// `pipeline_tag`.
    pub pipeline_tag: Option<String>,
    /// `library_name`.
    pub library_name: Option<String>,
    /// `model_name`.
    pub model_name: Option<String>,
    /// `new_version`: the repository that replaces this one.
    pub new_version: Option<String>,
    /// Results in `model-index`, which itself stays in `extra`.
    pub results: Vec<EvaluationResult>,
    /// Everything else.
    pub extra: Object<'static>,
    /// Fields with another shape than documented; they are in `extra`.
    pub defects: Vec<FieldDefect>,
}

/// How a model was derived from its base model.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BaseModelRelation {
    /// An adapter beside the base model.
    Adapter,
    /// Trained further.
    Finetune,
    /// Merged from several.
    Merge,
    /// The same weights in fewer bits.
    Quantized,
    /// Another word.
    Other(String),
}

/// One result in `model-index`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EvaluationResult {
    /// The model, as the entry names it.
    pub model: Option<String>,
    /// `task.type`.
    pub task: Option<String>,
    /// `dataset.type`: a repository, as a rule.
    pub dataset: Option<String>,
    /// `dataset.name`.
    pub dataset_name: Option<String>,
    /// `dataset.revision`.
    pub dataset_revision: Option<String>,
    /// `source.url`.
    pub source: Option<String>,
    /// The metrics.
    pub metrics: Vec<Metric>,
}

/// One metric with its value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metric {
    /// `type`.
    pub kind: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// `value` as it is written, if it is one value.
    pub value: Option<String>,
}

impl ModelCard {
    /// Reads the front matter of a `README.md`; the text after it is not looked at.
    ///
    /// # Errors
    ///
    /// [`ModelCardError`]; a file without front matter is
    /// [`ModelCardError::NoFrontMatter`].
    pub fn read(file: &[u8]) -> Result<Self, ModelCardError> {
        let mut fields = Fields::new(front_matter::read(file)?);
        let results = fields.look("model-index").map(results).unwrap_or_default();
        let relation = fields.text("base_model_relation");
        let mut card = Self {
            license: fields.texts("license"),
            license_name: fields.text("license_name"),
            license_link: fields.text("license_link"),
            base_model: fields.texts("base_model"),
            base_model_relation: relation.map(BaseModelRelation::of),
            datasets: fields.texts("datasets"),
            language: fields.texts("language"),
            tags: fields.texts("tags"),
            metrics: fields.texts("metrics"),
            pipeline_tag: fields.text("pipeline_tag"),
            library_name: fields.text("library_name"),
            model_name: fields.text("model_name"),
            new_version: fields.text("new_version"),
            results,
            ..Self::default()
        };
        (card.extra, card.defects) = fields.finish();
        Ok(card)
    }

    /// The licence that the card states: `license_name` where `license` is `other`. Several
    /// are taken to apply together, since the card does not say that one may choose.
    #[must_use]
    pub fn licences(&self) -> LicenceSet {
        stated(&self.license, self.license_name.as_deref())
    }
}

pub(super) fn stated(ids: &[String], name: Option<&str>) -> LicenceSet {
    let sets = ids.iter().map(|id| match name {
        Some(name) if Licence::named(id).says_nothing() => LicenceSet::text(name),
        _ => LicenceSet::text(id),
    });
    LicenceSet::all(sets).unwrap_or_else(|_| LicenceSet::one(Licence::named(&ids.join(" AND "))))
}

impl BaseModelRelation {
    fn of(text: String) -> Self {
        match text.as_str() {
            "adapter" => Self::Adapter,
            "finetune" => Self::Finetune,
            "merge" => Self::Merge,
            "quantized" => Self::Quantized,
            _ => Self::Other(text),
        }
    }
}

fn results(index: &Node<'_>) -> Vec<EvaluationResult> {
    let mut all = Vec::new();
    for entry in index.list().unwrap_or_default() {
        let model = member(entry, "name");
        let results = entry.get("results").and_then(Node::list);
        for result in results.unwrap_or_default() {
            let part = |part: &str, name: &str| member(result.get(part)?, name);
            let metrics = result.get("metrics").and_then(Node::list);
            all.push(EvaluationResult {
                model: model.clone(),
                task: part("task", "type"),
                dataset: part("dataset", "type"),
                dataset_name: part("dataset", "name"),
                dataset_revision: part("dataset", "revision"),
                source: part("source", "url"),
                metrics: metrics.unwrap_or_default().iter().map(metric).collect(),
            });
        }
    }
    all
}

fn metric(node: &Node<'_>) -> Metric {
    Metric {
        kind: member(node, "type"),
        name: member(node, "name"),
        value: node.get("value").and_then(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_card() {
        let card = ModelCard::read(
            b"---
license: other
license_name: Tongyi Qianwen
license_link: LICENSE
language:
- en
- no
base_model: [org/one, org/two@main]
base_model_relation: merge
datasets: org/data
tags: [a, 1.0]
pipeline_tag: text-generation
library_name: transformers
new_version: org/next
co2_eq_emissions: {emissions: 12.50}
inference: false
model-index:
- name: demo
  results:
  - task: {type: text-generation}
    dataset: {name: GLUE, type: glue, revision: abc}
    metrics:
    - {type: accuracy, name: Accuracy, value: 0.910}
    - {type: f1, value: [1]}
    source: {url: 'https://example.org'}
---
# Demo
",
        )
        .unwrap();
        assert_eq!(card.language, ["en", "no"]);
        assert_eq!(card.base_model, ["org/one", "org/two@main"]);
        assert_eq!(card.base_model_relation, Some(BaseModelRelation::Merge));
        assert_eq!(card.datasets, ["org/data"]);
        assert_eq!(card.tags, ["a", "1.0"]);
        assert_eq!(card.licences().to_string(), "tongyi-qianwen");
        assert_eq!(card.results.len(), 1);
        assert_eq!(card.results[0].metrics[0].value.as_deref(), Some("0.910"));
        assert_eq!(card.results[0].metrics[1].value, None);
        assert_eq!(card.results[0].dataset_revision.as_deref(), Some("abc"));
        assert!(card.defects.is_empty());
        let extra: Vec<&str> = card.extra.iter().map(|(name, _)| name).collect();
        assert_eq!(extra, ["co2_eq_emissions", "inference", "model-index"]);
    }

    #[test]
    fn keeps_what_has_another_shape() {
        let card = ModelCard::read(
            b"---\nlicense: {id: mit}\nbase_model: [a, {b: c}]\ntags:\nmodel-index: 7\npipeline_tag: [x]\n---\n",
        )
        .unwrap();
        assert!(card.license.is_empty() && card.base_model.is_empty());
        assert_eq!(card.extra.len(), 5);
        let defects: Vec<String> = card.defects.iter().map(ToString::to_string).collect();
        assert_eq!(
            defects,
            [
                "/license: expected text or a list of texts, found an object",
                "/base_model: expected text or a list of texts, found a list",
                "/pipeline_tag: expected text, found a list",
            ]
        );
        assert!(card.licences().is_undeclared());
    }

    #[test]
    fn several_licences_apply_together() {
        for (file, shown) in [
            (
                "---\nlicense: [mit, cc-by-nc-4.0]\n---\n",
                "MIT AND CC-BY-NC-4.0",
            ),
            ("---\nlicense: other\n---\n", "other"),
            ("---\nlicense: llama3.1\nlicense_name: x\n---\n", "llama3.1"),
            ("---\nlicense:\n---\n", "no licence stated"),
        ] {
            let card = ModelCard::read(file.as_bytes()).unwrap();
            assert_eq!(card.licences().to_string(), shown);
        }
    }
}
