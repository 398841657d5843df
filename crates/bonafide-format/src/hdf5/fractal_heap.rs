//! The fractal heap (section III.G): where groups and objects with many links or attributes
//! keep them.

use super::fields::Fields;
use super::walk::Walk;
use crate::stop::Stop;

/// Where the direct blocks of a heap are.
#[derive(Debug)]
pub(super) struct Heap {
    /// Offset in the heap, offset in the file, length; by offset in the heap.
    blocks: Vec<(u64, u64, u64)>,
    offset_width: usize,
    length_width: usize,
}

struct Shape {
    offset: usize,
    width: u64,
    starting: u64,
    direct_rows: u64,
    heap_width: usize,
}

impl Shape {
    /// Length of the blocks of a row.
    fn row(&self, row: u64) -> u64 {
        let shift = u32::try_from(row.saturating_sub(1)).unwrap_or(u32::MAX);
        self.starting
            .checked_shl(shift)
            .filter(|size| size.leading_zeros() > 0)
            .unwrap_or(u64::MAX)
    }

    /// Rows of an indirect block that covers `size`.
    fn rows_of(&self, size: u64) -> u64 {
        let first = self.starting.saturating_mul(self.width).max(1);
        u64::from((size / first).max(1).ilog2()) + 1
    }
}

pub(super) fn read(walk: &mut Walk<'_, '_>, at: u64) -> Result<Heap, Stop> {
    let block = walk.block.clone();
    let size = 26 + 12 * block.length + 3 * block.offset;
    let bytes = walk.read(at, size as u64)?;
    let mut fields = Fields::new(&bytes, at);
    fields.signature(b"FRHP")?;
    fields.take(3)?;
    let filters = fields.u16()?;
    fields.take(1)?;
    let most_managed = fields.number(4)?;
    fields.take(block.length + block.offset + block.length)?;
    // Manager of the free space, which is claimed as what it is.
    let manager = block.address(&mut fields)?;
    fields.take(4 * block.length)?;
    fields.take(block.length)?;
    let huge = fields.number(block.length)?;
    fields.take(2 * block.length)?;
    let width = fields.number(2)?;
    let starting = fields.number(block.length)?;
    let most_direct = fields.number(block.length)?;
    let bits = fields.number(2)?;
    fields.take(2)?;
    let root = block.address(&mut fields)?;
    let rows = fields.number(2)?;
    if filters > 0 || huge > 0 {
        return Err(Stop::unsupported(
            "a heap with packed or very large objects",
        ));
    }
    if !starting.is_power_of_two()
        || !most_direct.is_power_of_two()
        || most_direct < starting
        || width == 0
        || bits > 64
    {
        return Err(Stop::malformed(at, "a heap has impossible measures"));
    }
    walk.claim(at, size as u64);
    if let Some(manager) = manager {
        walk.free_space(manager)?;
    }
    let heap_width = usize::try_from(bits.div_ceil(8)).unwrap_or(8);
    let shape = Shape {
        offset: block.offset,
        width,
        starting,
        direct_rows: u64::from((most_direct / starting).ilog2()) + 2,
        heap_width,
    };
    // As the library computes it (`H5HF__hdr_finish_init`).
    let length_width = most_direct
        .ilog2()
        .div_ceil(8)
        .min(most_managed.max(1).ilog2() / 8 + 1);
    let mut heap = Heap {
        blocks: Vec::new(),
        offset_width: heap_width,
        length_width: usize::try_from(length_width).unwrap_or(8),
    };
    let mut pending = Vec::new();
    if let Some(root) = root {
        match rows {
            0 => direct(walk, &mut heap, &shape, root, 0, starting)?,
            _ => pending.push((root, 0_u64, rows)),
        }
    }
    while let Some((at, start, rows)) = pending.pop() {
        walk.enter(at)?;
        if rows > 64 + shape.direct_rows {
            return Err(Stop::malformed(at, "a heap has too many rows"));
        }
        let direct_rows = rows.min(shape.direct_rows);
        let children = rows.saturating_mul(shape.width);
        let size = (5 + shape.offset + shape.heap_width + 4) as u64
            + children.saturating_mul(shape.offset as u64);
        let bytes = walk.read(at, size)?;
        walk.claim(at, size);
        let mut fields = Fields::new(&bytes, at);
        fields.signature(b"FHIB")?;
        fields.take(1 + shape.offset + shape.heap_width)?;
        let mut place = start;
        for row in 0..rows {
            let length = shape.row(row);
            for _ in 0..shape.width {
                if let Some(child) = block.address(&mut fields)? {
                    if row < direct_rows {
                        direct(walk, &mut heap, &shape, child, place, length)?;
                    } else {
                        pending.push((child, place, shape.rows_of(length)));
                    }
                }
                place = place.saturating_add(length);
            }
        }
    }
    heap.blocks.sort_unstable();
    Ok(heap)
}

fn direct(
    walk: &mut Walk<'_, '_>,
    heap: &mut Heap,
    shape: &Shape,
    at: u64,
    place: u64,
    length: u64,
) -> Result<(), Stop> {
    walk.enter(at)?;
    let head = walk.read(at, (5 + shape.offset + shape.heap_width) as u64)?;
    Fields::new(&head, at).signature(b"FHDB")?;
    walk.claim(at, length);
    heap.blocks.push((place, at, length));
    Ok(())
}

impl Heap {
    /// Where the object of this identifier is: offset in the file and length. None for one
    /// that is in the identifier itself.
    pub(super) fn locate(&self, identifier: &[u8], at: u64) -> Result<Option<(u64, u64)>, Stop> {
        let mut fields = Fields::new(identifier, at);
        match fields.u8()? >> 4 & 3 {
            0 => {}
            2 => return Ok(None),
            _ => return Err(Stop::unsupported("a very large object of a heap")),
        }
        let offset = fields.number(self.offset_width)?;
        let length = fields.number(self.length_width)?;
        let index = self
            .blocks
            .partition_point(|(start, _, _)| *start <= offset);
        let found = index
            .checked_sub(1)
            .and_then(|index| self.blocks.get(index));
        if let Some((start, place, size)) = found {
            let inside = offset - start;
            if inside.checked_add(length).is_some_and(|end| end <= *size) {
                return Ok(Some((place.saturating_add(inside), length)));
            }
        }
        Err(Stop::malformed(at, "an object of a heap is not in it"))
    }
}
