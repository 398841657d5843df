//! Where the engine touches the world when it verifies: every file that it reads, every
//! listing, every digest and every inspection comes through here.
//!
//! A run is made from answers to [`Question`]s. Live, they are asked of the disk. They can
//! be kept ([`Recording`]), and a later run can be made from what was kept ([`Replay`]),
//! on a machine that has none of the files. Whatever else decides about a report, the
//! clock among it, is an argument of the run.

use std::path::{Path, PathBuf};

use bonafide_checks::{ModelFile, WeightFacts};
use bonafide_core::{Algorithm, RawName, RecordedError};
use bonafide_hash::{
    HashError, Job, Measurement, Options, ReadFailure, RecordedMeasurement, Tap, Tree, TreeError,
    digest_bytes, measure,
};
use bonafide_source::{
    BomFile, BomOrigin, DocumentError, SignatureFile, SignatureKind, find_boms, find_signatures,
    read_document,
};
use serde_json::{Value, json};

use crate::Work;
use crate::error::EngineError;
use crate::models::{self, Digests};
use crate::recording::{self, Answer, Call, Question, Recording, bytes_of};
use crate::records::{RecordAnswer, RecordQuestion};
use crate::replay::Replay;
use crate::weights::WeightQuestion;
use crate::{dataset, weights};

/// Where answers come from. Callers that neither record nor replay take [`LIVE`].
#[derive(Debug)]
pub struct Intake(pub(crate) Mode);

#[derive(Debug)]
pub(crate) enum Mode {
    /// From the disk.
    Live,
    /// From the disk, and they are kept.
    Recording(Recording),
    /// From the record of an earlier run, and from nothing else.
    Recorded(Replay),
}

/// The disk.
pub static LIVE: Intake = Intake(Mode::Live);

/// An answer in the form in which it is kept.
enum Content {
    Bytes(Vec<u8>),
    Value(Value),
}

impl Work<'_> {
    /// Asks. `keep` puts an answer into the form that is kept, `restore` takes it out;
    /// `recorded` makes an error of this kind from a recorded one.
    fn ask<T, E: std::error::Error>(
        &self,
        call: impl FnOnce() -> Call,
        live: impl FnOnce() -> Result<T, E>,
        keep: impl FnOnce(&T) -> Content,
        restore: impl FnOnce(Content) -> Option<T>,
        recorded: impl Fn(RecordedError) -> E,
    ) -> Result<T, E> {
        match &self.intake.0 {
            Mode::Live => live(),
            Mode::Recording(recording) => {
                let outcome = live();
                let call = call();
                match &outcome {
                    Err(error) => recording.keep(call, Answer::Error(RecordedError::of(error))),
                    Ok(answer) => match keep(answer) {
                        Content::Bytes(bytes) => recording.keep_object(call, bytes),
                        Content::Value(value) => recording.keep(call, Answer::Value(value)),
                    },
                }
                outcome
            }
            Mode::Recorded(replay) => {
                let call = call();
                let content = match replay.answer(&call) {
                    Some(Answer::Error(error)) => return Err(recorded(error)),
                    Some(Answer::Value(value)) => Some(Content::Value(value)),
                    Some(Answer::Object(digest)) => replay.object(&digest).map(Content::Bytes),
                    None => None,
                };
                content.and_then(restore).ok_or_else(|| {
                    let defect = replay.lacks(&call);
                    recorded(RecordedError::new(defect))
                })
            }
        }
    }

    /// The same where nothing can go wrong but that it was not recorded; then the replay
    /// as a whole fails, and the answer does not matter.
    fn ask_surely<T>(
        &self,
        call: impl FnOnce() -> Call,
        live: impl FnOnce() -> Value,
        restore: impl Fn(&Value) -> Option<T>,
    ) -> Option<T> {
        let answer = self.ask(
            call,
            || Ok::<_, RecordedError>(live()),
            |value| Content::Value(value.clone()),
            |content| value_of(content).filter(|value| restore(value).is_some()),
            |error| error,
        );
        restore(&answer.ok()?)
    }

    /// Reads a file that the user or the policy names; at most `limit` bytes.
    pub(crate) fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, DocumentError> {
        self.document(Question::Document, path, limit, || {
            read_document(path, limit)
        })
    }

    /// Reads a signature file.
    pub(crate) fn read_signature(&self, file: &SignatureFile) -> Result<Vec<u8>, DocumentError> {
        let limit = self.budget.document_bytes;
        self.document(Question::Signature, &file.path, limit, || {
            file.read(self.budget)
        })
    }

    /// Reads a document about the artifact.
    pub(crate) fn read_bom(&self, file: &BomFile) -> Result<Vec<u8>, DocumentError> {
        let question = match file.origin {
            BomOrigin::Named => Question::NamedBom,
            BomOrigin::Found => Question::FoundBom,
        };
        self.document(question, &file.path, self.budget.document_bytes, || {
            file.read(self.budget)
        })
    }

    fn document(
        &self,
        question: Question,
        path: &Path,
        limit: u64,
        live: impl FnOnce() -> Result<Vec<u8>, DocumentError>,
    ) -> Result<Vec<u8>, DocumentError> {
        let call = || Call::new(question, &[bytes_of(path), limit.to_string().as_bytes()]);
        let fits = |bytes: &Vec<u8>| u64::try_from(bytes.len()).is_ok_and(|length| length <= limit);
        self.ask(
            call,
            live,
            |bytes| Content::Bytes(bytes.clone()),
            |content| objects_bytes(content).filter(fits),
            DocumentError::Recorded,
        )
    }

    /// Lists a directory, or a single file.
    pub(crate) fn open(&self, path: &Path) -> Result<Tree, TreeError> {
        self.ask(
            || Call::new(Question::Tree, &[bytes_of(path)]),
            || Tree::open(path, self.budget),
            |tree| Content::Bytes(recording::tree_bytes(tree)),
            |content| recording::tree_from(&objects_bytes(content)?, self.budget),
            TreeError::Recorded,
        )
    }

    /// Hashes what the jobs ask for, and lets others see the bytes. `path` is where the tree
    /// was opened.
    pub(crate) fn measure(
        &self,
        path: &Path,
        tree: &Tree,
        jobs: Vec<Job>,
        tap: Option<&dyn Tap>,
    ) -> Result<Vec<Measurement>, HashError> {
        let call = || Call::new(Question::Measurements, &[bytes_of(path)]);
        let options = Options {
            tap,
            ..self.options()
        };
        match &self.intake.0 {
            Mode::Live => measure(tree, jobs, &options),
            Mode::Recording(recording) => {
                let outcome = measure(tree, jobs, &options);
                match &outcome {
                    Err(error) => recording.keep(call(), Answer::Error(RecordedError::of(error))),
                    Ok(measurements) => recording.keep_measurements(call(), measurements),
                }
                outcome
            }
            Mode::Recorded(replay) => {
                let call = call();
                if let Some(Answer::Error(error)) = replay.answer(&call) {
                    return Err(HashError::Recorded(error));
                }
                let known = replay.measurements(&call);
                let answer = |job: Job| {
                    let range = job.range.as_ref().map(|range| (range.start, range.end));
                    let known = known.as_ref()?.get(&(job.name.clone(), range))?;
                    RecordedMeasurement::answer(job, &known.digests, known.failure.as_deref())
                };
                let answers: Option<Vec<Measurement>> = jobs.into_iter().map(answer).collect();
                answers.ok_or_else(|| HashError::Recorded(RecordedError::new(replay.lacks(&call))))
            }
        }
    }

    /// Reads a small file of the tree that was opened at `path`.
    pub(crate) fn read_below(
        &self,
        path: &Path,
        tree: &Tree,
        name: &RawName,
        limit: u64,
    ) -> Result<Vec<u8>, ReadFailure> {
        let limit_text = limit.to_string();
        let about = [bytes_of(path), name.as_bytes(), limit_text.as_bytes()];
        self.ask(
            || Call::new(Question::FileOfTree, &about),
            || tree.read_document(name, limit),
            |bytes| Content::Bytes(bytes.clone()),
            objects_bytes,
            |error| ReadFailure::Recorded {
                text: error.to_string(),
            },
        )
    }

    /// Inspects every regular file of the tree that was opened at `path`.
    pub(crate) fn inspect(
        &self,
        path: &Path,
        tree: &Tree,
        digests: Digests,
    ) -> Result<Vec<ModelFile>, EngineError> {
        // Only stopping the run ends it early, and then there is nothing to record.
        let recorded = |error| EngineError::Hash(HashError::Recorded(error));
        self.ask(
            || Call::new(Question::Inspections, &[bytes_of(path)]),
            || models::read(tree, digests, *self),
            |files| Content::Bytes(recording::inspections_bytes(files)),
            |content| recording::inspections_from(&objects_bytes(content)?, tree),
            recorded,
        )
    }

    /// Looks at the records of the tree that was opened at `path`.
    pub(crate) fn records(
        &self,
        path: &Path,
        tree: &Tree,
        question: &RecordQuestion<'_>,
    ) -> Result<RecordAnswer, EngineError> {
        let asked = serde_json::to_vec(question).unwrap_or_default();
        let asked = digest_bytes(Algorithm::Sha256, &asked);
        self.ask(
            || Call::new(Question::Records, &[bytes_of(path), asked.bytes()]),
            || dataset::answer(tree, question, *self),
            |answer| Content::Value(serde_json::to_value(answer).unwrap_or_default()),
            |content| serde_json::from_value(value_of(content)?).ok(),
            |error| EngineError::Hash(HashError::Recorded(error)),
        )
    }

    /// Looks at the numbers of models, of which `path` is the one in question.
    pub(crate) fn weights(
        &self,
        path: &Path,
        question: &WeightQuestion<'_>,
    ) -> Result<WeightFacts, EngineError> {
        let asked = serde_json::to_vec(question).unwrap_or_default();
        let asked = digest_bytes(Algorithm::Sha256, &asked);
        self.ask(
            || Call::new(Question::Weights, &[bytes_of(path), asked.bytes()]),
            || weights::answer(question, *self),
            |answer| Content::Value(serde_json::to_value(answer).unwrap_or_default()),
            |content| serde_json::from_value(value_of(content)?).ok(),
            |error| EngineError::Hash(HashError::Recorded(error)),
        )
    }

    /// Finds the signature files of a target.
    pub(crate) fn signatures(
        &self,
        target: &Path,
        explicit: &[PathBuf],
    ) -> Result<Vec<SignatureFile>, DocumentError> {
        self.ask(
            || Call::about_paths(Question::SignatureFiles, target, explicit),
            || find_signatures(target, explicit, self.budget),
            |files| {
                Content::Value(recording::list(files, |file| {
                    json!({
                        "path": recording::path_value(&file.path),
                        "inside": file.inside.as_ref().map(recording::name_value),
                        "document": file.kind == SignatureKind::Document,
                    })
                }))
            },
            |content| {
                recording::list_from(&value_of(content)?, |value| {
                    let kind = if value.get("document")?.as_bool()? {
                        SignatureKind::Document
                    } else {
                        SignatureKind::Signature
                    };
                    let path = recording::path_from(value.get("path")?)?;
                    let inside = recording::optional_name(value.get("inside")?)?;
                    Some(SignatureFile::recorded(path, inside, kind))
                })
            },
            DocumentError::Recorded,
        )
    }

    /// Finds the documents about a target.
    pub(crate) fn boms(
        &self,
        target: &Path,
        explicit: &[PathBuf],
    ) -> Result<Vec<BomFile>, DocumentError> {
        self.ask(
            || Call::about_paths(Question::BomFiles, target, explicit),
            || find_boms(target, explicit, self.budget),
            |files| {
                Content::Value(recording::list(files, |file| {
                    json!({
                        "path": recording::path_value(&file.path),
                        "inside": file.inside.as_ref().map(recording::name_value),
                        "named": file.origin == BomOrigin::Named,
                    })
                }))
            },
            |content| {
                recording::list_from(&value_of(content)?, |value| {
                    let origin = if value.get("named")?.as_bool()? {
                        BomOrigin::Named
                    } else {
                        BomOrigin::Found
                    };
                    Some(BomFile {
                        path: recording::path_from(value.get("path")?)?,
                        inside: recording::optional_name(value.get("inside")?)?,
                        origin,
                    })
                })
            },
            DocumentError::Recorded,
        )
    }

    /// True if both paths lead to one file.
    pub(crate) fn is_one_file(&self, path: &Path, other: &Path) -> bool {
        let answer = self.ask_surely(
            || Call::new(Question::OneFile, &[bytes_of(path), bytes_of(other)]),
            || {
                let real = |path: &Path| path.canonicalize().ok();
                let is_one = path == other || (real(path).is_some() && real(path) == real(other));
                Value::Bool(is_one)
            },
            Value::as_bool,
        );
        answer.unwrap_or(false)
    }

    /// By what a file or folder is known again in this run; none if there is none.
    pub(crate) fn identity(&self, path: &Path) -> Option<(u64, u64)> {
        use std::os::unix::fs::MetadataExt as _;

        let live = || {
            let known = std::fs::metadata(path).ok();
            known.map(|known| (known.dev(), known.ino()))
        };
        if matches!(self.intake.0, Mode::Live) {
            return live();
        }
        // Numbers of a file system mean nothing elsewhere: they are counted.
        let answer = self.ask_surely(
            || Call::new(Question::Identity, &[bytes_of(path)]),
            || match (&self.intake.0, live()) {
                (Mode::Recording(recording), Some(identity)) => {
                    Value::from(recording.number_of(identity))
                }
                _ => Value::Null,
            },
            |value| match value {
                Value::Null => Some(None),
                number => number.as_u64().map(Some),
            },
        );
        Some((0, answer??))
    }

    /// A folder of this name beside a path. A link is not followed: nobody named where it
    /// leads.
    pub(crate) fn folder_beside(&self, path: &Path, name: &str) -> Option<PathBuf> {
        let live = || {
            let place = match path.file_name() {
                Some(_) => path.parent()?.to_owned(),
                None => path.canonicalize().ok()?.parent()?.to_owned(),
            };
            let folder = place.join(name);
            let metadata = std::fs::symlink_metadata(&folder).ok()?;
            metadata.is_dir().then_some(folder)
        };
        let answer = self.ask_surely(
            || Call::new(Question::FolderBeside, &[bytes_of(path), name.as_bytes()]),
            || live().map_or(Value::Null, |folder| recording::path_value(&folder)),
            |value| match value {
                Value::Null => Some(None),
                path => recording::path_from(path).map(Some),
            },
        );
        answer?
    }

    /// The path from the root of the file system.
    pub(crate) fn absolute(&self, path: &Path) -> PathBuf {
        let answer = self.ask_surely(
            || Call::new(Question::Absolute, &[bytes_of(path)]),
            || {
                let absolute = std::path::absolute(path);
                recording::path_value(absolute.as_deref().unwrap_or(path))
            },
            recording::path_from,
        );
        answer.unwrap_or_else(|| path.to_owned())
    }

    /// The files of a folder with this ending, sorted; the path itself, if it is no folder.
    pub(crate) fn files(
        &self,
        path: &Path,
        ending: &str,
        most: usize,
    ) -> Result<Files, EngineError> {
        let recorded = |error| EngineError::Document(DocumentError::Recorded(error));
        let files = self.ask(
            || Call::new(Question::Files, &[bytes_of(path), ending.as_bytes()]),
            || list_files(path, ending, most),
            |files| {
                Content::Value(match files {
                    Files::Only => Value::Null,
                    Files::Folder(paths) => {
                        recording::list(paths, |path| recording::path_value(path))
                    }
                })
            },
            |content| match value_of(content)? {
                Value::Null => Some(Files::Only),
                list => recording::list_from(&list, recording::path_from).map(Files::Folder),
            },
            recorded,
        )?;
        Ok(files)
    }
}

/// What lies at a path.
pub(crate) enum Files {
    /// It is no folder.
    Only,
    /// Files of the folder.
    Folder(Vec<PathBuf>),
}

fn list_files(path: &Path, ending: &str, most: usize) -> Result<Files, EngineError> {
    if !path.is_dir() {
        return Ok(Files::Only);
    }
    let refused = |reason: String| EngineError::Advisories {
        path: path.to_owned(),
        reason,
    };
    let listing = std::fs::read_dir(path).map_err(|error| refused(error.to_string()))?;
    let mut files = Vec::new();
    for entry in listing {
        let file = entry.map_err(|error| refused(error.to_string()))?.path();
        if file
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            files.push(file);
        }
        if files.len() > most {
            return Err(refused(format!("there are more than {most} files in it")));
        }
    }
    files.sort();
    Ok(Files::Folder(files))
}

fn objects_bytes(content: Content) -> Option<Vec<u8>> {
    match content {
        Content::Bytes(bytes) => Some(bytes),
        Content::Value(_) => None,
    }
}

fn value_of(content: Content) -> Option<Value> {
    match content {
        Content::Value(value) => Some(value),
        Content::Bytes(_) => None,
    }
}
