//! `bom-file-missing`: a listed file is not here.

use bonafide_core::{Finding, Severity, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;
use crate::inventory::Presence;

pub(super) const CHECK: Check = Check {
    slug: "bom-file-missing",
    title: "File that a document lists is missing",
    severity: Severity::High,
    threats: &[ThreatId("BOM-02")],
    demands: "Every file that a document lists as a part of the artifact is here, under its name or, with the \
        same digest, under another. What a document lists besides (base models, libraries, data) need not be.",
    rationale: "A loader without its configuration or tokenizer behaves differently, or takes a default from \
        elsewhere.",
    cannot_prove: "Why it is missing.",
    remediation: "Fetch the artifact again and completely, or have the document corrected.",
    standing: Standing::Optional,
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    if let Some(outcome) = facts.without_document() {
        return outcome.into();
    }
    let mut findings = Vec::new();
    for document in &facts.documents {
        let listed = document.listing.entries.iter();
        for (entry, presence) in listed.zip(&document.inventory.presences) {
            if *presence == Presence::Missing {
                let name = entry.paths.first().map(|path| path.shown());
                findings.push(Finding::new(
                    document.subject(),
                    format!(
                        "{}: lists `{}`, which is not here",
                        entry.pointer,
                        name.as_ref().unwrap_or(&entry.label)
                    ),
                ));
            }
        }
    }
    facts.over_documents(findings, None).into()
}
