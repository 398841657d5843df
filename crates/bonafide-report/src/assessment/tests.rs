use bonafide_core::assessment::{
    Assessment, AssessmentCluster, AssessmentRow, Demand, Evidence, ProfileSummary,
};

use super::{AssessmentFormat, render_assessment};
use crate::Colour;

fn row(id: &'static str, evidence: Evidence, demand: Demand, reason: &str) -> AssessmentRow {
    AssessmentRow {
        id,
        title: "Title of it",
        evidence,
        attainable: Evidence::Verified,
        demand,
        reason: reason.to_owned(),
        pointers: vec!["/components/0".to_owned()],
    }
}

fn assessment(evidence: Evidence) -> Assessment {
    let rows = vec![
        row(
            "ONE",
            evidence,
            Demand::Always,
            "the bytes say | so *loudly*",
        ),
        row(
            "TWO-2",
            Evidence::Declared,
            Demand::Always,
            &"word ".repeat(60),
        ),
        row(
            "GONE",
            Evidence::Missing,
            Demand::WhereItApplies,
            "not stated",
        ),
    ];
    Assessment::new(
        ProfileSummary {
            name: "some-profile",
            title: "A profile",
            source: "somewhere",
            caveat: "Second-hand.",
        },
        "CycloneDX 1.6, JSON".to_owned(),
        Some("model".to_owned()),
        vec![AssessmentCluster::new("Cluster", rows)],
    )
}

fn text(evidence: Evidence) -> String {
    render_assessment(&assessment(evidence), AssessmentFormat::Text, Colour::Plain).unwrap()
}

#[test]
fn says_first_what_is_contradicted() {
    let wrong = text(Evidence::Contradicted);
    assert!(
        wrong.starts_with("CONTRADICTED  1 element contradicted: ONE\n"),
        "{wrong}"
    );
    assert!(wrong.contains("EVIDENCE 0 of 100"), "{wrong}");
    let right = text(Evidence::Verified);
    assert!(
        right.starts_with("EVIDENCE 62 of 100  model (CycloneDX 1.6, JSON)\n"),
        "{right}"
    );
    assert!(!right.to_lowercase().contains("contradicted"), "{right}");
}

#[test]
fn says_all_of_it_in_columns() {
    let page = text(Evidence::Verified);
    for wanted in [
        "ONE    Title of it  verified",
        "TWO-2  Title of it  declared",
        "GONE   Title of it  n/a",
        "A profile",
        "Second-hand.",
    ] {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    assert_eq!(page.matches("word").count(), 60);
    for line in page.lines() {
        assert!(line.chars().count() <= 110, "{line}");
        assert_eq!(line, line.trim_end());
        if line.trim_start().starts_with("word") {
            assert_eq!(
                line.find("word"),
                page.lines().find_map(|first| {
                    first
                        .contains("TWO-2")
                        .then(|| first.find("word"))
                        .flatten()
                })
            );
        }
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    let assessment = assessment(Evidence::Contradicted);
    let plain = render_assessment(&assessment, AssessmentFormat::Text, Colour::Plain).unwrap();
    let painted = render_assessment(&assessment, AssessmentFormat::Text, Colour::Ansi).unwrap();
    let mut bare = String::new();
    let mut rest = painted.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        bare.push_str(before);
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    assert_eq!(bare, plain);
    assert_ne!(painted, plain);
}

#[test]
fn json_has_every_row_and_the_words_of_the_grades() {
    let text = render_assessment(
        &assessment(Evidence::Consistent),
        AssessmentFormat::Json,
        Colour::Plain,
    )
    .unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["profile"]["name"], "some-profile");
    assert_eq!(value["score"]["percent"], 42);
    assert_eq!(value["tally"]["missing"], 0);
    let rows = value["clusters"][0]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["evidence"], "consistent");
    assert_eq!(rows[2]["demand"], "where-it-applies");
}

#[test]
fn markdown_cells_hold_what_documents_say() {
    let page = render_assessment(
        &assessment(Evidence::Contradicted),
        AssessmentFormat::Markdown,
        Colour::Plain,
    )
    .unwrap();
    assert!(page.contains("**1 element contradicted: ONE**"), "{page}");
    assert!(
        page.contains("the bytes say &#124; so &#42;loudly&#42;"),
        "{page}"
    );
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| element"));
    for line in rows {
        assert_eq!(line.matches('|').count(), 5, "{line}");
    }
}
