//! Names that run, load, read, send or reach what does.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Effect;

/// Whole packages, with all that is in them.
const MODULES: &[(Effect, &str)] = &[
    (
        Effect::Execution,
        "os posix nt subprocess _posixsubprocess commands popen2 pty runpy code codeop pdb bdb timeit trace profile cProfile",
    ),
    (
        Effect::Loader,
        "pickle _pickle cPickle marshal importlib imp dill cloudpickle jsonpickle shelve",
    ),
    (Effect::Introspection, "sys inspect types gc"),
    (
        Effect::Network,
        "socket _socket ssl http urllib urllib2 httplib ftplib smtplib telnetlib requests",
    ),
    (Effect::File, "io _io shutil tempfile glob"),
];

/// Single names of packages that also hold harmless ones.
const NAMES: &[(Effect, &str, &str)] = &[
    (
        Effect::Execution,
        "builtins __builtin__",
        "exec eval compile execfile apply map filter reduce __import__",
    ),
    (
        Effect::Introspection,
        "builtins __builtin__",
        "getattr setattr delattr hasattr globals locals vars dir",
    ),
    (
        Effect::File,
        "builtins __builtin__",
        "open file input raw_input",
    ),
    (
        Effect::Process,
        "builtins __builtin__",
        "exit quit breakpoint",
    ),
    (
        Effect::Introspection,
        "operator _operator",
        "attrgetter methodcaller",
    ),
    (
        Effect::Execution,
        "functools _functools",
        "partial reduce partialmethod",
    ),
];

/// Last words of names that say what they do, in packages that are on no list.
const SUSPICIOUS: &str = "exec eval execfile system popen spawn load loads urlopen";

/// Packages that others bring along inside of them.
const VENDORED: &str = "os posix subprocess builtins importlib pickle marshal cloudpickle dill";

type Index = HashMap<&'static str, Effect>;

static MODULE_INDEX: LazyLock<Index> = LazyLock::new(|| {
    let rows = MODULES.iter();
    rows.flat_map(|(effect, names)| names.split_ascii_whitespace().map(|name| (name, *effect)))
        .collect()
});

static NAME_INDEX: LazyLock<HashMap<(&'static str, &'static str), Effect>> = LazyLock::new(|| {
    let mut index = HashMap::new();
    for (effect, modules, names) in NAMES {
        for module in modules.split_ascii_whitespace() {
            for name in names.split_ascii_whitespace() {
                index.insert((module, name), *effect);
            }
        }
    }
    index
});

/// What a name does, if it or the module that it is in is listed.
pub(super) fn effect(module: &str, name: &str) -> Option<Effect> {
    let exact = NAME_INDEX.get(&(module, name)).copied();
    exact.or_else(|| enclosing_effect(module))
}

/// What a module does, or the package that it is in.
fn enclosing_effect(module: &str) -> Option<Effect> {
    /// Most parts of a listed module.
    const DEEPEST: usize = 6;

    let ends = module.match_indices('.').map(|(at, _)| at);
    ends.chain([module.len()])
        .take(DEEPEST)
        .find_map(|end| MODULE_INDEX.get(module.get(..end)?).copied())
}

/// What an attribute leads to that is named like a listed module: `_os`, `sys`.
pub(super) fn module_effect(attribute: &str) -> Option<Effect> {
    MODULE_INDEX.get(attribute.trim_start_matches('_')).copied()
}

/// What a module does that is a copy of a listed one inside of another package.
pub(super) fn vendored_effect(module: &str, name: &str) -> Option<Effect> {
    let (_, last) = module.rsplit_once('.')?;
    if !VENDORED.split_ascii_whitespace().any(|known| known == last) {
        return None;
    }
    effect(last, name)
}

/// True if a name says that it runs, loads or fetches.
pub(super) fn is_suspicious(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    SUSPICIOUS.split_ascii_whitespace().any(|word| word == last)
}
