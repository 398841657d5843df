//! Custom rules run in a process of their own: what runs in it can be ended.
//!
//! A builtin of the interpreter cannot be interrupted from inside of the process, and takes
//! as much memory as it likes. So the command starts itself once more as `rego-worker`, which
//! lowers its own limits before it reads anything, gets the rules and the facts on standard
//! input, and answers in JSON. It inherits no environment and opens no file.

use std::fmt::Write as _;
use std::io::{self, Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use bonafide_engine::{EngineError, FACTS_SCHEMA};
use bonafide_rego::{
    Answer, Evaluator, Job, Limit, Limits, RegoError, Source, Task, TestOutcome, TestResult,
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::Value;

use crate::arguments::Common;
use crate::command::shown;
use crate::terminal::{print, say};

/// What starting a process and reading the request may take beyond the time of the rules.
const START: Duration = Duration::from_millis(700);

/// Longest answer, in bytes.
const MOST_ANSWER: u64 = 128 << 20;

/// Most that is read of what a process says on standard error.
const MOST_WORDS: u64 = 64 << 10;

/// Largest file of rules, in bytes.
const MOST_BYTES: u64 = 256 << 10;

/// Most files below a folder that are looked at.
const MOST_FILES: usize = 4_096;

/// Time for all tests.
const TEST_TIME: Duration = Duration::from_secs(30);

/// Runs rules in a process that can be ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Isolated;

impl Evaluator for Isolated {
    fn run(&self, job: &Job) -> Result<Answer, RegoError> {
        let request = serde_json::to_vec(job).map_err(|error| RegoError::Process {
            reason: format!("the request cannot be written: {error}"),
        })?;
        let child = start(&job.limits).map_err(|error| RegoError::Process {
            reason: format!("no process could be started: {error}"),
        })?;
        let ended = converse(child, request, job.limits.time + START)?;
        read_answer(&ended, &job.limits)
    }
}

/// How a process ended, and what it said.
struct Ended {
    status: ExitStatus,
    answer: Vec<u8>,
    words: String,
}

fn start(limits: &Limits) -> io::Result<Child> {
    let seconds = limits.time.as_secs().saturating_add(2);
    Command::new(std::env::current_exe()?)
        .arg("rego-worker")
        .arg(limits.memory.to_string())
        .arg(seconds.to_string())
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

/// Hands over the request and waits for the answer, until time is up.
fn converse(mut child: Child, request: Vec<u8>, time: Duration) -> Result<Ended, RegoError> {
    let until = Instant::now() + time;
    let (Some(mut input), Some(output), Some(errors)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(broken("the process has no standard streams"));
    };
    // Each pipe is served by itself: either side may wait for the other.
    std::thread::spawn(move || {
        let _ = input.write_all(&request);
    });
    let (said, words) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = errors.take(MOST_WORDS).read_to_end(&mut text);
        let _ = said.send(text);
    });
    let (answered, answers) = mpsc::channel();
    std::thread::spawn(move || {
        let mut answer = Vec::new();
        let read = output.take(MOST_ANSWER + 1).read_to_end(&mut answer);
        let _ = answered.send(read.map(|_| answer));
    });
    let answer = answers.recv_timeout(until.saturating_duration_since(Instant::now()));
    let answer = match answer {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => {
            end(&mut child);
            return Err(broken(&format!("its answer cannot be read: {error}")));
        }
        Err(_) => {
            end(&mut child);
            return Err(RegoError::Limit {
                limit: Limit::Time,
                allowed: format!("{} s", (time.saturating_sub(START)).as_secs_f64()),
            });
        }
    };
    if u64::try_from(answer.len()).unwrap_or(u64::MAX) > MOST_ANSWER {
        end(&mut child);
        return Err(broken("its answer is too long"));
    }
    // Its standard output is closed, so it has nothing more to do.
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() >= until => end(&mut child),
            Ok(None) => std::thread::sleep(Duration::from_millis(2)),
            Err(error) => return Err(broken(&format!("it cannot be waited for: {error}"))),
        }
    };
    let words = words
        .recv_timeout(Duration::from_millis(200))
        .unwrap_or_default();
    Ok(Ended {
        status,
        answer,
        words: String::from_utf8_lossy(&words).into_owned(),
    })
}

fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

fn broken(reason: &str) -> RegoError {
    RegoError::Process {
        reason: reason.to_owned(),
    }
}

/// What a process answered, or which limit ended it.
fn read_answer(ended: &Ended, limits: &Limits) -> Result<Answer, RegoError> {
    if ended.status.success() {
        return serde_json::from_slice::<Result<Answer, RegoError>>(&ended.answer)
            .map_err(|error| broken(&format!("its answer cannot be read: {error}")))?;
    }
    let memory = || RegoError::Limit {
        limit: Limit::Memory,
        allowed: format!("{} MB", limits.memory / 1_000_000),
    };
    if ended.words.contains("memory allocation of") || ended.words.contains("capacity overflow") {
        return Err(memory());
    }
    if ended.words.contains("has overflowed its stack") {
        return Err(RegoError::Limit {
            limit: Limit::Depth,
            allowed: "the stack of a process allows".to_owned(),
        });
    }
    match ended.status.signal() {
        // SIGXCPU, and SIGKILL where the hard limit was reached.
        Some(24 | 9) => Err(RegoError::Limit {
            limit: Limit::Time,
            allowed: format!("{} s", limits.time.as_secs_f64()),
        }),
        Some(signal) => Err(broken(&format!("its process was ended by signal {signal}"))),
        None => Err(broken(&format!(
            "its process ended without an answer ({})",
            ended.status
        ))),
    }
}

/// The other side: lowers the limits of this process, then does what it is asked.
pub(crate) fn worker(memory: u64, seconds: u64) -> anyhow::Result<u8> {
    for (resource, limit) in [
        (Resource::As, memory),
        (Resource::Cpu, seconds),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, 3),
    ] {
        lower(resource, limit).context("the limits of the process cannot be lowered")?;
    }
    let mut request = Vec::new();
    io::stdin().lock().read_to_end(&mut request)?;
    let job: Job = serde_json::from_slice(&request).context("the request cannot be read")?;
    drop(request);
    let answer = bonafide_rego::answer(&job);
    drop(job);
    let mut output = io::BufWriter::new(io::stdout().lock());
    serde_json::to_writer(&mut output, &answer)?;
    output.flush()?;
    Ok(0)
}

/// Lowers a limit for good; never raises one.
fn lower(resource: Resource, limit: u64) -> io::Result<()> {
    let known = getrlimit(resource);
    let limit = known.maximum.map_or(limit, |most| most.min(limit));
    let limit = known.current.map_or(limit, |now| now.min(limit));
    setrlimit(
        resource,
        Rlimit {
            current: Some(limit),
            maximum: Some(limit),
        },
    )?;
    Ok(())
}

/// `policy test`: runs every test in files that end in `_test.rego`. Exit code 0 if all
/// pass, 1 if one fails, 2 if one cannot be carried out, 3 if there is none.
pub(crate) fn test(paths: &[PathBuf], common: &Common) -> anyhow::Result<u8> {
    let sources = sources(paths)?;
    let job = Job {
        sources,
        data: Value::Object(serde_json::Map::new()),
        schema: serde_json::from_str(FACTS_SCHEMA)?,
        task: Task::Test,
        limits: Limits {
            time: TEST_TIME,
            ..Limits::DEFAULT
        },
    };
    if !job.sources.iter().any(Source::is_test) {
        say("no tests: no file ends in `_test.rego`");
        return Ok(3);
    }
    let (results, warnings) = match Isolated.run(&job).map_err(EngineError::from)? {
        Answer::Tested(results, warnings) => (results, warnings),
        Answer::Checked(_) | Answer::Evaluated(_) => bail!("the answer is to another question"),
    };
    for warning in warnings {
        say(&format!("warning: {warning}"));
    }
    if results.is_empty() {
        say("no tests: no rule of a file that ends in `_test.rego` begins with `test_`");
        return Ok(3);
    }
    if !common.quiet {
        print(&table(&results))?;
    }
    let any =
        |wanted: fn(&TestOutcome) -> bool| results.iter().any(|result| wanted(&result.outcome));
    Ok(if any(|outcome| matches!(outcome, TestOutcome::Error(_))) {
        2
    } else if any(|outcome| *outcome == TestOutcome::Fail) {
        1
    } else {
        0
    })
}

fn table(results: &[TestResult]) -> String {
    let mut text = String::new();
    let (mut passed, mut failed, mut errors) = (0, 0, 0);
    for result in results {
        let name = &result.name;
        let place = format!("{}:{}", result.origin, result.line);
        let _ = match &result.outcome {
            TestOutcome::Pass => {
                passed += 1;
                writeln!(text, "pass   {name}")
            }
            TestOutcome::Fail => {
                failed += 1;
                writeln!(text, "FAIL   {name} ({place}): it is not true")
            }
            TestOutcome::Error(error) => {
                errors += 1;
                writeln!(text, "ERROR  {name} ({place})\n{error}")
            }
        };
    }
    let _ = writeln!(
        text,
        "{} tests: {passed} passed, {failed} failed, {errors} could not be carried out",
        results.len()
    );
    text
}

/// Files of rules and tests: those that are named, and all in folders that are.
fn sources(paths: &[PathBuf]) -> anyhow::Result<Vec<Source>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            list(path, &mut files)?;
        } else {
            files.push(path.clone());
        }
    }
    files.sort();
    files.dedup();
    files.iter().map(|path| source(path)).collect()
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let mut open = vec![folder.to_owned()];
    let mut seen = 0;
    while let Some(folder) = open.pop() {
        let entries = folder
            .read_dir()
            .with_context(|| format!("{}: cannot be listed", shown(&folder)))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("{}: cannot be listed", shown(&folder)))?;
            seen += 1;
            if seen > MOST_FILES {
                bail!("{}: holds more than {MOST_FILES} files", shown(&folder));
            }
            // Links are not followed: they may lead in a circle.
            let kind = entry.file_type()?;
            if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_file() && entry.path().extension().is_some_and(|end| end == "rego") {
                files.push(entry.path());
            }
        }
    }
    Ok(())
}

fn source(path: &Path) -> anyhow::Result<Source> {
    let cannot = || format!("{}: cannot be read", shown(path));
    let file = std::fs::File::open(path).with_context(cannot)?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .with_context(cannot)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MOST_BYTES {
        bail!("{}: has more than {MOST_BYTES} bytes", shown(path));
    }
    let text =
        String::from_utf8(bytes).with_context(|| format!("{}: is not UTF-8", shown(path)))?;
    Ok(Source {
        origin: shown(path).to_string(),
        package: None,
        text,
    })
}
