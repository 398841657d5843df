//! `bonafide policy`: for those who write the policy that a gate enforces.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use bonafide_core::{Level, Mode};
use bonafide_engine::{
    CommandLineTrust, EngineError, FACTS_SCHEMA, FileAccount, IdentityPattern, Policy,
    PolicyAccount, PolicyChoice, PolicyQuestion, PolicySignRequest, PolicySigners, RawName,
    TextPattern, TrustKind, Waiver, WaiverAccount, days_left, load_policy, policy_account,
    policy_schema, policy_signature_path, preset, presets, sign_policy, waivers_schema,
};
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::arguments::{Common, EffectiveTime, PrivateKeyArguments};
use crate::command::{key_file, shown, working};
use crate::terminal::{print, print_error, say, write_file};
use crate::{COULD_NOT_DECIDE, USAGE};

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Write a policy to start from; an existing file is never overwritten
    Init(InitArguments),
    /// Read policies and files of waivers with everything that they name, and say what is wrong
    ///
    /// Exit code 0 if all of them can be used, 2 if one of them cannot.
    Check(CheckArguments),
    /// Show a policy as it is in force: what it extends laid under it
    Show(ShowArguments),
    /// List the policies that come with the program
    List(ListArguments),
    /// Run the tests of custom rules: every `test_…` in files that end in `_test.rego`
    ///
    /// Exit code 0 if all pass, 1 if one fails, 2 if one cannot be carried out, 3 if there is none.
    Test {
        /// Files of rules and tests, and folders of them
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Print the JSON Schema of policies, files of waivers, reports or facts
    Schema(SchemaArguments),
    /// Sign a policy with everything that it names, or a file of waivers
    ///
    /// An in-toto Statement v1 in a DSSE envelope, beside the policy. Its subjects are the policy,
    /// what it extends, its waivers, keys, authorities, trusted roots, deny-lists and custom rules.
    /// `verify --policy-key` demands it.
    Sign(SignArguments),
}

#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// Where to write it
    #[arg(default_value = "policy.toml")]
    file: PathBuf,
    /// Policy to build on, one of `bonafide policy list`
    #[arg(long, value_name = "PRESET", default_value = "baseline")]
    from: String,
}

/// Who has to have signed the policy: the same wherever one is read.
#[derive(Debug, Clone, Args)]
pub(crate) struct PolicySignerArguments {
    /// Demand that the policy, everything that it names, and files of waivers are signed with this
    /// public key (PEM), as `bonafide policy sign` does; repeatable, and one of them is enough
    #[arg(long, value_name = "FILE")]
    pub(crate) policy_key: Vec<PathBuf>,
    /// Demand that a Sigstore bundle shows that this identity has signed them (e-mail address or
    /// URI, exactly); needs `--policy-issuer`
    #[arg(long, value_name = "SUBJECT", requires = "policy_issuer")]
    pub(crate) policy_identity: Option<String>,
    /// OpenID Connect issuer that has to have vouched for that identity
    #[arg(long, value_name = "URL", requires = "policy_identity")]
    pub(crate) policy_issuer: Option<String>,
}

impl PolicySignerArguments {
    /// Whom the engine asks for, or what is wrong with the command line.
    pub(crate) fn signers(self) -> Result<PolicySigners, String> {
        let identity = match (self.policy_identity, self.policy_issuer) {
            (Some(subject), Some(issuer)) if !issuer.is_empty() => Some(IdentityPattern {
                subject: TextPattern::exact(&subject)
                    .map_err(|error| format!("`--policy-identity {subject}`: {error}"))?,
                label: subject,
                issuer,
                claims: Vec::new(),
                roots: Vec::new(),
            }),
            (None, None) => None,
            _ => return Err("`--policy-identity` needs `--policy-issuer`".to_owned()),
        };
        Ok(PolicySigners {
            keys: self.policy_key,
            identities: identity.into_iter().collect(),
        })
    }
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Policies, presets and files of waivers
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    signers: PolicySignerArguments,
    /// Judge as of this time: a date, or a time as in RFC 3339 [default: now]
    #[arg(long, value_name = "TIME")]
    effective_time: Option<EffectiveTime>,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// A policy or a preset
    #[arg(default_value = "baseline", value_name = "FILE")]
    policy: PathBuf,
    /// Form of the output
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value_t = Form::Text)]
    output: Form,
    /// Judge as of this time: a date, or a time as in RFC 3339 [default: now]
    #[arg(long, value_name = "TIME")]
    effective_time: Option<EffectiveTime>,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Form of the output
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value_t = Form::Text)]
    output: Form,
}

/// Form of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// Everything, as one JSON document
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    /// Of what
    #[arg(value_enum, value_name = "WHAT", default_value_t = Described::Policy)]
    what: Described,
}

/// What a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Described {
    /// A policy, for editors; TOML and YAML have the same model
    Policy,
    /// A file of waivers
    Waivers,
    /// The report of `verify --output json`
    Report,
    /// The facts that custom rules see as `input`
    Facts,
}

#[derive(Debug, Args)]
pub(crate) struct SignArguments {
    /// The policy, or a file of waivers
    #[arg(value_name = "FILE")]
    policy: PathBuf,
    #[command(flatten)]
    key: PrivateKeyArguments,
    /// Where to write the signature [default: `FILE.signature.json`, where `verify` looks]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs a subcommand and returns the exit code.
pub(crate) fn run(command: PolicyCommand, common: &Common) -> anyhow::Result<u8> {
    match command {
        PolicyCommand::Init(arguments) => init(&arguments, common),
        PolicyCommand::Check(arguments) => check(arguments, common),
        PolicyCommand::Show(arguments) => show(&arguments, common),
        PolicyCommand::List(arguments) => list(&arguments),
        PolicyCommand::Test { paths } => crate::rego::test(&paths, common),
        PolicyCommand::Schema(arguments) => schema(&arguments),
        PolicyCommand::Sign(arguments) => sign(arguments, common),
    }
}

/// The time that is meant, in seconds as certificates count.
fn time(given: Option<EffectiveTime>) -> anyhow::Result<Timestamp> {
    Ok(match given {
        Some(time) => time.0,
        None => Timestamp::from_second(Timestamp::now().as_second())?,
    })
}

const START: &str = "\
# A policy for `bonafide verify --policy`. `bonafide policy check` says whether it can be used,
# `bonafide policy show` what it comes to with all that it extends.

[policy]
name = \"NAME\"
version = \"0.1.0\"
description = \"What an artifact has to show before it is used here.\"
# What it builds on. A control below replaces the one with the same id there.
extends = [\"PRESET\"]
# Last day (UTC) on which it is valid. An expired policy is refused, so that somebody reviews it.
# expires = 2027-12-31
# What becomes of a verdict: `enforce`, or `warn` and `audit` while you get used to it.
mode = \"enforce\"

[trust]
# Whether `--key`, `--certificate-chain`, `--waivers` and the like may add to it: `allow`, or
# `refuse` in a gate, where whoever starts the run must not decide.
command-line = \"allow\"

# Whom you trust: whoever signs the artifacts. With nobody here, each run has to name a signer.
#
# [[trust.keys]]
# name = \"release\"
# file = \"keys/release.pem\"
#
# [[trust.identities]]
# name = \"build\"
# issuer = \"https://token.actions.githubusercontent.com\"
# subject = \"https://github.com/acme/model/.github/workflows/release.yml@refs/heads/main\"

# A demand: `bonafide checks` lists what can be asked for, `bonafide explain CHECK` says what it
# means. `deny` fails the run, `warn` and `audit` are printed.
#
# [[control]]
# check = \"CHECK\"
# level = \"warn\"
# applies-to = { path = \"docs/**\" }

# A finding that somebody answers for, until a day. Every field is needed.
#
# [[waiver]]
# id = \"W-1\"
# control = \"CHECK\"
# subject = \"sha256:DIGEST\"
# until = 2027-01-31
# reason = \"why it is acceptable until then\"
# owner = \"who answers for it\"
# approved-by = \"who agreed\"
";

fn init(arguments: &InitArguments, common: &Common) -> anyhow::Result<u8> {
    if preset(&arguments.from).is_none() {
        let name = RawName::from(arguments.from.as_str());
        say(&format!("error: no preset is named `{name}`"));
        say("  hint: `bonafide policy list` lists them");
        return Ok(USAGE);
    }
    // Nobody should start from what cannot be used.
    let now = time(None)?;
    Policy::preset(&arguments.from)
        .and_then(|policy| policy.check_expiry(now))
        .map_err(EngineError::from)?;
    let file = &arguments.file;
    let is_known = file
        .extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| ending == "toml");
    if !is_known {
        say(&format!(
            "error: {}: a policy is started in TOML, in a file whose name ends in `.toml`",
            shown(file)
        ));
        return Ok(USAGE);
    }
    let name = file.file_stem().and_then(|stem| stem.to_str());
    let is_plain = |name: &&str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_. ".contains(&byte))
    };
    let name = name.filter(is_plain).unwrap_or("policy");
    let example = bonafide_checks::CHECKS
        .first()
        .map_or("CHECK", |check| check.slug);
    let text = START
        .replace("NAME", name)
        .replace("PRESET", &arguments.from)
        .replace("\"CHECK\"", &format!("\"{example}\""));
    let mut new = match std::fs::File::create_new(file) {
        Ok(new) => new,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{}: exists and is not overwritten", shown(file))
        }
        Err(error) => {
            return Err(error).with_context(|| format!("{}: cannot be written", shown(file)));
        }
    };
    new.write_all(text.as_bytes())
        .with_context(|| format!("{}: cannot be written", shown(file)))?;
    if !common.quiet {
        print(&format!(
            "wrote {0}\nname whom you trust in it, then `bonafide policy check {0}`\n",
            shown(file)
        ))?;
    }
    Ok(0)
}

fn check(arguments: CheckArguments, common: &Common) -> anyhow::Result<u8> {
    let signers = match arguments.signers.signers() {
        Ok(signers) => signers,
        Err(message) => {
            say(&format!("error: {message}"));
            return Ok(USAGE);
        }
    };
    let now = time(arguments.effective_time)?;
    let mut code = 0;
    for file in &arguments.files {
        let question = PolicyQuestion {
            policy: PolicyChoice::named(file),
            signers: signers.clone(),
            trusted_roots: Vec::new(),
            now,
        };
        match working(common, |work| policy_account(&question, work)) {
            Ok(account) => {
                if !common.quiet {
                    print(&format!("{}: {}", shown(file), usable(&account, now)))?;
                }
            }
            Err(error) => {
                print_error(&error);
                code = COULD_NOT_DECIDE;
            }
        }
    }
    Ok(code)
}

/// One line, and one for each warning.
fn usable(account: &FileAccount, now: Timestamp) -> String {
    let mut text = String::from("usable: ");
    let (signed_by, warnings) = match account {
        FileAccount::Policy(account) => {
            let PolicyAccount {
                policy,
                signed_by,
                warnings,
                ..
            } = account.as_ref();
            let _ = write!(
                text,
                "policy {} {}, {}",
                policy.name,
                policy.version,
                counted(policy.controls.len(), "control")
            );
            if !policy.custom.is_empty() {
                let count = counted(policy.custom.len(), "package");
                let _ = write!(text, ", {count} of custom rules");
            }
            if !policy.waivers.is_empty() {
                let _ = write!(text, ", {}", counted(policy.waivers.len(), "waiver"));
            }
            if let Some(expires) = policy.expires {
                let _ = write!(text, ", expires {expires}");
            }
            (signed_by, warnings)
        }
        FileAccount::Waivers(WaiverAccount {
            file,
            signed_by,
            warnings,
        }) => {
            let count = counted(file.waivers.len(), "waiver");
            let _ = write!(text, "waivers {} {}, {count}", file.name, file.version);
            let ends = file.waivers.iter().map(|waiver| waiver.until);
            if let Some(next) = ends.filter(|end| days_left(*end, now) >= 0).min() {
                let _ = write!(text, ", the next one ends {next}");
            }
            (signed_by, warnings)
        }
    };
    if let Some(signer) = signed_by {
        let _ = write!(text, ", signed by {signer}");
    }
    text.push('\n');
    for warning in warnings {
        let _ = writeln!(text, "  warning: {warning}");
    }
    text
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

fn show(arguments: &ShowArguments, common: &Common) -> anyhow::Result<u8> {
    let now = time(arguments.effective_time)?;
    let choice = PolicyChoice::named(&arguments.policy);
    let policy = working(common, |work| load_policy(&choice, work))?;
    print(&match arguments.output {
        Form::Text => page(&policy, now),
        Form::Json => format!("{:#}\n", document(&policy, now)),
    })?;
    Ok(0)
}

/// The policy for people.
fn page(policy: &Policy, now: Timestamp) -> String {
    let mut text = format!("{} {}\n", policy.name, policy.version);
    if let Some(description) = &policy.description {
        let _ = writeln!(text, "  {}", RawName::from(description.as_str()));
    }
    let _ = writeln!(text, "  {}", policy.digest());
    let _ = match policy.expires {
        Some(day) => writeln!(text, "  expires {day} ({})", in_days(days_left(day, now))),
        None => writeln!(text, "  never expires"),
    };
    if let Some(minimum) = &policy.minimum_tool_version {
        let _ = writeln!(text, "  needs bonafide {minimum} or later");
    }
    let _ = writeln!(text, "  mode {}", policy.mode.unwrap_or_default());
    let _ = writeln!(
        text,
        "  a file to which no control applies: {}",
        policy.no_match.name()
    );
    let _ = writeln!(
        text,
        "  a waiver ends within {}",
        counted_days(policy.waiver_horizon_days)
    );

    text.push_str("\nFiles, each laid over the ones above it\n");
    for layer in policy.layers() {
        let _ = writeln!(
            text,
            "  {} ({} {})",
            RawName::from(layer.origin.as_str()),
            layer.name,
            layer.version
        );
    }
    text.push_str("\nTrusted signers\n");
    let signers = signers(policy);
    if signers.is_empty() {
        text.push_str("  nobody\n");
    }
    for signer in signers {
        let _ = writeln!(text, "  {signer}");
    }
    let added = match policy.command_line {
        CommandLineTrust::Allowed => "may add signers and waivers",
        CommandLineTrust::Refused => "may add neither signers nor waivers",
    };
    let _ = writeln!(text, "  the command line {added}");
    if !policy.roles.is_empty() {
        text.push_str("\nRoles\n");
    }
    for role in &policy.roles {
        let _ = writeln!(
            text,
            "  {}: {} of {}",
            role.name,
            role.threshold,
            role.signers.join(", ")
        );
    }
    controls(&mut text, policy, now);
    if !policy.custom.is_empty() {
        text.push_str("\nCustom rules\n");
    }
    for rules in &policy.custom {
        let files: Vec<String> = rules
            .files
            .iter()
            .map(|file| shown(file).to_string())
            .collect();
        let level = level(rules.level);
        let _ = writeln!(
            text,
            "  {level:<5}  {} ({})",
            rules.package,
            files.join(", ")
        );
    }
    if !policy.waivers.is_empty() {
        text.push_str("\nWaivers\n");
    }
    for waiver in &policy.waivers {
        let _ = writeln!(
            text,
            "  {}: {} of {}, until {} ({})\n    {}\n    owner {}, approved by {}",
            RawName::from(waiver.id.as_str()),
            waiver.control,
            waiver.subject,
            waiver.until,
            in_days(days_left(waiver.until, now)),
            RawName::from(waiver.reason.as_str()),
            RawName::from(waiver.owner.as_str()),
            RawName::from(waiver.approved_by.as_str()),
        );
    }
    text
}

fn controls(text: &mut String, policy: &Policy, now: Timestamp) {
    let _ = writeln!(text, "\nControls ({})", policy.controls.len());
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    for control in &policy.controls {
        let level = level(control.level_on(today));
        let _ = write!(text, "  {level:<5}  {}", control.id);
        if control.id != control.check.slug {
            let _ = write!(text, " (check {})", control.check.slug);
        }
        let _ = writeln!(text, ", from {}", RawName::from(policy.origin_of(control)));
        if let Some(day) = control.effective_on.filter(|day| today < *day) {
            let _ = writeln!(text, "         weighs deny from {day} on");
        }
        if let Some(scope) = control.scope.description() {
            let _ = writeln!(text, "         applies to {}", RawName::from(scope));
        }
        if let Some(parameters) = control.parameters.as_object() {
            for (name, value) in parameters {
                let value = value.to_string();
                let _ = writeln!(text, "         {name} = {}", RawName::from(value.as_str()));
            }
        }
        if !control.requirements.is_empty() {
            let _ = writeln!(
                text,
                "         speaks to {}",
                control.requirements.join(", ")
            );
        }
        if let Some(reason) = &control.reason {
            let _ = writeln!(text, "         because {}", RawName::from(reason.as_str()));
        }
    }
}

/// Whom the policy trusts, by name.
fn signers(policy: &Policy) -> Vec<String> {
    let sources = policy.trust.iter().map(|source| {
        let kind = match source.kind {
            TrustKind::Key => "key",
            TrustKind::Authority => "authority",
        };
        format!("{kind} {}", RawName::from(source.name.as_str()))
    });
    let identities = policy.sigstore.identities.iter().map(|pattern| {
        let subject = pattern.subject.to_string();
        format!(
            "identity {} ({} by {})",
            RawName::from(pattern.label.as_str()),
            RawName::from(subject.as_str()),
            RawName::from(pattern.issuer.as_str())
        )
    });
    sources.chain(identities).collect()
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Deny => "deny",
        Level::Warn => "warn",
        Level::Audit => "audit",
    }
}

fn counted_days(days: u32) -> String {
    let plural = if days == 1 { "" } else { "s" };
    format!("{days} day{plural}")
}

fn in_days(days: i64) -> String {
    let count = days.unsigned_abs();
    let plural = if count == 1 { "" } else { "s" };
    if days < 0 {
        format!("over for {count} day{plural}")
    } else {
        format!("{count} day{plural} left")
    }
}

/// The policy for tools.
fn document(policy: &Policy, now: Timestamp) -> Value {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let controls = policy.controls.iter().map(|control| {
        json!({
            "id": control.id,
            "check": control.check.slug,
            "level": level(control.level),
            "level-today": level(control.level_on(today)),
            "effective-on": control.effective_on.map(|day| day.to_string()),
            "applies-to": control.scope.description(),
            "parameters": control.parameters,
            "requirements": control.requirements,
            "reason": control.reason,
            "origin": policy.origin_of(control),
        })
    });
    let layers = policy.layers().iter().map(|layer| {
        json!({
            "source": layer.origin,
            "name": layer.name,
            "version": layer.version,
            "digest": layer.digest,
        })
    });
    let custom = policy.custom.iter().map(|rules| {
        json!({
            "package": rules.package,
            "files": rules.files.iter().map(|file| shown(file)).collect::<Vec<_>>(),
            "data": rules.data.iter().map(|file| shown(file)).collect::<Vec<_>>(),
            "level": level(rules.level),
            "requirements": rules.requirements,
        })
    });
    let roles = policy.roles.iter().map(|role| {
        json!({
            "name": role.name,
            "threshold": role.threshold,
            "signers": role.signers,
            "distinct-from": role.distinct_from,
        })
    });
    let standards = policy.standards.iter().map(|standard| {
        let requirements = policy.requirements.iter();
        json!({
            "id": standard.id,
            "name": standard.name,
            "version": standard.version,
            "requirements": requirements
                .filter(|requirement| requirement.standard == standard.id)
                .map(|requirement| requirement.id.as_str())
                .collect::<Vec<_>>(),
        })
    });
    let mode: Mode = policy.mode.unwrap_or_default();
    json!({
        "schema-version": 1,
        "name": policy.name,
        "version": policy.version.to_string(),
        "description": policy.description,
        "digest": policy.digest(),
        "expires": policy.expires.map(|day| day.to_string()),
        "days-left": policy.expires.map(|day| days_left(day, now)),
        "minimum-tool-version": policy.minimum_tool_version.as_ref().map(ToString::to_string),
        "mode": mode.to_string(),
        "no-match": policy.no_match.name(),
        "waiver-horizon-days": policy.waiver_horizon_days,
        "layers": layers.collect::<Vec<_>>(),
        "trust": signers(policy),
        "roles": roles.collect::<Vec<_>>(),
        "controls": controls.collect::<Vec<_>>(),
        "custom": custom.collect::<Vec<_>>(),
        "waivers": policy.waivers.iter().map(|waiver| waiver_document(waiver, now)).collect::<Vec<_>>(),
        "standards": standards.collect::<Vec<_>>(),
    })
}

fn waiver_document(waiver: &Waiver, now: Timestamp) -> Value {
    json!({
        "id": waiver.id,
        "control": waiver.control,
        "subject": waiver.subject.to_string(),
        "rule": waiver.rule,
        "until": waiver.until.to_string(),
        "days-left": days_left(waiver.until, now),
        "reason": waiver.reason,
        "owner": waiver.owner,
        "approved-by": waiver.approved_by,
        "source": waiver.source,
    })
}

fn list(arguments: &ListArguments) -> anyhow::Result<u8> {
    let now = time(None)?;
    let mut text = String::new();
    let mut rows = Vec::new();
    let width = presets().iter().map(|known| known.name.len()).max();
    let width = width.unwrap_or(0);
    for known in presets() {
        // One that names files has to be copied, and says so where it is used by its name.
        let usable = |policy: &Policy| policy.check_expiry(now).is_ok();
        let policy = Policy::preset(known.name).ok().filter(usable);
        let described = policy
            .as_ref()
            .and_then(|policy| policy.description.as_deref());
        let description = described.unwrap_or_else(|| {
            // The line that the file begins with says what it is for.
            let first = known.text.lines().next().unwrap_or_default();
            first.trim_start_matches(['#', ' '])
        });
        let version = policy.as_ref().map(|policy| policy.version.to_string());
        let shown = version.as_deref().unwrap_or("to copy");
        let _ = writeln!(text, "{:<width$}  {shown:<7}  {description}", known.name);
        rows.push(json!({
            "name": known.name,
            "version": version,
            "description": description,
            "controls": policy.as_ref().map(|policy| policy.controls.len()),
            "digest": policy.as_ref().map(Policy::digest),
        }));
    }
    print(&match arguments.output {
        Form::Text => text,
        Form::Json => format!("{:#}\n", json!({ "schema-version": 1, "presets": rows })),
    })?;
    Ok(0)
}

fn schema(arguments: &SchemaArguments) -> anyhow::Result<u8> {
    print(&match arguments.what {
        Described::Policy => format!("{:#}\n", policy_schema()),
        Described::Waivers => format!("{:#}\n", waivers_schema()),
        Described::Report => include_str!("../../../schemas/report.schema.json").to_owned(),
        Described::Facts => FACTS_SCHEMA.to_owned(),
    })?;
    Ok(0)
}

fn sign(arguments: SignArguments, common: &Common) -> anyhow::Result<u8> {
    let place = || policy_signature_path(Path::new(&arguments.policy));
    let request = PolicySignRequest {
        output: arguments.output.clone().unwrap_or_else(place),
        private_key: key_file(&arguments.key),
        now: time(None)?,
        policy: arguments.policy,
    };
    let signed = working(common, |work| sign_policy(&request, work))?;
    write_file(&request.output, &signed.envelope)?;
    if !common.quiet {
        let mut text = format!("signed {}\n", signed.title);
        for name in &signed.subjects {
            let _ = writeln!(text, "  {}", RawName::from(name.as_str()));
        }
        let _ = writeln!(text, "wrote {}", shown(&request.output));
        print(&text)?;
    }
    Ok(0)
}
