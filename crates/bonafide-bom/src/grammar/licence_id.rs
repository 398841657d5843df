//! The identifiers that `license.id` may be.
//!
//! The specification has its own list, which is neither the newest nor the `spdx`
//! crate's: it mixes licences and exceptions, and no other spelling of a letter passes.

use std::sync::LazyLock;

/// One a line, sorted by their bytes.
const LIST: &str = include_str!("licence_ids.txt");

/// Every identifier, sorted by their bytes.
#[must_use]
pub fn licence_ids() -> &'static [&'static str] {
    static IDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| LIST.lines().collect());
    &IDS
}

pub(super) fn is_licence_id(text: &str) -> bool {
    licence_ids().binary_search(&text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_each_is_found() {
        assert!(licence_ids().is_sorted());
        assert!(licence_ids().iter().all(|id| is_licence_id(id)));
        for text in [
            "",
            "apache-2.0",
            "Apache-2.0 ",
            "LicenseRef-x",
            "GPL-2.0-only OR MIT",
        ] {
            assert!(!is_licence_id(text), "{text}");
        }
    }
}
