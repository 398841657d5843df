//! Which format a file has: told by its content first, then by its name.

use crate::budget::DatasetBudget;
use crate::error::DatasetError;

use super::decompress::{Compression, stream};
use super::input::{Input, read_full};
use super::{documents, idx, ipc, json, parquet, tar};

/// How records are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Parquet,
    Ipc,
    /// With the delimiter, if the name says which.
    Separated(Option<u8>),
    JsonLines,
    JsonArray,
    Tar,
    Idx,
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    Data(Kind, Option<Compression>),
    /// No records, and why.
    Other(String),
}

/// So much of a file is looked at; of JSON more, because one line may be long.
const HEAD: usize = 4 << 10;
const JSON_HEAD: usize = 1 << 20;

/// Looks at a file.
pub(super) fn tell(input: &Input<'_>, budget: &DatasetBudget) -> Result<Told, DatasetError> {
    let name = String::from_utf8_lossy(input.name.as_bytes()).to_lowercase();
    if name.split('/').any(|part| part.starts_with('.')) {
        return Ok(Told::Other("hidden".to_owned()));
    }
    if documents::is_media(&name) {
        return Ok(Told::Other(
            "a media file outside of folders of classes".to_owned(),
        ));
    }
    let head = input.head(HEAD)?;
    if head.starts_with(parquet::MAGIC) {
        return Ok(Told::Data(Kind::Parquet, None));
    }
    if head.starts_with(ipc::MAGIC) || ipc::is_stream(&head) {
        return Ok(Told::Data(Kind::Ipc, None));
    }
    if let Some(reason) = documents::reason(&name) {
        return Ok(Told::Other(reason.to_owned()));
    }
    let by_content = Compression::of_content(&head);
    let by_name = Compression::of_name(&name);
    let inner_name = by_name.as_ref().map_or(name.as_str(), |(_, inner)| inner);
    let claimed = by_ending(inner_name);
    if let (None, Some((said, _))) = (by_content, &by_name) {
        return match claimed {
            Some(_) => Err(input.malformed("byte 0", format!("it is not {}", said.name()))),
            None => Ok(Told::Other(UNKNOWN.to_owned())),
        };
    }
    let Some(compression) = by_content else {
        return Ok(match plain(input, None, &head, inner_name, budget)? {
            Some(told) => told,
            None => Told::Other(UNKNOWN.to_owned()),
        });
    };
    let inner_head = match unpacked(input, compression, HEAD, budget) {
        Ok(head) => head,
        Err(error) if claimed.is_some() => return Err(error),
        Err(_) => {
            let reason = format!("begins as {}, and cannot be unpacked", compression.name());
            return Ok(Told::Other(reason));
        }
    };
    let told = plain(input, Some(compression), &inner_head, inner_name, budget)?;
    Ok(told.unwrap_or_else(|| {
        let reason = format!("{} of no format that is read", compression.name());
        Told::Other(reason)
    }))
}

const UNKNOWN: &str = "no format that is read";

fn unpacked(
    input: &Input<'_>,
    compression: Compression,
    most: usize,
    budget: &DatasetBudget,
) -> Result<Vec<u8>, DatasetError> {
    let mut head = vec![0; most];
    let mut reader = stream(input, Some(compression), budget)?;
    let length = read_full(&mut reader, &mut head).map_err(|error| input.failed("", error))?;
    head.truncate(length);
    Ok(head)
}

/// By the ending of a name in lower case, without that of its compression.
fn by_ending(name: &str) -> Option<Kind> {
    let base = name.rsplit('/').next().unwrap_or(name);
    let ending = base.rsplit_once('.').map_or("", |(_, ending)| ending);
    Some(match ending {
        "parquet" | "pq" => Kind::Parquet,
        "arrow" | "arrows" | "feather" | "ipc" => Kind::Ipc,
        "csv" => Kind::Separated(None),
        "tsv" | "tab" => Kind::Separated(Some(b'\t')),
        "jsonl" | "ndjson" => Kind::JsonLines,
        "json" => Kind::JsonArray,
        "tar" => Kind::Tar,
        _ if base.ends_with("-ubyte") => Kind::Idx,
        _ => return None,
    })
}

/// What a file is that is not compressed, or what a compressed one unpacks to.
fn plain(
    input: &Input<'_>,
    compression: Option<Compression>,
    head: &[u8],
    name: &str,
    budget: &DatasetBudget,
) -> Result<Option<Told>, DatasetError> {
    let data = |kind| Ok(Some(Told::Data(kind, compression)));
    let claimed = by_ending(name);
    let unpacked = compression.is_none();
    let whole = head.starts_with(parquet::MAGIC) || head.starts_with(ipc::MAGIC);
    if !unpacked && (whole || matches!(claimed, Some(Kind::Parquet | Kind::Ipc))) {
        let reason = "Parquet and Arrow are read from any place, so unpack the file first";
        return Err(input.malformed("", reason));
    }
    if tar::is_archive(head) {
        return data(Kind::Tar);
    }
    if unpacked && claimed.is_none() && idx::is_whole(head, input.size) {
        return data(Kind::Idx);
    }
    match claimed {
        Some(Kind::JsonArray) => {
            let head = match compression {
                None => input.head(JSON_HEAD)?,
                Some(compression) => self::unpacked(input, compression, JSON_HEAD, budget)?,
            };
            Ok(Some(match json::shape(&head) {
                json::Shape::Array => Told::Data(Kind::JsonArray, compression),
                json::Shape::Lines => Told::Data(Kind::JsonLines, compression),
                json::Shape::Other => {
                    Told::Other("a JSON list of other things than objects".to_owned())
                }
                json::Shape::Document if documents::is_croissant(&head) => {
                    Told::Other("a Croissant document".to_owned())
                }
                json::Shape::Document => {
                    Told::Other("one JSON document, no list of records".to_owned())
                }
                json::Shape::Wrong => return Err(input.malformed("line 1", "it is no JSON")),
            }))
        }
        Some(kind) => data(kind),
        None => Ok(None),
    }
}
