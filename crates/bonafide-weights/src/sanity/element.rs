//! How numbers are laid out, as far as it takes to tell what is not finite and what is zero.

use bonafide_format::Tensor;

/// What a tensor is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    /// Numbers, each in bytes of its own.
    Number(Number),
    /// Blocks of ggml: numbers of few bits, and what they are multiplied with.
    Block(Block),
}

/// A number in bytes of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) width: Width,
    /// The bits without the sign, where the sign is a bit of its own: all zero for zero.
    pub(super) magnitude: u64,
    pub(super) special: Special,
    /// Whether zero can be written.
    pub(super) has_zero: bool,
    pub(super) big_endian: bool,
    pub(super) kind: Kind,
}

/// Bytes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    One,
    Two,
    Four,
    Eight,
}

/// What numbers of a type are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Weights, as a rule.
    Float,
    /// Floating point of a byte without sign or fraction: a scale.
    Scale,
    /// Positions, masks, counters, or packed numbers.
    Whole,
}

/// Which of the bits without the sign are no finite number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Special {
    /// All are.
    None,
    /// IEEE 754: these are infinite, and what is above is not a number.
    Above(u64),
    /// These and none else are not a number, and nothing is infinite.
    Only(u64),
}

/// Blocks of ggml (`ggml-common.h`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    /// Bytes.
    pub(super) bytes: usize,
    /// Numbers.
    pub(super) numbers: u64,
    /// Where its scale is.
    pub(super) scale: usize,
    /// Where the other scale is, or the smallest number.
    pub(super) second: Option<usize>,
    /// What they are: two bytes (F16), four (F32), or one (E8M0).
    pub(super) number: Number,
}

/// Finite numbers from here up do not exist in F16.
const F16: Number = float(Width::Two, 0x7fff, 0x7c00);
const BF16: Number = float(Width::Two, 0x7fff, 0x7f80);
const F32: Number = float(Width::Four, 0x7fff_ffff, 0x7f80_0000);
const F64: Number = float(Width::Eight, i64::MAX as u64, 0x7ff0_0000_0000_0000);

/// A power of two (OCP Microscaling Formats 1.0, section 5.4.1): there is no zero.
const E8M0: Number = Number {
    width: Width::One,
    magnitude: 0xff,
    special: Special::Only(0xff),
    has_zero: false,
    big_endian: false,
    kind: Kind::Scale,
};

const fn float(width: Width, magnitude: u64, infinite: u64) -> Number {
    Number {
        width,
        magnitude,
        special: Special::Above(infinite),
        has_zero: true,
        big_endian: false,
        kind: Kind::Float,
    }
}

/// Floating point of a byte with one pattern, or one with each sign, that is not a number.
const fn float_8(magnitude: u64, not_a_number: u64) -> Number {
    Number {
        special: Special::Only(not_a_number),
        ..float(Width::One, magnitude, 0)
    }
}

const fn whole(width: Width) -> Number {
    Number {
        width,
        magnitude: u64::MAX,
        special: Special::None,
        has_zero: true,
        big_endian: false,
        kind: Kind::Whole,
    }
}

impl Width {
    pub(super) const fn bytes(self) -> usize {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Four => 4,
            Self::Eight => 8,
        }
    }
}

impl Element {
    /// What the numbers of a tensor are; none if that cannot be looked at.
    pub(super) fn of(tensor: &Tensor) -> Option<Self> {
        let big_endian = tensor.place.as_ref()?.big_endian;
        if let Some(number) = number(&tensor.dtype) {
            return Some(Self::Number(Number {
                big_endian,
                ..number
            }));
        }
        // ggml has blocks with the most significant byte first on paper only.
        block(&tensor.dtype)
            .filter(|_| !big_endian)
            .map(Self::Block)
    }

    /// Bytes that are looked at together.
    pub(super) const fn bytes(self) -> usize {
        match self {
            Self::Number(number) => number.width.bytes(),
            Self::Block(block) => block.bytes,
        }
    }

    /// Numbers in those.
    pub(super) const fn numbers(self) -> u64 {
        match self {
            Self::Number(_) => 1,
            Self::Block(block) => block.numbers,
        }
    }

    /// What they are for.
    pub(super) const fn kind(self) -> Kind {
        match self {
            Self::Number(number) => number.kind,
            Self::Block(_) => Kind::Float,
        }
    }
}

/// The names of safetensors, GGUF, NumPy, PyTorch and ONNX. An `I8` of safetensors has eight
/// bits, an `<i8` of NumPy eight bytes.
fn number(name: &str) -> Option<Number> {
    use Width::{Eight, Four, One, Two};

    let bare = name.trim_start_matches(['<', '>', '=', '|']);
    Some(match bare {
        "F64" | "Double" | "double" | "float64" | "f8" => F64,
        "F32" | "Float" | "float" | "float32" | "f4" => F32,
        "F16" | "Half" | "float16" | "f2" => F16,
        "BF16" | "BFloat16" | "bfloat16" => BF16,
        "F8_E5M2" | "float8e5m2" => float(One, 0x7f, 0x7c),
        "F8_E4M3" | "float8e4m3fn" => float_8(0x7f, 0x7f),
        // Without a negative zero, whose pattern is what is not a number.
        "F8_E4M3FNUZ" | "F8_E5M2FNUZ" | "float8e4m3fnuz" | "float8e5m2fnuz" => float_8(0xff, 0x80),
        "F8_E8M0" | "float8e8m0" => E8M0,
        "BOOL" | "Bool" | "bool" | "b1" | "I8" | "U8" | "Char" | "Byte" | "int8" | "uint8"
        | "i1" | "u1" => whole(One),
        "I16" | "U16" | "Short" | "int16" | "uint16" | "i2" | "u2" => whole(Two),
        "I32" | "U32" | "Int" | "int32" | "uint32" | "i4" | "u4" => whole(Four),
        "I64" | "U64" | "Long" | "int64" | "uint64" | "i8" | "u8" => whole(Eight),
        _ => return None,
    })
}

fn block(name: &str) -> Option<Block> {
    let (numbers, bytes, scale, second, number) = match name {
        "Q4_0" | "IQ4_NL" => (32, 18, 0, None, F16),
        "Q4_1" => (32, 20, 0, Some(2), F16),
        "Q5_0" => (32, 22, 0, None, F16),
        "Q5_1" => (32, 24, 0, Some(2), F16),
        "Q8_0" => (32, 34, 0, None, F16),
        "Q8_1" => (32, 36, 0, Some(2), F16),
        "Q2_K" => (256, 84, 80, Some(82), F16),
        "Q3_K" => (256, 110, 108, None, F16),
        "Q4_K" => (256, 144, 0, Some(2), F16),
        "Q5_K" => (256, 176, 0, Some(2), F16),
        "Q6_K" => (256, 210, 208, None, F16),
        "Q8_K" => (256, 292, 0, None, F32),
        "IQ2_XXS" => (256, 66, 0, None, F16),
        "IQ2_XS" => (256, 74, 0, None, F16),
        "IQ2_S" => (256, 82, 0, None, F16),
        "IQ3_XXS" => (256, 98, 0, None, F16),
        "IQ3_S" => (256, 110, 0, None, F16),
        "IQ1_S" => (256, 50, 0, None, F16),
        "IQ4_XS" => (256, 136, 0, None, F16),
        "TQ1_0" => (256, 54, 52, None, F16),
        "TQ2_0" => (256, 66, 64, None, F16),
        "MXFP4" => (32, 17, 0, None, E8M0),
        _ => return None,
    };
    Some(Block {
        bytes,
        numbers,
        scale,
        second,
        number,
    })
}

impl Number {
    /// The number as it is, from its bits.
    pub(super) fn value(self, name: &str, bits: u64) -> f64 {
        let lower = name.trim_start_matches(['<', '>', '=', '|']);
        let sign = |negative: bool| if negative { -1.0 } else { 1.0 };
        match (self.kind, self.width) {
            (Kind::Float, Width::Eight) => f64::from_bits(bits),
            (Kind::Float, Width::Four) => {
                f64::from(f32::from_bits(u32::try_from(bits).unwrap_or(0)))
            }
            (Kind::Float, Width::Two) if self.special == BF16.special => {
                f64::from(f32::from_bits(u32::try_from(bits << 16).unwrap_or(0)))
            }
            (Kind::Float, Width::Two) => sign(bits & 0x8000 != 0) * small(bits & 0x7fff, 10, 15),
            (Kind::Float, Width::One) => {
                let (fraction, bias) = match lower {
                    "F8_E5M2" | "float8e5m2" => (2, 15),
                    "F8_E5M2FNUZ" | "float8e5m2fnuz" => (2, 16),
                    "F8_E4M3FNUZ" | "float8e4m3fnuz" => (3, 8),
                    _ => (3, 7),
                };
                sign(bits & 0x80 != 0) * small(bits & 0x7f, fraction, bias)
            }
            (Kind::Scale, _) => 2_f64.powi(i32::try_from(bits).unwrap_or(0) - 127),
            (Kind::Whole, _) => bits as f64,
        }
    }
}

/// A small binary floating-point number without its sign: so many bits of fraction, and so
/// much less in the exponent.
fn small(bits: u64, fraction: u32, bias: i32) -> f64 {
    let exponent = i32::try_from(bits >> fraction).unwrap_or(0);
    let rest = (bits & ((1 << fraction) - 1)) as f64;
    let one = 2_f64.powi(i32::try_from(fraction).unwrap_or(0));
    if exponent == 0 {
        rest / one * 2_f64.powi(1 - bias)
    } else {
        (1.0 + rest / one) * 2_f64.powi(exponent - bias)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_the_standards() {
        for (name, bits, value) in [
            ("F16", 0x3c00, 1.0),
            ("F16", 0xc248, -3.140_625),
            ("F16", 0x0001, 5.960_464_477_539_063e-8),
            ("F16", 0x7bff, 65504.0),
            ("BF16", 0x3f80, 1.0),
            ("BF16", 0xc2f7, -123.5),
            ("F8_E4M3", 0x7e, 448.0),
            ("F8_E4M3", 0x01, 0.001_953_125),
            ("F8_E5M2", 0x7b, 57344.0),
            ("F8_E4M3FNUZ", 0x7f, 240.0),
            ("F8_E8M0", 127, 1.0),
            ("F32", 0x3fc0_0000, 1.5),
            ("<f8", 0x3ff8_0000_0000_0000, 1.5),
        ] {
            assert_eq!(
                number(name).unwrap().value(name, bits),
                value,
                "{name} {bits:x}"
            );
        }
    }

    #[test]
    fn numpy_counts_bytes_and_the_others_bits() {
        assert_eq!(number("I8").unwrap().width, Width::One);
        assert_eq!(number("<i8").unwrap().width, Width::Eight);
        assert_eq!(number("F8_E4M3").unwrap().width, Width::One);
        assert_eq!(number("<f8").unwrap().width, Width::Eight);
        assert_eq!(number("F4"), None);
    }
}
