//! What many parts share: organisations, hashes, references, properties, release notes.

use crate::grammar::SpecVersion::{V1_3, V1_4, V1_5, V1_6, V1_7};
use crate::xml::simple::{DATE_TIME, NORMALIZED, REFERENCE, STRING, Simple, TOKEN, URI, VERSION};
use crate::xml::structure::{
    FOREIGN, Structure, Wildcard, attribute, choice, nested, sequence, text,
};

/// `organizationalEntity`
pub(super) static ORGANIZATIONAL_ENTITY: Structure = Structure::object(&[
    text("name", &NORMALIZED).optional(),
    nested("address", &POSTAL_ADDRESS).optional().since(V1_6),
    text("url", &URI).many(),
    nested("contact", &ORGANIZATIONAL_CONTACT).many(),
    FOREIGN,
])
.attributes(&[attribute("bom-ref", &REFERENCE).since(V1_5)])
.open(Wildcard::Other);

/// `toolType`
pub(super) static TOOL: Structure = Structure::object(&[
    text("vendor", &NORMALIZED).optional(),
    text("name", &NORMALIZED).optional(),
    text("version", &VERSION).optional(),
    nested("hashes", &Structure::list(&[nested("hash", &HASH).many()])).optional(),
    nested("externalReferences", &EXTERNAL_REFERENCES)
        .optional()
        .since(V1_4),
    FOREIGN,
])
.open(Wildcard::Other);

/// `organizationalContact`
pub(super) static ORGANIZATIONAL_CONTACT: Structure = Structure::object(&[
    text("name", &NORMALIZED).optional(),
    text("email", &NORMALIZED).optional(),
    text("phone", &NORMALIZED).optional(),
    FOREIGN,
])
.attributes(&[attribute("bom-ref", &REFERENCE).since(V1_5)])
.open(Wildcard::Other);

/// `attachedTextType`
pub(super) static ATTACHED_TEXT: Structure = Structure::text(&STRING, "content").attributes(&[
    attribute("content-type", &NORMALIZED).member("contentType"),
    attribute("encoding", &ENCODING),
]);

/// `hashType`
pub(super) static HASH: Structure =
    Structure::text(&HASH_VALUE, "content").attributes(&[attribute("alg", &HASH_ALG).required()]);

/// `externalReferences`
pub(super) static EXTERNAL_REFERENCES: Structure =
    Structure::list(&[nested("reference", &EXTERNAL_REFERENCE).many()]);

/// `externalReference`
pub(super) static EXTERNAL_REFERENCE: Structure = Structure::object(&[
    text("url", &URI),
    text("comment", &STRING).optional(),
    nested("hashes", &Structure::list(&[nested("hash", &HASH).many()])).optional(),
    nested("properties", &PROPERTIES).optional().since(V1_7),
])
.attributes(&[attribute("type", &EXTERNAL_REFERENCE_VALUE).required()])
.open(Wildcard::Any);

/// `issueType`
pub(super) static ISSUE: Structure = Structure::object(&[
    text("id", &NORMALIZED).optional(),
    text("name", &NORMALIZED).optional(),
    text("description", &NORMALIZED).optional(),
    nested("source", &SOURCE).optional(),
    nested("references", &Structure::list(&[text("url", &URI).many()])).optional(),
    FOREIGN,
])
.attributes(&[attribute("type", &ISSUE_CLASSIFICATION).required()]);

/// `issueType/source`
pub(super) static SOURCE: Structure = Structure::object(&[
    text("name", &NORMALIZED).optional(),
    text("url", &URI).optional(),
]);

/// `bomReferenceType`
pub(super) static BOM_REFERENCE: Structure = Structure::value(&[])
    .attributes(&[attribute("ref", &REFERENCE).required()])
    .open(Wildcard::Other);

/// `propertiesType`
pub(super) static PROPERTIES: Structure =
    Structure::list(&[sequence(&[nested("property", &PROPERTY), FOREIGN]).many()])
        .open(Wildcard::Any);

/// `propertyType`
pub(super) static PROPERTY: Structure = Structure::optional_text(&NORMALIZED, "value")
    .attributes(&[attribute("name", &STRING).required()]);

/// `releaseNotesType`
pub(super) static RELEASE_NOTES: Structure = Structure::object(&[sequence(&[
    text("type", &NORMALIZED),
    text("title", &STRING).optional(),
    text("featuredImage", &URI).optional(),
    text("socialImage", &URI).optional(),
    text("description", &STRING).optional(),
    text("timestamp", &DATE_TIME).optional(),
    nested(
        "aliases",
        &Structure::list(&[text("alias", &NORMALIZED).many()]),
    )
    .optional(),
    nested(
        "tags",
        &Structure::list(&[text("tag", &NORMALIZED).many().until(V1_5)]),
    )
    .optional()
    .until(V1_5),
    nested("tags", &TAGS).optional().since(V1_6),
    nested(
        "resolves",
        &Structure::list(&[nested("issue", &ISSUE).many()]),
    )
    .optional(),
    nested("notes", &Structure::list(&[nested("note", &NOTE).many()])).optional(),
    nested("properties", &PROPERTIES).optional(),
    FOREIGN,
])
.many()])
.open(Wildcard::Any);

/// `releaseNotesType/notes/note`
pub(super) static NOTE: Structure = Structure::object(&[sequence(&[
    text("locale", &LOCALE).optional(),
    nested("text", &ATTACHED_TEXT),
])
.many()]);

/// `organizationOrIndividualType`
pub(super) static ORGANIZATION_OR_INDIVIDUAL: Structure = Structure::object(&[choice(&[
    nested("organization", &ORGANIZATIONAL_ENTITY).optional(),
    nested("individual", &ORGANIZATIONAL_CONTACT)
        .optional()
        .member("contact"),
])]);

/// `postalAddressType`
pub(super) static POSTAL_ADDRESS: Structure = Structure::object(&[
    text("country", &STRING).optional(),
    text("region", &STRING).optional(),
    text("locality", &STRING).optional(),
    text("postOfficeBoxNumber", &STRING).optional(),
    text("postalCode", &STRING).optional(),
    text("streetAddress", &STRING).optional(),
])
.attributes(&[attribute("bom-ref", &REFERENCE)]);

/// `tagsType`
pub(super) static TAGS: Structure = Structure::list(&[text("tag", &NORMALIZED).many()]);

pub(super) static ENCODING: Simple = Simple::one_of(&[(V1_3, &["base64"])]);

pub(super) static HASH_VALUE: Simple = TOKEN.pattern(
    r"([a-fA-F0-9]{32})|([a-fA-F0-9]{40})|([a-fA-F0-9]{64})|([a-fA-F0-9]{96})|([a-fA-F0-9]{128})",
);

pub(super) static HASH_ALG: Simple = Simple::one_of(&[
    (
        V1_3,
        &[
            "MD5",
            "SHA-1",
            "SHA-256",
            "SHA-384",
            "SHA-512",
            "SHA3-256",
            "SHA3-384",
            "SHA3-512",
            "BLAKE2b-256",
            "BLAKE2b-384",
            "BLAKE2b-512",
            "BLAKE3",
        ],
    ),
    (V1_7, &["Streebog-256", "Streebog-512"]),
]);

pub(super) static EXTERNAL_REFERENCE_VALUE: Simple = Simple::one_of(&[
    (
        V1_3,
        &[
            "vcs",
            "issue-tracker",
            "website",
            "advisories",
            "bom",
            "mailing-list",
            "social",
            "chat",
            "documentation",
            "support",
            "distribution",
            "license",
            "build-meta",
            "build-system",
            "other",
        ],
    ),
    (V1_4, &["release-notes"]),
    (
        V1_5,
        &[
            "distribution-intake",
            "security-contact",
            "model-card",
            "log",
            "configuration",
            "evidence",
            "formulation",
            "attestation",
            "threat-model",
            "adversary-model",
            "risk-assessment",
            "vulnerability-assertion",
            "exploitability-statement",
            "pentest-report",
            "static-analysis-report",
            "dynamic-analysis-report",
            "runtime-analysis-report",
            "component-analysis-report",
            "maturity-report",
            "certification-report",
            "quality-metrics",
            "codified-infrastructure",
            "poam",
        ],
    ),
    (
        V1_6,
        &[
            "source-distribution",
            "electronic-signature",
            "digital-signature",
            "rfc-9116",
        ],
    ),
    (
        V1_7,
        &["patent", "patent-family", "patent-assertion", "citation"],
    ),
]);

pub(super) static ISSUE_CLASSIFICATION: Simple =
    Simple::one_of(&[(V1_3, &["defect", "enhancement", "security"])]);

pub(super) static LOCALE: Simple = STRING.pattern(r"([a-z]{2})(-[A-Z]{2})?");
