//! Attestations in the document's own words: whether they hold together.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::defects::{Found, quote};
use super::graph::cycles;
use super::kind::DefectKind;
use super::times::instant;
use crate::json::Pointer;
use crate::view::{Attestation, Bom, Claim, ProofOfClaim, RequirementMap, Standard, Text};

pub(super) fn examine(bom: &Bom<'_>, now: Timestamp, found: &mut Found) {
    let standards = Pointer::root().member("definitions").member("standards");
    for (index, standard) in bom
        .definitions
        .iter()
        .flat_map(|known| known.standards.iter().enumerate())
    {
        hierarchy(standard, &standards.element(index), found);
    }
    let Some(declarations) = &bom.declarations else {
        return;
    };
    let at = Pointer::root().member("declarations");
    for (index, attestation) in declarations.attestations.iter().enumerate() {
        let at = at.member("attestations").element(index);
        assessor(attestation, &at, found);
        requirements(attestation, &at, found);
        for (place, map) in attestation.map.iter().enumerate() {
            let at = at.member("map").element(place);
            conformance(map, &at, found);
            against(
                &map.claims,
                &map.counter_claims,
                &at.member("counterClaims"),
                found,
            );
        }
    }
    for (index, claim) in declarations.claims.iter().enumerate() {
        let at = at.member("claims").element(index);
        founded(claim, &at, found);
        against(
            &claim.evidence,
            &claim.counter_evidence,
            &at.member("counterEvidence"),
            found,
        );
    }
    for (index, evidence) in declarations.evidence.iter().enumerate() {
        validity(evidence, now, &at.member("evidence").element(index), found);
    }
}

/// A hierarchy of requirements has a top.
fn hierarchy(standard: &Standard<'_>, at: &Pointer, found: &mut Found) {
    let names = standard
        .requirements
        .iter()
        .map(|requirement| requirement.bom_ref.as_deref());
    let numbers: HashMap<&str, usize> = names
        .enumerate()
        .filter_map(|(index, name)| Some((name?, index)))
        .collect();
    let parents: Vec<Vec<usize>> = standard
        .requirements
        .iter()
        .map(|requirement| {
            let parent = requirement
                .parent
                .as_deref()
                .and_then(|parent| numbers.get(parent));
            parent.copied().into_iter().collect()
        })
        .collect();
    let alone = parents
        .iter()
        .enumerate()
        .filter(|(index, list)| list.contains(index))
        .map(|(index, _)| vec![index]);
    for members in cycles(&parents).into_iter().chain(alone) {
        let first = members.first().copied();
        let Some((index, requirement)) =
            first.and_then(|index| Some((index, standard.requirements.get(index)?)))
        else {
            continue;
        };
        let kind = DefectKind::RequirementCycle {
            members: members.len(),
            reference: quote(requirement.bom_ref.as_deref().unwrap_or_default()),
        };
        let at = at.member("requirements").element(index);
        found.add(&at.member("parent"), kind);
    }
}

/// Conformance is stated by somebody.
fn assessor(attestation: &Attestation<'_>, at: &Pointer, found: &mut Found) {
    let states = attestation.map.iter().any(|map| map.conformance.is_some());
    if states && attestation.assessor.is_none() {
        found.add(at, DefectKind::ConformanceUnassessed);
    }
}

/// Conformance rests on claims.
fn conformance(map: &RequirementMap<'_>, at: &Pointer, found: &mut Found) {
    let score = map
        .conformance
        .as_ref()
        .and_then(|conformance| conformance.score);
    if let Some(score) = score.map(crate::json::Number::value)
        && score > 0.0
        && map.claims.is_empty()
    {
        found.add(
            &at.member("conformance"),
            DefectKind::ConformanceUnclaimed { score },
        );
    }
}

/// An attestation speaks of each requirement once.
fn requirements(attestation: &Attestation<'_>, at: &Pointer, found: &mut Found) {
    let mut seen = HashSet::new();
    for (index, map) in attestation.map.iter().enumerate() {
        if let Some(requirement) = map.requirement.as_deref()
            && !seen.insert(requirement)
        {
            let reference = quote(requirement);
            let at = at.member("map").element(index).member("requirement");
            found.add(&at, DefectKind::RequirementRepeated { reference });
        }
    }
}

/// What speaks for something does not speak against it. What only speaks against it is no
/// mistake, but somebody should know.
fn against(pro: &[Text<'_>], contra: &[Text<'_>], at: &Pointer, found: &mut Found) {
    if contra.is_empty() {
        return;
    }
    let pro: HashSet<&str> = pro.iter().map(|reference| &**reference).collect();
    let mut count = 0;
    for (index, reference) in contra.iter().enumerate() {
        if pro.contains(&**reference) {
            let reference = quote(reference);
            found.add(
                &at.element(index),
                DefectKind::EvidenceForAndAgainst { reference },
            );
        } else {
            count += 1;
        }
    }
    if count > 0 {
        found.add(at, DefectKind::CounterEvidence { count });
    }
}

/// A claim names evidence.
fn founded(claim: &Claim<'_>, at: &Pointer, found: &mut Found) {
    if claim.evidence.is_empty() {
        found.add(at, DefectKind::ClaimUnfounded);
    }
}

/// Evidence holds, and did so when it was made.
fn validity(evidence: &ProofOfClaim<'_>, now: Timestamp, at: &Pointer, found: &mut Found) {
    let Some(text) = evidence.expires.as_deref() else {
        return;
    };
    let Some(expires) = instant(text) else { return };
    let created = evidence.created.as_deref();
    if let Some(created) = created
        && instant(created).is_some_and(|created| created > expires)
    {
        let kind = DefectKind::EvidenceNeverValid {
            created: quote(created),
            expires: quote(text),
        };
        found.add(at, kind);
    } else if expires < now {
        let expires = quote(text);
        found.add(
            &at.member("expires"),
            DefectKind::EvidenceExpired { expires },
        );
    }
}
