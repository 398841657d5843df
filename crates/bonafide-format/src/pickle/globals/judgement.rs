//! From a name to a judgement.

use super::{allowed, dangerous, rules, standard};
use crate::rule::Rule;

/// What is known of an importable name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// It only builds data.
    Allowed {
        /// Why that is so.
        reason: &'static str,
    },
    /// No model may import it.
    Dangerous {
        /// What it does.
        effect: Effect,
    },
    /// On no list.
    Unknown,
}

impl Judgement {
    /// True for what is known to do something, not for what is only out of place.
    pub(crate) const fn is_dangerous(self) -> bool {
        match self {
            Self::Dangerous { effect } => !matches!(
                effect,
                Effect::Unreviewed | Effect::Suspicious | Effect::OtherFile
            ),
            Self::Allowed { .. } | Self::Unknown => false,
        }
    }
}

/// What a dangerous name does, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Effect {
    /// Runs commands or code.
    Execution,
    /// Loads code, or data that can run.
    Loader,
    /// Gives other attributes or modules, by names that the file chooses.
    Introspection,
    /// Sends or receives.
    Network,
    /// Changes or ends the process that loads it.
    Process,
    /// Reads, writes or looks up files.
    File,
    /// Of the standard library, and not among what models need.
    Unreviewed,
    /// Named after running or loading, of a package that is on no list.
    Suspicious,
    /// Stands for data that its own loader takes from a file beside this one.
    OtherFile,
}

impl Effect {
    /// The rule that it breaks.
    pub(crate) const fn rule(self) -> &'static Rule {
        match self {
            Self::Execution
            | Self::Loader
            | Self::Introspection
            | Self::Network
            | Self::Process => &rules::DANGEROUS,
            Self::File => &rules::FILE,
            Self::Unreviewed => &rules::STANDARD,
            Self::Suspicious => &rules::SUSPICIOUS,
            Self::OtherFile => &rules::OTHER_FILE,
        }
    }

    /// What the name does, to go after `which`.
    pub(crate) const fn verb(self) -> &'static str {
        match self {
            Self::Execution => "runs commands or code",
            Self::Loader => "loads code, or data that can run",
            Self::Introspection => "reaches other objects by names that the file chooses",
            Self::Network => "sends or receives",
            Self::Process => "changes or ends the process that loads the file",
            Self::File => "reads, writes or looks up files",
            Self::Unreviewed => "comes with Python and is nothing that models need",
            Self::Suspicious => "is named like something that runs, loads or fetches",
            Self::OtherFile => "stands for an array in another file",
        }
    }
}

/// What is known of `name` in `module`. The spellings of Python 2 are names of their own.
pub(crate) fn classify(module: &str, name: &str) -> Judgement {
    if let Some(reason) = allowed::reason(module, name) {
        return Judgement::Allowed { reason };
    }
    if dangerous::needs_a_look(module, name) {
        return Judgement::Unknown;
    }
    match effect(module, name) {
        Some(effect) => Judgement::Dangerous { effect },
        None => Judgement::Unknown,
    }
}

/// The worst that is known of it.
fn effect(module: &str, name: &str) -> Option<Effect> {
    let listed = dangerous::effect(module, name);
    let reached = path_effect(module, name);
    listed
        .into_iter()
        .chain(reached)
        .min()
        .or_else(|| standard::contains(module).then_some(Effect::Unreviewed))
        .or_else(|| dangerous::is_suspicious(name).then_some(Effect::Suspicious))
}

/// What a path through attributes and modules reaches. `find_class` of protocol 4 takes
/// dotted names, and every module that imports `os` is a way to it.
fn path_effect(module: &str, name: &str) -> Option<Effect> {
    let dunder = |part: &str| part.len() > 4 && part.starts_with("__") && part.ends_with("__");
    if name.split('.').any(dunder) || module.split('.').skip(1).any(dunder) {
        return Some(Effect::Introspection);
    }
    if let Some((owner, last)) = name.rsplit_once('.') {
        let through = owner.split('.').find_map(dangerous::module_effect);
        let reached = dangerous::effect(&format!("{module}.{owner}"), last);
        return through.or(reached);
    }
    dangerous::vendored_effect(module, name)
}
