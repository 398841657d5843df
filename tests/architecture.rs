//! The floors of the house, as data. An arrow that is not in the table is an error.

use std::collections::BTreeMap;

use crate::harness::root;

/// What each crate may import from this workspace.
const ALLOWED: &[(&str, &[&str])] = &[
    ("bonafide-core", &[]),
    ("bonafide-hash", &["core"]),
    ("bonafide-format", &["core"]),
    ("bonafide-attest", &["core"]),
    ("bonafide-bom", &["core"]),
    ("bonafide-source", &["core"]),
    ("bonafide-report", &["core"]),
    ("bonafide-threats", &["core"]),
    ("bonafide-rego", &["core"]),
    ("bonafide-dataset", &["core"]),
    // A workspace of its own, which nothing here depends on.
    ("bonafide-cluster", &["core", "dataset"]),
    // Reads the numbers of tensors where the format's readers say that they are.
    ("bonafide-weights", &["core", "format"]),
    (
        "bonafide-checks",
        &[
            "core", "hash", "format", "attest", "bom", "dataset", "weights",
        ],
    ),
    (
        "bonafide-policy",
        &["core", "hash", "format", "attest", "bom", "checks"],
    ),
    (
        "bonafide-engine",
        &[
            "core", "hash", "format", "attest", "bom", "dataset", "weights", "source", "threats",
            "rego", "checks", "policy",
        ],
    ),
    (
        "bonafide-cli",
        &["core", "checks", "engine", "report", "threats", "rego"],
    ),
];

fn manifests() -> BTreeMap<String, toml::Table> {
    let mut manifests = BTreeMap::new();
    for entry in root().join("crates").read_dir().unwrap() {
        let folder = entry.unwrap();
        let text = std::fs::read_to_string(folder.path().join("Cargo.toml")).unwrap();
        let manifest: toml::Table = text.parse().unwrap();
        let name = manifest["package"]["name"].as_str().unwrap().to_owned();
        assert_eq!(
            folder.file_name().to_str(),
            Some(name.as_str()),
            "folder is not the package's name"
        );
        manifests.insert(name, manifest);
    }
    manifests
}

#[test]
fn arrows_never_run_up() {
    let manifests = manifests();
    let known: Vec<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    for name in manifests.keys() {
        assert!(
            known.contains(&name.as_str()),
            "{name} has no floor; add it to the table"
        );
    }
    for (name, allowed) in ALLOWED {
        for section in ["dependencies", "build-dependencies"] {
            let Some(dependencies) = manifests[*name].get(section) else {
                continue;
            };
            for dependency in dependencies.as_table().unwrap().keys() {
                if let Some(short) = dependency.strip_prefix("bonafide-") {
                    assert!(
                        allowed.contains(&short),
                        "{name} imports {dependency}, which its floor does not allow"
                    );
                }
            }
        }
    }
}

/// The network is reached from one module, and a feature takes it away.
#[test]
fn network_code_is_in_one_place() {
    const NETWORK: [&str; 6] = [
        "hyper",
        "reqwest",
        "rustls",
        "sigstore-tuf",
        "tokio",
        "ureq",
    ];
    for (name, manifest) in manifests() {
        // Talking to other machines is all that it does; it is in no other program.
        if name == "bonafide-cluster" {
            continue;
        }
        let dependencies = manifest["dependencies"].as_table();
        for (dependency, value) in dependencies.into_iter().flatten() {
            if NETWORK.contains(&dependency.as_str()) {
                let optional = value.get("optional").and_then(toml::Value::as_bool);
                assert_eq!(
                    (name.as_str(), optional),
                    ("bonafide-source", Some(true)),
                    "{dependency}"
                );
            }
        }
        let mut folders = vec![root().join("crates").join(&name).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in folder.read_dir().unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let place = path.strip_prefix(root()).unwrap().to_str().unwrap();
                if place.starts_with("crates/bonafide-source/src/tuf")
                    || path.extension().is_none_or(|ending| ending != "rs")
                {
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for word in ["std::net", "TcpStream", "sigstore_tuf", "tokio::"] {
                    assert!(!text.contains(word), "{place} has {word}");
                }
            }
        }
    }
}

#[test]
fn every_crate_takes_the_common_lints_and_no_crate_is_empty() {
    for (name, manifest) in manifests() {
        assert_eq!(
            manifest["lints"]["workspace"].as_bool(),
            Some(true),
            "{name} sets its own lints"
        );
        let source = root().join("crates").join(&name).join("src");
        let lines: usize = source
            .read_dir()
            .unwrap()
            .filter_map(|entry| std::fs::read_to_string(entry.unwrap().path()).ok())
            .map(|text| text.lines().count())
            .sum();
        assert!(lines > 60, "{name} has {lines} lines");
    }
}

/// Checks are named by the table of `bonafide-checks` alone, so that no circle
/// can grow between policy, findings and checks.
#[test]
fn neither_core_nor_policy_nor_report_nor_engine_names_a_check() {
    let slugs: Vec<String> = root()
        .join("crates/bonafide-checks/src/check")
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".rs").map(|stem| stem.replace('_', "-")))
        .filter(|stem| !matches!(stem.as_str(), "mod" | "allowance" | "hazard"))
        .collect();
    assert!(slugs.len() >= 12, "{slugs:?}");
    for name in [
        "core", "policy", "report", "engine", "hash", "attest", "source",
    ] {
        let mut folders = vec![root().join(format!("crates/bonafide-{name}/src"))];
        while let Some(folder) = folders.pop() {
            for entry in folder.read_dir().unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                // Reports that tests make up have checks of their own.
                let made_up = |name: &std::ffi::OsStr| name == "tests.rs" || name == "sample.rs";
                if path.file_name().is_some_and(made_up) {
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for slug in &slugs {
                    assert!(
                        !text.contains(&format!("\"{slug}\"")),
                        "{} names {slug}",
                        path.display()
                    );
                }
            }
        }
    }
}
