//! The two orders in which real manifests list their resources.

use std::cmp::Ordering;

/// OMS v1.0 §6.5: by code point of the name, which for UTF-8 is by byte.
pub(super) fn by_code_point(left: &str, right: &str) -> Ordering {
    left.cmp(right)
}

/// The reference tool: component by component, so that `a/x` comes before `a-b`.
pub(super) fn by_component(left: &str, right: &str) -> Ordering {
    left.split('/').cmp(right.split('/'))
}
