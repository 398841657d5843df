//! What each command does: ask the engine, print the answer.

use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use bonafide_engine::{
    AddedTrust, Algorithm, AttestRequest, Budget, BundleArtifact, BundleRequest, BundleRoot,
    BundleSigner, Clock, Conclusion, Conformance, Credentials, Digest, DigestRequest, Digesting,
    Digests, IdentityPattern, KeyFile, Password, PasswordSource, PolicyChoice, RawName,
    SignRequest, TextPattern, VerifyRequest, Work,
};
use bonafide_report::{Colour, Format};

use crate::arguments::{
    Arguments, AttestArguments, BundleArguments, CatalogueFormat, Command, Common, DigestArguments,
    DigestFormat, EvidenceArguments, Form, ListFormat, Output, PrivateKeyArguments, SignArguments,
    SignCommand, VerifyArguments,
};
use crate::dataset::{budget, roles};
use crate::lineage::compare::claims;
use crate::progress::Progress;
use crate::terminal::{self, print, say, write_file};
use crate::{USAGE, catalogue, environment, models, threats};

/// Runs a command and returns the exit code.
pub(crate) fn run(arguments: Arguments) -> anyhow::Result<u8> {
    let common = arguments.common;
    if let Some(timeout) = common.timeout {
        terminal::give_up_after(timeout.0);
    }
    match arguments.command {
        Command::Verify(arguments) => verify(arguments, &common),
        Command::Audit(command) => crate::audit::run(command, &common),
        Command::VerifyVsa(arguments) => crate::audit::verify_vsa(arguments, &common),
        Command::Sign(command) => sign(command, &common),
        Command::Attest(arguments) => attest(arguments, &common),
        Command::Bom(command) => crate::bom::run(command, &common),
        Command::Lineage(arguments) => crate::lineage::run(arguments, &common),
        Command::Dataset(command) => crate::dataset::run(command, &common),
        Command::Inspect(arguments) => crate::inspect::run(arguments, &common),
        Command::Digest(arguments) => digest(arguments, &common),
        Command::Policy(command) => crate::policy::run(command, &common),
        Command::Trust(command) => crate::trust::run(command, &common),
        Command::VerifyBundle(arguments) => verify_bundle(arguments, &common),
        Command::RegoWorker { memory, seconds } => crate::rego::worker(memory, seconds),
        Command::Checks(arguments) => {
            print(&match arguments.output {
                CatalogueFormat::Text => catalogue::list(),
                CatalogueFormat::Table => catalogue::table(),
                CatalogueFormat::Markdown => catalogue::page(),
                CatalogueFormat::Json => format!("{:#}\n", catalogue::document()),
            })?;
            Ok(0)
        }
        Command::Rules(arguments) => {
            print(&match arguments.output {
                ListFormat::Text => models::list_of_rules(),
                ListFormat::Table => models::table_of_rules(),
                ListFormat::Json => format!("{:#}\n", models::document_of_rules()),
            })?;
            Ok(0)
        }
        Command::Formats(arguments) => {
            print(&match arguments.output {
                ListFormat::Text => models::formats(),
                ListFormat::Table => models::table_of_formats(),
                ListFormat::Json => format!("{:#}\n", models::document_of_formats()),
            })?;
            Ok(0)
        }
        Command::Env => {
            print(&environment::list())?;
            Ok(0)
        }
        Command::Threats(arguments) => crate::threats::run(&arguments),
        Command::Explain { name, mapping } => explain(&name, &mapping),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut environment::command(), "bonafide", &mut script);
            print(&String::from_utf8_lossy(&script))?;
            Ok(0)
        }
        Command::Man { directory } => manual(directory.as_deref()),
    }
}

fn verify(arguments: VerifyArguments, common: &Common) -> anyhow::Result<u8> {
    let outputs = match outputs(arguments.output, common) {
        Ok(outputs) => outputs,
        Err(message) => {
            say(&format!("error: {message}"));
            return Ok(USAGE);
        }
    };
    let mut request = match verify_request(arguments.target, arguments.evidence)? {
        Ok(request) => request,
        Err(message) => {
            say(&format!("error: {message}"));
            return Ok(USAGE);
        }
    };
    let formats: Vec<Format> = outputs.iter().filter_map(Output::report).collect();
    let needs_digests = formats.iter().any(|format| format.needs_digests());
    // An auditor who has the artifact compares every file of it with the record.
    if needs_digests || arguments.bundle.is_some() || arguments.summary.vsa.is_some() {
        request.digesting = Digesting::EveryFile;
    }
    let for_machines = formats.iter().any(|format| *format != Format::Text);
    if for_machines || arguments.bundle.is_some() || arguments.summary.vsa.is_some() {
        request.program = program(common);
    }
    let wants_facts = formats.len() < outputs.len();
    let mut facts = None;
    let report = match &arguments.bundle {
        None if wants_facts => {
            let (report, document) = working(common, |work| {
                bonafide_engine::verify_with_facts(&request, work)
            })?;
            facts = Some(document);
            report
        }
        None => working(common, |work| bonafide_engine::verify(&request, work))?,
        Some(directory) => {
            bonafide_engine::refuse_place(directory, &request.target)?;
            let recorded = working(common, |work| {
                bonafide_engine::verify_and_record(&request, work)
            })?;
            if wants_facts {
                let document = working(common, |work| bonafide_engine::facts(&request, work))?;
                facts = Some(document);
            }
            crate::audit::write_evidence(&recorded, directory, &formats, common)?;
            recorded.report
        }
    };
    crate::audit::write_vsa(&report, &arguments.summary, &request.target, common)?;
    // Files first: they are complete even when nobody reads standard output.
    let (files, streams): (Vec<_>, Vec<_>) =
        outputs.iter().partition(|output| output.path.is_some());
    for output in files.into_iter().chain(streams) {
        let text = match output.form {
            Form::Report(format) => {
                let colour = match output.path {
                    Some(_) => Colour::Plain,
                    None => terminal::colour(common.color),
                };
                bonafide_report::render(&report, format, colour)?
            }
            Form::Facts => format!("{:#}\n", facts.clone().unwrap_or_default()),
        };
        match &output.path {
            Some(path) => write_file(path, text.as_bytes())?,
            None => print(&text)?,
        }
    }
    Ok(report.exit_code())
}

/// SHA-256 of this very program, where it can be read.
fn program(common: &Common) -> Option<Digest> {
    let request = DigestRequest {
        target: std::env::current_exe().ok()?,
        algorithms: vec![Algorithm::Sha256],
        shard_size: None,
    };
    let digests = working(common, |work| bonafide_engine::digest(&request, work)).ok()?;
    digests.files.first()?.digests.first().copied()
}

/// What the engine is asked, or what is wrong with the command line.
pub(crate) fn verify_request(
    target: PathBuf,
    evidence: EvidenceArguments,
) -> anyhow::Result<Result<VerifyRequest, String>> {
    let identities = match identities(&evidence) {
        Ok(identities) => identities,
        Err(message) => return Ok(Err(message)),
    };
    let (now, clock) = match clock(&evidence)? {
        Ok(time) => time,
        Err(message) => return Ok(Err(message)),
    };
    let policy_signers = match evidence.policy_signers.signers() {
        Ok(signers) => signers,
        Err(message) => return Ok(Err(message)),
    };
    Ok(Ok(VerifyRequest {
        target,
        policy_signers,
        policy: evidence
            .policy
            .map_or(PolicyChoice::Baseline, |name| PolicyChoice::named(&name)),
        signatures: evidence.signature,
        boms: evidence.bom,
        parents: evidence.parent,
        previous: evidence.previous,
        roles: roles(&evidence.column),
        records_budget: budget(evidence.memory, evidence.spill),
        claims: claims(evidence.claim, &evidence.frozen),
        trust: AddedTrust {
            identities,
            keys: evidence.key,
            certificate_chains: evidence.certificate_chain,
            trusted_roots: evidence.trusted_root,
        },
        revocation_lists: evidence.crl,
        deny_lists: evidence.deny_list,
        advisories: evidence.advisories,
        waivers: evidence.waivers,
        purl: evidence.purl,
        mode: evidence.mode,
        digesting: Digesting::AsNeeded,
        program: None,
        now,
        clock,
    }))
}

/// The time by which to judge, and who says so.
fn clock(evidence: &EvidenceArguments) -> anyhow::Result<Result<(jiff::Timestamp, Clock), String>> {
    // Certificates count in seconds, and so do readers.
    let now = jiff::Timestamp::from_second(jiff::Timestamp::now().as_second())?;
    let epoch = match std::env::var_os("SOURCE_DATE_EPOCH") {
        Some(text) => match seconds(&text) {
            Some(time) => Some(time),
            None => {
                return Ok(Err(format!(
                    "SOURCE_DATE_EPOCH is `{}`, not a number of seconds since 1970",
                    RawName::from(Path::new(&text))
                )));
            }
        },
        None => None,
    };
    let (time, clock) = match (evidence.effective_time, epoch) {
        (Some(time), _) if time.0 < now && !evidence.allow_past_effective_time => {
            return Ok(Err(format!(
                "`--effective-time` {} is past: what has expired or been revoked since would count as good; add `--allow-past-effective-time` if that is what you want",
                time.0
            )));
        }
        (Some(time), _) => (time.0, Clock::Given),
        // Build systems set it for everybody; nobody asked us to look at the past.
        (None, Some(epoch)) if epoch >= now || evidence.allow_past_effective_time => {
            (epoch, Clock::Given)
        }
        _ => (now, Clock::System),
    };
    Ok(Ok((time, clock)))
}

/// A number of seconds since 1970, as build systems write it.
fn seconds(text: &std::ffi::OsStr) -> Option<jiff::Timestamp> {
    let seconds = text.to_str()?.parse().ok()?;
    jiff::Timestamp::from_second(seconds).ok()
}

/// The signer that the user names by identity.
fn identities(arguments: &EvidenceArguments) -> Result<Vec<IdentityPattern>, String> {
    let Some(issuer) = &arguments.issuer else {
        return Ok(Vec::new());
    };
    let (text, pattern) = match (
        &arguments.identity,
        &arguments.identity_glob,
        &arguments.identity_regex,
    ) {
        (Some(text), _, _) => (text, TextPattern::exact(text)),
        (_, Some(text), _) => (text, TextPattern::glob(text)),
        (_, _, Some(text)) => (text, TextPattern::regex(text)),
        _ => {
            return Err("`--certificate-oidc-issuer` alone names nobody: add `--certificate-identity`, `--certificate-identity-glob` or `--certificate-identity-regexp`".to_owned());
        }
    };
    if issuer.is_empty() {
        return Err("`--certificate-oidc-issuer` is empty".to_owned());
    }
    Ok(vec![IdentityPattern {
        label: text.clone(),
        issuer: issuer.clone(),
        subject: pattern.map_err(|error| format!("identity `{text}`: {error}"))?,
        claims: Vec::new(),
        roots: Vec::new(),
    }])
}

/// Exit code 0 and nothing else means verified.
fn verify_bundle(arguments: BundleArguments, common: &Common) -> anyhow::Result<u8> {
    let signer = match (
        arguments.key,
        arguments.certificate_identity,
        arguments.certificate_oidc_issuer,
    ) {
        (Some(key), None, None) => BundleSigner::Key(key),
        (None, Some(subject), Some(issuer)) => BundleSigner::Identity(Box::new(IdentityPattern {
            label: subject.clone(),
            issuer,
            subject: TextPattern::exact(&subject)?,
            claims: Vec::new(),
            roots: Vec::new(),
        })),
        _ => {
            say(
                "error: name the signer with `--key`, or with `--certificate-identity` and `--certificate-oidc-issuer`",
            );
            return Ok(USAGE);
        }
    };
    let path = PathBuf::from(&arguments.artifact);
    let digest = arguments
        .artifact
        .starts_with("sha256:")
        .then(|| arguments.artifact.parse());
    let request = BundleRequest {
        bundle: arguments.bundle,
        signer,
        root: match (arguments.staging, arguments.trusted_root) {
            (true, _) => BundleRoot::Staging,
            (false, Some(path)) => BundleRoot::File(path),
            (false, None) => BundleRoot::PublicGood,
        },
        artifact: match digest {
            Some(Ok(digest)) if !path.exists() => BundleArtifact::Digest(digest),
            _ => BundleArtifact::File(path),
        },
        now: jiff::Timestamp::now(),
    };
    match working(common, |work| {
        bonafide_engine::verify_bundle(&request, work)
    })? {
        Conclusion::Verified(verified) => {
            say(&format!("verified: {}", verified.signer()));
            Ok(0)
        }
        refused => {
            let category = refused
                .category()
                .map_or("unknown", |category| category.name());
            say(&format!("refused ({category}): {refused}"));
            Ok(1)
        }
    }
}

/// What to write where; text for people by default, nothing with `--quiet`.
fn outputs(asked: Vec<Output>, common: &Common) -> Result<Vec<Output>, String> {
    let to_stdout = asked.iter().filter(|output| output.path.is_none()).count();
    if to_stdout > 1 {
        return Err("only one `--output` can go to standard output; give the others a path, as in `--output json=report.json`".to_owned());
    }
    let has_text = asked
        .iter()
        .any(|output| output.form == Form::Report(Format::Text));
    let mut outputs = asked;
    if to_stdout == 0 && !has_text && !common.quiet {
        outputs.push(Output {
            form: Form::Report(Format::Text),
            path: None,
        });
    }
    Ok(outputs)
}

fn sign(command: SignCommand, common: &Common) -> anyhow::Result<u8> {
    let (arguments, credentials) = match command {
        SignCommand::Key { common } => {
            let private_key = key_file(&common.key);
            (common, Credentials::Key { private_key })
        }
        SignCommand::Certificate {
            common,
            signing_certificate,
            certificate_chain,
        } => {
            let private_key = key_file(&common.key);
            let credentials = Credentials::Certificate {
                private_key,
                signing_certificate,
                certificate_chain,
            };
            (common, credentials)
        }
    };
    let output = match &arguments.signature {
        Some(path) => path.clone(),
        None => default_signature(&arguments)?,
    };
    let request = SignRequest {
        target: arguments.target,
        output,
        credentials,
        algorithm: arguments.hash.into(),
        shard_size: arguments.shard_size.map(|size| size.0),
        exclude: arguments.exclude,
        conformance: if arguments.beyond_spec {
            Conformance::Beyond
        } else {
            Conformance::Specification
        },
    };
    let signed = working(common, |work| bonafide_engine::sign(&request, work))?;
    write_file(&request.output, &signed.bundle)?;
    if !common.quiet {
        let mut text = String::new();
        let unit = if request.shard_size.is_some() {
            "shard"
        } else {
            "file"
        };
        let plural = if signed.resources == 1 { "" } else { "s" };
        let _ = writeln!(
            text,
            "signed {} {unit}{plural}, root digest {}",
            signed.resources, signed.root
        );
        let _ = writeln!(text, "wrote {}", shown(&request.output));
        for name in &signed.left_out {
            let _ = writeln!(text, "not covered: {name}");
        }
        print(&text)?;
    }
    Ok(0)
}

/// `model.sig` in a directory, `NAME.sig` beside a file: where `verify` looks.
fn default_signature(arguments: &SignArguments) -> anyhow::Result<PathBuf> {
    if arguments.target.is_dir() {
        return Ok(arguments.target.join("model.sig"));
    }
    let Some(name) = arguments.target.file_name() else {
        bail!(
            "{}: has no name to derive a signature file from; use `--signature`",
            shown(&arguments.target)
        );
    };
    let mut name = name.to_owned();
    name.push(".sig");
    Ok(arguments.target.with_file_name(name))
}

/// The password is looked up only where it is used: of the process's
/// environment, no other command has to know.
pub(crate) fn key_file(arguments: &PrivateKeyArguments) -> KeyFile {
    let password = match &arguments.password_file {
        Some(path) => PasswordSource::File(path.clone()),
        None => std::env::var_os("BONAFIDE_KEY_PASSWORD").map_or(PasswordSource::None, |text| {
            PasswordSource::Given(Password::new(text.into_vec()))
        }),
    };
    KeyFile {
        path: arguments.private_key.clone(),
        password,
    }
}

fn attest(arguments: AttestArguments, common: &Common) -> anyhow::Result<u8> {
    let output = match arguments.output {
        Some(path) => path,
        None => default_attestation(&arguments.target)?,
    };
    let request = AttestRequest {
        target: arguments.target,
        output,
        private_key: key_file(&arguments.key),
        predicate_type: arguments.predicate_type,
        predicate: arguments.predicate,
        subject_name: arguments.subject_name,
        exclude: arguments.exclude,
    };
    let attested = working(common, |work| bonafide_engine::attest(&request, work))?;
    write_file(&request.output, &attested.envelope)?;
    if !common.quiet {
        let mut text = String::new();
        let plural = if attested.subjects == 1 { "" } else { "s" };
        let _ = writeln!(text, "attested {} subject{plural}", attested.subjects);
        let _ = writeln!(text, "wrote {}", shown(&request.output));
        for name in &attested.left_out {
            let _ = writeln!(text, "not covered: {name}");
        }
        print(&text)?;
    }
    Ok(0)
}

/// `NAME.intoto.json` beside the target, also where that is `.` or ends in `..`.
fn default_attestation(target: &Path) -> anyhow::Result<PathBuf> {
    let resolved = match target.file_name() {
        Some(_) => target.to_owned(),
        None => target
            .canonicalize()
            .with_context(|| format!("{}: cannot be read", shown(target)))?,
    };
    let Some(name) = resolved.file_name() else {
        bail!(
            "{}: has no name to derive a file from; use `--output`",
            shown(target)
        );
    };
    let mut name = name.to_owned();
    name.push(".intoto.json");
    Ok(resolved.with_file_name(name))
}

fn digest(arguments: DigestArguments, common: &Common) -> anyhow::Result<u8> {
    let mut algorithms = arguments.hash;
    let mut seen = Vec::new();
    algorithms.retain(|algorithm| {
        let new = !seen.contains(algorithm);
        seen.push(*algorithm);
        new
    });
    let request = DigestRequest {
        target: arguments.target,
        algorithms,
        shard_size: arguments.shard_size.map(|size| size.0),
    };
    let digests = working(common, |work| bonafide_engine::digest(&request, work))?;
    print(&match arguments.output {
        DigestFormat::Text => digest_text(&digests),
        DigestFormat::Json => digest_json(&digests),
    })?;
    for (name, reason) in digests.without_digest.iter().filter(|_| !common.quiet) {
        say(&format!("no digest: `{name}`: {reason}"));
    }
    // As with `verify`: nothing there is not the same as everything in order.
    Ok(if digests.files.is_empty() { 3 } else { 0 })
}

fn digest_text(digests: &Digests) -> String {
    let mut text = String::new();
    for file in &digests.files {
        for digest in &file.digests {
            let _ = writeln!(text, "{digest}  {}", RawName::from(file.name.as_str()));
        }
    }
    if let Some(root) = &digests.root {
        let _ = writeln!(text, "{root}  (OMS root of {} above)", digests.files.len());
    }
    if let Some(reason) = &digests.without_root {
        let _ = writeln!(text, "no OMS root: {reason}");
    }
    if let Some(root) = &digests.root_by_component {
        let _ = writeln!(text, "{root}  (OMS root as model_signing orders the files)");
    }
    for name in &digests.left_out {
        let _ = writeln!(text, "left out  {name}");
    }
    text
}

fn digest_json(digests: &Digests) -> String {
    let files: Vec<serde_json::Value> = digests
        .files
        .iter()
        .map(|file| serde_json::json!({ "name": file.name, "digests": file.digests }))
        .collect();
    let without: Vec<serde_json::Value> = digests
        .without_digest
        .iter()
        .map(|(name, reason)| serde_json::json!({ "name": name, "reason": reason }))
        .collect();
    let document = serde_json::json!({
        "schema-version": 1,
        "root": digests.root,
        "root-as-model-signing-orders": digests.root_by_component,
        "without-root": digests.without_root,
        "files": files,
        "left-out": digests.left_out,
        "without-digest": without,
    });
    format!("{document:#}\n")
}

fn explain(name: &str, mappings: &[PathBuf]) -> anyhow::Result<u8> {
    let text = if let Some(threat) = threats::find(name) {
        threats::explain(threat, mappings)?
    } else if !mappings.is_empty() {
        say("error: `--mapping` goes with a threat, such as `SIG-02`");
        return Ok(USAGE);
    } else if let Some(check) = bonafide_checks::find(name) {
        catalogue::explain(check)
    } else if let Some(rule) = bonafide_engine::rule(name) {
        models::explain(rule)
    } else {
        let name = RawName::from(name);
        say(&format!(
            "error: there is no check, rule or threat `{name}`"
        ));
        say("  hint: `bonafide checks`, `bonafide rules` and `bonafide threats` list them");
        return Ok(USAGE);
    };
    print(&text)?;
    Ok(0)
}

fn manual(directory: Option<&Path>) -> anyhow::Result<u8> {
    let mut command = environment::command();
    command.build();
    match directory {
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(command)
                .render(&mut page)
                .context("the manual page cannot be made")?;
            print(&String::from_utf8_lossy(&page))?;
        }
        Some(directory) => {
            std::fs::create_dir_all(directory)
                .with_context(|| format!("{}: cannot be created", shown(directory)))?;
            clap_mangen::generate_to(command, directory)
                .with_context(|| format!("{}: cannot be written", shown(directory)))?;
        }
    }
    Ok(0)
}

/// Runs an engine call with workers, limits and progress from the command line.
pub(crate) fn working<T>(
    common: &Common,
    call: impl FnOnce(Work<'_>) -> Result<T, bonafide_engine::EngineError>,
) -> anyhow::Result<T> {
    let workers = common
        .jobs
        .or_else(|| std::thread::available_parallelism().ok())
        .unwrap_or(NonZeroUsize::MIN);
    let budget = Budget {
        bytes: common.max_bytes.map_or(u64::MAX, |size| size.0.get()),
        ..Budget::DEFAULT
    };
    if common.verbose {
        say(&format!("reading and hashing with {workers} threads"));
    }
    let progress = Progress::new(common.quiet);
    let started = std::time::Instant::now();
    let result = call(Work {
        workers,
        budget: &budget,
        observer: &progress,
        intake: &bonafide_engine::LIVE,
        rules: &crate::rego::Isolated,
    });
    progress.finish();
    if common.verbose {
        say(&format!("took {:.2} s", started.elapsed().as_secs_f64()));
    }
    Ok(result?)
}

pub(crate) fn shown(path: &Path) -> RawName {
    RawName::from(path)
}
