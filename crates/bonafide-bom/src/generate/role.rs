//! What a file is for, as far as its name tells.

use super::ArtifactKind;

/// What a file is for. A guess from its name, and written as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileRole {
    /// Parameters of a model.
    Weights,
    /// Settings of a model.
    Configuration,
    /// Vocabulary and settings of a tokenizer, or a chat template.
    Tokenizer,
    /// What people read first.
    Card,
    /// Terms of use.
    Licence,
    /// Programs.
    Code,
    /// Examples to learn from or to test with.
    Data,
    /// Anything else.
    Other,
}

/// Endings of files with parameters.
const WEIGHTS: [&str; 16] = [
    "bin",
    "ckpt",
    "engine",
    "ggml",
    "gguf",
    "h5",
    "keras",
    "mlmodel",
    "msgpack",
    "npz",
    "onnx",
    "pdparams",
    "pt",
    "pth",
    "safetensors",
    "tflite",
];

/// Endings of files with examples.
const DATA: [&str; 8] = [
    "arrow", "avro", "csv", "feather", "jsonl", "parquet", "tar", "tsv",
];

/// Endings of programs.
const CODE: [&str; 8] = ["c", "cpp", "cu", "ipynb", "js", "py", "rs", "sh"];

/// Names, without their folder, that the common libraries give.
const NAMES: [(&str, FileRole); 19] = [
    ("adapter_config.json", FileRole::Configuration),
    ("added_tokens.json", FileRole::Tokenizer),
    ("chat_template.jinja", FileRole::Tokenizer),
    ("chat_template.json", FileRole::Tokenizer),
    ("config.json", FileRole::Configuration),
    ("generation_config.json", FileRole::Configuration),
    ("mergekit_config.yml", FileRole::Configuration),
    ("merges.txt", FileRole::Tokenizer),
    ("model.safetensors.index.json", FileRole::Configuration),
    ("preprocessor_config.json", FileRole::Configuration),
    ("pytorch_model.bin.index.json", FileRole::Configuration),
    ("sentencepiece.bpe.model", FileRole::Tokenizer),
    ("special_tokens_map.json", FileRole::Tokenizer),
    ("spiece.model", FileRole::Tokenizer),
    ("tokenizer.json", FileRole::Tokenizer),
    ("tokenizer.model", FileRole::Tokenizer),
    ("tokenizer_config.json", FileRole::Tokenizer),
    ("vocab.json", FileRole::Tokenizer),
    ("vocab.txt", FileRole::Tokenizer),
];

impl FileRole {
    /// The word in documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weights => "weights",
            Self::Configuration => "configuration",
            Self::Tokenizer => "tokenizer",
            Self::Card => "card",
            Self::Licence => "licence",
            Self::Code => "code",
            Self::Data => "data",
            Self::Other => "other",
        }
    }

    /// The role that a name suggests.
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        let base = name.rsplit('/').next().unwrap_or(name).to_lowercase();
        if let Some((_, role)) = NAMES.iter().find(|(known, _)| *known == base) {
            return *role;
        }
        let (stem, ending) = base.rsplit_once('.').unwrap_or((&base, ""));
        match stem {
            "readme" => return Self::Card,
            "licence" | "license" | "copying" | "notice" => return Self::Licence,
            _ => {}
        }
        for (endings, role) in [
            (WEIGHTS.as_slice(), Self::Weights),
            (DATA.as_slice(), Self::Data),
            (CODE.as_slice(), Self::Code),
        ] {
            if endings.contains(&ending) {
                return role;
            }
        }
        Self::Other
    }
}

/// What files of these names make: a model if one of them is of a model, a dataset if one
/// of them is data; otherwise not known.
#[must_use]
pub fn artifact_kind<'n>(names: impl IntoIterator<Item = &'n str>) -> Option<ArtifactKind> {
    let mut kind = None;
    for name in names {
        match FileRole::of_name(name) {
            FileRole::Weights | FileRole::Configuration | FileRole::Tokenizer => {
                return Some(ArtifactKind::Model);
            }
            FileRole::Data => kind = Some(ArtifactKind::Dataset),
            _ => {}
        }
    }
    kind
}
