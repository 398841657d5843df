//! What every form of drawing needs to know, worked out once.

use std::collections::BTreeSet;

use bonafide_core::Grade;
use bonafide_core::lineage::{
    EdgeGrade, Lineage, LineageAnalysis, LineageEdge, LineageNode, NodeIndex, NodeKind, NodeRole,
    Scope,
};

use super::words::{counted, shown};

/// Most names that a remark lists.
const NAMED: usize = 12;

/// A graph and what its shape says.
pub(super) struct Scene<'graph> {
    pub(super) lineage: &'graph Lineage,
    /// Over every edge: what is drawn.
    pub(super) shape: LineageAnalysis,
    /// Over edges of ancestry: what cycles and ages are judged by.
    pub(super) ancestry: LineageAnalysis,
    roles: Vec<NodeRole>,
    circular: BTreeSet<NodeIndex>,
}

impl<'graph> Scene<'graph> {
    pub(super) fn new(lineage: &'graph Lineage) -> Self {
        let ancestry = lineage.analyse(Scope::Ancestry);
        Self {
            lineage,
            shape: lineage.analyse(Scope::All),
            roles: lineage.roles(),
            circular: ancestry.cycles.iter().flatten().copied().collect(),
            ancestry,
        }
    }

    pub(super) fn role(&self, index: NodeIndex) -> NodeRole {
        self.roles
            .get(index.get())
            .copied()
            .unwrap_or(NodeRole::Plain(NodeKind::Unknown))
    }

    pub(super) fn is_circular(&self, index: NodeIndex) -> bool {
        self.circular.contains(&index)
    }

    /// Name of a node, escaped and cut.
    pub(super) fn name(&self, index: NodeIndex, characters: usize) -> String {
        self.lineage
            .node(index)
            .map_or_else(String::new, |node| shown(node.label(), characters))
    }

    /// The links of every child, by number of the child: what it was made of
    /// first, and among equals in the order of the graph.
    pub(super) fn links(&self) -> Vec<Vec<&'graph LineageEdge>> {
        let mut place = vec![0_usize; self.lineage.nodes().len()];
        for (number, index) in self.shape.order.iter().enumerate() {
            if let Some(slot) = place.get_mut(index.get()) {
                *slot = number;
            }
        }
        let lineage = self.lineage;
        let mut links: Vec<Vec<&LineageEdge>> = lineage
            .edges_by_child()
            .into_iter()
            .map(|list| {
                let edges = list.into_iter();
                edges.filter_map(|index| lineage.edge(index)).collect()
            })
            .collect();
        for list in &mut links {
            list.sort_by_key(|edge: &&LineageEdge| {
                (
                    edge.relation().class(),
                    place.get(edge.parent().get()).copied(),
                    edge.relation(),
                )
            });
        }
        links
    }

    /// `4 artifacts, 3 links: 2 proven, 1 claimed`.
    pub(super) fn summary(&self) -> String {
        let grades: Vec<String> = [
            EdgeGrade::Proven,
            EdgeGrade::Claimed,
            EdgeGrade::Contradicted,
            EdgeGrade::Unknown,
        ]
        .into_iter()
        .map(|grade| (self.lineage.count(grade), grade.word()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
        let mut summary = format!(
            "{}, {}",
            counted(self.lineage.nodes().len(), "artifact"),
            counted(self.lineage.edges().len(), "link")
        );
        if !grades.is_empty() {
            summary.push_str(": ");
            summary.push_str(&grades.join(", "));
        }
        summary
    }

    /// What a reader must not overlook, a sentence each.
    pub(super) fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        let lineage = self.lineage;
        if lineage.is_truncated() {
            remarks.push(format!(
                "not complete: {} and {} found no room",
                counted(lineage.omitted_nodes(), "artifact"),
                counted(lineage.omitted_edges(), "link")
            ));
        }
        if lineage.edges().is_empty() {
            remarks.push("nothing says where it comes from".to_owned());
        }
        for edge in lineage.edges() {
            if edge.grade() == EdgeGrade::Contradicted {
                let says: Vec<String> = edge
                    .contradictions()
                    .take(NAMED)
                    .map(|evidence| shown(&evidence.says, 200))
                    .collect();
                remarks.push(format!(
                    "contradicted: {} {} {}: {}",
                    self.name(edge.child(), 60),
                    edge.relation(),
                    self.name(edge.parent(), 60),
                    says.join("; ")
                ));
            }
        }
        for cycle in &self.ancestry.cycles {
            let mut names: Vec<String> = cycle
                .iter()
                .take(NAMED)
                .map(|index| self.name(*index, 60))
                .collect();
            if cycle.len() > NAMED {
                names.push(format!("{} more", cycle.len() - NAMED));
            }
            remarks.push(match names.as_slice() {
                [single] => format!("cycle: {single} is said to come from itself"),
                names => format!("cycle: each comes from each other: {}", names.join(", ")),
            });
        }
        for age in &self.ancestry.ages {
            let Some(edge) = lineage.edge(age.edge) else {
                continue;
            };
            remarks.push(format!(
                "older than its parent: {}, {} {}, {} {}, {} {}",
                self.name(edge.child(), 60),
                age.child.event.word(),
                age.child.time,
                edge.relation(),
                self.name(edge.parent(), 60),
                age.parent.event.word(),
                age.parent.time,
            ));
        }
        let apart = self.shape.unreachable.len();
        if apart > 0 {
            let verb = if apart == 1 { "has" } else { "have" };
            remarks.push(format!(
                "{} {verb} no link to the subject",
                counted(apart, "artifact")
            ));
        }
        remarks
    }
}

/// How an artifact is known: `measured, signed by …`, `signed by …`, `claimed only`.
pub(super) fn state(node: &LineageNode) -> String {
    let signers: Vec<String> = node
        .signers()
        .into_iter()
        .map(|name| shown(name, 120))
        .collect();
    let signed = format!("signed by {}", signers.join(" and by "));
    match (node.grade(), signers.is_empty()) {
        (Grade::Measured, true) => "measured".to_owned(),
        (Grade::Measured, false) => format!("measured, {signed}"),
        (Grade::Verified, _) => signed,
        (Grade::Claimed, _) => "claimed only".to_owned(),
    }
}

/// How a link is known: `proven by …`, `claimed, signed by …`, `claimed`, ….
pub(super) fn known(edge: &LineageEdge) -> String {
    let signers: Vec<String> = edge
        .signers()
        .into_iter()
        .map(|name| shown(name, 120))
        .collect();
    let signers = signers.join(" and by ");
    match edge.grade() {
        EdgeGrade::Proven => format!("proven by {signers}"),
        EdgeGrade::Claimed if !signers.is_empty() => format!("claimed, signed by {signers}"),
        grade => grade.word().to_owned(),
    }
}
