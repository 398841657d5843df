//! What was proven, in our words and nothing more.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use sigstore_verify::VerificationResult;

use crate::bundle::Bundle;
use crate::identity::Claim;
use crate::time::{TimeSource, TrustedTime};
use crate::verified::{LogEvidence, Support};

/// Who vouches for the times in a bundle; where both do, the authority, whose time
/// the library looks at as well.
pub(super) fn time_source(bundle: &Bundle) -> TimeSource {
    if bundle.timestamps.is_empty() {
        TimeSource::TransparencyLog
    } else {
        TimeSource::TimestampAuthority {
            name: "timestamp authority of the trusted root".to_owned(),
        }
    }
}

/// Times and places that were authenticated, and nothing else.
pub(super) fn support(bundle: &Bundle, result: &VerificationResult) -> Support {
    let logged = |time: &Timestamp| {
        let mut entries = bundle.log_entries.iter().filter(|entry| entry.has_time);
        let seconds = u64::try_from(time.as_second()).ok();
        entries.any(|entry| entry.integrated_time.is_some() && entry.integrated_time == seconds)
    };
    let mut times: Vec<TrustedTime> = result
        .verified_timestamps()
        .iter()
        .map(|time| TrustedTime {
            time: *time,
            source: if logged(time) {
                TimeSource::TransparencyLog
            } else {
                time_source(bundle)
            },
        })
        .collect();
    times.sort_by_key(|time| time.time);
    times.dedup();
    let log = result.tlog_verified().then(|| {
        // An entry that stands there twice proves nothing twice.
        let bodies: HashSet<_> = bundle
            .log_entries
            .iter()
            .map(|entry| entry.body.as_deref())
            .collect();
        let indices: BTreeSet<u64> = bundle
            .log_entries
            .iter()
            .filter(|entry| entry.has_time)
            .filter_map(|entry| entry.index)
            .collect();
        LogEvidence {
            entries: bodies.len(),
            indices: indices.into_iter().collect(),
        }
    });
    Support {
        times,
        log: log.filter(|log| log.entries > 0),
    }
}

pub(super) fn claims(found: &sigstore_verify::crypto::FulcioCiClaims) -> Vec<(Claim, String)> {
    let old = &found.deprecated_github;
    Claim::ALL
        .into_iter()
        .filter_map(|claim| {
            let value = match claim {
                Claim::BuildSignerUri => found.build_signer_uri.as_ref(),
                Claim::BuildSignerDigest => found.build_signer_digest.as_ref(),
                Claim::RunnerEnvironment => found.runner_environment.as_ref(),
                Claim::SourceRepository => found.source_repository_uri.as_ref(),
                // The three old extensions that hold the same values as their successors.
                Claim::SourceDigest => found
                    .source_repository_digest
                    .as_ref()
                    .or(old.workflow_sha.as_ref()),
                Claim::SourceRef => found
                    .source_repository_ref
                    .as_ref()
                    .or(old.workflow_ref.as_ref()),
                Claim::Trigger => found
                    .build_trigger
                    .as_ref()
                    .or(old.workflow_trigger.as_ref()),
                Claim::SourceRepositoryId => found.source_repository_identifier.as_ref(),
                Claim::SourceOwner => found.source_repository_owner_uri.as_ref(),
                Claim::SourceOwnerId => found.source_repository_owner_identifier.as_ref(),
                Claim::Workflow => found.build_config_uri.as_ref(),
                Claim::WorkflowDigest => found.build_config_digest.as_ref(),
                Claim::RunInvocation => found.run_invocation_uri.as_ref(),
                Claim::SourceVisibility => found.source_repository_visibility_at_signing.as_ref(),
                Claim::DeploymentEnvironment => found.deployment_environment.as_ref(),
            };
            Some((claim, value?.clone()))
        })
        .collect()
}
