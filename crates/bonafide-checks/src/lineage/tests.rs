//! The graph of small families, without files or signatures.

use bonafide_bom::json::admit;
use bonafide_bom::view::Bom;
use bonafide_core::{
    Digest, EdgeGrade, Lineage, LineageEdge, NodeKind, RawName, Relation, RevisionPin, Scope,
    Verdict,
};

use super::account::{Account, Material, Provenance};
use super::bill::Bill;
use super::reference::Reference;
use super::relative::{Given, Measured, Relative};
use super::{Cards, LineageFacts};

fn digest(byte: u8) -> Digest {
    Digest::sha256([byte; 32])
}

/// An artifact of files with these sizes and digests, whose root is `root`.
fn relative(name: &str, given: Given, root: u8, files: &[(&str, u64, u8)]) -> Relative {
    Relative {
        name: name.into(),
        given,
        verdict: None,
        failure: None,
        language: crate::model::Language::default(),
        measured: Measured::made_up(
            digest(root),
            files
                .iter()
                .map(|(name, size, byte)| (RawName::from(*name), *size, digest(*byte))),
        ),
        account: Account::new(),
    }
}

fn hear(relative: &mut Relative, source: &str, text: &str) {
    let root = admit(text.as_bytes(), 1 << 20).unwrap();
    let source = RawName::from(source);
    let bill = Bill {
        source: &source,
        signer: None,
    };
    relative.account.hear_bill(&bill, &Bom::of(root));
}

fn card(relative: &mut Relative, files: &[(&str, &str)]) {
    let mut cards = Cards::default();
    for (name, text) in files {
        cards.add(&(*name).into(), (*name).into(), text.as_bytes());
    }
    relative.account.hear_cards(&cards);
}

/// Provenance of all of the artifact, with materials by id and digest.
fn provenance(relative: &mut Relative, subject: Option<u8>, materials: &[(&str, u8)]) {
    let materials = materials
        .iter()
        .enumerate()
        .map(|(index, (id, byte))| {
            let reference = Reference::of(id, NodeKind::Unknown);
            let known = (!id.is_empty()).then(|| relative.account.named(&reference));
            Material {
                slot: known.flatten(),
                digests: vec![digest(*byte)],
                path: None,
                pin: RevisionPin::None,
                pointer: format!("/{index}"),
                shown: (*id).to_owned(),
                kind: reference.kind,
            }
        })
        .collect();
    relative.account.statements.push(Provenance {
        source: "provenance.intoto.json".into(),
        signer: "key \"builder\"".to_owned(),
        statement: "https://slsa.dev/provenance/v1".to_owned(),
        subject: subject.map(digest),
        materials,
    });
}

fn edge<'g>(graph: &'g Lineage, child: &str, parent: &str) -> &'g LineageEdge {
    let find = |id: &str| {
        graph
            .node_by_id(id)
            .unwrap_or_else(|| panic!("{id}: {graph:#?}"))
    };
    let (child, parent) = (find(child), find(parent));
    let mut edges = graph
        .edges()
        .iter()
        .filter(|edge| (edge.child(), edge.parent()) == (child, parent));
    let edge = edges.next().unwrap_or_else(|| panic!("{graph:#?}"));
    assert!(edges.next().is_none(), "{graph:#?}");
    edge
}

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// A child with a card that names `acme/base`, and a folder `base` with weights.
fn pair() -> [Relative; 2] {
    let mut child = relative(
        "child",
        Given::Target,
        1,
        &[("model.bin", 90, 2), ("README.md", 9, 3)],
    );
    card(
        &mut child,
        &[("README.md", "---\nbase_model: acme/base\n---\n")],
    );
    let parent = relative(
        "zoo/base",
        Given::Beside,
        11,
        &[("model.bin", 80, 12), ("LICENSE", 20, 13)],
    );
    [child, parent]
}

#[test]
fn a_card_alone_is_a_claim() {
    let [child, _] = pair();
    let facts = LineageFacts::of(&[child], 0);
    let edge = edge(&facts.graph, "artifact", "model:acme/base");
    assert_eq!(edge.grade(), EdgeGrade::Claimed);
    assert_eq!(edge.relation(), Relation::DerivedFrom);
    assert!(facts.incomplete().is_none());
}

#[test]
fn provenance_proves_what_was_measured_and_nothing_else() {
    // By the root; by a file that is most of the parent; not by one that is not.
    for (material, grade) in [
        (11, EdgeGrade::Proven),
        (12, EdgeGrade::Proven),
        (13, EdgeGrade::Claimed),
        (99, EdgeGrade::Contradicted),
    ] {
        let [mut child, parent] = pair();
        provenance(
            &mut child,
            Some(1),
            &[("pkg:huggingface/acme/base", material)],
        );
        let facts = LineageFacts::of(&[child, parent], 0);
        let edge = edge(&facts.graph, "artifact", "model:acme/base");
        assert_eq!(edge.grade(), grade, "{material}: {edge:#?}");
    }
    // A material without a name is known by its bytes.
    let [mut child, parent] = pair();
    provenance(&mut child, Some(1), &[("", 12)]);
    let facts = LineageFacts::of(&[child, parent], 0);
    let proven = edge(&facts.graph, "artifact", "model:acme/base");
    assert_eq!(proven.grade(), EdgeGrade::Proven);
    // A statement about a small part of the child shows nothing of the child.
    let [mut child, parent] = pair();
    provenance(&mut child, None, &[("", 12)]);
    let facts = LineageFacts::of(&[child, parent], 0);
    assert_eq!(
        edge(&facts.graph, "artifact", "model:acme/base").grade(),
        EdgeGrade::Claimed
    );
    // Without the parent's bytes, nothing is proven.
    let [mut child, _] = pair();
    provenance(&mut child, Some(1), &[("pkg:huggingface/acme/base", 12)]);
    let facts = LineageFacts::of(&[child], 0);
    assert_eq!(
        edge(&facts.graph, "artifact", "model:acme/base").grade(),
        EdgeGrade::Claimed
    );
}

fn bill(hash: u8) -> String {
    let hex = digest(hash).hex();
    format!(
        r#"{{"metadata":{{"component":{{"type":"machine-learning-model","name":"child","bom-ref":"c",
        "modelCard":{{"modelParameters":{{"datasets":[{{"ref":"d"}}]}}}},
        "pedigree":{{"ancestors":[{{"type":"machine-learning-model","name":"base","purl":"pkg:huggingface/acme/base@{COMMIT}",
        "hashes":[{{"alg":"SHA-256","content":"{hex}"}}],"licenses":[{{"license":{{"id":"MIT"}}}}]}}]}}}}}},
        "components":[{{"type":"data","bom-ref":"d","name":"acme/data"}},{{"type":"library","bom-ref":"l","name":"torch"}}],
        "dependencies":[{{"ref":"c","dependsOn":["d","l"]}}]}}"#
    )
}

#[test]
fn a_bill_is_read_into_the_same_artifacts() {
    let [mut child, parent] = pair();
    hear(&mut child, "bom.cdx.json", &bill(12));
    let facts = LineageFacts::of(&[child, parent], 0);
    let graph = &facts.graph;
    let base = edge(graph, "model:child", "model:acme/base");
    assert_eq!(base.grade(), EdgeGrade::Claimed, "{base:#?}");
    assert_eq!(base.evidence().len(), 2, "the card and the bill");
    assert!(matches!(base.pin(), RevisionPin::Digest(_)));
    let data = edge(graph, "model:child", "dataset:acme/data");
    assert_eq!(
        data.relation(),
        Relation::TrainedOn,
        "the need for it goes along"
    );
    assert_eq!(graph.nodes().len(), 3, "libraries are left out: {graph:#?}");
    let node = graph.node(base.parent()).unwrap();
    assert_eq!(node.licences, ["MIT"]);
}

#[test]
fn a_swapped_parent_contradicts_the_bill() {
    let [mut child, parent] = pair();
    hear(&mut child, "bom.cdx.json", &bill(77));
    let facts = LineageFacts::of(&[child, parent], 0);
    let base = edge(&facts.graph, "model:child", "model:acme/base");
    assert_eq!(base.grade(), EdgeGrade::Contradicted);
    let says: Vec<&str> = base
        .contradictions()
        .map(|known| known.says.as_str())
        .collect();
    assert!(
        says[0].contains("neither `zoo/base` nor any file of it"),
        "{says:?}"
    );
}

#[test]
fn commits_that_differ_contradict() {
    let other = "f".repeat(40);
    let [mut child, _] = pair();
    card(
        &mut child,
        &[(
            "adapter_config.json",
            &format!(r#"{{"base_model_name_or_path":"acme/base","revision":"{other}"}}"#),
        )],
    );
    hear(
        &mut child,
        "bom.cdx.json",
        &bill(12).replace("\"hashes\"", "\"x\""),
    );
    let facts = LineageFacts::of(&[child], 0);
    let base = edge(&facts.graph, "model:child", "model:acme/base");
    assert_eq!(
        base.relation(),
        Relation::AdaptedFrom,
        "the exact word counts"
    );
    assert_eq!(base.grade(), EdgeGrade::Contradicted, "{base:#?}");
}

#[test]
fn an_adapter_for_another_base_contradicts() {
    let [mut child, _] = pair();
    card(
        &mut child,
        &[(
            "adapter_config.json",
            r#"{"base_model_name_or_path":"evil/base"}"#,
        )],
    );
    let facts = LineageFacts::of(&[child], 0);
    let evil = edge(&facts.graph, "artifact", "model:evil/base");
    assert_eq!(evil.grade(), EdgeGrade::Contradicted);
    // A path on the machine that trained is no other model.
    let [mut child, _] = pair();
    card(
        &mut child,
        &[(
            "adapter_config.json",
            r#"{"base_model_name_or_path":"/workspace/base"}"#,
        )],
    );
    let facts = LineageFacts::of(&[child], 0);
    assert_eq!(facts.graph.count(EdgeGrade::Contradicted), 0);
}

#[test]
fn provenance_that_leaves_the_base_model_out_contradicts() {
    for (materials, grade) in [
        (
            vec![("https://huggingface.co/datasets/acme/data", 50)],
            EdgeGrade::Contradicted,
        ),
        // Nothing but programs: it does not tell.
        (vec![("pkg:pypi/torch@2.0", 50)], EdgeGrade::Claimed),
        // Something without a name may be it.
        (
            vec![("https://huggingface.co/datasets/acme/data", 50), ("", 51)],
            EdgeGrade::Claimed,
        ),
    ] {
        let [mut child, _] = pair();
        provenance(&mut child, Some(1), &materials);
        for material in &mut child.account.statements[0].materials {
            if material.kind == NodeKind::Software {
                material.slot = None;
            }
        }
        let facts = LineageFacts::of(&[child], 0);
        let base = edge(&facts.graph, "artifact", "model:acme/base");
        assert_eq!(base.grade(), grade, "{materials:?}");
    }
}

#[test]
fn who_comes_from_itself_is_found() {
    let [mut child, mut parent] = pair();
    hear(
        &mut child,
        "a",
        r#"{"metadata":{"component":{"type":"machine-learning-model","group":"acme","name":"child"}}}"#,
    );
    card(
        &mut parent,
        &[("README.md", "---\nbase_model: acme/child\n---\n")],
    );
    let facts = LineageFacts::of(&[child, parent], 0);
    let cycles = facts.graph.analyse(Scope::Ancestry).cycles;
    assert_eq!(cycles.len(), 1, "{:#?}", facts.graph);
    assert_eq!(cycles[0].len(), 2);
}

#[test]
fn a_name_alone_does_not_make_two_artifacts_one() {
    // The child calls itself what the parent is called.
    let [mut child, mut parent] = pair();
    let own = r#"{"metadata":{"component":{"type":"machine-learning-model","group":"acme","name":"base"}}}"#;
    hear(&mut child, "a", own);
    hear(&mut parent, "b", own);
    let facts = LineageFacts::of(&[child, parent], 0);
    assert_eq!(facts.graph.nodes().len(), 2);
    assert!(
        facts.incomplete().unwrap().contains("both are called"),
        "{facts:#?}"
    );
}

/// A mirror has the bytes of its parent; it is another artifact all the same.
#[test]
fn a_mirror_is_not_its_own_parent() {
    let [mut child, _] = pair();
    let parent = relative(
        "base",
        Given::Beside,
        11,
        &[("model.bin", 90, 2), ("LICENSE", 3, 13)],
    );
    hear(&mut child, "bom.cdx.json", &bill(2));
    let facts = LineageFacts::of(&[child, parent], 0);
    assert!(facts.graph.analyse(Scope::Ancestry).cycles.is_empty());
    let base = edge(&facts.graph, "model:child", "model:acme/base");
    assert_eq!(base.grade(), EdgeGrade::Claimed, "{base:#?}");
}

#[test]
fn generations_are_joined_and_judged_as_they_are() {
    let [child, mut parent] = pair();
    card(
        &mut parent,
        &[(
            "README.md",
            "---\nbase_model: acme/root\nlicense: cc-by-nc-4.0\n---\n",
        )],
    );
    parent.verdict = Some(Verdict::Deny);
    let mut root = relative("zoo/root", Given::Named, 21, &[("w", 8, 22)]);
    provenance(&mut parent, Some(11), &[("", 22)]);
    root.verdict = Some(Verdict::Allow);
    let family = [child, parent, root];
    let facts = LineageFacts::of(&family, 0);
    let graph = &facts.graph;
    assert_eq!(
        edge(graph, "model:acme/base", "model:acme/root").grade(),
        EdgeGrade::Proven
    );
    assert_eq!(graph.analyse(Scope::Ancestry).longest, 2);
    let base = graph
        .node(graph.node_by_id("model:acme/base").unwrap())
        .unwrap();
    assert_eq!(base.verdict, Some(Verdict::Deny));
    // What a descendant says of it is not the lineage of the parent.
    let facts = LineageFacts::of(&family, 1);
    assert_eq!(facts.graph.edges().len(), 1);
}

#[test]
fn what_cannot_be_read_is_said() {
    let [mut child, _] = pair();
    card(&mut child, &[("adapter_config.json", "{")]);
    let failed = Relative::failed(
        "zoo/base".into(),
        &[],
        Given::Named,
        "no such file".to_owned(),
    );
    let facts = LineageFacts::of(&[child, failed], 0);
    assert_eq!(facts.gaps.len(), 2, "{:?}", facts.gaps);
    let base = facts.graph.node_by_id("model:acme/base").unwrap();
    assert_eq!(
        facts.graph.node(base).unwrap().verdict,
        Some(Verdict::Undecided)
    );
}

#[test]
fn hostile_names_and_numbers_are_borne() {
    let mut child = relative("child", Given::Target, 1, &[("model.bin", 90, 2)]);
    let list: Vec<String> = (0..3_000)
        .map(|index| format!(r#"{{"type":"machine-learning-model","name":"\u202e\n<b>{index}"}}"#))
        .collect();
    let text = format!(
        r#"{{"metadata":{{"component":{{"type":"machine-learning-model","name":"x","pedigree":{{"ancestors":[{}]}}}}}}}}"#,
        list.join(",")
    );
    hear(&mut child, "a", &text);
    provenance(
        &mut child,
        Some(1),
        &(0..2_000)
            .map(|_| ("pkg:huggingface/a/b", 3))
            .collect::<Vec<_>>(),
    );
    let facts = LineageFacts::of(&[child], 0);
    assert_eq!(facts.graph.edges().len(), 3_001);
}

/// Two repositories with one display name stay two; a name that only one has means it.
#[test]
fn names_mean_an_address_only_where_there_is_one() {
    let ancestor = |owner: &str| {
        format!(
            r#"{{"type":"machine-learning-model","name":"base","purl":"pkg:huggingface/{owner}/base"}}"#
        )
    };
    let text = |list: &str| {
        format!(
            r#"{{"metadata":{{"component":{{"type":"machine-learning-model","name":"x","pedigree":{{"ancestors":[{list}]}}}}}}}}"#
        )
    };
    let bare = "---\nbase_model: base\n---\n";
    for (list, nodes) in [
        (ancestor("acme"), 2),
        (format!("{},{}", ancestor("acme"), ancestor("other")), 4),
    ] {
        let mut child = relative("child", Given::Target, 1, &[("model.bin", 90, 2)]);
        hear(&mut child, "a", &text(&list));
        card(&mut child, &[("README.md", bare)]);
        let facts = LineageFacts::of(&[child], 0);
        assert_eq!(facts.graph.nodes().len(), nodes, "{:#?}", facts.graph);
    }
}

/// A long chain of names does not make the search long.
#[test]
fn sets_are_found_fast_however_they_are_joined() {
    let mut child = relative("child", Given::Target, 1, &[("model.bin", 90, 2)]);
    let count = 30_000;
    for index in 0..count {
        let slot = child.account.thing().unwrap();
        child.account.things[slot].ids = vec![format!("pkg:a/{index}")];
    }
    for index in (1..count).rev() {
        let slot = child.account.thing().unwrap();
        child.account.things[slot].ids =
            vec![format!("pkg:a/{index}"), format!("pkg:a/{}", index - 1)];
    }
    let started = std::time::Instant::now();
    let facts = LineageFacts::of(&[child], 0);
    assert_eq!(facts.graph.nodes().len(), 1);
    assert!(started.elapsed().as_secs() < 20);
}
