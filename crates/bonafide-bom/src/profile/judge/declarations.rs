//! Claims, attestations, vulnerabilities, policies.

use std::collections::HashSet;

use super::references::{anywhere, find};
use crate::json::Pointer;
use crate::profile::examined::Examined;
use crate::profile::judged::{Judged, counted, quote};

/// Security controls.
pub(in crate::profile) fn controls(x: &Examined<'_>) -> Judged {
    let declarations = x.bom.declarations.as_deref();
    let claims = declarations.map_or(&[][..], |known| &known.claims);
    if claims.is_empty() {
        return anywhere(x, &["threat-model", "risk-assessment", "maturity-report"]);
    }
    let place = Pointer::root().member("declarations").member("claims");
    let proofs: HashSet<&str> = declarations
        .into_iter()
        .flat_map(|known| &known.evidence)
        .filter_map(|proof| proof.bom_ref.as_deref())
        .collect();
    let founded = claims
        .iter()
        .filter(|claim| {
            let mut evidence = claim.evidence.iter();
            !claim.evidence.is_empty() && evidence.all(|proof| proofs.contains(&**proof))
        })
        .count();
    let count = counted(claims.len(), "claim");
    if founded == claims.len() {
        x.consistent(format!("{count}, each with evidence"), vec![place])
    } else {
        x.declared(
            format!("{count}, {founded} of them with evidence"),
            vec![place],
        )
    }
}

/// Conformance with standards.
pub(in crate::profile) fn compliance(x: &Examined<'_>) -> Judged {
    let declarations = x.bom.declarations.as_deref();
    let attestations = declarations.map_or(&[][..], |known| &known.attestations);
    if attestations.is_empty() {
        return anywhere(
            x,
            &["certification-report", "attestation", "license-compliance"],
        );
    }
    let place = Pointer::root()
        .member("declarations")
        .member("attestations");
    let requirements: HashSet<&str> = x
        .bom
        .definitions
        .iter()
        .flat_map(|known| &known.standards)
        .flat_map(|standard| &standard.requirements)
        .filter_map(|requirement| requirement.bom_ref.as_deref())
        .collect();
    let mapped = || attestations.iter().flat_map(|attestation| &attestation.map);
    let all = mapped().count();
    let resolved = mapped()
        .filter_map(|entry| entry.requirement.as_deref())
        .filter(|reference| requirements.contains(reference))
        .count();
    if all > 0 && resolved == all {
        x.consistent(
            format!(
                "{}, all of standards that are given",
                counted(all, "requirement")
            ),
            vec![place],
        )
    } else {
        x.declared(
            format!(
                "{}, {resolved} of standards that are given",
                counted(all, "requirement")
            ),
            vec![place],
        )
    }
}

/// Where to report, and what is promised.
pub(in crate::profile) fn policy(x: &Examined<'_>) -> Judged {
    anywhere(x, &["rfc-9116", "security-contact", "advisories"])
}

/// Known vulnerabilities.
pub(in crate::profile) fn vulnerabilities(x: &Examined<'_>) -> Judged {
    let known = &x.bom.vulnerabilities;
    if known.is_empty() {
        return match find(
            x,
            &[
                "exploitability-statement",
                "vulnerability-assertion",
                "advisories",
            ],
        ) {
            Some((at, url)) => x.declared(quote(&url), vec![at]),
            None => Judged::missing("no vulnerability, nor where one would be found"),
        };
    }
    let place = Pointer::root().member("vulnerabilities");
    let leading = known
        .iter()
        .filter(|vulnerability| {
            let mut affected = vulnerability
                .affects
                .iter()
                .filter_map(|affected| affected.reference.as_deref());
            !vulnerability.affects.is_empty()
                && affected.all(|reference| {
                    x.references.contains(reference) || reference.starts_with("urn:cdx:")
                })
        })
        .count();
    let count = counted(known.len(), "vulnerability");
    if leading == known.len() {
        x.consistent(format!("{count}, each of a listed element"), vec![place])
    } else {
        x.declared(
            format!("{count}, {leading} of a listed element"),
            vec![place],
        )
    }
}
