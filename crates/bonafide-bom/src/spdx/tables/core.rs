//! Classes of the Core profile, and of Extension.

use super::licensing::ANY_LICENSE_INFO;
use crate::spdx::rule::Value::{Integer, MediaType, Object, Text, Time, Version, Word};
use crate::spdx::rule::{Class, Kind, list, optional, required};

pub(in crate::spdx) const PROFILES: &[&str] = &[
    "ai",
    "build",
    "core",
    "dataset",
    "expandedLicensing",
    "extension",
    "lite",
    "security",
    "simpleLicensing",
    "software",
];

pub(in crate::spdx) const IDENTIFIER_TYPES: &[&str] = &[
    "cpe22",
    "cpe23",
    "cve",
    "email",
    "gitoid",
    "other",
    "packageUrl",
    "securityOther",
    "swhid",
    "swid",
    "urlScheme",
];

pub(in crate::spdx) const REFERENCE_TYPES: &[&str] = &[
    "altDownloadLocation",
    "altWebPage",
    "binaryArtifact",
    "bower",
    "buildMeta",
    "buildSystem",
    "certificationReport",
    "chat",
    "componentAnalysisReport",
    "cwe",
    "documentation",
    "dynamicAnalysisReport",
    "eolNotice",
    "exportControlAssessment",
    "funding",
    "issueTracker",
    "license",
    "mailingList",
    "mavenCentral",
    "metrics",
    "npm",
    "nuget",
    "other",
    "privacyAssessment",
    "productMetadata",
    "purchaseOrder",
    "qualityAssessmentReport",
    "releaseHistory",
    "releaseNotes",
    "riskAssessment",
    "runtimeAnalysisReport",
    "secureSoftwareAttestation",
    "securityAdversaryModel",
    "securityAdvisory",
    "securityFix",
    "securityOther",
    "securityPenTestReport",
    "securityPolicy",
    "securityThreatModel",
    "socialMedia",
    "sourceArtifact",
    "staticAnalysisReport",
    "support",
    "vcs",
    "vulnerabilityDisclosureReport",
    "vulnerabilityExploitabilityAssessment",
];

pub(in crate::spdx) const ALGORITHMS: &[&str] = &[
    "adler32",
    "blake2b256",
    "blake2b384",
    "blake2b512",
    "blake3",
    "crystalsDilithium",
    "crystalsKyber",
    "falcon",
    "md2",
    "md4",
    "md5",
    "md6",
    "other",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha3_224",
    "sha3_256",
    "sha3_384",
    "sha3_512",
    "sha512",
];

pub(in crate::spdx) const COMPLETENESS: &[&str] = &["complete", "incomplete", "noAssertion"];

pub(in crate::spdx) const RELATIONSHIP_TYPES: &[&str] = &[
    "affects",
    "amendedBy",
    "ancestorOf",
    "availableFrom",
    "configures",
    "contains",
    "coordinatedBy",
    "copiedTo",
    "delegatedTo",
    "dependsOn",
    "descendantOf",
    "describes",
    "doesNotAffect",
    "expandsTo",
    "exploitCreatedBy",
    "fixedBy",
    "fixedIn",
    "foundBy",
    "generates",
    "hasAddedFile",
    "hasAssessmentFor",
    "hasAssociatedVulnerability",
    "hasConcludedLicense",
    "hasDataFile",
    "hasDeclaredLicense",
    "hasDeletedFile",
    "hasDependencyManifest",
    "hasDistributionArtifact",
    "hasDocumentation",
    "hasDynamicLink",
    "hasEvidence",
    "hasExample",
    "hasHost",
    "hasInput",
    "hasMetadata",
    "hasOptionalComponent",
    "hasOptionalDependency",
    "hasOutput",
    "hasPrerequisite",
    "hasProvidedDependency",
    "hasRequirement",
    "hasSpecification",
    "hasStaticLink",
    "hasTest",
    "hasTestCase",
    "hasVariant",
    "invokedBy",
    "modifiedBy",
    "other",
    "packagedBy",
    "patchedBy",
    "publishedBy",
    "reportedBy",
    "republishedBy",
    "serializedInArtifact",
    "testedOn",
    "trainedOn",
    "underInvestigationFor",
    "usesTool",
];

pub(in crate::spdx) const ANNOTATION_TYPES: &[&str] = &["other", "review"];

pub(in crate::spdx) const SUPPORT_LEVELS: &[&str] = &[
    "deployed",
    "development",
    "endOfSupport",
    "limitedSupport",
    "noAssertion",
    "noSupport",
    "support",
];

pub(in crate::spdx) const SCOPES: &[&str] =
    &["build", "design", "development", "other", "runtime", "test"];

pub(in crate::spdx) static CREATION_INFO: Class = Class {
    name: "CreationInfo",
    parent: None,
    kind: Kind::Value,
    members: &[
        optional("comment", Text),
        required("created", Time),
        list("createdBy", 1, Object(&AGENT)),
        list("createdUsing", 0, Object(&TOOL)),
        required("specVersion", Version),
    ],
};

pub(in crate::spdx) static DICTIONARY_ENTRY: Class = Class {
    name: "DictionaryEntry",
    parent: None,
    kind: Kind::Value,
    members: &[required("key", Text), optional("value", Text)],
};

pub(in crate::spdx) static ELEMENT: Class = Class {
    name: "Element",
    parent: None,
    kind: Kind::Abstract,
    members: &[
        optional("comment", Text),
        required("creationInfo", Object(&CREATION_INFO)),
        optional("description", Text),
        list("extension", 0, Object(&EXTENSION)),
        list("externalIdentifier", 0, Object(&EXTERNAL_IDENTIFIER)),
        list("externalRef", 0, Object(&EXTERNAL_REF)),
        optional("name", Text),
        optional("summary", Text),
        list("verifiedUsing", 0, Object(&INTEGRITY_METHOD)),
    ],
};

pub(in crate::spdx) static ELEMENT_COLLECTION: Class = Class {
    name: "ElementCollection",
    parent: Some(&ELEMENT),
    kind: Kind::Abstract,
    members: &[
        list("element", 0, Object(&ELEMENT)),
        list("profileConformance", 0, Word(PROFILES)),
        list("rootElement", 0, Object(&ELEMENT)),
    ],
};

pub(in crate::spdx) static EXTERNAL_IDENTIFIER: Class = Class {
    name: "ExternalIdentifier",
    parent: None,
    kind: Kind::Value,
    members: &[
        optional("comment", Text),
        required("externalIdentifierType", Word(IDENTIFIER_TYPES)),
        required("identifier", Text),
        list("identifierLocator", 0, Text),
        optional("issuingAuthority", Text),
    ],
};

pub(in crate::spdx) static EXTERNAL_MAP: Class = Class {
    name: "ExternalMap",
    parent: None,
    kind: Kind::Value,
    members: &[
        optional("definingArtifact", Object(&ARTIFACT)),
        required("externalSpdxId", Text),
        optional("locationHint", Text),
        list("verifiedUsing", 0, Object(&INTEGRITY_METHOD)),
    ],
};

pub(in crate::spdx) static EXTERNAL_REF: Class = Class {
    name: "ExternalRef",
    parent: None,
    kind: Kind::Value,
    members: &[
        optional("comment", Text),
        optional("contentType", MediaType),
        optional("externalRefType", Word(REFERENCE_TYPES)),
        list("locator", 0, Text),
    ],
};

pub(in crate::spdx) static INDIVIDUAL_ELEMENT: Class = Class {
    name: "IndividualElement",
    parent: Some(&ELEMENT),
    kind: Kind::Element,
    members: &[],
};

pub(in crate::spdx) static INTEGRITY_METHOD: Class = Class {
    name: "IntegrityMethod",
    parent: None,
    kind: Kind::Abstract,
    members: &[optional("comment", Text)],
};

pub(in crate::spdx) static NAMESPACE_MAP: Class = Class {
    name: "NamespaceMap",
    parent: None,
    kind: Kind::Value,
    members: &[required("namespace", Text), required("prefix", Text)],
};

pub(in crate::spdx) static PACKAGE_VERIFICATION_CODE: Class = Class {
    name: "PackageVerificationCode",
    parent: Some(&INTEGRITY_METHOD),
    kind: Kind::Value,
    members: &[
        required("algorithm", Word(ALGORITHMS)),
        required("hashValue", Text),
        list("packageVerificationCodeExcludedFile", 0, Text),
    ],
};

pub(in crate::spdx) static POSITIVE_INTEGER_RANGE: Class = Class {
    name: "PositiveIntegerRange",
    parent: None,
    kind: Kind::Value,
    members: &[
        required("beginIntegerRange", Integer(1)),
        required("endIntegerRange", Integer(1)),
    ],
};

pub(in crate::spdx) static RELATIONSHIP: Class = Class {
    name: "Relationship",
    parent: Some(&ELEMENT),
    kind: Kind::Element,
    members: &[
        optional("completeness", Word(COMPLETENESS)),
        optional("endTime", Time),
        required("from", Object(&ELEMENT)),
        required("relationshipType", Word(RELATIONSHIP_TYPES)),
        optional("startTime", Time),
        list("to", 1, Object(&ELEMENT)),
    ],
};

pub(in crate::spdx) static SPDX_DOCUMENT: Class = Class {
    name: "SpdxDocument",
    parent: Some(&ELEMENT_COLLECTION),
    kind: Kind::Element,
    members: &[
        optional("dataLicense", Object(&ANY_LICENSE_INFO)),
        list("import", 0, Object(&EXTERNAL_MAP)),
        list("namespaceMap", 0, Object(&NAMESPACE_MAP)),
    ],
};

pub(in crate::spdx) static TOOL: Class = Class {
    name: "Tool",
    parent: Some(&ELEMENT),
    kind: Kind::Element,
    members: &[],
};

pub(in crate::spdx) static CDX_PROPERTY_ENTRY: Class = Class {
    name: "extension_CdxPropertyEntry",
    parent: None,
    kind: Kind::Value,
    members: &[
        required("extension_cdxPropName", Text),
        optional("extension_cdxPropValue", Text),
    ],
};

pub(in crate::spdx) static EXTENSION: Class = Class {
    name: "extension_Extension",
    parent: None,
    kind: Kind::Abstract,
    members: &[],
};

pub(in crate::spdx) static AGENT: Class = Class {
    name: "Agent",
    parent: Some(&ELEMENT),
    kind: Kind::Element,
    members: &[],
};

pub(in crate::spdx) static ANNOTATION: Class = Class {
    name: "Annotation",
    parent: Some(&ELEMENT),
    kind: Kind::Element,
    members: &[
        required("annotationType", Word(ANNOTATION_TYPES)),
        optional("contentType", MediaType),
        optional("statement", Text),
        required("subject", Object(&ELEMENT)),
    ],
};

pub(in crate::spdx) static ARTIFACT: Class = Class {
    name: "Artifact",
    parent: Some(&ELEMENT),
    kind: Kind::Abstract,
    members: &[
        optional("builtTime", Time),
        list("originatedBy", 0, Object(&AGENT)),
        optional("releaseTime", Time),
        list("standardName", 0, Text),
        optional("suppliedBy", Object(&AGENT)),
        list("supportLevel", 0, Word(SUPPORT_LEVELS)),
        optional("validUntilTime", Time),
    ],
};

pub(in crate::spdx) static BUNDLE: Class = Class {
    name: "Bundle",
    parent: Some(&ELEMENT_COLLECTION),
    kind: Kind::Element,
    members: &[optional("context", Text)],
};

pub(in crate::spdx) static HASH: Class = Class {
    name: "Hash",
    parent: Some(&INTEGRITY_METHOD),
    kind: Kind::Value,
    members: &[
        required("algorithm", Word(ALGORITHMS)),
        required("hashValue", Text),
    ],
};

pub(in crate::spdx) static LIFECYCLE_SCOPED_RELATIONSHIP: Class = Class {
    name: "LifecycleScopedRelationship",
    parent: Some(&RELATIONSHIP),
    kind: Kind::Element,
    members: &[optional("scope", Word(SCOPES))],
};

pub(in crate::spdx) static ORGANIZATION: Class = Class {
    name: "Organization",
    parent: Some(&AGENT),
    kind: Kind::Element,
    members: &[],
};

pub(in crate::spdx) static PERSON: Class = Class {
    name: "Person",
    parent: Some(&AGENT),
    kind: Kind::Element,
    members: &[],
};

pub(in crate::spdx) static SOFTWARE_AGENT: Class = Class {
    name: "SoftwareAgent",
    parent: Some(&AGENT),
    kind: Kind::Element,
    members: &[],
};

pub(in crate::spdx) static CDX_PROPERTIES_EXTENSION: Class = Class {
    name: "extension_CdxPropertiesExtension",
    parent: Some(&EXTENSION),
    kind: Kind::Value,
    members: &[list(
        "extension_cdxProperty",
        1,
        Object(&CDX_PROPERTY_ENTRY),
    )],
};

pub(in crate::spdx) static BOM: Class = Class {
    name: "Bom",
    parent: Some(&BUNDLE),
    kind: Kind::Element,
    members: &[],
};
