//! `unsafe-name`: file name can mislead.

use bonafide_core::{Finding, Severity, Subject, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;
use crate::names::misleading;
use crate::survey::Place;

pub(super) const CHECK: Check = Check {
    slug: "unsafe-name",
    title: "File name can mislead",
    severity: Severity::High,
    threats: &[ThreatId("SIG-08")],
    demands: "Every name, on disk and in a verified signature, is relative, normalized UTF-8 \
        without control characters, backslashes or invisible and reordering characters, and \
        no two names become one when case, Unicode form or look-alike letters are ignored.",
    rationale: "A name with `..` reaches out of the directory; two names that differ only in case \
        overwrite each other on another system; a name with a right-to-left override shows \
        another ending than it has.",
    cannot_prove: "That a loader is fooled by the name.",
    remediation: "Rename the files to plain names and have the artifact signed again.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    let entries = facts.tree.entries();
    let mut findings: Vec<Finding> = entries
        .iter()
        .filter_map(|entry| {
            let error = entry.parsed.as_ref().err()?;
            Some(Finding::new(
                Subject::File(entry.name.clone()),
                error.to_string(),
            ))
        })
        .collect();
    let names = entries
        .iter()
        .filter_map(|entry| entry.parsed.as_ref().ok());
    for (name, reason) in misleading(names) {
        findings.push(Finding::new(Subject::File(name), reason));
    }
    let resources = facts
        .survey
        .bindings
        .iter()
        .flat_map(|binding| &binding.resources);
    for resource in resources {
        // Names that are also on disk have been judged above.
        if let Place::Unsafe(error) = &resource.place
            && facts.tree.entry(resource.name.as_bytes()).is_none()
        {
            findings.push(Finding::new(
                Subject::File(resource.name.clone()),
                format!("signed {error}"),
            ));
        }
    }
    facts.over_the_tree(findings).into()
}
