//! Programs of operating systems, by their signatures and headers.

/// What kind of program starts here, if its header makes sense.
pub(crate) fn identify(_head: &[u8]) -> Option<&'static str> {
    None
}
