//! Whole documents: what becomes of each statement, and where it comes from.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{document, fixture, graph, pointer, tree, view};
use crate::listing::Listing;
use crate::spdx::{Recognition, recognise};

/// Every text and number of a document with how often it comes, names of members left out.
fn scalars(value: &Value, into: &mut BTreeMap<String, usize>) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| scalars(value, into)),
        Value::Object(members) => members.values().for_each(|value| scalars(value, into)),
        other => *into.entry(other.to_string()).or_default() += 1,
    }
}

#[test]
fn nothing_is_lost() {
    for name in [
        "spdx/digits.spdx3.json",
        "spdx/digits-inline.spdx3.json",
        "spdx/unknown-member.spdx3.json",
        "spdx/hash-is-no-list.spdx3.json",
        "spdx/missing-type.spdx3.json",
        "spdx/duplicate-identifier.spdx3.json",
        "generators/aisbom-cli-1.7.0.spdx3.json",
        "generators/pitloom-0.20.2.spdx3.json",
    ] {
        let bytes = fixture(name);
        let mut before = BTreeMap::new();
        scalars(&serde_json::from_slice(&bytes).unwrap(), &mut before);
        let mut after = BTreeMap::new();
        let written = view(&document(&bytes));
        scalars(&written, &mut after);
        // Words of SPDX that the view has words of its own for.
        let words = [
            ("\"sha256\"", "\"SHA-256\""),
            ("\"packageUrl\"", "\"purl\""),
            ("\"kilowattHour\"", "\"kWh\""),
        ];
        let typed = [
            "Hash",
            "DictionaryEntry",
            "ExternalIdentifier",
            "ExternalRef",
            "documentation",
            "packageUrl",
            "swhid",
            "software_ContentIdentifier",
            "ai_EnergyConsumption",
            "ai_EnergyConsumptionDescription",
        ];
        let text = written.to_string();
        for scalar in before.keys() {
            let plain = scalar.trim_matches('"');
            let known = after.contains_key(scalar)
                || typed.contains(&plain)
                || words.iter().any(|(old, new)| {
                    old == scalar && (after.contains_key(*new) || text.contains(new))
                })
                // Numbers, quantities with their unit, and keys, in a property.
                || after.keys().any(|value| {
                    let value = value.trim_matches('"');
                    value == plain
                        || value.split(' ').any(|word| word == plain)
                        || value.split(':').any(|key| key == plain)
                });
            assert!(known, "{name}: {scalar} is lost");
        }
    }
}

#[test]
fn the_demo_document_is_a_bill_of_materials() {
    let bytes = fixture("spdx/digits.spdx3.json");
    let found = document(&bytes);
    let bom = view(&found);
    let metadata = &bom["metadata"];
    assert_eq!(bom["serialNumber"], "urn:digits:document");
    assert_eq!(metadata["timestamp"], "2026-11-22T07:00:00Z");
    assert_eq!(metadata["manufacturer"]["name"], "Example Labs");
    assert_eq!(
        metadata["authors"],
        json!([{"name": "Ada Example", "email": "ada@example.org"}])
    );
    let tools = metadata["tools"]["components"].as_array().unwrap();
    assert_eq!(tools[0]["name"], "Nightly build");
    assert_eq!(tools[1]["purl"], "pkg:pypi/bill-writer@1.2.3");
    assert_eq!(
        metadata["lifecycles"],
        json!([{"phase": "build"}, {"phase": "post-build"}])
    );
    assert_eq!(metadata["licenses"][0]["license"]["id"], "CC0-1.0");

    let model = &metadata["component"];
    for (pointer, expected) in [
        ("/type", json!("machine-learning-model")),
        ("/name", json!("digits-classifier-finetuned")),
        ("/version", json!("2.0.0")),
        ("/supplier/name", json!("Example Labs")),
        ("/manufacturer/name", json!("Example Labs")),
        ("/authors/0/email", json!("ada@example.org")),
        ("/releaseNotes/timestamp", json!("2026-11-21T10:00:00Z")),
        (
            "/swhid/0",
            json!("swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2"),
        ),
        ("/hashes/0/alg", json!("SHA-256")),
        ("/licenses/0/expression", json!("Apache-2.0 OR MIT")),
        ("/licenses/0/acknowledgement", json!("declared")),
        ("/licenses/1/expression", json!("Apache-2.0 OR MIT")),
        ("/licenses/1/acknowledgement", json!("concluded")),
        ("/pedigree/ancestors/0/name", json!("digits-classifier")),
        ("/pedigree/ancestors/0/version", json!("1.0.0")),
        ("/components/0/name", json!("model.safetensors")),
        ("/components/1/mime-type", json!("application/json")),
        (
            "/modelCard/modelParameters/architectureFamily",
            json!("perceptron"),
        ),
        (
            "/modelCard/modelParameters/datasets",
            json!([{"ref": "urn:digits:data"}]),
        ),
        (
            "/modelCard/quantitativeAnalysis/performanceMetrics/0",
            json!({"type": "accuracy", "value": "0.9083"}),
        ),
        (
            "/modelCard/considerations/technicalLimitations/0",
            json!("One digit in each image."),
        ),
        (
            "/modelCard/considerations/useCases/0",
            json!("image classification"),
        ),
        (
            "/modelCard/considerations/environmentalConsiderations/energyConsumptions",
            json!([{"activity": "training", "activityEnergyCost": {"value": 0.25, "unit": "kWh"}}]),
        ),
    ] {
        assert_eq!(model.pointer(pointer), Some(&expected), "{pointer}");
    }
    let references: Vec<(&str, &str)> = model["externalReferences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["type"].as_str().unwrap(), one["url"].as_str().unwrap()))
        .collect();
    assert!(references.contains(&(
        "distribution",
        "https://example.org/digits-classifier-finetuned.tar.gz"
    )));
    assert!(references.contains(&("website", "https://example.org/digits")));
    assert!(references.contains(&("documentation", "https://example.org/digits/manual")));
    let has = |component: &Value, name: &str, value: &str| {
        let of = |place: &Value| {
            let list = place.as_array().into_iter().flatten();
            list.filter(|one| one["name"] == name && one["value"] == value)
                .count()
        };
        of(&component["properties"]) + of(&component["modelCard"]["properties"]) == 1
    };
    for (name, value) in [
        ("spdx:trainedOn", "urn:digits:data"),
        ("spdx:testedOn", "urn:digits:data"),
        (
            "spdx:hasEvidence",
            "https://example.org/spdx/elsewhere#study",
        ),
        ("spdx:ai_hyperparameter:seed", "7"),
        ("spdx:ai_safetyRiskAssessment", "low"),
        ("spdx:ai_metricDecisionThreshold:accuracy", "0.9"),
        ("spdx:ai_finetuningEnergyConsumption", "12.5 megajoule"),
        ("spdx:builtTime", "2026-11-20T10:00:00Z"),
    ] {
        assert!(has(model, name, value), "{name}");
    }

    let components = bom["components"].as_array().unwrap();
    let names: Vec<&str> = components
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["digits-classifier", "digits-dataset", "safetensors"]
    );
    let data = &components[1];
    assert_eq!(data["type"], "data");
    assert_eq!(
        data["data"],
        json!([{"type": "dataset", "name": "digits-dataset", "classification": "clear"}])
    );
    assert_eq!(data["components"][0]["name"], "digits.csv");
    assert_eq!(data["licenses"][0]["license"]["id"], "CC-BY-4.0");
    for (name, value) in [
        ("spdx:dataset_datasetType", "image"),
        ("spdx:dataset_datasetSize", "1797"),
        ("spdx:dataset_hasSensitivePersonalInformation", "no"),
        ("spdx:dataset_sensor:scanner", "300 dpi"),
    ] {
        assert!(has(data, name, value), "{name}");
    }
    assert_eq!(components[2]["purl"], "pkg:pypi/safetensors@0.6.2");
    assert_eq!(
        bom["dependencies"],
        json!([{"ref": "urn:digits:finetuned",
                "dependsOn": ["urn:digits:library"]}])
    );
    let aggregates: Vec<&Value> = bom["compositions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["aggregate"])
        .collect();
    assert_eq!(aggregates, ["complete", "unknown"]);
    assert_eq!(bom["annotations"][0]["text"], "Looked at by hand.");
}

/// The same bytes are asked for as for a CycloneDX document.
#[test]
fn what_it_lists_can_be_held_against_bytes() {
    let bytes = fixture("spdx/digits.spdx3.json");
    let found = document(&bytes);
    let listing = Listing::of(&found.bom);
    let labels: Vec<&str> = listing
        .entries
        .iter()
        .filter(|entry| !entry.digests.is_empty())
        .map(|entry| entry.label.as_str())
        .collect();
    for name in [
        "model.safetensors",
        "config.json",
        "README.md",
        "digits.csv",
    ] {
        assert!(labels.contains(&name), "{name} of {labels:?}");
    }
    for entry in &listing.entries {
        assert!(
            !found.source(&entry.pointer).as_str().is_empty(),
            "{}",
            entry.pointer
        );
    }
}

#[test]
fn every_component_leads_back_to_its_element() {
    for name in [
        "spdx/digits.spdx3.json",
        "spdx/digits-inline.spdx3.json",
        "spdx/circular-containment.spdx3.json",
        "generators/aisbom-cli-1.7.0.spdx3.json",
        "generators/pitloom-0.20.2.spdx3.json",
    ] {
        let bytes = fixture(name);
        let root = tree(&bytes);
        let found = document(&bytes);
        let mut seen = 0;
        found.bom.walk(|placed| {
            let Some(id) = placed.component.bom_ref.as_deref() else {
                return;
            };
            if !matches!(
                placed.place,
                crate::view::Place::Subject | crate::view::Place::Inventory
            ) {
                return;
            }
            seen += 1;
            let source = found.source(placed.pointer);
            let there = source.resolve(&root).unwrap();
            assert_eq!(
                there.get("spdxId").and_then(|id| id.text()),
                Some(id),
                "{name}"
            );
            for index in 0..placed.component.hashes.len() {
                let hash = placed.pointer.member("hashes").element(index);
                let there = found.source(&hash);
                let there = there.resolve(&root).unwrap();
                let value = there.get("hashValue").and_then(|value| value.text());
                assert_eq!(value, placed.component.hashes[index].content.as_deref());
            }
        });
        assert!(seen > 1, "{name}");
    }
    let bytes = fixture("spdx/digits.spdx3.json");
    let found = document(&bytes);
    let root = tree(&bytes);
    for (view, class) in [
        ("/metadata/component/licenses/0/expression", "Relationship"),
        (
            "/metadata/component/pedigree/ancestors/0/name",
            "Relationship",
        ),
        (
            "/metadata/component/modelCard/modelParameters/datasets/0/ref",
            "Relationship",
        ),
        ("/metadata/component/modelCard", "ai_AIPackage"),
        ("/metadata/timestamp", "CreationInfo"),
        ("/dependencies/0", "Relationship"),
        ("/annotations/0", "Annotation"),
    ] {
        let source = found.source(&pointer(view));
        let there = source.resolve(&root).unwrap();
        assert_eq!(
            there.get("type").and_then(|class| class.text()),
            Some(class),
            "{view}"
        );
    }
    assert_eq!(found.source(&pointer("/nowhere")).as_str(), "");
}

#[test]
fn documents_of_generators_are_read() {
    let bytes = fixture("generators/aisbom-cli-1.7.0.spdx3.json");
    let found = document(&bytes);
    assert!(found.violations.is_empty(), "{:?}", found.violations);
    // Two models are its roots, so none of them is the subject.
    assert_eq!(found.bom.subject(), None);
    let kinds: Vec<&str> = found
        .bom
        .components
        .iter()
        .filter_map(|one| one.kind.as_deref())
        .collect();
    assert_eq!(
        kinds,
        [
            "machine-learning-model",
            "machine-learning-model",
            "library",
            "library"
        ]
    );
    assert_eq!(found.bom.components[0].hashes.len(), 1);

    let bytes = fixture("generators/pitloom-0.20.2.spdx3.json");
    let found = document(&bytes);
    assert!(found.violations.is_empty(), "{:?}", found.violations);
    let model = found.bom.subject().unwrap();
    assert_eq!(model.name.as_deref(), Some("model"));
    assert_eq!(model.licenses[0].expression.as_deref(), Some("Apache-2.0"));
    assert!(model.hashes.is_empty());
    let card = model.model_card.as_ref().unwrap();
    let data = &card.model_parameters.as_ref().unwrap().datasets;
    assert_eq!(data.len(), 1);
    assert_eq!(found.bom.annotations.len(), 4);
}

#[test]
fn documents_are_told_apart() {
    for (text, expected) in [
        (graph(""), "3.0.1"),
        (
            r#"{"@context":"https://spdx.org/rdf/3.0.0/spdx-context.jsonld"}"#.to_owned(),
            "SPDX 3.0.0 is not supported; 3.0.1 is",
        ),
        (
            r#"{"@context":"https://spdx.org/rdf/3.1/spdx-context.jsonld"}"#.to_owned(),
            "SPDX 3.1 is not supported; 3.0.1 is",
        ),
        (
            r#"{"@context":"https://spdx.github.io/spdx-spec/v3.0.1/rdf/spdx-context.jsonld"}"#
                .to_owned(),
            "SPDX 3.0.1 with the context `https://spdx.github.io/spdx-spec/v3.0.1/rdf/spdx-context.jsonld` is not supported; 3.0.1 is",
        ),
        (
            r#"{"@context":[{"a":"b"},"https://spdx.org/rdf/3.0.1/spdx-context.jsonld"]}"#
                .to_owned(),
            "`@context` has more than the context of SPDX 3.0.1, and is not evaluated",
        ),
        (
            r#"{"spdxVersion":"SPDX-2.2\u001b"}"#.to_owned(),
            "`SPDX-2.2\\u{1b}` is not supported; SPDX 3.0.1 is, and CycloneDX, which both describe models and datasets where SPDX 2 does not",
        ),
        (r#"{"@context":"https://schema.org"}"#.to_owned(), "none"),
        (r#"{"@context":{"a":"b"}}"#.to_owned(), "none"),
        ("[]".to_owned(), "none"),
    ] {
        let found = match recognise(&tree(text.as_bytes())) {
            Some(Recognition::Version3_0_1) => "3.0.1".to_owned(),
            Some(Recognition::Refused(error)) => error.to_string(),
            None => "none".to_owned(),
        };
        assert_eq!(found, expected, "{text}");
    }
}
