//! Declarations: claims, evidence and attestations of conformance.

use super::component::COMPONENT;
use super::document::{ATTACHMENT, EXTERNAL_REFERENCE, PROPERTY, REF_LINK_TYPE, REF_TYPE};
use super::party::{ORGANIZATIONAL_CONTACT, ORGANIZATIONAL_ENTITY};
use super::service::{DATA_GOVERNANCE, SERVICE};
use super::signature::SIGNATURE;
use crate::grammar::pattern::Pattern;
use crate::grammar::rule::{
    BOOLEAN, DATE_TIME, Definition, Demand, IRI_REFERENCE, Shape, TEXT, list, matching, member,
    number_between, refer,
};
use crate::version::SpecVersion::V1_3;

/// What is declared.
pub(super) static DECLARATIONS: Definition = Definition::object(
    "declarations",
    Shape::of(&[
        member("assessors", list(&refer(&ASSESSOR))),
        member("attestations", list(&refer(&ATTESTATION))),
        member("claims", list(&refer(&CLAIM))),
        member("evidence", list(&refer(&DECLARED_EVIDENCE))),
        member("targets", refer(&TARGETS)),
        member("affirmation", refer(&AFFIRMATION)),
        member("signature", refer(&SIGNATURE)),
    ]),
);

/// Who assessed.
pub(super) static ASSESSOR: Definition = Definition::object(
    "assessor",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member("thirdParty", BOOLEAN),
        member("organization", refer(&ORGANIZATIONAL_ENTITY)),
    ]),
);

/// An attestation.
pub(super) static ATTESTATION: Definition = Definition::object(
    "attestation",
    Shape::of(&[
        member("summary", TEXT),
        member("assessor", refer(&REF_LINK_TYPE)),
        member("map", list(&refer(&ATTESTATION_MAP))),
        member("signature", refer(&SIGNATURE)),
    ]),
);

/// What supports a requirement.
pub(super) static ATTESTATION_MAP: Definition = Definition::object(
    "attestationMap",
    Shape::of(&[
        member("requirement", refer(&REF_LINK_TYPE)),
        member("claims", list(&refer(&REF_LINK_TYPE))),
        member("counterClaims", list(&refer(&REF_LINK_TYPE))),
        member("conformance", refer(&CONFORMANCE)),
        member("confidence", refer(&CONFIDENCE)),
    ]),
);

/// How far it is met.
pub(super) static CONFORMANCE: Definition = Definition::object(
    "conformance",
    Shape::of(&[
        member("score", number_between(0, 1)),
        member("rationale", TEXT),
        member("mitigationStrategies", list(&refer(&REF_LINK_TYPE))),
    ]),
);

/// How sure that is.
pub(super) static CONFIDENCE: Definition = Definition::object(
    "confidence",
    Shape::of(&[
        member("score", number_between(0, 1)),
        member("rationale", TEXT),
    ]),
);

/// A claim.
pub(super) static CLAIM: Definition = Definition::object(
    "claim",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member("target", refer(&REF_LINK_TYPE)),
        member("predicate", TEXT),
        member("mitigationStrategies", list(&refer(&REF_LINK_TYPE))),
        member("reasoning", TEXT),
        member("evidence", list(&refer(&REF_LINK_TYPE))),
        member("counterEvidence", list(&refer(&REF_LINK_TYPE))),
        member("externalReferences", list(&refer(&EXTERNAL_REFERENCE))),
        member("signature", refer(&SIGNATURE)),
    ]),
);

/// Evidence for a claim.
pub(super) static DECLARED_EVIDENCE: Definition = Definition::object(
    "declaredEvidence",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member("propertyName", TEXT),
        member("description", TEXT),
        member("data", list(&refer(&EVIDENCE_DATA))),
        member("created", DATE_TIME),
        member("expires", DATE_TIME),
        member("author", refer(&ORGANIZATIONAL_CONTACT)),
        member("reviewer", refer(&ORGANIZATIONAL_CONTACT)),
        member("signature", refer(&SIGNATURE)),
    ]),
);

/// Data of the evidence.
pub(super) static EVIDENCE_DATA: Definition = Definition::object(
    "evidenceData",
    Shape::of(&[
        member("name", TEXT),
        member("contents", refer(&EVIDENCE_CONTENTS)),
        member("classification", TEXT),
        member("sensitiveData", list(&TEXT)),
        member("governance", refer(&DATA_GOVERNANCE)),
    ]),
);

/// Where that data is.
pub(super) static EVIDENCE_CONTENTS: Definition = Definition::object(
    "evidenceContents",
    Shape::of(&[
        member("attachment", refer(&ATTACHMENT)),
        member("url", IRI_REFERENCE),
    ]),
);

/// What claims are about.
pub(super) static TARGETS: Definition = Definition::object(
    "targets",
    Shape::of(&[
        member("organizations", list(&refer(&ORGANIZATIONAL_ENTITY))),
        member("components", list(&refer(&COMPONENT))),
        member("services", list(&refer(&SERVICE))),
    ]),
);

/// Who stands for it.
pub(super) static AFFIRMATION: Definition = Definition::object(
    "affirmation",
    Shape::of(&[
        member("statement", TEXT),
        member("signatories", list(&refer(&SIGNATORY))),
        member("signature", refer(&SIGNATURE)),
    ]),
);

/// Somebody who signs.
pub(super) static SIGNATORY: Definition = Definition::object(
    "signatory",
    Shape::of(&[
        member("name", TEXT),
        member("role", TEXT),
        member("signature", refer(&SIGNATURE)),
        member("organization", refer(&ORGANIZATIONAL_ENTITY)),
        member("externalReference", refer(&EXTERNAL_REFERENCE)),
    ])
    .demanding(&[(
        V1_3,
        Demand::ExactlyOne(&[&["signature"], &["externalReference", "organization"]]),
    )]),
);

/// A standard.
pub(super) static STANDARD: Definition = Definition::object(
    "standard",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member("name", TEXT),
        member("version", TEXT),
        member("description", TEXT),
        member("owner", TEXT),
        member("requirements", list(&refer(&REQUIREMENT))),
        member("levels", list(&refer(&LEVEL))),
        member("externalReferences", list(&refer(&EXTERNAL_REFERENCE))),
        member("signature", refer(&SIGNATURE)),
    ]),
);

/// A requirement of a standard.
pub(super) static REQUIREMENT: Definition = Definition::object(
    "requirement",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member("identifier", TEXT),
        member("title", TEXT),
        member("text", TEXT),
        member("descriptions", list(&TEXT)),
        member("openCre", list(&matching(Pattern::OpenCre))),
        member("parent", refer(&REF_LINK_TYPE)),
        member("properties", list(&refer(&PROPERTY))),
        member("externalReferences", list(&refer(&EXTERNAL_REFERENCE))),
    ]),
);

/// A level of a standard.
pub(super) static LEVEL: Definition = Definition::object(
    "level",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member("identifier", TEXT),
        member("title", TEXT),
        member("description", TEXT),
        member("requirements", list(&refer(&REF_LINK_TYPE))),
    ]),
);
