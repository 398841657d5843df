//! What the columns of a dataset are for.

use arrow_schema::{DataType, Field};
use serde::{Deserialize, Serialize};

use crate::column::{is_number, is_text, is_textual};
use crate::error::DatasetError;
use crate::records::{Columns, Records};

/// Which column is what. Names are of top-level columns.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Roles {
    /// Columns whose text a model learns from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub text: Vec<String>,
    /// The column with the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Columns with numbers that a model learns from: tables, or small images as lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// The column with raw bytes of an image or the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<String>,
    /// The column by which a record is known from version to version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The column that says where a record comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Columns that say something of whom a record is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<String>,
    /// The column with the address of content that is elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The column with the SHA-256 of that content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_hash: Option<String>,
    /// The column with the time when a record was captured or last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The column with the revision that a record was taken from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
}

/// Names by which columns are known, most telling first.
const LABEL: &[&str] = &[
    "label",
    "labels",
    "target",
    "class",
    "category",
    "y",
    "cls",
    "fine_label",
];
const TEXT: &[&str] = &[
    "text",
    "content",
    "sentence",
    "document",
    "body",
    "prompt",
    "question",
    "instruction",
    "input",
    "output",
    "response",
    "completion",
    "answer",
    "chosen",
    "rejected",
    "premise",
    "hypothesis",
    "title",
    "caption",
    "txt",
];
const BYTES: &[&str] = &[
    "bytes", "image", "img", "jpg", "png", "jpeg", "webp", "audio", "pixels",
];
const KEY: &[&str] = &[
    "id",
    "key",
    "uuid",
    "record_id",
    "example_id",
    "__key__",
    "uid",
    "idx",
];
const SOURCE: &[&str] = &[
    "source",
    "origin",
    "provenance",
    "subset",
    "domain",
    "annotator",
];
const URL: &[&str] = &[
    "url",
    "image_url",
    "uri",
    "link",
    "contenturl",
    "content_url",
];
const HASH: &[&str] = &[
    "sha256",
    "content_sha256",
    "hash",
    "content_hash",
    "digest",
    "checksum",
];
const TIME: &[&str] = &[
    "timestamp",
    "captured_at",
    "fetched_at",
    "crawled_at",
    "time",
    "date",
    "modified",
];
const REVISION: &[&str] = &["revision", "revision_id", "revid", "commit", "version"];

impl Roles {
    /// What the names and types of the columns suggest, over what the caller says.
    ///
    /// What the caller says has to be there. What is guessed is guessed from the union of
    /// the columns of all shards, the first of a name deciding its type.
    pub fn of(records: &dyn Records, said: &Self) -> Result<Self, DatasetError> {
        let mut fields: Vec<&Field> = Vec::new();
        for shard in records.shards() {
            for field in shard.schema.fields() {
                if !fields.iter().any(|known| known.name() == field.name()) {
                    fields.push(field);
                }
            }
        }
        for name in said.named() {
            if !fields.iter().any(|field| field.name() == name) {
                return Err(DatasetError::NoSuchColumn {
                    name: name.to_owned(),
                    columns: fields
                        .iter()
                        .take(100)
                        .map(|field| field.name().clone())
                        .collect(),
                });
            }
        }
        let taken: Vec<String> = said.named().map(str::to_owned).collect();
        let free: Vec<&Field> = fields
            .iter()
            .copied()
            .filter(|field| !taken.contains(field.name()))
            .collect();
        let one = |said: &Option<String>, names: &[&str], fits: fn(&DataType) -> bool| {
            said.clone().or_else(|| find(&free, names, fits))
        };
        let mut roles = said.clone();
        roles.label = one(&said.label, LABEL, is_textual);
        roles.key = one(&said.key, KEY, is_textual);
        roles.source = one(&said.source, SOURCE, is_text);
        roles.url = one(&said.url, URL, is_text);
        roles.content_hash = one(&said.content_hash, HASH, is_text);
        roles.time = one(&said.time, TIME, |_| true);
        roles.revision = one(&said.revision, REVISION, is_textual);
        roles.bytes = one(&said.bytes, BYTES, is_bytes);
        let used: Vec<String> = roles.named().map(str::to_owned).collect();
        let rest: Vec<&Field> = fields
            .into_iter()
            .filter(|field| !used.contains(field.name()))
            .collect();
        if said.text.is_empty() {
            let known = |name: &str| TEXT.contains(&name.to_ascii_lowercase().as_str());
            let text = rest.iter().filter(|field| is_text(field.data_type()));
            let (named, others): (Vec<&Field>, Vec<&Field>) =
                text.copied().partition(|field| known(field.name()));
            let chosen = if named.is_empty() { others } else { named };
            roles.text = chosen.iter().map(|field| field.name().clone()).collect();
        }
        if said.features.is_empty() {
            let features = rest.iter().filter(|field| is_feature(field.data_type()));
            roles.features = features.map(|field| field.name().clone()).collect();
        }
        Ok(roles)
    }

    /// Every column that has a role.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        let single = [
            &self.label,
            &self.bytes,
            &self.key,
            &self.source,
            &self.url,
            &self.content_hash,
            &self.time,
            &self.revision,
        ];
        let lists = [&self.text, &self.features, &self.attributes];
        let single = single.into_iter().flatten();
        lists
            .into_iter()
            .flatten()
            .chain(single)
            .map(String::as_str)
    }

    /// The same, to be read.
    #[must_use]
    pub fn columns(&self) -> Columns {
        Columns::Named(self.named().map(str::to_owned).collect())
    }
}

/// The column with the most telling name, whatever its case.
fn find(fields: &[&Field], names: &[&str], fits: fn(&DataType) -> bool) -> Option<String> {
    names.iter().find_map(|name| {
        let found = fields
            .iter()
            .find(|field| field.name().eq_ignore_ascii_case(name) && fits(field.data_type()))?;
        Some(found.name().clone())
    })
}

/// Bytes, also in the struct that Hugging Face wraps around images.
fn is_bytes(kind: &DataType) -> bool {
    match kind {
        DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_) => true,
        DataType::Struct(fields) => fields
            .iter()
            .any(|field| field.name() == "bytes" && is_bytes(field.data_type())),
        _ => false,
    }
}

/// Numbers, or a list of them.
fn is_feature(kind: &DataType) -> bool {
    match kind {
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            is_feature(item.data_type())
        }
        kind => is_number(kind),
    }
}
