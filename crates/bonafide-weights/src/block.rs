//! Quantisation of ggml: blocks of numbers that share scales, as `ggml-quants.c` and the
//! package `gguf` read them.
//!
//! Beside each number stands what quantising could have changed it by. Codes in the middle
//! of the range are rounded to the nearest, so that is half a step of the block. The codes
//! at the ends also stand for what did not fit: how far that may be is known for Q4_0 and
//! Q5_0 (one step, because the range is not symmetric), while K-quants search for a scale
//! that minimises the squared error and round it to six bits: a step and a half there, and
//! what rounding the scale adds. Scales themselves are rounded to binary16.

use crate::float::Float;

/// A scheme of ggml.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(
    non_camel_case_types,
    missing_docs,
    reason = "the names of the schemes"
)]
pub enum Block {
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2_K,
    Q3_K,
    Q4_K,
    Q5_K,
    Q6_K,
    Q8_K,
    IQ4_NL,
    IQ4_XS,
}

/// Levels of IQ4, which are not evenly spaced.
const LEVELS: [i8; 16] = [
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113,
];

/// Numbers of a block that share one scale: what is needed to say the number and its bound.
struct Group {
    /// Step between codes.
    step: f64,
    /// What code zero stands for.
    offset: f64,
    /// Half the distance of the neighbours of the stored scale, and of the offset.
    slack: (f64, f64),
    /// How many steps the codes at the lowest and the highest end may be off.
    ends: (f64, f64),
    /// What rounding the scale of the group moves numbers at the ends by.
    shift: f64,
    /// The lowest and the highest code.
    codes: (i32, i32),
}

impl Group {
    fn number(&self, code: i32) -> f64 {
        self.step * f64::from(code) + self.offset
    }

    fn bound(&self, code: i32) -> f64 {
        let (steps, shift) = if self.step == 0.0 {
            // All codes stand for the same: the scale was rounded away.
            (0.5, self.shift)
        } else if code <= self.codes.0 {
            (self.ends.0, self.shift)
        } else if code >= self.codes.1 {
            (self.ends.1, self.shift)
        } else {
            (0.5, 0.0)
        };
        // A scale that was rounded to zero still had codes.
        let reach = if self.step == 0.0 {
            self.codes.1.abs().max(self.codes.0.abs())
        } else {
            code.abs()
        };
        steps * (self.step.abs() + self.slack.0)
            + f64::from(reach) * self.slack.0
            + self.slack.1
            + shift
    }
}

/// Where numbers go, and their bounds if wanted.
struct Sink<'a> {
    numbers: &'a mut Vec<f64>,
    bounds: Option<&'a mut Vec<f64>>,
}

impl Sink<'_> {
    fn put(&mut self, group: &Group, codes: impl Iterator<Item = i32>) {
        for code in codes {
            self.one(group.number(code), || group.bound(code));
        }
    }

    fn one(&mut self, number: f64, bound: impl Fn() -> f64) {
        if let Some(bounds) = &mut self.bounds {
            bounds.push(bound());
        }
        self.numbers.push(number);
    }
}

impl Block {
    /// The scheme of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "Q4_0" => Self::Q4_0,
            "Q4_1" => Self::Q4_1,
            "Q5_0" => Self::Q5_0,
            "Q5_1" => Self::Q5_1,
            "Q8_0" => Self::Q8_0,
            "Q2_K" => Self::Q2_K,
            "Q3_K" => Self::Q3_K,
            "Q4_K" => Self::Q4_K,
            "Q5_K" => Self::Q5_K,
            "Q6_K" => Self::Q6_K,
            "Q8_K" => Self::Q8_K,
            "IQ4_NL" => Self::IQ4_NL,
            "IQ4_XS" => Self::IQ4_XS,
            _ => return None,
        })
    }

    /// Numbers of a block, and its bytes.
    #[must_use]
    pub const fn size(self) -> (u64, u64) {
        match self {
            Self::Q4_0 | Self::IQ4_NL => (32, 18),
            Self::Q4_1 => (32, 20),
            Self::Q5_0 => (32, 22),
            Self::Q5_1 => (32, 24),
            Self::Q8_0 => (32, 34),
            Self::Q2_K => (256, 84),
            Self::Q3_K => (256, 110),
            Self::Q4_K => (256, 144),
            Self::Q5_K => (256, 176),
            Self::Q6_K => (256, 210),
            Self::Q8_K => (256, 292),
            Self::IQ4_XS => (256, 136),
        }
    }

    /// Reads whole blocks, little-endian, and adds their numbers and bounds.
    pub fn decode(self, bytes: &[u8], numbers: &mut Vec<f64>, bounds: Option<&mut Vec<f64>>) {
        let mut sink = Sink { numbers, bounds };
        let size = usize::try_from(self.size().1).unwrap_or(1);
        for block in bytes.chunks_exact(size) {
            match self {
                Self::Q4_0 => nibbles(block, 8, &mut sink),
                Self::Q4_1 => nibbles_with_offset(block, &mut sink),
                Self::Q5_0 => five_bits(block, false, &mut sink),
                Self::Q5_1 => five_bits(block, true, &mut sink),
                Self::Q8_0 => {
                    let (step, slack) = half(block, 0);
                    let group = even(step, slack, (-127, 127), (0.5, 0.5));
                    sink.put(
                        &group,
                        rest(block, 2)
                            .iter()
                            .map(|byte| i32::from(byte.cast_signed())),
                    );
                }
                Self::Q8_K => eight_bits_k(block, &mut sink),
                Self::Q2_K => two_bits_k(block, &mut sink),
                Self::Q3_K => three_bits_k(block, &mut sink),
                Self::Q4_K => four_five_bits_k(block, false, &mut sink),
                Self::Q5_K => four_five_bits_k(block, true, &mut sink),
                Self::Q6_K => six_bits_k(block, &mut sink),
                Self::IQ4_NL => {
                    let (step, slack) = half(block, 0);
                    levels(step, slack, 0.0, rest(block, 2), &mut sink);
                }
                Self::IQ4_XS => levels_of_groups(block, &mut sink),
            }
        }
    }
}

fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

fn rest(bytes: &[u8], from: usize) -> &[u8] {
    bytes.get(from..).unwrap_or(&[])
}

fn part(bytes: &[u8], from: usize, length: usize) -> &[u8] {
    bytes.get(from..from + length).unwrap_or(&[])
}

/// A binary16 number, and half the distance of its neighbours.
fn half(bytes: &[u8], at: usize) -> (f64, f64) {
    let bits = u16::from_le_bytes([byte(bytes, at), byte(bytes, at + 1)]);
    let number = Float::F16.value(u64::from(bits));
    (number, Float::F16.half_step(number))
}

/// A group without offset.
const fn even(step: f64, slack: f64, codes: (i32, i32), ends: (f64, f64)) -> Group {
    Group {
        step,
        offset: 0.0,
        slack: (slack, 0.0),
        shift: 0.0,
        ends,
        codes,
    }
}

/// The lower nibbles of all bytes, then the upper ones.
fn split(bytes: &[u8]) -> impl Iterator<Item = u8> {
    let low = bytes.iter().map(|byte| byte & 15);
    low.chain(bytes.iter().map(|byte| byte >> 4))
}

fn nibbles(block: &[u8], zero: i32, sink: &mut Sink<'_>) {
    let (step, slack) = half(block, 0);
    let group = even(step, slack, (-zero, 15 - zero), (0.5, 1.0));
    sink.put(
        &group,
        split(rest(block, 2)).map(|code| i32::from(code) - zero),
    );
}

fn nibbles_with_offset(block: &[u8], sink: &mut Sink<'_>) {
    let (step, slack) = half(block, 0);
    let (offset, offset_slack) = half(block, 2);
    let group = Group {
        step,
        offset,
        slack: (slack, offset_slack),
        shift: 0.0,
        ends: (0.5, 0.5),
        codes: (0, 15),
    };
    sink.put(&group, split(rest(block, 4)).map(i32::from));
}

fn five_bits(block: &[u8], with_offset: bool, sink: &mut Sink<'_>) {
    let (step, slack) = half(block, 0);
    let (group, start, zero) = if with_offset {
        let (offset, offset_slack) = half(block, 2);
        let slack = (slack, offset_slack);
        (
            Group {
                step,
                offset,
                slack,
                shift: 0.0,
                ends: (0.5, 0.5),
                codes: (0, 31),
            },
            4,
            0,
        )
    } else {
        (even(step, slack, (-16, 15), (0.5, 1.0)), 2, 16)
    };
    let high = part(block, start, 4)
        .iter()
        .rev()
        .fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
    let codes = split(rest(block, start + 4))
        .enumerate()
        .map(|(index, low)| {
            let bit = i32::from(high >> (index & 31) & 1 == 1);
            (i32::from(low) | bit << 4) - zero
        });
    sink.put(&group, codes);
}

fn eight_bits_k(block: &[u8], sink: &mut Sink<'_>) {
    let scale = [
        byte(block, 0),
        byte(block, 1),
        byte(block, 2),
        byte(block, 3),
    ];
    let step = f64::from(f32::from_le_bytes(scale));
    // The range is -127 to 127 or -128 to 127, by the sign of the largest.
    let group = even(step, Float::F32.half_step(step), (-128, 127), (0.5, 1.0));
    sink.put(
        &group,
        part(block, 4, 256)
            .iter()
            .map(|byte| i32::from(byte.cast_signed())),
    );
}

/// A group of a K-quant: scale and minimum are small whole numbers times those of the block.
fn scaled(block: ((f64, f64), (f64, f64)), scale: i32, minimum: i32, codes: (i32, i32)) -> Group {
    let ((d, d_slack), (least, least_slack)) = block;
    let factor = f64::from(scale);
    // What half a step of the small whole numbers moves the ends by, and what did not fit.
    let reach = f64::from(codes.1.abs().max(codes.0.abs()));
    let step = d * factor;
    let shift = (reach + 1.5) * d.abs() / 2.0 + least.abs() / 2.0;
    let ends = if step == 0.0 { 0.5 } else { 1.5 };
    Group {
        step,
        offset: -least * f64::from(minimum),
        slack: (
            d_slack * factor.abs().max(1.0),
            least_slack * f64::from(minimum),
        ),
        shift,
        ends: (ends, ends),
        codes,
    }
}

fn two_bits_k(block: &[u8], sink: &mut Sink<'_>) {
    let of_block = (half(block, 80), half(block, 82));
    for chunk in 0..2 {
        let codes = part(block, 16 + 32 * chunk, 32);
        for shift in 0..4 {
            for side in 0..2 {
                let scale = byte(block, 8 * chunk + 2 * shift + side);
                let group = scaled(
                    of_block,
                    i32::from(scale & 15),
                    i32::from(scale >> 4),
                    (0, 3),
                );
                let codes = part(codes, 16 * side, 16).iter();
                sink.put(&group, codes.map(|byte| i32::from(byte >> (2 * shift) & 3)));
            }
        }
    }
}

fn three_bits_k(block: &[u8], sink: &mut Sink<'_>) {
    let of_block = (half(block, 108), (0.0, 0.0));
    let packed = part(block, 96, 12);
    for group in 0..16 {
        let low = byte(packed, group % 8) >> (4 * (group / 8)) & 15;
        let high = byte(packed, 8 + group % 4) >> (2 * (group / 4)) & 3;
        let scale = i32::from(low | high << 4) - 32;
        let (chunk, shift, side) = (group / 8, group % 8 / 2, group % 2);
        let codes = part(block, 32 + 32 * chunk + 16 * side, 16).iter();
        let masks = part(block, 16 * side, 16).iter();
        let bit = 4 * chunk + shift;
        let codes = codes.zip(masks).map(|(code, mask)| {
            let below = if mask >> bit & 1 == 1 { 0 } else { 4 };
            i32::from(code >> (2 * shift) & 3) - below
        });
        sink.put(&scaled(of_block, scale, 0, (-4, 3)), codes);
    }
}

/// Scale and minimum of a group of 32 of Q4_K and Q5_K, six bits each.
fn six_bit_scales(packed: &[u8], group: usize) -> (i32, i32) {
    let (scale, minimum) = if group < 4 {
        (byte(packed, group) & 63, byte(packed, group + 4) & 63)
    } else {
        let both = byte(packed, group + 4);
        (
            both & 15 | byte(packed, group - 4) >> 6 << 4,
            both >> 4 | byte(packed, group) >> 6 << 4,
        )
    };
    (i32::from(scale), i32::from(minimum))
}

fn four_five_bits_k(block: &[u8], fifth: bool, sink: &mut Sink<'_>) {
    let of_block = (half(block, 0), half(block, 2));
    let packed = part(block, 4, 12);
    let (high, low) = if fifth {
        (part(block, 16, 32), rest(block, 48))
    } else {
        (&[][..], rest(block, 16))
    };
    let top = if fifth { 31 } else { 15 };
    for group in 0..8 {
        let (scale, minimum) = six_bit_scales(packed, group);
        let codes = part(low, 32 * (group / 2), 32)
            .iter()
            .enumerate()
            .map(|(index, code)| {
                let low = code >> (4 * (group % 2)) & 15;
                i32::from(low | (byte(high, index) >> group & 1) << 4)
            });
        sink.put(&scaled(of_block, scale, minimum, (0, top)), codes);
    }
}

fn six_bits_k(block: &[u8], sink: &mut Sink<'_>) {
    let of_block = (half(block, 208), (0.0, 0.0));
    for chunk in 0..2 {
        let low = part(block, 64 * chunk, 64);
        let high = part(block, 128 + 32 * chunk, 32);
        for quarter in 0..4 {
            for side in 0..2 {
                let scale = byte(block, 192 + 8 * chunk + 2 * quarter + side).cast_signed();
                let codes = (0..16).map(|index| {
                    let index = 16 * side + index;
                    let low = byte(low, index + 32 * (quarter % 2)) >> (4 * (quarter / 2)) & 15;
                    let high = byte(high, index) >> (2 * quarter) & 3;
                    i32::from(low | high << 4) - 32
                });
                sink.put(&scaled(of_block, i32::from(scale), 0, (-32, 31)), codes);
            }
        }
    }
}

/// Numbers of uneven levels: half the distance to the neighbour, one and a half at the ends.
fn levels(step: f64, slack: f64, shift: f64, bytes: &[u8], sink: &mut Sink<'_>) {
    let gap = |left: usize, right: usize| {
        let level = |at: usize| LEVELS.get(at).map_or(0.0, |level| f64::from(*level));
        level(right) - level(left)
    };
    for code in split(bytes).map(usize::from) {
        let level = LEVELS.get(code).map_or(0.0, |level| f64::from(*level));
        sink.one(step * level, || {
            let (widest, shift) = match code {
                0 => (3.0 * gap(0, 1), shift),
                15 => (3.0 * gap(14, 15), shift),
                _ => (gap(code - 1, code).max(gap(code, code + 1)), 0.0),
            };
            widest / 2.0 * (step.abs() + slack) + 127.0 * slack + shift
        });
    }
}

fn levels_of_groups(block: &[u8], sink: &mut Sink<'_>) {
    let (d, slack) = half(block, 0);
    let high = u16::from_le_bytes([byte(block, 2), byte(block, 3)]);
    for group in 0..8 {
        let low = byte(block, 4 + group / 2) >> (4 * (group % 2)) & 15;
        let scale = u16::from(low) | (high >> (2 * group) & 3) << 4;
        let factor = f64::from(scale) - 32.0;
        let slack = slack * factor.abs().max(1.0);
        // The scale of a group is rounded to a whole number of these.
        levels(
            d * factor,
            slack,
            127.0 * d.abs() / 2.0,
            part(block, 8 + 16 * group, 16),
            sink,
        );
    }
}
