//! From an element to a component.

use std::collections::HashMap;

use super::containment::Containment;
use super::dataset;
use super::defect::{Found, SpdxDefectKind, quote};
use super::graph::{Element, Graph};
use super::members::{Fit, each, fill, properties, property, text, values};
use super::model;
use super::relations::{Links, Relations};
use super::shared::Shared;
use super::sources::Sources;
use super::words;
use crate::json::{Node, Object, Pointer};
use crate::view::{
    Component, Contact, ExternalReference, Hash, Organization, Pedigree, ReleaseNotes, Text,
};

/// Most digests that are repeated where an element is named as an ancestor.
const MOST_REPEATED: usize = 16;

/// Makes components of elements, and keeps where they come from.
pub(super) struct Mapper<'g, 'a> {
    pub(super) graph: &'g Graph<'a>,
    pub(super) relations: &'g Relations<'a>,
    pub(super) containment: &'g Containment,
    pub(super) shared: Shared,
    pub(super) sources: Sources,
    pub(super) found: &'g mut Found,
    /// Expressions that were put together, by the identifier of what they were made of.
    pub(super) expressions: HashMap<Text<'a>, Option<Text<'a>>>,
    /// Where in the view.
    pub(super) at: Pointer,
}

/// The type of component that an element is; none for elements that are no components.
pub(super) fn kind_of(element: &Element<'_>) -> Option<Option<&'static str>> {
    let word = |name: &str| element.object.get(name).and_then(Node::text);
    Some(match element.class?.name {
        "ai_AIPackage" => Some("machine-learning-model"),
        "dataset_DatasetPackage" => Some("data"),
        // A folder has no bytes of its own, and CycloneDX has no word for it.
        "software_File" if word("software_fileKind") == Some("directory") => None,
        "software_File" => Some("file"),
        "software_Package" => {
            let purpose = word("software_primaryPurpose");
            Some(purpose.map_or("library", words::package_type))
        }
        _ => return None,
    })
}

/// What identifiers of an element are for.
#[derive(Default)]
struct Identified<'a> {
    packages: Vec<Text<'a>>,
    cpe: Option<Text<'a>>,
    swhid: Vec<Text<'a>>,
    gitoid: Vec<Text<'a>>,
}

impl<'a> Mapper<'_, 'a> {
    pub(super) fn inside<T>(&mut self, steps: &[&str], inner: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.at.as_str().len();
        for step in steps {
            self.at.push(step);
        }
        let made = inner(self);
        self.at.pop(before);
        made
    }

    /// Notes where the part of the view at `steps` comes from.
    pub(super) fn comes_from(&mut self, steps: &[&str], source: &Pointer) {
        let source = self.shared.pointer(source);
        self.inside(steps, |mapper| mapper.sources.add(&mapper.at, source));
    }

    /// The component, with all that is inside of it. Depth is bounded by [`Containment`].
    pub(super) fn component(&mut self, index: usize) -> Component<'a> {
        let Some(element) = self.graph.get(index) else {
            return Component::default();
        };
        self.comes_from(&[], &element.pointer);
        let mut component = Component {
            kind: kind_of(element).flatten().map(Into::into),
            ..Component::default()
        };
        let mut identified = Identified::default();
        let mut rest = Vec::new();
        for (name, node) in element.object.members() {
            let left = self.member(element, &mut component, &mut identified, name, node);
            rest.extend(left.map(|node| (name.clone(), node)));
        }
        if !rest.is_empty() {
            let rest = Node::Object(Object::of(rest));
            component.extra.push("spdx".into(), rest);
        }
        self.packages(element, &mut component, identified.packages);
        component.cpe = identified.cpe;
        component.swhid = identified.swhid;
        component.omnibor_id = identified.gitoid;
        dataset::finish(element, &mut component);
        let relations = self.relations;
        if let Some(links) = relations.links.get(&index) {
            self.links(&mut component, links);
        }
        let containment = self.containment;
        for outer in containment.besides.get(&index).into_iter().flatten() {
            let outer = self.graph.get(*outer);
            if let Some(id) = outer.and_then(|outer| text(&outer.object, "spdxId")) {
                let id = self.shared.text(id);
                component.properties.push(property("containedIn", id));
            }
        }
        let inner = containment.inner.get(&index).into_iter().flatten();
        for (place, inner) in inner.enumerate() {
            let part = self.inside(&["components", &place.to_string()], |mapper| {
                mapper.component(*inner)
            });
            component.components.push(part);
        }
        component
    }

    /// One member of the element; gives back what the view does not hold.
    fn member(
        &mut self,
        element: &Element<'a>,
        component: &mut Component<'a>,
        identified: &mut Identified<'a>,
        name: &str,
        node: &Node<'a>,
    ) -> Option<Node<'a>> {
        let place = || element.pointer.member(name);
        match name {
            "spdxId" => fill(&mut component.bom_ref, node),
            "name" => fill(&mut component.name, node),
            "description" => fill(&mut component.description, node),
            "contentType" => fill(&mut component.mime_type, node),
            "software_packageVersion" => fill(&mut component.version, node),
            "software_packageUrl" => match node {
                Node::Text(url) => {
                    identified.packages.insert(0, url.clone());
                    None
                }
                other => Some(other.clone()),
            },
            "verifiedUsing" => {
                let place = place();
                self.hashes(&mut component.hashes, node, &place, Report::Defects)
            }
            "externalIdentifier" => self.identifiers(identified, node, &place()),
            "software_contentIdentifier" => self.content_identifiers(identified, node, &place()),
            "externalRef" => self.references(&mut component.external_references, node, &place()),
            "software_downloadLocation" => self.address(
                &mut component.external_references,
                "distribution",
                node,
                &place(),
            ),
            "software_homePage" => self.address(
                &mut component.external_references,
                "website",
                node,
                &place(),
            ),
            "releaseTime" => {
                let mut notes = ReleaseNotes::default();
                let left = fill(&mut notes.timestamp, node);
                if left.is_none() {
                    component.release_notes = Some(Box::new(notes));
                }
                left
            }
            // These are references: names are taken over, the references stay.
            "suppliedBy" => {
                let agent = values(node).first().and_then(|node| self.agent(node));
                component.supplier = agent.map(|agent| agent.organization);
                Some(node.clone())
            }
            "originatedBy" => {
                for agent in values(node).iter().filter_map(|node| self.agent(node)) {
                    if agent.is_organization && component.manufacturer.is_none() {
                        component.manufacturer = Some(agent.organization);
                    } else {
                        component.authors.push(agent.contact);
                    }
                }
                Some(node.clone())
            }
            name if words::PROPERTIES.contains(&name) => {
                properties(&mut component.properties, name, node)
            }
            name if name.starts_with("ai_")
                && kind_of(element) == Some(Some("machine-learning-model")) =>
            {
                let card = component.model_card.get_or_insert_default();
                model::member(self, card, name, node)
            }
            name if name.starts_with("dataset_") => dataset::member(self, component, name, node),
            _ => Some(node.clone()),
        }
    }

    /// Digests of an element, or of a tool.
    pub(super) fn hashes(
        &mut self,
        list: &mut Vec<Hash<'a>>,
        node: &Node<'a>,
        place: &Pointer,
        report: Report,
    ) -> Option<Node<'a>> {
        let graph = self.graph;
        each(node, |index, value| {
            let Some((object, source)) = graph.object(value, &place.element(index)) else {
                return Fit::NotWhole;
            };
            let other = object
                .get("type")
                .is_some_and(|kind| kind.text() != Some("Hash"));
            let (Some(name), Some(digest)) = (text(object, "algorithm"), text(object, "hashValue"))
            else {
                return Fit::NotWhole;
            };
            if other {
                return Fit::NotWhole;
            }
            let hash = Hash {
                alg: Some(match words::algorithm(name) {
                    Some(known) => known.into(),
                    None => self.shared.text(name),
                }),
                content: Some(self.shared.text(digest)),
                ..Hash::default()
            };
            match report {
                Report::Defects => {
                    let step = list.len().to_string();
                    self.comes_from(&["hashes", &step], &source);
                    self.digest(name, digest, &source);
                }
                Report::Nothing => {}
            }
            list.push(hash);
            match value {
                // The object stays where it is.
                Node::Text(_) => Fit::Whole,
                _ => Fit::of(object, &["type", "algorithm", "hashValue"]),
            }
        })
    }

    fn digest(&mut self, name: &str, digest: &str, source: &Pointer) {
        if let Some(algorithm) = words::no_function(name) {
            self.found
                .add(source, SpdxDefectKind::NoDigest { algorithm });
        }
        let found = digest.chars().count();
        if let Some((algorithm, expected)) = words::digits(name)
            && found != expected
        {
            let kind = SpdxDefectKind::DigestLength {
                algorithm,
                found,
                expected,
            };
            self.found.add(source, kind);
        }
    }

    fn identifiers(
        &mut self,
        identified: &mut Identified<'a>,
        node: &Node<'a>,
        place: &Pointer,
    ) -> Option<Node<'a>> {
        let graph = self.graph;
        each(node, |index, value| {
            let Some((object, _)) = graph.object(value, &place.element(index)) else {
                return Fit::NotWhole;
            };
            let kind = object.get("externalIdentifierType").and_then(Node::text);
            let (Some(kind), Some(id)) = (kind, text(object, "identifier")) else {
                return Fit::NotWhole;
            };
            let mut id = || self.shared.text(id);
            match kind {
                "packageUrl" => identified.packages.push(id()),
                "cpe22" | "cpe23" if identified.cpe.is_none() => identified.cpe = Some(id()),
                "swhid" => identified.swhid.push(id()),
                "gitoid" => identified.gitoid.push(id()),
                _ => return Fit::NotWhole,
            }
            // Which of the two forms of CPE it is shows in the identifier.
            Fit::of(object, &["type", "externalIdentifierType", "identifier"])
        })
    }

    fn content_identifiers(
        &mut self,
        identified: &mut Identified<'a>,
        node: &Node<'a>,
        place: &Pointer,
    ) -> Option<Node<'a>> {
        const KIND: &str = "software_contentIdentifierType";
        const VALUE: &str = "software_contentIdentifierValue";
        let graph = self.graph;
        each(node, |index, value| {
            let Some((object, _)) = graph.object(value, &place.element(index)) else {
                return Fit::NotWhole;
            };
            let kind = object.get(KIND).and_then(Node::text);
            let Some(id) = text(object, VALUE) else {
                return Fit::NotWhole;
            };
            match kind {
                Some("swhid") => identified.swhid.push(self.shared.text(id)),
                Some("gitoid") => identified.gitoid.push(self.shared.text(id)),
                _ => return Fit::NotWhole,
            }
            Fit::of(object, &["type", KIND, VALUE])
        })
    }

    fn packages(
        &mut self,
        element: &Element<'a>,
        component: &mut Component<'a>,
        packages: Vec<Text<'a>>,
    ) {
        let mut packages = packages.into_iter();
        let Some(first) = packages.next() else {
            return;
        };
        for other in packages.filter(|other| *other != first) {
            let kind = SpdxDefectKind::PackageUrls {
                one: quote(&first),
                other: quote(&other),
            };
            self.found.add(&element.pointer, kind);
            component.properties.push(property("packageUrl", other));
        }
        component.purl = Some(first);
    }

    fn address(
        &mut self,
        list: &mut Vec<ExternalReference<'a>>,
        kind: &'static str,
        node: &Node<'a>,
        place: &Pointer,
    ) -> Option<Node<'a>> {
        let mut reference = ExternalReference {
            kind: Some(kind.into()),
            ..ExternalReference::default()
        };
        let left = fill(&mut reference.url, node);
        if left.is_none() {
            let step = list.len().to_string();
            self.comes_from(&["externalReferences", &step], place);
            list.push(reference);
        }
        left
    }

    fn references(
        &mut self,
        list: &mut Vec<ExternalReference<'a>>,
        node: &Node<'a>,
        place: &Pointer,
    ) -> Option<Node<'a>> {
        const KIND: &str = "externalRefType";
        let graph = self.graph;
        each(node, |index, value| {
            let Some((object, source)) = graph.object(value, &place.element(index)) else {
                return Fit::NotWhole;
            };
            let kind = object.get(KIND).and_then(Node::text);
            let known = kind.and_then(words::reference_type);
            let locators = object.get("locator").map_or(&[][..], values);
            for locator in locators {
                let Node::Text(url) = locator else {
                    return Fit::NotWhole;
                };
                let step = list.len().to_string();
                self.comes_from(&["externalReferences", &step], &source);
                list.push(ExternalReference {
                    kind: Some(known.unwrap_or("other").into()),
                    url: Some(self.shared.text(url)),
                    comment: text(object, "comment").map(|text| self.shared.text(text)),
                    ..ExternalReference::default()
                });
            }
            if known.is_none() || locators.is_empty() {
                return Fit::NotWhole;
            }
            Fit::of(object, &["type", KIND, "locator", "comment"])
        })
    }

    fn links(&mut self, component: &mut Component<'a>, links: &Links<'a>) {
        for (acknowledgement, target, source) in &links.licences {
            match self.licence(target, acknowledgement) {
                Some(choice) => {
                    let step = component.licenses.len().to_string();
                    self.comes_from(&["licenses", &step], source);
                    component.licenses.push(choice);
                }
                None => {
                    let name = match *acknowledgement {
                        "declared" => "hasDeclaredLicense",
                        _ => "hasConcludedLicense",
                    };
                    let target = self.shared.text(target);
                    component.properties.push(property(name, target));
                }
            }
        }
        self.data(component, links);
        for (kind, target) in &links.others {
            let target = self.shared.text(target);
            component.properties.push(property(kind, target));
        }
        if links.ancestors.is_empty() && links.variants.is_empty() {
            return;
        }
        let mut pedigree = Pedigree::default();
        for (step, from, to) in [
            ("ancestors", &links.ancestors, &mut pedigree.ancestors),
            ("variants", &links.variants, &mut pedigree.variants),
        ] {
            for (index, (id, source)) in from.iter().enumerate() {
                self.comes_from(&["pedigree", step, &index.to_string()], source);
                to.push(self.relative(id));
            }
        }
        component.pedigree = Some(Box::new(pedigree));
    }

    /// An element in a few words, where another names it.
    fn relative(&mut self, id: &Text<'a>) -> Component<'a> {
        let bom_ref = Some(self.shared.text(id));
        let graph = self.graph;
        let Some(element) = graph.find(id).and_then(|index| graph.get(index)) else {
            return Component {
                name: bom_ref.clone(),
                bom_ref,
                ..Component::default()
            };
        };
        let mut take = |name: &str| text(&element.object, name).map(|text| self.shared.text(text));
        let name = take("name");
        let version = take("software_packageVersion");
        let package = take("software_packageUrl");
        let mut hashes = Vec::new();
        let mut identified = Identified::default();
        if let Some(node) = element.object.get("verifiedUsing")
            && values(node).len() <= MOST_REPEATED
        {
            self.hashes(&mut hashes, node, &element.pointer, Report::Nothing);
        }
        if let Some(node) = element.object.get("externalIdentifier")
            && values(node).len() <= MOST_REPEATED
        {
            self.identifiers(&mut identified, node, &element.pointer);
        }
        Component {
            kind: kind_of(element).flatten().map(Into::into),
            bom_ref,
            name,
            version,
            purl: package.or_else(|| identified.packages.into_iter().next()),
            hashes,
            ..Component::default()
        }
    }

    /// Somebody, by the element that a value is or refers to.
    pub(super) fn agent(&mut self, node: &Node<'a>) -> Option<Agent<'a>> {
        let graph = self.graph;
        let (object, _) = graph.object(node, &Pointer::root())?;
        let name = text(object, "name").map(|name| self.shared.text(name));
        let identifiers = object.get("externalIdentifier").map_or(&[][..], values);
        let email = identifiers.iter().take(MOST_REPEATED).find_map(|value| {
            let (object, _) = graph.object(value, &Pointer::root())?;
            let kind = object.get("externalIdentifierType")?.text()?;
            (kind == "email")
                .then(|| text(object, "identifier"))
                .flatten()
        });
        let contact = Contact {
            email: email.map(|email| self.shared.text(email)),
            name: name.clone(),
            ..Contact::default()
        };
        let class = object.get("type").and_then(Node::text);
        let is_organization = class == Some("Organization");
        Some(Agent {
            organization: Organization {
                name,
                contact: if is_organization && contact.email.is_none() {
                    Vec::new()
                } else {
                    vec![contact.clone()]
                },
                ..Organization::default()
            },
            contact,
            is_organization,
            is_software: class == Some("SoftwareAgent"),
        })
    }
}

/// Whether the digests are those of the element that is mapped, so that what is wrong with
/// them is said once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Report {
    Defects,
    Nothing,
}

/// Somebody.
pub(super) struct Agent<'a> {
    pub(super) organization: Organization<'a>,
    pub(super) contact: Contact<'a>,
    pub(super) is_organization: bool,
    pub(super) is_software: bool,
}
