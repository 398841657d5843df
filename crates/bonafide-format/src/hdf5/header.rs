//! Object headers (section IV.A): the messages that say what an object is.

use super::fields::Fields;
use super::walk::Walk;
use super::{attribute, datatype, group, layout, link};
use crate::facts::Tensor;
use crate::stop::Stop;

/// Most blocks that the messages of one object are spread over.
const MOST_BLOCKS: usize = 1024;

/// A message of a header.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) kind: u16,
    pub(super) flags: u8,
    pub(super) bytes: Vec<u8>,
    /// Where its bytes are.
    pub(super) at: u64,
}

impl Message {
    pub(super) fn fields(&self) -> Fields<'_> {
        Fields::new(&self.bytes, self.at)
    }

    /// True if the bytes only say where the message is.
    pub(super) fn is_shared(&self) -> bool {
        self.flags & 2 != 0
    }
}

/// Reads an object, and finds those that it leads to.
pub(super) fn object(walk: &mut Walk<'_, '_>, at: u64, path: &str) -> Result<(), Stop> {
    let messages = messages(walk, at)?;
    let mut shape = None;
    let mut kind = None;
    let mut place = None;
    let mut external = false;
    for message in &messages {
        match message.kind {
            0x01 => {
                shape = Some(datatype::dimensions(
                    &mut walk.unshared(message)?.fields(),
                    walk.block.length,
                )?)
            }
            0x02 => group::links(walk, message, path)?,
            0x03 => {
                let message = walk.unshared(message)?;
                kind = Some(datatype::datatype(&mut message.fields(), 0)?);
            }
            0x06 => link::message(walk, &mut message.fields(), path)?,
            0x07 => {
                external = true;
                layout::external_files(walk, message, path)?;
            }
            0x08 => place = Some(message),
            0x0c => attribute::message(walk, message, path)?,
            0x11 => group::symbols(walk, message, path)?,
            0x15 => attribute::dense(walk, message, path)?,
            // Nothing, fill values, group information, filters, times, counts, comments,
            // continuations that were followed.
            0x00 | 0x04 | 0x05 | 0x0a | 0x0b | 0x0d | 0x0e | 0x10 | 0x12 | 0x13 | 0x16 => {}
            other => walk.gap(format!("a message of type {other:#04x}")),
        }
    }
    let (Some(place), Some(kind), Some(shape)) = (place, kind, shape) else {
        return Ok(());
    };
    let name = if path.is_empty() { "/" } else { path };
    walk.visit.tensor(Tensor {
        place: None,
        name: name.to_owned(),
        dtype: kind.name.clone(),
        shape: shape.clone(),
    });
    if !external {
        let packed = messages.iter().any(|message| message.kind == 0x0b);
        layout::dataset(walk, place, &kind, &shape, packed, path)?;
    }
    Ok(())
}

/// The messages of the superblock's extension.
pub(super) fn extension(walk: &mut Walk<'_, '_>, at: u64) -> Result<(), Stop> {
    for message in messages(walk, at)? {
        let mut fields = message.fields();
        match message.kind {
            0x13 => {
                fields.take(1)?;
                walk.block.chunk = fields.number(2)?;
                walk.block.internal = fields.number(2)?;
                walk.block.leaf = fields.number(2)?;
            }
            0x00 | 0x10 => {}
            0x0f => walk.gap("a table of shared messages"),
            0x14 => walk.gap("a driver that spreads the file over others"),
            other => walk.gap(format!(
                "a message of type {other:#04x} beside the superblock"
            )),
        }
    }
    Ok(())
}

/// The messages of a header, continuations included.
pub(super) fn messages(walk: &mut Walk<'_, '_>, at: u64) -> Result<Vec<Message>, Stop> {
    let head = walk.read(at, 4)?;
    if head == b"OHDR" {
        return second(walk, at);
    }
    let head = walk.read(at, 16)?;
    let mut fields = Fields::new(&head, at);
    if fields.u8()? != 1 {
        return Err(Stop::malformed(at, "no object header"));
    }
    fields.take(1)?;
    let count = usize::from(fields.u16()?);
    fields.take(4)?;
    let size = fields.number(4)?;
    walk.claim(at, 16_u64.saturating_add(size));
    let mut found = Vec::new();
    let mut blocks = vec![(at.saturating_add(16), size)];
    let mut next = 0;
    while let Some((at, size)) = blocks.get(next).copied() {
        next += 1;
        if next > MOST_BLOCKS {
            return Err(Stop::malformed(at, "a header is in too many pieces"));
        }
        if next > 1 {
            walk.claim(at, size);
        }
        let bytes = walk.read(at, size)?;
        let mut fields = Fields::new(&bytes, at);
        while fields.rest().len() >= 8 && found.len() < count {
            let kind = fields.u16()?;
            let size = usize::from(fields.u16()?);
            let flags = fields.u8()?;
            fields.take(3)?;
            let at = fields.at();
            let bytes = fields.take(size)?.to_vec();
            let message = Message {
                kind,
                flags,
                bytes,
                at,
            };
            continuation(walk, &message, &mut blocks)?;
            found.push(message);
        }
    }
    Ok(found)
}

/// A header of version 2, which starts with a signature.
fn second(walk: &mut Walk<'_, '_>, at: u64) -> Result<Vec<Message>, Stop> {
    let head = walk.read(at, 40.min(walk.left(at)))?;
    let mut fields = Fields::new(&head, at);
    fields.take(5)?;
    let flags = fields.u8()?;
    if flags & 0x20 != 0 {
        fields.take(16)?;
    }
    if flags & 0x10 != 0 {
        fields.take(4)?;
    }
    let size = fields.number(1 << (flags & 3))?;
    let start = fields.at();
    walk.claim(at, (start - at).saturating_add(size).saturating_add(4));
    let mut found = Vec::new();
    let mut blocks = vec![(start, size)];
    let mut next = 0;
    while let Some((at, size)) = blocks.get(next).copied() {
        next += 1;
        if next > MOST_BLOCKS {
            return Err(Stop::malformed(at, "a header is in too many pieces"));
        }
        let bytes = walk.read(at, size)?;
        let mut fields = Fields::new(&bytes, at);
        if next > 1 {
            walk.claim(at, size);
            fields.signature(b"OCHK")?;
            let inside = fields.rest().len().saturating_sub(4);
            fields = fields.part(inside)?;
        }
        let prefix = if flags & 4 == 0 { 4 } else { 6 };
        while fields.rest().len() >= prefix {
            let kind = u16::from(fields.u8()?);
            let size = usize::from(fields.u16()?);
            let message_flags = fields.u8()?;
            fields.take(prefix - 4)?;
            let at = fields.at();
            let bytes = fields.take(size)?.to_vec();
            let message = Message {
                kind,
                flags: message_flags,
                bytes,
                at,
            };
            continuation(walk, &message, &mut blocks)?;
            found.push(message);
        }
    }
    Ok(found)
}

fn continuation(
    walk: &Walk<'_, '_>,
    message: &Message,
    blocks: &mut Vec<(u64, u64)>,
) -> Result<(), Stop> {
    if message.kind != 0x10 {
        return Ok(());
    }
    let mut fields = message.fields();
    if let Some(at) = walk.block.address(&mut fields)? {
        if blocks.iter().any(|(known, _)| *known == at) {
            return Err(Stop::malformed(at, "a header continues in itself"));
        }
        blocks.push((at, fields.number(walk.block.length)?));
    }
    Ok(())
}

impl Walk<'_, '_> {
    /// The message itself, wherever it is kept.
    pub(super) fn unshared(&mut self, message: &Message) -> Result<Message, Stop> {
        if message.is_shared() {
            return self.shared(&mut message.fields(), message.kind);
        }
        Ok(Message {
            kind: message.kind,
            flags: message.flags,
            bytes: message.bytes.clone(),
            at: message.at,
        })
    }

    /// A message of another object (section IV.A.1.b): a committed datatype.
    pub(super) fn shared(&mut self, fields: &mut Fields<'_>, kind: u16) -> Result<Message, Stop> {
        let version = fields.u8()?;
        let place = fields.u8()?;
        match version {
            1 => drop(fields.take(6)?),
            2 => {}
            3 if place == 2 => {}
            3 => return Err(Stop::unsupported("a message in a shared heap")),
            _ => {
                return Err(Stop::malformed(
                    fields.at(),
                    "a shared message of an unknown version",
                ));
            }
        }
        let Some(at) = self.block.address(fields)? else {
            return Err(Stop::malformed(
                fields.at(),
                "a shared message has no address",
            ));
        };
        if let Some((found, bytes)) = self.committed.get(&at) {
            let (found, bytes) = (*found, bytes.clone());
            self.work(bytes.len() as u64 / 8 + 16)?;
            return Ok(Message {
                kind,
                flags: 0,
                bytes,
                at: found,
            });
        }
        let messages = messages(self, at)?;
        self.found(at, "(type)".to_owned());
        let Some(message) = messages.into_iter().find(|message| message.kind == kind) else {
            return Err(Stop::malformed(
                at,
                "a shared message is not where it should be",
            ));
        };
        if message.is_shared() {
            return Err(Stop::malformed(at, "a shared message is shared itself"));
        }
        self.committed
            .insert(at, (message.at, message.bytes.clone()));
        Ok(message)
    }
}
