//! Private keys on disk, and the passwords that open them.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use bonafide_attest::{Password, SigningKey};
use bonafide_core::{Budget, RawName};
use bonafide_hash::{EntryKind, Tree};
use bonafide_source::{name_below, read_document};
use zeroize::Zeroizing;

use crate::error::EngineError;

/// A private key, and how to decrypt it.
#[derive(Debug, Clone)]
pub struct KeyFile {
    /// PEM private key.
    pub path: PathBuf,
    /// Where its password is; not used for a key that is not encrypted.
    pub password: PasswordSource,
}

/// Where a password comes from.
#[derive(Debug, Clone)]
pub enum PasswordSource {
    /// There is none.
    None,
    /// The caller has it.
    Given(Password),
    /// The first line of a file.
    File(PathBuf),
}

/// Largest password file in bytes.
const MOST_PASSWORD_BYTES: u64 = 64 << 10;

impl KeyFile {
    /// Reads the key, and the password file if there is one. What was read is
    /// overwritten in memory afterwards.
    pub(crate) fn read(&self, budget: &Budget) -> Result<SigningKey, EngineError> {
        let text = Zeroizing::new(read_document(&self.path, budget.document_bytes)?);
        let password = match &self.password {
            PasswordSource::None => None,
            PasswordSource::Given(password) => Some(password.clone()),
            PasswordSource::File(path) => Some(Password::first_line(read_document(
                path,
                MOST_PASSWORD_BYTES,
            )?)),
        };
        SigningKey::from_pem(&text, password.as_ref()).map_err(|source| EngineError::Key {
            path: self.path.clone(),
            source,
        })
    }

    /// A private key or a password that lies among the files would be published with
    /// them, also under another name (a hard link).
    pub(crate) fn refuse_among(
        &self,
        files: &[(RawName, u64)],
        target: &Path,
        tree: &Tree,
    ) -> Result<(), EngineError> {
        let password = match &self.password {
            PasswordSource::File(path) => Some((path, "it is the password of the private key")),
            PasswordSource::None | PasswordSource::Given(_) => None,
        };
        for (path, reason) in std::iter::once((&self.path, "it is the private key")).chain(password)
        {
            let below = name_below(path, target);
            // What the path leads to; a key that could be read has an inode.
            let inode = path.metadata().ok().map(|known| (known.dev(), known.ino()));
            let is_secret = |name: &RawName| {
                below.as_ref() == Some(name)
                    || inode.is_some_and(|inode| inode_of(tree, name) == Some(inode))
            };
            if let Some((name, _)) = files.iter().find(|(name, _)| is_secret(name)) {
                return Err(EngineError::Unsignable {
                    name: name.clone(),
                    reason: reason.to_owned(),
                });
            }
        }
        Ok(())
    }
}

/// Device and number of a file of the tree.
fn inode_of(tree: &Tree, name: &RawName) -> Option<(u64, u64)> {
    match tree.entry(name.as_bytes())?.kind {
        EntryKind::File { identity, .. } => Some((identity.device(), identity.inode())),
        _ => None,
    }
}
