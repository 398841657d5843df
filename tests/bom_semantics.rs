//! What a schema-valid document says and cannot be right: `fixtures/bom/semantics` holds, for
//! each rule, a document that breaks it in one place and the same one whole.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use bonafide_bom::json::{Pointer, admit};
use bonafide_bom::semantics::{
    Circumstances, Defect, MOST_DEFECTS, RULES, contradictions, examine, unresolved,
};
use bonafide_bom::view::Bom;
use serde::Deserialize;

use crate::harness::{fixture, vectors};

const MOST_BYTES: usize = 64 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    folder: String,
    slug: String,
    pointer: String,
}

fn index() -> Vec<Case> {
    let text = std::fs::read_to_string(fixture("bom/semantics/index.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn circumstances() -> Circumstances {
    Circumstances {
        now: "2026-07-01T00:00:00Z".parse().unwrap(),
        artifact_changed: Some("2026-01-20T00:00:00Z".parse().unwrap()),
    }
}

fn defects_of(path: &Path, circumstances: &Circumstances) -> Vec<Defect> {
    let bytes = std::fs::read(path).unwrap();
    let root = admit(&bytes, MOST_BYTES).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    examine(root, circumstances).1
}

fn shown(defects: &[Defect]) -> Vec<(&str, &str)> {
    defects
        .iter()
        .map(|defect| (defect.kind.slug(), defect.pointer.as_str()))
        .collect()
}

/// Rules that no folder breaks, since their documents would not be small.
const WITHOUT_FOLDER: [&str; 1] = ["more-defects"];

#[test]
fn each_defect_is_found_alone_and_only_where_it_is() {
    let cases = index();
    let mut wrong = Vec::new();
    for case in &cases {
        let folder = fixture("bom/semantics").join(&case.folder);
        let clean = defects_of(&folder.join("clean.cdx.json"), &circumstances());
        if !clean.is_empty() {
            wrong.push(format!("{} whole: {:?}", case.folder, shown(&clean)));
        }
        let defect = defects_of(&folder.join("defect.cdx.json"), &circumstances());
        if shown(&defect) != [(&*case.slug, &*case.pointer)] {
            wrong.push(format!("{}: {:?}", case.folder, shown(&defect)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases.len() >= 60, "{}", cases.len());

    let broken: BTreeSet<&str> = cases.iter().map(|case| &*case.slug).collect();
    let rules: BTreeSet<&str> = RULES.iter().map(|rule| rule.slug).collect();
    let expected: BTreeSet<&str> = broken.iter().copied().chain(WITHOUT_FOLDER).collect();
    assert_eq!(
        rules, expected,
        "each rule has a folder, and each folder a rule"
    );
}

#[test]
fn folders_and_index_agree() {
    let listed: BTreeSet<String> = index().into_iter().map(|case| case.folder).collect();
    let there: BTreeSet<String> = std::fs::read_dir(fixture("bom/semantics"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(listed, there);
}

#[test]
fn every_defect_says_one_sentence_about_a_place() {
    for case in index() {
        let path = fixture("bom/semantics")
            .join(&case.folder)
            .join("defect.cdx.json");
        let bytes = std::fs::read(&path).unwrap();
        let root = admit(&bytes, MOST_BYTES).unwrap();
        let there = Pointer::from_text(&case.pointer).resolve(&root).is_some();
        assert!(there, "{}: {}", case.folder, case.pointer);
        for defect in examine(root, &circumstances()).1 {
            let sentence = defect.kind.to_string();
            assert!(
                !sentence.contains('\n') && sentence.len() > 20,
                "{sentence}"
            );
            assert!(sentence.chars().count() < 400, "{sentence}");
        }
    }
}

#[test]
fn both_halves_together_find_what_all_find() {
    let path = fixture("bom/semantics/link-unresolved/defect.cdx.json");
    let bytes = std::fs::read(path).unwrap();
    let root = admit(&bytes, MOST_BYTES).unwrap();
    let of_tree = unresolved(&root);
    assert_eq!(shown(&of_tree).len(), 1);
    assert!(contradictions(&Bom::of(root), &circumstances()).is_empty());
}

/// Five minutes of difference between clocks are no defect.
#[test]
fn the_clock_decides_what_is_future() {
    let path = fixture("bom/semantics/dependency-cycle/clean.cdx.json");
    for (now, expected) in [
        ("2026-02-01T13:00:00Z", 0),
        ("2026-02-01T12:55:00Z", 0),
        ("2026-02-01T12:54:59Z", 1),
        ("2026-02-01T11:00:00Z", 2),
    ] {
        let circumstances = Circumstances {
            now: now.parse().unwrap(),
            artifact_changed: None,
        };
        let defects = defects_of(&path, &circumstances);
        let future = shown(&defects);
        assert!(future.iter().all(|(slug, _)| *slug == "time-in-future"));
        assert_eq!(future.len(), expected, "{now}: {future:?}");
    }
}

/// The official examples are valid, and not all of them make sense: names that lead nowhere,
/// texts for numbers, a component that needs itself. What each rule says about them was read.
#[test]
fn official_documents_give_the_defects_that_were_read() {
    let Some(vectors) = vectors() else { return };
    let circumstances = Circumstances {
        artifact_changed: None,
        ..circumstances()
    };
    let mut documents = 0;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for version in ["1.3", "1.4", "1.5", "1.6", "1.7"] {
        let folder = vectors.join("cyclonedx/resources").join(version);
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy();
            if name.starts_with("valid-") && name.ends_with(".json") {
                documents += 1;
                for defect in defects_of(&path, &circumstances) {
                    *counts.entry(defect.kind.slug()).or_default() += 1;
                }
            }
        }
    }
    assert_eq!(documents, 197);
    let counts: Vec<(&str, usize)> = counts.into_iter().collect();
    assert_eq!(counts, OFFICIAL);
}

const OFFICIAL: &[(&str, usize)] = &[
    ("bound-not-numeric", 6),
    ("commit-before-authorship", 2),
    ("complete-without-dependencies", 4),
    ("counter-evidence", 4),
    ("dangling-reference", 109),
    ("data-undescribed", 2),
    ("dependency-on-itself", 3),
    ("digests-weak", 5),
    ("duplicate-reference", 2),
    ("evidence-expired", 6),
    ("licence-deprecated", 13),
    ("metric-not-numeric", 3),
    ("package-name-differs", 5),
    ("package-version-differs", 3),
    ("subject-missing", 177),
    ("time-reversed", 1),
    ("timestamp-missing", 180),
];

/// What generators write about one small model, and cannot be right: names with spaces in
/// package URLs, a citation of components that are not there, a tool described twice.
#[test]
fn real_documents_give_the_defects_that_were_read() {
    let circumstances = Circumstances {
        now: "2098-01-01T00:00:00Z".parse().unwrap(),
        artifact_changed: None,
    };
    let mut counts: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for entry in std::fs::read_dir(fixture("bom/generators")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if let Some(generator) = name.strip_suffix(".cdx.json") {
            for defect in defects_of(&path, &circumstances) {
                let key = (generator.to_owned(), defect.kind.slug());
                *counts.entry(key).or_default() += 1;
            }
        }
    }
    let counts: Vec<(&str, &str, usize)> = counts
        .iter()
        .map(|((generator, slug), count)| (&**generator, *slug, *count))
        .collect();
    assert_eq!(counts, GENERATORS);
}

const GENERATORS: &[(&str, &str, usize)] = &[
    ("ai-bom-3.6.0", "model-undescribed", 6),
    ("ai-bom-3.6.0", "package-url-invalid", 3),
    ("ai-bom-3.6.0", "subject-missing", 1),
    ("aibom-inspector-0.2.0", "serial-number-missing", 1),
    ("aibom-inspector-0.2.0", "subject-missing", 1),
    ("aibom-inspector-0.2.0", "timestamp-missing", 1),
    ("aibom-inspector-0.2.0", "version-placeholder", 2),
    ("airom-0.5.0", "model-undescribed", 2),
    ("aisbom-cli-1.7.0", "model-undescribed", 1),
    ("aisbom-cli-1.7.0", "subject-missing", 1),
    ("cdxgen-12.8.4", "ancestor-unpinned", 1),
    ("cdxgen-12.8.4", "element-repeated", 2),
    ("cdxgen-12.8.4", "model-undescribed", 1),
    ("deepbom-1.103.0", "citation-unresolved", 1),
    ("modelaudit-0.2.54", "model-undescribed", 2),
    ("modelaudit-0.2.54", "subject-missing", 1),
    ("toolkit-ml-provenance-1.0.0", "ancestor-unpinned", 1),
    ("toolkit-ml-provenance-1.0.0", "subject-missing", 1),
];

/// A document of many components takes a time that grows with them, not with their pairs.
#[test]
fn many_components_in_a_chain_and_in_a_ring() {
    let count = 20_000;
    let mut text = String::from(
        r#"{"bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:6f9c2a6e-0d5b-4d0a-9c64-7c2c3c1f5e11","metadata":{"timestamp":"2026-02-01T12:00:00Z","component":{"type":"application","name":"a"}},"components":["#,
    );
    for number in 0..count {
        let comma = if number == 0 { "" } else { "," };
        text.push_str(&format!(
            r#"{comma}{{"type":"library","bom-ref":"c{number}","name":"n{number}","version":"1","purl":"pkg:npm/n{number}@1"}}"#
        ));
    }
    text.push_str(r#"],"dependencies":["#);
    for number in 0..count {
        let comma = if number == 0 { "" } else { "," };
        let next = (number + 1) % count;
        text.push_str(&format!(
            r#"{comma}{{"ref":"c{number}","dependsOn":["c{next}"]}}"#
        ));
    }
    text.push_str("]}");
    let root = admit(text.as_bytes(), MOST_BYTES).unwrap();
    let (_, defects) = examine(root, &circumstances());
    assert_eq!(shown(&defects), [("dependency-cycle", "/dependencies/0")]);

    // And when every one of them is broken, the list ends.
    let broken = text.replace("\"dependsOn\":[\"c", "\"dependsOn\":[\"d");
    let root = admit(broken.as_bytes(), MOST_BYTES).unwrap();
    let (_, defects) = examine(root, &circumstances());
    assert_eq!(defects.len(), MOST_DEFECTS + 1);
    let last = defects.last().unwrap().kind.to_string();
    assert!(last.starts_with("19000 more"), "{last}");
}
