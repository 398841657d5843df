//! Names that only build data, each group with the reason.

mod arrays;
mod frameworks;
mod python;
mod sklearn;
mod torch;
mod vision;

use std::collections::HashMap;
use std::sync::LazyLock;

/// Names that are harmless for the same reason.
pub(super) struct Group {
    /// Why importing and calling them with any arguments does nothing but build data.
    pub(super) reason: &'static str,
    /// Modules (several, if they hold the same names), and names in them.
    pub(super) rows: &'static [(&'static str, &'static str)],
}

/// Every group. A new package is one module and one line.
const PACKAGES: &[&[Group]] = &[
    python::GROUPS,
    arrays::GROUPS,
    torch::GROUPS,
    sklearn::GROUPS,
    vision::GROUPS,
    frameworks::GROUPS,
];

/// Classes whose instances are harmless, since unpickling makes them without their
/// constructors; those read files by name, fetch, or set up the process.
const INSTANCES: &[(&str, &str)] = &[
    ("torchtext.vocab torchtext.vocab.vocab", "Vocab"),
    ("xgboost.core lightgbm.basic", "Booster"),
    ("transformers.training_args", "TrainingArguments"),
    (
        "transformers.training_args_seq2seq",
        "Seq2SeqTrainingArguments",
    ),
    (
        "sentence_transformers.training_args",
        "SentenceTransformerTrainingArguments",
    ),
    ("trl.trainer.sft_config", "SFTConfig"),
    ("trl.trainer.dpo_config", "DPOConfig"),
    ("trl.trainer.grpo_config", "GRPOConfig"),
    ("trl.trainer.reward_config", "RewardConfig"),
    ("trl.trainer.kto_config", "KTOConfig"),
    ("trl.trainer.orpo_config", "ORPOConfig"),
    ("trl.trainer.cpo_config", "CPOConfig"),
    ("accelerate.state", "PartialState"),
    (
        "pytorch_lightning.callbacks.model_checkpoint lightning.pytorch.callbacks.model_checkpoint pytorch_lightning.callbacks.pt_callbacks",
        "ModelCheckpoint",
    ),
    ("tokenizers.models", "BPE Model Unigram WordLevel WordPiece"),
];

/// True for a class that may be rebuilt and not be constructed with arguments.
pub(super) fn is_instance_only(module: &str, name: &str) -> bool {
    let has = |words: &str, word: &str| words.split_ascii_whitespace().any(|known| known == word);
    INSTANCES
        .iter()
        .any(|(modules, names)| has(modules, module) && has(names, name))
}

/// TorchScript calls its classes `__torch__.`…; only its own loader finds them, in the code
/// of the archive, which is read as a part of its own.
const TORCHSCRIPT: &str = "class of the TorchScript code in the same archive";

pub(super) fn is_torchscript(module: &str, name: &str) -> bool {
    let is_word = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let mut parts = module.split('.');
    parts.next() == Some("__torch__") && parts.all(is_word) && is_word(name)
}

type Names = Vec<(&'static str, &'static str)>;

/// By module: words, and their reason.
static INDEX: LazyLock<HashMap<&'static str, Names>> = LazyLock::new(|| {
    let mut index: HashMap<&str, Names> = HashMap::new();
    for group in PACKAGES.iter().copied().flatten() {
        for (modules, names) in group.rows {
            for module in modules.split_ascii_whitespace() {
                index
                    .entry(module)
                    .or_default()
                    .push((*names, group.reason));
            }
        }
    }
    index
});

/// Why a name is harmless, if exactly it is listed.
pub(super) fn reason(module: &str, name: &str) -> Option<&'static str> {
    if is_torchscript(module, name) {
        return Some(TORCHSCRIPT);
    }
    let rows = INDEX.get(module)?;
    rows.iter()
        .find(|(names, _)| names.split_ascii_whitespace().any(|known| known == name))
        .map(|(_, reason)| *reason)
}

#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let groups = PACKAGES.iter().copied().flatten();
    groups.flat_map(|group| {
        group.rows.iter().flat_map(move |(modules, names)| {
            modules.split_ascii_whitespace().flat_map(move |module| {
                let names = names.split_ascii_whitespace();
                names.map(move |name| (module, name, group.reason))
            })
        })
    })
}
