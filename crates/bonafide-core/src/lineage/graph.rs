//! The graph: how it grows, and where that ends.

use std::collections::BTreeMap;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use super::edge::Testimony;
use super::{EdgeEvidence, EdgeGrade, LineageEdge, LineageNode, NodeKind, Relation, RelationClass};
use crate::{Digest, Grade, RawName, Verdict};

/// The number of a node, in the order in which nodes were added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct NodeIndex(pub(super) usize);

impl NodeIndex {
    /// The number, counted from 0.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0
    }
}

/// The number of an edge, in the order in which edges were added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct EdgeIndex(pub(super) usize);

impl EdgeIndex {
    /// The number, counted from 0.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0
    }
}

/// How large a graph may grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineageLimits {
    /// Most nodes, the subject included.
    pub nodes: usize,
    /// Most edges.
    pub edges: usize,
}

impl LineageLimits {
    /// What the command uses: 100,000 nodes and 400,000 edges.
    pub const DEFAULT: Self = Self {
        nodes: 100_000,
        edges: 400_000,
    };
}

impl Default for LineageLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Why something is not part of the graph.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineageError {
    /// The graph has as many nodes as it may have.
    #[error("lineage has more than {limit} artifacts")]
    TooManyNodes {
        /// [`LineageLimits::nodes`].
        limit: usize,
    },
    /// The graph has as many edges as it may have.
    #[error("lineage has more than {limit} links")]
    TooManyEdges {
        /// [`LineageLimits::edges`].
        limit: usize,
    },
    /// No node has this number.
    #[error("lineage has no artifact number {}", .index.0)]
    NoSuchNode {
        /// The number.
        index: NodeIndex,
    },
    /// The proof's subject or material is not a digest that we know the node by.
    #[error("the proof is about {digest}, which is not known to be that artifact")]
    ProofOfAnother {
        /// The digest in the proof.
        digest: Digest,
    },
    /// The id already means another node.
    #[error("the id is that of another artifact")]
    IdTaken,
}

/// What an artifact is in this graph: its kind, sharpened by where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeRole {
    /// A model made of several.
    Merge,
    /// A model with fewer bits than its parent.
    Quantisation,
    /// A model in another format than its parent.
    Conversion,
    /// A model trained from its parent.
    FineTune,
    /// A model made from its parent in a way that nobody tells.
    Derivative,
    /// A model from which others are made, with no parent model of its own.
    BaseModel,
    /// Nothing more than its kind.
    Plain(NodeKind),
}

impl NodeRole {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Quantisation => "quantisation",
            Self::Conversion => "conversion",
            Self::FineTune => "fine-tune",
            Self::Derivative => "derived model",
            Self::BaseModel => "base model",
            Self::Plain(kind) => kind.word(),
        }
    }
}

/// Artifacts, links, and the artifact that it is all about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    nodes: Vec<LineageNode>,
    edges: Vec<LineageEdge>,
    limits: LineageLimits,
    omitted_nodes: usize,
    omitted_edges: usize,
    by_id: BTreeMap<String, NodeIndex>,
    by_digest: BTreeMap<Digest, Vec<NodeIndex>>,
    by_ends: BTreeMap<(NodeIndex, NodeIndex, Relation), EdgeIndex>,
}

impl Lineage {
    /// A graph of one artifact: the one whose lineage it is.
    #[must_use]
    pub fn new(subject: LineageNode, limits: LineageLimits) -> Self {
        let mut lineage = Self {
            nodes: Vec::new(),
            edges: Vec::new(),
            limits,
            omitted_nodes: 0,
            omitted_edges: 0,
            by_id: BTreeMap::new(),
            by_digest: BTreeMap::new(),
            by_ends: BTreeMap::new(),
        };
        lineage.push(subject);
        lineage
    }

    fn push(&mut self, node: LineageNode) -> NodeIndex {
        let index = NodeIndex(self.nodes.len());
        self.by_id.insert(node.id().to_owned(), index);
        // Taken over like what comes later, so that its lists have the same caps.
        let mut kept = LineageNode::new(node.id(), node.kind);
        for digest in kept.absorb(node) {
            self.by_digest.entry(digest).or_default().push(index);
        }
        self.nodes.push(kept);
        index
    }

    /// Adds an artifact, or what another source knows of one that is there.
    pub fn add_node(&mut self, node: LineageNode) -> Result<NodeIndex, LineageError> {
        if let Some(index) = self.node_by_id(node.id()) {
            self.extend_node(index, node)?;
            return Ok(index);
        }
        if self.nodes.len() >= self.limits.nodes {
            self.omitted_nodes = self.omitted_nodes.saturating_add(1);
            return Err(LineageError::TooManyNodes {
                limit: self.limits.nodes,
            });
        }
        Ok(self.push(node))
    }

    /// Adds what another source knows of an artifact, whatever id it used.
    pub fn extend_node(&mut self, index: NodeIndex, more: LineageNode) -> Result<(), LineageError> {
        let node = self
            .nodes
            .get_mut(index.0)
            .ok_or(LineageError::NoSuchNode { index })?;
        for digest in node.absorb(more) {
            self.by_digest.entry(digest).or_default().push(index);
        }
        Ok(())
    }

    /// Makes a further id lead to a node.
    pub fn add_id(&mut self, index: NodeIndex, id: impl Into<String>) -> Result<(), LineageError> {
        if self.node(index).is_none() {
            return Err(LineageError::NoSuchNode { index });
        }
        if self.by_id.len() >= self.limits.nodes.saturating_mul(4) {
            return Err(LineageError::TooManyNodes {
                limit: self.limits.nodes,
            });
        }
        match *self.by_id.entry(id.into()).or_insert(index) {
            known if known == index => Ok(()),
            _ => Err(LineageError::IdTaken),
        }
    }

    /// Adds what a source says about a link; the link is made if it is new.
    ///
    /// # Errors
    ///
    /// A proof is refused unless its subject is a measured or signed digest of
    /// the child and its material a measured digest of the parent.
    pub fn add_edge(
        &mut self,
        child: NodeIndex,
        parent: NodeIndex,
        relation: Relation,
        evidence: EdgeEvidence,
    ) -> Result<EdgeIndex, LineageError> {
        let child_node = self
            .node(child)
            .ok_or(LineageError::NoSuchNode { index: child })?;
        let parent_node = self
            .node(parent)
            .ok_or(LineageError::NoSuchNode { index: parent })?;
        if let Testimony::Proof(proof) = &evidence.testimony {
            let known = child_node.grade_of(proof.subject());
            if known.is_none_or(|grade| grade < Grade::Verified) {
                return Err(LineageError::ProofOfAnother {
                    digest: *proof.subject(),
                });
            }
            if parent_node.grade_of(proof.material()) != Some(Grade::Measured) {
                return Err(LineageError::ProofOfAnother {
                    digest: *proof.material(),
                });
            }
        }
        let ends = (child, parent, relation);
        let index = match self.by_ends.get(&ends) {
            Some(index) => *index,
            None if self.edges.len() >= self.limits.edges => {
                self.omitted_edges = self.omitted_edges.saturating_add(1);
                return Err(LineageError::TooManyEdges {
                    limit: self.limits.edges,
                });
            }
            None => {
                let index = EdgeIndex(self.edges.len());
                self.edges.push(LineageEdge::new(child, parent, relation));
                self.by_ends.insert(ends, index);
                index
            }
        };
        if let Some(edge) = self.edges.get_mut(index.0) {
            edge.add(evidence);
        }
        Ok(index)
    }

    /// Notes what verifying an artifact gave; of several answers the worst counts.
    pub fn set_verdict(&mut self, index: NodeIndex, verdict: Verdict) -> Result<(), LineageError> {
        let id = self
            .node(index)
            .ok_or(LineageError::NoSuchNode { index })?
            .id()
            .to_owned();
        let mut note = LineageNode::new(id, NodeKind::Unknown);
        note.verdict = Some(verdict);
        self.extend_node(index, note)
    }

    /// The artifact that it is all about.
    #[must_use]
    pub const fn subject(&self) -> NodeIndex {
        NodeIndex(0)
    }

    /// Every artifact, by number.
    #[must_use]
    pub fn nodes(&self) -> &[LineageNode] {
        &self.nodes
    }

    /// Every artifact with its number.
    pub fn numbered_nodes(&self) -> impl Iterator<Item = (NodeIndex, &LineageNode)> {
        self.nodes
            .iter()
            .enumerate()
            .map(|(number, node)| (NodeIndex(number), node))
    }

    /// One artifact.
    #[must_use]
    pub fn node(&self, index: NodeIndex) -> Option<&LineageNode> {
        self.nodes.get(index.0)
    }

    /// Every link, by number.
    #[must_use]
    pub fn edges(&self) -> &[LineageEdge] {
        &self.edges
    }

    /// Every link with its number.
    pub fn numbered_edges(&self) -> impl Iterator<Item = (EdgeIndex, &LineageEdge)> {
        self.edges
            .iter()
            .enumerate()
            .map(|(number, edge)| (EdgeIndex(number), edge))
    }

    /// One link.
    #[must_use]
    pub fn edge(&self, index: EdgeIndex) -> Option<&LineageEdge> {
        self.edges.get(index.0)
    }

    /// The node with this id.
    #[must_use]
    pub fn node_by_id(&self, id: &str) -> Option<NodeIndex> {
        self.by_id.get(id).copied()
    }

    /// The nodes that have this digest, however it is known.
    #[must_use]
    pub fn nodes_by_digest(&self, digest: &Digest) -> &[NodeIndex] {
        self.by_digest.get(digest).map_or(&[], Vec::as_slice)
    }

    /// For every node, by number, the links to what it comes from.
    #[must_use]
    pub fn edges_by_child(&self) -> Vec<Vec<EdgeIndex>> {
        let mut edges = vec![Vec::new(); self.nodes.len()];
        for (index, edge) in self.numbered_edges() {
            if let Some(list) = edges.get_mut(edge.child().0) {
                list.push(index);
            }
        }
        edges
    }

    /// The roles of all nodes, by number.
    #[must_use]
    pub fn roles(&self) -> Vec<NodeRole> {
        let mut roles: Vec<NodeRole> = self
            .nodes
            .iter()
            .map(|node| NodeRole::Plain(node.kind))
            .collect();
        let is_model = |index: NodeIndex| {
            self.node(index)
                .is_some_and(|node| matches!(node.kind, NodeKind::Model | NodeKind::Unknown))
        };
        let derivations = || {
            self.edges
                .iter()
                .filter(|edge| edge.relation().class() == RelationClass::Derivation)
        };
        // Parents first, so that what a node was made of overrides what was made of it.
        for edge in derivations().filter(|edge| is_model(edge.parent())) {
            if let Some(role) = roles.get_mut(edge.parent().0) {
                *role = NodeRole::BaseModel;
            }
        }
        for edge in derivations().filter(|edge| is_model(edge.child())) {
            let made = match edge.relation() {
                Relation::MergedFrom => NodeRole::Merge,
                Relation::QuantisedFrom => NodeRole::Quantisation,
                Relation::ConvertedFrom => NodeRole::Conversion,
                Relation::AdaptedFrom => NodeRole::Plain(NodeKind::Adapter),
                Relation::FineTunedFrom => NodeRole::FineTune,
                _ => NodeRole::Derivative,
            };
            if let Some(role) = roles.get_mut(edge.child().0) {
                *role = match *role {
                    NodeRole::BaseModel | NodeRole::Plain(_) => made,
                    known => known.min(made),
                };
            }
        }
        roles
    }

    /// How many links have this grade.
    #[must_use]
    pub fn count(&self, grade: EdgeGrade) -> usize {
        self.edges
            .iter()
            .filter(|edge| edge.grade() == grade)
            .count()
    }

    /// Artifacts that found no room.
    #[must_use]
    pub const fn omitted_nodes(&self) -> usize {
        self.omitted_nodes
    }

    /// Links that found no room.
    #[must_use]
    pub const fn omitted_edges(&self) -> usize {
        self.omitted_edges
    }

    /// Whether anything found no room: what the graph does not show may exist all the same.
    #[must_use]
    pub const fn is_truncated(&self) -> bool {
        self.omitted_nodes > 0 || self.omitted_edges > 0
    }
}

impl Serialize for Lineage {
    /// Nodes and edges as lists; edges name their ends by id.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "kebab-case")]
        struct Truncation {
            nodes_omitted: usize,
            edges_omitted: usize,
        }
        let id = |index: NodeIndex| self.node(index).map_or("", LineageNode::id);
        let edges: Vec<_> = self
            .numbered_edges()
            .map(|(index, edge)| edge.view(index, id(edge.child()), id(edge.parent())))
            .collect();
        let mut form = serializer.serialize_struct("Lineage", 4)?;
        form.serialize_field("subject", &RawName::from(id(self.subject())))?;
        form.serialize_field("nodes", &self.nodes)?;
        form.serialize_field("edges", &edges)?;
        form.serialize_field(
            "truncated",
            &self.is_truncated().then_some(Truncation {
                nodes_omitted: self.omitted_nodes,
                edges_omitted: self.omitted_edges,
            }),
        )?;
        form.end()
    }
}
