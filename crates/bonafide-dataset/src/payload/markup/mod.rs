//! Markup in text: what a page does not show, and what it runs.
//!
//! Text is taken apart into tags, comments and what stands between, as the HTML standard
//! does (13.2.5) as far as that matters here. Style sheets and classes are not followed:
//! what is hidden by them is not found.

mod element;
mod markdown;
mod reference;
mod style;
mod tag;
mod tokens;

use memchr::memmem;

use self::element::Elements;
use self::tokens::{Token, Tokens};
use super::PayloadKind;
use super::places::Places;

pub(super) use self::markdown::may_be as may_be_markdown;

/// Words by which a comment speaks to a model instead of to a person who edits the page.
/// English only. All letters small.
const INSTRUCTIONS: &[&str] = &[
    "ignore all",
    "ignore any",
    "ignore previous",
    "ignore the above",
    "ignore the previous",
    "disregard all",
    "disregard previous",
    "disregard the",
    "system prompt",
    "system message",
    "previous instructions",
    "prior instructions",
    "following instructions",
    "new instructions",
    "hidden instruction",
    "you are an ai",
    "you are a helpful",
    "as an ai",
    "ai assistant",
    "ai agent",
    "ai model",
    "language model",
    "llm",
    "chatgpt",
    "assistant:",
    "assistant must",
    "assistant should",
    "the assistant",
    "do not tell",
    "don't tell",
    "do not mention",
    "do not reveal",
    "without telling",
    "act as",
    "pretend to be",
    "jailbreak",
    "prompt injection",
];
/// So much of a comment is searched for them, in bytes.
const COMMENT: usize = 16 << 10;

/// Looks at text in which there is a `<`, a `](` or a `]:`.
pub(super) fn look(text: &str, places: &mut Places) {
    markdown::look(text, places);
    if memchr::memchr(b'<', text.as_bytes()).is_some() {
        html(text, places);
    }
    reference::look(text, places);
}

fn html(text: &str, places: &mut Places) {
    let mut elements = Elements::default();
    for token in Tokens::new(text) {
        match token {
            Token::Comment { place, text } => {
                if speaks_to_a_model(text) {
                    places.note(PayloadKind::HiddenMarkup, place);
                }
            }
            Token::Text(text) => elements.text(text, places),
            Token::Open { place, tag } => {
                if tag.is_active() {
                    places.note(PayloadKind::ActiveMarkup, place);
                }
                elements.open(place, &tag);
            }
            Token::Close { name } => elements.close(name),
        }
    }
}

/// True if one of the phrases is in a comment, between words.
fn speaks_to_a_model(comment: &str) -> bool {
    let mut end = comment.len().min(COMMENT);
    while !comment.is_char_boundary(end) {
        end -= 1;
    }
    let lower: String = comment
        .get(..end)
        .unwrap_or("")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_ascii_lowercase();
    let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    INSTRUCTIONS.iter().any(|phrase| {
        memmem::find_iter(lower.as_bytes(), phrase).any(|start| {
            let before = start.checked_sub(1).and_then(|at| lower.as_bytes().get(at));
            let after = lower.as_bytes().get(start + phrase.len());
            !letter(before) && !letter(after)
        })
    })
}

#[cfg(test)]
mod tests;
