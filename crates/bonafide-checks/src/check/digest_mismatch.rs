//! `digest-mismatch`: content differs from what was signed.

use bonafide_core::{Finding, Outcome, Severity, Subject, ThreatId};

use super::unsigned::{Parameters, WITHOUT_SIGNATURE};
use crate::declaration::{Check, Judgement, Standing, prepare};
use crate::facts::Facts;
use crate::survey::{Absence, BoundResource, Place};

pub(super) const CHECK: Check = Check {
    slug: "digest-mismatch",
    title: "Content differs from what was signed",
    severity: Severity::Critical,
    threats: &[ThreatId("SIG-02"), ThreatId("DAT-01"), ThreatId("MDL-06")],
    demands: "The digest of every signed file or shard, computed from its bytes, is the signed \
        digest, and no file is longer or shorter than its signed shards.",
    rationale: "A single changed byte can be a changed weight, a changed label or changed code. The \
        signer did not vouch for these bytes.",
    cannot_prove: "That what was signed was good.",
    remediation: "Fetch the named files again from the publisher. If they still differ, treat the \
        artifact as tampered with.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[WITHOUT_SIGNATURE],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    if let Some(outcome) = facts.without_manifest() {
        return parameters.without_signature.instead_of(outcome).into();
    }
    let mut findings = Vec::new();
    let mut undecided = Vec::new();
    for resource in facts
        .survey
        .bindings
        .iter()
        .flat_map(|binding| &binding.resources)
    {
        match compare(facts, resource) {
            Comparison::Equal => {}
            Comparison::Different(finding) => {
                // Every shard of a file of the wrong size says the same.
                if findings.last() != Some(&finding) {
                    findings.push(finding);
                }
            }
            Comparison::Impossible(reason) => undecided.push((&resource.name, reason)),
        }
    }
    if findings.is_empty()
        && let Some((name, reason)) = undecided.first()
    {
        let others = undecided.len() - 1;
        let more = if others == 0 {
            String::new()
        } else {
            format!(" (and {others} more)")
        };
        return Outcome::Inconclusive(format!("`{name}` could not be compared: {reason}{more}"))
            .into();
    }
    Outcome::from_findings(findings).into()
}

enum Comparison {
    Equal,
    Different(Finding),
    Impossible(String),
}

fn compare(facts: &Facts<'_>, resource: &BoundResource) -> Comparison {
    let subject = || Subject::File(resource.name.clone());
    match &resource.place {
        Place::Found { job, .. } => {
            let (Some(job), Some(expected)) = (job, resource.digest) else {
                return Comparison::Impossible("its signed digest is too weak to count".to_owned());
            };
            match facts.measured(*job, &expected) {
                Err(failure) => Comparison::Impossible(failure.to_string()),
                Ok(measured) if measured == expected => Comparison::Equal,
                Ok(measured) => {
                    let message = match &resource.range {
                        None => "content differs from what was signed".to_owned(),
                        Some(range) => format!(
                            "bytes {} to {} differ from what was signed",
                            range.start, range.end
                        ),
                    };
                    Comparison::Different(
                        Finding::new(subject(), message).with_digests(expected, measured),
                    )
                }
            }
        }
        Place::WrongSize { signed, size } => Comparison::Different(Finding::new(
            subject(),
            format!("has {size} bytes, but {signed} were signed"),
        )),
        // `missing-file` speaks for what is gone; what stands in its place is unknown.
        Place::Missing(Absence::NoEntry) => Comparison::Equal,
        Place::Missing(absence) => Comparison::Impossible(absence.to_string()),
        Place::Escapes => Comparison::Impossible("it leads out of the artifact".to_owned()),
        Place::Unsafe(error) => Comparison::Impossible(error.to_string()),
        Place::Unreadable(failure) => Comparison::Impossible(failure.to_string()),
    }
}
