//! Models of gradient-boosted trees: XGBoost (JSON, UBJSON, its old binary form), LightGBM's
//! text, CatBoost. Their loaders run nothing; but some index arrays by numbers from the file
//! without a check, so the trees have to be trees.

mod catboost;
mod lightgbm;
mod tree;
mod ubjson;
mod xgboost;

use bonafide_core::{Severity, ThreatId};

use crate::rule::{Confidence, Hazard, Rule};

pub(crate) use catboost::CATBOOST;
pub(crate) use lightgbm::LIGHTGBM;
pub(crate) use ubjson::UBJSON;
pub(crate) use xgboost::{BINARY, analyse};

pub(crate) const RULES: &[&Rule] = &[&BROKEN_TREE];

const BROKEN_TREE: Rule = Rule {
    slug: "boosting-broken-tree",
    title: "Tree that leads outside of itself",
    hazard: Hazard::Malformed,
    severity: Severity::High,
    confidence: Confidence::Likely,
    rationale: "Libraries follow the numbers of nodes as they are: out of the memory of the tree, or in a circle.",
    remediation: "Do not load the file. Ask for one that the library itself wrote.",
    threats: &[ThreatId("ART-06")],
    cwe: &[125, 129, 835],
    cve: &[],
    atlas: &["AML.T0076"],
};
