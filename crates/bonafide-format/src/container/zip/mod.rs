//! zip: read from header to header *and* by the directory, so that what one reader sees
//! and another one does not is found.

mod directory;
mod member;
mod record;
mod rules;

use std::collections::HashMap;
use std::ops::Range;

use bonafide_core::excerpt;

use crate::container::decode::peek;
use crate::container::zip::directory::{Directory, find};
use crate::container::zip::member::{Member, Scan};
use crate::container::zip::record::{
    DEFERRED, END, Entry, LOCAL, Local, entry, local, u16_at, u32_at, unknown_extras,
};
use crate::container::zip::rules::{
    DIRECTORY, DUPLICATE, HIDDEN, MISSING, OVERLAP, PREFIX, TWO_DIRECTORIES,
};
use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::pytorch;
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) use rules::RULES;

pub(crate) const ZIP: Format = Format {
    name: "zip",
    title: "zip archive",
    extensions: &[
        "zip", "npz", "pt", "pth", "ckpt", "ptl", "whl", "mar", "keras", "skops",
    ],
    effect: Effect::Container,
    depth: Depth::Whole,
    probe,
    inspect,
};

/// Bytes at the end that the last record and its comment may take.
const TAIL: u64 = 22 + 65_535;

/// Most entries of a directory that are read.
const MOST_ENTRIES: usize = 500_000;

/// Most members that no directory lists, and that are looked into.
const MOST_HIDDEN: usize = 1000;

fn probe(probe: &Probe<'_>) -> Likeness {
    if probe.head.starts_with(LOCAL) || probe.head.starts_with(END) {
        return Likeness::Certain;
    }
    let mut likeness = Likeness::No;
    for directory in find(probe.source, probe.tail) {
        if !leads_to_member(probe, &directory) && !is_whole(probe, &directory) {
            continue;
        }
        // Readers that look for the end from behind find it before other bytes, too. But
        // so they do in a tar archive that ends with a zip archive.
        let found = if directory.comment.end == probe.size {
            Likeness::Certain
        } else {
            Likeness::Possible
        };
        likeness = likeness.max(found);
    }
    likeness
}

/// True if the first entry of a directory has a member.
fn leads_to_member(probe: &Probe<'_>, directory: &Directory) -> bool {
    let record = peek(probe.source, directory.entries.start, 46);
    if record.len() < 46 {
        return false;
    }
    let length = 46
        + u64::from(u16_at(&record, 28))
        + u64::from(u16_at(&record, 30))
        + u64::from(u16_at(&record, 32));
    let record = peek(probe.source, directory.entries.start, length);
    entry(&record, 0).is_some_and(|record| {
        let header = record.entry.header.checked_add(directory.shift);
        header.is_some_and(|header| local(probe.source, header).is_some())
    })
}

/// True if all entries of a directory are there. Some readers look at nothing else before
/// they unpack, whatever is where the members should be.
fn is_whole(probe: &Probe<'_>, directory: &Directory) -> bool {
    /// Most bytes of a directory that are looked at.
    const MOST: u64 = 1 << 20;

    let length = directory
        .entries
        .end
        .saturating_sub(directory.entries.start);
    if length > MOST || directory.contradiction.is_some() {
        return false;
    }
    let bytes = peek(probe.source, directory.entries.start, length);
    let mut rest = bytes.as_slice();
    let mut count = 0;
    while let Some(record) = entry(rest, 0) {
        if record.entry.header >= directory.entries.start || record.entry.fields.name.is_empty() {
            return false;
        }
        count += 1;
        rest = rest.get(record.length..).unwrap_or_default();
    }
    rest.is_empty() && count > 0 && count == directory.count
}

/// Where the entries of a directory are, and how much they take.
struct Placed {
    entry: Entry,
    local: Local,
    /// Header and data as the directory has it.
    extent: Range<u64>,
    shares: bool,
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let size = visit.size();
    let source = visit.source();
    let tail = peek(source, size.saturating_sub(TAIL), TAIL);
    let mut stopped = None;
    let mut taken: Vec<Range<u64>> = Vec::new();
    let mut placed: Vec<Placed> = Vec::new();
    let mut directories = 0;
    let mut shift = 0;
    for directory in find(source, &tail) {
        let end = directory.end.start;
        let inside =
            |range: &Range<u64>| range.contains(&end) && range.start != directory.end.start;
        if directories > 0
            && (taken.iter().any(inside) || placed.iter().any(|placed| inside(&placed.extent)))
        {
            // The end of an archive that is a member of this one.
            continue;
        }
        directories += 1;
        let ended = read_directory(visit, &directory, &mut placed);
        stopped = stopped.or(ended.err());
        if let Some(contradiction) = &directory.contradiction {
            let range = Some(directory.end.clone());
            visit.report(&DIRECTORY, range, contradiction.clone());
        }
        if directories == 2 {
            let message = format!("another directory is at {}", directory.entries.start);
            visit.report(&TWO_DIRECTORIES, Some(directory.entries.clone()), message);
        }
        shift = directory.shift.max(shift);
        if directory.shift > 0 {
            let message = format!("{} bytes are in front of the archive", directory.shift);
            visit.report(&PREFIX, Some(0..directory.shift), message);
        }
        claim_end(visit, &directory);
        taken.extend([directory.entries, directory.end, directory.comment]);
        taken.extend(directory.end_64);
    }
    if directories == 0 {
        stopped = Some(Stop::malformed(size, "there is no directory"));
    }
    let names = placed
        .iter()
        .map(|placed| placed.entry.fields.name.as_slice());
    let archive = pytorch::Archive::of(names);
    archive.describe(visit);
    find_duplicates(visit, &placed);
    find_overlaps(visit, &mut placed);
    let mut scan = Scan::new(archive, size);
    for placed in &placed {
        visit.work(64)?;
        let member = Member {
            local: &placed.local,
            entry: Some(&placed.entry),
            shares: placed.shares,
            most: size,
        };
        let end = scan.member(visit, &member);
        taken.push(placed.extent.start..end.max(placed.extent.end));
    }
    taken.sort_by_key(|range| range.start);
    let first = taken.first().map_or(0, |range| range.start);
    if first > 0 && shift == 0 && !peek(source, 0, 4).starts_with(LOCAL) {
        let message = format!("{first} bytes are in front of the archive");
        visit.report(&PREFIX, Some(0..first), message);
    }
    find_hidden(visit, &mut scan, &taken, directories)?;
    scan.finish(visit);
    match stopped.or(scan.stopped) {
        Some(stop) => Err(stop),
        None => Ok(()),
    }
}

/// Claims the end of a directory, and its comment if it is text.
fn claim_end(visit: &mut Visit<'_>, directory: &Directory) {
    visit.cover(directory.end.clone(), State::Scanned);
    if let Some(end) = &directory.end_64 {
        visit.cover(end.clone(), State::Scanned);
    }
    let length = directory.comment.end - directory.comment.start;
    let comment = peek(visit.source(), directory.comment.start, length);
    if is_text(&comment) {
        visit.cover(directory.comment.clone(), State::Scanned);
    }
}

fn is_text(bytes: &[u8]) -> bool {
    let is_printed = |byte: &u8| !byte.is_ascii_control() || byte.is_ascii_whitespace();
    bytes.iter().all(is_printed) && str::from_utf8(bytes).is_ok()
}

/// Reads the entries of a directory, and finds their members.
fn read_directory(
    visit: &mut Visit<'_>,
    directory: &Directory,
    placed: &mut Vec<Placed>,
) -> Result<(), Stop> {
    let mut cursor = visit.cursor(directory.entries.start);
    let mut count = 0_u64;
    let known: HashMap<u64, usize> = placed
        .iter()
        .enumerate()
        .map(|(index, placed)| (placed.extent.start, index))
        .collect();
    while cursor.position() < directory.entries.end {
        if placed.len() >= MOST_ENTRIES {
            return Err(Stop::Exhausted {
                what: "entries of a directory",
                limit: MOST_ENTRIES as u64,
            });
        }
        visit.work(64)?;
        let at = cursor.position();
        if directory.entries.end - at < 46 {
            break;
        }
        let fixed = cursor.peek(46)?;
        if u32_at(fixed, 0) != u32_at(record::CENTRAL, 0) {
            break;
        }
        let length = 46
            + usize::from(u16_at(fixed, 28))
            + usize::from(u16_at(fixed, 30))
            + usize::from(u16_at(fixed, 32));
        let bytes = cursor.bytes(length)?;
        let Some(record) = entry(bytes, at) else {
            return Err(Stop::malformed(at, "an entry of the directory is cut off"));
        };
        let fixed_end = at + 46 + record.entry.fields.name.len() as u64;
        claim_around(visit, at, fixed_end, record.extra);
        let comment_at = fixed_end + record.extra.len() as u64;
        let end = at + record.length as u64;
        if is_text(record.comment) {
            visit.cover(comment_at..end, State::Scanned);
        }
        count += 1;
        let entry = record.entry;
        let header = entry.header.checked_add(directory.shift);
        let found = header.and_then(|header| local(visit.source(), header));
        let Some((local, extra)) = found else {
            let name = String::from_utf8_lossy(&entry.fields.name).into_owned();
            let message = format!(
                "the entry `{}` leads to {}, where there is no member",
                excerpt(&name, 200),
                header.unwrap_or(u64::MAX)
            );
            visit.report(&MISSING, Some(entry.range.clone()), message);
            continue;
        };
        let before = known.get(&local.range.start).and_then(|at| placed.get(*at));
        if before.is_some_and(|before| before.entry.fields == entry.fields) {
            // Listed in the same way by another directory.
            continue;
        }
        let name_end = local.range.end - extra.len() as u64;
        claim_around(visit, local.range.start, name_end, &extra);
        let end = local.range.end.saturating_add(entry.fields.packed);
        placed.push(Placed {
            extent: local.range.start..end.min(visit.size()),
            entry,
            local,
            shares: false,
        });
    }
    let expected = if directory.end_64.is_some() {
        count
    } else {
        count & 0xffff
    };
    if expected != directory.count {
        let message = format!(
            "{count} entries are there, its end says {}",
            directory.count
        );
        visit.report(&DIRECTORY, Some(directory.end.clone()), message);
    }
    Ok(())
}

/// Claims a header from `start`, with its extra field at `extra_at`, but for what nobody knows.
fn claim_around(visit: &mut Visit<'_>, start: u64, extra_at: u64, extra: &[u8]) {
    let mut from = start;
    for unknown in unknown_extras(extra) {
        visit.cover(from..extra_at + unknown.start as u64, State::Scanned);
        from = extra_at + unknown.end as u64;
    }
    visit.cover(from..extra_at + extra.len() as u64, State::Scanned);
}

fn find_duplicates(visit: &mut Visit<'_>, placed: &[Placed]) {
    let mut seen: HashMap<&[u8], &Placed> = HashMap::with_capacity(placed.len());
    for member in placed {
        let name = member.entry.fields.name.as_slice();
        if seen.insert(name, member).is_some() {
            let name = String::from_utf8_lossy(name).into_owned();
            let message = format!("`{}` is there twice", excerpt(&name, 200));
            visit.report_about(&DUPLICATE, Some(member.entry.range.clone()), &name, message);
        }
    }
}

fn find_overlaps(visit: &mut Visit<'_>, placed: &mut [Placed]) {
    let mut order: Vec<usize> = (0..placed.len()).collect();
    order.sort_by_key(|index| placed.get(*index).map(|placed| placed.extent.start));
    let mut reached = 0;
    let mut widest = None;
    for index in order {
        let Some(extent) = placed.get(index).map(|placed| placed.extent.clone()) else {
            continue;
        };
        if extent.start < reached {
            let message = format!("the member at {} starts inside of another", extent.start);
            visit.report(&OVERLAP, Some(extent.clone()), message);
            for index in [Some(index), widest].into_iter().flatten() {
                if let Some(placed) = placed.get_mut(index) {
                    placed.shares = true;
                }
            }
        }
        if extent.end > reached {
            reached = extent.end;
            widest = Some(index);
        }
    }
}

/// Looks for members where no directory says there is one. What comes after the last
/// directory is nobody's, and is inspected as such.
fn find_hidden(
    visit: &mut Visit<'_>,
    scan: &mut Scan,
    taken: &[Range<u64>],
    directories: usize,
) -> Result<(), Stop> {
    let mut gaps = Vec::new();
    let mut reached = 0;
    for range in taken {
        if range.start > reached {
            gaps.push(reached..range.start);
        }
        reached = reached.max(range.end);
    }
    if directories == 0 {
        gaps.push(reached..visit.size());
    }
    let mut found = 0;
    for gap in gaps {
        let mut at = gap.start;
        while let Some(header) = next_local(visit, at..gap.end)? {
            found += 1;
            if found > MOST_HIDDEN {
                return Err(Stop::Exhausted {
                    what: "members that no directory lists",
                    limit: MOST_HIDDEN as u64,
                });
            }
            let Some((local, extra)) = local(visit.source(), header) else {
                at = header + 4;
                continue;
            };
            let announced = local.range.end.saturating_add(local.fields.packed);
            if local.range.end > gap.end
                || (local.fields.flags & DEFERRED == 0 && announced > visit.size())
            {
                at = header + 4;
                continue;
            }
            if directories > 0 {
                let name = String::from_utf8_lossy(&local.fields.name).into_owned();
                let message = format!("`{}` is in no directory", excerpt(&name, 200));
                visit.report_about(&HIDDEN, Some(local.range.clone()), &name, message);
            }
            let name_end = local.range.end - extra.len() as u64;
            claim_around(visit, header, name_end, &extra);
            let member = Member {
                local: &local,
                entry: None,
                shares: false,
                most: gap.end,
            };
            at = scan.member(visit, &member).max(header + 4);
        }
    }
    Ok(())
}

/// The next place that has the signature of a local header.
fn next_local(visit: &mut Visit<'_>, range: Range<u64>) -> Result<Option<u64>, Stop> {
    const STEP: u64 = 64 << 10;

    let mut at = range.start;
    while at + 30 <= range.end {
        let length = (range.end - at).min(STEP + 3);
        visit.work(length / 64)?;
        let bytes = peek(visit.source(), at, length);
        if let Some(found) = memchr::memmem::find(&bytes, LOCAL) {
            return Ok(Some(at + found as u64));
        }
        if bytes.len() < 4 || length <= STEP {
            return Ok(None);
        }
        at += STEP;
    }
    Ok(None)
}
