//! The list of threats as lines, as rows and for tools.

use std::fmt::Write as _;

use bonafide_core::{RawName, Reach};
use bonafide_threats::{CATEGORIES_NOTE, DISCLAIMER, catalogue};
use serde_json::{Value, json};

use super::selection::{Selection, checks_of, rules_of, shown};

/// One line for each threat; with frameworks, what it maps to there.
pub(super) fn text(selection: &Selection<'_>) -> String {
    let mut text = String::new();
    for threat in selection.threats() {
        let severity = threat.severity.to_string();
        let reach = reach(threat.reach);
        let _ = writeln!(
            text,
            "{}  {severity:<8}  {reach:<12}  {}",
            threat.id, threat.title
        );
        if !selection.is_about_frameworks() {
            continue;
        }
        for row in selection.mappings(threat) {
            let reference = RawName::from(row.reference.as_str()).to_string();
            let gap = if reference.is_empty() { "" } else { " " };
            let _ = writeln!(
                text,
                "        {}: {reference}{gap}{} ({})",
                shown(&row),
                RawName::from(row.title.as_str()),
                row.relation
            );
        }
    }
    text
}

/// In the words of the matrix.
pub(super) const fn reach(reach: Reach) -> &'static str {
    match reach {
        Reach::Checked => "checked",
        Reach::Attested => "attested",
        Reach::OutOfReach => "out of reach",
    }
}

/// One row of CSV for each mapping.
pub(super) fn rows(selection: &Selection<'_>) -> String {
    let mut text =
        String::from("threat,framework,version,reference,title,relation,source,verification\n");
    for threat in selection.threats() {
        for row in selection.mappings(threat) {
            let fields = [
                &*row.threat,
                &*row.framework,
                &*row.version,
                &*row.reference,
                &*row.title,
                row.relation.name(),
                &*row.source,
                row.verification.name(),
            ];
            let quoted: Vec<String> = fields.into_iter().map(field).collect();
            text.push_str(&quoted.join(","));
            text.push('\n');
        }
    }
    text
}

/// A field as RFC 4180 quotes it.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Everything, for tools.
pub(super) fn document(selection: &Selection<'_>) -> Value {
    let threats: Vec<Value> = selection
        .threats()
        .iter()
        .map(|threat| {
            let checks: Vec<&str> = checks_of(threat).map(|check| check.slug).collect();
            let rules: Vec<&str> = rules_of(threat).map(|rule| rule.slug).collect();
            let mut record = json!(threat);
            if let Some(fields) = record.as_object_mut() {
                fields.insert("checks".to_owned(), json!(checks));
                fields.insert("rules".to_owned(), json!(rules));
                fields.insert("mappings".to_owned(), json!(selection.mappings(threat)));
            }
            record
        })
        .collect();
    let added: Vec<Value> = selection
        .added()
        .iter()
        .map(|file| json!({ "framework": file.framework, "version": file.version, "origin": file.origin }))
        .collect();
    json!({
        "schema-version": 1,
        "disclaimer": DISCLAIMER,
        "threats": threats,
        "categories": selection.categories(),
        "categories-note": CATEGORIES_NOTE,
        "frameworks": catalogue().frameworks,
        "added-mappings": added,
    })
}
