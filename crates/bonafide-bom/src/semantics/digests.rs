//! Digests: whether they can be what they are called.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::defects::{Found, quote};
use super::kind::DefectKind;
use crate::json::Pointer;
use crate::view::{Component, Hash, Place, Placed};

/// Algorithms of CycloneDX: name, hexadecimal digits, and how the digest of no bytes begins.
const ALGORITHMS: [(&str, usize, &str); 14] = [
    ("MD5", 32, "d41d8cd98f00b204e9800998ecf8427e"),
    ("SHA-1", 40, "da39a3ee5e6b4b0d3255bfef95601890"),
    ("SHA-256", 64, "e3b0c44298fc1c149afbf4c8996fb924"),
    ("SHA-384", 96, "38b060a751ac96384cd9327eb1b1e36a"),
    ("SHA-512", 128, "cf83e1357eefb8bdf1542850d66d8007"),
    ("SHA3-256", 64, "a7ffc6f8bf1ed76651c14756a061d662"),
    ("SHA3-384", 96, "0c63a75b845e4f7d01107d852e4c2485"),
    ("SHA3-512", 128, "a69f73cca23a9ac5c8b567dc185a756e"),
    ("BLAKE2b-256", 64, "0e5751c026e543b2e8ab2eb06099daa1"),
    ("BLAKE2b-384", 96, "b32811423377f52d7862286ee1a72ee5"),
    ("BLAKE2b-512", 128, "786a02f742015903c6c6fd852552d272"),
    ("BLAKE3", 64, "af1349b9f5f9a1a6a0404dea36dcc949"),
    ("Streebog-256", 64, "3f539a213e97c802cc229d474c6aa32a"),
    ("Streebog-512", 128, "8e945da209aa869f0455928529bcae46"),
];

/// There are fourteen algorithms; more digests than this of one component are not compared
/// with those of another.
const MOST_COMPARED: usize = 32;

const WEAK: [&str; 2] = ["MD5", "SHA-1"];

/// Name and content of a digest that has both.
fn named<'b>(hash: &'b Hash<'_>) -> Option<(&'b str, &'b str)> {
    Some((hash.alg.as_deref()?, hash.content.as_deref()?))
}

/// Rules about `hashes` of the element at `at`.
pub(super) fn of_list(hashes: &[Hash<'_>], at: &Pointer, found: &mut Found) {
    if hashes.is_empty() {
        return;
    }
    for (index, hash) in hashes.iter().enumerate() {
        if let Some((algorithm, digest)) = named(hash) {
            length(algorithm, digest, at, index, found);
            placeholder(algorithm, digest, at, index, found);
        }
    }
    weak(hashes, at, found);
    contradiction(hashes, at, found);
}

fn length(algorithm: &str, digest: &str, at: &Pointer, index: usize, found: &mut Found) {
    let known = ALGORITHMS.iter().find(|(name, ..)| *name == algorithm);
    if let Some((name, expected, _)) = known
        && digest.len() != *expected
    {
        let kind = DefectKind::DigestLength {
            algorithm: (*name).to_owned(),
            found: digest.chars().count(),
            expected: *expected,
        };
        found.add(&at.member("hashes").element(index), kind);
    }
}

fn placeholder(algorithm: &str, digest: &str, at: &Pointer, index: usize, found: &mut Found) {
    let mut bytes = digest.bytes();
    let first = bytes.next();
    if first.is_some() && bytes.all(|byte| Some(byte) == first) {
        let kind = DefectKind::DigestPlaceholder {
            algorithm: quote(algorithm),
            digest: quote(digest),
        };
        found.add(&at.member("hashes").element(index), kind);
    }
}

/// MD5 or SHA-1 beside something stronger is no harm.
fn weak(hashes: &[Hash<'_>], at: &Pointer, found: &mut Found) {
    let names = || hashes.iter().filter_map(|hash| hash.alg.as_deref());
    if names().next().is_some() && names().all(|name| WEAK.contains(&name)) {
        let there: Vec<&str> = WEAK
            .into_iter()
            .filter(|weak| names().any(|name| name == *weak))
            .collect();
        let algorithms = there.join(" and ");
        found.add(&at.member("hashes"), DefectKind::DigestsWeak { algorithms });
    }
}

fn contradiction(hashes: &[Hash<'_>], at: &Pointer, found: &mut Found) {
    if hashes.len() < 2 {
        return;
    }
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for (index, hash) in hashes.iter().enumerate() {
        let Some((algorithm, digest)) = named(hash) else {
            continue;
        };
        let known = *first.entry(algorithm).or_insert(digest);
        if !known.eq_ignore_ascii_case(digest) {
            let algorithm = quote(algorithm);
            found.add(
                &at.member("hashes").element(index),
                DefectKind::DigestsContradict { algorithm },
            );
        }
    }
}

/// The digest of no bytes. An empty file is nothing unusual; an empty model is.
pub(super) fn of_nothing(component: &Component<'_>, at: &Pointer, found: &mut Found) {
    if component.kind.as_deref() == Some("file") {
        return;
    }
    for (index, hash) in component.hashes.iter().enumerate() {
        let Some((algorithm, digest)) = named(hash) else {
            continue;
        };
        let empty = ALGORITHMS.iter().any(|(name, length, empty)| {
            *name == algorithm
                && digest.len() == *length
                && digest
                    .get(..empty.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(empty))
        });
        if empty {
            let algorithm = quote(algorithm);
            let at = at.member("hashes").element(index);
            found.add(&at, DefectKind::DigestOfNothing { algorithm });
        }
    }
}

/// The `checksum` qualifier of a package URL against `hashes`.
pub(super) fn against_checksum(
    component: &Component<'_>,
    checksum: &str,
    at: &Pointer,
    found: &mut Found,
) {
    for piece in checksum.split(',').take(16) {
        let Some((algorithm, digest)) = piece.trim().split_once(':') else {
            continue;
        };
        let plain = |name: &str| name.replace(['-', '_'], "").to_ascii_lowercase();
        let mut same = component
            .hashes
            .iter()
            .filter_map(named)
            .filter(|(name, _)| plain(name) == plain(algorithm))
            .map(|(_, content)| content)
            .peekable();
        if same.peek().is_some() && !same.any(|known| known.eq_ignore_ascii_case(digest)) {
            let kind = DefectKind::ChecksumDiffers {
                algorithm: quote(algorithm),
                checksum: quote(digest),
            };
            found.add(&at.member("purl"), kind);
        }
    }
}

/// Digests of all components, to be held against each other.
#[derive(Default)]
pub(super) struct Comparison<'a> {
    packages: HashMap<Package<'a>, Known<'a>>,
    subject: Option<Subject<'a>>,
    contents: HashMap<(Cow<'a, str>, Cow<'a, str>), Named<'a>>,
}

/// Package URL, type and name.
type Package<'a> = (Cow<'a, str>, Option<Cow<'a, str>>, Option<Cow<'a, str>>);

type Known<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

struct Subject<'a> {
    identity: [Option<Cow<'a, str>>; 4],
    purl: Option<Cow<'a, str>>,
    hashes: Known<'a>,
}

struct Named<'a> {
    name: Cow<'a, str>,
    kind: Option<Cow<'a, str>>,
    pointer: Pointer,
}

fn identity<'a>(component: &Component<'a>) -> [Option<Cow<'a, str>>; 4] {
    [
        component.kind.clone(),
        component.group.clone(),
        component.name.clone(),
        component.version.clone(),
    ]
}

fn known<'a>(component: &Component<'a>) -> Known<'a> {
    let hashes = component.hashes.iter();
    hashes
        .take(MOST_COMPARED)
        .filter_map(|hash| Some((hash.alg.clone()?, hash.content.clone()?)))
        .collect()
}

/// The first algorithm in which two lists of digests differ.
fn difference<'k>(one: &'k Known<'_>, other: &Known<'_>) -> Option<&'k str> {
    one.iter()
        .find(|(algorithm, digest)| {
            let mut same = other
                .iter()
                .filter(|(name, _)| name == algorithm)
                .peekable();
            same.peek().is_some() && !same.any(|(_, known)| known.eq_ignore_ascii_case(digest))
        })
        .map(|(algorithm, _)| &**algorithm)
}

impl<'a> Comparison<'a> {
    /// Components come outer ones first, the subject before all.
    pub(super) fn add(&mut self, placed: &Placed<'_, 'a>, found: &mut Found) {
        let component = placed.component;
        if component.hashes.is_empty() {
            return;
        }
        let is_subject = placed.place == Place::Subject && placed.parent.is_none();
        if is_subject {
            self.subject = Some(Subject {
                identity: identity(component),
                purl: component.purl.clone(),
                hashes: known(component),
            });
        } else if placed.place == Place::Inventory {
            let told = self.with_subject(placed, found);
            if !told {
                self.with_package(placed, found);
            }
        }
        if is_subject || placed.place == Place::Inventory {
            self.with_contents(placed, found);
        }
    }

    /// Says whether this is the subject again, with other digests.
    fn with_subject(&self, placed: &Placed<'_, 'a>, found: &mut Found) -> bool {
        let component = placed.component;
        let Some(subject) = &self.subject else {
            return false;
        };
        let same_package = component.purl.is_some()
            && component.purl == subject.purl
            && component.kind == subject.identity[0];
        let same_name = component.version.is_some()
            && component.purl.is_none() | subject.purl.is_none()
            && identity(component) == subject.identity;
        if !same_package && !same_name {
            return false;
        }
        let Some(algorithm) = difference(&subject.hashes, &known(component)).map(quote) else {
            return false;
        };
        let name = quote(component.name.as_deref().unwrap_or_default());
        found.add(
            &placed.pointer.member("hashes"),
            DefectKind::SubjectDigestsDiffer { name, algorithm },
        );
        true
    }

    /// Files inside of a package may carry its package URL, so name and type count as well.
    fn with_package(&mut self, placed: &Placed<'_, 'a>, found: &mut Found) {
        let component = placed.component;
        let Some(purl) = &component.purl else { return };
        let hashes = known(component);
        let package = (purl.clone(), component.kind.clone(), component.name.clone());
        match self.packages.entry(package) {
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(hashes);
            }
            std::collections::hash_map::Entry::Occupied(place) => {
                if let Some(algorithm) = difference(place.get(), &hashes) {
                    let kind = DefectKind::PackageDigestsDiffer {
                        purl: quote(purl),
                        algorithm: quote(algorithm),
                    };
                    found.add(&placed.pointer.member("hashes"), kind);
                }
            }
        }
    }

    /// Copies of a file are nothing unusual, nor is a model that is one file: so only what is
    /// not a file, of one type, and not inside of the other.
    fn with_contents(&mut self, placed: &Placed<'_, 'a>, found: &mut Found) {
        let component = placed.component;
        if component.kind.as_deref() == Some("file") {
            return;
        }
        let Some(name) = &component.name else { return };
        // One strong digest of each is enough: who copies one copies the others.
        let strong =
            component.hashes.iter().enumerate().find(|(_, hash)| {
                named(hash).is_some_and(|(algorithm, _)| !WEAK.contains(&algorithm))
            });
        if let Some((index, hash)) = strong {
            let Some((algorithm, digest)) = named(hash) else {
                return;
            };
            let (Some(name_of_hash), Some(content)) = (&hash.alg, &hash.content) else {
                return;
            };
            let lower = if digest.bytes().any(|byte| byte.is_ascii_uppercase()) {
                Cow::Owned(digest.to_ascii_lowercase())
            } else {
                content.clone()
            };
            let key = (name_of_hash.clone(), lower);
            let Some(first) = self.contents.get(&key) else {
                let first = Named {
                    name: name.clone(),
                    kind: component.kind.clone(),
                    pointer: placed.pointer.clone(),
                };
                self.contents.insert(key, first);
                return;
            };
            let rest = placed.pointer.as_str().strip_prefix(first.pointer.as_str());
            let inside = rest.is_some_and(|rest| rest.starts_with('/'));
            if first.name != *name && first.kind == component.kind && !inside {
                let kind = DefectKind::DigestShared {
                    other: quote(&first.name),
                    algorithm: quote(algorithm),
                };
                found.add(&placed.pointer.member("hashes").element(index), kind);
            }
        }
    }
}
