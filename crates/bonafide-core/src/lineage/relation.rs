//! How an artifact hangs on another one.

use std::fmt;

use serde::Serialize;

/// What the parent of an edge is to its child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Made from it, nobody says how.
    DerivedFrom,
    /// Its weights, trained further.
    FineTunedFrom,
    /// An adapter for it; does nothing without it.
    AdaptedFrom,
    /// One of several models that were merged.
    MergedFrom,
    /// The same weights with fewer bits.
    QuantisedFrom,
    /// The same weights in another format.
    ConvertedFrom,
    /// Trained to imitate it.
    DistilledFrom,
    /// Produced by it, as synthetic data is by a model.
    GeneratedFrom,
    /// Its weights were computed from this dataset.
    TrainedOn,
    /// Decisions during training were made on this dataset.
    ValidatedOn,
    /// Results were measured on this dataset.
    TestedOn,
    /// Splits its text with this tokenizer.
    UsesTokenizer,
    /// Builds its prompts with this template.
    UsesTemplate,
    /// Judged by this evaluation.
    EvaluatedBy,
    /// Needs it, nobody says for what.
    DependsOn,
    /// A link without a meaning that we know.
    Unknown,
}

/// Relations that a reader treats alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RelationClass {
    /// The parent's content is in the child.
    Derivation,
    /// The parent's content shaped the child.
    Training,
    /// The parent judges the child.
    Evaluation,
    /// The parent is used along with the child.
    Use,
    /// Nobody says.
    Unknown,
}

impl Relation {
    /// Every relation, in the order of the documentation.
    pub const ALL: [Self; 16] = [
        Self::DerivedFrom,
        Self::FineTunedFrom,
        Self::AdaptedFrom,
        Self::MergedFrom,
        Self::QuantisedFrom,
        Self::ConvertedFrom,
        Self::DistilledFrom,
        Self::GeneratedFrom,
        Self::TrainedOn,
        Self::ValidatedOn,
        Self::TestedOn,
        Self::UsesTokenizer,
        Self::UsesTemplate,
        Self::EvaluatedBy,
        Self::DependsOn,
        Self::Unknown,
    ];

    /// The words between child and parent: `quantised from`, `trained on`, …
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::DerivedFrom => "derived from",
            Self::FineTunedFrom => "fine-tuned from",
            Self::AdaptedFrom => "adapter for",
            Self::MergedFrom => "merged from",
            Self::QuantisedFrom => "quantised from",
            Self::ConvertedFrom => "converted from",
            Self::DistilledFrom => "distilled from",
            Self::GeneratedFrom => "generated from",
            Self::TrainedOn => "trained on",
            Self::ValidatedOn => "validated on",
            Self::TestedOn => "tested on",
            Self::UsesTokenizer => "uses tokenizer",
            Self::UsesTemplate => "uses template",
            Self::EvaluatedBy => "evaluated by",
            Self::DependsOn => "depends on",
            Self::Unknown => "linked to",
        }
    }

    /// What kind of relation it is.
    #[must_use]
    pub const fn class(self) -> RelationClass {
        match self {
            Self::DerivedFrom
            | Self::FineTunedFrom
            | Self::AdaptedFrom
            | Self::MergedFrom
            | Self::QuantisedFrom
            | Self::ConvertedFrom => RelationClass::Derivation,
            Self::DistilledFrom | Self::GeneratedFrom | Self::TrainedOn => RelationClass::Training,
            Self::ValidatedOn | Self::TestedOn | Self::EvaluatedBy => RelationClass::Evaluation,
            Self::UsesTokenizer | Self::UsesTemplate | Self::DependsOn => RelationClass::Use,
            Self::Unknown => RelationClass::Unknown,
        }
    }

    /// Whether the parent went into the making of the child, and therefore has
    /// to be there before it and cannot come from it.
    #[must_use]
    pub const fn is_ancestry(self) -> bool {
        matches!(
            self.class(),
            RelationClass::Derivation | RelationClass::Training
        )
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.words())
    }
}
