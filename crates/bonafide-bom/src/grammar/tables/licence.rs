//! Licences.

use super::document::{ATTACHMENT, PROPERTY, REF_TYPE};
use super::party::{ORGANIZATIONAL_CONTACT, ORGANIZATIONAL_ENTITY};
use crate::grammar::rule::{
    DATE_TIME, Definition, Demand, IRI_REFERENCE, Rule, Shape, TEXT, list, member, one_of, refer,
    revised, single, word,
};
use crate::version::SpecVersion::{V1_3, V1_5, V1_6, V1_7};

/// Licences, or an expression of them.
pub(super) static LICENCES: Definition = Definition::of(
    "licenses",
    revised(&[
        (V1_3, list(&refer(&LICENCE_OR_EXPRESSION))),
        (
            V1_5,
            one_of(&[
                list(&refer(&LICENCE_ENTRY)),
                single(&refer(&EXPRESSION_ENTRY)),
            ]),
        ),
        (
            V1_7,
            list(&one_of(&[refer(&LICENCE_ENTRY), refer(&EXPRESSION_ENTRY)])),
        ),
    ]),
);

/// Either, as it was until 1.4.
pub(super) static LICENCE_OR_EXPRESSION: Definition = Definition::object(
    "licenseOrExpression",
    Shape::of(&[
        member("license", refer(&LICENCE)),
        member("expression", TEXT),
    ])
    .demanding(&[(V1_3, Demand::ExactlyOne(&[&["license"], &["expression"]]))]),
);

/// A licence in a list.
pub(super) static LICENCE_ENTRY: Definition = Definition::object(
    "licenseEntry",
    Shape::of(&[member("license", refer(&LICENCE)).required()]),
);

/// An SPDX expression in a list.
pub(super) static EXPRESSION_ENTRY: Definition = Definition::object(
    "expressionEntry",
    Shape::of(&[
        member("expression", TEXT).required(),
        member("expressionDetails", list(&refer(&EXPRESSION_DETAIL))).since(V1_7),
        member(
            "acknowledgement",
            refer(&LICENCE_ACKNOWLEDGEMENT_ENUMERATION),
        )
        .since(V1_6),
        member("bom-ref", refer(&REF_TYPE)),
        member("licensing", refer(&LICENSING)).since(V1_7),
        member("properties", list(&refer(&PROPERTY))).since(V1_7),
    ]),
);

/// What belongs to one licence of an expression.
pub(super) static EXPRESSION_DETAIL: Definition = Definition::object(
    "expressionDetail",
    Shape::of(&[
        member("licenseIdentifier", TEXT).required(),
        member("bom-ref", refer(&REF_TYPE)),
        member("text", refer(&ATTACHMENT)),
        member("url", IRI_REFERENCE),
    ]),
);

/// A licence.
pub(super) static LICENCE: Definition = Definition::object(
    "license",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)).since(V1_5),
        member("id", Rule::LicenceId),
        member("name", TEXT),
        member(
            "acknowledgement",
            refer(&LICENCE_ACKNOWLEDGEMENT_ENUMERATION),
        )
        .since(V1_6),
        member("text", refer(&ATTACHMENT)),
        member("url", IRI_REFERENCE),
        member("licensing", refer(&LICENSING)).since(V1_5),
        member("properties", list(&refer(&PROPERTY))).since(V1_5),
    ])
    .demanding(&[(V1_3, Demand::ExactlyOne(&[&["id"], &["name"]]))]),
);

/// Whether a licence was declared or concluded.
pub(super) static LICENCE_ACKNOWLEDGEMENT_ENUMERATION: Definition = Definition::of(
    "licenseAcknowledgementEnumeration",
    word(&[(V1_3, &["declared", "concluded"])]),
);

/// A commercial licence.
pub(super) static LICENSING: Definition = Definition::object(
    "licensing",
    Shape::of(&[
        member("altIds", list(&TEXT)),
        member("licensor", refer(&LICENSING_PARTY)),
        member("licensee", refer(&LICENSING_PARTY)),
        member("purchaser", refer(&LICENSING_PARTY)),
        member("purchaseOrder", TEXT),
        member(
            "licenseTypes",
            list(&word(&[(
                V1_3,
                &[
                    "academic",
                    "appliance",
                    "client-access",
                    "concurrent-user",
                    "core-points",
                    "custom-metric",
                    "device",
                    "evaluation",
                    "named-user",
                    "node-locked",
                    "oem",
                    "perpetual",
                    "processor-points",
                    "subscription",
                    "user",
                    "other",
                ],
            )])),
        ),
        member("lastRenewal", DATE_TIME),
        member("expiration", DATE_TIME),
    ]),
);

/// An organisation or a person.
pub(super) static LICENSING_PARTY: Definition = Definition::object(
    "licensingParty",
    Shape::of(&[
        member("organization", refer(&ORGANIZATIONAL_ENTITY)),
        member("individual", refer(&ORGANIZATIONAL_CONTACT)),
    ])
    .demanding(&[(
        V1_3,
        Demand::ExactlyOne(&[&["organization"], &["individual"]]),
    )]),
);
