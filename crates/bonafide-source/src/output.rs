//! Outputs appear whole or not at all.

use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use bonafide_core::RawName;

use crate::place::directory_of;

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
    copy_atomically(path, &mut &*bytes)
}

/// The same for what may be longer than memory: all that comes out of a reader.
pub fn copy_atomically(path: &Path, bytes: &mut dyn Read) -> Result<(), OutputError> {
    write(path, bytes).map_err(|source| OutputError {
        path: path.to_owned(),
        source,
    })
}

fn write(path: &Path, bytes: &mut dyn Read) -> io::Result<()> {
    if let Some(descriptor) = inherited_descriptor(path) {
        return write_to_descriptor(descriptor, path, bytes);
    }
    let is_link = path
        .symlink_metadata()
        .is_ok_and(|known| known.is_symlink());
    // A link stays a link: what it leads to is written. One that leads nowhere is an error.
    let path = if is_link {
        path.canonicalize()?
    } else {
        path.to_owned()
    };
    let existing = path.metadata().ok();
    // A pipe or a device cannot be renamed over; it is written to.
    if existing
        .as_ref()
        .is_some_and(|known| !known.is_file() && !known.is_dir())
    {
        return write_to_special(&path, bytes);
    }
    let permissions = existing.map_or_else(usual_permissions, |known| known.permissions());
    let mut file = tempfile::Builder::new()
        .prefix(".bonafide-")
        .permissions(permissions)
        .tempfile_in(directory_of(&path))
        .map_err(without_path)?;
    io::copy(bytes, &mut file).map_err(without_path)?;
    file.as_file().sync_all()?;
    file.persist(&path)
        .map_err(|error| without_path(error.error))?;
    Ok(())
}

/// The number behind names such as `/dev/stdout` and `/dev/fd/3`: descriptors that
/// the caller has opened, perhaps to append, and shares with others.
fn inherited_descriptor(path: &Path) -> Option<u32> {
    match path.to_str()? {
        "/dev/stdout" => Some(1),
        "/dev/stderr" => Some(2),
        text => text
            .strip_prefix("/dev/fd/")
            .or_else(|| text.strip_prefix("/proc/self/fd/"))?
            .parse()
            .ok(),
    }
}

/// Standard streams are written where they stand. Others can only be opened anew;
/// then at the end, so that nothing in them is overwritten.
fn write_to_descriptor(descriptor: u32, path: &Path, bytes: &mut dyn Read) -> io::Result<()> {
    match descriptor {
        1 => {
            let mut stream = io::stdout().lock();
            io::copy(bytes, &mut stream)?;
            stream.flush()
        }
        2 => io::copy(bytes, &mut io::stderr().lock()).map(drop),
        _ => {
            let mut file = std::fs::OpenOptions::new().append(true).open(path)?;
            io::copy(bytes, &mut file).map(drop)
        }
    }
}

fn write_to_special(path: &Path, bytes: &mut dyn Read) -> io::Result<()> {
    use rustix::fs::{Mode, OFlags};
    // Opening a pipe without a reader would wait for one for ever.
    let flags = OFlags::WRONLY | OFlags::CLOEXEC | OFlags::NOCTTY | OFlags::NONBLOCK;
    let descriptor = rustix::fs::open(path, flags, Mode::empty())?;
    let flags = rustix::fs::fcntl_getfl(&descriptor)?;
    rustix::fs::fcntl_setfl(&descriptor, flags - OFlags::NONBLOCK)?;
    io::copy(bytes, &mut std::fs::File::from(descriptor)).map(drop)
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
