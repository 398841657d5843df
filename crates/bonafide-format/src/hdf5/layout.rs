//! Where the numbers of a dataset are (sections IV.A.2.h and IV.A.2.i).

use bonafide_core::excerpt;

use super::datatype::{self, Class, Datatype};
use super::fields::Fields;
use super::header::Message;
use super::tree::{self, Kind};
use super::walk::Walk;
use super::{EXTERNAL_STORAGE, VIRTUAL_DATASET, attribute, group};
use crate::coverage::State;
use crate::facts::ReferenceKind;
use crate::stop::Stop;

/// Most bytes of a dataset of text or bytes that are searched for something that runs.
const MOST_SEARCHED: u64 = 16 << 20;

/// Files that the numbers are in.
pub(super) fn external_files(
    walk: &mut Walk<'_, '_>,
    message: &Message,
    path: &str,
) -> Result<(), Stop> {
    let mut fields = message.fields();
    fields.take(6)?;
    let used = fields.u16()?;
    let heap = walk.block.address(&mut fields)?;
    let heap = heap.ok_or_else(|| Stop::malformed(message.at, "names of files have no heap"))?;
    let names = group::local_heap(walk, heap)?;
    let length = walk.block.length;
    for _ in 0..used {
        let name = fields.size(length)?;
        fields.take(2 * length)?;
        let name = group::text_at(&names, name, message.at)?;
        walk.visit
            .facts()
            .add_reference(ReferenceKind::Weights, &name);
        let text = format!(
            "`{}` is read from the file `{}`",
            excerpt(path, 80),
            excerpt(&name, 120)
        );
        let range = message.at..fields.at();
        walk.visit
            .report_about(&EXTERNAL_STORAGE, Some(range), &name, text);
    }
    Ok(())
}

/// Claims the numbers of a dataset, and looks into those that can be something else.
pub(super) fn dataset(
    walk: &mut Walk<'_, '_>,
    message: &Message,
    kind: &Datatype,
    shape: &[u64],
    packed: bool,
    path: &str,
) -> Result<(), Stop> {
    let block = walk.block.clone();
    let whole = kind.size.saturating_mul(datatype::count(shape));
    let mut fields = message.fields();
    let version = fields.u8()?;
    let (class, rank) = match version {
        1 | 2 => {
            let rank = usize::from(fields.u8()?);
            let class = fields.u8()?;
            fields.take(5)?;
            (class, rank)
        }
        // Version 5 differs in the width of sizes that are told beside them.
        3..=5 => (fields.u8()?, 0),
        _ => return Err(Stop::unsupported(format!("a layout of version {version}"))),
    };
    match class {
        0 => {
            let size = if version < 3 {
                fields.take(4 * rank)?;
                fields.size(4)?
            } else {
                fields.size(2)?
            };
            let at = fields.at();
            let data = fields.take(size)?.to_vec();
            content(walk, kind, at, &data, path)
        }
        1 => {
            let at = block.address(&mut fields)?;
            let stored = if version < 3 {
                whole
            } else {
                fields.number(block.length)?
            };
            match at {
                Some(at) => stretch(walk, kind, at, stored, path),
                None => Ok(()),
            }
        }
        2 if version < 4 => {
            let dimensions = if version < 3 {
                rank
            } else {
                usize::from(fields.u8()?)
            };
            let root = block.address(&mut fields)?;
            let Some(root) = root else {
                return Ok(());
            };
            let leaves = tree::leaves(walk, root, Kind::Chunks(dimensions))?;
            for leaf in leaves {
                if leaf.size > walk.left(leaf.at) {
                    return Err(Stop::malformed(leaf.at, "a chunk is longer than the file"));
                }
                piece(walk, kind, leaf.at, leaf.size, packed, path)?;
            }
            Ok(())
        }
        2 => chunks(walk, &mut fields, kind, shape, packed, path),
        3 => virtual_dataset(walk, &mut fields, path, message.at),
        other => Err(Stop::malformed(
            message.at,
            format!("there is no layout of class {other}"),
        )),
    }
}

/// Chunks as version 4 lists them.
fn chunks(
    walk: &mut Walk<'_, '_>,
    fields: &mut Fields<'_>,
    kind: &Datatype,
    shape: &[u64],
    packed: bool,
    path: &str,
) -> Result<(), Stop> {
    let block = walk.block.clone();
    let flags = fields.u8()?;
    let rank = usize::from(fields.u8()?);
    let width = usize::from(fields.u8()?);
    let lengths: Result<Vec<u64>, Stop> = (0..rank).map(|_| fields.number(width)).collect();
    let lengths = lengths?;
    let size = datatype::count(&lengths);
    // The last length is that of an element.
    let number = lengths
        .iter()
        .zip(shape)
        .fold(1_u64, |product, (chunk, length)| {
            product.saturating_mul(length.div_ceil((*chunk).max(1)))
        });
    match fields.u8()? {
        1 => {
            let stored = if flags & 2 == 0 {
                size
            } else {
                let stored = fields.number(block.length)?;
                fields.take(4)?;
                stored
            };
            match block.address(fields)? {
                Some(at) => piece(walk, kind, at, stored, packed, path),
                None => Ok(()),
            }
        }
        2 => match block.address(fields)? {
            Some(at) => stretch(walk, kind, at, size.saturating_mul(number), path),
            None => Ok(()),
        },
        3 => {
            fields.take(1)?;
            match block.address(fields)? {
                Some(at) => fixed_array(walk, at, kind, size, packed, path),
                None => Ok(()),
            }
        }
        _ => Err(Stop::unsupported(
            "a dataset that can grow, in the newest layout",
        )),
    }
}

/// Chunks in a fixed array (section III.F).
fn fixed_array(
    walk: &mut Walk<'_, '_>,
    at: u64,
    kind: &Datatype,
    size: u64,
    packed: bool,
    path: &str,
) -> Result<(), Stop> {
    let block = walk.block.clone();
    walk.enter(at)?;
    let head_size = (12 + block.length + block.offset) as u64;
    let bytes = walk.read(at, head_size)?;
    let mut fields = Fields::new(&bytes, at);
    fields.signature(b"FAHD")?;
    fields.take(1)?;
    let client = fields.u8()?;
    let entry = usize::from(fields.u8()?);
    let page = fields.u8()?;
    let count = fields.number(block.length)?;
    let data = block.address(&mut fields)?;
    walk.claim(at, head_size);
    let Some(data) = data else {
        return Ok(());
    };
    if count > 1_u64.checked_shl(u32::from(page)).unwrap_or(u64::MAX) {
        return Err(Stop::unsupported("a list of chunks in pages"));
    }
    if entry < block.offset || (client == 1 && entry < block.offset + 4) {
        return Err(Stop::malformed(
            at,
            "a list of chunks has impossible measures",
        ));
    }
    walk.enter(data)?;
    let total = count
        .saturating_mul(entry as u64)
        .saturating_add((10 + block.offset) as u64);
    let bytes = walk.read(data, total)?;
    let mut fields = Fields::new(&bytes, data);
    fields.signature(b"FADB")?;
    fields.take(2 + block.offset)?;
    walk.claim(data, total);
    for _ in 0..count {
        let mut element = fields.part(entry)?;
        let at = block.address(&mut element)?;
        let stored = if client == 1 {
            element.number(entry - block.offset - 4)?
        } else {
            size
        };
        if let Some(at) = at {
            piece(walk, kind, at, stored, packed, path)?;
        }
    }
    Ok(())
}

/// A chunk. What is packed is not unpacked: it is numbers to every loader of models.
fn piece(
    walk: &mut Walk<'_, '_>,
    kind: &Datatype,
    at: u64,
    stored: u64,
    packed: bool,
    path: &str,
) -> Result<(), Stop> {
    if packed {
        walk.work(16)?;
        let state = match kind.class {
            Class::Numbers => State::Data,
            _ => State::Skipped("packed text or bytes were not unpacked".to_owned()),
        };
        walk.claim_as(at, stored, state);
        return Ok(());
    }
    stretch(walk, kind, at, stored, path)
}

/// Bytes that are elements, one after the other.
fn stretch(
    walk: &mut Walk<'_, '_>,
    kind: &Datatype,
    at: u64,
    stored: u64,
    path: &str,
) -> Result<(), Stop> {
    if stored > walk.left(at) {
        return Err(Stop::malformed(
            at,
            format!("`{}` is longer than the file", excerpt(path, 80)),
        ));
    }
    walk.work(16)?;
    if kind.class == Class::Numbers || stored == 0 {
        walk.claim_as(at, stored, State::Data);
        walk.numbers
            .push((at..at.saturating_add(stored), path.to_owned()));
        return Ok(());
    }
    let searched = stored.min(MOST_SEARCHED);
    let data = walk.read(at, searched)?;
    content(walk, kind, at, &data, path)?;
    walk.claim_as(at, stored, State::Data);
    Ok(())
}

/// Looks into text and bytes.
fn content(
    walk: &mut Walk<'_, '_>,
    kind: &Datatype,
    at: u64,
    data: &[u8],
    path: &str,
) -> Result<(), Stop> {
    match kind.class {
        Class::Numbers | Class::References => {}
        Class::Bytes => {
            // As one thing (an array of bytes), and each text on its own.
            let name = format!("{} at {at}", excerpt(path, 120));
            if !walk.visit.payload(&name, data) && kind.size > 16 {
                let size = usize::try_from(kind.size).unwrap_or(usize::MAX);
                for (number, value) in data.chunks(size).enumerate() {
                    walk.work(kind.size / 8 + 16)?;
                    let start = at.saturating_add((number as u64).saturating_mul(kind.size));
                    let end = start.saturating_add(value.len() as u64);
                    crate::payload::examine(walk.visit, value, start..end);
                }
            }
        }
        Class::Variable => {
            let mut fields = Fields::new(data, at);
            while fields.rest().len() >= 8 + walk.block.offset {
                // The collection is searched when it is first read.
                attribute::variable(walk, &mut fields)?;
            }
        }
    }
    Ok(())
}

/// A dataset that is made of others.
fn virtual_dataset(
    walk: &mut Walk<'_, '_>,
    fields: &mut Fields<'_>,
    path: &str,
    at: u64,
) -> Result<(), Stop> {
    let place = walk.block.address(fields)?;
    let index = fields.u32()?;
    let mut file = "?".to_owned();
    if let Some(place) = place {
        let bytes = walk.value(place, index)?;
        let mut list = Fields::new(&bytes, place);
        list.take(1 + walk.block.length)?;
        file = list.text()?;
    }
    walk.visit
        .facts()
        .add_reference(ReferenceKind::Weights, &file);
    let message = format!(
        "`{}` is put together from `{}`",
        excerpt(path, 80),
        excerpt(&file, 120)
    );
    walk.visit
        .report_about(&VIRTUAL_DATASET, Some(at..fields.at()), &file, message);
    Ok(())
}
