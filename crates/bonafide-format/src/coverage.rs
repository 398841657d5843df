//! Which bytes were looked at, and how.

use std::ops::Range;

use bonafide_core::excerpt;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::format::FORMATS;

/// What was done with a run of bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state", content = "reason")]
pub enum State {
    /// Read, and every part of it understood.
    Scanned,
    /// Numbers or text that the format gives no other meaning: the weights of a tensor.
    /// No loader runs them; what they make a model do is not judged.
    Data,
    /// Told apart by its signature, and nothing more.
    Identified,
    /// Not read, because no reader for it is built in.
    Unsupported(String),
    /// Not read, although it could be: a limit, an error before it.
    Skipped(String),
}

/// A run of bytes of one body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Span {
    /// Offsets in the body.
    pub range: Range<u64>,
    /// What was done with it.
    #[serde(flatten)]
    pub state: State,
}

/// Bytes that were read as one thing: a file, a member of an archive, a payload in a constant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Body {
    /// Empty for the file itself; see [`Defect::body`](crate::Defect::body).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// Name of the format; none if it is unknown.
    pub format: Option<&'static str>,
    /// Its length in bytes.
    pub size: u64,
    /// All of its bytes, in order and without overlap.
    pub spans: Vec<Span>,
}

/// A body, as it is read back: its format is looked up.
#[derive(Deserialize)]
struct RecordedBody {
    #[serde(default)]
    path: String,
    format: Option<String>,
    size: u64,
    spans: Vec<Span>,
}

/// By hand: derived, it would borrow the name of the format from its input.
impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let body = RecordedBody::deserialize(deserializer)?;
        body.try_into().map_err(D::Error::custom)
    }
}

impl TryFrom<RecordedBody> for Body {
    type Error = String;

    fn try_from(body: RecordedBody) -> Result<Self, String> {
        let known = |name: String| {
            let format = FORMATS.iter().find(|format| format.name == name);
            format
                .map(|format| format.name)
                .ok_or_else(|| format!("there is no format `{}`", excerpt(&name, 40)))
        };
        Ok(Self {
            path: body.path,
            format: body.format.map(known).transpose()?,
            size: body.size,
            spans: body.spans,
        })
    }
}

/// How much of something was looked at; the order is from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    /// All of it.
    Scanned,
    /// Its format is known, its content was not read.
    Identified,
    /// Parts were not read.
    Partly,
    /// No reader is built in for it.
    Unsupported,
    /// Not read.
    Skipped,
}

impl Body {
    /// How much of it was looked at.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        let worst = |state: &State| match state {
            State::Scanned | State::Data => Coverage::Scanned,
            State::Identified => Coverage::Identified,
            State::Unsupported(_) => Coverage::Unsupported,
            State::Skipped(_) => Coverage::Skipped,
        };
        let mut states = self.spans.iter().map(|span| worst(&span.state));
        let Some(first) = states.next() else {
            return Coverage::Scanned;
        };
        let rest: Vec<Coverage> = states.collect();
        if rest.iter().all(|other| *other == first) {
            return first;
        }
        match rest.into_iter().chain([first]).max() {
            Some(worst @ (Coverage::Scanned | Coverage::Identified)) => worst,
            _ => Coverage::Partly,
        }
    }
}

/// Runs of bytes that do not overlap, in order. Where two claims meet, the first stands.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    spans: std::collections::BTreeMap<u64, (u64, State)>,
}

impl Ledger {
    /// Claims what of `range` nobody has claimed yet.
    pub(crate) fn claim(&mut self, range: Range<u64>, state: &State) {
        let mut start = range.start;
        if let Some((_, (end, _))) = self.spans.range(..=start).next_back() {
            start = start.max(*end);
        }
        while start < range.end {
            let next = self
                .spans
                .range(start..range.end)
                .next()
                .map(|(at, (end, _))| (*at, *end));
            let (stop, resume) = next.unwrap_or((range.end, range.end));
            if start < stop {
                self.insert(start, stop, state);
            }
            start = resume;
        }
    }

    /// Inserts, and joins what touches it and is the same.
    fn insert(&mut self, mut start: u64, mut stop: u64, state: &State) {
        if let Some((at, (end, before))) = self.spans.range(..start).next_back()
            && *end == start
            && before == state
        {
            start = *at;
        }
        if let Some((end, after)) = self.spans.get(&stop)
            && after == state
        {
            let end = *end;
            self.spans.remove(&stop);
            stop = end;
        }
        self.spans.insert(start, (stop, state.clone()));
    }

    /// What nobody has claimed of the first `size` bytes.
    pub(crate) fn gaps(&self, size: u64) -> Vec<Range<u64>> {
        let mut gaps = Vec::new();
        let mut reached = 0;
        for (start, (end, _)) in &self.spans {
            if *start > reached {
                gaps.push(reached..(*start).min(size));
            }
            reached = reached.max(*end);
            if reached >= size {
                return gaps;
            }
        }
        if reached < size {
            gaps.push(reached..size);
        }
        gaps
    }

    /// All claims, in order.
    pub(crate) fn into_spans(self) -> Vec<Span> {
        self.spans
            .into_iter()
            .map(|(start, (end, state))| Span {
                range: start..end,
                state,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_do_not_overlap_and_gaps_are_what_is_left() {
        let mut ledger = Ledger::default();
        ledger.claim(10..20, &State::Scanned);
        ledger.claim(15..30, &State::Data);
        ledger.claim(0..5, &State::Scanned);
        ledger.claim(4..12, &State::Data);
        ledger.claim(40..50, &State::Scanned);
        ledger.claim(45..48, &State::Data);
        assert_eq!(ledger.gaps(60), [30..40, 50..60]);
        let spans: Vec<_> = ledger
            .into_spans()
            .into_iter()
            .map(|span| (span.range, span.state))
            .collect();
        assert_eq!(
            spans,
            [
                (0..5, State::Scanned),
                (5..10, State::Data),
                (10..20, State::Scanned),
                (20..30, State::Data),
                (40..50, State::Scanned),
            ]
        );
    }

    #[test]
    fn what_touches_and_is_the_same_is_one() {
        let mut ledger = Ledger::default();
        ledger.claim(0..5, &State::Data);
        ledger.claim(10..15, &State::Data);
        ledger.claim(0..20, &State::Data);
        assert_eq!(ledger.gaps(20), []);
        assert_eq!(ledger.into_spans().len(), 1);
    }
}
