//! Signed policies: who vouches for the demands themselves.
//!
//! A signature of a policy is an in-toto Statement v1 in a DSSE envelope, beside the policy.
//! Its subjects are the policy and every file that the policy names and that nobody else
//! vouches for: what it extends, its waivers, keys, authorities, trusted roots, deny-lists and
//! custom rules. Each is bound by its name and its SHA-256, so that one signed file cannot take
//! the place of another. Revocation lists stay out: their issuers sign them, and they change
//! more often than a policy.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use bonafide_attest::attestation::{AttestError, Statement, Subject, is_envelope, sign};
use bonafide_attest::predicate::SubjectDigest;
use bonafide_attest::statement::{Statement as Stated, StatementVersion};
use bonafide_attest::{
    Conclusion, Examination, IdentityPattern, SigstoreRoot, TrustError, TrustStore, examine,
};
use bonafide_core::{Digest, RawName};
use bonafide_source::DocumentError;
use jiff::Timestamp;
use serde_json::json;

use crate::Work;
use crate::error::{EngineError, Product, raw};
use crate::key_file::KeyFile;
use crate::policy::{self, Texts};
use crate::signable::refuse_overwriting;
use crate::trust::with_cause;

/// What a signed statement about a policy says of its subjects: a part of this project's own
/// package URL, which needs nobody's domain.
pub const POLICY_PREDICATE_TYPE: &str = "pkg:generic/bonafide#policy/v1";

/// What the name of a signature ends in, after the whole name of the policy. No ending by which
/// signatures of models are found.
const ENDING: &str = ".signature.json";

/// Largest signature of a policy in bytes.
const SIGNATURE_BYTES: u64 = 1 << 20;

/// Largest file that a policy names, in bytes.
const NAMED_BYTES: u64 = 64 << 20;

/// Who has to have signed the policy of a run. Any one of them is enough; with nobody in it, no
/// signature is asked for.
#[derive(Debug, Clone, Default)]
pub struct PolicySigners {
    /// PEM public keys.
    pub keys: Vec<PathBuf>,
    /// Signers by identity, whose signature is a Sigstore bundle.
    pub identities: Vec<IdentityPattern>,
}

impl PolicySigners {
    /// True if no signature is asked for.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.identities.is_empty()
    }
}

/// Why a policy is not taken for signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PolicySignatureError {
    /// Neither has it a signature, nor does that of the policy list it.
    #[error("{file}: is not signed: there is no {signature}{}", if *.is_named { ", and the signature of the policy does not list it" } else { "" })]
    Missing {
        /// Which file.
        file: RawName,
        /// Where its signature would be.
        signature: RawName,
        /// True if the policy could have vouched for it.
        is_named: bool,
    },
    /// It comes with the program.
    #[error("`{name}` comes with this program, and nobody signed it")]
    Preset {
        /// Its name.
        name: String,
    },
    /// The signature cannot be read.
    #[error("{}: the signature cannot be read", raw(path))]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: DocumentError,
    },
    /// No signature in it is valid and of a trusted signer.
    #[error("{signature}: the signature is refused: {reason}")]
    Refused {
        /// Which file.
        signature: RawName,
        /// Why.
        reason: String,
    },
    /// A statement about something else.
    #[error("{signature}: is signed, but states {found}, not that {file} is a policy")]
    Statement {
        /// Which file.
        signature: RawName,
        /// What it states.
        found: String,
        /// What it should be about.
        file: RawName,
    },
    /// The file is none of its subjects.
    #[error("{signature}: is about {found}, not about {file}")]
    Subject {
        /// Which file.
        signature: RawName,
        /// What it is about.
        found: String,
        /// What it should be about.
        file: RawName,
    },
    /// The file has other bytes.
    #[error(
        "{file}: has changed since it was signed: it has {found}, and {signature} names {stated}"
    )]
    Changed {
        /// Which file.
        file: RawName,
        /// What it has now.
        found: Digest,
        /// Which signature.
        signature: RawName,
        /// What was signed.
        stated: Digest,
    },
    /// A name that cannot be a subject.
    #[error("{file}: cannot be signed: {reason}")]
    Name {
        /// Which file.
        file: RawName,
        /// Why.
        reason: &'static str,
    },
}

impl PolicySignatureError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Missing { .. } => {
                "sign it with `bonafide policy sign`, or leave out `--policy-key` and `--policy-identity`"
            }
            Self::Preset { .. } => {
                "name a signed policy with `--policy`, or leave out `--policy-key` and `--policy-identity`"
            }
            Self::Refused { .. } => {
                "get the policy from its author again, or name the right signer with `--policy-key`"
            }
            Self::Statement { .. } | Self::Subject { .. } => {
                "a signature of a policy is made by `bonafide policy sign`, and named after it"
            }
            Self::Changed { .. } => {
                "if the change is meant, sign it anew with `bonafide policy sign`"
            }
            Self::Unreadable { .. } | Self::Name { .. } => return None,
        })
    }
}

/// Where the signature of a policy is.
#[must_use]
pub fn policy_signature_path(policy: &Path) -> PathBuf {
    let mut name = policy.as_os_str().to_owned();
    name.push(ENDING);
    PathBuf::from(name)
}

/// A file that a verified signature vouches for.
struct Vouched {
    path: PathBuf,
    digest: Digest,
    signature: RawName,
}

/// Sees every file of which a policy is made before it is used.
pub(crate) struct Guard<'a> {
    watch: Watch,
    now: Timestamp,
    work: Work<'a>,
}

enum Watch {
    /// No signature is asked for.
    Off,
    /// Every file has to be signed.
    Demanded {
        store: Box<TrustStore>,
        vouched: RefCell<Vec<Vouched>>,
        signer: RefCell<Option<String>>,
    },
    /// To be signed: what was read is noted.
    Noting(RefCell<Vec<(PathBuf, Digest)>>),
}

impl<'a> Guard<'a> {
    /// Demands a signature of one of these; of nobody, none.
    pub(crate) fn demanding(
        signers: &PolicySigners,
        trusted_roots: &[PathBuf],
        now: Timestamp,
        work: Work<'a>,
    ) -> Result<Self, EngineError> {
        if signers.is_empty() {
            return Ok(Self::off(work));
        }
        let limit = work.budget.document_bytes;
        let mut store = TrustStore::new();
        let failed = |path: &Path, source: TrustError| EngineError::Trust {
            path: path.to_owned(),
            source,
        };
        for path in &signers.keys {
            let pem = work.read(path, limit)?;
            store
                .add_key(&raw(path).to_string(), &pem)
                .map_err(|error| failed(path, error))?;
        }
        let mut roots = Vec::new();
        if !signers.identities.is_empty() {
            if trusted_roots.is_empty() {
                roots.push(
                    SigstoreRoot::embedded("public-good").map_err(EngineError::EmbeddedRoot)?,
                );
            }
            for path in trusted_roots {
                let json = work.read(path, limit)?;
                let root = SigstoreRoot::from_json(&raw(path).to_string(), &json);
                roots.push(root.map_err(|error| failed(path, error.into()))?);
            }
        }
        let labels: Vec<String> = roots.iter().map(|root| root.label().to_owned()).collect();
        for pattern in &signers.identities {
            let mut pattern = pattern.clone();
            pattern.roots.clone_from(&labels);
            store.add_identity(pattern);
        }
        for root in roots {
            store.add_root(root);
        }
        Ok(Self {
            watch: Watch::Demanded {
                store: Box::new(store),
                vouched: RefCell::default(),
                signer: RefCell::default(),
            },
            now,
            work,
        })
    }

    /// Lets everything pass.
    pub(crate) const fn off(work: Work<'a>) -> Self {
        Self {
            watch: Watch::Off,
            now: Timestamp::UNIX_EPOCH,
            work,
        }
    }

    fn noting(now: Timestamp, work: Work<'a>) -> Self {
        Self {
            watch: Watch::Noting(RefCell::default()),
            now,
            work,
        }
    }

    /// Reads a file; that it may be used, [`Guard::admit`] says.
    pub(crate) fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, DocumentError> {
        self.work.read(path, limit)
    }

    /// True if there is nothing to look at.
    pub(crate) const fn is_off(&self) -> bool {
        matches!(self.watch, Watch::Off)
    }

    /// Who signed the policy, if that was asked for: whoever signed what was seen first.
    pub(crate) fn signer(&self) -> Option<String> {
        match &self.watch {
            Watch::Demanded { signer, .. } => signer.borrow().clone(),
            Watch::Off | Watch::Noting(_) => None,
        }
    }

    /// A preset cannot be what was asked for.
    pub(crate) fn refuse_preset(&self, name: &str) -> Result<(), PolicySignatureError> {
        match self.watch {
            Watch::Demanded { .. } => Err(PolicySignatureError::Preset {
                name: name.to_owned(),
            }),
            Watch::Off | Watch::Noting(_) => Ok(()),
        }
    }

    /// Reads a file that the policy names, to see that it is signed.
    pub(crate) fn admit_named(&self, path: &Path) -> Result<(), String> {
        let bytes = self
            .read(path, NAMED_BYTES)
            .map_err(|error| with_cause(&error))?;
        self.admit(path, &bytes).map_err(|error| with_cause(&error))
    }

    /// Lets the bytes of a file pass, or says why not.
    pub(crate) fn admit(&self, path: &Path, bytes: &[u8]) -> Result<(), PolicySignatureError> {
        let digest = Examination::digest(bytes);
        match &self.watch {
            Watch::Off => Ok(()),
            Watch::Noting(noted) => {
                noted.borrow_mut().push((path.to_owned(), digest));
                Ok(())
            }
            Watch::Demanded {
                store,
                vouched,
                signer,
            } => {
                // These very bytes under this name: no other signature is asked.
                let is_known = |known: &Vouched| known.path == path && known.digest == digest;
                if vouched.borrow().iter().any(is_known) {
                    return Ok(());
                }
                let (subjects, by) = self.own_signature(store, path, &vouched.borrow(), digest)?;
                let own = subjects.iter().find(|known| known.path == path);
                if let Some(own) = own.filter(|own| own.digest != digest) {
                    return Err(own.changed(digest));
                }
                vouched.borrow_mut().extend(subjects);
                signer.borrow_mut().get_or_insert(by);
                Ok(())
            }
        }
    }

    /// What the signature beside a file vouches for, the file among it, and whose it is.
    fn own_signature(
        &self,
        store: &TrustStore,
        path: &Path,
        vouched: &[Vouched],
        digest: Digest,
    ) -> Result<(Vec<Vouched>, String), PolicySignatureError> {
        let place = policy_signature_path(path);
        match self.read(&place, SIGNATURE_BYTES) {
            Ok(signature) => statement(store, path, &place, &signature, self.now),
            Err(DocumentError::Unreadable { source, .. })
                if source.kind() == ErrorKind::NotFound =>
            {
                Err(match vouched.iter().find(|known| known.path == path) {
                    Some(known) => known.changed(digest),
                    None => PolicySignatureError::Missing {
                        file: raw(path),
                        signature: raw(&place),
                        is_named: !vouched.is_empty(),
                    },
                })
            }
            Err(source) => Err(PolicySignatureError::Unreadable {
                path: place,
                source,
            }),
        }
    }
}

impl Vouched {
    fn changed(&self, found: Digest) -> PolicySignatureError {
        PolicySignatureError::Changed {
            file: raw(&self.path),
            found,
            signature: self.signature.clone(),
            stated: self.digest,
        }
    }
}

/// What a signature vouches for, and who made it. The file has to be among it.
fn statement(
    store: &TrustStore,
    file: &Path,
    signature: &Path,
    bytes: &[u8],
    now: Timestamp,
) -> Result<(Vec<Vouched>, String), PolicySignatureError> {
    let mut refusal = None;
    for examination in examine(bytes, store, now) {
        let verified = match examination.conclusion {
            Conclusion::Verified(verified) => verified,
            other => {
                refusal.get_or_insert_with(|| PolicySignatureError::Refused {
                    signature: raw(signature),
                    reason: other.to_string(),
                });
                continue;
            }
        };
        let stated = verified.get().statement();
        let right = stated.filter(|stated| {
            stated.version == StatementVersion::V1 && stated.predicate_type == POLICY_PREDICATE_TYPE
        });
        let Some(stated) = right else {
            refusal = Some(PolicySignatureError::Statement {
                signature: raw(signature),
                found: match stated {
                    Some(stated) => {
                        format!("`{}`", RawName::from(stated.predicate_type.as_str()))
                    }
                    None => "something that is no statement".to_owned(),
                },
                file: raw(file),
            });
            continue;
        };
        let vouched = subjects(stated, file, signature);
        if vouched.iter().any(|known| known.path == file) {
            return Ok((vouched, verified.signer().to_string()));
        }
        refusal = Some(PolicySignatureError::Subject {
            signature: raw(signature),
            found: names(stated),
            file: raw(file),
        });
    }
    Err(refusal.unwrap_or_else(|| PolicySignatureError::Refused {
        signature: raw(signature),
        reason: "it holds no signature".to_owned(),
    }))
}

/// The subjects by their paths: names start from the folder of the signature.
fn subjects(stated: &Stated, file: &Path, signature: &Path) -> Vec<Vouched> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let known = |digest: &SubjectDigest| match digest {
        SubjectDigest::Known(digest) if digest.algorithm() == bonafide_core::Algorithm::Sha256 => {
            Some(*digest)
        }
        _ => None,
    };
    stated
        .subjects
        .iter()
        .filter_map(|subject| {
            let name = std::str::from_utf8(subject.name.as_ref()?.as_bytes()).ok()?;
            Some(Vouched {
                path: folder.join(name),
                digest: subject.digests.iter().find_map(known)?,
                signature: raw(signature),
            })
        })
        .collect()
}

fn names(stated: &Stated) -> String {
    const SHOWN: usize = 3;
    let names: Vec<String> = stated
        .subjects
        .iter()
        .take(SHOWN)
        .map(|subject| match &subject.name {
            Some(name) => format!("`{name}`"),
            None => "a file without a name".to_owned(),
        })
        .collect();
    match stated.subjects.len().checked_sub(SHOWN) {
        Some(more) if more > 0 => format!("{} and {more} more", names.join(", ")),
        _ => names.join(", "),
    }
}

/// Which policy or file of waivers to sign, and with what.
#[derive(Debug, Clone)]
pub struct PolicySignRequest {
    /// The policy, or a file of waivers.
    pub policy: PathBuf,
    /// Where the signature will be written.
    pub output: PathBuf,
    /// The signer.
    pub private_key: KeyFile,
    /// The time by which validity is judged.
    pub now: Timestamp,
}

/// A signature that is ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedPolicy {
    /// The envelope, as JSON text.
    pub envelope: Vec<u8>,
    /// Name and version of what was signed.
    pub title: String,
    /// Names of all files that it vouches for, as they stand in it.
    pub subjects: Vec<String>,
}

/// Signs a policy, with everything that it names, or a file of waivers.
///
/// # Errors
///
/// One that cannot be used is not signed: everything that [`crate::policy_account`] refuses.
pub fn sign_policy(
    request: &PolicySignRequest,
    work: Work<'_>,
) -> Result<SignedPolicy, EngineError> {
    let is_product = |bytes: &[u8]| is_envelope(bytes);
    refuse_overwriting(
        &request.output,
        &request.policy,
        Product::Attestation,
        is_product,
        work.budget,
    )?;
    let key = request.private_key.read(work.budget)?;
    let guard = Guard::noting(request.now, work);
    let text = policy::read_text(&request.policy, &guard)?;
    let (kind, name, version, expires) = if text.holds_waivers() {
        let file = text.waivers(request.now)?;
        let expires = file.expires();
        ("waivers", file.name, file.version.to_string(), expires)
    } else {
        let policy = bonafide_policy::Policy::load(text, &Texts(&guard))?;
        policy.check_expiry(request.now)?;
        policy::admit_named(&policy, &guard)?;
        let version = policy.version.to_string();
        ("policy", policy.name.clone(), version, policy.expires)
    };
    let mut predicate = json!({ "kind": kind, "name": name, "version": version });
    if let (Some(expires), Some(fields)) = (expires, predicate.as_object_mut()) {
        fields.insert("expires".to_owned(), json!(expires.to_string()));
    }
    let subjects = noted_subjects(&guard, &request.policy)?;
    let names = subjects
        .iter()
        .map(|subject| subject.name.clone())
        .collect();
    let predicate = serde_json::to_vec(&predicate).map_err(|error| AttestError::Json {
        detail: error.to_string(),
    })?;
    let statement = Statement::new(subjects, POLICY_PREDICATE_TYPE, &predicate)?;
    Ok(SignedPolicy {
        envelope: sign(&statement, &key)?,
        title: format!("{name} {version}"),
        subjects: names,
    })
}

/// What was read, by names from the folder of the policy; the policy itself first.
fn noted_subjects(guard: &Guard<'_>, policy: &Path) -> Result<Vec<Subject>, EngineError> {
    let Watch::Noting(noted) = &guard.watch else {
        return Ok(Vec::new());
    };
    let folder = policy.parent().unwrap_or(Path::new(""));
    let mut subjects: Vec<Subject> = Vec::new();
    for (path, digest) in noted.borrow().iter() {
        let relative = path.strip_prefix(folder).unwrap_or(path);
        let Some(name) = relative.to_str() else {
            return Err(PolicySignatureError::Name {
                file: raw(path),
                reason: "its name is not UTF-8",
            }
            .into());
        };
        match subjects.iter().find(|known| known.name == name) {
            None => subjects.push(Subject {
                name: name.to_owned(),
                digest: *digest,
            }),
            Some(known) if known.digest == *digest => {}
            Some(_) => {
                return Err(PolicySignatureError::Name {
                    file: raw(path),
                    reason: "it changed while it was read",
                }
                .into());
            }
        }
    }
    Ok(subjects)
}
