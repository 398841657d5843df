//! Evidence: how a component was identified and where it was found.

use super::component::COMPONENT;
use super::document::{BOM_LINK_ELEMENT_TYPE, REF_LINK_TYPE, REF_TYPE};
use super::licence::LICENCES;
use super::party::{ORGANIZATIONAL_CONTACT, ORGANIZATIONAL_ENTITY};
use super::service::SERVICE;
use super::signature::SIGNATURE;
use crate::grammar::rule::{
    DATE_TIME, Definition, Demand, INTEGER, Shape, TEXT, any_of, integer_from, list, member,
    number_between, one_of, refer, revised, unique, word,
};
use crate::version::SpecVersion::{V1_3, V1_5, V1_6};

/// Evidence about a component.
pub(super) static COMPONENT_EVIDENCE: Definition = Definition::object(
    "componentEvidence",
    Shape::of(&[
        member(
            "identity",
            revised(&[
                (V1_3, refer(&COMPONENT_IDENTITY_EVIDENCE)),
                (
                    V1_6,
                    one_of(&[
                        list(&refer(&COMPONENT_IDENTITY_EVIDENCE)),
                        refer(&COMPONENT_IDENTITY_EVIDENCE),
                    ]),
                ),
            ]),
        )
        .since(V1_5),
        member("occurrences", list(&refer(&OCCURRENCE))).since(V1_5),
        member("callstack", refer(&CALLSTACK)).since(V1_5),
        member("licenses", refer(&LICENCES)),
        member("copyright", list(&refer(&COPYRIGHT))),
    ]),
);

/// How one field of its identity was found.
pub(super) static COMPONENT_IDENTITY_EVIDENCE: Definition = Definition::object(
    "componentIdentityEvidence",
    Shape::of(&[
        member(
            "field",
            word(&[
                (
                    V1_3,
                    &["group", "name", "version", "purl", "cpe", "swid", "hash"],
                ),
                (V1_6, &["omniborId", "swhid"]),
            ]),
        )
        .required(),
        member("confidence", number_between(0, 1)),
        member("concludedValue", TEXT).since(V1_6),
        member("methods", list(&refer(&IDENTITY_METHOD))),
        member(
            "tools",
            unique(&any_of(&[
                refer(&REF_LINK_TYPE),
                refer(&BOM_LINK_ELEMENT_TYPE),
            ])),
        ),
    ]),
);

/// A technique that found it.
pub(super) static IDENTITY_METHOD: Definition = Definition::object(
    "identityMethod",
    Shape::of(&[
        member(
            "technique",
            word(&[(
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
            )]),
        )
        .required(),
        member("confidence", number_between(0, 1)).required(),
        member("value", TEXT),
    ]),
);

/// A place where the component is.
pub(super) static OCCURRENCE: Definition = Definition::object(
    "occurrence",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member("location", TEXT).required(),
        member("line", integer_from(0)).since(V1_6),
        member("offset", integer_from(0)).since(V1_6),
        member("symbol", TEXT).since(V1_6),
        member("additionalContext", TEXT).since(V1_6),
    ]),
);

/// How it is called.
pub(super) static CALLSTACK: Definition = Definition::object(
    "callstack",
    Shape::of(&[member("frames", list(&refer(&CALLSTACK_FRAME)))]),
);

/// A frame of that.
pub(super) static CALLSTACK_FRAME: Definition = Definition::object(
    "callstackFrame",
    Shape::of(&[
        member("package", TEXT),
        member("module", TEXT).required(),
        member("function", TEXT),
        member("parameters", list(&TEXT)),
        member("line", INTEGER),
        member("column", INTEGER),
        member("fullFilename", TEXT),
    ]),
);

/// A copyright statement.
pub(super) static COPYRIGHT: Definition =
    Definition::object("copyright", Shape::of(&[member("text", TEXT).required()]));

/// A remark.
pub(super) static ANNOTATIONS: Definition = Definition::object(
    "annotations",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member(
            "subjects",
            unique(&any_of(&[
                refer(&REF_LINK_TYPE),
                refer(&BOM_LINK_ELEMENT_TYPE),
            ])),
        )
        .required(),
        member("annotator", refer(&ANNOTATOR)).required(),
        member("timestamp", DATE_TIME).required(),
        member("text", TEXT).required(),
        member("signature", refer(&SIGNATURE)),
    ]),
);

/// Who made it.
pub(super) static ANNOTATOR: Definition = Definition::object(
    "annotator",
    Shape::of(&[
        member("organization", refer(&ORGANIZATIONAL_ENTITY)),
        member("individual", refer(&ORGANIZATIONAL_CONTACT)),
        member("component", refer(&COMPONENT)),
        member("service", refer(&SERVICE)),
    ])
    .demanding(&[(
        V1_3,
        Demand::ExactlyOne(&[
            &["organization"],
            &["individual"],
            &["component"],
            &["service"],
        ]),
    )]),
);
