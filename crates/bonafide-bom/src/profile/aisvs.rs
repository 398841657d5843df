//! OWASP AI Security Verification Standard 1.0, section C6.2.

use bonafide_core::assessment::Evidence::{Consistent, Verified};

use super::judge::{component, digests, document, each_model, graph, licence, model};
use super::{Cluster, Element, Profile, ProfileId};
use crate::grammar::SpecVersion::V1_5;

pub(super) const PROFILE: Profile = Profile {
    id: ProfileId::Aisvs,
    title: "OWASP AISVS 1.0, C6.2 (AI bill of materials)",
    source: "requirements v1.0-C6.2.1 to v1.0-C6.2.3, by number",
    caveat: "Titles are ours; read the requirements where they are published. The standard is about a \
             process: whether a build fails on gaps, and whether documents are kept under version \
             control, no document can show.",
    clusters: &[
        Cluster {
            title: "C6.2.1: what the document lists",
            elements: &[
                Element::new(
                    "C6.2.1-format",
                    "Readable by machines",
                    "format and version; whether the document keeps their rules",
                    Consistent,
                    document::format_version,
                ),
                Element::new(
                    "C6.2.1-edition",
                    "One edition among others",
                    "version and serialNumber",
                    bonafide_core::assessment::Evidence::Declared,
                    document::edition,
                ),
                Element::new(
                    "C6.2.1-datasets",
                    "Datasets of each model",
                    "modelCard.modelParameters.datasets; README",
                    Consistent,
                    |x| each_model(x, model::datasets),
                )
                .since(V1_5),
                Element::new(
                    "C6.2.1-weights",
                    "Weights of each model",
                    "digests of the component, of files in it, of its addresses, of its tree; the bytes",
                    Verified,
                    |x| each_model(x, digests::value),
                )
                .since(V1_5),
                Element::new(
                    "C6.2.1-licences",
                    "Licences of each model",
                    "licenses; README",
                    Consistent,
                    |x| each_model(x, licence::of_component),
                )
                .since(V1_5),
                Element::new(
                    "C6.2.1-origin",
                    "Origin of each model",
                    "purl and the like; addresses, pedigree, repository and commit of the folder",
                    Consistent,
                    |x| each_model(x, component::identifier),
                )
                .since(V1_5),
            ],
        },
        Cluster {
            title: "C6.2.2: signed",
            elements: &[Element::new(
                "C6.2.2",
                "Signed before it is used",
                "a signature in the document or over it; whether it holds and its signer is trusted",
                Verified,
                document::signature,
            )],
        },
        Cluster {
            title: "C6.2.3: complete",
            elements: &[Element::new(
                "C6.2.3",
                "Nothing missing of any component",
                "the worst of name, version, producer, licence and digest of each component",
                Consistent,
                graph::completeness,
            )],
        },
    ],
};
