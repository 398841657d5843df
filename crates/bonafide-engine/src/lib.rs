//! The whole pipeline: source → tree → attestations → survey → digests →
//! facts → checks → policy → report. [`verify`] is that page.
//!
//! Embedders call this crate; the command line is one of them. Time, workers,
//! limits and progress are arguments, so that two runs over the same bytes
//! give the same report.

mod adapter;
mod advisories;
mod attest;
mod audit;
pub mod bom;
mod bundle;
mod compare;
mod custom;
mod dataset;
mod declared;
mod digest;
mod documents;
mod error;
mod evidence;
mod facts;
mod inspect;
mod intake;
mod key_file;
mod lineage;
mod listing;
mod lists;
mod models;
mod policy;
mod policy_account;
mod policy_signature;
mod recording;
mod records;
mod replay;
mod sign;
mod signable;
mod summary;
mod threats;
mod trust;
pub mod trust_material;
mod verify;
mod vsa;
mod weights;

pub use attest::{AttestRequest, Attested, attest};
pub use audit::{
    Discrepancy, ReplayRequest, Replayed, TargetComparison, ToolOfRecord, differences, replay,
};
pub use bonafide_attest::oms::Conformance;
pub use bonafide_attest::trusted_root;
pub use bonafide_attest::{CertificateError, Conclusion, KeyError, Password};
pub use bonafide_attest::{IdentityPattern, PatternError, TextPattern};
pub use bonafide_core::{Algorithm, Budget, Digest, Look, Mode, RawName, Report, Verdict};
pub use bonafide_dataset::duplicates::{Cluster, Duplicates, Likeness};
pub use bonafide_dataset::manifest::{Difference, PREDICATE_TYPE as RECORD_MANIFEST_TYPE};
pub use bonafide_dataset::triggers::Basis;
pub use bonafide_dataset::{
    Analyses, Analysis, DatasetBudget, DatasetError, Examination, Roles, Sample,
};
pub use bonafide_format::{Depth, Effect, FORMATS, Format, rule, rule_set_digest, rules};
pub use bonafide_hash::{Observer, Silent};
pub use bonafide_policy::{
    CommandLineTrust, Policy, PolicyError, Preset, TrustKind, Waiver, preset, presets,
    schema as policy_schema, waivers_schema,
};
pub use bonafide_rego::{Evaluator, InProcess, RegoError};
pub use bonafide_source::{DocumentError, OutputError, read_document, write_atomically};
pub use bonafide_weights::{
    Claim, ClaimStanding, Comparison, LIMIT as WEIGHTS_LIMIT, Relation as TensorRelation, Sanity,
};
pub use bundle::{BundleArtifact, BundleRequest, BundleRoot, BundleSigner, verify_bundle};
pub use dataset::{
    CheckedProof, DatasetRequest, DatasetScan, ManifestRequest, ProofRequest, WrittenManifest,
    check_proof, diff_datasets, prove_record, scan_dataset, write_manifest,
};
pub use declared::DeclaredSchema;
pub use digest::{DigestRequest, Digests, FileDigest, digest};
pub use error::{EngineError, Product};
pub use evidence::{
    Evidence, EvidenceError, MANIFEST, REPORT, Recorded, refuse_place, verify_and_record,
};
pub use facts::{FACTS_SCHEMA, facts};
pub use inspect::{InspectRequest, inspect};
pub use intake::{Intake, LIVE};
pub use key_file::{KeyFile, PasswordSource};
pub use lineage::trace;
pub use policy::load_policy;
pub use policy_account::{
    FileAccount, PolicyAccount, PolicyQuestion, WaiverAccount, days_left, policy_account,
};
pub use policy_signature::{
    POLICY_PREDICATE_TYPE, PolicySignRequest, PolicySignatureError, PolicySigners, SignedPolicy,
    policy_signature_path, sign_policy,
};
pub use sign::{Credentials, SignRequest, Signed, sign};
pub use trust::AddedTrust;
pub use verify::{Clock, Digesting, PolicyChoice, VerifyRequest, verify, verify_with_facts};
pub use vsa::{
    VsaAccepted, VsaPair, VsaRefusal, VsaRequest, VsaSigner, VsaSubject, sign_statement, verify_vsa,
};

pub use compare::{CompareRequest, Compared, compare_models};

/// How to work: the same for every command.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// Threads that read and hash.
    pub workers: std::num::NonZeroUsize,
    /// Caps on what may be read.
    pub budget: &'a Budget,
    /// Who hears about progress and may stop the work.
    pub observer: &'a dyn Observer,
    /// Where evidence comes from: [`LIVE`], unless a run is recorded or replayed.
    pub intake: &'a Intake,
    /// Who runs the custom rules of a policy; [`InProcess`] where they are trusted.
    pub rules: &'a dyn Evaluator,
}

impl<'a> Work<'a> {
    fn options(&self) -> bonafide_hash::Options<'a> {
        bonafide_hash::Options {
            workers: self.workers,
            budget: self.budget,
            observer: self.observer,
            tap: None,
        }
    }
}
