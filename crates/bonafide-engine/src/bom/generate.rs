//! `bonafide bom generate`: from a directory to a bill of materials.

use std::path::{Path, PathBuf};

use bonafide_attest::oms::{Manifest, Serialization, always_excluded};
use bonafide_bom::generate::{
    self, ArtifactKind, Completeness, FileEntry, Inventory, Lifecycle, SerialNumber, artifact_kind,
};
use bonafide_bom::model_card::{
    AdapterConfiguration, DatasetCard, HubSnapshot, MergeRecipe, ModelCard, ModelCardError,
    ModelConfiguration, TokenizerConfiguration, commit_of_snapshot_path,
};
use bonafide_bom::purl::{HubKind, HubRepository};
use bonafide_bom::{SpecVersion, looks_like_one};
use bonafide_core::{Algorithm, ArtifactName, Digest, RawName, Subtrees};
use bonafide_hash::{Change, ReadFailure, Tree, TreeKind, digest_bytes, measure};
use bonafide_source::{SignatureKind, find_signatures, name_below};
use jiff::Timestamp;

use crate::Work;
use crate::error::{EngineError, Product};
use crate::listing;
use crate::sign::model_name;
use crate::signable::refuse_overwriting;

/// Largest file that is read for what it says; those of real models have some kilobytes.
const MOST_BYTES: u64 = 4 << 20;

/// What to describe, and how.
#[derive(Debug, Clone)]
pub struct GenerateRequest {
    /// A directory or a single file.
    pub target: PathBuf,
    /// Where the document will be written: left out of it if it lies in the target.
    pub output: PathBuf,
    /// What it is; judged by the names of the files otherwise.
    pub kind: Option<ArtifactKind>,
    /// What to call it; the name of the target otherwise.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// The repository on the Hugging Face Hub and the commit that it is; known by itself in
    /// the cache of the Hub's client.
    pub origin: Option<(HubRepository, [u8; 20])>,
    /// Digests besides SHA-256.
    pub algorithms: Vec<Algorithm>,
    /// Version of CycloneDX.
    pub specification: SpecVersion,
    /// At what stage of its life it is described.
    pub lifecycle: Option<Lifecycle>,
    /// The document's own name.
    pub serial: SerialNumber,
    /// The time.
    pub now: Timestamp,
    /// Version of the program.
    pub tool_version: String,
}

/// A document that is ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The document, as JSON text.
    pub document: String,
    /// Files that it lists.
    pub files: usize,
    /// Signatures, `.git` and the like, and the output: not listed.
    pub left_out: Vec<RawName>,
    /// Links, special files and names that nobody could use, with the reason: not listed,
    /// and the document does not claim to be complete.
    pub passed_over: Vec<(RawName, String)>,
    /// Files that could say something, but could not be read for it, with the reason.
    pub unread: Vec<(RawName, String)>,
}

/// Describes an artifact. Follows no link.
///
/// # Errors
///
/// The target cannot be read, or nothing tells what it is; something else than a
/// document stands where the output goes.
pub fn generate(request: &GenerateRequest, work: Work<'_>) -> Result<Generated, EngineError> {
    let (target, output) = (&request.target, &request.output);
    refuse_overwriting(output, target, Product::Bom, looks_like_one, work.budget)?;
    let tree = Tree::open(target, work.budget)?;
    // The history of a repository is no part of the artifact; everything else is.
    let is_history = |name: &[u8]| name == b".git" || name.starts_with(b".git/");
    let listing = listing::list_but(&tree, &left_out(request, &tree, work)?, is_history)?;
    let algorithms = algorithms(&request.algorithms);
    let jobs = listing::jobs(
        &listing.files,
        Serialization::Files,
        &algorithms,
        work.budget,
    )?;
    let mut files = Vec::with_capacity(jobs.len());
    let mut resources = Vec::with_capacity(jobs.len());
    for measurement in &measure(&tree, jobs, &work.options())? {
        let digests = (0..algorithms.len())
            .map(|which| listing::digest_of(measurement, which))
            .collect::<Result<Vec<_>, _>>()?;
        let name = &measurement.job.name;
        if let Some(first) = digests.first()
            && always_excluded(name.as_bytes()).is_none()
        {
            resources.push(listing::resource(&tree, measurement, *first));
        }
        let size = listing
            .files
            .binary_search_by(|(known, _)| known.cmp(name))
            .ok()
            .and_then(|at| listing.files.get(at))
            .map_or(0, |(_, size)| *size);
        files.push(FileEntry {
            // The listing keeps names that are no text apart.
            name: String::from_utf8_lossy(name.as_bytes()).into_owned(),
            size,
            digests,
            media_type: None,
        });
    }
    let kind = request
        .kind
        .or_else(|| artifact_kind(files.iter().map(|file| file.name.as_str())))
        .ok_or_else(|| EngineError::UnknownArtifact {
            path: target.clone(),
        })?;
    let mut sources = Sources {
        tree: &tree,
        files: &mut files,
        unread: Vec::new(),
    };
    let said = match (tree.kind(), kind) {
        (TreeKind::File, _) => Said::default(),
        (TreeKind::Directory, ArtifactKind::Model) => Said::of_model(&mut sources)?,
        (TreeKind::Directory, ArtifactKind::Dataset) => Said::of_dataset(&mut sources)?,
    };
    let unread = sources.unread;
    let origin = request.origin.clone().or_else(|| snapshot(target, kind));
    let (repository, commit) = origin.unzip();
    let root = Manifest::new(
        String::new(),
        Serialization::Files,
        Algorithm::Sha256,
        Vec::new(),
        resources,
    );
    let inventory = Inventory {
        kind,
        name: request.name.clone().unwrap_or_else(|| model_name(target)),
        version: request.version.clone(),
        repository,
        commit,
        completeness: match listing.unsignable.is_empty() {
            true => Completeness::Complete,
            false => Completeness::Incomplete,
        },
        // A manifest is over all files or none.
        root: root
            .ok()
            .filter(|_| tree.kind() == TreeKind::Directory && listing.unsignable.is_empty())
            .map(|manifest| manifest.root()),
        card: said.card,
        dataset_card: said.dataset_card,
        configuration: said.configuration,
        tokenizer: said.tokenizer,
        adapter: said.adapter,
        merge: said.merge,
        lifecycle: request.lifecycle,
        now: request.now,
        tool_version: request.tool_version.clone(),
        serial: request.serial,
        files,
    };
    Ok(Generated {
        document: generate::generate(&inventory, request.specification)?,
        files: inventory.files.len(),
        left_out: listing.left_out,
        passed_over: listing.unsignable,
        unread,
    })
}

/// SHA-256 first, each once.
fn algorithms(further: &[Algorithm]) -> Vec<Algorithm> {
    let mut algorithms = vec![Algorithm::Sha256];
    for algorithm in further {
        if !algorithms.contains(algorithm) {
            algorithms.push(*algorithm);
        }
    }
    algorithms
}

/// Signatures, and the document itself.
fn left_out(
    request: &GenerateRequest,
    tree: &Tree,
    work: Work<'_>,
) -> Result<Subtrees, EngineError> {
    let signatures = find_signatures(&request.target, &[], work.budget)?;
    let mut names: Vec<ArtifactName> = signatures
        .into_iter()
        .filter(|file| file.kind == SignatureKind::Signature)
        .filter_map(|file| ArtifactName::parse(file.inside?.as_bytes()).ok())
        .collect();
    if tree.kind() == TreeKind::Directory
        && let Some(output) = name_below(&request.output, &request.target)
    {
        names.extend(ArtifactName::parse(output.as_bytes()));
    }
    Ok(Subtrees::new(names))
}

/// The snapshot of the Hub's cache that the target is.
fn snapshot(target: &Path, kind: ArtifactKind) -> Option<(HubRepository, [u8; 20])> {
    let resolved = target.canonicalize().ok()?;
    let components: Vec<&str> = resolved
        .components()
        .map(|component| component.as_os_str().to_str())
        .collect::<Option<_>>()?;
    // A folder in a snapshot is not the snapshot.
    let last = components.get(components.len().checked_sub(3)?..)?;
    let HubSnapshot { repository, commit } = commit_of_snapshot_path(last)?;
    let fits = match kind {
        ArtifactKind::Model => repository.kind == HubKind::Model,
        ArtifactKind::Dataset => repository.kind == HubKind::Dataset,
    };
    fits.then_some((repository, commit))
}

/// What files of the artifact say of it.
#[derive(Default)]
struct Said {
    card: Option<ModelCard>,
    dataset_card: Option<DatasetCard>,
    configuration: Option<ModelConfiguration>,
    tokenizer: Option<TokenizerConfiguration>,
    adapter: Option<AdapterConfiguration>,
    merge: Option<MergeRecipe>,
}

impl Said {
    fn of_model(sources: &mut Sources<'_>) -> Result<Self, EngineError> {
        let json = Some("application/json");
        Ok(Self {
            card: sources.read("README.md", Some("text/markdown"), ModelCard::read)?,
            configuration: sources.read("config.json", json, ModelConfiguration::read)?,
            tokenizer: sources.read("tokenizer_config.json", json, TokenizerConfiguration::read)?,
            adapter: sources.read("adapter_config.json", json, AdapterConfiguration::read)?,
            merge: sources.read(
                "mergekit_config.yml",
                Some("application/yaml"),
                MergeRecipe::read,
            )?,
            ..Self::default()
        })
    }

    fn of_dataset(sources: &mut Sources<'_>) -> Result<Self, EngineError> {
        Ok(Self {
            dataset_card: sources.read("README.md", Some("text/markdown"), DatasetCard::read)?,
            ..Self::default()
        })
    }
}

/// Files that are read for what they say.
struct Sources<'t> {
    tree: &'t Tree,
    files: &'t mut [FileEntry],
    unread: Vec<(RawName, String)>,
}

impl Sources<'_> {
    /// What a file says; none if it is not there or says nothing that can be read. Its media
    /// type is noted where it could be read as such.
    fn read<T>(
        &mut self,
        name: &str,
        media_type: Option<&'static str>,
        reader: impl Fn(&[u8]) -> Result<T, ModelCardError>,
    ) -> Result<Option<T>, EngineError> {
        let Some(file) = self.files.iter_mut().find(|file| file.name == name) else {
            return Ok(None);
        };
        let raw = RawName::from(name);
        let bytes = match self.tree.read_document(&raw, MOST_BYTES) {
            Ok(bytes) => bytes,
            Err(failure @ ReadFailure::TooLarge { .. }) => {
                self.unread.push((raw, failure.to_string()));
                return Ok(None);
            }
            Err(failure) => return Err(EngineError::Unreadable { name: raw, failure }),
        };
        // What is written of the file's words must be of the bytes that are listed.
        let read: Digest = digest_bytes(Algorithm::Sha256, &bytes);
        if !file.digests.contains(&read) {
            return Err(EngineError::Unreadable {
                name: raw,
                failure: ReadFailure::Changed {
                    what: Change::Times,
                },
            });
        }
        match reader(&bytes) {
            Ok(said) => {
                file.media_type = media_type;
                Ok(Some(said))
            }
            // Nothing is wrong with a text for people alone.
            Err(ModelCardError::NoFrontMatter) => Ok(None),
            Err(error) => {
                self.unread.push((raw, error.to_string()));
                Ok(None)
            }
        }
    }
}
