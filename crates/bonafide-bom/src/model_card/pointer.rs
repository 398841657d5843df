//! Pointers of Git LFS: the small file that stands for a large one that was not fetched.

use bonafide_core::{Algorithm, Digest};

/// A pointer is smaller than this (Git LFS, "Specification": "less than 1024 bytes").
const MOST_BYTES: usize = 1023;

/// What a pointer says of the file that it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LfsPointer {
    /// SHA-256 of the content.
    pub oid: Digest,
    /// Its bytes.
    pub size: u64,
}

/// Reads a file as a pointer, strictly: `version` of the first specification, then `oid`
/// and `size`, which is their alphabetical order, each line ended by one line feed.
/// Pointers with extensions are none here: their `oid` is that of a stored form, not
/// of the file that they stand for.
#[must_use]
pub fn git_lfs_pointer(bytes: &[u8]) -> Option<LfsPointer> {
    if bytes.len() > MOST_BYTES {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let rest = text.strip_prefix("version https://git-lfs.github.com/spec/v1\noid sha256:")?;
    let (oid, rest) = rest.split_once('\n')?;
    let size = rest.strip_prefix("size ")?.strip_suffix('\n')?;
    let plain = size.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || (size.starts_with('0') && size != "0") {
        return None;
    }
    Some(LfsPointer {
        oid: Digest::from_hex(Algorithm::Sha256, oid).ok()?,
        size: size.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_pointers_strictly() {
        let oid = "ab".repeat(32);
        let version = "version https://git-lfs.github.com/spec/v1";
        let good = format!("{version}\noid sha256:{oid}\nsize 12345\n");
        let pointer = git_lfs_pointer(good.as_bytes()).unwrap();
        assert_eq!(pointer.oid.hex(), oid);
        assert_eq!(pointer.size, 12345);
        for bad in [
            String::new(),
            good.trim_end().to_owned(),
            format!("{good}\n"),
            format!("\u{feff}{good}"),
            good.replace('\n', "\r\n"),
            good.replace("12345", "012"),
            good.replace("12345", "-1"),
            good.replace("12345", "+1"),
            good.replace("12345", ""),
            good.replace("12345", "18446744073709551616"),
            good.replace("spec/v1", "spec/v2"),
            good.replace("sha256", "sha1"),
            good.replace(&oid, &oid.to_uppercase()),
            good.replace(&oid, &oid[..62]),
            format!("{version}\nsize 12345\noid sha256:{oid}\n"),
            format!("{version}\next-0-foo sha256:{oid}\noid sha256:{oid}\nsize 1\n"),
            format!("{good}x y\n"),
            format!("{version}\noid sha256:{oid}\nsize {}\n", "1".repeat(2000)),
        ] {
            assert_eq!(git_lfs_pointer(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(git_lfs_pointer(&[0xff; 100]), None);
    }
}
