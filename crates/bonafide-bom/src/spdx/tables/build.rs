//! The class of the Build profile.

use super::core::{DICTIONARY_ENTRY, ELEMENT, HASH};
use crate::spdx::rule::Value::{Object, Text, Time};
use crate::spdx::rule::{Class, Kind, list, optional, required};

pub(in crate::spdx) static BUILD: Class = Class {
    name: "build_Build",
    parent: Some(&ELEMENT),
    kind: Kind::Element,
    members: &[
        optional("build_buildEndTime", Time),
        optional("build_buildId", Text),
        optional("build_buildStartTime", Time),
        required("build_buildType", Text),
        list("build_configSourceDigest", 0, Object(&HASH)),
        list("build_configSourceEntrypoint", 0, Text),
        list("build_configSourceUri", 0, Text),
        list("build_environment", 0, Object(&DICTIONARY_ENTRY)),
        list("build_parameter", 0, Object(&DICTIONARY_ENTRY)),
    ],
};
