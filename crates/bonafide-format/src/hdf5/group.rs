//! Groups: tables of symbols (sections III.B to III.D), and links in a heap.

use super::fields::Fields;
use super::header::Message;
use super::tree::{self, Kind};
use super::walk::{Walk, below};
use super::{fractal_heap, link};
use crate::stop::Stop;

/// A group that is a table of symbols.
pub(super) fn symbols(walk: &mut Walk<'_, '_>, message: &Message, path: &str) -> Result<(), Stop> {
    let mut fields = message.fields();
    let tree = walk.block.address(&mut fields)?;
    let heap = walk.block.address(&mut fields)?;
    let (Some(tree), Some(heap)) = (tree, heap) else {
        return Ok(());
    };
    let names = local_heap(walk, heap)?;
    let block = walk.block.clone();
    let entry = (2 * block.offset + 24) as u64;
    let most = block.leaf.saturating_mul(2);
    for leaf in tree::leaves(walk, tree, Kind::Group)? {
        let at = leaf.at;
        walk.enter(at)?;
        let size = most.saturating_mul(entry).saturating_add(8);
        let bytes = walk.read(at, size.min(walk.left(at)))?;
        let mut fields = Fields::new(&bytes, at);
        fields.signature(b"SNOD")?;
        fields.take(2)?;
        let count = u64::from(fields.u16()?);
        if count > most {
            return Err(Stop::malformed(
                at,
                format!("a node has {count} symbols and room for {most}"),
            ));
        }
        walk.claim(at, size);
        for _ in 0..count {
            let name = fields.size(block.offset)?;
            let object = block.address(&mut fields)?;
            let cache = fields.number(4)?;
            fields.take(20)?;
            let name = text_at(&names, name, at)?;
            match object {
                // A soft link leads to another name of this file; that one is read anyway.
                _ if cache == 2 => {}
                Some(object) => walk.found(object, below(path, &name)),
                None => {}
            }
        }
    }
    Ok(())
}

/// Where things are that are kept in a heap, by name: the heap, the tree of names, and the
/// tree of their order if there is one. `counter` is the length of the number of the next.
pub(super) fn in_heap(
    walk: &Walk<'_, '_>,
    message: &Message,
    counter: usize,
) -> Result<Option<(u64, u64, Option<u64>)>, Stop> {
    let mut fields = message.fields();
    fields.take(1)?;
    let flags = fields.u8()?;
    if flags & 1 != 0 {
        fields.take(counter)?;
    }
    let heap = walk.block.address(&mut fields)?;
    let names = walk.block.address(&mut fields)?;
    let order = match flags & 2 {
        0 => None,
        _ => walk.block.address(&mut fields)?,
    };
    Ok(heap.zip(names).map(|(heap, names)| (heap, names, order)))
}

/// A group whose links are in a heap.
pub(super) fn links(walk: &mut Walk<'_, '_>, message: &Message, path: &str) -> Result<(), Stop> {
    let Some((heap, names, order)) = in_heap(walk, message, 8)? else {
        return Ok(());
    };
    let heap = fractal_heap::read(walk, heap)?;
    for record in tree::records(walk, names)? {
        // The hash of the name, then the identifier.
        let identifier = record.get(4..).unwrap_or_default();
        let Some((at, length)) = heap.locate(identifier, names)? else {
            return Err(Stop::unsupported("a link in an identifier"));
        };
        let bytes = walk.read(at, length)?;
        link::message(walk, &mut Fields::new(&bytes, at), path)?;
    }
    if let Some(order) = order {
        tree::records(walk, order)?;
    }
    Ok(())
}

/// The bytes of a local heap, which names are offsets in.
pub(super) fn local_heap(walk: &mut Walk<'_, '_>, at: u64) -> Result<Vec<u8>, Stop> {
    let block = walk.block.clone();
    walk.enter(at)?;
    let size = (8 + 2 * block.length + block.offset) as u64;
    let bytes = walk.read(at, size)?;
    let mut fields = Fields::new(&bytes, at);
    fields.signature(b"HEAP")?;
    fields.take(4)?;
    let length = fields.number(block.length)?;
    fields.take(block.length)?;
    let data = block.address(&mut fields)?;
    walk.claim(at, size);
    let Some(data) = data else {
        return Ok(Vec::new());
    };
    walk.enter(data.saturating_add(1))?;
    let names = walk.read(data, length)?;
    walk.claim(data, length);
    Ok(names)
}

/// The text at an offset of a local heap.
pub(super) fn text_at(heap: &[u8], offset: usize, at: u64) -> Result<String, Stop> {
    let rest = heap.get(offset..);
    let rest = rest.ok_or_else(|| Stop::malformed(at, "a name is not in its heap"))?;
    let end = memchr::memchr(0, rest).unwrap_or(rest.len());
    Ok(String::from_utf8_lossy(rest.get(..end).unwrap_or_default()).into_owned())
}
