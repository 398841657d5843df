//! The pages that people read: what they say of four kinds of report, and that nothing of an
//! artifact becomes markup in them.
//!
//! `BLESS=1 cargo test -p bonafide-report --test pages` writes the snapshots anew.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test that cannot go on should stop, loudly"
)]

mod html;
mod markdown;
mod sample;
mod snapshots;
mod text;
