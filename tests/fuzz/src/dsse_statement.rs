//! Payloads that are in-toto statements, or should be.

use bonafide_attest::Content;
use bonafide_attest::statement::Statement;
use serde_json::Value;

use super::{seal, shown};

/// Any bytes as the payload of an envelope.
///
/// - The reader of statements finds the same alone and behind a signature.
/// - A refusal can be printed.
/// - Another way to write the same JSON is the same statement.
pub fn dsse_statement(input: &[u8]) {
    let parsed = Statement::parse(input);
    match (&parsed, seal::examined(input)) {
        // Manifests have a reader of their own, which asks for other things.
        (_, Some(Content::Model(_))) => {}
        (Ok(statement), Some(Content::Statement(signed))) => assert_eq!(*statement, *signed),
        (Err(_), None) => {}
        (Ok(statement), None) => {
            let kind = &statement.predicate_type;
            assert!(
                kind.starts_with("https://model_signing/"),
                "refused behind a signature only: {kind}"
            );
        }
        (found, signed) => panic!("{found:?}, but behind a signature {signed:?}"),
    }
    match parsed {
        Err(error) => shown::text(&error.to_string()),
        Ok(statement) => {
            assert!(!statement.subjects.is_empty(), "about nothing");
            rewritten(input, &statement);
        }
    }
}

/// Without white space and with the names of every object in order.
fn rewritten(input: &[u8], statement: &Statement) {
    let value: Value = serde_json::from_slice(input).unwrap();
    // A fraction may come out one digit different; that is the parser's to answer for.
    if has_fraction(&value) {
        return;
    }
    let plain = serde_json::to_vec(&value).unwrap();
    assert_eq!(Statement::parse(&plain).as_ref(), Ok(statement));
}

/// The parser has limited the depth.
fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(list) => list.iter().any(has_fraction),
        Value::Object(members) => members.values().any(has_fraction),
        _ => false,
    }
}
