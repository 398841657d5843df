//! Where a path lies: its directory, and its name below a root.

use std::path::Path;

use bonafide_core::RawName;

/// The directory that a path lies in; `.` for a bare name.
pub(crate) fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The name of a file below the root, if it lies there; empty for the root itself.
/// Its directory is resolved, its own name is not, so that a link stays a link.
#[must_use]
pub fn name_below(file: &Path, root: &Path) -> Option<RawName> {
    let resolved = directory_of(file)
        .canonicalize()
        .ok()?
        .join(file.file_name()?);
    let name = resolved.strip_prefix(root.canonicalize().ok()?).ok()?;
    Some(RawName::from(name))
}
