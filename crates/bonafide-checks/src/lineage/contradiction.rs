//! What cannot be so of a link: sources that exclude each other, or the bytes at hand.

use std::collections::{BTreeMap, HashSet};

use bonafide_core::{Digest, RawName, RelationClass, RevisionPin};

use super::account::{LISTED, Link, Material, Origin, Provenance, Thing};
use super::graph::Family;
use super::reference::Reference;

/// Why a link cannot be as it is said, and who shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Contradiction {
    pub(super) source: RawName,
    pub(super) pointer: Option<String>,
    pub(super) says: String,
}

/// Everything that is said of one pair of artifacts.
pub(super) struct Pair<'f> {
    pub(super) child: usize,
    pub(super) parent: usize,
    /// The links, with the relative whose account has them.
    pub(super) links: Vec<(usize, &'f Link)>,
}

impl Family<'_> {
    /// What speaks against a pair.
    pub(super) fn contradictions(&self, pair: &Pair<'_>) -> Vec<Contradiction> {
        let mut found = Vec::new();
        self.bytes(pair, &mut found);
        self.commits(pair, &mut found);
        self.statements(pair, &mut found);
        self.adapters(pair, &mut found);
        found.sort();
        found.dedup();
        found.truncate(LISTED);
        found
    }

    /// A digest that is said to be the parent's, and that the parent at hand has not.
    fn bytes(&self, pair: &Pair<'_>, found: &mut Vec<Contradiction>) {
        let Some((owner, parent)) = self.relative_of(pair.parent) else {
            return;
        };
        let mut seen = HashSet::new();
        for (relative, link) in &pair.links {
            if *relative == owner || !seen.insert((relative, link.parent)) {
                continue;
            }
            let Some(thing) = self.thing(*relative, link.parent) else {
                continue;
            };
            let strong = |digest: &&Digest| digest.algorithm().is_strong();
            for digest in thing.digests.iter().filter(strong) {
                if parent.measured.knows(digest.algorithm()) && !parent.measured.has(digest) {
                    found.push(by_thing(
                        thing,
                        link,
                        format!(
                            "gives it {digest}, which neither `{}` nor any file of it has",
                            parent.name
                        ),
                    ));
                }
            }
            for (name, digest) in &thing.files {
                let Some(measured) = parent.measured.file(name, digest.algorithm()) else {
                    continue;
                };
                if measured != *digest {
                    found.push(by_thing(
                        thing,
                        link,
                        format!(
                            "gives its file `{}` {digest}, which in `{}` has {measured}",
                            bonafide_bom::excerpt(name, 120),
                            parent.name
                        ),
                    ));
                }
            }
        }
    }

    /// Whole commits of one parent that are not one.
    fn commits(&self, pair: &Pair<'_>, found: &mut Vec<Contradiction>) {
        let mut first: BTreeMap<usize, (String, RawName)> = BTreeMap::new();
        let mut pins: Vec<(String, RawName, Option<String>)> = Vec::new();
        for (_, link) in &pair.links {
            if let RevisionPin::Commit(commit) = &link.pin {
                pins.push((commit.clone(), link.source.clone(), link.pointer.clone()));
            }
        }
        for material in self.materials_of(pair) {
            if let RevisionPin::Commit(commit) = &material.1.pin {
                let pointer = Some(material.1.pointer.clone());
                pins.push((commit.clone(), material.0.source.clone(), pointer));
            }
        }
        if let Some((_, parent)) = self.relative_of(pair.parent)
            && let Some(own) = parent.account.things.first()
            && let RevisionPin::Commit(commit) = &own.pin
            && !pins.is_empty()
        {
            pins.push((commit.clone(), parent.name.clone(), None));
        }
        for (commit, source, pointer) in pins {
            // SHA-1 and SHA-256 ids of one commit differ.
            let (known, by) = first
                .entry(commit.len())
                .or_insert_with(|| (commit.clone(), source.clone()));
            if *known != commit {
                let says = format!("is at commit {commit} here, and at {known} by `{by}`");
                found.push(Contradiction {
                    source,
                    pointer,
                    says,
                });
            }
        }
    }

    /// Verified statements about the child, with what of the parent they name.
    fn materials_of(&self, pair: &Pair<'_>) -> Vec<(&Provenance, &Material)> {
        let mut found = Vec::new();
        for heard in self.heard(pair.child) {
            let materials = heard.named.get(&pair.parent).into_iter().flatten();
            found.extend(materials.map(|material| (heard.statement, *material)));
            found.truncate(LISTED);
        }
        found
    }

    /// Signed provenance of this very artifact that names the parent with another digest,
    /// or names what went in and not the parent.
    fn statements(&self, pair: &Pair<'_>, found: &mut Vec<Contradiction>) {
        let named = self.materials_of(pair);
        let parent = self.relative_of(pair.parent);
        for (statement, material) in &named {
            let strong = || {
                material
                    .digests
                    .iter()
                    .filter(|digest| digest.algorithm().is_strong())
            };
            if let Some((_, parent)) = parent {
                let by_name = material.path.as_deref().into_iter().flat_map(|path| {
                    strong().filter_map(move |digest| {
                        let measured = parent.measured.file(path, digest.algorithm())?;
                        (measured != *digest).then_some((*digest, measured))
                    })
                });
                for (digest, measured) in by_name {
                    found.push(by_statement(
                        statement,
                        material,
                        format!(
                            "signed provenance says that `{}` had {digest}; in `{}` it has {measured}",
                            material.shown, parent.name
                        ),
                    ));
                }
                let absent = strong().find(|digest| {
                    parent.measured.knows(digest.algorithm()) && !parent.measured.has(digest)
                });
                let present = named
                    .iter()
                    .flat_map(|(_, material)| &material.digests)
                    .any(|digest| parent.measured.has(digest));
                if let (Some(digest), false) = (absent, present) {
                    found.push(by_statement(
                        statement,
                        material,
                        format!(
                            "signed provenance says that {digest} went in as `{}`, which neither `{}` nor any file of it has",
                            material.shown, parent.name
                        ),
                    ));
                }
                continue;
            }
            // Without the parent's bytes, digests of one kind can only be compared.
            for (relative, link) in pair.links.iter().take(LISTED) {
                let Some(thing) = self.thing(*relative, link.parent) else {
                    continue;
                };
                let of_statement = named.iter().flat_map(|(_, material)| &material.digests);
                let known: HashSet<&Digest> = of_statement.collect();
                let other = thing.digests.iter().find(|digest| {
                    strong().any(|stated| stated.algorithm() == digest.algorithm())
                        && !known.contains(digest)
                        && !thing.digests.iter().any(|digest| known.contains(digest))
                });
                if let (Some(other), Some(stated)) = (other, strong().next()) {
                    found.push(by_statement(
                        statement,
                        material,
                        format!(
                            "signed provenance says that {stated} went in as `{}`, and `{}` gives it {other}",
                            material.shown, link.source
                        ),
                    ));
                }
            }
        }
        self.left_out(pair, found);
    }

    /// A base model that provenance leaves out, where it names models or data, and
    /// nothing of which it cannot be told what it is.
    fn left_out(&self, pair: &Pair<'_>, found: &mut Vec<Contradiction>) {
        let declared = pair.links.iter().find(|(_, link)| {
            link.relation.class() == RelationClass::Derivation
                && matches!(
                    link.origin,
                    Origin::Document | Origin::Card | Origin::Adapter
                )
        });
        let Some((_, link)) = declared else {
            return;
        };
        let mut silent = None;
        for heard in self.heard(pair.child) {
            if heard.named.contains_key(&pair.parent) || heard.by_bytes.contains(&pair.parent) {
                return;
            }
            if heard.tells && !heard.is_unclear && heard.statement.subject.is_some() {
                silent = Some(heard.statement);
            }
        }
        if let Some(statement) = silent {
            found.push(Contradiction {
                source: statement.source.clone(),
                pointer: None,
                says: format!(
                    "signed provenance lists the models and data that went in, and leaves out what `{}` {}",
                    link.source, link.says
                ),
            });
        }
    }

    /// An adapter is for one base model, and all sources name the same.
    fn adapters(&self, pair: &Pair<'_>, found: &mut Vec<Contradiction>) {
        for (relative, link) in &pair.links {
            if link.origin != Origin::Adapter || link.child != 0 {
                continue;
            }
            let Some(account) = self.relatives.get(*relative).map(|one| &one.account) else {
                continue;
            };
            let others: Vec<&Link> = account
                .links
                .iter()
                .filter(|other| {
                    other.child == 0
                        && other.relation.class() == RelationClass::Derivation
                        && matches!(other.origin, Origin::Document | Origin::Card)
                })
                .collect();
            let named = self.thing(*relative, link.parent);
            let is_local = named.is_some_and(|thing| {
                thing
                    .identifiers
                    .iter()
                    .all(|text| Reference::is_local(text))
            });
            let agrees = others
                .iter()
                .any(|other| self.groups.of_thing(*relative, other.parent) == pair.parent);
            if let (Some(other), false, false) = (others.first(), agrees, is_local) {
                found.push(Contradiction {
                    source: link.source.clone(),
                    pointer: link.pointer.clone(),
                    says: format!("{}, and `{}` {}", link.says, other.source, other.says),
                });
            }
        }
    }
}

fn by_thing(thing: &Thing, link: &Link, says: String) -> Contradiction {
    // Where the digest stands: in what describes the artifact, not in what names it.
    let mention = thing
        .sources
        .iter()
        .find(|mention| mention.source == link.source)
        .or(thing.sources.first());
    Contradiction {
        source: mention.map_or_else(|| link.source.clone(), |mention| mention.source.clone()),
        pointer: mention.and_then(|mention| mention.pointer.clone()),
        says,
    }
}

fn by_statement(statement: &Provenance, material: &Material, says: String) -> Contradiction {
    Contradiction {
        source: statement.source.clone(),
        pointer: Some(material.pointer.clone()),
        says,
    }
}
