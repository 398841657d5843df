//! Documents that want too much.

use std::time::{Duration, Instant};

use super::{complaints, document, element, graph, refusal, relation, view};
use crate::spdx::{MOST_CONTAINMENT, MOST_DEFECTS, MOST_VIOLATIONS, SpdxError};

/// Generous: tests are not optimised, and the machine is shared.
const LONG: Duration = Duration::from_secs(60);

fn many(count: usize, element: impl Fn(usize) -> String) -> String {
    (0..count).map(element).collect::<Vec<_>>().join(",")
}

#[test]
fn a_hundred_thousand_elements_are_read() {
    let count = 50_000;
    let hash = format!(
        r#""verifiedUsing":[{{"type":"Hash","algorithm":"sha256","hashValue":"{}"}}]"#,
        "ab".repeat(32)
    );
    let text = graph(&format!(
        "{},{},{}",
        element("ai_AIPackage", "root", ""),
        many(count, |n| element("software_File", &n.to_string(), &hash)),
        many(count, |n| relation(
            &format!("r{n}"),
            "root",
            "contains",
            &n.to_string()
        )),
    ));
    let start = Instant::now();
    let found = document(text.as_bytes());
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
    assert_eq!(complaints(&found), Vec::<String>::new());
    assert_eq!(found.bom.subject().unwrap().components.len(), count);
}

#[test]
fn chains_and_circles_end() {
    let count = 20_000;
    let files = |count| many(count, |n| element("software_File", &n.to_string(), ""));
    let chain = |count: usize, last: usize| {
        many(count, |n| {
            let to = if n + 1 == count { last } else { n + 1 };
            relation(
                &format!("r{n}"),
                &n.to_string(),
                "contains",
                &to.to_string(),
            )
        })
    };
    let root = element("ai_AIPackage", "root", "");
    // To nowhere at the end: as deep as the count.
    let text = graph(&format!("{root},{},{}", files(count), chain(count, count)));
    let found = document(text.as_bytes());
    let slugs: Vec<&str> = found.defects.iter().map(|one| one.kind.slug()).collect();
    assert!(slugs.contains(&"spdx-deep-containment") && slugs.contains(&"spdx-dangling-reference"));
    assert!(!slugs.contains(&"spdx-cycle"));
    let mut placed = 0;
    let mut deepest = 0;
    found.bom.walk(|one| {
        placed += 1;
        deepest = deepest.max(one.pointer.as_str().matches("components").count());
    });
    assert_eq!(placed, count + 1);
    assert_eq!(deepest, MOST_CONTAINMENT);
    // Back to the start.
    let text = graph(&format!("{root},{},{}", files(count), chain(count, 0)));
    let found = document(text.as_bytes());
    assert_eq!(found.defects[0].kind.slug(), "spdx-cycle");
    let mut placed = 0;
    found.bom.walk(|_| placed += 1);
    assert_eq!(placed, count + 1);
    // Of one, which is not even a step.
    let text = graph(&format!(
        "{root},{}",
        relation("r", "root", "contains", "root")
    ));
    let found = document(text.as_bytes());
    assert_eq!(complaints(&found), ["/@graph/4/to/0 spdx-itself-related"]);
    assert!(found.bom.subject().unwrap().components.is_empty());
}

#[test]
fn everything_contains_everything() {
    let count = 300;
    let relations = many(count, |n| {
        let ends: Vec<String> = (0..count).map(|end| format!(r#""urn:x:{end}""#)).collect();
        element(
            "Relationship",
            &format!("r{n}"),
            &format!(
                r#""from":"urn:x:{n}","relationshipType":"contains","to":[{}]"#,
                ends.join(",")
            ),
        )
    });
    let files = many(count, |n| element("software_File", &n.to_string(), ""));
    let root = element("ai_AIPackage", "root", "");
    let text = graph(&format!("{root},{files},{relations}"));
    let found = document(text.as_bytes());
    let mut placed = 0;
    found.bom.walk(|_| placed += 1);
    assert_eq!(placed, count + 1);
}

#[test]
fn elements_inside_of_each_other_are_flat() {
    let levels = 120;
    let mut text = element("software_File", "0", "");
    for level in 1..levels {
        text = element(
            "Annotation",
            &level.to_string(),
            &format!(r#""annotationType":"other","subject":{text}"#),
        );
    }
    let text = graph(&format!("{},{text}", element("ai_AIPackage", "root", "")));
    let found = document(text.as_bytes());
    assert_eq!(complaints(&found), Vec::<String>::new());
    assert_eq!(found.bom.annotations.len(), levels - 1);
    assert_eq!(found.bom.components.len(), 1);
}

/// A long text with an escape cannot be borrowed, and each use of it is a copy.
#[test]
fn a_shared_text_is_not_multiplied_without_end() {
    let name = format!("\\u0041{}", "a".repeat(1 << 20));
    let text = graph(&format!(
        "{},{},{}",
        element("ai_AIPackage", "root", ""),
        element("Organization", "big", &format!(r#""name":"{name}""#)),
        many(1_000, |n| element(
            "software_File",
            &n.to_string(),
            r#""suppliedBy":"urn:x:big""#
        )),
    ));
    assert!(matches!(refusal(&text), SpdxError::Shared { .. }));
    // As plain text it is no copy.
    let text = text.replace("\\u0041", "A");
    assert_eq!(document(text.as_bytes()).bom.components.len(), 1_000);
    // Nor is a name of a member copied into each pointer.
    let inner = many(2_000, |n| element("software_File", &n.to_string(), ""));
    let text = graph(&format!(
        r#"{},{{"type":"software_Package","spdxId":"urn:x:root","creationInfo":"_:c","{name}":[{inner}]}}"#,
        element("Organization", "other", "")
    ));
    let found = document(text.as_bytes());
    assert!(
        found
            .violations
            .iter()
            .all(|one| one.pointer.as_str().len() < 2_000)
    );
    assert_eq!(found.bom.components.len(), 2_000);
}

#[test]
fn expressions_do_not_explode() {
    let levels = 64;
    let sets = many(levels, |n| {
        let inner = format!(r#""urn:x:{}""#, n + 1);
        element(
            "expandedlicensing_ConjunctiveLicenseSet",
            &n.to_string(),
            &format!(r#""expandedlicensing_member":[{inner},{inner}]"#),
        )
    });
    let text = graph(&format!(
        "{},{sets},{},{}",
        element("ai_AIPackage", "root", ""),
        element(
            "simplelicensing_LicenseExpression",
            &levels.to_string(),
            r#""simplelicensing_licenseExpression":"""#
        ),
        many(2_000, |n| relation(
            &format!("r{n}"),
            "root",
            "hasDeclaredLicense",
            "0"
        )),
    ));
    let start = Instant::now();
    let found = document(text.as_bytes());
    assert!(start.elapsed() < LONG);
    assert_eq!(found.bom.subject().unwrap().licenses.len(), 2_000);
}

#[test]
fn lists_of_complaints_have_an_end() {
    let text = graph(&format!(
        "{},{}",
        element("ai_AIPackage", "root", ""),
        many(5_000, |n| element(
            "software_File",
            "same",
            &format!(r#""x{n}":1"#)
        )),
    ));
    let found = document(text.as_bytes());
    assert_eq!(found.violations.len(), MOST_VIOLATIONS + 1);
    assert_eq!(found.defects.len(), MOST_DEFECTS + 1);
    assert_eq!(found.defects[MOST_DEFECTS].kind.slug(), "spdx-more-defects");
    // All of them are listed: whoever repeats an identifier hides nothing.
    assert_eq!(found.bom.components.len(), 5_000);
}

#[test]
fn nonsense_is_read_without_harm() {
    for text in [
        r#""@graph":[]"#,
        r#""@graph":[1,"a",null,[[]],{}]"#,
        r#""@graph":[{"type":7},{"type":"Hash"},{"spdxId":"a:b"},{"spdxId":1,"type":"Tool"}]"#,
        r#""type":"SpdxDocument","rootElement":"a:b","spdxId":"a:b""#,
        r#""type":"SpdxDocument","rootElement":[{"spdxId":"a:c","type":"software_Sbom","rootElement":["a:b","a:c"]}],"spdxId":"a:b""#,
        r#""type":"Relationship","spdxId":"a:b","from":"a:b","to":"a:b","relationshipType":"contains""#,
        r#""type":"ai_AIPackage","spdxId":"a:b","verifiedUsing":[["a"],{"type":"Hash"},"_:x",{"@id":"a:b"}],
           "ai_metric":{"key":"k"},"ai_energyConsumption":"a:b","externalRef":[{"locator":[1]}],
           "suppliedBy":["a:b","a:b"],"dataset_datasetSize":5"#,
    ] {
        let text =
            format!(r#"{{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld",{text}}}"#);
        let found = document(text.as_bytes());
        assert!(!complaints(&found).is_empty(), "{text}");
        view(&found);
    }
    let text = r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":{}}"#;
    assert_eq!(refusal(text), SpdxError::Graph { found: "an object" });
    assert_eq!(refusal("{}"), SpdxError::NotSpdx);
}
