//! `dataset-undeclared`: the document names no data.

use bonafide_bom::Document;
use bonafide_core::{Finding, Outcome, Severity, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "dataset-undeclared",
    title: "Model without declared data",
    severity: Severity::Medium,
    threats: &[ThreatId("LIN-01"), ThreatId("DAT-01")],
    demands: "Every bill of materials about a model names at least one dataset: in the model card, as a component \
        of type `data` that the model depends on, or (SPDX) by `trainedOn`.",
    rationale: "Poisoned data is found by looking at the data, and nobody can look at what nobody names.",
    cannot_prove: "That the named data is what the model was trained on, or all of it.",
    remediation: "Ask the publisher what the model was trained on, and have it written into the document with a \
        digest of each file.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    if let Some(outcome) = facts.without_bom() {
        return outcome.into();
    }
    let mut models = 0;
    let mut findings = Vec::new();
    for document in facts.boms() {
        let Some(bom) = document.bom() else {
            continue;
        };
        let (has_model, has_data) = content(bom);
        models += usize::from(has_model);
        if has_model && !has_data {
            findings.push(Finding::new(document.subject(), "names no dataset"));
        }
    }
    if models == 0
        && findings.is_empty()
        && facts.documents.iter().all(|known| known.content.is_ok())
    {
        return Outcome::NotApplicable("no bill of materials is about a model".to_owned()).into();
    }
    facts.over_documents(findings, None).into()
}

/// Whether the document is about a model, and whether it names data.
fn content(document: &Document<'_>) -> (bool, bool) {
    let (mut model, mut data) = (false, false);
    document.bom.get().walk(|placed| {
        let component = placed.component;
        model |= component.kind.as_deref() == Some("machine-learning-model");
        data |= component.kind.as_deref() == Some("data");
        let parameters = component
            .model_card
            .as_ref()
            .and_then(|card| card.model_parameters.as_ref());
        data |= parameters.is_some_and(|parameters| !parameters.datasets.is_empty());
    });
    (model, data)
}
