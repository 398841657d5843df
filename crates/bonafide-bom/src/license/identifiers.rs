//! Licence ids of the Hugging Face Hub that are not SPDX ids in other case, and what
//! they stand for (the Hub's documentation, "Licenses").

/// Hub id → SPDX id, where the Hub's list gives both the same text. Ids that differ
/// from the SPDX id in case only are found without this table.
///
/// `gpl-2.0` and its like say neither "only" nor "or later". They are taken as SPDX takes
/// the same, deprecated, id: as "only", which permits less.
pub(super) const HUB_TO_SPDX: [(&str, &str); 12] = [
    ("agpl-3.0", "AGPL-3.0-only"),
    ("c-uda", "C-UDA-1.0"),
    ("gpl-2.0", "GPL-2.0-only"),
    ("gpl-3.0", "GPL-3.0-only"),
    ("lgpl-2.1", "LGPL-2.1-only"),
    ("lgpl-3.0", "LGPL-3.0-only"),
    ("lgpl-lr", "LGPLLR"),
    ("odbl", "ODbL-1.0"),
    ("odc-by", "ODC-By-1.0"),
    ("pddl", "PDDL-1.0"),
    // Names that cards use beside the Hub's list.
    ("cc0", "CC0-1.0"),
    ("apache2", "Apache-2.0"),
];

/// Words that state no licence.
pub(super) const SAYS_NOTHING: [&str; 6] = [
    "other",
    "unknown",
    "noassertion",
    "none",
    "n/a",
    "unlicensed",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_on_the_list_of_spdx() {
        for (hub, spdx) in HUB_TO_SPDX {
            let id = spdx::license_id(spdx).unwrap_or_else(|| panic!("{hub}: {spdx}"));
            assert!(!id.is_deprecated(), "{spdx}");
        }
    }
}
