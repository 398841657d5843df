//! Parts of a cluster as processes of their own, which end with the test.

#![allow(dead_code, reason = "each test needs some of it")]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use bonafide_cluster::{Equal, Scan};
use bonafide_dataset::Answer;

/// No start takes longer.
const START: Duration = Duration::from_secs(60);

/// A process that is killed when the test is over, however it ends.
pub(crate) struct Part {
    child: Child,
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bonafide-cluster"));
    command.args(arguments).stdin(Stdio::null());
    command
}

impl Part {
    /// Starts it, and waits until it says where it listens.
    pub(crate) fn start(arguments: &[&str]) -> (Self, String) {
        let child = command(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut part = Self { child };
        let out = part.child.stdout.take().unwrap();
        let (said, first) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            let _ = BufReader::new(out).read_line(&mut line);
            let _ = said.send(line);
        });
        let line = first.recv_timeout(START).unwrap();
        let address = line.trim().rsplit(' ').next().unwrap().to_owned();
        assert!(address.contains(':'), "{line:?}");
        (part, address)
    }

    /// `SIGKILL`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A scan under way.
pub(crate) struct Scanning {
    part: Part,
    out: mpsc::Receiver<(String, String)>,
}

impl Scanning {
    /// Starts a scan with these arguments.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = command(&["scan", "--format", "json"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = child.stdout.take().unwrap();
        let mut errors = child.stderr.take().unwrap();
        let (said, read) = mpsc::channel();
        std::thread::spawn(move || {
            let (mut text, mut error) = (String::new(), String::new());
            let _ = out.read_to_string(&mut text);
            let _ = errors.read_to_string(&mut error);
            let _ = said.send((text, error));
        });
        Self {
            part: Part { child },
            out: read,
        }
    }

    /// True if it has not ended.
    pub(crate) fn runs(&mut self) -> bool {
        self.part.child.try_wait().unwrap().is_none()
    }

    /// Its status, and what it wrote to both outputs.
    pub(crate) fn end(mut self, limit: Duration) -> (ExitStatus, String, String) {
        let (text, error) = self.out.recv_timeout(limit).unwrap();
        (self.part.child.wait().unwrap(), text, error)
    }

    /// What it found.
    pub(crate) fn found(self, limit: Duration) -> Equal {
        let (status, text, error) = self.end(limit);
        assert!(status.success(), "{error}");
        let found: Scan = serde_json::from_str(&text).unwrap();
        match found.duplicates {
            Answer::Known(equal) => equal,
            Answer::Inconclusive(reason) => panic!("{reason}"),
        }
    }
}
