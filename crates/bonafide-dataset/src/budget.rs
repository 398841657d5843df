//! What looking at a dataset may cost.

use std::path::PathBuf;

/// Caps on memory, and on what a hostile dataset can make us do. Every reader and every
/// table asks here before it allocates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetBudget {
    /// Most bytes that all tables and buffers of one analysis hold in memory together.
    /// What does not fit is partitioned by the prefix of its hash and spilled to disk.
    pub memory: u64,
    /// Where is spilled to, in files without a name; the system's folder if not given.
    pub spill: Option<PathBuf>,
    /// Most bytes of one record, all its values together, and of one line of text.
    pub record_bytes: u64,
    /// Most records of one batch.
    pub batch_records: usize,
    /// Most bytes that a compressed file may become for each byte that it has. What a
    /// small file may become in any case is [`DatasetBudget::expanded_bytes`].
    pub expansion: u64,
    /// What any compressed file may become, whatever its ratio, in bytes.
    pub expanded_bytes: u64,
    /// Most records of the whole dataset.
    pub records: u64,
    /// Most columns of a schema, nested ones counted.
    pub columns: usize,
    /// Most bytes of the metadata of one file (footer, header, schema).
    pub metadata_bytes: u64,
}

impl DatasetBudget {
    /// What the command uses: 1 GiB of memory, records of 64 MiB, 65,536 columns, files
    /// that become 1,000 times as long, any number of records.
    pub const DEFAULT: Self = Self {
        memory: 1 << 30,
        spill: None,
        record_bytes: 64 << 20,
        batch_records: 8_192,
        expansion: 1_000,
        expanded_bytes: 256 << 20,
        records: u64::MAX,
        columns: 65_536,
        metadata_bytes: 256 << 20,
    };
}

impl Default for DatasetBudget {
    fn default() -> Self {
        Self::DEFAULT
    }
}
