//! `fixtures/bom/spdx`: one defect each, and found as such.

use jiff::Timestamp;
use serde_json::Value;

use super::{document, fixture, read, tree, view};
use crate::semantics::{Circumstances, contradictions};

fn circumstances() -> Circumstances {
    Circumstances {
        now: "2026-11-23T00:00:00Z".parse::<Timestamp>().unwrap(),
        artifact_changed: None,
    }
}

fn slugs(document: &super::SpdxDocument<'_>) -> Vec<String> {
    let defects = document.defects.iter();
    defects
        .map(|defect| defect.kind.slug().to_owned())
        .collect()
}

fn of_view(document: &super::SpdxDocument<'_>) -> Vec<&'static str> {
    let found = contradictions(&document.bom, &circumstances());
    found.iter().map(|defect| defect.kind.slug()).collect()
}

#[test]
fn the_whole_document_has_no_defect() {
    for name in ["spdx/digits.spdx3.json", "spdx/digits-inline.spdx3.json"] {
        let bytes = fixture(name);
        let document = document(&bytes);
        assert_eq!(super::complaints(&document), Vec::<String>::new(), "{name}");
        assert_eq!(of_view(&document), Vec::<&str>::new(), "{name}");
    }
}

#[test]
fn each_twin_has_its_defect_and_no_other() {
    let index: Value = serde_json::from_slice(&fixture("spdx/index.json")).unwrap();
    let cases = index.as_array().unwrap();
    assert!(cases.len() > 25, "{}", cases.len());
    for case in cases {
        let name = case["file"].as_str().unwrap();
        let bytes = fixture(&format!("spdx/{name}"));
        let strings = |key: &str| -> Vec<String> {
            let list = case[key].as_array().unwrap().iter();
            list.map(|one| one.as_str().unwrap().to_owned()).collect()
        };
        let found = match read(tree(&bytes)) {
            Err(error) => {
                let expected = case["refusal"].as_str().unwrap_or_default();
                let error = error.to_string();
                assert!(
                    !expected.is_empty() && error.contains(expected),
                    "{name}: {error}"
                );
                continue;
            }
            Ok(found) => found,
        };
        assert!(case["refusal"].is_null(), "{name} is read");
        let violations = case["violations"].as_array().unwrap();
        let told: Vec<String> = found
            .violations
            .iter()
            .map(|one| format!("{one:?}"))
            .collect();
        assert_eq!(
            found.violations.len(),
            violations.len(),
            "{name}: {told:#?}"
        );
        for (one, expected) in found.violations.iter().zip(violations) {
            assert_eq!(one.pointer.as_str(), expected[0], "{name}");
            let rule = one.expected.to_string();
            assert!(
                rule.starts_with(expected[1].as_str().unwrap()),
                "{name}: {rule}"
            );
        }
        assert_eq!(
            slugs(&found),
            strings("defects"),
            "{name}: {:#?}",
            found.defects
        );
        assert_eq!(of_view(&found), strings("contradictions"), "{name}");
    }
}

/// What the elements are inside of one object changes nothing of what is said.
#[test]
fn inline_and_flat_documents_are_read_alike() {
    let (flat, inline) = (
        fixture("spdx/digits.spdx3.json"),
        fixture("spdx/digits-inline.spdx3.json"),
    );
    let (flat, inline) = (document(&flat), document(&inline));
    let mut views = [view(&flat), view(&inline)];
    for view in &mut views {
        // What is kept as it was has another order.
        view.as_object_mut().unwrap().remove("spdx");
    }
    assert_eq!(views[0], views[1]);
}
