use std::collections::BTreeMap;

use crate::{Columns, Dataset, DatasetBudget, InMemory, JSON_TEXT, OpenOptions};

use super::super::tests::{error, rows, rows_of, samples};
use super::UNIT_BYTES;

#[test]
fn lines_become_typed_columns() {
    assert_eq!(
        rows("a.jsonl", samples::JSONL).unwrap(),
        [
            "text=aä label=1 more={\"a\":null,\"b\":[1,2]}",
            "text=b label=2 ok=true",
            "label=-3 ok=false"
        ]
    );
}

fn kinds(lines: &str) -> BTreeMap<String, String> {
    let files = InMemory::new([("a.jsonl", lines.as_bytes().to_vec())]);
    let dataset = Dataset::open(&files, OpenOptions::default()).unwrap();
    let fields = crate::Records::shards(&dataset)[0].schema.fields().clone();
    fields
        .iter()
        .map(|field| {
            let json = field.metadata().get(JSON_TEXT).map_or("", |_| " as JSON");
            (field.name().clone(), format!("{}{json}", field.data_type()))
        })
        .collect()
}

#[test]
fn types_are_decided_over_the_whole_file() {
    for (lines, expected) in [
        ("{\"a\":1}\n{\"a\":null}", "Int64"),
        ("{\"a\":1}\n{\"a\":1.5}", "Float64"),
        ("{\"a\":9007199254740993}\n{\"a\":1.5}", "Utf8 as JSON"),
        ("{\"a\":18446744073709551615}", "Utf8 as JSON"),
        ("{\"a\":1}\n{\"a\":\"1\"}", "Utf8 as JSON"),
        ("{\"a\":true}\n{\"a\":1}", "Utf8 as JSON"),
        ("{\"a\":true}", "Boolean"),
        ("{\"a\":\"1\"}", "Utf8"),
        ("{\"a\":null}", "Utf8"),
        ("{\"a\":[]}", "Utf8 as JSON"),
    ] {
        assert_eq!(kinds(lines)["a"], expected, "{lines}");
    }
}

#[test]
fn mixed_values_are_canonical_json() {
    let lines = b"{\"a\":\"x\"}\n{\"a\":1e2}\n{\"a\":{\"z\":\"\\u0001\",\"b\":-0.0}}\n\
        {\"a\":123456789012345678901234567890}\n";
    assert_eq!(
        rows("a.jsonl", lines).unwrap(),
        [
            "a=\"x\"",
            "a=100",
            "a={\"b\":0,\"z\":\"\\u0001\"}",
            "a=123456789012345678901234567890"
        ]
    );
}

#[test]
fn an_array_of_objects_is_records() {
    let array = b"\xef\xbb\xbf [ {\"a\": \"]}\\\"\"},\n {\"a\": \"b\"} ] \n";
    assert_eq!(rows("a.json", array).unwrap(), ["a=]}\"", "a=b"]);
    assert!(rows("a.json", b"[]").unwrap().is_empty());
    assert_eq!(rows("a.json", b"{\"a\":1}\n{\"a\":2}\n").unwrap().len(), 2);
    for (bytes, expected) in [
        (b"{\"data\": [{\"a\": 1}]}".as_slice(), "one JSON document"),
        (b"[1, 2]", "a JSON list of other things"),
        (b"[{\"a\":1}", "the array has no end"),
        (b"[{\"a\":1} {\"a\":2}]", "a comma or the end of the array"),
        (b"[{\"a\":1},]", "an element is no object"),
        (b"[{\"a\":1}] x", "bytes follow the array"),
        (b"[{\"a\":1}, 2]", "an element is no object"),
    ] {
        let said = error("a.json", bytes);
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn what_is_no_json_is_an_error_with_its_line() {
    for (line, expected) in [
        ("{\"a\":1,\"a\":2}", "a name comes twice"),
        ("{\"a\":1,\"\\u0061\":2}", "a name comes twice"),
        ("{\"a\":{\"b\":1,\"b\":1}}", "a name comes twice"),
        ("{\"a\":NaN}", "NaN and Infinity are no JSON"),
        ("{\"a\":-Infinity}", "NaN and Infinity are no JSON"),
        ("{\"a\":1e999}", "a number is too large"),
        ("{\"a\":01}", "a number begins with a zero"),
        ("{\"a\":1.}", "a number without digits"),
        ("{\"a\":\"\\ud800\"}", "half of a surrogate pair"),
        ("{\"a\":\"\\ud800\\u0041\"}", "half of a surrogate pair"),
        ("{\"a\":\"\\u+123\"}", "an escape that is no JSON"),
        ("{\"a\":\"\t\"}", "a control character"),
        ("{\"a\":1} {}", "something follows"),
        ("{\"a\":1", "a comma or the end of an object"),
        ("[1]", "a record is no object"),
        ("{a:1}", "a name in quotes"),
        ("{\"a\":tru}", "a word that is no JSON"),
    ] {
        let said = error("a.jsonl", format!("{{\"x\":1}}\n{line}\n").as_bytes());
        assert!(
            said.contains("(line 2, byte ") && said.contains(expected),
            "{line}: {said}"
        );
    }
    let said = error("a.jsonl", b"{}\n{\"a\":\"\xff\"}\n");
    assert!(
        said.contains("(line 2) is malformed: it is not UTF-8"),
        "{said}"
    );
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(error("a.jsonl", deep.as_bytes()).contains("nested too deeply"));
}

#[test]
fn surrogate_pairs_are_one_character() {
    let read = rows("a.jsonl", b"{\"a\":\"\\ud83d\\ude00\"}").unwrap();
    assert_eq!(read, ["a=\u{1f600}"]);
}

#[test]
fn a_long_file_is_read_by_several_workers() {
    let text = "y".repeat(100_000);
    let count = UNIT_BYTES / 100_000 * 3;
    let mut lines = String::new();
    for number in 0..count {
        lines.push_str(&format!("{{\"n\":{number},\"t\":\"{text}\"}}\n"));
    }
    let files = InMemory::new([("a.jsonl", lines.into_bytes())]);
    let named = Columns::Named(vec!["n".to_owned()]);
    let alone = rows_of(&files, DatasetBudget::DEFAULT, &named, 1).unwrap();
    let together = rows_of(&files, DatasetBudget::DEFAULT, &named, 4).unwrap();
    assert_eq!(alone, together);
    assert_eq!(alone.len() as u64, count);
    for (number, (id, row)) in alone.iter().enumerate() {
        assert_eq!(id.1, number as u64);
        assert_eq!(row[..], [format!("n={number}")]);
    }
}

#[test]
fn many_columns_that_are_seldom_there_are_over_budget() {
    let mut lines = String::from("{");
    for number in 0..900 {
        lines.push_str(&format!("\"c{number}\":1,"));
    }
    lines.push_str("\"last\":1}\n");
    lines.push_str(&"{}\n".repeat(10_000));
    let files = InMemory::new([("a.jsonl", lines.into_bytes())]);
    let budget = DatasetBudget {
        expansion: 10,
        expanded_bytes: 1 << 20,
        ..DatasetBudget::DEFAULT
    };
    let said = rows_of(&files, budget, &Columns::All, 1)
        .unwrap_err()
        .to_string();
    assert!(said.contains("10001 records of 901 columns"), "{said}");
}
