//! Components, their pedigree and their evidence.

use super::cryptography::CRYPTO_PROPERTIES;
use super::definition::PATENT_ASSERTION;
use super::licence::LICENCES;
use super::model::{COMPONENT_DATA, MODEL_CARD};
use super::party::{ORGANIZATIONAL_CONTACT, ORGANIZATIONAL_ENTITY};
use super::reference::{ATTACHED_TEXT, BOM_REFERENCE, EXTERNAL_REFERENCES, HASH, PROPERTIES};
use super::release::{ISSUE, RELEASE_NOTES, TAGS};
use crate::grammar::SpecVersion::{V1_3, V1_4, V1_5, V1_6, V1_7};
use crate::xml::simple::{
    BOOLEAN, DATE_TIME, INTEGER, NATURAL, NORMALIZED, PERCENT, REFERENCE, STRING, Simple, TOKEN,
    URI, VERSION, VERSION_RANGE,
};
use crate::xml::structure::{
    FOREIGN, Structure, Wildcard, anything, attribute, choice, nested, sequence, text,
};

/// `componentsType`
pub(super) static COMPONENTS: Structure =
    Structure::list(&[sequence(&[nested("component", &COMPONENT), FOREIGN]).many()])
        .open(Wildcard::Any);

/// `component`
pub(super) static COMPONENT: Structure = Structure::object(&[
    nested("supplier", &ORGANIZATIONAL_ENTITY).optional(),
    nested("manufacturer", &ORGANIZATIONAL_ENTITY)
        .optional()
        .since(V1_6),
    nested(
        "authors",
        &Structure::list(&[nested("author", &ORGANIZATIONAL_CONTACT).many()]),
    )
    .optional()
    .since(V1_6),
    text("author", &NORMALIZED).optional(),
    text("publisher", &NORMALIZED).optional(),
    text("group", &NORMALIZED).optional(),
    text("name", &NORMALIZED),
    text("version", &VERSION).until(V1_3),
    text("version", &VERSION).optional().since(V1_4).until(V1_6),
    choice(&[
        text("version", &VERSION),
        text("versionRange", &VERSION_RANGE),
    ])
    .optional()
    .since(V1_7),
    text("description", &NORMALIZED).optional(),
    text("scope", &SCOPE).optional().until(V1_4),
    text("scope", &SCOPE)
        .optional()
        .or_default("required")
        .since(V1_5),
    nested("hashes", &Structure::list(&[nested("hash", &HASH).many()])).optional(),
    nested("licenses", &LICENCES).optional(),
    text("copyright", &NORMALIZED).optional(),
    nested(
        "patentAssertions",
        &Structure::list(&[nested("patentAssertion", &PATENT_ASSERTION).many()]),
    )
    .optional()
    .since(V1_7),
    text("cpe", &CPE).optional(),
    text("purl", &URI).optional(),
    text("omniborId", &STRING).many().since(V1_6),
    text("swhid", &STRING).many().since(V1_6),
    nested("swid", &SWID).optional(),
    text("modified", &BOOLEAN).optional(),
    nested("pedigree", &PEDIGREE).optional(),
    nested("externalReferences", &EXTERNAL_REFERENCES).optional(),
    nested("properties", &PROPERTIES).optional(),
    nested("components", &COMPONENT_COMPONENTS).optional(),
    nested("evidence", &COMPONENT_EVIDENCE).optional(),
    nested("releaseNotes", &RELEASE_NOTES)
        .optional()
        .since(V1_4),
    nested("modelCard", &MODEL_CARD).optional().since(V1_5),
    nested("data", &COMPONENT_DATA)
        .optional()
        .members("data")
        .since(V1_5)
        .until(V1_5),
    nested("data", &COMPONENT_DATA).many().since(V1_6),
    nested("cryptoProperties", &CRYPTO_PROPERTIES)
        .optional()
        .since(V1_6),
    nested("tags", &TAGS).optional().since(V1_6),
    FOREIGN,
])
.attributes(&[
    attribute("type", &CLASSIFICATION).required(),
    attribute("mime-type", &MIME),
    attribute("bom-ref", &REFERENCE),
    attribute("isExternal", &BOOLEAN).since(V1_7),
])
.open(Wildcard::Any);

/// `component/components`
pub(super) static COMPONENT_COMPONENTS: Structure =
    Structure::list(&[sequence(&[nested("component", &COMPONENT), FOREIGN]).many()]);

/// `swidType`
pub(super) static SWID: Structure = Structure::object(&[
    nested("text", &ATTACHED_TEXT).optional(),
    text("url", &URI).optional(),
    FOREIGN,
])
.attributes(&[
    attribute("tagId", &STRING).required(),
    attribute("name", &STRING).required(),
    attribute("version", &STRING),
    attribute("tagVersion", &INTEGER),
    attribute("patch", &BOOLEAN),
]);

/// `commitsType`
pub(super) static COMMITS: Structure =
    Structure::list(&[sequence(&[nested("commit", &COMMIT), FOREIGN]).many()]);

/// `commitType`
pub(super) static COMMIT: Structure = Structure::object(&[
    text("uid", &NORMALIZED).optional(),
    text("url", &URI).optional(),
    nested("author", &IDENTIFIABLE_ACTION).optional(),
    nested("committer", &IDENTIFIABLE_ACTION).optional(),
    text("message", &NORMALIZED).optional(),
    FOREIGN,
]);

/// `patchesType`
pub(super) static PATCHES: Structure =
    Structure::list(&[sequence(&[nested("patch", &PATCH), FOREIGN]).many()]);

/// `patchType`
pub(super) static PATCH: Structure = Structure::object(&[
    nested("diff", &DIFF).optional(),
    nested(
        "resolves",
        &Structure::list(&[nested("issue", &ISSUE).many()]),
    )
    .optional(),
    FOREIGN,
])
.attributes(&[attribute("type", &PATCH_CLASSIFICATION).required()]);

/// `diffType`
pub(super) static DIFF: Structure = Structure::object(&[
    nested("text", &ATTACHED_TEXT).optional(),
    text("url", &URI).optional(),
    FOREIGN,
]);

/// `identifiableActionType`
pub(super) static IDENTIFIABLE_ACTION: Structure = Structure::object(&[
    text("timestamp", &DATE_TIME).optional(),
    text("name", &NORMALIZED).optional(),
    text("email", &NORMALIZED).optional(),
    FOREIGN,
]);

/// `pedigreeType`
pub(super) static PEDIGREE: Structure = Structure::object(&[
    nested("ancestors", &COMPONENTS).optional(),
    nested("descendants", &COMPONENTS).optional(),
    nested("variants", &COMPONENTS).optional(),
    nested("commits", &COMMITS).optional(),
    nested("patches", &PATCHES).optional(),
    text("notes", &STRING).optional(),
    FOREIGN,
]);

/// `copyrightsType`
pub(super) static COPYRIGHTS: Structure =
    Structure::list(&[text("text", &STRING).many().wrapped("text")]);

/// `componentEvidenceType`
pub(super) static COMPONENT_EVIDENCE: Structure = Structure::object(&[
    nested("identity", &IDENTITY)
        .optional()
        .since(V1_5)
        .until(V1_5),
    nested("identity", &IDENTITY).many().since(V1_6),
    nested(
        "occurrences",
        &Structure::list(&[nested("occurrence", &OCCURRENCE).many()]),
    )
    .optional()
    .since(V1_5),
    nested("callstack", &CALLSTACK).optional().since(V1_5),
    nested("licenses", &LICENCES).optional(),
    nested("copyright", &COPYRIGHTS).optional(),
    FOREIGN,
])
.open(Wildcard::Any);

/// `componentEvidenceType/identity/methods/method`
pub(super) static METHOD: Structure = Structure::object(&[
    text("technique", &EVIDENCE_TECHNIQUE),
    text("confidence", &PERCENT),
    text("value", &STRING).optional(),
]);

/// `componentEvidenceType/identity`
pub(super) static IDENTITY: Structure = Structure::object(&[
    text("field", &IDENTITY_FIELD),
    text("confidence", &PERCENT).optional(),
    text("concludedValue", &STRING).optional().since(V1_6),
    nested(
        "methods",
        &Structure::list(&[nested("method", &METHOD).many()]),
    )
    .optional(),
    nested(
        "tools",
        &Structure::list(&[nested("tool", &BOM_REFERENCE).many()]),
    )
    .optional(),
]);

/// `componentEvidenceType/occurrences/occurrence`
pub(super) static OCCURRENCE: Structure = Structure::object(&[
    anything("location").until(V1_5),
    text("location", &STRING).since(V1_6),
    text("line", &NATURAL).optional().since(V1_6),
    text("offset", &NATURAL).optional().since(V1_6),
    text("symbol", &STRING).optional().since(V1_6),
    text("additionalContext", &STRING).optional().since(V1_6),
])
.attributes(&[attribute("bom-ref", &REFERENCE)]);

/// `componentEvidenceType/callstack/frames/frame`
pub(super) static FRAME: Structure = Structure::object(&[
    text("package", &STRING).optional(),
    text("module", &STRING),
    text("function", &STRING).optional(),
    nested(
        "parameters",
        &Structure::list(&[text("parameter", &STRING).many()]),
    )
    .optional(),
    text("line", &INTEGER).optional(),
    text("column", &INTEGER).optional(),
    text("fullFilename", &STRING).optional(),
]);

/// `componentEvidenceType/callstack`
pub(super) static CALLSTACK: Structure = Structure::object(&[
    nested(
        "frames",
        &Structure::list(&[nested("frame", &FRAME).many()]),
    )
    .optional(),
    nested(
        "tools",
        &Structure::list(&[nested("tool", &BOM_REFERENCE).many()]),
    )
    .optional(),
]);

pub(super) static SCOPE: Simple = Simple::one_of(&[(V1_3, &["required", "optional", "excluded"])]);

pub(super) static CPE: Simple = STRING.pattern(r##"([c][pP][eE]:/[AHOaho]?(:[A-Za-z0-9\._\-~%]*){0,6})|(cpe:2\.3:[aho\*\-](:(((\?*|\*?)([a-zA-Z0-9\-\._]|(\\[\\\*\?!"#$$%&'\(\)\+,/:;<=>@\[\]\^`\{\|}~]))+(\?*|\*?))|[\*\-])){5}(:(([a-zA-Z]{2,3}(-([a-zA-Z]{2}|[0-9]{3}))?)|[\*\-]))(:(((\?*|\*?)([a-zA-Z0-9\-\._]|(\\[\\\*\?!"#$$%&'\(\)\+,/:;<=>@\[\]\^`\{\|}~]))+(\?*|\*?))|[\*\-])){4})"##);

pub(super) static CLASSIFICATION: Simple = Simple::one_of(&[
    (
        V1_3,
        &[
            "application",
            "framework",
            "library",
            "container",
            "operating-system",
            "device",
            "firmware",
            "file",
        ],
    ),
    (
        V1_5,
        &[
            "platform",
            "device-driver",
            "machine-learning-model",
            "data",
        ],
    ),
    (V1_6, &["cryptographic-asset"]),
]);

pub(super) static MIME: Simple = TOKEN.pattern(r"[-+a-z0-9.]+/[-+a-z0-9.]+");

pub(super) static PATCH_CLASSIFICATION: Simple =
    Simple::one_of(&[(V1_3, &["unofficial", "monkey", "backport", "cherry-pick"])]);

pub(super) static IDENTITY_FIELD: Simple = Simple::one_of(&[
    (
        V1_3,
        &["group", "name", "version", "purl", "cpe", "swid", "hash"],
    ),
    (V1_6, &["omniborId", "swhid"]),
]);

pub(super) static EVIDENCE_TECHNIQUE: Simple = Simple::one_of(&[(
    V1_3,
    &[
        "source-code-analysis",
        "binary-analysis",
        "manifest-analysis",
        "ast-fingerprint",
        "hash-comparison",
        "instrumentation",
        "dynamic-analysis",
        "filename",
        "attestation",
        "other",
    ],
)]);
