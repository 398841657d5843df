//! The pickles of a body, one after the other, and what lies between and behind them.

use std::collections::HashMap;
use std::ops::Range;

use bonafide_core::Severity;

use super::globals::{self, Judgement};
use super::imports::Recorder;
use super::machine::{Arrays, Constant, Machine, Standing, Watch};
use super::opcode;
use super::probe::{Neighbour, is_name, starts};
use super::rules;
use super::tape::Reading;
use crate::coverage::State;
use crate::facts::Tensor;
use crate::format::Likeness;
use crate::pytorch::{Storage, Stored};
use crate::rule::Rule;
use crate::stop::Stop;
use crate::visit::Visit;

/// Most bytes of a constant that are examined at once.
const MOST_EXAMINED: u64 = 16 << 20;

/// Most imports that are kept of another reading of the same bytes.
const MOST_OTHER: usize = 100_000;

/// What trying whether a pickle starts somewhere counts for.
const TRIAL: u64 = 1024;

/// Tells what a pickle does to the visit.
struct Reporter<'r, 'v> {
    visit: &'r mut Visit<'v>,
}

impl Watch for Reporter<'_, '_> {
    fn import(&mut self, module: &str, name: &str, range: Range<u64>) -> Standing {
        globals::report(self.visit, module, name, range);
        match globals::classify(module, name) {
            Judgement::Dangerous { effect } if effect.rule().severity == Severity::Critical => {
                Standing::Dangerous
            }
            _ if globals::is_instance_only(module, name) => Standing::Instances,
            _ => Standing::Harmless,
        }
    }

    fn import_again(&mut self, module: &str, name: &str, range: Range<u64>) {
        globals::report(self.visit, module, name, range);
    }

    fn constant(&mut self, constant: Constant<'_>) {
        let range = constant.range;
        let read;
        let bytes = match constant.bytes {
            Some(bytes) => bytes,
            None => {
                // What can run says so at its start.
                let end = range.end.min(range.start + MOST_EXAMINED);
                match self.visit.read(range.start..end) {
                    Ok(bytes) => {
                        read = bytes;
                        &read
                    }
                    // The bytes cannot be had: whoever goes on reading is told so.
                    Err(_) => return,
                }
            }
        };
        crate::payload::examine(self.visit, bytes, range);
    }

    fn defect(
        &mut self,
        rule: &'static Rule,
        range: Range<u64>,
        about: Option<&str>,
        message: String,
    ) {
        match about {
            Some(about) => self.visit.report_about(rule, Some(range), about, message),
            None => self.visit.report(rule, Some(range), message),
        }
    }

    fn tensor(&mut self, name: &str, dtype: &str, stored: Stored) {
        let tensor = Tensor {
            place: None,
            name: name.to_owned(),
            dtype: dtype.to_owned(),
            shape: stored.shape.clone(),
        };
        self.visit.stored_tensor(tensor, stored);
    }

    fn numbers(&mut self, range: Range<u64>) {
        self.visit.cover(range, State::Data);
    }
}

/// One pickle, read.
struct Pickle {
    end: u64,
    neighbour: Neighbour,
    storages: Vec<Storage>,
    texts: Vec<String>,
}

pub(super) fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let mut at = 0;
    let mut storages: HashMap<String, Storage> = HashMap::new();
    let mut neighbour = Neighbour::Unannounced;
    let mut first = true;
    while at < visit.size() {
        if !first {
            let Some(start) = next_start(visit, at, neighbour)? else {
                break;
            };
            at = start;
        }
        first = false;
        let plain = plain_values(visit, at)?;
        if plain > at {
            visit.cover(at..plain, State::Scanned);
            at = plain;
            neighbour = Neighbour::Nothing;
            continue;
        }
        let pickle = one(visit, at, !storages.is_empty())?;
        at = pickle.end;
        neighbour = pickle.neighbour;
        for storage in pickle.storages {
            visit.storage(storage.clone());
            storages.insert(storage.key.clone(), storage);
        }
        if !storages.is_empty() && !pickle.texts.is_empty() {
            at = behind_storages(visit, at, &storages, &pickle.texts)?;
        }
    }
    Ok(())
}

/// Where a row of pickles ends that each are one plain value, such as an empty list. There
/// can be millions, so nothing is set up for them.
fn plain_values(visit: &mut Visit<'_>, from: u64) -> Result<u64, Stop> {
    const CHUNK: u64 = 64 << 10;

    let mut at = from;
    let mut length = 16;
    loop {
        let bytes = visit.read(at..visit.size().min(at.saturating_add(length)))?;
        let mut rest = bytes.as_slice();
        while let Some(after) = plain_value(rest) {
            visit.work(1)?;
            rest = after;
        }
        let read = bytes.len() - rest.len();
        if read == 0 {
            return Ok(at);
        }
        at += read as u64;
        length = (length * 8).min(CHUNK);
    }
}

/// What comes behind a pickle that announces its protocol and is one plain value.
fn plain_value(bytes: &[u8]) -> Option<&[u8]> {
    use opcode::{BININT1, EMPTY_DICT, EMPTY_LIST, EMPTY_TUPLE, NEWFALSE, NEWTRUE, NONE, STOP};

    let [opcode::PROTO, 2..=5, value, rest @ ..] = bytes else {
        return None;
    };
    let rest = match *value {
        NONE | NEWTRUE | NEWFALSE | EMPTY_LIST | EMPTY_DICT | EMPTY_TUPLE => rest,
        BININT1 => rest.get(1..)?,
        _ => return None,
    };
    let rest = match rest {
        [opcode::BINPUT, _, rest @ ..] | [opcode::MEMOIZE, rest @ ..] => rest,
        rest => rest,
    };
    rest.strip_prefix(&[STOP])
}

/// Reads the pickle that starts at `at`.
fn one(visit: &mut Visit<'_>, at: u64, keys: bool) -> Result<Pickle, Stop> {
    let source = visit.source();
    let mut reporter = Reporter { visit };
    let mut machine = Machine::new(source, at, Reading::Buffer, Arrays::Inline, &mut reporter);
    if keys {
        machine.keep_texts();
    }
    let ended = machine.run(u64::MAX);
    let end = machine.position();
    let (opcodes, divergent) = (machine.opcodes(), machine.is_divergent());
    let array = machine.first_array();
    let pickle = Pickle {
        end,
        neighbour: if machine.is_announced() {
            Neighbour::Nothing
        } else {
            Neighbour::Unannounced
        },
        storages: machine.storages().to_vec(),
        texts: machine.kept_texts(),
    };
    visit.cover(at..end, State::Scanned);
    visit.work(opcodes)?;
    if divergent {
        // What else it may be taken for; the finding itself is reported already.
        report_other(visit, at, Reading::File, at);
    }
    if let Some(array) = array {
        // Without joblib, what lies between the opcodes is opcodes.
        report_other(visit, at, Reading::Buffer, array);
    }
    ended?;
    Ok(pickle)
}

/// Reports what another unpickler would import, from some place on.
fn report_other(visit: &mut Visit<'_>, at: u64, reading: Reading, from: u64) {
    let mut recorder = Recorder {
        most: Some(MOST_OTHER),
        ..Recorder::default()
    };
    let mut machine = Machine::new(visit.source(), at, reading, Arrays::Nowhere, &mut recorder);
    // How it ends does not matter: it is another reading of the same bytes.
    let _ = machine.run(u64::MAX);
    for ((module, name), place) in recorder.imports.iter().zip(recorder.places) {
        // What is merely unknown is as likely made of texts that do not belong together.
        let known = globals::classify(module, name) != Judgement::Unknown;
        if place.start >= from && known && is_name(module) && is_name(name) {
            globals::report(visit, module, name, place);
        }
    }
}

/// Where the next pickle starts. What is skipped is left unclaimed.
fn next_start(visit: &mut Visit<'_>, from: u64, neighbour: Neighbour) -> Result<Option<u64>, Stop> {
    /// Bytes that are looked at together: few at first, since the next pickle is often
    /// near, and as many more as start the next ones.
    const FIRST: u64 = 512;
    const CHUNK: u64 = 64 << 10;
    const OVERLAP: u64 = 256;

    let source = visit.source();
    let size = source.size();
    let mut at = from;
    let mut filled = false;
    let mut chunk = FIRST;
    while at < size {
        let end = size.min(at + chunk + OVERLAP);
        let bytes = visit.read(at..end)?;
        let last = end == size;
        if !filled {
            // Zeros align what comes next.
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            if zeros == bytes.len() {
                at = end;
                chunk = CHUNK;
                continue;
            }
            filled = true;
            at += zeros as u64;
            let head = bytes.get(zeros..).unwrap_or_default();
            visit.work(TRIAL)?;
            let neighbour = if at == from {
                neighbour
            } else {
                Neighbour::Nothing
            };
            if starts(source, at, head, neighbour) != Likeness::No {
                return Ok(Some(at));
            }
            at += 1;
            continue;
        }
        for place in candidates(&bytes) {
            let head = bytes.get(place..).unwrap_or_default();
            visit.work(TRIAL)?;
            if starts(source, at + place as u64, head, Neighbour::Nothing) != Likeness::No {
                return Ok(Some(at + place as u64));
            }
        }
        if last {
            break;
        }
        at += chunk;
        chunk = CHUNK.min(chunk * 8);
    }
    Ok(None)
}

/// Places where a pickle may start: an announced protocol, or an import in plain letters.
fn candidates(bytes: &[u8]) -> Vec<usize> {
    let announced = memchr::memchr_iter(opcode::PROTO, bytes).filter(|place| {
        matches!(
            bytes.get(*place..),
            Some([_, 2..=5, next, ..]) if opcode::is_opcode(*next)
        )
    });
    let mut found: Vec<usize> = announced.collect();
    // GLOBAL in plain letters: `c`, a module, a name, each on a line.
    let name = |line: &[u8]| std::str::from_utf8(line).is_ok_and(is_name);
    let mut previous: Option<(usize, usize)> = None;
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', bytes) {
        let line = bytes.get(start..end).unwrap_or_default();
        if let Some((from, to)) = previous
            && line.len() <= 100
            && name(line)
        {
            let before = bytes.get(from..to).unwrap_or_default();
            // The shortest rest of the line that is an import: what is before may be anything.
            let letters = before
                .iter()
                .rev()
                .take_while(|byte| byte.is_ascii_alphanumeric() || b"._".contains(byte))
                .count();
            let word = to - letters;
            let global = memchr::memchr_iter(
                opcode::GLOBAL,
                before.get(word - from..).unwrap_or_default(),
            );
            found.extend(global.take(4).map(|place| word + place));
        }
        previous = Some((start, end));
        start = end + 1;
    }
    found.sort_unstable();
    found.truncate(4096);
    found
}

/// Behind its pickles, an old PyTorch file has its storages, in the order of the list that
/// the last pickle is: each a count of numbers in eight bytes, and the numbers.
fn behind_storages(
    visit: &mut Visit<'_>,
    from: u64,
    storages: &HashMap<String, Storage>,
    keys: &[String],
) -> Result<u64, Stop> {
    let known: Option<Vec<&Storage>> = keys.iter().map(|key| storages.get(key)).collect();
    let Some(known) = known.filter(|known| known.len() == storages.len()) else {
        return Ok(from);
    };
    let mut at = from;
    for storage in known {
        let mismatch = |visit: &mut Visit<'_>, what: String| {
            let message = format!("storage `{}` {what}", storage.key);
            visit.report(&rules::STORAGE_MISMATCH, Some(at..at), message);
        };
        let mut count = [0; 8];
        if visit.size().saturating_sub(at) < 8 {
            mismatch(visit, "is not in the file".to_owned());
            return Ok(at);
        }
        visit.source().read_at(at, &mut count)?;
        let count = u64::from_le_bytes(count);
        if storage.elements != count {
            let elements = storage.elements;
            mismatch(visit, format!("has {count} numbers instead of {elements}"));
            return Ok(at);
        }
        let Some(length) = storage.length() else {
            let what = format!("a storage of class {}", storage.class);
            return Err(Stop::unsupported(bonafide_core::excerpt(&what, 80)));
        };
        let start = at + 8;
        let end = start.checked_add(length).filter(|end| *end <= visit.size());
        let Some(end) = end else {
            mismatch(visit, "goes beyond the end".to_owned());
            return Ok(at);
        };
        visit.cover(at..start, State::Scanned);
        visit.cover(start..end, State::Data);
        at = end;
    }
    Ok(at)
}

#[cfg(test)]
mod tests;
