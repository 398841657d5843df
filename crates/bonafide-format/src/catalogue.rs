//! Every rule, from the modules that find what it is about.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bonafide_core::{Digest, excerpt};
use serde::de::{Deserialize as _, Deserializer, Error as _};
use sha2::{Digest as _, Sha256};

use crate::rule::Rule;

/// The rules of each module. A new module is one line.
const MODULES: &[&[&Rule]] = &[
    crate::route::RULES,
    crate::path::RULES,
    crate::relation::configuration::RULES,
    crate::relation::shards::RULES,
    crate::relation::splits::RULES,
    crate::protobuf::RULES,
    crate::onnx::RULES,
    crate::template::RULES,
    crate::tensorflow::RULES,
    crate::tflite::RULES,
    crate::coreml::RULES,
    crate::identified::RULES,
    crate::caffe::RULES,
    crate::paddle::RULES,
    crate::executorch::RULES,
    crate::tensor::rules::CONTENT,
    crate::tensor::rules::SAFETENSORS,
    crate::tensor::rules::GGUF,
    crate::tensor::rules::NPY,
    crate::keras::RULES,
    crate::boosting::RULES,
    crate::rds::RULES,
    crate::msgpack::RULES,
    crate::xml::RULES,
    crate::skops::RULES,
    crate::pickle::globals::RULES,
    crate::payload::RULES,
    crate::executable::RULES,
    crate::container::RULES,
    crate::container::ZIP_RULES,
    crate::container::TAR_RULES,
    crate::pytorch::SCRIPT_RULES,
    crate::pytorch::STORAGE_RULES,
    crate::pickle::RULES,
    crate::hdf5::RULES,
    crate::document::JSON_RULES,
    crate::document::CONFIGURATION_RULES,
    crate::document::INSTANTIATION_RULES,
    crate::document::AGENT_RULES,
    crate::document::NOTEBOOK_RULES,
    crate::document::SECRET_RULES,
    crate::document::TEXT_RULES,
    crate::document::YAML_RULES,
    crate::python::RULES,
    crate::dependency::RULES,
    crate::tokenizer::RULES,
];

/// Every rule, in the order of the modules.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    MODULES.iter().flat_map(|module| module.iter().copied())
}

/// The rule of this name.
#[must_use]
pub fn rule(slug: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.slug == slug)
}

/// A rule of a record, by its name.
pub(crate) fn recorded_rule<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<&'static Rule, D::Error> {
    known(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// Counts by rule, likewise.
pub(crate) fn recorded_counts<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<&'static str, u64>, D::Error> {
    BTreeMap::<String, u64>::deserialize(deserializer)?
        .into_iter()
        .map(|(slug, count)| Ok((known(&slug)?.slug, count)))
        .collect::<Result<_, String>>()
        .map_err(D::Error::custom)
}

fn known(slug: &str) -> Result<&'static Rule, String> {
    rule(slug).ok_or_else(|| format!("there is no rule `{}`", excerpt(slug, 60)))
}

/// SHA-256 over all that the rules say, and over the version of the program that applies
/// them: two inspections of the same bytes with the same digest have the same result.
#[must_use]
pub fn rule_set_digest() -> Digest {
    let mut text = String::from(env!("CARGO_PKG_VERSION"));
    for rule in rules() {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n{rule:?}");
    }
    Digest::sha256(Sha256::digest(text).into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn slugs_are_unique_and_say_what_a_reader_needs() {
        let mut slugs = BTreeSet::new();
        for rule in rules() {
            let slug = rule.slug;
            assert!(slugs.insert(slug), "{slug} is there twice");
            let letters = |letter: char| {
                letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-'
            };
            assert!(slug.chars().all(letters), "{slug}");
            for (what, text) in [
                ("title", rule.title),
                ("rationale", rule.rationale),
                ("remediation", rule.remediation),
            ] {
                assert!(!text.is_empty(), "{slug} has no {what}");
            }
            assert!(!rule.threats.is_empty(), "{slug} names no threat");
            assert!(!rule.cwe.is_empty(), "{slug} names no weakness");
            for technique in rule.atlas {
                assert!(technique.starts_with("AML.T"), "{slug}: {technique}");
            }
            for cve in rule.cve {
                assert!(cve.starts_with("CVE-"), "{slug}: {cve}");
            }
        }
    }
}
