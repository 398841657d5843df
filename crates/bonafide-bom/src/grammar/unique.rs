//! Are two elements of a list equal?
//!
//! JSON equality: the order of members does not count, `1` is `1.0`. The work grows
//! with the size of the document, however its lists are nested.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use crate::json::{MOST_DEPTH, Node, Object};

/// Finds equal elements; remembers what it has already hashed.
#[derive(Default)]
pub(super) struct Twins {
    state: RandomState,
    /// Hashes of lists by their place in memory: a list inside a list is asked about
    /// again when its own turn comes, and again for each list around it.
    lists: HashMap<usize, u64>,
}

impl Twins {
    /// The first pair of equal elements, the earlier one first.
    pub(super) fn find(&mut self, list: &[Node<'_>]) -> Option<(usize, usize)> {
        if list.len() < 2 {
            return None;
        }
        // Nearly always the surface tells elements apart.
        let mut surfaces = HashSet::with_capacity(list.len());
        if list.iter().all(|node| surfaces.insert(self.surface(node))) {
            return None;
        }
        drop(surfaces);
        let mut known: HashMap<u64, usize> = HashMap::with_capacity(list.len());
        for (index, node) in list.iter().enumerate() {
            match known.entry(self.hash(node, 0)) {
                Entry::Vacant(place) => {
                    place.insert(index);
                }
                Entry::Occupied(place) => {
                    let earlier = *place.get();
                    // A keyed hash of 64 bits: two different elements meet by chance alone.
                    if list.get(earlier).is_some_and(|other| equal(other, node, 0)) {
                        return Some((earlier, index));
                    }
                }
            }
        }
        None
    }

    /// A hash of what is on the surface: text and numbers, and how large the rest is.
    fn surface(&self, node: &Node<'_>) -> u64 {
        match node {
            Node::Object(object) => {
                let members = object.iter().map(|(name, inner)| {
                    let size = match inner {
                        Node::List(list) => list.len(),
                        Node::Object(object) => object.len(),
                        scalar => return self.state.hash_one((name, self.scalar(scalar))),
                    };
                    self.state.hash_one((name, size))
                });
                members.fold(object.len() as u64, u64::wrapping_add)
            }
            Node::List(list) => list.len() as u64,
            scalar => self.scalar(scalar),
        }
    }

    fn scalar(&self, node: &Node<'_>) -> u64 {
        let mut hasher = self.state.build_hasher();
        std::mem::discriminant(node).hash(&mut hasher);
        match node {
            Node::Bool(value) => value.hash(&mut hasher),
            // `-0.0` equals `0`, and adding zero makes them one.
            Node::Number(number) => (number.value() + 0.0).to_bits().hash(&mut hasher),
            Node::Text(text) => text.hash(&mut hasher),
            Node::Null | Node::List(_) | Node::Object(_) => {}
        }
        hasher.finish()
    }

    /// A hash of all of it, down to the depth that a document may have.
    fn hash(&mut self, node: &Node<'_>, depth: usize) -> u64 {
        match node {
            _ if depth > MOST_DEPTH => 0,
            Node::Object(object) => {
                let mut sum = object.len() as u64;
                for (name, inner) in object.iter() {
                    let inner = self.hash(inner, depth + 1);
                    sum = sum.wrapping_add(self.state.hash_one((name, inner)));
                }
                self.state.hash_one(('o', sum))
            }
            Node::List(list) if list.is_empty() => self.state.hash_one('l'),
            Node::List(list) => {
                let place = list.as_ptr().addr();
                if let Some(known) = self.lists.get(&place) {
                    return *known;
                }
                let mut hasher = self.state.build_hasher();
                'l'.hash(&mut hasher);
                for inner in list {
                    self.hash(inner, depth + 1).hash(&mut hasher);
                }
                let hash = hasher.finish();
                if list.len() > 1 {
                    self.lists.insert(place, hash);
                }
                hash
            }
            scalar => self.scalar(scalar),
        }
    }
}

/// JSON equality. What is deeper than a document may be equals nothing.
fn equal(one: &Node<'_>, other: &Node<'_>, depth: usize) -> bool {
    match (one, other) {
        _ if depth > MOST_DEPTH => false,
        (Node::List(one), Node::List(other)) => {
            let mut pairs = one.iter().zip(other);
            one.len() == other.len() && pairs.all(|(one, other)| equal(one, other, depth + 1))
        }
        (Node::Object(one), Node::Object(other)) if one.len() == other.len() => {
            let (one, other) = (sorted(one), sorted(other));
            let mut pairs = one.iter().zip(&other);
            pairs.all(|((name, one), (other_name, other))| {
                name == other_name && equal(one, other, depth + 1)
            })
        }
        (Node::Object(_), Node::Object(_)) => false,
        _ => one == other,
    }
}

fn sorted<'n>(object: &'n Object<'_>) -> Vec<(&'n str, &'n Node<'n>)> {
    let mut members: Vec<_> = object.iter().collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::admit;

    fn twins(text: &str) -> Option<(usize, usize)> {
        let node = admit(text.as_bytes(), 1 << 26).unwrap();
        Twins::default().find(node.list().unwrap())
    }

    #[test]
    fn equality_is_that_of_json() {
        for (text, expected) in [
            ("[]", None),
            ("[1,2,1.0]", Some((0, 2))),
            ("[0,-0.0]", Some((0, 1))),
            ("[1,true,\"1\",null,[],{}]", None),
            ("[[],{},[],{}]", Some((0, 2))),
            ("[[1,2],[2,1]]", None),
            (r#"[{"a":1,"b":[2]},{"b":[2.0],"a":1}]"#, Some((0, 1))),
            (r#"[{"a":{"x":1}},{"a":{"x":2}}]"#, None),
            (r#"[{"a":[1]},{"a":[2]},{"a":[1]}]"#, Some((0, 2))),
            (r#"[{"a":"b"},{"b":"a"}]"#, None),
            (r#"[{"a":""},{"a":null}]"#, None),
        ] {
            assert_eq!(twins(text), expected, "{text}");
        }
    }

    /// Lists inside each other, whose elements are told apart at the very bottom only.
    #[test]
    fn nesting_does_not_multiply_the_work() {
        let leaf = (0..20_000).map(|n| format!(r#"{{"x":{{"n":{n}}}}}"#));
        let mut text = format!("[{}]", leaf.collect::<Vec<_>>().join(","));
        for _ in 0..50 {
            text = format!(r#"[{{"components":{text}}},{{"components":[1,2]}}]"#);
        }
        let node = admit(text.as_bytes(), 1 << 26).unwrap();
        let mut twins = Twins::default();
        let mut list = node.list().unwrap();
        let mut asked = 0;
        loop {
            assert_eq!(twins.find(list), None);
            asked += 1;
            match list.first().and_then(|first| first.get("components")) {
                Some(inner) => list = inner.list().unwrap(),
                None => break,
            }
        }
        assert_eq!(asked, 51);
        // Each level once, and the elements of the innermost one hold no lists.
        assert!(twins.lists.len() <= 102, "{}", twins.lists.len());
    }
}
