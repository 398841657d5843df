//! Components: where they come from and what they are made of.

use super::cryptography::CRYPTO_PROPERTIES;
use super::document::{
    ATTACHMENT, BOM_LINK_ELEMENT_TYPE, EXTERNAL_REFERENCE, HASH, PROPERTY, REF_LINK_TYPE, REF_TYPE,
    TAGS, VERSION, VERSION_RANGE,
};
use super::evidence::COMPONENT_EVIDENCE;
use super::licence::LICENCES;
use super::model::{COMPONENT_DATA, MODEL_CARD};
use super::party::{IDENTIFIABLE_ACTION, ORGANIZATIONAL_CONTACT, ORGANIZATIONAL_ENTITY};
use super::patent::PATENT_ASSERTIONS;
use super::signature::SIGNATURE;
use crate::grammar::pattern::Pattern;
use crate::grammar::rule::{
    BOOLEAN, DATE_TIME, Definition, Demand, INTEGER, IRI_REFERENCE, Shape, TEXT, any_of, list,
    matching, member, refer, revised, unique, word,
};
use crate::version::SpecVersion::{V1_3, V1_4, V1_5, V1_6, V1_7};

/// A component.
pub(super) static COMPONENT: Definition = Definition::object(
    "component",
    Shape::of(&[
        member(
            "type",
            word(&[
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
            ]),
        )
        .required(),
        member("mime-type", matching(Pattern::MediaType)),
        member("bom-ref", refer(&REF_TYPE)),
        member("supplier", refer(&ORGANIZATIONAL_ENTITY)),
        member("manufacturer", refer(&ORGANIZATIONAL_ENTITY)).since(V1_6),
        member("authors", list(&refer(&ORGANIZATIONAL_CONTACT))).since(V1_6),
        member("author", TEXT),
        member("publisher", TEXT),
        member("group", TEXT),
        member("name", TEXT).required(),
        member("version", revised(&[(V1_3, TEXT), (V1_6, refer(&VERSION))])).required_before(V1_4),
        member("versionRange", refer(&VERSION_RANGE)).since(V1_7),
        member("isExternal", BOOLEAN).since(V1_7),
        member("description", TEXT),
        member(
            "scope",
            word(&[(V1_3, &["required", "optional", "excluded"])]),
        ),
        member("hashes", list(&refer(&HASH))),
        member("licenses", refer(&LICENCES)),
        member("copyright", TEXT),
        member("patentAssertions", refer(&PATENT_ASSERTIONS)).since(V1_7),
        member("cpe", TEXT),
        member("purl", TEXT),
        member("omniborId", list(&TEXT)).since(V1_6),
        member("swhid", list(&TEXT)).since(V1_6),
        member("swid", refer(&SWID)),
        member("modified", BOOLEAN),
        member("pedigree", refer(&PEDIGREE)),
        member("externalReferences", list(&refer(&EXTERNAL_REFERENCE))),
        member("components", unique(&refer(&COMPONENT))),
        member("evidence", refer(&COMPONENT_EVIDENCE)),
        member("releaseNotes", refer(&RELEASE_NOTES)).since(V1_4),
        member("modelCard", refer(&MODEL_CARD)).since(V1_5),
        member("data", list(&refer(&COMPONENT_DATA))).since(V1_5),
        member("cryptoProperties", refer(&CRYPTO_PROPERTIES)).since(V1_6),
        member("properties", list(&refer(&PROPERTY))),
        member("tags", refer(&TAGS)).since(V1_6),
        member("signature", refer(&SIGNATURE)).since(V1_4),
    ])
    .demanding(&[
        (V1_7, Demand::NotBoth("version", "versionRange")),
        (V1_7, Demand::OnlyWith("versionRange", "isExternal")),
    ]),
);

/// An ISO 19770-2 tag.
pub(super) static SWID: Definition = Definition::object(
    "swid",
    Shape::of(&[
        member("tagId", TEXT).required(),
        member("name", TEXT).required(),
        member("version", TEXT),
        member("tagVersion", INTEGER),
        member("patch", BOOLEAN),
        member("text", refer(&ATTACHMENT)),
        member("url", IRI_REFERENCE),
    ]),
);

/// What a component was made from.
pub(super) static PEDIGREE: Definition = Definition::object(
    "pedigree",
    Shape::of(&[
        member("ancestors", list(&refer(&COMPONENT))),
        member("descendants", list(&refer(&COMPONENT))),
        member("variants", list(&refer(&COMPONENT))),
        member("commits", list(&refer(&COMMIT))),
        member("patches", list(&refer(&PATCH))),
        member("notes", TEXT),
    ]),
);

/// A commit.
pub(super) static COMMIT: Definition = Definition::object(
    "commit",
    Shape::of(&[
        member("uid", TEXT),
        member("url", IRI_REFERENCE),
        member("author", refer(&IDENTIFIABLE_ACTION)),
        member("committer", refer(&IDENTIFIABLE_ACTION)),
        member("message", TEXT),
    ]),
);

/// A patch.
pub(super) static PATCH: Definition = Definition::object(
    "patch",
    Shape::of(&[
        member(
            "type",
            word(&[(V1_3, &["unofficial", "monkey", "backport", "cherry-pick"])]),
        )
        .required(),
        member("diff", refer(&DIFF)),
        member("resolves", list(&refer(&ISSUE))),
    ]),
);

/// What a patch changes.
pub(super) static DIFF: Definition = Definition::object(
    "diff",
    Shape::of(&[
        member("text", refer(&ATTACHMENT)),
        member("url", IRI_REFERENCE),
    ]),
);

/// An issue that was resolved.
pub(super) static ISSUE: Definition = Definition::object(
    "issue",
    Shape::of(&[
        member(
            "type",
            word(&[(V1_3, &["defect", "enhancement", "security"])]),
        )
        .required(),
        member("id", TEXT),
        member("name", TEXT),
        member("description", TEXT),
        member("source", refer(&ISSUE_SOURCE)),
        member("references", list(&IRI_REFERENCE)),
    ]),
);

/// Where an issue is kept.
pub(super) static ISSUE_SOURCE: Definition = Definition::object(
    "issueSource",
    Shape::of(&[member("name", TEXT), member("url", IRI_REFERENCE)]),
);

/// What depends on what.
pub(super) static DEPENDENCY: Definition = Definition::object(
    "dependency",
    Shape::of(&[
        member(
            "ref",
            revised(&[(V1_3, refer(&REF_TYPE)), (V1_5, refer(&REF_LINK_TYPE))]),
        )
        .required(),
        member(
            "dependsOn",
            revised(&[
                (V1_3, unique(&refer(&REF_TYPE))),
                (V1_5, unique(&refer(&REF_LINK_TYPE))),
            ]),
        ),
        member("provides", unique(&refer(&REF_LINK_TYPE))).since(V1_6),
    ]),
);

/// How complete a part of the BOM is.
pub(super) static COMPOSITIONS: Definition = Definition::object(
    "compositions",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)).since(V1_5),
        member("aggregate", refer(&AGGREGATE_TYPE)).required(),
        member(
            "assemblies",
            revised(&[
                (V1_3, unique(&TEXT)),
                (
                    V1_5,
                    unique(&any_of(&[
                        refer(&REF_LINK_TYPE),
                        refer(&BOM_LINK_ELEMENT_TYPE),
                    ])),
                ),
            ]),
        ),
        member("dependencies", unique(&TEXT)),
        member("vulnerabilities", unique(&TEXT)).since(V1_5),
        member("signature", refer(&SIGNATURE)).since(V1_4),
    ]),
);

/// Degrees of completeness.
pub(super) static AGGREGATE_TYPE: Definition = Definition::of(
    "aggregateType",
    word(&[
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
    ]),
);

/// Notes on a release.
pub(super) static RELEASE_NOTES: Definition = Definition::object(
    "releaseNotes",
    Shape::of(&[
        member("type", TEXT).required(),
        member("title", TEXT),
        member("featuredImage", IRI_REFERENCE),
        member("socialImage", IRI_REFERENCE),
        member("description", TEXT),
        member("timestamp", DATE_TIME),
        member("aliases", list(&TEXT)),
        member(
            "tags",
            revised(&[(V1_3, list(&TEXT)), (V1_6, refer(&TAGS))]),
        ),
        member("resolves", list(&refer(&ISSUE))),
        member("notes", list(&refer(&NOTE))),
        member("properties", list(&refer(&PROPERTY))),
    ]),
);

/// A note in a language.
pub(super) static NOTE: Definition = Definition::object(
    "note",
    Shape::of(&[
        member("locale", refer(&LOCALE_TYPE)),
        member("text", refer(&ATTACHMENT)).required(),
    ]),
);

/// A language.
pub(super) static LOCALE_TYPE: Definition = Definition::of("localeType", matching(Pattern::Locale));
