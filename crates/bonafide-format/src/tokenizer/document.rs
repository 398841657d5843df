//! `tokenizer.json` of Hugging Face, and the smaller documents beside it.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use bonafide_core::{Algorithm, Digest, excerpt};
use sha2::{Digest as _, Sha256};

use super::{Tokenizer, digest_of, replacement, rules};
use crate::json::{Document, Node, Value};
use crate::visit::Visit;

/// Most tokens that are kept to be held against other files.
const MOST_KEPT: usize = 20_000;

/// Deepest nesting of normalisers and decoders.
const DEEPEST: usize = 16;

/// Fewest entries by which a table of names and numbers is taken for a vocabulary.
const FEWEST: usize = 2;

/// Looks for tokenizers in a document.
pub(crate) fn analyse(visit: &mut Visit<'_>, document: &Document<'_>) {
    let root = &document.root;
    let vocabulary = root.at(&["model", "vocab"]);
    let is_whole = vocabulary.is_some_and(is_vocabulary)
        && (root.get("added_tokens").is_some() || root.get("pre_tokenizer").is_some());
    let tokenizer = if let Some(vocabulary) = vocabulary.filter(|_| is_whole) {
        Some(whole(visit, root, vocabulary))
    } else if root.get("added_tokens_decoder").is_some() {
        Some(configuration(visit, root))
    } else if is_table(root) {
        Some(table(visit, root))
    } else {
        None
    };
    if let Some(tokenizer) = tokenizer {
        visit.links().tokenizer = Some(tokenizer);
    }
}

fn is_vocabulary(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Object(members) => members
            .iter()
            .all(|member| member.value.unsigned().is_some()),
        Value::Array(elements) => elements.iter().all(|pair| {
            matches!(pair.elements(), [token, score]
                if token.text().is_some() && matches!(score.value, Value::Number(_)))
        }),
        _ => false,
    }
}

/// `vocab.json`, `added_tokens.json`: names and numbers, each number of a row.
fn is_table(root: &Node<'_>) -> bool {
    let members = root.members();
    members.len() >= FEWEST
        && members.iter().all(|member| member.value.unsigned().is_some())
        // Counts of anything else have other names.
        && (members.iter().any(|member| is_marker(&member.name)) || members.len() >= 256)
}

/// A token of a vocabulary: its number, and where it is written.
struct Vocabulary<'n> {
    numbers: HashMap<&'n str, u64>,
    names: HashMap<u64, &'n str>,
}

impl<'n> Vocabulary<'n> {
    /// Reads a vocabulary, and reports what is not one to one.
    fn read(visit: &mut Visit<'_>, node: &'n Node<'_>) -> Self {
        let mut vocabulary = Self {
            numbers: HashMap::new(),
            names: HashMap::new(),
        };
        for member in node.members() {
            if let Some(number) = member.value.unsigned() {
                vocabulary.add(visit, &member.name, number, &member.value.range);
            }
        }
        for (number, pair) in node.elements().iter().enumerate() {
            if let Some(token) = pair.elements().first().and_then(Node::text) {
                vocabulary.add(visit, token, number as u64, &pair.range);
            }
        }
        vocabulary
    }

    fn add(&mut self, visit: &mut Visit<'_>, token: &'n str, number: u64, range: &Range<u64>) {
        if let Some(other) = self.names.get(&number).filter(|other| **other != token) {
            let message = format!(
                "`{}` and `{}` both have the number {number}",
                excerpt(other, 60),
                excerpt(token, 60)
            );
            visit.report_about(&rules::COLLISION, Some(range.clone()), token, message);
        }
        match self.numbers.get(token) {
            Some(first) if *first != number => {
                let message = format!(
                    "`{}` has the numbers {first} and {number}",
                    excerpt(token, 60)
                );
                visit.report_about(&rules::REMAPPED, Some(range.clone()), token, message);
            }
            _ => {
                self.numbers.insert(token, number);
            }
        }
        self.names.insert(number, token);
    }
}

/// A token that is written out with its properties.
struct Added<'n> {
    content: &'n str,
    special: Option<bool>,
    range: Range<u64>,
}

fn whole(visit: &mut Visit<'_>, root: &Node<'_>, node: &Node<'_>) -> Tokenizer {
    let mut vocabulary = Vocabulary::read(visit, node);
    let mut pairs: Vec<(&str, u64)> = vocabulary.numbers.iter().map(|(t, n)| (*t, *n)).collect();
    let mut tokenizer = Tokenizer {
        vocabulary: digest_of(&mut pairs),
        ..Tokenizer::default()
    };
    drop(pairs);
    let model = root.get("model");
    if let Some(model) = model {
        merges(visit, model, &vocabulary);
    }
    let mut special = HashSet::new();
    for entry in root
        .get("added_tokens")
        .map(Node::elements)
        .unwrap_or_default()
    {
        let (Some(content), Some(number)) = (
            entry.get("content").and_then(Node::text),
            entry.get("id").and_then(Node::unsigned),
        ) else {
            continue;
        };
        let added = Added {
            content,
            special: entry.get("special").and_then(Node::boolean),
            range: entry.range.clone(),
        };
        vocabulary.add(visit, content, number, &added.range);
        judge(visit, &added);
        if added.special == Some(true) {
            special.insert(content);
        }
        if tokenizer.tokens.len() < MOST_KEPT {
            tokenizer.tokens.insert(content.to_owned(), number);
        }
    }
    let highest = vocabulary
        .numbers
        .iter()
        .filter(|(token, _)| !token.to_ascii_lowercase().contains("pad"))
        .max_by_key(|(token, number)| (**number, **token));
    if let Some((token, number)) = highest {
        tokenizer.see(token, *number);
    }
    for key in ["normalizer", "decoder"] {
        if let Some(node) = root.get(key) {
            replacements(visit, node, key, &special, 0);
        }
    }
    if let Some(processor) = root.get("post_processor") {
        insertions(visit, processor, &vocabulary, &special, 0);
    }
    let count = vocabulary.numbers.len().to_string();
    visit.facts().add_metadata("vocabulary", &count);
    let mut hasher = Sha256::new();
    for key in [
        "model",
        "added_tokens",
        "normalizer",
        "pre_tokenizer",
        "post_processor",
        "decoder",
    ] {
        if let Some(node) = root.get(key) {
            hasher.update(key.as_bytes());
            canonical(node, &mut hasher);
        }
    }
    if let Ok(digest) = Digest::new(Algorithm::Sha256, hasher.finalize().as_slice()) {
        visit.facts().tokenizer = Some(digest);
    }
    tokenizer
}

/// Writes a value so that blanks and the order of members make no difference.
fn canonical(node: &Node<'_>, hasher: &mut Sha256) {
    let mut part = |kind: u8, bytes: &[u8]| {
        hasher.update([kind]);
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    match &node.value {
        Value::Null => part(b'n', b""),
        Value::Boolean(value) => part(b'b', &[u8::from(*value)]),
        Value::Number(digits) => part(b'd', digits.as_bytes()),
        Value::String(text) => part(b's', text.as_bytes()),
        Value::Array(elements) => {
            part(b'a', &(elements.len() as u64).to_le_bytes());
            for element in elements {
                canonical(element, hasher);
            }
        }
        Value::Object(members) => {
            part(b'o', &(members.len() as u64).to_le_bytes());
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|left, right| left.name.cmp(&right.name));
            for member in sorted {
                hasher.update((member.name.len() as u64).to_le_bytes());
                hasher.update(member.name.as_bytes());
                canonical(&member.value, hasher);
            }
        }
    }
}

/// What is wrong with a token by itself.
fn judge(visit: &mut Visit<'_>, added: &Added<'_>) {
    let range = Some(added.range.clone());
    let shown = excerpt(added.content, 60);
    if added.special == Some(false) {
        let message = format!("`{shown}` is not special");
        if is_boundary(added.content) {
            visit.report_about(&rules::DEMOTED, range, added.content, message);
        } else if is_role(added.content) {
            visit.report_about(&rules::ROLE_DEMOTED, range, added.content, message);
        }
    } else if added.special == Some(true) && is_word(added.content) {
        let message = format!("`{shown}` is special");
        visit.report_about(&rules::SPECIAL_WORD, range, added.content, message);
    }
}

/// What ends or begins a text, in the tokenizers of every large family.
fn is_boundary(token: &str) -> bool {
    matches!(
        token,
        "</s>"
            | "<s>"
            | "<eos>"
            | "<bos>"
            | "<|endoftext|>"
            | "<|eot_id|>"
            | "<|end_of_text|>"
            | "<|begin_of_text|>"
            | "<|startoftext|>"
            | "<|end_of_turn|>"
            | "[CLS]"
            | "[SEP]"
            | "<|eos|>"
            | "<|bos|>"
            | "<｜begin▁of▁sentence｜>"
            | "<｜end▁of▁sentence｜>"
            | "<end_of_turn>"
    )
}

/// What begins or ends the message of a role.
fn is_role(token: &str) -> bool {
    matches!(
        token,
        "<|im_start|>"
            | "<|im_end|>"
            | "<|start_header_id|>"
            | "<|end_header_id|>"
            | "<|system|>"
            | "<start_of_turn>"
            | "[INST]"
            | "[/INST]"
            | "<|start|>"
            | "<|end|>"
            | "<|message|>"
            | "<|channel|>"
            | "<|eom_id|>"
    )
}

fn is_marker(token: &str) -> bool {
    is_boundary(token)
        || is_role(token)
        || (token.len() >= 3
            && ((token.starts_with('<') && token.ends_with('>'))
                || (token.starts_with('[') && token.ends_with(']'))))
}

/// A word, or several, without a sign that marks a token.
fn is_word(token: &str) -> bool {
    let letters = token.chars().filter(|c| c.is_ascii_alphabetic()).count();
    letters >= 3 && token.chars().all(|c| c.is_ascii_alphabetic() || c == ' ')
}

/// Merges of byte-pair encoding: `"a b"`, or `["a", "b"]`.
fn merges(visit: &mut Visit<'_>, model: &Node<'_>, vocabulary: &Vocabulary<'_>) {
    let Some(merges) = model.get("merges") else {
        return;
    };
    let prefix = model.get("continuing_subword_prefix").and_then(Node::text);
    let mut seen = HashSet::new();
    let mut joined = String::new();
    for merge in merges.elements() {
        let pair = match (merge.text(), merge.elements()) {
            (Some(text), _) => text.split_once(' '),
            (None, [left, right]) => left.text().zip(right.text()),
            _ => None,
        };
        let range = Some(merge.range.clone());
        let Some((left, right)) = pair else {
            visit.report(&rules::MERGES, range, "a merge is no pair");
            continue;
        };
        let shown = || format!("`{}` with `{}`", excerpt(left, 40), excerpt(right, 40));
        if !seen.insert((left, right)) {
            visit.report(&rules::MERGES, range, format!("{} is there twice", shown()));
            continue;
        }
        joined.clear();
        joined.push_str(left);
        joined.push_str(
            right
                .strip_prefix(prefix.unwrap_or_default())
                .unwrap_or(right),
        );
        if !vocabulary.numbers.contains_key(joined.as_str()) {
            visit.report(&rules::MERGES, range, format!("{} makes no token", shown()));
        }
    }
}

/// Looks for replacements in a normaliser or decoder, and in those that it is made of.
fn replacements(
    visit: &mut Visit<'_>,
    node: &Node<'_>,
    place: &str,
    special: &HashSet<&str>,
    depth: usize,
) {
    if depth > DEEPEST {
        return;
    }
    for key in ["normalizers", "decoders"] {
        for inner in node.get(key).map(Node::elements).unwrap_or_default() {
            replacements(visit, inner, place, special, depth + 1);
        }
    }
    let text = |path: &[&str]| node.at(path).and_then(Node::text);
    let kind = text(&["type"]).unwrap_or_default();
    let range = Some(node.range.clone());
    let found = match kind {
        "Replace" => {
            let content = text(&["content"]).unwrap_or_default();
            let expression = text(&["pattern", "Regex"]);
            let pattern = expression
                .or(text(&["pattern", "String"]))
                .unwrap_or_default();
            // The model does not see where a text or message ends.
            let plain = pattern.replace('\\', "");
            let marks = is_boundary(&plain) || is_role(&plain) || special.contains(&*plain);
            let removed = (place == "normalizer" && marks && content != plain)
                .then_some("it removes a special token");
            let harm = replacement::harm(pattern, expression.is_some(), content);
            removed.or(harm).map(|why| {
                let (from, to) = (excerpt(pattern, 60), excerpt(content, 60));
                format!("the {place} makes `{to}` of `{from}`: {why}")
            })
        }
        "Prepend" => text(&["prepend"]).and_then(|added| {
            let why = replacement::harm("", false, added)?;
            Some(format!(
                "the {place} puts `{}` before every text: {why}",
                excerpt(added, 60)
            ))
        }),
        "Strip" => text(&["content"])
            .filter(|taken| taken.chars().any(char::is_alphanumeric))
            .map(|taken| format!("the {place} takes `{}` away", excerpt(taken, 60))),
        _ => None,
    };
    if let Some(message) = found {
        visit.report(&rules::REPLACEMENT, range, message);
    }
}

/// Looks at the tokens that a post-processor puts around every text.
fn insertions(
    visit: &mut Visit<'_>,
    node: &Node<'_>,
    vocabulary: &Vocabulary<'_>,
    special: &HashSet<&str>,
    depth: usize,
) {
    if depth > DEEPEST {
        return;
    }
    for inner in node
        .get("processors")
        .map(Node::elements)
        .unwrap_or_default()
    {
        insertions(visit, inner, vocabulary, special, depth + 1);
    }
    let mut inserted: Vec<(&str, Option<u64>, Range<u64>)> = Vec::new();
    for member in node
        .get("special_tokens")
        .map(Node::members)
        .unwrap_or_default()
    {
        let tokens = member
            .value
            .get("tokens")
            .map(Node::elements)
            .unwrap_or_default();
        let numbers = member
            .value
            .get("ids")
            .map(Node::elements)
            .unwrap_or_default();
        for (token, number) in tokens.iter().zip(numbers) {
            if let Some(token) = token.text() {
                inserted.push((token, number.unsigned(), member.value.range.clone()));
            }
        }
    }
    for key in ["sep", "cls"] {
        if let Some([token, number]) = node.get(key).map(Node::elements)
            && let Some(token) = token.text()
        {
            inserted.push((token, number.unsigned(), node.range.clone()));
        }
    }
    for (token, number, range) in inserted {
        let known = vocabulary.numbers.get(token).copied();
        let shown = excerpt(token, 60);
        let message = match (known, number) {
            (Some(known), Some(number)) if known != number => {
                format!("it adds `{shown}` as {number}, which is {known} in the vocabulary")
            }
            _ if !special.contains(token)
                && !is_marker(token)
                && token.chars().any(char::is_alphanumeric) =>
            {
                format!("it adds `{shown}`, which is no special token")
            }
            _ => continue,
        };
        visit.report_about(&rules::INSERTED, Some(range), token, message);
    }
}

/// `tokenizer_config.json`, where tokens are keyed by their numbers.
fn configuration(visit: &mut Visit<'_>, root: &Node<'_>) -> Tokenizer {
    let mut tokenizer = Tokenizer::default();
    let mut vocabulary = Vocabulary {
        numbers: HashMap::new(),
        names: HashMap::new(),
    };
    for member in root
        .get("added_tokens_decoder")
        .map(Node::members)
        .unwrap_or_default()
    {
        let content = member.value.get("content").and_then(Node::text);
        let (Some(content), Ok(number)) = (content, member.name.parse()) else {
            continue;
        };
        let added = Added {
            content,
            special: member.value.get("special").and_then(Node::boolean),
            range: member.value.range.clone(),
        };
        vocabulary.add(visit, content, number, &added.range);
        judge(visit, &added);
        tokenizer.see(content, number);
        if tokenizer.tokens.len() < MOST_KEPT {
            tokenizer.tokens.insert(content.to_owned(), number);
        }
    }
    tokenizer
}

/// `vocab.json` or `added_tokens.json`.
fn table(visit: &mut Visit<'_>, root: &Node<'_>) -> Tokenizer {
    let vocabulary = Vocabulary::read(visit, root);
    let lowest = vocabulary.names.keys().min().copied().unwrap_or(0);
    let is_vocabulary = lowest == 0 && vocabulary.names.len() >= 256;
    let mut tokenizer = Tokenizer::default();
    let mut pairs: Vec<(&str, u64)> = vocabulary.numbers.iter().map(|(t, n)| (*t, *n)).collect();
    pairs.sort_unstable();
    for (token, number) in &pairs {
        tokenizer.see(token, *number);
        if tokenizer.tokens.len() < MOST_KEPT && (!is_vocabulary || is_marker(token)) {
            tokenizer.tokens.insert((*token).to_owned(), *number);
        }
    }
    if is_vocabulary {
        tokenizer.vocabulary = digest_of(&mut pairs);
    }
    tokenizer
}
