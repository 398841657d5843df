//! The numbers of one tensor, read in pieces and in the order of its shape.

use std::sync::OnceLock;

use bonafide_core::ReadAt;
use bonafide_format::{Order, Tensor};

use crate::dtype::Scheme;

/// Bytes of a tensor in another order than that of its shape that are held at once.
const HELD: u64 = 32 << 20;

/// How often numbers that a tensor shares with itself may be repeated: expanded tensors have
/// few numbers and large shapes, and reading those would take any time.
const REPEATED: u64 = 16;

/// The numbers of one tensor.
pub(crate) struct Numbers<'a> {
    source: &'a dyn ReadAt,
    /// First byte, and how many there are.
    start: u64,
    length: u64,
    big_endian: bool,
    /// Steps in numbers for each dimension, unless the last is fastest and there are no gaps.
    strides: Option<Vec<u64>>,
    shape: Vec<u64>,
    /// How many there are.
    pub(crate) count: u64,
    pub(crate) scheme: Scheme,
    held: OnceLock<Result<Vec<u8>, String>>,
}

impl<'a> Numbers<'a> {
    /// Checks that what the tensor says of itself fits the file; why not, if it does not.
    pub(crate) fn open(source: &'a dyn ReadAt, tensor: &Tensor) -> Result<Self, String> {
        let Some(place) = &tensor.place else {
            return Err("where its numbers are is not known".to_owned());
        };
        let scheme = Scheme::named(&tensor.dtype).ok_or_else(|| {
            format!(
                "numbers of type `{}` are not read",
                crate::shown(&tensor.dtype)
            )
        })?;
        let (block, bytes) = scheme.block();
        if place.big_endian && block > 1 {
            return Err("blocks with the most significant byte first are not read".to_owned());
        }
        let length = place.range.end.checked_sub(place.range.start);
        let length = length.filter(|_| place.range.end <= source.size());
        let length = length.ok_or("its numbers reach beyond the file")?;
        let product = |lengths: &[u64]| lengths.iter().copied().try_fold(1, u64::checked_mul);
        let count = product(&tensor.shape)
            .filter(|count| *count <= u64::MAX >> 8)
            .ok_or("its shape has more numbers than there can be")?;
        let row = tensor.shape.last().copied().unwrap_or(1);
        if !row.is_multiple_of(block) {
            return Err(format!(
                "its rows of {row} numbers are no whole blocks of {block}"
            ));
        }
        let strides = match &place.order {
            Order::RowMajor => None,
            Order::ColumnMajor => Some(column_major(&tensor.shape)),
            Order::Strided(strides) => Some(strides.clone()),
        };
        let strides = strides.filter(|strides| *strides != row_major(&tensor.shape));
        if let Some(strides) = &strides {
            if block > 1 {
                return Err(
                    "blocks in another order than that of the shape are not read".to_owned(),
                );
            }
            let stored = length / bytes;
            reaches(&tensor.shape, strides, count, stored)?;
        } else if (count / block).checked_mul(bytes) != Some(length) {
            return Err(format!(
                "{length} bytes are not what its {count} numbers take"
            ));
        }
        Ok(Self {
            source,
            start: place.range.start,
            length,
            big_endian: place.big_endian,
            strides,
            shape: tensor.shape.clone(),
            count,
            scheme,
            held: OnceLock::new(),
        })
    }

    /// Whether its bytes are in the same order and of the same type as those of another, so
    /// that bytes can be compared in place of numbers.
    pub(crate) fn alike(&self, other: &Self) -> bool {
        self.scheme == other.scheme
            && self.big_endian == other.big_endian
            && self.strides.is_none()
            && other.strides.is_none()
    }

    /// The bytes of some numbers; only where the order is that of the shape. Both `start` and
    /// `count` are whole blocks.
    pub(crate) fn bytes(&self, start: u64, count: u64, into: &mut Vec<u8>) -> Result<(), String> {
        let (block, bytes) = self.scheme.block();
        self.at(
            (start / block).saturating_mul(bytes),
            (count / block).saturating_mul(bytes),
            into,
        )
    }

    /// Adds numbers from `start` on in the order of the shape, and their bytes if that is the
    /// order in which they are stored.
    pub(crate) fn read(
        &self,
        start: u64,
        count: u64,
        numbers: &mut Vec<f64>,
        bytes: &mut Vec<u8>,
    ) -> Result<(), String> {
        bytes.clear();
        if start.checked_add(count).is_none_or(|end| end > self.count) {
            return Err("numbers beyond its end were asked for".to_owned());
        }
        match &self.strides {
            None => {
                self.bytes(start, count, bytes)?;
                self.scheme.decode(bytes, self.big_endian, numbers);
            }
            Some(strides) if self.length <= HELD => {
                let held = self.held.get_or_init(|| {
                    let mut held = Vec::new();
                    self.at(0, self.length, &mut held).map(|()| held)
                });
                let held = held.as_ref().map_err(Clone::clone)?;
                let size = usize::try_from(self.scheme.block().1).unwrap_or(1);
                for index in start..start + count {
                    let at =
                        usize::try_from(offset(&self.shape, strides, index)).unwrap_or(usize::MAX);
                    let one = at
                        .checked_mul(size)
                        .and_then(|at| held.get(at..at.checked_add(size)?));
                    let one = one.ok_or("a step leads beyond its numbers")?;
                    self.scheme.decode(one, self.big_endian, numbers);
                }
            }
            Some(strides) => self.columns(strides, start, count, numbers)?,
        }
        Ok(())
    }

    /// Reads rows of a large matrix that is stored by columns: one read for each column.
    fn columns(
        &self,
        strides: &[u64],
        start: u64,
        count: u64,
        numbers: &mut Vec<f64>,
    ) -> Result<(), String> {
        let (&[_, columns], &[1, step]) = (self.shape.as_slice(), strides) else {
            return Err(
                "it is too large to be read in an order that is not that of its shape".to_owned(),
            );
        };
        let whole = columns > 0 && start.is_multiple_of(columns) && count.is_multiple_of(columns);
        if !whole {
            return Err("its rows are too long to be read from columns".to_owned());
        }
        let (first, rows) = (start / columns, count / columns);
        let size = self.scheme.block().1;
        let width = usize::try_from(columns).map_err(|_| "its rows are too long")?;
        let from = numbers.len();
        let room = usize::try_from(count).map_err(|_| "too many numbers were asked for")?;
        numbers.resize(from + room, 0.0);
        let (mut bytes, mut column) = (Vec::new(), Vec::new());
        for index in 0..columns {
            bytes.clear();
            column.clear();
            let at = index.saturating_mul(step).saturating_add(first);
            self.at(
                at.saturating_mul(size),
                rows.saturating_mul(size),
                &mut bytes,
            )?;
            self.scheme.decode(&bytes, self.big_endian, &mut column);
            let skip = from + usize::try_from(index).unwrap_or(usize::MAX);
            for (place, number) in numbers.iter_mut().skip(skip).step_by(width).zip(&column) {
                *place = *number;
            }
        }
        Ok(())
    }

    /// Bytes of the tensor.
    fn at(&self, at: u64, length: u64, into: &mut Vec<u8>) -> Result<(), String> {
        if at.checked_add(length).is_none_or(|end| end > self.length) {
            return Err("bytes beyond its end were asked for".to_owned());
        }
        let length = usize::try_from(length).map_err(|_| "too many bytes were asked for")?;
        into.clear();
        into.resize(length, 0);
        self.source.read_at(self.start + at, into).map_err(|error| {
            format!(
                "its bytes at {} could not be read: {error}",
                self.start + at
            )
        })
    }
}

/// Steps of numbers whose last dimension is fastest.
fn row_major(shape: &[u64]) -> Vec<u64> {
    let mut strides: Vec<u64> = column_major(&shape.iter().rev().copied().collect::<Vec<_>>());
    strides.reverse();
    strides
}

/// Steps of numbers whose first dimension is fastest.
fn column_major(shape: &[u64]) -> Vec<u64> {
    shape
        .iter()
        .scan(1_u64, |step, length| {
            let this = *step;
            *step = step.saturating_mul(*length);
            Some(this)
        })
        .collect()
}

/// Whether all steps stay within what is stored.
fn reaches(shape: &[u64], strides: &[u64], count: u64, stored: u64) -> Result<(), String> {
    if strides.len() != shape.len() {
        return Err(format!(
            "{} steps are given for {} dimensions",
            strides.len(),
            shape.len()
        ));
    }
    if count == 0 {
        return Ok(());
    }
    let last = shape
        .iter()
        .zip(strides)
        .try_fold(0_u64, |sum, (length, step)| {
            sum.checked_add(length.saturating_sub(1).checked_mul(*step)?)
        });
    if last.is_none_or(|last| last >= stored) {
        return Err("its steps lead beyond its numbers".to_owned());
    }
    if count / REPEATED > stored {
        return Err(format!(
            "its shape repeats {stored} numbers more than {REPEATED} times"
        ));
    }
    Ok(())
}

/// Where a number is, in numbers.
fn offset(shape: &[u64], strides: &[u64], mut index: u64) -> u64 {
    let mut at = 0_u64;
    for (length, step) in shape.iter().zip(strides).rev() {
        let length = (*length).max(1);
        at = at.saturating_add((index % length).saturating_mul(*step));
        index /= length;
    }
    at
}
