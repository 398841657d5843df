//! The page about profiles.

use std::fmt::Write as _;

use bonafide_core::assessment::{Demand, Evidence};

use super::{Element, PROFILES, Profile};
use crate::grammar::SpecVersion;

/// `docs/profiles.md`, made from the tables.
#[must_use]
pub fn page() -> String {
    let mut page = String::from(
        "# Profiles\n\n\
         A profile is a list of what a document about a model should say. Each element is judged by the \
         evidence that stands behind it, not by its presence:\n\n\
         | evidence | what it means | points |\n|---|---|---|\n",
    );
    for evidence in Evidence::ALL.into_iter().rev() {
        let _ = writeln!(
            page,
            "| {evidence} | {} | {} |",
            meaning(evidence),
            evidence.points()
        );
    }
    page.push_str(
        "\nThe score is the points held, out of those that the best attainable evidence would give, rounded \
         down (`docs/decisions/0013-score-of-evidence.md`). An element that is about several components is as good as the worst \
         of them. Without the artifact and its signatures nothing is verified. A signature proves who says \
         something, not that it is so: it verifies the author and itself, nothing else.\n",
    );
    for profile in PROFILES {
        profile_section(&mut page, profile);
    }
    page
}

const fn meaning(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Verified => "bytes or a trusted signature prove it",
        Evidence::Consistent => {
            "something else says the same: another place in the document, the artifact's own files, \
             references that lead where they should"
        }
        Evidence::Declared => "the document says it, and nothing else does",
        Evidence::Missing => "the document does not say it",
        Evidence::Contradicted => {
            "bytes differ, the artifact's own files say otherwise, or a rule about that place is broken"
        }
    }
}

fn profile_section(page: &mut String, profile: &Profile) {
    let _ = write!(
        page,
        "\n## {}\n\n{}. {} elements; list: {}.\n\n{}\n\n\
         | element | what it is | what is looked at | best evidence | from CycloneDX |\n|---|---|---|---|---|\n",
        profile.id,
        profile.title,
        profile.elements().count(),
        profile.source,
        profile.caveat,
    );
    for cluster in profile.clusters {
        let _ = writeln!(page, "| **{}** | | | | |", cluster.title);
        for element in cluster.elements {
            element_row(page, element);
        }
    }
}

fn element_row(page: &mut String, element: &Element) {
    let since = if element.since == SpecVersion::V1_3 {
        "any"
    } else {
        element.since.as_str()
    };
    let demand = match element.demand {
        Demand::Always => "",
        Demand::WhereItApplies => ", where it applies",
    };
    let _ = writeln!(
        page,
        "| {} | {} | {} | {}{demand} | {since} |",
        element.id, element.title, element.looked_at, element.attainable
    );
}
