//! What the document says of itself.

use std::collections::HashSet;

use super::component::{Mapper, Report};
use super::defect::{Found, SpdxDefectKind};
use super::graph::{Element, Graph};
use super::members::{Fit, each, property, text, values};
use super::relations::Relations;
use super::tables;
use super::words;
use crate::json::{Node, Pointer};
use crate::view::{Component, Lifecycle, Metadata, ToolInventory, Tools};

/// What a document is about.
#[derive(Debug, Default)]
pub(super) struct Roots {
    /// The element that describes the document, and the bills of materials that it leads to.
    pub(super) collections: Vec<usize>,
    /// The elements that it is about.
    pub(super) elements: Vec<usize>,
}

impl Roots {
    /// Follows `rootElement` from the document through bills of materials.
    pub(super) fn of(graph: &Graph<'_>, relations: &Relations<'_>, found: &mut Found) -> Self {
        let mut documents = Vec::new();
        let mut others = Vec::new();
        for (index, element) in graph.elements.iter().enumerate() {
            match element.class {
                Some(class) if class.is(&tables::SPDX_DOCUMENT) => documents.push(index),
                Some(class) if class.is(&tables::ELEMENT_COLLECTION) => others.push(index),
                _ => {}
            }
        }
        if documents.len() != 1 {
            let count = documents.len();
            let second = documents.get(1).and_then(|index| graph.get(*index));
            let at = second.map_or_else(Pointer::root, |element| element.pointer.clone());
            found.add(&at, SpdxDefectKind::DocumentCount { count });
        }
        let start = if documents.is_empty() {
            others
        } else {
            documents
        };
        let mut roots = Self::default();
        let mut seen: HashSet<usize> = start.iter().copied().collect();
        let mut queue: std::collections::VecDeque<usize> = start.into();
        while let Some(index) = queue.pop_front() {
            roots.collections.push(index);
            let Some(list) = graph
                .get(index)
                .and_then(|found| found.object.get("rootElement"))
            else {
                continue;
            };
            for target in values(list).iter().filter_map(Node::text) {
                let Some(target) = graph.find(target).filter(|target| seen.insert(*target)) else {
                    continue;
                };
                let class = graph.get(target).and_then(|element| element.class);
                if class.is_some_and(|class| class.is(&tables::ELEMENT_COLLECTION)) {
                    queue.push_back(target);
                } else {
                    roots.elements.push(target);
                }
            }
        }
        if roots.elements.is_empty() {
            let described = relations.described.iter().copied();
            roots
                .elements
                .extend(described.filter(|index| seen.insert(*index)));
        }
        if roots.elements.is_empty() {
            let at = roots.document(graph).map(|element| element.pointer.clone());
            found.add(&at.unwrap_or_default(), SpdxDefectKind::NoRoot);
        }
        roots
    }

    /// The element that describes the document.
    pub(super) fn document<'g, 'a>(&self, graph: &'g Graph<'a>) -> Option<&'g Element<'a>> {
        graph.get(*self.collections.first()?)
    }

    /// The one component that the document is about: its only root, or the only model among
    /// several roots.
    pub(super) fn subject(&self, graph: &Graph<'_>) -> Option<usize> {
        let is = |index: usize, class| {
            let found = graph.get(index).and_then(|element| element.class);
            found.is_some_and(|found| found.is(class))
        };
        let component =
            |index: &&usize| is(**index, &tables::PACKAGE) || is(**index, &tables::FILE);
        let only = |mut list: Vec<usize>| match list.pop() {
            Some(index) if list.is_empty() => Some(index),
            _ => None,
        };
        let all: Vec<usize> = self.elements.iter().filter(component).copied().collect();
        let models = all.iter().copied();
        let models: Vec<usize> = models
            .filter(|index| is(*index, &tables::AI_PACKAGE))
            .collect();
        only(all).or_else(|| only(models))
    }
}

impl<'a> Mapper<'_, 'a> {
    /// About the document; `subject` is the component that it is about.
    pub(super) fn metadata(&mut self, roots: &Roots, subject: Option<usize>) -> Metadata<'a> {
        let mut metadata = Metadata::default();
        let graph = self.graph;
        if let Some(document) = roots.document(graph) {
            self.comes_from(&["metadata"], &document.pointer);
            self.creation(document, &mut metadata);
            if let Some(Node::Text(licence)) = document.object.get("dataLicense") {
                let choice = self.licence(licence, "declared");
                metadata.licenses.extend(choice);
            }
        }
        for element in roots
            .collections
            .iter()
            .filter_map(|index| graph.get(*index))
        {
            for name in ["profileConformance", "software_sbomType"] {
                let list = element.object.get(name).map_or(&[][..], values);
                for value in list {
                    let Node::Text(word) = value else { continue };
                    let word = self.shared.text(word);
                    if let Some(phase) = words::phase(&word).filter(|_| name == "software_sbomType")
                    {
                        metadata.lifecycles.push(Lifecycle {
                            phase: Some(phase.into()),
                            ..Lifecycle::default()
                        });
                    }
                    let word = property(name, word);
                    if !metadata.properties.contains(&word) {
                        metadata.properties.push(word);
                    }
                }
            }
        }
        if roots.elements.len() > 1 {
            for element in roots.elements.iter().filter_map(|index| graph.get(*index)) {
                if let Some(id) = text(&element.object, "spdxId") {
                    let id = self.shared.text(id);
                    metadata.properties.push(property("rootElement", id));
                }
            }
        }
        metadata.component = subject
            .map(|index| self.inside(&["metadata", "component"], |mapper| mapper.component(index)));
        metadata
    }

    /// When, by whom and with what.
    fn creation(&mut self, document: &Element<'a>, metadata: &mut Metadata<'a>) {
        let graph = self.graph;
        let place = document.pointer.member("creationInfo");
        let Some((creation, source)) = document
            .object
            .get("creationInfo")
            .and_then(|node| graph.object(node, &place))
        else {
            return;
        };
        metadata.timestamp = text(creation, "created").map(|text| self.shared.text(text));
        for name in ["timestamp", "authors", "tools"] {
            self.comes_from(&["metadata", name], &source);
        }
        let mut tools = Vec::new();
        for node in creation.get("createdBy").map_or(&[][..], values) {
            let Some(agent) = self.agent(node) else {
                continue;
            };
            if agent.is_software {
                tools.push(self.tool(node));
            } else if agent.is_organization && metadata.manufacturer.is_none() {
                metadata.manufacturer = Some(agent.organization);
            } else {
                metadata.authors.push(agent.contact);
            }
        }
        for node in creation.get("createdUsing").map_or(&[][..], values) {
            tools.push(self.tool(node));
        }
        if !tools.is_empty() {
            metadata.tools = Some(Tools::Inventory(Box::new(ToolInventory {
                components: tools,
                ..ToolInventory::default()
            })));
        }
    }

    fn tool(&mut self, node: &Node<'a>) -> Component<'a> {
        let graph = self.graph;
        let mut tool = Component {
            kind: Some("application".into()),
            bom_ref: match node {
                Node::Text(id) => Some(self.shared.text(id)),
                _ => None,
            },
            ..Component::default()
        };
        let Some((object, source)) = graph.object(node, &Pointer::root()) else {
            tool.name.clone_from(&tool.bom_ref);
            return tool;
        };
        let mut take = |name: &str| text(object, name).map(|text| self.shared.text(text));
        tool.name = take("name");
        tool.description = take("description").or_else(|| take("summary"));
        if let Some(node) = object.get("verifiedUsing") {
            self.hashes(&mut tool.hashes, node, &source, Report::Nothing);
        }
        if let Some(node) = object.get("externalIdentifier") {
            each(node, |_, value| {
                if let Some((object, _)) = graph.object(value, &source)
                    && object.get("externalIdentifierType").and_then(Node::text)
                        == Some("packageUrl")
                    && tool.purl.is_none()
                {
                    let purl = text(object, "identifier");
                    tool.purl = purl.map(|purl| self.shared.text(purl));
                }
                Fit::Whole
            });
        }
        tool
    }
}

/// Profiles that elements of the graph belong to, but the document does not claim.
pub(super) fn unclaimed(graph: &Graph<'_>, roots: &Roots, found: &mut Found) {
    let Some(document) = roots.document(graph) else {
        return;
    };
    let claimed = document.object.get("profileConformance");
    let claimed: Vec<&str> = claimed
        .map_or(&[][..], values)
        .iter()
        .filter_map(Node::text)
        .collect();
    let mut said = HashSet::new();
    for element in &graph.elements {
        let Some(class) = element.class else { continue };
        let profile = match class.name.split_once('_') {
            Some(("ai", _)) => "ai",
            Some(("dataset", _)) => "dataset",
            Some(("software", _)) => "software",
            Some(("security", _)) => "security",
            Some(("build", _)) => "build",
            _ => continue,
        };
        if !claimed.contains(&profile) && said.insert(profile) {
            let kind = SpdxDefectKind::ProfileNotClaimed {
                class: class.name,
                profile,
            };
            found.add(&element.pointer, kind);
        }
    }
}

/// Elements that say they follow another version.
pub(super) fn other_versions(graph: &Graph<'_>, found: &mut Found) {
    for element in &graph.elements {
        let object = &element.object;
        let inner = object.get("creationInfo").and_then(Node::object);
        let own = (element
            .class
            .is_some_and(|class| class.name == "CreationInfo"))
        .then_some(object);
        for creation in own.into_iter().chain(inner) {
            let version = creation.get("specVersion").and_then(Node::text);
            if let Some(version) = version.filter(|version| *version != "3.0.1") {
                let at = if inner.is_some() {
                    element.pointer.member("creationInfo")
                } else {
                    element.pointer.clone()
                };
                let found_version = super::defect::quote(version);
                let kind = SpdxDefectKind::OtherVersion {
                    found: found_version,
                };
                found.add(&at.member("specVersion"), kind);
            }
        }
    }
}
