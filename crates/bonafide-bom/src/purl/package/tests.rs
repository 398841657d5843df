use super::super::{MOST_BYTES, Part, Purl, PurlError, VcsReference};
use super::*;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn parse(text: &str) -> PackageUrl {
    Purl::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn brings_text_into_its_canonical_form() {
    for (text, canonical) in [
        (
            "pkg:huggingface/distilbert-base-uncased@043235d6088ecd3dd5fb5ca3592b6913fd516027",
            "",
        ),
        (
            "pkg:huggingface/microsoft/deberta-v3-base@559062AD13D311B87B2C455E67DCD5F1C8F65111?repository_url=https://hub-ci.huggingface.co",
            "pkg:huggingface/microsoft/deberta-v3-base@559062ad13d311b87b2c455e67dcd5f1c8f65111?repository_url=https://hub-ci.huggingface.co",
        ),
        (
            "pkg:mlflow/CreditFraud@3?repository_url=https://adb-5245952564735461.0.azuredatabricks.net/api/2.0/mlflow",
            "pkg:mlflow/creditfraud@3?repository_url=https://adb-5245952564735461.0.azuredatabricks.net/api/2.0/mlflow",
        ),
        (
            "pkg:mlflow/CreditFraud@3?run_id=1&model_uuid=2&repository_url=https://westus2.api.azureml.ms/mlflow/v1.0",
            "pkg:mlflow/CreditFraud@3?model_uuid=2&repository_url=https://westus2.api.azureml.ms/mlflow/v1.0&run_id=1",
        ),
        (
            "PKG:GitHub/Package-URL/Purl-Spec@244fd47e07d1004#everybody/loves/dogs/",
            "pkg:github/package-url/purl-spec@244fd47e07d1004#everybody/loves/dogs",
        ),
        (
            "pkg://pypi/Django_allauth@12.23",
            "pkg:pypi/django-allauth@12.23",
        ),
        ("pkg:npm/%40angular/animation@12.3.1", ""),
        ("pkg:generic/x?A=1&empty=&b=2", "pkg:generic/x?a=1&b=2"),
        ("pkg:generic/a//b///x", "pkg:generic/a/b/x"),
        ("pkg:generic/caf%c3%a9@1+2", "pkg:generic/caf%C3%A9@1%2B2"),
        ("pkg:cargo/rand@0.7.2", ""),
    ] {
        let canonical = if canonical.is_empty() {
            text
        } else {
            canonical
        };
        let package = parse(text);
        assert_eq!(package.canonical(), canonical);
        assert_eq!(package.text, text);
        let again = parse(canonical);
        assert_eq!(again, package);
        assert_eq!(again.canonical(), canonical);
    }
}

#[test]
fn says_which_state_is_meant() {
    let digest = format!("sha256:{}", "ab".repeat(32));
    for (text, expected) in [
        (
            format!("pkg:huggingface/o/m@{COMMIT}"),
            format!("commit {COMMIT}"),
        ),
        (
            "pkg:huggingface/o/m@ef3c5c9c".into(),
            "abbreviated commit ef3c5c9c".into(),
        ),
        ("pkg:huggingface/o/m@4.1".into(), "branch or tag 4.1".into()),
        (
            "pkg:huggingface/o/m@refs%2Fpr%2F1".into(),
            "branch or tag refs/pr/1".into(),
        ),
        ("pkg:huggingface/o/m".into(), "no revision".into()),
        (format!("pkg:oci/m@{digest}?tag=v1"), digest.clone()),
        (
            format!("pkg:oci/m@{}", digest.replace(':', "%3A")),
            digest.clone(),
        ),
        ("pkg:oci/m@latest".into(), "branch or tag latest".into()),
        (
            format!("pkg:github/o/r@{COMMIT}"),
            format!("commit {COMMIT}"),
        ),
        ("pkg:gitlab/o/r@v1".into(), "branch or tag v1".into()),
        ("pkg:mlflow/m@3".into(), "version 3".into()),
        ("pkg:pypi/torch@2.0".into(), "version 2.0".into()),
    ] {
        assert_eq!(parse(&text).revision().to_string(), expected, "{text}");
    }
}

#[test]
fn finds_repositories_of_the_hub() {
    for (text, expected) in [
        ("pkg:huggingface/gpt2", "gpt2"),
        ("pkg:huggingface/org/model", "org/model"),
        ("pkg:huggingface/org%2Fmodel@main", "org/model"),
        ("pkg:huggingface/datasets/imdb", "datasets/imdb"),
        ("pkg:huggingface/datasets/org/data", "datasets/org/data"),
        (
            "pkg:huggingface/org/data?repository_url=https://huggingface.co/datasets",
            "datasets/org/data",
        ),
        (
            "pkg:huggingface/org/data?repository_url=https://huggingface.co/datasets/org/data",
            "datasets/org/data",
        ),
    ] {
        let repository = parse(text).hub_repository().unwrap().unwrap();
        assert_eq!(repository.to_string(), expected, "{text}");
    }
    assert!(parse("pkg:pypi/torch").hub_repository().is_none());
    for bad in [
        "pkg:huggingface/a/b/c",
        "pkg:huggingface/a/b:c",
        "pkg:huggingface/models/a/b/c",
    ] {
        assert!(parse(bad).hub_repository().unwrap().is_err(), "{bad}");
    }
    let reference = HubReference::parse("https://huggingface.co/datasets/imdb/tree/main").unwrap();
    assert!(parse("pkg:huggingface/datasets/imdb@1").names_repository_of(&reference));
    assert!(!parse("pkg:huggingface/imdb@1").names_repository_of(&reference));
}

#[test]
fn tells_packages_apart_whatever_the_version() {
    for (one, other, same) in [
        ("pkg:huggingface/o/m@1", "pkg:huggingface/o%2Fm", true),
        ("pkg:huggingface/o/m", "pkg:huggingface/O/m", false),
        ("pkg:huggingface/o/m", "pkg:huggingface/datasets/o/m", false),
        ("pkg:github/O/R@1", "pkg:github/o/r@2#x", true),
        (
            "pkg:oci/a?repository_url=x.io/a",
            "pkg:oci/a?repository_url=y.io/a",
            false,
        ),
        (
            "pkg:oci/a?repository_url=x.io/a",
            "pkg:oci/a?repository_url=x.io/a/",
            true,
        ),
        ("pkg:oci/a?repository_url=x.io/a", "pkg:oci/a", true),
        ("pkg:pypi/a", "pkg:npm/a", false),
    ] {
        assert_eq!(
            parse(one).names_same_package(&parse(other)),
            same,
            "{one} {other}"
        );
    }
}

#[test]
fn reads_what_the_qualifiers_say() {
    let sha256 = "ab".repeat(32);
    let package = parse(&format!(
        "pkg:generic/demo?checksum=SHA256:{sha256},md5:{}&download_url=https://e.org/x%3Fy%3D1&vcs_url=git%2Bhttps://g.org/o/r%40{COMMIT}#a%20b/c",
        "00".repeat(16)
    ));
    assert_eq!(package.checksums.len(), 2);
    assert_eq!(package.checksums[1].to_string(), format!("sha256:{sha256}"));
    assert_eq!(package.download_url(), Some("https://e.org/x?y=1"));
    let vcs = VcsReference::parse(&format!("git+https://g.org/o/r@{COMMIT}")).unwrap();
    assert_eq!(package.vcs_url().unwrap().unwrap(), vcs);
    assert_eq!(package.path().as_deref(), Some("a b/c"));
    let reordered = parse(&format!(
        "pkg:generic/x?checksum=md5:{0},sha256:{sha256}",
        "00".repeat(16)
    ));
    let upper = parse(&format!(
        "pkg:generic/x?checksum=sha256:{},MD5:{}",
        sha256.to_uppercase(),
        "00".repeat(16)
    ));
    assert_eq!(reordered, upper);
}

#[test]
fn refuses_what_two_readers_could_take_differently() {
    let long = format!("pkg:generic/{}", "a".repeat(MOST_BYTES));
    for (text, expected) in [
        ("", "begin with `pkg:`"),
        ("pk", "begin with `pkg:`"),
        ("pkg", "begin with `pkg:`"),
        ("http://x/y", "begin with `pkg:`"),
        ("pkgé:a/b", "begin with `pkg:`"),
        ("pkg:", "has no type"),
        ("pkg:/", "has no type"),
        ("pkg:generic", "has no name"),
        ("pkg:generic/", "has no name"),
        ("pkg:generic/@1", "has no name"),
        ("pkg:generic/n/", "has no name"),
        ("pkg:generic/?a=b", "has no name"),
        ("pkg:3d/x", "the type `3d`"),
        ("pkg:a_b/x", "the type `a_b`"),
        ("pkg:a%41/x", "the type"),
        ("pkg:pypi/huggingface transformers", "` ` at byte 20"),
        ("pkg:generic/a\u{0}b", "at byte 13"),
        ("pkg:generic/a\nb", "at byte 13"),
        ("pkg:generic/café", "`é` at byte 15"),
        ("pkg:generic/\u{202e}x", "at byte 12"),
        ("pkg:generic/a<b>", "`<` at byte"),
        ("pkg:generic/x[y]", "`[` at byte"),
        ("pkg:generic/a%", "bad percent escape in the name"),
        ("pkg:generic/a%4", "bad percent escape in the name"),
        ("pkg:generic/a%zz@1", "bad percent escape in the name"),
        ("pkg:generic/a@%ff", "bad percent escape in the version"),
        ("pkg:generic/%ff/a", "bad percent escape in the namespace"),
        ("pkg:generic/a?b=%", "bad percent escape in the qualifiers"),
        ("pkg:generic/a#%", "bad percent escape in the subpath"),
        ("pkg:generic/a%00b", "control character in the name"),
        ("pkg:generic/a@1%0a", "control character in the version"),
        ("pkg:generic/a/../b", "namespace has the segment `..`"),
        ("pkg:generic/a/%2e%2e/b", "namespace has the segment `..`"),
        ("pkg:generic/a%2Fb/c", "namespace has the segment `a/b`"),
        ("pkg:generic/..", "name has the segment `..`"),
        (
            "pkg:generic/a#../../etc/passwd",
            "subpath has the segment `..`",
        ),
        ("pkg:generic/a#x/%2E%2E/y", "subpath has the segment `..`"),
        ("pkg:generic/a#x%2Fy", "subpath has the segment `x/y`"),
        ("pkg:generic/a#x%5Cy", "subpath has the segment"),
        ("pkg:generic/a#b#c", "`#` in the subpath"),
        ("pkg:generic/a#b?c=d", "`?` in the subpath"),
        ("pkg:generic/a?b=c?d=e", "`?` in the qualifiers"),
        ("pkg:npm/@scope/name@1", "`@` in the name"),
        ("pkg:npm/@scope/name", "has no name"),
        ("pkg:generic/a?b", "`b` is not a qualifier"),
        ("pkg:generic/a?=b", "`=b` is not a qualifier"),
        ("pkg:generic/a?b=c&", "`` is not a qualifier"),
        ("pkg:generic/a?%62=c", "is not a qualifier"),
        ("pkg:generic/a?b=c&B=d", "`b` comes twice"),
        ("pkg:generic/a?b=&b=d", "`b` comes twice"),
        ("pkg:generic/a?checksum=sha256:abcd", "not 4"),
        ("pkg:oci/a@sha256:abcd", "is not a digest"),
        (&long, "more than 8192"),
    ] {
        let error = Purl::parse(text).expect_err(text).to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
    assert_eq!(
        Purl::parse("pkg:generic/"),
        Err(PurlError::Missing { part: Part::Name })
    );
}

/// The crate `purl`, which other tools use, must see the same parts in what we accept.
#[test]
fn agrees_with_a_foreign_reader_on_what_it_accepts() {
    const PIECES: [&str; 24] = [
        "pkg:",
        "generic",
        "huggingface",
        "/",
        "/",
        "@",
        "?",
        "#",
        "=",
        "&",
        "a",
        "B",
        "..",
        ".",
        "%2e",
        "%2F",
        "%20",
        "%",
        "é",
        " ",
        "checksum",
        "sha1:ab",
        "+",
        "0",
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut accepted = 0;
    for _ in 0..200_000 {
        let mut text = String::from("pkg:generic/n");
        let mut draw = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % 1024).unwrap()
        };
        for _ in 0..draw() % 12 {
            text.push_str(PIECES[draw() % PIECES.len()]);
        }
        let Ok(ours) = Purl::parse(&text) else {
            continue;
        };
        accepted += 1;
        let theirs: purl::GenericPurl<String> = text.parse().unwrap_or_else(|error| {
            panic!("`{text}` is refused by the other: {error:?}");
        });
        assert_eq!(&ours.package_type, theirs.package_type(), "{text}");
        assert_eq!(
            ours.namespace.join("/"),
            theirs.namespace().unwrap_or_default(),
            "{text}"
        );
        assert_eq!(ours.name, theirs.name(), "{text}");
        assert_eq!(ours.version.as_deref(), theirs.version(), "{text}");
        assert_eq!(ours.path().as_deref(), theirs.subpath(), "{text}");
        let qualifiers: Vec<_> = theirs
            .qualifiers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect();
        let mine: Vec<_> = ours
            .qualifiers
            .clone()
            .into_iter()
            .filter(|(name, _)| name != "checksum")
            .collect();
        let qualifiers: Vec<_> = qualifiers
            .into_iter()
            .filter(|(name, _)| name != "checksum")
            .collect();
        assert_eq!(mine, qualifiers, "{text}");
        assert_eq!(Purl::parse(&ours.canonical()).as_ref(), Ok(&ours), "{text}");
    }
    assert!(accepted > 1000, "{accepted}");
}
