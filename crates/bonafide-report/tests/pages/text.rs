//! Text for people.

use bonafide_core::{Finding, Subject};
use bonafide_report::{Colour, Format, render};

use crate::sample;

fn text(report: &bonafide_core::Report) -> String {
    render(report, Format::Text, Colour::Plain).unwrap()
}

#[test]
fn a_finding_says_what_where_why_how_to_fix_it_and_by_which_control() {
    let page = text(&sample::denied());
    for part in [
        "DENY  models/digits\n",
        "by policy registry 1.2.0, mode enforce, judged at 2026-11-22T12:00:00Z\n",
        "denied[digest-mismatch] Title of digest-mismatch\n",
        "model.safetensors: content differs from what was signed\n",
        "why: A single changed byte",
        "fix: Fetch the files again",
        "control: no-code, check code-on-load (deny), severity critical\n",
        "threats: SIG-02 Content changed after signing; DAT-01 Poisoned data\n",
        "and 2 more findings: see `--output json`\n",
        "1 out of scope",
        "weighs deny from 2027-01-01 on",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // The worst first, and what is the same for each is said once.
    let place = |part: &str| page.find(part).unwrap();
    assert!(place("denied[digest-mismatch]") < place("warning[licence-undeclared]"));
    assert_eq!(page.matches("The same for each.").count(), 1);
    assert_eq!(page.matches("rule: pickle-dangerous-call").count(), 1);
}

#[test]
fn a_mode_that_lets_through_says_so() {
    let page = text(&sample::undecided());
    assert!(page.contains("mode audit: the verdict is told, not enforced, exit code 0"));
    assert!(
        page.contains("controls: uninspected-file, hidden-content\n"),
        "{page}"
    );
    assert!(page.contains("controls that do not deny: bom-stale\n"));
    assert!(!text(&sample::denied()).contains("let through"));
}

#[test]
fn waivers_say_who_why_and_how_long() {
    let page = text(&sample::waived());
    for part in [
        "W-1: in force, 12 days left (until 2026-12-04)",
        "W-2: expired, 21 days ago",
        "W-3: not used, 1 day left",
        "reason: Reviewed by hand",
        "owner: Ada Example, approved by Platform security",
        "waived[code-in-repository] loader.py: is code that a loader runs",
        "warning waiver `W-2` has expired on 2026-11-01",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn nothing_moves_the_cursor_or_starts_a_line() {
    let page = text(&sample::hostile());
    let odd = |character: char| character.is_control() && character != '\n';
    assert!(
        !page.contains(odd) && !page.contains('\u{202e}'),
        "{page:?}"
    );
    assert!(!page.lines().any(|line| line.starts_with("line |")));
    assert!(page.contains("<img src=x onerror=alert(1)>.bin"));
    assert!(page.contains("not\\xffutf8"));
}

#[test]
fn colour_carries_no_meaning_alone() {
    let report = sample::denied();
    let colourful = render(&report, Format::Text, Colour::Ansi).unwrap();
    let mut plain = String::new();
    let mut rest = colourful.as_str();
    while let Some((before, after)) = rest.split_once('\x1b') {
        plain.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    plain.push_str(rest);
    assert_ne!(plain, colourful);
    assert_eq!(plain, text(&report));
}

#[test]
fn many_findings_are_counted_and_not_all_printed() {
    let mut report = sample::denied();
    report.checks[1].findings = (0..10_000)
        .map(|number| {
            Finding::new(
                Subject::File(format!("{number}.bin").as_str().into()),
                "differs",
            )
        })
        .collect();
    let page = text(&report);
    assert!(
        page.contains("and 9990 more findings: see `--output json`"),
        "{page}"
    );
    assert!(page.len() < 20_000);
}
