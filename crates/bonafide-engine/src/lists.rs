//! Lists that take trust away: from file names to the trust store.
//!
//! Unlike signers, lists may be added by the user of a run whatever the policy
//! says: they can only make a verdict stricter.

use std::path::PathBuf;

use bonafide_attest::{DenyList, RevocationList};
use bonafide_core::RawName;
use bonafide_policy::{Policy, read_deny_list};

use crate::Work;
use crate::error::{EngineError, raw};
use crate::trust::{Trust, with_cause};
use crate::verify::VerifyRequest;

/// Largest deny-list, in bytes.
const DENY_LIST_BYTES: u64 = 16 << 20;

/// Applies the policy's rules for certificates to the store, and reads the lists
/// of the policy, then those of the run.
pub(crate) fn collect(
    trust: &mut Trust,
    policy: &Policy,
    request: &VerifyRequest,
    work: Work<'_>,
) -> Result<(), EngineError> {
    let rules = &policy.certificates;
    trust.store.set_leaf_purpose(rules.leaf_purpose);
    trust.store.set_revocation_demand(rules.revocation);

    for source in &rules.revocation_lists {
        let path = source.path.path();
        let bytes = work
            .read(path, work.budget.document_bytes)
            .map_err(|error| policy.revocation_list_error(source, &with_cause(&error)))?;
        trust.note(path, "revocation-list", &bytes);
        let lists = trust
            .store
            .add_revocation_lists(&source.name, &bytes, source.max_age_days)
            .map_err(|error| {
                policy.revocation_list_error(source, &format!("{}: {error}", raw(path)))
            })?;
        let name = RawName::from(source.name.as_str());
        trust
            .lists
            .extend(lists.iter().map(|list| describe(&name, list)));
    }
    for path in &request.revocation_lists {
        let bytes = work.read(path, work.budget.document_bytes)?;
        trust.note(path, "revocation-list", &bytes);
        let name = raw(path);
        let lists = trust
            .store
            .add_revocation_lists(&name.to_string(), &bytes, rules.strictest_age())
            .map_err(|source| EngineError::RevocationList {
                path: path.clone(),
                source,
            })?;
        trust
            .lists
            .extend(lists.iter().map(|list| describe(&name, list)));
    }

    for source in &rules.deny_lists {
        let path = source.path.path();
        let bytes = work
            .read(path, DENY_LIST_BYTES)
            .map_err(|error| policy.deny_list_error(source, &with_cause(&error)))?;
        deny(trust, path.to_owned(), bytes, request)?;
    }
    for path in &request.deny_lists {
        let bytes = work.read(path, DENY_LIST_BYTES)?;
        deny(trust, path.clone(), bytes, request)?;
    }
    Ok(())
}

fn deny(
    trust: &mut Trust,
    path: PathBuf,
    bytes: Vec<u8>,
    request: &VerifyRequest,
) -> Result<(), EngineError> {
    trust.note(&path, "deny-list", &bytes);
    let text = String::from_utf8(bytes).map_err(|error| EngineError::DenyListNotText {
        path: path.clone(),
        position: error.utf8_error().valid_up_to(),
    })?;
    let document = read_deny_list(&raw(&path).to_string(), &text)
        .map_err(|error| EngineError::DenyList(Box::new(error)))?;
    let list = DenyList::in_force(document, request.now)
        .map_err(|source| EngineError::DenyListOutOfTime { path, source })?;
    let mut line = format!(
        "deny-list \"{}\", {}",
        RawName::from(list.name()),
        entries(list.len())
    );
    if !list.lapsed().is_empty() {
        line.push_str(&format!(", {} more lapsed", list.lapsed().len()));
    }
    trust.lists.push(line);
    trust.store.add_deny_list(list);
    Ok(())
}

fn describe(name: &RawName, list: &RevocationList) -> String {
    format!(
        "revocation list \"{name}\" of issuer \"{}\", of {}, {}",
        list.issuer(),
        list.this_update(),
        entries(list.len())
    )
}

fn entries(count: usize) -> String {
    let plural = if count == 1 { "y" } else { "ies" };
    format!("{count} entr{plural}")
}
