//! OSCAL assessment results 1.1.3.
//!
//! One result for the run: an observation for each control that was carried out or should have
//! been, a finding for each provision, a risk for what was found or waived. OSCAL knows two states
//! of an objective only; `satisfied` is said where every control that speaks to it was carried
//! out and found nothing and no person has to read anything, and a remark says what that is worth.

use std::collections::BTreeMap;

use bonafide_core::{CheckResult, Digest, Report, RequirementClass, RequirementStanding};
use serde_json::{Value, json};

use crate::RenderError;
use crate::entry::{Entry, bounded, bounded_or, entries};
use crate::location::{path_reference, target_name};
use crate::requirement::{Requirement, applicable, class_words, standards, standing_words};
use crate::uuid::Uuid;

/// Most things that a risk or an observation of a control names.
const MOST_ENTRIES: usize = 200;

/// Namespace of the properties that are ours.
const NAMESPACE: &str = crate::vsa::VERIFIER_ID;

pub(crate) fn render(report: &Report) -> Result<String, RenderError> {
    let mut text = serde_json::to_string_pretty(&document(report)?)?;
    text.push('\n');
    Ok(text)
}

/// Names of the parts: the same run gives the same ones.
struct Names {
    document: Uuid,
}

impl Names {
    fn of(&self, kind: &str, name: &str) -> String {
        self.document.part(kind, name).to_string()
    }
}

/// What the controls became, by the place of the control in the report.
#[derive(Default)]
struct Parts<'report> {
    observations: Vec<Value>,
    risks: Vec<Value>,
    observation_of: BTreeMap<&'report str, String>,
    risks_of: BTreeMap<&'report str, Vec<String>>,
}

fn document(report: &Report) -> Result<Value, RenderError> {
    let names = Names {
        document: Uuid::of_report(report)?.part("oscal", "assessment-results"),
    };
    let artifact = names.of("inventory-item", "artifact");
    let policy = names.of("resource", "policy");
    let mut parts = Parts::default();
    for (place, check) in report.checks.iter().enumerate() {
        if check.outcome == "not-applicable" {
            continue;
        }
        // With its place, since names need not be unique.
        let name = format!("{place} {}", check.control);
        add_control(report, check, &name, &artifact, &names, &mut parts);
    }
    let mut control_ids = Vec::new();
    let mut findings = Vec::new();
    for standard in standards(report) {
        for requirement in &standard.requirements {
            let id = token(&format!("{}_{}", standard.id, requirement.id));
            if applicable(&requirement.controls).next().is_some() {
                findings.push(finding(requirement, &id, findings.len(), &names, &parts));
            }
            let entry = json!({"control-id": id});
            if !control_ids.contains(&entry) {
                control_ids.push(entry);
            }
        }
    }
    let selection = if control_ids.is_empty() {
        json!({"description": "The report holds no control."})
    } else {
        json!({"include-controls": control_ids})
    };
    let mut result = json!({
        "uuid": names.of("result", "run"),
        "title": format!("Verification of {}", bounded(&target_name(report), 300)),
        "description": format!(
            "Verdict {} in mode {}: {}. The controls are evidence for provisions, not a statement of conformity.",
            report.verdict, report.mode, bounded(&report.reasons.join("; "), 2000)
        ),
        "start": report.evaluated_at,
        "props": properties(report),
        "local-definitions": {"inventory-items": [inventory_item(report, &artifact)]},
        "reviewed-controls": {"control-selections": [selection]},
    });
    let lists = [
        ("observations", parts.observations),
        ("risks", parts.risks),
        ("findings", findings),
    ];
    // OSCAL has no empty lists.
    for (name, list) in lists {
        if let (false, Some(result)) = (list.is_empty(), result.as_object_mut()) {
            result.insert(name.to_owned(), list.into());
        }
    }
    Ok(json!({"assessment-results": {
        "uuid": names.of("document", "results"),
        "metadata": {
            "title": format!("Verification of {} by {}", bounded(&target_name(report), 300), report.tool.name),
            "last-modified": report.evaluated_at,
            "version": report.tool.version,
            "oscal-version": "1.1.3",
        },
        "import-ap": {
            "href": format!("#{policy}"),
            "remarks": "The policy stands for the assessment plan.",
        },
        "results": [result],
        "back-matter": {"resources": resources(report, &policy, &names)},
    }}))
}

fn property(name: &str, value: impl Into<String>) -> Value {
    let value = value.into();
    // Values are not empty and do not begin or end with white space (OSCAL's string type).
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    json!({"name": name, "ns": NAMESPACE, "value": bounded_or(&value, 1000, "none")})
}

fn properties(report: &Report) -> Vec<Value> {
    let mut properties = vec![
        property("verdict", report.verdict.to_string()),
        property("mode", report.mode.to_string()),
        property(
            "tool",
            format!("{} {}", report.tool.name, report.tool.version),
        ),
        property(
            "policy",
            format!("{} {}", report.policy.name, report.policy.version),
        ),
        property("policy-digest", report.policy.digest.to_string()),
    ];
    if let Some(digest) = report.tool.digest {
        properties.push(property("tool-digest", digest.to_string()));
    }
    for warning in &report.warnings {
        properties.push(property("warning", warning.as_str()));
    }
    properties
}

fn inventory_item(report: &Report, uuid: &str) -> Value {
    let mut properties = vec![property("kind", report.artifact.kind)];
    if let Some(purl) = &report.artifact.purl {
        properties.push(property("purl", purl.as_str()));
    }
    if let Some(root) = report.artifact.root {
        properties.push(property("oms-root", root.to_string()));
    }
    json!({
        "uuid": uuid,
        "description": format!("The artifact: {}", bounded(&target_name(report), 1000)),
        "props": properties,
    })
}

/// The policy and the trust material, with their digests.
fn resources(report: &Report, policy: &str, names: &Names) -> Vec<Value> {
    let href = match &report.policy.source {
        Some(source) => path_reference(source),
        None => format!("{NAMESPACE}@{}", report.tool.version),
    };
    let mut resources = vec![json!({
        "uuid": policy,
        "title": format!("Policy {} {}", report.policy.name, report.policy.version),
        "rlinks": [{"href": href, "hashes": hashes(&report.policy.digest)}],
    })];
    for (place, material) in report.policy.material.iter().enumerate() {
        resources.push(json!({
            "uuid": names.of("material", &place.to_string()),
            "title": format!("Trust material ({}): {}", material.kind, bounded(&material.source.to_string(), 300)),
            "rlinks": [{"href": path_reference(&material.source), "hashes": hashes(&material.digest)}],
        }));
    }
    resources
}

fn hashes(digest: &Digest) -> Value {
    let algorithm = digest.algorithm().name().to_ascii_uppercase();
    let algorithm = algorithm
        .replace("SHA256", "SHA-256")
        .replace("SHA384", "SHA-384")
        .replace("SHA512", "SHA-512");
    json!([{"algorithm": algorithm, "value": digest.hex()}])
}

/// A token (OSCAL's type): begins with a letter or `_`, then letters, digits, `.`, `-`, `_`.
fn token(name: &str) -> String {
    let shown = name.chars().take(200).map(|character| {
        if character.is_ascii_alphanumeric() || ".-_".contains(character) {
            character
        } else {
            '_'
        }
    });
    let token: String = shown.collect();
    if token.starts_with(|character: char| character.is_ascii_alphabetic() || character == '_') {
        token
    } else {
        format!("_{token}")
    }
}

/// What a control did, and the risks of what it found.
fn add_control<'report>(
    report: &'report Report,
    check: &'report CheckResult,
    name: &str,
    artifact: &str,
    names: &Names,
    parts: &mut Parts<'report>,
) {
    let said = match check.outcome {
        "pass" if check.waived.is_empty() => "Carried out; nothing was found.".to_owned(),
        "pass" => "Carried out; what was found is waived.".to_owned(),
        "fail" => format!("Carried out; findings: {}.", check.findings.len()),
        _ => format!(
            "Could not be carried out, which is not a pass: {}",
            check.reason.as_deref().unwrap_or("no reason is given")
        ),
    };
    let observation = names.of("observation", name);
    let mut entry = json!({
        "uuid": observation,
        "title": bounded_or(&check.title, 500, &check.control),
        "description": said,
        "props": [
            property("control", check.control.as_str()),
            property("check", check.check.as_ref()),
            property("outcome", check.outcome),
            property("severity", check.severity.to_string()),
        ],
        "methods": ["TEST"],
        "types": ["control-objective"],
        "subjects": [{"subject-uuid": artifact, "type": "inventory-item"}],
        "collected": report.evaluated_at,
    });
    let found = entries(check);
    let evidence: Vec<Value> = found.iter().take(MOST_ENTRIES).map(relevant).collect();
    if let (false, Some(entry)) = (evidence.is_empty(), entry.as_object_mut()) {
        entry.insert("relevant-evidence".to_owned(), evidence.into());
    }
    if !check.cannot_prove.trim().is_empty()
        && let Some(entry) = entry.as_object_mut()
    {
        let remarks = format!("Not shown even by a pass: {}", check.cannot_prove);
        entry.insert("remarks".to_owned(), remarks.into());
    }
    parts.observations.push(entry);
    parts
        .observation_of
        .insert(&check.control, observation.clone());
    let risks = parts.risks_of.entry(&check.control).or_default();
    for (place, entry) in found.iter().take(MOST_ENTRIES).enumerate() {
        let uuid = names.of("risk", &format!("{name} {place}"));
        parts
            .risks
            .push(risk(report, check, entry, &uuid, &observation, names));
        risks.push(uuid);
    }
    let more = found.len().saturating_sub(MOST_ENTRIES);
    if more > 0 {
        let uuid = names.of("risk", &format!("{name} more"));
        let text = format!("{more} more things are in the JSON form of this report");
        parts.risks.push(json!({
            "uuid": uuid,
            "title": format!("{}: {more} more", bounded(&check.title, 500)),
            "description": text,
            "statement": bounded_or(&check.rationale, 2000, &check.title),
            "status": "open",
            "related-observations": [{"observation-uuid": observation}],
        }));
        risks.push(uuid);
    }
}

fn relevant(entry: &Entry<'_>) -> Value {
    let subject = bounded(&entry.subject.to_string(), 1000);
    json!({"description": format!("{subject}: {}", entry.messages(5))})
}

/// A risk: what was found about one thing, open or answered for.
fn risk(
    report: &Report,
    check: &CheckResult,
    entry: &Entry<'_>,
    uuid: &str,
    observation: &str,
    names: &Names,
) -> Value {
    let subject = bounded(&entry.subject.to_string(), 1000);
    let rationale = entry.rule.map_or(&*check.rationale, |rule| rule.rationale);
    let remedy = entry
        .rule
        .map_or(&*check.remediation, |rule| rule.remediation);
    let mut risk = json!({
        "uuid": uuid,
        "title": format!("{}: {subject}", bounded(&check.title, 500)),
        "description": format!("{subject}: {}", entry.messages(5)),
        "statement": bounded_or(rationale, 2000, &check.title),
        "status": if entry.waiver.is_some() { "deviation-approved" } else { "open" },
        "props": [
            property("severity", entry.severity(check).to_string()),
            property("weight", format!("{:?}", check.level).to_lowercase()),
        ],
        "related-observations": [{"observation-uuid": observation}],
    });
    let Some(object) = risk.as_object_mut() else {
        return risk;
    };
    if !remedy.trim().is_empty() {
        let remediation = json!({
            "uuid": names.of("remediation", uuid),
            "lifecycle": "recommendation",
            "title": "How to fix it",
            "description": bounded(remedy, 2000),
        });
        object.insert("remediations".to_owned(), json!([remediation]));
    }
    if let Some(waiver) = entry
        .waiver
        .and_then(|id| report.waivers.iter().find(|waiver| waiver.id == id))
    {
        object.insert(
            "deadline".to_owned(),
            format!("{}T23:59:59Z", waiver.until).into(),
        );
        let text = format!(
            "Waiver {}: {} (owner {}, approved by {}, until {})",
            waiver.id, waiver.reason, waiver.owner, waiver.approved_by, waiver.until
        );
        object.insert(
            "mitigating-factors".to_owned(),
            json!([{"uuid": names.of("waiver", uuid), "description": bounded(&text, 2000)}]),
        );
    }
    risk
}

/// What the run is for a provision.
fn finding(
    requirement: &Requirement<'_>,
    id: &str,
    place: usize,
    names: &Names,
    parts: &Parts<'_>,
) -> Value {
    let automated = requirement.class == RequirementClass::Automated;
    let (state, reason) = match requirement.standing {
        RequirementStanding::Supported if automated => ("satisfied", "pass"),
        RequirementStanding::Contradicted => ("not-satisfied", "fail"),
        _ => ("not-satisfied", "other"),
    };
    let remarks = format!(
        "{}: {}. The provision is {}. Not shown even by a pass: {}",
        standing_words(requirement.standing),
        bounded(&requirement.reason, 1000),
        class_words(requirement.class),
        bounded_or(requirement.limit, 2000, "that it is fulfilled")
    );
    let mut finding = json!({
        "uuid": names.of("finding", &place.to_string()),
        "title": bounded_or(requirement.title, 500, requirement.id),
        "description": bounded_or(requirement.assertion, 2000, requirement.id),
        "target": {
            "type": "objective-id",
            "target-id": id,
            "status": {"state": state, "reason": reason, "remarks": remarks},
        },
    });
    let controls = || applicable(&requirement.controls).map(|check| check.control.as_str());
    let observations: Vec<Value> = controls()
        .filter_map(|control| parts.observation_of.get(control))
        .map(|uuid| json!({"observation-uuid": uuid}))
        .collect();
    let risks: Vec<Value> = controls()
        .filter_map(|control| parts.risks_of.get(control))
        .flatten()
        .map(|uuid| json!({"risk-uuid": uuid}))
        .collect();
    for (name, list) in [
        ("related-observations", observations),
        ("related-risks", risks),
    ] {
        if let (false, Some(finding)) = (list.is_empty(), finding.as_object_mut()) {
            finding.insert(name.to_owned(), list.into());
        }
    }
    finding
}
