//! The official documents: each valid one keeps the rules, each invalid one does not.

use std::fmt::Write;
use std::path::PathBuf;

use bonafide_bom::grammar::{SpecVersion, Specification, specification, validate};
use bonafide_bom::json::admit;

use crate::harness::vectors;

/// What the specification says of a document, by the name of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Valid,
    Invalid,
}

/// An official document.
pub struct Official {
    pub version: SpecVersion,
    pub kind: Kind,
    pub path: PathBuf,
}

impl Official {
    pub fn name(&self) -> String {
        self.path.file_name().unwrap().to_str().unwrap().to_owned()
    }

    pub fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.path).unwrap()
    }
}

/// Every official document from 1.3 to 1.7, in the order of version and name.
pub fn all() -> Option<Vec<Official>> {
    let folder = vectors()?.join("cyclonedx/resources");
    let mut table = Vec::new();
    for version in SpecVersion::ALL {
        for entry in folder.join(version.as_str()).read_dir().unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let kind = match name {
                _ if !name.ends_with(".json") => continue,
                _ if name.starts_with("valid-") => Kind::Valid,
                _ if name.starts_with("invalid-") => Kind::Invalid,
                _ => continue,
            };
            table.push(Official {
                version,
                kind,
                path,
            });
        }
    }
    table.sort_by_key(|official| (official.version, official.kind, official.path.clone()));
    Some(table)
}

#[test]
fn official_documents_have_the_verdict_of_their_name() {
    let Some(table) = all() else { return };
    let mut wrong = String::new();
    for official in &table {
        let bytes = official.bytes();
        let document = admit(&bytes, bytes.len()).unwrap();
        let violations = validate(&document, official.version);
        let found = match violations.is_empty() {
            true => Kind::Valid,
            false => Kind::Invalid,
        };
        if found != official.kind {
            writeln!(wrong, "{}: {violations:#?}", official.name()).unwrap();
        }
        if official.kind == Kind::Valid {
            let expected = Ok(Specification::CycloneDx(official.version));
            assert_eq!(specification(&document), expected, "{}", official.name());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    let count = |kind| {
        table
            .iter()
            .filter(|official| official.kind == kind)
            .count()
    };
    assert_eq!((count(Kind::Valid), count(Kind::Invalid)), (197, 120));
}

/// Not only refused: refused at the place that is wrong.
#[test]
fn invalid_documents_are_refused_where_they_are_wrong() {
    let Some(table) = all() else { return };
    for (name, pointer, sentence) in [
        (
            "invalid-hash-md5-1.6.json",
            "/components/0/hashes/0/content",
            "expected 32, 40, 64, 96 or 128 hexadecimal digits, found `foo`",
        ),
        (
            "invalid-component-type-1.7.json",
            "/components/0/type",
            "expected one of `application`, `framework`",
        ),
        (
            "invalid-license-id-1.5.json",
            "/components/0/licenses/0/license/id",
            "expected an SPDX identifier, found",
        ),
        (
            "invalid-metadata-timestamp-1.4.json",
            "/metadata/timestamp",
            "expected a date and time with its offset",
        ),
    ] {
        let official = table
            .iter()
            .find(|official| official.name() == name)
            .unwrap();
        let bytes = official.bytes();
        let document = admit(&bytes, bytes.len()).unwrap();
        let violations = validate(&document, official.version);
        let first = &violations[0];
        assert_eq!(first.pointer.as_str(), pointer, "{name}: {violations:?}");
        assert!(
            first.to_string().starts_with(sentence),
            "{name}: {violations:?}"
        );
    }
}

/// Nothing of a document is lost between its text and the view, and back.
#[test]
fn the_view_keeps_everything() {
    let Some(all) = all() else {
        return;
    };
    let mut held = 0;
    for official in all.iter().filter(|official| official.kind == Kind::Valid) {
        let bytes = official.bytes();
        let text: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let bom = bonafide_bom::view::Bom::of(admit(&bytes, bytes.len()).unwrap());
        let again = serde_json::to_value(bom.to_node()).unwrap();
        assert_eq!(
            again,
            text,
            "{} {}",
            official.version.as_str(),
            official.name()
        );
        held += 1;
    }
    assert_eq!(held, 197);
}
