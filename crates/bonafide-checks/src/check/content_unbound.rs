//! `content-unbound`: records point to content without a hash, or to other content.

use bonafide_core::{Finding, Outcome, Severity, Subject, ThreatId};
use bonafide_dataset::content::ContentIndex;
use bonafide_dataset::{Analysis, Examination};
use serde::Deserialize;

use super::share::Share;
use crate::declaration::{Check, Judgement, Need, Parameter, Standing, prepare};
use crate::facts::Facts;
use crate::records::{listed, percent, share};

pub(super) const CHECK: Check = Check {
    slug: "content-unbound",
    title: "Content that records point to is not bound by a hash",
    severity: Severity::High,
    threats: &[ThreatId("DAT-02")],
    demands: "Of the records with an address, at most the share `most-unbound` has no usable hash (SHA-256) of the \
        content, and whatever content is at hand has the hash.",
    rationale: "Who buys the domain of an address after the list was made decides what is downloaded. Some \
        hundred dollars bought a share of well-known lists that is large enough to poison them.",
    cannot_prove: "That the content was good when its hash was taken. Content that was encoded anew has other \
        bytes and is found too. Addresses in a column that no usual name tells are not seen unless `--column \
        url=NAME` names it.",
    remediation: "Add the SHA-256 of each content to the list, from the copy that was curated, and drop what no \
        longer fits.",
    standing: Standing::OnDemand,
    needs: &[Need::Records(Analysis::Content)],
    parameters: &[Parameter {
        name: "most-unbound",
        kind: "number from 0 to 1",
        default: "0",
        effect: "if more of the addresses have no usable hash, that is a finding",
    }],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Parameters {
    most_unbound: Share,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            most_unbound: Share::NONE,
        }
    }
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    let examination = facts.records.examination.known();
    if examination.is_some_and(|known| !known.shards.is_empty() && known.roles.url.is_none()) {
        let reason = "no column has addresses; one with an unusual name has to be named";
        return Outcome::NotApplicable(reason.to_owned()).into();
    }
    let mut addressed = 0;
    let judgement = facts.over_records(
        |examination| &examination.content,
        |_: &Examination, index: &ContentIndex| {
            addressed = index.addressed;
            parameters.judge(index)
        },
    );
    if judgement.outcome == Outcome::Pass && addressed == 0 {
        let reason = "no record points to content elsewhere";
        return Outcome::NotApplicable(reason.to_owned()).into();
    }
    judgement
}

impl Parameters {
    fn judge(&self, index: &ContentIndex) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut add = |message: String| findings.push(Finding::new(Subject::Artifact, message));
        let unbound = index.without_hash.total + index.malformed_hash.total;
        if self
            .most_unbound
            .is_exceeded_by(share(unbound, index.addressed))
        {
            let mut what = Vec::new();
            if index.without_hash.total > 0 {
                what.push(format!(
                    "{} have none: {}",
                    index.without_hash.total,
                    listed(&index.without_hash, 3, Clone::clone)
                ));
            }
            if index.malformed_hash.total > 0 {
                what.push(format!(
                    "{} have something else: {}",
                    index.malformed_hash.total,
                    listed(&index.malformed_hash, 3, |(record, text)| {
                        format!("{record} (`{text}`)")
                    })
                ));
            }
            add(format!(
                "{} of {} addresses ({}) have no SHA-256 of their content; {}",
                unbound,
                index.addressed,
                percent(unbound, index.addressed),
                what.join("; ")
            ));
        }
        if index.mismatching.total > 0 {
            add(format!(
                "the content of {} records does not have their hash: {}",
                index.mismatching.total,
                listed(&index.mismatching, 5, Clone::clone)
            ));
        }
        if index.ambiguous > 0 {
            add(format!(
                "the content of {} records could be any of several files of one name, so it was not compared",
                index.ambiguous
            ));
        }
        findings
    }
}
