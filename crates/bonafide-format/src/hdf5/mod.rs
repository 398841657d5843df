//! HDF5 (File Format Specification, version 3.0): the metadata, read without the library.
//!
//! Keras keeps its older models in it: the configuration in attributes of the root, the
//! weights in datasets. A dataset or a link can also lead to another file, which the loader
//! opens without asking. So every object header, link, attribute and layout is walked. What
//! of it is not understood leaves the rest of the file unread, never clean.

mod attribute;
mod datatype;
mod fields;
mod fractal_heap;
mod group;
mod header;
mod layout;
mod link;
mod superblock;
mod tree;
mod walk;

use bonafide_core::{Severity, ThreatId};

use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const HDF5: Format = Format {
    name: "hdf5",
    title: "HDF5",
    extensions: &["h5", "hdf5"],
    effect: Effect::Graph,
    depth: Depth::Whole,
    probe,
    inspect,
};

pub(crate) const RULES: &[&Rule] = &[
    &EXTERNAL_LINK,
    &EXTERNAL_STORAGE,
    &VIRTUAL_DATASET,
    &USER_LINK,
];

const EXTERNAL_LINK: Rule = Rule {
    slug: "hdf5-external-link",
    title: "Link into another file",
    hazard: Hazard::OutsideReference,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "The library opens the other file, wherever it is, when the link is followed: weights that nobody \
        examined, or a file of the machine that is none of the model's business.",
    remediation: "Do not load the file. Ask for one that holds its own weights.",
    threats: &[ThreatId("ART-06"), ThreatId("ART-05")],
    cwe: &[73, 610],
    cve: &["CVE-2026-1669"],
    atlas: &["AML.T0011.000"],
};

const EXTERNAL_STORAGE: Rule = Rule {
    slug: "hdf5-external-storage",
    title: "Dataset whose numbers are in another file",
    hazard: Hazard::OutsideReference,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "The library reads the bytes of any file that it is told, and shows them as weights.",
    remediation: "Do not load the file. Ask for one that holds its own weights.",
    threats: &[ThreatId("ART-06"), ThreatId("ART-05")],
    cwe: &[73, 610],
    cve: &["CVE-2026-1669"],
    atlas: &["AML.T0011.000"],
};

const VIRTUAL_DATASET: Rule = Rule {
    slug: "hdf5-virtual-dataset",
    title: "Dataset that is put together from other files",
    hazard: Hazard::OutsideReference,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "The library opens the other files when it is read. No writer of models makes such datasets.",
    remediation: "Do not load the file. Ask for one that holds its own weights.",
    threats: &[ThreatId("ART-06"), ThreatId("ART-05")],
    cwe: &[73, 610],
    cve: &["CVE-2026-1669"],
    atlas: &["AML.T0011.000"],
};

const USER_LINK: Rule = Rule {
    slug: "hdf5-user-defined-link",
    title: "Link that only another program understands",
    hazard: Hazard::OutsideReference,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "What it leads to is decided by a program that registered itself with the library.",
    remediation: "Ask for a file without such links.",
    threats: &[ThreatId("ART-06")],
    cwe: &[610],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

fn probe(probe: &Probe<'_>) -> Likeness {
    match superblock::locate(probe.source) {
        Some(_) => Likeness::Certain,
        None => Likeness::No,
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    walk::walk(visit)
}
