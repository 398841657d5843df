//! Tensors of a GGUF file: their descriptions, and where their numbers are.

use std::collections::HashSet;

use bonafide_core::excerpt;

use super::keys::Keys;
use super::not_allowed;
use super::reader::{Order, Reader};
use super::rules::{DUPLICATE_TENSOR, LAYOUT, UNKNOWN_TYPE};
use super::types::{Kind, kind};
use crate::coverage::State;
use crate::facts::{self, Tensor};
use crate::stop::Stop;
use crate::tensor::content::Examiner;
use crate::visit::Visit;

/// What ggml has room for.
const MOST_DIMENSIONS: u32 = 4;

/// The same for names, with the NUL that ends them.
const LONGEST_NAME: usize = 64;

/// What is read of one all the same.
const LONGEST_READ: u64 = 1 << 16;

/// A tensor, and where its numbers begin, counted from the start of all numbers.
struct Info {
    name: String,
    offset: u64,
    /// None if its type or shape does not say.
    size: Option<u64>,
    /// Where it is in the list of all tensors.
    index: Option<usize>,
}

/// Reads the descriptions, and claims the numbers.
pub(super) fn read(
    visit: &mut Visit<'_>,
    reader: &mut Reader<'_>,
    count: u64,
    keys: &Keys,
) -> Result<(), Stop> {
    let alignment = keys.alignment();
    let mut infos = Vec::new();
    let mut names = HashSet::new();
    for _ in 0..count {
        let start = reader.cursor.position();
        let info = describe(visit, reader, keys, alignment)?;
        visit.cover(start..reader.cursor.position(), State::Scanned);
        if !names.insert(info.name.clone()) {
            let place = start..reader.cursor.position();
            let message = format!("`{}` is there twice", excerpt(&info.name, 80));
            visit.report_about(&DUPLICATE_TENSOR, Some(place), &info.name, message);
        }
        infos.push(info);
    }
    if infos.is_empty() {
        return Ok(());
    }
    let header = reader.cursor.position();
    let data = header
        .checked_next_multiple_of(alignment)
        .ok_or_else(|| Stop::malformed(header, "the alignment is too large"))?;
    infos.sort_by_key(|info| (info.offset, info.size));
    place(visit, data, &infos, reader.order == Order::Big);
    Ok(())
}

fn describe(
    visit: &mut Visit<'_>,
    reader: &mut Reader<'_>,
    keys: &Keys,
    alignment: u64,
) -> Result<Info, Stop> {
    let start = reader.cursor.position();
    let name = reader.text(LONGEST_READ)?;
    let length = name.len();
    let name = String::from_utf8_lossy(name).into_owned();
    if length >= LONGEST_NAME {
        let place = start..reader.cursor.position();
        not_allowed(
            visit,
            place,
            &format!("a tensor with a name of {length} bytes"),
        );
    }
    let at = reader.cursor.position();
    let dimensions = reader.u32()?;
    if dimensions > MOST_DIMENSIONS {
        let message = format!("a tensor of {dimensions} dimensions");
        return Err(Stop::malformed(at, message));
    }
    let mut shape = Vec::with_capacity(4);
    for _ in 0..dimensions {
        shape.push(reader.length()?);
    }
    let number = reader.u32()?;
    let offset = reader.u64()?;
    let place = start..reader.cursor.position();
    let known = kind(number);
    let size = known.and_then(|kind| kind.size(&shape));
    let shown = excerpt(&name, 80);
    match (known, size) {
        (None, _) => {
            let message = format!("`{shown}` is of type {number}");
            visit.report_about(&UNKNOWN_TYPE, Some(place.clone()), &name, message);
        }
        (Some(kind), None) => {
            let message = format!("`{shown}` cannot be {} of shape {shape:?}", kind.name);
            visit.report_about(&LAYOUT, Some(place.clone()), &name, message);
        }
        (Some(_), Some(_)) => {}
    }
    if !offset.is_multiple_of(alignment) {
        let message = format!("`{shown}` is at {offset}, which is not aligned to {alignment}");
        visit.report_about(&LAYOUT, Some(place.clone()), &name, message);
    }
    if name == "token_embd.weight"
        && let [length, rows] = shape.as_slice()
    {
        keys.embedding(visit, place, *length, *rows);
    }
    // Shapes are written with the innermost dimension first.
    shape.reverse();
    let index = visit.tensor(Tensor {
        place: None,
        name: name.clone(),
        dtype: known.map_or_else(
            || format!("type {number}"),
            |Kind { name, .. }| name.to_owned(),
        ),
        shape,
    });
    Ok(Info {
        name,
        offset,
        size,
        index,
    })
}

/// Claims the numbers of the tensors, which are in order.
fn place(visit: &mut Visit<'_>, data: u64, infos: &[Info], big_endian: bool) {
    let end = visit.size();
    let mut examiner = Examiner::default();
    let mut reached = 0_u64;
    for (index, info) in infos.iter().enumerate() {
        let start = data.saturating_add(info.offset);
        let shown = excerpt(&info.name, 80);
        let Some(size) = info.size else {
            // As far as it can go.
            let next = infos.get(index + 1).map_or(u64::MAX, |next| next.offset);
            let until = data.saturating_add(next).min(end);
            let state = State::Unsupported("how long the tensor is cannot be said".to_owned());
            visit.cover(start..until.max(start), state);
            reached = reached.max(next.min(end));
            continue;
        };
        let stop = start.saturating_add(size);
        let numbers = visit.place(start..stop, facts::Order::RowMajor, big_endian);
        visit.locate(info.index, numbers);
        let wrong = if stop > end {
            Some(format!("ends at {stop}, and the file at {end}"))
        } else if info.offset < reached {
            Some(format!(
                "starts {} bytes before the one in front of it ends",
                reached - info.offset
            ))
        } else {
            None
        };
        if let Some(wrong) = wrong {
            let message = format!("`{shown}` {wrong}");
            visit.report_about(
                &LAYOUT,
                Some(start.min(end)..stop.min(end)),
                &info.name,
                message,
            );
        }
        let stop = stop.min(end);
        if start < stop {
            examiner.examine(visit, &info.name, start..stop);
            visit.cover(start..stop, State::Data);
        }
        reached = reached.max(info.offset.saturating_add(size));
    }
}
