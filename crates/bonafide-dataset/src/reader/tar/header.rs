//! Headers of tar members: POSIX ustar and pax (IEEE Std 1003.1), and what GNU tar adds.

use std::io::{self, Read};

use crate::budget::DatasetBudget;
use crate::error::DatasetError;

use super::super::input::{Input, Sequential, read_full};

/// Headers and bodies come in blocks of so many bytes.
pub(super) const BLOCK: usize = 512;

/// Names and the like in extended headers are no longer.
const LONGEST_EXTENSION: u64 = 1 << 20;

/// A file in the archive.
#[derive(Debug, Clone)]
pub(super) struct Member {
    /// Its name, with `/` between the parts.
    pub(super) name: String,
    /// Bytes of its body.
    pub(super) size: u64,
}

/// Bytes of an archive.
pub(super) enum Body<'f> {
    /// Of a file as it is: what nobody wants need not be read.
    Plain(Sequential<'f>),
    /// Unpacked on the way.
    Packed(Box<dyn Read + 'f>),
}

impl Read for Body<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(reader) => reader.read(buffer),
            Self::Packed(reader) => reader.read(buffer),
        }
    }
}

impl Body<'_> {
    /// Goes over bytes; how many there were.
    fn skip(&mut self, length: u64) -> io::Result<u64> {
        match self {
            Self::Plain(reader) => Ok(reader.skip(length)),
            Self::Packed(reader) => io::copy(&mut reader.take(length), &mut io::sink()),
        }
    }
}

/// Reads an archive from its beginning, or from the header of some member.
pub(super) struct Archive<'f> {
    input: Input<'f>,
    reader: Body<'f>,
    /// Where the reading is, in what the file unpacks to.
    pub(super) offset: u64,
    /// Where the header of the last member begins, with its extensions.
    pub(super) began: u64,
    record_bytes: u64,
    /// Of the body that was not read.
    left: u64,
    padding: u64,
    /// Headers since the last member.
    ended: bool,
}

#[derive(Default)]
struct Extension {
    name: Option<String>,
    size: Option<u64>,
}

impl<'f> Archive<'f> {
    pub(super) fn new(
        input: &Input<'f>,
        reader: Body<'f>,
        offset: u64,
        budget: &DatasetBudget,
    ) -> Self {
        Self {
            input: input.clone(),
            reader,
            offset,
            began: offset,
            record_bytes: budget.record_bytes,
            left: 0,
            padding: 0,
            ended: false,
        }
    }

    fn at(&self) -> String {
        format!("byte {}", self.began)
    }

    pub(super) fn malformed(&self, reason: impl Into<String>) -> DatasetError {
        self.input.malformed(self.at(), reason)
    }

    fn failed(&self, error: io::Error) -> DatasetError {
        self.input.failed(self.at(), error)
    }

    /// A whole block; none at the end.
    fn block(&mut self) -> Result<Option<[u8; BLOCK]>, DatasetError> {
        let mut block = [0; BLOCK];
        let read = read_full(&mut self.reader, &mut block).map_err(|error| self.failed(error))?;
        self.offset += read as u64;
        match read {
            0 => Ok(None),
            BLOCK => Ok(Some(block)),
            _ => Err(self.malformed("the archive ends in the middle of a header")),
        }
    }

    /// Goes over bytes that nobody wants.
    fn discard(&mut self, length: u64) -> Result<(), DatasetError> {
        let passed = self.reader.skip(length);
        let passed = passed.map_err(|error| self.failed(error))?;
        self.offset += passed;
        match passed == length {
            true => Ok(()),
            false => Err(self.malformed("the archive ends in the middle of a member")),
        }
    }

    /// Bytes of the member that was returned last.
    pub(super) fn body(&mut self) -> Result<Vec<u8>, DatasetError> {
        let length = self.left;
        if length > self.record_bytes {
            let most = self.record_bytes;
            let reason = format!("a member of {length} bytes, {most} are allowed (record_bytes)");
            return Err(self.input.over(self.at(), reason));
        }
        let mut body = Vec::new();
        (&mut self.reader)
            .take(length)
            .read_to_end(&mut body)
            .map_err(|error| self.failed(error))?;
        self.offset += body.len() as u64;
        if body.len() as u64 != length {
            return Err(self.malformed("the archive ends in the middle of a member"));
        }
        self.left = 0;
        Ok(body)
    }

    /// The next file; none at the end of the archive.
    pub(super) fn next(&mut self) -> Result<Option<Member>, DatasetError> {
        let behind = std::mem::take(&mut self.padding);
        let rest = std::mem::take(&mut self.left).saturating_add(behind);
        self.discard(rest)?;
        if self.ended {
            return Ok(None);
        }
        self.began = self.offset;
        let mut extension = Extension::default();
        let mut extended = false;
        loop {
            let Some(block) = self.block()? else {
                if extended {
                    return Err(self.malformed("the archive ends after an extended header"));
                }
                // An archive that was cut looks like one without the two empty blocks at
                // its end, and that is what it is taken for.
                return Err(self.malformed("the archive has no end"));
            };
            if block.iter().all(|byte| *byte == 0) {
                return match extended {
                    true => Err(self.malformed("the archive ends after an extended header")),
                    false => self.end().map(|()| None),
                };
            }
            let header = Header { block: &block };
            if !header.is_whole() {
                return Err(self.malformed("the checksum of a header is wrong"));
            }
            let declared = header
                .size()
                .ok_or_else(|| self.malformed("a size is no number"))?;
            match header.kind() {
                b'L' => {
                    let name = self.extension(declared)?;
                    let end = name
                        .iter()
                        .position(|byte| *byte == 0)
                        .unwrap_or(name.len());
                    let name = name.get(..end).unwrap_or_default().to_vec();
                    extension.name = Some(self.text(name)?);
                }
                b'x' => {
                    let records = self.extension(declared)?;
                    self.pax(&records, &mut extension)?;
                }
                // Global headers say nothing of one member, but could name all of them.
                b'g' => {
                    let records = self.extension(declared)?;
                    let mut global = Extension::default();
                    self.pax(&records, &mut global)?;
                    if global.name.is_some() || global.size.is_some() {
                        return Err(self.malformed("a name or size for all members"));
                    }
                }
                b'0' | 0 | b'7' => {
                    let name = match extension.name.take() {
                        Some(name) => name,
                        None => self.text(header.name())?,
                    };
                    let size = extension.size.unwrap_or(declared);
                    // Before POSIX, a folder was a file with a slash at its end.
                    if name.ends_with('/') && size == 0 {
                        self.checked(name.trim_end_matches('/'))?;
                        extension = Extension::default();
                        extended = false;
                        self.began = self.offset;
                        continue;
                    }
                    let name = self.checked(&name)?;
                    if name.is_empty() {
                        return Err(self.malformed("a member has no name"));
                    }
                    self.left = size;
                    self.padding = padding(size);
                    return Ok(Some(Member { name, size }));
                }
                b'5' => {
                    let name = match extension.name.take() {
                        Some(name) => name,
                        None => self.text(header.name())?,
                    };
                    self.checked(name.trim_end_matches('/'))?;
                    self.discard(declared.saturating_add(padding(declared)))?;
                    extension = Extension::default();
                    extended = false;
                    self.began = self.offset;
                    continue;
                }
                b'1' | b'2' | b'K' => return Err(self.malformed("a member is a link")),
                b'3' | b'4' | b'6' => return Err(self.malformed("a member is a device")),
                b'S' => return Err(self.malformed("a member is sparse")),
                kind => {
                    let kind = char::from(kind).escape_default();
                    return Err(self.malformed(format!("a member of unknown kind `{kind}`")));
                }
            }
            extended = true;
        }
    }

    /// Behind the first empty block come only more of them.
    fn end(&mut self) -> Result<(), DatasetError> {
        self.ended = true;
        let mut blocks = 1;
        while let Some(block) = self.block()? {
            if block.iter().any(|byte| *byte != 0) {
                return Err(self.malformed("bytes follow the end of the archive"));
            }
            blocks += 1;
        }
        match blocks {
            1 => Err(self.malformed("the archive has only half of its end")),
            _ => Ok(()),
        }
    }

    fn extension(&mut self, size: u64) -> Result<Vec<u8>, DatasetError> {
        if size > LONGEST_EXTENSION {
            let reason = format!("an extended header of {size} bytes");
            return Err(self.input.over(self.at(), reason));
        }
        self.left = size;
        let body = self.body()?;
        self.discard(padding(size))?;
        Ok(body)
    }

    fn text(&self, bytes: Vec<u8>) -> Result<String, DatasetError> {
        String::from_utf8(bytes).map_err(|_| self.malformed("a name is not UTF-8"))
    }

    /// The name without `./` at its beginning, if it cannot lead elsewhere.
    fn checked(&self, name: &str) -> Result<String, DatasetError> {
        let name = name.trim_start_matches("./");
        let shown = name.chars().take(120).collect::<String>();
        let shown = shown.escape_debug();
        if name.starts_with('/') || name.contains('\\') {
            return Err(self.malformed(format!("the name `{shown}` is absolute")));
        }
        if name.chars().any(char::is_control) {
            return Err(self.malformed(format!("the name `{shown}` has control characters")));
        }
        if name.split('/').any(|part| part == "..") {
            return Err(self.malformed(format!("the name `{shown}` leads out of its folder")));
        }
        Ok(name.to_owned())
    }

    /// Records `LENGTH KEY=VALUE\n` of a pax header.
    fn pax(&self, mut records: &[u8], into: &mut Extension) -> Result<(), DatasetError> {
        let wrong = || self.malformed("a pax header that is none");
        while !records.is_empty() {
            let space = memchr::memchr(b' ', records).ok_or_else(wrong)?;
            let digits = records
                .get(..space)
                .and_then(|digits| str::from_utf8(digits).ok());
            let length: usize = digits
                .and_then(|digits| digits.parse().ok())
                .ok_or_else(wrong)?;
            let record = records.get(space + 1..length).ok_or_else(wrong)?;
            let record = record.strip_suffix(b"\n").ok_or_else(wrong)?;
            records = records.get(length..).ok_or_else(wrong)?;
            let equals = memchr::memchr(b'=', record).ok_or_else(wrong)?;
            let value = record.get(equals + 1..).unwrap_or_default().to_vec();
            match record.get(..equals).unwrap_or_default() {
                b"path" => into.name = Some(self.text(value)?),
                b"size" => {
                    let size = String::from_utf8(value).ok();
                    into.size = Some(size.and_then(|size| size.parse().ok()).ok_or_else(wrong)?);
                }
                b"linkpath" => return Err(self.malformed("a member is a link")),
                key if key.starts_with(b"GNU.sparse") => {
                    return Err(self.malformed("a member is sparse"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Bytes behind a body, up to a whole block.
const fn padding(size: u64) -> u64 {
    let block = BLOCK as u64;
    (block - size % block) % block
}

struct Header<'b> {
    block: &'b [u8; BLOCK],
}

impl Header<'_> {
    fn field(&self, start: usize, length: usize) -> &[u8] {
        self.block.get(start..start + length).unwrap_or_default()
    }

    /// Text up to a NUL.
    fn text(&self, start: usize, length: usize) -> &[u8] {
        let field = self.field(start, length);
        let end = memchr::memchr(0, field).unwrap_or(field.len());
        field.get(..end).unwrap_or_default()
    }

    fn kind(&self) -> u8 {
        self.field(156, 1).first().copied().unwrap_or(0)
    }

    fn size(&self) -> Option<u64> {
        number(self.field(124, 12))
    }

    fn name(&self) -> Vec<u8> {
        let mut name = Vec::new();
        // GNU tar has other things where POSIX has the first part of the name.
        if self.field(257, 6) == b"ustar\0" {
            name.extend_from_slice(self.text(345, 155));
            if !name.is_empty() {
                name.push(b'/');
            }
        }
        name.extend_from_slice(self.text(0, 100));
        name
    }

    /// The sum of all bytes, those of the sum itself counted as spaces.
    fn is_whole(&self) -> bool {
        let own = 148..156;
        let sum: u64 = self
            .block
            .iter()
            .enumerate()
            .map(|(place, byte)| match own.contains(&place) {
                true => u64::from(b' '),
                false => u64::from(*byte),
            })
            .sum();
        number(self.field(148, 8)) == Some(sum)
    }
}

/// Octal text, or big-endian bytes after a byte of 0x80.
fn number(field: &[u8]) -> Option<u64> {
    if let Some((0x80, rest)) = field.split_first() {
        return rest.iter().try_fold(0_u64, |number, byte| {
            number.checked_mul(256)?.checked_add(u64::from(*byte))
        });
    }
    let text = str::from_utf8(field).ok()?;
    let text = text.trim_matches(['\0', ' ']);
    match text {
        "" => Some(0),
        text if text.bytes().all(|digit| digit.is_ascii_digit()) => {
            u64::from_str_radix(text, 8).ok()
        }
        _ => None,
    }
}

/// True if the beginning of a file is the header of a member.
pub(in crate::reader) fn is_archive(head: &[u8]) -> bool {
    let Some(block) = head.first_chunk::<BLOCK>() else {
        return false;
    };
    let header = Header { block };
    header.is_whole() && !header.text(0, 100).is_empty()
}
