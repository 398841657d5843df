//! Constants that hold something else: a pickle in a byte string, a program in base64.

use std::ops::Range;

use crate::visit::Visit;

/// Looks into a constant (bytes or text) found at `range`: as it is, and decoded.
pub(crate) fn examine(visit: &mut Visit<'_>, constant: &[u8], range: Range<u64>) {
    visit.payload(&format!("constant at {}", range.start), constant);
}
