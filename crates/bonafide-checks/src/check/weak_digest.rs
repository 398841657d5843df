//! `weak-digest`: digest is too weak.

use bonafide_attest::oms::ManifestHash;
use bonafide_core::{Algorithm, Outcome, Severity, ThreatId};
use serde::{Deserialize, Deserializer};

use super::unsigned::{Unsigned, WITHOUT_SIGNATURE};
use crate::declaration::{Check, Judgement, Parameter, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "weak-digest",
    title: "Digest is too weak",
    severity: Severity::High,
    threats: &[ThreatId("SIG-08")],
    demands: "Every verified signature uses a hash that the policy accepts; MD5 and SHA-1 never \
        count.",
    rationale: "Two different files with the same MD5 or SHA-1 digest can be made by anyone, so such \
        a digest does not say which file was signed.",
    cannot_prove: "That nobody ever finds a collision of an accepted hash.",
    remediation: "The publisher has to sign again with SHA-256 or better.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[
        Parameter {
            name: "accept",
            kind: "list of algorithms",
            default: "all that bonafide computes",
            effect: "the hashes that count: sha256, sha384, sha512, blake2b-512, blake3",
        },
        WITHOUT_SIGNATURE,
    ],
    prepare: |parameters| prepare(parameters, run),
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Parameters {
    accept: Vec<AcceptedAlgorithm>,
    without_signature: Unsigned,
}

/// An algorithm by its name, so that an error names the entry that is wrong.
#[derive(Debug)]
struct AcceptedAlgorithm(Algorithm);

impl<'de> Deserialize<'de> for AcceptedAlgorithm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map(Self)
            .map_err(|error| {
                let known: Vec<&str> = Algorithm::ALL.iter().map(|known| known.name()).collect();
                serde::de::Error::custom(format!("{error}; known are {}", known.join(", ")))
            })
    }
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            accept: Algorithm::ALL.into_iter().map(AcceptedAlgorithm).collect(),
            without_signature: Unsigned::default(),
        }
    }
}

fn run(facts: &Facts<'_>, parameters: &Parameters) -> Judgement {
    let outcome = facts.over_verified(|signature| match &signature.manifest()?.hash {
        ManifestHash::Weak(name) => Some(format!(
            "its digests are {name}, for which collisions can be made"
        )),
        ManifestHash::Strong(algorithm) => {
            let mut accepted = parameters.accept.iter();
            let refused = accepted.all(|accepted| accepted.0 != *algorithm);
            refused
                .then(|| format!("its digests are {algorithm}, which the policy does not accept"))
        }
    });
    match outcome {
        Outcome::Inconclusive(_) if facts.survey.bindings.is_empty() => {
            parameters.without_signature.instead_of(outcome).into()
        }
        _ => outcome.into(),
    }
}
