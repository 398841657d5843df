//! The numbers of a model: whether they are sound, and whether they are what is said of how
//! they were made from those of other models at hand.

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;

use bonafide_checks::{Given, LineageFacts, ModelFile, Need, WeightComparison, WeightFacts};
use bonafide_core::{Look, RawName, ReadAt, ReadError, Relation};
use bonafide_hash::{Job, ReadFailure, StableFile, Tap, TapStream, Tree};
use bonafide_policy::Policy;
use bonafide_weights::{
    AdapterDeclaration, Claim, Collector, CompareOptions, Sanity, Stream, WeightFile, compare,
    judge, scan,
};
use serde::Serialize;

use crate::Work;
use crate::adapter;
use crate::error::{EngineError, raw};
use crate::lineage::Family;
use crate::verify::VerifyRequest;

/// A model whose numbers can be read.
pub(crate) struct Model<'m> {
    pub(crate) name: String,
    pub(crate) tree: &'m Tree,
    pub(crate) files: &'m [ModelFile],
}

/// What is said of how the target was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Said {
    pub(crate) claim: Claim,
    /// Who says so.
    pub(crate) source: String,
}

/// Models that the target is said to be made from together, and what is said.
pub(crate) struct Origin<'m> {
    pub(crate) bases: Vec<Model<'m>>,
    pub(crate) said: Vec<Said>,
    /// How many more there are that are not at hand.
    pub(crate) missing: usize,
}

/// What is asked about the numbers of a model.
pub(crate) struct WeightQuestion<'m> {
    pub(crate) model: Model<'m>,
    /// Whether they are sound.
    pub(crate) sanity: bool,
    /// What they are compared with.
    pub(crate) origins: Vec<Origin<'m>>,
    /// Who has seen the numbers already.
    pub(crate) passing: Option<&'m Passing<'m>>,
}

impl<'m> Model<'m> {
    pub(crate) fn new(path: &Path, tree: &'m Tree, files: &'m [ModelFile]) -> Self {
        Self {
            name: raw(path).to_string(),
            tree,
            files,
        }
    }
}

impl Serialize for WeightQuestion<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let origins: Vec<(Vec<&str>, &[Said])> = self
            .origins
            .iter()
            .map(|origin| {
                let names = origin.bases.iter().map(|base| base.name.as_str());
                (names.collect(), origin.said.as_slice())
            })
            .collect();
        (self.sanity, origins).serialize(serializer)
    }
}

/// A file of a model.
struct Open(StableFile);

impl ReadAt for Open {
    fn size(&self) -> u64 {
        self.0.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        let failed = |failure: ReadFailure| ReadError::Failed {
            reason: failure.to_string(),
        };
        self.0.read_exact(buffer, offset).map_err(failed)
    }
}

/// The files of a model that hold tensors, opened.
struct Opened<'m> {
    files: Vec<(&'m ModelFile, &'m [bonafide_format::Tensor], Open)>,
    /// Files that could not be opened or inspected: name, why.
    failed: Vec<(String, String)>,
    /// What it says of itself as an adapter.
    declaration: AdapterDeclaration,
}

impl<'m> Opened<'m> {
    fn of(model: &Model<'m>) -> Self {
        let mut opened = Self {
            files: Vec::new(),
            failed: Vec::new(),
            declaration: AdapterDeclaration::default(),
        };
        match adapter::declaration(model.tree) {
            Ok(declaration) => opened.declaration = declaration,
            Err(reason) => {
                let name = "adapter_config.json".to_owned();
                opened.failed.push((name, reason));
            }
        }
        for file in model.files {
            let inspection = match &file.inspected {
                Ok(inspection) => inspection,
                Err(reason) => {
                    opened.failed.push((file.name.to_string(), reason.clone()));
                    continue;
                }
            };
            let facts = &inspection.facts;
            if facts.tensor_count == 0 {
                continue;
            }
            let left_out = facts
                .tensor_count
                .saturating_sub(facts.tensors.len() as u64);
            if left_out > 0 {
                let reason = format!("{left_out} tensors are more than are listed");
                opened.failed.push((file.name.to_string(), reason));
            }
            match model.tree.file(&file.name) {
                Ok(bytes) => opened.files.push((file, &facts.tensors, Open(bytes))),
                Err(failure) => {
                    opened
                        .failed
                        .push((file.name.to_string(), failure.to_string()));
                }
            }
        }
        opened
    }

    fn weights(&self) -> Vec<WeightFile<'_>> {
        let files = self.files.iter();
        files
            .map(|(file, tensors, bytes)| WeightFile {
                name: file.name.to_string(),
                source: bytes,
                tensors,
            })
            .collect()
    }

    /// Why what was read may not be one state of the files.
    fn changed(&self) -> Option<String> {
        self.files.iter().find_map(|(file, _, bytes)| {
            let failure = bytes.0.ensure_unchanged().err()?;
            Some(format!("`{}`: {failure}", file.name))
        })
    }

    /// Why a comparison with it would not be one with all of it.
    fn incomplete(&self) -> Option<String> {
        let (name, reason) = self.failed.first()?;
        Some(format!("`{name}`: {reason}"))
    }
}

/// Looks at the numbers of a model while its files are hashed.
pub(crate) struct Passing<'m> {
    opened: Opened<'m>,
    collector: Collector,
}

impl<'m> Passing<'m> {
    /// If the policy wants to know, and all files with tensors are hashed: copies are looked
    /// for among all of them at once.
    pub(crate) fn of(
        policy: &Policy,
        tree: &'m Tree,
        files: &'m [ModelFile],
        jobs: &[Job],
    ) -> Option<Self> {
        if !policy.needs().contains(&Need::Sanity) {
            return None;
        }
        let model = Model {
            name: String::new(),
            tree,
            files,
        };
        let opened = Opened::of(&model);
        let hashed: HashSet<&RawName> = jobs.iter().map(|job| &job.name).collect();
        let mut named = opened.files.iter();
        if opened.files.is_empty() || !named.all(|(file, ..)| hashed.contains(&file.name)) {
            return None;
        }
        let collector = Collector::new(&opened.weights());
        Some(Self { opened, collector })
    }

    /// What was seen.
    fn sanity(&self) -> Sanity {
        self.collector.finish(&self.opened.weights())
    }
}

impl Tap for Passing<'_> {
    fn begin(&self, name: &RawName, range: Range<u64>) -> Option<Box<dyn TapStream + '_>> {
        let mut files = self.opened.files.iter();
        let index = files.position(|(file, ..)| file.name == *name)?;
        let stream = self.collector.stream(index, range)?;
        Some(Box::new(Fed(stream)))
    }
}

/// A run of bytes of a file.
struct Fed<'p>(Stream<'p>);

impl TapStream for Fed<'_> {
    fn feed(&mut self, offset: u64, bytes: &[u8]) {
        self.0.feed(offset, bytes);
    }

    fn finish(self: Box<Self>) {
        self.0.finish();
    }
}

/// What checks want to know of the weights. `passing` has seen the numbers already, where
/// the files were hashed.
pub(crate) fn facts(
    request: &VerifyRequest,
    policy: &Policy,
    model: Model<'_>,
    lineage: &LineageFacts,
    family: &Family,
    passing: Option<&Passing<'_>>,
    work: Work<'_>,
) -> Result<WeightFacts, EngineError> {
    let needs = policy.needs();
    let (sanity, claims) = (needs.contains(&Need::Sanity), needs.contains(&Need::Claims));
    if !sanity && !claims {
        return Ok(WeightFacts::default());
    }
    let origins = match claims {
        true => origins(request, lineage, family),
        false => Vec::new(),
    };
    let question = WeightQuestion {
        model,
        sanity,
        origins,
        passing,
    };
    work.weights(&request.target, &question)
}

/// Models at hand that the target is said to be made from, with what is said of it.
fn origins<'m>(
    request: &VerifyRequest,
    lineage: &LineageFacts,
    family: &'m Family,
) -> Vec<Origin<'m>> {
    let mut origins: Vec<Origin<'m>> = Vec::new();
    let (mut merged, mut together): (Option<Origin<'m>>, Option<Origin<'m>>) = (None, None);
    for member in &lineage.members {
        let Some(base) = family.kept(&member.name) else {
            continue;
        };
        let mut said = Vec::new();
        let mut is_parent = member.given == Given::Named;
        for edge in lineage.graph.edges() {
            if edge.child() != lineage.graph.subject() || Some(edge.parent()) != member.node {
                continue;
            }
            is_parent |= edge.relation().is_ancestry();
            let source = format!("its documents: {}", edge.relation().words());
            match edge.relation() {
                Relation::MergedFrom => {
                    let origin = merged.get_or_insert_with(|| Origin {
                        bases: Vec::new(),
                        said: vec![Said {
                            claim: Claim::Merge,
                            source,
                        }],
                        missing: merged_from(lineage),
                    });
                    origin.missing = origin.missing.saturating_sub(1);
                    origin.bases.push(base.model());
                }
                relation => said.extend(claim_of(relation).map(|claim| Said { claim, source })),
            }
        }
        if !is_parent {
            continue;
        }
        if member.given == Given::Named {
            // A merge is of all of them together.
            let (merges, others): (Vec<&Claim>, Vec<&Claim>) = request
                .claims
                .iter()
                .partition(|claim| **claim == Claim::Merge);
            said.extend(others.into_iter().map(by_the_user));
            if !merges.is_empty() {
                let origin = together.get_or_insert_with(|| Origin {
                    bases: Vec::new(),
                    said: merges.into_iter().map(by_the_user).collect(),
                    missing: 0,
                });
                origin.bases.push(base.model());
            }
        }
        if !said.is_empty() {
            let bases = vec![base.model()];
            origins.push(Origin {
                bases,
                said,
                missing: 0,
            });
        }
    }
    origins.extend(merged);
    origins.extend(together);
    origins
}

pub(crate) fn by_the_user(claim: &Claim) -> Said {
    Said {
        claim: claim.clone(),
        source: "the command line".to_owned(),
    }
}

/// How many models the target is said to be merged from.
fn merged_from(lineage: &LineageFacts) -> usize {
    let edges = lineage.graph.edges().iter();
    let merged = edges.filter(|edge| {
        edge.child() == lineage.graph.subject() && edge.relation() == Relation::MergedFrom
    });
    merged.count()
}

/// What a link of the lineage says of the weights, if it says anything that can be told
/// from them.
const fn claim_of(relation: Relation) -> Option<Claim> {
    match relation {
        Relation::FineTunedFrom => Some(Claim::FullFineTune { frozen: Vec::new() }),
        Relation::AdaptedFrom => Some(Claim::Adapter),
        Relation::QuantisedFrom => Some(Claim::Quantised),
        _ => None,
    }
}

/// Reads the numbers, and answers.
pub(crate) fn answer(
    question: &WeightQuestion<'_>,
    work: Work<'_>,
) -> Result<WeightFacts, EngineError> {
    let model = Opened::of(&question.model);
    let own = model.weights();
    let mut facts = WeightFacts::default();
    if question.sanity {
        let mut sanity = match question.passing {
            Some(passing) => passing.sanity(),
            None => scan(&own, work.workers),
        };
        sanity.unread.extend(model.failed.iter().cloned());
        facts.sanity = match model.changed() {
            None => Look::Known(sanity),
            Some(reason) => Look::Unable(reason),
        };
    }
    for origin in &question.origins {
        facts.comparisons.push(against(&model, origin, work));
    }
    Ok(facts)
}

/// The model against those that it is said to be made from.
fn against(model: &Opened<'_>, origin: &Origin<'_>, work: Work<'_>) -> WeightComparison {
    let own = model.weights();
    let opened: Vec<Opened<'_>> = origin.bases.iter().map(Opened::of).collect();
    let names = origin.bases.iter().map(|base| base.name.clone());
    let names: Vec<String> = names.collect();
    let bases: Vec<(String, Vec<WeightFile<'_>>)> = names
        .iter()
        .cloned()
        .zip(opened.iter().map(Opened::weights))
        .collect();
    let everybody = || std::iter::once(model).chain(&opened);
    let missing = (origin.missing > 0).then(|| {
        format!(
            "{} models that it was merged from are not at hand",
            origin.missing
        )
    });
    let unable = missing.or_else(|| everybody().find_map(Opened::incomplete));
    let unable = unable.or_else(|| {
        let mut empty = everybody().filter(|model| model.files.is_empty());
        let reason = "a model has no file whose tensors are known";
        empty.next().map(|_| reason.to_owned())
    });
    let mut standings = Vec::new();
    let comparison = match unable {
        Some(reason) => Look::Unable(reason),
        None => {
            let claims: Vec<Claim> = origin.said.iter().map(|said| said.claim.clone()).collect();
            let options = CompareOptions {
                adapter: model.declaration.clone(),
                ..CompareOptions::for_claims(&claims)
            };
            let comparison = compare(&own, &bases, &options, work.workers);
            match everybody().find_map(Opened::changed) {
                Some(reason) => Look::Unable(reason),
                None => {
                    let said = origin.said.iter();
                    standings
                        .extend(said.map(|said| judge(&comparison, &said.claim, &said.source)));
                    Look::Known(comparison)
                }
            }
        }
    };
    WeightComparison {
        bases: names,
        comparison,
        claims: standings,
    }
}

/// A model that was examined along with the target, kept for its numbers.
pub(crate) struct Kept {
    name: RawName,
    tree: Tree,
    files: Vec<ModelFile>,
}

impl Kept {
    pub(crate) fn new(path: &Path, tree: Tree, files: Vec<ModelFile>) -> Self {
        Self {
            name: raw(path),
            tree,
            files,
        }
    }

    pub(crate) fn is_called(&self, name: &RawName) -> bool {
        self.name == *name
    }

    pub(crate) fn model(&self) -> Model<'_> {
        Model {
            name: self.name.to_string(),
            tree: &self.tree,
            files: &self.files,
        }
    }
}
