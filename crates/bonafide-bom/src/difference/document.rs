//! What two documents say differently apart from what they say of each component.

use std::collections::{BTreeMap, BTreeSet};

use crate::json::{Node, Object, Pointer};
use crate::view::{Bom, Field, Metadata};

use super::component::{name as name_of, signatures};
use super::matching::{Index, Match};
use super::value::{Divergence, apart, canonical, compare as compare_values, names};
use super::{Change, CompletenessOf, Found, label, shown};

/// The subject of differences about the document itself.
const DOCUMENT: &str = "the document";

pub(super) fn compare(
    found: &mut Found,
    a: &Bom<'_>,
    b: &Bom<'_>,
    first: &Index<'_, '_>,
    second: &Index<'_, '_>,
    matched: &Match,
) {
    compare_header(found, a, b);
    compare_subjects(found, first, second, matched);
    let root = Pointer::root();
    if let Some(change) = signatures(a.signature.as_ref(), b.signature.as_ref()) {
        let change = Change::Signature(change);
        found.push(Some(&root), Some(&root), DOCUMENT.to_owned(), change);
    }
    compare_sections(found, a, b);
    compare_completeness(found, (a, first), (b, second), matched);
}

/// What is about the document, and the rest of its metadata.
fn compare_header(found: &mut Found, a: &Bom<'_>, b: &Bom<'_>) {
    let none = Metadata::default();
    let (left, right) = (
        a.metadata.as_deref().unwrap_or(&none),
        b.metadata.as_deref().unwrap_or(&none),
    );
    let number = |bom: &Bom<'_>| bom.version.map(|version| version.value().to_string());
    let text = |text: &Option<crate::view::Text<'_>>| text.as_deref().map(str::to_owned);
    let node = |node: Option<Node<'_>>| node.as_ref().map(canonical);
    for (name, from, to) in [
        ("specVersion", text(&a.spec_version), text(&b.spec_version)),
        (
            "serialNumber",
            text(&a.serial_number),
            text(&b.serial_number),
        ),
        ("version", number(a), number(b)),
        (
            "metadata.timestamp",
            text(&left.timestamp),
            text(&right.timestamp),
        ),
        (
            "metadata.tools",
            node(left.tools.emit()),
            node(right.tools.emit()),
        ),
    ] {
        if from != to {
            let change = Change::Document {
                name,
                from: from.as_deref().map(shown),
                to: to.as_deref().map(shown),
            };
            let root = Pointer::root();
            found.push(Some(&root), Some(&root), DOCUMENT.to_owned(), change);
        }
    }
    let rest = |metadata: &Metadata<'_>| {
        let mut rest = Object::default();
        for (name, node) in [
            ("lifecycles", metadata.lifecycles.emit()),
            ("authors", metadata.authors.emit()),
            ("manufacturer", metadata.manufacturer.emit()),
            ("manufacture", metadata.manufacture.emit()),
            ("supplier", metadata.supplier.emit()),
            ("licenses", metadata.licenses.emit()),
            ("properties", metadata.properties.emit()),
        ] {
            if let Some(node) = node {
                rest.set(name, owned(&node));
            }
        }
        for (name, node) in metadata.extra.iter() {
            rest.set(name.to_owned(), owned(node));
        }
        Node::Object(rest)
    };
    let mut divergences = Vec::new();
    let (one, other) = (rest(left), rest(right));
    compare_values("metadata", Some(&one), Some(&other), &mut divergences);
    let pointer = Pointer::root().member("metadata");
    for Divergence { name, from, to } in divergences {
        let change = Change::Fact { name, from, to };
        found.push(
            a.metadata.as_ref().map(|_| &pointer),
            b.metadata.as_ref().map(|_| &pointer),
            DOCUMENT.to_owned(),
            change,
        );
    }
}

/// The same value, of no lifetime in particular.
fn owned(node: &Node<'_>) -> Node<'static> {
    match node {
        Node::Null => Node::Null,
        Node::Bool(value) => Node::Bool(*value),
        Node::Number(number) => Node::Number(*number),
        Node::Text(text) => Node::Text(text.clone().into_owned().into()),
        Node::List(list) => Node::List(list.iter().map(owned).collect()),
        Node::Object(object) => Node::Object(Object::of(
            object
                .iter()
                .map(|(name, node)| (name.to_owned().into(), owned(node)))
                .collect(),
        )),
    }
}

fn compare_subjects(
    found: &mut Found,
    first: &Index<'_, '_>,
    second: &Index<'_, '_>,
    matched: &Match,
) {
    let (left, right) = (first.subject(), second.subject());
    let same = match (left, right) {
        (Some(left), Some(right)) => matched.second(left) == Some(right),
        (None, None) => true,
        _ => false,
    };
    if same {
        return;
    }
    let entries = (
        left.and_then(|at| first.entry(at)),
        right.and_then(|at| second.entry(at)),
    );
    let change = Change::Subject {
        from: entries.0.map(|entry| label(entry.component)),
        to: entries.1.map(|entry| label(entry.component)),
    };
    found.push(
        entries.0.map(|entry| &entry.pointer),
        entries.1.map(|entry| &entry.pointer),
        DOCUMENT.to_owned(),
        change,
    );
}

/// Lists at the top whose entries are no components: compared as they stand.
fn compare_sections(found: &mut Found, a: &Bom<'_>, b: &Bom<'_>) {
    macro_rules! sections {
        ($($field:ident = $name:literal,)*) => {$(
            if a.$field != b.$field {
                section(found, $name, a.$field.emit(), b.$field.emit());
            }
        )*};
    }
    sections! {
        services = "services",
        external_references = "externalReferences",
        vulnerabilities = "vulnerabilities",
        annotations = "annotations",
        formulation = "formulation",
        declarations = "declarations",
        definitions = "definitions",
        citations = "citations",
        properties = "properties",
    }
    if a.extra != b.extra {
        let rest = |extra: &Object<'_>| {
            let members = extra.iter().filter(|(name, _)| *name != "$schema");
            let texts = members.map(|(name, node)| format!("{name:?}: {}", canonical(node)));
            texts.collect::<Vec<_>>()
        };
        entries(found, "other members", "", rest(&a.extra), rest(&b.extra));
    }
}

fn section(found: &mut Found, name: &'static str, a: Option<Node<'_>>, b: Option<Node<'_>>) {
    let texts = |node: Option<Node<'_>>| match node {
        None => Vec::new(),
        Some(Node::List(list)) => list.iter().map(canonical).collect(),
        Some(other) => vec![canonical(&other)],
    };
    entries(found, name, name, texts(a), texts(b));
}

fn entries(found: &mut Found, name: &'static str, member: &str, a: Vec<String>, b: Vec<String>) {
    let pointer = match member {
        "" => Pointer::root(),
        member => Pointer::root().member(member),
    };
    let there = (!a.is_empty(), !b.is_empty());
    let (removed, added) = apart(a, b);
    if removed.is_empty() && added.is_empty() {
        return;
    }
    let change = Change::Section {
        name,
        added: added.len(),
        removed: removed.len(),
    };
    found.push(
        there.0.then_some(&pointer),
        there.1.then_some(&pointer),
        DOCUMENT.to_owned(),
        change,
    );
}

/// What a reference leads to, in a form that is the same in both documents.
fn target(index: &Index<'_, '_>, pair: impl Fn(usize) -> Option<usize>, reference: &str) -> Target {
    match index.resolve(reference) {
        Some(at) => match pair(at) {
            Some(number) => Target::Both(number),
            None => Target::One(
                index
                    .entry(at)
                    .map_or_else(String::new, |entry| name_of(entry.component)),
            ),
        },
        None => Target::Unknown(reference.to_owned()),
    }
}

/// An end of a dependency, or what a composition is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    /// A component that both documents have, by its place in the first.
    Both(usize),
    /// One that only this document has.
    One(String),
    /// Nothing that is a component of the document.
    Unknown(String),
}

impl Target {
    fn name(&self, first: &Index<'_, '_>) -> String {
        match self {
            Self::Both(at) => first
                .entry(*at)
                .map_or_else(String::new, |entry| name_of(entry.component)),
            Self::One(name) => name.clone(),
            Self::Unknown(reference) => format!("reference {reference}"),
        }
    }
}

/// Claims of completeness: about what, with which aggregates.
type Claims = BTreeMap<(CompletenessKey, Option<Target>), BTreeSet<String>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum CompletenessKey {
    Assembly,
    Dependencies,
    Vulnerabilities,
}

fn compare_completeness(
    found: &mut Found,
    (a, first): (&Bom<'_>, &Index<'_, '_>),
    (b, second): (&Bom<'_>, &Index<'_, '_>),
    matched: &Match,
) {
    let left = claims(a, |reference| {
        target(first, |at| matched.second(at).map(|_| at), reference)
    });
    let right = claims(b, |reference| {
        target(second, |at| matched.first(at), reference)
    });
    let mut keys: Vec<_> = left.keys().chain(right.keys()).cloned().collect();
    keys.sort();
    keys.dedup();
    let pointer = Pointer::root().member("compositions");
    for key in keys {
        let aggregates = |claims: &Claims| -> Vec<String> {
            let known = claims.get(&key).into_iter().flatten();
            known.map(|aggregate| shown(aggregate)).collect()
        };
        let (from, to) = (aggregates(&left), aggregates(&right));
        if from == to {
            continue;
        }
        let subject = match &key.1 {
            None => DOCUMENT.to_owned(),
            Some(target) => format!("`{}`", shown(&target.name(first))),
        };
        let there = (!from.is_empty(), !to.is_empty());
        let change = Change::Completeness {
            of: match key.0 {
                CompletenessKey::Assembly => CompletenessOf::Assembly,
                CompletenessKey::Dependencies => CompletenessOf::Dependencies,
                CompletenessKey::Vulnerabilities => CompletenessOf::Vulnerabilities,
            },
            from,
            to,
        };
        found.push(
            there.0.then_some(&pointer),
            there.1.then_some(&pointer),
            subject,
            change,
        );
    }
}

fn claims(bom: &Bom<'_>, resolve: impl Fn(&str) -> Target) -> Claims {
    let mut claims = Claims::new();
    for composition in &bom.compositions {
        let aggregate = composition.aggregate.as_deref().unwrap_or("not_specified");
        let parts = [
            (CompletenessKey::Assembly, &composition.assemblies),
            (CompletenessKey::Dependencies, &composition.dependencies),
            (
                CompletenessKey::Vulnerabilities,
                &composition.vulnerabilities,
            ),
        ];
        let mut note = |key: CompletenessKey, target: Option<Target>| {
            let known = claims.entry((key, target)).or_default();
            known.insert(aggregate.to_owned());
        };
        if parts.iter().all(|(_, references)| references.is_empty()) {
            // Without references it is about all that the document lists.
            note(CompletenessKey::Assembly, None);
        }
        for (key, references) in parts {
            for reference in references {
                note(key, Some(resolve(reference)));
            }
        }
    }
    claims
}

/// What a component needs, and what it provides.
#[derive(Default)]
struct Ends {
    needs: BTreeSet<Target>,
    provides: BTreeSet<Target>,
}

/// Compares what needs and provides what. What a component needs that only one of the
/// documents has, comes and goes with it.
pub(super) fn compare_dependencies(
    found: &mut Found,
    (a, first): (&Bom<'_>, &Index<'_, '_>),
    (b, second): (&Bom<'_>, &Index<'_, '_>),
    matched: &Match,
) {
    let left = ends(a, |reference| {
        target(first, |at| matched.second(at).map(|_| at), reference)
    });
    let right = ends(b, |reference| {
        target(second, |at| matched.first(at), reference)
    });
    let mut keys: Vec<&Target> = left.keys().chain(right.keys()).collect();
    keys.sort();
    keys.dedup();
    let none = Ends::default();
    let texts = |ends: &BTreeSet<Target>, others: &BTreeSet<Target>| -> Vec<String> {
        let alone = ends.difference(others);
        alone.map(|target| target.name(first)).collect()
    };
    for key in keys {
        if matches!(key, Target::One(_)) {
            continue;
        }
        let (one, other) = (
            left.get(key).unwrap_or(&none),
            right.get(key).unwrap_or(&none),
        );
        let entries = match key {
            Target::Both(at) => (
                first.entry(*at),
                matched.second(*at).and_then(|at| second.entry(at)),
            ),
            _ => (None, None),
        };
        let subject = match entries.0 {
            Some(entry) => label(entry.component),
            None => shown(&key.name(first)),
        };
        for (change, from, to) in [
            (
                Change::Dependencies as fn(super::Names) -> Change,
                &one.needs,
                &other.needs,
            ),
            (Change::Provisions, &one.provides, &other.provides),
        ] {
            if let Some(names) = names(texts(from, to), texts(to, from)) {
                found.push(
                    entries.0.map(|entry| &entry.pointer),
                    entries.1.map(|entry| &entry.pointer),
                    subject.clone(),
                    change(names),
                );
            }
        }
    }
}

fn ends(bom: &Bom<'_>, resolve: impl Fn(&str) -> Target) -> BTreeMap<Target, Ends> {
    let mut all: BTreeMap<Target, Ends> = BTreeMap::new();
    for dependency in &bom.dependencies {
        let Some(reference) = dependency.reference.as_deref() else {
            continue;
        };
        let ends = all.entry(resolve(reference)).or_default();
        ends.needs
            .extend(dependency.depends_on.iter().map(|other| resolve(other)));
        ends.provides
            .extend(dependency.provides.iter().map(|other| resolve(other)));
    }
    all
}
