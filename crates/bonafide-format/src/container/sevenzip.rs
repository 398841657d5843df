//! 7z; and archives that are only told apart: rar, framed snappy.

use std::io::Read;
use std::ops::Range;

use sevenz_rust2::{Archive, ArchiveReader, Password};

use crate::container::decode::is_expansion;
use crate::container::input::{Input, Position};
use crate::container::names::Names;
use crate::container::rules::{EXPANSION, NOT_READ};
use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const SEVEN_ZIP: Format = Format {
    name: "7z",
    title: "7z archive",
    extensions: &["7z"],
    effect: Effect::Container,
    depth: Depth::Whole,
    probe: |probe| signature(probe, b"7z\xbc\xaf\x27\x1c"),
    inspect,
};

pub(crate) const RAR: Format = Format {
    name: "rar",
    title: "RAR archive",
    extensions: &["rar"],
    effect: Effect::Container,
    depth: Depth::Identified,
    probe: |probe| signature(probe, b"Rar!\x1a\x07"),
    inspect: |visit| not_read(visit, "RAR"),
};

pub(crate) const SNAPPY: Format = Format {
    name: "snappy",
    title: "framed snappy stream",
    extensions: &["sz", "snappy"],
    effect: Effect::Container,
    depth: Depth::Identified,
    probe: |probe| signature(probe, b"\xff\x06\0\0sNaPpY"),
    inspect: |visit| not_read(visit, "framed snappy"),
};

fn signature(probe: &Probe<'_>, signature: &[u8]) -> Likeness {
    if probe.head.starts_with(signature) {
        Likeness::Certain
    } else {
        Likeness::No
    }
}

fn not_read(visit: &mut Visit<'_>, what: &str) -> Result<(), Stop> {
    visit.report(&NOT_READ, None, format!("{what} is not read"));
    Err(Stop::unsupported(what))
}

/// Length of the first header, from which everything is counted.
const FIRST: u64 = 32;

/// Longest header that is read, packed or not.
const LONGEST_HEADER: u64 = 32 << 20;

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let header = header(visit)?;
    let source = visit.source();
    let position = Position::default();
    let mut input = Input::new(source, 0..source.size(), &position);
    let archive = Archive::read(&mut input, &Password::empty());
    let archive = match archive {
        Ok(archive) => archive,
        Err(error) => return Err(failure(visit, &error)),
    };
    let packed = archive
        .pack_sizes()
        .iter()
        .try_fold(0_u64, |sum, size| sum.checked_add(*size));
    let start = archive.pack_pos().checked_add(FIRST);
    let packed = start.and_then(|start| Some(start..start.checked_add(packed?)?));
    let Some(packed) = packed else {
        return Err(Stop::malformed(0, "the packed streams have no place"));
    };
    visit.cover(0..FIRST, State::Scanned);
    visit.cover(header, State::Scanned);
    let names = Names::default();
    for file in &archive.files {
        names.check(visit, &file.name, &packed);
    }
    let length = packed.end - packed.start;
    let input = Input::new(source, 0..source.size(), &position);
    let mut reader = ArchiveReader::from_archive(archive, input, Password::empty());
    reader.set_thread_count(1);
    let mut stopped = None;
    let mut unpacked = 0;
    let ended = reader.for_each_entries(|entry, content| {
        if entry.is_directory || !entry.has_stream {
            return Ok(true);
        }
        let mut bytes = Vec::new();
        let read = take(visit, content, &mut bytes);
        unpacked += bytes.len() as u64;
        visit.member(&entry.name, &bytes);
        if is_expansion(length, unpacked) {
            let message = format!("{length} bytes become more than {unpacked} bytes");
            visit.report(&EXPANSION, Some(packed.clone()), message);
            stopped = Some(Stop::Exhausted {
                what: "unpacked bytes",
                limit: unpacked,
            });
            return Ok(false);
        }
        match read {
            Ok(()) => Ok(true),
            Err(stop) => {
                stopped = Some(stop);
                Ok(false)
            }
        }
    });
    if let Some(stop) = stopped {
        return Err(stop);
    }
    if let Err(error) = ended {
        return Err(failure(visit, &error));
    }
    visit.cover(packed, State::Scanned);
    Ok(())
}

/// Reads an entry to its end, within the budget.
fn take(visit: &mut Visit<'_>, content: &mut dyn Read, bytes: &mut Vec<u8>) -> Result<(), Stop> {
    let limit = visit.budget().unpacked_body;
    let mut buffer = [0; 16 << 10];
    loop {
        let length = match content.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => length,
            Err(error) => return Err(Stop::malformed(FIRST, error.to_string())),
        };
        visit.unpack(length as u64)?;
        if bytes.len() as u64 + length as u64 > limit {
            return Err(Stop::Exhausted {
                what: "unpacked bytes",
                limit,
            });
        }
        bytes.extend_from_slice(buffer.get(..length).unwrap_or_default());
    }
}

fn failure(visit: &mut Visit<'_>, error: &sevenz_rust2::Error) -> Stop {
    use sevenz_rust2::Error;

    match error {
        Error::PasswordRequired
        | Error::MaybeBadPassword(_)
        | Error::Unsupported(_)
        | Error::UnsupportedCompressionMethod(_)
        | Error::ExternalUnsupported
        | Error::UnsupportedVersion { .. }
        | Error::MaxMemLimited { .. } => {
            visit.report(&NOT_READ, None, format!("it is not read: {error}"));
            Stop::unsupported(format!("a 7z archive like this one ({error})"))
        }
        _ => Stop::malformed(FIRST, error.to_string()),
    }
}

/// Where the header is, which is at the end, and the stream that it is packed in.
fn header(visit: &mut Visit<'_>) -> Result<Range<u64>, Stop> {
    let mut first = visit.cursor(12);
    let offset = first.u64()?;
    let length = first.u64()?;
    if length == 0 {
        // Without a header a reader would have to look for one.
        return Err(Stop::malformed(12, "there is no header"));
    }
    let start = FIRST.checked_add(offset);
    let end = start.and_then(|start| start.checked_add(length));
    let (Some(start), Some(end)) = (start, end) else {
        return Err(Stop::malformed(12, "the header is outside"));
    };
    if end > visit.size() {
        return Err(Stop::malformed(12, "the header is outside"));
    }
    if length > LONGEST_HEADER {
        return Err(too_long());
    }
    let bytes = visit.read(start..end)?;
    if let [0x17, rest @ ..] = bytes.as_slice() {
        let packed = Encoded::read(rest);
        let Some(packed) = packed else {
            return Err(Stop::malformed(start, "the packed header has no place"));
        };
        if packed.unpacked > LONGEST_HEADER {
            return Err(too_long());
        }
        let from = FIRST.saturating_add(packed.offset);
        visit.cover(from..from.saturating_add(packed.length), State::Scanned);
    }
    Ok(start..end)
}

fn too_long() -> Stop {
    Stop::Exhausted {
        what: "bytes of a header",
        limit: LONGEST_HEADER,
    }
}

/// Where a packed header is, and what it becomes. The layout is in `7zFormat.txt` of the
/// LZMA SDK; only what its own writer makes is taken: one stream.
struct Encoded {
    offset: u64,
    length: u64,
    unpacked: u64,
}

impl Encoded {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut input = bytes;
        let input = &mut input;
        expect(input, 0x06)?;
        let offset = variable(input)?;
        (variable(input)? == 1).then_some(())?;
        let mut length = 0;
        loop {
            match take_byte(input)? {
                0x09 => length = variable(input)?,
                0x0a => checksums(input, 1)?,
                0 => break,
                _ => return None,
            }
        }
        expect(input, 0x07)?;
        expect(input, 0x0b)?;
        (variable(input)? == 1).then_some(())?;
        expect(input, 0)?;
        let coders = variable(input)?;
        if coders == 0 || coders > 32 {
            return None;
        }
        for _ in 0..coders {
            let flags = take_byte(input)?;
            *input = input.get(usize::from(flags & 0x0f)..)?;
            if flags & 0x10 != 0 {
                // More than one stream goes in or out.
                return None;
            }
            if flags & 0x20 != 0 {
                let properties = usize::try_from(variable(input)?).ok()?;
                *input = input.get(properties..)?;
            }
        }
        for _ in 1..coders {
            variable(input)?;
            variable(input)?;
        }
        expect(input, 0x0c)?;
        let mut unpacked = 0;
        for _ in 0..coders {
            unpacked = variable(input)?.max(unpacked);
        }
        Some(Self {
            offset,
            length,
            unpacked,
        })
    }
}

fn take_byte(input: &mut &[u8]) -> Option<u8> {
    let (first, rest) = input.split_first()?;
    *input = rest;
    Some(*first)
}

fn expect(input: &mut &[u8], byte: u8) -> Option<()> {
    (take_byte(input)? == byte).then_some(())
}

fn checksums(input: &mut &[u8], count: usize) -> Option<()> {
    if take_byte(input)? != 1 {
        return None;
    }
    *input = input.get(4 * count..)?;
    Some(())
}

/// The leading ones of the first byte count the bytes that follow, least significant first.
fn variable(input: &mut &[u8]) -> Option<u64> {
    let first = take_byte(input)?;
    let more = first.leading_ones();
    let mut value = 0;
    for index in 0..more {
        value |= u64::from(take_byte(input)?) << (8 * index);
    }
    let high = if more >= 7 {
        0
    } else {
        u64::from(first & (0x7f >> more))
    };
    Some(value | high << (8 * more.min(7)))
}
