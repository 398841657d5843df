//! The family of a target: what it is made from, as far as that is at hand.
//!
//! Every member is examined like the target, by the same policy. All of them are
//! measured before any is judged, since what one says is held against the bytes of
//! others; judged they are in the opposite order, the target last.

use std::collections::{HashSet, VecDeque};
use std::path::{Path, PathBuf};

use bonafide_checks::{Cards, Given, LineageFacts, Relative, files_of_cards};
use bonafide_core::{Algorithm, LineageSummary, RawName, RelativeSummary};
use bonafide_hash::{EntryKind, HashError, Tree};

use crate::Work;
use crate::advisories::{self, Snapshot};
use crate::error::{EngineError, raw};
use crate::verify::{VerifyRequest, assess, gather, gather_in};
use crate::weights::Kept;

/// Most members of a family besides the target.
const MOST_RELATIVES: usize = 32;

/// Longest way from the target to a member, in folders that were found beside.
const MOST_GENERATIONS: usize = 8;

/// Everybody who was examined, and whoever waits for it.
#[derive(Default)]
pub(crate) struct Family {
    relatives: Vec<Relative>,
    pending: VecDeque<Candidate>,
    /// Device and inode of every member: none is examined twice.
    seen: HashSet<(u64, u64)>,
    /// Candidates for whom there was no room.
    omitted: usize,
    /// Algorithms by which members are hashed.
    algorithms: Vec<Algorithm>,
    advisories: Option<Snapshot>,
    /// Members whose numbers somebody may want to see.
    kept: Vec<Kept>,
}

/// A folder or file that may be a parent.
pub(crate) struct Candidate {
    path: PathBuf,
    given: Given,
    generation: usize,
}

impl Candidate {
    /// What is verified.
    pub(crate) fn target(request: &VerifyRequest) -> Self {
        Self {
            path: request.target.clone(),
            given: Given::Target,
            generation: 0,
        }
    }
}

impl Candidate {
    /// How it came into the family.
    pub(crate) const fn given(&self) -> Given {
        self.given
    }
}

impl Family {
    /// A family of the target and of the parents that the user names.
    pub(crate) fn of(request: &VerifyRequest, work: Work<'_>) -> Result<Self, EngineError> {
        let mut family = Self {
            advisories: advisories::read(&request.advisories, work)?,
            ..Self::default()
        };
        family.seen.extend(work.identity(&request.target));
        for path in &request.parents {
            let candidate = Candidate {
                path: path.clone(),
                given: Given::Named,
                generation: 1,
            };
            family.await_turn(candidate, work);
        }
        Ok(family)
    }

    /// Keeps the files of a member for its numbers.
    pub(crate) fn keep(&mut self, kept: Kept) {
        self.kept.push(kept);
    }

    /// The member of this name, if it was kept.
    pub(crate) fn kept(&self, name: &RawName) -> Option<&Kept> {
        self.kept.iter().find(|kept| kept.is_called(name))
    }

    /// Published vulnerabilities, the same for every member.
    pub(crate) const fn advisories(&self) -> Option<&Snapshot> {
        self.advisories.as_ref()
    }

    fn await_turn(&mut self, candidate: Candidate, work: Work<'_>) {
        let identity = work.identity(&candidate.path);
        if identity.is_some_and(|identity| self.seen.contains(&identity)) {
            return;
        }
        let others = self.relatives.len().saturating_sub(1) + self.pending.len();
        if others >= MOST_RELATIVES || candidate.generation > MOST_GENERATIONS {
            self.omitted += 1;
            return;
        }
        self.seen.extend(identity);
        self.pending.push_back(candidate);
    }

    /// Algorithms by which a member has to be hashed whole; none are needed of the target.
    pub(crate) fn algorithms(&self, candidate: &Candidate) -> &[Algorithm] {
        match candidate.given {
            Given::Target => &[],
            _ => &self.algorithms,
        }
    }

    /// Takes in a member that was measured, and looks beside it for those that it names.
    pub(crate) fn add(
        &mut self,
        relative: Relative,
        candidate: &Candidate,
        work: Work<'_>,
    ) -> usize {
        for algorithm in relative.algorithms() {
            if !self.algorithms.contains(&algorithm) {
                self.algorithms.push(algorithm);
            }
        }
        for name in relative.parents_by_name() {
            let Some(path) = work.folder_beside(&candidate.path, &name) else {
                continue;
            };
            let candidate = Candidate {
                path,
                given: Given::Beside,
                generation: candidate.generation + 1,
            };
            self.await_turn(candidate, work);
        }
        self.relatives.push(relative);
        self.relatives.len() - 1
    }

    /// Examines everybody who waits. Whoever cannot be examined is a member too, of
    /// whom that is known.
    pub(crate) fn examine(
        &mut self,
        request: &VerifyRequest,
        work: Work<'_>,
    ) -> Result<(), EngineError> {
        while let Some(candidate) = self.pending.pop_front() {
            let (path, given) = (candidate.path.clone(), candidate.given);
            let reason = match self.examine_one(request, candidate, work) {
                Ok(()) => continue,
                // The user stopped all of it.
                Err(error @ EngineError::Hash(HashError::Cancelled)) => return Err(error),
                Err(error) => chain(&error),
            };
            let name = raw(&path);
            self.relatives.push(with_segments(&path, work, |segments| {
                Relative::failed(name, segments, given, reason)
            }));
        }
        Ok(())
    }

    fn examine_one(
        &mut self,
        request: &VerifyRequest,
        candidate: Candidate,
        work: Work<'_>,
    ) -> Result<(), EngineError> {
        let request = VerifyRequest {
            target: candidate.path.clone(),
            signatures: Vec::new(),
            boms: Vec::new(),
            parents: Vec::new(),
            // What the user says of the target holds for nobody else.
            purl: None,
            previous: None,
            claims: Vec::new(),
            ..request.clone()
        };
        let (index, verdict) = gather_in(&request, work, self, candidate, |facts, policy, _| {
            assess(&request, facts, policy, work).map(|(decision, _)| decision.verdict)
        })?;
        let verdict = verdict?;
        if let Some(relative) = self.relatives.get_mut(index) {
            relative.verdict = Some(verdict);
        }
        Ok(())
    }

    /// What is known of where a member comes from.
    pub(crate) fn lineage(&self, index: usize) -> LineageFacts {
        let mut facts = LineageFacts::of(&self.relatives, index);
        if self.omitted > 0 && index == 0 {
            facts.gaps.push(format!(
                "{} more parents are not looked at: at most {MOST_RELATIVES} are, up to {MOST_GENERATIONS} generations",
                self.omitted
            ));
        }
        facts
    }
}

/// Calls with the components of a path, those that are text.
pub(crate) fn with_segments<R>(path: &Path, work: Work<'_>, call: impl FnOnce(&[&str]) -> R) -> R {
    let path = work.absolute(path);
    let segments: Vec<&str> = path
        .components()
        .filter_map(|component| component.as_os_str().to_str())
        .collect();
    call(&segments)
}

/// The cards of a tree. What is not there is not missed.
pub(crate) fn cards(tree: &Tree, target: &Path, work: Work<'_>) -> Cards {
    let mut cards = Cards::default();
    for (name, bytes) in files_of_cards() {
        let Some(entry) = tree.entry(name.as_bytes()) else {
            continue;
        };
        let source = match str::from_utf8(name.as_bytes()) {
            Ok(text) => raw(&target.join(text)),
            Err(_) => name.clone(),
        };
        match &entry.kind {
            EntryKind::File { .. } | EntryKind::Unreadable(_) => {
                match work.read_below(target, tree, &name, bytes) {
                    Ok(bytes) => cards.add(&name, source, &bytes),
                    Err(failure) => cards.unreadable(&source, &failure.to_string()),
                }
            }
            EntryKind::Link { .. } => cards.unreadable(&source, "it is a symbolic link"),
            EntryKind::Directory | EntryKind::Special(_) => {}
        }
    }
    cards
}

/// An error with all its causes.
fn chain(error: &EngineError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// Draws where an artifact comes from, as [`crate::verify`] sees it.
///
/// # Errors
///
/// As [`crate::verify`]. A parent that cannot be examined is none: the summary says so.
pub fn trace(request: &VerifyRequest, work: Work<'_>) -> Result<LineageSummary, EngineError> {
    gather(request, work, |facts, _, _| summary(&facts.lineage))
}

/// The lineage, in the words of the report.
pub(crate) fn summary(facts: &LineageFacts) -> LineageSummary {
    LineageSummary {
        graph: facts.graph.clone(),
        relatives: facts
            .members
            .iter()
            .map(|member| RelativeSummary {
                name: member.name.clone(),
                found: member.given.words(),
                verdict: member.verdict,
                reason: member.failure.clone(),
            })
            .collect(),
        gaps: facts.gaps.clone(),
        notes: facts.notes.clone(),
    }
}
