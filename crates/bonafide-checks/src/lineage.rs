//! Where the artifact comes from: all that any source says, in one graph.

use bonafide_core::{Lineage, LineageLimits, LineageNode, NodeKind};

/// The graph, and what went into it.
#[derive(Debug, Clone)]
pub struct LineageFacts {
    /// The graph.
    pub graph: Lineage,
}

impl LineageFacts {
    /// A graph of the artifact alone.
    #[must_use]
    pub fn alone(_tree: &bonafide_hash::Tree) -> Self {
        let subject = LineageNode::new("artifact", NodeKind::Unknown);
        Self {
            graph: Lineage::new(subject, LineageLimits::DEFAULT),
        }
    }

    /// Why the graph is not all of it, if it is not.
    #[must_use]
    pub fn truncated(&self) -> Option<String> {
        self.graph.is_truncated().then(|| {
            format!(
                "the lineage is larger than is looked at: {} artifacts and {} links are left out",
                self.graph.omitted_nodes(),
                self.graph.omitted_edges()
            )
        })
    }
}
