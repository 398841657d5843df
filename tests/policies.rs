//! Policies are read strictly, and what is wrong is underlined.

use bonafide_policy::Policy;

use crate::harness::{bonafide, checks_with, fixture, root, verify};

#[test]
fn shipped_policies_are_usable() {
    for entry in root().join("policies").read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let policy =
            Policy::parse(path.to_str().unwrap(), &text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(
            path.file_stem().unwrap().to_str(),
            Some(policy.name.as_str())
        );
    }
    assert_eq!(Policy::baseline().unwrap().name, "baseline");
    assert!(
        Policy::baseline().unwrap().trust.is_empty(),
        "the embedded policy trusts nobody"
    );
}

/// The baseline weighs every check there is; a new check cannot be forgotten.
#[test]
fn the_baseline_names_every_check() {
    let policy = Policy::baseline().unwrap();
    let named: Vec<&str> = policy
        .controls
        .iter()
        .map(|control| control.check.slug)
        .collect();
    let catalogue = bonafide(["checks"]).stdout;
    for line in catalogue.lines() {
        let slug = line.split_whitespace().next().unwrap();
        // What asks for something to be there is asked by those who want it.
        let check = bonafide_checks::find(slug).unwrap();
        let on_demand = check.standing == bonafide_checks::Standing::OnDemand;
        assert_ne!(named.contains(&slug), on_demand, "{slug}");
    }
}

const HEAD: &str = "[policy]\nname = \"p\"\nversion = \"1.0.0\"\n";
const CONTROL: &str = "[[control]]\ncheck = \"digest-mismatch\"\nlevel = \"deny\"\n";

/// Each bad policy, and what its error must say and underline.
#[test]
fn what_is_wrong_is_named_and_underlined() {
    let table: &[(&str, String, &str, &str)] = &[
        ("empty", String::new(), "`policy` is missing here", ""),
        ("syntax", "[policy\nname = 1".to_owned(), "", ""),
        (
            "unknown table",
            format!("{HEAD}{CONTROL}[polcy]\n"),
            "unknown key `polcy`",
            "polcy",
        ),
        (
            "unknown key",
            format!("{HEAD}author = \"me\"\n{CONTROL}"),
            "unknown key `author`",
            "author",
        ),
        ("no controls", HEAD.to_owned(), "would allow everything", ""),
        (
            "empty controls",
            format!("control = []\n{HEAD}"),
            "would allow everything",
            "[]",
        ),
        (
            "unknown check",
            format!("{HEAD}[[control]]\ncheck = \"digest-mismach\"\nlevel = \"deny\"\n"),
            "did you mean `digest-mismatch`?",
            "\"digest-mismach\"",
        ),
        (
            "unknown level",
            format!("{HEAD}[[control]]\ncheck = \"digest-mismatch\"\nlevel = \"block\"\n"),
            "unknown level `block`",
            "\"block\"",
        ),
        (
            "missing level",
            format!("{HEAD}[[control]]\ncheck = \"digest-mismatch\"\n"),
            "`level` is missing here",
            "[[control]]",
        ),
        (
            "twice",
            format!("{HEAD}{CONTROL}{CONTROL}"),
            "already has a control",
            "\"digest-mismatch\"",
        ),
        (
            "unknown parameter",
            format!("{HEAD}{CONTROL}alow = []\n"),
            "`digest-mismatch` takes `without-signature`",
            "alow",
        ),
        (
            "a parameter where there is none",
            format!(
                "{HEAD}[[control]]\ncheck = \"role-not-filled\"\nlevel = \"deny\"\nalow = []\n"
            ),
            "`role-not-filled` takes no parameters",
            "alow",
        ),
        (
            "a statement of no type",
            format!("{HEAD}[[control]]\ncheck = \"attestation-missing\"\nlevel = \"deny\"\n"),
            "missing field `predicate-type`",
            "",
        ),
        (
            "a statement of nobody",
            format!(
                "{HEAD}[[control]]\ncheck = \"attestation-missing\"\nlevel = \"deny\"\npredicate-type = \"a\"\nsigners = []\n"
            ),
            "list is empty, so that nothing could meet it",
            "[]",
        ),
        (
            "no pointer",
            format!(
                "{HEAD}[[control]]\ncheck = \"attestation-missing\"\nlevel = \"deny\"\npredicate-type = \"a\"\nrequire = [{{ pointer = \"result\", present = true }}]\n"
            ),
            "not a JSON pointer (RFC 6901)",
            "",
        ),
        (
            "nothing is demanded",
            format!(
                "{HEAD}[[control]]\ncheck = \"attestation-missing\"\nlevel = \"deny\"\npredicate-type = \"a\"\nrequire = [{{ pointer = \"/result\" }}]\n"
            ),
            "nothing is demanded",
            "",
        ),
        (
            "unknown format",
            format!(
                "{HEAD}[[control]]\ncheck = \"format-not-allowed\"\nlevel = \"deny\"\nallow = [\"safetensor\"]\n"
            ),
            "unknown format `safetensor`",
            "\"safetensor\"",
        ),
        (
            "no formats",
            format!("{HEAD}[[control]]\ncheck = \"format-not-allowed\"\nlevel = \"deny\"\n"),
            "`allow` or `deny` has to name formats",
            "",
        ),
        (
            "misspelt parameter",
            format!(
                "{HEAD}[[control]]\ncheck = \"unlisted-file\"\nlevel = \"deny\"\nallows = []\n"
            ),
            "`unlisted-file` takes `allow`",
            "allows",
        ),
        (
            "wrong type of parameter",
            format!(
                "{HEAD}[[control]]\ncheck = \"unlisted-file\"\nlevel = \"deny\"\nallow = \"docs\"\n"
            ),
            "expected a sequence",
            "\"docs\"",
        ),
        (
            "wrong element",
            format!(
                "{HEAD}[[control]]\ncheck = \"unlisted-file\"\nlevel = \"deny\"\nallow = [\"docs\", 7]\n"
            ),
            "expected a string",
            "7",
        ),
        (
            "bad glob",
            format!(
                "{HEAD}[[control]]\ncheck = \"unlisted-file\"\nlevel = \"deny\"\nallow = [\"docs/[\"]\n"
            ),
            "invalid glob",
            "\"docs/[\"",
        ),
        (
            "unknown algorithm",
            format!(
                "{HEAD}[[control]]\ncheck = \"weak-digest\"\nlevel = \"deny\"\naccept = [\"sha256\", \"md5\"]\n"
            ),
            "unknown digest algorithm `md5`",
            "\"md5\"",
        ),
        (
            "bad version",
            HEAD.replace("1.0.0", "one") + CONTROL,
            "not a semantic version",
            "\"one\"",
        ),
        (
            "name is a number",
            HEAD.replace("\"p\"", "7") + CONTROL,
            "expected a string, found integer",
            "7",
        ),
        (
            "bad date",
            format!("{HEAD}expires = \"2027-13-99\"\n{CONTROL}"),
            "not a date",
            "\"2027-13-99\"",
        ),
        (
            "date is a number",
            format!("{HEAD}expires = 2027\n{CONTROL}"),
            "expected a date",
            "2027",
        ),
        (
            "expired",
            format!("{HEAD}expires = 2020-02-29\n{CONTROL}"),
            "policy expired on 2020-02-29",
            "2020-02-29",
        ),
        (
            "trust without name",
            format!("{HEAD}[trust]\nkeys = [{{ file = \"k.pem\" }}]\n{CONTROL}"),
            "`name` is missing here",
            "{ file",
        ),
        (
            "trust without material",
            format!("{HEAD}[trust]\nkeys = [{{ name = \"k\" }}]\n{CONTROL}"),
            "exactly one of `file`, `pem` and `sha256`",
            "{ name",
        ),
        (
            "key is no PEM",
            format!("{HEAD}[trust]\nkeys = [{{ name = \"k\", pem = \"hello\" }}]\n{CONTROL}"),
            "not a PEM file",
            "\"hello\"",
        ),
        (
            "key file is absent",
            format!("{HEAD}[trust]\nkeys = [{{ name = \"k\", file = \"absent.pem\" }}]\n{CONTROL}"),
            "absent.pem",
            "\"absent.pem\"",
        ),
        (
            "bad command-line",
            format!("{HEAD}[trust]\ncommand-line = true\n{CONTROL}"),
            "expected a string, found boolean",
            "true",
        ),
        (
            "trust is a list",
            format!("trust = []\n{HEAD}{CONTROL}"),
            "expected a table, found array",
            "[]",
        ),
        (
            "control is a table",
            format!("{HEAD}[control]\ncheck = \"digest-mismatch\"\nlevel = \"deny\"\n"),
            "expected an array of tables",
            "",
        ),
        (
            "control characters",
            HEAD.replace("\"p\"", "\"\\u001b[2J\"") + CONTROL,
            "control or invisible characters",
            "",
        ),
        (
            "two mistakes",
            format!("{HEAD}a = 1\nb = 2\n{CONTROL}"),
            "unknown key `b`",
            "b",
        ),
    ];
    refuse(table);
}

/// A policy of one trusted key, and this role.
fn with_role(role: &str) -> String {
    let key = fixture("checks/keys/signer-p256.pub.pem");
    format!(
        "{HEAD}[trust]\nkeys = [{{ name = \"k\", file = \"{}\" }}]\n[[role]]\n{role}\n{CONTROL}",
        key.display()
    )
}

#[test]
fn what_is_wrong_with_a_role_is_underlined() {
    let role = |signers: &str, more: &str| {
        with_role(&format!(
            "name = \"r\"\nthreshold = 1\nsigners = {signers}\n{more}"
        ))
    };
    let second = "[[role]]\nname = \"s\"\nthreshold = 1\nsigners = [\"k\"]\n";
    let table: &[(&str, String, &str, &str)] = &[
        (
            "nobody",
            role("[]", ""),
            "no signer can fill the role",
            "[]",
        ),
        (
            "unknown signer",
            role("[\"k\", \"stranger\"]", ""),
            "`[trust]` names no signer `stranger`",
            "\"stranger\"",
        ),
        (
            "signer of another case",
            role("[\"K\"]", ""),
            "`[trust]` names no signer `K`",
            "\"K\"",
        ),
        (
            "signers are a string",
            role("\"k\"", ""),
            "expected an array of strings",
            "\"k\"",
        ),
        (
            "signer is a number",
            role("[\"k\", 7]", ""),
            "expected a string, found integer",
            "7",
        ),
        (
            "attests nothing",
            role("[\"k\"]", "attests = []"),
            "an empty list attests nothing",
            "[]",
        ),
        (
            "attests what is none",
            role("[\"k\"]", "attests = [\"model-signature\", \"provenance\"]"),
            "`provenance` is no kind of attestation",
            "\"provenance\"",
        ),
        (
            "covers nothing",
            role("[\"k\"]", "covers = []"),
            "an empty list covers nothing",
            "[]",
        ),
        (
            "covers a bad glob",
            role("[\"k\"]", "covers = [\"a/[\"]"),
            "invalid glob",
            "[\"a/[\"]",
        ),
        (
            "threshold of none",
            role("[\"k\"]", "").replace("threshold = 1", "threshold = 0"),
            "threshold is not a number from 1 to 1000",
            "0",
        ),
        (
            "threshold below none",
            role("[\"k\"]", "").replace("threshold = 1", "threshold = -1"),
            "threshold is not a number from 1 to 1000",
            "-1",
        ),
        (
            "threshold in words",
            role("[\"k\"]", "").replace("threshold = 1", "threshold = \"all\""),
            "threshold is not a number from 1 to 1000",
            "\"all\"",
        ),
        (
            "no threshold",
            role("[\"k\"]", "").replace("threshold = 1", ""),
            "`threshold` is missing here",
            "[[role]]",
        ),
        (
            "no signers",
            with_role("name = \"r\"\nthreshold = 1\n"),
            "`signers` is missing here",
            "[[role]]",
        ),
        (
            "no name",
            with_role("threshold = 1\nsigners = [\"k\"]\n"),
            "`name` is missing here",
            "[[role]]",
        ),
        (
            "unknown key of a role",
            role("[\"k\"]", "treshold = 2"),
            "unknown key `treshold`",
            "treshold",
        ),
        (
            "distinct from itself",
            role("[\"k\"]", "distinct-from = [\"r\"]"),
            "a role cannot be distinct from itself",
            "\"r\"",
        ),
        (
            "distinct from no role",
            role(
                "[\"k\"]",
                &format!("distinct-from = [\"s\", \"t\"]\n{second}"),
            ),
            "no role is named `t`",
            "\"t\"",
        ),
        (
            "two roles of one name",
            role("[\"k\"]", &second.replace("\"s\"", "\"r\" # again")),
            "role `r` is defined twice",
            "\"r\" # again",
        ),
        (
            "role is a table",
            with_role("").replace("[[role]]", "[role]\nname = \"r\""),
            "expected an array of tables",
            "",
        ),
    ];
    refuse(table);
}

#[test]
fn what_is_wrong_with_an_identity_is_underlined() {
    let trust = |line: &str| format!("{HEAD}[trust]\n{line}\n{CONTROL}");
    let identity = |subject: &str, more: &str| {
        trust(&format!(
            "identities = [{{ name = \"i\", issuer = \"https://issuer.example\", subject = {subject}{more} }}]"
        ))
    };
    let table: &[(&str, String, &str, &str)] = &[
        (
            "bad regex",
            identity("{ regex = \"(a\" }", ""),
            "not a regular expression",
            "\"(a\"",
        ),
        (
            "key by a wrong fingerprint",
            trust("keys = [{ name = \"k\", sha256 = \"abc\" }]"),
            "digest",
            "\"abc\"",
        ),
        (
            "key by file and fingerprint",
            trust("keys = [{ name = \"k\", file = \"k.pem\", sha256 = \"abc\" }]"),
            "exactly one of `file`, `pem` and `sha256` is needed",
            "",
        ),
        (
            "authority by fingerprint",
            trust("authorities = [{ name = \"a\", sha256 = \"abc\" }]"),
            "unknown key `sha256`",
            "sha256",
        ),
        (
            "authority for no names",
            trust("authorities = [{ name = \"a\", file = \"a.pem\", names = [] }]"),
            "no name is listed",
            "[]",
        ),
        (
            "authority for a name without its kind",
            trust("authorities = [{ name = \"a\", file = \"a.pem\", names = [\"x@y\"] }]"),
            "does not say its kind",
            "\"x@y\"",
        ),
        (
            "key for names",
            trust("keys = [{ name = \"k\", file = \"k.pem\", names = [\"dns:a\"] }]"),
            "unknown key `names`",
            "names",
        ),
        (
            "two roots and none named",
            trust(
                "identities = [{ name = \"i\", issuer = \"https://i\", subject = \"s\" }]\nroots = [{ name = \"a\", embedded = \"public-good\" }, { name = \"b\", file = \"b.json\" }]",
            ),
            "identity `i` names no trusted root",
            "",
        ),
        (
            "root that is not there",
            identity("\"s\"", ", root = \"other\""),
            "names the root `other`",
            "",
        ),
        (
            "two roots of one name",
            trust(
                "roots = [{ name = \"a\", embedded = \"public-good\" }, { name = \"a\", file = \"b.json\" }]",
            ),
            "two trusted roots are named `a`",
            "",
        ),
        (
            "regex that only brackets make sound",
            identity("{ regex = \"a)|(b\" }", ""),
            "not a regular expression",
            "\"a)|(b\"",
        ),
        (
            "regex too large",
            identity("{ regex = \"(a{999}){999}\" }", ""),
            "not a regular expression",
            "\"(a{999}){999}\"",
        ),
        (
            "empty subject",
            identity("\"\"", ""),
            "pattern is empty",
            "\"\"",
        ),
        (
            "empty glob",
            identity("{ glob = \"\" }", ""),
            "pattern is empty",
            "\"\"",
        ),
        (
            "glob and regex",
            identity("{ glob = \"a\", regex = \"a\" }", ""),
            "exactly one of `glob` and `regex`",
            "{ glob",
        ),
        (
            "neither glob nor regex",
            identity("{ }", ""),
            "exactly one of `glob` and `regex`",
            "{ }",
        ),
        (
            "another kind of pattern",
            identity("{ prefix = \"a\" }", ""),
            "unknown key `prefix`",
            "prefix",
        ),
        (
            "character class",
            identity("{ glob = \"https://a/[!b]\" }", ""),
            "character classes are not supported",
            "\"https://a/[!b]\"",
        ),
        (
            "subject is a number",
            identity("7", ""),
            "expected a table, found integer",
            "7",
        ),
        (
            "no subject",
            trust("identities = [{ name = \"i\", issuer = \"https://issuer.example\" }]"),
            "`subject` is missing here",
            "{ name",
        ),
        (
            "no issuer",
            trust("identities = [{ name = \"i\", subject = \"s\" }]"),
            "`issuer` is missing here",
            "{ name",
        ),
        (
            "empty issuer",
            trust("identities = [{ name = \"i\", issuer = \"\", subject = \"s\" }]"),
            "issuer is empty",
            "\"\"",
        ),
        (
            "unknown claim",
            identity("\"s\"", ", repository = \"r\""),
            "unknown key `repository`",
            "repository",
        ),
        (
            "empty claim",
            identity("\"s\"", ", trigger = \"\""),
            "pattern is empty",
            "\"\"",
        ),
        (
            "unknown embedded root",
            trust("roots = [{ name = \"r\", embedded = \"staging\" }]"),
            "no trusted root `staging` is embedded",
            "\"staging\"",
        ),
        (
            "two sources of a root",
            trust("roots = [{ name = \"r\", embedded = \"public-good\", file = \"f\" }]"),
            "exactly one of `file` and `embedded`",
            "{ name",
        ),
        (
            "root file is absent",
            trust("roots = [{ name = \"r\", file = \"absent.json\" }]"),
            "absent.json",
            "{ name",
        ),
        (
            "unknown demand on the log",
            trust("transparency-log = \"none\""),
            "unknown value `none`",
            "\"none\"",
        ),
        (
            "unknown dialect of signatures in documents",
            trust("document-signatures = \"any\""),
            "unknown value `any`",
            "\"any\"",
        ),
        (
            "two identities of one name",
            trust(
                "identities = [\n{ name = \"i\", issuer = \"a\", subject = \"s\" },\n\
                 { name = \"i\", subject = \"s\", issuer = \"b\" },\n]",
            ),
            "two trusted signers are named `i`",
            "\"i\", subject",
        ),
        (
            "a key and an identity of one name",
            with_role("name = \"r\"\nthreshold = 1\nsigners = [\"k\"]\n").replace(
                "[[role]]",
                "identities = [{ name = \"k\", issuer = \"a\", subject = \"s\" }]\n[[role]]",
            ),
            "two trusted signers are named `k`",
            "\"k\", issuer",
        ),
    ];
    refuse(table);
}

/// Verifies with each policy and looks at the error.
fn refuse(table: &[(&str, String, &str, &str)]) {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("policy.toml");
    for (name, text, message, underlined) in table {
        std::fs::write(&path, text).unwrap();
        let run = bonafide([
            "verify",
            "fixtures/supply-chain/digits-classifier",
            "--policy",
            path.to_str().unwrap(),
        ]);
        assert_eq!(run.code, 2, "{name}: {run:?}");
        assert_eq!(run.stdout, "", "{name}");
        assert!(run.stderr.contains(message), "{name}: {}", run.stderr);
        assert!(run.stderr.contains("policy.toml"), "{name}: {}", run.stderr);
        if !underlined.is_empty() {
            assert!(
                is_underlined(&run.stderr, underlined),
                "{name}: {}",
                run.stderr
            );
        }
    }
}

/// True when carets stand right below the text.
fn is_underlined(message: &str, text: &str) -> bool {
    let lines: Vec<&str> = message.lines().collect();
    lines.windows(2).any(|pair| {
        let Some(start) = pair[1].find('^') else {
            return false;
        };
        pair[0]
            .get(start..)
            .is_some_and(|rest| rest.starts_with(text))
    })
}

#[test]
fn a_policy_that_is_no_text_or_too_large_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("policy.toml");
    for (content, message) in [
        (vec![0xff; 10], "not UTF-8"),
        (vec![b'#'; 2 << 20], "larger than the limit"),
    ] {
        std::fs::write(&path, content).unwrap();
        let run = bonafide([
            "verify",
            "fixtures/supply-chain/digits-classifier",
            "--policy",
            path.to_str().unwrap(),
        ]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(message), "{run:?}");
    }
}

/// Levels weigh, parameters excuse, and both are seen in the report.
#[test]
fn levels_and_parameters_do_what_they_say() {
    let key = "fixtures/checks/keys/signer-p256.pub.pem";
    let target = "fixtures/checks/unlisted-file/fail/model";
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("policy.toml");
    let run = |controls: &str| {
        std::fs::write(&path, format!("{HEAD}{controls}")).unwrap();
        verify([target, "--policy", path.to_str().unwrap(), "--key", key])
    };
    let control = |level: &str, allow: &str| {
        format!("[[control]]\ncheck = \"unlisted-file\"\nlevel = \"{level}\"\nallow = [{allow}]\n")
    };
    let (code, report) = run(&control("deny", ""));
    assert_eq!(
        (code, checks_with(&report, "fail")),
        (1, vec!["unlisted-file".to_owned()])
    );
    for level in ["warn", "audit"] {
        let (code, report) = run(&control(level, ""));
        assert_eq!(
            (code, checks_with(&report, "fail")),
            (0, vec!["unlisted-file".to_owned()]),
            "{level}"
        );
    }
    let (code, report) = run(&control("deny", "\"*.py\""));
    assert_eq!((code, checks_with(&report, "fail")), (0, vec![]));
    let check = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["check"] == "unlisted-file")
        .unwrap();
    assert_eq!(check["excused"], serde_json::json!(["helper.py"]));
    // A check that the policy does not name still runs and is shown, without weight.
    let (code, report) = run(CONTROL);
    assert_eq!(
        (code, checks_with(&report, "fail")),
        (0, vec!["unlisted-file".to_owned()])
    );
    let check = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["check"] == "unlisted-file")
        .unwrap();
    assert_eq!(check["demanded"], false);
}
