//! G7, "SBOM for AI – Minimum Elements".

use bonafide_core::assessment::Evidence::{Consistent, Declared, Verified};

use super::judge::{
    component, dataset, declarations, digests, document, each_dataset, each_model, graph, licence,
    measurements, model, references, services, subject,
};
use super::{Cluster, Element, Profile, ProfileId};
use crate::grammar::SpecVersion::{V1_4, V1_5, V1_6};

pub(super) const PROFILE: Profile = Profile {
    id: ProfileId::G7,
    title: "G7: SBOM for AI, Minimum Elements (12 May 2026)",
    source: "names of the elements as OpenRegTech models them (g7ai.ttl, 50 concepts)",
    caveat: "The list is second-hand: the paper itself was not at hand. The paper asks for no format; \
             where in a document an element is looked for is our reading. It binds nobody.",
    clusters: &[
        METADATA,
        SYSTEM,
        MODELS,
        DATASETS,
        INFRASTRUCTURE,
        SECURITY,
        INDICATORS,
    ],
};

const METADATA: Cluster = Cluster {
    title: "Metadata",
    elements: &[
        Element::new(
            "MD-01",
            "SBOM author",
            "metadata.authors, manufacturer, supplier; whether the signer is that author",
            Verified,
            document::author,
        ),
        Element::new(
            "MD-02",
            "SBOM version",
            "version and serialNumber",
            Declared,
            document::edition,
        ),
        Element::new(
            "MD-03",
            "Data format name",
            "bomFormat; whether the document could be read as such",
            Consistent,
            document::format,
        ),
        Element::new(
            "MD-04",
            "Data format version",
            "specVersion; whether the document keeps the rules of that version",
            Consistent,
            document::format_version,
        ),
        Element::new(
            "MD-05",
            "Author signature",
            "a signature in the document or over it; whether it holds and its signer is trusted",
            Verified,
            document::signature,
        ),
        Element::new(
            "MD-06",
            "Tool name",
            "metadata.tools",
            Declared,
            document::tool_name,
        ),
        Element::new(
            "MD-07",
            "Tool version",
            "metadata.tools",
            Declared,
            document::tool_version,
        ),
        Element::new(
            "MD-08",
            "Generation context",
            "metadata.lifecycles",
            Declared,
            document::context,
        )
        .since(V1_5),
        Element::new(
            "MD-09",
            "Timestamp",
            "metadata.timestamp; whether what the document tells of was before",
            Consistent,
            document::timestamp,
        ),
        Element::new(
            "MD-10",
            "Dependency relationship",
            "dependencies, compositions; whether references lead somewhere and every component takes part",
            Consistent,
            graph::dependencies,
        ),
    ],
};

const SYSTEM: Cluster = Cluster {
    title: "System level properties",
    elements: &[
        Element::new(
            "SLP-01",
            "System name",
            "metadata.component.name; package URL",
            Consistent,
            |x| subject(x, component::name),
        ),
        Element::new(
            "SLP-02",
            "System components",
            "components; whether each has its place in the dependency graph",
            Consistent,
            graph::components,
        ),
        Element::new(
            "SLP-03",
            "System producer",
            "metadata.component: supplier, manufacturer, authors; package URL, signer",
            Consistent,
            |x| subject(x, component::producer),
        ),
        Element::new(
            "SLP-04",
            "System version",
            "metadata.component.version; package URL, commit of the folder",
            Consistent,
            |x| subject(x, component::version),
        ),
        Element::new(
            "SLP-05",
            "System timestamp",
            "metadata.component: releaseNotes.timestamp, pedigree.commits, properties",
            Declared,
            |x| subject(x, component::released),
        )
        .since(V1_4),
        Element::new(
            "SLP-06",
            "System data flow",
            "services[].data[].flow; inputs and outputs in formulation, and whether they are listed",
            Consistent,
            services::data_flow,
        ),
        Element::new(
            "SLP-07",
            "System data usage",
            "classification of data of services and datasets",
            Declared,
            services::data_usage,
        ),
        Element::new(
            "SLP-08",
            "System input/output properties",
            "modelCard.modelParameters.inputs and outputs",
            Declared,
            |x| each_model(x, model::inputs_and_outputs),
        )
        .since(V1_5),
        Element::new(
            "SLP-09",
            "Intended application area",
            "modelCard.considerations.useCases, users",
            Declared,
            services::application_area,
        )
        .since(V1_5),
    ],
};

const MODELS: Cluster = Cluster {
    title: "Models",
    elements: &[
        Element::new(
            "MDL-01",
            "Model name",
            "name; package URL, repository of the folder, README",
            Consistent,
            |x| each_model(x, component::name),
        )
        .since(V1_5),
        Element::new(
            "MDL-02",
            "Model identifier",
            "purl, cpe, swhid, omniborId; addresses, pedigree, repository and commit of the folder",
            Consistent,
            |x| each_model(x, component::identifier),
        )
        .since(V1_5),
        Element::new(
            "MDL-03",
            "Model version",
            "version; package URL, pedigree, commit of the folder",
            Consistent,
            |x| each_model(x, component::version),
        )
        .since(V1_5),
        Element::new(
            "MDL-04",
            "Model timestamp",
            "releaseNotes.timestamp, pedigree.commits, properties",
            Declared,
            |x| each_model(x, component::released),
        )
        .since(V1_5),
        Element::new(
            "MDL-05",
            "Model producer",
            "supplier, manufacturer, authors; package URL, signer",
            Consistent,
            |x| each_model(x, component::producer),
        )
        .since(V1_5),
        Element::new(
            "MDL-06",
            "Model description",
            "description",
            Declared,
            |x| each_model(x, component::description),
        )
        .since(V1_5),
        Element::new(
            "MDL-07",
            "Model hash value",
            "digests of the component, of files in it, of its addresses, of its tree; the bytes",
            Verified,
            |x| each_model(x, digests::value),
        )
        .since(V1_5),
        Element::new(
            "MDL-08",
            "Model hash algorithm",
            "functions of these digests; whether they give this length and this result",
            Verified,
            |x| each_model(x, digests::algorithm),
        )
        .since(V1_5),
        Element::new(
            "MDL-09",
            "Model properties",
            "modelCard.modelParameters, properties; config.json, README",
            Consistent,
            |x| each_model(x, model::properties),
        )
        .since(V1_5),
        Element::new(
            "MDL-10",
            "Model input/output properties",
            "modelCard.modelParameters.inputs and outputs",
            Declared,
            |x| each_model(x, model::inputs_and_outputs),
        )
        .since(V1_5),
        Element::new(
            "MDL-11",
            "Training properties",
            "approach, datasets, pedigree, formulation; README",
            Consistent,
            |x| each_model(x, model::training),
        )
        .since(V1_5),
        Element::new(
            "MDL-12",
            "Model license",
            "licenses; README",
            Consistent,
            |x| each_model(x, licence::of_component),
        )
        .since(V1_5),
        Element::new(
            "MDL-13",
            "Model external references",
            "externalReferences; the bytes, where they have digests",
            Verified,
            |x| each_model(x, references::of_component),
        )
        .since(V1_5),
    ],
};

const DATASETS: Cluster = Cluster {
    title: "Dataset properties",
    elements: &[
        Element::new(
            "DP-01",
            "Dataset name",
            "name of data components and of data in model cards; README, package URL",
            Consistent,
            |x| each_dataset(x, dataset::name),
        )
        .since(V1_5),
        Element::new(
            "DP-02",
            "Dataset description",
            "description",
            Declared,
            |x| each_dataset(x, dataset::description),
        )
        .since(V1_5),
        Element::new(
            "DP-03",
            "Dataset content",
            "data[].type, data[].contents",
            Declared,
            |x| each_dataset(x, dataset::content),
        )
        .since(V1_5),
        Element::new(
            "DP-04",
            "Dataset identifier",
            "purl and the like; addresses",
            Consistent,
            |x| each_dataset(x, dataset::identifier),
        )
        .since(V1_5),
        Element::new(
            "DP-05",
            "Dataset hash",
            "digests of the component, of files in it, of its addresses; the bytes",
            Verified,
            |x| each_dataset(x, dataset::digest),
        )
        .since(V1_5),
        Element::new(
            "DP-06",
            "Dataset provenance",
            "pedigree, addresses, purl, governance",
            Consistent,
            |x| each_dataset(x, dataset::provenance),
        )
        .since(V1_5),
        Element::new(
            "DP-07",
            "Dataset statistical properties",
            "data[].graphics, numbers in properties",
            Declared,
            |x| each_dataset(x, dataset::statistics),
        )
        .since(V1_5),
        Element::new(
            "DP-08",
            "Dataset sensitivity",
            "data[].classification, sensitiveData",
            Declared,
            |x| each_dataset(x, dataset::sensitivity),
        )
        .since(V1_5),
        Element::new(
            "DP-09",
            "Dataset dependency relationship",
            "modelParameters.datasets[].ref, dependencies",
            Consistent,
            |x| each_dataset(x, dataset::relationship),
        )
        .since(V1_5),
        Element::new("DP-10", "Dataset license", "licenses", Declared, |x| {
            each_dataset(x, dataset::licence)
        })
        .since(V1_5),
    ],
};

const INFRASTRUCTURE: Cluster = Cluster {
    title: "Infrastructure",
    elements: &[
        Element::new(
            "INF-01",
            "Software",
            "programs among components and formulation; whether the dependency graph has them",
            Consistent,
            graph::software,
        ),
        Element::new(
            "INF-02",
            "Hardware",
            "components of type device, properties",
            Declared,
            graph::hardware,
        ),
    ],
};

const SECURITY: Cluster = Cluster {
    title: "Security properties",
    elements: &[
        Element::new(
            "SP-01",
            "Security controls",
            "declarations.claims and their evidence; addresses of threat models",
            Consistent,
            declarations::controls,
        )
        .since(V1_5),
        Element::new(
            "SP-02",
            "Security compliance",
            "declarations.attestations, and whether their requirements are given",
            Consistent,
            declarations::compliance,
        )
        .since(V1_6),
        Element::new(
            "SP-03",
            "Cybersecurity policy",
            "addresses of type rfc-9116, security-contact, advisories",
            Declared,
            declarations::policy,
        ),
        Element::new(
            "SP-04",
            "Vulnerability referencing",
            "vulnerabilities and what they affect; addresses of statements",
            Consistent,
            declarations::vulnerabilities,
        )
        .since(V1_4),
    ],
};

const INDICATORS: Cluster = Cluster {
    title: "Key performance indicators",
    elements: &[
        Element::new(
            "KPI-01",
            "Security metrics",
            "performanceMetrics about attacks; addresses of penetration tests",
            Declared,
            measurements::security,
        )
        .since(V1_5),
        Element::new(
            "KPI-02",
            "Operational KPIs",
            "other performanceMetrics; results in the README",
            Consistent,
            measurements::operational,
        )
        .since(V1_5),
    ],
};
