//! Where the directory of an archive is: at the end, and hopefully only there.

use std::ops::Range;

use crate::container::decode::peek;
use crate::container::zip::record::{CENTRAL, END, END_64, LOCATOR_64, u16_at, u32_at, u64_at};
use crate::read::ReadAt;

/// Most ends that are looked at.
const MOST_ENDS: usize = 64;

/// A directory, as its end says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Directory {
    /// Its entries.
    pub(crate) entries: Range<u64>,
    /// How many there should be.
    pub(crate) count: u64,
    /// How far everything is behind where it says: bytes were put in front.
    pub(crate) shift: u64,
    /// The record at the end, without the comment.
    pub(crate) end: Range<u64>,
    /// The same in 64 bits, if there is one, and what points to it.
    pub(crate) end_64: Option<Range<u64>>,
    /// The comment.
    pub(crate) comment: Range<u64>,
    /// What its numbers contradict.
    pub(crate) contradiction: Option<String>,
}

/// Finds the directories that the ends of the tail lead to, the last first. `tail` are the
/// last bytes of the source.
pub(crate) fn find(source: &dyn ReadAt, tail: &[u8]) -> Vec<Directory> {
    let start = source.size() - tail.len() as u64;
    let ends = memchr::memmem::rfind_iter(tail, END).take(MOST_ENDS);
    let mut found = Vec::new();
    for end in ends {
        let record = tail.get(end..).unwrap_or_default();
        found.extend(at_end(source, start + end as u64, record));
    }
    found
}

/// The directories of one end: two if there is one where it says, and another where it
/// should be.
fn at_end(source: &dyn ReadAt, at: u64, record: &[u8]) -> Vec<Directory> {
    if record.len() < 22 {
        return Vec::new();
    }
    let mut count = u64::from(u16_at(record, 10));
    let mut length = u64::from(u32_at(record, 12));
    let mut offset = u64::from(u32_at(record, 16));
    let mut last = at;
    let mut contradiction = None;
    let mut end_64 = None;
    if u16_at(record, 4) != 0 || u16_at(record, 6) != 0 {
        contradiction = Some("it says that it is on another disk".to_owned());
    }
    if let Some((range, wide)) = wide_end(source, at) {
        let fits = |narrow: u64, limit: u64, wide: u64| narrow == limit || narrow == wide;
        let wide_count = u64_at(&wide, 32);
        let wide_length = u64_at(&wide, 40);
        let wide_offset = u64_at(&wide, 48);
        if !fits(count, 0xffff, wide_count)
            || !fits(length, 0xffff_ffff, wide_length)
            || !fits(offset, 0xffff_ffff, wide_offset)
        {
            contradiction = Some("its two ends say different things".to_owned());
        }
        (count, length, offset) = (wide_count, wide_length, wide_offset);
        last = range.start;
        end_64 = Some(range);
    }
    let comment = at + 22;
    let comment = comment..(comment + u64::from(u16_at(record, 20))).min(source.size());
    if comment.end - comment.start < u64::from(u16_at(record, 20)) {
        contradiction = Some("its comment is cut off".to_owned());
    }
    let starts_at = |start: u64| {
        let is_empty = length == 0 && count == 0;
        start.checked_add(length).is_some_and(|end| end <= last)
            && (is_empty || peek(source, start, 4) == CENTRAL)
    };
    let near = last.checked_sub(length).filter(|near| starts_at(*near));
    let said = Some(offset).filter(|offset| starts_at(*offset));
    let mut starts: Vec<(u64, Option<u64>)> = Vec::new();
    match (near, said) {
        (Some(near), Some(said)) if near == said => starts.push((near, Some(0))),
        (near, said) => {
            // Something was put in front: then all is as far off as the directory.
            if let Some(near) = near {
                starts.push((near, near.checked_sub(offset)));
            }
            starts.extend(said.map(|said| (said, Some(0))));
        }
    }
    if near.is_some() && said.is_some() && starts.len() == 2 && length > 0 {
        contradiction = Some("two directories fit its end".to_owned());
    }
    if length == 0 {
        starts.truncate(1);
    }
    let directories = starts.into_iter().map(|(start, shift)| Directory {
        entries: start..start.saturating_add(length).min(last),
        count,
        shift: shift.unwrap_or(0),
        end: at..(at + 22),
        end_64: end_64.clone(),
        comment: comment.clone(),
        contradiction: contradiction.clone(),
    });
    directories.collect()
}

/// The end in 64 bits that goes with the end at `at`, from its start to `at`.
fn wide_end(source: &dyn ReadAt, at: u64) -> Option<(Range<u64>, Vec<u8>)> {
    let locator = at.checked_sub(20)?;
    let bytes = peek(source, locator, 20);
    if !bytes.starts_with(LOCATOR_64) {
        return None;
    }
    // Where it says, or right in front if something was put before the archive.
    let near = locator.checked_sub(56);
    for start in [Some(u64_at(&bytes, 8)), near].into_iter().flatten() {
        let record = peek(source, start, 56);
        if record.starts_with(END_64) && record.len() == 56 && start < locator {
            return Some((start..at, record));
        }
    }
    None
}
