//! Verification summaries (SLSA VSA v1): signing ours, and deciding by somebody's.
//!
//! A summary says what a verifier concluded about an artifact. It spares whoever trusts
//! that verifier the work; so everything of it counts: who signed, as which verifier, about
//! which bytes, as which resource, by which policy, and when.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use bonafide_attest::attestation::{self, Statement, is_envelope};
use bonafide_attest::predicate::{
    Predicate, StatedResult, SubjectDigest, VerificationSummary, VerificationSummaryVersion,
};
use bonafide_attest::statement::Subject;
use bonafide_attest::{
    Category, Conclusion, IdentityPattern, SigstoreRoot, TrustStore, examine, is_bundle,
};
use bonafide_core::{Algorithm, Digest, RawName, excerpt};
use bonafide_source::read_document;
use jiff::{SignedDuration, Timestamp};

use crate::Work;
use crate::digest::{DigestRequest, digest};
use crate::error::{EngineError, Product};
use crate::key_file::KeyFile;
use crate::signable::refuse_overwriting;

/// By how much the clocks of verifier and gate may differ.
const SKEW: SignedDuration = SignedDuration::from_secs(60);

/// Name of the OMS root among the digests of a subject. It is no digest of bytes: were it
/// called `sha256`, a file that holds the digests of others would pass for the directory.
const ROOT_DIGEST: &str = "omsRootSha256";

/// Members of the predicate of a VSA v1, and of `verifier` in it.
const MEMBERS: [&str; 9] = [
    "dependencyLevels",
    "inputAttestations",
    "policy",
    "resourceUri",
    "slsaVersion",
    "timeVerified",
    "verificationResult",
    "verifiedLevels",
    "verifier",
];

/// What of whom to accept for what.
#[derive(Debug, Clone)]
pub struct VsaRequest {
    /// The signed summary.
    pub summary: PathBuf,
    /// What has to be its subject.
    pub subject: VsaSubject,
    /// What the artifact has to have been verified as.
    pub resource_uri: String,
    /// Who may say so: a signer, and the one verifier that they may speak for.
    pub pairs: Vec<VsaPair>,
    /// Trusted roots of Sigstore deployments, instead of the embedded one.
    pub trusted_roots: Vec<PathBuf>,
    /// How old it may be.
    pub max_age: SignedDuration,
    /// Levels that it has to name.
    pub levels: Vec<String>,
    /// The policy that has to have been applied, if only one will do.
    pub policy: Option<Digest>,
    /// The clock.
    pub now: Timestamp,
}

/// A signer, and whom they may speak for.
#[derive(Debug, Clone)]
pub struct VsaPair {
    /// Who signs.
    pub signer: VsaSigner,
    /// `verifier.id`, exactly.
    pub verifier: String,
}

/// Who signs a summary.
#[derive(Debug, Clone)]
pub enum VsaSigner {
    /// The holder of this public key (PEM).
    Key(PathBuf),
    /// This identity.
    Identity(Box<IdentityPattern>),
}

/// What a summary has to be about.
#[derive(Debug, Clone)]
pub enum VsaSubject {
    /// Whatever has this digest: nothing is read but the summary.
    Digest(Digest),
    /// The directory whose files have this OMS root digest; likewise.
    Root(Digest),
    /// The files of this directory, or this file, which are hashed.
    Target(PathBuf),
}

/// A summary that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VsaAccepted {
    /// Who signed it.
    pub signer: String,
    /// As which verifier.
    pub verifier: String,
    /// When the artifact was verified.
    pub time: Timestamp,
    /// By which policy.
    pub policy: String,
    /// Levels that it names.
    pub levels: Vec<String>,
    /// Files of the target that no digest was compared of: signatures, and what the format
    /// of model signatures leaves out.
    pub left_out: Vec<RawName>,
}

/// Why a summary does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VsaRefusal {
    /// Not signed by anybody who may.
    #[error("the signature does not count ({category}): {reason}")]
    Signature {
        /// What part of it.
        category: &'static str,
        /// Why.
        reason: String,
    },
    /// The signer speaks for somebody else.
    #[error(
        "it speaks for verifier `{}`, and its signer ({signer}) may speak for `{}`",
        RawName::from(found.as_str()),
        RawName::from(expected.as_str())
    )]
    Verifier {
        /// Who signed.
        signer: String,
        /// `verifier.id` of the summary.
        found: String,
        /// Whom the signer may speak for.
        expected: String,
    },
    /// A statement of another type.
    #[error("it is no verification summary v1: its predicate is of type `{}`", RawName::from(predicate_type.as_str()))]
    Type {
        /// Its type.
        predicate_type: String,
    },
    /// A member that the format does not have.
    #[error("its predicate has the member `{}`, which is neither of the format nor an extension named by a URI", RawName::from(member.as_str()))]
    Member {
        /// The member.
        member: String,
    },
    /// About other bytes.
    #[error("it is not about this artifact: {reason}")]
    Subject {
        /// What does not fit.
        reason: String,
    },
    /// Verified as something else.
    #[error(
        "it was verified as `{}`, not as `{}`",
        RawName::from(found.as_str()),
        RawName::from(expected.as_str())
    )]
    Resource {
        /// `resourceUri` of the summary.
        found: String,
        /// What was asked for.
        expected: String,
    },
    /// Verification failed.
    #[error("the verifier did not let it pass")]
    Failed,
    /// It does not say when.
    #[error("it does not say when the artifact was verified")]
    Undated,
    /// Too old.
    #[error("it was verified at {time}, and was to be renewed by {until}")]
    Expired {
        /// When.
        time: Timestamp,
        /// Until when that would have counted.
        until: String,
    },
    /// Later than now.
    #[error("it was verified at {time}, which is in the future")]
    Future {
        /// When.
        time: Timestamp,
    },
    /// By another policy.
    #[error("it was verified by policy {found}, not by {expected}")]
    Policy {
        /// What the summary says.
        found: String,
        /// What was asked for.
        expected: Digest,
    },
    /// A level is not reached.
    #[error("it does not name the level `{}`", RawName::from(level.as_str()))]
    Level {
        /// Which.
        level: String,
    },
}

/// Signs a statement that was put together elsewhere: a DSSE envelope, as JSON text.
///
/// # Errors
///
/// An output that would replace another file; a statement that no verifier would read; a
/// key that cannot sign.
pub fn sign_statement(
    payload: &[u8],
    key: &KeyFile,
    output: &Path,
    target: &Path,
    work: Work<'_>,
) -> Result<Vec<u8>, EngineError> {
    refuse_overwriting(
        output,
        target,
        Product::Attestation,
        is_envelope,
        work.budget,
    )?;
    let statement = Statement::of_payload(payload.to_vec())?;
    Ok(attestation::sign(&statement, &key.read(work.budget)?)?)
}

/// Decides by a summary.
///
/// # Errors
///
/// A file that is no signed statement at all; a key, root or target that cannot be read.
pub fn verify_vsa(
    request: &VsaRequest,
    work: Work<'_>,
) -> Result<Result<VsaAccepted, VsaRefusal>, EngineError> {
    let bytes = read_document(&request.summary, work.budget.document_bytes)?;
    if !is_envelope(&bytes) && !is_bundle(&bytes) {
        return Err(EngineError::NotASummary {
            path: request.summary.clone(),
        });
    }
    let mut refusal = None;
    for pair in &request.pairs {
        match by_pair(request, pair, &bytes, work)? {
            Ok((signer, statement)) => {
                return settle(request, signer, &statement, work);
            }
            // The one that got furthest tells most.
            Err(other @ VsaRefusal::Verifier { .. }) => refusal = Some(other),
            Err(other) => refusal = refusal.or(Some(other)),
        }
    }
    Ok(Err(refusal.unwrap_or_else(|| VsaRefusal::Signature {
        category: "untrusted",
        reason: "nobody is named who may sign".to_owned(),
    })))
}

type Signed = (String, Box<bonafide_attest::statement::Statement>);

/// What the signer of this pair says, as the verifier of this pair. Each pair has a trust
/// store of its own: no signer can speak for the verifier of another.
fn by_pair(
    request: &VsaRequest,
    pair: &VsaPair,
    bytes: &[u8],
    work: Work<'_>,
) -> Result<Result<Signed, VsaRefusal>, EngineError> {
    let store = store(request, &pair.signer, work)?;
    let refuse = |category: &'static str, reason: String| {
        Ok(Err(VsaRefusal::Signature { category, reason }))
    };
    let examined = examine(bytes, &store, request.now);
    let [examination] = examined.as_slice() else {
        return refuse(
            "structure",
            format!("the file holds {} signatures, not one", examined.len()),
        );
    };
    let Conclusion::Verified(verified) = &examination.conclusion else {
        let category = examination.conclusion.category();
        return refuse(
            category.map_or("unknown", Category::name),
            examination.conclusion.to_string(),
        );
    };
    let Some(statement) = verified.get().statement() else {
        return refuse("structure", "it signs no statement".to_owned());
    };
    let Predicate::VerificationSummary(summary) = &statement.predicate else {
        return Ok(Err(VsaRefusal::Type {
            predicate_type: excerpt(&statement.predicate_type, 100),
        }));
    };
    let signer = verified.signer().to_string();
    if summary.verifier != pair.verifier {
        return Ok(Err(VsaRefusal::Verifier {
            signer,
            found: excerpt(&summary.verifier, 300),
            expected: pair.verifier.clone(),
        }));
    }
    Ok(Ok((signer, Box::new(statement.clone()))))
}

fn store(
    request: &VsaRequest,
    signer: &VsaSigner,
    work: Work<'_>,
) -> Result<TrustStore, EngineError> {
    let mut store = TrustStore::new();
    match signer {
        VsaSigner::Key(path) => {
            let pem = read_document(path, work.budget.document_bytes)?;
            let name = RawName::from(path.as_path()).to_string();
            store
                .add_key(&name, &pem)
                .map_err(|source| EngineError::Trust {
                    path: path.clone(),
                    source,
                })?;
        }
        VsaSigner::Identity(pattern) => store.add_identity((**pattern).clone()),
    }
    for path in &request.trusted_roots {
        let json = read_document(path, work.budget.document_bytes)?;
        let label = RawName::from(path.as_path()).to_string();
        store.add_root(SigstoreRoot::from_json(&label, &json).map_err(|source| {
            EngineError::Trust {
                path: path.clone(),
                source: source.into(),
            }
        })?);
    }
    if request.trusted_roots.is_empty() {
        store.add_root(SigstoreRoot::embedded("public-good").map_err(EngineError::EmbeddedRoot)?);
    }
    Ok(store)
}

/// Everything but signer and verifier.
fn settle(
    request: &VsaRequest,
    signer: String,
    statement: &bonafide_attest::statement::Statement,
    work: Work<'_>,
) -> Result<Result<VsaAccepted, VsaRefusal>, EngineError> {
    let Predicate::VerificationSummary(summary) = &statement.predicate else {
        return Ok(Err(VsaRefusal::Type {
            predicate_type: excerpt(&statement.predicate_type, 100),
        }));
    };
    let time = match judge(request, summary, &statement.predicate_type) {
        Ok(time) => time,
        Err(refusal) => return Ok(Err(refusal)),
    };
    // Last, because it may mean to read all of the artifact.
    let left_out = match about(&request.subject, &statement.subjects, work)? {
        Ok(left_out) => left_out,
        Err(reason) => return Ok(Err(VsaRefusal::Subject { reason })),
    };
    Ok(Ok(VsaAccepted {
        signer,
        verifier: summary.verifier.clone(),
        time,
        policy: policy_words(summary),
        levels: summary.verified_levels.clone(),
        left_out,
    }))
}

/// Holds what the summary says against what is asked; gives the time of verification.
fn judge(
    request: &VsaRequest,
    summary: &VerificationSummary,
    predicate_type: &str,
) -> Result<Timestamp, VsaRefusal> {
    if summary.version != VerificationSummaryVersion::V1 {
        return Err(VsaRefusal::Type {
            predicate_type: excerpt(predicate_type, 100),
        });
    }
    check_members(&summary.raw)?;
    if summary.resource_uri != request.resource_uri {
        return Err(VsaRefusal::Resource {
            found: excerpt(&summary.resource_uri, 300),
            expected: request.resource_uri.clone(),
        });
    }
    if summary.result != StatedResult::Passed {
        return Err(VsaRefusal::Failed);
    }
    let time = summary.time_verified.ok_or(VsaRefusal::Undated)?;
    let age = request.now.duration_since(time);
    if age < -SKEW {
        return Err(VsaRefusal::Future { time });
    }
    if age > request.max_age {
        let until = time.checked_add(request.max_age);
        return Err(VsaRefusal::Expired {
            time,
            until: until.map_or_else(|_| "then".to_owned(), |until| until.to_string()),
        });
    }
    if let Some(expected) = request.policy {
        let mut digests = summary.policy.digests.iter();
        if !digests.any(|digest| digest.known() == Some(&expected)) {
            let found = policy_words(summary);
            return Err(VsaRefusal::Policy { found, expected });
        }
    }
    let mut levels = request.levels.iter();
    match levels.find(|level| !summary.verified_levels.contains(level)) {
        Some(level) => Err(VsaRefusal::Level {
            level: level.clone(),
        }),
        None => Ok(time),
    }
}

/// A member that we do not know could say that the rest does not count. Extensions have
/// the name of a URI (in-toto attestation v1, "Parsing rules"), so that nobody takes one
/// for a member of a later edition.
fn check_members(predicate: &serde_json::Value) -> Result<(), VsaRefusal> {
    let is_uri = |name: &str| {
        name.split_once(':').is_some_and(|(scheme, rest)| {
            let mut letters = scheme.bytes();
            letters
                .next()
                .is_some_and(|first| first.is_ascii_alphabetic())
                && letters.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
                && !rest.is_empty()
        })
    };
    let members = |value: Option<&serde_json::Value>| -> Vec<String> {
        let object = value.and_then(serde_json::Value::as_object);
        object.map_or_else(Vec::new, |object| object.keys().cloned().collect())
    };
    let top = members(Some(predicate));
    let verifier = members(predicate.get("verifier"));
    let top = top
        .into_iter()
        .filter(|name| !MEMBERS.contains(&name.as_str()));
    let verifier = verifier
        .into_iter()
        .filter(|name| !["id", "version"].contains(&name.as_str()));
    match top.chain(verifier).find(|name| !is_uri(name)) {
        Some(member) => Err(VsaRefusal::Member {
            member: excerpt(&member, 100),
        }),
        None => Ok(()),
    }
}

fn policy_words(summary: &VerificationSummary) -> String {
    let uri = summary.policy.uri.as_deref().unwrap_or_default();
    let mut digests = summary.policy.digests.iter();
    let digest = digests.find_map(SubjectDigest::known);
    let uri = RawName::from(excerpt(uri, 300).as_str());
    match digest {
        Some(digest) => format!("`{uri}` ({digest})"),
        None => format!("`{uri}` (without a digest)"),
    }
}

/// What no digest was compared of, if the summary is about the artifact; else why it is not.
fn about(
    subject: &VsaSubject,
    subjects: &[Subject],
    work: Work<'_>,
) -> Result<Result<Vec<RawName>, String>, EngineError> {
    let stated: BTreeSet<Digest> = subjects
        .iter()
        .flat_map(|subject| &subject.digests)
        .filter_map(|digest| digest.known().copied())
        .collect();
    let has_root = |root: &Digest| {
        let mut digests = subjects.iter().flat_map(|subject| &subject.digests);
        digests.any(|digest| match digest {
            SubjectDigest::Unknown { name, value } => name == ROOT_DIGEST && *value == root.hex(),
            SubjectDigest::Known(_) | SubjectDigest::Weak { .. } => false,
        })
    };
    let decided = |is_subject: bool, what: String| {
        Ok(if is_subject {
            Ok(Vec::new())
        } else {
            Err(format!("none of its subjects is {what}"))
        })
    };
    let path = match subject {
        VsaSubject::Digest(digest) => return decided(stated.contains(digest), digest.to_string()),
        VsaSubject::Root(digest) => {
            return decided(has_root(digest), format!("the directory of root {digest}"));
        }
        VsaSubject::Target(path) => path,
    };
    let mut algorithms = vec![Algorithm::Sha256];
    algorithms.extend(stated.iter().map(Digest::algorithm));
    algorithms.sort();
    algorithms.dedup();
    // The root is one by SHA-256, whatever other digests files have.
    algorithms.sort_by_key(|algorithm| *algorithm != Algorithm::Sha256);
    let digests = digest(
        &DigestRequest {
            target: path.clone(),
            algorithms,
            shard_size: None,
        },
        work,
    )?;
    if let Some((name, reason)) = digests.without_digest.first() {
        return Ok(Err(format!("`{name}` {reason}")));
    }
    if digests.files.is_empty() {
        return Ok(Err("there is no file".to_owned()));
    }
    if digests.root.as_ref().is_some_and(has_root) {
        return Ok(Ok(digests.left_out));
    }
    let here: BTreeSet<Digest> = digests
        .files
        .iter()
        .flat_map(|file| file.digests.iter().copied())
        .collect();
    let stranger = digests
        .files
        .iter()
        .find(|file| !file.digests.iter().any(|digest| stated.contains(digest)));
    if let Some(file) = stranger {
        let name = RawName::from(file.name.as_str());
        return Ok(Err(format!("none of its subjects is `{name}`")));
    }
    let missing = subjects.iter().find(|subject| {
        let mut known = subject
            .digests
            .iter()
            .filter_map(SubjectDigest::known)
            .peekable();
        known.peek().is_some() && !known.any(|digest| here.contains(digest))
    });
    Ok(match missing {
        Some(subject) => {
            let name = subject.name.clone().unwrap_or_else(|| RawName::from("?"));
            Err(format!("its subject `{name}` is not here"))
        }
        None => Ok(digests.left_out),
    })
}
