//! `role-not-filled`: role is not filled.

use bonafide_core::{Finding, Outcome, Severity, Subject, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "role-not-filled",
    title: "Role is not filled",
    severity: Severity::High,
    threats: &[ThreatId("SIG-04"), ThreatId("SIG-09"), ThreatId("OPS-01")],
    demands: "For each role of the policy, enough different signers of those whom it names have signed what it asks for, about every file that it covers. Whoever could fill a role that has to be another's does not count.",
    rationale: "One signature says that one party agrees. A release that nobody but its maker has looked at, or an evaluation by the maker, is what roles are there to refuse.",
    cannot_prove: "That different keys or identities are different people.",
    remediation: "Get the missing signatures from those whom the role names, or correct the role in the policy.",
    standing: Standing::Always,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    if facts.roles.is_empty() {
        return Outcome::NotApplicable("the policy names no roles".to_owned()).into();
    }
    let findings = facts
        .roles
        .iter()
        .filter_map(|role| {
            let filling = role.filling(facts);
            let found = filling.signers.len();
            (found < role.threshold).then(|| {
                let finding = Finding::new(
                    Subject::Artifact,
                    format!(
                        "role `{}` needs {} of {}, but {} signed",
                        role.name,
                        role.threshold,
                        role.signers.join(", "),
                        if found == 0 {
                            "nobody".to_owned()
                        } else {
                            found.to_string()
                        },
                    ),
                );
                if filling.refused.is_empty() {
                    finding
                } else {
                    finding.with_hint(format!("does not count: {}", filling.refused.join("; ")))
                }
            })
        })
        .collect();
    Outcome::from_findings(findings).into()
}
