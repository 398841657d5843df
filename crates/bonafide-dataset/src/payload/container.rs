//! Parquet files whose columns are in other files.
//!
//! A column chunk can name a file that holds its pages (`parquet.thrift`, `ColumnChunk`,
//! field 1). No reader of datasets needs that, and one that follows it reads what the
//! footer says. The footer is read here on its own: one pass over Thrift's compact
//! protocol that allocates nothing and takes no number as a size before it is checked.

/// Structures inside each other; the footer of a Parquet file has a dozen.
const DEEPEST: usize = 32;

/// Fields that lead to the path: row groups, their columns, the path.
const PATH: [i16; 3] = [4, 1, 1];

/// A footer that is none.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotAFooter;

/// The first path that a column chunk names, and how many do.
pub(super) fn paths_of_chunks(footer: &[u8]) -> Result<(u64, Option<&[u8]>), NotAFooter> {
    let mut reader = Reader {
        rest: footer,
        found: 0,
        first: None,
    };
    reader.structure(Some(0), 0)?;
    Ok((reader.found, reader.first))
}

struct Reader<'f> {
    rest: &'f [u8],
    found: u64,
    first: Option<&'f [u8]>,
}

impl<'f> Reader<'f> {
    fn byte(&mut self) -> Result<u8, NotAFooter> {
        let (byte, rest) = self.rest.split_first().ok_or(NotAFooter)?;
        self.rest = rest;
        Ok(*byte)
    }

    fn bytes(&mut self, length: u64) -> Result<&'f [u8], NotAFooter> {
        let length = usize::try_from(length).map_err(|_| NotAFooter)?;
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(NotAFooter)?;
        self.rest = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u64, NotAFooter> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(NotAFooter)
    }

    /// A structure. `on_path` is how many fields of [`PATH`] led here, if only such did.
    fn structure(&mut self, on_path: Option<usize>, depth: usize) -> Result<(), NotAFooter> {
        if depth > DEEPEST {
            return Err(NotAFooter);
        }
        let mut field = 0_i16;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Ok(());
            }
            field = match head >> 4 {
                0 => {
                    let zigzag = self.number()?;
                    let magnitude = i64::try_from(zigzag >> 1).map_err(|_| NotAFooter)?;
                    let number = if zigzag & 1 == 1 {
                        !magnitude
                    } else {
                        magnitude
                    };
                    i16::try_from(number).map_err(|_| NotAFooter)?
                }
                more => field.checked_add(i16::from(more)).ok_or(NotAFooter)?,
            };
            let next = on_path
                .filter(|led| PATH.get(*led) == Some(&field))
                .map(|led| led + 1);
            // In a field, truth values are their type.
            match head & 0x0F {
                1 | 2 => {}
                kind => self.value(kind, next, depth + 1)?,
            }
        }
    }

    fn value(&mut self, kind: u8, on_path: Option<usize>, depth: usize) -> Result<(), NotAFooter> {
        if depth > DEEPEST {
            return Err(NotAFooter);
        }
        match kind {
            1..=3 => self.byte().map(drop),
            4..=6 => self.number().map(drop),
            7 => self.bytes(8).map(drop),
            8 => {
                let length = self.number()?;
                let text = self.bytes(length)?;
                if on_path == Some(PATH.len()) && !text.is_empty() {
                    self.found += 1;
                    self.first = self.first.or(Some(text));
                }
                Ok(())
            }
            9 | 10 => {
                let head = self.byte()?;
                let length = match head >> 4 {
                    15 => self.number()?,
                    short => u64::from(short),
                };
                // Every element takes a byte at least, so the footer bounds the loop.
                for _ in 0..length {
                    self.value(head & 0x0F, on_path, depth + 1)?;
                }
                Ok(())
            }
            11 => {
                let length = self.number()?;
                if length == 0 {
                    return Ok(());
                }
                let kinds = self.byte()?;
                for _ in 0..length {
                    self.value(kinds >> 4, None, depth + 1)?;
                    self.value(kinds & 0x0F, None, depth + 1)?;
                }
                Ok(())
            }
            12 => self.structure(on_path, depth + 1),
            13 => self.bytes(16).map(drop),
            _ => Err(NotAFooter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A footer with a version, one row group and two chunks, one with a path.
    fn footer() -> Vec<u8> {
        let mut bytes = vec![0x15, 0x02];
        // Field 4, a list of one structure.
        bytes.extend([0x39, 0x1C]);
        // Field 1 of it, a list of two structures.
        bytes.extend([0x19, 0x2C]);
        // A chunk with a path and an offset.
        bytes.extend([0x18, 5]);
        bytes.extend(b"/etc/");
        bytes.extend([0x16, 8, 0]);
        // A chunk with an offset alone.
        bytes.extend([0x26, 8, 0]);
        // A number of bytes; the end of the row group; the end.
        bytes.extend([0x16, 4, 0, 0]);
        bytes
    }

    #[test]
    fn finds_the_paths_of_chunks() {
        assert_eq!(paths_of_chunks(&footer()), Ok((1, Some(&b"/etc/"[..]))));
        // The same text elsewhere is none.
        assert_eq!(paths_of_chunks(&[0x18, 1, b'x', 0]), Ok((0, None)));
        assert_eq!(paths_of_chunks(&[]), Err(NotAFooter));
        // Lists in lists without an end, and lists of any length.
        assert_eq!(paths_of_chunks(&[0x19; 100]), Err(NotAFooter));
        assert_eq!(
            paths_of_chunks(&[0x49, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]),
            Err(NotAFooter)
        );
    }

    #[test]
    fn any_cut_and_any_change_of_a_byte_is_survived() {
        let whole = footer();
        for place in 0..whole.len() {
            assert_eq!(paths_of_chunks(&whole[..place]), Err(NotAFooter));
            for value in 0..=255 {
                let mut changed = whole.clone();
                changed[place] = value;
                let _ = paths_of_chunks(&changed);
            }
        }
    }
}
