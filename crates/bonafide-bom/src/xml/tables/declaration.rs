//! Declarations: attestations, claims, evidence.

use super::component::COMPONENT;
use super::model::DATA_GOVERNANCE;
use super::party::{ORGANIZATIONAL_CONTACT, ORGANIZATIONAL_ENTITY};
use super::reference::{ATTACHED_TEXT, EXTERNAL_REFERENCE, EXTERNAL_REFERENCES};
use super::service::SERVICE;
use crate::xml::simple::{BOOLEAN, DATE_TIME, DECIMAL, REFERENCE, STRING, Simple, URI};
use crate::xml::structure::{FOREIGN, Structure, Wildcard, anything, attribute, nested, text};

/// `declarationsType`
pub(super) static DECLARATIONS: Structure = Structure::object(&[
    nested(
        "assessors",
        &Structure::list(&[nested("assessor", &ASSESSOR).many()]),
    )
    .optional(),
    nested(
        "attestations",
        &Structure::list(&[nested("attestation", &ATTESTATION).many()]),
    )
    .optional(),
    nested(
        "claims",
        &Structure::list(&[nested("claim", &CLAIM).many()]),
    )
    .optional(),
    nested(
        "evidence",
        &Structure::list(&[nested("evidence", &EVIDENCE).many()]),
    )
    .optional(),
    nested("targets", &TARGETS).optional(),
    nested("affirmation", &AFFIRMATION).optional(),
    FOREIGN,
]);

/// `declarationsType/assessors/assessor`
pub(super) static ASSESSOR: Structure = Structure::object(&[
    text("thirdParty", &BOOLEAN).optional(),
    nested("organization", &ORGANIZATIONAL_ENTITY).optional(),
])
.attributes(&[attribute("bom-ref", &REFERENCE)])
.open(Wildcard::Other);

/// `declarationsType/attestations/attestation/map/conformance`
pub(super) static CONFORMANCE: Structure = Structure::object(&[
    text("score", &CONFORMANCE_SCORE),
    text("rationale", &STRING).optional(),
    nested(
        "mitigationStrategies",
        &Structure::list(&[text("mitigationStrategy", &REFERENCE).many()]),
    )
    .optional(),
]);

/// `declarationsType/attestations/attestation/map/confidence`
pub(super) static CONFIDENCE: Structure = Structure::object(&[
    text("score", &CONFORMANCE_SCORE),
    text("rationale", &STRING).optional(),
]);

/// `declarationsType/attestations/attestation/map`
pub(super) static MAP: Structure = Structure::object(&[
    text("requirement", &REFERENCE).optional(),
    nested(
        "claims",
        &Structure::list(&[text("claim", &REFERENCE).many()]),
    )
    .optional(),
    nested(
        "counterClaims",
        &Structure::list(&[text("counterClaim", &REFERENCE).many()]),
    )
    .optional(),
    nested("conformance", &CONFORMANCE).optional(),
    nested("confidence", &CONFIDENCE).optional(),
]);

/// `declarationsType/attestations/attestation`
pub(super) static ATTESTATION: Structure = Structure::object(&[
    text("summary", &STRING).optional(),
    text("assessor", &REFERENCE).optional(),
    nested("map", &MAP).many(),
    FOREIGN,
]);

/// `declarationsType/claims/claim`
pub(super) static CLAIM: Structure = Structure::object(&[
    text("target", &REFERENCE).optional(),
    text("predicate", &STRING).optional(),
    nested(
        "mitigationStrategies",
        &Structure::list(&[text("mitigationStrategy", &REFERENCE).many()]),
    )
    .optional(),
    text("reasoning", &STRING).optional(),
    text("evidence", &REFERENCE).many(),
    text("counterEvidence", &REFERENCE).many(),
    nested("externalReferences", &EXTERNAL_REFERENCES).optional(),
    FOREIGN,
])
.attributes(&[attribute("bom-ref", &REFERENCE)])
.open(Wildcard::Other);

/// `declarationsType/evidence/evidence/data/contents`
pub(super) static DATA_CONTENTS: Structure = Structure::object(&[
    nested("attachment", &ATTACHED_TEXT).optional(),
    text("url", &URI).optional(),
]);

/// `declarationsType/evidence/evidence/data`
pub(super) static EVIDENCE_DATA: Structure = Structure::object(&[
    text("name", &STRING).optional(),
    nested("contents", &DATA_CONTENTS).optional(),
    text("classification", &STRING).optional(),
    anything("sensitiveData").many(),
    nested("governance", &DATA_GOVERNANCE).optional(),
]);

/// `declarationsType/evidence/evidence`
pub(super) static EVIDENCE: Structure = Structure::object(&[
    text("propertyName", &STRING).optional(),
    text("description", &STRING).optional(),
    nested("data", &EVIDENCE_DATA).many(),
    text("created", &DATE_TIME).optional(),
    text("expires", &DATE_TIME).optional(),
    nested("author", &ORGANIZATIONAL_CONTACT).optional(),
    nested("reviewer", &ORGANIZATIONAL_CONTACT).optional(),
    FOREIGN,
])
.attributes(&[attribute("bom-ref", &REFERENCE)])
.open(Wildcard::Other);

/// `declarationsType/targets`
pub(super) static TARGETS: Structure = Structure::object(&[
    nested(
        "organizations",
        &Structure::list(&[nested("organization", &ORGANIZATIONAL_ENTITY).many()]),
    )
    .optional(),
    nested(
        "components",
        &Structure::list(&[nested("component", &COMPONENT).many()]),
    )
    .optional(),
    nested(
        "services",
        &Structure::list(&[nested("service", &SERVICE).many()]),
    )
    .optional(),
]);

/// `declarationsType/affirmation/signatories/signatory`
pub(super) static SIGNATORY: Structure = Structure::object(&[
    text("name", &STRING).optional(),
    text("role", &STRING).optional(),
    nested("organization", &ORGANIZATIONAL_ENTITY).optional(),
    nested("externalReference", &EXTERNAL_REFERENCE).optional(),
    FOREIGN,
]);

/// `declarationsType/affirmation`
pub(super) static AFFIRMATION: Structure = Structure::object(&[
    text("statement", &STRING).optional(),
    nested(
        "signatories",
        &Structure::list(&[nested("signatory", &SIGNATORY).many()]),
    )
    .optional(),
    FOREIGN,
]);

pub(super) static CONFORMANCE_SCORE: Simple = DECIMAL.range(0.0, 1.0);
