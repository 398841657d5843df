//! What holds of every inspection, whatever was inspected.

use std::collections::HashMap;

use bonafide_core::RawName;
use bonafide_format::{
    Body, Coverage, Defect, Facts, FileInspection, InspectionBudget, State, rule,
};

/// Most characters of one text: a sentence with some excerpts in it.
const MOST: usize = 1_000;

/// Most characters of the name of one body, and what joins it to the next.
const MOST_OF_NAME: usize = 302;

/// Most entries of a list of facts.
const MOST_FACTS: usize = 10_000;

/// Panics for an inspection that breaks a promise.
pub(super) fn inspection(inspection: &FileInspection, budget: &InspectionBudget) {
    let first = inspection.bodies.first().map(|body| body.size);
    assert_eq!(first, Some(inspection.size), "the first body is the file");
    assert!(inspection.bodies.len() <= budget.bodies);
    let mut sizes: HashMap<&str, u64> = HashMap::new();
    for one in &inspection.bodies {
        body(one, budget);
        let size = sizes.entry(&one.path).or_default();
        *size = one.size.max(*size);
    }
    for one in &inspection.defects {
        let size = sizes.get(one.body.as_str());
        let size = size.unwrap_or_else(|| panic!("a finding in no body: {one:?}"));
        defect(one);
        let range = one.range.clone().unwrap_or_default();
        assert!(
            range.start <= range.end && range.end <= *size,
            "{one:?} of {size}"
        );
    }
    for (slug, count) in &inspection.omitted {
        assert!(rule(slug).is_some() && *count > 0, "{slug}: {count}");
    }
    facts(&inspection.facts);
    let is_read = |body: &Body| body.coverage() <= Coverage::Identified;
    assert_eq!(
        inspection.coverage() <= Coverage::Identified,
        inspection.bodies.iter().all(is_read),
        "what was not read is covered up"
    );
    serde_json::to_string(inspection).unwrap();
}

/// Spans in order, without overlap or gap, up to the size.
fn body(body: &Body, budget: &InspectionBudget) {
    is_fit(&body.path, (budget.depth + 2) * MOST_OF_NAME);
    let mut reached = 0;
    for span in &body.spans {
        assert_eq!(span.range.start, reached, "{body:?}");
        assert!(span.range.end > reached, "{body:?}");
        reached = span.range.end;
        match &span.state {
            State::Scanned | State::Data | State::Identified => {}
            State::Unsupported(reason) | State::Skipped(reason) => {
                is_fit(reason, MOST);
                assert!(!reason.is_empty(), "no reason: {body:?}");
            }
        }
    }
    assert_eq!(reached, body.size, "{body:?}");
}

/// A finding that can be printed, of a rule that is documented.
pub(super) fn defect(defect: &Defect) {
    assert_eq!(rule(defect.rule.slug), Some(defect.rule));
    is_fit(&defect.message, MOST);
    assert!(!defect.message.is_empty(), "{defect:?}");
    is_fit(defect.about.as_deref().unwrap_or_default(), MOST);
}

fn facts(facts: &Facts) {
    let counts = [
        facts.architectures.len(),
        facts.producers.len(),
        facts.licences.len(),
        facts.dtypes.len(),
        facts.operators.len(),
        facts.globals.len(),
        facts.references.len(),
        facts.dependencies.len(),
        facts.templates.len(),
        facts.metadata.len(),
    ];
    assert!(
        counts.iter().all(|count| *count <= MOST_FACTS),
        "{counts:?}"
    );
    let names = facts
        .architectures
        .iter()
        .chain(&facts.producers)
        .chain(&facts.licences)
        .chain(facts.dtypes.keys())
        .chain(facts.operators.keys())
        .chain(facts.globals.iter().map(|global| &global.name))
        .chain(facts.references.iter().map(|reference| &reference.target))
        .chain(facts.templates.keys())
        .chain(facts.metadata.iter().flat_map(|(key, value)| [key, value]));
    for name in names {
        is_fit(name, MOST);
    }
    for dependency in &facts.dependencies {
        is_fit(&dependency.name, MOST);
        is_fit(&dependency.requirement, MOST);
        is_fit(dependency.version.as_deref().unwrap_or_default(), MOST);
    }
}

/// Panics for a text that nobody should print: with characters that a name would be
/// escaped for, or with too many of them.
pub(super) fn is_fit(text: &str, most: usize) {
    let unfit = text.chars().find(|character| {
        let harmless = matches!(character, ' '..='~');
        !harmless && RawName::from(&*character.to_string()).to_string() != character.to_string()
    });
    assert!(unfit.is_none(), "text with {unfit:?}: {text:?}");
    let length = text.chars().count();
    assert!(length <= most, "text of {length} characters: {text:?}");
}
