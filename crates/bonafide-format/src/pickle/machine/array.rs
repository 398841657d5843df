//! Arrays between the opcodes, where joblib writes them.

use std::collections::{HashMap, HashSet};

use super::{Arrays, Machine, Role, Stop, Watch, rules};
use crate::pickle::value::{Kind, Value};

/// Bytes of an element of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Bytes(u64),
    Object,
}

/// What leads to arrays between the opcodes, by the numbers of the containers.
#[derive(Debug, Default)]
pub(super) struct Wrappers {
    /// Containers that are older than the import of the class.
    older: usize,
    /// Wrappers, filled or not.
    made: HashSet<u32>,
    /// The one that was made last, until it is filled.
    empty: Option<u32>,
    /// Tuples for `copyreg._reconstructor` that the class is in.
    for_reconstructor: HashSet<u32>,
    /// Elements of types that were given a state; none if nothing is known of them.
    items: HashMap<u32, Option<Item>>,
}

impl Wrappers {
    pub(super) fn start(&mut self, containers: usize) {
        self.older = containers;
    }
}

impl<W: Watch> Machine<'_, '_, W> {
    /// True for what an array is read for as soon as it is given a state: the class, a
    /// wrapper that is not filled yet, arguments that make one.
    pub(super) fn is_wrapper(&self, value: Value) -> bool {
        match value.kind() {
            Kind::Global => self.role_of(value) == Role::ArrayWrapper,
            Kind::Object => self.wrappers.empty == Some(value.index()),
            Kind::Tuple => self.wrappers.for_reconstructor.contains(&value.index()),
            _ => false,
        }
    }

    /// Reports that a wrapper goes where none of joblib's goes, and may come back from.
    pub(super) fn escapes(&mut self, at: u64) {
        let message = "the class of arrays between the opcodes is used as a value";
        let rule = &rules::ARRAYS;
        self.watch
            .defect(rule, at..at + 1, None, message.to_owned());
    }

    /// Looks for wrappers among the values above `start`, which go into a container.
    pub(super) fn wrapper_among(&mut self, start: usize, at: u64) {
        let values = self.stack.get(start..).unwrap_or_default();
        if values.iter().any(|value| self.is_wrapper(*value)) {
            self.escapes(at);
        }
    }

    /// The same for a tuple, which may be what protocols 0 and 1 make a wrapper of.
    pub(super) fn wrapper_in_tuple(
        &mut self,
        tuple: Value,
        start: usize,
        at: u64,
    ) -> Result<(), Stop> {
        let values = self.stack.get(start..).unwrap_or_default();
        if let [class, base, state] = values
            && class.kind() == Kind::Global
            && self.is_wrapper(*class)
            && base.kind() == Kind::Global
            && !self.is_wrapper(*base)
            && state.kind() == Kind::None
        {
            self.wrappers
                .for_reconstructor
                .insert(self.known_number(tuple)?);
        } else {
            self.wrapper_among(start, at);
        }
        Ok(())
    }

    /// Takes down a wrapper that a call makes.
    pub(super) fn wrapper_in_call(
        &mut self,
        object: Value,
        role: Role,
        arguments: Value,
        at: u64,
    ) -> Result<(), Stop> {
        let plain = match role {
            Role::ArrayWrapper => self.graph.kept(arguments).is_some_and(<[Value]>::is_empty),
            Role::Reconstructor if self.is_wrapper(arguments) => true,
            _ => {
                if self.is_wrapper(arguments) {
                    self.escapes(at);
                }
                return Ok(());
            }
        };
        if !plain || self.wrappers.empty.is_some() {
            self.escapes(at);
        }
        let number = self.known_number(object)?;
        self.wrappers.made.insert(number);
        self.wrappers.empty = Some(number);
        Ok(())
    }

    /// Follows a state that an object is given: a wrapper has its array behind it.
    pub(super) fn fill(&mut self, object: Value, state: Value, at: u64) -> Result<(), Stop> {
        if object.kind() != Kind::Object {
            return Ok(());
        }
        let number = self.known_number(object)?;
        if self.is_wrapper(state) {
            self.escapes(at);
        }
        if self.wrappers.made.contains(&number) {
            self.wrappers.empty = None;
            return self.array(state, at);
        }
        if let Some([maker, _]) = self.graph.kept(object)
            && self.role_of(*maker) == Role::Dtype
        {
            let item = self.item_of_state(object, state);
            self.wrappers.items.insert(number, item);
        }
        Ok(())
    }

    /// The number of a container. All that are too many have the same.
    fn known_number(&self, container: Value) -> Result<u32, Stop> {
        match container.index() {
            0 => Err(Stop::unsupported("so many objects around an array")),
            number => Ok(number),
        }
    }

    /// What the state of a type makes of its elements: the tuple of `numpy.dtype.__reduce__`.
    fn item_of_state(&self, object: Value, state: Value) -> Option<Item> {
        /// The elements are pointers to objects, or hold some (`NPY_ITEM_REFCOUNT`).
        const REFERENCES: u64 = 1;

        let name = self.dtype(object)?;
        let item = item_size(&name)?;
        let (size, flags) = match self.graph.kept(state)? {
            [_, _, base, _, _, size, _, flags] | [_, _, base, _, _, size, _, flags, _]
                if base.kind() == Kind::None =>
            {
                (size, flags.known()?)
            }
            _ => return None,
        };
        if flags & REFERENCES != 0 {
            return Some(Item::Object);
        }
        if item == Item::Object {
            return None;
        }
        // Of these the length is what the state says.
        if name.contains(['S', 'U', 'V', 'a']) {
            return size.known().map(Item::Bytes);
        }
        Some(item)
    }

    /// Leaves out the array that follows, as joblib's own unpickler does.
    pub(super) fn array(&mut self, state: Value, at: u64) -> Result<(), Stop> {
        let unknown = || Stop::unsupported("an array between the opcodes, of this kind,");
        if (state.index() as usize) < self.wrappers.older {
            return Err(unknown());
        }
        let state = self.graph.kept(state).ok_or_else(unknown)?.to_vec();
        let (mut shape, mut dtype, mut aligned) = (None, None, false);
        for pair in state.chunks_exact(2) {
            if let [key, value] = pair {
                match self.read_text(*key).as_deref() {
                    Some("shape") => shape = self.numbers(*value),
                    Some("dtype") => dtype = Some(*value),
                    Some("numpy_array_alignment_bytes") => aligned = value.kind() != Kind::None,
                    Some(_) => {}
                    None => return Err(unknown()),
                }
            }
        }
        let (Some(shape), Some(dtype)) = (shape, dtype) else {
            return Err(unknown());
        };
        let start = self.tape.position();
        self.first_array.get_or_insert(start);
        if start >= self.tape.frame_end() {
            self.leave_frame(start);
        } else if self.tape.frame_end() != u64::MAX {
            // joblib reads it from behind the frame.
            self.diverge(at, "an array is in a frame".to_owned());
        }
        let stated = self.wrappers.items.get(&dtype.index()).copied();
        let item = match stated {
            Some(item) => item,
            None => self.dtype(dtype).and_then(|name| item_size(&name)),
        };
        let Some(item) = item else {
            return Err(unknown());
        };
        let Item::Bytes(item) = item else {
            // Objects are a pickle of their own, read by the plain unpickler.
            let source = self.tape.source();
            let reading = self.tape.reading();
            let mut inner = Machine::new(source, start, reading, Arrays::Nowhere, self.watch);
            let ended = inner.run(u64::MAX);
            let (end, opcodes) = (inner.resume(), inner.opcodes);
            let divergent = inner.divergent;
            self.divergent |= divergent;
            self.opcodes += opcodes;
            ended?;
            self.tape.seek(end);
            return Ok(());
        };
        if aligned {
            let [padding] = self.tape.array()?;
            self.tape.take(usize::from(padding))?;
        }
        let from = self.tape.position();
        let length = shape
            .iter()
            .try_fold(item, |length, count| length.checked_mul(*count))
            .filter(|length| *length <= self.tape.remaining());
        let Some(length) = length else {
            let message = "an array is larger than what is left of the file";
            return Err(Stop::malformed(at, message));
        };
        self.tape.seek(from + length);
        self.watch.numbers(from..from + length);
        Ok(())
    }

    /// The first argument of `numpy.dtype`.
    pub(super) fn dtype(&self, value: Value) -> Option<String> {
        let [maker, arguments] = self.graph.kept(value)? else {
            return None;
        };
        if self.role_of(*maker) != Role::Dtype {
            return None;
        }
        self.read_text(*self.graph.kept(*arguments)?.first()?)
    }
}

/// Size of an element by the name that `numpy.dtype` is given: `f8`, `U10`, `V12`, `O8`.
fn item_size(dtype: &str) -> Option<Item> {
    let dtype = dtype.trim_start_matches(['<', '>', '=', '|']);
    let (kind, digits) = dtype.split_at_checked(1)?;
    let length: u64 = digits.parse().ok()?;
    match kind {
        "O" => Some(Item::Object),
        "U" => length.checked_mul(4).map(Item::Bytes),
        "b" | "i" | "u" | "f" | "c" | "S" | "V" | "M" | "m" | "a" => Some(Item::Bytes(length)),
        _ => None,
    }
}
