//! What each licence imposes: the table, with the words it rests on.
//!
//! Only licences listed here are sorted. The flags of the SPDX list do not suffice: they
//! mark no licence as non-commercial, and the copyleft flag of the crate leaves out EPL
//! and ODbL and takes in CeCILL-B, which asks for attribution only. A licence that is not
//! listed is unknown, never permissive.

use super::terms::{Term, Terms};

const NOTHING: Terms = Terms::NONE;
const NOTICE: Terms = Terms::of(&[Term::Attribution]);
const COPYLEFT: Terms = Terms::of(&[Term::Attribution, Term::ShareAlike]);
const RESTRICTED: Terms = Terms::of(&[Term::Attribution, Term::UseRestricted]);
const RESEARCH: Terms = Terms::of(&[Term::Attribution, Term::NonCommercial]);
const RESEARCH_RESTRICTED: Terms =
    Terms::of(&[Term::Attribution, Term::NonCommercial, Term::UseRestricted]);

/// A licence or a family of licences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// What it imposes.
    pub(super) terms: Terms,
    /// The words that say so.
    pub(super) clause: &'static str,
}

/// SPDX ids by exact name.
const BY_ID: [(&str, Terms, &str); 87] = [
    ("0BSD", NOTHING, "no condition in the grant"),
    ("CC-PDDC", NOTHING, "public domain dedication"),
    ("CC0-1.0", NOTHING, "§2 waiver"),
    ("MIT-0", NOTHING, "MIT without the notice condition"),
    ("PDDL-1.0", NOTHING, "public domain dedication"),
    ("Unlicense", NOTHING, "public domain dedication"),
    ("WTFPL", NOTHING, "§0"),
    ("AFL-3.0", NOTICE, "§6 attribution rights"),
    ("Apache-1.1", NOTICE, "conditions 1–3"),
    ("Apache-2.0", NOTICE, "§4 redistribution"),
    ("Artistic-2.0", NOTICE, "§4 modified versions"),
    ("BSD-1-Clause", NOTICE, "condition 1"),
    ("BSD-2-Clause", NOTICE, "conditions 1–2"),
    ("BSD-2-Clause-Patent", NOTICE, "conditions 1–2"),
    ("BSD-3-Clause", NOTICE, "conditions 1–3"),
    ("BSD-3-Clause-Clear", NOTICE, "conditions 1–3"),
    ("BSD-4-Clause", NOTICE, "conditions 1–4"),
    ("BSL-1.0", NOTICE, "notice in source copies"),
    ("BlueOak-1.0.0", NOTICE, "Notices"),
    ("CDLA-Permissive-1.0", NOTICE, "§3 conditions"),
    ("CDLA-Permissive-2.0", NOTICE, "§2.1 text of the agreement"),
    ("CECILL-B", NOTICE, "§5.3.4 credits"),
    ("ECL-2.0", NOTICE, "§4 redistribution"),
    ("HPND", NOTICE, "notice"),
    ("ISC", NOTICE, "notice in all copies"),
    ("LPPL-1.3c", NOTICE, "§6 changed versions are identified"),
    ("Libpng", NOTICE, "conditions 1–3"),
    ("MIT", NOTICE, "notice in all copies"),
    ("MulanPSL-2.0", NOTICE, "§4 distribution"),
    ("NCSA", NOTICE, "conditions"),
    ("ODC-By-1.0", NOTICE, "§4.2 notices"),
    ("OGL-UK-3.0", NOTICE, "attribution statement"),
    ("OpenMDW-1.0", NOTICE, "copy of the agreement and notices"),
    ("PSF-2.0", NOTICE, "§2 notice retained"),
    ("PostgreSQL", NOTICE, "notice in all copies"),
    ("Python-2.0", NOTICE, "§2 notice retained"),
    ("Unicode-3.0", NOTICE, "notice"),
    ("Unicode-DFS-2016", NOTICE, "notice"),
    ("X11", NOTICE, "notice in all copies"),
    ("Zlib", NOTICE, "conditions 1–3"),
    ("bzip2-1.0.6", NOTICE, "conditions 1–4"),
    ("curl", NOTICE, "notice in all copies"),
    ("etalab-2.0", NOTICE, "mention of the source"),
    ("AGPL-1.0-only", COPYLEFT, "§2"),
    ("AGPL-1.0-or-later", COPYLEFT, "§2"),
    ("AGPL-3.0-only", COPYLEFT, "§5(c), §13"),
    ("AGPL-3.0-or-later", COPYLEFT, "§5(c), §13"),
    ("CDDL-1.0", COPYLEFT, "§3.1, §3.2"),
    ("CDDL-1.1", COPYLEFT, "§3.1, §3.2"),
    (
        "CDLA-Sharing-1.0",
        COPYLEFT,
        "§3.1 enhanced data under the same agreement",
    ),
    ("CECILL-2.0", COPYLEFT, "§5.3.2"),
    ("CECILL-2.1", COPYLEFT, "§5.3.2"),
    (
        "CECILL-C",
        COPYLEFT,
        "modified software under the agreement",
    ),
    ("CPL-1.0", COPYLEFT, "§3"),
    ("EPL-1.0", COPYLEFT, "§3"),
    ("EPL-2.0", COPYLEFT, "§3.1"),
    ("EUPL-1.1", COPYLEFT, "§5 copyleft clause"),
    ("EUPL-1.2", COPYLEFT, "§5 copyleft clause"),
    ("GFDL-1.3-only", COPYLEFT, "§4 modifications"),
    ("GFDL-1.3-or-later", COPYLEFT, "§4 modifications"),
    ("GPL-2.0-only", COPYLEFT, "§2(b)"),
    ("GPL-2.0-or-later", COPYLEFT, "§2(b)"),
    ("GPL-3.0-only", COPYLEFT, "§5(c)"),
    ("GPL-3.0-or-later", COPYLEFT, "§5(c)"),
    ("LGPL-2.0-only", COPYLEFT, "§2(c)"),
    ("LGPL-2.0-or-later", COPYLEFT, "§2(c)"),
    ("LGPL-2.1-only", COPYLEFT, "§2(c)"),
    ("LGPL-2.1-or-later", COPYLEFT, "§2(c)"),
    ("LGPL-3.0-only", COPYLEFT, "§2"),
    ("LGPL-3.0-or-later", COPYLEFT, "§2"),
    ("LGPLLR", COPYLEFT, "modified resources under this licence"),
    ("MPL-1.1", COPYLEFT, "§3.1"),
    ("MPL-2.0", COPYLEFT, "§3.1"),
    ("MS-PL", COPYLEFT, "§3(D) source only under this licence"),
    ("MS-RL", COPYLEFT, "§3(A) reciprocal grants"),
    ("ODbL-1.0", COPYLEFT, "§4.4 share alike"),
    ("OFL-1.1", COPYLEFT, "condition 5"),
    ("OSL-3.0", COPYLEFT, "§1(c)"),
    ("SSPL-1.0", COPYLEFT, "§5(c), §13"),
    (
        "BUSL-1.1",
        RESTRICTED,
        "production use only within the additional use grant",
    ),
    ("C-UDA-1.0", RESTRICTED, "§2 computational use only"),
    ("Elastic-2.0", RESTRICTED, "Limitations"),
    ("JSON", RESTRICTED, "\"Good, not Evil\""),
    ("Hippocratic-2.1", RESTRICTED, "human rights conditions"),
    (
        "PolyForm-Noncommercial-1.0.0",
        RESEARCH,
        "Noncommercial Purposes",
    ),
    (
        "PolyForm-Small-Business-1.0.0",
        RESTRICTED,
        "Small Business",
    ),
    ("Aladdin", RESEARCH, "no commercial distribution"),
];

/// Licences without an SPDX id, by the name that cards give them, lower case; the Hub's
/// list first, then names that `license_name` often has beside `license: other`.
const BY_NAME: [(&str, Terms, &str); 50] = [
    ("apple-amlr", RESEARCH, "research purposes only"),
    ("apple-ascl", NOTICE, "notice retained in redistributions"),
    (
        "bigcode-openrail-m",
        RESTRICTED,
        "attachment A: use restrictions are passed on",
    ),
    (
        "bigscience-bloom-rail-1.0",
        RESTRICTED,
        "§4, §5 and attachment A: use restrictions are passed on",
    ),
    (
        "bigscience-openrail-m",
        RESTRICTED,
        "§4, §5 and attachment A: use restrictions are passed on",
    ),
    (
        "bsd",
        NOTICE,
        "conditions of the BSD family, version not stated",
    ),
    (
        "creativeml-openrail-m",
        RESTRICTED,
        "§4, §5 and attachment A: use restrictions are passed on",
    ),
    (
        "deepfloyd-if-license",
        RESEARCH_RESTRICTED,
        "research purposes; use restrictions",
    ),
    (
        "fair-noncommercial-research-license",
        RESEARCH_RESTRICTED,
        "noncommercial research uses; acceptable use policy",
    ),
    (
        "gemma",
        RESTRICTED,
        "§3.1, §3.2: prohibited use policy is passed on",
    ),
    ("gfdl", COPYLEFT, "§4 modifications, version not stated"),
    (
        "gpl",
        COPYLEFT,
        "copyleft of the GPL family, version not stated",
    ),
    (
        "grok2-community",
        RESTRICTED,
        "acceptable use; no training of other models",
    ),
    ("h-research", RESEARCH, "research only"),
    ("intel-research", RESEARCH, "research use only"),
    (
        "lgpl",
        COPYLEFT,
        "copyleft of the LGPL family, version not stated",
    ),
    (
        "llama2",
        RESTRICTED,
        "§1.b, §2: acceptable use policy, 700 million users",
    ),
    (
        "llama3",
        RESTRICTED,
        "§1.b, §2: acceptable use policy, 700 million users, name",
    ),
    (
        "llama3.1",
        RESTRICTED,
        "§1.b, §2: acceptable use policy, 700 million users, name",
    ),
    (
        "llama3.2",
        RESTRICTED,
        "§1.b, §2: acceptable use policy, 700 million users, name",
    ),
    (
        "llama3.3",
        RESTRICTED,
        "§1.b, §2: acceptable use policy, 700 million users, name",
    ),
    (
        "llama4",
        RESTRICTED,
        "§1.b, §2: acceptable use policy, 700 million users, name",
    ),
    (
        "openrail",
        RESTRICTED,
        "attachment A: use restrictions are passed on",
    ),
    (
        "openrail++",
        RESTRICTED,
        "§4, §5 and attachment A: use restrictions are passed on",
    ),
    ("cc-by-nc", RESEARCH, "CC BY-NC, version not stated"),
    (
        "deepseek",
        RESTRICTED,
        "§4, §5 and attachment A: use restrictions are passed on",
    ),
    (
        "deepseek-license",
        RESTRICTED,
        "§4, §5 and attachment A: use restrictions are passed on",
    ),
    ("exaone", RESEARCH_RESTRICTED, "research only; restrictions"),
    ("falcon-llm-license", RESTRICTED, "acceptable use policy"),
    (
        "flux-1-dev-non-commercial-license",
        RESEARCH_RESTRICTED,
        "non-commercial purpose; restrictions",
    ),
    (
        "gemma-license",
        RESTRICTED,
        "§3.1, §3.2: prohibited use policy is passed on",
    ),
    (
        "gemma-terms-of-use",
        RESTRICTED,
        "§3.1, §3.2: prohibited use policy is passed on",
    ),
    (
        "health-ai-developer-foundations",
        RESTRICTED,
        "prohibited use policy is passed on",
    ),
    (
        "llama",
        RESTRICTED,
        "community licence: acceptable use policy, version not stated",
    ),
    (
        "llama2-community",
        RESTRICTED,
        "§1.b, §2: acceptable use policy, 700 million users",
    ),
    (
        "llama3-community",
        RESTRICTED,
        "§1.b, §2: acceptable use policy, 700 million users, name",
    ),
    ("mnpl", RESEARCH_RESTRICTED, "non-production licence"),
    ("mnpl-0.1", RESEARCH_RESTRICTED, "non-production licence"),
    ("mrl", RESEARCH, "research purposes"),
    (
        "nvidia-open-model-license",
        RESTRICTED,
        "guardrails kept, notice",
    ),
    (
        "open-rail",
        RESTRICTED,
        "attachment A: use restrictions are passed on",
    ),
    (
        "openrail-m",
        RESTRICTED,
        "attachment A: use restrictions are passed on",
    ),
    (
        "openrail++-m",
        RESTRICTED,
        "§4, §5 and attachment A: use restrictions are passed on",
    ),
    ("qwen", RESTRICTED, "100 million users; restrictions"),
    ("qwen-research", RESEARCH, "non-commercial purposes"),
    ("sam-license", RESTRICTED, "prohibited uses"),
    (
        "stabilityai-ai-community",
        RESTRICTED,
        "revenue limit; acceptable use policy",
    ),
    (
        "stable-audio-community",
        RESTRICTED,
        "revenue limit; acceptable use policy",
    ),
    (
        "tongyi-qianwen",
        RESTRICTED,
        "100 million users; restrictions",
    ),
    (
        "tongyi-qianwen-research",
        RESEARCH,
        "non-commercial purposes",
    ),
];

/// What an SPDX id imposes; none if the table does not know.
pub(super) fn spdx(id: &str) -> Option<Entry> {
    let listed = BY_ID.iter().find(|(name, ..)| *name == id);
    if let Some((_, terms, clause)) = listed {
        return Some(Entry {
            terms: *terms,
            clause,
        });
    }
    creative_commons(id)
}

/// What a licence that is known by name only imposes.
pub(super) fn named(name: &str) -> Option<Entry> {
    let listed = BY_NAME.iter().find(|(known, ..)| *known == name);
    listed.map(|(_, terms, clause)| Entry {
        terms: *terms,
        clause,
    })
}

/// Creative Commons ids spell their terms (SPDX: `CC-BY[-NC][-SA|-ND]-<version>[-<country>]`).
fn creative_commons(id: &str) -> Option<Entry> {
    let rest = id.strip_prefix("CC-BY-")?;
    let mut terms = NOTICE;
    for piece in rest.split('-') {
        terms = terms.with(match piece {
            "NC" => Terms::of(&[Term::NonCommercial]),
            "SA" => Terms::of(&[Term::ShareAlike]),
            "ND" => Terms::of(&[Term::NoDerivatives]),
            _ => break,
        });
    }
    let clause = match (
        terms.has(Term::NonCommercial),
        terms.has(Term::ShareAlike),
        terms.has(Term::NoDerivatives),
    ) {
        (false, false, false) => "BY: attribution",
        (true, false, false) => "BY-NC: attribution, NonCommercial",
        (false, true, _) => "BY-SA: attribution, ShareAlike",
        (true, true, _) => "BY-NC-SA: attribution, NonCommercial, ShareAlike",
        (false, false, true) => "BY-ND: attribution, NoDerivatives",
        (true, false, true) => "BY-NC-ND: attribution, NonCommercial, NoDerivatives",
    };
    Some(Entry { terms, clause })
}

/// Share-alike licences that let derived works go under another one: parent, child and
/// the words that say so. A pair that is not here is flagged.
pub(super) const RELICENSED: [(&str, &str, &str); 20] = [
    (
        "CC-BY-SA-3.0",
        "CC-BY-SA-4.0",
        "CC BY-SA 3.0 §4(b): a later version with the same elements",
    ),
    (
        "CC-BY-SA-2.0",
        "CC-BY-SA-3.0",
        "CC BY-SA 2.0 §4(b): a later version with the same elements",
    ),
    (
        "CC-BY-SA-2.0",
        "CC-BY-SA-4.0",
        "CC BY-SA 2.0 §4(b): a later version with the same elements",
    ),
    (
        "CC-BY-SA-2.5",
        "CC-BY-SA-3.0",
        "CC BY-SA 2.5 §4(b): a later version with the same elements",
    ),
    (
        "CC-BY-SA-2.5",
        "CC-BY-SA-4.0",
        "CC BY-SA 2.5 §4(b): a later version with the same elements",
    ),
    (
        "CC-BY-NC-SA-3.0",
        "CC-BY-NC-SA-4.0",
        "CC BY-NC-SA 3.0 §4(b): a later version with the same elements",
    ),
    (
        "CC-BY-SA-4.0",
        "GPL-3.0-only",
        "Creative Commons, compatible licences, 2015-10-08",
    ),
    (
        "CC-BY-SA-4.0",
        "GPL-3.0-or-later",
        "Creative Commons, compatible licences, 2015-10-08",
    ),
    ("GPL-2.0-or-later", "GPL-2.0-only", "GPL-2.0 §9"),
    ("GPL-2.0-or-later", "GPL-3.0-only", "GPL-2.0 §9"),
    ("GPL-2.0-or-later", "GPL-3.0-or-later", "GPL-2.0 §9"),
    ("GPL-3.0-or-later", "GPL-3.0-only", "GPL-3.0 §14"),
    ("AGPL-3.0-or-later", "AGPL-3.0-only", "AGPL-3.0 §14"),
    ("LGPL-2.1-or-later", "LGPL-2.1-only", "LGPL-2.1 §13"),
    ("LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-2.1 §13"),
    ("LGPL-2.1-or-later", "LGPL-3.0-or-later", "LGPL-2.1 §13"),
    ("LGPL-2.1-or-later", "GPL-2.0-or-later", "LGPL-2.1 §3"),
    ("LGPL-2.1-only", "GPL-2.0-or-later", "LGPL-2.1 §3"),
    ("LGPL-3.0-or-later", "LGPL-3.0-only", "GPL-3.0 §14"),
    ("LGPL-3.0-or-later", "GPL-3.0-or-later", "LGPL-3.0 §2(b)"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_on_the_list_of_spdx() {
        for (id, ..) in BY_ID {
            assert!(spdx::license_id(id).is_some(), "{id}");
            assert_eq!(BY_ID.iter().filter(|(other, ..)| *other == id).count(), 1);
        }
        for (parent, child, clause) in RELICENSED {
            assert!(
                spdx(parent).unwrap().terms.has(Term::ShareAlike),
                "{parent}"
            );
            assert!(spdx::license_id(child).is_some() && !clause.is_empty());
        }
        for (name, ..) in BY_NAME {
            assert_eq!(
                BY_NAME.iter().filter(|(other, ..)| *other == name).count(),
                1
            );
            assert_eq!(name, name.to_lowercase());
            assert!(spdx::license_id(name).is_none(), "{name}");
        }
    }

    #[test]
    fn reads_terms_off_creative_commons_ids() {
        for (id, expected) in [
            ("CC-BY-4.0", "permissive, attribution"),
            ("CC-BY-SA-3.0-DE", "attribution, share-alike"),
            ("CC-BY-NC-4.0", "attribution, non-commercial"),
            (
                "CC-BY-NC-SA-2.0-FR",
                "attribution, share-alike, non-commercial",
            ),
            (
                "CC-BY-NC-ND-4.0",
                "attribution, non-commercial, no derivatives",
            ),
        ] {
            assert_eq!(spdx(id).unwrap().terms.to_string(), expected, "{id}");
        }
        assert_eq!(spdx("QPL-1.0"), None);
    }
}
