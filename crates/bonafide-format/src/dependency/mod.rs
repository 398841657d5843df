//! Software that a model asks for: requirements, environments, manifests and lock files. And
//! what published advisories say of it.

mod advisory;
mod lock;
mod manifest;
mod requirement;
mod version;

pub(crate) use advisory::vulnerable;
pub use advisory::{Advisories, Advisory, AdvisoryError};
pub(crate) use lock::analyse;
pub(crate) use manifest::MANIFEST;
pub(crate) use requirement::REQUIREMENTS;

use std::ops::Range;

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::facts::{Dependency, ReferenceKind};
use crate::path::leads_outside;
use crate::rule::{Confidence, Hazard, Rule};
use crate::visit::Visit;
use version::Specifiers;

pub(crate) const RULES: &[&Rule] = &[
    &UNPINNED,
    &UNHASHED,
    &OTHER_INDEX,
    &KNOWN_INDEX,
    &DIRECT,
    &UNENCRYPTED,
    &UNREADABLE,
    &advisory::VULNERABLE,
    &advisory::POSSIBLY_VULNERABLE,
];

const THREATS: &[ThreatId] = &[ThreatId("DEP-01")];

const UNPINNED: Rule = Rule {
    slug: "requirement-unpinned",
    title: "Package is asked for without an exact version",
    hazard: Hazard::UnpinnedDependency,
    severity: Severity::Low,
    confidence: Confidence::Certain,
    rationale: "Which software runs the model is decided when it is installed, not when it was examined.",
    remediation: "Ask for one version with `==`, and lock what it needs in turn.",
    threats: THREATS,
    cwe: &[1357],
    cve: &[],
    atlas: &["AML.T0010.001"],
};

const UNHASHED: Rule = Rule {
    slug: "requirement-unhashed",
    title: "Packages are asked for without digests",
    hazard: Hazard::UnpinnedDependency,
    severity: Severity::Low,
    confidence: Confidence::Certain,
    rationale: "A version says nothing of the bytes that a package index serves under it.",
    remediation: "Add digests with `pip-compile --generate-hashes`, or ship a lock file.",
    threats: THREATS,
    cwe: &[353, 494],
    cve: &[],
    atlas: &["AML.T0010.001"],
};

const OTHER_INDEX: Rule = Rule {
    slug: "requirement-index",
    title: "Packages are fetched from an index that is not a known one",
    hazard: Hazard::UnpinnedDependency,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "pip takes the highest version of all indexes it knows: whoever runs one of them can replace any \
        package.",
    remediation: "Fetch every package from one index that is trusted, and pin digests.",
    threats: THREATS,
    cwe: &[427, 829],
    cve: &["CVE-2018-20225"],
    atlas: &["AML.T0010.001"],
};

const KNOWN_INDEX: Rule = Rule {
    slug: "requirement-known-index",
    title: "Packages are fetched from the index of a known project as well",
    hazard: Hazard::UnpinnedDependency,
    severity: Severity::Low,
    confidence: Confidence::Certain,
    rationale: "The index is what it says. A package that is on both can still come from either.",
    remediation: "Pin versions and digests.",
    threats: THREATS,
    cwe: &[427],
    cve: &["CVE-2018-20225"],
    atlas: &["AML.T0010.001"],
};

const DIRECT: Rule = Rule {
    slug: "requirement-direct",
    title: "Package is fetched from an address or a branch",
    hazard: Hazard::UnpinnedDependency,
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    rationale: "What is there when it is installed is what runs. No index, version or advisory speaks of it.",
    remediation: "Ask for a released version, or for one commit by its whole digest.",
    threats: THREATS,
    cwe: &[829, 494],
    cve: &[],
    atlas: &["AML.T0010.001"],
};

const UNENCRYPTED: Rule = Rule {
    slug: "requirement-unencrypted",
    title: "Package or index is fetched without encryption, or without a check of the certificate",
    hazard: Hazard::UnpinnedDependency,
    severity: Severity::High,
    confidence: Confidence::Certain,
    rationale: "Whoever is on the way can put other software in its place, which is run when it is installed.",
    remediation: "Fetch over https, and remove `--trusted-host`.",
    threats: THREATS,
    cwe: &[319, 295],
    cve: &[],
    atlas: &["AML.T0010.001"],
};

const UNREADABLE: Rule = Rule {
    slug: "requirement-unreadable",
    title: "Manifest or lock file cannot be parsed",
    hazard: Hazard::UnpinnedDependency,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "Which software it asks for is not known.",
    remediation: "Correct the file, or remove it.",
    threats: THREATS,
    cwe: &[20],
    cve: &[],
    atlas: &["AML.T0010.001"],
};

/// Hosts of indexes that well-known projects run for packages that are not on PyPI.
const KNOWN_HOSTS: &[&str] = &[
    "pypi.org",
    "pypi.python.org",
    "files.pythonhosted.org",
    "download.pytorch.org",
    "pypi.nvidia.com",
    "pypi.ngc.nvidia.com",
    "developer.download.nvidia.com",
    "data.pyg.org",
    "data.dgl.ai",
    "download.openmmlab.com",
    "storage.googleapis.com",
    "huggingface.github.io",
    "abetlen.github.io",
    "wheels.vllm.ai",
    "pypi.fury.io",
    "pytorch-geometric.com",
    "repo.radeon.com",
    "download.onnxruntime.ai",
    "aiinfra.pkgs.visualstudio.com",
    "pytorch-extension.intel.com",
    "pypi.anaconda.org",
    "conda.anaconda.org",
    "repo.anaconda.com",
    "flashinfer.ai",
    "docs.sglang.ai",
    "www.paddlepaddle.org.cn",
    "mirrors.aliyun.com",
    "pypi.tuna.tsinghua.edu.cn",
    "mirrors.tuna.tsinghua.edu.cn",
];

/// Something that is asked for.
struct Wanted<'a> {
    name: &'a str,
    /// `>=1.0,<2`, `==1.2.3`; empty for any version.
    specifier: &'a str,
    range: Option<Range<u64>>,
}

/// The one spelling of a name (PEP 503).
pub(crate) fn normalised(name: &str) -> String {
    let mut result = String::with_capacity(name.len());
    for letter in name.chars() {
        if matches!(letter, '-' | '_' | '.') {
            if !result.ends_with('-') {
                result.push('-');
            }
        } else {
            result.extend(letter.to_lowercase());
        }
    }
    result
}

/// Takes down something that is asked for; says so if it is not one version.
fn wanted(visit: &mut Visit<'_>, wanted: &Wanted<'_>) {
    let name = normalised(wanted.name);
    let version = Specifiers::parse(wanted.specifier)
        .and_then(|specifiers| specifiers.exact().map(ToString::to_string));
    if version.is_none() {
        let message = if wanted.specifier.is_empty() {
            format!("`{}` in any version", excerpt(&name, 80))
        } else {
            let specifier = excerpt(wanted.specifier, 80);
            format!("`{}` in versions `{specifier}`", excerpt(&name, 80))
        };
        visit.report_about(&UNPINNED, wanted.range.clone(), &name, message);
    }
    // A list inside of something else has places of its own.
    let is_file = visit.path().is_empty();
    visit.facts().add_dependency(Dependency {
        name: excerpt(&name, 200),
        requirement: excerpt(wanted.specifier, 200),
        version: version.map(|version| excerpt(&version, 200)),
        range: wanted.range.clone().filter(|_| is_file),
    });
}

/// Judges an address that packages are found at.
fn index(visit: &mut Visit<'_>, option: &str, address: &str, range: Option<Range<u64>>) {
    let address = address.trim().trim_matches(['"', '\'']);
    let message = format!(
        "`{option}` is `{}`",
        excerpt(&without_password(address), 120)
    );
    let Some((scheme, rest)) = address.split_once("://") else {
        // A folder of the model: what is in it is examined like everything else.
        if let Some(why) = leads_outside(address) {
            let message = format!("`{option}`: {why}");
            visit.report(&crate::path::OUTSIDE, range, message);
        }
        return;
    };
    visit
        .facts()
        .add_reference(ReferenceKind::Code, &without_password(address));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let rule = if !scheme.eq_ignore_ascii_case("https") {
        &UNENCRYPTED
    } else if matches!(
        host.as_str(),
        "pypi.org" | "pypi.python.org" | "files.pythonhosted.org"
    ) {
        return;
    } else if KNOWN_HOSTS.contains(&host.as_str()) {
        &KNOWN_INDEX
    } else {
        &OTHER_INDEX
    };
    visit.report_about(rule, range, &host, message);
}

/// Judges an address, branch or folder that one package is fetched from.
fn direct(visit: &mut Visit<'_>, name: &str, address: &str, range: Option<Range<u64>>) {
    let address = address.trim();
    let shown = excerpt(&without_password(address), 120);
    let Some((scheme, rest)) = address.split_once("://") else {
        if let Some(why) = leads_outside(address) {
            visit.report(&crate::path::OUTSIDE, range, format!("`{shown}`: {why}"));
        }
        return;
    };
    visit
        .facts()
        .add_reference(ReferenceKind::Code, &without_password(address));
    let message = if name.is_empty() {
        format!("a package from `{shown}`")
    } else {
        format!("`{}` from `{shown}`", excerpt(name, 80))
    };
    let scheme = scheme.to_ascii_lowercase();
    let about = if name.is_empty() { address } else { name };
    if matches!(
        scheme.as_str(),
        "http" | "git" | "git+http" | "git+git" | "ftp" | "hg+http" | "svn+http"
    ) {
        visit.report_about(&UNENCRYPTED, range, about, message);
        return;
    }
    // One commit is one content, and so is one digest.
    let place = rest.split(['#', '?']).next().unwrap_or_default();
    let commit = place.rsplit_once('@').map_or("", |(_, commit)| commit);
    let fixed = (commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()))
        || rest.contains("#sha256=")
        || rest.contains("&sha256=");
    if !fixed {
        visit.report_about(&DIRECT, range, about, message);
    }
}

/// An address without the credentials in it.
fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let end = rest.find('/').unwrap_or(rest.len());
    match rest
        .get(..end)
        .and_then(|authority| authority.rsplit_once('@'))
    {
        Some((user, host)) if user.contains(':') => {
            format!(
                "{scheme}://***@{host}{}",
                rest.get(end..).unwrap_or_default()
            )
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_spelling() {
        assert_eq!(normalised("Scikit_Learn"), "scikit-learn");
        assert_eq!(normalised("a.-_b"), "a-b");
    }

    #[test]
    fn credentials_of_an_address_are_left_out() {
        let shown = without_password("https://user:secret@example.com/simple");
        assert_eq!(shown, "https://***@example.com/simple");
        assert_eq!(
            without_password("https://git@github.com/a/b"),
            "https://git@github.com/a/b"
        );
    }
}
