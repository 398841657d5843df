//! `weights-contradict-claim`: the weights are not what is said of how they were made.

use bonafide_core::{Finding, Look, Outcome, RawName, Severity, Subject, ThreatId};
use bonafide_weights::{Claim, Violation};

use crate::declaration::{Check, Judgement, Need, NoParameters, Standing, prepare};
use crate::facts::Facts;

/// Most tensors that a finding names.
const NAMED: usize = 5;

pub(super) const CHECK: Check = Check {
    slug: "weights-contradict-claim",
    title: "Weights are not what is said of how they were made",
    severity: Severity::High,
    threats: &[
        ThreatId("MDL-01"),
        ThreatId("MDL-02"),
        ThreatId("MDL-03"),
        ThreatId("LIN-02"),
        ThreatId("LIN-04"),
    ],
    demands: "Where a model that the artifact is made from is at hand (`--parent`, or a folder beside), the tensors \
        are what the documents, or `--claim`, say: an exact copy, a fine-tune, a merged adapter of low rank, an \
        adapter, a quantisation within the error of its scheme, a merge.",
    rationale: "One matrix of a known model, changed by rank one, is enough to make it answer wrongly on one \
        subject and well on all others. As a fine-tune it would have changed everywhere.",
    cannot_prove: "That a declared change is harmless. Quantisations within the error of their scheme can carry a \
        backdoor too (Egashira et al. 2025), and undetectable ones exist (Goldwasser et al. 2022).",
    remediation: "Ask the publisher how the model was made, or make it anew from the base.",
    standing: Standing::OnDemand,
    needs: &[Need::Claims],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    let mut findings = Vec::new();
    let mut undecided = None;
    let mut claims = 0;
    for compared in &facts.weights.comparisons {
        match &compared.comparison {
            Look::Known(_) => {}
            Look::Unable(reason) => undecided = Some(reason.clone()),
            Look::NotAsked => undecided = Some("the weights were not compared".to_owned()),
        }
        let bases = compared.bases.join("`, `");
        for standing in &compared.claims {
            claims += 1;
            let claim = words(&standing.claim);
            for violation in &standing.violations {
                let message = format!(
                    "is said to be {claim} of `{bases}` (by {}), but {}",
                    standing.source,
                    shown(violation)
                );
                findings.push(Finding::new(Subject::Artifact, message));
            }
            if let Some(reason) = &standing.undecided {
                undecided = Some(format!("{claim} of `{bases}`: {reason}"));
            }
        }
    }
    match undecided {
        Some(reason) if findings.is_empty() => return Outcome::Inconclusive(reason).into(),
        _ => {}
    }
    if findings.is_empty() && claims == 0 {
        let reason = "no model that it is said to be made from is at hand";
        return Outcome::NotApplicable(reason.to_owned()).into();
    }
    Outcome::from_findings(findings).into()
}

fn words(claim: &Claim) -> String {
    match claim {
        Claim::ExactCopy => "an exact copy".to_owned(),
        Claim::FullFineTune { frozen } if frozen.is_empty() => "a fine-tune".to_owned(),
        Claim::FullFineTune { .. } => "a fine-tune with frozen tensors".to_owned(),
        Claim::LoraMerge {
            rank: Some(rank), ..
        } => format!("a merged adapter of rank {rank}"),
        Claim::LoraMerge { rank: None, .. } => "a merged adapter".to_owned(),
        Claim::Adapter => "an adapter".to_owned(),
        Claim::Quantised => "a quantisation".to_owned(),
        Claim::Merge => "a merge".to_owned(),
    }
}

fn shown(violation: &Violation) -> String {
    if violation.tensors.is_empty() {
        return violation.message.clone();
    }
    let named: Vec<String> = violation
        .tensors
        .iter()
        .take(NAMED)
        .map(|tensor| RawName::from(tensor.as_str()).to_string())
        .collect();
    let more = violation.count.saturating_sub(named.len() as u64);
    let more = match more {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}: `{}`{more}", violation.message, named.join("`, `"))
}
