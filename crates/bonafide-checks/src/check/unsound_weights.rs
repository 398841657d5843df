//! `unsound-weights`: numbers of tensors that no training gives.

use bonafide_core::{Finding, Look, Outcome, RawName, Severity, Subject, ThreatId};
use bonafide_weights::{Anomaly, TensorAnomaly};
use serde::Deserialize;

use super::share::Share;
use crate::declaration::{Check, Judgement, Need, Parameter, Standing, prepare};
use crate::facts::Facts;
use crate::records::{not_asked, share};

/// Most tensors of one file that are named.
const NAMED: usize = 5;

pub(super) const CHECK: Check = Check {
    slug: "unsound-weights",
    title: "Tensors hold numbers that no training gives",
    severity: Severity::Medium,
    threats: &[ThreatId("MDL-04")],
    demands: "No tensor holds NaN or infinite numbers. No matrix is zero throughout, constant or the copy of \
        another, at most the share `most-dead-rows` of the rows of one is zero, and shapes and types are those of \
        the configuration.",
    rationale: "Files that were cut, overwritten or put together from parts show it in their numbers.",
    cannot_prove: "Anything about how the model behaves. Undetectable backdoors exist (Goldwasser et al. 2022): \
        without findings, no declared property is violated, and nothing more is shown.",
    remediation: "Fetch the file anew and compare its digest with the publisher's. If it is the publisher's, ask why.",
    standing: Standing::OnDemand,
    needs: &[Need::Sanity],
    parameters: &[
        Parameter {
            name: "most-dead-rows",
            kind: "number from 0 to 1",
            default: "0.5",
            effect: "a matrix with a larger share of zero rows is a finding; embeddings have some for padding",
        },
        Parameter {
            name: "duplicates",
            kind: "true or false",
            default: "true",
            effect: "matrices that are copies of others are findings; tied weights that are stored twice are copies",
        },
    ],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Parameters {
    most_dead_rows: Share,
    duplicates: bool,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            most_dead_rows: Share::percent(50),
            duplicates: true,
        }
    }
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    let sanity = match &facts.weights.sanity {
        Look::Known(sanity) => sanity,
        Look::Unable(reason) => return Outcome::Inconclusive(reason.clone()).into(),
        Look::NotAsked => return not_asked(),
    };
    let mut findings: Vec<Finding> = Vec::new();
    let counts = |found: &&TensorAnomaly| parameters.counts(&found.anomaly);
    let mut anomalies = sanity.anomalies.iter().filter(counts).peekable();
    while let Some(first) = anomalies.next() {
        let mut messages = vec![words(first)];
        let mut more = 0;
        while let Some(next) = anomalies.next_if(|next| next.file == first.file) {
            if messages.len() < NAMED {
                messages.push(words(next));
            } else {
                more += 1;
            }
        }
        if more > 0 {
            messages.push(format!("and {more} more"));
        }
        let file = Subject::File(RawName::from(first.file.as_str()));
        findings.push(Finding::new(file, messages.join("; ")));
    }
    if !findings.is_empty() {
        return Outcome::from_findings(findings).into();
    }
    if let Some((name, reason)) = sanity.unread.first() {
        let count = sanity.unread.len();
        let reason = format!("{count} tensors or files were not looked at; `{name}`: {reason}");
        return Outcome::Inconclusive(reason).into();
    }
    if sanity.omitted > 0 {
        let reason = format!("{} more anomalies are not listed", sanity.omitted);
        return Outcome::Inconclusive(reason).into();
    }
    if sanity.tensors == 0 {
        return Outcome::NotApplicable("no file of it holds tensors".to_owned()).into();
    }
    Outcome::Pass.into()
}

impl Parameters {
    fn counts(&self, anomaly: &Anomaly) -> bool {
        match anomaly {
            Anomaly::DeadRows { count, of } => {
                self.most_dead_rows.is_exceeded_by(share(*count, *of))
            }
            Anomaly::Duplicate { .. } => self.duplicates,
            Anomaly::NotANumber { .. }
            | Anomaly::Infinite { .. }
            | Anomaly::AllZero
            | Anomaly::Constant { .. }
            | Anomaly::Misfit { .. } => true,
        }
    }
}

fn words(found: &TensorAnomaly) -> String {
    let tensor = &found.tensor;
    match &found.anomaly {
        Anomaly::NotANumber { count } => format!("`{tensor}` holds {count} times NaN"),
        Anomaly::Infinite { count } => format!("`{tensor}` holds {count} infinite numbers"),
        Anomaly::AllZero => format!("`{tensor}` is zero throughout"),
        Anomaly::Constant { value } => format!("`{tensor}` is {value} throughout"),
        Anomaly::DeadRows { count, of } => format!("{count} of {of} rows of `{tensor}` are zero"),
        Anomaly::Duplicate { of } => format!("`{tensor}` is a copy of `{of}`"),
        Anomaly::Misfit { message } => format!("`{tensor}` {message}"),
    }
}
