//! Times: whether they can have been, and in that order.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::Circumstances;
use super::defects::{Found, quote};
use super::kind::DefectKind;
use crate::json::Pointer;
use crate::view::{Bom, Commit, Component, Pedigree};

/// Clocks differ by so much.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Something that a document dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Event {
    /// The making of the document.
    Document,
    /// The writing of a commit.
    Authorship,
    /// A commit.
    Commit,
    /// The beginning of a workflow.
    WorkflowStart,
    /// The end of a workflow.
    WorkflowEnd,
    /// The beginning of a task.
    TaskStart,
    /// The end of a task.
    TaskEnd,
    /// An annotation.
    Annotation,
    /// A citation.
    Citation,
    /// The making of evidence.
    Evidence,
    /// The end of the validity of evidence.
    EvidenceExpiry,
}

impl fmt::Display for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Document => "the document",
            Self::Authorship => "the writing of a commit",
            Self::Commit => "a commit",
            Self::WorkflowStart => "the beginning of a workflow",
            Self::WorkflowEnd => "a workflow",
            Self::TaskStart => "the beginning of a task",
            Self::TaskEnd => "a task",
            Self::Annotation => "an annotation",
            Self::Citation => "a citation",
            Self::Evidence => "evidence",
            Self::EvidenceExpiry => "the expiry of evidence",
        })
    }
}

impl Event {
    /// An event that the document tells of, and that therefore came first. Remarks and
    /// citations may be added to a document later.
    const fn precedes_document(self) -> bool {
        matches!(
            self,
            Self::Authorship
                | Self::Commit
                | Self::WorkflowStart
                | Self::WorkflowEnd
                | Self::TaskStart
                | Self::TaskEnd
                | Self::Evidence
        )
    }
}

/// The instant that a text names (RFC 3339).
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    (text.len() <= 64).then(|| text.parse().ok()).flatten()
}

fn later(one: Timestamp, other: Timestamp) -> bool {
    one.duration_since(other) > SKEW
}

/// A clock of the reader, and the date of the document.
struct Clock<'c, 'd> {
    circumstances: &'c Circumstances,
    document: Option<(Timestamp, &'d str)>,
}

pub(super) fn examine(bom: &Bom<'_>, circumstances: &Circumstances, found: &mut Found) {
    let stated = bom
        .metadata
        .as_ref()
        .and_then(|known| known.timestamp.as_deref());
    let clock = Clock {
        circumstances,
        document: stated.and_then(|text| Some((instant(text)?, text))),
    };
    let at = Pointer::root().member("metadata").member("timestamp");
    clock.one(Event::Document, stated, &at, found);
    clock.artifact(&at, found);
    bom.walk(|placed| {
        if let Some(pedigree) = &placed.component.pedigree {
            let at = placed.pointer.member("pedigree");
            clock.commits(pedigree, &at, found);
            generations(placed.component, pedigree, &at, found);
        }
    });
    clock.workflows(bom, found);
    for (index, citation) in bom.citations.iter().enumerate() {
        let at = Pointer::root().member("citations").element(index);
        let at = at.member("timestamp");
        clock.one(Event::Citation, citation.timestamp.as_deref(), &at, found);
    }
    for (index, annotation) in bom.annotations.iter().enumerate() {
        let at = Pointer::root().member("annotations").element(index);
        let at = at.member("timestamp");
        clock.one(
            Event::Annotation,
            annotation.timestamp.as_deref(),
            &at,
            found,
        );
    }
    let evidence = bom.declarations.iter().flat_map(|known| &known.evidence);
    for (index, evidence) in evidence.enumerate() {
        let at = Pointer::root().member("declarations").member("evidence");
        let at = at.element(index);
        clock.one(
            Event::Evidence,
            evidence.created.as_deref(),
            &at.member("created"),
            found,
        );
        unreadable(
            Event::EvidenceExpiry,
            evidence.expires.as_deref(),
            &at.member("expires"),
            found,
        );
    }
}

/// The text, if it is there and names an instant; else a defect.
fn unreadable(
    event: Event,
    text: Option<&str>,
    at: &Pointer,
    found: &mut Found,
) -> Option<Timestamp> {
    let text = text?;
    let time = instant(text);
    if time.is_none() {
        let time = quote(text);
        found.add(at, DefectKind::TimeUnreadable { event, time });
    }
    time
}

impl Clock<'_, '_> {
    /// A time has been, and before the document was made if it tells of it.
    fn one(
        &self,
        event: Event,
        text: Option<&str>,
        at: &Pointer,
        found: &mut Found,
    ) -> Option<Timestamp> {
        let time = unreadable(event, text, at, found)?;
        let text = quote(text.unwrap_or_default());
        if later(time, self.circumstances.now) {
            found.add(at, DefectKind::TimeInFuture { event, time: text });
        } else if let Some((made, document)) = self.document
            && event.precedes_document()
            && later(time, made)
        {
            let kind = DefectKind::EventAfterDocument {
                event,
                time: text,
                document: quote(document),
            };
            found.add(at, kind);
        }
        Some(time)
    }

    /// The document tells of the artifact as it is.
    fn artifact(&self, at: &Pointer, found: &mut Found) {
        if let (Some((made, document)), Some(artifact)) =
            (self.document, self.circumstances.artifact_changed)
            && later(artifact, made)
        {
            let document = quote(document);
            found.add(
                at,
                DefectKind::DocumentOlderThanArtifact { document, artifact },
            );
        }
    }

    fn commits(&self, pedigree: &Pedigree<'_>, at: &Pointer, found: &mut Found) {
        for (index, commit) in pedigree.commits.iter().enumerate() {
            let at = at.member("commits").element(index);
            let author = commit
                .author
                .as_ref()
                .and_then(|person| person.timestamp.as_deref());
            let committer = commit
                .committer
                .as_ref()
                .and_then(|person| person.timestamp.as_deref());
            let written = at.member("author").member("timestamp");
            let written = self.one(Event::Authorship, author, &written, found);
            let at = at.member("committer").member("timestamp");
            let committed = self.one(Event::Commit, committer, &at, found);
            if let (Some(written), Some(committed)) = (written, committed)
                && later(written, committed)
            {
                let kind = DefectKind::CommitBeforeAuthorship {
                    committed: quote(committer.unwrap_or_default()),
                    authored: quote(author.unwrap_or_default()),
                };
                found.add(&at, kind);
            }
        }
    }

    fn workflows(&self, bom: &Bom<'_>, found: &mut Found) {
        for (formula_index, formula) in bom.formulation.iter().enumerate() {
            for (index, workflow) in formula.workflows.iter().enumerate() {
                let at = Pointer::root().member("formulation").element(formula_index);
                let at = at.member("workflows").element(index);
                let events = [Event::WorkflowStart, Event::WorkflowEnd];
                let times = [workflow.time_start.as_deref(), workflow.time_end.as_deref()];
                self.span(events, times, &at, found);
                for (index, task) in workflow.tasks.iter().enumerate() {
                    let events = [Event::TaskStart, Event::TaskEnd];
                    let times = [task.time_start.as_deref(), task.time_end.as_deref()];
                    self.span(events, times, &at.member("tasks").element(index), found);
                }
            }
        }
    }

    /// An end comes after its beginning.
    fn span(
        &self,
        [begins, ends]: [Event; 2],
        [start, end]: [Option<&str>; 2],
        at: &Pointer,
        found: &mut Found,
    ) {
        let began = self.one(begins, start, &at.member("timeStart"), found);
        let at = at.member("timeEnd");
        let ended = self.one(ends, end, &at, found);
        if let (Some(began), Some(ended)) = (began, ended)
            && began > ended
        {
            let kind = DefectKind::TimeReversed {
                event: ends,
                start: quote(start.unwrap_or_default()),
                end: quote(end.unwrap_or_default()),
            };
            found.add(&at, kind);
        }
    }
}

/// Commits of what was made are not all older than those of what it was made from.
fn generations(
    component: &Component<'_>,
    pedigree: &Pedigree<'_>,
    at: &Pointer,
    found: &mut Found,
) {
    let own = Span::of(component);
    for (index, ancestor) in pedigree.ancestors.iter().enumerate() {
        let at = at.member("ancestors").element(index);
        order(own.as_ref(), Span::of(ancestor).as_ref(), &at, found);
    }
    for (index, descendant) in pedigree.descendants.iter().enumerate() {
        let at = at.member("descendants").element(index);
        order(Span::of(descendant).as_ref(), own.as_ref(), &at, found);
    }
}

fn order(child: Option<&Span<'_>>, ancestor: Option<&Span<'_>>, at: &Pointer, found: &mut Found) {
    if let (Some(child), Some(ancestor)) = (child, ancestor)
        && later(ancestor.oldest.0, child.newest.0)
    {
        let kind = DefectKind::ChildOlderThanAncestor {
            child: quote(child.newest.1),
            ancestor: quote(ancestor.oldest.1),
        };
        found.add(at, kind);
    }
}

/// The oldest and the newest commit of a component.
struct Span<'b> {
    oldest: (Timestamp, &'b str),
    newest: (Timestamp, &'b str),
}

impl<'b> Span<'b> {
    fn of(component: &'b Component<'_>) -> Option<Self> {
        let commits = &component.pedigree.as_ref()?.commits;
        let times = || {
            commits.iter().filter_map(|commit: &'b Commit<'_>| {
                let text = commit.committer.as_ref()?.timestamp.as_deref()?;
                Some((instant(text)?, text))
            })
        };
        Some(Self {
            oldest: times().min()?,
            newest: times().max()?,
        })
    }
}
