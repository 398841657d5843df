use std::collections::BTreeSet;

use super::*;
use crate::{Claimed, Digest, Grade, Measured, Verdict};

fn digest(byte: u8) -> Digest {
    Digest::sha256([byte; 32])
}

fn claim(says: &str) -> EdgeEvidence {
    EdgeEvidence {
        source: "bom.json".into(),
        pointer: Some("/components/0".to_owned()),
        says: says.to_owned(),
        pin: RevisionPin::None,
        testimony: Testimony::Claim { signer: None },
    }
}

fn with(testimony: Testimony) -> EdgeEvidence {
    EdgeEvidence {
        testimony,
        ..claim("so")
    }
}

/// A graph of numbered nodes; node 0 is the subject.
fn graph(nodes: usize, edges: &[(usize, usize)]) -> Lineage {
    let id = |number: usize| format!("n{number:06}");
    let mut lineage = Lineage::new(
        LineageNode::new(id(0), NodeKind::Model),
        LineageLimits::DEFAULT,
    );
    for number in 1..nodes {
        lineage
            .add_node(LineageNode::new(id(number), NodeKind::Model))
            .unwrap();
    }
    for (child, parent) in edges {
        lineage
            .add_edge(
                NodeIndex(*child),
                NodeIndex(*parent),
                Relation::DerivedFrom,
                claim("so"),
            )
            .unwrap();
    }
    lineage
}

fn numbers(indexes: &[NodeIndex]) -> Vec<usize> {
    indexes.iter().map(|index| index.get()).collect()
}

#[test]
fn a_proof_needs_the_measured_digest_of_the_parent_and_a_known_child() {
    let signed = SignedMaterial {
        subject: digest(1),
        material: digest(2),
        signer: "key \"lab\"".to_owned(),
        statement: "https://slsa.dev/provenance/v1".to_owned(),
    };
    assert_eq!(
        MaterialProof::new(signed.clone(), &Measured::from_bytes(digest(3))),
        Err(ProofError::OtherMaterial {
            stated: digest(2),
            measured: digest(3),
        })
    );
    let unsigned = SignedMaterial {
        signer: " ".to_owned(),
        ..signed.clone()
    };
    assert_eq!(
        MaterialProof::new(unsigned, &Measured::from_bytes(digest(2))),
        Err(ProofError::NoSigner)
    );
    let proof = MaterialProof::new(signed, &Measured::from_bytes(digest(2))).unwrap();

    let mut lineage = graph(2, &[(0, 1)]);
    let (child, parent) = (NodeIndex(0), NodeIndex(1));
    let prove = |lineage: &mut Lineage| {
        lineage.add_edge(
            child,
            parent,
            Relation::DerivedFrom,
            with(Testimony::Proof(proof.clone())),
        )
    };
    let more = |number: usize, change: &dyn Fn(&mut LineageNode)| {
        let mut node = LineageNode::new(format!("n{number:06}"), NodeKind::Model);
        change(&mut node);
        node
    };
    let refused = |digest| Err(LineageError::ProofOfAnother { digest });
    assert_eq!(prove(&mut lineage), refused(digest(1)));
    lineage
        .add_node(more(0, &|node| {
            node.add_claimed(&Claimed::by_document(digest(1)));
        }))
        .unwrap();
    assert_eq!(prove(&mut lineage), refused(digest(1)));
    lineage
        .add_node(more(0, &|node| node.add_signed(digest(1), "lab")))
        .unwrap();
    assert_eq!(prove(&mut lineage), refused(digest(2)));
    lineage
        .add_node(more(1, &|node| node.add_signed(digest(2), "lab")))
        .unwrap();
    assert_eq!(prove(&mut lineage), refused(digest(2)));
    assert_eq!(lineage.edges()[0].grade(), EdgeGrade::Claimed);
    lineage
        .add_node(more(1, &|node| {
            node.add_measured(&Measured::from_bytes(digest(2)));
        }))
        .unwrap();
    let edge = prove(&mut lineage).unwrap();
    let edge = lineage.edge(edge).unwrap();
    assert_eq!(edge.grade(), EdgeGrade::Proven);
    assert_eq!(edge.signers(), BTreeSet::from(["key \"lab\""]));
    assert_eq!(edge.evidence().len(), 2);
    assert_eq!(lineage.nodes_by_digest(&digest(2)), [NodeIndex(1)]);

    let proven = |lineage: &Lineage| {
        let analysis = lineage.analyse(Scope::Ancestry);
        [0, 1].map(|number| analysis.is_proven(NodeIndex(number)))
    };
    assert_eq!(proven(&lineage), [true, true]);
    lineage
        .add_edge(
            child,
            parent,
            Relation::DerivedFrom,
            with(Testimony::Contradiction),
        )
        .unwrap();
    assert_eq!(proven(&lineage), [true, false]);
}

#[test]
fn sources_add_up_and_a_contradiction_wins_even_when_there_is_no_room_for_it() {
    let mut lineage = graph(2, &[]);
    let mut add = |evidence| {
        let edge = lineage
            .add_edge(NodeIndex(0), NodeIndex(1), Relation::TrainedOn, evidence)
            .unwrap();
        let edge = lineage.edge(edge).unwrap();
        (edge.grade(), edge.evidence().len(), edge.omitted())
    };
    assert_eq!(add(with(Testimony::Hint)), (EdgeGrade::Unknown, 1, 0));
    assert_eq!(add(claim("a")), (EdgeGrade::Claimed, 2, 0));
    assert_eq!(add(claim("a")), (EdgeGrade::Claimed, 2, 0), "said twice");
    for number in 0..100 {
        add(claim(&number.to_string()));
    }
    assert_eq!(add(claim("last")), (EdgeGrade::Claimed, 17, 86));
    assert_eq!(
        add(with(Testimony::Contradiction)),
        (EdgeGrade::Contradicted, 18, 86)
    );
    assert_eq!(add(claim("b")).0, EdgeGrade::Contradicted);
    assert_eq!(lineage.edges()[0].contradictions().count(), 1);
    assert_eq!(lineage.edges().len(), 1);
    assert_eq!(lineage.count(EdgeGrade::Contradicted), 1);
}

#[test]
fn pins_are_ordered_by_strength() {
    let pins = [
        RevisionPin::None,
        RevisionPin::Mutable("z".to_owned()),
        RevisionPin::Abbreviated("z".to_owned()),
        RevisionPin::Commit("a".to_owned()),
        RevisionPin::Digest(digest(0)),
    ];
    assert!(pins.is_sorted());
    let mut lineage = graph(2, &[]);
    for pin in pins.into_iter().rev() {
        let evidence = EdgeEvidence { pin, ..claim("a") };
        let ends = (NodeIndex(0), NodeIndex(1));
        lineage
            .add_edge(ends.0, ends.1, Relation::DerivedFrom, evidence)
            .unwrap();
    }
    assert_eq!(lineage.edges()[0].pin(), &RevisionPin::Digest(digest(0)));
}

#[test]
fn what_two_sources_know_of_one_node_is_put_together() {
    let mut lineage = graph(2, &[]);
    lineage
        .add_id(NodeIndex(1), "pkg:huggingface/base")
        .unwrap();
    assert_eq!(
        lineage.add_id(NodeIndex(0), "pkg:huggingface/base"),
        Err(LineageError::IdTaken)
    );
    let mut more = LineageNode::new("pkg:huggingface/base", NodeKind::Dataset).named("base");
    more.licences = vec!["MIT".to_owned(), "MIT".to_owned()];
    more.verdict = Some(Verdict::Deny);
    more.add_claimed(&Claimed::by_document(digest(7)));
    assert_eq!(lineage.add_node(more.clone()), Ok(NodeIndex(1)));
    assert_eq!(lineage.add_node(more), Ok(NodeIndex(1)));
    lineage.set_verdict(NodeIndex(1), Verdict::Allow).unwrap();
    let node = &lineage.nodes()[1];
    assert_eq!(node.kind, NodeKind::Model, "what was known first stays");
    assert_eq!(node.label(), "base");
    assert_eq!(node.licences, ["MIT"]);
    assert_eq!(node.verdict, Some(Verdict::Deny), "the worse one counts");
    assert_eq!(node.grade(), Grade::Claimed);
    assert_eq!(lineage.nodes_by_digest(&digest(7)), [NodeIndex(1)]);
    assert_eq!(lineage.nodes().len(), 2);
}

#[test]
fn signers_of_other_bytes_do_not_vouch_for_measured_ones() {
    let mut node = LineageNode::new("n", NodeKind::Model);
    node.add_signed(digest(9), "");
    assert_eq!(node.grade(), Grade::Claimed);
    node.add_signed(digest(9), "stranger");
    assert_eq!(node.grade(), Grade::Verified);
    assert_eq!(node.signers(), BTreeSet::from(["stranger"]));
    node.add_measured(&Measured::from_bytes(digest(1)));
    assert_eq!(node.grade(), Grade::Measured);
    assert_eq!(node.signers(), BTreeSet::new());
    node.add_signed(digest(1), "lab");
    assert_eq!(node.signers(), BTreeSet::from(["lab"]));
    assert_eq!(node.best_digest().unwrap().digest, digest(1));
}

#[test]
fn growth_ends_and_is_counted() {
    let limits = LineageLimits { nodes: 2, edges: 1 };
    let mut lineage = Lineage::new(LineageNode::new("a", NodeKind::Model), limits);
    let b = lineage
        .add_node(LineageNode::new("b", NodeKind::Model))
        .unwrap();
    assert!(!lineage.is_truncated());
    assert_eq!(
        lineage.add_node(LineageNode::new("c", NodeKind::Model)),
        Err(LineageError::TooManyNodes { limit: 2 })
    );
    let a = lineage.subject();
    lineage
        .add_edge(a, b, Relation::DerivedFrom, claim("x"))
        .unwrap();
    assert_eq!(
        lineage.add_edge(b, a, Relation::DerivedFrom, claim("x")),
        Err(LineageError::TooManyEdges { limit: 1 })
    );
    lineage
        .add_edge(a, b, Relation::DerivedFrom, claim("y"))
        .unwrap();
    assert_eq!((lineage.omitted_nodes(), lineage.omitted_edges()), (1, 1));
    assert!(lineage.is_truncated());
    assert_eq!(
        lineage.add_edge(a, NodeIndex(9), Relation::DerivedFrom, claim("x")),
        Err(LineageError::NoSuchNode {
            index: NodeIndex(9)
        })
    );
    let mut node = LineageNode::new("a", NodeKind::Model);
    node.licences = (0..100).map(|number| number.to_string()).collect();
    lineage.extend_node(a, node.clone()).unwrap();
    for node in [&lineage.nodes()[0], &Lineage::new(node, limits).nodes()[0]] {
        assert_eq!(node.licences.len(), 64);
        assert_eq!(node.omitted(), 36);
    }
}

#[test]
fn finds_depth_roots_order_and_ways_of_a_diamond() {
    // 0 ── 1 ── 3 ── 4
    //  └── 2 ───┘    5 is apart
    let lineage = graph(6, &[(0, 2), (0, 1), (1, 3), (2, 3), (3, 4), (0, 4)]);
    let edges: Vec<usize> = lineage.edges_by_child().iter().map(Vec::len).collect();
    assert_eq!(edges, [3, 1, 1, 1, 0, 0]);
    let analysis = lineage.analyse(Scope::All);
    assert_eq!(analysis.longest, 3);
    assert_eq!(analysis.depth(NodeIndex(4)), Some(3));
    assert_eq!(analysis.depth(NodeIndex(5)), None);
    assert_eq!(numbers(&analysis.roots), [4]);
    assert_eq!(numbers(&analysis.unreachable), [5]);
    assert_eq!(numbers(&analysis.order), [0, 1, 2, 3, 4, 5]);
    assert_eq!(numbers(&analysis.path(NodeIndex(4))), [0, 4]);
    assert_eq!(numbers(&analysis.path(NodeIndex(3))), [0, 1, 3]);
    assert!(analysis.path(NodeIndex(5)).is_empty());
    assert!(analysis.cycles.is_empty());
    assert!(graph(1, &[]).analyse(Scope::All).is_bare());
}

#[test]
fn finds_cycles_and_artifacts_that_come_from_themselves() {
    let lineage = graph(6, &[(0, 1), (1, 2), (2, 3), (3, 1), (3, 4), (4, 4), (2, 5)]);
    let analysis = lineage.analyse(Scope::All);
    let cycles: Vec<_> = analysis.cycles.iter().map(|cycle| numbers(cycle)).collect();
    assert_eq!(cycles, [vec![1, 2, 3], vec![4]]);
    assert_eq!(analysis.longest, 2);
    assert_eq!(numbers(&analysis.roots), [5]);
    assert_eq!(numbers(&analysis.order), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn ancestry_leaves_out_what_is_only_used_or_judges() {
    let mut lineage = graph(3, &[(0, 1)]);
    lineage
        .add_edge(
            NodeIndex(1),
            NodeIndex(0),
            Relation::DependsOn,
            claim("needs"),
        )
        .unwrap();
    lineage
        .add_edge(
            NodeIndex(0),
            NodeIndex(2),
            Relation::EvaluatedBy,
            claim("judged"),
        )
        .unwrap();
    assert_eq!(lineage.analyse(Scope::All).cycles.len(), 1);
    let ancestry = lineage.analyse(Scope::Ancestry);
    assert!(ancestry.cycles.is_empty());
    assert_eq!(numbers(&ancestry.unreachable), [2]);
}

/// Against the definitions, on 400 random graphs of up to 9 nodes.
#[test]
fn agrees_with_a_search_over_all_ways() {
    let mut state = 7_u64;
    let mut random = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for _ in 0..400 {
        let nodes = 1 + random(9);
        let count = random(2 * nodes + 1);
        let edges: Vec<(usize, usize)> =
            (0..count).map(|_| (random(nodes), random(nodes))).collect();
        let analysis = graph(nodes, &edges).analyse(Scope::All);
        // Whether there is a way of at least one link.
        let mut way = vec![vec![false; nodes]; nodes];
        for (child, parent) in &edges {
            way[*child][*parent] = true;
        }
        for middle in 0..nodes {
            for from in 0..nodes {
                for to in 0..nodes {
                    way[from][to] |= way[from][middle] && way[middle][to];
                }
            }
        }
        let mut cycles: Vec<Vec<usize>> = Vec::new();
        for node in (0..nodes).filter(|node| way[*node][*node]) {
            let cycle: Vec<usize> = (0..nodes)
                .filter(|other| way[node][*other] && way[*other][node])
                .collect();
            if !cycles.contains(&cycle) {
                cycles.push(cycle);
            }
        }
        let found: Vec<_> = analysis.cycles.iter().map(|cycle| numbers(cycle)).collect();
        assert_eq!(found, cycles, "{edges:?}");
        let place = |node: usize| {
            analysis
                .order
                .iter()
                .position(|index| index.get() == node)
                .unwrap()
        };
        assert_eq!(analysis.order.len(), nodes);
        for (child, parent) in &edges {
            assert!(
                place(*child) < place(*parent) || way[*parent][*child],
                "{edges:?}"
            );
        }
        for (node, reached) in way[0].iter().enumerate() {
            let reached = node == 0 || *reached;
            assert_eq!(analysis.depth(NodeIndex(node)).is_some(), reached);
            assert_eq!(
                analysis.unreachable.contains(&NodeIndex(node)),
                !reached,
                "{edges:?}"
            );
            let path = numbers(&analysis.path(NodeIndex(node)));
            assert!(
                path.windows(2)
                    .all(|pair| edges.contains(&(pair[0], pair[1])))
            );
            assert_eq!(path.last(), reached.then_some(&node));
        }
        if cycles.is_empty() {
            fn longest(from: usize, edges: &[(usize, usize)]) -> usize {
                let above = edges.iter().filter(|(child, _)| *child == from);
                above
                    .map(|(_, parent)| 1 + longest(*parent, edges))
                    .max()
                    .unwrap_or(0)
            }
            assert_eq!(analysis.longest, longest(0, &edges), "{edges:?}");
        }
    }
}

#[test]
fn the_order_does_not_depend_on_how_the_graph_was_built() {
    let ids = |reverse: bool| {
        let mut others = vec!["b", "c", "d", "e"];
        let mut edges = vec![("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("a", "e")];
        if reverse {
            others.reverse();
            edges.reverse();
        }
        let node = |id: &str| LineageNode::new(id, NodeKind::Model);
        let mut lineage = Lineage::new(node("a"), LineageLimits::DEFAULT);
        for id in others {
            lineage.add_node(node(id)).unwrap();
        }
        for (child, parent) in edges {
            let (child, parent) = (lineage.node_by_id(child), lineage.node_by_id(parent));
            lineage
                .add_edge(
                    child.unwrap(),
                    parent.unwrap(),
                    Relation::DerivedFrom,
                    claim("x"),
                )
                .unwrap();
        }
        let order = lineage.analyse(Scope::All).order;
        let id = |index: &NodeIndex| lineage.node(*index).unwrap().id().to_owned();
        order.iter().map(id).collect::<Vec<_>>()
    };
    assert_eq!(ids(false), ["a", "b", "c", "d", "e"]);
    assert_eq!(ids(false), ids(true));
}

#[test]
fn a_hundred_thousand_artifacts_in_a_row_or_in_a_ring_are_no_trouble() {
    let count = 100_000;
    let mut edges: Vec<(usize, usize)> = (1..count).map(|node| (node - 1, node)).collect();
    let row = graph(count, &edges).analyse(Scope::All);
    assert_eq!(row.longest, count - 1);
    assert_eq!(row.path(NodeIndex(count - 1)).len(), count);
    edges.push((count - 1, 0));
    let ring = graph(count, &edges).analyse(Scope::All);
    assert_eq!(ring.cycles.len(), 1);
    assert_eq!(ring.cycles[0].len(), count);
    assert_eq!(ring.longest, 0);
}

#[test]
fn children_older_than_what_they_were_made_of() {
    let time = |event, text: &str, grade| NodeTime {
        event,
        time: text.parse().unwrap(),
        grade,
        source: "bom.json".to_owned(),
    };
    use Grade::{Claimed, Verified};
    use TimeEvent::{Built, Published};
    let old = "2024-01-01T00:00:00Z";
    let middle = "2024-06-01T00:00:00Z";
    let new = "2025-01-01T00:00:00Z";
    // Times of the child, times of the parent, relation, whether they conflict.
    let table = [
        (
            vec![(Built, old, Claimed)],
            vec![(Built, new, Claimed)],
            Relation::FineTunedFrom,
            true,
        ),
        (
            vec![(Built, new, Claimed)],
            vec![(Built, old, Claimed)],
            Relation::FineTunedFrom,
            false,
        ),
        (
            vec![(Built, old, Claimed)],
            vec![(Built, old, Claimed)],
            Relation::FineTunedFrom,
            false,
        ),
        (
            vec![(Published, old, Claimed)],
            vec![(Built, new, Claimed)],
            Relation::TrainedOn,
            true,
        ),
        // Insiders have it before it is published.
        (
            vec![(Built, old, Claimed)],
            vec![(Published, new, Claimed)],
            Relation::TrainedOn,
            false,
        ),
        (
            vec![(Published, old, Claimed)],
            vec![(Published, new, Claimed)],
            Relation::TrainedOn,
            true,
        ),
        // An evaluation comes after what it judges.
        (
            vec![(Built, old, Claimed)],
            vec![(Built, new, Claimed)],
            Relation::EvaluatedBy,
            false,
        ),
        // The kinder of two claims counts, but no claim counts against a signed time.
        (
            vec![(Built, old, Claimed), (Built, new, Claimed)],
            vec![(Built, middle, Claimed)],
            Relation::MergedFrom,
            false,
        ),
        (
            vec![(Built, old, Verified), (Built, new, Claimed)],
            vec![(Built, middle, Claimed)],
            Relation::MergedFrom,
            true,
        ),
        (
            vec![],
            vec![(Built, new, Claimed)],
            Relation::MergedFrom,
            false,
        ),
    ];
    for (child, parent, relation, expected) in table {
        let node = |id: &str, times: &[(TimeEvent, &str, Grade)]| {
            let mut node = LineageNode::new(id, NodeKind::Model);
            node.times = times
                .iter()
                .map(|(event, text, grade)| time(*event, text, *grade))
                .collect();
            node
        };
        let mut lineage = Lineage::new(node("child", &child), LineageLimits::DEFAULT);
        let index = lineage.add_node(node("parent", &parent)).unwrap();
        lineage
            .add_edge(lineage.subject(), index, relation, claim("x"))
            .unwrap();
        let ages = lineage.analyse(Scope::All).ages;
        assert_eq!(
            !ages.is_empty(),
            expected,
            "{child:?} {parent:?} {relation}"
        );
    }
}

#[test]
fn roles_follow_from_where_a_model_stands() {
    let mut lineage = graph(8, &[]);
    let links = [
        (7, 4, Relation::DerivedFrom),
        (0, 1, Relation::QuantisedFrom),
        (1, 2, Relation::MergedFrom),
        (1, 3, Relation::MergedFrom),
        (2, 4, Relation::FineTunedFrom),
        (4, 5, Relation::TrainedOn),
        (6, 4, Relation::AdaptedFrom),
    ];
    for (child, parent, relation) in links {
        lineage
            .add_edge(NodeIndex(child), NodeIndex(parent), relation, claim("x"))
            .unwrap();
    }
    let words: Vec<_> = lineage.roles().into_iter().map(NodeRole::word).collect();
    assert_eq!(
        words,
        [
            "quantisation",
            "merge",
            "fine-tune",
            "base model",
            "base model",
            "model",
            "adapter",
            "derived model"
        ]
    );
}
