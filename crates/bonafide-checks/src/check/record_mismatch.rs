//! `record-mismatch`: records are not those of a signed record manifest.

use bonafide_core::{Finding, Look, Outcome, RawName, Severity, Subject, ThreatId};
use bonafide_dataset::manifest::{RecordComparison, ShardStanding};

use crate::declaration::{Check, Judgement, Need, NoParameters, Standing, prepare};
use crate::facts::Facts;
use crate::records::listed;

pub(super) const CHECK: Check = Check {
    slug: "record-mismatch",
    title: "Records are not those of the signed manifest",
    severity: Severity::Critical,
    threats: &[ThreatId("DAT-01")],
    demands: "Where a trusted signer vouches for a record manifest (`bonafide dataset manifest`), every record \
        is there, in its place, with every value, and no other record is.",
    rationale: "A dataset that was written anew, in another format or with other compression, has other bytes \
        and may have the same records; one label that was changed is in there as well. The manifest tells which.",
    cannot_prove: "That the records were good when they were signed.",
    remediation: "Fetch the dataset anew, or find out with `bonafide dataset diff` what changed, and have the new \
        version signed.",
    standing: Standing::Always,
    needs: &[Need::SignedRecords],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    if facts.records.manifests.is_empty() {
        let reason = "no trusted signer vouches for a record manifest";
        return Outcome::NotApplicable(reason.to_owned()).into();
    }
    let mut findings = Vec::new();
    let mut undecided = None;
    for signed in &facts.records.manifests {
        match &signed.comparison {
            Look::Known(comparison) => findings.extend(differences(comparison)),
            Look::Unable(reason) => undecided = Some(reason.clone()),
            Look::NotAsked => undecided = Some("the records were not compared".to_owned()),
        }
    }
    match undecided {
        Some(reason) if findings.is_empty() => Outcome::Inconclusive(reason).into(),
        _ => Outcome::from_findings(findings).into(),
    }
}

fn differences(comparison: &RecordComparison) -> Vec<Finding> {
    if comparison.agrees() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for shard in &comparison.shards {
        let message = match shard.standing {
            ShardStanding::Missing => "is in the signed manifest, and is not there".to_owned(),
            ShardStanding::Unlisted => "is not in the signed manifest".to_owned(),
            ShardStanding::OtherSchema => {
                "has other columns than the signed manifest says".to_owned()
            }
            ShardStanding::OtherRecords if shard.records.total > 0 => format!(
                "{} records are not those of the signed manifest: {}",
                shard.records.total,
                listed(&shard.records, 5, Clone::clone)
            ),
            ShardStanding::OtherRecords => {
                "has other records than the signed manifest says".to_owned()
            }
        };
        let file = Subject::File(RawName::from(shard.shard.as_str()));
        findings.push(Finding::new(file, message));
    }
    for difference in &comparison.differences {
        findings.push(Finding::new(Subject::Artifact, difference.clone()));
    }
    if findings.is_empty() {
        let message = format!(
            "{} records are there, and {} were signed; the root over them is not the signed one",
            comparison.found, comparison.expected
        );
        findings.push(Finding::new(Subject::Artifact, message));
    }
    findings
}
