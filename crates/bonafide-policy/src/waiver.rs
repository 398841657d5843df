//! Waivers: findings that somebody answers for, until a day.
//!
//! They stand in policies (`[[waiver]]`) and in files of their own, which begin with
//! `[waivers]`. Every field is mandatory: a waiver without a reason, an owner or an end is
//! a hole in the policy.

use std::ops::Range;

use bonafide_attest::TextPattern;
use bonafide_checks::Globs;
use bonafide_core::{Algorithm, Digest, RawName};
use jiff::civil::Date;

use crate::control::is_id;
use crate::document::{self, Section, Value};
use crate::nearest::nearest;
use crate::node::Node;
use crate::problem::{Place, Problem};
use crate::scope;
use crate::trust::check_printable;

/// Most waivers of a policy, and of one file.
pub(crate) const MOST_WAIVERS: usize = 10_000;

/// A waiver.
#[derive(Debug)]
pub struct Waiver {
    /// Its name, in reports.
    pub id: String,
    /// The control whose findings it waives: its id, the slug of its check, or
    /// `PACKAGE.CODE` of a custom rule.
    pub control: String,
    /// What the findings have to be about.
    pub subject: WaiverSubject,
    /// Only findings about files with such a name.
    pub path: Option<Globs>,
    /// Only findings of this rule about model files.
    pub rule: Option<String>,
    /// Last day (UTC).
    pub until: Date,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Who agreed.
    pub approved_by: String,
    /// The policy or file that it stands in.
    pub source: String,
    pub(crate) control_span: Range<usize>,
    pub(crate) until_span: Range<usize>,
    pub(crate) place: Place,
}

/// What a waiver is about.
#[derive(Debug, Clone)]
pub enum WaiverSubject {
    /// Bytes: of a file, or of the whole artifact by its OMS root.
    Digest(Digest),
    /// Whatever has such a package URL: the target, or an artifact that it comes from.
    Purl {
        /// As it is written.
        text: String,
        /// What it matches.
        pattern: TextPattern,
    },
}

impl std::fmt::Display for WaiverSubject {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Digest(digest) => std::fmt::Display::fmt(digest, formatter),
            Self::Purl { text, .. } => {
                std::fmt::Display::fmt(&RawName::from(text.as_str()), formatter)
            }
        }
    }
}

/// A file of waivers.
#[derive(Debug)]
pub struct WaiverFile {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: semver::Version,
    /// What is in it.
    pub waivers: Vec<Waiver>,
    pub(crate) expires: Option<(Date, Range<usize>)>,
}

impl WaiverFile {
    /// Last day on which it is valid (UTC).
    #[must_use]
    pub fn expires(&self) -> Option<Date> {
        self.expires.as_ref().map(|(date, _)| *date)
    }
}

/// Reads a file of waivers.
pub(crate) fn read_file(
    root: &Node,
    source: &str,
    problems: &mut Vec<Problem>,
) -> Option<WaiverFile> {
    let mut document = Section::root(root);
    let header = document
        .required("waivers", problems)
        .and_then(|value| document::table(value, problems));
    let waivers = match document.optional("waiver") {
        Some(value) => read(value, source, problems),
        // There may be nothing to waive any more.
        None => Vec::new(),
    };
    document.refuse_rest(problems);
    let mut header = header?;
    let name = header.required_text("name", problems);
    let version = read_version(&mut header, problems);
    header.optional_text("description", problems);
    let expires = header.optional("expires");
    let expires = expires.and_then(|value| Some((document::date(value, problems)?, value.span())));
    header.refuse_rest(problems);
    let (name, name_span) = name?;
    check_printable(name, name_span, problems);
    Some(WaiverFile {
        name: name.to_owned(),
        version: version?,
        expires,
        waivers,
    })
}

/// Takes the mandatory semantic version.
pub(crate) fn read_version(
    header: &mut Section<'_>,
    problems: &mut Vec<Problem>,
) -> Option<semver::Version> {
    let (text, span) = header.required_text("version", problems)?;
    semver::Version::parse(text)
        .map_err(|error| {
            problems.push(
                Problem::new(span, format!("not a semantic version: {error}"))
                    .with_help("write it as `1.0.0`"),
            );
        })
        .ok()
}

/// Reads `[[waiver]]`.
pub(crate) fn read(value: Value<'_>, source: &str, problems: &mut Vec<Problem>) -> Vec<Waiver> {
    let sections = document::tables(value, problems);
    if sections.len() > MOST_WAIVERS {
        problems.push(Problem::new(
            value.span(),
            format!("{} waivers, more than {MOST_WAIVERS}", sections.len()),
        ));
        return Vec::new();
    }
    let waivers = sections.into_iter();
    waivers
        .filter_map(|section| read_one(section, source, problems))
        .collect()
}

fn read_one(mut section: Section<'_>, source: &str, problems: &mut Vec<Problem>) -> Option<Waiver> {
    let id = section.required_text("id", problems);
    let control = section.required_text("control", problems);
    let subject = section.required_text("subject", problems);
    let until = section.required("until", problems);
    let reason = section.required_words("reason", problems);
    let owner = section.required_words("owner", problems);
    let approved_by = section.required_words("approved-by", problems);
    let path = section.optional("path");
    let path = path.map(|value| {
        let texts = document::one_or_several(value, problems);
        scope::globs(&texts, problems)
    });
    let rule = section.optional_text("rule", problems);
    section.refuse_rest(problems);

    let until_span = until.map_or(0..0, Node::span);
    let until = until.and_then(|value| document::date(value, problems));
    if let Some((id, span)) = &id {
        check_printable(id, span.clone(), problems);
        if id.len() > 100 {
            problems.push(Problem::new(
                span.clone(),
                "the id is longer than 100 bytes",
            ));
        }
    }
    let subject = subject.and_then(|(text, span)| read_subject(text, span, problems));
    if let Some((control, span)) = &control
        && !is_control(control)
    {
        let message = format!("`{}` is no id of a control", control.escape_debug());
        problems.push(Problem::new(span.clone(), message));
    }
    if let Some((rule, span)) = &rule
        && bonafide_format::rule(rule).is_none()
    {
        let problem = Problem::new(span.clone(), format!("unknown rule `{rule}`"));
        let rules = bonafide_format::rules().map(|rule| rule.slug);
        problems.push(match nearest(rule, rules) {
            Some(name) => problem.with_help(format!("did you mean `{name}`?")),
            None => problem.with_help("`bonafide rules` lists them"),
        });
    }
    let (control, control_span) = control?;
    // A narrower waiver whose narrowing cannot be read must not become a wider one.
    let path = match path {
        Some(globs) => Some(globs?),
        None => None,
    };
    Some(Waiver {
        id: id?.0.to_owned(),
        control: control.to_owned(),
        subject: subject?,
        path,
        rule: rule.map(|(rule, _)| rule.to_owned()),
        until: until?,
        reason: reason?,
        owner: owner?,
        approved_by: approved_by?,
        source: source.to_owned(),
        control_span,
        until_span,
        place: Place::at(section.span.clone()),
    })
}

/// An id, or a package with a code of its rules, which may be in any letters.
fn is_control(text: &str) -> bool {
    is_id(text)
        || (text.len() <= 200
            && text.split_once('.').is_some_and(|(package, code)| {
                !package.is_empty()
                    && !code.is_empty()
                    && text
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
            }))
}

fn read_subject(
    text: &str,
    span: Range<usize>,
    problems: &mut Vec<Problem>,
) -> Option<WaiverSubject> {
    if let Some(hex) = text.strip_prefix("sha256:") {
        return Digest::from_hex(Algorithm::Sha256, hex)
            .map(WaiverSubject::Digest)
            .map_err(|error| problems.push(Problem::new(span, error.to_string())))
            .ok();
    }
    if !text.starts_with("pkg:") {
        problems.push(
            Problem::new(span, format!("`{}` is no subject", text.escape_debug())).with_help(
                "`sha256:…` of a file or of the artifact's root, or a package URL such as `pkg:huggingface/acme/model@*`",
            ),
        );
        return None;
    }
    // `pkg:*` would be a waiver for everybody.
    let kind = text
        .trim_start_matches("pkg:")
        .split('/')
        .next()
        .unwrap_or_default();
    if kind.is_empty() || kind.contains(['*', '?', '{']) || !text.contains('/') {
        problems.push(
            Problem::new(
                span,
                "the subject does not say of which type the package is",
            )
            .with_help("begin it as `pkg:huggingface/acme/`"),
        );
        return None;
    }
    match scope::purl_pattern(text) {
        Ok(pattern) => Some(WaiverSubject::Purl {
            text: text.to_owned(),
            pattern,
        }),
        Err(message) => {
            problems.push(Problem::new(span, message));
            None
        }
    }
}
