//! How something was made (1.5).

use super::component::{Component, ExternalReference, Property};
use super::document::Service;
use super::member::{Text, view};
use crate::json::Node;

view! {
    /// A recipe.
    Formula {
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
        /// What took part.
        components: Vec<Component<'a>> = "components",
        /// Services that took part.
        services: Vec<Service<'a>> = "services",
        /// What was done.
        workflows: Vec<Workflow<'a>> = "workflows",
        /// Name-value pairs.
        properties: Vec<Property<'a>> = "properties",
    }

    /// Something that was done, in tasks.
    Workflow {
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
        /// Its identifier outside.
        uid: Option<Text<'a>> = "uid",
        /// Its name.
        name: Option<Text<'a>> = "name",
        /// `build`, `copy`, …
        task_types: Vec<Text<'a>> = "taskTypes",
        /// What it refers to.
        resource_references: Vec<ResourceReference<'a>> = "resourceReferences",
        /// Its tasks.
        tasks: Vec<Task<'a>> = "tasks",
        /// Order of tasks, as a dependency graph.
        task_dependencies: Option<Node<'a>> = "taskDependencies",
        /// What went in.
        inputs: Vec<Resource<'a>> = "inputs",
        /// What came out.
        outputs: Vec<Resource<'a>> = "outputs",
        /// When it began.
        time_start: Option<Text<'a>> = "timeStart",
        /// When it ended.
        time_end: Option<Text<'a>> = "timeEnd",
    }

    /// A part of a workflow.
    Task {
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
        /// Its identifier outside.
        uid: Option<Text<'a>> = "uid",
        /// Its name.
        name: Option<Text<'a>> = "name",
        /// `build`, `copy`, …
        task_types: Vec<Text<'a>> = "taskTypes",
        /// What it refers to.
        resource_references: Vec<ResourceReference<'a>> = "resourceReferences",
        /// What went in.
        inputs: Vec<Resource<'a>> = "inputs",
        /// What came out.
        outputs: Vec<Resource<'a>> = "outputs",
        /// When it began.
        time_start: Option<Text<'a>> = "timeStart",
        /// When it ended.
        time_end: Option<Text<'a>> = "timeEnd",
    }

    /// What goes in or comes out.
    Resource {
        /// From where.
        source: Option<ResourceReference<'a>> = "source",
        /// To where.
        target: Option<ResourceReference<'a>> = "target",
        /// What.
        resource: Option<ResourceReference<'a>> = "resource",
        /// `artifact`, `attestation`, `log`, `evidence`, …
        kind: Option<Text<'a>> = "type",
    }

    /// A reference inside of the document, or to something outside.
    ResourceReference {
        /// Inside.
        reference: Option<Text<'a>> = "ref",
        /// Outside.
        external_reference: Option<ExternalReference<'a>> = "externalReference",
    }
}
