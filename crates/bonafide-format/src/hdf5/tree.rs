//! B-trees: version 1 (section III.A.1) and version 2 (section III.A.2).

use super::fields::Fields;
use super::walk::Walk;
use crate::stop::Stop;

/// Deepest tree: each level at least doubles what it holds.
const DEEPEST: u16 = 64;

/// What hangs on a tree of version 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nodes of symbols.
    Group,
    /// Chunks of a dataset with this many dimensions, the size of an element included.
    Chunks(usize),
}

/// A leaf of a tree of version 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaf {
    pub(super) at: u64,
    /// Stored bytes of a chunk; nothing for nodes of symbols.
    pub(super) size: u64,
}

/// Leaves of a tree of version 1, in order.
pub(super) fn leaves(walk: &mut Walk<'_, '_>, root: u64, kind: Kind) -> Result<Vec<Leaf>, Stop> {
    let block = walk.block.clone();
    let (key, half, number) = match kind {
        Kind::Group => (block.length, block.internal, 0),
        Kind::Chunks(dimensions) => (8 + 8 * dimensions, block.chunk, 1),
    };
    let most = half.saturating_mul(2);
    let size = (most as u128) * (key + block.offset) as u128 + (key + 8 + 2 * block.offset) as u128;
    let size = u64::try_from(size).unwrap_or(u64::MAX);
    let mut found = Vec::new();
    let mut pending = vec![(root, None)];
    while let Some((at, level)) = pending.pop() {
        walk.enter(at)?;
        let bytes = walk.read(at, size.min(walk.left(at)))?;
        let mut fields = Fields::new(&bytes, at);
        fields.signature(b"TREE")?;
        let kind_here = fields.u8()?;
        let level_here = fields.u8()?;
        let entries = u64::from(fields.u16()?);
        if kind_here != number || level.is_some_and(|level| level_here != level) {
            return Err(Stop::malformed(
                at,
                "a node of a tree does not fit the one above",
            ));
        }
        if entries > most {
            return Err(Stop::malformed(
                at,
                format!("a node has {entries} children and room for {most}"),
            ));
        }
        walk.claim(at, size);
        fields.take(2 * block.offset)?;
        for _ in 0..entries {
            let stored = match kind {
                Kind::Group => {
                    fields.take(key)?;
                    0
                }
                Kind::Chunks(_) => {
                    let stored = fields.number(4)?;
                    fields.take(key - 4)?;
                    stored
                }
            };
            let Some(child) = block.address(&mut fields)? else {
                return Err(Stop::malformed(fields.at(), "a child has no address"));
            };
            match level_here.checked_sub(1) {
                Some(below) => pending.push((child, Some(below))),
                None => found.push(Leaf {
                    at: child,
                    size: stored,
                }),
            }
        }
    }
    Ok(found)
}

/// Records of a tree of version 2, in no particular order.
pub(super) fn records(walk: &mut Walk<'_, '_>, at: u64) -> Result<Vec<Vec<u8>>, Stop> {
    let block = walk.block.clone();
    let size = 22 + block.offset + block.length;
    walk.enter(at)?;
    let bytes = walk.read(at, size as u64)?;
    let mut fields = Fields::new(&bytes, at);
    fields.signature(b"BTHD")?;
    fields.take(2)?;
    let node = u64::from(fields.u32()?);
    let record = usize::from(fields.u16()?);
    let depth = fields.u16()?;
    fields.take(2)?;
    let root = block.address(&mut fields)?;
    let count = fields.number(2)?;
    walk.claim(at, size as u64);
    if depth > DEEPEST || record == 0 || node < 10 {
        return Err(Stop::malformed(at, "a tree has impossible measures"));
    }
    let pointers = pointers(node, record, depth, block.offset);
    let mut found = Vec::new();
    let mut pending: Vec<(u64, u64, u16)> =
        root.into_iter().map(|root| (root, count, depth)).collect();
    while let Some((at, count, depth)) = pending.pop() {
        walk.enter(at)?;
        let bytes = walk.read(at, node)?;
        let mut fields = Fields::new(&bytes, at);
        fields.signature(if depth == 0 { b"BTLF" } else { b"BTIN" })?;
        fields.take(2)?;
        walk.claim(at, node);
        for _ in 0..count {
            found.push(fields.take(record)?.to_vec());
        }
        walk.work(count)?;
        if depth > 0 {
            let (counts, totals) = pointers
                .get(usize::from(depth))
                .copied()
                .unwrap_or_default();
            for _ in 0..=count {
                let child = block.address(&mut fields)?;
                let records = fields.number(counts)?;
                fields.take(totals)?;
                let child = child.ok_or_else(|| Stop::malformed(at, "a child has no address"))?;
                pending.push((child, records, depth - 1));
            }
        }
    }
    Ok(found)
}

/// For each depth: bytes of the count in a pointer to the level below, and of the total.
fn pointers(node: u64, record: usize, depth: u16, offset: usize) -> Vec<(usize, usize)> {
    let record = record as u64;
    let leaf = node.saturating_sub(10) / record;
    let mut found = vec![(0, 0)];
    let mut total = leaf;
    let counts = width(leaf);
    for level in 1..=depth {
        let totals = if level == 1 { 0 } else { width(total) };
        let pointer = (offset + counts + totals) as u64;
        let below =
            node.saturating_sub(10).saturating_sub(pointer) / record.saturating_add(pointer);
        total = below
            .saturating_add(1)
            .saturating_mul(total)
            .saturating_add(below);
        found.push((counts, totals));
    }
    found
}

/// Bytes that hold a number.
fn width(number: u64) -> usize {
    let bits = 64 - number.leading_zeros();
    usize::try_from(bits.div_ceil(8).max(1)).unwrap_or(8)
}
