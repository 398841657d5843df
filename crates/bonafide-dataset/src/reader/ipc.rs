//! Arrow IPC, files and streams: record batches are the units of work.
//! <https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc>

#[cfg(test)]
mod tests;

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::FileDecoder;
use arrow_ipc::{Block, BodyCompression, Message, MetadataVersion};
use arrow_schema::{DataType, Schema, SchemaRef};

use crate::budget::DatasetBudget;
use crate::error::DatasetError;
use crate::files::FileBytes;

use super::guard::guarded;
use super::input::Input;
use super::source::{Emit, Opened, Source, Wanted, batch_of, emit_sliced};

/// Both ends of a file; a stream has none.
pub(super) const MAGIC: &[u8] = b"ARROW1";
/// Before every message since version 0.15.
pub(super) const CONTINUATION: [u8; 4] = [0xff; 4];
/// A file begins with the magic, padded to eight bytes.
const HEAD: u64 = 8;

/// Types are nested no deeper: decoders call themselves.
const DEEPEST: usize = 48;

/// Where a message is, and how many records it has.
#[derive(Clone, Copy)]
struct Place {
    block: Block,
    dictionary: bool,
    first: u64,
}

/// One file or stream.
struct IpcFile<'f> {
    input: Input<'f>,
    budget: DatasetBudget,
    schema: SchemaRef,
    version: MetadataVersion,
    places: Vec<Place>,
    /// With dictionaries, a batch is only read after all messages before it.
    dictionaries: bool,
}

/// Goes over the messages of a file, reading what describes them and not their bodies.
pub(super) fn open<'f>(
    input: Input<'f>,
    split: Option<String>,
    budget: &DatasetBudget,
) -> Result<Opened<'f>, DatasetError> {
    let bytes = input.open()?;
    let file = input.head(MAGIC.len())? == MAGIC;
    let start = if file {
        start_of_messages(&input, &bytes)?
    } else {
        0
    };
    let mut walk = MessageWalk {
        input: &input,
        bytes: &bytes,
        budget,
        offset: start,
        end: if file {
            end_of_messages(&input, &bytes, budget)?
        } else {
            input.size
        },
        described: 0,
    };
    let Some((_, metadata)) = walk.next()? else {
        return Err(input.malformed("byte 0", "there is no schema"));
    };
    let (schema, version) =
        schema_of(&metadata).map_err(|reason| input.malformed("schema", reason))?;
    let fields = schema.fields().len();
    check_types(&input, &schema, budget)?;
    let schema = Arc::new(Schema::new(schema.fields().clone()));
    let mut places = Vec::new();
    let mut dictionaries = false;
    let mut first = 0_u64;
    while let Some((block, metadata)) = walk.next()? {
        let at = || format!("message at {}", block.offset());
        let message = message(&metadata).map_err(|reason| input.malformed(at(), reason))?;
        let wrong = |reason: &str| input.malformed(at(), reason);
        if message.version() != version {
            return Err(wrong("it has another version than the schema"));
        }
        if let Some(batch) = message.header_as_dictionary_batch() {
            let data = batch
                .data()
                .ok_or_else(|| wrong("a dictionary without values"))?;
            check_batch(&input, &bytes, &block, &data, budget, &at())?;
            dictionaries = true;
            places.push(Place {
                block,
                dictionary: true,
                first,
            });
        } else if let Some(batch) = message.header_as_record_batch() {
            let rows = u64::try_from(batch.length()).map_err(|_| wrong("fewer than no records"))?;
            check_batch(&input, &bytes, &block, &batch, budget, &at())?;
            places.push(Place {
                block,
                dictionary: false,
                first,
            });
            first = first
                .checked_add(rows)
                .ok_or_else(|| wrong("too many records"))?;
        } else {
            return Err(wrong("neither records nor a dictionary"));
        }
    }
    if fields == 0 && first > 0 {
        return Err(input.malformed("schema", "records without columns"));
    }
    Ok(Opened {
        name: input.name.clone(),
        format: "arrow",
        split,
        schema: Arc::clone(&schema),
        declared: Some(first),
        source: Box::new(IpcFile {
            input,
            budget: budget.clone(),
            schema,
            version,
            places,
            dictionaries,
        }),
    })
}

/// True if the beginning of a file is that of a stream: a message with a schema.
pub(super) fn is_stream(head: &[u8]) -> bool {
    let Some((prefix, rest)) = head.split_first_chunk::<8>() else {
        return false;
    };
    let [a, b, c, d, e, f, g, h] = *prefix;
    let length = usize::try_from(u32::from_le_bytes([e, f, g, h])).unwrap_or(usize::MAX);
    // What does not fit in the beginning that was read is taken at its word.
    [a, b, c, d] == CONTINUATION
        && length >= 16
        && rest
            .get(..length)
            .is_none_or(|metadata| schema_of(metadata).is_ok())
}

fn message(metadata: &[u8]) -> Result<Message<'_>, String> {
    guarded(|| arrow_ipc::root_as_message(metadata).map_err(|error| error.to_string()))?
}

fn schema_of(metadata: &[u8]) -> Result<(Schema, MetadataVersion), String> {
    let message = message(metadata)?;
    let version = message.version();
    if version != MetadataVersion::V4 && version != MetadataVersion::V5 {
        return Err("only versions 4 and 5 of the format are read".to_owned());
    }
    let schema = message
        .header_as_schema()
        .ok_or("the first message is no schema")?;
    if schema.endianness() != arrow_ipc::Endianness::Little {
        return Err("its numbers are big-endian".to_owned());
    }
    let schema = guarded(|| try_fb_to_schema(schema).map_err(|error| error.to_string()))??;
    Ok((schema, version))
}

/// Behind the magic of a file come zeros, up to eight bytes or to where the writer likes
/// its messages to begin.
fn start_of_messages(input: &Input<'_>, bytes: &FileBytes) -> Result<u64, DatasetError> {
    let mut head = [0; 72];
    let length = usize::try_from(input.size)
        .unwrap_or(head.len())
        .min(head.len());
    let head = head.get_mut(..length).unwrap_or_default();
    input.fill(bytes, 0, head)?;
    let zeros = head
        .as_chunks::<8>()
        .0
        .iter()
        .skip(1)
        .take_while(|word| **word == [0; 8])
        .count();
    Ok(HEAD + 8 * zeros as u64)
}

/// In a file the footer follows the messages. It only repeats where they are, and is not
/// used: so there cannot be two answers.
fn end_of_messages(
    input: &Input<'_>,
    bytes: &FileBytes,
    budget: &DatasetBudget,
) -> Result<u64, DatasetError> {
    let malformed = |reason: &str| input.malformed("footer", reason);
    let tail_length = 4 + MAGIC.len() as u64;
    if input.size < HEAD + tail_length {
        return Err(malformed("it is too short"));
    }
    let mut tail = [0; 10];
    input.fill(bytes, input.size - tail_length, &mut tail)?;
    let [a, b, c, d, magic @ ..] = tail;
    if magic != MAGIC {
        return Err(malformed("`ARROW1` is not at its end"));
    }
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    if length > budget.metadata_bytes {
        let reason = format!("{length} bytes (metadata_bytes)");
        return Err(input.over("footer", reason));
    }
    (input.size - tail_length)
        .checked_sub(length)
        .filter(|end| *end >= HEAD)
        .ok_or_else(|| malformed("it is longer than the file"))
}

struct MessageWalk<'w, 'f> {
    input: &'w Input<'f>,
    bytes: &'w FileBytes,
    budget: &'w DatasetBudget,
    offset: u64,
    end: u64,
    /// Bytes of all that describes messages so far.
    described: u64,
}

impl MessageWalk<'_, '_> {
    /// The next message: where it is, and what describes it; none at the end.
    fn next(&mut self) -> Result<Option<(Block, Vec<u8>)>, DatasetError> {
        let at = format!("message at {}", self.offset);
        let malformed = |reason: &str| self.input.malformed(at.as_str(), reason);
        let left = self.end.saturating_sub(self.offset);
        if left == 0 {
            return Ok(None);
        }
        let mut prefix = [0; 8];
        if left < 8 {
            return Err(malformed("it ends too early"));
        }
        self.input.fill(self.bytes, self.offset, &mut prefix)?;
        let [a, b, c, d, e, f, g, h] = prefix;
        if [a, b, c, d] != CONTINUATION {
            return Err(malformed("it does not begin as a message"));
        }
        let length = u64::from(u32::from_le_bytes([e, f, g, h]));
        if length == 0 {
            // The mark of the end, behind which a stream has nothing.
            if left > 8 {
                return Err(malformed("bytes follow the end of the stream"));
            }
            return Ok(None);
        }
        if length > left - 8 {
            return Err(malformed("it is longer than the file"));
        }
        self.described = self.described.saturating_add(length);
        if self.described > self.budget.metadata_bytes {
            let most = self.budget.metadata_bytes;
            let reason = format!("more than {most} bytes describe messages (metadata_bytes)");
            return Err(self.input.over(at, reason));
        }
        let mut metadata = vec![0; usize::try_from(length).unwrap_or(0)];
        self.input
            .fill(self.bytes, self.offset + 8, &mut metadata)?;
        let body = {
            let message = message(&metadata).map_err(|reason| malformed(&reason))?;
            u64::try_from(message.bodyLength()).map_err(|_| malformed("its body has no length"))?
        };
        if body > left - 8 - length {
            return Err(malformed("its body is longer than the file"));
        }
        let place = (
            i64::try_from(self.offset),
            i32::try_from(length + 8),
            i64::try_from(body),
        );
        let (Ok(offset), Ok(head), Ok(body_length)) = place else {
            return Err(malformed("it is too long"));
        };
        self.offset += 8 + length + body;
        Ok(Some((Block::new(offset, head, body_length), metadata)))
    }
}

/// Number and depth of columns, and types that could make arrays of nothing.
fn check_types(
    input: &Input<'_>,
    schema: &Schema,
    budget: &DatasetBudget,
) -> Result<(), DatasetError> {
    let mut open: Vec<(&DataType, usize)> = schema
        .fields()
        .iter()
        .map(|field| (field.data_type(), 1))
        .collect();
    let mut count = 0;
    while let Some((kind, depth)) = open.pop() {
        count += 1;
        if count > budget.columns {
            let reason = format!("more than {} columns (columns)", budget.columns);
            return Err(input.over("schema", reason));
        }
        if depth > DEEPEST {
            return Err(input.malformed("schema", "types are nested too deeply"));
        }
        match kind {
            DataType::List(item)
            | DataType::LargeList(item)
            | DataType::ListView(item)
            | DataType::LargeListView(item)
            | DataType::FixedSizeList(item, _)
            | DataType::Map(item, _) => open.push((item.data_type(), depth + 1)),
            DataType::Struct(fields) => {
                open.extend(fields.iter().map(|field| (field.data_type(), depth + 1)));
            }
            DataType::Union(fields, _) => {
                open.extend(
                    fields
                        .iter()
                        .map(|(_, field)| (field.data_type(), depth + 1)),
                );
            }
            DataType::Dictionary(keys, values) => {
                open.push((keys.as_ref(), depth + 1));
                open.push((values.as_ref(), depth + 1));
            }
            DataType::RunEndEncoded(ends, values) => {
                open.push((ends.data_type(), depth + 1));
                open.push((values.data_type(), depth + 1));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The buffers of a batch are within its body, unpack to no more than is allowed, and
/// have room for the records that it declares.
fn check_batch(
    input: &Input<'_>,
    bytes: &FileBytes,
    block: &Block,
    batch: &arrow_ipc::RecordBatch<'_>,
    budget: &DatasetBudget,
    at: &str,
) -> Result<(), DatasetError> {
    let malformed = |reason: String| input.malformed(at, reason);
    let body = u64::try_from(block.bodyLength()).unwrap_or(0);
    if body > budget.memory {
        let reason = format!("{body} bytes, {} are allowed (memory)", budget.memory);
        return Err(input.over(at, reason));
    }
    let body_offset = u64::try_from(block.offset())
        .unwrap_or(0)
        .saturating_add(u64::try_from(block.metaDataLength()).unwrap_or(0));
    let packed = packed(batch.compression(), batch).map_err(&malformed)?;
    let mut unpacked = 0_u64;
    for buffer in batch.buffers().into_iter().flatten() {
        let place = (
            u64::try_from(buffer.offset()),
            u64::try_from(buffer.length()),
        );
        let (Ok(offset), Ok(length)) = place else {
            return Err(malformed("a buffer is before its body".to_owned()));
        };
        if offset.checked_add(length).is_none_or(|end| end > body) {
            return Err(malformed("a buffer reaches beyond its body".to_owned()));
        }
        if !packed || length == 0 {
            unpacked = unpacked.saturating_add(length);
            continue;
        }
        if length < 8 {
            return Err(malformed("a packed buffer has no length".to_owned()));
        }
        let mut prefix = [0; 8];
        input.fill(bytes, body_offset.saturating_add(offset), &mut prefix)?;
        // -1 says that this buffer is not packed.
        unpacked = unpacked.saturating_add(match i64::from_le_bytes(prefix) {
            -1 => length,
            declared => u64::try_from(declared)
                .map_err(|_| malformed("a packed buffer has no length".to_owned()))?,
        });
    }
    let by_ratio = body.saturating_mul(budget.expansion);
    let most = by_ratio.max(budget.expanded_bytes).min(budget.memory);
    if unpacked > most {
        let reason = format!(
            "{body} bytes unpack to {unpacked}, {most} are allowed (expansion, \
             expanded_bytes, memory)"
        );
        return Err(input.over(at, reason));
    }
    // Columns of nulls alone take no bytes, whatever their number; so do lists of no
    // length. A record has a bit somewhere, or else the budget for unpacking says stop.
    let rows = batch
        .nodes()
        .into_iter()
        .flatten()
        .map(|node| u64::try_from(node.length()).unwrap_or(u64::MAX))
        .chain([u64::try_from(batch.length()).unwrap_or(u64::MAX)])
        .max()
        .unwrap_or(0);
    if rows > unpacked.saturating_mul(8).max(budget.expanded_bytes / 64) {
        let reason = format!("{rows} records in {unpacked} bytes");
        return Err(input.over(at, reason));
    }
    Ok(())
}

/// True if the buffers of a batch are packed.
fn packed(
    compression: Option<BodyCompression<'_>>,
    batch: &arrow_ipc::RecordBatch<'_>,
) -> Result<bool, String> {
    if batch.length() < 0 {
        return Err("fewer than no records".to_owned());
    }
    let negative = |node: &arrow_ipc::FieldNode| {
        node.length() < 0 || node.null_count() < 0 || node.null_count() > node.length()
    };
    if batch.nodes().into_iter().flatten().any(negative) {
        return Err("a column has an impossible length".to_owned());
    }
    Ok(compression.is_some())
}

impl IpcFile<'_> {
    fn bytes(&self, bytes: &FileBytes, place: &Place) -> Result<Buffer, DatasetError> {
        let head = u64::try_from(place.block.metaDataLength()).unwrap_or(0);
        let body = u64::try_from(place.block.bodyLength()).unwrap_or(0);
        let offset = u64::try_from(place.block.offset()).unwrap_or(0);
        let length = usize::try_from(head.saturating_add(body)).unwrap_or(usize::MAX);
        if length as u64 > self.input.size {
            return Err(self
                .input
                .malformed("", "a message is longer than the file"));
        }
        let mut buffer = vec![0; length];
        self.input.fill(bytes, offset, &mut buffer)?;
        Ok(Buffer::from_vec(buffer))
    }

    fn at(place: &Place) -> String {
        format!("message at {}", place.block.offset())
    }

    fn batch(
        &self,
        decoder: &FileDecoder,
        buffer: &Buffer,
        place: &Place,
        wanted: &Wanted,
    ) -> Result<RecordBatch, DatasetError> {
        let malformed = |reason: String| self.input.malformed(Self::at(place), reason);
        match guarded(|| decoder.read_record_batch(&place.block, buffer)) {
            Ok(Ok(Some(batch))) => {
                batch_of(&wanted.schema, batch.columns().to_vec(), batch.num_rows())
                    .map_err(malformed)
            }
            Ok(Ok(None)) => Err(malformed("it has no records".to_owned())),
            Ok(Err(error)) => Err(malformed(error.to_string())),
            Err(reason) => Err(malformed(reason)),
        }
    }
}

impl Source for IpcFile<'_> {
    fn units(&self) -> usize {
        match self.dictionaries {
            true => 1,
            false => self.places.len(),
        }
    }

    fn read(&self, unit: usize, wanted: &Wanted, emit: Emit<'_>) -> Result<(), DatasetError> {
        let bytes = self.input.open()?;
        let mut decoder = FileDecoder::new(Arc::clone(&self.schema), self.version)
            .with_projection(wanted.columns.clone());
        let places = match self.dictionaries {
            true => self.places.as_slice(),
            false => self.places.get(unit..=unit).unwrap_or_default(),
        };
        for place in places {
            let buffer = self.bytes(&bytes, place)?;
            if !place.dictionary {
                let batch = self.batch(&decoder, &buffer, place, wanted)?;
                emit_sliced(place.first, &batch, &self.budget, emit)?;
                continue;
            }
            let malformed = |reason| self.input.malformed(Self::at(place), reason);
            match guarded(|| decoder.read_dictionary(&place.block, &buffer)) {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return Err(malformed(error.to_string())),
                Err(reason) => return Err(malformed(reason)),
            }
        }
        Ok(())
    }
}
