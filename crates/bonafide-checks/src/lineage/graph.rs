//! The graph of one relative, put together from the accounts of all.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use bonafide_core::{
    Claimed, Digest, EdgeEvidence, Lineage, LineageLimits, LineageNode, MaterialProof,
    Measured as MeasuredBytes, Mention, NodeIndex, NodeKind, Relation, RelationClass, RevisionPin,
    SignedMaterial, Testimony,
};

use super::account::{Force, LISTED, Material, Provenance, Thing, add};
use super::bill::made_from;
use super::contradiction::Pair;
use super::groups::Groups;
use super::reference::{Standing, standing};
use super::relative::{Given, Relative};
use super::{LineageFacts, Member};

/// All relatives, and what of their accounts is one artifact.
pub(super) struct Family<'f> {
    pub(super) relatives: &'f [Relative],
    pub(super) groups: Groups<'f>,
    /// Relatives whose accounts count: the subject's, and those of what it comes from.
    accounts: Vec<usize>,
    /// Verified statements of those accounts, by the artifact that they are about.
    heard: HashMap<usize, Vec<Heard<'f>>>,
}

/// A verified statement, and what of the family it names.
pub(super) struct Heard<'f> {
    pub(super) statement: &'f Provenance,
    /// Materials by what they are.
    pub(super) named: HashMap<usize, Vec<&'f Material>>,
    /// What it names by its bytes.
    pub(super) by_bytes: HashSet<usize>,
    /// Whether it names a model or data.
    pub(super) tells: bool,
    /// Whether it names anything of which it cannot be told what it is.
    pub(super) is_unclear: bool,
}

/// What a verified statement shows of a pair of artifacts.
struct Input<'f> {
    child: usize,
    parent: usize,
    statement: &'f Provenance,
    pointer: Option<String>,
    says: String,
    pin: RevisionPin,
    /// The digest of the parent that was measured, and is a material.
    material: Option<Digest>,
}

pub(super) fn build(relatives: &[Relative], subject: usize) -> LineageFacts {
    let Some(_) = relatives.get(subject) else {
        return LineageFacts::alone();
    };
    let mut order: Vec<usize> = vec![subject];
    order.extend((0..relatives.len()).filter(|index| *index != subject));
    let mut family = Family {
        relatives,
        groups: Groups::of(relatives, &order),
        accounts: Vec::new(),
        heard: HashMap::new(),
    };
    family.find_accounts(subject);
    let (inputs, notes) = family.inputs();
    let pairs = family.pairs(&inputs);
    let mut of_pairs: HashMap<(usize, usize), Vec<Input<'_>>> = HashMap::new();
    for input in inputs {
        let ends = (input.child, input.parent);
        of_pairs.entry(ends).or_default().push(input);
    }
    let mut drawing = Drawing::new(&family, subject, LineageLimits::DEFAULT);
    for pair in pairs.values() {
        let inputs = of_pairs.get(&(pair.child, pair.parent));
        drawing.pair(pair, inputs.map_or(&[], Vec::as_slice));
    }
    drawing.unlinked(subject);
    let mut gaps = family.groups.disputes.clone();
    for index in &family.accounts {
        if let Some(relative) = relatives.get(*index) {
            for gap in &relative.account.gaps {
                add(&mut gaps, gap.clone());
            }
        }
    }
    let is_target = relatives
        .get(subject)
        .is_some_and(|relative| relative.given == Given::Target);
    let others = order.iter().skip(1);
    let members: Vec<Member> = others
        .filter_map(|index| Some((*index, relatives.get(*index)?)))
        .map(|(index, relative)| Member {
            node: drawing
                .nodes
                .get(&family.groups.of_thing(index, 0))
                .copied()
                .flatten(),
            name: relative.name.clone(),
            given: relative.given,
            verdict: relative.verdict,
            failure: relative.failure.clone(),
            language: relative.language.clone(),
        })
        .collect();
    // Also of those that nothing leads to: it may be what cannot be read that does.
    for relative in relatives
        .iter()
        .filter(|relative| is_target && relative.failure.is_some())
    {
        for gap in &relative.account.gaps {
            add(&mut gaps, gap.clone());
        }
    }
    LineageFacts {
        graph: drawing.lineage,
        gaps,
        notes,
        members,
    }
}

impl<'f> Family<'f> {
    pub(super) fn thing(&self, relative: usize, slot: usize) -> Option<&'f Thing> {
        self.relatives.get(relative)?.account.things.get(slot)
    }

    /// The relative that a set is, if it was measured.
    pub(super) fn relative_of(&self, group: usize) -> Option<(usize, &'f Relative)> {
        let owner = self.groups.owner(group)?;
        let relative = self.relatives.get(owner)?;
        (!relative.measured.is_empty()).then_some((owner, relative))
    }

    /// Verified statements about an artifact.
    pub(super) fn heard(&self, group: usize) -> &[Heard<'f>] {
        self.heard.get(&group).map_or(&[], Vec::as_slice)
    }

    /// Follows links upwards from the subject: what its ancestors say counts, what its
    /// descendants say of it does not.
    fn find_accounts(&mut self, subject: usize) {
        let mut queue = VecDeque::from([self.groups.of_thing(subject, 0)]);
        let mut seen: HashSet<usize> = queue.iter().copied().collect();
        let mut parents: HashMap<usize, BTreeSet<usize>> = HashMap::new();
        let mut accounts: Vec<usize> = Vec::new();
        while let Some(group) = queue.pop_front() {
            let mut reached: BTreeSet<usize> = parents.get(&group).cloned().unwrap_or_default();
            for (index, relative) in self.relatives.iter().enumerate() {
                if accounts.contains(&index) || self.groups.of_thing(index, 0) != group {
                    continue;
                }
                accounts.push(index);
                for (child, parent) in self.ends(index, relative) {
                    parents.entry(child).or_default().insert(parent);
                    if seen.contains(&child) {
                        reached.insert(parent);
                    }
                }
            }
            for parent in reached {
                if seen.insert(parent) {
                    queue.push_back(parent);
                }
            }
        }
        self.accounts = accounts;
    }

    /// The ends of everything that one account links.
    fn ends(&self, index: usize, relative: &'f Relative) -> Vec<(usize, usize)> {
        let group = |slot| self.groups.of_thing(index, slot);
        let links = relative.account.links.iter();
        let mut ends: Vec<(usize, usize)> = links
            .map(|link| (group(link.child), group(link.parent)))
            .collect();
        for statement in &relative.account.statements {
            let slots = statement
                .materials
                .iter()
                .filter_map(|material| material.slot);
            ends.extend(slots.map(|slot| (group(0), group(slot))));
            let digests = digests(&statement.materials);
            for (other, parent) in self.relatives.iter().enumerate() {
                if parent.measured.identified_by(&digests).is_some() {
                    ends.push((group(0), self.groups.of_thing(other, 0)));
                }
            }
        }
        ends.sort_unstable();
        ends.dedup();
        ends
    }

    /// What verified statements show, and what of them was left out.
    fn inputs(&mut self) -> (Vec<Input<'f>>, Vec<String>) {
        let mut inputs = Vec::new();
        let mut notes = Vec::new();
        let mut all: HashMap<usize, Vec<Heard<'f>>> = HashMap::new();
        for &index in &self.accounts {
            let Some(relative) = self.relatives.get(index) else {
                continue;
            };
            for statement in &relative.account.statements {
                let heard = self.hear(index, statement, &mut inputs, &mut notes);
                let about = self.groups.of_thing(index, 0);
                all.entry(about).or_default().push(heard);
            }
        }
        self.heard = all;
        (inputs, notes)
    }

    fn hear(
        &self,
        index: usize,
        statement: &'f Provenance,
        inputs: &mut Vec<Input<'f>>,
        notes: &mut Vec<String>,
    ) -> Heard<'f> {
        let child = self.groups.of_thing(index, 0);
        let all = digests(&statement.materials);
        let mut by_bytes: HashSet<usize> = HashSet::new();
        for (other, parent) in self.relatives.iter().enumerate() {
            let group = self.groups.of_thing(other, 0);
            // The same bytes on both sides: an artifact that is an input of itself.
            if group == child || by_bytes.contains(&group) {
                continue;
            }
            let Some(material) = parent.measured.identified_by(&all) else {
                continue;
            };
            by_bytes.insert(group);
            let named = statement
                .materials
                .iter()
                .find(|named| named.digests.contains(&material));
            inputs.push(Input {
                child,
                parent: group,
                statement,
                pointer: named.map(|named| named.pointer.clone()),
                says: match statement.subject {
                    Some(_) => format!("says that it went in, with the digest that `{}` has", parent.name),
                    None => format!(
                        "says that it went in, with the digest that `{}` has; but is about less than half of the artifact's bytes",
                        parent.name
                    ),
                },
                pin: RevisionPin::Digest(material),
                material: Some(material),
            });
        }
        let mut left_out = 0_usize;
        let mut programs = 0_usize;
        let mut named: HashMap<usize, Vec<&'f Material>> = HashMap::new();
        let mut tells = !by_bytes.is_empty();
        for material in &statement.materials {
            let Some(slot) = material.slot else {
                if material.kind == NodeKind::Software {
                    programs += 1;
                } else if !self.relatives.iter().any(|relative| {
                    material
                        .digests
                        .iter()
                        .any(|digest| relative.measured.has(digest))
                }) {
                    left_out += 1;
                }
                continue;
            };
            let group = self.groups.of_thing(index, slot);
            named.entry(group).or_default().push(material);
            tells |= matches!(
                material.kind,
                NodeKind::Model | NodeKind::Adapter | NodeKind::Dataset
            );
            if group == child || by_bytes.contains(&group) {
                continue;
            }
            let strong = material
                .digests
                .iter()
                .find(|digest| digest.algorithm().is_strong());
            inputs.push(Input {
                child,
                parent: group,
                statement,
                pointer: Some(material.pointer.clone()),
                says: format!("says that `{}` went in", material.shown),
                pin: strong
                    .map(|digest| RevisionPin::Digest(*digest))
                    .unwrap_or_default()
                    .max(material.pin.clone()),
                material: None,
            });
        }
        for (count, what) in [
            (left_out, "of which it does not say what they are"),
            (programs, "that are programs"),
        ] {
            if count > 0 {
                let source = &statement.source;
                add(
                    notes,
                    format!("`{source}` names {count} inputs {what}; they are not drawn"),
                );
            }
        }
        Heard {
            statement,
            named,
            by_bytes,
            tells,
            is_unclear: left_out > 0,
        }
    }

    /// Everything that is said, by pairs of artifacts.
    fn pairs(&self, inputs: &[Input<'f>]) -> BTreeMap<(usize, usize), Pair<'f>> {
        let mut pairs: BTreeMap<(usize, usize), Pair<'f>> = BTreeMap::new();
        let empty = |child, parent| Pair {
            child,
            parent,
            links: Vec::new(),
        };
        for &index in &self.accounts {
            let Some(relative) = self.relatives.get(index) else {
                continue;
            };
            for link in &relative.account.links {
                let child = self.groups.of_thing(index, link.child);
                let parent = self.groups.of_thing(index, link.parent);
                // That it is used along with itself says nothing.
                if child == parent && (!link.relation.is_ancestry() || link.force == Force::Hint) {
                    continue;
                }
                pairs
                    .entry((child, parent))
                    .or_insert_with(|| empty(child, parent))
                    .links
                    .push((index, link));
            }
        }
        for input in inputs {
            pairs
                .entry((input.child, input.parent))
                .or_insert_with(|| empty(input.child, input.parent));
        }
        pairs
    }

    fn kind(&self, group: usize) -> NodeKind {
        let mut kind = None;
        if let Some(owner) = self.groups.owner(group) {
            kind = self.thing(owner, 0).and_then(|thing| thing.kind);
        }
        kind.unwrap_or(NodeKind::Unknown)
    }
}

fn digests(materials: &[Material]) -> HashSet<Digest> {
    let all = materials.iter().flat_map(|material| &material.digests);
    all.copied().collect()
}

/// The graph while it is drawn.
struct Drawing<'d, 'f> {
    family: &'d Family<'f>,
    lineage: Lineage,
    nodes: HashMap<usize, Option<NodeIndex>>,
    /// Things of the accounts that count, by set.
    members: HashMap<usize, Vec<&'f Thing>>,
}

impl<'d, 'f> Drawing<'d, 'f> {
    fn new(family: &'d Family<'f>, subject: usize, limits: LineageLimits) -> Self {
        let mut members: HashMap<usize, Vec<&'f Thing>> = HashMap::new();
        let mut accounts = family.accounts.clone();
        // What a relative is said to be by itself counts also where it is linked to nothing.
        accounts
            .extend((0..family.relatives.len()).filter(|index| !family.accounts.contains(index)));
        for (place, index) in accounts.into_iter().enumerate() {
            let things = family.relatives.get(index).map(|one| &one.account.things);
            let own = usize::from(place >= family.accounts.len());
            for (slot, thing) in things.into_iter().flatten().enumerate() {
                if own == 1 && slot > 0 {
                    break;
                }
                let group = family.groups.of_thing(index, slot);
                members.entry(group).or_default().push(thing);
            }
        }
        let group = family.groups.of_thing(subject, 0);
        let mut drawing = Self {
            family,
            lineage: Lineage::new(LineageNode::new("artifact", NodeKind::Unknown), limits),
            nodes: HashMap::new(),
            members,
        };
        let id = drawing
            .best_id(group)
            .filter(|id| standing(id) > Standing::Text)
            .unwrap_or_else(|| "artifact".to_owned());
        let node = drawing.described(LineageNode::new(&*id, NodeKind::Unknown), group);
        drawing.lineage = Lineage::new(node, limits);
        let index = drawing.lineage.subject();
        drawing.nodes.insert(group, Some(index));
        drawing.alias(index, group);
        if id != "artifact" {
            // Taken only by an artifact that is called so, which is none of ours.
            let _ = drawing.lineage.add_id(index, "artifact");
        }
        drawing
    }

    fn ids(&self, group: usize) -> Vec<&'f str> {
        let things = self.members.get(&group).into_iter().flatten();
        let mut ids: Vec<&'f str> = Vec::new();
        for id in things.flat_map(|thing| thing.ids.iter().chain(&thing.aliases)) {
            if ids.len() < LISTED && !ids.contains(&id.as_str()) {
                ids.push(id);
            }
        }
        // The sort is stable: of equals, the first that was read.
        ids.sort_by_key(|id| std::cmp::Reverse(standing(id)));
        ids
    }

    fn best_id(&self, group: usize) -> Option<String> {
        self.ids(group).first().map(|id| (*id).to_owned())
    }

    fn alias(&mut self, index: NodeIndex, group: usize) {
        for id in self.ids(group) {
            // An id that two have leads to the first of them.
            let _ = self.lineage.add_id(index, id);
        }
    }

    fn node(&mut self, group: usize) -> Option<NodeIndex> {
        if let Some(known) = self.nodes.get(&group) {
            return *known;
        }
        let owner = self.family.groups.owner(group);
        let relative = owner.and_then(|owner| self.family.relatives.get(owner));
        let mut id = match (self.best_id(group), relative) {
            (Some(id), _) => id,
            (None, Some(relative)) => format!("name:{}", relative.name),
            (None, None) => {
                let things = self.members.get(&group).into_iter().flatten();
                let digest = things.flat_map(|thing| &thing.digests).next();
                digest.map_or_else(
                    || format!("unnamed:{group}"),
                    |digest| format!("digest:{digest}"),
                )
            }
        };
        if self.lineage.node_by_id(&id).is_some() {
            id = match relative {
                Some(relative) => format!("{id} ({})", relative.name),
                None => format!("{id} ({group})"),
            };
        }
        let node = self.described(LineageNode::new(id, NodeKind::Unknown), group);
        let index = self.lineage.add_node(node).ok();
        self.nodes.insert(group, index);
        if let Some(index) = index {
            self.alias(index, group);
        }
        index
    }

    /// What is known of a set.
    fn described(&self, mut node: LineageNode, group: usize) -> LineageNode {
        let owner = self.family.groups.owner(group);
        let relative = owner.and_then(|owner| self.family.relatives.get(owner));
        node.kind = self.family.kind(group);
        for thing in self.members.get(&group).into_iter().flatten() {
            if node.kind == NodeKind::Unknown {
                node.kind = thing.kind.unwrap_or(NodeKind::Unknown);
            }
            node.name = node.name.take().or_else(|| thing.name.clone());
            node.version = node.version.take().or_else(|| thing.version.clone());
            node.pin = std::mem::take(&mut node.pin).max(thing.pin.clone());
            for text in &thing.identifiers {
                add(&mut node.identifiers, text.clone());
            }
            for text in &thing.licences {
                add(&mut node.licences, text.clone());
            }
            for time in &thing.times {
                add(&mut node.times, time.clone());
            }
            for mention in &thing.sources {
                add(&mut node.sources, mention.clone());
            }
            for digest in &thing.digests {
                node.add_claimed(&Claimed::by_document(*digest));
            }
        }
        for id in self.ids(group) {
            if id != node.id() {
                add(&mut node.identifiers, id.to_owned());
            }
        }
        if let Some(relative) = relative {
            node.verdict = relative.verdict;
            add(
                &mut node.sources,
                Mention {
                    source: relative.name.clone(),
                    pointer: None,
                },
            );
            if node.name.is_none() {
                let path = relative.name.to_string();
                let folder = path
                    .rsplit('/')
                    .find(|part| !part.is_empty() && *part != ".");
                node.name = folder.map(str::to_owned);
            }
            for digest in relative.measured.identities() {
                node.add_measured(&MeasuredBytes::from_bytes(digest));
            }
            for (root, signers) in &relative.measured.signed {
                for signer in signers {
                    node.add_signed(*root, signer);
                }
            }
        }
        node
    }

    /// Draws what is said of a pair.
    fn pair(&mut self, pair: &Pair<'f>, inputs: &[Input<'f>]) {
        let (Some(child), Some(parent)) = (self.node(pair.child), self.node(pair.parent)) else {
            // Links to what found no room are counted with it.
            return;
        };
        let relations = self.relations(pair);
        let mut drawn = BTreeSet::new();
        for (_, link) in &pair.links {
            let relation = relations.of(link.relation);
            drawn.insert(relation);
            let testimony = match link.force {
                Force::Claim => Testimony::Claim {
                    signer: link.signer.clone(),
                },
                Force::Hint => Testimony::Hint,
            };
            let evidence = EdgeEvidence {
                source: link.source.clone(),
                pointer: link.pointer.clone(),
                says: link.says.clone(),
                pin: link.pin.clone(),
                testimony,
            };
            let _ = self.lineage.add_edge(child, parent, relation, evidence);
        }
        for input in inputs.iter().take(LISTED) {
            for relation in &relations.inputs {
                drawn.insert(*relation);
                self.input(child, parent, *relation, input);
            }
        }
        for contradiction in self.family.contradictions(pair) {
            for relation in &drawn {
                let evidence = EdgeEvidence {
                    source: contradiction.source.clone(),
                    pointer: contradiction.pointer.clone(),
                    says: contradiction.says.clone(),
                    pin: RevisionPin::None,
                    testimony: Testimony::Contradiction,
                };
                let _ = self.lineage.add_edge(child, parent, *relation, evidence);
            }
        }
    }

    fn input(
        &mut self,
        child: NodeIndex,
        parent: NodeIndex,
        relation: Relation,
        input: &Input<'f>,
    ) {
        let statement = input.statement;
        let proof = input
            .material
            .zip(statement.subject)
            .and_then(|(material, subject)| {
                // Both were looked up among the digests that were computed from the bytes.
                for (index, digest) in [(child, subject), (parent, material)] {
                    let mut more = LineageNode::new("measured", NodeKind::Unknown);
                    more.add_measured(&MeasuredBytes::from_bytes(digest));
                    self.lineage.extend_node(index, more).ok()?;
                }
                let signed = SignedMaterial {
                    subject,
                    material,
                    signer: statement.signer.clone(),
                    statement: statement.statement.clone(),
                };
                MaterialProof::new(signed, &MeasuredBytes::from_bytes(material)).ok()
            });
        let testimony = match proof {
            Some(proof) => Testimony::Proof(proof),
            None => Testimony::Claim {
                signer: Some(statement.signer.clone()),
            },
        };
        let evidence = EdgeEvidence {
            source: statement.source.clone(),
            pointer: input.pointer.clone(),
            says: input.says.clone(),
            pin: input.pin.clone(),
            testimony,
        };
        let _ = self.lineage.add_edge(child, parent, relation, evidence);
    }

    /// How a pair hangs together: what nobody makes more exact goes with what somebody does.
    fn relations(&self, pair: &Pair<'f>) -> Relations {
        let said: BTreeSet<Relation> = pair.links.iter().map(|(_, link)| link.relation).collect();
        let exact = said
            .iter()
            .copied()
            .find(|relation| relation.is_ancestry() && *relation != Relation::DerivedFrom);
        let ancestry: Vec<Relation> = said
            .iter()
            .copied()
            .filter(|relation| relation.is_ancestry())
            .collect();
        let best = exact.or(ancestry.first().copied());
        let judged = said
            .iter()
            .copied()
            .find(|relation| relation.class() == RelationClass::Evaluation);
        let default = made_from(self.kind_of(pair.child), self.kind_of(pair.parent));
        let inputs = match (ancestry.is_empty(), judged) {
            (false, _) => {
                let mut inputs = ancestry;
                if exact.is_some() {
                    inputs.retain(|relation| *relation != Relation::DerivedFrom);
                }
                inputs
            }
            (true, Some(judged)) => vec![judged],
            (true, None) => vec![default],
        };
        Relations {
            exact,
            best,
            inputs,
        }
    }

    fn kind_of(&self, group: usize) -> NodeKind {
        let node = self.nodes.get(&group).copied().flatten();
        node.and_then(|index| self.lineage.node(index))
            .map_or(NodeKind::Unknown, |node| node.kind)
    }

    /// What was given and is linked to nothing is drawn beside the graph.
    fn unlinked(&mut self, subject: usize) {
        let is_target = |relative: &Relative| relative.given == Given::Target;
        if !self.family.relatives.get(subject).is_some_and(is_target) {
            return;
        }
        for index in 0..self.family.relatives.len() {
            let group = self.family.groups.of_thing(index, 0);
            self.node(group);
        }
    }
}

/// Relations of a pair, as they are drawn.
struct Relations {
    exact: Option<Relation>,
    best: Option<Relation>,
    /// What a signed statement that it went in speaks of.
    inputs: Vec<Relation>,
}

impl Relations {
    fn of(&self, said: Relation) -> Relation {
        match said {
            Relation::DerivedFrom => self.exact.unwrap_or(said),
            Relation::DependsOn | Relation::Unknown => self.best.unwrap_or(said),
            _ => said,
        }
    }
}
