//! What a document says is what is read, however it is written.

use super::{croissant, document};
use crate::croissant::{
    CroissantError, FormatVersion, MOST_FIELD_DEPTH, MOST_RESOURCES, MOST_VALUES, Recognition,
    Resource, read, recognise,
};
use crate::json::{Node, admit};

fn recognised(text: &str) -> Recognition {
    recognise(&admit(text.as_bytes(), 1 << 20).unwrap())
}

fn refusal(text: &str) -> CroissantError {
    read(admit(text.as_bytes(), 64 << 20).unwrap()).unwrap_err()
}

#[test]
fn recognises_croissant_by_its_own_word() {
    let version = Recognition::Croissant;
    for (text, expected) in [
        (document(""), version(FormatVersion::V1_1)),
        (
            r#"{"@type": "https://schema.org/Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0"}"#.into(),
            version(FormatVersion::V1_0),
        ),
        (
            r#"{"@context": "http://mlcommons.org/croissant/context.jsonld", "@type": ["Dataset"]}"#.into(),
            version(FormatVersion::Unstated),
        ),
        (
            r#"{"@context": {"ml": "http://mlcommons.org/schema/"}, "@type": "sc:Dataset"}"#.into(),
            version(FormatVersion::V0_8),
        ),
        (
            r#"{"@type": "Dataset", "dct:conformsTo": {"@id": "https://mlcommons.org/croissant/1.0"}}"#.into(),
            version(FormatVersion::Unknown),
        ),
        (
            r#"{"@context": "https://schema.org/", "@type": "Dataset", "name": "x"}"#.into(),
            Recognition::Dataset,
        ),
        (
            r#"{"@type": "Person", "conformsTo": "http://mlcommons.org/croissant/1.0"}"#.into(),
            Recognition::Other,
        ),
        (r#"{"bomFormat": "CycloneDX"}"#.into(), Recognition::Other),
        ("[]".into(), Recognition::Other),
        ("null".into(), Recognition::Other),
    ] {
        assert_eq!(recognised(&text), expected, "{text}");
    }
    assert_eq!(
        refusal(r#"{"@type": "Dataset"}"#),
        CroissantError::NotCroissant
    );
    assert_eq!(
        refusal(
            r#"{"@context": {"cr": "http://mlcommons.org/croissant/"},
                "@graph": [{"@type": "sc:Dataset"}]}"#
        ),
        CroissantError::Flattened
    );
}

#[test]
fn every_member_is_read() {
    let text = document(
        r#""@id": "d", "version": 2, "datePublished": "2024-05-01", "dateCreated": "2024-04-01",
        "dateModified": "2024-06-01", "citeAs": "@misc{digits}", "sameAs": "https://example.org/x",
        "creator": [{"@type": "Person", "name": "A. Person", "url": ["https://example.org/a"]},
                    "B. Person", {"@type": "sc:Organization", "@id": "org"}],
        "publisher": {"@type": "Organization", "name": "P"},
        "isLiveDataset": false, "keywords": ["digits"], "description": "Small pictures.",
        "rai:dataBiases": "none known", "rai:dataCollection": ["scans"],
        "prov:wasDerivedFrom": [{"@id": "https://example.org/mnist", "name": "MNIST", "version": "1"}],
        "prov:wasGeneratedBy": {"@type": "prov:Activity", "@id": "scan"},
        "distribution": [{"@type": "sc:FileObject", "@id": "f", "contentUrl": "f.csv",
          "encodingFormat": ["text/csv"], "sha256": "ff", "description": "kept"}]"#,
    );
    let dataset = croissant(&text);
    assert_eq!(dataset.format, FormatVersion::V1_1);
    assert_eq!(dataset.conforms_to, ["http://mlcommons.org/croissant/1.1"]);
    assert_eq!(dataset.id.as_deref(), Some("d"));
    assert_eq!(dataset.name.as_deref(), Some("digits"));
    assert_eq!(dataset.url.as_deref(), Some("https://example.org/digits"));
    assert_eq!(dataset.version.as_deref(), Some("2"));
    assert_eq!(dataset.date_published.as_deref(), Some("2024-05-01"));
    assert_eq!(dataset.date_created.as_deref(), Some("2024-04-01"));
    assert_eq!(dataset.date_modified.as_deref(), Some("2024-06-01"));
    assert_eq!(dataset.cite_as.as_deref(), Some("@misc{digits}"));
    assert_eq!(dataset.same_as, ["https://example.org/x"]);
    assert_eq!(dataset.is_live_dataset, Some(false));
    assert_eq!(
        dataset.licences[0].text.as_deref(),
        Some("https://spdx.org/licenses/CC-BY-4.0")
    );
    let creators: Vec<_> = dataset
        .creators
        .iter()
        .map(|creator| {
            (
                creator.kind.as_deref(),
                creator.name.as_deref(),
                creator.id.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        creators,
        [
            (Some("Person"), Some("A. Person"), None),
            (None, Some("B. Person"), None),
            (Some("Organization"), None, Some("org")),
        ]
    );
    assert_eq!(
        dataset.creators[0].url.as_deref(),
        Some("https://example.org/a")
    );
    assert_eq!(dataset.publishers[0].name.as_deref(), Some("P"));
    let rai: Vec<_> = dataset
        .responsible_ai
        .iter()
        .map(|statement| (statement.name.as_str(), statement.pointer.as_str()))
        .collect();
    assert_eq!(
        rai,
        [
            ("dataBiases", "/rai:dataBiases"),
            ("dataCollection", "/rai:dataCollection")
        ]
    );
    let derivation = &dataset.derived_from[0];
    assert_eq!(derivation.pointer.as_str(), "/prov:wasDerivedFrom/0");
    assert_eq!(derivation.name.as_deref(), Some("MNIST"));
    assert_eq!(derivation.version.as_deref(), Some("1"));
    assert_eq!(dataset.generated_by[0].id.as_deref(), Some("scan"));
    let extra: Vec<_> = dataset.extra.iter().map(|(name, _)| name).collect();
    assert_eq!(extra, ["@context", "keywords", "description"]);
    let Resource::File(file) = &dataset.distribution[0] else {
        panic!("a file");
    };
    assert_eq!(file.encoding_formats, ["text/csv"]);
    assert_eq!(
        file.extra.get("description"),
        Some(&Node::Text("kept".into()))
    );
}

#[test]
fn other_spellings_say_the_same() {
    let text = r#"{
      "@context": [{"@vocab": "https://schema.org/", "c": "http://mlcommons.org/croissant/",
        "parts": "distribution", "id": "@id", "type": "@type", "@base": "https://example.org/"},
        "https://example.org/more"],
      "type": ["http://schema.org/Dataset", "https://example.org/Thing"],
      "http://purl.org/dc/terms/conformsTo": [{"@id": "http://mlcommons.org/croissant/1.0"}],
      "name": [{"@value": "chiffres", "@language": "fr"}, {"@value": "digits", "@language": "en"}],
      "sc:license": {"@type": "CreativeWork", "url": "https://example.org/terms", "name": "Terms"},
      "parts": {"@list": [
        {"type": "c:FileObject", "id": "https://example.org/f", "contentUrl": {"@id": "f.zip"},
         "cr:sha256": "0000000000000000000000000000000000000000000000000000000000000000"},
        {"type": ["https://mlcommons.org/croissant/FileSet"], "id": "s", "c:includes": "*.csv",
         "containedIn": {"id": "f"}}]}
    }"#;
    let dataset = croissant(text);
    assert_eq!(dataset.format, FormatVersion::V1_0);
    assert_eq!(dataset.name.as_deref(), Some("digits"));
    assert_eq!(
        dataset.licences[0].text.as_deref(),
        Some("https://example.org/terms")
    );
    assert_eq!(dataset.licences[0].name.as_deref(), Some("Terms"));
    assert_eq!(dataset.distribution.len(), 2);
    assert_eq!(dataset.distribution[1].pointer().as_str(), "/parts/@list/1");
    assert_eq!(dataset.distribution[1].containers()[0].id, "f");
    assert_eq!(dataset.defects(), []);
}

#[test]
fn fields_come_in_their_order() {
    let text = document(
        r#""recordSet": [{"@id": "r", "field": [
            {"@id": "a", "subField": [{"@id": "a1", "subField": {"@id": "a11"}}, {"@id": "a2"}]},
            {"@id": "b"}]}]"#,
    );
    let dataset = croissant(&text);
    let fields: Vec<_> = dataset.record_sets[0]
        .fields
        .iter()
        .map(|field| field.id.as_deref().unwrap())
        .collect();
    assert_eq!(fields, ["a", "a1", "a11", "a2", "b"]);
}

#[test]
fn what_is_larger_than_anything_real_is_refused() {
    let resource = r#"{"@type":"cr:FileSet"}"#;
    let many = vec![resource; MOST_RESOURCES + 1].join(",");
    assert_eq!(
        refusal(&document(&format!(r#""distribution": [{many}]"#))),
        CroissantError::Resources {
            limit: MOST_RESOURCES
        }
    );
    let nulls = vec!["\"\""; MOST_VALUES + 1].join(",");
    assert!(matches!(
        refusal(&document(&format!(r#""sameAs": [{nulls}]"#))),
        CroissantError::Values { .. }
    ));
    let mut field = r#"{"@id": "x"}"#.to_owned();
    for _ in 0..MOST_FIELD_DEPTH {
        field = format!(r#"{{"@id": "x", "subField": {field}}}"#);
    }
    assert!(matches!(
        refusal(&document(&format!(
            r#""recordSet": {{"@id": "r", "field": {field}}}"#
        ))),
        CroissantError::FieldDepth { .. }
    ));
}

/// Long names, texts and identifiers, each used by many: none is copied for each.
#[test]
fn long_names_cost_their_length_once() {
    let long = "x".repeat(1 << 20);
    let fields = vec![r#"{"name": "f"}"#; 20_000].join(",");
    let derivations = vec![r#""https://example.org/a""#; 20_000].join(",");
    let text = format!(
        r#"{{"@context": {{"@vocab": "{long}", "@base": "{long}", "sc": "https://schema.org/",
              "{long}": "sc:distribution", "ml": "http://mlcommons.org/schema/"}},
            "@type": "sc:Dataset", "sc:url": "{long}", "{long}": [{fields}],
            "cr:recordSet": {{"sc:name": "{long}", "cr:field": [{fields}]}},
            "prov:wasDerivedFrom": [{derivations}]}}"#
    );
    let dataset = croissant(&text);
    assert_eq!(dataset.format, FormatVersion::V0_8);
    assert_eq!(dataset.distribution.len(), 0);
    assert_eq!(dataset.record_sets[0].fields.len(), 20_000);
    assert!(dataset.defects().len() >= 20_000);
}

#[test]
fn members_of_any_kind_are_met_without_harm() {
    const KINDS: [&str; 8] = [
        "null",
        "true",
        "7",
        "-1.5",
        "\"\"",
        "[]",
        "{}",
        "[[{}], null, [7]]",
    ];
    for member in [
        "@id",
        "@type",
        "name",
        "url",
        "version",
        "license",
        "creator",
        "publisher",
        "conformsTo",
        "datePublished",
        "citeAs",
        "sameAs",
        "isLiveDataset",
        "distribution",
        "recordSet",
        "prov:wasDerivedFrom",
        "prov:wasGeneratedBy",
        "rai:dataBiases",
        "@context",
        "@graph",
    ] {
        for kind in KINDS {
            let text = format!(
                r#"{{"@type": "sc:Dataset", "dct:conformsTo": "http://mlcommons.org/croissant/1.0",
                     "x": 1, "{member}": {kind}}}"#
            );
            if let Ok(root) = admit(text.as_bytes(), 1 << 20)
                && let Ok(dataset) = read(root)
            {
                let _ = (
                    dataset.defects(),
                    dataset.listing(),
                    dataset.match_sets(&[]),
                );
            }
        }
    }
    for member in [
        "@id",
        "@type",
        "name",
        "contentUrl",
        "contentSize",
        "encodingFormat",
        "sha256",
        "md5",
        "containedIn",
        "includes",
        "excludes",
        "source",
        "references",
        "parentField",
        "subField",
        "field",
    ] {
        for kind in KINDS {
            let part = format!(r#"{{"@type": "FileObject", "{member}": {kind}}}"#);
            let part = if member == "@type" {
                format!(r#"{{"@type": {kind}}}"#)
            } else {
                part
            };
            let text = document(&format!(
                r#""distribution": [{part}, {}], "recordSet": {{"field": {part}, "{member}": {kind}}}"#,
                part.replace("FileObject", "FileSet")
            ));
            if let Ok(root) = admit(text.as_bytes(), 1 << 20) {
                let dataset = read(root).unwrap();
                let _ = (
                    dataset.defects(),
                    dataset.listing(),
                    dataset.match_sets(&[]),
                );
            }
        }
    }
}
