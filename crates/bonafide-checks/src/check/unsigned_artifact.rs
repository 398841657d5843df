//! `unsigned-artifact`: artifact has no signature.

use bonafide_core::{Finding, Outcome, Severity, Subject, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "unsigned-artifact",
    title: "Artifact has no signature",
    severity: Severity::High,
    threats: &[ThreatId("SIG-01")],
    demands: "At least one signature file is found in or beside the artifact, or is named by the \
        user.",
    rationale: "Without a signature nobody vouches for the bytes: they may come from anyone.",
    cannot_prove: "That an unsigned artifact is harmful, or that a signed one is harmless.",
    remediation: "Ask the publisher for a signature, or sign it yourself once you know where it comes \
        from: `bonafide sign key --private-key KEY ARTIFACT`.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    if facts.signatures.is_empty() {
        let finding = Finding::new(
            Subject::Artifact,
            "no signature file was found in or beside it",
        )
        .with_hint(
            "looked for `model.sig`, `*.sigstore.json`, `*.sigstore`, `*.intoto.json`, \
             `*.intoto.jsonl` and signed CycloneDX documents in it, and for the same with its \
             own name beside it; name another with `--signature`",
        );
        return Outcome::from_findings(vec![finding]).into();
    }
    Outcome::Pass.into()
}
