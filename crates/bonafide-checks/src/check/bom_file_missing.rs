//! `bom-file-missing`: a listed file is not here.

use bonafide_core::{Finding, Severity, Subject, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;
use crate::inventory::Presence;

pub(super) const CHECK: Check = Check {
    slug: "bom-file-missing",
    title: "File that a document lists is missing",
    severity: Severity::High,
    threats: &[ThreatId("BOM-02")],
    demands: "Every file that a document lists as a part of the artifact is here, under the name that it is listed \
        by: the same bytes under another name are a finding, too. What a document lists besides (base models, libraries, data) need not be.",
    rationale: "A loader without its configuration or tokenizer behaves differently, or takes a default from \
        elsewhere. The same bytes under another name are taken for something else: a program, for one.",
    cannot_prove: "Why it is missing.",
    remediation: "Fetch the artifact again and completely, or have the document corrected.",
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
        let listed = document.listing.entries.iter();
        for (entry, presence) in listed.zip(&document.inventory.presences) {
            if let Some(other) = presence.other_name(entry) {
                let name = entry.paths.first().map(|path| path.shown());
                findings.push(Finding::new(
                    Subject::File(other.clone()),
                    format!(
                        "is listed as `{}` in {} ({})",
                        name.as_ref().unwrap_or(&entry.label),
                        document.source,
                        entry.pointer
                    ),
                ));
            }
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
