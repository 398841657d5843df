//! `bonafide lineage compare`: weights against those of the models that they come from.

use std::path::{Path, PathBuf};

use bonafide_checks::{ModelFile, WeightComparison};
use bonafide_core::Look;
use bonafide_hash::Tree;
use bonafide_weights::{Claim, Sanity};

use crate::Work;
use crate::error::EngineError;
use crate::models::{Digests, models};
use crate::weights::{Model, Origin, WeightQuestion, answer, by_the_user};

/// A model, those that it is said to be made from, and what is said.
#[derive(Debug, Clone)]
pub struct CompareRequest {
    /// The model: a directory or a single file.
    pub target: PathBuf,
    /// What it is said to be made from; several for a merge.
    pub bases: Vec<PathBuf>,
    /// What is said.
    pub claims: Vec<Claim>,
}

/// What the numbers of a model show.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// What they show by themselves.
    pub sanity: Look<Sanity>,
    /// Against the others.
    pub against: WeightComparison,
}

/// Compares the numbers of a model with those of the models that it is said to be made from.
///
/// # Errors
///
/// A model that cannot be listed.
pub fn compare_models(request: &CompareRequest, work: Work<'_>) -> Result<Compared, EngineError> {
    let read = |path: &Path| -> Result<(Tree, Vec<ModelFile>), EngineError> {
        let tree = Tree::open(path, work.budget)?;
        let files = models(path, &tree, None, Digests::None, work)?;
        Ok((tree, files))
    };
    let (tree, files) = read(&request.target)?;
    let bases = request.bases.iter().map(|path| read(path));
    let bases: Vec<(Tree, Vec<ModelFile>)> = bases.collect::<Result<_, _>>()?;
    let named = request.bases.iter().zip(&bases);
    let said = request.claims.iter().map(by_the_user);
    let question = WeightQuestion {
        model: Model::new(&request.target, &tree, &files),
        sanity: true,
        origins: vec![Origin {
            bases: named
                .map(|(path, (tree, files))| Model::new(path, tree, files))
                .collect(),
            said: said.collect(),
            missing: 0,
        }],
        passing: None,
    };
    let mut facts = answer(&question, work)?;
    Ok(Compared {
        sanity: facts.sanity,
        // There is one answer for each origin.
        against: facts.comparisons.pop().unwrap_or_else(|| WeightComparison {
            bases: Vec::new(),
            comparison: Look::NotAsked,
            claims: Vec::new(),
        }),
    })
}
