//! Which functions rules may call.

use regorus::unstable::BUILTINS;

/// What rules may not call, with why.
const REFUSED: [(&str, &str); 11] = [
    (
        "time.now_ns",
        "two runs over the same facts have to give the same findings; use `input.now`",
    ),
    ("http.", "rules see the facts and nothing else"),
    ("net.", "rules see the facts and nothing else"),
    ("opa.", "rules see the facts and nothing else"),
    (
        "rand.",
        "two runs over the same facts have to give the same findings",
    ),
    (
        "uuid.",
        "two runs over the same facts have to give the same findings",
    ),
    ("rego.", "it is not available"),
    (
        "io.jwt",
        "signatures are verified before rules see them; look at `input.verified`",
    ),
    (
        "crypto.",
        "signatures are verified before rules see them; look at `input.verified`",
    ),
    ("print", "rules say what they find in `msg`"),
    ("trace", "rules say what they find in `msg`"),
];

/// Why a function may not be called; none if it may.
pub(crate) fn refusal(name: &str) -> Option<&'static str> {
    REFUSED
        .iter()
        .find(|(refused, _)| {
            name == *refused
                || ((refused.ends_with('.') || *refused == "io.jwt") && name.starts_with(refused))
        })
        .map(|(_, why)| *why)
}

/// True if the interpreter has it.
pub(crate) fn exists(name: &str) -> bool {
    BUILTINS.contains_key(name)
}

/// Names that are most like it.
pub(crate) fn nearest(name: &str) -> Option<String> {
    let known = BUILTINS.keys().copied();
    crate::schema::nearest(name, known.filter(|known| refusal(known).is_none()))
}
