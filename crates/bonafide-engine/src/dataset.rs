//! `bonafide dataset`: record manifests, what differs between them, and what deserves a look.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use bonafide_attest::envelope::{Document, is_envelope, read_envelopes};
use bonafide_attest::statement::Statement as Claimed;
use bonafide_core::{Look, RawName, ReadAt};
use bonafide_dataset::manifest::{
    Difference, Manifest, ManifestOptions, PREDICATE_TYPE, Proof, compare, diff, make, prove,
};
use bonafide_dataset::{
    Analyses, Dataset, DatasetBudget, DatasetError, EarlierVersion, Examination, ExamineRequest,
    OpenOptions, RecordId, Roles, Scratch, examine,
};
use bonafide_hash::Tree;
use bonafide_source::{
    SignatureKind, copy_atomically, find_signatures, read_document, write_atomically,
};

use crate::Work;
use crate::declared::{DeclaredSchema, schemas};
use crate::error::EngineError;
use crate::records::{RecordAnswer, RecordQuestion, TreeFiles, list_beside};

/// Which dataset, and what its columns are for.
#[derive(Debug, Clone)]
pub struct DatasetRequest {
    /// A directory or a single file.
    pub target: PathBuf,
    /// What the user says of the columns.
    pub roles: Roles,
    /// What looking may cost.
    pub budget: DatasetBudget,
    /// Record manifest of the version before (plain, or in a signed statement whose
    /// signature is not looked at here), with its list beside.
    pub previous: Option<PathBuf>,
}

/// What was found, and what could not be.
#[derive(Debug, Clone, PartialEq)]
pub struct DatasetScan {
    /// What was found.
    pub examination: Examination,
    /// Croissant documents against the records.
    pub declared: Vec<DeclaredSchema>,
    /// Who signed the earlier version is not known: true if there is one.
    pub unverified_previous: bool,
}

/// Looks at the records of a dataset. Judges nothing: that takes a policy.
///
/// # Errors
///
/// A target that cannot be listed or holds no records, a malformed file, columns that are
/// not there, an earlier version that cannot be read, files that change meanwhile.
pub fn scan_dataset(
    request: &DatasetRequest,
    analyses: &Analyses,
    work: Work<'_>,
) -> Result<DatasetScan, EngineError> {
    let tree = Tree::open(&request.target, work.budget)?;
    let files = TreeFiles::of(&tree, &left_out(request, work)?);
    let dataset = open(&files, &request.budget)?;
    let earlier = request.previous.as_deref().map(Earlier::read).transpose()?;
    let examination = examine(
        &dataset,
        &files,
        &ExamineRequest {
            analyses,
            roles: &request.roles,
            earlier: earlier.as_ref().map(|earlier| Ok(earlier.version())),
            budget: &request.budget,
            workers: work.workers,
        },
    )?;
    let declared = schemas(&request.target, &files, &dataset, work)?;
    refuse_changed(&files)?;
    Ok(DatasetScan {
        examination,
        declared,
        unverified_previous: earlier.is_some(),
    })
}

/// Signature files and manifests in the target are no data.
fn left_out(request: &DatasetRequest, work: Work<'_>) -> Result<BTreeSet<RawName>, EngineError> {
    let signatures = find_signatures(&request.target, &[], work.budget)?;
    let signatures = signatures.into_iter();
    Ok(signatures
        .filter(|file| file.kind == SignatureKind::Signature)
        .filter_map(|file| file.inside)
        .collect())
}

fn open<'f>(files: &'f TreeFiles<'_>, budget: &DatasetBudget) -> Result<Dataset<'f>, EngineError> {
    let options = OpenOptions {
        budget: budget.clone(),
        ..OpenOptions::default()
    };
    Ok(Dataset::open(files, options)?)
}

fn refuse_changed(files: &TreeFiles<'_>) -> Result<(), EngineError> {
    match files.changed() {
        None => Ok(()),
        Some(what) => Err(EngineError::DatasetChanged { what }),
    }
}

/// What the records of a tree answer, for checks: what cannot be done is in the answer.
pub(crate) fn answer(
    tree: &Tree,
    question: &RecordQuestion<'_>,
    work: Work<'_>,
) -> Result<RecordAnswer, EngineError> {
    let files = TreeFiles::of(tree, &question.left_out);
    let unable = |reason: String| RecordAnswer {
        examination: Look::Unable(reason.clone()),
        comparisons: vec![Look::Unable(reason); question.manifests.len()],
    };
    let options = OpenOptions {
        budget: question.budget.clone(),
        ..OpenOptions::default()
    };
    let dataset = match Dataset::open(&files, options) {
        Ok(dataset) => dataset,
        Err(DatasetError::Cancelled) => return Err(DatasetError::Cancelled.into()),
        Err(error) => return Ok(unable(error.to_string())),
    };
    let mut answer = RecordAnswer::default();
    for manifest in &question.manifests {
        let compared = compare(manifest, None, &dataset, work.workers, question.budget);
        answer.comparisons.push(match compared {
            Ok(comparison) => Look::Known(comparison),
            Err(error) => Look::Unable(error.to_string()),
        });
    }
    if !question.analyses.is_empty() {
        answer.examination = look_at(&dataset, &files, question, work);
    }
    Ok(match files.changed() {
        Some(what) => unable(format!("{what} while it was read")),
        None => answer,
    })
}

fn look_at(
    dataset: &Dataset<'_>,
    files: &TreeFiles<'_>,
    question: &RecordQuestion<'_>,
    work: Work<'_>,
) -> Look<Examination> {
    let list = question.list.map(Mapped::open).transpose();
    let earlier = match (question.earlier, &list) {
        (None, _) => None,
        (Some(Err(reason)), _) => Some(Err(reason.to_owned())),
        (Some(Ok(_)), Err(error)) => Some(Err(error.to_string())),
        (Some(Ok(_)), Ok(None)) => Some(Err("its record list is not at hand".to_owned())),
        (Some(Ok(manifest)), Ok(Some(list))) => Some(Ok(EarlierVersion { manifest, list })),
    };
    let examined = examine(
        dataset,
        files,
        &ExamineRequest {
            analyses: question.analyses,
            roles: question.roles,
            earlier: earlier
                .as_ref()
                .map(|earlier| earlier.as_ref().copied().map_err(String::as_str)),
            budget: question.budget,
            workers: work.workers,
        },
    );
    match examined {
        Ok(examination) => Look::Known(examination),
        Err(error) => Look::Unable(error.to_string()),
    }
}

/// A file that is read in pieces.
struct Mapped {
    file: File,
    size: u64,
}

impl Mapped {
    fn open(path: &Path) -> Result<Self, EngineError> {
        let failed = |error: std::io::Error| EngineError::RecordList {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        let file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(EngineError::RecordList {
                path: path.to_owned(),
                reason: "not a regular file".to_owned(),
            });
        }
        Ok(Self {
            size: metadata.len(),
            file,
        })
    }
}

impl ReadAt for Mapped {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), bonafide_core::ReadError> {
        use std::os::unix::fs::FileExt as _;

        let read = self.file.read_exact_at(buffer, offset);
        read.map_err(|error| bonafide_core::ReadError::Failed {
            reason: error.to_string(),
        })
    }
}

/// A record manifest with its list.
struct Earlier {
    manifest: Manifest,
    list: Mapped,
}

impl Earlier {
    fn read(path: &Path) -> Result<Self, EngineError> {
        Ok(Self {
            manifest: read_manifest(path)?,
            list: Mapped::open(&list_beside(path))?,
        })
    }

    const fn version(&self) -> EarlierVersion<'_> {
        EarlierVersion {
            manifest: &self.manifest,
            list: &self.list,
        }
    }
}

/// Most bytes of a manifest or proof.
const MOST_MANIFEST_BYTES: u64 = 64 << 20;

/// Reads a record manifest: the document itself, or a signed statement that holds it, whose
/// signature is not looked at here.
fn read_manifest(path: &Path) -> Result<Manifest, EngineError> {
    let bytes = read_document(path, MOST_MANIFEST_BYTES)?;
    let bytes = match unsigned_predicate(&bytes) {
        Some(predicate) => predicate,
        None => bytes,
    };
    Manifest::parse(&bytes).map_err(|error| EngineError::RecordManifest {
        path: path.to_owned(),
        error,
    })
}

/// The record manifest in a DSSE envelope, as somebody claims it; none if it is no envelope
/// with such a statement.
fn unsigned_predicate(bytes: &[u8]) -> Option<Vec<u8>> {
    if !is_envelope(bytes) {
        return None;
    }
    let documents = read_envelopes(bytes).ok()?;
    documents.into_iter().find_map(|document| {
        let Document::Envelope(envelope) = document else {
            return None;
        };
        let claimed = Claimed::parse(envelope.statement().ok()?).ok()?;
        (claimed.predicate_type == PREDICATE_TYPE).then_some(())?;
        serde_json::to_vec(claimed.predicate.raw()?).ok()
    })
}

/// Where to write a record manifest.
#[derive(Debug, Clone)]
pub struct ManifestRequest {
    /// Of what.
    pub dataset: DatasetRequest,
    /// The manifest; its list of records is written beside it.
    pub output: PathBuf,
    /// When it is made, in seconds since 1970.
    pub created: i64,
}

/// A record manifest that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenManifest {
    /// The manifest.
    pub manifest: Manifest,
    /// Where the list of its records is.
    pub list: PathBuf,
}

/// Writes the record manifest of a dataset, and its list of records.
///
/// # Errors
///
/// As [`scan_dataset`]; records that have no canonical form; a place that cannot be written
/// to, lies in the dataset, or holds something else than an older manifest.
pub fn write_manifest(
    request: &ManifestRequest,
    work: Work<'_>,
) -> Result<WrittenManifest, EngineError> {
    let output = &request.output;
    let list_path = list_beside(output);
    for place in [output, &list_path] {
        if bonafide_source::name_below(place, &request.dataset.target).is_some() {
            return Err(EngineError::ManifestInDataset {
                path: place.clone(),
            });
        }
    }
    if output.exists() {
        // What is overwritten was one of ours.
        read_manifest(output)?;
    }
    let tree = Tree::open(&request.dataset.target, work.budget)?;
    let files = TreeFiles::of(&tree, &left_out(&request.dataset, work)?);
    let dataset = open(&files, &request.dataset.budget)?;
    let roles = Roles::of(&dataset, &request.dataset.roles)?;
    let budget = &request.dataset.budget;
    let mut options = ManifestOptions::default();
    options.created = Some(request.created);
    let mut list = Scratch::new(budget)?;
    let mut manifest = make(&dataset, &roles, &options, work.workers, budget, &mut list)?;
    let mut list = list.finish()?;
    refuse_changed(&files)?;
    if let Some(previous) = request.dataset.previous.as_deref() {
        let earlier = Earlier::read(previous)?;
        let difference = diff(
            (&earlier.manifest, &earlier.list),
            (&manifest, &list),
            budget,
        )?;
        manifest.previous = Some(difference.since(&earlier.manifest));
    }
    let failed = |error: std::io::Error| EngineError::RecordList {
        path: list_path.clone(),
        reason: error.to_string(),
    };
    let mut reader = list.reader().map_err(failed)?;
    copy_atomically(&list_path, &mut reader)?;
    drop(reader);
    write_atomically(output, &manifest.to_json())?;
    Ok(WrittenManifest {
        manifest,
        list: list_path,
    })
}

/// Tells which records two versions do not share, from their manifests and lists alone.
///
/// # Errors
///
/// Manifests or lists that cannot be read or do not belong together.
pub fn diff_datasets(
    old: &Path,
    new: &Path,
    budget: &DatasetBudget,
) -> Result<Difference, EngineError> {
    let (old, new) = (Earlier::read(old)?, Earlier::read(new)?);
    let sides = (&old.manifest, &old.list as &dyn ReadAt);
    Ok(diff(sides, (&new.manifest, &new.list), budget)?)
}

/// A proof that a record (`train.parquet#17`) is in the dataset of a manifest.
///
/// # Errors
///
/// A manifest or list that cannot be read or do not belong together, a record that they do
/// not have.
pub fn prove_record(manifest: &Path, record: &str) -> Result<Vec<u8>, EngineError> {
    let earlier = Earlier::read(manifest)?;
    let id = record_id(&earlier.manifest, record)?;
    Ok(prove(&earlier.manifest, &earlier.list, id)?.to_json())
}

fn record_id(manifest: &Manifest, record: &str) -> Result<RecordId, EngineError> {
    let unknown = || EngineError::NoSuchRecord {
        record: record.to_owned(),
    };
    let (shard, number) = record.rsplit_once('#').ok_or_else(unknown)?;
    let number: u64 = number.parse().map_err(|_| unknown())?;
    let mut shards = manifest.shards.iter().enumerate();
    let found = shards.find(|(_, listed)| listed.name == shard && number < listed.records);
    let (shard, _) = found.ok_or_else(unknown)?;
    Ok(RecordId {
        shard: u32::try_from(shard).map_err(|_| unknown())?,
        record: number,
    })
}

/// What a proof shows of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedProof {
    /// The record, as it is printed.
    pub record: String,
    /// Its hash, in hexadecimal.
    pub hash: String,
    /// Why the proof does not show that the record is in the dataset; none if it does.
    pub failure: Option<String>,
}

/// A proof, and what it is held against.
#[derive(Debug, Clone)]
pub struct ProofRequest {
    /// The proof.
    pub proof: PathBuf,
    /// The manifest whose root it has to lead to.
    pub manifest: PathBuf,
    /// A folder or file with the record itself, whose hash is taken; without it, the proof's
    /// own word for the record is.
    pub dataset: Option<PathBuf>,
}

/// Checks that a proof leads from the hash of its record to the root of a manifest.
///
/// # Errors
///
/// A proof, manifest or dataset that cannot be read.
pub fn check_proof(request: &ProofRequest, work: Work<'_>) -> Result<CheckedProof, EngineError> {
    let manifest = read_manifest(&request.manifest)?;
    let bytes = read_document(&request.proof, MOST_MANIFEST_BYTES)?;
    let proof = Proof::parse(&bytes).map_err(|error| EngineError::RecordManifest {
        path: request.proof.clone(),
        error,
    })?;
    let found = match &request.dataset {
        None => Some(proof.record_hash),
        Some(target) => {
            let tree = Tree::open(target, work.budget)?;
            let files = TreeFiles::of(&tree, &BTreeSet::new());
            let dataset = open(&files, &DatasetBudget::DEFAULT)?;
            let found = proof.record_in(&dataset, work.workers)?;
            refuse_changed(&files)?;
            found
        }
    };
    let record = format!(
        "{}#{}",
        RawName::from(proof.shard.name.as_str()),
        proof.record
    );
    let failure = match found {
        Some(hash) => proof
            .verify(&manifest.root, &hash)
            .err()
            .map(|failure| failure.to_string()),
        None => Some(format!("the dataset has no record {record}")),
    };
    Ok(CheckedProof {
        record,
        hash: proof.record_hash.hex(),
        failure,
    })
}
