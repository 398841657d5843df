//! One typed view of every document format, 1.3 to 1.7 in one set of types.
//!
//! Fields of CycloneDX are additive, so an older document has fewer of them. Names
//! follow the standard; what no check needs stays in `extra`.

mod component;
mod declarations;
mod document;
mod formulation;
mod member;
mod model_card;
mod walk;

pub use component::{
    Commit, Component, Contact, Evidence, ExternalReference, Hash, Identity, IdentityEvidence,
    IdentityMethod, License, LicenseChoice, Occurrence, Organization, Pedigree, Person, Property,
    ReleaseNotes,
};
pub use declarations::{
    Assessor, Attestation, Citation, Claim, Conformance, Declarations, Definitions, Level,
    ProofOfClaim, Requirement, RequirementMap, Standard, Targets,
};
pub use document::{
    Affected, Annotation, Bom, Composition, Dependency, Lifecycle, Metadata, Service, Tool,
    ToolInventory, Tools, Vulnerability,
};
pub use formulation::{Formula, Resource, ResourceReference, Task, Workflow};
pub use member::Text;
pub use model_card::{
    Approach, ConfidenceInterval, Considerations, Contents, Data, EnergyConsumption, EnergyMeasure,
    EnvironmentalConsiderations, Format, Governance, ModelCard, ModelParameters, PerformanceMetric,
    QuantitativeAnalysis, Responsible,
};
pub use walk::{Place, Placed};
