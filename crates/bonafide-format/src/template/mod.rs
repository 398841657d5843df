//! Chat templates: Jinja that lays out the messages of a conversation for a model.
//!
//! A template is a program that runs each time the model is used. It is parsed to a tree
//! here and never rendered. What it may do: leave its renderer (`__class__`), give the
//! model instructions that nobody wrote, in every conversation or only when a message
//! has a trigger, and send parts of a conversation away.

mod dependence;
mod fold;
mod judge;
mod lexer;
mod parser;
mod rules;
mod syntax;
mod text;

use std::ops::Range;

use bonafide_core::{Algorithm, Digest, excerpt};
use sha2::{Digest as _, Sha256};

use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::json::{Document, Node, Step, Value};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) use rules::RULES;

/// Longest template that is parsed. Real ones have up to 20 KiB.
const LONGEST: usize = 256 << 10;

pub(crate) const JINJA: Format = Format {
    name: "jinja",
    title: "Jinja template",
    extensions: &["jinja", "jinja2", "j2"],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe,
    inspect,
};

/// Examines a chat template, wherever it was found; `variant` is its name where a file has
/// several (`default`, `tool_use`).
pub(crate) fn examine(
    visit: &mut Visit<'_>,
    template: &str,
    range: Option<Range<u64>>,
    variant: &str,
) {
    let digest = Sha256::digest(template.as_bytes());
    if let Ok(digest) = Digest::new(Algorithm::Sha256, digest.as_slice()) {
        visit.facts().add_template(variant, digest);
    }
    // Offsets in the template are offsets in the file where it is written as it is.
    let verbatim = range
        .as_ref()
        .filter(|range| range.end.saturating_sub(range.start) == template.len() as u64)
        .map(|range| range.start);
    let place = |inner: &Range<usize>| match verbatim {
        Some(start) => Some(start + inner.start as u64..start + inner.end as u64),
        None => range.clone(),
    };
    let about = |message: &str| match variant {
        "" | "default" => message.to_owned(),
        name => format!("in `{}`: {message}", excerpt(name, 40)),
    };
    if template.len() > LONGEST {
        let message = format!("it has {} bytes", template.len());
        visit.report(&rules::UNREADABLE, range.clone(), about(&message));
        report_names(visit, template, &place, &about);
        return;
    }
    let (tokens, lexed) = lexer::lex(template);
    let (nodes, parsed) = parser::parse(template, &tokens);
    for finding in judge::judge(template, &nodes) {
        visit.report(finding.rule, place(&finding.range), about(&finding.message));
    }
    // What stopped the lexer is the reason that the parser met an end.
    if let Some(error) = lexed.or(parsed) {
        let at = error.at..error.at;
        let message = format!("{} (at {})", error.message, error.at);
        visit.report(&rules::UNREADABLE, place(&at), about(&message));
        report_names(visit, template, &place, &about);
    }
}

/// Reports names of Python's inside in a template that could not be parsed.
fn report_names(
    visit: &mut Visit<'_>,
    template: &str,
    place: &dyn Fn(&Range<usize>) -> Option<Range<u64>>,
    about: &dyn Fn(&str) -> String,
) {
    for (name, at) in inside_names(template) {
        let message = format!("it has `{}`", excerpt(name, 80));
        let inner = at..at + name.len();
        visit.report(&rules::ESCAPE, place(&inner), about(&message));
    }
}

/// Names of Python's inside anywhere in a template that could not be parsed.
fn inside_names(template: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    for name in template.split(|c: char| !(c == '_' || c.is_ascii_alphanumeric())) {
        if judge::is_inside(name) && found.len() < 8 {
            found.push((name, at));
        }
        at += name.len();
        at += template
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
    }
    found
}

fn probe(probe: &Probe<'_>) -> Likeness {
    let valid = match std::str::from_utf8(probe.head) {
        Ok(text) => text,
        // The last character may be cut.
        Err(error) if error.valid_up_to() + 4 > probe.head.len() => {
            let (valid, _) = probe.head.split_at(error.valid_up_to());
            std::str::from_utf8(valid).unwrap_or_default()
        }
        Err(_) => return Likeness::No,
    };
    let text = valid.trim_start_matches('\u{feff}').trim_start();
    if text.contains('\0') || text.is_empty() {
        return Likeness::No;
    }
    // Loaders take these by their names, whatever they begin with.
    let named = JINJA.extensions.iter().any(|extension| {
        probe
            .name
            .rsplit_once('.')
            .is_some_and(|(_, last)| last.eq_ignore_ascii_case(extension))
    });
    let starts = ["{%", "{{", "{#"].iter().any(|mark| text.starts_with(mark));
    let about_messages = text.contains("messages")
        && ["{% for", "{%- for", "{% if", "{%- if"]
            .iter()
            .any(|mark| text.contains(mark))
        && !text.starts_with(['#', '<'])
        && !text.starts_with("---");
    if named || starts || about_messages {
        return Likeness::Possible;
    }
    Likeness::No
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let bytes = visit.read_all()?;
    let template = match std::str::from_utf8(&bytes) {
        Ok(template) => template,
        Err(error) => {
            let at = error.valid_up_to() as u64;
            return Err(Stop::malformed(at, "the text is not UTF-8"));
        }
    };
    examine(visit, template, Some(0..visit.size()), "default");
    let state = if template.len() > LONGEST {
        State::Skipped("the template is too long".to_owned())
    } else {
        State::Scanned
    };
    visit.cover(0..visit.size(), state);
    Ok(())
}

/// Finds the templates in a document: by the name of the member, and by what they are.
pub(crate) fn analyse(visit: &mut Visit<'_>, document: &Document<'_>) {
    let mut found = Vec::new();
    let mut lists = Vec::new();
    document.root.walk(&mut |path, node| {
        if node.elements().iter().any(|part| part.text().is_some()) {
            lists.push((variant(path, &document.root), node));
        }
        let in_list = matches!(path.last(), Some(Step::Index(_)));
        let Some(text) = node.text().filter(|_| !in_list) else {
            return;
        };
        if let Some(variant) = variant(path, &document.root)
            .or_else(|| is_template(text).then(|| "default".to_owned()))
        {
            found.push((variant, node));
        }
    });
    for (variant, node) in found {
        if let Value::String(text) = &node.value {
            examine(visit, text, Some(node.range.clone()), &variant);
        }
    }
    for (variant, list) in lists {
        pieces(visit, list, variant.as_deref());
    }
}

/// A list of texts: the lines of a template, or templates, or neither.
fn pieces(visit: &mut Visit<'_>, list: &Node<'_>, variant: Option<&str>) {
    let texts: Vec<&str> = list.elements().iter().filter_map(Node::text).collect();
    if variant.is_none()
        && !texts
            .iter()
            .any(|text| text.contains("{%") || is_template(text))
    {
        return;
    }
    if let ([only], None) = (texts.as_slice(), variant) {
        if is_template(only) {
            examine(visit, only, Some(list.range.clone()), "default");
        }
        return;
    }
    let ended = texts.iter().any(|text| text.ends_with('\n'));
    let whole = texts.join(if ended { "" } else { "\n" });
    let name = variant.unwrap_or("default");
    if variant.is_some() || is_template(&whole) && is_readable(&whole) {
        examine(visit, &whole, Some(list.range.clone()), name);
        return;
    }
    for part in list.elements() {
        let Some(text) = part.text() else { continue };
        let range = || Some(part.range.clone());
        if is_template(text) && is_readable(text) {
            examine(visit, text, range(), name);
        } else if text.contains("{%") || text.contains("{{") {
            // Part of something; what reaches into the interpreter does so anywhere.
            report_names(visit, text, &|_| range(), &str::to_owned);
        }
    }
}

/// True for a template that nothing is wrong with.
fn is_readable(template: &str) -> bool {
    if template.len() > LONGEST {
        return false;
    }
    let (tokens, lexed) = lexer::lex(template);
    let (_, parsed) = parser::parse(template, &tokens);
    lexed.is_none() && parsed.is_none()
}

/// True for a text that can only be a template.
fn is_template(text: &str) -> bool {
    let starts = text.trim_start();
    let marked = starts.starts_with("{%") || starts.starts_with("{{") || starts.starts_with("{#");
    (marked || text.contains("messages"))
        && (text.contains("{%") && text.contains("%}") || marked && text.contains("}}"))
}

/// The name of the template at a path; none if it is no place of a template.
fn variant(path: &[Step<'_>], root: &Node<'_>) -> Option<String> {
    let is_key = |name: &str| name == "chat_template" || name.ends_with("_chat_template");
    match path {
        [.., Step::Member(name)] if is_key(name) => Some("default".to_owned()),
        [.., Step::Member(list), Step::Member(name)] if is_key(list) => Some((*name).to_owned()),
        [
            before @ ..,
            Step::Member(list),
            Step::Index(index),
            Step::Member("template"),
        ] if is_key(list) => {
            let mut node = root;
            for step in before {
                node = match step {
                    Step::Member(name) => node.get(name)?,
                    Step::Index(index) => node.elements().get(*index)?,
                };
            }
            let entry = node.get(list)?.elements().get(*index)?;
            Some(
                entry
                    .get("name")
                    .and_then(Node::text)
                    .unwrap_or("default")
                    .to_owned(),
            )
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
