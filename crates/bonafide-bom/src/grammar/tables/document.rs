//! The BOM itself, its metadata, and what is used all over it.

use super::component::{COMPONENT, COMPOSITIONS, DEPENDENCY};
use super::declaration::{DECLARATIONS, STANDARD};
use super::evidence::ANNOTATIONS;
use super::formulation::FORMULA;
use super::licence::LICENCES;
use super::party::{ORGANIZATIONAL_CONTACT, ORGANIZATIONAL_ENTITY};
use super::patent::{PATENT, PATENT_FAMILY};
use super::service::SERVICE;
use super::signature::SIGNATURE;
use super::vulnerability::VULNERABILITY;
use crate::grammar::pattern::Pattern;
use crate::grammar::rule::{
    DATE_TIME, Definition, Demand, INTEGER, IRI_REFERENCE, SOME_TEXT, Shape, TEXT, any_of,
    at_least_one, integer_from, list, matching, member, one_of, refer, reference_matching, revised,
    text_of, unique, word,
};
use crate::version::SpecVersion::{V1_3, V1_4, V1_5, V1_6, V1_7};

/// A BOM.
pub(in crate::grammar) static BOM: Definition = Definition::object(
    "bom",
    Shape::of(&[
        member(
            "$schema",
            revised(&[
                (
                    V1_3,
                    word(&[(V1_3, &["http://cyclonedx.org/schema/bom-1.3.schema.json"])]),
                ),
                (
                    V1_4,
                    word(&[(V1_3, &["http://cyclonedx.org/schema/bom-1.4.schema.json"])]),
                ),
                (
                    V1_5,
                    word(&[(V1_3, &["http://cyclonedx.org/schema/bom-1.5.schema.json"])]),
                ),
                (V1_6, TEXT),
            ]),
        ),
        member("bomFormat", word(&[(V1_3, &["CycloneDX"])])).required(),
        member("specVersion", TEXT).required(),
        member("serialNumber", matching(Pattern::SerialNumber)),
        member(
            "version",
            revised(&[(V1_3, INTEGER), (V1_5, integer_from(1))]),
        )
        .required_before(V1_5),
        member("metadata", refer(&METADATA)),
        member("components", unique(&refer(&COMPONENT))),
        member("services", unique(&refer(&SERVICE))),
        member("externalReferences", list(&refer(&EXTERNAL_REFERENCE))),
        member("dependencies", unique(&refer(&DEPENDENCY))),
        member("compositions", unique(&refer(&COMPOSITIONS))),
        member("vulnerabilities", unique(&refer(&VULNERABILITY))).since(V1_4),
        member("annotations", unique(&refer(&ANNOTATIONS))).since(V1_5),
        member("formulation", unique(&refer(&FORMULA))).since(V1_5),
        member("declarations", refer(&DECLARATIONS)).since(V1_6),
        member("definitions", refer(&DEFINITIONS)).since(V1_6),
        member("citations", unique(&refer(&CITATION))).since(V1_7),
        member("properties", list(&refer(&PROPERTY))).since(V1_5),
        member("signature", refer(&SIGNATURE)).since(V1_4),
    ]),
);

/// Who made the BOM, when, and what it describes.
pub(super) static METADATA: Definition = Definition::object(
    "metadata",
    Shape::of(&[
        member("timestamp", DATE_TIME),
        member(
            "lifecycles",
            list(&one_of(&[refer(&KNOWN_LIFECYCLE), refer(&NAMED_LIFECYCLE)])),
        )
        .since(V1_5),
        member(
            "tools",
            revised(&[
                (V1_3, list(&refer(&TOOL))),
                (V1_5, one_of(&[refer(&TOOL_INVENTORY), list(&refer(&TOOL))])),
            ]),
        ),
        member("manufacturer", refer(&ORGANIZATIONAL_ENTITY)).since(V1_6),
        member("authors", list(&refer(&ORGANIZATIONAL_CONTACT))),
        member("component", refer(&COMPONENT)),
        member("manufacture", refer(&ORGANIZATIONAL_ENTITY)),
        member("supplier", refer(&ORGANIZATIONAL_ENTITY)),
        member("licenses", refer(&LICENCES)),
        member("properties", list(&refer(&PROPERTY))),
        member("distributionConstraints", refer(&DISTRIBUTION_CONSTRAINTS)).since(V1_7),
    ]),
);

/// A phase that the specification names.
pub(super) static KNOWN_LIFECYCLE: Definition = Definition::object(
    "knownLifecycle",
    Shape::of(&[member(
        "phase",
        word(&[(
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
        )]),
    )
    .required()]),
);

/// A phase that it does not name.
pub(super) static NAMED_LIFECYCLE: Definition = Definition::object(
    "namedLifecycle",
    Shape::of(&[member("name", TEXT).required(), member("description", TEXT)]),
);

/// Tools as components and services.
pub(super) static TOOL_INVENTORY: Definition = Definition::object(
    "toolInventory",
    Shape::of(&[
        member("components", unique(&refer(&COMPONENT))),
        member("services", unique(&refer(&SERVICE))),
    ]),
);

/// A tool as it was described until 1.4.
pub(super) static TOOL: Definition = Definition::object(
    "tool",
    Shape::of(&[
        member("vendor", TEXT),
        member("name", TEXT),
        member("version", revised(&[(V1_3, TEXT), (V1_6, refer(&VERSION))])),
        member("hashes", list(&refer(&HASH))),
        member("externalReferences", list(&refer(&EXTERNAL_REFERENCE))).since(V1_4),
    ]),
);

/// Who may see the BOM.
pub(super) static DISTRIBUTION_CONSTRAINTS: Definition = Definition::object(
    "distributionConstraints",
    Shape::of(&[member("tlp", refer(&TLP_CLASSIFICATION))]),
);

/// A label of the Traffic Light Protocol.
pub(super) static TLP_CLASSIFICATION: Definition = Definition::of(
    "tlpClassification",
    word(&[(
        V1_3,
        &["CLEAR", "GREEN", "AMBER", "AMBER_AND_STRICT", "RED"],
    )]),
);

/// Standards and patents that other places refer to.
pub(super) static DEFINITIONS: Definition = Definition::object(
    "definitions",
    Shape::of(&[
        member("standards", list(&refer(&STANDARD))),
        member(
            "patents",
            list(&any_of(&[refer(&PATENT), refer(&PATENT_FAMILY)])),
        )
        .since(V1_7),
    ]),
);

/// The name of an element within the BOM.
pub(super) static REF_TYPE: Definition =
    Definition::of("refType", revised(&[(V1_3, TEXT), (V1_5, SOME_TEXT)]));

/// The name of an element somewhere in the BOM.
pub(super) static REF_LINK_TYPE: Definition = Definition::of("refLinkType", refer(&REF_TYPE));

/// A link to a BOM.
pub(super) static BOM_LINK_DOCUMENT_TYPE: Definition = Definition::of(
    "bomLinkDocumentType",
    reference_matching(Pattern::BomLinkDocument),
);

/// A link to an element of another BOM.
pub(super) static BOM_LINK_ELEMENT_TYPE: Definition = Definition::of(
    "bomLinkElementType",
    reference_matching(Pattern::BomLinkElement),
);

/// Either link.
pub(super) static BOM_LINK: Definition = Definition::of(
    "bomLink",
    any_of(&[
        refer(&BOM_LINK_DOCUMENT_TYPE),
        refer(&BOM_LINK_ELEMENT_TYPE),
    ]),
);

/// The version of something.
pub(super) static VERSION: Definition = Definition::of(
    "version",
    revised(&[(V1_3, text_of(1, 1024)), (V1_6, text_of(0, 1024))]),
);

/// A range of versions (VERS).
pub(super) static VERSION_RANGE: Definition = Definition::of(
    "versionRange",
    revised(&[(V1_3, text_of(1, 1024)), (V1_6, text_of(1, 4096))]),
);

/// Text or binary data, inline.
pub(super) static ATTACHMENT: Definition = Definition::object(
    "attachment",
    Shape::of(&[
        member("contentType", TEXT),
        member("encoding", word(&[(V1_3, &["base64"])])),
        member("content", TEXT).required(),
    ]),
);

/// A digest.
pub(super) static HASH: Definition = Definition::object(
    "hash",
    Shape::of(&[
        member("alg", refer(&HASH_ALG)).required(),
        member("content", refer(&HASH_CONTENT)).required(),
    ]),
);

/// The algorithm of a digest.
pub(super) static HASH_ALG: Definition = Definition::of(
    "hash-alg",
    word(&[
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
    ]),
);

/// The value of a digest.
pub(super) static HASH_CONTENT: Definition =
    Definition::of("hash-content", matching(Pattern::Digest));

/// Something that is kept elsewhere.
pub(super) static EXTERNAL_REFERENCE: Definition = Definition::object(
    "externalReference",
    Shape::of(&[
        member(
            "url",
            revised(&[
                (V1_3, IRI_REFERENCE),
                (V1_5, any_of(&[IRI_REFERENCE, refer(&BOM_LINK)])),
            ]),
        )
        .required(),
        member("comment", TEXT),
        member(
            "type",
            word(&[
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
                        "codified-infrastructure",
                        "quality-metrics",
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
            ]),
        )
        .required(),
        member("hashes", list(&refer(&HASH))),
        member("properties", list(&refer(&PROPERTY))).since(V1_7),
    ]),
);

/// A name and a value.
pub(super) static PROPERTY: Definition = Definition::object(
    "property",
    Shape::of(&[
        member("name", TEXT).required_since(V1_6),
        member("value", TEXT),
    ])
    .closed_since(V1_6),
);

/// Tags.
pub(super) static TAGS: Definition = Definition::of("tags", list(&TEXT));

/// Who is the source of which statement.
pub(super) static CITATION: Definition = Definition::object(
    "citation",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member("pointers", at_least_one(&TEXT)),
        member("expressions", at_least_one(&TEXT)),
        member("timestamp", DATE_TIME).required(),
        member("attributedTo", refer(&REF_LINK_TYPE)),
        member("process", refer(&REF_LINK_TYPE)),
        member("note", TEXT),
        member("signature", refer(&SIGNATURE)),
    ])
    .demanding(&[
        (V1_3, Demand::ExactlyOne(&[&["pointers"], &["expressions"]])),
        (V1_3, Demand::AtLeastOne(&["attributedTo", "process"])),
    ]),
);
