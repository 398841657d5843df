//! Snapshots of the Hugging Face cache, whose files lie in a folder of blobs.
//!
//! `models--NAME/snapshots/REVISION/config.json` is a link to
//! `../../blobs/DIGEST`. The loader follows it, so what it reads is the artifact; and no
//! other kind of link is meant: the text has to be exactly that, the blob a regular file
//! with a hexadecimal name, opened like every other one. Everything else stays a link
//! that leads outside.

use std::collections::HashMap;
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::Path;

use bonafide_core::RawName;
use rustix::fs::{AtFlags, FileType, Mode, OFlags, open, statat};

use crate::FileIdentity;
use crate::beneath::PASSAGE;
use crate::entry::{Entry, EntryKind};

/// The blobs that a snapshot is made of.
#[derive(Debug)]
pub(crate) struct Blobs {
    pub(crate) directory: OwnedFd,
    /// From the names of entries to the names of blobs.
    pub(crate) names: HashMap<RawName, Box<[u8]>>,
}

impl Blobs {
    /// The blobs beside a snapshot, if `path` is one; its entries that are links to some
    /// become files.
    pub(crate) fn adopt(path: &Path, entries: &mut [Entry]) -> Option<Self> {
        let resolved = std::fs::canonicalize(path).ok()?;
        let snapshots = resolved.parent()?;
        if snapshots.file_name()? != "snapshots" {
            return None;
        }
        let folder = snapshots.parent()?.join("blobs");
        let directory = open(&folder, PASSAGE | OFlags::NOFOLLOW, Mode::empty()).ok()?;
        let mut names = HashMap::new();
        for entry in entries {
            let EntryKind::Link { target, .. } = &entry.kind else {
                continue;
            };
            let Some(blob) = blob(entry.name.as_bytes(), target.as_bytes()) else {
                continue;
            };
            let Ok(stat) = statat(directory.as_fd(), blob, AtFlags::SYMLINK_NOFOLLOW) else {
                continue;
            };
            if FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile {
                names.insert(entry.name.clone(), blob.into());
                let identity = FileIdentity::from_stat(&stat);
                entry.kind = EntryKind::File {
                    size: identity.size(),
                    identity,
                };
            }
        }
        Some(Self { directory, names })
    }
}

/// The name of the blob that a link of this name and text leads to.
fn blob<'a>(name: &[u8], target: &'a [u8]) -> Option<&'a [u8]> {
    let components = name.split(|byte| *byte == b'/').count();
    let mut rest = target;
    // Out of the folders in the snapshot, out of the revision, out of `snapshots`.
    for _ in 0..=components {
        rest = rest.strip_prefix(b"../")?;
    }
    let blob = rest.strip_prefix(b"blobs/")?;
    let is_digest = matches!(blob.len(), 40 | 64) && blob.iter().all(u8::is_ascii_hexdigit);
    is_digest.then_some(blob)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use bonafide_core::Budget;

    use crate::{EntryKind, LinkEnd, Tree};

    #[test]
    fn files_of_a_snapshot_are_its_blobs_and_nothing_else_is() {
        let place = tempfile::tempdir().unwrap();
        let cache = place.path().join("models--a--b");
        let snapshot = cache.join("snapshots/0123");
        fs::create_dir_all(snapshot.join("onnx")).unwrap();
        fs::create_dir_all(cache.join("blobs")).unwrap();
        let digest = "0".repeat(64);
        let commit = "a".repeat(40);
        fs::write(cache.join("blobs").join(&digest), "weights").unwrap();
        fs::write(cache.join("blobs").join(&commit), "{}").unwrap();
        fs::write(cache.join("blobs/other"), "other").unwrap();
        fs::write(place.path().join("secret"), "secret").unwrap();
        symlink(
            place.path().join("secret"),
            cache.join("blobs").join("b".repeat(40)),
        )
        .unwrap();
        for (name, target) in [
            ("config.json", format!("../../blobs/{commit}")),
            ("onnx/model.onnx", format!("../../../blobs/{digest}")),
            ("wrong-depth", format!("../../../blobs/{digest}")),
            ("no-digest", "../../blobs/other".to_owned()),
            ("link-in-blobs", format!("../../blobs/{}", "b".repeat(40))),
            ("missing", format!("../../blobs/{}", "c".repeat(40))),
            ("escape", "../../../secret".to_owned()),
            ("climbing", format!("../../blobs/../blobs/{commit}")),
        ] {
            symlink(target, snapshot.join(name)).unwrap();
        }
        let tree = Tree::open(&snapshot, &Budget::DEFAULT).unwrap();
        for (name, content) in [("config.json", "{}"), ("onnx/model.onnx", "weights")] {
            let read = tree.read_document(&name.into(), 100).unwrap();
            assert_eq!(read, content.as_bytes(), "{name}");
        }
        for name in [
            "wrong-depth",
            "no-digest",
            "link-in-blobs",
            "missing",
            "escape",
            "climbing",
        ] {
            let entry = tree.entry(name.as_bytes()).unwrap();
            let outside = matches!(
                &entry.kind,
                EntryKind::Link {
                    leads_to: LinkEnd::Outside,
                    ..
                }
            );
            assert!(outside, "{name}: {:?}", entry.kind);
        }
        let elsewhere = place.path().join("plain");
        fs::create_dir_all(&elsewhere).unwrap();
        symlink(
            format!("../../blobs/{commit}"),
            elsewhere.join("config.json"),
        )
        .unwrap();
        let tree = Tree::open(&elsewhere, &Budget::DEFAULT).unwrap();
        assert!(matches!(tree.entries()[0].kind, EntryKind::Link { .. }));
    }
}
