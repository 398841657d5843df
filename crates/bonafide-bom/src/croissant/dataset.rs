//! What a document claims about a dataset.

use std::fmt;

use crate::json::{Node, Object, Pointer};

use super::defect::LocatedDefect;
use super::record_set::RecordSet;
use super::resource::Resource;

/// The edition of the specification that a document follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub enum FormatVersion {
    /// 0.8 or older: by its own word, or by the vocabulary that it uses.
    #[serde(rename = "0.8")]
    V0_8,
    /// 1.0.
    #[serde(rename = "1.0")]
    V1_0,
    /// 1.1.
    #[serde(rename = "1.1")]
    V1_1,
    /// `conformsTo` names no edition that is known here.
    #[serde(rename = "unknown")]
    Unknown,
    /// Croissant by its vocabulary, without `conformsTo`, which 1.0 demands.
    #[serde(rename = "unstated")]
    Unstated,
}

impl fmt::Display for FormatVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::V0_8 => "0.8",
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::Unknown => "of an unknown version",
            Self::Unstated => "without a version",
        })
    }
}

/// A Croissant document. Everything in it is claimed and nothing proven.
#[derive(Debug, Clone, PartialEq)]
pub struct Croissant<'a> {
    /// The edition of the format.
    pub format: FormatVersion,
    /// Every specification that the document says it conforms to.
    pub conforms_to: Vec<String>,
    /// `@id` of the dataset.
    pub id: Option<String>,
    /// `name`; the English one if there are several languages, or else the first.
    pub name: Option<String>,
    /// `url` of the dataset's page.
    pub url: Option<String>,
    /// `license`, which may be several.
    pub licences: Vec<Licence>,
    /// `version` of the dataset.
    pub version: Option<String>,
    /// `datePublished` as it was written.
    pub date_published: Option<String>,
    /// `dateCreated` as it was written.
    pub date_created: Option<String>,
    /// `dateModified` as it was written.
    pub date_modified: Option<String>,
    /// `creator`.
    pub creators: Vec<Creator>,
    /// `publisher`.
    pub publishers: Vec<Creator>,
    /// `citeAs`; in 0.8 `citation`.
    pub cite_as: Option<String>,
    /// `isLiveDataset`: files change, and so need no hash. None if nothing is said.
    pub is_live_dataset: Option<bool>,
    /// `sameAs`.
    pub same_as: Vec<String>,
    /// `distribution`: files and sets of files.
    pub distribution: Vec<Resource<'a>>,
    /// `recordSet`: what the records in the files look like.
    pub record_sets: Vec<RecordSet>,
    /// The `rai:` members (Croissant RAI 1.0).
    pub responsible_ai: Vec<Statement<'a>>,
    /// `prov:wasDerivedFrom`: what the dataset was made from.
    pub derived_from: Vec<Derivation>,
    /// `prov:wasGeneratedBy`: how it was made.
    pub generated_by: Vec<Activity<'a>>,
    /// Every other member of the dataset, under the name it was written with.
    pub extra: Object<'a>,
    /// What was found while reading.
    pub(super) reading_defects: Vec<LocatedDefect>,
}

/// A licence, as it is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    /// Where it is said.
    pub pointer: Pointer,
    /// Text or URL; of a `CreativeWork` its `@id` or `url`.
    pub text: Option<String>,
    /// Name of a `CreativeWork`.
    pub name: Option<String>,
}

/// A person or organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creator {
    /// Where it is said.
    pub pointer: Pointer,
    /// `@type`: `Person`, `Organization`, or what the document says.
    pub kind: Option<String>,
    /// `@id`.
    pub id: Option<String>,
    /// `name`, or the whole if it is just text.
    pub name: Option<String>,
    /// `url`.
    pub url: Option<String>,
}

/// A member that is kept as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement<'a> {
    /// Where it is.
    pub pointer: Pointer,
    /// Its name without prefix: `dataBiases`.
    pub name: String,
    /// Its value.
    pub value: Node<'a>,
}

/// A source that the dataset was derived from (`PROV-O`, `prov:wasDerivedFrom`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivation {
    /// Where it is said.
    pub pointer: Pointer,
    /// `@id`, or the whole if it is just text.
    pub id: Option<String>,
    /// `url`.
    pub url: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// `version`.
    pub version: Option<String>,
}

/// An activity that made the dataset (`PROV-O`, `prov:wasGeneratedBy`).
#[derive(Debug, Clone, PartialEq)]
pub struct Activity<'a> {
    /// Where it is said.
    pub pointer: Pointer,
    /// `@id`, or the whole if it is just text.
    pub id: Option<String>,
    /// The activity itself.
    pub value: Node<'a>,
}

impl Derivation {
    /// True if it names nothing at all.
    pub(super) fn is_empty(&self) -> bool {
        [&self.id, &self.url, &self.name]
            .into_iter()
            .flatten()
            .all(|text| text.trim().is_empty())
    }
}
