//! From JSON to what the document claims.

mod dataset;
mod origin;
mod record_set;
mod resource;
mod value;

use crate::json::Node;

use super::MOST_VALUES;
use super::context::{Context, is_croissant};
use super::dataset::{Croissant, FormatVersion};
use super::defect::LocatedDefect;
use super::error::CroissantError;

/// What a JSON document is, at first sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognition {
    /// A Croissant dataset.
    Croissant(FormatVersion),
    /// A dataset in the sense of schema.org, which says nothing of Croissant.
    Dataset,
    /// Something else.
    Other,
}

/// Says what a JSON document is, from `@type`, `conformsTo` and `@context`.
#[must_use]
pub fn recognise(root: &Node<'_>) -> Recognition {
    let Some(object) = root.object() else {
        return Recognition::Other;
    };
    let context = Context::read(object.get("@context"));
    let member = |wanted: &str| {
        object
            .iter()
            .find_map(|(name, node)| (context.name(name)? == wanted).then_some(node))
    };
    let (kind, conforms_to) = (member("@type"), member("conformsTo"));
    let is_dataset = match kind {
        Some(kind) => texts(kind).any(|kind| context.name(kind).as_deref() == Some("Dataset")),
        // In flattened form the dataset is one of many.
        None => object.get("@graph").is_some(),
    };
    if !is_dataset {
        return Recognition::Other;
    }
    let stated: Vec<&str> = conforms_to.into_iter().flat_map(texts).collect();
    let remote = object.get("@context").into_iter().flat_map(texts);
    if stated.iter().copied().chain(remote).any(is_croissant) || context.knows_croissant() {
        return Recognition::Croissant(format_version(&stated, &context));
    }
    Recognition::Dataset
}

/// Reads a Croissant document.
///
/// What is wrong with it stays readable wherever that is possible, and is told by
/// [`Croissant::defects`].
///
/// # Errors
///
/// [`CroissantError`] if it is not Croissant, or larger than anything real.
pub fn read(root: Node<'_>) -> Result<Croissant<'_>, CroissantError> {
    let Recognition::Croissant(format) = recognise(&root) else {
        return Err(CroissantError::NotCroissant);
    };
    let Node::Object(object) = root else {
        return Err(CroissantError::NotCroissant);
    };
    if object.get("@graph").is_some() {
        return Err(CroissantError::Flattened);
    }
    let reader = Reader {
        context: Context::read(object.get("@context")),
        format,
        values_left: MOST_VALUES,
        defects: Vec::new(),
    };
    reader.dataset(object)
}

/// The version that `conformsTo` names. Of several the first known one counts, as the
/// RAI extension and others are named there, too.
fn format_version(stated: &[&str], context: &Context) -> FormatVersion {
    let known = stated.iter().find_map(|text| match *text {
        "http://mlcommons.org/croissant/0.8" => Some(FormatVersion::V0_8),
        "http://mlcommons.org/croissant/1.0" => Some(FormatVersion::V1_0),
        "http://mlcommons.org/croissant/1.1" => Some(FormatVersion::V1_1),
        _ => None,
    });
    match known {
        Some(version) => version,
        None if !stated.is_empty() => FormatVersion::Unknown,
        None if context.knows_only_predecessor() => FormatVersion::V0_8,
        None => FormatVersion::Unstated,
    }
}

/// The texts of a value or list of values, references among them.
fn texts<'n>(node: &'n Node<'_>) -> impl Iterator<Item = &'n str> {
    let list = node.list().unwrap_or_else(|| std::slice::from_ref(node));
    list.iter().filter_map(|node| match node {
        Node::Object(object) => object.get("@id").or_else(|| object.get("@value"))?.text(),
        _ => node.text(),
    })
}

/// What is kept while reading.
struct Reader {
    context: Context,
    format: FormatVersion,
    values_left: usize,
    defects: Vec<LocatedDefect>,
}
