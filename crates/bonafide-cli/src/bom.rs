//! `bonafide bom`: bills of materials checked, made, signed and compared.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::bail;
use bonafide_engine::bom::{
    self, ArtifactKind, CheckRequest, CheckVerdict, Checked, Contradiction, Difference,
    EarlierSignature, GenerateRequest, HubKind, HubRepository, Lifecycle, PROFILES, ProfileId,
    RuleViolation, SerialNumber, SignBomRequest, SpecVersion, ValidateRequest, Validation,
};
use bonafide_engine::{Algorithm, RawName};
use bonafide_report::{AssessmentFormat, Colour, render_assessment};
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use crate::USAGE;
use crate::arguments::{Common, EvidenceArguments, PrivateKeyArguments};
use crate::command::{key_file, shown, verify_request, working};
use crate::terminal::{self, print, say, write_file};

#[derive(Debug, Subcommand)]
pub(crate) enum BomCommand {
    /// Say for each element of a profile what is proven, claimed, missing or contradicted
    ///
    /// With `--model`, the digests in the document are held against the bytes of the model. Exit code
    /// 0 if nothing contradicts the document, 1 if something does, 2 if a model was given and the
    /// document does not have a digest of everything in it.
    Check(Box<CheckArguments>),
    /// Say whether a document keeps the rules of its format, and where not
    ///
    /// CycloneDX 1.3 to 1.7 (JSON and XML), SPDX 3.0.1 (JSON-LD), Croissant 1.0 and 1.1. Places
    /// that the format allows, and that cannot be right all the same, are listed too. Exit code
    /// 0 if every rule is kept, 1 if not, 2 if it cannot be read or is of no version that is known.
    Validate(ValidateArguments),
    /// Make a CycloneDX document for a model or dataset from its files
    ///
    /// Lists every file with its digest, and what the files say themselves: `README.md` with front
    /// matter, `config.json`, `adapter_config.json`. What is not found is not invented.
    Generate(GenerateArguments),
    /// Sign a CycloneDX document inside (JSF, Ed25519 or ECDSA)
    Sign(SignArguments),
    /// Compare two documents by meaning: components, digests, licences, data, lineage
    ///
    /// Exit code 0 if they mean the same, 1 if not.
    Diff(DiffArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// The document: CycloneDX or SPDX
    document: PathBuf,
    /// What is asked of it
    #[arg(long, value_name = "NAME", default_value = "g7-2026", value_parser = profile_names())]
    profile: String,
    /// Model or dataset that it is about
    #[arg(long, value_name = "PATH")]
    model: Option<PathBuf>,
    #[command(flatten)]
    evidence: EvidenceArguments,
    /// Form of the output
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value_t = CheckForm::Text)]
    output: CheckForm,
}

/// Form of the output of `bom check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CheckForm {
    /// A table for people
    Text,
    /// One JSON document
    Json,
    /// A table in Markdown
    Markdown,
}

/// Names of the profiles, for the help.
fn profile_names() -> PossibleValuesParser {
    PossibleValuesParser::new(
        PROFILES
            .iter()
            .map(|profile| PossibleValue::new(profile.id.name()).help(profile.title)),
    )
}

#[derive(Debug, Args)]
pub(crate) struct ValidateArguments {
    /// The document
    document: PathBuf,
    /// Hold it against this JSON schema too; schemas that it refers to are looked for beside it
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// Form of the output
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value_t = Form::Text)]
    output: Form,
}

/// Form of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For people
    Text,
    /// One JSON document
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct GenerateArguments {
    /// Directory or file to describe
    target: PathBuf,
    /// Where to write the document [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What it is [default: judged by the names of the files]
    #[arg(long, value_enum, value_name = "KIND")]
    kind: Option<Kind>,
    /// What to call it [default: the name of the target]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Its version
    #[arg(long, value_name = "VERSION")]
    artifact_version: Option<String>,
    /// Repository on the Hugging Face Hub that it is a copy of, as in `owner/name`
    #[arg(long, value_name = "OWNER/NAME", requires = "commit")]
    repository: Option<String>,
    /// Commit of that repository, 40 hexadecimal digits
    #[arg(long, value_name = "COMMIT", requires = "repository")]
    commit: Option<String>,
    /// Write the SHA-512 of each file beside its SHA-256
    #[arg(long)]
    sha512: bool,
    /// Version of CycloneDX
    #[arg(long, value_name = "VERSION", default_value = "1.6", value_parser = ["1.6", "1.7"])]
    spec_version: String,
    /// At what stage of its life it is described
    #[arg(long, value_enum, value_name = "PHASE")]
    lifecycle: Option<Phase>,
    /// Time to write into the document (RFC 3339) [default: now]
    #[arg(long, value_name = "TIME", env = "BONAFIDE_TIMESTAMP")]
    timestamp: Option<jiff::Timestamp>,
}

/// What is described.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A model, or an adapter of one
    Model,
    /// Data
    Dataset,
}

/// Stages of life (CycloneDX `lifecycles`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Phase {
    /// Requirements and plans
    Design,
    /// Sources, before anything is built
    PreBuild,
    /// What a build made, while it was made
    Build,
    /// What was built, looked at afterwards
    PostBuild,
    /// What runs
    Operations,
    /// What was found
    Discovery,
    /// What is taken out of service
    Decommission,
}

#[derive(Debug, Args)]
pub(crate) struct SignArguments {
    /// The document: CycloneDX in JSON
    document: PathBuf,
    #[command(flatten)]
    key: PrivateKeyArguments,
    /// Where to write the signed document [default: in place of the document]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// A name for the key, signed with the document
    #[arg(long, value_name = "NAME")]
    key_id: Option<String>,
    /// Replace the signature that is in the document
    #[arg(long)]
    replace: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// The first document
    first: PathBuf,
    /// The second one
    second: PathBuf,
    /// Form of the output
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value_t = Form::Text)]
    output: Form,
}

/// Runs a command and returns the exit code.
pub(crate) fn run(command: BomCommand, common: &Common) -> anyhow::Result<u8> {
    match command {
        BomCommand::Check(arguments) => check(*arguments, common),
        BomCommand::Validate(arguments) => validate(arguments, common),
        BomCommand::Generate(arguments) => generate(arguments, common),
        BomCommand::Sign(arguments) => sign(&arguments, common),
        BomCommand::Diff(arguments) => diff(&arguments, common),
    }
}

fn check(arguments: CheckArguments, common: &Common) -> anyhow::Result<u8> {
    let evidence = match verify_request(arguments.document.clone(), arguments.evidence)? {
        Ok(evidence) => evidence,
        Err(message) => {
            say(&format!("error: {message}"));
            return Ok(USAGE);
        }
    };
    let request = CheckRequest {
        document: arguments.document,
        model: arguments.model,
        profile: arguments.profile.parse::<ProfileId>()?,
        evidence,
    };
    let checked = working(common, |work| bom::check(&request, work))?;
    let colour = terminal::colour(common.color);
    match arguments.output {
        CheckForm::Text | CheckForm::Markdown if common.quiet => {}
        CheckForm::Text => {
            let mut text = check_text(&checked);
            text.push_str(&render_assessment(
                &checked.assessment,
                AssessmentFormat::Text,
                colour,
            )?);
            print(&text)?;
        }
        CheckForm::Markdown => print(&render_assessment(
            &checked.assessment,
            AssessmentFormat::Markdown,
            Colour::Plain,
        )?)?,
        CheckForm::Json => {
            print(&json(&checked, &[])?)?;
        }
    }
    Ok(match checked.verdict {
        CheckVerdict::NotContradicted => 0,
        CheckVerdict::Contradicted => 1,
        CheckVerdict::Undecided => 2,
    })
}

fn check_text(checked: &Checked) -> String {
    let mut text = String::new();
    let verdict = match checked.verdict {
        CheckVerdict::NotContradicted => "NOT CONTRADICTED",
        CheckVerdict::Contradicted => "CONTRADICTED",
        CheckVerdict::Undecided => "UNDECIDED",
    };
    let _ = writeln!(text, "{verdict}  {}", checked.document.source);
    for reason in &checked.reasons {
        let _ = writeln!(text, "  {reason}");
    }
    match checked.document.signatures.as_slice() {
        [] => text.push_str("  not signed by anybody who is trusted\n"),
        signatures => {
            for signature in signatures {
                let _ = writeln!(text, "  signed by {} ({})", signature.signer, signature.way);
            }
        }
    }
    text.push('\n');
    text
}

fn validate(arguments: ValidateArguments, common: &Common) -> anyhow::Result<u8> {
    let request = ValidateRequest {
        document: arguments.document,
        schema: arguments.schema,
        now: jiff::Timestamp::now(),
    };
    let validation = working(common, |work| bom::validate(&request, work))?;
    match arguments.output {
        Form::Text if common.quiet => {}
        Form::Text => print(&validation_text(&validation))?,
        Form::Json => {
            print(&json(&validation, &[("valid", validation.is_valid())])?)?;
        }
    }
    Ok(match &validation.unreadable {
        Some(_) => 2,
        None => u8::from(!validation.is_valid()),
    })
}

/// One JSON document with the version of its form, and what follows from the content.
fn json(content: &impl Serialize, more: &[(&str, bool)]) -> anyhow::Result<String> {
    let mut document = serde_json::to_value(content)?;
    if let Some(members) = document.as_object_mut() {
        members.insert("schema-version".to_owned(), 1.into());
        for (name, value) in more {
            members.insert((*name).to_owned(), (*value).into());
        }
    }
    Ok(format!("{document:#}\n"))
}

fn validation_text(validation: &Validation) -> String {
    let mut text = String::new();
    let verdict = match &validation.unreadable {
        Some(_) => "CANNOT BE READ",
        None if validation.is_valid() => "valid",
        None => "INVALID",
    };
    let _ = writeln!(text, "{verdict}  {}", validation.document);
    if let Some(format) = &validation.format {
        let _ = writeln!(text, "  {format}");
    }
    if let Some(reason) = &validation.unreadable {
        let _ = writeln!(text, "  {reason}");
    }
    violations(&mut text, "Rules of the format", &validation.violations);
    if let Some(found) = &validation.schema_violations {
        violations(&mut text, "Rules of the schema", found);
    }
    contradictions(&mut text, &validation.contradictions);
    text
}

fn violations(text: &mut String, heading: &str, found: &[RuleViolation]) {
    if found.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{heading}");
    for violation in found {
        let _ = writeln!(
            text,
            "  {}, {}: expected {}, found {}",
            violation.position, violation.path, violation.expected, violation.found
        );
    }
}

fn contradictions(text: &mut String, found: &[Contradiction]) {
    if found.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nAllowed by the format, and not right");
    for contradiction in found {
        let _ = writeln!(
            text,
            "  {}, {}: {} [{}, {}]",
            contradiction.position,
            contradiction.pointer,
            contradiction.message,
            contradiction.rule,
            contradiction.severity
        );
    }
}

fn generate(arguments: GenerateArguments, common: &Common) -> anyhow::Result<u8> {
    let origin = match (&arguments.repository, &arguments.commit) {
        (Some(repository), Some(commit)) => {
            let kind = match arguments.kind {
                Some(Kind::Dataset) => HubKind::Dataset,
                _ => HubKind::Model,
            };
            let repository = HubRepository::parse(kind, repository)?;
            Some((repository, commit_bytes(commit)?))
        }
        _ => None,
    };
    let request = GenerateRequest {
        // A name that nothing has keeps standard output out of the way.
        output: arguments.output.clone().unwrap_or_default(),
        target: arguments.target,
        kind: arguments.kind.map(|kind| match kind {
            Kind::Model => ArtifactKind::Model,
            Kind::Dataset => ArtifactKind::Dataset,
        }),
        name: arguments.name,
        version: arguments.artifact_version,
        origin,
        algorithms: if arguments.sha512 {
            vec![Algorithm::Sha512]
        } else {
            Vec::new()
        },
        specification: arguments.spec_version.parse::<SpecVersion>()?,
        lifecycle: arguments.lifecycle.map(Lifecycle::from),
        serial: SerialNumber::OfContent,
        now: match arguments.timestamp {
            Some(time) => time,
            None => jiff::Timestamp::from_second(jiff::Timestamp::now().as_second())?,
        },
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let generated = working(common, |work| bom::generate(&request, work))?;
    for (name, reason) in &generated.passed_over {
        say(&format!("warning: `{name}` is not listed: {reason}"));
    }
    for (name, reason) in &generated.unread {
        say(&format!(
            "warning: `{name}` is listed, but was not read: {reason}"
        ));
    }
    match &arguments.output {
        None => print(&generated.document)?,
        Some(path) => {
            write_file(path, generated.document.as_bytes())?;
            if !common.quiet {
                let plural = if generated.files == 1 { "" } else { "s" };
                let mut text = format!("described {} file{plural}\n", generated.files);
                let _ = writeln!(text, "wrote {}", shown(path));
                for name in &generated.left_out {
                    let _ = writeln!(text, "left out {name}");
                }
                print(&text)?;
            }
        }
    }
    Ok(0)
}

fn commit_bytes(text: &str) -> anyhow::Result<[u8; 20]> {
    let mut commit = [0; 20];
    let digits = text.as_bytes();
    let valid = digits.len() == 40 && digits.iter().all(u8::is_ascii_hexdigit);
    if !valid {
        bail!(
            "`--commit {}`: not 40 hexadecimal digits",
            RawName::from(text)
        );
    }
    for (byte, pair) in commit.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair)?, 16)?;
    }
    Ok(commit)
}

impl From<Phase> for Lifecycle {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Design => Self::Design,
            Phase::PreBuild => Self::PreBuild,
            Phase::Build => Self::Build,
            Phase::PostBuild => Self::PostBuild,
            Phase::Operations => Self::Operations,
            Phase::Discovery => Self::Discovery,
            Phase::Decommission => Self::Decommission,
        }
    }
}

fn sign(arguments: &SignArguments, common: &Common) -> anyhow::Result<u8> {
    let request = SignBomRequest {
        document: arguments.document.clone(),
        output: arguments
            .output
            .clone()
            .unwrap_or_else(|| arguments.document.clone()),
        private_key: key_file(&arguments.key),
        key_id: arguments.key_id.clone(),
        earlier: if arguments.replace {
            EarlierSignature::Replace
        } else {
            EarlierSignature::Refuse
        },
    };
    let signed = working(common, |work| bom::sign(&request, work.budget))?;
    write_file(&request.output, &signed.document)?;
    if !common.quiet {
        print(&format!("signed\nwrote {}\n", shown(&request.output)))?;
    }
    Ok(0)
}

fn diff(arguments: &DiffArguments, common: &Common) -> anyhow::Result<u8> {
    let found = working(common, |work| {
        bom::difference(&arguments.first, &arguments.second, work.budget)
    })?;
    let differs = bom::differs_in_meaning(&found);
    match arguments.output {
        Form::Text if common.quiet => {}
        Form::Text => print(&difference_text(&found, differs))?,
        Form::Json => {
            let document = serde_json::json!({
                "schema-version": 1,
                "same-meaning": !differs,
                "differences": found,
            });
            print(&format!("{document:#}\n"))?;
        }
    }
    Ok(u8::from(differs))
}

fn difference_text(found: &[Difference], differs: bool) -> String {
    let mut text = String::new();
    for difference in found {
        let _ = writeln!(text, "{difference}");
    }
    if !differs {
        text.push_str("no difference in meaning\n");
    }
    text
}
