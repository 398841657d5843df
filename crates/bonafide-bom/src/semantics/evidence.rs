//! Evidence of identity: whether it agrees with what it is evidence for.

use super::defects::{Found, quote};
use super::kind::DefectKind;
use crate::json::Pointer;
use crate::view::{Component, Identity, IdentityEvidence};

pub(super) fn examine(component: &Component<'_>, pointer: &Pointer, found: &mut Found) {
    let Some(evidence) = &component.evidence else {
        return;
    };
    let Some(identity) = &evidence.identity else {
        return;
    };
    let at = pointer.member("evidence").member("identity");
    let many = matches!(identity, IdentityEvidence::Many(_));
    for (index, identity) in identity.all().iter().enumerate() {
        let at = if many { at.element(index) } else { at.clone() };
        conclusion(component, identity, &at, found);
        comparison(component, identity, &at, found);
    }
}

/// The digest as it may be written, with the algorithm before a colon.
fn bare(digest: &str) -> &str {
    digest.rsplit(':').next().unwrap_or(digest).trim()
}

fn has_digest(component: &Component<'_>, digest: &str) -> bool {
    let contents = component
        .hashes
        .iter()
        .filter_map(|hash| hash.content.as_deref());
    contents
        .into_iter()
        .any(|known| known.eq_ignore_ascii_case(bare(digest)))
}

/// What was concluded is what the component says.
fn conclusion(component: &Component<'_>, identity: &Identity<'_>, at: &Pointer, found: &mut Found) {
    let (Some(field), Some(concluded)) = (
        identity.field.as_deref(),
        identity.concluded_value.as_deref(),
    ) else {
        return;
    };
    let stated = match field {
        "group" => component.group.as_deref(),
        "name" => component.name.as_deref(),
        "version" => component.version.as_deref(),
        "purl" => component.purl.as_deref(),
        "cpe" => component.cpe.as_deref(),
        "swhid" if component.swhid.iter().any(|known| known == concluded) => return,
        "swhid" => component.swhid.first().map(|known| &**known),
        "omniborId" if component.omnibor_id.iter().any(|known| known == concluded) => return,
        "omniborId" => component.omnibor_id.first().map(|known| &**known),
        "hash" if has_digest(component, concluded) => return,
        "hash" => component
            .hashes
            .first()
            .and_then(|hash| hash.content.as_deref()),
        _ => return,
    };
    if let Some(stated) = stated
        && stated != concluded
    {
        let kind = DefectKind::EvidenceContradicts {
            field: quote(field),
            concluded: quote(concluded),
            stated: quote(stated),
        };
        found.add(&at.member("concludedValue"), kind);
    }
}

/// A digest that was compared is one of the component's, if it has any.
fn comparison(component: &Component<'_>, identity: &Identity<'_>, at: &Pointer, found: &mut Found) {
    if component.hashes.is_empty() {
        return;
    }
    for (index, method) in identity.methods.iter().enumerate().take(MOST_METHODS) {
        let Some(value) = method.value.as_deref() else {
            continue;
        };
        let digest = bare(value);
        let is_digest = digest.len() >= 32 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        let compared = method.technique.as_deref() == Some("hash-comparison");
        if compared && is_digest && !has_digest(component, value) {
            let value = quote(value);
            let at = at.member("methods").element(index).member("value");
            found.add(&at, DefectKind::EvidenceDigestDiffers { value });
        }
    }
}

/// Methods of one conclusion that are looked at.
const MOST_METHODS: usize = 256;
