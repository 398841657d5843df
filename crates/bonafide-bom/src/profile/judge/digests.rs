//! Digests, which bytes prove or refute.

use bonafide_core::assessment::Evidence;

use crate::claimed_digest::ClaimedDigest;
use crate::json::Pointer;
use crate::profile::evidence::{ByteEvidence, DigestStrength};
use crate::profile::examined::{DigestEntry, DigestPlace, Examined, Located};
use crate::profile::judged::{Judged, counted};
use crate::view::{Component, IdentityEvidence};

/// What all digests of a component come to.
#[derive(Default)]
struct Account<'d> {
    /// Bytes have another digest, or are not there.
    refuted: Option<(&'d Pointer, String)>,
    malformed: Option<(&'d Pointer, String)>,
    strong: usize,
    weak: usize,
    open: usize,
    /// Why some were not compared.
    because: Option<&'d str>,
    without: usize,
    /// A digest of the whole tree was found right.
    whole: bool,
    /// Only MD5 and SHA-1 stand there.
    only_weak: usize,
    pointers: Vec<Pointer>,
}

impl<'d> Account<'d> {
    fn of(entries: impl Iterator<Item = (&'d Pointer, &'d DigestEntry<'d>)>) -> Self {
        let entries: Vec<_> = entries.collect();
        let own = entries
            .iter()
            .any(|(_, entry)| entry.place != DigestPlace::Reference && !entry.digests.is_empty());
        let mut account = Self::default();
        for (pointer, entry) in entries {
            // What an address leads to may be packed otherwise than what is here.
            let beside = entry.place == DigestPlace::Reference && own;
            account.add(pointer, entry, beside);
        }
        account
    }

    fn add(&mut self, pointer: &'d Pointer, entry: &'d DigestEntry<'d>, beside: bool) {
        if entry.digests.is_empty() {
            self.without += usize::from(entry.place == DigestPlace::Component);
            return;
        }
        self.pointers.push(match entry.place {
            DigestPlace::Component | DigestPlace::Reference => pointer.member("hashes"),
            DigestPlace::Tree => pointer.clone(),
        });
        for digest in &entry.digests {
            if let ClaimedDigest::Malformed { .. } = digest {
                self.malformed.get_or_insert((pointer, digest.to_string()));
            }
        }
        let known = || entry.digests.iter().filter_map(ClaimedDigest::known);
        if !known().any(|digest| digest.algorithm().is_strong()) {
            self.only_weak += 1;
        }
        match entry.bytes {
            Some(ByteEvidence::Differs) => {
                let reason = "the bytes have another digest than the document says".to_owned();
                self.refuted.get_or_insert((pointer, reason));
            }
            Some(ByteEvidence::Missing) => {
                let reason = "the bytes that the document lists are not there".to_owned();
                self.refuted.get_or_insert((pointer, reason));
            }
            Some(ByteEvidence::Equal { strength }) => match strength {
                DigestStrength::Strong => {
                    self.strong += 1;
                    self.whole |= entry.place == DigestPlace::Tree;
                }
                DigestStrength::Weak => self.weak += 1,
            },
            _ if beside => {}
            Some(ByteEvidence::NotCompared { reason }) => {
                self.open += 1;
                self.because.get_or_insert(reason);
            }
            None => self.open += 1,
        }
    }

    const fn total(&self) -> usize {
        self.strong + self.weak + self.open
    }
}

/// Digests of a component's bytes: its own, those of files in it, of what its addresses
/// lead to, of the whole tree.
pub(in crate::profile) fn value(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    let account = Account::of(x.digests(located));
    if let Some((pointer, reason)) = &account.refuted {
        return Judged::new(
            Evidence::Contradicted,
            reason.clone(),
            vec![(*pointer).clone()],
        );
    }
    if let Some((pointer, what)) = &account.malformed {
        return Judged::new(
            Evidence::Contradicted,
            what.clone(),
            vec![(*pointer).clone()],
        );
    }
    let mut pointers = account.pointers.clone();
    confirmations(located.component, &located.pointer, &mut pointers);
    let total = account.total();
    if total == 0 {
        return Judged::missing_at(&located.pointer, "no digest of its bytes");
    }
    if account.whole {
        return x.settle(
            Evidence::Verified,
            "the bytes of the whole tree have the digest",
            pointers,
        );
    }
    if account.without > 0 {
        return x.declared(
            format!(
                "{}, and {} without any",
                counted(total, "digest"),
                counted(account.without, "file")
            ),
            pointers,
        );
    }
    if account.strong == total {
        let what = match total {
            1 => "the bytes have the digest".to_owned(),
            _ => format!("the bytes have all {total} digests"),
        };
        return x.settle(Evidence::Verified, what, pointers);
    }
    if account.open == 0 {
        return x.consistent(
            "the bytes have the digest, but others can be made to have it: MD5 and SHA-1 prove nothing",
            pointers,
        );
    }
    let compared = account.strong + account.weak;
    let why = match account.because {
        Some(reason) => crate::excerpt(reason, 160),
        None => "no bytes were given to compare".to_owned(),
    };
    if compared == 0 {
        x.declared(format!("{}; {why}", counted(total, "digest")), pointers)
    } else {
        x.declared(
            format!("the bytes have {compared} of {total} digests; for the others, {why}"),
            pointers,
        )
    }
}

/// Where else the document tells of digests: package URLs, and how it knows.
fn confirmations(component: &Component<'_>, at: &Pointer, places: &mut Vec<Pointer>) {
    if component
        .purl
        .as_deref()
        .is_some_and(|purl| purl.contains("checksum="))
    {
        places.push(at.member("purl"));
    }
    let identity = component.evidence.as_deref();
    let identity = identity.and_then(|evidence| evidence.identity.as_ref());
    let place = at.member("evidence").member("identity");
    match identity {
        Some(IdentityEvidence::One(_)) => places.push(place.member("methods")),
        Some(IdentityEvidence::Many(list)) => {
            let all = (0..list.len()).map(|index| place.element(index).member("methods"));
            places.extend(all);
        }
        None => {}
    }
    let place = at.member("components");
    for (index, inner) in component.components.iter().enumerate() {
        confirmations(inner, &place.element(index), places);
    }
}

/// Functions of the digests: as good as what was found out with them.
pub(in crate::profile) fn algorithm(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    let judged = value(x, located);
    if matches!(judged.evidence, Evidence::Missing | Evidence::Contradicted) {
        return judged;
    }
    let account = Account::of(x.digests(located));
    let mut names: Vec<String> = x
        .digests(located)
        .flat_map(|(_, entry)| &entry.digests)
        .map(|digest| match digest {
            ClaimedDigest::Known(digest) => digest.algorithm().to_string(),
            ClaimedDigest::NotComputed { algorithm }
            | ClaimedDigest::Malformed { algorithm, .. } => algorithm.clone(),
        })
        .collect();
    names.sort();
    names.dedup();
    names.truncate(6);
    let names = names.join(", ");
    if account.only_weak > 0 {
        return x.declared(
            format!(
                "{names}; {} with nothing stronger",
                counted(account.only_weak, "entry")
            ),
            judged.pointers,
        );
    }
    match judged.evidence {
        Evidence::Verified => x.settle(
            Evidence::Verified,
            format!("{names}, computed again with the same result"),
            judged.pointers,
        ),
        _ => x.consistent(
            format!("{names}, of the length that it gives"),
            judged.pointers,
        ),
    }
}
