//! The auditor's way: a run once more, from what was recorded of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use bonafide_core::{Digest, RawName, Report};
use bonafide_hash::{EntryKind, Job, RecordedTree, Tree, TreeKind, measure};
use serde_json::Value;

use crate::Work;
use crate::error::EngineError;
use crate::evidence::{EvidenceError, RecordedTool};
use crate::intake::{Intake, Mode};
use crate::models::{self, Digests};
use crate::recording::{self, Answer, Call, Question, bytes_of};
use crate::replay::{self, Replay};
use crate::verify::{VerifyRequest, verify};

/// Most differences that are told.
const MOST_DIFFERENCES: usize = 64;

/// What to replay.
#[derive(Debug, Clone)]
pub struct ReplayRequest {
    /// The evidence bundle.
    pub bundle: PathBuf,
    /// The artifact, if the auditor has it: it is measured and inspected anew, and held
    /// against what was recorded.
    pub target: Option<PathBuf>,
}

/// What came of a replay.
#[derive(Debug)]
pub struct Replayed {
    /// SHA-256 of the manifest of the bundle.
    pub manifest: Digest,
    /// The report that was recorded, byte for byte.
    pub recorded: Vec<u8>,
    /// The report that this run makes of the same evidence; or why it makes none, which is
    /// a difference too.
    pub report: Result<Box<Report>, EngineError>,
    /// The program that recorded it, where it is another version or has other rules.
    pub other_tool: Option<String>,
    /// How the artifact at hand differs from the recorded one, if there is one.
    pub target: Option<TargetComparison>,
}

/// An artifact, held against its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetComparison {
    /// Files whose digests were compared.
    pub digested: usize,
    /// Files of which the record has no digest of the whole: the policy asked for none.
    pub without_digest: usize,
    /// Files whose content was inspected anew.
    pub inspected: usize,
    /// What is not as recorded, cut after some.
    pub differences: Vec<Discrepancy>,
}

/// Something that is not as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discrepancy {
    /// A file; or a place in the report (a JSON pointer).
    pub place: RawName,
    /// What the record says.
    pub recorded: String,
    /// What is found now.
    pub found: String,
}

/// Replays a run.
///
/// Signatures are verified again, documents are read again, checks and policy run again;
/// listings, digests and inspections are those of the record.
///
/// # Errors
///
/// A bundle that is not whole, or lacks something that the run asks for; a target that
/// cannot be read.
pub fn replay(request: &ReplayRequest, work: Work<'_>) -> Result<Replayed, EngineError> {
    let opened = replay::open(&request.bundle, work)?;
    let manifest = opened.manifest;
    let verify_request = manifest
        .request
        .restore()
        .map_err(|what| EvidenceError::Request { what })?;
    let this = RecordedTool::this();
    let other_tool = (manifest.tool != this).then(|| {
        format!(
            "recorded by {} {} (rules {}), replayed by {} {} (rules {})",
            RawName::from(manifest.tool.name.as_str()),
            RawName::from(manifest.tool.version.as_str()),
            manifest.tool.rule_set,
            this.name,
            this.version,
            this.rule_set,
        )
    });
    let target = match &request.target {
        Some(path) => Some(compare(path, &verify_request, &opened.replay, work)?),
        None => None,
    };
    let budget = manifest.budget.within(work.budget);
    let intake = Intake(Mode::Recorded(opened.replay));
    let report = verify(
        &verify_request,
        Work {
            intake: &intake,
            budget: &budget,
            ..work
        },
    );
    if let Mode::Recorded(replay) = intake.0
        && let Some(error) = replay.into_lacking()
    {
        return Err(error.into());
    }
    Ok(Replayed {
        manifest: opened.manifest_digest,
        recorded: opened.report,
        report: report.map(Box::new),
        other_tool,
        target,
    })
}

/// Measures and inspects the artifact at `path`, and holds it against the record of the
/// target.
fn compare(
    path: &Path,
    request: &VerifyRequest,
    replay: &Replay,
    work: Work<'_>,
) -> Result<TargetComparison, EngineError> {
    let target = bytes_of(&request.target);
    let object = |question: Question| {
        let call = Call::new(question, &[target]);
        match replay.answer(&call) {
            Some(Answer::Object(digest)) => replay.object(&digest),
            _ => None,
        }
    };
    let lacking = |what: &str| replay.without(what);
    let listing = object(Question::Tree).ok_or_else(|| lacking("the listing of the target"))?;
    let recorded: RecordedTree = serde_json::from_slice(&listing)
        .map_err(|_| lacking("a listing of the target that can be read"))?;
    let tree = Tree::open(path, work.budget)?;
    let mut differences = RecordedTree::of(&tree)
        .differences(&recorded)
        .into_iter()
        .map(|(place, recorded, found)| Discrepancy {
            place,
            recorded,
            found,
        })
        .collect::<Vec<_>>();

    let call = Call::new(Question::Measurements, &[target]);
    let known = replay.measurements(&call).unwrap_or_default();
    let mut places: Vec<_> = known.iter().collect();
    places.sort_by_key(|(place, _)| *place);
    // A file alone may have another name here.
    let only = match tree.kind() {
        TreeKind::File => tree.entries().first().map(|entry| entry.name.clone()),
        TreeKind::Directory => None,
    };
    let here = |name: &RawName| only.clone().unwrap_or_else(|| name.clone());
    places.retain(|((name, _), known)| {
        let entry = tree.entry(here(name).as_bytes());
        let is_file = entry.is_some_and(|entry| matches!(entry.kind, EntryKind::File { .. }));
        is_file && known.failure.is_none() && !known.digests.is_empty()
    });
    let jobs = places.iter().map(|((name, range), known)| {
        let mut algorithms: Vec<_> = known.digests.iter().map(Digest::algorithm).collect();
        algorithms.sort();
        algorithms.dedup();
        Job {
            name: here(name),
            range: range.map(|(start, end)| start..end),
            algorithms,
        }
    });
    let mut digested = BTreeSet::new();
    let measurements = measure(&tree, jobs.collect(), &work.options())?;
    for (measurement, ((_, range), known)) in measurements.iter().zip(&places) {
        let name = measurement.job.name.clone();
        let again: Vec<Digest> = match &measurement.digests {
            Ok(digests) => digests.iter().map(|digest| *digest.get()).collect(),
            Err(failure) => {
                differences.push(Discrepancy {
                    place: name,
                    recorded: "its digest".to_owned(),
                    found: failure.to_string(),
                });
                continue;
            }
        };
        let differs = known.digests.iter().find(|digest| !again.contains(digest));
        if let Some(digest) = differs {
            let mut others = again.iter();
            let other = others.find(|again| again.algorithm() == digest.algorithm());
            differences.push(Discrepancy {
                place: name,
                recorded: digest.to_string(),
                found: other.map_or_else(|| "no digest".to_owned(), ToString::to_string),
            });
        } else if range.is_none() && known.digests.iter().any(|one| one.algorithm().is_strong()) {
            digested.insert(name);
        }
    }

    let mut inspected = 0;
    let mut without_digest = 0;
    let files = models::read(&tree, Digests::None, work)?;
    let before = object(Question::Inspections);
    let before = before.and_then(|bytes| {
        let listed = recorded.into_tree(work.budget.entries).ok()?;
        recording::inspections_from(&bytes, &listed)
    });
    let before = before.ok_or_else(|| lacking("the inspection of the target"))?;
    let before: BTreeMap<&RawName, _> = before.iter().map(|file| (&file.name, file)).collect();
    for file in &files {
        if !digested.contains(&file.name) {
            without_digest += 1;
        }
        // A file alone may have another name here.
        let known = match before.get(&file.name) {
            None if files.len() == 1 && before.len() == 1 => before.values().next(),
            known => known,
        };
        let Some(known) = known else { continue };
        let mut again = file.clone();
        again.name.clone_from(&known.name);
        if let Ok(inspection) = &mut again.inspected {
            inspection.name.clone_from(&known.name);
        }
        if recording::inspections_bytes(&[again])
            == recording::inspections_bytes(&[(*known).clone()])
        {
            inspected += 1;
        } else {
            differences.push(Discrepancy {
                place: file.name.clone(),
                recorded: "another inspection".to_owned(),
                found: "what is in the file is not what was recorded".to_owned(),
            });
        }
    }
    differences.truncate(MOST_DIFFERENCES);
    Ok(TargetComparison {
        digested: digested.len(),
        without_digest,
        inspected,
        differences,
    })
}

/// How two reports in JSON differ: place, recorded and found; the first of them.
///
/// What only says which version of the program ran is left out where `other_tool`.
#[must_use]
pub fn differences(recorded: &[u8], found: &[u8], other_tool: ToolOfRecord) -> Vec<Discrepancy> {
    if recorded == found {
        return Vec::new();
    }
    let parse = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes);
    let (Ok(before), Ok(now)) = (parse(recorded), parse(found)) else {
        return vec![Discrepancy {
            place: RawName::from(""),
            recorded: "a report that cannot be read".to_owned(),
            found: "another one".to_owned(),
        }];
    };
    let mut list = Vec::new();
    walk(&before, &now, &mut String::new(), &mut list);
    let is_version = |place: &RawName| {
        [&b"/tool/version"[..], b"/inspection/rule-set"].contains(&place.as_bytes())
    };
    if list.is_empty() {
        list.push(Discrepancy {
            place: RawName::from(""),
            recorded: "the same values".to_owned(),
            found: "in another form".to_owned(),
        });
    }
    if other_tool == ToolOfRecord::Another {
        list.retain(|difference| {
            !is_version(&difference.place) && !difference.place.as_bytes().is_empty()
        });
    }
    list.truncate(MOST_DIFFERENCES);
    list
}

/// Which program made a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToolOfRecord {
    /// One with the same version and rules.
    Same,
    /// Another one.
    Another,
}

fn walk(before: &Value, now: &Value, place: &mut String, list: &mut Vec<Discrepancy>) {
    if before == now || list.len() > MOST_DIFFERENCES {
        return;
    }
    let length = place.len();
    let mut step = |key: &str, before: &Value, now: &Value, list: &mut Vec<Discrepancy>| {
        place.push('/');
        // RFC 6901, section 3.
        place.push_str(&key.replace('~', "~0").replace('/', "~1"));
        walk(before, now, place, list);
        place.truncate(length);
    };
    match (before, now) {
        (Value::Object(before), Value::Object(now)) => {
            for (key, value) in before {
                step(key, value, now.get(key).unwrap_or(&Value::Null), list);
            }
            for (key, value) in now {
                if !before.contains_key(key) {
                    step(key, &Value::Null, value, list);
                }
            }
        }
        (Value::Array(before), Value::Array(now)) if before.len() == now.len() => {
            for (index, (before, now)) in before.iter().zip(now).enumerate() {
                step(&index.to_string(), before, now, list);
            }
        }
        _ => list.push(Discrepancy {
            place: RawName::from(place.as_str()),
            recorded: shown(before),
            found: shown(now),
        }),
    }
}

/// A value in few words.
fn shown(value: &Value) -> String {
    bonafide_core::excerpt(&value.to_string(), 120)
}
