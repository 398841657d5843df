//! Names of files as URI references (RFC 3986), whatever bytes they are made of.

use std::collections::BTreeMap;

use bonafide_core::{LinkSummary, RawName, Report, Subject};

/// The bytes, percent-encoded but for letters, digits, `-._~` and the slash. The colon is
/// encoded too, so that no first segment reads as a scheme.
pub(crate) fn percent_encoded(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let digit = |number: u8| DIGITS.get(usize::from(number)).copied().unwrap_or('0');
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(byte) {
            text.push(char::from(*byte));
        } else {
            text.push('%');
            text.push(digit(byte >> 4));
            text.push(digit(byte & 15));
        }
    }
    text
}

/// A path of this machine as a reference: relative as it was given, without `./`, or a `file:`
/// URI where it is absolute.
pub(crate) fn path_reference(path: &RawName) -> String {
    let mut bytes = path.as_bytes();
    if bytes.starts_with(b"/") {
        // An empty authority; more than one slash in front would be read as one.
        let start = bytes
            .iter()
            .position(|byte| *byte != b'/')
            .unwrap_or(bytes.len());
        let rest = bytes.get(start..).unwrap_or_default();
        return format!("file:///{}", percent_encoded(rest));
    }
    while let Some(rest) = bytes.strip_prefix(b"./") {
        bytes = rest;
        while let Some(rest) = bytes.strip_prefix(b"/") {
            bytes = rest;
        }
    }
    while let Some(rest) = bytes.strip_suffix(b"/") {
        bytes = rest;
    }
    if bytes.is_empty() || bytes == b"." {
        return "./".to_owned();
    }
    percent_encoded(bytes)
}

/// The last part of a path, if it is a name.
pub(crate) fn base_name(path: &RawName) -> Option<RawName> {
    let parts = path.as_bytes().split(|byte| *byte == b'/');
    let last = parts.rev().find(|part| !part.is_empty() && *part != b".")?;
    (last != b"..").then(|| RawName::new(last))
}

/// What the target is called where a name is needed: as the user says, or its own file name.
pub(crate) fn target_name(report: &Report) -> String {
    report.artifact.purl.clone().unwrap_or_else(|| {
        base_name(&report.artifact.target)
            .map_or_else(|| "artifact".to_owned(), |name| name.to_string())
    })
}

/// An identifier of the target: its package URL, else its file name as a `file:` URI without the
/// directory, which differs from machine to machine.
pub(crate) fn target_uri(report: &Report) -> String {
    report.artifact.purl.clone().unwrap_or_else(|| {
        let name = base_name(&report.artifact.target).unwrap_or_else(|| RawName::from("artifact"));
        format!("file:{}", percent_encoded(name.as_bytes()))
    })
}

/// Where the things in a report are.
pub(crate) struct Locations<'report> {
    target: String,
    is_file: bool,
    links: BTreeMap<&'report [u8], &'report LinkSummary>,
}

impl<'report> Locations<'report> {
    pub(crate) fn of(report: &'report Report) -> Self {
        let links = &report.artifact.links;
        Self {
            target: path_reference(&report.artifact.target),
            is_file: report.artifact.kind == "file",
            links: links
                .iter()
                .map(|link| (link.name.as_bytes(), link))
                .collect(),
        }
    }

    /// A reference to the subject of a finding. What is no path below the artifact, and what is
    /// behind a symbolic link that leads out of it, is placed at the artifact; its name is in
    /// the message.
    pub(crate) fn of_subject(&self, subject: &Subject) -> String {
        match subject {
            Subject::Artifact | Subject::Ancestor(_) => self.target.clone(),
            Subject::Signature(path) | Subject::Document(path) => path_reference(path),
            Subject::File(_) if self.is_file => self.target.clone(),
            Subject::File(name) => match self.resolved(name.as_bytes()) {
                Some(name) if self.target == "./" => percent_encoded(&name),
                Some(name) if self.target.ends_with('/') => {
                    format!("{}{}", self.target, percent_encoded(&name))
                }
                Some(name) => format!("{}/{}", self.target, percent_encoded(&name)),
                None => self.target.clone(),
            },
        }
    }

    /// The name of the file itself, where the name is that of a link to a file of the artifact.
    fn resolved(&self, name: &[u8]) -> Option<Vec<u8>> {
        let plain = normalized(name)?;
        if plain != name {
            return None;
        }
        let parents = name.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        let mut prefixes = parents.filter_map(|(end, _)| name.get(..end));
        if prefixes.any(|prefix| self.links.contains_key(prefix)) {
            return None;
        }
        let Some(link) = self.links.get(name) else {
            return Some(plain);
        };
        if link.leads_to != "file" || link.target.as_bytes().starts_with(b"/") {
            return None;
        }
        let end = name
            .iter()
            .rposition(|byte| *byte == b'/')
            .map_or(0, |slash| slash + 1);
        let mut joined = name.get(..end)?.to_vec();
        joined.extend_from_slice(link.target.as_bytes());
        let resolved = normalized(&joined)?;
        // One step only: a link to a link is placed at the artifact.
        (!self.links.contains_key(resolved.as_slice())).then_some(resolved)
    }
}

/// A relative path without `.` and `..`; none if it leaves its root or holds no name.
fn normalized(path: &[u8]) -> Option<Vec<u8>> {
    if path.starts_with(b"/") || path.contains(&0) {
        return None;
    }
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join(&b'/'))
}

#[cfg(test)]
mod tests {
    use bonafide_core::{LinkSummary, RawName, Subject};

    use super::{Locations, base_name, path_reference};
    use crate::sample;

    #[test]
    fn paths_become_references() {
        let table = [
            ("models/m", "models/m"),
            ("./models/m/", "models/m"),
            (".", "./"),
            ("./", "./"),
            ("../m", "../m"),
            ("/srv/m", "file:///srv/m"),
            ("//srv/m", "file:///srv/m"),
            ("c:/m", "c%3A/m"),
            ("a b#?%.bin", "a%20b%23%3F%25.bin"),
            ("\u{e9}", "%C3%A9"),
        ];
        for (path, reference) in table {
            assert_eq!(path_reference(&RawName::from(path)), reference, "{path}");
        }
        assert_eq!(path_reference(&RawName::new(*b"\xff\n")), "%FF%0A");
    }

    #[test]
    fn base_names_are_names() {
        for (path, name) in [
            ("a/b/", Some("b")),
            ("..", None),
            ("/", None),
            ("a/.", Some("a")),
        ] {
            let found = base_name(&RawName::from(path)).map(|name| name.to_string());
            assert_eq!(found.as_deref(), name, "{path}");
        }
    }

    #[test]
    fn nothing_is_placed_outside_or_at_a_link() {
        let mut report = sample::report();
        report.artifact.target = RawName::from("models/m");
        let link = |name: &str, target: &str, leads_to| LinkSummary {
            name: RawName::from(name),
            target: RawName::from(target),
            leads_to,
        };
        report.artifact.links = vec![
            link("a/inside.bin", "../b/real.bin", "file"),
            link("outside.bin", "../../blobs/1", "outside"),
            link("folder", "b", "directory"),
            link("twice", "a/inside.bin", "file"),
            link("lies", "../../x", "file"),
        ];
        let locations = Locations::of(&report);
        let table = [
            ("b/real.bin", "models/m/b/real.bin"),
            ("a/inside.bin", "models/m/b/real.bin"),
            ("outside.bin", "models/m"),
            ("folder/real.bin", "models/m"),
            ("twice", "models/m"),
            ("lies", "models/m"),
            ("../../etc/passwd", "models/m"),
            ("a/../../x", "models/m"),
            ("a/./x", "models/m"),
            ("/etc/passwd", "models/m"),
            ("nul\0", "models/m"),
            ("http://x", "models/m"),
            ("javascript:alert(1)", "models/m/javascript%3Aalert%281%29"),
        ];
        for (name, reference) in table {
            let subject = Subject::File(RawName::from(name));
            assert_eq!(locations.of_subject(&subject), reference, "{name}");
        }
    }
}
