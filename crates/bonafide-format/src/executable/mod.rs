//! Programs of operating systems and virtual machines, by their signatures and headers.

mod bytecode;
mod header;
mod llamafile;
mod rules;
mod script;

use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) use bytecode::{COMPILED_PYTHON, MARSHAL};
pub(crate) use llamafile::LLAMAFILE;
pub(crate) use rules::RULES;
pub(crate) use script::{SCRIPT, is_python};

use header::Kind;

/// Machine code, or code of a virtual machine.
pub(crate) const EXECUTABLE: Format = Format {
    name: "executable",
    title: "a program",
    extensions: &["exe", "dll", "so", "dylib", "elf", "wasm", "class"],
    effect: Effect::Code,
    depth: Depth::Identified,
    probe,
    inspect,
};

/// What kind of program starts here, if its header makes sense.
pub(crate) fn identify(head: &[u8]) -> Option<&'static str> {
    if llamafile::is_start(head) {
        return Some(LLAMAFILE.title);
    }
    if let Some(kind) = header::kind(head) {
        return Some(kind.title());
    }
    script::interpreter(head).map(|_| SCRIPT.title)
}

fn probe(probe: &Probe<'_>) -> Likeness {
    if !llamafile::is_start(probe.head) && header::kind(probe.head).is_some() {
        Likeness::Certain
    } else {
        Likeness::No
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let length = visit.size().min(header::LONGEST);
    let head = visit.read(0..length)?;
    let Some(kind) = header::kind(&head) else {
        return Err(Stop::malformed(0, "the header makes no sense"));
    };
    let rule = match kind {
        Kind::ElfLibrary | Kind::PeLibrary | Kind::MachLibrary => &rules::LIBRARY,
        Kind::WebAssembly | Kind::JavaClass => &rules::MANAGED,
        Kind::Elf | Kind::Pe | Kind::Mach | Kind::MachFat => &rules::PROGRAM,
    };
    visit.report(rule, None, format!("the bytes are {}", kind.title()));
    visit.cover(0..visit.size(), State::Identified);
    Ok(())
}
