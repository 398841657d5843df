//! Classes of the AI and Dataset profiles.

use super::core::DICTIONARY_ENTRY;
use super::software::PACKAGE;
use crate::spdx::rule::Value::{Decimal, Integer, Object, Text, Word};
use crate::spdx::rule::{Class, Kind, list, optional, required};

pub(in crate::spdx) const ENERGY_UNITS: &[&str] = &["kilowattHour", "megajoule", "other"];

pub(in crate::spdx) const PRESENCES: &[&str] = &["no", "noAssertion", "yes"];

pub(in crate::spdx) const RISKS: &[&str] = &["high", "low", "medium", "serious"];

pub(in crate::spdx) const CONFIDENTIALITY_LEVELS: &[&str] = &["amber", "clear", "green", "red"];

pub(in crate::spdx) const AVAILABILITIES: &[&str] = &[
    "clickthrough",
    "directDownload",
    "query",
    "registration",
    "scrapingScript",
];

pub(in crate::spdx) const DATASET_TYPES: &[&str] = &[
    "audio",
    "categorical",
    "graph",
    "image",
    "noAssertion",
    "numeric",
    "other",
    "sensor",
    "structured",
    "syntactic",
    "text",
    "timeseries",
    "timestamp",
    "video",
];

pub(in crate::spdx) static ENERGY_CONSUMPTION: Class = Class {
    name: "ai_EnergyConsumption",
    parent: None,
    kind: Kind::Value,
    members: &[
        list(
            "ai_finetuningEnergyConsumption",
            0,
            Object(&ENERGY_CONSUMPTION_DESCRIPTION),
        ),
        list(
            "ai_inferenceEnergyConsumption",
            0,
            Object(&ENERGY_CONSUMPTION_DESCRIPTION),
        ),
        list(
            "ai_trainingEnergyConsumption",
            0,
            Object(&ENERGY_CONSUMPTION_DESCRIPTION),
        ),
    ],
};

pub(in crate::spdx) static ENERGY_CONSUMPTION_DESCRIPTION: Class = Class {
    name: "ai_EnergyConsumptionDescription",
    parent: None,
    kind: Kind::Value,
    members: &[
        required("ai_energyQuantity", Decimal),
        required("ai_energyUnit", Word(ENERGY_UNITS)),
    ],
};

pub(in crate::spdx) static AI_PACKAGE: Class = Class {
    name: "ai_AIPackage",
    parent: Some(&PACKAGE),
    kind: Kind::Element,
    members: &[
        optional("ai_autonomyType", Word(PRESENCES)),
        list("ai_domain", 0, Text),
        optional("ai_energyConsumption", Object(&ENERGY_CONSUMPTION)),
        list("ai_hyperparameter", 0, Object(&DICTIONARY_ENTRY)),
        optional("ai_informationAboutApplication", Text),
        optional("ai_informationAboutTraining", Text),
        optional("ai_limitation", Text),
        list("ai_metric", 0, Object(&DICTIONARY_ENTRY)),
        list("ai_metricDecisionThreshold", 0, Object(&DICTIONARY_ENTRY)),
        list("ai_modelDataPreprocessing", 0, Text),
        list("ai_modelExplainability", 0, Text),
        optional("ai_safetyRiskAssessment", Word(RISKS)),
        list("ai_standardCompliance", 0, Text),
        list("ai_typeOfModel", 0, Text),
        optional("ai_useSensitivePersonalInformation", Word(PRESENCES)),
    ],
};

pub(in crate::spdx) static DATASET_PACKAGE: Class = Class {
    name: "dataset_DatasetPackage",
    parent: Some(&PACKAGE),
    kind: Kind::Element,
    members: &[
        list("dataset_anonymizationMethodUsed", 0, Text),
        optional("dataset_confidentialityLevel", Word(CONFIDENTIALITY_LEVELS)),
        optional("dataset_dataCollectionProcess", Text),
        list("dataset_dataPreprocessing", 0, Text),
        optional("dataset_datasetAvailability", Word(AVAILABILITIES)),
        optional("dataset_datasetNoise", Text),
        optional("dataset_datasetSize", Integer(0)),
        list("dataset_datasetType", 1, Word(DATASET_TYPES)),
        optional("dataset_datasetUpdateMechanism", Text),
        optional("dataset_hasSensitivePersonalInformation", Word(PRESENCES)),
        optional("dataset_intendedUse", Text),
        list("dataset_knownBias", 0, Text),
        list("dataset_sensor", 0, Object(&DICTIONARY_ENTRY)),
    ],
};
