//! The catalogue of threats: what the command prints of it, what names it, and what a report
//! says of it.

use std::collections::BTreeSet;

use bonafide_checks::CHECKS;
use bonafide_core::ThreatId;
use bonafide_threats::{catalogue, coverage_defects, crosswalk, unknown_threats};
use serde_json::Value;

use crate::documentation::{hold, replace};
use crate::harness::{bonafide, root, verify};

/// Ids at the start of the lines of a list.
fn ids(text: &str) -> Vec<&str> {
    let lines = text.lines().filter(|line| !line.starts_with(' '));
    lines
        .filter_map(|line| line.split_whitespace().next())
        .collect()
}

fn document(arguments: &[&str]) -> Value {
    let run = bonafide([&["threats", "--output", "json"], arguments].concat());
    assert_eq!(run.code, 0, "{run:?}");
    serde_json::from_str(&run.stdout).unwrap()
}

/// A file with mappings in a folder of its own.
fn mapping(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    std::fs::write(&path, text).unwrap();
    let name = path.to_str().unwrap().to_owned();
    (folder, name)
}

#[test]
fn what_checks_and_rules_name_is_in_the_catalogue_and_reach_follows_from_it() {
    let checks: Vec<(&str, &[ThreatId])> = CHECKS
        .iter()
        .map(|check| (check.slug, check.threats))
        .collect();
    let mut found = coverage_defects(catalogue(), &checks);
    for rule in bonafide_format::rules() {
        let by = format!("rule `{}`", rule.slug);
        found.extend(unknown_threats(catalogue(), &by, rule.threats));
    }
    let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown, [""; 0],
        "correct the check, or `reach` in crates/bonafide-threats/data/threats.toml"
    );
}

/// A rule is judged by the check of its hazard, so that check speaks to what the rule names.
#[test]
fn a_threat_that_a_rule_names_is_checked() {
    for rule in bonafide_format::rules() {
        for id in rule.threats {
            let threat = catalogue().threat(id.0).unwrap();
            assert_eq!(
                threat.reach,
                bonafide_core::Reach::Checked,
                "{} names {id}",
                rule.slug
            );
        }
    }
}

#[test]
fn documentation_of_threats_is_made_by_the_command() {
    let path = root().join("docs/threats.md");
    let mut text = std::fs::read_to_string(&path).unwrap();
    for (name, arguments) in [
        ("matrix", vec!["threats", "--matrix"]),
        ("threats", vec!["threats", "--output", "markdown"]),
    ] {
        let made = bonafide(arguments).stdout;
        let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        text = replace(&text, &start, &end, &made);
    }
    hold(path, &text);
}

#[test]
fn the_matrix_has_a_row_for_each_threat_with_its_checks() {
    let matrix = bonafide(["threats", "--matrix"]).stdout;
    for threat in &catalogue().threats {
        let start = format!("| [{}](#", threat.id);
        let row = matrix
            .lines()
            .find(|line| line.starts_with(&start))
            .unwrap();
        let named: BTreeSet<&str> = CHECKS
            .iter()
            .filter(|check| check.threats.iter().any(|id| id.0 == threat.id))
            .map(|check| check.slug)
            .collect();
        for check in CHECKS {
            let link = format!("[`{}`]", check.slug);
            assert_eq!(row.contains(&link), named.contains(check.slug), "{row}");
        }
        assert_eq!(row.ends_with("| none |"), named.is_empty(), "{row}");
        assert!(row.contains(&threat.extent), "{row}");
    }
}

#[test]
fn the_list_is_narrowed_by_each_filter() {
    let all = bonafide(["threats"]);
    assert_eq!(all.code, 0);
    assert_eq!(ids(&all.stdout).len(), 45);
    let expected = |wanted: &dyn Fn(&bonafide_threats::Threat) -> bool| -> Vec<&str> {
        let threats = catalogue().threats.iter();
        threats
            .filter(|threat| wanted(threat))
            .map(|threat| threat.id.as_str())
            .collect()
    };
    let training = bonafide_threats::Stage::Training;
    let list = |arguments: &[&str]| bonafide([&["threats"], arguments].concat()).stdout;
    assert_eq!(
        ids(&list(&["--stage", "training"])),
        expected(&|threat| threat.stages.contains(&training))
    );
    assert_eq!(
        ids(&list(&["--severity", "critical", "--severity", "medium"])),
        expected(&|threat| matches!(threat.severity.to_string().as_str(), "critical" | "medium"))
    );
    assert_eq!(
        ids(&list(&["--severity", "critical", "--stage", "training"])),
        ["SIG-09", "MDL-05", "MDL-06", "DAT-01"]
    );
    for name in [
        "data-poisoning",
        "Data poisoning",
        "go/datapoison",
        "datapoison",
    ] {
        assert_eq!(
            ids(&list(&["--category", name])),
            expected(&|threat| threat.id.starts_with("DAT-")),
            "{name}"
        );
    }
    assert_eq!(
        ids(&list(&["--category", "ai-supply-chain-attacks"])),
        expected(&|threat| !threat.id.starts_with("DAT-"))
    );
    assert_eq!(ids(&list(&["--check", "tampered-tokenizer"])), ["ART-04"]);
    assert_eq!(
        ids(&list(&[
            "--framework",
            "owasp-asi",
            "--category",
            "data-poisoning"
        ])),
        ["DAT-10", "DAT-11"]
    );
}

#[test]
fn a_framework_shows_what_threats_map_to_there_and_nothing_else() {
    let run = bonafide([
        "threats",
        "--framework",
        "atlas@2026.09",
        "--check",
        "weak-identity",
    ]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains(
        "DAT-02  high      checked       Split-view poisoning: content behind listed addresses changed after curation\n\
         \u{20}       MITRE ATLAS 2026.09: AML.T0115.000 Publish Poisoned AI Artifacts: Datasets (instance of)\n"
    ), "{}", run.stdout);
    assert!(!run.stdout.contains("5.6.0"));
    assert!(!run.stdout.contains("AML.T0019"));
    let both = bonafide(["threats", "--framework", "atlas", "--output", "csv"]).stdout;
    assert!(both.contains("atlas,5.6.0,AML.T0019") && both.contains("atlas,2026.09,AML.T0115.000"));
    assert!(!both.contains("owasp"));
}

#[test]
fn csv_is_the_crosswalk() {
    let made = bonafide(["threats", "--output", "csv"]).stdout;
    let kept = root().join("crates/bonafide-threats/data/crosswalk.csv");
    let mut lines: Vec<&str> = made.lines().collect();
    let text = std::fs::read_to_string(kept).unwrap();
    let mut kept: Vec<&str> = text.lines().collect();
    assert_eq!(lines.remove(0), kept.remove(0));
    lines.sort_unstable();
    kept.sort_unstable();
    assert_eq!(lines, kept);
}

#[test]
fn json_holds_everything_with_the_disclaimer() {
    let all = document(&[]);
    assert_eq!(all["schema-version"], 1);
    assert!(
        all["disclaimer"]
            .as_str()
            .unwrap()
            .contains("our judgement")
    );
    let threats = all["threats"].as_array().unwrap();
    assert_eq!(threats.len(), 45);
    let mappings: usize = threats
        .iter()
        .map(|threat| threat["mappings"].as_array().unwrap().len())
        .sum();
    assert_eq!(mappings, crosswalk().len());
    for threat in threats {
        for field in [
            "causes",
            "consequences",
            "detection",
            "mitigation",
            "evidence",
            "limit",
            "extent",
        ] {
            assert!(threat[field].as_str().unwrap().len() > 20, "{threat}");
        }
    }
    assert_eq!(all["categories"].as_array().unwrap().len(), 8);
    let act = all["frameworks"].as_array().unwrap().iter();
    let act = act
        .into_iter()
        .find(|framework| framework["id"] == "eu-ai-act")
        .unwrap();
    assert_eq!(act["applies"][0]["from"], "2027-12-02");
    assert_eq!(act["applies"][1]["from"], "2028-08-02");
}

/// No source lists all 13 categories, so the command does not either.
#[test]
fn categories_of_27090_are_those_that_are_public() {
    let matrix = bonafide(["threats", "--matrix"]).stdout;
    let (_, table) = matrix
        .split_once("### Categories of ISO/IEC 27090\n")
        .unwrap();
    let (table, _) = table.split_once("\n### ").unwrap();
    assert!(table.contains("the full list and the clause numbers are not public"));
    let rows: Vec<&str> = table
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(1)
        .collect();
    assert_eq!(rows.len(), 8, "{table}");
    let inside = rows.iter().filter(|row| row.contains(" | yes | "));
    assert_eq!(inside.count(), 2, "{table}");
    for row in rows {
        assert!(
            row.contains("An attestation bound to the digest can show"),
            "{row}"
        );
    }
    let run = bonafide(["threats", "--category", "evasion"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert!(run.stderr.contains("Evasion attacks: no threat of the catalogue, and no check, speaks to this category. An attestation bound to the digest can show"), "{run:?}");
}

#[test]
fn explain_tells_everything_about_a_threat() {
    let run = bonafide(["explain", "SIG-02"]);
    assert_eq!(run.code, 0);
    let text = &run.stdout;
    assert!(
        text.starts_with("SIG-02: Bytes changed after signing\n"),
        "{text}"
    );
    for expected in [
        "severity critical, group signature, strikes in deployment and operation, STRIDE: tampering",
        "\nCauses\n",
        "\nConsequences\n",
        "\nDetection\n",
        "\nMitigation\n",
        "\nWhat can be looked at\n",
        "\nWhat cannot be proven\n  That what was signed was good.\n",
        "\nReach: checked\n",
        "  digest-mismatch ",
        "\n  ISO/IEC FDIS 27090\n    AI supply chain attacks (in category; public label only)\n",
        "\n  OWASP LLM 2026\n    LLM04:2026  Supply Chain (instance of; read in the issuer's own file)\n",
        "our judgement",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in {text}");
    }
    assert_eq!(bonafide(["explain", "sig-02"]).stdout, run.stdout);
    // A threat that only statements speak to says so.
    let text = bonafide(["explain", "MDL-05"]).stdout;
    assert!(
        text.contains("\nReach: attested\n  Weights cannot show it"),
        "{text}"
    );
    // Rules about model files are named with the threat.
    let text = bonafide(["explain", "ART-04"]).stdout;
    assert!(text.contains("Rules about model files ("), "{text}");
}

#[test]
fn names_that_nothing_has_are_errors_of_the_command_line() {
    for (arguments, expected) in [
        (
            vec!["explain", "SIG-77"],
            "there is no check, rule or threat `SIG-77`",
        ),
        (
            vec!["threats", "--framework", "nist"],
            "there is no framework `nist`; known are iso-27090@FDIS, atlas@5.6.0",
        ),
        (
            vec!["threats", "--framework", "atlas@4.0"],
            "there is no framework `atlas@4.0`",
        ),
        (
            vec!["threats", "--category", "forensics"],
            "there is no category `forensics`; publicly named are data-poisoning",
        ),
        (vec!["threats", "--check", "sig"], "there is no check `sig`"),
        (
            vec!["threats", "--stage", "planning"],
            "invalid value 'planning'",
        ),
        (
            vec!["threats", "--matrix", "--output", "csv"],
            "cannot be used with",
        ),
        (
            vec!["explain", "digest-mismatch", "--mapping", "x"],
            "`--mapping` goes with a threat",
        ),
    ] {
        let run = bonafide(&arguments);
        assert_eq!(run.code, 4, "{run:?}");
        assert!(run.stderr.contains(expected), "{run:?}");
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn mappings_of_a_user_are_shown_beside_ours() {
    let (_folder, file) = mapping(
        "framework = \"ISO/IEC 27090\"\nversion = \"bought\"\n\n\
         [[mapping]]\ncategory = \"data-poisoning\"\nreference = \"§ 9|9\"\ntitle = \"<b>x</b>\"\n",
    );
    let run = bonafide(["explain", "DAT-01", "--mapping", &file]);
    assert!(
        run.stdout.contains(
            "  ISO/IEC 27090 bought\n    § 9|9  <b>x</b> (in category; from the mapping file)\n"
        ),
        "{run:?}"
    );
    assert!(
        !bonafide(["explain", "SIG-01", "--mapping", &file])
            .stdout
            .contains("§ 9|9")
    );
    let run = bonafide([
        "threats",
        "--mapping",
        &file,
        "--framework",
        "ISO/IEC 27090@bought",
    ]);
    assert_eq!(ids(&run.stdout).len(), 11, "{run:?}");
    // In Markdown, what the file says is text and no markup.
    let run = bonafide(["threats", "--mapping", &file, "--matrix"]);
    assert!(
        run.stdout.contains("is § 9\\|9 &lt;b&gt;x&lt;/b&gt; ("),
        "{run:?}"
    );
    assert!(!run.stdout.contains("<b>"));
    let rows = document(&["--mapping", &file, "--framework", "ISO/IEC 27090"]);
    let rows = &rows["threats"][0]["mappings"];
    assert_eq!(rows[0]["verification"], "user");
    assert!(
        rows[0]["source"]
            .as_str()
            .unwrap()
            .ends_with("mine.toml, line 4")
    );
}

#[test]
fn a_mapping_file_that_cannot_be_used_says_where_and_decides_nothing() {
    let (_folder, file) = mapping(
        "framework = \"x\"\nversion = \"1\"\n[[mapping]]\nthreat = \"SIG-99\"\nreference = \"1\"\ntitle = \"t\"\n",
    );
    let run = bonafide(["threats", "--mapping", &file]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(
        run.stderr
            .contains("mine.toml:4:10: there is no threat `SIG-99`; `bonafide threats` lists them"),
        "{run:?}"
    );
    let run = bonafide(["threats", "--mapping", "no/such/file.toml"]);
    assert_eq!(run.code, 2, "{run:?}");
    let (_folder, file) = mapping(&"#".repeat(2 << 20));
    let run = bonafide(["threats", "--mapping", &file]);
    assert_eq!(run.code, 2, "{run:?}");
}

#[test]
fn a_report_tells_every_threat() {
    let (code, report) = verify([
        "fixtures/supply-chain/digits-classifier",
        "--policy",
        "policies/registry-gate.toml",
    ]);
    assert_eq!(code, 0, "{report}");
    let threats = report["threats"].as_array().unwrap();
    assert_eq!(threats.len(), 45);
    let standing = |id: &str| {
        let threat = threats.iter().find(|threat| threat["id"] == id).unwrap();
        threat["standing"].as_str().unwrap().to_owned()
    };
    assert_eq!(standing("SIG-02"), "evidence");
    assert_eq!(standing("DAT-07"), "not-checked");
    for threat in threats {
        let found = matches!(threat["standing"].as_str(), Some("found" | "undecided"));
        assert_eq!(threat["mappings"].is_array(), found, "{threat}");
    }
}

#[test]
fn a_report_of_changed_bytes_names_the_threat_and_what_it_maps_to() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("digits-classifier");
    crate::harness::copy(
        &crate::harness::fixture("supply-chain/digits-classifier"),
        &target,
    );
    crate::harness::flip(&target.join("model.safetensors"));
    let (code, report) = verify([
        target.to_str().unwrap(),
        "--policy",
        "policies/registry-gate.toml",
    ]);
    assert_eq!(code, 1, "{report}");
    let threats = report["threats"].as_array().unwrap();
    let threat = threats
        .iter()
        .find(|threat| threat["id"] == "SIG-02")
        .unwrap();
    assert_eq!(threat["standing"], "found");
    assert!(
        threat["controls"]
            .as_array()
            .unwrap()
            .contains(&Value::from("digest-mismatch"))
    );
    let mappings = threat["mappings"].as_array().unwrap();
    assert!(
        mappings
            .iter()
            .any(|row| row["framework"] == "MITRE ATLAS 2026.09"
                && row["reference"] == "AML.T0018.000"
                && row["relation"] == "instance of")
    );
}

/// What a newcomer copies from the page works.
#[test]
fn examples_of_the_documentation_of_threats_work() {
    let text = std::fs::read_to_string(root().join("docs/threats.md")).unwrap();
    let (_, block) = text.split_once("```sh\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    assert!(block.lines().count() >= 5);
    for line in block.lines() {
        let arguments = line.strip_prefix("bonafide ").unwrap();
        let run = bonafide(arguments.split_whitespace());
        assert_eq!(run.code, 0, "{line}: {run:?}");
        assert!(!run.stdout.is_empty(), "{line}");
    }
    let (_, example) = text.split_once("```toml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let (_folder, file) = mapping(example);
    let run = bonafide(["explain", "SIG-02", "--mapping", &file]);
    assert!(
        run.stdout
            .contains("another clause  its short title (mitigated by; from the mapping file)"),
        "{run:?}"
    );
}
