//! One stream of packed bytes and nothing else: gzip, zlib, bzip2, xz, lzma, lz4, zstd.

use std::ops::Range;

use crate::container::decode::{Beginning, Ended, Packing, begin, peek, unpack};
use crate::container::rules::EXPANSION;
use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::read::ReadAt;
use crate::route::{self, Probe};
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const GZIP: Format = stream("gzip", "gzip stream", &["gz", "tgz"], is_gzip, |visit| {
    inspect(visit, Packing::Gzip, starts_gzip)
});
pub(crate) const BZIP2: Format = stream("bzip2", "bzip2 stream", &["bz2"], is_bzip2, |visit| {
    inspect(visit, Packing::Bzip2, starts_bzip2)
});
pub(crate) const XZ: Format = stream("xz", "xz stream", &["xz"], is_xz, |visit| {
    inspect(visit, Packing::Xz, starts_xz)
});
pub(crate) const LZ4: Format = stream("lz4", "LZ4 frame", &["lz4"], is_lz4, |visit| {
    inspect(visit, Packing::Lz4, starts_lz4)
});
pub(crate) const ZSTANDARD: Format =
    stream("zstd", "Zstandard frame", &["zst"], is_zstd, |visit| {
        inspect(visit, Packing::Zstandard, starts_zstd)
    });
pub(crate) const ZLIB: Format = stream("zlib", "zlib stream", &[], is_zlib, |visit| {
    inspect(visit, Packing::Zlib, |_| false)
});
pub(crate) const JOBLIB: Format = stream(
    "joblib-zlib",
    "zlib stream in the frame of joblib before 0.10",
    &[],
    |probe| certain(joblib_stream(probe.head).is_some()),
    |visit| {
        let start = joblib_stream(&peek(visit.source(), 0, 32)).unwrap_or(0);
        visit.cover(0..start, State::Scanned);
        inspect_from(visit, Packing::Zlib, |_| false, start)
    },
);
pub(crate) const LZMA: Format = stream("lzma", "LZMA stream", &["lzma"], is_lzma, |visit| {
    inspect(visit, Packing::LzmaAlone, |_| false)
});

const fn stream(
    name: &'static str,
    title: &'static str,
    extensions: &'static [&'static str],
    probe: fn(&Probe<'_>) -> Likeness,
    inspect: fn(&mut Visit<'_>) -> Result<(), Stop>,
) -> Format {
    Format {
        name,
        title,
        extensions,
        effect: Effect::Container,
        depth: Depth::Whole,
        probe,
        inspect,
    }
}

fn certain(found: bool) -> Likeness {
    if found {
        Likeness::Certain
    } else {
        Likeness::No
    }
}

/// RFC 1952: the only method is 8, and three flags are reserved.
fn starts_gzip(head: &[u8]) -> bool {
    matches!(head, [0x1f, 0x8b, 8, flags, ..] if flags & 0xe0 == 0)
}

fn is_gzip(probe: &Probe<'_>) -> Likeness {
    certain(starts_gzip(probe.head))
}

/// A block starts with the digits of pi, the end of a stream with those of its root.
fn starts_bzip2(head: &[u8]) -> bool {
    matches!(
        head,
        [
            b'B',
            b'Z',
            b'h',
            b'1'..=b'9',
            0x31,
            0x41,
            0x59,
            0x26,
            0x53,
            0x59,
            ..
        ] | [
            b'B',
            b'Z',
            b'h',
            b'1'..=b'9',
            0x17,
            0x72,
            0x45,
            0x38,
            0x50,
            0x90,
            ..
        ]
    )
}

fn is_bzip2(probe: &Probe<'_>) -> Likeness {
    certain(starts_bzip2(probe.head))
}

/// Where the stream starts behind `ZF`, and behind the length of what is packed: a number in
/// base 16, with an `L` in Python 2, filled up with blanks.
fn joblib_stream(head: &[u8]) -> Option<u64> {
    let number = head.strip_prefix(b"ZF0x")?;
    let is_filled = |byte: &&u8| byte.is_ascii_hexdigit() || matches!(byte, b'L' | b' ');
    let length = number.iter().take_while(is_filled).count();
    let start = 4 + length;
    let is_stream = matches!(head.get(start..), Some([0x78, ..]));
    (is_stream && matches!(start, 20..=23)).then_some(start as u64)
}

fn starts_xz(head: &[u8]) -> bool {
    head.starts_with(b"\xfd7zXZ\0")
}

fn is_xz(probe: &Probe<'_>) -> Likeness {
    certain(starts_xz(probe.head))
}

fn starts_lz4(head: &[u8]) -> bool {
    head.starts_with(b"\x04\x22\x4d\x18")
}

fn is_lz4(probe: &Probe<'_>) -> Likeness {
    certain(starts_lz4(probe.head))
}

fn starts_zstd(head: &[u8]) -> bool {
    head.starts_with(b"\x28\xb5\x2f\xfd")
}

fn is_zstd(probe: &Probe<'_>) -> Likeness {
    certain(starts_zstd(probe.head))
}

/// RFC 1950: the first two bytes are a multiple of 31, and no dictionary is asked for.
/// That is not much, so the stream has to go well for a while.
fn is_zlib(probe: &Probe<'_>) -> Likeness {
    let [
        first @ (0x08 | 0x18 | 0x28 | 0x38 | 0x48 | 0x58 | 0x68 | 0x78),
        second,
        ..,
    ] = probe.head
    else {
        return Likeness::No;
    };
    let check = u16::from_be_bytes([*first, *second]) % 31;
    if check != 0 || second & 0x20 != 0 {
        return Likeness::No;
    }
    possible(probe, Packing::Zlib)
}

/// The header has no signature: properties, a dictionary of an even size, a length that
/// makes sense. The first byte after it is always zero.
fn is_lzma(probe: &Probe<'_>) -> Likeness {
    let [properties, rest @ ..] = probe.head else {
        return Likeness::No;
    };
    let Some((dictionary, rest)) = rest.split_first_chunk::<4>() else {
        return Likeness::No;
    };
    let Some((length, [0, ..])) = rest.split_first_chunk::<8>() else {
        return Likeness::No;
    };
    let dictionary = u32::from_le_bytes(*dictionary);
    let length = u64::from_le_bytes(*length);
    let is_even = dictionary.is_power_of_two() || (dictionary / 3).is_power_of_two();
    if *properties >= 225 || dictionary < 4096 || !is_even {
        return Likeness::No;
    }
    if length != u64::MAX && length >= 1 << 38 {
        return Likeness::No;
    }
    possible(probe, Packing::LzmaAlone)
}

/// What runs before a stream is cut off, or does not fit its checksum, has been run.
fn possible(probe: &Probe<'_>, packing: Packing) -> Likeness {
    /// Bytes that hardly come out of what is no stream.
    const ENOUGH: usize = 16;

    let (bytes, ended) = begin(probe.source, packing, 4096);
    let is_stream = match ended {
        Ended::Whole | Ended::Cut => !bytes.is_empty(),
        _ => bytes.len() >= ENOUGH && packing == Packing::Zlib,
    };
    if is_stream {
        Likeness::Possible
    } else {
        Likeness::No
    }
}

/// An LZ4 frame ends with an empty block, and a checksum if its flags say so.
fn has_end_mark(source: &dyn ReadAt, frame: Range<u64>) -> bool {
    let head = peek(source, frame.start, 5);
    let flags = head.last().copied().unwrap_or_default();
    let checksum = if flags & 4 == 0 { 0 } else { 4 };
    let mark = frame.end.saturating_sub(4 + checksum);
    peek(source, mark, 4) == [0; 4]
}

/// Unpacks stream after stream: what a loader reads is all of them in a row.
fn inspect(
    visit: &mut Visit<'_>,
    packing: Packing,
    another: fn(&[u8]) -> bool,
) -> Result<(), Stop> {
    inspect_from(visit, packing, another, 0)
}

/// The same, for streams that have something in front of them.
fn inspect_from(
    visit: &mut Visit<'_>,
    packing: Packing,
    another: fn(&[u8]) -> bool,
    first: u64,
) -> Result<(), Stop> {
    let size = visit.size();
    let limit = visit.budget().unpacked_body;
    let source = visit.source();
    let mut content: Vec<u8> = Vec::new();
    let mut later = Vec::new();
    let mut at = first;
    let mut ended = Ended::Whole;
    while at < size && (at == first || another(&peek(source, at, 16))) {
        visit.work(64)?;
        let left = limit - content.len() as u64;
        let unpacked = unpack(visit, source, packing, at..size, left);
        visit.cover(at..unpacked.end, State::Scanned);
        if at > first && later.len() < 1000 {
            later.push(content.len());
        }
        let start = at;
        at = unpacked.end.max(at + 1);
        ended = unpacked.ended;
        if packing == Packing::Lz4
            && ended == Ended::Whole
            && !has_end_mark(source, start..unpacked.end)
        {
            ended = Ended::Cut;
        }
        if content.is_empty() {
            content = unpacked.bytes;
        } else {
            content.extend_from_slice(&unpacked.bytes);
        }
        if ended != Ended::Whole {
            break;
        }
    }
    let name = content_name(visit.name());
    match ended {
        Ended::Limit(_) | Ended::Expansion => visit.member(&name, &Beginning(&content)),
        _ => visit.member(&name, &content),
    }
    // A reader that stops at the end of the first stream, or takes them one by one, gets
    // something else than one that reads on.
    for start in later {
        let bytes = content.get(start..).unwrap_or_default();
        if route::is_active(bytes) {
            visit.member(&format!("{name} from {start}"), &bytes);
        }
    }
    match ended {
        Ended::Whole => Ok(()),
        Ended::Cut => Err(Stop::malformed(at, "the stream is cut off")),
        Ended::Broken(reason) => Err(Stop::malformed(at, reason)),
        Ended::Unsupported(what) => Err(Stop::unsupported(what)),
        Ended::Limit(_) => Err(Stop::Exhausted {
            what: "unpacked bytes",
            limit,
        }),
        Ended::Expansion => {
            let message = format!("{at} bytes become more than {} bytes", content.len());
            visit.report(&EXPANSION, Some(0..at), message);
            Err(Stop::Exhausted {
                what: "unpacked bytes",
                limit: content.len() as u64,
            })
        }
    }
}

/// `model.pkl` for `model.pkl.gz`.
fn content_name(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, "gz" | "bz2" | "xz" | "lz4" | "zst" | "lzma" | "z")) if !stem.is_empty() => {
            stem.to_owned()
        }
        Some((stem, "tgz")) if !stem.is_empty() => format!("{stem}.tar"),
        _ => "content".to_owned(),
    }
}
