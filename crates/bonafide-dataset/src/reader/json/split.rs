//! Where records begin and end: lines, or elements of one array.

use std::io::{self, Read};

use crate::budget::DatasetBudget;
use crate::error::DatasetError;

use super::super::input::Input;

/// So much is read at a time.
const CHUNK: usize = 256 << 10;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One record, where it is, and its bytes.
pub(super) struct Piece<'s> {
    /// Where it begins in what the file unpacks to.
    pub(super) offset: u64,
    /// Which line of text it begins on, from one; from the start of the reading.
    pub(super) line: u64,
    pub(super) bytes: &'s [u8],
}

/// Takes records off a stream.
pub(super) struct Splitter<'f> {
    input: Input<'f>,
    reader: Box<dyn Read + 'f>,
    most: usize,
    buffer: Vec<u8>,
    /// What of the buffer was handed out.
    used: usize,
    ended: bool,
    offset: u64,
    line: u64,
    array: Option<Array>,
}

/// Where in an array the reading is.
#[derive(PartialEq, Clone, Copy)]
enum Array {
    Before,
    First,
    Next,
    After,
}

impl<'f> Splitter<'f> {
    pub(super) fn new(
        input: &Input<'f>,
        reader: Box<dyn Read + 'f>,
        array: bool,
        offset: u64,
        line: u64,
        budget: &DatasetBudget,
    ) -> Self {
        Self {
            input: input.clone(),
            reader,
            most: usize::try_from(budget.record_bytes.min(1 << 30)).unwrap_or(1 << 30),
            buffer: Vec::new(),
            used: 0,
            ended: false,
            offset,
            line,
            array: array.then_some(Array::Before),
        }
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.used..).unwrap_or_default()
    }

    /// Reads more behind what is there; false at the end.
    fn more(&mut self) -> Result<bool, DatasetError> {
        if self.ended {
            return Ok(false);
        }
        self.buffer.drain(..self.used);
        self.used = 0;
        let there = self.buffer.len();
        self.buffer.resize(there + CHUNK, 0);
        let read = loop {
            let room = self.buffer.get_mut(there..).unwrap_or_default();
            match self.reader.read(room) {
                Ok(read) => break read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.buffer.truncate(there);
                    return Err(self.input.failed(format!("line {}", self.line), error));
                }
            }
        };
        self.buffer.truncate(there + read);
        self.ended = read == 0;
        Ok(read > 0)
    }

    fn advance(&mut self, length: usize) {
        self.used += length;
        self.offset += length as u64;
    }

    fn too_long(&self) -> DatasetError {
        let reason = format!("a record of more than {} bytes (record_bytes)", self.most);
        self.input.over(format!("line {}", self.line), reason)
    }

    fn malformed(&self, reason: &str) -> DatasetError {
        self.input.malformed(format!("line {}", self.line), reason)
    }

    /// The next record; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Piece<'_>>, DatasetError> {
        if self.offset == 0 {
            while self.rest().len() < BYTE_ORDER_MARK.len() && self.more()? {}
            if self.rest().starts_with(BYTE_ORDER_MARK) {
                self.advance(BYTE_ORDER_MARK.len());
            }
        }
        match self.array {
            None => self.next_line(),
            Some(state) => self.next_element(state),
        }
    }

    /// Lines of nothing but space are no records.
    fn next_line(&mut self) -> Result<Option<Piece<'_>>, DatasetError> {
        loop {
            let mut searched = 0;
            let (length, whole) = loop {
                let unsearched = self.rest().get(searched..).unwrap_or_default();
                if let Some(found) = memchr::memchr(b'\n', unsearched) {
                    break (searched + found, searched + found + 1);
                }
                searched = self.rest().len();
                if searched > self.most {
                    return Err(self.too_long());
                }
                if !self.more()? {
                    break (searched, searched);
                }
            };
            if whole == 0 {
                return Ok(None);
            }
            if length > self.most {
                return Err(self.too_long());
            }
            let (start, offset, line) = (self.used, self.offset, self.line);
            self.advance(whole);
            self.line += 1;
            let bytes = self.buffer.get(start..start + length).unwrap_or_default();
            if bytes.iter().any(|byte| !byte.is_ascii_whitespace()) {
                // Borrowed again, because the loop may go on.
                let bytes = self.buffer.get(start..start + length).unwrap_or_default();
                return Ok(Some(Piece {
                    offset,
                    line,
                    bytes,
                }));
            }
        }
    }

    /// The next byte that is no space, which stays where it is.
    fn solid(&mut self) -> Result<Option<u8>, DatasetError> {
        loop {
            match self.rest().first().copied() {
                Some(b'\n') => {
                    self.line += 1;
                    self.advance(1);
                }
                Some(b' ' | b'\t' | b'\r') => self.advance(1),
                Some(byte) => return Ok(Some(byte)),
                None if self.more()? => {}
                None => return Ok(None),
            }
        }
    }

    fn next_element(&mut self, mut state: Array) -> Result<Option<Piece<'_>>, DatasetError> {
        loop {
            let found = self.solid()?;
            state = match (state, found) {
                (Array::After, None) => return Ok(None),
                (Array::After, Some(_)) => return Err(self.malformed("bytes follow the array")),
                (_, None) => return Err(self.malformed("the array has no end")),
                (Array::Before, Some(b'[')) => Array::First,
                (Array::Before, Some(_)) => return Err(self.malformed("it is no array")),
                (Array::First | Array::Next, Some(b']')) => Array::After,
                (Array::First, Some(b'{')) => break,
                (Array::Next, Some(b',')) => {
                    self.advance(1);
                    match self.solid()? {
                        Some(b'{') => break,
                        _ => return Err(self.malformed("an element is no object")),
                    }
                }
                (Array::First, Some(_)) => {
                    return Err(self.malformed("an element is no object"));
                }
                (Array::Next, Some(_)) => {
                    return Err(self.malformed("a comma or the end of the array is missing"));
                }
            };
            self.advance(1);
            self.array = Some(state);
        }
        let length = self.element()?;
        let (start, offset, line) = (self.used, self.offset, self.line);
        self.advance(length);
        self.array = Some(Array::Next);
        let bytes = self.buffer.get(start..start + length).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', bytes).count() as u64;
        Ok(Some(Piece {
            offset,
            line,
            bytes,
        }))
    }

    /// Length of the object that begins here; whether it is one, its parser says.
    fn element(&mut self) -> Result<usize, DatasetError> {
        let (mut at, mut depth) = (0_usize, 0_usize);
        let (mut text, mut escaped) = (false, false);
        loop {
            let rest = self.rest();
            while let Some(byte) = rest.get(at) {
                at += 1;
                match (text, byte) {
                    (true, _) if escaped => escaped = false,
                    (true, b'\\') => escaped = true,
                    (_, b'"') => text = !text,
                    (false, b'{' | b'[') => depth += 1,
                    (false, b'}' | b']') => {
                        depth = depth.saturating_sub(1);
                        if depth == 0 {
                            return match at > self.most {
                                true => Err(self.too_long()),
                                false => Ok(at),
                            };
                        }
                    }
                    _ => {}
                }
            }
            if at > self.most {
                return Err(self.too_long());
            }
            if !self.more()? {
                return Err(self.malformed("an element has no end"));
            }
        }
    }
}
