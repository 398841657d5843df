//! What the run shows of the threats of the catalogue, and of the provisions that the policy names.

use std::collections::HashMap;

use bonafide_core::{Report, RequirementStanding, StandardSummary, ThreatStanding, ThreatSummary};

use super::findings::chip;
use super::markup::Markup;
use crate::account::{
    THREAT_STANDINGS, cut, requirement_class, requirement_standing, threat_reach, threat_standing,
};

/// Most threats, provisions, and controls of one, that are shown.
const MOST: usize = 1_000;
const MOST_CONTROLS: usize = 30;

/// Places of controls in the report, by name.
fn places(report: &Report) -> HashMap<&str, usize> {
    let checks = report.checks.iter().enumerate();
    checks
        .map(|(place, check)| (check.control.as_str(), place))
        .collect()
}

fn controls(names: &[String], places: &HashMap<&str, usize>) -> Markup {
    let mut page = Markup::new();
    page.list(names.iter().take(MOST_CONTROLS).map(|name| {
        let mut item = Markup::new();
        match places.get(name.as_str()) {
            Some(place) => item.link("control", *place, &cut(name, 200)),
            None => item.code(&cut(name, 200)),
        };
        item
    }));
    page.more(names.len().saturating_sub(MOST_CONTROLS), "control");
    page
}

const fn threat_class(standing: ThreatStanding) -> (&'static str, &'static str) {
    match standing {
        ThreatStanding::Found => ("bad", "✗"),
        ThreatStanding::Undecided => ("doubt", "?"),
        ThreatStanding::Evidence => ("good", "✓"),
        ThreatStanding::Waived => ("waived", "≈"),
        ThreatStanding::NotChecked => ("none", "–"),
    }
}

fn outcome(class: &'static str, mark: &'static str, word: &'static str) -> Markup {
    let mut page = Markup::new();
    page.ours("<span class=\"outcome ")
        .ours(class)
        .ours("\"><span aria-hidden=\"true\">");
    page.ours(mark).ours("</span> ").ours(word).ours("</span>");
    page
}

pub(super) fn section(report: &Report) -> Markup {
    const TITLES: [&str; 6] = [
        "threat",
        "this run",
        "severity",
        "reach",
        "controls that speak to it",
        "what cannot be proven",
    ];
    let mut page = Markup::new();
    if report.threats.is_empty() {
        return page;
    }
    page.ours("<p>What the controls of this run show of every threat of the catalogue. A check ");
    page.ours("that passed is evidence. It does not show that a threat is absent.</p>\n");
    index(&mut page, report);
    let places = places(report);
    page.open_table("Threat matrix", &TITLES);
    let mut group = None;
    for (number, threat) in report.threats.iter().enumerate().take(MOST) {
        if group != Some(threat.group.as_str()) {
            group = Some(threat.group.as_str());
            page.ours("<tr role=\"row\" class=\"group\"><th role=\"rowheader\" scope=\"rowgroup\" colspan=\"6\">");
            page.text(&cut(&threat.group, 100)).ours("</th></tr>\n");
        }
        let cells = [
            title(threat),
            {
                let (class, mark) = threat_class(threat.standing);
                outcome(class, mark, threat_standing(threat.standing))
            },
            {
                let mut severity = Markup::new();
                chip(&mut severity, threat.severity);
                severity
            },
            Markup::of(threat_reach(threat.reach)),
            controls(&threat.controls, &places),
            limit(threat),
        ];
        page.row(Some(("threat", number)), &TITLES, &cells);
    }
    page.close_table();
    page.more(report.threats.len().saturating_sub(MOST), "threat");
    page
}

/// Links to the rows, by what the run shows.
fn index(page: &mut Markup, report: &Report) {
    page.ours("<dl class=\"index\">\n");
    for standing in THREAT_STANDINGS {
        let threats = report.threats.iter().enumerate().take(MOST);
        let mut threats = threats
            .filter(|(_, threat)| threat.standing == standing)
            .peekable();
        if threats.peek().is_none() {
            continue;
        }
        let mut links = Markup::new();
        for (number, threat) in threats {
            links.link("threat", number, &cut(&threat.id, 40)).ours(" ");
        }
        page.entry(threat_standing(standing), &links);
    }
    page.ours("</dl>\n");
}

fn title(threat: &ThreatSummary) -> Markup {
    let mut page = Markup::named(&cut(&threat.id, 40));
    page.ours("<br/>").isolated(&cut(&threat.title, 300));
    if !threat.stages.is_empty() {
        page.ours("<br/><span class=\"small\">");
        page.text(&cut(&threat.stages.join(", "), 200))
            .ours("</span>");
    }
    page
}

fn limit(threat: &ThreatSummary) -> Markup {
    let mut page = Markup::new();
    page.sentences(&threat.limit, 600);
    if !threat.mappings.is_empty() {
        page.ours("<details><summary>related provisions</summary>\n");
        page.list(threat.mappings.iter().take(MOST_CONTROLS).map(|mapping| {
            let mut item = Markup::new();
            item.isolated(&cut(&mapping.framework, 100)).ours(" ");
            item.code(&cut(&mapping.reference, 80)).ours(" ");
            item.isolated(&cut(&mapping.title, 200));
            item.ours(" <span class=\"small\">(")
                .text(&cut(&mapping.relation, 60))
                .ours(")</span>");
            item
        }));
        page.more(
            threat.mappings.len().saturating_sub(MOST_CONTROLS),
            "provision",
        );
        page.ours("</details>\n");
    }
    page
}

pub(super) fn standards(report: &Report) -> Markup {
    let mut page = Markup::new();
    if report.standards.is_empty() {
        return page;
    }
    page.ours(
        "<p>What this run is evidence for. Whether a provision is fulfilled is for a person ",
    );
    page.ours("to judge.</p>\n");
    let places = places(report);
    for known in &report.standards {
        standard(&mut page, known, &places);
    }
    page
}

fn standard(page: &mut Markup, standard: &StandardSummary, places: &HashMap<&str, usize>) {
    const TITLES: [&str; 6] = [
        "provision",
        "this run",
        "shown by",
        "assertion",
        "controls",
        "limit",
    ];
    page.ours("<h3><bdi>")
        .text(&cut(&standard.name, 200))
        .ours("</bdi> ");
    page.text(&cut(&standard.version, 60))
        .ours(" <span class=\"small\">(");
    page.text(&cut(&standard.owner, 100))
        .ours(")</span></h3>\n");
    page.open_table("Provisions that the policy names", &TITLES);
    for requirement in standard.requirements.iter().take(MOST) {
        let mut title = Markup::named(&cut(&requirement.id, 80));
        title.ours("<br/>").isolated(&cut(&requirement.title, 300));
        let (class, mark) = match requirement.standing {
            RequirementStanding::Supported => ("good", "✓"),
            RequirementStanding::Contradicted => ("bad", "✗"),
            RequirementStanding::Undecided => ("doubt", "?"),
            RequirementStanding::Waived => ("waived", "≈"),
            RequirementStanding::NoEvidence => ("none", "–"),
        };
        let mut known = outcome(class, mark, requirement_standing(requirement.standing));
        known.ours("<br/>").sentences(&requirement.reason, 400);
        let mut assertion = Markup::new();
        assertion.sentences(&requirement.assertion, 600);
        let mut limit = Markup::new();
        limit.sentences(&requirement.limit, 600);
        let cells = [
            title,
            known,
            Markup::of(requirement_class(requirement.class)),
            assertion,
            controls(&requirement.controls, places),
            limit,
        ];
        page.row(None, &TITLES, &cells);
    }
    page.close_table();
    page.more(
        standard.requirements.len().saturating_sub(MOST),
        "provision",
    );
}
