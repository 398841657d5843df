//! Plain text: what is left when no other format fits. No loader runs it.

use bonafide_core::{Severity, ThreatId, excerpt};

use crate::coverage::State;
use crate::document::secret;
use crate::facts::ReferenceKind;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::rule::{Confidence, Hazard, Rule};
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const TEXT: Format = Format {
    name: "text",
    title: "text",
    extensions: &["md", "rst", "csv", "tsv"],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe,
    inspect,
};

pub(crate) const LFS_POINTER: Format = Format {
    name: "git-lfs-pointer",
    title: "pointer of Git LFS",
    extensions: &[],
    effect: Effect::Data,
    depth: Depth::Whole,
    probe: probe_pointer,
    inspect: inspect_pointer,
};

pub(crate) const RULES: &[&Rule] = &[&POINTER, &INSTRUCTIONS, &PATH_FILE];

const POINTER: Rule = Rule {
    slug: "lfs-pointer",
    title: "Pointer stands where the file should be",
    hazard: Hazard::Inconsistent,
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    rationale: "The content was never fetched, so nothing of it was examined. Who loads the model elsewhere gets \
        something that was not seen here.",
    remediation: "Fetch the files with `git lfs pull`, and verify them again.",
    threats: &[ThreatId("ART-01")],
    cwe: &[353],
    cve: &[],
    atlas: &["AML.T0010"],
};

const INSTRUCTIONS: Rule = Rule {
    slug: "agent-instructions",
    title: "Instructions for coding agents come with the model",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Low,
    confidence: Confidence::Possible,
    rationale: "An agent that is started in the folder follows them as if its user had written them.",
    remediation: "Read them before an agent works in the folder.",
    threats: &[ThreatId("ART-02")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0081"],
};

const PATH_FILE: Rule = Rule {
    slug: "python-path-file",
    title: "Line of a path file that Python runs whenever it starts",
    hazard: Hazard::CodeInRepository,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "In the folder of installed packages each line of a `.pth` file that starts with `import` is run by \
        every start of the interpreter. A model has no use for it.",
    remediation: "Do not install the package; remove the file.",
    threats: &[ThreatId("ART-02"), ThreatId("DEP-01")],
    cwe: &[506, 829],
    cve: &[],
    atlas: &["AML.T0011.001"],
};

/// Files that agents read on their own, in lower case.
const INSTRUCTION_FILES: &[&str] = &[
    "agents.md",
    "claude.md",
    "gemini.md",
    "copilot-instructions.md",
    ".cursorrules",
    ".windsurfrules",
    ".clinerules",
    "skill.md",
];

/// Bytes that are looked at together.
const PIECE: usize = 1 << 20;

/// Bytes that two pieces share, so that no credential is cut.
const OVERLAP: usize = 4096;

/// Longest header of a model card that is looked at.
const FRONT_MATTER: usize = 64 << 10;

const POINTER_START: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";

fn probe_pointer(probe: &Probe<'_>) -> Likeness {
    // The specification has pointers below 1,024 bytes.
    if probe.size < 1024 && probe.head.starts_with(POINTER_START) {
        Likeness::Certain
    } else {
        Likeness::No
    }
}

fn inspect_pointer(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let bytes = visit.read_all()?;
    let text = String::from_utf8_lossy(&bytes);
    let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key));
    let digest = value("oid ").unwrap_or("no digest");
    let size = value("size ").unwrap_or("an unknown number of");
    let message = format!(
        "the content, {} bytes with {}, is elsewhere",
        excerpt(size, 30),
        excerpt(digest, 100)
    );
    visit.facts().add_reference(ReferenceKind::Weights, digest);
    visit.report(&POINTER, None, message);
    visit.cover(0..visit.size(), State::Identified);
    Ok(())
}

/// Which bytes are no text: control characters that no editor writes.
const fn is_control(byte: u8) -> bool {
    matches!(byte, 0..=6 | 14..=26 | 28..=31)
}

fn probe(probe: &Probe<'_>) -> Likeness {
    if probe.size == 0 {
        return Likeness::Possible;
    }
    // What continues beyond the head is read by the reader, which stops where it is no text.
    let plain = probe.head.iter().filter(|byte| byte.is_ascii()).count();
    let utf8 = match std::str::from_utf8(probe.head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && (probe.head.len() as u64) < probe.size,
    };
    let legacy = probe.head.len() >= 16 && plain * 10 >= probe.head.len() * 7;
    if !probe.head.iter().copied().any(is_control) && (utf8 || legacy) {
        Likeness::Possible
    } else {
        Likeness::No
    }
}

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    if INSTRUCTION_FILES.contains(&visit.name().to_ascii_lowercase().as_str()) {
        let message = "agents that are started in the folder follow this file";
        visit.report(&INSTRUCTIONS, None, message);
    }
    let size = visit.size();
    let mut start = 0_u64;
    let mut legacy = false;
    while start < size {
        let end = size.min(start + PIECE as u64);
        let bytes = visit.read(start..end)?;
        if start == 0 {
            front_matter(visit, &bytes);
        }
        let stop = bytes.iter().position(|byte| is_control(*byte));
        let text = bytes.get(..stop.unwrap_or(bytes.len())).unwrap_or_default();
        if start == 0 && visit.name().to_ascii_lowercase().ends_with(".pth") {
            path_file(visit, text);
        }
        // A piece can start in the middle of a character.
        let inside = |byte: &&u8| start > 0 && matches!(byte, 0x80..=0xbf);
        let skipped = text.iter().take(3).take_while(inside).count();
        let whole = text.get(skipped..).unwrap_or_default();
        legacy |= std::str::from_utf8(whole).is_err_and(|error| error.error_len().is_some());
        secret::scan(visit, text, start, if start > 0 { OVERLAP } else { 0 });
        let claimed = start..start + text.len() as u64;
        visit.cover(
            claimed,
            if legacy {
                State::Identified
            } else {
                State::Scanned
            },
        );
        if stop.is_some() || end == size {
            // What comes after is no text, and nobody's: it is inspected as a body of its own.
            return Ok(());
        }
        start = end - OVERLAP as u64;
    }
    Ok(())
}

/// Lines that the `site` module of Python runs.
fn path_file(visit: &mut Visit<'_>, text: &[u8]) {
    let mut at = 0_u64;
    for line in text.split(|byte| *byte == b'\n') {
        let start = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        if start.starts_with(b"import ") || start.starts_with(b"import\t") {
            let shown = excerpt(&String::from_utf8_lossy(start), 80);
            let range = at..at + line.len() as u64;
            visit.report(&PATH_FILE, Some(range), format!("`{shown}`"));
            return;
        }
        at += line.len() as u64 + 1;
    }
}

/// Licence and base model in the header of a model card: YAML between two lines of dashes.
fn front_matter(visit: &mut Visit<'_>, bytes: &[u8]) {
    let head = bytes
        .get(..bytes.len().min(FRONT_MATTER))
        .unwrap_or_default();
    let text = String::from_utf8_lossy(head);
    let Some(rest) = text.trim_start_matches('\u{feff}').strip_prefix("---") else {
        return;
    };
    let Some((header, _)) = rest.split_once("\n---") else {
        return;
    };
    for line in header.lines() {
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        if value.is_empty() {
            continue;
        }
        match key {
            "license" => visit.facts().add_licence(value),
            "base_model" => visit.facts().add_reference(ReferenceKind::Artifact, value),
            "library_name" | "pipeline_tag" => visit.facts().add_metadata(key, value),
            _ => {}
        }
    }
}
