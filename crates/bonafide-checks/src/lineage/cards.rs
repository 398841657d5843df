//! What the files of a repository say: the model card, configurations, recipes.

use bonafide_bom::model_card::{
    AdapterConfiguration, BaseModelRelation, DatasetCard, MergeRecipe, MergeRole, ModelCard,
    ModelCardError, ModelConfiguration,
};
use bonafide_core::{Mention, NodeKind, RawName, Relation, RevisionPin};

use super::account::{Account, Force, Link, Origin};
use super::reference::{Reference, Standing, pin};

/// Files that are read, with the most bytes of each.
const FILES: [(&str, u64); 5] = [
    ("README.md", 16 << 20),
    ("config.json", 4 << 20),
    ("adapter_config.json", 4 << 20),
    ("mergekit_config.yml", 4 << 20),
    ("mergekit_config.yaml", 4 << 20),
];

/// Names of the files that cards are, and the most bytes that are read of each.
pub fn files_of_cards() -> impl Iterator<Item = (RawName, u64)> {
    FILES
        .into_iter()
        .map(|(name, bytes)| (RawName::from(name), bytes))
}

/// The cards of one artifact, read.
#[derive(Debug, Clone, Default)]
pub struct Cards {
    model: Option<(RawName, ModelCard)>,
    dataset: Option<(RawName, DatasetCard)>,
    configuration: Option<(RawName, ModelConfiguration)>,
    adapter: Option<(RawName, AdapterConfiguration)>,
    recipe: Option<(RawName, MergeRecipe)>,
    unread: Vec<String>,
}

impl Cards {
    /// Takes the file `name` of the artifact; `source` is how it is printed.
    pub fn add(&mut self, name: &RawName, source: RawName, bytes: &[u8]) {
        let result = match name.as_bytes() {
            b"README.md" => self.readme(source.clone(), bytes),
            b"config.json" => ModelConfiguration::read(bytes)
                .map(|read| self.configuration = Some((source.clone(), read))),
            b"adapter_config.json" => AdapterConfiguration::read(bytes)
                .map(|read| self.adapter = Some((source.clone(), read))),
            _ => MergeRecipe::read(bytes).map(|read| self.recipe = Some((source.clone(), read))),
        };
        match result {
            // It need not have any.
            Ok(()) | Err(ModelCardError::NoFrontMatter) => {}
            Err(error) => self.unreadable(&source, &error.to_string()),
        }
    }

    /// Notes that a file is there and could not be read.
    pub fn unreadable(&mut self, source: &RawName, reason: &str) {
        self.unread
            .push(format!("`{source}` cannot be read: {reason}"));
    }

    /// Models and datasets have the same file, with other members.
    fn readme(&mut self, source: RawName, bytes: &[u8]) -> Result<(), ModelCardError> {
        let dataset = DatasetCard::read(bytes)?;
        let model = ModelCard::read(bytes)?;
        let is_dataset = dataset.pretty_name.is_some()
            || !dataset.size_categories.is_empty()
            || !dataset.task_categories.is_empty()
            || !dataset.source_datasets.is_empty()
            || !dataset.configurations.is_empty();
        let is_model = !model.base_model.is_empty()
            || !model.datasets.is_empty()
            || model.pipeline_tag.is_some()
            || model.library_name.is_some()
            || !model.results.is_empty();
        if is_dataset && !is_model {
            self.dataset = Some((source, dataset));
        } else {
            self.model = Some((source, model));
        }
        Ok(())
    }
}

impl Account {
    /// Takes in what the cards say.
    pub(super) fn hear_cards(&mut self, cards: &Cards) {
        for reason in &cards.unread {
            self.gap(reason.clone());
        }
        // An adapter has a card like a model's, so what shows it to be one comes first.
        if let Some((source, adapter)) = &cards.adapter {
            self.adapter(source, adapter);
        }
        if let Some((source, recipe)) = &cards.recipe {
            self.recipe(source, recipe);
        }
        if let Some((source, card)) = &cards.model {
            self.model_card(source, card);
        }
        if let Some((source, card)) = &cards.dataset {
            self.dataset_card(source, card);
        }
        if let Some((source, configuration)) = &cards.configuration {
            self.configuration(source, configuration);
        }
    }

    fn says(
        &mut self,
        source: &RawName,
        pointer: &str,
        text: &str,
        kind: NodeKind,
        relation: Relation,
        origin: Origin,
        says: String,
    ) -> Option<usize> {
        if text.trim().is_empty() {
            return None;
        }
        let mention = Mention {
            source: source.clone(),
            pointer: Some(pointer.to_owned()),
        };
        let (parent, pin) = self.mentioned(text, kind, mention)?;
        self.link(Link {
            child: 0,
            parent,
            relation,
            source: source.clone(),
            pointer: Some(pointer.to_owned()),
            says,
            pin,
            // A path on the machine that trained says little to anybody else.
            force: if Reference::is_local(text) {
                Force::Hint
            } else {
                Force::Claim
            },
            signer: None,
            origin,
        });
        Some(self.links.len().saturating_sub(1))
    }

    fn is(&mut self, kind: NodeKind, source: &RawName) {
        if let Some(subject) = self.get_mut(0) {
            subject.be(kind);
            subject.mention(Mention {
                source: source.clone(),
                pointer: None,
            });
        }
    }

    fn called(&mut self, name: &str, kind: NodeKind) {
        let reference = Reference::of(name, kind);
        if reference.standing >= Standing::Bare {
            self.call(0, &reference);
        }
        if let Some(subject) = self.get_mut(0) {
            subject.name.get_or_insert_with(|| name.to_owned());
        }
    }

    fn model_card(&mut self, source: &RawName, card: &ModelCard) {
        self.is(NodeKind::Model, source);
        let names = card.model_name.iter().chain(
            card.results
                .first()
                .and_then(|result| result.model.as_ref()),
        );
        // Cards are copied, with the name of the base model in them.
        for name in names.filter(|name| !card.base_model.contains(name)) {
            self.called(name, NodeKind::Model);
        }
        if let Some(subject) = self.get_mut(0) {
            for licence in &card.license {
                match (&card.license_name, licence.as_str()) {
                    (Some(name), "other") => subject.license(name),
                    _ => subject.license(licence),
                }
            }
        }
        let relation = match &card.base_model_relation {
            Some(BaseModelRelation::Adapter) => Relation::AdaptedFrom,
            Some(BaseModelRelation::Finetune) => Relation::FineTunedFrom,
            Some(BaseModelRelation::Merge) => Relation::MergedFrom,
            Some(BaseModelRelation::Quantized) => Relation::QuantisedFrom,
            _ => Relation::DerivedFrom,
        };
        for (index, base) in card.base_model.iter().enumerate() {
            let says = format!("names the base model `{}`", shown(base));
            let pointer = format!("/base_model/{index}");
            self.says(
                source,
                &pointer,
                base,
                NodeKind::Model,
                relation,
                Origin::Card,
                says,
            );
        }
        for (index, data) in card.datasets.iter().enumerate() {
            let says = format!("names the dataset `{}`", shown(data));
            let pointer = format!("/datasets/{index}");
            let relation = Relation::TrainedOn;
            self.says(
                source,
                &pointer,
                data,
                NodeKind::Dataset,
                relation,
                Origin::Card,
                says,
            );
        }
        for (index, result) in card.results.iter().enumerate() {
            let Some(data) = result.dataset.as_ref().or(result.dataset_name.as_ref()) else {
                continue;
            };
            let says = format!("has a result on `{}`", shown(data));
            let pointer = format!("/model-index/results/{index}");
            let link = self.says(
                source,
                &pointer,
                data,
                NodeKind::Dataset,
                Relation::TestedOn,
                Origin::Card,
                says,
            );
            if let Some(revision) = &result.dataset_revision
                && let Some(link) = link.and_then(|link| self.links.get_mut(link))
            {
                link.pin = pin(&bonafide_bom::purl::Revision::of_git(revision));
            }
        }
    }

    fn dataset_card(&mut self, source: &RawName, card: &DatasetCard) {
        self.is(NodeKind::Dataset, source);
        if let Some(subject) = self.get_mut(0) {
            subject.name.clone_from(&card.pretty_name);
            for licence in &card.license {
                subject.license(licence);
            }
        }
        for (index, text) in card.source_datasets.iter().enumerate() {
            let name = text.strip_prefix("extended|").unwrap_or(text);
            if matches!(name, "original" | "extended") {
                continue;
            }
            let says = format!("is made from the dataset `{}`", shown(name));
            let pointer = format!("/source_datasets/{index}");
            let relation = Relation::DerivedFrom;
            self.says(
                source,
                &pointer,
                name,
                NodeKind::Dataset,
                relation,
                Origin::Card,
                says,
            );
        }
    }

    fn adapter(&mut self, source: &RawName, adapter: &AdapterConfiguration) {
        self.is(NodeKind::Adapter, source);
        let Some(base) = &adapter.base_model else {
            return;
        };
        let says = format!("names the base model `{}`", shown(base));
        let pointer = "/base_model_name_or_path";
        let relation = Relation::AdaptedFrom;
        let link = self.says(
            source,
            pointer,
            base,
            NodeKind::Model,
            relation,
            Origin::Adapter,
            says,
        );
        if let Some(revision) = &adapter.revision
            && let Some(link) = link.and_then(|link| self.links.get_mut(link))
        {
            link.pin = pin(&bonafide_bom::purl::Revision::of_git(revision));
        }
    }

    fn recipe(&mut self, source: &RawName, recipe: &MergeRecipe) {
        self.is(NodeKind::Model, source);
        for (index, part) in recipe.sources.iter().enumerate() {
            let kind = match part.role {
                MergeRole::Model => NodeKind::Model,
                MergeRole::Adapter => NodeKind::Adapter,
            };
            let says = format!("merges `{}`", shown(&part.model));
            let pointer = format!("source {}", index + 1);
            let link = self.says(
                source,
                &pointer,
                &part.model,
                kind,
                Relation::MergedFrom,
                Origin::Other,
                says,
            );
            let pin = pin(&part.revision);
            if pin != RevisionPin::None
                && let Some(link) = link.and_then(|link| self.links.get_mut(link))
            {
                link.pin = pin;
            }
        }
    }

    /// What a model was loaded from when it was saved is often itself.
    fn configuration(&mut self, source: &RawName, configuration: &ModelConfiguration) {
        self.is(NodeKind::Model, source);
        let Some(name) = &configuration.name_or_path else {
            return;
        };
        let reference = Reference::of(name, NodeKind::Model);
        let itself = self
            .things
            .first()
            .is_some_and(|subject| subject.ids.contains(&reference.id));
        if reference.standing != Standing::Repository || itself {
            return;
        }
        let says = format!("was loaded from `{}` when it was saved", shown(name));
        let pointer = "/_name_or_path";
        let relation = Relation::Unknown;
        let link = self.says(
            source,
            pointer,
            name,
            NodeKind::Model,
            relation,
            Origin::Other,
            says,
        );
        if let Some(link) = link.and_then(|link| self.links.get_mut(link)) {
            link.force = Force::Hint;
        }
    }
}

fn shown(text: &str) -> String {
    bonafide_bom::excerpt(text, 120)
}
