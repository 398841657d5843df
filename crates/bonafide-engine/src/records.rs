//! The records of a target: what is in them, and whether they are those that were signed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bonafide_attest::{TrustStore, examine};
use bonafide_checks::{Need, RecordFacts, SignatureFacts, SignedRecords};
use bonafide_core::{Look, RawName, ReadAt, ReadError};
use bonafide_dataset::manifest::{Manifest, PREDICATE_TYPE, RecordComparison};
use bonafide_dataset::{Analyses, DatasetBudget, Examination, FileBytes, Files, Listed, Roles};
use bonafide_hash::{EntryKind, ReadFailure, StableFile, Tree};
use bonafide_policy::Policy;
use serde::{Deserialize, Serialize};

use crate::Work;
use crate::error::{EngineError, raw};
use crate::verify::VerifyRequest;

/// The files of a tree, as a dataset.
pub(crate) struct TreeFiles<'t> {
    tree: &'t Tree,
    listed: Vec<Listed>,
}

/// A file of the tree.
struct Open(StableFile);

impl ReadAt for Open {
    fn size(&self) -> u64 {
        self.0.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        self.0.read_exact(buffer, offset).map_err(failed)
    }
}

fn failed(failure: ReadFailure) -> ReadError {
    ReadError::Failed {
        reason: failure.to_string(),
    }
}

impl<'t> TreeFiles<'t> {
    /// Every regular file of the tree but those of `left_out`.
    pub(crate) fn of(tree: &'t Tree, left_out: &BTreeSet<RawName>) -> Self {
        let files = tree.entries().iter().filter_map(|entry| match entry.kind {
            EntryKind::File { size, .. } if !left_out.contains(&entry.name) => Some(Listed {
                name: entry.name.clone(),
                size,
            }),
            _ => None,
        });
        let mut listed: Vec<Listed> = files.collect();
        listed.sort_by(|one, other| one.name.cmp(&other.name));
        Self { tree, listed }
    }

    /// Why what was read may not be one state of the files; none if every file is still the
    /// one of the listing.
    pub(crate) fn changed(&self) -> Option<String> {
        let mut files = self.listed.iter();
        files.find_map(|listed| {
            let file = self.tree.file(&listed.name);
            let unchanged = file.and_then(|file| file.ensure_unchanged());
            let failure = unchanged.err()?;
            Some(format!("`{}`: {failure}", listed.name))
        })
    }
}

impl Files for TreeFiles<'_> {
    fn list(&self) -> &[Listed] {
        &self.listed
    }

    fn open(&self, index: usize) -> Result<FileBytes, ReadError> {
        let listed = self.listed.get(index).ok_or(ReadError::Failed {
            reason: format!("there is no file {index}"),
        })?;
        let file = self.tree.file(&listed.name).map_err(failed)?;
        Ok(Arc::new(Open(file)))
    }
}

/// A record manifest of an earlier version, and where the list of its records is.
pub(crate) struct EarlierManifest {
    pub(crate) manifest: Manifest,
    pub(crate) list: PathBuf,
}

/// What is asked about the records of a tree.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct RecordQuestion<'q> {
    /// Ways to look.
    pub(crate) analyses: &'q Analyses,
    /// What the user says of the columns.
    pub(crate) roles: &'q Roles,
    /// Manifests that the records are held against.
    pub(crate) manifests: Vec<&'q Manifest>,
    /// The earlier version, or why it cannot be used.
    pub(crate) earlier: Option<Result<&'q Manifest, &'q str>>,
    /// Where the list of its records is.
    #[serde(skip)]
    pub(crate) list: Option<&'q Path>,
    /// What it may cost.
    #[serde(skip)]
    pub(crate) budget: &'q DatasetBudget,
    /// Files of the tree that are no data: signatures.
    #[serde(skip)]
    pub(crate) left_out: BTreeSet<RawName>,
}

/// What the records answer.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct RecordAnswer {
    pub(crate) examination: Look<Examination>,
    pub(crate) comparisons: Vec<Look<RecordComparison>>,
}

/// What checks want to know of the records.
pub(crate) fn facts(
    request: &VerifyRequest,
    policy: &Policy,
    tree: &Tree,
    signatures: &[SignatureFacts],
    store: &TrustStore,
    work: Work<'_>,
) -> Result<RecordFacts, EngineError> {
    let needs = policy.needs();
    let analyses: Analyses = needs
        .iter()
        .filter_map(|need| match need {
            Need::Records(analysis) => Some(*analysis),
            _ => None,
        })
        .collect();
    let mut signed = Vec::new();
    if needs.contains(&Need::SignedRecords) {
        let numbered = signatures.iter().enumerate();
        signed.extend(numbered.filter_map(|(index, known)| Some((index, manifest_of(known)?))));
    }
    if analyses.is_empty() && signed.is_empty() {
        return Ok(RecordFacts::default());
    }
    let earlier = match &request.previous {
        None => None,
        Some(path) => Some(trusted_manifest(path, store, request, work)?),
    };
    let question = RecordQuestion {
        analyses: &analyses,
        roles: &request.roles,
        manifests: signed
            .iter()
            .filter_map(|(_, manifest)| manifest.as_ref().ok())
            .collect(),
        earlier: earlier.as_ref().map(|earlier| match earlier {
            Ok(earlier) => Ok(&earlier.manifest),
            Err(reason) => Err(reason.as_str()),
        }),
        list: earlier
            .as_ref()
            .and_then(|earlier| Some(earlier.as_ref().ok()?.list.as_path())),
        budget: &request.records_budget,
        left_out: signatures
            .iter()
            .filter_map(|known| known.inside.clone())
            .collect(),
    };
    let answer = work.records(&request.target, tree, &question)?;
    let mut comparisons = answer.comparisons.into_iter();
    let manifests = signed
        .into_iter()
        .map(|(signature, manifest)| match manifest {
            Ok(manifest) => SignedRecords {
                signature,
                digest: manifest.digest().hex(),
                previous: manifest
                    .previous
                    .as_ref()
                    .map(|previous| previous.digest.hex()),
                created: manifest.created,
                comparison: comparisons.next().unwrap_or_default(),
            },
            Err(reason) => SignedRecords {
                signature,
                digest: String::new(),
                previous: None,
                created: None,
                comparison: Look::Unable(reason),
            },
        });
    Ok(RecordFacts {
        examination: answer.examination,
        manifests: manifests.collect(),
    })
}

/// The record manifest that a verified statement holds, or why it cannot be used.
fn manifest_of(signature: &SignatureFacts) -> Option<Result<Manifest, String>> {
    let statement = signature.verified()?.get().statement()?;
    if statement.predicate_type != PREDICATE_TYPE {
        return None;
    }
    let Some(predicate) = statement.predicate.raw() else {
        return Some(Err("the statement holds no manifest".to_owned()));
    };
    let bytes = serde_json::to_vec(predicate).unwrap_or_default();
    Some(Manifest::parse(&bytes).map_err(|error| error.to_string()))
}

/// The manifest in a signed statement that somebody whom the policy trusts has signed, or
/// why there is none: what nobody signed is no version to compare with.
fn trusted_manifest(
    path: &Path,
    store: &TrustStore,
    request: &VerifyRequest,
    work: Work<'_>,
) -> Result<Result<EarlierManifest, String>, EngineError> {
    let bytes = work.read(path, work.budget.document_bytes)?;
    let mut reason = "holds no signed record manifest".to_owned();
    for examination in examine(&bytes, store, request.now) {
        let facts = SignatureFacts {
            source: raw(path),
            inside: None,
            digest: bonafide_attest::Examination::digest(&bytes),
            examination,
        };
        match manifest_of(&facts) {
            Some(Ok(manifest)) => {
                let list = list_beside(path);
                return Ok(Ok(EarlierManifest { manifest, list }));
            }
            Some(Err(error)) => reason = error,
            None if facts.verified().is_none() => {
                reason = "is not signed by anybody whom the policy trusts".to_owned();
            }
            None => {}
        }
    }
    Ok(Err(format!("`{}` {reason}", raw(path))))
}

/// Where the list of the records of a manifest is: `data.records` beside `data.json`, and
/// the same beside `data.intoto.json`.
pub(crate) fn list_beside(manifest: &Path) -> PathBuf {
    let name = manifest
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let endings = [
        ".intoto.jsonl",
        ".intoto.json",
        ".manifest.json",
        ".jsonl",
        ".json",
    ];
    let stem = endings.iter().find_map(|ending| name.strip_suffix(ending));
    manifest.with_file_name(format!("{}.records", stem.unwrap_or(&name)))
}
