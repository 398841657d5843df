//! `applies-to`: which findings of a check a control is about.
//!
//! A scope takes findings out of account, so it fails closed. What is about the artifact as
//! a whole stays unless the policy says `!artifact`; a file whose format is not known is of
//! any format; a purl counts only if the user gave it; and whatever is about something that
//! a key does not speak of is not touched by it.

use std::collections::HashMap;

use bonafide_attest::TextPattern;
use bonafide_bom::purl::Purl;
use bonafide_checks::{Facts, Globs, ModelFile};
use bonafide_core::{RawName, Subject};
use bonafide_format::FORMATS;
use bonafide_hash::EntryKind;
use serde::Deserialize as _;

use crate::document::{self, Texts, Value};
use crate::nearest::nearest;
use crate::problem::Problem;

/// What a finding can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComponentKind {
    /// The artifact as a whole.
    Artifact,
    /// A file of it.
    File,
    /// A signature.
    Signature,
    /// A document about it.
    Document,
    /// What it comes from.
    Ancestor,
}

impl ComponentKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Artifact,
        Self::File,
        Self::Signature,
        Self::Document,
        Self::Ancestor,
    ];

    /// Its name in policies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Artifact => "artifact",
            Self::File => "file",
            Self::Signature => "signature",
            Self::Document => "document",
            Self::Ancestor => "ancestor",
        }
    }

    const fn of(subject: &Subject) -> Self {
        match subject {
            Subject::Artifact => Self::Artifact,
            Subject::File(_) => Self::File,
            Subject::Signature(_) => Self::Signature,
            Subject::Document(_) => Self::Document,
            Subject::Ancestor(_) => Self::Ancestor,
        }
    }
}

/// Which findings a control is about; everything by default.
#[derive(Debug, Default)]
pub struct Scope {
    kinds: Vec<ComponentKind>,
    without_artifact: bool,
    path: Option<Globs>,
    purl: Vec<TextPattern>,
    formats: Vec<&'static str>,
    description: Option<String>,
}

impl Scope {
    /// In words, if it is not everything.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    fn has_kind(&self, kind: ComponentKind) -> bool {
        match kind {
            ComponentKind::Artifact => !self.without_artifact,
            _ => self.kinds.is_empty() || self.kinds.contains(&kind),
        }
    }

    /// True if it is about the target, as far as the user says what that is.
    pub(crate) fn is_about_target(&self, view: &View<'_>) -> bool {
        self.purl.is_empty() || view.purls.is_empty() || matches_any(&self.purl, &view.purls)
    }

    /// True if nothing of what is examined can be in it, whatever its check says. The user
    /// decides that by the purl, and the policy; the artifact has no part in it.
    pub(crate) fn is_about_nothing(&self, view: &View<'_>) -> bool {
        !self.is_about_target(view) && !self.has_kind(ComponentKind::Ancestor)
    }

    /// True if a finding about this counts.
    pub(crate) fn takes(&self, subject: &Subject, view: &View<'_>) -> bool {
        if !self.has_kind(ComponentKind::of(subject)) {
            return false;
        }
        match subject {
            Subject::Ancestor(name) => self.takes_ancestor(name),
            _ if !self.is_about_target(view) => false,
            Subject::File(name) => self.takes_name(name) && self.takes_format(name, view),
            Subject::Artifact | Subject::Signature(_) | Subject::Document(_) => true,
        }
    }

    /// Ancestors are known by what documents call them. What is no purl cannot be told apart.
    fn takes_ancestor(&self, name: &RawName) -> bool {
        if self.purl.is_empty() {
            return true;
        }
        let names = str::from_utf8(name.as_bytes()).map(spellings);
        match names {
            Ok(names) if !names.is_empty() => matches_any(&self.purl, &names),
            _ => true,
        }
    }

    fn takes_name(&self, name: &RawName) -> bool {
        self.path.as_ref().is_none_or(|path| path.matches(name))
    }

    fn takes_format(&self, name: &RawName, view: &View<'_>) -> bool {
        if self.formats.is_empty() {
            return true;
        }
        match view.models.get(name).map(|model| &model.inspected) {
            Some(Ok(inspection)) => {
                inspection.format().is_none()
                    || inspection.bodies.iter().any(|body| {
                        body.format
                            .is_some_and(|format| self.formats.contains(&format))
                    })
            }
            // It is not there, or could not be read: it may be of any.
            Some(Err(_)) | None => true,
        }
    }

    /// True if something that is at hand is in it.
    pub(crate) fn has_component(&self, view: &View<'_>) -> bool {
        let about_target = self.is_about_target(view);
        let listed = |kind| self.kinds.is_empty() || self.kinds.contains(&kind);
        let narrowed = self.path.is_some() || !self.formats.is_empty();
        let facts = view.facts;
        let file = || {
            facts
                .tree
                .entries()
                .iter()
                .filter(|entry| !matches!(entry.kind, EntryKind::Directory))
                .any(|entry| self.takes_name(&entry.name) && self.takes_format(&entry.name, view))
        };
        let ancestor = || {
            let nodes = facts.lineage.graph.nodes().iter();
            nodes
                .map(|node| RawName::from(node.id()))
                .any(|name| self.takes_ancestor(&name))
        };
        if about_target {
            if listed(ComponentKind::File) && file() {
                return true;
            }
            // Who asks for files of a kind looks at nothing if there are none.
            if !narrowed
                && ((listed(ComponentKind::Artifact) && !self.without_artifact)
                    || (listed(ComponentKind::Signature) && !facts.signatures.is_empty())
                    || (listed(ComponentKind::Document) && !facts.documents.is_empty()))
            {
                return true;
            }
        }
        !narrowed && listed(ComponentKind::Ancestor) && ancestor()
    }
}

/// What is examined, as scopes and waivers look at it.
pub(crate) struct View<'a> {
    pub(crate) facts: &'a Facts<'a>,
    /// What the user says that the target is, in every spelling.
    pub(crate) purls: Vec<String>,
    models: HashMap<&'a RawName, &'a ModelFile>,
}

impl<'a> View<'a> {
    pub(crate) fn of(facts: &'a Facts<'a>, purl: Option<&str>) -> Self {
        Self {
            facts,
            purls: purl.map_or_else(Vec::new, |purl| {
                let mut purls = vec![purl.to_owned()];
                purls.extend(spellings(purl));
                purls
            }),
            models: facts
                .models
                .iter()
                .map(|model| (&model.name, model))
                .collect(),
        }
    }
}

/// A purl as it is and in its canonical form; empty if it is none.
pub(crate) fn spellings(text: &str) -> Vec<String> {
    match Purl::parse(text) {
        Ok(purl) => vec![text.to_owned(), purl.canonical()],
        Err(_) => Vec::new(),
    }
}

pub(crate) fn matches_any(patterns: &[TextPattern], texts: &[String]) -> bool {
    let mut patterns = patterns.iter();
    patterns.any(|pattern| texts.iter().any(|text| pattern.matches(text)))
}

/// Reads `applies-to`.
pub(crate) fn read(value: Value<'_>, problems: &mut Vec<Problem>) -> Option<Scope> {
    let mut section = document::table(value, problems)?;
    let several = |value: Option<Value<'_>>, problems: &mut Vec<Problem>| {
        value.map_or_else(Vec::new, |value| document::one_or_several(value, problems))
    };
    let kinds = several(section.optional("kind"), problems);
    let path = section.optional("path");
    let paths = several(path, problems);
    let purls = several(section.optional("purl"), problems);
    let formats = several(section.optional("format"), problems);
    section.refuse_rest(problems);
    let mut scope = Scope {
        description: describe(&[
            ("kind", &kinds),
            ("path", &paths),
            ("purl", &purls),
            ("format", &formats),
        ]),
        path: path
            .filter(|_| !paths.is_empty())
            .and_then(|_| globs(&paths, problems)),
        ..Scope::default()
    };
    read_kinds(kinds, &mut scope, problems);
    for (text, span) in purls {
        match purl_pattern(&text) {
            Ok(pattern) => scope.purl.push(pattern),
            Err(message) => problems.push(Problem::new(span, message)),
        }
    }
    for (text, span) in formats {
        match FORMATS.iter().find(|format| format.name == text) {
            Some(format) => scope.formats.push(format.name),
            None => {
                let problem = Problem::new(span, format!("unknown format `{text}`"));
                let names = FORMATS.iter().map(|format| format.name);
                problems.push(match nearest(&text, names) {
                    Some(name) => problem.with_help(format!("did you mean `{name}`?")),
                    None => problem.with_help("`bonafide formats` lists them"),
                });
            }
        }
    }
    Some(scope)
}

fn read_kinds(kinds: Texts, scope: &mut Scope, problems: &mut Vec<Problem>) {
    for (text, span) in kinds {
        if text == "!artifact" {
            scope.without_artifact = true;
            continue;
        }
        match ComponentKind::ALL
            .into_iter()
            .find(|kind| kind.name() == text)
        {
            Some(kind) => scope.kinds.push(kind),
            None => {
                let names = ComponentKind::ALL.map(ComponentKind::name).join("`, `");
                problems.push(
                    Problem::new(span, format!("unknown kind `{text}`")).with_help(format!(
                        "`{names}`, or `!artifact` to leave out what is about the artifact as a whole"
                    )),
                );
            }
        }
    }
    if scope.without_artifact && scope.kinds.contains(&ComponentKind::Artifact) {
        scope.without_artifact = false;
    }
}

/// A glob of package URLs.
pub(crate) fn purl_pattern(text: &str) -> Result<TextPattern, String> {
    if !text.starts_with("pkg:") {
        return Err(format!(
            "`{text}` is no package URL: it does not begin with `pkg:`"
        ));
    }
    TextPattern::glob(text).map_err(|error| error.to_string())
}

/// Globs over names of files; what is wrong with one is said of that one.
pub(crate) fn globs(texts: &Texts, problems: &mut Vec<Problem>) -> Option<Globs> {
    let mut sound = true;
    for (text, span) in texts {
        if let Err(error) = Globs::deserialize(serde_json::json!([text])) {
            problems.push(Problem::new(span.clone(), error.to_string()));
            sound = false;
        }
    }
    let all: Vec<&str> = texts.iter().map(|(text, _)| text.as_str()).collect();
    if !sound {
        return None;
    }
    Globs::deserialize(serde_json::json!(all))
        .map_err(|error| {
            let span = texts.first().map_or(0..0, |(_, span)| span.clone());
            problems.push(Problem::new(span, error.to_string()));
        })
        .ok()
}

fn describe(parts: &[(&str, &Texts)]) -> Option<String> {
    let parts: Vec<String> = parts
        .iter()
        .filter(|(_, texts)| !texts.is_empty())
        .map(|(key, texts)| {
            let texts: Vec<String> = texts
                .iter()
                .map(|(text, _)| format!("`{}`", RawName::from(text.as_str())))
                .collect();
            format!("{key} {}", texts.join(" or "))
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
