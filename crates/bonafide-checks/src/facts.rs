//! Everything that is known about one artifact when the checks run.

use bonafide_attest::oms::OmsManifest;
use bonafide_attest::{Conclusion, Content, Examination, Verified};
use bonafide_core::{AdvisorySummary, Digest, Finding, Outcome, RawName, Subject};
use bonafide_hash::{EntryKind, Measurement, ReadFailure, Tree};
use jiff::Timestamp;

use crate::document::DocumentFacts;
use crate::lineage::LineageFacts;
use crate::model::ModelFile;
use crate::records::{RecordFacts, WeightFacts};
use crate::role::Role;
use crate::survey::Survey;

/// A signature file and what it shows.
#[derive(Debug, Clone)]
pub struct SignatureFacts {
    /// Where it was found, as printed.
    pub source: RawName,
    /// Its name in the tree, when it lies there.
    pub inside: Option<RawName>,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// What it shows.
    pub examination: Examination,
}

impl SignatureFacts {
    /// What a trusted signer signed.
    #[must_use]
    pub fn verified(&self) -> Option<&Verified<Content>> {
        match &self.examination.conclusion {
            Conclusion::Verified(verified) => Some(verified),
            _ => None,
        }
    }

    /// The manifest, if a trusted signer vouches for one.
    #[must_use]
    pub fn manifest(&self) -> Option<&OmsManifest> {
        self.verified()?.get().manifest()
    }

    /// True when what is verified says something about the artifact. A blob signature
    /// says no more than its bytes, and they are compared.
    pub(crate) fn attests(&self) -> bool {
        matches!(
            self.verified().map(Verified::get),
            Some(Content::Statement(_) | Content::Document(_))
        )
    }

    pub(crate) fn subject(&self) -> Subject {
        Subject::Signature(self.source.clone())
    }
}

/// The evidence about one artifact.
#[derive(Debug)]
pub struct Facts<'a> {
    /// What is on disk.
    pub tree: &'a Tree,
    /// Every signature file that came with it.
    pub signatures: Vec<SignatureFacts>,
    /// How the verified manifests and the tree fit together.
    pub survey: Survey,
    /// Digests of what the manifests list, in the order of [`Survey::jobs`].
    pub measurements: Vec<Measurement>,
    /// Roles that the policy wants to see filled.
    pub roles: &'a [Role],
    /// What deny-lists say of the artifact; none when no list is in force.
    pub denials: Option<Denials>,
    /// Documents about the artifact.
    pub documents: Vec<DocumentFacts<'a>>,
    /// Where the artifact comes from, as far as anything says.
    pub lineage: LineageFacts,
    /// What is in the files, one for each regular file of the tree.
    pub models: Vec<ModelFile>,
    /// What is in the records, as far as the policy asks.
    pub records: RecordFacts,
    /// What is in the weights, as far as the policy asks.
    pub weights: WeightFacts,
    /// Published vulnerabilities that the models' dependencies were held against; none if
    /// the run was given none.
    pub advisories: Option<Vec<AdvisorySummary>>,
    /// The clock by which ages are judged.
    pub now: Timestamp,
}

/// What deny-lists say of an artifact and its files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Denials {
    /// Files that a list names by their digest, with what it says.
    pub files: Vec<(RawName, String)>,
    /// What a list says of the artifact as a whole, by its OMS root digest.
    pub artifact: Option<String>,
    /// Files whose digest is not known.
    pub unknown: Vec<RawName>,
}

impl<'a> Facts<'a> {
    /// The digest that was measured for a job with the algorithm of `expected`.
    pub(crate) fn measured(&self, job: usize, expected: &Digest) -> Result<Digest, ReadFailure> {
        let measurement = self.measurements.get(job).ok_or(ReadFailure::NotAFile)?;
        let digests = measurement.digests.as_ref().map_err(Clone::clone)?;
        digests
            .iter()
            .map(|digest| *digest.get())
            .find(|digest| digest.algorithm() == expected.algorithm())
            .ok_or(ReadFailure::NotAFile)
    }

    /// The outcome of a check that looks at every entry of the tree: without
    /// findings it is a pass only if the whole tree could be listed.
    pub(crate) fn over_the_tree(&self, findings: Vec<Finding>) -> Outcome {
        let unreadable = self
            .tree
            .entries()
            .iter()
            .find_map(|entry| match &entry.kind {
                EntryKind::Unreadable(failure) => Some((&entry.name, failure)),
                _ => None,
            });
        match unreadable {
            Some((name, failure)) if findings.is_empty() => {
                Outcome::Inconclusive(format!("what lies at `{name}` is not known: {failure}"))
            }
            _ => Outcome::from_findings(findings),
        }
    }

    /// The outcome of a check that looks at each verified signature: what `defects`
    /// says of one becomes its findings.
    pub(crate) fn over_verified<D, I>(&self, defects: D) -> Outcome
    where
        D: Fn(&SignatureFacts) -> I,
        I: IntoIterator<Item = String>,
    {
        let verified = self
            .signatures
            .iter()
            .filter(|signature| signature.verified().is_some());
        let findings: Vec<Finding> = verified
            .flat_map(|signature| {
                defects(signature)
                    .into_iter()
                    .map(|message| Finding::new(signature.subject(), message))
            })
            .collect();
        match self.without_manifest() {
            Some(outcome) if findings.is_empty() => outcome,
            _ => Outcome::from_findings(findings),
        }
    }

    /// The outcome of a check that compares files with a verified manifest, when
    /// there is none. Not "not applicable": then taking the signature away would
    /// turn a denial into a pass.
    pub(crate) fn without_manifest(&self) -> Option<Outcome> {
        self.survey.bindings.is_empty().then(|| {
            Outcome::Inconclusive(
                "no signature is verified, so there is nothing to compare the files with"
                    .to_owned(),
            )
        })
    }

    /// The outcome of a check about attestations when there is none.
    pub(crate) fn without_attestation(&self) -> Option<Outcome> {
        let none = !self.signatures.iter().any(SignatureFacts::attests);
        none.then(|| Outcome::NotApplicable("there is no verified attestation".to_owned()))
    }

    /// Bills of materials, and what should be one and cannot be read.
    pub(crate) fn boms(&self) -> impl Iterator<Item = &DocumentFacts<'a>> {
        self.documents.iter().filter(|document| document.is_bom())
    }

    /// The outcome of a check about bills of materials when there is none. That there
    /// is one is the demand of `bom-missing`.
    pub(crate) fn without_bom(&self) -> Option<Outcome> {
        let none = self.boms().next().is_none();
        none.then(|| {
            Outcome::NotApplicable("no bill of materials describes the artifact".to_owned())
        })
    }

    /// The outcome of a check about documents of any kind when there is none.
    pub(crate) fn without_document(&self) -> Option<Outcome> {
        let none = self.documents.is_empty();
        none.then(|| Outcome::NotApplicable("no document describes the artifact".to_owned()))
    }

    /// The outcome of a check about the lineage when nothing says anything of it. That
    /// something does is the demand of `missing-lineage`.
    pub(crate) fn without_lineage(&self) -> Option<Outcome> {
        let none = self.lineage.graph.edges().is_empty();
        none.then(|| match self.lineage.incomplete() {
            // Else whoever makes a card unreadable is rid of the check.
            Some(reason) => Outcome::Inconclusive(reason),
            None => Outcome::NotApplicable("nothing says what the artifact comes from".to_owned()),
        })
    }

    /// The outcome of a check that holds documents against the artifact: findings, or
    /// why it cannot be said that there are none.
    pub(crate) fn over_documents(
        &self,
        findings: Vec<Finding>,
        undecided: Option<String>,
    ) -> Outcome {
        let unread = self
            .documents
            .iter()
            .filter(|document| document.describes_the_artifact())
            .find_map(|document| Some((&document.source, document.content.as_ref().err()?)));
        match (undecided, unread) {
            _ if !findings.is_empty() => Outcome::from_findings(findings),
            (Some(reason), _) => Outcome::Inconclusive(reason),
            (None, Some((source, error))) => {
                Outcome::Inconclusive(format!("`{source}` cannot be read: {error}"))
            }
            (None, None) => Outcome::Pass,
        }
    }

    /// The outcome of a check about signatures when there is none.
    pub(crate) fn without_signature(&self) -> Option<Outcome> {
        let none = self.signatures.is_empty();
        none.then(|| Outcome::Inconclusive("the artifact has no signature".to_owned()))
    }
}
