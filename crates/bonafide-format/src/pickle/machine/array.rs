//! Arrays between the opcodes, where joblib writes them.

use super::{Arrays, Machine, Role, Stop, Watch};
use crate::pickle::value::{Kind, Value};

/// Bytes of an element of an array.
enum Item {
    Bytes(u64),
    Object,
}

impl<W: Watch> Machine<'_, '_, W> {
    /// Leaves out the array that follows, as joblib's own unpickler does.
    pub(super) fn array(&mut self, state: Value, at: u64) -> Result<(), Stop> {
        let unknown = || Stop::unsupported("an array between the opcodes, of this kind,");
        let state = self.graph.kept(state).ok_or_else(unknown)?.to_vec();
        let (mut shape, mut dtype, mut aligned) = (None, None, false);
        for pair in state.chunks_exact(2) {
            if let [key, value] = pair {
                match self.read_text(*key).as_deref() {
                    Some("shape") => shape = self.numbers(*value),
                    Some("dtype") => dtype = self.dtype(*value),
                    Some("numpy_array_alignment_bytes") => aligned = value.kind() != Kind::None,
                    _ => {}
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
        }
        let Some(item) = item_size(&dtype) else {
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
