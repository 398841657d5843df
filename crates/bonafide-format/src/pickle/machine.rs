//! The machine that a pickle is a program for. It does what an unpickler does, except for
//! what matters: it imports nothing, calls nothing, and builds nothing.
//!
//! It is held against CPython's own unpickler by `tests/pickle_differential.rs`. Where
//! unpicklers differ in what they refuse, it goes on as long as one of them would.

mod array;
mod call;
mod frame;
mod tensor;

use std::collections::HashMap;
use std::ops::Range;

use bonafide_core::excerpt;

use super::graph::Graph;
use super::memo::Memo;
use super::opcode as op;
use super::rules;
use super::tape::{Reading, Tape};
use super::text;
use super::value::{Encoding, Kind, Value};
use array::Wrappers;

use crate::pytorch::{Storage, Stored};
use crate::read::ReadAt;
use crate::rule::Rule;
use crate::stop::Stop;

/// Most values on the stack: a quarter of a gigabyte of memory.
const MOST_STACKED: usize = 1 << 25;

/// Shortest constant that can hold something.
const SHORTEST_CONSTANT: u64 = 12;

/// Most elements of a tuple, and twice most entries of a dictionary, that are kept.
const KEPT_TUPLE: usize = 9;
const KEPT_DICT: usize = 32;

/// Whoever looks on while a pickle is read.
pub(crate) trait Watch {
    /// Something is imported. Says what is known of it.
    fn import(&mut self, module: &str, name: &str, range: Range<u64>) -> Standing;

    /// It is imported once more by the same pickle.
    fn import_again(&mut self, module: &str, name: &str, range: Range<u64>) {
        self.import(module, name, range);
    }

    /// A constant of some length.
    fn constant(&mut self, constant: Constant<'_>);

    /// Something is wrong, with what has this name.
    fn defect(
        &mut self,
        rule: &'static Rule,
        range: Range<u64>,
        about: Option<&str>,
        message: String,
    );

    /// A tensor, by the key that it is under.
    fn tensor(&mut self, name: &str, dtype: &str, stored: Stored);

    /// Numbers between the opcodes.
    fn numbers(&mut self, range: Range<u64>);
}

/// What is known of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Calling it is no finding of its own.
    Harmless,
    /// Its instances are, calling its constructor is one.
    Instances,
    /// Calling it is what an attacker wants.
    Dangerous,
}

/// A constant.
pub(crate) struct Constant<'c> {
    /// Where its bytes are.
    pub(crate) range: Range<u64>,
    /// The bytes; none if there are too many to hold.
    pub(crate) bytes: Option<&'c [u8]>,
}

/// Whether arrays lie between the opcodes, as joblib writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrays {
    Inline,
    Nowhere,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With STOP.
    Stopped,
    /// After as many opcodes as were allowed.
    Interrupted,
}

/// What an import is for, as far as the machine has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Other,
    /// `numpy.dtype`.
    Dtype,
    /// What joblib leaves in the place of an array that follows.
    ArrayWrapper,
    /// What gives objects that others of the process have too.
    Shared,
    /// `bytes` or `bytearray`, which make as many zeros as they are told.
    Zeros,
    /// `copyreg._reconstructor`, which protocols 0 and 1 make objects with.
    Reconstructor,
    /// A function that makes a tensor of a storage, whose numbers can be checked.
    Tensor,
    /// One that makes a tensor of a tensor.
    Parameter,
    /// Another one that makes a tensor or array.
    Array,
    /// The class of a storage.
    Storage,
}

struct Import {
    name: Box<str>,
    /// Where in `name` the last part starts.
    last: usize,
    role: Role,
    standing: Standing,
}

pub(crate) struct Machine<'a, 'w, W> {
    tape: Tape<'a>,
    watch: &'w mut W,
    stack: Vec<Value>,
    marks: Vec<u32>,
    /// Values below belong to the last mark.
    fence: usize,
    memo: Memo,
    graph: Graph,
    imports: Vec<Import>,
    import_numbers: HashMap<Box<[u8]>, u32>,
    storages: Vec<Storage>,
    storage_numbers: HashMap<String, u32>,
    arrays: Arrays,
    /// True as soon as the class of inline arrays was imported.
    wrapped: bool,
    /// What leads to inline arrays, and what they are made of.
    wrappers: Wrappers,
    /// Where the first inline array starts.
    first_array: Option<u64>,
    /// True if other unpicklers read other opcodes.
    divergent: bool,
    opcodes: u64,
    calls: u64,
    /// True if protocol 2 or later was announced.
    announced: bool,
    /// Texts in the order in which they are written, if they are asked for.
    texts: Option<Vec<Value>>,
}

impl<'a, 'w, W: Watch> Machine<'a, 'w, W> {
    pub(crate) fn new(
        source: &'a dyn ReadAt,
        offset: u64,
        reading: Reading,
        arrays: Arrays,
        watch: &'w mut W,
    ) -> Self {
        Self {
            tape: Tape::new(source, offset, reading),
            watch,
            stack: Vec::new(),
            marks: Vec::new(),
            fence: 0,
            memo: Memo::default(),
            graph: Graph::new(),
            imports: Vec::new(),
            import_numbers: HashMap::new(),
            storages: Vec::new(),
            storage_numbers: HashMap::new(),
            arrays,
            wrapped: false,
            wrappers: Wrappers::default(),
            first_array: None,
            divergent: false,
            opcodes: 0,
            calls: 0,
            announced: false,
            texts: None,
        }
    }

    /// Keeps the texts, for the list of keys of an old PyTorch file.
    pub(crate) fn keep_texts(&mut self) {
        self.texts = Some(Vec::new());
    }

    pub(crate) fn position(&self) -> u64 {
        self.tape.position()
    }

    /// Where a reader of this kind goes on: behind the frame that it fetched.
    pub(crate) fn resume(&self) -> u64 {
        let end = self.tape.frame_end();
        match self.tape.reading() {
            Reading::File if end != u64::MAX => self.position().max(end),
            _ => self.position(),
        }
    }

    pub(crate) fn opcodes(&self) -> u64 {
        self.opcodes
    }

    pub(crate) fn calls(&self) -> u64 {
        self.calls
    }

    /// True if it says that it is of protocol 2 or later.
    pub(crate) fn is_announced(&self) -> bool {
        self.announced
    }

    /// True if something was imported by its name.
    pub(crate) fn has_imports(&self) -> bool {
        !self.imports.is_empty()
    }

    /// True if something was put into the memo.
    pub(crate) fn has_memo(&self) -> bool {
        !self.memo.is_empty()
    }

    pub(crate) fn is_divergent(&self) -> bool {
        self.divergent
    }

    pub(crate) fn first_array(&self) -> Option<u64> {
        self.first_array
    }

    pub(crate) fn storages(&self) -> &[Storage] {
        &self.storages
    }

    /// The kept texts, decoded.
    pub(crate) fn kept_texts(&self) -> Vec<String> {
        let texts = self.texts.iter().flatten();
        texts.filter_map(|value| self.read_text(*value)).collect()
    }

    /// Runs until STOP, or for `most` opcodes.
    pub(crate) fn run(&mut self, most: u64) -> Result<Ended, Stop> {
        let ended = self.steps(most);
        self.expansion();
        ended
    }

    fn steps(&mut self, most: u64) -> Result<Ended, Stop> {
        loop {
            let at = self.tape.position();
            if at >= self.tape.frame_end() {
                self.leave_frame(at);
            }
            if self.opcodes >= most {
                return Ok(Ended::Interrupted);
            }
            let Some(code) = self.tape.byte()? else {
                return Err(Stop::malformed(at, "it ends before STOP"));
            };
            self.opcodes += 1;
            match code {
                op::BININT1 => {
                    let [value] = self.tape.array()?;
                    self.push(Value::number(i64::from(value)))?;
                }
                op::BININT2 => {
                    let value = u16::from_le_bytes(self.tape.array()?);
                    self.push(Value::number(i64::from(value)))?;
                }
                op::BININT => {
                    let value = i32::from_le_bytes(self.tape.array()?);
                    self.push(Value::number(i64::from(value)))?;
                }
                op::BINFLOAT => {
                    self.tape.take(8)?;
                    self.push(Value::SCALAR)?;
                }
                op::NONE => self.push(Value::NONE)?,
                op::NEWTRUE | op::NEWFALSE => self.push(Value::SCALAR)?,
                op::BINGET => {
                    let [index] = self.tape.array()?;
                    self.get(u64::from(index), at)?;
                }
                op::LONG_BINGET => {
                    let index = u32::from_le_bytes(self.tape.array()?);
                    self.get(u64::from(index), at)?;
                }
                op::MEMOIZE => {
                    let top = self.top(at)?;
                    self.memo.push(top)?;
                }
                op::BINPUT => {
                    let [index] = self.tape.array()?;
                    let top = self.top(at)?;
                    self.memo.put(u64::from(index), top)?;
                }
                op::LONG_BINPUT => {
                    let index = u32::from_le_bytes(self.tape.array()?);
                    let top = self.top(at)?;
                    self.memo.put(u64::from(index), top)?;
                }
                op::SHORT_BINUNICODE => {
                    let [length] = self.tape.array()?;
                    self.text(u64::from(length), Encoding::Utf8)?;
                }
                op::BINUNICODE => {
                    let length = u32::from_le_bytes(self.tape.array()?);
                    self.text(u64::from(length), Encoding::Utf8)?;
                }
                op::BINUNICODE8 => {
                    let length = u64::from_le_bytes(self.tape.array()?);
                    self.text(length, Encoding::Utf8)?;
                }
                op::SHORT_BINSTRING => {
                    let [length] = self.tape.array()?;
                    self.text(u64::from(length), Encoding::Latin)?;
                }
                op::BINSTRING => {
                    let length = u32::from_le_bytes(self.tape.array()?);
                    self.text(u64::from(length), Encoding::Latin)?;
                }
                op::SHORT_BINBYTES => {
                    let [length] = self.tape.array()?;
                    self.bytes(u64::from(length))?;
                }
                op::BINBYTES => {
                    let length = u32::from_le_bytes(self.tape.array()?);
                    self.bytes(u64::from(length))?;
                }
                op::BINBYTES8 | op::BYTEARRAY8 => {
                    let length = u64::from_le_bytes(self.tape.array()?);
                    self.bytes(length)?;
                }
                op::MARK => self.mark(at)?,
                op::EMPTY_TUPLE => {
                    let tuple = self.graph.create(Kind::Tuple, &[]);
                    self.graph.keep(tuple, &[]);
                    self.push(tuple)?;
                }
                op::TUPLE1 => self.tuple(1, at)?,
                op::TUPLE2 => self.tuple(2, at)?,
                op::TUPLE3 => self.tuple(3, at)?,
                op::TUPLE => {
                    let start = self.marked(at)?;
                    self.tuple(self.stack.len() - start, at)?;
                }
                op::EMPTY_LIST => self.empty(Kind::List)?,
                op::EMPTY_DICT => self.empty(Kind::Dict)?,
                op::EMPTY_SET => self.empty(Kind::Set)?,
                op::LIST => self.gather(Kind::List, at)?,
                op::FROZENSET => self.gather(Kind::Set, at)?,
                op::DICT => self.gather(Kind::Dict, at)?,
                op::APPEND => {
                    let start = self.above_fence(1, at)?;
                    self.add(start, Items::Elements, at)?;
                }
                op::APPENDS => {
                    let start = self.marked(at)?;
                    self.add(start, Items::Elements, at)?;
                }
                op::ADDITEMS => {
                    let start = self.marked(at)?;
                    self.add(start, Items::Members, at)?;
                }
                op::SETITEM => {
                    let start = self.above_fence(2, at)?;
                    self.add(start, Items::Pairs, at)?;
                }
                op::SETITEMS => {
                    let start = self.marked(at)?;
                    self.add(start, Items::Pairs, at)?;
                }
                op::POP => self.discard(at)?,
                op::POP_MARK => {
                    let start = self.marked(at)?;
                    self.stack.truncate(start);
                }
                op::DUP => {
                    let top = self.top(at)?;
                    self.push(top)?;
                }
                op::GLOBAL => self.global(at)?,
                op::STACK_GLOBAL => self.stack_global(at)?,
                op::INST => self.instance(at)?,
                op::OBJ => {
                    let start = self.marked(at)?;
                    if start >= self.stack.len() {
                        return Err(underflow(at));
                    }
                    let arguments = self.stack.split_off(start);
                    let (class, arguments) = arguments.split_first().ok_or(underflow(at))?;
                    let tuple = self.tuple_of(arguments, at);
                    self.constructs(*class, tuple, at);
                    let object = self.call(*class, tuple, at)?;
                    self.push(object)?;
                }
                op::REDUCE | op::NEWOBJ => {
                    let arguments = self.pop(at)?;
                    let callee = self.pop(at)?;
                    if code == op::REDUCE || self.is_native(callee) {
                        self.constructs(callee, arguments, at);
                    }
                    let object = self.call(callee, arguments, at)?;
                    self.push(object)?;
                }
                op::NEWOBJ_EX => {
                    let named = self.pop(at)?;
                    let arguments = self.pop(at)?;
                    let callee = self.pop(at)?;
                    let object = self.call(callee, arguments, at)?;
                    if self.wrapped && self.is_wrapper(named) {
                        self.escapes(at);
                    }
                    self.graph.extend(object, &[named]);
                    self.push(object)?;
                }
                op::BUILD => self.build(at)?,
                op::EXT1 => {
                    let [number] = self.tape.array()?;
                    self.extension(u32::from(number), at)?;
                }
                op::EXT2 => {
                    let number = u16::from_le_bytes(self.tape.array()?);
                    self.extension(u32::from(number), at)?;
                }
                op::EXT4 => {
                    let number = u32::from_le_bytes(self.tape.array()?);
                    self.extension(number, at)?;
                }
                op::PERSID => {
                    let (_, line) = self.tape.line()?;
                    let shown = excerpt(&text::latin(line), 60);
                    self.persistent(&shown, at);
                    self.push(Value::of(Kind::Persistent, u32::MAX))?;
                }
                op::BINPERSID => {
                    let id = self.pop(at)?;
                    let value = self.persistent_value(id, at)?;
                    self.push(value)?;
                }
                op::NEXT_BUFFER => self.push(Value::BUFFER)?,
                op::READONLY_BUFFER => {
                    self.top(at)?;
                }
                op::INT | op::LONG => {
                    let (_, line) = self.tape.line()?;
                    if !text::is_integer(line) {
                        return Err(Stop::malformed(at, "a number is not one"));
                    }
                    let value = text::integer(line).map_or(Value::NUMBER, Value::number);
                    self.push(value)?;
                }
                op::FLOAT => {
                    let (_, line) = self.tape.line()?;
                    if !text::is_float(line) {
                        return Err(Stop::malformed(at, "a number is not one"));
                    }
                    self.push(Value::SCALAR)?;
                }
                op::LONG1 => {
                    let [length] = self.tape.array()?;
                    let bytes = self.tape.take(usize::from(length))?;
                    let value = small(bytes);
                    self.push(value)?;
                }
                op::LONG4 => {
                    let length = i32::from_le_bytes(self.tape.array()?);
                    let Ok(length) = u64::try_from(length) else {
                        return Err(Stop::malformed(at, "a number has a negative length"));
                    };
                    self.tape.content(length, false)?;
                    self.push(Value::NUMBER)?;
                }
                op::UNICODE => self.line_text(Encoding::RawEscaped, at)?,
                op::STRING => self.line_text(Encoding::Quoted, at)?,
                op::GET => {
                    let index = self.index_line(at)?;
                    self.get(index, at)?;
                }
                op::PUT => {
                    let index = self.index_line(at)?;
                    let top = self.top(at)?;
                    self.memo.put(index, top)?;
                }
                op::PROTO => {
                    let [version] = self.tape.array()?;
                    if version > 5 {
                        let message = format!("protocol {version} is not known");
                        return Err(Stop::malformed(at, message));
                    }
                    self.announced |= version >= 2;
                }
                op::FRAME => {
                    let length = u64::from_le_bytes(self.tape.array()?);
                    self.frame(length, at)?;
                }
                op::STOP => {
                    self.pop(at)?;
                    let end = self.tape.frame_end();
                    if end != u64::MAX && self.tape.position() != end {
                        let what = if self.tape.position() < end {
                            "a frame goes on after STOP"
                        } else {
                            "STOP is outside of its frame"
                        };
                        self.diverge(at, what.to_owned());
                    }
                    return Ok(Ended::Stopped);
                }
                code => {
                    let message = format!("{code:#04x} is no opcode");
                    return Err(Stop::malformed(at, message));
                }
            }
        }
    }

    // Stack and marks.

    #[inline]
    fn push(&mut self, value: Value) -> Result<(), Stop> {
        if self.stack.len() >= MOST_STACKED {
            return Err(Stop::Exhausted {
                what: "values on the stack of a pickle",
                limit: MOST_STACKED as u64,
            });
        }
        self.stack.push(value);
        Ok(())
    }

    #[inline]
    fn top(&self, at: u64) -> Result<Value, Stop> {
        match self.stack.last() {
            Some(value) if self.stack.len() > self.fence => Ok(*value),
            _ => Err(underflow(at)),
        }
    }

    #[inline]
    fn pop(&mut self, at: u64) -> Result<Value, Stop> {
        let top = self.top(at)?;
        self.stack.pop();
        Ok(top)
    }

    fn mark(&mut self, at: u64) -> Result<(), Stop> {
        if self.marks.len() >= MOST_STACKED {
            return Err(Stop::Exhausted {
                what: "marks on the stack of a pickle",
                limit: MOST_STACKED as u64,
            });
        }
        let height = u32::try_from(self.stack.len()).map_err(|_| underflow(at))?;
        self.marks.push(height);
        self.fence = self.stack.len();
        Ok(())
    }

    /// Takes the last mark away: where what is above it starts.
    fn marked(&mut self, at: u64) -> Result<usize, Stop> {
        let Some(mark) = self.marks.pop() else {
            return Err(Stop::malformed(at, "no MARK is on the stack"));
        };
        self.fence = self.marks.last().map_or(0, |mark| *mark as usize);
        Ok(mark as usize)
    }

    /// POP takes a mark if nothing is above it.
    fn discard(&mut self, at: u64) -> Result<(), Stop> {
        if self
            .marks
            .last()
            .is_some_and(|mark| *mark as usize == self.stack.len())
        {
            self.marked(at)?;
            return Ok(());
        }
        self.pop(at)?;
        Ok(())
    }

    /// Where the last `count` values start, which must be above the mark.
    fn above_fence(&self, count: usize, at: u64) -> Result<usize, Stop> {
        match self.stack.len().checked_sub(count) {
            Some(start) if start >= self.fence => Ok(start),
            _ => Err(underflow(at)),
        }
    }

    fn get(&mut self, index: u64, at: u64) -> Result<(), Stop> {
        let Some(value) = self.memo.get(index) else {
            let message = format!("nothing was put into the memo at {index}");
            return Err(Stop::malformed(at, message));
        };
        self.push(value)
    }

    /// The number of GET and PUT.
    fn index_line(&mut self, at: u64) -> Result<u64, Stop> {
        let (_, line) = self.tape.line()?;
        let line = line.split(|byte| *byte == 0).next().unwrap_or_default();
        let digits: Vec<u8> = line
            .trim_ascii()
            .iter()
            .copied()
            .filter(|digit| *digit != b'_')
            .collect();
        let number = std::str::from_utf8(&digits).ok();
        number
            .and_then(|digits| digits.parse().ok())
            .filter(|index| i64::try_from(*index).is_ok())
            .ok_or_else(|| Stop::malformed(at, "a number of the memo is none"))
    }

    // Constants.

    fn text(&mut self, length: u64, encoding: Encoding) -> Result<(), Stop> {
        let content = self.tape.content(length, false)?;
        let value = Value::text(&content.range, encoding);
        if let Some(bytes) = content.bytes
            && encoding == Encoding::Utf8
            && !text::is_text(bytes)
        {
            return Err(Stop::malformed(content.range.start, "a text is not UTF-8"));
        }
        if length >= SHORTEST_CONSTANT {
            self.watch.constant(Constant {
                range: content.range,
                bytes: content.bytes,
            });
        }
        self.push_text(value)
    }

    fn push_text(&mut self, value: Value) -> Result<(), Stop> {
        if let Some(texts) = &mut self.texts
            && texts.len() <= self.storages.len().max(1 << 16)
        {
            texts.push(value);
        }
        self.push(value)
    }

    fn line_text(&mut self, encoding: Encoding, at: u64) -> Result<(), Stop> {
        let (start, line) = self.tape.line()?;
        let range = start..start + line.len() as u64;
        let bytes = match encoding {
            Encoding::Quoted => text::quoted(line.trim_ascii_end()),
            _ => text::decode(line, encoding).map(|text| text.into_bytes().into()),
        };
        let Some(bytes) = bytes else {
            return Err(Stop::malformed(at, "a text is not one"));
        };
        if bytes.len() as u64 >= SHORTEST_CONSTANT {
            self.watch.constant(Constant {
                range: range.clone(),
                bytes: Some(&bytes),
            });
        }
        self.push_text(Value::text(&range, encoding))
    }

    fn bytes(&mut self, length: u64) -> Result<(), Stop> {
        let content = self.tape.content(length, true)?;
        if length >= SHORTEST_CONSTANT {
            self.watch.constant(Constant {
                range: content.range,
                bytes: content.bytes,
            });
        }
        self.push(Value::BYTES)
    }

    /// A text that may be a name.
    fn read_text(&self, value: Value) -> Option<String> {
        let (range, encoding) = value.place()?;
        let bytes = self.tape.look(range).ok()?;
        text::decode(&bytes, encoding)
    }

    // Containers.

    fn empty(&mut self, kind: Kind) -> Result<(), Stop> {
        let container = self.graph.create(kind, &[]);
        self.push(container)
    }

    fn tuple(&mut self, count: usize, at: u64) -> Result<(), Stop> {
        let start = self.above_fence(count, at)?;
        let items = self.stack.get(start..).unwrap_or_default();
        let tuple = self.graph.create(Kind::Tuple, items);
        if count <= KEPT_TUPLE {
            self.graph.keep(tuple, items);
        }
        if self.wrapped {
            self.wrapper_in_tuple(tuple, start, at)?;
        }
        self.stack.truncate(start);
        self.push(tuple)
    }

    fn tuple_of(&mut self, items: &[Value], at: u64) -> Value {
        if self.wrapped && items.iter().any(|item| self.is_wrapper(*item)) {
            self.escapes(at);
        }
        let tuple = self.graph.create(Kind::Tuple, items);
        if items.len() <= KEPT_TUPLE {
            self.graph.keep(tuple, items);
        }
        tuple
    }

    fn gather(&mut self, kind: Kind, at: u64) -> Result<(), Stop> {
        let start = self.marked(at)?;
        let items = self.stack.get(start..).unwrap_or_default();
        if kind == Kind::Dict && items.len() % 2 != 0 {
            return Err(Stop::malformed(at, "a key has no value"));
        }
        let container = self.graph.create(kind, items);
        if kind == Kind::Dict {
            self.pairs(container, start);
        }
        if self.wrapped {
            self.wrapper_among(start, at);
        }
        self.stack.truncate(start);
        self.push(container)
    }

    /// Adds what is above `start` to what is below.
    fn add(&mut self, start: usize, items: Items, at: u64) -> Result<(), Stop> {
        let below = start.checked_sub(1).filter(|below| *below >= self.fence);
        let Some(target) = below.and_then(|below| self.stack.get(below).copied()) else {
            return Err(underflow(at));
        };
        let count = self.stack.len() - start;
        if count == 0 {
            return Ok(());
        }
        if items == Items::Pairs && !count.is_multiple_of(2) {
            return Err(Stop::malformed(at, "a key has no value"));
        }
        let takes = match (target.kind(), items) {
            (Kind::Dict, Items::Pairs)
            | (Kind::List, Items::Elements)
            | (Kind::Set, Items::Members)
            | (Kind::Extension, _) => true,
            (Kind::Object, _) => !self.is_tensor(target),
            _ => false,
        };
        if target.kind() == Kind::Global {
            self.changes(target, at);
        } else if !takes {
            let message = format!("{} are put into {}", items.title(), title(target.kind()));
            let rule = &rules::TYPE_CONFUSION;
            self.watch.defect(rule, at..at + 1, None, message);
        }
        if items == Items::Pairs {
            self.pairs(target, start);
        }
        if self.wrapped {
            self.wrapper_among(start, at);
        }
        let values = self.stack.get(start..).unwrap_or_default();
        self.graph.extend(target, values);
        self.stack.truncate(start);
        Ok(())
    }

    /// Looks at what a dictionary is given: tensors have the names of their keys.
    fn pairs(&mut self, target: Value, start: usize) {
        let items = self.stack.get(start..).unwrap_or_default();
        if self.wrapped && target.kind() == Kind::Dict {
            self.graph.keep_more(target, items, KEPT_DICT);
        }
        if self.storages.is_empty() {
            return;
        }
        for at in (start..self.stack.len()).step_by(2) {
            if let Some([key, value]) = self.stack.get(at..at + 2)
                && key.kind() == Kind::Text
                && value.kind() == Kind::Object
            {
                self.tensor(*key, *value);
            }
        }
    }

    /// Reports what stands for far more than it is.
    fn expansion(&mut self) {
        /// A standard pickler gives up at a thousand levels, unless told otherwise.
        const DEEPEST: u32 = 20_000;
        /// Values, also for the smallest files.
        const HEAVIEST: f32 = 268_435_456.0;
        /// Values for each opcode. Objects that share others a few levels deep stay far below.
        const RATIO: f32 = 65_536.0;

        let weight = self.graph.heaviest();
        let range = 0..self.tape.position();
        let rule = &rules::EXPANSION;
        if weight > HEAVIEST.max(RATIO * self.opcodes as f32) {
            let message = format!("{} opcodes stand for {weight:.0e} values", self.opcodes);
            self.watch.defect(rule, range, None, message);
        } else if self.graph.deepest() > DEEPEST {
            let message = format!("{} containers are in each other", self.graph.deepest());
            self.watch.defect(rule, range, None, message);
        }
    }
}

/// What is put into a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Items {
    Elements,
    Members,
    Pairs,
}

impl Items {
    fn title(self) -> &'static str {
        match self {
            Self::Elements => "elements",
            Self::Members => "members",
            Self::Pairs => "keys and values",
        }
    }
}

fn underflow(at: u64) -> Stop {
    Stop::malformed(at, "nothing is left on the stack")
}

/// True for what can be anything: what was called gave it, or the loading process has it.
fn is_unknown(kind: Kind) -> bool {
    matches!(kind, Kind::Object | Kind::Persistent | Kind::Extension)
}

fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Vacant | Kind::None => "nothing",
        Kind::Number | Kind::Scalar => "a number",
        Kind::Text => "a text",
        Kind::Bytes => "bytes",
        Kind::Global => "an import",
        Kind::List => "a list",
        Kind::Dict => "a dictionary",
        Kind::Set => "a set",
        Kind::Tuple => "a tuple",
        Kind::Object => "what another call gave",
        Kind::Persistent => "an object outside of it",
        Kind::Buffer => "a buffer",
        Kind::Extension => "an extension",
    }
}

/// A whole number of up to seven bytes.
fn small(bytes: &[u8]) -> Value {
    let Some(last) = bytes.last() else {
        return Value::number(0);
    };
    if bytes.len() > 7 || *last >= 0x80 {
        return Value::NUMBER;
    }
    let value = bytes
        .iter()
        .rev()
        .fold(0_i64, |value, byte| value << 8 | i64::from(*byte));
    Value::number(value)
}
