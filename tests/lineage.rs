//! Where a model comes from: families of directories, through the command to a drawing, an
//! exit code and the outcome of each check.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::attesting::{P256, P256_PUBLIC};
use crate::harness::{Run, bonafide, verify};

/// A folder of models, and the key of whoever signs them.
struct Zoo {
    place: TempDir,
}

fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in Sha256::digest(bytes) {
        write!(hex, "{byte:02x}").unwrap();
    }
    hex
}

impl Zoo {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        std::fs::create_dir(place.path().join("zoo")).unwrap();
        std::fs::write(place.path().join("key.pem"), P256).unwrap();
        std::fs::write(place.path().join("key.pub.pem"), P256_PUBLIC).unwrap();
        Self { place }
    }

    fn path(&self, name: &str) -> String {
        self.place.path().join(name).display().to_string()
    }

    fn model(&self, name: &str) -> PathBuf {
        self.place.path().join("zoo").join(name)
    }

    /// A model of some bytes that its name gives it, with a card.
    fn add(&self, name: &str, card: &str) -> PathBuf {
        let model = self.model(name);
        std::fs::create_dir_all(&model).unwrap();
        std::fs::write(model.join("model.bin"), format!("{name} ").repeat(100)).unwrap();
        if !card.is_empty() {
            std::fs::write(model.join("README.md"), format!("---\n{card}\n---\n")).unwrap();
        }
        model
    }

    fn write(&self, name: &str, file: &str, content: &str) {
        std::fs::write(self.model(name).join(file), content).unwrap();
    }

    fn weights(&self, name: &str) -> String {
        sha256(&std::fs::read(self.model(name).join("model.bin")).unwrap())
    }

    fn sign(&self, name: &str) {
        let run = bonafide([
            "sign",
            "key",
            self.model(name).to_str().unwrap(),
            "--private-key",
            &self.path("key.pem"),
        ]);
        assert_eq!(run.code, 0, "{run:?}");
    }

    /// Signs that these materials went into the model.
    fn attest(&self, name: &str, finished: &str, materials: &Value) {
        let predicate = json!({
            "buildDefinition": {
                "buildType": "https://example.com/training/v1",
                "externalParameters": {},
                "resolvedDependencies": materials,
            },
            "runDetails": {
                "builder": {"id": "https://example.com/builder"},
                "metadata": {"finishedOn": finished},
            },
        });
        let file = self.path("predicate.json");
        std::fs::write(&file, predicate.to_string()).unwrap();
        let run = bonafide([
            "attest",
            "--predicate-type",
            "https://slsa.dev/provenance/v1",
            "--predicate",
            &file,
            "--private-key",
            &self.path("key.pem"),
            self.model(name).to_str().unwrap(),
        ]);
        assert_eq!(run.code, 0, "{run:?}");
    }

    fn lineage(&self, name: &str, more: &[&str]) -> Run {
        let (target, key) = (self.model(name), self.path("key.pub.pem"));
        let mut arguments = vec!["lineage", target.to_str().unwrap(), "--key", &key];
        arguments.extend(more);
        bonafide(arguments)
    }

    /// The exit code and the graph.
    fn graph(&self, name: &str, more: &[&str]) -> (i32, Value) {
        let mut arguments = vec!["--output", "json", "--quiet"];
        arguments.extend(more);
        let run = self.lineage(name, &arguments);
        let graph =
            serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
        (run.code, graph)
    }

    /// The outcome of one check that the policy demands, with more lines for it.
    fn outcome(&self, name: &str, check: &str, more: &str) -> String {
        let policy = self.path("policy.toml");
        let text = format!(
            "[policy]\nname = \"test\"\nversion = \"1.0.0\"\n[trust]\ncommand-line = \"allow\"\n\
             [[control]]\ncheck = \"{check}\"\nlevel = \"deny\"\n{more}\n"
        );
        std::fs::write(&policy, text).unwrap();
        let (_, report) = verify([
            self.model(name).to_str().unwrap(),
            "--key",
            &self.path("key.pub.pem"),
            "--policy",
            &policy,
        ]);
        let mut checks = report["checks"].as_array().unwrap().iter();
        let found = checks.find(|found| found["check"] == check).unwrap();
        found["outcome"].as_str().unwrap().to_owned()
    }
}

/// The grades of all links from `child` to `parent`.
fn grades(graph: &Value, child: &str, parent: &str) -> Vec<String> {
    let lineage = graph.get("lineage").unwrap_or(graph);
    let edges = lineage["edges"]
        .as_array()
        .unwrap_or_else(|| panic!("{graph:#}"));
    edges
        .iter()
        .filter(|edge| edge["child"] == child && edge["parent"] == parent)
        .map(|edge| edge["grade"].as_str().unwrap().to_owned())
        .collect()
}

fn material(uri: &str, digest: &str) -> Value {
    json!([{"uri": uri, "digest": {"sha256": digest}}])
}

const BASE: &str = "pkg:huggingface/acme/base";

#[test]
fn signed_provenance_of_a_parent_at_hand_proves_the_link() {
    let zoo = Zoo::new();
    zoo.add("base", "pipeline_tag: text-generation");
    zoo.add("child", "base_model: acme/base\ndatasets: acme/data");
    zoo.attest(
        "child",
        "2026-01-02T00:00:00Z",
        &material(BASE, &zoo.weights("base")),
    );
    zoo.sign("base");
    let (code, graph) = zoo.graph("child", &[]);
    assert_eq!(
        grades(&graph, "artifact", "model:acme/base"),
        ["proven"],
        "{graph:#}"
    );
    assert_eq!(grades(&graph, "artifact", "dataset:acme/data"), ["claimed"]);
    assert_eq!(code, 0, "{graph:#}");

    // The parent is named and lies elsewhere.
    std::fs::rename(zoo.model("base"), zoo.place.path().join("elsewhere")).unwrap();
    let (_, graph) = zoo.graph("child", &[]);
    assert_eq!(grades(&graph, "artifact", "model:acme/base"), ["claimed"]);
    let (code, graph) = zoo.graph("child", &["--parent", &zoo.path("elsewhere")]);
    assert_eq!(
        grades(&graph, "artifact", "model:acme/base"),
        ["proven"],
        "{graph:#}"
    );
    assert_eq!(code, 0);

    // A parent that nobody signed is denied by the policy.
    std::fs::remove_file(zoo.place.path().join("elsewhere/model.sig")).unwrap();
    let (code, _) = zoo.graph("child", &["--parent", &zoo.path("elsewhere")]);
    assert_eq!(code, 1);

    // Nobody whom we trust says so.
    let run = bonafide([
        "lineage",
        zoo.model("child").to_str().unwrap(),
        "--output",
        "json",
        "--quiet",
        "--parent",
        &zoo.path("elsewhere"),
    ]);
    let graph: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        grades(&graph, "artifact", "model:acme/base"),
        ["claimed"],
        "{graph:#}"
    );
}

#[test]
fn a_swapped_parent_contradicts() {
    let zoo = Zoo::new();
    zoo.add("base", "");
    zoo.add("child", "base_model: acme/base");
    zoo.attest(
        "child",
        "2026-01-02T00:00:00Z",
        &material(BASE, &zoo.weights("base")),
    );
    zoo.write("base", "model.bin", "another");
    zoo.sign("base");
    let (code, graph) = zoo.graph("child", &[]);
    assert_eq!(
        grades(&graph, "artifact", "model:acme/base"),
        ["contradicted"],
        "{graph:#}"
    );
    assert_eq!(code, 1);
    assert_eq!(zoo.outcome("child", "lineage-contradicted", ""), "fail");
}

#[test]
fn a_chain_is_followed_and_a_circle_ends() {
    let zoo = Zoo::new();
    for generation in 0..12 {
        zoo.add(
            &format!("m{generation}"),
            &format!("base_model: acme/m{}", generation + 1),
        );
        zoo.sign(&format!("m{generation}"));
    }
    let (code, graph) = zoo.graph("m0", &[]);
    assert_eq!(
        grades(&graph, "model:acme/m7", "model:acme/m8"),
        ["claimed"],
        "{graph:#}"
    );
    assert_eq!(code, 2, "what is further away is not looked at");
    let run = zoo.lineage("m0", &[]);
    assert!(
        run.stdout.contains("more parents are not looked at"),
        "{run:?}"
    );

    let zoo = Zoo::new();
    zoo.add("one", "base_model: acme/two");
    zoo.add("two", "base_model: acme/one");
    let own = |name: &str| {
        json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "metadata": {"component": {"type": "machine-learning-model", "name": name,
                "purl": format!("pkg:huggingface/acme/{name}")}}})
        .to_string()
    };
    zoo.write("one", "one.cdx.json", &own("one"));
    zoo.write("two", "two.cdx.json", &own("two"));
    zoo.sign("one");
    zoo.sign("two");
    let (code, graph) = zoo.graph("one", &[]);
    assert_eq!(
        grades(&graph, "model:acme/one", "model:acme/two"),
        ["claimed"],
        "{graph:#}"
    );
    assert_eq!(
        grades(&graph, "model:acme/two", "model:acme/one"),
        ["claimed"],
        "{graph:#}"
    );
    assert_eq!(code, 1);
    assert_eq!(zoo.outcome("one", "cyclic-pedigree", ""), "fail");
}

#[test]
fn a_parent_that_cannot_be_examined_is_said() {
    let zoo = Zoo::new();
    zoo.add("child", "base_model: acme/base");
    let run = zoo.lineage("child", &["--parent", &zoo.path("nowhere/base")]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stdout.contains("could not be examined"), "{run:?}");
    assert_eq!(
        zoo.outcome("child", "ancestor-not-approved", ""),
        "not-applicable"
    );
}

#[test]
fn every_form_is_drawn_and_hostile_names_stay_names() {
    let zoo = Zoo::new();
    zoo.add("child", "base_model: \"../../etc\\e[31m<script>alert(1)</script>\\u202e\"\ndatasets: [\"..\", \".\", \"/\", \"a\\0b\"]");
    for form in ["text", "json", "dot", "svg", "html"] {
        let run = zoo.lineage("child", &["--output", form]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(
            !run.stdout.contains('\u{1b}') && !run.stdout.contains('\u{202e}'),
            "{run:?}"
        );
        if matches!(form, "svg" | "html") {
            assert!(!run.stdout.contains("<script"), "{run:?}");
        }
        let file = zoo.path(&format!("drawing.{form}"));
        let run = zoo.lineage("child", &["--output", form, "--write", &file, "--quiet"]);
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run:?}");
        assert!(Path::new(&file).exists());
    }
}

#[test]
fn each_check_fails_and_passes() {
    let zoo = Zoo::new();
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let bill = |ancestor: Value, more: Value| {
        let mut component = json!({"type": "machine-learning-model", "name": "child",
            "pedigree": {"ancestors": [ancestor]}});
        component
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "metadata": {"component": component}})
        .to_string()
    };
    let base = json!({"type": "machine-learning-model", "name": "base", "group": "acme",
        "purl": format!("pkg:huggingface/acme/base@{commit}")});
    let table = [
        ("missing-lineage", "", String::new(), "", "fail"),
        (
            "missing-lineage",
            "base_model: acme/base",
            String::new(),
            "",
            "pass",
        ),
        (
            "missing-lineage",
            "base_model: acme/base",
            String::new(),
            "proven = true",
            "fail",
        ),
        (
            "base-model-unpinned",
            "base_model: acme/base",
            String::new(),
            "",
            "fail",
        ),
        (
            "base-model-unpinned",
            "base_model: acme/base",
            bill(base.clone(), json!({})),
            "",
            "pass",
        ),
        (
            "undeclared-dataset",
            "datasets: acme/data",
            bill(base.clone(), json!({})),
            "",
            "fail",
        ),
        (
            "undeclared-dataset",
            "datasets: acme/data",
            bill(
                base.clone(),
                json!({"modelCard": {"modelParameters": {"datasets": [
                    {"type": "dataset", "name": "acme/data"}]}}}),
            ),
            "",
            "pass",
        ),
        (
            "ancestor-not-approved",
            "base_model: acme/base",
            String::new(),
            "approved = [\"model:other/*\"]",
            "fail",
        ),
        (
            "ancestor-not-approved",
            "base_model: acme/base",
            String::new(),
            "approved = [\"model:acme/*\"]",
            "pass",
        ),
        (
            "cyclic-pedigree",
            "base_model: acme/base",
            String::new(),
            "",
            "pass",
        ),
        (
            "lineage-contradicted",
            "base_model: acme/base",
            String::new(),
            "",
            "pass",
        ),
        (
            "licence-conflict",
            "base_model: acme/base\nlicense: mit",
            bill(
                json!({"type": "machine-learning-model", "name": "base", "group": "acme",
                    "licenses": [{"license": {"id": "CC-BY-NC-4.0"}}]}),
                json!({}),
            ),
            "",
            "fail",
        ),
        (
            "licence-conflict",
            "base_model: acme/base\nlicense: mit",
            bill(
                json!({"type": "machine-learning-model", "name": "base", "group": "acme",
                    "licenses": [{"license": {"id": "MIT"}}]}),
                json!({}),
            ),
            "",
            "pass",
        ),
        (
            "child-older-than-parent",
            "",
            bill(
                json!({"type": "machine-learning-model", "name": "base",
                    "releaseNotes": {"type": "major", "timestamp": "2026-02-01T00:00:00Z"}}),
                json!({"releaseNotes": {"type": "major", "timestamp": "2026-01-01T00:00:00Z"}}),
            ),
            "",
            "fail",
        ),
        (
            "child-older-than-parent",
            "",
            bill(
                json!({"type": "machine-learning-model", "name": "base",
                    "releaseNotes": {"type": "major", "timestamp": "2026-01-01T00:00:00Z"}}),
                json!({"releaseNotes": {"type": "major", "timestamp": "2026-02-01T00:00:00Z"}}),
            ),
            "",
            "pass",
        ),
        // What cannot be read is no pass.
        (
            "lineage-contradicted",
            "base_model: [",
            String::new(),
            "",
            "inconclusive",
        ),
    ];
    let mut wrong = Vec::new();
    for (check, card, bill, parameters, expected) in table {
        let _ = std::fs::remove_dir_all(zoo.model("child"));
        zoo.add("child", card);
        if !bill.is_empty() {
            zoo.write("child", "child.cdx.json", &bill);
        }
        let found = zoo.outcome("child", check, parameters);
        if found != expected {
            wrong.push(format!(
                "{check} {card:?} {parameters:?}: {found}, not {expected}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What lies beside by chance condemns nobody, unless the policy says so.
#[test]
fn a_denied_parent_counts_where_somebody_asked_for_it() {
    let zoo = Zoo::new();
    zoo.add("child", "base_model: acme/base");
    zoo.add("base", "");
    let check = "ancestor-not-approved";
    // The policy of this test demands nothing else, so the base itself is denied by its own parent.
    zoo.write("base", "README.md", "---\nbase_model: evil/root\n---\n");
    let approved = "approved = [\"model:acme/*\"]\n";
    assert_eq!(
        zoo.outcome("child", check, approved),
        "fail",
        "the root is not approved"
    );
    let policy = "approved = [\"model:*/*\"]\n";
    assert_eq!(zoo.outcome("child", check, policy), "pass");
    let denied = zoo.lineage("child", &[]);
    assert_eq!(denied.code, 1, "nobody signed the base: {denied:?}");
    let (target, key) = (zoo.model("child"), zoo.path("key.pub.pem"));
    let base = zoo.model("base").display().to_string();
    for (beside, parent, expected) in [
        ("", false, "pass"),
        ("beside = true", false, "fail"),
        ("", true, "fail"),
    ] {
        let text = format!(
            "[policy]\nname = \"test\"\nversion = \"1.0.0\"\n[trust]\ncommand-line = \"allow\"\n\
             [[control]]\ncheck = \"unsigned-artifact\"\nlevel = \"deny\"\n\
             [[control]]\ncheck = \"{check}\"\nlevel = \"deny\"\n{beside}\n"
        );
        let policy = zoo.path("policy.toml");
        std::fs::write(&policy, text).unwrap();
        let mut arguments = vec![target.to_str().unwrap(), "--key", &key, "--policy", &policy];
        if parent {
            arguments.extend(["--parent", &base]);
        }
        let (_, report) = verify(&arguments);
        let mut checks = report["checks"].as_array().unwrap().iter();
        let found = checks.find(|found| found["check"] == check).unwrap();
        assert_eq!(found["outcome"], expected, "{beside} {parent}");
    }
}

/// The order in which parents are named, and whether one of them is named twice, is nothing.
#[test]
fn the_family_does_not_depend_on_the_order_of_the_parents() {
    let zoo = Zoo::new();
    zoo.add("root", "");
    zoo.add("base", "base_model: acme/root");
    zoo.add("child", "base_model: acme/base");
    zoo.attest(
        "base",
        "2026-01-01T00:00:00Z",
        &material("", &zoo.weights("root")),
    );
    zoo.attest(
        "child",
        "2026-01-02T00:00:00Z",
        &material("", &zoo.weights("base")),
    );
    for name in ["root", "base"] {
        zoo.sign(name);
    }
    let [root, base] = ["root", "base"].map(|name| zoo.model(name).display().to_string());
    let one = zoo.graph("child", &["--parent", &root, "--parent", &base]);
    let other = zoo.graph(
        "child",
        &["--parent", &base, "--parent", &root, "--parent", &base],
    );
    assert_eq!(one.0, 0, "{:#}", one.1);
    for (child, parent) in [
        ("artifact", "model:acme/base"),
        ("model:acme/base", "model:acme/root"),
    ] {
        for (_, graph) in [&one, &other] {
            assert_eq!(grades(graph, child, parent), ["proven"], "{graph:#}");
        }
    }
}
