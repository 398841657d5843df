//! What bytes are, by how they begin, and what a name says they should be.

use memchr::memmem;

/// What kind of file bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    /// A picture.
    Image,
    /// Sound.
    Audio,
    /// Moving pictures.
    Video,
    /// A page of a document: PDF.
    Document,
    /// A program, or a script with an interpreter in its first line.
    Program,
    /// An archive or compressed bytes.
    Archive,
    /// A page that runs in a browser: HTML, SVG.
    Page,
    /// Objects that run code when they are loaded: pickles, Java classes and objects.
    Objects,
    /// Records and numbers: Parquet, Arrow, HDF5, NumPy, SQLite.
    Data,
}

/// A type of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileType {
    /// What it is called: `ELF program`.
    pub(super) name: &'static str,
    /// What it is for.
    pub(super) family: Family,
}

const fn of(name: &'static str, family: Family) -> Option<FileType> {
    Some(FileType { name, family })
}

/// Recognises bytes by their beginning. Types whose mark is short are asked for more.
pub(super) fn recognise(bytes: &[u8]) -> Option<FileType> {
    let at = |place: usize, mark: &[u8]| {
        bytes
            .get(place..)
            .is_some_and(|rest| rest.starts_with(mark))
    };
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => of("PNG image", Family::Image),
        [0xFF, 0xD8, 0xFF, ..] => of("JPEG image", Family::Image),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => of("GIF image", Family::Image),
        [b'R', b'I', b'F', b'F', ..] if at(8, b"WEBP") => of("WebP image", Family::Image),
        [b'R', b'I', b'F', b'F', ..] if at(8, b"WAVE") => of("WAV sound", Family::Audio),
        [b'R', b'I', b'F', b'F', ..] if at(8, b"AVI ") => of("AVI video", Family::Video),
        [b'I', b'I', 0x2A, 0, ..] | [b'M', b'M', 0, 0x2A, ..] => of("TIFF image", Family::Image),
        [b'B', b'M', ..] if is_bitmap(bytes) => of("BMP image", Family::Image),
        [b'f', b'L', b'a', b'C', ..] => of("FLAC sound", Family::Audio),
        [b'O', b'g', b'g', b'S', ..] => of("Ogg sound", Family::Audio),
        [b'I', b'D', b'3', 2..=4, ..] => of("MP3 sound", Family::Audio),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => match bytes.get(8..11) {
            Some(b"avi" | b"hei" | b"mif") => of("HEIF image", Family::Image),
            Some(b"M4A") => of("MP4 sound", Family::Audio),
            _ => of("MP4 video", Family::Video),
        },
        [0x1A, 0x45, 0xDF, 0xA3, ..] => of("Matroska video", Family::Video),
        [b'%', b'P', b'D', b'F', b'-', ..] => of("PDF document", Family::Document),
        [0x7F, b'E', b'L', b'F', ..] => of("ELF program", Family::Program),
        [b'M', b'Z', ..] if is_portable_executable(bytes) => of("Windows program", Family::Program),
        [0xFE, 0xED, 0xFA, 0xCE | 0xCF, ..] | [0xCE | 0xCF, 0xFA, 0xED, 0xFE, ..] => {
            of("Mach-O program", Family::Program)
        }
        [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, ..] => of("Java class", Family::Objects),
        [0xAC, 0xED, 0, 5, ..] => of("Java objects", Family::Objects),
        [b'#', b'!', b'/' | b' ', ..] => of("script", Family::Program),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => of("zip archive", Family::Archive),
        [0x1F, 0x8B, 8, ..] => of("gzip archive", Family::Archive),
        [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', ..] => {
            of("bzip2 archive", Family::Archive)
        }
        [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => of("xz archive", Family::Archive),
        [b'7', b'z', 0xBC, 0xAF, ..] => of("7-Zip archive", Family::Archive),
        [b'R', b'a', b'r', b'!', 0x1A, ..] => of("RAR archive", Family::Archive),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => of("Zstandard archive", Family::Archive),
        [0x80, 2..=5, ..] if is_pickle(bytes) => of("pickle", Family::Objects),
        [b'P', b'A', b'R', b'1', ..] => of("Parquet file", Family::Data),
        [b'A', b'R', b'R', b'O', b'W', b'1', ..] => of("Arrow file", Family::Data),
        [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => of("NumPy array", Family::Data),
        [0x89, b'H', b'D', b'F', ..] => of("HDF5 file", Family::Data),
        _ if at(0, b"SQLite format 3\0") => of("SQLite database", Family::Data),
        _ if at(257, b"ustar") => of("tar archive", Family::Archive),
        _ => page(bytes),
    }
}

/// HTML, SVG and PHP, which begin with text.
fn page(bytes: &[u8]) -> Option<FileType> {
    let head = bytes.get(..bytes.len().min(1_024)).unwrap_or(bytes);
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let start = head
        .iter()
        .position(|byte| !byte.is_ascii_whitespace())
        .unwrap_or(head.len());
    let head = head.get(start..).unwrap_or(&[]).to_ascii_lowercase();
    let starts = |marks: &[&[u8]]| marks.iter().any(|mark| head.starts_with(mark));
    if starts(&[
        b"<!doctype html",
        b"<html",
        b"<script",
        b"<body",
        b"<iframe",
    ]) {
        return of("HTML page", Family::Page);
    }
    if starts(&[b"<?php"]) {
        return of("PHP script", Family::Program);
    }
    let is_svg = starts(&[b"<svg", b"<?xml", b"<!doctype svg", b"<!--"])
        && memmem::find(&head, b"<svg").is_some();
    is_svg.then_some(FileType {
        name: "SVG page",
        family: Family::Page,
    })
}

/// The size in the header is that of the bytes, and the size of the inner header is one
/// that exists: two letters alone begin many texts.
fn is_bitmap(bytes: &[u8]) -> bool {
    let header = bytes
        .get(14..18)
        .map(|size| matches!(size, [12 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0]));
    bytes.get(6..10) == Some(&[0; 4]) && header == Some(true)
}

/// `MZ`, and `PE` where the header says.
fn is_portable_executable(bytes: &[u8]) -> bool {
    let Some([first, second, third, fourth]) = bytes.get(0x3C..0x40) else {
        return false;
    };
    let place = u32::from_le_bytes([*first, *second, *third, *fourth]);
    match usize::try_from(place) {
        // The header may be further than what was read of a file.
        Ok(place) if place < bytes.len() => bytes
            .get(place..)
            .is_some_and(|rest| rest.starts_with(b"PE\0\0")),
        Ok(place) => bytes.len() >= 4_096 && place < 1 << 20,
        Err(_) => false,
    }
}

/// A protocol and an opcode that can follow it, and the end that every pickle has, as far
/// as the bytes are all there.
fn is_pickle(bytes: &[u8]) -> bool {
    let follows = matches!(
        bytes.get(2),
        Some(
            b'}' | b']'
                | b')'
                | b'('
                | b'c'
                | b'X'
                | b'K'
                | b'M'
                | b'J'
                | b'N'
                | b'C'
                | 0x95
                | 0x8A
                | 0x8C
                | 0x8D
        )
    );
    follows && (bytes.last() == Some(&b'.') || bytes.len() >= 4_096)
}

/// What a name promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Promise {
    /// Families that keep it.
    families: &'static [Family],
    /// Bytes that are not recognised break it.
    pub(super) strict: bool,
}

impl Promise {
    /// True if this type is what was promised, or harmless where it was not. A PNG image
    /// that is called `jpg` is careless; a program is not.
    pub(super) fn allows(&self, found: FileType) -> bool {
        self.families.contains(&found.family)
    }
}

/// What an extension or the name of a column promises, if anything.
pub(super) fn promise(name: &str) -> Option<Promise> {
    const MEDIA: &[Family] = &[Family::Image, Family::Audio, Family::Video];
    let loose = |families| {
        Some(Promise {
            families,
            strict: false,
        })
    };
    let strict = |families| {
        Some(Promise {
            families,
            strict: true,
        })
    };
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "jpg" | "jpeg" | "png" | "gif" | "webp" | "tif" | "tiff" => strict(MEDIA),
        "bmp" | "ppm" | "pgm" | "image" | "images" | "img" | "picture" | "photo" | "pixels"
        | "mask" | "thumbnail" | "heic" | "avif" | "jp2" | "exr" => loose(MEDIA),
        "wav" | "flac" | "ogg" | "opus" => strict(MEDIA),
        "mp3" | "m4a" | "aac" | "audio" | "speech" | "sound" => loose(MEDIA),
        "mp4" | "mkv" | "webm" | "avi" | "mov" | "video" => loose(MEDIA),
        "pdf" => strict(&[Family::Document]),
        "txt" | "text" | "md" => loose(&[Family::Page]),
        "csv" | "tsv" | "jsonl" | "json" | "ndjson" | "cls" | "yaml" | "yml" => loose(&[]),
        "npy" | "parquet" | "arrow" | "feather" | "h5" | "hdf5" => strict(&[Family::Data]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(bytes: &[u8]) -> Option<&'static str> {
        recognise(bytes).map(|found| found.name)
    }

    #[test]
    fn types_by_their_beginning() {
        assert_eq!(name(b"\x89PNG\r\n\x1a\n"), Some("PNG image"));
        assert_eq!(name(b"\xff\xd8\xff\xe0"), Some("JPEG image"));
        assert_eq!(name(b"\x7fELF\x02"), Some("ELF program"));
        assert_eq!(name(b"#!/bin/sh\n"), Some("script"));
        assert_eq!(
            name(b"\x80\x04\x95\x05\0\0\0\0\0\0\0\x8c\x01a."),
            Some("pickle")
        );
        assert_eq!(name(b"  <!DOCTYPE HTML>"), Some("HTML page"));
        assert_eq!(
            name(b"<?xml version='1.0'?><svg onload='x'>"),
            Some("SVG page")
        );
        assert_eq!(name(b"<?php system($x);"), Some("PHP script"));
        assert_eq!(name(b"PK\x03\x04"), Some("zip archive"));
        let mut program = vec![0; 0x48];
        program[..2].copy_from_slice(b"MZ");
        program[0x3C] = 0x40;
        program[0x40..0x44].copy_from_slice(b"PE\0\0");
        assert_eq!(name(&program), Some("Windows program"));
    }

    #[test]
    fn text_is_no_type() {
        for text in [
            &b"MZ is a country code"[..],
            b"BM",
            b"BMW drives",
            b"",
            b"#!",
            b"<?xml version='1.0'?><a/>",
            b"RIFF",
            b"\x80\x04",
        ] {
            assert_eq!(name(text), None, "{text:?}");
        }
    }
}
