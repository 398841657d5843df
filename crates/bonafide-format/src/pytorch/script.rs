//! TorchScript, as it is in an archive: a language of its own that looks like Python. No
//! import runs it, but its operators can reach files and the network.

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::read::ReadAt;
use crate::rule::{Confidence, Hazard, Rule};
use crate::visit::Visit;

pub(crate) const RULES: &[&Rule] = &[&ACCESS, &CUSTOM];

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
    if text.lines().any(imports_python) {
        return false;
    }
    let shown = excerpt(name, 200);
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

/// True for an import of anything but TorchScript's own classes, which is plain Python.
fn imports_python(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    matches!(words.next(), Some("import" | "from"))
        && words
            .next()
            .is_some_and(|module| module != "__torch__" && !module.starts_with("__torch__."))
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
    fn python_imports_what_torchscript_does_not() {
        assert!(imports_python("import os"));
        assert!(imports_python("  from os import system"));
        assert!(!imports_python("import __torch__.torch.nn"));
        assert!(!imports_python("from_ = torch.add(a, b)"));
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
