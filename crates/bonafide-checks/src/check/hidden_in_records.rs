//! `hidden-in-records`: records hold what no reader of them sees.

use bonafide_core::{Finding, Outcome, Severity, ThreatId};
use bonafide_dataset::payload::{HiddenPayload, HiddenPayloads, PayloadKind};
use bonafide_dataset::{Analysis, Examination};
use serde::Deserialize;

use crate::declaration::{Check, Judgement, Need, Parameter, Standing, prepare};
use crate::facts::Facts;
use crate::records::{about_record, listed};

pub(super) const CHECK: Check = Check {
    slug: "hidden-in-records",
    title: "Records hold what no reader of them sees",
    severity: Severity::Medium,
    threats: &[ThreatId("DAT-10")],
    demands: "No record has invisible or reordered text, hidden or active markup, bytes of another type than it \
        says, or a link out of the dataset. Kinds that `allow` names may be there.",
    rationale: "A model, or a tool that reads the records, follows instructions that no reviewer has seen.",
    cannot_prove: "That there are no instructions in plain and visible language.",
    remediation: "Remove what is hidden, or the records. Pages and mails have hidden markup by nature: allow it \
        for them.",
    standing: Standing::OnDemand,
    needs: &[Need::Records(Analysis::Payload)],
    parameters: &[Parameter {
        name: "allow",
        kind: "list of kinds: `tag-characters`, `variation-selectors`, `zero-width`, `bidirectional`, `control`, \
            `hidden-markup`, `active-markup`, `other-file-type`, `external-link`",
        default: "[]",
        effect: "what may be there",
    }],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Parameters {
    allow: Vec<PayloadKind>,
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    let mut unexamined = Vec::new();
    let judgement = facts.over_records(
        |examination| &examination.payload,
        |_: &Examination, found: &HiddenPayloads| {
            unexamined.clone_from(&found.unexamined);
            let counts = |payload: &&HiddenPayload| !parameters.allow.contains(&payload.kind);
            let payloads = found.found.iter().filter(counts);
            payloads.filter_map(finding).collect()
        },
    );
    if judgement.outcome == Outcome::Pass && !unexamined.is_empty() {
        let columns = unexamined.join("`, `");
        return Outcome::Inconclusive(format!("`{columns}` could not be looked into")).into();
    }
    judgement
}

fn finding(payload: &HiddenPayload) -> Option<Finding> {
    let (first, _) = payload.records.shown.first()?;
    let message = format!(
        "{} of {} records: {}",
        words(payload.kind),
        payload.records.total,
        listed(&payload.records, 3, |(record, excerpt)| {
            format!("{record} (`{excerpt}`)")
        })
    );
    Some(about_record(first, message))
}

const fn words(kind: PayloadKind) -> &'static str {
    match kind {
        PayloadKind::TagCharacters => "invisible tag characters",
        PayloadKind::VariationSelectors => "runs of variation selectors",
        PayloadKind::ZeroWidth => "characters without width",
        PayloadKind::Bidirectional => "characters that reorder text",
        PayloadKind::Control => "control characters",
        PayloadKind::HiddenMarkup => "markup that is not shown",
        PayloadKind::ActiveMarkup => "active markup",
        PayloadKind::OtherFileType => "bytes of another type than they say,",
        PayloadKind::ExternalLink => "links out of the dataset",
    }
}
