//! `[trust]`: whom the policy believes.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use bonafide_attest::{DocumentSignatures, TextPattern, TrustStore};
use bonafide_core::{Algorithm, Digest, RawName};

use crate::certificate_rules::{self, CertificateSection};
use crate::document::{self, Section, Value};
use crate::identity::{self, IdentitySection};
use crate::problem::{Place, Problem};

/// Whether the user of a run may add trusted signers and waivers.
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
    pub(crate) place: Place,
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
    /// A file.
    File(PolicyPath),
    /// The policy itself.
    Inline(String),
    /// SHA-256 of a key that has to come with the signature.
    Fingerprint(Digest),
}

/// A path in a policy. It starts from the folder of the file that it is written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyPath {
    written: PathBuf,
    resolved: PathBuf,
}

impl PolicyPath {
    pub(crate) fn written(text: &str) -> Self {
        Self {
            written: PathBuf::from(text),
            resolved: PathBuf::from(text),
        }
    }

    pub(crate) fn start_from(&mut self, directory: &Path) {
        self.resolved = directory.join(&self.written);
    }

    /// Where it leads, from where the run stands.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.resolved
    }
}

impl fmt::Display for PolicyPath {
    /// As it is written in the policy.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&RawName::from(self.written.as_path()), formatter)
    }
}

/// A trusted signer's name, where it stands, and all that is said with it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) span: Range<usize>,
    pub(crate) stated: serde_json::Value,
}

/// What `[trust]` of one file says.
#[derive(Debug, Default)]
pub(crate) struct TrustSection {
    pub(crate) command_line: Option<CommandLineTrust>,
    pub(crate) sources: Vec<TrustSource>,
    pub(crate) identities: IdentitySection,
    pub(crate) certificates: CertificateSection,
    pub(crate) document_signatures: Option<DocumentSignatures>,
    /// Every signer of the section, by its name.
    pub(crate) names: Vec<Named>,
}

/// Reads `[trust]`.
pub(crate) fn read(value: Value<'_>, problems: &mut Vec<Problem>) -> TrustSection {
    let mut trust = TrustSection::default();
    let Some(mut section) = document::table(value, problems) else {
        return trust;
    };
    if let Some((text, span)) = section.optional_text("command-line", problems) {
        match text {
            "allow" => trust.command_line = Some(CommandLineTrust::Allowed),
            "refuse" => trust.command_line = Some(CommandLineTrust::Refused),
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
                let source = read_source(source, kind, &mut trust.names, problems);
                trust.sources.extend(source);
            }
        }
    }
    trust.identities = identity::read(&mut section, &mut trust.names, problems);
    trust.certificates = certificate_rules::read(&mut section, problems);
    trust.document_signatures = section.choice(
        "document-signatures",
        &[
            ("jsf", DocumentSignatures::Jsf),
            ("jsf-or-cdxgen", DocumentSignatures::JsfOrCdxgen),
        ],
        problems,
    );
    section.refuse_rest(problems);
    check_unique(&trust.names, problems);
    trust
}

/// Roles and reports call signers by name, so a name means one signer.
fn check_unique(names: &[Named], problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    for named in names {
        if !seen.insert(&named.name) {
            problems.push(Problem::new(
                named.span.clone(),
                format!("two trusted signers are named `{}`", named.name),
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

fn read_source(
    mut section: Section<'_>,
    kind: TrustKind,
    names: &mut Vec<Named>,
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
    names.push(Named {
        name: name.to_owned(),
        span: name_span,
        stated: section.stated(),
    });
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
            (Material::File(PolicyPath::written(path)), span)
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
        place: Place::at(span),
    })
}
