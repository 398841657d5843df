//! `[[custom]]`: rules in Rego that the policy brings along. They are read and run
//! elsewhere; here stands which files they are in and what they weigh.

use std::path::{Path, PathBuf};

use bonafide_core::Level;

use crate::control::read_level;
use crate::document::{self, Section, Texts, Value};
use crate::problem::{Place, Problem};

/// Custom rules of one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomRules {
    /// Its name: `acme` stands for `data.bonafide.acme`.
    pub package: String,
    /// Files with its rules, at least one; from where the run stands.
    pub files: Vec<PathBuf>,
    /// JSON files that its rules find below `data`; from where the run stands.
    pub data: Vec<PathBuf>,
    /// What its `deny` weighs. Its `warn` weighs [`Level::Warn`] at most.
    pub level: Level,
    /// Provisions that it speaks to, by the id of the requirement.
    pub requirements: Vec<String>,
    pub(crate) named: Texts,
    pub(crate) place: Place,
}

/// Reads `[[custom]]`.
pub(crate) fn read(value: Value<'_>, problems: &mut Vec<Problem>) -> Vec<CustomRules> {
    let mut rules: Vec<CustomRules> = Vec::new();
    for section in document::tables(value, problems) {
        let span = section.span.clone();
        let Some(read) = read_one(section, problems) else {
            continue;
        };
        if rules.iter().any(|known| known.package == read.package) {
            problems.push(Problem::new(
                span,
                format!("package `{}` is named twice", read.package),
            ));
            continue;
        }
        rules.push(read);
    }
    rules
}

fn read_one(mut section: Section<'_>, problems: &mut Vec<Problem>) -> Option<CustomRules> {
    let package = section.required_text("package", problems);
    let files = section.required("files", problems);
    let files = files.map(|value| (document::texts(value, problems), value.span()));
    let data = section.optional("data");
    let data = data.map(|value| document::texts(value, problems));
    let level = section.optional("deny");
    let level = level
        .and_then(|value| document::text(value, problems))
        .and_then(|(text, span)| read_level(text, span, problems));
    let requirements = section.optional("requirements");
    let requirements = requirements.map(|value| document::texts(value, problems));
    section.refuse_rest(problems);
    let (package, package_span) = package?;
    if !is_package(package) {
        problems.push(
            Problem::new(package_span, format!("`{package}` is no name of a package"))
                .with_help("lower-case letters, digits and `_`, beginning with a letter"),
        );
    }
    let (files, files_span) = files?;
    if files.is_empty() {
        problems.push(Problem::new(files_span, "no file holds the rules"));
    }
    let paths = |texts: Texts| texts.into_iter().map(|(text, _)| text.into()).collect();
    let named = requirements.unwrap_or_default();
    Some(CustomRules {
        package: package.to_owned(),
        files: paths(files),
        data: data.map_or_else(Vec::new, paths),
        level: level.unwrap_or(Level::Deny),
        requirements: named.iter().map(|(name, _)| name.clone()).collect(),
        named,
        place: Place::at(section.span.clone()),
    })
}

impl CustomRules {
    /// Lets its paths start from a folder.
    pub(crate) fn start_from(&mut self, directory: &Path) {
        for path in self.files.iter_mut().chain(&mut self.data) {
            *path = directory.join(&*path);
        }
    }
}

fn is_package(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
