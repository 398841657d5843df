//! Names that only build data, each group with the reason.

mod python;

use std::collections::HashMap;
use std::sync::LazyLock;

/// Names that are harmless for the same reason.
pub(super) struct Group {
    /// Why importing and calling them with any arguments does nothing but build data.
    pub(super) reason: &'static str,
    /// Modules (several, if they hold the same names), and names in them.
    pub(super) rows: &'static [(&'static str, &'static str)],
}

/// Every group. A new package is one module and one line.
const PACKAGES: &[&[Group]] = &[python::GROUPS];

type Names = Vec<(&'static str, &'static str)>;

/// By module: words, and their reason.
static INDEX: LazyLock<HashMap<&'static str, Names>> = LazyLock::new(|| {
    let mut index: HashMap<&str, Names> = HashMap::new();
    for group in PACKAGES.iter().copied().flatten() {
        for (modules, names) in group.rows {
            for module in modules.split_ascii_whitespace() {
                index
                    .entry(module)
                    .or_default()
                    .push((*names, group.reason));
            }
        }
    }
    index
});

/// Why a name is harmless, if exactly it is listed.
pub(super) fn reason(module: &str, name: &str) -> Option<&'static str> {
    let rows = INDEX.get(module)?;
    rows.iter()
        .find(|(names, _)| names.split_ascii_whitespace().any(|known| known == name))
        .map(|(_, reason)| *reason)
}
