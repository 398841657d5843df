//! Jupyter notebooks (nbformat 4): programs in cells, which nobody runs by loading a model.

use bonafide_core::{Severity, ThreatId};

use crate::json::{Document, Node};
use crate::python;
use crate::rule::{Confidence, Hazard, Rule};
use crate::visit::Visit;

pub(crate) const RULES: &[&Rule] = &[&NOTEBOOK];

const NOTEBOOK: Rule = Rule {
    slug: "notebook-program",
    title: "Notebook that does more than compute",
    hazard: Hazard::CodeInRepository,
    severity: Severity::Low,
    confidence: Confidence::Certain,
    rationale: "Its cells start programs, install packages or use the network when somebody runs them.",
    remediation: "Read the cells before running them.",
    threats: &[ThreatId("ART-02")],
    cwe: &[829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

pub(crate) fn analyse(visit: &mut Visit<'_>, document: &Document<'_>) {
    let root = &document.root;
    let Some(cells) = root.get("cells").filter(|_| root.get("nbformat").is_some()) else {
        return;
    };
    let mut programs = Vec::new();
    for cell in cells.elements() {
        if cell.get("cell_type").and_then(Node::text) != Some("code") {
            continue;
        }
        let Some(source) = cell.get("source") else {
            continue;
        };
        let mut text = source.text().unwrap_or_default().to_owned();
        for line in source.elements() {
            text.push_str(line.text().unwrap_or_default());
        }
        programs.push((text, source.range.clone()));
    }
    let effects = python::examine_cells(visit, &programs);
    let count = programs.len().to_string();
    visit.facts().add_metadata("code cells", &count);
    if !effects.is_empty() {
        let effects: Vec<&str> = effects.into_iter().collect();
        let message = format!("cells of the notebook {}", effects.join(", "));
        visit.report(&NOTEBOOK, Some(cells.range.clone()), message);
    }
}
