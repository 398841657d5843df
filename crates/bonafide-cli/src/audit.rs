//! The auditor's commands: evidence bundles, replays, verification summaries.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use bonafide_engine::{
    Digest, IdentityPattern, RawName, Recorded, ReplayRequest, Replayed, Report, TargetComparison,
    TextPattern, ToolOfRecord, VsaAccepted, VsaPair, VsaRequest, VsaSigner, VsaSubject,
    differences, replay,
};
use bonafide_report::{Colour, Format};
use clap::{Args, Subcommand};

use crate::arguments::{Common, PrivateKeyArguments, Timeout};
use crate::command::{key_file, shown, working};
use crate::terminal::{print, say, write_file};
use crate::{COULD_NOT_DECIDE, USAGE};

/// Exit code of a summary that does not count.
const REFUSED: u8 = 1;

/// Most subjects of a statement that verifiers read.
const MOST_SUBJECTS: usize = 1_024;

/// The signed summary that `verify` writes.
#[derive(Debug, Args)]
pub(crate) struct SignedSummaryArguments {
    /// Write a signed verification summary (SLSA VSA v1, in a DSSE envelope) to this file; every
    /// file of the target is hashed
    #[arg(long, value_name = "FILE", requires = "vsa_key")]
    pub(crate) vsa: Option<PathBuf>,
    /// Private key (PEM) that signs the summary
    #[arg(long, value_name = "FILE", requires = "vsa")]
    pub(crate) vsa_key: Option<PathBuf>,
    /// File whose first line is the password of that key; without it, the environment variable
    /// BONAFIDE_KEY_PASSWORD is the password
    #[arg(long, value_name = "FILE", requires = "vsa_key")]
    pub(crate) vsa_password_file: Option<PathBuf>,
    /// Who verifies (`verifier.id`), as those who trust the key know you [default:
    /// `pkg:generic/bonafide`]
    #[arg(long, value_name = "URI", requires = "vsa")]
    pub(crate) verifier_id: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Run a verification again from its evidence bundle, and compare the reports
    ///
    /// Needs neither the artifact nor the network. Every file of the bundle is held against its
    /// manifest; then signatures are verified again, documents read again, checks and policy run
    /// again. Listing, digests and inspections of the artifact are those of the record, which
    /// `--target` holds against the artifact. Exit code: that of the verdict if the report is
    /// the same byte for byte, 2 if it is not or the bundle is not whole.
    Replay(ReplayArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArguments {
    /// Directory that `bonafide verify --evidence` wrote
    bundle: PathBuf,
    /// The artifact, if it is at hand: list, hash and inspect it anew, and compare
    #[arg(long, value_name = "PATH")]
    target: Option<PathBuf>,
    /// SHA-256 that the manifest of the bundle has to have, from a source that you trust
    #[arg(long, value_name = "DIGEST")]
    manifest: Option<Digest>,
}

/// By which summaries to decide, and what they have to say.
#[derive(Debug, Args)]
pub(crate) struct VsaArguments {
    /// The signed summary: a DSSE envelope or a Sigstore bundle
    summary: PathBuf,
    /// The artifact: every file of it is hashed, and has to be a subject of the summary (or all
    /// of them together, by the OMS root digest)
    #[arg(required_unless_present_any = ["digest", "root"], conflicts_with_all = ["digest", "root"])]
    target: Option<PathBuf>,
    /// Instead of the artifact its digest, as `sha256:<64 hexadecimal digits>`; nothing but the
    /// summary is read
    #[arg(long, value_name = "DIGEST")]
    digest: Option<Digest>,
    /// Instead of the artifact its OMS root digest, as `bonafide digest` prints it for a directory
    #[arg(long, value_name = "DIGEST", conflicts_with = "digest")]
    root: Option<Digest>,
    /// What the artifact has to have been verified as (`resourceUri`), exactly
    #[arg(long, value_name = "URI")]
    resource_uri: String,
    /// Verifier that the signer may speak for (`verifier.id`), exactly; repeatable, one for each
    /// `--key`, in the same order
    #[arg(long, value_name = "URI", required = true)]
    verifier_id: Vec<String>,
    /// Public key (PEM) of the signer who may speak for the verifier; repeatable
    #[arg(
        long,
        short,
        value_name = "FILE",
        visible_alias = "public-key",
        required_unless_present = "certificate_identity",
        conflicts_with = "certificate_identity"
    )]
    key: Vec<PathBuf>,
    /// The signer by identity, instead of a key: subject of the certificate, exactly
    #[arg(long, value_name = "SUBJECT", requires = "certificate_oidc_issuer")]
    certificate_identity: Option<String>,
    /// OpenID Connect issuer that has to have vouched for the identity
    #[arg(long, value_name = "URL", requires = "certificate_identity")]
    certificate_oidc_issuer: Option<String>,
    /// Sigstore trusted root to use instead of the embedded one; repeatable
    #[arg(long, value_name = "FILE")]
    trusted_root: Vec<PathBuf>,
    /// How old the summary may be, such as `24h` or `7d`
    #[arg(long, value_name = "DURATION", default_value = "168h")]
    max_age: Timeout,
    /// Level that it has to name (`verifiedLevels`), exactly; repeatable
    #[arg(long, value_name = "LEVEL")]
    level: Vec<String>,
    /// SHA-256 of the policy that has to have been applied
    #[arg(long, value_name = "DIGEST")]
    policy_digest: Option<Digest>,
}

pub(crate) fn run(command: AuditCommand, common: &Common) -> anyhow::Result<u8> {
    match command {
        AuditCommand::Replay(arguments) => run_replay(arguments, common),
    }
}

/// Writes the bundle of a run, with its report in the forms that were asked for.
pub(crate) fn write_evidence(
    recorded: &Recorded,
    directory: &Path,
    formats: &[Format],
    common: &Common,
) -> anyhow::Result<()> {
    let mut reports: Vec<(String, String)> = Vec::new();
    for format in [Format::Json, Format::Text].iter().chain(formats) {
        let name = match format.name() {
            "json" => bonafide_engine::REPORT.to_owned(),
            "text" => "report.txt".to_owned(),
            other => format!("report.{other}"),
        };
        if reports.iter().all(|(known, _)| *known != name) {
            let text = bonafide_report::render(&recorded.report, *format, Colour::Plain)?;
            reports.push((name, text));
        }
    }
    let reports: Vec<(&str, &[u8])> = reports
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_bytes()))
        .collect();
    let evidence = recorded
        .write(directory, &reports)
        .context("the evidence bundle cannot be written")?;
    if !common.quiet {
        say(&format!(
            "wrote evidence to {}: {} files, manifest {}",
            shown(directory),
            evidence.files,
            evidence.manifest
        ));
    }
    Ok(())
}

fn run_replay(arguments: ReplayArguments, common: &Common) -> anyhow::Result<u8> {
    let request = ReplayRequest {
        bundle: arguments.bundle,
        target: arguments.target,
    };
    let replayed = working(common, |work| replay(&request, work))?;
    let mut text = String::new();
    let _ = writeln!(
        text,
        "bundle   {}\nmanifest {}",
        shown(&request.bundle),
        replayed.manifest
    );
    let is_the_one = arguments
        .manifest
        .is_none_or(|expected| expected == replayed.manifest);
    if let (false, Some(expected)) = (is_the_one, arguments.manifest) {
        let _ = writeln!(text, "differs: the manifest was to be {expected}");
    }
    let is_same_target = match &replayed.target {
        Some(comparison) => tell_target(&mut text, comparison),
        None => true,
    };
    let code = tell_report(&mut text, &replayed)?;
    if !common.quiet {
        print(&text)?;
    }
    Ok(if is_the_one && is_same_target {
        code
    } else {
        COULD_NOT_DECIDE
    })
}

/// Tells how the artifact compares; true if it is the recorded one.
fn tell_target(text: &mut String, comparison: &TargetComparison) -> bool {
    let _ = writeln!(
        text,
        "target   digests of {} files and inspections of {} are as recorded; of {} files no digest was recorded",
        comparison.digested, comparison.inspected, comparison.without_digest
    );
    for difference in &comparison.differences {
        let _ = writeln!(
            text,
            "differs: `{}`: recorded {}, found {}",
            difference.place,
            RawName::from(difference.recorded.as_str()),
            RawName::from(difference.found.as_str())
        );
    }
    comparison.differences.is_empty()
}

/// Tells how the reports compare; gives the exit code.
fn tell_report(text: &mut String, replayed: &Replayed) -> anyhow::Result<u8> {
    if let Some(tool) = &replayed.other_tool {
        let _ = writeln!(text, "note: {tool}");
    }
    let report = match &replayed.report {
        Ok(report) => report,
        Err(error) => {
            let mut message = error.to_string();
            let mut source = std::error::Error::source(error);
            while let Some(cause) = source {
                let _ = write!(message, ": {cause}");
                source = cause.source();
            }
            let _ = writeln!(
                text,
                "differs: a report was recorded, and this run makes none: {}",
                RawName::from(message.as_str())
            );
            return Ok(COULD_NOT_DECIDE);
        }
    };
    let now = bonafide_report::render(report, Format::Json, Colour::Plain)?;
    let tool = match replayed.other_tool {
        Some(_) => ToolOfRecord::Another,
        None => ToolOfRecord::Same,
    };
    let found = differences(&replayed.recorded, now.as_bytes(), tool);
    for difference in &found {
        let _ = writeln!(
            text,
            "differs: {}: recorded {}, now {}",
            difference.place,
            RawName::from(difference.recorded.as_str()),
            RawName::from(difference.found.as_str())
        );
    }
    if !found.is_empty() {
        return Ok(COULD_NOT_DECIDE);
    }
    let _ = writeln!(text, "verdict  {} (mode {})", report.verdict, report.mode);
    text.push_str(match tool {
        ToolOfRecord::Same => "reproduced, byte for byte\n",
        ToolOfRecord::Another => "reproduced, but for the version of the tool\n",
    });
    Ok(report.exit_code())
}

/// Signs the verification summary of a report. `None` if it is not asked for.
pub(crate) fn write_vsa(
    report: &Report,
    arguments: &SignedSummaryArguments,
    target: &Path,
    common: &Common,
) -> anyhow::Result<()> {
    let (Some(output), Some(key)) = (&arguments.vsa, &arguments.vsa_key) else {
        return Ok(());
    };
    let mut statement = bonafide_report::vsa_statement(report)?;
    if let Some(verifier) = &arguments.verifier_id
        && let Some(id) = statement.pointer_mut("/predicate/verifier/id")
    {
        *id = serde_json::Value::String(verifier.clone());
    }
    // Where files are too many for any reader, their root digest stands for them.
    if let Some(subjects) = statement
        .get_mut("subject")
        .and_then(serde_json::Value::as_array_mut)
        && subjects.len() > MOST_SUBJECTS
    {
        let is_root = |subject: &serde_json::Value| {
            subject
                .pointer("/digest")
                .is_some_and(|digest| digest.get(bonafide_report::ROOT_DIGEST).is_some())
        };
        subjects.retain(is_root);
        anyhow::ensure!(
            !subjects.is_empty(),
            "there are more than {MOST_SUBJECTS} files, and no root digest stands for all of them"
        );
    }
    let payload = serde_json::to_vec(&statement)?;
    let key = key_file(&PrivateKeyArguments {
        private_key: key.clone(),
        password_file: arguments.vsa_password_file.clone(),
    });
    let envelope = working(common, |work| {
        bonafide_engine::sign_statement(&payload, &key, output, target, work)
    })?;
    write_file(output, &envelope)
}

pub(crate) fn verify_vsa(arguments: VsaArguments, common: &Common) -> anyhow::Result<u8> {
    let request = match vsa_request(arguments)? {
        Ok(request) => request,
        Err(message) => {
            say(&format!("error: {message}"));
            return Ok(USAGE);
        }
    };
    match working(common, |work| bonafide_engine::verify_vsa(&request, work))? {
        Ok(accepted) => {
            if !common.quiet {
                print(&accepted_text(&accepted))?;
            }
            Ok(0)
        }
        Err(refusal) => {
            say(&format!("refused: {refusal}"));
            Ok(REFUSED)
        }
    }
}

fn vsa_request(arguments: VsaArguments) -> anyhow::Result<Result<VsaRequest, String>> {
    let mut signers: Vec<VsaSigner> = arguments.key.into_iter().map(VsaSigner::Key).collect();
    if let (Some(subject), Some(issuer)) = (
        arguments.certificate_identity,
        arguments.certificate_oidc_issuer,
    ) {
        let pattern = match TextPattern::exact(&subject) {
            Ok(pattern) => pattern,
            Err(error) => return Ok(Err(format!("`--certificate-identity`: {error}"))),
        };
        signers.push(VsaSigner::Identity(Box::new(IdentityPattern {
            label: subject,
            issuer,
            subject: pattern,
            claims: Vec::new(),
            roots: Vec::new(),
        })));
    }
    if signers.len() != arguments.verifier_id.len() {
        return Ok(Err(format!(
            "{} signers and {} verifiers are named: give one `--verifier-id` for each `--key`, in the same order",
            signers.len(),
            arguments.verifier_id.len()
        )));
    }
    let subject = match (arguments.digest, arguments.root, arguments.target) {
        (Some(digest), _, _) => VsaSubject::Digest(digest),
        (None, Some(root), _) => VsaSubject::Root(root),
        (None, None, Some(target)) => VsaSubject::Target(target),
        (None, None, None) => return Ok(Err("name the artifact, or its `--digest`".to_owned())),
    };
    let Timeout(max_age) = arguments.max_age;
    Ok(Ok(VsaRequest {
        summary: arguments.summary,
        subject,
        resource_uri: arguments.resource_uri,
        pairs: signers
            .into_iter()
            .zip(arguments.verifier_id)
            .map(|(signer, verifier)| VsaPair { signer, verifier })
            .collect(),
        trusted_roots: arguments.trusted_root,
        max_age: age(max_age)?,
        levels: arguments.level,
        policy: arguments.policy_digest,
        now: jiff::Timestamp::now(),
    }))
}

fn age(duration: Duration) -> anyhow::Result<jiff::SignedDuration> {
    jiff::SignedDuration::try_from(duration).context("`--max-age` is too long")
}

fn accepted_text(accepted: &VsaAccepted) -> String {
    let mut text = format!(
        "verified by {} for {}\nat {}, by policy {}\n",
        RawName::from(accepted.signer.as_str()),
        RawName::from(accepted.verifier.as_str()),
        accepted.time,
        accepted.policy
    );
    for level in &accepted.levels {
        let _ = writeln!(text, "level {}", RawName::from(level.as_str()));
    }
    for name in &accepted.left_out {
        let _ = writeln!(text, "not compared: {name}");
    }
    text
}
