//! Requirements files, as pip reads them. They have no signature; pip takes what it is told,
//! and tools look for these names.

use std::ops::Range;

use bonafide_core::excerpt;

use super::{UNENCRYPTED, UNHASHED, Wanted, direct, index, wanted};
use crate::format::{Depth, Effect, Format, Likeness};
use crate::path::{OUTSIDE, leads_outside};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const REQUIREMENTS: Format = Format {
    name: "requirements",
    title: "list of required packages",
    extensions: &[],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe,
    inspect,
};

/// Longest list that is read.
const LONGEST: u64 = 8 << 20;

fn probe(probe: &Probe<'_>) -> Likeness {
    let name = probe.name.to_ascii_lowercase();
    let stem = name
        .strip_suffix(".txt")
        .or_else(|| name.strip_suffix(".in"));
    let named = stem.is_some_and(|stem| {
        stem.contains("requirement") || stem.contains("constraints") || stem == "reqs"
    });
    let text = !probe
        .head
        .iter()
        .any(|byte| matches!(byte, 1..=8 | 0x0e..=0x1a));
    // UTF-16 with a mark, which pip reads too, has NULs.
    let marked = probe.head.starts_with(b"\xff\xfe") || probe.head.starts_with(b"\xfe\xff");
    if named && ((text && !probe.head.contains(&0)) || marked) {
        Likeness::Possible
    } else {
        Likeness::No
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let bytes = crate::document::whole(visit, "bytes of a list of packages", LONGEST)?;
    let text = decoded(&bytes)?;
    let mut unhashed = 0_u64;
    let mut start = 0_u64;
    let mut joined = String::new();
    let mut joined_at = 0_u64;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len() as u64;
        let line = line.trim_end_matches(['\n', '\r']);
        if joined.is_empty() {
            joined_at = at;
        }
        let comment = line.trim_start().starts_with('#');
        if comment {
            joined.push(' ');
        }
        if let Some(part) = line.strip_suffix('\\').filter(|_| !comment) {
            // Nothing comes between the two halves: `--\` and `index-url` are one option.
            joined.push_str(part);
            continue;
        }
        joined.push_str(line);
        let whole = std::mem::take(&mut joined);
        unhashed += requirement(visit, &whole, Some(joined_at..at + line.len() as u64));
    }
    if !joined.is_empty() {
        unhashed += requirement(visit, &joined, Some(joined_at..start));
    }
    if unhashed > 0 {
        let message = format!("{unhashed} of the packages are asked for without a digest");
        visit.report(&UNHASHED, None, message);
    }
    visit.cover_all();
    Ok(())
}

fn decoded(bytes: &[u8]) -> Result<String, Stop> {
    let wide = |bytes: &[u8], read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .filter_map(|pair| pair.try_into().ok().map(read))
            .collect();
        String::from_utf16_lossy(&units)
    };
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return Ok(wide(rest, u16::from_le_bytes));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return Ok(wide(rest, u16::from_be_bytes));
    }
    let plain = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(plain) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(Stop::malformed(
            error.valid_up_to() as u64,
            "the text is not UTF-8",
        )),
    }
}

/// Reads a requirement that stands in another file, where digests have no place.
pub(super) fn line(visit: &mut Visit<'_>, line: &str, range: impl Into<Option<Range<u64>>>) {
    let _unhashed = requirement(visit, line, range.into());
}

/// Reads one line; counts what has no digest.
fn requirement(visit: &mut Visit<'_>, line: &str, range: Option<Range<u64>>) -> u64 {
    // A comment starts at a number sign after a blank, or at the start.
    let line = match line.find(" #").or_else(|| line.find("\t#")) {
        Some(at) => line.get(..at).unwrap_or_default(),
        None => line,
    };
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return 0;
    }
    if line.starts_with('-') {
        option(visit, line, range);
        return 0;
    }
    let (line, hashed) = match line.find("--hash") {
        Some(at) => (line.get(..at).unwrap_or_default().trim(), true),
        None => (line, false),
    };
    let unhashed = u64::from(!hashed);
    // `name @ address`, or the address alone.
    if let Some((name, address)) = line.split_once('@')
        && is_name(name.trim())
    {
        let address = address.split(" ;").next().unwrap_or_default();
        let (name, _) = without_extras(name);
        direct(visit, name, address, range);
        return 0;
    }
    if line.contains("://")
        || line.starts_with(['.', '/', '~'])
        || line.ends_with(".whl")
        || line.ends_with(".tar.gz")
    {
        direct(visit, "", line, range);
        return 0;
    }
    let line = line.split(';').next().unwrap_or_default().trim();
    let line = line.split(" --").next().unwrap_or_default().trim();
    let end = line
        .find(|letter: char| "<>=!~( [".contains(letter))
        .unwrap_or(line.len());
    let name = line.get(..end).unwrap_or_default();
    if !is_name(name) {
        let message = format!("`{}` is no requirement", excerpt(line, 80));
        visit.report_about(&super::UNREADABLE, range, line, message);
        return 0;
    }
    let (_, specifier) = without_extras(line);
    let specifier = specifier
        .trim()
        .trim_start_matches('(')
        .trim_end_matches(')');
    wanted(
        visit,
        &Wanted {
            name,
            specifier: specifier.trim(),
            range,
        },
    );
    unhashed
}

/// A name, and what comes after its extras.
fn without_extras(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text
        .find(|letter: char| !(letter.is_ascii_alphanumeric() || "-_.".contains(letter)))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let rest = rest.trim_start();
    match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((_, rest)) => (name, rest),
        None => (name, rest),
    }
}

/// A name by PEP 508, with or without extras.
fn is_name(text: &str) -> bool {
    let (name, rest) = without_extras(text);
    !name.is_empty()
        && rest.trim().is_empty()
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
}

fn option(visit: &mut Visit<'_>, line: &str, range: Option<Range<u64>>) {
    let (option, value) = match line.split_once(['=', ' ', '\t']) {
        Some((option, value)) => (option, value.trim()),
        // `-fhttps://…`
        None => match line.get(..2).filter(|short| !short.starts_with("--")) {
            Some(short) => (short, line.get(2..).unwrap_or_default()),
            None => (line, ""),
        },
    };
    match option {
        "-i" | "--index-url" | "--pypi-url" | "--extra-index-url" | "-f" | "--find-links" => {
            index(visit, option, value, range);
        }
        "--trusted-host" => {
            let message = format!("the certificate of `{}` is not checked", excerpt(value, 80));
            visit.report_about(&UNENCRYPTED, range, value, message);
        }
        "-e" | "--editable" => direct(visit, "", value, range),
        "-r" | "--requirement" | "-c" | "--constraint" => {
            if value.contains("://") {
                direct(visit, "", value, range);
            } else if let Some(why) = leads_outside(value).filter(|_| !value.starts_with("..")) {
                visit.report(&OUTSIDE, range, format!("`{}`: {why}", excerpt(value, 80)));
            }
        }
        _ => {}
    }
}
