//! One artifact of the graph, and what is known of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::{LISTED, escaped, escaped_list, escaped_option};
use crate::{Claimed, Digest, Grade, Measured, RawName, Verdict};

/// Most digests that one node keeps.
const DIGESTS: usize = 65_536;

/// What an artifact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeKind {
    /// Model weights.
    Model,
    /// Weights that change another model.
    Adapter,
    /// Data.
    Dataset,
    /// A tokenizer.
    Tokenizer,
    /// A prompt or chat template.
    Template,
    /// An evaluation and its results.
    Evaluation,
    /// Programs and libraries, as source or built.
    Software,
    /// Nobody says.
    Unknown,
}

impl NodeKind {
    /// The word for it: `model`, `dataset`, …
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Adapter => "adapter",
            Self::Dataset => "dataset",
            Self::Tokenizer => "tokenizer",
            Self::Template => "template",
            Self::Evaluation => "evaluation",
            Self::Software => "software",
            Self::Unknown => "artifact",
        }
    }
}

impl fmt::Display for NodeKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// How exactly a reference says which version it means; the order is by strength.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "by", content = "revision")]
pub enum RevisionPin {
    /// Not at all.
    #[default]
    None,
    /// By a branch, a tag or a version, which can be made to mean something else.
    Mutable(#[serde(serialize_with = "escaped")] String),
    /// By the first digits of a commit, which others can be made to share.
    Abbreviated(#[serde(serialize_with = "escaped")] String),
    /// By a whole commit.
    Commit(#[serde(serialize_with = "escaped")] String),
    /// By a digest of the content.
    Digest(Digest),
}

/// What happened at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeEvent {
    /// It was made: trained, merged, collected.
    Built,
    /// It was given to others.
    Published,
}

impl TimeEvent {
    /// `built` or `published`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Built => "built",
            Self::Published => "published",
        }
    }
}

/// A time in the life of an artifact, and how it is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct NodeTime {
    /// What happened.
    pub event: TimeEvent,
    /// When.
    pub time: Timestamp,
    /// How we know.
    pub grade: Grade,
    /// Who or what says so.
    #[serde(serialize_with = "escaped")]
    pub source: String,
}

/// A place that speaks of an artifact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Mention {
    /// The document.
    pub source: RawName,
    /// Where in it, for example a JSON pointer.
    #[serde(serialize_with = "escaped_option")]
    pub pointer: Option<String>,
}

/// A digest of an artifact or of one of its files, and how it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Standing {
    measured: bool,
    signers: BTreeSet<String>,
}

impl Standing {
    fn grade(&self) -> Grade {
        if self.measured {
            Grade::Measured
        } else if self.signers.is_empty() {
            Grade::Claimed
        } else {
            Grade::Verified
        }
    }
}

/// A digest of a node, as it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct NodeDigest {
    /// The digest.
    pub digest: Digest,
    /// The best way in which we know it.
    pub grade: Grade,
}

/// One artifact.
///
/// Text is kept as documents have it, and leaves escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineageNode {
    id: String,
    /// What it is.
    pub kind: NodeKind,
    /// Its name.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Package URLs and other names that documents give it.
    pub identifiers: Vec<String>,
    /// How exactly it is referred to, at best. Each edge has the pin of its own source.
    pub pin: RevisionPin,
    /// Licences, as the sources have them.
    pub licences: Vec<String>,
    /// When it was built and published.
    pub times: Vec<NodeTime>,
    /// What verifying it under the policy gave; none when it was not verified.
    pub verdict: Option<Verdict>,
    /// Where it is spoken of.
    pub sources: Vec<Mention>,
    digests: BTreeMap<Digest, Standing>,
    omitted: usize,
}

impl LineageNode {
    /// An artifact of which nothing else is known. The id has to be the same
    /// whenever the same artifact is meant, and different otherwise.
    pub fn new(id: impl Into<String>, kind: NodeKind) -> Self {
        Self {
            id: id.into(),
            kind,
            name: None,
            version: None,
            identifiers: Vec::new(),
            pin: RevisionPin::None,
            licences: Vec::new(),
            times: Vec::new(),
            verdict: None,
            sources: Vec::new(),
            digests: BTreeMap::new(),
            omitted: 0,
        }
    }

    /// Adds a name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name, or the id where there is none.
    #[must_use]
    pub fn label(&self) -> &str {
        self.name
            .as_deref()
            .filter(|name| !name.trim().is_empty())
            .unwrap_or(&self.id)
    }

    fn standing(&mut self, digest: Digest) -> Option<&mut Standing> {
        if self.digests.len() >= DIGESTS && !self.digests.contains_key(&digest) {
            self.omitted = self.omitted.saturating_add(1);
            return None;
        }
        Some(self.digests.entry(digest).or_default())
    }

    /// Adds a digest that was computed from the artifact's bytes: of the whole or of a file.
    pub fn add_measured(&mut self, digest: &Measured<Digest>) {
        if let Some(standing) = self.standing(*digest.get()) {
            standing.measured = true;
        }
    }

    /// Adds a digest that a document gives.
    pub fn add_claimed(&mut self, digest: &Claimed<Digest>) {
        self.standing(*digest.get());
    }

    /// Adds a digest that somebody signed whose signature was verified. Without
    /// a name of the signer it is no more than a claim.
    pub fn add_signed(&mut self, digest: Digest, signer: impl Into<String>) {
        let signer = signer.into();
        if let Some(standing) = self.standing(digest)
            && standing.signers.len() < LISTED
            && !signer.trim().is_empty()
        {
            standing.signers.insert(signer);
        }
    }

    /// Every digest with its grade, in the order of algorithm and bytes.
    pub fn digests(&self) -> impl Iterator<Item = NodeDigest> {
        self.digests.iter().map(|(digest, standing)| NodeDigest {
            digest: *digest,
            grade: standing.grade(),
        })
    }

    /// How we know that this digest belongs to the artifact.
    #[must_use]
    pub fn grade_of(&self, digest: &Digest) -> Option<Grade> {
        self.digests.get(digest).map(Standing::grade)
    }

    /// The best known digest, to show: a measured one before a signed one before a claimed one.
    #[must_use]
    pub fn best_digest(&self) -> Option<NodeDigest> {
        // Of equals the first, so that the choice does not depend on how many there are.
        self.digests()
            .reduce(|best, next| if next.grade > best.grade { next } else { best })
    }

    /// How the artifact as a whole is known: its bytes are here and were
    /// measured, or somebody signed what it is, or a document speaks of it.
    #[must_use]
    pub fn grade(&self) -> Grade {
        self.best_digest()
            .map_or(Grade::Claimed, |digest| digest.grade)
    }

    /// Who signed it. Where bytes were measured, only signers of what was measured count.
    #[must_use]
    pub fn signers(&self) -> BTreeSet<&str> {
        let measured = self.grade() == Grade::Measured;
        self.digests
            .values()
            .filter(|standing| standing.measured || !measured)
            .flat_map(|standing| standing.signers.iter().map(String::as_str))
            .collect()
    }

    /// Entries that were left out because a list was full.
    #[must_use]
    pub const fn omitted(&self) -> usize {
        self.omitted
    }

    /// Takes over what another source knows of the same artifact. What is known
    /// already stays; of verdicts the worse one counts, of pins the stronger one.
    /// Gives the digests that are new.
    pub(super) fn absorb(&mut self, other: Self) -> Vec<Digest> {
        if self.kind == NodeKind::Unknown {
            self.kind = other.kind;
        }
        self.name = self.name.take().or(other.name);
        self.version = self.version.take().or(other.version);
        self.pin = std::mem::take(&mut self.pin).max(other.pin);
        self.verdict = worse(self.verdict, other.verdict);
        self.omitted = self
            .omitted
            .saturating_add(other.omitted)
            .saturating_add(unite(&mut self.identifiers, other.identifiers))
            .saturating_add(unite(&mut self.licences, other.licences))
            .saturating_add(unite(&mut self.times, other.times))
            .saturating_add(unite(&mut self.sources, other.sources));
        let mut new = Vec::new();
        for (digest, theirs) in other.digests {
            let known = self.digests.contains_key(&digest);
            let Some(standing) = self.standing(digest) else {
                continue;
            };
            standing.measured |= theirs.measured;
            for signer in theirs.signers {
                if standing.signers.len() < LISTED {
                    standing.signers.insert(signer);
                }
            }
            if !known {
                new.push(digest);
            }
        }
        new
    }
}

/// Adds what is not there yet while there is room; gives how many found none.
pub(super) fn unite<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) -> usize {
    let mut omitted = 0;
    for entry in more {
        if list.contains(&entry) {
            continue;
        }
        if list.len() < LISTED {
            list.push(entry);
        } else {
            omitted += 1;
        }
    }
    omitted
}

fn worse(left: Option<Verdict>, right: Option<Verdict>) -> Option<Verdict> {
    const fn weight(verdict: Verdict) -> u8 {
        match verdict {
            Verdict::Allow => 0,
            Verdict::NothingToVerify => 1,
            Verdict::Undecided => 2,
            Verdict::Deny => 3,
        }
    }
    match (left, right) {
        (Some(left), Some(right)) if weight(right) > weight(left) => Some(right),
        (left, right) => left.or(right),
    }
}

impl Serialize for LineageNode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "kebab-case")]
        struct View<'node> {
            #[serde(serialize_with = "escaped")]
            id: &'node str,
            kind: NodeKind,
            #[serde(serialize_with = "escaped_option")]
            name: &'node Option<String>,
            #[serde(serialize_with = "escaped_option")]
            version: &'node Option<String>,
            grade: Grade,
            signers: Vec<RawName>,
            verdict: Option<Verdict>,
            #[serde(serialize_with = "escaped_list")]
            identifiers: &'node [String],
            pin: &'node RevisionPin,
            digests: Vec<NodeDigest>,
            #[serde(serialize_with = "escaped_list")]
            licences: &'node [String],
            times: &'node [NodeTime],
            sources: &'node [Mention],
            #[serde(skip_serializing_if = "none")]
            omitted: usize,
        }
        View {
            id: &self.id,
            kind: self.kind,
            name: &self.name,
            version: &self.version,
            grade: self.grade(),
            signers: self.signers().into_iter().map(RawName::from).collect(),
            verdict: self.verdict,
            identifiers: &self.identifiers,
            pin: &self.pin,
            digests: self.digests().collect(),
            licences: &self.licences,
            times: &self.times,
            sources: &self.sources,
            omitted: self.omitted,
        }
        .serialize(serializer)
    }
}

/// For serde, which passes references.
pub(super) fn none(count: &usize) -> bool {
    *count == 0
}
