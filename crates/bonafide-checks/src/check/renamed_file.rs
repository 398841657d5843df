//! `renamed-file`: single file has another name than when it was signed.

use bonafide_attest::oms::ResourceName;
use bonafide_core::{Finding, Outcome, RawName, Severity, Subject, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;
use crate::survey::Place;

pub(super) const CHECK: Check = Check {
    slug: "renamed-file",
    title: "Single file has another name than when it was signed",
    severity: Severity::Medium,
    threats: &[ThreatId("SIG-03"), ThreatId("SIG-08")],
    demands: "A single file that is signed as `.`, without a name, bears the name that the signer \
        gave to the whole model.",
    rationale: "A signature over a single file binds its bytes, not its name. Under another name, \
        the same bytes may be loaded as something else: text as code, a draft as the release.",
    cannot_prove: "That the signer meant the name: OMS calls it informative.",
    remediation: "Give the file its signed name again, or have it signed under the new one.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    if let Some(outcome) = facts.without_manifest() {
        return outcome.into();
    }
    let mut findings = Vec::new();
    for binding in &facts.survey.bindings {
        let signature = facts.signatures.get(binding.signature);
        let Some(manifest) = signature.and_then(|signature| signature.manifest()) else {
            continue;
        };
        let nameless = manifest.resources.iter().zip(&binding.resources);
        for (resource, bound) in nameless {
            if resource.name == ResourceName::TheFile
                && let Place::Found { file, .. } = &bound.place
                && base_name(file) != manifest.subject.as_bytes()
            {
                let finding = Finding::new(
                    Subject::File(file.clone()),
                    format!("was signed under the name `{}`", manifest.subject),
                );
                // A file has as many resources as shards.
                if findings.last() != Some(&finding) {
                    findings.push(finding);
                }
            }
        }
    }
    Outcome::from_findings(findings).into()
}

fn base_name(name: &RawName) -> &[u8] {
    name.as_bytes()
        .rsplit(|byte| *byte == b'/')
        .next()
        .unwrap_or_default()
}
