//! What a configuration says of the size of a model, and the embedding that is there.

use bonafide_core::{Severity, ThreatId, excerpt};

use super::{Misfit, folder, misfit};
use crate::inspection::FileInspection;
use crate::json::{Document, Node};
use crate::rule::{Confidence, Hazard, Rule};
use crate::visit::Visit;

pub(crate) const RULES: &[&Rule] = &[&MISMATCH];

const MISMATCH: Rule = Rule {
    slug: "config-mismatch",
    title: "Embedding does not have the size that the configuration says",
    hazard: Hazard::Inconsistent,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "The weights are not those that the configuration was written for, or a loader reads beyond them.",
    remediation: "Compare the configuration and the weights with their origin.",
    threats: &[ThreatId("MDL-04"), ThreatId("ART-04")],
    cwe: &[125, 1284],
    cve: &[],
    atlas: &["AML.T0018.000"],
};

/// Sizes that a configuration names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sizes {
    /// Tokens.
    vocabulary: u64,
    /// Numbers in a row of the embedding, where nothing lies between it and the layers.
    row: Option<u64>,
}

/// Names under which architectures keep the embedding of their tokens.
const EMBEDDINGS: &[&str] = &[
    "embed_tokens.weight",
    "wte.weight",
    "word_embeddings.weight",
    "shared.weight",
    "embed_in.weight",
];

/// Recognises the configuration of a language model by what it says.
pub(crate) fn analyse(visit: &mut Visit<'_>, document: &Document<'_>) {
    let root = &document.root;
    let number = |name: &str| root.get(name).and_then(Node::unsigned);
    if root.get("model_type").is_none() || !visit.path().is_empty() {
        return;
    }
    let Some(vocabulary) = number("vocab_size") else {
        return;
    };
    // Some architectures have a smaller embedding, and a projection after it.
    let between = [
        "embedding_size",
        "word_embed_proj_dim",
        "d_embed",
        "embedding_dim",
    ];
    let projected = between.iter().any(|name| root.get(name).is_some());
    let row = ["hidden_size", "n_embd", "d_model", "dim"];
    let row = row.into_iter().find_map(number);
    visit.links().sizes = Some(Sizes {
        vocabulary,
        row: row.filter(|_| !projected),
    });
}

/// Holds configurations against the embeddings beside them.
pub(super) fn relate(files: &[FileInspection]) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    for configuration in files {
        let Some(sizes) = configuration.links.sizes else {
            continue;
        };
        let here = folder(&configuration.name);
        let others = files
            .iter()
            .filter(|file| file.links.sizes.is_some() && folder(&file.name) == here);
        // Which of two belongs to the weights cannot be said.
        if others.count() > 1 {
            continue;
        }
        let beside = files
            .iter()
            .filter(|file| file.format() == Some("safetensors") && folder(&file.name) == here);
        for tensor in beside.flat_map(|file| &file.facts.tensors) {
            // Packed numbers have other shapes.
            let float = tensor.dtype.starts_with('F') || tensor.dtype == "BF16";
            let embedding = EMBEDDINGS.iter().any(|name| {
                tensor
                    .name
                    .strip_suffix(name)
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            });
            let ([rows, row], true, true) = (tensor.shape.as_slice(), float, embedding) else {
                continue;
            };
            let shown = excerpt(&tensor.name, 80);
            let mut report = |message: String| {
                let about = Some(tensor.name.as_str());
                misfits.push(misfit(&configuration.name, &MISMATCH, about, message));
            };
            // More rows than tokens are padding.
            if *rows < sizes.vocabulary {
                report(format!(
                    "`{shown}` has {rows} rows for {} tokens",
                    sizes.vocabulary
                ));
            }
            if let Some(wanted) = sizes.row.filter(|wanted| wanted != row) {
                report(format!(
                    "rows of `{shown}` have {row} numbers, not {wanted}"
                ));
            }
        }
    }
    misfits.truncate(256);
    misfits
}
