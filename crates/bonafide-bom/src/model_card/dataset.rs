//! The front matter of a dataset's `README.md` (Hugging Face, "Dataset cards").

use super::card::stated;
use super::fields::{FieldDefect, Fields, member, text, texts};
use super::{ModelCardError, front_matter};
use crate::json::{Node, Object};
use crate::license::LicenceSet;

/// What a dataset card says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DatasetCard {
    /// `license`: ids of the Hub.
    pub license: Vec<String>,
    /// `license_name`.
    pub license_name: Option<String>,
    /// `pretty_name`.
    pub pretty_name: Option<String>,
    /// `language`.
    pub language: Vec<String>,
    /// `size_categories`.
    pub size_categories: Vec<String>,
    /// `source_datasets`: `original`, or names such as `extended|org/data`.
    pub source_datasets: Vec<String>,
    /// `task_categories`.
    pub task_categories: Vec<String>,
    /// `annotations_creators`.
    pub annotations_creators: Vec<String>,
    /// `tags`.
    pub tags: Vec<String>,
    /// `configs`.
    pub configurations: Vec<DatasetConfiguration>,
    /// Everything else.
    pub extra: Object<'static>,
    /// Fields with another shape than documented; they are in `extra`.
    pub defects: Vec<FieldDefect>,
}

/// One entry of `configs`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DatasetConfiguration {
    /// `config_name`.
    pub name: Option<String>,
    /// `data_dir`.
    pub directory: Option<String>,
    /// `data_files`.
    pub files: Vec<DataFiles>,
}

/// Paths or globs of the files of one split.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DataFiles {
    /// `split`, if the entry names one.
    pub split: Option<String>,
    /// `path`.
    pub paths: Vec<String>,
}

impl DatasetCard {
    /// Reads the front matter of a `README.md`; the text after it is not looked at.
    ///
    /// # Errors
    ///
    /// [`ModelCardError`]; a file without front matter is
    /// [`ModelCardError::NoFrontMatter`].
    pub fn read(file: &[u8]) -> Result<Self, ModelCardError> {
        let mut fields = Fields::new(front_matter::read(file)?);
        let mut card = Self {
            license: fields.texts("license"),
            license_name: fields.text("license_name"),
            pretty_name: fields.text("pretty_name"),
            language: fields.texts("language"),
            size_categories: fields.texts("size_categories"),
            source_datasets: fields.texts("source_datasets"),
            task_categories: fields.texts("task_categories"),
            annotations_creators: fields.texts("annotations_creators"),
            tags: fields.texts("tags"),
            configurations: fields
                .take("configs", "a list of configurations", configurations)
                .unwrap_or_default(),
            ..Self::default()
        };
        (card.extra, card.defects) = fields.finish();
        Ok(card)
    }

    /// The licence that the card states, as [`super::ModelCard::licences`].
    #[must_use]
    pub fn licences(&self) -> LicenceSet {
        stated(&self.license, self.license_name.as_deref())
    }
}

/// None, so that the whole field is kept, if any part has a shape or a name of its own.
fn configurations(node: &Node<'_>) -> Option<Vec<DatasetConfiguration>> {
    node.list()?
        .iter()
        .map(|entry| {
            let known = ["config_name", "data_dir", "data_files"];
            let members = entry.object()?;
            if !members.iter().all(|(name, _)| known.contains(&name)) {
                return None;
            }
            Some(DatasetConfiguration {
                name: optional(entry, "config_name")?,
                directory: optional(entry, "data_dir")?,
                files: match entry.get("data_files") {
                    Some(files) => data_files(files)?,
                    None => Vec::new(),
                },
            })
        })
        .collect()
}

/// The member as text; none if it is there and no text.
fn optional(node: &Node<'_>, name: &str) -> Option<Option<String>> {
    match node.get(name) {
        None => Some(None),
        Some(node) => text(node).map(Some),
    }
}

fn data_files(node: &Node<'_>) -> Option<Vec<DataFiles>> {
    if let Some(paths) = texts(node) {
        return Some(vec![DataFiles { split: None, paths }]);
    }
    node.list()?
        .iter()
        .map(|entry| {
            (entry.object()?.len() == 2).then_some(())?;
            Some(DataFiles {
                split: Some(member(entry, "split")?),
                paths: texts(entry.get("path")?)?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_card() {
        let card = DatasetCard::read(
            b"---
license: cc-by-sa-3.0
pretty_name: Demo
size_categories: [1K<n<10K]
source_datasets: ['extended|squad']
configs:
- config_name: default
  data_files:
  - {split: train, path: data/train-*}
  - {split: test, path: [a.csv, b.csv]}
- config_name: 2024
  data_files: x/*.json
dataset_info: {features: []}
---
",
        )
        .unwrap();
        assert_eq!(card.size_categories, ["1K<n<10K"]);
        assert_eq!(card.source_datasets, ["extended|squad"]);
        assert_eq!(card.configurations.len(), 2);
        assert_eq!(card.configurations[0].files[1].paths, ["a.csv", "b.csv"]);
        assert_eq!(card.configurations[1].name.as_deref(), Some("2024"));
        assert_eq!(card.configurations[1].files[0].split, None);
        assert_eq!(card.licences().to_string(), "CC-BY-SA-3.0");
        assert_eq!(card.extra.len(), 1);
        assert!(card.defects.is_empty());
    }

    #[test]
    fn keeps_configurations_of_another_shape() {
        for configs in [
            "7",
            "[7]",
            "[{config_name: [a]}]",
            "[{data_files: {a: b}}]",
            "[{data_files: [{split: a, path: b, more: c}]}]",
            "[{drop_labels: true}]",
        ] {
            let card =
                DatasetCard::read(format!("---\nconfigs: {configs}\n---\n").as_bytes()).unwrap();
            assert_eq!(
                (
                    card.configurations.len(),
                    card.extra.len(),
                    card.defects.len()
                ),
                (0, 1, 1),
                "{configs}"
            );
        }
    }
}
