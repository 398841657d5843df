//! CycloneDX attestations (`declarations` with `definitions.standards`), 1.6 and 1.7.
//!
//! What is declared is what the controls of the run are evidence for, never that a provision is
//! fulfilled: the scores are shares of controls, and say so. Nobody affirms the document; whoever
//! answers for it signs it.

use std::collections::{BTreeMap, BTreeSet};

use bonafide_core::{CheckResult, Digest, Finding, Report};
use serde_json::{Map, Value, json};

use crate::RenderError;
use crate::entry::{bounded, bounded_or};
use crate::location::{base_name, target_name};
use crate::requirement::{Requirement, Standard, class_words, count, standards, standing_words};
use crate::uuid::Uuid;

/// Most findings in a piece of evidence.
const MOST_FINDINGS: usize = 200;

/// A version of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Specification {
    V1_6,
    V1_7,
}

impl Specification {
    const fn version(self) -> &'static str {
        match self {
            Self::V1_6 => "1.6",
            Self::V1_7 => "1.7",
        }
    }
}

pub(crate) fn render(report: &Report, specification: Specification) -> Result<String, RenderError> {
    let mut text = serde_json::to_string_pretty(&document(report, specification)?)?;
    text.push('\n');
    Ok(text)
}

/// Names of parts of the document, each given once.
#[derive(Default)]
struct References(BTreeSet<String>);

impl References {
    fn take(&mut self, kind: &str, name: &str) -> String {
        let plain = format!("{kind}:{}", bounded(name, 300));
        let mut reference = plain.clone();
        let mut number = 2_usize;
        while !self.0.insert(reference.clone()) {
            reference = format!("{plain}#{number}");
            number += 1;
        }
        reference
    }
}

/// What the controls became.
#[derive(Default)]
struct Declared<'report> {
    /// Claim of each control that applies, by its name.
    claims: BTreeMap<&'report str, String>,
    /// Evidence of each waiver, by its id.
    waivers: BTreeMap<&'report str, String>,
}

fn document(report: &Report, specification: Specification) -> Result<Value, RenderError> {
    let mut references = References::default();
    let target = references.take("target", &target_name(report));
    let tool = references.take("tool", report.tool.name);
    let assessor = references.take("assessor", report.tool.name);
    let mut declared = Declared::default();
    let mut evidence = Vec::new();
    for waiver in &report.waivers {
        let reference = references.take("evidence:waiver", &waiver.id);
        let mut entry = piece(
            report,
            &reference,
            "bonafide:waiver",
            &format!("{}: {}", waiver.id, waiver.reason),
        );
        // The last day as a whole.
        set(
            &mut entry,
            "expires",
            json!(format!("{}T23:59:59Z", waiver.until)),
        );
        set(
            &mut entry,
            "data",
            json!([attached(&waiver.id, &serde_json::to_value(waiver)?)?]),
        );
        evidence.push(entry);
        declared.waivers.insert(&waiver.id, reference);
    }
    let mut claims = Vec::new();
    for check in report
        .checks
        .iter()
        .filter(|check| check.outcome != "not-applicable")
    {
        let proof = references.take("evidence", &check.control);
        evidence.push(evidence_of(report, check, &proof)?);
        let reference = references.take("claim", &check.control);
        claims.push(claim(check, &reference, &target, &proof, &declared));
        declared.claims.insert(&check.control, reference);
    }
    let mut definitions = Vec::new();
    let mut attestations = Vec::new();
    for standard in standards(report) {
        let (definition, attestation) = declare(&standard, &assessor, &declared, &mut references);
        definitions.push(definition);
        attestations.push(attestation);
    }
    let component = target_component(report, &target, &mut references);
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": specification.version(),
        "serialNumber": format!("urn:uuid:{}", Uuid::of_report(report)?.part("cyclonedx", specification.version())),
        "version": 1,
        "metadata": {
            "timestamp": report.evaluated_at,
            "tools": {"components": [tool_component(report, &tool)]},
            "properties": properties(report),
        },
        "definitions": {"standards": definitions},
        "declarations": {
            "assessors": [{
                "bom-ref": assessor,
                "thirdParty": false,
                "organization": {"name": format!("{} {} (a tool)", report.tool.name, report.tool.version)},
            }],
            "targets": {"components": [component]},
            "claims": claims,
            "evidence": evidence,
            "attestations": attestations,
        },
    }))
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}

fn property(name: &str, value: impl Into<String>) -> Value {
    json!({"name": format!("bonafide:{name}"), "value": value.into()})
}

/// What the verdict rests on.
fn properties(report: &Report) -> Vec<Value> {
    let mut properties = vec![
        property("verdict", report.verdict.to_string()),
        property("mode", report.mode.to_string()),
        property("evaluated-at", report.evaluated_at.to_string()),
        property(
            "policy",
            format!("{} {}", report.policy.name, report.policy.version),
        ),
        property("policy-digest", report.policy.digest.to_string()),
    ];
    if let Some(digest) = report.tool.digest {
        properties.push(property("tool-digest", digest.to_string()));
    }
    for material in &report.policy.material {
        let text = format!("{} {} {}", material.kind, material.digest, material.source);
        properties.push(property("trust-material", text));
    }
    for warning in &report.warnings {
        properties.push(property("warning", bounded(warning, 1000)));
    }
    properties
}

fn hashes(digest: &Digest) -> Option<Value> {
    let algorithm = match digest.algorithm().name() {
        "sha256" => "SHA-256",
        "sha384" => "SHA-384",
        "sha512" => "SHA-512",
        "sha3-256" => "SHA3-256",
        "sha3-384" => "SHA3-384",
        "sha3-512" => "SHA3-512",
        "blake2b-256" => "BLAKE2b-256",
        "blake2b-384" => "BLAKE2b-384",
        "blake2b-512" => "BLAKE2b-512",
        "blake3" => "BLAKE3",
        _ => return None,
    };
    Some(json!([{"alg": algorithm, "content": digest.hex()}]))
}

fn tool_component(report: &Report, reference: &str) -> Value {
    let mut tool = json!({
        "type": "application",
        "bom-ref": reference,
        "name": report.tool.name,
        "version": report.tool.version,
    });
    if let Some(hashes) = report.tool.digest.as_ref().and_then(hashes) {
        set(&mut tool, "hashes", hashes);
    }
    tool
}

/// The artifact, with the digest of each file where the run has them. An OMS root is no hash of
/// bytes, so it is a property.
fn target_component(report: &Report, reference: &str, references: &mut References) -> Value {
    let mut component = json!({
        "type": "file",
        "bom-ref": reference,
        "name": base_name(&report.artifact.target).map_or_else(|| "artifact".to_owned(), |name| name.to_string()),
    });
    if let Some(purl) = &report.artifact.purl {
        set(&mut component, "purl", json!(purl));
    }
    let mut properties = vec![property("kind", report.artifact.kind)];
    if let Some(root) = report.artifact.root {
        properties.push(property("oms-root", root.to_string()));
    }
    set(&mut component, "properties", json!(properties));
    let files = report.artifact.digests.iter().map(|file| {
        let name = file.name.to_string();
        let mut part =
            json!({"type": "file", "bom-ref": references.take("file", &name), "name": name});
        if let Some(hashes) = hashes(&file.digest) {
            set(&mut part, "hashes", hashes);
        }
        part
    });
    let files: Vec<Value> = files.collect();
    if !files.is_empty() {
        set(&mut component, "components", json!(files));
    }
    component
}

fn piece(report: &Report, reference: &str, name: &str, description: &str) -> Value {
    json!({
        "bom-ref": reference,
        "propertyName": name,
        "description": bounded_or(description, 2000, name),
        "created": report.evaluated_at,
        "author": {"name": format!("{} {}", report.tool.name, report.tool.version)},
    })
}

/// Data of a piece of evidence: JSON as text.
fn attached(name: &str, content: &Value) -> Result<Value, serde_json::Error> {
    Ok(json!({
        "name": bounded_or(name, 300, "data"),
        "contents": {"attachment": {
            "contentType": "application/json",
            "content": serde_json::to_string(content)?,
        }},
    }))
}

/// What a control did and found.
fn evidence_of(
    report: &Report,
    check: &CheckResult,
    reference: &str,
) -> Result<Value, serde_json::Error> {
    let found = check.findings.len();
    let description = match check.outcome {
        "pass" if check.waived.is_empty() => format!("{}: carried out, nothing found", check.title),
        "pass" => format!(
            "{}: carried out, {} waived",
            check.title,
            plural(check.waived.len())
        ),
        "fail" => format!("{}: carried out, {}", check.title, plural(found)),
        _ => {
            let reason = check.reason.as_deref().unwrap_or("no reason is given");
            format!("{}: could not be carried out: {reason}", check.title)
        }
    };
    let mut entry = piece(
        report,
        reference,
        &format!("bonafide:control:{}", bounded(&check.control, 300)),
        &description,
    );
    let listed: Vec<&Finding> = check.findings.iter().take(MOST_FINDINGS).collect();
    let waived: Vec<_> = check.waived.iter().take(MOST_FINDINGS).collect();
    let content = json!({
        "check": check.check,
        "control": check.control,
        "level": serde_json::to_value(check.level)?,
        "outcome": check.outcome,
        "reason": check.reason,
        "findings": serde_json::to_value(&listed)?,
        "findings-omitted": found.saturating_sub(listed.len()),
        "waived": serde_json::to_value(&waived)?,
        "waived-omitted": check.waived.len().saturating_sub(waived.len()),
        "artifact-root": report.artifact.root,
    });
    set(
        &mut entry,
        "data",
        json!([attached(&check.control, &content)?]),
    );
    Ok(entry)
}

fn plural(count: usize) -> String {
    format!("{count} finding{}", if count == 1 { "" } else { "s" })
}

/// What a control claims: that what it demands holds. Findings speak against it; what could not be
/// carried out speaks for nothing.
fn claim(
    check: &CheckResult,
    reference: &str,
    target: &str,
    proof: &str,
    declared: &Declared<'_>,
) -> Value {
    let mut reasoning = match check.outcome {
        "pass" if check.waived.is_empty() => {
            "The control was carried out and found nothing.".to_owned()
        }
        "pass" => "The control was carried out; what it found is waived.".to_owned(),
        "fail" => "The control was carried out and found something.".to_owned(),
        _ => "The control could not be carried out, so nothing speaks for this.".to_owned(),
    };
    if !check.cannot_prove.trim().is_empty() {
        reasoning.push_str(&format!(
            " Not shown even by a pass: {}",
            bounded(&check.cannot_prove, 2000)
        ));
    }
    let mut claim = json!({
        "bom-ref": reference,
        "target": target,
        "predicate": bounded_or(&check.demands, 2000, &check.title),
        "reasoning": reasoning,
    });
    match check.outcome {
        "pass" if check.waived.is_empty() => set(&mut claim, "evidence", json!([proof])),
        "pass" | "fail" => set(&mut claim, "counterEvidence", json!([proof])),
        _ => {}
    }
    let waivers = waivers_of(&[check], declared);
    if !waivers.is_empty() {
        set(&mut claim, "mitigationStrategies", json!(waivers));
    }
    claim
}

/// Evidence of the waivers that controls rest on.
fn waivers_of(controls: &[&CheckResult], declared: &Declared<'_>) -> Vec<String> {
    let waived = controls.iter().flat_map(|check| &check.waived);
    let references = waived.filter_map(|waived| declared.waivers.get(waived.waiver.as_str()));
    let references: BTreeSet<&String> = references.collect();
    references.into_iter().cloned().collect()
}

/// A standard, and what the run is evidence for of it.
fn declare(
    standard: &Standard<'_>,
    assessor: &str,
    declared: &Declared<'_>,
    references: &mut References,
) -> (Value, Value) {
    let mut requirements = Vec::new();
    let mut map = Vec::new();
    for requirement in &standard.requirements {
        let reference = references.take(
            &format!("requirement:{}", bounded(standard.id, 100)),
            requirement.id,
        );
        let mut text = requirement.assertion.to_owned();
        if !requirement.limit.trim().is_empty() {
            text.push_str(&format!(
                "\nNot shown even by a pass: {}",
                requirement.limit
            ));
        }
        requirements.push(json!({
            "bom-ref": reference,
            "identifier": requirement.id,
            "title": requirement.title,
            "text": text,
            "properties": [property("shown-how", class_words(requirement.class))],
        }));
        map.push(mapping(requirement, &reference, declared));
    }
    let definition = json!({
        "bom-ref": references.take("standard", standard.id),
        "name": standard.name,
        "version": standard.version,
        "description": "Only provisions that the policy of the run names, in the words of the policy.",
        "owner": standard.owner,
        "requirements": requirements,
    });
    let attestation = json!({
        "summary": format!(
            "What the controls of one run are evidence for in {} {}. Not a statement of conformity: \
             scores are shares of controls.",
            standard.name, standard.version
        ),
        "assessor": assessor,
        "map": map,
    });
    (definition, attestation)
}

fn mapping(requirement: &Requirement<'_>, reference: &str, declared: &Declared<'_>) -> Value {
    let count = count(&requirement.controls);
    let of = |outcome: &str| -> Vec<&String> {
        let controls = requirement
            .controls
            .iter()
            .filter(|check| check.outcome == outcome);
        controls
            .filter_map(|check| declared.claims.get(check.control.as_str()))
            .collect()
    };
    let mut conformance = Map::new();
    conformance.insert("score".to_owned(), share(count.passed, count.applicable()));
    conformance.insert(
        "rationale".to_owned(),
        format!(
            "{}: {}. Score: {} of {} controls that speak to it and apply have no findings; it is no \
             judgement whether the provision is fulfilled.",
            standing_words(requirement.standing),
            bounded(&requirement.reason, 1000),
            count.passed,
            count.applicable()
        )
        .into(),
    );
    let waivers = waivers_of(&requirement.controls, declared);
    if !waivers.is_empty() {
        conformance.insert("mitigationStrategies".to_owned(), json!(waivers));
    }
    let mut mapping = json!({
        "requirement": reference,
        "conformance": conformance,
        "confidence": {
            "score": share(count.carried_out(), count.applicable()),
            "rationale": format!(
                "{} of {} controls that speak to it and apply could be carried out; the provision is {}",
                count.carried_out(),
                count.applicable(),
                class_words(requirement.class)
            ),
        },
    });
    let claims = of("pass");
    if !claims.is_empty() {
        set(&mut mapping, "claims", json!(claims));
    }
    let counter = of("fail");
    if !counter.is_empty() {
        set(&mut mapping, "counterClaims", json!(counter));
    }
    mapping
}

/// A part of a whole in hundredths, rounded down: only all of it is 1.
fn share(part: usize, whole: usize) -> Value {
    if whole == 0 {
        return json!(0);
    }
    match part.saturating_mul(100) / whole {
        0 => json!(0),
        hundredths if hundredths >= 100 => json!(1),
        hundredths => {
            let hundredths = u32::try_from(hundredths).unwrap_or(0);
            json!(f64::from(hundredths) / 100.0)
        }
    }
}
