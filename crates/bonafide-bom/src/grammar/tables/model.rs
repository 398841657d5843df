//! Models and datasets.

use super::document::{
    ATTACHMENT, BOM_LINK_ELEMENT_TYPE, EXTERNAL_REFERENCE, PROPERTY, REF_LINK_TYPE, REF_TYPE,
};
use super::party::ORGANIZATIONAL_ENTITY;
use super::service::DATA_GOVERNANCE;
use crate::grammar::rule::{
    Definition, IRI_REFERENCE, NUMBER, Shape, TEXT, any_of, list, member, one_of, refer, word,
};
use crate::version::SpecVersion::{V1_3, V1_6};

/// A model card.
pub(super) static MODEL_CARD: Definition = Definition::object(
    "modelCard",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member("modelParameters", refer(&MODEL_PARAMETERS)),
        member("quantitativeAnalysis", refer(&QUANTITATIVE_ANALYSIS)),
        member("considerations", refer(&CONSIDERATIONS)),
        member("properties", list(&refer(&PROPERTY))),
    ]),
);

/// How the model is built.
pub(super) static MODEL_PARAMETERS: Definition = Definition::object(
    "modelParameters",
    Shape::of(&[
        member("approach", refer(&APPROACH)),
        member("task", TEXT),
        member("architectureFamily", TEXT),
        member("modelArchitecture", TEXT),
        member(
            "datasets",
            list(&one_of(&[
                refer(&COMPONENT_DATA),
                refer(&DATASET_REFERENCE),
            ])),
        ),
        member("inputs", list(&refer(&INPUT_OUTPUT_PARAMETERS))),
        member("outputs", list(&refer(&INPUT_OUTPUT_PARAMETERS))),
    ]),
);

/// How it learned.
pub(super) static APPROACH: Definition = Definition::object(
    "approach",
    Shape::of(&[member(
        "type",
        word(&[(
            V1_3,
            &[
                "supervised",
                "unsupervised",
                "reinforcement-learning",
                "semi-supervised",
                "self-supervised",
            ],
        )]),
    )]),
);

/// A dataset that is described elsewhere in the BOM.
pub(super) static DATASET_REFERENCE: Definition = Definition::object(
    "datasetReference",
    Shape::of(&[member(
        "ref",
        any_of(&[refer(&REF_LINK_TYPE), refer(&BOM_LINK_ELEMENT_TYPE)]),
    )]),
);

/// What goes in or comes out.
pub(super) static INPUT_OUTPUT_PARAMETERS: Definition = Definition::object(
    "inputOutputMLParameters",
    Shape::of(&[member("format", TEXT)]),
);

/// How well it does.
pub(super) static QUANTITATIVE_ANALYSIS: Definition = Definition::object(
    "quantitativeAnalysis",
    Shape::of(&[
        member("performanceMetrics", list(&refer(&PERFORMANCE_METRIC))),
        member("graphics", refer(&GRAPHICS_COLLECTION)),
    ]),
);

/// A metric.
pub(super) static PERFORMANCE_METRIC: Definition = Definition::object(
    "performanceMetric",
    Shape::of(&[
        member("type", TEXT),
        member("value", TEXT),
        member("slice", TEXT),
        member("confidenceInterval", refer(&CONFIDENCE_INTERVAL)),
    ]),
);

/// Its confidence interval.
pub(super) static CONFIDENCE_INTERVAL: Definition = Definition::object(
    "confidenceInterval",
    Shape::of(&[member("lowerBound", TEXT), member("upperBound", TEXT)]),
);

/// Pictures.
pub(super) static GRAPHICS_COLLECTION: Definition = Definition::object(
    "graphicsCollection",
    Shape::of(&[
        member("description", TEXT),
        member("collection", list(&refer(&GRAPHIC))),
    ]),
);

/// A picture.
pub(super) static GRAPHIC: Definition = Definition::object(
    "graphic",
    Shape::of(&[member("name", TEXT), member("image", refer(&ATTACHMENT))]),
);

/// What to keep in mind.
pub(super) static CONSIDERATIONS: Definition = Definition::object(
    "considerations",
    Shape::of(&[
        member("users", list(&TEXT)),
        member("useCases", list(&TEXT)),
        member("technicalLimitations", list(&TEXT)),
        member("performanceTradeoffs", list(&TEXT)),
        member("ethicalConsiderations", list(&refer(&RISK))),
        member(
            "environmentalConsiderations",
            refer(&ENVIRONMENTAL_CONSIDERATIONS),
        )
        .since(V1_6),
        member("fairnessAssessments", list(&refer(&FAIRNESS_ASSESSMENT))),
    ]),
);

/// An ethical risk.
pub(super) static RISK: Definition = Definition::object(
    "risk",
    Shape::of(&[member("name", TEXT), member("mitigationStrategy", TEXT)]),
);

/// A group at risk.
pub(super) static FAIRNESS_ASSESSMENT: Definition = Definition::object(
    "fairnessAssessment",
    Shape::of(&[
        member("groupAtRisk", TEXT),
        member("benefits", TEXT),
        member("harms", TEXT),
        member("mitigationStrategy", TEXT),
    ]),
);

/// What it costs the environment.
pub(super) static ENVIRONMENTAL_CONSIDERATIONS: Definition = Definition::object(
    "environmentalConsiderations",
    Shape::of(&[
        member("energyConsumptions", list(&refer(&ENERGY_CONSUMPTION))),
        member("properties", list(&refer(&PROPERTY))),
    ]),
);

/// Energy that an activity took.
pub(super) static ENERGY_CONSUMPTION: Definition = Definition::object(
    "energyConsumption",
    Shape::of(&[
        member(
            "activity",
            word(&[(
                V1_3,
                &[
                    "design",
                    "data-collection",
                    "data-preparation",
                    "training",
                    "fine-tuning",
                    "validation",
                    "deployment",
                    "inference",
                    "other",
                ],
            )]),
        )
        .required(),
        member("energyProviders", list(&refer(&ENERGY_PROVIDER))).required(),
        member("activityEnergyCost", refer(&ENERGY_MEASURE)).required(),
        member("co2CostEquivalent", refer(&CO2_MEASURE)),
        member("co2CostOffset", refer(&CO2_MEASURE)),
        member("properties", list(&refer(&PROPERTY))),
    ]),
);

/// An amount of energy.
pub(super) static ENERGY_MEASURE: Definition = Definition::object(
    "energyMeasure",
    Shape::of(&[
        member("value", NUMBER).required(),
        member("unit", word(&[(V1_3, &["kWh"])])).required(),
    ]),
);

/// An amount of carbon dioxide.
pub(super) static CO2_MEASURE: Definition = Definition::object(
    "co2Measure",
    Shape::of(&[
        member("value", NUMBER).required(),
        member("unit", word(&[(V1_3, &["tCO2eq"])])).required(),
    ]),
);

/// Who provided the energy.
pub(super) static ENERGY_PROVIDER: Definition = Definition::object(
    "energyProvider",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member("description", TEXT),
        member("organization", refer(&ORGANIZATIONAL_ENTITY)).required(),
        member(
            "energySource",
            word(&[(
                V1_3,
                &[
                    "coal",
                    "oil",
                    "natural-gas",
                    "nuclear",
                    "wind",
                    "solar",
                    "geothermal",
                    "hydropower",
                    "biofuel",
                    "unknown",
                    "other",
                ],
            )]),
        )
        .required(),
        member("energyProvided", refer(&ENERGY_MEASURE)).required(),
        member("externalReferences", list(&refer(&EXTERNAL_REFERENCE))),
    ]),
);

/// A dataset or other data.
pub(super) static COMPONENT_DATA: Definition = Definition::object(
    "componentData",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member(
            "type",
            word(&[(
                V1_3,
                &[
                    "source-code",
                    "configuration",
                    "dataset",
                    "definition",
                    "other",
                ],
            )]),
        )
        .required(),
        member("name", TEXT),
        member("contents", refer(&DATA_CONTENTS)),
        member("classification", TEXT),
        member("sensitiveData", list(&TEXT)),
        member("graphics", refer(&GRAPHICS_COLLECTION)),
        member("description", TEXT),
        member("governance", refer(&DATA_GOVERNANCE)),
    ]),
);

/// Where the data is.
pub(super) static DATA_CONTENTS: Definition = Definition::object(
    "dataContents",
    Shape::of(&[
        member("attachment", refer(&ATTACHMENT)),
        member("url", IRI_REFERENCE),
        member("properties", list(&refer(&PROPERTY))),
    ]),
);
