//! A Croissant document against the component of a bill of materials that is about the
//! same dataset.

use std::collections::BTreeSet;

use bonafide_core::{Algorithm, Digest};

use crate::claimed_digest::ClaimedDigest;
use crate::excerpt;
use crate::json::Pointer;
use crate::license::{LicenceKind, LicenceSet};
use crate::view::{Bom, Component};

use super::dataset::Croissant;

/// Most components that are compared, and most disagreements.
const MOST: usize = 1_000;

/// How a Croissant document and a bill of materials agree on a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BillAgreement {
    /// Components that are about the dataset, by their pointers; empty if none is.
    pub components: Vec<Pointer>,
    /// Statements that both make.
    pub compared: u64,
    /// Those that contradict each other.
    pub disagreements: Vec<Disagreement>,
}

/// What the two documents say differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The component.
    pub pointer: Pointer,
    /// What it is about: `name`, `version`, `licence`, or the digest of a file.
    pub about: String,
    /// What the bill says, cut and escaped.
    pub bill: String,
    /// What the Croissant document says.
    pub croissant: String,
}

impl Croissant<'_> {
    /// Holds name, version, licence and digests against the components of type `data` that
    /// are about the same dataset: those with its name, or with an address of it, or the
    /// only one.
    ///
    /// Licences are compared where both are known ones. Digests are compared for files of
    /// the same name, and for the component itself where the dataset is one file.
    #[must_use]
    pub fn agreement(&self, bill: &Bom<'_>) -> BillAgreement {
        let mut agreement = BillAgreement::default();
        let digests = self.digests();
        let mut data = 0_usize;
        bill.walk(|placed| {
            data += usize::from(placed.component.kind.as_deref() == Some("data"));
        });
        bill.walk(|placed| {
            let component = placed.component;
            let is_data = component.kind.as_deref() == Some("data");
            if is_data && agreement.components.len() < MOST && (data == 1 || self.is_in(component))
            {
                agreement.components.push(placed.pointer.clone());
                self.compare(component, placed.pointer, &digests, &mut agreement);
            }
        });
        agreement
    }

    /// True if a component has the name or an address of the dataset.
    fn is_in(&self, component: &Component<'_>) -> bool {
        let same_name = match (&component.name, &self.name) {
            (Some(one), Some(other)) => same_words(one, other),
            _ => false,
        };
        let addresses: Vec<&str> = self
            .url
            .iter()
            .chain(&self.id)
            .chain(&self.same_as)
            .map(|address| address.trim_end_matches('/'))
            .filter(|address| address.contains("://"))
            .collect();
        let mut references = component.external_references.iter();
        same_name
            || references.any(|reference| {
                let url = reference.url.as_deref().unwrap_or_default();
                addresses.contains(&url.trim_end_matches('/'))
            })
    }

    fn compare(
        &self,
        component: &Component<'_>,
        pointer: &Pointer,
        digests: &[(String, Digest)],
        agreement: &mut BillAgreement,
    ) {
        let mut say = |same: bool, about: &str, bill: &str, croissant: &str| {
            agreement.compared += 1;
            if !same && agreement.disagreements.len() < MOST {
                agreement.disagreements.push(Disagreement {
                    pointer: pointer.clone(),
                    about: about.to_owned(),
                    bill: excerpt(bill, 200),
                    croissant: excerpt(croissant, 200),
                });
            }
        };
        if let (Some(bill), Some(croissant)) = (&component.name, &self.name) {
            say(same_words(bill, croissant), "name", bill, croissant);
        }
        if let (Some(bill), Some(croissant)) = (&component.version, &self.version) {
            let bare = |version: &str| version.trim().trim_start_matches(['v', 'V']).to_owned();
            say(bare(bill) == bare(croissant), "version", bill, croissant);
        }
        if let (Some(bill), Some(croissant)) = (of_component(component), self.licence_names()) {
            let words = |names: &BTreeSet<String>| {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                names.join(", ")
            };
            say(
                bill == croissant,
                "licence",
                &words(&bill),
                &words(&croissant),
            );
        }
        // The component as a file, and the files inside of it.
        if let [(_, expected)] = digests
            && let Some(found) = sha256(component)
        {
            say(
                found == *expected,
                "digest",
                &found.to_string(),
                &expected.to_string(),
            );
        }
        let inner = component.components.iter();
        for file in inner.take(MOST) {
            let (Some(name), Some(found)) = (&file.name, sha256(file)) else {
                continue;
            };
            let known = digests.iter().find(|(known, _)| known == &**name);
            if let Some((name, expected)) = known {
                let about = format!("digest of `{}`", excerpt(name, 120));
                say(
                    found == *expected,
                    &about,
                    &found.to_string(),
                    &expected.to_string(),
                );
            }
        }
    }

    /// Every file with a SHA-256, by each of its names.
    fn digests(&self) -> Vec<(String, Digest)> {
        let mut digests: Vec<(String, Digest)> = Vec::new();
        for file in self.listing() {
            if let (Some(digest), Some(candidate)) = (file.digest, file.candidates.first()) {
                digests.push((candidate.name.as_str().to_owned(), digest));
            }
        }
        digests
    }

    /// The licences by their SPDX ids; none if there is none, or one that is not known.
    fn licence_names(&self) -> Option<BTreeSet<String>> {
        let texts = self
            .licences
            .iter()
            .filter_map(|licence| licence.text.as_deref().or(licence.name.as_deref()));
        names(texts)
    }
}

/// The SHA-256 of a component's own bytes.
fn sha256(component: &Component<'_>) -> Option<Digest> {
    component.hashes.iter().find_map(|hash| {
        let claimed = ClaimedDigest::of(hash.alg.as_deref()?, hash.content.as_deref()?);
        match claimed {
            ClaimedDigest::Known(digest) if digest.algorithm() == Algorithm::Sha256 => Some(digest),
            _ => None,
        }
    })
}

fn of_component(component: &Component<'_>) -> Option<BTreeSet<String>> {
    let texts = component.licenses.iter().filter_map(|choice| {
        let stated = choice.license.as_ref();
        choice
            .expression
            .as_deref()
            .or_else(|| stated.and_then(|stated| stated.id.as_deref()))
            .or_else(|| stated.and_then(|stated| stated.name.as_deref()))
            .or_else(|| stated.and_then(|stated| stated.url.as_deref()))
    });
    names(texts)
}

/// Names of known licences; none if nothing is stated, or something unknown.
fn names<'t>(texts: impl Iterator<Item = &'t str>) -> Option<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for text in texts.take(100) {
        let set = LicenceSet::text(&without_address(text));
        for licence in set.licences() {
            if licence.kind == LicenceKind::Unrecognised {
                return None;
            }
            names.insert(licence.name.clone());
        }
    }
    (!names.is_empty()).then_some(names)
}

/// The id of a licence out of the address of its text, as metadata of datasets states it:
/// at SPDX, at Creative Commons, at choosealicense.com.
fn without_address(text: &str) -> String {
    let text = text.trim();
    let Some((_, address)) = text.split_once("://") else {
        return text.to_owned();
    };
    let address = address.strip_prefix("www.").unwrap_or(address);
    let address = address.trim_end_matches('/');
    for host in ["spdx.org/licenses/", "choosealicense.com/licenses/"] {
        if let Some(id) = address.strip_prefix(host) {
            let id = id
                .strip_suffix(".html")
                .or_else(|| id.strip_suffix(".json"));
            return id
                .or_else(|| address.strip_prefix(host))
                .unwrap_or_default()
                .to_owned();
        }
    }
    let Some(path) = address.strip_prefix("creativecommons.org/") else {
        return text.to_owned();
    };
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["licenses", kind, version, ..] => format!("CC-{}-{version}", kind.to_ascii_uppercase()),
        ["publicdomain", "zero", version, ..] => format!("CC0-{version}"),
        _ => text.to_owned(),
    }
}

/// Names of datasets are written with and without an owner, in any case.
fn same_words(one: &str, other: &str) -> bool {
    let last = |name: &str| name.trim().rsplit('/').next().unwrap_or("").to_lowercase();
    last(one) == last(other)
}
