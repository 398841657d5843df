//! TorchScript, as it is in an archive: a language of its own that looks like Python. No
//! import runs it, but its operators can reach files and the network.

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::read::ReadAt;
use crate::rule::{Confidence, Hazard, Rule};
use crate::visit::Visit;

pub(crate) const RULES: &[&Rule] = &[&ACCESS, &CUSTOM, &FOREIGN];

const ACCESS: Rule = Rule {
    slug: "torchscript-access",
    title: "TorchScript that reaches files or the network",
    hazard: Hazard::CodeInGraph,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "Running the model reads, maps or writes a file, or calls another machine. Loading it with \
        `weights_only` does not prevent that.",
    remediation: "Do not run the model.",
    threats: &[ThreatId("ART-05"), ThreatId("ART-01")],
    cwe: &[73, 94],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

const CUSTOM: Rule = Rule {
    slug: "torchscript-custom-operator",
    title: "TorchScript with an operator or class of somebody's own",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "What it does is in a native library that is not part of the model.",
    remediation: "Find out which library it needs, and whether that one is to be trusted.",
    threats: &[ThreatId("ART-05")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

const FOREIGN: Rule = Rule {
    slug: "torchscript-foreign-statement",
    title: "Python in the place of TorchScript",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "TorchScript has no such statement and no such function, so no tool wrote the program. It is there for \
        something that runs it as Python.",
    remediation: "Do not load the model.",
    threats: &[ThreatId("ART-01"), ThreatId("ART-05")],
    cwe: &[94, 506],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

/// Statements of Python that TorchScript does not have. It once imported its own modules.
const FOREIGN_STATEMENTS: &[&str] = &["import", "from", "global", "nonlocal", "async", "yield"];
const OWN_MODULE: &str = "__torch__";

/// Functions of Python that TorchScript does not have.
const FOREIGN_FUNCTIONS: &[&str] = &["exec", "eval", "compile", "__import__", "open"];

/// Longest program that is read.
const LONGEST: u64 = 32 << 20;

/// Operators of PyTorch that reach out of the process, with what they do.
const REACHING: &[(&str, &str)] = &[
    ("from_file", "maps a file"),
    ("save", "writes a file"),
    ("read_file", "reads a file"),
    ("write_file", "writes a file"),
    ("rpc_async", "calls another machine"),
    ("rpc_sync", "calls another machine"),
    ("rpc_remote", "calls another machine"),
];

/// Namespaces of operators and classes that come with PyTorch and its own libraries.
const KNOWN: &[&str] = &[
    "_quantized",
    "aten",
    "cuda",
    "fb",
    "fbgemm",
    "image",
    "inductor",
    "metal",
    "metal_prepack",
    "mkldnn",
    "mkldnn_prepacked",
    "mkl",
    "onednn",
    "prepacked",
    "prim",
    "prims",
    "profiler",
    "quantized",
    "quantized_decomposed",
    "rnn",
    "sparse",
    "static_runtime",
    "torchaudio",
    "torchaudio_sox",
    "torchtext",
    "torchvision",
    "vulkan",
    "vulkan_prepack",
    "xnnpack",
];

/// Looks at a program. False if it is not one, or too long.
pub(crate) fn examine(visit: &mut Visit<'_>, name: &str, bytes: &dyn ReadAt) -> bool {
    if bytes.size() > LONGEST {
        return false;
    }
    let mut text = vec![0; usize::try_from(bytes.size()).unwrap_or(0)];
    if bytes.read_at(0, &mut text).is_err() {
        return false;
    }
    let Ok(text) = str::from_utf8(&text) else {
        return false;
    };
    let shown = excerpt(name, 200);
    if let Some(found) = text.lines().find_map(foreign) {
        let message = format!("`{}` is no TorchScript, in `{shown}`", excerpt(found, 100));
        visit.report_about(&FOREIGN, None, found, message);
        // Read as what it is: a program in Python.
        return false;
    }
    for path in paths(text) {
        let mut parts = path.split('.');
        let (namespace, operator) = match (parts.next(), parts.next(), parts.next()) {
            (Some("ops"), Some(namespace), Some(operator)) => (namespace, operator),
            (Some("torch"), Some("ops"), Some(namespace)) => {
                (namespace, parts.next().unwrap_or_default())
            }
            (Some("torch"), Some("classes"), Some(namespace)) => (namespace, ""),
            (Some("__torch__"), Some("torch"), Some("classes")) => {
                (parts.next().unwrap_or_default(), "")
            }
            (Some("torch"), Some(operator), None) => ("aten", operator),
            _ => continue,
        };
        let reaching = REACHING.iter().find(|(reaching, _)| *reaching == operator);
        if let Some((operator, effect)) = reaching {
            let about = format!("{namespace}::{operator}");
            let message = format!("`{about}` {effect}, in `{shown}`");
            visit.report_about(&ACCESS, None, &about, message);
        } else if !KNOWN.contains(&namespace) {
            let about = format!("{namespace}::{operator}");
            let message = format!("`{}` is not of PyTorch, in `{shown}`", excerpt(&about, 200));
            visit.report_about(&CUSTOM, None, &about, message);
        }
    }
    true
}

/// The first statement or call in a line that only Python has.
fn foreign(line: &str) -> Option<&str> {
    let mut rest = line;
    let mut is_start = true;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        if is_word(first) {
            let end = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let object = after.trim_start();
            let is_statement = is_start
                && after.starts_with(' ')
                && object.starts_with(|letter: char| is_word(letter) || letter == '.')
                && !object.starts_with(OWN_MODULE);
            if is_statement && FOREIGN_STATEMENTS.contains(&word)
                || before != '.' && object.starts_with('(') && FOREIGN_FUNCTIONS.contains(&word)
            {
                return Some(rest.trim_end());
            }
            (rest, before, is_start) = (after, first, false);
            continue;
        }
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        rest = match first {
            '#' => return None,
            '"' | '\'' => behind_text(after, first),
            _ => after,
        };
        is_start = matches!(first, ';' | ':') || is_start && first.is_whitespace();
        if !first.is_whitespace() {
            before = first;
        }
    }
    None
}

/// What comes behind a text that `quote` ends.
fn behind_text(rest: &str, quote: char) -> &str {
    let mut letters = rest.char_indices();
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' {
            letters.next();
        } else if letter == quote {
            return rest.get(at + 1..).unwrap_or_default();
        }
    }
    ""
}

/// The dotted names of a program that start with one of the roots of operators.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.');
    text.split(move |letter: char| !is_name(letter))
        .filter(|path| {
            ["ops.", "torch.", "__torch__."]
                .iter()
                .any(|root| path.starts_with(root))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_of_python_are_told_from_torchscript() {
        for line in [
            "import os",
            "    import os; os.system('true')",
            "def f(): import os",
            "x = 1; from os import system",
            "  eval(\"1\")",
            "  y = __import__ (\"os\")",
            "  global x",
        ] {
            assert!(foreign(line).is_some(), "{line}");
        }
        for line in [
            "import __torch__.layers",
            "  x = \"a; import os\"",
            "  x = \"a\\\"; import os\"",
            "  import : Tensor",
            "  from : int",
            "  _0 = self.eval(x)",
            "# import os",
            "  evaluate(x)",
            "  return torch.from_numpy(x)",
        ] {
            assert_eq!(foreign(line), None, "{line}");
        }
    }

    #[test]
    fn names_are_found_between_other_signs() {
        let text = "def forward(self: __torch__.torch.classes.x.Y) -> Tensor:\n  return torch.add(ops.aten.from_file(a), 1)";
        assert_eq!(
            paths(text).collect::<Vec<_>>(),
            [
                "__torch__.torch.classes.x.Y",
                "torch.add",
                "ops.aten.from_file"
            ]
        );
    }
}
