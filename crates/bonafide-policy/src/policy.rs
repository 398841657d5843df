//! From the text of a policy to demands that can be applied.

use std::collections::HashSet;
use std::ops::Range;
use std::path::PathBuf;

use bonafide_attest::{DocumentSignatures, TextPattern, TrustStore};
use bonafide_checks::{CHECKS, Check, Prepared, Role};
use bonafide_core::{Algorithm, Digest, Level, RawName};
use jiff::Timestamp;
use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::certificate_rules::{self, CertificateRules, DenySource, RevocationSource};
use crate::custom::{self, CustomRules};
use crate::document::{self, Section};
use crate::identity::{self, RootSource, SigstoreTrust};
use crate::problem::{PolicyError, Problem};
use crate::role;

/// The policy that is in force when none is given.
const BASELINE: &str = include_str!("../../../policies/baseline.toml");

/// A policy that has been read and found usable.
#[derive(Debug)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: semver::Version,
    /// Last day on which it is valid (UTC).
    pub expires: Option<Date>,
    /// What `--key` and `--certificate-chain` may do.
    pub command_line: CommandLineTrust,
    /// Signers that it trusts.
    pub trust: Vec<TrustSource>,
    /// What it trusts of Sigstore.
    pub sigstore: SigstoreTrust,
    /// Which signatures in documents count.
    pub document_signatures: DocumentSignatures,
    /// Roles that have to be filled.
    pub roles: Vec<Role>,
    /// What it says about certificates, and the lists that take trust away.
    pub certificates: CertificateRules,
    /// Its demands; never empty, at most one for each check.
    pub controls: Vec<Control>,
    /// Rules in Rego that it brings along.
    pub custom: Vec<CustomRules>,
    origin: String,
    text: String,
    expires_span: Range<usize>,
}

/// Whether the user of a run may add trusted signers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CommandLineTrust {
    /// They may, and the report says so.
    #[default]
    Allowed,
    /// A run that tries is refused.
    Refused,
}

/// A key or authority that the policy trusts.
#[derive(Debug, Clone)]
pub struct TrustSource {
    /// Its name in reports.
    pub name: String,
    /// What it is.
    pub kind: TrustKind,
    /// Where its PEM text comes from.
    pub material: Material,
    /// Names that an authority is trusted for; empty means any.
    pub names: Vec<TextPattern>,
    span: Range<usize>,
}

/// What a trusted signer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustKind {
    /// A public key.
    Key,
    /// A certificate authority.
    Authority,
}

/// Where PEM text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Material {
    /// A file, relative to the policy.
    File(PathBuf),
    /// The policy itself.
    Inline(String),
    /// SHA-256 of a key that has to come with the signature.
    Fingerprint(Digest),
}

/// A demand: a check, ready to run, and what its outcome weighs.
pub struct Control {
    /// The check.
    pub check: &'static Check,
    /// What its outcome weighs.
    pub level: Level,
    /// The check with the policy's parameters.
    pub prepared: Prepared,
}

impl std::fmt::Debug for Control {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Control")
            .field("check", &self.check.slug)
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}

impl Policy {
    /// The embedded baseline: every check, no trusted signer.
    pub fn baseline() -> Result<Self, PolicyError> {
        Self::parse("baseline", BASELINE)
    }

    /// Reads a policy; `origin` names it in errors.
    pub fn parse(origin: &str, text: &str) -> Result<Self, PolicyError> {
        let mut problems = Vec::new();
        let policy = match DeTable::parse(text) {
            Ok(root) => read(origin, text, &root, &mut problems),
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                problems.push(Problem::new(span, error.message()));
                None
            }
        };
        match policy {
            Some(policy) if problems.is_empty() => Ok(policy),
            _ => {
                problems.sort_by_key(|problem| problem.span.start);
                Err(PolicyError {
                    origin: origin.to_owned(),
                    text: text.to_owned(),
                    problems,
                })
            }
        }
    }

    /// SHA-256 of the text.
    #[must_use]
    pub fn digest(&self) -> Digest {
        bonafide_attest::Examination::digest(self.text.as_bytes())
    }

    /// An error when the policy is no longer valid at `now`.
    pub fn check_expiry(&self, now: Timestamp) -> Result<(), PolicyError> {
        let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        match self.expires {
            Some(expires) if today > expires => Err(self.error(
                Problem::new(
                    self.expires_span.clone(),
                    format!("policy expired on {expires} (today is {today})"),
                )
                .with_help("review the policy, then set a later date and a new version"),
            )),
            _ => Ok(()),
        }
    }

    /// An error about one of the policy's trusted signers, shown in its line.
    #[must_use]
    pub fn trust_error(&self, source: &TrustSource, message: &str) -> PolicyError {
        self.error(Problem::new(source.span.clone(), message))
    }

    /// An error about one of the policy's revocation lists, shown in its line.
    #[must_use]
    pub fn revocation_list_error(&self, source: &RevocationSource, message: &str) -> PolicyError {
        self.error(Problem::new(source.span.clone(), message))
    }

    /// An error about one of the policy's trusted roots, shown in its line.
    #[must_use]
    pub fn root_error(&self, source: &RootSource, message: &str) -> PolicyError {
        self.error(Problem::new(source.span.clone(), message))
    }

    /// An error about one of the policy's deny-lists, shown in its line.
    #[must_use]
    pub fn deny_list_error(&self, source: &DenySource, message: &str) -> PolicyError {
        self.error(Problem::new(source.span.clone(), message))
    }

    /// An error about one of the policy's packages of custom rules, shown in its line.
    #[must_use]
    pub fn custom_error(&self, rules: &CustomRules, message: &str) -> PolicyError {
        self.error(Problem::new(rules.span.clone(), message))
    }

    fn error(&self, problem: Problem) -> PolicyError {
        PolicyError {
            origin: self.origin.clone(),
            text: self.text.clone(),
            problems: vec![problem],
        }
    }
}

fn read(
    origin: &str,
    text: &str,
    root: &Spanned<DeTable<'_>>,
    problems: &mut Vec<Problem>,
) -> Option<Policy> {
    let mut document = Section::new(root.get_ref(), 0..0);
    let header = document
        .required("policy", problems)
        .and_then(|value| document::table(value, problems));
    let mut names = Names::new();
    let trust = match document.optional("trust") {
        Some(value) => read_trust(value, &mut names, problems),
        None => TrustSection::default(),
    };
    check_unique(&names, problems);
    let signers: Vec<String> = names.into_iter().map(|(name, _)| name).collect();
    let roles = match document.optional("role") {
        Some(value) => role::read(value, &signers, problems),
        None => Vec::new(),
    };
    let controls = match document.optional("control") {
        Some(value) => read_controls(value, problems),
        None => {
            problems.push(
                Problem::new(
                    0..0,
                    "policy has no `[[control]]`, so it would allow everything",
                )
                .with_help("`bonafide checks` lists what can be demanded"),
            );
            Vec::new()
        }
    };
    let custom = match document.optional("custom") {
        Some(value) => custom::read(value, problems),
        None => Vec::new(),
    };
    document.refuse_rest(problems);

    let mut header = header?;
    let name = header.required_text("name", problems);
    let version = header.required_text("version", problems);
    let expires = header.optional("expires");
    header.refuse_rest(problems);
    let (name, name_span) = name?;
    check_printable(name, name_span, problems);
    let (version, version_span) = version?;
    let version = match semver::Version::parse(version) {
        Ok(version) => version,
        Err(error) => {
            problems.push(
                Problem::new(version_span, format!("not a semantic version: {error}"))
                    .with_help("write it as `1.0.0`"),
            );
            return None;
        }
    };
    let expires_span = expires.map_or(0..0, Spanned::span);
    let expires = match expires {
        Some(value) => Some(read_date(value, problems)?),
        None => None,
    };
    Some(Policy {
        name: name.to_owned(),
        version,
        expires,
        command_line: trust.command_line,
        trust: trust.sources,
        sigstore: trust.sigstore,
        document_signatures: trust.document_signatures,
        roles,
        certificates: trust.certificates,
        controls,
        custom,
        origin: origin.to_owned(),
        text: text.to_owned(),
        expires_span,
    })
}

/// Names of signers, and where they stand.
pub(crate) type Names = Vec<(String, Range<usize>)>;

/// Roles and reports call signers by name, so a name means one signer.
fn check_unique(names: &Names, problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    for (name, span) in names {
        if !seen.insert(name) {
            problems.push(Problem::new(
                span.clone(),
                format!("two trusted signers are named `{name}`"),
            ));
        }
    }
}

/// Names of policies and signers are printed in reports.
pub(crate) fn check_printable(name: &str, span: Range<usize>, problems: &mut Vec<Problem>) {
    if name.is_empty() || RawName::from(name).to_string() != name {
        let message = "name is empty, or holds control or invisible characters";
        problems.push(Problem::new(span, message));
    }
}

/// A TOML local date, or the same as a string.
pub(crate) fn read_date(
    value: document::Value<'_, '_>,
    problems: &mut Vec<Problem>,
) -> Option<Date> {
    let text = match value.get_ref() {
        DeValue::Datetime(time) if time.time.is_none() && time.offset.is_none() => time.to_string(),
        DeValue::String(text) => text.to_string(),
        _ => {
            problems.push(document::wrong_type(value, "a date such as 2027-12-31"));
            return None;
        }
    };
    text.parse()
        .map_err(|error: jiff::Error| {
            problems.push(
                Problem::new(value.span(), format!("not a date: {error}"))
                    .with_help("write it as `2027-12-31`"),
            );
        })
        .ok()
}

/// What `[trust]` says.
#[derive(Default)]
struct TrustSection {
    command_line: CommandLineTrust,
    sources: Vec<TrustSource>,
    sigstore: SigstoreTrust,
    certificates: CertificateRules,
    document_signatures: DocumentSignatures,
}

fn read_trust(
    value: document::Value<'_, '_>,
    names: &mut Names,
    problems: &mut Vec<Problem>,
) -> TrustSection {
    let mut trust = TrustSection::default();
    let Some(mut section) = document::table(value, problems) else {
        return trust;
    };
    if let Some((text, span)) = section
        .optional("command-line")
        .and_then(|value| document::text(value, problems))
    {
        match text {
            "allow" => {}
            "refuse" => trust.command_line = CommandLineTrust::Refused,
            _ => problems.push(
                Problem::new(span, format!("unknown value `{text}`")).with_help(
                    "`allow` or `refuse`: whether `--key` and `--certificate-chain` count",
                ),
            ),
        }
    }
    for (key, kind) in [
        ("keys", TrustKind::Key),
        ("authorities", TrustKind::Authority),
    ] {
        if let Some(value) = section.optional(key) {
            for source in document::tables(value, problems) {
                trust
                    .sources
                    .extend(read_source(source, kind, names, problems));
            }
        }
    }
    trust.sigstore = identity::read(&mut section, names, problems);
    trust.certificates = certificate_rules::read(&mut section, problems);
    trust.document_signatures = certificate_rules::choice(
        &mut section,
        "document-signatures",
        &[
            ("jsf", DocumentSignatures::Jsf),
            ("jsf-or-cdxgen", DocumentSignatures::JsfOrCdxgen),
        ],
        problems,
    )
    .unwrap_or_default();
    section.refuse_rest(problems);
    trust
}

fn read_source(
    mut section: Section<'_, '_>,
    kind: TrustKind,
    names: &mut Names,
    problems: &mut Vec<Problem>,
) -> Option<TrustSource> {
    let name = section.required_text("name", problems);
    let file = section.optional("file");
    let pem = section.optional("pem");
    let (trusted_for, fingerprint) = match kind {
        TrustKind::Authority => (section.optional("names"), None),
        TrustKind::Key => (None, section.optional("sha256")),
    };
    section.refuse_rest(problems);
    let trusted_for =
        trusted_for.map_or_else(Vec::new, |value| identity::read_names(value, problems));
    let (name, name_span) = name?;
    check_printable(name, name_span.clone(), problems);
    names.push((name.to_owned(), name_span));
    let (material, span) = match (file, pem, fingerprint) {
        (None, None, Some(fingerprint)) => {
            let (text, span) = document::text(fingerprint, problems)?;
            let digest =
                Digest::from_hex(Algorithm::Sha256, text)
                    .map_err(|error| {
                        problems.push(Problem::new(span.clone(), error.to_string()).with_help(
                            "SHA-256 of the DER SubjectPublicKeyInfo, as reports print it",
                        ));
                    })
                    .ok()?;
            (Material::Fingerprint(digest), span)
        }
        (Some(file), None, None) => {
            let (path, span) = document::text(file, problems)?;
            (Material::File(PathBuf::from(path)), span)
        }
        (None, Some(pem), None) => {
            let (text, span) = document::text(pem, problems)?;
            let mut store = TrustStore::new();
            let parsed = match kind {
                TrustKind::Key => store.add_key(name, text.as_bytes()),
                TrustKind::Authority => store.add_authorities(name, text.as_bytes()),
            };
            if let Err(error) = parsed {
                problems.push(Problem::new(span.clone(), error.to_string()));
            }
            (Material::Inline(text.to_owned()), span)
        }
        _ => {
            problems.push(Problem::new(
                section.span.clone(),
                match kind {
                    TrustKind::Key => "exactly one of `file`, `pem` and `sha256` is needed",
                    TrustKind::Authority => "exactly one of `file` and `pem` is needed",
                },
            ));
            return None;
        }
    };
    Some(TrustSource {
        name: name.to_owned(),
        kind,
        material,
        names: trusted_for,
        span,
    })
}

fn read_controls(value: document::Value<'_, '_>, problems: &mut Vec<Problem>) -> Vec<Control> {
    let mut controls: Vec<Control> = Vec::new();
    let Some(array) = value.get_ref().as_array() else {
        problems.push(document::wrong_type(
            value,
            "an array of tables (`[[control]]`)",
        ));
        return controls;
    };
    if array.is_empty() {
        problems.push(Problem::new(
            value.span(),
            "no control, so the policy would allow everything",
        ));
    }
    for element in array.iter() {
        let Some(mut section) = document::table(element, problems) else {
            continue;
        };
        let check = section.required_text("check", problems);
        let level = section.required_text("level", problems);
        let level = level.and_then(|(text, span)| read_level(text, span, problems));
        let Some((slug, span)) = check else {
            continue;
        };
        let Some(check) = bonafide_checks::find(slug) else {
            problems.push(unknown_check(slug, span));
            continue;
        };
        if controls.iter().any(|control| control.check.slug == slug) {
            problems.push(Problem::new(
                span,
                format!("`{slug}` already has a control above"),
            ));
            continue;
        }
        let prepared = read_parameters(&section, element, check, problems);
        if let (Some(level), Some(prepared)) = (level, prepared) {
            controls.push(Control {
                check,
                level,
                prepared,
            });
        }
    }
    controls
}

/// What an outcome weighs.
pub(crate) fn read_level(
    text: &str,
    span: Range<usize>,
    problems: &mut Vec<Problem>,
) -> Option<Level> {
    match text {
        "deny" => Some(Level::Deny),
        "warn" => Some(Level::Warn),
        "audit" => Some(Level::Audit),
        _ => {
            problems.push(
                Problem::new(span, format!("unknown level `{text}`"))
                    .with_help("`deny`, `warn` or `audit`"),
            );
            None
        }
    }
}

/// What is left of a control belongs to its check.
fn read_parameters(
    section: &Section<'_, '_>,
    element: document::Value<'_, '_>,
    check: &'static Check,
    problems: &mut Vec<Problem>,
) -> Option<Prepared> {
    let mut parameters = serde_json::Map::new();
    for (key, value) in section.rest() {
        let name = key.get_ref().as_ref();
        if !check
            .parameters
            .iter()
            .any(|parameter| parameter.name == name)
        {
            let known: Vec<&str> = check
                .parameters
                .iter()
                .map(|parameter| parameter.name)
                .collect();
            let help = if known.is_empty() {
                format!("`{}` takes no parameters", check.slug)
            } else {
                format!("`{}` takes `{}`", check.slug, known.join("`, `"))
            };
            problems.push(
                Problem::new(key.span(), format!("unknown parameter `{name}`")).with_help(help),
            );
            continue;
        }
        match document::json(value.get_ref()) {
            Ok(json) => {
                parameters.insert(name.to_owned(), json);
            }
            Err(message) => problems.push(Problem::new(value.span(), message)),
        }
    }
    (check.prepare)(parameters.into())
        .map_err(|error| {
            let span = document::locate(element, &error.path);
            problems.push(Problem::new(span, error.message));
        })
        .ok()
}

fn unknown_check(slug: &str, span: Range<usize>) -> Problem {
    let nearest = CHECKS
        .iter()
        .map(|check| check.slug)
        .max_by_key(|known| similarity(slug, known))
        .filter(|known| similarity(slug, known) * 2 > known.len());
    let problem = Problem::new(span, format!("unknown check `{slug}`"));
    match nearest {
        Some(nearest) => problem.with_help(format!("did you mean `{nearest}`?")),
        None => problem.with_help("`bonafide checks` lists them"),
    }
}

/// Length of common beginning and end: enough to guess at a slip of the pen.
fn similarity(left: &str, right: &str) -> usize {
    let same = |pair: &(u8, u8)| pair.0 == pair.1;
    let start = left.bytes().zip(right.bytes()).take_while(same).count();
    let end = left
        .bytes()
        .rev()
        .zip(right.bytes().rev())
        .take_while(same)
        .count();
    (start + end).min(left.len()).min(right.len())
}
