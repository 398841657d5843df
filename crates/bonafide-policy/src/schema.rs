//! JSON Schemas (draft 2020-12) of policies and of files of waivers, for editors. They are
//! made from the tables that the language is read by; the reader itself is stricter.

use bonafide_checks::{CHECKS, Check, Parameter};
use bonafide_format::FORMATS;
use serde_json::{Map, Value, json};

use crate::scope::ComponentKind;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of a policy.
#[must_use]
pub fn schema() -> Value {
    let mut schema = table(
        &[
            ("policy", header()),
            ("trust", trust()),
            ("role", list(role())),
            (
                "control",
                json!({"type": "array", "minItems": 1, "items": control()}),
            ),
            ("custom", list(custom())),
            ("waiver", list(waiver())),
            ("standard", list(standard())),
            ("requirement", list(requirement())),
        ],
        &["policy"],
    );
    name(&mut schema, "A policy of bonafide");
    schema
}

/// The schema of a file of waivers.
#[must_use]
pub fn waivers_schema() -> Value {
    let header = table(
        &[
            ("name", words()),
            ("version", version()),
            ("description", text()),
            ("expires", date()),
        ],
        &["name", "version"],
    );
    let mut schema = table(
        &[("waivers", header), ("waiver", list(waiver()))],
        &["waivers"],
    );
    name(&mut schema, "Waivers for a policy of bonafide");
    schema
}

fn name(schema: &mut Value, title: &str) {
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("$schema".to_owned(), DRAFT.into());
        schema.insert("title".to_owned(), title.into());
    }
}

/// A table with these keys and no others.
fn table(keys: &[(&str, Value)], required: &[&str]) -> Value {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|(key, schema)| ((*key).to_owned(), schema.clone()))
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn text() -> Value {
    json!({"type": "string"})
}

fn words() -> Value {
    json!({"type": "string", "pattern": "\\S"})
}

fn list(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

fn several(items: Value) -> Value {
    json!({"anyOf": [items, {"type": "array", "minItems": 1, "items": items}]})
}

fn date() -> Value {
    json!({
        "type": "string",
        "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        "description": "A day (UTC), such as 2027-12-31.",
    })
}

fn version() -> Value {
    json!({"type": "string", "pattern": "^[0-9]+\\.[0-9]+\\.[0-9]+([-+].+)?$"})
}

fn days() -> Value {
    json!({"type": "integer", "minimum": 1, "maximum": 36500})
}

fn id() -> Value {
    json!({"type": "string", "pattern": "^[a-z0-9.-]{1,100}$"})
}

fn sha256() -> Value {
    json!({"type": "string", "pattern": "^[0-9A-Fa-f]{64}$"})
}

fn word_of(words: &[&str]) -> Value {
    json!({"enum": words})
}

fn level() -> Value {
    word_of(&["deny", "warn", "audit"])
}

fn header() -> Value {
    table(
        &[
            ("name", words()),
            ("version", version()),
            ("description", text()),
            ("expires", date()),
            ("minimum-tool-version", version()),
            ("extends", list(words())),
            ("mode", word_of(&["enforce", "warn", "audit"])),
            ("no-match", word_of(&["deny", "warn", "allow"])),
            ("waiver-horizon-days", days()),
            ("waiver-files", list(words())),
        ],
        &["name", "version"],
    )
}

/// A text to be matched exactly, a glob or a regular expression.
fn pattern() -> Value {
    json!({"anyOf": [
        words(),
        table(&[("glob", words())], &["glob"]),
        table(&[("regex", words())], &["regex"]),
    ]})
}

fn trust() -> Value {
    let mut identity = vec![
        ("name", words()),
        ("issuer", words()),
        ("subject", pattern()),
        ("root", words()),
    ];
    for claim in bonafide_attest::Claim::ALL {
        identity.push((claim.name(), pattern()));
    }
    table(
        &[
            ("command-line", word_of(&["allow", "refuse"])),
            (
                "keys",
                list(table(
                    &[
                        ("name", words()),
                        ("file", words()),
                        ("pem", words()),
                        ("sha256", sha256()),
                    ],
                    &["name"],
                )),
            ),
            (
                "authorities",
                list(table(
                    &[
                        ("name", words()),
                        ("file", words()),
                        ("pem", words()),
                        (
                            "names",
                            json!({"type": "array", "minItems": 1, "items": pattern()}),
                        ),
                    ],
                    &["name"],
                )),
            ),
            (
                "identities",
                list(table(&identity, &["name", "issuer", "subject"])),
            ),
            (
                "roots",
                list(table(
                    &[
                        ("name", words()),
                        ("file", words()),
                        ("embedded", word_of(&["public-good"])),
                    ],
                    &["name"],
                )),
            ),
            (
                "transparency-log",
                word_of(&["inclusion-proof", "inclusion-promise"]),
            ),
            (
                "leaf-purpose",
                word_of(&["code-signing", "any-when-absent"]),
            ),
            ("revocation", word_of(&["when-configured", "always"])),
            (
                "revocation-lists",
                list(table(
                    &[
                        ("name", words()),
                        ("file", words()),
                        ("max-age-days", days()),
                    ],
                    &["name", "file"],
                )),
            ),
            ("deny-lists", list(table(&[("file", words())], &["file"]))),
            ("document-signatures", word_of(&["jsf", "jsf-or-cdxgen"])),
        ],
        &[],
    )
}

fn role() -> Value {
    let some = || json!({"type": "array", "minItems": 1, "items": words()});
    table(
        &[
            ("name", words()),
            (
                "threshold",
                json!({"type": "integer", "minimum": 1, "maximum": 1000}),
            ),
            ("signers", some()),
            ("attests", some()),
            ("covers", some()),
            ("distinct-from", list(words())),
        ],
        &["name", "threshold", "signers"],
    )
}

fn applies_to() -> Value {
    let mut kinds: Vec<&str> = ComponentKind::ALL.map(ComponentKind::name).to_vec();
    kinds.push("!artifact");
    let formats: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    table(
        &[
            ("kind", several(word_of(&kinds))),
            ("path", several(words())),
            (
                "purl",
                several(json!({"type": "string", "pattern": "^pkg:"})),
            ),
            ("format", several(word_of(&formats))),
        ],
        &[],
    )
}

/// A control: what all have, and what the check adds.
fn control() -> Value {
    let slugs: Vec<&str> = CHECKS.iter().map(|check| check.slug).collect();
    let of_checks: Vec<Value> = CHECKS
        .iter()
        .filter(|check| !check.parameters.is_empty())
        .map(|check| of_check(check))
        .collect();
    json!({
        "type": "object",
        "properties": {
            "id": id(),
            "check": word_of(&slugs),
            "level": level(),
            "effective-on": date(),
            "applies-to": applies_to(),
            "requirements": list(words()),
            "reason": words(),
        },
        "required": ["check", "level"],
        "allOf": of_checks,
        "unevaluatedProperties": false,
    })
}

fn of_check(check: &Check) -> Value {
    let properties: Map<String, Value> = check
        .parameters
        .iter()
        .map(|known| (known.name.to_owned(), parameter(known)))
        .collect();
    json!({
        "if": {"properties": {"check": {"const": check.slug}}, "required": ["check"]},
        "then": {"properties": properties},
    })
}

/// A parameter, as far as the words for its type tell.
fn parameter(parameter: &Parameter) -> Value {
    let kind = parameter.kind;
    let mut schema = match kind {
        "true or false" => json!({"type": "boolean"}),
        "whole number" => json!({"type": "integer", "minimum": 0}),
        _ if kind.starts_with("list of tables") => list(json!({"type": "object"})),
        _ if kind.starts_with("list of ") => list(text()),
        _ if kind.starts_with("table ") => json!({"type": "object"}),
        // All of it is words in quotes.
        _ if kind.starts_with('`') && kind.ends_with('`') => {
            let words: Vec<&str> = kind.split('`').skip(1).step_by(2).collect();
            word_of(&words)
        }
        _ => json!({}),
    };
    if let Some(schema) = schema.as_object_mut() {
        let description = format!(
            "{} ({kind}; default {})",
            parameter.effect, parameter.default
        );
        schema.insert("description".to_owned(), description.into());
    }
    schema
}

fn custom() -> Value {
    table(
        &[
            (
                "package",
                json!({"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}),
            ),
            (
                "files",
                json!({"type": "array", "minItems": 1, "items": words()}),
            ),
            ("data", list(words())),
            ("deny", level()),
            ("requirements", list(words())),
        ],
        &["package", "files"],
    )
}

fn waiver() -> Value {
    table(
        &[
            ("id", words()),
            ("control", words()),
            (
                "subject",
                json!({"type": "string", "pattern": "^(sha256:[0-9A-Fa-f]{64}|pkg:.+/.*)$"}),
            ),
            ("until", date()),
            ("reason", words()),
            ("owner", words()),
            ("approved-by", words()),
            ("path", several(words())),
            ("rule", words()),
        ],
        &[
            "id",
            "control",
            "subject",
            "until",
            "reason",
            "owner",
            "approved-by",
        ],
    )
}

fn standard() -> Value {
    table(
        &[
            ("id", words()),
            ("name", words()),
            ("version", words()),
            ("owner", words()),
            ("url", json!({"type": "string", "pattern": "^https://"})),
        ],
        &["id", "name", "version", "owner"],
    )
}

fn requirement() -> Value {
    table(
        &[
            ("standard", words()),
            ("id", words()),
            ("title", words()),
            ("assertion", words()),
            (
                "class",
                word_of(&["automated", "attestation", "document", "outside"]),
            ),
            ("limit", words()),
            ("checks", list(words())),
        ],
        &["standard", "id", "title", "assertion", "class", "limit"],
    )
}
