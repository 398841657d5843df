//! An artifact of a family: one that was examined, and what its own sources say.

use std::collections::{BTreeMap, HashMap, HashSet};

use bonafide_bom::Described;
use bonafide_bom::model_card::commit_of_snapshot_path;
use bonafide_bom::purl::{HubKind, Revision};
use bonafide_core::{Algorithm, Digest, Mention, NodeKind, RawName, RevisionPin, Verdict};
use bonafide_hash::{EntryKind, Measurement, Tree};

use super::account::Account;
use super::bill::Bill;
use super::cards::Cards;
use super::reference::{Reference, pin};
use crate::document::DocumentFacts;
use crate::facts::SignatureFacts;
use crate::model::Language;
use crate::survey::{GapReason, Place, Survey};

/// How an artifact came into the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// It is what is verified.
    Target,
    /// The user named it.
    Named,
    /// A folder beside one that names it as its parent.
    Beside,
}

impl Given {
    /// A few words for reports.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Target => "the target",
            Self::Named => "given",
            Self::Beside => "found beside",
        }
    }
}

/// One artifact of a family.
#[derive(Debug, Clone)]
pub struct Relative {
    /// Its path, as printed.
    pub name: RawName,
    /// How it came into the family.
    pub given: Given,
    /// What the policy makes of it; none before it is judged.
    pub verdict: Option<Verdict>,
    /// Why it could not be examined.
    pub failure: Option<String>,
    /// What it is asked with.
    pub language: Language,
    pub(super) measured: Measured,
    pub(super) account: Account,
}

/// What is known about an artifact before it is judged.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'e, 'a> {
    /// What is on disk.
    pub tree: &'e Tree,
    /// Documents about it.
    pub documents: &'e [DocumentFacts<'a>],
    /// Signatures that came with it.
    pub signatures: &'e [SignatureFacts],
    /// How signatures and tree fit together, settled.
    pub survey: &'e Survey,
    /// Digests, in the order of the survey's jobs.
    pub measurements: &'e [Measurement],
    /// The model card and its like.
    pub cards: &'e Cards,
}

/// The bytes of an artifact, measured.
#[derive(Debug, Clone, Default)]
pub(super) struct Measured {
    /// OMS root digests of most of it.
    pub(super) roots: Vec<Digest>,
    /// OMS root digests of any part of it.
    all_roots: Vec<Digest>,
    /// Who signed which root.
    pub(super) signed: BTreeMap<Digest, Vec<String>>,
    /// Files by name: bytes, digests.
    files: BTreeMap<RawName, (u64, Vec<Digest>)>,
    /// Files by digest.
    index: HashMap<Digest, Vec<RawName>>,
    /// Bytes of all files but signatures.
    total: u64,
    /// Algorithms by which every file was hashed.
    algorithms: Vec<Algorithm>,
    /// Whether there is a file whose bytes are not known.
    pub(super) is_partial: bool,
}

impl Measured {
    /// Bytes that are nowhere, for tests of what is made of measurements.
    #[cfg(test)]
    pub(super) fn made_up(
        root: Digest,
        files: impl Iterator<Item = (RawName, u64, Digest)>,
    ) -> Self {
        let mut measured = Self {
            roots: vec![root],
            all_roots: vec![root],
            algorithms: vec![Algorithm::Sha256],
            ..Self::default()
        };
        for (name, size, digest) in files {
            measured.total += size;
            measured.index.entry(digest).or_default().push(name.clone());
            measured.files.insert(name, (size, vec![digest]));
        }
        measured
    }

    fn of(evidence: &Evidence<'_, '_>) -> Self {
        let survey = evidence.survey;
        let mut measured = Self::default();
        let not_counted: HashSet<&RawName> = survey
            .open
            .iter()
            .filter(|entry| entry.gap.reason == GapReason::Signature)
            .map(|entry| &entry.gap.name)
            .collect();
        let mut sizes: HashMap<&RawName, u64> = HashMap::new();
        for entry in evidence.tree.entries() {
            match &entry.kind {
                EntryKind::File { size, .. } if !not_counted.contains(&entry.name) => {
                    sizes.insert(&entry.name, *size);
                    measured.total = measured.total.saturating_add(*size);
                }
                EntryKind::Unreadable(_) => measured.is_partial = true,
                _ => {}
            }
        }
        for measurement in evidence.measurements {
            let Some(size) = sizes.get(&measurement.job.name) else {
                continue;
            };
            if measurement.job.range.is_some() {
                continue;
            }
            match &measurement.digests {
                Ok(digests) => {
                    let digests = digests.iter().map(|digest| *digest.get()).collect();
                    let name = measurement.job.name.clone();
                    measured.files.insert(name, (*size, digests));
                }
                Err(_) => measured.is_partial = true,
            }
        }
        measured.is_partial |= measured.files.len() < sizes.len();
        let mut common: Option<HashSet<Algorithm>> = None;
        for (name, (_, digests)) in &measured.files {
            let own: HashSet<Algorithm> = digests.iter().map(Digest::algorithm).collect();
            common = Some(match common {
                Some(common) => common.intersection(&own).copied().collect(),
                None => own,
            });
            for digest in digests {
                measured
                    .index
                    .entry(*digest)
                    .or_default()
                    .push(name.clone());
            }
        }
        measured.algorithms = common.into_iter().flatten().collect();
        measured.algorithms.sort();
        measured.sign(evidence);
        measured
    }

    /// Roots of the artifact, and who signed them. A manifest of less than half of the
    /// bytes says of too little what it is: its root may be that of another artifact too.
    fn sign(&mut self, evidence: &Evidence<'_, '_>) {
        let survey = evidence.survey;
        let mut partial = HashSet::new();
        for binding in &survey.bindings {
            let Some(root) = binding.root else {
                continue;
            };
            let covered: HashSet<&RawName> = binding
                .resources
                .iter()
                .filter_map(|resource| match &resource.place {
                    Place::Found { file, .. } => Some(file),
                    _ => None,
                })
                .collect();
            let bytes = evidence
                .tree
                .entries()
                .iter()
                .filter_map(|entry| match entry.kind {
                    EntryKind::File { size, .. } if covered.contains(&entry.name) => Some(size),
                    _ => None,
                });
            let bytes = bytes.fold(0_u64, u64::saturating_add);
            if !self.is_most(bytes) {
                partial.insert(root);
                continue;
            }
            let signature = evidence.signatures.get(binding.signature);
            if let Some(verified) = signature.and_then(SignatureFacts::verified)
                && survey.roots.contains(&root)
            {
                let signers = self.signed.entry(root).or_default();
                signers.extend(verified.signers().map(ToString::to_string));
            }
        }
        self.all_roots.clone_from(&survey.roots);
        self.roots = survey
            .roots
            .iter()
            .filter(|root| !partial.contains(root))
            .copied()
            .collect();
    }

    /// Half of all bytes, or more.
    fn is_most(&self, bytes: u64) -> bool {
        bytes > 0 && bytes >= self.total.div_ceil(2)
    }

    /// The digest by which a set of digests shows to be about this artifact: its root, or
    /// that of the largest of files that are half of its bytes together.
    pub(super) fn identified_by(&self, digests: &HashSet<Digest>) -> Option<Digest> {
        if let Some(root) = self.roots.iter().find(|root| digests.contains(root)) {
            return Some(*root);
        }
        let mut bytes = 0_u64;
        let mut largest: Option<(u64, Digest)> = None;
        let mut counted: HashSet<&RawName> = HashSet::new();
        let mut known: Vec<&Digest> = digests
            .iter()
            .filter(|digest| digest.algorithm().is_strong() && self.index.contains_key(digest))
            .collect();
        known.sort();
        for digest in known {
            for name in self.index.get(digest).into_iter().flatten() {
                let size = self.files.get(name).map_or(0, |(size, _)| *size);
                if !counted.insert(name) {
                    continue;
                }
                bytes = bytes.saturating_add(size);
                if largest.is_none_or(|(known, _)| size > known) {
                    largest = Some((size, *digest));
                }
            }
        }
        largest
            .filter(|_| self.is_most(bytes))
            .map(|(_, digest)| digest)
    }

    /// Digests that are this artifact's and nobody else's: its roots, and the digests of a
    /// file that is half of it or more.
    pub(super) fn identities(&self) -> Vec<Digest> {
        let mut identities = self.roots.clone();
        for (size, digests) in self.files.values() {
            if self.is_most(*size) {
                identities.extend(
                    digests
                        .iter()
                        .filter(|digest| digest.algorithm().is_strong()),
                );
            }
        }
        identities.truncate(super::account::LISTED);
        identities
    }

    /// True if the artifact, or a file of it, has this digest.
    pub(super) fn has(&self, digest: &Digest) -> bool {
        self.all_roots.contains(digest) || self.index.contains_key(digest)
    }

    /// True if every file was hashed in this way, so that a digest that no file has is
    /// another artifact's. A digest may also be that of the whole, which is SHA-256.
    pub(super) fn knows(&self, algorithm: Algorithm) -> bool {
        let whole = algorithm != Algorithm::Sha256 || !self.all_roots.is_empty();
        whole && !self.is_partial && self.algorithms.contains(&algorithm)
    }

    /// The digest of one file.
    pub(super) fn file(&self, name: &str, algorithm: Algorithm) -> Option<Digest> {
        let (_, digests) = self.files.get(&RawName::from(name))?;
        digests
            .iter()
            .find(|digest| digest.algorithm() == algorithm)
            .copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl Relative {
    /// What is known of an artifact at `path`, whose components are `segments`.
    #[must_use]
    pub fn of(name: RawName, segments: &[&str], given: Given, evidence: &Evidence<'_, '_>) -> Self {
        let measured = Measured::of(evidence);
        let mut account = Account::new();
        if evidence.tree.entry(b"adapter_config.json").is_some()
            && let Some(subject) = account.get_mut(0)
        {
            subject.be(NodeKind::Adapter);
        }
        for document in evidence.documents {
            let signer = document
                .proofs
                .first()
                .map(|proof| proof.signer.to_string());
            let bill = Bill {
                source: &document.source,
                signer,
            };
            match document.described() {
                Some(Described::Bom(bom)) => account.hear_bill(&bill, bom.bom.get()),
                // When it is known what the artifact is.
                Some(Described::Croissant(_)) => {}
                // What it says is not asked where it is the artifact itself.
                None if !document.describes_the_artifact() => {}
                None => account.gap(match &document.content {
                    Err(error) => format!("`{}` cannot be read: {error}", document.source),
                    Ok(_) => format!("`{}` is of no format that tells", document.source),
                }),
            }
        }
        account.hear_cards(evidence.cards);
        for document in evidence.documents {
            if let Some(Described::Croissant(dataset)) = document.described() {
                let signer = document
                    .proofs
                    .first()
                    .map(|proof| proof.signer.to_string());
                let bill = Bill {
                    source: &document.source,
                    signer,
                };
                account.hear_dataset(&bill, dataset);
            }
        }
        account.hear_statements(evidence.signatures, evidence.survey, &measured);
        account.hear_path(&name, segments);
        Self {
            name,
            given,
            verdict: None,
            failure: None,
            language: Language::default(),
            measured,
            account,
        }
    }

    /// An artifact that could not be examined.
    #[must_use]
    pub fn failed(name: RawName, segments: &[&str], given: Given, reason: String) -> Self {
        let mut account = Account::new();
        account.gap(format!("`{name}` cannot be examined: {reason}"));
        account.hear_path(&name, segments);
        Self {
            name,
            given,
            verdict: Some(Verdict::Undecided),
            failure: Some(reason),
            language: Language::default(),
            measured: Measured::default(),
            account,
        }
    }

    /// Last segments of the names of what it is said to be made from: folders beside it
    /// that may be meant.
    #[must_use]
    pub fn parents_by_name(&self) -> Vec<String> {
        self.account
            .parents_by_name()
            .into_iter()
            .map(str::to_owned)
            .collect()
    }

    /// Algorithms by which a parent has to be hashed to be held against what this one
    /// says of it.
    #[must_use]
    pub fn algorithms(&self) -> Vec<Algorithm> {
        let of_things = self.account.things.iter().flat_map(|thing| &thing.digests);
        let of_materials = self
            .account
            .statements
            .iter()
            .flat_map(|statement| &statement.materials)
            .flat_map(|material| &material.digests);
        let mut algorithms: Vec<Algorithm> = of_things
            .chain(of_materials)
            .map(Digest::algorithm)
            .filter(|algorithm| algorithm.is_strong())
            .chain([Algorithm::Sha256])
            .collect();
        algorithms.sort();
        algorithms.dedup();
        algorithms
    }
}

impl Account {
    /// Takes in what a folder of a download cache is named after.
    fn hear_path(&mut self, name: &RawName, segments: &[&str]) {
        let Some(snapshot) = commit_of_snapshot_path(segments) else {
            return;
        };
        let kind = match snapshot.repository.kind {
            HubKind::Model => NodeKind::Model,
            HubKind::Dataset => NodeKind::Dataset,
            HubKind::Space => return,
        };
        let reference = Reference::of(&snapshot.repository.name, kind);
        self.call(0, &reference);
        if let Some(subject) = self.get_mut(0) {
            let found: RevisionPin = pin(&Revision::Commit(snapshot.commit));
            subject.pin = std::mem::take(&mut subject.pin).max(found);
            subject.mention(Mention {
                source: name.clone(),
                pointer: None,
            });
        }
    }
}
