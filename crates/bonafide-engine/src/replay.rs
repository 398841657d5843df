//! Reading an evidence bundle, which somebody else may have made.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use bonafide_core::{Algorithm, Digest, RawName};
use bonafide_hash::{EntryKind, Job, Tree, TreeKind, digest_bytes, measure};

use crate::Work;
use crate::error::EngineError;
use crate::evidence::{
    EvidenceError, MANIFEST, Manifest, OBJECTS, RECORDING, REPORT, REPORTS, RecordedAnswer,
    RecordedFile, SCHEMA_VERSION,
};
use crate::recording::{Answer, Call, KnownMeasurements, measurements_from};

/// Largest file of a bundle in bytes: a listing of a million files with their inspections.
const MOST_BYTES: u64 = 1 << 30;

/// Most bytes of a bundle.
const MOST_BYTES_TOGETHER: u64 = 8 << 30;

/// A bundle that is whole, and what a run of it asked for in vain.
#[derive(Debug)]
pub(crate) struct Replay {
    directory: PathBuf,
    answers: BTreeMap<Call, Answer>,
    files: BTreeMap<String, RecordedFile>,
    lacking: Mutex<Option<EvidenceError>>,
}

/// A bundle that was opened.
pub(crate) struct Opened {
    pub(crate) manifest: Manifest,
    pub(crate) manifest_digest: Digest,
    /// The report that was recorded.
    pub(crate) report: Vec<u8>,
    pub(crate) replay: Replay,
}

/// Opens a bundle: every file of it is there, is what the manifest says, and there is no
/// other one.
pub(crate) fn open(directory: &Path, work: Work<'_>) -> Result<Opened, EngineError> {
    let refuse = |name: RawName, defect: &str| EvidenceError::File {
        bundle: directory.to_owned(),
        name,
        defect: defect.to_owned(),
    };
    // The bundle is listed like any tree: no link in it is followed.
    let tree = Tree::open(directory, work.budget)?;
    let manifest_name = RawName::from(MANIFEST);
    if tree.kind() != TreeKind::Directory || tree.entry(MANIFEST.as_bytes()).is_none() {
        return Err(refuse(manifest_name, "is missing, so this is no evidence bundle").into());
    }
    let bytes = tree
        .read_document(&manifest_name, MOST_BYTES)
        .map_err(|failure| refuse(manifest_name.clone(), &failure.to_string()))?;
    let manifest_digest = digest_bytes(Algorithm::Sha256, &bytes);
    let manifest: Manifest = serde_json::from_slice(&bytes)
        .map_err(|error| refuse(manifest_name.clone(), &format!("cannot be read: {error}")))?;
    if manifest.schema_version != SCHEMA_VERSION {
        let defect = format!(
            "has layout {}, and this release reads {SCHEMA_VERSION}",
            manifest.schema_version
        );
        return Err(refuse(manifest_name, &defect).into());
    }
    let mut total = 0_u64;
    for (name, file) in &manifest.files {
        if !is_name(name) {
            return Err(refuse(RawName::from(name.as_str()), "is no name of such a file").into());
        }
        if file.digest.algorithm() != Algorithm::Sha256 {
            return Err(refuse(RawName::from(name.as_str()), "has no SHA-256").into());
        }
        total = total.saturating_add(file.size);
        let most = if file.size > MOST_BYTES {
            Some((file.size, MOST_BYTES))
        } else if total > MOST_BYTES_TOGETHER {
            Some((total, MOST_BYTES_TOGETHER))
        } else {
            None
        };
        if let Some((bytes, limit)) = most {
            return Err(EvidenceError::TooLarge {
                bundle: directory.to_owned(),
                what: format!("{bytes} bytes"),
                limit,
            }
            .into());
        }
        match tree.entry(name.as_bytes()).map(|entry| &entry.kind) {
            Some(EntryKind::File { size, .. }) if *size == file.size => {}
            Some(EntryKind::File { size, .. }) => {
                let defect = format!("has {size} bytes, and the manifest says {}", file.size);
                return Err(refuse(RawName::from(name.as_str()), &defect).into());
            }
            Some(_) => {
                return Err(refuse(RawName::from(name.as_str()), "is no regular file").into());
            }
            None => return Err(refuse(RawName::from(name.as_str()), "is missing").into()),
        }
    }
    for needed in [RECORDING.to_owned(), format!("{REPORTS}{REPORT}")] {
        if !manifest.files.contains_key(&needed) {
            let name = RawName::from(needed.as_str());
            return Err(refuse(name, "is not in the manifest").into());
        }
    }
    for entry in tree.entries() {
        let name = std::str::from_utf8(entry.name.as_bytes()).unwrap_or_default();
        let is_known = match entry.kind {
            EntryKind::File { .. } => name == MANIFEST || manifest.files.contains_key(name),
            EntryKind::Directory => [OBJECTS, REPORTS]
                .iter()
                .any(|folder| folder.strip_suffix('/') == Some(name)),
            _ => false,
        };
        if !is_known {
            return Err(refuse(entry.name.clone(), "is not in the manifest").into());
        }
    }
    let jobs = manifest.files.keys();
    let jobs = jobs
        .map(|name| Job::whole(RawName::from(name.as_str()), Algorithm::Sha256))
        .collect();
    let measurements = measure(&tree, jobs, &work.options())?;
    for (measurement, file) in measurements.iter().zip(manifest.files.values()) {
        let name = || measurement.job.name.clone();
        let digests = measurement
            .digests
            .as_ref()
            .map_err(|failure| refuse(name(), &failure.to_string()))?;
        if digests
            .first()
            .is_none_or(|digest| *digest.get() != file.digest)
        {
            let defect = format!("was changed: the manifest says {}", file.digest);
            return Err(refuse(name(), &defect).into());
        }
    }
    let mut replay = Replay {
        directory: directory.to_owned(),
        answers: BTreeMap::new(),
        files: manifest.files.clone(),
        lacking: Mutex::new(None),
    };
    let recording = replay.file(RECORDING)?;
    let answers: Vec<RecordedAnswer> = serde_json::from_slice(&recording).map_err(|error| {
        refuse(
            RawName::from(RECORDING),
            &format!("cannot be read: {error}"),
        )
    })?;
    for RecordedAnswer { call, answer } in answers {
        let words = call.words();
        if replay.answers.insert(call, answer).is_some() {
            let defect = format!("answers a question twice: {words}");
            return Err(refuse(RawName::from(RECORDING), &defect).into());
        }
    }
    let report = replay.file(&format!("{REPORTS}{REPORT}"))?;
    Ok(Opened {
        manifest,
        manifest_digest,
        report,
        replay,
    })
}

/// The names that files of a bundle have.
fn is_name(name: &str) -> bool {
    if let Some(object) = name.strip_prefix(OBJECTS) {
        return object.len() == 64
            && object
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    }
    if let Some(report) = name.strip_prefix(REPORTS) {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        return !report.is_empty()
            && report.len() <= 64
            && !report.starts_with('.')
            && report.bytes().all(is_plain);
    }
    name == RECORDING
}

impl Replay {
    pub(crate) fn answer(&self, call: &Call) -> Option<Answer> {
        self.answers.get(call).cloned()
    }

    /// The bytes of this digest. If they are not there, the replay as a whole fails.
    pub(crate) fn object(&self, digest: &Digest) -> Option<Vec<u8>> {
        match self.file(&format!("{OBJECTS}{}", digest.hex())) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                self.fail(error);
                None
            }
        }
    }

    /// What was measured of a tree.
    pub(crate) fn measurements(&self, call: &Call) -> Option<KnownMeasurements> {
        match self.answer(call)? {
            Answer::Object(digest) => measurements_from(&self.object(&digest)?),
            Answer::Value(_) | Answer::Error(_) => None,
        }
    }

    /// Remembers that a question has no answer that could be used, and says so.
    pub(crate) fn lacks(&self, call: &Call) -> String {
        let what = call.words();
        let message = format!("{what} was not recorded");
        self.fail(EvidenceError::Lacking {
            bundle: self.directory.clone(),
            what,
        });
        message
    }

    /// The first thing that was asked for in vain.
    pub(crate) fn into_lacking(self) -> Option<EvidenceError> {
        self.lacking
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// That there is no usable record of something.
    pub(crate) fn without(&self, what: &str) -> EvidenceError {
        EvidenceError::Lacking {
            bundle: self.directory.clone(),
            what: what.to_owned(),
        }
    }

    fn fail(&self, error: EvidenceError) {
        let mut lacking = self.lacking.lock().unwrap_or_else(PoisonError::into_inner);
        lacking.get_or_insert(error);
    }

    /// A file of the bundle, which is still what the manifest says.
    fn file(&self, name: &str) -> Result<Vec<u8>, EvidenceError> {
        let refuse = |defect: String| EvidenceError::File {
            bundle: self.directory.clone(),
            name: RawName::from(name),
            defect,
        };
        let known = self
            .files
            .get(name)
            .ok_or_else(|| refuse("is not in the manifest".to_owned()))?;
        let bytes = bonafide_source::read_document(&self.directory.join(name), known.size)
            .map_err(|error| refuse(format!("cannot be read: {error}")))?;
        if digest_bytes(Algorithm::Sha256, &bytes) != known.digest {
            return Err(refuse(format!(
                "was changed: the manifest says {}",
                known.digest
            )));
        }
        Ok(bytes)
    }
}
