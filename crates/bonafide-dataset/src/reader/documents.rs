//! Files that lie next to records and are none.

/// Reasons by the ending of a name in lower case.
const ENDINGS: &[(&[&str], &str)] = &[
    (
        &["md", "rst", "pdf", "bib", "cff", "docx", "html", "htm"],
        "documentation",
    ),
    (
        &["txt", "text", "log"],
        "plain text, in which records are not marked",
    ),
    (
        &["yaml", "yml", "toml", "ini", "cfg", "lock", "xml"],
        "configuration",
    ),
    (
        &[
            "py", "ipynb", "sh", "js", "ts", "rs", "c", "cpp", "java", "r", "ps1", "bat",
        ],
        "a program",
    ),
    (
        &[
            "safetensors",
            "bin",
            "pt",
            "pth",
            "ckpt",
            "onnx",
            "gguf",
            "ggml",
            "keras",
            "tflite",
            "pb",
            "msgpack",
            "mlmodel",
            "model",
            "nemo",
            "mar",
            "llamafile",
            "joblib",
        ],
        "a model file",
    ),
    (
        &[
            "npy", "npz", "h5", "hdf5", "pkl", "pickle", "mat", "rds", "rdata",
        ],
        "arrays or objects, in which records are not marked",
    ),
    (
        &[
            "sig", "asc", "sigstore", "p7s", "pem", "crt", "cert", "pub", "att", "bundle",
        ],
        "a signature or key",
    ),
    (
        &["sha1", "sha256", "sha512", "md5", "blake3", "b3", "etag"],
        "checksums",
    ),
    (
        &["zip", "7z", "rar"],
        "an archive of a kind that is not read",
    ),
    (&["jsonld"], "a Croissant document"),
];

/// Names that say more than an ending.
const BEGINNINGS: &[(&str, &str)] = &[
    ("readme", "documentation"),
    ("license", "documentation"),
    ("licence", "documentation"),
    ("copying", "documentation"),
    ("notice", "documentation"),
    ("changelog", "documentation"),
    ("citation", "documentation"),
    ("contributing", "documentation"),
    ("authors", "documentation"),
    ("croissant.", "a Croissant document"),
    ("sha256sums", "checksums"),
    ("md5sums", "checksums"),
    ("checksums", "checksums"),
];

/// Names of configurations of Hugging Face libraries.
const CONFIGURATIONS: &[&str] = &[
    "dataset_info.json",
    "dataset_infos.json",
    "dataset_dict.json",
    "state.json",
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "generation_config.json",
    "preprocessor_config.json",
    "package.json",
];

const SEALED: &[&str] = &[
    ".sigstore.json",
    ".intoto.jsonl",
    ".intoto.json",
    ".bundle.json",
];

const IMAGES: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "bmp", "webp", "tif", "tiff", "ppm", "pgm", "pbm", "pnm", "jp2",
    "avif", "heic", "svg", "dcm",
];
const SOUNDS: &[&str] = &[
    "wav", "mp3", "flac", "ogg", "opus", "m4a", "aac", "aiff", "aif", "mp4", "mkv", "webm", "avi",
    "mov",
];
const TEXTS: &[&str] = &["txt", "text", "eml", "html", "htm"];

/// The last part of a name, and its ending.
fn base(name: &str) -> (&str, &str) {
    let base = name.rsplit('/').next().unwrap_or(name);
    (base, base.rsplit_once('.').map_or("", |(_, ending)| ending))
}

/// Why a file of this name, in lower case, has no records, unless its content says otherwise.
pub(super) fn reason(name: &str) -> Option<&'static str> {
    let (base, ending) = base(name);
    if CONFIGURATIONS.contains(&base) {
        return Some("configuration");
    }
    if SEALED.iter().any(|sealed| base.ends_with(sealed)) {
        return Some("a signature or key");
    }
    // `notice.csv` is data all the same.
    let documented = matches!(ending, "" | "md" | "txt" | "rst" | "json" | "pdf" | "html");
    let begins = BEGINNINGS.iter().find(|(start, _)| base.starts_with(start));
    if let Some((_, reason)) = begins.filter(|_| documented || ending == base) {
        return Some(reason);
    }
    let ends = ENDINGS
        .iter()
        .find(|(endings, _)| endings.contains(&ending))?;
    Some(ends.1)
}

/// True for images, sounds and films, by a name in lower case.
pub(super) fn is_media(name: &str) -> bool {
    let (_, ending) = base(name);
    IMAGES.contains(&ending) || SOUNDS.contains(&ending)
}

/// True for text that can be one record, by a name in lower case.
pub(super) fn is_text(name: &str) -> bool {
    let (_, ending) = base(name);
    TEXTS.contains(&ending)
}

/// True for documentation that may lie above folders of classes.
pub(super) fn is_documentation(name: &str) -> bool {
    matches!(
        reason(name),
        Some(
            "documentation"
                | "configuration"
                | "checksums"
                | "a signature or key"
                | "a Croissant document"
                | "a program"
        )
    )
}

/// True if a JSON document names the vocabulary of Croissant.
pub(super) fn is_croissant(head: &[u8]) -> bool {
    memchr::memmem::find(head, b"mlcommons.org/croissant").is_some()
}
