//! From the names of trusted signers to the trust store.

use std::path::{Path, PathBuf};

use bonafide_attest::{TrustError, TrustStore};
use bonafide_core::{Budget, RawName};
use bonafide_policy::{CommandLineTrust, Material, Policy, TrustKind, TrustSource};
use bonafide_source::read_document;

use crate::error::{EngineError, raw};

/// The store, and the names of its signers for the report.
pub(crate) struct Trust {
    pub(crate) store: TrustStore,
    pub(crate) of_policy: Vec<String>,
    pub(crate) added: Vec<String>,
    /// Lists that take trust away.
    pub(crate) lists: Vec<String>,
}

/// Reads what the policy trusts (paths relative to `directory`), then what the
/// user of this run adds, if the policy lets them.
pub(crate) fn collect(
    policy: &Policy,
    directory: &Path,
    keys: &[PathBuf],
    authorities: &[PathBuf],
    budget: &Budget,
) -> Result<Trust, EngineError> {
    let mut trust = Trust {
        store: TrustStore::new(),
        of_policy: Vec::new(),
        added: Vec::new(),
        lists: Vec::new(),
    };
    for source in &policy.trust {
        let text = match &source.material {
            Material::Inline(text) => text.clone().into_bytes(),
            Material::File(path) => read_document(&directory.join(path), budget.document_bytes)
                .map_err(|error| policy.trust_error(source, &with_cause(&error)))?,
        };
        add(&mut trust.store, source.kind, &source.name, &text).map_err(|error| {
            let file = match &source.material {
                Material::Inline(_) => String::new(),
                Material::File(path) => format!("{}: ", raw(&directory.join(path))),
            };
            policy.trust_error(source, &format!("{file}{error}"))
        })?;
        trust.of_policy.push(describe(source));
    }
    let asked = !keys.is_empty() || !authorities.is_empty();
    if asked && policy.command_line == CommandLineTrust::Refused {
        return Err(EngineError::TrustRefused {
            policy: policy.name.clone(),
        });
    }
    let kinds = [(TrustKind::Key, keys), (TrustKind::Authority, authorities)];
    for (kind, path) in kinds
        .iter()
        .flat_map(|(kind, paths)| paths.iter().map(move |path| (*kind, path)))
    {
        let text = read_document(path, budget.document_bytes)?;
        let name = raw(path).to_string();
        add(&mut trust.store, kind, &name, &text).map_err(|source| EngineError::Trust {
            path: path.clone(),
            source,
        })?;
        trust.added.push(format!("{} {name}", word(kind)));
    }
    if trust.store.has_only_intermediates() {
        return Err(EngineError::NoAuthority);
    }
    Ok(trust)
}

fn add(store: &mut TrustStore, kind: TrustKind, name: &str, text: &[u8]) -> Result<(), TrustError> {
    match kind {
        TrustKind::Key => store.add_key(name, text),
        TrustKind::Authority => store.add_authorities(name, text),
    }
}

fn describe(source: &TrustSource) -> String {
    let name = RawName::from(source.name.as_str());
    match &source.material {
        Material::Inline(_) => format!("{} \"{name}\"", word(source.kind)),
        Material::File(path) => format!("{} \"{name}\" ({})", word(source.kind), raw(path)),
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
