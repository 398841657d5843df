//! A scheduler and two executors on the loopback address: the same answer as by counting
//! in memory and as that of the scan that is built in, also when one of them is killed in
//! the middle of it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr
)]

mod parts;
mod sample;

use std::path::Path;
use std::time::{Duration, Instant};

use parts::{Part, Scanning};
use sample::{built_in, counted, plain};

/// What the slowest machine may take for one scan.
const LIMIT: Duration = Duration::from_secs(240);

fn executor(scheduler: &str, folder: &Path) -> Part {
    std::fs::create_dir_all(folder).unwrap();
    let folder = folder.to_str().unwrap();
    let arguments = [
        "executor",
        "--scheduler",
        scheduler,
        "--tasks",
        "1",
        "--memory",
        "256",
        "--folder",
        folder,
    ];
    Part::start(&arguments).0
}

#[test]
fn answers_are_those_of_the_built_in_scan_even_if_an_executor_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let records = sample::write(&data, 12, 20_000);
    let expected = plain(&records);
    assert!(
        expected.conflicts > 10 && expected.leaks > 50,
        "{expected:?}"
    );
    assert_eq!(built_in(&data), expected);

    let bind = [
        "scheduler",
        "--bind",
        "127.0.0.1:0",
        "--executor-timeout",
        "8",
    ];
    let (_scheduler, address) = Part::start(&bind);
    let _survivor = executor(&address, &folder.path().join("one"));
    let lost_folder = folder.path().join("other");
    let mut lost = executor(&address, &lost_folder);
    let arguments = [
        data.to_str().unwrap(),
        "--scheduler",
        &address,
        "--label",
        "label",
        "--text",
        "text",
        "--timeout",
        "220",
    ];
    let scan = || Scanning::start(&arguments);

    let began = Instant::now();
    assert_eq!(counted(&scan().found(LIMIT)), expected);
    let undisturbed = began.elapsed();

    // What the first scan left behind says nothing about the second.
    let left = jobs(&lost_folder);
    let began = Instant::now();
    let mut disturbed = scan();
    while jobs(&lost_folder) <= left {
        assert!(began.elapsed() < LIMIT, "the second executor has no task");
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(
        disturbed.runs(),
        "it was over before an executor could be killed"
    );
    lost.kill();
    assert_eq!(counted(&disturbed.found(LIMIT)), expected);
    let with_loss = began.elapsed();

    let began = Instant::now();
    assert_eq!(counted(&scan().found(LIMIT)), expected);
    let alone = began.elapsed();
    eprintln!("two executors {undisturbed:?}, one lost {with_loss:?}, one alone {alone:?}");
}

/// Jobs whose results an executor has had, by the folders that it made for them.
fn jobs(folder: &Path) -> usize {
    let works = std::fs::read_dir(folder).unwrap().flatten();
    works
        .flat_map(|work| std::fs::read_dir(work.path()).into_iter().flatten())
        .count()
}

#[test]
fn an_executor_that_sees_other_files_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    sample::write(&data, 3, 50_000);
    let (_scheduler, address) = Part::start(&["scheduler", "--bind", "127.0.0.1:0"]);
    let work = folder.path().join("work");
    let arguments = [
        data.to_str().unwrap(),
        "--scheduler",
        &address,
        "--timeout",
        "60",
    ];
    let scan = Scanning::start(&arguments);
    // The client has read the footers when it asks; the executor comes when one is gone.
    std::thread::sleep(Duration::from_secs(2));
    std::fs::remove_file(data.join("train-00000.parquet")).unwrap();
    let _executor = executor(&address, &work);
    let (status, text, error) = scan.end(LIMIT);
    assert!(!status.success(), "{text}");
    assert!(error.starts_with("error: "), "{error}");
}

#[test]
fn without_an_executor_the_wait_ends() {
    let folder = tempfile::tempdir().unwrap();
    sample::write(folder.path(), 1, 10);
    let (_scheduler, address) = Part::start(&["scheduler", "--bind", "127.0.0.1:0"]);
    let root = folder.path().to_str().unwrap();
    let scan = Scanning::start(&[root, "--scheduler", &address, "--timeout", "3"]);
    let (status, _, error) = scan.end(Duration::from_secs(60));
    assert_eq!(status.code(), Some(2));
    assert!(error.contains("within 3 s"), "{error}");
}
