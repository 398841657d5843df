//! Where the artifact comes from: all that any source says, in one graph.
//!
//! Every artifact at hand (the target, and what was given or found beside it) is a
//! [`Relative`]: its bytes, measured, and the account that its own sources give. The
//! graph is put together from all of them: what is called by one id or has one digest is
//! one artifact, and a link is proven where a verified statement about the child names
//! the measured bytes of the parent.

mod account;
mod bill;
mod cards;
mod contradiction;
mod dataset;
mod graph;
mod groups;
mod provenance;
mod reference;
mod relative;
#[cfg(test)]
mod tests;

use crate::model::Language;
use bonafide_core::{Lineage, LineageLimits, LineageNode, NodeIndex, NodeKind, RawName, Verdict};

pub use cards::{Cards, files_of_cards};
pub use relative::{Evidence, Given, Relative};

/// The graph, and what it does not show.
#[derive(Debug, Clone)]
pub struct LineageFacts {
    /// The graph.
    pub graph: Lineage,
    /// What could not be read or examined: the graph may lack what it says.
    pub gaps: Vec<String>,
    /// What was left out because it is no part of a lineage, as far as can be told.
    pub notes: Vec<String>,
    /// Who was examined besides the target.
    pub members: Vec<Member>,
}

/// An artifact that was examined besides the target, or could not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its path, as printed.
    pub name: RawName,
    /// How it came into the family.
    pub given: Given,
    /// Which artifact of the graph it is.
    pub node: Option<NodeIndex>,
    /// What the policy makes of it.
    pub verdict: Option<Verdict>,
    /// Why it could not be examined.
    pub failure: Option<String>,
    /// What it is asked with.
    pub language: Language,
}

impl LineageFacts {
    /// A graph of the artifact alone.
    #[must_use]
    pub fn alone() -> Self {
        let subject = LineageNode::new("artifact", NodeKind::Unknown);
        Self {
            graph: Lineage::new(subject, LineageLimits::DEFAULT),
            gaps: Vec::new(),
            notes: Vec::new(),
            members: Vec::new(),
        }
    }

    /// The lineage of one of the relatives, as far as all of them know it.
    #[must_use]
    pub fn of(relatives: &[Relative], subject: usize) -> Self {
        graph::build(relatives, subject)
    }

    /// True for an artifact of which nobody asked whether it is good: a folder that lay
    /// beside, and that might as well have been missing.
    #[must_use]
    pub fn is_bystander(&self, index: NodeIndex) -> bool {
        let mut is = false;
        for member in self
            .members
            .iter()
            .filter(|member| member.node == Some(index))
        {
            if member.given != Given::Beside {
                return false;
            }
            is = true;
        }
        is
    }

    /// Why the graph is not all of it, if it is not.
    #[must_use]
    pub fn incomplete(&self) -> Option<String> {
        if let Some(gap) = self.gaps.first() {
            return Some(gap.clone());
        }
        self.graph.is_truncated().then(|| {
            format!(
                "the lineage is larger than is looked at: {} artifacts and {} links are left out",
                self.graph.omitted_nodes(),
                self.graph.omitted_edges()
            )
        })
    }
}
