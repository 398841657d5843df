//! One change to a whole document changes the elements that it is about.

use bonafide_core::assessment::Evidence;
use bonafide_core::assessment::Evidence::{Consistent, Contradicted, Declared, Missing};
use serde_json::{Value, json};

use super::{Known, assess, base, changes, profile, reason};

/// The base document with one member set, or taken out.
fn changed(pointer: &str, value: Option<Value>) -> Vec<u8> {
    let mut document: Value = serde_json::from_slice(&base()).unwrap();
    let (place, name) = pointer.rsplit_once('/').unwrap();
    match (document.pointer_mut(place).unwrap(), value) {
        (Value::Object(object), Some(value)) => {
            object.insert(name.to_owned(), value);
        }
        (Value::Object(object), None) => {
            object.remove(name).unwrap();
        }
        (Value::Array(list), Some(value)) => list[name.parse::<usize>().unwrap()] = value,
        (other, _) => panic!("{other}"),
    }
    serde_json::to_vec(&document).unwrap()
}

#[test]
fn exactly_the_elements_change_that_the_change_is_about() {
    let g7 = profile("g7-2026");
    let whole = assess(&base(), g7, &Known::NOTHING);
    let model = "/metadata/component";
    let parameters = format!("{model}/modelCard/modelParameters");
    let metric = format!("{model}/modelCard/quantitativeAnalysis/performanceMetrics/0/value");
    type Expected = &'static [(&'static str, Evidence)];
    let cases: [(String, Option<Value>, Expected); 22] = [
        ("/version".into(), None, &[("MD-02", Missing)]),
        ("/metadata/lifecycles".into(), None, &[("MD-08", Missing)]),
        ("/metadata/timestamp".into(), None, &[("MD-09", Missing)]),
        (
            "/metadata/timestamp".into(),
            Some(json!("2099-01-01T00:00:00Z")),
            &[("MD-09", Contradicted)],
        ),
        (
            "/metadata/authors".into(),
            Some(json!([{"name": "Example"}])),
            &[("MD-01", Declared)],
        ),
        (
            "/metadata/tools/components/0/version".into(),
            None,
            &[("MD-07", Missing)],
        ),
        (
            "/dependencies/0/dependsOn/0".into(),
            Some(json!("nothing")),
            // The dataset takes no part any more.
            &[("MD-10", Contradicted), ("SLP-02", Declared)],
        ),
        (format!("{model}/description"), None, &[("MDL-06", Missing)]),
        (format!("{model}/licenses"), None, &[("MDL-12", Missing)]),
        (
            format!("{model}/licenses"),
            Some(json!([{"license": {"name": "NOASSERTION"}}])),
            &[("MDL-12", Missing)],
        ),
        (
            format!("{model}/version"),
            None,
            &[("SLP-04", Missing), ("MDL-03", Missing)],
        ),
        (
            format!("{model}/supplier"),
            None,
            &[("SLP-03", Missing), ("MDL-05", Missing)],
        ),
        (
            format!("{model}/supplier/name"),
            Some(json!("Somebody")),
            &[("SLP-03", Declared), ("MDL-05", Declared)],
        ),
        (
            format!("{parameters}/inputs"),
            None,
            &[("SLP-08", Missing), ("MDL-10", Missing)],
        ),
        (
            format!("{parameters}/datasets/0/ref"),
            Some(json!("nothing")),
            &[("MDL-11", Contradicted)],
        ),
        (metric, Some(json!("0.5")), &[("KPI-02", Contradicted)]),
        ("/components/0/licenses".into(), None, &[("DP-10", Missing)]),
        (
            "/components/0/licenses/0/expression".into(),
            Some(json!("CC-BY-4.0 OR")),
            &[("DP-10", Contradicted)],
        ),
        (
            "/components/0/data/0/classification".into(),
            Some(json!("public")),
            &[("SLP-07", Declared), ("DP-08", Declared)],
        ),
        (
            "/components/0/components/0/hashes/0/content".into(),
            Some(json!("00".repeat(31))),
            &[("MD-04", Contradicted), ("DP-05", Contradicted)],
        ),
        (
            "/declarations/claims/0/evidence/0".into(),
            Some(json!("nothing")),
            &[("SP-01", Contradicted)],
        ),
        ("/vulnerabilities".into(), None, &[("SP-04", Missing)]),
    ];
    let mut wrong = Vec::new();
    for (pointer, value, expected) in cases {
        let after = assess(&changed(&pointer, value.clone()), g7, &Known::NOTHING);
        let found = changes(&whole, &after);
        if found != expected {
            wrong.push(format!("{pointer} {value:?}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_broken_rule_is_said_where_it_is_broken() {
    let g7 = profile("g7-2026");
    let after = assess(
        &changed("/metadata/component/name", Some(json!(7))),
        g7,
        &Known::NOTHING,
    );
    let format = reason(&after, "MD-04");
    assert!(
        format.starts_with(
            "it breaks 1 rule of CycloneDX 1.6, JSON, first at /metadata/component/name"
        ),
        "{format}"
    );
    assert_eq!(reason(&after, "MDL-01"), "no name");
}

#[test]
fn parts_are_counted() {
    let mut document: Value = serde_json::from_slice(&base()).unwrap();
    let more: Vec<Value> = (0..4)
        .map(|number| {
            json!({"type": "data", "name": format!("d{number}"), "bom-ref": format!("d{number}"),
            "licenses": if number == 0 { json!([{"license": {"id": "MIT"}}]) } else { json!([]) }})
        })
        .collect();
    document["components"].as_array_mut().unwrap().extend(more);
    let bytes = serde_json::to_vec(&document).unwrap();
    let assessment = assess(&bytes, profile("g7-2026"), &Known::NOTHING);
    assert_eq!(
        reason(&assessment, "DP-10"),
        "3 of 5 datasets: no licence is stated"
    );
}

#[test]
fn hostile_text_is_made_fit_to_print() {
    let name = "\u{1b}[2J\u{202e}evil".repeat(100);
    let bytes = changed("/metadata/component/name", Some(json!(name)));
    for profile in super::PROFILES {
        let assessment = assess(&bytes, profile, &Known::NOTHING);
        for row in assessment.rows() {
            assert!(
                !row.reason.contains(['\u{1b}', '\u{202e}', '\n']),
                "{}",
                row.reason
            );
            assert!(row.reason.chars().count() < 800, "{}", row.reason);
        }
    }
}

#[test]
fn placeholders_say_nothing() {
    let bytes = changed(
        "/metadata/component/supplier/name",
        Some(json!("NOASSERTION")),
    );
    let assessment = assess(&bytes, profile("g7-2026"), &Known::NOTHING);
    let row = assessment.rows().find(|row| row.id == "MDL-05").unwrap();
    assert_eq!(row.evidence, Missing);
    assert!(Consistent > Missing);
}
