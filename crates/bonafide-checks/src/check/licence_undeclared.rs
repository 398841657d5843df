//! `licence-undeclared`: the document states no licence.

use bonafide_bom::license::{Licence, LicenceSet};
use bonafide_bom::view::{Component, LicenseChoice, Place};
use bonafide_core::{Finding, Severity, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "licence-undeclared",
    title: "Model or dataset without a licence",
    severity: Severity::Low,
    threats: &[ThreatId("LIC-01")],
    demands: "Every model and dataset that a document is about or lists states a licence: an SPDX identifier or \
        expression, or a name that is not `unknown`, `other` or `NOASSERTION`.",
    rationale: "Without a licence nobody but the owner may use a work; whoever ships it takes the risk.",
    cannot_prove: "That the licence is the right one, or that its terms allow a use: that is for a lawyer.",
    remediation: "Ask the publisher which licence it is under, and have it written into the document.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    if let Some(outcome) = facts.without_document() {
        return outcome.into();
    }
    let mut findings = Vec::new();
    for document in &facts.documents {
        if let Some(bom) = document.bom() {
            bom.bom.get().walk(|placed| {
                let concerns = matches!(placed.place, Place::Subject | Place::Inventory)
                    && placed.parent.is_none()
                    && matches!(
                        placed.component.kind.as_deref(),
                        Some("machine-learning-model" | "data")
                    );
                if concerns && is_undeclared(placed.component) {
                    let name = placed.component.name.as_deref().unwrap_or_default();
                    findings.push(Finding::new(
                        document.subject(),
                        format!(
                            "{}: states no licence for `{}`",
                            placed.pointer,
                            bonafide_bom::excerpt(name, 120)
                        ),
                    ));
                }
            });
        }
        if let Some(bonafide_bom::Described::Croissant(dataset)) = document.described()
            && dataset.licences.is_empty()
        {
            findings.push(Finding::new(document.subject(), "states no licence"));
        }
    }
    facts.over_documents(findings, None).into()
}

/// True if nothing that the component says is a licence.
fn is_undeclared(component: &Component<'_>) -> bool {
    component
        .licenses
        .iter()
        .all(|choice| licences(choice).is_none_or(|licences| licences.is_undeclared()))
}

/// The licences of one entry.
fn licences(choice: &LicenseChoice<'_>) -> Option<LicenceSet> {
    if let Some(expression) = choice.expression.as_deref() {
        return LicenceSet::expression(expression).ok();
    }
    let license = choice.license.as_ref()?;
    let text = license.id.as_deref().or(license.name.as_deref())?;
    Some(LicenceSet::one(Licence::named(text)))
}
