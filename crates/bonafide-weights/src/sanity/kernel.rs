//! The inner loops. They look at bits, not at numbers: what is not finite has the largest
//! magnitudes and zero the smallest, so one maximum tells both apart from the rest, and
//! processors do that with many at once.

use pulp::Arch;

use super::element::{Block, Element, Number, Special, Width};

/// What a run of numbers shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Glance {
    /// The largest of the bits without the sign.
    pub(super) largest: u64,
    /// Whether not all are the same.
    pub(super) varies: bool,
    /// Numbers that are not a number.
    pub(super) not_a_number: u64,
    /// Numbers that are infinite.
    pub(super) infinite: u64,
}

/// Looks at whole elements with the best instructions of the processor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Eye {
    arch: Arch,
}

/// A number without a meaning.
trait Lane: Copy + Ord + std::ops::BitAnd<Output = Self> + std::ops::BitXor<Output = Self> {
    const ZERO: Self;
    fn or(self, other: Self) -> Self;
    /// The lowest bits.
    fn from_wide(bits: u64) -> Self;
    fn widen(self) -> u64;
}

macro_rules! lane {
    ($number:ty) => {
        impl Lane for $number {
            const ZERO: Self = 0;

            #[inline(always)]
            fn or(self, other: Self) -> Self {
                self | other
            }

            #[inline(always)]
            #[allow(
                clippy::cast_possible_truncation,
                reason = "the lowest bits are wanted"
            )]
            fn from_wide(bits: u64) -> Self {
                bits as Self
            }

            #[inline(always)]
            fn widen(self) -> u64 {
                u64::from(self)
            }
        }
    };
}

lane!(u8);
lane!(u16);
lane!(u32);
lane!(u64);

/// Calls a loop with how to read a number of this width and order of bytes.
macro_rules! with_numbers {
    ($eye:expr, $number:expr, $bytes:expr, |$run:ident| $body:expr) => {{
        macro_rules! of {
            ($type:ty, $from:ident) => {{
                let (chunks, _) = $bytes.as_chunks::<{ size_of::<$type>() }>();
                let $run = (chunks, <$type>::$from);
                $eye.arch.dispatch(
                    #[inline(always)]
                    || $body,
                )
            }};
        }
        match ($number.width, $number.big_endian) {
            (Width::One, _) => of!(u8, from_le_bytes),
            (Width::Two, false) => of!(u16, from_le_bytes),
            (Width::Two, true) => of!(u16, from_be_bytes),
            (Width::Four, false) => of!(u32, from_le_bytes),
            (Width::Four, true) => of!(u32, from_be_bytes),
            (Width::Eight, false) => of!(u64, from_le_bytes),
            (Width::Eight, true) => of!(u64, from_be_bytes),
        }
    }};
}

impl Eye {
    pub(super) fn new() -> Self {
        Self { arch: Arch::new() }
    }

    /// Looks at whole elements; `first` are the bits that all have if they are the same.
    pub(super) fn glance(self, element: Element, bytes: &[u8], first: u64) -> Glance {
        match element {
            Element::Number(number) => self.numbers(number, bytes, first),
            Element::Block(block) => blocks(block, bytes),
        }
    }

    fn numbers(self, number: Number, bytes: &[u8], first: u64) -> Glance {
        let (largest, differing) = with_numbers!(self, number, bytes, |run| {
            extent(run.0, run.1, number.magnitude, first)
        });
        let mut glance = Glance {
            largest,
            varies: differing != 0,
            ..Glance::default()
        };
        match number.special {
            Special::None => {}
            Special::Above(infinite) if largest >= infinite => {
                (glance.infinite, glance.not_a_number) =
                    with_numbers!(self, number, bytes, |run| {
                        count(run.0, run.1, number.magnitude, infinite)
                    });
            }
            // What is above these patterns is a number.
            Special::Only(pattern) if largest >= pattern => {
                (glance.not_a_number, _) = with_numbers!(self, number, bytes, |run| {
                    count(run.0, run.1, number.magnitude, pattern)
                });
            }
            Special::Above(_) | Special::Only(_) => {}
        }
        glance
    }

    /// Whether all of some whole elements are zero.
    pub(super) fn is_zero(self, element: Element, bytes: &[u8]) -> bool {
        match element {
            Element::Number(number) => {
                number.has_zero
                    && with_numbers!(self, number, bytes, |run| {
                        extent(run.0, run.1, number.magnitude, 0)
                    })
                    .0 == 0
            }
            Element::Block(block) => block.number.has_zero && blocks(block, bytes).largest == 0,
        }
    }
}

/// The largest of the bits without the sign, and the bits in which any differs from the first.
#[inline(always)]
fn extent<const N: usize, T: Lane>(
    chunks: &[[u8; N]],
    read: impl Fn([u8; N]) -> T,
    magnitude: u64,
    first: u64,
) -> (u64, u64) {
    let (magnitude, first) = (T::from_wide(magnitude), T::from_wide(first));
    let (mut largest, mut differing) = (T::ZERO, T::ZERO);
    for chunk in chunks {
        let bits = read(*chunk);
        largest = largest.max(bits & magnitude);
        differing = differing.or(bits ^ first);
    }
    (largest.widen(), differing.widen())
}

/// How many have exactly these bits without the sign, and how many have larger ones.
#[inline(always)]
fn count<const N: usize, T: Lane>(
    chunks: &[[u8; N]],
    read: impl Fn([u8; N]) -> T,
    magnitude: u64,
    pattern: u64,
) -> (u64, u64) {
    let (magnitude, pattern) = (T::from_wide(magnitude), T::from_wide(pattern));
    let (mut same, mut above) = (0, 0);
    for chunk in chunks {
        let bits = read(*chunk) & magnitude;
        same += u64::from(bits == pattern);
        above += u64::from(bits > pattern);
    }
    (same, above)
}

/// The bits of the first number; none for blocks.
pub(super) fn first(element: Element, bytes: &[u8]) -> Option<u64> {
    match element {
        Element::Number(number) => bits(number, bytes, 0),
        Element::Block(_) => None,
    }
}

/// The bits of the number at a place.
fn bits(number: Number, bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..)?.get(..number.width.bytes())?;
    let mut wide = [0; 8];
    for (index, byte) in bytes.iter().enumerate() {
        let place = if number.big_endian {
            bytes.len() - 1 - index
        } else {
            index
        };
        if let Some(slot) = wide.get_mut(place) {
            *slot = *byte;
        }
    }
    Some(u64::from_le_bytes(wide))
}

/// Whether the first element is zero.
#[inline]
pub(super) fn starts_with_zero(element: Element, bytes: &[u8]) -> bool {
    match element {
        Element::Number(number) => {
            number.has_zero
                && bits(number, bytes, 0).is_some_and(|bits| bits & number.magnitude == 0)
        }
        Element::Block(block) => {
            block.number.has_zero && {
                let bytes = bytes.get(..block.bytes).unwrap_or_default();
                blocks(block, bytes).largest == 0
            }
        }
    }
}

/// Looks at the scales of blocks. The lengths that are most used are known to the compiler.
fn blocks(block: Block, bytes: &[u8]) -> Glance {
    match block.bytes {
        18 => scales(block, bytes.as_chunks::<18>().0.iter()),
        34 => scales(block, bytes.as_chunks::<34>().0.iter()),
        _ => scales(block, bytes.chunks_exact(block.bytes)),
    }
}

#[inline(always)]
fn scales<B: AsRef<[u8]>>(block: Block, all: impl Iterator<Item = B>) -> Glance {
    let mut glance = Glance {
        varies: true,
        ..Glance::default()
    };
    let number = block.number;
    for bytes in all {
        let bytes = bytes.as_ref();
        let scale = scale_at(number, bytes, block.scale);
        let second = block.second.map_or(0, |at| scale_at(number, bytes, at));
        let largest = scale.max(second);
        glance.largest = glance.largest.max(largest);
        let (infinite, not_a_number) = match number.special {
            Special::None => (false, false),
            Special::Above(infinite) => (largest == infinite, largest > infinite),
            Special::Only(pattern) => (false, largest == pattern),
        };
        glance.infinite += u64::from(infinite) * block.numbers;
        glance.not_a_number += u64::from(not_a_number) * block.numbers;
    }
    glance
}

/// The bits of a scale without its sign.
#[inline(always)]
fn scale_at(number: Number, bytes: &[u8], at: usize) -> u64 {
    let bytes = bytes.get(at..).unwrap_or_default();
    let bits = match number.width {
        Width::One => bytes.first().map_or(0, |byte| u64::from(*byte)),
        Width::Two => bytes
            .first_chunk()
            .map_or(0, |bytes| u64::from(u16::from_le_bytes(*bytes))),
        Width::Four => bytes
            .first_chunk()
            .map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes))),
        Width::Eight => bytes
            .first_chunk()
            .map_or(0, |bytes| u64::from_le_bytes(*bytes)),
    };
    bits & number.magnitude
}
