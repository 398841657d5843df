//! Package URLs, and what the component says beside them.

use super::defects::{Found, quote};
use super::digests;
use super::kind::DefectKind;
use super::revisions;
use crate::json::Pointer;
use crate::purl::{PackageUrl, Purl};
use crate::view::Component;

/// Longest name that is compared.
const LONGEST: usize = 8 * 1024;

/// Types whose version is a revision or a digest, beside which a component has a version of
/// its own.
const BY_REVISION: [&str; 8] = [
    "huggingface",
    "github",
    "gitlab",
    "bitbucket",
    "oci",
    "docker",
    "mlflow",
    "golang",
];

pub(super) fn examine(component: &Component<'_>, pointer: &Pointer, found: &mut Found) {
    let Some(text) = component.purl.as_deref() else {
        return;
    };
    let at = || pointer.member("purl");
    let package = match Purl::parse(text) {
        Ok(package) => package,
        Err(reason) => {
            let purl = quote(text);
            let reason = quote(&reason.to_string());
            found.add(&at(), DefectKind::PackageUrlInvalid { purl, reason });
            return;
        }
    };
    version(&package, component, at, found);
    name(&package, component, at, found);
    revisions::of_package(&package.package_type, package.version.as_deref(), at, found);
    if let Some(checksum) = package.qualifiers.get("checksum") {
        digests::against_checksum(component, checksum, pointer, found);
    }
}

fn version(
    package: &PackageUrl,
    component: &Component<'_>,
    at: impl FnOnce() -> Pointer,
    found: &mut Found,
) {
    let (Some(purl), Some(stated)) = (package.version.as_deref(), component.version.as_deref())
    else {
        return;
    };
    if purl == stated {
        return;
    }
    let commits = revisions::is_commit(purl) && revisions::is_commit(stated);
    if BY_REVISION.contains(&package.package_type.as_str()) && !commits {
        return;
    }
    let plain = |version: &'_ str| version.trim_start_matches(['v', 'V']).to_ascii_lowercase();
    let (one, other) = (plain(purl), plain(stated));
    // An epoch stands in a qualifier of the package URL, and before a colon in the version.
    let same = one == other
        || other.rsplit(':').next() == Some(&*one)
        || commits && (one.starts_with(&*other) || other.starts_with(&*one));
    if !same && !purl.is_empty() && !stated.is_empty() {
        let kind = DefectKind::PackageVersionDiffers {
            purl: quote(purl),
            component: quote(stated),
        };
        found.add(&at(), kind);
    }
}

/// Display names are longer and shorter than names of packages; only what has nothing to do
/// with each other is told.
fn name(
    package: &PackageUrl,
    component: &Component<'_>,
    at: impl FnOnce() -> Pointer,
    found: &mut Found,
) {
    let Some(stated) = component.name.as_deref() else {
        return;
    };
    if package.name == stated {
        return;
    }
    let plain = |name: &str| -> String {
        name.chars()
            .filter(|character| character.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .take(LONGEST)
            .collect()
    };
    let ours = plain(stated);
    let namespace = package.namespace.join("/");
    let subpath = package.subpath.join("/");
    let theirs = [
        Some(&*package.name),
        Some(&*namespace).filter(|text| !text.is_empty()),
        Some(&*subpath).filter(|text| !text.is_empty()),
    ];
    let related = theirs.into_iter().flatten().map(plain).any(|theirs| {
        theirs.is_empty() || ours.is_empty() || theirs.contains(&ours) || ours.contains(&theirs)
    });
    if !related {
        let kind = DefectKind::PackageNameDiffers {
            purl: quote(&package.name),
            component: quote(stated),
        };
        found.add(&at(), kind);
    }
}
