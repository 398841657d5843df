//! What the library leaves open about logs and times.

use jiff::Timestamp;
use sigstore_types::KindVersion;

use super::{Failure, LogDemand};
use crate::bundle::Bundle;
use crate::rejection::Rejection;

/// Seconds by which clocks may differ.
const CLOCK_SKEW: i64 = 60;

/// Nothing is signed in the future.
pub(super) fn check_clock(times: &[Timestamp], now: Timestamp) -> Result<(), Failure> {
    let latest = now.as_second().saturating_add(CLOCK_SKEW);
    match times.iter().find(|time| time.as_second() > latest) {
        Some(time) => Err(Failure::Rejected(Rejection::Timestamp {
            detail: format!("signed at {time}, which is after {now}"),
        })),
        None => Ok(()),
    }
}

/// A log of version 1 writes the size of its tree twice, and signs it only in the
/// checkpoint. Neighbouring sizes can share the path of an entry, so a proof that
/// holds does not show that the other number is true. (Of version 2 the library takes
/// the signed one, and index and root with it.)
pub(super) fn check_tree_sizes(parsed: &sigstore_types::Bundle) -> Result<(), Failure> {
    let entries = &parsed.verification_material.tlog_entries;
    let contradicts = |proof: &sigstore_types::bundle::InclusionProof| {
        let checkpoint = proof.checkpoint.checkpoint()?;
        let (said, signed) = (proof.tree_size, checkpoint.tree_size());
        (said != signed).then_some((said, signed))
    };
    let found = entries
        .iter()
        .filter(|entry| entry.kind_version != KindVersion::HashedRekordV002)
        .filter_map(|entry| entry.inclusion_proof.as_ref())
        .find_map(contradicts);
    match found {
        Some((said, signed)) => Err(Failure::Rejected(Rejection::InclusionProof {
            detail: format!("it is for a tree of {said}, but the log signed a tree of {signed}"),
        })),
        None => Ok(()),
    }
}

/// What the library would let pass: an entry without proof, or no entry at all.
pub(super) fn demand_log(bundle: &Bundle, demand: LogDemand) -> Result<(), Failure> {
    if bundle.log_entries.is_empty() {
        return Err(Failure::Rejected(Rejection::NoLogEntry));
    }
    let without = bundle.log_entries.iter().position(|entry| !entry.has_proof);
    match (without, demand) {
        (Some(index), LogDemand::InclusionProof) => {
            Err(Failure::Rejected(Rejection::NoInclusionProof {
                entry: index + 1,
            }))
        }
        _ => Ok(()),
    }
}
