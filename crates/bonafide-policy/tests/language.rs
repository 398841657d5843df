//! What a policy becomes of the files that it is made of.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on should stop, loudly"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use bonafide_core::{Level, Mode};
use jiff::Timestamp;

use bonafide_policy::{
    CommandLineTrust, Material, NoMatch, Policy, PolicySource, PolicyText, Reference,
    ReferenceKind, presets,
};

/// Files in memory.
struct Files(BTreeMap<PathBuf, String>);

impl PolicySource for Files {
    fn read(&self, reference: &Reference, _: ReferenceKind) -> Result<PolicyText, String> {
        let Reference::File(path) = reference else {
            return Err("not fetched".to_owned());
        };
        let text = self.0.get(path).ok_or("there is no such file")?;
        Ok(PolicyText {
            origin: path.display().to_string(),
            text: text.clone(),
            directory: path.parent().unwrap().to_owned(),
            identity: path.display().to_string(),
        })
    }
}

fn load(files: &[(&str, &str)]) -> Result<Policy, String> {
    let files = Files(
        files
            .iter()
            .map(|(path, text)| (PathBuf::from(path), (*text).to_owned()))
            .collect(),
    );
    let root = files
        .read(
            &Reference::File(PathBuf::from("p/policy.toml")),
            ReferenceKind::Policy,
        )
        .or_else(|_| {
            files.read(
                &Reference::File(PathBuf::from("p/policy.yaml")),
                ReferenceKind::Policy,
            )
        })
        .unwrap();
    Policy::load(root, &files).map_err(|error| error.to_string())
}

fn head(name: &str, more: &str) -> String {
    format!("[policy]\nname = \"{name}\"\nversion = \"1.0.0\"\n{more}\n")
}

fn control(check: &str, level: &str, more: &str) -> String {
    format!("[[control]]\ncheck = \"{check}\"\nlevel = \"{level}\"\n{more}\n")
}

/// Ids and levels, in order.
fn shown(policy: &Policy) -> Vec<(&str, Level)> {
    policy
        .controls
        .iter()
        .map(|control| (control.id.as_str(), control.level))
        .collect()
}

/// A preset stands in no folder: were its paths to start from wherever the run does, whoever
/// chooses that place would choose whom to believe.
#[test]
fn every_preset_is_usable_or_has_to_be_copied() {
    let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    let mut to_be_copied = Vec::new();
    for preset in presets() {
        let policy = Policy::preset(preset.name).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(policy.name, preset.name);
        assert!(policy.waiver_files().is_empty() && policy.custom.is_empty());
        let mut files = policy
            .trust
            .iter()
            .filter_map(|source| match &source.material {
                Material::File(path) => Some(path.path()),
                _ => None,
            });
        match policy.check_expiry(now) {
            Ok(()) => assert_eq!(files.next(), None),
            Err(error) => {
                let shown = error.to_string();
                assert!(shown.contains("a preset has no folder"), "{shown}");
                // Whoever does not ask finds nothing there either.
                assert!(files.all(|path| std::fs::File::open(path).is_err()));
                to_be_copied.push(preset.name);
            }
        }
    }
    assert_eq!(to_be_copied, ["registry-gate"]);
    let own = head("own", "extends = [\"registry-gate\"]");
    let policy = load(&[("p/policy.toml", &own)]).unwrap();
    let shown = policy.check_expiry(now).unwrap_err().to_string();
    assert!(shown.contains("a preset has no folder"), "{shown}");
    assert!(
        Policy::preset("basline")
            .unwrap_err()
            .to_string()
            .contains("did you mean `baseline`?")
    );
}

#[test]
fn a_later_file_replaces_a_control_in_its_place() {
    let base = head("base", "")
        + &control("digest-mismatch", "deny", "")
        + &control("unlisted-file", "deny", "allow = [\"docs/**\"]")
        + &control("missing-file", "deny", "");
    let team = head("team", "extends = [\"base.toml\"]") + &control("unlisted-file", "warn", "");
    let own = head("own", "extends = [\"team.toml\"]")
        + &control(
            "unlisted-file",
            "audit",
            "id = \"readme\"\nallow = [\"README.md\"]",
        );
    let policy = load(&[
        ("p/policy.toml", &own),
        ("p/team.toml", &team),
        ("p/base.toml", &base),
    ])
    .unwrap();
    assert_eq!(
        shown(&policy),
        [
            ("digest-mismatch", Level::Deny),
            ("unlisted-file", Level::Warn),
            ("missing-file", Level::Deny),
            ("readme", Level::Audit),
        ]
    );
    // Whole: the parameter of the one below is gone.
    assert_eq!(policy.controls[1].parameters, serde_json::json!({}));
    let origins: Vec<&str> = policy
        .controls
        .iter()
        .map(|control| policy.origin_of(control))
        .collect();
    assert_eq!(
        origins,
        ["p/base.toml", "p/team.toml", "p/base.toml", "p/policy.toml"]
    );
    let layers: Vec<&str> = policy.layers().iter().map(|layer| &*layer.name).collect();
    assert_eq!(layers, ["base", "team", "own"]);
}

#[test]
fn a_file_that_is_reached_twice_counts_where_it_is_reached_first() {
    let base = head("base", "") + &control("digest-mismatch", "deny", "");
    let strict = head("strict", "extends = [\"base.toml\"]")
        + &control("digest-mismatch", "warn", "reason = \"by strict\"");
    let other = head("other", "extends = [\"base.toml\"]") + &control("missing-file", "deny", "");
    let own = head("own", "extends = [\"strict.toml\", \"other.toml\"]");
    let policy = load(&[
        ("p/policy.toml", &own),
        ("p/strict.toml", &strict),
        ("p/other.toml", &other),
        ("p/base.toml", &base),
    ])
    .unwrap();
    // Not that of the base again, through the other.
    assert_eq!(policy.controls[0].reason.as_deref(), Some("by strict"));
    assert_eq!(policy.layers().len(), 4);
}

#[test]
fn scalars_are_of_the_last_that_says_them_and_limits_of_the_strictest() {
    let base = head(
        "base",
        "expires = 2027-01-31\nminimum-tool-version = \"0.0.9\"\nmode = \"audit\"\nno-match = \"allow\"\nwaiver-horizon-days = 30",
    ) + &control("digest-mismatch", "deny", "")
        + "[trust]\ncommand-line = \"refuse\"\n";
    let own = head(
        "own",
        "extends = [\"base.toml\"]\nexpires = 2027-06-30\nno-match = \"warn\"\nwaiver-horizon-days = 400\nminimum-tool-version = \"0.0.1\"",
    );
    let policy = load(&[("p/policy.toml", &own), ("p/base.toml", &base)]).unwrap();
    assert_eq!(policy.expires, Some("2027-01-31".parse().unwrap()));
    assert_eq!(policy.mode, Some(Mode::Audit));
    assert_eq!(policy.no_match, NoMatch::Warn);
    assert_eq!(policy.waiver_horizon_days, 30);
    assert_eq!(policy.command_line, CommandLineTrust::Refused);
    let minimum = policy.minimum_tool_version.as_ref().unwrap();
    assert_eq!(minimum.to_string(), "0.0.9");
    // The expiry is shown in the file that says it.
    let late: Timestamp = "2027-02-01T00:00:00Z".parse().unwrap();
    let shown = policy.check_expiry(late).unwrap_err().to_string();
    assert!(shown.contains("base.toml:4:"), "{shown}");
    let in_time: Timestamp = "2027-01-31T23:59:59Z".parse().unwrap();
    policy.check_expiry(in_time).unwrap();
}

#[test]
fn paths_start_from_the_file_that_they_are_written_in() {
    let base = head("base", "")
        + "[trust]\nkeys = [{ name = \"k\", file = \"keys/k.pem\" }]\n[[custom]]\npackage = \"acme\"\nfiles = [\"acme.rego\"]\n";
    let own = head("own", "extends = [\"../org/base.toml\"]")
        + "[trust]\nkeys = [{ name = \"own\", file = \"own.pem\" }]\n";
    let policy = load(&[("p/policy.toml", &own), ("p/../org/base.toml", &base)]).unwrap();
    let paths: Vec<String> = policy
        .trust
        .iter()
        .map(|source| match &source.material {
            Material::File(path) => path.path().display().to_string(),
            _ => unreachable!(),
        })
        .collect();
    assert_eq!(paths, ["p/../org/keys/k.pem", "p/own.pem"]);
    assert_eq!(
        policy.custom[0].files,
        [PathBuf::from("p/../org/acme.rego")]
    );
}

#[test]
fn signers_add_up_and_one_name_is_one_signer() {
    const HEX: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    let key = |name: &str, hex: &str| {
        format!("[trust]\nkeys = [{{ name = \"{name}\", sha256 = \"{hex}\" }}]\n")
    };
    let base = head("base", "") + &control("digest-mismatch", "deny", "") + &key("k", HEX);
    let own = |trust: &str| head("own", "extends = [\"base.toml\"]") + trust;
    let with = |trust: &str| load(&[("p/policy.toml", &own(trust)), ("p/base.toml", &base)]);
    assert_eq!(with(&key("l", HEX)).unwrap().trust.len(), 2);
    assert_eq!(with(&key("k", HEX)).unwrap().trust.len(), 1);
    let shown = with(&key("k", &HEX.replace("00", "11"))).unwrap_err();
    assert!(
        shown.contains("`k` is already a trusted signer") && shown.contains("policy.toml:6:"),
        "{shown}"
    );
    // A role can name a signer of the file below, and of no other.
    let role = "[[role]]\nname = \"r\"\nthreshold = 1\nsigners = [\"k\"]\n";
    assert_eq!(with(role).unwrap().roles.len(), 1);
    let shown = with(&role.replace("\"k\"", "\"m\"")).unwrap_err();
    assert!(shown.contains("names no signer `m`"), "{shown}");
}

/// The root that an identity was written for must not become another one because a file
/// below brings it.
#[test]
fn an_identity_keeps_the_root_that_it_was_written_for() {
    let identity = |name: &str| {
        format!("identities = [{{ name = \"{name}\", issuer = \"https://i\", subject = \"s\" }}]\n")
    };
    let base = head("base", "")
        + &control("digest-mismatch", "deny", "")
        + "[trust]\n"
        + &identity("a")
        + "roots = [{ name = \"acme\", file = \"acme.json\" }]\n";
    let own = head("own", "extends = [\"base.toml\"]") + "[trust]\n" + &identity("b");
    let shown = load(&[("p/policy.toml", &own), ("p/base.toml", &base)]).unwrap_err();
    assert!(
        shown.contains("identity `b` names no trusted root") && shown.contains("policy.toml"),
        "{shown}"
    );
    let own = own.replace("subject = \"s\"", "subject = \"s\", root = \"acme\"");
    let policy = load(&[("p/policy.toml", &own), ("p/base.toml", &base)]).unwrap();
    let roots: Vec<_> = policy
        .sigstore
        .identities
        .iter()
        .map(|known| &known.roots)
        .collect();
    assert_eq!(roots, [&["acme".to_owned()], &["acme".to_owned()]]);
}

#[test]
fn what_cannot_be_extended_is_shown_where_it_is_named() {
    let own = |extends: &str| {
        head("own", &format!("extends = [{extends}]")) + &control("digest-mismatch", "deny", "")
    };
    let a = head("a", "extends = [\"b.toml\"]");
    let b = head("b", "extends = [\"policy.toml\"]");
    let broken = head("broken", "expries = 2027-01-01");
    let table = [
        (
            "\"baselin\"",
            "did you mean `baseline`?",
            "policy.toml:4:12",
        ),
        (
            "\"absent.toml\"",
            "there is no such file",
            "policy.toml:4:12",
        ),
        (
            "\"https://acme.example/p.toml\"",
            "not fetched",
            "policy.toml:4:12",
        ),
        (
            "\"a.toml\"",
            "the policy extends itself: p/policy.toml -> p/a.toml -> p/b.toml -> p/policy.toml",
            "p/b.toml:4:12",
        ),
        ("\"policy.toml\"", "extends itself", "policy.toml:4:12"),
        (
            "\"broken.toml\"",
            "unknown key `expries`",
            "p/broken.toml:4:1",
        ),
        ("\"\"", "it names nothing", "policy.toml:4:12"),
        ("7", "expected a string, found integer", "policy.toml:4:12"),
    ];
    for (extends, message, place) in table {
        let shown = load(&[
            ("p/policy.toml", &own(extends)),
            ("p/a.toml", &a),
            ("p/b.toml", &b),
            ("p/broken.toml", &broken),
        ])
        .unwrap_err();
        assert!(shown.contains(message), "{extends}: {shown}");
        assert!(shown.contains(place), "{extends}: {shown}");
    }
    let chain: Vec<(String, String)> = (0..20)
        .map(|number| {
            let next = format!("extends = [\"{}.toml\"]", number + 1);
            (format!("p/{number}.toml"), head("n", &next))
        })
        .collect();
    let mut files: Vec<(&str, &str)> = chain
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let own = own("\"0.toml\"");
    files.push(("p/policy.toml", &own));
    let shown = load(&files).unwrap_err();
    assert!(shown.contains("at most 16 files"), "{shown}");
}

#[test]
fn a_digest_is_of_the_text_or_of_all_texts() {
    let base = head("base", "") + &control("digest-mismatch", "deny", "");
    let own = head("own", "extends = [\"base.toml\"]");
    let digest = |base: &str| {
        load(&[("p/policy.toml", &own), ("p/base.toml", base)])
            .unwrap()
            .digest()
    };
    assert_eq!(digest(&base), digest(&base));
    assert_ne!(digest(&base), digest(&(base.clone() + "# changed\n")));
    let alone = load(&[("p/policy.toml", &base)]).unwrap();
    assert_eq!(
        alone.digest(),
        bonafide_attest::Examination::digest(base.as_bytes())
    );
}

const POLICY_IN_YAML: &str = "\
policy:
  name: own
  version: 1.0.0
  expires: 2027-01-31
  no-match: warn
trust:
  command-line: refuse
  keys:
    - name: k
      sha256: 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
role:
  - {name: r, threshold: 1, signers: [k]}
control:
  - check: unlisted-file
    id: readme
    level: deny
    effective-on: 2026-12-01
    applies-to: {kind: file, path: ['*.md', 'docs/**']}
    allow:
      - README.md
  - check: child-older-than-parent
    level: warn
waiver:
  - id: W-1
    control: readme
    subject: pkg:huggingface/acme/*
    until: 2026-12-31
    reason: \"migrating: see ticket\"
    owner: team
    approved-by: risk
";

const POLICY_IN_TOML: &str = r#"
[policy]
name = "own"
version = "1.0.0"
expires = 2027-01-31
no-match = "warn"
[trust]
command-line = "refuse"
[[trust.keys]]
name = "k"
sha256 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
[[role]]
name = "r"
threshold = 1
signers = ["k"]
[[control]]
check = "unlisted-file"
id = "readme"
level = "deny"
effective-on = 2026-12-01
applies-to = { kind = "file", path = ["*.md", "docs/**"] }
allow = ["README.md"]
[[control]]
check = "child-older-than-parent"
level = "warn"
[[waiver]]
id = "W-1"
control = "readme"
subject = "pkg:huggingface/acme/*"
until = 2026-12-31
reason = "migrating: see ticket"
owner = "team"
approved-by = "risk"
"#;

#[test]
fn yaml_says_the_same_as_toml() {
    let yaml = load(&[("p/policy.yaml", POLICY_IN_YAML)]).unwrap_or_else(|error| panic!("{error}"));
    let toml = load(&[("p/policy.toml", POLICY_IN_TOML)]).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(shown(&yaml), shown(&toml));
    let details = |policy: &Policy| {
        let controls: Vec<String> = policy
            .controls
            .iter()
            .map(|control| {
                format!(
                    "{} {:?} {:?}",
                    control.parameters,
                    control.effective_on,
                    control.scope.description()
                )
            })
            .collect();
        let waiver = &policy.waivers[0];
        (
            controls,
            policy.expires,
            policy.no_match,
            policy.command_line,
            policy.trust[0].material.clone(),
            policy.roles.len(),
            (
                waiver.until,
                waiver.reason.clone(),
                waiver.subject.to_string(),
            ),
        )
    };
    assert_eq!(details(&yaml), details(&toml));
}

#[test]
fn yaml_that_two_readers_could_take_differently_is_refused() {
    let table = [
        (
            POLICY_IN_YAML.replace("name: own", "name: &a own"),
            "anchors are not supported",
            2,
        ),
        (POLICY_IN_YAML.replace("[k]", "[*a]"), "", 12),
        (
            POLICY_IN_YAML.replace("name: own", "name: !!str own"),
            "tags are not supported",
            2,
        ),
        (
            POLICY_IN_YAML.replace("command-line", "<<"),
            "merge keys are not supported",
            7,
        ),
        (
            POLICY_IN_YAML.replace("  version", "  name: other\n  version"),
            "the key `name` stands twice",
            3,
        ),
        (
            format!("{POLICY_IN_YAML}---\npolicy: {{}}\n"),
            "a second document begins here",
            31,
        ),
        (
            POLICY_IN_YAML.replace("  keys", "\tkeys"),
            "not indented with tabs",
            8,
        ),
        (
            POLICY_IN_YAML.replace("1.0.0", "1.0"),
            "expected a string, found float",
            3,
        ),
        (
            POLICY_IN_YAML.replace("name: own", "name: 7"),
            "expected a string, found integer",
            2,
        ),
        (
            POLICY_IN_YAML.replace("name: own", "name: yes\n  true: 1"),
            "the key `true` is no text",
            3,
        ),
        (
            POLICY_IN_YAML.replace("level: deny", "level: ~"),
            "expected a string, found null",
            16,
        ),
        (
            POLICY_IN_YAML.replace("level: deny", "levle: deny"),
            "`level` is missing here",
            14,
        ),
        (
            POLICY_IN_YAML.replace("kind: file", "kind: [[file]]"),
            "expected a string, found array",
            18,
        ),
        (
            POLICY_IN_YAML.replace("threshold: 1", "threshold: 99999999999999999999"),
            "out of range",
            12,
        ),
        (POLICY_IN_YAML.replace("[k]", "[k"), "not YAML", 13),
        ("- a\n- b\n".to_owned(), "expected a table, found array", 1),
        (format!("policy: {}", "[".repeat(200)), "32 levels", 1),
        (String::new(), "`policy` is missing here", 1),
    ];
    for (text, message, line) in table {
        let shown = load(&[("p/policy.yaml", &text)]).unwrap_err();
        assert!(shown.contains(message), "{message}:\n{shown}");
        assert!(
            shown.contains(&format!("policy.yaml:{line}:")),
            "{line}:\n{shown}"
        );
    }
}

/// Places are counted in characters by one reader and in bytes by the other.
#[test]
fn places_in_yaml_are_right_behind_characters_of_several_bytes() {
    let text = "policy:\n  name: \"ü😀ü\"\n  version: 1.0.0\n  modus: ä\n";
    let shown = load(&[("p/policy.yaml", text)]).unwrap_err();
    assert!(shown.contains("policy.yaml:4:3"), "{shown}");
    assert!(shown.contains("  ^^^^^"), "{shown}");
}

#[test]
fn a_newer_policy_is_not_judged_by_an_older_language() {
    let text = head("own", "minimum-tool-version = \"99.0.0\"\nfuture = true");
    let shown = load(&[("p/policy.toml", &text)]).unwrap_err();
    assert!(
        shown.contains("asks for bonafide 99.0.0 or later"),
        "{shown}"
    );
    assert!(!shown.contains("future ="), "{shown}");
    let text =
        head("own", "minimum-tool-version = \"0.0.1\"") + &control("digest-mismatch", "deny", "");
    load(&[("p/policy.toml", &text)]).unwrap();
}

#[test]
fn controls_are_told_apart_by_their_ids() {
    let control = |more: &str| control("unlisted-file", "deny", more);
    let own = |more: &str| head("own", "") + more;
    let table = [
        (
            control("reason = \"a\\u001b[2J\""),
            "control or invisible",
            8,
        ),
        (
            control("") + &control(""),
            "already has a control above",
            10,
        ),
        (
            control("id = \"a\"") + &control("id = \"a\""),
            "two controls have the id `a`",
            12,
        ),
        (control("id = \"A b\""), "`A b` is no id", 8),
        (
            control("applies-to = \"file\""),
            "expected a table, found string",
            8,
        ),
        (
            control("applies-to = { kind = \"model\" }"),
            "unknown kind `model`",
            8,
        ),
        (
            control("applies-to = { kind = [] }"),
            "applies to nothing",
            8,
        ),
        (
            control("applies-to = { format = \"pickel\" }"),
            "did you mean `pickle`?",
            8,
        ),
        (
            control("applies-to = { purl = \"huggingface/acme\" }"),
            "is no package URL",
            8,
        ),
        (
            control("applies-to = { path = \"a[b\" }"),
            "character classes",
            8,
        ),
        (
            control("applies-to = { license = \"a\" }"),
            "unknown key `license`",
            8,
        ),
        (control("effective-on = 2026-02-30"), "", 8),
        (control("effective-on = \"2026-02-30\""), "not a date", 8),
        (
            control("effective-on = 2027-01-01").replace("\"deny\"", "\"warn\""),
            "only `deny` becomes effective",
            8,
        ),
        (control("reason = \" \""), "`reason` is empty", 8),
        (
            control("requirements = [\"A-1\"]"),
            "no requirement has the id `A-1`",
            8,
        ),
        (
            control("effective = 2027-01-01"),
            "did you mean `effective-on`?",
            8,
        ),
    ];
    for (text, message, line) in table {
        let shown = load(&[("p/policy.toml", &own(&text))]).unwrap_err();
        assert!(shown.contains(message), "{text}:\n{shown}");
        assert!(
            shown.contains(&format!("policy.toml:{line}:")),
            "{text}:\n{shown}"
        );
    }
    let both = control("") + &control("id = \"docs\"\nallow = [\"docs/**\"]");
    assert_eq!(
        load(&[("p/policy.toml", &own(&both))])
            .unwrap()
            .controls
            .len(),
        2
    );
}

#[test]
fn every_field_of_a_waiver_is_mandatory_and_looked_at() {
    const HEX: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    let policy = head("own", "waiver-files = [\"waivers.toml\"]")
        + &control("unlisted-file", "deny", "id = \"files\"")
        + "[[custom]]\npackage = \"acme\"\nfiles = [\"acme.rego\"]\n";
    let waiver = format!(
        "[waivers]\nname = \"w\"\nversion = \"1.0.0\"\n[[waiver]]\nid = \"W-1\"\ncontrol = \"files\"\nsubject = \"sha256:{HEX}\"\n\
         until = 2026-12-31\nreason = \"r\"\nowner = \"o\"\napproved-by = \"a\"\n"
    );
    let with = |waivers: &str| load(&[("p/policy.toml", &policy), ("p/waivers.toml", waivers)]);
    let read = with(&waiver).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((read.waivers.len(), read.waiver_files().len()), (1, 1));
    assert_eq!(read.waivers[0].source, "p/waivers.toml");
    for control in [
        "unlisted-file",
        "acme.LICENCE",
        "no-control",
        "role-not-filled",
    ] {
        with(&waiver.replace("\"files\"", &format!("\"{control}\""))).unwrap();
    }
    for key in [
        "id",
        "control",
        "subject",
        "until",
        "reason",
        "owner",
        "approved-by",
    ] {
        let without: String = waiver
            .lines()
            .filter(|line| !line.starts_with(&format!("{key} = ")))
            .map(|line| format!("{line}\n"))
            .collect();
        let shown = with(&without).unwrap_err();
        assert!(
            shown.contains(&format!("`{key}` is missing here")),
            "{shown}"
        );
        assert!(shown.contains("p/waivers.toml:4:1"), "{shown}");
    }
    let again = waiver.split_once("[[waiver]]").unwrap().1;
    let table = [
        (waiver.replace("\"r\"", "\"  \""), "`reason` is empty", 9),
        (waiver.replace("\"o\"", "\"\""), "`owner` is empty", 10),
        (
            waiver.replace("\"a\"", "\"\""),
            "`approved-by` is empty",
            11,
        ),
        (
            waiver.replace("2026-12-31", "\"2026-12-32\""),
            "not a date",
            8,
        ),
        (
            waiver.replace("2026-12-31", "\"next year\""),
            "not a date",
            8,
        ),
        (
            waiver.replace("2026-12-31", "2026-12-31T00:00:00Z"),
            "not a date",
            8,
        ),
        (
            waiver.replace("2026-12-31", "20261231"),
            "expected a date",
            8,
        ),
        (
            waiver.replace("\"files\"", "\"flies\""),
            "the policy has no control `flies`",
            6,
        ),
        (
            waiver.replace("\"files\"", "\"other.LICENCE\""),
            "the policy has no control",
            6,
        ),
        (
            waiver.replace("\"files\"", "\"digest-mismatch\""),
            "the policy has no control",
            6,
        ),
        (waiver.replace(HEX, "abcd"), "", 7),
        (waiver.replace("sha256:", "md5:"), "is no subject", 7),
        (
            waiver.replace(&format!("sha256:{HEX}"), "pkg:*"),
            "of which type",
            7,
        ),
        (
            waiver.replace(&format!("sha256:{HEX}"), "pkg:*/acme/m"),
            "of which type",
            7,
        ),
        (
            waiver.clone() + "rule = \"pickle-dangerus-global\"\n",
            "did you mean `pickle-dangerous-global`",
            12,
        ),
        (
            waiver.clone() + "path = [\"a[b]\"]\n",
            "character classes",
            12,
        ),
        (
            waiver.clone() + "severity = \"high\"\n",
            "unknown key `severity`",
            12,
        ),
        (
            format!("{waiver}[[waiver]]{again}"),
            "two waivers have the id `W-1`",
            12,
        ),
        (
            waiver.replace("[waivers]\nname = \"w\"\nversion = \"1.0.0\"\n", ""),
            "`waivers` is missing here",
            1,
        ),
    ];
    for (text, message, line) in table {
        let shown = with(&text).unwrap_err();
        assert!(shown.contains(message), "{message}:\n{shown}");
        assert!(
            shown.contains(&format!("waivers.toml:{line}:")),
            "{message}:\n{shown}"
        );
    }
    let shown = load(&[("p/policy.toml", &policy)]).unwrap_err();
    assert!(
        shown.contains("policy.toml:4:17") && shown.contains("no such file"),
        "{shown}"
    );
}

#[test]
fn a_waiver_ends_within_the_horizon() {
    let policy = |until: &str, horizon: &str| {
        head("own", horizon)
            + &control("unlisted-file", "deny", "")
            + &format!(
                "[[waiver]]\nid = \"W\"\ncontrol = \"unlisted-file\"\nsubject = \"pkg:generic/a/*\"\nuntil = {until}\n\
                 reason = \"r\"\nowner = \"o\"\napproved-by = \"a\"\n"
            )
    };
    let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    let check = |until: &str, horizon: &str| {
        load(&[("p/policy.toml", &policy(until, horizon))])
            .unwrap()
            .check_expiry(now)
            .map_err(|error| error.to_string())
    };
    check("2027-02-20", "").unwrap();
    let shown = check("2027-02-21", "").unwrap_err();
    assert!(
        shown.contains("ends later than 90 days") && shown.contains("2027-02-20"),
        "{shown}"
    );
    check("2026-11-25", "waiver-horizon-days = 3").unwrap();
    check("2026-11-26", "waiver-horizon-days = 3").unwrap_err();
    // One that is over is no error: the report says so.
    check("2020-01-01", "").unwrap();
}

#[test]
fn requirements_belong_to_a_standard_and_controls_name_them() {
    let standard = "[[standard]]\nid = \"s\"\nname = \"S\"\nversion = \"1\"\nowner = \"O\"\n";
    let requirement = "[[requirement]]\nstandard = \"s\"\nid = \"A-1\"\ntitle = \"T\"\nassertion = \"a\"\nclass = \"automated\"\nlimit = \"l\"\n";
    let own = |standard: &str, requirement: &str, control_: &str| {
        let text =
            head("own", "") + standard + requirement + &control("unlisted-file", "deny", control_);
        load(&[("p/policy.toml", &text)])
    };
    let policy = own(standard, requirement, "requirements = [\"A-1\"]").unwrap();
    assert_eq!(policy.controls[0].requirements, ["A-1"]);
    for (standard, requirement, control, message) in [
        (
            standard,
            requirement,
            "requirements = [\"A-2\"]",
            "no requirement has the id `A-2`",
        ),
        ("", requirement, "", "no standard has the id `s`"),
        (
            standard,
            &*requirement.replace("automated", "auto"),
            "",
            "unknown value `auto`",
        ),
        (
            standard,
            &*requirement.replace("limit = \"l\"", ""),
            "",
            "`limit` is missing here",
        ),
        (
            standard,
            &*requirement.replace("limit = \"l\"", "limit = \"l\"\nchecks = [\"x\"]"),
            "",
            "`x` is no control and no check",
        ),
        (
            standard,
            &*requirement.repeat(2),
            "",
            "two requirements have the id `A-1`",
        ),
        (
            &*standard.repeat(2),
            "",
            "",
            "two standards have the id `s`",
        ),
    ] {
        let shown = own(standard, requirement, control).unwrap_err();
        assert!(shown.contains(message), "{message}:\n{shown}");
    }
}

#[test]
fn what_the_page_about_policies_shows_is_usable() {
    let page = include_str!("../../../docs/policies.md");
    let blocks: Vec<&str> = page
        .split("```toml\n")
        .skip(1)
        .map(|block| block.split("```").next().unwrap())
        .collect();
    let [policy, waivers] = blocks.as_slice() else {
        panic!("{} blocks", blocks.len());
    };
    let mut policy = Policy::parse("policies.md", policy).unwrap_or_else(|error| panic!("{error}"));
    let waivers = PolicyText::in_memory("policies.md", waivers);
    policy
        .add_waivers(waivers)
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(policy.waivers.len(), 2);
    let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    policy
        .check_expiry(now)
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Whatever is done to a text, reading it ends, and no panic ends it.
#[test]
fn no_text_is_too_strange_to_be_refused() {
    let strange = [
        "", "\0", "\t", "\r", ":", "- ", "{", "]", "&a ", "*a", "!t ", "|", ">", "'", "\"", "#",
        "%", "\u{feff}", "\u{2028}", "? ",
    ];
    for (name, text) in [
        ("p/policy.yaml", POLICY_IN_YAML),
        ("p/policy.toml", POLICY_IN_TOML),
    ] {
        for (index, character) in text.char_indices() {
            // A few of them in each place, and each of them in many places.
            for put in strange.iter().cycle().skip(index * 7).take(4) {
                let (before, after) = text.split_at(index);
                let after = after.strip_prefix(character).unwrap();
                if let Err(shown) = load(&[(name, &format!("{before}{put}{after}"))]) {
                    assert!(!shown.is_empty());
                }
            }
        }
        for put in strange {
            let text = put.repeat(50_000);
            let _: Result<Policy, String> = load(&[(name, &text)]);
        }
    }
}
