//! Classes of the Security profile.

use super::core::{AGENT, ARTIFACT, RELATIONSHIP};
use super::software::SOFTWARE_ARTIFACT;
use crate::spdx::rule::Value::{Decimal, Flag, Object, Text, Time, Word};
use crate::spdx::rule::{Class, Kind, optional, required};

pub(in crate::spdx) const SEVERITIES: &[&str] = &["critical", "high", "low", "medium", "none"];

pub(in crate::spdx) const CATALOG_TYPES: &[&str] = &["kev", "other"];

pub(in crate::spdx) const DECISIONS: &[&str] = &["act", "attend", "track", "trackStar"];

pub(in crate::spdx) const JUSTIFICATIONS: &[&str] = &[
    "componentNotPresent",
    "inlineMitigationsAlreadyExist",
    "vulnerableCodeCannotBeControlledByAdversary",
    "vulnerableCodeNotInExecutePath",
    "vulnerableCodeNotPresent",
];

pub(in crate::spdx) static VULN_ASSESSMENT_RELATIONSHIP: Class = Class {
    name: "security_VulnAssessmentRelationship",
    parent: Some(&RELATIONSHIP),
    kind: Kind::Abstract,
    members: &[
        optional("suppliedBy", Object(&AGENT)),
        optional("security_assessedElement", Object(&SOFTWARE_ARTIFACT)),
        optional("security_modifiedTime", Time),
        optional("security_publishedTime", Time),
        optional("security_withdrawnTime", Time),
    ],
};

pub(in crate::spdx) static CVSS_V2_VULN_ASSESSMENT_RELATIONSHIP: Class = Class {
    name: "security_CvssV2VulnAssessmentRelationship",
    parent: Some(&VULN_ASSESSMENT_RELATIONSHIP),
    kind: Kind::Element,
    members: &[
        required("security_score", Decimal),
        required("security_vectorString", Text),
    ],
};

pub(in crate::spdx) static CVSS_V3_VULN_ASSESSMENT_RELATIONSHIP: Class = Class {
    name: "security_CvssV3VulnAssessmentRelationship",
    parent: Some(&VULN_ASSESSMENT_RELATIONSHIP),
    kind: Kind::Element,
    members: &[
        required("security_score", Decimal),
        required("security_severity", Word(SEVERITIES)),
        required("security_vectorString", Text),
    ],
};

pub(in crate::spdx) static CVSS_V4_VULN_ASSESSMENT_RELATIONSHIP: Class = Class {
    name: "security_CvssV4VulnAssessmentRelationship",
    parent: Some(&VULN_ASSESSMENT_RELATIONSHIP),
    kind: Kind::Element,
    members: &[
        required("security_score", Decimal),
        required("security_severity", Word(SEVERITIES)),
        required("security_vectorString", Text),
    ],
};

pub(in crate::spdx) static EPSS_VULN_ASSESSMENT_RELATIONSHIP: Class = Class {
    name: "security_EpssVulnAssessmentRelationship",
    parent: Some(&VULN_ASSESSMENT_RELATIONSHIP),
    kind: Kind::Element,
    members: &[
        required("security_percentile", Decimal),
        required("security_probability", Decimal),
    ],
};

pub(in crate::spdx) static EXPLOIT_CATALOG_VULN_ASSESSMENT_RELATIONSHIP: Class = Class {
    name: "security_ExploitCatalogVulnAssessmentRelationship",
    parent: Some(&VULN_ASSESSMENT_RELATIONSHIP),
    kind: Kind::Element,
    members: &[
        required("security_catalogType", Word(CATALOG_TYPES)),
        required("security_exploited", Flag),
        required("security_locator", Text),
    ],
};

pub(in crate::spdx) static SSVC_VULN_ASSESSMENT_RELATIONSHIP: Class = Class {
    name: "security_SsvcVulnAssessmentRelationship",
    parent: Some(&VULN_ASSESSMENT_RELATIONSHIP),
    kind: Kind::Element,
    members: &[required("security_decisionType", Word(DECISIONS))],
};

pub(in crate::spdx) static VEX_VULN_ASSESSMENT_RELATIONSHIP: Class = Class {
    name: "security_VexVulnAssessmentRelationship",
    parent: Some(&VULN_ASSESSMENT_RELATIONSHIP),
    kind: Kind::Abstract,
    members: &[
        optional("security_statusNotes", Text),
        optional("security_vexVersion", Text),
    ],
};

pub(in crate::spdx) static VULNERABILITY: Class = Class {
    name: "security_Vulnerability",
    parent: Some(&ARTIFACT),
    kind: Kind::Element,
    members: &[
        optional("security_modifiedTime", Time),
        optional("security_publishedTime", Time),
        optional("security_withdrawnTime", Time),
    ],
};

pub(in crate::spdx) static VEX_AFFECTED_VULN_ASSESSMENT_RELATIONSHIP: Class = Class {
    name: "security_VexAffectedVulnAssessmentRelationship",
    parent: Some(&VEX_VULN_ASSESSMENT_RELATIONSHIP),
    kind: Kind::Element,
    members: &[
        required("security_actionStatement", Text),
        optional("security_actionStatementTime", Time),
    ],
};

pub(in crate::spdx) static VEX_FIXED_VULN_ASSESSMENT_RELATIONSHIP: Class = Class {
    name: "security_VexFixedVulnAssessmentRelationship",
    parent: Some(&VEX_VULN_ASSESSMENT_RELATIONSHIP),
    kind: Kind::Element,
    members: &[],
};

pub(in crate::spdx) static VEX_NOT_AFFECTED_VULN_ASSESSMENT_RELATIONSHIP: Class = Class {
    name: "security_VexNotAffectedVulnAssessmentRelationship",
    parent: Some(&VEX_VULN_ASSESSMENT_RELATIONSHIP),
    kind: Kind::Element,
    members: &[
        optional("security_impactStatement", Text),
        optional("security_impactStatementTime", Time),
        optional("security_justificationType", Word(JUSTIFICATIONS)),
    ],
};

pub(in crate::spdx) static VEX_UNDER_INVESTIGATION_VULN_ASSESSMENT_RELATIONSHIP: Class = Class {
    name: "security_VexUnderInvestigationVulnAssessmentRelationship",
    parent: Some(&VEX_VULN_ASSESSMENT_RELATIONSHIP),
    kind: Kind::Element,
    members: &[],
};
