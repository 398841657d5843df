//! One run, from a path to a report.

use std::path::PathBuf;

use bonafide_attest::{Examination, TrustStore, examine, jsf};
use bonafide_checks::{
    Denials, Evidence, Facts, Given, Language, Need, Relative, SignatureFacts, Survey, algorithms,
};
use bonafide_core::{Algorithm, Digest, MaterialSummary, Mode, Report};
use bonafide_dataset::{DatasetBudget, Roles};
use bonafide_hash::{Measurement, Tap};
use bonafide_policy::{Circumstances, Decision, Policy, decide};
use bonafide_source::SignatureKind;
use bonafide_weights::Claim;
use jiff::Timestamp;

use crate::Work;
use crate::error::{EngineError, raw};
use crate::lineage::{Candidate, Family, with_segments};
use crate::models::{Digests, models};
use crate::policy_signature::PolicySigners;
use crate::trust::{AddedTrust, Trust};
use crate::{
    custom, documents, facts, inspect, lineage, lists, policy, records, summary, threats, trust,
    weights,
};

/// Most signatures of a run, over all files that hold some. What each of them is about
/// is worked out for the whole tree.
const MOST_SIGNATURES: usize = 128;

/// What to verify, and by what.
#[derive(Debug, Clone)]
pub struct VerifyRequest {
    /// A directory or a single file.
    pub target: PathBuf,
    /// The demands.
    pub policy: PolicyChoice,
    /// Who has to have signed them.
    pub policy_signers: PolicySigners,
    /// Signature files; when empty, they are looked for in and beside the target.
    pub signatures: Vec<PathBuf>,
    /// Documents about the target; when empty, they are looked for in and beside it.
    pub boms: Vec<PathBuf>,
    /// What the target is made from, as far as it is at hand; folders beside the target
    /// with the name of a parent are looked at as well.
    pub parents: Vec<PathBuf>,
    /// The signed record manifest of the version before, which records are compared with.
    pub previous: Option<PathBuf>,
    /// What the user says that columns of a dataset are for.
    pub roles: Roles,
    /// What looking at records may cost.
    pub records_budget: DatasetBudget,
    /// What the user says of how the weights were made from those of `parents`.
    pub claims: Vec<Claim>,
    /// Whom this run trusts in addition.
    pub trust: AddedTrust,
    /// Revocation lists (DER or PEM) that this run heeds in addition.
    pub revocation_lists: Vec<PathBuf>,
    /// Deny-lists that this run heeds in addition.
    pub deny_lists: Vec<PathBuf>,
    /// Published vulnerabilities (OSV) that dependencies are held against.
    pub advisories: Vec<PathBuf>,
    /// Files with waivers that this run heeds in addition, if the policy lets it.
    pub waivers: Vec<PathBuf>,
    /// What the user says that the target is (package URL): it decides which controls and
    /// waivers apply, so it is never taken from the target itself.
    pub purl: Option<String>,
    /// What becomes of the verdict; the policy's own mode if not given.
    pub mode: Option<Mode>,
    /// Which files get a digest in the report.
    pub digesting: Digesting,
    /// SHA-256 of the program that runs, for the report.
    pub program: Option<Digest>,
    /// The time by which validity is judged.
    pub now: Timestamp,
    /// Who says what time it is.
    pub clock: Clock,
}

/// Who says what time it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// The machine.
    #[default]
    System,
    /// The user of the run, which a policy may refuse.
    Given,
}

/// Which files are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Digesting {
    /// Those that something is known about to compare with.
    #[default]
    AsNeeded,
    /// Every one, and the report lists the digests.
    EveryFile,
}

/// Where the demands come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyChoice {
    /// The embedded baseline.
    Baseline,
    /// Another one that comes with the program, by its name.
    Preset(String),
    /// A file.
    File(PathBuf),
}

/// Verifies an artifact. What is wrong with it is in the report; an error means
/// that there is no report.
pub fn verify(request: &VerifyRequest, work: Work<'_>) -> Result<Report, EngineError> {
    gather(request, work, |facts, policy, trust| {
        report(request, facts, policy, trust, work)
    })?
}

/// Verifies an artifact, and gives the facts that were judged as well.
pub fn verify_with_facts(
    request: &VerifyRequest,
    work: Work<'_>,
) -> Result<(Report, serde_json::Value), EngineError> {
    gather(request, work, |known, policy, trust| {
        let document = facts::document(request, known)?;
        Ok((report(request, known, policy, trust, work)?, document))
    })?
}

fn report(
    request: &VerifyRequest,
    facts: &Facts<'_>,
    policy: &Policy,
    trust: Trust,
    work: Work<'_>,
) -> Result<Report, EngineError> {
    let (decision, rules) = assess(request, facts, policy, work)?;
    let mut policy = summary::policy(policy, &request.policy, trust);
    policy.material.extend(rules);
    Ok(Report {
        schema_version: bonafide_core::SCHEMA_VERSION,
        verdict: decision.verdict,
        mode: decision.mode,
        reasons: decision.reasons,
        tool: summary::tool(request.program),
        evaluated_at: request.now,
        artifact: summary::artifact(request, facts),
        policy,
        signatures: summary::signatures(facts),
        documents: summary::documents(facts),
        lineage: Some(lineage::summary(&facts.lineage)).filter(|known| !known.is_empty()),
        inspection: inspect::summary(facts),
        threats: threats::summaries(&decision.checks),
        checks: decision.checks,
        waivers: decision.waivers,
        warnings: decision.warnings,
        standards: decision.standards,
    })
}

/// Holds the evidence against the policy: its own controls, and its custom rules. Gives the
/// files of the rules as well.
pub(crate) fn assess(
    request: &VerifyRequest,
    facts: &Facts<'_>,
    policy: &Policy,
    work: Work<'_>,
) -> Result<(Decision, Vec<MaterialSummary>), EngineError> {
    let custom = custom::results(request, facts, policy, work)?;
    let circumstances = Circumstances {
        now: request.now,
        purl: request.purl.as_deref(),
        mode: request.mode,
        custom: custom.results,
    };
    let mut decision = decide(policy, facts, circumstances);
    decision.warnings.extend(custom.warnings);
    Ok((decision, custom.material))
}

/// Gathers the evidence about an artifact, and hands it to whoever judges it.
pub(crate) fn gather<R>(
    request: &VerifyRequest,
    work: Work<'_>,
    judge: impl FnOnce(&Facts<'_>, &Policy, Trust) -> R,
) -> Result<R, EngineError> {
    let mut family = Family::of(request, work)?;
    let target = Candidate::target(request);
    let (_, judged) = gather_in(request, work, &mut family, target, judge)?;
    Ok(judged)
}

/// Gathers the evidence about a member of a family, which it joins. Gives its number.
pub(crate) fn gather_in<R>(
    request: &VerifyRequest,
    work: Work<'_>,
    family: &mut Family,
    candidate: Candidate,
    judge: impl FnOnce(&Facts<'_>, &Policy, Trust) -> R,
) -> Result<(usize, R), EngineError> {
    // What we demand, and whom we believe.
    let (policy, policy_signer) = policy::read(request, candidate.given(), work)?;
    let mut trust = trust::collect(&policy, &request.trust, request.now, work)?;
    trust.policy_signer = policy_signer;
    lists::collect(&mut trust, &policy, request, work)?;

    // What is there, and what is said about it.
    let tree = work.open(&request.target)?;
    let signatures = read_signatures(request, &trust.store, work)?;
    if (trust.store.trusts_identities() || signatures.iter().any(needs_root))
        && let Some((words, material)) = trust.implicit_root.take()
    {
        trust.of_policy.push(words);
        trust.material.push(material);
    }

    let sources = documents::collect(request, &signatures, &trust.store, work)?;
    let mut documents = documents::describe(&sources);

    // What has to be measured to hold one against the other.
    let mut also = trust.store.denied_algorithms();
    if !documents.is_empty() {
        also.extend(algorithms(documents.iter().map(|known| &known.listing)));
    }
    also.extend(family.algorithms(&candidate));
    // What a waiver is about is told by the bytes of all files; and whoever is to know the
    // artifact again without its report needs them too.
    let lists_digests =
        request.digesting == Digesting::EveryFile && matches!(candidate.given(), Given::Target);
    if policy.has_digest_waivers() || lists_digests {
        also.push(Algorithm::Sha256);
    }
    let mut survey = Survey::of(&tree, &signatures, &also);
    let jobs = std::mem::take(&mut survey.jobs);
    let models = models(
        &request.target,
        &tree,
        family.advisories(),
        Digests::None,
        work,
    )?;
    // Who looks at numbers sees them while they are hashed.
    let passing = weights::Passing::of(&policy, &tree, &models, &jobs);
    let tap = passing.as_ref().map(|passing| passing as &dyn Tap);
    let measurements = work.measure(&request.target, &tree, jobs, tap)?;
    survey.settle(&tree, &signatures, &measurements);
    documents::settle(
        &mut documents,
        &sources,
        &signatures,
        &survey,
        &measurements,
        request.now,
    );
    let mut relative = with_segments(&request.target, work, |segments| {
        let evidence = Evidence {
            tree: &tree,
            documents: &documents,
            signatures: &signatures,
            survey: &survey,
            measurements: &measurements,
            cards: &lineage::cards(&tree, &request.target, work),
        };
        Relative::of(raw(&request.target), segments, candidate.given(), &evidence)
    });
    relative.language = Language::of(&models);
    let index = family.add(relative, &candidate, work);
    family.examine(request, work)?;
    let lineage = family.lineage(index);
    let records = records::facts(request, &policy, &tree, &signatures, &trust.store, work)?;
    let weights = weights::facts(
        request,
        &policy,
        weights::Model::new(&request.target, &tree, &models),
        &lineage,
        family,
        passing.as_ref(),
        work,
    )?;
    let denials = denials(&trust.store, &survey, &measurements);
    let facts = Facts {
        tree: &tree,
        signatures,
        survey,
        measurements,
        roles: &policy.roles,
        denials,
        documents,
        lineage,
        models,
        records,
        weights,
        advisories: family.advisories().map(|snapshot| snapshot.sources.clone()),
        now: request.now,
    };

    // What follows.
    let judged = judge(&facts, &policy, trust);
    if !matches!(candidate.given(), Given::Target) && policy.needs().contains(&Need::Claims) {
        let models = facts.models;
        family.keep(weights::Kept::new(&request.target, tree, models));
    }
    Ok((index, judged))
}

/// Every signature that comes with the target, examined.
fn read_signatures(
    request: &VerifyRequest,
    store: &TrustStore,
    work: Work<'_>,
) -> Result<Vec<SignatureFacts>, EngineError> {
    let mut signatures = Vec::new();
    let mut documents = 0;
    for file in work.signatures(&request.target, &request.signatures)? {
        let bytes = match work.read_signature(&file) {
            // Found by its name alone: it may be any file, and is one of the artifact.
            Err(_) if file.kind == SignatureKind::Document => continue,
            read => read?,
        };
        if file.kind == SignatureKind::Document && !jsf::is_signed_document(&bytes) {
            continue;
        }
        documents += usize::from(file.kind == SignatureKind::Document);
        if documents > work.budget.signatures {
            return Err(EngineError::TooManySignatures {
                target: request.target.clone(),
                limit: work.budget.signatures,
            });
        }
        let digest = Examination::digest(&bytes);
        for examination in examine(&bytes, store, request.now) {
            signatures.push(SignatureFacts {
                source: raw(&file.path),
                inside: file.inside.clone(),
                digest,
                examination,
            });
        }
        if signatures.len() > MOST_SIGNATURES {
            return Err(EngineError::TooManySignatures {
                target: request.target.clone(),
                limit: MOST_SIGNATURES,
            });
        }
    }
    Ok(signatures)
}

/// True when what supports the signature was proven by a trusted root.
fn needs_root(signature: &SignatureFacts) -> bool {
    let support = signature.verified().map(|verified| verified.support());
    support.is_some_and(|support| !support.times.is_empty() || support.log.is_some())
}

/// What deny-lists say of the artifact and its files.
fn denials(store: &TrustStore, survey: &Survey, measurements: &[Measurement]) -> Option<Denials> {
    if !store.has_deny_lists() {
        return None;
    }
    // Roots of manifests count even where the files are no longer those.
    let signed = survey.bindings.iter().filter_map(|binding| binding.root);
    let mut roots = survey.roots.iter().copied().chain(signed);
    let mut denials = Denials {
        artifact: roots
            .find_map(|root| store.denial_of_digest(&root))
            .map(|denial| denial.to_string()),
        ..Denials::default()
    };
    for measurement in survey.hashed(measurements) {
        let name = &measurement.job.name;
        match &measurement.digests {
            Err(_) => denials.unknown.push(name.clone()),
            Ok(digests) => {
                let denial = digests
                    .iter()
                    .find_map(|digest| store.denial_of_digest(digest.get()));
                denials
                    .files
                    .extend(denial.map(|denial| (name.clone(), denial.to_string())));
            }
        }
    }
    Some(denials)
}
