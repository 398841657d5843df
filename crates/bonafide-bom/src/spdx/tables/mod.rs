//! The classes of SPDX 3.0.1 that a document may have objects of, with their members.
//!
//! Source: the model of SPDX 3.0.1, in the form of its JSON Schema.

mod ai;
mod build;
mod core;
mod licensing;
mod security;
mod software;

#[cfg(test)]
pub(in crate::spdx) use self::core::ELEMENT;
pub(in crate::spdx) use self::core::{
    ARTIFACT, ELEMENT_COLLECTION, INDIVIDUAL_ELEMENT, RELATIONSHIP, RELATIONSHIP_TYPES,
    SPDX_DOCUMENT,
};
pub(in crate::spdx) use ai::AI_PACKAGE;
pub(in crate::spdx) use licensing::ANY_LICENSE_INFO;
pub(in crate::spdx) use software::{FILE, PACKAGE};

use super::rule::Class;

/// Classes that an object may be of, by name; a table for each profile.
pub(in crate::spdx) static CLASSES: &[&[&Class]] = &[
    &[
        &core::CREATION_INFO,
        &core::DICTIONARY_ENTRY,
        &core::EXTERNAL_IDENTIFIER,
        &core::EXTERNAL_MAP,
        &core::EXTERNAL_REF,
        &core::INDIVIDUAL_ELEMENT,
        &core::NAMESPACE_MAP,
        &core::PACKAGE_VERIFICATION_CODE,
        &core::POSITIVE_INTEGER_RANGE,
        &core::RELATIONSHIP,
        &core::SPDX_DOCUMENT,
        &core::TOOL,
        &core::CDX_PROPERTY_ENTRY,
        &core::AGENT,
        &core::ANNOTATION,
        &core::BUNDLE,
        &core::HASH,
        &core::LIFECYCLE_SCOPED_RELATIONSHIP,
        &core::ORGANIZATION,
        &core::PERSON,
        &core::SOFTWARE_AGENT,
        &core::CDX_PROPERTIES_EXTENSION,
        &core::BOM,
    ],
    &[
        &software::CONTENT_IDENTIFIER,
        &software::FILE,
        &software::PACKAGE,
        &software::SBOM,
        &software::SNIPPET,
    ],
    &[
        &ai::ENERGY_CONSUMPTION,
        &ai::ENERGY_CONSUMPTION_DESCRIPTION,
        &ai::AI_PACKAGE,
        &ai::DATASET_PACKAGE,
    ],
    &[
        &licensing::LISTED_LICENSE_EXCEPTION,
        &licensing::LICENSE_EXPRESSION,
        &licensing::SIMPLE_LICENSING_TEXT,
        &licensing::CONJUNCTIVE_LICENSE_SET,
        &licensing::CUSTOM_LICENSE_ADDITION,
        &licensing::DISJUNCTIVE_LICENSE_SET,
        &licensing::INDIVIDUAL_LICENSING_INFO,
        &licensing::LISTED_LICENSE,
        &licensing::OR_LATER_OPERATOR,
        &licensing::WITH_ADDITION_OPERATOR,
        &licensing::CUSTOM_LICENSE,
    ],
    &[
        &security::CVSS_V2_VULN_ASSESSMENT_RELATIONSHIP,
        &security::CVSS_V3_VULN_ASSESSMENT_RELATIONSHIP,
        &security::CVSS_V4_VULN_ASSESSMENT_RELATIONSHIP,
        &security::EPSS_VULN_ASSESSMENT_RELATIONSHIP,
        &security::EXPLOIT_CATALOG_VULN_ASSESSMENT_RELATIONSHIP,
        &security::SSVC_VULN_ASSESSMENT_RELATIONSHIP,
        &security::VULNERABILITY,
        &security::VEX_AFFECTED_VULN_ASSESSMENT_RELATIONSHIP,
        &security::VEX_FIXED_VULN_ASSESSMENT_RELATIONSHIP,
        &security::VEX_NOT_AFFECTED_VULN_ASSESSMENT_RELATIONSHIP,
        &security::VEX_UNDER_INVESTIGATION_VULN_ASSESSMENT_RELATIONSHIP,
    ],
    &[&build::BUILD],
];

/// Classes whose objects are words; an object of one of them has no members.
pub(super) const VOCABULARIES: &[&str] = &[
    "ai_EnergyUnitType",
    "ai_SafetyRiskAssessmentType",
    "AnnotationType",
    "ExternalIdentifierType",
    "ExternalRefType",
    "HashAlgorithm",
    "LifecycleScopeType",
    "PresenceType",
    "ProfileIdentifierType",
    "RelationshipCompleteness",
    "RelationshipType",
    "SupportType",
    "dataset_ConfidentialityLevelType",
    "dataset_DatasetAvailabilityType",
    "dataset_DatasetType",
    "security_CvssSeverityType",
    "security_ExploitCatalogType",
    "security_SsvcDecisionType",
    "security_VexJustificationType",
    "software_ContentIdentifierType",
    "software_FileKindType",
    "software_SbomType",
    "software_SoftwarePurpose",
];

/// Things that the model itself defines, with their class; they are named without being
/// in the document.
pub(in crate::spdx) static INDIVIDUALS: &[(&str, &Class)] = &[
    ("NoAssertionElement", &core::INDIVIDUAL_ELEMENT),
    ("NoneElement", &core::INDIVIDUAL_ELEMENT),
    ("SpdxOrganization", &core::ORGANIZATION),
    (
        "expandedlicensing_NoAssertionLicense",
        &licensing::INDIVIDUAL_LICENSING_INFO,
    ),
    (
        "expandedlicensing_NoneLicense",
        &licensing::INDIVIDUAL_LICENSING_INFO,
    ),
];
