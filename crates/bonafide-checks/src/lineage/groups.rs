//! Which artifacts of all accounts are one and the same.

use std::collections::HashMap;

use bonafide_core::{Digest, RawName};
use bonafide_hash::digest_bytes;

use super::account::{Slot, Thing};
use super::reference::{Standing, last_segment, standing};
use super::relative::Relative;

/// Things of all accounts, in sets of those that are one artifact. No two relatives that
/// were measured to be different come into one set, whatever anybody calls them.
pub(super) struct Groups<'f> {
    relatives: &'f [Relative],
    /// The first place of each account.
    starts: Vec<usize>,
    leaders: Vec<usize>,
    /// The relative of each set, at its leader.
    owners: Vec<Option<usize>>,
    /// Two relatives with one name that are not the same.
    pub(super) disputes: Vec<String>,
}

impl<'f> Groups<'f> {
    /// Sorts the things of all accounts into sets. Names of relatives that come first
    /// in `order` are theirs.
    pub(super) fn of(relatives: &'f [Relative], order: &[usize]) -> Self {
        let mut starts = Vec::with_capacity(relatives.len());
        let mut count = 0;
        for relative in relatives {
            starts.push(count);
            count += relative.account.things.len();
        }
        let mut groups = Self {
            relatives,
            starts,
            leaders: (0..count).collect(),
            owners: vec![None; count],
            disputes: Vec::new(),
        };
        for relative in 0..relatives.len() {
            let place = groups.place(relative, 0);
            if let Some(owner) = groups.owners.get_mut(place) {
                *owner = Some(relative);
            }
        }
        groups.unite_by_root(order);
        groups.unite_by_id(order);
        groups.unite_by_folder(order);
        groups.unite_by_digest(order);
        groups
    }

    fn place(&self, relative: usize, slot: Slot) -> usize {
        self.starts.get(relative).copied().unwrap_or(0) + slot
    }

    /// The set that a thing is in.
    pub(super) fn of_thing(&self, relative: usize, slot: Slot) -> usize {
        self.leader(self.place(relative, slot))
    }

    /// The relative that a set is.
    pub(super) fn owner(&self, group: usize) -> Option<usize> {
        self.owners.get(group).copied().flatten()
    }

    fn leader(&self, mut place: usize) -> usize {
        while let Some(next) = self.leaders.get(place).copied()
            && next != place
        {
            place = next;
        }
        place
    }

    /// Makes one set of two, unless they are known to be different.
    fn unite(&mut self, one: usize, other: usize) -> bool {
        let (one, other) = (self.leader(one), self.leader(other));
        if one == other {
            return true;
        }
        let owner = match (self.owner(one), self.owner(other)) {
            (Some(left), Some(right)) if !self.are_same(left, right) => return false,
            (left, right) => left.or(right),
        };
        let (first, last) = (one.min(other), one.max(other));
        if let Some(leader) = self.leaders.get_mut(last) {
            *leader = first;
        }
        if let Some(place) = self.owners.get_mut(first) {
            *place = owner;
        }
        true
    }

    /// All bytes are the same.
    fn are_same(&self, left: usize, right: usize) -> bool {
        let roots = |index: usize| self.relatives.get(index).map(|one| &one.measured.roots);
        match (roots(left), roots(right)) {
            (Some(left), Some(right)) => left.iter().any(|root| right.contains(root)),
            _ => false,
        }
    }

    fn unite_by_root(&mut self, order: &[usize]) {
        let mut known: HashMap<Digest, usize> = HashMap::new();
        for &index in order {
            let place = self.place(index, 0);
            let roots = self
                .relatives
                .get(index)
                .map(|one| one.measured.roots.clone());
            for root in roots.into_iter().flatten() {
                let first = *known.entry(root).or_insert(place);
                self.unite(first, place);
            }
        }
    }

    /// Every thing, with its place, in order.
    fn things(&self, order: &[usize]) -> Vec<(usize, usize, &'f Thing)> {
        let mut all = Vec::new();
        for &index in order {
            if let Some(relative) = self.relatives.get(index) {
                let things = relative.account.things.iter().enumerate();
                all.extend(things.map(|(slot, thing)| (index, self.place(index, slot), thing)));
            }
        }
        all
    }

    fn unite_by_id(&mut self, order: &[usize]) {
        let mut known: HashMap<&str, usize> = HashMap::new();
        for (_, place, thing) in self.things(order) {
            for id in &thing.ids {
                let first = *known.entry(id).or_insert(place);
                if !self.unite(first, place) {
                    let name = |place| {
                        let owner = self.owner(self.leader(place))?;
                        Some(&self.relatives.get(owner)?.name)
                    };
                    if let (Some(one), Some(other)) = (name(first), name(place)) {
                        super::account::add(
                            &mut self.disputes,
                            format!(
                                "`{one}` and `{other}` differ, and both are called `{}`",
                                RawName::from(id.as_str())
                            ),
                        );
                    }
                }
            }
        }
    }

    /// A relative that does not say what it is called is what has the name of its folder,
    /// if only one thing has.
    fn unite_by_folder(&mut self, order: &[usize]) {
        let mut named: HashMap<&str, Vec<usize>> = HashMap::new();
        for (_, place, thing) in self.things(order) {
            let leader = self.leader(place);
            if self.owner(leader).is_some() {
                continue;
            }
            for name in thing.ids.iter().filter_map(|id| last_segment(id)) {
                let places = named.entry(name).or_default();
                if !places.contains(&leader) && places.len() < 2 {
                    places.push(leader);
                }
            }
        }
        for &index in order.iter().skip(1) {
            let Some(relative) = self.relatives.get(index) else {
                continue;
            };
            let own = relative.account.things.first().map(|thing| &thing.ids);
            let says_its_name = own
                .into_iter()
                .flatten()
                .any(|id| standing(id) >= Standing::Package);
            let path = relative.name.as_bytes();
            let folder = path
                .rsplit(|byte| *byte == b'/')
                .find(|part| !part.is_empty());
            let folder = folder.and_then(|folder| str::from_utf8(folder).ok());
            if says_its_name || self.is_named_by_others(index) {
                continue;
            }
            if let Some([only]) = folder.and_then(|name| named.get(name)).map(Vec::as_slice) {
                let place = self.place(index, 0);
                self.unite(*only, place);
            }
        }
    }

    fn is_named_by_others(&self, relative: usize) -> bool {
        let group = self.of_thing(relative, 0);
        let others = self.relatives.iter().enumerate();
        others
            .filter(|(index, _)| *index != relative)
            .any(|(index, other)| {
                (0..other.account.things.len()).any(|slot| self.of_thing(index, slot) == group)
            })
    }

    /// What is said to have a digest that is a relative's, and nobody else's, is that
    /// relative; two things with one digest are one.
    fn unite_by_digest(&mut self, order: &[usize]) {
        let mut measured: HashMap<Digest, Option<usize>> = HashMap::new();
        for &index in order {
            let group = self.of_thing(index, 0);
            let identities = self
                .relatives
                .get(index)
                .map(|one| one.measured.identities());
            for digest in identities.into_iter().flatten() {
                let known = measured.entry(digest).or_insert(Some(group));
                if *known != Some(group) {
                    *known = None;
                }
            }
        }
        let mut claimed: HashMap<Digest, usize> = HashMap::new();
        for (index, place, thing) in self.things(order) {
            for digest in &thing.digests {
                let nothing = digest_bytes(digest.algorithm(), b"") == *digest;
                if nothing
                    || !digest.algorithm().is_strong()
                    || self.owner(self.leader(place)).is_some()
                {
                    continue;
                }
                match measured.get(digest) {
                    // An artifact that is said to be its own parent is left to stand.
                    Some(Some(group)) if *group != self.of_thing(index, 0) => {
                        self.unite(*group, place);
                    }
                    Some(_) => {}
                    None => {
                        let first = *claimed.entry(*digest).or_insert(place);
                        if !(self.has_address(first) && self.has_address(place)) {
                            self.unite(first, place);
                        }
                    }
                }
            }
        }
    }

    /// Mirrors have one digest and different addresses.
    fn has_address(&self, place: usize) -> bool {
        let index = self.starts.partition_point(|start| *start <= place);
        let index = index.saturating_sub(1);
        let slot = place.saturating_sub(self.starts.get(index).copied().unwrap_or(0));
        self.relatives
            .get(index)
            .and_then(|relative| relative.account.things.get(slot))
            .is_some_and(|thing| {
                thing
                    .ids
                    .iter()
                    .any(|id| standing(id) == Standing::Repository)
            })
    }
}
