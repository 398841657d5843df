//! Facts in the words of the report.

use std::path::Path;

use bonafide_attest::oms::{OmsManifest, Serialization};
use bonafide_attest::{Conclusion, oms::ManifestHash};
use bonafide_checks::{Binding, Facts, SignatureFacts};
use bonafide_core::{
    ArtifactSummary, CoverageGap, Grade, LinkSummary, PolicySummary, SignatureState,
    SignatureSummary, ToolSummary, UnreadableSummary,
};
use bonafide_hash::{EntryKind, LinkEnd, TreeKind};
use bonafide_policy::Policy;

use crate::error::raw;
use crate::trust::Trust;
use crate::verify::PolicyChoice;

pub(crate) const fn tool() -> ToolSummary {
    ToolSummary {
        name: "bonafide",
        version: env!("CARGO_PKG_VERSION"),
    }
}

pub(crate) fn artifact(target: &Path, facts: &Facts<'_>) -> ArtifactSummary {
    let mut summary = ArtifactSummary {
        target: raw(target),
        kind: match facts.tree.kind() {
            TreeKind::Directory => "directory",
            TreeKind::File => "file",
        },
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
    summary
}

const fn link_end(end: &LinkEnd) -> &'static str {
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
    PolicySummary {
        name: policy.name.clone(),
        version: policy.version.to_string(),
        source: match choice {
            PolicyChoice::Baseline => None,
            PolicyChoice::File(path) => Some(raw(path)),
        },
        digest: policy.digest(),
        expires: policy.expires.map(|date| date.to_string()),
        trust: trust.of_policy,
        trust_added: trust.added,
        lists: trust.lists,
    }
}

pub(crate) fn signatures(facts: &Facts<'_>) -> Vec<SignatureSummary> {
    facts
        .signatures
        .iter()
        .enumerate()
        .map(|(index, signature)| {
            let binding = facts
                .survey
                .bindings
                .iter()
                .find(|binding| binding.signature == index);
            summarize(signature, binding)
        })
        .collect()
}

fn summarize(signature: &SignatureFacts, binding: Option<&Binding>) -> SignatureSummary {
    let examination = &signature.examination;
    let (state, reason) = match &examination.conclusion {
        Conclusion::Verified(_) => (SignatureState::Verified, None),
        Conclusion::Untrusted(reason) => (SignatureState::Untrusted, Some(reason.to_string())),
        Conclusion::CertificateNotValid(defect) => (
            SignatureState::CertificateNotValid,
            Some(defect.to_string()),
        ),
        Conclusion::Rejected(rejection) => (SignatureState::Rejected, Some(rejection.to_string())),
        Conclusion::Unsupported(reason) => (SignatureState::Unsupported, Some(reason.to_string())),
    };
    let verified = signature.verified();
    let manifest = verified.map(|verified| verified.get());
    let signer = match (verified, &examination.claimed_signer) {
        (Some(verified), _) => Some((verified.signer().to_string(), Grade::Verified)),
        (None, Some(claim)) => Some((claim.get().clone(), Grade::Claimed)),
        (None, None) => None,
    };
    SignatureSummary {
        source: signature.source.clone(),
        digest: signature.digest,
        scheme: examination
            .scheme
            .map(|scheme| scheme.to_string())
            .unwrap_or_default(),
        state,
        reason,
        signer: signer.as_ref().map(|(signer, _)| signer.clone()),
        signer_grade: signer.map(|(_, grade)| grade),
        serialization: manifest.map(serialization),
        covered: binding.map_or(0, |binding| binding.covered),
        root: manifest.map(|manifest| manifest.root),
        gaps: binding
            .map_or(&[][..], |binding| binding.gaps.as_slice())
            .iter()
            .map(|gap| CoverageGap {
                name: gap.name.clone(),
                reason: gap.reason.to_string(),
            })
            .collect(),
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
