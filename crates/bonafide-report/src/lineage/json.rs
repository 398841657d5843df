//! The whole graph and its analysis as one JSON document.

use bonafide_core::RawName;
use bonafide_core::lineage::{AgeConflict, Lineage, LineageNode, NodeIndex};
use serde::Serialize;

use super::scene::Scene;
use crate::RenderError;

/// Version of the JSON form; it changes when a field changes its meaning or goes.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'scene> {
    schema_version: u32,
    lineage: &'scene Lineage,
    analysis: Analysis<'scene>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Analysis<'scene> {
    depth: usize,
    roots: Vec<RawName>,
    proven: Vec<RawName>,
    cycles: Vec<Vec<RawName>>,
    unreachable: Vec<RawName>,
    older_than_parent: &'scene [AgeConflict],
}

pub(super) fn render(scene: &Scene<'_>) -> Result<String, RenderError> {
    let lineage = scene.lineage;
    let id = |index: &NodeIndex| RawName::from(lineage.node(*index).map_or("", LineageNode::id));
    let ids = |list: &[NodeIndex]| list.iter().map(id).collect();
    let proven: Vec<NodeIndex> = lineage
        .numbered_nodes()
        .map(|(index, _)| index)
        .filter(|index| *index != lineage.subject() && scene.shape.is_proven(*index))
        .collect();
    let document = Document {
        schema_version: SCHEMA_VERSION,
        lineage,
        analysis: Analysis {
            depth: scene.ancestry.longest,
            roots: ids(&scene.ancestry.roots),
            proven: ids(&proven),
            cycles: scene
                .ancestry
                .cycles
                .iter()
                .map(|cycle| ids(cycle))
                .collect(),
            unreachable: ids(&scene.shape.unreachable),
            older_than_parent: &scene.ancestry.ages,
        },
    };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}
