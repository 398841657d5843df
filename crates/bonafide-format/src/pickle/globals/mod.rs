//! What importing a name does: the names that pickles of models need, each with the reason
//! why it is harmless, and those that are known to run, load, read or send something.
//!
//! A name is allowed only if exactly it is listed. Everything else is judged from the
//! worst down: known to be dangerous, reaching something dangerous by a dotted path, part
//! of the standard library but on no list, named like something that runs or loads, and
//! at last unknown. Nothing in here depends on what is installed anywhere.

mod allowed;
mod dangerous;
mod judgement;
mod rules;
mod standard;
#[cfg(test)]
mod tests;

use std::ops::Range;

use bonafide_core::excerpt;

use crate::facts::GlobalStanding;
use crate::visit::Visit;

pub(crate) use dangerous::has_package;
pub(crate) use judgement::{Effect, Judgement, classify};
pub(crate) use rules::RULES;
pub(crate) use standard::{contains as is_standard, is_builtin};

/// True for a class whose constructor does more than its instances are allowed for.
pub(crate) fn is_instance_only(module: &str, name: &str) -> bool {
    allowed::is_instance_only(module, name)
}

/// Takes down that the loader is made to import `name` of `module`, and reports it unless
/// it is allowed. It is reported once for a file; how often it is used is a fact.
pub(crate) fn report(visit: &mut Visit<'_>, module: &str, name: &str, range: Range<u64>) {
    if visit.facts().use_global(module, name) {
        return;
    }
    let judgement = match classify(module, name) {
        // Without an archive there is no code for TorchScript: it is a module like others.
        Judgement::Allowed { .. }
            if visit.path().is_empty() && allowed::is_torchscript(module, name) =>
        {
            Judgement::Unknown
        }
        judgement => judgement,
    };
    let standing = match judgement {
        Judgement::Allowed { .. } => GlobalStanding::Allowed,
        Judgement::Dangerous {
            effect: Effect::OtherFile,
        } => GlobalStanding::Unknown,
        Judgement::Dangerous { .. } => GlobalStanding::Dangerous,
        Judgement::Unknown => GlobalStanding::Unknown,
    };
    visit.facts().add_global(module, name, standing);
    let (rule, what) = match judgement {
        Judgement::Allowed { .. } => return,
        Judgement::Dangerous { effect } => (effect.rule(), effect.verb()),
        Judgement::Unknown => (&rules::UNKNOWN, "is on no list"),
    };
    let full = format!("{module}.{name}");
    let message = format!("imports `{}`, which {what}", excerpt(&full, 120));
    visit.report_about(rule, Some(range), &full, message);
}
