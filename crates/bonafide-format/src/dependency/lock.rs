//! Lists of packages in JSON and YAML: `Pipfile.lock`, and environments of conda.

use super::{UNHASHED, Wanted, direct, index, wanted};
use crate::json::{Document, Node};
use crate::visit::Visit;

/// Looks for lists of packages in any document.
pub(crate) fn analyse(visit: &mut Visit<'_>, document: &Document<'_>) {
    pipfile(visit, &document.root);
    environment(visit, &document.root);
}

fn pipfile(visit: &mut Visit<'_>, root: &Node<'_>) {
    let Some(sources) = root.at(&["_meta", "sources"]) else {
        return;
    };
    for source in sources.elements() {
        if let Some(address) = source.get("url") {
            let text = address.text().unwrap_or_default();
            index(visit, "url", text, Some(address.range.clone()));
        }
    }
    let mut unhashed = 0_u64;
    for group in ["default", "develop"] {
        for package in root.get(group).map_or(&[][..], Node::members) {
            let range = Some(package.value.range.clone());
            let hashed = package
                .value
                .get("hashes")
                .is_some_and(|hashes| !hashes.elements().is_empty());
            if let Some(version) = package.value.get("version").and_then(Node::text) {
                unhashed += u64::from(!hashed);
                let package = Wanted {
                    name: &package.name,
                    specifier: version,
                    range,
                };
                wanted(visit, &package);
                continue;
            }
            let commit = package
                .value
                .get("ref")
                .and_then(Node::text)
                .unwrap_or_default();
            for key in ["git", "file", "path"] {
                if let Some(address) = package.value.get(key).and_then(Node::text) {
                    let address = if commit.is_empty() {
                        address.to_owned()
                    } else {
                        format!("{address}@{commit}")
                    };
                    direct(visit, &package.name, &address, range.clone());
                }
            }
        }
    }
    if unhashed > 0 {
        let message = format!("{unhashed} of the packages are locked without a digest");
        visit.report(&UNHASHED, None, message);
    }
}

/// An environment of conda: its own packages, and those of pip.
fn environment(visit: &mut Visit<'_>, root: &Node<'_>) {
    let Some(list) = root.get("dependencies") else {
        return;
    };
    if root.get("channels").is_none() && root.get("name").is_none() && root.get("prefix").is_none()
    {
        return;
    }
    for entry in list.elements() {
        if let Some(text) = entry.text() {
            // `channel::name=version=build`, `name>=1.0`
            let text = text.rsplit("::").next().unwrap_or(text);
            let end = text
                .find(|letter: char| "<>=!~ [".contains(letter))
                .unwrap_or(text.len());
            let (name, rest) = text.split_at_checked(end).unwrap_or((text, ""));
            let specifier = match rest.strip_prefix('=') {
                Some(version) if !version.starts_with('=') => {
                    let version = version.split('=').next().unwrap_or_default();
                    format!("=={version}")
                }
                _ => rest.trim().to_owned(),
            };
            // Packages of conda are not those of PyPI; only their versions are looked at.
            let package = Wanted {
                name,
                specifier: &specifier,
                range: Some(entry.range.clone()),
            };
            wanted(visit, &package);
        }
        for line in entry.get("pip").map_or(&[][..], Node::elements) {
            if let Some(text) = line.text() {
                super::requirement::line(visit, text, line.range.clone());
            }
        }
    }
}
