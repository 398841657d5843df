//! Markdown for the summary page of a step.

use bonafide_core::{Finding, Subject};
use bonafide_report::{Colour, Format, render};

use crate::sample;

fn markdown(report: &bonafide_core::Report) -> String {
    render(report, Format::Markdown, Colour::Plain).unwrap()
}

/// What is left of a line when its code spans are taken out, as CommonMark (0.31.2, section 6.1)
/// finds them: a run of backticks ends at the next run of the same length.
fn without_spans(line: &str) -> String {
    let mut rest = line;
    let mut left = String::new();
    while let Some(start) = rest.find('`') {
        left.push_str(&rest[..start]);
        let length = rest[start..]
            .bytes()
            .take_while(|byte| *byte == b'`')
            .count();
        let inside = &rest[start + length..];
        let mut from = 0;
        let end = loop {
            let Some(place) = inside[from..].find('`') else {
                panic!("a span without an end: {line}");
            };
            let run = inside[from + place..]
                .bytes()
                .take_while(|byte| *byte == b'`')
                .count();
            if run == length {
                break from + place;
            }
            from += place + run;
        };
        assert!(!inside[..end].contains('|'), "a pipe in a span: {line}");
        left.push('C');
        rest = &inside[end + length..];
    }
    left + rest
}

#[test]
fn nothing_of_an_artifact_is_outside_of_a_code_span() {
    let page = markdown(&sample::hostile());
    for line in page.lines() {
        let left = without_spans(line);
        for part in [
            "alert",
            "evil",
            "javascript",
            "everyone",
            "tada",
            "img",
            "script",
            "rm",
        ] {
            let words = left.split(|character: char| !character.is_ascii_alphabetic());
            assert!(!words.clone().any(|word| word == part), "{part}: {line}");
        }
        assert!(!left.contains(['<', '@', '[', '\\', '\u{202e}']), "{left}");
        assert!(!left.contains("://") && !left.contains("www."), "{left}");
    }
    assert!(page.contains("`[x](javascript:alert(1))`"), "{page}");
    assert!(page.contains("`new\\nline \\u{7c} cell`"));
}

#[test]
fn tables_have_as_many_cells_as_titles() {
    for report in [sample::denied(), sample::waived(), sample::hostile()] {
        let page = markdown(&report);
        let mut columns = None;
        for line in page.lines() {
            if !line.starts_with('|') {
                columns = None;
                continue;
            }
            let cells = without_spans(line).matches('|').count();
            assert_eq!(*columns.get_or_insert(cells), cells, "{line}");
        }
    }
}

#[test]
fn a_summary_shows_twenty_findings_and_counts_the_rest() {
    let mut report = sample::denied();
    report.checks[1].findings = (0..5_000)
        .map(|number| {
            Finding::new(
                Subject::File(format!("{number}.bin").as_str().into()),
                "differs",
            )
        })
        .collect();
    let page = markdown(&report);
    assert_eq!(page.matches("| critical | denied |").count(), 20);
    assert!(page.contains("4993 more findings"), "{page}");
    assert!(page.starts_with("## ❌ DENY: `models/digits`\n"));
}

/// A step may write one mebibyte.
#[test]
fn a_summary_is_small_whatever_was_found() {
    let page = markdown(&sample::large(2_500));
    assert!(page.len() < 1 << 20, "{}", page.len());
    assert!(
        page.len() > 50_000,
        "the report is not large: {}",
        page.len()
    );
}
