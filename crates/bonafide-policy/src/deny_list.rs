//! Deny-lists in TOML or YAML, read as strictly as policies: an entry that is silently
//! dropped would let through what somebody wanted to keep out.
//!
//! ```toml
//! [deny-list]
//! name = "incidents"
//! issued = 2026-06-01
//! expires = 2026-12-31
//! max-age-days = 30       # optional
//!
//! [[entry]]
//! kind = "key"            # or "certificate", "digest": with a digest
//! sha256 = "…"
//! reason = "private key leaked"
//! added = 2026-05-30      # optional
//! expires = 2027-05-30    # optional
//!
//! [[entry]]
//! kind = "identity"
//! issuer = "https://issuer.example"
//! subject = "eve@example.com"
//! reason = "left the company"
//! ```

use std::collections::HashSet;
use std::ops::Range;

use bonafide_attest::{DeniedTarget, DenyEntry, DenyListDocument};
use bonafide_core::{Algorithm, Digest};
use jiff::civil::Date;

use crate::certificate_rules::read_days;
use crate::document::{self, Section};
use crate::node::{Node, Syntax};
use crate::problem::{PolicyError, Problem};
use crate::trust::check_printable;

/// Most entries of one list.
const MOST_ENTRIES: usize = 100_000;

/// Reads a deny-list; `origin` names it in errors. Whether it is in its time is
/// asked when it is put in force ([`bonafide_attest::DenyList::in_force`]).
///
/// # Errors
///
/// Every mistake, each with its line.
pub fn read_deny_list(origin: &str, text: &str) -> Result<DenyListDocument, PolicyError> {
    let mut problems = Vec::new();
    let root = Syntax::of(origin).read(text, &mut problems);
    let document = root.and_then(|root| read(&root, &mut problems));
    match document {
        Some(document) if problems.is_empty() => Ok(document),
        _ => {
            problems.sort_by_key(|problem| problem.span.start);
            Err(PolicyError {
                origin: origin.to_owned(),
                text: text.to_owned(),
                problems,
            })
        }
    }
}

fn read(root: &Node, problems: &mut Vec<Problem>) -> Option<DenyListDocument> {
    let mut document = Section::root(root);
    let header = document
        .required("deny-list", problems)
        .and_then(|value| document::table(value, problems));
    let sections = match document.optional("entry") {
        Some(value) => document::tables(value, problems),
        // A list may be empty: nothing is denied yet.
        None => Vec::new(),
    };
    document.refuse_rest(problems);
    if sections.len() > MOST_ENTRIES {
        problems.push(Problem::new(
            0..0,
            format!("{} entries, more than {MOST_ENTRIES}", sections.len()),
        ));
        return None;
    }
    let mut seen = HashSet::new();
    let mut entries = Vec::with_capacity(sections.len());
    for section in sections {
        let span = section.span.clone();
        let Some(entry) = read_entry(section, problems) else {
            continue;
        };
        if seen.insert(entry.target.clone()) {
            entries.push(entry);
        } else {
            // Two entries could disagree on their last day.
            let message = format!("{} already has an entry above", entry.target);
            problems.push(Problem::new(span, message));
        }
    }

    let mut header = header?;
    let name = header.required_text("name", problems);
    let issued = required_date(&mut header, "issued", problems);
    let expires = required_date(&mut header, "expires", problems);
    let max_age_days = header
        .optional("max-age-days")
        .and_then(|value| read_days(value, problems));
    header.refuse_rest(problems);
    let (name, name_span) = name?;
    check_printable(name, name_span, problems);
    let (issued, expires) = (issued?, expires?);
    if expires < issued {
        problems.push(Problem::new(
            header.span.clone(),
            format!("it expires on {expires}, before it was issued"),
        ));
    }
    Some(DenyListDocument {
        name: name.to_owned(),
        issued,
        expires,
        max_age_days,
        entries,
    })
}

fn required_date(
    section: &mut Section<'_>,
    key: &'static str,
    problems: &mut Vec<Problem>,
) -> Option<Date> {
    let value = section.required(key, problems)?;
    document::date(value, problems)
}

fn read_entry(mut section: Section<'_>, problems: &mut Vec<Problem>) -> Option<DenyEntry> {
    let kind = section.required_text("kind", problems);
    let reason = section.required_text("reason", problems);
    let optional_date = |value: Option<document::Value<'_>>, problems: &mut Vec<Problem>| {
        value.and_then(|value| document::date(value, problems))
    };
    let added = optional_date(section.optional("added"), problems);
    let expires = optional_date(section.optional("expires"), problems);
    let (kind, kind_span) = kind?;
    let target = match kind {
        "key" | "certificate" => {
            let (text, span) = section.required_text(Algorithm::Sha256.name(), problems)?;
            let digest = read_digest(Algorithm::Sha256, text, span, problems);
            digest.map(if kind == "key" {
                DeniedTarget::Key
            } else {
                DeniedTarget::Certificate
            })
        }
        "digest" => read_any_digest(&mut section, problems).map(DeniedTarget::Digest),
        "identity" => {
            let issuer = required_nonempty(&mut section, "issuer", problems);
            let subject = required_nonempty(&mut section, "subject", problems);
            issuer
                .zip(subject)
                .map(|(issuer, subject)| DeniedTarget::Identity { issuer, subject })
        }
        _ => {
            problems.push(
                Problem::new(kind_span, format!("unknown kind `{kind}`"))
                    .with_help("`key`, `certificate`, `identity` or `digest`"),
            );
            return None;
        }
    };
    section.refuse_rest(problems);
    let (reason, reason_span) = reason?;
    if reason.trim().is_empty() {
        problems.push(Problem::new(reason_span, "reason is empty"));
    }
    Some(DenyEntry {
        target: target?,
        reason: reason.to_owned(),
        added,
        expires,
    })
}

fn required_nonempty(
    section: &mut Section<'_>,
    key: &'static str,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let (text, span) = section.required_text(key, problems)?;
    if text.is_empty() {
        problems.push(Problem::new(span, format!("`{key}` is empty")));
        return None;
    }
    Some(text.to_owned())
}

/// A digest under the name of its algorithm, exactly one.
fn read_any_digest(section: &mut Section<'_>, problems: &mut Vec<Problem>) -> Option<Digest> {
    let given: Vec<_> = Algorithm::ALL
        .into_iter()
        .filter_map(|algorithm| Some((algorithm, section.optional(algorithm.name())?)))
        .collect();
    match given.as_slice() {
        [(algorithm, value)] => {
            let (text, span) = document::text(value, problems)?;
            read_digest(*algorithm, text, span, problems)
        }
        _ => {
            let names: Vec<&str> = Algorithm::ALL.map(Algorithm::name).to_vec();
            problems.push(
                Problem::new(section.span.clone(), "exactly one digest is needed")
                    .with_help(format!("one of `{}`", names.join("`, `"))),
            );
            None
        }
    }
}

/// Hexadecimal, with or without the algorithm in front as reports print it.
fn read_digest(
    algorithm: Algorithm,
    text: &str,
    span: Range<usize>,
    problems: &mut Vec<Problem>,
) -> Option<Digest> {
    let hex = text
        .strip_prefix(algorithm.name())
        .and_then(|rest| rest.strip_prefix(':'))
        .unwrap_or(text);
    Digest::from_hex(algorithm, hex)
        .map_err(|error| problems.push(Problem::new(span, error.to_string())))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "[deny-list]\nname = \"l\"\nissued = 2026-06-01\nexpires = 2026-12-31\n";
    const HEX: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    #[test]
    fn every_kind_is_read() {
        let text = format!(
            "{HEAD}max-age-days = 30\n\
             [[entry]]\nkind = \"key\"\nsha256 = \"{HEX}\"\nreason = \"a\"\nadded = 2026-05-30\n\
             [[entry]]\nkind = \"certificate\"\nsha256 = \"sha256:{HEX}\"\nreason = \"b\"\n\
             [[entry]]\nkind = \"digest\"\nblake3 = \"{HEX}\"\nreason = \"c\"\nexpires = \"2026-07-01\"\n\
             [[entry]]\nkind = \"identity\"\nissuer = \"i\"\nsubject = \"s\"\nreason = \"d\"\n"
        );
        let list = read_deny_list("list.toml", &text).unwrap();
        assert_eq!((list.name.as_str(), list.max_age_days), ("l", Some(30)));
        let sha256 = Digest::from_hex(Algorithm::Sha256, HEX).unwrap();
        let blake3 = Digest::from_hex(Algorithm::Blake3, HEX).unwrap();
        let targets: Vec<DeniedTarget> = list
            .entries
            .iter()
            .map(|entry| entry.target.clone())
            .collect();
        let identity = DeniedTarget::Identity {
            issuer: "i".to_owned(),
            subject: "s".to_owned(),
        };
        assert_eq!(
            targets,
            [
                DeniedTarget::Key(sha256),
                DeniedTarget::Certificate(sha256),
                DeniedTarget::Digest(blake3),
                identity
            ]
        );
        assert_eq!(list.entries[0].added, Some("2026-05-30".parse().unwrap()));
        assert_eq!(list.entries[2].expires, Some("2026-07-01".parse().unwrap()));
        assert!(
            read_deny_list("list.toml", HEAD)
                .unwrap()
                .entries
                .is_empty()
        );
    }

    #[test]
    fn the_documented_list_is_one() {
        let page = include_str!("../../../docs/lists.md");
        let (_, rest) = page.split_once("```toml\n").unwrap();
        let (text, _) = rest.split_once("```").unwrap();
        let list = read_deny_list("lists.md", text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(list.entries.len(), 4);
    }

    #[test]
    fn each_mistake_is_shown_with_its_line() {
        let key = format!("[[entry]]\nkind = \"key\"\nsha256 = \"{HEX}\"\n");
        let reason = "reason = \"r\"\n";
        let table = [
            (String::new(), "`deny-list` is missing here", 1),
            ("[deny-list".to_owned(), "", 1),
            (HEAD.replace("name", "nam"), "unknown key `nam`", 2),
            (HEAD.replace("expires", "#"), "`expires` is missing here", 1),
            (
                HEAD.replace("2026-12-31", "2026-05-31"),
                "before it was issued",
                1,
            ),
            (HEAD.replace("2026-12-31", "\"soon\""), "not a date", 4),
            (HEAD.replace("\"l\"", "\"\""), "name is empty", 2),
            (format!("{HEAD}max-age-days = 0\n"), "between 1 and", 5),
            (
                format!("{HEAD}max-age-days = \"9\"\n"),
                "a number of days",
                5,
            ),
            (format!("{HEAD}[[entries]]\n"), "unknown key `entries`", 5),
            (format!("{HEAD}{key}"), "`reason` is missing here", 5),
            (format!("{HEAD}{key}reason = \" \"\n"), "reason is empty", 8),
            (
                format!("{HEAD}{key}{reason}sha512 = \"\"\n"),
                "unknown key `sha512`",
                9,
            ),
            (
                format!("{HEAD}{key}{reason}{key}{reason}"),
                "already has an entry above",
                9,
            ),
            (
                format!(
                    "{HEAD}{}{reason}",
                    key.replace("00112233445566778899aabb", "")
                ),
                "has 32 bytes",
                7,
            ),
            (
                format!(
                    "{HEAD}{}{reason}",
                    key.replace("00112233445566778899aabb", "XY")
                ),
                "hexadecimal",
                7,
            ),
            (
                format!("{HEAD}{}{reason}", key.replace("\"key\"", "\"person\"")),
                "unknown kind",
                6,
            ),
            (
                format!("{HEAD}[[entry]]\nkind = \"digest\"\n{reason}"),
                "exactly one digest",
                5,
            ),
            (
                format!("{HEAD}[[entry]]\nkind = \"identity\"\nissuer = \"\"\n{reason}"),
                "`issuer` is empty",
                7,
            ),
        ];
        for (text, message, line) in table {
            let shown = read_deny_list("list.toml", &text).unwrap_err().to_string();
            assert!(shown.contains(message), "{message}:\n{shown}");
            assert!(
                shown.contains(&format!("list.toml:{line}:")),
                "{line}:\n{shown}"
            );
        }
    }
}
