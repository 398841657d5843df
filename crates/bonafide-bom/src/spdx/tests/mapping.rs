//! Single statements, and what becomes of them.

use serde_json::{Value, json};

use super::{complaints, document, element, graph, relation, view};

/// The component that `urn:x:root` becomes.
fn root(elements: &str) -> Value {
    let text = graph(elements);
    let found = document(text.as_bytes());
    view(&found)["metadata"]["component"].clone()
}

fn package(members: &str) -> Value {
    root(&element("software_Package", "root", members))
}

#[test]
fn licences_get_names_or_expressions() {
    let licence = |elements: &str, target: &str| {
        let elements = format!(
            "{},{}{}{elements}",
            element("software_Package", "root", ""),
            relation("r", "root", "hasConcludedLicense", "L").replace("urn:x:L", target),
            if elements.is_empty() { "" } else { "," },
        );
        let root = root(&elements);
        let choice = &root["licenses"][0];
        let named = choice
            .pointer("/license/id")
            .or(choice.pointer("/license/name"));
        let text = choice.get("expression").or(named).and_then(Value::as_str);
        text.map(ToOwned::to_owned)
    };
    let set = |class: &str, id: &str, members: &str| {
        element(
            class,
            id,
            &format!(r#""expandedlicensing_member":[{members}]"#),
        )
    };
    const AND: &str = "expandedlicensing_ConjunctiveLicenseSet";
    const OR: &str = "expandedlicensing_DisjunctiveLicenseSet";
    let mit = r#""https://spdx.org/licenses/MIT""#;
    let gpl = r#""https://spdx.org/licenses/GPL-2.0-only""#;
    let expression = element(
        "simplelicensing_LicenseExpression",
        "l",
        r#""simplelicensing_licenseExpression":"MIT OR ISC""#,
    );
    let with = element(
        "expandedlicensing_WithAdditionOperator",
        "w",
        r#""expandedlicensing_subjectExtendableLicense":"urn:x:p",
               "expandedlicensing_subjectAddition":"https://spdx.org/licenses/Classpath-exception-2.0""#,
    );
    let plus = element(
        "expandedlicensing_OrLaterOperator",
        "p",
        &format!(r#""expandedlicensing_subjectLicense":{gpl}"#),
    );
    let custom = element("expandedlicensing_CustomLicense", "c", r#""name":"Ours""#);
    for (elements, target, expected) in [
        (String::new(), "https://spdx.org/licenses/MIT", Some("MIT")),
        (expression.clone(), "urn:x:l", Some("MIT OR ISC")),
        (
            format!(
                "{},{expression}",
                set(AND, "s", &format!(r#"{mit},"urn:x:l""#))
            ),
            "urn:x:s",
            Some("MIT AND (MIT OR ISC)"),
        ),
        (
            format!(
                "{},{},{with},{plus},{custom}",
                set(OR, "s", r#""urn:x:a","urn:x:c""#),
                set(AND, "a", &format!(r#"{mit},"urn:x:w""#)),
            ),
            "urn:x:s",
            Some("(MIT AND GPL-2.0-only+ WITH Classpath-exception-2.0) OR LicenseRef-Ours"),
        ),
        // In a circle there is no expression, but there is a licence.
        (
            set(AND, "s", r#""urn:x:s","urn:x:s""#),
            "urn:x:s",
            Some("urn:x:s"),
        ),
        (custom, "urn:x:c", Some("Ours")),
        (String::new(), "expandedlicensing_NoneLicense", Some("NONE")),
        (
            String::new(),
            "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoneLicense",
            Some("NONE"),
        ),
        (String::new(), "expandedlicensing_NoAssertionLicense", None),
        (String::new(), "urn:x:nowhere", None),
    ] {
        assert_eq!(
            licence(&elements, target).as_deref(),
            expected,
            "{elements} {target}"
        );
    }
}

#[test]
fn digests_keep_their_names() {
    for (here, there) in [
        ("sha256", "SHA-256"),
        ("sha3_512", "SHA3-512"),
        ("blake2b384", "BLAKE2b-384"),
        ("blake3", "BLAKE3"),
        ("md5", "MD5"),
        ("sha224", "sha224"),
        ("md6", "md6"),
    ] {
        let members =
            format!(r#""verifiedUsing":[{{"type":"Hash","algorithm":"{here}","hashValue":"ab"}}]"#);
        let hashes = &package(&members)["hashes"];
        assert_eq!(*hashes, json!([{"alg": there, "content": "ab"}]), "{here}");
    }
    // A code over many files is no digest of one.
    let members = r#""verifiedUsing":[
        {"type":"PackageVerificationCode","algorithm":"sha1","hashValue":"ab"},
        {"type":"Hash","algorithm":"sha1","hashValue":"cd","comment":"x"}]"#;
    let found = package(members);
    assert_eq!(found["hashes"], json!([{"alg": "SHA-1", "content": "cd"}]));
    let kept = found["spdx"]["verifiedUsing"].as_array().unwrap();
    assert_eq!(kept.len(), 2, "{kept:?}");
}

/// JSON-LD may put a value elsewhere and refer to it.
#[test]
fn values_are_found_by_reference() {
    let elements = format!(
        r#"{},{{"type":"Hash","@id":"_:h","algorithm":"sha256","hashValue":"ab"}},
        {{"type":"DictionaryEntry","@id":"_:m","key":"f1","value":"0.5"}},
        {{"type":"ExternalIdentifier","@id":"_:e","externalIdentifierType":"packageUrl","identifier":"pkg:pypi/a@1"}}"#,
        element(
            "ai_AIPackage",
            "root",
            r#""verifiedUsing":["_:h"],"ai_metric":["_:m"],"externalIdentifier":["_:e"],
               "suppliedBy":{"spdxId":"urn:x:who"}"#
        )
    );
    let found = root(&elements);
    assert_eq!(
        found["hashes"],
        json!([{"alg": "SHA-256", "content": "ab"}])
    );
    assert_eq!(found["purl"], "pkg:pypi/a@1");
    assert_eq!(found["supplier"]["name"], "Who");
    let metric = "/modelCard/quantitativeAnalysis/performanceMetrics/0/type";
    assert_eq!(found.pointer(metric), Some(&json!("f1")));
}

#[test]
fn packages_are_what_they_are_for() {
    for (purpose, kind) in [
        ("model", "machine-learning-model"),
        ("data", "data"),
        ("container", "container"),
        ("operatingSystem", "operating-system"),
        ("archive", "library"),
        ("library", "library"),
    ] {
        let found = package(&format!(r#""software_primaryPurpose":"{purpose}""#));
        assert_eq!(found["type"], kind, "{purpose}");
    }
    assert_eq!(package("")["type"], "library");
    let folder = root(&element(
        "software_File",
        "root",
        r#""software_fileKind":"directory""#,
    ));
    assert!(folder.get("type").is_none());
    // A snippet is a part of a file, whose digest is not that of the file.
    let text = graph(&element("software_Snippet", "root", ""));
    let found = document(text.as_bytes());
    assert!(found.bom.components.is_empty() && found.bom.subject().is_none());
}

#[test]
fn a_file_in_two_packages_stands_in_the_first() {
    let elements = [
        element("software_Package", "root", ""),
        element("software_Package", "other", ""),
        element("software_File", "f", r#""name":"f""#),
        relation("r1", "root", "contains", "f"),
        relation("r2", "other", "contains", "f"),
    ]
    .join(",");
    let text = graph(&elements);
    let found = document(text.as_bytes());
    assert!(complaints(&found).is_empty(), "{:?}", complaints(&found));
    let bom = view(&found);
    let file = &bom["metadata"]["component"]["components"][0];
    assert_eq!(file["name"], "f");
    assert_eq!(
        file["properties"],
        json!([{"name": "spdx:containedIn", "value": "urn:x:other"}])
    );
    assert_eq!(bom["components"].as_array().unwrap().len(), 1);
}

#[test]
fn what_a_document_is_about_stands_in_nothing() {
    let elements = [
        element("software_Package", "outer", ""),
        element("ai_AIPackage", "root", ""),
        relation("r1", "outer", "contains", "root"),
    ]
    .join(",");
    let text = graph(&elements);
    let found = document(text.as_bytes());
    assert_eq!(
        found.bom.subject().unwrap().bom_ref.as_deref(),
        Some("urn:x:root")
    );
    assert_eq!(found.bom.components.len(), 1);
    assert!(found.bom.components[0].components.is_empty());
}

#[test]
fn one_model_among_several_roots_is_the_subject() {
    let elements = [
        element("software_File", "root", ""),
        element("ai_AIPackage", "m", ""),
    ]
    .join(",");
    let text = graph(&elements).replace(r#"["urn:x:root"]"#, r#"["urn:x:root","urn:x:m"]"#);
    let found = document(text.as_bytes());
    assert_eq!(
        found.bom.subject().unwrap().bom_ref.as_deref(),
        Some("urn:x:m")
    );
    let roots = &view(&found)["metadata"]["properties"];
    assert!(
        roots
            .to_string()
            .contains(r#"{"name":"spdx:rootElement","value":"urn:x:m"}"#)
    );
    // `describes` where there is no root.
    let elements = format!(
        "{},{}",
        element("ai_AIPackage", "m", ""),
        relation("r", "doc", "describes", "m")
    );
    let text = graph(&elements).replace(r#""rootElement":["urn:x:root"],"#, "");
    let found = document(text.as_bytes());
    assert!(complaints(&found).is_empty(), "{:?}", complaints(&found));
    assert_eq!(
        found.bom.subject().unwrap().bom_ref.as_deref(),
        Some("urn:x:m")
    );
}

#[test]
fn ancestors_that_are_elsewhere_are_named() {
    let elements = format!(
        "{},{}",
        element("ai_AIPackage", "root", ""),
        relation("r", "root", "descendantOf", "far")
    );
    let found = root(&elements);
    assert_eq!(
        found["pedigree"]["ancestors"],
        json!([{"bom-ref": "urn:x:far", "name": "urn:x:far"}])
    );
}
