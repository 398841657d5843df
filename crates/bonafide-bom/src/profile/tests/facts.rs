//! What the artifact says of itself confirms or contradicts the document.

use bonafide_core::assessment::Evidence;
use bonafide_core::assessment::Evidence::{Consistent, Contradicted, Declared};

use super::{Known, assess, base, changes, profile};
use crate::model_card::{ModelCard, ModelConfiguration, commit_of_snapshot_path};
use crate::profile::ArtifactFacts;

fn with(facts: ArtifactFacts) -> Vec<(&'static str, Evidence)> {
    let g7 = profile("g7-2026");
    let bytes = base();
    let known = Known {
        facts: Some(facts),
        ..Known::NOTHING
    };
    let alone = assess(&bytes, g7, &Known::NOTHING);
    changes(&alone, &assess(&bytes, g7, &known))
}

fn card(front_matter: &str) -> ArtifactFacts {
    let text = format!("---\n{front_matter}\n---\n");
    ArtifactFacts {
        card: Some(ModelCard::read(text.as_bytes()).unwrap()),
        ..ArtifactFacts::default()
    }
}

fn configuration(text: &str) -> ArtifactFacts {
    ArtifactFacts {
        configuration: Some(ModelConfiguration::read(text.as_bytes()).unwrap()),
        ..ArtifactFacts::default()
    }
}

fn folder(path: &str) -> ArtifactFacts {
    let components: Vec<&str> = path.split('/').collect();
    let snapshot = commit_of_snapshot_path(&components);
    assert!(snapshot.is_some());
    ArtifactFacts {
        snapshot,
        ..ArtifactFacts::default()
    }
}

#[test]
fn the_readme_confirms_and_contradicts() {
    assert_eq!(with(ArtifactFacts::default()), []);
    assert_eq!(with(card("license: apache-2.0")), [("MDL-12", Consistent)]);
    assert_eq!(with(card("license: mit")), [("MDL-12", Contradicted)]);
    assert_eq!(
        with(card("datasets: [example/digits-dataset]")),
        [("DP-01", Consistent)]
    );
    assert_eq!(
        with(card("datasets: [example/other]")),
        [("MDL-11", Declared)]
    );
    assert_eq!(with(card("base_model: example/digits-classifier")), []);
    assert_eq!(
        with(card("pipeline_tag: text-generation")),
        [("MDL-09", Contradicted)]
    );
    let metrics =
        "model-index:\n- name: m\n  results:\n  - metrics:\n    - {type: Accuracy, value: 0.940}";
    assert_eq!(with(card(metrics)), [("KPI-02", Consistent)]);
}

#[test]
fn the_configuration_confirms_and_contradicts() {
    let both = r#"{"model_type": "softmax_regression"}"#;
    let mut facts = configuration(both);
    // The task is still only declared, and the worst counts.
    assert_eq!(with(facts.clone()), []);
    facts.card = card("pipeline_tag: image-classification").card;
    assert_eq!(with(facts), [("MDL-09", Consistent)]);
    // A word of one's own is not contradicted by the name of a class.
    assert_eq!(
        with(configuration(r#"{"architectures": ["LlamaForCausalLM"]}"#)),
        []
    );
}

#[test]
fn the_folder_confirms_and_contradicts_the_commit() {
    let commit = "25cee1f06c6dbde0bedabe74da9398fd03352c76";
    let other = "35cee1f06c6dbde0bedabe74da9398fd03352c76";
    let path = |owner: &str, commit: &str| {
        format!("models--{owner}--digits-classifier-finetuned/snapshots/{commit}")
    };
    assert_eq!(with(folder(&path("example", commit))), []);
    assert_eq!(
        with(folder(&path("example", other))),
        [("MDL-02", Contradicted)]
    );
    assert_eq!(
        with(folder(&path("somebody", commit))),
        [("MDL-02", Contradicted)]
    );
}
