//! The one table. A new check is one file here and one line below.

mod ancestor_not_approved;
mod attestation_missing;
mod base_model_unpinned;
mod bom_digest_mismatch;
mod bom_file_missing;
mod bom_file_unlisted;
mod bom_inconsistent;
mod bom_invalid;
mod bom_missing;
mod bom_no_digest;
mod bom_stale;
mod bom_unsigned;
mod certificate_authority_leaf;
mod certificate_not_valid;
mod child_older_than_parent;
mod code_in_graph;
mod code_in_repository;
mod code_on_load;
mod conflicting_labels;
mod content_unbound;
mod cyclic_pedigree;
mod dataset_undeclared;
mod denied_signer;
mod departs_from_base;
mod digest_mismatch;
mod doubtful_labels;
mod duplicate_flooding;
mod excessive_expansion;
mod exposed_secret;
mod failed_attestation;
mod format_not_allowed;
mod hidden_content;
mod hidden_in_records;
mod inconsistent_model;
mod leaked_records;
mod licence_conflict;
mod licence_undeclared;
mod lineage_contradicted;
mod link_escape;
mod malformed_file;
mod misleading_extension;
mod missing_file;
mod missing_lineage;
mod nonconforming_bundle;
mod outdated_statement;
mod outside_reference;
mod record_mismatch;
mod renamed_file;
mod role_not_filled;
mod rushed_capture;
mod shifted_population;
mod signature_rejected;
mod special_file;
mod tampered_tokenizer;
mod trigger_candidate;
mod unbound_attestation;
mod uncovered_file;
mod undeclared_dataset;
mod uninspected_file;
mod unlisted_file;
mod unpinned_dependency;
mod unrestricted_certificate;
mod unsafe_name;
mod unsafe_template;
mod unsigned_artifact;
mod unsound_weights;
mod untrusted_signer;
mod unvalidated_update;
mod vulnerable_dependency;
mod weak_digest;
mod weak_identity;
mod weak_link;
mod weights_contradict_claim;

mod allowance;
mod demand;
mod hazard;
mod share;
mod statements;
mod unsigned;

use bonafide_core::Hazard;

use crate::declaration::Check;

/// Every check, in the order in which reports print them: who signed, then
/// what was signed, then what lies beside it, then what documents say, then where it
/// comes from, then what is in its files, its weights and its records.
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
    &attestation_missing::CHECK,
    &weak_link::CHECK,
    &outdated_statement::CHECK,
    &renamed_file::CHECK,
    &nonconforming_bundle::CHECK,
    &certificate_authority_leaf::CHECK,
    &unrestricted_certificate::CHECK,
    &bom_missing::CHECK,
    &bom_unsigned::CHECK,
    &bom_invalid::CHECK,
    &bom_inconsistent::CHECK,
    &bom_stale::CHECK,
    &bom_digest_mismatch::CHECK,
    &bom_file_missing::CHECK,
    &bom_file_unlisted::CHECK,
    &bom_no_digest::CHECK,
    &weak_identity::CHECK,
    &dataset_undeclared::CHECK,
    &licence_undeclared::CHECK,
    &missing_lineage::CHECK,
    &base_model_unpinned::CHECK,
    &undeclared_dataset::CHECK,
    &ancestor_not_approved::CHECK,
    &child_older_than_parent::CHECK,
    &cyclic_pedigree::CHECK,
    &lineage_contradicted::CHECK,
    &licence_conflict::CHECK,
    &format_not_allowed::CHECK,
    &code_on_load::CHECK,
    &code_in_graph::CHECK,
    &code_in_repository::CHECK,
    &unsafe_template::CHECK,
    &tampered_tokenizer::CHECK,
    &departs_from_base::CHECK,
    &hidden_content::CHECK,
    &malformed_file::CHECK,
    &misleading_extension::CHECK,
    &outside_reference::CHECK,
    &excessive_expansion::CHECK,
    &inconsistent_model::CHECK,
    &unpinned_dependency::CHECK,
    &vulnerable_dependency::CHECK,
    &exposed_secret::CHECK,
    &uninspected_file::CHECK,
    &unsound_weights::CHECK,
    &weights_contradict_claim::CHECK,
    &record_mismatch::CHECK,
    &content_unbound::CHECK,
    &rushed_capture::CHECK,
    &hidden_in_records::CHECK,
    &conflicting_labels::CHECK,
    &duplicate_flooding::CHECK,
    &leaked_records::CHECK,
    &doubtful_labels::CHECK,
    &trigger_candidate::CHECK,
    &shifted_population::CHECK,
    &unvalidated_update::CHECK,
];

/// The check that speaks of a hazard of model files.
#[must_use]
pub const fn of_hazard(hazard: Hazard) -> &'static Check {
    match hazard {
        Hazard::CodeOnLoad => &code_on_load::CHECK,
        Hazard::CodeInGraph => &code_in_graph::CHECK,
        Hazard::CodeInRepository => &code_in_repository::CHECK,
        Hazard::Template => &unsafe_template::CHECK,
        Hazard::Tokenizer => &tampered_tokenizer::CHECK,
        Hazard::Hidden => &hidden_content::CHECK,
        Hazard::Malformed => &malformed_file::CHECK,
        Hazard::Masquerade => &misleading_extension::CHECK,
        Hazard::OutsideReference => &outside_reference::CHECK,
        Hazard::Expansion => &excessive_expansion::CHECK,
        Hazard::Inconsistent => &inconsistent_model::CHECK,
        Hazard::UnpinnedDependency => &unpinned_dependency::CHECK,
        Hazard::VulnerableDependency => &vulnerable_dependency::CHECK,
        Hazard::Secret => &exposed_secret::CHECK,
    }
}
