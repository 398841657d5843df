//! Outputs appear whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why an output could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{}: cannot be written", path.display())]
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
    // A pipe or a device (`/dev/stdout`) cannot be renamed over; it is written to.
    if path
        .metadata()
        .is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
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
    let mut file = tempfile::Builder::new()
        .prefix(".bonafide-")
        .permissions(permissions())
        .tempfile_in(directory)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// What a plain `open` would ask for; the umask narrows it.
fn permissions() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::Permissions::from_mode(0o666)
}
