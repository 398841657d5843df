//! `bom-stale`: the document was not made for this state of the artifact.

use bonafide_attest::predicate::Predicate;
use bonafide_bom::Document;
use bonafide_core::{Finding, Severity, ThreatId};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::declaration::{Check, Judgement, Parameter, Standing, prepare};
use crate::facts::Facts;

/// Clocks differ by so much.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

pub(super) const CHECK: Check = Check {
    slug: "bom-stale",
    title: "Bill of materials is out of date",
    severity: Severity::Medium,
    threats: &[ThreatId("BOM-01")],
    demands: "Every bill of materials says when it was made: not in the future, not before signed provenance \
        says that the artifact was built, and not longer ago than `max-age-days`.",
    rationale: "A document from before a change describes what was there before it; flaws that became known \
        since then are not in it.",
    cannot_prove: "That the time is true: it is a claim, unless the document is signed with a time.",
    remediation: "Have the document made again from the artifact as it is.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[Parameter {
        name: "max-age-days",
        kind: "whole number",
        default: "no limit",
        effect: "a document that is older is a finding",
    }],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Parameters {
    max_age_days: Option<u32>,
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    if let Some(outcome) = facts.without_bom() {
        return outcome.into();
    }
    let built = built(facts);
    let mut findings = Vec::new();
    for document in facts.boms() {
        let Some(bom) = document.bom() else {
            continue;
        };
        let message = match made(bom) {
            Err(message) => Some(message),
            Ok(made) => parameters.judge(made, facts.now, built),
        };
        findings.extend(message.map(|message| Finding::new(document.subject(), message)));
    }
    facts.over_documents(findings, None).into()
}

impl Parameters {
    fn judge(&self, made: Timestamp, now: Timestamp, built: Option<Timestamp>) -> Option<String> {
        if made.duration_since(now) > SKEW {
            return Some(format!("says that it was made in the future, at {made}"));
        }
        if let Some(built) = built.filter(|built| built.duration_since(made) > SKEW) {
            return Some(format!(
                "was made at {made}, before the artifact was built: signed provenance says {built}"
            ));
        }
        let days = self.max_age_days?;
        let limit = SignedDuration::from_hours(24 * i64::from(days));
        (now.duration_since(made) > limit)
            .then(|| format!("was made at {made}, more than {days} days ago"))
    }
}

/// When the document says that it was made.
fn made(document: &Document<'_>) -> Result<Timestamp, String> {
    let metadata = document.bom.get().metadata.as_ref();
    let text = metadata
        .and_then(|metadata| metadata.timestamp.as_deref())
        .ok_or("does not say when it was made")?;
    text.parse().map_err(|_| {
        format!(
            "says that it was made at `{}`",
            bonafide_bom::excerpt(text, 60)
        )
    })
}

/// The latest time at which signed provenance says that the artifact was finished.
fn built(facts: &Facts<'_>) -> Option<Timestamp> {
    let bound = facts
        .survey
        .attachments
        .iter()
        .filter(|attachment| !attachment.is_loose());
    bound
        .filter_map(|attachment| {
            let signature = facts.signatures.get(attachment.signature)?;
            let statement = signature.verified()?.get().statement()?;
            match &statement.predicate {
                Predicate::SlsaProvenanceV1(provenance) => provenance.finished,
                Predicate::SlsaProvenanceV02(provenance) => provenance.finished,
                _ => None,
            }
        })
        .max()
}
