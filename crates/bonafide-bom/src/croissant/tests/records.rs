//! What a document says of records, and what a bill of materials says of the dataset.

use bonafide_core::ArtifactName;

use super::{croissant, document};
use crate::Described;
use crate::croissant::{Extract, ReferenceKind};

fn names(files: &[&str]) -> Vec<ArtifactName> {
    files
        .iter()
        .map(|file| ArtifactName::parse(file.as_bytes()).unwrap())
        .collect()
}

const RECORDS: &str = r##"
    "distribution": [
        {"@type": "cr:FileObject", "@id": "repo", "name": "repo", "contentUrl": "https://hub.example/d",
         "encodingFormat": "git+https"},
        {"@type": "cr:FileSet", "@id": "parquet", "containedIn": {"@id": "repo"},
         "encodingFormat": "application/x-parquet", "includes": "default/*/*.parquet"},
        {"@type": "cr:FileObject", "@id": "labels.csv", "name": "labels.csv", "contentUrl": "labels.csv",
         "encodingFormat": "text/csv"},
        {"@type": "cr:FileObject", "@id": "z", "name": "z.zip", "contentUrl": "z.zip",
         "encodingFormat": "application/zip", "sha256": "todo"},
        {"@type": "cr:FileObject", "@id": "inner", "name": "i.csv", "contentUrl": "i.csv",
         "containedIn": {"@id": "z"}, "encodingFormat": "text/csv"}],
    "recordSet": [
        {"@type": "cr:RecordSet", "@id": "splits", "dataType": "cr:Split",
         "field": [{"@type": "cr:Field", "@id": "splits/name", "name": "name", "dataType": "sc:Text"}],
         "data": [{"splits/name": "train"}, {"splits/name": "test"}, {"splits/name": 3}, "x"]},
        {"@type": "cr:RecordSet", "@id": "default", "field": [
            {"@type": "cr:Field", "@id": "default/split", "name": "split", "dataType": "sc:Text",
             "source": {"fileSet": {"@id": "parquet"}, "extract": {"fileProperty": "fullpath"}},
             "references": {"field": {"@id": "splits/name"}}},
            {"@type": "cr:Field", "@id": "default/text", "name": "text", "dataType": ["sc:Text", "wd:Q1"],
             "source": {"fileSet": {"@id": "parquet"}, "extract": {"column": "text"}},
             "subField": {"@type": "cr:Field", "@id": "default/text/x", "name": "x"}},
            {"@type": "cr:Field", "@id": "default/tags", "name": "tags", "dataType": {"@id": "cr:Int32"},
             "repeated": true,
             "source": {"fileObject": {"@id": "labels.csv"}, "extract": {"cr:column": "tags"}}},
            {"@type": "cr:Field", "@id": "default/inner", "name": "inner", "dataType": "sc:Text",
             "source": {"fileObject": {"@id": "inner"}, "extract": {"column": "c"}}},
            {"@type": "cr:Field", "@id": "default/j", "name": "j",
             "source": {"fileObject": {"@id": "nowhere"}, "extract": {"jsonPath": "$.a"}}}]}]"##;

#[test]
fn fields_have_types_and_sources() {
    let text = document(RECORDS);
    let dataset = croissant(&text);
    let [splits, default] = dataset.record_sets.as_slice() else {
        panic!("{:?}", dataset.record_sets);
    };
    assert_eq!(splits.data_types, ["Split"]);
    assert_eq!(
        (splits.is_inline, splits.inline.as_slice()),
        (true, ["train".to_owned(), "test".to_owned()].as_slice())
    );
    let split = &default.fields[0];
    assert_eq!(
        split.extract,
        Some(Extract::FileProperty("fullpath".to_owned()))
    );
    assert_eq!((split.sources, split.references.len()), (1, 2));
    assert_eq!(split.references[0].kind, ReferenceKind::FileSet);
    assert_eq!(default.fields[1].data_types, ["Text", "wd:Q1"]);
    assert_eq!((default.fields[1].depth, default.fields[2].depth), (0, 1));
    assert_eq!(default.fields[3].data_types, ["Int32"]);
    assert!(default.fields[3].repeated && !default.fields[1].repeated);
    assert_eq!(
        default.fields[5].extract,
        Some(Extract::JsonPath("$.a".to_owned()))
    );
}

/// Field, column, files.
type Found<'f> = (&'f str, Option<&'f str>, Option<Vec<&'f str>>);

#[test]
fn columns_with_the_files_that_they_are_in() {
    let text = document(RECORDS);
    let dataset = croissant(&text);
    let declared = dataset.declared_records(&names(&[
        "default/train/0.parquet",
        "default/test/0.parquet",
        "labels.csv",
        "other.csv",
    ]));
    assert_eq!(declared.splits, ["train", "test"]);
    assert_eq!(declared.without_digest, ["labels.csv", "z"]);
    assert!(declared.licensed && !declared.live);
    let found: Vec<Found<'_>> = declared
        .columns
        .iter()
        .map(|column| {
            let files = column.files.as_ref();
            (
                column.field.as_str(),
                column.column.as_deref(),
                files.map(|files| files.iter().map(ArtifactName::as_str).collect()),
            )
        })
        .collect();
    let parquet = vec!["default/train/0.parquet", "default/test/0.parquet"];
    assert_eq!(
        found,
        [
            ("split", None, Some(parquet.clone())),
            ("text", Some("text"), Some(parquet)),
            ("tags", Some("tags"), Some(vec!["labels.csv"])),
            ("inner", Some("c"), None),
            ("j", None, None),
        ]
    );
    // Without the files of the repository nobody knows which are meant.
    let elsewhere = dataset.declared_records(&names(&["data/train.parquet"]));
    assert_eq!(elsewhere.columns[1].files, None);
}

const HASH: &str = "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9";
const OTHER: &str = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b";

fn disagreements(component: &str) -> (usize, u64, Vec<String>) {
    let text = document(&format!(
        r#""version": "1.2.0", "distribution": {{"@type": "cr:FileObject", "@id": "f.csv",
            "name": "f.csv", "contentUrl": "f.csv", "encodingFormat": "text/csv", "sha256": "{HASH}"}}"#
    ));
    let bill = format!(
        r#"{{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
            {{"type": "data", "name": "other"}}, {{"type": "library", "name": "digits"}}, {component}]}}"#
    );
    let Described::Bom(bill) = crate::read(bill.as_bytes(), 1 << 20).unwrap() else {
        panic!("no bill");
    };
    let agreement = croissant(&text).agreement(bill.bom.get());
    let about = agreement.disagreements.into_iter().map(|of| of.about);
    (
        agreement.components.len(),
        agreement.compared,
        about.collect(),
    )
}

#[test]
fn a_bill_of_materials_about_the_same_dataset() {
    let component = |licence: &str, version: &str, hash: &str, inner: &str| {
        format!(
            r#"{{"type": "data", "name": "owner/Digits", "version": "{version}",
                "licenses": [{{"license": {licence}}}],
                "hashes": [{{"alg": "SHA-256", "content": "{hash}"}}],
                "components": [{{"type": "file", "name": "f.csv",
                    "hashes": [{{"alg": "SHA-256", "content": "{inner}"}}]}}]}}"#
        )
    };
    let same = component(r#"{"id": "CC-BY-4.0"}"#, "v1.2.0", HASH, HASH);
    assert_eq!(disagreements(&same), (1, 5, vec![]));
    let other = component(r#"{"id": "MIT"}"#, "1.3.0", OTHER, OTHER);
    let about = ["version", "licence", "digest", "digest of `f.csv`"];
    assert_eq!(
        disagreements(&other),
        (1, 5, about.map(str::to_owned).to_vec())
    );
    // A licence that nobody knows is not compared.
    let odd = component(r#"{"name": "Our own terms"}"#, "1.2.0", HASH, HASH);
    assert_eq!(disagreements(&odd), (1, 4, vec![]));
    // By an address; nothing about it at all.
    let by_address = r#"{"type": "data", "name": "numbers", "externalReferences":
        [{"type": "website", "url": "https://example.org/digits/"}]}"#;
    assert_eq!(disagreements(by_address), (1, 1, vec!["name".to_owned()]));
    assert_eq!(
        disagreements(r#"{"type": "data", "name": "x"}"#),
        (0, 0, vec![])
    );
}

#[test]
fn addresses_of_licences() {
    for licence in [
        "https://creativecommons.org/licenses/by/4.0/",
        "https://choosealicense.com/licenses/cc-by-4.0/",
        "https://spdx.org/licenses/CC-BY-4.0.html",
        "CC-BY-4.0",
    ] {
        let text = document("").replace("https://spdx.org/licenses/CC-BY-4.0", licence);
        let bill = br#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
            {"type": "data", "name": "digits", "licenses": [{"license": {"id": "CC-BY-4.0"}}]}]}"#;
        let Described::Bom(bill) = crate::read(bill, 1 << 20).unwrap() else {
            panic!("no bill");
        };
        let agreement = croissant(&text).agreement(bill.bom.get());
        assert_eq!(
            (agreement.compared, agreement.disagreements),
            (2, vec![]),
            "{licence}"
        );
    }
}
