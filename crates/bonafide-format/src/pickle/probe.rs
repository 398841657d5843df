//! Whether bytes are a pickle: the first opcodes are tried.

use bonafide_core::Severity;

use super::globals::{self, Judgement};
use super::imports::Recorder;
use super::machine::{Arrays, Ended, Machine};
use super::opcode;
use super::tape::Reading;
use crate::format::Likeness;
use crate::read::ReadAt;
use crate::route::Probe;

/// Opcodes that are tried of what announces its protocol.
const ANNOUNCED: u64 = 64;

/// Opcodes that are tried of what does not, before it is asked whether that is enough.
const UNANNOUNCED: u64 = 20_000;

/// Opcodes of whole pickles that are no text.
const ENOUGH: u64 = 12;

/// Most pickles that are tried together, if they are too short to tell.
const MOST_SHORT: usize = 16;

/// Opcodes that are tried in the middle of other bytes, at one of many places.
const IN_BETWEEN: u64 = 64;

pub(super) fn probe(probe: &Probe<'_>) -> Likeness {
    match probe.head {
        // The signature of a zip archive is a persistent id to a pickle, of which everything up
        // to the next line is the name: the first line end is often that of an array's header,
        // and its objects follow. No unpickler that knows persistent ids is given such a file.
        [b'P', b'K', 3, 4, ..] => Likeness::No,
        [first, _, ..] if is_first(*first) => {
            // What is opcodes for that long is a pickle, or one opcode over and over; only
            // its end tells.
            let steps = &[UNANNOUNCED, u64::MAX];
            let mut trial = unannounced(probe.source, 0, Neighbour::Nothing, steps);
            let mut opcodes = trial.opcodes;
            // Some loaders read several, of which the first are as short as a number.
            for _ in 1..MOST_SHORT {
                let Some(end) = trial.end.filter(|_| trial.likeness == Likeness::No) else {
                    break;
                };
                trial = unannounced(probe.source, end, Neighbour::Nothing, &[UNANNOUNCED]);
                opcodes += trial.opcodes;
                if trial.end.is_some() && opcodes >= ENOUGH {
                    trial.likeness = trial.likeness.max(Likeness::Possible);
                }
            }
            trial.likeness
        }
        head => starts(probe.source, 0, head, Neighbour::Nothing),
    }
}

/// What a pickle would follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Neighbour {
    /// Nothing, or bytes that are none.
    Nothing,
    /// Another pickle that announces nothing.
    Unannounced,
}

/// Whether a pickle starts at `offset`, where the bytes are `head`.
pub(super) fn starts(
    source: &dyn ReadAt,
    offset: u64,
    head: &[u8],
    neighbour: Neighbour,
) -> Likeness {
    match head {
        [opcode::PROTO, version, next, ..] if *version <= 5 && opcode::is_opcode(*next) => {
            announced(source, offset)
        }
        [first, _, ..] if is_first(*first) => {
            let most = match neighbour {
                Neighbour::Nothing => IN_BETWEEN,
                Neighbour::Unannounced => UNANNOUNCED,
            };
            unannounced(source, offset, neighbour, &[most]).likeness
        }
        _ => Likeness::No,
    }
}

/// Opcodes that need nothing on the stack.
fn is_first(byte: u8) -> bool {
    use opcode::{
        APPEND, APPENDS, BINPERSID, BINPUT, BUILD, DICT, DUP, INST, LIST, LONG_BINPUT, MEMOIZE,
        NEWOBJ, OBJ, POP, POP_MARK, PROTO, PUT, REDUCE, SETITEM, SETITEMS, STOP, TUPLE, TUPLE1,
        TUPLE2, TUPLE3,
    };
    let needs = [
        APPEND,
        APPENDS,
        BINPERSID,
        BINPUT,
        BUILD,
        DICT,
        DUP,
        INST,
        LIST,
        LONG_BINPUT,
        MEMOIZE,
        NEWOBJ,
        OBJ,
        POP,
        POP_MARK,
        PROTO,
        PUT,
        REDUCE,
        SETITEM,
        SETITEMS,
        STOP,
        TUPLE,
        TUPLE1,
        TUPLE2,
        TUPLE3,
    ];
    opcode::is_opcode(byte) && !needs.contains(&byte)
}

/// Two bytes are no signature: one opcode more has to work. What breaks before that has
/// imported nothing.
fn announced(source: &dyn ReadAt, offset: u64) -> Likeness {
    let mut recorder = Recorder::default();
    let mut machine = Machine::new(
        source,
        offset,
        Reading::Buffer,
        Arrays::Nowhere,
        &mut recorder,
    );
    let ended = machine.run(ANNOUNCED);
    let opcodes = machine.opcodes();
    if ended.is_ok() || opcodes > 2 || !recorder.imports.is_empty() {
        Likeness::Certain
    } else {
        Likeness::No
    }
}

/// What trying gave.
struct Trial {
    likeness: Likeness,
    opcodes: u64,
    /// Where it ends; none if it does not.
    end: Option<u64>,
}

/// Protocols 0 and 1 have no signature, and some text is opcodes for a while. It has to
/// end as a pickle does, or to call something that is named like an import. It is run as
/// far as the first of `steps` says, and on as long as that settles nothing.
fn unannounced(source: &dyn ReadAt, offset: u64, neighbour: Neighbour, steps: &[u64]) -> Trial {
    let mut recorder = Recorder {
        most: Some(16),
        ..Recorder::default()
    };
    let mut machine = Machine::new(
        source,
        offset,
        Reading::Buffer,
        Arrays::Nowhere,
        &mut recorder,
    );
    let mut ended = Ok(Ended::Interrupted);
    for most in steps {
        ended = machine.run(*most);
        if ended != Ok(Ended::Interrupted) || machine.has_memo() || machine.has_imports() {
            break;
        }
    }
    let (opcodes, calls, end) = (machine.opcodes(), machine.calls(), machine.position());
    let has_memo = machine.has_memo();
    let named = recorder
        .imports
        .iter()
        .any(|(module, name)| is_name(module) && is_name(name));
    let likely = match ended {
        Ok(Ended::Stopped) => {
            neighbour == Neighbour::Unannounced
                || is_blank(source, end)
                || named
                || opcodes >= ENOUGH
        }
        Ok(Ended::Interrupted) => named || has_memo,
        Err(_) => {
            // What is broken before it calls anything was still made to: text does not start
            // with the name of such a module.
            let dangerous = recorder.imports.iter().any(|(module, name)| {
                matches!(
                    globals::classify(module, name),
                    Judgement::Dangerous { effect } if effect.rule().severity == Severity::Critical
                )
            });
            dangerous || calls > 0 && (named || recorder.imports.is_empty() && opcodes >= 4)
        }
    };
    let likeness = match (likely, named && calls > 0) {
        (false, _) => Likeness::No,
        (true, false) => Likeness::Possible,
        // Nothing else imports and calls by accident: what is another format too is both.
        (true, true) => Likeness::Certain,
    };
    Trial {
        likeness,
        opcodes,
        end: (ended == Ok(Ended::Stopped)).then_some(end),
    }
}

/// True if nothing but the end of a line is left.
fn is_blank(source: &dyn ReadAt, offset: u64) -> bool {
    let left = source.size().saturating_sub(offset);
    let mut bytes = vec![0; usize::try_from(left.min(3)).unwrap_or(0)];
    left <= 2 && source.read_at(offset, &mut bytes).is_ok() && bytes.trim_ascii().is_empty()
}

/// True for what Python can import: identifiers with dots between them.
pub(super) fn is_name(text: &str) -> bool {
    text.split('.').all(|part| {
        let mut letters = part.chars();
        letters
            .next()
            .is_some_and(|first| first.is_alphabetic() || first == '_')
            && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
    })
}
