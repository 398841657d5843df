//! Which operators a graph has, and who supplies them.

use std::collections::BTreeMap;
use std::ops::Range;

use bonafide_core::excerpt;

use crate::facts::ReferenceKind;
use crate::onnx::function::Functions;
use crate::onnx::{names, rules};
use crate::visit::Visit;

/// Domains whose operators ONNX itself or its reference runtime supplies. The runtime's
/// own ones are of its layout and graph optimisers.
const STANDARD: &[&str] = &["", "ai.onnx", "ai.onnx.ml", "ai.onnx.training"];
const PREVIEW: &str = "ai.onnx.preview";
const RUNTIME: &[&str] = &[
    "com.microsoft",
    "com.microsoft.nchwc",
    "com.microsoft.experimental",
    "com.microsoft.dml",
    "com.ms.internal.nhwc",
];

/// Operators that import a Python module and call what is in it.
const PYTHON: &[&str] = &["PyOp", "PythonOp", "PythonOpGrad", "PyCustomOp", "PyOpGrad"];

/// Most operators of other domains that are kept.
const MOST: usize = 10_000;

/// True for the domains of the specification.
pub(crate) fn is_standard(domain: &str) -> bool {
    STANDARD.contains(&domain)
}

fn is_supplied(domain: &str) -> bool {
    is_standard(domain) || domain.starts_with(PREVIEW) || RUNTIME.contains(&domain)
}

/// Where a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Graph,
    /// In the function of this index.
    Function(usize),
}

/// What is looked at of a node.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) operator: String,
    pub(crate) domain: String,
    /// Graphs among its attributes.
    pub(crate) graphs: u64,
    /// A compiled program, or the path of one.
    pub(crate) context: Option<String>,
    /// Whether it is the program; none says that it is.
    pub(crate) embedded: Option<u64>,
}

/// An operator of another domain: where it is first, and how often.
#[derive(Debug)]
struct Foreign {
    at: Range<u64>,
    uses: u64,
}

/// The operators of a model.
#[derive(Debug, Default)]
pub(crate) struct Operators {
    foreign: BTreeMap<(String, String), Foreign>,
    control: BTreeMap<&'static str, u64>,
    first_control: Option<Range<u64>>,
}

impl Operators {
    /// Takes down a node, and reports what shows in it alone.
    pub(crate) fn add(&mut self, visit: &mut Visit<'_>, node: &Node, at: Range<u64>) {
        let (operator, domain) = (node.operator.as_str(), node.domain.as_str());
        let full = if matches!(domain, "" | "ai.onnx") {
            operator.to_owned()
        } else {
            format!("{domain}.{operator}")
        };
        visit.facts().add_operator(&full);
        if PYTHON.contains(&operator) && !is_standard(domain) {
            let text = format!("`{}` calls a Python function", excerpt(&full, 120));
            visit.report_about(&rules::PYTHON_OPERATOR, Some(at.clone()), &full, text);
        }
        if is_standard(domain) && node.graphs > 0 {
            for control in ["If", "Loop", "Scan", "SequenceMap"] {
                if control == operator {
                    *self.control.entry(control).or_default() += 1;
                    self.first_control.get_or_insert(at.clone());
                }
            }
        }
        if operator == "EPContext" {
            context(visit, node, &full, &at);
        }
        if !is_supplied(domain) || is_standard(domain) && !names::contains(operator) {
            let key = (domain.to_owned(), operator.to_owned());
            if let Some(known) = self.foreign.get_mut(&key) {
                known.uses += 1;
            } else if self.foreign.len() < MOST {
                self.foreign.insert(key, Foreign { at, uses: 1 });
            }
        }
    }

    /// Reports what shows when all functions are known.
    pub(crate) fn conclude(self, visit: &mut Visit<'_>, functions: &Functions) {
        for ((domain, operator), foreign) in &self.foreign {
            if functions.has(domain, operator) {
                continue;
            }
            let shown = if domain.is_empty() { "ai.onnx" } else { domain };
            let full = format!("{shown}.{operator}");
            let text = format!(
                "`{}` of domain `{}`, {} times",
                excerpt(operator, 80),
                excerpt(shown, 80),
                foreign.uses
            );
            let rule = if is_standard(domain) {
                &rules::UNKNOWN_OPERATOR
            } else {
                &rules::CUSTOM_DOMAIN
            };
            visit.report_about(rule, Some(foreign.at.clone()), &full, text);
        }
        if let Some(at) = self.first_control {
            let each: Vec<String> = self
                .control
                .iter()
                .map(|(name, count)| format!("{count} {name}"))
                .collect();
            let text = format!("the graph has {}", each.join(", "));
            visit.report(&rules::CONTROL_FLOW, Some(at), text);
        }
    }
}

/// A node that holds or names a compiled program.
fn context(visit: &mut Visit<'_>, node: &Node, full: &str, at: &Range<u64>) {
    visit.report_about(
        &rules::NATIVE_CONTEXT,
        Some(at.clone()),
        full,
        "a node is a compiled program for one execution provider",
    );
    if let (Some(path), Some(0)) = (&node.context, node.embedded) {
        visit.facts().add_reference(ReferenceKind::Code, path);
        if let Some(why) = crate::path::leads_outside(path) {
            let text = format!("the compiled program `{}`: {why}", excerpt(path, 120));
            visit.report_about(&crate::path::OUTSIDE, Some(at.clone()), path, text);
        }
    }
}
