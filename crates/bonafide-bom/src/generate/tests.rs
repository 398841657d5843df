//! What is written is valid, has no contradiction, can be read back, and holds nothing
//! that was not given.

use std::collections::BTreeSet;

use bonafide_core::Algorithm;

use super::*;
use crate::grammar::validate;
use crate::json::admit;
use crate::listing::Listing;
use crate::purl::HubKind;
use crate::semantics::{Circumstances, examine};
use crate::view::Bom;

/// Rules that say only that something is not said.
const GAPS: [&str; 2] = ["model-undescribed", "ancestor-unpinned"];

fn file(name: &str, byte: u8) -> FileEntry {
    FileEntry {
        name: name.to_owned(),
        size: u64::from(byte),
        digests: vec![
            Digest::new(Algorithm::Sha512, &[byte; 64]).unwrap(),
            Digest::new(Algorithm::Sha256, &[byte; 32]).unwrap(),
        ],
        media_type: name.ends_with(".json").then_some("application/json"),
    }
}

fn bare(kind: ArtifactKind) -> Inventory {
    Inventory {
        kind,
        name: "demo".to_owned(),
        version: None,
        repository: None,
        commit: None,
        files: vec![file("model.safetensors", 1)],
        completeness: Completeness::Complete,
        root: None,
        card: None,
        dataset_card: None,
        configuration: None,
        tokenizer: None,
        adapter: None,
        merge: None,
        lifecycle: None,
        now: "2026-03-01T10:00:00.123Z".parse().unwrap(),
        tool_version: "0.1.0".to_owned(),
        serial: SerialNumber::Given([0x5a; 16]),
    }
}

fn full() -> Inventory {
    Inventory {
        repository: Some(HubRepository::parse(HubKind::Model, "acme/demo").unwrap()),
        commit: Some([0xab; 20]),
        files: vec![
            file("weights/model.safetensors", 1),
            file("config.json", 2),
            file("README.md", 3),
            file("é \u{1f600}/\"quoted\"\n.bin", 4),
        ],
        root: Some(Digest::sha256([9; 32])),
        card: Some(
            ModelCard::read(
                b"---\nlicense: [apache-2.0, llama3.1, other]\nlicense_name: Acme terms\n\
                  license_link: https://example.com/terms\nbase_model: [acme/base, ./local, acme/base]\n\
                  base_model_relation: finetune\ndatasets: [acme/data, glue, acme/data, 'a b']\n\
                  language: [en, de]\ntags: [x, x, y]\npipeline_tag: text-generation\n\
                  library_name: transformers\nmodel-index:\n- name: d\n  results:\n  - dataset: {name: GLUE, type: glue}\n\
                  \x20   metrics:\n    - {type: accuracy, value: 0.910}\n    - {name: F1, value: 0.8}\n    - {type: none}\n---\n# Demo\n",
            )
            .unwrap(),
        ),
        configuration: Some(
            ModelConfiguration::read(
                br#"{"architectures":["LlamaForCausalLM","Other"],"model_type":"llama","torch_dtype":"bfloat16",
                     "hidden_size":64,"vocab_size":100,"num_hidden_layers":2,"transformers_version":"4.50.0"}"#,
            )
            .unwrap(),
        ),
        tokenizer: Some(
            TokenizerConfiguration::read(
                br#"{"tokenizer_class":"LlamaTokenizer","chat_template":"{{ messages }}"}"#,
            )
            .unwrap(),
        ),
        adapter: Some(
            AdapterConfiguration::read(
                format!(
                    r#"{{"base_model_name_or_path":"acme/base","revision":"{}","peft_type":"LORA","r":8}}"#,
                    "cd".repeat(20)
                )
                .as_bytes(),
            )
            .unwrap(),
        ),
        merge: Some(
            MergeRecipe::read(
                b"merge_method: linear\nmodels:\n- model: acme/one\n- model: acme/two@main\n",
            )
            .unwrap(),
        ),
        lifecycle: Some(Lifecycle::PostBuild),
        ..bare(ArtifactKind::Model)
    }
}

fn dataset() -> Inventory {
    Inventory {
        files: vec![file("data/train.csv", 1), file("README.md", 2)],
        repository: Some(HubRepository::parse(HubKind::Dataset, "acme/data").unwrap()),
        commit: Some([1; 20]),
        dataset_card: Some(
            DatasetCard::read(
                b"---\nlicense: cc-by-nc-4.0\npretty_name: Demo data\nlanguage: en\nsize_categories: n<1K\n\
                  source_datasets: [original, 'extended|acme/source']\n---\n",
            )
            .unwrap(),
        ),
        ..bare(ArtifactKind::Dataset)
    }
}

fn all() -> Vec<(&'static str, Inventory)> {
    vec![
        ("bare model", bare(ArtifactKind::Model)),
        ("bare dataset", bare(ArtifactKind::Dataset)),
        ("model", full()),
        ("dataset", dataset()),
        (
            "no files",
            Inventory {
                files: Vec::new(),
                ..bare(ArtifactKind::Model)
            },
        ),
        (
            "not complete",
            Inventory {
                completeness: Completeness::Incomplete,
                version: Some("1.0".to_owned()),
                serial: SerialNumber::OfContent,
                ..full()
            },
        ),
    ]
}

#[test]
fn what_is_written_is_valid_and_free_of_contradictions() {
    for (name, inventory) in all() {
        for version in [SpecVersion::V1_6, SpecVersion::V1_7] {
            let text = generate(&inventory, version).unwrap();
            let root = admit(text.as_bytes(), 1 << 24).unwrap();
            let violations: Vec<String> = validate(&root, version)
                .iter()
                .map(ToString::to_string)
                .collect();
            assert_eq!(violations, [""; 0], "{name} {version}\n{text}");
            let circumstances = Circumstances {
                now: inventory.now,
                artifact_changed: None,
            };
            let (bom, defects) = examine(root, &circumstances);
            // What was not found is missing, and the rules say so; nothing else is wrong.
            for defect in &defects {
                let slug = defect.kind.slug();
                assert!(GAPS.contains(&slug), "{name} {version}: {slug}: {defect}");
            }
            let again = serde_json::to_value(bom.to_node()).unwrap();
            assert_eq!(
                again,
                serde_json::from_str::<serde_json::Value>(&text).unwrap()
            );
            assert_eq!(bom.spec_version.as_deref(), Some(version.as_str()));
        }
    }
}

#[test]
fn every_file_comes_back_with_its_digests() {
    for (name, inventory) in all() {
        let text = generate(&inventory, SpecVersion::V1_6).unwrap();
        let bom = Bom::of(admit(text.as_bytes(), 1 << 24).unwrap());
        let listing = Listing::of(&bom);
        for file in &inventory.files {
            let listed = listing.entries.iter().find(|entry| {
                entry
                    .pointer
                    .as_str()
                    .starts_with("/metadata/component/components/")
                    && file
                        .digests
                        .iter()
                        .all(|digest| entry.comparable().contains(digest))
            });
            assert!(listed.is_some(), "{name}: {}", file.name);
        }
        assert_eq!(listing.trees.len(), inventory.root.iter().count(), "{name}");
    }
}

#[test]
fn nothing_is_made_up() {
    let text = generate(&bare(ArtifactKind::Model), SpecVersion::V1_6).unwrap();
    let one = "01".repeat(32);
    let two = "01".repeat(64);
    let expected = format!(
        r#"{{
  "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
  "bomFormat": "CycloneDX",
  "specVersion": "1.6",
  "serialNumber": "urn:uuid:5a5a5a5a-5a5a-5a5a-5a5a-5a5a5a5a5a5a",
  "version": 1,
  "metadata": {{
    "timestamp": "2026-03-01T10:00:00Z",
    "tools": {{
      "components": [
        {{
          "type": "application",
          "name": "bonafide",
          "version": "0.1.0"
        }}
      ]
    }},
    "component": {{
      "type": "machine-learning-model",
      "bom-ref": "model",
      "name": "demo",
      "components": [
        {{
          "type": "file",
          "bom-ref": "file:model.safetensors",
          "name": "model.safetensors",
          "hashes": [
            {{
              "alg": "SHA-256",
              "content": "{one}"
            }},
            {{
              "alg": "SHA-512",
              "content": "{two}"
            }}
          ],
          "properties": [
            {{
              "name": "bonafide:file:role",
              "value": "weights"
            }},
            {{
              "name": "bonafide:file:size",
              "value": "1"
            }}
          ]
        }}
      ]
    }}
  }},
  "dependencies": [
    {{
      "ref": "model"
    }}
  ],
  "compositions": [
    {{
      "aggregate": "complete",
      "assemblies": [
        "model"
      ]
    }},
    {{
      "aggregate": "unknown",
      "dependencies": [
        "model"
      ]
    }}
  ]
}}
"#
    );
    assert_eq!(text, expected);
}

#[test]
fn a_full_document_says_what_the_files_say() {
    let text = generate(&full(), SpecVersion::V1_7).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let model = &document["metadata"]["component"];
    assert_eq!(model["group"], "acme");
    assert_eq!(model["name"], "demo");
    assert_eq!(model["version"], "ab".repeat(20));
    assert_eq!(
        model["purl"],
        format!("pkg:huggingface/acme/demo@{}", "ab".repeat(20))
    );
    assert_eq!(
        model["licenses"],
        serde_json::json!([
            {"license": {"id": "Apache-2.0", "acknowledgement": "declared"}},
            {"license": {"name": "llama3.1", "acknowledgement": "declared"}},
            {"license": {"name": "Acme terms", "url": "https://example.com/terms", "acknowledgement": "declared"}},
        ])
    );
    let parameters = &model["modelCard"]["modelParameters"];
    assert_eq!(parameters["task"], "text-generation");
    assert_eq!(parameters["architectureFamily"], "llama");
    assert_eq!(parameters["modelArchitecture"], "LlamaForCausalLM");
    assert_eq!(
        parameters["datasets"],
        serde_json::json!([{"ref": "data:acme/data"}, {"ref": "data:glue"}, {"ref": "data:a b"}])
    );
    assert_eq!(
        model["modelCard"]["quantitativeAnalysis"]["performanceMetrics"],
        serde_json::json!([
            {"type": "accuracy", "value": "0.910", "slice": "GLUE"},
            {"type": "F1", "value": "0.8", "slice": "GLUE"},
        ])
    );
    let ancestors: Vec<(String, Option<&str>)> = model["pedigree"]["ancestors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["name"].as_str().unwrap().to_owned(),
                one["purl"].as_str(),
            )
        })
        .collect();
    let pinned = format!("pkg:huggingface/acme/base@{}", "cd".repeat(20));
    assert_eq!(
        ancestors,
        [
            ("base".to_owned(), Some(pinned.as_str())),
            ("./local".to_owned(), None),
            ("one".to_owned(), Some("pkg:huggingface/acme/one")),
            // A branch is no version.
            ("two".to_owned(), Some("pkg:huggingface/acme/two")),
        ]
    );
    let names: Vec<&str> = document["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["data", "glue", "a b"]);
    assert_eq!(model["tags"], serde_json::json!(["x", "y"]));
    assert_eq!(document["metadata"]["lifecycles"][0]["phase"], "post-build");
}

#[test]
fn a_document_of_data_says_where_the_data_is_from() {
    let text = generate(&dataset(), SpecVersion::V1_6).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let data = &document["metadata"]["component"];
    assert_eq!(data["type"], "data");
    assert_eq!(
        data["purl"],
        format!("pkg:huggingface/datasets/acme/data@{}", "01".repeat(20))
    );
    assert_eq!(data["licenses"][0]["license"]["id"], "CC-BY-NC-4.0");
    assert_eq!(data["data"][0]["name"], "Demo data");
    assert_eq!(data["pedigree"]["ancestors"][0]["name"], "source");
    assert!(data["modelCard"].is_null());
}

#[test]
fn the_same_inventory_gives_the_same_text() {
    let mut inventory = full();
    let text = generate(&inventory, SpecVersion::V1_6).unwrap();
    inventory.files.reverse();
    for file in &mut inventory.files {
        file.digests.reverse();
    }
    assert_eq!(generate(&inventory, SpecVersion::V1_6).unwrap(), text);

    inventory.serial = SerialNumber::OfContent;
    let serial = |inventory: &Inventory| {
        let text = generate(inventory, SpecVersion::V1_6).unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        document["serialNumber"].as_str().unwrap().to_owned()
    };
    let first = serial(&inventory);
    assert_eq!(serial(&inventory), first);
    // urn:uuid:xxxxxxxx-xxxx-Vxxx-Nxxx-xxxxxxxxxxxx
    let digits: Vec<char> = first.chars().collect();
    assert_eq!((digits.len(), digits[23]), (45, '8'));
    assert!("89ab".contains(digits[28]), "{first}");
    inventory.files[0].digests.pop();
    assert_ne!(serial(&inventory), first);
}

#[test]
fn refuses_what_has_no_name_or_no_version() {
    for version in [SpecVersion::V1_3, SpecVersion::V1_4, SpecVersion::V1_5] {
        assert_eq!(
            generate(&full(), version),
            Err(GenerateError::Version { version })
        );
    }
    let mut inventory = bare(ArtifactKind::Model);
    inventory.name.clear();
    assert_eq!(
        generate(&inventory, SpecVersion::V1_6),
        Err(GenerateError::Name)
    );
    inventory.name.push('x');
    inventory.files.push(file("", 1));
    assert_eq!(
        generate(&inventory, SpecVersion::V1_6),
        Err(GenerateError::FileName)
    );
}

#[test]
fn weak_digests_are_not_written() {
    let mut inventory = bare(ArtifactKind::Model);
    inventory.files[0].digests = vec![Digest::new(Algorithm::Md5, &[1; 16]).unwrap()];
    let text = generate(&inventory, SpecVersion::V1_6).unwrap();
    assert!(!text.contains("hashes") && !text.contains("MD5"), "{text}");
}

#[test]
fn names_suggest_roles() {
    for (name, role) in [
        ("model.safetensors", FileRole::Weights),
        ("a/b/pytorch_model.BIN", FileRole::Weights),
        ("model.safetensors.index.json", FileRole::Configuration),
        ("config.json", FileRole::Configuration),
        ("sub/tokenizer.json", FileRole::Tokenizer),
        ("README.md", FileRole::Card),
        ("LICENSE", FileRole::Licence),
        ("LICENSE.txt", FileRole::Licence),
        ("train.py", FileRole::Code),
        ("data/train-00000.parquet", FileRole::Data),
        ("notes.xyz", FileRole::Other),
        ("", FileRole::Other),
    ] {
        assert_eq!(FileRole::of_name(name), role, "{name}");
    }
    let kind = |names: &[&str]| artifact_kind(names.iter().copied());
    assert_eq!(kind(&["a.csv", "config.json"]), Some(ArtifactKind::Model));
    assert_eq!(kind(&["README.md", "a.csv"]), Some(ArtifactKind::Dataset));
    assert_eq!(kind(&["README.md"]), None);
    let words: BTreeSet<&str> = Lifecycle::ALL.iter().map(|phase| phase.name()).collect();
    assert_eq!(words.len(), 7);
}
