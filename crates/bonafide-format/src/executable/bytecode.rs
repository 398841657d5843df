//! Python code that was compiled: modules (`.pyc`, PEP 552), and code objects as `marshal`
//! writes them.

use super::rules;
use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const COMPILED_PYTHON: Format = Format {
    name: "compiled-python",
    title: "a compiled Python module",
    extensions: &["pyc", "pyo"],
    effect: Effect::Code,
    depth: Depth::Identified,
    probe: probe_module,
    inspect: inspect_module,
};

pub(crate) const MARSHAL: Format = Format {
    name: "marshal",
    title: "marshalled Python code",
    extensions: &[],
    effect: Effect::Code,
    depth: Depth::Identified,
    probe: probe_code,
    inspect: inspect_code,
};

/// True for a marshalled code object: type `c`, small counts, then the bytecode as a string.
///
/// Versions differ in how many counts there are: Python 2 has 4 (arguments, locals, stack,
/// flags), 3.0 to 3.7 have 5, 3.8 to 3.10 have 6, later ones 5.
fn is_code(bytes: &[u8]) -> bool {
    /// Set on what is referred to later.
    const REFERENCE: u8 = 0x80;
    /// No function has more arguments, locals or values on its stack.
    const MOST: u32 = 1 << 16;
    /// No flag of a code object is above this bit.
    const FLAGS: u32 = 1 << 28;

    let Some((kind, rest)) = bytes.split_first() else {
        return false;
    };
    if kind & !REFERENCE != b'c' {
        return false;
    }
    let number = |index: usize| {
        let found = rest.get(index * 4..index * 4 + 4)?;
        Some(u32::from_le_bytes(found.try_into().ok()?))
    };
    (4..=6).any(|counts| {
        let small = (0..counts - 1).all(|index| number(index).is_some_and(|count| count < MOST));
        let flags = number(counts - 1).is_some_and(|flags| flags < FLAGS);
        let string = rest.get(counts * 4).map(|kind| kind & !REFERENCE);
        let length = rest.get(counts * 4 + 1..counts * 4 + 5);
        let length = length
            .and_then(|bytes| bytes.try_into().ok())
            .map(u32::from_le_bytes);
        // Bytecode is never empty, and most versions have two bytes for each instruction.
        let fits = length.is_some_and(|length| {
            length >= 2 && usize::try_from(length).is_ok_and(|length| length <= 1 << 26)
        });
        small && flags && string == Some(b's') && fits
    })
}

/// Where the code object of a module starts, by the length of the header.
fn module_code(head: &[u8]) -> Option<&[u8]> {
    if head.get(2..4) != Some(b"\r\n") {
        return None;
    }
    // Python 2, 3.3 to 3.6, and later ones.
    [8, 12, 16]
        .into_iter()
        .filter_map(|length| head.get(length..))
        .find(|code| is_code(code))
}

fn certain_if(is: bool) -> Likeness {
    if is { Likeness::Certain } else { Likeness::No }
}

fn probe_module(probe: &Probe<'_>) -> Likeness {
    certain_if(module_code(probe.head).is_some())
}

fn probe_code(probe: &Probe<'_>) -> Likeness {
    certain_if(is_code(probe.head))
}

fn inspect_module(visit: &mut Visit<'_>) -> Result<(), Stop> {
    visit.report(&rules::COMPILED, None, "the module is compiled");
    visit.cover(0..visit.size(), State::Identified);
    Ok(())
}

fn inspect_code(visit: &mut Visit<'_>) -> Result<(), Stop> {
    visit.report(&rules::MARSHALLED, None, "the bytes are a code object");
    visit.cover(0..visit.size(), State::Identified);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pickles_and_words_that_start_with_c_are_no_code() {
        for other in [
            &b"cos\nsystem\n(S'true'\ntR."[..],
            b"ccopy_reg\n_reconstructor\np0\n(c__main__\n",
            b"c\0\0\0\0",
            b"",
        ] {
            assert!(!is_code(other), "{other:?}");
        }
        assert!(!is_code(&[b'c'; 64]));
        let zeros = [&b"c"[..], &[0; 63]].concat();
        assert!(!is_code(&zeros));
    }
}
