//! `bom-unsigned`: nobody whom we trust signed the document.

use std::collections::BTreeMap;

use bonafide_core::{Finding, Outcome, Severity, ThreatId};
use serde::Deserialize;

use crate::declaration::{Check, Judgement, Parameter, Standing, prepare};
use crate::document::DocumentFacts;
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "bom-unsigned",
    title: "Bill of materials is not signed",
    severity: Severity::High,
    threats: &[ThreatId("BOM-01"), ThreatId("SIG-01")],
    demands: "Every bill of materials is signed by somebody whom the policy trusts: inside (JSF, nothing left \
        out), over its bytes (a Sigstore bundle), as a file of a signed manifest (OMS), as a subject of signed \
        provenance, or as the predicate of a signed statement. With `suppliers`, the signer has to be one of \
        those that may speak for the supplier that the document names.",
    rationale: "Who can change the files can change an unsigned document with them, digests and all.",
    cannot_prove: "That the signer has looked at what the document says.",
    remediation: "Have the publisher sign the document (`bonafide bom sign`), or sign the artifact together \
        with it (`bonafide sign`).",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[Parameter {
        name: "suppliers",
        kind: "table from the name of a supplier to a list of names of trusted signers",
        default: "{}",
        effect: "who may sign a document that names this supplier or manufacturer; a document whose supplier \
            is not in a table that is given is a finding",
    }],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Parameters {
    suppliers: BTreeMap<String, Vec<String>>,
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    if let Some(outcome) = facts.without_bom() {
        return outcome.into();
    }
    let mut findings = Vec::new();
    for document in facts.boms() {
        if document.proofs.is_empty() {
            findings.push(
                Finding::new(
                    document.subject(),
                    "is not signed by anybody whom the policy trusts",
                )
                .with_hint("what it says counts as a claim"),
            );
        } else if !parameters.suppliers.is_empty() {
            findings.extend(parameters.stranger(document));
        }
    }
    Outcome::from_findings(findings).into()
}

impl Parameters {
    /// What is wrong with the signer, given the supplier that the document names.
    fn stranger(&self, document: &DocumentFacts<'_>) -> Option<Finding> {
        let suppliers = document.bom().map(suppliers).unwrap_or_default();
        if suppliers.is_empty() {
            return Some(Finding::new(
                document.subject(),
                "names no supplier, so nobody can be said to speak for it",
            ));
        }
        let allowed = |signer: &str| {
            suppliers.iter().any(|supplier| {
                let labels = self.suppliers.get(supplier);
                labels.is_some_and(|labels| labels.iter().any(|label| label == signer))
            })
        };
        if document
            .proofs
            .iter()
            .any(|proof| allowed(proof.signer.label()))
        {
            return None;
        }
        let names: Vec<String> = suppliers
            .iter()
            .map(|name| bonafide_bom::excerpt(name, 80))
            .collect();
        Some(Finding::new(
            document.subject(),
            format!(
                "names the supplier `{}`, for whom none of its signers may speak",
                names.join("`, `")
            ),
        ))
    }
}

/// Names of suppliers and manufacturers of the document's subject.
fn suppliers(document: &bonafide_bom::Document<'_>) -> Vec<String> {
    let bom = document.bom.get();
    let metadata = bom.metadata.as_ref();
    let subject = bom.subject();
    let organizations = [
        metadata.and_then(|metadata| metadata.supplier.as_ref()),
        metadata.and_then(|metadata| metadata.manufacture.as_ref()),
        subject.and_then(|subject| subject.supplier.as_ref()),
        subject.and_then(|subject| subject.manufacturer.as_ref()),
    ];
    let mut names: Vec<String> = organizations
        .into_iter()
        .flatten()
        .filter_map(|organization| organization.name.as_deref())
        .map(ToOwned::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}
