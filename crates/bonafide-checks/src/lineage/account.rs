//! What the sources of one artifact say of where it comes from, before anybody else is asked.

use std::collections::HashMap;

use bonafide_core::{
    Digest, LineageLimits, Mention, NodeKind, NodeTime, RawName, Relation, RevisionPin,
};

use super::reference::{Reference, Standing};

/// Most of any list that one source adds to one artifact.
pub(super) const LISTED: usize = 64;

/// The number of an artifact in an [`Account`].
pub(super) type Slot = usize;

/// Everything that the sources of one artifact say. Slot 0 is the artifact itself.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) things: Vec<Thing>,
    pub(super) links: Vec<Link>,
    pub(super) statements: Vec<Provenance>,
    /// What could not be read, or found no room.
    pub(super) gaps: Vec<String>,
    by_id: HashMap<String, Slot>,
}

/// An artifact that is spoken of.
#[derive(Debug, Clone, Default)]
pub(super) struct Thing {
    /// Ids, the first one first.
    pub(super) ids: Vec<String>,
    pub(super) kind: Option<NodeKind>,
    pub(super) name: Option<String>,
    pub(super) version: Option<String>,
    /// As the sources write them.
    pub(super) identifiers: Vec<String>,
    pub(super) pin: RevisionPin,
    pub(super) licences: Vec<String>,
    pub(super) times: Vec<NodeTime>,
    pub(super) sources: Vec<Mention>,
    /// Digests that are said to be its.
    pub(super) digests: Vec<Digest>,
    /// Digests of its files, by their names in it.
    pub(super) files: Vec<(String, Digest)>,
}

/// What a source says of a link.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) child: Slot,
    pub(super) parent: Slot,
    pub(super) relation: Relation,
    pub(super) source: RawName,
    pub(super) pointer: Option<String>,
    pub(super) says: String,
    pub(super) pin: RevisionPin,
    pub(super) force: Force,
    /// Who signed the source.
    pub(super) signer: Option<String>,
    /// What kind of a source it is.
    pub(super) origin: Origin,
}

/// How much a source means by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Force {
    /// It says so.
    Claim,
    /// It may mean that.
    Hint,
}

/// Kinds of sources that are held against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A bill of materials, or the metadata of a dataset.
    Document,
    /// The model card.
    Card,
    /// `adapter_config.json`.
    Adapter,
    /// Anything else.
    Other,
}

/// A verified statement about the artifact that names what went into it.
#[derive(Debug, Clone)]
pub(super) struct Provenance {
    pub(super) source: RawName,
    pub(super) signer: String,
    /// Its predicate type.
    pub(super) statement: String,
    /// A subject's digest that the artifact was measured to have, if the statement is
    /// about most of it.
    pub(super) subject: Option<Digest>,
    pub(super) materials: Vec<Material>,
}

/// What went in, as a statement names it.
#[derive(Debug, Clone)]
pub(super) struct Material {
    pub(super) slot: Option<Slot>,
    pub(super) digests: Vec<Digest>,
    /// The file in the artifact that is meant.
    pub(super) path: Option<String>,
    pub(super) pin: RevisionPin,
    pub(super) pointer: String,
    pub(super) shown: String,
    pub(super) kind: NodeKind,
}

impl Account {
    /// An artifact of which nothing is said.
    pub(super) fn new() -> Self {
        Self {
            things: vec![Thing::default()],
            links: Vec::new(),
            statements: Vec::new(),
            gaps: Vec::new(),
            by_id: HashMap::new(),
        }
    }

    pub(super) fn gap(&mut self, reason: String) {
        if self.gaps.len() < LISTED && !self.gaps.contains(&reason) {
            self.gaps.push(reason);
        }
    }

    /// A new artifact, or none when there is no room.
    pub(super) fn thing(&mut self) -> Option<Slot> {
        if self.things.len() >= LineageLimits::DEFAULT.nodes {
            self.gap(format!(
                "more than {} artifacts are named",
                LineageLimits::DEFAULT.nodes
            ));
            return None;
        }
        self.things.push(Thing::default());
        Some(self.things.len() - 1)
    }

    /// The artifact that a reference means.
    pub(super) fn named(&mut self, reference: &Reference) -> Option<Slot> {
        if let Some(slot) = self.by_id.get(&reference.id) {
            return Some(*slot);
        }
        let slot = self.thing()?;
        self.call(slot, reference);
        Some(slot)
    }

    /// The artifact that a text means, and which state of it.
    pub(super) fn mentioned(
        &mut self,
        text: &str,
        kind: NodeKind,
        mention: Mention,
    ) -> Option<(Slot, RevisionPin)> {
        let reference = Reference::of(text, kind);
        let slot = self.named(&reference)?;
        if let Some(thing) = self.things.get_mut(slot) {
            thing.identify(text);
            thing.mention(mention);
        }
        Some((slot, reference.pin))
    }

    /// Gives an artifact a further id.
    pub(super) fn call(&mut self, slot: Slot, reference: &Reference) {
        self.by_id.entry(reference.id.clone()).or_insert(slot);
        if let Some(thing) = self.things.get_mut(slot) {
            if thing.ids.len() < LISTED && !thing.ids.contains(&reference.id) {
                thing.ids.push(reference.id.clone());
            }
            thing.be(reference.kind);
            if reference.standing >= Standing::Bare && thing.pin < reference.pin {
                thing.pin = reference.pin.clone();
            }
        }
    }

    pub(super) fn get_mut(&mut self, slot: Slot) -> Option<&mut Thing> {
        self.things.get_mut(slot)
    }

    pub(super) fn link(&mut self, link: Link) {
        if self.links.len() >= LineageLimits::DEFAULT.edges {
            self.gap(format!(
                "more than {} links are named",
                LineageLimits::DEFAULT.edges
            ));
            return;
        }
        self.links.push(link);
    }

    /// Last segments of the names of what the artifact is said to be made from, in the
    /// order of the sources: folders beside it that may be meant.
    pub(super) fn parents_by_name(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for link in self.links.iter().filter(|link| link.child == 0) {
            let ids = self.things.get(link.parent).map(|thing| &thing.ids);
            for name in ids
                .into_iter()
                .flatten()
                .filter_map(|id| super::reference::last_segment(id))
            {
                if names.len() < LISTED && !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }
}

impl Thing {
    /// Says what it is, where nobody has.
    pub(super) fn be(&mut self, kind: NodeKind) {
        if kind != NodeKind::Unknown {
            self.kind.get_or_insert(kind);
        }
    }

    pub(super) fn identify(&mut self, text: &str) {
        add(&mut self.identifiers, text.to_owned());
    }

    pub(super) fn mention(&mut self, mention: Mention) {
        add(&mut self.sources, mention);
    }

    pub(super) fn license(&mut self, text: &str) {
        add(&mut self.licences, text.to_owned());
    }
}

/// Adds what is not there yet, while there is room.
pub(super) fn add<T: PartialEq>(list: &mut Vec<T>, entry: T) {
    if list.len() < LISTED && !list.contains(&entry) {
        list.push(entry);
    }
}

impl Account {
    pub(super) fn by_id(&self, id: &str) -> Option<Slot> {
        self.by_id.get(id).copied()
    }
}
