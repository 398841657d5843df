//! Package URLs, and the addresses that say the same.

use bonafide_bom::purl::{HubKind, HubReference, HubRepository, PackageUrl, Purl, VcsReference};

use super::shown;

/// Any text as a package URL, as an address of the Hub, as one of a repository.
///
/// - The canonical form is read, is equal, and is its own canonical form.
/// - No path leads elsewhere.
/// - Both what is read and a refusal can be printed.
pub fn purl(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    match Purl::parse(text) {
        Ok(package) => is_fit(&package),
        Err(error) => shown::text(&error.to_string()),
    }
    match HubReference::parse(text) {
        Ok(reference) => {
            is_a_repository(&reference.repository);
            shown::text(&reference.revision.to_string());
            is_below(reference.path.as_deref());
        }
        Err(error) => shown::text(&error.to_string()),
    }
    match VcsReference::parse(text) {
        Ok(reference) => {
            shown::text(&reference.revision.to_string());
            is_below(reference.path.as_deref());
        }
        Err(error) => shown::text(&error.to_string()),
    }
    for kind in [HubKind::Model, HubKind::Dataset, HubKind::Space] {
        match HubRepository::parse(kind, text) {
            Ok(repository) => {
                is_a_repository(&repository);
                assert_eq!(repository.kind, kind);
            }
            Err(error) => shown::text(&error.to_string()),
        }
    }
}

fn is_a_repository(repository: &HubRepository) {
    shown::text(&repository.to_string());
    let again = HubRepository::parse(repository.kind, &repository.name);
    assert_eq!(again.as_ref(), Ok(repository));
}

fn is_below(path: Option<&str>) {
    let leaves = path.is_some_and(|path| {
        path.starts_with('/')
            || path
                .split(['/', '\\'])
                .any(|segment| matches!(segment, "." | ".."))
    });
    assert!(!leaves, "{path:?}");
}

fn is_fit(package: &PackageUrl) {
    shown::text(&package.to_string());
    shown::text(&package.revision().to_string());
    is_below(package.path().as_deref());
    if let Some(Ok(repository)) = package.hub_repository() {
        is_a_repository(&repository);
    }
    if let Some(Err(error)) = package.vcs_url() {
        shown::text(&error.to_string());
    }
    let canonical = package.canonical();
    let again = Purl::parse(&canonical)
        .unwrap_or_else(|error| panic!("canonical, but refused: {canonical}: {error}"));
    assert_eq!(again.canonical(), canonical, "not a fixed point");
    assert_eq!(&again, package);
    assert_eq!(again.revision(), package.revision());
    assert_eq!(again.checksums, package.checksums);
    assert_eq!(again.hub_repository(), package.hub_repository());
    assert!(again.names_same_package(package));
}
