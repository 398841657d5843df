//! Members of a tar archive: their names and where they are (POSIX 1003.1 `pax`, "ustar
//! Interchange Format"; long names of GNU and of extended headers too).

use std::ops::Range;

use bonafide_core::{ReadAt, ReadError};

const BLOCK: u64 = 512;
/// Longest extended header or long name that is read, in bytes; a longer one keeps the
/// short name of its member.
const LONGEST: u64 = 64 << 10;

/// Gives every regular member to `take`: its name and its bytes. Ends at the first block
/// that is no header; true if that is where an archive ends.
pub(super) fn members(
    file: &dyn ReadAt,
    take: &mut dyn FnMut(String, Range<u64>),
) -> Result<bool, ReadError> {
    let size = file.size();
    let mut at = 0_u64;
    let mut long_name = None;
    let mut long_size = None;
    while size.saturating_sub(at) >= BLOCK {
        let mut header = [0_u8; 512];
        file.read_at(at, &mut header)?;
        if header == [0; 512] {
            return Ok(true);
        }
        let Some(short_size) = checked_size(&header) else {
            return Ok(false);
        };
        let kind = header.get(156).copied().unwrap_or(0);
        let length = match kind {
            b'0' | 0 | b'7' => long_size.take().unwrap_or(short_size),
            _ => short_size,
        };
        let start = at + BLOCK;
        let Some(end) = start.checked_add(length).filter(|end| *end <= size) else {
            return Ok(false);
        };
        match kind {
            b'0' | 0 | b'7' => {
                let name = long_name.take().unwrap_or_else(|| short_name(&header));
                take(name, start..end);
            }
            b'L' | b'x' if length <= LONGEST => {
                let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
                file.read_at(start, &mut bytes)?;
                if kind == b'L' {
                    long_name = Some(text(&bytes));
                } else {
                    let (name, size) = extended(&bytes);
                    long_name = name.or(long_name);
                    long_size = size;
                }
            }
            b'g' | b'L' | b'x' => {}
            // Folders, links and devices have no content.
            _ => {
                long_name = None;
                long_size = None;
            }
        }
        at = match end.checked_next_multiple_of(BLOCK) {
            Some(next) => next,
            None => return Ok(false),
        };
    }
    Ok(at >= size)
}

/// The size in a header whose checksum is right.
fn checked_size(header: &[u8; 512]) -> Option<u64> {
    let said = octal(header.get(148..156)?)?;
    let sum: u64 = header
        .iter()
        .enumerate()
        .map(|(place, byte)| match place {
            148..156 => u64::from(b' '),
            _ => u64::from(*byte),
        })
        .sum();
    if said != sum {
        return None;
    }
    let size = header.get(124..136)?;
    match size.split_first() {
        // GNU writes large sizes as binary numbers.
        Some((first, rest)) if first & 0x80 != 0 => {
            let mut value = u64::from(first & 0x7F);
            for byte in rest {
                value = value.checked_mul(256)?.checked_add(u64::from(*byte))?;
            }
            Some(value)
        }
        _ => octal(size),
    }
}

fn octal(digits: &[u8]) -> Option<u64> {
    let digits = text(digits);
    let digits = digits.trim_matches(' ');
    match digits {
        "" => Some(0),
        digits => u64::from_str_radix(digits, 8).ok(),
    }
}

fn short_name(header: &[u8; 512]) -> String {
    let name = text(header.get(..100).unwrap_or(&[]));
    let prefix = match header.get(257..263) {
        Some(b"ustar\0") => text(header.get(345..500).unwrap_or(&[])),
        _ => String::new(),
    };
    match prefix.is_empty() {
        true => name,
        false => format!("{prefix}/{name}"),
    }
}

/// Text as far as the first zero.
fn text(bytes: &[u8]) -> String {
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    String::from_utf8_lossy(bytes.get(..end).unwrap_or(&[])).into_owned()
}

/// Name and size of an extended header, whose lines are `length keyword=value`.
fn extended(mut bytes: &[u8]) -> (Option<String>, Option<u64>) {
    let (mut name, mut size) = (None, None);
    while let Some(space) = memchr::memchr(b' ', bytes) {
        let length = bytes
            .get(..space)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| digits.parse::<usize>().ok());
        let Some((line, rest)) = length.and_then(|length| bytes.split_at_checked(length)) else {
            break;
        };
        let line = line.get(space + 1..).unwrap_or(&[]);
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if let Some(path) = line.strip_prefix(b"path=") {
            name = Some(String::from_utf8_lossy(path).into_owned());
        } else if let Some(digits) = line.strip_prefix(b"size=") {
            size = text(digits).parse().ok();
        }
        // A line of no length would be read for ever.
        if rest.len() == bytes.len() {
            break;
        }
        bytes = rest;
    }
    (name, size)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// One member, padded to whole blocks.
    pub(in crate::content) fn member(name: &str, kind: u8, content: &[u8]) -> Vec<u8> {
        let mut header = vec![0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[148..156].copy_from_slice(b"        ");
        header[156] = kind;
        header[257..263].copy_from_slice(b"ustar\0");
        let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        header.extend_from_slice(content);
        header.resize(header.len().next_multiple_of(512), 0);
        header
    }

    fn read(bytes: &[u8]) -> (Vec<(String, Range<u64>)>, bool) {
        let mut found = Vec::new();
        let ended = members(&bytes, &mut |name, range| found.push((name, range))).unwrap();
        (found, ended)
    }

    #[test]
    fn names_and_places() {
        let mut bytes = member("a.jpg", b'0', b"abc");
        bytes.extend(member("folder/", b'5', b""));
        bytes.extend(member("././@LongLink", b'L', b"a/long/name.txt\0"));
        bytes.extend(member("short", b'0', &[1; 600]));
        bytes.extend(member("x", b'x', b"18 path=pax/x.txt\n"));
        bytes.extend(member("short", b'0', b"z"));
        bytes.extend([0; 1_024]);
        let (found, ended) = read(&bytes);
        assert!(ended);
        assert_eq!(found[0], ("a.jpg".to_owned(), 512..515));
        assert_eq!(
            (found[1].0.as_str(), found[1].1.end - found[1].1.start),
            ("a/long/name.txt", 600)
        );
        assert_eq!(found[2].0, "pax/x.txt");
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn what_is_no_archive_ends_early() {
        assert!(!read(&[b'x'; 2_048]).1);
        assert!(read(&[]).1);
        let mut cut = member("a", b'0', &[1; 600]);
        cut.truncate(600);
        assert!(!read(&cut).1);
        assert!(extended(b"0 path=x\n").0.is_none());
        assert!(extended(b"99999999999999999999 path=x\n").0.is_none());
    }

    #[test]
    fn any_cut_and_any_change_of_a_byte_is_survived() {
        let mut bytes = member("x", b'x', b"18 path=pax/x.txt\n");
        bytes.extend(member("a", b'0', b"abc"));
        for place in (0..600).chain(1_024..1_200) {
            let _ = read(&bytes[..place]);
            for value in [0, b'7', 0x80, 0xFF] {
                let mut changed = bytes.clone();
                changed[place] = value;
                let _ = read(&changed);
            }
        }
    }
}
