//! Roles: who has to have signed, and how many of them.

use std::collections::HashSet;

use bonafide_checks::{Attests, Globs, Role};
use serde::Deserialize as _;

use crate::document::{self, Section, Texts, Value};
use crate::problem::{Place, Problem};
use crate::trust::check_printable;

/// A role as it is written. Whether those that it names are there is known when all files
/// are read.
#[derive(Debug)]
pub(crate) struct RoleSection {
    pub(crate) role: Role,
    pub(crate) place: Place,
    signers: Texts,
    distinct: Texts,
}

/// Reads `[[role]]`.
pub(crate) fn read(value: Value<'_>, problems: &mut Vec<Problem>) -> Vec<RoleSection> {
    let mut roles: Vec<RoleSection> = Vec::new();
    for section in document::tables(value, problems) {
        let Some(role) = read_role(section, problems) else {
            continue;
        };
        if roles.iter().any(|known| known.role.name == role.role.name) {
            problems.push(Problem::new(
                role.place.span.clone(),
                format!("role `{}` is defined twice", role.role.name),
            ));
        }
        roles.push(role);
    }
    roles
}

/// Whether the signers and roles that roles name are there; `signers` are the names that
/// `[trust]` knows.
pub(crate) fn check(
    roles: &[RoleSection],
    signers: &HashSet<&str>,
    problems: &mut Vec<(usize, Problem)>,
) {
    for role in roles {
        for (signer, span) in &role.signers {
            if !signers.contains(signer.as_str()) {
                let problem = Problem::new(
                    span.clone(),
                    format!("`[trust]` names no signer `{signer}`"),
                )
                .with_help("use the `name` of a key, an authority or an identity");
                problems.push((role.place.layer, problem));
            }
        }
        for (name, span) in &role.distinct {
            let message = if role.role.name == *name {
                "a role cannot be distinct from itself".to_owned()
            } else if roles.iter().any(|other| other.role.name == *name) {
                continue;
            } else {
                format!("no role is named `{name}`")
            };
            problems.push((role.place.layer, Problem::new(span.clone(), message)));
        }
    }
}

fn read_role(mut section: Section<'_>, problems: &mut Vec<Problem>) -> Option<RoleSection> {
    let name = section.required_text("name", problems);
    let threshold = section
        .required("threshold", problems)
        .and_then(|value| read_threshold(value, problems));
    let signers = section
        .required("signers", problems)
        .map(|value| (document::texts(value, problems), value.span()));
    let attests = section.optional("attests");
    let attests = attests.map(|value| read_attests(value, problems));
    let covers = section.optional("covers");
    let covers = covers.and_then(|value| read_globs(value, problems));
    let distinct = section.optional("distinct-from");
    let distinct = distinct.map(|value| document::texts(value, problems));
    section.refuse_rest(problems);
    let (name, name_span) = name?;
    check_printable(name, name_span.clone(), problems);
    let (signers, signers_span) = signers?;
    if signers.is_empty() {
        // A list of nobody is nobody's list: it could not be filled, and a rule that
        // cannot fail must not come of it either.
        problems.push(Problem::new(signers_span, "no signer can fill the role"));
    }
    let distinct = distinct.unwrap_or_default();
    Some(RoleSection {
        role: Role {
            name: name.to_owned(),
            threshold: threshold?,
            signers: signers.iter().map(|(name, _)| name.clone()).collect(),
            attests: attests.unwrap_or_default(),
            covers: covers.unwrap_or_default(),
            distinct_from: distinct.iter().map(|(name, _)| name.clone()).collect(),
        },
        place: Place::at(name_span),
        signers,
        distinct,
    })
}

fn read_threshold(value: Value<'_>, problems: &mut Vec<Problem>) -> Option<usize> {
    let number = value
        .json()
        .as_u64()
        .and_then(|number| usize::try_from(number).ok())
        .filter(|number| (1..=1_000).contains(number));
    if number.is_none() {
        problems.push(
            Problem::new(value.span(), "threshold is not a number from 1 to 1000")
                .with_help("how many different signers have to fill the role"),
        );
    }
    number
}

fn read_attests(value: Value<'_>, problems: &mut Vec<Problem>) -> Vec<Attests> {
    let texts = document::texts(value, problems);
    if texts.is_empty() {
        problems.push(
            Problem::new(value.span(), "an empty list attests nothing")
                .with_help("leave `attests` out to take whatever vouches for the bytes"),
        );
    }
    texts
        .into_iter()
        .filter_map(|(text, span)| match text.as_str() {
            "model-signature" => Some(Attests::ModelSignature),
            "message-signature" => Some(Attests::MessageSignature),
            other if other.contains(':') => Some(Attests::Predicate(text)),
            other => {
                problems.push(
                    Problem::new(span, format!("`{other}` is no kind of attestation")).with_help(
                        "`model-signature`, `message-signature`, or the URI of a predicate type",
                    ),
                );
                None
            }
        })
        .collect()
}

fn read_globs(value: Value<'_>, problems: &mut Vec<Problem>) -> Option<Globs> {
    match Globs::deserialize(value.json()) {
        Ok(globs) if !globs.is_empty() => Some(globs),
        Ok(_) => {
            problems.push(
                Problem::new(value.span(), "an empty list covers nothing")
                    .with_help("leave `covers` out to demand every file"),
            );
            None
        }
        Err(error) => {
            problems.push(Problem::new(value.span(), error.to_string()));
            None
        }
    }
}
