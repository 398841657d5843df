//! `bonafide bom check`: what in a document is proven, claimed, missing or contradicted.

use std::path::PathBuf;

use bonafide_bom::model_card::{
    AdapterConfiguration, ModelCard, ModelCardError, ModelConfiguration, commit_of_snapshot_path,
};
use bonafide_bom::profile::{
    ArtifactFacts, ByteEvidence, DigestStrength, Evaluation, PartEvidence, Profile, ProfileId,
    SignatureEvidence, evaluate,
};
use bonafide_checks::{DocumentFacts, Facts, Presence, TreePresence};
use bonafide_core::{Assessment, DocumentSummary, Evidence, RawName};
use bonafide_hash::Tree;

use crate::Work;
use crate::error::{EngineError, raw};
use crate::summary;
use crate::verify::{VerifyRequest, gather};

/// Largest file of the model that is read for what it says.
const MOST_BYTES: u64 = 4 << 20;

/// What to check, and by what.
#[derive(Debug, Clone)]
pub struct CheckRequest {
    /// The document.
    pub document: PathBuf,
    /// The model or dataset that it is about.
    pub model: Option<PathBuf>,
    /// What is asked of the document.
    pub profile: ProfileId,
    /// By what signatures are judged. Its target and documents are replaced.
    pub evidence: VerifyRequest,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Checked {
    /// What it comes to.
    pub verdict: CheckVerdict,
    /// Why, in one line a reason.
    pub reasons: Vec<String>,
    /// The document, as it was held against bytes and signatures.
    pub document: DocumentSummary,
    /// Element by element.
    pub assessment: Assessment,
}

/// What a check of a document comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckVerdict {
    /// Nothing contradicts it.
    NotContradicted,
    /// A model was given, and not all of its bytes could be held against the document.
    Undecided,
    /// Bytes, signatures or the document itself contradict it.
    Contradicted,
}

/// Holds a document against bytes and signatures, and says what that is worth.
///
/// # Errors
///
/// [`EngineError`] if the document cannot be read, or is no bill of materials.
pub fn check(request: &CheckRequest, work: Work<'_>) -> Result<Checked, EngineError> {
    let mut gathering = request.evidence.clone();
    gathering.target = request
        .model
        .clone()
        .unwrap_or_else(|| request.document.clone());
    gathering.boms = vec![request.document.clone()];
    let source = raw(&request.document);
    gather(&gathering, work, |facts, _, _| {
        let document = facts
            .documents
            .iter()
            .find(|document| document.source == source)
            .ok_or_else(|| not_a_bom(request, "it was not found again".to_owned()))?;
        judge(request, facts, document)
    })?
}

fn not_a_bom(request: &CheckRequest, detail: String) -> EngineError {
    EngineError::InvalidBom {
        path: request.document.clone(),
        detail,
    }
}

fn judge(
    request: &CheckRequest,
    facts: &Facts<'_>,
    document: &DocumentFacts<'_>,
) -> Result<Checked, EngineError> {
    let bom = match &document.content {
        Err(error) => return Err(not_a_bom(request, error.to_string())),
        Ok(_) => document.bom().ok_or_else(|| {
            not_a_bom(
                request,
                "it is metadata of a dataset, not a bill of materials".to_owned(),
            )
        })?,
    };
    let profile = Profile::of(request.profile)
        .ok_or_else(|| not_a_bom(request, "the profile is not known".to_owned()))?;
    let has_model = request.model.is_some();
    let bytes = if has_model {
        parts(document)
    } else {
        Vec::new()
    };
    let bytes = with_unlisted(bytes, bom, document);
    let (artifact, unread) = match has_model {
        true => {
            let (artifact, unread) = artifact_facts(facts.tree, request);
            (Some(artifact), unread)
        }
        false => (None, Vec::new()),
    };
    let assessment = evaluate(
        profile,
        &Evaluation {
            document: bom,
            bytes: &bytes,
            signature: &signature(facts, document),
            contradictions: &document.defects,
            facts: artifact.as_ref(),
        },
    );
    let mut summary = summary::document(document);
    if !has_model {
        // Nothing was compared, so nothing is missing.
        (summary.differing, summary.missing, summary.unlisted) = (0, 0, 0);
        (summary.verified, summary.not_compared) = (0, summary.listed);
    }
    let (verdict, reasons) = verdict(document, &summary, &assessment, has_model, unread);
    Ok(Checked {
        verdict,
        reasons,
        document: summary,
        assessment,
    })
}

/// Files of the model that the document does not list are a part of its subject whose bytes
/// nobody compared.
fn with_unlisted(
    mut bytes: Vec<PartEvidence>,
    bom: &bonafide_bom::Document<'_>,
    document: &DocumentFacts<'_>,
) -> Vec<PartEvidence> {
    let unlisted = document.inventory.unlisted.len();
    if bytes.is_empty() || unlisted == 0 || bom.bom.get().subject().is_none() {
        return bytes;
    }
    for part in &mut bytes {
        if let ByteEvidence::Equal { .. } = part.bytes
            && part.pointer.as_str().starts_with("/metadata/component")
        {
            part.bytes = ByteEvidence::NotCompared {
                reason: format!("{unlisted} files of the model are not in the document"),
            };
        }
    }
    bytes
}

/// What bytes say of each part of the document.
fn parts(document: &DocumentFacts<'_>) -> Vec<PartEvidence> {
    let entries = document.listing.entries.iter();
    let of_entries = entries
        .zip(&document.inventory.presences)
        .map(|(entry, presence)| PartEvidence {
            pointer: entry.pointer.clone(),
            bytes: of_presence(presence),
        });
    let trees = document.listing.trees.iter();
    let of_trees = trees
        .zip(&document.inventory.trees)
        .map(|(tree, presence)| PartEvidence {
            pointer: tree.pointer.clone(),
            bytes: match presence {
                TreePresence::Equal { .. } => ByteEvidence::Equal {
                    strength: DigestStrength::Strong,
                },
                TreePresence::Differs { .. } => ByteEvidence::Differs,
                TreePresence::NotComputed { reason } => ByteEvidence::NotCompared {
                    reason: reason.clone(),
                },
                TreePresence::Elsewhere => ByteEvidence::NotCompared {
                    reason: "it is about something that is not here".to_owned(),
                },
            },
        });
    of_entries.chain(of_trees).collect()
}

fn of_presence(presence: &Presence) -> ByteEvidence {
    let not_compared = |reason: &str| ByteEvidence::NotCompared {
        reason: reason.to_owned(),
    };
    match presence {
        Presence::Equal { .. } => ByteEvidence::Equal {
            strength: if presence.is_proof() {
                DigestStrength::Strong
            } else {
                DigestStrength::Weak
            },
        },
        Presence::Differs { .. } | Presence::Unmatched { .. } => ByteEvidence::Differs,
        Presence::Missing => ByteEvidence::Missing,
        Presence::NoDigest { .. } => not_compared("the document gives no digest"),
        Presence::Unusable { claimed, .. } => {
            not_compared(&format!("the document gives {claimed}"))
        }
        Presence::Unreadable { .. } => not_compared("the file could not be read"),
        Presence::Absent => not_compared("it is not here, and need not be"),
    }
}

/// What became of the document's signature.
fn signature(facts: &Facts<'_>, document: &DocumentFacts<'_>) -> SignatureEvidence {
    if let Some(proof) = document.proofs.first() {
        return SignatureEvidence::Verified {
            signer: proof.signer.to_string(),
        };
    }
    let own = document.own_signatures.iter().chain(
        facts
            .signatures
            .iter()
            .filter(|signature| signature.source == document.source),
    );
    let mut reason = None;
    for signature in own {
        let conclusion = &signature.examination.conclusion;
        if let bonafide_attest::Conclusion::Rejected(rejection) = conclusion {
            return SignatureEvidence::Rejected {
                reason: rejection.to_string(),
            };
        }
        reason.get_or_insert(conclusion.to_string());
    }
    reason.map_or(SignatureEvidence::None, |reason| {
        SignatureEvidence::NotTrusted { reason }
    })
}

/// What the files of the model say about it, and those that are here and cannot be read: what
/// they would contradict is not known.
fn artifact_facts(tree: &Tree, request: &CheckRequest) -> (ArtifactFacts, Vec<String>) {
    let place = request
        .model
        .as_ref()
        .and_then(|model| model.canonicalize().ok());
    let components: Vec<&str> = place
        .iter()
        .flat_map(|path| path.components())
        .filter_map(|component| component.as_os_str().to_str())
        .collect();
    let mut unread = Vec::new();
    let facts = ArtifactFacts {
        card: said(tree, "README.md", ModelCard::read, &mut unread),
        configuration: said(tree, "config.json", ModelConfiguration::read, &mut unread),
        adapter: said(
            tree,
            "adapter_config.json",
            AdapterConfiguration::read,
            &mut unread,
        ),
        snapshot: commit_of_snapshot_path(&components),
    };
    (facts, unread)
}

/// What one file says; none if it is not here or speaks to people alone.
fn said<T>(
    tree: &Tree,
    name: &str,
    reader: impl Fn(&[u8]) -> Result<T, ModelCardError>,
    unread: &mut Vec<String>,
) -> Option<T> {
    let name = RawName::from(name);
    tree.entry(name.as_bytes())?;
    let reason = match tree.read_document(&name, MOST_BYTES) {
        Err(failure) => failure.to_string(),
        Ok(bytes) => match reader(&bytes) {
            Ok(said) => return Some(said),
            Err(ModelCardError::NoFrontMatter) => return None,
            Err(error) => error.to_string(),
        },
    };
    unread.push(format!("`{name}` cannot be compared: {reason}"));
    None
}

fn verdict(
    document: &DocumentFacts<'_>,
    summary: &DocumentSummary,
    assessment: &Assessment,
    has_model: bool,
    unread: Vec<String>,
) -> (CheckVerdict, Vec<String>) {
    let mut reasons = Vec::new();
    if summary.violations > 0 {
        reasons.push(format!(
            "the document breaks the rules of its format in {} places",
            summary.violations
        ));
    }
    for row in assessment.rows() {
        if row.evidence == Evidence::Contradicted {
            reasons.push(format!("{}: {}", row.id, row.reason));
        }
    }
    for (count, what) in [
        (summary.differing, "listed parts differ from the bytes here"),
        (summary.missing, "listed parts are missing"),
    ] {
        if count > 0 {
            reasons.push(format!("{count} {what}"));
        }
    }
    let entries = document.listing.entries.iter();
    for (entry, presence) in entries.zip(&document.inventory.presences) {
        if let Some(other) = presence.other_name(entry) {
            reasons.push(format!("`{}` is here as `{other}`", entry.label));
        }
    }
    if !reasons.is_empty() {
        return (CheckVerdict::Contradicted, reasons);
    }
    if has_model && !document.is_about_the_artifact() {
        let reason = "the document gives no digest of anything that is here, so it fits any bytes";
        return (CheckVerdict::Undecided, vec![reason.to_owned()]);
    }
    if !has_model {
        return (CheckVerdict::NotContradicted, reasons);
    }
    reasons.extend(unread);
    // Whatever was not held against a digest may have been changed.
    if summary.unlisted > 0 {
        let plural = if summary.unlisted == 1 {
            " of the model is"
        } else {
            "s of the model are"
        };
        reasons.push(format!(
            "{} file{plural} not in the document",
            summary.unlisted
        ));
    }
    if summary.not_compared > 0 {
        let plural = if summary.not_compared == 1 {
            " has"
        } else {
            "s have"
        };
        reasons.push(format!(
            "{} listed part{plural} no digest that could be compared",
            summary.not_compared
        ));
    }
    if reasons.is_empty() {
        (CheckVerdict::NotContradicted, reasons)
    } else {
        (CheckVerdict::Undecided, reasons)
    }
}
