//! What can be wrong with a zip archive: mostly that two readers see two archives.

use bonafide_core::{Severity, ThreatId};

use crate::rule::{Confidence, Hazard, Rule};

pub(crate) const RULES: &[&Rule] = &[
    &NAME,
    &FLAGS,
    &ENCRYPTED,
    &METHOD,
    &SIZES,
    &CHECKSUM,
    &DUPLICATE,
    &HIDDEN,
    &MISSING,
    &OVERLAP,
    &DIRECTORY,
    &TWO_DIRECTORIES,
    &PREFIX,
    &FOLDER_DATA,
];

/// A defect by which one reader sees another archive than the next.
const fn differs(
    slug: &'static str,
    title: &'static str,
    rationale: &'static str,
    cve: &'static [&'static str],
) -> Rule {
    Rule {
        slug,
        title,
        hazard: Hazard::Hidden,
        severity: Severity::High,
        confidence: Confidence::Certain,
        rationale,
        remediation: "Do not load the file. No tool that writes archives makes this by itself.",
        threats: &[ThreatId("ART-01"), ThreatId("ART-06")],
        cwe: &[436],
        cve,
        atlas: &["AML.T0076"],
    }
}

pub(crate) const NAME: Rule = differs(
    "zip-name-mismatch",
    "Member of a zip archive with two names",
    "Scanners stop at it or look for one name; PyTorch loads the member under the other.",
    &["CVE-2025-1944"],
);

pub(crate) const FLAGS: Rule = differs(
    "zip-flags",
    "Member of a zip archive that says it is encrypted, and is not",
    "Scanners cannot open it and pass it by; PyTorch does not look at the flag and loads it.",
    &["CVE-2025-1945"],
);

pub(crate) const ENCRYPTED: Rule = Rule {
    slug: "zip-encrypted",
    title: "Encrypted member of a zip archive",
    hazard: Hazard::Hidden,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "Nobody can tell what is in it without the password, and model files have no use for one.",
    remediation: "Ask for the model without encryption.",
    threats: &[ThreatId("ART-01")],
    cwe: &[506],
    cve: &[],
    atlas: &["AML.T0076"],
};

pub(crate) const METHOD: Rule = differs(
    "zip-method-mismatch",
    "Member of a zip archive with two compression methods",
    "One reader cannot open it and passes it by, another one loads it.",
    &[],
);

pub(crate) const SIZES: Rule = differs(
    "zip-size-mismatch",
    "Member of a zip archive with two lengths",
    "One reader sees less of it than another, and what is behind the end of one runs in the other.",
    &[],
);

pub(crate) const CHECKSUM: Rule = Rule {
    slug: "zip-checksum",
    title: "Member of a zip archive that does not fit its checksum",
    hazard: Hazard::Hidden,
    // PyTorch can be told not to write checksums, and never looks at them.
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "Scanners that check it pass the member by; PyTorch does not, and loads it.",
    remediation: "Fetch the file again from its origin; if it is the same there, ask for it anew.",
    threats: &[ThreatId("ART-01"), ThreatId("ART-06")],
    cwe: &[354, 436],
    cve: &["CVE-2025-10156"],
    atlas: &["AML.T0076"],
};

pub(crate) const DUPLICATE: Rule = differs(
    "zip-duplicate",
    "Name that is twice in a zip archive",
    "One reader takes the first, another the last: what was examined need not be what is loaded.",
    &[],
);

pub(crate) const HIDDEN: Rule = differs(
    "zip-hidden-entry",
    "Member of a zip archive that its directory does not list",
    "Readers that go by the directory do not see it; those that go from header to header do.",
    &[],
);

pub(crate) const MISSING: Rule = differs(
    "zip-missing-entry",
    "Entry of a zip directory that leads to no member",
    "Some readers give up on the whole archive; others pass the entry by and load the rest.",
    &[],
);

pub(crate) const OVERLAP: Rule = Rule {
    slug: "zip-overlap",
    title: "Members of a zip archive that share bytes",
    hazard: Hazard::Expansion,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "A few bytes become as many members as one likes; and what is data of one member is the header of another.",
    remediation: "Do not unpack the file.",
    threats: &[ThreatId("ART-06")],
    cwe: &[409, 436],
    cve: &["CVE-2019-13232"],
    atlas: &["AML.T0029", "AML.T0076"],
};

pub(crate) const DIRECTORY: Rule = differs(
    "zip-directory-mismatch",
    "Directory of a zip archive that contradicts its end",
    "Readers that go by the number of entries see other members than those that go by the length.",
    &[],
);

pub(crate) const TWO_DIRECTORIES: Rule = differs(
    "zip-two-directories",
    "Zip archive with more than one directory",
    "Which of them is read depends on the reader, so what was examined need not be what is loaded.",
    &[],
);

pub(crate) const PREFIX: Rule = differs(
    "zip-prefix",
    "Zip archive with something in front of it",
    "Tools that go by the first bytes take it for something else; readers that go by the end load the archive.",
    &[],
);

pub(crate) const FOLDER_DATA: Rule = differs(
    "zip-folder-data",
    "Folder of a zip archive with data in it",
    "Tools that unpack the archive make a folder and leave the data out; readers in memory get it.",
    &[],
);
