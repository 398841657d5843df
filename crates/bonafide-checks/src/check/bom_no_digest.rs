//! `bom-no-digest`: the document names a part without saying what its bytes are.

use bonafide_bom::ClaimedDigest;
use bonafide_core::{Outcome, Severity, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::document::DocumentFacts;
use crate::facts::Facts;
use crate::inventory::Presence;

/// Most parts that are named.
const SHOWN: usize = 5;

pub(super) const CHECK: Check = Check {
    slug: "bom-no-digest",
    title: "Document gives no digest that could be checked",
    severity: Severity::Medium,
    threats: &[ThreatId("BOM-01"), ThreatId("BOM-02")],
    demands: "For every part of the artifact that a document lists it gives a digest that was compared: of an \
        algorithm that is computed here and for which collisions cannot be made. A document without any is \
        never a pass, but `inconclusive`.",
    rationale: "A name and a version fit any bytes. Most generators of AI-BOMs write no digests, so their \
        documents fit a tampered model as well as the real one.",
    cannot_prove: "Anything about the parts without digests.",
    remediation: "Ask for a document with a SHA-256 (or stronger) digest of each file, or make one with \
        `bonafide bom generate`.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    if let Some(outcome) = facts.without_document() {
        return outcome.into();
    }
    let mut reasons = Vec::new();
    for document in &facts.documents {
        reasons.extend(undecided(document));
    }
    if reasons.is_empty() {
        return facts.over_documents(Vec::new(), None).into();
    }
    Outcome::Inconclusive(reasons.join("; ")).into()
}

/// What of a document could not be held against bytes.
fn undecided(document: &DocumentFacts<'_>) -> Option<String> {
    if document.content.is_err() || !document.describes_the_artifact() {
        return None;
    }
    let whole = document.inventory.unlisted.is_empty() && document.is_about_the_artifact();
    let listed = document.listing.entries.iter();
    let parts: Vec<String> = listed
        .zip(&document.inventory.presences)
        .filter_map(|(entry, presence)| {
            let why = match presence {
                // Every file is listed with its digest; what has no name is all of them.
                Presence::NoDigest { file: None } if whole => return None,
                Presence::NoDigest { .. } => "has no digest".to_owned(),
                Presence::Unusable {
                    claimed: ClaimedDigest::Known(digest),
                    ..
                } => format!("has the digest {digest}, which is of no file"),
                Presence::Unusable { claimed, .. } => format!("has {claimed}"),
                Presence::Equal { digests, .. } if !presence.is_proof() => {
                    let names: Vec<&str> = digests
                        .iter()
                        .map(|digest| digest.algorithm().name())
                        .collect();
                    format!("has only {}, which is too weak", names.join(" and "))
                }
                _ => return None,
            };
            Some(format!("`{}` {why}", entry.label))
        })
        .collect();
    let nothing = !document.is_about_the_artifact()
        && !document.inventory.presences.iter().any(|presence| {
            matches!(
                presence,
                Presence::Differs { .. } | Presence::Missing | Presence::Unmatched { .. }
            )
        });
    match parts.as_slice() {
        [] if nothing => Some(format!(
            "{} has no digest of anything that is here",
            document.source
        )),
        [] => None,
        parts => {
            let more = parts.len().saturating_sub(SHOWN);
            let shown: Vec<&str> = parts.iter().take(SHOWN).map(String::as_str).collect();
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            Some(format!(
                "in {}: {}{more}",
                document.source,
                shown.join(", ")
            ))
        }
    }
}
