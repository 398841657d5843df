//! The index of a TensorFlow checkpoint (tensor_bundle.proto): a table in the form of
//! LevelDB, which says for each variable where its numbers are in the files beside it.

use std::ops::Range;

use crate::coverage::State;
use crate::facts::Tensor;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::onnx::ExternalFile;
use crate::protobuf::{Field, Value, outline};
use crate::route::Probe;
use crate::stop::Stop;
use crate::tensorflow::rules;
use crate::tensorflow::value::TYPES;
use crate::visit::Visit;

pub(crate) const CHECKPOINT_INDEX: Format = Format {
    name: "tensorflow-checkpoint-index",
    title: "TensorFlow checkpoint index",
    extensions: &[],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe,
    inspect,
};

/// The last eight bytes of every table.
const MAGIC: &[u8] = &[0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];
const FOOTER: u64 = 48;

/// After each block: how it is compressed, and a checksum.
const TRAILER: u64 = 5;

/// Most fields of an entry.
const MOST_FIELDS: usize = 256;

fn probe(probe: &Probe<'_>) -> Likeness {
    if probe.size >= FOOTER && probe.tail.ends_with(MAGIC) {
        return Likeness::Certain;
    }
    Likeness::No
}

/// Takes a number in groups of seven bits from the front.
fn number(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// Where a block is, as footers and indices write it.
fn handle(bytes: &mut &[u8], size: u64) -> Option<Range<u64>> {
    let start = number(bytes)?;
    let length = number(bytes)?;
    let end = start.checked_add(length)?;
    (end.checked_add(TRAILER)? <= size).then_some(start..end)
}

/// The keys and values of a block, without its restarts.
fn entries(block: &[u8]) -> Option<Vec<(Vec<u8>, &[u8])>> {
    let (rest, count) = block.split_last_chunk()?;
    let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
    let restarts = count.checked_mul(4)?;
    let mut rest = rest.get(..rest.len().checked_sub(restarts)?)?;
    let mut entries: Vec<(Vec<u8>, &[u8])> = Vec::new();
    let mut held = 0_usize;
    while !rest.is_empty() {
        let shared = usize::try_from(number(&mut rest)?).ok()?;
        let own = usize::try_from(number(&mut rest)?).ok()?;
        let length = usize::try_from(number(&mut rest)?).ok()?;
        let (delta, after) = rest.split_at_checked(own)?;
        let (value, after) = after.split_at_checked(length)?;
        rest = after;
        let before = entries.last().map_or(&[][..], |(key, _)| key.as_slice());
        let mut key = before.get(..shared)?.to_vec();
        key.extend_from_slice(delta);
        // Keys repeat what they share, so that they could grow without measure.
        held = held.checked_add(key.len())?;
        if held > block.len().checked_mul(16)?.checked_add(1 << 16)? {
            return None;
        }
        entries.push((key, value));
    }
    Some(entries)
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let size = visit.size();
    let start = size.saturating_sub(FOOTER);
    let footer = visit.read(start..size)?;
    visit.cover(start..size, State::Scanned);
    let mut rest = footer.as_slice();
    let broken = |what: &str| Stop::malformed(start, format!("{what} is not where it should be"));
    let other = handle(&mut rest, size).ok_or_else(|| broken("the second index"))?;
    let index = handle(&mut rest, size).ok_or_else(|| broken("the index"))?;
    visit.cover(other.start..other.end + TRAILER, State::Scanned);
    let index = block(visit, index)?;
    let blocks = entries(&index).ok_or_else(|| broken("an entry of the index"))?;
    let mut shards = 1_u64;
    let mut ranges: Vec<(u64, Range<u64>)> = Vec::new();
    for (_, value) in blocks {
        let mut value = value;
        let place = handle(&mut value, size).ok_or_else(|| broken("a block"))?;
        let at = place.start;
        let bytes = block(visit, place)?;
        visit.work(bytes.len() as u64)?;
        let malformed = || Stop::malformed(at, "an entry of a block does not end in it");
        for (key, value) in entries(&bytes).ok_or_else(malformed)? {
            let (fields, _) = outline(&value, 0..value.len() as u64, MOST_FIELDS);
            if key.is_empty() {
                shards = varint_of(&fields, 1).unwrap_or(1);
                continue;
            }
            let name = String::from_utf8_lossy(&key).into_owned();
            ranges.extend(tensor(visit, name, value, &fields));
        }
    }
    link(visit, shards, ranges);
    Ok(())
}

/// A block, which must not be compressed: the writer of checkpoints does not do that.
fn block(visit: &mut Visit<'_>, place: Range<u64>) -> Result<Vec<u8>, Stop> {
    let mut bytes = visit.read(place.start..place.end + TRAILER)?;
    let trailer = usize::try_from(TRAILER).unwrap_or(0);
    let kind = bytes.get(bytes.len().saturating_sub(trailer)).copied();
    if kind != Some(0) {
        return Err(Stop::unsupported("a compressed table"));
    }
    bytes.truncate(bytes.len().saturating_sub(trailer));
    visit.cover(place.start..place.end + TRAILER, State::Scanned);
    Ok(bytes)
}

fn varint_of(fields: &[Field], number: u32) -> Option<u64> {
    fields.iter().find_map(|field| match field.value {
        Value::Varint(value) if field.number == number => Some(value),
        _ => None,
    })
}

/// Takes down a variable; which file its numbers are in, and where.
fn tensor(
    visit: &mut Visit<'_>,
    name: String,
    value: &[u8],
    fields: &[Field],
) -> Option<(u64, Range<u64>)> {
    let mut shape = Vec::new();
    for field in fields {
        if let (2, Value::Bytes(content)) = (field.number, field.value) {
            for axis in outline(&value, content.range(), MOST_FIELDS).0 {
                if let (2, Value::Bytes(content)) = (axis.number, axis.value) {
                    let (axis, _) = outline(&value, content.range(), 4);
                    shape.push(varint_of(&axis, 1).unwrap_or(0));
                }
            }
        }
    }
    let kind = varint_of(fields, 1).unwrap_or(0);
    let known = usize::try_from(kind).ok().and_then(|kind| TYPES.get(kind));
    let dtype = known.map_or_else(|| format!("type {kind}"), |known| known.0.to_owned());
    visit.tensor(Tensor {
        name,
        dtype,
        shape,
        place: None,
    });
    let offset = varint_of(fields, 4).unwrap_or(0);
    let length = varint_of(fields, 5).unwrap_or(0);
    let end = offset.checked_add(length)?;
    (length > 0).then(|| (varint_of(fields, 3).unwrap_or(0), offset..end))
}

/// What the files beside the index have to hold. TensorFlow finds them by its name.
fn link(visit: &mut Visit<'_>, shards: u64, mut ranges: Vec<(u64, Range<u64>)>) {
    let Some(prefix) = visit.name().strip_suffix(".index") else {
        return;
    };
    ranges.sort_by_key(|(shard, range)| (*shard, range.start));
    let mut files: Vec<(u64, ExternalFile)> = Vec::new();
    for (shard, range) in ranges {
        match files.last_mut() {
            Some((last, file)) if *last == shard => match file.ranges.last_mut() {
                Some(before) if range.start <= before.end => {
                    before.end = before.end.max(range.end);
                }
                _ => file.ranges.push(range),
            },
            _ => files.push((
                shard,
                ExternalFile {
                    location: format!("{prefix}.data-{shard:05}-of-{shards:05}"),
                    ranges: vec![range],
                    rule: &rules::CHECKPOINT_ABSENT,
                },
            )),
        }
    }
    let files = files.into_iter().map(|(_, file)| file);
    visit.links().external.extend(files);
}
