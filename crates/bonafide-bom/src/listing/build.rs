//! From the components of a document to the list.

use super::{Expectation, Listed, Listing, PathClaim, RevisionPin, Shape, TreeDigest, TreeRule};
use crate::claimed_digest::ClaimedDigest;
use crate::excerpt;
use crate::json::Pointer;
use crate::purl::{Checksum, HubReference, PackageUrl, Purl, Revision, VcsReference};
use crate::view::{Bom, Component, ExternalReference};

/// References whose target is the component itself.
const ITS_BYTES: [&str; 3] = ["distribution", "distribution-intake", "source-distribution"];

impl Listing {
    /// Everything that a document names: its subject, what it lists, and what is inside
    /// of these. Ancestors, tools and what took part in the making are other artifacts.
    #[must_use]
    pub fn of(bom: &Bom<'_>) -> Self {
        let subject = bom.subject();
        let mut builder = Builder {
            listing: Self::default(),
            pointer: Pointer::root(),
            subject_is_the_artifact: subject.is_some_and(is_an_artifact),
            subject,
        };
        if let Some(subject) = subject {
            builder.at("metadata", |builder| {
                builder.at("component", |builder| {
                    builder.component(subject, Expectation::Here);
                });
            });
        }
        builder.at("components", |builder| {
            for (index, component) in bom.components.iter().enumerate() {
                builder.at(&index.to_string(), |builder| {
                    let expectation = builder.expectation(component);
                    builder.component(component, expectation);
                });
            }
        });
        builder.listing
    }
}

/// True for what has bytes of its own that a document can be about.
fn is_an_artifact(component: &Component<'_>) -> bool {
    matches!(
        component.kind.as_deref(),
        Some("machine-learning-model" | "data" | "file")
    )
}

struct Builder<'b, 'a> {
    listing: Listing,
    pointer: Pointer,
    subject: Option<&'b Component<'a>>,
    subject_is_the_artifact: bool,
}

impl<'a> Builder<'_, 'a> {
    fn at(&mut self, step: &str, inner: impl FnOnce(&mut Self)) {
        let mark = self.pointer.push(step);
        inner(self);
        self.pointer.pop(mark);
    }

    fn subject_is_data(&self) -> bool {
        self.subject
            .is_some_and(|subject| subject.kind.as_deref() == Some("data"))
    }

    /// Whether a component of the inventory is part of the artifact. A document about a
    /// model may list its base model and its data; one about an application lists models
    /// that are all meant to be here.
    fn expectation(&self, component: &Component<'_>) -> Expectation {
        if component.is_external == Some(true) || component.scope.as_deref() == Some("excluded") {
            return Expectation::Elsewhere;
        }
        let named_like_a_file = component
            .name
            .as_deref()
            .and_then(PathClaim::name)
            .is_some_and(|name| name.is_file_name());
        match component.kind.as_deref() {
            Some("file") => Expectation::Here,
            Some("machine-learning-model")
                if named_like_a_file
                    || !self.subject_is_the_artifact
                    || self.subject.is_some_and(|subject| same(subject, component)) =>
            {
                Expectation::Here
            }
            // Where no model is the subject, files with digests are.
            Some("data")
                if named_like_a_file
                    && !component.hashes.is_empty()
                    && (!self.subject_is_the_artifact || self.subject_is_data()) =>
            {
                Expectation::Here
            }
            _ => Expectation::MayBeHere,
        }
    }

    /// Nesting is bounded by the admission of the document.
    fn component(&mut self, component: &Component<'a>, expectation: Expectation) {
        let expectation = if component.is_external == Some(true) {
            Expectation::Elsewhere
        } else {
            expectation
        };
        let package = component
            .purl
            .as_deref()
            .and_then(|text| Purl::parse(text).ok());
        let entry = self.entry(component, package.as_ref(), expectation);
        let has_bytes = entry
            .as_ref()
            .is_some_and(|entry| !entry.digests.is_empty());
        self.listing.entries.extend(entry);
        self.references(&component.external_references, expectation);
        self.trees(component, expectation);
        self.revision(component, package.as_ref(), expectation, has_bytes);
        self.at("components", |builder| {
            for (index, inner) in component.components.iter().enumerate() {
                builder.at(&index.to_string(), |builder| {
                    builder.component(inner, expectation);
                });
            }
        });
    }

    /// What the component says of its own bytes.
    fn entry(
        &self,
        component: &Component<'a>,
        package: Option<&PackageUrl>,
        expectation: Expectation,
    ) -> Option<Listed> {
        let mut shapes = Vec::new();
        let mut paths: Vec<PathClaim> = Vec::new();
        let mut digests: Vec<ClaimedDigest> =
            component.hashes.iter().map(ClaimedDigest::from).collect();
        if !digests.is_empty() {
            shapes.push(Shape::ComponentHash);
        }
        let is_file = component.kind.as_deref() == Some("file");
        if is_file {
            shapes.push(Shape::NestedFile);
        }
        if let Some(path) = package.and_then(PackageUrl::path) {
            shapes.push(Shape::PurlSubpath);
            paths.extend(PathClaim::path(&path));
        }
        let checksums = package.map_or(&[][..], |package| &package.checksums);
        for checksum in checksums {
            shapes.push(Shape::PurlChecksum);
            digests.push(match checksum {
                Checksum::Digest(digest) => ClaimedDigest::Known(*digest),
                Checksum::NotComputed { algorithm, hex } => ClaimedDigest::of(algorithm, hex),
            });
        }
        // Without a digest an occurrence is where something is mentioned, such as a line of
        // code that loads a model.
        let occurrences = component
            .evidence
            .iter()
            .filter(|_| !digests.is_empty())
            .flat_map(|known| &known.occurrences);
        for location in occurrences.filter_map(|known| known.location.as_deref()) {
            shapes.push(Shape::Occurrence);
            let path = location.split('#').next().unwrap_or(location);
            paths.extend(PathClaim::path(path));
        }
        if let Some(name) = &component.name {
            let claim = if is_file {
                PathClaim::path(name)
            } else {
                PathClaim::name(name)
            };
            paths.extend(claim);
        }
        if is_file && let Some(reference) = component.bom_ref.as_deref() {
            // `file:sub/config.json`, `model#sub/config.json`
            let path = reference
                .rsplit_once(['#'])
                .map_or(reference, |(_, path)| path);
            let path = path.strip_prefix("file:").unwrap_or(path);
            if path.contains('/') && !path.contains(':') {
                paths.extend(PathClaim::path(path));
            }
        }
        shapes.sort();
        shapes.dedup();
        paths.dedup();
        let says_something = is_file || !digests.is_empty() || shapes.contains(&Shape::PurlSubpath);
        // A model without digest, path or anything: listed, so that it is said.
        let is_the_model = expectation == Expectation::Here
            && component.components.is_empty()
            && is_an_artifact(component);
        (says_something || is_the_model).then(|| Listed {
            pointer: self.pointer.clone(),
            label: label(component),
            shapes,
            paths,
            digests,
            expectation,
        })
    }

    /// References with digests: files of their own.
    fn references(&mut self, references: &[ExternalReference<'a>], expectation: Expectation) {
        for (index, reference) in references.iter().enumerate() {
            if reference.hashes.is_empty() {
                continue;
            }
            let Some(url) = reference.url.as_deref() else {
                continue;
            };
            let its_bytes = reference
                .kind
                .as_deref()
                .is_some_and(|kind| ITS_BYTES.contains(&kind));
            let relative = !url.contains(':');
            let hub = HubReference::parse(url).ok();
            let path = match hub.and_then(|reference| reference.path) {
                // A page somewhere may be called `README.md` and be another one.
                _ if !its_bytes && !relative => None,
                Some(path) => PathClaim::path(&path),
                None => PathClaim::url(url),
            };
            let expectation = match expectation {
                // What is behind a URL may be an archive of what is here.
                Expectation::Here if relative => Expectation::Here,
                Expectation::Here | Expectation::MayBeHere => Expectation::MayBeHere,
                Expectation::Elsewhere => Expectation::Elsewhere,
            };
            let kind = reference.kind.as_deref().unwrap_or("reference");
            let mark = self.pointer.push("externalReferences");
            self.pointer.push(&index.to_string());
            self.listing.entries.push(Listed {
                pointer: self.pointer.clone(),
                label: format!("{} ({})", excerpt(url, 120), excerpt(kind, 40)),
                shapes: if its_bytes {
                    vec![Shape::ReferenceHash]
                } else {
                    Vec::new()
                },
                paths: path.into_iter().collect(),
                digests: reference.hashes.iter().map(ClaimedDigest::from).collect(),
                expectation,
            });
            self.pointer.pop(mark);
        }
    }

    fn trees(&mut self, component: &Component<'a>, expectation: Expectation) {
        let before = self.listing.trees.len();
        for (index, property) in component.properties.iter().enumerate() {
            let rule = TreeRule::ALL
                .into_iter()
                .find(|rule| property.name.as_deref() == Some(rule.property()));
            let (Some(rule), Some(value)) = (rule, property.value.as_deref()) else {
                continue;
            };
            // One of each kind: working one out reads the digests of all files.
            let mut known = self.listing.trees.iter().skip(before);
            if known.any(|tree| tree.rule == rule) {
                continue;
            }
            let mark = self.pointer.push("properties");
            self.pointer.push(&index.to_string());
            self.listing.trees.push(TreeDigest {
                pointer: self.pointer.clone(),
                rule,
                digest: ClaimedDigest::of("sha256", value),
                files: component
                    .components
                    .iter()
                    .filter(|inner| inner.kind.as_deref() == Some("file"))
                    .filter_map(|inner| inner.name.as_deref())
                    .map(ToOwned::to_owned)
                    .collect(),
                expectation,
            });
            self.pointer.pop(mark);
        }
    }

    /// The revision that a component is identified by, if any is said.
    fn revision(
        &mut self,
        component: &Component<'a>,
        package: Option<&PackageUrl>,
        expectation: Expectation,
        has_bytes: bool,
    ) {
        if !is_an_artifact(component) || component.kind.as_deref() == Some("file") {
            return;
        }
        let (repository, revision) = revision_of(component, package);
        if revision == Revision::Absent && (has_bytes || !component.components.is_empty()) {
            return;
        }
        self.listing.revisions.push(RevisionPin {
            pointer: self.pointer.clone(),
            label: label(component),
            repository,
            revision,
            expectation,
        });
    }
}

/// Where a component comes from and which state of it is meant: by its package URL, by a
/// reference to its repository, by its version.
#[must_use]
pub(crate) fn revision_of(
    component: &Component<'_>,
    package: Option<&PackageUrl>,
) -> (Option<String>, Revision) {
    let mut repository = None;
    let mut revision = Revision::Absent;
    if let Some(package) = package {
        repository = package
            .hub_repository()
            .and_then(Result::ok)
            .map(|repository| repository.name);
        revision = package.revision();
    }
    for reference in &component.external_references {
        let Some(url) = reference.url.as_deref() else {
            continue;
        };
        let found = match HubReference::parse(url) {
            Ok(reference) => {
                repository.get_or_insert(reference.repository.name);
                reference.revision
            }
            Err(_) if reference.kind.as_deref() == Some("vcs") => {
                VcsReference::parse(url).map_or(Revision::Absent, |vcs| vcs.revision)
            }
            Err(_) => continue,
        };
        // A commit says more than a branch, wherever it is said.
        if found.is_pinned() && !revision.is_pinned() {
            revision = found;
        }
    }
    let version = component.version.as_deref().map(Revision::of_git);
    if let Some(found @ (Revision::Commit(_) | Revision::Commit256(_))) = version
        && !revision.is_pinned()
    {
        revision = found;
    }
    (repository, revision)
}

/// True if two components of a document are one artifact.
fn same(subject: &Component<'_>, other: &Component<'_>) -> bool {
    let both = |one: Option<&str>, another: Option<&str>| one.is_some() && one == another;
    both(subject.bom_ref.as_deref(), other.bom_ref.as_deref())
        || both(subject.purl.as_deref(), other.purl.as_deref())
        || (both(subject.name.as_deref(), other.name.as_deref())
            && subject.group == other.group
            && subject.version == other.version)
}

fn label(component: &Component<'_>) -> String {
    let name = component.name.as_deref().unwrap_or_default();
    let group = component.group.as_deref();
    let whole = group.map_or_else(|| name.to_owned(), |group| format!("{group}/{name}"));
    excerpt(&whole, 200)
}
