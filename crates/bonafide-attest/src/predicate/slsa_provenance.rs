//! How something was built: SLSA provenance v1 and v0.2.

use bonafide_core::RawName;
use jiff::Timestamp;
use serde_json::Value;

use super::field::{FieldError, Fields};
use super::resource::{Malformed, ResourceDescriptor, SubjectDigest, digest_set};
use super::{MOST_PROPERTIES, MOST_RESOURCES, Predicate};

/// SLSA provenance v1 (`https://slsa.dev/provenance/v1`).
#[derive(Debug, Clone, PartialEq)]
pub struct SlsaProvenanceV1 {
    /// `runDetails.builder.id`: who ran the build. Never empty. Means something
    /// only together with the signer: accept pairs of the two.
    pub builder: String,
    /// `runDetails.builder.version`.
    pub builder_versions: Vec<(String, String)>,
    /// `buildDefinition.buildType`: how to understand the parameters. Never empty.
    pub build_type: String,
    /// `buildDefinition.resolvedDependencies`.
    pub resolved_dependencies: Vec<ResourceDescriptor>,
    /// `runDetails.metadata.invocationId`.
    pub invocation: Option<String>,
    /// `runDetails.metadata.startedOn`.
    pub started: Option<Timestamp>,
    /// `runDetails.metadata.finishedOn`.
    pub finished: Option<Timestamp>,
    /// The whole predicate.
    pub raw: Value,
}

impl SlsaProvenanceV1 {
    /// `buildDefinition.externalParameters`: what whoever started the build could choose.
    #[must_use]
    pub fn external_parameters(&self) -> Option<&Value> {
        self.raw.get("buildDefinition")?.get("externalParameters")
    }
}

/// SLSA provenance v0.2 (`https://slsa.dev/provenance/v0.2`).
#[derive(Debug, Clone, PartialEq)]
pub struct SlsaProvenanceV02 {
    /// `builder.id`: who ran the build. Never empty.
    pub builder: String,
    /// `buildType`. Never empty.
    pub build_type: String,
    /// `invocation.configSource`: where the build's definition came from.
    pub configuration: Option<ConfigurationSource>,
    /// `materials`.
    pub materials: Vec<ResourceDescriptor>,
    /// `metadata.buildInvocationId`.
    pub invocation: Option<String>,
    /// `metadata.buildStartedOn`.
    pub started: Option<Timestamp>,
    /// `metadata.buildFinishedOn`.
    pub finished: Option<Timestamp>,
    /// The whole predicate.
    pub raw: Value,
}

/// `invocation.configSource` of SLSA provenance v0.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationSource {
    /// Identifies the source.
    pub uri: Option<String>,
    /// Digests of the source.
    pub digests: Vec<SubjectDigest>,
    /// What was called in it: a path, a target.
    pub entry_point: Option<RawName>,
}

pub(super) fn read_v1(raw: Value) -> Result<Predicate, FieldError> {
    let top = Fields::new(&raw, String::new())?;
    let definition = top.object("buildDefinition")?;
    let build_type = definition.text("buildType")?;
    definition.optional_object("externalParameters")?;
    definition.optional_object("internalParameters")?;
    let resolved_dependencies = resources(&definition, "resolvedDependencies")?;
    let run = top.object("runDetails")?;
    let builder = run.object("builder")?;
    let metadata = run.optional_object("metadata")?;
    let (invocation, started, finished) = match &metadata {
        Some(metadata) => (
            metadata.optional_text("invocationId")?,
            metadata.optional_time("startedOn")?,
            metadata.optional_time("finishedOn")?,
        ),
        None => (None, None, None),
    };
    Ok(Predicate::SlsaProvenanceV1(SlsaProvenanceV1 {
        builder: builder.text("id")?,
        builder_versions: builder.optional_pairs("version", MOST_PROPERTIES)?,
        build_type,
        resolved_dependencies,
        invocation,
        started,
        finished,
        raw,
    }))
}

pub(super) fn read_v02(raw: Value) -> Result<Predicate, FieldError> {
    let top = Fields::new(&raw, String::new())?;
    let configuration = match top.optional_object("invocation")? {
        Some(invocation) => invocation.optional_object("configSource")?,
        None => None,
    };
    let configuration = configuration
        .map(|source| {
            Ok(ConfigurationSource {
                uri: source.optional_text("uri")?,
                digests: digest_set(&source, Malformed::KeepAsUnknown)?,
                entry_point: source
                    .optional_text("entryPoint")?
                    .map(|entry| RawName::from(entry.as_str())),
            })
        })
        .transpose()?;
    let metadata = top.optional_object("metadata")?;
    let (invocation, started, finished) = match &metadata {
        Some(metadata) => (
            metadata.optional_text("buildInvocationId")?,
            metadata.optional_time("buildStartedOn")?,
            metadata.optional_time("buildFinishedOn")?,
        ),
        None => (None, None, None),
    };
    Ok(Predicate::SlsaProvenanceV02(SlsaProvenanceV02 {
        builder: top.object("builder")?.text("id")?,
        build_type: top.text("buildType")?,
        configuration,
        materials: resources(&top, "materials")?,
        invocation,
        started,
        finished,
        raw,
    }))
}

fn resources(parent: &Fields<'_>, name: &str) -> Result<Vec<ResourceDescriptor>, FieldError> {
    let list = parent
        .optional_list(name, MOST_RESOURCES)?
        .unwrap_or_default();
    ResourceDescriptor::read_all(parent, name, list)
}
