//! Addresses and paths: whether others can follow them, and where they lead.

use super::defects::{Found, quote};
use super::kind::DefectKind;
use super::references::unescaped;
use crate::json::Pointer;
use crate::view::{Bom, Component, ExternalReference, Service};

pub(super) fn examine(bom: &Bom<'_>, found: &mut Found) {
    of_list(&bom.external_references, &Pointer::root(), found);
    bom.walk(|placed| {
        of_list(&placed.component.external_references, placed.pointer, found);
        paths(placed.component, placed.pointer, found);
    });
    services(&bom.services, &Pointer::root(), found);
}

/// Nesting is bounded by the admission of the document.
fn services(services: &[Service<'_>], pointer: &Pointer, found: &mut Found) {
    if services.is_empty() {
        return;
    }
    let list = pointer.member("services");
    for (index, service) in services.iter().enumerate() {
        let at = list.element(index);
        of_list(&service.external_references, &at, found);
        for (place, endpoint) in service.endpoints.iter().enumerate() {
            secret(endpoint, || at.member("endpoints").element(place), found);
        }
        self::services(&service.services, &at, found);
    }
}

fn of_list(references: &[ExternalReference<'_>], pointer: &Pointer, found: &mut Found) {
    for (index, reference) in references.iter().enumerate() {
        if let Some(url) = reference.url.as_deref() {
            let at = || {
                let list = pointer.member("externalReferences");
                list.element(index).member("url")
            };
            address(url, at, found);
        }
    }
}

/// The scheme of an absolute address (RFC 3986 §3.1). One letter is a drive.
fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    let mut bytes = scheme.bytes();
    let first = bytes.next()?.is_ascii_alphabetic();
    let rest = bytes.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    (first && rest && scheme.len() > 1).then_some(scheme)
}

/// A drive of Windows, a share, or a path from the root.
fn is_local_path(text: &str) -> bool {
    let mut bytes = text.bytes();
    let drive = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && bytes.next() == Some(b':')
        && matches!(bytes.next(), Some(b'/' | b'\\'));
    let root = text.starts_with('/') && !text.starts_with("//");
    drive || root || text.starts_with('\\') || text.starts_with("~/")
}

fn climbs(path: &str) -> bool {
    path.split(['/', '\\']).any(|step| step == "..")
}

fn address(url: &str, at: impl Fn() -> Pointer, found: &mut Found) {
    secret(url, &at, found);
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let scheme = scheme(url);
    let shown = || quote(url);
    if scheme != Some("urn") && (climbs(path) || path.contains('%') && climbs(&unescaped(path))) {
        found.add(&at(), DefectKind::AddressEscapes { address: shown() });
    } else if scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("file")) || is_local_path(url)
    {
        found.add(&at(), DefectKind::AddressLocal { address: shown() });
    } else if scheme.is_none() && !is_secure_copy(url) {
        found.add(&at(), DefectKind::AddressRelative { address: shown() });
    }
}

/// `git@host:path`, which Git takes for an address.
fn is_secure_copy(url: &str) -> bool {
    url.split_once(':')
        .and_then(|(before, _)| before.split_once('@'))
        .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !host.contains('/'))
}

/// A password in the user information (RFC 3986 §3.2.1).
fn secret(url: &str, at: impl Fn() -> Pointer, found: &mut Found) {
    let Some((_, rest)) = url.split_once("://") else {
        return;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if let Some((user, host)) = authority.rsplit_once('@')
        && user
            .split_once(':')
            .is_some_and(|(_, password)| !password.is_empty())
    {
        let host = quote(host);
        found.add(&at(), DefectKind::AddressHoldsSecret { host });
    }
}

/// Files of the artifact, and places where they were found, are below its root.
fn paths(component: &Component<'_>, pointer: &Pointer, found: &mut Found) {
    if component.kind.as_deref() == Some("file")
        && let Some(name) = component.name.as_deref()
        && (climbs(name) || is_local_path(name))
    {
        let address = quote(name);
        found.add(
            &pointer.member("name"),
            DefectKind::AddressEscapes { address },
        );
    }
    let Some(evidence) = &component.evidence else {
        return;
    };
    for (index, occurrence) in evidence.occurrences.iter().enumerate() {
        let location = occurrence.location.as_deref().unwrap_or_default();
        if climbs(location) {
            let address = quote(location);
            let at = pointer.member("evidence").member("occurrences");
            let at = at.element(index).member("location");
            found.add(&at, DefectKind::AddressEscapes { address });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slugs(url: &str) -> Vec<&'static str> {
        let mut found = Found::default();
        address(url, Pointer::root, &mut found);
        let list = found.into_list();
        list.iter().map(|defect| defect.kind.slug()).collect()
    }

    #[test]
    fn judges_addresses() {
        for good in [
            "https://example.com/a/b?c=../d",
            "git@github.com:org/name.git",
            "urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1",
            "mailto:a@example.com",
            "git+ssh://git@github.com/org/name",
        ] {
            assert_eq!(slugs(good), [""; 0], "{good}");
        }
        for (bad, slug) in [
            ("file:///home/u/model.bin", "address-local"),
            ("/models/a", "address-local"),
            ("C:\\models\\a", "address-local"),
            ("~/a", "address-local"),
            ("model.safetensors", "address-relative"),
            ("./a", "address-relative"),
            ("../a", "address-escapes"),
            ("https://example.com/a/%2e%2e/b", "address-escapes"),
            ("https://u:p@example.com/", "address-holds-secret"),
        ] {
            assert_eq!(slugs(bad), [slug], "{bad}");
        }
    }
}
