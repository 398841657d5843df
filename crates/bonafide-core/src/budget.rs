//! Caps on what an untrusted input may cost us.

/// Every reader asks here before it allocates, descends or reads on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Most bytes of artifact files that one run reads.
    pub bytes: u64,
    /// Most entries (files, directories, links, others) of one tree.
    pub entries: u64,
    /// Deepest nesting of directories below the root.
    pub depth: usize,
    /// Largest document (signature bundle, policy, key) that is read into memory, in bytes.
    pub document_bytes: u64,
    /// Most signature files that are looked at for one artifact.
    pub signatures: usize,
}

impl Budget {
    /// What the command uses: no cap on the size of the artifact (reading is
    /// streamed), a million entries, 256 levels, documents of 64 MiB (an OMS
    /// bundle takes about 220 bytes a file, so roughly 300,000 files).
    pub const DEFAULT: Self = Self {
        bytes: u64::MAX,
        entries: 1_000_000,
        depth: 256,
        document_bytes: 64 << 20,
        signatures: 16,
    };
}

impl Default for Budget {
    fn default() -> Self {
        Self::DEFAULT
    }
}
