//! Who has to have signed what: roles with thresholds.

use std::collections::HashSet;
use std::sync::Arc;

use bonafide_attest::predicate::{Predicate, StatedResult};
use bonafide_attest::{Content, Signer};
use bonafide_core::RawName;
use bonafide_hash::EntryKind;

use crate::attachment::{Attachment, holds, vouches};
use crate::facts::{Facts, SignatureFacts};
use crate::globs::Globs;
use crate::survey::{Gap, GapReason};

/// A role that signers of the artifact have to fill.
#[derive(Debug)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// How many different signers it takes; at least one.
    pub threshold: usize,
    /// Labels of those who can fill it; never empty.
    pub signers: Vec<String>,
    /// What they have to have signed; empty means whatever vouches for the bytes.
    pub attests: Vec<Attests>,
    /// The files that it has to be about; empty means all.
    pub covers: Globs,
    /// Names of roles whose signers cannot fill this one as well.
    pub distinct_from: Vec<String>,
}

/// A kind of signed content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attests {
    /// An OMS manifest.
    ModelSignature,
    /// A Sigstore message signature.
    MessageSignature,
    /// A statement with this predicate type.
    Predicate(String),
}

impl Attests {
    fn fits(&self, content: &Content) -> bool {
        match (self, content) {
            (Self::ModelSignature, Content::Model(_))
            | (Self::MessageSignature, Content::Message(_)) => true,
            (Self::Predicate(expected), Content::Statement(statement)) => {
                *expected == statement.predicate_type
            }
            _ => false,
        }
    }
}

/// How far a role is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filling {
    /// Different signers who fill it.
    pub signers: Vec<Signer>,
    /// Why others who signed do not count.
    pub refused: Vec<String>,
}

impl Role {
    /// Who fills the role.
    #[must_use]
    pub fn filling(&self, facts: &Facts<'_>) -> Filling {
        let mut filling = self.candidates(facts);
        let others: Vec<Signer> = facts
            .roles
            .iter()
            .filter(|role| self.distinct_from.contains(&role.name))
            .flat_map(|role| role.candidates(facts).signers)
            .collect();
        let mut refused = Vec::new();
        filling.signers.retain(|signer| {
            let taken = others.iter().any(|other| other.is_same_as(signer));
            if taken {
                refused.push(format!(
                    "\"{}\" already fills a role that has to be another's",
                    signer.label()
                ));
            }
            !taken
        });
        filling.refused.extend(refused);
        filling
    }

    /// Who could fill the role if no other role were in the way.
    fn candidates(&self, facts: &Facts<'_>) -> Filling {
        let mut filling = Filling {
            signers: Vec::new(),
            refused: Vec::new(),
        };
        for (index, signature) in facts.signatures.iter().enumerate() {
            let Some(verified) = signature.verified() else {
                continue;
            };
            let signers: Vec<&Signer> = verified
                .signers()
                .filter(|signer| self.signers.iter().any(|label| label == signer.label()))
                .collect();
            if signers.is_empty() || !self.fits(verified.get()) {
                continue;
            }
            if let Some(reason) = obstacle(facts, index, signature, &self.covers) {
                filling
                    .refused
                    .push(format!("`{}`: {reason}", signature.source));
                continue;
            }
            for signer in signers {
                if !filling.signers.iter().any(|known| known.is_same_as(signer)) {
                    filling.signers.push(signer.clone());
                }
            }
        }
        filling
    }

    fn fits(&self, content: &Content) -> bool {
        if self.attests.is_empty() {
            return vouches(content);
        }
        self.attests.iter().any(|attests| attests.fits(content))
    }
}

/// Why a signature that fits otherwise does not count for somebody who asks for one about
/// the files that `covers` names; empty means all.
pub(crate) fn obstacle(
    facts: &Facts<'_>,
    index: usize,
    signature: &SignatureFacts,
    covers: &Globs,
) -> Option<String> {
    let content = signature.verified()?.get();
    if let Content::Statement(statement) = content
        && statement.predicate.result() == Some(StatedResult::Failed)
    {
        return Some("it says that the artifact failed".to_owned());
    }
    if let Content::Statement(statement) = content
        && let Predicate::SimpleVerificationResult(result) = &statement.predicate
        && result.properties.is_empty()
    {
        return Some("it states no property".to_owned());
    }
    let survey = &facts.survey;
    let attachment = survey
        .attachments
        .iter()
        .find(|attachment| attachment.signature == index);
    let binding = survey
        .bindings
        .iter()
        .find(|binding| binding.signature == index);
    // What vouches covers files by name; an opinion is about whatever has the digest.
    let gaps: Gaps<'_> = match (binding, attachment) {
        (Some(binding), _) => {
            if !holds(binding, &facts.measurements) {
                return Some("what it lists is not what is there".to_owned());
            }
            Box::new(binding.gaps.iter().cloned())
        }
        // Files could have traded names under a root digest: enough for an opinion on
        // them, not to be who made them.
        (None, Some(attachment)) if attachment.files == 0 && vouches(content) => {
            return Some("it names no file by its own digest".to_owned());
        }
        (None, Some(attachment)) if !attachment.is_loose() => not_about(attachment, facts),
        _ => return Some("it is about something else".to_owned()),
    };
    let demands = |name: &RawName| covers.is_empty() || covers.matches(name);
    first_uncovered(gaps, demands)
        .map(|name| format!("it is not about `{name}`"))
        .or_else(|| {
            let demanded =
                facts.tree.entries().iter().any(|entry| {
                    matches!(entry.kind, EntryKind::File { .. }) && demands(&entry.name)
                });
            (!demanded).then(|| "no file is among those that it has to be about".to_owned())
        })
}

fn first_uncovered(
    mut gaps: impl Iterator<Item = Arc<Gap>>,
    demands: impl Fn(&RawName) -> bool,
) -> Option<RawName> {
    gaps.find(|gap| {
        // Other checks deny these, or the policy excuses them by name.
        !matches!(
            gap.reason,
            GapReason::Signature
                | GapReason::Format(_)
                | GapReason::NotAFile
                | GapReason::DirectoryLink
        ) && demands(&gap.name)
    })
    .map(|gap| gap.name.clone())
}

/// Entries that are not covered.
type Gaps<'a> = Box<dyn Iterator<Item = Arc<Gap>> + 'a>;

/// Entries that a statement is not about. One about a root digest is about the files
/// that the root digest was made of, and no more.
fn not_about<'a>(attachment: &'a Attachment, facts: &'a Facts<'_>) -> Gaps<'a> {
    let gaps = attachment.gaps(&facts.survey);
    let Some(root) = attachment.root else {
        return Box::new(gaps);
    };
    let manifest = facts
        .survey
        .bindings
        .iter()
        .find(|binding| binding.root == Some(root) && holds(binding, &facts.measurements));
    match manifest {
        Some(binding) => {
            let left_out: HashSet<&RawName> = binding.gaps.iter().map(|gap| &gap.name).collect();
            Box::new(gaps.filter(move |gap| left_out.contains(&gap.name)))
        }
        // Of all files as they are, which leaves out what is taken for signatures.
        None => Box::new(gaps.filter(|gap| gap.reason != GapReason::Unlisted)),
    }
}
