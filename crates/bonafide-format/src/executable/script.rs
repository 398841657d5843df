//! Scripts that name their interpreter in the first line.

use bonafide_core::excerpt;

use super::rules;
use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const SCRIPT: Format = Format {
    name: "script",
    title: "a script",
    extensions: &["sh", "bash", "zsh"],
    effect: Effect::Code,
    depth: Depth::Identified,
    probe,
    inspect,
};

/// Longest first line that systems read.
const LONGEST: usize = 256;

/// Interpreter that the first line names: `/bin/sh`, `/usr/bin/env bash`.
pub(super) fn interpreter(head: &[u8]) -> Option<&str> {
    let line = head.strip_prefix(b"#!")?;
    let line = line.get(..LONGEST).unwrap_or(line);
    let end = line.iter().position(|byte| *byte == b'\n')?;
    let line = std::str::from_utf8(line.get(..end)?).ok()?.trim();
    let is_path = line.starts_with('/') && line.len() > 1;
    (is_path && !line.contains(|letter: char| letter.is_control())).then_some(line)
}

/// True for a first line that has Python run the file, also through what installs packages
/// for it first.
pub(crate) fn is_python(head: &[u8]) -> bool {
    interpreter(head).is_some_and(|interpreter| {
        let mut words = interpreter.split_ascii_whitespace();
        let runs = |word: &str| {
            let program = word.rsplit('/').next().unwrap_or(word);
            program.starts_with("python") || program.starts_with("pypy")
        };
        words.any(runs)
            || ["uv run", "pipx run", "hatch run"]
                .iter()
                .any(|runner| interpreter.contains(runner))
    })
}

fn probe(probe: &Probe<'_>) -> Likeness {
    // An import does not look at the first line: what has the name of a module is one.
    let name = probe.name.to_ascii_lowercase();
    let is_module = name.ends_with(".py") || name.ends_with(".pyw");
    if !is_module && interpreter(probe.head).is_some() && !is_python(probe.head) {
        Likeness::Certain
    } else {
        Likeness::No
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let head = visit.read(0..visit.size().min(LONGEST as u64))?;
    if let Some(interpreter) = interpreter(&head) {
        let message = format!("a script for `{}`", excerpt(interpreter, 80));
        visit.report(&rules::SCRIPT, None, message);
    }
    visit.cover(0..visit.size(), State::Identified);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_names_the_interpreter() {
        assert_eq!(interpreter(b"#!/bin/sh\ntrue\n"), Some("/bin/sh"));
        assert_eq!(interpreter(b"#! /bin/sh -e\r\n"), Some("/bin/sh -e"));
        for other in [
            &b"#!/bin/sh"[..],
            b"#!\n",
            b"# !/bin/sh\n",
            b"#!x\n",
            b"#!/\x00\n",
        ] {
            assert_eq!(interpreter(other), None, "{other:?}");
        }
        for python in [
            &b"#!/usr/bin/env python3\n"[..],
            b"#!/usr/bin/python3.11 -u\n",
            b"#!/usr/bin/env -S uv run --script\n",
        ] {
            assert!(is_python(python), "{python:?}");
        }
        assert!(!is_python(b"#!/bin/sh\n"));
    }
}
