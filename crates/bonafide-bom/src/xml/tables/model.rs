//! Model cards, data sets, and what they cost the environment.

use super::party::{ORGANIZATION_OR_INDIVIDUAL, ORGANIZATIONAL_ENTITY};
use super::reference::{ATTACHED_TEXT, EXTERNAL_REFERENCES, PROPERTIES};
use crate::grammar::SpecVersion::{V1_3, V1_6, V1_7};
use crate::xml::simple::{DECIMAL, REFERENCE, STRING, Simple, URI};
use crate::xml::structure::{
    FOREIGN, Structure, Wildcard, anything, attribute, choice, nested, sequence, text,
};

/// `modelCardType`
pub(super) static MODEL_CARD: Structure = Structure::object(&[
    nested("modelParameters", &MODEL_PARAMETERS).optional(),
    nested("quantitativeAnalysis", &QUANTITATIVE_ANALYSIS).optional(),
    nested("considerations", &CONSIDERATIONS).optional(),
    nested("properties", &PROPERTIES).optional(),
])
.attributes(&[attribute("bom-ref", &REFERENCE)]);

/// `modelCardType/modelParameters/datasets`
pub(super) static DATASETS: Structure = Structure::list(&[choice(&[
    text("ref", &REFERENCE).optional().wrapped("ref"),
    nested("dataset", &COMPONENT_DATA).optional(),
])
.many()]);

/// `modelCardType/modelParameters/inputs`
pub(super) static INPUTS: Structure =
    Structure::list(&[nested("input", &Structure::object(&[text("format", &STRING)])).many()]);

/// `modelCardType/modelParameters/outputs`
pub(super) static OUTPUTS: Structure =
    Structure::list(&[nested("output", &Structure::object(&[text("format", &STRING)])).many()]);

/// `modelCardType/modelParameters`
pub(super) static MODEL_PARAMETERS: Structure = Structure::object(&[
    nested(
        "approach",
        &Structure::object(&[text("type", &MACHINE_LEARNING_APPROACH).optional()]),
    )
    .optional(),
    text("task", &STRING).optional(),
    text("architectureFamily", &STRING).optional(),
    text("modelArchitecture", &STRING).optional(),
    nested("datasets", &DATASETS).optional(),
    nested("inputs", &INPUTS).optional(),
    nested("outputs", &OUTPUTS).optional(),
]);

/// `modelCardType/quantitativeAnalysis/performanceMetrics/performanceMetric/confidenceInterval`
pub(super) static CONFIDENCE_INTERVAL: Structure = Structure::object(&[
    text("lowerBound", &STRING).optional(),
    text("upperBound", &STRING).optional(),
]);

/// `modelCardType/quantitativeAnalysis/performanceMetrics/performanceMetric`
pub(super) static PERFORMANCE_METRIC: Structure = Structure::object(&[
    text("type", &STRING).optional(),
    text("value", &STRING).optional(),
    text("slice", &STRING).optional(),
    nested("confidenceInterval", &CONFIDENCE_INTERVAL).optional(),
]);

/// `modelCardType/quantitativeAnalysis/graphics/collection/graphic`
pub(super) static GRAPHIC: Structure = Structure::object(&[
    text("name", &STRING).optional(),
    nested("image", &ATTACHED_TEXT).optional(),
]);

/// `modelCardType/quantitativeAnalysis/graphics`
pub(super) static GRAPHICS: Structure = Structure::object(&[
    text("description", &STRING).optional(),
    nested(
        "collection",
        &Structure::list(&[nested("graphic", &GRAPHIC).many()]),
    )
    .optional(),
]);

/// `modelCardType/quantitativeAnalysis`
pub(super) static QUANTITATIVE_ANALYSIS: Structure = Structure::object(&[
    nested(
        "performanceMetrics",
        &Structure::list(&[nested("performanceMetric", &PERFORMANCE_METRIC).many()]),
    )
    .optional(),
    nested("graphics", &GRAPHICS).optional(),
]);

/// `modelCardType/considerations/ethicalConsiderations/ethicalConsideration`
pub(super) static ETHICAL_CONSIDERATION: Structure = Structure::object(&[
    text("name", &STRING).optional(),
    text("mitigationStrategy", &STRING).optional(),
]);

/// `modelCardType/considerations/ethicalConsiderations`
pub(super) static ETHICAL_CONSIDERATIONS: Structure =
    Structure::list(&[nested("ethicalConsideration", &ETHICAL_CONSIDERATION).many()]);

/// `modelCardType/considerations/fairnessAssessments/fairnessAssessment`
pub(super) static FAIRNESS_ASSESSMENT: Structure = Structure::object(&[
    text("groupAtRisk", &STRING).optional(),
    text("benefits", &STRING).optional(),
    text("harms", &STRING).optional(),
    text("mitigationStrategy", &STRING).optional(),
]);

/// `modelCardType/considerations/fairnessAssessments`
pub(super) static FAIRNESS_ASSESSMENTS: Structure =
    Structure::list(&[nested("fairnessAssessment", &FAIRNESS_ASSESSMENT).many()]);

/// `modelCardType/considerations`
pub(super) static CONSIDERATIONS: Structure = Structure::object(&[
    nested("users", &Structure::list(&[text("user", &STRING).many()])).optional(),
    nested(
        "useCases",
        &Structure::list(&[text("useCase", &STRING).many()]),
    )
    .optional(),
    nested(
        "technicalLimitations",
        &Structure::list(&[text("technicalLimitation", &STRING).many()]),
    )
    .optional(),
    nested(
        "performanceTradeoffs",
        &Structure::list(&[text("performanceTradeoff", &STRING).many()]),
    )
    .optional(),
    nested("ethicalConsiderations", &ETHICAL_CONSIDERATIONS).optional(),
    nested("environmentalConsiderations", &ENVIRONMENTAL_CONSIDERATIONS)
        .optional()
        .since(V1_6),
    nested("fairnessAssessments", &FAIRNESS_ASSESSMENTS).optional(),
]);

/// `componentDataType`
pub(super) static COMPONENT_DATA: Structure = Structure::object(&[
    text("type", &COMPONENT_DATA_TYPE),
    text("name", &STRING).optional(),
    nested("contents", &CONTENTS).optional(),
    text("classification", &STRING).optional(),
    anything("sensitiveData").many().until(V1_6),
    text("sensitiveData", &STRING).many().since(V1_7),
    nested("graphics", &GRAPHICS_COLLECTION).optional(),
    text("description", &STRING).optional(),
    nested("governance", &DATA_GOVERNANCE).optional(),
])
.attributes(&[attribute("bom-ref", &REFERENCE)]);

/// `componentDataType/contents`
pub(super) static CONTENTS: Structure = Structure::object(&[
    nested("attachment", &ATTACHED_TEXT).optional(),
    text("url", &URI).optional(),
    nested("properties", &PROPERTIES).optional(),
]);

/// `dataGovernance`
pub(super) static DATA_GOVERNANCE: Structure = Structure::object(&[
    nested(
        "custodians",
        &Structure::list(&[nested("custodian", &ORGANIZATION_OR_INDIVIDUAL).many()]),
    )
    .optional(),
    nested(
        "stewards",
        &Structure::list(&[nested("steward", &ORGANIZATION_OR_INDIVIDUAL).many()]),
    )
    .optional(),
    nested(
        "owners",
        &Structure::list(&[nested("owner", &ORGANIZATION_OR_INDIVIDUAL).many()]),
    )
    .optional(),
]);

/// `graphicsCollectionType`
pub(super) static GRAPHICS_COLLECTION: Structure = Structure::object(&[
    anything("description").optional().until(V1_6),
    text("description", &STRING).optional().since(V1_7),
    nested(
        "collection",
        &Structure::list(&[nested("graphic", &GRAPHIC).many()]),
    )
    .optional(),
]);

/// `environmentalConsiderationsType`
pub(super) static ENVIRONMENTAL_CONSIDERATIONS: Structure = Structure::object(&[
    nested("energyConsumptions", &ENERGY_CONSUMPTIONS).many(),
    nested("properties", &PROPERTIES).optional(),
]);

/// `energyConsumptionsType`
pub(super) static ENERGY_CONSUMPTIONS: Structure =
    Structure::list(&[
        sequence(&[nested("energyConsumption", &ENERGY_CONSUMPTION), FOREIGN]).many(),
    ])
    .open(Wildcard::Any);

/// `energyConsumptionType`
pub(super) static ENERGY_CONSUMPTION: Structure = Structure::object(&[
    text("activity", &ENERGY_CONSUMPTION_ACTIVITY),
    nested("energyProviders", &ENERGY_PROVIDER).some(),
    nested("activityEnergyCost", &ENERGY_MEASURE),
    nested("co2CostEquivalent", &CO2_MEASURE).optional(),
    nested("co2CostOffset", &CO2_MEASURE).optional(),
    nested("properties", &PROPERTIES).optional(),
]);

/// `energyMeasureType`
pub(super) static ENERGY_MEASURE: Structure =
    Structure::object(&[text("value", &DECIMAL), text("unit", &ENERGY_MEASURE_UNIT)]);

/// `co2MeasureType`
pub(super) static CO2_MEASURE: Structure =
    Structure::object(&[text("value", &DECIMAL), text("unit", &CO2_MEASURE_UNIT)]);

/// `energyProviderType`
pub(super) static ENERGY_PROVIDER: Structure = Structure::object(&[
    text("description", &STRING).optional(),
    nested("organization", &ORGANIZATIONAL_ENTITY),
    text("energySource", &ENERGY_PROVIDER_ENERGY_SOURCE),
    nested("energyProvided", &ENERGY_MEASURE),
    nested("externalReferences", &EXTERNAL_REFERENCES).optional(),
])
.attributes(&[attribute("bom-ref", &REFERENCE)]);

pub(super) static MACHINE_LEARNING_APPROACH: Simple = Simple::one_of(&[(
    V1_3,
    &[
        "supervised",
        "unsupervised",
        "reinforcement-learning",
        "semi-supervised",
        "self-supervised",
    ],
)]);

pub(super) static COMPONENT_DATA_TYPE: Simple = Simple::one_of(&[(
    V1_3,
    &[
        "source-code",
        "configuration",
        "dataset",
        "definition",
        "other",
    ],
)]);

pub(super) static ENERGY_CONSUMPTION_ACTIVITY: Simple = Simple::one_of(&[(
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
)]);

pub(super) static ENERGY_MEASURE_UNIT: Simple = Simple::one_of(&[(V1_3, &["kWh"])]);

pub(super) static CO2_MEASURE_UNIT: Simple = Simple::one_of(&[(V1_3, &["tCO2eq"])]);

pub(super) static ENERGY_PROVIDER_ENERGY_SOURCE: Simple = Simple::one_of(&[(
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
)]);
