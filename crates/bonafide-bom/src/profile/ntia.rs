//! NTIA, "The Minimum Elements For a Software Bill of Materials (SBOM)", 2021.

use bonafide_core::assessment::Evidence::{Consistent, Verified};

use super::judge::{component, document, each_listed, graph};
use super::{Cluster, Element, Profile, ProfileId};

pub(super) const PROFILE: Profile = Profile {
    id: ProfileId::Ntia,
    title: "NTIA: The Minimum Elements For an SBOM (12 July 2021)",
    source: "its seven data fields",
    caveat: "It is about any software, and asks neither for digests nor for anything about models and data.",
    clusters: &[Cluster {
        title: "Data fields",
        elements: &[
            Element::new(
                "supplier-name",
                "Supplier Name",
                "of each component: supplier, manufacturer, authors; package URL, signer",
                Consistent,
                |x| each_listed(x, component::producer),
            ),
            Element::new(
                "component-name",
                "Component Name",
                "of each component: name; package URL",
                Consistent,
                |x| each_listed(x, component::name),
            ),
            Element::new(
                "component-version",
                "Version of the Component",
                "of each component: version; package URL, pedigree, commit of the folder",
                Consistent,
                |x| each_listed(x, component::version),
            ),
            Element::new(
                "other-unique-identifiers",
                "Other Unique Identifiers",
                "of each component: purl, cpe, swhid, omniborId; addresses, pedigree",
                Consistent,
                |x| each_listed(x, component::identifier),
            ),
            Element::new(
                "dependency-relationship",
                "Dependency Relationship",
                "dependencies, compositions; whether references lead somewhere and every component takes part",
                Consistent,
                graph::dependencies,
            ),
            Element::new(
                "author-of-sbom-data",
                "Author of SBOM Data",
                "metadata.authors, manufacturer, supplier; whether the signer is that author",
                Verified,
                document::author,
            ),
            Element::new(
                "timestamp",
                "Timestamp",
                "metadata.timestamp; whether what the document tells of was before",
                Consistent,
                document::timestamp,
            ),
        ],
    }],
};
