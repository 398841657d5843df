//! Manifests and lock files in TOML: `pyproject.toml`, `Pipfile`, `poetry.lock`, `uv.lock`,
//! `pylock.toml`. Tools take them by name.

use bonafide_core::excerpt;
use toml::{Table, Value};

use super::{UNREADABLE, Wanted, direct, index, wanted};
use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const MANIFEST: Format = Format {
    name: "toml",
    title: "TOML",
    extensions: &["toml"],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe,
    inspect,
};

/// Longest text that is read. Lock files of large projects have one or two megabytes.
const LONGEST: u64 = 8 << 20;

fn probe(probe: &Probe<'_>) -> Likeness {
    let name = probe.name.to_ascii_lowercase();
    let named =
        name.ends_with(".toml") || matches!(name.as_str(), "pipfile" | "poetry.lock" | "uv.lock");
    if named && !probe.head.contains(&0) {
        Likeness::Possible
    } else {
        Likeness::No
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let bytes = crate::document::whole(visit, "bytes of TOML", LONGEST)?;
    let text = std::str::from_utf8(&bytes).map_err(|error| error.to_string());
    let table = text.and_then(|text| {
        text.parse::<Table>()
            .map_err(|error| error.message().to_owned())
    });
    match table {
        Ok(table) => {
            project(visit, &table);
            locked(visit, &table);
            sources(visit, &table);
            visit.cover_all();
        }
        Err(reason) => {
            visit.report(
                &UNREADABLE,
                None,
                format!("not TOML: {}", excerpt(&reason, 150)),
            );
            let reason = "it could not be parsed".to_owned();
            visit.cover(0..visit.size(), State::Skipped(reason));
        }
    }
    Ok(())
}

fn at<'t>(table: &'t Table, path: &[&str]) -> Option<&'t Value> {
    let (first, rest) = path.split_first()?;
    rest.iter()
        .try_fold(table.get(*first)?, |value, key| value.get(*key))
}

fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// What a project asks for (PEP 621), builds with (PEP 518), or asks for in poetry or pipenv.
fn project(visit: &mut Visit<'_>, table: &Table) {
    for path in [
        &["project", "dependencies"][..],
        &["build-system", "requires"],
    ] {
        for line in items(at(table, path)) {
            if let Some(text) = line.as_str() {
                super::requirement::line(visit, text, None);
            }
        }
    }
    let extras = at(table, &["project", "optional-dependencies"]).and_then(Value::as_table);
    for (_, lines) in extras.into_iter().flatten() {
        for text in items(Some(lines)).iter().filter_map(Value::as_str) {
            super::requirement::line(visit, text, None);
        }
    }
    let tables = [&["tool", "poetry", "dependencies"][..], &["packages"]];
    for packages in tables.iter().filter_map(|path| at(table, path)?.as_table()) {
        for (name, value) in packages {
            if name == "python" {
                continue;
            }
            let specifier = value.as_str().or_else(|| value.get("version")?.as_str());
            if let Some(specifier) = specifier {
                // A bare version of poetry is that one; a star is any.
                let specifier = match specifier {
                    "*" => String::new(),
                    bare if bare.starts_with(|first: char| first.is_ascii_digit()) => {
                        format!("=={bare}")
                    }
                    other => other.to_owned(),
                };
                let package = Wanted {
                    name,
                    specifier: &specifier,
                    range: None,
                };
                wanted(visit, &package);
                continue;
            }
            address(visit, name, value);
        }
    }
}

/// An address that a package is fetched from.
fn address(visit: &mut Visit<'_>, name: &str, value: &Value) {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let commit = ["rev", "resolved_reference", "commit-id"]
        .iter()
        .find_map(|key| text(key));
    for key in ["git", "url", "path", "file", "directory"] {
        if let Some(place) = text(key) {
            let place = match commit {
                Some(commit) if place.contains("://") => format!("{place}@{commit}"),
                _ => place.to_owned(),
            };
            direct(visit, name, &place, None);
            return;
        }
    }
}

/// Packages of a lock file.
fn locked(visit: &mut Visit<'_>, table: &Table) {
    let packages = table.get("package").or_else(|| table.get("packages"));
    for package in items(packages) {
        let Some(name) = package.get("name").and_then(Value::as_str) else {
            continue;
        };
        let Some(version) = package.get("version").and_then(Value::as_str) else {
            continue;
        };
        let specifier = format!("=={version}");
        let pinned = Wanted {
            name,
            specifier: &specifier,
            range: None,
        };
        wanted(visit, &pinned);
        if let Some(source) = package.get("source") {
            match (
                source.get("registry"),
                source.get("type"),
                source.get("url"),
            ) {
                // uv writes the commit behind the number sign.
                _ if source.get("git").is_some() => {
                    let place = source
                        .get("git")
                        .and_then(Value::as_str)
                        .unwrap_or_default();
                    let place = match place.split_once('#') {
                        Some((place, commit)) => {
                            let place = place.split('?').next().unwrap_or_default();
                            format!("{place}@{commit}")
                        }
                        None => place.to_owned(),
                    };
                    direct(visit, name, &place, None);
                }
                (Some(registry), _, _) => {
                    index(
                        visit,
                        "registry",
                        registry.as_str().unwrap_or_default(),
                        None,
                    );
                }
                (_, Some(kind), Some(place)) if kind.as_str() == Some("legacy") => {
                    index(visit, "source", place.as_str().unwrap_or_default(), None);
                }
                (_, Some(_), Some(_)) => address(visit, name, source),
                _ => {}
            }
        }
    }
}

/// Other places that packages are found at.
fn sources(visit: &mut Visit<'_>, table: &Table) {
    for path in [
        &["tool", "poetry", "source"][..],
        &["tool", "uv", "index"],
        &["tool", "pdm", "source"],
        &["source"],
    ] {
        for source in items(at(table, path)) {
            let unverified = source.get("verify_ssl").and_then(Value::as_bool) == Some(false);
            if let Some(place) = source.get("url").and_then(Value::as_str) {
                if unverified {
                    let message =
                        format!("the certificate of `{}` is not checked", excerpt(place, 80));
                    visit.report_about(&super::UNENCRYPTED, None, place, message);
                }
                index(visit, "url", place, None);
            }
        }
    }
    for key in ["index-url", "extra-index-url", "find-links"] {
        match at(table, &["tool", "uv", key]) {
            Some(Value::String(place)) => index(visit, key, place, None),
            Some(Value::Array(places)) => {
                for place in places.iter().filter_map(Value::as_str) {
                    index(visit, key, place, None);
                }
            }
            _ => {}
        }
    }
}
