//! One file of a policy: everything that it says, before it is laid over others.

use std::ops::Range;
use std::path::{Path, PathBuf};

use bonafide_core::Mode;
use jiff::civil::Date;

use crate::control::{self, Control};
use crate::custom::{self, CustomRules};
use crate::document::{self, Section};
use crate::node::Node;
use crate::problem::{PolicyError, Problem};
use crate::role::{self, RoleSection};
use crate::standard::{self, Requirement, Standard};
use crate::trust::{self, TrustSection, check_printable};
use crate::waiver::{self, Waiver};
use crate::{certificate_rules, node};

/// Most files of waivers that one file names.
const MOST_WAIVER_FILES: usize = 64;

/// What happens to a file to which no control applies that has weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NoMatch {
    /// It denies.
    #[default]
    Deny,
    /// It warns.
    Warn,
    /// Nothing.
    Allow,
}

impl NoMatch {
    /// Its name in policies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Warn => "warn",
            Self::Allow => "allow",
        }
    }
}

/// The text of a policy or of a file of waivers, and where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyText {
    /// How it is called in errors and reports. `….yaml` and `….yml` are YAML.
    pub origin: String,
    /// What is in it.
    pub text: String,
    /// Folder from which its paths start.
    pub directory: PathBuf,
    /// The same for the same file, however it is reached.
    pub identity: String,
}

impl PolicyText {
    /// An error that shows these problems in this text.
    pub(crate) fn error(&self, mut problems: Vec<Problem>) -> PolicyError {
        problems.sort_by_key(|problem| problem.span.start);
        PolicyError {
            origin: self.origin.clone(),
            text: self.text.clone(),
            problems,
        }
    }

    /// Reads it with a function that notes problems.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Node, &mut Vec<Problem>) -> Option<T>,
    ) -> Result<T, PolicyError> {
        let mut problems = Vec::new();
        let root = node::Syntax::of(&self.origin).read(&self.text, &mut problems);
        let read = match root {
            Some(root) if problems.is_empty() => read(&root, &mut problems),
            _ => None,
        };
        match read {
            Some(read) if problems.is_empty() => Ok(read),
            _ => Err(self.error(problems)),
        }
    }
}

/// `[policy]`.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) version: semver::Version,
    pub(crate) description: Option<String>,
    pub(crate) expires: Option<(Date, Range<usize>)>,
    pub(crate) minimum: Option<semver::Version>,
    pub(crate) extends: document::Texts,
    pub(crate) mode: Option<Mode>,
    pub(crate) no_match: Option<NoMatch>,
    pub(crate) horizon: Option<u32>,
    pub(crate) waiver_files: document::Texts,
}

/// All that one file says.
#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) header: Header,
    pub(crate) trust: TrustSection,
    pub(crate) roles: Vec<RoleSection>,
    pub(crate) controls: Vec<Control>,
    pub(crate) custom: Vec<CustomRules>,
    pub(crate) waivers: Vec<Waiver>,
    pub(crate) standards: Vec<Standard>,
    pub(crate) requirements: Vec<Requirement>,
}

/// Reads one file.
pub(crate) fn read(root: &Node, origin: &str, problems: &mut Vec<Problem>) -> Option<Layer> {
    let mut document = Section::root(root);
    let header = document
        .required("policy", problems)
        .and_then(|value| document::table(value, problems));
    let header = match header {
        Some(section) => match read_header(section, problems) {
            HeaderRead::Read(header) => Some(*header),
            HeaderRead::Unusable => None,
            // What a newer language says cannot be judged by this one.
            HeaderRead::TooNew => return None,
        },
        None => None,
    };
    let trust = match document.optional("trust") {
        Some(value) => trust::read(value, problems),
        None => TrustSection::default(),
    };
    let roles = document.optional("role");
    let roles = roles.map_or_else(Vec::new, |value| role::read(value, problems));
    let controls = document.optional("control");
    let controls = controls.map_or_else(Vec::new, |value| control::read(value, problems));
    let custom = document.optional("custom");
    let custom = custom.map_or_else(Vec::new, |value| custom::read(value, problems));
    let waivers = document.optional("waiver");
    let waivers = waivers.map_or_else(Vec::new, |value| waiver::read(value, origin, problems));
    let standards = document.optional("standard");
    let standards =
        standards.map_or_else(Vec::new, |value| standard::read_standards(value, problems));
    let requirements = document.optional("requirement");
    let requirements = requirements.map_or_else(Vec::new, |value| {
        standard::read_requirements(value, problems)
    });
    document.refuse_rest(problems);
    Some(Layer {
        header: header?,
        trust,
        roles,
        controls,
        custom,
        waivers,
        standards,
        requirements,
    })
}

/// How reading `[policy]` ended.
enum HeaderRead {
    Read(Box<Header>),
    Unusable,
    TooNew,
}

fn read_header(mut header: Section<'_>, problems: &mut Vec<Problem>) -> HeaderRead {
    let before = problems.len();
    let minimum = header.optional_text("minimum-tool-version", problems);
    let minimum = minimum.and_then(|(text, span)| read_minimum(text, span, problems));
    if let Some(Err(problem)) = minimum {
        problems.truncate(before);
        problems.push(problem);
        return HeaderRead::TooNew;
    }
    let name = header.required_text("name", problems);
    let version = waiver::read_version(&mut header, problems);
    let expires = header.optional("expires");
    let expires_read = expires.map(|value| (document::date(value, problems), value.span()));
    let description = header.optional_text("description", problems);
    if let Some((text, span)) = &description {
        document::check_lines("description", text, span.clone(), problems);
    }
    let extends = header.optional("extends");
    let extends = extends.map_or_else(Vec::new, |value| document::texts(value, problems));
    let mode = header.choice(
        "mode",
        &[
            ("enforce", Mode::Enforce),
            ("warn", Mode::Warn),
            ("audit", Mode::Audit),
        ],
        problems,
    );
    let no_match = header.choice(
        "no-match",
        &[
            ("deny", NoMatch::Deny),
            ("warn", NoMatch::Warn),
            ("allow", NoMatch::Allow),
        ],
        problems,
    );
    let horizon = header.optional("waiver-horizon-days");
    let horizon = horizon.and_then(|value| certificate_rules::read_days(value, problems));
    let waiver_files = header.optional("waiver-files");
    let waiver_files = waiver_files.map_or_else(Vec::new, |value| document::texts(value, problems));
    header.refuse_rest(problems);
    if let Some((_, span)) = waiver_files.get(MOST_WAIVER_FILES) {
        let message = format!("more than {MOST_WAIVER_FILES} files of waivers");
        problems.push(Problem::new(span.clone(), message));
    }
    for (text, span) in extends.iter().chain(&waiver_files) {
        if text.trim().is_empty() {
            problems.push(Problem::new(span.clone(), "it names nothing"));
        }
    }
    let Some((name, name_span)) = name else {
        return HeaderRead::Unusable;
    };
    check_printable(name, name_span, problems);
    let (Some(version), None | Some((Some(_), _))) = (version, &expires_read) else {
        return HeaderRead::Unusable;
    };
    HeaderRead::Read(Box::new(Header {
        name: name.to_owned(),
        version,
        description: description.map(|(text, _)| text.to_owned()),
        expires: expires_read.and_then(|(date, span)| Some((date?, span))),
        minimum: minimum.and_then(Result::ok),
        extends,
        mode,
        no_match,
        horizon,
        waiver_files,
    }))
}

/// The version of the tool that a policy asks for, or that this one is too old.
fn read_minimum(
    text: &str,
    span: Range<usize>,
    problems: &mut Vec<Problem>,
) -> Option<Result<semver::Version, Problem>> {
    let minimum = match semver::Version::parse(text) {
        Ok(minimum) => minimum,
        Err(error) => {
            problems.push(
                Problem::new(span, format!("not a semantic version: {error}"))
                    .with_help("write it as `1.0.0`"),
            );
            return None;
        }
    };
    let own = semver::Version::parse(env!("CARGO_PKG_VERSION")).ok()?;
    if minimum <= own {
        return Some(Ok(minimum));
    }
    let message = format!("the policy asks for bonafide {minimum} or later, and this is {own}");
    Some(Err(Problem::new(span, message).with_help(
        "install a newer bonafide; what this policy demands may be unknown to this one",
    )))
}

impl Layer {
    /// Everything in it that names a file.
    pub(crate) fn paths(&self) -> Vec<Range<usize>> {
        let sources = self.trust.sources.iter();
        let sources = sources.filter(|source| matches!(source.material, trust::Material::File(_)));
        let roots = self.trust.identities.roots.iter();
        let lists = &self.trust.certificates;
        let places = sources
            .map(|source| &source.place)
            .chain(
                roots
                    .filter(|root| root.file.is_some())
                    .map(|root| &root.place),
            )
            .chain(lists.revocation_lists.iter().map(|list| &list.place))
            .chain(lists.deny_lists.iter().map(|list| &list.place))
            .chain(self.custom.iter().map(|rules| &rules.place));
        let waivers = self.header.waiver_files.iter();
        places
            .map(|place| place.span.clone())
            .chain(waivers.map(|(_, span)| span.clone()))
            .collect()
    }

    /// Tells everything in it which file it stands in, and lets paths start there.
    pub(crate) fn settle(&mut self, layer: usize, directory: &Path) {
        for source in &mut self.trust.sources {
            source.place.layer = layer;
            if let trust::Material::File(path) = &mut source.material {
                path.start_from(directory);
            }
        }
        for (_, place) in &mut self.trust.identities.identities {
            place.layer = layer;
        }
        for root in &mut self.trust.identities.roots {
            root.place.layer = layer;
            if let Some(path) = &mut root.file {
                path.start_from(directory);
            }
        }
        for list in &mut self.trust.certificates.revocation_lists {
            list.place.layer = layer;
            list.path.start_from(directory);
        }
        for list in &mut self.trust.certificates.deny_lists {
            list.place.layer = layer;
            list.path.start_from(directory);
        }
        for role in &mut self.roles {
            role.place.layer = layer;
        }
        for control in &mut self.controls {
            control.place.layer = layer;
        }
        for rules in &mut self.custom {
            rules.place.layer = layer;
            rules.start_from(directory);
        }
        for waiver in &mut self.waivers {
            waiver.place.layer = layer;
        }
        for standard in &mut self.standards {
            standard.place.layer = layer;
        }
        for requirement in &mut self.requirements {
            requirement.place.layer = layer;
        }
    }
}
