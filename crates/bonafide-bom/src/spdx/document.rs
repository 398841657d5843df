//! One document, read.

use super::component::{Mapper, kind_of};
use super::containment::Containment;
use super::defect::{Found, SpdxDefect};
use super::graph::{Graph, identifier_text};
use super::identifiers::Identifiers;
use super::members::text;
use super::metadata::{Roots, other_versions, unclaimed};
use super::recognition::{Recognition, SpdxError, recognise};
use super::relations::{About, Relations};
use super::sources::Sources;
use super::validation::validate;
use super::violation::Violation;
use crate::json::{Node, Object, Pointer};
use crate::view::{Annotation, Bom, Component, Composition, Dependency};

/// A document of SPDX 3.0.1.
#[derive(Debug)]
pub struct SpdxDocument<'a> {
    /// What it says, as a bill of materials.
    pub bom: Bom<'a>,
    /// Rules of the format that it does not keep, in the order of the text.
    pub violations: Vec<Violation>,
    /// What the rules allow or cannot see, and that cannot be right; the most severe first.
    pub defects: Vec<SpdxDefect>,
    /// Where parts of `bom` come from.
    pub sources: Sources,
}

impl SpdxDocument<'_> {
    /// Where in the document a part of the view comes from.
    #[must_use]
    pub fn source(&self, view: &Pointer) -> Pointer {
        self.sources.of(view)
    }
}

/// Reads an admitted document. Whether it keeps the rules is told in the result: what can
/// be understood of it is in the view all the same.
///
/// # Errors
///
/// [`SpdxError`] if it is not SPDX 3.0.1, or makes too much out of little.
pub fn read(root: Node<'_>) -> Result<SpdxDocument<'_>, SpdxError> {
    match recognise(&root) {
        Some(Recognition::Version3_0_1) => {}
        Some(Recognition::Refused(error)) => return Err(error),
        None => return Err(SpdxError::NotSpdx),
    }
    let mut found = Found::default();
    let violations = {
        let identifiers = Identifiers::of(&root, &mut found);
        validate(&root, &identifiers, &mut found)
    };
    let mut graph = Graph::of(root)?;
    let relations = Relations::of(&mut graph, &mut found);
    graph.shared.check()?;
    let roots = Roots::of(&graph, &relations, &mut found);
    unclaimed(&graph, &roots, &mut found);
    other_versions(&graph, &mut found);
    let components: Vec<usize> = (0..)
        .zip(&graph.elements)
        .filter_map(|(index, element)| kind_of(element).map(|_| index))
        .collect();
    let subject = roots.subject(&graph);
    let containment = Containment::of(
        &components,
        &relations.contains,
        subject,
        &graph,
        &mut found,
    );
    let shared = std::mem::take(&mut graph.shared);
    let mut mapper = Mapper {
        graph: &graph,
        relations: &relations,
        containment: &containment,
        shared,
        sources: Sources::default(),
        found: &mut found,
        expressions: std::collections::HashMap::new(),
        at: Pointer::root(),
    };
    let mut bom = Bom {
        metadata: Some(Box::new(mapper.metadata(&roots, subject))),
        ..Bom::default()
    };
    if let Some(document) = roots.document(&graph) {
        bom.serial_number = text(&document.object, "spdxId").cloned();
        mapper.comes_from(&["serialNumber"], &document.pointer.member("spdxId"));
    }
    bom.components = mapper.outermost(&containment.outermost, subject);
    bom.dependencies = mapper.dependencies();
    bom.compositions = mapper.compositions();
    bom.annotations = mapper.annotations();
    let Mapper {
        shared, sources, ..
    } = mapper;
    shared.check()?;
    bom.extra = rest(graph);
    Ok(SpdxDocument {
        bom,
        violations,
        defects: found.into_list(),
        sources,
    })
}

/// What is no component, as it was.
fn rest(graph: Graph<'_>) -> Object<'_> {
    let mut kept: Vec<Node<'_>> = graph
        .elements
        .into_iter()
        .filter(|element| kind_of(element).is_none())
        .map(|element| Node::Object(element.object))
        .collect();
    let mut rest = graph.rest;
    if let Some(Node::List(strays)) = rest.take("@graph") {
        kept.extend(strays);
    }
    if !kept.is_empty() {
        rest.set("@graph", Node::List(kept));
    }
    Object::of(vec![("spdx".into(), Node::Object(rest))])
}

impl<'a> Mapper<'_, 'a> {
    fn outermost(&mut self, list: &[usize], subject: Option<usize>) -> Vec<Component<'a>> {
        let others = list.iter().filter(|index| Some(**index) != subject);
        others
            .zip(0_usize..)
            .map(|(index, place)| {
                self.inside(&["components", &place.to_string()], |mapper| {
                    mapper.component(*index)
                })
            })
            .collect()
    }

    fn dependencies(&mut self) -> Vec<Dependency<'a>> {
        let mut dependencies = Vec::new();
        let relations = self.relations;
        for (index, links) in &relations.links {
            let Some((_, source)) = links.needs.first() else {
                continue;
            };
            let element = self.graph.get(*index);
            let mut needs = Vec::new();
            let mut listed = std::collections::HashSet::new();
            for (target, _) in &links.needs {
                if listed.insert(target) {
                    needs.push(self.shared.text(target));
                }
            }
            let step = dependencies.len().to_string();
            self.comes_from(&["dependencies", &step], source);
            dependencies.push(Dependency {
                reference: element.and_then(|element| identifier_text(&element.object)),
                depends_on: needs,
                ..Dependency::default()
            });
        }
        dependencies
    }

    fn compositions(&mut self) -> Vec<Composition<'a>> {
        let relations = self.relations;
        let mut compositions = Vec::with_capacity(relations.claims.len());
        for claim in &relations.claims {
            let step = compositions.len().to_string();
            self.comes_from(&["compositions", &step], &claim.pointer);
            let mut composition = Composition {
                aggregate: Some(claim.completeness.into()),
                ..Composition::default()
            };
            let of = vec![self.shared.text(&claim.of)];
            match claim.about {
                About::Parts => composition.assemblies = of,
                About::Needs => composition.dependencies = of,
            }
            compositions.push(composition);
        }
        compositions
    }

    fn annotations(&mut self) -> Vec<Annotation<'a>> {
        let graph = self.graph;
        let mut annotations = Vec::new();
        for element in &graph.elements {
            if element.class.is_none_or(|class| class.name != "Annotation") {
                continue;
            }
            let object = &element.object;
            let creation = object
                .get("creationInfo")
                .and_then(|node| graph.object(node, &element.pointer));
            let created = creation.and_then(|(creation, _)| text(creation, "created"));
            let step = annotations.len().to_string();
            self.comes_from(&["annotations", &step], &element.pointer);
            annotations.push(Annotation {
                bom_ref: text(object, "spdxId").cloned(),
                subjects: text(object, "subject").cloned().into_iter().collect(),
                timestamp: created.map(|created| self.shared.text(created)),
                text: text(object, "statement").cloned(),
                ..Annotation::default()
            });
        }
        annotations
    }
}
