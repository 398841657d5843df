//! LZ4 frames one after the other, each with its end.
//! <https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md>

use std::io::{self, BufRead, BufReader, Read};

use lz4_flex::frame::FrameDecoder;

/// Reads all frames of a stream; the decoder itself stops after each, and takes a frame that
/// was cut between two blocks for a whole one.
pub(super) struct Lz4<R: Read> {
    decoder: FrameDecoder<BufReader<Watched<R>>>,
}

impl<R: Read> Lz4<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            decoder: FrameDecoder::new(BufReader::new(Watched {
                reader,
                part: Part::Magic,
                wanted: 4,
                number: 0,
                flags: 0,
            })),
        }
    }
}

impl<R: Read> Read for Lz4<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.decoder.read(buffer)?;
            if read > 0 {
                return Ok(read);
            }
            if self.decoder.get_mut().fill_buf()?.is_empty() {
                return match self.decoder.get_ref().get_ref().is_between_frames() {
                    true => Ok(0),
                    false => Err(io::ErrorKind::UnexpectedEof.into()),
                };
            }
        }
    }
}

/// What comes next in a stream.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Magic,
    /// Two bytes that say how long the rest of the header is.
    Flags,
    Header,
    BlockSize,
    Block,
    /// Of the whole frame.
    Checksum,
    /// Length of a frame that is to be skipped.
    SkipSize,
    Skip,
    /// No frame that is known; its decoder says so too.
    Unknown,
}

/// Follows the frames while the decoder reads them.
struct Watched<R> {
    reader: R,
    part: Part,
    /// Bytes of the part that are still to come.
    wanted: u64,
    /// The last four bytes, little-endian.
    number: u32,
    flags: u8,
}

/// Bits of the flags: what a header and its blocks contain.
const BLOCK_CHECKSUM: u8 = 1 << 4;
const CONTENT_SIZE: u8 = 1 << 3;
const CONTENT_CHECKSUM: u8 = 1 << 2;
const DICTIONARY: u8 = 1;

impl<R> Watched<R> {
    fn is_between_frames(&self) -> bool {
        self.part == Part::Magic && self.wanted == 4
    }

    fn follow(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let length = usize::try_from(self.wanted).unwrap_or(usize::MAX);
            let length = length.min(bytes.len());
            let (part, rest) = bytes.split_at_checked(length).unwrap_or((bytes, &[]));
            for byte in part.get(length.saturating_sub(4)..).unwrap_or_default() {
                self.number = self.number >> 8 | u32::from(*byte) << 24;
            }
            bytes = rest;
            self.wanted -= length as u64;
            while self.wanted == 0 {
                self.turn();
            }
        }
    }

    /// A part is over.
    fn turn(&mut self) {
        let bit = |bit: u8, bytes: u64| if self.flags & bit == 0 { 0 } else { bytes };
        (self.part, self.wanted) = match self.part {
            Part::Magic => match self.number {
                0x184d_2204 => (Part::Flags, 2),
                0x184d_2a50..=0x184d_2a5f => (Part::SkipSize, 4),
                _ => (Part::Unknown, u64::MAX),
            },
            Part::Flags => {
                let [_, _, flags, _] = self.number.to_le_bytes();
                self.flags = flags;
                let size = if flags & CONTENT_SIZE == 0 { 0 } else { 8 };
                let dictionary = if flags & DICTIONARY == 0 { 0 } else { 4 };
                (Part::Header, size + dictionary + 1)
            }
            Part::Header | Part::Block => (Part::BlockSize, 4),
            Part::BlockSize if self.number == 0 => (Part::Checksum, bit(CONTENT_CHECKSUM, 4)),
            Part::BlockSize => {
                let size = u64::from(self.number & 0x7fff_ffff);
                (Part::Block, size + bit(BLOCK_CHECKSUM, 4))
            }
            Part::SkipSize => (Part::Skip, u64::from(self.number)),
            Part::Checksum | Part::Skip => (Part::Magic, 4),
            Part::Unknown => (Part::Unknown, u64::MAX),
        };
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.follow(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}
