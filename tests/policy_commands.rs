//! `bonafide policy`, and policies that have to be signed. Keys are made here and thrown away.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{Run, bonafide, command, root, verify};

const POLICY: &str = "\
[policy]
name = \"team\"
version = \"1.2.0\"
expires = 2027-12-31
extends = [\"base.toml\"]

[[control]]
check = \"unlisted-file\"
level = \"warn\"
allow = [\"docs/**\"]
";

const BASE: &str = "\
[policy]
name = \"base\"
version = \"1.0.0\"

[trust]
keys = [{ name = \"release\", file = \"keys/release.pem\" }]

[[control]]
check = \"unsafe-name\"
level = \"deny\"

[[control]]
check = \"unlisted-file\"
level = \"deny\"
";

const WAIVERS: &str = "\
[waivers]
name = \"exceptions\"
version = \"0.1.0\"

[[waiver]]
id = \"W-1\"
control = \"unsafe-name\"
subject = \"pkg:huggingface/acme/model@*\"
until = 2027-07-01
reason = \"the new weights come in July\"
owner = \"ml-platform@acme.example\"
approved-by = \"security@acme.example\"
";

fn openssl(arguments: &[&str], directory: &Path) {
    let output = Command::new("openssl")
        .args(arguments)
        .current_dir(directory)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// Makes `NAME-key.pem` and `NAME.pem`; false where there is nothing to make keys with.
fn make_key(directory: &Path, name: &str) -> bool {
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("skipped: no openssl to make keys with");
        return false;
    }
    let private = format!("{name}-key.pem");
    let option = "ec_paramgen_curve:P-256";
    openssl(
        &[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            option,
            "-out",
            &private,
        ],
        directory,
    );
    let public = format!("{name}.pem");
    openssl(
        &["pkey", "-in", &private, "-pubout", "-out", &public],
        directory,
    );
    true
}

/// A folder with a policy that extends another and names a key, a model, and two key pairs.
fn stage() -> Option<TempDir> {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    if !make_key(here, "author") || !make_key(here, "other") {
        return None;
    }
    std::fs::create_dir(here.join("keys")).unwrap();
    std::fs::copy(here.join("other.pem"), here.join("keys/release.pem")).unwrap();
    std::fs::write(here.join("team.toml"), POLICY).unwrap();
    std::fs::write(here.join("base.toml"), BASE).unwrap();
    std::fs::write(here.join("waivers.toml"), WAIVERS).unwrap();
    std::fs::create_dir(here.join("model")).unwrap();
    std::fs::write(here.join("model/weights.txt"), "weights").unwrap();
    Some(place)
}

fn path(directory: &Path, name: &str) -> String {
    directory.join(name).display().to_string()
}

fn sign(here: &Path, policy: &str, key: &str) {
    let run = bonafide([
        "policy",
        "sign",
        &path(here, policy),
        "--private-key",
        &path(here, key),
    ]);
    assert_eq!(run.code, 0, "{run:?}");
}

/// Verifies the model by a policy that has to be signed, at a time when it is valid.
fn gate(here: &Path, policy: &str, more: &[&str]) -> Run {
    let output = command()
        .args(["verify", &path(here, "model"), "--policy"])
        .arg(here.join(policy))
        .args(["--policy-key", &path(here, "author.pem")])
        .args([
            "--effective-time",
            "2027-06-01",
            "--allow-past-effective-time",
        ])
        .args(["--output", "json"])
        .args(more)
        .output()
        .unwrap();
    Run::from(output)
}

fn report(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

/// Refused as unusable, in these words.
fn refused(run: &Run, words: &str) {
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(run.stderr.contains(words), "`{words}` is not in {run:?}");
}

#[test]
fn init_writes_a_policy_that_can_be_used_and_overwrites_nothing() {
    let place = tempfile::tempdir().unwrap();
    let file = path(place.path(), "acme-models.toml");
    let run = bonafide(["policy", "init", &file]);
    assert_eq!(run.code, 0, "{run:?}");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("name = \"acme-models\""), "{text}");
    let run = bonafide(["policy", "check", &file]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout.contains("usable: policy acme-models 0.1.0"),
        "{run:?}"
    );
    assert!(run.stdout.contains("nobody is trusted"), "{run:?}");

    let run = bonafide(["policy", "init", &file]);
    refused(&run, "exists and is not overwritten");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);

    // What is commented out can be used as it stands.
    let active: String = text
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.starts_with("[[") || rest.contains(" = ") => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let active = active
        .replace(
            "file = \"keys/release.pem\"",
            &format!("sha256 = \"{}\"", "a".repeat(64)),
        )
        .replace("sha256:DIGEST", &format!("sha256:{}", "b".repeat(64)));
    std::fs::write(&file, active).unwrap();
    let run = bonafide(["policy", "check", &file, "--effective-time", "2027-01-01"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout.contains("1 waiver, expires 2027-12-31"),
        "{run:?}"
    );
}

#[test]
fn init_starts_from_every_preset_and_from_nothing_else() {
    let place = tempfile::tempdir().unwrap();
    let list = bonafide(["policy", "list"]).stdout;
    assert!(list.lines().count() >= 2, "{list}");
    for line in list.lines() {
        let preset = line.split_whitespace().next().unwrap();
        let file = path(place.path(), &format!("{preset}-of-ours.toml"));
        let run = bonafide(["policy", "init", "--from", preset, &file]);
        if line.contains(" to copy ") {
            // It names files, which start from no folder.
            refused(&run, "copy the preset into a file of your own");
            continue;
        }
        assert_eq!(run.code, 0, "{run:?}");
        let run = bonafide(["policy", "check", &file]);
        assert_eq!(run.code, 0, "{run:?}");
    }
    let run = bonafide([
        "policy",
        "init",
        "--from",
        "baselin",
        &path(place.path(), "x.toml"),
    ]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stderr.contains("`bonafide policy list`"), "{run:?}");
    let run = bonafide(["policy", "init", &path(place.path(), "x.yaml")]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(!place.path().join("x.yaml").exists());
}

#[test]
fn the_list_names_every_shipped_policy() {
    let list = bonafide(["policy", "list"]).stdout;
    let document = bonafide(["policy", "list", "--output", "json"]).stdout;
    let document: Value = serde_json::from_str(&document).unwrap();
    let rows = document["presets"].as_array().unwrap();
    let mut files = 0;
    for entry in root().join("policies").read_dir().unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        files += 1;
        let stem = file.file_stem().unwrap().to_str().unwrap();
        let line = list
            .lines()
            .find(|line| line.split_whitespace().next() == Some(stem));
        let line = line.unwrap_or_else(|| panic!("{stem} is not in\n{list}"));
        assert!(
            line.split_whitespace().count() > 4,
            "no description: {line}"
        );
        let row = rows.iter().find(|row| row["name"] == stem).unwrap();
        assert!(!row["description"].as_str().unwrap().is_empty());
        let is_whole = row["controls"].as_u64().is_some_and(|count| count > 0);
        assert!(is_whole || line.contains(" to copy "), "{row}");
    }
    assert_eq!(rows.len(), files);
}

#[test]
fn check_says_what_is_wrong_with_each_file_and_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    std::fs::write(here.join("waivers.toml"), WAIVERS).unwrap();
    std::fs::write(
        here.join("bad.toml"),
        POLICY.replace("unlisted-file", "unlisted-fille"),
    )
    .unwrap();
    let run = bonafide([
        "policy",
        "check",
        "baseline",
        &path(here, "bad.toml"),
        &path(here, "absent.toml"),
        &path(here, "waivers.toml"),
        "--effective-time",
        "2027-06-15",
    ]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stdout.contains("baseline: usable: policy baseline"),
        "{run:?}"
    );
    assert!(run.stdout.contains("warning: it never expires"), "{run:?}");
    assert!(
        run.stdout
            .contains("usable: waivers exceptions 0.1.0, 1 waiver"),
        "{run:?}"
    );
    assert!(
        run.stdout
            .contains("warning: waiver `W-1` expires in 16 days, on 2027-07-01"),
        "{run:?}"
    );
    assert!(
        run.stderr.contains("did you mean `unlisted-file`?"),
        "{run:?}"
    );
    assert!(
        run.stderr.contains("absent.toml: cannot be read"),
        "{run:?}"
    );

    let late = ["--effective-time", "2027-07-03"];
    let run = bonafide([
        "policy",
        "check",
        &path(here, "waivers.toml"),
        late[0],
        late[1],
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout.contains("waiver `W-1` expired 2 days ago"),
        "{run:?}"
    );
    assert_eq!(bonafide(["policy", "check"]).code, 4);
}

/// A policy that extends an unreadable file or names a key that is none is no usable policy.
#[test]
fn check_reads_what_the_policy_names() {
    let Some(place) = stage() else { return };
    let here = place.path();
    let team = path(here, "team.toml");
    let check = |time: &str| bonafide(["policy", "check", &team, "--effective-time", time]);
    let run = check("2027-12-20");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout
            .contains("usable: policy team 1.2.0, 2 controls, expires 2027-12-31"),
        "{run:?}"
    );
    assert!(
        run.stdout
            .contains("warning: the policy expires in 11 days"),
        "{run:?}"
    );
    assert!(!run.stdout.contains("nobody is trusted"), "{run:?}");
    refused(&check("2028-01-01"), "policy expired on 2027-12-31");
    std::fs::write(here.join("keys/release.pem"), "no key").unwrap();
    refused(&check("2027-12-20"), "keys/release.pem");
}

#[test]
fn show_lays_the_policy_over_what_it_extends() {
    let Some(place) = stage() else { return };
    let team = path(place.path(), "team.toml");
    let run = bonafide(["policy", "show", &team, "--effective-time", "2027-12-30"]);
    assert_eq!(run.code, 0, "{run:?}");
    for words in [
        "team 1.2.0\n",
        "expires 2027-12-31 (1 day left)",
        "key release",
        "Controls (2)",
        "warn   unlisted-file, from ",
        "deny   unsafe-name, from ",
        "allow = [\"docs/**\"]",
    ] {
        assert!(
            run.stdout.contains(words),
            "`{words}` is not in\n{}",
            run.stdout
        );
    }
    let run = bonafide(["policy", "show", &team, "--output", "json"]);
    let shown: Value = serde_json::from_str(&run.stdout).unwrap();
    let controls = shown["controls"].as_array().unwrap();
    let of = |id: &str| controls.iter().find(|control| control["id"] == id).unwrap();
    assert_eq!(of("unlisted-file")["level"], "warn");
    assert_eq!(of("unlisted-file")["origin"], team.as_str());
    assert_eq!(of("unlisted-file")["parameters"]["allow"][0], "docs/**");
    let origin = of("unsafe-name")["origin"].as_str().unwrap();
    assert!(origin.ends_with("base.toml"), "{origin}");
    let layers = shown["layers"].as_array().unwrap();
    let names: Vec<&str> = layers
        .iter()
        .map(|layer| layer["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["base", "team"]);

    let run = bonafide(["policy", "show"]);
    assert!(run.stdout.starts_with("baseline 1."), "{run:?}");
    refused(
        &bonafide(["policy", "show", "baselin"]),
        "baselin: cannot be read",
    );
}

#[test]
fn schemas_describe_what_they_are_of() {
    let schema = |what: &str| {
        let run = bonafide(["policy", "schema", what]);
        assert_eq!(run.code, 0, "{run:?}");
        let schema: Value = serde_json::from_str(&run.stdout).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    };
    let read = |text: &str| -> Value {
        let table: toml::Table = text.parse().unwrap();
        serde_json::to_value(table).unwrap()
    };
    let policy = schema("policy");
    let text = std::fs::read_to_string(root().join("policies/baseline.toml")).unwrap();
    assert!(policy.is_valid(&read(&text)));
    assert!(!policy.is_valid(&read(&text.replacen("[[control]]", "[[controls]]", 1))));
    let waivers = schema("waivers");
    // Dates of TOML are no JSON.
    let text = WAIVERS.replace("2027-07-01", "\"2027-07-01\"");
    assert!(waivers.is_valid(&read(&text)));
    assert!(!waivers.is_valid(&read(&text.replace("owner", "ower"))));
    let (_, report) = verify(["fixtures/policies/target"]);
    let of_reports = schema("report");
    assert!(of_reports.is_valid(&report));
    assert!(!of_reports.is_valid(&serde_json::json!({ "verdict": "allow" })));
    assert_eq!(bonafide(["policy", "schema", "weights"]).code, 4);
}

#[test]
fn a_signed_policy_is_verified_with_all_that_it_names() {
    let Some(place) = stage() else { return };
    let here = place.path();
    refused(&gate(here, "team.toml", &[]), "team.toml: is not signed");
    let run = bonafide([
        "policy",
        "sign",
        &path(here, "team.toml"),
        "--private-key",
        &path(here, "author-key.pem"),
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    for words in [
        "signed team 1.2.0",
        "  team.toml",
        "  base.toml",
        "  keys/release.pem",
    ] {
        assert!(run.stdout.contains(words), "{run:?}");
    }
    let run = gate(here, "team.toml", &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let signer = report(&run)["policy"]["signed-by"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(signer.contains("author.pem"), "{signer}");
    // Nobody asked: nothing is claimed.
    let (_, unasked) = verify([
        path(here, "model").as_str(),
        "--policy",
        &path(here, "team.toml"),
    ]);
    assert_eq!(unasked["policy"]["signed-by"], Value::Null);
    let run = bonafide([
        "policy",
        "check",
        &path(here, "team.toml"),
        "--policy-key",
        &path(here, "author.pem"),
    ]);
    assert!(run.stdout.contains(", signed by key "), "{run:?}");

    let wrong_key = ["--policy-key".to_owned(), path(here, "other.pem")];
    let output = command()
        .args([
            "verify",
            &path(here, "model"),
            "--policy",
            &path(here, "team.toml"),
        ])
        .args(&wrong_key)
        .output()
        .unwrap();
    refused(&Run::from(output), "the signature is refused");
    // One of several is enough.
    let run = gate(here, "team.toml", &[&wrong_key[0], &wrong_key[1]]);
    assert_eq!(run.code, 0, "{run:?}");
}

/// The evidence bundle holds what the signature was verified by: an auditor verifies it again.
#[test]
fn the_signature_of_a_policy_is_verified_again_in_a_replay() {
    let Some(place) = stage() else { return };
    let here = place.path();
    sign(here, "team.toml", "author-key.pem");
    let bundle = path(here, "evidence");
    let run = gate(here, "team.toml", &["--evidence", &bundle]);
    assert_eq!(run.code, 0, "{run:?}");
    for name in [
        "team.toml",
        "team.toml.signature.json",
        "author.pem",
        "keys",
    ] {
        std::fs::rename(here.join(name), here.join(format!("{name}-gone"))).unwrap();
    }
    let again = bonafide(["audit", "replay", &bundle]);
    assert_eq!(again.code, 0, "{again:?}");
}

#[test]
fn whatever_changes_after_signing_is_refused() {
    for (file, change) in [
        ("team.toml", "\n# nothing\n"),
        ("base.toml", "\n# nothing\n"),
        ("keys/release.pem", "\n"),
    ] {
        let Some(place) = stage() else { return };
        let here = place.path();
        sign(here, "team.toml", "author-key.pem");
        assert_eq!(gate(here, "team.toml", &[]).code, 0);
        let text = std::fs::read_to_string(here.join(file)).unwrap();
        std::fs::write(here.join(file), text + change).unwrap();
        refused(
            &gate(here, "team.toml", &[]),
            "has changed since it was signed",
        );
    }
    let Some(place) = stage() else { return };
    let here = place.path();
    sign(here, "team.toml", "author-key.pem");
    let signature = here.join("team.toml.signature.json");
    let text = std::fs::read_to_string(&signature).unwrap();
    std::fs::write(&signature, text.replacen("\"sig\":\"ME", "\"sig\":\"MF", 1)).unwrap();
    refused(&gate(here, "team.toml", &[]), "the signature is refused");
    std::fs::write(&signature, "{}").unwrap();
    refused(&gate(here, "team.toml", &[]), "the signature is refused");
}

/// Each name is bound to its own bytes: one signed file does not do for another.
#[test]
fn a_signature_is_for_one_policy_and_for_no_other() {
    let Some(place) = stage() else { return };
    let here = place.path();
    let lax = POLICY
        .replace("\"team\"", "\"lax\"")
        .replace("\"1.2.0\"", "\"0.1.0\"");
    std::fs::write(here.join("lax.toml"), &lax).unwrap();
    sign(here, "team.toml", "author-key.pem");
    sign(here, "lax.toml", "author-key.pem");
    // The lax policy under the name of the other, with its own signature.
    std::fs::write(here.join("team.toml"), &lax).unwrap();
    refused(
        &gate(here, "team.toml", &[]),
        "has changed since it was signed",
    );
    std::fs::copy(
        here.join("lax.toml.signature.json"),
        here.join("team.toml.signature.json"),
    )
    .unwrap();
    refused(
        &gate(here, "team.toml", &[]),
        "is about `base.toml`, `keys/release.pem`, `lax.toml`",
    );
}

#[test]
fn a_statement_of_another_type_is_no_signature_of_a_policy() {
    let Some(place) = stage() else { return };
    let here = place.path();
    std::fs::write(here.join("predicate.json"), "{}").unwrap();
    let run = bonafide([
        "attest",
        &path(here, "team.toml"),
        "--predicate-type",
        "https://example.com/reviewed/v1",
        "--predicate",
        &path(here, "predicate.json"),
        "--private-key",
        &path(here, "author-key.pem"),
        "--output",
        &path(here, "team.toml.signature.json"),
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    refused(
        &gate(here, "team.toml", &[]),
        "states `https://example.com/reviewed/v1`",
    );
}

#[test]
fn waivers_of_a_run_are_signed_as_the_policy_is() {
    let Some(place) = stage() else { return };
    let here = place.path();
    sign(here, "team.toml", "author-key.pem");
    let waivers = path(here, "waivers.toml");
    let given = ["--waivers", waivers.as_str()];
    refused(
        &gate(here, "team.toml", &given),
        "waivers.toml: is not signed",
    );
    sign(here, "waivers.toml", "other-key.pem");
    refused(&gate(here, "team.toml", &given), "the signature is refused");
    sign(here, "waivers.toml", "author-key.pem");
    let run = gate(here, "team.toml", &given);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(report(&run)["waivers"][0]["id"], "W-1");
}

#[test]
fn what_cannot_be_signed_is_refused_where_a_signature_is_asked_for() {
    let Some(place) = stage() else { return };
    let here = place.path();
    let model = path(here, "model");
    let key = path(here, "author.pem");
    // Nobody named a policy: the one of the program is signed by nobody.
    let run = bonafide(["verify", &model, "--policy-key", &key]);
    refused(&run, "`baseline` comes with this program");
    let run = bonafide([
        "verify",
        &model,
        "--policy-key",
        &key,
        "--policy",
        "registry-gate",
    ]);
    refused(&run, "`registry-gate` comes with this program");
    let run = bonafide([
        "verify",
        &model,
        "--policy",
        "https://policies.example/team.toml",
    ]);
    refused(
        &run,
        "is an address, and a policy is a file: nothing is fetched",
    );
    assert!(run.stderr.contains("`--policy-key`"), "{run:?}");
    let run = bonafide(["verify", &model, "--policy-identity", "a@acme.example"]);
    assert_eq!(run.code, 4, "{run:?}");
}

/// An identity is asked for, and the signature is one with a key.
#[test]
fn a_key_is_no_identity() {
    let Some(place) = stage() else { return };
    let here = place.path();
    sign(here, "team.toml", "author-key.pem");
    let run = bonafide([
        "verify",
        &path(here, "model"),
        "--policy",
        &path(here, "team.toml"),
        "--policy-identity",
        "author@acme.example",
        "--policy-issuer",
        "https://accounts.example",
    ]);
    refused(&run, "the signature is refused");
}

#[test]
fn sign_refuses_what_nobody_should_vouch_for() {
    let Some(place) = stage() else { return };
    let here = place.path();
    let sign = |policy: &str, more: &[&str]| -> Run {
        let output = command()
            .args(["policy", "sign", &path(here, policy)])
            .args(["--private-key", &path(here, "author-key.pem")])
            .args(more)
            .output()
            .unwrap();
        Run::from(output)
    };
    std::fs::write(
        here.join("bad.toml"),
        POLICY.replace("deny", "block").replace("warn", "block"),
    )
    .unwrap();
    refused(&sign("bad.toml", &[]), "unknown level `block`");
    std::fs::write(
        here.join("old.toml"),
        POLICY.replace("2027-12-31", "2020-12-31"),
    )
    .unwrap();
    refused(&sign("old.toml", &[]), "policy expired on 2020-12-31");
    assert!(!here.join("bad.toml.signature.json").exists());
    // A policy is no place for its signature.
    refused(
        &sign("team.toml", &["--output", &path(here, "base.toml")]),
        "is not overwritten",
    );
    assert_eq!(
        std::fs::read_to_string(here.join("base.toml")).unwrap(),
        BASE
    );
    // An older signature is replaced.
    assert_eq!(sign("team.toml", &[]).code, 0);
    assert_eq!(sign("team.toml", &[]).code, 0);
}

/// A policy may lie in the folder of a model: its signature is none of the model's.
#[test]
fn the_signature_of_a_policy_is_not_taken_for_one_of_the_model() {
    let Some(place) = stage() else { return };
    let here = place.path();
    let model = here.join("model");
    let alone = "[policy]\nname = \"alone\"\nversion = \"1.0.0\"\nextends = [\"baseline\"]\n";
    std::fs::write(model.join("alone.toml"), alone).unwrap();
    sign(&model, "alone.toml", "../author-key.pem");
    assert!(model.join("alone.toml.signature.json").is_file());
    let (_, report) = verify([model.to_str().unwrap()]);
    assert_eq!(report["signatures"], serde_json::json!([]), "{report:#}");
}

/// What is shown of a policy is the same wherever it is asked.
#[test]
fn output_does_not_change_from_run_to_run() {
    for arguments in [
        vec!["policy", "show", "strict", "--effective-time", "2027-06-01"],
        vec![
            "policy",
            "show",
            "baseline",
            "-o",
            "json",
            "--effective-time",
            "2027-06-01",
        ],
        vec!["policy", "schema"],
        vec!["policy", "list"],
    ] {
        let (first, second) = (bonafide(&arguments), bonafide(&arguments));
        assert_eq!(first.code, 0, "{first:?}");
        assert_eq!(first.stdout, second.stdout, "{arguments:?}");
    }
}

#[test]
fn quiet_is_quiet() {
    let place = tempfile::tempdir().unwrap();
    let file: PathBuf = place.path().join("policy.toml");
    let run = bonafide(["policy", "init", "--quiet", file.to_str().unwrap()]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run:?}");
    let run = bonafide(["policy", "check", "--quiet", file.to_str().unwrap()]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run:?}");
}
