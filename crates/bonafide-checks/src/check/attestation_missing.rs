//! `attestation-missing`: no trusted signer states what the policy asks for.

use bonafide_attest::statement::Statement;
use bonafide_attest::{Content, Signer, Verified};
use bonafide_core::{Finding, Outcome, Severity, Subject, ThreatId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::demand::{Demands, Pointer};
use super::statements::{SKEW, Types, check_length, proven_times, stated, time_of};
use crate::attachment::vouches;
use crate::declaration::{Check, Judgement, Parameter, REQUIRED, Standing, prepare};
use crate::facts::{Facts, SignatureFacts};
use crate::globs::Globs;
use crate::role::obstacle;

pub(super) const CHECK: Check = Check {
    slug: "attestation-missing",
    title: "No attestation states what is asked for",
    severity: Severity::High,
    threats: &[
        ThreatId("OPS-01"),
        ThreatId("MDL-05"),
        ThreatId("MDL-03"),
        ThreatId("DAT-11"),
    ],
    demands: "A trusted signer has signed a statement of the type `predicate-type` about these bytes: about every \
        file, or every one that `covers` names. It does not state a failure, says all that `require` asks for, is \
        not older than `max-age-days`, is of one of `signers`, and with `independent` of somebody who did not \
        sign the artifact itself. One statement has to meet all of it.",
    rationale: "Evaluations, reviews and approvals are as easily copied from another model, or another year, as \
        they are quoted. A statement that is bound to the digests of the files, dated and signed by whoever may \
        make it, is not.",
    cannot_prove: "That what is stated is true, or that what was done to find out was any good. With a name in \
        `signers` it is known who answers for it.",
    remediation: "Have whoever is responsible examine these very files, and attach the statement with \
        `bonafide attest`, or with any tool that writes in-toto statements.",
    standing: Standing::OnDemand,
    needs: &[],
    parameters: &[
        Parameter {
            name: "predicate-type",
            kind: "URI, or list of them; with `*` it is a glob, `*` stops at `/`, `**` does not",
            default: REQUIRED,
            effect: "types of statement that count",
        },
        Parameter {
            name: "signers",
            kind: "list of names of trusted signers",
            default: "every trusted signer",
            effect: "whose statements count",
        },
        Parameter {
            name: "independent",
            kind: "true or false",
            default: "false",
            effect: "statements of those who signed the artifact itself do not count, and none does while nobody has",
        },
        Parameter {
            name: "covers",
            kind: "list of globs",
            default: "every file",
            effect: "names below the root that a statement has to be about",
        },
        Parameter {
            name: "time",
            kind: "JSON pointer (RFC 6901) into the predicate",
            default: "where the standard of the predicate has it, and the proven time of signing",
            effect: "where the statement says from when it is: a date or a time of RFC 3339",
        },
        Parameter {
            name: "max-age-days",
            kind: "whole number",
            default: "no limit",
            effect: "an older statement does not count. Where several times are known, the oldest decides; where \
                none is, it does not count",
        },
        Parameter {
            name: "require",
            kind: "list of tables: `pointer` (RFC 6901), and `equals`, `one-of`, `contains`, `minimum`, `maximum` \
                or `present`",
            default: "[]",
            effect: "what the predicate has to say; a pointer that leads to nothing is not met. `contains` is about \
                values of a list or names in an object",
        },
    ],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Parameters {
    predicate_type: Types,
    #[serde(default)]
    signers: Option<Names>,
    #[serde(default)]
    independent: bool,
    #[serde(default)]
    covers: Globs,
    #[serde(default)]
    time: Option<Pointer>,
    #[serde(default)]
    max_age_days: Option<u32>,
    #[serde(default)]
    require: Demands,
}

/// Names of signers; never empty.
#[derive(Debug)]
struct Names(Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        check_length(names.len())?;
        Ok(Self(names))
    }
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    let publishers = if parameters.independent {
        publishers(facts)
    } else {
        Vec::new()
    };
    let mut findings = Vec::new();
    for (index, signature) in facts.signatures.iter().enumerate() {
        let Some(verified) = signature.verified() else {
            continue;
        };
        let Content::Statement(statement) = verified.get() else {
            continue;
        };
        if !parameters.predicate_type.matches(statement) {
            continue;
        }
        let candidate = Candidate {
            index,
            signature,
            verified,
            statement,
        };
        match parameters.problem(facts, &candidate, &publishers) {
            None => return Outcome::Pass.into(),
            Some(problem) => findings.push(Finding::new(
                signature.subject(),
                format!("does not count: {problem}"),
            )),
        }
    }
    // One finding that says what is asked for, whatever else is there.
    findings.push(Finding::new(
        Subject::Artifact,
        format!("no statement of type {} counts", parameters.predicate_type),
    ));
    Outcome::from_findings(findings).into()
}

/// A verified statement of a type that is asked for.
struct Candidate<'a> {
    index: usize,
    signature: &'a SignatureFacts,
    verified: &'a Verified<Content>,
    statement: &'a Statement,
}

impl Parameters {
    /// Why a statement does not count.
    fn problem(
        &self,
        facts: &Facts<'_>,
        candidate: &Candidate<'_>,
        publishers: &[Signer],
    ) -> Option<String> {
        self.problem_of_signer(candidate.verified, publishers)
            .or_else(|| obstacle(facts, candidate.index, candidate.signature, &self.covers))
            .or_else(|| {
                let predicate = candidate.statement.predicate.raw();
                let Some(predicate) = predicate else {
                    return Some("it has no predicate of its own".to_owned());
                };
                self.require
                    .unmet(predicate)
                    .or_else(|| self.problem_of_time(candidate, predicate, facts.now))
            })
    }

    fn problem_of_signer(
        &self,
        verified: &Verified<Content>,
        publishers: &[Signer],
    ) -> Option<String> {
        let named: Vec<&Signer> = verified
            .signers()
            .filter(|signer| match &self.signers {
                Some(names) => names.0.iter().any(|name| name == signer.label()),
                None => true,
            })
            .collect();
        if named.is_empty() {
            let label = verified.signer().label();
            return Some(format!("\"{label}\" is none of its signers"));
        }
        if !self.independent {
            return None;
        }
        if publishers.is_empty() {
            return Some("nobody is known to have signed the artifact itself".to_owned());
        }
        let independent = named
            .iter()
            .any(|signer| !publishers.iter().any(|other| other.is_same_as(signer)));
        (!independent).then(|| "whoever signed it signed the artifact as well".to_owned())
    }

    fn problem_of_time(
        &self,
        candidate: &Candidate<'_>,
        predicate: &Value,
        now: Timestamp,
    ) -> Option<String> {
        let mut times = proven_times(candidate.verified);
        match &self.time {
            Some(pointer) => match stated(pointer, predicate) {
                Ok(time) => times.push(time),
                Err(problem) => return Some(problem),
            },
            None => times.extend(time_of(&candidate.statement.predicate)),
        }
        if let Some(time) = times.iter().find(|time| time.duration_since(now) > SKEW) {
            return Some(format!("it is of {time}, which is in the future"));
        }
        let days = self.max_age_days?;
        let limit = SignedDuration::from_hours(24 * i64::from(days));
        match times.iter().min() {
            None => Some("nothing says when it was made".to_owned()),
            Some(oldest) => (now.duration_since(*oldest) > limit)
                .then(|| format!("it is of {oldest}, more than {days} days ago")),
        }
    }
}

/// Everybody who vouches for the bytes themselves.
fn publishers(facts: &Facts<'_>) -> Vec<Signer> {
    let verified = facts.signatures.iter().filter_map(SignatureFacts::verified);
    verified
        .filter(|verified| vouches(verified.get()))
        .flat_map(|verified| verified.signers().cloned())
        .collect()
}
