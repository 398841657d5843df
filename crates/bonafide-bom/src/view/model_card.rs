//! Facts of models and of data.

use super::component::{Contact, Organization, Property};
use super::member::{Text, view};
use crate::json::{Node, Number};

view! {
    /// What is said about a model (1.5).
    ModelCard {
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
        /// How it is built and trained.
        model_parameters: Option<ModelParameters<'a>> = "modelParameters",
        /// How well it does.
        quantitative_analysis: Option<QuantitativeAnalysis<'a>> = "quantitativeAnalysis",
        /// For whom and what, and what not.
        considerations: Option<Considerations<'a>> = "considerations",
        /// Name-value pairs.
        properties: Vec<Property<'a>> = "properties",
    }

    /// How a model is built and trained.
    ModelParameters {
        /// How it learns.
        approach: Option<Approach<'a>> = "approach",
        /// What it does, for example `text-generation`.
        task: Option<Text<'a>> = "task",
        /// For example `transformer`.
        architecture_family: Option<Text<'a>> = "architectureFamily",
        /// For example `LlamaForCausalLM`.
        model_architecture: Option<Text<'a>> = "modelArchitecture",
        /// Data that it was made with: inline, or by `ref`.
        datasets: Vec<Data<'a>> = "datasets",
        /// What goes in.
        inputs: Vec<Format<'a>> = "inputs",
        /// What comes out.
        outputs: Vec<Format<'a>> = "outputs",
    }

    /// How a model learns.
    Approach {
        /// `supervised`, `unsupervised`, …
        kind: Option<Text<'a>> = "type",
    }

    /// The form of an input or output.
    Format {
        /// For example `string` or `image/png`.
        format: Option<Text<'a>> = "format",
    }

    /// Data: of a component of type `data`, or of a model card.
    Data {
        /// Name of this element inside of the document.
        bom_ref: Option<Text<'a>> = "bom-ref",
        /// Reference to a component of type `data`, instead of all else.
        reference: Option<Text<'a>> = "ref",
        /// `dataset`, `configuration`, `source-code`, …
        kind: Option<Text<'a>> = "type",
        /// Its name.
        name: Option<Text<'a>> = "name",
        /// Where it is, or what it says.
        contents: Option<Contents<'a>> = "contents",
        /// How secret it is.
        classification: Option<Text<'a>> = "classification",
        /// What in it is sensitive.
        sensitive_data: Vec<Text<'a>> = "sensitiveData",
        /// What it is.
        description: Option<Text<'a>> = "description",
        /// Who is responsible.
        governance: Option<Governance<'a>> = "governance",
        /// Pictures of it, unread.
        graphics: Option<Node<'a>> = "graphics",
    }

    /// Where data is, or what it says.
    Contents {
        /// The data itself, unread.
        attachment: Option<Node<'a>> = "attachment",
        /// Where it is.
        url: Option<Text<'a>> = "url",
        /// Name-value pairs.
        properties: Vec<Property<'a>> = "properties",
    }

    /// Who is responsible for data.
    Governance {
        /// Who keeps it.
        custodians: Vec<Responsible<'a>> = "custodians",
        /// Who looks after it.
        stewards: Vec<Responsible<'a>> = "stewards",
        /// Who owns it.
        owners: Vec<Responsible<'a>> = "owners",
    }

    /// A responsible organisation or person.
    Responsible {
        /// An organisation.
        organization: Option<Organization<'a>> = "organization",
        /// A person.
        contact: Option<Contact<'a>> = "contact",
    }

    /// How well a model does.
    QuantitativeAnalysis {
        /// Measurements.
        performance_metrics: Vec<PerformanceMetric<'a>> = "performanceMetrics",
        /// Pictures, unread.
        graphics: Option<Node<'a>> = "graphics",
    }

    /// A measurement.
    PerformanceMetric {
        /// What was measured.
        kind: Option<Text<'a>> = "type",
        /// The value, as text.
        value: Option<Text<'a>> = "value",
        /// On what part of the data.
        slice: Option<Text<'a>> = "slice",
        /// Between what bounds.
        confidence_interval: Option<ConfidenceInterval<'a>> = "confidenceInterval",
    }

    /// Bounds of a measurement, as text.
    ConfidenceInterval {
        /// The lower one.
        lower_bound: Option<Text<'a>> = "lowerBound",
        /// The upper one.
        upper_bound: Option<Text<'a>> = "upperBound",
    }

    /// For whom and what a model is, and what not.
    Considerations {
        /// Who should use it.
        users: Vec<Text<'a>> = "users",
        /// What for.
        use_cases: Vec<Text<'a>> = "useCases",
        /// What it cannot do.
        technical_limitations: Vec<Text<'a>> = "technicalLimitations",
        /// What was given up for what.
        performance_tradeoffs: Vec<Text<'a>> = "performanceTradeoffs",
        /// Ethical risks, unread.
        ethical_considerations: Vec<Node<'a>> = "ethicalConsiderations",
        /// Fairness, unread.
        fairness_assessments: Vec<Node<'a>> = "fairnessAssessments",
        /// Energy (1.6).
        environmental_considerations: Option<EnvironmentalConsiderations<'a>> = "environmentalConsiderations",
    }

    /// What a model costs the environment (1.6).
    EnvironmentalConsiderations {
        /// Energy, by activity.
        energy_consumptions: Vec<EnergyConsumption<'a>> = "energyConsumptions",
    }

    /// Energy that an activity took.
    EnergyConsumption {
        /// `training`, `inference`, …
        activity: Option<Text<'a>> = "activity",
        /// Energy, kWh.
        activity_energy_cost: Option<EnergyMeasure<'a>> = "activityEnergyCost",
        /// Carbon dioxide, tonnes.
        co2_cost_equivalent: Option<EnergyMeasure<'a>> = "co2CostEquivalent",
        /// Carbon dioxide that was offset, tonnes.
        co2_cost_offset: Option<EnergyMeasure<'a>> = "co2CostOffset",
    }

    /// A quantity with its unit.
    EnergyMeasure {
        /// How much.
        value: Option<Number> = "value",
        /// `kWh` or `tCO2eq`.
        unit: Option<Text<'a>> = "unit",
    }
}
