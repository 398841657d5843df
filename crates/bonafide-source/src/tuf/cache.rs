//! What was seen of a repository before, so that nothing older is accepted.

use std::fs::DirBuilder;
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use bonafide_core::ArtifactName;
use sigstore_tuf::{Error, MetadataStore};

use super::failure::TufError;
use crate::document::{self, DocumentError, LastLink};
use crate::place::directory_of;

/// Largest file that is read back, in bytes; no metadata may be larger.
const MOST_BYTES: u64 = 5_000_000;

/// Verified documents in a directory of the user.
///
/// The library that uses it verifies again what it reads, and goes on when a
/// file cannot be read or written. Here that is an error that lasts: without
/// its memory, an update could be taken back unnoticed.
pub(super) struct Cache {
    directory: PathBuf,
    failure: Mutex<Option<TufError>>,
}

impl Cache {
    pub(super) fn new(directory: &Path) -> Self {
        Self {
            directory: directory.to_owned(),
            failure: Mutex::new(None),
        }
    }

    /// The first failure, once.
    pub(super) fn failure(&self) -> Option<TufError> {
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    fn fail(&self, error: TufError) -> Error {
        let words = Error::io(error.to_string(), io::Error::other("cache"));
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(error);
        words
    }

    /// Names come from the library, but the names of delegated roles come from
    /// the repository.
    fn path(&self, name: &str) -> Result<PathBuf, Error> {
        let name = ArtifactName::parse(name.as_bytes())
            .map_err(|error| Error::Malformed(format!("name of a cached file: {error}")))?;
        Ok(self.directory.join(name.as_str()))
    }
}

impl MetadataStore for Cache {
    fn load(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let path = self.path(name)?;
        match document::read(&path, MOST_BYTES, LastLink::Refused) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(DocumentError::Unreadable { source, .. })
                if source.kind() == io::ErrorKind::NotFound =>
            {
                Ok(None)
            }
            Err(error) => Err(self.fail(TufError::CacheUnreadable(error))),
        }
    }

    fn store(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        // Never read back: the plain name beside it is.
        let is_version = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if name.strip_suffix(".snapshot.json").is_some_and(is_version) {
            return Ok(());
        }
        let path = self.path(name)?;
        write(&path, bytes).map_err(|source| self.fail(TufError::CacheUnwritable { path, source }))
    }
}

/// A rename puts a whole file in the place of whatever is there, a link included.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = directory_of(path);
    // For nobody else: who can write here decides what counts as seen.
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)?;
    let mut file = tempfile::Builder::new()
        .prefix(".bonafide-")
        .tempfile_in(directory)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_comes_back_whole() {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path().join("new/cache");
        let cache = Cache::new(&directory);
        assert_eq!(cache.load("timestamp.json").unwrap(), None);
        cache.store("timestamp.json", b"one").unwrap();
        cache.store("timestamp.json", b"two").unwrap();
        cache.store("root_history/2.root.json", b"root").unwrap();
        cache.store("7.snapshot.json", b"snapshot").unwrap();
        assert_eq!(cache.load("timestamp.json").unwrap().unwrap(), b"two");
        assert_eq!(cache.load("7.snapshot.json").unwrap(), None);
        let names: Vec<_> = directory
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(names.len(), 2, "{names:?}");
        assert!(cache.failure().is_none());
    }

    #[test]
    fn a_link_is_replaced_and_never_followed() {
        let place = tempfile::tempdir().unwrap();
        let outside = place.path().join("outside");
        std::fs::write(&outside, b"mine").unwrap();
        let directory = place.path().join("cache");
        std::fs::create_dir(&directory).unwrap();
        std::os::unix::fs::symlink(&outside, directory.join("root.json")).unwrap();
        let cache = Cache::new(&directory);
        assert!(cache.load("root.json").is_err());
        assert!(matches!(
            cache.failure(),
            Some(TufError::CacheUnreadable(_))
        ));
        cache.store("root.json", b"root").unwrap();
        assert_eq!(std::fs::read(&outside).unwrap(), b"mine");
        assert_eq!(cache.load("root.json").unwrap().unwrap(), b"root");
    }

    #[test]
    fn names_stay_in_the_directory_and_failures_last() {
        let place = tempfile::tempdir().unwrap();
        let cache = Cache::new(&place.path().join("cache"));
        for name in ["../x.json", "/x.json", "a/../x.json", ""] {
            assert!(cache.store(name, b"x").is_err(), "{name}");
            assert!(cache.load(name).is_err(), "{name}");
        }
        assert!(cache.failure().is_none());
        std::fs::write(place.path().join("cache"), b"a file").unwrap();
        assert!(cache.store("root.json", b"x").is_err());
        assert!(matches!(
            cache.failure(),
            Some(TufError::CacheUnwritable { .. })
        ));
    }
}
