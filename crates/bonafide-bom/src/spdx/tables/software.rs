//! Classes of the Software profile.

use super::core::{ARTIFACT, BOM, INTEGRITY_METHOD, POSITIVE_INTEGER_RANGE};
use crate::spdx::rule::Value::{MediaType, Object, Text, Word};
use crate::spdx::rule::{Class, Kind, list, optional, required};

pub(in crate::spdx) const CONTENT_IDENTIFIER_TYPES: &[&str] = &["gitoid", "swhid"];

pub(in crate::spdx) const PURPOSES: &[&str] = &[
    "application",
    "archive",
    "bom",
    "configuration",
    "container",
    "data",
    "device",
    "deviceDriver",
    "diskImage",
    "documentation",
    "evidence",
    "executable",
    "file",
    "filesystemImage",
    "firmware",
    "framework",
    "install",
    "library",
    "manifest",
    "model",
    "module",
    "operatingSystem",
    "other",
    "patch",
    "platform",
    "requirement",
    "source",
    "specification",
    "test",
];

pub(in crate::spdx) const FILE_KINDS: &[&str] = &["directory", "file"];

pub(in crate::spdx) const SBOM_TYPES: &[&str] = &[
    "analyzed", "build", "deployed", "design", "runtime", "source",
];

pub(in crate::spdx) static CONTENT_IDENTIFIER: Class = Class {
    name: "software_ContentIdentifier",
    parent: Some(&INTEGRITY_METHOD),
    kind: Kind::Value,
    members: &[
        required(
            "software_contentIdentifierType",
            Word(CONTENT_IDENTIFIER_TYPES),
        ),
        required("software_contentIdentifierValue", Text),
    ],
};

pub(in crate::spdx) static SOFTWARE_ARTIFACT: Class = Class {
    name: "software_SoftwareArtifact",
    parent: Some(&ARTIFACT),
    kind: Kind::Abstract,
    members: &[
        list("software_additionalPurpose", 0, Word(PURPOSES)),
        list("software_attributionText", 0, Text),
        list("software_contentIdentifier", 0, Object(&CONTENT_IDENTIFIER)),
        optional("software_copyrightText", Text),
        optional("software_primaryPurpose", Word(PURPOSES)),
    ],
};

pub(in crate::spdx) static FILE: Class = Class {
    name: "software_File",
    parent: Some(&SOFTWARE_ARTIFACT),
    kind: Kind::Element,
    members: &[
        optional("contentType", MediaType),
        optional("software_fileKind", Word(FILE_KINDS)),
    ],
};

pub(in crate::spdx) static PACKAGE: Class = Class {
    name: "software_Package",
    parent: Some(&SOFTWARE_ARTIFACT),
    kind: Kind::Element,
    members: &[
        optional("software_downloadLocation", Text),
        optional("software_homePage", Text),
        optional("software_packageUrl", Text),
        optional("software_packageVersion", Text),
        optional("software_sourceInfo", Text),
    ],
};

pub(in crate::spdx) static SBOM: Class = Class {
    name: "software_Sbom",
    parent: Some(&BOM),
    kind: Kind::Element,
    members: &[list("software_sbomType", 0, Word(SBOM_TYPES))],
};

pub(in crate::spdx) static SNIPPET: Class = Class {
    name: "software_Snippet",
    parent: Some(&SOFTWARE_ARTIFACT),
    kind: Kind::Element,
    members: &[
        optional("software_byteRange", Object(&POSITIVE_INTEGER_RANGE)),
        optional("software_lineRange", Object(&POSITIVE_INTEGER_RANGE)),
        required("software_snippetFromFile", Object(&FILE)),
    ],
};
