//! What is usual in models, and so is no anomaly.

use bonafide_format::Tensor;

use super::element::Kind;

/// Matrices of fewer numbers may be zero, or one value, on purpose: gates, tables of two
/// by two.
const FEWEST: u64 = 64;

/// Bytes from which two tensors with the same ones are reported. What is shorter may be the
/// same by chance, or because it was never trained (a bias, a norm).
pub(super) const SHORTEST_DUPLICATE: u64 = 4096;

/// What to report of a tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Usual {
    /// That all numbers are zero.
    pub(super) report_zero: bool,
    /// That all numbers are the same.
    pub(super) report_constant: bool,
    /// That numbers are infinite: masks are made of them.
    pub(super) report_infinite: bool,
    /// That so many rows are zero.
    pub(super) fewest_rows: Option<u64>,
    /// That its bytes are those of another.
    pub(super) report_duplicate: bool,
}

impl Usual {
    /// By shape, type and name. Numbers that are not a number are always reported. A vector
    /// (and what has one dimension longer than one) may be all zero or all one: biases and
    /// norms start like that. So do matrices that an adapter adds (`lora_B`), and buffers such
    /// as masks and positions are what they are; whole numbers are taken for buffers unless
    /// they are called weights.
    pub(super) fn of(tensor: &Tensor, kind: Kind) -> Self {
        let name = tensor.name.to_ascii_lowercase();
        let last = name.rsplit(['.', '/', '!']).next().unwrap_or(&name);
        let numbers = tensor.shape.iter().copied();
        let numbers = numbers.fold(1_u64, u64::saturating_mul);
        let is_matrix = tensor.shape.iter().filter(|length| **length > 1).count() >= 2;
        // The causal mask of GPT-2, which is a bias by its name alone.
        let is_causal = name.ends_with("attn.bias") || name.ends_with("attention.bias");
        let is_mask = last.contains("mask") || (is_causal && tensor.shape.len() >= 3);
        let is_buffer = is_mask
            || [
                "inv_freq",
                "cos_cached",
                "sin_cached",
                "position",
                "relative",
            ]
            .iter()
            .any(|word| last.contains(word))
            || ["idx", "index", "ids", "zeros", "num_batches_tracked"]
                .iter()
                .any(|word| last.ends_with(word));
        let is_adapter = [
            "lora_b",
            "lora_up",
            "lora_embedding_b",
            "hada_w2",
            "lokr_w2",
        ]
        .iter()
        .any(|word| name.contains(word));
        let is_weights = match kind {
            Kind::Float => !is_buffer,
            Kind::Whole => !is_buffer && (last.ends_with("weight") || last == "w"),
            Kind::Scale => false,
        };
        let is_whole = kind == Kind::Whole;
        let counts = is_matrix && is_weights && numbers >= FEWEST;
        let rows = tensor.shape.first().copied().unwrap_or(0);
        // Tables are filled up to a round number of rows, and some tokens never occur.
        let is_table = ["embed", "embd", "wte", "wpe", "lm_head"]
            .iter()
            .any(|word| name.contains(word))
            || name == "output.weight";
        Self {
            report_zero: counts && !is_adapter,
            report_constant: counts && !is_whole,
            report_infinite: !is_mask,
            fewest_rows: (counts && !is_whole).then_some(if is_table {
                (rows / 100).max(256)
            } else {
                1
            }),
            report_duplicate: is_weights && !is_whole,
        }
    }
}
