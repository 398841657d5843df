//! What a document says of the records in the files beside it, as plain data.

use std::collections::{HashMap, HashSet};

use bonafide_core::ArtifactName;

use super::containment::{Reach, containment};
use super::dataset::Croissant;
use super::record_set::{Extract, Field, RecordSet};
use super::resource::Resource;

/// Most comparisons of patterns with files, as for the sets themselves.
const MOST_WORK: u64 = 500_000_000;
/// Most names of files of all fields together; each is some dozen bytes.
const MOST_FILES: usize = 2_000_000;

/// What a document says of records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeclaredRecordSets {
    /// Fields of record sets that are read from files, in the order of the document.
    pub columns: Vec<DeclaredColumn>,
    /// Names of the splits, from record sets that list them.
    pub splits: Vec<String>,
    /// The files change, and so may have no hash.
    pub live: bool,
    /// `@id` of the files that have no usable SHA-256, so that nothing is known of their
    /// bytes; repositories, and what is inside of archives, are not among them.
    pub without_digest: Vec<String>,
    /// Some licence is stated.
    pub licensed: bool,
}

/// A field that is read from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredColumn {
    /// `@id` of its record set, or its name.
    pub record_set: String,
    /// Its name, or its `@id`.
    pub field: String,
    /// Its types, in the names of the specification.
    pub data_types: Vec<String>,
    /// It has several values in each record.
    pub repeated: bool,
    /// The column that it names.
    pub column: Option<String>,
    /// The files among those given that it is read from; none if that cannot be told: they
    /// are in an archive, in a repository that is not at hand, or nowhere.
    pub files: Option<Vec<ArtifactName>>,
}

impl Croissant<'_> {
    /// The fields of all record sets, with the files among `files` that they are read
    /// from; `files` are paths relative to the folder of the document.
    ///
    /// Records that are written in the document, and fields inside others, which are taken
    /// from the column of the outer one, are left out.
    #[must_use]
    pub fn declared_records(&self, files: &[ArtifactName]) -> DeclaredRecordSets {
        let sources = self.files_of_sources(files);
        let mut declared = DeclaredRecordSets {
            live: self.is_live_dataset == Some(true),
            licensed: !self.licences.is_empty(),
            without_digest: self.without_digest(),
            ..DeclaredRecordSets::default()
        };
        let mut left = MOST_FILES;
        for set in &self.record_sets {
            if set.is_inline {
                if set.data_types.iter().any(|kind| kind == "Split") {
                    for split in &set.inline {
                        if !declared.splits.contains(split) {
                            declared.splits.push(split.clone());
                        }
                    }
                }
                continue;
            }
            let fields = set.fields.iter().filter(|field| field.depth == 0);
            for field in fields {
                declared
                    .columns
                    .push(column(set, field, &sources, &mut left));
            }
        }
        declared
    }

    /// The files that each resource stands for, by its identifier; none if that cannot be
    /// told.
    fn files_of_sources(&self, files: &[ArtifactName]) -> HashMap<&str, Option<Vec<ArtifactName>>> {
        let mut sources = HashMap::new();
        let reaches = containment(self).reach;
        let there: HashSet<&ArtifactName> = files.iter().collect();
        let listing: HashMap<&str, Vec<ArtifactName>> = self
            .listing()
            .iter()
            .zip(
                self.distribution
                    .iter()
                    .filter(|part| matches!(part, Resource::File(_))),
            )
            .filter_map(|(listed, part)| {
                let here = listed
                    .candidates
                    .iter()
                    .find(|candidate| there.contains(&candidate.name));
                Some((
                    part.id()?,
                    here.map(|here| here.name.clone()).into_iter().collect(),
                ))
            })
            .collect();
        let mut budget = MOST_WORK;
        for (resource, reach) in self.distribution.iter().zip(reaches) {
            let Some(id) = resource.id() else {
                continue;
            };
            let here = match (resource, reach) {
                (Resource::File(_), _) => listing.get(id).filter(|here| !here.is_empty()).cloned(),
                (Resource::Set(_), Reach::Nowhere | Reach::Archive) => None,
                (Resource::Set(set), Reach::Itself | Reach::Repository) => set
                    .files(files, &mut budget)
                    .filter(|here| !here.is_empty()),
            };
            // Of two with the same identifier the first counts.
            sources.entry(id).or_insert(here);
        }
        sources
    }

    fn without_digest(&self) -> Vec<String> {
        use super::listing::Unchecked::{NoHash, UnusableHash, WeakHash};
        self.listing()
            .into_iter()
            .filter(|file| matches!(file.unchecked, Some(NoHash | UnusableHash | WeakHash)))
            .map(|file| file.id.unwrap_or_else(|| file.pointer.as_str().to_owned()))
            .collect()
    }
}

fn column(
    set: &RecordSet,
    field: &Field,
    sources: &HashMap<&str, Option<Vec<ArtifactName>>>,
    left: &mut usize,
) -> DeclaredColumn {
    let mut files: Option<Vec<ArtifactName>> = None;
    for reference in field.references.iter().take(field.sources) {
        let of_source = reference.id.as_deref().and_then(|id| sources.get(id));
        match of_source {
            Some(Some(here)) if here.len() <= *left => {
                *left -= here.len();
                files.get_or_insert_default().extend(here.iter().cloned());
            }
            // One source that is not known makes the whole unknown.
            _ => {
                files = None;
                break;
            }
        }
    }
    let either = |one: &Option<String>, other: &Option<String>| {
        one.clone().or_else(|| other.clone()).unwrap_or_default()
    };
    DeclaredColumn {
        record_set: either(&set.id, &set.name),
        field: either(&field.name, &field.id),
        data_types: field.data_types.clone(),
        repeated: field.repeated,
        column: match &field.extract {
            Some(Extract::Column(column)) => Some(column.clone()),
            _ => None,
        },
        files,
    }
}
