//! Values without values inside.

use arrow_array::types::Decimal256Type;
use arrow_array::{Array, ArrayAccessor, ArrowPrimitiveType, BooleanArray, PrimitiveArray};
use arrow_buffer::i256;

use super::value::{TooLong, Value, Values};
use super::{append_bytes, append_text, tag};

/// Appends null if there is no value, and says so.
fn null(array: &dyn Array, row: usize, out: &mut Vec<u8>) -> bool {
    let null = row >= array.len() || array.is_null(row);
    if null {
        out.push(tag::NULL);
    }
    null
}

/// A column of nothing but null.
pub(super) struct Nothing;

impl Value for Nothing {
    fn append(&self, _: usize, out: &mut Vec<u8>, _: usize) -> Result<(), TooLong> {
        out.push(tag::NULL);
        Ok(())
    }
}

/// Truth values.
pub(super) struct Boolean<'a>(pub(super) &'a BooleanArray);

impl Value for Boolean<'_> {
    fn append(&self, row: usize, out: &mut Vec<u8>, _: usize) -> Result<(), TooLong> {
        if !null(self.0, row, out) {
            out.push(match self.0.value(row) {
                false => tag::FALSE,
                true => tag::TRUE,
            });
        }
        Ok(())
    }
}

/// Whole numbers that may be negative.
pub(super) struct Signed<'a, T: ArrowPrimitiveType>(pub(super) &'a PrimitiveArray<T>);

impl<T: ArrowPrimitiveType<Native: Into<i64>>> Value for Signed<'_, T> {
    fn append(&self, row: usize, out: &mut Vec<u8>, _: usize) -> Result<(), TooLong> {
        if !null(self.0, row, out) {
            let value: i64 = self.0.value(row).into();
            out.push(match value < 0 {
                false => tag::POSITIVE,
                true => tag::NEGATIVE,
            });
            out.extend_from_slice(&value.to_le_bytes());
        }
        Ok(())
    }
}

/// Whole numbers that may not.
pub(super) struct Unsigned<'a, T: ArrowPrimitiveType>(pub(super) &'a PrimitiveArray<T>);

impl<T: ArrowPrimitiveType<Native: Into<u64>>> Value for Unsigned<'_, T> {
    fn append(&self, row: usize, out: &mut Vec<u8>, _: usize) -> Result<(), TooLong> {
        if !null(self.0, row, out) {
            super::append_count(out, self.0.value(row).into());
        }
        Ok(())
    }
}

/// Floating-point numbers.
pub(super) struct Float<'a, T: ArrowPrimitiveType>(pub(super) &'a PrimitiveArray<T>);

impl<T: ArrowPrimitiveType<Native: Into<f64>>> Value for Float<'_, T> {
    fn append(&self, row: usize, out: &mut Vec<u8>, _: usize) -> Result<(), TooLong> {
        /// Not [`f64::NAN`], whose bits nobody promises.
        const NOT_A_NUMBER: u64 = 0x7ff8_0000_0000_0000;
        if !null(self.0, row, out) {
            let value: f64 = self.0.value(row).into();
            let bits = match value.is_nan() {
                true => NOT_A_NUMBER,
                false => value.to_bits(),
            };
            out.push(tag::FLOAT);
            out.extend_from_slice(&bits.to_le_bytes());
        }
        Ok(())
    }
}

/// Text.
pub(super) struct Text<A>(pub(super) A);

impl<'a, A: ArrayAccessor<Item = &'a str>> Value for Text<A> {
    fn append(&self, row: usize, out: &mut Vec<u8>, limit: usize) -> Result<(), TooLong> {
        if !null(&self.0, row, out) {
            let text = self.0.value(row);
            fits(out, text.len(), limit)?;
            append_text(out, text);
        }
        Ok(())
    }
}

/// Bytes.
pub(super) struct Bytes<A>(pub(super) A);

impl<'a, A: ArrayAccessor<Item = &'a [u8]>> Value for Bytes<A> {
    fn append(&self, row: usize, out: &mut Vec<u8>, limit: usize) -> Result<(), TooLong> {
        if !null(&self.0, row, out) {
            let bytes = self.0.value(row);
            fits(out, bytes.len(), limit)?;
            append_bytes(out, bytes);
        }
        Ok(())
    }
}

/// True if so much more fits.
fn fits(out: &[u8], more: usize, limit: usize) -> Result<(), TooLong> {
    match out.len().saturating_add(more) > limit {
        true => Err(TooLong),
        false => Ok(()),
    }
}

/// Dates, timestamps, times of day and durations: nanoseconds, which fit for every unit.
pub(super) struct Time<'a, T: ArrowPrimitiveType> {
    pub(super) array: &'a PrimitiveArray<T>,
    pub(super) tag: u8,
    /// How many nanoseconds a unit of the column has.
    pub(super) nanoseconds: i128,
}

impl<T: ArrowPrimitiveType<Native: Into<i64>>> Value for Time<'_, T> {
    fn append(&self, row: usize, out: &mut Vec<u8>, _: usize) -> Result<(), TooLong> {
        if !null(self.array, row, out) {
            let value: i64 = self.array.value(row).into();
            let value = i128::from(value) * self.nanoseconds;
            out.push(self.tag);
            out.extend_from_slice(&value.to_le_bytes());
        }
        Ok(())
    }
}

/// Months, days and nanoseconds.
struct Calendar<'a, T: ArrowPrimitiveType, F> {
    array: &'a PrimitiveArray<T>,
    parts: F,
}

/// Intervals, by what takes one of them apart.
pub(super) fn calendar<'a, T: ArrowPrimitiveType>(
    array: &'a PrimitiveArray<T>,
    parts: impl Fn(T::Native) -> (i32, i32, i64) + 'a,
) -> Values<'a> {
    Box::new(Calendar { array, parts })
}

impl<T: ArrowPrimitiveType, F: Fn(T::Native) -> (i32, i32, i64)> Value for Calendar<'_, T, F> {
    fn append(&self, row: usize, out: &mut Vec<u8>, _: usize) -> Result<(), TooLong> {
        if !null(self.array, row, out) {
            let (months, days, nanoseconds) = (self.parts)(self.array.value(row));
            out.push(tag::INTERVAL);
            out.extend_from_slice(&months.to_le_bytes());
            out.extend_from_slice(&days.to_le_bytes());
            out.extend_from_slice(&nanoseconds.to_le_bytes());
        }
        Ok(())
    }
}

/// Decimals of at most 128 bits, with the digits after the point.
pub(super) struct Decimal<'a, T: ArrowPrimitiveType>(
    pub(super) &'a PrimitiveArray<T>,
    pub(super) i8,
);

impl<T: ArrowPrimitiveType<Native: Into<i128>>> Value for Decimal<'_, T> {
    fn append(&self, row: usize, out: &mut Vec<u8>, _: usize) -> Result<(), TooLong> {
        if !null(self.0, row, out) {
            let mut coefficient: i128 = self.0.value(row).into();
            let mut exponent = -i32::from(self.1);
            while coefficient != 0 && coefficient % 10 == 0 {
                coefficient /= 10;
                exponent += 1;
            }
            append_decimal(out, i256::from_i128(coefficient), exponent);
        }
        Ok(())
    }
}

/// Decimals of 256 bits.
pub(super) struct Decimal256<'a>(pub(super) &'a PrimitiveArray<Decimal256Type>, pub(super) i8);

impl Value for Decimal256<'_> {
    fn append(&self, row: usize, out: &mut Vec<u8>, _: usize) -> Result<(), TooLong> {
        if !null(self.0, row, out) {
            let ten = i256::from_i128(10);
            let mut coefficient = self.0.value(row);
            let mut exponent = -i32::from(self.1);
            while coefficient != i256::ZERO && coefficient.checked_rem(ten) == Some(i256::ZERO) {
                match coefficient.checked_div(ten) {
                    Some(smaller) => coefficient = smaller,
                    None => break,
                }
                exponent += 1;
            }
            append_decimal(out, coefficient, exponent);
        }
        Ok(())
    }
}

fn append_decimal(out: &mut Vec<u8>, coefficient: i256, exponent: i32) {
    let exponent = match coefficient == i256::ZERO {
        true => 0,
        false => exponent,
    };
    out.push(tag::DECIMAL);
    out.extend_from_slice(&exponent.to_le_bytes());
    out.extend_from_slice(&coefficient.to_le_bytes());
}
