//! Digests, references, attachments and properties, and the old form of tools.

use crate::grammar::SpecVersion::{V1_3, V1_4, V1_5, V1_6, V1_7};
use crate::xml::simple::{NORMALIZED, REFERENCE, STRING, Simple, TOKEN, URI, VERSION};
use crate::xml::structure::{FOREIGN, Structure, Wildcard, attribute, nested, sequence, text};

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
