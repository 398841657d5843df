//! Identity of a component: name, version, identifier, producer, description, time.

use bonafide_core::assessment::Evidence;
use jiff::Timestamp;

use super::document::{metadata, organization, signed_by};
use super::{alike, base, said};
use crate::excerpt;
use crate::json::Pointer;
use crate::profile::examined::{Examined, Located};
use crate::profile::judged::{Judged, quote};
use crate::purl::{HubReference, Purl, Revision};

/// The name, held against the package URL and the artifact.
pub(in crate::profile) fn name(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    let Some(name) = said(located.component.name.as_deref()) else {
        return Judged::missing_at(&located.pointer, "no name");
    };
    let at = located.at("name");
    if let Some(package) = located.package()
        && alike(base(&package.name), base(name))
    {
        return x.consistent(
            format!("{} is also the name in its package URL", quote(name)),
            vec![at, located.at("purl")],
        );
    }
    let facts = x.facts(located);
    let snapshot = facts.and_then(|facts| facts.snapshot.as_ref());
    if let Some(snapshot) = snapshot
        && alike(base(&snapshot.repository.name), base(name))
    {
        return x.consistent(
            format!("{} is also the name of the repository", quote(name)),
            vec![at],
        );
    }
    let card = facts.and_then(|facts| facts.card.as_ref());
    let in_card = card.and_then(|card| card.model_name.as_deref());
    if in_card.is_some_and(|known| alike(known, name)) {
        return x.consistent(
            format!("{} is also the name in the artifact's README", quote(name)),
            vec![at],
        );
    }
    x.declared(format!("{}; nothing else says so", quote(name)), vec![at])
}

/// The version, held against the package URL and the commit of the artifact.
pub(in crate::profile) fn version(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    let Some(version) = said(located.component.version.as_deref()) else {
        return Judged::missing_at(&located.pointer, "no version");
    };
    let at = located.at("version");
    let commit = x.facts(located).and_then(|facts| facts.snapshot.as_ref());
    if let (Some(snapshot), Revision::Commit(stated)) = (commit, Revision::of_git(version)) {
        return if snapshot.commit == stated {
            x.consistent(
                format!("commit {}, as its folder is named", quote(version)),
                vec![at],
            )
        } else {
            Judged::new(
                Evidence::Contradicted,
                format!(
                    "commit {}, but the folder is that of another commit",
                    quote(version)
                ),
                vec![at],
            )
        };
    }
    let package = located.package();
    let in_package = package.and_then(|package| package.version);
    if in_package.is_some_and(|known| known.eq_ignore_ascii_case(version)) {
        return x.consistent(
            format!("{} is also the version in its package URL", quote(version)),
            vec![at, located.at("purl")],
        );
    }
    let commits = located
        .component
        .pedigree
        .iter()
        .flat_map(|known| &known.commits);
    if Revision::of_git(version).is_pinned()
        && commits
            .filter_map(|commit| commit.uid.as_deref())
            .any(|uid| uid.eq_ignore_ascii_case(version))
    {
        return x.consistent(
            format!("{} is also a commit of its pedigree", quote(version)),
            vec![at],
        );
    }
    x.declared(
        format!("{}; nothing else says so", quote(version)),
        vec![at],
    )
}

/// Identifiers that mean something outside of the document.
pub(in crate::profile) fn identifier(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    let component = located.component;
    let Some(text) = said(component.purl.as_deref()) else {
        let other = [
            (component.swhid.first(), "swhid", "SWHID"),
            (component.omnibor_id.first(), "omniborId", "OmniBOR id"),
            (component.cpe.as_ref(), "cpe", "CPE name"),
        ];
        return match other
            .into_iter()
            .find_map(|(id, member, kind)| Some((id?, member, kind)))
        {
            Some((id, member, kind)) => x.declared(
                format!("{kind} {}, and no package URL", quote(id)),
                vec![located.at(member)],
            ),
            None => Judged::missing_at(&located.pointer, "no package URL, CPE name or SWHID"),
        };
    };
    let at = located.at("purl");
    let package = match Purl::parse(text) {
        Ok(package) => package,
        Err(error) => {
            return Judged::new(
                Evidence::Contradicted,
                format!("{} is no package URL: {error}", quote(text)),
                vec![at],
            );
        }
    };
    let repository = package.hub_repository().and_then(Result::ok);
    let revision = package.revision();
    let facts = x.facts(located);
    if let (Some(snapshot), Some(repository)) = (
        facts.and_then(|facts| facts.snapshot.as_ref()),
        repository.as_ref(),
    ) {
        let same = snapshot.repository == *repository;
        return match revision {
            Revision::Commit(commit) if same && commit == snapshot.commit => x.consistent(
                format!("{} names repository and commit of the folder", quote(text)),
                vec![at],
            ),
            Revision::Commit(_) if same => Judged::new(
                Evidence::Contradicted,
                format!(
                    "{} names another commit than the folder, {}",
                    quote(text),
                    data_encoding::HEXLOWER.encode(&snapshot.commit)
                ),
                vec![at],
            ),
            _ if same => x.consistent(
                format!("{} names the repository of the folder", quote(text)),
                vec![at],
            ),
            _ => Judged::new(
                Evidence::Contradicted,
                format!(
                    "{} names another repository than the folder, {}",
                    quote(text),
                    excerpt(&snapshot.repository.to_string(), 100)
                ),
                vec![at],
            ),
        };
    }
    let references = component.external_references.iter();
    let leads_there = |reference: &HubReference| {
        repository.as_ref() == Some(&reference.repository)
            && (!reference.revision.is_pinned()
                || !revision.is_pinned()
                || reference.revision == revision)
    };
    let confirmed = references
        .filter_map(|reference| HubReference::parse(reference.url.as_deref()?).ok())
        .any(|reference| leads_there(&reference));
    let commits = component.pedigree.iter().flat_map(|known| &known.commits);
    let commit = revision.commit();
    let committed = commit.is_some()
        && commits
            .filter_map(|commit| commit.uid.as_deref())
            .any(|uid| commit.as_deref() == Some(uid));
    if confirmed || committed {
        let what = if confirmed {
            "one of its addresses leads to the same repository"
        } else {
            "its pedigree names the same commit"
        };
        return x.consistent(format!("{}, and {what}", quote(text)), vec![at]);
    }
    x.declared(format!("{}; nothing else says so", quote(text)), vec![at])
}

/// Who made or provided it.
pub(in crate::profile) fn producer(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    let component = located.component;
    let about_subject = x
        .subject()
        .is_some_and(|subject| subject.pointer == located.pointer);
    let known = x.bom.metadata.as_deref().filter(|_| about_subject);
    let author = component
        .authors
        .iter()
        .find_map(|author| said(author.name.as_deref()).or(said(author.email.as_deref())));
    let named: [(Option<&str>, Pointer); 7] = [
        (
            organization(component.supplier.as_ref()),
            located.at("supplier"),
        ),
        (
            organization(component.manufacturer.as_ref()),
            located.at("manufacturer"),
        ),
        (author, located.at("authors")),
        (said(component.author.as_deref()), located.at("author")),
        (
            said(component.publisher.as_deref()),
            located.at("publisher"),
        ),
        (
            known.and_then(|known| organization(known.supplier.as_ref())),
            metadata("supplier"),
        ),
        (
            known.and_then(|known| organization(known.manufacture.as_ref())),
            metadata("manufacture"),
        ),
    ];
    let found = named.into_iter().find_map(|(name, at)| Some((name?, at)));
    let Some((name, at)) = found else {
        return Judged::missing_at(
            &located.pointer,
            match component.group.as_deref() {
                Some(group) => format!("no producer; only the namespace {}", quote(group)),
                None => "no producer".to_owned(),
            },
        );
    };
    if let Some(signer) = signed_by(x, name) {
        return x.consistent(
            format!(
                "{}, who signed the document as {}",
                quote(name),
                excerpt(signer, 80)
            ),
            vec![at],
        );
    }
    let package = located.package();
    let namespace = package
        .as_ref()
        .and_then(|package| package.namespace.last());
    if namespace.is_some_and(|namespace| alike(namespace, name)) {
        return x.consistent(
            format!("{} is also the owner in its package URL", quote(name)),
            vec![at, located.at("purl")],
        );
    }
    x.declared(format!("{}; nothing else says so", quote(name)), vec![at])
}

/// What it is.
pub(in crate::profile) fn description(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    match said(located.component.description.as_deref()) {
        Some(text) => x.declared(quote(text), vec![located.at("description")]),
        None => Judged::missing_at(&located.pointer, "no description"),
    }
}

/// What kind of component it is.
pub(in crate::profile) fn kind(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    let Some(kind) = said(located.component.kind.as_deref()) else {
        return Judged::missing_at(&located.pointer, "no type");
    };
    let at = located.at("type");
    let card = located.component.model_card.is_some();
    if kind == "machine-learning-model" && card {
        return x.consistent(format!("{}, with a model card", quote(kind)), vec![at]);
    }
    x.declared(quote(kind), vec![at])
}

/// When it was released or last changed.
pub(in crate::profile) fn released(x: &Examined<'_>, located: &Located<'_>) -> Judged {
    let component = located.component;
    let notes = component.release_notes.as_deref();
    let commits = component.pedigree.iter().flat_map(|known| &known.commits);
    let committed = commits
        .filter_map(|commit| commit.committer.as_ref()?.timestamp.as_deref())
        .next_back();
    let property = component.properties.iter().position(|property| {
        let name = property.name.as_deref().unwrap_or_default();
        let name = name.rsplit(':').next().unwrap_or(name);
        [
            "releaseTime",
            "builtTime",
            "released",
            "lastModified",
            "createdAt",
        ]
        .iter()
        .any(|known| alike(known, name))
    });
    let found = notes
        .and_then(|notes| Some((notes.timestamp.as_deref()?, located.at("releaseNotes"))))
        .or_else(|| committed.map(|time| (time, located.at("pedigree").member("commits"))))
        .or_else(|| {
            let index = property?;
            let value = component.properties.get(index)?.value.as_deref()?;
            Some((value, located.at("properties").element(index)))
        });
    let Some((text, at)) = found else {
        return Judged::missing_at(&located.pointer, "no time of release or of a commit");
    };
    if text.parse::<Timestamp>().is_err() && text.parse::<jiff::civil::Date>().is_err() {
        return Judged::new(
            Evidence::Contradicted,
            format!("{} is no time", quote(text)),
            vec![at],
        );
    }
    x.declared(format!("{}; nothing else says so", quote(text)), vec![at])
}
