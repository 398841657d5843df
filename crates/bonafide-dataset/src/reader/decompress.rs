//! Streams of compressed bytes, with a cap on what they may become.

use std::io::{self, Read};

use crate::budget::DatasetBudget;
use crate::error::DatasetError;

use super::guard::guarded;
use super::input::{Input, Sequential};
use super::lz4::Lz4;

/// How the bytes of a whole file are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstandard,
    Bzip2,
    Xz,
    Lz4,
}

/// By the first bytes of each format: RFC 1952, RFC 8878, bzip2, the .xz format, LZ4 frames.
const MAGIC: &[(&[u8], Compression)] = &[
    (&[0x1f, 0x8b, 0x08], Compression::Gzip),
    (&[0x28, 0xb5, 0x2f, 0xfd], Compression::Zstandard),
    (b"BZh", Compression::Bzip2),
    (&[0xfd, b'7', b'z', b'X', b'Z', 0x00], Compression::Xz),
    (&[0x04, 0x22, 0x4d, 0x18], Compression::Lz4),
];

/// What files of each are called.
const ENDINGS: &[(&str, Compression)] = &[
    (".gz", Compression::Gzip),
    (".tgz", Compression::Gzip),
    (".zst", Compression::Zstandard),
    (".zstd", Compression::Zstandard),
    (".bz2", Compression::Bzip2),
    (".xz", Compression::Xz),
    (".lz4", Compression::Lz4),
];

/// Most memory of a decoder of xz or Zstandard: the window of `zstd --ultra -22 --long=27`
/// and the dictionary of `xz -9` fit.
const MOST_DECODER_KIB: u32 = 256 << 10;
const MOST_WINDOW_LOG: u32 = 27;

impl Compression {
    pub(super) fn of_content(head: &[u8]) -> Option<Self> {
        let found = MAGIC.iter().find(|(magic, _)| head.starts_with(magic))?;
        Some(found.1)
    }

    /// By the end of a name in lower case, with the name that is left: `a.csv` of `a.csv.gz`.
    pub(super) fn of_name(name: &str) -> Option<(Self, String)> {
        let (ending, found) = ENDINGS.iter().find(|(ending, _)| name.ends_with(ending))?;
        let mut inner = name.strip_suffix(ending)?.to_owned();
        if *ending == ".tgz" {
            inner.push_str(".tar");
        }
        Some((*found, inner))
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstandard => "Zstandard",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Lz4 => "LZ4",
        }
    }
}

/// What the bytes of a file become, from their beginning.
pub(super) fn stream<'f>(
    input: &Input<'f>,
    compression: Option<Compression>,
    budget: &DatasetBudget,
) -> Result<Box<dyn Read + 'f>, DatasetError> {
    let file = Sequential::open(input, 0)?;
    let Some(compression) = compression else {
        return Ok(Box::new(file));
    };
    let decoder: Box<dyn Read + 'f> = match compression {
        Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(file)),
        Compression::Bzip2 => Box::new(bzip2::read::MultiBzDecoder::new(file)),
        Compression::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(
            file,
            true,
            MOST_DECODER_KIB,
        )),
        Compression::Lz4 => Box::new(Lz4::new(file)),
        Compression::Zstandard => {
            let mut decoder =
                zstd::stream::read::Decoder::new(file).map_err(|error| input.failed("", error))?;
            decoder
                .window_log_max(MOST_WINDOW_LOG)
                .map_err(|error| input.failed("", error))?;
            Box::new(decoder)
        }
    };
    let by_ratio = input.size.saturating_mul(budget.expansion);
    Ok(Box::new(Capped {
        input: input.clone(),
        compression,
        decoder,
        read: 0,
        most: by_ratio.max(budget.expanded_bytes),
        done: false,
    }))
}

/// A decoder that may not give more than so many bytes.
struct Capped<'f> {
    input: Input<'f>,
    compression: Compression,
    decoder: Box<dyn Read + 'f>,
    read: u64,
    most: u64,
    /// After an error or a panic it is never asked again.
    done: bool,
}

impl Read for Capped<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.done || buffer.is_empty() {
            return Ok(0);
        }
        let at = || format!("byte {} of what it unpacks to", self.read);
        let read = match guarded(|| self.decoder.read(buffer)) {
            Ok(Ok(read)) => read,
            Ok(Err(error)) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Ok(Err(error)) => {
                self.done = true;
                let named = |error: io::Error| {
                    let reason = format!("not whole as {}: {error}", self.compression.name());
                    self.input.malformed(at(), reason)
                };
                let error = error.downcast::<DatasetError>().unwrap_or_else(named);
                return Err(io::Error::other(error));
            }
            Err(reason) => {
                self.done = true;
                return Err(io::Error::other(self.input.malformed(at(), reason)));
            }
        };
        self.read += read as u64;
        if self.read > self.most {
            self.done = true;
            let reason = format!(
                "{} bytes unpack to more than {} bytes (expansion, expanded_bytes)",
                self.input.size, self.most
            );
            return Err(io::Error::other(self.input.over("", reason)));
        }
        Ok(read)
    }
}
