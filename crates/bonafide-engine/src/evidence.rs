//! The evidence bundle: a directory with all that a verdict was made from, but the weights.
//!
//! ```text
//! manifest.json      the request, and SHA-256 and size of every other file
//! recording.json     every question that the run asked, and where the answer is
//! objects/<sha256>   the answers: documents, signatures, keys, listings, digests, inspections
//! reports/<name>     what was made of them
//! ```
//!
//! Files bear names of our own, never those of the artifact: nothing in a bundle can lead
//! out of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bonafide_attest::{Claim, IdentityPattern, TextPattern};
use bonafide_core::{Algorithm, Budget, Digest, RawName, RecordedName, Report};
use bonafide_dataset::{DatasetBudget, Roles};
use bonafide_hash::digest_bytes;
use bonafide_source::{OutputError, write_atomically};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Work;
use crate::error::{EngineError, raw};
use crate::intake::{Intake, Mode};
use crate::policy_signature::PolicySigners;
use crate::recording::{Answer, Call, Kept, Recording, bytes_of};
use crate::trust::AddedTrust;
use crate::verify::{Clock, Digesting, PolicyChoice, VerifyRequest, verify};

/// Version of the layout of a bundle.
pub(crate) const SCHEMA_VERSION: u32 = 1;

/// Name of the file that lists all others.
pub const MANIFEST: &str = "manifest.json";

/// Name of the file with the answers.
pub(crate) const RECORDING: &str = "recording.json";

/// Folder of the answers that are files.
pub(crate) const OBJECTS: &str = "objects/";

/// Folder of the reports.
pub(crate) const REPORTS: &str = "reports/";

/// The report that a replay is compared with.
pub const REPORT: &str = "report.json";

/// Why there is no bundle, or none that can be replayed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceError {
    /// Somebody else's files are there.
    #[error("{}: exists and is not an empty directory", raw(path))]
    NotEmpty {
        /// Where the bundle was to be written.
        path: PathBuf,
    },
    /// The directory cannot be made or looked into.
    #[error("{}: cannot be made", raw(path))]
    Directory {
        /// Where the bundle was to be written.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file of the bundle cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The bundle would become part of what it is about.
    #[error("{}: lies in the target, which it would change", raw(path))]
    InTarget {
        /// Where the bundle was to be written.
        path: PathBuf,
    },
    /// The same question had two answers.
    #[error("the evidence changed while it was read: {what}")]
    ChangedMeanwhile {
        /// Which question.
        what: String,
    },
    /// Something in the request has no form in a manifest.
    #[error("the request cannot be recorded: {what}")]
    Request {
        /// Which part of it.
        what: String,
    },
    /// A file of the bundle is not what the manifest says.
    #[error("{}: `{name}` {defect}", raw(bundle))]
    File {
        /// The bundle.
        bundle: PathBuf,
        /// The file in it.
        name: RawName,
        /// What is wrong with it.
        defect: String,
    },
    /// It asks for more than a bundle may hold.
    #[error("{}: holds {what}, more than the limit of {limit}", raw(bundle))]
    TooLarge {
        /// The bundle.
        bundle: PathBuf,
        /// Of what, and how much.
        what: String,
        /// How much there may be.
        limit: u64,
    },
    /// The run asks for something that was not recorded.
    #[error("{}: {what} was not recorded, and this run asks for it", raw(bundle))]
    Lacking {
        /// The bundle.
        bundle: PathBuf,
        /// The question.
        what: String,
    },
}

/// A bundle that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// SHA-256 of its manifest, which stands for all of it.
    pub manifest: Digest,
    /// Files in it, the manifest among them.
    pub files: usize,
}

/// A report, and the answers that it was made from.
#[derive(Debug)]
pub struct Recorded {
    /// The report.
    pub report: Report,
    kept: Kept,
    request: RecordedRequest,
    budget: RecordedBudget,
}

/// [`verify`], and keeps what the report was made from.
///
/// # Errors
///
/// As [`verify`]; and when something changed while it was read.
pub fn verify_and_record(request: &VerifyRequest, work: Work<'_>) -> Result<Recorded, EngineError> {
    let intake = Intake(Mode::Recording(Recording::default()));
    let recorded_request = RecordedRequest::of(request)?;
    let report = verify(
        request,
        Work {
            intake: &intake,
            ..work
        },
    )?;
    let kept = match intake.0 {
        Mode::Recording(recording) => recording.into_kept(),
        Mode::Live | Mode::Recorded(_) => Kept::default(),
    };
    if let Some(call) = &kept.changed {
        let what = call.words();
        return Err(EvidenceError::ChangedMeanwhile { what }.into());
    }
    Ok(Recorded {
        report,
        kept,
        request: recorded_request,
        budget: RecordedBudget::of(work.budget),
    })
}

/// Refuses a place for a bundle where something is, or that is part of the target: before
/// hours are spent on hashing.
///
/// # Errors
///
/// A directory that is not empty, or not a directory; the target or a place in it.
pub fn refuse_place(directory: &Path, target: &Path) -> Result<(), EvidenceError> {
    let path = directory.to_owned();
    if bonafide_source::name_below(directory, target).is_some()
        || directory
            .canonicalize()
            .is_ok_and(|real| bonafide_source::name_below(&real, target).is_some())
    {
        return Err(EvidenceError::InTarget { path });
    }
    refuse_occupied(directory)
}

fn refuse_occupied(directory: &Path) -> Result<(), EvidenceError> {
    let path = directory.to_owned();
    match std::fs::read_dir(directory) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(EvidenceError::NotEmpty { path }),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
            Err(EvidenceError::NotEmpty { path })
        }
        Err(source) => Err(EvidenceError::Directory { path, source }),
    }
}

impl Recorded {
    /// Writes the bundle into a directory that is empty or not there yet, with reports by
    /// their names; [`REPORT`] has to be among them for a replay. The manifest comes last:
    /// without it, a bundle is none.
    ///
    /// # Errors
    ///
    /// The directory holds something, or cannot be written to.
    pub fn write(
        &self,
        directory: &Path,
        reports: &[(&str, &[u8])],
    ) -> Result<Evidence, EngineError> {
        refuse_occupied(directory)?;
        let make = |path: &Path| {
            std::fs::create_dir_all(path).map_err(|source| EvidenceError::Directory {
                path: path.to_owned(),
                source,
            })
        };
        make(&directory.join(OBJECTS))?;
        make(&directory.join(REPORTS))?;
        let mut files = BTreeMap::new();
        let mut put = |name: String, bytes: &[u8]| -> Result<(), EngineError> {
            write_atomically(&directory.join(&name), bytes).map_err(EvidenceError::Output)?;
            files.insert(name, RecordedFile::of(bytes));
            Ok(())
        };
        for (digest, bytes) in &self.kept.objects {
            put(format!("{OBJECTS}{}", digest.hex()), bytes)?;
        }
        for (name, bytes) in reports {
            put(format!("{REPORTS}{name}"), bytes)?;
        }
        let answers = self.kept.answers.iter();
        let answers: Vec<RecordedAnswer> = answers
            .map(|(call, answer)| RecordedAnswer {
                call: call.clone(),
                answer: answer.clone(),
            })
            .collect();
        put(RECORDING.to_owned(), &pretty(&answers))?;
        let manifest = Manifest {
            schema_version: SCHEMA_VERSION,
            tool: RecordedTool::this(),
            request: self.request.clone(),
            budget: self.budget,
            files,
        };
        let manifest_bytes = pretty(&manifest);
        write_atomically(&directory.join(MANIFEST), &manifest_bytes)
            .map_err(EvidenceError::Output)?;
        Ok(Evidence {
            manifest: digest_bytes(Algorithm::Sha256, &manifest_bytes),
            files: manifest.files.len() + 1,
        })
    }
}

/// Plain data, which always has a form in JSON.
fn pretty<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// A question and its answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RecordedAnswer {
    pub(crate) call: Call,
    pub(crate) answer: Answer,
}

/// What a bundle says of itself.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Manifest {
    pub(crate) schema_version: u32,
    pub(crate) tool: RecordedTool,
    pub(crate) request: RecordedRequest,
    pub(crate) budget: RecordedBudget,
    pub(crate) files: BTreeMap<String, RecordedFile>,
}

/// The program that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RecordedTool {
    pub(crate) name: String,
    pub(crate) version: String,
    /// What its rules for model files say.
    pub(crate) rule_set: Digest,
}

impl RecordedTool {
    pub(crate) fn this() -> Self {
        Self {
            name: "bonafide".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            rule_set: bonafide_format::rule_set_digest(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RecordedFile {
    pub(crate) digest: Digest,
    pub(crate) size: u64,
}

impl RecordedFile {
    fn of(bytes: &[u8]) -> Self {
        Self {
            digest: digest_bytes(Algorithm::Sha256, bytes),
            size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        }
    }
}

/// The caps of the run: they decide what counts as too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RecordedBudget {
    bytes: u64,
    entries: u64,
    depth: u64,
    document_bytes: u64,
    signatures: u64,
}

impl RecordedBudget {
    fn of(budget: &Budget) -> Self {
        Self {
            bytes: budget.bytes,
            entries: budget.entries,
            depth: u64::try_from(budget.depth).unwrap_or(u64::MAX),
            document_bytes: budget.document_bytes,
            signatures: u64::try_from(budget.signatures).unwrap_or(u64::MAX),
        }
    }

    /// The caps of the run, but never more than ours: a bundle is somebody else's file.
    pub(crate) fn within(&self, ours: &Budget) -> Budget {
        let size = |number: u64, most: usize| {
            usize::try_from(number).map_or(most, |number| number.min(most))
        };
        Budget {
            bytes: self.bytes.min(ours.bytes),
            entries: self.entries.min(ours.entries),
            depth: size(self.depth, ours.depth),
            document_bytes: self.document_bytes.min(ours.document_bytes),
            signatures: size(self.signatures, ours.signatures),
        }
    }
}

/// A [`VerifyRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RecordedRequest {
    target: RecordedName,
    preset: Option<String>,
    /// None for the embedded baseline.
    policy: Option<RecordedName>,
    policy_keys: Vec<RecordedName>,
    policy_identities: Vec<RecordedIdentity>,
    signatures: Vec<RecordedName>,
    boms: Vec<RecordedName>,
    parents: Vec<RecordedName>,
    keys: Vec<RecordedName>,
    certificate_chains: Vec<RecordedName>,
    identities: Vec<RecordedIdentity>,
    trusted_roots: Vec<RecordedName>,
    revocation_lists: Vec<RecordedName>,
    deny_lists: Vec<RecordedName>,
    advisories: Vec<RecordedName>,
    waivers: Vec<RecordedName>,
    purl: Option<String>,
    mode: Option<String>,
    every_file: bool,
    program: Option<Digest>,
    now: Timestamp,
    /// Whether the user said what time it is.
    clock_given: bool,
    previous: Option<RecordedName>,
    roles: Roles,
    claims: Vec<bonafide_weights::Claim>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RecordedIdentity {
    label: String,
    issuer: String,
    subject: RecordedPattern,
    claims: Vec<(String, RecordedPattern)>,
    roots: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RecordedPattern {
    Exact(String),
    Glob(String),
    Regex(String),
}

impl RecordedPattern {
    fn of(pattern: &TextPattern) -> Self {
        match pattern {
            TextPattern::Exact(text) => Self::Exact(text.clone()),
            TextPattern::Glob(glob) => Self::Glob(glob.glob().glob().to_owned()),
            TextPattern::Regex(regex) => {
                // Without the anchors that it gets anew.
                let text = regex.as_str();
                let inner = text
                    .strip_prefix(r"\A(?:")
                    .and_then(|text| text.strip_suffix(r")\z"));
                Self::Regex(inner.unwrap_or(text).to_owned())
            }
        }
    }

    fn restore(&self) -> Result<TextPattern, String> {
        match self {
            Self::Exact(text) => TextPattern::exact(text),
            Self::Glob(text) => TextPattern::glob(text),
            Self::Regex(text) => TextPattern::regex(text),
        }
        .map_err(|error| error.to_string())
    }
}

impl RecordedIdentity {
    fn of(pattern: &IdentityPattern) -> Self {
        Self {
            label: pattern.label.clone(),
            issuer: pattern.issuer.clone(),
            subject: RecordedPattern::of(&pattern.subject),
            claims: pattern
                .claims
                .iter()
                .map(|(claim, value)| (claim.name().to_owned(), RecordedPattern::of(value)))
                .collect(),
            roots: pattern.roots.clone(),
        }
    }

    fn restore(&self) -> Result<IdentityPattern, String> {
        let claim = |name: &String| {
            let mut known = Claim::ALL.into_iter();
            known
                .find(|claim| claim.name() == name)
                .ok_or_else(|| format!("there is no claim `{}`", RawName::from(name.as_str())))
        };
        Ok(IdentityPattern {
            label: self.label.clone(),
            issuer: self.issuer.clone(),
            subject: self.subject.restore()?,
            claims: self
                .claims
                .iter()
                .map(|(name, value)| Ok((claim(name)?, value.restore()?)))
                .collect::<Result<_, String>>()?,
            roots: self.roots.clone(),
        })
    }
}

fn names(paths: &[PathBuf]) -> Vec<RecordedName> {
    let names = paths.iter().map(|path| RecordedName::from(bytes_of(path)));
    names.collect()
}

fn path(name: &RecordedName) -> Result<PathBuf, String> {
    use std::os::unix::ffi::OsStringExt as _;
    let bytes = name.bytes().ok_or("a path is neither text nor bytes")?;
    Ok(PathBuf::from(std::ffi::OsString::from_vec(bytes)))
}

fn paths(names: &[RecordedName]) -> Result<Vec<PathBuf>, String> {
    names.iter().map(path).collect()
}

impl RecordedRequest {
    /// All of it by name, so that what is added to the request cannot be forgotten here.
    pub(crate) fn of(request: &VerifyRequest) -> Result<Self, EvidenceError> {
        let VerifyRequest {
            target,
            policy,
            policy_signers:
                PolicySigners {
                    keys: policy_keys,
                    identities: policy_identities,
                },
            signatures,
            boms,
            parents,
            trust:
                AddedTrust {
                    keys,
                    certificate_chains,
                    identities,
                    trusted_roots,
                },
            revocation_lists,
            deny_lists,
            advisories,
            waivers,
            purl,
            mode,
            digesting,
            program,
            now,
            clock,
            previous,
            roles,
            claims,
            // What was spilled leaves no trace in the answers.
            records_budget: _,
        } = request;
        let recorded = Self {
            target: RecordedName::from(bytes_of(target)),
            preset: match policy {
                PolicyChoice::Preset(name) => Some(name.clone()),
                PolicyChoice::Baseline | PolicyChoice::File(_) => None,
            },
            policy: match policy {
                PolicyChoice::Baseline | PolicyChoice::Preset(_) => None,
                PolicyChoice::File(path) => Some(RecordedName::from(bytes_of(path))),
            },
            policy_keys: names(policy_keys),
            policy_identities: policy_identities.iter().map(RecordedIdentity::of).collect(),
            signatures: names(signatures),
            boms: names(boms),
            parents: names(parents),
            keys: names(keys),
            certificate_chains: names(certificate_chains),
            identities: identities.iter().map(RecordedIdentity::of).collect(),
            trusted_roots: names(trusted_roots),
            revocation_lists: names(revocation_lists),
            deny_lists: names(deny_lists),
            advisories: names(advisories),
            waivers: names(waivers),
            purl: purl.clone(),
            mode: mode.map(|mode| mode.to_string()),
            every_file: *digesting == Digesting::EveryFile,
            program: *program,
            now: *now,
            clock_given: *clock == Clock::Given,
            previous: previous
                .as_ref()
                .map(|path| RecordedName::from(bytes_of(path))),
            roles: roles.clone(),
            claims: claims.clone(),
        };
        recorded
            .restore()
            .map_err(|what| EvidenceError::Request { what })?;
        Ok(recorded)
    }

    /// The request again.
    pub(crate) fn restore(&self) -> Result<VerifyRequest, String> {
        let identities = self.identities.iter().map(RecordedIdentity::restore);
        let policy_identities = self.policy_identities.iter().map(RecordedIdentity::restore);
        Ok(VerifyRequest {
            target: path(&self.target)?,
            policy: match (&self.preset, &self.policy) {
                (None, None) => PolicyChoice::Baseline,
                (Some(preset), None) => PolicyChoice::Preset(preset.clone()),
                (None, Some(name)) => PolicyChoice::File(path(name)?),
                (Some(_), Some(_)) => return Err("both a preset and a policy".to_owned()),
            },
            policy_signers: PolicySigners {
                keys: paths(&self.policy_keys)?,
                identities: policy_identities.collect::<Result<_, String>>()?,
            },
            signatures: paths(&self.signatures)?,
            boms: paths(&self.boms)?,
            parents: paths(&self.parents)?,
            previous: self.previous.as_ref().map(path).transpose()?,
            roles: self.roles.clone(),
            records_budget: DatasetBudget::DEFAULT,
            claims: self.claims.clone(),
            trust: AddedTrust {
                keys: paths(&self.keys)?,
                certificate_chains: paths(&self.certificate_chains)?,
                identities: identities.collect::<Result<_, String>>()?,
                trusted_roots: paths(&self.trusted_roots)?,
            },
            revocation_lists: paths(&self.revocation_lists)?,
            deny_lists: paths(&self.deny_lists)?,
            advisories: paths(&self.advisories)?,
            waivers: paths(&self.waivers)?,
            purl: self.purl.clone(),
            mode: match &self.mode {
                None => None,
                Some(word) => Some(word.parse().map_err(|error| format!("{error}"))?),
            },
            digesting: if self.every_file {
                Digesting::EveryFile
            } else {
                Digesting::AsNeeded
            },
            program: self.program,
            now: self.now,
            clock: if self.clock_given {
                Clock::Given
            } else {
                Clock::System
            },
        })
    }
}
