//! `bom-digest-mismatch`: bytes are not those that the document describes.

use bonafide_bom::ClaimedDigest;
use bonafide_core::{Finding, Outcome, Severity, Subject, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::document::DocumentFacts;
use crate::facts::Facts;
use crate::inventory::{Presence, TreePresence};

pub(super) const CHECK: Check = Check {
    slug: "bom-digest-mismatch",
    title: "Content differs from what a document says",
    severity: Severity::Critical,
    threats: &[ThreatId("BOM-02"), ThreatId("DAT-01")],
    demands: "Every file that a document (CycloneDX, SPDX, Croissant) means by its path has all the digests that \
        the document gives for it; every part of the artifact that it identifies by a digest alone is here; \
        every digest of a whole tree agrees.",
    rationale: "The document is about other bytes than these. One of the two was changed.",
    cannot_prove: "Which of the two is right, unless one of them is signed.",
    remediation: "Fetch artifact and document again from the publisher. If they still differ, treat the \
        artifact as tampered with.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    if let Some(outcome) = facts.without_document() {
        return outcome.into();
    }
    let mut findings = Vec::new();
    let mut undecided = None;
    for document in &facts.documents {
        let listed = document.listing.entries.iter();
        for (entry, presence) in listed.zip(&document.inventory.presences) {
            match presence {
                Presence::Differs {
                    file,
                    expected,
                    measured,
                } => findings.push(
                    Finding::new(
                        Subject::File(file.clone()),
                        format!(
                            "differs from `{}` in {} ({})",
                            entry.label, document.source, entry.pointer
                        ),
                    )
                    .with_digests(*expected, *measured),
                ),
                Presence::Unmatched { expected } => findings.push(Finding::new(
                    document.subject(),
                    format!(
                        "{}: no file has the digest {expected} that it gives for `{}`",
                        entry.pointer, entry.label
                    ),
                )),
                Presence::Unusable {
                    claimed: ClaimedDigest::Known(digest),
                    ..
                } => {
                    undecided.get_or_insert(format!(
                        "{} gives `{}` the digest {digest}, which is of no file",
                        document.source, entry.label
                    ));
                }
                Presence::Unreadable { file } => {
                    undecided.get_or_insert(format!("`{file}` could not be read"));
                }
                _ => {}
            }
        }
        let trees = document.listing.trees.iter();
        for (tree, presence) in trees.zip(&document.inventory.trees) {
            match presence {
                TreePresence::Differs { expected, measured } => findings.push(
                    Finding::new(
                        document.subject(),
                        format!(
                            "{}: the digest of the tree by `{}` differs",
                            tree.pointer,
                            tree.rule.property()
                        ),
                    )
                    .with_digests(*expected, *measured),
                ),
                TreePresence::NotComputed { reason } => {
                    undecided.get_or_insert(format!(
                        "the tree of `{}` cannot be digested: {reason}",
                        tree.rule.property()
                    ));
                }
                TreePresence::Equal { .. } | TreePresence::Elsewhere => {}
            }
        }
    }
    let compared = facts.documents.iter().any(DocumentFacts::was_compared);
    let read = facts.documents.iter().all(|known| known.content.is_ok());
    if findings.is_empty() && undecided.is_none() && read && !compared {
        let reason = "no document gives a digest of anything that is here";
        return Outcome::NotApplicable(reason.to_owned()).into();
    }
    facts.over_documents(findings, undecided).into()
}
