//! The superblock (section II): how wide addresses are, and where the root is.

use super::fields::Fields;
use crate::read::ReadAt;
use crate::stop::Stop;
use crate::visit::Visit;

const SIGNATURE: &[u8] = b"\x89HDF\r\n\x1a\n";

/// What the rest of the file is read by.
#[derive(Debug, Clone)]
pub(super) struct Superblock {
    /// Where the superblock is, and what addresses count from.
    pub(super) base: u64,
    /// End of the superblock.
    pub(super) end: u64,
    /// Bytes of an address.
    pub(super) offset: usize,
    /// Bytes of a length.
    pub(super) length: usize,
    /// Half of the symbols in a node.
    pub(super) leaf: u64,
    /// Half of the children of a node of a group.
    pub(super) internal: u64,
    /// Half of the children of a node of chunks.
    pub(super) chunk: u64,
    /// End of the file, counted from its start.
    pub(super) end_of_file: u64,
    pub(super) root: u64,
    pub(super) extension: Option<u64>,
    pub(super) driver: Option<u64>,
}

/// Where the superblock is: at the start, or after a user block of 512 bytes, 1024, 2048, …
pub(super) fn locate(source: &dyn ReadAt) -> Option<u64> {
    let mut at = 0_u64;
    while at.checked_add(SIGNATURE.len() as u64)? <= source.size() {
        let mut found = [0; 8];
        source.read_at(at, &mut found).ok()?;
        if found == SIGNATURE {
            return Some(at);
        }
        at = if at == 0 { 512 } else { at.checked_mul(2)? };
    }
    None
}

pub(super) fn read(visit: &Visit<'_>) -> Result<Superblock, Stop> {
    let base = locate(visit.source()).ok_or_else(|| Stop::malformed(0, "no superblock"))?;
    let bytes = visit.read(base..visit.size().min(base.saturating_add(256)))?;
    let mut fields = Fields::new(&bytes, base);
    fields.signature(SIGNATURE)?;
    let version = fields.u8()?;
    let mut found = Superblock {
        base,
        end: 0,
        offset: 8,
        length: 8,
        leaf: 4,
        internal: 16,
        chunk: 32,
        end_of_file: 0,
        root: 0,
        extension: None,
        driver: None,
    };
    match version {
        0 | 1 => {
            fields.take(4)?;
            widths(&mut fields, &mut found)?;
            fields.take(1)?;
            found.leaf = fields.number(2)?;
            found.internal = fields.number(2)?;
            fields.take(4)?;
            if version == 1 {
                found.chunk = fields.number(2)?;
                fields.take(2)?;
            }
            let stored = fields.number(found.offset)?;
            fields.take(found.offset)?;
            found.end_of_file = end_of_file(&mut fields, &found, stored)?;
            found.driver = found.address(&mut fields)?;
            fields.take(found.offset)?;
            let root = found.address(&mut fields)?;
            found.root = root.ok_or_else(|| Stop::malformed(base, "there is no root"))?;
            fields.take(24)?;
        }
        2 | 3 => {
            widths(&mut fields, &mut found)?;
            fields.take(1)?;
            let stored = fields.number(found.offset)?;
            found.extension = found.address(&mut fields)?;
            found.end_of_file = end_of_file(&mut fields, &found, stored)?;
            let root = found.address(&mut fields)?;
            found.root = root.ok_or_else(|| Stop::malformed(base, "there is no root"))?;
            fields.take(4)?;
        }
        _ => {
            return Err(Stop::unsupported(format!(
                "HDF5 with a superblock of version {version}"
            )));
        }
    }
    found.end = fields.at();
    Ok(found)
}

fn widths(fields: &mut Fields<'_>, found: &mut Superblock) -> Result<(), Stop> {
    found.offset = usize::from(fields.u8()?);
    found.length = usize::from(fields.u8()?);
    for width in [found.offset, found.length] {
        if !matches!(width, 2 | 4 | 8) {
            return Err(Stop::unsupported(format!(
                "HDF5 with addresses of {width} bytes"
            )));
        }
    }
    Ok(())
}

/// Counted from the start of the file as it was written, when the superblock was at
/// `stored`. What was put before it since then moves the end.
fn end_of_file(fields: &mut Fields<'_>, found: &Superblock, stored: u64) -> Result<u64, Stop> {
    let end = fields.number(found.offset)?;
    Ok(end.saturating_add(found.base.saturating_sub(stored)))
}

impl Superblock {
    /// An address, as an offset in the file; none if it is undefined.
    pub(super) fn address(&self, fields: &mut Fields<'_>) -> Result<Option<u64>, Stop> {
        let address = fields.number(self.offset)?;
        let undefined = u64::MAX >> (64 - 8 * self.offset);
        Ok((address != undefined).then(|| self.base.saturating_add(address)))
    }
}
