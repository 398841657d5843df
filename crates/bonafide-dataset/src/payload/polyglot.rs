//! Images that are something else too.

use memchr::memmem;

use super::media::{Family, FileType, recognise};

/// Longest comment of a zip archive, with the record before it.
const ZIP_END: usize = 65_557;

/// What follows the picture, or is wrapped around it: a zip archive whose directory is at
/// the end, or a program, archive, page or pickle right behind the end of the picture.
/// What cameras append (previews, a short film) is left alone.
pub(super) fn second_type(bytes: &[u8], first: FileType) -> Option<&'static str> {
    if first.family != Family::Image {
        return None;
    }
    if ends_with_zip(bytes) {
        return Some("zip archive");
    }
    let end = match first.name {
        "PNG image" => end_of_png(bytes),
        "JPEG image" => end_of_jpeg(bytes),
        "WebP image" => end_of_riff(bytes),
        _ => None,
    }?;
    let rest = bytes.get(end..)?;
    let start = rest
        .iter()
        .position(|byte| !matches!(byte, 0 | b'\n' | b'\r'))?;
    let found = recognise(rest.get(start..)?)?;
    let harmful = matches!(
        found.family,
        Family::Program | Family::Archive | Family::Page | Family::Objects | Family::Document
    );
    harmful.then_some(found.name)
}

/// True if the bytes end like a zip archive with at least one entry, whose directory is
/// where the end says (APPNOTE.TXT 6.3.10, 4.3.16), wherever the archive begins.
pub(super) fn ends_with_zip(bytes: &[u8]) -> bool {
    let from = bytes.len().saturating_sub(ZIP_END);
    let tail = bytes.get(from..).unwrap_or(&[]);
    memmem::rfind_iter(tail, b"PK\x05\x06")
        .take(16)
        .any(|place| {
            let number = |at: usize, length: usize| {
                let found = tail.get(place + at..place + at + length)?;
                let value = found
                    .iter()
                    .rev()
                    .fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
                usize::try_from(value).ok()
            };
            let (Some(entries), Some(size), Some(comment)) =
                (number(10, 2), number(12, 4), number(20, 2))
            else {
                return false;
            };
            let ends = place + 22 + comment == tail.len();
            let directory = (from + place)
                .checked_sub(size)
                .and_then(|start| bytes.get(start..));
            entries > 0 && ends && directory.is_some_and(|start| start.starts_with(b"PK\x01\x02"))
        })
}

/// Behind the chunk `IEND` (PNG specification, 5.3).
fn end_of_png(bytes: &[u8]) -> Option<usize> {
    let mut at = 8_usize;
    loop {
        let [a, b, c, d, kind @ ..] = bytes.get(at..at.checked_add(8)?)? else {
            return None;
        };
        let length = usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])).ok()?;
        at = at.checked_add(length)?.checked_add(12)?;
        if kind == b"IEND" {
            return (at <= bytes.len()).then_some(at);
        }
    }
}

/// Behind the marker `EOI` (ITU-T T.81, annex B). Segments, in which previews are, are
/// passed over by their length.
fn end_of_jpeg(bytes: &[u8]) -> Option<usize> {
    let mut at = 2_usize;
    loop {
        let next = memchr::memchr(0xFF, bytes.get(at..)?)?;
        at = at.checked_add(next)?.checked_add(1)?;
        match bytes.get(at)? {
            0xD9 => return Some(at + 1),
            // Stuffing, fill bytes, markers without a segment.
            0x00 | 0xD0..=0xD8 | 0x01 => at += 1,
            0xFF => {}
            _ => {
                let [high, low] = bytes.get(at + 1..at + 3)? else {
                    return None;
                };
                at = at
                    .checked_add(1)?
                    .checked_add(usize::from(u16::from_be_bytes([*high, *low])))?;
            }
        }
    }
}

/// Behind the one chunk that holds all others.
fn end_of_riff(bytes: &[u8]) -> Option<usize> {
    let [a, b, c, d] = bytes.get(4..8)? else {
        return None;
    };
    let size = usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).ok()?;
    let end = size.checked_add(8)?.checked_add(size % 2)?;
    (end <= bytes.len()).then_some(end)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A picture of the least size that ends where it should.
    pub(in crate::payload) fn png() -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        for (kind, length) in [(b"IHDR", 13), (b"IDAT", 30), (b"IEND", 0)] {
            bytes.extend_from_slice(&u32::to_be_bytes(length));
            bytes.extend_from_slice(kind);
            bytes.extend(std::iter::repeat_n(7, length as usize + 4));
        }
        bytes
    }

    fn jpeg() -> Vec<u8> {
        let mut bytes = b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0".to_vec();
        // A preview in a segment, with an end of its own.
        bytes.extend_from_slice(b"\xff\xe1\x00\x06\xff\xd8\xff\xd9");
        bytes.extend_from_slice(b"\xff\xda\x00\x04\x01\x01\x12\x34\xff\x00\x56\xff\xd9");
        bytes
    }

    pub(in crate::payload) fn zip() -> Vec<u8> {
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.extend_from_slice(&[0; 30]);
        let start = bytes.len();
        bytes.extend_from_slice(b"PK\x01\x02");
        bytes.extend_from_slice(&[0; 42]);
        let size = u32::try_from(bytes.len() - start).unwrap();
        bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
        bytes.extend_from_slice(&size.to_le_bytes());
        bytes.extend_from_slice(&[0, 0, 0, 0, 0, 0]);
        bytes
    }

    fn second(bytes: &[u8]) -> Option<&'static str> {
        second_type(bytes, recognise(bytes).unwrap())
    }

    #[test]
    fn pictures_alone_are_nothing_else() {
        assert_eq!(second(&png()), None);
        assert_eq!(second(&jpeg()), None);
        let mut padded = png();
        padded.extend_from_slice(&[0; 64]);
        assert_eq!(second(&padded), None);
        let mut film = jpeg();
        film.extend_from_slice(b"\0\0\0\x18ftypmp42");
        assert_eq!(second(&film), None);
    }

    #[test]
    fn what_follows_is_found() {
        for mut bytes in [png(), jpeg(), b"GIF89a\x01\0\x01\0".to_vec()] {
            bytes.extend_from_slice(&zip());
            assert_eq!(second(&bytes), Some("zip archive"));
        }
        let mut program = png();
        program.extend_from_slice(b"\x7fELF\x02\x01");
        assert_eq!(second(&program), Some("ELF program"));
        let mut page = jpeg();
        page.extend_from_slice(b"\n<script>x()</script>");
        assert_eq!(second(&page), Some("HTML page"));
    }

    #[test]
    fn any_cut_and_any_change_of_a_byte_is_survived() {
        let mut whole = jpeg();
        whole.extend_from_slice(&zip());
        let mut other = png();
        other.extend_from_slice(&zip());
        for bytes in [whole, other] {
            for place in 0..bytes.len() {
                let _ = recognise(&bytes[..place]).map(|first| second_type(&bytes[..place], first));
                for bit in 0..8 {
                    let mut changed = bytes.clone();
                    changed[place] ^= 1 << bit;
                    let _ = recognise(&changed).map(|first| second_type(&changed, first));
                }
            }
        }
    }
}
