//! Llamafiles: a program for all systems ("actually portable executable"), with the
//! weights and its settings in a zip archive at its end.

use super::rules;
use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const LLAMAFILE: Format = Format {
    name: "llamafile",
    title: "a llamafile, or another portable program",
    extensions: &["llamafile"],
    effect: Effect::Code,
    depth: Depth::Structure,
    probe,
    inspect,
};

/// Signature of the end of a zip archive, of an entry of its directory, and of a file in it.
const END: &[u8] = b"PK\x05\x06";
const ENTRY: &[u8] = b"PK\x01\x02";
const FILE: &[u8] = b"PK\x03\x04";

/// True for the start that is a header of DOS and a shell script at once.
pub(super) fn is_start(head: &[u8]) -> bool {
    head.starts_with(b"MZqFpD='") || head.starts_with(b"jartsr='")
}

fn probe(probe: &Probe<'_>) -> Likeness {
    if is_start(probe.head) {
        Likeness::Certain
    } else {
        Likeness::No
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    visit.report(&rules::LLAMAFILE, None, "the model is a program");
    let parts = stored_files(visit)?;
    for part in &parts {
        visit.part(&part.name, part.range.clone());
        visit.cover(part.range.clone(), State::Scanned);
    }
    visit.cover(0..visit.size(), State::Identified);
    Ok(())
}

/// A file of the archive that is there as it is.
struct Part {
    name: String,
    range: std::ops::Range<u64>,
}

/// Files of the archive that are not compressed, as weights never are: they are mapped.
fn stored_files(visit: &mut Visit<'_>) -> Result<Vec<Part>, Stop> {
    /// Bytes at the end in which the archive's last record is.
    const TAIL: u64 = 22 + 65_535;
    /// Most files that are read.
    const MOST: u16 = 1000;

    let size = visit.size();
    let from = size.saturating_sub(TAIL);
    let tail = visit.read(from..size)?;
    let mut parts = Vec::new();
    let Some(end) = memchr::memmem::rfind(&tail, END) else {
        return Ok(parts);
    };
    let mut cursor = visit.cursor(from + end as u64 + 10);
    let count = cursor.u16()?;
    cursor.skip(4)?;
    let mut directory = u64::from(cursor.u32()?);
    if directory == u64::from(u32::MAX) {
        directory = large_directory(visit, from + end as u64)?;
    }
    let mut cursor = visit.cursor(directory);
    for _ in 0..count.min(MOST) {
        if cursor.array::<4>()? != ENTRY {
            break;
        }
        cursor.skip(6)?;
        let method = cursor.u16()?;
        cursor.skip(8)?;
        let mut packed = u64::from(cursor.u32()?);
        let mut unpacked = u64::from(cursor.u32()?);
        let (name, extra, comment) = (cursor.u16()?, cursor.u16()?, cursor.u16()?);
        cursor.skip(8)?;
        let mut at = u64::from(cursor.u32()?);
        let name = String::from_utf8_lossy(cursor.bytes(usize::from(name))?).into_owned();
        let more = cursor.bytes(usize::from(extra))?;
        large_numbers(more, [&mut unpacked, &mut packed, &mut at]);
        cursor.skip(u64::from(comment))?;
        if method != 0 {
            continue;
        }
        let mut file = visit.cursor(at);
        if file.array::<4>()? != FILE {
            continue;
        }
        file.skip(22)?;
        let lengths = u64::from(file.u16()?) + u64::from(file.u16()?);
        file.skip(lengths)?;
        let start = file.position();
        let end = start.saturating_add(packed).min(size);
        // A file that is the whole program again would be read forever.
        if start > 0 && start < end {
            parts.push(Part {
                name,
                range: start..end,
            });
        }
    }
    Ok(parts)
}

/// Where the directory of a zip64 archive is, from the record before its last one.
fn large_directory(visit: &Visit<'_>, end: u64) -> Result<u64, Stop> {
    /// Length of the locator that leads to that record.
    const LOCATOR: u64 = 20;

    let mut cursor = visit.cursor(end.saturating_sub(LOCATOR));
    cursor.skip(8)?;
    let record = cursor.u64()?;
    let mut cursor = visit.cursor(record);
    cursor.skip(48)?;
    cursor.u64()
}

/// Replaces numbers that did not fit by those of the zip64 field.
fn large_numbers(mut extra: &[u8], numbers: [&mut u64; 3]) {
    /// Identifier of the field.
    const LARGE: [u8; 2] = [1, 0];

    let mut values: &[u8] = &[];
    while let Some((header, rest)) = extra.split_first_chunk::<4>() {
        let [first, second, low, high] = *header;
        let length = usize::from(u16::from_le_bytes([low, high]));
        let Some((field, after)) = rest.split_at_checked(length) else {
            break;
        };
        if [first, second] == LARGE {
            values = field;
        }
        extra = after;
    }
    for number in numbers {
        if *number == u64::from(u32::MAX)
            && let Some((value, rest)) = values.split_first_chunk::<8>()
        {
            *number = u64::from_le_bytes(*value);
            values = rest;
        }
    }
}
