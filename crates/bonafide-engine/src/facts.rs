//! The facts of a run as a document: what custom rules see, and what other policy engines
//! can read.
//!
//! What is measured or verified and what is merely claimed are never in one list: `claims`
//! holds the word of others, everything else is ours or that of a verified signer.

use std::collections::{BTreeMap, HashMap};

use bonafide_attest::predicate::Predicate;
use bonafide_attest::{Conclusion, Content, Signer, Verified};
use bonafide_bom::Described;
use bonafide_bom::view::Place as Position;
use bonafide_checks::{
    Attachment, Binding, DocumentFacts, Facts, ModelFile, Place, SignatureFacts, vouches,
};
use bonafide_core::{
    Digest, EdgeGrade, LineageEdge, RawName, Scope, Severity, SignatureState, SigningTime, Weight,
};
use bonafide_hash::{EntryKind, TreeKind};
use serde::Serialize;
use serde_json::Value;

use crate::Work;
use crate::error::EngineError;
use crate::summary;
use crate::verify::{VerifyRequest, gather};

/// JSON Schema of the facts.
pub const FACTS_SCHEMA: &str = include_str!("../../../schemas/facts.schema.json");

/// Version of the facts; it changes when a member changes its meaning or goes.
const VERSION: u32 = 1;

/// Most parts that are listed of one document.
const MOST_PARTS: usize = 100_000;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct FactsDocument {
    schema_version: u32,
    now: String,
    tool: Tool,
    target: Target,
    components: Vec<Component>,
    verified: VerifiedFacts,
    claims: Claims,
    lineage: LineageShape,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Target {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    purl: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    root: Option<Digest>,
    links: Vec<Link>,
    unreadable: Vec<RawName>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Link {
    name: RawName,
    target: RawName,
    leads_to: &'static str,
}

/// A regular file: all of it is measured.
#[derive(Serialize)]
struct Component {
    name: RawName,
    size: u64,
    digests: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    coverage: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    unread: Option<String>,
    defects: Vec<Defect>,
    /// Labels of verified signers who vouch for its very bytes.
    signers: Vec<String>,
}

#[derive(Serialize)]
struct Defect {
    rule: &'static str,
    weight: Weight,
    severity: Severity,
    message: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    part: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<RawName>,
}

#[derive(Serialize)]
struct VerifiedFacts {
    signatures: Vec<SignatureDocument>,
    documents: Vec<SignedDocument>,
    lineage: Vec<ProvenEdge>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct SignatureDocument {
    source: RawName,
    scheme: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    predicate_type: Option<RawName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'static str>,
    signer: SignerDocument,
    cosigners: Vec<SignerDocument>,
    times: Vec<SigningTime>,
    covers: Vec<RawName>,
    complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    predicate: Option<Value>,
}

#[derive(Serialize)]
struct SignerDocument {
    label: String,
    kind: &'static str,
    key: Digest,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<RawName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<RawName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<RawName>,
    names: Vec<RawName>,
    claims: BTreeMap<&'static str, RawName>,
}

#[derive(Serialize)]
struct SignedDocument {
    source: RawName,
    digest: Digest,
    signer: SignerDocument,
    way: &'static str,
}

#[derive(Serialize)]
struct ProvenEdge {
    child: RawName,
    parent: RawName,
    relation: &'static str,
    signers: Vec<RawName>,
}

#[derive(Serialize)]
struct Claims {
    signatures: Vec<UnverifiedSignature>,
    documents: Vec<ClaimedDocument>,
    lineage: Vec<ClaimedEdge>,
    artifacts: Vec<ClaimedArtifact>,
}

#[derive(Serialize)]
struct UnverifiedSignature {
    source: RawName,
    scheme: String,
    state: SignatureState,
    #[serde(skip_serializing_if = "Option::is_none")]
    signer: Option<RawName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize)]
struct ClaimedDocument {
    source: RawName,
    digest: Digest,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supplier: Option<String>,
    violations: usize,
    contradictions: usize,
    licences: Vec<RawName>,
    components: Vec<ClaimedComponent>,
}

#[derive(Serialize)]
struct ClaimedComponent {
    place: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<RawName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<RawName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<RawName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purl: Option<RawName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supplier: Option<RawName>,
    licences: Vec<RawName>,
    hashes: Vec<ClaimedHash>,
}

#[derive(Serialize)]
struct ClaimedHash {
    algorithm: RawName,
    value: RawName,
}

#[derive(Serialize)]
struct ClaimedEdge {
    child: RawName,
    parent: RawName,
    relation: &'static str,
    grade: EdgeGrade,
    signers: Vec<RawName>,
}

#[derive(Serialize)]
struct ClaimedArtifact {
    id: RawName,
    kind: &'static str,
    name: RawName,
    licences: Vec<RawName>,
}

/// How the graph hangs together, all grades of edges taken alike.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct LineageShape {
    subject: RawName,
    longest: usize,
    circular: bool,
    gaps: Vec<RawName>,
}

/// The facts of a run, as custom rules see them: a document in the form of
/// [`FACTS_SCHEMA`].
pub fn facts(request: &VerifyRequest, work: Work<'_>) -> Result<Value, EngineError> {
    Ok(gather(request, work, |known, _, _| {
        document(request, known)
    })??)
}

/// The facts of a run.
pub(crate) fn document(
    request: &VerifyRequest,
    facts: &Facts<'_>,
) -> Result<Value, serde_json::Error> {
    let coverages: Vec<Option<Covered>> = facts
        .signatures
        .iter()
        .enumerate()
        .map(|(index, signature)| {
            signature.verified()?;
            Some(covered(facts, index))
        })
        .collect();
    serde_json::to_value(FactsDocument {
        schema_version: VERSION,
        now: request.now.to_string(),
        tool: Tool {
            name: "bonafide",
            version: env!("CARGO_PKG_VERSION"),
        },
        target: target(request, facts),
        components: components(facts, &coverages),
        verified: VerifiedFacts {
            signatures: facts
                .signatures
                .iter()
                .zip(coverages)
                .filter_map(|(signature, covered)| {
                    Some(verified(signature, signature.verified()?, covered?))
                })
                .collect(),
            documents: facts.documents.iter().flat_map(proofs).collect(),
            lineage: edges(facts)
                .filter(|(edge, ..)| edge.grade() == EdgeGrade::Proven)
                .map(|(edge, child, parent)| ProvenEdge {
                    child,
                    parent,
                    relation: edge.relation().words(),
                    signers: edge.signers().into_iter().map(RawName::from).collect(),
                })
                .collect(),
        },
        claims: Claims {
            signatures: facts.signatures.iter().filter_map(unverified).collect(),
            documents: facts.documents.iter().map(claimed).collect(),
            lineage: edges(facts)
                .filter(|(edge, ..)| edge.grade() != EdgeGrade::Proven)
                .map(|(edge, child, parent)| ClaimedEdge {
                    child,
                    parent,
                    relation: edge.relation().words(),
                    grade: edge.grade(),
                    signers: edge.signers().into_iter().map(RawName::from).collect(),
                })
                .collect(),
            artifacts: artifacts(facts),
        },
        lineage: shape(facts),
    })
}

fn target(request: &VerifyRequest, facts: &Facts<'_>) -> Target {
    let mut links = Vec::new();
    let mut unreadable = Vec::new();
    for entry in facts.tree.entries() {
        match &entry.kind {
            EntryKind::Link { target, leads_to } => links.push(Link {
                name: entry.name.clone(),
                target: target.clone(),
                leads_to: summary::link_end(leads_to),
            }),
            EntryKind::Unreadable(_) | EntryKind::Special(_) => unreadable.push(entry.name.clone()),
            EntryKind::File { .. } | EntryKind::Directory => {}
        }
    }
    Target {
        kind: match facts.tree.kind() {
            TreeKind::Directory => "directory",
            TreeKind::File => "file",
        },
        purl: request.purl.clone(),
        root: facts.survey.roots.first().copied(),
        links,
        unreadable,
    }
}

/// Every regular file, in the order of the tree.
fn components(facts: &Facts<'_>, coverages: &[Option<Covered>]) -> Vec<Component> {
    let mut digests: HashMap<&RawName, BTreeMap<&'static str, String>> = HashMap::new();
    for measurement in &facts.measurements {
        let (None, Ok(measured)) = (&measurement.job.range, &measurement.digests) else {
            continue;
        };
        let of_file = digests.entry(&measurement.job.name).or_default();
        for digest in measured {
            of_file.insert(digest.get().algorithm().name(), digest.get().hex());
        }
    }
    let mut signers: HashMap<&RawName, Vec<String>> = HashMap::new();
    for (signature, covered) in facts.signatures.iter().zip(coverages) {
        let (Some(verified), Some(covered)) = (signature.verified(), covered) else {
            continue;
        };
        // An opinion on a file is no word for it.
        if !vouches(verified.get()) {
            continue;
        }
        for name in &covered.files {
            let labels = signers.entry(name).or_default();
            for signer in verified.signers() {
                let label = signer.label().to_owned();
                if !labels.contains(&label) {
                    labels.push(label);
                }
            }
        }
    }
    let models: HashMap<&RawName, &ModelFile> = facts
        .models
        .iter()
        .map(|model| (&model.name, model))
        .collect();
    let files = facts
        .tree
        .entries()
        .iter()
        .filter_map(|entry| match entry.kind {
            EntryKind::File { size, .. } => Some((&entry.name, size)),
            _ => None,
        });
    files
        .map(|(name, size)| {
            let model = models.get(name).copied();
            let inspection = model.and_then(|model| model.inspected.as_ref().ok());
            let mut digests = digests.remove(name).unwrap_or_default();
            if let Some(digest) = model.and_then(|model| model.digest) {
                digests.insert(digest.algorithm().name(), digest.hex());
            }
            Component {
                name: name.clone(),
                size,
                digests,
                format: inspection.and_then(|inspection| inspection.format()),
                coverage: inspection.map_or("skipped", |inspection| coverage(inspection)),
                unread: match model {
                    Some(model) => model.unread(),
                    None => Some("it was not inspected".to_owned()),
                },
                defects: inspection.map_or_else(Vec::new, |inspection| {
                    inspection.defects.iter().map(defect).collect()
                }),
                signers: signers.remove(name).unwrap_or_default(),
            }
        })
        .collect()
}

fn coverage(inspection: &bonafide_format::FileInspection) -> &'static str {
    use bonafide_format::Coverage;
    match inspection.coverage() {
        Coverage::Scanned => "scanned",
        Coverage::Identified => "identified",
        Coverage::Partly => "partly",
        Coverage::Unsupported => "unsupported",
        Coverage::Skipped => "skipped",
    }
}

fn defect(defect: &bonafide_format::Defect) -> Defect {
    Defect {
        rule: defect.rule.slug,
        weight: defect.weight(),
        severity: defect.rule.severity,
        message: defect.message.clone(),
        part: RawName::from(defect.body.as_str()).to_string(),
        about: defect.about.as_deref().map(RawName::from),
    }
}

/// The files that a signature is over, with the very bytes that were measured.
struct Covered {
    files: Vec<RawName>,
    /// True if nothing of what was signed is missing or differs, and no file is left out.
    complete: bool,
}

fn covered(facts: &Facts<'_>, index: usize) -> Covered {
    let survey = &facts.survey;
    let binding = survey
        .bindings
        .iter()
        .find(|known| known.signature == index);
    let attachment = survey
        .attachments
        .iter()
        .find(|known| known.signature == index);
    match (binding, attachment) {
        (Some(binding), _) => by_binding(facts, binding),
        (None, Some(attachment)) => by_attachment(facts, attachment),
        (None, None) => Covered {
            files: Vec::new(),
            complete: false,
        },
    }
}

fn by_binding(facts: &Facts<'_>, binding: &Binding) -> Covered {
    let mut holds: BTreeMap<&RawName, bool> = BTreeMap::new();
    let mut complete = binding.gaps.is_empty();
    for resource in &binding.resources {
        let equal = match (&resource.place, resource.digest) {
            (Place::Found { job: Some(job), .. }, Some(expected)) => {
                let measured = facts.measurements.get(*job);
                let digests = measured.and_then(|measured| measured.digests.as_ref().ok());
                digests
                    .is_some_and(|digests| digests.iter().any(|digest| *digest.get() == expected))
            }
            _ => false,
        };
        complete &= equal;
        if let Place::Found { file, .. } = &resource.place {
            *holds.entry(file).or_insert(true) &= equal;
        }
    }
    // Where only parts of a file were signed, the rest of it is a gap.
    for gap in &binding.gaps {
        if let Some(holds) = holds.get_mut(&gap.name) {
            *holds = false;
        }
    }
    let files = holds.into_iter().filter(|(_, holds)| *holds);
    Covered {
        files: files.map(|(name, _)| name.clone()).collect(),
        complete,
    }
}

fn by_attachment(facts: &Facts<'_>, attachment: &Attachment) -> Covered {
    if attachment.is_loose() || attachment.ties == 0 {
        return Covered {
            files: Vec::new(),
            complete: false,
        };
    }
    let gaps: std::collections::HashSet<RawName> = attachment
        .gaps(&facts.survey)
        .map(|gap| gap.name.clone())
        .collect();
    let files = facts.tree.entries().iter().filter(|entry| {
        matches!(entry.kind, EntryKind::File { .. }) && !gaps.contains(&entry.name)
    });
    Covered {
        files: files.map(|entry| entry.name.clone()).collect(),
        complete: gaps.is_empty(),
    }
}

fn verified(
    signature: &SignatureFacts,
    verified: &Verified<Content>,
    covered: Covered,
) -> SignatureDocument {
    let content = verified.get();
    let statement = content.statement();
    SignatureDocument {
        source: signature.source.clone(),
        scheme: scheme(signature),
        kind: match content {
            Content::Model(_) => "model",
            Content::Statement(_) => "statement",
            Content::Message(_) => "message",
            Content::Document(_) => "document",
        },
        predicate_type: statement.map(|statement| statement.predicate_type.as_str().into()),
        result: summary::stated_result(content),
        signer: signer(verified.signer()),
        cosigners: verified.signers().skip(1).map(signer).collect(),
        times: verified
            .support()
            .times
            .iter()
            .map(|time| SigningTime {
                time: time.time,
                source: time.source.to_string(),
            })
            .collect(),
        covers: covered.files,
        complete: covered.complete,
        predicate: statement.and_then(|statement| match &statement.predicate {
            // What a bill of materials says is the word of a document.
            Predicate::CycloneDx(_) | Predicate::Spdx(_) => None,
            predicate => predicate.raw().cloned(),
        }),
    }
}

fn scheme(signature: &SignatureFacts) -> String {
    let scheme = signature.examination.scheme;
    scheme.map_or_else(String::new, |scheme| scheme.to_string())
}

fn signer(signer: &Signer) -> SignerDocument {
    let mut document = SignerDocument {
        label: signer.label().to_owned(),
        kind: "key",
        key: *signer.key(),
        identity: None,
        issuer: None,
        subject: None,
        names: Vec::new(),
        claims: BTreeMap::new(),
    };
    match signer {
        Signer::Key { .. } => {}
        Signer::Certificate { subject, names, .. } => {
            document.kind = "certificate";
            document.subject = Some(subject.as_str().into());
            document.names = names.iter().map(|name| name.as_str().into()).collect();
        }
        Signer::Identity { identity, .. } => {
            document.kind = "identity";
            document.identity = Some(identity.subject.as_str().into());
            document.issuer = Some(identity.issuer.as_str().into());
            document.claims = identity
                .claims
                .iter()
                .map(|(claim, value)| (claim.name(), value.as_str().into()))
                .collect();
        }
    }
    document
}

fn proofs<'a>(document: &'a DocumentFacts<'_>) -> impl Iterator<Item = SignedDocument> + 'a {
    document.proofs.iter().map(|proof| SignedDocument {
        source: document.source.clone(),
        digest: document.digest,
        signer: signer(&proof.signer),
        way: proof.way.words(),
    })
}

fn unverified(signature: &SignatureFacts) -> Option<UnverifiedSignature> {
    let conclusion = &signature.examination.conclusion;
    if matches!(conclusion, Conclusion::Verified(_)) {
        return None;
    }
    let (state, reason) = summary::state(conclusion);
    let claimed = signature.examination.claimed_signer.as_ref();
    Some(UnverifiedSignature {
        source: signature.source.clone(),
        scheme: scheme(signature),
        state,
        signer: claimed.map(|claim| claim.get().as_str().into()),
        reason,
    })
}

fn claimed(document: &DocumentFacts<'_>) -> ClaimedDocument {
    let summary = summary::document(document);
    let mut components = Vec::new();
    if let Some(bom) = document.bom() {
        bom.bom.get().walk(|placed| {
            let place = match placed.place {
                Position::Subject => "subject",
                Position::Inventory => "inventory",
                Position::Ancestor => "ancestor",
                _ => return,
            };
            if components.len() < MOST_PARTS {
                components.push(component(place, placed.component));
            }
        });
    }
    ClaimedDocument {
        source: document.source.clone(),
        digest: document.digest,
        format: summary.format,
        reason: summary.reason,
        about: summary.about,
        supplier: summary.supplier,
        violations: summary.violations,
        contradictions: summary.contradictions,
        licences: match document.described() {
            Some(Described::Croissant(dataset)) => dataset
                .licences
                .iter()
                .filter_map(|licence| licence.text.as_deref().or(licence.name.as_deref()))
                .map(RawName::from)
                .collect(),
            _ => Vec::new(),
        },
        components,
    }
}

fn component(
    place: &'static str,
    component: &bonafide_bom::view::Component<'_>,
) -> ClaimedComponent {
    let name = |text: Option<&str>| text.map(RawName::from);
    let licences = component.licenses.iter().filter_map(|choice| {
        let license = choice.license.as_ref();
        let text = choice.expression.as_deref().or_else(|| {
            license.and_then(|license| license.id.as_deref().or(license.name.as_deref()))
        });
        text.map(RawName::from)
    });
    let supplier = component
        .supplier
        .as_ref()
        .or(component.manufacturer.as_ref());
    ClaimedComponent {
        place,
        kind: name(component.kind.as_deref()),
        name: name(component.name.as_deref()),
        version: name(component.version.as_deref()),
        purl: name(component.purl.as_deref()),
        supplier: name(supplier.and_then(|supplier| supplier.name.as_deref())),
        licences: licences.collect(),
        hashes: component
            .hashes
            .iter()
            .filter_map(|hash| {
                Some(ClaimedHash {
                    algorithm: RawName::from(hash.alg.as_deref()?),
                    value: RawName::from(hash.content.as_deref()?),
                })
            })
            .collect(),
    }
}

/// Every edge with the ids of its ends.
fn edges<'a>(
    facts: &'a Facts<'_>,
) -> impl Iterator<Item = (&'a LineageEdge, RawName, RawName)> + 'a {
    let graph = &facts.lineage.graph;
    graph.edges().iter().filter_map(|edge| {
        let child = graph.node(edge.child())?.id();
        let parent = graph.node(edge.parent())?.id();
        Some((edge, RawName::from(child), RawName::from(parent)))
    })
}

fn artifacts(facts: &Facts<'_>) -> Vec<ClaimedArtifact> {
    let nodes = facts.lineage.graph.nodes().iter();
    nodes
        .map(|node| ClaimedArtifact {
            id: RawName::from(node.id()),
            kind: node.kind.word(),
            name: RawName::from(node.label()),
            licences: node
                .licences
                .iter()
                .map(|text| text.as_str().into())
                .collect(),
        })
        .collect()
}

fn shape(facts: &Facts<'_>) -> LineageShape {
    let graph = &facts.lineage.graph;
    let analysis = graph.analyse(Scope::Ancestry);
    LineageShape {
        subject: graph
            .node(graph.subject())
            .map_or_else(|| RawName::from(""), |node| RawName::from(node.id())),
        longest: analysis.longest,
        circular: !analysis.cycles.is_empty(),
        gaps: facts
            .lineage
            .gaps
            .iter()
            .map(|gap| gap.as_str().into())
            .collect(),
    }
}
