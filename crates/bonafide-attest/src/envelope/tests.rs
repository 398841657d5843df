//! Each way in which a file of envelopes can be wrong, and the layouts that are right.

use serde_json::{Value, json};

use super::*;

fn sample() -> Value {
    json!({
        "payloadType": dsse::PAYLOAD_TYPE,
        "payload": BASE64.encode(b"{\"_type\":\"x\"}"),
        "signatures": [{"keyid": "k", "sig": BASE64.encode(&[0xfb, 0xff, 0xfe])}],
    })
}

fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut value = sample();
    change(&mut value);
    value
}

fn read(value: &Value) -> Result<RawEnvelope, EnvelopeError> {
    one(value.to_string().as_bytes())
}

fn one(bytes: &[u8]) -> Result<RawEnvelope, EnvelopeError> {
    let documents = read_envelopes(bytes)?;
    match documents.as_slice() {
        [Document::Envelope(envelope)] => Ok(envelope.clone()),
        other => panic!("{other:?}"),
    }
}

fn line_numbers(bytes: &[u8]) -> Vec<usize> {
    read_envelopes(bytes)
        .unwrap()
        .iter()
        .map(|document| match document {
            Document::Envelope(envelope) => envelope.line,
            Document::Bundle { line, .. } => *line,
        })
        .collect()
}

#[test]
fn reads_the_example_of_the_specification() {
    // DSSE v1.0 "Test Vectors".
    let envelope = one(br#"{"payload": "aGVsbG8gd29ybGQ=",
     "payloadType": "http://example.com/HelloWorld",
     "signatures": [{"sig": "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="}]}"#)
        .unwrap();
    assert_eq!(envelope.payload, b"hello world");
    assert_eq!(envelope.signatures[0].signature.len(), 64);
    assert_eq!(envelope.signatures[0].key_id, None);
    let error = envelope.statement().unwrap_err();
    assert_eq!(
        error,
        EnvelopeError::PayloadType {
            line: 1,
            found: "http://example.com/HelloWorld".to_owned(),
        }
    );
    assert_eq!(error.category(), "payload-type");
}

#[test]
fn a_document_may_be_compact_or_pretty_or_one_a_line() {
    let compact = sample().to_string();
    let pretty = serde_json::to_string_pretty(&sample()).unwrap();
    let expected = one(compact.as_bytes()).unwrap();
    assert_eq!(expected.statement(), Ok(&b"{\"_type\":\"x\"}"[..]));
    assert_eq!(one(pretty.as_bytes()), Ok(expected));
    assert_eq!(line_numbers(format!("\n \n{pretty}\n\n").as_bytes()), [3]);
    assert_eq!(line_numbers(format!("{compact}\r\n").as_bytes()), [1]);
    let file = format!("\r\n{compact}\r\n\n\t \n{compact}\n {compact}");
    assert_eq!(line_numbers(file.as_bytes()), [2, 5, 6]);
}

#[test]
fn a_line_may_be_a_bundle() {
    let bundle = json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {},
        "dsseEnvelope": sample(),
    })
    .to_string();
    let file = format!("{}\n{bundle}\n", sample());
    let documents = read_envelopes(file.as_bytes()).unwrap();
    assert!(matches!(&documents[0], Document::Envelope(envelope) if envelope.line == 1));
    assert_eq!(
        documents[1],
        Document::Bundle {
            line: 2,
            bytes: bundle.as_bytes()
        }
    );
    // Duplicates in it are refused here already.
    let twice = bundle.replacen('{', r#"{"mediaType":"x","#, 1);
    assert!(matches!(
        read_envelopes(twice.as_bytes()),
        Err(EnvelopeError::Strict { .. })
    ));
}

#[test]
fn shape_alone_says_whether_to_read() {
    let compact = sample().to_string();
    let bundle = r#"{"mediaType":"x","verificationMaterial":{},"dsseEnvelope":{}}"#;
    assert!(is_envelope(compact.as_bytes()));
    assert!(is_envelope(
        serde_json::to_string_pretty(&sample()).unwrap().as_bytes()
    ));
    assert!(is_envelope(format!("\n{compact}\n{bundle}").as_bytes()));
    assert!(is_envelope(format!("{bundle}\n{bundle}\n").as_bytes()));
    // One bundle is a bundle.
    assert!(!is_envelope(bundle.as_bytes()));
    for other in [
        "",
        "\n",
        "{}",
        "[]",
        "{\"payload\":\"\"}",
        "{}\n{}",
        "[1]\n[2]",
        "\u{feff}{}",
        "not json",
    ] {
        assert!(!is_envelope(other.as_bytes()), "{other}");
    }
    assert!(!is_envelope(format!("[{compact}]").as_bytes()));
    assert!(!is_envelope("[".repeat(100_000).as_bytes()));
}

#[test]
fn key_ids_are_optional_and_there_is_no_room_beside_them() {
    for key_id in [json!(null), json!("")] {
        let value = with(|value| value["signatures"][0]["keyid"] = key_id);
        assert_eq!(read(&value).unwrap().signatures[0].key_id, None);
    }
    for value in [
        with(|value| value["extension"] = json!({"a": [1]})),
        with(|value| value["mediaType"] = json!("x")),
        with(|value| value["signatures"][0]["cert"] = json!("x")),
        with(|value| value["signatures"][0]["keyid"] = json!("x".repeat(1_025))),
        with(|value| value["signatures"][0]["sig"] = json!("A".repeat(100_000))),
    ] {
        assert!(
            matches!(read(&value), Err(EnvelopeError::Structure { .. })),
            "{value}"
        );
    }
}

#[test]
fn base64_is_of_either_alphabet_and_canonical() {
    let sig = |text: &str| read(&with(|value| value["signatures"][0]["sig"] = json!(text)));
    let expected = vec![0xfb, 0xff, 0xfe];
    assert_eq!(sig("+//+").unwrap().signatures[0].signature, expected);
    assert_eq!(sig("-__-").unwrap().signatures[0].signature, expected);
    assert_eq!(sig("-_8=").unwrap().signatures[0].signature, [0xfb, 0xff]);
    for text in [
        "+/_-", "+/8", "-_8", "+/9=", "+//+\n", " +//+", "+//+=", "====", "é",
    ] {
        assert_eq!(
            sig(text),
            Err(EnvelopeError::Base64 {
                line: 1,
                field: "sig"
            }),
            "{text}"
        );
    }
    assert_eq!(
        sig(""),
        Err(EnvelopeError::EmptySignature { line: 1, number: 1 })
    );
    assert_eq!(
        read(&with(|value| value["payload"] = json!("e30"))),
        Err(EnvelopeError::Base64 {
            line: 1,
            field: "payload"
        })
    );
    // DSSE v1.0: set, even if empty.
    assert_eq!(
        read(&with(|value| value["payload"] = json!("")))
            .unwrap()
            .payload,
        b""
    );
}

#[test]
fn there_are_one_to_sixteen_signatures() {
    let signatures = |count: usize| {
        read(&with(|value| {
            value["signatures"] = json!(vec![json!({"sig": "AAAA"}); count]);
        }))
    };
    assert_eq!(signatures(16).unwrap().signatures.len(), 16);
    for found in [0, 17, 1_024] {
        assert_eq!(
            signatures(found),
            Err(EnvelopeError::SignatureCount { line: 1, found })
        );
    }
    assert!(matches!(
        signatures(1_025),
        Err(EnvelopeError::Structure { line: 1, .. })
    ));
}

#[test]
fn members_are_there_and_of_their_kind() {
    let structure = |change: fn(&mut Value)| {
        let found = read(&with(change));
        assert!(
            matches!(found, Err(EnvelopeError::Structure { line: 1, .. })),
            "{found:?}"
        );
    };
    structure(|value| drop(value.as_object_mut().unwrap().remove("payload")));
    structure(|value| drop(value.as_object_mut().unwrap().remove("payloadType")));
    structure(|value| drop(value.as_object_mut().unwrap().remove("signatures")));
    structure(|value| value["payload"] = json!(1));
    structure(|value| value["payload"] = json!(null));
    structure(|value| value["payloadType"] = json!([]));
    structure(|value| value["signatures"] = json!({"sig": "AAAA"}));
    structure(|value| value["signatures"] = json!(["AAAA"]));
    structure(|value| value["signatures"] = json!([["AAAA", "k"]]));
    structure(|value| value["signatures"] = json!([{"keyid": "k"}]));
    structure(|value| value["signatures"] = json!([{"sig": null}]));
    structure(|value| value["signatures"][0]["keyid"] = json!(7));
}

#[test]
fn payload_types_are_compared_byte_for_byte() {
    for payload_type in [
        "",
        "application/vnd.in-toto+JSON",
        "application/vnd.in-toto+json ",
        "application/vnd.in-toto.provenance+json",
        "application/json",
        "\u{1b}[2Japplication/vnd.in-toto+json",
    ] {
        let envelope = read(&with(|value| value["payloadType"] = json!(payload_type))).unwrap();
        let error = envelope.statement().unwrap_err();
        assert!(matches!(error, EnvelopeError::PayloadType { line: 1, .. }));
        assert!(!error.to_string().contains('\u{1b}'));
    }
}

#[test]
fn files_that_are_something_else_are_refused() {
    for blank in ["", "\n", " \t\r\n\r\n"] {
        assert_eq!(read_envelopes(blank.as_bytes()), Err(EnvelopeError::Empty));
    }
    for other in ["{}", "[]", "null", "\"x\"", r#"{"_type":"x"}"#] {
        assert_eq!(
            read_envelopes(other.as_bytes()),
            Err(EnvelopeError::Unrecognised { line: 1 })
        );
    }
    let list = format!("[{}]", sample());
    assert_eq!(
        read_envelopes(list.as_bytes()),
        Err(EnvelopeError::Unrecognised { line: 1 })
    );
    for member in ["verificationMaterial", "dsseEnvelope", "messageSignature"] {
        let error = read(&with(|value| value[member] = json!({}))).unwrap_err();
        assert_eq!(error, EnvelopeError::Ambiguous { line: 1 });
        assert_eq!(error.category(), "structure");
    }
}

#[test]
fn one_bad_line_spoils_the_file_and_is_named() {
    let compact = sample().to_string();
    let strict = |file: &str, expected: usize| match read_envelopes(file.as_bytes()) {
        Err(EnvelopeError::Strict { line, .. }) => assert_eq!(line, expected, "{file}"),
        other => panic!("{file}: {other:?}"),
    };
    strict(&format!("{compact}\n\n{{\n"), 3);
    strict(&format!("{compact}{compact}"), 1);
    strict(&format!("{compact}\n{compact} x"), 2);
    strict(&format!("\u{feff}{compact}"), 1);
    strict(
        &compact.replace("payloadType\"", "payloadType\\u0000\" \""),
        1,
    );
    strict(&compact.replacen('{', r#"{"payload":"AAAA","#, 1), 1);
    strict(&compact.replacen('{', r#"{"p\u0061yload":"AAAA","#, 1), 1);
    strict(&compact.replacen('{', r#"{"x":1e999,"#, 1), 1);
    strict(&compact.replacen('{', r#"{"x":"\ud800","#, 1), 1);
    strict(&compact.replacen("\"sig\"", r#""sig":"AAAA","sig""#, 1), 1);
    strict(&format!("{{\"x\":{}", "[".repeat(10_000)), 1);
    let pretty = serde_json::to_string_pretty(&sample()).unwrap();
    strict(&format!("{pretty}\n{pretty}"), 1);
    assert!(matches!(
        read_envelopes(&[compact.as_bytes(), b"\n\xff\n"].concat()),
        Err(EnvelopeError::Strict { line: 2, .. })
    ));
    assert_eq!(
        read_envelopes(format!("{compact}\n{{}}").as_bytes()),
        Err(EnvelopeError::Unrecognised { line: 2 })
    );
}

#[test]
fn files_end() {
    let compact = sample().to_string();
    // Each with white space of its own, so that none is a copy.
    let file = |count: usize| -> String {
        (0..count)
            .map(|spaces| format!("{}{compact}\n\n", " ".repeat(spaces)))
            .collect()
    };
    assert_eq!(
        read_envelopes(file(MOST_DOCUMENTS).as_bytes())
            .unwrap()
            .len(),
        MOST_DOCUMENTS
    );
    assert_eq!(
        read_envelopes(file(MOST_DOCUMENTS + 1).as_bytes()),
        Err(EnvelopeError::Documents)
    );
}

/// A copy is passed over, however many there are; the rest keeps its line.
#[test]
fn copies_count_once() {
    let compact = sample().to_string();
    let bundle = json!({"verificationMaterial": {}}).to_string();
    let text = [compact.as_str(); 2_000].join("\n") + "\n" + &bundle + "\n" + &bundle;
    let lines: Vec<usize> = read_envelopes(text.as_bytes())
        .unwrap()
        .iter()
        .map(|document| match document {
            Document::Envelope(envelope) => envelope.line,
            Document::Bundle { line, .. } => *line,
        })
        .collect();
    assert_eq!(lines, [1, 2_001]);
    // What only looks like a copy is read.
    let almost = format!("{compact}\n{compact}x");
    assert!(read_envelopes(almost.as_bytes()).is_err());
}

/// Cut anywhere it is no envelope; with any one bit flipped it is refused or
/// says something else.
#[test]
fn damaged_documents_never_pass_for_the_whole_one() {
    let compact = sample().to_string();
    let expected = one(compact.as_bytes()).unwrap();
    for end in 0..compact.len() {
        assert!(read_envelopes(&compact.as_bytes()[..end]).is_err());
    }
    let mut accepted = 0;
    for position in 0..compact.len() {
        for flip in [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80] {
            let mut bytes = compact.clone().into_bytes();
            bytes[position] ^= flip;
            if let Ok(documents) = read_envelopes(&bytes) {
                accepted += 1;
                assert_ne!(documents, [Document::Envelope(expected.clone())]);
            }
        }
    }
    assert!(accepted > 0);
}
