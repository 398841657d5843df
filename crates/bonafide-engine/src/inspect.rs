//! `bonafide inspect`: what is in the files, without asking who says so.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use bonafide_checks::ModelFile;
use bonafide_core::{
    Algorithm, ContentSummary, CoverageSummary, Digest, GlobalSummary, InspectedFile,
    InspectionReport, InspectionSummary, ModelFinding, PartSummary, RawName, Rule, RuleSummary,
    SCHEMA_VERSION, SpanSummary, UninspectedSummary, Verdict, Weight,
};
use bonafide_format::{
    Body, Coverage, Defect, FORMATS, Facts, FileInspection, GlobalStanding, Span, State,
};
use bonafide_hash::{EntryKind, Job, LinkEnd, Measurement, Tree, TreeKind, measure};

use crate::Work;
use crate::advisories;
use crate::error::{EngineError, raw};
use crate::models::{Digests, SMALL, models};
use crate::summary::{link_end, tool};

/// What to inspect.
#[derive(Debug, Clone)]
pub struct InspectRequest {
    /// A directory or a single file.
    pub target: PathBuf,
    /// Published vulnerabilities (OSV) that dependencies are held against.
    pub advisories: Vec<PathBuf>,
}

/// Inspects every file of the target. What is wrong with one is in the report.
pub fn inspect(request: &InspectRequest, work: Work<'_>) -> Result<InspectionReport, EngineError> {
    let snapshot = advisories::read(&request.advisories, work)?;
    let tree = Tree::open(&request.target, work.budget)?;
    // Small files are hashed while they are inspected; the others by all workers.
    let large = tree.entries().iter().filter(|entry| match entry.kind {
        EntryKind::File { size, .. } => size > SMALL,
        _ => false,
    });
    let jobs = large
        .map(|entry| Job::whole(entry.name.clone(), Algorithm::Sha256))
        .collect();
    let measurements = measure(&tree, jobs, &work.options())?;
    let digests: HashMap<&RawName, Digest> = measurements
        .iter()
        .filter_map(|measurement| Some((&measurement.job.name, digest_of(measurement)?)))
        .collect();
    let models = models(
        &request.target,
        &tree,
        snapshot.as_ref(),
        Digests::Small,
        work,
    )?;
    let files: Vec<InspectedFile> = models
        .iter()
        .map(|model| {
            let digest = model.digest.or_else(|| digests.get(&model.name).copied());
            file(model, digest)
        })
        .collect();
    let uninspected = uninspected(&tree);
    let (verdict, reasons) = judge(&files, &uninspected);
    Ok(InspectionReport {
        schema_version: SCHEMA_VERSION,
        verdict,
        reasons,
        tool: tool(None),
        rule_set: bonafide_format::rule_set_digest(),
        advisories: snapshot
            .map(|snapshot| snapshot.sources)
            .unwrap_or_default(),
        target: raw(&request.target),
        kind: match tree.kind() {
            TreeKind::Directory => "directory",
            TreeKind::File => "file",
        },
        rules: rules(&files),
        files,
        uninspected,
    })
}

/// What the inspection adds to the report about an artifact.
pub(crate) fn summary(facts: &bonafide_checks::Facts<'_>) -> Option<InspectionSummary> {
    if facts.models.is_empty() {
        return None;
    }
    let mut clean: BTreeMap<&'static str, u64> = BTreeMap::new();
    let mut files = Vec::new();
    for model in &facts.models {
        let file = file(model, None);
        if file.findings.is_empty() && file.coverage.is_complete() {
            *clean
                .entry(file.title.unwrap_or("unknown format"))
                .or_default() += 1;
        } else {
            files.push(file);
        }
    }
    Some(InspectionSummary {
        rule_set: bonafide_format::rule_set_digest(),
        advisories: facts.advisories.clone().unwrap_or_default(),
        clean,
        rules: rules(&files),
        files,
    })
}

/// The verdict: what is harmful denies, what nobody looked at leaves it open.
fn judge(files: &[InspectedFile], uninspected: &[UninspectedSummary]) -> (Verdict, Vec<String>) {
    let with = |weight: Weight| {
        files
            .iter()
            .filter(|file| file.findings.iter().any(|finding| finding.weight == weight))
            .count()
    };
    let count = |number: usize, what: &str| {
        let plural = if number == 1 { "" } else { "s" };
        (number > 0).then(|| format!("{number} file{plural} {what}"))
    };
    let incomplete = files
        .iter()
        .filter(|file| !file.coverage.is_complete())
        .count();
    let denied = count(with(Weight::Deny), "with something harmful");
    let review = count(
        with(Weight::Review),
        "with something that a person has to look at",
    );
    let unread = count(incomplete, "that could not be read, or not wholly");
    let left_out = (!uninspected.is_empty()).then(|| {
        format!(
            "{} entries that are no files were not inspected",
            uninspected.len()
        )
    });
    let verdict = if denied.is_some() {
        Verdict::Deny
    } else if review.is_some() || unread.is_some() || left_out.is_some() {
        Verdict::Undecided
    } else if files.is_empty() {
        Verdict::NothingToVerify
    } else {
        Verdict::Allow
    };
    let mut reasons: Vec<String> = [denied, review, unread, left_out]
        .into_iter()
        .flatten()
        .collect();
    if reasons.is_empty() {
        reasons.push(match verdict {
            Verdict::NothingToVerify => "there is no file".to_owned(),
            _ => "nothing was found, and every file was read".to_owned(),
        });
    }
    (verdict, reasons)
}

/// What is below the target and no regular file. Links inside of it lead to files that are
/// inspected under their own names.
fn uninspected(tree: &Tree) -> Vec<UninspectedSummary> {
    let entries = tree.entries().iter();
    entries
        .filter_map(|entry| {
            let reason = match &entry.kind {
                EntryKind::File { .. } | EntryKind::Directory => return None,
                EntryKind::Link {
                    leads_to: LinkEnd::File(_) | LinkEnd::Directory(_),
                    ..
                } => {
                    return None;
                }
                EntryKind::Link { target, leads_to } => {
                    let lead = link_end(leads_to);
                    format!("is a link to `{target}` ({lead}), and links are not followed")
                }
                EntryKind::Special(_) => "is neither a file nor a directory".to_owned(),
                EntryKind::Unreadable(failure) => failure.to_string(),
            };
            Some(UninspectedSummary {
                name: entry.name.clone(),
                reason,
            })
        })
        .collect()
}

/// The rules that found something, in the order of the catalogue.
fn rules(files: &[InspectedFile]) -> Vec<RuleSummary> {
    let findings = files.iter().flat_map(|file| &file.findings);
    let found: std::collections::BTreeSet<&str> =
        findings.map(|finding| finding.rule.slug).collect();
    bonafide_format::rules()
        .filter(|rule| found.contains(rule.slug))
        .map(RuleSummary)
        .collect()
}

/// The digest of a file, if it could be read.
fn digest_of(measurement: &Measurement) -> Option<Digest> {
    let digests = measurement.digests.as_ref().ok()?;
    Some(*digests.first()?.get())
}

/// A file in the words of the report.
fn file(model: &ModelFile, digest: Option<Digest>) -> InspectedFile {
    match &model.inspected {
        Ok(inspection) => inspected(inspection, digest),
        Err(reason) => unread(model.name.clone(), reason),
    }
}

/// An inspection in the words of the report.
fn inspected(inspection: &FileInspection, digest: Option<Digest>) -> InspectedFile {
    let format = inspection.format();
    let known = FORMATS.iter().find(|known| Some(known.name) == format);
    InspectedFile {
        name: inspection.name.clone(),
        size: inspection.size,
        digest,
        format,
        title: known.map(|known| known.title),
        coverage: coverage(inspection.coverage()),
        parts: inspection.bodies.iter().map(part).collect(),
        findings: inspection.defects.iter().map(finding).collect(),
        omitted: inspection.omitted.clone(),
        content: content(&inspection.facts),
    }
}

fn unread(name: RawName, reason: &str) -> InspectedFile {
    let span = SpanSummary {
        start: 0,
        end: 0,
        state: "skipped",
        reason: Some(reason.to_owned()),
    };
    InspectedFile {
        name,
        size: 0,
        digest: None,
        format: None,
        title: None,
        coverage: CoverageSummary::Skipped,
        parts: vec![PartSummary {
            path: String::new(),
            format: None,
            size: 0,
            spans: vec![span],
        }],
        findings: Vec::new(),
        omitted: BTreeMap::new(),
        content: ContentSummary::default(),
    }
}

const fn coverage(coverage: Coverage) -> CoverageSummary {
    match coverage {
        Coverage::Scanned => CoverageSummary::Scanned,
        Coverage::Identified => CoverageSummary::Identified,
        Coverage::Partly => CoverageSummary::Partly,
        Coverage::Unsupported => CoverageSummary::Unsupported,
        Coverage::Skipped => CoverageSummary::Skipped,
    }
}

fn part(body: &Body) -> PartSummary {
    PartSummary {
        path: body.path.clone(),
        format: body.format,
        size: body.size,
        spans: body.spans.iter().map(span).collect(),
    }
}

fn span(span: &Span) -> SpanSummary {
    let (state, reason) = match &span.state {
        State::Scanned => ("scanned", None),
        State::Data => ("data", None),
        State::Identified => ("identified", None),
        State::Unsupported(reason) => ("unsupported", Some(reason.clone())),
        State::Skipped(reason) => ("skipped", Some(reason.clone())),
    };
    SpanSummary {
        start: span.range.start,
        end: span.range.end,
        state,
        reason,
    }
}

fn finding(defect: &Defect) -> ModelFinding {
    let rule: &'static Rule = defect.rule;
    ModelFinding {
        rule,
        weight: rule.weight(),
        part: defect.body.clone(),
        start: defect.range.as_ref().map(|range| range.start),
        end: defect.range.as_ref().map(|range| range.end),
        about: defect.about.clone(),
        message: defect.message.clone(),
    }
}

fn content(facts: &Facts) -> ContentSummary {
    let globals = facts.globals.iter().map(|global| GlobalSummary {
        name: global.name.clone(),
        standing: match global.standing {
            GlobalStanding::Allowed => "allowed",
            GlobalStanding::Unknown => "unknown",
            GlobalStanding::Dangerous => "dangerous",
        },
        uses: global.uses,
    });
    ContentSummary {
        architectures: facts.architectures.iter().cloned().collect(),
        producers: facts.producers.iter().cloned().collect(),
        licences: facts.licences.iter().cloned().collect(),
        tensors: facts.tensor_count,
        parameters: facts.parameters,
        dtypes: facts.dtypes.clone(),
        operators: facts.operators.clone(),
        globals: globals.collect(),
        references: facts
            .references
            .iter()
            .map(|reference| reference.target.clone())
            .collect(),
        metadata: facts.metadata.clone(),
    }
}
