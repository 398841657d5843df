//! The files of a tokenizer, held against each other and against the embedding.

use std::collections::BTreeMap;

use bonafide_core::excerpt;

use super::{Tokenizer, rules};
use crate::defect::Defect;
use crate::inspection::FileInspection;
use crate::relation::Misfit;
use crate::rule::Rule;

/// Ends of the names of embeddings, in the frameworks that tokenizers are used with.
const EMBEDDINGS: &[&str] = &[
    "embed_tokens.weight",
    "word_embeddings.weight",
    "wte.weight",
    "embed_in.weight",
    "token_embd.weight",
    "tok_embeddings.weight",
    "shared.weight",
    "lm_head.weight",
];

/// Most findings of one pair of files.
const MOST: usize = 16;

/// Names under which a loader looks for a tokenizer. Under another one a file may be of
/// another model: libraries ship several in one folder.
const NAMES: &[&str] = &[
    "tokenizer.json",
    "tokenizer_config.json",
    "added_tokens.json",
    "vocab.json",
    "tokenizer.model",
    "spiece.model",
    "sentencepiece.bpe.model",
];

/// Files that a loader takes together, and in which a token has one number.
/// SentencePiece models are not among them: some loaders count from another number.
const TOGETHER: &[(&str, &str)] = &[
    ("tokenizer.json", "tokenizer_config.json"),
    ("tokenizer.json", "added_tokens.json"),
    ("tokenizer_config.json", "added_tokens.json"),
];

/// What of a folder a tokenizer has to fit.
#[derive(Default)]
struct Folder<'f> {
    tokenizers: BTreeMap<String, (&'f FileInspection, &'f Tokenizer)>,
    /// Of the longest embedding.
    rows: Option<u64>,
}

/// Looks at the tokenizers of an artifact, each with the files of its own folder.
pub(crate) fn relate(files: &[FileInspection]) -> Vec<Misfit> {
    let mut folders: BTreeMap<String, Folder<'_>> = BTreeMap::new();
    for file in files {
        let path = file.name.to_string();
        let (place, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let rows = rows(file);
        let tokenizer = file.links.tokenizer.as_ref();
        let tokenizer = tokenizer.filter(|_| NAMES.contains(&name));
        if rows.is_none() && tokenizer.is_none() {
            continue;
        }
        let folder = folders.entry(place.to_owned()).or_default();
        folder.rows = folder.rows.max(rows);
        if let Some(tokenizer) = tokenizer {
            folder.tokenizers.insert(name.to_owned(), (file, tokenizer));
        }
    }
    folders.values().flat_map(misfits).collect()
}

fn misfits(folder: &Folder<'_>) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    for (left, right) in TOGETHER {
        let left = folder.tokenizers.get(*left);
        if let (Some(left), Some(right)) = (left, folder.tokenizers.get(*right)) {
            disagreement(*left, *right, &mut misfits);
        }
    }
    let whole = folder.tokenizers.get("tokenizer.json");
    if let (Some((first, whole)), Some((second, table))) =
        (whole, folder.tokenizers.get("vocab.json"))
        && let (Some(one), Some(other)) = (whole.vocabulary, table.vocabulary)
        && one != other
    {
        let first = excerpt(&first.name.to_string(), 80);
        let message = format!("it is not that of `{first}`");
        misfits.push(misfit(second, &rules::VOCABULARY_DISAGREEMENT, "", message));
    }
    for (file, tokenizer) in folder.tokenizers.values() {
        if let (Some(rows), Some((token, number))) = (folder.rows, &tokenizer.highest)
            && *number >= rows
        {
            let message = format!(
                "`{}` is number {number}, and the embedding has {rows} rows",
                excerpt(token, 60)
            );
            misfits.push(misfit(file, &rules::BEYOND_EMBEDDING, token, message));
        }
    }
    misfits
}

/// Rows of the longest embedding. Formats write the lengths in either order, and a
/// vocabulary is hardly ever the shorter one.
fn rows(file: &FileInspection) -> Option<u64> {
    let embeddings = file.facts.tensors.iter().filter(|tensor| {
        tensor.shape.len() == 2
            && EMBEDDINGS.iter().any(|end| {
                let before = tensor.name.strip_suffix(end);
                before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
            })
    });
    embeddings
        .filter_map(|tensor| tensor.shape.iter().max().copied())
        .max()
}

fn disagreement(
    (first, left): (&FileInspection, &Tokenizer),
    (second, right): (&FileInspection, &Tokenizer),
    misfits: &mut Vec<Misfit>,
) {
    let differ = left.tokens.iter().filter_map(|(token, number)| {
        let other = right.tokens.get(token)?;
        (other != number).then_some((token, number, other))
    });
    for (token, number, other) in differ.take(MOST) {
        let message = format!(
            "`{}` is number {other}, and {number} in `{}`",
            excerpt(token, 60),
            excerpt(&first.name.to_string(), 80)
        );
        misfits.push(misfit(second, &rules::DISAGREEMENT, token, message));
    }
    // One number for two tokens.
    let numbers: BTreeMap<u64, &String> = left
        .tokens
        .iter()
        .map(|(token, number)| (*number, token))
        .collect();
    let clash = right.tokens.iter().filter_map(|(token, number)| {
        let other = numbers.get(number)?;
        (*other != token).then_some((token, number, other))
    });
    for (token, number, other) in clash.take(MOST) {
        let message = format!(
            "number {number} is `{}`, and `{}` in `{}`",
            excerpt(token, 60),
            excerpt(other, 60),
            excerpt(&first.name.to_string(), 80)
        );
        misfits.push(misfit(second, &rules::DISAGREEMENT, token, message));
    }
}

fn misfit(file: &FileInspection, rule: &'static Rule, about: &str, message: String) -> Misfit {
    Misfit {
        file: file.name.clone(),
        defect: Defect {
            rule,
            body: String::new(),
            range: None,
            about: (!about.is_empty()).then(|| excerpt(about, 300)),
            message,
        },
    }
}
