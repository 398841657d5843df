//! `nonconforming-bundle`: signature departs from the specification.

use bonafide_core::{Severity, ThreatId};

use crate::declaration::{Check, Judgement, NoParameters, Standing, prepare};
use crate::facts::Facts;

pub(super) const CHECK: Check = Check {
    slug: "nonconforming-bundle",
    title: "Signature departs from the specification",
    severity: Severity::Low,
    threats: &[ThreatId("SIG-07")],
    demands: "Verified signatures follow OMS v1.0, or JSF, to the letter. The departures that bundles of \
        the reference tool are known to show (order by path component, `sha256-sharded-N`, a \
        floating-point `shard_size`, a single file named `.`) and certificates that no path \
        needs are accepted and reported here; so is, where the policy accepts it, the way in which \
        cdxgen signs documents.",
    rationale: "Such a bundle verifies here, but a stricter verifier may refuse it.",
    cannot_prove: "Anything about the files: a departure of this kind does not weaken the signature. \
        In the dialect of cdxgen it leaves what the document calls its key to anybody.",
    remediation: "Nothing has to be done; a document signed by cdxgen is better signed again with \
        `bonafide bom sign`.",
    standing: Standing::Optional,
    needs: &[],
    parameters: &[],
    prepare: |parameters| prepare(parameters, run),
};

fn run(facts: &Facts<'_>, _: &NoParameters) -> Judgement {
    facts
        .over_verified(|signature| {
            let verified = signature.verified();
            verified.map_or_else(Vec::new, |verified| verified.get().deviations())
        })
        .into()
}
