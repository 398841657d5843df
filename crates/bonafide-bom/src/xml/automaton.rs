//! Content models as automata.
//!
//! XML Schema part 1 §3.8.6 wants content models that say for each element, without a
//! look ahead, which particle it belongs to. The automaton of such a model has one state
//! per particle (Glushkov), and reads any number of elements in one pass.

use super::structure::{Element, Occurs, Particle, Term};
use crate::grammar::SpecVersion;

/// The content model of one structure in one version.
#[derive(Debug, Default)]
pub(super) struct Automaton {
    places: Vec<Place>,
    /// Places where the content may begin.
    first: Vec<usize>,
    /// True if there may be nothing.
    empty: bool,
}

/// A particle that an element can belong to.
#[derive(Debug)]
struct Place {
    term: PlaceTerm,
    /// Places where the next element may belong.
    next: Vec<usize>,
    /// True if nothing needs to follow.
    last: bool,
}

#[derive(Debug, Clone, Copy)]
enum PlaceTerm {
    Element(&'static Element),
    Foreign,
}

/// How far the content was read: the place of the last element, or none at the start.
pub(super) type State = Option<usize>;

/// The places at the ends of a part of the model.
struct Part {
    first: Vec<usize>,
    last: Vec<usize>,
    empty: bool,
}

impl Automaton {
    pub(super) fn of(particles: &'static [Particle], version: SpecVersion) -> Self {
        let mut automaton = Self::default();
        let whole = automaton.sequence(particles, version);
        for place in whole.last {
            if let Some(place) = automaton.places.get_mut(place) {
                place.last = true;
            }
        }
        automaton.first = whole.first;
        automaton.empty = whole.empty;
        automaton
    }

    fn particle(&mut self, particle: &'static Particle, version: SpecVersion) -> Part {
        let mut part = match &particle.term {
            Term::Element(element) => self.place(PlaceTerm::Element(element)),
            Term::Foreign => self.place(PlaceTerm::Foreign),
            Term::Sequence(particles) => self.sequence(particles, version),
            Term::Choice(particles) => self.choice(particles, version),
        };
        if matches!(particle.occurs, Occurs::Many | Occurs::Some) {
            self.follow(&part.last, &part.first);
        }
        if matches!(particle.occurs, Occurs::Many | Occurs::Optional) {
            part.empty = true;
        }
        part
    }

    fn place(&mut self, term: PlaceTerm) -> Part {
        let place = self.places.len();
        self.places.push(Place {
            term,
            next: Vec::new(),
            last: false,
        });
        Part {
            first: vec![place],
            last: vec![place],
            empty: false,
        }
    }

    fn sequence(&mut self, particles: &'static [Particle], version: SpecVersion) -> Part {
        let mut whole = Part {
            first: Vec::new(),
            last: Vec::new(),
            empty: true,
        };
        for particle in particles.iter().filter(|one| one.is_known(version)) {
            let part = self.particle(particle, version);
            self.follow(&whole.last, &part.first);
            if whole.empty {
                whole.first.extend(&part.first);
            }
            if !part.empty {
                whole.last.clear();
            }
            whole.last.extend(&part.last);
            whole.empty &= part.empty;
        }
        whole
    }

    fn choice(&mut self, particles: &'static [Particle], version: SpecVersion) -> Part {
        let mut whole = Part {
            first: Vec::new(),
            last: Vec::new(),
            empty: false,
        };
        for particle in particles.iter().filter(|one| one.is_known(version)) {
            let part = self.particle(particle, version);
            whole.first.extend(&part.first);
            whole.last.extend(&part.last);
            whole.empty |= part.empty;
        }
        whole
    }

    fn follow(&mut self, from: &[usize], to: &[usize]) {
        for place in from {
            if let Some(place) = self.places.get_mut(*place) {
                for next in to {
                    if !place.next.contains(next) {
                        place.next.push(*next);
                    }
                }
            }
        }
    }

    /// Where to go on from a state.
    fn next(&self, state: State) -> &[usize] {
        match state {
            None => &self.first,
            Some(place) => self.places.get(place).map_or(&[], |place| &place.next),
        }
    }

    fn term(&self, place: usize) -> Option<PlaceTerm> {
        self.places.get(place).map(|place| place.term)
    }

    /// True if no element at all may stand here.
    pub(super) const fn is_bare(&self) -> bool {
        self.places.is_empty()
    }

    /// The place of an element of the format that may come now.
    pub(super) fn element(&self, state: State, name: &str) -> Option<(usize, &'static Element)> {
        self.next(state)
            .iter()
            .find_map(|place| Some((*place, self.named(*place, name)?)))
    }

    /// The place of an element of the format wherever in the model it is.
    pub(super) fn misplaced(&self, name: &str) -> Option<(usize, &'static Element)> {
        (0..self.places.len()).find_map(|place| Some((place, self.named(place, name)?)))
    }

    fn named(&self, place: usize, name: &str) -> Option<&'static Element> {
        match self.term(place)? {
            PlaceTerm::Element(element) if element.name == name => Some(element),
            _ => None,
        }
    }

    /// The place of an element of another namespace that may come now.
    pub(super) fn foreign(&self, state: State) -> Option<usize> {
        self.next(state)
            .iter()
            .copied()
            .find(|place| matches!(self.term(*place), Some(PlaceTerm::Foreign)))
    }

    /// True if the content may end here.
    pub(super) fn may_end(&self, state: State) -> bool {
        match state {
            None => self.empty,
            Some(place) => self.places.get(place).is_some_and(|place| place.last),
        }
    }

    /// Names of the elements that may come now.
    pub(super) fn names(&self, state: State) -> Vec<&'static str> {
        self.next(state)
            .iter()
            .filter_map(|place| match self.term(*place)? {
                PlaceTerm::Element(element) => Some(element.name),
                PlaceTerm::Foreign => None,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::xml::simple::STRING;
    use crate::xml::structure::{Content, FOREIGN, Kind, Structure, choice, sequence, text};
    use crate::xml::tables::BOM;

    static MODEL: [Particle; 3] = [
        text("a", &STRING),
        choice(&[
            text("b", &STRING),
            sequence(&[text("c", &STRING), text("d", &STRING).many()]),
        ])
        .optional()
        .since(SpecVersion::V1_4),
        FOREIGN,
    ];

    fn reads(names: &[&str], version: SpecVersion) -> bool {
        let automaton = Automaton::of(&MODEL, version);
        let mut state = None;
        for name in names {
            let place = match *name {
                "*" => automaton.foreign(state),
                name => automaton.element(state, name).map(|(place, _)| place),
            };
            match place {
                Some(place) => state = Some(place),
                None => return false,
            }
        }
        automaton.may_end(state)
    }

    #[test]
    fn reads_what_the_model_says() {
        use SpecVersion::{V1_3, V1_4};
        for good in [&["a"] as &[&str], &["a", "b"], &["a", "c", "d", "d", "*"]] {
            assert!(reads(good, V1_4), "{good:?}");
        }
        for bad in [
            &[] as &[&str],
            &["b"],
            &["a", "d"],
            &["a", "b", "c"],
            &["a", "*", "b"],
        ] {
            assert!(!reads(bad, V1_4), "{bad:?}");
        }
        assert!(reads(&["a", "*"], V1_3));
        assert!(!reads(&["a", "b"], V1_3));
    }

    /// Every structure that can be reached, once.
    fn structures() -> Vec<&'static Structure> {
        fn walk(particles: &'static [Particle], found: &mut Vec<&'static Structure>) {
            for particle in particles {
                match &particle.term {
                    Term::Element(element) => {
                        if let Kind::Structure(structure) = element.kind {
                            found.push(structure);
                        }
                    }
                    Term::Foreign => {}
                    Term::Sequence(inner) | Term::Choice(inner) => walk(inner, found),
                }
            }
        }
        let mut seen = HashSet::new();
        let mut all: Vec<&'static Structure> = Vec::new();
        let mut open: Vec<&'static Structure> = vec![&BOM];
        while let Some(structure) = open.pop() {
            if !seen.insert(std::ptr::from_ref(structure)) {
                continue;
            }
            all.push(structure);
            if let Content::Elements(particles) | Content::Mixed(particles) = structure.content {
                walk(particles, &mut open);
            }
        }
        all
    }

    #[test]
    fn no_model_needs_to_look_ahead() {
        let all = structures();
        assert!(all.len() > 150, "{}", all.len());
        for structure in all {
            let (Content::Elements(particles) | Content::Mixed(particles)) = structure.content
            else {
                continue;
            };
            for version in SpecVersion::ALL {
                let automaton = Automaton::of(particles, version);
                let states = std::iter::once(None).chain((0..automaton.places.len()).map(Some));
                for state in states {
                    let mut names = automaton.names(state);
                    names.sort_unstable();
                    let before = names.len();
                    names.dedup();
                    assert_eq!(before, names.len(), "{version}: {names:?}");
                }
            }
        }
    }
}
