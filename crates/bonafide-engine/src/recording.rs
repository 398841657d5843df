//! The answers that a run was made from, as they are kept.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bonafide_checks::ModelFile;
use bonafide_core::{Algorithm, Budget, Digest, RawName, RecordedError, RecordedName};
use bonafide_format::FileInspection;
use bonafide_hash::{
    EntryKind, Measurement, RecordedMeasurement, RecordedTree, Tree, digest_bytes,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a run asks of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Question {
    /// The bytes of a file that somebody named: a policy, key, list, advisory, waiver file.
    Document,
    /// The bytes of a signature file.
    Signature,
    /// The bytes of a document about the artifact that the user named.
    NamedBom,
    /// The same, found beside or in the artifact.
    FoundBom,
    /// The listing of a tree.
    Tree,
    /// The digests of its files.
    Measurements,
    /// What is in its files.
    Inspections,
    /// What is in its records.
    Records,
    /// What its numbers show.
    Weights,
    /// The bytes of a small file of it.
    FileOfTree,
    /// Where signatures of a target are.
    SignatureFiles,
    /// Where documents about it are.
    BomFiles,
    /// Whether two paths lead to one file.
    OneFile,
    /// By what a file is known again.
    Identity,
    /// A folder beside a path.
    FolderBeside,
    /// A path from the root of the file system.
    Absolute,
    /// The files of a folder.
    Files,
}

/// A question about something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Call {
    pub(crate) question: Question,
    pub(crate) about: Vec<RecordedName>,
}

impl Call {
    pub(crate) fn new(question: Question, about: &[&[u8]]) -> Self {
        let about = about.iter().map(|bytes| RecordedName::from(*bytes));
        Self {
            question,
            about: about.collect(),
        }
    }

    pub(crate) fn about_paths(question: Question, path: &Path, others: &[PathBuf]) -> Self {
        let mut about = vec![bytes_of(path)];
        about.extend(others.iter().map(|path| bytes_of(path)));
        Self::new(question, &about)
    }

    /// For people.
    pub(crate) fn words(&self) -> String {
        let question = serde_json::to_value(self.question).ok();
        let question = question.as_ref().and_then(Value::as_str).unwrap_or("?");
        let about = self.about.iter().filter_map(RecordedName::raw);
        let about: Vec<String> = about.map(|name| format!("`{name}`")).collect();
        format!("{question} {}", about.join(" "))
    }
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Answer {
    /// Bytes, by their SHA-256.
    Object(Digest),
    /// Something small.
    Value(Value),
    /// It could not be had.
    Error(RecordedError),
}

/// Every answer of a run.
#[derive(Debug, Default)]
pub(crate) struct Recording(Mutex<Kept>);

#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) answers: BTreeMap<Call, Answer>,
    /// Bytes by their SHA-256.
    pub(crate) objects: BTreeMap<Digest, Vec<u8>>,
    /// A tree can be measured more than once.
    measurements: BTreeMap<Call, BTreeMap<Place, RecordedMeasurement>>,
    numbers: HashMap<(u64, u64), u64>,
    /// A question that was answered in two ways.
    pub(crate) changed: Option<Call>,
}

/// A file, the range of it, and the algorithms that were asked for.
type Place = (RawName, Option<(u64, u64)>, Vec<Algorithm>);

impl Recording {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn keep(&self, call: Call, answer: Answer) {
        self.kept().keep(call, answer);
    }

    pub(crate) fn keep_object(&self, call: Call, bytes: Vec<u8>) {
        let digest = digest_bytes(Algorithm::Sha256, &bytes);
        let mut kept = self.kept();
        kept.objects.entry(digest).or_insert(bytes);
        kept.keep(call, Answer::Object(digest));
    }

    pub(crate) fn keep_measurements(&self, call: Call, measurements: &[Measurement]) {
        let mut kept = self.kept();
        let known = kept.measurements.entry(call.clone()).or_default();
        let mut differs = false;
        for measurement in measurements {
            let job = &measurement.job;
            let range = job.range.as_ref().map(|range| (range.start, range.end));
            let place = (job.name.clone(), range, job.algorithms.clone());
            let recorded = RecordedMeasurement::of(measurement);
            match known.get(&place) {
                Some(earlier) => differs |= *earlier != recorded,
                None => {
                    known.insert(place, recorded);
                }
            }
        }
        if differs {
            kept.changed = Some(call);
        }
    }

    /// The number of a file in this run.
    pub(crate) fn number_of(&self, identity: (u64, u64)) -> u64 {
        let mut kept = self.kept();
        let next = u64::try_from(kept.numbers.len()).unwrap_or(u64::MAX);
        *kept.numbers.entry(identity).or_insert(next)
    }

    /// All that was kept.
    pub(crate) fn into_kept(self) -> Kept {
        let mut kept = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        for (call, known) in std::mem::take(&mut kept.measurements) {
            let known: Vec<RecordedMeasurement> = known.into_values().collect();
            let bytes = json_bytes(&known);
            let digest = digest_bytes(Algorithm::Sha256, &bytes);
            kept.objects.insert(digest, bytes);
            kept.keep(call, Answer::Object(digest));
        }
        kept
    }
}

impl Kept {
    /// Two answers to one question: the files changed while they were verified.
    fn keep(&mut self, call: Call, answer: Answer) {
        match self.answers.get(&call) {
            Some(earlier) if *earlier != answer => self.changed = Some(call),
            Some(_) => {}
            None => {
                self.answers.insert(call, answer);
            }
        }
    }
}

/// Plain data, which always has a form in JSON.
fn json_bytes<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

pub(crate) fn tree_bytes(tree: &Tree) -> Vec<u8> {
    json_bytes(&RecordedTree::of(tree))
}

pub(crate) fn tree_from(bytes: &[u8], budget: &Budget) -> Option<Tree> {
    let tree: RecordedTree = serde_json::from_slice(bytes).ok()?;
    tree.into_tree(budget.entries).ok()
}

/// What is known of a file, as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RecordedModel {
    name: RecordedName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<Digest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inspection: Option<FileInspection>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unread: Option<String>,
}

pub(crate) fn inspections_bytes(files: &[ModelFile]) -> Vec<u8> {
    let files: Vec<RecordedModel> = files
        .iter()
        .map(|file| RecordedModel {
            name: (&file.name).into(),
            digest: file.digest,
            inspection: file.inspected.as_ref().ok().cloned(),
            unread: file.inspected.as_ref().err().cloned(),
        })
        .collect();
    json_bytes(&files)
}

/// One for each regular file of the tree, in its order: else files would count as
/// inspected of which nothing is known.
pub(crate) fn inspections_from(bytes: &[u8], tree: &Tree) -> Option<Vec<ModelFile>> {
    let files: Vec<RecordedModel> = serde_json::from_slice(bytes).ok()?;
    let listed = tree
        .entries()
        .iter()
        .filter(|entry| matches!(entry.kind, EntryKind::File { .. }));
    let models = files
        .into_iter()
        .map(|file| {
            let name = file.name.raw()?;
            let inspected = match (file.inspection, file.unread) {
                (Some(mut inspection), None) => {
                    inspection.name = name.clone();
                    Ok(inspection)
                }
                (None, Some(reason)) => Err(reason),
                _ => return None,
            };
            Some(ModelFile {
                name,
                inspected,
                digest: file.digest,
            })
        })
        .collect::<Option<Vec<ModelFile>>>()?;
    let names = models.iter().map(|model| &model.name);
    names.eq(listed.map(|entry| &entry.name)).then_some(models)
}

/// What was measured of a file, or of a range of it.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) digests: Vec<Digest>,
    pub(crate) failure: Option<String>,
}

/// Measurements by file and range.
pub(crate) type KnownMeasurements = HashMap<(RawName, Option<(u64, u64)>), Known>;

pub(crate) fn measurements_from(bytes: &[u8]) -> Option<KnownMeasurements> {
    let recorded: Vec<RecordedMeasurement> = serde_json::from_slice(bytes).ok()?;
    let mut known = KnownMeasurements::new();
    for measurement in recorded {
        let entry = known.entry(measurement.key().ok()?).or_default();
        entry.digests.extend(measurement.digests().ok()?);
        if let Some(failure) = measurement.failure() {
            entry.failure = Some(failure.to_owned());
        }
    }
    Some(known)
}

pub(crate) fn bytes_of(path: &Path) -> &[u8] {
    path.as_os_str().as_bytes()
}

pub(crate) fn path_value(path: &Path) -> Value {
    serde_json::to_value(RecordedName::from(bytes_of(path))).unwrap_or_default()
}

pub(crate) fn path_from(value: &Value) -> Option<PathBuf> {
    let name = RecordedName::deserialize(value).ok()?;
    Some(PathBuf::from(OsString::from_vec(name.bytes()?)))
}

pub(crate) fn name_value(name: &RawName) -> Value {
    serde_json::to_value(RecordedName::from(name)).unwrap_or_default()
}

/// The outer one is none if there is no name where one should be.
pub(crate) fn optional_name(value: &Value) -> Option<Option<RawName>> {
    if value.is_null() {
        return Some(None);
    }
    RecordedName::deserialize(value).ok()?.raw().map(Some)
}

pub(crate) fn list<T>(items: &[T], keep: impl Fn(&T) -> Value) -> Value {
    Value::Array(items.iter().map(keep).collect())
}

pub(crate) fn list_from<T>(value: &Value, restore: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    value.as_array()?.iter().map(restore).collect()
}
