//! `format-not-allowed`: a file is of a format that the policy does not want.

use std::collections::BTreeMap;

use bonafide_core::{Finding, Outcome, Severity, Subject, ThreatId};
use bonafide_format::FORMATS;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::declaration::{Check, Judgement, Parameter, Standing, prepare};
use crate::facts::Facts;
use crate::globs::Globs;
use crate::model::ModelFile;

pub(super) const CHECK: Check = Check {
    slug: "format-not-allowed",
    title: "File is of a format that is not allowed",
    severity: Severity::High,
    threats: &[ThreatId("ART-01"), ThreatId("ART-02"), ThreatId("ART-05")],
    demands: "Every file, and everything that is unpacked from one, is of a format of `allow` and of none of \
        `deny`. Formats are told apart by their bytes, never by names (`bonafide formats` lists them). What is of \
        no known format is not in `allow`; under `deny` alone it is undecided, and so is what could not be read \
        to its end.",
    rationale: "Whoever needs no format that can run code need not judge whether the code in one is harmless.",
    cannot_prove: "That a loader has no flaw in reading a format that is allowed, or that a loader takes a file \
        for the same format.",
    remediation: "Ask for the model in a format of `allow`, such as safetensors, or convert it where that can do \
        no harm, and have the result signed.",
    standing: Standing::OnDemand,
    needs: &[],
    parameters: &[
        Parameter {
            name: "allow",
            kind: "list of formats",
            default: "any",
            effect: "all that is allowed",
        },
        Parameter {
            name: "deny",
            kind: "list of formats",
            default: "[]",
            effect: "what is not allowed",
        },
        Parameter {
            name: "files",
            kind: "list of globs",
            default: "[]",
            effect: "names below the root that are excused. Every excused file is listed in the report",
        },
    ],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    allow: Option<Vec<FormatName>>,
    deny: Vec<FormatName>,
    files: Globs,
}

/// At least one list is there.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Written")]
struct Parameters {
    allow: Option<Vec<FormatName>>,
    deny: Vec<FormatName>,
    files: Globs,
}

impl TryFrom<Written> for Parameters {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        if written.allow.is_none() && written.deny.is_empty() {
            return Err(
                "`allow` or `deny` has to name formats, or every one would pass".to_owned(),
            );
        }
        Ok(Self {
            allow: written.allow,
            deny: written.deny,
            files: written.files,
        })
    }
}

/// The name of a format that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FormatName(&'static str);

impl<'de> Deserialize<'de> for FormatName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let known = FORMATS.iter().find(|format| format.name == text);
        known.map(|format| Self(format.name)).ok_or_else(|| {
            let name = bonafide_core::excerpt(&text, 60);
            D::Error::custom(format!(
                "unknown format `{name}`; `bonafide formats` lists them"
            ))
        })
    }
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    let mut findings = Vec::new();
    let mut excused = Vec::new();
    let mut undecided = None;
    for file in &facts.models {
        let (found, unread) = parameters.judge(file);
        if (!found.is_empty() || unread.is_some()) && parameters.files.matches(&file.name) {
            excused.push(file.name.clone());
            continue;
        }
        findings.extend(found);
        if undecided.is_none() {
            undecided = unread.map(|reason| format!("`{}`: {reason}", file.name));
        }
    }
    let outcome = match undecided {
        _ if facts.models.is_empty() => {
            Outcome::NotApplicable("there is no file to inspect".to_owned())
        }
        Some(reason) if findings.is_empty() => Outcome::Inconclusive(reason),
        _ => facts.over_the_tree(findings),
    };
    Judgement { outcome, excused }
}

impl Parameters {
    /// What is not allowed in a file, and why it cannot be said that there is no more.
    fn judge(&self, file: &ModelFile) -> (Vec<Finding>, Option<String>) {
        let inspection = match &file.inspected {
            Ok(inspection) => inspection,
            Err(reason) => return (Vec::new(), Some(reason.clone())),
        };
        // The first place of each format will do: an archive may hold a million.
        let mut places: BTreeMap<Option<&'static str>, (&str, usize)> = BTreeMap::new();
        for body in &inspection.bodies {
            if body.size == 0 {
                continue;
            }
            let place = places.entry(body.format).or_insert((body.path.as_str(), 0));
            place.1 += 1;
        }
        let mut findings = Vec::new();
        let mut unread = None;
        for (format, (path, count)) in places {
            let is = match (format, self.allow.is_some()) {
                (Some(name), _) if self.allows(name) => continue,
                (Some(name), _) => format!("is {name}"),
                (None, true) => "is of no format that is known".to_owned(),
                (None, false) => {
                    unread.get_or_insert("its format is not known".to_owned());
                    continue;
                }
            };
            let within = match path {
                "" => String::new(),
                path => format!("`{path}` in it "),
            };
            let more = match count {
                1 => String::new(),
                count => format!(" (one of {count})"),
            };
            findings.push(Finding::new(
                Subject::File(file.name.clone()),
                format!("{within}{is}{more}, which is not allowed"),
            ));
        }
        if file.is_cut() {
            unread.get_or_insert_with(|| file.unread().unwrap_or_default());
        }
        (findings, unread)
    }

    fn allows(&self, name: &'static str) -> bool {
        let allowed = self
            .allow
            .as_ref()
            .is_none_or(|allow| allow.contains(&FormatName(name)));
        allowed && !self.deny.contains(&FormatName(name))
    }
}
