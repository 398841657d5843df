//! Facts in the words of the report.

use std::collections::BTreeMap;
use std::sync::Arc;

use bonafide_attest::oms::{OmsManifest, Serialization};
use bonafide_attest::predicate::StatedResult;
use bonafide_attest::{Category, Conclusion, Content, Signer, oms::ManifestHash};
use bonafide_bom::Described;
use bonafide_checks::{Attachment, Binding, DocumentFacts, Facts, Gap, Presence, SignatureFacts};
use bonafide_core::{
    Algorithm, ArtifactSummary, CoverageGap, Digest, DocumentSignature, DocumentSummary,
    FileDigestSummary, Grade, LinkSummary, MaterialSummary, Measured, PolicyLayer, PolicySummary,
    RawName, SignatureState, SignatureSummary, SigningTime, ToolSummary, UnreadableSummary,
};
use bonafide_hash::{EntryKind, LinkEnd, TreeKind};
use bonafide_policy::Policy;

use crate::error::raw;
use crate::trust::Trust;
use crate::verify::{Digesting, PolicyChoice, VerifyRequest};

/// Most files that are listed as not covered by an attestation.
const MOST_GAPS: usize = 1_000;

pub(crate) const fn tool(digest: Option<Digest>) -> ToolSummary {
    ToolSummary {
        name: "bonafide",
        version: env!("CARGO_PKG_VERSION"),
        digest,
    }
}

pub(crate) fn artifact(request: &VerifyRequest, facts: &Facts<'_>) -> ArtifactSummary {
    let mut summary = ArtifactSummary {
        target: raw(&request.target),
        kind: match facts.tree.kind() {
            TreeKind::Directory => "directory",
            TreeKind::File => "file",
        },
        purl: request.purl.clone(),
        root: None,
        digests: Vec::new(),
        files: 0,
        bytes: 0,
        bytes_hashed: 0,
        links: Vec::new(),
        unreadable: Vec::new(),
    };
    for entry in facts.tree.entries() {
        match &entry.kind {
            EntryKind::File { size, .. } => {
                summary.files += 1;
                summary.bytes = summary.bytes.saturating_add(*size);
            }
            EntryKind::Link { target, leads_to } => summary.links.push(LinkSummary {
                name: entry.name.clone(),
                target: target.clone(),
                leads_to: link_end(leads_to),
            }),
            EntryKind::Unreadable(failure) => summary.unreadable.push(UnreadableSummary {
                name: entry.name.clone(),
                reason: failure.to_string(),
            }),
            EntryKind::Directory | EntryKind::Special(_) => {}
        }
    }
    for measurement in &facts.measurements {
        match &measurement.digests {
            Err(failure) => {
                let unreadable = UnreadableSummary {
                    name: measurement.job.name.clone(),
                    reason: failure.to_string(),
                };
                // The shards of a file fail together.
                if summary.unreadable.last() != Some(&unreadable) {
                    summary.unreadable.push(unreadable);
                }
            }
            Ok(_) => {
                let bytes = match &measurement.job.range {
                    Some(range) => range.end - range.start,
                    None => match facts.tree.entry(measurement.job.name.as_bytes()) {
                        Some(entry) => match entry.kind {
                            EntryKind::File { size, .. } => size,
                            _ => 0,
                        },
                        None => 0,
                    },
                };
                summary.bytes_hashed = summary.bytes_hashed.saturating_add(bytes);
            }
        }
    }
    if request.digesting == Digesting::EveryFile {
        summary.digests = every_digest(facts).unwrap_or_default();
        if !summary.digests.is_empty() {
            summary.root = facts.survey.root_as_it_is();
        }
    }
    summary
}

/// SHA-256 of every regular file, in the order of their names; none if one is not known,
/// because a list with gaps looks like one without.
fn every_digest(facts: &Facts<'_>) -> Option<Vec<FileDigestSummary>> {
    let mut known = BTreeMap::new();
    let whole = facts
        .measurements
        .iter()
        .filter(|measurement| measurement.job.range.is_none());
    for measurement in whole {
        let Ok(digests) = &measurement.digests else {
            continue;
        };
        let mut digests = digests.iter().map(Measured::get);
        let sha256 = digests.find(|digest| digest.algorithm() == Algorithm::Sha256);
        if let Some(digest) = sha256 {
            known.insert(&measurement.job.name, *digest);
        }
    }
    let entries = facts.tree.entries().iter();
    let files = entries.filter(|entry| matches!(entry.kind, EntryKind::File { .. }));
    files
        .map(|entry| {
            Some(FileDigestSummary {
                name: entry.name.clone(),
                digest: *known.get(&entry.name)?,
            })
        })
        .collect()
}

pub(crate) const fn link_end(end: &LinkEnd) -> &'static str {
    match end {
        LinkEnd::File(_) => "file",
        LinkEnd::Directory(_) => "directory",
        LinkEnd::Outside => "outside",
        LinkEnd::Broken => "broken",
        LinkEnd::Loop => "loop",
        LinkEnd::Special(_) => "special",
        LinkEnd::Unreadable(_) => "unreadable",
    }
}

pub(crate) fn policy(policy: &Policy, choice: &PolicyChoice, trust: Trust) -> PolicySummary {
    let below = policy
        .layers()
        .split_last()
        .map_or(&[][..], |(_, below)| below);
    PolicySummary {
        name: policy.name.clone(),
        version: policy.version.to_string(),
        source: match choice {
            PolicyChoice::Baseline | PolicyChoice::Preset(_) => None,
            PolicyChoice::File(path) => Some(raw(path)),
        },
        digest: policy.digest(),
        extends: below
            .iter()
            .map(|layer| PolicyLayer {
                source: RawName::from(layer.origin.as_str()),
                name: layer.name.clone(),
                version: layer.version.clone(),
                digest: layer.digest,
            })
            .collect(),
        signed_by: trust.policy_signer,
        no_match: policy.no_match.name(),
        expires: policy.expires.map(|date| date.to_string()),
        trust: trust.of_policy,
        trust_added: trust.added,
        lists: trust.lists,
        material: {
            let waivers = policy.waiver_files().iter();
            let waivers = waivers.map(|file| MaterialSummary {
                source: RawName::from(file.origin.as_str()),
                kind: "waivers",
                digest: file.digest,
            });
            trust.material.into_iter().chain(waivers).collect()
        },
    }
}

pub(crate) fn signatures(facts: &Facts<'_>) -> Vec<SignatureSummary> {
    facts
        .signatures
        .iter()
        .enumerate()
        .map(|(index, signature)| summarize(facts, index, signature))
        .collect()
}

fn summarize(facts: &Facts<'_>, index: usize, signature: &SignatureFacts) -> SignatureSummary {
    let survey = &facts.survey;
    let binding = survey
        .bindings
        .iter()
        .find(|binding| binding.signature == index);
    let attachment = survey
        .attachments
        .iter()
        .find(|attachment| attachment.signature == index);
    let examination = &signature.examination;
    let (state, reason) = state(&examination.conclusion);
    let verified = signature.verified();
    let manifest = signature.manifest();
    let signer = match (verified, &examination.claimed_signer) {
        (Some(verified), _) => Some((verified.signer().to_string(), Grade::Verified)),
        (None, Some(claim)) => Some((claim.get().clone(), Grade::Claimed)),
        (None, None) => None,
    };
    let (gaps, gaps_omitted) = gaps(facts, binding, attachment);
    let support = verified.map(|verified| verified.support());
    let log = support.and_then(|support| support.log.as_ref());
    SignatureSummary {
        source: signature.source.clone(),
        digest: signature.digest,
        scheme: examination
            .scheme
            .map(|scheme| scheme.to_string())
            .unwrap_or_default(),
        state,
        line: examination.line,
        reason,
        category: examination.conclusion.category().map(Category::name),
        content: verified.map(|verified| content(verified.get())),
        stated_result: verified.and_then(|verified| stated_result(verified.get())),
        signer: signer.as_ref().map(|(signer, _)| signer.clone()),
        signer_grade: signer.map(|(_, grade)| grade),
        cosigners: verified
            .into_iter()
            .flat_map(|verified| verified.signers().skip(1))
            .map(ToString::to_string)
            .collect(),
        claims: verified
            .map(|verified| claims(verified.signer()))
            .unwrap_or_default(),
        times: support
            .into_iter()
            .flat_map(|support| &support.times)
            .map(|time| SigningTime {
                time: time.time,
                source: time.source.to_string(),
            })
            .collect(),
        log_entries: log.map(|log| log.entries),
        log_indices: log.map(|log| log.indices.clone()).unwrap_or_default(),
        serialization: manifest.map(serialization),
        covered: match (binding, attachment) {
            (Some(binding), _) => binding.covered,
            (None, Some(attachment)) => u64::try_from(attachment.files).unwrap_or(u64::MAX),
            (None, None) => 0,
        },
        root: manifest.map(|manifest| manifest.root),
        bound_by: attachment.and_then(bound_by),
        gaps,
        gaps_omitted,
    }
}

/// What a signature does not cover, and how much of that is not listed. The list of a
/// manifest is whole: it tells what was looked at. There may be many attestations,
/// each about a file or two, and together their lists would be many times the tree.
fn gaps(
    facts: &Facts<'_>,
    binding: Option<&Binding>,
    attachment: Option<&Attachment>,
) -> (Vec<CoverageGap>, Option<usize>) {
    let shown = |gap: Arc<Gap>| CoverageGap {
        name: gap.name.clone(),
        reason: gap.reason.to_string(),
    };
    let mut all: Box<dyn Iterator<Item = Arc<Gap>> + '_> = match (binding, attachment) {
        (Some(binding), None) => {
            let all = binding.gaps.iter().cloned().map(shown);
            return (all.collect(), None);
        }
        (Some(binding), Some(_)) => Box::new(binding.gaps.iter().cloned()),
        (None, Some(attachment)) => Box::new(attachment.gaps(&facts.survey)),
        (None, None) => return (Vec::new(), None),
    };
    let listed = all.by_ref().take(MOST_GAPS).map(shown).collect();
    (listed, Some(all.count()).filter(|omitted| *omitted > 0))
}

pub(crate) fn state(conclusion: &Conclusion) -> (SignatureState, Option<String>) {
    let state = match conclusion {
        Conclusion::Verified(_) => return (SignatureState::Verified, None),
        Conclusion::Untrusted(_) => SignatureState::Untrusted,
        Conclusion::CertificateNotValid(_) => SignatureState::CertificateNotValid,
        Conclusion::Denied(_) => SignatureState::Denied,
        Conclusion::Rejected(_) => SignatureState::Rejected,
        Conclusion::Unsupported(_) => SignatureState::Unsupported,
    };
    (state, Some(conclusion.to_string()))
}

fn content(content: &Content) -> String {
    match content {
        Content::Model(_) => "model".to_owned(),
        Content::Message(_) => "message".to_owned(),
        Content::Document(bom) => format!("CycloneDX {}", bom.specification),
        Content::Statement(statement) => {
            RawName::from(statement.predicate_type.as_str()).to_string()
        }
    }
}

pub(crate) fn stated_result(content: &Content) -> Option<&'static str> {
    Some(match content.statement()?.predicate.result()? {
        StatedResult::Passed => "passed",
        StatedResult::Warned => "warned",
        StatedResult::Failed => "failed",
    })
}

pub(crate) fn documents(facts: &Facts<'_>) -> Vec<DocumentSummary> {
    facts.documents.iter().map(document).collect()
}

pub(crate) fn document(document: &DocumentFacts<'_>) -> DocumentSummary {
    let count = |wanted: fn(&Presence) -> bool| {
        let presences = document.inventory.presences.iter();
        presences.filter(|presence| wanted(presence)).count()
    };
    let bom = document.bom().map(|bom| bom.bom.get());
    let shown = |text: &str| bonafide_bom::excerpt(text, 200);
    let (about, supplier) = match document.described() {
        Some(Described::Croissant(dataset)) => (dataset.name.as_deref().map(shown), None),
        _ => {
            let subject = bom.and_then(|bom| bom.subject());
            let about = subject.and_then(|subject| {
                let name = subject.name.as_deref()?;
                Some(match subject.version.as_deref() {
                    Some(version) => format!("{} {}", shown(name), shown(version)),
                    None => shown(name),
                })
            });
            let supplier = subject
                .and_then(|subject| subject.supplier.as_ref().or(subject.manufacturer.as_ref()))
                .or_else(|| bom?.metadata.as_ref()?.supplier.as_ref())
                .and_then(|supplier| supplier.name.as_deref())
                .map(shown);
            (about, supplier)
        }
    };
    DocumentSummary {
        source: document.source.clone(),
        digest: document.digest,
        format: document.described().map(Described::format),
        reason: document.content.as_ref().err().map(ToString::to_string),
        about,
        supplier,
        signatures: document
            .proofs
            .iter()
            .map(|proof| DocumentSignature {
                source: proof.source.clone(),
                signer: proof.signer.to_string(),
                way: proof.way.words(),
            })
            .collect(),
        violations: document.bom().map_or(0, |bom| bom.violations.len()),
        contradictions: document.defects.len(),
        listed: document.listing.entries.len(),
        verified: count(Presence::is_proof),
        differing: count(|presence| {
            matches!(
                presence,
                Presence::Differs { .. } | Presence::Unmatched { .. }
            )
        }),
        missing: count(|presence| *presence == Presence::Missing),
        not_compared: count(|presence| match presence {
            Presence::Equal { .. } => !presence.is_proof(),
            Presence::NoDigest { .. } | Presence::Unusable { .. } | Presence::Unreadable { .. } => {
                true
            }
            _ => false,
        }),
        unlisted: document.inventory.unlisted.len(),
    }
}

const fn bound_by(attachment: &Attachment) -> Option<&'static str> {
    if attachment.ties > 0 {
        Some("files")
    } else if attachment.root.is_some() {
        Some("root")
    } else {
        None
    }
}

fn claims(signer: &Signer) -> Vec<String> {
    match signer {
        Signer::Identity { identity, .. } => identity
            .claims
            .iter()
            .map(|(claim, value)| format!("{claim}={}", RawName::from(value.as_str())))
            .collect(),
        _ => Vec::new(),
    }
}

fn serialization(manifest: &OmsManifest) -> String {
    let hash = match &manifest.hash {
        ManifestHash::Strong(algorithm) => algorithm.to_string(),
        ManifestHash::Weak(name) => format!("{name} (too weak)"),
    };
    let links = if manifest.allow_symlinks {
        ", links to files followed"
    } else {
        ""
    };
    match manifest.serialization {
        Serialization::Files => format!("files, {hash}{links}"),
        Serialization::Shards { size } => format!("shards of {size} bytes, {hash}{links}"),
    }
}
