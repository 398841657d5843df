//! Roles: who has to have signed, and how many of them.

use std::ops::Range;

use bonafide_checks::{Attests, Globs, Role};
use serde::Deserialize as _;

use crate::document::{self, Section, Value};
use crate::policy::{Names, check_printable};
use crate::problem::Problem;

/// Reads `[[role]]`; `signers` are the names that `[trust]` knows.
pub(crate) fn read(
    value: Value<'_, '_>,
    signers: &[String],
    problems: &mut Vec<Problem>,
) -> Vec<Role> {
    let mut roles: Vec<Role> = Vec::new();
    let mut references: Vec<(String, String, Range<usize>)> = Vec::new();
    for section in document::tables(value, problems) {
        let Some((role, name_span, distinct)) = read_role(section, signers, problems) else {
            continue;
        };
        if roles.iter().any(|known| known.name == role.name) {
            problems.push(Problem::new(
                name_span,
                format!("role `{}` is defined twice", role.name),
            ));
        }
        references.extend(
            distinct
                .into_iter()
                .map(|(name, span)| (role.name.clone(), name, span)),
        );
        roles.push(role);
    }
    for (of, name, span) in references {
        if of == name {
            problems.push(Problem::new(span, "a role cannot be distinct from itself"));
        } else if !roles.iter().any(|role| role.name == name) {
            problems.push(Problem::new(span, format!("no role is named `{name}`")));
        }
    }
    roles
}

fn read_role(
    mut section: Section<'_, '_>,
    known: &[String],
    problems: &mut Vec<Problem>,
) -> Option<(Role, Range<usize>, Names)> {
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
    for (signer, span) in &signers {
        if !known.contains(signer) {
            problems.push(
                Problem::new(
                    span.clone(),
                    format!("`[trust]` names no signer `{signer}`"),
                )
                .with_help("use the `name` of a key, an authority or an identity"),
            );
        }
    }
    let distinct = distinct.unwrap_or_default();
    Some((
        Role {
            name: name.to_owned(),
            threshold: threshold?,
            signers: signers.into_iter().map(|(name, _)| name).collect(),
            attests: attests.unwrap_or_default(),
            covers: covers.unwrap_or_default(),
            distinct_from: distinct.iter().map(|(name, _)| name.clone()).collect(),
        },
        name_span,
        distinct,
    ))
}

fn read_threshold(value: Value<'_, '_>, problems: &mut Vec<Problem>) -> Option<usize> {
    let number = document::json(value.get_ref())
        .ok()
        .and_then(|number| number.as_u64())
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

fn read_attests(value: Value<'_, '_>, problems: &mut Vec<Problem>) -> Vec<Attests> {
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

fn read_globs(value: Value<'_, '_>, problems: &mut Vec<Problem>) -> Option<Globs> {
    let globs = document::json(value.get_ref())
        .and_then(|json| Globs::deserialize(json).map_err(|error| error.to_string()));
    match globs {
        Ok(globs) if !globs.is_empty() => Some(globs),
        Ok(_) => {
            problems.push(
                Problem::new(value.span(), "an empty list covers nothing")
                    .with_help("leave `covers` out to demand every file"),
            );
            None
        }
        Err(message) => {
            problems.push(Problem::new(value.span(), message));
            None
        }
    }
}
