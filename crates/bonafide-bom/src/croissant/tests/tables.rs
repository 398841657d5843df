//! Members that are wrong in one way each.

use super::{defects, document};
use crate::croissant::{Defect, Gravity};

const HASH: &str = "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9";

/// A document with one file that has these members.
fn file(members: &str) -> String {
    document(&format!(
        r#""distribution": {{"@type": "cr:FileObject", "@id": "f", "name": "f",
            "encodingFormat": "text/csv", {members}}}"#
    ))
}

#[track_caller]
fn expect(text: &str, expected: &[&str]) {
    assert_eq!(defects(text), expected, "{text}");
}

#[test]
fn a_whole_document_has_no_defects() {
    expect(&document(""), &[]);
    expect(
        &file(&format!(r#""contentUrl": "f.csv", "sha256": "{HASH}""#)),
        &[],
    );
}

#[test]
fn hashes() {
    let at = "/distribution/sha256";
    for (member, expected) in [
        (format!(r#""sha256": "{HASH}""#), vec![]),
        (format!(r#""cr:sha256": "{HASH}""#), vec![]),
        (format!(r#""sc:sha256": "{HASH}""#), vec![]),
        (format!(r#""sha256": ["{HASH}"]"#), vec![]),
        (format!(r#""sha256": {{"@value": "{HASH}"}}"#), vec![]),
        (
            r#""sha256": "https://github.com/mlcommons/croissant/issues/80""#.into(),
            vec![format!("{at} not-a-hash")],
        ),
        (
            r#""sha256": "d41d8cd98f00b204e9800998ecf8427e""#.into(),
            vec![format!("{at} not-a-hash")],
        ),
        (
            format!(r#""sha256": "{}""#, &HASH[1..]),
            vec![format!("{at} not-a-hash")],
        ),
        (
            r#""sha256": "foo""#.into(),
            vec![format!("{at} not-a-hash")],
        ),
        (r#""sha256": """#.into(), vec![format!("{at} not-a-hash")]),
        (r#""sha256": 7"#.into(), vec![format!("{at} not-a-hash")]),
        (
            r#""sha256": "X+zrZv/IbzjZUnhsbWlscsLbwjndTpG0ZynXOif7V+k=""#.into(),
            vec![format!("{at} hash-notation")],
        ),
        (
            format!(r#""sha256": "{}""#, HASH.to_uppercase()),
            vec![format!("{at} hash-notation")],
        ),
        (
            format!(r#""sha256": "{HASH}", "sc:sha256": "{}""#, "0".repeat(64)),
            vec!["/distribution/sc:sha256 several-values".into()],
        ),
        (
            format!(
                r#""sha256": "{HASH}", "sc:sha256": "{}""#,
                HASH.to_uppercase()
            ),
            vec![],
        ),
        (
            r#""md5": "d41d8cd98f00b204e9800998ecf8427e""#.into(),
            vec!["/distribution/md5 weak-hash".into()],
        ),
        (
            r#""md5": "md5""#.into(),
            vec!["/distribution/md5 not-a-hash".into()],
        ),
        (
            format!(r#""sha256": "{HASH}", "md5": "d41d8cd98f00b204e9800998ecf8427e""#),
            vec![],
        ),
        (
            r#""sha256": null"#.into(),
            vec!["/distribution missing-hash".into()],
        ),
        // The text stands for another thing.
        (
            format!(r#""https://example.org/sha256": "{HASH}""#),
            vec!["/distribution missing-hash".into()],
        ),
    ] {
        let text = file(&format!(r#""contentUrl": "f.csv", {member}"#));
        assert_eq!(defects(&text), expected, "{member}");
    }
}

#[test]
fn places_and_sizes() {
    for (url, wrong) in [
        ("f.csv", false),
        ("./d/f.csv", false),
        ("https://example.org/../f.csv", false),
        ("/f.csv", true),
        ("../f.csv", true),
        ("d/%2e%2e/../f.csv", true),
        ("file:///f.csv", true),
        ("C:\\\\f.csv", true),
        ("", true),
    ] {
        let text = file(&format!(r#""contentUrl": "{url}", "sha256": "{HASH}""#));
        let expected: &[&str] = if wrong {
            &["/distribution/contentUrl unsafe-content-url"]
        } else {
            &[]
        };
        expect(&text, expected);
    }
    expect(
        &file(&format!(r#""sha256": "{HASH}""#)),
        &["/distribution missing-content-url"],
    );
    expect(
        &file(&format!(
            r#""contentUrl": ["a.csv", "b.csv"], "sha256": "{HASH}""#
        )),
        &["/distribution/contentUrl/1 several-values"],
    );
    for (size, wrong) in [
        ("12", false),
        ("\"12 B\"", false),
        ("\"1.5 MB\"", false),
        ("\"big\"", true),
        ("-1", true),
    ] {
        let text = file(&format!(
            r#""contentUrl": "f.csv", "sha256": "{HASH}", "contentSize": {size}"#
        ));
        let expected: &[&str] = if wrong {
            &["/distribution/contentSize unreadable-size"]
        } else {
            &[]
        };
        expect(&text, expected);
    }
}

#[test]
fn repositories() {
    let repository = |url: &str| {
        document(&format!(
            r#""distribution": [{{"@type": "cr:FileObject", "@id": "repo",
                "encodingFormat": "git+https", "contentUrl": "{url}"}}]"#
        ))
    };
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let pinned = format!("https://huggingface.co/datasets/o/n/tree/{commit}");
    expect(&repository(&pinned), &[]);
    for url in [
        "https://huggingface.co/datasets/o/n",
        "https://huggingface.co/datasets/o/n/tree/refs%2Fconvert%2Fparquet",
        "https://github.com/o/n/tree/0123456",
    ] {
        expect(
            &repository(url),
            &["/distribution/0/contentUrl mutable-repository"],
        );
    }
}

#[test]
fn containers() {
    let files = |containers: &[(&str, &str)]| {
        let files: Vec<String> = containers
            .iter()
            .map(|(id, containers)| {
                format!(
                    r#"{{"@type": "cr:FileObject", "@id": "{id}", "contentUrl": "{id}.zip",
                        "encodingFormat": "application/zip", "sha256": "{HASH}",
                        "containedIn": {containers}}}"#
                )
            })
            .collect();
        document(&format!(r#""distribution": [{}]"#, files.join(",")))
    };
    expect(&files(&[("a", "[]"), ("b", r#"{"@id": "a"}"#)]), &[]);
    expect(&files(&[("a", "[]"), ("b", r#""a""#)]), &[]);
    expect(
        &files(&[("a", "null"), ("b", r#"[{"fileObject": {"@id": "a"}}]"#)]),
        &[],
    );
    expect(
        &files(&[("a", r#"[{"@id": "x"}, {"@id": "y"}]"#)]),
        &[
            "/distribution/0/containedIn/0 dangling-container",
            "/distribution/0/containedIn/1 dangling-container",
        ],
    );
    expect(
        &files(&[("a", r#"{"@id": "a"}"#)]),
        &["/distribution/0 cyclic-container"],
    );
    // What is inside of a circle is not in it.
    expect(
        &files(&[
            ("a", r#"{"@id": "b"}"#),
            ("b", r#"{"@id": "a"}"#),
            ("c", r#"{"@id": "b"}"#),
            ("d", r#"{"@id": "c"}"#),
            ("e", "[]"),
        ]),
        &[
            "/distribution/0 cyclic-container",
            "/distribution/1 cyclic-container",
        ],
    );
    let chain: Vec<(String, String)> = (0..20)
        .map(|place| (place.to_string(), format!(r#""{}""#, place + 1)))
        .chain([("20".to_owned(), "[]".to_owned())])
        .collect();
    let chain: Vec<(&str, &str)> = chain.iter().map(|(id, c)| (&**id, &**c)).collect();
    expect(&files(&chain), &["/distribution/3 deep-container"]);
    expect(
        &files(&[("a", "7")]),
        &["/distribution/0/containedIn wrong-kind"],
    );
}

#[test]
fn identifiers_and_types() {
    let file = |id: &str| {
        format!(r#"{{"@type": "cr:FileObject", {id} "contentUrl": "a.csv", "sha256": "{HASH}"}}"#)
    };
    let text =
        |first: &str, second: &str| document(&format!(r#""distribution": [{first}, {second}]"#));
    let one = file(r#""@id": "a","#);
    expect(&text(&one, &one), &["/distribution/1 duplicate-identifier"]);
    expect(
        &text(&one, &file("")),
        &["/distribution/1 missing-identifier"],
    );
    expect(&text(&one, "7"), &["/distribution/1 resource-type"]);
    expect(
        &text(&one, r#"{"@type": "sc:Person", "@id": "p"}"#),
        &["/distribution/1 resource-type"],
    );
    expect(
        &text(
            &one,
            r#"{"@type": ["cr:FileObject", "cr:FileSet"], "@id": "p"}"#,
        ),
        &["/distribution/1 resource-type"],
    );
    expect(
        &text(&one, r#"{"@type": ["cr:FileSet", "sc:Thing"], "@id": "s"}"#),
        &["/distribution/1 missing-includes"],
    );
    expect(
        &text(
            &one,
            r#"{"@type": "cr:FileSet", "@id": "s", "includes": "*", "@context": {}}"#,
        ),
        &["/distribution/1/@context inner-context"],
    );
    // Files, record sets and fields share one space of identifiers.
    expect(
        &document(&format!(
            r#""distribution": {one}, "recordSet": {{"@id": "r", "field": {{"@id": "a"}}}}"#
        )),
        &["/recordSet/field duplicate-identifier"],
    );
}

#[test]
fn sources_of_fields() {
    let field = |members: &str| {
        document(&format!(
            r#""distribution": [{{"@type": "cr:FileObject", "@id": "f", "contentUrl": "f.csv",
                "sha256": "{HASH}"}}, {{"@type": "cr:FileSet", "@id": "s", "includes": "*"}}],
               "recordSet": [{{"@type": "cr:RecordSet", "@id": "r", "field": [
                 {{"@type": "cr:Field", "@id": "r/a", "source": {{"fileObject": {{"@id": "f"}}}}}},
                 {{"@type": "cr:Field", "@id": "r/b", {members}}}]}}]"#
        ))
    };
    let at = "/recordSet/0/field/1";
    for (members, expected) in [
        (
            r#""source": {"fileObject": {"@id": "f"}, "extract": {"column": "a"}}"#,
            vec![],
        ),
        (r#""source": {"fileSet": {"@id": "s"}}"#, vec![]),
        (r#""source": {"field": {"@id": "r/a"}}"#, vec![]),
        (r#""source": {"@id": "own", "cr:fileSet": "s"}"#, vec![]),
        (r#""references": {"@id": "r/a"}"#, vec![]),
        (r#""value": "constant""#, vec![]),
        (
            r#""source": {"fileObject": {"@id": "x"}}"#,
            vec![format!("{at}/source/fileObject dangling-source")],
        ),
        (
            r#""source": {"fileObject": {"@id": "s"}}"#,
            vec![format!("{at}/source/fileObject misnamed-source")],
        ),
        (
            r#""source": {"field": {"@id": "f"}}"#,
            vec![format!("{at}/source/field misnamed-source")],
        ),
        (
            r#""source": {"extract": {"column": "a"}}"#,
            vec![format!("{at}/source empty-source")],
        ),
        (
            r#""source": {"fileSet": {}}"#,
            vec![format!("{at}/source/fileSet empty-source")],
        ),
        (
            r#""references": {"field": {"@id": "x"}}"#,
            vec![format!("{at}/references/field dangling-source")],
        ),
        (
            r#""parentField": {"source": {"field": {"@id": "x"}}}"#,
            vec![format!("{at}/parentField/source/field dangling-source")],
        ),
        (
            r#""subField": [{"@id": "r/b/c", "source": {"fileSet": {"@id": "x"}}}, {"@id": "r/a"}]"#,
            vec![
                format!("{at}/subField/1 duplicate-identifier"),
                format!("{at}/subField/0/source/fileSet dangling-source"),
            ],
        ),
    ] {
        assert_eq!(defects(&field(members)), expected, "{members}");
    }
}

#[test]
fn provenance() {
    let at = "/prov:wasDerivedFrom";
    for (value, expected) in [
        (r#""https://example.org/mnist""#, vec![]),
        (r#"{"@id": "https://example.org/mnist"}"#, vec![]),
        (r#"[{"name": "mnist"}, "https://example.org/usps"]"#, vec![]),
        (r#""""#, vec![format!("{at} empty-derivation")]),
        ("[]", vec![format!("{at} empty-derivation")]),
        ("null", vec![format!("{at} empty-derivation")]),
        ("{}", vec![format!("{at} empty-derivation")]),
        (r#"[" ", "x"]"#, vec![format!("{at}/0 empty-derivation")]),
        (
            r#""https://example.org/digits""#,
            vec![format!("{at} derived-from-itself")],
        ),
        (
            r#"{"@id": "http://example.org/digits/"}"#,
            vec![format!("{at} derived-from-itself")],
        ),
        (r#""digits""#, vec![format!("{at} derived-from-itself")]),
        (
            r#"[{"url": "https://example.org/digits"}]"#,
            vec![format!("{at}/0 derived-from-itself")],
        ),
        (
            r#"{"url": "https://example.org/digits", "version": "0.9"}"#,
            vec![],
        ),
        ("7", vec![format!("{at} wrong-kind")]),
    ] {
        let text = document(&format!(r#""prov:wasDerivedFrom": {value}"#));
        assert_eq!(defects(&text), expected, "{value}");
    }
}

#[test]
fn the_dataset() {
    let whole = document("");
    for (found, replacement, expected) in [
        (r#""name": "digits", "#, "", vec![" missing-name"]),
        (
            r#""name": "digits""#,
            r#""name": " ""#,
            vec![" missing-name"],
        ),
        (
            r#""name": "digits""#,
            r#""name": {"fr": "chiffres", "en": "digits"}"#,
            vec![],
        ),
        (
            r#""name": "digits""#,
            r#""name": 7"#,
            vec!["/name wrong-kind", " missing-name"],
        ),
        (
            r#""license": "https://spdx.org/licenses/CC-BY-4.0""#,
            r#""license": """#,
            vec![" missing-licence"],
        ),
        (
            r#""license": "https://spdx.org/licenses/CC-BY-4.0""#,
            r#""license": [{"@type": "CreativeWork", "name": "ours"}]"#,
            vec![],
        ),
        (
            r#"croissant/1.1""#,
            r#"croissant/2.0""#,
            vec!["/conformsTo unknown-version"],
        ),
        (
            r#""http://mlcommons.org/croissant/1.1""#,
            r#"["http://mlcommons.org/croissant/RAI/1.0", "http://mlcommons.org/croissant/1.0"]"#,
            vec![],
        ),
        (
            r#""conformsTo": "http://mlcommons.org/croissant/1.1","#,
            "",
            vec![" missing-version"],
        ),
        (
            r#"croissant/1.1""#,
            r#"croissant/0.8""#,
            vec![" old-version"],
        ),
    ] {
        assert!(whole.contains(found), "{found}");
        assert_eq!(
            defects(&whole.replace(found, replacement)),
            expected,
            "{replacement}"
        );
    }
    expect(
        &document(r#""isLiveDataset": true, "cr:isLiveDataset": false"#),
        &["/cr:isLiveDataset several-values"],
    );
}

#[test]
fn a_live_dataset_needs_no_hash() {
    let text = |live: &str| {
        document(&format!(
            r#""isLiveDataset": {live}, "distribution": {{"@type": "cr:FileObject",
                "@id": "f", "contentUrl": "https://example.org/f.csv"}}"#
        ))
    };
    expect(&text("true"), &[]);
    expect(&text("false"), &["/distribution missing-hash"]);
    expect(
        &text("\"yes\""),
        &["/isLiveDataset wrong-kind", "/distribution missing-hash"],
    );
}

#[test]
fn sentences_show_hostile_text_escaped() {
    let defect = Defect::UnknownVersion {
        found: crate::excerpt("a\u{1b}[2J\u{202e}b", 120),
    };
    assert!(!defect.to_string().contains(['\u{1b}', '\u{202e}']));
    assert_eq!(defect.gravity(), Gravity::Wrong);
    let defect = Defect::MutableRepository { reference: None };
    assert_eq!(
        defect.to_string(),
        "the repository is not pinned to a commit, and no revision is named"
    );
}
