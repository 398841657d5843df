//! Pairs of documents, and exactly what is different.

use super::*;
use crate::json::admit;

fn sentences(a: &str, b: &str) -> Vec<String> {
    let (a, b) = (
        Bom::of(admit(a.as_bytes(), 1 << 24).unwrap()),
        Bom::of(admit(b.as_bytes(), 1 << 24).unwrap()),
    );
    let differences = difference(&a, &b);
    for one in &differences {
        let json = serde_json::to_value(one).unwrap();
        assert!(json["change"].is_string(), "{json}");
    }
    differences.iter().map(ToString::to_string).collect()
}

const BASE: &str = r#"{
 "bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:1","version":1,
 "metadata":{"timestamp":"2026-01-01T00:00:00Z","component":{
   "type":"machine-learning-model","bom-ref":"m","group":"org","name":"model","version":"1",
   "purl":"pkg:huggingface/org/model@aaaa","licenses":[{"license":{"id":"Apache-2.0"}}],
   "components":[
     {"type":"file","bom-ref":"f1","name":"model.safetensors","hashes":[{"alg":"SHA-256","content":"AA11"}]},
     {"type":"file","bom-ref":"f2","name":"config.json","hashes":[{"alg":"SHA-256","content":"bb22"}]}],
   "modelCard":{"modelParameters":{"task":"text-generation","datasets":[{"ref":"d"},{"type":"dataset","name":"inline"}]},
     "quantitativeAnalysis":{"performanceMetrics":[{"type":"accuracy","value":"0.9"},{"type":"f1","value":"0.8","slice":"en"}]},
     "considerations":{"users":["a","b"]}},
   "pedigree":{"ancestors":[{"type":"machine-learning-model","name":"base","purl":"pkg:huggingface/org/base@1111"}]}}},
 "components":[{"type":"data","bom-ref":"d","name":"data","purl":"pkg:huggingface/datasets/org/data"}],
 "dependencies":[{"ref":"m","dependsOn":["d"]}],
 "compositions":[{"aggregate":"complete","assemblies":["m"]}]
}"#;

/// The base with one text for another, which has to be there once.
fn edited(edits: &[(&str, &str)]) -> String {
    let mut text = BASE.to_owned();
    for (from, to) in edits {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replace(from, to);
    }
    text
}

/// Edits of the base, and what they are reported as.
type Row = (
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

#[test]
fn what_has_no_name_does_not_differ_from_itself() {
    let text = r#"{"components":[{"type":"library"},{"version":"1"},{"type":"library","version":"2",
        "components":[{"name":"inner"}]}]}"#;
    assert!(sentences(text, text).is_empty());
    // Two that could be each other are told apart by their version.
    let other = text.replace(r#""2""#, r#""3""#);
    let found = sentences(text, &other);
    assert_eq!(
        found,
        ["library without a name: version changed from 2 to 3"]
    );
}

#[test]
fn every_difference_has_its_sentence() {
    let table: &[Row] = &[
        (&[], &[]),
        (
            &[(r#""content":"AA11""#, r#""content":"cc33""#)],
            &["file `model.safetensors`: SHA-256 digest changed from aa11 to cc33"],
        ),
        (
            &[(
                r#"{"alg":"SHA-256","content":"AA11"}"#,
                r#"{"alg":"SHA-512","content":"dd"},{"alg":"SHA-256","content":"aa11"}"#,
            )],
            &["file `model.safetensors`: SHA-512 digest added: dd"],
        ),
        (
            &[(r#","hashes":[{"alg":"SHA-256","content":"bb22"}]"#, "")],
            &["file `config.json`: SHA-256 digest removed: bb22"],
        ),
        (
            &[(
                r#""bom-ref":"f1","name":"model.safetensors""#,
                r#""bom-ref":"f9","name":"weights.bin""#,
            )],
            &[
                "file `model.safetensors`: file `model.safetensors` is now file `weights.bin`, the bytes are the same",
            ],
        ),
        (
            &[("Apache-2.0", "MIT")],
            &["machine-learning-model `org/model`: licences: MIT added; Apache-2.0 removed"],
        ),
        (
            &[(
                r#"{"license":{"id":"Apache-2.0"}}"#,
                r#"{"expression":"Apache-2.0"}"#,
            )],
            &[],
        ),
        (
            &[
                (r#""version":"1","#, r#""version":"2","#),
                ("model@aaaa", "model@bbbb"),
            ],
            &["machine-learning-model `org/model`: version changed from 1 to 2"],
        ),
        (
            &[("model@aaaa", "model@bbbb")],
            &["machine-learning-model `org/model`: version changed from aaaa to bbbb"],
        ),
        (
            &[("model@aaaa", "model@aaaa?repository_url=x")],
            &[
                "machine-learning-model `org/model`: package URL changed from pkg:huggingface/org/model@aaaa to pkg:huggingface/org/model@aaaa?repository_url=x",
            ],
        ),
        (
            &[(r#"{"ref":"d"},"#, "")],
            &[
                "machine-learning-model `org/model`: datasets: pkg:huggingface/datasets/org/data removed",
            ],
        ),
        (
            &[(r#""name":"inline""#, r#""name":"other""#)],
            &["machine-learning-model `org/model`: datasets: other added; inline removed"],
        ),
        (
            &[("text-generation", "fill-mask")],
            &[
                "machine-learning-model `org/model`: `modelCard.modelParameters.task` changed from text-generation to fill-mask",
            ],
        ),
        (
            &[(r#""value":"0.9""#, r#""value":"0.99""#)],
            &[
                "machine-learning-model `org/model`: `modelCard.performance.accuracy` changed from 0.9 to 0.99",
            ],
        ),
        (
            &[(r#",{"type":"f1","value":"0.8","slice":"en"}"#, "")],
            &["machine-learning-model `org/model`: `modelCard.performance.f1 (en)` removed: 0.8"],
        ),
        (
            &[(r#"["a","b"]"#, r#"["b","c"]"#)],
            &[
                "machine-learning-model `org/model`: `modelCard.considerations.users` changed from a to c",
            ],
        ),
        (
            &[("base@1111", "base@2222")],
            &["machine-learning-model `base`: version changed from 1111 to 2222"],
        ),
        (
            &[(
                r#""name":"base","purl":"pkg:huggingface/org/base@1111""#,
                r#""name":"else","purl":"pkg:huggingface/org/else@1111""#,
            )],
            &[
                "machine-learning-model `org/model`: ancestors: pkg:huggingface/org/else@1111 added; pkg:huggingface/org/base@1111 removed",
            ],
        ),
        (
            &[(r#""dependsOn":["d"]"#, r#""dependsOn":["f1"]"#)],
            &[
                "machine-learning-model `org/model`: dependencies: model.safetensors added; pkg:huggingface/datasets/org/data removed",
            ],
        ),
        (
            &[(r#""aggregate":"complete""#, r#""aggregate":"incomplete""#)],
            &[
                "`pkg:huggingface/org/model@aaaa`: completeness of its parts changed from complete to incomplete",
            ],
        ),
        (
            &[
                (
                    r#""serialNumber":"urn:uuid:1","version":1"#,
                    r#""serialNumber":"urn:uuid:2","version":2"#,
                ),
                ("2026-01-01", "2026-02-02"),
                (r#""specVersion":"1.6""#, r#""specVersion":"1.7""#),
            ],
            &[
                "the document: `specVersion` changed from 1.6 to 1.7",
                "the document: `serialNumber` changed from urn:uuid:1 to urn:uuid:2",
                "the document: `version` changed from 1 to 2",
                "the document: `metadata.timestamp` changed from 2026-01-01T00:00:00Z to 2026-02-02T00:00:00Z",
            ],
        ),
        (
            &[(
                r#""bomFormat":"CycloneDX","#,
                r#""bomFormat":"CycloneDX","signature":{"value":"x"},"#,
            )],
            &["the document: a signature was added"],
        ),
        (
            &[(
                r#""bom-ref":"f2","#,
                r#""bom-ref":"f2","signature":{"value":"x"},"description":"é\u001b","#,
            )],
            &[
                "file `config.json`: `description` added: é\\u{1b}",
                "file `config.json`: a signature was added",
            ],
        ),
        (
            &[(
                r#"{"type":"data","bom-ref":"d""#,
                r#"{"type":"file","name":"new"},{"type":"data","bom-ref":"d""#,
            )],
            &["file `new`: added"],
        ),
        (
            &[(
                r#""bomFormat":"CycloneDX","#,
                r#""bomFormat":"CycloneDX","services":[{"name":"s"}],"#,
            )],
            &["the document: services: 1 added, 0 removed"],
        ),
        (
            &[(
                r#""timestamp":"2026-01-01T00:00:00Z","#,
                r#""timestamp":"2026-01-01T00:00:00Z","supplier":{"name":"s"},"#,
            )],
            &[r#"the document: `metadata.supplier` added: {"name":"s"}"#],
        ),
    ];
    for (edits, expected) in table {
        let text = edited(edits);
        assert_eq!(sentences(BASE, &text), *expected, "{edits:?}");
        // The same number the other way round.
        assert_eq!(sentences(&text, BASE).len(), expected.len(), "{edits:?}");
        assert_eq!(sentences(&text, &text), [""; 0]);
    }
}

#[test]
fn order_and_names_inside_of_the_document_mean_nothing() {
    let renamed = BASE
        .replace(r#""bom-ref":"f1""#, r#""bom-ref":"x1""#)
        .replace(r#""bom-ref":"f2""#, r#""bom-ref":"f1""#)
        .replace(r#""bom-ref":"d""#, r#""bom-ref":"y""#)
        .replace(r#"{"ref":"d"}"#, r#"{"ref":"y"}"#)
        .replace(r#""dependsOn":["d"]"#, r#""dependsOn":["y"]"#)
        .replace(r#""bom-ref":"m""#, r#""bom-ref":"z""#)
        .replace(r#"{"ref":"m""#, r#"{"ref":"z""#)
        .replace(r#""assemblies":["m"]"#, r#""assemblies":["z"]"#);
    assert_eq!(sentences(BASE, &renamed), [""; 0]);
    let first = r#"{"type":"file","bom-ref":"f1","name":"model.safetensors","hashes":[{"alg":"SHA-256","content":"AA11"}]}"#;
    let second = r#"{"type":"file","bom-ref":"f2","name":"config.json","hashes":[{"alg":"SHA-256","content":"bb22"}]}"#;
    let reordered = BASE
        .replace(first, "FIRST")
        .replace(second, first)
        .replace("FIRST", second)
        .replace(r#"["a","b"]"#, r#"["b","a"]"#)
        .replace(
            r#"{"type":"accuracy","value":"0.9"},{"type":"f1","value":"0.8","slice":"en"}"#,
            r#"{"type":"f1","slice":"en","value":"0.8"},{"value":"0.9","type":"accuracy"}"#,
        );
    assert_ne!(reordered, BASE);
    assert_eq!(sentences(BASE, &reordered), [""; 0]);
}

#[test]
fn a_component_that_moves_says_from_where_to_where() {
    let file = r#"{"type":"file","bom-ref":"f2","name":"config.json","hashes":[{"alg":"SHA-256","content":"bb22"}]}"#;
    let moved = BASE.replace(&format!(",\n     {file}"), "").replace(
        r#""components":[{"type":"data""#,
        &format!(r#""components":[{file},{{"type":"data""#),
    );
    assert_eq!(
        sentences(BASE, &moved),
        ["file `config.json`: moved from machine-learning-model `org/model` to the document"]
    );
}

#[test]
fn another_subject_is_another_subject() {
    let other = BASE
        .replace(
            r#""group":"org","name":"model""#,
            r#""group":"mallory","name":"evil""#,
        )
        .replace(
            "pkg:huggingface/org/model@aaaa",
            "pkg:huggingface/mallory/evil@aaaa",
        )
        .replace(r#""bom-ref":"m""#, r#""bom-ref":"e""#);
    let found = sentences(BASE, &other);
    assert_eq!(
        found.first().map(String::as_str),
        Some(
            "the document: what it is about changed from machine-learning-model `org/model` to machine-learning-model `mallory/evil`"
        )
    );
    assert!(
        found
            .iter()
            .any(|line| line == "machine-learning-model `org/model`: removed"),
        "{found:#?}"
    );
    assert!(
        found
            .iter()
            .any(|line| line == "machine-learning-model `mallory/evil`: added"),
        "{found:#?}"
    );
}

#[test]
fn versions_of_one_package_are_paired_with_themselves_first() {
    let list = |versions: &[&str]| {
        let components: Vec<String> = versions
            .iter()
            .map(|version| format!(r#"{{"type":"library","name":"l","version":"{version}","purl":"pkg:pypi/l@{version}"}}"#))
            .collect();
        format!(r#"{{"components":[{}]}}"#, components.join(","))
    };
    assert_eq!(
        sentences(&list(&["1", "2"]), &list(&["2", "3"])),
        ["library `l`: version changed from 1 to 3"]
    );
    assert_eq!(
        sentences(&list(&["1", "2", "3"]), &list(&["3", "1"])),
        ["library `l`: removed"]
    );
}

#[test]
fn package_urls_lose_their_version_and_keep_their_file() {
    for (text, expected) in [
        (
            "pkg:huggingface/org/model@abc",
            "pkg:huggingface/org/model#",
        ),
        ("PKG:HuggingFace/org/model", "pkg:huggingface/org/model#"),
        (
            "pkg:huggingface/model@abc?checksum=sha256:00#a/b",
            "pkg:huggingface/model#a/b",
        ),
        ("pkg:npm/%40scope/name@1.0", "pkg:npm/%40scope/name#"),
        ("pkg:npm/@scope/name", "pkg:npm/@scope/name#"),
        ("pkg:generic/x@1@2", "pkg:generic/x@1#"),
        ("", "#"),
    ] {
        assert_eq!(matching::without_version(text), expected, "{text}");
    }
}

#[test]
fn text_of_a_document_is_cut_and_escaped() {
    let hostile = edited(&[(
        "text-generation",
        &format!("{}\\u202e\\u001b[31m", "x".repeat(5_000)),
    )]);
    for line in sentences(BASE, &hostile) {
        assert!(line.len() < 1_000);
        assert!(!line.chars().any(char::is_control), "{line}");
        assert!(!line.contains('\u{202e}'), "{line}");
    }
}

#[test]
fn large_documents_take_time_in_proportion() {
    let list = |name: &str, digest: &str| {
        let mut text = String::from(r#"{"components":["#);
        for number in 0..20_000 {
            if number > 0 {
                text.push(',');
            }
            // All of one digest and one package, so that keys are shared by many.
            text.push_str(&format!(
                r#"{{"type":"file","name":"{name}{number}","purl":"pkg:generic/x","hashes":[{{"alg":"SHA-256","content":"{digest}"}}]}}"#
            ));
        }
        text + "]}"
    };
    let (a, b) = (list("a", "00"), list("b", "00"));
    let start = std::time::Instant::now();
    assert_eq!(sentences(&a, &b).len(), 20_000);
    assert!(start.elapsed().as_secs() < 20);
}
