//! What two components that are matched say differently.

use std::collections::BTreeMap;

use crate::json::{Node, Object, Pointer};
use crate::view::{Component, ExternalReference, Field, Hash, LicenseChoice, Pedigree};

use super::matching::{Index, Match, digests, without_version};
use super::value::{Divergence, canonical, compare as compare_values, names};
use super::{Change, Found, Relation, SameBytes, SignatureChange, card, label, shown};

/// Where two matched components are.
struct Pair<'f, 'p> {
    found: &'f mut Found,
    pointers: (&'p Pointer, &'p Pointer),
    subject: String,
}

impl Pair<'_, '_> {
    fn push(&mut self, change: Change) {
        let (a, b) = self.pointers;
        self.found
            .push(Some(a), Some(b), self.subject.clone(), change);
    }

    fn facts(&mut self, divergences: Vec<Divergence>) {
        for Divergence { name, from, to } in divergences {
            self.push(Change::Fact { name, from, to });
        }
    }
}

/// Compares everything but dependencies.
pub(super) fn compare(
    found: &mut Found,
    (first, left): (&Index<'_, '_>, usize),
    (second, right): (&Index<'_, '_>, usize),
    matched: &Match,
) {
    let (Some(left), Some(right)) = (first.entry(left), second.entry(right)) else {
        return;
    };
    let mut pair = Pair {
        found,
        pointers: (&left.pointer, &right.pointer),
        subject: label(left.component),
    };
    let parents = (left.parent, right.parent);
    let same = match parents {
        (Some(a), Some(b)) => matched.second(a) == Some(b),
        (None, None) => true,
        _ => false,
    };
    if !same {
        let around = |index: &Index<'_, '_>, at: Option<usize>| {
            at.and_then(|at| index.entry(at))
                .map_or_else(|| "the document".to_owned(), |entry| label(entry.component))
        };
        pair.push(Change::Moved {
            from: around(first, parents.0),
            to: around(second, parents.1),
        });
    }
    compare_pair(
        &mut pair,
        (first, left.component),
        (second, right.component),
    );
}

fn compare_pair(
    pair: &mut Pair<'_, '_>,
    (first, a): (&Index<'_, '_>, &Component<'_>),
    (second, b): (&Index<'_, '_>, &Component<'_>),
) {
    if (&a.kind, &a.group, &a.name) != (&b.kind, &b.group, &b.name) {
        pair.push(Change::Renamed {
            from: label(a),
            to: label(b),
            bytes: same_bytes(a, b),
        });
    }
    compare_identity(pair, a, b);
    compare_digests(pair, None, &a.hashes, &b.hashes);
    compare_references(pair, a, b);
    if let Some(names) = names(licences(&a.licenses), licences(&b.licenses)) {
        pair.push(Change::Licences(names));
    }
    let (left, right) = (a.model_card.as_deref(), b.model_card.as_deref());
    if let Some(names) = names(card::datasets(first, left), card::datasets(second, right)) {
        pair.push(Change::Datasets(names));
    }
    pair.facts(card::compare(left, right));
    compare_pedigrees(pair, (first, a), (second, b));
    pair.facts(other_members(a, b));
    if let Some(change) = signatures(a.signature.as_ref(), b.signature.as_ref()) {
        pair.push(Change::Signature(change));
    }
}

fn compare_identity(pair: &mut Pair<'_, '_>, a: &Component<'_>, b: &Component<'_>) {
    let text = |text: Option<&str>| text.map(shown);
    if a.version != b.version {
        pair.push(Change::Version {
            from: text(a.version.as_deref()),
            to: text(b.version.as_deref()),
        });
    }
    let (from, to) = (a.purl.as_deref(), b.purl.as_deref());
    if from == to {
        return;
    }
    // A version that is only in the package URL is a version too.
    let versions = (version_of(from), version_of(to));
    if from.map(package) == to.map(package) && a.version == b.version && versions.0 != versions.1 {
        pair.push(Change::Version {
            from: text(versions.0),
            to: text(versions.1),
        });
    } else if from.map(package) != to.map(package) {
        pair.push(Change::PackageUrl {
            from: text(from),
            to: text(to),
        });
    }
}

/// A package URL without its version, but with its qualifiers.
fn package(text: &str) -> (String, Vec<&str>) {
    let rest = text.split_once('#').map_or(text, |(rest, _)| rest);
    let qualifiers = rest
        .split_once('?')
        .map_or("", |(_, qualifiers)| qualifiers);
    let mut qualifiers: Vec<&str> = qualifiers.split('&').collect();
    qualifiers.sort_unstable();
    (without_version(text), qualifiers)
}

fn version_of(text: Option<&str>) -> Option<&str> {
    let rest = text?.split(['?', '#']).next()?;
    let last = rest.rsplit('/').next()?;
    let (_, version) = last.rsplit_once('@')?;
    Some(version)
}

fn same_bytes(a: &Component<'_>, b: &Component<'_>) -> SameBytes {
    let (left, right) = (digests(&a.hashes), digests(&b.hashes));
    let mut known = SameBytes::Unknown;
    for (algorithm, values) in &left {
        match right.get(algorithm) {
            Some(others) if others != values => return SameBytes::Different,
            Some(_) => known = SameBytes::Equal,
            None => {}
        }
    }
    known
}

fn compare_digests(pair: &mut Pair<'_, '_>, of: Option<&str>, a: &[Hash<'_>], b: &[Hash<'_>]) {
    let (left, mut right) = (digests(a), digests(b));
    let of = of.map(shown);
    let texts = |list: Vec<String>| list.iter().map(|text| shown(text)).collect::<Vec<_>>();
    for (algorithm, from) in left {
        match right.remove(&algorithm) {
            Some(to) if to == from => {}
            Some(to) => pair.push(Change::DigestChanged {
                algorithm: shown(&algorithm),
                of: of.clone(),
                from: texts(from),
                to: texts(to),
            }),
            None => pair.push(Change::DigestRemoved {
                algorithm: shown(&algorithm),
                of: of.clone(),
                digests: texts(from),
            }),
        }
    }
    for (algorithm, to) in right {
        pair.push(Change::DigestAdded {
            algorithm: shown(&algorithm),
            of: of.clone(),
            digests: texts(to),
        });
    }
}

/// References by type and address; several of the same are one.
fn compare_references(pair: &mut Pair<'_, '_>, a: &Component<'_>, b: &Component<'_>) {
    if a.external_references == b.external_references {
        return;
    }
    fn by_address<'c, 'a>(
        list: &'c [ExternalReference<'a>],
    ) -> BTreeMap<String, (&'c str, Vec<Hash<'a>>, Vec<String>)> {
        let mut references: BTreeMap<String, (&str, Vec<Hash<'a>>, Vec<String>)> = BTreeMap::new();
        for reference in list {
            let kind = reference.kind.as_deref().unwrap_or("other");
            let address = reference.url.as_deref().unwrap_or_default();
            let (_, hashes, comments) = references
                .entry(format!("{kind} {address}"))
                .or_insert_with(|| (address, Vec::new(), Vec::new()));
            hashes.extend(reference.hashes.iter().cloned());
            comments.extend(reference.comment.as_deref().map(str::to_owned));
        }
        references
    }
    let left = by_address(&a.external_references);
    let right = by_address(&b.external_references);
    let keys = |map: &BTreeMap<String, _>| map.keys().cloned().collect::<Vec<_>>();
    if let Some(names) = names(keys(&left), keys(&right)) {
        pair.push(Change::References(names));
    }
    for (key, (address, hashes, comments)) in &left {
        if let Some((_, others, remarks)) = right.get(key) {
            compare_digests(pair, Some(address), hashes, others);
            if comments != remarks {
                let text = |list: &[String]| (!list.is_empty()).then(|| shown(&list.join(", ")));
                pair.push(Change::Fact {
                    name: shown(&format!("comment on {address}")),
                    from: text(comments),
                    to: text(remarks),
                });
            }
        }
    }
}

/// Licences by identifier, name or expression.
fn licences(choices: &[LicenseChoice<'_>]) -> Vec<String> {
    let text = |choice: &LicenseChoice<'_>| match (&choice.expression, &choice.license) {
        (Some(expression), _) => expression.clone().into_owned(),
        (None, Some(licence)) => match licence.id.as_deref().or(licence.name.as_deref()) {
            Some(name) => name.to_owned(),
            None => licence.url.as_deref().unwrap_or("unnamed").to_owned(),
        },
        (None, None) => "unnamed".to_owned(),
    };
    choices.iter().map(text).collect()
}

/// What a component is called where it is one of several: with its version, because
/// another version of an ancestor is another ancestor.
pub(super) fn name(component: &Component<'_>) -> String {
    if let Some(purl) = component.purl.as_deref() {
        return purl.to_owned();
    }
    let group = component.group.as_deref();
    let name = component.name.as_deref().unwrap_or("unnamed");
    let version = component.version.as_deref();
    let mut text = group.map_or_else(String::new, |group| format!("{group}/"));
    text.push_str(name);
    if let Some(version) = version {
        text.push('@');
        text.push_str(version);
    }
    text
}

/// What came and went, and what is different of those that stayed.
fn compare_pedigrees(
    pair: &mut Pair<'_, '_>,
    (first, a): (&Index<'_, '_>, &Component<'_>),
    (second, b): (&Index<'_, '_>, &Component<'_>),
) {
    let (left, right) = (a.pedigree.as_deref(), b.pedigree.as_deref());
    if left == right {
        return;
    }
    let none = Pedigree::default();
    let (left, right) = (left.unwrap_or(&none), right.unwrap_or(&none));
    for (relation, step, a, b) in [
        (
            Relation::Ancestor,
            "ancestors",
            &left.ancestors,
            &right.ancestors,
        ),
        (
            Relation::Descendant,
            "descendants",
            &left.descendants,
            &right.descendants,
        ),
        (
            Relation::Variant,
            "variants",
            &left.variants,
            &right.variants,
        ),
    ] {
        let matched = Match::of_lists(a, b);
        let only = |list: &[Component<'_>], places: Vec<usize>| {
            let alone = places.into_iter().filter_map(|at| list.get(at));
            alone.map(name).collect::<Vec<_>>()
        };
        let gone = only(a, matched.only_in_first().collect());
        let new = only(b, matched.only_in_second().collect());
        if let Some(names) = names(gone, new) {
            pair.push(Change::Lineage { relation, names });
        }
        for (from, to) in matched.pairs() {
            let (Some(one), Some(other)) = (a.get(from), b.get(to)) else {
                continue;
            };
            let inside =
                |pointer: &Pointer, at: usize| pointer.member("pedigree").member(step).element(at);
            let pointers = (inside(pair.pointers.0, from), inside(pair.pointers.1, to));
            let mut inner = Pair {
                subject: label(one),
                found: &mut *pair.found,
                pointers: (&pointers.0, &pointers.1),
            };
            compare_pair(&mut inner, (first, one), (second, other));
        }
    }
    let mut found = Vec::new();
    let (one, other) = (rest(left), rest(right));
    compare_values("pedigree", Some(&one), Some(&other), &mut found);
    pair.facts(found);
}

/// Commits, notes, patches.
fn rest<'a>(pedigree: &Pedigree<'a>) -> Node<'a> {
    let mut rest = pedigree.extra.clone();
    for (name, node) in [
        ("commits", pedigree.commits.emit()),
        ("notes", pedigree.notes.emit()),
    ] {
        if let Some(node) = node {
            rest.set(name, node);
        }
    }
    Node::Object(rest)
}

/// Members that no other function compares; those of equal fields are not even written.
fn other_members(a: &Component<'_>, b: &Component<'_>) -> Vec<Divergence> {
    let (mut left, mut right) = (Object::default(), Object::default());
    macro_rules! members {
        ($($field:ident = $key:literal,)*) => {$(
            if a.$field != b.$field {
                for (side, component) in [(&mut left, a), (&mut right, b)] {
                    if let Some(node) = component.$field.emit() {
                        side.set($key, node);
                    }
                }
            }
        )*};
    }
    members! {
        mime_type = "mime-type",
        version_range = "versionRange",
        is_external = "isExternal",
        description = "description",
        scope = "scope",
        cpe = "cpe",
        swhid = "swhid",
        omnibor_id = "omniborId",
        supplier = "supplier",
        manufacturer = "manufacturer",
        authors = "authors",
        author = "author",
        publisher = "publisher",
        evidence = "evidence",
        data = "data",
        properties = "properties",
        release_notes = "releaseNotes",
    }
    let mut found = Vec::new();
    let (left, right) = (Node::Object(left), Node::Object(right));
    compare_values("", Some(&left), Some(&right), &mut found);
    if a.extra != b.extra {
        let (left, right) = (Node::Object(a.extra.clone()), Node::Object(b.extra.clone()));
        compare_values("", Some(&left), Some(&right), &mut found);
    }
    found
}

pub(super) fn signatures(a: Option<&Node<'_>>, b: Option<&Node<'_>>) -> Option<SignatureChange> {
    match (a, b) {
        (None, Some(_)) => Some(SignatureChange::Added),
        (Some(_), None) => Some(SignatureChange::Removed),
        (Some(one), Some(other)) if canonical(one) != canonical(other) => {
            Some(SignatureChange::Replaced)
        }
        _ => None,
    }
}
