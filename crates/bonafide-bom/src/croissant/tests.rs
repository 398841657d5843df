//! Documents, and exactly what is wrong with them.

mod documents;
mod files;
mod reading;
mod records;
mod tables;

use crate::json::admit;

use super::{Croissant, LocatedDefect, MOST_BYTES, read};

/// A whole document of version 1.1 with these members besides the usual ones.
fn document(members: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    format!(
        r#"{{"@context": {{"@vocab": "https://schema.org/", "sc": "https://schema.org/",
            "cr": "http://mlcommons.org/croissant/", "dct": "http://purl.org/dc/terms/",
            "conformsTo": "dct:conformsTo", "recordSet": "cr:recordSet", "field": "cr:field",
            "source": "cr:source", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet",
            "includes": "cr:includes", "excludes": "cr:excludes", "subField": "cr:subField",
            "containedIn": "cr:containedIn", "md5": "cr:md5", "references": "cr:references",
            "isLiveDataset": "cr:isLiveDataset", "citeAs": "cr:citeAs",
            "parentField": "cr:parentField", "rai": "http://mlcommons.org/croissant/RAI/",
            "prov": "http://www.w3.org/ns/prov#"}},
          "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.1",
          "name": "digits", "url": "https://example.org/digits",
          "license": "https://spdx.org/licenses/CC-BY-4.0"{comma} {members}}}"#
    )
}

fn croissant(text: &str) -> Croissant<'_> {
    read(admit(text.as_bytes(), MOST_BYTES).unwrap()).unwrap()
}

/// Pointer and kind of each defect.
fn names(defects: &[LocatedDefect]) -> Vec<String> {
    defects
        .iter()
        .map(|found| format!("{} {}", found.pointer.as_str(), found.defect.slug()))
        .collect()
}

fn defects(text: &str) -> Vec<String> {
    names(&croissant(text).defects())
}
