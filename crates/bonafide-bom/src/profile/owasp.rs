//! Fields of the OWASP AIBOM Generator.

use bonafide_core::assessment::Evidence::{Consistent, Declared, Verified};

use super::judge::{
    component, document, each_model, licence, measurements, model, property, references,
};
use super::{Cluster, Element, Profile, ProfileId};
use crate::grammar::SpecVersion::V1_5;

pub(super) const PROFILE: Profile = Profile {
    id: ProfileId::OwaspAibom,
    title: "OWASP AIBOM Generator, 48 fields",
    source: "names of the fields in its registry (GenAI-Security-Project/aibom-generator, field_registry.json)",
    caveat: "Its own score is of presence, and has no digest and no signature among its fields; so has \
             this list. Titles are ours. Later fields for sizes of files and for national laws are left out.",
    clusters: &[REQUIRED, METADATA, BASIC, CARD, WEIGHTS, ADDRESSES],
};

const REQUIRED: Cluster = Cluster {
    title: "Required fields",
    elements: &[
        Element::new(
            "bomFormat",
            "Format",
            "bomFormat; whether the document could be read as such",
            Consistent,
            document::format,
        ),
        Element::new(
            "specVersion",
            "Version of the format",
            "specVersion; whether the document keeps the rules of that version",
            Consistent,
            document::format_version,
        ),
        Element::new(
            "serialNumber",
            "Serial number",
            "serialNumber",
            Declared,
            document::serial_number,
        ),
        Element::new("version", "Edition", "version", Declared, document::version),
    ],
};

const METADATA: Cluster = Cluster {
    title: "Metadata",
    elements: &[
        Element::new(
            "primaryPurpose",
            "Task",
            "modelParameters.task; README",
            Consistent,
            |x| each_model(x, model::task),
        )
        .since(V1_5),
        Element::new(
            "suppliedBy",
            "Supplier",
            "supplier, manufacturer, authors; package URL, signer",
            Consistent,
            |x| each_model(x, component::producer),
        )
        .since(V1_5),
        Element::new(
            "standardCompliance",
            "Standards",
            "property standardCompliance",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::of_model(x, model, &["standardCompliance"])
                })
            },
        )
        .since(V1_5),
        Element::new(
            "domain",
            "Field of application",
            "property domain",
            Declared,
            |x| each_model(x, |x, model| property::of_model(x, model, &["domain"])),
        )
        .since(V1_5),
        Element::new(
            "autonomyType",
            "Autonomy",
            "property autonomyType",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::of_model(x, model, &["autonomyType"])
                })
            },
        )
        .since(V1_5),
    ],
};

const BASIC: Cluster = Cluster {
    title: "Component, basic",
    elements: &[
        Element::new(
            "name",
            "Name",
            "name; package URL, repository of the folder, README",
            Consistent,
            |x| each_model(x, component::name),
        )
        .since(V1_5),
        Element::new(
            "type",
            "Type",
            "type; whether there is a model card",
            Consistent,
            |x| each_model(x, component::kind),
        )
        .since(V1_5),
        Element::new(
            "component_version",
            "Version",
            "version; package URL, pedigree, commit of the folder",
            Consistent,
            |x| each_model(x, component::version),
        )
        .since(V1_5),
        Element::new(
            "purl",
            "Package URL",
            "purl and the like; addresses, pedigree, repository and commit of the folder",
            Consistent,
            |x| each_model(x, component::identifier),
        )
        .since(V1_5),
        Element::new("description", "Description", "description", Declared, |x| {
            each_model(x, component::description)
        })
        .since(V1_5),
        Element::new(
            "licenses",
            "Licences",
            "licenses; README",
            Consistent,
            |x| each_model(x, licence::of_component),
        )
        .since(V1_5),
        Element::new(
            "external_references",
            "Addresses",
            "externalReferences; the bytes, where they have digests",
            Verified,
            |x| each_model(x, references::of_component),
        )
        .since(V1_5),
    ],
};

const CARD: Cluster = Cluster {
    title: "Component, model card",
    elements: &[
        Element::new(
            "energyConsumption",
            "Energy",
            "considerations.environmentalConsiderations, or a property",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::unless(x, model, model::energy, &["energyConsumption"])
                })
            },
        )
        .since(V1_5),
        Element::new(
            "hyperparameter",
            "Hyperparameters",
            "property hyperparameter",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::of_model(x, model, &["hyperparameter", "hyperparameters"])
                })
            },
        )
        .since(V1_5),
        Element::new(
            "technicalLimitations",
            "Limitations",
            "considerations.technicalLimitations",
            Declared,
            |x| each_model(x, model::limitations),
        )
        .since(V1_5),
        Element::new(
            "safetyRiskAssessment",
            "Safety",
            "property safetyRiskAssessment",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::of_model(x, model, &["safetyRiskAssessment"])
                })
            },
        )
        .since(V1_5),
        Element::new(
            "intendedUse",
            "Use",
            "considerations.useCases",
            Declared,
            |x| each_model(x, model::use_cases),
        )
        .since(V1_5),
        Element::new(
            "typeOfModel",
            "Architecture",
            "modelParameters.modelArchitecture, architectureFamily; config.json",
            Consistent,
            |x| each_model(x, model::architecture),
        )
        .since(V1_5),
        Element::new(
            "datasets",
            "Datasets",
            "modelParameters.datasets; README",
            Consistent,
            |x| each_model(x, model::datasets),
        )
        .since(V1_5),
        Element::new(
            "ethicalConsiderations",
            "Ethics",
            "considerations.ethicalConsiderations, fairnessAssessments",
            Declared,
            |x| each_model(x, model::ethics),
        )
        .since(V1_5),
        Element::new(
            "modelExplainability",
            "Explanations",
            "property modelExplainability",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::of_model(
                        x,
                        model,
                        &["modelExplainability", "modelCardExplainability"],
                    )
                })
            },
        )
        .since(V1_5),
        Element::new(
            "energyQuantity",
            "Amount of energy",
            "considerations.environmentalConsiderations, or a property",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::unless(x, model, model::energy, &["energyQuantity"])
                })
            },
        )
        .since(V1_5),
        Element::new(
            "energyUnit",
            "Unit of energy",
            "considerations.environmentalConsiderations, or a property",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::unless(x, model, model::energy, &["energyUnit"])
                })
            },
        )
        .since(V1_5),
        Element::new(
            "informationAboutTraining",
            "Training",
            "approach, datasets, pedigree, formulation, or a property; README",
            Consistent,
            |x| {
                each_model(x, |x, model| {
                    property::unless(x, model, model::training, &["informationAboutTraining"])
                })
            },
        )
        .since(V1_5),
        Element::new(
            "informationAboutApplication",
            "Application",
            "considerations.useCases, or a property",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::unless(x, model, model::use_cases, &["informationAboutApplication"])
                })
            },
        )
        .since(V1_5),
        Element::new(
            "metric",
            "Measurements",
            "quantitativeAnalysis.performanceMetrics, or a property; README",
            Consistent,
            |x| {
                each_model(x, |x, model| {
                    property::unless(x, model, measurements::of_model, &["metric"])
                })
            },
        )
        .since(V1_5),
        Element::new(
            "metricDecisionThreshold",
            "Thresholds",
            "property metricDecisionThreshold",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::of_model(x, model, &["metricDecisionThreshold"])
                })
            },
        )
        .since(V1_5),
        Element::new(
            "modelDataPreprocessing",
            "Preparation of data",
            "property modelDataPreprocessing",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::of_model(x, model, &["modelDataPreprocessing"])
                })
            },
        )
        .since(V1_5),
        Element::new(
            "useSensitivePersonalInformation",
            "Personal data",
            "property useSensitivePersonalInformation",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::of_model(x, model, &["useSensitivePersonalInformation"])
                })
            },
        )
        .since(V1_5),
    ],
};

const WEIGHTS: Cluster = Cluster {
    title: "Component, model card: where the weights are GGUF",
    elements: &[
        Element::new(
            "vocab_size",
            "Vocabulary",
            "property vocabSize; config.json",
            Consistent,
            |x| {
                each_model(x, |x, model| {
                    model::configured(x, model, &["vocabSize", "vocab_size"], |configuration| {
                        configuration.vocab_size
                    })
                })
            },
        )
        .since(V1_5)
        .where_it_applies(),
        Element::new(
            "tokenizer_class",
            "Tokenizer",
            "property tokenizerClass",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::of_model(x, model, &["tokenizerClass", "tokenizer_class"])
                })
            },
        )
        .since(V1_5)
        .where_it_applies(),
        Element::new(
            "context_length",
            "Length of context",
            "property contextLength",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::of_model(x, model, &["contextLength", "context_length"])
                })
            },
        )
        .since(V1_5)
        .where_it_applies(),
        Element::new(
            "embedding_length",
            "Length of embeddings",
            "property embeddingLength; config.json",
            Consistent,
            |x| {
                each_model(x, |x, model| {
                    model::configured(
                        x,
                        model,
                        &["embeddingLength", "embedding_length"],
                        |configuration| configuration.hidden_size,
                    )
                })
            },
        )
        .since(V1_5)
        .where_it_applies(),
        Element::new(
            "block_count",
            "Layers",
            "property blockCount; config.json",
            Consistent,
            |x| {
                each_model(x, |x, model| {
                    model::configured(x, model, &["blockCount", "block_count"], |configuration| {
                        configuration.num_hidden_layers
                    })
                })
            },
        )
        .since(V1_5)
        .where_it_applies(),
        Element::new(
            "attention_head_count",
            "Attention heads",
            "property attentionHeadCount",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::of_model(x, model, &["attentionHeadCount", "attention_head_count"])
                })
            },
        )
        .since(V1_5)
        .where_it_applies(),
        Element::new(
            "attention_head_count_kv",
            "Key-value heads",
            "property attentionHeadCountKV",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::of_model(
                        x,
                        model,
                        &["attentionHeadCountKV", "attention_head_count_kv"],
                    )
                })
            },
        )
        .since(V1_5)
        .where_it_applies(),
        Element::new(
            "feed_forward_length",
            "Width of feed-forward layers",
            "property feedForwardLength",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::of_model(x, model, &["feedForwardLength", "feed_forward_length"])
                })
            },
        )
        .since(V1_5)
        .where_it_applies(),
        Element::new(
            "rope_dimension_count",
            "Rotary dimensions",
            "property ropeDimensionCount",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::of_model(x, model, &["ropeDimensionCount", "rope_dimension_count"])
                })
            },
        )
        .since(V1_5)
        .where_it_applies(),
        Element::new(
            "quantization_version",
            "Version of quantisation",
            "property quantizationVersion",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::of_model(x, model, &["quantizationVersion", "quantization_version"])
                })
            },
        )
        .since(V1_5)
        .where_it_applies(),
        Element::new(
            "quantization_file_type",
            "Type of quantisation",
            "property quantizationFileType",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    property::of_model(
                        x,
                        model,
                        &["quantizationFileType", "quantization_file_type"],
                    )
                })
            },
        )
        .since(V1_5)
        .where_it_applies(),
    ],
};

const ADDRESSES: Cluster = Cluster {
    title: "External references",
    elements: &[
        Element::new(
            "downloadLocation",
            "Where to get it",
            "address of type distribution or website",
            Declared,
            |x| {
                each_model(x, |x, model| {
                    references::kind(x, model, &["distribution", "website"])
                })
            },
        )
        .since(V1_5),
        Element::new("vcs", "Repository", "address of type vcs", Declared, |x| {
            each_model(x, |x, model| references::kind(x, model, &["vcs"]))
        })
        .since(V1_5),
        Element::new(
            "website",
            "Website",
            "address of type website",
            Declared,
            |x| each_model(x, |x, model| references::kind(x, model, &["website"])),
        )
        .since(V1_5),
        Element::new(
            "paper",
            "Paper",
            "address of type documentation",
            Declared,
            |x| each_model(x, |x, model| references::kind(x, model, &["documentation"])),
        )
        .since(V1_5),
    ],
};
