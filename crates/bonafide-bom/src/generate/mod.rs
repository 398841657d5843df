//! A bill of materials for a model or dataset, from what was found in its files.
//!
//! What is written is CycloneDX 1.6 or 1.7. Nothing in it is made up: every value was
//! measured, stands in a file of the artifact, or was given by the caller. What was not
//! found is left out. What a file says is written as what it says (`declared` licences,
//! ancestors with the name of the file that names them): it is a claim, and whoever
//! reads the document has to hold it against proof.
//!
//! The same [`Inventory`] gives the same text.

mod component;
mod file;
mod licence;
mod lineage;
mod object;
mod parameters;
mod role;
#[cfg(test)]
mod tests;

use bonafide_core::Digest;
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::grammar::SpecVersion;
use crate::json::{Node, Object};
use crate::listing::TreeRule;
use crate::model_card::{
    AdapterConfiguration, DatasetCard, MergeRecipe, ModelCard, ModelConfiguration,
    TokenizerConfiguration,
};
use crate::purl::HubRepository;

pub use role::{FileRole, artifact_kind};

use object::{list, property, text};

/// What is known of an artifact.
#[derive(Debug, Clone)]
pub struct Inventory {
    /// What it is.
    pub kind: ArtifactKind,
    /// What it is called where no repository is known.
    pub name: String,
    /// Its version, if somebody who may say it said so.
    pub version: Option<String>,
    /// The repository that it is from.
    pub repository: Option<HubRepository>,
    /// The commit that it is, if that is known.
    pub commit: Option<[u8; 20]>,
    /// Every file, in any order; of two with one name the first counts.
    pub files: Vec<FileEntry>,
    /// Whether the files are all of them.
    pub completeness: Completeness,
    /// Root digest of an OMS manifest over the files.
    pub root: Option<Digest>,
    /// Front matter of `README.md`, for a model.
    pub card: Option<ModelCard>,
    /// Front matter of `README.md`, for a dataset.
    pub dataset_card: Option<DatasetCard>,
    /// `config.json`.
    pub configuration: Option<ModelConfiguration>,
    /// `tokenizer_config.json`.
    pub tokenizer: Option<TokenizerConfiguration>,
    /// `adapter_config.json`.
    pub adapter: Option<AdapterConfiguration>,
    /// `mergekit_config.yml`.
    pub merge: Option<MergeRecipe>,
    /// At what stage of its life the document is made, if the caller says so.
    pub lifecycle: Option<Lifecycle>,
    /// When the document is made.
    pub now: Timestamp,
    /// Version of the program that makes it.
    pub tool_version: String,
    /// The document's own name.
    pub serial: SerialNumber,
}

/// What an artifact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArtifactKind {
    /// A model, or an adapter of one.
    Model,
    /// Data.
    Dataset,
}

/// A file of the artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Its name below the artifact, with `/`.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// What was measured, one for each algorithm.
    pub digests: Vec<Digest>,
    /// Its media type, if somebody looked at its bytes.
    pub media_type: Option<&'static str>,
}

/// Whether the files of an inventory are all that the artifact has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Completeness {
    /// They are, apart from signatures and from the document itself.
    Complete,
    /// Something was passed over: a link, a special file.
    Incomplete,
}

/// A phase of CycloneDX (`metadata.lifecycles`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lifecycle {
    /// Requirements and plans.
    Design,
    /// Sources, before anything is built.
    PreBuild,
    /// What a build made, while it was made.
    Build,
    /// What was built, looked at afterwards.
    PostBuild,
    /// What runs.
    Operations,
    /// What was found.
    Discovery,
    /// What is taken out of service.
    Decommission,
}

impl Lifecycle {
    /// Every phase, in the order of the standard.
    pub const ALL: [Self; 7] = [
        Self::Design,
        Self::PreBuild,
        Self::Build,
        Self::PostBuild,
        Self::Operations,
        Self::Discovery,
        Self::Decommission,
    ];

    /// The word in documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Design => "design",
            Self::PreBuild => "pre-build",
            Self::Build => "build",
            Self::PostBuild => "post-build",
            Self::Operations => "operations",
            Self::Discovery => "discovery",
            Self::Decommission => "decommission",
        }
    }
}

/// The name of a document (`serialNumber`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SerialNumber {
    /// A UUID that the caller made up.
    Given([u8; 16]),
    /// A UUID (RFC 9562 §5.8, version 8) from the SHA-256 of the rest of the document, so
    /// that equal documents have equal names.
    OfContent,
}

/// Why no document was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// A version that knows no models, or not enough of them.
    #[error("documents are written in CycloneDX 1.6 and 1.7, not {version}")]
    Version {
        /// What was asked for.
        version: SpecVersion,
    },
    /// Without a name there is no component.
    #[error("the artifact has no name")]
    Name,
    /// A file without a name.
    #[error("a file has no name")]
    FileName,
    /// The tree could not be written as text.
    #[error("document cannot be written: {detail}")]
    Write {
        /// What the writer says.
        detail: String,
    },
}

/// Writes the document: JSON with two spaces a level, and a newline at the end.
///
/// # Errors
///
/// Another version than 1.6 and 1.7, and an artifact or file without a name.
pub fn generate(inventory: &Inventory, version: SpecVersion) -> Result<String, GenerateError> {
    if version < SpecVersion::V1_6 {
        return Err(GenerateError::Version { version });
    }
    if inventory.name.is_empty() && inventory.repository.is_none() {
        return Err(GenerateError::Name);
    }
    if inventory.files.iter().any(|file| file.name.is_empty()) {
        return Err(GenerateError::FileName);
    }
    let serial = match inventory.serial {
        SerialNumber::Given(bytes) => bytes,
        SerialNumber::OfContent => {
            let unnamed = written(&document(inventory, version, None))?;
            of_content(unnamed.as_bytes())
        }
    };
    written(&document(inventory, version, Some(&urn(serial))))
}

fn written(document: &Node<'_>) -> Result<String, GenerateError> {
    let mut text =
        serde_json::to_string_pretty(document).map_err(|error| GenerateError::Write {
            detail: error.to_string(),
        })?;
    text.push('\n');
    Ok(text)
}

/// RFC 9562 §5.8: 122 bits of our own, with version 8 and variant 2.
fn of_content(content: &[u8]) -> [u8; 16] {
    let mut bytes = [0; 16];
    for (place, byte) in bytes.iter_mut().zip(Sha256::digest(content)) {
        *place = byte;
    }
    let [
        ..,
        _,
        _,
        _,
        _,
        _,
        _,
        version,
        _,
        variant,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
    ] = &mut bytes;
    *version = (*version & 0x0f) | 0x80;
    *variant = (*variant & 0x3f) | 0x80;
    bytes
}

fn urn(bytes: [u8; 16]) -> String {
    let digits = HEXLOWER.encode(&bytes);
    let mut text = String::from("urn:uuid:");
    for (place, digit) in digits.chars().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

fn document<'a>(inventory: &'a Inventory, version: SpecVersion, serial: Option<&str>) -> Node<'a> {
    let subject = component::reference(inventory);
    let datasets = lineage::datasets(inventory);
    let mut root = Object::default();
    let schema = format!("http://cyclonedx.org/schema/bom-{version}.schema.json");
    root.set("$schema", text(schema));
    root.set("bomFormat", text("CycloneDX"));
    root.set("specVersion", text(version.as_str()));
    if let Some(serial) = serial {
        root.set("serialNumber", text(serial.to_owned()));
    }
    root.set("version", object::whole(1));
    root.set("metadata", metadata(inventory, &subject, &datasets));
    if !datasets.is_empty() {
        root.set("components", list(datasets.iter().map(lineage::data)));
    }
    root.set("dependencies", dependencies(&subject, &datasets));
    root.set("compositions", compositions(inventory, &subject));
    Node::Object(root)
}

fn metadata<'a>(
    inventory: &'a Inventory,
    subject: &str,
    datasets: &[lineage::Dataset<'a>],
) -> Node<'a> {
    let mut metadata = Object::default();
    // Whole seconds: nobody needs more of when a document was made.
    let now = Timestamp::from_second(inventory.now.as_second()).unwrap_or(inventory.now);
    metadata.set("timestamp", text(now.to_string()));
    if let Some(lifecycle) = inventory.lifecycle {
        let phase = object::of([("phase", text(lifecycle.name()))]);
        metadata.set("lifecycles", list([phase]));
    }
    let tool = object::of([
        ("type", text("application")),
        ("name", text("bonafide")),
        ("version", text(inventory.tool_version.as_str())),
    ]);
    metadata.set("tools", object::of([("components", list([tool]))]));
    metadata.set("component", component::write(inventory, subject, datasets));
    Node::Object(metadata)
}

/// The model needs the data that its card names; of what the data needs nothing is known.
fn dependencies<'a>(subject: &str, datasets: &[lineage::Dataset<'a>]) -> Node<'a> {
    let mut entry = Object::default();
    entry.set("ref", text(subject.to_owned()));
    if !datasets.is_empty() {
        let references = datasets.iter().map(|data| text(data.reference.clone()));
        entry.set("dependsOn", list(references));
    }
    let others = datasets
        .iter()
        .map(|data| object::of([("ref", text(data.reference.clone()))]));
    list(std::iter::once(Node::Object(entry)).chain(others))
}

/// The files are known to be all; whether the card names all of the data is not.
fn compositions<'a>(inventory: &Inventory, subject: &str) -> Node<'a> {
    let claim = |aggregate: &'static str, of: &'static str| {
        object::of([
            ("aggregate", text(aggregate)),
            (of, list([text(subject.to_owned())])),
        ])
    };
    let parts = match inventory.completeness {
        Completeness::Complete if !inventory.files.is_empty() => "complete",
        Completeness::Complete => "unknown",
        Completeness::Incomplete => "incomplete",
    };
    list([claim(parts, "assemblies"), claim("unknown", "dependencies")])
}

/// The root digest as a property that [`crate::listing`] knows how to hold against files.
fn root_property<'a>(root: &Digest) -> Node<'a> {
    property(TreeRule::OmsRoot.property(), text(root.hex()))
}
