//! The files of a tokenizer, held against each other and against the embedding.

use bonafide_core::excerpt;

use super::{Role, Tokenizer, rules};
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

/// Looks at the tokenizers of an artifact, each with the files of its own folder.
pub(crate) fn relate(files: &[FileInspection]) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    let folders: Vec<String> = files.iter().map(folder).collect();
    let found: Vec<(usize, &Tokenizer)> = files
        .iter()
        .enumerate()
        .filter_map(|(index, file)| Some((index, file.links.tokenizer.as_ref()?)))
        .collect();
    for (position, (index, tokenizer)) in found.iter().enumerate() {
        let (Some(file), Some(own)) = (files.get(*index), folders.get(*index)) else {
            continue;
        };
        let beside = |other: usize| folders.get(other) == Some(own);
        for (other, second) in found.iter().skip(position + 1) {
            if let Some(partner) = files.get(*other).filter(|_| beside(*other)) {
                disagreement(file, tokenizer, partner, second, &mut misfits);
            }
        }
        let rows = files
            .iter()
            .enumerate()
            .filter(|(other, _)| beside(*other))
            .filter_map(|(_, file)| rows(file))
            .max();
        if let (Some(rows), Some((token, number))) = (rows, &tokenizer.highest)
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

/// The folder that a file is in.
fn folder(file: &FileInspection) -> String {
    let name = file.name.to_string();
    name.rsplit_once('/')
        .map_or(String::new(), |(folder, _)| folder.to_owned())
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
    first: &FileInspection,
    left: &Tokenizer,
    second: &FileInspection,
    right: &Tokenizer,
    misfits: &mut Vec<Misfit>,
) {
    let of_vocabulary = |tokenizer: &Tokenizer| tokenizer.role != Role::Added;
    if of_vocabulary(left)
        && of_vocabulary(right)
        && left.role != right.role
        && let (Some(one), Some(other)) = (left.vocabulary, right.vocabulary)
        && one != other
    {
        let message = format!(
            "it is not that of `{}`",
            excerpt(&first.name.to_string(), 80)
        );
        misfits.push(misfit(second, &rules::VOCABULARY_DISAGREEMENT, "", message));
    }
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
    let numbers: std::collections::BTreeMap<u64, &String> = left
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
