//! What the documents of each format make their loaders run or read.

use bonafide_core::{Severity, ThreatId, excerpt};
use roxmltree::{Document, Node};

use crate::facts::ReferenceKind;
use crate::path::{OUTSIDE, leads_outside};
use crate::payload::examine;
use crate::rule::{Confidence, Hazard, Rule};
use crate::visit::Visit;

pub(super) const CUSTOM_CODE: Rule = Rule {
    slug: "xml-custom-code",
    title: "Model that calls code from elsewhere by its name",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "The loader looks up a class or an extension that is not a part of the format, with the rights of \
        whoever loads the model.",
    remediation: "Find out whose code it is, and review that before it is installed.",
    threats: &[ThreatId("ART-05"), ThreatId("ART-01")],
    cwe: &[470, 829],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

pub(super) const PROGRAM: Rule = Rule {
    slug: "xml-program",
    title: "Model of statistics with a program in it",
    hazard: Hazard::CodeInGraph,
    severity: Severity::Medium,
    confidence: Confidence::Possible,
    rationale: "PMML computes with its own expressions. A program in an extension is for a reader that runs it.",
    remediation: "Read the program, and have the model written without it.",
    threats: &[ThreatId("ART-05"), ThreatId("ART-01")],
    cwe: &[94],
    cve: &[],
    atlas: &["AML.T0011.000"],
};

/// Programs of Java that start others, or reach what can.
const ACTING_TEXT: &[&str] = &[
    "java.lang.Runtime",
    "Runtime.getRuntime",
    "ProcessBuilder",
    "ScriptEngineManager",
    "javax.script",
    "java.lang.ProcessImpl",
];

/// Shortest text that may be something else in disguise.
const SHORTEST_CONSTANT: usize = 24;

pub(super) fn analyse(visit: &mut Visit<'_>, document: &Document<'_>) {
    let root = document.root_element();
    match root.tag_name().name() {
        "PMML" => pmml(visit, &root),
        "net" => openvino(visit, &root),
        _ => {}
    }
    for node in root.descendants() {
        for attribute in node.attributes() {
            let range = attribute.range();
            constant(visit, attribute.value(), &range);
        }
        if let Some(text) = node.text().filter(|_| node.is_text()) {
            constant(visit, text, &node.range());
        }
    }
}

fn constant(visit: &mut Visit<'_>, text: &str, range: &std::ops::Range<usize>) {
    if text.len() >= SHORTEST_CONSTANT {
        let range = range.start as u64..range.end as u64;
        examine(visit, text.trim().as_bytes(), range);
    }
}

fn place(node: &Node<'_, '_>) -> Option<std::ops::Range<u64>> {
    let range = node.range();
    Some(range.start as u64..range.end as u64)
}

/// PMML: models of statistics and trees.
fn pmml(visit: &mut Visit<'_>, root: &Node<'_, '_>) {
    if let Some(version) = root.attribute("version") {
        visit.facts().add_metadata("pmml", version);
    }
    for node in root.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        match name {
            "Application" => {
                if let Some(program) = node.attribute("name") {
                    visit.facts().add_producer(program);
                }
            }
            // A name with dots is a Java class to JPMML.
            "Apply" => {
                let class = node.attribute("function").filter(|name| name.contains('.'));
                if let Some(class) = class.filter(|class| !class.starts_with("x-")) {
                    let message = format!("calls the class `{}`", excerpt(class, 120));
                    visit.report_about(&CUSTOM_CODE, place(&node), class, message);
                }
            }
            // No part of the format has one; what reads it as a page or a rule runs it.
            "script" | "Script" | "java" | "jython" | "groovy" => {
                let message = format!("brings a program in the element `{}`", excerpt(name, 40));
                visit.report(&PROGRAM, place(&node), message);
            }
            _ if name.ends_with("Model") || name == "MiningModel" || name == "Scorecard" => {
                visit.facts().add_architecture(name);
            }
            _ => {}
        }
        if let Some(text) = node.text()
            && let Some(call) = ACTING_TEXT.iter().find(|call| text.contains(**call))
        {
            let message = format!("`{call}` is in the element `{}`", excerpt(name, 40));
            visit.report_about(&PROGRAM, place(&node), call, message);
        }
        for attribute in node.attributes() {
            if matches!(attribute.name(), "href" | "src" | "location" | "url") {
                reference(visit, &node, attribute.value());
            }
        }
    }
}

/// OpenVINO's intermediate representation: the graph; the numbers are in a `.bin` file.
fn openvino(visit: &mut Visit<'_>, root: &Node<'_, '_>) {
    if let Some(name) = root.attribute("name") {
        visit.facts().add_architecture(name);
    }
    if let Some(version) = root.attribute("version") {
        visit.facts().add_metadata("openvino-ir", version);
    }
    for layer in root.descendants().filter(|node| node.has_tag_name("layer")) {
        let Some(kind) = layer.attribute("type") else {
            continue;
        };
        visit.facts().add_operator(kind);
        let set = layer.attribute("version").unwrap_or_default();
        let known = set.is_empty()
            || set
                .strip_prefix("opset")
                .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
        // `extension` holds what OpenVINO itself adds and every release knows.
        if !known
            && !matches!(
                set,
                "extension" | "experimental" | "ie_internal_opset" | "util"
            )
        {
            let full = format!("{set}.{kind}");
            let message = format!("a layer of the set `{}`", excerpt(&full, 120));
            visit.report_about(&CUSTOM_CODE, place(&layer), &full, message);
        }
        for data in layer.children().filter(|node| node.has_tag_name("data")) {
            for attribute in data.attributes() {
                if matches!(attribute.name(), "path" | "file" | "weights_path") {
                    reference(visit, &data, attribute.value());
                }
            }
        }
    }
}

fn reference(visit: &mut Visit<'_>, node: &Node<'_, '_>, target: &str) {
    visit.facts().add_reference(ReferenceKind::Artifact, target);
    if let Some(why) = leads_outside(target) {
        let message = format!("`{}` leads outside: {why}", excerpt(target, 120));
        visit.report_about(&OUTSIDE, place(node), target, message);
    }
}
