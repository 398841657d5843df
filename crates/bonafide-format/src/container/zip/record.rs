//! The records of a zip archive, as APPNOTE 6.3.10 lays them out.

use std::ops::Range;

use crate::read::ReadAt;

pub(crate) const LOCAL: &[u8; 4] = b"PK\x03\x04";
pub(crate) const CENTRAL: &[u8; 4] = b"PK\x01\x02";
pub(crate) const END: &[u8; 4] = b"PK\x05\x06";
pub(crate) const END_64: &[u8; 4] = b"PK\x06\x06";
pub(crate) const LOCATOR_64: &[u8; 4] = b"PK\x06\x07";
pub(crate) const DESCRIPTOR: &[u8; 4] = b"PK\x07\x08";

/// Flag: the sizes are behind the data.
pub(crate) const DEFERRED: u16 = 0x0008;

/// Flags under which the data is not as it seems: encrypted, patched, strongly encrypted,
/// with a masked directory.
pub(crate) const CONCEALED: u16 = 0x2061;

/// Method: the AES of WinZip; the real one is in an extra field.
pub(crate) const AES: u16 = 99;

/// What a header says of a member, local or in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fields {
    pub(crate) flags: u16,
    pub(crate) method: u16,
    pub(crate) crc: u32,
    pub(crate) packed: u64,
    pub(crate) unpacked: u64,
    pub(crate) name: Vec<u8>,
}

/// An entry of the directory.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) fields: Fields,
    /// Attributes of the system that it was made on; of Unix in the upper half.
    pub(crate) attributes: u32,
    /// Where the local header should be.
    pub(crate) header: u64,
    /// Where the entry itself is.
    pub(crate) range: Range<u64>,
}

/// A header in front of a member.
#[derive(Debug, Clone)]
pub(crate) struct Local {
    pub(crate) fields: Fields,
    /// The header itself; the data comes behind it.
    pub(crate) range: Range<u64>,
}

/// A number in a record.
pub(crate) fn u16_at(record: &[u8], at: usize) -> u16 {
    let bytes = record.get(at..).and_then(|rest| rest.first_chunk());
    bytes.map_or(0, |bytes| u16::from_le_bytes(*bytes))
}

pub(crate) fn u32_at(record: &[u8], at: usize) -> u32 {
    let bytes = record.get(at..).and_then(|rest| rest.first_chunk());
    bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

pub(crate) fn u64_at(record: &[u8], at: usize) -> u64 {
    let bytes = record.get(at..).and_then(|rest| rest.first_chunk());
    bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// The runs of an extra field that carry nothing known, counted from its start.
pub(crate) fn unknown_extras(extra: &[u8]) -> Vec<Range<usize>> {
    /// Longest field of any kind that is taken as what it seems.
    const SHORT: usize = 64;

    let mut unknown = Vec::new();
    let mut at = 0;
    while let Some([id_low, id_high, length_low, length_high]) =
        extra.get(at..).and_then(|rest| rest.first_chunk::<4>())
    {
        let id = u16::from_le_bytes([*id_low, *id_high]);
        let length = usize::from(u16::from_le_bytes([*length_low, *length_high]));
        let start = at + 4;
        let Some(value) = extra.get(start..start + length) else {
            break;
        };
        let is_filler = || {
            let mut bytes = value.iter();
            bytes
                .next()
                .is_none_or(|first| bytes.all(|byte| byte == first))
        };
        let is_known = match id {
            // Zip64, times of NTFS and Unix, owners, AES, and names and comments in Unicode.
            0x0001 | 0x000a | 0x000d | 0x5455 | 0x5855 | 0x7855 | 0x7875 | 0x9901 | 0x7075
            | 0x6375 => length <= 1024,
            _ => length <= SHORT,
        };
        // PyTorch aligns its tensors with a field `FB` full of the letter Z.
        if !is_known && !is_filler() {
            unknown.push(start..start + length);
        }
        at = start + length;
    }
    // Some aligning tools leave up to three zeros.
    let rest = extra.get(at..).unwrap_or_default();
    if rest.len() > 3 && rest.iter().any(|byte| *byte != 0) {
        unknown.push(at..extra.len());
    }
    unknown
}

/// The value of an extra field.
pub(crate) fn extra_of(mut extra: &[u8], wanted: u16) -> Option<&[u8]> {
    while extra.len() >= 4 {
        let length = usize::from(u16_at(extra, 2));
        let value = extra.get(4..4 + length)?;
        if u16_at(extra, 0) == wanted {
            return Some(value);
        }
        extra = extra.get(4 + length..)?;
    }
    None
}

/// Takes the numbers that did not fit from the zip64 field, in their order.
fn widen(extra: &[u8], numbers: &mut [&mut u64]) {
    let Some(mut value) = extra_of(extra, 0x0001) else {
        return;
    };
    for number in numbers {
        if **number == u64::from(u32::MAX)
            && let Some((first, rest)) = value.split_first_chunk::<8>()
        {
            **number = u64::from_le_bytes(*first);
            value = rest;
        }
    }
}

/// An entry of the directory, with its name, extra field and comment.
pub(crate) struct EntryRecord<'a> {
    pub(crate) entry: Entry,
    pub(crate) extra: &'a [u8],
    pub(crate) comment: &'a [u8],
    /// Its length as a whole.
    pub(crate) length: usize,
}

/// Reads the entry that starts here, which is at `at` in the file.
pub(crate) fn entry(bytes: &[u8], at: u64) -> Option<EntryRecord<'_>> {
    if !bytes.starts_with(CENTRAL) || bytes.len() < 46 {
        return None;
    }
    let name_end = 46 + usize::from(u16_at(bytes, 28));
    let extra_end = name_end + usize::from(u16_at(bytes, 30));
    let end = extra_end + usize::from(u16_at(bytes, 32));
    let name = bytes.get(46..name_end)?;
    let extra = bytes.get(name_end..extra_end)?;
    let comment = bytes.get(extra_end..end)?;
    let mut packed = u64::from(u32_at(bytes, 20));
    let mut unpacked = u64::from(u32_at(bytes, 24));
    let mut header = u64::from(u32_at(bytes, 42));
    widen(extra, &mut [&mut unpacked, &mut packed, &mut header]);
    let fields = Fields {
        flags: u16_at(bytes, 8),
        method: u16_at(bytes, 10),
        crc: u32_at(bytes, 16),
        packed,
        unpacked,
        name: name.to_vec(),
    };
    Some(EntryRecord {
        entry: Entry {
            fields,
            attributes: u32_at(bytes, 38),
            header,
            range: at..at + end as u64,
        },
        extra,
        comment,
        length: end,
    })
}

/// Reads the local header at `at`, and its extra field; none if there is not one.
pub(crate) fn local(source: &dyn ReadAt, at: u64) -> Option<(Local, Vec<u8>)> {
    let mut bytes = [0; 30];
    source.read_at(at, &mut bytes).ok()?;
    if !bytes.starts_with(LOCAL) {
        return None;
    }
    let name_length = usize::from(u16_at(&bytes, 26));
    let mut rest = vec![0; name_length + usize::from(u16_at(&bytes, 28))];
    source.read_at(at + 30, &mut rest).ok()?;
    let extra = rest.split_off(name_length);
    let mut packed = u64::from(u32_at(&bytes, 18));
    let mut unpacked = u64::from(u32_at(&bytes, 22));
    widen(&extra, &mut [&mut unpacked, &mut packed]);
    let fields = Fields {
        flags: u16_at(&bytes, 6),
        method: u16_at(&bytes, 8),
        crc: u32_at(&bytes, 14),
        packed,
        unpacked,
        name: rest,
    };
    let end = at + 30 + (fields.name.len() + extra.len()) as u64;
    Some((
        Local {
            fields,
            range: at..end,
        },
        extra,
    ))
}
