//! Chat templates.

use std::ops::Range;

use crate::visit::Visit;

/// Examines a chat template, wherever it was found; `variant` is its name where a file has
/// several (`default`, `tool_use`).
pub(crate) fn examine(
    _visit: &mut Visit<'_>,
    _template: &str,
    _range: Option<Range<u64>>,
    _variant: &str,
) {
}
