//! `[[control]]`: a demand.

use std::ops::Range;

use bonafide_checks::{CHECKS, Check, Prepared};
use bonafide_core::Level;
use jiff::civil::Date;

use crate::document::{self, Section, Texts, Value};
use crate::nearest::nearest;
use crate::node::Node;
use crate::problem::{Place, Problem};
use crate::scope::{self, Scope};

/// A demand: a check, ready to run, and what its outcome weighs.
pub struct Control {
    /// Its name; the slug of the check unless the policy gives another.
    pub id: String,
    /// The check.
    pub check: &'static Check,
    /// What its outcome weighs.
    pub level: Level,
    /// First day on which `deny` weighs that; `warn` before.
    pub effective_on: Option<Date>,
    /// Which findings it is about.
    pub scope: Scope,
    /// Why the author wants it.
    pub reason: Option<String>,
    /// Provisions that it speaks to, by the id of the requirement.
    pub requirements: Vec<String>,
    /// The parameters of the check, as the policy gives them.
    pub parameters: serde_json::Value,
    /// The check with the policy's parameters.
    pub prepared: Prepared,
    pub(crate) named: Texts,
    pub(crate) place: Place,
}

impl std::fmt::Debug for Control {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Control")
            .field("id", &self.id)
            .field("check", &self.check.slug)
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}

impl Control {
    /// What it weighs on a day.
    #[must_use]
    pub fn level_on(&self, today: Date) -> Level {
        match self.effective_on {
            Some(day) if today < day => self.level.min(Level::Warn),
            _ => self.level,
        }
    }
}

/// Keys of a control that do not belong to its check, in the order of the documentation.
pub(crate) const KEYS: [&str; 7] = [
    "id",
    "check",
    "level",
    "effective-on",
    "applies-to",
    "requirements",
    "reason",
];

/// Reads `[[control]]`.
pub(crate) fn read(value: Value<'_>, problems: &mut Vec<Problem>) -> Vec<Control> {
    let mut controls: Vec<Control> = Vec::new();
    let Some(list) = value.as_list() else {
        problems.push(document::wrong_type(
            value,
            "an array of tables (`[[control]]`)",
        ));
        return controls;
    };
    if list.is_empty() {
        problems.push(Problem::new(
            value.span(),
            "no control, so the policy would allow everything",
        ));
    }
    for element in list {
        let Some(section) = document::table(element, problems) else {
            continue;
        };
        let Some((control, span)) = read_one(section, element, problems) else {
            continue;
        };
        if controls.iter().any(|known| known.id == control.id) {
            let problem = if control.id == control.check.slug {
                Problem::new(
                    span,
                    format!("`{}` already has a control above", control.id),
                )
                .with_help("give one of them another `id`")
            } else {
                Problem::new(span, format!("two controls have the id `{}`", control.id))
            };
            problems.push(problem);
            continue;
        }
        controls.push(control);
    }
    controls
}

fn read_one(
    mut section: Section<'_>,
    element: &Node,
    problems: &mut Vec<Problem>,
) -> Option<(Control, Range<usize>)> {
    let id = section.optional_text("id", problems);
    let check = section.required_text("check", problems);
    let level = section.required_text("level", problems);
    let level = level.and_then(|(text, span)| read_level(text, span, problems));
    let effective = section.optional("effective-on");
    let effective_on = effective.and_then(|value| document::date(value, problems));
    let scope = section.optional("applies-to");
    let scope = match scope {
        Some(value) => scope::read(value, problems),
        None => Some(Scope::default()),
    };
    let named = section.optional("requirements");
    let named = named.map_or_else(Vec::new, |value| document::texts(value, problems));
    let reason = match section.optional("reason") {
        Some(_) => section.required_words("reason", problems),
        None => None,
    };
    if let (Some(value), Some(Level::Warn | Level::Audit)) = (effective, level) {
        problems.push(
            Problem::new(value.span(), "only `deny` becomes effective on a day")
                .with_help("until then it weighs `warn`; write `level = \"deny\"`"),
        );
    }
    let (slug, slug_span) = check?;
    let Some(check) = bonafide_checks::find(slug) else {
        problems.push(unknown_check(slug, slug_span));
        return None;
    };
    let (id, id_span) = id.unwrap_or((check.slug, slug_span));
    if !is_id(id) {
        problems.push(
            Problem::new(id_span.clone(), format!("`{}` is no id", id.escape_debug()))
                .with_help("lower-case letters, digits, `.` and `-`, at most 100"),
        );
    }
    let (parameters, prepared) = read_parameters(&section, element, check, problems)?;
    let control = Control {
        id: id.to_owned(),
        check,
        level: level?,
        effective_on,
        scope: scope?,
        reason,
        requirements: named.iter().map(|(name, _)| name.clone()).collect(),
        parameters,
        prepared,
        named,
        place: Place::at(section.span.clone()),
    };
    Some((control, id_span))
}

/// True for a name of a control, of a waiver or of a package with its rule.
pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 100
        && text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'-'
        })
}

/// What an outcome weighs.
pub(crate) fn read_level(
    text: &str,
    span: Range<usize>,
    problems: &mut Vec<Problem>,
) -> Option<Level> {
    match text {
        "deny" => Some(Level::Deny),
        "warn" => Some(Level::Warn),
        "audit" => Some(Level::Audit),
        _ => {
            problems.push(
                Problem::new(span, format!("unknown level `{text}`"))
                    .with_help("`deny`, `warn` or `audit`"),
            );
            None
        }
    }
}

/// What is left of a control belongs to its check.
fn read_parameters(
    section: &Section<'_>,
    element: &Node,
    check: &'static Check,
    problems: &mut Vec<Problem>,
) -> Option<(serde_json::Value, Prepared)> {
    let mut parameters = serde_json::Map::new();
    for (key, value) in section.rest() {
        let name = key.text.as_str();
        let mut known = check.parameters.iter().map(|parameter| parameter.name);
        if known.any(|known| known == name) {
            parameters.insert(name.to_owned(), value.json());
            continue;
        }
        let known: Vec<&str> = check
            .parameters
            .iter()
            .map(|parameter| parameter.name)
            .collect();
        let help = if known.is_empty() {
            format!("`{}` takes no parameters", check.slug)
        } else {
            format!("`{}` takes `{}`", check.slug, known.join("`, `"))
        };
        let help = match nearest(name, KEYS.into_iter()) {
            Some(near) => format!("did you mean `{near}`? {help}"),
            None => help,
        };
        problems.push(
            Problem::new(key.span.clone(), format!("unknown parameter `{name}`")).with_help(help),
        );
    }
    let parameters = serde_json::Value::from(parameters);
    let prepared = (check.prepare)(parameters.clone())
        .map_err(|error| {
            let span = element.locate(&error.path);
            problems.push(Problem::new(span, error.message));
        })
        .ok()?;
    Some((parameters, prepared))
}

fn unknown_check(slug: &str, span: Range<usize>) -> Problem {
    let problem = Problem::new(span, format!("unknown check `{slug}`"));
    match nearest(slug, CHECKS.iter().map(|check| check.slug)) {
        Some(nearest) => problem.with_help(format!("did you mean `{nearest}`?")),
        None => problem.with_help("`bonafide checks` lists them"),
    }
}

#[cfg(test)]
mod tests {
    use bonafide_checks::CHECKS;

    /// A key of every control would take the place of a parameter of the same name.
    #[test]
    fn no_check_has_a_parameter_that_controls_have() {
        for check in CHECKS {
            for parameter in check.parameters {
                let taken = super::KEYS.contains(&parameter.name);
                assert!(!taken, "{}: {}", check.slug, parameter.name);
            }
        }
    }
}
