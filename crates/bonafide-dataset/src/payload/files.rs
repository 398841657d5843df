//! The files of a dataset.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use bonafide_core::{ReadAt, ReadError};

use super::container::paths_of_chunks;
use super::media::{promise, recognise};
use super::polyglot::ends_with_zip;
use super::visible::{around, first_bytes};
use super::{HiddenPayload, HiddenPayloads, PayloadKind, PayloadOptions};
use crate::first_few::FirstFew;
use crate::{DatasetBudget, DatasetError, Files, Memory, RecordId, Sample};

/// So much of the beginning and of the end of a file is read, in bytes.
const HEAD: u64 = 8 << 10;
const TAIL: u64 = 1 << 20;
/// Most of what is noted as not looked into.
const UNEXAMINED: usize = 100;

/// Looks at the files themselves: whether they are what their names say, whether a picture
/// is an archive too, and whether a Parquet file takes columns from other files.
///
/// Links of HDF5 files are found where files are inspected by format, and files inside
/// archives where records are looked at.
pub fn find_in_files(
    files: &dyn Files,
    options: &PayloadOptions,
    workers: NonZeroUsize,
    budget: &DatasetBudget,
) -> Result<HiddenPayloads, DatasetError> {
    let next = AtomicUsize::new(0);
    let state = Mutex::new(State {
        found: PayloadKind::ALL
            .iter()
            .map(|_| FirstFew::new(options.shown))
            .collect(),
        unexamined: Vec::new(),
        error: None,
    });
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(listed) = files.list().get(index) else {
                return;
            };
            let seen = files
                .open(index)
                .and_then(|bytes| look(&listed.name.to_string(), &*bytes, budget));
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            match seen {
                Ok(seen) => state.take(index, seen, options),
                Err(error) => {
                    // The first in the order of the listing, whoever came to it first.
                    if state.error.as_ref().is_none_or(|(known, _)| index < *known) {
                        let file = listed.name.clone();
                        state.error = Some((index, DatasetError::Read { file, error }));
                    }
                    return;
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..workers.get() {
            scope.spawn(work);
        }
        work();
    });
    let mut state = state.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, error)) = state.error {
        return Err(error);
    }
    state.unexamined.sort();
    let unexamined = state.unexamined.into_iter().map(|(index, reason)| {
        let name = files
            .list()
            .get(index)
            .map(|listed| listed.name.to_string());
        format!("{}: {reason}", name.unwrap_or_default())
    });
    let found = PayloadKind::ALL
        .into_iter()
        .zip(state.found)
        .filter(|(_, found)| found.total() > 0)
        .map(|(kind, found)| HiddenPayload {
            kind,
            records: named(files, found),
        })
        .collect();
    Ok(HiddenPayloads {
        records: files.list().len() as u64,
        found,
        unexamined: unexamined.take(UNEXAMINED).collect(),
    })
}

/// A sample with names of files: a file is kept as a record of shard 0.
fn named(files: &dyn Files, found: FirstFew<(usize, String)>) -> Sample<(String, String)> {
    found.named(&Memory::default(), |_, (index, shown)| {
        let name = files
            .list()
            .get(index)
            .map(|listed| listed.name.to_string());
        (name.unwrap_or_default(), shown)
    })
}

struct State {
    found: Vec<FirstFew<(usize, String)>>,
    unexamined: Vec<(usize, &'static str)>,
    error: Option<(usize, DatasetError)>,
}

impl State {
    fn take(&mut self, index: usize, seen: Seen, options: &PayloadOptions) {
        let id = RecordId {
            shard: 0,
            record: index as u64,
        };
        for (kind, shown) in seen.found {
            if options.ignored.contains(&kind) {
                continue;
            }
            if let Some(found) = self.found.get_mut(kind.index()) {
                found.add(id, || (index, shown));
            }
        }
        self.unexamined
            .extend(seen.unexamined.map(|reason| (index, reason)));
    }
}

/// What one file shows: each kind once.
#[derive(Default)]
struct Seen {
    found: Vec<(PayloadKind, String)>,
    unexamined: Option<&'static str>,
}

fn look(name: &str, file: &dyn ReadAt, budget: &DatasetBudget) -> Result<Seen, ReadError> {
    let mut seen = Seen::default();
    let size = file.size();
    if size == 0 {
        return Ok(seen);
    }
    let head = part(file, 0, HEAD.min(size))?;
    let extension = name
        .rsplit('/')
        .next()
        .and_then(|name| name.rsplit_once('.'));
    let promised = extension.and_then(|(_, extension)| promise(extension));
    let found = recognise(&head);
    match (promised, found) {
        (Some(promised), Some(found)) if !promised.allows(found) => {
            let shown = format!("{}: {}", found.name, first_bytes(&head));
            seen.found.push((PayloadKind::OtherFileType, shown));
        }
        (Some(promised), None) if promised.strict => {
            let shown = format!("no known type: {}", first_bytes(&head));
            seen.found.push((PayloadKind::OtherFileType, shown));
        }
        (_, Some(found)) if found.family == super::media::Family::Image => {
            let tail = TAIL.min(size);
            // An archive whose directory is longer than that, 20,000 files or so, is not
            // found.
            let end = part(file, size - tail, tail)?;
            if ends_with_zip(&end) {
                let shown = format!("{} that is a zip archive too", found.name);
                seen.found.push((PayloadKind::OtherFileType, shown));
            }
        }
        _ => {}
    }
    if found.is_some_and(|found| found.name == "Parquet file") {
        parquet(file, budget, &mut seen)?;
    }
    Ok(seen)
}

/// The footer of a Parquet file: its length and the mark are the last eight bytes.
fn parquet(file: &dyn ReadAt, budget: &DatasetBudget, seen: &mut Seen) -> Result<(), ReadError> {
    let size = file.size();
    let footer = match size.checked_sub(8) {
        Some(end) => part(file, end, 8)?,
        None => Vec::new(),
    };
    let length = match footer.as_slice() {
        [a, b, c, d, b'P', b'A', b'R', b'1'] => u64::from(u32::from_le_bytes([*a, *b, *c, *d])),
        _ => {
            seen.unexamined = Some("its footer is none, or encrypted");
            return Ok(());
        }
    };
    let Some(start) = (size - 8).checked_sub(length) else {
        seen.unexamined = Some("its footer is longer than the file");
        return Ok(());
    };
    if length > budget.metadata_bytes {
        seen.unexamined = Some("its footer is longer than `metadata_bytes` allows");
        return Ok(());
    }
    let footer = part(file, start, length)?;
    match paths_of_chunks(&footer) {
        Ok((0, _)) => {}
        Ok((chunks, first)) => {
            let path = String::from_utf8_lossy(first.unwrap_or_default());
            let shown = format!(
                "{chunks} column chunks are in other files: {}",
                around(&path, 0)
            );
            seen.found.push((PayloadKind::ExternalLink, shown));
        }
        Err(_) => seen.unexamined = Some("its footer cannot be read"),
    }
    Ok(())
}

/// Bytes of a file, whose length is within its size and within a cap.
fn part(file: &dyn ReadAt, offset: u64, length: u64) -> Result<Vec<u8>, ReadError> {
    let length = usize::try_from(length).map_err(|_| ReadError::Failed {
        reason: format!("{length} bytes do not fit in memory"),
    })?;
    let mut bytes = vec![0; length];
    file.read_at(offset, &mut bytes)?;
    Ok(bytes)
}
