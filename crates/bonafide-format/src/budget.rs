//! What the inspection of one file may cost.

/// Caps on one file, whatever it says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct InspectionBudget {
    /// Deepest nesting of bodies (archive in archive, payload in constant).
    pub depth: usize,
    /// Most bodies.
    pub bodies: usize,
    /// Most bytes that are unpacked for one body, and held in memory.
    pub unpacked_body: u64,
    /// Most bytes that are unpacked in all.
    pub unpacked: u64,
    /// Most bytes of a header or document that is read as a whole, such as the JSON of a
    /// safetensors file or a configuration.
    pub document: u64,
    /// Steps: each reader counts what it repeats, so that no input costs more than linear time.
    pub steps: u64,
    /// Most findings of one rule that are listed; the rest are counted.
    pub findings_of_a_rule: usize,
    /// Most tensors whose names and shapes are kept.
    pub tensors: usize,
}

impl InspectionBudget {
    /// What the command uses.
    pub const DEFAULT: Self = Self {
        depth: 8,
        bodies: 100_000,
        unpacked_body: 256 << 20,
        unpacked: 1 << 30,
        document: 100 << 20,
        steps: 2_000_000_000,
        findings_of_a_rule: 32,
        tensors: 200_000,
    };
}

impl Default for InspectionBudget {
    fn default() -> Self {
        Self::DEFAULT
    }
}
