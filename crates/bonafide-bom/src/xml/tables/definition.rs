//! Definitions: standards, patents.

use super::party::{ORGANIZATIONAL_CONTACT, ORGANIZATIONAL_ENTITY};
use super::reference::{EXTERNAL_REFERENCES, PROPERTIES};
use crate::grammar::SpecVersion::{V1_3, V1_7};
use crate::xml::simple::{DATE, REFERENCE, STRING, Simple};
use crate::xml::structure::{
    FOREIGN, Structure, Wildcard, attribute, choice, nested, sequence, text,
};

/// `definitionsType`
pub(super) static DEFINITIONS: Structure = Structure::object(&[
    nested("standards", &STANDARDS).optional(),
    nested("patents", &PATENTS).optional().since(V1_7),
]);

/// `definitionsType/patents`
pub(super) static PATENTS: Structure = Structure::list(&[choice(&[
    nested("patent", &PATENT),
    nested("patentFamily", &PATENT_FAMILY),
])
.many()]);

/// `standardsType`
pub(super) static STANDARDS: Structure =
    Structure::list(&[sequence(&[nested("standard", &STANDARD), FOREIGN]).many()])
        .open(Wildcard::Any);

/// `standard`
pub(super) static STANDARD: Structure = Structure::object(&[
    text("name", &STRING),
    text("version", &STRING),
    text("description", &STRING),
    text("owner", &STRING),
    nested(
        "requirements",
        &Structure::list(&[nested("requirement", &REQUIREMENT).many()]),
    )
    .optional(),
    nested(
        "levels",
        &Structure::list(&[nested("level", &LEVEL).many()]),
    )
    .optional(),
    nested("externalReferences", &EXTERNAL_REFERENCES).optional(),
    FOREIGN,
])
.attributes(&[attribute("bom-ref", &REFERENCE)])
.open(Wildcard::Other);

/// `standard/requirements/requirement`
pub(super) static REQUIREMENT: Structure = Structure::object(&[
    text("identifier", &STRING).optional(),
    text("title", &STRING).optional(),
    text("text", &STRING).optional(),
    nested(
        "descriptions",
        &Structure::list(&[text("description", &STRING).many()]),
    )
    .optional(),
    text("openCre", &REQUIREMENT_OPEN_CRE).many(),
    text("parent", &REFERENCE).optional(),
    nested("properties", &PROPERTIES).optional(),
    nested("externalReferences", &EXTERNAL_REFERENCES).optional(),
])
.attributes(&[attribute("bom-ref", &REFERENCE)])
.open(Wildcard::Other);

/// `standard/levels/level`
pub(super) static LEVEL: Structure = Structure::object(&[
    text("identifier", &STRING).optional(),
    text("title", &STRING).optional(),
    text("description", &STRING).optional(),
    nested(
        "requirements",
        &Structure::list(&[text("requirement", &REFERENCE).many()]),
    )
    .optional(),
])
.attributes(&[attribute("bom-ref", &REFERENCE)])
.open(Wildcard::Other);

/// `patentFamilyType`
pub(super) static PATENT_FAMILY: Structure = Structure::object(&[
    text("familyId", &STRING),
    nested("priorityApplication", &PRIORITY_APPLICATION).optional(),
    nested(
        "members",
        &Structure::list(&[text("ref", &REFERENCE).some()]),
    )
    .optional(),
    nested("externalReferences", &EXTERNAL_REFERENCES).optional(),
])
.attributes(&[attribute("bom-ref", &REFERENCE)])
.open(Wildcard::Other);

/// `patentType`
pub(super) static PATENT: Structure = Structure::object(&[
    text("patentNumber", &PATENT_NUMBER),
    text("applicationNumber", &PATENT_NUMBER).optional(),
    text("jurisdiction", &PATENT_JURISDICTION),
    nested("priorityApplication", &PRIORITY_APPLICATION).optional(),
    text("publicationNumber", &PATENT_NUMBER).optional(),
    text("title", &STRING).optional(),
    text("abstract", &STRING).optional(),
    text("filingDate", &DATE).optional(),
    text("grantDate", &DATE).optional(),
    text("patentExpirationDate", &DATE).optional(),
    text("patentLegalStatus", &PATENT_LEGAL_STATUS),
    nested("patentAssignee", &PATENT_ASSIGNEE).many(),
    nested("externalReferences", &EXTERNAL_REFERENCES).optional(),
])
.attributes(&[attribute("bom-ref", &REFERENCE)])
.open(Wildcard::Other);

/// `patentType/patentAssignee`
pub(super) static PATENT_ASSIGNEE: Structure = Structure::value(&[choice(&[
    nested("organization", &ORGANIZATIONAL_ENTITY).optional(),
    nested("individual", &ORGANIZATIONAL_CONTACT).optional(),
])]);

/// `patentAssertionType`
pub(super) static PATENT_ASSERTION: Structure = Structure::object(&[
    text("assertionType", &PATENT_ASSERTION_VALUE),
    nested(
        "patentRefs",
        &Structure::list(&[text("bom-ref", &STRING).some()]),
    )
    .optional(),
    nested("asserter", &ASSERTER),
    text("notes", &STRING).optional(),
])
.attributes(&[attribute("bom-ref", &REFERENCE)])
.open(Wildcard::Other);

/// `patentAssertionType/asserter`
pub(super) static ASSERTER: Structure = Structure::value(&[choice(&[
    nested("organization", &ORGANIZATIONAL_ENTITY),
    nested("contact", &ORGANIZATIONAL_CONTACT),
    text("ref", &REFERENCE),
])]);

/// `priorityApplicationType`
pub(super) static PRIORITY_APPLICATION: Structure = Structure::object(&[
    text("applicationNumber", &PATENT_NUMBER),
    text("jurisdiction", &PATENT_JURISDICTION),
    text("filingDate", &DATE),
]);

pub(super) static REQUIREMENT_OPEN_CRE: Simple = STRING.pattern(r"CRE:[0-9]+-[0-9]+");

pub(super) static PATENT_NUMBER: Simple =
    STRING.pattern(r"[A-Za-z0-9][A-Za-z0-9\-/.() ]{0,28}[A-Za-z0-9]");

pub(super) static PATENT_JURISDICTION: Simple = STRING.pattern(r"[A-Z]{2}");

pub(super) static PATENT_LEGAL_STATUS: Simple = Simple::one_of(&[(
    V1_3,
    &[
        "pending",
        "granted",
        "revoked",
        "expired",
        "lapsed",
        "withdrawn",
        "abandoned",
        "suspended",
        "reinstated",
        "opposed",
        "terminated",
        "invalidated",
        "in-force",
    ],
)]);

pub(super) static PATENT_ASSERTION_VALUE: Simple = Simple::one_of(&[(
    V1_3,
    &[
        "ownership",
        "license",
        "third-party-claim",
        "standards-inclusion",
        "prior-art",
        "exclusive-rights",
        "non-assertion",
        "research-or-evaluation",
    ],
)]);
