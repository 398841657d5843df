//! What relationships say, sorted by the element that they are about.

use std::collections::{BTreeMap, HashSet};

use super::defect::{Found, SpdxDefectKind, quote};
use super::graph::{Element, Graph};
use super::identifiers::{TERMS, individual};
use super::rule::Class;
use super::tables;
use super::words::{DEPENDENCIES, NESTING};
use crate::json::{Node, Pointer};
use crate::semantics::graph::cycles;
use crate::view::Text;

/// What is said about one element.
#[derive(Debug, Default)]
pub(super) struct Links<'a> {
    /// Licences: how, which, and where it is said.
    pub(super) licences: Vec<(&'static str, Text<'a>, Pointer)>,
    /// Data: `trainedOn` or `testedOn`, which, and where it is said.
    pub(super) data: Vec<(&'static str, Text<'a>, Pointer)>,
    /// What it was made from.
    pub(super) ancestors: Vec<(Text<'a>, Pointer)>,
    /// What is like it.
    pub(super) variants: Vec<(Text<'a>, Pointer)>,
    /// What it needs.
    pub(super) needs: Vec<(Text<'a>, Pointer)>,
    /// Anything else: the type of the relationship, and where it leads.
    pub(super) others: Vec<(&'static str, Text<'a>)>,
}

/// How complete the relationships of an element claim to be.
#[derive(Debug)]
pub(super) struct Claim<'a> {
    pub(super) of: Text<'a>,
    pub(super) completeness: &'static str,
    pub(super) about: About,
    pub(super) pointer: Pointer,
}

/// What a claim of completeness is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// Parts.
    Parts,
    /// What is needed.
    Needs,
}

/// All relationships.
#[derive(Debug, Default)]
pub(super) struct Relations<'a> {
    pub(super) links: BTreeMap<usize, Links<'a>>,
    /// What contains what, in the order of the document.
    pub(super) contains: Vec<(usize, usize)>,
    /// What a document describes.
    pub(super) described: Vec<usize>,
    pub(super) claims: Vec<Claim<'a>>,
}

const NOTHING: [&str; 2] = ["NoneElement", "NoAssertionElement"];

/// The individual of Core that a reference names, by its short or its whole name.
pub(super) fn nothing(id: &str) -> Option<&'static str> {
    let short = id
        .strip_prefix(TERMS)
        .and_then(|name| name.strip_prefix("Core/"))
        .unwrap_or(id);
    NOTHING.into_iter().find(|name| *name == short)
}

/// A relationship as far as it can be followed.
struct Relationship<'e, 'a> {
    kind: &'static str,
    from: &'e Text<'a>,
    to: Vec<&'e Text<'a>>,
    pointer: &'e Pointer,
}

fn texts<'e, 'a>(node: &'e Node<'a>) -> Vec<&'e Text<'a>> {
    let list = match node {
        Node::List(list) => list.as_slice(),
        other => std::slice::from_ref(other),
    };
    let texts = list.iter().filter_map(|node| match node {
        Node::Text(text) => Some(text),
        _ => None,
    });
    texts.collect()
}

fn relationship<'e, 'a>(element: &'e Element<'a>) -> Option<Relationship<'e, 'a>> {
    if !element.class?.is(&tables::RELATIONSHIP) {
        return None;
    }
    let kind = element.object.get("relationshipType")?.text()?;
    let mut kinds = tables::RELATIONSHIP_TYPES.iter();
    let Some(Node::Text(from)) = element.object.get("from") else {
        return None;
    };
    Some(Relationship {
        kind: kinds.find(|known| **known == kind)?,
        from,
        to: texts(element.object.get("to")?),
        pointer: &element.pointer,
    })
}

impl<'a> Relations<'a> {
    /// Reads every relationship of the graph.
    pub(super) fn of(graph: &mut Graph<'a>, found: &mut Found) -> Self {
        let mut relations = Self::default();
        // Text is counted while elements are read.
        let mut shared = std::mem::take(&mut graph.shared);
        for element in &graph.elements {
            let Some(one) = relationship(element) else {
                continue;
            };
            examine(element, &one, graph, found);
            let Some(from) = graph.find(one.from) else {
                continue;
            };
            relations.completeness(element, &one, &mut shared);
            let targets = one.to.iter().filter(|id| nothing(id).is_none());
            for id in targets {
                let place = shared.pointer(one.pointer);
                let to = graph.find(id);
                if to == Some(from) {
                    continue;
                }
                let text = shared.text(id);
                match one.kind {
                    kind if NESTING.contains(&kind) => {
                        relations.contains.extend(to.map(|to| (from, to)));
                    }
                    "describes" => relations.described.extend(to),
                    "hasDeclaredLicense" => {
                        relations
                            .link(from)
                            .licences
                            .push(("declared", text, place));
                    }
                    "hasConcludedLicense" => {
                        relations
                            .link(from)
                            .licences
                            .push(("concluded", text, place));
                    }
                    kind @ ("trainedOn" | "testedOn") => {
                        relations.link(from).data.push((kind, text, place));
                    }
                    kind if DEPENDENCIES.contains(&kind) => {
                        let links = relations.link(from);
                        if kind != "dependsOn" {
                            links.others.push((kind, shared.text(&text)));
                        }
                        links.needs.push((text, place));
                    }
                    "descendantOf" => relations.link(from).ancestors.push((text, place)),
                    "ancestorOf" => {
                        if let Some(to) = to {
                            let text = shared.text(one.from);
                            relations.link(to).ancestors.push((text, place));
                        }
                    }
                    "hasVariant" => relations.link(from).variants.push((text, place)),
                    kind => relations.link(from).others.push((kind, text)),
                }
            }
        }
        graph.shared = shared;
        relations.licences(graph, found);
        relations.circles(graph, found);
        relations
    }

    fn link(&mut self, index: usize) -> &mut Links<'a> {
        self.links.entry(index).or_default()
    }

    fn completeness(
        &mut self,
        element: &Element<'a>,
        one: &Relationship<'_, 'a>,
        shared: &mut super::shared::Shared,
    ) {
        let about = if NESTING.contains(&one.kind) {
            About::Parts
        } else if DEPENDENCIES.contains(&one.kind) {
            About::Needs
        } else {
            return;
        };
        let completeness = match element.object.get("completeness").and_then(Node::text) {
            Some("complete") => "complete",
            Some("incomplete") => "incomplete",
            Some("noAssertion") => "unknown",
            _ => return,
        };
        self.claims.push(Claim {
            of: shared.text(one.from),
            completeness,
            about,
            pointer: shared.pointer(one.pointer),
        });
    }

    /// 3.0.1 asks for one declared and one concluded licence.
    fn licences(&self, graph: &Graph<'a>, found: &mut Found) {
        for (index, links) in &self.links {
            for kind in ["declared", "concluded"] {
                let of_kind = links.licences.iter().filter(|(how, ..)| *how == kind);
                let different: HashSet<&str> = of_kind.map(|(_, id, _)| &**id).collect();
                if different.len() > 1
                    && let Some(element) = graph.get(*index)
                {
                    let count = different.len();
                    found.add(
                        &element.pointer,
                        SpdxDefectKind::SeveralLicences { kind, count },
                    );
                }
            }
        }
    }

    fn circles(&self, graph: &Graph<'a>, found: &mut Found) {
        let mut inside = vec![Vec::new(); graph.elements.len()];
        for (outer, inner) in &self.contains {
            if let Some(list) = inside.get_mut(*outer) {
                list.push(*inner);
            }
        }
        report(&inside, "inside of", graph, found);
        let mut descent = vec![Vec::new(); graph.elements.len()];
        for (index, links) in &self.links {
            if let Some(list) = descent.get_mut(*index) {
                let ancestors = links.ancestors.iter();
                list.extend(ancestors.filter_map(|(id, _)| graph.find(id)));
            }
        }
        report(&descent, "an ancestor of", graph, found);
    }
}

fn report(edges: &[Vec<usize>], relation: &'static str, graph: &Graph<'_>, found: &mut Found) {
    for members in cycles(edges) {
        let first = members.first().and_then(|index| graph.get(*index));
        if let Some(element) = first {
            let id = super::identifiers::identifier(&element.object);
            let kind = SpdxDefectKind::Cycle {
                id: quote(id.unwrap_or_default()),
                relation,
                members: members.len(),
            };
            found.add(&element.pointer, kind);
        }
    }
}

/// What is wrong with one relationship.
fn examine(
    element: &Element<'_>,
    one: &Relationship<'_, '_>,
    graph: &Graph<'_>,
    found: &mut Found,
) {
    let object = &element.object;
    let time = |name: &str| object.get(name).and_then(Node::text);
    if let (Some(start), Some(end)) = (time("startTime"), time("endTime"))
        && super::value::is_time(start)
        && super::value::is_time(end)
        && end < start
    {
        found.add(
            &element.pointer.member("endTime"),
            SpdxDefectKind::EndBeforeStart,
        );
    }
    for (index, id) in one.to.iter().enumerate() {
        let at = || element.pointer.member("to").element(index);
        if one.from == *id {
            let kind = SpdxDefectKind::ItselfRelated {
                kind: one.kind,
                id: quote(id),
            };
            found.add(&at(), kind);
        }
        if one.to.len() > 1
            && let Some(individual) = nothing(id)
        {
            found.add(&at(), SpdxDefectKind::NothingAmongOthers { individual });
        }
        let class = match graph.find(id).and_then(|index| graph.get(index)) {
            Some(target) => target.class,
            None => individual(id),
        };
        if let Some(class) = class {
            end(one.kind, id, class, &at, found);
        }
    }
}

/// Whether the element at the end of a relationship can be there.
fn end(
    kind: &'static str,
    id: &str,
    class: &'static Class,
    at: &dyn Fn() -> Pointer,
    found: &mut Found,
) {
    let expected: &[&'static Class] = match kind {
        "hasDeclaredLicense" | "hasConcludedLicense" => {
            &[&tables::ANY_LICENSE_INFO, &tables::INDIVIDUAL_ELEMENT]
        }
        "trainedOn" | "testedOn" => &[&tables::PACKAGE, &tables::FILE, &tables::INDIVIDUAL_ELEMENT],
        kind if NESTING.contains(&kind)
            && (class.is(&tables::RELATIONSHIP) || class.is(&tables::ANY_LICENSE_INFO)) =>
        {
            &[&tables::ARTIFACT]
        }
        _ => return,
    };
    if !expected.iter().any(|wanted| class.is(wanted))
        && let Some(first) = expected.first()
    {
        let kind = SpdxDefectKind::RelationshipEnd {
            kind,
            id: quote(id),
            found: class.name,
            expected: first.name,
        };
        found.add(&at(), kind);
    }
}
