//! Classes of the SimpleLicensing and ExpandedLicensing profiles.

use super::core::{DICTIONARY_ENTRY, ELEMENT};
use crate::spdx::rule::Value::{Flag, Object, Text, Version};
use crate::spdx::rule::{Class, Kind, list, optional, required};

pub(in crate::spdx) static LICENSE_ADDITION: Class = Class {
    name: "expandedlicensing_LicenseAddition",
    parent: Some(&ELEMENT),
    kind: Kind::Abstract,
    members: &[
        required("expandedlicensing_additionText", Text),
        optional("expandedlicensing_isDeprecatedAdditionId", Flag),
        optional("expandedlicensing_licenseXml", Text),
        optional("expandedlicensing_obsoletedBy", Text),
        list("expandedlicensing_seeAlso", 0, Text),
        optional("expandedlicensing_standardAdditionTemplate", Text),
    ],
};

pub(in crate::spdx) static LISTED_LICENSE_EXCEPTION: Class = Class {
    name: "expandedlicensing_ListedLicenseException",
    parent: Some(&LICENSE_ADDITION),
    kind: Kind::Element,
    members: &[
        optional("expandedlicensing_deprecatedVersion", Text),
        optional("expandedlicensing_listVersionAdded", Text),
    ],
};

pub(in crate::spdx) static ANY_LICENSE_INFO: Class = Class {
    name: "simplelicensing_AnyLicenseInfo",
    parent: Some(&ELEMENT),
    kind: Kind::Abstract,
    members: &[],
};

pub(in crate::spdx) static LICENSE_EXPRESSION: Class = Class {
    name: "simplelicensing_LicenseExpression",
    parent: Some(&ANY_LICENSE_INFO),
    kind: Kind::Element,
    members: &[
        list(
            "simplelicensing_customIdToUri",
            0,
            Object(&DICTIONARY_ENTRY),
        ),
        required("simplelicensing_licenseExpression", Text),
        optional("simplelicensing_licenseListVersion", Version),
    ],
};

pub(in crate::spdx) static SIMPLE_LICENSING_TEXT: Class = Class {
    name: "simplelicensing_SimpleLicensingText",
    parent: Some(&ELEMENT),
    kind: Kind::Element,
    members: &[required("simplelicensing_licenseText", Text)],
};

pub(in crate::spdx) static CONJUNCTIVE_LICENSE_SET: Class = Class {
    name: "expandedlicensing_ConjunctiveLicenseSet",
    parent: Some(&ANY_LICENSE_INFO),
    kind: Kind::Element,
    members: &[list(
        "expandedlicensing_member",
        2,
        Object(&ANY_LICENSE_INFO),
    )],
};

pub(in crate::spdx) static CUSTOM_LICENSE_ADDITION: Class = Class {
    name: "expandedlicensing_CustomLicenseAddition",
    parent: Some(&LICENSE_ADDITION),
    kind: Kind::Element,
    members: &[],
};

pub(in crate::spdx) static DISJUNCTIVE_LICENSE_SET: Class = Class {
    name: "expandedlicensing_DisjunctiveLicenseSet",
    parent: Some(&ANY_LICENSE_INFO),
    kind: Kind::Element,
    members: &[list(
        "expandedlicensing_member",
        2,
        Object(&ANY_LICENSE_INFO),
    )],
};

pub(in crate::spdx) static EXTENDABLE_LICENSE: Class = Class {
    name: "expandedlicensing_ExtendableLicense",
    parent: Some(&ANY_LICENSE_INFO),
    kind: Kind::Abstract,
    members: &[],
};

pub(in crate::spdx) static INDIVIDUAL_LICENSING_INFO: Class = Class {
    name: "expandedlicensing_IndividualLicensingInfo",
    parent: Some(&ANY_LICENSE_INFO),
    kind: Kind::Element,
    members: &[],
};

pub(in crate::spdx) static LICENSE: Class = Class {
    name: "expandedlicensing_License",
    parent: Some(&EXTENDABLE_LICENSE),
    kind: Kind::Abstract,
    members: &[
        optional("expandedlicensing_isDeprecatedLicenseId", Flag),
        optional("expandedlicensing_isFsfLibre", Flag),
        optional("expandedlicensing_isOsiApproved", Flag),
        optional("expandedlicensing_licenseXml", Text),
        optional("expandedlicensing_obsoletedBy", Text),
        list("expandedlicensing_seeAlso", 0, Text),
        optional("expandedlicensing_standardLicenseHeader", Text),
        optional("expandedlicensing_standardLicenseTemplate", Text),
        required("simplelicensing_licenseText", Text),
    ],
};

pub(in crate::spdx) static LISTED_LICENSE: Class = Class {
    name: "expandedlicensing_ListedLicense",
    parent: Some(&LICENSE),
    kind: Kind::Element,
    members: &[
        optional("expandedlicensing_deprecatedVersion", Text),
        optional("expandedlicensing_listVersionAdded", Text),
    ],
};

pub(in crate::spdx) static OR_LATER_OPERATOR: Class = Class {
    name: "expandedlicensing_OrLaterOperator",
    parent: Some(&EXTENDABLE_LICENSE),
    kind: Kind::Element,
    members: &[required(
        "expandedlicensing_subjectLicense",
        Object(&LICENSE),
    )],
};

pub(in crate::spdx) static WITH_ADDITION_OPERATOR: Class = Class {
    name: "expandedlicensing_WithAdditionOperator",
    parent: Some(&ANY_LICENSE_INFO),
    kind: Kind::Element,
    members: &[
        required(
            "expandedlicensing_subjectAddition",
            Object(&LICENSE_ADDITION),
        ),
        required(
            "expandedlicensing_subjectExtendableLicense",
            Object(&EXTENDABLE_LICENSE),
        ),
    ],
};

pub(in crate::spdx) static CUSTOM_LICENSE: Class = Class {
    name: "expandedlicensing_CustomLicense",
    parent: Some(&LICENSE),
    kind: Kind::Element,
    members: &[],
};
