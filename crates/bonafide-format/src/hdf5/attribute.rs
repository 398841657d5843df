//! Attributes (section IV.A.2.m): where Keras keeps the configuration of a model.

use bonafide_core::excerpt;

use super::datatype::{self, Class, Datatype};
use super::fields::Fields;
use super::header::Message;
use super::walk::Walk;
use super::{fractal_heap, group, tree};
use crate::payload::examine;
use crate::stop::Stop;

/// Most values of an attribute that are looked at one by one.
const MOST_VALUES: usize = 100_000;

/// Attributes that are kept in a heap.
pub(super) fn dense(walk: &mut Walk<'_, '_>, message: &Message, path: &str) -> Result<(), Stop> {
    let Some((heap, names, order)) = group::in_heap(walk, message, 2)? else {
        return Ok(());
    };
    let heap = fractal_heap::read(walk, heap)?;
    for record in tree::records(walk, names)? {
        let identifier = record.get(..8).unwrap_or_default();
        let flags = record.get(8).copied().unwrap_or_default();
        if flags & 2 != 0 {
            return Err(Stop::unsupported("an attribute in a shared heap"));
        }
        let Some((at, length)) = heap.locate(identifier, names)? else {
            return Err(Stop::unsupported("an attribute in an identifier"));
        };
        let bytes = walk.read(at, length)?;
        one(walk, &mut Fields::new(&bytes, at), path)?;
    }
    if let Some(order) = order {
        tree::records(walk, order)?;
    }
    Ok(())
}

/// An attribute in a header.
pub(super) fn message(walk: &mut Walk<'_, '_>, message: &Message, path: &str) -> Result<(), Stop> {
    if message.is_shared() {
        return Err(Stop::unsupported("an attribute in a shared heap"));
    }
    one(walk, &mut message.fields(), path)
}

fn one(walk: &mut Walk<'_, '_>, fields: &mut Fields<'_>, path: &str) -> Result<(), Stop> {
    let at = fields.at();
    let version = fields.u8()?;
    let flags = fields.u8()?;
    let sizes = [
        usize::from(fields.u16()?),
        usize::from(fields.u16()?),
        usize::from(fields.u16()?),
    ];
    if version == 3 {
        fields.take(1)?;
    }
    // Version 1 fills each part up to eight bytes.
    let align = |size: usize| {
        if version == 1 {
            size.next_multiple_of(8)
        } else {
            size
        }
    };
    let [name, kind, space] = sizes;
    let name = fields.part(align(name))?.text()?;
    let mut kind_fields = fields.part(align(kind))?;
    let kind = if version > 1 && flags & 1 != 0 {
        let message = walk.shared(&mut kind_fields, 0x03)?;
        datatype::datatype(&mut message.fields(), 0)?
    } else {
        datatype::datatype(&mut kind_fields, 0)?
    };
    let mut space_fields = fields.part(align(space))?;
    if version > 1 && flags & 2 != 0 {
        return Err(Stop::unsupported("a dataspace in a shared heap"));
    }
    let shape = datatype::dimensions(&mut space_fields, walk.block.length)?;
    if !(1..=3).contains(&version) {
        return Err(Stop::malformed(at, "an attribute of an unknown version"));
    }
    let size = kind.size.saturating_mul(datatype::count(&shape));
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let mut data = fields.part(size)?;
    for value in values(walk, &kind, &mut data)? {
        look(walk, path, &name, &value, at);
    }
    Ok(())
}

/// The values that can be text.
fn values(
    walk: &mut Walk<'_, '_>,
    kind: &Datatype,
    data: &mut Fields<'_>,
) -> Result<Vec<Vec<u8>>, Stop> {
    let mut found = Vec::new();
    match kind.class {
        Class::Numbers | Class::References => {}
        Class::Bytes => {
            let size = usize::try_from(kind.size).unwrap_or(usize::MAX).max(1);
            for value in data.rest().chunks(size).take(MOST_VALUES) {
                let end = value
                    .iter()
                    .rposition(|byte| *byte != 0)
                    .map_or(0, |last| last + 1);
                found.push(value.get(..end).unwrap_or_default().to_vec());
            }
        }
        Class::Variable => {
            while data.rest().len() >= 8 + walk.block.offset && found.len() < MOST_VALUES {
                if let Some(value) = variable(walk, data)? {
                    found.push(value);
                }
            }
        }
    }
    Ok(found)
}

/// A value of any length: how long it is, and where.
pub(super) fn variable(
    walk: &mut Walk<'_, '_>,
    data: &mut Fields<'_>,
) -> Result<Option<Vec<u8>>, Stop> {
    let length = data.number(4)?;
    let at = walk.block.address(data)?;
    let index = data.u32()?;
    match at {
        Some(at) if length > 0 && at != walk.block.base => Ok(Some(walk.value(at, index)?)),
        _ => Ok(None),
    }
}

fn look(walk: &mut Walk<'_, '_>, path: &str, name: &str, value: &[u8], at: u64) {
    let range = at..at;
    let text = std::str::from_utf8(value).map(|text| text.trim_end_matches('\0'));
    let Ok(text) = text else {
        examine(walk.visit, value, range);
        return;
    };
    let start = text.trim_start();
    if start.starts_with(['{', '[']) && start.contains('"') {
        // A configuration: judged as the JSON that it is.
        walk.visit.member(name, &text.as_bytes());
        return;
    }
    examine(walk.visit, text.as_bytes(), range);
    if path.is_empty() || path == "model_weights" {
        if matches!(name, "keras_version" | "backend") {
            walk.visit.facts().add_metadata(name, text);
        }
        if name == "keras_version" {
            walk.visit
                .facts()
                .add_producer(&format!("keras {}", excerpt(text, 40)));
        }
    }
}
