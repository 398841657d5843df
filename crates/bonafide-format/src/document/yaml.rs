//! YAML (1.2), by its events: tags that build objects, aliases that expand, and the same
//! analysers as for JSON.
//!
//! YAML has no signature, and nearly any text is YAML. Loaders take it by name, so it is told
//! by name here.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use bonafide_core::{Severity, ThreatId, excerpt};
use memchr::memmem;
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use crate::coverage::State;
use crate::document::indentation::{self, Indented};
use crate::document::{instantiation, json};
use crate::format::{Depth, Effect, Format, Likeness};
use crate::json::{Document, Member, Node, Value};
use crate::route::Probe;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const YAML: Format = Format {
    name: "yaml",
    title: "YAML",
    extensions: &["yaml", "yml"],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe,
    inspect,
};

pub(crate) const RULES: &[&Rule] = &[&OBJECT_TAG, &NAME_TAG, &DATA_TAG, &EXPANSION, &UNPARSABLE];

const OBJECT_TAG: Rule = Rule {
    slug: "yaml-object-tag",
    title: "YAML tag that has the loader build an object or call a function",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    rationale: "Loaders that are not told to be safe import the name in the tag and call it.",
    remediation: "Do not load the file, or only with `yaml.safe_load`.",
    threats: &[ThreatId("ART-02"), ThreatId("ART-01")],
    cwe: &[502],
    cve: &[
        "CVE-2017-18342",
        "CVE-2020-1747",
        "CVE-2020-14343",
        "CVE-2025-50460",
    ],
    atlas: &["AML.T0011.000", "AML.T0018.002"],
};

const NAME_TAG: Rule = Rule {
    slug: "yaml-name-tag",
    title: "YAML tag that has the loader import something of an unknown library",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "Loaders that are not told to be safe import the name in the tag, but do not call it. What that does \
        depends on what is installed under the name.",
    remediation: "Find out what the name stands for, or read the file with `yaml.safe_load`.",
    threats: &[ThreatId("ART-02")],
    cwe: &[470],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

const DATA_TAG: Rule = Rule {
    slug: "yaml-data-tag",
    title: "YAML tag that has the loader build a plain object",
    hazard: Hazard::CodeOnLoad,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "The object is harmless, but the file can only be read by a loader that builds any object.",
    remediation: "Have the file written with plain values, and read it with `yaml.safe_load`.",
    threats: &[ThreatId("ART-02")],
    cwe: &[502],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

const EXPANSION: Rule = Rule {
    slug: "yaml-alias-expansion",
    title: "YAML aliases that expand to far more than is written",
    hazard: Hazard::Expansion,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "A loader that copies what an alias stands for runs out of memory or time.",
    remediation: "Do not load the file.",
    threats: &[ThreatId("ART-06")],
    cwe: &[776, 409],
    cve: &[],
    atlas: &["AML.T0029"],
};

const UNPARSABLE: Rule = Rule {
    slug: "yaml-unparsable",
    title: "YAML that cannot be parsed",
    hazard: Hazard::Malformed,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "Another parser may take it, and find in it what was not seen here.",
    remediation: "Find out what the file is, and correct it.",
    threats: &[ThreatId("ART-06"), ThreatId("ART-02")],
    cwe: &[20, 436],
    cve: &[],
    atlas: &["AML.T0076"],
};

/// Longest text. Configurations are a few kilobytes.
const LONGEST: u64 = 8 << 20;

/// Most names that are looked for in a text that could not be parsed.
const MOST_RAW_NAMES: usize = 1000;

/// Deepest nesting.
const DEEPEST: usize = 128;

/// Most values that aliases may add.
const MOST_COPIES: usize = 10_000;

/// From here on an expansion is one that nobody needs.
const EXPLOSIVE: u64 = 10_000_000;

const CORE: &str = "tag:yaml.org,2002:";

/// Classes without effects that scripts of training write into their settings.
const PLAIN_CLASSES: &[&str] = &[
    "argparse.Namespace",
    "collections.OrderedDict",
    "collections.defaultdict",
    "easydict.EasyDict",
    "pathlib.PosixPath",
    "pathlib.WindowsPath",
    "pathlib._local.PosixPath",
    "numpy.dtype",
    "numpy.core.multiarray.scalar",
    "numpy._core.multiarray.scalar",
    "numpy.core.multiarray._reconstruct",
    "numpy._core.multiarray._reconstruct",
    "numpy.ndarray",
    "torch.device",
    "torch.float16",
    "torch.float32",
    "torch.bfloat16",
    "builtins.set",
    "builtins.slice",
];

fn probe(probe: &Probe<'_>) -> Likeness {
    let name = probe.name.to_ascii_lowercase();
    let named = name.ends_with(".yaml") || name.ends_with(".yml") || name == "mlmodel";
    let directive = probe.head.starts_with(b"%YAML ");
    let text = !probe.head.contains(&0) && !probe.head.starts_with(b"\x80");
    if (named || directive) && text {
        Likeness::Possible
    } else {
        Likeness::No
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let size = visit.size();
    let bytes = super::whole(visit, "bytes of YAML", LONGEST)?;
    let read = match std::str::from_utf8(&bytes) {
        Ok(text) => read(visit, text),
        Err(_) => Err("the text is not UTF-8".to_owned()),
    };
    match read {
        Ok(()) => visit.cover_all(),
        Err(reason) => {
            raw_tags(visit, &bytes);
            visit.report(&UNPARSABLE, None, excerpt(&reason, 200));
            let reason = "it could not be parsed".to_owned();
            visit.cover(0..size, State::Skipped(reason));
        }
    }
    Ok(())
}

/// Tags of a text that could not be parsed.
fn raw_tags(visit: &mut Visit<'_>, bytes: &[u8]) {
    for mark in ["!!python/object", "!!python/module", "2002:python/object"] {
        if let Some(at) = memmem::find(bytes, mark.as_bytes()) {
            let at = at as u64;
            let range = at..at + mark.len() as u64;
            let message = format!("`{mark}` is in the text");
            visit.report_about(&OBJECT_TAG, Some(range), mark, message);
        }
    }
    let mark = "!!python/name:";
    for at in memmem::find_iter(bytes, mark.as_bytes()).take(MOST_RAW_NAMES) {
        let start = at + mark.len();
        let rest = bytes.get(start..).unwrap_or_default();
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'.' | b'_');
        let length = rest.iter().take_while(is_part).take(256).count();
        let name = rest.get(..length).unwrap_or_default();
        let name = std::str::from_utf8(name).unwrap_or_default();
        let is_dangerous = instantiation::standing(name) == instantiation::Standing::Dangerous;
        let rule = if is_dangerous { &OBJECT_TAG } else { &NAME_TAG };
        let message = format!("`{mark}{name}` is in the text");
        visit.report_about(rule, Some(at as u64..start as u64), name, message);
    }
}

/// Something that is being read.
enum Frame<'a> {
    Sequence {
        start: u64,
        elements: Vec<Node<'a>>,
        anchor: usize,
        /// Values that were counted before it.
        before: u64,
    },
    Mapping {
        start: u64,
        members: Vec<Member<'a>>,
        name: Option<Cow<'a, str>>,
        anchor: usize,
        before: u64,
    },
}

/// What an anchor stands for.
struct Anchor<'a> {
    node: Node<'a>,
    /// Values in it, its own aliases expanded.
    expanded: u64,
    /// The same, as written.
    count: usize,
}

/// Reads all documents of a text and shows each to the analysers.
fn read(visit: &mut Visit<'_>, text: &str) -> Result<(), String> {
    let indented = indentation::indented(text);
    let text = indented.text();
    let mut builder = Builder {
        stack: Vec::new(),
        root: None,
        anchors: HashMap::new(),
        copies: 0,
        cut: false,
        expanded: 0,
        places: Places {
            text,
            characters: 0,
            bytes: 0,
            indented: &indented,
        },
    };
    let mut parser = Parser::new_from_str(text);
    let mut outcome = Ok(());
    while let Some(event) = parser.next_event() {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                outcome = Err(error.to_string());
                break;
            }
        };
        let start = builder.places.byte(span.start.index());
        if let Some(tag) = tag_of(&event) {
            tagged(visit, tag, &event, start..start);
        }
        match event {
            Event::DocumentEnd => builder.finish(visit),
            Event::StreamEnd => break,
            event => {
                if let Err(reason) = builder.take(event, start) {
                    outcome = Err(reason.to_owned());
                    break;
                }
            }
        }
    }
    // What was read before an error is judged all the same.
    while !builder.stack.is_empty() {
        builder.close(indented.original(text.len()) as u64);
    }
    builder.finish(visit);
    if builder.expanded > EXPLOSIVE {
        let message = format!(
            "{} values are made of {} bytes",
            builder.expanded,
            text.len()
        );
        visit.report(&EXPANSION, None, message);
    }
    if builder.cut && outcome.is_ok() {
        outcome = Err("its aliases stand for too much to be followed".to_owned());
    }
    outcome
}

struct Builder<'a> {
    stack: Vec<Frame<'a>>,
    root: Option<Node<'a>>,
    anchors: HashMap<usize, Anchor<'a>>,
    copies: usize,
    /// What an alias stands for was left out.
    cut: bool,
    expanded: u64,
    places: Places<'a>,
}

impl<'a> Builder<'a> {
    fn take(&mut self, event: Event<'a>, start: u64) -> Result<(), &'static str> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let end = start + text.len() as u64;
                let value = scalar(text, style, tag.is_some());
                let node = Node {
                    value,
                    range: start..end,
                };
                self.expanded = self.expanded.saturating_add(1);
                if anchor > 0 {
                    self.anchor(anchor, &node, 1, 1);
                }
                self.add(node);
            }
            Event::SequenceStart(anchor, _) => self.open(Frame::Sequence {
                start,
                elements: Vec::new(),
                anchor,
                before: self.expanded,
            })?,
            Event::MappingStart(anchor, _) => self.open(Frame::Mapping {
                start,
                members: Vec::new(),
                name: None,
                anchor,
                before: self.expanded,
            })?,
            Event::SequenceEnd | Event::MappingEnd => self.close(start),
            Event::Alias(anchor) => self.alias(anchor, start),
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, frame: Frame<'a>) -> Result<(), &'static str> {
        if self.stack.len() >= DEEPEST {
            return Err("it is nested too deeply");
        }
        self.stack.push(frame);
        Ok(())
    }

    fn close(&mut self, end: u64) {
        let (node, anchor, before) = match self.stack.pop() {
            None => return,
            Some(Frame::Sequence {
                start,
                elements,
                anchor,
                before,
            }) => {
                let value = Value::Array(elements);
                let range = start..end.max(start);
                (Node { value, range }, anchor, before)
            }
            Some(Frame::Mapping {
                start,
                members,
                anchor,
                before,
                ..
            }) => {
                let value = Value::Object(members);
                let range = start..end.max(start);
                (Node { value, range }, anchor, before)
            }
        };
        if anchor > 0 {
            let mut count = 0_usize;
            node.walk(&mut |_, _| count += 1);
            let expanded = self.expanded.saturating_sub(before).max(1);
            self.anchor(anchor, &node, count, expanded);
        }
        self.add(node);
    }

    fn anchor(&mut self, anchor: usize, node: &Node<'a>, count: usize, expanded: u64) {
        let keep = count == 1 || count.saturating_add(self.copies) <= MOST_COPIES;
        self.copies = self
            .copies
            .saturating_add(if keep && count > 1 { count } else { 0 });
        let node = if keep {
            node.clone()
        } else {
            Node {
                value: Value::Null,
                range: node.range.clone(),
            }
        };
        let count = if keep { count } else { usize::MAX };
        let known = Anchor {
            node,
            expanded,
            count,
        };
        self.anchors.insert(anchor, known);
    }

    /// Puts a copy of what an alias stands for in its place, as a loader would.
    fn alias(&mut self, anchor: usize, start: u64) {
        let mut copy = Node {
            value: Value::Null,
            range: start..start,
        };
        if let Some(known) = self.anchors.get(&anchor) {
            self.expanded = self.expanded.saturating_add(known.expanded);
            if known.count == 1 {
                copy = known.node.clone();
            } else if known.count.saturating_add(self.copies) <= MOST_COPIES {
                self.copies += known.count;
                copy = known.node.clone();
            } else {
                self.cut = true;
            }
        }
        self.add(copy);
    }

    fn add(&mut self, node: Node<'a>) {
        match self.stack.last_mut() {
            None => self.root = self.root.take().or(Some(node)),
            Some(Frame::Sequence { elements, .. }) => elements.push(node),
            Some(Frame::Mapping { members, name, .. }) => match name.take() {
                Some(name) => members.push(Member { name, value: node }),
                None => {
                    *name = Some(match node.value {
                        Value::String(text) => text,
                        Value::Number(text) => Cow::Borrowed(text),
                        Value::Boolean(true) => Cow::Borrowed("true"),
                        Value::Boolean(false) => Cow::Borrowed("false"),
                        _ => Cow::Borrowed(""),
                    });
                }
            },
        }
    }

    /// Ends a document.
    fn finish(&mut self, visit: &mut Visit<'_>) {
        self.anchors.clear();
        if let Some(root) = self.root.take() {
            let end = root.range.end;
            let document = Document {
                root,
                quirks: Vec::new(),
                end,
            };
            json::analyse(visit, &document);
        }
    }
}

/// A plain word of the core schema, or text.
fn scalar<'a>(text: Cow<'a, str>, style: ScalarStyle, tagged: bool) -> Value<'a> {
    if style != ScalarStyle::Plain || tagged {
        return Value::String(text);
    }
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        // YAML 1.1, which PyYAML reads, has more words for these.
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            return Value::Boolean(true);
        }
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            return Value::Boolean(false);
        }
        _ => {}
    }
    match text {
        Cow::Borrowed(digits) if digits.parse::<f64>().is_ok() => Value::Number(digits),
        text => Value::String(text),
    }
}

fn tag_of<'e>(event: &'e Event<'_>) -> Option<&'e Tag> {
    match event {
        Event::Scalar(_, _, _, tag)
        | Event::SequenceStart(_, tag)
        | Event::MappingStart(_, tag) => tag.as_deref(),
        _ => None,
    }
}

/// Judges a tag.
fn tagged(visit: &mut Visit<'_>, tag: &Tag, event: &Event<'_>, range: Range<u64>) {
    let whole = format!("{}{}", tag.handle, tag.suffix);
    let shown = excerpt(&whole, 120);
    // A loader's own tags, as HyperPyYAML has them.
    for call in ["!new:", "!apply:", "!name:", "!module:", "!applyref:"] {
        if let Some(name) = whole.strip_prefix(call) {
            instantiation::target(visit, call, name, range);
            return;
        }
    }
    let Some(kind) = whole.strip_prefix(CORE) else {
        return;
    };
    let (kind, name) = kind.split_once(':').unwrap_or((kind, ""));
    let text = match event {
        Event::Scalar(text, ..) => text.as_ref(),
        _ => "",
    };
    let rule = match kind {
        "python/object"
        | "python/object/apply"
        | "python/object/new"
        | "python/name"
        | "python/module" => {
            let name = if name.is_empty() { text } else { name };
            // A name is imported and kept; nothing of it is called.
            let only_named = kind == "python/name"
                && instantiation::standing(name) != instantiation::Standing::Dangerous;
            if PLAIN_CLASSES.contains(&name) {
                &DATA_TAG
            } else if only_named {
                &NAME_TAG
            } else {
                &OBJECT_TAG
            }
        }
        "python/tuple" | "python/str" | "python/unicode" | "python/int" | "python/long"
        | "python/float" | "python/complex" | "python/bool" | "python/none" | "python/list"
        | "python/dict" | "python/bytes" => return,
        // Tags of other languages name their classes in the same place.
        kind if kind.contains('/') || kind.contains('.') || kind.starts_with("python") => {
            &OBJECT_TAG
        }
        _ => return,
    };
    visit.report_about(rule, Some(range), &whole, format!("the tag is `{shown}`"));
}

/// Counts characters into bytes, from the start to the end.
struct Places<'a> {
    text: &'a str,
    characters: usize,
    bytes: usize,
    indented: &'a Indented<'a>,
}

impl Places<'_> {
    fn byte(&mut self, character: usize) -> u64 {
        if let Some(ahead) = character.checked_sub(self.characters) {
            let rest = self.text.get(self.bytes..).unwrap_or_default();
            let length: usize = rest.chars().take(ahead).map(char::len_utf8).sum();
            self.bytes += length;
            self.characters = character;
        }
        self.indented.original(self.bytes) as u64
    }
}
