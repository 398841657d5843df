//! What the command understands. Help, man page and completions are made from
//! these definitions and from nothing else.

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use bonafide_engine::{Algorithm, Mode};
use bonafide_report::Format;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::audit::{AuditCommand, SignedSummaryArguments, VsaArguments};
use crate::bom::BomCommand;
use crate::dataset::{Column, DatasetCommand};
use crate::inspect::InspectArguments;
use crate::lineage::LineageArguments;
use crate::lineage::compare::SaidClaim;
use crate::policy::{PolicyCommand, PolicySignerArguments};
use crate::threats::ThreatsArguments;
use crate::trust::TrustCommand;

const EXIT_CODES: &str = "Exit codes:
  0  allowed: every demand of the policy is met
  1  denied: at least one demand is violated
  2  could not decide: unreadable evidence, unusable policy, or an error
  3  nothing to verify
  4  the command line is wrong";

/// Prove where model weights and datasets come from, and that nothing in them was swapped.
///
/// A signature proves origin and integrity, not safety: a signed model can still do harm.
#[derive(Debug, Parser)]
#[command(name = "bonafide", version, after_help = EXIT_CODES, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Threads that read and hash [default: one for each core]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Refuse to read more than this from one artifact, such as `500GB` [default: no limit]
    #[arg(long, global = true, value_name = "SIZE")]
    pub(crate) max_bytes: Option<Size>,
    /// Print no report for people and no progress; the exit code says all
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Say on standard error what is being done
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// Never use the network, whatever is asked
    #[arg(long, global = true)]
    pub(crate) offline: bool,
    /// Give up after this long, such as `90s`, `5m` or `1h`, with exit code 2 [default: never; 60 s
    /// for `trust update`]
    #[arg(long, global = true, value_name = "DURATION")]
    pub(crate) timeout: Option<Timeout>,
    /// When to use colour
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Verify a model or dataset against a policy
    ///
    /// Hashes what the signatures list, checks who signed it, and lists every file that no
    /// signature covers. Without `--signature`, signature files are looked for in the artifact
    /// (at its top: `model.sig`, `*.sigstore.json`, `*.sigstore`, `*.intoto.json`,
    /// `*.intoto.jsonl`, and `*.cdx.json` or `*bom.json` with a signature of their own) and beside
    /// it (`NAME.sig` and `NAME` with the same endings, or `model.sig` if nothing else is found).
    #[command(after_help = EXIT_CODES)]
    Verify(VerifyArguments),
    /// Reproduce an earlier verdict from its evidence
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Decide by a verification summary (SLSA VSA) that somebody whom you trust has signed
    ///
    /// Checks who signed and as which verifier, which bytes it is about, what they were verified
    /// as, the result, its age, and on demand policy and levels. Exit code 0 if all of it
    /// holds, 1 if not, 2 if the file holds no signed statement.
    VerifyVsa(VsaArguments),
    /// Sign a model or dataset (OpenSSF Model Signing v1.0)
    #[command(subcommand)]
    Sign(SignCommand),
    /// Sign a statement about a model or dataset (in-toto, in a DSSE envelope)
    ///
    /// Says something about the files of the target, such as an evaluation or how they were made:
    /// an in-toto Statement v1 in a raw DSSE envelope. Each file becomes a subject with its
    /// SHA-256. Signatures of a model itself (OpenSSF Model Signing) are made by `bonafide sign`.
    Attest(AttestArguments),
    /// Check, make, sign and compare bills of materials (AI-BOMs)
    #[command(subcommand)]
    Bom(BomCommand),
    /// Draw where a model or dataset comes from, and what of that is proven
    ///
    /// Reads documents, model cards, configurations and verified provenance of the target and of
    /// its parents, which are verified by the same policy. A link is proven where signed provenance
    /// of the child names the very bytes of the parent. Exit code 0 if nothing speaks against the
    /// lineage, 1 if a link is contradicted or circular or a parent is denied, 2 if anything that
    /// belongs to it could not be read.
    Lineage(LineageArguments),
    /// Look at the records of a dataset, write and compare record manifests
    #[command(subcommand)]
    Dataset(DatasetCommand),
    /// Tell what is in a model's files, without running any of it
    ///
    /// Every file is read by its content, never by its name: which code would run on load, what is
    /// hidden, what is malformed, what was not looked at. Nothing of it is executed, and nothing
    /// beyond the target is read. Exit code 0 if nothing is wrong and every file was read, 1 if
    /// something is harmful, 2 if a person has to look or something could not be read, 3 if there is
    /// no file.
    Inspect(InspectArguments),
    /// Print the digest of every file and the OMS root digest
    Digest(DigestArguments),
    /// Write, check, show and sign policies
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Show or update the trust material of Sigstore
    #[command(subcommand)]
    Trust(TrustCommand),
    /// Verify one bundle as the conformance suite of Sigstore asks for it
    #[command(hide = true)]
    VerifyBundle(BundleArguments),
    /// Run custom rules for another process of this program
    #[command(hide = true)]
    RegoWorker {
        /// Most bytes of address space
        memory: u64,
        /// Most seconds of processor time
        seconds: u64,
    },
    /// List the checks that a policy can demand
    Checks(ChecksArguments),
    /// List the rules by which model files are judged
    Rules(ListArguments),
    /// List the formats of model files that are read, and how far
    Formats(ListArguments),
    /// List the environment variables, one for each flag, and which are set
    Env,
    /// List the threats of the catalogue, which checks speak to each, and what they map to
    ///
    /// A mapping to a framework says that a result is evidence related to a provision, never that
    /// one is fulfilled. Values of one option widen the selection, different options narrow it.
    Threats(ThreatsArguments),
    /// Explain a check, a rule or a threat: what it is about, why, what to do
    Explain {
        /// Name of the check, rule or threat
        name: String,
        /// Mappings of your own (TOML) to show with a threat; repeatable
        #[arg(long, value_name = "FILE")]
        mapping: Vec<PathBuf>,
    },
    /// Print shell completions
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write all of them
    Man {
        /// Write one page for each command into this directory
        #[arg(long, value_name = "DIR")]
        directory: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    /// Directory or file to verify
    pub(crate) target: PathBuf,
    #[command(flatten)]
    pub(crate) evidence: EvidenceArguments,
    /// Form of the report and where to write it [default: text, to standard output]; repeatable.
    /// Forms: text, markdown, html for people; json, sarif, junit, vsa, cyclonedx, cyclonedx-1.7,
    /// oscal for machines; facts for what custom rules see
    #[arg(long, short, value_name = "FORMAT[=PATH]")]
    pub(crate) output: Vec<Output>,
    /// Write an evidence bundle into this directory, which has to be empty or not there yet: all
    /// that the verdict was made from but the weights, for `bonafide audit replay`
    #[arg(long = "evidence", value_name = "DIR")]
    pub(crate) bundle: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) summary: SignedSummaryArguments,
}

/// By what a target is judged, and what counts as evidence: the same for every command that
/// verifies.
#[derive(Debug, Args)]
pub(crate) struct EvidenceArguments {
    /// Policy to hold it against [default: the embedded baseline, which trusts nobody]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) policy_signers: PolicySignerArguments,
    /// Signature file to use instead of those found; repeatable
    #[arg(long, short, value_name = "FILE")]
    pub(crate) signature: Vec<PathBuf>,
    /// Document about the target (CycloneDX, SPDX, Croissant) to use instead of those found;
    /// repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) bom: Vec<PathBuf>,
    /// Directory or file that the target is made from, to be verified as well and held against what
    /// is said of it; folders beside the target with the name of a parent are found; repeatable
    #[arg(long, value_name = "PATH")]
    pub(crate) parent: Vec<PathBuf>,
    /// What is said of how the weights were made from those of `--parent`: exact-copy, fine-tune,
    /// lora-merge, lora-merge=RANK, adapter, quantised or merge; repeatable
    #[arg(long, value_name = "CLAIM")]
    pub(crate) claim: Vec<SaidClaim>,
    /// Tensors that a fine-tune is said to have left as they were (`*` stands for anything);
    /// repeatable
    #[arg(long, value_name = "GLOB")]
    pub(crate) frozen: Vec<String>,
    /// Signed record manifest of the version before, with its `.records` beside it: records are
    /// compared with it
    #[arg(long, value_name = "FILE")]
    pub(crate) previous: Option<PathBuf>,
    /// What a column of a dataset is for, instead of what its name suggests: text, label, features,
    /// bytes, key, source, attribute, url, content-hash, time or revision; repeatable
    #[arg(long, value_name = "ROLE=COLUMN")]
    pub(crate) column: Vec<Column>,
    /// Most memory for tables of records; what does not fit is spilled to disk [default: 1GiB]
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory: Option<Size>,
    /// Folder to spill to [default: the system's for temporary files]
    #[arg(long, value_name = "DIR")]
    pub(crate) spill: Option<PathBuf>,
    /// Published vulnerabilities that dependencies are held against: a file in OSV format, or a
    /// folder of them; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) advisories: Vec<PathBuf>,
    /// Trust this public key (PEM) for this run, if the policy lets you; repeatable
    #[arg(long, short, value_name = "FILE", visible_alias = "public-key")]
    pub(crate) key: Vec<PathBuf>,
    /// Trust the certificate authorities in this file (PEM) for this run, if the policy lets you;
    /// repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) certificate_chain: Vec<PathBuf>,
    /// Trust signatures of this identity for this run (e-mail address or URI, exactly), if the
    /// policy lets you; needs `--certificate-oidc-issuer`
    #[arg(long = "certificate-identity", value_name = "SUBJECT", visible_alias = "identity", requires = "issuer", conflicts_with_all = ["identity_glob", "identity_regex"])]
    pub(crate) identity: Option<String>,
    /// The same with a glob, in which `*` stops at a `/`, and `**` does not where it stands alone,
    /// as in `a/**` (not in `a@**`)
    #[arg(
        long = "certificate-identity-glob",
        value_name = "GLOB",
        visible_alias = "identity-glob",
        requires = "issuer",
        conflicts_with = "identity_regex"
    )]
    pub(crate) identity_glob: Option<String>,
    /// The same with a regular expression that has to match the whole subject
    #[arg(
        long = "certificate-identity-regexp",
        value_name = "REGEX",
        visible_aliases = ["identity-regexp", "identity-regex"],
        requires = "issuer"
    )]
    pub(crate) identity_regex: Option<String>,
    /// OpenID Connect issuer that has to have vouched for the identity
    #[arg(long = "certificate-oidc-issuer", value_name = "URL", visible_aliases = ["issuer", "identity-provider"])]
    pub(crate) issuer: Option<String>,
    /// Sigstore trusted root, or client trust configuration, to use instead of the embedded root
    /// of the public-good instance; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) trusted_root: Vec<PathBuf>,
    /// Heed this revocation list (DER or PEM) in addition to those of the policy; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) crl: Vec<PathBuf>,
    /// Heed this deny-list (TOML) in addition to those of the policy; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) deny_list: Vec<PathBuf>,
    /// Heed the waivers in this file (TOML or YAML) too, if the policy lets you; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) waivers: Vec<PathBuf>,
    /// What the target is, as a package URL: decides which controls and waivers with a `purl` apply;
    /// never taken from the target itself
    #[arg(long, value_name = "PURL", value_parser = package_url)]
    pub(crate) purl: Option<String>,
    /// What becomes of the verdict: `warn` and `audit` print it and exit with 0 [default: what the
    /// policy says, else enforce]
    #[arg(long, value_name = "MODE")]
    pub(crate) mode: Option<Mode>,
    /// Judge as of this time: a date, or a time as in RFC 3339 [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) effective_time: Option<EffectiveTime>,
    /// Let `--effective-time` (or SOURCE_DATE_EPOCH) lie in the past, when what has expired or been
    /// revoked since was still good
    #[arg(long)]
    pub(crate) allow_past_effective_time: bool,
}

/// The command-line protocol of sigstore-conformance (`docs/cli_protocol.md` there).
#[derive(Debug, Args)]
pub(crate) struct BundleArguments {
    /// Use the staging instance
    #[arg(long)]
    pub(crate) staging: bool,
    /// The bundle
    #[arg(long, value_name = "FILE")]
    pub(crate) bundle: PathBuf,
    /// Subject of the certificate, exactly
    #[arg(
        long,
        value_name = "SUBJECT",
        requires = "certificate_oidc_issuer",
        conflicts_with = "key"
    )]
    pub(crate) certificate_identity: Option<String>,
    /// Issuer of the identity, exactly
    #[arg(long, value_name = "URL", requires = "certificate_identity")]
    pub(crate) certificate_oidc_issuer: Option<String>,
    /// Public key (PEM)
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Trusted root
    #[arg(long, value_name = "FILE", conflicts_with = "staging")]
    pub(crate) trusted_root: Option<PathBuf>,
    /// File, or its digest as `sha256:<64 hexadecimal digits>`
    #[arg(value_name = "FILE_OR_DIGEST")]
    pub(crate) artifact: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SignCommand {
    /// Sign with a private key (P-256, P-384 or P-521; Ed25519 with `--beyond-spec`)
    Key {
        #[command(flatten)]
        common: SignArguments,
    },
    /// Sign with a private key and its certificate
    Certificate {
        #[command(flatten)]
        common: SignArguments,
        /// Certificate of the private key (PEM)
        #[arg(long, value_name = "FILE")]
        signing_certificate: PathBuf,
        /// Certificates above it (PEM); the root is left out of the bundle; repeatable
        #[arg(long, value_name = "FILE")]
        certificate_chain: Vec<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SignArguments {
    /// Directory or file to sign
    pub(crate) target: PathBuf,
    #[command(flatten)]
    pub(crate) key: PrivateKeyArguments,
    /// Where to write the signature [default: `model.sig` in a directory, `NAME.sig` beside a file]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) signature: Option<PathBuf>,
    /// Hash of the files
    #[arg(long, value_enum, value_name = "HASH", default_value_t = Hash::Sha256)]
    pub(crate) hash: Hash,
    /// Sign ranges of this size, such as `256MiB`, instead of whole files, so that large files are
    /// verified on all cores
    #[arg(long, value_name = "SIZE")]
    pub(crate) shard_size: Option<Size>,
    /// Leave this file or directory out of the signature (a verifier will say so); repeatable
    #[arg(long, value_name = "NAME")]
    pub(crate) exclude: Vec<String>,
    /// Sign with an Ed25519 key too, which OMS v1.0 does not register: bonafide verifies such a
    /// signature, the reference tool refuses it
    #[arg(long)]
    pub(crate) beyond_spec: bool,
}

/// The private key of `sign` and `attest`.
#[derive(Debug, Args)]
pub(crate) struct PrivateKeyArguments {
    /// Private key (PEM: PKCS#8, encrypted or not, or SEC 1)
    #[arg(long, value_name = "FILE")]
    pub(crate) private_key: PathBuf,
    /// File whose first line is the password of the private key; without it, the environment
    /// variable BONAFIDE_KEY_PASSWORD is the password
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct AttestArguments {
    /// Directory or file that the statement is about
    pub(crate) target: PathBuf,
    /// What the predicate means: an absolute URI, such as `https://slsa.dev/provenance/v1`
    #[arg(long, value_name = "URI")]
    pub(crate) predicate_type: String,
    /// What is said: a file with a JSON object
    #[arg(long, value_name = "FILE")]
    pub(crate) predicate: PathBuf,
    #[command(flatten)]
    pub(crate) key: PrivateKeyArguments,
    /// Name of a single file in the statement [default: its own]
    #[arg(long, value_name = "NAME")]
    pub(crate) subject_name: Option<String>,
    /// Where to write the attestation [default: `NAME.intoto.json` beside the target]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Leave this file or directory out of the statement; repeatable
    #[arg(long, value_name = "NAME")]
    pub(crate) exclude: Vec<String>,
}

/// Hashes that OMS v1.0 registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Hash {
    /// SHA-256; every verifier knows it
    Sha256,
    /// BLAKE2b with 512 bits
    #[value(name = "blake2b-512")]
    Blake2b512,
    /// BLAKE3
    Blake3,
}

impl From<Hash> for Algorithm {
    fn from(hash: Hash) -> Self {
        match hash {
            Hash::Sha256 => Self::Sha256,
            Hash::Blake2b512 => Self::Blake2b512,
            Hash::Blake3 => Self::Blake3,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct DigestArguments {
    /// Directory or file to digest
    pub(crate) target: PathBuf,
    /// Hash: sha256, sha384, sha512, blake2b-512 or blake3; repeatable, all in one pass
    #[arg(long, value_name = "HASH", default_value = "sha256")]
    pub(crate) hash: Vec<Algorithm>,
    /// Digest ranges of this size, such as `256MiB`, instead of whole files
    #[arg(long, value_name = "SIZE")]
    pub(crate) shard_size: Option<Size>,
    /// Form of the output
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value_t = DigestFormat::Text)]
    pub(crate) output: DigestFormat,
}

/// Form of the output of `digest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DigestFormat {
    /// One line for each file
    Text,
    /// One JSON document
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ChecksArguments {
    /// Form of the output
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value_t = CatalogueFormat::Text)]
    pub(crate) output: CatalogueFormat,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Form of the output
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value_t = ListFormat::Text)]
    pub(crate) output: ListFormat,
}

/// Form of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// One line for each entry
    Text,
    /// Everything, as one JSON document
    Json,
    /// A Markdown table
    Table,
}

/// Form of the list of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CatalogueFormat {
    /// One line for each check
    Text,
    /// Everything, as one JSON document
    Json,
    /// A table in Markdown
    Table,
    /// Everything, as a page in Markdown
    Markdown,
}

/// A package URL as far as globs look at it: a slip of the pen must not take a control away.
fn package_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("pkg:").unwrap_or_default();
    let (kind, name) = rest.split_once('/').unwrap_or_default();
    let is_kind = kind.starts_with(|first: char| first.is_ascii_alphabetic())
        && kind
            .chars()
            .all(|known| known.is_ascii_alphanumeric() || ".+-".contains(known));
    let is_name = !name.is_empty() && !name.contains(|other: char| other.is_whitespace());
    if is_kind && is_name {
        Ok(text.to_owned())
    } else {
        Err("not a package URL; write it as `pkg:huggingface/owner/name@revision`".to_owned())
    }
}

/// Something to be written: its form, and a file unless it goes to standard output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) form: Form,
    pub(crate) path: Option<PathBuf>,
}

/// What can be written about a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// The report.
    Report(Format),
    /// What custom rules see.
    Facts,
}

impl Form {
    const FACTS: &'static str = "facts";

    fn named(name: &str) -> Option<Self> {
        let mut formats = Format::ALL.into_iter();
        match formats.find(|format| format.name() == name) {
            Some(format) => Some(Self::Report(format)),
            None => (name == Self::FACTS).then_some(Self::Facts),
        }
    }
}

impl Output {
    /// The form of a report, if it is one.
    pub(crate) const fn report(&self) -> Option<Format> {
        match self.form {
            Form::Report(format) => Some(format),
            Form::Facts => None,
        }
    }
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, path) = match text.split_once('=') {
            Some((_, "")) => return Err("no path after `=`".to_owned()),
            Some((name, path)) => (name, Some(PathBuf::from(path))),
            None => (text, None),
        };
        let form = Form::named(name).ok_or_else(|| {
            let known = Format::ALL.into_iter().map(Format::name);
            let known: Vec<&str> = known.chain([Form::FACTS]).collect();
            format!("unknown format `{name}`; known are {}", known.join(", "))
        })?;
        Ok(Self { form, path })
    }
}

/// A time by which to judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EffectiveTime(pub(crate) jiff::Timestamp);

impl FromStr for EffectiveTime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(time) = text.parse() {
            return Ok(Self(time));
        }
        // A date with a time but without an offset is nobody's time.
        let date = if text.len() == 10 { text } else { "" };
        date.parse::<jiff::civil::Date>()
            .and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC))
            .map(|start| Self(start.timestamp()))
            .map_err(|_| {
                "not a time; write `2027-12-31` (its first second, UTC) or `2027-12-31T23:59:59Z`"
                    .to_owned()
            })
    }
}

/// A span of time, not zero: `90s`, `5m`, `1h`, or seconds without a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timeout(pub(crate) Duration);

impl FromStr for Timeout {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let factor: u64 = match unit {
            "" | "s" => 1,
            "m" | "min" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return Err(format!("unknown unit `{unit}`; known are s, m, h, d")),
        };
        number
            .parse::<u64>()
            .ok()
            .and_then(|number| number.checked_mul(factor))
            .filter(|seconds| (1..=31_536_000).contains(seconds))
            .map(|seconds| Self(Duration::from_secs(seconds)))
            .ok_or_else(|| "not a time between a second and a year".to_owned())
    }
}

/// A number of bytes, not zero: `4096`, `500MB` (decimal), `256MiB` (binary).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size(pub(crate) NonZeroU64);

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
            "" | "b" => 1,
            "k" | "kb" => 1_000,
            "m" | "mb" => 1_000_000,
            "g" | "gb" => 1_000_000_000,
            "t" | "tb" => 1_000_000_000_000,
            "kib" => 1 << 10,
            "mib" => 1 << 20,
            "gib" => 1 << 30,
            "tib" => 1 << 40,
            _ => {
                return Err(format!(
                    "unknown unit `{unit}`; known are kB, MB, GB, TB, KiB, MiB, GiB, TiB"
                ));
            }
        };
        number
            .parse::<u64>()
            .ok()
            .and_then(|number| number.checked_mul(factor))
            .and_then(NonZeroU64::new)
            .map(Self)
            .ok_or_else(|| "not a positive number of bytes".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_consistent() {
        use clap::CommandFactory as _;
        Arguments::command().debug_assert();
    }

    #[test]
    fn times_are_exact_and_bounded() {
        let timeout = |text: &str| text.parse::<Timeout>().map(|timeout| timeout.0.as_secs());
        assert_eq!(timeout("90"), Ok(90));
        assert_eq!(timeout("5m"), Ok(300));
        assert_eq!(timeout("1h"), Ok(3_600));
        for bad in [
            "",
            "0",
            "-1",
            "1.5h",
            "1 fortnight",
            "99999999999999999999s",
            "20000h",
        ] {
            assert!(timeout(bad).is_err(), "{bad}");
        }
        let time = |text: &str| text.parse::<EffectiveTime>().map(|time| time.0.to_string());
        assert_eq!(time("2027-12-31").as_deref(), Ok("2027-12-31T00:00:00Z"));
        assert_eq!(
            time("2027-12-31T10:00:00+02:00").as_deref(),
            Ok("2027-12-31T08:00:00Z")
        );
        for bad in [
            "",
            "yesterday",
            "2027-13-01",
            "2027-12-31T10:00:00",
            "1700000000",
        ] {
            assert!(time(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn package_urls_are_no_guesses() {
        for good in [
            "pkg:huggingface/a/b@c",
            "pkg:generic/x",
            "pkg:oci/m@sha256%3Aab?x=y",
        ] {
            assert_eq!(package_url(good).as_deref(), Ok(good));
        }
        for bad in [
            "",
            "pkg:",
            "pkg:generic",
            "pkg:/x",
            "pkg:generic/",
            "a/b",
            "pkg:1/x",
            "pkg:generic/a b",
        ] {
            assert!(package_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_are_exact_and_bounded() {
        let size = |text: &str| text.parse::<Size>().map(|size| size.0.get());
        assert_eq!(size("4096"), Ok(4096));
        assert_eq!(size("1kB"), Ok(1_000));
        assert_eq!(size("1 MiB"), Ok(1 << 20));
        assert_eq!(size("2TB"), Ok(2_000_000_000_000));
        for bad in ["", "0", "-1", "1.5GB", "10 parsecs", "99999999TB", "MB"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }
}
