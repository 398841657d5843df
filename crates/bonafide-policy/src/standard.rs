//! `[[standard]]` and `[[requirement]]`: provisions that the policy names.

use std::ops::Range;

use bonafide_core::RequirementClass;

use crate::document::{self, Section, Texts, Value};
use crate::problem::{Place, Problem};
use crate::trust::check_printable;

/// A collection of provisions, in a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standard {
    /// Short name, such as `aisvs`.
    pub id: String,
    /// Its title.
    pub name: String,
    /// Version or year.
    pub version: String,
    /// Who issues it.
    pub owner: String,
    /// Where it can be read.
    pub url: Option<String>,
    pub(crate) place: Place,
}

/// A provision, as something that can be tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Identifier, of all standards together.
    pub id: String,
    /// Id of the standard.
    pub standard: String,
    /// Short title.
    pub title: String,
    /// What is tested: input, procedure, expected result.
    pub assertion: String,
    /// How it can be shown.
    pub class: RequirementClass,
    /// What even a pass does not show.
    pub limit: String,
    /// Controls that speak to it, by their ids or by the slugs of their checks; controls can
    /// name it as well.
    pub checks: Vec<String>,
    pub(crate) standard_span: Range<usize>,
    pub(crate) named: Texts,
    pub(crate) place: Place,
}

/// Reads `[[standard]]`.
pub(crate) fn read_standards(value: Value<'_>, problems: &mut Vec<Problem>) -> Vec<Standard> {
    let mut standards: Vec<Standard> = Vec::new();
    for section in document::tables(value, problems) {
        let span = section.span.clone();
        let Some(standard) = read_standard(section, problems) else {
            continue;
        };
        if standards.iter().any(|known| known.id == standard.id) {
            let message = format!("two standards have the id `{}`", standard.id);
            problems.push(Problem::new(span, message));
            continue;
        }
        standards.push(standard);
    }
    standards
}

fn read_standard(mut section: Section<'_>, problems: &mut Vec<Problem>) -> Option<Standard> {
    let id = printable(&mut section, "id", problems);
    let name = printable(&mut section, "name", problems);
    let version = printable(&mut section, "version", problems);
    let owner = printable(&mut section, "owner", problems);
    let url = section.optional_text("url", problems);
    section.refuse_rest(problems);
    if let Some((url, span)) = &url
        && !url.starts_with("https://")
    {
        problems.push(Problem::new(span.clone(), "not an `https://` address"));
    }
    Some(Standard {
        id: id?.0,
        name: name?.0,
        version: version?.0,
        owner: owner?.0,
        url: url.map(|(url, _)| url.to_owned()),
        place: Place::at(section.span.clone()),
    })
}

fn printable(
    section: &mut Section<'_>,
    key: &'static str,
    problems: &mut Vec<Problem>,
) -> Option<(String, Range<usize>)> {
    let (text, span) = section.required_text(key, problems)?;
    check_printable(text, span.clone(), problems);
    Some((text.to_owned(), span))
}

/// Reads `[[requirement]]`.
pub(crate) fn read_requirements(value: Value<'_>, problems: &mut Vec<Problem>) -> Vec<Requirement> {
    let mut requirements: Vec<Requirement> = Vec::new();
    for section in document::tables(value, problems) {
        let span = section.span.clone();
        let Some(requirement) = read_requirement(section, problems) else {
            continue;
        };
        if requirements.iter().any(|known| known.id == requirement.id) {
            let message = format!("two requirements have the id `{}`", requirement.id);
            problems.push(Problem::new(span, message));
            continue;
        }
        requirements.push(requirement);
    }
    requirements
}

fn read_requirement(mut section: Section<'_>, problems: &mut Vec<Problem>) -> Option<Requirement> {
    let standard = printable(&mut section, "standard", problems);
    let id = printable(&mut section, "id", problems);
    let title = printable(&mut section, "title", problems);
    let assertion = section.required_words("assertion", problems);
    section.required("class", problems);
    let class = section.choice(
        "class",
        &[
            ("automated", RequirementClass::Automated),
            ("attestation", RequirementClass::Attestation),
            ("document", RequirementClass::Document),
            ("outside", RequirementClass::Outside),
        ],
        problems,
    );
    let limit = section.required_words("limit", problems);
    let named = section.optional("checks");
    let named = named.map_or_else(Vec::new, |value| document::texts(value, problems));
    section.refuse_rest(problems);
    let (standard, standard_span) = standard?;
    Some(Requirement {
        id: id?.0,
        standard,
        title: title?.0,
        assertion: assertion?,
        class: class?,
        limit: limit?,
        checks: named.iter().map(|(name, _)| name.clone()).collect(),
        standard_span,
        named,
        place: Place::at(section.span.clone()),
    })
}
