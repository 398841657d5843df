//! Licences.

use super::party::{ORGANIZATIONAL_CONTACT, ORGANIZATIONAL_ENTITY};
use super::reference::{ATTACHED_TEXT, PROPERTIES};
use crate::grammar::SpecVersion::{V1_3, V1_4, V1_5, V1_6, V1_7};
use crate::xml::simple::{DATE_TIME, LICENCE_ID, NORMALIZED, REFERENCE, STRING, Simple, URI};
use crate::xml::structure::{FOREIGN, Structure, attribute, choice, nested, text};

/// `licenseType`
pub(super) static LICENCE: Structure = Structure::object(&[
    choice(&[
        text("id", &LICENCE_ID).optional().until(V1_5),
        text("name", &NORMALIZED).optional().until(V1_5),
        text("id", &LICENCE_ID).since(V1_6),
        text("name", &NORMALIZED).since(V1_6),
    ]),
    nested("text", &ATTACHED_TEXT).optional(),
    text("url", &URI).optional(),
    nested("licensing", &LICENCE_TYPE_LICENSING)
        .optional()
        .since(V1_5)
        .until(V1_6),
    nested("licensing", &LICENSING).optional().since(V1_7),
    nested("properties", &PROPERTIES).optional().since(V1_5),
    FOREIGN,
])
.attributes(&[
    attribute("bom-ref", &REFERENCE).since(V1_5),
    attribute("acknowledgement", &LICENSE_ACKNOWLEDGEMENT_ENUMERATION).since(V1_6),
]);

/// `licenseType/licensing/licensor`
pub(super) static LICENSOR: Structure = Structure::object(&[choice(&[
    nested("organization", &ORGANIZATIONAL_ENTITY)
        .optional()
        .until(V1_6),
    nested("individual", &ORGANIZATIONAL_CONTACT)
        .optional()
        .until(V1_6),
])
.until(V1_6)]);

/// `licenseType/licensing`
pub(super) static LICENCE_TYPE_LICENSING: Structure = Structure::object(&[
    nested(
        "altIds",
        &Structure::list(&[text("altId", &NORMALIZED).many().until(V1_6)]),
    )
    .optional()
    .until(V1_6),
    nested("licensor", &LICENSOR).optional().until(V1_6),
    nested("licensee", &LICENSOR).optional().until(V1_6),
    nested("purchaser", &LICENSOR).optional().until(V1_6),
    text("purchaseOrder", &STRING).optional().until(V1_6),
    nested(
        "licenseTypes",
        &Structure::list(&[text("licenseType", &LICENSE).many().until(V1_6)]),
    )
    .optional()
    .until(V1_6),
    text("lastRenewal", &DATE_TIME).optional().until(V1_6),
    text("expiration", &DATE_TIME).optional().until(V1_6),
    FOREIGN.until(V1_6),
]);

/// `licenseChoiceType`
pub(super) static LICENCES: Structure = Structure::list(&[
    choice(&[
        nested("license", &LICENCE)
            .many()
            .wrapped("license")
            .until(V1_6),
        text("expression", &NORMALIZED)
            .optional()
            .wrapped("expression")
            .until(V1_4),
        nested("expression", &EXPRESSION)
            .optional()
            .since(V1_5)
            .until(V1_6),
    ])
    .until(V1_6),
    choice(&[
        nested("license", &LICENCE).wrapped("license"),
        nested("expression", &LICENCE_EXPRESSION),
        nested("expression-detailed", &LICENCE_EXPRESSION_DETAILED),
    ])
    .many()
    .since(V1_7),
]);

/// `licenseChoiceType/expression`
pub(super) static EXPRESSION: Structure = Structure::text(&NORMALIZED, "expression").attributes(&[
    attribute("bom-ref", &REFERENCE).until(V1_6),
    attribute("acknowledgement", &LICENSE_ACKNOWLEDGEMENT_ENUMERATION)
        .since(V1_6)
        .until(V1_6),
]);

/// `licensingType`
pub(super) static LICENSING: Structure = Structure::object(&[
    nested(
        "altIds",
        &Structure::list(&[text("altId", &NORMALIZED).many()]),
    )
    .optional(),
    nested("licensor", &LICENSING_LICENSOR).optional(),
    nested("licensee", &LICENSING_LICENSOR).optional(),
    nested("purchaser", &LICENSING_LICENSOR).optional(),
    text("purchaseOrder", &STRING).optional(),
    nested(
        "licenseTypes",
        &Structure::list(&[text("licenseType", &LICENSE).many()]),
    )
    .optional(),
    text("lastRenewal", &DATE_TIME).optional(),
    text("expiration", &DATE_TIME).optional(),
    FOREIGN,
]);

/// `licensingType/licensor`
pub(super) static LICENSING_LICENSOR: Structure = Structure::object(&[choice(&[
    nested("organization", &ORGANIZATIONAL_ENTITY).optional(),
    nested("individual", &ORGANIZATIONAL_CONTACT).optional(),
])]);

/// `licenseExpressionType`
pub(super) static LICENCE_EXPRESSION: Structure = Structure::text(&NORMALIZED, "expression")
    .attributes(&[
        attribute("bom-ref", &REFERENCE),
        attribute("acknowledgement", &LICENSE_ACKNOWLEDGEMENT_ENUMERATION),
    ]);

/// `licenseExpressionDetailedType`
pub(super) static LICENCE_EXPRESSION_DETAILED: Structure = Structure::object(&[
    nested("details", &DETAILS)
        .many()
        .members("expressionDetails"),
    nested("licensing", &LICENSING).optional(),
    nested("properties", &PROPERTIES).optional(),
    FOREIGN,
])
.attributes(&[
    attribute("bom-ref", &REFERENCE),
    attribute("acknowledgement", &LICENSE_ACKNOWLEDGEMENT_ENUMERATION),
    attribute("expression", &NORMALIZED).required(),
]);

/// `licenseExpressionDetailedType/details`
pub(super) static DETAILS: Structure = Structure::object(&[
    nested("text", &ATTACHED_TEXT).optional(),
    text("url", &URI).optional(),
    FOREIGN,
])
.attributes(&[
    attribute("license-identifier", &NORMALIZED)
        .required()
        .member("licenseIdentifier"),
    attribute("bom-ref", &REFERENCE),
]);

pub(super) static LICENSE: Simple = Simple::one_of(&[(
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
)]);

pub(super) static LICENSE_ACKNOWLEDGEMENT_ENUMERATION: Simple =
    Simple::one_of(&[(V1_3, &["declared", "concluded"])]);
