//! Which bytes of a file belong to which tensor.

use std::collections::BTreeMap;
use std::ops::Range;

use bonafide_format::{Order, Tensor};

use super::element::Element;
use super::usual::Usual;
use crate::file::WeightFile;

/// Rows of fewer numbers are not looked at: they may be zero by chance, and a vector that is
/// written as a column has one in each.
pub(super) const SHORTEST_ROW: u64 = 16;

/// The tensors of a file, by their bytes.
#[derive(Debug)]
pub(super) struct Layout {
    /// In order, and never one in another.
    pub(super) extents: Vec<Extent>,
    /// Tensors without numbers.
    pub(super) empty: u64,
    /// Tensors that are not looked at: number, why.
    pub(super) unread: Vec<(usize, String)>,
}

/// A run of numbers.
#[derive(Debug)]
pub(super) struct Extent {
    pub(super) range: Range<u64>,
    pub(super) element: Element,
    /// Elements in a row; none if it has no rows, or none that are together.
    pub(super) row: Option<u64>,
    pub(super) rows: u64,
    /// The tensors that are stored in it, by their numbers in the list; at least one.
    pub(super) tensors: Vec<usize>,
    pub(super) usual: Usual,
}

impl Layout {
    pub(super) fn of(file: &WeightFile<'_>) -> Self {
        let mut layout = Self {
            extents: Vec::new(),
            empty: 0,
            unread: Vec::new(),
        };
        let size = file.source.size();
        // The widest first where several start together.
        let mut found: BTreeMap<(u64, std::cmp::Reverse<u64>), Vec<Extent>> = BTreeMap::new();
        for (number, tensor) in file.tensors.iter().enumerate() {
            match extent(tensor, number, size) {
                Ok(None) => layout.empty += 1,
                Ok(Some(extent)) => {
                    let key = (extent.range.start, std::cmp::Reverse(extent.range.end));
                    let there = found.entry(key).or_default();
                    // The same tensor by another name: not another one.
                    let same = there.iter_mut().find(|other| {
                        other.element == extent.element
                            && (other.row, other.rows) == (extent.row, extent.rows)
                            && other.usual == extent.usual
                    });
                    match same {
                        Some(other) => other.tensors.push(number),
                        None => there.push(extent),
                    }
                }
                Err(why) => layout.unread.push((number, why)),
            }
        }
        let mut reached = 0;
        for extent in found.into_values().flatten() {
            if extent.range.start < reached {
                let why = "its bytes are also those of another tensor, of another shape or type";
                let tensors = extent.tensors.into_iter();
                let unread = tensors.map(|number| (number, why.to_owned()));
                layout.unread.extend(unread);
                continue;
            }
            reached = extent.range.end;
            layout.extents.push(extent);
        }
        layout.unread.sort();
        layout
    }

    /// The first extent that ends behind an offset.
    pub(super) fn after(&self, offset: u64) -> usize {
        self.extents
            .partition_point(|extent| extent.range.end <= offset)
    }
}

/// Where the numbers of a tensor are; none if it has none, or why it cannot be looked at.
fn extent(tensor: &Tensor, number: usize, size: u64) -> Result<Option<Extent>, String> {
    if tensor.shape.contains(&0) {
        return Ok(None);
    }
    let place = tensor
        .place
        .as_ref()
        .ok_or("where its numbers are is not known, or they are packed")?;
    let element = Element::of(tensor).ok_or_else(|| {
        let name = bonafide_core::excerpt(&tensor.dtype, 40);
        format!("numbers of type {name} are not looked at")
    })?;
    let mut lengths = tensor.shape.iter().copied();
    let numbers = lengths.try_fold(1_u64, u64::checked_mul);
    let elements = numbers.and_then(|numbers| {
        numbers
            .is_multiple_of(element.numbers())
            .then_some(numbers / element.numbers())
    });
    let length = elements.and_then(|elements| elements.checked_mul(element.bytes() as u64));
    let held = place.range.end.checked_sub(place.range.start);
    if length.is_none() || place.range.end > size {
        return Err("its shape has more numbers than the file".to_owned());
    }
    let whole_rows = match &place.order {
        Order::RowMajor => true,
        Order::ColumnMajor => false,
        // A view that has all numbers between its first and last once is as good as a tensor.
        Order::Strided(_) if held == length => false,
        Order::Strided(_) => {
            return Err("its numbers are stored with gaps, or several times over".to_owned());
        }
    };
    if held != length {
        return Err("its shape does not fit its bytes".to_owned());
    }
    if let Order::Strided(strides) = &place.order
        && !is_permuted(&tensor.shape, strides)
    {
        return Err("its numbers are stored with gaps, or several times over".to_owned());
    }
    let rows = tensor.shape.first().copied().unwrap_or(1);
    let in_row = numbers.unwrap_or(0) / rows.max(1);
    let is_row = whole_rows
        && tensor.shape.len() >= 2
        && rows >= 2
        && in_row >= SHORTEST_ROW
        && in_row.is_multiple_of(element.numbers());
    Ok(Some(Extent {
        range: place.range.clone(),
        element,
        row: is_row.then_some(in_row / element.numbers()),
        rows,
        tensors: vec![number],
        usual: Usual::of(tensor, element.kind()),
    }))
}

/// Whether steps go through all numbers once, in whatever order of dimensions.
fn is_permuted(shape: &[u64], strides: &[u64]) -> bool {
    let mut steps: Vec<(u64, u64)> = strides.iter().copied().zip(shape.iter().copied()).collect();
    steps.retain(|(_, length)| *length != 1);
    steps.sort_unstable();
    let mut wanted = Some(1_u64);
    shape.len() == strides.len()
        && steps.iter().all(|(stride, length)| {
            let fits = wanted == Some(*stride);
            wanted = wanted.and_then(|wanted| wanted.checked_mul(*length));
            fits
        })
}
