//! Which component of the one document is which of the other.

use std::collections::{BTreeMap, HashMap};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::json::Pointer;
use crate::view::{Bom, Component, Hash};

/// A component of a document.
pub(super) struct Entry<'b, 'a> {
    pub(super) pointer: Pointer,
    pub(super) component: &'b Component<'a>,
    /// The component around it.
    pub(super) parent: Option<usize>,
}

/// The components that a document is about, and how it refers to them.
pub(super) struct Index<'b, 'a> {
    entries: Vec<Entry<'b, 'a>>,
    references: HashMap<&'b str, usize>,
    subject: Option<usize>,
}

impl<'b, 'a> Index<'b, 'a> {
    /// Everything but tools, pedigrees and the making: those are compared where they stand.
    pub(super) fn of(bom: &'b Bom<'a>) -> Self {
        let mut index = Self {
            entries: Vec::new(),
            references: HashMap::new(),
            subject: None,
        };
        if let Some(subject) = bom.subject() {
            index.subject = Some(0);
            let pointer = Pointer::root().member("metadata").member("component");
            index.add(subject, pointer, None);
        }
        index.add_all(&bom.components, &Pointer::root(), None);
        index
    }

    fn add_all(&mut self, list: &'b [Component<'a>], around: &Pointer, parent: Option<usize>) {
        let components = around.member("components");
        for (number, component) in list.iter().enumerate() {
            self.add(component, components.element(number), parent);
        }
    }

    /// Nesting is bounded by the admission of the document.
    fn add(&mut self, component: &'b Component<'a>, pointer: Pointer, parent: Option<usize>) {
        let at = self.entries.len();
        if let Some(reference) = component.bom_ref.as_deref() {
            self.references.entry(reference).or_insert(at);
        }
        self.entries.push(Entry {
            pointer: pointer.clone(),
            component,
            parent,
        });
        self.add_all(&component.components, &pointer, Some(at));
    }

    pub(super) fn entry(&self, at: usize) -> Option<&Entry<'b, 'a>> {
        self.entries.get(at)
    }

    /// What a reference leads to.
    pub(super) fn resolve(&self, reference: &str) -> Option<usize> {
        self.references.get(reference).copied()
    }

    pub(super) const fn subject(&self) -> Option<usize> {
        self.subject
    }
}

/// Pairs of components that are the same thing.
pub(super) struct Match {
    second_of: Vec<Option<usize>>,
    first_of: Vec<Option<usize>>,
}

impl Match {
    pub(super) fn of(first: &Index<'_, '_>, second: &Index<'_, '_>) -> Self {
        let components = |index: &Index<'_, '_>| -> Vec<Traits> {
            let entries = index.entries.iter();
            entries.map(|entry| Traits::of(entry.component)).collect()
        };
        Self::between(&components(first), &components(second))
    }

    /// The same for two lists that stand for themselves.
    pub(super) fn of_lists(first: &[Component<'_>], second: &[Component<'_>]) -> Self {
        let traits =
            |list: &[Component<'_>]| -> Vec<Traits> { list.iter().map(Traits::of).collect() };
        Self::between(&traits(first), &traits(second))
    }

    fn between(first: &[Traits], second: &[Traits]) -> Self {
        let mut matched = Self {
            second_of: vec![None; first.len()],
            first_of: vec![None; second.len()],
        };
        for way in Way::ALL {
            // Where several have the same key, those pair first that are alike in all else.
            for exactness in [Exactness::Exact, Exactness::Loose] {
                matched.pair(first, second, way, exactness);
            }
        }
        matched
    }

    fn pair(&mut self, first: &[Traits], second: &[Traits], way: Way, exactness: Exactness) {
        let mut waiting: HashMap<String, Vec<usize>> = HashMap::new();
        // The last one is taken first, so they go in backwards.
        for (at, traits) in second.iter().enumerate().rev() {
            if self.first_of.get(at).copied().flatten().is_none() {
                for key in traits.keys(way, exactness) {
                    waiting.entry(key).or_default().push(at);
                }
            }
        }
        if waiting.is_empty() {
            return;
        }
        for (at, traits) in first.iter().enumerate() {
            if self.second_of.get(at).copied().flatten().is_some() {
                continue;
            }
            let partner = traits.keys(way, exactness).into_iter().find_map(|key| {
                let candidates = waiting.get_mut(&key)?;
                // One that is taken already, under another of its keys, is dropped for good.
                while let Some(candidate) = candidates.pop() {
                    if self.first_of.get(candidate).copied().flatten().is_none() {
                        return Some(candidate);
                    }
                }
                None
            });
            if let Some(partner) = partner {
                if let Some(place) = self.second_of.get_mut(at) {
                    *place = Some(partner);
                }
                if let Some(place) = self.first_of.get_mut(partner) {
                    *place = Some(at);
                }
            }
        }
    }

    /// The partner of a component of the first document.
    pub(super) fn second(&self, first: usize) -> Option<usize> {
        self.second_of.get(first).copied().flatten()
    }

    /// The partner of a component of the second document.
    pub(super) fn first(&self, second: usize) -> Option<usize> {
        self.first_of.get(second).copied().flatten()
    }

    /// Pairs in the order of the first document.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let all = self.second_of.iter().enumerate();
        all.filter_map(|(first, second)| Some((first, (*second)?)))
    }

    pub(super) fn only_in_first(&self) -> impl Iterator<Item = usize> {
        alone(&self.second_of)
    }

    pub(super) fn only_in_second(&self) -> impl Iterator<Item = usize> {
        alone(&self.first_of)
    }
}

fn alone(partners: &[Option<usize>]) -> impl Iterator<Item = usize> {
    let all = partners.iter().enumerate();
    all.filter_map(|(at, partner)| partner.is_none().then_some(at))
}

/// What two components have in common when they are matched, strongest first.
#[derive(Clone, Copy)]
enum Way {
    Package,
    ReferenceAndName,
    Name,
    Bytes,
    /// Late, because many generators number their components.
    Reference,
    /// Only what has none of the others: then the order tells.
    Order,
}

impl Way {
    const ALL: [Self; 6] = [
        Self::Package,
        Self::ReferenceAndName,
        Self::Name,
        Self::Bytes,
        Self::Reference,
        Self::Order,
    ];
}

#[derive(Clone, Copy)]
enum Exactness {
    /// Version and digests too.
    Exact,
    Loose,
}

/// What a component is matched by.
struct Traits {
    kind: String,
    package: Option<String>,
    name: Option<String>,
    reference: Option<String>,
    digests: Vec<String>,
    /// SHA-256 of version and digests, so that a key has a bounded length.
    detail: String,
}

impl Traits {
    fn of(component: &Component<'_>) -> Self {
        let kind = component.kind.as_deref().unwrap_or_default();
        let group = component.group.as_deref().unwrap_or_default();
        let digests: Vec<String> = digests(&component.hashes)
            .into_iter()
            .flat_map(|(algorithm, digests)| {
                digests
                    .into_iter()
                    .map(move |digest| format!("{algorithm}:{digest}"))
            })
            .collect();
        let version = component.version.as_deref().unwrap_or_default();
        Self {
            kind: kind.to_owned(),
            package: component.purl.as_deref().map(without_version),
            name: component
                .name
                .as_deref()
                .map(|name| format!("{kind}\0{group}\0{name}")),
            reference: component
                .bom_ref
                .as_deref()
                .map(|reference| format!("{kind}\0{reference}")),
            detail: HEXLOWER.encode(&Sha256::digest(format!("{version}\0{}", digests.join(" ")))),
            digests,
        }
    }

    const fn is_anonymous(&self) -> bool {
        self.package.is_none()
            && self.name.is_none()
            && self.reference.is_none()
            && self.digests.is_empty()
    }

    fn keys(&self, way: Way, exactness: Exactness) -> Vec<String> {
        let keys: Vec<String> = match way {
            Way::Package => self.package.iter().cloned().collect(),
            Way::Name => self.name.iter().cloned().collect(),
            Way::Reference => self.reference.iter().cloned().collect(),
            Way::ReferenceAndName => match (&self.reference, &self.name) {
                (Some(reference), Some(name)) => vec![format!("{reference}\0{name}")],
                _ => Vec::new(),
            },
            Way::Bytes => self.digests.clone(),
            Way::Order if self.is_anonymous() => vec![self.kind.clone()],
            Way::Order => Vec::new(),
        };
        match exactness {
            Exactness::Loose => keys,
            Exactness::Exact => keys
                .into_iter()
                .map(|key| format!("{key}\0{}", self.detail))
                .collect(),
        }
    }
}

/// Digests by algorithm, in one spelling, sorted, each once.
pub(super) fn digests(hashes: &[Hash<'_>]) -> BTreeMap<String, Vec<String>> {
    let mut digests: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for hash in hashes {
        let (Some(algorithm), Some(content)) = (&hash.alg, &hash.content) else {
            continue;
        };
        let known = digests.entry(algorithm.to_ascii_uppercase()).or_default();
        known.push(content.to_ascii_lowercase());
    }
    for known in digests.values_mut() {
        known.sort_unstable();
        known.dedup();
    }
    digests
}

/// A package URL without its version and qualifiers: the package, and the file in it.
pub(super) fn without_version(text: &str) -> String {
    let (rest, subpath) = match text.split_once('#') {
        Some((rest, subpath)) => (rest, subpath.trim_matches('/')),
        None => (text, ""),
    };
    let rest = rest.split_once('?').map_or(rest, |(rest, _)| rest);
    // The version stands behind the last `@` of the last segment; others are escaped.
    let start = rest.rfind('/').map_or(0, |slash| slash + 1);
    let name = match rest.get(start..).and_then(|last| last.rfind('@')) {
        Some(at) if at > 0 => rest.get(..start + at).unwrap_or(rest),
        _ => rest,
    };
    // Scheme and type have no case (package-url specification, §5).
    let kind = name.find('/').unwrap_or(name.len());
    let (scheme, path) = name.split_at_checked(kind).unwrap_or((name, ""));
    format!("{}{path}#{subpath}", scheme.to_ascii_lowercase())
}
