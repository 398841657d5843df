//! Revisions: whether they pin what they name.

use super::defects::{Found, quote};
use super::kind::DefectKind;
use crate::json::Pointer;
use crate::view::{Component, ExternalReference};

/// Names that are branches by custom.
const BRANCHES: [&str; 7] = [
    "main", "master", "head", "latest", "dev", "develop", "trunk",
];

/// Kinds of references that lead to what the component is made of.
const TO_CONTENT: [&str; 4] = ["vcs", "distribution", "source-distribution", "model-card"];

/// Digits of an abbreviated object name of Git: seven is what Git shows.
const ABBREVIATED: std::ops::Range<usize> = 7..40;

/// Hexadecimal, of any length from seven on.
pub(super) fn is_commit(text: &str) -> bool {
    text.len() >= ABBREVIATED.start
        && text.len() <= 64
        && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A letter is asked for, since other systems count their revisions.
fn is_abbreviated(text: &str) -> bool {
    is_commit(text)
        && ABBREVIATED.contains(&text.len())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn is_branch(text: &str) -> bool {
    BRANCHES
        .iter()
        .any(|branch| text.eq_ignore_ascii_case(branch))
        || text.starts_with("refs/heads/")
}

fn judge(revision: &str, at: impl FnOnce() -> Pointer, found: &mut Found) {
    if is_abbreviated(revision) {
        let commit = quote(revision);
        found.add(&at(), DefectKind::CommitAbbreviated { commit });
    } else if is_branch(revision) {
        let revision = quote(revision);
        found.add(&at(), DefectKind::RevisionMutable { revision });
    }
}

/// The version of a package URL. The Hugging Face hub has commits, branches and tags alone.
pub(super) fn of_package(
    kind: &str,
    version: Option<&str>,
    at: impl FnOnce() -> Pointer,
    found: &mut Found,
) {
    let Some(version) = version else { return };
    match kind {
        "huggingface" if !is_commit(version) => {
            let revision = quote(version);
            found.add(&at(), DefectKind::RevisionMutable { revision });
        }
        "huggingface" | "github" | "gitlab" | "bitbucket" | "docker" | "oci" => {
            judge(version, at, found);
        }
        _ => {}
    }
}

/// Commits of a pedigree.
pub(super) fn of_commits(component: &Component<'_>, pointer: &Pointer, found: &mut Found) {
    let Some(pedigree) = &component.pedigree else {
        return;
    };
    for (index, commit) in pedigree.commits.iter().enumerate() {
        if let Some(uid) = commit.uid.as_deref() {
            let at = || {
                let list = pointer.member("pedigree").member("commits");
                list.element(index).member("uid")
            };
            judge(uid, at, found);
        }
    }
}

/// Addresses of what a component is made of.
pub(super) fn of_address(
    reference: &ExternalReference<'_>,
    at: impl FnOnce() -> Pointer,
    found: &mut Found,
) {
    let kind = reference.kind.as_deref().unwrap_or_default();
    let Some(url) = reference.url.as_deref() else {
        return;
    };
    if TO_CONTENT.contains(&kind)
        && let Some(revision) = revision_of(url)
    {
        judge(revision, || at().member("url"), found);
    }
}

/// The revision in an address of a repository: after `@` as pip and SPDX write it, or after
/// the word by which forges lead to a revision.
fn revision_of(url: &str) -> Option<&str> {
    let (plain, fragment) = url.split_once('#').unwrap_or((url, ""));
    let plain = plain.split('?').next()?;
    let after_host = plain.split_once("://")?.1;
    let (_, path) = after_host.split_once('/')?;
    if plain.starts_with("git+") {
        if let Some((_, revision)) = path.rsplit_once('@') {
            return Some(revision);
        }
        return (!fragment.is_empty()).then_some(fragment);
    }
    let mut steps = path.split('/');
    let word = ["tree", "blob", "resolve", "raw", "commit"];
    // Owner and name come first; a repository may be called like the words.
    steps.by_ref().take(2).for_each(drop);
    while let Some(step) = steps.next() {
        if word.contains(&step) {
            return steps.next();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_revisions_in_addresses() {
        for (url, revision) in [
            (
                "https://huggingface.co/org/model/resolve/main/a.bin",
                Some("main"),
            ),
            (
                "https://huggingface.co/datasets/org/data/tree/abcdef1",
                Some("abcdef1"),
            ),
            (
                "https://github.com/org/name/commit/abcdef1",
                Some("abcdef1"),
            ),
            ("git+https://github.com/org/name@v1", Some("v1")),
            ("git+ssh://git@github.com/org/name", None),
            ("https://github.com/org/tree", None),
            ("https://github.com/org/name.git", None),
            ("org/name", None),
        ] {
            assert_eq!(revision_of(url), revision, "{url}");
        }
    }

    #[test]
    fn a_number_is_not_an_abbreviated_commit() {
        assert!(is_abbreviated("abcdef1"));
        assert!(!is_abbreviated("1234567"));
        assert!(!is_abbreviated(&"a".repeat(40)));
        assert!(!is_abbreviated("abcdef"));
    }
}
