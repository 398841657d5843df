//! The one table. A new check is one file here and one line below.

mod certificate_authority_leaf;
mod certificate_not_valid;
mod denied_signer;
mod digest_mismatch;
mod failed_attestation;
mod link_escape;
mod missing_file;
mod nonconforming_bundle;
mod outdated_statement;
mod renamed_file;
mod role_not_filled;
mod signature_rejected;
mod special_file;
mod unbound_attestation;
mod uncovered_file;
mod unlisted_file;
mod unrestricted_certificate;
mod unsafe_name;
mod unsigned_artifact;
mod untrusted_signer;
mod weak_digest;
mod weak_link;

mod allowance;

use crate::declaration::Check;

/// Every check, in the order in which reports print them: who signed, then
/// what was signed, then what lies beside it.
pub const CHECKS: &[&Check] = &[
    &unsigned_artifact::CHECK,
    &signature_rejected::CHECK,
    &untrusted_signer::CHECK,
    &certificate_not_valid::CHECK,
    &denied_signer::CHECK,
    &role_not_filled::CHECK,
    &digest_mismatch::CHECK,
    &missing_file::CHECK,
    &unlisted_file::CHECK,
    &uncovered_file::CHECK,
    &unsafe_name::CHECK,
    &link_escape::CHECK,
    &special_file::CHECK,
    &weak_digest::CHECK,
    &unbound_attestation::CHECK,
    &failed_attestation::CHECK,
    &weak_link::CHECK,
    &outdated_statement::CHECK,
    &renamed_file::CHECK,
    &nonconforming_bundle::CHECK,
    &certificate_authority_leaf::CHECK,
    &unrestricted_certificate::CHECK,
];
