//! What a repository says about itself: front matter and configurations.

use bonafide_bom::json::Object;
use bonafide_bom::license::LicenceSet;
use bonafide_bom::model_card::{
    AdapterConfiguration, DatasetCard, FieldDefect, MergeRecipe, ModelCard, ModelCardError,
    ModelConfiguration, TokenizerConfiguration, git_lfs_pointer,
};

use super::shown;

/// Any bytes as each of the files that are read.
///
/// - What is read is the same each time.
/// - What has no field, or the wrong shape, is kept.
/// - Licences, defects and refusals can be printed.
pub fn model_card(input: &[u8]) {
    let card = same(ModelCard::read, input);
    let dataset = same(DatasetCard::read, input);
    assert_eq!(
        card.is_some(),
        dataset.is_some(),
        "front matter for one only"
    );
    if let Some(card) = card {
        is_fit(&card.extra, &card.defects);
        is_stated(&card.licences());
    }
    if let Some(card) = dataset {
        is_fit(&card.extra, &card.defects);
        is_stated(&card.licences());
    }
    if let Some(recipe) = same(MergeRecipe::read, input) {
        is_fit(&recipe.extra, &recipe.defects);
    }
    if let Some(configuration) = same(ModelConfiguration::read, input) {
        is_fit(&configuration.extra, &configuration.defects);
    }
    if let Some(configuration) = same(AdapterConfiguration::read, input) {
        is_fit(&configuration.extra, &configuration.defects);
    }
    if let Some(configuration) = same(TokenizerConfiguration::read, input) {
        is_fit(&configuration.extra, &configuration.defects);
    }
    let _ = git_lfs_pointer(input);
}

fn same<T: PartialEq + std::fmt::Debug>(
    read: impl Fn(&[u8]) -> Result<T, ModelCardError>,
    input: &[u8],
) -> Option<T> {
    let one = read(input);
    assert_eq!(one, read(input), "read otherwise");
    one.map_err(|error| shown::text(&error.to_string())).ok()
}

fn is_fit(extra: &Object<'_>, defects: &[FieldDefect]) {
    for defect in defects {
        shown::text(&defect.to_string());
    }
    assert!(defects.len() <= extra.len(), "what is defect is not kept");
}

fn is_stated(set: &LicenceSet) {
    shown::licence(&set.to_string());
    let _ = set.is_undeclared();
}
