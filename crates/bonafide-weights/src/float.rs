//! Binary floating point of few bits: what the bits say, and how far apart neighbours are.

/// A binary floating-point format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Float {
    /// IEEE 754 binary64.
    F64,
    /// IEEE 754 binary32.
    F32,
    /// IEEE 754 binary16.
    F16,
    /// The upper half of binary32.
    BF16,
    /// OCP FP8 E4M3: finite, one pattern for not-a-number, largest 448.
    E4M3Fn,
    /// E4M3 with a bias of 8, without infinity and minus zero, largest 240.
    E4M3Fnuz,
    /// OCP FP8 E5M2: like binary16 with a shorter significand.
    E5M2,
    /// E5M2 with a bias of 16, without infinity and minus zero.
    E5M2Fnuz,
}

impl Float {
    /// Bytes of a number.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        match self {
            Self::F64 => 8,
            Self::F32 => 4,
            Self::F16 | Self::BF16 => 2,
            Self::E4M3Fn | Self::E4M3Fnuz | Self::E5M2 | Self::E5M2Fnuz => 1,
        }
    }

    /// Bits of the significand with the hidden one, and the exponent of the smallest normal
    /// number.
    const fn precision(self) -> (i32, i32) {
        match self {
            Self::F64 => (53, -1022),
            Self::F32 => (24, -126),
            Self::F16 => (11, -14),
            Self::BF16 => (8, -126),
            Self::E4M3Fn => (4, -6),
            Self::E4M3Fnuz => (4, -7),
            Self::E5M2 => (3, -14),
            Self::E5M2Fnuz => (3, -15),
        }
    }

    /// The largest finite number.
    #[must_use]
    pub fn largest(self) -> f64 {
        match self {
            Self::F64 => f64::MAX,
            Self::F32 => f64::from(f32::MAX),
            Self::F16 => 65504.0,
            Self::BF16 => 255.0 * (120_f64).exp2(),
            Self::E4M3Fn => 448.0,
            Self::E4M3Fnuz => 240.0,
            Self::E5M2 | Self::E5M2Fnuz => 57344.0,
        }
    }

    /// Half the distance between neighbours at a number: what rounding to the nearest can
    /// change it by. Infinite where the number is not finite.
    #[must_use]
    pub fn half_step(self, number: f64) -> f64 {
        if !number.is_finite() {
            return f64::INFINITY;
        }
        let (bits, least) = self.precision();
        power_of_two(exponent(number).max(least) - bits)
    }

    /// The number of these bits, which are right-aligned.
    #[must_use]
    pub fn value(self, bits: u64) -> f64 {
        let narrow = |mask: u64| u32::try_from(bits & mask).unwrap_or(0);
        match self {
            Self::F64 => f64::from_bits(bits),
            Self::F32 => f64::from(f32::from_bits(narrow(0xFFFF_FFFF))),
            Self::BF16 => f64::from(f32::from_bits(narrow(0xFFFF) << 16)),
            Self::F16 => small(narrow(0xFFFF), 5, 10, 15, Special::Ieee),
            Self::E5M2 => small(narrow(0xFF), 5, 2, 15, Special::Ieee),
            Self::E4M3Fn => small(narrow(0xFF), 4, 3, 7, Special::AllOnes),
            Self::E4M3Fnuz => small(narrow(0xFF), 4, 3, 8, Special::MinusZero),
            Self::E5M2Fnuz => small(narrow(0xFF), 5, 2, 16, Special::MinusZero),
        }
    }
}

/// Which patterns are no numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Special {
    /// The largest exponent: infinity, and not-a-number.
    Ieee,
    /// Only the pattern with all bits but the sign.
    AllOnes,
    /// Only that of minus zero.
    MinusZero,
}

/// A number of a sign, `exponent` bits, and `fraction` bits.
fn small(bits: u32, exponent: u32, fraction: u32, bias: i32, special: Special) -> f64 {
    let negative = bits >> (exponent + fraction) & 1 == 1;
    let mantissa = bits & ((1 << fraction) - 1);
    let power = bits >> fraction & ((1 << exponent) - 1);
    let top = (1 << exponent) - 1;
    let nan = match special {
        Special::Ieee => power == top && mantissa != 0,
        Special::AllOnes => power == top && mantissa == (1 << fraction) - 1,
        Special::MinusZero => negative && power == 0 && mantissa == 0,
    };
    if nan {
        return f64::NAN;
    }
    let shift = i32::try_from(fraction).unwrap_or(0);
    let magnitude = if special == Special::Ieee && power == top {
        f64::INFINITY
    } else if power == 0 {
        f64::from(mantissa) * power_of_two(1 - bias - shift)
    } else {
        let power = i32::try_from(power).unwrap_or(0);
        f64::from(mantissa | 1 << fraction) * power_of_two(power - bias - shift)
    };
    if negative { -magnitude } else { magnitude }
}

/// The exponent of a finite number, as of `1.5 * 2^exponent`; that of the smallest for zero.
pub(crate) fn exponent(number: f64) -> i32 {
    let biased = number.to_bits() >> 52 & 0x7FF;
    i32::try_from(biased).unwrap_or(0).max(1) - 1023
}

/// Two to a power: by the bits where that is a normal number, which is much faster.
fn power_of_two(power: i32) -> f64 {
    match u64::try_from(power + 1023) {
        Ok(biased @ 1..=2046) => f64::from_bits(biased << 52),
        _ => f64::from(power).exp2(),
    }
}
