//! Services and the data that flows through them.

use super::definition::PATENT_ASSERTION;
use super::licence::LICENCES;
use super::model::DATA_GOVERNANCE;
use super::party::ORGANIZATIONAL_ENTITY;
use super::reference::{EXTERNAL_REFERENCES, PROPERTIES};
use super::release::{RELEASE_NOTES, TAGS};
use crate::grammar::SpecVersion::{V1_3, V1_4, V1_5, V1_6, V1_7};
use crate::xml::simple::{BOOLEAN, NORMALIZED, REFERENCE, STRING, Simple, URI, VERSION};
use crate::xml::structure::{
    FOREIGN, Structure, Wildcard, attribute, choice, nested, sequence, text,
};

/// `servicesType`
pub(super) static SERVICES: Structure =
    Structure::list(&[sequence(&[nested("service", &SERVICE), FOREIGN]).many()])
        .open(Wildcard::Any);

/// `service`
pub(super) static SERVICE: Structure = Structure::object(&[
    nested("provider", &ORGANIZATIONAL_ENTITY).optional(),
    text("group", &NORMALIZED).optional(),
    text("name", &NORMALIZED),
    text("version", &VERSION).optional(),
    text("description", &NORMALIZED).optional(),
    nested(
        "endpoints",
        &Structure::list(&[text("endpoint", &URI).many()]),
    )
    .optional(),
    text("authenticated", &BOOLEAN).optional(),
    text("x-trust-boundary", &BOOLEAN).optional(),
    text("trustZone", &STRING).optional().since(V1_5),
    nested("data", &DATA).optional(),
    nested("licenses", &LICENCES).optional(),
    nested(
        "patentAssertions",
        &Structure::list(&[nested("patentAssertion", &PATENT_ASSERTION).many()]),
    )
    .optional()
    .since(V1_7),
    nested("externalReferences", &EXTERNAL_REFERENCES).optional(),
    nested("properties", &PROPERTIES).optional(),
    nested("services", &SERVICE_SERVICES).optional(),
    nested("releaseNotes", &RELEASE_NOTES)
        .optional()
        .since(V1_4),
    nested("tags", &TAGS).optional().since(V1_6),
    FOREIGN,
])
.attributes(&[attribute("bom-ref", &REFERENCE)])
.open(Wildcard::Any);

/// `service/data/dataflow`
pub(super) static DATAFLOW: Structure = Structure::object(&[
    nested("classification", &DATA_CLASSIFICATION)
        .optional()
        .merged(),
    nested("governance", &DATA_GOVERNANCE).optional(),
    nested("source", &Structure::list(&[text("url", &URI).many()])).optional(),
    nested("destination", &Structure::list(&[text("url", &URI).many()])).optional(),
])
.attributes(&[
    attribute("name", &STRING),
    attribute("description", &STRING),
])
.open(Wildcard::Any);

/// `service/data`
pub(super) static DATA: Structure = Structure::list(&[
    sequence(&[nested("classification", &DATA_CLASSIFICATION)
        .many()
        .until(V1_4)])
    .until(V1_4),
    choice(&[
        nested("classification", &DATA_CLASSIFICATION).many(),
        nested("dataflow", &DATAFLOW).many(),
    ])
    .since(V1_5),
]);

/// `service/services`
pub(super) static SERVICE_SERVICES: Structure =
    Structure::list(&[sequence(&[nested("service", &SERVICE), FOREIGN]).many()]);

/// `dataClassificationType`
pub(super) static DATA_CLASSIFICATION: Structure = Structure::text(&NORMALIZED, "classification")
    .attributes(&[attribute("flow", &DATA_FLOW).required()]);

pub(super) static DATA_FLOW: Simple =
    Simple::one_of(&[(V1_3, &["inbound", "outbound", "bi-directional", "unknown"])]);
