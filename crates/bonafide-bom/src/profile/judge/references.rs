//! Addresses outside of the document.

use bonafide_core::assessment::Evidence;

use super::said;
use crate::json::Pointer;
use crate::profile::evidence::{ByteEvidence, DigestStrength};
use crate::profile::examined::{Examined, Located};
use crate::profile::judged::{Judged, counted, quote};
use crate::view::ExternalReference;

/// Every address of a component, held against the bytes where it has a digest.
pub(in crate::profile) fn of_component(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    let references = &located.component.external_references;
    let place = located.at("externalReferences");
    if references.is_empty() {
        return Judged::missing_at(&located.pointer, "no address outside of the document");
    }
    let total = counted(references.len(), "address");
    let mut equal = 0;
    let mut hashed = 0;
    for (index, reference) in references.iter().enumerate() {
        if reference.hashes.is_empty() {
            continue;
        }
        hashed += 1;
        let at = place.element(index);
        match x.digest_at(&at).and_then(|entry| entry.bytes) {
            Some(ByteEvidence::Differs) => {
                return Judged::new(
                    Evidence::Contradicted,
                    "the bytes have another digest than the one at the address",
                    vec![at],
                );
            }
            Some(ByteEvidence::Equal {
                strength: DigestStrength::Strong,
            }) => equal += 1,
            _ => {}
        }
    }
    if equal == references.len() {
        return x.settle(
            Evidence::Verified,
            format!("{total}; the bytes have every digest"),
            vec![place],
        );
    }
    if equal > 0 {
        return x.consistent(
            format!("{total}, {hashed} with a digest, {equal} of which the bytes have"),
            vec![place],
        );
    }
    x.declared(format!("{total}, {hashed} with a digest"), vec![place])
}

/// Every list of addresses that is about the system: of the document, its subject, its models.
pub(super) fn pools<'x>(x: &'x Examined<'_>) -> Vec<(Pointer, &'x [ExternalReference<'x>])> {
    let mut pools: Vec<(Pointer, &[ExternalReference<'_>])> = vec![(
        Pointer::root().member("externalReferences"),
        &x.bom.external_references,
    )];
    for located in x.subject().into_iter().chain(x.models()) {
        let place = located.at("externalReferences");
        if !pools.iter().any(|(known, _)| *known == place) {
            pools.push((place, &located.component.external_references));
        }
        if pools.len() > 1_000 {
            break;
        }
    }
    pools
}

/// The first address of one of the kinds, anywhere in the pools.
pub(super) fn find(x: &Examined<'_>, kinds: &[&str]) -> Option<(Pointer, String)> {
    pools(x).into_iter().find_map(|(place, references)| {
        of_kind(references, kinds).map(|(index, url)| (place.element(index), url.to_owned()))
    })
}

fn of_kind<'r>(
    references: &'r [ExternalReference<'_>],
    kinds: &[&str],
) -> Option<(usize, &'r str)> {
    references
        .iter()
        .enumerate()
        .find_map(|(index, reference)| {
            let kind = reference.kind.as_deref()?;
            let url = said(reference.url.as_deref())?;
            kinds.contains(&kind).then_some((index, url))
        })
}

/// An address of one of the kinds, of a component.
pub(in crate::profile) fn kind(x: &Examined<'_>, located: &Located<'_>, kinds: &[&str]) -> Judged {
    match of_kind(&located.component.external_references, kinds) {
        Some((index, url)) => x.declared(
            quote(url),
            vec![located.at("externalReferences").element(index)],
        ),
        None => Judged::missing_at(
            &located.pointer,
            format!("no address of type {}", kinds.join(" or ")),
        ),
    }
}

/// An address of one of the kinds, of document, subject or model.
pub(in crate::profile) fn anywhere(x: &Examined<'_>, kinds: &[&str]) -> Judged {
    match find(x, kinds) {
        Some((at, url)) => x.declared(quote(&url), vec![at]),
        None => Judged::missing(format!("no address of type {}", kinds.join(" or "))),
    }
}
