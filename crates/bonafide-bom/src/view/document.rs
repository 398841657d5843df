//! The document as a whole.

use super::component::{
    Component, Contact, ExternalReference, Hash, LicenseChoice, Organization, Property,
};
use super::declarations::{Citation, Declarations, Definitions};
use super::formulation::Formula;
use super::member::{Field, Member, Text, view};
use super::model_card::Data;
use crate::json::{Node, Number, Object};

view! {
    /// A bill of materials.
    Bom {
        /// `CycloneDX`.
        bom_format: Option<Text<'a>> = "bomFormat",
        /// Version of the format.
        spec_version: Option<Text<'a>> = "specVersion",
        /// `urn:uuid:…`
        serial_number: Option<Text<'a>> = "serialNumber",
        /// Which edition of the document.
        version: Option<Number> = "version",
        /// About the document.
        metadata: Option<Box<Metadata<'a>>> = "metadata",
        /// What it lists.
        components: Vec<Component<'a>> = "components",
        /// Services.
        services: Vec<Service<'a>> = "services",
        /// References to something outside.
        external_references: Vec<ExternalReference<'a>> = "externalReferences",
        /// What needs what.
        dependencies: Vec<Dependency<'a>> = "dependencies",
        /// How complete it claims to be.
        compositions: Vec<Composition<'a>> = "compositions",
        /// Known vulnerabilities.
        vulnerabilities: Vec<Vulnerability<'a>> = "vulnerabilities",
        /// Remarks.
        annotations: Vec<Annotation<'a>> = "annotations",
        /// How things were made (1.5).
        formulation: Vec<Formula<'a>> = "formulation",
        /// What is attested (1.6).
        declarations: Option<Box<Declarations<'a>>> = "declarations",
        /// What declarations use (1.6).
        definitions: Option<Definitions<'a>> = "definitions",
        /// Who said what (1.7).
        citations: Vec<Citation<'a>> = "citations",
        /// Name-value pairs.
        properties: Vec<Property<'a>> = "properties",
        /// Signature over all of it (JSF).
        signature: Option<Node<'a>> = "signature",
    }

    /// About the document.
    Metadata {
        /// When it was made.
        timestamp: Option<Text<'a>> = "timestamp",
        /// At what stage of life (1.5).
        lifecycles: Vec<Lifecycle<'a>> = "lifecycles",
        /// What made it.
        tools: Option<Tools<'a>> = "tools",
        /// Who made it.
        authors: Vec<Contact<'a>> = "authors",
        /// What it is about.
        component: Option<Component<'a>> = "component",
        /// Who made it (1.6).
        manufacturer: Option<Organization<'a>> = "manufacturer",
        /// Who made the component, before 1.6.
        manufacture: Option<Organization<'a>> = "manufacture",
        /// Who supplied the component.
        supplier: Option<Organization<'a>> = "supplier",
        /// Licences of the document.
        licenses: Vec<LicenseChoice<'a>> = "licenses",
        /// Name-value pairs.
        properties: Vec<Property<'a>> = "properties",
    }

    /// A stage of life.
    Lifecycle {
        /// `design`, `build`, `operations`, …
        phase: Option<Text<'a>> = "phase",
        /// A name of one's own instead.
        name: Option<Text<'a>> = "name",
    }

    /// A tool, in the form before 1.5.
    Tool {
        /// Who made it.
        vendor: Option<Text<'a>> = "vendor",
        /// Its name.
        name: Option<Text<'a>> = "name",
        /// Its version.
        version: Option<Text<'a>> = "version",
        /// Its digests.
        hashes: Vec<Hash<'a>> = "hashes",
    }

    /// Tools, in the form from 1.5 on.
    ToolInventory {
        /// Programs.
        components: Vec<Component<'a>> = "components",
        /// Services.
        services: Vec<Service<'a>> = "services",
    }

    /// A service.
    Service {
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
        /// Who runs it.
        provider: Option<Organization<'a>> = "provider",
        /// Namespace.
        group: Option<Text<'a>> = "group",
        /// Its name.
        name: Option<Text<'a>> = "name",
        /// Its version.
        version: Option<Text<'a>> = "version",
        /// Where it is reached.
        endpoints: Vec<Text<'a>> = "endpoints",
        /// What data flows, unread.
        data: Vec<Data<'a>> = "data",
        /// Licences.
        licenses: Vec<LicenseChoice<'a>> = "licenses",
        /// References to something outside.
        external_references: Vec<ExternalReference<'a>> = "externalReferences",
        /// Services inside of it.
        services: Vec<Service<'a>> = "services",
        /// Name-value pairs.
        properties: Vec<Property<'a>> = "properties",
        /// Signature over this service (JSF).
        signature: Option<Node<'a>> = "signature",
    }

    /// What one element needs.
    Dependency {
        /// Reference to the element.
        reference: Option<Text<'a>> = "ref",
        /// References to what it needs.
        depends_on: Vec<Text<'a>> = "dependsOn",
        /// References to what it implements (1.6).
        provides: Vec<Text<'a>> = "provides",
    }

    /// How complete a part of the document claims to be.
    Composition {
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
        /// `complete`, `incomplete`, …
        aggregate: Option<Text<'a>> = "aggregate",
        /// References to elements whose parts are meant.
        assemblies: Vec<Text<'a>> = "assemblies",
        /// References to elements whose needs are meant.
        dependencies: Vec<Text<'a>> = "dependencies",
        /// References to vulnerabilities.
        vulnerabilities: Vec<Text<'a>> = "vulnerabilities",
        /// Signature over it (JSF).
        signature: Option<Node<'a>> = "signature",
    }

    /// A known vulnerability.
    Vulnerability {
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
        /// Its identifier.
        id: Option<Text<'a>> = "id",
        /// What it affects.
        affects: Vec<Affected<'a>> = "affects",
    }

    /// What a vulnerability affects.
    Affected {
        /// Reference to the element.
        reference: Option<Text<'a>> = "ref",
    }

    /// A remark.
    Annotation {
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
        /// References to what it is about.
        subjects: Vec<Text<'a>> = "subjects",
        /// When it was made.
        timestamp: Option<Text<'a>> = "timestamp",
        /// What it says.
        text: Option<Text<'a>> = "text",
        /// Signature over it (JSF).
        signature: Option<Node<'a>> = "signature",
    }
}

/// What made the document.
#[derive(Debug, Clone, PartialEq)]
pub enum Tools<'a> {
    /// The form before 1.5, not empty.
    List(Vec<Tool<'a>>),
    /// The form from 1.5 on.
    Inventory(Box<ToolInventory<'a>>),
}

impl<'a> Member<'a> for Tools<'a> {
    fn read(node: Node<'a>) -> Result<Self, Node<'a>> {
        match node {
            Node::List(_) => Field::fill(node).map(Self::List),
            other => Member::read(other).map(Self::Inventory),
        }
    }

    fn write(&self) -> Node<'a> {
        match self {
            Self::List(list) => Node::List(list.iter().map(Member::write).collect()),
            Self::Inventory(inventory) => inventory.write(),
        }
    }
}

impl<'a> Bom<'a> {
    /// The view of a document. Whatever does not fit is in one of the `extra`.
    #[must_use]
    pub fn of(root: Node<'a>) -> Self {
        Member::read(root).unwrap_or_else(|node| Self {
            extra: Object::of(vec![("".into(), node)]),
            ..Self::default()
        })
    }

    /// The document again, equal as JSON to what was read.
    #[must_use]
    pub fn to_node(&self) -> Node<'a> {
        self.write()
    }

    /// What the document is about.
    #[must_use]
    pub fn subject(&self) -> Option<&Component<'a>> {
        self.metadata.as_ref()?.component.as_ref()
    }
}
