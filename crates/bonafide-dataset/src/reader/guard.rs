//! Decoders of others, kept from taking the process down.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Calls a decoder of another crate; its panic becomes text.
///
/// What can be checked is checked before, but a decoder that was written for files of
/// friends may still index beyond a slice when a hostile one comes. Whatever it was working
/// on is dropped afterwards by all callers, so that no half-made state is seen.
pub(super) fn guarded<T>(decode: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(decode)).map_err(|panic| {
        let said = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied());
        let said: String = said
            .unwrap_or("no reason given")
            .chars()
            .take(200)
            .collect();
        format!("its decoder gave up: {said}")
    })
}
