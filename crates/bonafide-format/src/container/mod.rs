//! Files that hold other files.

mod decode;
mod input;
mod names;
mod rules;
mod sevenzip;
mod stream;
mod tar;
mod zip;

pub(crate) use decode::peek;
pub(crate) use rules::RULES;
pub(crate) use sevenzip::{RAR, SEVEN_ZIP, SNAPPY};
pub(crate) use stream::{BZIP2, GZIP, JOBLIB, LZ4, LZMA, XZ, ZLIB, ZSTANDARD};
pub(crate) use tar::{RULES as TAR_RULES, TAR};
pub(crate) use zip::{RULES as ZIP_RULES, ZIP};
