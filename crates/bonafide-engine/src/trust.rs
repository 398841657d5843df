//! From the names of trusted signers to the trust store.

use std::path::{Path, PathBuf};

use bonafide_attest::{
    Examination, IdentityPattern, SigstoreRoot, TextPattern, TrustError, TrustStore, trusted_root,
};
use bonafide_core::{MaterialSummary, RawName};
use bonafide_policy::{CommandLineTrust, Material, Policy, TrustKind, TrustSource};
use jiff::Timestamp;

use crate::Work;
use crate::error::{EngineError, raw};

/// The store, and the names of its signers for the report.
pub(crate) struct Trust {
    pub(crate) store: TrustStore,
    pub(crate) of_policy: Vec<String>,
    pub(crate) added: Vec<String>,
    /// Who signed the policy, if that was asked for.
    pub(crate) policy_signer: Option<String>,
    /// Lists that take trust away.
    pub(crate) lists: Vec<String>,
    /// The embedded root, where nobody asked for it by name: it is of account only if
    /// a signature needs it.
    pub(crate) implicit_root: Option<(String, MaterialSummary)>,
    /// What was read, for the report.
    pub(crate) material: Vec<MaterialSummary>,
}

impl Trust {
    /// Notes a file that was read.
    pub(crate) fn note(&mut self, path: &Path, kind: &'static str, bytes: &[u8]) {
        self.material.push(MaterialSummary {
            source: raw(path),
            kind,
            digest: Examination::digest(bytes),
        });
    }
}

/// What the user of a run trusts in addition to the policy.
#[derive(Debug, Clone, Default)]
pub struct AddedTrust {
    /// PEM public keys.
    pub keys: Vec<PathBuf>,
    /// PEM certificate authorities.
    pub certificate_chains: Vec<PathBuf>,
    /// Signers by identity.
    pub identities: Vec<IdentityPattern>,
    /// Trusted roots of Sigstore deployments, instead of the embedded one.
    pub trusted_roots: Vec<PathBuf>,
}

impl AddedTrust {
    const fn is_empty(&self) -> bool {
        self.keys.is_empty()
            && self.certificate_chains.is_empty()
            && self.identities.is_empty()
            && self.trusted_roots.is_empty()
    }
}

/// Reads what the policy trusts, then what the user of this run adds, if the policy lets them.
pub(crate) fn collect(
    policy: &Policy,
    added: &AddedTrust,
    now: Timestamp,
    work: Work<'_>,
) -> Result<Trust, EngineError> {
    let mut trust = Trust {
        store: TrustStore::new(),
        of_policy: Vec::new(),
        added: Vec::new(),
        policy_signer: None,
        lists: Vec::new(),
        implicit_root: None,
        material: Vec::new(),
    };
    for source in &policy.trust {
        let text = match &source.material {
            Material::Fingerprint(digest) => {
                trust.store.add_fingerprint(&source.name, *digest);
                trust.of_policy.push(describe(source));
                continue;
            }
            Material::Inline(text) => text.clone().into_bytes(),
            Material::File(path) => work
                .read(path.path(), work.budget.document_bytes)
                .map_err(|error| policy.trust_error(source, &with_cause(&error)))?,
        };
        add(
            &mut trust.store,
            source.kind,
            &source.name,
            &text,
            &source.names,
        )
        .map_err(|error| {
            let file = match &source.material {
                Material::Inline(_) | Material::Fingerprint(_) => String::new(),
                Material::File(path) => format!("{}: ", raw(path.path())),
            };
            policy.trust_error(source, &format!("{file}{error}"))
        })?;
        if let Material::File(path) = &source.material {
            trust.note(path.path(), word(source.kind), &text);
        }
        trust.of_policy.push(describe(source));
    }
    // Whom the policy names, the roots of the policy vouch for, and no others.
    let roots_of_policy: Vec<String> = match policy.sigstore.roots.as_slice() {
        [] => vec![EMBEDDED.to_owned()],
        roots => roots.iter().map(|source| source.name.clone()).collect(),
    };
    for pattern in &policy.sigstore.identities {
        trust.of_policy.push(describe_identity(pattern));
        let mut pattern = pattern.clone();
        if pattern.roots.is_empty() {
            pattern.roots.clone_from(&roots_of_policy);
        }
        trust.store.add_identity(pattern);
    }
    trust.store.demand_log(policy.sigstore.log);
    trust
        .store
        .accept_document_signatures(policy.document_signatures);
    if !added.is_empty() && policy.command_line == CommandLineTrust::Refused {
        return Err(EngineError::TrustRefused {
            policy: policy.name.clone(),
        });
    }
    let kinds = [
        (TrustKind::Key, &added.keys),
        (TrustKind::Authority, &added.certificate_chains),
    ];
    for (kind, path) in kinds
        .iter()
        .flat_map(|(kind, paths)| paths.iter().map(move |path| (*kind, path)))
    {
        let text = work.read(path, work.budget.document_bytes)?;
        let name = raw(path).to_string();
        refuse_role(policy, &name)?;
        add(&mut trust.store, kind, &name, &text, &[]).map_err(|source| EngineError::Trust {
            path: path.clone(),
            source,
        })?;
        trust.note(path, word(kind), &text);
        trust.added.push(format!("{} {name}", word(kind)));
    }
    for pattern in &added.identities {
        refuse_role(policy, &pattern.label)?;
        trust.added.push(describe_identity(pattern));
        let mut pattern = pattern.clone();
        pattern.roots = match added.trusted_roots.as_slice() {
            [] => roots_of_policy.clone(),
            roots => roots.iter().map(|path| label_of_run(path)).collect(),
        };
        trust.store.add_identity(pattern);
    }
    add_roots(&mut trust, policy, &added.trusted_roots, now, work)?;
    if trust.store.has_only_intermediates() {
        return Err(EngineError::NoAuthority);
    }
    Ok(trust)
}

/// Roles know signers by name. Whom the user of a run adds must not fill a role of the
/// policy because a file happens to be called like somebody in it.
fn refuse_role(policy: &Policy, name: &str) -> Result<(), EngineError> {
    let mut roles = policy.roles.iter();
    match roles.find(|role| role.signers.iter().any(|signer| signer == name)) {
        Some(role) => Err(EngineError::TrustNameTaken {
            name: name.to_owned(),
            role: role.name.clone(),
        }),
        None => Ok(()),
    }
}

/// What the root of this release is called where the policy does not name it.
const EMBEDDED: &str = "public-good";

/// Label of a root of the command line, which no root of a policy can bear by accident.
fn label_of_run(path: &Path) -> String {
    format!("--trusted-root {}", raw(path))
}

/// The roots of the policy, or of the command line; the embedded one when neither
/// names any. Nothing is fetched.
fn add_roots(
    trust: &mut Trust,
    policy: &Policy,
    added: &[PathBuf],
    now: Timestamp,
    work: Work<'_>,
) -> Result<(), EngineError> {
    for source in &policy.sigstore.roots {
        let root = match &source.file {
            None => SigstoreRoot::embedded(&source.name).map_err(|error| error.to_string()),
            Some(path) => work
                .read(path.path(), work.budget.document_bytes)
                .map_err(|error| with_cause(&error))
                .and_then(|json| {
                    SigstoreRoot::from_json(&source.name, &json).map_err(|error| error.to_string())
                }),
        }
        .map_err(|message| policy.root_error(source, &message))?;
        let name = match &source.file {
            None => RawName::from("embedded"),
            Some(path) => raw(path.path()),
        };
        trust.material.push(material_of(&root, name));
        trust.of_policy.push(match &source.file {
            None => describe_embedded(now),
            Some(path) => describe_root(&root, &path.to_string()),
        });
        trust.store.add_root(root);
    }
    for path in added {
        let json = work.read(path, work.budget.document_bytes)?;
        let name = raw(path).to_string();
        let root = SigstoreRoot::from_json(&label_of_run(path), &json).map_err(|source| {
            EngineError::Trust {
                path: path.clone(),
                source: source.into(),
            }
        })?;
        trust.material.push(material_of(&root, raw(path)));
        trust.added.push(describe_root(&root, &name));
        trust.store.add_root(root);
    }
    let needed = !policy.sigstore.identities.is_empty() || added.is_empty();
    if policy.sigstore.roots.is_empty() && needed {
        let root = SigstoreRoot::embedded(EMBEDDED).map_err(EngineError::EmbeddedRoot)?;
        let material = material_of(&root, RawName::from("embedded"));
        trust.implicit_root = Some((describe_embedded(now), material));
        trust.store.add_root(root);
    }
    Ok(())
}

fn material_of(root: &SigstoreRoot, source: RawName) -> MaterialSummary {
    MaterialSummary {
        source,
        kind: "trusted-root",
        digest: *root.digest(),
    }
}

fn describe_root(root: &SigstoreRoot, file: &str) -> String {
    format!(
        "trusted root \"{}\" ({file}, {})",
        root.label(),
        root.digest()
    )
}

fn describe_embedded(now: Timestamp) -> String {
    let days = trusted_root::embedded_age_in_days(now);
    format!(
        "trusted root \"public-good\" (embedded, of {}, {days} {} old)",
        trusted_root::EMBEDDED_REFRESHED,
        if days == 1 { "day" } else { "days" }
    )
}

fn describe_identity(pattern: &IdentityPattern) -> String {
    let mut text = format!(
        "identity \"{}\" ({} by {}",
        RawName::from(pattern.label.as_str()),
        RawName::from(&*pattern.subject.to_string()),
        RawName::from(pattern.issuer.as_str()),
    );
    for (claim, value) in &pattern.claims {
        text.push_str(&format!(", {claim} {}", RawName::from(&*value.to_string())));
    }
    text.push(')');
    text
}

fn add(
    store: &mut TrustStore,
    kind: TrustKind,
    name: &str,
    text: &[u8],
    names: &[TextPattern],
) -> Result<(), TrustError> {
    match kind {
        TrustKind::Key => store.add_key(name, text),
        TrustKind::Authority => store.add_authorities_for(name, text, names),
    }
}

fn describe(source: &TrustSource) -> String {
    let name = RawName::from(source.name.as_str());
    let names: Vec<String> = source
        .names
        .iter()
        .map(|pattern| RawName::from(&*pattern.to_string()).to_string())
        .collect();
    let names = if names.is_empty() {
        String::new()
    } else {
        format!(" for {}", names.join(", "))
    };
    match &source.material {
        Material::Inline(_) => format!("{} \"{name}\"{names}", word(source.kind)),
        Material::Fingerprint(digest) => {
            format!("{} \"{name}\" ({digest})", word(source.kind))
        }
        Material::File(path) => format!("{} \"{name}\" ({path}){names}", word(source.kind)),
    }
}

const fn word(kind: TrustKind) -> &'static str {
    match kind {
        TrustKind::Key => "key",
        TrustKind::Authority => "authority",
    }
}

pub(crate) fn with_cause(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
