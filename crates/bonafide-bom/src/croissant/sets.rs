//! The files that the patterns of file sets cover.

use std::fmt;

use bonafide_core::ArtifactName;

use crate::excerpt;
use crate::json::Pointer;

use super::containment::{Reach, containment};
use super::dataset::Croissant;
use super::defect::{Defect, LocatedDefect};
use super::pattern::{Matcher, Pattern};
use super::resource::{FileSet, Resource};

/// Most comparisons for all sets together; some seconds. Patterns times files is the
/// one product here that a document can drive up.
const MOST_WORK: u64 = 500_000_000;

/// What the file sets of a document say about files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetCoverage {
    /// For each file, whether a set covers it, in the order they were given. A set has
    /// no hashes, so nothing is proven about a file that is covered.
    pub covered: Vec<bool>,
    /// Each set, in the order of the document.
    pub sets: Vec<SetOutcome>,
    /// Sets and patterns that fit no file.
    pub defects: Vec<LocatedDefect>,
}

/// What came of one file set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetOutcome {
    /// Where it is in the document.
    pub pointer: Pointer,
    /// `@id`.
    pub id: Option<String>,
    /// How many files are in it, or why that is not known.
    pub files: Result<usize, SetUnchecked>,
}

/// Why a file set was not matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetUnchecked {
    /// Its files are in an archive, and archives are not opened.
    InsideArchive,
    /// Its files are in a repository, and none of those here fits; whether these are a
    /// checkout of it is not known.
    InsideRepository,
    /// Its container cannot be resolved.
    UnresolvedContainer,
    /// A pattern is too long, or patterns and files are too many.
    TooMuchWork,
}

impl fmt::Display for SetUnchecked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::InsideArchive => "its files are inside an archive, which is not opened",
            Self::InsideRepository => "its files are in a repository that is not at hand",
            Self::UnresolvedContainer => "what it is inside of cannot be resolved",
            Self::TooMuchWork => "its patterns are too long or too many for so many files",
        })
    }
}

impl Croissant<'_> {
    /// Matches the file sets with the files beside the document, by paths relative to
    /// its folder.
    ///
    /// A file is in a set that includes it and does not exclude it. `mlcroissant` 1.1.1
    /// ignores `excludes`, so it may load a file that is in no set by this account.
    #[must_use]
    pub fn match_sets(&self, files: &[ArtifactName]) -> SetCoverage {
        self.match_sets_within(files, MOST_WORK)
    }

    pub(super) fn match_sets_within(&self, files: &[ArtifactName], mut budget: u64) -> SetCoverage {
        let mut coverage = SetCoverage {
            covered: vec![false; files.len()],
            sets: Vec::new(),
            defects: Vec::new(),
        };
        let reach = containment(self).reach;
        for (resource, reach) in self.distribution.iter().zip(reach) {
            let Resource::Set(set) = resource else {
                continue;
            };
            let files = match reach {
                Reach::Nowhere => Err(SetUnchecked::UnresolvedContainer),
                Reach::Archive => Err(SetUnchecked::InsideArchive),
                Reach::Itself | Reach::Repository => coverage.set(set, reach, files, &mut budget),
            };
            coverage.sets.push(SetOutcome {
                pointer: set.pointer.clone(),
                id: set.id.clone(),
                files,
            });
        }
        coverage
    }
}

impl FileSet<'_> {
    /// The files that it includes and does not exclude; none if its patterns are too long,
    /// or patterns and files too many.
    pub(super) fn files(
        &self,
        files: &[ArtifactName],
        budget: &mut u64,
    ) -> Option<Vec<ArtifactName>> {
        let mut inside = vec![false; files.len()];
        for (patterns, included) in [(&self.includes, true), (&self.excludes, false)] {
            for pattern in patterns {
                mark(pattern, files, &mut inside, included, budget).ok()?;
            }
        }
        let marked = files.iter().zip(inside);
        Some(
            marked
                .filter(|(_, inside)| *inside)
                .map(|(file, _)| file.clone())
                .collect(),
        )
    }
}

impl SetCoverage {
    fn set(
        &mut self,
        set: &FileSet<'_>,
        reach: Reach,
        files: &[ArtifactName],
        budget: &mut u64,
    ) -> Result<usize, SetUnchecked> {
        // A defect already.
        if set.includes.is_empty() {
            return Ok(0);
        }
        let mut inside = vec![false; files.len()];
        let mut unmatched = Vec::new();
        for pattern in &set.includes {
            if !mark(pattern, files, &mut inside, true, budget)? {
                unmatched.push(pattern);
            }
        }
        for pattern in &set.excludes {
            mark(pattern, files, &mut inside, false, budget)?;
        }
        let count = inside.iter().filter(|inside| **inside).count();
        if count == 0 && reach == Reach::Repository {
            return Err(SetUnchecked::InsideRepository);
        }
        for (covered, inside) in self.covered.iter_mut().zip(inside) {
            *covered |= inside;
        }
        if count == 0 {
            self.defects.push(LocatedDefect {
                pointer: set.pointer.clone(),
                defect: Defect::EmptySet,
            });
        } else if reach == Reach::Itself {
            self.defects
                .extend(unmatched.into_iter().map(|pattern| LocatedDefect {
                    pointer: pattern.pointer.clone(),
                    defect: Defect::UnmatchedPattern {
                        pattern: excerpt(&pattern.text, 120),
                    },
                }));
        }
        Ok(count)
    }
}

/// Marks the files that a pattern fits; true if there is one.
fn mark(
    pattern: &Pattern,
    files: &[ArtifactName],
    marks: &mut [bool],
    mark: bool,
    budget: &mut u64,
) -> Result<bool, SetUnchecked> {
    let matcher = Matcher::new(&pattern.text).ok_or(SetUnchecked::TooMuchWork)?;
    let mut any = false;
    for (file, marked) in files.iter().zip(marks) {
        if matcher
            .matches(file.as_str(), budget)
            .ok_or(SetUnchecked::TooMuchWork)?
        {
            *marked = mark;
            any = true;
        }
    }
    Ok(any)
}
