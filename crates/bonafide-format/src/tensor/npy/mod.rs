//! NumPy arrays: a header that is a Python literal, then the numbers or a pickle
//! (`numpy.lib.format`, versions 1 to 3).

mod dtype;
mod literal;

use bonafide_core::{Severity, ThreatId, excerpt};

use self::dtype::{Content, content};
use self::literal::{Literal, parse};
use super::content::Examiner;
use crate::coverage::State;
use crate::facts::{Order, Tensor};
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const NPY: Format = Format {
    name: "npy",
    title: "NumPy array",
    extensions: &["npy"],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe,
    inspect,
};

pub(crate) const RULES: &[&Rule] = &[&OBJECTS, &HEADER, &UNKNOWN_TYPE];

const OBJECTS: Rule = Rule {
    slug: "npy-object-array",
    title: "Array of Python objects",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::Low,
    confidence: Confidence::Certain,
    rationale: "Its elements are a pickle, which is read only if the caller allows it. What the pickle does is \
        reported on its own.",
    remediation: "Keep numbers and texts in arrays of plain types.",
    threats: &[ThreatId("ART-01")],
    cwe: &[502],
    cve: &["CVE-2019-6446"],
    atlas: &["AML.T0011.000"],
};

const HEADER: Rule = Rule {
    slug: "npy-header",
    title: "Header that NumPy does not write",
    hazard: Hazard::Malformed,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "NumPy evaluates the header as a Python literal; long or crowded ones are made to exhaust it, or \
        to carry something.",
    remediation: "Load the array with a current NumPy and save it anew.",
    threats: &[ThreatId("ART-06")],
    cwe: &[20, 400],
    cve: &[],
    atlas: &["AML.T0076"],
};

const UNKNOWN_TYPE: Rule = Rule {
    slug: "npy-unknown-type",
    title: "Type of element that is not known",
    hazard: Hazard::Malformed,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "NumPy takes many spellings of a type. How long the array is, and whether it is a pickle, cannot \
        be said of this one.",
    remediation: "Load the array with a current NumPy and save it anew.",
    threats: &[ThreatId("ART-06")],
    cwe: &[20],
    cve: &[],
    atlas: &["AML.T0076"],
};

const MAGIC: &[u8] = b"\x93NUMPY";

/// Longer headers are refused by NumPy unless the caller says otherwise.
const LONGEST_HEADER: u64 = 10_000;

/// Longest header that is read here: tables of many named columns.
const LONGEST_READ: u64 = 1 << 20;

fn probe(probe: &Probe<'_>) -> Likeness {
    if probe.head.starts_with(MAGIC) {
        Likeness::Certain
    } else {
        Likeness::No
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let mut cursor = visit.cursor(MAGIC.len() as u64);
    let [major, minor] = cursor.array()?;
    let length = match (major, minor) {
        (1, 0) => u64::from(cursor.u16()?),
        (2 | 3, 0) => u64::from(cursor.u32()?),
        _ => {
            let message = format!("version {major}.{minor} does not exist");
            return Err(Stop::malformed(MAGIC.len() as u64, message));
        }
    };
    let start = cursor.position();
    let data = start.saturating_add(length);
    if length > cursor.remaining() {
        let message = format!("a header of {length} bytes is announced");
        return Err(Stop::malformed(start, message));
    }
    if length > LONGEST_HEADER {
        let message = format!("the header has {length} bytes");
        visit.report(&HEADER, Some(start..data), message);
    }
    if length > LONGEST_READ {
        return Err(Stop::Exhausted {
            what: "bytes of a header",
            limit: LONGEST_READ,
        });
    }
    let header = visit.read(start..data)?;
    // Only version 3 is UTF-8; the others are Latin-1, where every byte is a character.
    let text = match std::str::from_utf8(&header) {
        Ok(text) => std::borrow::Cow::Borrowed(text),
        Err(error) if major == 3 => {
            let at = start + error.valid_up_to() as u64;
            return Err(Stop::malformed(at, "the header is not UTF-8"));
        }
        Err(_) => header.iter().map(|byte| char::from(*byte)).collect(),
    };
    let malformed = |message: String| Stop::malformed(start, message);
    let (value, rest) = parse(&text, start)?;
    if !rest.trim_matches([' ', '\n']).is_empty() {
        visit.report(
            &HEADER,
            Some(start..data),
            "something follows the header's literal",
        );
    }
    let (descr, fortran, shape) = entries(&value).map_err(malformed)?;
    visit.cover(0..data, State::Scanned);
    let elements = shape.iter().copied().try_fold(1_u64, u64::checked_mul);
    let elements = elements.ok_or_else(|| malformed("the shape overflows".to_owned()))?;
    if let Literal::Boolean(false) | Literal::Boolean(true) = fortran {
    } else {
        return Err(malformed(
            "`fortran_order` is neither True nor False".to_owned(),
        ));
    }

    let name = visit.name().to_owned();
    let shown = descr.shown();
    let index = visit.tensor(Tensor {
        place: None,
        name,
        dtype: shown.clone(),
        shape,
    });
    let rest = visit.size() - data;
    match content(descr) {
        Some(Content::Sized(bytes)) => {
            let wanted = elements.checked_mul(bytes).filter(|wanted| *wanted <= rest);
            let Some(wanted) = wanted else {
                let message = format!(
                    "{elements} elements of {bytes} bytes are announced, {rest} bytes are left"
                );
                return Err(Stop::malformed(data, message));
            };
            let range = data..data + wanted;
            // Columns of several types are no numbers that can be looked at as one tensor.
            if let Literal::Text(descr) = descr {
                let order = if matches!(fortran, Literal::Boolean(true)) {
                    Order::ColumnMajor
                } else {
                    Order::RowMajor
                };
                let numbers = visit.place(range.clone(), order, descr.starts_with('>'));
                visit.locate(index, numbers);
            }
            Examiner::default().examine(visit, "array", range.clone());
            visit.cover(range, State::Data);
        }
        Some(Content::Objects) => {
            let message = format!(
                "the elements are Python objects (`{}`)",
                excerpt(&shown, 80)
            );
            visit.report(&OBJECTS, Some(data..visit.size()), message);
            objects(visit, data);
        }
        None => {
            let message = format!("the elements are of type `{}`", excerpt(&shown, 80));
            visit.report_about(&UNKNOWN_TYPE, Some(start..data), &shown, message);
            visit.part("array", data..visit.size());
            return Err(Stop::unsupported("this type of element"));
        }
    }
    Ok(())
}

/// The pickle that takes the place of the numbers. It says itself where it ends.
fn objects(visit: &mut Visit<'_>, data: u64) {
    let end = visit.size();
    visit.part("objects", data..end);
    visit.cover(data..end, State::Scanned);
}

/// The three entries, which must be all.
fn entries(value: &Literal) -> Result<(&Literal, &Literal, Vec<u64>), String> {
    let Literal::Dictionary(entries) = value else {
        return Err("the header is not a dictionary".to_owned());
    };
    let one = |wanted: &str| {
        let mut found = entries
            .iter()
            .filter(|(key, _)| matches!(key, Literal::Text(key) if key == wanted));
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Ok(value),
            _ => Err(format!("the header does not have `{wanted}` once")),
        }
    };
    let (descr, fortran, shape) = (one("descr")?, one("fortran_order")?, one("shape")?);
    if entries.len() != 3 {
        return Err(format!("the header has {} entries", entries.len()));
    }
    let Literal::Tuple(lengths) = shape else {
        return Err("the shape is not a tuple".to_owned());
    };
    let lengths: Option<Vec<u64>> = lengths.iter().map(Literal::unsigned).collect();
    let lengths = lengths.ok_or("the shape has something else than lengths")?;
    Ok((descr, fortran, lengths))
}

#[cfg(test)]
mod tests;
