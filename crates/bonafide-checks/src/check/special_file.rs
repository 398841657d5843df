//! `special-file`: entry is not an ordinary file.

use bonafide_core::{Finding, RawName, Severity, Subject, ThreatId};
use bonafide_hash::{EntryKind, LinkEnd, SpecialKind};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "special-file",
    title: "Entry is not an ordinary file",
    severity: Severity::High,
    threats: &[ThreatId("SIG-03")],
    demands: "The artifact consists of regular files, directories, and links to regular files: no \
        fifo, socket or device, and no link to a directory, to nothing or in a circle.",
    rationale: "A link to a directory gives files a second name that no signature covers. Reading a \
        fifo or device can hang a loader or bring bytes that change from one read to the \
        next.",
    cannot_prove: "What a loader would do with it.",
    remediation: "Remove the entry. Nothing that belongs to a model needs one.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    let findings = facts
        .tree
        .entries()
        .iter()
        .filter_map(|entry| {
            let message = match &entry.kind {
                EntryKind::Special(kind) => format!("is {}", special(*kind)),
                EntryKind::Link { target, leads_to } => link(target, leads_to)?,
                _ => return None,
            };
            Some(Finding::new(Subject::File(entry.name.clone()), message))
        })
        .collect();
    facts.over_the_tree(findings).into()
}

const fn special(kind: SpecialKind) -> &'static str {
    match kind {
        SpecialKind::Fifo => "a fifo",
        SpecialKind::Socket => "a socket",
        SpecialKind::CharacterDevice => "a character device",
        SpecialKind::BlockDevice => "a block device",
        _ => "neither file, directory nor link",
    }
}

fn link(target: &RawName, leads_to: &LinkEnd) -> Option<String> {
    let lead = match leads_to {
        // The first is ordinary, the second has a check of its own.
        LinkEnd::File(_) | LinkEnd::Outside => return None,
        LinkEnd::Directory(_) => "a directory",
        LinkEnd::Broken => "nothing",
        LinkEnd::Loop => "itself",
        LinkEnd::Special(_) => "a special file",
        LinkEnd::Unreadable(_) => "an entry that cannot be read",
    };
    Some(format!(
        "is a symbolic link (`{target}`) that leads to {lead}"
    ))
}
