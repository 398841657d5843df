//! From YAML to nodes: the part of YAML 1.2 that says the same to every reader.
//!
//! Anchors, aliases, tags, merge keys, keys that are no text, keys that stand twice and
//! several documents are refused: each of them is a way to show a person one policy and a
//! program another. Plain words are read by the core schema (YAML 1.2.2, chapter 10.3), in
//! which `no` and `on` are text.

use std::collections::HashSet;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use crate::node::{Content, Key, MOST_DEPTH, Node};
use crate::problem::Problem;

/// Most values of a document.
const MOST_NODES: usize = 200_000;

/// Reads a document.
pub(crate) fn read(text: &str, problems: &mut Vec<Problem>) -> Option<Node> {
    match Builder::new(text).build() {
        Ok(root) => match root.content {
            Content::Table(_) => Some(root),
            // As for an empty file in TOML, so that what is missing is named.
            Content::Nothing => Some(Node {
                span: 0..0,
                content: Content::Table(Vec::new()),
            }),
            _ => {
                problems.push(Problem::new(
                    root.span(),
                    format!("expected a table, found {}", root.kind()),
                ));
                None
            }
        },
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

/// A list or table that is not yet closed.
enum Open {
    List(Vec<Node>),
    Table {
        entries: Vec<(Key, Node)>,
        seen: HashSet<String>,
        /// The key whose value comes next.
        key: Option<Key>,
    },
}

struct Builder<'t> {
    text: &'t str,
    /// Where each character begins. The parser counts characters.
    starts: Vec<usize>,
    open: Vec<(Range<usize>, Open)>,
    nodes: usize,
    root: Option<Node>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            starts: text.char_indices().map(|(start, _)| start).collect(),
            open: Vec::new(),
            nodes: 0,
            root: None,
        }
    }

    fn build(mut self) -> Result<Node, Problem> {
        if let Some(tab) = tab_indentation(self.text) {
            return Err(Problem::new(tab..tab + 1, "YAML is not indented with tabs")
                .with_help("use blanks"));
        }
        let mut documents = 0;
        for event in Parser::new_from_str(self.text) {
            let (event, span) = event.map_err(|error| {
                let start = self.byte(error.marker().index());
                Problem::new(start..start, format!("not YAML: {}", error.info()))
            })?;
            let span = self.range(span);
            match event {
                Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(Problem::new(span, "a second document begins here")
                            .with_help("a file holds one policy; remove `---`"));
                    }
                }
                Event::Alias(_) => {
                    return Err(Problem::new(span, "aliases are not supported")
                        .with_help("write the value out"));
                }
                Event::Scalar(value, style, anchor, tag) => {
                    plain_only(anchor, tag.is_some(), &span)?;
                    self.take(span, &value, style)?;
                }
                Event::SequenceStart(anchor, tag) => {
                    plain_only(anchor, tag.is_some(), &span)?;
                    self.enter(span, Open::List(Vec::new()))?;
                }
                Event::MappingStart(anchor, tag) => {
                    plain_only(anchor, tag.is_some(), &span)?;
                    let table = Open::Table {
                        entries: Vec::new(),
                        seen: HashSet::new(),
                        key: None,
                    };
                    self.enter(span, table)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.leave(span)?,
            }
        }
        Ok(self.root.unwrap_or(Node {
            span: 0..0,
            content: Content::Nothing,
        }))
    }

    fn byte(&self, character: usize) -> usize {
        self.starts
            .get(character)
            .copied()
            .unwrap_or(self.text.len())
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        start..self.byte(span.end.index()).max(start)
    }

    fn enter(&mut self, span: Range<usize>, open: Open) -> Result<(), Problem> {
        if self.open.len() >= MOST_DEPTH {
            let message = format!("more than {MOST_DEPTH} levels of lists and tables");
            return Err(Problem::new(span, message));
        }
        if let Some((_, Open::Table { key: None, .. })) = self.open.last() {
            return Err(Problem::new(span, "a list or table cannot be a key"));
        }
        self.open.push((span, open));
        Ok(())
    }

    fn leave(&mut self, end: Range<usize>) -> Result<(), Problem> {
        let Some((start, open)) = self.open.pop() else {
            return Err(Problem::new(end, "not YAML: it closes what is not open"));
        };
        let content = match open {
            Open::List(list) => Content::List(list),
            Open::Table { entries, .. } => Content::Table(entries),
        };
        // A table in block style is shown by its first line.
        let shown = self.first_line(start.start..end.end.max(start.start));
        self.add(Node {
            span: shown,
            content,
        })
    }

    /// A range up to the end of its first line, without blanks at its end.
    fn first_line(&self, range: Range<usize>) -> Range<usize> {
        let text = self.text.get(range.clone()).unwrap_or_default();
        let line = text.lines().next().unwrap_or_default().trim_end();
        range.start..range.start + line.len()
    }

    fn take(&mut self, span: Range<usize>, value: &str, style: ScalarStyle) -> Result<(), Problem> {
        if let Some((_, Open::Table { key, seen, .. })) = self.open.last_mut()
            && key.is_none()
        {
            if value == "<<" && style == ScalarStyle::Plain {
                return Err(Problem::new(span, "merge keys are not supported")
                    .with_help("write the values out, or use `extends`"));
            }
            if style == ScalarStyle::Plain && !matches!(plain(value, &span)?, Content::Text(_)) {
                return Err(Problem::new(span, format!("the key `{value}` is no text")));
            }
            if !seen.insert(value.to_owned()) {
                return Err(Problem::new(
                    span,
                    format!("the key `{value}` stands twice"),
                ));
            }
            *key = Some(Key {
                text: value.to_owned(),
                span,
            });
            return Ok(());
        }
        let content = match style {
            ScalarStyle::Plain => plain(value, &span)?,
            _ => Content::Text(value.to_owned()),
        };
        self.add(Node { span, content })
    }

    fn add(&mut self, node: Node) -> Result<(), Problem> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return Err(Problem::new(
                node.span,
                format!("more than {MOST_NODES} values"),
            ));
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some((_, Open::List(list))) => list.push(node),
            Some((_, Open::Table { entries, key, .. })) => match key.take() {
                Some(key) => entries.push((key, node)),
                None => {
                    return Err(Problem::new(node.span, "a list or table cannot be a key"));
                }
            },
        }
        Ok(())
    }
}

fn plain_only(anchor: usize, tagged: bool, span: &Range<usize>) -> Result<(), Problem> {
    if anchor != 0 {
        return Err(Problem::new(span.clone(), "anchors are not supported")
            .with_help("write the value out where it is needed"));
    }
    if tagged {
        return Err(Problem::new(span.clone(), "tags are not supported")
            .with_help("put text in quotes to make it text"));
    }
    Ok(())
}

/// The first tab that begins or continues an indentation, outside of what the parser would
/// say about it in words that do not help.
fn tab_indentation(text: &str) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let blanks = line.bytes().take_while(|byte| *byte == b' ').count();
        if line.as_bytes().get(blanks) == Some(&b'\t') && !line.trim().is_empty() {
            return Some(start + blanks);
        }
        start += line.len();
    }
    None
}

/// A word without quotes, by the core schema.
fn plain(value: &str, span: &Range<usize>) -> Result<Content, Problem> {
    Ok(match value {
        "" | "~" | "null" | "Null" | "NULL" => Content::Nothing,
        "true" | "True" | "TRUE" => Content::Flag(true),
        "false" | "False" | "FALSE" => Content::Flag(false),
        _ => match number(value) {
            Some(Ok(content)) => content,
            Some(Err(message)) => return Err(Problem::new(span.clone(), message)),
            None => Content::Text(value.to_owned()),
        },
    })
}

fn number(value: &str) -> Option<Result<Content, String>> {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    let out_of_range = || format!("integer `{value}` is out of range");
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = value.strip_prefix(prefix)
            && !digits.is_empty()
            && digits.chars().all(|digit| digit.is_digit(radix))
        {
            let integer = i64::from_str_radix(digits, radix);
            return Some(integer.map(Content::Integer).map_err(|_| out_of_range()));
        }
    }
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let integer = value.strip_prefix('+').unwrap_or(value).parse();
        return Some(integer.map(Content::Integer).map_err(|_| out_of_range()));
    }
    if matches!(digits, ".inf" | ".Inf" | ".INF") || matches!(value, ".nan" | ".NaN" | ".NAN") {
        return Some(Err(format!("number `{value}` is not finite")));
    }
    let is_float = digits.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && digits.bytes().any(|byte| byte.is_ascii_digit())
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    let float: f64 = value.parse().ok().filter(|_| is_float)?;
    Some(if float.is_finite() {
        Ok(Content::Float(float))
    } else {
        Err(format!("number `{value}` is not finite"))
    })
}
