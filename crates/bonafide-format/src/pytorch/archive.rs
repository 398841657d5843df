//! The zip archive that `torch.save` and `torch.jit.save` write.

use std::collections::HashMap;
use std::ops::Range;

use bonafide_core::excerpt;

use crate::container::peek;
use crate::facts::Place;
use crate::pytorch::storage::{Expected, MISMATCH, Stored};
use crate::read::ReadAt;
use crate::visit::Visit;

/// Longest of the little files that say a version or an order of bytes.
const LONGEST_MARKER: u64 = 64;

/// What kind of archive the names of its members make it.
#[derive(Debug, Default)]
pub(crate) struct Archive {
    /// The folder of everything, with a slash; none if it is not of PyTorch.
    root: Option<String>,
    kind: Kind,
    /// The storages that were found, by key.
    found: HashMap<String, Found>,
    expected: Expected,
    bytes: Bytes,
}

/// A storage that was found.
#[derive(Debug)]
struct Found {
    length: u64,
    /// Where in the archive it is as it is; none if it is packed, or there is another one of
    /// its name.
    range: Option<Range<u64>>,
}

/// The order of the bytes of a number, which PyTorch writes down since version 2.1. What came
/// before wrote that of the machine, which is hardly ever another one.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Bytes {
    #[default]
    Unsaid,
    Little,
    Big,
    /// What it says is neither, or both.
    Unknown,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    Other,
    /// `torch.save`
    Checkpoint,
    /// `torch.jit.save`
    Script,
    /// `torch-model-archiver`
    Served,
}

/// What a member is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The numbers of a tensor, and nothing around them.
    Storage,
    /// A version, an order of bytes, an identifier.
    Marker,
    /// A program in TorchScript, which no Python runs.
    Script,
    /// The pickle that names the storages.
    Objects,
    /// Anything else.
    Other,
}

impl Archive {
    /// Looks at the names of all members.
    pub(crate) fn of<'a>(names: impl Iterator<Item = &'a [u8]> + Clone) -> Self {
        let mut archive = Self::default();
        for name in names.clone() {
            if name == b"MAR-INF/MANIFEST.json" {
                archive.kind = Kind::Served;
            }
            if let Some(root) = name.strip_suffix(b"data.pkl")
                && matches!(root, [] | [.., b'/'])
                && archive.root.is_none()
            {
                archive.root = Some(String::from_utf8_lossy(root).into_owned());
            }
        }
        let Some(root) = &archive.root else {
            return archive;
        };
        let [version, constants] = ["version", "constants.pkl"].map(|name| format!("{root}{name}"));
        for name in names {
            if name == constants.as_bytes() {
                archive.kind = Kind::Script;
            } else if name == version.as_bytes() && archive.kind != Kind::Script {
                archive.kind = Kind::Checkpoint;
            }
        }
        archive
    }

    /// Takes down what kind of archive it is.
    pub(crate) fn describe(&self, visit: &mut Visit<'_>) {
        let producer = match self.kind {
            Kind::Other => return,
            Kind::Checkpoint => "PyTorch",
            Kind::Script => "PyTorch (TorchScript)",
            Kind::Served => "TorchServe",
        };
        visit.facts().add_producer(producer);
    }

    /// What a member is for, by its name.
    pub(crate) fn role(&self, name: &str) -> Role {
        let below = self
            .root
            .as_ref()
            .and_then(|root| name.strip_prefix(root.as_str()));
        let Some(below) = below else {
            return Role::Other;
        };
        match below {
            "data.pkl" => Role::Objects,
            "version"
            | "byteorder"
            | ".format_version"
            | ".storage_alignment"
            | ".data/serialization_id"
            | ".data/version" => Role::Marker,
            _ if self.kind == Kind::Script
                && below.starts_with("code/")
                && below.ends_with(".py") =>
            {
                Role::Script
            }
            _ => match below
                .strip_prefix("data/")
                .or(below.strip_prefix("constants/"))
            {
                Some(key) if !key.is_empty() && !key.contains(['/', '.']) => Role::Storage,
                _ => Role::Other,
            },
        }
    }

    /// Takes down the length of a storage, and where in the archive it is if it is not packed.
    pub(crate) fn found_storage(&mut self, name: &str, length: u64, range: Option<Range<u64>>) {
        if let Some(key) = self.below(name).strip_prefix("data/") {
            let key = key.to_owned();
            let range = range.filter(|_| !self.found.contains_key(&key));
            self.found.insert(key, Found { length, range });
        }
    }

    /// Takes down what a marker says, if it says something of the numbers.
    pub(crate) fn found_marker(&mut self, name: &str, bytes: &dyn ReadAt) {
        if self.below(name) != "byteorder" {
            return;
        }
        let said = match peek(bytes, 0, LONGEST_MARKER).trim_ascii() {
            b"little" => Bytes::Little,
            b"big" => Bytes::Big,
            _ => Bytes::Unknown,
        };
        self.bytes = match self.bytes {
            Bytes::Unsaid => said,
            before if before == said => said,
            _ => Bytes::Unknown,
        };
    }

    fn below<'n>(&self, name: &'n str) -> &'n str {
        let root = self.root.as_deref().unwrap_or_default();
        name.strip_prefix(root).unwrap_or(name)
    }

    /// Takes down what the pickle names.
    pub(crate) fn expected(&mut self, expected: Expected) {
        self.expected.storages.extend(expected.storages);
        self.expected.tensors.extend(expected.tensors);
    }

    /// Where the numbers of a tensor are in the file.
    fn place(&self, visit: &Visit<'_>, stored: &Stored) -> Option<Place> {
        let big_endian = match self.bytes {
            Bytes::Unsaid | Bytes::Little => false,
            Bytes::Big => true,
            Bytes::Unknown => return None,
        };
        let key = &stored.storage.key;
        // A key that was made printable is not the one of the member.
        if !key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            return None;
        }
        let found = self.found.get(key)?;
        let whole = found.range.clone()?;
        if stored.storage.length() != Some(found.length) {
            return None;
        }
        let range = stored.range()?;
        let range = whole.start.checked_add(range.start)?..whole.start.checked_add(range.end)?;
        if range.end > whole.end {
            return None;
        }
        visit.place(range, stored.order(), big_endian)
    }

    /// Holds the storages that the pickle names against those that are there.
    pub(crate) fn finish(&mut self, visit: &mut Visit<'_>) {
        let Expected { storages, tensors } = std::mem::take(&mut self.expected);
        for (index, stored) in tensors {
            visit.locate(Some(index), self.place(visit, &stored));
        }
        for storage in storages {
            let Some(wanted) = storage.length() else {
                continue;
            };
            let key = excerpt(&storage.key, 100);
            let message = match self.found.get(&storage.key) {
                Some(Found { length, .. }) if *length == wanted => continue,
                Some(Found { length, .. }) => format!(
                    "the storage `{key}` has {length} bytes, and {} numbers of {} are {wanted}",
                    storage.elements,
                    excerpt(&storage.class, 100)
                ),
                None => format!("the storage `{key}` of {wanted} bytes is not there"),
            };
            visit.report_about(&MISMATCH, None, &storage.key, message);
        }
    }
}

/// True for a little text such as a version or an order of bytes.
pub(crate) fn is_marker(bytes: &dyn ReadAt) -> bool {
    let text = peek(bytes, 0, LONGEST_MARKER);
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'\n' | b'\r' | b'.');
    bytes.size() <= LONGEST_MARKER && text.iter().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_have_their_roles() {
        let names: [&[u8]; 4] = [b"m/data.pkl", b"m/constants.pkl", b"m/code/a.py", b"x.py"];
        let archive = Archive::of(names.into_iter());
        for (name, role) in [
            ("m/data.pkl", Role::Objects),
            ("m/data/0", Role::Storage),
            ("m/data/0.pkl", Role::Other),
            ("m/constants/1", Role::Storage),
            ("m/version", Role::Marker),
            ("m/code/a.py", Role::Script),
            ("m/code/a.py.debug_pkl", Role::Other),
            ("m/a.py", Role::Other),
            ("data/0", Role::Other),
        ] {
            assert_eq!(archive.role(name), role, "{name}");
        }
        assert_eq!(
            Archive::of(names.into_iter().skip(2)).role("m/data/0"),
            Role::Other
        );
    }
}
