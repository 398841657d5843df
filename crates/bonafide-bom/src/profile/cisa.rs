//! CISA, minimum elements, draft of 2025.

use bonafide_core::assessment::Evidence::{Consistent, Declared, Verified};

use super::judge::{component, digests, document, each_listed, graph, licence};
use super::{Cluster, Element, Profile, ProfileId};
use crate::grammar::SpecVersion::V1_5;

pub(super) const PROFILE: Profile = Profile {
    id: ProfileId::Cisa,
    title: "CISA: Minimum Elements for an SBOM, draft (August 2025)",
    source: "NTIA's seven fields and the four that the draft adds, as others report them",
    caveat: "A draft, and second-hand: the text itself was not at hand. An edition of July 2026 is \
             reported with 17 fields; it is not this one.",
    clusters: &[
        Cluster {
            title: "Of the document",
            elements: &[
                Element::new(
                    "sbom-author",
                    "SBOM Author",
                    "metadata.authors, manufacturer, supplier; whether the signer is that author",
                    Verified,
                    document::author,
                ),
                Element::new(
                    "tool-name",
                    "Tool Name",
                    "metadata.tools",
                    Declared,
                    document::tool_name,
                ),
                Element::new(
                    "timestamp",
                    "Timestamp",
                    "metadata.timestamp; whether what the document tells of was before",
                    Consistent,
                    document::timestamp,
                ),
                Element::new(
                    "generation-context",
                    "Generation Context",
                    "metadata.lifecycles",
                    Declared,
                    document::context,
                )
                .since(V1_5),
                Element::new(
                    "dependency-relationship",
                    "Dependency Relationship",
                    "dependencies, compositions; whether references lead somewhere and every component takes part",
                    Consistent,
                    graph::dependencies,
                ),
            ],
        },
        Cluster {
            title: "Of each component",
            elements: &[
                Element::new(
                    "software-producer",
                    "Software Producer",
                    "supplier, manufacturer, authors; package URL, signer",
                    Consistent,
                    |x| each_listed(x, component::producer),
                ),
                Element::new(
                    "component-name",
                    "Component Name",
                    "name; package URL",
                    Consistent,
                    |x| each_listed(x, component::name),
                ),
                Element::new(
                    "component-version",
                    "Component Version",
                    "version; package URL, pedigree, commit of the folder",
                    Consistent,
                    |x| each_listed(x, component::version),
                ),
                Element::new(
                    "software-identifiers",
                    "Software Identifiers",
                    "purl, cpe, swhid, omniborId; addresses, pedigree",
                    Consistent,
                    |x| each_listed(x, component::identifier),
                ),
                Element::new(
                    "component-hash",
                    "Component Hash",
                    "digests of the component, of files in it, of its addresses, of its tree; the bytes",
                    Verified,
                    |x| each_listed(x, digests::value),
                ),
                Element::new(
                    "license",
                    "License",
                    "licenses; README of the model",
                    Consistent,
                    |x| each_listed(x, licence::of_component),
                ),
            ],
        },
    ],
};
