//! Tables that may be larger than memory.
//!
//! Rows are spread over partitions by the first bits of their hash, and each partition
//! is worked on alone. While a [`Ledger`] has memory left, the rows stay there; what
//! comes after goes to files without a name. Nobody who reads a partition can tell where
//! its rows were, so the answers are the same.

mod file;
mod ledger;
mod table;
mod workers;

#[cfg(test)]
mod tests;

pub(crate) use file::SpillFile;
pub(crate) use ledger::Ledger;
pub(crate) use table::{PARTITIONS, Table, Writer};
pub(crate) use workers::{each, held};
