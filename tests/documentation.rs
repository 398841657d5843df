//! Documentation that is made from the code is what the code makes today, and
//! what the README shows is what the command prints.
//!
//! `BLESS=1 cargo test documentation` writes the files anew.

use std::path::PathBuf;

use crate::harness::{bonafide, root};

/// Compares a file with what it should hold, or writes it.
pub fn hold(path: PathBuf, expected: &str) {
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    if found == expected {
        return;
    }
    assert!(
        std::env::var_os("BLESS").is_some(),
        "{} is out of date; run `BLESS=1 cargo test documentation`",
        path.display()
    );
    std::fs::write(path, expected).unwrap();
}

#[test]
fn the_page_of_checks_is_made_from_the_table() {
    let page = bonafide(["checks", "--output", "markdown"]).stdout;
    hold(root().join("docs/checks.md"), &page);
}

#[test]
fn the_page_of_profiles_is_made_from_the_tables() {
    hold(
        root().join("docs/profiles.md"),
        &bonafide_bom::profile::page(),
    );
}

#[test]
fn the_rules_of_documents_are_made_from_the_table() {
    let path = root().join("docs/boms.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut table =
        String::from("| rule | what is wrong | severity | since |\n|---|---|---|---|\n");
    for rule in bonafide_bom::semantics::RULES {
        table += &format!(
            "| `{}` | {} | {} | {} |\n",
            rule.slug, rule.title, rule.severity, rule.since
        );
    }
    hold(
        path,
        &replace(&text, "<!-- rules -->\n", "<!-- /rules -->", &table),
    );
}

#[test]
fn the_formats_and_rules_of_model_files_are_made_from_the_tables() {
    let path = root().join("docs/models.md");
    let mut text = std::fs::read_to_string(&path).unwrap();
    for list in ["formats", "rules"] {
        let table = bonafide([list, "--output", "table"]).stdout;
        let (start, end) = (format!("<!-- {list} -->\n"), format!("<!-- /{list} -->"));
        text = replace(&text, &start, &end, &table);
    }
    hold(path, &text);
}

/// The picture in the README is what the command draws of the demonstration chain.
#[test]
fn the_picture_of_the_lineage_is_made_by_the_command() {
    let drawn = bonafide([
        "lineage",
        "fixtures/supply-chain/digits-classifier-finetuned",
        "--policy",
        "policies/registry-gate.toml",
        "--output",
        "svg",
    ]);
    assert_eq!(drawn.code, 0, "{drawn:?}");
    hold(root().join("docs/lineage.svg"), &drawn.stdout);
}

#[test]
fn the_readme_is_made_from_the_command() {
    let path = root().join("README.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let table = bonafide(["checks", "--output", "table"]).stdout;
    let text = replace(&text, "<!-- checks -->\n", "<!-- /checks -->", &table);
    let text = replace_runs(&text);
    hold(path, &text);
}

pub fn replace(text: &str, start: &str, end: &str, content: &str) -> String {
    let (before, rest) = text
        .split_once(start)
        .unwrap_or_else(|| panic!("README has no {start:?}"));
    let (_, after) = rest.split_once(end).unwrap();
    format!("{before}{start}{content}{end}{after}")
}

/// Every block of `console` holds one command and its output: standard output,
/// then standard error, then the exit code where it is not 0.
fn replace_runs(text: &str) -> String {
    const OPEN: &str = "```console\n$ bonafide ";
    let mut done = String::new();
    let mut rest = text;
    let mut runs = 0;
    while let Some((before, block)) = rest.split_once(OPEN) {
        let (line, _) = block.split_once('\n').unwrap();
        let (_, after) = block.split_once("\n```\n").unwrap();
        let run = bonafide(line.split_whitespace());
        let mut output = without_clock(&format!("{}{}", run.stdout, run.stderr));
        if run.code != 0 {
            output.push_str(&format!("(exit code {})\n", run.code));
        }
        done.push_str(&format!("{before}{OPEN}{line}\n{output}```\n"));
        rest = after;
        runs += 1;
    }
    assert!(runs >= 2, "README shows no runs");
    done + rest
}

fn without_clock(text: &str) -> String {
    text.lines()
        .map(|line| match line.split_once("judged at ") {
            Some((before, _)) => format!("{before}judged at 2026-11-22T12:00:00Z\n"),
            None => format!("{line}\n"),
        })
        .collect()
}

/// Commands that a newcomer copies exist, with all their options.
#[test]
fn commands_in_the_documents_are_understood() {
    let mut commands = 0;
    for name in ["README.md", "CONTRIBUTING.md", "docs/checks.md"] {
        let text = std::fs::read_to_string(root().join(name)).unwrap();
        let blocks = text.split("```sh\n").skip(1);
        for line in blocks.flat_map(|block| block.split("```").next().unwrap().lines()) {
            let Some(arguments) = line.strip_prefix("bonafide ") else {
                continue;
            };
            // Usage is judged before anything else, so an option that is not there gives 4.
            let run = bonafide(arguments.split_whitespace());
            assert_ne!(run.code, 4, "{name}: {line}: {run:?}");
            commands += 1;
        }
    }
    assert!(commands >= 3);
}
