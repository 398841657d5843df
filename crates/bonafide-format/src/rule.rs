//! The vocabulary of findings, which the whole project shares.

pub use bonafide_core::{Confidence, Hazard, Rule, Weight};
