//! Pictures, sound, fonts, printed pages and tables of data: told apart by their signatures.
//! No loader of models runs them, and nothing in them is read.

use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const MEDIA: Format = Format {
    name: "media",
    title: "picture, sound, font, page or table of data",
    extensions: &[
        "png", "jpg", "jpeg", "gif", "webp", "pdf", "wav", "flac", "ogg", "ttf", "otf", "woff",
        "woff2", "parquet", "mp4",
    ],
    effect: Effect::Data,
    depth: Depth::Identified,
    probe,
    inspect,
};

/// Signatures at the start.
const SIGNATURES: &[&[u8]] = &[
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"\xff\xd8\xff\xe0",
    b"\xff\xd8\xff\xe1",
    b"\xff\xd8\xff\xdb",
    b"\xff\xd8\xff\xee",
    b"%PDF-1.",
    b"%PDF-2.",
    b"fLaC\0\0\0\x22",
    b"OggS\0\x02",
    b"wOFF\0\x01\0\0",
    b"wOF2\0\x01\0\0",
    b"OTTO\0",
    b"ARROW1\0\0",
    b"SQLite format 3\0",
    b"II*\0",
    b"MM\0*",
];

fn probe(probe: &Probe<'_>) -> Likeness {
    let head = probe.head;
    let signed = SIGNATURES
        .iter()
        .any(|signature| head.starts_with(signature));
    let kind = head.get(8..12);
    let riff = head.starts_with(b"RIFF") && matches!(kind, Some(b"WAVE" | b"WEBP" | b"AVI "));
    let parquet = head.starts_with(b"PAR1") && probe.tail.ends_with(b"PAR1") && probe.size > 12;
    let movie = head.get(4..8) == Some(b"ftyp")
        && head.starts_with(b"\0\0\0")
        && kind.is_some_and(|kind| kind.iter().all(u8::is_ascii_graphic));
    if signed || riff || parquet || movie || is_true_type(head) {
        Likeness::Certain
    } else {
        Likeness::No
    }
}

/// Version 1.0, a plausible number of tables, and the tag of the first.
fn is_true_type(head: &[u8]) -> bool {
    let [0, 1, 0, 0, 0, tables, _, _, _, _, _, _, a, b, c, d, ..] = head else {
        return false;
    };
    let tag = [*a, *b, *c, *d];
    (4..64).contains(tables)
        && [
            b"DSIG", b"FFTM", b"GDEF", b"GPOS", b"GSUB", b"OS/2", b"BASE", b"cmap", b"LTSH",
            b"MATH",
        ]
        .iter()
        .any(|known| **known == tag)
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    visit.cover(0..visit.size(), State::Identified);
    Ok(())
}
