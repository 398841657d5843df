//! What a text means that names an artifact: one id for one artifact, whoever names it.

use bonafide_bom::purl::{HubKind, HubReference, HubRepository, PackageUrl, Purl, Revision};
use bonafide_core::{Algorithm, NodeKind, RevisionPin};
use bonafide_hash::digest_bytes;

/// Longest id, in bytes; a longer one ends in its digest.
const LONGEST_ID: usize = 512;

/// A reference to an artifact, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// `model:owner/name`, `dataset:owner/name`, `pkg:…` without version, or `name:…`.
    pub(super) id: String,
    /// What it is, as far as the reference tells.
    pub(super) kind: NodeKind,
    /// Which state of it.
    pub(super) pin: RevisionPin,
    /// The file in it that is meant.
    pub(super) path: Option<String>,
    /// Whether it can be looked up anywhere, or is just what somebody calls it.
    pub(super) standing: Standing,
}

/// What kind of a name an id is; the order is by how much it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// A path, or any other text.
    Text,
    /// A name without an owner.
    Bare,
    /// A package of a registry.
    Package,
    /// A repository of the Hub with its owner.
    Repository,
}

impl Reference {
    /// Reads a package URL, an address, or a name. `kind` is what the place where it
    /// stands says that it is.
    pub(super) fn of(text: &str, kind: NodeKind) -> Self {
        let text = text.trim();
        if text.starts_with("pkg:") {
            return Purl::parse(text).map_or_else(
                |_| Self::text(text, kind),
                |package| Self::of_package(&package, kind),
            );
        }
        if let Ok(reference) = HubReference::parse(text) {
            return Self::of_repository(&reference.repository, kind)
                .pinned(pin(&reference.revision))
                .at(reference.path);
        }
        if let Ok(repository) = HubRepository::parse(hub_kind(kind), text) {
            return Self::of_repository(&repository, kind);
        }
        // `base_model` of cards made from recipes has the revision behind an `@`.
        if let Some((name, revision)) = text.rsplit_once('@')
            && let Ok(repository) = HubRepository::parse(hub_kind(kind), name)
        {
            return Self::of_repository(&repository, kind).pinned(pin(&Revision::of_git(revision)));
        }
        Self::text(text, kind)
    }

    fn of_package(package: &PackageUrl, kind: NodeKind) -> Self {
        let reference = match package.hub_repository() {
            Some(Ok(repository)) => {
                // The type does not tell models from datasets; the place may.
                let repository = match (repository.kind, kind) {
                    (HubKind::Model, NodeKind::Dataset) => HubRepository {
                        kind: HubKind::Dataset,
                        name: repository.name,
                    },
                    _ => repository,
                };
                Self::of_repository(&repository, kind)
            }
            _ => {
                let mut bare = package.clone();
                bare.version = None;
                bare.qualifiers.clear();
                bare.checksums.clear();
                bare.subpath.clear();
                Self {
                    id: bounded(bare.canonical()),
                    kind: match package.package_type.as_str() {
                        _ if kind != NodeKind::Unknown => kind,
                        "mlflow" => NodeKind::Model,
                        "generic" => NodeKind::Unknown,
                        _ => NodeKind::Software,
                    },
                    pin: RevisionPin::None,
                    path: None,
                    standing: Standing::Package,
                }
            }
        };
        reference
            .pinned(pin(&package.revision()))
            .at(package.path())
    }

    fn of_repository(repository: &HubRepository, kind: NodeKind) -> Self {
        let (word, found) = match repository.kind {
            HubKind::Model => ("model", NodeKind::Model),
            HubKind::Dataset => ("dataset", NodeKind::Dataset),
            HubKind::Space => ("space", NodeKind::Software),
        };
        Self {
            id: format!("{word}:{}", repository.name),
            kind: match (kind, found) {
                // What the place says is finer, where it can be right.
                (NodeKind::Adapter | NodeKind::Tokenizer | NodeKind::Template, NodeKind::Model) => {
                    kind
                }
                _ => found,
            },
            pin: RevisionPin::None,
            path: None,
            standing: if repository.name.contains('/') {
                Standing::Repository
            } else {
                Standing::Bare
            },
        }
    }

    fn text(text: &str, kind: NodeKind) -> Self {
        // Git, container images and package indexes hold programs.
        let is_software = ["git+", "oci://", "docker://", "ssh://", "git://"]
            .iter()
            .any(|scheme| text.starts_with(scheme));
        Self {
            id: bounded(format!("name:{text}")),
            kind: match kind {
                NodeKind::Unknown if is_software => NodeKind::Software,
                known => known,
            },
            pin: RevisionPin::None,
            path: None,
            standing: Standing::Text,
        }
    }

    fn pinned(self, pin: RevisionPin) -> Self {
        Self { pin, ..self }
    }

    fn at(self, path: Option<String>) -> Self {
        Self { path, ..self }
    }

    /// True for what has the form of a place on somebody's machine.
    pub(super) fn is_local(text: &str) -> bool {
        text.starts_with(['/', '.', '~']) || text.contains('\\') || text.starts_with("file:")
    }
}

/// What kind of a name an id is.
pub(super) fn standing(id: &str) -> Standing {
    match id.split_once(':') {
        Some(("model" | "dataset" | "space", name)) if name.contains('/') => Standing::Repository,
        Some(("model" | "dataset" | "space", _)) => Standing::Bare,
        Some(("pkg", _)) => Standing::Package,
        _ => Standing::Text,
    }
}

/// What an artifact is called where it lies: the last segment of its name.
pub(super) fn last_segment(id: &str) -> Option<&str> {
    let (_, name) = id.split_once(':')?;
    let name = name.trim_end_matches('/');
    let last = name.rsplit('/').next()?;
    let usable = !matches!(last, "" | "." | "..")
        && last.len() <= 255
        && !last
            .chars()
            .any(|character| character.is_control() || character == '\\');
    usable.then_some(last)
}

const fn hub_kind(kind: NodeKind) -> HubKind {
    match kind {
        NodeKind::Dataset => HubKind::Dataset,
        _ => HubKind::Model,
    }
}

/// A revision, as the graph has it.
pub(super) fn pin(revision: &Revision) -> RevisionPin {
    match revision {
        Revision::Commit(_) | Revision::Commit256(_) => revision
            .commit()
            .map_or(RevisionPin::None, RevisionPin::Commit),
        Revision::Digest(digest) => RevisionPin::Digest(*digest),
        Revision::Abbreviated(text) => RevisionPin::Abbreviated(text.clone()),
        Revision::Mutable(text) | Revision::Release(text) => RevisionPin::Mutable(text.clone()),
        _ => RevisionPin::None,
    }
}

/// An id that fits; what is cut is told apart by its digest.
fn bounded(id: String) -> String {
    if id.len() <= LONGEST_ID {
        return id;
    }
    let mut end = LONGEST_ID / 2;
    while !id.is_char_boundary(end) {
        end -= 1;
    }
    let digest = digest_bytes(Algorithm::Sha256, id.as_bytes());
    format!("{}…{digest}", id.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_artifact_has_one_id() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        let table = [
            ("acme/base", NodeKind::Unknown, "model:acme/base"),
            (
                "pkg:huggingface/acme/base@main",
                NodeKind::Unknown,
                "model:acme/base",
            ),
            (
                "https://huggingface.co/acme/base/tree/main",
                NodeKind::Unknown,
                "model:acme/base",
            ),
            ("acme/base@main", NodeKind::Model, "model:acme/base"),
            ("gpt2", NodeKind::Model, "model:gpt2"),
            ("acme/data", NodeKind::Dataset, "dataset:acme/data"),
            (
                "pkg:huggingface/acme/data",
                NodeKind::Dataset,
                "dataset:acme/data",
            ),
            (
                "pkg:huggingface/datasets/acme/data",
                NodeKind::Unknown,
                "dataset:acme/data",
            ),
            (
                "https://hf.co/datasets/acme/data",
                NodeKind::Unknown,
                "dataset:acme/data",
            ),
            (
                "pkg:generic/acme/base@1?checksum=sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709#a",
                NodeKind::Model,
                "pkg:generic/acme/base",
            ),
            ("/models/base", NodeKind::Model, "name:/models/base"),
            ("pkg:nonsense", NodeKind::Model, "name:pkg:nonsense"),
        ];
        for (text, kind, id) in table {
            assert_eq!(Reference::of(text, kind).id, id, "{text}");
        }
        let pinned = Reference::of(
            &format!("pkg:huggingface/acme/base@{commit}"),
            NodeKind::Model,
        );
        assert_eq!(pinned.pin, RevisionPin::Commit(commit.to_owned()));
        let file = Reference::of(
            &format!("https://huggingface.co/acme/base/resolve/{commit}/a/b.bin"),
            NodeKind::Unknown,
        );
        assert_eq!(file.path.as_deref(), Some("a/b.bin"));
        assert_eq!(
            Reference::of("pkg:pypi/torch@2", NodeKind::Unknown).kind,
            NodeKind::Software
        );
    }

    #[test]
    fn long_ids_are_cut_and_differ() {
        let one = Reference::of(&format!("{}a b", "é".repeat(5_000)), NodeKind::Model).id;
        let other = Reference::of(&format!("{}a c", "é".repeat(5_000)), NodeKind::Model).id;
        assert!(one.len() < LONGEST_ID && one != other);
    }

    #[test]
    fn a_folder_is_named_by_nothing_that_climbs() {
        for (id, expected) in [
            ("model:acme/base", Some("base")),
            ("name:/models/base/", Some("base")),
            ("name:..", None),
            ("name:a/..", None),
            ("name:", None),
            ("name:a\\b", None),
            ("name:a\0", None),
        ] {
            assert_eq!(last_segment(id), expected, "{id}");
        }
    }
}
