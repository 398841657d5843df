//! Everything that is wrong with a document, without a look at any file.

use std::collections::HashMap;

use crate::excerpt;
use crate::json::Pointer;

use super::containment::containment;
use super::content_url::Revision;
use super::dataset::{Croissant, Derivation, FormatVersion};
use super::defect::{Defect, HashMember, LocatedDefect};
use super::hash::{HashText, Notation};
use super::record_set::{Reference, ReferenceKind};
use super::resource::{FileObject, FileSet, Hash, Resource};

/// What an `@id` belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Dataset,
    FileObject,
    FileSet,
    RecordSet,
    Field,
}

impl Croissant<'_> {
    /// Everything that is wrong with the document, in a stable order: what was met
    /// while reading, then dataset, files, containers, record sets.
    ///
    /// Patterns of file sets that fit no file need the files: see
    /// [`Croissant::match_sets`].
    #[must_use]
    pub fn defects(&self) -> Vec<LocatedDefect> {
        let mut found = Found(self.reading_defects.clone());
        found.dataset(self);
        for resource in &self.distribution {
            match resource {
                Resource::File(file) => found.file(file, self.is_live_dataset == Some(true)),
                Resource::Set(set) => found.set(set),
            }
        }
        found.0.append(&mut containment(self).defects);
        found.references(self);
        let own: Vec<String> = [&self.id, &self.url]
            .into_iter()
            .flatten()
            .map(|url| page(url))
            .filter(|url| !url.is_empty())
            .collect();
        for derivation in &self.derived_from {
            found.derivation(self, &own, derivation);
        }
        found.0
    }
}

struct Found(Vec<LocatedDefect>);

impl Found {
    fn add(&mut self, pointer: &Pointer, defect: Defect) {
        self.0.push(LocatedDefect {
            pointer: pointer.clone(),
            defect,
        });
    }

    fn dataset(&mut self, dataset: &Croissant<'_>) {
        let root = Pointer::root();
        match dataset.format {
            FormatVersion::V0_8 => self.add(&root, Defect::OldVersion),
            FormatVersion::Unstated => self.add(&root, Defect::MissingVersion),
            // Said where it was read.
            FormatVersion::Unknown => {}
            FormatVersion::V1_0 | FormatVersion::V1_1 => {}
        }
        if dataset
            .name
            .as_ref()
            .is_none_or(|name| name.trim().is_empty())
        {
            self.add(&root, Defect::MissingName);
        }
        if dataset.licences.is_empty() {
            self.add(&root, Defect::MissingLicence);
        }
    }

    fn file(&mut self, file: &FileObject<'_>, live: bool) {
        for (member, hashes) in [
            (HashMember::Sha256, &file.sha256),
            (HashMember::Md5, &file.md5),
        ] {
            for hash in hashes {
                self.hash(member, hash);
            }
        }
        let repository = file.repository();
        match (&repository, file.sha256.is_empty(), file.md5.first()) {
            // What a repository holds is named by a commit, not by a hash of a file.
            (Some(_), ..) | (None, false, _) => {}
            (None, true, Some(weak)) => {
                if matches!(weak.text, HashText::Md5 { .. }) {
                    self.add(&weak.pointer, Defect::WeakHash);
                }
            }
            (None, true, None) => {
                if file.containers.is_empty() && !live {
                    self.add(&file.pointer, Defect::MissingHash);
                }
            }
        }
        match repository {
            Some(Revision::Reference(reference)) => {
                let reference = Some(excerpt(&reference, 80));
                self.repository(file, reference);
            }
            Some(Revision::Unstated) => self.repository(file, None),
            Some(Revision::Commit(_)) | None => {}
        }
        if file.content_url.is_none() && file.containers.is_empty() {
            self.add(&file.pointer, Defect::MissingContentUrl);
        }
    }

    fn repository(&mut self, file: &FileObject<'_>, reference: Option<String>) {
        let pointer = file
            .content_url
            .as_ref()
            .map_or(&file.pointer, |url| &url.pointer);
        self.add(pointer, Defect::MutableRepository { reference });
    }

    fn hash(&mut self, member: HashMember, hash: &Hash) {
        match &hash.text {
            HashText::Not { kind, found } => {
                let defect = Defect::NotAHash {
                    member,
                    kind: *kind,
                    found: found.clone(),
                };
                self.add(&hash.pointer, defect);
            }
            HashText::Sha256 { notation, .. } | HashText::Md5 { notation, .. } => {
                if *notation != Notation::Hexadecimal {
                    let notation = *notation;
                    self.add(&hash.pointer, Defect::HashNotation { member, notation });
                }
            }
        }
    }

    fn set(&mut self, set: &FileSet<'_>) {
        if set.includes.is_empty() {
            self.add(&set.pointer, Defect::MissingIncludes);
        }
    }

    /// Identifiers that come twice, and references that lead nowhere.
    fn references(&mut self, dataset: &Croissant<'_>) {
        let mut parts: HashMap<&str, Part> = HashMap::new();
        let root = Pointer::root();
        let resources = dataset.distribution.iter().map(|resource| {
            let part = match resource {
                Resource::File(_) => Part::FileObject,
                Resource::Set(_) => Part::FileSet,
            };
            (resource.id(), part, resource.pointer())
        });
        let records = dataset.record_sets.iter().flat_map(|set| {
            let fields = set
                .fields
                .iter()
                .map(|field| (field.id.as_deref(), Part::Field, &field.pointer));
            std::iter::once((set.id.as_deref(), Part::RecordSet, &set.pointer)).chain(fields)
        });
        let own = std::iter::once((dataset.id.as_deref(), Part::Dataset, &root));
        for (id, part, pointer) in own.chain(resources).chain(records) {
            let Some(id) = id else { continue };
            if parts.contains_key(id) {
                let id = excerpt(id, 120);
                self.add(pointer, Defect::DuplicateIdentifier { id });
            } else {
                parts.insert(id, part);
            }
        }
        for set in &dataset.record_sets {
            for reference in set.fields.iter().flat_map(|field| &field.references) {
                self.reference(&parts, reference);
            }
        }
    }

    fn reference(&mut self, parts: &HashMap<&str, Part>, reference: &Reference) {
        let Some(id) = &reference.id else {
            return self.add(&reference.pointer, Defect::EmptySource);
        };
        let shown = || excerpt(id, 120);
        let Some(part) = parts.get(id.as_str()) else {
            return self.add(&reference.pointer, Defect::DanglingSource { id: shown() });
        };
        let expected = match (reference.kind, part) {
            (ReferenceKind::FileObject, Part::FileObject)
            | (ReferenceKind::FileSet, Part::FileSet)
            | (ReferenceKind::Field, Part::Field)
            | (ReferenceKind::RecordSet, Part::RecordSet)
            | (ReferenceKind::Any, _) => return,
            (ReferenceKind::FileObject, _) => "a file",
            (ReferenceKind::FileSet, _) => "a file set",
            (ReferenceKind::Field, _) => "a field",
            (ReferenceKind::RecordSet, _) => "a record set",
        };
        let id = shown();
        self.add(&reference.pointer, Defect::MisnamedSource { id, expected });
    }

    fn derivation(&mut self, dataset: &Croissant<'_>, own: &[String], derivation: &Derivation) {
        if derivation.is_empty() {
            return self.add(&derivation.pointer, Defect::EmptyDerivation);
        }
        // Another version of the same dataset is another dataset.
        let same_version = derivation.version.is_none() || derivation.version == dataset.version;
        let named = [&derivation.id, &derivation.url].into_iter().flatten();
        let itself = named
            .filter(|_| same_version)
            .find(|named| own.contains(&page(named)))
            .or_else(|| {
                // A name alone, as text.
                let text = derivation.id.as_ref().filter(|_| same_version)?;
                let alone = derivation.url.is_none() && derivation.name.is_none();
                (alone && dataset.name.as_ref() == Some(text)).then_some(text)
            });
        if let Some(itself) = itself {
            let id = excerpt(itself, 120);
            self.add(&derivation.pointer, Defect::DerivedFromItself { id });
        }
    }
}

/// A URL as it is compared: those that differ in a slash at the end, or in the security
/// of the way there, lead to the same page.
fn page(url: &str) -> String {
    let url = url.trim().trim_end_matches('/');
    match url.strip_prefix("http://") {
        Some(rest) => format!("https://{rest}"),
        None => url.to_owned(),
    }
}
