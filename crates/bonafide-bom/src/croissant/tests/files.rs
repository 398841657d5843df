//! What is held against files, and what is not.

use bonafide_core::{ArtifactName, Digest};

use super::{croissant, document, names};
use crate::croissant::{CandidateKind, SetUnchecked, Unchecked};

const ZERO: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn paths(names: &[&str]) -> Vec<ArtifactName> {
    names
        .iter()
        .map(|name| ArtifactName::parse(name.as_bytes()).unwrap())
        .collect()
}

#[test]
fn every_file_is_listed_with_what_can_be_checked() {
    let text = document(&format!(
        r#""distribution": [
          {{"@type": "FileObject", "@id": "id.csv", "name": "name.csv", "contentUrl": "./d/a%20b.csv",
            "contentSize": "12 B", "sha256": "{ZERO}", "md5": "d41d8cd98f00b204e9800998ecf8427e"}},
          {{"@type": "FileObject", "@id": "web", "contentSize": "1.2 MB", "sha256": "{ZERO}",
            "contentUrl": "https://huggingface.co/datasets/o/n/resolve/main/data/a.parquet"}},
          {{"@type": "FileObject", "@id": "zip", "contentUrl": "all.zip", "sha256": "foo"}},
          {{"@type": "FileObject", "@id": "member", "contentUrl": "all/a.csv", "sha256": "{ZERO}",
            "containedIn": {{"@id": "zip"}}}},
          {{"@type": "FileObject", "@id": "repo", "encodingFormat": "git+https", "sha256": "{ZERO}",
            "contentUrl": "https://huggingface.co/datasets/o/n"}},
          {{"@type": "FileObject", "@id": "in-repo", "contentUrl": "data/b.csv", "sha256": "{ZERO}",
            "containedIn": {{"@id": "repo"}}}},
          {{"@type": "FileObject", "@id": "weak", "contentUrl": "w.csv",
            "md5": "D41D8CD98F00B204E9800998ECF8427E"}},
          {{"@type": "FileObject", "@id": "none", "contentUrl": "n.csv"}},
          {{"@type": "FileObject", "@id": "two", "contentUrl": "t.csv", "sha256": ["{ZERO}", "x"]}},
          {{"@type": "FileObject", "@id": "up", "contentUrl": "../t.csv", "sha256": "{ZERO}"}},
          {{"@type": "FileObject", "@id": "lost", "contentUrl": "l.csv", "sha256": "{ZERO}",
            "containedIn": {{"@id": "nothing"}}}},
          {{"@type": "FileObject", "@id": "inner", "contentUrl": "i.csv", "sha256": "{ZERO}",
            "containedIn": [{{"@id": "repo"}}, {{"@id": "member"}}]}}]"#
    ));
    let dataset = croissant(&text);
    let listing = dataset.listing();
    let unchecked: Vec<_> = listing
        .iter()
        .map(|file| (file.id.as_deref().unwrap(), file.unchecked))
        .collect();
    assert_eq!(
        unchecked,
        [
            ("id.csv", None),
            ("web", None),
            ("zip", Some(Unchecked::UnusableHash)),
            ("member", Some(Unchecked::InsideArchive)),
            ("repo", Some(Unchecked::Repository)),
            ("in-repo", None),
            ("weak", Some(Unchecked::WeakHash)),
            ("none", Some(Unchecked::NoHash)),
            ("two", Some(Unchecked::UnusableHash)),
            ("up", Some(Unchecked::UnsafeUrl)),
            ("lost", Some(Unchecked::UnresolvedContainer)),
            ("inner", Some(Unchecked::InsideArchive)),
        ]
    );

    let candidates = |place: usize| -> Vec<_> {
        let file = &listing[place];
        file.candidates
            .iter()
            .map(|candidate| (candidate.kind, candidate.name.as_str()))
            .collect()
    };
    assert_eq!(
        candidates(0),
        [
            (CandidateKind::RelativeUrl, "d/a%20b.csv"),
            (CandidateKind::UnescapedUrl, "d/a b.csv"),
            (CandidateKind::Name, "name.csv"),
            (CandidateKind::Identifier, "id.csv"),
        ]
    );
    assert_eq!(
        candidates(1),
        [
            (CandidateKind::RepositoryPath, "data/a.parquet"),
            (CandidateKind::UrlFileName, "a.parquet"),
            (CandidateKind::Identifier, "web"),
        ]
    );
    for nowhere in [3, 4, 9, 10, 11] {
        assert_eq!(candidates(nowhere), [], "{nowhere}");
    }
    assert_eq!(listing[0].digest, Some(Digest::sha256([0; 32])));
    assert_eq!((listing[0].size, listing[1].size), (Some(12), None));
    assert_eq!(
        listing[6].weak_digests,
        ["d41d8cd98f00b204e9800998ecf8427e"]
    );
    assert_eq!(listing[8].digest, None);
    assert_eq!(listing[11].contained_in, ["repo", "member"]);
}

fn sets(sets: &str) -> String {
    document(&format!(
        r#""distribution": [
          {{"@type": "FileObject", "@id": "zip", "contentUrl": "all.zip", "sha256": "{ZERO}"}},
          {{"@type": "FileObject", "@id": "repo", "encodingFormat": "git+https",
            "contentUrl": "https://github.com/o/n"}}, {sets}]"#
    ))
}

fn set(id: &str, members: &str) -> String {
    format!(r#"{{"@type": "FileSet", "@id": "{id}", {members}}}"#)
}

#[test]
fn sets_cover_what_their_patterns_fit() {
    let files = paths(&["a.csv", "d/b.csv", "d/e/c.csv", "d/skip.csv", "x.txt"]);
    let text = sets(
        &[
            set("all", r#""includes": "*.csv", "excludes": ["*skip*"]"#),
            set("none", r#""includes": ["*.jpg", "*.png"]"#),
            set("one-of-two", r#""includes": ["d/*", "*.jpg"]"#),
            set("excluded", r#""includes": "a.csv", "excludes": "*""#),
            set(
                "zipped",
                r#""includes": "*.csv", "containedIn": {"@id": "zip"}"#,
            ),
            set(
                "in-repo",
                r#""includes": "d/*", "containedIn": {"@id": "repo"}"#,
            ),
            set(
                "not-here",
                r#""includes": "*.jpg", "containedIn": {"@id": "repo"}"#,
            ),
            set("lost", r#""includes": "*", "containedIn": {"@id": "x"}"#),
            set(
                "nested",
                r#""includes": "*", "containedIn": {"@id": "in-repo"}"#,
            ),
            set("empty", r#""name": "empty""#),
        ]
        .join(","),
    );
    let coverage = croissant(&text).match_sets(&files);
    let outcomes: Vec<_> = coverage
        .sets
        .iter()
        .map(|set| (set.id.as_deref().unwrap(), set.files))
        .collect();
    assert_eq!(
        outcomes,
        [
            ("all", Ok(3)),
            ("none", Ok(0)),
            ("one-of-two", Ok(3)),
            ("excluded", Ok(0)),
            ("zipped", Err(SetUnchecked::InsideArchive)),
            ("in-repo", Ok(3)),
            ("not-here", Err(SetUnchecked::InsideRepository)),
            ("lost", Err(SetUnchecked::UnresolvedContainer)),
            ("nested", Err(SetUnchecked::InsideArchive)),
            ("empty", Ok(0)),
        ]
    );
    assert_eq!(coverage.covered, [true, true, true, true, false]);
    assert_eq!(
        names(&coverage.defects),
        [
            "/distribution/3 empty-set",
            "/distribution/4/includes/1 unmatched-pattern",
            "/distribution/5 empty-set",
        ]
    );
}

#[test]
fn work_on_patterns_ends() {
    // Compared anew from each character of the path.
    let hostile = format!(r#""includes": ["*{}b"]"#, "a".repeat(1000));
    let text = sets(&[set("first", &hostile), set("second", r#""includes": "*""#)].join(","));
    let long = "a".repeat(2000);
    let files = paths(&[&long]);
    let dataset = croissant(&text);
    let outcomes = |budget: u64| -> Vec<_> {
        let coverage = dataset.match_sets_within(&files, budget);
        coverage.sets.iter().map(|set| set.files).collect()
    };
    assert_eq!(outcomes(2_000_000), [Ok(0), Ok(1)]);
    let late = Err(SetUnchecked::TooMuchWork);
    assert_eq!(outcomes(500_000)[0], late);
    assert_eq!(outcomes(0), [late, late]);
}
