//! How numbers are stored: the names that formats have for it, and how to read them.

use crate::block::Block;
use crate::float::Float;

/// How the numbers of a tensor are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Floating point.
    Float(Float),
    /// Two's complement of so many bytes.
    Signed(u8),
    /// Unsigned of so many bytes.
    Unsigned(u8),
    /// A byte: zero or not.
    Bool,
    /// Blocks of ggml, which share scales.
    Block(Block),
}

impl Scheme {
    /// What a format means by a name: that of safetensors, GGUF, NumPy (`<f4`, `float32`) or
    /// `PyTorch` (`torch.float32`, `FloatStorage`). None if it is not known.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let bare = name.strip_prefix("torch.").unwrap_or(name);
        let bare = bare.trim_start_matches(['<', '>', '=', '|']);
        if let Some(block) = Block::named(bare) {
            return Some(Self::Block(block));
        }
        let lower = bare.to_ascii_lowercase();
        let lower = lower.strip_suffix("storage").unwrap_or(&lower);
        Some(match lower {
            "f64" | "f8" | "float64" | "double" => Self::Float(Float::F64),
            "f32" | "f4" | "float32" | "float" => Self::Float(Float::F32),
            "f16" | "f2" | "float16" | "half" => Self::Float(Float::F16),
            "bf16" | "bfloat16" => Self::Float(Float::BF16),
            "f8_e4m3" | "f8_e4m3fn" | "float8_e4m3fn" => Self::Float(Float::E4M3Fn),
            "f8_e4m3fnuz" | "float8_e4m3fnuz" => Self::Float(Float::E4M3Fnuz),
            "f8_e5m2" | "float8_e5m2" => Self::Float(Float::E5M2),
            "f8_e5m2fnuz" | "float8_e5m2fnuz" => Self::Float(Float::E5M2Fnuz),
            "i8" | "i1" | "int8" | "char" => return signed(name, lower),
            "i16" | "i2" | "int16" | "short" => Self::Signed(2),
            "i32" | "i4" | "int32" | "int" => Self::Signed(4),
            "i64" | "int64" | "long" => Self::Signed(8),
            "u8" | "u1" | "uint8" | "byte" => return unsigned(name, lower),
            "u16" | "u2" | "uint16" => Self::Unsigned(2),
            "u32" | "u4" | "uint32" => Self::Unsigned(4),
            "u64" | "uint64" => Self::Unsigned(8),
            "bool" | "b1" | "?" => Self::Bool,
            _ => return None,
        })
    }

    /// How many numbers make a block, and how many bytes that has.
    #[must_use]
    pub fn block(self) -> (u64, u64) {
        match self {
            Self::Float(float) => (1, float.bytes()),
            Self::Signed(bytes) | Self::Unsigned(bytes) => (1, u64::from(bytes)),
            Self::Bool => (1, 1),
            Self::Block(block) => block.size(),
        }
    }

    /// Reads whole blocks, and adds their numbers.
    pub fn decode(self, bytes: &[u8], big_endian: bool, numbers: &mut Vec<f64>) {
        match self {
            Self::Block(block) => block.decode(bytes, numbers, None),
            Self::Float(Float::F32) if !big_endian => {
                let (chunks, _) = bytes.as_chunks::<4>();
                numbers.extend(
                    chunks
                        .iter()
                        .map(|bytes| f64::from(f32::from_le_bytes(*bytes))),
                );
            }
            _ => {
                let size = usize::try_from(self.block().1).unwrap_or(1).max(1);
                let each = bytes.chunks_exact(size);
                numbers.extend(each.map(|bytes| self.number(bits(bytes, big_endian))));
            }
        }
    }

    /// What rounding into this scheme can change each number by, for numbers that were read
    /// from `bytes`. Empty for block schemes of another order of bytes.
    pub fn bounds(self, bytes: &[u8], numbers: &[f64], bounds: &mut Vec<f64>) {
        match self {
            Self::Block(block) => block.decode(bytes, &mut Vec::new(), Some(bounds)),
            Self::Float(float) => bounds.extend(numbers.iter().map(|x| float.half_step(*x))),
            Self::Signed(_) | Self::Unsigned(_) | Self::Bool => {
                bounds.extend(std::iter::repeat_n(0.5, numbers.len()));
            }
        }
    }

    /// The largest number that can be stored, where larger ones become it or infinity.
    pub(crate) fn largest(self) -> Option<f64> {
        match self {
            Self::Float(float) => Some(float.largest()),
            _ => None,
        }
    }

    /// The number of these bits, which are right-aligned.
    fn number(self, bits: u64) -> f64 {
        match self {
            Self::Float(float) => float.value(bits),
            Self::Signed(bytes) => {
                let shift = 64_u32.saturating_sub(8 * u32::from(bytes)).min(63);
                ((bits << shift).cast_signed() >> shift) as f64
            }
            Self::Unsigned(_) => bits as f64,
            Self::Bool => f64::from(u8::from(bits != 0)),
            Self::Block(_) => f64::NAN,
        }
    }
}

/// `i8` is one byte in safetensors and GGUF and eight in NumPy, which writes the order of
/// bytes in front.
fn signed(name: &str, lower: &str) -> Option<Scheme> {
    let numpy = name.starts_with(['<', '>', '=']) && lower == "i8";
    Some(Scheme::Signed(if numpy { 8 } else { 1 }))
}

/// The same for `u8`.
fn unsigned(name: &str, lower: &str) -> Option<Scheme> {
    let numpy = name.starts_with(['<', '>', '=']) && lower == "u8";
    Some(Scheme::Unsigned(if numpy { 8 } else { 1 }))
}

/// Up to eight bytes as one number.
fn bits(bytes: &[u8], big_endian: bool) -> u64 {
    let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
    if big_endian {
        bytes.iter().fold(0, add)
    } else {
        bytes.iter().rev().fold(0, add)
    }
}
