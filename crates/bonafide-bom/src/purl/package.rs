//! A package URL that was read, and what its type makes of the parts.

use std::collections::BTreeMap;
use std::fmt;

use super::checksum::Checksum;
use super::escape::encode_into;
use super::hub::{HubKind, HubReference, HubReferenceError, HubRepository};
use super::revision::Revision;
use super::vcs::{VcsReference, VcsReferenceError};

/// A package URL: the parts decoded, and in the case that the type prescribes.
///
/// Two are equal if their canonical forms are, however they were written.
#[derive(Debug, Clone)]
pub struct PackageUrl {
    /// The type, lower case.
    pub package_type: String,
    /// Segments of the namespace; none for many types.
    pub namespace: Vec<String>,
    /// The name.
    pub name: String,
    /// The version, if one is said.
    pub version: Option<String>,
    /// Qualifiers with a value, by name.
    pub qualifiers: BTreeMap<String, String>,
    /// Segments of the subpath; never `.` or `..`.
    pub subpath: Vec<String>,
    /// What the qualifier `checksum` lists.
    pub checksums: Vec<Checksum>,
    /// The text as the document has it.
    pub text: String,
}

/// Types whose namespace and name do not tell upper from lower case, by the type
/// definitions of package-url: the registries themselves do not.
const CASELESS: [&str; 6] = ["bitbucket", "composer", "deb", "github", "gitlab", "hex"];

/// Types whose versions are revisions of a git repository.
const GIT: [&str; 5] = ["bitbucket", "git", "github", "gitlab", "huggingface"];

impl PackageUrl {
    /// Brings the parts into the case that the type prescribes.
    pub(super) fn fold_case(&mut self) {
        match self.package_type.as_str() {
            kind if CASELESS.contains(&kind) => {
                for segment in &mut self.namespace {
                    *segment = segment.to_lowercase();
                }
                self.name = self.name.to_lowercase();
            }
            "oci" => self.name = self.name.to_lowercase(),
            "pypi" => self.name = self.name.to_lowercase().replace('_', "-"),
            // The version is a commit: "case insensitive and must be lowercased".
            "huggingface" => {
                if let Some(version) = &mut self.version
                    && version.bytes().all(|byte| byte.is_ascii_hexdigit())
                {
                    version.make_ascii_lowercase();
                }
            }
            // Model names of Azure Databricks are case insensitive, those of Azure ML are not.
            "mlflow" => {
                let databricks = self
                    .qualifiers
                    .get("repository_url")
                    .is_some_and(|url| url.contains("databricks"));
                if databricks {
                    self.name = self.name.to_lowercase();
                }
            }
            _ => {}
        }
    }

    /// Which state of the package is meant.
    #[must_use]
    pub fn revision(&self) -> Revision {
        let Some(version) = &self.version else {
            return Revision::Absent;
        };
        match self.package_type.as_str() {
            kind if GIT.contains(&kind) => Revision::of_git(version),
            // Parsing refuses what is neither digest nor tag; fields set by hand may still be.
            "oci" => Revision::of_oci(version).unwrap_or(Revision::Mutable(version.clone())),
            _ => Revision::Release(version.clone()),
        }
    }

    /// The Hugging Face repository, if it is one. Datasets are those below `datasets/`,
    /// in the namespace or in `repository_url`: the type itself does not tell.
    ///
    /// # Errors
    ///
    /// [`HubReferenceError`] if no repository of the Hub can have that name.
    pub fn hub_repository(&self) -> Option<Result<HubRepository, HubReferenceError>> {
        if self.package_type != "huggingface" {
            return None;
        }
        let mut parts: Vec<&str> = self.namespace.iter().map(String::as_str).collect();
        // Some generators escape the slash and put both into the name.
        parts.extend(self.name.split('/'));
        let mut kind = self
            .qualifiers
            .get("repository_url")
            .map_or(HubKind::Model, |url| HubKind::of_repository_url(url));
        if let [first, rest @ ..] = parts.as_slice()
            && !rest.is_empty()
            && let Some(known) = HubKind::of_segment(first)
        {
            kind = known;
            parts.remove(0);
        }
        Some(HubRepository::new(kind, &parts))
    }

    /// Where the qualifier `vcs_url` leads.
    ///
    /// # Errors
    ///
    /// [`VcsReferenceError`] if it is there and is none.
    pub fn vcs_url(&self) -> Option<Result<VcsReference, VcsReferenceError>> {
        self.qualifiers
            .get("vcs_url")
            .map(|url| VcsReference::parse(url))
    }

    /// The qualifier `download_url`.
    #[must_use]
    pub fn download_url(&self) -> Option<&str> {
        self.qualifiers.get("download_url").map(String::as_str)
    }

    /// The subpath with `/` between its segments, if there is one.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        (!self.subpath.is_empty()).then(|| self.subpath.join("/"))
    }

    /// True if both name the same package, whatever the versions: type, namespace, name
    /// and, where both say it, `repository_url`. On the Hub, the same repository.
    #[must_use]
    pub fn names_same_package(&self, other: &Self) -> bool {
        if let (Some(Ok(one)), Some(Ok(another))) = (self.hub_repository(), other.hub_repository())
        {
            return one == another;
        }
        let place = |package: &Self| package.qualifiers.get("repository_url").cloned();
        let same_place = match (place(self), place(other)) {
            (Some(one), Some(another)) => {
                one.trim_end_matches('/') == another.trim_end_matches('/')
            }
            _ => true,
        };
        same_place
            && self.package_type == other.package_type
            && self.namespace == other.namespace
            && self.name == other.name
    }

    /// True if the Hugging Face address means the same repository.
    #[must_use]
    pub fn names_repository_of(&self, reference: &HubReference) -> bool {
        matches!(self.hub_repository(), Some(Ok(repository)) if repository == reference.repository)
    }

    /// The canonical text: what equality compares.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut out = format!("pkg:{}/", self.package_type);
        for segment in &self.namespace {
            encode_into(segment, b":", &mut out);
            out.push('/');
        }
        encode_into(&self.name, b":", &mut out);
        if let Some(version) = &self.version {
            out.push('@');
            encode_into(version, b":", &mut out);
        }
        let mut separator = '?';
        for (name, value) in &self.qualifiers {
            out.push(separator);
            separator = '&';
            out.push_str(name);
            out.push('=');
            if name == "checksum" && !self.checksums.is_empty() {
                let list: Vec<String> = self.checksums.iter().map(checksum_text).collect();
                out.push_str(&list.join(","));
            } else {
                encode_into(value, b":/,", &mut out);
            }
        }
        for (place, segment) in self.subpath.iter().enumerate() {
            out.push(if place == 0 { '#' } else { '/' });
            encode_into(segment, b":", &mut out);
        }
        out
    }
}

fn checksum_text(checksum: &Checksum) -> String {
    match checksum {
        Checksum::Digest(digest) => digest.to_string(),
        Checksum::NotComputed { algorithm, hex } => format!("{algorithm}:{hex}"),
    }
}

impl PartialEq for PackageUrl {
    fn eq(&self, other: &Self) -> bool {
        self.canonical() == other.canonical()
    }
}

impl Eq for PackageUrl {}

impl fmt::Display for PackageUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&crate::excerpt(&self.canonical(), 400))
    }
}

#[cfg(test)]
mod tests;
