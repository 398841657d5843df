//! Values that point outside of the dataset.

use super::visible::around;

/// Longest value that is looked at; a path of 4,096 bytes is the longest that Linux opens.
const LONGEST: usize = 4_096;

/// Names of columns that hold paths.
const PATHS: &[&str] = &[
    "path",
    "paths",
    "file",
    "files",
    "file_name",
    "filename",
    "filepath",
    "file_path",
    "image_path",
    "audio_path",
    "audio_filepath",
    "local_path",
    "src",
];

/// True if the values of a column of this name are paths.
pub(super) fn holds_paths(name: &str) -> bool {
    PATHS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// What of an address or a path leads outside, if it does: to a file of the machine that
/// reads it, or above the folder that it is in. Text columns are not asked: a path in
/// prose leads nowhere.
pub(super) fn leads_outside(value: &str, is_path: bool) -> Option<String> {
    let value = value.trim();
    if value.is_empty() || value.len() > LONGEST {
        return None;
    }
    let is_file = value
        .get(..5)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("file:"));
    let bytes = value.as_bytes();
    let drive = matches!(bytes, [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    let network = value.starts_with("\\\\") || value.starts_with("//") && is_path;
    let absolute = is_path && value.starts_with('/');
    let above =
        is_path && !value.contains("://") && value.split(['/', '\\']).any(|part| part == "..");
    (is_file || drive || network || absolute || above).then(|| around(value, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_addresses_that_lead_outside() {
        for path in [
            "/etc/passwd",
            "../../x",
            "a\\..\\b",
            "C:\\x",
            "\\\\host\\share",
            "file:///etc/passwd",
            "//host/x",
        ] {
            assert!(leads_outside(path, true).is_some(), "{path}");
        }
        for path in [
            "a/b.jpg",
            "",
            "..hidden",
            "https://a.example/../b",
            "a..b/c",
        ] {
            assert!(leads_outside(path, true).is_none(), "{path}");
        }
        assert!(leads_outside("FILE:///etc/passwd", false).is_some());
        assert!(leads_outside("/relative/of/a/site", false).is_none());
        assert!(leads_outside("//cdn.example/x.png", false).is_none());
    }
}
