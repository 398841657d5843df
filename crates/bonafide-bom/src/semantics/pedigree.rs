//! Pedigree: nothing is made from itself, directly or by a detour.

use std::borrow::Cow;
use std::collections::HashMap;

use super::defects::{Found, quote};
use super::graph::cycles;
use super::kind::DefectKind;
use crate::json::Pointer;
use crate::view::{Bom, Component, Pedigree};

/// Digests of one component that are looked at.
const MOST_DIGESTS: usize = 32;

pub(super) fn examine(bom: &Bom<'_>, found: &mut Found) {
    let mut families = Families::default();
    bom.walk(|placed| {
        let Some(pedigree) = &placed.component.pedigree else {
            return;
        };
        let at = placed.pointer.member("pedigree");
        for (index, ancestor) in pedigree.ancestors.iter().enumerate() {
            let at = at.member("ancestors").element(index);
            itself(placed.component, ancestor, &at, found);
            unpinned(ancestor, &at, found);
        }
        families.add(placed.component, pedigree, placed.pointer);
    });
    families.circles(found);
}

/// An ancestor is something else than what was made from it. A patched copy may keep name
/// and version; with the same package URL or the same bytes it is no copy.
fn itself(component: &Component<'_>, ancestor: &Component<'_>, at: &Pointer, found: &mut Found) {
    let (by, value) = if let Some(purl) = &component.purl
        && component.purl == ancestor.purl
        && component.version == ancestor.version
    {
        ("package URL", quote(purl))
    } else if let Some(digest) = common_digest(component, ancestor) {
        ("digest", quote(digest))
    } else {
        return;
    };
    found.add(at, DefectKind::AncestorIsItself { by, value });
}

/// A digest that both have. MD5 and SHA-1 count as well: whoever copied them did not make
/// a collision.
fn common_digest<'b>(component: &'b Component<'_>, ancestor: &Component<'_>) -> Option<&'b str> {
    component.hashes.iter().take(MOST_DIGESTS).find_map(|own| {
        let content = own.content.as_deref()?;
        let mut theirs = ancestor.hashes.iter().take(MOST_DIGESTS);
        theirs
            .any(|hash| {
                hash.alg == own.alg
                    && hash
                        .content
                        .as_deref()
                        .is_some_and(|known| known.eq_ignore_ascii_case(content))
            })
            .then_some(content)
    })
}

/// An ancestor is pinned by a version or by a digest, wherever they stand.
fn unpinned(ancestor: &Component<'_>, at: &Pointer, found: &mut Found) {
    let version = ancestor
        .version
        .as_deref()
        .is_some_and(|version| !version.is_empty());
    let package = ancestor
        .purl
        .as_deref()
        .is_some_and(|purl| purl.contains('@') || purl.contains("checksum="));
    let digest = !ancestor.hashes.is_empty()
        || ancestor
            .components
            .iter()
            .any(|part| !part.hashes.is_empty())
        || ancestor
            .external_references
            .iter()
            .any(|there| !there.hashes.is_empty());
    let commit = ancestor
        .pedigree
        .as_ref()
        .is_some_and(|known| !known.commits.is_empty());
    if !(version || package || digest || commit || !ancestor.swhid.is_empty()) {
        let name = quote(ancestor.name.as_deref().unwrap_or_default());
        found.add(at, DefectKind::AncestorUnpinned { name });
    }
}

/// What is made from what, over the whole document. Components that have the same package
/// URL, or the same name and version, are one.
#[derive(Default)]
struct Families<'a> {
    numbers: HashMap<Key<'a>, usize>,
    made_from: Vec<Vec<usize>>,
    first: Vec<(Pointer, String)>,
}

#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Package(Cow<'a, str>),
    Named([Option<Cow<'a, str>>; 4]),
}

impl<'a> Key<'a> {
    fn of(component: &Component<'a>) -> Option<Self> {
        if let Some(purl) = &component.purl
            && purl.contains('@')
        {
            return Some(Self::Package(purl.clone()));
        }
        let version = component
            .version
            .clone()
            .filter(|version| !version.is_empty())?;
        let name = component.name.clone()?;
        Some(Self::Named([
            component.kind.clone(),
            component.group.clone(),
            Some(name),
            Some(version),
        ]))
    }
}

impl<'a> Families<'a> {
    fn number(&mut self, component: &Component<'a>, at: &Pointer) -> Option<usize> {
        let next = self.made_from.len();
        let number = *self.numbers.entry(Key::of(component)?).or_insert(next);
        if number == next {
            self.made_from.push(Vec::new());
            let name = component.name.as_deref().unwrap_or_default();
            self.first.push((at.clone(), quote(name)));
        }
        Some(number)
    }

    fn add(&mut self, component: &Component<'a>, pedigree: &Pedigree<'a>, at: &Pointer) {
        let Some(own) = self.number(component, at) else {
            return;
        };
        for ancestor in &pedigree.ancestors {
            if let Some(ancestor) = self.number(ancestor, at)
                && let Some(list) = self.made_from.get_mut(own)
            {
                list.push(ancestor);
            }
        }
        for descendant in &pedigree.descendants {
            let descendant = self.number(descendant, at);
            if let Some(list) = descendant.and_then(|number| self.made_from.get_mut(number)) {
                list.push(own);
            }
        }
    }

    fn circles(&self, found: &mut Found) {
        for members in cycles(&self.made_from) {
            let first = members.first().and_then(|number| self.first.get(*number));
            if let Some((at, name)) = first {
                let kind = DefectKind::PedigreeCycle {
                    members: members.len(),
                    name: name.clone(),
                };
                found.add(&at.member("pedigree"), kind);
            }
        }
    }
}
