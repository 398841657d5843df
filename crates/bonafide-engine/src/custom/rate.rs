//! How long policies take over many files: controls next to the same rules in Rego.
//! `benchmarks/policy/run` builds it for release and writes the table.

use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use bonafide_core::Budget;
use bonafide_hash::Silent;
use bonafide_policy::{Circumstances, decide, presets};
use bonafide_rego::{Answer, Evaluator as _, InProcess, Job, Limits, Source, Task};
use jiff::Timestamp;

use crate::verify::gather;
use crate::{AddedTrust, Clock, Digesting, FACTS_SCHEMA, PolicyChoice, VerifyRequest, Work, facts};

/// Files of the artifact.
const FILES: usize = 10_000;

/// Each is timed so often; the least counts.
const ROUNDS: usize = 5;

const RULES: &str = include_str!("../../../../benchmarks/policy/rules.rego");
const CONTROLS: &str = include_str!("../../../../benchmarks/policy/controls.toml");

/// A tree of small files: every tenth a pickle that calls `os.system`, the rest text.
fn artifact(folder: &std::path::Path) {
    for number in 0..FILES {
        let (name, text): (_, &[u8]) = if number % 10 == 0 {
            (format!("{number:05}.pkl"), b"cos\nsystem\n(S'id'\ntR.")
        } else {
            (format!("{number:05}.txt"), b"text about nothing\n")
        };
        std::fs::write(folder.join(name), text).unwrap();
    }
}

fn request(target: &std::path::Path, policy: PolicyChoice) -> VerifyRequest {
    VerifyRequest {
        target: target.to_owned(),
        policy,
        policy_signers: crate::PolicySigners::default(),
        signatures: Vec::new(),
        boms: Vec::new(),
        parents: Vec::new(),
        previous: None,
        roles: Default::default(),
        records_budget: Default::default(),
        claims: Vec::new(),
        trust: AddedTrust::default(),
        revocation_lists: Vec::new(),
        deny_lists: Vec::new(),
        advisories: Vec::new(),
        waivers: Vec::new(),
        purl: None,
        mode: None,
        digesting: Digesting::AsNeeded,
        program: None,
        clock: Clock::System,
        now: Timestamp::from_second(1_780_000_000).unwrap(),
    }
}

fn least(mut run: impl FnMut()) -> Duration {
    let times = (0..ROUNDS).map(|_| {
        let started = Instant::now();
        run();
        started.elapsed()
    });
    times.min().unwrap()
}

/// Time of `decide`, and the findings of the controls that have weight.
fn controls(target: &std::path::Path, choice: PolicyChoice, work: Work<'_>) -> (Duration, usize) {
    let request = request(target, choice);
    gather(&request, work, |facts, policy, _| {
        let judged = || {
            let run = Circumstances {
                now: request.now,
                purl: None,
                mode: None,
                custom: Vec::new(),
            };
            decide(policy, facts, run)
        };
        let decision = judged();
        let named = decision.checks.iter().filter(|check| check.demanded);
        let findings = named.map(|check| check.findings.len()).sum();
        (least(|| drop(judged())), findings)
    })
    .unwrap()
}

#[test]
#[ignore = "takes long, and says something only when built for release"]
fn policies_over_many_files() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("model");
    std::fs::create_dir(&target).unwrap();
    artifact(&target);
    let work = Work {
        workers: NonZeroUsize::MIN,
        budget: &Budget::DEFAULT,
        observer: &Silent,
        rules: &InProcess,
        intake: &crate::LIVE,
    };
    let same = folder.path().join("controls.toml");
    std::fs::write(&same, CONTROLS).unwrap();
    let (built_in, by_controls) = controls(&target, PolicyChoice::File(same), work);
    let known = facts(&request(&target, PolicyChoice::Baseline), work).unwrap();
    let job = Job {
        sources: vec![Source {
            origin: "rules.rego".to_owned(),
            package: Some("rate".to_owned()),
            text: RULES.to_owned(),
        }],
        data: serde_json::json!({}),
        schema: serde_json::from_str(FACTS_SCHEMA).unwrap(),
        task: Task::Evaluate(known),
        limits: Limits {
            time: Duration::from_secs(600),
            ..Limits::DEFAULT
        },
    };
    let mut by_rules = 0;
    let rego = least(|| match InProcess.run(&job).unwrap() {
        Answer::Evaluated(evaluation) => by_rules = evaluation.findings.len(),
        other => panic!("{other:?}"),
    });
    assert_eq!(by_controls, by_rules, "not the same rules");
    let mut table = format!(
        "{FILES} files, {by_rules} findings\n\n| | ms | ratio |\n|---|---|---|\n| the same rules as controls | {:.1} | 1 |\n| as Rego, read and counted | {:.1} | {:.0} |\n",
        milliseconds(built_in),
        milliseconds(rego),
        rego.as_secs_f64() / built_in.as_secs_f64(),
    );
    for preset in presets() {
        // From their files: some name keys beside them.
        let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
        let choice = PolicyChoice::File(shipped.join(format!("{}.toml", preset.name)));
        let (time, findings) = controls(&target, choice, work);
        let _ = writeln!(
            table,
            "| `{}`, whole, {findings} findings | {:.1} | |",
            preset.name,
            milliseconds(time)
        );
    }
    let path = std::env::var_os("BONAFIDE_RATES").map(std::path::PathBuf::from);
    std::fs::write(path.unwrap_or_else(|| folder.path().join("rates")), table).unwrap();
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
