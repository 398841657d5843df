//! Graphs to draw in tests.

use bonafide_core::lineage::{
    EdgeEvidence, Lineage, LineageLimits, LineageNode, MaterialProof, Mention, NodeIndex, NodeKind,
    NodeTime, Relation, RevisionPin, SignedMaterial, Testimony, TimeEvent,
};
use bonafide_core::{Claimed, Digest, Grade, Measured, Verdict};

/// What is known of a sample node.
#[derive(Clone, Copy)]
enum Known<'text> {
    Claim,
    Signed(&'text str),
    Measured,
    MeasuredAndSigned(&'text str),
}

struct Sample {
    lineage: Lineage,
    digests: Vec<Digest>,
}

impl Sample {
    fn node(number: usize, kind: NodeKind, name: &str, known: Known<'_>) -> (LineageNode, Digest) {
        let mut bytes = [0_u8; 32];
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::try_from((number * 37 + place * 11 + 130) % 256).unwrap();
        }
        let digest = Digest::sha256(bytes);
        let mut node = LineageNode::new(format!("node:{number}"), kind).named(name);
        match known {
            Known::Claim => node.sources.push(Mention {
                source: "aibom.cdx.json".into(),
                pointer: Some(format!("/components/{number}")),
            }),
            Known::Signed(signer) => node.add_signed(digest, signer),
            Known::Measured => node.add_measured(&Measured::from_bytes(digest)),
            Known::MeasuredAndSigned(signer) => {
                node.add_measured(&Measured::from_bytes(digest));
                node.add_signed(digest, signer);
                node.verdict = Some(Verdict::Allow);
            }
        }
        (node, digest)
    }

    fn new(kind: NodeKind, name: &str, known: Known<'_>) -> Self {
        let (node, digest) = Self::node(0, kind, name, known);
        Self {
            lineage: Lineage::new(node, LineageLimits::DEFAULT),
            digests: vec![digest],
        }
    }

    fn add(&mut self, kind: NodeKind, name: &str, known: Known<'_>) -> NodeIndex {
        let (node, digest) = Self::node(self.digests.len(), kind, name, known);
        self.digests.push(digest);
        self.lineage.add_node(node).unwrap()
    }

    fn more(&mut self, index: NodeIndex, change: impl FnOnce(&mut LineageNode)) {
        let mut node = LineageNode::new("more", NodeKind::Unknown);
        change(&mut node);
        self.lineage.extend_node(index, node).unwrap();
    }

    fn link(&mut self, child: NodeIndex, parent: NodeIndex, relation: Relation, how: Testimony) {
        let evidence = EdgeEvidence {
            source: "aibom.cdx.json".into(),
            pointer: Some("/components/0/pedigree/ancestors/0".to_owned()),
            says: format!("{relation} it"),
            pin: RevisionPin::Commit("9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c".to_owned()),
            testimony: how,
        };
        self.lineage
            .add_edge(child, parent, relation, evidence)
            .unwrap();
    }

    fn prove(&mut self, child: NodeIndex, parent: NodeIndex, relation: Relation, signer: &str) {
        let signed = SignedMaterial {
            subject: self.digests[child.get()],
            material: self.digests[parent.get()],
            signer: signer.to_owned(),
            statement: "https://slsa.dev/provenance/v1".to_owned(),
        };
        let measured = Measured::from_bytes(self.digests[parent.get()]);
        let proof = MaterialProof::new(signed, &measured).unwrap();
        self.link(child, parent, relation, Testimony::Proof(proof));
    }
}

fn claim() -> Testimony {
    Testimony::Claim { signer: None }
}

fn time(event: TimeEvent, text: &str) -> NodeTime {
    NodeTime {
        event,
        time: text.parse().unwrap(),
        grade: Grade::Claimed,
        source: "aibom.cdx.json".to_owned(),
    }
}

const LAB: &str = "key \"digits publisher\"";
const DATA: &str = "key \"digits data team\"";

/// A quantised model of a fine-tuned one of a base model, and a dataset.
pub(super) fn chain() -> Lineage {
    let mut sample = Sample::new(
        NodeKind::Model,
        "digits-classifier-int8",
        Known::MeasuredAndSigned(LAB),
    );
    let subject = sample.lineage.subject();
    let full = sample.add(
        NodeKind::Model,
        "digits-classifier",
        Known::MeasuredAndSigned(LAB),
    );
    let data = sample.add(
        NodeKind::Dataset,
        "optical-digits",
        Known::MeasuredAndSigned(DATA),
    );
    let base = sample.add(NodeKind::Model, "example/tiny-vision-base", Known::Claim);
    for (index, version) in [(subject, "1.1.0"), (full, "1.0.0"), (data, "2024.3")] {
        sample.more(index, |node| {
            node.version = Some(version.to_owned());
            node.licences = vec!["Apache-2.0".to_owned()];
        });
    }
    sample.more(data, |node| node.licences = vec!["CC-BY-4.0".to_owned()]);
    sample.more(base, |node| {
        node.identifiers = vec!["pkg:huggingface/example/tiny-vision-base".to_owned()];
        node.add_claimed(&Claimed::by_document(Digest::sha256([7; 32])));
        node.pin = RevisionPin::Mutable("main".to_owned());
    });
    sample.prove(subject, full, Relation::QuantisedFrom, LAB);
    sample.link(subject, full, Relation::QuantisedFrom, claim());
    sample.prove(full, data, Relation::TrainedOn, LAB);
    sample.link(full, base, Relation::FineTunedFrom, claim());
    sample.lineage
}

/// A merge of five models with datasets, tokenizer, template, evaluation; every grade.
pub(super) fn merge() -> Lineage {
    let mut sample = Sample::new(
        NodeKind::Model,
        "omni-merge-13b",
        Known::MeasuredAndSigned(LAB),
    );
    let subject = sample.lineage.subject();
    let parents: Vec<NodeIndex> = [
        (
            "math-instruct-13b",
            Known::MeasuredAndSigned("identity release@example.org"),
        ),
        ("code-instruct-13b", Known::Measured),
        ("chat-13b", Known::Signed("key \"chat lab\"")),
        ("roleplay-13b-uncensored", Known::Claim),
        ("medical-13b", Known::Measured),
    ]
    .into_iter()
    .map(|(name, known)| sample.add(NodeKind::Model, name, known))
    .collect();
    let base = sample.add(NodeKind::Model, "llama-base-13b", Known::Measured);
    let merged = Relation::MergedFrom;
    sample.prove(subject, parents[0], merged, LAB);
    sample.prove(subject, parents[1], merged, LAB);
    let signed = Testimony::Claim {
        signer: Some(LAB.to_owned()),
    };
    sample.link(subject, parents[2], merged, signed);
    sample.link(subject, parents[3], merged, claim());
    sample.link(subject, parents[4], merged, claim());
    sample.link(subject, parents[4], merged, Testimony::Contradiction);
    for parent in &parents[..4] {
        sample.link(*parent, base, Relation::FineTunedFrom, claim());
    }
    sample.prove(
        parents[0],
        base,
        Relation::DerivedFrom,
        "identity release@example.org",
    );
    sample.link(parents[4], base, Relation::Unknown, Testimony::Hint);
    for (name, parent) in [
        ("gsm-train", 0),
        ("the-stack-small", 1),
        ("oasst", 2),
        ("pubmed-qa", 4),
    ] {
        let data = sample.add(NodeKind::Dataset, name, Known::Claim);
        sample.link(parents[parent], data, Relation::TrainedOn, claim());
    }
    let tokenizer = sample.add(NodeKind::Tokenizer, "llama-tokenizer", Known::Measured);
    sample.link(subject, tokenizer, Relation::UsesTokenizer, claim());
    sample.link(base, tokenizer, Relation::UsesTokenizer, claim());
    let template = sample.add(NodeKind::Template, "chatml", Known::Claim);
    sample.link(subject, template, Relation::UsesTemplate, claim());
    let evaluation = sample.add(
        NodeKind::Evaluation,
        "mmlu 5-shot",
        Known::Signed("key \"lab one\""),
    );
    sample.link(subject, evaluation, Relation::EvaluatedBy, claim());
    let adapter = sample.add(NodeKind::Adapter, "style-lora-r16", Known::Claim);
    sample.link(adapter, base, Relation::AdaptedFrom, claim());
    let tool = sample.add(NodeKind::Software, "mergekit", Known::Claim);
    sample.link(subject, tool, Relation::DependsOn, claim());
    sample.more(parents[3], |node| node.verdict = Some(Verdict::Deny));
    sample.more(parents[1], |node| node.verdict = Some(Verdict::Undecided));
    sample.more(base, |node| {
        node.licences = vec!["LicenseRef-llama-community".to_owned()];
        node.times
            .push(time(TimeEvent::Built, "2025-06-01T00:00:00Z"));
    });
    sample.more(parents[2], |node| {
        node.times
            .push(time(TimeEvent::Built, "2024-06-01T00:00:00Z"));
    });
    sample.lineage
}

/// Sixty artifacts with links between neighbouring and distant ones.
pub(super) fn sixty() -> Lineage {
    let mut sample = Sample::new(
        NodeKind::Model,
        "product-model",
        Known::MeasuredAndSigned(LAB),
    );
    let kinds = [
        NodeKind::Model,
        NodeKind::Dataset,
        NodeKind::Model,
        NodeKind::Dataset,
        NodeKind::Tokenizer,
    ];
    let mut indexes = vec![sample.lineage.subject()];
    for number in 1..60 {
        let known = match number % 4 {
            0 => Known::Claim,
            1 => Known::Measured,
            2 => Known::MeasuredAndSigned(DATA),
            _ => Known::Signed("identity builder@example.org"),
        };
        let kind = kinds[number % kinds.len()];
        let index = sample.add(kind, &format!("{}-{number}", kind.word()), known);
        // The nearest model before it in a tree where each has up to four.
        let mut child = (number - 1) / 4;
        while sample.lineage.nodes()[child].kind != NodeKind::Model {
            child = child.saturating_sub(1);
        }
        let relation = match kind {
            NodeKind::Dataset => Relation::TrainedOn,
            NodeKind::Tokenizer => Relation::UsesTokenizer,
            _ => Relation::FineTunedFrom,
        };
        let (child, measured) = (indexes[child], number % 4 == 1 || number % 4 == 2);
        let known = sample.lineage.node(child).unwrap().grade() > Grade::Claimed;
        if measured && known {
            sample.prove(child, index, relation, LAB);
        } else {
            sample.link(child, index, relation, claim());
        }
        if number % 7 == 0 && number > 20 {
            sample.link(indexes[number / 7], index, Relation::DependsOn, claim());
        }
        indexes.push(index);
    }
    sample.lineage
}

/// A ring of three, one that comes from itself, one that is apart.
pub(super) fn cycle() -> Lineage {
    let mut sample = Sample::new(NodeKind::Model, "ouroboros", Known::Measured);
    let first = sample.lineage.subject();
    let second = sample.add(NodeKind::Model, "second", Known::Claim);
    let third = sample.add(NodeKind::Model, "third", Known::Claim);
    let own = sample.add(NodeKind::Model, "own-parent", Known::Claim);
    let apart = sample.add(NodeKind::Dataset, "unrelated-data", Known::Claim);
    let derived = Relation::DerivedFrom;
    sample.link(first, second, derived, claim());
    sample.link(second, third, derived, claim());
    sample.link(third, first, derived, claim());
    sample.link(second, own, derived, claim());
    sample.link(own, own, Relation::FineTunedFrom, claim());
    let _ = apart;
    sample.lineage
}

/// Text that tries to be markup, to move text, or not to fit.
pub(super) const HOSTILE: [&str; 9] = [
    "</title></svg><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>&amp;&#x41;",
    "\u{202e}gpj.ledom\u{202c}\u{1b}[2J\u{7}\u{0}",
    "]]><!-- --> \\N \\\"; } digraph x { a -> b",
    "نموذج اللغة العربية الكبير للمحادثة والترجمة",
    "大规模多语言预训练语言模型（第二版）数据集与评测基准",
    "line\nbreak\r\ttab\u{2028}separator\u{ffff}\u{fffe}",
    "Z\u{0335}\u{0321}\u{0322}\u{0327}\u{0328}a\u{0336}\u{0337}\u{0338}l\u{0334}go",
    "emoji 🤖🧪 model-with-a-very-long-name-that-does-not-end-Instruct-GGUF-Q4_K_M-imatrix-v3-final",
];

/// Hostile and foreign text in every place that holds text.
pub(super) fn hostile() -> Lineage {
    let mut sample = Sample::new(
        NodeKind::Model,
        HOSTILE[0],
        Known::MeasuredAndSigned(HOSTILE[1]),
    );
    for (number, name) in HOSTILE.iter().enumerate() {
        let index = sample.add(NodeKind::Unknown, name, Known::Measured);
        sample.more(index, |node| {
            node.version = Some((*name).to_owned());
            node.licences = vec![(*name).to_owned()];
            node.identifiers = vec![(*name).to_owned()];
            node.pin = RevisionPin::Abbreviated((*name).to_owned());
            node.sources.push(Mention {
                source: (*name).into(),
                pointer: Some((*name).to_owned()),
            });
        });
        let relation = Relation::ALL[number];
        sample.prove(sample.lineage.subject(), index, relation, name);
        let evidence = EdgeEvidence {
            source: (*name).into(),
            pointer: Some((*name).to_owned()),
            says: (*name).to_owned(),
            pin: RevisionPin::Mutable((*name).to_owned()),
            testimony: if number % 2 == 0 {
                Testimony::Contradiction
            } else {
                claim()
            },
        };
        sample
            .lineage
            .add_edge(sample.lineage.subject(), index, relation, evidence)
            .unwrap();
    }
    sample.lineage
}

/// One artifact of which nothing is said.
pub(super) fn bare() -> Lineage {
    Sample::new(NodeKind::Model, "orphan", Known::Measured).lineage
}

/// A chain of so many models, and a model that so many others are made of.
pub(super) fn long(count: usize) -> Lineage {
    let mut sample = Sample::new(NodeKind::Model, "first", Known::Claim);
    let mut child = sample.lineage.subject();
    for number in 1..count {
        let parent = sample.add(NodeKind::Model, &format!("model-{number}"), Known::Claim);
        sample.link(child, parent, Relation::DerivedFrom, claim());
        sample.link(
            sample.lineage.subject(),
            parent,
            Relation::DependsOn,
            claim(),
        );
        child = parent;
    }
    sample.lineage
}

/// Every sample with its name.
pub(super) fn all() -> Vec<(&'static str, Lineage)> {
    vec![
        ("chain", chain()),
        ("merge", merge()),
        ("sixty", sixty()),
        ("cycle", cycle()),
        ("hostile", hostile()),
        ("bare", bare()),
    ]
}
