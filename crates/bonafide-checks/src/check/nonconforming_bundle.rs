//! `nonconforming-bundle`: signature departs from the specification.

use bonafide_core::{Finding, Outcome, Severity, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "nonconforming-bundle",
    title: "Signature departs from the specification",
    severity: Severity::Low,
    threats: &[ThreatId("SIG-07")],
    demands: "Verified signatures follow OMS v1.0 to the letter. The departures that bundles of \
        the reference tool are known to show (order by path component, `sha256-sharded-N`, a \
        floating-point `shard_size`, a single file named `.`) and certificates that no path \
        needs are accepted and reported here.",
    rationale: "Such a bundle verifies here, but a stricter verifier may refuse it.",
    cannot_prove: "Anything about the files: a departure of this kind does not weaken the signature.",
    remediation: "Nothing has to be done.",
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    if let Some(outcome) = facts.without_manifest() {
        return outcome.into();
    }
    let findings = facts
        .signatures
        .iter()
        .flat_map(|signature| {
            let deviations = signature
                .verified()
                .map_or(&[][..], |verified| verified.get().deviations.as_slice());
            deviations
                .iter()
                .map(|deviation| Finding::new(signature.subject(), deviation.to_string()))
        })
        .collect();
    Outcome::from_findings(findings).into()
}
