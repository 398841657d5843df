//! Outputs appear whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bonafide_core::RawName;

/// Why an output could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{}: cannot be written", RawName::from(path.as_path()))]
pub struct OutputError {
    /// Which file.
    pub path: PathBuf,
    /// What the system says.
    pub source: io::Error,
}

/// Writes to a temporary file in the same directory and renames it into place,
/// so that no reader and no interruption ever sees half of it.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    write(path, bytes).map_err(|source| OutputError {
        path: path.to_owned(),
        source,
    })
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays a link: what it leads to is written.
    let path = match path.canonicalize() {
        Ok(resolved) if !is_stream(path) => resolved,
        _ => path.to_owned(),
    };
    let existing = path.metadata().ok();
    // A pipe, a device or an open descriptor cannot be renamed over; it is written to.
    if is_stream(&path)
        || existing
            .as_ref()
            .is_some_and(|known| !known.is_file() && !known.is_dir())
    {
        return std::fs::OpenOptions::new()
            .write(true)
            .open(path)?
            .write_all(bytes);
    }
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let permissions = existing.map_or_else(usual_permissions, |known| known.permissions());
    let mut file = tempfile::Builder::new()
        .prefix(".bonafide-")
        .permissions(permissions)
        .tempfile_in(directory)
        .map_err(without_path)?;
    file.write_all(bytes).map_err(without_path)?;
    file.as_file().sync_all()?;
    file.persist(&path)
        .map_err(|error| without_path(error.error))?;
    Ok(())
}

fn is_stream(path: &Path) -> bool {
    path.starts_with("/dev") || path.starts_with("/proc")
}

/// What a plain `open` would ask for; the umask narrows it.
fn usual_permissions() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::Permissions::from_mode(0o666)
}

/// The system's words without the name of a temporary file that nobody asked about.
fn without_path(error: io::Error) -> io::Error {
    use rustix::io::Errno;
    let number = match error.kind() {
        io::ErrorKind::NotFound => Errno::NOENT,
        io::ErrorKind::PermissionDenied => Errno::ACCESS,
        io::ErrorKind::ReadOnlyFilesystem => Errno::ROFS,
        io::ErrorKind::StorageFull => Errno::NOSPC,
        io::ErrorKind::NotADirectory => Errno::NOTDIR,
        io::ErrorKind::IsADirectory => Errno::ISDIR,
        kind => return io::Error::from(kind),
    };
    io::Error::from_raw_os_error(number.raw_os_error())
}
