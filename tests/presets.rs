//! The shipped policies: each loads by its name, and the table of `docs/presets.md` says
//! what each makes of the fixtures.
//!
//! `BLESS=1 cargo test presets` writes the tables anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use bonafide_checks::CHECKS;
use bonafide_core::{Level, Report, RequirementClass, RequirementStanding, Severity, Verdict};
use bonafide_engine::{
    AddedTrust, Budget, Clock, Digesting, InProcess, LIVE, PolicyChoice, PolicySigners, Silent,
    VerifyRequest, Work, load_policy, verify,
};
use bonafide_policy::{Policy, presets};
use jiff::Timestamp;
use serde::Deserialize;

use crate::check_fixtures::{Create, create};
use crate::documentation::{hold, replace};
use crate::harness::{copy, fixture, flip, root};

/// All fixtures are judged at this time.
const NOW: &str = "2026-06-15T12:00:00Z";

/// Names of the presets, in the order of the table.
fn names() -> Vec<&'static str> {
    presets().iter().map(|preset| preset.name).collect()
}

/// A policy in `policies/`, as a path that a policy elsewhere can extend. Not by its name:
/// signers of `registry-gate` lie beside it.
fn file_of(preset: &str) -> PathBuf {
    root().join("policies").join(format!("{preset}.toml"))
}

/// Does something alone, within the usual limits.
fn working<T>(job: impl FnOnce(Work<'_>) -> T) -> T {
    job(Work {
        workers: NonZeroUsize::MIN,
        budget: &Budget::default(),
        observer: &Silent,
        intake: &LIVE,
        rules: &InProcess,
    })
}

/// A preset, read from its file for the same reason.
fn policy_of(preset: &str) -> Policy {
    let choice = PolicyChoice::File(file_of(preset));
    working(|work| load_policy(&choice, work)).unwrap()
}

// --- the fixtures ---

/// Something to verify, and what the policy has to know of it.
#[derive(Debug, Default)]
struct Fixture {
    /// `checks/digest-mismatch/fail`.
    name: String,
    target: PathBuf,
    signatures: Vec<PathBuf>,
    parents: Vec<PathBuf>,
    deny_list: Option<PathBuf>,
    advisories: Option<PathBuf>,
    /// Lines of `[trust]`.
    trust: String,
}

/// What is said of a case of `fixtures/checks`. Its own roles and controls are left out: it
/// is the preset that is asked.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Case {
    #[serde(default = "model")]
    target: String,
    #[serde(default)]
    parents: Vec<String>,
    keys: Vec<String>,
    authorities: Vec<String>,
    leaf_purpose: Option<String>,
    #[serde(default)]
    create: Vec<Create>,
}

fn model() -> String {
    "model".to_owned()
}

/// `[trust]` with these PEM files.
fn trust(keys: &[PathBuf], authorities: &[PathBuf]) -> String {
    let list = |files: &[PathBuf]| {
        let entries: Vec<String> = files
            .iter()
            .map(|file| {
                let name = file.file_stem().unwrap().to_str().unwrap();
                let name = name.trim_end_matches(".pub");
                format!(
                    "{{ name = \"table {name}\", file = \"{}\" }}",
                    file.display()
                )
            })
            .collect();
        format!("[{}]", entries.join(", "))
    };
    format!(
        "keys = {}\nauthorities = {}\n",
        list(keys),
        list(authorities)
    )
}

fn of_checks(place: &Path) -> Vec<Fixture> {
    let mut fixtures = Vec::new();
    for check in CHECKS {
        for kind in ["pass", "fail", "undecided"] {
            let name = format!("checks/{}/{kind}", check.slug);
            let folder = fixture(&name);
            if !folder.is_dir() {
                continue;
            }
            let text = std::fs::read_to_string(folder.join("case.toml")).unwrap();
            let case: Case = toml::from_str(&text).unwrap();
            let copied = place.join(fixtures.len().to_string());
            copy(&folder, &copied);
            create(&case.create, &copied.join("model"));
            let key = |name: &String| fixture("checks/keys").join(name);
            let keys: Vec<PathBuf> = case.keys.iter().map(key).collect();
            let authorities: Vec<PathBuf> = case.authorities.iter().map(key).collect();
            let purpose = case.leaf_purpose.map_or_else(String::new, |purpose| {
                format!("leaf-purpose = \"{purpose}\"\n")
            });
            let beside = |name: &str| Some(copied.join(name)).filter(|path| path.exists());
            fixtures.push(Fixture {
                name,
                target: copied.join(&case.target),
                parents: case.parents.iter().map(|name| copied.join(name)).collect(),
                deny_list: beside("deny.toml"),
                advisories: beside("advisories.json"),
                trust: trust(&keys, &authorities) + &purpose,
                ..Fixture::default()
            });
        }
    }
    fixtures
}

fn supply_chain_trust() -> String {
    let keys = ["publisher", "data"];
    let keys = keys.map(|name| fixture(&format!("supply-chain/keys/{name}.pub.pem")));
    trust(&keys, &[fixture("supply-chain/keys/ca-root.pem")])
}

#[derive(Deserialize)]
struct Recipe {
    base: String,
    create: Vec<Create>,
}

fn of_supply_chain(place: &Path) -> Vec<Fixture> {
    let mut names: Vec<String> = [
        "digits-dataset",
        "digits-classifier",
        "digits-classifier-finetuned",
    ]
    .map(str::to_owned)
    .to_vec();
    let mut tampered = Vec::new();
    for entry in fixture("supply-chain/tampered").read_dir().unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            tampered.push(format!("tampered/{}", entry.file_name().to_str().unwrap()));
        }
    }
    tampered.sort();
    names.extend(tampered);
    let mut fixtures: Vec<Fixture> = names
        .into_iter()
        .map(|name| Fixture {
            target: fixture("supply-chain").join(&name),
            name: format!("supply-chain/{name}"),
            trust: supply_chain_trust(),
            ..Fixture::default()
        })
        .collect();
    // git cannot hold this one.
    let recipe = fixture("supply-chain/tampered/git-hook.toml");
    let read: Recipe = toml::from_str(&std::fs::read_to_string(&recipe).unwrap()).unwrap();
    let target = place.join("git-hook");
    copy(&recipe.parent().unwrap().join(&read.base), &target);
    create(&read.create, &target);
    fixtures.push(Fixture {
        name: "supply-chain/tampered/git-hook".to_owned(),
        target,
        trust: supply_chain_trust(),
        ..Fixture::default()
    });
    fixtures
}

/// Of each folder of `fixtures/models` the plain file, and the one in the middle.
fn of_models() -> Vec<Fixture> {
    let mut folders: Vec<PathBuf> = fixture("models")
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    let mut fixtures = Vec::new();
    for folder in folders {
        let mut files: Vec<String> = folder
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_type().unwrap().is_file())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| name != "expected.toml")
            .collect();
        files.sort();
        let plain = files.iter().find(|name| name.starts_with("plain"));
        let chosen: BTreeSet<&String> = plain
            .into_iter()
            .chain(files.get(files.len() / 2))
            .collect();
        for name in chosen {
            let group = folder.file_name().unwrap().to_str().unwrap();
            fixtures.push(Fixture {
                name: format!("models/{group}/{name}"),
                target: folder.join(name),
                ..Fixture::default()
            });
        }
    }
    fixtures
}

/// A model as most are published: without a signature, and without a word on its origin.
fn unsigned(place: &Path) -> Fixture {
    let target = place.join("unsigned");
    copy(&fixture("supply-chain/digits-classifier"), &target);
    for name in ["model.sig", "model.cdx.json"] {
        std::fs::remove_file(target.join(name)).unwrap();
    }
    Fixture {
        name: "supply-chain/digits-classifier, unsigned".to_owned(),
        target,
        ..Fixture::default()
    }
}

/// The fine-tune with all that others state about it.
fn attested() -> Fixture {
    let keys = |folder: &str, names: &[&str]| -> Vec<PathBuf> {
        let path = |name: &&str| fixture(folder).join(format!("{name}.pub.pem"));
        names.iter().map(path).collect()
    };
    let mut trusted = keys("supply-chain/keys", &["publisher", "data"]);
    trusted.extend(keys("presets/keys", &["governance", "evaluator", "gate"]));
    let model = fixture("supply-chain/digits-classifier-finetuned");
    Fixture {
        name: "supply-chain/digits-classifier-finetuned, attested".to_owned(),
        signatures: vec![
            model.join("model.sig"),
            fixture("supply-chain/digits-classifier-finetuned.intoto.json"),
            fixture("presets/statements.intoto.jsonl"),
        ],
        target: model,
        trust: trust(&trusted, &[fixture("supply-chain/keys/ca-root.pem")]),
        ..Fixture::default()
    }
}

// --- running them ---

/// Verifies a fixture by a preset, with the fixture's signers added to its own.
fn run(preset: &str, fixture: &Fixture, place: &Path, number: usize) -> Report {
    run_at(NOW, preset, fixture, place, number)
}

fn run_at(now: &str, preset: &str, fixture: &Fixture, place: &Path, number: usize) -> Report {
    let path = place.join(format!("{preset}-{number}.toml"));
    let extended = file_of(preset);
    let text = format!(
        "[policy]\nname = \"table\"\nversion = \"1.0.0\"\nextends = [\"{}\"]\n\n[trust]\n{}",
        extended.display(),
        fixture.trust
    );
    std::fs::write(&path, text).unwrap();
    let request = VerifyRequest {
        target: fixture.target.clone(),
        policy: PolicyChoice::File(path),
        signatures: fixture.signatures.clone(),
        boms: Vec::new(),
        parents: fixture.parents.clone(),
        previous: None,
        roles: Default::default(),
        records_budget: Default::default(),
        claims: Vec::new(),
        trust: AddedTrust::default(),
        revocation_lists: Vec::new(),
        deny_lists: fixture.deny_list.iter().cloned().collect(),
        advisories: fixture.advisories.iter().cloned().collect(),
        waivers: Vec::new(),
        purl: None,
        mode: None,
        digesting: Digesting::AsNeeded,
        program: None,
        now: now.parse::<Timestamp>().unwrap(),
        clock: Clock::System,
        policy_signers: PolicySigners::default(),
    };
    working(|work| verify(&request, work))
        .unwrap_or_else(|error| panic!("{preset}, {}: {error}", fixture.name))
}

/// The reports of every fixture, by preset, on all processors.
fn reports(
    fixtures: &[Fixture],
    presets: &[&'static str],
    place: &Path,
) -> Vec<BTreeMap<&'static str, Report>> {
    let done: Vec<Mutex<BTreeMap<&'static str, Report>>> =
        fixtures.iter().map(|_| Mutex::default()).collect();
    let next = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(2, NonZeroUsize::get);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(fixture) = fixtures.get(number) else {
                        return;
                    };
                    for preset in presets {
                        let report = run(preset, fixture, place, number);
                        done[number].lock().unwrap().insert(preset, report);
                    }
                }
            });
        }
    });
    done.into_iter()
        .map(|reports| reports.into_inner().unwrap())
        .collect()
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allow => "**allow**",
        Verdict::Deny => "deny",
        Verdict::Undecided => "undecided",
        Verdict::NothingToVerify => "nothing",
    }
}

fn table(fixtures: &[Fixture], reports: &[BTreeMap<&'static str, Report>]) -> String {
    let names = names();
    let mut text = format!(
        "| fixture | {} |\n|---{}|\n",
        names.join(" | "),
        "|---".repeat(names.len())
    );
    for (fixture, reports) in fixtures.iter().zip(reports) {
        let verdicts: Vec<&str> = names
            .iter()
            .map(|name| word(reports[name].verdict))
            .collect();
        let _ = writeln!(text, "| `{}` | {} |", fixture.name, verdicts.join(" | "));
    }
    text
}

/// Why a verdict is worse than it should be, for a test that fails.
fn reasons(report: &Report) -> String {
    report.reasons.join("; ")
}

/// Checks whose `fail` shows that origin or integrity is broken.
fn is_critical(fixture: &str) -> bool {
    CHECKS.iter().any(|check| {
        check.severity == Severity::Critical && fixture == format!("checks/{}/fail", check.slug)
    })
}

#[test]
fn every_preset_says_what_the_table_says_of_each_fixture() {
    let place = tempfile::Builder::new()
        .prefix("p")
        .tempdir_in("/tmp")
        .unwrap();
    let mut fixtures = of_supply_chain(place.path());
    fixtures.push(attested());
    fixtures.push(unsigned(place.path()));
    fixtures.extend(of_checks(place.path()));
    fixtures.extend(of_models());
    let reports = reports(&fixtures, &names(), place.path());

    let mut problems = Vec::new();
    let mut critical = 0;
    for (fixture, reports) in fixtures.iter().zip(&reports) {
        let of = |preset: &str| reports[preset].verdict;
        for weaker in ["baseline", "registry-gate"] {
            if of("strict") == Verdict::Allow && of(weaker) != Verdict::Allow {
                problems.push(format!(
                    "{}: strict allows what {weaker} does not",
                    fixture.name
                ));
            }
        }
        if of("aisvs-l2") == Verdict::Allow && of("aisvs-l1") != Verdict::Allow {
            problems.push(format!(
                "{}: level 2 allows what level 1 does not",
                fixture.name
            ));
        }
        critical += usize::from(is_critical(&fixture.name));
        for (preset, report) in reports {
            if report.verdict != Verdict::Allow {
                continue;
            }
            // The publisher signed that one, so that only a document shows it.
            let asks = *preset != "baseline" && *preset != "ci-download";
            let tampered = fixture.name.contains("/tampered/")
                && (asks || !fixture.name.ends_with("/file-not-in-bom"));
            if is_critical(&fixture.name) || tampered {
                problems.push(format!("{}: {preset} allows it", fixture.name));
            }
            // Whatever a finding is called, none that shows harm may be let through.
            for check in report
                .checks
                .iter()
                .filter(|check| check.level < Level::Deny)
            {
                let harmful = check.outcome == "fail" && check.severity == Severity::Critical;
                if harmful && check.demanded {
                    problems.push(format!(
                        "{}: {preset} allows it with findings of `{}`",
                        fixture.name, check.check
                    ));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(critical >= 4, "only {critical} fixtures of critical checks");
    for name in names() {
        let allowed = reports
            .iter()
            .any(|reports| reports[name].verdict == Verdict::Allow);
        assert!(allowed, "{name} allows nothing");
    }

    let path = root().join("docs/presets.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = replace(&text, "<!-- presets -->\n", "<!-- /presets -->", &list());
    let verdicts = table(&fixtures, &reports);
    let text = replace(
        &text,
        "<!-- verdicts -->\n",
        "<!-- /verdicts -->",
        &verdicts,
    );
    hold(path, &text);
}

/// One line for each preset: what it is for, and how many of its controls weigh what.
fn list() -> String {
    let mut text = String::from(
        "| policy | | deny | warn | audit | provisions |\n|---|---|---|---|---|---|\n",
    );
    for preset in presets() {
        let policy = policy_of(preset.name);
        let count = |level: Level| {
            let controls = policy.controls.iter();
            controls.filter(|control| control.level == level).count()
        };
        let _ = writeln!(
            text,
            "| [`{0}`](../policies/{0}.toml) | {1} | {2} | {3} | {4} | {5} |",
            preset.name,
            policy.description.as_deref().unwrap_or_default(),
            count(Level::Deny),
            count(Level::Warn),
            count(Level::Audit),
            policy.requirements.len()
        );
    }
    text
}

/// The fixture that is made for those who ask for statements meets all of them.
#[test]
fn the_attested_model_is_evidence_for_every_provision() {
    let place = tempfile::tempdir().unwrap();
    let fixture = attested();
    // The one that is about records has nothing to look at in a model, and says so.
    for preset in names().into_iter().filter(|name| *name != "dataset-gate") {
        let report = run(preset, &fixture, place.path(), 0);
        assert_eq!(
            report.verdict,
            Verdict::Allow,
            "{preset}: {}",
            reasons(&report)
        );
        let mut supported = 0;
        for requirement in report
            .standards
            .iter()
            .flat_map(|standard| &standard.requirements)
        {
            let expected = match requirement.class {
                RequirementClass::Outside => RequirementStanding::NoEvidence,
                _ if WITHOUT_SUBJECT.contains(&requirement.id.as_str()) => {
                    RequirementStanding::NoEvidence
                }
                _ => RequirementStanding::Supported,
            };
            assert_eq!(
                requirement.standing, expected,
                "{preset}: {}: {}",
                requirement.id, requirement.reason
            );
            supported += usize::from(expected == RequirementStanding::Supported);
        }
        let has_standards = !report.standards.is_empty();
        assert_eq!(supported > 0, has_standards, "{preset}");
    }
}

/// Provisions about software, of which this model names none.
const WITHOUT_SUBJECT: [&str; 1] = ["A-SC-04"];

/// Without the statements the provisions that ask for them are not supported, and say so.
#[test]
fn what_nobody_states_is_not_supported() {
    let place = tempfile::tempdir().unwrap();
    let mut fixture = attested();
    fixture.signatures.pop();
    let asked = [
        (
            "audit-iso42001",
            [
                "A-GOV-01", "A-GOV-02", "A-GOV-03", "A-RT-01", "A-RT-02", "A-MI-02", "A-OP-01",
            ]
            .as_slice(),
        ),
        ("eu-ai-act-art15", ["Art. 15(3)", "Art. 15(4)"].as_slice()),
        ("aisvs-l1", ["v1.0-C3.2.1"].as_slice()),
        (
            "aisvs-l2",
            ["v1.0-C3.2.1", "v1.0-C6.1.4", "v1.0-C1.1.4"].as_slice(),
        ),
    ];
    for (preset, ids) in asked {
        let report = run(preset, &fixture, place.path(), 0);
        // They warn until the policy names who has to make them.
        assert_eq!(
            report.verdict,
            Verdict::Allow,
            "{preset}: {}",
            reasons(&report)
        );
        for id in ids {
            let mut provisions = report
                .standards
                .iter()
                .flat_map(|standard| &standard.requirements);
            let provision = provisions
                .find(|requirement| requirement.id == *id)
                .unwrap();
            assert_eq!(
                provision.standing,
                RequirementStanding::Contradicted,
                "{preset}: {id}"
            );
        }
    }
}

/// A statement counts for a while only.
#[test]
fn statements_grow_old() {
    let place = tempfile::tempdir().unwrap();
    let fixture = attested();
    let standing = |now: &str, id: &str| {
        let report = run_at(now, "audit-iso42001", &fixture, place.path(), 0);
        let mut all = report
            .standards
            .iter()
            .flat_map(|standard| &standard.requirements);
        all.find(|requirement| requirement.id == id)
            .unwrap()
            .standing
    };
    assert_eq!(
        standing("2026-06-30T00:00:00Z", "A-OP-01"),
        RequirementStanding::Supported
    );
    assert_eq!(
        standing("2026-07-02T00:00:00Z", "A-OP-01"),
        RequirementStanding::Contradicted
    );
    assert_eq!(
        standing("2027-05-31T00:00:00Z", "A-GOV-01"),
        RequirementStanding::Supported
    );
    assert_eq!(
        standing("2027-06-03T00:00:00Z", "A-GOV-01"),
        RequirementStanding::Contradicted
    );
    // From before it was made.
    assert_eq!(
        standing("2026-05-31T00:00:00Z", "A-GOV-01"),
        RequirementStanding::Contradicted
    );
}

/// The price of letting unsigned models through: what is taken away is not compared.
#[test]
fn a_download_is_compared_with_a_signature_only_while_it_has_one() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("model");
    copy(&fixture("supply-chain/digits-classifier"), &target);
    std::fs::remove_file(target.join("model.cdx.json")).unwrap();
    let mut download = Fixture {
        name: "download".to_owned(),
        target: target.clone(),
        trust: supply_chain_trust(),
        ..Fixture::default()
    };
    flip(&target.join("model.safetensors"));
    let outcome = |report: &Report, check: &str| {
        let found = report
            .checks
            .iter()
            .find(|known| known.check == check)
            .unwrap();
        found.outcome
    };
    let signed = run("ci-download", &download, place.path(), 0);
    assert_eq!(signed.verdict, Verdict::Deny);
    assert_eq!(outcome(&signed, "digest-mismatch"), "fail");

    std::fs::remove_file(target.join("model.sig")).unwrap();
    let bare = run("ci-download", &download, place.path(), 1);
    assert_eq!(bare.verdict, Verdict::Allow, "{}", reasons(&bare));
    assert_eq!(outcome(&bare, "digest-mismatch"), "not-applicable");
    assert_eq!(outcome(&bare, "unsigned-artifact"), "fail");

    // Nobody else lets that through.
    for preset in names().into_iter().filter(|name| *name != "ci-download") {
        let report = run(preset, &download, place.path(), 2);
        assert_eq!(report.verdict, Verdict::Deny, "{preset}");
    }

    // A signature that is there and broken is no missing one.
    std::fs::write(target.join("model.sig"), "{}").unwrap();
    download.name = "broken".to_owned();
    let broken = run("ci-download", &download, place.path(), 3);
    assert_ne!(broken.verdict, Verdict::Allow);
}

#[test]
fn each_preset_is_a_file_that_loads_by_its_name() {
    let mut files: Vec<String> = root()
        .join("policies")
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| {
            assert_eq!(path.extension().unwrap(), "toml", "{}", path.display());
            path.file_stem().unwrap().to_str().unwrap().to_owned()
        })
        .collect();
    files.sort();
    let mut known: Vec<&str> = names();
    known.sort_unstable();
    assert_eq!(
        files, known,
        "a line in `PRESETS` for each file in policies/"
    );
    for preset in presets() {
        let policy = policy_of(preset.name);
        assert_eq!(policy.name, preset.name);
        // That one has to be copied: it names the keys that lie beside it.
        let now = NOW.parse().unwrap();
        let by_name = Policy::preset(preset.name).and_then(|policy| policy.check_expiry(now));
        assert_eq!(
            by_name.is_ok(),
            preset.name != "registry-gate",
            "{}",
            preset.name
        );
        assert!(policy.description.is_some(), "{}", preset.name);
        let text = std::fs::read_to_string(file_of(preset.name)).unwrap();
        assert_eq!(text, preset.text);
        assert!(
            text.starts_with("# "),
            "{} does not say what it is for",
            preset.name
        );
    }
}

/// Presets that an extending policy can use as they are bring no keys of this repository.
#[test]
fn presets_trust_nobody_but_for_the_demonstration() {
    for name in names().into_iter().filter(|name| *name != "registry-gate") {
        let policy = policy_of(name);
        assert!(policy.trust.is_empty(), "{name}");
        assert!(policy.waivers.is_empty(), "{name}");
    }
}

/// The threat model of the audit has to name every threat that the catalogue knows today.
#[test]
fn the_threat_model_names_the_whole_catalogue() {
    let policy = Policy::preset("audit-iso42001").unwrap();
    let control = policy
        .controls
        .iter()
        .find(|control| control.id == "threat-model")
        .unwrap();
    let demands = control.parameters["require"].as_array().unwrap();
    let named: BTreeSet<&str> = demands
        .iter()
        .filter_map(|demand| demand["contains"].as_array())
        .flatten()
        .map(|id| id.as_str().unwrap())
        .collect();
    let known: BTreeSet<&str> = bonafide_threats::catalogue()
        .threats
        .iter()
        .map(|threat| threat.id.as_str())
        .collect();
    assert_eq!(named, known);
}

/// Provisions of other people's standards are those of the crosswalk, which says where each
/// was read.
#[test]
fn provisions_of_standards_are_in_the_crosswalk() {
    // Named because a reader looks for it; no threat of the catalogue leads there.
    const WITHOUT_THREAT: [&str; 1] = ["Art. 12"];
    let frameworks = [
        ("iso-iec-42001", "iso-42001"),
        ("eu-ai-act", "eu-ai-act"),
        ("aisvs", "owasp-aisvs"),
    ];
    let mut found = 0;
    for name in names() {
        let policy = policy_of(name);
        for requirement in &policy.requirements {
            let framework = frameworks
                .iter()
                .find(|(standard, _)| *standard == requirement.standard);
            let Some((_, framework)) = framework else {
                assert_eq!(requirement.standard, "audit-plan", "{name}");
                continue;
            };
            let known = bonafide_threats::crosswalk()
                .iter()
                .any(|row| row.framework == *framework && row.reference == requirement.id);
            let excused = WITHOUT_THREAT.contains(&requirement.id.as_str());
            assert_eq!(known, !excused, "{name}: {}", requirement.id);
            found += 1;
        }
    }
    assert!(found >= 35, "only {found}");
}

/// Policies say what is evidence for a provision, never that it is fulfilled.
#[test]
fn nothing_is_called_fulfilled() {
    let mut texts: Vec<(String, String)> = presets()
        .iter()
        .map(|preset| (preset.name.to_owned(), preset.text.to_owned()))
        .collect();
    let page = std::fs::read_to_string(root().join("docs/presets.md")).unwrap();
    texts.push(("docs/presets.md".to_owned(), page));
    for (name, text) in texts {
        let text = text.to_lowercase();
        for word in [
            "compliant",
            "compliance",
            "certified",
            "certifies",
            "free of back",
            "conformant",
        ] {
            assert!(!text.contains(word), "{name} says `{word}`");
        }
    }
}

#[test]
fn every_provision_says_input_procedure_result_and_limit() {
    let mut provisions = 0;
    for name in names() {
        let policy = policy_of(name);
        for requirement in &policy.requirements {
            let place = format!("{name}: {}", requirement.id);
            assert!(!requirement.limit.is_empty(), "{place}");
            if requirement.class == RequirementClass::Outside {
                assert!(
                    requirement.assertion.starts_with("Nothing is tested"),
                    "{place}"
                );
                assert!(requirement.checks.is_empty(), "{place}");
                continue;
            }
            let parts = ["Input: ", " Procedure: ", " Expected: "];
            let places: Vec<Option<usize>> = parts
                .iter()
                .map(|part| requirement.assertion.find(part))
                .collect();
            assert!(
                places.iter().all(Option::is_some) && places.is_sorted(),
                "{place}"
            );
            // Something that weighs has to speak to it.
            let speaks = policy.controls.iter().any(|control| {
                control.level > Level::Audit
                    && (requirement.checks.contains(&control.id)
                        || requirement
                            .checks
                            .iter()
                            .any(|slug| slug == control.check.slug))
            });
            assert!(speaks, "{place}");
            provisions += 1;
        }
    }
    assert!(provisions >= 50, "only {provisions}");
}
