//! Why there is no report: the tool could not do its work.

use std::fmt;
use std::path::{Path, PathBuf};

use bonafide_attest::attestation::AttestError;
use bonafide_attest::jsf::SignDocumentError;
use bonafide_attest::oms::SignError;
use bonafide_attest::{DenyListError, KeyError, KeyKind, RootError, TrustError};
use bonafide_bom::ReadError;
use bonafide_bom::generate::GenerateError;
use bonafide_core::RawName;
use bonafide_dataset::DatasetError;
use bonafide_hash::{HashError, ReadFailure, TreeError};
use bonafide_policy::PolicyError;
use bonafide_rego::RegoError;
use bonafide_source::{DocumentError, OutputError};

use crate::evidence::EvidenceError;
use crate::policy_signature::PolicySignatureError;
use crate::trust_material::TrustMaterialError;

/// What is written, and may replace an older one of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Product {
    /// Of `sign`.
    Signature,
    /// Of `attest`.
    Attestation,
    /// Of `bom generate` and `bom sign`.
    Bom,
}

impl fmt::Display for Product {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Signature => "signature",
            Self::Attestation => "attestation",
            Self::Bom => "bill of materials",
        })
    }
}

/// An error of a whole run. What is wrong with the artifact is never one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A key, policy, certificate or signature file cannot be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// A snapshot of published vulnerabilities cannot be used.
    #[error("{}: advisories cannot be used: {}", raw(path), RawName::from(reason.as_str()))]
    Advisories {
        /// Which file or folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A dataset cannot be looked at.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// A dataset changed while it was read.
    #[error("the dataset changed while it was read: {what}")]
    DatasetChanged {
        /// Which file, and how.
        what: String,
    },
    /// An output cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A record manifest cannot be used.
    #[error("{}: {error}", raw(path))]
    RecordManifest {
        /// Which file.
        path: PathBuf,
        /// Why not.
        error: DatasetError,
    },
    /// A manifest would become part of what it is about.
    #[error(
        "{}: lies in the dataset, which it would change; write it elsewhere",
        raw(path)
    )]
    ManifestInDataset {
        /// Where it was to be written.
        path: PathBuf,
    },
    /// A manifest has no such record.
    #[error("`{}` is no record of the manifest; records are called SHARD#NUMBER, from 0", RawName::from(record.as_str()))]
    NoSuchRecord {
        /// What was asked for.
        record: String,
    },
    /// The list of records that belongs to a manifest cannot be read.
    #[error("{}: the record list cannot be read: {reason}", raw(path))]
    RecordList {
        /// Where it should be.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The target cannot be listed.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The policy cannot be used.
    #[error("policy cannot be used\n{0}")]
    Policy(Box<PolicyError>),
    /// A policy on another machine.
    #[error("{address}: is an address, and a policy is a file: nothing is fetched")]
    RemotePolicy {
        /// The address.
        address: RawName,
    },
    /// The policy is not signed by whom the user asks for.
    #[error(transparent)]
    PolicySignature(#[from] PolicySignatureError),
    /// Custom rules of the policy cannot be used, or came to no end.
    #[error("custom rules cannot be used\n{0}")]
    Rules(Box<RegoError>),
    /// A file of custom rules, or of their data, cannot be used.
    #[error("{}: cannot be used with custom rules: {reason}", raw(path))]
    RuleFile {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The facts cannot be written.
    #[error("the facts cannot be written as JSON: {0}")]
    Facts(#[from] serde_json::Error),
    /// The policy is not text.
    #[error("{}: policy is not UTF-8 at byte {position}", raw(path))]
    PolicyNotText {
        /// Which file.
        path: PathBuf,
        /// First bad byte.
        position: usize,
    },
    /// The policy trusts only its own signers.
    #[error("policy `{policy}` refuses trusted signers from the command line")]
    TrustRefused {
        /// Name of the policy.
        policy: String,
    },
    /// The policy has only its own waivers.
    #[error("policy `{policy}` refuses waivers from the command line")]
    WaiversRefused {
        /// Name of the policy.
        policy: String,
    },
    /// The policy lets nobody choose the time.
    #[error("policy `{policy}` refuses a time from the command line")]
    TimeRefused {
        /// Name of the policy.
        policy: String,
    },
    /// A signer from the command line would be taken for one of a role.
    #[error(
        "`{}` on the command line has the name of a signer of role `{}`, whom only the policy names",
        RawName::from(name.as_str()),
        RawName::from(role.as_str())
    )]
    TrustNameTaken {
        /// The name.
        name: String,
        /// The role.
        role: String,
    },
    /// A trusted key or certificate cannot be used.
    #[error("{}: cannot be trusted", raw(path))]
    Trust {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: TrustError,
    },
    /// A revocation list cannot be read.
    #[error("{}: cannot be used as a revocation list", raw(path))]
    RevocationList {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: TrustError,
    },
    /// A deny-list has mistakes.
    #[error("deny-list cannot be used\n{0}")]
    DenyList(Box<PolicyError>),
    /// A deny-list is not text.
    #[error("{}: deny-list is not UTF-8 at byte {position}", raw(path))]
    DenyListNotText {
        /// Which file.
        path: PathBuf,
        /// First bad byte.
        position: usize,
    },
    /// A deny-list has expired, or is too old: what is denied now is not known.
    #[error("{}: cannot be used", raw(path))]
    DenyListOutOfTime {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: DenyListError,
    },
    /// The output would replace something that is not of its kind.
    #[error("{}: exists and is no {product}, so it is not overwritten", raw(path))]
    WouldOverwrite {
        /// Which file.
        path: PathBuf,
        /// What would have been written.
        product: Product,
    },
    /// No file of certificates holds an authority.
    #[error(
        "none of the certificate files holds a self-signed certificate, so no authority is trusted"
    )]
    NoAuthority,
    /// Shards so small that their list would fill the memory.
    #[error("shards of {size} bytes would be {shards}, more than {limit}")]
    TooManyShards {
        /// Bytes of a shard.
        size: u64,
        /// How many there would be.
        shards: u64,
        /// How many there may be.
        limit: u64,
    },
    /// A private key cannot be used.
    #[error("{}: cannot be used as a private key", raw(path))]
    Key {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: KeyError,
    },
    /// A signing certificate file does not hold exactly one certificate.
    #[error(
        "{}: holds {found} certificates; exactly one is the signing certificate",
        raw(path)
    )]
    CertificateCount {
        /// Which file.
        path: PathBuf,
        /// How many it holds.
        found: usize,
    },
    /// The bytes could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// A file that has to be signed or listed could not be read.
    #[error("`{name}`: {failure}")]
    Unreadable {
        /// Which file.
        name: RawName,
        /// Why.
        failure: ReadFailure,
    },
    /// An entry that must not be signed.
    #[error("`{name}` cannot be signed: {reason}")]
    Unsignable {
        /// Which entry.
        name: RawName,
        /// Why.
        reason: String,
    },
    /// An exclusion that is no plain relative name.
    #[error("`{name}` cannot be left out: {reason}")]
    Exclusion {
        /// As given.
        name: RawName,
        /// Why.
        reason: String,
    },
    /// A directory where one file is signed.
    #[error("{}: is a directory, and a bundle is about one file", raw(path))]
    NotOneFile {
        /// Which path.
        path: PathBuf,
    },
    /// A file with several signatures where one is verified.
    #[error("{}: holds {found} signatures, not one bundle", raw(path))]
    NotOneBundle {
        /// Which file.
        path: PathBuf,
        /// How many there are.
        found: usize,
    },
    /// More signatures than are examined.
    #[error("{}: comes with more than {limit} signatures", raw(target))]
    TooManySignatures {
        /// What was to be verified.
        target: PathBuf,
        /// How many there may be.
        limit: usize,
    },
    /// A schema that the user gave cannot be used.
    #[error("{}: the schema cannot be used: {reason}", raw(path))]
    Schema {
        /// The schema.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The embedded trusted root cannot be used: a fault of this build.
    #[error("the embedded trusted root cannot be used: {0}")]
    EmbeddedRoot(RootError),
    /// Nothing was signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// There is no trust material to show, or no update of it.
    #[error(transparent)]
    TrustMaterial(#[from] TrustMaterialError),
    /// Nothing was attested.
    #[error(transparent)]
    Attest(#[from] AttestError),
    /// One name for all the files of a directory.
    #[error("a directory has a subject for each file, each called by its name")]
    SubjectName,
    /// A bill of materials cannot be read.
    #[error("{}: cannot be read as a bill of materials", raw(path))]
    Bom {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: ReadError,
    },
    /// A document of another kind.
    #[error("{}: is no bill of materials", raw(path))]
    NotABom {
        /// Which file.
        path: PathBuf,
    },
    /// A bill of materials that breaks the rules of its format.
    #[error("{}: is not valid: {detail}", raw(path))]
    InvalidBom {
        /// Which file.
        path: PathBuf,
        /// The first rule that it breaks, and where.
        detail: String,
    },
    /// Nothing tells whether it is a model or data.
    #[error(
        "{}: no name of a file tells whether it is a model or a dataset",
        raw(path)
    )]
    UnknownArtifact {
        /// The target.
        path: PathBuf,
    },
    /// No bill of materials was written.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// No document was signed.
    #[error(transparent)]
    SignDocument(#[from] SignDocumentError),
    /// Neither an envelope nor a bundle.
    #[error("{}: holds no signed statement", raw(path))]
    NotASummary {
        /// Which file.
        path: PathBuf,
    },
    /// There is no evidence bundle, or none that can be replayed.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// No verifier with these limits would read the attestation.
    #[error("attestation has {size} bytes, more than the {limit} that a verifier reads")]
    AttestationSize {
        /// Its bytes.
        size: u64,
        /// How many there may be.
        limit: u64,
    },
}

impl From<RegoError> for EngineError {
    fn from(error: RegoError) -> Self {
        Self::Rules(Box::new(error))
    }
}

impl From<PolicyError> for EngineError {
    fn from(error: PolicyError) -> Self {
        Self::Policy(Box::new(error))
    }
}

impl EngineError {
    /// What the user can do about it, where that is not obvious.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Trust {
                source: TrustError::Key(error),
                ..
            }
            | Self::Key { source: error, .. } => key_hint(error),
            Self::TrustRefused { .. } => Some(
                "name the signer in `[trust]` of the policy, or leave out `--key` and `--certificate-chain`"
                    .to_owned(),
            ),
            Self::RemotePolicy { .. } => Some(
                "download it, name the file, and let `--policy-key` tell that its author signed it"
                    .to_owned(),
            ),
            Self::PolicySignature(error) => error.hint().map(str::to_owned),
            Self::WaiversRefused { .. } => Some(
                "put them into the policy, or into one of its `waiver-files`".to_owned(),
            ),
            Self::TimeRefused { .. } => Some(
                "leave out `--effective-time`; the policy says `command-line = \"refuse\"` in `[trust]`"
                    .to_owned(),
            ),
            Self::DenyListOutOfTime { .. } => Some(
                "get the current list; what is denied today cannot be told from this one"
                    .to_owned(),
            ),
            Self::Hash(HashError::OverBudget { .. }) => {
                Some("raise `--max-bytes` if you expect an artifact of this size".to_owned())
            }
            Self::TooManySignatures { .. } => Some(
                "name the signature files that count with `--signature`".to_owned(),
            ),
            Self::NoAuthority => Some(
                "pass the root as well: an intermediate certificate only helps to reach it"
                    .to_owned(),
            ),
            Self::Exclusion { .. } => Some(
                "names are relative to the target, as in `docs/notes.txt`".to_owned(),
            ),
            Self::WouldOverwrite { product, .. } => {
                let option = match product {
                    Product::Signature => "--signature",
                    Product::Attestation | Product::Bom => "--output",
                };
                Some(format!(
                    "name another file with `{option}`, or remove this one first"
                ))
            }
            Self::Sign(SignError::UnregisteredKey {
                kind: KeyKind::Ed25519,
            }) => Some(
                "use a P-256, P-384 or P-521 key, or `--beyond-spec` if bonafide is all that verifies it"
                    .to_owned(),
            ),
            Self::Attest(AttestError::ModelSignature { .. }) => {
                Some("model signatures are made by `bonafide sign`".to_owned())
            }
            Self::UnknownArtifact { .. } => {
                Some("say which with `--kind model` or `--kind dataset`".to_owned())
            }
            Self::SignDocument(SignDocumentError::AlreadySigned) => {
                Some("`--replace` takes the earlier signature out first".to_owned())
            }
            Self::SubjectName => Some(
                "leave out `--subject-name`, or attest one file of the directory".to_owned(),
            ),
            Self::TooManyShards { .. } => Some("choose a larger `--shard-size`".to_owned()),
            Self::Unsignable { .. } => Some(
                "remove it, or leave it out with `--exclude` (a verifier will then report it as not covered)"
                    .to_owned(),
            ),
            Self::Evidence(EvidenceError::NotEmpty { .. }) => {
                Some("name a directory that is empty or not there yet".to_owned())
            }
            Self::TrustMaterial(error) => error.hint().map(str::to_owned),
            Self::Tree(TreeError::NotFound { .. }) => {
                Some("give the path of a model directory or file".to_owned())
            }
            _ => None,
        }
    }
}

fn key_hint(error: &KeyError) -> Option<String> {
    match error {
        KeyError::WrongBlock { found, .. } if found == "CERTIFICATE" => {
            Some("this is a certificate: pass it with `--certificate-chain`".to_owned())
        }
        KeyError::WrongBlock { expected, found } if *expected == "PUBLIC KEY" && found.ends_with("PRIVATE KEY") => {
            Some("this is a private key; make its public half with `openssl pkey -in KEY -pubout`".to_owned())
        }
        KeyError::WrongBlock { expected, found } if *expected == "PRIVATE KEY" && found == "PUBLIC KEY" => {
            Some("this is a public key; signing needs the private one".to_owned())
        }
        KeyError::Encrypted => Some(
            "give its password with `--password-file FILE` or in BONAFIDE_KEY_PASSWORD".to_owned(),
        ),
        KeyError::LegacyEncryption | KeyError::UnsupportedEncryption { .. } => Some(
            "convert it: `openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -in KEY -out NEW`"
                .to_owned(),
        ),
        KeyError::DerivationCost { .. } => Some(
            "if you made this key yourself, encrypt it anew: `openssl pkcs8 -topk8 -scrypt -in KEY -out NEW`"
                .to_owned(),
        ),
        KeyError::WrongPassword => Some(
            "a password file counts up to the end of its first line".to_owned(),
        ),
        KeyError::WrongBlock { expected, found } if *expected == "PRIVATE KEY" && found == "RSA PRIVATE KEY" => {
            Some("RSA keys do not sign here; make one with `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384`".to_owned())
        }
        _ => None,
    }
}

/// A path as it is printed.
pub(crate) fn raw(path: &Path) -> RawName {
    RawName::from(path)
}
