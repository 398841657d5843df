//! Unpacks one stream, within what it may cost.

use std::io::{self, BufRead, Read};
use std::ops::Range;

use crate::container::input::{Input, Position};
use crate::read::{ReadAt, ReadError};
use crate::visit::Visit;

/// From here on a stream has to be worth its size.
const FREE: u64 = 64 << 20;

/// Most bytes that one packed byte may become, beyond [`FREE`]. Deflate reaches 1,032
/// on nothing but zeros.
const RATIO: u64 = 1000;

/// Most kibibytes of dictionary of an LZMA stream. The decoder takes only what it fills.
const LZMA_MEMORY: u32 = 512 << 10;

/// How bytes were packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    /// RFC 1951, without any frame.
    Deflate,
    /// RFC 1950.
    Zlib,
    /// RFC 1952, one member.
    Gzip,
    /// One stream of bzip2.
    Bzip2,
    /// One stream of xz.
    Xz,
    /// The format of `lzma` 4, with a header of 13 bytes.
    LzmaAlone,
    /// LZMA in a zip archive, with a header of its own (APPNOTE 5.8.8); the length is
    /// that of the member, if it has no end mark.
    LzmaZip {
        /// Length when unpacked.
        length: Option<u64>,
    },
    /// RFC 8878, one frame.
    Zstandard,
    /// One frame of LZ4.
    Lz4,
}

/// What came out of a stream.
#[derive(Debug)]
pub(crate) struct Unpacked {
    /// All that could be unpacked.
    pub(crate) bytes: Vec<u8>,
    /// Where the stream ended, or where it broke.
    pub(crate) end: u64,
    /// How it ended.
    pub(crate) ended: Ended,
}

/// How a stream ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// As it should.
    Whole,
    /// Not at all: its bytes are no more.
    Cut,
    /// It is not what it should be.
    Broken(String),
    /// What it needs is not built in.
    Unsupported(String),
    /// It becomes more than may be held.
    Limit(String),
    /// It becomes far more than it is.
    Expansion,
}

/// Unpacks what starts at the beginning of `range`, and becomes no more than `limit`.
pub(crate) fn unpack(
    visit: &mut Visit<'_>,
    source: &dyn ReadAt,
    packing: Packing,
    range: Range<u64>,
    limit: u64,
) -> Unpacked {
    let position = Position::default();
    let start = range.start;
    let input = Input::new(source, range, &position);
    let opened = open(packing, input);
    let mut bytes = Vec::new();
    let ended = match opened {
        Ok(mut reader) => drain(visit, &mut *reader, start, &position, limit, &mut bytes),
        Err(error) => failure(&error),
    };
    Unpacked {
        bytes,
        end: position.get(),
        ended,
    }
}

/// The first bytes of what a stream becomes, for a probe, and how it went on.
pub(crate) fn begin(source: &dyn ReadAt, packing: Packing, length: usize) -> (Vec<u8>, Ended) {
    let position = Position::default();
    let input = Input::new(source, 0..source.size(), &position);
    let mut bytes = Vec::new();
    let ended = match open(packing, input) {
        Ok(reader) => match reader.take(length as u64).read_to_end(&mut bytes) {
            Ok(_) => Ended::Whole,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ended::Cut,
            Err(error) => failure(&error),
        },
        Err(error) => failure(&error),
    };
    (bytes, ended)
}

fn open<'a>(packing: Packing, mut input: Input<'a>) -> io::Result<Box<dyn Read + 'a>> {
    Ok(match packing {
        Packing::Deflate => Box::new(flate2::bufread::DeflateDecoder::new(input)),
        Packing::Zlib => Box::new(flate2::bufread::ZlibDecoder::new(input)),
        Packing::Gzip => Box::new(flate2::bufread::GzDecoder::new(input)),
        Packing::Bzip2 => Box::new(bzip2::bufread::BzDecoder::new(input)),
        Packing::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(
            input,
            false,
            LZMA_MEMORY,
        )),
        Packing::LzmaAlone => Box::new(lzma_rust2::LzmaReader::new_mem_limit(
            input,
            LZMA_MEMORY,
            None,
        )?),
        Packing::LzmaZip { length } => {
            let mut header = [0; 9];
            input.read_exact(&mut header)?;
            let [_, _, size, 0, properties, dictionary @ ..] = header else {
                return Err(io::ErrorKind::InvalidData.into());
            };
            let dictionary = u32::from_le_bytes(dictionary);
            if size != 5 || dictionary / 1024 > LZMA_MEMORY {
                return Err(io::ErrorKind::InvalidData.into());
            }
            Box::new(lzma_rust2::LzmaReader::new_with_props(
                input,
                length.unwrap_or(u64::MAX),
                properties,
                dictionary,
                None,
            )?)
        }
        Packing::Zstandard => Box::new(Zstandard::new(input)?),
        Packing::Lz4 => Box::new(lz4_flex::frame::FrameDecoder::new(input)),
    })
}

fn drain(
    visit: &mut Visit<'_>,
    reader: &mut dyn Read,
    start: u64,
    position: &Position,
    limit: u64,
    bytes: &mut Vec<u8>,
) -> Ended {
    let mut buffer = [0; 16 << 10];
    loop {
        let length = match reader.read(&mut buffer) {
            Ok(0) => return Ended::Whole,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return failure(&error),
        };
        let total = bytes.len() as u64 + length as u64;
        if total > limit {
            return Ended::Limit(format!("it becomes more than {limit} bytes"));
        }
        if let Err(stop) = visit.unpack(length as u64) {
            return Ended::Limit(stop.to_string());
        }
        bytes.extend_from_slice(buffer.get(..length).unwrap_or_default());
        if is_expansion(position.get() - start, total) {
            return Ended::Expansion;
        }
    }
}

/// True if `packed` bytes have no business becoming `unpacked`.
pub(crate) fn is_expansion(packed: u64, unpacked: u64) -> bool {
    unpacked > FREE && unpacked / packed.max(1) > RATIO
}

fn failure(error: &io::Error) -> Ended {
    let inner = error.get_ref();
    if let Some(error) = inner.and_then(|inner| inner.downcast_ref::<ReadError>()) {
        return Ended::Limit(error.to_string());
    }
    match error.kind() {
        io::ErrorKind::OutOfMemory | io::ErrorKind::Unsupported => {
            Ended::Unsupported(format!("a stream like this one ({error})"))
        }
        io::ErrorKind::UnexpectedEof => Ended::Cut,
        _ => Ended::Broken(error.to_string()),
    }
}

fn invalid(error: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error.to_string())
}

/// One frame of Zstandard.
struct Zstandard<'a> {
    input: Input<'a>,
    decoder: ruzstd::decoding::FrameDecoder,
    broken: Option<io::Error>,
}

impl<'a> Zstandard<'a> {
    fn new(mut input: Input<'a>) -> io::Result<Self> {
        let mut decoder = ruzstd::decoding::FrameDecoder::new();
        decoder.init(&mut input).map_err(invalid)?;
        Ok(Self {
            input,
            decoder,
            broken: None,
        })
    }
}

impl Read for Zstandard<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        /// An empty last block, and a checksum.
        const LAST: &[u8] = &[1, 0, 0, 0, 0, 0, 0];
        let step = || ruzstd::decoding::BlockDecodingStrategy::UptoBlocks(1);

        while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
            if let Err(error) = self.decoder.decode_blocks(&mut self.input, step()) {
                // The decoder holds back what later blocks may refer to. There will be none.
                self.broken = Some(invalid(error));
                self.decoder.decode_blocks(LAST, step()).map_err(invalid)?;
            }
        }
        let length = self.decoder.read(out)?;
        match self.broken.take() {
            Some(error) if length == 0 => Err(error),
            broken => {
                self.broken = broken;
                Ok(length)
            }
        }
    }
}

/// What could be unpacked of something that goes on: the rest cannot be had.
#[derive(Debug)]
pub(crate) struct Beginning<'a>(pub(crate) &'a [u8]);

impl ReadAt for Beginning<'_> {
    fn size(&self) -> u64 {
        self.0.len() as u64 + 1
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        self.0
            .read_at(offset, buffer)
            .map_err(|_| ReadError::Failed {
                reason: format!("not more than {} bytes of it were unpacked", self.0.len()),
            })
    }
}

/// At most `length` bytes at `at`; none if they cannot be had.
pub(crate) fn peek(source: &dyn ReadAt, at: u64, length: u64) -> Vec<u8> {
    let length = length.min(source.size().saturating_sub(at));
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
    match source.read_at(at, &mut bytes) {
        Ok(()) => bytes,
        Err(_) => Vec::new(),
    }
}

/// True if there is nothing but zeros in `range`.
pub(crate) fn is_zero(source: &dyn ReadAt, range: Range<u64>) -> bool {
    zeros(source, range.clone()) == range.end.saturating_sub(range.start)
}

/// How many zeros `range` starts with.
pub(crate) fn zeros(source: &dyn ReadAt, range: Range<u64>) -> u64 {
    let position = Position::default();
    let mut input = Input::new(source, range, &position);
    let mut count = 0;
    loop {
        let Ok(bytes) = input.fill_buf() else {
            return count;
        };
        let length = bytes.len();
        let run = bytes.iter().take_while(|byte| **byte == 0).count();
        count += run as u64;
        if run < length || length == 0 {
            return count;
        }
        input.consume(length);
    }
}
