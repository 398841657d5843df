//! The document itself: metadata, dependencies, compositions, annotations, citations.

use super::component::{COMPONENT, COMPONENTS};
use super::declaration::DECLARATIONS;
use super::definition::DEFINITIONS;
use super::formulation::FORMULATION;
use super::licence::LICENCES;
use super::party::{ORGANIZATIONAL_CONTACT, ORGANIZATIONAL_ENTITY};
use super::reference::{BOM_REFERENCE, EXTERNAL_REFERENCES, PROPERTIES, TOOL};
use super::service::{SERVICE, SERVICES};
use super::vulnerability::VULNERABILITIES;
use crate::grammar::SpecVersion::{V1_3, V1_4, V1_5, V1_6, V1_7};
use crate::xml::simple::{DATE_TIME, INTEGER, NORMALIZED, POSITIVE, REFERENCE, STRING, Simple};
use crate::xml::structure::{
    FOREIGN, Structure, Wildcard, attribute, choice, nested, sequence, text,
};

/// `metadata`
pub(super) static METADATA: Structure = Structure::object(&[
    text("timestamp", &DATE_TIME).optional(),
    nested(
        "lifecycles",
        &Structure::list(&[nested("lifecycle", &LIFECYCLE).many()]),
    )
    .optional()
    .since(V1_5),
    nested("tools", &TOOLS).optional(),
    nested(
        "authors",
        &Structure::list(&[nested("author", &ORGANIZATIONAL_CONTACT).many()]),
    )
    .optional(),
    nested("component", &COMPONENT).optional(),
    nested("manufacturer", &ORGANIZATIONAL_ENTITY)
        .optional()
        .since(V1_6),
    nested("manufacture", &ORGANIZATIONAL_ENTITY).optional(),
    nested("supplier", &ORGANIZATIONAL_ENTITY).optional(),
    nested("licenses", &LICENCES).optional(),
    nested("properties", &PROPERTIES).optional(),
    nested("distributionConstraints", &DISTRIBUTION_CONSTRAINTS)
        .optional()
        .since(V1_7),
    FOREIGN,
])
.open(Wildcard::Other);

/// `metadata/lifecycles/lifecycle`
pub(super) static LIFECYCLE: Structure = Structure::object(&[choice(&[
    text("phase", &LIFECYCLE_PHASE),
    sequence(&[
        text("name", &NORMALIZED),
        text("description", &STRING).optional(),
    ]),
])]);

/// `metadata/tools`
pub(super) static TOOLS: Structure = Structure::either(&[
    sequence(&[nested("tool", &TOOL).many().item().until(V1_4)]).until(V1_4),
    choice(&[
        nested("tool", &TOOL).many().item(),
        sequence(&[
            nested("components", &COMPONENTS).optional(),
            nested("services", &SERVICES).optional(),
        ]),
    ])
    .since(V1_5),
]);

/// `metadata/distributionConstraints`
pub(super) static DISTRIBUTION_CONSTRAINTS: Structure =
    Structure::object(&[text("tlp", &TLP_CLASSIFICATION)
        .optional()
        .or_default("CLEAR")]);

/// `dependencyType`
pub(super) static DEPENDENCY: Structure = Structure::object(&[
    sequence(&[nested("dependency", &DEPENDENCY)
        .many()
        .edge("dependsOn")
        .until(V1_5)])
    .until(V1_5),
    sequence(&[
        nested("dependency", &DEPENDENCY)
            .optional()
            .edge("dependsOn"),
        nested("provides", &PROVIDES).optional().members("provides"),
    ])
    .many()
    .since(V1_6),
])
.attributes(&[attribute("ref", &REFERENCE).required()])
.open(Wildcard::Other);

/// `dependencyType/provides`
pub(super) static PROVIDES: Structure =
    Structure::value(&[]).attributes(&[attribute("ref", &REFERENCE).required()]);

/// `dependenciesType`
pub(super) static DEPENDENCIES: Structure =
    Structure::list(&[nested("dependency", &DEPENDENCY).many()]);

/// `compositionsType`
pub(super) static COMPOSITIONS: Structure =
    Structure::list(&[sequence(&[nested("composition", &COMPOSITION), FOREIGN]).many()])
        .open(Wildcard::Any);

/// `compositionType`
pub(super) static COMPOSITION: Structure = Structure::object(&[sequence(&[
    text("aggregate", &AGGREGATE).or_default("not_specified"),
    nested("assemblies", &ASSEMBLIES).optional(),
    nested("dependencies", &COMPOSITION_DEPENDENCIES).optional(),
    nested("vulnerabilities", &COMPOSITION_VULNERABILITIES)
        .optional()
        .since(V1_5),
])
.many()])
.attributes(&[attribute("bom-ref", &REFERENCE).since(V1_5)]);

/// `compositionType/assemblies`
pub(super) static ASSEMBLIES: Structure =
    Structure::list(&[sequence(&[nested("assembly", &BOM_REFERENCE), FOREIGN]).many()]);

/// `compositionType/dependencies`
pub(super) static COMPOSITION_DEPENDENCIES: Structure =
    Structure::list(&[sequence(&[nested("dependency", &BOM_REFERENCE), FOREIGN]).many()]);

/// `compositionType/vulnerabilities`
pub(super) static COMPOSITION_VULNERABILITIES: Structure =
    Structure::list(&[sequence(&[nested("vulnerability", &BOM_REFERENCE), FOREIGN]).many()]);

/// `bom`
pub(in crate::xml) static BOM: Structure = Structure::object(&[
    nested("metadata", &METADATA).optional(),
    nested("components", &COMPONENTS).optional(),
    nested("services", &SERVICES).optional(),
    nested("externalReferences", &EXTERNAL_REFERENCES).optional(),
    nested("dependencies", &DEPENDENCIES).optional(),
    nested("compositions", &COMPOSITIONS).optional(),
    nested("properties", &PROPERTIES).optional(),
    nested("vulnerabilities", &VULNERABILITIES)
        .optional()
        .since(V1_4),
    nested("annotations", &ANNOTATIONS).optional().since(V1_5),
    nested("formulation", &FORMULATION).optional().since(V1_5),
    nested("declarations", &DECLARATIONS).optional().since(V1_6),
    nested("definitions", &DEFINITIONS).optional().since(V1_6),
    nested("citations", &CITATIONS).optional().since(V1_7),
    FOREIGN,
])
.attributes(&[
    attribute("version", &INTEGER).until(V1_4),
    attribute("serialNumber", &URN_UUID),
    attribute("version", &POSITIVE).since(V1_5),
])
.open(Wildcard::Any);

/// `annotationsType`
pub(super) static ANNOTATIONS: Structure =
    Structure::list(&[sequence(&[nested("annotation", &ANNOTATION), FOREIGN]).many()])
        .open(Wildcard::Any);

/// `annotatorChoiceType`
pub(super) static ANNOTATOR_CHOICE: Structure = Structure::object(&[choice(&[
    nested("organization", &ORGANIZATIONAL_ENTITY).optional(),
    nested("individual", &ORGANIZATIONAL_CONTACT).optional(),
    nested("component", &COMPONENT).optional(),
    nested("service", &SERVICE).optional(),
])]);

/// `annotationType`
pub(super) static ANNOTATION: Structure = Structure::object(&[
    nested("subjects", &SUBJECTS).optional(),
    nested("annotator", &ANNOTATOR_CHOICE),
    text("timestamp", &DATE_TIME),
    text("text", &STRING),
    FOREIGN,
])
.attributes(&[attribute("bom-ref", &REFERENCE)])
.open(Wildcard::Any);

/// `annotationType/subjects`
pub(super) static SUBJECTS: Structure =
    Structure::list(&[sequence(&[nested("subject", &BOM_REFERENCE), FOREIGN]).many()]);

/// `citationsType`
pub(super) static CITATIONS: Structure = Structure::list(&[nested("citation", &CITATION).some()]);

/// `citationType`
pub(super) static CITATION: Structure = Structure::object(&[
    choice(&[
        nested(
            "pointers",
            &Structure::list(&[text("pointer", &STRING).some()]),
        ),
        nested(
            "expressions",
            &Structure::list(&[text("expression", &STRING).some()]),
        ),
    ]),
    text("timestamp", &DATE_TIME),
    text("attributedTo", &REFERENCE).optional(),
    text("process", &REFERENCE).optional(),
    text("note", &STRING).optional(),
    FOREIGN,
])
.attributes(&[attribute("bom-ref", &REFERENCE)])
.open(Wildcard::Other);

pub(super) static LIFECYCLE_PHASE: Simple = Simple::one_of(&[(
    V1_3,
    &[
        "design",
        "pre-build",
        "build",
        "post-build",
        "operations",
        "discovery",
        "decommission",
    ],
)]);

pub(super) static TLP_CLASSIFICATION: Simple = Simple::one_of(&[(
    V1_3,
    &["CLEAR", "GREEN", "AMBER", "AMBER_AND_STRICT", "RED"],
)]);

pub(super) static AGGREGATE: Simple = Simple::one_of(&[
    (
        V1_3,
        &[
            "complete",
            "incomplete",
            "incomplete_first_party_only",
            "incomplete_third_party_only",
            "unknown",
            "not_specified",
        ],
    ),
    (
        V1_5,
        &[
            "incomplete_first_party_proprietary_only",
            "incomplete_first_party_opensource_only",
            "incomplete_third_party_proprietary_only",
            "incomplete_third_party_opensource_only",
        ],
    ),
]);

pub(super) static URN_UUID: Simple = STRING.pattern(r"urn:uuid:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|(\{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\})");
