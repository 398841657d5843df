//! From the files of a dataset's metadata to the list.

use bonafide_core::Algorithm;

use super::{Expectation, Listed, Listing, PathClaim, Shape};
use crate::claimed_digest::ClaimedDigest;
use crate::croissant::{CandidateKind, Croissant, ListedFile, Unchecked};
use crate::excerpt;

impl Listing {
    /// Every file object of a Croissant document.
    #[must_use]
    pub fn of_dataset(dataset: &Croissant<'_>) -> Self {
        Self {
            entries: dataset.listing().into_iter().map(listed).collect(),
            ..Self::default()
        }
    }
}

fn listed(file: ListedFile) -> Listed {
    let relative = file.candidates.iter().any(|candidate| {
        matches!(
            candidate.kind,
            CandidateKind::RelativeUrl | CandidateKind::UnescapedUrl
        )
    });
    let mut digests: Vec<ClaimedDigest> =
        file.digest.map(ClaimedDigest::Known).into_iter().collect();
    if digests.is_empty() {
        let weak = file.weak_digests.iter();
        digests.extend(weak.map(|hex| ClaimedDigest::of(Algorithm::Md5.name(), hex)));
    }
    if digests.is_empty() && file.unchecked == Some(Unchecked::UnusableHash) {
        digests.push(ClaimedDigest::Malformed {
            algorithm: Algorithm::Sha256.name().to_owned(),
            content: "something else".to_owned(),
        });
    }
    let label = file
        .candidates
        .first()
        .map(|candidate| candidate.name.as_str().to_owned())
        .or(file.id)
        .unwrap_or_default();
    Listed {
        pointer: file.pointer,
        label: excerpt(&label, 200),
        shapes: vec![Shape::NestedFile],
        paths: file
            .candidates
            .iter()
            .filter_map(|candidate| match candidate.kind {
                CandidateKind::RelativeUrl | CandidateKind::UnescapedUrl => {
                    PathClaim::path(candidate.name.as_str())
                }
                _ => PathClaim::name(candidate.name.as_str()),
            })
            .collect(),
        digests,
        expectation: match file.unchecked {
            // The archive or the repository is looked at instead.
            Some(Unchecked::InsideArchive | Unchecked::Repository) => Expectation::Elsewhere,
            _ if relative => Expectation::Here,
            _ => Expectation::MayBeHere,
        },
    }
}
